"""WA307, WA309, WA315 on plain values."""

import pytest

from support.python_links import (
    WELL_LINKED,
    dll,
    pyd,
    so,
    symbols,
    tagged,
)
from support.rules import problems, severities
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Fault, Severity

HITS: dict[str, list[Wheel]] = {
    "WA307": [
        tagged("cp311-cp311-win_amd64", pyd()),
        tagged("pp37-pypy37_pp73-win_amd64", pyd(path="uefi_firmware/_core.pypy37-pp73-win_amd64.pyd")),
        tagged("cp39-abi3-win_amd64", pyd(packed=True)),
    ],
    "WA309": [tagged("cp311-cp311-win_amd64", pyd(delayed=("python311.dll",)))],
    "WA315": [
        tagged(
            "cp311-cp311-win_amd64",
            pyd("python311.dll", imported=symbols("#12", "#13", library="python311.dll")),
        ),
        tagged("cp39-abi3-win_amd64", pyd("python3.dll", imported=symbols("#7", library="PYTHON3.dll"))),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA307": [
        *WELL_LINKED,
        tagged("cp311-cp311-win_amd64", pyd(depth=Depth.HEADER)),
        tagged("cp311-cp311-win_amd64", pyd(faults=(Fault("outside", 0, "import directory"),))),
        tagged("cp311-cp311-win_amd64", dll()),
        tagged("cp311-cp311-win_amd64", so()),
    ],
    "WA309": [*WELL_LINKED, tagged("cp311-cp311-win_amd64", pyd("python311.dll", delayed=("shell32.dll",)))],
    "WA315": [
        *WELL_LINKED,
        tagged("cp311-cp311-win_amd64", pyd("python311.dll", imported=symbols("#12", library="WS2_32.dll"))),
    ],
}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("WA307", [Severity.NOTE, Severity.NOTE, Severity.NOTE]),
        ("WA309", [Severity.WARNING]),
        ("WA315", [Severity.ERROR, Severity.ERROR]),
    ],
)
def test_severity(code: str, expected: list[Severity]) -> None:
    """It is an error if it certainly fails for somebody whom the tags invite, and a warning for a helper library."""
    assert [severities(code, subject) for subject in HITS[code]] == [[one] for one in expected]


def test_functions_are_counted() -> None:
    """The message says how many functions are imported by ordinal."""
    messages = [problems("WA315", subject)[0].message for subject in HITS["WA315"]]
    assert [message.partition(" imports ")[2] for message in messages] == [
        "2 functions of python311.dll by ordinal",
        "1 function of python3.dll by ordinal",
    ]
