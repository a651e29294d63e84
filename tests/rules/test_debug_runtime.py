"""WA305 on plain values."""

import pytest

from support.python_links import (
    WELL_LINKED,
    assert_each_dll_has_one_code,
    assert_unreadable_member_is_no_problem,
    dll,
    pyd,
    tagged,
)
from support.rules import assert_hit, each, problems, severities
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
    ],
}


@each(HITS)
def test_hit(code: str, subject: Wheel) -> None:
    """A wheel with the fault gets a problem that names the file and the tags that do not hold."""
    assert_hit(code, subject)


@each(CLEAN)
def test_clean(code: str, subject: Wheel) -> None:
    """A wheel without the fault gets no problem, however unusual it is."""
    assert problems(code, subject) == []


@each(HITS)
def test_each_dll_has_one_code(code: str, subject: Wheel) -> None:
    """A wrong Python DLL is reported by one of the rules that compare DLL names, not by two."""
    assert_each_dll_has_one_code(code, subject)


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


def test_unreadable_member() -> None:
    """An unreadable member breaks no rule."""
    assert_unreadable_member_is_no_problem(HITS)
