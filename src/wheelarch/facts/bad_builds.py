"""Bad builds that the doctor predicts: which wheels they can make, by build tool, release and tag.

A wheel rule names the doctor's rules that predict its findings; this table says for which wheels the prediction is
true. It is separate from the doctor's rules, so that an audit does not load those. A test compares both.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from .provenance import Window, maturin_version, windows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..metadata.promise import Target

__all__ = ["BAD_BUILDS", "BadBuild", "predicting"]


class BadBuild(NamedTuple):
    """The wheels that a bad build can make which a rule of the doctor predicts."""

    tools: tuple[str, ...]
    """The build tools that WHEEL's Generator may name, as `rules.remedies.build_tool` returns them. Wheels of
    setuptools-rust name setuptools. A rule about PyO3 has maturin alone here: other tools also build without PyO3."""
    windows: tuple[Window, ...]
    """The bad releases."""
    concerns: Callable[[Target], bool]
    """Whether the tags of such a wheel can have this target."""


def _on(*systems: str) -> Callable[[Target], bool]:
    """Return a test for targets of these systems."""
    return lambda target: target.system in systems


_MATURIN, _SETUPTOOLS = ("maturin",), ("setuptools",)
_EITHER = (*_MATURIN, *_SETUPTOOLS)
_X64_OR_ARM64 = (("x86_64",), ("arm64",))


def _windows_stable(target: Target) -> bool:
    return target.system == "windows" and target.stable_abi == "abi3"


BAD_BUILDS: Mapping[str, tuple[BadBuild, ...]] = {
    "WD02": (
        BadBuild(
            _MATURIN,
            windows_of("WD02"),
            lambda target: (
                target.system == "windows" and target.arches in _X64_OR_ARM64 and not target.stable_abi
            ),
        ),
    ),
    "WD07": (BadBuild(_MATURIN, windows_of("WD07"), _windows_stable),),
    "WD09": (
        BadBuild(
            _MATURIN,
            windows_of("WD09"),
            lambda target: (
                target.system == "windows" and (target.implementation == "pypy" or bool(target.free_threaded))
            ),
        ),
    ),
    "WD13": (BadBuild(_MATURIN, (), _windows_stable),),
    "WD15": (
        BadBuild(
            _MATURIN,
            (Window("maturin", "", "1.9.5"),),
            lambda target: target.system == "windows" and target.arches in _X64_OR_ARM64,
        ),
    ),
    "WD17": (BadBuild(_MATURIN, (Window("maturin", "", "1.6.0"),), _on("macos")),),
    "WD18": (BadBuild(_MATURIN, (), _on("macos")),),
    "WD19": (BadBuild(_MATURIN, (), _on("macos")),),
    "WD22": (BadBuild(_MATURIN, (), _on("macos")),),
    "WD23": (BadBuild(_MATURIN, (), _on("macos")),),
    "WD24": (
        BadBuild(
            _MATURIN,
            (Window("maturin", "1.7.0"),),
            lambda target: target.system != "windows" or bool(target.stable_abi),
        ),
        # setuptools does not read _PYTHON_HOST_PLATFORM on Windows.
        BadBuild(_SETUPTOOLS, (), lambda target: target.system not in ("windows", "mingw")),
    ),
    "WD26": (BadBuild(_EITHER, (), _on("macos")),),
    "WD27": (BadBuild(_MATURIN, (), _on("macos")),),
    "WD28": (BadBuild(_MATURIN, (), lambda _: True),),
    "WD29": (
        BadBuild(
            _SETUPTOOLS,
            (),
            lambda target: target.system == "windows" and target.arches == ("arm64",),
        ),
    ),
    "WD30": (BadBuild(_SETUPTOOLS, (), lambda target: target.system == "macos" and len(target.arches) > 1),),
    "WD32": (
        BadBuild(
            _MATURIN,
            windows_of("WD32"),
            lambda target: target.system == "mingw" and target.stable_abi == "abi3",
        ),
    ),
    "WD37": (BadBuild(_EITHER, (), _on("linux")),),
}
"""By code of the doctor's rule."""


def predicting(
    codes: Iterable[str], tool: str, generators: Iterable[str], pyo3: str, targets: Iterable[Target]
) -> tuple[str, ...]:
    """Return those of the doctor's rules that can predict a finding, for the tool and releases that built the wheel.

    Args:
        codes: `Rule.predicted_by` of the rule that made the finding.
        tool: What built the wheel, as `rules.remedies.build_tool` returns it; empty if it is not known.
        generators: WHEEL's Generator lines.
        pyo3: Its version; any version if it is empty.
        targets: What the tags demand that the finding is about.
    """
    candidates = [(code, one) for code in codes for one in BAD_BUILDS[code] if tool in one.tools]
    if not candidates:
        return ()
    versions = {"maturin": maturin_version(generators), "pyo3": pyo3}
    targets = tuple(targets)
    found = {
        code: None
        for code, one in candidates
        if any(map(one.concerns, targets))
        and all(
            not versions[window.package] or window.holds(versions[window.package]) for window in one.windows
        )
    }
    return tuple(found)
