"""The streams of the command: the report on standard output, everything else on standard error."""

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
    """Let both outputs take any string: a console shows what its code page lacks as backslash escapes.

    An output that the caller closed (`>&-`) goes nowhere.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - as long as the process
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def lines() -> list[str]:
    """Return the lines of standard input that are not empty, undecodable bytes as in file names."""
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="surrogateescape")
    return [name for line in sys.stdin or () if (name := line.rstrip("\r\n"))]


def say(text: str) -> None:
    """Write to standard output, at once.

    Raises:
        BrokenPipeError: The reader has gone.
        OSError: Standard output does not take it; its disk is full, say.
    """
    try:
        print(text, end="", flush=True)  # noqa: T201 - the report's only way out
    except OSError as error:
        # What is left in the buffer goes nowhere, or the interpreter fails on it once more when it exits.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        if sys.platform == "win32" and error.errno == errno.EINVAL:
            # Windows tells of a closed pipe so.
            raise BrokenPipeError(error.errno, error.strerror) from error
        raise


def save(file: str, text: str) -> None:
    """Write to a file, in UTF-8 and with plain line feeds on every system.

    Raises:
        OSError: It can't be written.
    """
    with open(file, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def complain(message: str) -> None:
    """Write one line to standard error."""
    print(f"wheelarch: {escape(message, TEXT_LIMIT)}", file=sys.stderr)  # noqa: T201 - everything else's only way out


def use_color(choice: str, environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Return whether to colour: a flag beats NO_COLOR, that beats FORCE_COLOR, and that the kind of output.

    Args:
        choice: `always`, `never` or `auto`.
        environ: The environment. NO_COLOR and FORCE_COLOR count where they are set and not empty.
        terminal: Whether the output is a terminal.

    Source: no-color.org and force-color.org.
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    # The consoles of old Windows show the escape sequences themselves; those that do not say who they are.
    capable = sys.platform != "win32" or "WT_SESSION" in environ or "TERM" in environ
    return terminal and capable and environ.get("TERM") != "dumb"
