"""Tests of `wheelarch.report.as_text`."""

import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.reports import everywhere, finding, judged
from wheelarch.model import Severity
from wheelarch.report import as_text
from wheelarch.report.document import Report

ERROR, WARNING, NOTE = Severity

MIXED = Report(
    (
        judged("dist/good-1.0-py3-none-any.whl"),
        judged(
            "dist/demo-1.0-cp311-abi3-win_amd64.whl",
            finding(confirmed_by=("lief 1.0.0", "pefile 2024.8.26")),
            finding(
                WARNING,
                code="WA013",
                name="tags-differ",
                member="demo-1.0.dist-info/WHEEL",
                tags=tuple(f"cp311-abi3-manylinux_2_{minor}_x86_64" for minor in range(17, 25)),
                message="WHEEL names other tags than the file name",
                evidence={},
                consequence="",
                remedy="Run `python -m wheel tags --python-tag PY --abi-tag ABI --platform-tag PLAT --remove "
                "X.whl`: it changes the file name and WHEEL together. Never rename a wheel.",
            ),
            finding(
                NOTE,
                code="WA215",
                name="surplus-slice",
                member="demo/lib.dylib",
                slice="x86_64",
                tags=(),
                message="a slice that no tag asks for",
                evidence={"have": "arm64, x86_64"},
                consequence="",
                remedy="",
            ),
        ),
        judged(
            "page.whl",
            finding(
                code="WA001",
                name="not-a-zip",
                member=None,
                tags=(),
                message="no zip archive: it starts with `<!doctype html>`",
                evidence={},
                consequence="",
                remedy="",
            ),
            status="unreadable",
        ),
    )
)

MIXED_TEXT = """\
dist/good-1.0-py3-none-any.whl: ok
dist/demo-1.0-cp311-abi3-win_amd64.whl: 1 error, 1 warning, 1 note

  error WA201 wrong-machine
      demo/_demo.pyd is built for arm64, the wheel's tag asks for x86_64
      tags: cp311-abi3-win_amd64
      remedy: Build for the machine in the tag.
      users see: ImportError: DLL load failed while importing _demo: %1 is not a valid Win32
        application
      confirmed by: lief 1.0.0, pefile 2024.8.26

  warning WA013 tags-differ: demo-1.0.dist-info/WHEEL
      WHEEL names other tags than the file name
      tags: cp311-abi3-manylinux_2_17_x86_64, cp311-abi3-manylinux_2_18_x86_64,
        cp311-abi3-manylinux_2_19_x86_64, cp311-abi3-manylinux_2_20_x86_64 and 4 more
      remedy: Run `python -m wheel tags --python-tag PY --abi-tag ABI --platform-tag PLAT --remove
        X.whl`: it changes the file name and WHEEL together. Never rename a wheel.

  note WA215 surplus-slice: demo/lib.dylib (x86_64 slice)
      a slice that no tag asks for
      have: arm64, x86_64

page.whl: unreadable

  error WA001 not-a-zip
      no zip archive: it starts with `<!doctype html>`

3 inputs, 1 clean: 2 errors, 1 warning, 1 note
"""


def test_the_text_of_a_mixed_report():
    """One verdict per input, one block per finding, and a last line with the counts, to the letter."""
    assert as_text.render(MIXED) == MIXED_TEXT


def test_a_clean_report_is_one_line_an_input():
    """Clean wheels take one line each, and with `quiet` nothing is left."""
    report = Report((judged("dist/a.whl"), judged("dist/b.whl")))
    assert as_text.render(report) == (
        "dist/a.whl: ok\ndist/b.whl: ok\n2 inputs, 2 clean: 0 errors, 0 warnings, 0 notes\n"
    )
    assert as_text.render(report, quiet=True) == ""


def test_quiet_leaves_the_findings():
    """With `quiet` the findings are the same, without clean inputs and the last line."""
    lines = MIXED_TEXT.splitlines(keepends=True)
    assert as_text.render(MIXED, quiet=True) == "".join(lines[1:-1])


def test_an_unreadable_input_is_always_told():
    """An input that cannot be read is not clean, even if no selected rule has a finding about it."""
    report = Report((judged("page.whl", status="unreadable"),))
    assert as_text.render(report, quiet=True) == "page.whl: unreadable\n"


