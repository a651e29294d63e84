"""Predict what is going to be built and what will be wrong with it, from project files, environment and host.

No code of the project runs, and nothing is fetched.
"""

from __future__ import annotations

import os

from .._lib.typed import TYPE_CHECKING
from ..interpreter.probe import probe
from ..interpreter.target import BuildTarget, judge
from ..interpreter.triples import PLATFORMS
from ..model import Finding, Severity, WheelReport
from ..report.document import Report
from . import project
from .build import HERE, Build, Python, host_triple, triple_of
from .plan import plan
from .rules import RULES, DoctorRule, Prediction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["builds", "examine"]

_BUILDS_NAMED = 3
"""The most builds that a finding names. The others are counted."""


def builds(
    root: str,
    *,
    host: str = "",
    target: str = "",
    python: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> tuple[Build, ...]:
    """Return the builds that follow from a project's files, an environment and a machine.

    Args:
        root: The project's folder.
        host: The triple of the machine that builds; empty for this machine and for each workflow's runner.
        target: A triple, a platform tag or a wheel tag; empty for every target of the project.
        python: The path of the interpreter that builds on this machine; it is run to find out what it is.
        environ: The environment of this machine; None for that of this process.

    Raises:
        UsageError: The folder is not a project, one of its files cannot be read, a triple or tag is not known, or
            the interpreter does not answer.
    """
    environ = os.environ if environ is None else environ
    facts = project.read(root)
    known, machine = _known(judge(probe(python, environ), environ)) if python else (None, "")
    planned = plan(
        facts,
        host=triple_of(host) if host else "",
        target=triple_of(target) if target else "",
        python=known,
        environment=environ,
        machine=machine or host_triple(),
    )
    return tuple(build._replace(pyo3_config=_pyo3_config(build)) for build in planned)


def _known(found: BuildTarget) -> tuple[Python, str]:
    """Return the facts of an interpreter, and the triple of its machine if the process is emulated."""
    interpreter = found.interpreter
    known = Python(
        implementation=interpreter.implementation,
        version=".".join(map(str, interpreter.version[:2])),
        free_threaded=interpreter.free_threaded,
        platform=interpreter.get_platform,
        arch=found.machine,
        bits=interpreter.pointer_bits,
    )
    triples = [
        row.triple for row in PLATFORMS if (row.system, row.arch) == (found.platform.system, found.host)
    ]
    return known, triples[0] if found.emulated and triples else ""


def _pyo3_config(build: Build) -> Mapping[str, str] | None:
    path = build.pyo3_variable("PYO3_CONFIG_FILE")
    if not path or build.where != HERE or not os.path.isabs(path):
        return None
    found = project.read_pyo3_config(path)
    return {} if found is None else found


def examine(root: str, planned: Iterable[Build], rules: Iterable[DoctorRule] = RULES) -> Report:
    """Return a report on what goes wrong in these builds, the worst first.

    Args:
        root: The project's folder, as the caller named it.
        planned: The builds of one project.
        rules: The rules to use.

    Returns:
        A report on one input of the kind `project`. The same fault in several builds is one finding.
    """
    planned = tuple(planned)
    findings: list[Finding] = []
    for one in rules:
        same: dict[tuple[str, str, Severity | None], tuple[Prediction, list[Build]]] = {}
        for build in planned:
            for prediction in one.judge(build):
                key = (prediction.message, prediction.remedy, prediction.severity)
                same.setdefault(key, (prediction, []))[1].append(build)
        findings += [_finding(one, prediction, concerned) for prediction, concerned in same.values()]
    findings.sort(key=lambda finding: -finding.severity.rank)
    generator = next((str(build.maturin or build.tool) for build in planned if build.tool == "maturin"), "")
    return Report(
        (
            WheelReport(
                path=root,
                kind="project",
                status="findings" if findings else "clean",
                tags=(),
                generator=generator or (planned[0].tool if planned else ""),
                members=(),
                findings=tuple(findings),
            ),
        )
    )


def _finding(one: DoctorRule, prediction: Prediction, concerned: list[Build]) -> Finding:
    named = list(
        dict.fromkeys(
            f"{build.target or 'unknown'} on {build.host or 'unknown'} ({build.where})" for build in concerned
        )
    )
    more = f" and {len(named) - _BUILDS_NAMED} more" if len(named) > _BUILDS_NAMED else ""
    evidence = {**prediction.evidence, "build": "; ".join(named[:_BUILDS_NAMED]) + more}
    if prediction.in_wheel and one.shows:
        evidence["a wheel would show"] = ", ".join(one.shows)
    where = concerned[0].where
    return Finding(
        code=one.code,
        name=one.name,
        severity=prediction.severity or one.severity,
        member=prediction.source or (None if where == HERE else where.partition(",")[0]),
        slice=None,
        tags=(),
        message=prediction.message,
        evidence=evidence,
        consequence=prediction.consequence,
        remedy=prediction.remedy,
    )
