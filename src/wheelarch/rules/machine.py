"""WA2xx: the machine that a binary is for against the machines that the tags promise."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.wheel import (
    CLR_ILONLY,
    DARWIN_NAMES,
    FORMAT_OF_SYSTEM,
    Wheel,
    arch_token,
    demanded_arches,
    family_arches,
    fits,
    is_managed,
    module_name,
    serves,
    shadowed_variants,
)
from ..loading.graph import can_load, links
from ..model import Depth, Format, Image, Kind, Machine, Member, Role, Severity
from ..platforms.libraries import from_redistributable, from_system, python_library
from ._base import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "arm64_slice_hidden",
    "arm64ec_image",
    "arm64x_image",
    "debug_companion",
    "dotnet_bitness",
    "emulated_executable",
    "foreign_helper",
    "isa_above_baseline",
    "library_lacks_slice",
    "library_wrong_machine",
    "misnamed_machine",
    "missing_slice",
    "narrow_slice",
    "static_archive",
    "sub_abi_differs",
    "surplus_slice",
    "wrong_format",
    "wrong_machine",
    "wrong_machine_executable",
]

_HEADER_OF_ALL: Mapping[Role, Depth] = dict.fromkeys(Role, Depth.HEADER)
_GRAPH: Mapping[Role, Depth] = {
    **_HEADER_OF_ALL, Role.EXTENSION: Depth.LINKAGE, Role.DEPENDENCY: Depth.LINKAGE
}  # fmt: skip
"""What it takes to know who needs whom. Mach-O's load commands say it at once."""
_LOADED = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY)
_LIBRARIES = (Role.DEPENDENCY, Role.LIBRARY)
_PROGRAMS = (Role.SCRIPT, Role.EXECUTABLE)
_JUDGED = (*_LOADED, *_PROGRAMS)

_DEAD_ARCHES = frozenset({"x86", "ppc", "ppc64"})
"""Slices that no macOS which can still run a supported Python loads: their absence is a note (rules.md 1.3)."""
_SUB_ABI = frozenset({
    "x32", "ilp32", "soft-float", "single-float", "quad-float", "eabi4", "elfv1", "rve", "big-endian", "little-endian"
})  # fmt: skip
_NARROW = {"arm64e": "arm64", "x86_64h": "x86_64"}
"""Mach-O subtypes that only some processes of their machine load (dyld GradedArchitectures)."""

_SYSTEM_NAMES = {
    "windows": "Windows",
    "mingw": "Windows",
    "macos": "macOS",
    "ios": "iOS",
    "linux": "Linux",
    "android": "Android",
    "wasm": "WebAssembly",
}
_FORMAT_NAMES = {
    Format.PE: "PE (Windows)",
    Format.MACHO: "Mach-O (macOS)",
    Format.ELF: "ELF (Linux)",
    Format.WASM: "WebAssembly",
}


class _Demand(NamedTuple):
    """What the tags ask of one member, for the system whose format it has."""

    system: str
    arches: tuple[str, ...]
    triples: tuple[str, ...]
    have: tuple[str, ...]
    """The architectures of its images."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Demanded and not held. Formats without slices hold one architecture, so one of the demanded is enough."""
        missing = tuple(arch for arch in self.arches if arch not in self.have)
        if self.system not in ("macos", "ios") and len(missing) < len(self.arches):
            return ()
        return missing


def _demand(wheel: Wheel, member: Member) -> _Demand | None:
    """Return what the tags ask of the member, or None where they ask nothing of its format."""
    if not member.images:
        return None
    format_ = member.images[0].format
    for target in wheel.targets:
        if FORMAT_OF_SYSTEM.get(target.system) is format_ and target.arches:
            system = target.system
            arches = demanded_arches(wheel.targets, system)
            have = tuple(dict.fromkeys(image.arch for image in member.images if _sound(image)))
            if format_ is Format.PE and "arm64x" in have and "arm64" in arches:
                have = ("arm64", *have)
            triples = tuple(one.triple for one in wheel.targets if one.system == system)
            return _Demand(system, arches, triples, have)
    return None


def _sound(image: Image) -> bool:
    """Whether the slice is one that a loader takes at all: a fat file may hold an archive or garbage."""
    return image.kind in (Kind.SHARED_LIBRARY, Kind.BUNDLE, Kind.EXECUTABLE, Kind.MODULE)


def _triples(wheel: Wheel, arches: tuple[str, ...]) -> tuple[str, ...]:
    """Return the live triples that demand one of these architectures."""
    return tuple(target.triple for target in wheel.targets if not set(arches).isdisjoint(target.arches))


def _names(arches: tuple[str, ...], system: str) -> str:
    """Return the architectures as the system's own loader calls them."""
    darwin = system in ("macos", "ios")
    return ", ".join(DARWIN_NAMES.get(arch, arch) if darwin else arch for arch in arches) or "none"


def _load_error(member: Member, demand: _Demand) -> str:
    """Return what the loader says when a process that the tags invite opens the member.

    Source: CPython dynload_win.c; dyld MachOFile.cpp; glibc dl-load.c, whose message for another machine of the
    same class is misleading and so is quoted whole (seen).
    """
    have, need = _names(demand.have, demand.system), _names(demand.missing, demand.system)
    if demand.system in ("windows", "mingw"):
        if member.role is not Role.EXTENSION:
            return "[WinError 193] %1 is not a valid Win32 application"
        module = module_name(member.path).rpartition(".")[2]
        return f"ImportError: DLL load failed while importing {module}: %1 is not a valid Win32 application."
    if demand.system in ("macos", "ios"):
        if len(member.images) > 1:
            return f"fat file, but missing compatible architecture (have '{have}', need '{need}')"
        return f"mach-o file, but is an incompatible architecture (have '{have}', need '{need}')"
    if demand.system in ("linux", "android"):
        bits = {image.bits for image in member.images}
        wide = any(arch.endswith(("64", "64le", "s390x")) for arch in demand.arches)
        if bits and (64 in bits) != wide:
            return f"{member.name}: wrong ELF class: ELFCLASS{max(bits)}"
        return f"{member.name}: cannot open shared object file: No such file or directory"
    return ""


