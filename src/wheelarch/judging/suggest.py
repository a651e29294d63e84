"""Which tags match the contents of a wheel, or which files to rebuild."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.roles import with_roles
from ..metadata.promise import read_promise
from ..model import Finding, Severity, WheelReport
from ..rules import RULES
from .judge import breaks_promise, keeps_promise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..facts.wheel import Wheel
    from ..limits import Limits

__all__ = ["blamed", "suggest"]


def suggest(report: WheelReport, wheel: Wheel, limits: Limits) -> WheelReport:
    """Return the report with the narrowest tags that break no promise, or else with the files to rebuild.

    Args:
        report: The report on the wheel.
        wheel: What was judged.
        limits: Bounds on the expansion of tags.
    """
    broken = [finding for finding in report.findings if breaks_promise(finding)]
    if not broken:
        return report
    from .matching_tags import propose

    rules = tuple(one for one in RULES if one.breaks_promise is not None)
    for tag in propose(wheel):
        promise = read_promise(wheel.filename, tag=tag, limits=limits)
        if promise.dead or promise.triples == wheel.promise.triples:
            continue
        if keeps_promise(with_roles(wheel, promise), rules, limits):
            return report._replace(honest_tags=promise.triples)
    return report._replace(rebuild=blamed(broken, Severity.ERROR))


def blamed(findings: Iterable[Finding], least: Severity) -> tuple[str, ...]:
    """Return the members, each once, of findings that are at least so severe."""
    paths = (finding.member for finding in findings if finding.severity.rank >= least.rank)
    return tuple(dict.fromkeys(path for path in paths if path is not None))
