"""WA301, WA302, WA304, WA306, WA308: the Python DLL that a file imports is not the one of its tags.

`facts.python_dlls` compares the names of the imported DLLs with those that the tags ask for, and sorts the wrong ones
by kind. Each rule here reports one kind; WA303 and WA305 have files of their own.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import clashes
from ..model import Fact, Severity
from ._python import LINKAGE_OF_MODULES, OTHER_PYTHON, PE_ONLY, dll_load_error, dll_problem
from .rule import Family, Problem, rule

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
    Family.PYTHON,
    Severity.ERROR,
    remedies=("limited-api",),
    needs=LINKAGE_OF_MODULES,
    formats=PE_ONLY,
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=(OTHER_PYTHON,),
    predicted_by=("WD07", "WD13"),
)
def versioned_dll_in_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """A stable-ABI wheel imports the Python DLL of one version.

    What it does:
        Finds extension modules in wheels tagged abi3 or abi3t that import `python3XY.dll` or `python3XYt.dll`.

    Why it is bad:
        The wheel installs on every later Python, but its module can be imported only on the version that built it.

    Example:
        `efi_compressor.cp310-win_amd64.pyd` in `uefi_firmware-1.11-cp310-abi3-win_amd64.whl` imports
        python310.dll.

    How to fix:
        Compile every object with the limited API and link python3.lib.

    Known limits:
        ELF and Mach-O files do not name a Python library, so only wheels for Windows are judged.

    References:
        PEP 384, PEP 803; maturin issue 2526;
        docs/facts/python-dlls-and-suffixes.md, "Which Python DLL a tag needs".
    """
    for clash in clashes(wheel, "versioned"):
        yield dll_problem(clash)


@rule(
    "WA302",
    "wrong-python-version",
    Family.PYTHON,
    Severity.ERROR,
    remedies=("right-interpreter",),
    needs=LINKAGE_OF_MODULES,
    formats=PE_ONLY,
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=(OTHER_PYTHON,),
)
def wrong_python_version(wheel: Wheel) -> Iterator[Problem]:
    """An extension module imports the Python DLL of another version than the tag's.

    What it does:
        Compares the version in the name of the imported Python DLL with the python tag. If there are several python
        tags, a file that serves one of them is right.

    Why it is bad:
        The DLL is not there, or a second Python is loaded into the process.

    Example:
        `winrt-1.0.20330.1-cp38-none-win_amd64.whl` contains `_winrt.pyd`, which imports python39.dll.

    How to fix:
        Build with the interpreter that the tag names.

    Known limits:
        Generic tags (`py3-none-win_amd64`) promise no version. WA109 judges them.

    References:
        CPython Python/dynload_win.c;
        docs/facts/python-dlls-and-suffixes.md, "Python DLL names", "Which Python DLL a tag needs".
    """
    for clash in clashes(wheel, "version"):
        conflict = f"Module use of {clash.dll.name} conflicts with this version of Python."
        yield dll_problem(clash, consequence=f"{dll_load_error(clash.member)} Or: ImportError: {conflict}")


@rule(
    "WA304",
    "wrong-stable-abi",
    Family.PYTHON,
    Severity.ERROR,
    remedies=("abi3t",),
    needs=LINKAGE_OF_MODULES,
    formats=PE_ONLY,
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=(OTHER_PYTHON,),
    predicted_by=("WD09",),
)
def wrong_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """An extension module imports the DLL of the other stable ABI.

    What it does:
        Compares python3.dll (abi3) and python3t.dll (abi3t) with the ABI tags. A file for both, tagged `abi3.abi3t`,
        imports python3t.dll.

    Why it is bad:
        A free-threaded Python has no python3.dll, and a Python with the GIL has python3t.dll only from 3.15 on.

    Example:
        A module that imports python3.dll in a wheel tagged `cp315-abi3.abi3t-win_amd64`.

    How to fix:
        For both flavors, define `Py_TARGET_ABI3T`, link python3t.lib and tag the wheel `abi3.abi3t`.

    Known limits:
        From cp315 on, python3t.dll in a wheel tagged only abi3 is a warning: it loads, but the tag should be
        `abi3.abi3t`.

    References:
        PEP 803; CPython issues 148690 and 149218;
        docs/facts/python-dlls-and-suffixes.md, "Python DLL names", "Which Python DLL a tag needs".
    """
    for clash in clashes(wheel, "stable-abi"):
        loads = (
            clash.dll.free_threaded
            and clash.target.stable_abi == "abi3"
            and clash.target.version is not None
            and clash.target.version >= (3, 15)
            and "python3t.dll" not in clash.target.runtimes
        )
        yield dll_problem(clash, kind="later" if loads else "")


@rule(
    "WA306",
    "foreign-runtime",
    Family.PYTHON,
    Severity.ERROR,
    remedies=("right-interpreter",),
    needs=LINKAGE_OF_MODULES,
    formats=PE_ONLY,
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=(OTHER_PYTHON,),
    predicted_by=("WD32",),
)
def foreign_runtime(wheel: Wheel) -> Iterator[Problem]:
    """An extension module imports the runtime of another Python implementation or distribution.

    What it does:
        Compares the family of the imported Python DLL with the tag. The families are CPython built with MSVC
        (`python311.dll`), CPython of MinGW, MSYS2 or Cygwin (`libpython3.11.dll`), PyPy, GraalPy and RustPython.

    Why it is bad:
        The Python that installs the wheel does not have this DLL.

    Example:
        The gcc of MSYS2 was first on PATH, so the module imports libpython3.11.dll in a wheel tagged win_amd64.

    How to fix:
        Build with the compiler and the interpreter that the tag names.

    Known limits:
        An MSVC name in a wheel with a mingw platform tag is a warning, because some of these builds have both DLLs.

    References:
        PyO3 and delvewheel, lists of Python DLLs;
        docs/facts/python-dlls-and-suffixes.md, "Python DLL names", "Which Python DLL a tag needs".
    """
    for clash in clashes(wheel, "foreign"):
        yield dll_problem(clash, kind="mingw" if clash.target.system == "mingw" else "")


@rule(
    "WA308",
    "mixed-stable-abi",
    Family.PYTHON,
    Severity.ERROR,
    remedies=("limited-api",),
    needs=LINKAGE_OF_MODULES,
    formats=PE_ONLY,
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=(OTHER_PYTHON,),
)
def mixed_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """A stable-ABI module imports the Python DLL of one version besides the stable one.

    What it does:
        Finds extension modules in wheels tagged abi3 or abi3t that import both `python3.dll` (or `python3t.dll`) and
        `python3XY.dll`.

    Why it is bad:
        The module is bound to one version, as if it imported only the versioned DLL.

    Example:
        One static library was compiled without `Py_LIMITED_API`. A pragma in Python's headers made the linker add
        python311.lib.

    How to fix:
        Define `Py_LIMITED_API` for all objects, static libraries included.

    Known limits:
        ELF and Mach-O files do not name a Python library, so only wheels for Windows are judged.

    References:
        CPython PC/pyconfig.h, `#pragma comment(lib, ...)`;
        docs/facts/python-dlls-and-suffixes.md, "Which Python DLL a tag needs".
    """
    for clash in clashes(wheel, "mixed"):
        yield dll_problem(clash)
