"""WD07 to WD11 and WD31 to WD33: which Python library a build for Windows links."""

from __future__ import annotations

from ..._lib.typed import TYPE_CHECKING
from ...facts.provenance import windows_of
from ...model import Severity
from ..build import Build, arch, system
from ..versions import Exposure, Window, exposure
from ._base import Prediction, predicts

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "broken_generated_library",
    "deprecated_import_library",
    "mingw_link_regression",
    "misnamed_mingw_library",
    "missing_interpreter",
    "missing_versioned_library",
    "misspelt_x86_symbols",
    "versioned_python_dll",
]

_CONFIG_LOSES_ABI3 = windows_of("WD07")
"""maturin writes a PyO3 configuration with `abi3=false`, and PyO3 derives the library's name from it."""
_NOT_FOUND = "ImportError: DLL load failed while importing: The specified module could not be found."


def _may_have_python(build: Build) -> bool:
    """Return whether a Windows host may have a Python for the target that it can run.

    An ARM64 host also runs x64 and x86 Pythons. An x64 host runs none for ARM64.
    """
    if not build.on_windows:
        return False
    known = {one.arch for one in build.pythons if one.arch}
    return arch(build.target) in known or (arch(build.host) == "arm64" and not known)


def _configured_by_maturin(build: Build) -> Exposure:
    """Return how many of the allowed releases describe to PyO3 a Python that they cannot run, without the stable ABI.

    They do so with PYO3_CROSS_LIB_DIR, with `-i 3.X` on systems other than Windows, and on Windows from 1.9.5 on, with
    or without `-i`. Older releases use a Python of the host there, as if it were for the target.
    """
    if not build.abi3 or not build.for_windows or not build.cross or build.hands_pyo3("PYO3_CONFIG_FILE"):
        return Exposure.NONE
    lost = next(window for window in _CONFIG_LOSES_ABI3 if window.package == "maturin")
    if "PYO3_CROSS_LIB_DIR" in build.environment:
        return exposure(build.maturin, lost)
    if not build.on_windows:
        return exposure(build.maturin, lost) if build.interpreter_named else Exposure.NONE
    if build.frontend == "pep517" or _may_have_python(build):
        return Exposure.NONE
    return exposure(build.maturin, lost._replace(first="1.9.5"))


def _keeping_abi3(build: Build, *instead: str) -> str:
    """Return the remedies for a build that loses the stable ABI, without those that lead to another bad build.

    Args:
        build: The build.
        instead: The settings to unset with an own PYO3_CONFIG_FILE, because it would override them (WD13).
    """
    found = ["Upgrade pyo3 to 0.27.0 or later"]
    if build.told_cross or not (build.swaps_windows_arch and exposure(build.pyo3, _NEVER_SWAPS)):
        found.append("require maturin>=1.13.2")
    dropped = f" instead of {' and '.join(instead)}" if instead else ""
    found.append(f"write your own PYO3_CONFIG_FILE with abi3=true and lib_name=python3{dropped}")
    return f"{', or '.join(found)}."


_NEVER_SWAPS = Window("pyo3", "", "0.23.4")
"""The releases that do not see a cross build between x64 and ARM64 Windows (WD01)."""


@predicts("WD07", "versioned-python-dll", Severity.ERROR, windows=_CONFIG_LOSES_ABI3)
def versioned_python_dll(build: Build) -> Iterator[Prediction]:
    """A wheel for the stable ABI will import the DLL of one Python version.

    What it does:
        Looks for stable-ABI builds for Windows by maturin 1.8.0 to 1.13.1 with a pyo3 older than 0.27.0 and without
        `generate-import-lib`, if PYO3_CROSS_LIB_DIR names the folder of the target's libraries.

    Why it is bad:
        maturin gives PyO3 a configuration that says `abi3=false`. PyO3 up to 0.22 then turns the limited API off. PyO3
        0.23 to 0.26 keeps it, but links `pythonXY.dll`. The tag says abi3.

    Example:
        maturin 1.8.3, pyo3 0.22.6, `abi3-py37`, PYO3_CROSS_LIB_DIR set, from Linux for `x86_64-pc-windows-gnu`: the
        module imports python37.dll and the wheel is tagged `cp37-abi3-win_amd64`.

    How to fix:
        Use pyo3 >= 0.27.0 or maturin >= 1.13.2. `PYO3_PRINT_CONFIG=1` must show `lib_name=python3`.

    Known limits:
        Only one of three rules reports such a build. With a generated library the linker stops (WD08). Without one and
        without PYO3_CROSS_LIB_DIR, there is no library to link, with or without `-i`, and maturin stops (WD11). A
        library that is found in another way, such as with RUSTFLAGS, is not seen.

    References:
        maturin issue 2526; PyO3 issue 5148 and pull request 5503; maturin pull request 3130;
        docs/facts/build-tools.md, "Stable-ABI builds that name one Python's DLL".
    """
    exposed = _configured_by_maturin(build)
    if exposed and "PYO3_CROSS_LIB_DIR" in build.environment and not build.generates_import_library:
        yield Prediction(
            message=f"the stable-ABI module for {build.target} will import pythonXY.dll instead of python3.dll",
            remedy=_keeping_abi3(build, *_overridden(build)),
            consequence=_NOT_FOUND,
        )


