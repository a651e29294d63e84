"""WA201, WA202: the machine of an extension module."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import lacking_machines
from ..model import Role, Severity
from ._machine import DEAD_ARCHES, HEADER_OF_ALL, machine_problem
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["missing_slice", "wrong_machine"]


@rule("WA201", "wrong-machine", Severity.ERROR, ("R6", "R7", "R9"), needs=HEADER_OF_ALL)
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
    for member, demand in lacking_machines(wheel, (Role.EXTENSION,)):
        if set(demand.have).isdisjoint(demand.arches):
            yield machine_problem(wheel, member, demand, "extension module")


@rule("WA202", "missing-slice", Severity.ERROR, ("R6",), needs=HEADER_OF_ALL)
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
    for member, demand in lacking_machines(wheel, (Role.EXTENSION,)):
        if not set(demand.have).isdisjoint(demand.arches):
            dead = DEAD_ARCHES.issuperset(demand.missing)
            yield machine_problem(wheel, member, demand, "extension module", Severity.NOTE if dead else None)
