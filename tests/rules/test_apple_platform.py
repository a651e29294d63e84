"""WA503 and WA504: the Apple platform that a file was built for."""

from support.rules import problems, severities
from support.systems import (
    ANY,
    ARM64,
    ERROR,
    IOS,
    IOS_SIM,
    MAC_ARM,
    MAC_EXT,
    MAC_X86,
    WARNING,
    X86_64,
    mac_wheel,
)
from support.values import macho, member, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Fault, Kind, Role

HITS: dict[str, list[Wheel]] = {
    "WA503": [
        mac_wheel(MAC_ARM, macho(ARM64, (13, 0, 0), "ios")),
        mac_wheel(MAC_ARM, macho(ARM64, (14, 0, 0), "catalyst")),
        mac_wheel(IOS, macho(ARM64, (14, 0, 0), "ios-simulator")),
        mac_wheel(IOS_SIM, macho(ARM64, (13, 0, 0), "ios")),
        mac_wheel(IOS, macho(ARM64)),
    ],
    "WA504": [mac_wheel(MAC_ARM, macho(ARM64, None, "")), mac_wheel(MAC_X86, macho(X86_64, None, ""))],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA503": [
        mac_wheel(MAC_ARM, macho(ARM64)),
        mac_wheel(IOS, macho(ARM64, (13, 0, 0), "ios")),
        mac_wheel(IOS_SIM, macho(ARM64, (14, 0, 0), "ios-simulator")),
        mac_wheel(MAC_ARM, macho(ARM64, None, "")),
        mac_wheel(MAC_ARM, macho(ARM64, (13, 0, 0), "ios"), role=Role.TEST_DATA),
        mac_wheel(ANY, macho(ARM64, (13, 0, 0), "ios")),
    ],
    "WA504": [
        mac_wheel(MAC_ARM, macho(ARM64)),
        mac_wheel(MAC_ARM, macho(ARM64, None, "", kind=Kind.OBJECT)),
        mac_wheel(ANY, macho(ARM64, None, "")),
    ],
}


def test_both_platforms_are_named() -> None:
    """The consequence names both platforms as dyld spells them, and a helper program is a warning."""
    (problem,) = problems("WA503", mac_wheel(MAC_ARM, macho(ARM64, (13, 0, 0), "ios-simulator")))
    assert "incompatible platform (have 'iOS-simulator', need 'macOS')" in problem.consequence
    assert problem.severity is ERROR
    helper = member("pkg/tool", macho(ARM64, (13, 0, 0), "ios", kind=Kind.EXECUTABLE), role=Role.EXECUTABLE)
    assert severities("WA503", wheel(MAC_ARM, helper, member(MAC_EXT, macho(ARM64)))) == [WARNING]
    assert severities("WA503", wheel(MAC_ARM, helper)) == [ERROR]


def test_damage_is_not_absence() -> None:
    """A load command that is missing in a damaged slice may be in the damaged part."""
    image = macho(ARM64, None, "", signature=None, faults=(Fault("truncated", 40, "load commands"),))
    assert problems("WA504", mac_wheel(MAC_ARM, image)) == []
