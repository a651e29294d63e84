"""WD22, WD23 and WD25 to WD27: ARCHFLAGS and deployment targets."""

from __future__ import annotations

import re

from ..._lib.typed import TYPE_CHECKING
from ...interpreter.environment import RUST_FLOORS, archflags
from ...interpreter.triples import UNIVERSAL2, of_platform
from ...model import Severity
from ..build import Build, arch, system
from ._base import Prediction, predicts

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "archflags_elsewhere",
    "deployment_target_without_minor",
    "floor_below_rustc",
    "two_deployment_targets",
    "unknown_archflags",
]


@predicts("WD22", "archflags-elsewhere", Severity.ERROR)
def archflags_elsewhere(build: Build) -> Iterator[Prediction]:
    """ARCHFLAGS is set on a system other than macOS, so maturin builds for macOS.

    What it does:
        Looks for an ARCHFLAGS that maturin understands, on a host that is not macOS, if no target is given.

    Why it is bad:
        maturin reads the variable on every system and switches the target to `*-apple-darwin`.

    Example:
        `ARCHFLAGS="-arch arm64"` in the environment of a whole workflow, Linux jobs included.

    How to fix:
        Unset it on hosts other than macOS.

    Known limits:
        None known.

    References:
        maturin, src/build_context/builder.rs; docs/facts/build-tools.md, "Environment variables".
    """
    archs = archflags(build.variable("ARCHFLAGS") or "")
    if archs and not build.explicit and system(build.host) not in ("macos", ""):
        target = UNIVERSAL2.triple if len(archs) > 1 else of_platform(f"macosx-{archs[0]}")
        name = target if isinstance(target, str) else target.triple if target else ""
        yield Prediction(
            message=f"ARCHFLAGS makes maturin build for {name} on {build.host}",
            remedy="Unset ARCHFLAGS on this host.",
            consequence="no wheel: Rust has no standard library or linker for that target here",
        )


@predicts("WD23", "unknown-archflags", Severity.WARNING)
def unknown_archflags(build: Build) -> Iterator[Prediction]:
    """ARCHFLAGS has a value that maturin ignores, in whole or in part.

    What it does:
        Looks for an ARCHFLAGS on macOS in which no `-arch` is followed by just x86_64 or arm64, and for one that
        setuptools-rust, which searches the text, reads differently than maturin.

    Why it is bad:
        maturin splits the value at `-arch` and ignores every part that is not exactly an architecture that it knows.
        If no part is left, it builds for the host. setuptools-rust and the compiler understand the same value.

    Example:
        `ARCHFLAGS="-arch x86_64 -g"`, `ARCHFLAGS="-arch arm64e"`.

    How to fix:
        Write `-arch x86_64`, `-arch arm64`, or both, and put other flags into CFLAGS.

    Known limits:
        None known.

    References:
        maturin, src/build_context/builder.rs; setuptools-rust, setuptools_rust/build.py; docs/facts/build-tools.md,
        "Environment variables".
    """
    value = build.variable("ARCHFLAGS") or ""
    taken, wanted = archflags(value), archflags(value, "setuptools-rust")
    ignored = value.strip() and (not taken or taken != wanted)
    if system(build.host) == "macos" and ignored and not build.explicit:
        yield Prediction(
            message=f"maturin reads only {' and '.join(taken)} from ARCHFLAGS={value!r}"
            if taken
            else f"maturin ignores ARCHFLAGS={value!r} and builds for {build.host}",
            remedy='Write ARCHFLAGS="-arch x86_64", "-arch arm64" or both, and put other flags into CFLAGS.',
            consequence=f"a wheel for {' and '.join(taken) or 'the host'} only",
        )


@predicts("WD25", "deployment-target-without-minor", Severity.ERROR)
def deployment_target_without_minor(build: Build) -> Iterator[Prediction]:
    """MACOSX_DEPLOYMENT_TARGET has no minor version, so maturin stops.

    What it does:
        Looks for a value such as `11` in builds by maturin for macOS.

    Why it is bad:
        rustc and clang accept it, but maturin does not.

    Example:
        `MACOSX_DEPLOYMENT_TARGET is invalid`.

    How to fix:
        Write `11.0`.

    Known limits:
        None known.

    References:
        maturin, src/target; docs/facts/build-tools.md, "Known-bad builds" (WD25), "Environment variables".
    """
    value = build.variable("MACOSX_DEPLOYMENT_TARGET") or ""
    if system(build.target) == "macos" and value.isdigit():
        yield Prediction(
            message=f"maturin does not accept MACOSX_DEPLOYMENT_TARGET={value}, which has no minor version",
            remedy=f"Set MACOSX_DEPLOYMENT_TARGET={value}.0.",
            consequence="no wheel: MACOSX_DEPLOYMENT_TARGET is invalid",
        )


