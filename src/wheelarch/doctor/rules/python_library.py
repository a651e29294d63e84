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
    """Return whether a Python of the target may be among those that a Windows host runs.

    An ARM64 host runs x64 and x86 Pythons too; an x64 host runs none for ARM64.
    """
    if not build.on_windows:
        return False
    known = {one.arch for one in build.pythons if one.arch}
    return arch(build.target) in known or (arch(build.host) == "arm64" and not known)


def _configured_by_maturin(build: Build) -> Exposure:
    """Return how many of the releases describe an interpreter to PyO3 that they can't run, and lose the stable ABI.

    It is so with PYO3_CROSS_LIB_DIR, with `-i 3.X` where no Windows can run it, and on Windows from 1.9.5 on, with and
    without `-i`: until then an interpreter of the host is taken for the target's.
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
    """Return what keeps the stable ABI of a build that loses it, each alternative without another bad one behind it.

    Args:
        build: The build.
        instead: What a configuration of one's own takes the place of, as it would override it with a warning.
    """
    found = ["Raise pyo3 to 0.27.0 or later"]
    if build.told_cross or not (build.swaps_windows_arch and exposure(build.pyo3, _NEVER_SWAPS)):
        found.append("require maturin>=1.13.2")
    dropped = f" in the place of {' and '.join(instead)}" if instead else ""
    found.append(f"write a PYO3_CONFIG_FILE of your own with abi3=true and lib_name=python3{dropped}")
    return f"{', or '.join(found)}."


_NEVER_SWAPS = Window("pyo3", "", "0.23.4")
"""The releases that do not see a cross build between x64 and ARM64 Windows (WD01)."""


@predicts("WD07", "versioned-python-dll", Severity.ERROR, ("WA301",), _CONFIG_LOSES_ABI3)
def versioned_python_dll(build: Build) -> Iterator[Prediction]:
    """A wheel for the stable ABI will import the Python DLL of one version.

    What it does:
        Looks for stable-ABI builds for Windows by maturin 1.8.0 to 1.13.1 with a pyo3 older than 0.27.0 and without
        `generate-import-lib`, where PYO3_CROSS_LIB_DIR names the folder of the target's libraries.

    Why it is bad:
        maturin hands PyO3 a configuration that says `abi3=false`. PyO3 up to 0.22 then forgets the limited API;
        PyO3 0.23 to 0.26 keeps it and links `pythonXY.dll` all the same. The tag says abi3.

    Example:
        maturin 1.8.3, pyo3 0.22.6, `abi3-py37`, PYO3_CROSS_LIB_DIR set, from Linux for `x86_64-pc-windows-gnu`: the
        module imports python37.dll and the wheel is tagged `cp37-abi3-win_amd64`.

    How to fix:
        Use pyo3 >= 0.27.0 or maturin >= 1.13.2. `PYO3_PRINT_CONFIG=1` must show `lib_name=python3`.

    Known limits:
        The three rules on such builds exclude each other. With a generated library the linker stops (WD08). Without
        one and without PYO3_CROSS_LIB_DIR there is no library to link, with `-i` or without, and maturin stops (WD11).
        A library that is found by other means, as by RUSTFLAGS, is not seen.

    References:
        maturin issue 2526; PyO3 issue 5148 and pull request 5503; maturin pull request 3130; toolchain.md 2.5.
    """
    exposed = _configured_by_maturin(build)
    if exposed and "PYO3_CROSS_LIB_DIR" in build.environment and not build.generates_import_library:
        yield Prediction(
            message=f"the stable-ABI module for {build.target} will import pythonXY.dll instead of python3.dll",
            remedy=_keeping_abi3(build, *_overridden(build)),
            consequence=_NOT_FOUND,
        )


def _overridden(build: Build) -> list[str]:
    """Return what PYO3_CONFIG_FILE would override of a build's settings, as WD13 counts them."""
    names = [name for name in ("PYO3_CROSS", "PYO3_CROSS_LIB_DIR", "PYO3_PYTHON") if build.hands_pyo3(name)]
    return [*names, *(["-i"] if build.interpreter_named else [])]


@predicts("WD08", "missing-versioned-library", Severity.ERROR, windows=_CONFIG_LOSES_ABI3)
def missing_versioned_library(build: Build) -> Iterator[Prediction]:
    """PyO3 generates python3.lib, and the linker is told to look for pythonXY.lib.

    What it does:
        Looks for stable-ABI builds for Windows by maturin 1.8.0 to 1.13.1 with a pyo3 older than 0.27.0 and with
        `generate-import-lib`, where maturin can't run the interpreter: PYO3_CROSS_LIB_DIR is set, `-i` names one on
        another system, or the host is Windows on x64 and maturin is 1.9.5 or later, which puts the host's Python
        aside, with `-i` and without.

    Why it is bad:
        The generated library is the stable ABI's, the name on the linker's command line is that of one version.

    Example:
        `LINK : fatal error LNK1181: cannot open input file 'python312.lib'`.

    How to fix:
        Use pyo3 >= 0.27.0 or maturin >= 1.13.2.

    Known limits:
        On another system without `-i` and PYO3_CROSS_LIB_DIR nothing is said. Windows on ARM64 may have an x64 Python.

    References:
        PyO3 pull requests 5502 and 5503; maturin issue 2606; toolchain.md 2.5.
    """
    exposed = _configured_by_maturin(build)
    if exposed and build.generates_import_library:
        yield Prediction(
            message=f"{build.target} will be linked with pythonXY.lib, and only python3.lib is generated",
            remedy=_keeping_abi3(build, *_overridden(build)),
            consequence="no wheel: LNK1181: cannot open input file 'python3XY.lib'",
            severity=Severity.WARNING if exposed is Exposure.SOME else None,
        )


