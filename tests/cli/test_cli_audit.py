"""Tests of `wheelarch audit`."""

import io
import json
import sys

import pytest

from support.program import judge_as
from support.reports import finding, judged
from support.schema import check
from wheelarch import api
from wheelarch.cli import main
from wheelarch.errors import SourceError, UsageError
from wheelarch.judging.wheel_sets import Audited
from wheelarch.limits import DEFAULT
from wheelarch.model import Depth, Severity

ERROR, WARNING, NOTE = Severity


@pytest.fixture
def dist(tmp_path, monkeypatch):
    """A folder of files, each with the name of its result."""
    for name in ("ok", "note", "warning", "error", "unreadable", "gone", "binary"):
        (tmp_path / f"{name}.whl").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    judge_as(
        monkeypatch,
        {
            "ok.whl": judged("ok.whl"),
            "note.whl": judged("note.whl", finding(NOTE)),
            "warning.whl": judged("warning.whl", finding(WARNING), finding(NOTE)),
            "error.whl": judged("error.whl", finding(ERROR)),
            "unreadable.whl": judged("unreadable.whl", finding(ERROR, code="WA001"), status="unreadable"),
            "gone.whl": SourceError("gone.whl: may not be read"),
            "binary.whl": UsageError("binary.whl is a single binary: say with --tag what it is meant for"),
        },
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


CODES = {
    "ok.whl": 0,
    "note.whl": 0,
    "warning.whl": 0,
    "error.whl": 1,
    "unreadable.whl": 1,
    "ok.whl error.whl": 1,
    "note.whl --fail-on note": 1,
    "note.whl --fail-on warning": 0,
    "note.whl --strict": 0,
    "warning.whl --fail-on warning": 1,
    "warning.whl --strict": 1,
    "error.whl --fail-on never": 0,
    "error.whl --exit-zero": 0,
    "error.whl --strict --exit-zero": 0,
    "error.whl --exit-zero --strict": 1,
    "error.whl --quiet": 1,
    "error.whl --format json": 1,
    "missing.whl": 3,
    "empty": 3,
    "none*.whl": 3,
    "gone.whl": 3,
    "missing.whl --exit-zero": 3,
    "ok.whl missing.whl": 2,
    "error.whl missing.whl": 2,
    "ok.whl empty": 2,
    "ok.whl gone.whl --exit-zero": 2,
    "binary.whl": 2,
    "": 2,
    "ok.whl --fail-on fatal": 2,
    "ok.whl --format yaml": 2,
    "ok.whl --format json=": 2,
    "ok.whl --format text --format json": 2,
    "ok.whl --strictt": 2,
    "ok.whl --stri": 2,
    "--help": 0,
}


@pytest.mark.parametrize(("arguments", "code"), CODES.items())
def test_exit_codes(dist, capsys, arguments, code):
    """0 if nothing counts, 1 for findings, 2 for wrong usage, 3 for no input; never an exception."""
    assert main(["audit", *arguments.split()]) == code
    assert "Traceback" not in "".join(capsys.readouterr())


ERRORS = {
    "missing.whl": ["missing.whl: no such file or folder", "no input matched"],
    "empty": ["empty: no wheel (*.whl) in this folder", "no input matched"],
    "none*.whl": ["none*.whl: no file matches this pattern", "no input matched"],
    "gone.whl": ["gone.whl: may not be read", "no input matched"],
    "ok.whl missing.whl": ["missing.whl: no such file or folder"],
    "binary.whl": ["binary.whl is a single binary: say with --tag what it is meant for"],
    "ok.whl --format text --format json": [
        "only one --format can go to standard output; write the other to a file: --format json=FILE"
    ],
    "ok.whl --format json=none/report.json": ["none/report.json: No such file or directory"],
    "ok.whl --format yaml": ["--format: unknown format 'yaml'; expected text or json"],
    "ok.whl --format json=": ["--format: expected a file after 'json='"],
    "ok.whl --strictt": [
        "unknown option '--strictt' (did you mean '--strict'?); `wheelarch audit --help` lists the options"
    ],
    "ok.whl -z": ["unknown option '-z'; `wheelarch audit --help` lists the options"],
    "--strict": ["the following arguments are required: PATH; `wheelarch audit --help` shows the usage"],
    "ok.whl --jobs 0": ["--jobs: must be between 1 and 256, not '0'"],
    "ok.whl --tag foo": ["--tag: 'foo' is not a wheel tag; expected one like cp311-abi3-win_amd64"],
    "ok.whl --tag win_amd64": [
        "--tag: 'win_amd64' is not a wheel tag; expected one like cp311-abi3-win_amd64"
    ],
}


@pytest.mark.parametrize(("arguments", "lines"), ERRORS.items())
def test_a_mistake_is_told_in_a_line(dist, capsys, arguments, lines):
    """Each mistake in the command is one line on standard error: what was given, and what is allowed."""
    assert main(["audit", *arguments.split()]) in (2, 3)
    assert capsys.readouterr().err.splitlines() == [f"wheelarch: {line}" for line in lines]


def test_an_unknown_format_names_the_formats(dist, capsys):
    """The message on an unknown format lists the known ones."""
    assert main(["audit", "ok.whl", "--format", "yaml"]) == 2
    assert "unknown format 'yaml'; expected text or json" in capsys.readouterr().err


def test_what_can_be_judged_is_judged(dist, capsys):
    """A name that matches nothing does not stop the report on the others."""
    assert main(["audit", "missing.whl", "ok.whl", "gone.whl", "error.whl"]) == 2
    out = capsys.readouterr().out
    assert "ok.whl: ok\n" in out
    assert "error.whl: 1 error\n" in out


def test_the_report_alone_is_on_standard_output(dist, capsys):
    """A clean run prints nothing on standard error, and with `--quiet` nothing at all."""
    assert main(["audit", "ok.whl"]) == 0
    assert capsys.readouterr() == ("ok.whl: ok\n1 input, 1 clean: 0 errors, 0 warnings, 0 notes\n", "")
    assert main(["audit", "ok.whl", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_json_on_standard_output(dist, capsys):
    """`--format json` prints one valid document, the same for the same input."""
    assert main(["audit", "--format", "json", "ok.whl", "warning.whl"]) == 0
    text = capsys.readouterr().out
    document = json.loads(text)
    check(document)
    assert [one["path"] for one in document["inputs"]] == ["ok.whl", "warning.whl"]
    main(["audit", "--format=json", "ok.whl", "warning.whl"])
    assert capsys.readouterr().out == text


def test_json_stays_a_document_without_input(dist, capsys):
    """If nothing matched, the document is valid and empty."""
    assert main(["audit", "--format", "json", "missing.whl"]) == 3
    document = json.loads(capsys.readouterr().out)
    check(document)
    assert document["inputs"] == []


def test_formats_into_files(dist, capsys):
    """Each format can go to a file while another goes to standard output."""
    assert (
        main(
            ["audit", "error.whl", "--format", "text", "--format", "json=a.json", "--format", "text=a=b.txt"]
        )
        == 1
    )
    out = capsys.readouterr().out
    assert (dist / "a=b.txt").read_text() == out
    check(json.loads((dist / "a.json").read_text()))
    assert main(["audit", "error.whl", "--format", "json=b.json"]) == 1
    assert capsys.readouterr() == ("", "")
    assert (dist / "b.json").read_bytes() == (dist / "a.json").read_bytes()


def test_options_reach_the_audit(dist, monkeypatch):
    """Codes may be separated by commas, given several times, or left empty; the tag is passed on."""
    seen = []

    def audit_alone(path, **options):
        seen.append(options)
        return Audited(judged(path), None)

    monkeypatch.setattr(api, "audit_alone", audit_alone)
    arguments = [
        "--select",
        "WA2, WA301",
        "--select=WA4",
        "--ignore",
        "WA215,",
        "--tag",
        "cp311-abi3-win_amd64",
        "--limit=fat_slices=2",
        "--limit=wheel_bytes=1G",
    ]
    assert main(["audit", "ok.whl", *arguments]) == 0
    assert main(["audit", "ok.whl", "--select="]) == 0
    assert seen == [
        {
            "tag": "cp311-abi3-win_amd64",
            "select": ["WA2", "WA301", "WA4"],
            "ignore": ["WA215"],
            "depth": Depth.HEADER,
            "limits": DEFAULT._replace(fat_slices=2, wheel_bytes=1 << 30),
            "second_opinion": "errors",
            "wanted": None,
        },
        {
            "tag": None,
            "select": [],
            "ignore": [],
            "depth": Depth.HEADER,
            "limits": DEFAULT,
            "second_opinion": "errors",
            "wanted": None,
        },
    ]


def test_names_from_standard_input(dist, capsys, monkeypatch):
    """`-` means the lines of standard input, except empty ones. Other names may be given too."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"note.whl\r\n\nerr*.whl\n\xff.whl")))
    assert main(["audit", "ok.whl", "-"]) == 2
    out, err = capsys.readouterr()
    judged_names = [line.split(":")[0] for line in out.splitlines() if ".whl: " in line]
    assert judged_names == ["ok.whl", "note.whl", "error.whl"]
    assert err == "wheelarch: \\udcff.whl: no such file or folder\n"


def test_no_names_on_standard_input(dist, capsys, monkeypatch):
    """An empty list is an error."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(["audit", "-"]) == 3
    assert capsys.readouterr().err == "wheelarch: no input matched\n"


def test_a_folder_is_searched(dist, capsys):
    """A folder means all wheels in it."""
    for name in ("gone.whl", "binary.whl"):
        (dist / name).unlink()
    assert main(["audit", "."]) == 1
    assert "5 inputs, 1 clean: 2 errors, 1 warning, 2 notes\n" in capsys.readouterr().out


def test_many_findings_fold_unless_verbose(dist, capsys, monkeypatch):
    """`--verbose` shows the findings that are otherwise one line."""
    judge_as(monkeypatch, {"ok.whl": judged("ok.whl", *[finding() for _ in range(30)])})
    main(["audit", "ok.whl"])
    assert capsys.readouterr().out.count("users see") == 0
    main(["audit", "ok.whl", "--verbose"])
    assert capsys.readouterr().out.count("users see") == 30


@pytest.mark.parametrize(
    ("choice", "environ", "colored"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "auto"], {"FORCE_COLOR": ""}, False),
    ],
)
def test_colour(dist, capsys, monkeypatch, choice, environ, colored):
    """An option beats NO_COLOR, which beats FORCE_COLOR. Without any of them a pipe gets no color."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    main(["audit", "error.whl", *choice])
    assert ("\x1b[" in capsys.readouterr().out) == colored
