"""How an adapter says that its parser has no facts to report."""

from __future__ import annotations

__all__ = ["CannotSpeak", "Refused"]


class Refused(Exception):
    """The parser reads files of this kind and rejects this one."""


class CannotSpeak(Exception):
    """The parser is known not to read such a file, so its answer would mean nothing."""
