"""Reads members: each is inflated forward in a bounded window and checked against its local header."""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from functools import cache

from .._lib.typed import TYPE_CHECKING
from ..errors import ArchiveError, FormatError
from ..limits import DEFAULT, Limits
from ..view import CheckedView
from . import zip_layout as layout
from .zip_extra import SIZES_DIFFER, read_extra
from .zip_layout import ArchiveProblem, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from hashlib import _Hash
    from typing import Any, NoReturn

    from ..sources.local import Source

__all__ = ["Budget", "MemberView", "read_heads"]


class Budget:
    """How many inflated bytes of one wheel may still be read. The views of its members share it.

    Threads may share it too. A race between them miscounts by one step at most.
    """

    __slots__ = ("_limits", "left")

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self.left = limits.wheel_bytes

    def spend(self, size: int) -> None:
        """Count `size` bytes.

        Raises:
            ArchiveError: `limit` if no more may be read.
        """
        self.left -= size
        if self.left < 0:
            what = f"the audit needs more bytes of the wheel than {self._limits.named('wheel_bytes')}"
            raise ArchiveError("limit", what)


@cache
def _inflate_backend() -> Any:
    """Return the fastest available module that has zlib's `decompressobj`, `crc32` and `error`."""
    from importlib import import_module

    for name in ("isal.isal_zlib", "zlib_ng.zlib_ng"):
        try:
            return import_module(name)
        except ImportError:
            continue
    return import_module("zlib")


_FIRST_FEED = 2 << 10
"""Compressed bytes that a view reads together with the local header: enough for the headers of most binaries."""
_FEED = 64 << 10
"""Compressed bytes per call after that."""
_LEAST_STEP, _MOST_STEP = 16 << 10, 256 << 10
"""Inflated bytes per call."""
_HEAD = 4 << 20
"""Inflated bytes from the start of a member that are kept: binaries refer back to their headers, and big ELF
files to 1.2 MiB of symbols."""
_WINDOW = 12 << 20
"""Inflated bytes before the last one that are kept: DLLs have names up to 9 MB before the tables that refer to them."""


