"""WA205 to WA207: programs for another machine, and helpers for other processes.

A program is judged by itself: by its machine and format, and by what else a host runs (WOW64, emulation). WA205
reports programs that cannot run, WA206 programs that run only by emulation, and WA207 files for other machines that
belong in the wheel.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import (
    PROGRAMS,
    Demand,
    is_for_other_processes,
    lacking_machines,
    nothing_else_fits,
    tagged_arches,
    unusable_libraries,
)
from ..facts.machines import FORMAT_OF_SYSTEM, fits, is_managed
from ..metadata.promise import triples_of
from ..model import Fact, Format, Member, Role, Severity
from ._machine import (
    DEAD_ARCHES,
    FORMAT_NAMES,
    HEADER_OF_ALL,
    HEADERS_AND_LINKS,
    SYSTEM_NAMES,
    arch_names,
    triples_for,
)
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["emulated_executable", "foreign_helper", "wrong_machine_executable"]

_EMULATED = {
    ("windows", "x86_64"): ("x86",),
    ("windows", "arm64"): ("x86", "x86_64", "arm64ec"),
    ("macos", "arm64"): ("x86_64",),
}
"""Programs that a host runs besides its own: by WOW64, by the emulation of Windows on Arm, by Rosetta 2
(docs/facts/loaders.md, "What loads where on Windows", "Mach-O CPU types")."""


def _runs_anyway(demand: Demand) -> bool:
    """Whether the hosts of every missing architecture run the program too, by emulation or by WOW64."""
    return all(
        any(have in _EMULATED.get((demand.system, arch), ()) for have in demand.have)
        for arch in demand.missing
    )


def _runs_by_wow64(demand: Demand) -> bool:
    """Whether it is an x86 program for x86_64 Windows, which runs it as well as its own."""
    return demand.system == "windows" and demand.missing == ("x86_64",) and "x86" in demand.have


@rule(
    "WA205",
    "wrong-machine-executable",
    Family.MACHINE,
    Severity.WARNING,
    remedies=("ship-program",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
)
def wrong_machine_executable(wheel: Wheel) -> Iterator[Problem]:
    """A program cannot run on a machine that the tags promise.

    What it does:
        Compares the machine and the format of each program in the wheel with the platform tags. It is an error for
        programs in `.data/scripts`, and for a program in a wheel without any other native file that fits its tags,
        because then the program is what the wheel is for. It is a note for a helper of another system and if only
        i386, ppc or ppc64 is missing, and a warning for other programs.

    Why it is bad:
        The command is on the user's PATH and does not start.

    Example:
        `swig/data/bin/swig` is x86_64, and is the only native file in a wheel tagged `macosx_11_0_arm64`.

    How to fix:
        Ship the program for the tag's machine.

    Known limits:
        x86 programs run on x86_64 Windows and are a note (WA207). Programs that run only by emulation are reported
        by WA206. But if such a program is what a macOS wheel is for, it is an error here, because users have to
        install Rosetta 2 themselves.

    References:
        Microsoft, Arm64X PE files, interoperability; Apple, About the Rosetta translation environment;
        docs/facts/loaders.md, "What loads where on Windows".
    """
    yield from _programs_of_other_systems(wheel)
    for member, demand in lacking_machines(wheel, PROGRAMS):
        product = nothing_else_fits(wheel, member)
        if _runs_by_wow64(demand) or (_runs_anyway(demand) and not (product and demand.system == "macos")):
            continue
        if member.role is Role.EXECUTABLE and not product and _copies_by_name(wheel, member):
            continue
        severity = Severity.ERROR if product or member.role is Role.SCRIPT else None
        if demand.system == "macos" and DEAD_ARCHES.issuperset(demand.missing):
            severity = Severity.NOTE  # no macOS that Python supports runs them
        have, need = arch_names(demand.have, demand.system), arch_names(demand.missing, demand.system)
        texts = {
            "windows": "This version of %1 is not compatible with the version of Windows you're running.",
            "macos": f"{member.name}: Bad CPU type in executable",
            "linux": f"{member.name}: cannot execute binary file: Exec format error",
        }
        yield Problem(
            message=f"program {member.path} is {have}, but the tag needs {need}",
            member=member.path,
            tags=triples_for(wheel, demand.missing),
            evidence={"have": have, "need": need},
            consequence=texts.get(demand.system, ""),
            severity=severity,
        )


def _programs_of_other_systems(wheel: Wheel) -> Iterator[Problem]:
    """Yield a problem for each program in a format that no tagged system runs."""
    systems = dict.fromkeys(target.system for target in wheel.targets)
    if not systems or any(system not in FORMAT_OF_SYSTEM for system in systems):
        return
    formats = {FORMAT_OF_SYSTEM[system] for system in systems}
    for member in wheel.members:
        if member.role not in PROGRAMS or not member.images:
            continue
        if member.images[0].format in formats | {Format.WASM}:
            continue
        if all(map(is_managed, member.images)):
            continue
        at_stake = member.role is Role.SCRIPT or nothing_else_fits(wheel, member)
        have = FORMAT_NAMES[member.images[0].format]
        yield Problem(
            message=f"program {member.path} has the format {have}, "
            f"but the tag is for {', '.join(SYSTEM_NAMES[name] for name in systems)}",
            member=member.path,
            tags=triples_of(wheel.targets),
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


@rule(
    "WA206",
    "emulated-executable",
    Family.MACHINE,
    Severity.WARNING,
    remedies=("ship-program",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
)
def emulated_executable(wheel: Wheel) -> Iterator[Problem]:
    """A program runs on the tagged machine only by emulation.

    What it does:
        Finds x86_64 programs in macOS wheels for arm64 (Rosetta 2), and x86 or x86_64 programs in win_arm64 wheels.

    Why it is bad:
        The program starts slowly, and macOS asks the user to install Rosetta 2.

    Example:
        `pkg/bin/helper` is x86_64 in a wheel tagged `macosx_11_0_arm64`.

    How to fix:
        Ship the program for the tag's machine.

    Known limits:
        Helpers that belong to a family for several machines are a note (WA207).

    References:
        Apple, About the Rosetta translation environment; Microsoft, How x86 emulation works on Arm;
        docs/facts/loaders.md, "What loads where on Windows".
    """
    for member, demand in lacking_machines(wheel, PROGRAMS):
        if (
            _runs_by_wow64(demand)
            or not _runs_anyway(demand)
            or (demand.system == "macos" and nothing_else_fits(wheel, member))
        ):
            continue
        have, need = arch_names(demand.have, demand.system), arch_names(demand.missing, demand.system)
        yield Problem(
            message=f"program {member.path} is {have}, but the tag needs {need}, so it runs only by emulation",
            member=member.path,
            tags=triples_for(wheel, demand.missing),
            evidence={"have": have, "need": need},
        )


_HELPERS = {Role.FAMILY: "helper", Role.TEST_DATA: "test file", Role.SDK: "SDK file"}
"""What members with these roles are called in messages."""


@rule(
    "WA207",
    "foreign-helper",
    Family.MACHINE,
    Severity.NOTE,
    remedies=("ignore",),
    needs=HEADERS_AND_LINKS,
    breaks_promise=Severity.ERROR,
    on_request=True,
)
def foreign_helper(wheel: Wheel) -> Iterator[Problem]:
    """The wheel contains a helper for another machine, as its name or folder says.

    What it does:
        Lists members of families for several machines, of SDK folders and of test data that are for a machine which
        no tag names. Also lists libraries that nothing in the wheel needs, if their name gives their machine, or is
        the name of a system library or of Python's own; and x86 programs in `win_amd64` wheels, because 64-bit
        Windows runs them.

    Why it is bad:
        It is not bad: launchers, debugger helpers and toolchains ship such files. It explains the wheel's size.

    Example:
        `debugpy/_vendored/pydevd/pydevd_attach_to_process/attach_x86.dll` in a `win_amd64` wheel.

    How to fix:
        Nothing, if the file is meant to be there.

    Known limits:
        Families are recognized by names: at least two files that differ in the name of a machine or a system, one
        of which fits the tags.

    References:
        Microsoft, WOW64 Implementation Details; docs/facts/loaders.md, "What loads where on Windows";
        docs/facts/tags-and-installers.md, "Families of files for several machines".
    """
    for member in wheel.members:
        if member.role not in _HELPERS or not member.images:
            continue
        if member.images[0].format not in FORMAT_NAMES or fits(member, wheel.targets):
            continue
        if not any(target.system in FORMAT_OF_SYSTEM for target in wheel.targets):
            continue
        have = ", ".join(dict.fromkeys(image.arch for image in member.images))
        need = ", ".join(dict.fromkeys(arch for target in wheel.targets for arch in target.arches))
        yield Problem(
            message=f"{_HELPERS[member.role]} {member.path} is for another machine ({have})",
            member=member.path,
            evidence={"have": have, "need": need},
        )
    for member, demand, loader, _ in unusable_libraries(wheel):
        foreign = set(demand.have).isdisjoint(tagged_arches(wheel))
        if foreign and loader is None and is_for_other_processes(wheel, member):
            yield _helper(member, demand, text="library {} is for another machine ({})")
    for member, demand in lacking_machines(wheel, PROGRAMS):
        if _runs_by_wow64(demand):
            yield _helper(member, demand, text="program {} is {}, which 64-bit Windows runs too")


def _helper(member: Member, demand: Demand, *, text: str) -> Problem:
    """Return the problem of a helper; `text` has room for its path and its architectures."""
    have, need = arch_names(demand.have, demand.system), arch_names(demand.missing, demand.system)
    return Problem(
        message=text.format(member.path, have), member=member.path, evidence={"have": have, "need": need}
    )
