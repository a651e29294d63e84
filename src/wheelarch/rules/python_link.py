"""WA301 to WA315: the Python library that a binary is bound to, against the Pythons of the tags."""

from __future__ import annotations

import re
from functools import lru_cache

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.wheel import Wheel, module_name, parse_extension_name, python_library, shadowed_variants
from ..model import Depth, Format, Image, Member, Role, Severity
from ..platforms.libraries import OTHER_PYTHON_DLLS, CPythonLibrary, cpython_library, pypy_library
from ._base import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..metadata.tags import Target

__all__ = [
    "bundled_python",
    "could_be_abi3",
    "debug_runtime",
    "delayed_python",
    "foreign_runtime",
    "libpython_needed",
    "mixed_stable_abi",
    "no_python_dll",
    "no_python_library",
    "ordinal_import",
    "python_framework",
    "versioned_dll_in_stable_abi",
    "wrong_flavour",
    "wrong_python_version",
    "wrong_stable_abi",
]

_LINKAGE: Mapping[Role, Depth] = {Role.EXTENSION: Depth.LINKAGE}
_LIBRARIES = (Role.LIBRARY, Role.DEPENDENCY)
_BOUND_ROLES = (Role.EXTENSION, *_LIBRARIES)
_PE = (Format.PE,)

# ---- Windows: the DLL names


class _Dll(NamedTuple):
    """A Python DLL, told by its name."""

    name: str
    """Lower-cased."""
    family: str
    """`cpython`, `mingw`, `pypy`, `graalpy` or `rustpython`."""
    version: tuple[int, int] | None
    """None for the stable ABI's DLL."""
    free_threaded: bool
    debug: bool


_FLAGS = ("", "t", "_d", "t_d")
_MINGW_FLAGS = tuple(t + m + d for t in ("", "t") for m in ("", "m") for d in ("", "d", "_d"))


@lru_cache(maxsize=1 << 12)
def _read_dll(name: str) -> _Dll | None:
    """Return what the name of a Python DLL says (rules.md 2.5), or None for another DLL's."""
    lower = name.lower()
    if lower in OTHER_PYTHON_DLLS:
        return _Dll(lower, OTHER_PYTHON_DLLS[lower], None, False, False)
    pypy = pypy_library(lower) if lower.endswith(".dll") else None
    if pypy is not None:
        minor = pypy.removeprefix("3").removeprefix(".")
        version = (2, 7) if not pypy else (3, int(minor)) if minor else None
        return _Dll(lower, "pypy", version, False, False) if len(minor) <= 2 else None
    found = cpython_library(lower)
    if found is None or found.ending != ".dll" or len(found.minor) > 2:
        return None
    mingw = bool(found.prefix)
    if found.flags not in (_MINGW_FLAGS if mingw else _FLAGS) or (
        found.minor and bool(found.dot) is not mingw
    ):
        return None
    return _Dll(
        lower,
        "mingw" if mingw else "cpython",
        (int(found.major), int(found.minor)) if found.minor else None,
        free_threaded=found.flags.startswith("t"),
        debug=found.flags.endswith("d"),
    )


def _dlls(image: Image) -> list[_Dll]:
    """Return the Python DLLs that a PE image imports, each once, delayed ones included."""
    if image.format is not Format.PE:
        return []
    return [dll for name in dict.fromkeys(map(str.lower, image.needed)) if (dll := _read_dll(name))]


def _relevant(member: Member, targets: Sequence[Target]) -> list[Target]:
    """Return the targets whose import system takes a file of this suffix; all where none does."""
    parsed = parse_extension_name(member.name)
    return [one for one in targets if parsed and parsed.suffix in one.suffixes] or list(targets)


def _bound(wheel: Wheel, *systems: str) -> list[tuple[Member, Image, list[Target]]]:
    """Return each image whose link to Python matters on one of the systems, with the targets that load it.

    These are extension modules, and libraries that happen to have been read to LINKAGE. Variants of a module
    that no target picks are left to WA407, and so is a wheel without such targets.
    """
    targets = tuple([one for one in wheel.targets if one.system in systems])
    return _bound_for(wheel, targets) if targets else []


