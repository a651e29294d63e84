"""Reads the central directory in one pass, from the end record backward."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..limits import DEFAULT, Limits
from . import zip_layout as layout
from .zip_extra import SIZES_DIFFER, read_extra
from .zip_layout import ArchiveProblem, Directory, Entry, ProblemKind

if TYPE_CHECKING:
    from ..sources.local import Source

__all__ = ["read_directory"]


class _End(NamedTuple):
    """The values of the end record, or of the ZIP64 end record if there is one."""

    start: int
    """Where the directory must end, in bytes from the start of the archive."""
    entries: int
    size: int
    offset: int


def read_directory(source: Source, limits: Limits = DEFAULT) -> Directory:
    """Return the files that an archive's central directory lists, and its problems.

    Local headers are not looked at: `read_heads` and `MemberView` check each against its entry.

    Args:
        source: The archive.
        limits: `entries`, `name_bytes`, `directory_bytes` and `problems` count here.

    Raises:
        SourceError: The bytes cannot be read. Bad bytes do not raise.
    """
    problems = _Problems(limits)
    tail_size = min(
        source.size, layout.MOST_COMMENT + layout.END.size + layout.LOCATOR.size + layout.END64.size
    )
    tail = source.read_at(source.size - tail_size, tail_size)
    end = _find_end(tail, source.size - tail_size, problems)
    if end is None:
        what, evidence = _describe(source)
        return Directory((), (ArchiveProblem("unreadable", None, what, evidence),))
    if end.size > limits.directory_bytes:
        problems.tell(
            "limit",
            None,
            f"the central directory has more bytes than {limits.named('directory_bytes')}",
            size=end.size,
        )
        return Directory((), tuple(problems))
    start = _find_directory(source, end, problems)
    if start is None:
        return Directory((), tuple(problems))
    held = start - (source.size - tail_size)
    data = tail[held : held + end.size] if held >= 0 else source.read_at(start, end.size)
    records, whole = _read_records(data, start - end.offset, limits, problems)
    if whole and len(records) != end.entries:
        what = "the end record's entry count differs from the directory"
        problems.tell("ambiguous", None, what, have=len(records), need=end.entries)
    return Directory(_place(records, start, start - end.offset, problems), tuple(problems))


class _Problems(list[ArchiveProblem]):
    """Problems, up to a bound per kind: many small ones must not hide a serious one."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits
        self._told: dict[ProblemKind, int] = {}

    def tell(self, kind: ProblemKind, member: str | None, what: str, **evidence: str | int) -> None:
        told = self._told[kind] = self._told.get(kind, 0) + 1
        if told <= self._limits.problems:
            self.append(
                ArchiveProblem(kind, member, what, {key: str(value) for key, value in evidence.items()})
            )
        elif told == self._limits.problems + 1:
            what = f"more problems of one kind than {self._limits.named('problems')}: {what}"
            self.append(ArchiveProblem("limit", member, what, {}))


def _find_end(tail: bytes, tail_start: int, problems: _Problems) -> _End | None:
    """Return what the end records say, or None if there is none.

    Args:
        tail: The last bytes of the archive, the longest comment included.
        tail_start: Where these bytes start in the archive.
        problems: Where to add problems.
    """
    at = len(tail) - layout.END.size
    if at < 0:
        return None
    if not (tail.startswith(layout.END_SIGNATURE, at) and tail.endswith(b"\0\0")):
        at = tail.rfind(layout.END_SIGNATURE, 0, at + len(layout.END_SIGNATURE))
    if at < 0:
        return None
    _, disk, directory_disk, count_here, count, size, offset, comment = layout.END.unpack_from(tail, at)

    rest = len(tail) - at - layout.END.size
    if comment < rest:
        problems.tell("ambiguous", None, "bytes follow the end of the archive", bytes=rest - comment)
    elif comment > rest:
        problems.tell("ambiguous", None, "the archive's comment is cut off", have=rest, need=comment)
    elif comment:
        problems.tell("comment", None, "the archive has a comment", bytes=comment)
    other = tail.find(layout.END_SIGNATURE, 0, at)
    while other >= 0:
        if other + layout.END.size + int.from_bytes(tail[other + 20 : other + 22], "little") == len(tail):
            problems.tell("ambiguous", None, "the archive has two end records", offset=tail_start + other)
        other = tail.find(layout.END_SIGNATURE, other + 1, at)

    end = _End(tail_start + at, count, size, offset)
    locator_at = at - layout.LOCATOR.size
    if locator_at >= 0 and tail.startswith(layout.LOCATOR_SIGNATURE, locator_at):
        end = _read_zip64(tail, locator_at, tail_start, end, problems)
    else:
        if at >= layout.END64.size and tail.startswith(layout.END64_SIGNATURE, at - layout.END64.size):
            problems.tell("ambiguous", None, "a ZIP64 end record has no locator")
        if disk or directory_disk or count_here != count:
            problems.tell("ambiguous", None, "the archive is one of several disks", disk=disk)
    return end


