"""The streams of the command. The report goes to standard output, everything else to standard error."""

from __future__ import annotations

import errno
import os
import sys

from .._lib.typed import TYPE_CHECKING
from ..report.escape import TEXT_LIMIT, escape

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["complain", "lines", "prepare", "save", "say", "use_color"]


def prepare() -> None:
    """Make both outputs take any string: what a console's code page lacks is shown as a backslash escape.

    What is written to an output that the caller closed (`>&-`) is dropped.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - as long as the process
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def lines() -> list[str]:
    """Return the lines of standard input that are not empty. Bytes that are not text are kept as in file names."""
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="surrogateescape")
    return [name for line in sys.stdin or () if (name := line.rstrip("\r\n"))]


def say(text: str) -> None:
    """Write to standard output, and flush it.

    Raises:
        BrokenPipeError: The reader has closed the pipe.
        OSError: It cannot be written; the disk is full, for example.
    """
    try:
        print(text, end="", flush=True)  # noqa: T201 - the only place that prints a report
    except OSError as error:
        # Without this, the interpreter flushes the rest of the buffer when it exits, and fails again.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        if sys.platform == "win32" and error.errno == errno.EINVAL:
            # Windows reports a closed pipe this way.
            raise BrokenPipeError(error.errno, error.strerror) from error
        raise


def save(file: str, text: str) -> None:
    """Write to a file, in UTF-8 and with plain line feeds on every system.

    Raises:
        OSError: It cannot be written.
    """
    with open(file, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def complain(message: str) -> None:
    """Write one line to standard error."""
    print(f"wheelarch: {escape(message, TEXT_LIMIT)}", file=sys.stderr)  # noqa: T201 - the only place that prints anything else


def use_color(choice: str, environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Return whether to use color. An option beats NO_COLOR, NO_COLOR beats FORCE_COLOR, and that beats `terminal`.

    Args:
        choice: `always`, `never` or `auto`.
        environ: The environment. NO_COLOR and FORCE_COLOR count if they are set and not empty.
        terminal: Whether the output is a terminal.

    Source: no-color.org and force-color.org.
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    # Old consoles of Windows show escape sequences as text. Those that understand them set one of these variables.
    capable = sys.platform != "win32" or "WT_SESSION" in environ or "TERM" in environ
    return terminal and capable and environ.get("TERM") != "dumb"