@lazy.once
def _bound_for(wheel: Wheel, targets: tuple[Target, ...]) -> list[tuple[Member, Image, list[Target]]]:
    shadowed = shadowed_variants(wheel.members, wheel.targets)
    found = []
    for member in wheel.members:
        if member.role in _BOUND_ROLES and member.path not in shadowed:
            relevant = _relevant(member, targets)
            found += [(member, image, relevant) for image in member.images]
    return found


class _Clash(NamedTuple):
    """A Python DLL that is wrong for every target that would load the file."""

    code: str
    member: Member
    dll: _Dll
    target: Target
    """The target that the file comes nearest to."""
    triples: tuple[str, ...]

    @property
    def severity(self) -> Severity:
        """An error for an extension module, a warning for another DLL, which nobody may load."""
        return Severity.ERROR if self.member.role is Role.EXTENSION else Severity.WARNING


def _clashes(wheel: Wheel, code: str) -> list[_Clash]:
    """Return the clashes that one rule reports: each wrong DLL has one code.

    A file is right if all its Python DLLs are right for one target (merged wheels hold files for several).
    """
    return [clash for clash in _all_clashes(wheel) if clash.code == code]


@lazy.once
def _all_clashes(wheel: Wheel) -> list[_Clash]:
    clashes = []
    for member, image, targets in _bound(wheel, "windows", "mingw"):
        dlls = _dlls(image)
        if not dlls:
            continue
        triples = tuple(target.triple for target in targets)
        # a generic tag takes the DLL of any Python, but never a debug one
        wrong = {
            target.triple: [
                dll for dll in dlls if (dll.name not in target.runtimes if target.runtimes else dll.debug)
            ]
            for target in targets
        }
        nearest = min(targets, key=lambda target: len(wrong[target.triple]))
        right = [dll for dll in dlls if dll not in wrong[nearest.triple]]
        clashes += [
            _Clash(_code(dll, nearest, right), member, dll, nearest, triples) for dll in wrong[nearest.triple]
        ]
    return clashes


def _code(dll: _Dll, target: Target, right: Sequence[_Dll]) -> str:
    """Return the code of the rule that a wrong DLL belongs to."""
    family = (
        "mingw" if target.system == "mingw" and target.implementation == "cpython" else target.implementation
    )
    if dll.debug != target.debug:
        return "WA305"
    if dll.family != family:
        return "WA306"
    if target.stable_abi:
        if dll.version is None:
            return "WA304"
        return "WA308" if right else "WA301"
    if dll.version is None and (target.version or (3, 2)) >= (3, 2):
        return "WA304"
    return "WA302" if dll.version != target.version else "WA303"


def _what(member: Member) -> str:
    return "extension module" if member.role is Role.EXTENSION else "library"


def _not_found(member: Member) -> str:
    """Return what CPython says when a DLL that the file imports is missing (dynload_win.c, error 126)."""
    if member.role is not Role.EXTENSION:
        return "The specified module could not be found."
    module = module_name(member.path).rpartition(".")[2]
    return f"ImportError: DLL load failed while importing {module}: The specified module could not be found."


def _problem(clash: _Clash, consequence: str = "", severity: Severity | None = None) -> Problem:
    need = " or ".join(clash.target.runtimes) or "a release DLL"
    return Problem(
        message=f"{_what(clash.member)} {clash.member.path} imports {clash.dll.name}, "
        f"{clash.target.python}-{clash.target.abi} needs {need}",
        member=clash.member.path,
        tags=clash.triples,
        evidence={"have": clash.dll.name, "need": need},
        consequence=consequence or _not_found(clash.member),
        severity=severity or clash.severity,
    )


@rule("WA301", "versioned-dll-in-stable-abi", Severity.ERROR, ("R14",), needs=_LINKAGE, formats=_PE)
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
    for clash in _clashes(wheel, "WA301"):
        yield _problem(clash)


@rule("WA302", "wrong-python-version", Severity.ERROR, ("R15",), needs=_LINKAGE, formats=_PE)
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
    for clash in _clashes(wheel, "WA302"):
        conflict = f"Module use of {clash.dll.name} conflicts with this version of Python."
        yield _problem(clash, f"{_not_found(clash.member)} Or: ImportError: {conflict}")


