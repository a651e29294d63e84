"""What linkers read: COFF objects, short import objects, LLVM bitcode, and archives of objects.

Only their machine is read. For an archive, its first objects decide.

Source: Microsoft, "PE Format", https://learn.microsoft.com/windows/win32/debug/pe-format (COFF file header,
archive file format, import library format); winnt.h (ANON_OBJECT_HEADER_BIGOBJ); LLVM, "Bitcode File Format",
https://llvm.org/docs/BitCodeFormat.html; ar(5).
"""

from __future__ import annotations

from struct import Struct

from .._lib.typed import TYPE_CHECKING
from ..errors import FormatError
from ..model import Depth, Fault, Format, Image, Kind, Machine
from ..view import SliceView, View
from . import HEAD_BYTES, macho_layout, pe_layout, read_images, sniff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..limits import Limits

__all__ = ["is_coff", "read"]

# COFF ---------------------------------------------------------------------------------------------------

_OBJECT_FLAGS = 0x83BD
"""The Characteristics that objects may have: none that only images have."""
_SECTION = Struct("<8sIIIIIIHHI")
"""IMAGE_SECTION_HEADER: Name, VirtualSize, VirtualAddress, SizeOfRawData, PointerToRawData,
PointerToRelocations, PointerToLinenumbers, NumberOfRelocations, NumberOfLinenumbers, Characteristics."""
_UNINITIALIZED = 0x80
"""IMAGE_SCN_CNT_UNINITIALIZED_DATA: the section has a size, but no data in the file."""
_SYMBOL_BYTES = 18
_MOST_SECTIONS = 0xFEFF

_ANONYMOUS = b"\0\0\xff\xff"
"""Sig1 and Sig2 of an object that does not start with IMAGE_FILE_HEADER."""
_ANONYMOUS_HEADER = Struct("<4xHH")
"""Version, Machine."""
_IMPORT_HEADER = Struct("<12xI2xH")
"""IMPORT_OBJECT_HEADER: SizeOfData, Type."""
_IMPORT_TYPES = 0x1F
_BIGOBJ_HEADER = Struct("<12x16s16xIII")
"""ANON_OBJECT_HEADER_BIGOBJ: ClassID, NumberOfSections, PointerToSymbolTable, NumberOfSymbols."""
_BIGOBJ_SYMBOL_BYTES = 20
_BIGOBJ = bytes.fromhex("c7a1bad1eebaa94baf20faf66aa4dcb8")
_LINK_TIME_CODE = bytes.fromhex("38feb30ca5d9ab4dac9bd6b6222653c2")
"""ClassIDs: of an object with more sections than a 16-bit count allows, and of /GL objects, which only their compiler
reads."""

# Bitcode ------------------------------------------------------------------------------------------------

_WRAPPER_MAGIC = b"\xde\xc0\x17\x0b"
_WRAPPER = Struct("<8xIII")
"""Offset, Size, CPUType (numbers of Mach-O)."""

# Archives -----------------------------------------------------------------------------------------------

_ARCHIVE_MAGIC_BYTES = 8
_THIN_ARCHIVE_MAGIC = b"!<thin>\n"
_SAMPLES = 64
"""How many members of an archive are checked for their machine."""
_MEMBER = Struct("<16s32x10s2s")
"""Name, size in decimal, end mark."""
_MEMBER_END = b"`\n"
_BSD_LONG_NAME = b"#1/"
"""The name is at the start of the data. Its length follows this prefix."""
_OBJECT_FORMATS = (Format.COFF, Format.ELF, Format.MACHO, Format.WASM, Format.BITCODE)
_NO_OBJECT = Image(Format.ARCHIVE, Machine.NONE, "", 0, 0, 0, Kind.ARCHIVE, Depth.HEADER)


