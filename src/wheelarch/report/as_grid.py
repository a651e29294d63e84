"""Show the wheels of one version as a table: which platforms and Pythons have a wheel, and which wheels have errors."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from .escape import escape

if TYPE_CHECKING:
    from ..model import Grid

__all__ = ["render"]

_WORDS = {"ok": "ok", "wrong": "WRONG", "missing": "-", "": ""}


def render(grid: Grid) -> list[str]:
    """Return the lines of the table: platforms down, Pythons across, so that many Pythons fit in a line.

    A cell is `WRONG` if its wheel has an error, `-` if there is no wheel although the other wheels suggest one, and
    empty if there is no such Python.
    """
    head = [escape(grid.title), *map(escape, grid.pythons)]
    rows = [
        [escape(platform), *(_WORDS[cell] for cell in cells)]
        for platform, cells in zip(grid.platforms, grid.cells, strict=True)
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    ]
