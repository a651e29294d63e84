"""The zip container: its directory in one pass, its members inflated forward in bounded windows.

Source: PKWARE APPNOTE.TXT 6.3.10, cited below by section. The archive is read as pip's zipfile reads it,
from the end record backward. Wherever a reader that goes another way (by local headers, by stated offsets)
would see other files, there is a problem of kind `ambiguous`. Bad bytes raise nothing but `ArchiveError`, and
that only while one member is read.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, Self

from .errors import ArchiveError, FormatError
from .limits import DEFAULT, Limits

if TYPE_CHECKING:
    from hashlib import _Hash

    from .source import Source

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

ProblemKind = Literal[
    "unreadable",
    "ambiguous",
    "duplicate",
    "overlap",
    "encrypted",
    "method",
    "zstandard",
    "unsafe-name",
    "limit",
    "corrupt",
    "unusual",
    "comment",
    "special",
]
"""What can be wrong with an archive, in the order of WA001 to WA009, and WA016.

unreadable: no directory, or it breaks off (WA001); ambiguous: two readers see two archives (WA002);
duplicate, overlap: a name, or a byte, belongs to two members (WA003); encrypted (WA004); method, zstandard:
compressed in a way that installers do not read, or that some do (WA005); unsafe-name: the name is no relative
path in UTF-8 (WA006); limit: one of `wheelarch.limits.Limits` was hit (WA007); corrupt: what comes out is not
what the directory says (WA008); unusual, comment: legal, and refused or frowned upon by package indexes
(WA009); special: a symbolic link or a device (WA016).
"""


class Entry(NamedTuple):
    """One file of the archive, as its central directory tells (folders are left out)."""

    name: str
    """As written; bytes that are no UTF-8 come out as backslash escapes."""
    method: int
    flags: int
    crc: int
    compressed: int
    """Bytes."""
    size: int
    """Inflated bytes, as claimed."""
    offset: int
    """Of the local header, in bytes from the start of the archive."""
    mode: int | None
    """Unix mode bits, whatever system packed it (installers do not ask); None where they are all zero."""
    end: int = 0
    """Where the next record starts, in bytes from the start of the archive; nothing of this one may lie
    behind. 0 where it is not known."""

    @property
    def readable(self) -> bool:
        """Whether we can inflate it: stored or deflated, and not encrypted."""
        return self.method in (_STORED, _DEFLATED) and not self.flags & (_ENCRYPTED | _PATCHED)


class ArchiveProblem(NamedTuple):
    """What is wrong with the archive, or with one member that could not be inflated."""

    kind: str
    """One of `ProblemKind`."""
    member: str | None
    """Its name; None where the archive as a whole is meant."""
    what: str
    """One sentence, without a full stop."""
    evidence: dict[str, str]

    @classmethod
    def of(cls, error: ArchiveError, member: str | None) -> Self:
        """Return the problem that an error tells of."""
        return cls(error.kind, member, error.what, {key: str(value) for key, value in error.evidence.items()})


class Directory(NamedTuple):
    """What the central directory tells."""

    entries: tuple[Entry, ...]
    """Every file, in the directory's order; as far as it could be read."""
    problems: tuple[ArchiveProblem, ...]
    """At most `_MOST_PROBLEMS` and one more that says so."""


_STORED, _DEFLATED, _ZSTANDARD, _AES = 0, 8, 93, 99
"""4.4.5, compression methods."""
_DESCRIPTOR, _PATCHED, _UTF8 = 0x0008, 0x0020, 0x0800
"""4.4.4, general purpose bits 3, 5 and 11."""
_ENCRYPTED = 0x2041
"""4.4.4, bit 0 encrypted, bit 6 strongly encrypted, bit 13 with masked local headers."""
_ODD_FLAGS = 0xFFFF & ~(0x0006 | _UTF8)
"""All but the bits that change nothing: 1 and 2 tell how hard the writer tried, 11 that the name is UTF-8."""
_ZIP64_EXTRA, _UNICODE_PATH_EXTRA, _AES_EXTRA = 0x0001, 0x7075, 0x9901
"""4.5.3, 4.6.9, and WinZip's AES specification."""
_SENTINEL16, _SENTINEL32 = 0xFFFF, 0xFFFFFFFF
"""4.4.1.4: the value is in the ZIP64 record or field."""

