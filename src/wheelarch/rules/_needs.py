"""What rules about needed libraries share: slices that the tags load, and where their run paths lead."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..facts.machines import FORMAT_OF_SYSTEM
from ..loading.graph import Edge, links, run_folders
from ..metadata.member_paths import installed_path
from ..model import Depth, Image, Member, Role
from ..platforms.python_libraries import python_library
from ..platforms.systems import from_apple

if TYPE_CHECKING:
    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = [
    "LIBRARIES",
    "LINKAGE_OF_LOADED",
    "LOADED",
    "MACHO_HEADERS",
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
"""What an import loads for certain."""


LIBRARIES = (*LOADED, Role.LIBRARY)


_RUN = (*LIBRARIES, Role.SCRIPT, Role.EXECUTABLE)


MACHO_HEADERS = dict.fromkeys(_RUN, Depth.HEADER)


LINKAGE_OF_LOADED = dict.fromkeys(LOADED, Depth.LINKAGE)


@lazy.once
def loading_targets(wheel: Wheel, image: Image) -> list[Target]:
    """Return the live triples whose processes load a slice of this format and machine."""
    return [
        target
        for target in wheel.targets
        if FORMAT_OF_SYSTEM.get(target.system) is image.format and image.machine.value in target.arches
    ]


@lazy.once
def loading_triples(wheel: Wheel, image: Image) -> tuple[str, ...]:
    return tuple(target.triple for target in loading_targets(wheel, image))


def slice_name(member: Member, image: Image) -> str | None:
    return image.arch if len(member.images) > 1 else None


def slice_title(member: Member, image: Image) -> str:
    """Return how a message names a slice."""
    name = slice_name(member, image)
    return f"the {name} slice of {member.path}" if name else member.path


@lazy.once
def macho_slices(wheel: Wheel) -> list[tuple[Member, Image, tuple[str, ...]]]:
    """Return the Mach-O slices that processes of the tags load, with the triples of these."""
    return [
        (member, image, tags)
        for member in wheel.members
        if member.role in _RUN
        for image in member.images
        if image.macho is not None and (tags := loading_triples(wheel, image))
    ]


@lazy.once
def macho_edges(wheel: Wheel) -> list[tuple[Edge, tuple[str, ...]]]:
    """Return what those slices need from outside the system, Python's own library left to WA312."""
    return [
        (edge, tags)
        for edge in links(wheel.members)
        if edge.image.macho is not None and not from_apple(edge.name) and edge.loader.role in _RUN
        if python_library(edge.name) is None and (tags := loading_triples(wheel, edge.image))
    ]


@lazy.once
def own_folders(wheel: Wheel) -> set[str]:
    """Return the top-level folders and files of the wheel, as installed, with those that repair tools would add."""
    paths = [entry.name for entry in wheel.entries] + [member.path for member in wheel.members]
    return {installed_path(path).partition("/")[0] for path in paths} | _repair_folders(wheel)


@lazy.once
def _repair_folders(wheel: Wheel) -> set[str]:
    """Return the folders where auditwheel, delvewheel and delocate put libraries for this wheel, there or not."""
    named = {(wheel.filename or "").partition("-")[0], wheel.dist_info.folder.partition("-")[0]}
    return {name + end for name in filter(None, named) for end in (".libs", ".dylibs")}


@lazy.once
def leads_elsewhere(wheel: Wheel, member: Member, image: Image) -> bool:
    """Whether a run path of the file leads to what another distribution installs."""
    own = own_folders(wheel)
    return any(leads_out(folder, own) for folder in run_folders(member, image))


@lazy.once
def leads_to_repaired(wheel: Wheel, member: Member, image: Image) -> bool:
    """Whether a run path of the file leads to where a repair tool puts libraries for this wheel."""
    repaired = _repair_folders(wheel)
    return any(folder.partition("/")[0] in repaired for folder in run_folders(member, image))


def leads_out(folder: str, own: set[str]) -> bool:
    """Whether a path below site-packages leads to what another distribution installs."""
    return folder.startswith("..") or (folder != "." and folder.partition("/")[0] not in own)
