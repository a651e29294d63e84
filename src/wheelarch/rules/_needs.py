"""What the rules about needed libraries share: the targets that load a slice, and the folders that run paths lead to.

The answers come from the wheel's edges (`loading.graph`): which library of the wheel, if any, each slice gets for each
name that it asks for. Results are kept per wheel, because several rules ask for them.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machines import FORMAT_OF_SYSTEM
from ..facts.wheel import per_wheel
from ..loading.graph import Edge, run_folders
from ..metadata.member_paths import installed_path
from ..model import Depth, Image, Member, Role
from ..platforms.python_libraries import python_library
from ..platforms.systems import from_apple
from ._floors import RUN

if TYPE_CHECKING:
    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = [
    "LINKAGE_OF_LOADED",
    "LOADED",
    "leads_elsewhere",
    "leads_out",
    "leads_to_repaired",
    "loading_targets",
    "loading_triples",
    "macho_edges",
    "macho_slices",
    "own_folders",
    "slice_name",
    "slice_title",
]

LOADED = (Role.EXTENSION, Role.DEPENDENCY)
"""The roles that an import certainly loads."""
LINKAGE_OF_LOADED = dict.fromkeys(LOADED, Depth.LINKAGE)


@per_wheel
def loading_targets(wheel: Wheel, image: Image) -> list[Target]:
    """Return the targets whose processes load a slice of this format and machine."""
    return [
        target
        for target in wheel.targets
        if FORMAT_OF_SYSTEM.get(target.system) is image.format and image.machine.value in target.arches
    ]


@per_wheel
def loading_triples(wheel: Wheel, image: Image) -> tuple[str, ...]:
    """Return the triples of `loading_targets`."""
    return tuple(target.triple for target in loading_targets(wheel, image))


def slice_name(member: Member, image: Image) -> str | None:
    """Return the architecture of a slice, or None for the image of a thin file."""
    return image.arch if len(member.images) > 1 else None


def slice_title(member: Member, image: Image) -> str:
    """Return how a message names a slice."""
    name = slice_name(member, image)
    return f"the {name} slice of {member.path}" if name else member.path


@per_wheel
def macho_slices(wheel: Wheel) -> list[tuple[Member, Image, tuple[str, ...]]]:
    """Return the Mach-O slices that processes of the targets load, and the triples of these targets."""
    return [
        (member, image, tags)
        for member in wheel.members
        if member.role in RUN
        for image in member.images
        if image.macho is not None and (tags := loading_triples(wheel, image))
    ]


@per_wheel
def macho_edges(wheel: Wheel) -> list[tuple[Edge, tuple[str, ...]]]:
    """Return what the slices of `macho_slices` need that is not the system's. Python's own library is WA312."""
    return [
        (edge, tags)
        for edge in wheel.edges
        if edge.image.macho is not None and not from_apple(edge.name) and edge.loader.role in RUN
        if python_library(edge.name) is None and (tags := loading_triples(wheel, edge.image))
    ]


@per_wheel
def own_folders(wheel: Wheel) -> set[str]:
    """Return the top-level folders and files of the installed wheel, and the folders that repair tools would add."""
    paths = [entry.name for entry in wheel.entries] + [member.path for member in wheel.members]
    return {installed_path(path).partition("/")[0] for path in paths} | _repair_folders(wheel)


@per_wheel
def _repair_folders(wheel: Wheel) -> set[str]:
    """Return the folders that auditwheel, delvewheel and delocate would make for this wheel's libraries."""
    named = {(wheel.filename or "").partition("-")[0], wheel.dist_info.folder.partition("-")[0]}
    return {name + end for name in filter(None, named) for end in (".libs", ".dylibs")}


@per_wheel
def leads_elsewhere(wheel: Wheel, member: Member, image: Image) -> bool:
    """Whether a run path of the file leads to a folder of another distribution."""
    own = own_folders(wheel)
    return any(leads_out(folder, own) for folder in run_folders(member, image))


@per_wheel
def leads_to_repaired(wheel: Wheel, member: Member, image: Image) -> bool:
    """Whether a run path of the file leads to a folder in which a repair tool puts libraries for this wheel."""
    repaired = _repair_folders(wheel)
    return any(folder.partition("/")[0] in repaired for folder in run_folders(member, image))


def leads_out(folder: str, own: set[str]) -> bool:
    """Whether a path below site-packages leads to a folder of another distribution."""
    return folder.startswith("..") or (folder != "." and folder.partition("/")[0] not in own)
