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


@predicts("WD22", "archflags-elsewhere", Severity.ERROR, ("WA802",))
def archflags_elsewhere(build: Build) -> Iterator[Prediction]:
    """ARCHFLAGS is set on another system than macOS, and maturin builds for macOS.

    What it does:
        Looks for ARCHFLAGS of a form that maturin understands, on a host that is not macOS, without a target.

    Why it is bad:
        maturin reads the variable on every system and switches the target to `*-apple-darwin`.

    Example:
        `ARCHFLAGS="-arch arm64"` in the environment of a whole workflow, Linux jobs included.

    How to fix:
        Unset it where the host is not macOS.

    Known limits:
        None known.

    References:
        maturin, src/build_context/builder.rs; toolchain.md 4.
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


@predicts("WD23", "unknown-archflags", Severity.WARNING, ("WA201", "WA202", "WA801"))
def unknown_archflags(build: Build) -> Iterator[Prediction]:
    """ARCHFLAGS has a form that maturin ignores.

    What it does:
        Looks for an ARCHFLAGS for macOS in which no part between one `-arch` and the next is x86_64 or arm64 alone,
        and for one that setuptools-rust, which searches the text, reads in another way than maturin.

    Why it is bad:
        maturin compares whole words, and builds for the host where one is strange to it. setuptools looks for parts of
        the text and understands the same value, and the compiler takes it as it is.

    Example:
        `ARCHFLAGS="-arch x86_64 -g"`, `ARCHFLAGS="-arch arm64e"`.

    How to fix:
        Write `-arch x86_64`, `-arch arm64`, or both, and put other flags into CFLAGS.

    Known limits:
        None known.

    References:
        maturin, src/build_context/builder.rs; setuptools-rust, setuptools_rust/build.py; toolchain.md 4.
    """
    value = build.variable("ARCHFLAGS") or ""
    taken, wanted = archflags(value), archflags(value, "setuptools-rust")
    ignored = value.strip() and (not taken or taken != wanted)
    if system(build.host) == "macos" and ignored and not build.explicit:
        yield Prediction(
            message=f"maturin takes {' and '.join(taken)} alone out of ARCHFLAGS={value!r}"
            if taken
            else f"maturin ignores ARCHFLAGS={value!r} and builds for {build.host}",
            remedy='Write ARCHFLAGS="-arch x86_64", "-arch arm64" or both, and put other flags into CFLAGS.',
            consequence=f"a wheel for {' and '.join(taken) or 'the host'} alone",
        )


@predicts("WD25", "deployment-target-without-minor", Severity.ERROR)
def deployment_target_without_minor(build: Build) -> Iterator[Prediction]:
    """MACOSX_DEPLOYMENT_TARGET has no minor version, and maturin stops.

    What it does:
        Looks for a value such as `11` where maturin builds for macOS.

    Why it is bad:
        rustc and clang take it, maturin does not.

    Example:
        `MACOSX_DEPLOYMENT_TARGET is invalid`.

    How to fix:
        Write `11.0`.

    Known limits:
        None known.

    References:
        maturin, src/target; toolchain.md 3, 4.
    """
    value = build.variable("MACOSX_DEPLOYMENT_TARGET") or ""
    if system(build.target) == "macos" and value.isdigit():
        yield Prediction(
            message=f"maturin does not understand MACOSX_DEPLOYMENT_TARGET={value}",
            remedy=f"Set MACOSX_DEPLOYMENT_TARGET={value}.0.",
            consequence="no wheel: MACOSX_DEPLOYMENT_TARGET is invalid",
        )


@predicts("WD26", "floor-below-rustc", Severity.WARNING, ("WA501",), tools=("maturin", "setuptools-rust"))
def floor_below_rustc(build: Build) -> Iterator[Prediction]:
    """The wheel's tag promises an older macOS than rustc builds for.

    What it does:
        Compares the version that becomes the tag with rustc's lowest, 10.12 for x86_64 and 11.0 for arm64. It comes
        from _PYTHON_HOST_PLATFORM; with setuptools-rust also from MACOSX_DEPLOYMENT_TARGET.

    Why it is bad:
        rustc raises a lower deployment target and the tag stays.

    Example:
        `_PYTHON_HOST_PLATFORM=macosx-10.9-x86_64`: minos 10.12 in a `macosx_10_9_x86_64` wheel.

    How to fix:
        Raise the version to rustc's lowest.

    Known limits:
        The arm64 slice of universal2 does not count: no Mac with Apple silicon runs an older macOS. rustc before 1.74
        goes down to 10.7.

    References:
        rustc's platform support, *-apple-darwin; toolchain.md 4, 5.5 (rustc 1.95 was tried).
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
            message=f"{name}={value} tags the wheel below macOS {lowest}, the lowest that rustc builds for",
            remedy=f"Raise the version in {name} to {lowest}.",
            consequence="a wheel that installs on a macOS where its code may not load",
            evidence={"have": lowest, "need": f"{found[1]}.{found[2] or 0}"},
        )


@predicts("WD27", "two-deployment-targets", Severity.ERROR, ("WA501",))
def two_deployment_targets(build: Build) -> Iterator[Prediction]:
    """pyproject.toml and the environment name different deployment targets.

    What it does:
        Compares `[tool.maturin.target.TRIPLE] macos-deployment-target` with MACOSX_DEPLOYMENT_TARGET.

    Why it is bad:
        The compiler goes by the environment, the tag by pyproject.toml.

    Example:
        `macos-deployment-target = "10.12"` and `MACOSX_DEPLOYMENT_TARGET=13.0`: minos 13.0 in a 10_12 wheel.

    How to fix:
        Keep one of them.

    Known limits:
        Where the environment names the lower version the wheel works and is tagged too high; it is reported too.

    References:
        maturin, "Configuration"; toolchain.md 3.
    """
    own = build.project.deployment_targets.get(build.target)
    value = build.variable("MACOSX_DEPLOYMENT_TARGET")
    if own and value and _numbers(own) != _numbers(value):
        yield Prediction(
            message=f"pyproject.toml names macOS {own} for {build.target}, MACOSX_DEPLOYMENT_TARGET names {value}",
            remedy="Keep one of the two, or give both the same version.",
            consequence=f"code for macOS {value} in a wheel for {own}",
            evidence={"have": value, "need": own},
            source="pyproject.toml",
        )


def _numbers(version: str) -> tuple[str, ...]:
    """Return the numbers of a version without zeros at the end: 11 and 11.0 are the same."""
    return tuple(re.sub(r"(\.0+)+$", "", version.strip()).split("."))
