"""WA534: extension modules with newer x86-64 instructions that never ask what the processor has."""

from __future__ import annotations

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..metadata.promise import triples_of
from ..model import Depth, Format, Machine, Role, Severity
from ._floors import targets_of
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..model import Image


__all__ = ["unchecked_cpu"]

_LEVELS = ((8, "x86-64-v4"), (4, "x86-64-v3"))
"""The bits of `ElfFacts.x86_isa_used`, the highest first."""
_ASKING = frozenset({
    "__cpu_model", "__cpu_features2", "__cpu_indicator_init", "getauxval", "_dl_x86_get_cpu_features",
    "__get_cpu_features", "__x86_get_cpu_features", "__x86_get_cpuid_feature_leaf",
})  # fmt: skip
"""What libgcc, glibc and musl offer to code that asks for the processor's abilities."""
_VARIANT = pattern(r"(?i)avx|fma|sse4|haswell|skylake|icelake|znver|zen\d|v[34](?![0-9])")
"""What stands in the paths of builds that Python code picks by the processor (faiss: `_swigfaiss_avx2.so`)."""


@rule(
    "WA534",
    "unchecked-cpu",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("no-native-cpu",),
    systems=("linux", "musl"),
    needs={Role.EXTENSION: Depth.SYMBOLS},
    formats=(Format.ELF,),
    breaks_promise=Severity.ERROR,
)
def unchecked_cpu(wheel: Wheel) -> Iterator[Problem]:
    """An extension module has newer x86-64 instructions, and never asks what the processor has.

    What it does:
        Reads GNU_PROPERTY_X86_ISA_1_USED. If it has the level v3 or v4, looks for the instruction CPUID (bytes 0F A2)
        in the code, and for imports that answer the same question, such as `__cpu_model`.

    Why it is bad:
        The tag promises every x86_64 processor. On one without AVX2 the process stops with SIGILL when it gets to such
        an instruction.

    Example:
        `anuga-3.3.8-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl`: its modules were compiled with
        `-march=native`.

    How to fix:
        Build for the baseline, or choose the faster code at run time.

    Known limits:
        Only files with the property are found; some assemblers write it by default, others on request. The two bytes of
        CPUID also occur by chance in large files, which are then not reported. Modules whose path names a processor
        (`avx2`) are not reported, because Python code picks them. Files that need the level are WA219.

    References:
        x86-64 psABI, ISA levels and GNU properties; binutils, gas, `-mx86-used-note`; docs/facts/loaders.md, "x86
        instruction set levels".
    """
    for member in wheel.members:
        if member.role is not Role.EXTENSION:
            continue
        for image in member.images:
            level = _unchecked_level(image)
            targets = targets_of(wheel, image, "linux") if level else []
            if targets and not _VARIANT.search(member.path):
                yield Problem(
                    f"{member.path} has instructions of {level}, and never asks what the processor has",
                    member.path,
                    tags=triples_of(targets),
                    evidence={"have": level, "need": "x86-64 baseline"},
                    consequence="Illegal instruction",
                )


def _unchecked_level(image: Image) -> str:
    """Return the level of the instructions if nothing asks for the processor; empty if something does."""
    facts = image.elf
    if facts is None or image.machine is not Machine.X86_64 or image.damaged or facts.cpuid is not False:
        return ""
    level = next((name for bit, name in _LEVELS if facts.x86_isa_used & bit), "")
    asks = any(symbol.name in _ASKING for symbol in image.imported)
    return "" if asks or facts.x86_isa_needed >= 4 or image.depth < Depth.SYMBOLS else level
