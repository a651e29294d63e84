"""WA215 to WA217: slices of Mach-O files that are not needed, too narrow, or hidden.

WA215 and WA216 compare the slices of a module or library with those that the tags demand; WA217 asks only whether the
header of a universal file counts all its slices.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import LOADABLE, NARROW, demand_of
from ..model import Fact, Severity
from ._machine import HEADER_OF_ALL, arch_names, machine_load_error, triples_for
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["arm64_slice_hidden", "narrow_slice", "surplus_slice"]


@rule(
    "WA215",
    "surplus-slice",
    Family.MACHINE,
    Severity.NOTE,
    needs=HEADER_OF_ALL,
    breaks_promise=Severity.ERROR,
    for_builders=True,
    on_request=True,
)
def surplus_slice(wheel: Wheel) -> Iterator[Problem]:
    """A file has more slices than the tags need.

    What it does:
        Lists universal Mach-O files with slices that no macOS tag names.

    Why it is bad:
        It is not bad: dyld picks the slice that it needs. But the wheel is larger than necessary.

    Example:
        `pkg/libfoo.dylib` has x86_64 and arm64 in a wheel tagged `macosx_11_0_arm64`.

    How to fix:
        Remove the slice (`lipo -thin`), or use a tag that names both.

    Known limits:
        Only extension modules and libraries are listed.

    References:
        dyld, mach_o/Universal.cpp; docs/facts/tags-and-installers.md, "macOS tags".
    """
    for member in wheel.members:
        if member.role not in LOADABLE or len(member.images) < 2:
            continue
        demand = demand_of(wheel, member)
        if demand is None:
            continue
        surplus = tuple(
            arch
            for arch in demand.have
            if arch not in demand.arches and NARROW.get(arch) not in demand.arches
        )
        if surplus and not demand.missing:
            names = arch_names(surplus, demand.system)
            yield Problem(
                message=f"{member.path} also has {names}, which no tag names",
                member=member.path,
                evidence={
                    "have": arch_names(demand.have, demand.system),
                    "need": arch_names(demand.arches, demand.system),
                },
            )


@rule(
    "WA216",
    "narrow-slice",
    Family.MACHINE,
    Severity.ERROR,
    remedies=("plain-architecture",),
    systems=("macos", "ios"),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
)
def narrow_slice(wheel: Wheel) -> Iterator[Problem]:
    """The only slice for a machine is of a subtype that not every process of that machine loads.

    What it does:
        Finds extension modules and libraries that have arm64e but not arm64, or x86_64h but not x86_64.

    Why it is bad:
        An arm64 Python never loads arm64e code. Only Haswell processors and later ones load x86_64h code: that is a
        warning.

    Example:
        `pkg/_core.so` was built with `-arch x86_64h`.

    How to fix:
        Build the plain architecture.

    Known limits:
        None known.

    References:
        dyld, GradedArchitectures; mach-o/machine.h, cpusubtype; docs/facts/loaders.md, "Mach-O CPU types".
    """
    for member in wheel.members:
        if member.role not in LOADABLE:
            continue
        demand = demand_of(wheel, member)
        if demand is None:
            continue
        for image in member.images:
            plain = NARROW.get(image.variant)
            if plain is None or plain not in demand.missing:
                continue
            yield Problem(
                message=f"{member.path} has {image.variant} instead of {plain}, which the tag needs",
                member=member.path,
                slice=image.arch if len(member.images) > 1 else None,
                tags=triples_for(wheel, (plain,)),
                evidence={"have": image.variant, "need": plain},
                consequence=machine_load_error(member, demand),
                severity=Severity.WARNING if plain == "x86_64" else None,
            )


@rule(
    "WA217",
    "arm64-slice-hidden",
    Family.MACHINE,
    Severity.WARNING,
    remedies=("join-slices",),
    systems=("macos", "ios"),
    needs=HEADER_OF_ALL,
    breaks_promise=Severity.ERROR,
)
def arm64_slice_hidden(wheel: Wheel) -> Iterator[Problem]:
    """A universal file hides its arm64 slice: its header does not count it.

    What it does:
        Finds universal files whose header lists one slice more than it counts, as `lipo -hideARM64` makes them.

    Why it is bad:
        dyld finds the slice, but nearly no other tool does: tools that sign, merge or audit files lose it.

    Example:
        The header of a universal file counts only x86_64, but the record after that is arm64.

    How to fix:
        Join the slices again without `-hideARM64`.

    Known limits:
        None known.

    References:
        dyld, mach_o/Universal.cpp; docs/facts/loaders.md, "The hidden arm64 slice".
    """
    for member in wheel.members:
        for image in member.images:
            if image.macho is not None and image.macho.hidden:
                yield Problem(
                    message=f"{member.path} has a hidden {image.arch} slice, which its header does not count",
                    member=member.path,
                    slice=image.arch,
                    evidence={"have": image.arch},
                )