def is_coff(head: bytes) -> bool:
    """Return whether a file starts like a COFF object, in any of its variants, or like a short import object.

    The only magic of a plain object is its machine, so its header and that of its first section must make sense.

    Args:
        head: The first 64 bytes of the file.
    """
    if head.startswith(_ANONYMOUS):
        return _is_anonymous(head)
    if len(head) < pe_layout.FILE_HEADER.size + _SECTION.size:
        return False
    machine, count, symbols, symbol_count, optional_size, flags = pe_layout.FILE_HEADER.unpack_from(head)
    if machine not in pe_layout.COFF_MACHINES or optional_size or flags & ~_OBJECT_FLAGS:
        return False
    fields = _SECTION.unpack_from(head, pe_layout.FILE_HEADER.size)
    name, virtual_size, rva, _, data, relocations, lines, _, _, characteristics = fields
    tables = pe_layout.FILE_HEADER.size + count * _SECTION.size
    label = name.rstrip(b"\0")
    return (
        1 <= count <= _MOST_SECTIONS
        and not any(0 < offset < tables for offset in (symbols, data, relocations, lines))
        and (symbols > 0 or symbol_count == 0)
        and virtual_size == rva == 0
        and characteristics != 0
        and label.isascii()
        and label.decode("ascii").isprintable()
    )


def _is_anonymous(head: bytes) -> bool:
    if len(head) < pe_layout.FILE_HEADER.size + 1:
        return False
    version, machine = _ANONYMOUS_HEADER.unpack_from(head)
    if version == 0:
        size, kind = _IMPORT_HEADER.unpack_from(head)
        return machine in pe_layout.MACHINES and size > 1 and kind <= _IMPORT_TYPES and head[20] > 0x20
    return head[12:28] in (_BIGOBJ, _LINK_TIME_CODE)


def read(view: View, depth: Depth, limits: Limits) -> tuple[Image, ...]:
    """Return the image of an object, or one image per machine of the objects in an archive.

    An archive without objects has one image, for `Machine.NONE`. Bitcode is for `Machine.OTHER`, unless wrapped.

    Args:
        view: The whole file. `sniff` returned one of these formats for it.
        depth: Only recorded in the image: nothing after the headers is read.
        limits: `table_bytes` for a section table or an archive's index.

    Raises:
        FormatError: `truncated` if the file ends inside its header. Later damage is in `Image.faults`.
    """
    head = view.read_upto(0, HEAD_BYTES)
    found = sniff(head)
    if found is Format.ARCHIVE:
        return tuple(_read_archive(view, head, depth, limits))
    if found in (Format.COFF, Format.BITCODE):
        return _read_object(view, head, found, depth, limits)
    raise FormatError(
        "unsupported", view.base, "the file is neither an object nor an archive", head[:4].hex()
    )


def _read_object(
    view: View, head: bytes, found: Format | None, depth: Depth, limits: Limits
) -> tuple[Image, ...]:
    """Return the images of an object, given its first bytes and what `sniff` returned for them."""
    if found is Format.COFF:
        return (_read_coff(view, head, depth, limits),)
    if found is Format.BITCODE:
        return (_read_bitcode(view, head, depth),)
    return read_images(view, depth, limits)


def _read_bitcode(view: View, head: bytes, depth: Depth) -> Image:
    image = Image(Format.BITCODE, Machine.OTHER, "", 0, 0, view.base, Kind.OBJECT, depth)
    if not head.startswith(_WRAPPER_MAGIC):
        return image
    offset, size, code = _WRAPPER.unpack(view.read(0, _WRAPPER.size))
    machine = macho_layout.MACHINES.get(code, Machine.OTHER)
    return image._replace(machine=machine, code=code, faults=_check_end(view, offset + size))


def _read_coff(view: View, head: bytes, depth: Depth, limits: Limits) -> Image:
    kind = Kind.OBJECT
    end = view.size
    if not head.startswith(_ANONYMOUS):
        code, count, symbols, symbol_count, _, _ = pe_layout.FILE_HEADER.unpack_from(head)
        end = _sections_end(view, pe_layout.FILE_HEADER.size, count, limits)
        end = max(end, symbols + symbol_count * _SYMBOL_BYTES)
    else:
        version, code = _ANONYMOUS_HEADER.unpack_from(head)
        if version == 0:
            kind = Kind.IMPORT_LIBRARY
            end = pe_layout.FILE_HEADER.size + _IMPORT_HEADER.unpack_from(head)[0]
        elif head[12:28] == _BIGOBJ:
            _, count, symbols, symbol_count = _BIGOBJ_HEADER.unpack(view.read(0, _BIGOBJ_HEADER.size))
            end = _sections_end(view, _BIGOBJ_HEADER.size, count, limits)
            end = max(end, symbols + symbol_count * _BIGOBJ_SYMBOL_BYTES)
    machine, variant = pe_layout.MACHINES.get(code, (Machine.OTHER, ""))
    faults = _check_end(view, end)
    return Image(Format.COFF, machine, variant, code, 0, view.base, kind, depth, faults=faults)