_LOCAL = struct.Struct("<I2xHH4xIIIHH")
"""4.3.7 local file header: signature, flags, method, CRC, compressed, size, name length, extra length."""
_CENTRAL = struct.Struct("<I4xHH4xIIIHHHH2xII")
"""4.3.12 central directory header: the same, then comment length, disk, external attributes, offset."""
_END = struct.Struct("<4s4H2IH")
"""4.3.16 end record: signature, disk, directory's disk, entries here, entries, size, offset, comment size."""
_END64 = struct.Struct("<4sQ4x2I4Q")
"""4.3.14 ZIP64 end record: signature, size of the rest, then as `_END`."""
_LOCATOR = struct.Struct("<4sIQI")
"""4.3.15 ZIP64 end locator: signature, disk, offset of the ZIP64 end record, count of disks."""
_LOCAL_SIGNATURE, _CENTRAL_SIGNATURE = 0x04034B50, 0x02014B50
_END_SIGNATURE, _END64_SIGNATURE, _LOCATOR_SIGNATURE = b"PK\5\6", b"PK\6\6", b"PK\6\7"
_DESCRIPTOR_SIGNATURE = b"PK\7\x08"
_MOST_COMMENT = 0xFFFF
_MOST_LOCAL = _LOCAL.size + 2 * 0xFFFF
"""The longest local header: fixed part, name, extra fields."""

_PLAIN_TYPES = frozenset({0, 4, 8})
"""The four highest mode bits: nothing said, S_IFDIR, S_IFREG."""
_SPECIAL_TYPES = {1: "pipe", 2: "character device", 6: "block device", 10: "symbolic link", 12: "socket"}

_MOST_PROBLEMS = 1_000


# --- the directory


class _End(NamedTuple):
    """The end records, ZIP64 or not, as one."""

    start: int
    """Where the directory has to end, in bytes from the start of the archive."""
    entries: int
    size: int
    offset: int


def read_directory(source: "Source", limits: Limits = DEFAULT) -> Directory:
    """Return the files that an archive's central directory lists, and everything that is wrong with it.

    Local headers are not looked at: `read_heads` and `MemberView` check each against its entry.

    Args:
        source: The archive.
        limits: `entries`, `name_bytes` and `table_bytes` (for the directory) count here.

    Raises:
        SourceError: The bytes can't be had. Bad bytes never raise.
    """
    problems: list[ArchiveProblem] = []
    tail_size = min(source.size, _MOST_COMMENT + _END.size + _LOCATOR.size + _END64.size)
    tail = source.read_at(source.size - tail_size, tail_size)
    end = _find_end(tail, source.size - tail_size, problems)
    if end is None:
        what, evidence = _describe(source)
        return Directory((), (ArchiveProblem("unreadable", None, what, evidence),))
    if end.size > limits.table_bytes:
        _tell(
            problems,
            "limit",
            None,
            "the central directory is too large",
            size=end.size,
            limit=limits.table_bytes,
        )
        return Directory((), tuple(problems))
    start = _find_directory(source, end, problems)
    if start is None:
        return Directory((), tuple(problems))
    held = start - (source.size - tail_size)
    data = tail[held : held + end.size] if held >= 0 else source.read_at(start, end.size)
    records = _read_records(data, start - end.offset, limits, problems)
    whole = not any(problem.kind in ("unreadable", "limit") for problem in problems)
    if whole and len(records) != end.entries:
        what = "the end record counts other than the directory holds"
        _tell(problems, "ambiguous", None, what, have=len(records), need=end.entries)
    return Directory(_place(records, start, start - end.offset, problems), tuple(problems))


def _tell(
    problems: list[ArchiveProblem], kind: ProblemKind, member: str | None, what: str, **evidence: str | int
) -> None:
    if len(problems) < _MOST_PROBLEMS:
        problems.append(
            ArchiveProblem(kind, member, what, {key: str(value) for key, value in evidence.items()})
        )
    elif len(problems) == _MOST_PROBLEMS:
        problems.append(
            ArchiveProblem("limit", None, f"more than {_MOST_PROBLEMS} problems, the rest is not told", {})
        )


def _find_end(tail: bytes, tail_start: int, problems: list[ArchiveProblem]) -> _End | None:
    """Return what the end records say, or None where there is none.

    Args:
        tail: The last bytes of the archive, the longest comment included.
        tail_start: Where they start in the archive.
        problems: Gets what is wrong.
    """
    at = len(tail) - _END.size
    if at < 0:
        return None
    if not (tail.startswith(_END_SIGNATURE, at) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END_SIGNATURE, 0, at + len(_END_SIGNATURE))
    if at < 0:
        return None
    _, disk, directory_disk, count_here, count, size, offset, comment = _END.unpack_from(tail, at)

    rest = len(tail) - at - _END.size
    if comment < rest:
        _tell(problems, "ambiguous", None, "bytes follow the archive's end", bytes=rest - comment)
    elif comment > rest:
        _tell(problems, "ambiguous", None, "the archive's comment is cut off", have=rest, need=comment)
    elif comment:
        _tell(problems, "comment", None, "the archive has a comment", bytes=comment)
    other = tail.find(_END_SIGNATURE, 0, at)
    while other >= 0:
        if other + _END.size + int.from_bytes(tail[other + 20 : other + 22], "little") == len(tail):
            _tell(problems, "ambiguous", None, "the archive has two end records", offset=tail_start + other)
        other = tail.find(_END_SIGNATURE, other + 1, at)

    end = _End(tail_start + at, count, size, offset)
    locator_at = at - _LOCATOR.size
    if locator_at >= 0 and tail.startswith(_LOCATOR_SIGNATURE, locator_at):
        end = _read_zip64(tail, locator_at, tail_start, end, problems)
    else:
        if at >= _END64.size and tail.startswith(_END64_SIGNATURE, at - _END64.size):
            _tell(problems, "ambiguous", None, "a ZIP64 end record stands there without its locator")
        if disk or directory_disk or count_here != count:
            _tell(problems, "ambiguous", None, "the archive is one of several disks", disk=disk)
    return end


