"""WA310 to WA313: the Python library on macOS, Linux, iOS and Android, and bundled copies."""

from __future__ import annotations

import re

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import bound_images
from ..model import Depth, Format, Role, Severity
from ..platforms.python_libraries import CPythonLibrary, cpython_library, python_library
from ._python import LIBRARIES, LINKAGE_OF_MODULES, module_or_library
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["bundled_python", "libpython_needed", "no_python_library", "python_framework"]

_BUNDLED = lazy.pattern(
    # auditwheel and delvewheel put a hash behind the first part of the name
    r"(?:lib)?python3(?:-[0-9a-f]{6,})?(?:\.?[0-9]+)?t?d?(?:-[0-9a-f]{6,})?(?:_d)?(?:\.[0-9]+)?"
    r"(?:\.dll|\.dylib|\.so(?:\.[0-9.]+)?)",
    re.IGNORECASE,
)


def _is_bundled_python(name: str) -> bool:
    return "python3" in name.lower() and _BUNDLED.fullmatch(name) is not None


@rule(
    "WA310",
    "bundled-python",
    Severity.WARNING,
    ("R17",),
    needs=dict.fromkeys(LIBRARIES, Depth.HEADER),
)
def bundled_python(wheel: Wheel) -> Iterator[Problem]:
    """The wheel brings a copy of Python's own library.

    What it does:
        Looks for Python DLLs, libpython and framework Pythons among the wheel's libraries. An error where
        delocate put one beside extension modules.

    Why it is bad:
        Two copies of Python in one process do not know each other's threads and objects.

    Example:
        `pkg/.dylibs/Python`, which delocate copied because the module was linked against the framework.

    How to fix:
        Do not link extension modules against Python's library; then no tool finds it to copy.

    Known limits:
        A wheel that starts an interpreter of its own in another process may bring one.

    References:
        delocate, delvewheel and auditwheel, lists of excluded libraries; rules.md 3.5.
    """
    extensions = any(member.role is Role.EXTENSION for member in wheel.members)
    for member in wheel.members:
        delocated = ".dylibs/" in member.path
        framework = member.name in ("Python", "Python3") and (delocated or ".framework/" in member.path)
        if member.role in LIBRARIES and (framework or _is_bundled_python(member.name)):
            fatal = delocated and extensions
            yield Problem(
                message=f"{member.path} is a copy of Python itself",
                member=member.path,
                evidence={"have": member.name, "need": "none"},
                consequence="Fatal Python error: PyThreadState_Get: no current thread" if fatal else "",
                severity=Severity.ERROR if fatal else None,
            )


def _libpython(name: str) -> CPythonLibrary | None:
    """Return the soname of a libpython taken apart, or None for another."""
    found = cpython_library(name)
    if found is None or found.prefix != "lib" or (found.minor and not found.dot) or len(found.minor) > 2:
        return None
    soname = found.ending == ".so" or (found.ending.startswith(".so.") and found.ending != ".so.")
    return found if soname and "_" not in found.flags else None


def _serves(found: CPythonLibrary, target: Target) -> bool:
    """Whether a libpython belongs to the target's Python."""
    if not found.minor:
        return found.major == "3" and target.free_threaded is not True
    if target.implementation != "cpython":
        return False
    same_flavour = target.free_threaded is None or target.free_threaded == ("t" in found.flags)
    same_version = (int(found.major), int(found.minor)) == target.version and not target.stable_abi
    return same_version and same_flavour and target.debug == ("d" in found.flags)


