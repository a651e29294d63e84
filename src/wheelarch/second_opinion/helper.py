"""The helper process, from outside: it is started for the first member to confirm, and kept for the next ones.

Parsers that were not made for hostile bytes crash, hang and use up memory. Here they run in a separate process, one at
a time and with a time limit. What happened is returned as an `Opinion`, and never raised.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from threading import Lock, Timer
from time import monotonic

from .._lib.typed import TYPE_CHECKING, NamedTuple, cast
from ..errors import ArchiveError, FormatError
from ..model import Format
from .child import DROPPED, IDLE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import IO, Any

    from ..limits import Limits
    from ..view import View
    from .claims import Row

__all__ = ["PARSERS", "Opinion", "ask"]

PARSERS: Mapping[Format, Mapping[str, str]] = {
    Format.PE: {
        "lief": "wheelarch.second_opinion.lief_adapter",
        "pefile": "wheelarch.second_opinion.pefile_adapter",
    },
    Format.MACHO: {
        "lief": "wheelarch.second_opinion.lief_adapter",
        "macholib": "wheelarch.second_opinion.macholib_adapter",
    },
    Format.ELF: {"lief": "wheelarch.second_opinion.lief_adapter"},
}
"""The adapter modules of the parsers that read each format, by the parser's name."""

_FRAME = 1 << 20
_LONGEST_ANSWER = 64 << 20
_MEMORY_FACTOR = 8
"""The memory of the helper, in multiples of the largest member: parsers keep several copies of a file."""
_MOST_MEMBERS = 256
"""After this many members a new helper is started, so that the system gets back what parsers leaked."""
_BOOT = """\
import sys
sys.path[:] = sys.argv[2:]
from wheelarch.second_opinion.child import serve
serve(int(sys.argv[1]))
"""


class Opinion(NamedTuple):
    """What one parser says about one member."""

    parser: str
    """`lief 1.0.0`; without the version if the parser did not get that far."""
    rows: tuple[Row, ...] = ()
    refused: bool = False
    """The parser rejects the file."""
    trouble: str = ""
    """Why it said nothing, if that is a failure and not an answer: `crashed`, `is not installed`, ..."""


def ask(
    view: View, format_: Format, parsers: Mapping[str, str], wanted: Iterable[str], limits: Limits
) -> tuple[Opinion, ...]:
    """Return what each parser says about a member, in the order of `parsers`.

    Args:
        view: The whole member. It is read once for all parsers, and again after each one that crashed.
        format_: Its format.
        parsers: Names of parsers, and the modules of their adapters.
        wanted: The facts that are asked for.
        limits: `opinion_bytes` and `opinion_seconds` count here.

    Raises:
        SourceError: The bytes can no longer be read.
    """
    waiting = dict(parsers)
    if view.size > limits.opinion_bytes:
        trouble = f"was not asked: {view.size} bytes are more than {limits.named('opinion_bytes')}"
        return tuple(Opinion(name, trouble=trouble) for name in waiting)
    request = {"format": format_.value, "wanted": sorted(wanted), "seconds": limits.opinion_seconds}
    opinions: list[Opinion] = []
    with _State.lock:
        while waiting:
            process = _State.process = _ready(limits)
            if process is None:
                return (*opinions, *(Opinion(name, trouble="could not be started") for name in waiting))
            sending = _Watch(process, limits.opinion_seconds)
            try:
                with sending:
                    _send(process, view, {**request, "parsers": list(waiting.values())})
                for name in list(waiting):
                    opinion = _hear(process, name, limits)
                    del waiting[name]
                    opinions.append(opinion)
                    if process.poll() is not None or opinion.trouble.startswith(_DEADLY):
                        _stop()
                        break
            except (ArchiveError, FormatError):
                trouble = "was not asked: the member's data is damaged"
                return (*opinions, *(Opinion(name, trouble=trouble) for name in waiting))
            except OSError:
                # The helper ended before it had the member. No parser caused that, and another attempt would not help.
                _stop()
                trouble = _late(limits) if sending.expired else "could not be asked"
                return (*opinions, *(Opinion(name, trouble=trouble) for name in waiting))
            except BaseException:
                _stop()
                raise
    return tuple(opinions)


# -- the process -----------------------------------------------------------------------------------------------


class _State:
    """The single helper of this process. Threads wait for each other; a forked process starts its own."""

    lock = Lock()
    process: subprocess.Popen[bytes] | None = None
    used = 0.0
    members = 0


