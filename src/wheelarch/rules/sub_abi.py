"""WA218, WA219: ELF files for the right machine that still do not run on all of it.

WA218 reports files for another ABI of the machine, WA219 files that are marked as needing a newer processor.
"""

from __future__ import annotations

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import LOADABLE, PROGRAMS, SUB_ABI
from ..facts.machines import demanded_arches
from ..metadata.promise import triples_of
from ..model import Fact, Format, Machine, Severity
from ._machine import HEADER_OF_ALL
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["isa_above_baseline", "sub_abi_differs"]


@rule(
    "WA218",
    "sub-abi-differs",
    Family.MACHINE,
    Severity.ERROR,
    remedies=("build-for-machine",),
    systems=("linux", "musl", "android"),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.MACHINE, Fact.SUB_ABI),
    breaks_promise=Severity.ERROR,
)
def sub_abi_differs(wheel: Wheel) -> Iterator[Problem]:
    """An ELF file is for the right machine, but for another of its ABIs.

    What it does:
        Compares the class, the byte order and the ABI bits of e_flags with what the Linux ABI of each architecture
        demands. Finds x32, ilp32, soft float on armv7l, ELFv1 on ppc64le, RVE, and other float ABIs on riscv64 and
        loongarch64.

    Why it is bad:
        The loader refuses the file, or calls pass numbers in the wrong registers.

    Example:
        `pkg/_core.so` is EM_X86_64 with the 32-bit class (x32) in a wheel tagged `manylinux_2_17_x86_64`.

    How to fix:
        Build with the cross toolchain of the tag's ABI.

    Known limits:
        Soft float is judged only for armv7l, because Android's armeabi-v7a is soft float by design. Programs are
        not judged: they call nothing in Python, and static programs have no float flag.

    References:
        Processor supplements to the ELF gABI (x86-64, AArch64, ARM, RISC-V, LoongArch, Power);
        docs/facts/loaders.md, "ELF machines and ABI flags".
    """
    for member in wheel.members:
        if member.role not in LOADABLE:
            continue
        for image in member.images:
            if image.format is not Format.ELF or image.variant not in SUB_ABI:
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
                message=f"{member.path} is {image.machine.value} {image.variant}, but the tag needs the usual ABI",
                member=member.path,
                tags=triples_of(targets),
                evidence={"have": f"{image.machine.value} {image.variant}", "need": image.machine.value},
                consequence=f"{member.name}: wrong ELF class: ELFCLASS32" if wrong_class else "",
            )


_ISA_LEVELS = {2: "x86-64-v2", 4: "x86-64-v3", 8: "x86-64-v4"}
_LABEL_LEVEL = pattern(r"(?:^|[_.])x86_?64_?v([234])(?=[_.]|$)")


def _promised_level(wheel: Wheel) -> int:
    """Return the x86-64 level that the wheel's variant asks for (PEP 825, a draft); 1 if it asks for none."""
    if wheel.promise.name is None or not wheel.promise.name.variant:
        return 1
    found = _LABEL_LEVEL.search(wheel.promise.name.variant)
    told = wheel.dist_info.variant.x86_level if wheel.dist_info.variant else 0
    return told or (int(found[1]) if found else 1)


@rule(
    "WA219",
    "isa-above-baseline",
    Family.MACHINE,
    Severity.WARNING,
    remedies=("no-native-cpu",),
    systems=("linux", "musl", "android"),
    needs=HEADER_OF_ALL,
    breaks_promise=Severity.ERROR,
)
def isa_above_baseline(wheel: Wheel) -> Iterator[Problem]:
    """An ELF file is marked as needing a newer x86-64 level than the baseline.

    What it does:
        Reads GNU_PROPERTY_X86_ISA_1_NEEDED from the notes of each file. A wheel whose variant asks for a level (PEP
        825, a draft: label `x86_64_v3`, or the property in variant.json) may need that level.

    Why it is bad:
        On an older processor the process stops with SIGILL, or the loader refuses the file
        (`CPU ISA level is lower than required`).

    Example:
        `pkg/_core.so` was built with `-march=native -Wl,-z,x86-64-v3`.

    How to fix:
        Build for the baseline, and choose faster code at run time.

    Known limits:
        Only files with the mark are found, and linkers set it only on request.

    References:
        x86-64 psABI, ISA levels and GNU properties; docs/facts/loaders.md, "x86 instruction set levels".
    """
    promised = _promised_level(wheel)
    for member in wheel.members:
        if member.role not in (*LOADABLE, *PROGRAMS):
            continue
        for image in member.images:
            mask = image.elf.x86_isa_needed if image.elf else 0
            levels = [name for bit, name in _ISA_LEVELS.items() if mask & bit and int(name[-1]) > promised]
            if (
                levels
                and image.machine is Machine.X86_64
                and "x86_64" in demanded_arches(wheel.targets, "linux")
            ):
                yield Problem(
                    message=f"{member.path} needs a processor of level {levels[-1]}",
                    member=member.path,
                    evidence={
                        "have": levels[-1],
                        "need": f"x86-64-v{promised}" if promised > 1 else "x86-64 baseline",
                    },
                    consequence="CPU ISA level is lower than required",
                )
