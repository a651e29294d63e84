"""One piece of work on many inputs, in this process or in several: results in input order, a bounded number ahead."""

from __future__ import annotations

from collections import deque

from .._lib.typed import TYPE_CHECKING
from ..errors import WheelarchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeVar

    _T = TypeVar("_T")

__all__ = ["in_order"]

_CHUNK = 8
"""The most inputs that a process is handed at once: handing over costs about as much as judging a small wheel."""
_AHEAD = 3
"""How many chunks for each process are handed out before the first result is waited for."""


def in_order(work: Callable[[str], _T], inputs: Sequence[str], jobs: int) -> Iterator[_T]:
    """Yield what `work` makes of each input, in their order.

    A caller that stops early (Ctrl-C is one way) ends the processes at once; they end by themselves where this one
    is killed.

    Args:
        work: A function that other processes can import. What it raises ends everything.
        inputs: What it is called with.
        jobs: How many processes; none is started for one, or for a single input.

    Raises:
        WheelarchError: The system killed a process.
    """
    jobs = min(jobs, len(inputs))
    if jobs < 2:
        yield from map(work, inputs)
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children

    size = max(1, min(_CHUNK, len(inputs) // (jobs * _AHEAD)))
    chunks = [inputs[start : start + size] for start in range(0, len(inputs), size)]
    waiting: deque[Future[list[_T]]] = deque()
    pool = ProcessPoolExecutor(jobs, initializer=_end_with_parent)
    try:
        for chunk in chunks:
            waiting.append(pool.submit(_each, work, chunk))
            if len(waiting) > jobs * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BaseException as error:
        for child in active_children():
            child.kill()
        if isinstance(error, BrokenProcessPool):
            raise WheelarchError("a process was killed: with fewer --jobs memory may last") from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _each(work: Callable[[str], _T], inputs: Sequence[str]) -> list[_T]:
    return [work(one) for one in inputs]


def _end_with_parent() -> None:
    """Leave Ctrl-C to the parent, and end when it has gone, however it went."""
    import os
    import signal
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()