def _is_all_that_fits(wheel: Wheel, member: Member) -> bool:
    """Whether nothing else that is native in the wheel fits its tags: then this program is what the wheel is for."""
    return not any(
        fits(other, wheel.targets)
        for other in wheel.members
        if other.path != member.path and other.role in (*_LOADED, *_PROGRAMS)
    )


def _wrong(wheel: Wheel, roles: tuple[Role, ...]) -> list[tuple[Member, _Demand]]:
    """Return the members of these roles that lack architectures which the tags demand, each with its demand.

    What WA209, WA210, WA216 and WA218 say more exactly is left to them, and so are variants of a module that no
    target imports (WA407).
    """
    return [(member, demand) for member, demand in _all_wrong(wheel) if member.role in roles]


@lazy.once
def _all_wrong(wheel: Wheel) -> list[tuple[Member, _Demand]]:
    found = []
    families: dict[str, set[str]] = {}
    for member in wheel.members:
        if member.role not in _JUDGED or all(map(is_managed, member.images)):
            continue
        demand = _demand(wheel, member)
        if demand is None or not demand.missing:
            continue
        if member.path in shadowed_variants(wheel.members, wheel.targets):
            continue
        families = families or family_arches(wheel.members)
        if demand.system == "macos" and families[member.path].issuperset(demand.arches):
            continue  # one file a slice, told apart by name: whoever loads them chooses (rules.md 10.12)
        if any(_said_better(image, demand) for image in member.images):
            continue
        found.append((member, demand))
    return found


def _said_better(image: Image, demand: _Demand) -> bool:
    if image.variant in ("arm64ec", "arm64x"):
        return "x86_64" in demand.arches or "arm64" in demand.arches
    if image.variant in _NARROW:
        return _NARROW[image.variant] in demand.missing
    return image.variant in _SUB_ABI and image.machine.value in demand.arches


_REBUILD = {
    "macos": ("R6",),
    "ios": ("R34",),
    "linux": ("R7",),
    "android": ("R35",),
    "windows": ("R9",),
    "mingw": ("R9",),
}
"""How each system's build is told its machine."""


def _problem(
    wheel: Wheel, member: Member, demand: _Demand, what: str, severity: Severity | None = None
) -> Problem:
    have, need = _names(demand.have, demand.system), _names(demand.missing, demand.system)
    return Problem(
        message=f"{what} {member.path} is {have}, the tag needs {need}",
        member=member.path,
        slice=None,
        tags=_triples(wheel, demand.missing),
        evidence={"have": have, "need": need},
        consequence=_load_error(member, demand),
        severity=severity,
        remedies=() if member.role in _LIBRARIES else _REBUILD.get(demand.system, ()),
    )


@rule("WA201", "wrong-machine", Severity.ERROR, ("R6", "R7", "R9"), needs=_HEADER_OF_ALL)
def wrong_machine(wheel: Wheel) -> Iterator[Problem]:
    """An extension module is built for another machine than the tags promise.

    What it does:
        Compares the machine in each extension module's own header with the platform tags. A file for macOS that
        holds some of several demanded slices is left to WA202. An ELF file whose header names no machine at all
        (EM_NONE, left behind by a broken strip) is reported here too.

    Why it is bad:
        Every installer takes the wheel for the promised machine, and the first import fails there.

    Example:
        `pkg/_core.cp311-win_arm64.pyd` holds ARM64 code in a wheel tagged `win_amd64`:
        `ImportError: DLL load failed while importing _core: %1 is not a valid Win32 application.`

    How to fix:
        Build for the tag's machine, or tag the wheel for the machine that was built.

    Known limits:
        A wheel for several machines of one system without slices (Windows, Linux) is right when a file serves one
        of them. A maturin wheel may carry a tag that agrees with a wrong binary; only a comparison with an
        interpreter sees that.

    References:
        PEP 425; PE format, Machine Types; mach-o/loader.h, cputype; ELF gABI, e_machine; rules.md 2.2, 3.2, 4.1.
    """
    for member, demand in _wrong(wheel, (Role.EXTENSION,)):
        if set(demand.have).isdisjoint(demand.arches):
            yield _problem(wheel, member, demand, "extension module")


@rule("WA202", "missing-slice", Severity.ERROR, ("R6",), needs=_HEADER_OF_ALL)
def missing_slice(wheel: Wheel) -> Iterator[Problem]:
    """An extension module lacks a slice that a universal tag, or one of several tags, demands.

    What it does:
        Checks that each Mach-O extension module holds a slice for every architecture of every macOS tag.

    Why it is bad:
        The wheel installs on both kinds of Mac and imports on one of them.

    Example:
        `pkg/_core.cpython-311-darwin.so` holds x86_64 only in a wheel tagged `macosx_10_9_universal2`:
        `mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')`.

    How to fix:
        Build every slice, or tag the wheel for the slice that is there.

    Known limits:
        Missing i386, ppc and ppc64 slices are a note: no macOS that runs a supported Python could load them. A
        hidden arm64 slice counts as there, because dyld finds it (WA217).

    References:
        packaging.tags, mac_platforms; dyld GradedArchitectures; rules.md 1.3, 3.1.
    """
    for member, demand in _wrong(wheel, (Role.EXTENSION,)):
        if not set(demand.have).isdisjoint(demand.arches):
            dead = _DEAD_ARCHES.issuperset(demand.missing)
            yield _problem(wheel, member, demand, "extension module", Severity.NOTE if dead else None)


