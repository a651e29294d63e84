"""Tests of the program as a whole."""

import subprocess
import sys
from pathlib import Path

import pytest

import wheelarch
from support.program import judge_as, run
from support.reports import judged
from wheelarch.cli import console, main

VERBS = ("audit", "show", "explain", "rules")
ENVIRONMENT = {"PYTHONPATH": str(Path(wheelarch.__file__).parents[1])}
HEAVY = {
    "json",
    "inspect",
    "dataclasses",
    "pathlib",
    "textwrap",
    "shutil",
    "zipfile",
    "packaging",
    "rich",
    "lief",
}
AUDIT = {f"wheelarch.{name}" for name in ("api", "rules", "image", "metadata", "reading", "report.as_text")}


def test_the_version(capsys):
    """`--version` prints the name and the version."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"wheelarch {wheelarch.__version__}\n"


def test_the_version_as_a_module():
    """`python -m wheelarch` is the same program."""
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"wheelarch {wheelarch.__version__}\n", "")


def test_the_version_costs_little():
    """`--version` imports neither the audit nor a rule nor a library."""
    program = "import sys; from wheelarch.cli import main; main(['--version']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    modules = set(done.stdout.split())
    assert "wheelarch.cli" in modules
    assert not modules & (HEAVY | AUDIT)


@pytest.mark.parametrize(
    "verb", [(), *((verb,) for verb in VERBS)], ids=lambda verb: "".join(verb) or "program"
)
def test_help(capsys, verb):
    """Each verb says what it does and what its options are."""
    assert main([*verb, "--help"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"usage: {' '.join(['wheelarch', *verb])}")
    assert err == ""


@pytest.mark.parametrize("verb", ["audit", "show"])
def test_help_tells_the_exit_codes(capsys, verb):
    """What the exit codes mean can be read in a terminal."""
    main([verb, "--help"])
    assert "Exit code:\n  0  " in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [[], ["adit"], ["dist/x.whl"], ["--nothing"], ["explain"], ["rules", "x"]]
)
def test_misuse_is_2(capsys, arguments):
    """Wrong usage is one line on standard error that says what is allowed, or where to read it."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("wheelarch: ")
    assert err.count("\n") == 1
    assert "audit, show" in err or "--help` shows the usage" in err


def test_a_misspelled_command_names_the_nearest(capsys):
    """The message has the word that was given, the nearest command, and all commands."""
    assert main(["adit"]) == 2
    assert capsys.readouterr().err == (
        "wheelarch: unknown command 'adit' (did you mean 'audit'?); expected one of "
        "audit, show, installed, target, doctor, explain, rules, why\n"
    )


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A function that sets the result of the audit of `x.whl`."""
    (tmp_path / "x.whl").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    return lambda verdict: judge_as(monkeypatch, {"x.whl": verdict})


def test_an_internal_error_is_2(wheel, capsys):
    """A bug is one line that asks the user to report it, never a verdict. `--verbose` adds the traceback."""
    wheel(ZeroDivisionError("a\nb\x1b"))
    line = r"internal error, please report it (--verbose shows where): ZeroDivisionError('a\nb\x1b')"
    assert main(["audit", "x.whl", "--exit-zero"]) == 2
    assert capsys.readouterr() == ("", f"wheelarch: {line}\n")
    assert main(["audit", "x.whl", "--verbose"]) == 2
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert err.endswith(f"wheelarch: {line}\n")


@pytest.mark.parametrize("error", [MemoryError(), RecursionError()])
def test_exhaustion_is_no_verdict(wheel, capsys, error):
    """Running out of memory or stack is an internal error, not a verdict."""
    wheel(error)
    assert main(["audit", "x.whl"]) == 2


def test_ctrl_c_is_quiet(tmp_path, monkeypatch, capsys):
    """An interrupt ends the program without output, with the exit code that shells use."""

    def interrupted(text):
        raise KeyboardInterrupt

    monkeypatch.setattr(console, "say", interrupted)
    assert main(["rules"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_closed_pipe_is_quiet():
    """A reader that closes the pipe causes no message, but the exit code is not 0."""
    program = "import sys; from wheelarch.cli import main; sys.exit(main(['rules']))"
    with subprocess.Popen(
        [sys.executable, "-c", f"input(); {program}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        process.stdout.close()
        process.stdin.write(b"\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 141


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_a_full_disk_is_told():
    """A report that cannot be written is one line and exit code 2."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "wheelarch", "rules"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=ENVIRONMENT,
        )
    assert done.returncode == 2
    assert done.stderr == "wheelarch: standard output: No space left on device\n"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_narrow_console_is_no_reason_to_fail(tmp_path, encoding):
    """Characters that are not in the code page of the console are shown as escapes, on both streams."""
    done = run("audit", "日本.whl", cwd=tmp_path, env={"PYTHONIOENCODING": encoding})
    assert done.returncode == 3
    assert r"wheelarch: \u65e5\u672c.whl: no such file or folder" in done.stderr


def test_a_narrow_console_shows_a_report(wheel, capsys):
    """A report with any letters can be printed to an ASCII stream."""
    wheel(judged("größe/日本.whl"))
    sys.stdout.reconfigure(encoding="ascii", errors="strict")
    assert main(["audit", "x.whl"]) == 0
    assert r"gr\xf6\xdfe/\u65e5\u672c.whl: ok" in capsys.readouterr().out
