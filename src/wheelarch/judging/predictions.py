"""Which rules of the doctor predict what a wheel shows: the table behind a finding's `predicted_by`.

It is data apart from the doctor's rules, so that no audit loads these. A test holds the two together.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.provenance import Window, maturin_version, windows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..metadata.promise import Target

__all__ = ["TRACES", "Trace", "predicted_by"]


class Trace(NamedTuple):
    """What a build that a rule of the doctor predicts leaves behind in a wheel."""

    code: str
    """The doctor's rule, `WD07`."""
    shows: tuple[str, ...]
    """The wheel rules that see it."""
    tools: tuple[str, ...]
    """The build tools that WHEEL's Generator may name, as `remedies.build_tool` has them. setuptools-rust signs as
    setuptools. A rule about PyO3 that speaks of every tool has maturin alone here: other tools build without PyO3."""
    windows: tuple[Window, ...]
    """The bad releases."""
    concerns: Callable[[Target], bool]
    """The tags of such a wheel."""


def _on(*systems: str) -> Callable[[Target], bool]:
    return lambda target: target.system in systems


_MATURIN, _SETUPTOOLS = ("maturin",), ("setuptools",)
_X64_OR_ARM64 = (("x86_64",), ("arm64",))

TRACES: tuple[Trace, ...] = (
    Trace(
        "WD02",
        ("WA201", "WA403"),
        _MATURIN,
        windows_of("WD02"),
        lambda target: (
            target.system == "windows" and target.arches in _X64_OR_ARM64 and not target.stable_abi
        ),
    ),
    Trace(
        "WD07",
        ("WA301",),
        _MATURIN,
        windows_of("WD07"),
        lambda target: target.system == "windows" and target.stable_abi == "abi3",
    ),
    Trace(
        "WD09",
        ("WA303", "WA304"),
        _MATURIN,
        windows_of("WD09"),
        lambda target: (
            target.system == "windows" and (target.implementation == "pypy" or bool(target.free_threaded))
        ),
    ),
    Trace(
        "WD13",
        ("WA301",),
        _MATURIN,
        (),
        lambda target: target.system == "windows" and target.stable_abi == "abi3",
    ),
    Trace(
        "WD15",
        ("WA201", "WA403"),
        _MATURIN,
        (Window("maturin", "", "1.9.5"),),
        lambda target: target.system == "windows" and target.arches in _X64_OR_ARM64,
    ),
    Trace("WD17", ("WA801", "WA802"), _MATURIN, (Window("maturin", "", "1.6.0"),), _on("macos")),
    Trace("WD18", ("WA801", "WA802"), _MATURIN, (), _on("macos")),
    Trace("WD19", ("WA801",), _MATURIN, (), _on("macos")),
    Trace("WD22", ("WA802",), _MATURIN, (), _on("macos")),
    Trace("WD23", ("WA201", "WA202", "WA801"), _MATURIN, (), _on("macos")),
    Trace(
        "WD24",
        ("WA201", "WA202", "WA208"),
        _MATURIN,
        (Window("maturin", "1.7.0"),),
        lambda target: target.system != "windows" or bool(target.stable_abi),
    ),
    Trace(
        "WD24",
        ("WA201", "WA202", "WA208"),
        _SETUPTOOLS,
        (),
        lambda target: target.system not in ("windows", "mingw"),  # it is not read on Windows
    ),
    Trace("WD26", ("WA501",), (*_MATURIN, *_SETUPTOOLS), (), _on("macos")),
    Trace("WD27", ("WA501",), _MATURIN, (), _on("macos")),
    Trace("WD28", ("WA201", "WA208"), _MATURIN, (), lambda _: True),
    Trace(
        "WD29",
        ("WA201",),
        _SETUPTOOLS,
        (),
        lambda target: target.system == "windows" and target.arches == ("arm64",),
    ),
    Trace(
        "WD30",
        ("WA202",),
        _SETUPTOOLS,
        (),
        lambda target: target.system == "macos" and len(target.arches) > 1,
    ),
    Trace(
        "WD32",
        ("WA306",),
        _MATURIN,
        windows_of("WD32"),
        lambda target: target.system == "mingw" and target.stable_abi == "abi3",
    ),
    Trace("WD37", ("WA201", "WA801"), (*_MATURIN, *_SETUPTOOLS), (), _on("linux")),
)
"""By code."""


def predicted_by(
    code: str, tool: str, generators: Iterable[str], pyo3: str, targets: Iterable[Target]
) -> tuple[str, ...]:
    """Return the doctor's rules that predict a finding, for the tool and the releases that built the wheel.

    Args:
        code: The finding's.
        tool: What built the wheel, as `remedies.build_tool` tells it; empty where it is not known.
        generators: WHEEL's Generator lines.
        pyo3: Its version; any version where it is empty.
        targets: What the tags demand that the finding speaks of.
    """
    traces = [one for one in TRACES if code in one.shows and tool in one.tools]
    if not traces:
        return ()
    versions = {"maturin": maturin_version(generators), "pyo3": pyo3}
    targets = tuple(targets)
    return tuple(
        one.code
        for one in traces
        if any(map(one.concerns, targets))
        and all(
            not versions[window.package] or window.holds(versions[window.package]) for window in one.windows
        )
    )