def _copies(wheel: Wheel) -> dict[str, set[str]]:
    """Return the architectures of all libraries of the wheel by their file name."""
    copies: dict[str, set[str]] = {}
    for member in wheel.members:
        if member.role in _LOADED:
            copies.setdefault(member.name, set()).update(image.arch for image in member.images)
    return copies


@lazy.once
def _wrong_libraries(wheel: Wheel) -> list[tuple[Member, _Demand, str]]:
    """Return libraries that a process of the tags needs and can't load, with the demand and with who needs it.

    What the dependency graph knows decides: a library is wrong for those slices that need it and that nothing
    which answers them serves, whatever else the tags name. A library that nothing in the wheel needs, or that
    only files for other machines need, is judged by its place: Python code opens it (ctypes, cffi). One copy a
    slice under the same file name is then right.
    """
    wrong, found = _wrong(wheel, _LIBRARIES), []
    if not wrong:
        return []
    arches, copies = _arches(wheel), _copies(wheel)
    served: set[str] = set()
    unserved: dict[str, dict[str, Member]] = {}
    for edge in links(wheel.members):
        serves_edge = any(can_load(edge.image, image) for library in edge.found for image in library.images)
        for library in edge.found:
            if not serves_edge and not edge.optional:
                unserved.setdefault(library.path, {}).setdefault(edge.image.arch, edge.loader)
            elif edge.loader.role in _PROGRAMS or edge.image.arch in arches:
                served.add(library.path)
    for member, demand in wrong:
        needed_by = {
            arch: loader for arch, loader in unserved.get(member.path, {}).items() if arch in demand.missing
        }
        if needed_by:
            arch, loader = next(iter(needed_by.items()))
            slices = f"the {arch} slice of " if len(loader.images) > 1 else ""
            narrowed = demand._replace(arches=tuple(arch for arch in demand.arches if arch in needed_by))
            found.append((member, narrowed, f"; {slices}{loader.path} needs it"))
        elif member.path not in served and not copies.get(member.name, set()).issuperset(demand.arches):
            found.append((member, demand, ""))
    return found


def _is_payload(wheel: Wheel, member: Member) -> bool:
    """Whether a library for another machine, which nothing in the wheel needs, is meant for other processes.

    Its own name says so: it names the machine rightly (`inject_arm64.dll`), or it is that of a library which the
    system or Python brings along, so that the wheel's own processes never open this copy (a root file system, an
    embedded Python). Not so where the wheel has nothing else that fits.
    """
    named = all(arch_token(member.name) == image.arch for image in member.images)
    brought = from_system(member.name) or python_library(member.name) is not None
    return (named or brought) and not _is_all_that_fits(wheel, member)


def _arches(wheel: Wheel) -> set[str]:
    return {arch for target in wheel.targets for arch in target.arches}


@rule("WA203", "wrong-machine-library", Severity.ERROR, ("R36",), needs=_GRAPH)
def library_wrong_machine(wheel: Wheel) -> Iterator[Problem]:
    """A bundled library is built for another machine than the tags promise.

    What it does:
        Compares the machine of each library in the wheel with the processes of the tags that need it, slice by
        slice, and where nothing in the wheel needs it, with the platform tags: Python code may open it (ctypes,
        cffi).

    Why it is bad:
        The extension module itself may be right and still not load, because the loader opens the library too.

    Example:
        `pkg/libfoo.dylib` from Homebrew is x86_64 beside an arm64 extension module in `macosx_11_0_arm64`.

    How to fix:
        Rebuild or fetch the library for the tag's machine.

    Known limits:
        Whether Python code opens a library is told by place and name. Several builds of one library that differ in
        a machine's name (a family), copies under the same file name for other slices, test data and SDK folders
        are left out. So is a library that nothing in the wheel needs and whose name gives its machine, or is that of
        a library of the system's or of Python itself (WA207). A Visual C++ runtime that nothing in the wheel needs is a
        warning (vccorlib140.dll for 32-bit ARM in PySide6's win_arm64 wheels).

    References:
        PEP 425; rules.md 6.1, 6.2; the wheels of pydivsufsort 0.0.12 and cryptoauthlib 20220320.
    """
    for member, demand, needed_by in _wrong_libraries(wheel):
        if not set(demand.have).isdisjoint(_arches(wheel)):
            continue
        if all(image.machine is Machine.OTHER for image in member.images):
            continue
        if not needed_by and _is_payload(wheel, member):
            continue
        # Windows' C++ runtimes are copied into wheels by the folder, and no Python code opens them by name.
        idle = not needed_by and from_redistributable(member.name)
        problem = _problem(wheel, member, demand, "bundled library", Severity.WARNING if idle else None)
        yield problem._replace(message=problem.message + needed_by)


@rule("WA204", "library-lacks-slice", Severity.ERROR, ("R36",), needs=_HEADER_OF_ALL)
def library_lacks_slice(wheel: Wheel) -> Iterator[Problem]:
    """A bundled library lacks a slice that the tags demand.

    What it does:
        Checks that each Mach-O library holds a slice for every slice in the wheel that needs it. A library that
        nothing in the wheel needs has to hold a slice for every architecture of every macOS tag, unless copies under
        the same file name in other folders hold the rest.

    Why it is bad:
        The process of the missing architecture can't load the library, nor what needs it.

    Example:
        `pkg/lib/libcapstone.dylib` holds x86_64 only in a wheel tagged `macosx_10_9_universal2`.

    How to fix:
        Build the library for every slice and join them (`lipo -create`), or ship thin wheels.

    Known limits:
        Thin copies of one library, each needed by its own slice only, are right (libgfortran in scipy).

    References:
        packaging.tags, mac_platforms; rules.md amendment 2; the wheel of capstone 5.0.0.post1.
    """
    for member, demand, needed_by in _wrong_libraries(wheel):
        if set(demand.have).isdisjoint(_arches(wheel)):
            continue
        dead = _DEAD_ARCHES.issuperset(demand.missing)
        problem = _problem(wheel, member, demand, "bundled library", Severity.NOTE if dead else None)
        yield problem._replace(message=problem.message + needed_by)


