"""WA209 to WA211 on plain values."""

import pytest

from support.machines import (
    ANY,
    ARM64,
    GOOD_WIN,
    HOOK,
    WIN,
    WIN32,
    WIN_ARM,
    X86,
    X86_64,
    library,
)
from support.rules import severities
from support.values import member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Role, Severity

HITS: dict[str, list[Wheel]] = {
    "WA209": [
        wheel(
            WIN,
            member("pkg/_core.pyd", pe(X86_64, "python311.dll", hooks=HOOK, variant="arm64ec", chpe=True)),
        ),
        wheel(WIN_ARM, member("pkg/_core.pyd", pe(X86_64, "python311.dll", hooks=HOOK, variant="arm64ec"))),
    ],
    "WA210": [
        wheel(
            WIN, member("pkg/_core.pyd", pe(ARM64, "python311.dll", hooks=HOOK, variant="arm64x", chpe=True))
        ),
        wheel(WIN_ARM, member("pkg/_core.pyd", pe(ARM64, "python311.dll", hooks=HOOK, variant="arm64x"))),
    ],
    "WA211": [
        wheel(WIN, member("pkg/Old.dll", pe(X86, clr_flags=0x3), role=Role.MANAGED)),
        wheel(WIN, member("pkg/Prefers.dll", pe(X86, clr_flags=0x20003), role=Role.MANAGED)),
        wheel(WIN, member("pkg/Arm.dll", pe(ARM64, clr_flags=0x1), role=Role.MANAGED)),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA209": [wheel(WIN, GOOD_WIN), wheel(WIN32, member("pkg/_core.pyd", pe(X86, hooks=HOOK)))],
    "WA210": [wheel(WIN, GOOD_WIN), wheel(WIN_ARM, member("pkg/_core.pyd", pe(ARM64, hooks=HOOK)))],
    "WA211": [
        wheel(WIN, member("pkg/Python.Runtime.dll", pe(X86, clr_flags=0x9), role=Role.MANAGED)),
        wheel(WIN32, member("pkg/Old.dll", pe(X86, clr_flags=0x3), role=Role.MANAGED)),
        wheel(WIN, member("pkg/ClrLoader.dll", pe(X86_64, clr_flags=0x0), role=Role.LIBRARY)),
        wheel(ANY, member("pkg/Old.dll", pe(X86, clr_flags=0x3), role=Role.MANAGED)),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA209", wheel(WIN, GOOD_WIN, library("pkg/foo.dll", pe(X86_64, variant="arm64ec"))), Severity.NOTE),
        ("WA210", HITS["WA210"][0], Severity.ERROR),
        ("WA210", HITS["WA210"][1], Severity.NOTE),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """The severity follows what certainly fails."""
    assert severities(code, subject) == [severity]
