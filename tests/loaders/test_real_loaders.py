"""What real loaders say of real wheels is what the audit says, or wheels.jsonl has the reason."""

from pathlib import Path

import pytest

from loaders import outcomes, page
from loaders.judges import JUDGES, Judge
from support.corpus import fetch


@pytest.mark.loaders
@pytest.mark.parametrize("judge", JUDGES, ids=lambda judge: judge.target)
def test_audit_agrees_with_the_loader(judge: Judge, tmp_path: Path) -> None:
    """Every module and library loads or fails as the audit says; each difference is explained."""
    if reason := judge.lacks():
        pytest.skip(f"the loader {judge.target} is not on this machine: {reason}")
    rows = [row for row in outcomes.rows() if row["target"] == judge.target]
    if fetch([row for row in rows if "project" in row], "loaders"):
        # The same words for all loaders, so that pytest prints them once.
        pytest.skip(
            "the wheels are not cached, and pip cannot download them: python -m tests.loaders write says why"
        )
    wrong = {}
    for row, outcome in zip(rows, outcomes.outcomes(judge, rows, tmp_path), strict=True):
        known = outcomes.explained(row)
        new = [one for one in outcome.differs if one not in known]
        gone = [
            one
            for one, why in known.items()
            if one not in outcome.differs and not outcomes.REASONS[why].passing
        ]
        if new or gone or outcome.asked != row["asked"]:
            wrong[row["filename"]] = {"new": new, "gone": gone, "asked": (outcome.asked, row["asked"])}
    assert wrong == {}, "python -m tests.loaders write renews the manifest; give each new difference a reason"


def test_every_difference_has_a_reason() -> None:
    """The manifest names no unknown reason, and none is left over."""
    named = {group["why"] for row in outcomes.rows() for group in row["differs"]}
    assert named == outcomes.REASONS.keys()


def test_page_says_what_the_manifest_says() -> None:
    """The tables of docs/loaders.md are fresh: `python -m tests.loaders write` renews them."""
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.rendered(text) == text
