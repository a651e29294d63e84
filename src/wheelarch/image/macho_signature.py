"""Checks the code signature of a Mach-O slice as the kernel does: its structure, what it covers, and every page's hash.

The hashes of pages come at the end of a slice. So the pages are hashed while the slice is read forward for other
reasons (`PageHashes`, a View through which the reader reads), and compared when the signature is reached.

Source: XNU, bsd/kern/ubc_subr.c (cs_validate_csblob, cs_validate_codedirectory) and osfmk/kern/cs_blobs.h; dyld,
mach_o/UnsafeHeader.cpp (LC_CODE_SIGNATURE), dyld/DyldDelegates.cpp (coverage).
"""

from __future__ import annotations

from hashlib import sha1, sha256, sha384
from struct import Struct

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..model import Machine
from ..view import CheckedView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from hashlib import _Hash

    from ..limits import Limits
    from ..model import CodeSignature
    from ..view import View

__all__ = ["PageHashes", "check"]

_SUPERBLOB, _CODE_DIRECTORY = 0xFADE0CC0, 0xFADE0C02
_PAIR = Struct(">II")
_SUPERBLOB_HEADER = Struct(">III")
"""magic, length, count."""
_HEADER = Struct(">IIIIIIIIIBBBB")
"""CS_CodeDirectory: magic, length, version, flags, hashOffset, identOffset, nSpecialSlots, nCodeSlots, codeLimit,
hashSize, hashType, platform, pageSize."""
_SCATTER, _SCATTER_SINCE = Struct(">44xI"), 0x20100
_LIMIT_64, _LIMIT_64_SINCE = Struct(">56xQ"), 0x20300
_PRIMARY = 0
"""CSSLOT_CODEDIRECTORY."""
_ALTERNATES = range(0x1000, 0x1005)
"""CSSLOT_ALTERNATE_CODEDIRECTORIES and the four after it."""
_BLOBS = 1_024
"""How many blobs of a signature are looked at. Real signatures have some five."""


class _HashType(NamedTuple):
    """A hash of which the kernel knows."""

    make: Callable[[bytes], _Hash]
    size: int
    """Bytes of a slot: a truncated hash is shorter than what its function returns."""
    rank: int
    """Of the code directories, the one with the highest rank counts."""


_HASH_TYPES = {
    1: _HashType(sha1, 20, 1),
    2: _HashType(sha256, 32, 3),
    3: _HashType(sha256, 20, 2),
    4: _HashType(sha384, 48, 4),
}
_SMALL, _LARGE = 1 << 12, 1 << 14
_STEP = 1 << 18