def _read_zip64(
    tail: bytes, locator_at: int, tail_start: int, end: _End, problems: list[ArchiveProblem]
) -> _End:
    """Return `end` with the values of the ZIP64 end record, which has to stand right before its locator."""
    _, disk, stated, disks = _LOCATOR.unpack_from(tail, locator_at)
    at = locator_at - _END64.size
    if at < 0 or not tail.startswith(_END64_SIGNATURE, at):
        what = "the ZIP64 locator leads to no ZIP64 end record before it"
        _tell(problems, "ambiguous", None, what, offset=stated)
        return end
    _, rest, this_disk, directory_disk, count_here, count, size, offset = _END64.unpack_from(tail, at)
    if stated != tail_start + at:
        what = "the ZIP64 locator says another place than where the record stands"
        _tell(problems, "ambiguous", None, what, have=stated, need=tail_start + at)
    if rest != _END64.size - 12:
        _tell(
            problems,
            "ambiguous",
            None,
            "the ZIP64 end record has another size",
            have=rest,
            need=_END64.size - 12,
        )
    if disk or disks > 1 or this_disk or directory_disk or count_here != count:
        _tell(problems, "ambiguous", None, "the archive is one of several disks", disk=this_disk)
    for field, short, sentinel, value in (
        ("entries", end.entries, _SENTINEL16, count),
        ("size", end.size, _SENTINEL32, size),
        ("offset", end.offset, _SENTINEL32, offset),
    ):
        if short not in (sentinel, value):
            what = f"the two end records deny each other: {field} of the directory"
            _tell(problems, "ambiguous", None, what, have=short, need=value)
    return _End(tail_start + at, count, size, offset)


def _find_directory(source: "Source", end: _End, problems: list[ArchiveProblem]) -> int | None:
    """Return where the directory starts, in bytes from the start of the archive, or None where it is nowhere.

    zipfile takes what lies directly before the end record; the stated offset only tells it how much was put
    before the archive.
    """
    start = end.start - end.size
    if start >= 0 and _starts_directory(source, start, end.size):
        if start != end.offset:
            what = (
                "the directory is not where the end record says: bytes were put before the archive or cut out"
            )
            _tell(problems, "ambiguous", None, what, have=start, need=end.offset)
        return start
    if end.offset + end.size <= end.start and _starts_directory(source, end.offset, end.size):
        what = "bytes stand between the directory and its end record"
        _tell(problems, "ambiguous", None, what, bytes=start - end.offset)
        return end.offset
    what = "there is no directory where the end record says: the file is cut or patched"
    _tell(problems, "unreadable", None, what, offset=end.offset, size=end.size)
    return None


def _starts_directory(source: "Source", start: int, size: int) -> bool:
    return size == 0 or (
        size >= _CENTRAL.size and source.read_at(start, 4) == _CENTRAL_SIGNATURE.to_bytes(4, "little")
    )


def _read_records(data: bytes, shift: int, limits: Limits, problems: list[ArchiveProblem]) -> list[Entry]:
    """Return every record, folders included; their `end` is the least that it can be.

    Args:
        data: The directory's bytes.
        shift: What to add to offsets, in bytes: how much was put before the archive.
        limits: How many records, how long a name.
        problems: Gets what is wrong.
    """
    records: list[Entry] = []
    unpack, header_size, local_size, new = _CENTRAL.unpack_from, _CENTRAL.size, _LOCAL.size, tuple.__new__
    position, last = 0, len(data) - _CENTRAL.size
    while position <= last and len(records) < limits.entries:
        (
            signature, flags, method, crc, compressed, size, name_size, extra_size, comment_size, disk,
            attributes, offset,
        ) = unpack(data, position)  # fmt: skip
        name_end = position + header_size + name_size
        end = name_end + extra_size + comment_size
        if signature != _CENTRAL_SIGNATURE or end > len(data):
            break
        raw = data[position + header_size : name_end]
        name = raw.decode("utf-8", "backslashreplace")
        position = end
        # One test for all that is rare: nearly every record of nearly every archive is plain.
        if (
            flags & _ODD_FLAGS | extra_size | comment_size | disk
            or (method != _DEFLATED and (method or compressed != size))
            or size | compressed | offset == _SENTINEL32
        ):
            extra = _read_extra(data[name_end : name_end + extra_size], raw, (size, compressed, offset))
            size, compressed, offset = extra.values
            for kind, what in extra.faults:
                _tell(problems, kind, name, what)
            if disk:
                _tell(problems, "ambiguous", name, "the member lies on another disk", disk=disk)
            if comment_size:
                _tell(problems, "unusual", name, "the member has a comment", bytes=comment_size)
            _check_method(name, flags, method, compressed, size, problems)
        if name_size > limits.name_bytes:
            _tell(problems, "limit", name[:80], "the name is too long", bytes=name_size)
        mode = attributes >> 16
        if mode >> 12 not in _PLAIN_TYPES:
            what = f"the member is a {_SPECIAL_TYPES.get(mode >> 12, 'special file')}"
            _tell(problems, "special", name, what, mode=oct(mode))
        offset += shift
        least = offset + local_size + name_size + compressed
        # Half the time of Entry(...), which goes through a Python function.
        records.append(new(Entry, (name, method, flags, crc, compressed, size, offset, mode or None, least)))
    if position <= last and len(records) >= limits.entries:
        _tell(problems, "limit", None, "the archive has too many members", limit=limits.entries)
    elif position != len(data):
        _tell(problems, "unreadable", None, "the directory breaks off inside a record", record=len(records))
    _check_names(records, problems)
    return records


