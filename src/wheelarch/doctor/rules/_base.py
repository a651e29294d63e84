"""A rule of the doctor: a function from a build to predictions, and the releases that the rule applies to.

As with a wheel rule, the function's docstring is its only documentation, with the same headings.
"""

from __future__ import annotations

from ..._lib.typed import TYPE_CHECKING, NamedTuple
from ...model import Severity
from ..versions import Exposure, Versions, Window, exposure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..build import Build

__all__ = ["DoctorRule", "Prediction", "newer_maturin", "predicts"]


class Prediction(NamedTuple):
    """One thing that will go wrong in a build."""

    message: str
    """One sentence without a period: what will be built, and why it goes wrong."""
    remedy: str
    """The smallest change that fixes it."""
    consequence: str = ""
    """What the user sees, in the tool's own words if they are known; empty if nothing is seen."""
    evidence: Mapping[str, str] = {}
    severity: Severity | None = None
    """None for the rule's own severity."""
    source: str = ""
    """The file that the message is about; empty for the one that names the bad release."""
    in_wheel: bool = True
    """Whether a wheel rule would find this in the finished wheel, if the rule has one that does."""


class DoctorRule(NamedTuple):
    """A check of builds, with its name and its documentation."""

    code: str
    """`WD07`. Final: never reused, never renumbered."""
    name: str
    """Names the fault, and reads well after "allow": `versioned-python-dll`."""
    severity: Severity
    """The severity if every release that the project allows is bad."""
    windows: tuple[Window, ...]
    """The bad releases: the rule applies only to builds that may use a release from each window."""
    tools: tuple[str, ...]
    """The build tools that it applies to; empty for all."""
    check: Callable[[Build], Iterable[Prediction]]
    status: str = "stable"

    @property
    def doc(self) -> str:
        """The documentation: the docstring, dedented."""
        import inspect

        return inspect.getdoc(self.check) or ""

    @property
    def summary(self) -> str:
        """The documentation's first line."""
        return self.doc.partition("\n")[0]

    @property
    def shows(self) -> tuple[str, ...]:
        """Codes of the wheel rules that find what such a build leaves behind; empty if it leaves no wheel."""
        from ...rules import RULES

        return tuple(one.code for one in RULES if self.code in one.predicted_by)

    def judge(self, build: Build) -> Iterator[Prediction]:
        """Yield the rule's predictions for a build, with evidence and severity.

        An error becomes a warning if the project also allows good releases.
        """
        if self.tools and build.tool not in self.tools:
            return
        exposures = [exposure(_versions(build, window.package), window) for window in self.windows]
        if Exposure.NONE in exposures:
            return
        for prediction in self.check(build):
            severity = prediction.severity or self.severity
            if severity is Severity.ERROR and Exposure.SOME in exposures:
                severity = Severity.WARNING
            yield prediction._replace(
                severity=severity,
                evidence={**prediction.evidence, **_evidence(build, self.windows)},
                source=prediction.source or _where_named(build, self.windows),
            )


def predicts(
    code: str,
    name: str,
    severity: Severity,
    *,
    windows: tuple[Window, ...] = (),
    tools: tuple[str, ...] = ("maturin",),
) -> Callable[[Callable[[Build], Iterable[Prediction]]], DoctorRule]:
    """Return a decorator that turns a check function into a DoctorRule. It registers nothing."""

    def wrap(check: Callable[[Build], Iterable[Prediction]]) -> DoctorRule:
        return DoctorRule(code, name, severity, windows, tools, check)

    return wrap


def newer_maturin(build: Build, version: str) -> str:
    """Return the advice to require a newer maturin, without a period.

    From 1.9.5 on, maturin uses no Python of another architecture for Windows. If PyO3 needs the library of such a
    Python, it must be upgraded too, or else WD08 or WD11 follows.
    """
    needs = build.for_windows and build.cross and exposure(build.pyo3, Window("pyo3", "", "0.29.0"))
    return f"Require maturin>={version}" + (", and upgrade pyo3 to 0.29.0 or later" if needs else "")


def _versions(build: Build, package: str) -> Versions | None:
    return {"maturin": build.maturin, "pyo3": build.pyo3}[package]


def _evidence(build: Build, windows: tuple[Window, ...]) -> dict[str, str]:
    """Return which release is asked for, which are bad, and whether the newest allowed release is bad."""
    found = {}
    affected = []
    for window in windows:
        versions = _versions(build, window.package)
        if versions:
            newest = versions.admitted[-1]
            found[window.package] = f"{versions.requirement or 'any version'} in {versions.source}"
            affected.append(
                f"{window}" if window.holds(newest) else f"{window} (not {newest}, the newest allowed)"
            )
    return {**found, "affected": "; ".join(affected)} if affected else found


def _where_named(build: Build, windows: tuple[Window, ...]) -> str:
    """Return the file that names the first of the packages."""
    return next((versions.source for window in windows if (versions := _versions(build, window.package))), "")
