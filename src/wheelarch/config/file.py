"""The configuration file: wheelarch.toml, or `[tool.wheelarch]` of pyproject.toml."""

from __future__ import annotations

import os
import re

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import UsageError
from ..judging.judge import last_component
from .ignores import Ignore, patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeVar

    _T = TypeVar("_T")

__all__ = [
    "MOST_BYTES",
    "MOST_CHARACTERS",
    "MOST_DOTS",
    "Config",
    "find",
    "has_table",
    "parse",
    "read",
    "read_named",
]

MOST_BYTES = 128 << 10
"""Bytes of a configuration file."""
MOST_DOTS = 200
"""Dots of one key: tomllib takes time by the square of a key's parts, and for each line by those of its table."""
MOST_CHARACTERS = 1_000
"""Characters of a string in it."""

_OWN, _PROJECT = "wheelarch.toml", "pyproject.toml"
_KEYS = ("select", "ignore", "fail-on", "expect", "per-file-ignores")
_FAIL_ON = ("error", "warning", "note", "never")
_KINDS = {
    str: "a string", bool: "a boolean", int: "an integer", float: "a float", list: "an array", dict: "a table",
}  # fmt: skip
"""What TOML calls them; the rest are dates and times."""


class Config(NamedTuple):
    """What a configuration file says, and the command's defaults where it says nothing."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"
    expect: str | None = None
    per_file_ignores: tuple[Ignore, ...] = ()


def find(folder: str = "") -> str | None:
    """Return the path of a folder's configuration file: wheelarch.toml, else a pyproject.toml with our table.

    Whatever is wrong with a pyproject.toml that says nothing to us is no business of ours.

    Args:
        folder: Where to look; folders above are not searched.
    """
    own, project = os.path.join(folder, _OWN), os.path.join(folder, _PROJECT)
    if os.path.lexists(own):
        return own
    try:
        with open(project, "rb") as stream:
            return project if has_table(stream.read(_SEARCHED)) else None
    except OSError:
        return None


def has_table(data: bytes) -> bool:
    """Return whether a pyproject.toml seems to have `[tool.wheelarch]`.

    Never no for one that has it, unless its name is spelled with escapes.
    """
    return b"wheelarch" in data and _TABLE.search(data) is not None


_TABLE = lazy.pattern(
    rb"""^(?:\xef\xbb\xbf)?[ \t]*+\[{0,2}+[ \t]*+["']?tool["']?[ \t]*+"""
    rb"""(?:\.[ \t]*+["']?wheelarch["']?[ \t]*+[\].=]|\]|=[ \t]*+\{)""",
    re.MULTILINE,
)
"""A header of the table or of one below it, a key that makes one, or the beginning of what may hold one."""
_SEARCHED = 4 << 20
"""Bytes of a pyproject.toml: there is none so large."""


def read(path: str) -> Config:
    """Return what a configuration file says. See `parse`.

    Raises:
        UsageError: It can't be read, is larger than `MOST_BYTES`, or is wrong.
    """
    return parse(_load(path), path)


def read_named(path: str) -> Config:
    """Return what a configuration file says that somebody named, and who so expects it to say something.

    Raises:
        UsageError: As `read`; it is a pyproject.toml without our table.
    """
    if not path:
        raise UsageError("--config: expected a file, found an empty name")
    data = _load(path)
    if last_component(path) == _PROJECT and not has_table(data):
        raise UsageError(f"{path}: expected a table [tool.wheelarch], found none")
    return parse(data, path)


def parse(data: bytes, file: str) -> Config:
    """Return what the bytes of a configuration file say.

    Args:
        data: The file. Nothing in it is needed: an empty one gives the defaults.
        file: Its path, for messages. Of a pyproject.toml the table `[tool.wheelarch]` is read, any other is the table.

    Raises:
        UsageError: It is no TOML, or has a key, a code or a value that means nothing. The message names the file, the
            key, and what is nearest or expected.
    """
    table = _toml(data, file)
    if "tool" in table and last_component(file) != _PROJECT:
        raise UsageError(f"{file}: the file itself is the table: leave out the header [tool.wheelarch]")
    if last_component(file) == _PROJECT:
        for name in ("tool", "wheelarch"):
            table = _checked(table.get(name, {}), dict, f"{file}: {name}")
    _check_keys(table, _KEYS, file)
    fail_on = _text(table.get("fail-on", Config().fail_on), f"{file}: fail-on")
    if fail_on not in _FAIL_ON:
        raise UsageError(f"{file}: fail-on: expected one of {', '.join(_FAIL_ON)}, found {fail_on!r}")
    return Config(
        select=_codes(table.get("select", []), f"{file}: select"),
        ignore=_codes(table.get("ignore", []), f"{file}: ignore"),
        fail_on=fail_on,
        expect=_word(table["expect"], _target, f"{file}: expect") if "expect" in table else None,
        per_file_ignores=tuple(_ignores(table.get("per-file-ignores", {}), f"{file}: per-file-ignores")),
    )


def _load(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    if len(data) > MOST_BYTES:
        raise UsageError(
            f"{path}: larger than {MOST_BYTES:,} bytes: {_OWN} beside it would do for our table alone"
        )
    return data


def _toml(data: bytes, file: str) -> Mapping[str, object]:
    from tomllib import loads

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{file}: line {line}: no UTF-8 text") from error
    for key in _DOTTED.finditer(text):
        if key[0].count(".") > MOST_DOTS:
            line = text.count("\n", 0, key.start()) + 1
            raise UsageError(f"{file}: line {line}: a key of more than {MOST_DOTS} parts")
    try:
        return loads(text)
    except (ValueError, RecursionError) as error:
        # The message of a TOMLDecodeError ends with its line and column.
        raise UsageError(f"{file}: no TOML: {error}") from error


_DOTTED = lazy.pattern(
    r"""(?:(?:(?<![\w-])[\w-]++|(?<!\\)"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)++"""
)
"""All of a dotted key but its last part; text in strings may look so, too. No word is tried from its middle, and no
string from an escaped quote: that would take time by the square of their length."""


def _checked(value: object, kind: type[_T], where: str) -> _T:
    if not isinstance(value, kind):
        found = _KINDS.get(type(value), "a date or time")
        raise UsageError(f"{where}: expected {_KINDS[kind]}, found {found}")
    return value


def _text(value: object, where: str) -> str:
    text = _checked(value, str, where)
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"{where}: expected at most {MOST_CHARACTERS:,} characters, found {len(text):,}")
    return text


def _check_keys(table: Iterable[str], known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            from difflib import get_close_matches

            near = get_close_matches(key[:MOST_CHARACTERS], known, 1, 0)
            raise UsageError(f"{where}: there is no key {key!r}; the nearest is {near[0]}")


def _codes(value: object, where: str) -> tuple[str, ...]:
    return tuple(_word(one, _code, where) for one in _checked(value, list, where))


def _word(value: object, meaning: Callable[[str], _T], where: str) -> _T:
    """Return what a word stands for, or raise what `meaning` has against it, with the place in the file."""
    word = _text(value, where)
    try:
        return meaning(word)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from error


def _code(word: str) -> str:
    """Return the beginning of codes that a word stands for: it is one itself, or a rule's name."""
    from .. import rules

    if word and any(one.code.startswith(word.upper()) for one in rules.RULES):
        return word.upper()
    return rules.find(word).code


def _target(text: str) -> str:
    from ..interpreter.wanted import expected

    return expected(text).name


def _ignores(value: object, where: str) -> Iterator[Ignore]:
    for glob, entries in _checked(value, dict, where).items():
        wheel, member = _word(glob, patterns, where)
        here = f"{where}: {glob!r}"
        for entry in _checked(entries, list, here):
            said = _checked(entry, dict, here)
            _check_keys(said, ("code", "reason"), here)
            for key in ("code", "reason"):
                if not _text(said.get(key, ""), f"{here}: {key}").strip():
                    raise UsageError(f"{here}: expected a {key} in each entry, found none")
            yield Ignore(here, _word(said["code"], _code, f"{here}: code"), said["reason"], wheel, member)
