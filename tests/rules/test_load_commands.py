"""WA509 to WA511: load commands that dyld refuses."""

from typing import Any

import pytest

from support.needed import ARM64, HOMEBREW, MAC_BOTH, SYSTEM, X86_64, mac_module
from support.rules import problems, severities
from support.systems import IOS, MAC_ARM, MAC_EXT, MAC_X86, MANYLINUX, NOTE, WARNING
from support.values import elf, macho, member, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import BuildVersion, Dylib, Fault, Image, Machine, Role, Severity

UNKNOWN_COMMANDS = macho(unknown_required=((17, 0x80000099), (18, 0x8000009A)))


def linked_with_sdk(major: int, **facts: Any) -> Image:
    """A Mach-O slice that was linked with a macOS SDK of this major version."""
    return macho(build_versions=(BuildVersion("macos", (11, 0, 0), (major, 0, 0)),), **facts)


HITS: dict[str, list[Wheel]] = {
    "WA509": [
        mac_module(linked_with_sdk(26, rpaths=("@loader_path", "@loader_path/lib", "@loader_path"))),
        mac_module(linked_with_sdk(26, dylibs=(Dylib(SYSTEM, "load"), Dylib(SYSTEM, "load")))),
        mac_module(linked_with_sdk(14, rpaths=("@loader_path", "@loader_path"))),
    ],
    "WA510": [
        wheel(MAC_ARM, member(MAC_EXT, UNKNOWN_COMMANDS)),
        wheel(MAC_ARM, member("pkg/libx.dylib", UNKNOWN_COMMANDS, role=Role.LIBRARY)),
        wheel(IOS, member(MAC_EXT, UNKNOWN_COMMANDS)),
    ],
    "WA511": [
        mac_module(macho(X86_64, (10, 9, 0), chained_fixups=True), name=MAC_X86),
        mac_module(macho(ARM64, (13, 0, 0), "ios", chained_fixups=True), name=IOS),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA509": [
        mac_module(
            linked_with_sdk(
                26,
                rpaths=("@loader_path", "@loader_path/lib"),
                dylibs=(Dylib(SYSTEM, "load"), Dylib(HOMEBREW, "weak")),
            )
        ),
        mac_module(
            linked_with_sdk(
                26, rpaths=("@loader_path", "@loader_path"), faults=(Fault("outside", 32, "load command"),)
            )
        ),
    ],
    "WA510": [
        wheel(MAC_ARM, member(MAC_EXT, macho())),
        wheel("pkg-1.0-py3-none-any.whl", member("pkg/attach.dylib", UNKNOWN_COMMANDS, role=Role.LIBRARY)),
        wheel(MAC_ARM, member("pkg/tests/data/x.dylib", UNKNOWN_COMMANDS, role=Role.TEST_DATA)),
        wheel(MAC_X86, member(MAC_EXT, macho(Machine.X86_64), UNKNOWN_COMMANDS)),
        wheel(MANYLINUX, member("pkg/_core.so", elf())),
    ],
    "WA511": [
        mac_module(macho(chained_fixups=True)),
        mac_module(macho(X86_64, (11, 0, 0), chained_fixups=True), name=MAC_X86),
        mac_module(macho(X86_64, (10, 9, 0), chained_fixups=True), name=MAC_X86.replace("10_9", "11_0")),
        mac_module(macho(X86_64, (10, 9, 0)), name=MAC_X86),
        mac_module(macho(X86_64, None, chained_fixups=True), name=MAC_X86),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA509", mac_module(linked_with_sdk(26, rpaths=("a", "a"))), WARNING),
        ("WA509", mac_module(linked_with_sdk(15, rpaths=("a", "a"))), WARNING),
        ("WA509", mac_module(linked_with_sdk(14, rpaths=("a", "a"))), NOTE),
    ],
)
def test_severities(code: str, subject: Wheel, severity: Severity) -> None:
    """An SDK that no dyld refuses is a note."""
    assert severities(code, subject) == [severity]


def test_the_first_unknown_command_is_named() -> None:
    """The problem names the first unknown command, and the slice of a universal file."""
    (problem,) = problems("WA510", wheel(MAC_BOTH, member(MAC_EXT, macho(Machine.X86_64), UNKNOWN_COMMANDS)))
    assert problem.slice == "arm64"
    assert problem.evidence == {"index": "17", "command": "0x80000099"}
    assert problem.message == (
        f"the arm64 slice of {MAC_EXT} has the load command 0x80000099, "
        "which dyld must know but loader.h does not list"
    )
    assert problem.tags == ("cp311-cp311-macosx_11_0_universal2",)


@pytest.mark.parametrize(
    ("code", "subject", "message", "consequence"),
    [
        (
            "WA509",
            mac_module(linked_with_sdk(26, rpaths=("@loader_path", "@loader_path"))),
            f"{MAC_EXT} has two LC_RPATH commands for @loader_path",
            "duplicate LC_RPATH '@loader_path'",
        ),
        (
            "WA511",
            mac_module(macho(X86_64, (10, 9, 0), chained_fixups=True), name=MAC_X86),
            f"{MAC_EXT} is built for 10.9, but has chained fixups, which need 11.0",
            "unknown required load command 0x80000034",
        ),
    ],
)
def test_texts(code: str, subject: Wheel, message: str, consequence: str) -> None:
    """A problem says what is wrong in which file, and what users see."""
    (problem,) = problems(code, subject)
    assert (problem.message, problem.consequence) == (message, consequence)
