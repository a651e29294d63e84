"""How text is laid out for people, in a log as on a terminal."""

from __future__ import annotations

__all__ = ["WIDTH", "plural", "wrap"]

WIDTH = 100
"""Columns. Fixed, so that a log reads the same whatever wrote it."""


def wrap(text: str, indent: str = "", hanging: str = "  ", width: int = WIDTH) -> list[str]:
    """Return the text in lines that break at spaces only: paths, tags and options stay whole, however long.

    Args:
        text: One paragraph.
        indent: What each line begins with.
        hanging: What each line but the first begins with besides.
        width: The most columns of a line.
    """
    import textwrap  # nothing is to wrap in the report on a clean wheel

    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def plural(count: int, thing: str) -> str:
    """Return `1 error`, `2 errors`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