def _read_zip64(tail: bytes, locator_at: int, tail_start: int, end: _End, problems: _Problems) -> _End:
    """Return `end` with the values of the ZIP64 end record, which must be directly before its locator."""
    _, disk, stated, disks = layout.LOCATOR.unpack_from(tail, locator_at)
    at = locator_at - layout.END64.size
    if at < 0 or not tail.startswith(layout.END64_SIGNATURE, at):
        what = "the ZIP64 locator has no ZIP64 end record before it"
        problems.tell("ambiguous", None, what, offset=stated)
        return end
    _, rest, this_disk, directory_disk, count_here, count, size, offset = layout.END64.unpack_from(tail, at)
    if stated != tail_start + at:
        what = "the ZIP64 locator does not point to the ZIP64 end record before it"
        problems.tell("ambiguous", None, what, have=stated, need=tail_start + at)
    if rest != layout.END64.size - 12:
        problems.tell(
            "ambiguous",
            None,
            "the ZIP64 end record has the wrong size",
            have=rest,
            need=layout.END64.size - 12,
        )
    if disk or disks > 1 or this_disk or directory_disk or count_here != count:
        problems.tell("ambiguous", None, "the archive is one of several disks", disk=this_disk)
    for field, short, sentinel, value in (
        ("entries", end.entries, layout.SENTINEL16, count),
        ("size", end.size, layout.SENTINEL32, size),
        ("offset", end.offset, layout.SENTINEL32, offset),
    ):
        if short not in (sentinel, value):
            what = f"the two end records contradict each other: {field} of the directory"
            problems.tell("ambiguous", None, what, have=short, need=value)
    return _End(tail_start + at, count, size, offset)


def _find_directory(source: Source, end: _End, problems: _Problems) -> int | None:
    """Return where the directory starts, in bytes from the start of the archive, or None if there is none.

    zipfile takes the bytes directly before the end record. It uses the stated offset only to calculate how many bytes
    were inserted before the archive.
    """
    start = end.start - end.size
    if start >= 0 and _starts_directory(source, start, end.size):
        if start != end.offset:
            what = "the directory is not where the end record says: bytes were inserted before it or removed"
            problems.tell("ambiguous", None, what, have=start, need=end.offset)
        return start
    if end.offset + end.size <= end.start and _starts_directory(source, end.offset, end.size):
        what = "there are bytes between the directory and its end record"
        problems.tell("ambiguous", None, what, bytes=start - end.offset)
        return end.offset
    what = "there is no directory where the end record says: the file is cut off or was changed"
    problems.tell("unreadable", None, what, offset=end.offset, size=end.size)
    return None


def _starts_directory(source: Source, start: int, size: int) -> bool:
    return size == 0 or (
        size >= layout.CENTRAL.size
        and source.read_at(start, 4) == layout.CENTRAL_SIGNATURE.to_bytes(4, "little")
    )