_FREE_THREADED_ONLY = frozenset({"_Py_DecRefShared", "_Py_MergeZeroLocalRefcount"})
"""Functions that Py_DECREF calls where Py_GIL_DISABLED is defined, and that only free-threaded Pythons have
(CPython Include/refcount.h and Objects/object.c, 3.13 and 3.14)."""
_COUNTING = _FREE_THREADED_ONLY | {"_Py_Dealloc"}


@rule("WA303", "wrong-flavour", Severity.ERROR, ("R16",), needs={Role.EXTENSION: Depth.SYMBOLS})
def wrong_flavour(wheel: Wheel) -> Iterator[Problem]:
    """An extension module is built for the other flavour of Python: with the GIL, or free-threaded.

    What it does:
        On Windows it compares the imported DLL, `python3XY.dll` or `python3XYt.dll`, with the ABI tag.
        Elsewhere it looks for two functions that only free-threaded Pythons have, and in free-threaded wheels
        for `_Py_Dealloc` without them, which is a warning: code for the GIL drops references so.

    Why it is bad:
        The two lay objects out differently. Where the file loads at all, it crashes: up to 3.14 CPython's
        own check does not see `python3XYt.dll`.

    Example:
        A wheel tagged cp313t whose module imports python313.dll, because `Py_GIL_DISABLED` was not defined.

    How to fix:
        Define `Py_GIL_DISABLED=1` for free-threaded builds on Windows, and build with the Python of the tag.

    Known limits:
        On Linux and macOS a module that never drops a reference inline is not seen.

    References:
        PEP 703, PEP 779; CPython Python/dynload_win.c, Include/refcount.h; rules.md 2.6, 5.3.
    """
    for clash in _clashes(wheel, "WA303"):
        yield _problem(clash, f"{_not_found(clash.member)} Or two Pythons in one process, and a crash.")
    for member, image, targets in _bound(wheel, "linux", "macos"):
        flavours = {target.free_threaded for target in targets}
        if member.role is not Role.EXTENSION or flavours not in ({False}, {True}):
            continue
        measured = member.python.stable_abi if member.python else None
        if flavours == {False} and measured and _FREE_THREADED_ONLY.isdisjoint(measured.outside):
            continue  # what the file takes from outside of the stable ABI is known, and neither function is
        counting = {symbol.name for symbol in image.imported if symbol.name in _COUNTING and not symbol.weak}
        names = sorted(_FREE_THREADED_ONLY & counting)
        problem = Problem(
            message=f"extension module {member.path} drops references as code for the GIL does",
            member=member.path,
            slice=image.arch if len(member.images) > 1 else None,
            tags=tuple(target.triple for target in targets),
            evidence={"have": "gil", "need": "free-threaded"},
            severity=Severity.WARNING,
        )
        if names and flavours == {False}:
            missing = f"{member.name}: undefined symbol: {names[0]}"
            if image.format is Format.MACHO:
                missing = f"symbol not found in flat namespace '_{names[0]}'"
            yield problem._replace(
                message=f"extension module {member.path} needs {names[0]} of free-threaded Pythons",
                evidence={"have": "free-threaded", "need": "gil"},
                consequence=f"ImportError: {missing}",
                severity=None,
            )
        elif not names and flavours == {True} and counting:
            yield problem


@rule("WA304", "wrong-stable-abi", Severity.ERROR, ("R16",), needs=_LINKAGE, formats=_PE)
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
    for clash in _clashes(wheel, "WA304"):
        loads = (
            clash.dll.free_threaded
            and clash.target.stable_abi == "abi3"
            and clash.target.version is not None
            and clash.target.version >= (3, 15)
            and "python3t.dll" not in clash.target.runtimes
        )
        yield _problem(clash, severity=Severity.WARNING if loads else None)


_DEBUG_CRT = lazy.pattern(
    r"(?:vcruntime[0-9]+(?:_[0-9]+)?|msvc[pr][0-9]+(?:_[a-z0-9_]+)?|concrt[0-9]+|ucrtbase)d\.dll"
)


def _is_debug_crt(name: str) -> bool:
    return name.endswith("d.dll") and _DEBUG_CRT.fullmatch(name) is not None


@lazy.once
def _brought(wheel: Wheel) -> set[str]:
    """Return the names of all files of the wheel, lower-cased."""
    return {entry.name.rpartition("/")[2].lower() for entry in wheel.entries}