def _check_method(
    name: str, flags: int, method: int, compressed: int, size: int, problems: list[ArchiveProblem]
) -> None:
    if flags & _ENCRYPTED or method == _AES:
        _tell(problems, "encrypted", name, "the member is encrypted", flags=hex(flags), method=method)
    elif method == _ZSTANDARD:
        _tell(problems, "zstandard", name, "the member is compressed with Zstandard", method=method)
    elif method not in (_STORED, _DEFLATED) or flags & _PATCHED:
        what = f"the member is compressed with method {method}, neither stored nor deflated"
        _tell(problems, "method", name, what, flags=hex(flags), method=method)
    elif method == _STORED and compressed != size:
        _tell(problems, "corrupt", name, _SIZES_DIFFER, have=compressed, need=size)


_SIZES_DIFFER = "the member is stored, and still its two sizes differ"


class _Extra(NamedTuple):
    """What a record's extra fields say."""

    values: tuple[int, ...]
    """The values given, with those of the ZIP64 field in place of sentinels."""
    faults: list[tuple[ProblemKind, str]]


def _read_extra(data: bytes, raw_name: bytes, values: tuple[int, ...]) -> _Extra:
    """Return what the extra fields of a record say (4.5).

    Args:
        data: The extra fields.
        raw_name: The record's name.
        values: Size, compressed size and, in the directory, offset: whatever is a sentinel is looked for.
    """
    faults: list[tuple[ProblemKind, str]] = []
    seen: set[int] = set()
    position = 0
    while position + 4 <= len(data):
        tag = int.from_bytes(data[position : position + 2], "little")
        size = int.from_bytes(data[position + 2 : position + 4], "little")
        field = data[position + 4 : position + 4 + size]
        position += 4 + size
        if len(field) < size:
            faults.append(("ambiguous", f"the extra field {tag:#06x} breaks off"))
        elif tag in seen:
            kind: ProblemKind = "ambiguous" if tag in (_ZIP64_EXTRA, _UNICODE_PATH_EXTRA) else "unusual"
            faults.append((kind, f"the extra field {tag:#06x} is there twice"))
        elif tag == _ZIP64_EXTRA:
            values = _read_zip64_extra(field, values, faults)
        elif tag == _UNICODE_PATH_EXTRA and not _is_same_name(field, raw_name):
            faults.append(
                ("ambiguous", "the Unicode path field gives the member another name than the record")
            )
        seen.add(tag)
    if position < len(data):
        faults.append(("unusual", "bytes follow the last extra field"))
    if _ZIP64_EXTRA not in seen and _SENTINEL32 in values:
        faults.append(("ambiguous", "a size or offset is said to be in a ZIP64 field, and there is none"))
    return _Extra(values, faults)


def _read_zip64_extra(
    field: bytes, values: tuple[int, ...], faults: list[tuple[ProblemKind, str]]
) -> tuple[int, ...]:
    """Return `values` with each sentinel replaced by the field's next number (4.5.3)."""
    numbers = [int.from_bytes(field[at : at + 8], "little") for at in range(0, len(field) - 7, 8)]
    if len(field) not in (0, 8, 16, 24, 28):
        faults.append(("ambiguous", f"the ZIP64 field has {len(field)} bytes"))
    wanted = values.count(_SENTINEL32)
    if wanted > len(numbers):
        faults.append(
            ("ambiguous", f"the ZIP64 field lacks {wanted - len(numbers)} of the numbers asked for")
        )
    taken = iter(numbers)
    resolved = tuple(next(taken, value) if value == _SENTINEL32 else value for value in values)
    # Some writers put all numbers there, asked for or not. Then they have to be the right ones.
    if wanted < len(numbers) and tuple(numbers) != resolved[: len(numbers)]:
        faults.append(("ambiguous", "the ZIP64 field holds numbers that are not asked for, and they differ"))
    return resolved