def _read_records(data: bytes, shift: int, limits: Limits, problems: _Problems) -> tuple[list[Entry], bool]:
    """Return every record, including folders, and whether these are all. Their `end` is the lowest possible one.

    Args:
        data: The directory's bytes.
        shift: What to add to offsets: how many bytes were inserted before the archive.
        limits: How many records, how long a name.
        problems: Where to add problems.
    """
    records: list[Entry] = []
    unpack, header_size, local_size, new = (
        layout.CENTRAL.unpack_from,
        layout.CENTRAL.size,
        layout.LOCAL.size,
        tuple.__new__,
    )
    position, last = 0, len(data) - layout.CENTRAL.size
    while position <= last and len(records) < limits.entries:
        (
            signature, flags, method, crc, compressed, size, name_size, extra_size, comment_size, disk,
            attributes, offset,
        ) = unpack(data, position)  # fmt: skip
        name_end = position + header_size + name_size
        end = name_end + extra_size + comment_size
        if signature != layout.CENTRAL_SIGNATURE or end > len(data):
            break
        raw = data[position + header_size : name_end]
        name = raw.decode("utf-8", "backslashreplace")
        position = end
        # One test for everything that is rare: nearly every record of nearly every archive is plain.
        if (
            flags & layout.ODD_FLAGS | extra_size | comment_size | disk
            or (method != layout.DEFLATED and (method or compressed != size))
            or size | compressed | offset == layout.SENTINEL32
        ):
            extra = read_extra(data[name_end : name_end + extra_size], raw, (size, compressed, offset))
            size, compressed, offset = extra.values
            for kind, what in extra.faults:
                problems.tell(kind, name, what)
            if disk:
                problems.tell("ambiguous", name, "the member is on another disk", disk=disk)
            if comment_size:
                problems.tell("unusual", name, "the member has a comment", bytes=comment_size)
            _check_method(name, flags, method, compressed, size, problems)
        if name_size > limits.name_bytes:
            what = f"the name has more bytes than {limits.named('name_bytes')}"
            problems.tell("limit", name[:80], what, bytes=name_size)
        mode = attributes >> 16
        if mode >> 12 not in layout.PLAIN_TYPES:
            what = f"the member is a {layout.SPECIAL_TYPES.get(mode >> 12, 'special file')}"
            problems.tell("special", name, what, mode=oct(mode))
        offset += shift
        least = offset + local_size + name_size + compressed
        # This takes half the time of Entry(...), which runs a Python function.
        records.append(new(Entry, (name, method, flags, crc, compressed, size, offset, mode or None, least)))
    if position <= last and len(records) >= limits.entries:
        problems.tell("limit", None, f"the archive has more members than {limits.named('entries')}")
    elif position != len(data):
        problems.tell("unreadable", None, "the directory ends inside a record", record=len(records))
    _check_names(records, problems)
    return records, position == len(data)


def _check_method(
    name: str, flags: int, method: int, compressed: int, size: int, problems: _Problems
) -> None:
    if flags & layout.ENCRYPTED or method == layout.AES:
        problems.tell("encrypted", name, "the member is encrypted", flags=hex(flags), method=method)
    elif method == layout.ZSTANDARD:
        problems.tell("zstandard", name, "the member is compressed with Zstandard", method=method)
    elif method not in (layout.STORED, layout.DEFLATED) or flags & layout.PATCHED:
        what = f"the member is compressed with method {method}, neither stored nor deflated"
        problems.tell("method", name, what, flags=hex(flags), method=method)
    elif method == layout.STORED and compressed != size:
        problems.tell("corrupt", name, SIZES_DIFFER, have=compressed, need=size)


_NAMES_AT_ONCE = 256
_ODD_SIGNS = ("//", " /", "  ", "..", "./", "/. ", "\\", ":")
"""Signs of an unsafe name in a text of many names, with a space before, between and after them. Some safe names have
them too, so a sign only means that each name must be checked."""


