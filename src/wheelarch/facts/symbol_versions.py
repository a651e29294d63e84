"""The symbol versions that ELF files need of libraries outside the wheel."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from .wheel import per_wheel

if TYPE_CHECKING:
    from ..model import Image, Member, VersionNeed
    from .wheel import Wheel

__all__ = ["outside_needs"]


@per_wheel
def outside_needs(wheel: Wheel) -> list[tuple[Member, Image, list[VersionNeed]]]:
    """Return the ELF images that need symbol versions, with those that no library of the wheel has to answer.

    Source: glibc, elf/dl-version.c: a version is looked for in the library that the entry names (vn_file).
    """
    asking = [
        (member, image, image.elf.version_needs)
        for member in wheel.members
        for image in member.images
        if image.elf is not None and image.elf.version_needs
    ]
    inside = {(edge.loader.path, edge.name) for edge in wheel.edges if edge.found} if asking else ()
    return [
        (member, image, [need for need in needs if (member.path, need.library) not in inside])
        for member, image, needs in asking
    ]
