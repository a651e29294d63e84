"""WA405 and WA407: plain suffixes, and files of a module that are not imported."""

import pytest

from support.named_modules import (
    ANY,
    GENERIC,
    GNU,
    GOOD,
    GOOD_PYD,
    GOOD_SO,
    GRAAL,
    LINUX,
    LINUX_ABI3,
    MERGED,
    NONE_38,
    PYPY,
    WIN,
    pyd,
    so,
)
from support.rules import severities
from support.values import wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Severity

HITS: dict[str, list[Wheel]] = {
    "WA405": [
        wheel(NONE_38, pyd("_winrt.pyd", "python38.dll", hooks=("PyInit__winrt",))),
        wheel(LINUX, so("_core.so")),
        wheel(LINUX_ABI3, so("_core.so")),
        wheel(GENERIC, so("_core.so")),
        wheel(ANY, so("_core.so")),
        wheel(GRAAL, so("_core.so")),
    ],
    "WA407": [
        wheel(WIN, GOOD_PYD, pyd("_core.cp39-win_amd64.pyd")),
        wheel(WIN, GOOD_PYD, pyd("_core.pyd")),
        wheel(WIN, GOOD_PYD, pyd("_core_d.cp311-win_amd64.pyd")),
        wheel(ANY, pyd("_core.cp39-win_amd64.pyd")),
        wheel(LINUX_ABI3, so("_core.abi3.so"), so(f"_core.cpython-310-{GNU}.so")),
        wheel(MERGED, GOOD_SO, so("_core.so"), so(f"_core.cpython-310-{GNU}.so")),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA405": [*GOOD, wheel(PYPY, so("_core.so")), wheel(WIN, pyd("_core_d.pyd"))],
    "WA407": [
        *GOOD,
        wheel(LINUX, so(f"_core.cpython-310-{GNU}.so"), so(f"_core.cpython-39-{GNU}.so")),
        wheel(GENERIC, so("_core.so")),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA405", wheel(NONE_38, pyd("_core.pyd")), Severity.NOTE),
        ("WA405", wheel(ANY, so("_core.so")), Severity.WARNING),
        ("WA407", wheel(WIN, GOOD_PYD, pyd("_core.pyd")), Severity.NOTE),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """An error is what certainly fails, a warning what may be intended, a note the rest."""
    assert severities(code, subject) == [severity]