@rule("WA305", "debug-runtime", Severity.ERROR, ("R15",), needs=_LINKAGE, formats=_PE)
def debug_runtime(wheel: Wheel) -> Iterator[Problem]:
    """An extension module imports the debug build of Python or of the C runtime.

    What it does:
        Looks for `python3XY_d.dll` and the like in a release wheel and the release DLL in a debug wheel, and
        for the debug C runtime (`vcruntime140d.dll`, `ucrtbased.dll`) that the wheel does not bring.

    Why it is bad:
        Debug DLLs come with the compiler and with debug Pythons only; users have neither.

    Example:
        A CMake build in the Debug configuration imports vcruntime140d.dll and ucrtbased.dll.

    How to fix:
        Build in the Release configuration.

    Known limits:
        Only Windows names its debug libraries.

    References:
        Microsoft, C runtime library features; CPython PC/pyconfig.h; rules.md 2.6.
    """
    for clash in _clashes(wheel, "WA305"):
        yield _problem(clash)
    for member, image, targets in _bound(wheel, "windows"):
        names = [name for name in dict.fromkeys(map(str.lower, image.needed)) if _is_debug_crt(name)]
        missing = [name for name in names if name not in _brought(wheel)]
        if missing and not any(target.debug for target in targets):
            yield Problem(
                message=f"{_what(member)} {member.path} imports the debug C runtime {', '.join(missing)}",
                member=member.path,
                tags=tuple(target.triple for target in targets),
                evidence={"have": ", ".join(missing), "need": "the release runtime"},
                consequence=_not_found(member),
                severity=None if member.role is Role.EXTENSION else Severity.WARNING,
            )


@rule("WA306", "foreign-runtime", Severity.ERROR, ("R15",), needs=_LINKAGE, formats=_PE)
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
    for clash in _clashes(wheel, "WA306"):
        yield _problem(clash, severity=Severity.WARNING if clash.target.system == "mingw" else None)


@rule("WA307", "python-dll-absent", Severity.NOTE, needs=_LINKAGE, formats=_PE)
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
    for member, image, targets in _bound(wheel, "windows", "mingw"):
        if member.role is not Role.EXTENSION or not image.hooks or image.faults or _dlls(image):
            continue
        if image.format is Format.PE and image.depth >= Depth.LINKAGE:
            packed = " (it is packed)" if image.pe and image.pe.packed else ""
            yield Problem(
                message=f"extension module {member.path} imports no Python DLL{packed}",
                member=member.path,
                tags=tuple(target.triple for target in targets),
                evidence={"have": "none", "need": " or ".join(targets[0].runtimes) or "a Python DLL"},
            )


@rule("WA308", "mixed-stable-abi", Severity.ERROR, ("R14",), needs=_LINKAGE, formats=_PE)
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
    for clash in _clashes(wheel, "WA308"):
        yield _problem(clash)


@rule("WA309", "delayed-python", Severity.WARNING, ("R27",), needs=_LINKAGE, formats=_PE)
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
    for member, image, targets in _bound(wheel, "windows", "mingw"):
        if image.pe is None or member.role is not Role.EXTENSION:
            continue
        delayed = {
            one.name.lower(): one.delayed for one in sorted(image.pe.imports, key=lambda one: not one.delayed)
        }
        names = [dll.name for dll in _dlls(image)]
        if names and all(delayed.get(name) for name in names):
            yield Problem(
                message=f"extension module {member.path} delay-loads {', '.join(names)}",
                member=member.path,
                tags=tuple(target.triple for target in targets),
                evidence={"have": "delayed", "need": "a normal import"},
            )


# ---- the other systems, and the wheel as a whole

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
    needs=dict.fromkeys(_LIBRARIES, Depth.HEADER),
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
        if member.role in _LIBRARIES and (framework or _is_bundled_python(member.name)):
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


