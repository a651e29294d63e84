"""The inside of the helper process: it reads members from standard input and writes what parsers say about them.

A frame is a length (4 bytes, big-endian) and that many bytes. A request is a frame of JSON, the member in frames, and
an empty frame. A length of 0xFFFFFFFF in place of the empty frame means that the rest of the member cannot be read,
and drops the request. For each parser of the request, two frames of JSON come back. The first is `{"version": ...}` or
`{"missing": true}`. The second is `{"rows": ...}`, `{"refused": true}`, `{"silent": true}` or `{"failed": the error's
type}`; it is left out if the parser is missing.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
from contextlib import suppress
from importlib import import_module

from .._lib.typed import TYPE_CHECKING
from .refusal import CannotSpeak, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, BinaryIO

__all__ = ["DROPPED", "IDLE_SECONDS", "serve"]

DROPPED = 0xFFFFFFFF
IDLE_SECONDS = 60
"""How long the process waits for the next member before it exits by itself."""
_GRACE_SECONDS = 2
"""How much later than the parent the process stops a parser that hangs, because the parent may be gone."""


def serve(memory: int) -> None:
    """Answer requests until standard input ends.

    Args:
        memory: The most address space that the process may take, in bytes, if the system can limit it.
    """
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit(memory)
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    watch = os.fdopen(nowhere, "wb")

    def end_after(seconds: int) -> None:
        # The watchdog is a C thread that does not need the GIL, so it also stops a parser that loops in C.
        faulthandler.dump_traceback_later(seconds, exit=True, file=watch)

    end_after(IDLE_SECONDS)
    while (request := _read_frame(requests)) is not None:
        data = _read_member(requests)
        if data is not None:
            _answer(json.loads(request), data, answers, end_after)
        end_after(IDLE_SECONDS)


def _limit(memory: int) -> None:
    """Bound the memory, and turn off core dumps. Windows has no such limits."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, memory)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _answer(
    request: dict[str, Any], data: bytes, answers: BinaryIO, end_after: Callable[[int], None]
) -> None:
    for module in request["parsers"]:
        end_after(request["seconds"] + _GRACE_SECONDS)
        try:
            adapter = import_module(module)
            version = adapter.version()
        except ImportError:
            _write_frame(answers, {"missing": True})
            continue
        _write_frame(answers, {"version": version})
        try:
            answer = {"rows": adapter.read(data, request["format"], request["wanted"])}
        except Refused:
            answer = {"refused": True}
        except CannotSpeak:
            answer = {"silent": True}
        except Exception as error:  # noqa: BLE001 - whatever a parser lets escape is told, and the next one asked
            answer = {"failed": type(error).__name__}
        _write_frame(answers, answer)


def _read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next frame; None at the end of the stream and for DROPPED."""
    head = stream.read(4)
    size = int.from_bytes(head, "big")
    return stream.read(size) if len(head) == 4 and size != DROPPED else None


def _read_member(stream: BinaryIO) -> bytes | None:
    """Return a whole member; None if the parent could not read it to its end."""
    parts = []
    while part := _read_frame(stream):
        parts.append(part)
    return b"".join(parts) if part is not None else None


def _write_frame(stream: BinaryIO, answer: dict[str, Any]) -> None:
    frame = json.dumps(answer).encode("ascii", "backslashreplace")
    stream.write(len(frame).to_bytes(4, "big") + frame)
    stream.flush()