@predicts(
    "WD09",
    "broken-generated-library",
    Severity.ERROR,
    ("WA303", "WA304"),
    windows_of("WD09"),
)
def broken_generated_library(build: Build) -> Iterator[Prediction]:
    """PyO3 generates the wrong import library for PyPy and for free-threaded Python.

    What it does:
        Looks for builds for Windows with pyo3 0.23.0 to 0.23.3, a stable-ABI feature and `generate-import-lib`, where
        PyPy or a free-threaded CPython is among the interpreters.

    Why it is bad:
        Neither has the stable ABI, and the library is generated for it or not at all.

    Example:
        pyo3 0.23.2 with `-i 3.13t`: the module imports python3.dll instead of python313t.dll.

    How to fix:
        Use pyo3 >= 0.23.4, with python3-dll-a >= 0.2.12.

    Known limits:
        Interpreters that maturin finds by itself (`--find-interpreter`) are not known beforehand.

    References:
        PyO3 issues 4806 and 4808, pull requests 4733 and 4749; toolchain.md 2.
    """
    odd = [one for one in build.pythons if one.implementation == "pypy" or one.free_threaded]
    if build.for_windows and build.abi3 and build.generates_import_library and odd:
        name = "PyPy" if odd[0].implementation == "pypy" else f"Python {odd[0].version}t"
        yield Prediction(
            message=f"pyo3 generates the wrong import library for {name}",
            remedy="Raise pyo3 to 0.23.4 or later, and python3-dll-a to 0.2.12 (cargo update).",
            consequence="a link that fails, or a module that imports the stable ABI's DLL",
        )


@predicts("WD10", "deprecated-import-library", Severity.NOTE, windows=(Window("pyo3", "0.29.0"),), tools=())
def deprecated_import_library(build: Build) -> Iterator[Prediction]:
    """The feature generate-import-lib does nothing any more.

    What it does:
        Looks for the feature with pyo3 >= 0.29.

    Why it is bad:
        Since 0.29 PyO3 links Python's DLLs by name and needs no import library. The feature is deprecated.

    Example:
        `pyo3 = { version = "0.29", features = ["abi3-py39", "generate-import-lib"] }`.

    How to fix:
        Drop the feature.

    Known limits:
        With PYO3_USE_RAW_DYLIB set to another value than `1` import libraries are used again; there the rule is silent.

    References:
        PyO3 pull request 5866; toolchain.md 2.
    """
    if build.generates_import_library and not build.hands_pyo3("PYO3_USE_RAW_DYLIB"):
        yield Prediction(
            message="the feature generate-import-lib is a deprecated no-op",
            remedy="Drop the feature generate-import-lib from pyo3.",
            source=build.project.crate.source if build.project.crate else "",
        )


_NEEDS_PYTHON = (
    "Need a Python interpreter to compile for Windows without PyO3's `generate-import-lib` feature"
)


@predicts("WD11", "missing-interpreter", Severity.ERROR, windows=(Window("pyo3", "", "0.29.0"),))
def missing_interpreter(build: Build) -> Iterator[Prediction]:
    """Maturin finds no Python of the target, and PyO3 is not told to do without one.

    What it does:
        Looks for cross builds for Windows with a pyo3 older than 0.29, without `generate-import-lib` and without
        PYO3_CROSS_LIB_DIR, by maturin >= 1.9.6; for the stable ABI by >= 1.7.7, and on Windows by >= 1.9.5, since
        older ones take the host's Python there. `-i` changes nothing: the interpreter that it names can't run, or is
        put aside as one of another machine.

    Why it is bad:
        The import library can only come from an interpreter of the target, and none is there.

    Example:
        ubuntu-latest for `x86_64-pc-windows-msvc`, pyo3 0.25 with `abi3-py39`, maturin 1.9.6.

    How to fix:
        Use pyo3 >= 0.29, or enable the feature `generate-import-lib`: for the stable ABI with pyo3 >= 0.27, or else
        WD08 is next.

    Known limits:
        Builds by pip and its like hand maturin their own interpreter and are not judged. Windows on ARM64 may have an
        x64 Python. With `-i 3.X` on another system the non-stable build may get as far as the linker.

    References:
        maturin pull requests 2333 and 2758; toolchain.md 1, 3.
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
            remedy=f"Raise pyo3 to 0.29.0 or later, or {_generating(build)}.",
            consequence=f"no wheel: {_NEEDS_PYTHON}",
            evidence={"maturin": f"{build.maturin}, stops from {window.first} on"},
            severity=Severity.WARNING if exposed is Exposure.SOME else None,
        )


def _generating(build: Build) -> str:
    """Return how the feature generate-import-lib can be had without WD01, WD08 or WD09 behind it."""
    loses = build.abi3 and all(
        exposure(build.maturin if window.package == "maturin" else build.pyo3, window)
        for window in _CONFIG_LOSES_ABI3
    )
    old = exposure(build.pyo3, _NEVER_SWAPS) and (build.abi3 or build.swaps_windows_arch)
    lowest = "0.27.0" if loses else "0.23.4" if old else ""
    return "enable its feature generate-import-lib" + (
        f" and raise it to {lowest} or later" if lowest else ""
    )


def _mingw_python(build: Build) -> bool:
    """Return whether MinGW's own Python is built for, and not the one of python.org."""
    return any(one.platform.startswith("mingw") for one in build.pythons)


