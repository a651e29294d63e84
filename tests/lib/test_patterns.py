"""Patterns that are compiled late behave like compiled ones."""

import re

import pytest

from wheelarch._lib.patterns import pattern


def test_a_pattern_is_compiled_when_it_is_first_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a pattern compiles nothing; the first use compiles it."""
    compiled = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda *arguments: compiled.append(arguments) or compile_(*arguments))
    late = pattern(r"(?P<name>[a-z]+)\d", re.IGNORECASE)
    assert compiled == []
    found = late.fullmatch("AB1")
    assert found is not None
    assert found["name"] == "AB"
    assert compiled == [(r"(?P<name>[a-z]+)\d", re.IGNORECASE)]
    late.fullmatch("ab2")
    assert len(compiled) == 1


def test_bytes_and_attributes() -> None:
    """A pattern of bytes works too, and other attributes are those of the compiled one."""
    late = pattern(rb"a(b)?")
    assert late.groups == 1
    assert late.search(b"xab") is not None


def test_a_wrong_pattern_raises_an_error_when_it_is_used() -> None:
    """The error is that of `re`."""
    late = pattern("(")
    with pytest.raises(re.error):
        late.search("")