_EMULATED = {
    ("windows", "x86_64"): ("x86",),
    ("windows", "arm64"): ("x86", "x86_64", "arm64ec"),
    ("macos", "arm64"): ("x86_64",),
}
"""Programs that each host also runs: WOW64, Windows on Arm's emulation, Rosetta 2 (rules.md 2.3, 3.2)."""


def _emulated(demand: _Demand) -> bool:
    """Whether every missing architecture's hosts run the program by emulation. WOW64 counts as the real thing."""
    return all(
        any(have in _EMULATED.get((demand.system, arch), ()) for have in demand.have)
        for arch in demand.missing
    )


def _wow64(demand: _Demand) -> bool:
    return demand.system == "windows" and demand.missing == ("x86_64",) and "x86" in demand.have


@rule("WA205", "wrong-machine-executable", Severity.WARNING, ("R8",), needs=_HEADER_OF_ALL)
def wrong_machine_executable(wheel: Wheel) -> Iterator[Problem]:
    """A program can't run on a machine that the tags promise.

    What it does:
        Compares the machine and the format of each program in the wheel with the platform tags. It is an error for
        programs under `.data/scripts`, and where nothing native in the wheel fits its tags, because then the program
        is what the wheel is for; else a warning, and a note for a helper of another system.

    Why it is bad:
        The command is on the user's PATH and does not start.

    Example:
        `swig/data/bin/swig` is x86_64, and the only native file, in a wheel tagged `macosx_11_0_arm64`.

    How to fix:
        Ship the program for the tag's machine.

    Known limits:
        x86 programs run on x86_64 Windows and are a note (WA207). Programs that run by emulation only are
        WA206; where such a program is what a macOS wheel is for, it is an error here, because Rosetta 2 is an
        option that the user has to install.

    References:
        Microsoft, Arm64X PE files, interoperability; Apple, About the Rosetta translation environment; rules.md 2.3.
    """
    yield from _programs_of_other_systems(wheel)
    for member, demand in _wrong(wheel, _PROGRAMS):
        product = _is_all_that_fits(wheel, member)
        if _wow64(demand) or (_emulated(demand) and not (product and demand.system == "macos")):
            continue
        if member.role is Role.EXECUTABLE and not product and _copies_by_name(wheel, member):
            continue
        severity = Severity.ERROR if product or member.role is Role.SCRIPT else None
        have, need = _names(demand.have, demand.system), _names(demand.missing, demand.system)
        texts = {
            "windows": "This version of %1 is not compatible with the version of Windows you're running.",
            "macos": f"{member.name}: Bad CPU type in executable",
            "linux": f"{member.name}: cannot execute binary file: Exec format error",
        }
        yield Problem(
            message=f"program {member.path} is {have}, the tag needs {need}",
            member=member.path,
            tags=_triples(wheel, demand.missing),
            evidence={"have": have, "need": need},
            consequence=texts.get(demand.system, ""),
            severity=severity,
        )


def _programs_of_other_systems(wheel: Wheel) -> Iterator[Problem]:
    """Yield programs in a format that no tagged system runs."""
    systems = dict.fromkeys(target.system for target in wheel.targets)
    if not systems or any(system not in FORMAT_OF_SYSTEM for system in systems):
        return
    formats = {FORMAT_OF_SYSTEM[system] for system in systems}
    for member in wheel.members:
        if member.role not in _PROGRAMS or member.images[0].format in formats | {Format.WASM}:
            continue
        if all(map(is_managed, member.images)):
            continue
        at_stake = member.role is Role.SCRIPT or _is_all_that_fits(wheel, member)
        have = _FORMAT_NAMES[member.images[0].format]
        yield Problem(
            message=f"program {member.path} is in the format {have}, "
            f"the tag is for {', '.join(_SYSTEM_NAMES[name] for name in systems)}",
            member=member.path,
            tags=tuple(target.triple for target in wheel.targets),
            evidence={"have": have, "need": ", ".join(_FORMAT_NAMES[one] for one in sorted(formats))},
            consequence="Exec format error" if at_stake else "",
            severity=Severity.ERROR if at_stake else Severity.NOTE,
        )


def _copies_by_name(wheel: Wheel, member: Member) -> bool:
    """Whether a program of the same file name in the wheel fits the tags."""
    return any(
        other.name == member.name and other.path != member.path and fits(other, wheel.targets)
        for other in wheel.members
    )


@rule("WA206", "emulated-executable", Severity.WARNING, ("R8",), needs=_HEADER_OF_ALL)
def emulated_executable(wheel: Wheel) -> Iterator[Problem]:
    """A program runs on the tagged machine only by emulation.

    What it does:
        Finds x86_64 programs in arm64 macOS wheels (Rosetta 2) and x86 or x86_64 programs in win_arm64 wheels.

    Why it is bad:
        It is slow to start, and on macOS it asks the user to install Rosetta 2.

    Example:
        `pkg/bin/helper` is x86_64 in a wheel tagged `macosx_11_0_arm64`.

    How to fix:
        Ship the program for the tag's machine.

    Known limits:
        Helpers in a multi-architecture family are a note (WA207).

    References:
        Apple, About the Rosetta translation environment; Microsoft, How x86 emulation works on Arm; rules.md 2.3.
    """
    for member, demand in _wrong(wheel, _PROGRAMS):
        if (
            _wow64(demand)
            or not _emulated(demand)
            or (demand.system == "macos" and _is_all_that_fits(wheel, member))
        ):
            continue
        have, need = _names(demand.have, demand.system), _names(demand.missing, demand.system)
        yield Problem(
            message=f"program {member.path} is {have}, the tag needs {need}: it runs by emulation only",
            member=member.path,
            tags=_triples(wheel, demand.missing),
            evidence={"have": have, "need": need},
        )


