"""Which tags match the contents of a wheel, or which files to rebuild."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.roles import assign_roles
from ..metadata.promise import read_promise
from ..model import Finding, Member, Severity, WheelReport
from ..rules import RULES
from .judge import PROMISES, breaks_promise, judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..facts.wheel import Wheel
    from ..limits import Limits


__all__ = ["blamed", "seek_honest_tags"]


def seek_honest_tags(
    report: WheelReport, wheel: Wheel, members: tuple[Member, ...], limits: Limits
) -> WheelReport:
    """Return the report with the narrowest tags that leave no broken promise, or with what to build anew.

    Args:
        report: The report on the wheel.
        wheel: What was judged.
        members: Its members with the roles that they have by themselves.
        limits: Bounds on the expansion of tags.
    """
    broken = [finding for finding in report.findings if breaks_promise(finding)]
    if not broken:
        return report
    from .matching_tags import propose

    rules = tuple(one for one in RULES if one.code.startswith(PROMISES))
    for tag in propose(wheel):
        promise = read_promise(wheel.filename, tag=tag, limits=limits)
        if promise.dead or promise.triples == wheel.promise.triples:
            continue
        renamed = wheel._replace(promise=promise, members=assign_roles(members, promise.targets))
        if not any(breaks_promise(one) or one.code == "WA007" for one in judge(renamed, rules, limits)):
            return report._replace(honest_tags=promise.triples)
    return report._replace(rebuild=blamed(broken, Severity.ERROR))


def blamed(findings: Iterable[Finding], least: Severity) -> tuple[str, ...]:
    """Return the members, each once, of findings that are at least so severe."""
    paths = (finding.member for finding in findings if finding.severity.rank >= least.rank)
    return tuple(dict.fromkeys(path for path in paths if path is not None))