def _overridden(build: Build) -> list[str]:
    """Return the settings of a build that PYO3_CONFIG_FILE would override, as in WD13."""
    names = [name for name in ("PYO3_CROSS", "PYO3_CROSS_LIB_DIR", "PYO3_PYTHON") if build.hands_pyo3(name)]
    return [*names, *(["-i"] if build.interpreter_named else [])]


@predicts("WD08", "missing-versioned-library", Severity.ERROR, windows=_CONFIG_LOSES_ABI3)
def missing_versioned_library(build: Build) -> Iterator[Prediction]:
    """PyO3 generates python3.lib, but the linker looks for pythonXY.lib.

    What it does:
        Looks for stable-ABI builds for Windows by maturin 1.8.0 to 1.13.1 with a pyo3 older than 0.27.0 and with
        `generate-import-lib`, if maturin cannot run the Python: PYO3_CROSS_LIB_DIR is set, or `-i` names a Python on
        another system, or the host is x64 Windows and maturin is 1.9.5 or later, which ignores the host's Python, with
        or without `-i`.

    Why it is bad:
        The generated library is the one of the stable ABI, but the linker's command line names that of one version.

    Example:
        `LINK : fatal error LNK1181: cannot open input file 'python312.lib'`.

    How to fix:
        Use pyo3 >= 0.27.0 or maturin >= 1.13.2.

    Known limits:
        Builds on another system without `-i` and PYO3_CROSS_LIB_DIR are not reported, nor are builds on ARM64 Windows
        if the host may have an x64 Python.

    References:
        PyO3 pull requests 5502 and 5503; maturin issue 2606; docs/facts/build-tools.md, "Stable-ABI builds that name
        one Python's DLL".
    """
    exposed = _configured_by_maturin(build)
    if exposed and build.generates_import_library:
        yield Prediction(
            message=f"the build for {build.target} needs pythonXY.lib, but pyo3 generates only python3.lib",
            remedy=_keeping_abi3(build, *_overridden(build)),
            consequence="no wheel: LNK1181: cannot open input file 'pythonXY.lib'",
            severity=Severity.WARNING if exposed is Exposure.SOME else None,
        )


@predicts("WD09", "broken-generated-library", Severity.ERROR, windows=windows_of("WD09"))
def broken_generated_library(build: Build) -> Iterator[Prediction]:
    """PyO3 generates the wrong import library for PyPy and for free-threaded Python.

    What it does:
        Looks for builds for Windows with pyo3 0.23.0 to 0.23.3, a stable-ABI feature and `generate-import-lib`, if PyPy
        or a free-threaded CPython is among the interpreters.

    Why it is bad:
        Neither has the stable ABI, but PyO3 generates the library of the stable ABI, or none.

    Example:
        pyo3 0.23.2 with `-i 3.13t`: the module imports python3.dll instead of python313t.dll.

    How to fix:
        Use pyo3 >= 0.23.4, with python3-dll-a >= 0.2.12.

    Known limits:
        Interpreters that maturin finds by itself (`--find-interpreter`) are not known in advance.

    References:
        PyO3 issues 4806 and 4808, pull requests 4733 and 4749; docs/facts/build-tools.md, "PyO3 releases".
    """
    odd = [one for one in build.pythons if one.implementation == "pypy" or one.free_threaded]
    if build.for_windows and build.abi3 and build.generates_import_library and odd:
        name = "PyPy" if odd[0].implementation == "pypy" else f"Python {odd[0].version}t"
        yield Prediction(
            message=f"pyo3 will generate the wrong import library for {name}",
            remedy="Upgrade pyo3 to 0.23.4 or later, and python3-dll-a to 0.2.12 or later (cargo update).",
            consequence="no wheel because the link fails, or a module that imports the stable ABI's DLL",
        )