@rule("WA207", "foreign-helper", Severity.NOTE, ("R33",), needs=_GRAPH)
def foreign_helper(wheel: Wheel) -> Iterator[Problem]:
    """A helper for another machine is in the wheel, as its name or place says on purpose.

    What it does:
        Lists members of multi-architecture families, of SDK folders and of test data that are built for a machine
        which no tag names; libraries that nothing in the wheel needs and whose own name gives that machine, or is
        that of a library of the system's or of Python itself; and x86 programs in `win_amd64` wheels, which 64-bit
        Windows runs.

    Why it is bad:
        It is not: launchers, debugger helpers and toolchains ship such files. It explains the wheel's size.

    Example:
        `debugpy/_vendored/pydevd/pydevd_attach_to_process/attach_x86.dll` in a `win_amd64` wheel.

    How to fix:
        Nothing, if the file is meant to be there.

    Known limits:
        Families are told by names: at least two files that differ in a machine's or system's name, one of which fits.

    References:
        Microsoft, WOW64 Implementation Details; rules.md 2.3, 6.2.
    """
    for member in wheel.members:
        if member.role not in (Role.FAMILY, Role.TEST_DATA, Role.SDK) or not member.images:
            continue
        if member.images[0].format not in _FORMAT_NAMES or fits(member, wheel.targets):
            continue
        if not any(target.system in FORMAT_OF_SYSTEM for target in wheel.targets):
            continue
        have = ", ".join(dict.fromkeys(image.arch for image in member.images))
        need = ", ".join(dict.fromkeys(arch for target in wheel.targets for arch in target.arches))
        yield Problem(
            message=f"{member.role.value} file {member.path} is for another machine ({have})",
            member=member.path,
            evidence={"have": have, "need": need},
        )
    for member, demand, needed_by in _wrong_libraries(wheel):
        if set(demand.have).isdisjoint(_arches(wheel)) and not needed_by and _is_payload(wheel, member):
            yield _foreign(member, demand, f"library {member.path} is for another machine")
    for member, demand in _wrong(wheel, _PROGRAMS):
        if _wow64(demand):
            yield _foreign(member, demand, f"program {member.path} runs on 64-bit Windows all the same")


def _foreign(member: Member, demand: _Demand, what: str) -> Problem:
    have, need = _names(demand.have, demand.system), _names(demand.missing, demand.system)
    return Problem(message=f"{what} ({have})", member=member.path, evidence={"have": have, "need": need})


@rule("WA208", "wrong-format", Severity.ERROR, ("R12",), needs=_HEADER_OF_ALL)
def wrong_format(wheel: Wheel) -> Iterator[Problem]:
    """A native file has the object format of another system than the tags promise.

    What it does:
        Finds ELF, Mach-O, PE or WebAssembly extension modules and libraries in a wheel whose every tag is for a
        system with another format. It is an error for extension modules and what they need, and for other libraries
        where nothing native in the wheel fits; a note where a library that fits lies in the same folder; else a
        warning.

    Why it is bad:
        The loader of the tagged system does not even recognise the file.

    Example:
        `pkg/_core.so` is an ELF file in a wheel tagged `macosx_11_0_arm64`, left over from a build in a container.

    How to fix:
        Clean the build folders and build again on or for the tagged system.

    Known limits:
        Files that belong to a multi-architecture family are WA207. Programs are not judged by format.

    References:
        PE format; mach-o/loader.h; ELF gABI; WebAssembly Core, Modules; rules.md 4.3, 6.4.
    """
    systems = dict.fromkeys(target.system for target in wheel.targets)
    if not systems or any(system not in FORMAT_OF_SYSTEM for system in systems):
        return
    formats = {FORMAT_OF_SYSTEM[system] for system in systems}
    shadowed = shadowed_variants(wheel.members, wheel.targets)
    for member in wheel.members:
        if member.role not in _LOADED or not member.images or member.path in shadowed:
            continue
        found = member.images[0].format
        if found in formats or found not in _FORMAT_NAMES:
            continue
        if all(map(is_managed, member.images)):
            continue
        need = ", ".join(_FORMAT_NAMES[format_] for format_ in sorted(formats))
        system = next(iter(systems))
        consequence = {
            "windows": "%1 is not a valid Win32 application.",
            "macos": f"{member.name}: not a mach-o file",
            "linux": f"{member.name}: invalid ELF header",
        }.get(system, "")
        yield Problem(
            message=f"{member.path} is in the format {_FORMAT_NAMES[found]}, "
            f"the tag is for {', '.join(_SYSTEM_NAMES[name] for name in systems)}",
            member=member.path,
            tags=tuple(target.triple for target in wheel.targets),
            evidence={"have": _FORMAT_NAMES[found], "need": need},
            consequence=consequence,
            severity=_foreign_library(wheel, member) if member.role is Role.LIBRARY else None,
        )


def _foreign_library(wheel: Wheel, member: Member) -> Severity:
    """Return how much a library of another system matters: some wheels carry those of all systems (sounddevice)."""
    fitting = [other for other in wheel.members if fits(other, wheel.targets)]
    if not fitting:
        return Severity.ERROR
    folder = member.path.rpartition("/")[0]
    beside = any(other.path.rpartition("/")[0] == folder for other in fitting)
    return Severity.NOTE if beside else Severity.WARNING


