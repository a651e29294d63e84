"""Read the configuration file: wheelarch.toml, or the table `[tool.wheelarch]` of pyproject.toml.

`find` looks for the file in a folder, `read` reads it, and `parse` checks each key and value. The bounds on its size
keep tomllib fast, whatever the file contains.
"""

from __future__ import annotations

import os
import re

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import UsageError
from ..metadata.member_paths import last_component
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
"""The most bytes of a configuration file."""
MOST_DOTS = 200
"""The most dots of one key. tomllib takes time by the square of a key's parts, and per line by those of its table."""
MOST_CHARACTERS = 1_000
"""The most characters of a string in it."""

_OWN, _PROJECT = "wheelarch.toml", "pyproject.toml"
_KEYS = ("select", "ignore", "fail-on", "expect", "per-file-ignores")
_FAIL_ON = ("error", "warning", "note", "never")
_KINDS = {
    str: "a string", bool: "a boolean", int: "an integer", float: "a float", list: "an array", dict: "a table",
}  # fmt: skip
"""The names of the types in TOML. All other values are dates and times."""


class Config(NamedTuple):
    """What a configuration file says; for the keys that it does not have, the defaults of the command."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"
    expect: str | None = None
    per_file_ignores: tuple[Ignore, ...] = ()


def find(folder: str = "") -> str | None:
    """Return the path of a folder's configuration file: wheelarch.toml, or else a pyproject.toml with our table.

    A pyproject.toml without our table is ignored, even if it is not valid TOML.

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

    The answer is never False for a file that has it, unless its name is written with escapes.
    """
    return b"wheelarch" in data and _TABLE.search(data) is not None


_TABLE = pattern(
    rb"""^(?:\xef\xbb\xbf)?[ \t]*+\[{0,2}+[ \t]*+["']?tool["']?[ \t]*+"""
    rb"""(?:\.[ \t]*+["']?wheelarch["']?[ \t]*+[\].=]|\]|=[ \t]*+\{)""",
    re.MULTILINE,
)
"""A header of the table or of one below it, a key that makes one, or the beginning of what may contain one."""
_SEARCHED = 4 << 20
"""The most bytes of a pyproject.toml that are searched. Real ones are much smaller."""


def read(path: str) -> Config:
    """Return what a configuration file says. See `parse`.

    Raises:
        UsageError: It cannot be read, is larger than `MOST_BYTES`, or has a mistake.
    """
    return parse(_load(path), path)


def read_named(path: str) -> Config:
    """Return what a configuration file says that the user named. Unlike one that was found, it must have our table.

    Raises:
        UsageError: As for `read`, or it is a pyproject.toml without our table.
    """
    if not path:
        raise UsageError("--config: expected the name of a file, found an empty string")
    data = _load(path)
    if last_component(path) == _PROJECT and not has_table(data):
        raise UsageError(f"{path}: expected a table [tool.wheelarch], found none")
    return parse(data, path)


def parse(data: bytes, file: str) -> Config:
    """Return what the bytes of a configuration file say.

    Args:
        data: The file. It may be empty, because every key has a default.
        file: Its path, for messages. In a pyproject.toml the table `[tool.wheelarch]` is read; any other file is
            the table itself.

    Raises:
        UsageError: It is not valid TOML, or has an unknown key or code, or a wrong value. The message names the file,
            the key, and what was expected.
    """
    table = _toml(data, file)
    if "tool" in table and last_component(file) != _PROJECT:
        raise UsageError(f"{file}: the whole file is the table; leave out the header [tool.wheelarch]")
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
        raise UsageError(f"{path}: larger than {MOST_BYTES:,} bytes; put our table into {_OWN} instead")
    return data


def _toml(data: bytes, file: str) -> Mapping[str, object]:
    from tomllib import loads

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{file}: line {line}: not valid UTF-8") from error
    for key in _DOTTED.finditer(text):
        if key[0].count(".") > MOST_DOTS:
            line = text.count("\n", 0, key.start()) + 1
            raise UsageError(f"{file}: line {line}: a key has more than {MOST_DOTS} parts")
    try:
        return loads(text)
    except (ValueError, RecursionError) as error:
        # The message of a TOMLDecodeError ends with its line and column.
        raise UsageError(f"{file}: not valid TOML: {error}") from error


_DOTTED = pattern(r"""(?:(?:(?<![\w-])[\w-]++|(?<!\\)"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)++""")
"""All of a dotted key except its last part. Text in strings may also match. No match starts in the middle of a word or
at an escaped quote, because that would take time by the square of their length."""


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

            near = get_close_matches(key[:MOST_CHARACTERS], known, 1)
            hint = f" (did you mean {near[0]!r}?)" if near else f"; expected one of {', '.join(known)}"
            raise UsageError(f"{where}: unknown key {key!r}{hint}")


def _codes(value: object, where: str) -> tuple[str, ...]:
    return tuple(_word(one, _code, where) for one in _checked(value, list, where))


def _word(value: object, meaning: Callable[[str], _T], where: str) -> _T:
    """Return what `meaning` makes of a word. An error in it gets the place in the file."""
    word = _text(value, where)
    try:
        return meaning(word)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from error


def _code(word: str) -> str:
    """Return the beginning of codes that a word means: the word itself, or the code of the rule with that name."""
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