def _is_same_name(field: bytes, raw_name: bytes) -> bool:
    """Whether a Unicode path field (4.6.9) says the record's own name, or is stale and so to be ignored."""
    from zlib import crc32

    stale = field[:1] != b"\1" or field[1:5] != crc32(raw_name).to_bytes(4, "little")
    return stale or field[5:] == raw_name


_ODD_SIGNS = ("//", " /", "  ", "..", "./", "/. ", "\\", ":")
"""What an unsafe name brings into a text of all names with a space before, between and behind them. Some safe
ones do too, so they are only a reason to look closer."""


def _check_names(records: list[Entry], problems: list[ArchiveProblem]) -> None:
    """Tell of unsafe and double names: of all at once first, as hardly any archive has one."""
    names = [record.name for record in records]
    text = f" {' '.join(names)} "
    if names and not (text.isascii() and text.isprintable() and not any(sign in text for sign in _ODD_SIGNS)):
        for record in records:
            fault = _name_fault(record.name)
            if fault:
                _tell(problems, "unsafe-name", record.name, f"the member's name {fault}")
            elif not record.name.isascii() and not record.flags & _UTF8:
                what = "the member's name is UTF-8 and not marked so: readers spell it differently"
                _tell(problems, "unusual", record.name, what)
    if len(set(names)) < len(names):
        seen: set[str] = set()
        for name in names:
            if name in seen and not name.endswith("/"):
                _tell(
                    problems,
                    "duplicate",
                    name,
                    "two members have the same name, and readers choose differently",
                )
            seen.add(name)


def _name_fault(name: str) -> str:
    """Return why a name is unsafe as a path to install to, in words, or nothing."""
    if not name:
        return "is empty"
    if name.startswith("/"):
        return "is an absolute path"
    if name[1:2] == ":" and name[0].isalpha():
        return "names a drive"
    if "\\" in name:
        return "holds a backslash, or bytes that are no UTF-8"
    if any(character < " " or character == "\x7f" for character in name):
        return "holds a control character"
    if not {"", ".", ".."}.isdisjoint(name.removesuffix("/").split("/")):
        return "has an empty component, `.` or `..`"
    return ""


def _place(
    records: list[Entry], directory: int, shift: int, problems: list[ArchiveProblem]
) -> tuple[Entry, ...]:
    """Return the files among the records, each with its `end`; tell where they do not fill the archive."""
    starts = sorted({record.offset for record in records})
    following = dict(zip(starts, [*starts[1:], directory], strict=True)) if starts else {}
    if (starts[0] if starts else directory) not in (0, shift):
        _tell(
            problems,
            "ambiguous",
            None,
            "bytes stand before the first member",
            bytes=starts[0] if starts else directory,
        )
    streamed = sum(1 for record in records if record.flags & _DESCRIPTOR)
    if streamed:
        what = "members have data descriptors: the archive was written as a stream"
        _tell(problems, "unusual", None, what, members=streamed)
    entries = []
    taken: set[int] = set()
    for record in records:
        end = following[record.offset]
        if record.end > end or record.offset in taken:
            what = "the member lies on another member or on the directory"
            _tell(problems, "overlap", record.name, what, end=record.end, limit=end)
        taken.add(record.offset)
        if record.name.endswith("/"):
            if record.size:
                _tell(problems, "ambiguous", record.name, "the member is a folder by name, and has content")
        else:
            entries.append(record if record.end == end else Entry(*record[:-1], end))
    return tuple(entries)


def _describe(source: "Source") -> tuple[str, dict[str, str]]:
    """Return what a file without an end record looks like, in words, and the evidence."""
    head = source.read_at(0, min(source.size, 512))
    if not head:
        return "the file is empty", {"bytes": "0"}
    evidence = {"bytes": str(source.size), "have": head[:16].hex(" ")}
    if head.startswith(_LOCAL_SIGNATURE.to_bytes(4, "little")):
        return "the zip archive is cut off: it begins as one, and its directory is missing", evidence
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "the file is an HTML page, not a zip archive", evidence
    if head[257:262] == b"ustar":
        return "the file is a tar archive, not a zip archive", evidence
    for magic, what in _LOOKS:
        if head.startswith(magic):
            return f"the file is {what}, not a zip archive", evidence
    if not any(head):
        return "the file begins with nothing but zero bytes", evidence
    return "the file is no zip archive", evidence


_LOOKS = (
    (b"\x1f\x8b", "gzip data, as an sdist is"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\0", "xz data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"version https://git-lfs", "a Git LFS pointer"),
    (b"<?xml", "an XML document"),
    (b"\x7fELF", "an ELF binary"),
    (b"MZ", "a Windows binary"),
)


# --- the members


class Budget:
    """How many inflated bytes of one wheel may still be read. The views of its members share it.

    Threads may share it too: what they count past each other is a window at most.
    """

    __slots__ = ("left",)

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self.left = limits.wheel_bytes

    def spend(self, size: int) -> None:
        """Count `size` bytes.

        Raises:
            ArchiveError: `limit`, where no more may be read.
        """
        self.left -= size
        if self.left < 0:
            raise ArchiveError("limit", "the limit of inflated bytes of the whole wheel is reached")


