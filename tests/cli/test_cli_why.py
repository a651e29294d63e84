"""Tests of `wheelarch why`."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from support.images import TESTDATA
from support.program import judge_as, run
from support.reports import everywhere
from wheelarch.cli import main
from wheelarch.errors import SourceError

WIN32 = "ImportError: DLL load failed while importing ext: %1 is not a valid Win32 application.\n"
WRONG = TESTDATA / "wheels" / "wrong_machine-1.0-cp311-abi3-win_amd64.whl"
GOOD = TESTDATA / "wheels" / "good-1.0-cp311-abi3-win_amd64.whl"


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "log.txt"
    path.write_text(f"Installing\n{WIN32}{WIN32}", encoding="utf-8")
    return str(path)


def squeezed(text: str) -> str:
    """The text without the line breaks that wrapping makes."""
    return " ".join(text.split())


def test_a_message_is_explained(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The block has the line, its meaning, the rules with code and name, the remedy and the source."""
    assert main(["why", log]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("line 2 (2 times): ImportError: DLL load failed while importing ext")
    for part in (
        "Windows error 193, or",
        "rules: WA201 wrong-machine, WA203",
        ", WD02,",
        "remedy: Compile for the tag's architecture",
        "source: CPython Python/dynload_win.c",
    ):
        assert part in squeezed(out)
    assert "cause" not in out


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        (
            "ImportError: dlopen(/a/b.so): mach-o file, but is an incompatible architecture",
            "CIBW_ARCHS_MACOS",
        ),
        ("ImportError: /a/b.so: wrong ELF class: ELFCLASS32", "inside the manylinux image"),
        ("ModuleNotFoundError: No module named 'pkg._core'", "Build with the Python that the tag names"),
    ],
)
def test_the_remedy_is_for_the_system_of_the_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, remedy: str
) -> None:
    """Without a wheel, the remedy is for the system whose loader gives the message."""
    text = tmp_path / "log.txt"
    text.write_text(line, encoding="utf-8")
    assert main(["why", str(text)]) == 0
    assert remedy in squeezed(capsys.readouterr().out)


def test_the_cause_in_a_wheel(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With wheels given, the file that causes the message is shown. A right wheel is not blamed."""
    assert main(["why", log, str(WRONG), str(GOOD)]) == 0
    out = squeezed(capsys.readouterr().out)
    assert f"cause in {WRONG}: wrong_machine/ext.pyd: WA201: extension module" in out
    assert "is arm64, but the tag needs x86_64" in out
    assert f"cause in {GOOD}" in out  # its module has the name in the message, but no fault
    assert "the message names this file, but no rule finds a fault in it: pe for x86_64" in out


def test_an_innocent_wheel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If no wheel causes the message, the report says so."""
    text = tmp_path / "log.txt"
    text.write_text("OSError: [WinError 193] %1 is not a valid Win32 application", encoding="utf-8")
    assert main(["why", str(text), str(GOOD)]) == 0
    assert "no cause found in 1 wheel" in capsys.readouterr().out


def test_the_document(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--format json` has the fields that the help describes, and nothing else."""
    assert main(["why", "--format", "json", log, str(WRONG)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["tool"]["name"]) == (1, "wheelarch")
    (one,) = document["explanations"]
    assert list(one) == [
        "message", "line", "count", "text", "details", "meaning", "codes", "remedy", "source", "causes"
    ]  # fmt: skip
    assert (one["message"], one["line"], one["count"]) == ("win32-other-machine", 2, 2)
    assert one["text"] == WIN32.strip()
    (cause,) = one["causes"]
    assert cause["wheel"] == str(WRONG)
    assert (cause["member"], cause["code"]) == ("wrong_machine/ext.pyd", "WA201")


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_known(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If the text contains no known message, the command says so and opens no wheel."""
    text = tmp_path / "log.txt"
    text.write_text("all is well\n", encoding="utf-8")
    assert main(["why", "--format", form, str(text), "no such wheel"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    if form == "text":
        assert out == "the text contains no message that wheelarch knows\n"
    else:
        assert json.loads(out)["explanations"] == []


@pytest.mark.parametrize("data", [b"", b"\n \n", None])
def test_no_text(data: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty file, and a file that cannot be read, count as no input."""
    path = tmp_path / "log.txt"
    if data is not None:
        path.write_bytes(data)
    assert main(["why", str(path)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("wheelarch: ")


def test_a_wheel_that_is_not_there(log: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be explained is explained, but the exit code says that a name matched nothing."""
    assert main(["why", log, "none.whl", str(WRONG)]) == 2
    out, err = capsys.readouterr()
    assert "none.whl: no such file or folder" in err
    assert "WA201: extension module" in squeezed(out)


def test_a_wheel_that_can_not_be_read(
    log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is on standard error."""
    wheel = tmp_path / "x.whl"
    wheel.write_bytes(b"")
    judge_as(monkeypatch, {"x.whl": SourceError("x.whl: may not be read")})
    assert main(["why", log, str(wheel)]) == 2
    assert "may not be read" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["-"], [str(WRONG)]])
def test_standard_input(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without FILE, with `-`, and if the first name is a wheel, the text comes from standard input."""
    stdin = SimpleNamespace(buffer=io.BytesIO(WIN32.encode("utf-16")), isatty=lambda: False)
    monkeypatch.setattr("sys.stdin", stdin)
    assert main(["why", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert ("WA201: extension module" in squeezed(out)) is bool(arguments and arguments != ["-"])


def test_a_terminal_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A user at a terminal learns how to end the text."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b""), isatty=lambda: True))
    assert main(["why"]) == 3
    assert "Ctrl-D" in capsys.readouterr().err


def test_without_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without standard input there is no text."""
    monkeypatch.setattr("sys.stdin", None)
    assert main(["why"]) == 3
    assert "no text" in capsys.readouterr().err


def test_a_process_of_its_own() -> None:
    """The command also reads from a pipe."""
    done = run("why", input=WIN32)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("line 1: ImportError")


EVIL = "\x1b]0;owned\x07 ::error::x \u202e ##[command] \x9b2J"


@pytest.mark.parametrize("form", ["text", "json"])
def test_hostile_strings_command_nothing(
    form: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every text from a log or a wheel is escaped before a terminal or CI runner gets it."""
    text = tmp_path / "log.txt"
    text.write_text(
        f"{EVIL} undefined symbol: _Py_{EVIL} \u202e.so: wrong ELF class: ELFCLASS32", encoding="utf-8"
    )
    wheel = tmp_path / "x.whl"
    wheel.write_bytes(b"")
    evil = everywhere(EVIL)
    findings = tuple(finding._replace(code="WA201", tags=("a-b-any",)) for finding in evil.findings)
    judge_as(monkeypatch, {"x.whl": evil._replace(findings=findings)})
    assert main(["why", "--format", form, str(text), str(wheel)]) == 0
    out = capsys.readouterr().out
    assert out.isascii() or out.replace("\n", "").isprintable()
    assert all(char not in out for char in "\x1b\x07\u202e\x9b")
    assert not any(word.startswith(("::", "##")) for word in out.split())
    assert "WA201" in out
