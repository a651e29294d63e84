"""WA215 to WA217 on plain values."""

import pytest

from support.machines import (
    ARM64,
    GOOD_FAT,
    GOOD_MAC,
    HOOK,
    MAC_ARM,
    MAC_BOTH,
    MAC_EXT,
    MAC_X86,
    X86_64,
    fat,
)
from support.rules import severities
from support.values import macho, member, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Severity

HITS: dict[str, list[Wheel]] = {
    "WA215": [wheel(MAC_ARM, member(MAC_EXT, *fat(X86_64, ARM64, hooks=HOOK)))],
    "WA216": [
        wheel(MAC_ARM, member(MAC_EXT, macho(ARM64, variant="arm64e", hooks=HOOK))),
        wheel(MAC_X86, member(MAC_EXT, macho(X86_64, variant="x86_64h", hooks=HOOK))),
    ],
    "WA217": [
        wheel(MAC_BOTH, member(MAC_EXT, macho(X86_64, hooks=HOOK), macho(ARM64, hooks=HOOK, hidden=True)))
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA215": [wheel(MAC_BOTH, GOOD_FAT), wheel(MAC_ARM, GOOD_MAC)],
    "WA216": [
        wheel(MAC_ARM, member(MAC_EXT, macho(ARM64, hooks=HOOK), macho(ARM64, variant="arm64e", hooks=HOOK))),
        wheel(MAC_X86, member(MAC_EXT, macho(X86_64, hooks=HOOK))),
    ],
    "WA217": [wheel(MAC_BOTH, GOOD_FAT)],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA216", HITS["WA216"][0], Severity.ERROR),
        ("WA216", HITS["WA216"][1], Severity.WARNING),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """The severity follows what certainly fails."""
    assert severities(code, subject) == [severity]
