"""Reads an unpacked wheel: a folder is presented like the archive that it came from."""

from __future__ import annotations

import os

from .._lib.typed import TYPE_CHECKING
from ..errors import SourceError
from ..limits import DEFAULT, Limits
from ..sources.local import FileSource, Source
from ..view import CheckedView
from .zip_layout import ArchiveProblem, Directory, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

__all__ = ["ReopenedFile", "SourceView", "is_unpacked_wheel", "read_folder", "read_folder_heads"]


class ReopenedFile:
    """A file as a Source that is closed between reads: a folder may have more files than a process may open.

    Args:
        path: The file.
        size: Its size in bytes, as the folder says.
    """

    __slots__ = ("name", "size")

    def __init__(self, path: str, size: int) -> None:
        self.name = path
        self.size = size

    def read_at(self, offset: int, size: int) -> bytes:
        """See `Source.read_at`."""
        with FileSource(self.name) as source:
            return source.read_at(offset, size)

    def close(self) -> None:
        """See `Source.close`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class SourceView(CheckedView):
    """A View of a whole file that is not in an archive.

    Args:
        source: The file.
        digest: Whether `finish` returns the SHA-256.
    """

    __slots__ = ("_digest", "_source", "base", "size")

    def __init__(self, source: Source, digest: bool = False) -> None:
        self._source = source
        self._digest = digest
        self.size = source.size
        self.base = 0

    def _read(self, start: int, stop: int) -> bytes:
        return self._source.read_at(start, stop - start)

    def finish(self) -> str | None:
        """Return the SHA-256 as RECORD writes it, if it was asked for. There is no CRC to check."""
        if not self._digest:
            return None
        from base64 import urlsafe_b64encode
        from hashlib import sha256

        digest = sha256()
        for offset in range(0, self.size, _STEP):
            digest.update(self.read_upto(offset, _STEP))
        return urlsafe_b64encode(digest.digest()).rstrip(b"=").decode("ascii")


_STEP = 1 << 20


def is_unpacked_wheel(path: str) -> bool:
    """Whether the folder is an unpacked wheel: it contains a `*.dist-info` folder with a WHEEL file."""
    try:
        with os.scandir(path) as found:
            return any(
                one.name.endswith(".dist-info") and os.path.isfile(os.path.join(one.path, "WHEEL"))
                for one in found
            )
    except OSError:
        return False


def read_folder(path: str, limits: Limits = DEFAULT) -> Directory:
    """Return the files of a folder as entries, sorted by name. Links and devices are not followed; each is a problem.

    `Entry.offset` is the file's place in the list: a folder has no offsets.

    Args:
        path: The folder.
        limits: `entries` counts here.
    """
    problems: list[ArchiveProblem] = []
    names: list[str] = []

    def refused(error: OSError) -> None:
        what = f"the folder cannot be read: {error.strerror}"
        problems.append(ArchiveProblem("corrupt", os.path.relpath(error.filename, path), what, {}))

    for place, folders, files in os.walk(path, onerror=refused):
        folders.sort()
        names += (os.path.relpath(os.path.join(place, file), path).replace(os.sep, "/") for file in files)
        if len(names) > limits.entries:
            what = f"the folder has more files than {limits.named('entries')}"
            problems.append(ArchiveProblem("limit", None, what, {}))
            names = names[: limits.entries]
            break
    entries: list[Entry] = []
    for name in sorted(names):
        status = os.lstat(os.path.join(path, name))
        if status.st_mode & _TYPE_BITS != _REGULAR:
            problems.append(ArchiveProblem("special", name, "the file is a link or a device", {}))
            continue
        entries.append(Entry(name, 0, 0, 0, status.st_size, status.st_size, len(entries), status.st_mode))
    return Directory(tuple(entries), tuple(problems))


_TYPE_BITS, _REGULAR = 0o170000, 0o100000
"""S_IFMT and S_IFREG."""


def read_folder_heads(
    path: str, entries: Iterable[Entry], size: int
) -> Iterator[tuple[Entry, bytes, ArchiveProblem | None]]:
    """Yield each entry, and its first bytes or why there are none, as `zip_member.read_heads` does."""
    for entry in entries:
        try:
            with FileSource(os.path.join(path, entry.name)) as source:
                yield entry, source.read_at(0, min(size, source.size)), None
        except SourceError as error:
            yield entry, b"", ArchiveProblem("corrupt", entry.name, str(error), {})
