"""WA208, WA212 on plain values."""

import pytest

from support.machines import (
    ARM64,
    GOOD_LINUX,
    GOOD_WIN,
    HOOK,
    LINUX,
    MAC_ARM,
    WIN,
    X86,
    X86_64,
    fat,
    library,
)
from support.rules import severities
from support.values import elf, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Machine, Role, Severity

HITS: dict[str, list[Wheel]] = {
    "WA208": [
        wheel(WIN, member("pkg/_core.so", elf(X86_64, hooks=HOOK))),
        wheel(MAC_ARM, member("pkg/_core.so", elf(ARM64, hooks=HOOK))),
        wheel(LINUX, GOOD_LINUX, library("pkg/foo.dll", pe(X86_64))),
    ],
    "WA212": [wheel(WIN, member("pkg/helper-arm64.dll", pe(X86_64), role=Role.FAMILY))],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA208": [
        wheel(WIN, GOOD_WIN),
        wheel(WIN, GOOD_WIN, member("pkg/libportaudio.dylib", *fat(X86_64, ARM64), role=Role.FAMILY)),
        wheel(LINUX, GOOD_LINUX, member("pkg/Any.dll", pe(X86, clr_flags=0x1)._replace(machine=Machine.ANY))),
    ],
    "WA212": [
        wheel(WIN, member("pkg/attach_amd64.dll", pe(X86_64), role=Role.FAMILY)),
        wheel(WIN, member("pkg/cli.exe", pe(X86), role=Role.FAMILY)),
        wheel(WIN, member("pkg/foo_x86_arm64.dll", pe(X86_64), role=Role.LIBRARY)),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA208", HITS["WA208"][0], Severity.ERROR),
        ("WA208", HITS["WA208"][2], Severity.NOTE),
        ("WA208", wheel(LINUX, GOOD_LINUX, library("other/foo.dll", pe(X86_64))), Severity.WARNING),
        ("WA208", wheel(LINUX, library("pkg/foo.dll", pe(X86_64))), Severity.ERROR),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """The severity follows what certainly fails."""
    assert severities(code, subject) == [severity]