class MemberView(CheckedView):
    """A View of one member. It inflates forward and keeps the start of the member and a sliding window.

    The kept bytes stay in the pieces that came out of the decompressor. Most of them are never read, so copying them
    would be wasted.

    A read before the window inflates the member again from its start, at most `Limits.rewinds` times. A stored
    member is read in place. Besides the FormatError of every View, a read raises ArchiveError if the member differs
    from its record (`corrupt`) or hits a bound on inflated bytes (`limit`), and SourceError.

    Args:
        source: The archive.
        entry: The member, `Entry.readable`.
        limits: `member_bytes`, `ratio` and `rewinds` count here.
        budget: Shared by the members of one wheel.
        digest: Whether `finish` returns the SHA-256.

    Raises:
        ArchiveError: The member is encrypted or compressed in a way that we do not read, or its local header
            or data descriptor contradicts the directory.
        SourceError: The bytes cannot be read.
    """

    __slots__ = (
        "_budget",
        "_checked",
        "_crc",
        "_data",
        "_end",
        "_entry",
        "_fed",
        "_finished",
        "_hash",
        "_head",
        "_held",
        "_inflater",
        "_limits",
        "_pending",
        "_rewinds",
        "_source",
        "_starts",
        "_starved",
        "base",
        "size",
    )

    def __init__(
        self,
        source: Source,
        entry: Entry,
        limits: Limits = DEFAULT,
        budget: Budget | None = None,
        digest: bool = False,
    ) -> None:
        if not entry.readable:
            evidence: dict[str, str | int] = {"method": entry.method, "flags": hex(entry.flags)}
            raise ArchiveError("method", "the member is encrypted or compressed in an unknown way", evidence)
        if entry.method == layout.STORED and entry.compressed != entry.size:
            self._fail(SIZES_DIFFER, have=entry.compressed, need=entry.size)
        self.base = 0
        self.size = entry.size
        self._source = source
        self._entry = entry
        self._limits = limits
        self._budget = budget or Budget(limits)
        lead = _read_some(source, entry.offset, _lead_size(entry) + min(entry.compressed, _FIRST_FEED))
        header = _check_local(source, entry, lead)
        self._data = entry.offset + header
        self._hash = _new_sha256() if digest else None
        self._checked = 0
        self._crc = 0
        self._finished = False
        self._rewinds = 0
        self._restart(lead[header : header + entry.compressed])

    def _restart(self, first: bytes) -> None:
        """Go back to the first inflated byte, given the first compressed bytes."""
        self._inflater = _inflate_backend().decompressobj(-15)
        self._pending = first
        self._fed = len(first)
        self._starved = not first
        self._end = 0
        self._starts: list[int] = []
        self._held: list[bytes] = []
        self._head = 0

    def finish(self) -> str | None:
        """Read to the end and check size and CRC.

        Returns:
            The SHA-256 as RECORD writes it (URL-safe base64 without padding), if it was asked for.
        """
        if self._entry.method == layout.STORED:
            while self._checked < self.size:
                self._sum(
                    self._checked, self._read(self._checked, min(self._checked + _MOST_STEP, self.size))
                )
            self._check_crc()
        else:
            self._advance(self.size, self.size)
            self._check_end()
        if self._hash is None:
            return None
        from base64 import urlsafe_b64encode

        return urlsafe_b64encode(self._hash.digest()).rstrip(b"=").decode("ascii")

    def _read(self, start: int, stop: int) -> bytes:
        if self._entry.method == layout.STORED:
            self._budget.spend(stop - start)
            return self._source.read_at(self._data + start, stop - start)
        if start == stop:
            return b""
        # Pieces between the head and the window may be gone.
        window = self._starts[self._head] if self._head < len(self._starts) else self._end
        head = self._starts[self._head - 1] + len(self._held[self._head - 1]) if self._head else 0
        if start < window and stop > head and window > head:
            self._rewind(start)
        if stop > self._end:
            self._advance(stop, start)
            if self._end == self.size:
                self._check_end()
        return self._join(start, stop)

    def _join(self, start: int, stop: int) -> bytes:
        """Return bytes that were kept."""
        index = bisect_right(self._starts, start) - 1
        at = start - self._starts[index]
        first = self._held[index][at : at + stop - start]
        if len(first) == stop - start:
            return first
        last = bisect_left(self._starts, stop) - 1
        pieces = [first, *self._held[index + 1 : last], self._held[last][: stop - self._starts[last]]]
        return b"".join(pieces)

    def _rewind(self, offset: int) -> None:
        if self._rewinds >= self._limits.rewinds:
            what = f"the file refers backward more often than {self._limits.named('rewinds')}"
            raise FormatError("limit", offset, what)
        self._rewinds += 1
        self._restart(b"")

    def _advance(self, stop: int, keep: int) -> None:
        """Inflate up to byte `stop`, and keep the bytes from `keep` on."""
        while self._end < stop:
            if self._inflater.eof:
                self._fail("the member is shorter than the directory says", have=self._end, need=self.size)
            if self._starved:
                self._feed()
            # Asking for one byte more than the directory says shows whether there are more.
            step = min(max(stop - self._end, _LEAST_STEP), _MOST_STEP, self.size - self._end + 1)
            out = self._inflate(step)
            start, self._end = self._end, self._end + len(out)
            if self._end > self.size:
                self._fail("the member is longer than the directory says", need=self.size)
            self._check_limits(len(out))
            self._sum(start, out)
            if not out:
                continue
            self._starts.append(start)
            self._held.append(out)
            if self._end <= _HEAD:
                self._head = len(self._held)
            else:
                first = bisect_right(self._starts, min(keep, self._end - _WINDOW)) - 1
                if first > self._head:
                    del self._starts[self._head : first], self._held[self._head : first]

    def _feed(self) -> None:
        size = min(_FEED, self._entry.compressed - self._fed)
        if not size:
            self._fail("the compressed data ends too early", have=self._end, need=self.size)
        self._pending = self._source.read_at(self._data + self._fed, size)
        self._fed += size

    def _inflate(self, most: int) -> bytes:
        try:
            out: bytes = self._inflater.decompress(self._pending, most)
        except _inflate_backend().error as error:
            self._fail(f"the compressed data is damaged: {error}", offset=self._fed)
        # A decompressor may have output left after it consumed all input. It needs input if it returns too little.
        self._starved = len(out) < most
        self._pending = self._inflater.unconsumed_tail
        return out

    def _sum(self, start: int, data: bytes) -> None:
        """Add the bytes that start at `start` to CRC and digest, except those that were added before."""
        new = memoryview(data)[self._checked - start :] if start < self._checked else data
        if start + len(data) > self._checked:
            self._checked = start + len(data)
            self._crc = _inflate_backend().crc32(new, self._crc)
            if self._hash is not None:
                self._hash.update(new)

    def _check_limits(self, size: int) -> None:
        entry, limits = self._entry, self._limits
        evidence: dict[str, str | int] = {"compressed": entry.compressed, "size": entry.size}
        if self._end > limits.member_bytes:
            what = f"the member inflates to more bytes than {limits.named('member_bytes')}"
            raise ArchiveError("limit", what, evidence)
        # The claimed size counts too. Else a member with a correct size would be inflated nearly whole first.
        claimed = max(self._end, entry.size)
        if self._end > limits.ratio_from_bytes and claimed > limits.ratio * entry.compressed:
            what = f"the member inflates to a larger multiple than {limits.named('ratio')}"
            what += f" and to more bytes than {limits.named('ratio_from_bytes')}"
            raise ArchiveError("limit", what, evidence)
        self._budget.spend(size)

    def _check_end(self) -> None:
        """Check, after the last byte, that the stream ends here and that the CRC is right."""
        if self._finished:
            return
        while not self._inflater.eof:
            if self._starved:
                self._feed()
            if self._inflate(1):
                self._fail("the member is longer than the directory says", need=self.size)
        left = len(self._pending) + len(self._inflater.unused_data) + self._entry.compressed - self._fed
        if left:
            self._fail("the compressed data is shorter than the directory says", bytes=left)
        self._check_crc()

    def _check_crc(self) -> None:
        if self._crc != self._entry.crc:
            self._fail("the member's CRC is wrong", have=f"{self._crc:08x}", need=f"{self._entry.crc:08x}")
        self._finished = True

    def _fail(self, what: str, **evidence: int | str) -> NoReturn:
        raise ArchiveError("corrupt", what, evidence)


