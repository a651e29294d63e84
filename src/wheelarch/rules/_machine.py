"""What the rules about machines share: names for people, and the problem of a file that lacks a machine.

`machine_problem` makes the problem; `machine_load_error` says in the words of the system's own loader what a user
sees.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machines import DARWIN_NAMES
from ..metadata.extension_names import module_name
from ..model import Depth, Format, Member, Role, Severity
from .grades import Grade, Grades
from .rule import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..facts.machine_demands import Demand
    from ..facts.wheel import Wheel


__all__ = [
    "DEAD_ARCHES",
    "FORMAT_NAMES",
    "HEADERS_AND_LINKS",
    "HEADER_OF_ALL",
    "MISSING_SLICE",
    "SYSTEM_NAMES",
    "WRONG_MACHINE",
    "arch_names",
    "machine_load_error",
    "machine_problem",
    "triples_for",
]

HEADER_OF_ALL: Mapping[Role, Depth] = dict.fromkeys(Role, Depth.HEADER)


HEADERS_AND_LINKS: Mapping[Role, Depth] = {
    **HEADER_OF_ALL,
    **dict.fromkeys(
        (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY, Role.EXECUTABLE, Role.SCRIPT), Depth.LINKAGE
    ),
}
"""Every header, and what shows which file needs which. The header of a Mach-O file already names its libraries."""


DEAD_ARCHES = frozenset({"x86", "ppc", "ppc64"})
"""Slices that no macOS with a supported Python loads: if only these are missing, it is a note
(docs/facts/tags-and-installers.md, "macOS tags")."""


_MODULE = "an extension module"
_NEEDED = "a library that a file for the right machine needs"
_OPENED = "a library that nothing in the wheel needs"
_OPENED_BY_CODE = "its place says that Python code opens it, with ctypes or cffi"

WRONG_MACHINE = Grades(
    "A file is built for another machine than the tags promise",
    {
        "module": Grade(_MODULE, Severity.ERROR, "no process of the tags can import it"),
        "needed": Grade(_NEEDED, Severity.ERROR, "the file that needs it does not load"),
        "opened": Grade(_OPENED, Severity.ERROR, _OPENED_BY_CODE),
        "runtime": Grade(
            "a Visual C++ runtime that nothing in the wheel needs",
            Severity.WARNING,
            "builds copy these by the folder, and no Python code opens them by name",
        ),
    },
)

MISSING_SLICE = Grades(
    "A universal file lacks a slice that the tags promise",
    {
        "module": Grade(_MODULE, Severity.ERROR, "a process of that architecture cannot import it"),
        "needed": Grade(_NEEDED, Severity.ERROR, "the slice that needs it does not load"),
        "opened": Grade(_OPENED, Severity.ERROR, _OPENED_BY_CODE),
        "dead": Grade(
            "any file, if only i386, ppc or ppc64 is missing",
            Severity.NOTE,
            "no macOS with a supported Python runs them",
        ),
    },
)


SYSTEM_NAMES = {
    "windows": "Windows",
    "mingw": "Windows",
    "macos": "macOS",
    "ios": "iOS",
    "linux": "Linux",
    "android": "Android",
    "wasm": "WebAssembly",
}


FORMAT_NAMES = {
    Format.PE: "PE (Windows)",
    Format.MACHO: "Mach-O (macOS)",
    Format.ELF: "ELF (Linux)",
    Format.WASM: "WebAssembly",
}


def triples_for(wheel: Wheel, arches: tuple[str, ...]) -> tuple[str, ...]:
    """Return the live triples that demand one of these architectures."""
    return tuple(target.triple for target in wheel.targets if not set(arches).isdisjoint(target.arches))


def arch_names(arches: tuple[str, ...], system: str) -> str:
    """Return the architectures as the system's own loader calls them."""
    darwin = system in ("macos", "ios")
    return ", ".join(DARWIN_NAMES.get(arch, arch) if darwin else arch for arch in arches) or "none"


def machine_load_error(member: Member, demand: Demand, loader: Member | None = None) -> str:
    """Return what the loader says when a process that the tags invite opens the member, or the file that needs it.

    Source: CPython Python/dynload_win.c; dyld common/MachOFile.cpp; glibc elf/dl-load.c; bionic
    linker/linker_phdr.cpp, ElfReader::VerifyElfHeader. glibc skips a file for
    another machine of the same class and says that it does not exist (docs/facts/loaders.md, "What glibc refuses
    and says").
    """
    have, need = arch_names(demand.have, demand.system), arch_names(demand.missing, demand.system)
    if demand.system in ("windows", "mingw"):
        opened = loader or member
        if opened.role is not Role.EXTENSION:
            return "[WinError 193] %1 is not a valid Win32 application"
        module = module_name(opened.path).rpartition(".")[2]
        return f"ImportError: DLL load failed while importing {module}: %1 is not a valid Win32 application."
    if demand.system in ("macos", "ios"):
        if len(member.images) > 1:
            return f"fat file, but missing compatible architecture (have '{have}', need '{need}')"
        return f"mach-o file, but is an incompatible architecture (have '{have}', need '{need}')"
    if demand.system == "android":
        return _bionic_error(member, demand)
    if demand.system == "linux":
        bits = {image.bits for image in member.images}
        wide = any(arch.endswith(("64", "64le", "s390x")) for arch in demand.arches)
        if bits and (64 in bits) != wide:
            return f"{member.name}: wrong ELF class: ELFCLASS{max(bits)}"
        return f"{member.name}: cannot open shared object file: No such file or directory"
    return ""


_BIONIC_NAMES = {
    "arm64": "EM_AARCH64 (183)",
    "x86_64": "EM_X86_64 (62)",
    "arm": "EM_ARM (40)",
    "x86": "EM_386 (3)",
}


def _bionic_error(member: Member, demand: Demand) -> str:
    """Return what Android's loader says of a file for another machine."""
    wide = any(arch.endswith("64") for arch in demand.arches)
    if all((image.bits == 64) != wide for image in member.images):
        found, wanted = (32, 64) if wide else (64, 32)
        return f'dlopen failed: "{member.name}" is {found}-bit instead of {wanted}-bit'
    have, need = (
        _BIONIC_NAMES.get(arches[0]) if arches else None for arches in (demand.have, demand.missing)
    )
    if have is None or need is None:
        return ""
    return f'dlopen failed: "{member.name}" is for {have} instead of {need}'


def machine_problem(
    wheel: Wheel,
    member: Member,
    *,
    demand: Demand,
    what: str,
    severity: Severity | None = None,
    loader: Member | None = None,
) -> Problem:
    """Return the problem of a member that lacks architectures which the tags demand.

    Args:
        wheel: The wheel.
        member: The member.
        demand: What the tags demand of it.
        what: What the member is, as the message begins: `extension module`.
        severity: The severity, if it differs from the rule's own.
        loader: A member that needs it, if there is one.
    """
    have, need = arch_names(demand.have, demand.system), arch_names(demand.missing, demand.system)
    return Problem(
        message=f"{what} {member.path} is {have}, but the tag needs {need}",
        member=member.path,
        slice=None,
        tags=triples_for(wheel, demand.missing),
        evidence={"have": have, "need": need},
        consequence=machine_load_error(member, demand, loader),
        severity=severity,
    )
