"""What is done when it is first asked for, and then kept: compiled expressions, and what rules ask of one wheel."""

from __future__ import annotations

import re
from functools import wraps
from operator import is_

from .typed import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, AnyStr, ParamSpec, TypeVar

    Asked = ParamSpec("Asked")
    Answer = TypeVar("Answer")

__all__ = ["kept", "once", "pattern"]


class _Pattern:
    """Stands for a `re.Pattern`, and becomes one attribute by attribute."""

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
        source: The expression. A wrong one raises where it is first used.
        flags: Of module `re`.
    """
    return cast("re.Pattern[AnyStr]", _Pattern(source, flags))


kept: dict[Callable[..., object], tuple[tuple[Any, ...], Any]] = {}
"""The last arguments and the answer of each function that works something out once a wheel. Whoever has judged the
wheel clears it, because members take much memory."""


def once(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Return the function, made to remember its last answer: rule after rule asks the same of one wheel.

    The answer holds for the very same arguments, or tuples of the very same elements, so they must be immutable; and
    nobody may change the answer.

    Args:
        function: Depends on its arguments alone. It remembers nothing of calls with named ones.
    """

    @wraps(function)
    def ask(*arguments: Asked.args, **named: Asked.kwargs) -> Answer:
        if named:
            return function(*arguments, **named)
        known = kept.get(function)
        if known is None or len(known[0]) != len(arguments) or not all(map(_is_same, known[0], arguments)):
            known = kept[function] = arguments, function(*arguments, **named)
        return cast("Answer", known[1])

    return ask


def _is_same(one: object, other: object) -> bool:
    if one is other:
        return True
    return (
        type(one) is tuple and type(other) is tuple and len(one) == len(other) and all(map(is_, one, other))
    )