class PageHashes(CheckedView):
    """A View of a slice that hashes the slice's pages while it is read.

    Args:
        view: The slice.
        signature: Where its code signature is. Pages before it are hashed with SHA-256.
    """

    __slots__ = ("_done", "_hashes", "_view", "base", "end", "page", "size")

    def __init__(self, view: View, signature: CodeSignature) -> None:
        self._view = view
        self.size = view.size
        self.base = view.base
        self.end = signature.offset
        # A signature that is too short for the hashes of small pages has large ones. A long one may have either.
        slots = -(-signature.offset // _SMALL)
        self.page = _SMALL if signature.size >= slots * 32 else _LARGE
        self._done = 0
        self._hashes: list[bytes] = []

    def _read(self, start: int, stop: int) -> bytes:
        self._hash(min(stop, self.end))
        return self._view.read(start, stop - start)

    def _hash(self, stop: int) -> None:
        """Hash the pages up to byte `stop`, and some more if that is not the end."""
        while self._done < stop:
            data = self._view.read(self._done, min(_STEP, self.end - self._done))
            self._hashes += [
                sha256(data[at : at + self.page]).digest() for at in range(0, len(data), self.page)
            ]
            self._done += len(data)

    def hashes(self) -> list[bytes]:
        """Return the SHA-256 of each page before the signature, the last one shorter than the others."""
        self._hash(self.end)
        return self._hashes


class _Directory(NamedTuple):
    """What counts of a CS_CodeDirectory."""

    kind: _HashType
    page: int
    limit: int
    """codeLimit, in bytes."""
    slots: bytes
    """The hashes of the pages, one after the other."""
    scattered: bool


def check(pages: PageHashes, signature: CodeSignature, machine: Machine, limits: Limits) -> CodeSignature:
    """Return the signature with `state` and `detail`.

    Args:
        pages: The slice, read to any place.
        signature: Where the signature is; it must be inside the slice.
        machine: The slice's machine, whose kernels take pages up to their own size.
        limits: A signature of more than `table_bytes` is left unchecked.

    Raises:
        FormatError: The slice cannot be read.
    """
    if signature.size > limits.table_bytes:
        return signature
    hashes = pages.hashes()
    largest = _LARGE if machine is Machine.ARM64 else _SMALL
    try:
        best = _best_directory(pages.read(signature.offset, signature.size), largest)
    except _BrokenError as broken:
        return signature._replace(state="structure", detail=str(broken))
    if best.scattered:
        return signature
    if -(-best.limit // best.page) * best.page < signature.offset:
        detail = f"it covers {best.limit} of {signature.offset} bytes"
        return signature._replace(state="coverage", detail=detail)
    wrong = next(_wrong_pages(pages, hashes, best), None)
    if wrong is None:
        return signature._replace(state="valid")
    return signature._replace(
        state="page", detail=f"the {best.page} bytes from {wrong:#x} on have another hash"
    )


def _wrong_pages(pages: PageHashes, hashes: list[bytes], best: _Directory) -> Iterator[int]:
    """Yield the offset of each page whose hash is not the signature's."""
    kind, page, limit, slots, _ = best
    known = kind.make is sha256 and page == pages.page
    for number, start in enumerate(range(0, limit, page)):
        stop = min(start + page, limit, pages.size)
        if start >= stop:
            yield start
            return
        # The last page that was hashed ends at the signature.
        if known and (stop - start == page or stop == pages.end) and stop <= pages.end:
            have = hashes[number]
        else:
            have = kind.make(pages.read(start, stop - start)).digest()
        if slots[number * kind.size : (number + 1) * kind.size] != have[: kind.size]:
            yield start


class _BrokenError(Exception):
    """The kernel refuses the structure."""


def _best_directory(data: bytes, largest: int) -> _Directory:
    """Return the code directory that counts.

    Raises:
        _BrokenError: The structure is one that the kernel refuses.
    """
    if len(data) < _SUPERBLOB_HEADER.size:
        raise _BrokenError("it is too short")
    magic, length, count = _SUPERBLOB_HEADER.unpack_from(data)
    if length > len(data):
        raise _BrokenError("it is longer than its load command says")
    if magic == _CODE_DIRECTORY:
        return _directory(data[:length], largest)
    if magic != _SUPERBLOB:
        raise _BrokenError(f"it starts with {magic:#010x}")
    if _SUPERBLOB_HEADER.size + count * _PAIR.size > length:
        raise _BrokenError("its index is longer than itself")
    best: _Directory | None = None
    for number in range(min(count, _BLOBS)):
        kind, offset = _PAIR.unpack_from(data, _SUPERBLOB_HEADER.size + number * _PAIR.size)
        if kind != _PRIMARY and kind not in _ALTERNATES:
            continue
        if offset + _PAIR.size > length:
            raise _BrokenError("a code directory is outside of it")
        size = _PAIR.unpack_from(data, offset)[1]
        if offset + size > length:
            raise _BrokenError("a code directory is longer than it")
        one = _directory(data[offset : offset + size], largest)
        if best is not None and one.kind.rank == best.kind.rank:
            raise _BrokenError("two code directories have the same kind of hash")
        if best is None or one.kind.rank > best.kind.rank:
            best = one
    if best is None:
        raise _BrokenError("it has no code directory")
    return best


def _directory(data: bytes, largest: int) -> _Directory:
    """Return what counts of a code directory.

    Raises:
        _BrokenError: The kernel refuses it.
    """
    if len(data) < _HEADER.size:
        raise _BrokenError("its code directory is too short")
    magic, _, version, _, hash_offset, name, special, count, limit, size, hash_type, _, shift = (
        _HEADER.unpack_from(data)
    )
    if magic != _CODE_DIRECTORY:
        raise _BrokenError(f"its code directory starts with {magic:#010x}")
    kind = _HASH_TYPES.get(hash_type)
    if kind is None or kind.size != size:
        raise _BrokenError(f"its hash type {hash_type} with {size} bytes does not exist")
    if not _SMALL <= 1 << shift <= largest:
        raise _BrokenError(f"its pages have 2^{shift} bytes")
    if special * size > hash_offset or hash_offset + count * size > len(data):
        raise _BrokenError("its hashes are outside of its code directory")
    if not 0 <= data.find(b"\0", name) < len(data):
        raise _BrokenError("its identifier has no end")
    scattered = (
        version >= _SCATTER_SINCE and len(data) >= _SCATTER.size and _SCATTER.unpack_from(data)[0] != 0
    )
    if version >= _LIMIT_64_SINCE and len(data) >= _LIMIT_64.size:
        limit = _LIMIT_64.unpack_from(data)[0] or limit
    return _Directory(kind, 1 << shift, limit, data[hash_offset : hash_offset + count * size], scattered)
