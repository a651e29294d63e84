"""How tables spell the names of libraries, and which rows of a table have a name.

A pattern is the last component of a name as the loader spells it, with at most one `*` for any letters. The case of
letters does not matter, nor the version behind `.so` or before `.dylib` if the pattern does not name it: `libodbc.so`
fits `libodbc.so.2`, and `libmpi.so.12` does not fit `libmpi.so.40`. `QtCore.framework` fits the library of a framework.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Index", "spellings"]


def spellings(name: str) -> tuple[str, ...]:
    """Return the names by which patterns may list a library: its last component, and that without its version.

    Args:
        name: A DLL name, an install name or a soname.

    Returns:
        Names in lower case. Of a framework it is the folder `NAME.framework`.
    """
    lower = name.lower().replace("\\", "/")
    last = lower.rpartition("/")[2]
    if f"/{last}.framework/" in lower:
        return (f"{last}.framework",)
    if last.endswith(".dylib"):
        stem = last.removesuffix(".dylib")
        bare = stem.rstrip("0123456789.")
        return (last, bare + ".dylib") if stem[len(bare) :].startswith(".") else (last,)
    stem, so, version = last.partition(".so")
    return (last, stem + so) if version.startswith(".") else (last,)


class Index:
    """Finds the rows of a table whose patterns fit a name, without trying each pattern."""

    __slots__ = ("_open", "_whole")

    def __init__(self, rows: Iterable[str]) -> None:
        """Make the index.

        Args:
            rows: The patterns of each row, with spaces between them.
        """
        self._whole: dict[str, list[int]] = {}
        self._open: list[tuple[str, str, int]] = []
        for number, patterns in enumerate(rows):
            for pattern in patterns.lower().split():
                head, star, tail = pattern.partition("*")
                if star:
                    self._open.append((head, tail, number))
                else:
                    self._whole.setdefault(pattern, []).append(number)

    def rows(self, names: Iterable[str]) -> list[int]:
        """Return the numbers of the rows that have one of the names, in the order of the table.

        Args:
            names: In lower case.
        """
        found: set[int] = set()
        for name in names:
            found.update(self._whole.get(name, ()))
            found.update(
                number
                for head, tail, number in self._open
                if name.startswith(head) and name.endswith(tail) and len(name) >= len(head) + len(tail)
            )
        return sorted(found)
