"""WD01 to WD06 and WD36: builds for Windows on another architecture or another system."""

from __future__ import annotations

from ..._lib.typed import TYPE_CHECKING
from ...facts.provenance import windows_of
from ...model import Severity
from ..build import Build, arch, system
from ..versions import Exposure, Window, exposure
from ._base import Prediction, newer_maturin, predicts

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "foreign_import_library",
    "foreign_library_with_xwin",
    "host_interpreter_for_foreign_target",
    "missing_sdk_archives",
    "skipped_xwin",
    "unknown_xwin_value",
    "useless_xwin",
]

_NOT_CROSS = windows_of("WD01")
"""The releases of pyo3 that treat every build on Windows for Windows as a native one."""
_ALWAYS_XWIN = Window("maturin", "", "1.7.7")
_FILTERS_PYTHONS = Window("maturin", "1.9.5")
"""The releases that compare an interpreter's architecture with the target's, and never use one that differs."""
_RAISE_PYO3 = "Upgrade pyo3 to 0.29.0 or later, which needs no import library"
_GENERATE = "enable the feature generate-import-lib and either upgrade pyo3 to 0.23.4 or set PYO3_CROSS=1"


def _links_host_library(build: Build) -> bool:
    """Return whether PyO3 links the Python library of the host's architecture into code for the other one."""
    if not build.swaps_windows_arch or build.told_cross or build.hands_pyo3("PYO3_CONFIG_FILE"):
        return False
    if exposure(build.maturin, _FILTERS_PYTHONS) is not Exposure.ALL:
        return True
    # maturin then describes an interpreter that `-i` names to PyO3, and WD07 and WD08 judge the result.
    return build.abi3 and not build.interpreter_named


@predicts(
    "WD01", "foreign-import-library", Severity.ERROR, windows=_NOT_CROSS, tools=("maturin", "setuptools-rust")
)
def foreign_import_library(build: Build) -> Iterator[Prediction]:
    """PyO3 links the host's Python library when Windows on x64 builds for ARM64, or the reverse.

    What it does:
        Looks for builds by maturin and setuptools-rust between x64 and ARM64 Windows with MSVC and a pyo3 older than
        0.23.4, if neither PYO3_CROSS* nor PYO3_CONFIG_FILE is set.

    Why it is bad:
        PyO3 treats the build as a native one, so the linker gets the import library of the wrong machine.

    Example:
        `maturin build --target aarch64-pc-windows-msvc` on an x64 runner with pyo3 0.22.6 and `abi3-py39`:
        `LNK4272: library machine type 'x64' conflicts with target machine type 'ARM64'`, then LNK2019.

    How to fix:
        Use pyo3 >= 0.29.0. With pyo3 0.23.4 to 0.28, enable the feature `generate-import-lib`. With an older pyo3, also
        set PYO3_CROSS=1, and leave MATURIN_USE_XWIN unset. In both cases use maturin >= 1.13.2, because 1.9.5 to 1.13.1
        would cause WD08.

    Known limits:
        maturin up to 1.7.6 always links with lld-link, and lld-link before 20 accepts the wrong library without harm,
        so the finding is then a warning. With MATURIN_USE_XWIN=1, WD06 reports the build instead. From maturin 1.9.5
        on, a build for the stable ABI may stop before it links (WD08, WD11). Then both findings are reported.

    References:
        maturin issue 2368; PyO3 pull request 4800; docs/facts/build-tools.md, "Import libraries for another machine",
        "What lld-link accepts".
    """
    by_maturin = build.tool == "maturin"
    if not _links_host_library(build) or (by_maturin and build.variable("MATURIN_USE_XWIN") == "1"):
        return
    by_lld = exposure(build.maturin, _ALWAYS_XWIN)
    newest = build.maturin.admitted[-1] if by_maturin and build.maturin and build.maturin.admitted else ""
    yield Prediction(
        message=f"pyo3 will link the {arch(build.host)} Python library into code for {build.target}",
        remedy=f"{_RAISE_PYO3}; or {'require maturin>=1.13.2, ' if by_maturin else ''}{_GENERATE}.",
        consequence="no wheel: LNK4272: library machine type conflicts with target machine type; LNK2019",
        evidence={"remark": f"maturin {newest}, the newest allowed, fails for certain"}
        if by_lld is Exposure.SOME and not _ALWAYS_XWIN.holds(newest)
        else {},
        severity=Severity.WARNING if by_lld else None,
    )


