"""What a rule is: a function from the whole wheel to problems, with its data beside it.

A rule's docstring is its only documentation. It feeds `wheelarch explain`, the pages in docs/ and every report
that can carry help. Its headings are fixed; a test checks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.wheel import Wheel

if TYPE_CHECKING:
    from ..model import Depth, Format, Role, Severity

__all__ = ["NO_READING", "Problem", "Rule", "RuleFunction", "rule"]

NO_READING: Mapping[Role, Depth] = {}
"""The needs of a rule that looks at no binary."""


class Problem(NamedTuple):
    """One thing that a rule has to say. The audit makes a Finding of it: it adds code, name and the remedy's text."""

    message: str
    """One sentence: which file, what was expected, what was found. Without a full stop."""
    member: str | None = None
    slice: str | None = None
    """Architecture of the slice of a fat file that is meant; None for thin files."""
    tags: tuple[str, ...] = ()
    """The triples that do not hold."""
    evidence: Mapping[str, str] = {}
    consequence: str = ""
    """What the user sees, in the loader's own words; empty where nothing is seen."""
    severity: Severity | None = None
    """Where it differs from the rule's own."""
    remedies: tuple[str, ...] = ()
    """Remedy ids, where they differ from the rule's own."""


RuleFunction = Callable[[Wheel], Iterable[Problem]]


class Rule(NamedTuple):
    """A check, its name and its documentation."""

    code: str
    """`WA201`. Final: never reused, never renumbered."""
    name: str
    """Names the bad thing, reads well after "allow": `wrong-machine`."""
    severity: Severity
    """The severity of a problem that names none."""
    remedies: tuple[str, ...]
    """Remedy ids of `wheelarch.rules.remedies`."""
    needs: Mapping[Role, Depth]
    """How deep members of each role must be read for this rule. A role that is missing need not be read for it."""
    status: str
    """`stable` or `preview`."""
    check: RuleFunction
    formats: tuple[Format, ...] = ()
    """The formats that `needs` speaks of; empty for all."""

    @property
    def doc(self) -> str:
        """The documentation: the docstring, dedented."""
        import inspect

        return inspect.getdoc(self.check) or ""

    @property
    def summary(self) -> str:
        """The documentation's first line."""
        return self.doc.partition("\n")[0]


def rule(
    code: str,
    name: str,
    severity: Severity,
    remedies: tuple[str, ...] = (),
    needs: Mapping[Role, Depth] = NO_READING,
    formats: tuple[Format, ...] = (),
    status: str = "stable",
) -> Callable[[RuleFunction], Rule]:
    """Return a decorator that makes a Rule of a check function. It registers nothing: `wheelarch.rules.RULES` does."""

    def wrap(check: RuleFunction) -> Rule:
        return Rule(code, name, severity, remedies, needs, status, check, formats)

    return wrap
