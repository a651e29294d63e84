"""To find rules in a table by code, name, or the beginning of codes. Wheel rules and the doctor's answer alike."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, Protocol
from ..errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeVar

    from ..model import Depth, Format, Role
    from .rule import Rule

__all__ = ["Depths", "Named", "find", "select", "words"]


class Named(Protocol):
    """What has a code and a name."""

    @property
    def code(self) -> str:
        """`WA201`."""
        ...

    @property
    def name(self) -> str:
        """`wrong-machine`."""
        ...


if TYPE_CHECKING:
    One = TypeVar("One", bound=Named)


def find(rules: Sequence[One], word: str) -> One:
    """Return the rule with this code or name, in any case.

    Raises:
        UsageError: There is none; the message names the nearest.
    """
    wanted = word.strip().lower()
    for one in rules:
        if wanted in (one.code.lower(), one.name):
            return one
    raise UsageError(f"no rule is called {word!r}{_nearest(rules, wanted)}")


def select(rules: Sequence[One], select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[One, ...]:
    """Return the rules that run, in the table's order.

    Args:
        rules: The table.
        select: Prefixes of codes (`WA2`, `WA301`) to run; none means all.
        ignore: Prefixes of codes to leave out. The longer of two prefixes that match a code wins, ignore on a tie.

    Raises:
        UsageError: A prefix matches no rule; the message names the nearest code.
    """
    chosen, left_out = _prefixes(rules, select), _prefixes(rules, ignore)

    def runs(code: str) -> bool:
        wanted = _longest(code, chosen) if chosen else 0
        return wanted >= 0 and wanted > _longest(code, left_out)

    return tuple(one for one in rules if runs(one.code))


def words(given: Iterable[str]) -> tuple[str, ...]:
    """Return the codes, or beginnings of codes, that a user gave, in upper case; one text may have commas."""
    if isinstance(given, str):
        given = given.split(",")
    return tuple(word.strip().upper() for word in given if word.strip())


def _prefixes(rules: Sequence[Named], given: Iterable[str]) -> tuple[str, ...]:
    prefixes = words(given)
    for prefix in prefixes:
        if not any(one.code.startswith(prefix) for one in rules):
            raise UsageError(f"no rule's code starts with {prefix!r}{_nearest(rules, prefix.lower())}")
    return prefixes


def _longest(code: str, prefixes: Sequence[str]) -> int:
    """Return the length of the longest prefix that matches, or -1."""
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=-1)


def _nearest(rules: Sequence[Named], word: str) -> str:
    """Return a hint at the rule that was meant, or nothing. Of codes that are as near, one that starts alike wins."""
    from difflib import SequenceMatcher

    def alike(spelling: str) -> tuple[float, int]:
        at_start = next(
            (i for i, (a, b) in enumerate(zip(word, spelling, strict=False)) if a != b), len(word)
        )
        return SequenceMatcher(None, word, spelling).ratio(), at_start

    known = {spelling: one for one in rules for spelling in (one.code.lower(), one.name)}
    best = max(known, key=alike)
    return f"; did you mean {known[best].code} ({known[best].name})?" if alike(best)[0] >= 0.5 else ""


class Depths:
    """How deep a set of rules asks the members of each role and format to be read."""

    __slots__ = ("_known", "_rules")

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._known: dict[tuple[Role, Format], Depth | None] = {}

    def of(self, role: Role, format_: Format) -> Depth | None:
        """Return how deep members of this role and format must be read, or None if no rule looks at them."""
        key = (role, format_)
        if key not in self._known:
            depths = [
                one.needs[role]
                for one in self._rules
                if role in one.needs and (not one.formats or format_ in one.formats)
            ]
            self._known[key] = max(depths, default=None)
        return self._known[key]
