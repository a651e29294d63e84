"""WA310 to WA313: the Python library on macOS, Linux, iOS and Android, and copies of it in wheels.

On Linux and macOS an extension module must not need Python's library, because the interpreter already has its
symbols. On Android and iOS it must.
"""

from __future__ import annotations

import re

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import LIBRARIES
from ..facts.python_dlls import bound_images
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Role, Severity
from ..platforms.python_libraries import CPythonLibrary, cpython_library, python_library
from ._python import LINKAGE_OF_MODULES, OTHER_PYTHON, PYTHON_LIBRARY, kind_of_member, module_or_library
from .grades import system_of_target
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["bundled_python", "libpython_needed", "python_framework", "python_library_absent"]

_BUNDLED = pattern(
    # auditwheel and delvewheel add a hash after the first part of the name.
    r"(?:lib)?python3(?:-[0-9a-f]{6,})?(?:\.?[0-9]+)?t?d?(?:-[0-9a-f]{6,})?(?:_d)?(?:\.[0-9]+)?"
    r"(?:\.dll|\.dylib|\.so(?:\.[0-9.]+)?)",
    re.IGNORECASE,
)


def _is_bundled_python(name: str) -> bool:
    return "python3" in name.lower() and _BUNDLED.fullmatch(name) is not None


@rule(
    "WA310",
    "bundled-python",
    Family.PYTHON,
    Severity.WARNING,
    remedies=("no-libpython",),
    needs=dict.fromkeys(LIBRARIES, Depth.HEADER),
    breaks_promise=Severity.ERROR,
)
def bundled_python(wheel: Wheel) -> Iterator[Problem]:
    """The wheel contains a copy of Python's own library.

    What it does:
        Finds Python DLLs, libpython and framework Pythons among the libraries of the wheel. It is an error if
        delocate put one next to extension modules, and a note for the DLL of the tag's own Python, because Windows
        takes the one that the process has.

    Why it is bad:
        Two copies of Python in one process do not know each other's threads and objects.

    Example:
        `pkg/.dylibs/Python`, which delocate copied because the module was linked against the framework.

    How to fix:
        Do not link extension modules against Python's library. Then no tool finds and copies it.

    Known limits:
        A wheel that starts its own interpreter in another process may contain one.

    References:
        delocate, delvewheel and auditwheel, lists of excluded libraries; Microsoft, Dynamic-link library search order
        (loaded-module list); docs/facts/python-dlls-and-suffixes.md, "Python frameworks and libpython on Apple
        systems", "Two copies of Python in one process".
    """
    extensions = any(member.role is Role.EXTENSION for member in wheel.members)
    for member in wheel.members:
        delocated = ".dylibs/" in member.path
        framework = member.name in ("Python", "Python3") and (delocated or ".framework/" in member.path)
        if member.role in LIBRARIES and (framework or _is_bundled_python(member.name)):
            fatal = delocated and extensions
            # Windows knows loaded DLLs by their names, so in the Python of the tag this copy is never opened.
            idle = any(_is_own_dll(member.name.lower(), target) for target in wheel.targets)
            yield Problem(
                message=f"{member.path} is a copy of Python itself",
                member=member.path,
                evidence={"have": member.name, "need": "none"},
                consequence="Fatal Python error: PyThreadState_Get: no current thread" if fatal else "",
                severity=Severity.ERROR if fatal else Severity.NOTE if idle else None,
            )


def _is_own_dll(name: str, target: Target) -> bool:
    """Whether a DLL is that of the target's Python: of the version in its Python tag, if the ABI tag does not say."""
    if name in target.runtimes:
        return True
    found = cpython_library(name) if target.system == "windows" and not target.runtimes else None
    return found is not None and f"py{found.major}{found.minor}" == target.python


def _parse_libpython(name: str) -> CPythonLibrary | None:
    """Return the parts of the soname of a libpython, or None for another library."""
    found = cpython_library(name)
    if found is None or found.prefix != "lib" or (found.minor and not found.dot) or len(found.minor) > 2:
        return None
    soname = found.ending == ".so" or (found.ending.startswith(".so.") and found.ending != ".so.")
    return found if soname and "_" not in found.flags else None


def _belongs_to(found: CPythonLibrary, target: Target) -> bool:
    """Whether a libpython is the one of the target's Python."""
    if not found.minor:
        return found.major == "3" and target.free_threaded is not True
    if target.implementation != "cpython":
        return False
    same_flavor = target.free_threaded is None or target.free_threaded == ("t" in found.flags)
    same_version = (int(found.major), int(found.minor)) == target.version and not target.stable_abi
    return same_version and same_flavor and target.debug == ("d" in found.flags)


