"""Do the same work on many inputs, in this process or in several.

Results come in input order. The inputs are handed out in small chunks, and only a few chunks ahead of the result that
the caller waits for, so that results do not pile up in memory.
"""

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
"""The most inputs that a process gets at once: handing over costs about as much as judging a small wheel."""
_AHEAD = 3
"""How many chunks per process are handed out before this process waits for the first result."""


def in_order(work: Callable[[str], _T], inputs: Sequence[str], jobs: int) -> Iterator[_T]:
    """Yield the result of `work` for each input, in their order.

    If the caller stops early (with Ctrl-C, for example), the processes end at once. If this process is killed, they
    end by themselves.

    Args:
        work: A function that other processes can import. An exception in it ends the whole run.
        inputs: The arguments for `work`.
        jobs: How many processes to use; for 1, or for a single input, none is started.

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
            raise WheelarchError(
                "a process was killed, perhaps because memory ran out: try fewer --jobs"
            ) from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _each(work: Callable[[str], _T], inputs: Sequence[str]) -> list[_T]:
    return [work(one) for one in inputs]


def _end_with_parent() -> None:
    """Leave Ctrl-C to the parent, and end when the parent ends for any reason."""
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
