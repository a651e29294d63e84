"""WA301, WA302, WA304, WA306, WA308: the Python DLL that a file imports."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import clashes
from ..model import Severity
from ._python import LINKAGE_OF_MODULES, PE_ONLY, dll_not_found, dll_problem
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = [
    "foreign_runtime",
    "mixed_stable_abi",
    "versioned_dll_in_stable_abi",
    "wrong_python_version",
    "wrong_stable_abi",
]


@rule(
    "WA301",
    "versioned-dll-in-stable-abi",
    Severity.ERROR,
    ("R14",),
    needs=LINKAGE_OF_MODULES,
    formats=PE_ONLY,
)
def versioned_dll_in_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """A stable-ABI wheel imports the Python DLL of one version.

    What it does:
        Looks in wheels tagged abi3 or abi3t for extension modules that import `python3XY.dll` or
        `python3XYt.dll`.

    Why it is bad:
        The wheel installs on every later Python and its module can be imported on the one that built it.

    Example:
        `efi_compressor.cp310-win_amd64.pyd` in `uefi_firmware-1.11-cp310-abi3-win_amd64.whl` imports
        python310.dll.

    How to fix:
        Compile every object with the limited API and link python3.lib.

    Known limits:
        ELF and Mach-O files name no Python library, so nothing is seen there.

    References:
        PEP 384, PEP 803; maturin issue 2526; rules.md 2.6.
    """
    for clash in clashes(wheel, "WA301"):
        yield dll_problem(clash)


@rule("WA302", "wrong-python-version", Severity.ERROR, ("R15",), needs=LINKAGE_OF_MODULES, formats=PE_ONLY)
def wrong_python_version(wheel: Wheel) -> Iterator[Problem]:
    """An extension module imports the Python DLL of another version than the tag's.

    What it does:
        Compares the version in the name of the imported Python DLL with the python tag. With several python
        tags a file that serves one of them is right.

    Why it is bad:
        The DLL is not there, or a second Python comes into the process.

    Example:
        `winrt-1.0.20330.1-cp38-none-win_amd64.whl` holds `_winrt.pyd`, which imports python39.dll.

    How to fix:
        Build with the interpreter that the tag names.

    Known limits:
        Generic tags (`py3-none-win_amd64`) promise no version and are judged by WA109.

    References:
        CPython Python/dynload_win.c; rules.md 2.5, 2.6.
    """
    for clash in clashes(wheel, "WA302"):
        conflict = f"Module use of {clash.dll.name} conflicts with this version of Python."
        yield dll_problem(clash, f"{dll_not_found(clash.member)} Or: ImportError: {conflict}")


@rule("WA304", "wrong-stable-abi", Severity.ERROR, ("R16",), needs=LINKAGE_OF_MODULES, formats=PE_ONLY)
def wrong_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """An extension module imports the DLL of the other stable ABI.

    What it does:
        Compares python3.dll (abi3) and python3t.dll (abi3t) with the ABI tags. One file serves the
        compressed set `abi3.abi3t`, and it imports python3t.dll.

    Why it is bad:
        A free-threaded Python has no python3.dll, and a Python with the GIL has python3t.dll from 3.15 on
        only.

    Example:
        A module that imports python3.dll in a wheel tagged `cp315-abi3.abi3t-win_amd64`.

    How to fix:
        For both flavours define `Py_TARGET_ABI3T`, link python3t.lib and tag the wheel `abi3.abi3t`.

    Known limits:
        python3t.dll under abi3 alone is a warning from cp315 on: it loads, but the tag should be
        `abi3.abi3t`.

    References:
        PEP 803; CPython issues 148690 and 149218; rules.md 2.5, 2.6.
    """
    for clash in clashes(wheel, "WA304"):
        loads = (
            clash.dll.free_threaded
            and clash.target.stable_abi == "abi3"
            and clash.target.version is not None
            and clash.target.version >= (3, 15)
            and "python3t.dll" not in clash.target.runtimes
        )
        yield dll_problem(clash, severity=Severity.WARNING if loads else None)


@rule("WA306", "foreign-runtime", Severity.ERROR, ("R15",), needs=LINKAGE_OF_MODULES, formats=PE_ONLY)
def foreign_runtime(wheel: Wheel) -> Iterator[Problem]:
    """An extension module imports the runtime of another Python implementation or distribution.

    What it does:
        Compares the family of the imported Python DLL with the tag: CPython from MSVC (`python311.dll`), from
        MinGW, MSYS2 or Cygwin (`libpython3.11.dll`), PyPy, GraalPy, RustPython.

    Why it is bad:
        The Python that installs the wheel has no such DLL.

    Example:
        MSYS2's gcc was first on PATH: the module imports libpython3.11.dll in a wheel tagged win_amd64.

    How to fix:
        Build with the compiler and the interpreter that the tag names.

    Known limits:
        An MSVC name under a mingw platform tag is a warning: some of these builds bring both DLLs.

    References:
        PyO3 and delvewheel, lists of Python DLLs; rules.md 2.5, 2.6.
    """
    for clash in clashes(wheel, "WA306"):
        yield dll_problem(clash, severity=Severity.WARNING if clash.target.system == "mingw" else None)


@rule("WA308", "mixed-stable-abi", Severity.ERROR, ("R14",), needs=LINKAGE_OF_MODULES, formats=PE_ONLY)
def mixed_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """A stable-ABI module imports the Python DLL of one version beside the stable one.

    What it does:
        Looks in wheels tagged abi3 or abi3t for extension modules that import both `python3.dll` (or
        `python3t.dll`) and `python3XY.dll`.

    Why it is bad:
        The module is as bound to one version as if it imported the versioned DLL alone.

    Example:
        One static library was compiled without `Py_LIMITED_API`; a pragma in Python's headers made the
        linker add python311.lib.

    How to fix:
        Define `Py_LIMITED_API` for all objects, static libraries included.

    Known limits:
        As WA301.

    References:
        CPython PC/pyconfig.h, `#pragma comment(lib, ...)`; rules.md 2.6.
    """
    for clash in clashes(wheel, "WA308"):
        yield dll_problem(clash)