def _ready(limits: Limits) -> subprocess.Popen[bytes] | None:
    """Return a helper that waits for a member; None if none can be started."""
    process = _State.process
    idle = monotonic() - _State.used
    if process is not None and (
        process.poll() is not None or idle > IDLE_SECONDS / 2 or _State.members >= _MOST_MEMBERS
    ):
        _stop()
        process = None
    if process is None:
        process = _start(limits)
        _State.members = 0
    _State.used = monotonic()
    _State.members += 1
    return process


def _start(limits: Limits) -> subprocess.Popen[bytes] | None:
    # In a frozen program, sys.executable is that program, which would start itself again.
    if not sys.executable or getattr(sys, "frozen", False):
        return None
    paths = [os.path.abspath(path) for path in sys.path if path]
    memory = limits.opinion_bytes * _MEMORY_FACTOR
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BOOT, str(memory), *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        return None


def _stop() -> None:
    process, _State.process = _State.process, None
    if process is None:
        return
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)


def _forget() -> None:
    """Release the parent's helper in a forked process: an open end of its pipe would keep it alive."""
    process, _State.process = _State.process, None
    _State.lock = Lock()
    if process is not None:
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        process.returncode = 0  # It is not our child.


atexit.register(_stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


# -- the talk --------------------------------------------------------------------------------------------------

_DEADLY = ("crashed", "took longer", "answered nonsense")
"""How a trouble starts after which the helper cannot be used any more."""


def _late(limits: Limits) -> str:
    return f"took longer than {limits.named('opinion_seconds')}"


class _Watch:
    """Kill the helper when the time is over. Reads and writes on its pipes then end, on every system."""

    __slots__ = ("_process", "_timer", "expired")

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.expired = False
        self._process = process
        self._timer = Timer(seconds, self._kill)
        self._timer.daemon = True

    def _kill(self) -> None:
        self.expired = True
        self._process.kill()

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._timer.cancel()


def _send(process: subprocess.Popen[bytes], view: View, request: dict[str, Any]) -> None:
    """Write a request and the member to the helper, a frame at a time."""
    _write(process, json.dumps(request).encode())
    try:
        for offset in range(0, view.size, _FRAME):
            _write(process, view.read(offset, min(_FRAME, view.size - offset)))
    except (ArchiveError, FormatError):
        _write_all(process, DROPPED.to_bytes(4, "big"))
        raise
    _write(process, b"")


def _write(process: subprocess.Popen[bytes], frame: bytes) -> None:
    _write_all(process, len(frame).to_bytes(4, "big") + frame)


def _write_all(process: subprocess.Popen[bytes], data: bytes) -> None:
    """Write to an unbuffered pipe, which may accept only a part at a time."""
    pipe = cast("IO[bytes]", process.stdin)
    rest = memoryview(data)
    while rest:
        rest = rest[pipe.write(rest) :]


def _hear(process: subprocess.Popen[bytes], name: str, limits: Limits) -> Opinion:
    """Return what one parser says. Its time starts now."""
    parser = name
    try:
        with _Watch(process, limits.opinion_seconds) as watch:
            hello = _read_frame(process)
            if hello.get("missing"):
                return Opinion(name, trouble="is not installed")
            parser = f"{name} {hello['version']}"[:80]
            answer = _read_frame(process)
        rows = tuple(dict(row) for row in answer.get("rows", ()))
    except EOFError:
        return Opinion(parser, trouble=_late(limits) if watch.expired else "crashed")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Opinion(parser, trouble="answered nonsense")
    failed = f"failed ({answer['failed']})"[:80] if "failed" in answer else ""
    return Opinion(parser, rows, bool(answer.get("refused")), failed)


def _read_frame(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    size = int.from_bytes(_read(process, 4), "big")
    if size > _LONGEST_ANSWER:
        raise ValueError(size)
    answer: dict[str, Any] = json.loads(_read(process, size))
    return answer


def _read(process: subprocess.Popen[bytes], size: int) -> bytes:
    """Return exactly `size` bytes of the helper's answer.

    Raises:
        EOFError: The helper ended before that.
    """
    pipe = cast("IO[bytes]", process.stdout)
    data = bytearray()
    while len(data) < size:
        part = pipe.read(size - len(data))
        if not part:
            raise EOFError
        data += part
    return bytes(data)
