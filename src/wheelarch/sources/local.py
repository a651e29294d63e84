"""Where bytes come from: a file on disk, or a buffer. Remote sources (HTTP, object stores) can implement `Source`.

The caller chooses the position of each read. A source has no position of its own, so threads may share it.
"""

from __future__ import annotations

import os

from .._lib.typed import TYPE_CHECKING, Protocol
from ..errors import SourceError

if TYPE_CHECKING:
    from threading import Lock
    from typing import Self

__all__ = ["BytesSource", "FileSource", "Source"]


class Source(Protocol):
    """Bytes that can be read at positions until the source is closed."""

    @property
    def name(self) -> str:
        """Its name in messages, as the caller gave it."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    def read_at(self, offset: int, size: int) -> bytes:
        """Return exactly `size` bytes from `offset`, both in bytes.

        Raises:
            SourceError: The bytes cannot be read, or the source ends before that.
        """

    def close(self) -> None:
        """Release what the source has open. It may be called more than once."""

    def __enter__(self) -> Self:
        """Return the source."""

    def __exit__(self, *exc_info: object) -> None:
        """Close the source."""


class BytesSource:
    """A buffer as a Source."""

    __slots__ = ("_data", "name", "size")

    def __init__(self, data: bytes, name: str = "<bytes>") -> None:
        self._data = data
        self.name = name
        self.size = len(data)

    def read_at(self, offset: int, size: int) -> bytes:
        """See `Source.read_at`."""
        _check_range(self, offset, size)
        return self._data[offset : offset + size]

    def close(self) -> None:
        """See `Source.close`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class FileSource:
    """A regular file as a Source.

    It is read by position and never mapped: if a mapped file shrinks, the process dies (SIGBUS); a read fails with
    an error that can be reported.

    Args:
        path: The file.

    Raises:
        SourceError: The file is missing, may not be read, or is a folder, a pipe or a device.
    """

    __slots__ = ("_descriptor", "_lock", "name", "size")

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.name = os.fspath(path)
        self._descriptor = -1
        try:
            self._descriptor = os.open(self.name, _FLAGS)
            status = os.fstat(self._descriptor)
        except (OSError, ValueError) as error:
            raise SourceError(f"{self.name}: {_cause(self.name, error)}") from error
        if status.st_mode & 0o170000 != _REGULAR:
            self.close()
            raise SourceError(f"{self.name}: {_cause(self.name, None)}")
        self.size = status.st_size
        self._lock = None if hasattr(os, "pread") else _new_lock()

    def read_at(self, offset: int, size: int) -> bytes:
        """See `Source.read_at`."""
        _check_range(self, offset, size)
        try:
            data = self._read(offset, size)
            while len(data) < size:
                more = self._read(offset + len(data), size - len(data))
                if not more:
                    raise SourceError(
                        f"{self.name}: shrank while it was read, and now ends before byte {offset + size}"
                    )
                data += more
        except OSError as error:
            raise SourceError(f"{self.name}: {_cause(self.name, error)}") from error
        return data

    def _read(self, offset: int, size: int) -> bytes:
        if self._lock is None:
            return os.pread(self._descriptor, size, offset)
        with self._lock:
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            return os.read(self._descriptor, size)

    def close(self) -> None:
        """See `Source.close`."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


# O_BINARY: Windows does not translate line ends. O_NONBLOCK: opening a pipe without a writer does not hang.
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_REGULAR = 0o100000
"""S_IFREG of st_mode's type bits."""


def _check_range(source: Source, offset: int, size: int) -> None:
    if offset < 0 or size < 0 or offset + size > source.size:
        raise SourceError(
            f"{source.name}: ends at byte {source.size}, but {size} bytes are needed at byte {offset}"
        )


def _new_lock() -> Lock:
    from threading import Lock

    return Lock()


def _cause(path: str, error: OSError | ValueError | None) -> str:
    """Return why a path cannot be read. Windows reports "permission denied" for a folder, so that is checked first."""
    from pathlib import Path

    try:
        if Path(path).is_dir():
            return "is a folder"
    except (OSError, ValueError):
        pass
    if error is None:
        return "is not a regular file"
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    return str(getattr(error, "strerror", None) or error).lower()