@rule("WA311", "libpython-needed", Severity.WARNING, ("R17",), needs=_LINKAGE, formats=(Format.ELF,))
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
    for member, image, targets in _bound(wheel, "linux", "android"):
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
                message=f"{_what(member)} {member.path} needs {name}{whose}",
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
    for member, image, targets in _bound(wheel, "macos"):
        for dylib in image.macho.dylibs if image.macho else ():
            library = python_library(dylib.name)
            if library is None or "pypy" in library:
                continue
            certain = dylib.kind != "weak" and member.role is Role.EXTENSION
            yield Problem(
                message=f"{_what(member)} {member.path} is linked against {dylib.name}",
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
    needs=_LINKAGE,
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
    for member, image, targets in _bound(wheel, "android", "ios"):
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


@rule("WA314", "could-be-abi3", Severity.NOTE, ("R5",), needs={Role.EXTENSION: Depth.SYMBOLS})
def could_be_abi3(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for one Python holds modules that use the stable ABI only.

    What it does:
        Looks in wheels for one CPython with the GIL whether every extension module takes names of the stable
        ABI only, and none that is newer than the tag. Those that import python3.dll and no versioned Python
        DLL could be tagged abi3 as they are, those that import python3t.dll `abi3.abi3t`; a suffix that names
        the one Python has to change with the tag. Of others it is said that they could be built so, unless
        they take `PyType_Ready`, for types laid out in C.

    Why it is bad:
        It works. One wheel tagged abi3 would serve every later Python, and save the others.

    Example:
        `pkg-1.0-cp311-cp311-win_amd64.whl`, whose one module imports python3.dll.

    How to fix:
        Build with `Py_LIMITED_API`, and tag the wheel abi3.

    Known limits:
        Macros that look into structures leave no name: only the compiler tells whether the code keeps to the
        limited API.

    References:
        PEP 384, PEP 803; CPython Misc/stable_abi.toml; rules.md 2.6, 7.
    """
    targets = wheel.targets
    members = [member for member in wheel.members if member.role is Role.EXTENSION]
    images = [image for member in members for image in member.images]
    pythons = {
        (one.implementation, one.version, one.free_threaded, one.stable_abi, one.debug) for one in targets
    }
    if not images or len(pythons) != 1:
        return
    implementation, version, *flavour = pythons.pop()
    if implementation != "cpython" or version is None or flavour != [False, "", False]:
        return
    measured = [member.python.stable_abi if member.python else None for member in members]
    if any(one and (one.outside or one.floor > version) for one in measured):
        return
    python, abi, stable = targets[0].python, targets[0].abi, "abi3"
    dlls = {tuple(dll.name for dll in _dlls(image)) for image in images}
    if dlls in ({("python3.dll",)}, {("python3t.dll",)}):
        (dll,) = dlls.pop()
        if dll == "python3t.dll":
            stable = "abi3.abi3t"
        if any(dll not in target.runtimes for target in targets):
            return
        suffixes = sorted({suffix for member in members if (suffix := _bound_suffix(member))})
        rename = f"with .pyd instead of {', '.join(suffixes)} as suffix " if suffixes else ""
        how = f"imports {dll} only: {rename}the wheel could be tagged"
    elif all(measured) and not any(
        symbol.name == "PyType_Ready" for image in images for symbol in image.imported
    ):
        how = "takes names of the stable ABI only: built with Py_LIMITED_API, the wheel could be"
    else:
        return
    evidence = {"have": abi, "need": stable}
    if floors := [one.floor for one in measured if one]:
        evidence["names since"] = f"Python {'.'.join(map(str, max(floors)))}"
    yield Problem(
        message=f"every extension module {how} {python}-{stable} instead of {python}-{abi}",
        tags=tuple(target.triple for target in targets),
        evidence=evidence,
    )


def _bound_suffix(member: Member) -> str:
    """Return the suffix of a `.pyd` where later Pythons do not import it, or an empty string."""
    name = parse_extension_name(member.name)
    return name.suffix if name and name.suffix != ".pyd" else ""


@rule("WA315", "ordinal-import", Severity.ERROR, ("R14",), needs={Role.EXTENSION: Depth.SYMBOLS}, formats=_PE)
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
    for member, image, targets in _bound(wheel, "windows", "mingw"):
        numbers = [one for one in image.imported if one.name.startswith("#") and _read_dll(one.library)]
        if numbers:
            dll = numbers[0].library.lower()
            yield Problem(
                message=f"{_what(member)} {member.path} imports {len(numbers)} functions of {dll} by ordinal",
                member=member.path,
                tags=tuple(target.triple for target in targets),
                evidence={"have": f"{dll} {numbers[0].name}", "need": "names"},
                severity=None if member.role is Role.EXTENSION else Severity.WARNING,
            )
