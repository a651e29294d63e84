"""Second opinions on real wheels."""

from pathlib import Path
from typing import Any

import pytest

import wheelarch
from wheelarch.model import Severity
from wheelarch.rules import find

from ..test_corpus import ROWS, folder

pytestmark = pytest.mark.corpus


@pytest.fixture
def cached() -> Path:
    found = folder() if ROWS else None
    if found is None:
        pytest.skip("the corpus is not here")
    return found


@pytest.mark.parametrize("row", ROWS or [{}], ids=lambda row: row.get("filename", "no-manifest"))
def test_no_parser_denies_what_we_read(row: dict[str, Any], cached: Path) -> None:
    """Every error that depends on a binary is confirmed, no verdict changes, and the other parsers agree."""
    off = wheelarch.audit(cached / row["filename"], second_opinion="off")
    on = wheelarch.audit(cached / row["filename"], second_opinion="all")
    assert [(one.code, one.severity, one.member) for one in on.findings] == [
        (one.code, one.severity, one.member) for one in off.findings
    ]
    for finding in on.findings:
        if finding.severity is Severity.ERROR and find(finding.code).rests_on:
            assert finding.confirmed_by, finding
            assert "second_opinion" not in finding.evidence
