"""What a rule of the doctor is: a function from a build to predictions, and the releases that it speaks of.

Like a wheel rule it has its docstring as its only documentation, with the same headings.
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
    """One thing that a build will do wrong."""

    message: str
    """One sentence: what will be built, and why it goes wrong. Without a full stop."""
    remedy: str
    """The smallest change that mends it."""
    consequence: str = ""
    """What the user sees, in the tool's own words where they are known; empty where nothing is seen."""
    evidence: Mapping[str, str] = {}
    severity: Severity | None = None
    """Where it differs from the rule's own."""
    source: str = ""
    """The file that the message speaks of, where it is not the one that names the bad release."""
    shows: tuple[str, ...] | None = None
    """The wheel rules that see what is left behind, where these are not all that the rule names."""


class DoctorRule(NamedTuple):
    """A prediction that can be made of builds, its name and its documentation."""

    code: str
    """`WD07`: numbered as the facts in the design are. Final: never reused, never renumbered."""
    name: str
    """Names the bad thing, reads well after "allow": `versioned-python-dll`."""
    severity: Severity
    """The severity where every release is bad that the project admits."""
    shows: tuple[str, ...]
    """Codes of the wheel rules that see what such a build leaves behind; empty where it leaves no wheel."""
    windows: tuple[Window, ...]
    """The bad releases: the rule speaks only of builds that may use one of each window."""
    tools: tuple[str, ...]
    """The build tools that it speaks of; empty for all."""
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

    def judge(self, build: Build) -> Iterator[Prediction]:
        """Yield what the rule has to say of a build, with its evidence and a severity.

        An error becomes a warning where the project also admits releases that are good.
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
    shows: tuple[str, ...] = (),
    windows: tuple[Window, ...] = (),
    tools: tuple[str, ...] = ("maturin",),
) -> Callable[[Callable[[Build], Iterable[Prediction]]], DoctorRule]:
    """Return a decorator that makes a DoctorRule of a check function. It registers nothing."""

    def wrap(check: Callable[[Build], Iterable[Prediction]]) -> DoctorRule:
        return DoctorRule(code, name, severity, shows, windows, tools, check)

    return wrap


def newer_maturin(build: Build, version: str) -> str:
    """Return the advice to require a newer maturin, without a full stop.

    From 1.9.5 on maturin uses no Python of another machine for Windows. So a PyO3 that needs such a Python's library
    must be raised with it, else WD08 or WD11 is next.
    """
    needs = build.for_windows and build.cross and exposure(build.pyo3, Window("pyo3", "", "0.29.0"))
    return f"Require maturin>={version}" + (", and raise pyo3 to 0.29.0 or later" if needs else "")


def _versions(build: Build, package: str) -> Versions | None:
    return {"maturin": build.maturin, "pyo3": build.pyo3}[package]


def _evidence(build: Build, windows: tuple[Window, ...]) -> dict[str, str]:
    """Return which release is asked for, which are bad, and whether the newest that is admitted is one of them."""
    found = {}
    affected = []
    for window in windows:
        versions = _versions(build, window.package)
        if versions:
            newest = versions.admitted[-1]
            found[window.package] = f"{versions.requirement or 'any version'} in {versions.source}"
            affected.append(
                f"{window}" if window.holds(newest) else f"{window} (not {newest}, the newest admitted)"
            )
    return {**found, "affected": "; ".join(affected)} if affected else found


def _where_named(build: Build, windows: tuple[Window, ...]) -> str:
    """Return the file that names the first of the packages."""
    return next((versions.source for window in windows if (versions := _versions(build, window.package))), "")
