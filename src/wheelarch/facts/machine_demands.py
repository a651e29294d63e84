"""What the tags demand of the machine of each member, and which members do not meet it.

`demand_of` compares the architectures of one member with the tags. `lacking_machines` goes through all members and
leaves out those that another rule reports more exactly. `unusable_libraries` keeps of their libraries those that a
process of the tags would load: the dependency graph says so, or if nothing needs the library, its place.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..loading.graph import can_load
from ..model import Format, Image, Kind, Member, Role
from ..platforms.python_libraries import python_library
from ..platforms.systems import from_system
from .families import family_arches
from .machines import FORMAT_OF_SYSTEM, arch_token, demanded_arches, fits, is_managed
from .module_variants import shadowed_variants
from .wheel import per_wheel

if TYPE_CHECKING:
    from .wheel import Wheel

__all__ = [
    "LIBRARIES",
    "LOADABLE",
    "NARROW",
    "PROGRAMS",
    "SUB_ABI",
    "Demand",
    "UnusableLibrary",
    "demand_of",
    "is_for_other_processes",
    "lacking_machines",
    "nothing_else_fits",
    "tagged_arches",
    "unusable_libraries",
]

LIBRARIES = (Role.DEPENDENCY, Role.LIBRARY)
LOADABLE = (Role.EXTENSION, *LIBRARIES)
PROGRAMS = (Role.SCRIPT, Role.EXECUTABLE)

SUB_ABI = frozenset({
    "x32", "ilp32", "soft-float", "single-float", "quad-float", "eabi4", "elfv1", "rve", "big-endian", "little-endian"
})  # fmt: skip
"""Variants of ELF files that are for another ABI of their machine (docs/facts/loaders.md, "ELF machines and ABI
flags")."""

NARROW = {"arm64e": "arm64", "x86_64h": "x86_64"}
"""Mach-O subtypes that only some processes of their machine load (dyld, GradedArchitectures)."""


class Demand(NamedTuple):
    """What the tags demand of one member, for the system whose format it has."""

    system: str
    arches: tuple[str, ...]
    triples: tuple[str, ...]
    have: tuple[str, ...]
    """The architectures of its images."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What is demanded but not there. In formats without slices one of the demanded architectures is enough."""
        missing = tuple(arch for arch in self.arches if arch not in self.have)
        if self.system not in ("macos", "ios") and len(missing) < len(self.arches):
            return ()
        return missing


def demand_of(wheel: Wheel, member: Member) -> Demand | None:
    """Return what the tags demand of the member, or None if no tagged system loads its format."""
    if not member.images:
        return None
    format_ = member.images[0].format
    for target in wheel.targets:
        if FORMAT_OF_SYSTEM.get(target.system) is format_ and target.arches:
            system = target.system
            arches = demanded_arches(wheel.targets, system)
            have = tuple(dict.fromkeys(image.arch for image in member.images if _is_code(image)))
            if format_ is Format.PE and "arm64x" in have and "arm64" in arches:
                have = ("arm64", *have)
            triples = tuple(one.triple for one in wheel.targets if one.system == system)
            return Demand(system, arches, triples, have)
    return None


def _is_code(image: Image) -> bool:
    """Whether a loader takes the slice at all: a universal file may also contain an archive or garbage."""
    return image.kind in (Kind.SHARED_LIBRARY, Kind.BUNDLE, Kind.EXECUTABLE, Kind.MODULE)


def nothing_else_fits(wheel: Wheel, member: Member) -> bool:
    """Whether no other native file in the wheel fits the tags: then this one is what the wheel is for."""
    return not any(
        fits(other, wheel.targets)
        for other in wheel.members
        if other.path != member.path and other.role in (*LOADABLE, *PROGRAMS)
    )


def lacking_machines(wheel: Wheel, roles: tuple[Role, ...]) -> list[tuple[Member, Demand]]:
    """Return the members of these roles that lack architectures which the tags demand, each with its demand.

    Files that other rules report more exactly are left out: hybrid files, narrow subtypes, other ABIs of the right
    machine, and variants of a module that no target imports.
    """
    return [(member, demand) for member, demand in _all_lacking_machines(wheel) if member.role in roles]


@per_wheel
def _all_lacking_machines(wheel: Wheel) -> list[tuple[Member, Demand]]:
    """Return what `lacking_machines` returns for all roles."""
    found = []
    families: dict[str, set[str]] = {}
    for member in wheel.members:
        if member.role not in (*LOADABLE, *PROGRAMS) or all(map(is_managed, member.images)):
            continue
        demand = demand_of(wheel, member)
        if demand is None or not demand.missing:
            continue
        if member.path in shadowed_variants(wheel):
            continue
        families = families or family_arches(wheel.members)
        if demand.system == "macos" and families[member.path].issuperset(demand.arches):
            # One file per slice: whoever loads them chooses by name (docs/facts/tags-and-installers.md, "Disputed cases
            # and the choices made").
            continue
        if any(_has_own_rule(image, demand) for image in member.images):
            continue
        found.append((member, demand))
    return found


def _has_own_rule(image: Image, demand: Demand) -> bool:
    """Whether another rule says more exactly what is wrong with the machine of an image."""
    if image.variant in ("arm64ec", "arm64x"):
        return "x86_64" in demand.arches or "arm64" in demand.arches
    if image.variant in NARROW:
        return NARROW[image.variant] in demand.missing
    return image.variant in SUB_ABI and image.machine.value in demand.arches


def _arches_by_file_name(wheel: Wheel) -> dict[str, set[str]]:
    """Return the architectures of all modules and libraries of the wheel by their file name."""
    found: dict[str, set[str]] = {}
    for member in wheel.members:
        if member.role in LOADABLE:
            found.setdefault(member.name, set()).update(image.arch for image in member.images)
    return found


class UnusableLibrary(NamedTuple):
    """A library that a process of the tags needs and cannot load."""

    member: Member
    demand: Demand
    """What is demanded of it: by those who need it, or by the tags if nothing in the wheel does."""
    loader: Member | None
    """A member that needs it; None if nothing in the wheel does."""
    arch: str
    """The architecture of the slice that needs it."""


@per_wheel
def unusable_libraries(wheel: Wheel) -> list[UnusableLibrary]:
    """Return the libraries that a process of the tags needs and cannot load.

    The dependency graph decides: a library is wrong for the slices that need it if nothing that answers them fits,
    whatever else the tags name, and on Linux if the system does not provide it either. A library that nothing in the
    wheel needs, or that only files for other machines need, is judged by its place, because Python code opens it
    (ctypes, cffi). One copy per slice with the same file name is then right.
    """
    lacking, found = lacking_machines(wheel, LIBRARIES), []
    if not lacking:
        return []
    arches, copies = tagged_arches(wheel), _arches_by_file_name(wheel)
    served: set[str] = set()
    of_programs: set[str] = set()
    unserved: dict[str, dict[str, Member]] = {}
    for edge in wheel.edges:
        serves_edge = any(can_load(edge.image, image) for library in edge.found for image in library.images)
        # ld.so steps over a library for another machine, and goes on to the system's folders.
        if not serves_edge and edge.image.format is Format.ELF and from_system(edge.name):
            continue
        for library in edge.found:
            if not serves_edge and not edge.optional:
                unserved.setdefault(library.path, {}).setdefault(edge.image.arch, edge.loader)
            elif edge.loader.role in PROGRAMS or edge.image.arch in arches:
                served.add(library.path)
                if edge.image.arch not in arches:
                    of_programs.add(library.path)
    for edge in wheel.edges:
        # What needs a library of a program for another machine belongs to that program too (adb's AdbWinUsbApi.dll).
        if edge.image.arch not in arches and any(library.path in of_programs for library in edge.found):
            served.add(edge.loader.path)
    for member, demand in lacking:
        needed_by = {
            arch: loader for arch, loader in unserved.get(member.path, {}).items() if arch in demand.missing
        }
        if needed_by:
            arch, loader = next(iter(needed_by.items()))
            narrowed = demand._replace(arches=tuple(arch for arch in demand.arches if arch in needed_by))
            found.append(UnusableLibrary(member, narrowed, loader, arch))
        elif member.path not in served and not copies.get(member.name, set()).issuperset(demand.arches):
            found.append(UnusableLibrary(member, demand, None, ""))
    return found


def is_for_other_processes(wheel: Wheel, member: Member) -> bool:
    """Whether a library for another machine, which nothing in the wheel needs, is meant for other processes.

    Its name says so if it gives the right machine (`inject_arm64.dll`), or if it is the name of a library that comes
    with the system or with Python: then no process of the tags opens this copy, which belongs to a root file system
    or an embedded Python. But if nothing else in the wheel fits, the library is what the wheel is for.
    """
    named = all(arch_token(member.name) == image.arch for image in member.images)
    brought = from_system(member.name) or python_library(member.name) is not None
    return (named or brought) and not nothing_else_fits(wheel, member)


def tagged_arches(wheel: Wheel) -> set[str]:
    """Return every architecture that a live triple demands, on any system."""
    return {arch for target in wheel.targets for arch in target.arches}