@predicts("WD02", "host-interpreter-for-foreign-target", Severity.ERROR, windows=windows_of("WD02"))
def host_interpreter_for_foreign_target(build: Build) -> Iterator[Prediction]:
    """Maturin 1.7.7 uses the host's Pythons in a build between x64 and ARM64 Windows.

    What it does:
        Looks for builds between x64 and ARM64 Windows with MSVC by maturin 1.7.7.

    Why it is bad:
        If a compiler for the target is installed, that release does not see a cross build. The platform of the host's
        Python becomes the wheel's tag.

    Example:
        An ARM64 `.pyd` in a wheel tagged `cp312-cp312-win_amd64`.

    How to fix:
        Use maturin >= 1.8.0.

    Known limits:
        Wheels for the stable ABI get the target's tag. They are correct if the build does not fail because of WD01.

    References:
        maturin pull requests 2353 and 2359; docs/facts/build-tools.md, "maturin releases".
    """
    if build.swaps_windows_arch:
        yield Prediction(
            message=f"maturin 1.7.7 will use {arch(build.host)} Pythons for {build.target}",
            remedy=f"{newer_maturin(build, '1.8.0')}.",
            consequence=""
            if build.abi3
            else f"{arch(build.target)} code in a wheel that is tagged for {arch(build.host)}",
            in_wheel=not build.abi3,
        )


def _from_elsewhere(build: Build) -> bool:
    """Return whether a system other than Windows builds for Windows with MSVC."""
    return bool(build.host) and not build.on_windows and system(build.target) == "windows"


@predicts("WD03", "skipped-xwin", Severity.ERROR, windows=(Window("maturin", "1.7.8", "1.8.0"),))
def skipped_xwin(build: Build) -> Iterator[Prediction]:
    """Maturin 1.7.8 may leave out the Windows SDK when another system builds for Windows.

    What it does:
        Looks for builds for `*-windows-msvc` on Linux or macOS by maturin 1.7.8 without MATURIN_USE_XWIN=1.

    Why it is bad:
        On every host, that release checks whether the compiler can build for MSVC, and the host's compiler may seem
        able to. Then maturin sets up neither the SDK nor the linker for Windows.

    Example:
        maturin 1.7.8 on ubuntu-latest for `x86_64-pc-windows-msvc`: the link fails, because the Windows libraries are
        missing.

    How to fix:
        Use maturin >= 1.8.0, or set MATURIN_USE_XWIN=1.

    Known limits:
        It is not known in advance whether the host's compiler seems able to.

    References:
        maturin commit 628eb726; docs/facts/build-tools.md, "maturin releases".
    """
    if _from_elsewhere(build) and build.environment.get("MATURIN_USE_XWIN", "") not in ("1", None):
        yield Prediction(
            message=f"maturin 1.7.8 may leave out the Windows SDK on {build.host}",
            remedy=f"{newer_maturin(build, '1.8.0')}; or set MATURIN_USE_XWIN=1.",
            consequence="no wheel: the linker finds no Windows libraries",
        )


@predicts("WD04", "unknown-xwin-value", Severity.WARNING)
def unknown_xwin_value(build: Build) -> Iterator[Prediction]:
    """MATURIN_USE_XWIN has a value that maturin ignores.

    What it does:
        Looks for values of MATURIN_USE_XWIN other than `1`.

    Why it is bad:
        maturin compares the value with `1` only: `true` and `yes` turn nothing on, and no value turns cargo-xwin off.

    Example:
        `MATURIN_USE_XWIN=true`.

    How to fix:
        Set it to `1`, or leave it unset.

    Known limits:
        An empty value is not reported.

    References:
        maturin, src/cross_compile.rs and Changelog.md (1.7.7); docs/facts/build-tools.md, "Environment variables".
    """
    value = build.variable("MATURIN_USE_XWIN")
    if value and value != "1":
        yield Prediction(
            message=f"MATURIN_USE_XWIN={value} has no effect: maturin accepts only the value 1",
            remedy="Set MATURIN_USE_XWIN=1, or unset it." if _may_help(build) else "Unset MATURIN_USE_XWIN.",
        )


def _may_help(build: Build) -> bool:
    """Return whether MATURIN_USE_XWIN=1 would have an effect, and not a bad one."""
    knows = exposure(build.maturin, Window("maturin", "1.7.7")) is Exposure.ALL
    return (
        knows
        and build.cross
        and system(build.target) == "windows"
        and not exposure(build.pyo3, _NOT_CROSS[0])
    )


