"""What a parser reads from: bytes at offsets. A View has no current position.

A parser asks a View for exactly the bytes that it needs. The View may read from a buffer, from a slice of a fat
file, or from a deflate stream that only runs forward. So the order of reads decides the cost, and each parser states
its order.
"""

from __future__ import annotations

from ._lib.typed import Protocol
from .errors import FormatError

__all__ = ["BytesView", "CheckedView", "SliceView", "View"]


class View(Protocol):
    """Bytes that can be read at offsets."""

    @property
    def size(self) -> int:
        """How many bytes there are to read."""

    @property
    def base(self) -> int:
        """The offset of this view's first byte in its member, for error messages."""

    def read(self, offset: int, size: int) -> bytes:
        """Return exactly `size` bytes from `offset`, both in bytes from the start of the view.

        Raises:
            FormatError: `truncated` if the view ends before that; `limit` if a bound forbids the read.
        """

    def read_upto(self, offset: int, size: int) -> bytes:
        """Return the bytes from `offset`, at most `size`, fewer if the view ends before that.

        Raises:
            FormatError: `truncated` if `offset` is beyond the view; `limit` if a bound forbids the read.
        """


class CheckedView:
    """Range checks that every View needs. A subclass says how it gets the bytes between two offsets."""

    __slots__ = ()

    base: int
    size: int

    def read(self, offset: int, size: int) -> bytes:
        """See `View.read`."""
        if offset < 0 or size < 0 or offset + size > self.size:
            raise FormatError("truncated", self.base + offset, f"{size} bytes needed", self.size)
        return self._read(offset, offset + size)

    def read_upto(self, offset: int, size: int) -> bytes:
        """See `View.read_upto`."""
        if offset < 0 or size < 0 or offset > self.size:
            raise FormatError("truncated", self.base + offset, "the offset is beyond the end", self.size)
        return self._read(offset, min(offset + size, self.size))

    def _read(self, start: int, stop: int) -> bytes:
        """Return the bytes from `start` to `stop`, both within the view."""
        raise NotImplementedError


class BytesView(CheckedView):
    """A View of a buffer."""

    __slots__ = ("_data", "base", "size")

    def __init__(self, data: bytes, base: int = 0) -> None:
        self._data = data
        self.size = len(data)
        self.base = base

    def _read(self, start: int, stop: int) -> bytes:
        return self._data[start:stop]


class SliceView(CheckedView):
    """A View of a part of another View, such as one architecture of a fat file.

    Args:
        view: The View that contains the slice.
        offset: Where the slice starts in `view`, in bytes.
        size: How long the slice claims to be, in bytes; the caller has checked it against `view.size`.
    """

    __slots__ = ("_offset", "_view", "base", "size")

    def __init__(self, view: View, offset: int, size: int) -> None:
        self._view = view
        self._offset = offset
        self.size = size
        self.base = view.base + offset

    def _read(self, start: int, stop: int) -> bytes:
        return self._view.read(self._offset + start, stop - start)
