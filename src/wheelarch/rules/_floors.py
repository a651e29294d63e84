"""What the rules about systems share: roles of code that runs, slices and their targets, versions, and severities.

A tag promises an oldest system (a floor). These helpers pair each slice with the targets whose processes load it, and
say which floor a target sets for the slice's machine.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.roles import is_product
from ..model import Depth, Image, Kind, Machine, Member, Role, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = [
    "LIBRARIES_AND_MODULES",
    "PROGRAMS_OF_WHEEL",
    "RUN",
    "RUN_HEADERS",
    "Slice",
    "Version",
    "apple_platform_of",
    "dotted",
    "loadable_slices",
    "major_minor",
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
