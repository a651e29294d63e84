"""Verdicts on real wheels whose truth is known: 22 wrong, 26 tricky but right."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import wheelarch
from support.cache import cache_folder
from support.schema import check
from wheelarch.model import Severity

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
MANIFEST = CORPUS / "known.jsonl"

pytestmark = pytest.mark.corpus

ROWS: list[dict[str, Any]] = (
    [json.loads(line) for line in MANIFEST.read_text(encoding="utf-8").splitlines()]
    if MANIFEST.exists()
    else []
)


@cache
def folder() -> Path | None:
    """The cache with all wheels of the manifest, or None where they can't be had."""
    cached = cache_folder("corpus")
    if all((cached / row["filename"]).exists() for row in ROWS):
        return cached
    command = [sys.executable, str(CORPUS / "fetch.py"), str(MANIFEST), str(cached)]
    subprocess.run(command, check=False, capture_output=True, timeout=1200)
    return cached if all((cached / row["filename"]).exists() for row in ROWS) else None


@pytest.fixture
def cached() -> Path:
    if not ROWS:
        pytest.skip("the corpus manifest is not beside this checkout")
    found = folder()
    if found is None:
        pytest.skip("the corpus wheels are not cached and no package index can be reached")
    return found


def flagged_member(finding: wheelarch.Finding) -> str:
    """The manifest calls a finding about the metadata file WHEEL; one about the file name has no member."""
    member = finding.member or ""
    return "WHEEL" if member.endswith(".dist-info/WHEEL") else member


@pytest.mark.parametrize("row", ROWS or [{}], ids=lambda row: row.get("filename", "no-manifest"))
def test_verdict(row: dict[str, Any], cached: Path) -> None:
    """A wrong wheel gets what its severity asks on every member to blame, a right one no error."""
    report = wheelarch.audit(cached / row["filename"])
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


@pytest.mark.parametrize("row", ROWS or [{}], ids=lambda row: row.get("filename", "no-manifest"))
def test_members_are_read_as_two_other_tools_read_them(row: dict[str, Any], cached: Path) -> None:
    """Every native member that lief and llvm or file(1) saw is seen, with the same machines."""
    report = wheelarch.audit(cached / row["filename"])
    ours = {member.path: member for member in report.wheels[0].members}
    names = {"ARM64": "arm64", "X86_64": "x86_64", "X86": "x86", "I386": "x86", "AMD64": "x86_64"}
    for path, truth in row["members"].items():
        slices = (truth.get("lief") or {}).get("slices")
        if truth["kind"] == "macho" and slices:
            assert sorted(image.machine.value for image in ours[path].images) == sorted(
                names.get(one["cpu"], one["cpu"].lower()) for one in slices
            )
        else:
            assert path in ours
