"""Verdicts on real wheels, as the loaders give them: what is right to say is said, and nothing else above a note."""

from fnmatch import fnmatchcase
from typing import Any

import pytest

import wheelarch
from support.corpus import Row, rows, wheels
from support.schema import check
from wheelarch.model import Severity


def name(row: Row) -> str:
    """A test is named by the wheel, a set by its first one."""
    filename: str = row["wheels"][0]["filename"]
    return filename.removesuffix(".whl")


def fits(finding: wheelarch.Finding, expected: dict[str, Any]) -> bool:
    """Whether a finding is the expected one."""
    said = " ".join([finding.message, *finding.evidence.values()])
    return (
        finding.severity.value == expected["severity"]
        and expected.get("code") in (None, finding.code)
        and any(fnmatchcase(finding.member or "", pattern) for pattern in expected["members"])
        and all(word in said for word in expected["words"])
    )


def compare(row: Row, folder: str) -> None:
    """Audit the row's wheels, and compare every finding above a note with the manifest."""
    report = wheelarch.audit(wheels(row, folder))
    check(report.to_dict())
    alarms = [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    missed = [
        one for one in row["findings"] if any(fits(finding, one) for finding in alarms) is ("missed" in one)
    ]
    false = [
        (finding.severity.value, finding.code, finding.member, finding.message)
        for finding in alarms
        if not any(fits(finding, one) for one in row["findings"])
    ]
    assert (missed, false) == ([], [])
    if "honest_tags" in row:
        assert list(report.wheels[0].honest_tags or ()) == row["honest_tags"]
    wrong = any(one["severity"] == "error" for one in row["findings"])
    assert report.exit_code() == int(wrong)


@pytest.mark.corpus
@pytest.mark.parametrize("row", rows("verdicts"), ids=name)
def test_wheels_that_were_judged_wrongly(row: Row) -> None:
    """Each of these was once called broken although it loads, or right although it does not."""
    compare(row, "corpus")


@pytest.mark.real_wheels
@pytest.mark.parametrize("row", rows("real_wheels"), ids=name)
def test_wheels_of_all_kinds(row: Row) -> None:
    """Popular and odd wheels, old and new: docs/real-wheels.md lists what is said of them."""
    compare(row, "real")