def _hybrid(wheel: Wheel, variant: str) -> Iterator[tuple[Member, bool]]:
    """Yield loaded members of this hybrid variant in Windows wheels, and whether each is there on purpose.

    A win_amd64 wheel may carry hybrid DLLs beside its x64 code for x64 Pythons on Windows on Arm.
    """
    arches = demanded_arches(wheel.targets, "windows")
    if not arches:
        return
    has_native = any(
        image.arch in arches for member in wheel.members for image in member.images if member.role in _LOADED
    )
    for member in wheel.members:
        if member.role in _LOADED and any(image.variant == variant for image in member.images):
            yield member, member.role is not Role.EXTENSION and has_native


@rule(
    "WA209", "arm64ec-image", Severity.ERROR, ("R9",),
    needs={**_HEADER_OF_ALL, Role.EXTENSION: Depth.LINKAGE}, formats=(Format.PE,),
)  # fmt: skip
def arm64ec_image(wheel: Wheel) -> Iterator[Problem]:
    """An ARM64EC image is in a Windows wheel.

    What it does:
        Finds PE files whose machine is x64 and whose load config points at hybrid metadata.

    Why it is bad:
        ARM64EC code loads into x64 processes on Windows 11 on Arm only: not on x64 PCs, and not into a native
        ARM64 Python.

    Example:
        `pkg/_core.cp311-win_amd64.pyd` was compiled with `/arm64EC`.

    How to fix:
        Build for plain x64 or plain ARM64.

    Known limits:
        A library that is no extension module is a note where the wheel also holds code for the tag's machine. Only
        extension modules are read deep enough to be sure.

    References:
        Microsoft, Arm64EC and Arm64X PE files; LLVM COFFObjectFile::getMachine; rules.md 2.2, 2.3 and amendment 1.
    """
    for member, on_purpose in _hybrid(wheel, "arm64ec"):
        yield Problem(
            message=f"{member.path} is ARM64EC, which loads into x64 processes on Windows on Arm only",
            member=member.path,
            tags=tuple(target.triple for target in wheel.targets),
            evidence={"have": "arm64ec", "need": ", ".join(demanded_arches(wheel.targets, "windows"))},
            consequence="%1 is not a valid Win32 application.",
            severity=Severity.NOTE if on_purpose else None,
        )


@rule(
    "WA210", "arm64x-image", Severity.ERROR, ("R9",),
    needs={**_HEADER_OF_ALL, Role.EXTENSION: Depth.LINKAGE}, formats=(Format.PE,),
)  # fmt: skip
def arm64x_image(wheel: Wheel) -> Iterator[Problem]:
    """An ARM64X image is in a Windows wheel.

    What it does:
        Finds PE files whose machine is ARM64 and whose load config points at hybrid metadata. They are an error as
        extension modules of a win_amd64 wheel, and a note in a win_arm64 wheel, where they are right.

    Why it is bad:
        On an x64 PC an ARM64X file does not load: it serves x64 processes on Windows 11 on Arm only.

    Example:
        `pkg/_core.pyd` was built with `BuildAsX` and tagged `win_amd64`.

    How to fix:
        Build for plain x64.

    Known limits:
        A library that is no extension module is a note where the wheel also holds code for the tag's machine.

    References:
        Microsoft, Arm64X PE files; rules.md 2.2, 2.3 and amendment 1.
    """
    arches = demanded_arches(wheel.targets, "windows")
    for member, on_purpose in _hybrid(wheel, "arm64x"):
        right = arches == ("arm64",)
        yield Problem(
            message=f"{member.path} is ARM64X"
            + (", which serves ARM64 and emulated x64 processes" if right else ", which no x64 PC loads"),
            member=member.path,
            tags=() if right else tuple(target.triple for target in wheel.targets),
            evidence={"have": "arm64x", "need": ", ".join(arches)},
            consequence="" if right else "%1 is not a valid Win32 application.",
            severity=Severity.NOTE if right or on_purpose else None,
        )


_CLR_32BITREQUIRED = 0x2
_CLR_32BITPREFERRED = 0x20000
_PE32 = 0x10B


@rule("WA211", "dotnet-bitness", Severity.WARNING, ("R13",), needs=_HEADER_OF_ALL)
def dotnet_bitness(wheel: Wheel) -> Iterator[Problem]:
    """A .NET assembly is bound to another bitness or machine than the tags promise.

    What it does:
        Reads the CLR header of managed assemblies: those that demand a 32-bit process in a wheel for 64-bit
        Windows, and those compiled for another machine.

    Why it is bad:
        A 64-bit process throws BadImageFormatException when it loads a 32-bit-only assembly.

    Example:
        `pkg/Native.dll` has the 32BITREQUIRED flag in a `win_amd64` wheel.

    How to fix:
        Build AnyCPU.

    Known limits:
        Assemblies with native code (no ILONLY flag) are judged as ordinary PE files. Platform-independent wheels
        are not judged.

    References:
        ECMA-335 II.25.3.3.1; CorFlags Conversion Tool; rules.md 2.4.
    """
    arches = demanded_arches(wheel.targets, "windows")
    if not arches:
        return
    for member in wheel.members:
        for image in member.images:
            facts = image.pe
            if facts is None or facts.clr_flags is None or not facts.clr_flags & CLR_ILONLY:
                continue
            flags = facts.clr_flags
            if facts.magic == _PE32:
                prefers = bool(flags & _CLR_32BITPREFERRED)
                bound = bool(flags & _CLR_32BITREQUIRED) and not (prefers and image.kind is Kind.EXECUTABLE)
                if not bound or "x86" in arches:
                    continue
                have = "32-bit only"
            elif facts.readytorun_os or any(serves(image, arch) for arch in arches):
                continue
            else:
                have = image.arch
            yield Problem(
                message=f".NET assembly {member.path} is {have}, the tag needs {', '.join(arches)}",
                member=member.path,
                tags=_triples(wheel, arches),
                evidence={"have": have, "need": ", ".join(arches), "clr_flags": f"{flags:#x}"},
                consequence="System.BadImageFormatException",
            )