@predicts("WD26", "floor-below-rustc", Severity.WARNING, tools=("maturin", "setuptools-rust"))
def floor_below_rustc(build: Build) -> Iterator[Prediction]:
    """The wheel's tag promises an older macOS than rustc builds for.

    What it does:
        Compares the version that becomes the tag with the lowest of rustc: 10.12 for x86_64, 11.0 for arm64. The
        version comes from _PYTHON_HOST_PLATFORM, or with setuptools-rust also from MACOSX_DEPLOYMENT_TARGET.

    Why it is bad:
        rustc raises a deployment target that is too low, but the tag stays.

    Example:
        `_PYTHON_HOST_PLATFORM=macosx-10.9-x86_64`: minos 10.12 in a `macosx_10_9_x86_64` wheel.

    How to fix:
        Raise the version to rustc's lowest.

    Known limits:
        The arm64 slice of universal2 is not checked, because no Mac with Apple silicon runs a macOS before 11. rustc
        before 1.74 goes down to 10.7.

    References:
        rustc's platform support, *-apple-darwin; docs/facts/build-tools.md, "Environment variables", "Deployment
        targets" (rustc 1.95 was tried).
    """
    if system(build.target) != "macos":
        return
    name, value = "_PYTHON_HOST_PLATFORM", build.variable("_PYTHON_HOST_PLATFORM")
    found = re.fullmatch(r"macosx-([0-9]{1,3})\.([0-9]{1,3})-\w+", value or "")
    if "_PYTHON_HOST_PLATFORM" not in build.environment and build.tool == "setuptools-rust":
        name, value = "MACOSX_DEPLOYMENT_TARGET", build.variable("MACOSX_DEPLOYMENT_TARGET")
        found = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,3}))?", value or "")
    floor = RUST_FLOORS.get(arch(build.target) or "x86_64", (0, 0))
    if found and (int(found[1]), int(found[2] or 0)) < floor:
        lowest = ".".join(map(str, floor))
        yield Prediction(
            message=f"{name}={value} tags the wheel for a macOS before {lowest}, the oldest that rustc builds for",
            remedy=f"Raise the version in {name} to {lowest}.",
            consequence="a wheel that installs on a macOS that may not load its code",
            evidence={"have": lowest, "need": f"{found[1]}.{found[2] or 0}"},
        )


@predicts("WD27", "two-deployment-targets", Severity.ERROR)
def two_deployment_targets(build: Build) -> Iterator[Prediction]:
    """pyproject.toml and the environment name different deployment targets.

    What it does:
        Compares `[tool.maturin.target.TRIPLE] macos-deployment-target` with MACOSX_DEPLOYMENT_TARGET.

    Why it is bad:
        The compiler uses the version of the environment, but the tag has the one from pyproject.toml.

    Example:
        `macos-deployment-target = "10.12"` and `MACOSX_DEPLOYMENT_TARGET=13.0`: minos 13.0 in a 10_12 wheel.

    How to fix:
        Keep one of them.

    Known limits:
        If the environment names the lower version, the wheel works but its tag is too high. This is reported too.

    References:
        maturin, "Configuration"; docs/facts/build-tools.md, "Known-bad builds" (WD27).
    """
    own = build.project.deployment_targets.get(build.target)
    value = build.variable("MACOSX_DEPLOYMENT_TARGET")
    if own and value and _numbers(own) != _numbers(value):
        yield Prediction(
            message=f"macos-deployment-target of {build.target} is {own}, but MACOSX_DEPLOYMENT_TARGET is {value}",
            remedy="Keep one of the two, or give both the same version.",
            consequence=f"code for macOS {value} in a wheel that is tagged for {own}",
            evidence={"have": value, "need": own},
            source="pyproject.toml",
        )


def _numbers(version: str) -> tuple[str, ...]:
    """Return the numbers of a version without trailing zeros: 11 and 11.0 are the same."""
    return tuple(re.sub(r"(\.0+)+$", "", version.strip()).split("."))