@predicts("WD05", "useless-xwin", Severity.NOTE)
def useless_xwin(build: Build) -> Iterator[Prediction]:
    """MATURIN_USE_XWIN=1 is set but has no effect.

    What it does:
        Looks for MATURIN_USE_XWIN=1 with maturin up to 1.7.6, which does not know it; with a target that is not
        `*-msvc`; and with maturin >= 1.7.8 in a build that is not a cross build.

    Why it is bad:
        It seems to choose a linker, but does not.

    Example:
        `MATURIN_USE_XWIN=1` for `x86_64-pc-windows-gnu`.

    How to fix:
        Unset it.

    Known limits:
        maturin 1.7.7 uses the variable in native builds too.

    References:
        maturin, src/cross_compile.rs; docs/facts/build-tools.md, "When maturin cross-compiles", "Environment
        variables".
    """
    if build.variable("MATURIN_USE_XWIN") != "1":
        return
    why = ""
    if exposure(build.maturin, _ALWAYS_XWIN) is Exposure.ALL:
        why = f"{build.maturin} does not know it"
    elif build.target and not build.target.endswith("-msvc"):
        why = f"{build.target} does not use MSVC"
    elif build.host and build.target and not build.cross:
        why = f"a build on {build.host} for {build.target} is not a cross build" if _knows(build) else ""
    if why:
        yield Prediction(message=f"MATURIN_USE_XWIN=1 has no effect: {why}", remedy="Unset MATURIN_USE_XWIN.")


def _knows(build: Build) -> bool:
    return exposure(build.maturin, Window("maturin", "1.7.8")) is Exposure.ALL


@predicts("WD06", "foreign-library-with-xwin", Severity.WARNING, windows=_NOT_CROSS)
def foreign_library_with_xwin(build: Build) -> Iterator[Prediction]:
    """PyO3 links the wrong Python library, and MATURIN_USE_XWIN=1 helps only with older linkers.

    What it does:
        Looks for the builds of WD01 with MATURIN_USE_XWIN=1.

    Why it is bad:
        The variable makes lld-link the linker. lld-link up to 19 accepts an import library of another machine, and the
        wheel is correct. From 20 on, it stops.

    Example:
        `lld-link: error: py_x64.lib(python3.dll): machine type x64 conflicts with arm64`.

    How to fix:
        Use pyo3 >= 0.29.0 and unset MATURIN_USE_XWIN.

    Known limits:
        The project does not say which lld-link will run, so this is a warning.

    References:
        maturin issue 2368; docs/facts/build-tools.md, "What lld-link accepts" (LLD 16 to 22 were tried).
    """
    if _links_host_library(build) and build.variable("MATURIN_USE_XWIN") == "1":
        yield Prediction(
            message=f"pyo3 will link the {arch(build.host)} Python library into code for {build.target}, "
            "and lld-link 20 and later reject it",
            remedy=f"{_RAISE_PYO3}, and unset MATURIN_USE_XWIN.",
            consequence="no wheel with LLD >= 20: machine type x64 conflicts with arm64",
        )


@predicts("WD36", "missing-sdk-archives", Severity.NOTE, windows=(Window("maturin", "1.6.0", "1.7.0"),))
def missing_sdk_archives(build: Build) -> Iterator[Prediction]:
    """The cargo-xwin in maturin 1.6.0 expects an older format of the Windows SDK.

    What it does:
        Looks for builds for `*-windows-msvc` on other systems by maturin 1.6.0, if XWIN_VERSION is not set.

    Why it is bad:
        The download of the SDK fails.

    Example:
        `no cab files were referenced by the MSI`.

    How to fix:
        Use maturin >= 1.7.0, or set XWIN_VERSION=16.

    Known limits:
        It is not known which SDK the server offers on the day of the build.

    References:
        maturin issues 2110 and 2118.
    """
    if _from_elsewhere(build) and "XWIN_VERSION" not in build.environment:
        yield Prediction(
            message="the cargo-xwin of maturin 1.6.0 may not be able to unpack the Windows SDK",
            remedy=f"{newer_maturin(build, '1.7.0')}; or set XWIN_VERSION=16.",
            consequence="no wheel: no cab files were referenced by the MSI",
        )
