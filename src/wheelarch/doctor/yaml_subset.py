"""Read the part of YAML that workflow files use, line by line. Everything else is unknown.

The reader understands block mappings and sequences, plain and quoted scalars of one line, flow sequences and
mappings, and the block scalars `|` and `>`. It does not understand anchors, aliases, tags, merge keys, complex keys
and scalars of several lines: such a value is None, and the text around it is read as usual. Scalars stay strings:
`3.10` is "3.10" and `yes` is "yes".

Source: YAML 1.2.2, chapters 6 to 8.
"""

from __future__ import annotations

from .._lib.typed import NamedTuple

__all__ = ["MAX_LINES", "parse"]

MAX_LINES = 20_000
"""Longer documents are not read."""
_MAX_DEPTH = 32
"""Nodes that are nested deeper are unknown."""
_FOREIGN = ("&", "*", "!", "%", "@", "`", "? ", "\t")
"""The beginnings of nodes that are not understood."""


def parse(text: str) -> object:
    """Return the document as dicts, lists and strings, with None for each part that is not understood.

    No text raises an error, and the time is linear in its length.
    """
    raw = text.splitlines()
    if len(raw) > MAX_LINES:
        return None
    lines = [
        _Line(len(line) - len(line.lstrip(" ")), content, number)
        for number, line in enumerate(raw)
        if (content := _uncommented(line.strip(" \r"))) and content not in ("---", "...")
    ]
    return _Reader(lines, raw).node(0, 0)


class _Line(NamedTuple):
    indent: int
    text: str
    """Without indentation and comment; never empty."""
    number: int
    """Index into the raw lines."""

    @property
    def is_item(self) -> bool:
        return self.text == "-" or self.text.startswith("- ")


