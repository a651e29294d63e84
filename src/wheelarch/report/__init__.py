"""What a `Report` looks like: one small file a format, each with a function from the report to its text."""

from __future__ import annotations

__all__ = ["FORMATS"]

FORMATS = ("text", "json")
"""What `--format` takes; the first is the default."""
