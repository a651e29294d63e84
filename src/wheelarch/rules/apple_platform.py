"""WA503, WA504: the Apple platform that a file was built for.

The platform is in a load command of each slice. WA503 compares it with the platform of the tags; WA504 reports slices
without such a command.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.promise import triples_of
from ..model import Fact, Format, Severity
from ._floors import (
    RUN,
    RUN_HEADERS,
    apple_platform_of,
    dotted,
    loadable_slices,
    required_floor,
    severity_by_role,
    targets_of,
)
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel


__all__ = ["missing_platform_command", "wrong_apple_platform"]

_DYLD_NAMES: Mapping[str, str] = {
    "macos": "macOS",
    "ios": "iOS",
    "ios-simulator": "iOS-simulator",
    "catalyst": "macCatalyst",
    "tvos": "tvOS",
    "tvos-simulator": "tvOS-simulator",
    "watchos": "watchOS",
    "watchos-simulator": "watchOS-simulator",
    "bridgeos": "bridgeOS",
    "driverkit": "driverKit",
}
"""How dyld spells the platforms (dyld mach_o/Platform.cpp)."""


@rule(
    "WA503",
    "wrong-apple-platform",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("apple-platform",),
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    rests_on=(Fact.MINOS,),
    breaks_promise=Severity.ERROR,
)
def wrong_apple_platform(wheel: Wheel) -> Iterator[Problem]:
    """A binary was built for another Apple platform than the tag names.

    What it does:
        Compares the platform in the slice's build-version command (macOS, iOS, iOS simulator, Mac Catalyst, ...) with
        the platform of the tag. A library that is built for both macOS and Catalyst counts as a macOS library.

    Why it is bad:
        A process only loads code of its own platform, even if the machine is the same.

    Example:
        An arm64 extension that was built with the iOS SDK, in a wheel tagged `macosx_11_0_arm64`. Or an extension for
        the iPhone in a wheel tagged `ios_13_0_arm64_iphonesimulator`.

    How to fix:
        Build with the SDK of the platform that the tag names.

    Known limits:
        A slice without a platform command is WA504.

    References:
        dyld mach_o/UnsafeHeader.cpp, mach_o/Platform.cpp, common/MachOFile.cpp; PEP 730; docs/facts/loaders.md, "Apple
        platforms and minimum systems".
    """
    for slice_ in loadable_slices(wheel, RUN):
        member, image, name = slice_
        targets = targets_of(wheel, image, "macos", "ios")
        have = image.macho.platform if image.macho else ""
        wanted = {apple_platform_of(target): target for target in targets}
        if not have or not wanted or have in wanted:
            continue
        need = next(iter(wanted))
        built, demanded = _DYLD_NAMES.get(have, have), _DYLD_NAMES[need]
        yield Problem(
            f"{slice_} is built for {built}, but the tag is for {demanded}",
            member.path,
            name,
            triples_of(targets),
            {"have": built, "need": demanded},
            f"mach-o file ({member.name}), but incompatible platform (have '{built}', need '{demanded}')",
            severity_by_role(member, wheel),
        )


@rule(
    "WA504",
    "missing-platform-command",
    Family.SYSTEM,
    Severity.NOTE,
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    breaks_promise=Severity.ERROR,
)
def missing_platform_command(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O slice does not say which system it was built for.

    What it does:
        Looks for slices with neither LC_BUILD_VERSION nor one of the LC_VERSION_MIN commands.

    Why it is bad:
        It is unknown whether the slice keeps the promise of the tag. dyld treats it as code for macOS 10.5, on arm64
        for macOS 11.0, and loads it.

    Example:
        A program linked by the Go linker, which writes no such command.

    How to fix:
        Link with the system's linker, or leave it.

    Known limits:
        A damaged slice is not checked: its command may be in the damaged part.

    References:
        dyld mach_o/UnsafeHeader.cpp; docs/facts/loaders.md, "Apple platforms and minimum systems".
    """
    for slice_ in loadable_slices(wheel, RUN):
        member, image, name = slice_
        targets = targets_of(wheel, image, "macos")
        if targets and image.macho and not image.macho.platform and not image.damaged:
            yield Problem(
                f"{slice_} does not name its platform in a load command, so its oldest system is unknown",
                member.path,
                name,
                triples_of(targets),
                {"need": dotted(min(required_floor(target, image) for target in targets))},
            )