class _Reader:
    """A position in the lines. Each method moves it past what the method has read."""

    __slots__ = ("_at", "_lines", "_raw")

    def __init__(self, lines: list[_Line], raw: list[str]) -> None:
        self._lines = lines
        self._raw = raw
        self._at = 0

    def node(self, least: int, depth: int) -> object:
        """Return the block node that begins here, indented by `least` columns or more."""
        line = self._line()
        if line is None or line.indent < least:
            return None
        if depth > _MAX_DEPTH:
            self._skip(least)
            return None
        if line.is_item:
            return self._sequence(line.indent, depth)
        if _split_key(line.text):
            return self._mapping(line.indent, depth)
        self._at += 1
        return self._one_line(line.text, least - 1)

    def _mapping(self, indent: int, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while (line := self._line()) and line.indent == indent and (parts := _split_key(line.text)):
            key, rest = parts
            self._at += 1
            value = self._value(rest, line, depth)
            # A duplicate key makes the mapping invalid: neither value can be trusted.
            found[key] = None if key in found else value
        self._skip(indent + 1)
        return found

    def _sequence(self, indent: int, depth: int) -> list[object]:
        found: list[object] = []
        while (line := self._line()) and line.indent == indent and line.is_item:
            rest = line.text[1:].lstrip(" ")
            inner = _Line(indent + len(line.text) - len(rest), rest, line.number)
            if rest and (inner.is_item or _split_key(rest)):
                # The text after the dash is the first line of a nested block.
                self._lines[self._at] = inner
                found.append(self.node(inner.indent, depth + 1))
                self._skip(indent + 1)
            else:
                self._at += 1
                found.append(self._value(rest, line, depth))
        self._skip(indent + 1)
        return found

    def _value(self, rest: str, line: _Line, depth: int) -> object:
        """Return the value of a key or an item, whose line has been read."""
        if not rest:
            below = self._line()
            if below and below.indent == line.indent and below.is_item and not line.is_item:
                return self._sequence(line.indent, depth + 1)
            value = self.node(line.indent + 1, depth + 1)
            self._skip(line.indent + 1)
            return value
        if rest[0] in "|>":
            return self._block_scalar(line, folded=rest[0] == ">")
        return self._one_line(rest, line.indent)

    def _one_line(self, text: str, indent: int) -> object:
        """Return a flow node up to its last bracket, or a scalar; None for a scalar that continues on the next line."""
        below = self._line()
        parts = [text]
        unclosed = _unclosed(text) if text[0] in "[{" else 0
        while below and unclosed > 0:
            parts.append(below.text)
            unclosed += _unclosed(below.text)
            self._at += 1
            below = self._line()
        if below and below.indent > indent:
            self._skip(indent + 1)
            return None
        return _inline(" ".join(parts))

    def _block_scalar(self, line: _Line, *, folded: bool) -> str:
        end = line.number + 1
        while end < len(self._raw) and (not self._raw[end].strip() or _indent(self._raw[end]) > line.indent):
            end += 1
        body = self._raw[line.number + 1 : end]
        while (below := self._line()) and below.number < end:
            self._at += 1
        margin = min((_indent(text) for text in body if text.strip()), default=0)
        return (" " if folded else "\n").join(text[margin:] for text in body).strip()

    def _skip(self, least: int) -> None:
        while (line := self._line()) and line.indent >= least:
            self._at += 1

    def _line(self) -> _Line | None:
        return self._lines[self._at] if self._at < len(self._lines) else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _uncommented(text: str) -> str:
    """Return a line without its comment: `#` at the start or after a space, outside quotes."""
    quote = ""
    before = ""
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and before in ("", ":", "-", ",", "[", "{"):
            quote = char
        elif char == "#" and (not index or text[index - 1] in " \t"):
            return text[:index].rstrip()
        if char != " ":
            before = char
    return text


def _unclosed(text: str) -> int:
    """Return how many more brackets a line opens than it closes."""
    depth = 0
    quote = ""
    for char in text:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        else:
            depth += (char in "[{") - (char in "]}")
    return depth


def _split_key(text: str) -> tuple[str, str] | None:
    """Return the key of a line and the text after its colon, or None if the line has no key."""
    if text[0] in "'\"":
        end = text.find(text[0], 1)
        key, rest = text[1:end], text[end + 1 :].lstrip()
        return (key, rest[1:].lstrip()) if end > 0 and (rest == ":" or rest.startswith(": ")) else None
    if text[0] in "[{" or text.startswith(_FOREIGN):
        return None
    if text.endswith(":") and ": " not in text:
        return text[:-1], ""
    key, colon, rest = text.partition(": ")
    return (key.rstrip(), rest.lstrip()) if colon else None


def _inline(text: str) -> object:
    try:
        value, end = _flow(text, 0, 0, "")
    except (ValueError, IndexError):
        return None
    return None if text[end:].strip() else value


def _flow(text: str, at: int, depth: int, stops: str) -> tuple[object, int]:
    """Return the node at an index and the index after it.

    Args:
        text: One line.
        at: Where to begin.
        depth: How deep it is nested.
        stops: Characters that end a plain scalar; empty outside flow collections.

    Raises:
        ValueError: The node is not understood.
        IndexError: The line ends inside the node.
    """
    at += len(text[at:]) - len(text[at:].lstrip())
    if depth > _MAX_DEPTH or text.startswith(_FOREIGN, at):
        raise ValueError(text)
    if text[at] == "[":
        return _flow_sequence(text, at + 1, depth)
    if text[at] == "{":
        return _flow_mapping(text, at + 1, depth)
    if text[at] in "'\"":
        return _quoted(text, at)
    end = at
    while end < len(text) and text[end] not in stops and not (stops and text.startswith(": ", end)):
        if stops and text[end] in "[{":
            raise ValueError(text)
        end += 1
    plain = text[at:end].strip()
    return (None if plain in ("", "~", "null") else plain), end


def _flow_sequence(text: str, at: int, depth: int) -> tuple[list[object], int]:
    found: list[object] = []
    while True:
        at = _past_spaces(text, at)
        if text[at] == "]":
            return found, at + 1
        value, at = _flow(text, at, depth + 1, ",]}")
        found.append(value)
        at = _past_comma(text, at, "]")


def _flow_mapping(text: str, at: int, depth: int) -> tuple[dict[str, object], int]:
    found: dict[str, object] = {}
    while True:
        at = _past_spaces(text, at)
        if text[at] == "}":
            return found, at + 1
        key, at = _flow(text, at, depth + 1, ",]}")
        at = _past_spaces(text, at)
        if not isinstance(key, str) or text[at] != ":":
            raise ValueError(text)
        found[key], at = _flow(text, at + 1, depth + 1, ",]}")
        at = _past_comma(text, at, "}")


def _past_spaces(text: str, at: int) -> int:
    while text[at] == " ":
        at += 1
    return at


def _past_comma(text: str, at: int, end: str) -> int:
    at = _past_spaces(text, at)
    if text[at] == ",":
        return at + 1
    if text[at] != end:
        raise ValueError(text)
    return at


def _quoted(text: str, at: int) -> tuple[str, int]:
    quote = text[at]
    end = at + 1
    found = ""
    while text[end] != quote or text.startswith("''", end):
        if quote == '"' and text[end] == "\\":
            found += {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/"}.get(text[end + 1]) or _unknown(
                text
            )
            end += 2
        else:
            found += text[end]
            end += 2 if quote == "'" and text[end] == "'" else 1
    return found, end + 1


def _unknown(text: str) -> str:
    raise ValueError(text)
