"""The formats of a `Report`: one small file per format, each with a function that returns the report as text."""

from __future__ import annotations

__all__ = ["FORMATS"]

FORMATS = ("text", "json")
"""What `--format` takes; the first is the default."""