@predicts(
    "WD31", "mingw-link-regression", Severity.ERROR, windows=(Window("pyo3", "0.29.0", "0.29.2"),), tools=()
)
def mingw_link_regression(build: Build) -> Iterator[Prediction]:
    """PyO3 0.29.0 and 0.29.1 do not link with MinGW's Python.

    What it does:
        Looks for builds with these releases where the interpreter is MinGW's (MSYS2), or where both host and target
        are `*-windows-gnu`.

    Why it is bad:
        PyO3 links the DLL by a name that MinGW's Python does not have.

    Example:
        `undefined reference to 'PyObject_Call'` in an MSYS2 shell with pyo3 0.29.1.

    How to fix:
        Use pyo3 >= 0.29.2.

    Known limits:
        A workflow does not say that its Python is MSYS2's; `--python` does.

    References:
        PyO3 issue 6157, pull request 6185.
    """
    if _mingw_python(build) or system(build.host) == system(build.target) == "mingw":
        yield Prediction(
            message="pyo3 does not find the Python library of MinGW",
            remedy="Raise pyo3 to 0.29.2 or later.",
            consequence="no wheel: undefined reference to Py*",
        )


@predicts(
    "WD32",
    "misnamed-mingw-library",
    Severity.ERROR,
    ("WA306",),
    windows_of("WD32"),
)
def misnamed_mingw_library(build: Build) -> Iterator[Prediction]:
    """A stable-ABI module for MinGW's Python will import python3.dll, which MinGW does not have.

    What it does:
        Looks for stable-ABI builds by maturin up to 1.14.1 with pyo3 >= 0.29 where the interpreter is MinGW's.

    Why it is bad:
        MinGW's stable-ABI library is called libpython3.dll.

    Example:
        `ImportError: DLL load failed while importing x: The specified module could not be found.` in MSYS2.

    How to fix:
        Use maturin >= 1.15.0, or set PYO3_USE_RAW_DYLIB=0 (with pyo3 >= 0.29.3, since WD33 speaks of 0.29.2).

    Known limits:
        The wheel of such a build is tagged `win_*`, and for the Python of python.org it is right: WA306 sees it only
        in a wheel that is tagged for MinGW.

    References:
        maturin issue 3291, pull request 3298; toolchain.md 2, 3.
    """
    opted_out = build.hands_pyo3("PYO3_USE_RAW_DYLIB")
    if build.abi3 and build.for_windows and _mingw_python(build) and not opted_out:
        yield Prediction(
            message="the stable-ABI module will import python3.dll, and MinGW has libpython3.dll",
            remedy="Require maturin>=1.15.0, or set PYO3_USE_RAW_DYLIB=0 with pyo3 0.29.3 or later.",
            consequence=_NOT_FOUND,
        )


@predicts(
    "WD33", "misspelt-x86-symbols", Severity.WARNING, windows=(Window("pyo3", "0.29.2", "0.29.3"),), tools=()
)
def misspelt_x86_symbols(build: Build) -> Iterator[Prediction]:
    """With PYO3_USE_RAW_DYLIB=0, PyO3 0.29.2 spells the names of Python's functions wrong on 32-bit Windows.

    What it does:
        Looks for builds for 32-bit Windows with that release and PYO3_USE_RAW_DYLIB set to anything but `1`.

    Why it is bad:
        The names `_Py*` get the wrong number of underscores, and the linker does not find them.

    Example:
        `unresolved external symbol __Py_NoneStruct` for `i686-pc-windows-msvc`.

    How to fix:
        Unset PYO3_USE_RAW_DYLIB, or use pyo3 >= 0.29.3.

    Known limits:
        None known.

    References:
        PyO3 pull request 6410; its release notes of 0.29.3.
    """
    value = build.variable("PYO3_USE_RAW_DYLIB")
    if value is not None and value != "1" and build.for_windows and arch(build.target) == "x86":
        yield Prediction(
            message=f"with PYO3_USE_RAW_DYLIB={value} pyo3 misspells Python's symbols for {build.target}",
            remedy="Unset PYO3_USE_RAW_DYLIB, or raise pyo3 to 0.29.3 or later.",
            consequence="no wheel: unresolved external symbol",
        )
