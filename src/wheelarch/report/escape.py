"""Strings out of a file, made safe to print: on a terminal, in a CI log, in a document.

Whoever packs a wheel chooses the names inside. A name may hold escape sequences for a terminal, letters that
turn the reading direction, line breaks, or the words that a CI runner takes as a command.
"""

from __future__ import annotations

__all__ = ["NAME_LIMIT", "TEXT_LIMIT", "escape"]

NAME_LIMIT = 300
"""Characters of a name that are shown."""
TEXT_LIMIT = 4_096
"""Characters of a sentence or of a path on disk that are shown."""

_ELLIPSIS = "..."
_TAIL = 100
"""Of what is cut, so much of the end stays: the end of a path tells more than its middle."""


def escape(text: str, limit: int = NAME_LIMIT) -> str:
    """Return the text so that it is one line, shows all that it holds and commands nothing.

    What `str.isprintable` denies comes out as a Python escape: control characters, line separators, marks of
    the reading direction, invisible characters, lone surrogates, every space but the plain one. Backslashes
    stay as they are, so the result is for reading and can't be turned back.

    The commands of CI runners are broken up as well: `##`, with which `##[group]` and `##vso[` begin,
    anywhere in a line, and `::`, with which `::error::` begins, at the start of each word, since wrapping can
    put any word first in its line.

    Args:
        text: Anything.
        limit: The most characters of the text that are shown, at least 200; of a longer one the middle is
            left out.

    Source: GitHub Actions, "Workflow commands"; Azure Pipelines, "Logging commands"; Unicode Standard Annex
    9, section 2 (the directional formatting characters are all of category Cf, which is not printable).
    """
    if len(text) > limit:
        text = text[: limit - _TAIL - len(_ELLIPSIS)] + _ELLIPSIS + text[-_TAIL:]
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _named(char) for char in text)
    text = text.replace("##", r"#\x23").replace(" ::", r" \x3a:")
    # At either end one colon is enough, since another may stand next to it in the line.
    if text.startswith(":"):
        text = r"\x3a" + text[1:]
    return text[:-1] + r"\x3a" if text.endswith(" :") else text


def _named(char: str) -> str:
    return char.encode("unicode_escape").decode()
