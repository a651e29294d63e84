"""Whatever a file contains, no report can command a terminal, a CI runner or a shell, and none breaks.

Every format gets hostile names and strings. If the format has a parser, it must read them back unchanged. In formats
for people, no string may break out of its line, and all characters must be printable.
"""

import contextlib
import io
import json
import os
import re
import shlex
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from support.archives import pack, part
from support.images import image
from support.reports import everywhere
from support.schema import check
from wheelarch import report
from wheelarch.cli import main
from wheelarch.interpreter import environment
from wheelarch.interpreter.environment import Variable
from wheelarch.loading.simulate import Answer, Load, Step
from wheelarch.model import Grid
from wheelarch.report import as_grid, as_json, as_steps, as_table, as_text, as_tree
from wheelarch.report.document import Report

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
COMMAND = re.compile(r"^\s*::|##(?:\[|vso)", re.MULTILINE)
"""A workflow command of GitHub, which begins a line, or one of Azure or of old GitHub runners, anywhere."""
STYLE = re.compile(r"\x1b\[[\d;]*m")

PIECES = [
    "\x1b[31m", "\x9b2J", "\x1b]0;title\x07", "\r", "\n", "\r\n", "\t", "\0", "\x7f", "\x85", "\u2028", "\u2029",
    *sorted(BIDI), "\u200b", "\ufeff", "\xad", "\udc80", "\ud800", "\U000e0041",
    "::error::owned", "\n::set-output name=x::y", "::", ":", " :", " ::", "##[error]owned", "##vso[task.complete]",
    "#", "##",
    "<script>alert(1)</script>", "</td>", "<!--", "]]>", "&lt;", '"', "'", "`", "\\", "$(id)", "`id`", "%0A", "%",
    "|", "[x](y)",
    "{", "}", "\u2018", "\u2019", " ", "  ", "a", "pkg/ext.pyd", "x" * 100, "größe", "日本",
]  # fmt: skip
hostile = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=()), max_size=8), max_size=6
).map("".join)
HUGE = "::error::" + "\n<b>\x1b[31m\u202e" * 10_000

everything = settings(max_examples=200, deadline=None, derandomize=True)
few = settings(max_examples=40, deadline=None, derandomize=True)


def assert_harmless(text: str) -> None:
    assert all(char == "\n" or char.isprintable() for char in text)
    assert not BIDI & set(text)
    assert not COMMAND.search(text)


def of_wheel(render: Callable[[Report], str]) -> Callable[[str], str]:
    return lambda text: render(Report((everywhere(text),)))


def grid(text: str) -> str:
    return "\n".join(
        as_grid.render(Grid(text, (text, "any"), ("cp311", text), (("ok", "wrong"), ("missing", ""))))
    )


def steps(text: str) -> str:
    """The load of a member that has the text in its path, in the names that it needs and in what answers."""
    one = everywhere(text)
    root = one.members[0]
    image = root.images[0]
    taken = [Step(root, image, text, answer, text, False, (text,), (text,) * 9) for answer in Answer]
    return as_steps.render(one, root, [Load(root, image, (text,), tuple(taken))], "glibc")


FOR_PEOPLE: dict[str, Callable[[str], str]] = {
    "text": of_wheel(as_text.render),
    "text, all of it": of_wheel(lambda one: as_text.render(one, verbose=True)),
    "text, what is wrong": of_wheel(lambda one: as_text.render(one, quiet=True)),
    "text, folded": lambda text: as_text.render(
        Report((everywhere(text)._replace(findings=everywhere(text).findings * (as_text.FOLD_ABOVE + 1)),))
    ),
    "text, no tag is true": of_wheel(
        lambda one: as_text.render(
            Report((one.wheels[0]._replace(honest_tags=(), rebuild=one.wheels[0].tags),))
        )
    ),
    "table": of_wheel(as_table.render),
    "tree": of_wheel(as_tree.render),
    "grid": grid,
    "steps": steps,
}
TESTED = {"as_grid", "as_json", "as_steps", "as_table", "as_text", "as_tree"}


def test_every_format_is_here() -> None:
    """A new format, or a new module for one, must be added to this file."""
    assert {path.stem for path in Path(report.__file__).parent.glob("as_*.py")} == TESTED
    assert set(report.FORMATS) == {"text", "json"}


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_formats_for_people(name: str) -> None:
    """The output has only printable characters and the line feeds of the report, and its size is limited."""

    @everything
    @given(hostile)
    @example(HUGE)
    @example("")
    def show(text: str) -> None:
        shown = FOR_PEOPLE[name](text)
        assert_harmless(shown)
        assert len(shown) < 150_000

    show()


@everything
@given(hostile)
@example(HUGE)
def test_colours_are_all_that_colour_adds(text: str) -> None:
    """Without the styles of the report itself, the colored text is the plain one."""
    one = Report((everywhere(text),))
    assert STYLE.sub("", as_text.render(one, color=True)) == as_text.render(one)


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)


@everything
@given(hostile.filter(bool))
@example(HUGE)
def test_json(text: str) -> None:
    """The document is ASCII and valid, is read back unchanged, and each of its strings is safe to print."""
    one = Report((everywhere(text),))
    written = as_json.render(one)
    assert written.isascii()
    assert_harmless(written)
    document = json.loads(written)
    assert document == one.to_dict()
    check(document)
    for leaf in leaves(document):
        assert_harmless(leaf)
        assert "\n" not in leaf


