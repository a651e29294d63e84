"""What the tags demand of the machine of each member, and which members do not meet it."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..loading.graph import can_load, links
from ..model import Format, Image, Kind, Member, Role
from ..platforms.python_libraries import python_library
from ..platforms.systems import from_system
from .families import family_arches
from .machines import FORMAT_OF_SYSTEM, arch_token, demanded_arches, fits, is_managed
from .module_variants import shadowed_variants

if TYPE_CHECKING:
    from .wheel import Wheel

__all__ = [
    "LIBRARIES",
    "LOADED",
    "NARROW",
    "PROGRAMS",
    "SUB_ABI",
    "Demand",
    "all_lacking_machines",
    "copies_by_file_name",
    "demand_of",
    "is_all_that_fits",
    "is_loadable_kind",
    "is_payload",
    "lacking_machines",
    "unusable_libraries",
    "wanted_arches",
]

LOADED = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY)


LIBRARIES = (Role.DEPENDENCY, Role.LIBRARY)


PROGRAMS = (Role.SCRIPT, Role.EXECUTABLE)


_JUDGED = (*LOADED, *PROGRAMS)


SUB_ABI = frozenset({
    "x32", "ilp32", "soft-float", "single-float", "quad-float", "eabi4", "elfv1", "rve", "big-endian", "little-endian"
})  # fmt: skip


NARROW = {"arm64e": "arm64", "x86_64h": "x86_64"}
"""Mach-O subtypes that only some processes of their machine load (dyld GradedArchitectures)."""


class Demand(NamedTuple):
    """What the tags ask of one member, for the system whose format it has."""

    system: str
    arches: tuple[str, ...]
    triples: tuple[str, ...]
    have: tuple[str, ...]
    """The architectures of its images."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Demanded and not held. Formats without slices hold one architecture, so one of the demanded is enough."""
        missing = tuple(arch for arch in self.arches if arch not in self.have)
        if self.system not in ("macos", "ios") and len(missing) < len(self.arches):
            return ()
        return missing


def demand_of(wheel: Wheel, member: Member) -> Demand | None:
    """Return what the tags ask of the member, or None where they ask nothing of its format."""
    if not member.images:
        return None
    format_ = member.images[0].format
    for target in wheel.targets:
        if FORMAT_OF_SYSTEM.get(target.system) is format_ and target.arches:
            system = target.system
            arches = demanded_arches(wheel.targets, system)
            have = tuple(dict.fromkeys(image.arch for image in member.images if is_loadable_kind(image)))
            if format_ is Format.PE and "arm64x" in have and "arm64" in arches:
                have = ("arm64", *have)
            triples = tuple(one.triple for one in wheel.targets if one.system == system)
            return Demand(system, arches, triples, have)
    return None


def is_loadable_kind(image: Image) -> bool:
    """Whether the slice is one that a loader takes at all: a fat file may hold an archive or garbage."""
    return image.kind in (Kind.SHARED_LIBRARY, Kind.BUNDLE, Kind.EXECUTABLE, Kind.MODULE)


def is_all_that_fits(wheel: Wheel, member: Member) -> bool:
    """Whether nothing else that is native in the wheel fits its tags: then this program is what the wheel is for."""
    return not any(
        fits(other, wheel.targets)
        for other in wheel.members
        if other.path != member.path and other.role in (*LOADED, *PROGRAMS)
    )


def lacking_machines(wheel: Wheel, roles: tuple[Role, ...]) -> list[tuple[Member, Demand]]:
    """Return the members of these roles that lack architectures which the tags demand, each with its demand.

    What WA209, WA210, WA216 and WA218 say more exactly is left to them, and so are variants of a module that no
    target imports (WA407).
    """
    return [(member, demand) for member, demand in all_lacking_machines(wheel) if member.role in roles]


