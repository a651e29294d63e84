"""The zip container: its directory in one pass, its members inflated forward in bounded windows.

Source: PKWARE APPNOTE.TXT 6.3.10, cited below by section. The archive is read as pip's zipfile reads it,
from the end record backward. Wherever a reader that goes another way (by local headers, by stated offsets)
would see other files, there is a problem of kind `ambiguous`. Bad bytes raise nothing but `ArchiveError`, and
that only while one member is read.
"""

from __future__ import annotations

from .directory import read_directory
from .layout import ArchiveProblem, Directory, Entry, ProblemKind
from .member import Budget, MemberView, read_heads

__all__ = [
    "ArchiveProblem",
    "Budget",
    "Directory",
    "Entry",
    "MemberView",
    "ProblemKind",
    "read_directory",
    "read_heads",
]
