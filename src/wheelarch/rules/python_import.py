"""WA307, WA309, WA315: how a file imports its Python DLL: not at all, delayed, or by ordinal.

All three read the import directories of PE files. Which DLL it is, the rules of `python_dll` judge.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import bound_images, python_dlls_of, read_dll
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Role, Severity
from ._python import LINKAGE_OF_MODULES, PE_ONLY, module_or_library
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["delayed_python", "ordinal_import", "python_dll_absent"]


@rule(
    "WA307",
    "python-dll-absent",
    Family.PYTHON,
    Severity.NOTE,
    needs=LINKAGE_OF_MODULES,
    formats=PE_ONLY,
    breaks_promise=Severity.ERROR,
)
def python_dll_absent(wheel: Wheel) -> Iterator[Problem]:
    """An extension module for Windows imports no Python DLL.

    What it does:
        Finds extension modules with an init hook that import none of the DLLs that come with a Python.

    Why it is bad:
        It may not be bad: a module can look up Python's functions at run time. Otherwise it lacks symbols.

    Example:
        A module that finds Python's functions with `GetProcAddress`.

    How to fix:
        Nothing, if the module can be imported.

    Known limits:
        A packed file (UPX) shows only the imports of the packer.

    References:
        CPython Python/dynload_win.c; PE format, import directory table;
        docs/facts/python-dlls-and-suffixes.md, "Ordinals, delayed imports and missing imports".
    """
    for member, image, targets in bound_images(wheel, "windows", "mingw"):
        if member.role is not Role.EXTENSION or not image.hooks or image.damaged or python_dlls_of(image):
            continue
        if image.format is Format.PE and image.depth >= Depth.LINKAGE:
            packed = " (it is packed)" if image.pe and image.pe.packed else ""
            yield Problem(
                message=f"extension module {member.path} imports no Python DLL{packed}",
                member=member.path,
                tags=triples_of(targets),
                evidence={"have": "none", "need": " or ".join(targets[0].runtimes) or "a Python DLL"},
            )


@rule(
    "WA309",
    "delayed-python",
    Family.PYTHON,
    Severity.WARNING,
    remedies=("no-delay-load",),
    needs=LINKAGE_OF_MODULES,
    formats=PE_ONLY,
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
)
def delayed_python(wheel: Wheel) -> Iterator[Problem]:
    """An extension module delay-loads its Python DLL.

    What it does:
        Finds extension modules that import their Python DLL only through the delay-import directory.

    Why it is bad:
        Data such as `PyExc_ValueError` cannot be delay-loaded, and CPython's check for a second Python reads only
        the normal import directory.

    Example:
        A module linked with `/DELAYLOAD:python311.dll`.

    How to fix:
        Remove the option.

    Known limits:
        A module that takes only functions from Python, and no data, works.

    References:
        Microsoft, Constraints of Delay Loading DLLs; CPython Python/dynload_win.c;
        docs/facts/python-dlls-and-suffixes.md, "Ordinals, delayed imports and missing imports".
    """
    for member, image, targets in bound_images(wheel, "windows", "mingw"):
        if image.pe is None or member.role is not Role.EXTENSION:
            continue
        delayed = {
            one.name.lower(): one.delayed for one in sorted(image.pe.imports, key=lambda one: not one.delayed)
        }
        names = [dll.name for dll in python_dlls_of(image)]
        if names and all(delayed.get(name) for name in names):
            yield Problem(
                message=f"extension module {member.path} delay-loads {', '.join(names)}",
                member=member.path,
                tags=triples_of(targets),
                evidence={"have": "delayed", "need": "a normal import"},
                claims=tuple((Fact.LIBRARIES, name) for name in names),
            )


@rule(
    "WA315",
    "ordinal-import",
    Family.PYTHON,
    Severity.ERROR,
    remedies=("import-by-name",),
    needs={Role.EXTENSION: Depth.SYMBOLS},
    formats=PE_ONLY,
    rests_on=(Fact.LIBRARIES, Fact.IMPORTS),
    breaks_promise=Severity.ERROR,
)
def ordinal_import(wheel: Wheel) -> Iterator[Problem]:
    """A file imports Python's functions by number.

    What it does:
        Finds imports by ordinal from a Python DLL.

    Why it is bad:
        The numbers change with every build of Python: the file gets another function, or none.

    Example:
        A module that was linked with a handmade import library without names.

    How to fix:
        Link python3.lib, or python3XY.lib of the Python that the tag names.

    Known limits:
        None known.

    References:
        PE format, import lookup table;
        docs/facts/python-dlls-and-suffixes.md, "Ordinals, delayed imports and missing imports".
    """
    for member, image, targets in bound_images(wheel, "windows", "mingw"):
        numbers = [one for one in image.imported if one.name.startswith("#") and read_dll(one.library)]
        if numbers:
            dll = numbers[0].library.lower()
            functions = "1 function" if len(numbers) == 1 else f"{len(numbers)} functions"
            yield Problem(
                message=f"{module_or_library(member)} {member.path} imports {functions} of {dll} by ordinal",
                member=member.path,
                tags=triples_of(targets),
                evidence={"have": f"{dll} {numbers[0].name}", "need": "names"},
                severity=None if member.role is Role.EXTENSION else Severity.WARNING,
                claims=((Fact.LIBRARIES, dll), (Fact.IMPORTS, numbers[0].name)),
            )
