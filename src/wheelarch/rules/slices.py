"""WA215 to WA217: slices that are too many, too narrow, or hidden."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import LOADED, NARROW, demand_of
from ..model import Severity
from ._machine import HEADER_OF_ALL, arch_names, machine_load_error, triples_for
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["arm64_slice_hidden", "narrow_slice", "surplus_slice"]


@rule("WA215", "surplus-slice", Severity.NOTE, (), needs=HEADER_OF_ALL)
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
        if member.role not in LOADED or len(member.images) < 2:
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
                message=f"{member.path} also holds {names}, which no tag names",
                member=member.path,
                evidence={
                    "have": arch_names(demand.have, demand.system),
                    "need": arch_names(demand.arches, demand.system),
                },
            )


@rule("WA216", "narrow-slice", Severity.ERROR, ("R6",), needs=HEADER_OF_ALL)
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
        if member.role not in LOADED:
            continue
        demand = demand_of(wheel, member)
        if demand is None:
            continue
        for image in member.images:
            plain = NARROW.get(image.variant)
            if plain is None or plain not in demand.missing:
                continue
            yield Problem(
                message=f"{member.path} holds {image.variant}, the tag needs {plain}",
                member=member.path,
                slice=image.arch if len(member.images) > 1 else None,
                tags=triples_for(wheel, (plain,)),
                evidence={"have": image.variant, "need": plain},
                consequence=machine_load_error(member, demand),
                severity=Severity.WARNING if plain == "x86_64" else None,
            )


@rule("WA217", "arm64-slice-hidden", Severity.WARNING, ("R6",), needs=HEADER_OF_ALL)
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
