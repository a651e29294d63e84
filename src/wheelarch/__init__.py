"""Checks what a wheel's file name promises against the binaries inside.

Importing this costs nothing but Python itself: each public name loads its module when it is first used.
"""

from __future__ import annotations

from ._lib.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from .api import assert_ok, audit, audit_many, inspect
    from .errors import ArchiveError, AuditFailed, FormatError, SourceError, UsageError, WheelarchError
    from .interpreter.target import target
    from .limits import Limits
    from .model import Depth, Finding, Format, Image, Kind, Machine, Member, Role, Severity, WheelReport
    from .report.document import Report

__version__ = "0.1.0"

__all__ = [
    "ArchiveError",
    "AuditFailed",
    "Depth",
    "Finding",
    "Format",
    "FormatError",
    "Image",
    "Kind",
    "Limits",
    "Machine",
    "Member",
    "Report",
    "Role",
    "Severity",
    "SourceError",
    "UsageError",
    "WheelReport",
    "WheelarchError",
    "__version__",
    "assert_ok",
    "audit",
    "audit_many",
    "inspect",
    "target",
]

_HOMES = {
    "report.document": ("Report",),
    "errors": ("ArchiveError", "AuditFailed", "FormatError", "SourceError", "UsageError", "WheelarchError"),
    "limits": ("Limits",),
    "model": (
        "Depth",
        "Finding",
        "Format",
        "Image",
        "Kind",
        "Machine",
        "Member",
        "Role",
        "Severity",
        "WheelReport",
    ),
    "api": ("assert_ok", "audit", "audit_many", "inspect"),
    "interpreter.target": ("target",),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            value: object = getattr(import_module(f".{home}", __name__), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
