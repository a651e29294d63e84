"""What a run imports: nearly all of a small audit's time goes there."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import wheelarch
from wheelarch.cli import _verb_parser, audit
from wheelarch.cli.options import Defaults

SOURCE = str(Path(wheelarch.__file__).parents[1])
WHEELS = Path(__file__).parent.parent / "testdata" / "wheels"
CLEAN = str(WHEELS / "good-1.0-cp311-abi3-win_amd64.whl")
BROKEN = str(WHEELS / "not_pure-1.0-py3-none-any.whl")

SCRIPT = """
import sys
from wheelarch.cli import main
code = main(sys.argv[1:-1])
with open(sys.argv.pop(), "w") as out:
    print(code, *sorted(sys.modules), file=out)
"""

ALWAYS_DEAR = {
    "asyncio", "concurrent.futures", "dataclasses", "email", "importlib.metadata", "inspect", "lief", "macholib",
    "multiprocessing", "pathlib", "pefile", "rich", "tempfile", "tomllib", "unittest", "urllib", "xml", "zipfile",
}  # fmt: skip
"""What no audit needs in the process of the command."""
DEAR = ALWAYS_DEAR | {
    "json", "logging", "packaging", "platform", "random", "shutil", "socket", "subprocess", "sysconfig",
    "tarfile", "textwrap", "threading", "traceback", "typing", "wheelarch.config",
    "wheelarch.judging.matching_tags", "wheelarch.why.messages", "wheelarch.report.as_json",
    "wheelarch.report.as_table", "wheelarch.second_opinion", "wheelarch.container.sdist",
    "wheelarch.platforms.stable_abi.exported", "wheelarch.interpreter", "wheelarch.doctor", "wheelarch.why",
    "wheelarch.cli.doctor", "wheelarch.cli.installed", "wheelarch.cli.rules", "wheelarch.cli.show",
    "wheelarch.cli.target", "wheelarch.cli.why",
}  # fmt: skip
"""What the audit of a clean wheel needs nothing of, besides."""


def imported(tmp_path: Path, *arguments: str, terminal: bool = False) -> tuple[int, set[str]]:
    """Return the exit code of a run in a folder, and the modules that it imported beyond those of Python's start."""
    listed = tmp_path / "modules"
    command = [sys.executable, "-c", SCRIPT, *arguments, str(listed)]
    where: dict[str, Any] = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": SOURCE}}
    if terminal:
        import pty

        ours, theirs = pty.openpty()
        done = subprocess.run(
            command, stdout=theirs, stderr=subprocess.DEVNULL, check=False, timeout=60, **where
        )
        os.close(theirs)
        os.close(ours)
    else:
        done = subprocess.run(command, capture_output=True, check=False, timeout=60, **where)
    assert done.returncode == 0
    code, *modules = listed.read_text().split()
    bare = [sys.executable, "-c", "import sys; print(*sys.modules)"]
    start = subprocess.run(bare, capture_output=True, text=True, check=True).stdout.split()
    return int(code), set(modules) - set(start)


def test_the_version_needs_next_to_nothing(tmp_path: Path) -> None:
    """--version reads no option and no rule."""
    code, modules = imported(tmp_path, "--version")
    assert code == 0
    assert {name for name in modules if name.startswith("wheelarch")} == {
        "wheelarch", "wheelarch.cli", "wheelarch.cli.console", "wheelarch.errors", "wheelarch.report",
        "wheelarch.report.escape",
        "wheelarch._lib", "wheelarch._lib.typed",
    }  # fmt: skip
    assert not modules & {"argparse", "json", "packaging", "textwrap", "locale"}


terminals = pytest.mark.parametrize(
    "terminal",
    [False, pytest.param(True, marks=pytest.mark.skipif(sys.platform == "win32", reason="has no pty"))],
    ids=["pipe", "terminal"],
)


@terminals
def test_a_clean_audit_imports_nothing_dear(tmp_path: Path, terminal: bool) -> None:
    """Neither a third party's module nor one that starts processes, on a terminal as in a pipe."""
    code, modules = imported(tmp_path, "audit", CLEAN, terminal=terminal)
    assert code == 0
    assert not modules & DEAR
    assert "wheelarch.image.pe" in modules
    assert not modules & {"wheelarch.image.elf", "wheelarch.image.macho", "wheelarch.image.wasm"}


@terminals
def test_an_audit_with_findings_alone_needs_only_to_lay_them_out(tmp_path: Path, terminal: bool) -> None:
    """Without a second opinion, findings cost the modules that wrap lines and that suggest tags, and no more."""
    code, modules = imported(tmp_path, "audit", "--second-opinion=off", BROKEN, terminal=terminal)
    assert code == 1
    assert modules & DEAR <= {"textwrap", "wheelarch.judging.matching_tags"}


@terminals
def test_the_second_opinion_is_formed_elsewhere(tmp_path: Path, terminal: bool) -> None:
    """The other parsers are imported by a process of their own, never by the command's."""
    code, modules = imported(tmp_path, "audit", BROKEN, terminal=terminal)
    assert code == 1
    assert "wheelarch.second_opinion.review" in modules
    assert not modules & ALWAYS_DEAR


def test_json_needs_no_text(tmp_path: Path) -> None:
    """A report as JSON does not load what lays out text."""
    code, modules = imported(tmp_path, "audit", "--format=json", CLEAN)
    assert code == 0
    assert not modules & (DEAR - {"json", "wheelarch.report.as_json"})
    assert "wheelarch.report.as_text" not in modules


@pytest.mark.parametrize(
    ("name", "text", "dear"),
    [
        ("pyproject.toml", "[project]\nname = 'pkg'\n", {"wheelarch.config"}),
        ("wheelarch.toml", "ignore = ['WA314']\n", {"wheelarch.config", "tomllib"}),
    ],
)
def test_only_a_configuration_costs_its_parser(tmp_path: Path, name: str, text: str, dear: set[str]) -> None:
    """A project file that does not speak of wheelarch is looked at, and no more than that."""
    (tmp_path / name).write_text(text)
    code, modules = imported(tmp_path, "audit", CLEAN)
    assert code == 0
    others = {"wheelarch.config", "wheelarch.interpreter", "wheelarch.doctor", "fnmatch"}
    assert modules & (ALWAYS_DEAR | others) == dear


def test_one_verb_does_not_load_the_others(tmp_path: Path) -> None:
    """`rules` lists the rules and loads no other verb's module."""
    code, modules = imported(tmp_path, "rules")
    assert code == 0
    assert not {name for name in modules if name.startswith("wheelarch.cli.")} & {
        "wheelarch.cli.audit", "wheelarch.cli.doctor", "wheelarch.cli.target", "wheelarch.cli.why",
    }  # fmt: skip


def test_paths_alone_mean_what_the_parser_makes_of_them() -> None:
    """The gate's usual call goes without argparse, and to the same effect."""
    parsed = vars(_verb_parser("audit").parse_args(["dist", "a.whl"]))
    parsed.pop("run")
    defaults = Defaults()
    audit.add_arguments(defaults)
    assert parsed == {**defaults.values, "paths": ["dist", "a.whl"]}


def test_a_call_with_paths_alone_needs_no_parser(tmp_path: Path) -> None:
    """Argparse and what it asks for the user's language are imported where there is an option only."""
    parser = {"argparse", "gettext", "locale"}
    assert not imported(tmp_path, "audit", CLEAN)[1] & parser
    assert imported(tmp_path, "audit", "--quiet", CLEAN)[1] >= parser - {"locale"}