values = hostile.filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text))


@everything
@given(values.filter(lambda text: "\0" not in text))
def test_a_posix_shell_reads_values_whole(text: str) -> None:
    """Each line of `target --format env` sets one variable to the exact text, whatever a path contains."""
    written = environment.as_sh([Variable("A", text, ""), Variable("B", "b", "")], ["GONE"])
    assert shlex.split(written) == ["unset", "GONE", "export", f"A={text}", "export", "B=b"]


@everything
@given(values)
def test_powershell_reads_values_whole(text: str) -> None:
    """A single-quoted string ends at a quote that is not doubled. PowerShell knows five such characters."""
    written = environment.as_powershell([Variable("A", text, "")], [])
    start, end = "$env:A = '", "'\n"
    assert written.startswith(start)
    assert written.endswith(end)
    body = written[len(start) : -len(end)]
    quote = "['\u2018\u2019\u201a\u201b]"
    assert re.fullmatch(f"(?:[^'\u2018\u2019\u201a\u201b]|({quote})\\1)*", body)
    assert re.sub(f"({quote})\\1", r"\1", body) == text


@everything
@given(values)
def test_cargo_reads_values_whole(text: str) -> None:
    """The fragment of Cargo's configuration is TOML with the exact text."""
    written = environment.as_cargo(
        [Variable("CARGO_BUILD_TARGET", text, ""), Variable("PYO3_PYTHON", text, "")]
    )
    assert tomllib.loads(written) == {"build": {"target": text}, "env": {"PYO3_PYTHON": text}}


# --- the command, on files


def command(*arguments: str) -> tuple[str, str]:
    """Return what the command writes to its two outputs."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        assert main(arguments) in (0, 1)
    return out.getvalue(), err.getvalue()


def evil_wheel(text: str) -> bytes:
    """A wheel with that text in the names of members, in WHEEL, and in the name of a DLL that a binary needs."""
    raw = text.encode("utf-8", "surrogatepass")[:60_000]
    binary = image("win_arm64-python3.pyd").replace(
        b"python3.dll", (raw.replace(b"\0", b"") + b"x" * 11)[:11]
    )
    info = b"pkg-1.0.dist-info/"
    wheel = (
        b"Wheel-Version: 1.0\nGenerator: "
        + raw.replace(b"\n", b" ")
        + b"\nRoot-Is-Purelib: false\nTag: "
        + raw
    )
    return pack(
        part(raw[:4_000] + b"ext.pyd", binary),
        part(b"pkg/" + raw[:4_000] + b".so", b"no code"),
        part(info + b"WHEEL", wheel),
        part(info + b"METADATA", b"Requires-Python: " + raw),
        part(info + b"RECORD", raw + b",sha256=" + raw + b",1\n"),
    )


def file_name(text: str) -> str:
    """The text without characters that cannot be in a file name."""
    usable = (char for char in text if char not in '/\0<>:"|?*\\' and (os.name != "nt" or char.isprintable()))
    return "".join(usable).encode("utf-8", "ignore")[:100].decode("utf-8", "ignore")


@few
@given(hostile, hostile)
@example(HUGE, HUGE)
@example("\udc80\n::error::x", "\n::error::x")
@example("marked", "marked")
def test_files_through_the_command(text: str, name: str) -> None:
    """Names inside a wheel, and its own name, are harmless in each format of the command. JSON is read back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"pkg-1.0-py3-none-{file_name(name)}win_amd64.whl"
        path.write_bytes(evil_wheel(text))
        audit = ("audit", str(path), "--second-opinion", "off")
        for arguments in (
            audit,
            (*audit, "--verbose"),
            (*audit, "--color", "always"),
            (*audit, "--format", "json"),
            ("show", str(path)),
            ("show", str(path), "--tree"),
            ("show", str(path), "--format", "json"),
            ("audit", str(path), "--tag", "cp311-abi3-win_amd64", "--second-opinion", "off"),
        ):
            out, err = command(*arguments)
            assert_harmless(STYLE.sub("", out) if "always" in arguments else out)
            assert_harmless(err)
            assert "marked" in out or text != "marked"
            if "json" in arguments:
                (one,) = json.loads(out)["inputs"]
                assert one["findings"] or arguments[0] == "show"


@few
@given(hostile, hostile)
@example(HUGE, "x")
def test_messages_through_the_command(text: str, name: str) -> None:
    """`why` quotes a log and the names in a wheel, but no commands in them."""
    with tempfile.TemporaryDirectory() as folder:
        log, path = Path(folder) / "log.txt", Path(folder) / "pkg-1.0-cp311-abi3-win_amd64.whl"
        message = f"{text} ImportError: DLL load failed while importing {name}: %1 is not a valid Win32 application.\n"
        log.write_bytes(message.encode("utf-8", "replace"))
        path.write_bytes(evil_wheel(text))
        for form in ("text", "json"):
            out, err = command("why", str(log), str(path), "--format", form)
            assert_harmless(out)
            assert_harmless(err)
            if form == "json":
                assert isinstance(json.loads(out)["explanations"], list)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_missing_file_is_told_harmlessly() -> None:
    """A name that does not exist is reported on standard error, in one line."""
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        assert main(["audit", "no\n::error::such\x1b[31m\u202efile.whl"]) == 3
    assert_harmless(err.getvalue())
    assert err.getvalue().count("\n") == 2
