"""WA505 and WA506: code signatures."""

from support.rules import problems
from support.systems import ARM64, IOS, MAC_ARM, MAC_BOTH, MAC_X86, X86_64, mac_wheel
from support.values import macho
from wheelarch.facts.wheel import Wheel
from wheelarch.model import CodeSignature, Fault, Kind, Role

UNSIGNED = macho(ARM64, signature=None)
MOVED = CodeSignature(4096, 512, in_place=False)


HITS: dict[str, list[Wheel]] = {
    "WA505": [
        mac_wheel(MAC_ARM, UNSIGNED),
        mac_wheel(MAC_BOTH, macho(X86_64, (10, 9, 0), signature=None), UNSIGNED),
        mac_wheel(
            MAC_ARM,
            macho(ARM64, None, "", signature=None),
            role=Role.SCRIPT,
            path="pkg-1.0.data/scripts/tool",
        ),
    ],
    "WA506": [
        mac_wheel(MAC_ARM, macho(ARM64, signature=MOVED)),
        mac_wheel(MAC_X86, macho(X86_64, (10, 9, 0), signature=MOVED)),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA505": [
        mac_wheel(MAC_ARM, macho(ARM64)),
        mac_wheel(MAC_X86, macho(X86_64, (10, 9, 0), signature=None)),
        # cffi for iOS: the app is signed later.
        mac_wheel(IOS, macho(ARM64, (13, 0, 0), "ios", signature=None)),
        mac_wheel(MAC_ARM, macho(ARM64, signature=None, kind=Kind.OBJECT), role=Role.SDK),
        mac_wheel(MAC_ARM, macho(ARM64, signature=None, kind=Kind.DEBUG), role=Role.DEBUG),
        mac_wheel(MAC_X86, macho(X86_64, (10, 9, 0)), UNSIGNED),
    ],
    "WA506": [mac_wheel(MAC_ARM, macho(ARM64)), mac_wheel(MAC_ARM, UNSIGNED)],
}


def test_an_unsigned_slice_is_named() -> None:
    """The slice of the universal file is named. A program dies when it starts; a library is refused."""
    (problem,) = problems("WA505", HITS["WA505"][1])
    assert (problem.slice, problem.tags) == ("arm64", ("cp311-cp311-macosx_10_9_universal2",))
    (program,) = problems(
        "WA505", mac_wheel(MAC_ARM, macho(ARM64, signature=None, kind=Kind.EXECUTABLE), role=Role.SCRIPT)
    )
    assert program.consequence == "Killed: 9"
    assert problem.consequence.endswith("not valid for use in process")


def test_damage_is_not_absence() -> None:
    """A load command that is missing in a damaged slice may be in the damaged part."""
    image = macho(ARM64, None, "", signature=None, faults=(Fault("truncated", 40, "load commands"),))
    assert problems("WA505", mac_wheel(MAC_ARM, image)) == []
