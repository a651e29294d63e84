"""WA201, WA202: the machine of an extension module.

Both compare the machines in the headers of each extension module with those that the tags demand
(`facts.machine_demands`). A module with none of them is reported by WA201, a module for macOS with some of them by
WA202.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import lacking_machines
from ..model import Fact, Role, Severity
from ._machine import DEAD_ARCHES, HEADER_OF_ALL, MISSING_SLICE, WRONG_MACHINE, machine_problem
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["missing_slice", "wrong_machine"]


@rule(
    "WA201",
    "wrong-machine",
    Family.MACHINE,
    Severity.ERROR,
    remedies=("build-for-machine",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
    grades=(WRONG_MACHINE,),
    predicted_by=("WD02", "WD15", "WD23", "WD24", "WD28", "WD29", "WD37"),
)
def wrong_machine(wheel: Wheel) -> Iterator[Problem]:
    """An extension module is built for another machine than the tags promise.

    What it does:
        Compares the machine in the header of each extension module with the platform tags. Also reports ELF files
        whose header names no machine (EM_NONE, which a broken strip leaves behind). A module for macOS that has
        some of several demanded slices is reported by WA202.

    Why it is bad:
        Installers accept the wheel for the promised machine, and the first import fails there.

    Example:
        `pkg/_core.cp311-win_arm64.pyd` contains ARM64 code in a wheel tagged `win_amd64`:
        `ImportError: DLL load failed while importing _core: %1 is not a valid Win32 application.`

    How to fix:
        Build for the tag's machine, or tag the wheel for the machine that was built.

    Known limits:
        A wheel for Windows or Linux that is tagged for several machines is right if each file serves one of them.
        maturin can write a tag that agrees with a wrong binary; only a comparison with an interpreter shows that.

    References:
        PEP 425; PE format, Machine Types; mach-o/loader.h, cputype; ELF gABI, e_machine;
        docs/facts/loaders.md, "Machine numbers in PE files", "Mach-O CPU types", "ELF machines and ABI flags".
    """
    for member, demand in lacking_machines(wheel, (Role.EXTENSION,)):
        if set(demand.have).isdisjoint(demand.arches):
            severity = WRONG_MACHINE.of("module", demand.system)
            yield machine_problem(wheel, member, demand=demand, what="extension module", severity=severity)


@rule(
    "WA202",
    "missing-slice",
    Family.MACHINE,
    Severity.ERROR,
    remedies=("build-for-machine",),
    systems=("macos", "ios"),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
    grades=(MISSING_SLICE,),
    predicted_by=("WD23", "WD24", "WD30"),
)
def missing_slice(wheel: Wheel) -> Iterator[Problem]:
    """An extension module lacks a slice that a universal tag, or one of several tags, demands.

    What it does:
        Checks that each Mach-O extension module has a slice for every architecture of every macOS tag.

    Why it is bad:
        The wheel installs on both kinds of Mac, but its module can be imported only on one of them.

    Example:
        `pkg/_core.cpython-311-darwin.so` has only x86_64 in a wheel tagged `macosx_10_9_universal2`:
        `mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')`.

    How to fix:
        Build every slice, or tag the wheel for the slice that is there.

    Known limits:
        Missing i386, ppc and ppc64 slices are a note, because no macOS with a supported Python loads them. A hidden
        arm64 slice counts, because dyld finds it (WA217).

    References:
        packaging.tags, mac_platforms; dyld, GradedArchitectures;
        docs/facts/loaders.md, "Mach-O magic numbers and universal files";
        docs/facts/tags-and-installers.md, "macOS tags".
    """
    for member, demand in lacking_machines(wheel, (Role.EXTENSION,)):
        if not set(demand.have).isdisjoint(demand.arches):
            dead = DEAD_ARCHES.issuperset(demand.missing)
            severity = MISSING_SLICE.of("dead" if dead else "module", demand.system)
            yield machine_problem(wheel, member, demand=demand, what="extension module", severity=severity)
