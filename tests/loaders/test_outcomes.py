"""How answers of loaders are compared with the audit, tried with loaders that say what the test wants."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from loaders import outcomes
from loaders.judges import Answers, Judge, Question
from loaders.outcomes import Difference
from support import corpus

GOOD = {"target": "x", "filename": "good-1.0-cp311-abi3-win_amd64.whl"}
WRONG = {"target": "x", "filename": "wrong_machine-1.0-cp311-abi3-win_amd64.whl"}


def compare(row: outcomes.Row, words: str, folder: Path) -> outcomes.Outcome:
    def ask(questions: Sequence[Question], _: Path) -> list[Answers]:
        return [dict.fromkeys((*one.modules, *one.libraries), words) for one in questions]

    (found,) = outcomes.outcomes(Judge("x", "x", (), lambda: "", ask), [row], folder)
    return found


def test_they_agree(tmp_path: Path) -> None:
    """A right module that loads and a wrong one that does not: nothing differs."""
    assert compare(GOOD, "", tmp_path) == (1, 0, [])
    assert compare(WRONG, "error 193", tmp_path) == (1, 1, [])


def test_missed(tmp_path: Path) -> None:
    """A module that the loader refuses and the audit takes is a difference."""
    found = compare(GOOD, "error 126: other.dll", tmp_path)
    assert found.differs == [Difference("good/ext.pyd", "error 126: other.dll", "loads")]


def test_false_alarm(tmp_path: Path) -> None:
    """A module that the loader takes and the audit refuses is a difference."""
    (one,) = compare(WRONG, "", tmp_path).differs
    assert (one.loader, one.audit) == ("loads", "WA201!")


def test_a_library_that_a_small_machine_lacks(tmp_path: Path) -> None:
    """Libraries that manylinux promises are not the wheel's fault."""
    said = "libGL.so.1: cannot open shared object file: No such file or directory"
    assert compare(GOOD, said, tmp_path) == (1, 0, [])


def test_reasons_are_kept(tmp_path: Path) -> None:
    """A difference keeps its reason, a new one has none yet."""
    outcome = compare(GOOD, "error 126: other.dll", tmp_path)
    row = outcomes.renewed(GOOD, outcome)
    assert [group["why"] for group in row["differs"]] == [outcomes.UNEXPLAINED]
    row["differs"][0]["why"] = "known"
    assert outcomes.renewed(row, outcome) == row


def test_wheels_are_fetched_by_few_calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One call of pip has the wheels of one Python, and no project twice; what is cached is not fetched."""
    monkeypatch.setenv("WHEELARCH_TEST_CACHE", str(tmp_path))
    calls = []

    def download(call: Sequence[Mapping[str, str]], python: str, folder: Path) -> str:
        calls.append((python, [one["filename"] for one in call]))
        return ""

    monkeypatch.setattr(corpus, "_download_all", download)
    names = ["a-1-cp311-cp311-win_amd64.whl", "b-1-cp39-abi3-win_amd64.whl", "b-2-cp38-abi3-win_amd64.whl"]
    names += ["a-1-cp27-cp27m-win_amd64.whl", "c-1-py3-none-win_amd64.whl"]
    corpus.fetch([{"filename": name, "project": name[0], "sha256": ""} for name in names], "x")
    assert calls == [
        ("3.11", [names[0], names[1], names[4]]),
        ("3.11", [names[2]]),
        ("2.7", [names[3]]),
    ]
