"""The files of a wheel, wherever they are: in the archive that is shipped, or in a folder.

An installed distribution is the third kind: `interpreter.installed` finds its files by RECORD.
"""

from __future__ import annotations

import os

from .._lib.typed import TYPE_CHECKING, Protocol
from .folder import ReopenedFile, SourceView, read_folder, read_folder_heads
from .zip_directory import read_directory
from .zip_member import Budget, MemberView, read_heads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..limits import Limits
    from ..sources.local import Source
    from .zip_layout import ArchiveProblem, Directory, Entry

__all__ = ["Archive", "Container", "Folder"]


class Container(Protocol):
    """The files of a wheel, wherever they are."""

    @property
    def kind(self) -> str:
        """`WheelReport.kind`."""

    @property
    def directory(self) -> Directory:
        """Its files."""

    def heads(self, size: int) -> Iterator[tuple[Entry, bytes, ArchiveProblem | None]]:
        """Yield each file with its first `size` bytes, or with what kept them from being read."""

    def open(self, entry: Entry, digest: bool = False) -> MemberView | SourceView:
        """Return a View of one file; with `digest`, one whose `finish` returns its SHA-256."""


class Archive:
    """A wheel as it is shipped."""

    kind = "wheel"

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._budget = Budget(limits)
        self.directory = read_directory(source, limits)

    def heads(self, size: int) -> Iterator[tuple[Entry, bytes, ArchiveProblem | None]]:
        """See `Container.heads`."""
        return read_heads(self._source, self.directory.entries, size, self._limits, self._budget)

    def open(self, entry: Entry, digest: bool = False) -> MemberView:
        """See `Container.open`."""
        return MemberView(self._source, entry, self._limits, self._budget, digest)


class Folder:
    """A wheel that was unpacked."""

    kind = "directory"

    def __init__(self, path: str, limits: Limits) -> None:
        self._path = path
        self.directory = read_folder(path, limits)

    def heads(self, size: int) -> Iterator[tuple[Entry, bytes, ArchiveProblem | None]]:
        """See `Container.heads`."""
        return read_folder_heads(self._path, self.directory.entries, size)

    def open(self, entry: Entry, digest: bool = False) -> SourceView:
        """See `Container.open`."""
        return SourceView(ReopenedFile(os.path.join(self._path, entry.name), entry.size), digest)
