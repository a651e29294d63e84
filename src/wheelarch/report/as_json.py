"""The report as a JSON document of version 1."""

from __future__ import annotations

import json

from .._lib.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from .document import Report

__all__ = ["render"]


def render(report: Report) -> str:
    """Return the document, indented, in pure ASCII, which every console and log can show."""
    return json.dumps(report.to_dict(), indent=2) + "\n"
