"""The layout of text for people, the same for logs and terminals."""

from __future__ import annotations

__all__ = ["WIDTH", "plural", "wrap"]

WIDTH = 100
"""Columns. The number is fixed, so that a report is the same in every log."""


def wrap(text: str, indent: str = "", hanging: str = "  ", width: int = WIDTH) -> list[str]:
    """Return the text in lines that break only at spaces, so that paths, tags and options stay whole.

    Args:
        text: One paragraph.
        indent: What each line begins with.
        hanging: What each line except the first has after the indent.
        width: The most columns of a line.
    """
    import textwrap  # the report on a clean wheel has nothing to wrap

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
