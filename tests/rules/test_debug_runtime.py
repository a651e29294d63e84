"""WA305 on plain values."""

import pytest

from support.python_links import (
    WELL_LINKED,
    dll,
    pyd,
    tagged,
)
from support.rules import severities
from support.values import entry, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Severity

HITS: dict[str, list[Wheel]] = {
    "WA305": [
        tagged("cp311-cp311-win_amd64", pyd("python311_d.dll")),
        tagged("cp39-abi3-win_amd64", pyd("python3_d.dll")),
        tagged("cp311-cp311d-win_amd64", pyd("python311.dll")),
        tagged("cp311-cp311-win_amd64", pyd("python311.dll", "VCRUNTIME140D.dll", "ucrtbased.dll")),
        tagged("cp311-cp311-win_amd64", pyd("python311.dll", "VCRUNTIME140_1D.dll")),
        tagged("cp311-cp311-win_amd64", pyd("python311.dll"), dll("MSVCP140D.dll")),
        tagged("py3-none-win_amd64", pyd("python311_d.dll")),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA305": [
        *WELL_LINKED,
        wheel(
            "pkg-1.0-cp311-cp311-win_amd64.whl",
            pyd("python311.dll", "vcruntime140d.dll"),
            entries=[entry("pkg/_core.pyd"), entry("pkg/VCRUNTIME140D.dll")],
        ),
        tagged("cp311-cp311-win_amd64", pyd("python311.dll", "d3d.dll", "vcruntime140.dll", "winmmd.dll")),
        # usd_core 26.5 has the debug builds of TBB beside the release ones.
        tagged(
            "cp311-cp311-win_amd64",
            pyd("python311.dll"),
            dll("VCRUNTIME140D.dll")._replace(path="pkg/tbb_debug.dll"),
        ),
    ],
}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "WA305",
            [
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.WARNING,
                Severity.ERROR,
            ],
        ),
    ],
)
def test_severity(code: str, expected: list[Severity]) -> None:
    """It is an error if it certainly fails for somebody whom the tags invite, and a warning for a helper library."""
    assert [severities(code, subject) for subject in HITS[code]] == [[one] for one in expected]
