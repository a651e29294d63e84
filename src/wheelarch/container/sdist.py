"""Reads a source distribution: a gzipped tar file, read once from start to end and never unpacked.

Source: RFC 1952 (gzip); POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format"; GNU tar
manual, "Basic Tar Format" (long names, old sparse files). Python's tarfile is not used: it keeps whole extended
headers in memory and raises many kinds of exceptions. Here every size is bounded, and only ArchiveError is raised.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import ArchiveError, FormatError
from ..limits import DEFAULT, Limits
from ..view import CheckedView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..sources.local import Source

__all__ = ["TarFile", "read_tar"]

_BLOCK = 512
_FEED = 64 << 10
_STEP = 256 << 10
"""Inflated bytes per call."""
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31
"""zlib's window bits for a stream with a gzip header."""
_REGULAR, _WITHOUT_DATA = b"\x0007", b"123456"
"""Type flags: files; and links, devices, folders and pipes, which no data follows, whatever their size says."""
_LONG_NAME, _EXTENDED, _SPARSE = b"L", b"x", b"S"


class TarFile(NamedTuple):
    """One regular file of the archive."""

    name: str
    """As written. Bytes that are not UTF-8 become backslash escapes."""
    size: int
    """Bytes."""
    mode: int
    view: _ForwardView
    """Its bytes. They must be read before the next file is taken from the iterator."""


def read_tar(source: Source, limits: Limits = DEFAULT) -> Iterator[TarFile]:
    """Yield the regular files of a gzipped tar file in its order.

    Args:
        source: The sdist.
        limits: `wheel_bytes`, `ratio` and `entries` count for the whole file, `name_bytes` and `metadata_bytes`
            for names and extended headers.

    Raises:
        ArchiveError: `unreadable` if it is not a gzipped tar file; `corrupt` or `limit` if the rest cannot be read.
            Files that were yielded before are valid.
        SourceError: The bytes cannot be read.
    """
    stream = _Inflated(source, limits)
    long_name = b""
    extended: dict[str, bytes] = {}
    for count in range(limits.entries + 1):
        offset = stream.end
        block = stream.read(_BLOCK)
        if not block.strip(b"\0"):
            return
        if count == limits.entries:
            break
        _check_header(block, offset)
        size = _number(block[124:136], offset)
        flag = block[156:157]
        if flag in (_LONG_NAME, _EXTENDED):
            if size > limits.metadata_bytes:
                what = f"an extended header of the sdist is longer than {limits.named('metadata_bytes')}"
                raise ArchiveError("limit", what, {"size": size})
            data = stream.read(size)
            stream.skip(-size % _BLOCK)
            if flag == _LONG_NAME:
                long_name = data.partition(b"\0")[0]
            else:
                extended = _read_extended(data)
            continue
        if flag == _SPARSE and block[482]:
            while stream.read(_BLOCK)[504:505] not in (b"\0", b""):
                pass
        name = extended.get("path") or long_name or _short_name(block)
        if extended.get("size", b"").isdigit() and len(extended["size"]) < 20:
            size = int(extended["size"])
        long_name, extended = b"", {}
        if flag in _WITHOUT_DATA:
            continue
        start = stream.end
        if flag in _REGULAR or flag == _SPARSE:
            if len(name) > limits.name_bytes:
                what = f"a name in the sdist has more bytes than {limits.named('name_bytes')}"
                raise ArchiveError("limit", what, {"bytes": len(name)})
            text = name.decode("utf-8", "backslashreplace")
            mode = _number(block[100:108], offset) & 0o7777
            yield TarFile(text, size, mode, _ForwardView(stream, size, limits))
        stream.skip(start + size + -size % _BLOCK - stream.end)
    raise ArchiveError("limit", f"the sdist has more files than {limits.named('entries')}")


def _check_header(block: bytes, offset: int) -> None:
    """Check length and checksum. The checksum is the sum of the header's bytes, with blanks for the checksum itself."""
    if len(block) == _BLOCK:
        wanted = _number(block[148:156], offset)
        rest = block[:148] + b" " * 8 + block[156:]
        if wanted in (sum(rest), sum(byte - 256 * (byte > 127) for byte in rest)):
            return
    kind = "corrupt" if offset else "unreadable"
    raise ArchiveError(kind, "a tar header is missing or damaged", {"offset": offset})


