"""WA307, WA309, WA315: how a file imports its Python DLL: not at all, delayed, or by ordinal."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import bound_images, python_dlls_of, read_dll
from ..model import Depth, Format, Role, Severity
from ._python import LINKAGE_OF_MODULES, PE_ONLY, module_or_library
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["delayed_python", "no_python_dll", "ordinal_import"]


@rule("WA307", "python-dll-absent", Severity.NOTE, needs=LINKAGE_OF_MODULES, formats=PE_ONLY)
def no_python_dll(wheel: Wheel) -> Iterator[Problem]:
    """An extension module for Windows imports no Python DLL.

    What it does:
        Looks for extension modules with an init hook that import none of the DLLs with which a Python comes.

    Why it is bad:
        It need not be: a module may look its functions up when it runs. Otherwise symbols are missing.

    Example:
        A module that finds Python's functions with `GetProcAddress`.

    How to fix:
        Nothing, if the module can be imported.

    Known limits:
        A packed file (UPX) shows the packer's imports only.

    References:
        rules.md 2.6.
    """
    for member, image, targets in bound_images(wheel, "windows", "mingw"):
        if member.role is not Role.EXTENSION or not image.hooks or image.faults or python_dlls_of(image):
            continue
        if image.format is Format.PE and image.depth >= Depth.LINKAGE:
            packed = " (it is packed)" if image.pe and image.pe.packed else ""
            yield Problem(
                message=f"extension module {member.path} imports no Python DLL{packed}",
                member=member.path,
                tags=tuple(target.triple for target in targets),
                evidence={"have": "none", "need": " or ".join(targets[0].runtimes) or "a Python DLL"},
            )


@rule("WA309", "delayed-python", Severity.WARNING, ("R27",), needs=LINKAGE_OF_MODULES, formats=PE_ONLY)
def delayed_python(wheel: Wheel) -> Iterator[Problem]:
    """The Python DLL is delay-loaded.

    What it does:
        Looks for extension modules that import their Python DLL through the delay-import directory only.

    Why it is bad:
        Data such as `PyExc_ValueError` can't be delay-loaded, and CPython's check for a second Python reads
        the normal import directory.

    Example:
        A module linked with `/DELAYLOAD:python311.dll`.

    How to fix:
        Drop the option.

    Known limits:
        A module that takes functions only, and never data, works.

    References:
        Microsoft, constraints of delay loading DLLs; CPython Python/dynload_win.c; rules.md 2.6.
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
                tags=tuple(target.triple for target in targets),
                evidence={"have": "delayed", "need": "a normal import"},
            )


@rule(
    "WA315",
    "ordinal-import",
    Severity.ERROR,
    ("R14",),
    needs={Role.EXTENSION: Depth.SYMBOLS},
    formats=PE_ONLY,
)
def ordinal_import(wheel: Wheel) -> Iterator[Problem]:
    """Python's functions are imported by number.

    What it does:
        Looks for imports by ordinal from a Python DLL.

    Why it is bad:
        The numbers change with every build of Python: another function may be called, or none found.

    Example:
        A module that was linked with an import library made by hand, without names.

    How to fix:
        Link python3.lib or python3XY.lib of the Python that the tag names.

    Known limits:
        None known.

    References:
        PE format, import lookup table; rules.md 2.6.
    """
    for member, image, targets in bound_images(wheel, "windows", "mingw"):
        numbers = [one for one in image.imported if one.name.startswith("#") and read_dll(one.library)]
        if numbers:
            dll = numbers[0].library.lower()
            yield Problem(
                message=f"{module_or_library(member)} {member.path} imports {len(numbers)} functions of {dll} by ordinal",
                member=member.path,
                tags=tuple(target.triple for target in targets),
                evidence={"have": f"{dll} {numbers[0].name}", "need": "names"},
                severity=None if member.role is Role.EXTENSION else Severity.WARNING,
            )
