"""WA535: packed relocations that glibc refuses."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Kind, Role, Severity
from ._floors import LIBRARIES_AND_MODULES, severity_by_role, targets_of
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..model import Image


__all__ = ["packed_relocations"]


@rule(
    "WA535",
    "packed-relocations",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("unpack-relocations",),
    systems=("linux",),
    needs={Role.EXTENSION: Depth.LINKAGE, Role.DEPENDENCY: Depth.LINKAGE},
    formats=(Format.ELF,),
    rests_on=(Fact.VERSIONS,),
    breaks_promise=Severity.ERROR,
)
def packed_relocations(wheel: Wheel) -> Iterator[Problem]:
    """A library has packed relocations that no glibc accepts.

    What it does:
        Looks for DT_RELR in files for glibc that need versions of libc.so.6, but not GLIBC_ABI_DT_RELR. It is a warning
        for libraries that the wheel may do without.

    Why it is bad:
        glibc 2.36 and later refuses the file. Older versions do not know DT_RELR, so addresses in the file stay wrong,
        and it crashes.

    Example:
        A module that lld linked with `--pack-dyn-relocs=relr`.

    How to fix:
        Link without packed relocations.

    Known limits:
        Files that need GLIBC_ABI_DT_RELR are for glibc 2.36 and later: the rules about versions judge them.

    References:
        glibc, elf/dl-version.c, _dl_check_map_versions; docs/facts/loaders.md, "What glibc refuses and says".
    """
    for member in wheel.members:
        if member.role not in LIBRARIES_AND_MODULES:
            continue
        for image in member.images:
            targets = [target for target in targets_of(wheel, image, "linux") if target.libc != "musl"]
            if targets and _is_refused(image):
                yield Problem(
                    f"{member.path} has packed relocations (DT_RELR), but does not need GLIBC_ABI_DT_RELR",
                    member.path,
                    tags=triples_of(targets),
                    evidence={"have": "DT_RELR", "need": "GLIBC_ABI_DT_RELR"},
                    consequence=f"{member.name}: DT_RELR without GLIBC_ABI_DT_RELR dependency",
                    severity=severity_by_role(member, wheel),
                )


def _is_refused(image: Image) -> bool:
    facts = image.elf
    if (
        facts is None
        or not facts.packed_relocations
        or image.kind is not Kind.SHARED_LIBRARY
        or image.damaged
    ):
        return False
    versions = [need.version for need in facts.version_needs if need.library.startswith("libc.so.")]
    return bool(versions) and "GLIBC_ABI_DT_RELR" not in versions
