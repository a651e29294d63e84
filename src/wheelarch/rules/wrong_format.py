"""WA208, WA212: files in the format of another system, and files with the name of another machine.

WA208 compares the format of each file with the systems of the tags. WA212 compares the machine in a file name with
the header, whatever the tags say.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import LIBRARIES, LOADABLE, PROGRAMS
from ..facts.machines import FORMAT_OF_SYSTEM, arch_token, fits, is_managed
from ..facts.module_variants import shadowed_variants
from ..metadata.promise import triples_of
from ..model import Fact, Image, Member, Role, Severity
from ._machine import FORMAT_NAMES, HEADER_OF_ALL, SYSTEM_NAMES
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["misnamed_machine", "wrong_format"]


@rule(
    "WA208",
    "wrong-format",
    Family.MACHINE,
    Severity.ERROR,
    remedies=("clean-build",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
    predicted_by=("WD24", "WD28"),
)
def wrong_format(wheel: Wheel) -> Iterator[Problem]:
    """A native file has the object format of another system than the tags promise.

    What it does:
        Finds extension modules and libraries in ELF, Mach-O, PE or WebAssembly format in a wheel whose tags are all
        for systems with another format. It is an error for extension modules and what they need, and for other
        libraries if nothing native in the wheel fits. It is a note for a library next to a file that fits in the
        same folder, and a warning for the rest.

    Why it is bad:
        The loader of the tagged system does not even recognize the file.

    Example:
        `pkg/_core.so` is an ELF file in a wheel tagged `macosx_11_0_arm64`. A build in a container left it behind.

    How to fix:
        Clean the build folders and build again on or for the tagged system.

    Known limits:
        Files that belong to a family for several machines are reported by WA207, programs by WA205.

    References:
        PE format; mach-o/loader.h; ELF gABI; WebAssembly Core, Modules;
        docs/facts/loaders.md, "WebAssembly modules".
    """
    systems = dict.fromkeys(target.system for target in wheel.targets)
    if not systems or any(system not in FORMAT_OF_SYSTEM for system in systems):
        return
    formats = {FORMAT_OF_SYSTEM[system] for system in systems}
    shadowed = shadowed_variants(wheel)
    for member in wheel.members:
        if member.role not in LOADABLE or not member.images or member.path in shadowed:
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
            message=f"{member.path} has the format {FORMAT_NAMES[found]}, "
            f"but the tag is for {', '.join(SYSTEM_NAMES[name] for name in systems)}",
            member=member.path,
            tags=triples_of(wheel.targets),
            evidence={"have": FORMAT_NAMES[found], "need": need},
            consequence=consequence,
            severity=_severity_of_library(wheel, member) if member.role is Role.LIBRARY else None,
        )


def _severity_of_library(wheel: Wheel, member: Member) -> Severity:
    """Return how bad a library of another system is: some wheels have those of all systems (sounddevice)."""
    fitting = [other for other in wheel.members if fits(other, wheel.targets)]
    if not fitting:
        return Severity.ERROR
    folder = member.path.rpartition("/")[0]
    beside = any(other.path.rpartition("/")[0] == folder for other in fitting)
    return Severity.NOTE if beside else Severity.WARNING


@rule(
    "WA212",
    "misnamed-machine",
    Family.MACHINE,
    Severity.WARNING,
    remedies=("clean-build",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
)
def misnamed_machine(wheel: Wheel) -> Iterator[Problem]:
    """A file is named for one machine, but contains code for another.

    What it does:
        Compares the name of a machine in the file name of a library or program (`attach_amd64.dll`) with the header.

    Why it is bad:
        Code that chooses the file by its name opens the wrong one.

    Example:
        `pkg/helper-arm64.dll` is x64: an old file, or a copy with the wrong name.

    How to fix:
        Clean the build folders, and check the step that copies or renames the file.

    Known limits:
        Names with several machines in them are left out, and so are the names of folders. WA402 judges extension
        modules. A file that fits the tags may be named for the machine that it works on, such as an emulator or a
        cross compiler: that is a note.

    References:
        PE format, Machine Types; mach-o/loader.h, cputype; ELF gABI, e_machine;
        docs/facts/tags-and-installers.md, "Families of files for several machines".
    """
    for member in wheel.members:
        if member.role not in (*LIBRARIES, *PROGRAMS, Role.FAMILY) or not member.images:
            continue
        claimed = arch_token(member.name)
        if claimed is None or any(_may_be_called(image, claimed) for image in member.images):
            continue
        if all(map(is_managed, member.images)):
            continue
        have = ", ".join(dict.fromkeys(image.arch for image in member.images))
        yield Problem(
            message=f"{member.path} is named for {claimed}, but is {have}",
            member=member.path,
            evidence={"have": have, "need": claimed},
            severity=Severity.NOTE
            if member.role is not Role.FAMILY and fits(member, wheel.targets)
            else None,
        )


def _may_be_called(image: Image, claimed: str) -> bool:
    """Whether a file name with this machine is right. ARM64EC code may be called arm64ec, arm64 or x64."""
    return claimed in (image.arch, image.machine.value) or (image.variant == "arm64ec" and claimed == "arm64")
