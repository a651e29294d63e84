"""What a rule is: a function from the whole wheel to problems, with its data beside it.

A rule's docstring is its only documentation. It feeds `wheelarch explain`, the pages in docs/ and every report
that can carry help. Its headings are fixed; a test checks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.wheel import Wheel

if TYPE_CHECKING:
    from ..model import Depth, Fact, Format, Role, Severity
    from .grades import Grades

__all__ = ["Family", "Problem", "Rule", "RuleFunction", "Stage", "rule"]


class Stage(StrEnum):
    """What has to be read before a rule can judge."""

    CONTAINER = "container"
    """The archive or folder, and the files of `*.dist-info`."""
    TAGS = "tags"
    """The file name and WHEEL."""
    BINARY = "binary"
    """The native members."""
    SET = "set"
    """The other wheels of the release, or its source distribution."""
    ENVIRONMENT = "environment"
    """The interpreter or target that the caller named."""


class Family(StrEnum):
    """The subject of a rule, as a heading of the documentation."""

    ARCHIVE = "the archive"
    METADATA = "the files of the wheel"
    TAGS = "the tags"
    MACHINE = "machines and slices"
    PYTHON = "the link to Python"
    NAMES = "names and the stable ABI"
    SYSTEM = "systems and libraries"
    SET = "sets of wheels"
    SDIST = "source distributions"
    TOOLCHAIN = "build tools"
    TARGET = "a given interpreter"
    DAMAGE = "damaged binaries"


_STAGES: Mapping[Family, Stage] = {
    Family.ARCHIVE: Stage.CONTAINER,
    Family.METADATA: Stage.CONTAINER,
    Family.TAGS: Stage.TAGS,
    Family.SET: Stage.SET,
    Family.SDIST: Stage.SET,
    Family.TARGET: Stage.ENVIRONMENT,
}
"""The stage of each family that is not about single binaries."""


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
    """Ids of `wheelarch.rules.remedies`, if they differ from the rule's own."""
    claims: tuple[tuple[Fact, str], ...] = ()
    """The names that the problem rests on, as `(fact, name)`: the library, symbol or symbol version that the file
    names. Other parsers are asked for these. Empty if nothing named is claimed."""


RuleFunction = Callable[[Wheel], Iterable[Problem]]


class Rule(NamedTuple):
    """A check, its name and its documentation."""

    code: str
    """`WA201`. Final: never reused, never renumbered."""
    name: str
    """Names the bad thing, reads well after "allow": `wrong-machine`."""
    family: Family
    severity: Severity
    """The severity of a problem that names none."""
    check: RuleFunction
    remedies: tuple[str, ...] = ()
    """Remedy ids of `wheelarch.rules.remedies`."""
    needs: Mapping[Role, Depth] = {}
    """How deep members of each role must be read for this rule. A role that is missing need not be read for it."""
    formats: tuple[Format, ...] = ()
    """The formats that `needs` speaks of; empty for all."""
    status: str = "stable"
    """`stable` or `preview`."""
    rests_on: tuple[Fact, ...] = ()
    """The facts that other parsers can confirm or deny; empty for a rule about names and the archive alone."""
    breaks_promise: Severity | None = None
    """Findings of this severity and above say that a tag promises too much; None if none of them do."""
    for_builders: bool = False
    """Advice for those who build a wheel; of no use to those who have installed it."""
    in_sdists: bool = False
    """It judges source distributions too."""
    predicted_by: tuple[str, ...] = ()
    """The doctor's rules that predict builds with this fault: codes of `wheelarch.facts.bad_builds.BAD_BUILDS`."""
    systems: tuple[str, ...] = ()
    """The systems that it can report something for, as `wheelarch.rules.remedies.SYSTEMS` names them; empty for those
    of `formats`."""
    grades: tuple[Grades, ...] = ()
    """The tables from which its problems take their severities. Then every problem names its severity."""
    on_request: bool = False
    """It runs only if its whole code is selected: what it says is never about a fault."""

    @property
    def stage(self) -> Stage:
        """What has to be read before the rule can judge."""
        return _STAGES.get(self.family, Stage.BINARY)

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
    family: Family,
    severity: Severity,
    *,
    remedies: tuple[str, ...] = (),
    needs: Mapping[Role, Depth] = {},
    formats: tuple[Format, ...] = (),
    status: str = "stable",
    rests_on: tuple[Fact, ...] = (),
    breaks_promise: Severity | None = None,
    for_builders: bool = False,
    in_sdists: bool = False,
    predicted_by: tuple[str, ...] = (),
    systems: tuple[str, ...] = (),
    grades: tuple[Grades, ...] = (),
    on_request: bool = False,
) -> Callable[[RuleFunction], Rule]:
    """Return a decorator that makes a Rule of a check function. It registers nothing: the catalog lists the file."""

    def wrap(check: RuleFunction) -> Rule:
        return Rule(
            code,
            name,
            family,
            severity,
            check,
            remedies,
            needs,
            formats,
            status,
            rests_on,
            breaks_promise,
            for_builders,
            in_sdists,
            predicted_by,
            systems,
            grades,
            on_request,
        )

    return wrap
