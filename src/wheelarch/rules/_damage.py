"""What the rules about damaged files share."""

from __future__ import annotations

__all__ = ["NOT_WIN32"]

NOT_WIN32 = "%1 is not a valid Win32 application."
"""What Windows says of a file that it cannot load (error 193, ERROR_BAD_EXE_FORMAT)."""
