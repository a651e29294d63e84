"""Reads PE as Windows does.

Reads run in the order in which linkers place things: headers and section table (the first KiB), CLR header,
load config, exports, import descriptors, thunks, and finally the imported names.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import chain, pairwise, repeat
from struct import Struct

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import FormatError
from ..model import Depth, Fault, Format, Image, Kind, Machine, PeFacts, PeImport, Symbol
from . import HOOK_PREFIXES, drain, symbols, utf8
from . import pe_layout as pe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeVar

    from ..limits import Limits
    from ..view import View

    _T = TypeVar("_T")

__all__ = ["read"]

_HEAD_BYTES = 4096
"""The first read. What is in it costs nothing more, so it is used at every depth."""
_TABLE_BYTES = 4096
"""How much of a table is read at once. Its length is known only when its terminator is found."""
_GAP_BYTES = 1 << 16
"""Names within this distance, from first to last, are read at once."""
_NAME_BYTES = 256
"""Longer names need a separate read."""
_HOOK_STARTS = tuple(prefix.decode("ascii") for prefix in HOOK_PREFIXES)
_STRING_OVERHEAD = 160
"""Bytes that CPython needs for a name, besides its characters: the str, a Symbol and their places."""


class _Header(NamedTuple):
    """What is before the section table."""

    offset: int
    """Of IMAGE_FILE_HEADER, in bytes from the start of the view."""
    machine: int
    section_count: int
    section_table: int
    """In bytes from the start of the view."""
    characteristics: int
    magic: int
    image_base: int
    section_alignment: int
    size_of_headers: int
    subsystem: int
    directories: list[tuple[int, int]]
    """By index: RVA, and offset of the entry in bytes from the start of the view; 0 if there is none."""


class _Section(NamedTuple):
    rva: int
    virtual_size: int
    """In memory. Bytes without data in the file are zero."""
    size: int
    """In the file."""
    offset: int
    """In bytes from the start of the view."""
    name: bytes
    characteristics: int


class _Space(NamedTuple):
    """The image in memory. It finds the place in the file of an RVA's byte."""

    view: View
    head: bytes
    """The first bytes of the view."""
    sections: list[_Section]
    """By RVA."""
    starts: list[int]
    """The RVA of each section."""
    header_bytes: int
    """This many bytes from RVA 0 on are the first bytes of the file."""

    def error(self, kind: str, at: int, what: str, value: int | str | None = None) -> FormatError:
        """Return an error about the field at `at`, in bytes from the start of the view."""
        return FormatError(kind, self.view.base + at, what, value)

    def find(self, rva: int) -> _Section | None:
        """Return the section that contains an RVA, with or without data in the file."""
        index = bisect_right(self.starts, rva) - 1
        if index >= 0:
            section = self.sections[index]
            if rva - section.rva < max(section.virtual_size, section.size):
                return section
        return None

    def locate(self, rva: int, what: str, at: int) -> tuple[int, int]:
        """Return the offset of an RVA's byte in the view, and how many bytes its section has from there on.

        Args:
            rva: The address.
            what: What it points to, for the error.
            at: Where the address itself is stored, in bytes from the start of the view.

        Raises:
            FormatError: `outside` if no section contains the address, or the section has no data in the file there.
        """
        section = self.find(rva)
        if section is None:
            if 0 <= rva < self.header_bytes:
                return rva, self.header_bytes - rva
            raise self.error("outside", at, f"the RVA of {what} is not in any section", rva)
        inside = rva - section.rva
        if inside >= section.size:
            raise self.error("outside", at, f"the RVA of {what} has no data in the file", rva)
        return section.offset + inside, section.size - inside

    def read(self, rva: int, size: int, what: str, at: int) -> bytes:
        """Return `size` bytes from an RVA.

        Raises:
            FormatError: As `locate`; `outside` if the section's data ends too early; `truncated` if the file does.
        """
        offset, room = self.locate(rva, what, at)
        if room < size:
            raise self.error("outside", at, f"{what} extends beyond its section", rva)
        return _take(self.view, self.head, offset, size)

    def table(
        self, rva: int, entry: Struct, most: int, bound: str, what: str, at: int
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the entries of a table. The caller stops at the terminator; zeros after the section's data are one.

        Raises:
            FormatError: As `locate`; `outside` if the section ends first; `truncated` if the file does; `limit` if
                there are more than `most` entries before the terminator. `bound` names that limit.
        """
        offset, room = self.locate(rva, what, at)
        left = most
        while room:
            wanted = min(room, _TABLE_BYTES // entry.size * entry.size)
            block = self.view.read_upto(offset, wanted)
            cut = len(block) < wanted
            if not cut:
                block += bytes(-wanted % entry.size)
            for fields in entry.iter_unpack(block[: len(block) // entry.size * entry.size]):
                if left <= 0 and any(fields):
                    raise self.error("limit", at, f"{what} has more entries than {bound}")
                left -= 1
                yield fields
            if cut:
                raise self.error("truncated", self.view.size, f"the file ends inside {what}")
            offset += wanted
            room -= wanted
        section = self.find(rva)
        if section is None or section.virtual_size <= section.size:
            raise self.error("outside", at, f"{what} has no terminator", rva)


class _Library(NamedTuple):
    """One descriptor of the import or delay-import directory."""

    name: int
    """RVA."""
    thunks: int
    """RVA."""
    base: int
    """What to subtract from the thunks' addresses to get RVAs."""
    delayed: bool


class _Run(NamedTuple):
    """Strings of one section that are close together."""

    rva: int
    offset: int
    """In bytes from the start of the view."""
    room: int
    """How many bytes the section has from here on."""
    text: str
    """The first of them, one character per byte. The last string may be incomplete."""

    def string(self, view: View, rva: int, limits: Limits, bound: str, what: str) -> str:
        """Return the string at `rva`, without its NUL, one character per byte.

        Raises:
            FormatError: `limit` if it is longer than the limit `bound`; `outside` if its section ends before its
                NUL; `truncated` if the file does.
        """
        start = rva - self.rva
        limit: int = getattr(limits, bound)
        end = self.text.find("\0", start, start + limit + 1)
        if end >= 0:
            return self.text[start:end]
        text = view.read_upto(self.offset + start, min(self.room - start, limit + 1)).decode("latin-1")
        end = text.find("\0")
        if end < 0:
            cut = "truncated" if len(text) < self.room - start else "outside"
            what = f"{what} is not terminated"
            if len(text) <= limit:
                raise FormatError(cut, view.base + self.offset + start, what)
            what = f"{what} within {limits.named(bound)}"
            raise FormatError("limit", view.base + self.offset + start, what)
        return text[:end]


def read(view: View, depth: Depth, limits: Limits) -> Image:
    """Return the image of a PE file.

    The CLR header is read at every depth. The load config is read at `Depth.LINKAGE`, and at `Depth.HEADER` if it
    is in the first 4096 bytes.

    Args:
        view: The whole file.
        depth: How deep to read.
        limits: `sections`, `imported_libraries`, `thunks_per_library`, `thunks`, `exports`;
            `binary_name_bytes` for a library or a hook, `symbol_bytes` for an imported name, `table_bytes`
            for all names together.

    Raises:
        FormatError: `truncated` if the file ends inside the headers; `unsupported` if it is a program for DOS,
            16-bit Windows or OS/2, or a ROM image; `contradiction` if the optional header has an unknown Magic.
            Later damage is in `Image.faults`.

    Source: "PE Format" (see `pe_layout`).
    """
    head = view.read_upto(0, _HEAD_BYTES)
    faults: list[Fault] = []
    header = _read_header(view, head, faults)
    space = _read_sections(view, head, header, limits, faults)
    code = [section for section in space.sections if section.characteristics & pe.SECTION_CODE]
    if debug := bool(code) and not any(section.size for section in code):
        # In a debug companion, the directories point to data that was removed together with the code.
        header = header._replace(directories=[(0, 0)] * pe.DIRECTORY_COUNT)
    clr_flags = _first(_read_clr_flags(space, header), faults)
    chpe = bool(_first(_read_chpe(space, header, depth), faults))
    machine, variant, system = _identify(header, clr_flags, chpe)
    faults += _contradictions(view, header, system)

    hooks: tuple[str, ...] = ()
    imports: tuple[PeImport, ...] = ()
    imported: tuple[Symbol, ...] = ()
    if depth >= Depth.LINKAGE:
        hooks, libraries = _read_directories(space, header, limits, faults)
        imports, imported = _read_imports(space, header, libraries, depth, limits, faults)
    is_dll = header.characteristics & pe.FILE_DLL
    return Image(
        format=Format.PE,
        machine=machine,
        variant=variant,
        code=header.machine,
        bits=32 if header.magic == pe.MAGIC_PE32 else 64,
        offset=view.base,
        kind=Kind.DEBUG if debug else Kind.SHARED_LIBRARY if is_dll else Kind.EXECUTABLE,
        depth=depth,
        needed=tuple(library.name for library in imports),
        hooks=hooks,
        imported=imported,
        faults=tuple(faults),
        pe=PeFacts(
            characteristics=header.characteristics,
            magic=header.magic,
            subsystem=header.subsystem,
            imports=imports,
            chpe=chpe,
            clr_flags=clr_flags,
            readytorun_os=system,
            packed=any(section.name in pe.PACKER_SECTIONS for section in space.sections),
        ),
    )


def _first(found: Iterator[_T], faults: list[Fault]) -> _T | None:
    """Return what an iterator yields first, or None if it yields nothing or finds damage."""
    return next(iter(drain(found, faults)), None)


def _take(view: View, head: bytes, offset: int, size: int) -> bytes:
    """Return bytes from the head if it has them, because reading again could mean inflating again."""
    return head[offset : offset + size] if offset + size <= len(head) else view.read(offset, size)


# Headers ------------------------------------------------------------------------------------------------


def _read_header(view: View, head: bytes, faults: list[Fault]) -> _Header:
    legacy, offset = pe.DOS_HEADER.unpack(_take(view, head, 0, pe.DOS_HEADER.size))
    if offset + len(pe.SIGNATURE) > view.size or offset >= pe.E_LFANEW_END:
        cut = legacy == pe.E_LFARLC_EXTENDED and offset < pe.E_LFANEW_END
        what = "e_lfanew points beyond the end of the file"
        raise FormatError("truncated" if cut else "unsupported", view.base + 0x3C, what, offset)
    signature = _take(view, head, offset, len(pe.SIGNATURE))
    if signature != pe.SIGNATURE:
        raise FormatError("unsupported", view.base + offset, "MZ without a PE signature", signature.hex())
    offset += len(pe.SIGNATURE)
    fields = _take(view, head, offset, pe.FILE_HEADER.size)
    machine, section_count, _, _, optional_size, characteristics = pe.FILE_HEADER.unpack(fields)

    optional = offset + pe.FILE_HEADER.size
    (magic,) = pe.OPTIONAL_MAGIC.unpack(_take(view, head, optional, pe.OPTIONAL_MAGIC.size))
    layout = pe.OPTIONAL_HEADERS.get(magic)
    if layout is None:
        kind = "unsupported" if magic == pe.MAGIC_ROM else "contradiction"
        raise FormatError(kind, view.base + optional, "unexpected Magic of the optional header", magic)
    fields = _take(view, head, optional, layout.size)
    _, image_base, section_alignment, size_of_headers, subsystem, count = layout.unpack(fields)

    first = optional + layout.size
    claimed = min(count, pe.DIRECTORY_COUNT)
    count = min(claimed, max(0, optional_size - layout.size) // pe.DIRECTORY.size)
    if count < claimed:
        what = f"SizeOfOptionalHeader is too small for {claimed} directories"
        faults.append(Fault("contradiction", view.base + offset + 16, what, optional_size))
    entries = _take(view, head, first, count * pe.DIRECTORY.size)
    places = range(first, first + count * pe.DIRECTORY.size, pe.DIRECTORY.size)
    directories = [(rva, at) for (rva, _), at in zip(pe.DIRECTORY.iter_unpack(entries), places, strict=True)]
    return _Header(
        offset=offset,
        machine=machine,
        section_count=section_count,
        section_table=optional + optional_size,
        characteristics=characteristics,
        magic=magic,
        image_base=image_base,
        section_alignment=section_alignment,
        size_of_headers=size_of_headers,
        subsystem=subsystem,
        directories=directories + [(0, 0)] * (pe.DIRECTORY_COUNT - count),
    )


def _read_sections(view: View, head: bytes, header: _Header, limits: Limits, faults: list[Fault]) -> _Space:
    count = min(header.section_count, limits.sections)
    if count < header.section_count:
        what = f"NumberOfSections is above {limits.named('sections')}"
        faults.append(Fault("limit", view.base + header.offset + 2, what, header.section_count))
    present = max(0, view.size - header.section_table) // pe.SECTION.size
    if present < count:
        what = f"the section table has {count} entries, but the file ends after {present}"
        faults.append(Fault("truncated", view.base + header.section_table, what, view.size))
        count = present
    table = _take(view, head, header.section_table, count * pe.SECTION.size)

    # Windows maps sections by pages and sectors. If their alignment is smaller, it maps the file as one piece.
    paged = header.section_alignment >= pe.PAGE
    sections = []
    for name, virtual_size, rva, size, offset, flags in pe.SECTION.iter_unpack(table):
        if not offset:
            size = 0
        if paged:
            virtual_size = -(-(virtual_size or size) // pe.PAGE) * pe.PAGE
            size = min(size, virtual_size)
            offset -= offset % pe.SECTOR
        sections.append(_Section(rva, virtual_size, size, offset, name, flags))
    faults += _check_sections(view, header, sections)
    sections.sort()
    plain = min(view.size, header.size_of_headers) if paged else view.size
    return _Space(view, head, sections, [section.rva for section in sections], plain)


def _check_sections(view: View, header: _Header, sections: list[_Section]) -> Iterator[Fault]:
    """Yield the first section that is cut off, and the first that overlaps or precedes the one before it."""
    start = view.base + header.section_table
    for index, section in enumerate(sections):
        end = section.offset + section.size
        if section.size and end > view.size:
            name = section.name.rstrip(b"\0").decode("ascii", "backslashreplace")
            at = start + index * pe.SECTION.size
            what = f"section {name} needs a file of {end} bytes"
            yield Fault("truncated", at, what, view.size)
            break
    for index, (before, section) in enumerate(pairwise(sections), 1):
        if section.rva < before.rva + before.virtual_size:
            at = start + index * pe.SECTION.size
            yield Fault("overlap", at, "sections overlap in memory or are not in order", section.rva)
            break


def _read_clr_flags(space: _Space, header: _Header) -> Iterator[int]:
    """Yield IMAGE_COR20_HEADER.Flags, if there is such a header."""
    rva, at = header.directories[pe.DIRECTORY_CLR]
    if rva:
        size, flags = pe.CLR_HEADER.unpack(space.read(rva, pe.CLR_HEADER.size, "the CLR header", at))
        if size < pe.CLR_HEADER.size:
            raise space.error("contradiction", at, "the CLR header is too short", size)
        yield flags


def _read_chpe(space: _Space, header: _Header, depth: Depth) -> Iterator[bool]:
    """Yield True if the load config points to hybrid metadata."""
    rva, at = header.directories[pe.DIRECTORY_LOAD_CONFIG]
    if not rva:
        return
    pointer, place = pe.LOAD_CONFIG_CHPE[header.magic]
    needed = place + pointer.size
    offset, room = space.locate(rva, "the load config", at)
    if depth < Depth.LINKAGE and offset + needed > _HEAD_BYTES:
        return
    config = _take(space.view, space.head, offset, min(room, needed))
    size = int.from_bytes(config[:4], "little")
    if size < needed:
        return
    if room < needed:
        raise space.error("outside", at, "the load config extends beyond its section", size)
    (address,) = pointer.unpack_from(config, place)
    if address:
        metadata, room = space.locate(address - header.image_base, "the CHPE metadata", offset + place)
        if min(room, space.view.size - metadata) < pe.CHPE_METADATA_BYTES:
            raise space.error("outside", offset + place, "the CHPE metadata is cut off", address)
        yield True


def _identify(header: _Header, clr_flags: int | None, chpe: bool) -> tuple[Machine, str, str]:
    """Return machine, variant, and the system of a ReadyToRun image if it is not for Windows."""
    code, system = header.machine, ""
    if clr_flags is not None:
        code, system = pe.READYTORUN_MACHINES.get(code, (code, ""))
        managed = clr_flags & (pe.CLR_ILONLY | pe.CLR_32BIT_REQUIRED) == pe.CLR_ILONLY
        if managed and code == pe.MACHINE_I386 and header.magic == pe.MAGIC_PE32 and not system:
            return Machine.ANY, "", ""
    machine, variant = pe.MACHINES.get(code, (Machine.OTHER, ""))
    return machine, pe.HYBRIDS.get(machine, variant) if chpe else variant, system


def _contradictions(view: View, header: _Header, system: str) -> Iterator[Fault]:
    """Yield contradictions between the headers about the machine."""
    code = pe.READYTORUN_MACHINES[header.machine][0] if system else header.machine
    if pe.MAGICS.get(code, header.magic) != header.magic:
        what = f"Machine {code:#06x} does not match Magic {header.magic:#x} of the optional header"
        yield Fault("contradiction", view.base + header.offset, what, code)
    if code in pe.OBJECT_MACHINES:
        yield Fault("contradiction", view.base + header.offset, "Machine is valid in object files only", code)


# Exports and imports ------------------------------------------------------------------------------------


def _read_directories(
    space: _Space, header: _Header, limits: Limits, faults: list[Fault]
) -> tuple[tuple[str, ...], list[_Library]]:
    """Return the hooks, and the descriptors of imported libraries, normal before delayed.

    Linkers put these directories in different orders, and the View may be a stream, so they are read in file order.
    """
    readers = (
        (pe.DIRECTORY_EXPORT, _read_hooks),
        (pe.DIRECTORY_IMPORT, _read_import_descriptors),
        (pe.DIRECTORY_DELAY_IMPORT, _read_delay_descriptors),
    )
    found: dict[int, Any] = {}
    damage: dict[int, list[Fault]] = {directory: [] for directory, _ in readers}
    for directory, reader in sorted(readers, key=lambda pair: header.directories[pair[0]]):
        found[directory] = reader(space, header, limits, damage[directory])
    faults += chain.from_iterable(damage.values())
    hooks, imports, delayed = (found[directory] for directory, _ in readers)
    return hooks, imports + delayed


def _read_hooks(space: _Space, header: _Header, limits: Limits, faults: list[Fault]) -> tuple[str, ...]:
    """Return the exported names that start an extension module, by address."""
    names = _first(_read_export_names(space, header, limits, faults), faults) or ()
    wanted = dict.fromkeys(names, "binary_name_bytes")
    _, at = header.directories[pe.DIRECTORY_EXPORT]
    return tuple(_read_strings(space, wanted, _HOOK_STARTS, "an exported name", at, limits, faults).values())


def _read_export_names(
    space: _Space, header: _Header, limits: Limits, faults: list[Fault]
) -> Iterator[tuple[int, ...]]:
    """Yield the export name pointer table, if there is one: the RVA of every name."""
    rva, at = header.directories[pe.DIRECTORY_EXPORT]
    if rva:
        fields = space.read(rva, pe.EXPORT_DIRECTORY.size, "the export directory", at)
        claimed, table = pe.EXPORT_DIRECTORY.unpack(fields)
        count = min(claimed, limits.exports)
        if count < claimed:
            what = f"more exported names than {limits.named('exports')}"
            faults.append(Fault("limit", space.view.base + at, what, claimed))
        if count:
            names = Struct(f"<{count}I")
            yield names.unpack(space.read(table, names.size, "the export name pointer table", at))


def _read_imports(
    space: _Space,
    header: _Header,
    libraries: list[_Library],
    depth: Depth,
    limits: Limits,
    faults: list[Fault],
) -> tuple[tuple[PeImport, ...], tuple[Symbol, ...]]:
    """Return the imported libraries and the symbols imported from each, in the order of their descriptors."""
    thunks: list[list[int]] = []
    if depth >= Depth.SYMBOLS:
        thunks = _read_thunks(space, header, libraries, limits, faults)

    _, at = header.directories[pe.DIRECTORY_IMPORT]
    ordinal = pe.ORDINAL_FLAGS[header.magic]
    named = {
        thunk - library.base + pe.HINT_BYTES
        for library, taken in zip(libraries, thunks, strict=False)
        for thunk in taken
        if not thunk & ordinal
    }
    wanted = dict.fromkeys(named, "symbol_bytes")
    wanted.update((library.name, "binary_name_bytes") for library in libraries)
    names = _read_strings(space, wanted, ("",), "an imported name", at, limits, faults)

    imports = tuple(PeImport(names[one.name], one.delayed) for one in libraries if names.get(one.name))
    if any(names.get(one.name) == "" for one in libraries):
        faults.append(Fault("outside", space.view.base + at, "the name of an imported library is empty"))
    imported: list[Symbol] = []
    for library, taken in zip(libraries, thunks, strict=False):
        shift = pe.HINT_BYTES - library.base
        found = [f"#{thunk & 0xFFFF}" if thunk & ordinal else names.get(thunk + shift) for thunk in taken]
        read = [name for name in found if name is not None]
        imported += symbols(
            zip(read, repeat(names.get(library.name, "")), repeat(False), repeat(""), strict=False)
        )
    return imports, tuple(imported)


def _read_import_descriptors(
    space: _Space, header: _Header, limits: Limits, faults: list[Fault]
) -> list[_Library]:
    return drain(_import_descriptors(space, header, limits), faults)


def _import_descriptors(space: _Space, header: _Header, limits: Limits) -> Iterator[_Library]:
    rva, at = header.directories[pe.DIRECTORY_IMPORT]
    if rva:
        what = "the import directory"
        most, bound = limits.imported_libraries, limits.named("imported_libraries")
        for lookup, name, addresses in space.table(rva, pe.IMPORT_DESCRIPTOR, most, bound, what, at):
            if not name or not addresses:
                return
            # Old linkers leave OriginalFirstThunk empty or invalid. On disk, the address table has the same contents.
            yield _Library(name, lookup if space.find(lookup) else addresses, 0, delayed=False)


def _read_delay_descriptors(
    space: _Space, header: _Header, limits: Limits, faults: list[Fault]
) -> list[_Library]:
    return drain(_delay_descriptors(space, header, limits), faults)


def _delay_descriptors(space: _Space, header: _Header, limits: Limits) -> Iterator[_Library]:
    rva, at = header.directories[pe.DIRECTORY_DELAY_IMPORT]
    if rva:
        what = "the delay-import directory"
        most, bound = limits.imported_libraries, limits.named("imported_libraries")
        for attributes, name, lookup in space.table(rva, pe.DELAYLOAD_DESCRIPTOR, most, bound, what, at):
            if not name:
                return
            base = 0 if attributes & pe.DELAYLOAD_RVA_BASED else header.image_base
            yield _Library(name - base, lookup - base, base, delayed=True)


def _read_thunks(
    space: _Space, header: _Header, libraries: list[_Library], limits: Limits, faults: list[Fault]
) -> list[list[int]]:
    """Return the thunks of each library. Damage ends one library's list and is reported once."""
    _, at = header.directories[pe.DIRECTORY_IMPORT]
    result: list[list[int]] = [[] for _ in libraries]
    left = limits.thunks
    damage = None
    for library, taken in sorted(zip(libraries, result, strict=True), key=lambda pair: pair[0].thunks):
        most = min(left, limits.thunks_per_library)
        bound = limits.named("thunks_per_library" if most == limits.thunks_per_library else "thunks")
        entry, what = pe.THUNKS[header.magic], "an import table"
        try:
            for (thunk,) in space.table(library.thunks, entry, most, bound, what, at):
                if not thunk:
                    break
                taken.append(thunk)
        except FormatError as error:
            damage = damage or error
        left -= len(taken)
    if damage:
        faults.append(Fault.of(damage))
    return result


def _read_strings(
    space: _Space,
    wanted: dict[int, str],
    prefixes: tuple[str, ...],
    what: str,
    at: int,
    limits: Limits,
    faults: list[Fault],
) -> dict[int, str]:
    """Return the strings that start with one of `prefixes`, by RVA, read in ascending order.

    A string that cannot be read is left out. The first of them becomes a fault.

    Args:
        space: Where to read.
        wanted: The limit of a string's length, by its RVA.
        prefixes: How wanted strings start.
        what: What the strings are, for the error.
        at: Which field points to them, in bytes from the start of the view.
        limits: `table_bytes` for all strings together.
        faults: Where to add damage.
    """
    addresses = sorted(wanted)
    short = min(limits.binary_name_bytes, limits.symbol_bytes)
    found: dict[int, str] = {}
    damage = None
    total = index = 0
    while index < len(addresses) and total <= limits.table_bytes:
        try:
            run, behind = _read_run(space, addresses, index, what, at)
        except FormatError as error:
            damage = damage or error
            index += 1
            continue
        first, text = run.rva, run.text
        for rva in addresses[index:behind]:
            start = rva - first
            # A string that is cut off by the end of the text might start like this, too.
            if not text.startswith(prefixes, start) and start < len(text):
                continue
            end = text.find("\0", start, start + short + 1)
            try:
                name = text[start:end] if end >= 0 else run.string(space.view, rva, limits, wanted[rva], what)
            except FormatError as error:
                damage = damage or error
                continue
            total += len(name) + _STRING_OVERHEAD
            if total > limits.table_bytes:
                damage = space.error("limit", at, f"names take more bytes than {limits.named('table_bytes')}")
                break
            found[rva] = name if name.isascii() else utf8(name)
        index = behind
    if damage:
        faults.append(Fault.of(damage))
    return found


def _read_run(space: _Space, addresses: list[int], index: int, what: str, at: int) -> tuple[_Run, int]:
    """Return the strings at `addresses[index]` and shortly after it, and the index of the first one left out."""
    first = addresses[index]
    offset, room = space.locate(first, what, at)
    behind = bisect_right(addresses, first + min(room - 1, _GAP_BYTES), index)
    size = min(room, addresses[behind - 1] - first + _NAME_BYTES)
    return _Run(first, offset, room, space.view.read_upto(offset, size).decode("latin-1")), behind