@predicts("WD10", "deprecated-import-library", Severity.NOTE, windows=(Window("pyo3", "0.29.0"),), tools=())
def deprecated_import_library(build: Build) -> Iterator[Prediction]:
    """The feature generate-import-lib no longer has an effect.

    What it does:
        Looks for the feature with pyo3 >= 0.29.

    Why it is bad:
        From 0.29 on, PyO3 links Python's DLLs by name and needs no import library. The feature is deprecated.

    Example:
        `pyo3 = { version = "0.29", features = ["abi3-py39", "generate-import-lib"] }`.

    How to fix:
        Remove the feature.

    Known limits:
        If PYO3_USE_RAW_DYLIB is set, nothing is reported, because PyO3 uses import libraries with any value but `1`.

    References:
        PyO3 pull request 5866; docs/facts/build-tools.md, "PyO3 releases".
    """
    if build.generates_import_library and not build.hands_pyo3("PYO3_USE_RAW_DYLIB"):
        yield Prediction(
            message="the feature generate-import-lib of pyo3 is deprecated and has no effect",
            remedy="Remove the feature generate-import-lib.",
            source=build.project.crate.source if build.project.crate else "",
        )


_NEEDS_PYTHON = (
    "Need a Python interpreter to compile for Windows without PyO3's `generate-import-lib` feature"
)


@predicts("WD11", "missing-interpreter", Severity.ERROR, windows=(Window("pyo3", "", "0.29.0"),))
def missing_interpreter(build: Build) -> Iterator[Prediction]:
    """Maturin finds no Python for the target, and PyO3 cannot build without one.

    What it does:
        Looks for cross builds for Windows with a pyo3 older than 0.29, without `generate-import-lib` and without
        PYO3_CROSS_LIB_DIR, by maturin >= 1.9.6. For the stable ABI it looks for maturin >= 1.7.7, and on a Windows host
        for >= 1.9.5, because older releases use the host's Python there. `-i` changes nothing: the Python that it names
        cannot run, or maturin ignores it because it is for another machine.

    Why it is bad:
        The import library can only come from a Python for the target, and there is none.

    Example:
        ubuntu-latest for `x86_64-pc-windows-msvc`, pyo3 0.25 with `abi3-py39`, maturin 1.9.6.

    How to fix:
        Use pyo3 >= 0.29, or enable the feature `generate-import-lib`. For the stable ABI, the feature needs pyo3 >=
        0.27, or else WD08 follows.

    Known limits:
        Builds by pip and other frontends give their own Python to maturin and are not judged, nor are builds on ARM64
        Windows if the host may have an x64 Python. On another system, a build with `-i 3.X` and without the stable ABI
        may get as far as the linker.

    References:
        maturin pull requests 2333 and 2758; docs/facts/build-tools.md, "maturin releases", "Known-bad builds" (WD11).
    """
    if not build.for_windows or build.generates_import_library:
        return
    if build.frontend == "pep517" or not build.cross or _may_have_python(build):
        return
    if "PYO3_CROSS_LIB_DIR" in build.environment or build.hands_pyo3("PYO3_CONFIG_FILE"):
        return
    of_stable_abi = "1.9.5" if build.on_windows else "1.7.7"
    window = Window("maturin", of_stable_abi if build.abi3 else "1.9.6")
    exposed = exposure(build.maturin, window)
    if exposed:
        yield Prediction(
            message=f"maturin will find no Python for {build.target} on {build.host}",
            remedy=f"Upgrade pyo3 to 0.29.0 or later, or {_generating(build)}.",
            consequence=f"no wheel: {_NEEDS_PYTHON}",
            evidence={"maturin": f"{build.maturin}; releases from {window.first} on stop"},
            severity=Severity.WARNING if exposed is Exposure.SOME else None,
        )


def _generating(build: Build) -> str:
    """Return how to enable the feature generate-import-lib without causing WD01, WD08 or WD09."""
    loses = build.abi3 and all(
        exposure(build.maturin if window.package == "maturin" else build.pyo3, window)
        for window in _CONFIG_LOSES_ABI3
    )
    old = exposure(build.pyo3, _NEVER_SWAPS) and (build.abi3 or build.swaps_windows_arch)
    lowest = "0.27.0" if loses else "0.23.4" if old else ""
    return "enable its feature generate-import-lib" + (
        f" and upgrade it to {lowest} or later" if lowest else ""
    )


