"""Our texts avoid the words that read as if translated."""

import pytest

from tests import plain_english


@pytest.mark.parametrize("name", plain_english.SEARCHED)
def test_no_avoided_words(name: str) -> None:
    """Docstrings, comments, strings and pages keep to plain English."""
    assert [line for path in plain_english.files([name]) for line in plain_english.findings(path)] == []


def test_the_list_is_used() -> None:
    """Each kind of word is found where it is, and nowhere else."""
    for text in (
        "a wheel is no zip archive",
        "one file a format",
        "mended",
        "the honest tags",
        "it doesn't",
        "colour",
    ):
        assert any(pattern.search(text) for pattern, _ in plain_english.PATTERNS), text
    for text in ("there is no archive", "one file per format", "fixed", "it does not", "color", "a stand-in"):
        assert not any(pattern.search(text) for pattern, _ in plain_english.PATTERNS), text
