"""WA205 to WA207 on plain values."""

import pytest

from support.machines import (
    ANY,
    ARM64,
    GOOD_LINUX,
    GOOD_MAC,
    GOOD_WIN,
    HOOK,
    LINUX,
    MAC_ARM,
    MAC_EXT,
    MAC_X86,
    TOOL_MAC_ARM,
    TOOL_WIN,
    TOOL_WIN_ARM,
    WIN,
    WIN32,
    X86,
    X86_64,
    program,
)
from support.rules import severities
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Role, Severity

HITS: dict[str, list[Wheel]] = {
    "WA205": [
        wheel(TOOL_WIN, program("pkg-1.0.data/scripts/tool.exe", pe(ARM64), role=Role.SCRIPT)),
        wheel(TOOL_MAC_ARM, program("pkg/bin/tool", macho(X86_64))),
        wheel(MAC_X86, member(MAC_EXT, macho(X86_64, hooks=HOOK)), program("pkg/bin/tool", macho(ARM64))),
        wheel(WIN32, program("pkg/tool.exe", pe(X86_64))),
    ],
    "WA206": [
        wheel(MAC_ARM, GOOD_MAC, program("pkg/bin/helper", macho(X86_64))),
        wheel(TOOL_WIN_ARM, program("pkg/tool.exe", pe(X86_64))),
    ],
    "WA207": [
        wheel(WIN, GOOD_WIN, member("pkg/attach_x86.dll", pe(X86), role=Role.FAMILY)),
        wheel(LINUX, GOOD_LINUX, member("pkg/testdata/a.so", elf(ARM64), role=Role.TEST_DATA)),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA205": [
        wheel(WIN, GOOD_WIN, program("pkg/cli.exe", pe(X86))),
        wheel(TOOL_WIN_ARM, program("pkg-1.0.data/scripts/ninja.exe", pe(ARM64), role=Role.SCRIPT)),
        wheel(MAC_ARM, GOOD_MAC, program("pkg/bin/helper", macho(X86_64))),
        wheel(TOOL_WIN_ARM, program("pkg/tool.exe", pe(X86_64))),
    ],
    "WA206": [
        wheel(WIN, GOOD_WIN, program("pkg/cli.exe", pe(X86))),
        wheel(TOOL_MAC_ARM, program("pkg/bin/tool", macho(X86_64))),
        wheel(MAC_X86, program("pkg/bin/tool", macho(ARM64))),
    ],
    "WA207": [
        wheel(WIN, GOOD_WIN, member("pkg/attach_amd64.dll", pe(X86_64), role=Role.FAMILY)),
        wheel(ANY, member("pkg/attach_x86.dll", pe(X86), role=Role.FAMILY)),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA205", HITS["WA205"][0], Severity.ERROR),
        ("WA205", HITS["WA205"][1], Severity.ERROR),
        ("WA205", HITS["WA205"][2], Severity.WARNING),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """The severity follows what certainly fails."""
    assert severities(code, subject) == [severity]
