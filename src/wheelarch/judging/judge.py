"""Run the rules over one wheel and turn their problems into findings. Pure: no I/O."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..limits import DEFAULT, Limits
from ..model import Finding, Severity
from ..rules import BY_CODE, Problem
from ..rules.archive import archive_limit_hit
from ..rules.rule import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..facts.wheel import Wheel
    from ..rules import Rule

__all__ = ["breaks_promise", "judge", "keeps_promise"]


def judge(wheel: Wheel, rules: Iterable[Rule], limits: Limits = DEFAULT) -> tuple[Finding, ...]:
    """Return what the rules find, the worst first, then by code and the order of members.

    Args:
        wheel: What is judged.
        rules: Those that apply.
        limits: `findings` counts here.
    """
    of_tags: dict[tuple[str, ...], tuple[str, ...]] = {}
    findings = [_finding(one, problem, wheel, of_tags) for one, problem in _problems(wheel, rules, limits)]
    findings.sort(key=lambda finding: (-finding.severity.rank, finding.code))
    return tuple(findings)


def keeps_promise(wheel: Wheel, rules: Iterable[Rule], limits: Limits) -> bool:
    """Return whether the rules find nothing that breaks a promise, and have no more to say than the limits allow."""
    return not any(
        one is archive_limit_hit or _breaks(one, problem.severity or one.severity)
        for one, problem in _problems(wheel, rules, limits)
    )


def breaks_promise(finding: Finding) -> bool:
    """Return whether a finding says that a tag promises too much: then other tags, or another build, are needed."""
    return _breaks(BY_CODE[finding.code], finding.severity)


def _breaks(one: Rule, severity: Severity) -> bool:
    return one.breaks_promise is not None and severity.rank >= one.breaks_promise.rank


def _problems(wheel: Wheel, rules: Iterable[Rule], limits: Limits) -> Iterator[tuple[Rule, Problem]]:
    """Yield the problems of each rule, up to the limit; the rest may be errors, so that is an error itself."""
    for one in rules:
        left = limits.findings
        for problem in one.check(wheel):
            left -= 1 + len(problem.tags)
            if left < 0:
                what = f"{one.code} ({one.name}) has more findings than {limits.named('findings')}"
                yield archive_limit_hit, Problem(what, severity=Severity.ERROR)
                break
            yield one, problem


def _finding(
    one: Rule, problem: Problem, wheel: Wheel, of_tags: dict[tuple[str, ...], tuple[str, ...]]
) -> Finding:
    from ..facts import bad_builds  # not needed for a clean wheel
    from ..rules import remedies

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
        remedy=remedies.text(
            problem.remedies or one.remedies, generator, _systems(one, problem, wheel, of_tags)
        ),
        predicted_by=bad_builds.predicting(
            one.predicted_by,
            remedies.build_tool(generator),
            wheel.dist_info.generators,
            wheel.provenance.pyo3 if wheel.provenance else "",
            blamed or wheel.targets,
        ),
        claims=problem.claims,
    )


def _systems(
    one: Rule, problem: Problem, wheel: Wheel, of_tags: dict[tuple[str, ...], tuple[str, ...]]
) -> tuple[str, ...]:
    """Return the systems that a problem is about: those of its tags, or else those of the wheel.

    `of_tags` keeps the answers: thousands of problems of a wheel have the same tags.
    """
    from ..rules import remedies

    if one.stage is Stage.ENVIRONMENT and wheel.wanted:
        return (remedies.system_of(wheel.wanted.system, wheel.wanted.libc),)
    tags = problem.tags or wheel.promise.triples
    if tags not in of_tags:
        of_tags[tags] = remedies.systems_of_tags(tags)
    return of_tags[tags]