def read_heads(
    source: Source,
    entries: Iterable[Entry],
    size: int,
    limits: Limits = DEFAULT,
    budget: Budget | None = None,
) -> Iterator[tuple[Entry, bytes, ArchiveProblem | None]]:
    """Yield each readable entry with the first bytes of its member, in the order of the archive.

    Fast enough for wheels of many thousand files: members that are close together are read from the source at once.
    A member that is not plain goes through a `MemberView`, so every local header is checked.

    Args:
        source: The archive.
        entries: Those that are not `Entry.readable` are left out.
        size: How many bytes, at most 256.
        limits: Bounds on what is read.
        budget: See `MemberView`. The inflated bytes of plain members count too.

    Yields:
        The entry, its first `size` bytes (or all, if it is shorter) and None; or the entry, no bytes, and the problem.

    Raises:
        SourceError: The bytes cannot be read.
    """
    budget = budget or Budget(limits)
    for run in _runs(entry for entry in entries if entry.readable):
        start = run[0].offset
        data = _read_some(source, start, run[-1].offset + _span(run[-1]) - start)
        for entry in run:
            head = _plain_head(entry, data, entry.offset - start, size)
            problem = None
            try:
                if head is None:
                    head = MemberView(source, entry, limits, budget).read_upto(0, size)
                else:
                    budget.spend(len(head))
            except ArchiveError as refused:
                head, problem = b"", ArchiveProblem.of(refused, entry.name)
            yield entry, head, problem


_HEAD_FEED = 512
"""Compressed bytes that give 256 inflated ones, except in the oddest streams, which a MemberView reads."""
_RUN_GAP, _RUN_SIZE = 8 << 10, 256 << 10
"""Members this close are read together, up to this many bytes: reading on costs less than another call."""


def _span(entry: Entry) -> int:
    return layout.LOCAL.size + len(entry.name) + min(entry.compressed, _HEAD_FEED)


