"""Tests of `wheelarch show`."""

import json

import pytest

from support.program import judge_as
from support.reports import finding, judged
from support.schema import check
from support.values import member, pe
from wheelarch.cli import main
from wheelarch.model import Machine


@pytest.fixture
def dist(tmp_path, monkeypatch):
    """A wrong wheel, a pure one and one that cannot be read."""
    for name in ("wrong.whl", "pure.whl", "page.whl"):
        (tmp_path / name).write_bytes(b"")
    wrong = member("demo/_demo.pyd", pe(Machine.ARM64, "python3.dll"))
    judge_as(
        monkeypatch,
        {
            "wrong.whl": judged("wrong.whl", finding(), members=(wrong,)),
            "pure.whl": judged("pure.whl", tags=("py3-none-any",)),
            "page.whl": judged("page.whl", finding(code="WA001"), status="unreadable", tags=(), generator=""),
        },
    )
    monkeypatch.chdir(tmp_path)


def test_facts_without_judgement(dist, capsys):
    """A wheel with errors is shown like any other wheel, and the exit code is 0."""
    assert main(["show", "wrong.whl", "pure.whl"]) == 0
    out, err = capsys.readouterr()
    assert "demo/_demo.pyd  extension  pe      arm64" in out
    assert "no native members" in out
    assert "WA201" not in out
    assert err == ""


def test_the_document_has_no_findings(dist, capsys):
    """`--format json` prints the document of the report, without findings and without a verdict."""
    assert main(["show", "wrong.whl", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    check(document)
    (only,) = document["inputs"]
    assert (only["status"], only["findings"]) == (None, [])
    assert only["members"][0]["images"][0]["machine"] == "arm64"
    assert document["summary"] == {"inputs": 1, "clean": 0, "errors": 0, "warnings": 0, "notes": 0}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("page.whl", 1),
        ("pure.whl page.whl", 1),
        ("pure.whl none.whl", 2),
        ("none.whl", 3),
        ("page.whl none.whl", 2),
    ],
)
def test_exit_codes(dist, capsys, arguments, code):
    """1 if an input cannot be read as a wheel; 2 and 3 as for the audit."""
    assert main(["show", *arguments.split()]) == code
    assert "Traceback" not in "".join(capsys.readouterr())


def test_an_unreadable_input_keeps_its_status(dist, capsys):
    """A wheel that cannot be read is not shown as an empty wheel."""
    main(["show", "page.whl"])
    assert "unreadable" in capsys.readouterr().out
    main(["show", "page.whl", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["inputs"][0]["status"] == "unreadable"


def test_the_tree(dist, capsys):
    """`--tree` shows which file needs which library. It has no JSON."""
    assert main(["show", "--tree", "wrong.whl"]) == 0
    assert "  demo/_demo.pyd (arm64)\n    the interpreter: python3.dll\n" in capsys.readouterr().out
    assert main(["show", "--tree", "--format", "json", "wrong.whl"]) == 2
    assert "--tree prints text only; leave out --format json" in capsys.readouterr().err