@rule("WA212", "misnamed-machine", Severity.WARNING, ("R12",), needs=_HEADER_OF_ALL)
def misnamed_machine(wheel: Wheel) -> Iterator[Problem]:
    """A file is named for one machine and holds another.

    What it does:
        Compares the machine's name in a library's or program's file name (`attach_amd64.dll`) with its header.

    Why it is bad:
        Whoever chooses the file by its name opens the wrong one.

    Example:
        `pkg/helper-arm64.dll` is x64: a stale file, or a copy under the wrong name.

    How to fix:
        Clean the build folders, and check the step that copies or renames the file.

    Known limits:
        Names that hold several machines' names, and machines in folder names, are left out. Extension modules are
        judged by WA402. A file that fits the tags may be named for the machine that it works on (an emulator, a cross
        compiler): that is a note.

    References:
        rules.md 6.2 and amendment 6.
    """
    for member in wheel.members:
        if member.role not in (*_LIBRARIES, *_PROGRAMS, Role.FAMILY) or not member.images:
            continue
        claimed = arch_token(member.name)
        if claimed is None or any(_bears(image, claimed) for image in member.images):
            continue
        if all(map(is_managed, member.images)):
            continue
        have = ", ".join(dict.fromkeys(image.arch for image in member.images))
        yield Problem(
            message=f"{member.path} is named for {claimed} and holds {have}",
            member=member.path,
            evidence={"have": have, "need": claimed},
            severity=Severity.NOTE
            if member.role is not Role.FAMILY and fits(member, wheel.targets)
            else None,
        )


def _bears(image: Image, claimed: str) -> bool:
    """Whether a file may bear the name: ARM64EC code is called both arm64ec and, by its machine field, x64."""
    return claimed in (image.arch, image.machine.value) or (image.variant == "arm64ec" and claimed == "arm64")


@rule("WA213", "static-archive", Severity.NOTE, (), needs=_HEADER_OF_ALL)
def static_archive(wheel: Wheel) -> Iterator[Problem]:
    """A static archive, import library or object file is in the wheel.

    What it does:
        Lists `.a`, `.lib`, `.o` and `.obj` files by their content.

    Why it is bad:
        It is not: SDK-style wheels ship them. No loader opens them, so their machine is not judged.

    Example:
        `ruckig/lib/libruckig.a`.

    How to fix:
        Leave it out if nobody links against it.

    Known limits:
        At most `Limits.archive_samples` members of an archive are looked at for their machine.

    References:
        PE format, Archive (Library) File Format; rules.md 3.7, 8.5.
    """
    for member in wheel.members:
        if (
            member.images
            and member.role is Role.SDK
            and member.images[0].format in (Format.ARCHIVE, Format.COFF)
        ):
            have = ", ".join(dict.fromkeys(image.arch for image in member.images))
            yield Problem(
                message=f"{member.path} is for linkers, no loader opens it ({member.images[0].kind.value}, {have})",
                member=member.path,
                evidence={"have": have},
            )


@rule("WA214", "debug-companion", Severity.NOTE, ("R32",), needs=_HEADER_OF_ALL)
def debug_companion(wheel: Wheel) -> Iterator[Problem]:
    """A debug companion is in the wheel.

    What it does:
        Lists dSYM bundles' DWARF files and ELF files without code.

    Why it is bad:
        It is not, but it makes the wheel larger and is loaded by nobody but a debugger.

    Example:
        `pkg/_core.cpython-311-darwin.so.dSYM/Contents/Resources/DWARF/_core.cpython-311-darwin.so`.

    How to fix:
        Leave it out of the wheel.

    Known limits:
        PDB files are no native code and are not listed.

    References:
        mach-o/loader.h, MH_DSYM; rules.md 3.7.
    """
    for member in wheel.members:
        if member.role is Role.DEBUG:
            yield Problem(message=f"{member.path} holds debugging information only", member=member.path)


@rule("WA215", "surplus-slice", Severity.NOTE, (), needs=_HEADER_OF_ALL)
def surplus_slice(wheel: Wheel) -> Iterator[Problem]:
    """A file holds more slices than the tags need.

    What it does:
        Lists fat Mach-O files with slices that no macOS tag names.

    Why it is bad:
        It is not: dyld picks its own. The wheel is larger than it has to be.

    Example:
        `pkg/libfoo.dylib` holds x86_64 and arm64 in a wheel tagged `macosx_11_0_arm64`.

    How to fix:
        `lipo -thin`, or the tag that names both.

    Known limits:
        Only extension modules and libraries are listed.

    References:
        dyld, Universal.cpp; rules.md 1.3.
    """
    for member in wheel.members:
        if member.role not in _LOADED or len(member.images) < 2:
            continue
        demand = _demand(wheel, member)
        if demand is None:
            continue
        surplus = tuple(
            arch
            for arch in demand.have
            if arch not in demand.arches and _NARROW.get(arch) not in demand.arches
        )
        if surplus and not demand.missing:
            names = _names(surplus, demand.system)
            yield Problem(
                message=f"{member.path} also holds {names}, which no tag names",
                member=member.path,
                evidence={
                    "have": _names(demand.have, demand.system),
                    "need": _names(demand.arches, demand.system),
                },
            )