def _check_names(records: list[Entry], problems: _Problems) -> None:
    """Report unsafe and duplicate names.

    Many names are tested at once first, because few archives have an unsafe one: an audit of a wheel with 4,000 files
    takes 1.3 times as long without.
    """
    names = [record.name for record in records]
    for first in range(0, len(records), _NAMES_AT_ONCE):
        text = f" {' '.join(names[first : first + _NAMES_AT_ONCE])} "
        if text.isascii() and text.isprintable() and not any(sign in text for sign in _ODD_SIGNS):
            continue
        for record in records[first : first + _NAMES_AT_ONCE]:
            fault = _name_fault(record.name)
            if fault:
                problems.tell("unsafe-name", record.name, f"the member's name {fault}")
            elif not record.name.isascii() and not record.flags & layout.UTF8:
                what = "the member's name is UTF-8 but not marked as UTF-8: readers decode it differently"
                problems.tell("unusual", record.name, what)
    if len(set(names)) < len(names):
        seen: set[str] = set()
        for name in names:
            if name in seen and not name.endswith("/"):
                problems.tell(
                    "duplicate",
                    name,
                    "two members have the same name: readers choose different ones",
                )
            seen.add(name)


def _name_fault(name: str) -> str:
    """Return why a name is unsafe as a path for installation, or an empty text."""
    if not name:
        return "is empty"
    if name.startswith("/"):
        return "is an absolute path"
    if name[1:2] == ":" and name[0].isalpha():
        return "names a drive"
    if "\\" in name:
        return "contains a backslash, or bytes that are not UTF-8"
    if any(character < " " or character == "\x7f" for character in name):
        return "contains a control character"
    if not {"", ".", ".."}.isdisjoint(name.removesuffix("/").split("/")):
        return "has an empty component, `.` or `..`"
    return ""


def _place(records: list[Entry], directory: int, shift: int, problems: _Problems) -> tuple[Entry, ...]:
    """Return the files among the records, each with its `end`. Report overlaps and gaps at the start."""
    starts = sorted({record.offset for record in records})
    following = dict(zip(starts, [*starts[1:], directory], strict=True)) if starts else {}
    if (starts[0] if starts else directory) not in (0, shift):
        problems.tell(
            "ambiguous",
            None,
            "there are bytes before the first member",
            bytes=starts[0] if starts else directory,
        )
    streamed = sum(1 for record in records if record.flags & layout.DESCRIPTOR)
    if streamed:
        what = "members have data descriptors: the archive was written as a stream"
        problems.tell("unusual", None, what, members=streamed)
    entries = []
    taken: set[int] = set()
    for record in records:
        end = following[record.offset]
        if record.end > end or record.offset in taken:
            what = "the member overlaps another member or the directory"
            problems.tell("overlap", record.name, what, end=record.end, limit=end)
        taken.add(record.offset)
        if record.name.endswith("/"):
            if record.size:
                problems.tell(
                    "ambiguous", record.name, "the member's name is that of a folder, but it has content"
                )
        else:
            entries.append(record if record.end == end else Entry(*record[:-1], end))
    return tuple(entries)


def _describe(source: Source) -> tuple[str, dict[str, str]]:
    """Return what a file without an end record looks like, and the evidence."""
    head = source.read_at(0, min(source.size, 512))
    if not head:
        return "the file is empty", {"bytes": "0"}
    evidence = {"bytes": str(source.size), "have": head[:16].hex(" ")}
    if head.startswith(layout.LOCAL_SIGNATURE.to_bytes(4, "little")):
        return "the zip archive is cut off: its directory is missing", evidence
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "the file is an HTML page, not a zip archive", evidence
    if head[257:262] == b"ustar":
        return "the file is a tar archive, not a zip archive", evidence
    for magic, what in _LOOKS:
        if head.startswith(magic):
            return f"the file is {what}, not a zip archive", evidence
    if not any(head):
        return "the file starts with zero bytes only", evidence
    return "the file is not a zip archive", evidence


_LOOKS = (
    (b"\x1f\x8b", "gzip data, like an sdist"),
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
