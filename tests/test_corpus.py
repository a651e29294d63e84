"""Verdicts on real wheels whose truth is known: 22 wrong, 26 tricky but right."""

import pytest

import wheelarch
from support.corpus import Row, rows, wheel
from support.schema import check
from wheelarch.model import Severity

pytestmark = pytest.mark.corpus
each_row = pytest.mark.parametrize("row", rows(), ids=lambda row: row["filename"])


def flagged_member(finding: wheelarch.Finding) -> str:
    """The manifest calls a finding about the metadata file WHEEL; one about the file name has no member."""
    member = finding.member or ""
    return "WHEEL" if member.endswith(".dist-info/WHEEL") else member


@each_row
def test_verdict(row: Row) -> None:
    """A wrong wheel gets what its severity asks on every member to blame, a right one no error."""
    report = wheelarch.audit(wheel(row))
    check(report.to_dict())
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    if row["verdict"] == "wrong":
        wanted = {"error": 3, "warning": 2, "info": 1}[row["severity"]]
        blamed = {flagged_member(finding) for finding in report.findings if finding.severity.rank >= wanted}
        assert blamed.issuperset(row["must_flag"])
        assert report.exit_code() == int(row["severity"] == "error")
    else:
        assert report.exit_code() == 0
        assert errors == []
    spared = row["must_not_flag"]
    for finding in errors:
        assert "*" not in spared
        assert finding.member not in spared


@each_row
def test_members_are_read_as_two_other_tools_read_them(row: Row) -> None:
    """Every native member that other tools see is seen, with the same machines."""
    (report,) = wheelarch.audit(wheel(row)).wheels
    ours = {member.path: sorted(image.machine.value for image in member.images) for member in report.members}
    assert row["members"].keys() <= ours.keys()
    theirs = {path: machines for path, machines in row["members"].items() if machines}
    assert {path: ours[path] for path in theirs} == theirs