@rule("WA216", "narrow-slice", Severity.ERROR, ("R6",), needs=_HEADER_OF_ALL)
def narrow_slice(wheel: Wheel) -> Iterator[Problem]:
    """The only slice for a machine is of a subtype that not every process of that machine loads.

    What it does:
        Finds extension modules and libraries that hold arm64e but not arm64, or x86_64h but not x86_64.

    Why it is bad:
        An arm64 Python never loads arm64e code. x86_64h loads on Haswell processors and later only, so it is a
        warning.

    Example:
        `pkg/_core.so` was built with `-arch x86_64h`.

    How to fix:
        Build the plain architecture.

    Known limits:
        None known.

    References:
        dyld, GradedArchitectures; mach-o/machine.h, cpusubtype; rules.md 3.2.
    """
    for member in wheel.members:
        if member.role not in _LOADED:
            continue
        demand = _demand(wheel, member)
        if demand is None:
            continue
        for image in member.images:
            plain = _NARROW.get(image.variant)
            if plain is None or plain not in demand.missing:
                continue
            yield Problem(
                message=f"{member.path} holds {image.variant}, the tag needs {plain}",
                member=member.path,
                slice=image.arch if len(member.images) > 1 else None,
                tags=_triples(wheel, (plain,)),
                evidence={"have": image.variant, "need": plain},
                consequence=_load_error(member, demand),
                severity=Severity.WARNING if plain == "x86_64" else None,
            )


@rule("WA217", "arm64-slice-hidden", Severity.WARNING, ("R6",), needs=_HEADER_OF_ALL)
def arm64_slice_hidden(wheel: Wheel) -> Iterator[Problem]:
    """A fat file hides its arm64 slice behind the count of slices.

    What it does:
        Finds fat files whose header lists one slice more than it counts, as `lipo -hideARM64` makes them.

    Why it is bad:
        dyld finds the slice, and nearly no other tool does: signing, merging and auditing tools lose it.

    Example:
        A fat header counts x86_64 only, and the record behind it is arm64.

    How to fix:
        Join the slices again without `-hideARM64`.

    Known limits:
        None known.

    References:
        dyld, Universal.cpp; rules.md 3.1.
    """
    for member in wheel.members:
        for image in member.images:
            if image.macho is not None and image.macho.hidden:
                yield Problem(
                    message=f"{member.path} hides its {image.arch} slice behind the fat header's count",
                    member=member.path,
                    slice=image.arch,
                    evidence={"have": image.arch},
                )


@rule("WA218", "sub-abi-differs", Severity.ERROR, ("R7",), needs=_HEADER_OF_ALL)
def sub_abi_differs(wheel: Wheel) -> Iterator[Problem]:
    """An ELF file is for the right machine and for another ABI of it.

    What it does:
        Compares class, byte order and the ABI bits of e_flags with what each architecture's Linux ABI demands:
        x32, ilp32, soft float on armv7l, ELFv1 on ppc64le, RVE and other float ABIs on riscv64 and loongarch64.

    Why it is bad:
        The loader refuses the file, or calls pass numbers in the wrong registers.

    Example:
        `pkg/_core.so` is EM_X86_64 in a 32-bit class (x32) in a wheel tagged `manylinux_2_17_x86_64`.

    How to fix:
        Build with the cross toolchain of the tag's ABI.

    Known limits:
        Soft float is judged for armv7l only. Android's armeabi-v7a is soft-float by design. Programs are not judged:
        they call nothing of Python's, and static ones carry no float flag.

    References:
        Processor supplements to the ELF gABI (x86-64, AArch64, ARM, RISC-V, LoongArch, Power); rules.md 4.1.
    """
    for member in wheel.members:
        if member.role not in _LOADED:
            continue
        for image in member.images:
            if image.format is not Format.ELF or image.variant not in _SUB_ABI:
                continue
            targets = [
                target
                for target in wheel.targets
                if target.system in ("linux", "android") and image.machine.value in target.arches
            ]
            if image.variant in ("soft-float", "eabi4") and image.machine is Machine.ARM:
                targets = [target for target in targets if target.platform.endswith("_armv7l")]
            if not targets:
                continue
            wrong_class = image.variant in ("x32", "ilp32")
            yield Problem(
                message=f"{member.path} is {image.machine.value} {image.variant}, the tag needs the usual ABI",
                member=member.path,
                tags=tuple(target.triple for target in targets),
                evidence={"have": f"{image.machine.value} {image.variant}", "need": image.machine.value},
                consequence=f"{member.name}: wrong ELF class: ELFCLASS32" if wrong_class else "",
            )


_ISA_LEVELS = {2: "x86-64-v2", 4: "x86-64-v3", 8: "x86-64-v4"}


@rule("WA219", "isa-above-baseline", Severity.WARNING, ("R25",), needs=_HEADER_OF_ALL)
def isa_above_baseline(wheel: Wheel) -> Iterator[Problem]:
    """An ELF file is marked as needing a newer x86-64 level than the baseline.

    What it does:
        Reads GNU_PROPERTY_X86_ISA_1_NEEDED from the program's notes.

    Why it is bad:
        An older processor stops with SIGILL, or the loader refuses the file (`CPU ISA level is lower than required`).

    Example:
        `pkg/_core.so` was built with `-march=native -Wl,-z,x86-64-v3`.

    How to fix:
        Build for the baseline, and choose faster code at run time.

    Known limits:
        Only files that carry the mark are found: compilers set it on request only.

    References:
        x86-64 psABI, ISA levels and GNU properties; rules.md 4.1.
    """
    for member in wheel.members:
        if member.role not in (*_LOADED, *_PROGRAMS):
            continue
        for image in member.images:
            mask = image.elf.x86_isa_needed if image.elf else 0
            levels = [name for bit, name in _ISA_LEVELS.items() if mask & bit]
            if (
                levels
                and image.machine is Machine.X86_64
                and "x86_64" in demanded_arches(wheel.targets, "linux")
            ):
                yield Problem(
                    message=f"{member.path} needs a processor of level {levels[-1]}",
                    member=member.path,
                    evidence={"have": levels[-1], "need": "x86-64 baseline"},
                    consequence="CPU ISA level is lower than required",
                )