@rule(
    "WA311", "libpython-needed", Severity.WARNING, ("R17",), needs=LINKAGE_OF_MODULES, formats=(Format.ELF,)
)
def libpython_needed(wheel: Wheel) -> Iterator[Problem]:
    """An extension module for Linux is linked against libpython.

    What it does:
        Looks for libpython among the needed libraries of extension modules in Linux wheels, and in Android
        wheels for one of another version, where libpython itself is required. A warning where the version is
        the tag's, an error where it is another's or where a stable ABI promises more than one.

    Why it is bad:
        Many Pythons are built without a shared libpython, so the loader finds none.

    Example:
        `libpython3.12.so.1.0` in a wheel tagged `cp39-abi3-manylinux_2_28_x86_64`.

    How to fix:
        Do not link libpython: the interpreter has its symbols already.

    Known limits:
        Libraries other than extension modules are looked at where they were read, as a warning.

    References:
        PEP 513, libpythonX.Y.so.1; PEP 738; rules.md 4.2.
    """
    for member, image, targets in bound_images(wheel, "linux", "android"):
        for name in dict.fromkeys(image.needed):
            found = _libpython(name)
            if found is None:
                continue
            right = any(_serves(found, target) for target in targets)
            if right and all(target.system == "android" for target in targets):
                continue
            version = found.major + found.dot + found.minor + found.flags
            whose = "" if right else f", and no tag is for Python {version} alone"
            yield Problem(
                message=f"{module_or_library(member)} {member.path} needs {name}{whose}",
                member=member.path,
                tags=tuple(target.triple for target in targets),
                evidence={"have": name, "need": "none"},
                consequence=f"ImportError: {name}: cannot open shared object file: No such file or directory",
                severity=None if right or member.role is not Role.EXTENSION else Severity.ERROR,
            )


@rule(
    "WA312",
    "python-framework",
    Severity.ERROR,
    ("R17",),
    needs={Role.EXTENSION: Depth.HEADER},
    formats=(Format.MACHO,),
)
def python_framework(wheel: Wheel) -> Iterator[Problem]:
    """An extension module for macOS is linked against Python's framework or libpython.

    What it does:
        Looks for a load command that names Python.framework, Python3.framework, libpython3 or a copy of them.

    Why it is bad:
        Each distribution keeps its Python elsewhere, so the path fits the builder's alone; and where it
        fits, a second copy of Python may come into the process.

    Example:
        `/opt/homebrew/opt/python@3.11/Frameworks/Python.framework/Versions/3.11/Python`.

    How to fix:
        Link with `-undefined dynamic_lookup` instead.

    Known limits:
        A weak load command, and a library that is no extension module, is a warning.

    References:
        delocate; dyld, "Library not loaded"; rules.md 3.5.
    """
    for member, image, targets in bound_images(wheel, "macos"):
        for dylib in image.macho.dylibs if image.macho else ():
            library = python_library(dylib.name)
            if library is None or "pypy" in library:
                continue
            certain = dylib.kind != "weak" and member.role is Role.EXTENSION
            yield Problem(
                message=f"{module_or_library(member)} {member.path} is linked against {dylib.name}",
                member=member.path,
                slice=image.arch if len(member.images) > 1 else None,
                tags=tuple(target.triple for target in targets),
                evidence={"have": dylib.name, "need": "none"},
                consequence=f"Library not loaded: {dylib.name}",
                severity=None if certain else Severity.WARNING,
            )


@rule(
    "WA313",
    "python-library-absent",
    Severity.WARNING,
    ("R18",),
    needs=LINKAGE_OF_MODULES,
    formats=(Format.ELF, Format.MACHO),
)
def no_python_library(wheel: Wheel) -> Iterator[Problem]:
    """An extension module for Android or iOS is not linked against Python's library.

    What it does:
        Looks in Android wheels for `libpython3.Y.so` and in iOS wheels for Python.framework among the needed
        libraries.

    Why it is bad:
        Their loaders do not look a module's symbols up in the program that loads it.

    Example:
        A module for Android that was linked as for Linux, without `-lpython3.13`.

    How to fix:
        Link the Python library of the target.

    Known limits:
        A module that gets Python through another library of the wheel is reported too.

    References:
        PEP 730, PEP 738; rules.md 3.5, 4.2.
    """
    for member, image, targets in bound_images(wheel, "android", "ios"):
        if member.role is not Role.EXTENSION or image.faults or image.depth < Depth.LINKAGE:
            continue
        if any(python_library(name) for name in image.needed):
            continue
        android = targets[0].system == "android"
        yield Problem(
            message=f"extension module {member.path} is not linked against "
            f"{'libpython' if android else 'Python.framework'}",
            member=member.path,
            tags=tuple(target.triple for target in targets),
            evidence={
                "have": "none",
                "need": "libpython3.Y.so" if android else "@rpath/Python.framework/Python",
            },
            consequence="ImportError: dlopen failed: cannot locate symbol" if android else "",
        )