def _sections_end(view: View, table: int, count: int, limits: Limits) -> int:
    """Return where the section table and the data of its sections end, in bytes from the start of the view."""
    end = table + count * _SECTION.size
    if end - table > limits.table_bytes:
        what = f"the section table is larger than {limits.named('table_bytes')}"
        raise FormatError("limit", view.base + table, what, count)
    if end <= view.size:
        sections = _SECTION.iter_unpack(view.read(table, end - table))
        ends = (
            data + size
            for _, _, _, size, data, _, _, _, _, flags in sections
            if data and not flags & _UNINITIALIZED
        )
        end = max(end, max(ends, default=0))
    return end


def _check_end(view: View, end: int) -> tuple[Fault, ...]:
    if end <= view.size:
        return ()
    return (
        Fault("truncated", view.base + view.size, "the file ends before data that its header lists", end),
    )


def _read_archive(view: View, head: bytes, depth: Depth, limits: Limits) -> Iterator[Image]:
    """Yield an image per machine, in the order of the members. The first has the faults of all members."""
    found: dict[tuple[Machine, str], Image] = {}
    faults: list[Fault] = []
    kind = Kind.ARCHIVE
    try:
        for member in () if head.startswith(_THIN_ARCHIVE_MAGIC) else _members(view, limits):
            start = member.read_upto(0, HEAD_BYTES)
            form = sniff(start)
            if form in _OBJECT_FORMATS:
                for image in _read_object(member, start, form, Depth.HEADER, limits):
                    found.setdefault((image.machine, image.variant), image)
                    faults += image.faults
                    if image.kind is Kind.IMPORT_LIBRARY:
                        kind = image.kind
    except FormatError as error:
        faults.append(Fault.of(error))
    for image in found.values() or [_NO_OBJECT]:
        yield Image(
            format=Format.ARCHIVE,
            machine=image.machine,
            variant=image.variant,
            code=image.code,
            bits=image.bits,
            offset=view.base,
            kind=kind,
            depth=depth,
            faults=tuple(faults),
        )
        faults = []


def _members(view: View, limits: Limits) -> Iterator[SliceView]:
    """Yield the contents of the first members, without those that are only for the linker."""
    offset = _ARCHIVE_MAGIC_BYTES
    for index in range(_SAMPLES):
        if offset >= view.size:
            return
        name, digits, mark = _MEMBER.unpack(view.read(offset, _MEMBER.size))
        digits = digits.rstrip(b" ")
        if mark != _MEMBER_END or not digits.isdigit():
            raise FormatError(
                "contradiction",
                view.base + offset,
                "the header of an archive member is damaged",
                digits.hex(),
            )
        start = offset + _MEMBER.size
        size = int(digits)
        if start + size > view.size:
            raise FormatError(
                "truncated", view.base + offset, "the file ends inside a member of the archive", size
            )
        offset = start + size + size % 2
        long_name = name[len(_BSD_LONG_NAME) :].rstrip(b" ")
        if name.startswith(_BSD_LONG_NAME) and long_name.isdigit():
            skipped = min(int(long_name), size)
            yield SliceView(view, start + skipped, size - skipped)
        elif name.startswith(b"/ ") and index == 0:
            _check_index(view, start, size, limits)
        elif not name.startswith(b"/") or name[1:2].isdigit():
            yield SliceView(view, start, size)


def _check_index(view: View, start: int, size: int, limits: Limits) -> None:
    """Raise `truncated` if the archive's index of symbols points to a member beyond the end of the file."""
    count = int.from_bytes(view.read(start, min(size, 4)), "big")
    offsets = Struct(f">{count}I")
    if offsets.size > limits.table_bytes:
        what = f"the index of the archive is larger than {limits.named('table_bytes')}"
        raise FormatError("limit", view.base + start, what, count)
    if count and 4 + offsets.size <= size:
        furthest = max(offsets.unpack(view.read(start + 4, offsets.size)))
        if furthest + _MEMBER.size > view.size:
            raise FormatError(
                "truncated",
                view.base + start,
                "the file ends before a member that the archive's index lists",
                furthest,
            )