@rule(
    "WA311",
    "libpython-needed",
    Family.PYTHON,
    Severity.WARNING,
    remedies=("no-libpython",),
    systems=("linux", "musl", "android"),
    needs=LINKAGE_OF_MODULES,
    formats=(Format.ELF,),
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=(PYTHON_LIBRARY, OTHER_PYTHON),
)
def libpython_needed(wheel: Wheel) -> Iterator[Problem]:
    """An extension module for Linux is linked against libpython.

    What it does:
        Finds libpython among the needed libraries of extension modules in Linux wheels. Android wheels must need
        libpython, so there it finds a libpython of another version. It is a warning if the version is the tag's, and
        an error if it is another or if a stable ABI promises several versions.

    Why it is bad:
        Many Pythons are built without a shared libpython, so the loader finds none.

    Example:
        `libpython3.12.so.1.0` in a wheel tagged `cp39-abi3-manylinux_2_28_x86_64`.

    How to fix:
        Do not link libpython: the interpreter already has its symbols.

    Known limits:
        Libraries that are not extension modules are judged only if other rules have them read, and are a warning.

    References:
        PEP 513, libpythonX.Y.so.1; PEP 738;
        docs/facts/python-dlls-and-suffixes.md, "libpython on Linux and Android".
    """
    for member, image, targets in bound_images(wheel, "linux", "android"):
        for name in dict.fromkeys(image.needed):
            found = _parse_libpython(name)
            if found is None:
                continue
            right = any(_belongs_to(found, target) for target in targets)
            if right and all(target.system == "android" for target in targets):
                continue
            system = system_of_target(next((one for one in targets if one.system != "android"), targets[0]))
            table = PYTHON_LIBRARY if right else OTHER_PYTHON
            version = found.major + found.dot + found.minor + found.flags
            whose = "" if right else f", but no tag is for Python {version} alone"
            yield Problem(
                message=f"{module_or_library(member)} {member.path} needs {name}{whose}",
                member=member.path,
                tags=triples_of(targets),
                evidence={"have": name, "need": "none"},
                claims=((Fact.LIBRARIES, name),),
                consequence=f"ImportError: {name}: cannot open shared object file: No such file or directory",
                severity=table.of(kind_of_member(member), system),
            )


@rule(
    "WA312",
    "python-framework",
    Family.PYTHON,
    Severity.ERROR,
    remedies=("no-libpython",),
    systems=("macos",),
    needs={Role.EXTENSION: Depth.HEADER},
    formats=(Format.MACHO,),
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=(PYTHON_LIBRARY,),
)
def python_framework(wheel: Wheel) -> Iterator[Problem]:
    """An extension module for macOS is linked against Python's framework or libpython.

    What it does:
        Finds load commands that name Python.framework, Python3.framework, libpython3 or a copy of them.

    Why it is bad:
        Each distribution installs its Python in another place, so the path is right only on the builder's machine.
        If it is right elsewhere too, a second copy of Python may be loaded into the process.

    Example:
        `/opt/homebrew/opt/python@3.11/Frameworks/Python.framework/Versions/3.11/Python`.

    How to fix:
        Link with `-undefined dynamic_lookup` instead.

    Known limits:
        A weak load command is a warning, and so is a library that is not an extension module.

    References:
        delocate; dyld, "Library not loaded";
        docs/facts/python-dlls-and-suffixes.md, "Python frameworks and libpython on Apple systems".
    """
    for member, image, targets in bound_images(wheel, "macos"):
        for dylib in image.macho.dylibs if image.macho else ():
            library = python_library(dylib.name)
            if library is None or "pypy" in library:
                continue
            kind = kind_of_member(member)
            yield Problem(
                message=f"{module_or_library(member)} {member.path} is linked against {dylib.name}",
                member=member.path,
                slice=image.arch if len(member.images) > 1 else None,
                tags=triples_of(targets),
                evidence={"have": dylib.name, "need": "none"},
                claims=((Fact.LIBRARIES, dylib.name),),
                consequence=f"Library not loaded: {dylib.name}",
                severity=PYTHON_LIBRARY.of(
                    "weak" if kind == "module" and dylib.kind == "weak" else kind, "macos"
                ),
            )


@rule(
    "WA313",
    "python-library-absent",
    Family.PYTHON,
    Severity.WARNING,
    remedies=("link-target-python",),
    systems=("ios", "android"),
    needs={Role.EXTENSION: Depth.SYMBOLS},
    formats=(Format.ELF, Format.MACHO),
    breaks_promise=Severity.ERROR,
)
def python_library_absent(wheel: Wheel) -> Iterator[Problem]:
    """An extension module for Android or iOS is not linked against Python's library.

    What it does:
        Looks for `libpython3.Y.so` in Android wheels, and for Python.framework in iOS wheels, among the needed
        libraries. It is a note for an iOS module that looks up all names of Python in any image of the process (flat):
        dyld finds them in the Python.framework that is loaded.

    Why it is bad:
        The loaders of these systems do not look for a module's symbols in the program that loads it.

    Example:
        A module for Android that was linked as for Linux, without `-lpython3.13`.

    How to fix:
        Link the Python library of the target.

    Known limits:
        A module that gets Python through another library of the wheel is reported too.

    References:
        PEP 730, PEP 738;
        docs/facts/python-dlls-and-suffixes.md, "Python frameworks and libpython on Apple systems",
        "libpython on Linux and Android".
    """
    for member, image, targets in bound_images(wheel, "android", "ios"):
        if member.role is not Role.EXTENSION or image.damaged or image.depth < Depth.LINKAGE:
            continue
        if any(python_library(name) for name in image.needed):
            continue
        android = targets[0].system == "android"
        asked = [symbol for symbol in image.imported if symbol.name.startswith(("Py", "_Py"))]
        flat = bool(asked) and not android and all(symbol.lookup == "flat" for symbol in asked)
        yield Problem(
            message=f"extension module {member.path} is not linked against "
            f"{'libpython' if android else 'Python.framework'}",
            member=member.path,
            tags=triples_of(targets),
            evidence={
                "have": "none",
                "need": "libpython3.Y.so" if android else "@rpath/Python.framework/Python",
            },
            consequence="ImportError: dlopen failed: cannot locate symbol" if android else "",
            severity=Severity.NOTE if flat else None,
        )
