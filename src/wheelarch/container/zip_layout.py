"""The records of the zip format in file order, and our data types. Source: PKWARE APPNOTE.TXT 6.3.10, by section."""

from __future__ import annotations

import struct

from .._lib.typed import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from typing import Self

    from ..errors import ArchiveError

STORED, DEFLATED, ZSTANDARD, AES = 0, 8, 93, 99
"""4.4.5, compression methods."""
DESCRIPTOR, PATCHED, UTF8 = 0x0008, 0x0020, 0x0800
"""4.4.4, general purpose bits 3, 5 and 11."""
ENCRYPTED = 0x2041
"""4.4.4, bit 0 encrypted, bit 6 strongly encrypted, bit 13 with masked local headers."""
ODD_FLAGS = 0xFFFF & ~(0x0006 | UTF8)
"""All bits except those that change nothing: 1 and 2 are the compression effort, 11 means that the name is UTF-8."""
ZIP64_EXTRA, UNICODE_PATH_EXTRA = 0x0001, 0x7075
"""4.5.3 and 4.6.9."""
SENTINEL16, SENTINEL32 = 0xFFFF, 0xFFFFFFFF
"""4.4.1.4: the value is in the ZIP64 record or field."""

LOCAL = struct.Struct("<I2xHH4xIIIHH")
"""4.3.7 local file header: signature, flags, method, CRC, compressed, size, name length, extra length."""
CENTRAL = struct.Struct("<I4xHH4xIIIHHHH2xII")
"""4.3.12 central directory header: the same, then comment length, disk, external attributes, offset."""
END = struct.Struct("<4s4H2IH")
"""4.3.16 end record: signature, disk, directory's disk, entries here, entries, size, offset, comment size."""
END64 = struct.Struct("<4sQ4x2I4Q")
"""4.3.14 ZIP64 end record: signature, size of the rest, then as `END`."""
LOCATOR = struct.Struct("<4sIQI")
"""4.3.15 ZIP64 end locator: signature, disk, offset of the ZIP64 end record, count of disks."""
LOCAL_SIGNATURE, CENTRAL_SIGNATURE = 0x04034B50, 0x02014B50
END_SIGNATURE, END64_SIGNATURE, LOCATOR_SIGNATURE = b"PK\5\6", b"PK\6\6", b"PK\6\7"
DESCRIPTOR_SIGNATURE = b"PK\7\x08"
MOST_COMMENT = 0xFFFF
MOST_LOCAL = LOCAL.size + 2 * 0xFFFF
"""The longest local header: fixed part, name, extra fields."""

PLAIN_TYPES = frozenset({0, 4, 8})
"""The four highest mode bits: unset, S_IFDIR, S_IFREG."""
SPECIAL_TYPES = {1: "pipe", 2: "character device", 6: "block device", 10: "symbolic link", 12: "socket"}

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

unreadable: no directory, or an incomplete one (WA001); ambiguous: two readers see two archives (WA002);
duplicate, overlap: a name, or a byte, belongs to two members (WA003); encrypted (WA004); method, zstandard:
compressed in a way that installers do not read, or only some (WA005); unsafe-name: the name is not a relative
path in UTF-8 (WA006); limit: one of `wheelarch.limits.Limits` was hit (WA007); corrupt: the inflated data
differs from what the directory says (WA008); unusual, comment: legal, but refused or discouraged by package
indexes (WA009); special: a symbolic link or a device (WA016).
"""


class Entry(NamedTuple):
    """One file of the archive, as its central directory describes it. Folders are left out."""

    name: str
    """As written. Bytes that are not UTF-8 become backslash escapes."""
    method: int
    flags: int
    crc: int
    compressed: int
    """Bytes."""
    size: int
    """Inflated bytes, as the directory claims."""
    offset: int
    """Of the local header, in bytes from the start of the archive."""
    mode: int | None
    """Unix mode bits, whatever system packed it (installers do not check that); None if they are all zero."""
    end: int = 0
    """Where the next record starts, in bytes from the start of the archive. This one must end before that. 0 if
    unknown."""

    @property
    def readable(self) -> bool:
        """Whether we can inflate it: stored or deflated, and not encrypted."""
        return self.method in (STORED, DEFLATED) and not self.flags & (ENCRYPTED | PATCHED)


class ArchiveProblem(NamedTuple):
    """What is wrong with the archive, or with one member that could not be inflated."""

    kind: str
    """One of `ProblemKind`."""
    member: str | None
    """Its name; None if the problem is about the whole archive."""
    what: str
    """One sentence, without a full stop."""
    evidence: dict[str, str]

    @classmethod
    def of(cls, error: ArchiveError, member: str | None) -> Self:
        """Return the problem that an error reports."""
        return cls(error.kind, member, error.what, {key: str(value) for key, value in error.evidence.items()})


class Directory(NamedTuple):
    """What the central directory says."""

    entries: tuple[Entry, ...]
    """Every file, in the directory's order, as far as it could be read."""
    problems: tuple[ArchiveProblem, ...]
    """At most `Limits.problems` of each kind, and one more that says so."""
