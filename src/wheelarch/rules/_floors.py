"""What the rules about systems share: roles of code that runs, slices and their targets, versions, and severities.

A tag promises an oldest system (a floor). These helpers pair each slice with the targets whose processes load it, and
say which floor a target sets for the slice's machine.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.roles import is_product
from ..facts.wheel import per_wheel
from ..model import Depth, Image, Kind, Machine, Member, Role, Severity
from .grades import Deviation, Grade, Grades

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = [
    "LIBRARIES_AND_MODULES",
    "NEWER_SYSTEM",
    "PROGRAMS_OF_WHEEL",
    "RUN",
    "RUN_HEADERS",
    "Slice",
    "Version",
    "apple_platform_of",
    "dotted",
    "hopeless",
    "loadable_slices",
    "major_minor",
    "newer_system_kind",
    "required_floor",
    "severity_by_role",
    "targets_of",
]

Version = tuple[int, int]
LIBRARIES_AND_MODULES = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY)
PROGRAMS_OF_WHEEL = (Role.SCRIPT, Role.EXECUTABLE)
RUN = (*LIBRARIES_AND_MODULES, *PROGRAMS_OF_WHEEL)
"""The roles of code that users of the wheel run."""
RUN_HEADERS: Mapping[Role, Depth] = dict.fromkeys(RUN, Depth.HEADER)
_CODE_KINDS = (Kind.SHARED_LIBRARY, Kind.BUNDLE, Kind.EXECUTABLE)
_ARCH_FLOORS: Mapping[tuple[str, Machine], Version] = {
    ("macos", Machine.ARM64): (11, 0),
    ("ios-simulator", Machine.ARM64): (14, 0),
}
"""The oldest system that runs a machine on a platform, whatever the tag says.

Source: LLVM Triple::getMinimumSupportedOSVersion.
"""


class Slice(NamedTuple):
    """One image of a member."""

    member: Member
    image: Image
    name: str | None
    """The slice's architecture; None for a thin file."""

    def __str__(self) -> str:
        """Return how messages name the slice."""
        return f"the {self.name} slice of {self.member.path}" if self.name else self.member.path


def loadable_slices(wheel: Wheel, roles: tuple[Role, ...]) -> Iterator[Slice]:
    """Yield the Mach-O images that a process could load, of members with one of these roles."""
    for member in wheel.members:
        if member.role in roles:
            for image in member.images:
                if image.macho is not None and image.kind in _CODE_KINDS:
                    yield Slice(member, image, image.arch if len(member.images) > 1 else None)


def targets_of(wheel: Wheel, image: Image, *systems: str) -> list[Target]:
    """Return the targets of these systems whose processes load a slice of this machine."""
    return [
        target
        for target in wheel.targets
        if target.system in systems and image.machine.value in target.arches
    ]


def apple_platform_of(target: Target) -> str:
    """Return the Apple platform of a target, as `MachoFacts.platform` spells it."""
    if target.system == "macos":
        return "macos"
    return "ios-simulator" if target.platform.endswith("_iphonesimulator") else "ios"


def major_minor(version: tuple[int, ...]) -> Version:
    """Return the major and minor version. SDKs before 11 call macOS 11.0 10.16."""
    return (11, 0) if version[:2] == (10, 16) else (version[0], version[1])


def dotted(version: Version) -> str:
    """Return a version as text."""
    return f"{version[0]}.{version[1]}"


def required_floor(target: Target, image: Image) -> Version:
    """Return the oldest system on which a target promises a slice of this machine."""
    floor = target.floor or (0, 0)
    return max(floor, _ARCH_FLOORS.get((apple_platform_of(target), image.machine), (0, 0)))


def severity_by_role(member: Member, wheel: Wheel) -> Severity:
    """Return how bad it is that a binary cannot be loaded: an error if the wheel does not work without it."""
    if member.role in (Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT) or is_product(member, wheel):
        return Severity.ERROR
    return Severity.WARNING