@lazy.once
def all_lacking_machines(wheel: Wheel) -> list[tuple[Member, Demand]]:
    """Return every member that lacks a demanded machine, with what is demanded of it."""
    found = []
    families: dict[str, set[str]] = {}
    for member in wheel.members:
        if member.role not in _JUDGED or all(map(is_managed, member.images)):
            continue
        demand = demand_of(wheel, member)
        if demand is None or not demand.missing:
            continue
        if member.path in shadowed_variants(wheel.members, wheel.targets):
            continue
        families = families or family_arches(wheel.members)
        if demand.system == "macos" and families[member.path].issuperset(demand.arches):
            continue  # one file a slice, told apart by name: whoever loads them chooses (rules.md 10.12)
        if any(_said_better(image, demand) for image in member.images):
            continue
        found.append((member, demand))
    return found


def _said_better(image: Image, demand: Demand) -> bool:
    if image.variant in ("arm64ec", "arm64x"):
        return "x86_64" in demand.arches or "arm64" in demand.arches
    if image.variant in NARROW:
        return NARROW[image.variant] in demand.missing
    return image.variant in SUB_ABI and image.machine.value in demand.arches


def copies_by_file_name(wheel: Wheel) -> dict[str, set[str]]:
    """Return the architectures of all libraries of the wheel by their file name."""
    copies: dict[str, set[str]] = {}
    for member in wheel.members:
        if member.role in LOADED:
            copies.setdefault(member.name, set()).update(image.arch for image in member.images)
    return copies


@lazy.once
def unusable_libraries(wheel: Wheel) -> list[tuple[Member, Demand, str]]:
    """Return libraries that a process of the tags needs and can't load, with the demand and with who needs it.

    What the dependency graph knows decides: a library is wrong for those slices that need it and that nothing
    which answers them serves, whatever else the tags name. A library that nothing in the wheel needs, or that
    only files for other machines need, is judged by its place: Python code opens it (ctypes, cffi). One copy a
    slice under the same file name is then right.
    """
    wrong, found = lacking_machines(wheel, LIBRARIES), []
    if not wrong:
        return []
    arches, copies = wanted_arches(wheel), copies_by_file_name(wheel)
    served: set[str] = set()
    unserved: dict[str, dict[str, Member]] = {}
    for edge in links(wheel.members):
        serves_edge = any(can_load(edge.image, image) for library in edge.found for image in library.images)
        for library in edge.found:
            if not serves_edge and not edge.optional:
                unserved.setdefault(library.path, {}).setdefault(edge.image.arch, edge.loader)
            elif edge.loader.role in PROGRAMS or edge.image.arch in arches:
                served.add(library.path)
    for member, demand in wrong:
        needed_by = {
            arch: loader for arch, loader in unserved.get(member.path, {}).items() if arch in demand.missing
        }
        if needed_by:
            arch, loader = next(iter(needed_by.items()))
            slices = f"the {arch} slice of " if len(loader.images) > 1 else ""
            narrowed = demand._replace(arches=tuple(arch for arch in demand.arches if arch in needed_by))
            found.append((member, narrowed, f"; {slices}{loader.path} needs it"))
        elif member.path not in served and not copies.get(member.name, set()).issuperset(demand.arches):
            found.append((member, demand, ""))
    return found


def is_payload(wheel: Wheel, member: Member) -> bool:
    """Whether a library for another machine, which nothing in the wheel needs, is meant for other processes.

    Its own name says so: it names the machine rightly (`inject_arm64.dll`), or it is that of a library which the
    system or Python brings along, so that the wheel's own processes never open this copy (a root file system, an
    embedded Python). Not so where the wheel has nothing else that fits.
    """
    named = all(arch_token(member.name) == image.arch for image in member.images)
    brought = from_system(member.name) or python_library(member.name) is not None
    return (named or brought) and not is_all_that_fits(wheel, member)


def wanted_arches(wheel: Wheel) -> set[str]:
    """Return every architecture that a live triple demands."""
    return {arch for target in wheel.targets for arch in target.arches}