def _number(field: bytes, offset: int) -> int:
    """Return a number field: octal digits, or base 256 if the highest bit is set (GNU)."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if not digits.isdigit() or b"8" in digits or b"9" in digits:
        if not digits:
            return 0
        kind = "corrupt" if offset else "unreadable"
        raise ArchiveError(kind, "a tar header is missing or damaged", {"offset": offset})
    return int(digits, 8)


def _short_name(block: bytes) -> bytes:
    name = block[:100].partition(b"\0")[0]
    prefix = block[345:500].partition(b"\0")[0] if block[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _read_extended(data: bytes) -> dict[str, bytes]:
    """Return path and size of a pax header. A record is `LENGTH KEY=VALUE` and a line feed."""
    found: dict[str, bytes] = {}
    at = 0
    while at < len(data):
        digits, blank, _ = data[at : at + 20].partition(b" ")
        if not blank or not digits.isdigit() or int(digits) <= len(digits):
            break
        key, _, value = data[at + len(digits) + 1 : at + int(digits) - 1].partition(b"=")
        if key in (b"path", b"size"):
            found[key.decode("ascii")] = value
        at += int(digits)
    return found


class _Inflated:
    """The inflated contents of a gzip file, forward only, with a count of bytes."""

    __slots__ = ("_fed", "_inflater", "_limits", "_members", "_out", "_pending", "_source", "end")

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._fed = 0
        self._pending = b""
        self._out = b""
        self._members = 0
        self._inflater = self._next_member()
        self.end = 0
        """Bytes returned so far."""
        if source.read_at(0, min(2, source.size)) != _GZIP:
            head = source.read_at(0, min(8, source.size)).hex(" ")
            raise ArchiveError("unreadable", "the sdist is not a gzip file", {"have": head})

    def _next_member(self) -> Any:
        from zlib import decompressobj

        self._members += 1
        if self._members > self._limits.gzip_members:
            what = f"the sdist has more gzip members than {self._limits.named('gzip_members')}"
            raise ArchiveError("limit", what)
        return decompressobj(_GZIP_WINDOW)

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer if the stream ends."""
        parts = []
        while size:
            if not self._out:
                self._out = self._inflate()
                if not self._out:
                    break
            part, self._out = self._out[:size], self._out[size:]
            parts.append(part)
            size -= len(part)
            self.end += len(part)
        return b"".join(parts)

    def skip(self, size: int) -> None:
        """Skip bytes, fewer if the stream ends."""
        while size > 0:
            passed = len(self.read(min(size, _STEP)))
            if not passed:
                raise ArchiveError("corrupt", "the sdist ends inside a file", {"offset": self.end})
            size -= passed

    def _inflate(self) -> bytes:
        """Return the next inflated bytes, none at the end of the last gzip member."""
        from zlib import error

        while True:
            if self._inflater.eof:
                # Several gzip members count as one stream. Anything else that follows is padding.
                self._pending = (self._inflater.unused_data or self._feed()).lstrip(b"\0")
                if not self._pending.startswith(_GZIP):
                    return b""
                self._inflater = self._next_member()
            if not self._pending:
                self._pending = self._feed()
                if not self._pending:
                    raise ArchiveError("corrupt", "the sdist is cut off", {"offset": self._fed})
            try:
                out: bytes = self._inflater.decompress(self._pending, _STEP)
            except error as damage:
                raise ArchiveError(
                    "corrupt", f"the sdist is damaged: {damage}", {"offset": self._fed}
                ) from None
            self._pending = self._inflater.unconsumed_tail
            if out:
                self._check_limits(self.end + len(out))
                return out

    def _feed(self) -> bytes:
        size = min(_FEED, self._source.size - self._fed)
        data = self._source.read_at(self._fed, size)
        self._fed += size
        return data

    def _check_limits(self, end: int) -> None:
        limits = self._limits
        if end > limits.wheel_bytes:
            what = f"the sdist inflates to more bytes than {limits.named('wheel_bytes')}"
            raise ArchiveError("limit", what, {"compressed": self._fed})
        if end > max(limits.ratio_from_bytes, limits.ratio * self._fed):
            what = f"the sdist inflates to a larger multiple than {limits.named('ratio')}"
            what += f" and to more bytes than {limits.named('ratio_from_bytes')}"
            raise ArchiveError("limit", what, {"compressed": self._fed})


class _ForwardView(CheckedView):
    """A View of one file of the stream. What was read is kept, up to a bound."""

    __slots__ = ("_held", "_limits", "_stream", "base", "size")

    def __init__(self, stream: _Inflated, size: int, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._held = b""
        self.base = 0
        self.size = size

    def _read(self, start: int, stop: int) -> bytes:
        if stop > self._limits.sdist_file_bytes:
            what = f"a file of the sdist needs more bytes than {self._limits.named('sdist_file_bytes')}"
            raise FormatError("limit", start, what, stop)
        if stop > len(self._held):
            self._held += self._stream.read(stop - len(self._held))
            if len(self._held) < stop:
                raise ArchiveError("corrupt", "the sdist ends inside a file", {"offset": self._stream.end})
        return self._held[start:stop]
