"""Regular expressions that are compiled when they are first used.

A clean audit uses few of them: compiling all at import takes 11 % of a small audit.
"""

from __future__ import annotations

import re

from .typed import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from typing import AnyStr

__all__ = ["pattern"]


class _Pattern:
    """Takes the place of a `re.Pattern`, and becomes one attribute by attribute."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        value: object = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)
        return value


def pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what `re.compile` returns, as far as its methods and attributes go.

    Args:
        source: The expression. A wrong one raises an error when it is first used.
        flags: Flags of module `re`.
    """
    return cast("re.Pattern[AnyStr]", _Pattern(source, flags))
