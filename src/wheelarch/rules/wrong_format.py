"""WA208, WA212: a file for another system, and a file whose name claims another machine."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import LIBRARIES, LOADED, PROGRAMS
from ..facts.machines import FORMAT_OF_SYSTEM, arch_token, fits, is_managed
from ..facts.module_variants import shadowed_variants
from ..model import Image, Member, Role, Severity
from ._machine import FORMAT_NAMES, HEADER_OF_ALL, SYSTEM_NAMES
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["has_machine", "misnamed_machine", "wrong_format"]


@rule("WA208", "wrong-format", Severity.ERROR, ("R12",), needs=HEADER_OF_ALL)
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
        if member.role not in LOADED or not member.images or member.path in shadowed:
            continue
        found = member.images[0].format
        if found in formats or found not in FORMAT_NAMES:
            continue
        if all(map(is_managed, member.images)):
            continue
        need = ", ".join(FORMAT_NAMES[format_] for format_ in sorted(formats))
        system = next(iter(systems))
        consequence = {
            "windows": "%1 is not a valid Win32 application.",
            "macos": f"{member.name}: not a mach-o file",
            "linux": f"{member.name}: invalid ELF header",
        }.get(system, "")
        yield Problem(
            message=f"{member.path} is in the format {FORMAT_NAMES[found]}, "
            f"the tag is for {', '.join(SYSTEM_NAMES[name] for name in systems)}",
            member=member.path,
            tags=tuple(target.triple for target in wheel.targets),
            evidence={"have": FORMAT_NAMES[found], "need": need},
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


@rule("WA212", "misnamed-machine", Severity.WARNING, ("R12",), needs=HEADER_OF_ALL)
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
        if member.role not in (*LIBRARIES, *PROGRAMS, Role.FAMILY) or not member.images:
            continue
        claimed = arch_token(member.name)
        if claimed is None or any(has_machine(image, claimed) for image in member.images):
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


def has_machine(image: Image, claimed: str) -> bool:
    """Whether a file may bear the name: ARM64EC code is called both arm64ec and, by its machine field, x64."""
    return claimed in (image.arch, image.machine.value) or (image.variant == "arm64ec" and claimed == "arm64")