@cache
def _inflate_backend() -> Any:
    """Return the quickest module at hand that has zlib's `decompressobj`, `crc32` and `error`."""
    from importlib import import_module

    for name in ("isal.isal_zlib", "zlib_ng.zlib_ng"):
        try:
            return import_module(name)
        except ImportError:
            continue
    return import_module("zlib")


_FIRST_FEED = 2 << 10
"""Compressed bytes that a view takes with the local header: enough for the headers of most binaries."""
_FEED = 64 << 10
"""Compressed bytes a call after that."""
_LEAST_STEP, _MOST_STEP = 16 << 10, 256 << 10
"""Inflated bytes a call."""
_HEAD = 1 << 20
"""Inflated bytes from the start of a member that are kept: binaries refer back to their headers."""
_WINDOW = 1 << 20
"""Inflated bytes before the last read's end that are kept at least; up to twice as many are."""


class MemberView:
    """A View of one member, inflated forward and held in part: its first MiB and a window that slides.

    A read behind the window inflates the member again from its start, at most `Limits.rewinds` times. A
    stored member is read in place. Besides the FormatError of every View, a read raises ArchiveError where
    the member breaks its promise (`corrupt`) or hits a bound on inflated bytes (`limit`), and SourceError.

    Args:
        source: The archive.
        entry: The member, `Entry.readable`.
        limits: `member_bytes`, `ratio` and `rewinds` count here.
        budget: Shared by the members of one wheel.
        digest: Whether `finish` shall return the SHA-256.

    Raises:
        ArchiveError: The member is encrypted or compressed in a way that we do not read, or its local header
            or data descriptor denies what the directory says.
        SourceError: The bytes can't be had.
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
        "_inflater",
        "_limits",
        "_pending",
        "_rewinds",
        "_source",
        "_starved",
        "_window",
        "base",
        "size",
    )

    def __init__(
        self,
        source: "Source",
        entry: Entry,
        limits: Limits = DEFAULT,
        budget: Budget | None = None,
        digest: bool = False,
    ) -> None:
        if not entry.readable:
            evidence: dict[str, str | int] = {"method": entry.method, "flags": hex(entry.flags)}
            raise ArchiveError("method", "the member is encrypted or compressed in an unknown way", evidence)
        if entry.method == _STORED and entry.compressed != entry.size:
            self._fail(_SIZES_DIFFER, have=entry.compressed, need=entry.size)
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
        self._head = bytearray()
        self._rewinds = 0
        self._restart(lead[header : header + entry.compressed])

    def _restart(self, first: bytes) -> None:
        """Stand before the first inflated byte, with the first compressed bytes at hand."""
        self._inflater = _inflate_backend().decompressobj(-15)
        self._pending = first
        self._fed = len(first)
        self._starved = not first
        self._end = 0
        self._window = bytearray()

    def read(self, offset: int, size: int) -> bytes:
        """See `View.read`."""
        if offset < 0 or size < 0 or offset + size > self.size:
            raise FormatError("truncated", offset, f"{size} bytes needed", self.size)
        return self._read(offset, offset + size)

    def read_upto(self, offset: int, size: int) -> bytes:
        """See `View.read_upto`."""
        if offset < 0 or size < 0 or offset > self.size:
            raise FormatError("truncated", offset, "offset beyond the end", self.size)
        return self._read(offset, min(offset + size, self.size))

    def finish(self) -> str | None:
        """Read to the end and check size and CRC.

        Returns:
            The SHA-256 as RECORD writes it (URL-safe base64 without padding), where it was asked for.
        """
        if self._entry.method == _STORED:
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
        if self._entry.method == _STORED:
            self._budget.spend(stop - start)
            return self._source.read_at(self._data + start, stop - start)
        if stop > len(self._head):
            if start < self._end - len(self._window):
                self._rewind(start)
            self._advance(stop, start)
            if self._end == self.size:
                self._check_end()
        if stop <= len(self._head):
            return bytes(self._head[start:stop])
        behind = self._end - len(self._window)
        return bytes(memoryview(self._window)[start - behind : stop - behind])

    def _rewind(self, offset: int) -> None:
        if self._rewinds >= self._limits.rewinds:
            raise FormatError("limit", offset, "the file refers backward too often", self._rewinds)
        self._rewinds += 1
        self._restart(b"")

    def _advance(self, stop: int, keep: int) -> None:
        """Inflate until `stop` bytes are out, and hold those from `keep` on."""
        while self._end < stop:
            if self._inflater.eof:
                self._fail("the member is shorter than the directory says", have=self._end, need=self.size)
            if self._starved:
                self._feed()
            # One byte more than the directory promises shows whether there are more.
            step = min(max(stop - self._end, _LEAST_STEP), _MOST_STEP, self.size - self._end + 1)
            out = self._inflate(step)
            start, self._end = self._end, self._end + len(out)
            if self._end > self.size:
                self._fail("the member is longer than the directory says", need=self.size)
            self._check_limits(len(out))
            self._sum(start, out)
            if start <= len(self._head) < _HEAD:
                self._head += out[len(self._head) - start : _HEAD - start]
            self._window += out
            excess = min(len(self._window) - _WINDOW, keep - (self._end - len(self._window)))
            if excess > _WINDOW:
                del self._window[:excess]

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
        # A decompressor may have eaten all input and still hold output: it starves once it gives too little.
        self._starved = len(out) < most
        self._pending = self._inflater.unconsumed_tail
        return out

    def _sum(self, start: int, data: bytes) -> None:
        """Add to CRC and digest what was not yet added of the bytes that begin at `start`."""
        new = memoryview(data)[self._checked - start :] if start < self._checked else data
        if start + len(data) > self._checked:
            self._checked = start + len(data)
            self._crc = _inflate_backend().crc32(new, self._crc)
            if self._hash is not None:
                self._hash.update(new)

    def _check_limits(self, size: int) -> None:
        entry, limits = self._entry, self._limits
        evidence: dict[str, str | int]
        if self._end > limits.member_bytes:
            evidence = {"limit": limits.member_bytes}
            raise ArchiveError("limit", "the limit of inflated bytes of one member is reached", evidence)
        if self._end > max(limits.ratio_from_bytes, limits.ratio * entry.compressed):
            evidence = {"compressed": entry.compressed, "size": entry.size, "limit": limits.ratio}
            raise ArchiveError("limit", "the member inflates to more than the allowed multiple", evidence)
        self._budget.spend(size)

    def _check_end(self) -> None:
        """Check, once everything is out, that the stream ends here and that the CRC is right."""
        if self._finished:
            return
        while not self._inflater.eof:
            if self._starved:
                self._feed()
            if self._inflate(1):
                self._fail("the member is longer than the directory says", need=self.size)
        left = len(self._pending) + len(self._inflater.unused_data) + self._entry.compressed - self._fed
        if left:
            self._fail("the compressed data ends before the member does", bytes=left)
        self._check_crc()

    def _check_crc(self) -> None:
        if self._crc != self._entry.crc:
            self._fail("the member's CRC is wrong", have=f"{self._crc:08x}", need=f"{self._entry.crc:08x}")
        self._finished = True

    def _fail(self, what: str, **evidence: int | str) -> NoReturn:
        raise ArchiveError("corrupt", what, evidence)


def read_heads(
    source: "Source", entries: Iterable[Entry], size: int, limits: Limits = DEFAULT
) -> Iterator[tuple[Entry, bytes, ArchiveProblem | None]]:
    """Yield each readable entry with the first bytes of its member, in the order of the archive.

    Quick enough for wheels of many thousand files: neighbours are read from the source together. What is not
    plain goes through a `MemberView`, so every local header is checked.

    Args:
        source: The archive.
        entries: Those that are not `Entry.readable` are left out.
        size: How many bytes, at most 256.
        limits: Bounds on what is read.

    Yields:
        The entry, its first `size` bytes or all that it has, and None; or the entry, nothing, and why.

    Raises:
        SourceError: The bytes can't be had.
    """
    decompressobj = _inflate_backend().decompressobj
    error = _inflate_backend().error
    for run in _runs(entry for entry in entries if entry.readable):
        start = run[0].offset
        data = _read_some(source, start, run[-1].offset + _span(run[-1]) - start)
        for entry in run:
            head = _plain_head(entry, data, entry.offset - start, size, decompressobj, error)
            if head is not None:
                yield entry, head, None
                continue
            try:
                yield entry, MemberView(source, entry, limits).read_upto(0, size), None
            except ArchiveError as refused:
                yield entry, b"", ArchiveProblem.of(refused, entry.name)


_HEAD_FEED = 512
"""Compressed bytes that give 256 inflated ones but for the oddest stream, which a MemberView reads."""
_RUN_GAP, _RUN_SIZE = 8 << 10, 256 << 10
"""Neighbours so close are read together, up to so many bytes: reading on costs less than another call."""


def _span(entry: Entry) -> int:
    return _LOCAL.size + len(entry.name) + min(entry.compressed, _HEAD_FEED)


def _runs(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Yield the entries in the order of the archive, in groups to be read at once."""
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


