"""Make strings out of a file safe to print on a terminal, in a CI log, or in a document.

The author of a wheel chooses the names inside it. A name may contain escape sequences for a terminal, characters that
change the reading direction, line breaks, or words that a CI runner reads as a command.
"""

from __future__ import annotations

__all__ = ["NAME_LIMIT", "TEXT_LIMIT", "escape"]

NAME_LIMIT = 300
"""The most characters of a name that are shown."""
TEXT_LIMIT = 4_096
"""The most characters of a sentence, or of a path on disk, that are shown."""

_ELLIPSIS = "..."
_TAIL = 100
"""How many characters of the end stay if a text is cut: the end of a path says more than its middle."""


def escape(text: str, limit: int = NAME_LIMIT) -> str:
    """Return the text as one line in which every character is visible and nothing is a command.

    A character that is not printable (`str.isprintable`) becomes a Python escape: control characters, line
    separators, marks of the reading direction, invisible characters, lone surrogates, every space except the plain
    one. Backslashes stay as they are, so the result is for reading and cannot be turned back.

    The commands of CI runners are broken up too: `##`, which begins `##[group]` and `##vso[`, anywhere in a line;
    and `::`, which begins `::error::`, at the start of each word, because wrapping can put any word first in its
    line.

    Args:
        text: Any text.
        limit: The most characters of the text that are shown, at least 200. The middle of a longer text is left out.

    Source: GitHub Actions, "Workflow commands"; Azure Pipelines, "Logging commands"; Unicode Standard Annex
    9, section 2 (the directional formatting characters are all of category Cf, which is not printable).
    """
    if len(text) > limit:
        text = text[: limit - _TAIL - len(_ELLIPSIS)] + _ELLIPSIS + text[-_TAIL:]
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _named(char) for char in text)
    text = text.replace("##", r"#\x23").replace(" ::", r" \x3a:")
    # At either end one colon is enough, because another may be next to it in the line.
    if text.startswith(":"):
        text = r"\x3a" + text[1:]
    return text[:-1] + r"\x3a" if text.endswith(" :") else text


def _named(char: str) -> str:
    return char.encode("unicode_escape").decode()