def _mingw_python(build: Build) -> bool:
    """Return whether the build is for MinGW's own Python, not for the one from python.org."""
    return any(one.platform.startswith("mingw") for one in build.pythons)


@predicts(
    "WD31", "mingw-link-regression", Severity.ERROR, windows=(Window("pyo3", "0.29.0", "0.29.2"),), tools=()
)
def mingw_link_regression(build: Build) -> Iterator[Prediction]:
    """PyO3 0.29.0 and 0.29.1 do not link with MinGW's Python.

    What it does:
        Looks for builds with these releases if the interpreter is MinGW's (MSYS2), or if both host and target are
        `*-windows-gnu`.

    Why it is bad:
        PyO3 links the DLL by a name that MinGW's Python does not have.

    Example:
        `undefined reference to 'PyObject_Call'` in an MSYS2 shell with pyo3 0.29.1.

    How to fix:
        Use pyo3 >= 0.29.2.

    Known limits:
        A workflow does not say that its Python is from MSYS2, but `--python` does.

    References:
        PyO3 issue 6157, pull request 6185.
    """
    if _mingw_python(build) or system(build.host) == system(build.target) == "mingw":
        yield Prediction(
            message="pyo3 will not find the Python library of MinGW",
            remedy="Upgrade pyo3 to 0.29.2 or later.",
            consequence="no wheel: undefined reference to Py*",
        )


@predicts("WD32", "misnamed-mingw-library", Severity.ERROR, windows=windows_of("WD32"))
def misnamed_mingw_library(build: Build) -> Iterator[Prediction]:
    """A stable-ABI module for MinGW's Python will import python3.dll, which MinGW does not have.

    What it does:
        Looks for stable-ABI builds by maturin up to 1.14.1 with pyo3 >= 0.29, if the interpreter is MinGW's.

    Why it is bad:
        MinGW's stable-ABI library is called libpython3.dll.

    Example:
        `ImportError: DLL load failed while importing x: The specified module could not be found.` in MSYS2.

    How to fix:
        Use maturin >= 1.15.0, or set PYO3_USE_RAW_DYLIB=0 with pyo3 >= 0.29.3 (0.29.2 has the fault of WD33).

    Known limits:
        The wheel of such a build is tagged `win_*`, and is correct for the Python from python.org. WA306 finds the
        fault only in a wheel that is tagged for MinGW.

    References:
        maturin issue 3291, pull request 3298; docs/facts/build-tools.md, "PyO3 releases", "Known-bad builds" (WD32).
    """
    opted_out = build.hands_pyo3("PYO3_USE_RAW_DYLIB")
    if build.abi3 and build.for_windows and _mingw_python(build) and not opted_out:
        yield Prediction(
            message="the stable-ABI module will import python3.dll, but MinGW has libpython3.dll",
            remedy="Require maturin>=1.15.0, or set PYO3_USE_RAW_DYLIB=0 with pyo3 0.29.3 or later.",
            consequence=_NOT_FOUND,
        )


@predicts(
    "WD33", "misspelt-x86-symbols", Severity.WARNING, windows=(Window("pyo3", "0.29.2", "0.29.3"),), tools=()
)
def misspelt_x86_symbols(build: Build) -> Iterator[Prediction]:
    """With PYO3_USE_RAW_DYLIB=0, PyO3 0.29.2 misspells the names of Python's functions on 32-bit Windows.

    What it does:
        Looks for builds for 32-bit Windows with that release, if PYO3_USE_RAW_DYLIB has a value other than `1`.

    Why it is bad:
        The names `_Py*` get the wrong number of underscores, so the linker does not find them.

    Example:
        `unresolved external symbol __Py_NoneStruct` for `i686-pc-windows-msvc`.

    How to fix:
        Unset PYO3_USE_RAW_DYLIB, or use pyo3 >= 0.29.3.

    Known limits:
        None known.

    References:
        PyO3 pull request 6410; release notes of PyO3 0.29.3.
    """
    value = build.variable("PYO3_USE_RAW_DYLIB")
    if value is not None and value != "1" and build.for_windows and arch(build.target) == "x86":
        yield Prediction(
            message=f"with PYO3_USE_RAW_DYLIB={value}, pyo3 will misspell Python's symbols for {build.target}",
            remedy="Unset PYO3_USE_RAW_DYLIB, or upgrade pyo3 to 0.29.3 or later.",
            consequence="no wheel: unresolved external symbol",
        )
