"""Every check, one subject per file, and the catalog that lists the files.

`rule` says what a rule is, `catalog` which rules there are, `lookup` finds them by code or name, `remedies` holds the
texts that say what to do. Modules that begin with an underscore are what the rules of one family share.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from . import lookup
from .catalog import RULES
from .lookup import Depths
from .rule import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BY_CODE", "RULES", "Depths", "Problem", "Rule", "find", "select"]

BY_CODE: dict[str, Rule] = {one.code: one for one in RULES}
"""Every rule by its exact code; `find` is for what a user typed."""


def find(word: str) -> Rule:
    """Return the rule with this code or name. See `wheelarch.rules.lookup.find`."""
    return lookup.find(RULES, word)


def select(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Return the rules that run, in the table's order. See `wheelarch.rules.lookup.select`.

    A rule with `Rule.on_request` runs only if `select` has its whole code.
    """
    wanted = lookup.words(select)
    return tuple(
        one for one in lookup.select(RULES, wanted, ignore) if not one.on_request or one.code in wanted
    )