def _runs(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Yield the entries in the order of the archive, in groups that are read at once."""
    run: list[Entry] = []
    reach = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if run and (entry.offset > reach + _RUN_GAP or entry.offset > run[0].offset + _RUN_SIZE):
            yield run
            run = []
        run.append(entry)
        reach = entry.offset + _span(entry)
    if run:
        yield run


def _plain_head(entry: Entry, data: bytes, at: int, size: int) -> bytes | None:
    """Return the first bytes of the member whose local header is at `at`, or None if it is not plain."""
    name, method, flags, crc, compressed, inflated, offset, _, end = entry
    raw = name.encode()
    start = at + layout.LOCAL.size + len(raw)
    if (
        start > len(data)
        or flags & layout.DESCRIPTOR
        or end - offset != layout.LOCAL.size + len(raw) + compressed
        or layout.LOCAL.unpack_from(data, at)
        != (layout.LOCAL_SIGNATURE, flags, method, crc, compressed, inflated, len(raw), 0)
        or data[at + layout.LOCAL.size : start] != raw
    ):
        return None
    wanted = min(size, inflated)
    first = data[start : start + min(compressed, _HEAD_FEED)]
    if method == layout.DEFLATED and wanted:
        # For so few bytes zlib is the fastest, because its start-up costs less than that of the other backends.
        try:
            first = zlib.decompressobj(-15).decompress(first, wanted)
        except zlib.error:
            return None
    return first[:wanted] if len(first) >= wanted else None


# -- local headers ---------------------------------------------------------------------------------------


def _read_some(source: Source, offset: int, size: int) -> bytes:
    """Return the bytes at `offset`, at most `size`, none if the archive ends before that."""
    if not 0 <= offset < source.size:
        return b""
    return source.read_at(offset, min(size, source.size - offset))


def _lead_size(entry: Entry) -> int:
    """Return how many bytes certainly contain the local header, if it does not contradict the directory."""
    room = entry.end - entry.offset - entry.compressed
    return max(layout.LOCAL.size, min(room, layout.MOST_LOCAL)) if entry.end else layout.MOST_LOCAL


def _check_local(source: Source, entry: Entry, lead: bytes) -> int:
    """Compare an entry's local header with the directory, and return its size in bytes.

    Args:
        source: The archive.
        entry: What the directory says.
        lead: The archive's bytes from `Entry.offset` on.

    Raises:
        ArchiveError: They differ, so a reader that uses local headers sees another archive.
    """
    if len(lead) < layout.LOCAL.size or not lead.startswith(layout.LOCAL_SIGNATURE.to_bytes(4, "little")):
        evidence: dict[str, str | int] = {"offset": entry.offset, "have": lead[:4].hex(" ")}
        raise ArchiveError("ambiguous", "there is no local header where the directory says", evidence)
    _, flags, method, crc, compressed, size, name_size, extra_size = layout.LOCAL.unpack_from(lead)
    name_end = layout.LOCAL.size + name_size
    header: int = name_end + extra_size
    raw = lead[layout.LOCAL.size : name_end]
    if raw.decode("utf-8", "backslashreplace") != entry.name:
        raise _denied("name", raw.decode("utf-8", "backslashreplace"), entry.name)
    data_end = entry.offset + header + entry.compressed
    end = entry.end or source.size
    if data_end > end:
        raise ArchiveError("overlap", "the member overlaps the next record", {"end": data_end, "limit": end})

    extra = read_extra(lead[name_end:header], raw, (size, compressed))
    size, compressed = extra.values[0], extra.values[1]
    for kind, what in extra.faults:
        if kind == "ambiguous":
            raise ArchiveError(kind, f"in the local header, {what}")
    meaning = _MEANINGFUL_FLAGS if entry.name.isascii() else _MEANINGFUL_FLAGS | layout.UTF8
    if (flags ^ entry.flags) & meaning:
        raise _denied("flags", hex(flags), hex(entry.flags))
    if method != entry.method:
        raise _denied("method", method, entry.method)
    for field, have, need in (
        ("CRC", crc, entry.crc),
        ("compressed size", compressed, entry.compressed),
        ("size", size, entry.size),
    ):
        if have != need and (have or not flags & layout.DESCRIPTOR):
            raise _denied(field, have, need)

    if entry.end and flags & layout.DESCRIPTOR:
        data_end += _check_descriptor(entry, _read_some(source, data_end, min(end - data_end, 24)))
    if entry.end and data_end < end:
        what = "bytes that belong to no member follow: a reader that uses local headers may find another member there"
        raise ArchiveError("ambiguous", what, {"offset": data_end, "bytes": end - data_end})
    return header


_MEANINGFUL_FLAGS = layout.ENCRYPTED | layout.PATCHED | layout.DESCRIPTOR


def _denied(field: str, have: str | int, need: str | int) -> ArchiveError:
    what = f"local header and directory differ: {field}"
    return ArchiveError("ambiguous", what, {"have": have, "need": need})


def _check_descriptor(entry: Entry, data: bytes) -> int:
    """Return the size of the data descriptor (4.3.9) that `data` is, in bytes.

    It comes with or without signature, with 4 or 8 bytes per size.

    Raises:
        ArchiveError: None of the four forms matches the directory.
    """
    crc = entry.crc.to_bytes(4, "little")
    for width in (4, 8):
        if entry.compressed >> (8 * width) or entry.size >> (8 * width):
            continue
        plain = crc + entry.compressed.to_bytes(width, "little") + entry.size.to_bytes(width, "little")
        for form in (layout.DESCRIPTOR_SIGNATURE + plain, plain):
            if data == form:
                return len(form)
    raise ArchiveError("ambiguous", "the data descriptor differs from the directory", {"have": data.hex(" ")})


def _new_sha256() -> _Hash:
    from hashlib import sha256

    return sha256()
