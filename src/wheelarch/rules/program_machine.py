"""WA205 to WA207: the machine of a program, and helpers for other systems."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import (
    PROGRAMS,
    Demand,
    is_all_that_fits,
    is_payload,
    lacking_machines,
    unusable_libraries,
    wanted_arches,
)
from ..facts.machines import FORMAT_OF_SYSTEM, fits, is_managed
from ..model import Format, Member, Role, Severity
from ._machine import FORMAT_NAMES, GRAPH, HEADER_OF_ALL, SYSTEM_NAMES, arch_names, triples_for
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["emulated_executable", "foreign_helper", "wrong_machine_executable"]

_EMULATED = {
    ("windows", "x86_64"): ("x86",),
    ("windows", "arm64"): ("x86", "x86_64", "arm64ec"),
    ("macos", "arm64"): ("x86_64",),
}
"""Programs that each host also runs: WOW64, Windows on Arm's emulation, Rosetta 2 (rules.md 2.3, 3.2)."""


def _emulated(demand: Demand) -> bool:
    """Whether every missing architecture's hosts run the program by emulation. WOW64 counts as the real thing."""
    return all(
        any(have in _EMULATED.get((demand.system, arch), ()) for have in demand.have)
        for arch in demand.missing
    )


def _wow64(demand: Demand) -> bool:
    return demand.system == "windows" and demand.missing == ("x86_64",) and "x86" in demand.have


@rule("WA205", "wrong-machine-executable", Severity.WARNING, ("R8",), needs=HEADER_OF_ALL)
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
    for member, demand in lacking_machines(wheel, PROGRAMS):
        product = is_all_that_fits(wheel, member)
        if _wow64(demand) or (_emulated(demand) and not (product and demand.system == "macos")):
            continue
        if member.role is Role.EXECUTABLE and not product and _copies_by_name(wheel, member):
            continue
        severity = Severity.ERROR if product or member.role is Role.SCRIPT else None
        have, need = arch_names(demand.have, demand.system), arch_names(demand.missing, demand.system)
        texts = {
            "windows": "This version of %1 is not compatible with the version of Windows you're running.",
            "macos": f"{member.name}: Bad CPU type in executable",
            "linux": f"{member.name}: cannot execute binary file: Exec format error",
        }
        yield Problem(
            message=f"program {member.path} is {have}, the tag needs {need}",
            member=member.path,
            tags=triples_for(wheel, demand.missing),
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
        if member.role not in PROGRAMS or member.images[0].format in formats | {Format.WASM}:
            continue
        if all(map(is_managed, member.images)):
            continue
        at_stake = member.role is Role.SCRIPT or is_all_that_fits(wheel, member)
        have = FORMAT_NAMES[member.images[0].format]
        yield Problem(
            message=f"program {member.path} is in the format {have}, "
            f"the tag is for {', '.join(SYSTEM_NAMES[name] for name in systems)}",
            member=member.path,
            tags=tuple(target.triple for target in wheel.targets),
            evidence={"have": have, "need": ", ".join(FORMAT_NAMES[one] for one in sorted(formats))},
            consequence="Exec format error" if at_stake else "",
            severity=Severity.ERROR if at_stake else Severity.NOTE,
        )


def _copies_by_name(wheel: Wheel, member: Member) -> bool:
    """Whether a program of the same file name in the wheel fits the tags."""
    return any(
        other.name == member.name and other.path != member.path and fits(other, wheel.targets)
        for other in wheel.members
    )


@rule("WA206", "emulated-executable", Severity.WARNING, ("R8",), needs=HEADER_OF_ALL)
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
    for member, demand in lacking_machines(wheel, PROGRAMS):
        if (
            _wow64(demand)
            or not _emulated(demand)
            or (demand.system == "macos" and is_all_that_fits(wheel, member))
        ):
            continue
        have, need = arch_names(demand.have, demand.system), arch_names(demand.missing, demand.system)
        yield Problem(
            message=f"program {member.path} is {have}, the tag needs {need}: it runs by emulation only",
            member=member.path,
            tags=triples_for(wheel, demand.missing),
            evidence={"have": have, "need": need},
        )


@rule("WA207", "foreign-helper", Severity.NOTE, ("R33",), needs=GRAPH)
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
        if member.images[0].format not in FORMAT_NAMES or fits(member, wheel.targets):
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
    for member, demand, needed_by in unusable_libraries(wheel):
        if set(demand.have).isdisjoint(wanted_arches(wheel)) and not needed_by and is_payload(wheel, member):
            yield _foreign(member, demand, f"library {member.path} is for another machine")
    for member, demand in lacking_machines(wheel, PROGRAMS):
        if _wow64(demand):
            yield _foreign(member, demand, f"program {member.path} runs on 64-bit Windows all the same")


def _foreign(member: Member, demand: Demand, what: str) -> Problem:
    have, need = arch_names(demand.have, demand.system), arch_names(demand.missing, demand.system)
    return Problem(message=f"{what} ({have})", member=member.path, evidence={"have": have, "need": need})
