"""Tests of `wheelarch rules` and `wheelarch explain`."""

import json
from pathlib import Path

import pytest

from support.images import image
from support.wheels import build_wheel
from wheelarch.cli import main
from wheelarch.doctor import rules as doctor_rules
from wheelarch.interpreter import signal_rules
from wheelarch.rules import RULES
from wheelarch.rules.remedies import REMEDIES, listed

EVERYTHING = (*RULES, *doctor_rules.RULES, *signal_rules.RULES)


def test_all_rules_are_listed(capsys):
    """One line per rule, in the order of the table: code, severity, name, summary."""
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines] == [[one.code, one.severity, one.name] for one in EVERYTHING]
    assert all(line.endswith(one.summary) for line, one in zip(lines, EVERYTHING, strict=True))


def test_all_rules_as_json(capsys):
    """The same list for programs."""
    assert main(["rules", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["schema", "rules"]
    assert document["rules"][0] == {
        "code": RULES[0].code,
        "name": RULES[0].name,
        "severity": RULES[0].severity,
        "status": RULES[0].status,
        "summary": RULES[0].summary,
    }
    assert [one["code"] for one in document["rules"]] == [one.code for one in EVERYTHING]


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_every_rule_can_be_explained(capsys, rule):
    """The explanation is the documentation of the rule and its remedies by system and tool, without their ids."""
    assert main(["explain", rule.code]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{rule.code} {rule.name} ({rule.severity})\n\n{rule.doc}\n")
    words = " ".join(out.split())
    assert ("The report says:" in out) == bool(rule.remedies)
    for heading, text in listed(rule):
        assert (f"{heading}: {text}" if heading else text) in words
    assert not any(each in words.split() or f"{each}:" in words.split() for each in REMEDIES if "-" in each)
    assert err == ""


@pytest.mark.parametrize("rule", signal_rules.RULES, ids=[rule.code for rule in signal_rules.RULES])
def test_every_finding_about_an_interpreter_can_be_explained(capsys, rule):
    """The explanation is its documentation alone. It is found by code and by name."""
    for word in (rule.code, rule.name):
        assert main(["explain", word]) == 0
        out, err = capsys.readouterr()
        assert out == f"{rule.code} {rule.name} ({rule.severity})\n\n{rule.doc}\n"
        assert err == ""


@pytest.mark.parametrize("word", ["WA201", "wa201", "wrong-machine", "Wrong-Machine"])
def test_a_rule_is_found_by_code_and_name(capsys, word):
    """Upper and lower case make no difference."""
    assert main(["explain", word]) == 0
    assert capsys.readouterr().out.startswith("WA201 wrong-machine")


def test_several_rules_are_explained_in_turn(capsys):
    """They are explained in the order of the arguments."""
    assert main(["explain", "missing-slice", "WA201"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("WA202 missing-slice")
    assert "\n\n\nWA201 wrong-machine" in out


def test_an_unknown_rule_names_the_nearest(capsys):
    """A misspelled name is one line with the nearest rule, and nothing is explained."""
    assert main(["explain", "WA201", "wrong-machin"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "WA201" in err
    assert "wrong-machine" in err


@pytest.fixture
def demo(tmp_path: Path) -> str:
    """A wheel of a module that finds one of its two libraries, and of a second module in another folder."""
    path = tmp_path / "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
    members = {
        "demo/_core.cpython-311-x86_64-linux-gnu.so": image("linux-x86_64-rpath.so"),
        "demo/other/_core.cpython-311-x86_64-linux-gnu.so": image("linux-x86_64-rpath.so"),
        "demo.libs/libhelper.so": image("linux-x86_64-helper.so"),
    }
    path.write_bytes(build_wheel(path.name, members))
    return str(path)


def test_a_load_is_explained(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each need is printed with where it was looked for and what answers, and then how the load ends."""
    assert main(["explain", f"{demo}!demo/_core.cpython-311-x86_64-linux-gnu.so"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "libhelper.so, looked for in demo.libs: found: demo.libs/libhelper.so" in words
    assert "libc.so.6: the system has it" in words
    assert "Every library that it needs is there. The audit says" in words


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("win_amd64-python3.pyd", "Names that it is bound to: "),
        ("linux-x86_64-glibc2.34.so", "Versions that it asks for: GLIBC_2.34 of libc.so.6"),
        ("macos-arm64-flat.so", "of every image of the process"),
    ],
)
def test_what_a_file_is_bound_to(
    file: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names by library, and versions, are printed as far as the formats have them."""
    platform = {"win": "win_amd64", "lin": "manylinux_2_34_x86_64", "mac": "macosx_11_0_arm64"}[file[:3]]
    suffix = ".pyd" if file.endswith(".pyd") else ".so"
    path = tmp_path / f"demo-1.0-cp312-cp312-{platform}.whl"
    path.write_bytes(build_wheel(path.name, {f"demo/ext{suffix}": image(file)}))
    assert main(["explain", f"{path}!demo/ext{suffix}"]) == 0
    assert words in " ".join(capsys.readouterr().out.split())


def test_a_load_that_fails_is_explained(demo: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not found is said with where it was looked for, and with the loader's words."""
    assert main(["explain", f"{demo}!other/_core.cpython-311-x86_64-linux-gnu.so"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert (
        "libhelper.so, looked for in demo/demo.libs: not found; the wheel has demo.libs/libhelper.so" in words
    )
    assert "libhelper.so: cannot open shared object file: No such file or directory" in words


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("!_core.cpython-311-x86_64-linux-gnu.so", "has several files"),
        ("!libhelp.so", "has no native file libhelp.so; did you mean demo.libs/libhelper.so?"),
        ("!x", "has no native file x; `wheelarch show` lists its native files"),
        ("!demo.libs/libhelper.so WA201", "explain rules or files of wheels, not both at once"),
    ],
)
def test_files_that_cannot_be_explained(
    word: str, message: str, demo: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not there, or not the only one of its name, is a mistake in the call."""
    member, *rest = word.split()
    assert main(["explain", f"{demo}{member}", *rest]) == 2
    assert message in capsys.readouterr().err


def test_a_wheel_without_a_file_and_what_is_no_wheel(
    demo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wheel alone gets the way to ask, and a file that is not a wheel is called so."""
    assert main(["explain", demo]) == 2
    assert f"as {demo}!MEMBER" in capsys.readouterr().err
    junk = tmp_path / "junk-1.0-py3-none-any.whl"
    junk.write_bytes(b"no zip archive")
    assert main(["explain", f"{junk}!x.so"]) == 2
    assert "cannot be read as a wheel" in capsys.readouterr().err


def test_a_wheel_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the file."""
    assert main(["explain", "gone-1.0-py3-none-any.whl!x.so"]) == 2
    assert "gone-1.0-py3-none-any.whl" in capsys.readouterr().err