def _plain_head(
    entry: Entry, data: bytes, at: int, size: int, decompressobj: Callable[[int], Any], error: type[Exception]
) -> bytes | None:
    """Return the first bytes of the member whose local header is at `at`, or None: it needs a closer look."""
    if at + _LOCAL.size > len(data):
        return None
    signature, *fields, name_size, extra_size = _LOCAL.unpack_from(data, at)
    flags, method, crc, compressed, inflated = fields
    start = at + _LOCAL.size + name_size
    if (
        signature != _LOCAL_SIGNATURE
        or extra_size
        or flags & _DESCRIPTOR
        or method != entry.method
        or flags != entry.flags
        or crc != entry.crc
        or compressed != entry.compressed
        or inflated != entry.size
        or entry.end - entry.offset != _LOCAL.size + name_size + compressed
        or data[at + _LOCAL.size : start] != entry.name.encode()
    ):
        return None
    wanted = min(size, inflated)
    first = data[start : start + min(compressed, _HEAD_FEED)]
    if method == _DEFLATED and wanted:
        try:
            first = decompressobj(-15).decompress(first, wanted)
        except error:
            return None
    return first[:wanted] if len(first) >= wanted else None


# --- local headers


def _read_some(source: "Source", offset: int, size: int) -> bytes:
    """Return the bytes at `offset`, at most `size`, none where the archive has none there."""
    if not 0 <= offset < source.size:
        return b""
    return source.read_at(offset, min(size, source.size - offset))


