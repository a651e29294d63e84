"""WA510 on plain values."""

import pytest

from support.values import elf, macho, member, wheel
from wheelarch.facts import Wheel
from wheelarch.model import Machine, Role
from wheelarch.rules import needed

MAC = "pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl"
EXT = "pkg/_core.cpython-311-darwin.so"
unknown = macho(unknown_required=((17, 0x80000099), (18, 0x8000009A)))

HITS: dict[str, list[Wheel]] = {
    "WA510": [
        wheel(MAC, member(EXT, unknown)),
        wheel(MAC, member("pkg/libx.dylib", unknown, role=Role.LIBRARY)),
        wheel("pkg-1.0-cp313-cp313-ios_13_0_arm64_iphoneos.whl", member(EXT, unknown)),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA510": [
        wheel(MAC, member(EXT, macho())),
        wheel("pkg-1.0-py3-none-any.whl", member("pkg/attach.dylib", unknown, role=Role.LIBRARY)),
        wheel(MAC, member("pkg/tests/data/x.dylib", unknown, role=Role.TEST_DATA)),
        wheel("pkg-1.0-cp311-cp311-macosx_10_9_x86_64.whl", member(EXT, macho(Machine.X86_64), unknown)),
        wheel("pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", member("pkg/_core.so", elf())),
    ],
}


@pytest.mark.parametrize("subject", HITS["WA510"])
def test_hits(subject: Wheel) -> None:
    """A command that dyld must know and that nobody knows is found."""
    assert list(needed.unknown_load_command.check(subject))


@pytest.mark.parametrize("subject", CLEAN["WA510"])
def test_clean(subject: Wheel) -> None:
    """Slices that no process of the tags loads do not matter."""
    assert list(needed.unknown_load_command.check(subject)) == []


def test_dyld_is_quoted() -> None:
    """The first unknown command is named as dyld names it, with the slice of a fat file."""
    subject = wheel(
        "pkg-1.0-cp311-cp311-macosx_11_0_universal2.whl", member(EXT, macho(Machine.X86_64), unknown)
    )
    (problem,) = needed.unknown_load_command.check(subject)
    assert problem.slice == "arm64"
    assert problem.consequence == "load command #17 unknown required load command 0x80000099"
    assert problem.tags == ("cp311-cp311-macosx_11_0_universal2",)
