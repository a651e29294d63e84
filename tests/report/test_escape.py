"""Tests of `wheelarch.report.escape`."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wheelarch.report.escape import NAME_LIMIT, TEXT_LIMIT, escape

HOSTILE = {
    "an escape sequence": ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
    "a one-byte escape sequence": ("\x9b31m", r"\x9b31m"),
    "a window title": ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
    "line feed, return, tab, NUL": ("a\nb\rc\td\0", r"a\nb\rc\td\x00"),
    "next line and the Unicode separators": ("a\x85b\u2028c\u2029", r"a\x85b\u2028c\u2029"),
    "an override of the reading direction": ("cod\u202eyp.", r"cod\u202eyp."),
    "isolates": ("\u2066a\u2067b\u2068c\u2069", r"\u2066a\u2067b\u2068c\u2069"),
    "direction marks": ("\u200e\u200f\u061c", r"\u200e\u200f\u061c"),
    "invisible characters": ("a\u200bb\ufeffc\u00add", r"a\u200bb\ufeffc\xadd"),
    "a space that is not a plain one": ("a\u00a0b", r"a\xa0b"),
    "a lone surrogate": ("x\udc80.so", r"x\udc80.so"),
    "an invisible tag beyond the first plane": ("\U000e0041", r"\U000e0041"),
    "a GitHub command": ("::error::owned", r"\x3a:error::owned"),
    "a GitHub command where a line may wrap": (
        "see ::set-output name=x::1",
        r"see \x3a:set-output name=x::1",
    ),
    "half a GitHub command, for what follows to complete": (":", r"\x3a"),
    "half a GitHub command behind a space": ("x :", r"x \x3a"),
    "an old GitHub command": ("x ##[error]owned", r"x #\x23[error]owned"),
    "an Azure command": ("##vso[task.complete]", r"#\x23vso[task.complete]"),
    "hash signs in a row": ("####[group]", r"#\x23#\x23[group]"),
}
HARMLESS = [
    "",
    "demo/_demo.cp311-win_amd64.pyd",
    "C:\\wheels\\x.whl",
    "std::string",
    "größe/日本.so",
    "LINK : error #1",
]


@pytest.mark.parametrize(("text", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_what_could_deceive_or_command_is_spelt_out(text, expected):
    """Each known trick becomes a visible escape."""
    assert escape(text) == expected


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays(text):
    """Names in any script, Windows paths and C++ names are shown as they are."""
    assert escape(text) == text


def test_an_overlong_name_keeps_its_ends():
    """The middle of a name above the limit is left out, and exactly the limit is left."""
    name = "package/" + "x" * 5_000 + "/_module.pyd"
    shown = escape(name)
    assert len(shown) == NAME_LIMIT
    assert shown.startswith("package/xxx")
    assert "x...x" in shown
    assert shown.endswith("/_module.pyd")
    assert escape("x" * NAME_LIMIT) == "x" * NAME_LIMIT
    assert len(escape(name, TEXT_LIMIT)) == TEXT_LIMIT


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Z", "C"]), max_size=400))
def test_nothing_unprintable_survives(text):
    """Whatever the text, the result is one line without control, format or surrogate characters."""
    shown = escape(text)
    categories = {unicodedata.category(char) for char in shown}
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert len(shown.splitlines()) <= 1
    shown.encode()


@given(st.text(st.sampled_from("#: x[\n\u202e\u2028"), max_size=60))
def test_no_command_survives(text):
    """Whatever is around it, no command of a CI runner is left."""
    shown = escape(text)
    assert "##" not in shown
    assert not any(word.startswith("::") for word in shown.split(" "))


@given(st.text(max_size=400))
def test_the_result_survives_json(text):
    """The result is a string that JSON can contain."""
    shown = escape(text)
    assert json.loads(json.dumps(shown, ensure_ascii=False).encode()) == shown