def _lead_size(entry: Entry) -> int:
    """Return how many bytes hold the local header for sure, if it does not deny the directory."""
    room = entry.end - entry.offset - entry.compressed
    return max(_LOCAL.size, min(room, _MOST_LOCAL)) if entry.end else _MOST_LOCAL


def _check_local(source: "Source", entry: Entry, lead: bytes) -> int:
    """Return the size of an entry's local header, in bytes, having compared it with the directory.

    Args:
        source: The archive.
        entry: What the directory says.
        lead: The archive's bytes from `Entry.offset` on.

    Raises:
        ArchiveError: They differ: a reader that goes by local headers sees another archive.
    """
    if len(lead) < _LOCAL.size or not lead.startswith(_LOCAL_SIGNATURE.to_bytes(4, "little")):
        evidence: dict[str, str | int] = {"offset": entry.offset, "have": lead[:4].hex(" ")}
        raise ArchiveError("ambiguous", "no local header stands where the directory says", evidence)
    _, flags, method, crc, compressed, size, name_size, extra_size = _LOCAL.unpack_from(lead)
    name_end = _LOCAL.size + name_size
    header: int = name_end + extra_size
    raw = lead[_LOCAL.size : name_end]
    if raw.decode("utf-8", "backslashreplace") != entry.name:
        raise _denied("name", raw.decode("utf-8", "backslashreplace"), entry.name)
    data_end = entry.offset + header + entry.compressed
    end = entry.end or source.size
    if data_end > end:
        raise ArchiveError("overlap", "the member lies on what follows it", {"end": data_end, "limit": end})

    extra = _read_extra(lead[name_end:header], raw, (size, compressed))
    size, compressed = extra.values[0], extra.values[1]
    for kind, what in extra.faults:
        if kind == "ambiguous":
            raise ArchiveError(kind, f"in the local header, {what}")
    meaning = _MEANINGFUL_FLAGS if entry.name.isascii() else _MEANINGFUL_FLAGS | _UTF8
    if (flags ^ entry.flags) & meaning:
        raise _denied("flags", hex(flags), hex(entry.flags))
    if method != entry.method:
        raise _denied("method", method, entry.method)
    for field, have, need in (
        ("CRC", crc, entry.crc),
        ("compressed size", compressed, entry.compressed),
        ("size", size, entry.size),
    ):
        if have != need and (have or not flags & _DESCRIPTOR):
            raise _denied(field, have, need)

    if entry.end and flags & _DESCRIPTOR:
        data_end += _check_descriptor(entry, _read_some(source, data_end, min(end - data_end, 24)))
    if entry.end and data_end < end:
        what = (
            "bytes that belong to no member follow: a reader that goes by local headers may find more in them"
        )
        raise ArchiveError("ambiguous", what, {"offset": data_end, "bytes": end - data_end})
    return header


_MEANINGFUL_FLAGS = _ENCRYPTED | _PATCHED | _DESCRIPTOR


def _denied(field: str, have: str | int, need: str | int) -> ArchiveError:
    what = f"local header and directory name different values: {field}"
    return ArchiveError("ambiguous", what, {"have": have, "need": need})


def _check_descriptor(entry: Entry, data: bytes) -> int:
    """Return the size of the data descriptor (4.3.9) that `data` is, in bytes.

    It comes with or without signature, with 4 or 8 bytes a size.

    Raises:
        ArchiveError: None of the four forms says what the directory says.
    """
    crc = entry.crc.to_bytes(4, "little")
    for width in (4, 8):
        if entry.compressed >> (8 * width) or entry.size >> (8 * width):
            continue
        plain = crc + entry.compressed.to_bytes(width, "little") + entry.size.to_bytes(width, "little")
        for form in (_DESCRIPTOR_SIGNATURE + plain, plain):
            if data == form:
                return len(form)
    raise ArchiveError(
        "ambiguous", "the data descriptor does not say what the directory says", {"have": data.hex(" ")}
    )


def _new_sha256() -> "_Hash":
    from hashlib import sha256

    return sha256()
