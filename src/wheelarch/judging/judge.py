"""Run the rules over one wheel and turn their problems into findings."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..limits import DEFAULT, Limits
from ..model import Finding, Severity
from ..rules import Problem, Rule, find

if TYPE_CHECKING:
    from ..facts.wheel import Wheel

__all__ = ["PROMISES", "breaks_promise", "judge"]


def judge(wheel: Wheel, rules: tuple[Rule, ...], limits: Limits = DEFAULT) -> tuple[Finding, ...]:
    """Return what the rules have to say, the worst first, then by code and the order of members.

    Args:
        wheel: What is judged.
        rules: Those that apply.
        limits: `findings` counts here.
    """
    findings: list[Finding] = []
    try:
        for one in rules:
            left = limits.findings
            for problem in one.check(wheel):
                left -= 1 + len(problem.tags)
                if left < 0:
                    # What is left unsaid may be an error, whatever was said.
                    what = f"{one.code} ({one.name}) has more to say than {limits.named('findings')}"
                    findings.append(_finding(find("WA007"), Problem(what, severity=Severity.ERROR), wheel))
                    break
                findings.append(_finding(one, problem, wheel))
    finally:
        lazy.kept.clear()
    findings.sort(key=lambda finding: (-finding.severity.rank, finding.code))
    return tuple(findings)


def _finding(one: Rule, problem: Problem, wheel: Wheel) -> Finding:
    from ..rules import remedies
    from . import predictions

    generator = wheel.dist_info.generator
    triples = frozenset(problem.tags)
    blamed = tuple(target for target in wheel.targets if target.triple in triples)
    return Finding(
        code=one.code,
        name=one.name,
        severity=problem.severity or one.severity,
        member=problem.member,
        slice=problem.slice,
        tags=problem.tags,
        message=problem.message,
        evidence=dict(problem.evidence),
        consequence=problem.consequence,
        remedy=remedies.text(problem.remedies or one.remedies, generator),
        predicted_by=predictions.predicted_by(
            one.code,
            remedies.build_tool(generator),
            wheel.dist_info.generators,
            wheel.provenance.pyo3 if wheel.provenance else "",
            blamed or wheel.targets,
        ),
    )


PROMISES = ("WA103", "WA108", "WA109", "WA110", "WA112", "WA2", "WA3", "WA4", "WA5")
"""Rules that hold the files against the tags."""


_LOOSE = ("WA109", "WA501", "WA520")
"""Those whose warnings, too, say that a tag promises too much."""


def breaks_promise(finding: Finding) -> bool:
    """Return whether a finding says that a tag promises too much: such ask for honest tags, or for a new build."""
    least = Severity.WARNING if finding.code in _LOOSE else Severity.ERROR
    return finding.severity.rank >= least.rank and finding.code.startswith(PROMISES)
