"""The places of numbers in binaries and archives that a mutation should change.

Offsets are written out from the specifications, because mutations must not depend on the readers under test. The
files are real ones or their mutants, so a place may be beyond the end of the file; then it is left out.
"""

from collections.abc import Iterator
from typing import NamedTuple

_MOST = 4_000
"""The most fields of one file. The numbers at its start matter most."""


class Field(NamedTuple):
    """A number: its offset in bytes, its width in bytes, its byte order."""

    offset: int
    width: int
    order: str


def fields(data: bytes) -> list[Field]:
    """Return the numbers of a file, by its magic."""
    found: list[Field] = []
    for field in _fields(data, 0):
        if field.offset + field.width <= len(data):
            found.append(field)
        if len(found) == _MOST:
            break
    return found or [Field(at, 1, "<") for at in range(min(len(data), 64))]


def number(data: bytes, offset: int, width: int, order: str = "<") -> int:
    """Return the number at an offset; 0 beyond the end."""
    return int.from_bytes(data[offset : offset + width], "little" if order == "<" else "big")


def _words(start: int, size: int, width: int = 4, order: str = "<") -> Iterator[Field]:
    return (Field(at, width, order) for at in range(start, start + size, width))


def _fields(data: bytes, base: int) -> Iterator[Field]:
    magic = data[base : base + 4]
    if magic[:2] == b"MZ":
        yield from _pe(data)
    elif magic in (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"):
        yield from _macho(data, base)
    elif magic in (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf") and not base:
        yield from _fat(data)
    elif magic == b"\x7fELF":
        yield from _elf(data)
    elif b"PK\5\6" in data[-70_000:]:
        yield from _zip(data)
    else:
        yield from _words(base, min(len(data), 512), 1)


def _pe(data: bytes) -> Iterator[Field]:
    """Microsoft PE format: headers, section table, and the start of each data directory's table."""
    header = number(data, 0x3C, 4)
    yield Field(0x3C, 4, "<")
    sections = number(data, header + 6, 2)
    optional = header + 24
    size = number(data, header + 20, 2)
    yield from (
        Field(header + at, width, "<") for at, width in [(4, 2), (6, 2), (8, 4), (12, 4), (20, 2), (22, 2)]
    )
    yield Field(optional, 2, "<")
    yield from _words(optional + 4, size - 4)
    table = optional + size
    directories = optional + (112 if number(data, optional, 2) == 0x20B else 96)
    for index in range(min(sections, 16)):
        yield from _words(table + 40 * index + 8, 16)
        yield Field(table + 40 * index + 36, 4, "<")
    for index in range(16):
        rva = number(data, directories + 8 * index, 4)
        for section in range(min(sections, 16)):
            place = table + 40 * section
            vsize, address, raw = (number(data, place + at, 4) for at in (8, 12, 20))
            if rva and address <= rva < address + vsize:
                yield from _words(raw + rva - address, 0xD8 if index == 10 else 80)


def _fat(data: bytes) -> Iterator[Field]:
    """cctools, mach-o/fat.h: the table, then the slices."""
    count = min(number(data, 4, 4, ">"), 17)
    wide = data[3] == 0xBF
    record = 32 if wide else 20
    yield from _words(4, 4 + count * record, 4, ">")
    for index in range(count):
        yield from _macho(data, number(data, 8 + index * record + 8, 8 if wide else 4, ">"))


def _macho(data: bytes, base: int) -> Iterator[Field]:
    """cctools, mach-o/loader.h: header, load commands, and the start of each table that they point to."""
    start = base + (32 if data[base : base + 1] == b"\xcf" else 28)
    yield from _words(base + 4, 24)
    end = start + min(number(data, base + 20, 4), 8_192)
    yield from _words(start, end - start)
    at = start
    while at + 8 <= end:
        cmd, size = number(data, at, 4), number(data, at + 4, 4)
        # LC_SYMTAB, LC_DYSYMTAB, LC_CODE_SIGNATURE, LC_DYLD_INFO(_ONLY), LC_DYLD_EXPORTS_TRIE, LC_DYLD_CHAINED_FIXUPS
        if cmd & 0x7FFFFFFF in (0x02, 0x0B, 0x1D, 0x22, 0x33, 0x34):
            for place in range(8, min(size, 48), 8):
                table = base + number(data, at + place, 4)
                yield from _words(table, 32, 1)
                yield from _words(table, 64)
        if size < 8:
            break
        at += size


def _elf(data: bytes) -> Iterator[Field]:
    """System V ABI, chapters 4 and 5: header, program headers, dynamic array, and the tables that it points to."""
    wide, order = data[4:5] == b"\2", "<" if data[5:6] == b"\1" else ">"
    word = 8 if wide else 4
    yield from _words(16, 2, 2, order)
    yield from _words(24, 3 * word, word, order)
    yield from _words(24 + 3 * word + 4, 12, 2, order)
    headers = number(data, 24 + word, word, order)
    entry = 56 if wide else 32
    loads = []
    dynamic = (0, 0)
    for index in range(min(number(data, 24 + 3 * word + 8, 2, order), 32)):
        at = headers + index * entry
        yield from _words(at, 8 if wide else 4, 4, order)
        rest = at + (8 if wide else 4)
        yield from _words(rest, entry - (8 if wide else 4), word, order)
        offset, address, size = (number(data, rest + step * word, word, order) for step in (0, 1, 3))
        kind = number(data, at, 4, order)
        if kind == 1:
            loads.append((address, offset, size))
        elif kind == 2:
            dynamic = (offset, min(size, 4_096))
        elif kind in (3, 4):
            yield from _words(offset, min(size, 64), 4, order)
    yield from _words(*dynamic, word, order)
    for at in range(dynamic[0], sum(dynamic), 2 * word):
        # DT_HASH, DT_STRTAB, DT_SYMTAB, DT_SONAME, DT_GNU_HASH, DT_VERSYM, DT_VERDEF, DT_VERNEED
        if number(data, at, word, order) in (4, 5, 6, 14, 0x6FFFFEF5, 0x6FFFFFF0, 0x6FFFFFFC, 0x6FFFFFFE):
            target = number(data, at + word, word, order)
            for address, offset, size in loads:
                if address <= target < address + size:
                    yield from _words(target - address + offset, 96, 4, order)


def _zip(data: bytes) -> Iterator[Field]:
    """APPNOTE.TXT: end record, central records, local headers."""
    end = data.rfind(b"PK\5\6")
    yield from _words(end + 4, 8, 2)
    yield from _words(end + 12, 8)
    yield Field(end + 20, 2, "<")
    at = number(data, end + 16, 4)
    for _ in range(min(number(data, end + 10, 2), 200)):
        yield from _words(at, 4)
        yield from _words(at + 4, 12, 2)
        yield from _words(at + 16, 12)
        yield from _words(at + 28, 10, 2)
        yield from _words(at + 38, 8)
        name, extra, comment = (number(data, at + place, 2) for place in (28, 30, 32))
        local = number(data, at + 42, 4)
        yield from _words(local, 4)
        yield from _words(local + 4, 10, 2)
        yield from _words(local + 14, 12)
        yield from _words(local + 26, 4, 2)
        yield from _words(at + 46 + name, extra, 2)
        at += 46 + name + extra + comment