def test_colour_only_adds_colour():
    """Without its color sequences, a colored report is the plain one. Each severity has its color."""
    colored = as_text.render(MIXED, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == MIXED_TEXT
    for mark in (
        "\x1b[1;31merror\x1b[0m",
        "\x1b[1;33mwarning\x1b[0m",
        "\x1b[1;36mnote\x1b[0m",
        "\x1b[32mok\x1b[0m",
    ):
        assert mark in colored


@pytest.mark.parametrize(("count", "blocks"), [(20, 20), (21, 0), (500, 0)])
def test_many_findings_of_one_code_fold(count, blocks):
    """Up to 20 findings of one code in a wheel are shown. More become one line with their number."""
    many = [finding(member=f"demo/_{number:03}.pyd") for number in range(count)]
    other = finding(code="WA202", name="missing-slice", member="demo/other.so")
    text = as_text.render(Report((judged("x.whl", *many, other),)))
    assert text.count("error WA201 wrong-machine: demo/") == blocks
    assert text.count("error WA202 missing-slice: demo/other.so") == 1
    line = f"  error WA201 wrong-machine: {count} findings, e.g. in demo/_000.pyd (--verbose shows each)\n"
    assert (line in text) == (not blocks)
    assert f"x.whl: {count + 1} errors\n" in text


def test_folding_is_per_wheel_and_shows_the_worst():
    """Findings of two wheels are counted separately, and a folded line has the worst of its severities."""
    notes = [finding(NOTE, member=None) for _ in range(15)]
    assert "findings" not in as_text.render(Report((judged("a.whl", *notes), judged("b.whl", *notes))))
    text = as_text.render(Report((judged("a.whl", *notes, *notes, finding(WARNING, member=None)),)))
    assert "  warning WA201 wrong-machine: 31 findings (--verbose shows each)\n" in text


def test_verbose_folds_nothing():
    """With `verbose` each of many findings has its block."""
    many = [finding(member=f"demo/_{number:03}.pyd") for number in range(50)]
    text = as_text.render(Report((judged("x.whl", *many),)), verbose=True)
    assert text.count("error WA201 wrong-machine: demo/") == 50


TRUE = ("cp311-abi3-win_arm64", "cp312-abi3-win_arm64")
COMMAND = "python -m wheel tags --python-tag cp311.cp312 --abi-tag abi3 --platform-tag win_arm64 --remove"


@pytest.mark.parametrize(
    ("system", "path", "word"),
    [
        ("posix", "dist/demo.whl", "dist/demo.whl"),
        ("posix", "my dist/Ann's 100% $new.whl", """'my dist/Ann'"'"'s 100% $new.whl'"""),
        ("nt", r"C:\dist\demo-1.0+cpu.whl", r"C:\dist\demo-1.0+cpu.whl"),
        ("nt", r"C:\my dist\Ann's & (1).whl", r'''"C:\my dist\Ann's & (1).whl"'''),
        ("nt", r"C:\größe\demo.whl", r'''"C:\größe\demo.whl"'''),
        ("nt", r"C:\%TEMP%\demo.whl", ""),
        ("nt", r"C:\$env:TEMP\demo.whl", ""),
        ("nt", "C:\\`n\\demo.whl", ""),
        ("nt", "C:\\\u201dx\u201d\\demo.whl", ""),
    ],
)
def test_the_command_for_other_tags_fits_the_shell(monkeypatch, system, path, word):
    """The path is quoted for POSIX shells, or for cmd and PowerShell. If no quotes fit both, there is no command."""
    report = Report((judged(path, finding(), honest_tags=TRUE),))
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", system)
        lines = as_text.render(report).splitlines()
    assert "  tags that match the contents: cp311-abi3-win_arm64, cp312-abi3-win_arm64" in lines
    assert [line for line in lines if "wheel tags" in line] == ([f"      {COMMAND} {word}"] if word else [])


def test_no_matching_tags():
    """If no tags match the contents, the report says what to rebuild."""
    report = Report((judged("x.whl", finding(), honest_tags=(), rebuild=("pkg/ext.pyd",)),))
    assert "\n\n  renaming will not fix this; rebuild pkg/ext.pyd\n\n" in as_text.render(report)


HOSTILE = st.text(st.sampled_from("::error##[]\n\r\x1b\u202e\u2028 xy/"), min_size=1, max_size=200)


@given(HOSTILE, st.booleans())
def test_a_hostile_name_commands_nothing(name, verbose):
    """Whatever the names in a file are, no line of the report is a command or contains unprintable characters."""
    text = as_text.render(Report((everywhere(name),)), verbose=verbose)
    assert "##" not in text
    for line in text.splitlines():
        assert line.isprintable()
        assert not line.lstrip().startswith("::")
    assert text.count("\n") == len(text.splitlines())


def test_only_whole_words_count_as_said():
    """Evidence and members are left out only if the message has them whole, not as a part of something longer."""
    one = finding(
        member="a.so",
        message="pkg/a.so is x86_64, but the tag needs arm64",
        evidence={"have": "x86_64", "need": "arm64", "same as": "x86", "sign": "arm"},
    )
    text = as_text.render(Report((judged("x.whl", one),)))
    assert "error WA201 wrong-machine: a.so\n" in text
    assert "      same as: x86; sign: arm\n" in text
