"""Second opinions on real wheels."""

import pytest

import wheelarch
from support.corpus import Row, rows, wheel
from wheelarch.model import Severity
from wheelarch.rules import find

pytestmark = pytest.mark.corpus


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["filename"])
def test_no_parser_denies_what_we_read(row: Row) -> None:
    """Every error that depends on a binary is confirmed, no verdict changes, and the other parsers agree."""
    path = wheel(row)
    off = wheelarch.audit(path, second_opinion="off")
    on = wheelarch.audit(path, second_opinion="all")
    assert [(one.code, one.severity, one.member) for one in on.findings] == [
        (one.code, one.severity, one.member) for one in off.findings
    ]
    for finding in on.findings:
        if finding.severity is Severity.ERROR and find(finding.code).rests_on:
            assert finding.confirmed_by, finding
            assert "second_opinion" not in finding.evidence