NEWER_SYSTEM = Grades(
    "A file is built for a newer system than the tag promises",
    {
        "needed": Grade(
            "an extension module or a script, a library that these need, or all that a wheel has",
            Severity.ERROR,
            "the loader of an older system refuses it",
            (
                Deviation(
                    ("macos", "ios"),
                    Severity.WARNING,
                    "dyld does not look at the version, and fails only where a function is missing",
                ),
            ),
        ),
        "proven": Grade(
            "a Mach-O file that uses a function which the older systems lack",
            Severity.ERROR,
            "dyld does not find the function",
        ),
        "library": Grade(
            "a library that no other file needs, beside other files",
            Severity.WARNING,
            "maybe no Python code opens it",
        ),
        "program": Grade(
            "a helper program",
            Severity.WARNING,
            "it may serve something that few use",
            (Deviation(("macos", "ios"), Severity.NOTE, "dyld starts it in spite of the version"),),
        ),
        "weak": Grade(
            "a file whose loader asks for the version, but loads without it",
            Severity.WARNING,
            "what needs the version may fail later",
        ),
        "copied": Grade(
            "a file for which the wheel, or another distribution, has a copy of the library",
            Severity.WARNING,
            "the copy may be loaded first",
        ),
        "disputed": Grade(
            "a file that needs a version which the tag's image has and its policy does not list",
            Severity.WARNING,
            "systems of the tag differ (auditwheel issue 523)",
        ),
        "unreleased": Grade(
            "a file that needs a version which no release of glibc has yet",
            Severity.NOTE,
            "distributions added it",
        ),
        "unreachable": Grade(
            "a file for systems on which no Python of the tag runs", Severity.NOTE, "nobody has such a system"
        ),
        "test-data": Grade("test data", Severity.NOTE, "no user loads it"),
    },
)
"""How much it matters on each system."""


def newer_system_kind(member: Member, wheel: Wheel) -> str:
    """Return which row of `NEWER_SYSTEM` is about a member by its role."""
    if severity_by_role(member, wheel) is Severity.ERROR:
        return "needed"
    return "program" if member.role in PROGRAMS_OF_WHEEL else "library"


def hopeless(wheel: Wheel, failures: Iterable[tuple[Member, Iterable[Target]]]) -> set[str]:
    """Return the triples under which nothing is left that users of the wheel could start, import or open.

    A wheel that is made for its programs is of no use if all of them fail, and the same goes for one that has nothing
    but libraries.

    Args:
        wheel: The wheel.
        failures: Its files that cannot be loaded, each with the targets under which it cannot.
    """
    failing: dict[str, set[str]] = {}
    failed: dict[str, Target] = {}
    for member, targets in failures:
        for target in targets:
            failed[target.triple] = target
            failing.setdefault(target.triple, set()).add(member.path)
    known: dict[tuple[object, ...], bool] = {}
    for triple, target in failed.items():
        key = (target.arches, frozenset(failing[triple]))
        if key not in known:
            known[key] = _nothing_is_left(wheel, failing[triple], target)
        if not known[key]:
            del failing[triple]
    return set(failing)


def _nothing_is_left(wheel: Wheel, failing: Iterable[str], target: Target) -> bool:
    """Whether every file that a target's users would start or open fails, or needs a file of the wheel that does."""
    needing: dict[str, list[int]] = {}
    left = []
    for index, edge in enumerate(wheel.edges):
        left.append(len(edge.found))
        if not edge.optional:
            for library in edge.found:
                needing.setdefault(library.path, []).append(index)
    waiting = list(failing)
    broken = set(waiting)
    while waiting:
        for index in needing.get(waiting.pop(), ()):
            left[index] -= 1
            loader = wheel.edges[index].loader.path
            if not left[index] and loader not in broken:
                broken.add(loader)
                waiting.append(loader)
    return all(
        one.path in broken
        for one in _entrances(wheel)
        if any(image.machine.value in target.arches for image in one.images)
    )


@per_wheel
def _entrances(wheel: Wheel) -> list[Member]:
    """Return the files that users of the wheel start, import or open: those that no other file of it needs."""
    needed = {
        library.path for edge in wheel.edges for library in edge.found if library.path != edge.loader.path
    }
    running = [one for one in wheel.members if one.role in RUN and one.images]
    return [one for one in running if one.path not in needed] or running
