"""Reads Mach-O as dyld does: the slices of the fat header, and for each slice its load commands and their tables.

Only the addresses of sections are read, because dyld maps segments. Reads run in file order, because the View may be
a stream that only goes forward: slice by slice, and in each slice the header, load commands, exports trie, symbol
table, and strings.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import FormatError
from ..model import (
    BuildVersion,
    CodeSignature,
    Depth,
    Dylib,
    Fault,
    Format,
    Image,
    Kind,
    Machine,
    MachoFacts,
    Symbol,
)
from ..view import SliceView, View
from . import HOOK_PREFIXES, drain, symbols, utf8
from . import macho_layout as macho
from .macho_layout import Header, Layout

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import TypeAlias

    from ..limits import Limits

    _Extent: TypeAlias = tuple[int, int, str, int]
    """Start, end, what is there, and the offset of the load command that points to it."""

__all__ = ["exported", "read"]

_HOOK_PREFIXES = tuple(b"_" + prefix for prefix in HOOK_PREFIXES)
"""Mach-O symbols have an underscore before the name in the source."""
_HOOK_STARTS = tuple(prefix.decode("ascii") for prefix in _HOOK_PREFIXES)
_FAULTS_KEPT = 64
"""Per slice. A forged slice can have as many faults as load commands."""
_CHUNK_RECORDS = 65_536
_WINDOW_BYTES = 1 << 20
"""How much of a string table is in memory at once; more than `Limits.symbol_bytes`."""
_SYMBOL_OVERHEAD = 160
"""Bytes that CPython needs for a name, besides its characters: the str, a Symbol and their places."""

_DEFINED = 1 << 32
"""For a defined symbol, in place of n_desc, which has the library's ordinal in its high byte and N_WEAK_REF below. What
chained fixups and bind opcodes say is put together in the same way, with negative ordinals."""


class _FatArch(NamedTuple):
    """fat_arch or fat_arch_64."""

    cputype: int
    cpusubtype: int
    offset: int
    """In bytes from the start of the fat file."""
    size: int
    hidden: bool


class _File(NamedTuple):
    """What every step of reading one slice needs. Offsets are in bytes from the start of the slice."""

    view: View
    layout: Layout
    header: Header
    limits: Limits

    def error(self, kind: str, offset: int, what: str, value: int | str | None = None) -> FormatError:
        return FormatError(kind, self.view.base + offset, what, value)

    def fault(self, kind: str, offset: int, what: str, value: int | str | None = None) -> Fault:
        return Fault(kind, self.view.base + offset, what, value)


class _Command(NamedTuple):
    """A load command that is inside sizeofcmds."""

    number: int
    cmd: int
    offset: int
    body: bytes
    """The whole command, cmd and cmdsize included."""


class _Segment(NamedTuple):
    """LC_SEGMENT or LC_SEGMENT_64."""

    offset: int
    """Of its load command."""
    name: str
    vmaddr: int
    vmsize: int
    fileoff: int
    filesize: int
    initprot: int


def read(view: View, depth: Depth, limits: Limits) -> tuple[Image, ...]:
    """Return the images of a Mach-O file: one for a thin file, one per slice for a fat one, in file order.

    A slice that dyld would refuse has a fault. `MachoFacts.hidden` marks the slice after the last one that nfat_arch
    counts; only dyld looks for it. A static archive in a slice is not a fault: universal static libraries have them.

    Args:
        view: The whole file.
        depth: How deep to read.
        limits: Bounds on what is read.

    Raises:
        FormatError: `truncated` if the file ends inside its header or its fat_arch table; `limit` if there are
            more slices than dyld accepts; `contradiction` if there are none; `unsupported` if it is a Java class,
            has a byte-swapped fat header, or is not a Mach-O file.

    Source: cctools fat.h and loader.h; dyld, mach_o/Universal.cpp, UnsafeHeader.cpp and Image.cpp.
    """
    magic = view.read_upto(0, 4)
    if magic in macho.LAYOUTS:
        return (_read_thin(view, depth, limits),)
    number = int.from_bytes(magic, "big")
    if number in (macho.FAT_MAGIC, macho.FAT_MAGIC_64):
        return tuple(_read_fat(view, depth, limits))
    if number in (macho.FAT_CIGAM, macho.FAT_CIGAM_64):
        raise FormatError("unsupported", view.base, "byte-swapped fat header", magic.hex())
    kind = "truncated" if len(magic) < 4 else "unsupported"
    raise FormatError(kind, view.base, "no Mach-O magic", magic.hex())


def exported(view: View, names: Collection[str], limits: Limits) -> dict[int, frozenset[str]]:
    """Return which of some names each slice exports, by the slice's offset in the file.

    A damaged slice is left out: it may export anything.

    Args:
        view: The whole file.
        names: As `Symbol.name` spells them; only ASCII names are found.
        limits: Bounds on what is read.

    Raises:
        FormatError: See `read`.
    """
    if view.read_upto(0, 4) in macho.LAYOUTS:
        parts: list[View] = [view]
    else:
        places = [(arch.offset, arch.size) for arch in _read_fat_arches(view, limits)[0]]
        parts = [SliceView(view, start, size) for start, size in sorted(places) if start + size <= view.size]
    found = {}
    for part in parts:
        try:
            if part.read_upto(0, 4) not in macho.LAYOUTS:
                continue
            found[part.base] = frozenset(_exports_among(part, names, limits))
        except FormatError:
            continue
    return found


def _exports_among(view: View, names: Collection[str], limits: Limits) -> Iterator[str]:
    """Yield those of some names that a slice exports.

    Source: dyld, Loader.cpp, hasExportedSymbol: a slice without exports trie is looked up in its symbol table.
    """
    file = _open(view, limits)
    bodies = {command.cmd: command.body for command in _sound(file, [*_load_commands(file)], [])}
    tries = [
        (bodies[cmd], place)
        for cmd, place in macho.EXPORTS_TRIES.items()
        if cmd in bodies and file.layout.pair.unpack_from(bodies[cmd], place)[1]
    ]
    for body, place in tries:
        trie, start = _read_trie(file, body, place)
        room = limits.table_bytes
        for name in names:
            held, room = _is_in_trie(trie, b"_" + name.encode(), view.base + start, room)
            if held:
                yield name
    if not tries:
        starts = tuple({f"_{name}" for name in names})
        held_names = {
            name for name, desc in _symbol_table(file, bodies, Depth.LINKAGE, starts) if desc == _DEFINED
        }
        yield from held_names.intersection(names)


# architectures


def _architecture(cputype: int, cpusubtype: int) -> tuple[int, int]:
    """Return what distinguishes architectures: for arm64 including the capability bits, but not for arm64e's ABIs."""
    subtype = cpusubtype & ~macho.CPU_SUBTYPE_MASK
    if cputype == macho.CPU_TYPE_ARM64 and subtype != macho.CPU_SUBTYPE_ARM64E:
        subtype = cpusubtype
    return cputype, subtype


def _machine(cputype: int, cpusubtype: int) -> tuple[Machine, str]:
    """Return machine and variant; a subtype that dyld does not load as the plain machine is OTHER."""
    machine = macho.MACHINES.get(cputype, Machine.OTHER)
    variants = macho.VARIANTS.get(cputype)
    if variants is None:
        return machine, ""
    variant = variants.get(_architecture(cputype, cpusubtype)[1])
    return (Machine.OTHER, "") if variant is None else (machine, variant)


# fat files


def _read_fat(view: View, depth: Depth, limits: Limits) -> Iterator[Image]:
    arches, headers_end = _read_fat_arches(view, limits)
    before: list[_FatArch] = []
    for arch in sorted(arches, key=lambda arch: arch.offset):
        try:
            image = _read_slice(view, arch, depth, limits)
        except FormatError as damage:
            image = _claimed(view, arch, depth, Format.MACHO, Kind.OTHER, Fault.of(damage))
        yield image._replace(faults=(*_check_place(view, arch, before, headers_end), *image.faults))
        before.append(arch)


def _read_fat_arches(view: View, limits: Limits) -> tuple[list[_FatArch], int]:
    """Return the entries of the fat_arch table, the hidden one last, and where the table ends."""
    magic, count = macho.FAT_HEADER.unpack(view.read(0, macho.FAT_HEADER.size))
    wide = magic == macho.FAT_MAGIC_64
    record = macho.FAT_ARCH_64 if wide else macho.FAT_ARCH
    if count > limits.fat_slices:
        if not wide and count & 0xFFFF >= macho.JAVA_MAJOR_MIN:
            raise FormatError("unsupported", view.base, "a Java class, not a fat Mach-O file")
        what = f"fat file has more slices than {limits.named('fat_slices')}"
        raise FormatError("limit", view.base + 4, what, count)
    # In a 32-bit fat file, dyld reads one more entry and uses it if it is for plain arm64.
    table = view.read(macho.FAT_HEADER.size, (count + (not wide)) * record.size)
    arches = [_FatArch._make((*fields, n == count)) for n, fields in enumerate(record.iter_unpack(table))]
    if arches and arches[-1].hidden and arches[-1][:2] != macho.HIDDEN_ARCHITECTURE:
        arches.pop()
    if not arches:
        raise FormatError("contradiction", view.base + 4, "fat file contains zero architectures", count)
    return arches, macho.FAT_HEADER.size + count * record.size


def _check_place(view: View, arch: _FatArch, before: list[_FatArch], headers_end: int) -> Iterator[Fault]:
    """Yield faults in the place of a slice, and duplicates of slices before it."""
    start = view.base + arch.offset
    if arch.offset + arch.size > view.size:
        yield Fault("truncated", start, "slice extends beyond end of file", arch.size)
    if arch.offset < headers_end:
        yield Fault("overlap", start, "slice overlaps the fat header", arch.offset)
    for other in before:
        if _architecture(*arch[:2]) == _architecture(*other[:2]):
            yield Fault("overlap", start, "duplicate slices", f"{arch.cputype:#x}")
        if arch.size and arch.offset < other.offset + other.size:
            yield Fault("overlap", start, "overlapping slices", other.offset)


def _read_slice(view: View, arch: _FatArch, depth: Depth, limits: Limits) -> Image:
    offset = min(arch.offset, view.size)
    part = SliceView(view, offset, min(arch.size, view.size - offset))
    head = part.read_upto(0, 8)
    if head[:4] in macho.LAYOUTS:
        image = _read_thin(part, depth, limits, hidden=arch.hidden)
        return image._replace(faults=(*_check_claim(arch, image), *image.faults))
    if head == macho.ARCHIVE_MAGIC:
        return _claimed(view, arch, depth, Format.ARCHIVE, Kind.ARCHIVE)
    fault = Fault("contradiction", view.base + arch.offset, "slice is not valid mach-o file", head.hex())
    if head[:4] in macho.BITCODE_MAGICS:
        return _claimed(view, arch, depth, Format.BITCODE, Kind.OBJECT, fault)
    return _claimed(view, arch, depth, Format.MACHO, Kind.OTHER, fault)


def _claimed(view: View, arch: _FatArch, depth: Depth, form: Format, kind: Kind, *faults: Fault) -> Image:
    """Return what the fat header says about a slice that is not read itself."""
    machine, variant = _machine(arch.cputype, arch.cpusubtype)
    return Image(
        format=form,
        machine=machine,
        variant=variant,
        code=arch.cputype,
        bits=64 if arch.cputype & macho.CPU_ARCH_ABI64 else 32,
        offset=view.base + arch.offset,
        kind=kind,
        depth=depth,
        faults=faults,
    )


def _check_claim(arch: _FatArch, image: Image) -> Iterator[Fault]:
    """Yield how a slice differs from its fat header, and whether its offset prevents mapping."""
    found = image.code, image.macho.cpusubtype if image.macho else 0
    if _architecture(*found) != _architecture(*arch[:2]):
        what = "cpu type/subtype in slice does not match fat header"
        yield Fault("contradiction", image.offset, what, f"{found[0]:#x}, {found[1]:#x}")
    page = 0x4000 if image.machine in (Machine.ARM64, Machine.ARM64_32) else 0x1000
    if arch.offset % page and image.kind not in (Kind.OBJECT, Kind.DEBUG):
        yield Fault("contradiction", image.offset, "slice is not page aligned", arch.offset)


# one slice


def _read_thin(view: View, depth: Depth, limits: Limits, *, hidden: bool = False) -> Image:
    file = _open(view, limits)
    header, layout = file.header, file.layout
    machine, variant = _machine(header.cputype, header.cpusubtype)
    faults = [*_check_header(file, machine)]
    walked = drain(_load_commands(file), faults)
    commands = _sound(file, walked, faults)
    segments = [_segment(file, command) for command in commands if command.cmd in layout.segments]
    builds = tuple(_build_versions(file, commands))
    names = [_string(file, command) for command in commands if command.cmd == macho.LC_ID_DYLIB]
    faults += _check_segments(file, segments)
    faults += _check_sections(file, commands, segments)
    faults += _check_tables(file, commands, segments)
    faults += _check_dysymtab(file, commands)
    faults += _check_build_versions(file, builds)
    faults += _check_install_name(file, walked)
    platform = _platform(builds)
    dylibs = tuple(_dylibs(file, commands))
    signature = _signature(file, commands, segments)
    pages = None
    if depth >= Depth.WHOLE and signature is not None and _is_enforced(file, signature, machine, platform):
        # Only here, because most files are not signed.
        from .macho_signature import PageHashes, check

        pages = PageHashes(view, signature)
        file = file._replace(view=pages)
    hooks: tuple[str, ...] = ()
    imported: tuple[Symbol, ...] = ()
    if depth >= Depth.LINKAGE:
        hooks, imported = _read_linkage(file, commands, dylibs, depth, faults)
    if pages is not None and signature is not None:
        try:
            signature = check(pages, signature, machine, limits)
        except FormatError as damage:
            faults.append(Fault.of(damage))
    facts = MachoFacts(
        filetype=header.filetype,
        flags=header.flags,
        cpusubtype=header.cpusubtype,
        platform=platform,
        build_versions=builds,
        install_name=names[0] if names else "",
        dylibs=dylibs,
        rpaths=tuple(_string(file, command) for command in commands if command.cmd == macho.LC_RPATH),
        signature=signature,
        unknown_required=tuple(_unknown_required(walked)),
        chained_fixups=any(command.cmd == macho.LC_DYLD_CHAINED_FIXUPS for command in commands),
        hidden=hidden,
    )
    return Image(
        format=Format.MACHO,
        machine=machine,
        variant=variant,
        code=header.cputype,
        bits=layout.bits,
        offset=view.base,
        kind=macho.KINDS.get(header.filetype, Kind.OTHER),
        depth=depth,
        minos=next((build.minos for build in reversed(builds) if build.platform == platform), None),
        needed=tuple(dylib.name for dylib in dylibs),
        hooks=hooks,
        imported=imported,
        faults=tuple(faults[:_FAULTS_KEPT]),
        macho=facts,
    )


def _open(view: View, limits: Limits) -> _File:
    """Return what is needed to read a slice that starts with a Mach-O magic."""
    layout = macho.LAYOUTS[view.read(0, 4)]
    return _File(view, layout, Header._make(layout.header.unpack(view.read(4, layout.header.size))), limits)


def _check_header(file: _File, machine: Machine) -> Iterator[Fault]:
    header, layout = file.header, file.layout
    cputype = f"{header.cputype:#x}"
    if machine is not Machine.OTHER and layout.little == (machine in macho.BIG_ENDIAN):
        yield file.fault("contradiction", 4, "byte order of the magic does not match the cputype", cputype)
    if (layout.bits == 64) != bool(header.cputype & macho.CPU_ARCH_ABI64):
        yield file.fault("contradiction", 4, "width of the magic does not match the cputype", cputype)
    if not 0 < header.filetype <= macho.FILETYPE_LAST:
        yield file.fault("unsupported", 12, "unknown mach-o filetype", header.filetype)


# load commands


def _load_commands(file: _File) -> Iterator[_Command]:
    """Yield the load commands, in file order, up to the first that does not fit."""
    layout, header, limits = file.layout, file.header, file.limits
    start = layout.commands_offset
    data = file.view.read_upto(min(start, file.view.size), min(header.sizeofcmds, limits.load_command_bytes))
    short = "truncated" if start + header.sizeofcmds > file.view.size else "outside"
    pair, align, most, room = layout.pair, layout.bits // 8, limits.load_commands, len(data)
    at = 0
    for index in range(header.ncmds):
        if index == most:
            what = f"more load commands than {limits.named('load_commands')}"
            raise file.error("limit", start + at, what, header.ncmds)
        if at + 8 > room:
            raise _beyond_commands(file, start + at, at + 8, short, index)
        cmd, cmdsize = pair.unpack_from(data, at)
        if cmdsize < 8 or cmdsize % align:
            raise file.error("outside", start + at + 4, "cmdsize is too small or not aligned", cmdsize)
        end = at + cmdsize
        if end > room:
            raise _beyond_commands(file, start + at, end, short, index)
        yield _Command._make((index, cmd, start + at, data[at:end]))
        at = end
    if at != header.sizeofcmds:
        kind = "truncated" if short == "truncated" else "contradiction"
        raise file.error(
            kind, start + at, "sizeofcmds does not match the length of ncmds commands", header.sizeofcmds
        )


def _beyond_commands(file: _File, at: int, end: int, short: str, index: int) -> FormatError:
    """Return the error of a load command that does not fit.

    Args:
        file: Where it is.
        at: Where it starts, in bytes from the start of the slice.
        end: Where it ends, in bytes from the first load command.
        short: The kind of fault if no limit is the cause.
        index: Its number.
    """
    if end <= file.limits.load_command_bytes:
        return file.error(short, at, "load command extends beyond end of load commands", index)
    what = f"load commands take more bytes than {file.limits.named('load_command_bytes')}"
    return file.error("limit", at, what, index)


def _sound(file: _File, commands: list[_Command], faults: list[Fault]) -> list[_Command]:
    """Return the commands whose fields can all be read. Add a fault for each other command."""
    sound: list[_Command] = []
    seen: set[int] = set()
    for command in commands:
        _, cmd, _, body = command
        needed = _needed_size(file, cmd, body)
        if needed is not None and needed != len(body):
            what = f"cmdsize of load command {cmd:#x} must be {needed}"
            loaded = cmd not in macho.FOR_TOOLS or cmd == macho.LC_ATOM_INFO
            fault = file.fault("contradiction", command.offset + 4, what, len(body))
            faults.append(fault._replace(loaded=loaded))
            continue
        if cmd in macho.STRINGS:
            start, end = _string_bounds(file, command)
            if end < 0:
                what = f"string of load command {cmd:#x} extends beyond its end"
                fault = file.fault("outside", command.offset + 8, what, start)
                faults.append(fault._replace(loaded=cmd not in macho.FOR_TOOLS))
                continue
            if end - start > file.limits.binary_name_bytes:
                bound = file.limits.named("binary_name_bytes")
                what = f"string of load command {cmd:#x} is longer than {bound}"
                faults.append(file.fault("limit", command.offset + 8, what, end - start))
        once = cmd & ~macho.LC_REQ_DYLD
        if once in macho.ONCE:
            if once in seen:
                fault = file.fault("contradiction", command.offset, "duplicate load command", f"{cmd:#x}")
                faults.append(fault._replace(loaded=cmd not in macho.FOR_TOOLS))
            seen.add(once)
        sound.append(command)
    return sound


def _needed_size(file: _File, cmd: int, body: bytes) -> int | None:
    """Return what cmdsize has to be, or None if any value is valid."""
    counted = macho.COUNTED.get(cmd)
    if counted is None:
        return macho.EXACT_BYTES.get(cmd)
    least, place, record = counted
    if len(body) < least:
        return least
    count: int = file.layout.word.unpack_from(body, place)[0]
    return least + count * record


def _string_bounds(file: _File, command: _Command) -> tuple[int, int]:
    """Return where in its body the string of a command starts and ends; -1 if it has no end."""
    _, cmd, _, body = command
    least = macho.STRINGS[cmd]
    if len(body) < least:
        return least, -1
    start: int = file.layout.word.unpack_from(body, 8)[0]
    return start, body.find(b"\0", start) if start >= least else -1


def _string(file: _File, command: _Command) -> str:
    """Return the string of a sound command, cut to `Limits.binary_name_bytes`."""
    start, end = _string_bounds(file, command)
    end = min(end, start + file.limits.binary_name_bytes)
    return command.body[start:end].decode("utf-8", "backslashreplace")


def _unknown_required(commands: list[_Command]) -> Iterator[tuple[int, int]]:
    for command in commands:
        if command.cmd & macho.LC_REQ_DYLD and command.cmd not in macho.REQUIRED_BY_DYLD:
            yield command.number, command.cmd


def _dylibs(file: _File, commands: list[_Command]) -> Iterator[Dylib]:
    for command in commands:
        kind = macho.DYLIB_KINDS.get(command.cmd)
        if kind is None:
            continue
        place, marker = file.layout.pair.unpack_from(command.body, 8)
        if marker == macho.DYLIB_USE_MARKER and place == macho.DYLIB_USE_BYTES:
            flags = file.layout.word.unpack_from(command.body, 24)[0]
            kind = next((kind for flag, kind in macho.DYLIB_USE_KINDS.items() if flags & flag), "load")
        yield Dylib(_string(file, command), kind)


def _check_install_name(file: _File, commands: list[_Command]) -> Iterator[Fault]:
    """Yield an install name that dyld refuses, or a missing one."""
    named = any(command.cmd == macho.LC_ID_DYLIB for command in commands)
    filetype = file.header.filetype
    if named and filetype not in (macho.MH_DYLIB, macho.MH_DYLIB_STUB):
        yield file.fault("contradiction", 12, "LC_ID_DYLIB found in non-MH_DYLIB", filetype)
    if filetype == macho.MH_DYLIB and not named:
        yield file.fault("contradiction", 12, "MH_DYLIB is missing LC_ID_DYLIB", filetype)


# segments, and the tables in them


def _segment(file: _File, command: _Command) -> _Segment:
    name, *place = file.layout.segments[command.cmd].unpack_from(command.body)
    return _Segment._make((command.offset, _text(name), *place))


def _text(name: bytes) -> str:
    """Return the name of a segment or section, which has 16 bytes of room."""
    return name.rstrip(b"\0").decode("utf-8", "backslashreplace")


def _check_segments(file: _File, segments: list[_Segment]) -> Iterator[Fault]:
    for segment in segments:
        if segment.fileoff + segment.filesize > file.view.size:
            yield file.fault("truncated", segment.offset, "segment extends beyond end of file", segment.name)
        unmapped = segment.vmsize == 0 and segment.initprot == 0
        if segment.filesize > segment.vmsize and not unmapped and file.header.filetype != macho.MH_OBJECT:
            yield file.fault("contradiction", segment.offset, "segment filesize exceeds vmsize", segment.name)
        if segment.vmaddr + segment.vmsize > 1 << file.layout.bits:
            yield file.fault("outside", segment.offset, "segment vm range wraps", segment.name)
    in_memory = [(one.vmaddr, one.vmaddr + one.vmsize, one.name, one.offset) for one in segments]
    in_file = [(one.fileoff, one.fileoff + one.filesize, one.name, one.offset) for one in segments]
    yield from _check_overlap(file, in_memory, "vm range of segment")
    yield from _check_overlap(file, in_file, "file range of segment")


def _check_sections(file: _File, commands: list[_Command], segments: list[_Segment]) -> Iterator[Fault]:
    """Yield sections outside their segment in memory. dyld does not check their place in the file.

    Source: dyld, mach_o/Header.cpp, validSemanticsSegment.
    """
    if file.header.filetype == macho.MH_DYLIB_STUB:
        return
    bearers = [command for command in commands if command.cmd in file.layout.segments]
    for command, segment in zip(bearers, segments, strict=True):
        records = command.body[file.layout.segments[command.cmd].size :]
        start, end = segment.vmaddr, segment.vmaddr + segment.vmsize
        for name, addr, size in file.layout.sections[command.cmd].iter_unpack(records):
            if addr < start or addr + size > end:
                title = f"{segment.name},{_text(name)}"
                yield file.fault("outside", segment.offset, "section outside its segment's vm range", title)


def _check_tables(file: _File, commands: list[_Command], segments: list[_Segment]) -> Iterator[Fault]:
    # If the file is cut off, its segments report that once for all tables in them. Empty tables are checked too:
    # dyld ignores them, but LLVM's tools refuse offsets that point out of the file.
    end_of_file = max([file.view.size, *(one.fileoff + one.filesize for one in segments)])
    tables = [*_tables(file, commands)]
    for (start, end, what, offset), loaded in tables:
        if end > end_of_file:
            fault = file.fault("outside", offset, f"{what} extends beyond end of file", end)
            yield fault._replace(loaded=loaded and start < end)
    headers = (0, file.layout.commands_offset + file.header.sizeofcmds, "load commands", 0)
    read = [headers, *(extent for extent, loaded in tables if loaded)]
    found = [*_check_overlap(file, read, "data of")]
    yield from found
    known = {*found}
    for fault in _check_overlap(file, [headers, *(extent for extent, _ in tables)], "data of"):
        if fault not in known:
            yield fault._replace(loaded=False)


def _tables(file: _File, commands: list[_Command]) -> Iterator[tuple[_Extent, bool]]:
    """Yield the place of each table, and whether dyld looks at it."""
    pair, wide = file.layout.pair, file.layout.bits == 64
    for _, cmd, offset, body in commands:
        for what, place, narrow_size, wide_size, loaded in macho.TABLES.get(cmd, ()):
            start, length = pair.unpack_from(body, place)
            yield (start, start + length * (wide_size if wide else narrow_size), what, offset), loaded


def _check_overlap(file: _File, extents: list[_Extent], what: str) -> Iterator[Fault]:
    """Yield the ranges, of bytes or of addresses, that start inside an earlier one."""
    reach, holder = 0, ""
    for start, end, name, offset in sorted([extent for extent in extents if extent[0] < extent[1]]):
        if start < reach:
            yield file.fault("overlap", offset, f"{what} {name} overlaps {holder}", start)
        if end > reach:
            reach, holder = end, name


def _signature(file: _File, commands: list[_Command], segments: list[_Segment]) -> CodeSignature | None:
    """Return where the code signature is.

    In every correctly signed slice it is the last part of __LINKEDIT, without padding after it.
    """
    for command in commands:
        if command.cmd == macho.LC_CODE_SIGNATURE:
            offset, size = file.layout.pair.unpack_from(command.body, 8)
            ends = [one.fileoff + one.filesize for one in segments if one.name == "__LINKEDIT"]
            return CodeSignature(offset, size, offset + size in ends and offset + size <= file.view.size)
    return None


def _is_enforced(file: _File, signature: CodeSignature, machine: Machine, platform: str) -> bool:
    """Whether macOS looks at the signature, and we can: it is inside the slice."""
    return (
        platform in ("macos", "")
        and machine in (Machine.ARM64, Machine.X86_64)
        and file.header.filetype in (macho.MH_EXECUTE, macho.MH_DYLIB, macho.MH_BUNDLE)
        and signature.offset + signature.size <= file.view.size
    )


# platforms


def _build_versions(file: _File, commands: list[_Command]) -> Iterator[BuildVersion]:
    simulated = file.header.cputype in (macho.CPU_TYPE_X86, macho.CPU_TYPE_X86_64)
    for command in commands:
        if command.cmd == macho.LC_BUILD_VERSION:
            number, minos, sdk = file.layout.build_version.unpack_from(command.body)
            platform = macho.PLATFORMS.get(number, f"platform-{number}")
            yield BuildVersion(platform, _version(minos), _version(sdk))
        elif command.cmd in macho.VERSION_MIN_PLATFORMS:
            minos, sdk = file.layout.pair.unpack_from(command.body, 8)
            platform = macho.VERSION_MIN_PLATFORMS[command.cmd]
            # These commands are older than platforms for simulators. Intel code cannot be for a device.
            if simulated and platform != "macos":
                platform += "-simulator"
            yield BuildVersion(platform, _version(minos), _version(sdk))


def _version(packed: int) -> tuple[int, int, int]:
    return packed >> 16, packed >> 8 & 0xFF, packed & 0xFF


def _platform(builds: tuple[BuildVersion, ...]) -> str:
    """Return the platform. A zippered dylib, which is for both macOS and Catalyst, counts as macOS."""
    platforms = {build.platform for build in builds}
    if platforms == macho.ZIPPERED:
        return "macos"
    return builds[0].platform if builds else ""


def _check_build_versions(file: _File, builds: tuple[BuildVersion, ...]) -> Iterator[Fault]:
    lowest: dict[str, tuple[int, int, int]] = {}
    for build in builds:
        if lowest.setdefault(build.platform, build.minos) != build.minos:
            versions = ".".join(map(str, build.minos))
            yield file.fault(
                "contradiction", 0, f"more than one minimum version of {build.platform}", versions
            )
    if len(lowest) > 1 and lowest.keys() != macho.ZIPPERED:
        yield file.fault("contradiction", 0, "incompatible platforms", ", ".join(lowest))


# linkage


def _read_linkage(
    file: _File, commands: list[_Command], dylibs: tuple[Dylib, ...], depth: Depth, faults: list[Fault]
) -> tuple[tuple[str, ...], tuple[Symbol, ...]]:
    """Return the hooks, from both exports trie and symbol table, and at SYMBOLS the imports."""
    bodies = {command.cmd: command.body for command in commands}
    hooks = drain(_trie_hooks(file, bodies), faults)
    # dyld looks names up in the exports trie and takes imports from fixups. It reads symbols if one is missing.
    unread = not macho.EXPORTS_TRIES.keys().isdisjoint(bodies) and not macho.FIXUPS.isdisjoint(bodies)
    damage: list[Fault] = []
    externals = drain(_symbol_table(file, bodies, depth), damage, loaded=not unread)
    faults += damage
    if damage and unread:
        externals = []
    hooks += [name for name, desc in externals if desc == _DEFINED]
    undefined = [(name, desc) for name, desc in externals if desc != _DEFINED]
    signed = False
    if depth >= Depth.SYMBOLS and not undefined:
        undefined = drain(_chained_imports(file, bodies), faults) or drain(_bound(file, bodies), faults)
        signed = True
    elif any(desc < 0x100 for _, desc in undefined) and file.header.filetype != macho.MH_OBJECT:
        # Zig's linker writes 0 (self) for every name without a library; dyld goes by what is bound.
        bound = dict(drain(_chained_imports(file, bodies), faults) or drain(_bound(file, bodies), faults))
        undefined = [
            (name, desc if desc >> 8 else bound.get(name, desc) & 0xFFFF) for name, desc in undefined
        ]
    libraries = {number: one.name for number, one in enumerate(dylibs, 1)}
    # Few descs differ: the rest of a symbol is worked out once for each.
    lookups = macho.LOOKUPS if file.header.filetype != macho.MH_OBJECT else {}
    rests = {desc: _rest(desc, libraries, lookups, signed=signed) for desc in {desc for _, desc in undefined}}
    return tuple(dict.fromkeys(hooks)), tuple(symbols((name, *rests[desc]) for name, desc in undefined))


def _rest(
    desc: int, libraries: dict[int, str], lookups: dict[int, str], *, signed: bool
) -> tuple[str, bool, str]:
    """Return the fields of a symbol after its name.

    Args:
        desc: n_desc.
        libraries: By ordinal.
        lookups: By ordinal.
        signed: Whether negative ordinals are negative; else one byte has them.
    """
    ordinal = desc >> 8
    if not signed and ordinal > macho.MAX_LIBRARY_ORDINAL:
        ordinal -= 0x100
    return libraries.get(ordinal, ""), desc & macho.N_WEAK_REF != 0, lookups.get(ordinal, "")


def _name(raw: bytes) -> str:
    return raw.removeprefix(b"_").decode("utf-8", "backslashreplace")


def _is_hook(name: bytes) -> bool:
    return name.startswith(_HOOK_PREFIXES)


# the exports trie


def _trie_hooks(file: _File, bodies: dict[int, bytes]) -> Iterator[str]:
    """Yield the hooks in the exports trie."""
    for cmd, place in macho.EXPORTS_TRIES.items():
        if cmd in bodies:
            trie, start = _read_trie(file, bodies[cmd], place)
            yield from map(_name, _walk_trie(trie, file.view.base + start, file.limits))


def _read_trie(file: _File, body: bytes, place: int) -> tuple[bytes, int]:
    """Return an exports trie and where it starts, in bytes from the start of the slice."""
    start, size = file.layout.pair.unpack_from(body, place)
    if size > file.limits.table_bytes:
        what = f"exports trie is larger than {file.limits.named('table_bytes')}"
        raise file.error("limit", start, what, size)
    return file.view.read(start, size) if size else b"", start


def _is_in_trie(trie: bytes, name: bytes, base: int, room: int) -> tuple[bool, int]:
    """Return whether a trie has a name, and how many bytes may still be looked at for other names.

    Args:
        trie: The exports trie.
        name: With its leading underscore.
        base: Where the trie starts, in bytes from the start of the member.
        room: How many bytes of nodes may be looked at.
    """
    node = 0
    while True:
        payload, at = _uleb128(trie, node, base)
        if not name:
            return payload > 0, room
        at += payload + 1
        first = at
        # Every step takes at least one byte of the name, so a cycle ends.
        for _ in range(trie[at - 1] if at <= len(trie) else 0):
            end = trie.find(b"\0", at)
            if end < 0:
                raise FormatError("outside", base + at, "edge of the exports trie is not terminated")
            edge = trie[at:end]
            node, at = _uleb128(trie, end + 1, base)
            if edge and name.startswith(edge):
                name = name[len(edge) :]
                break
        else:
            return False, room
        room -= at - first
        if room < 0:
            raise FormatError("limit", base + at, "too many nodes of the exports trie overlap")


def _walk_trie(trie: bytes, base: int, limits: Limits) -> Iterator[bytes]:
    """Yield the hooks of a trie in its order. Only edges that can lead to a hook are followed.

    The nodes of a tree share no bytes, so walking a valid trie reads at most as many bytes as the trie has. The same
    bound stops any other walk, wherever its child offsets point.

    Source: loader.h, at dyld_info_command's export_off.
    """
    unread = len(trie)
    visited = {0}
    stack = [(0, b"", 0)] if trie else []
    while stack:
        node, name, level = stack.pop()
        payload, at = _uleb128(trie, node, base)
        if at + payload > len(trie):
            raise FormatError("outside", base + node, "node extends beyond the exports trie", payload)
        if payload and _is_hook(name):
            yield name
        at += payload + 1
        children: list[tuple[int, bytes, int]] = []
        for _ in range(trie[at - 1] if at <= len(trie) else 0):
            end = trie.find(b"\0", at)
            if end < 0:
                raise FormatError("outside", base + at, "edge of the exports trie is not terminated")
            longer = name + trie[at:end]
            child, after = _uleb128(trie, end + 1, base)
            unread -= after - at
            if unread < 0:
                raise FormatError("cycle", base + at, "nodes of the exports trie overlap", node)
            at = after
            if not (_is_hook(longer) or any(prefix.startswith(longer) for prefix in _HOOK_PREFIXES)):
                continue
            if child in visited:
                raise FormatError("cycle", base + at, "exports trie leads back to a node", child)
            if len(longer) > limits.binary_name_bytes:
                what = f"name in the exports trie is longer than {limits.named('binary_name_bytes')}"
                raise FormatError("limit", base + at, what, len(longer))
            if level == limits.trie_depth:
                what = f"exports trie is deeper than {limits.named('trie_depth')}"
                raise FormatError("limit", base + at, what)
            if len(visited) == limits.trie_nodes:
                what = f"exports trie has more nodes than {limits.named('trie_nodes')}"
                raise FormatError("limit", base + at, what)
            visited.add(child)
            children.append((child, longer, level + 1))
        stack.extend(reversed(children))


def _uleb128(data: bytes, at: int, base: int, where: str = "the exports trie") -> tuple[int, int]:
    """Return a number of at most 64 bits and where it ends."""
    value = 0
    for shift in range(0, 64, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise FormatError("outside", base + at, f"number in {where} does not end")


# symbol tables


def _symbol_ranges(file: _File, bodies: dict[int, bytes], depth: Depth) -> list[range]:
    """Return the indexes of the symbols to read: all, unless LC_DYSYMTAB has a consistent order."""
    if macho.LC_SYMTAB not in bodies:
        return []
    count: int = file.layout.word.unpack_from(bodies[macho.LC_SYMTAB], 12)[0]
    if macho.LC_DYSYMTAB in bodies:
        _, defined, undefined = ranges = _dysymtab(file, bodies[macho.LC_DYSYMTAB])
        if sum(map(len, ranges)) == count and all(one.stop <= count for one in ranges):
            return [defined, undefined] if depth >= Depth.SYMBOLS else [defined]
    return [range(count)]


def _dysymtab(file: _File, body: bytes) -> list[range]:
    """Return the indexes of local, of defined external, and of undefined symbols."""
    fields = file.layout.dysymtab.unpack_from(body)
    return [range(first, first + count) for first, count in zip(fields[::2], fields[1::2], strict=True)]


def _check_dysymtab(file: _File, commands: list[_Command]) -> Iterator[Fault]:
    bodies = {command.cmd: command for command in commands}
    symtab, dysymtab = bodies.get(macho.LC_SYMTAB), bodies.get(macho.LC_DYSYMTAB)
    if dysymtab is None:
        return
    count: int = file.layout.word.unpack_from(symtab.body, 12)[0] if symtab else 0
    for one in _dysymtab(file, dysymtab.body):
        if one and one.stop > count:
            what = "LC_DYSYMTAB extends beyond the symbol table"
            yield file.fault("outside", dysymtab.offset, what, one.stop)


def _symbol_table(
    file: _File, bodies: dict[int, bytes], depth: Depth, starts: tuple[str, ...] = _HOOK_STARTS
) -> Iterator[tuple[str, int]]:
    """Yield exported and, at SYMBOLS, undefined symbols of LC_SYMTAB, in the order of their strings.

    Args:
        file: Where to read.
        bodies: Its load commands.
        depth: How deep to read.
        starts: How the exported names start that are wanted; those of hooks if none are given.
    """
    # Only two-level files have a library's ordinal in n_desc.
    mask, ordinal = (
        (0xFFFF, 0) if file.header.flags & macho.MH_TWOLEVEL else (0xFF, macho.DYNAMIC_LOOKUP_ORDINAL << 8)
    )
    most = file.limits.exports
    takes, exports = macho.UNDEFINED_TYPES, macho.EXPORTED_TYPES
    wanted = depth >= Depth.SYMBOLS
    descs: dict[int, int] = {}
    for ranged in _symbol_ranges(file, bodies, depth):
        for records in _nlists(file, bodies[macho.LC_SYMTAB], ranged):
            for strx, kind, desc, value in file.layout.symbol.iter_unpack(records):
                # An undefined symbol with a value is a common symbol, which the linker allocates in this file.
                if kind in takes and not value:
                    if wanted and strx:
                        descs[strx] = desc & mask | ordinal
                elif kind in exports and strx:
                    descs.setdefault(strx, _DEFINED)
            if len(descs) > most:
                what = f"more external symbols than {file.limits.named('exports')}"
                raise file.error("limit", 0, what)
    if descs:
        start, size = file.layout.pair.unpack_from(bodies[macho.LC_SYMTAB], 16)
        yield from _externals(file, start, size, descs, starts)


def _nlists(file: _File, symtab: bytes, ranged: range) -> Iterator[bytes]:
    """Yield the records of a range of symbols, a block at a time."""
    offset: int = file.layout.word.unpack_from(symtab, 8)[0]
    size = file.layout.symbol.size
    if len(ranged) > file.limits.symbols:
        what = f"more symbols than {file.limits.named('symbols')}"
        raise file.error("limit", offset, what, len(ranged))
    for first in ranged[::_CHUNK_RECORDS]:
        count = min(_CHUNK_RECORDS, ranged.stop - first)
        yield file.view.read(offset + first * size, count * size)


def _chained_imports(file: _File, bodies: dict[int, bytes]) -> Iterator[tuple[str, int]]:
    """Yield the imports in chained fixups, for a slice whose symbol table was stripped.

    Source: dyld, include/mach-o/fixup-chains.h, dyld_chained_fixups_header and dyld_chained_import.
    """
    if macho.LC_DYLD_CHAINED_FIXUPS not in bodies:
        return
    layout = file.layout
    start, size = layout.pair.unpack_from(bodies[macho.LC_DYLD_CHAINED_FIXUPS], 8)
    if not size:
        return
    fields = layout.fixups.unpack(file.view.read(start, layout.fixups.size))
    imports_offset, symbols_offset, count, imports_format, symbols_format = fields
    if imports_format not in layout.imports or symbols_format:
        what = "unsupported imports_format or symbols_format of chained fixups"
        raise file.error("unsupported", start, what, f"{imports_format}, {symbols_format}")
    record, ordinal_bits, name_shift = layout.imports[imports_format]
    if count * record.size > file.limits.table_bytes:
        what = f"imports of chained fixups take more bytes than {file.limits.named('table_bytes')}"
        raise file.error("limit", start, what, count)
    if not imports_offset + count * record.size <= symbols_offset <= size:
        raise file.error("outside", start, "imports array of chained fixups overlaps symbols", symbols_offset)
    every_ordinal = (1 << ordinal_bits) - 1
    descs: dict[int, int] = {}
    for (bits,) in record.iter_unpack(file.view.read(start + imports_offset, count * record.size)):
        ordinal = bits & every_ordinal
        if ordinal > every_ordinal + macho.LAST_SPECIAL_ORDINAL:
            ordinal -= every_ordinal + 1
        # Weak lookup is for C++ names that any image may define, often this one.
        if ordinal != macho.BIND_SPECIAL_DYLIB_WEAK_LOOKUP:
            weak = bits >> ordinal_bits & 1
            descs[bits >> name_shift] = ordinal << 8 | (macho.N_WEAK_REF if weak else 0)
    yield from _externals(file, start + symbols_offset, size - symbols_offset, descs)


def _bound(file: _File, bodies: dict[int, bytes]) -> Iterator[tuple[str, int]]:
    """Yield the imports in bind opcodes, for a slice without symbol table that is older than chained fixups.

    Weak binds are left out: any image may define those names, including this one.
    """
    body = bodies.get(macho.LC_DYLD_INFO_ONLY) or bodies.get(macho.LC_DYLD_INFO)
    if body is None:
        return
    room = file.limits.table_bytes
    seen: set[bytes] = set()
    for place in macho.BINDINGS:
        start, size = file.layout.pair.unpack_from(body, place)
        if size > file.limits.table_bytes:
            what = f"bind opcodes take more bytes than {file.limits.named('table_bytes')}"
            raise file.error("limit", start, what, size)
        opcodes = file.view.read(start, size) if size else b""
        lazy = place != macho.BINDINGS[0]
        for name, desc in _walk_bindings(opcodes, file.view.base + start, file.limits, lazy=lazy):
            if name in seen:
                continue
            seen.add(name)
            room -= len(name) + _SYMBOL_OVERHEAD
            if room < 0:
                what = f"names of symbols take more memory than {file.limits.named('table_bytes')}"
                raise file.error("limit", start, what, len(seen))
            yield _name(name), desc


def _walk_bindings(opcodes: bytes, base: int, limits: Limits, *, lazy: bool) -> Iterator[tuple[bytes, int]]:
    """Yield the name and n_desc of each binding.

    Args:
        opcodes: The stream.
        base: Where it starts, in bytes from the start of the member.
        limits: `symbols` bounds the opcodes, `symbol_bytes` a name.
        lazy: Whether BIND_OPCODE_DONE ends only one binding, not the stream.

    Source: loader.h, BIND_OPCODE_*; dyld, mach_o/BindOpcodes.cpp.
    """
    at = steps = ordinal = weak = 0
    name = b""
    while at < len(opcodes):
        start, steps = at, steps + 1
        opcode, immediate = opcodes[at] & macho.BIND_OPCODE_MASK, opcodes[at] & macho.BIND_IMMEDIATE_MASK
        at += 1
        if steps > limits.symbols:
            what = f"more bind opcodes than {limits.named('symbols')}"
            raise FormatError("limit", base + start, what)
        if opcode > macho.BIND_OPCODE_THREADED:
            raise FormatError("unsupported", base + start, "unknown bind opcode", f"{opcode:#x}")
        if opcode == macho.BIND_OPCODE_DONE and not lazy:
            return
        if opcode == macho.BIND_OPCODE_SET_SYMBOL_TRAILING_FLAGS_IMM:
            end = opcodes.find(b"\0", at, at + limits.symbol_bytes + 1)
            if end < 0:
                what = "name in the bind opcodes is not terminated"
                if len(opcodes) - at <= limits.symbol_bytes:
                    raise FormatError("outside", base + at, what)
                raise FormatError("limit", base + at, f"{what} within {limits.named('symbol_bytes')}")
            name, at = opcodes[at:end], end + 1
            weak = macho.N_WEAK_REF if immediate & macho.BIND_SYMBOL_FLAGS_WEAK_IMPORT else 0
        elif opcode == macho.BIND_OPCODE_SET_DYLIB_ORDINAL_IMM:
            ordinal = immediate
        elif opcode == macho.BIND_OPCODE_SET_DYLIB_SPECIAL_IMM:
            ordinal = immediate - 0x10 if immediate else 0
        elif opcode in macho.DO_BIND:
            if not name:
                raise FormatError("contradiction", base + start, "bind opcode without a symbol")
            if ordinal != macho.BIND_SPECIAL_DYLIB_WEAK_LOOKUP:
                yield name, ordinal << 8 | weak
        numbers = macho.BIND_NUMBERS.get(opcode, 0)
        if opcode == macho.BIND_OPCODE_THREADED:
            numbers = int(immediate == macho.BIND_SUBOPCODE_THREADED_SET_BIND_ORDINAL_TABLE_SIZE_ULEB)
        for _ in range(numbers):
            number, at = _uleb128(opcodes, at, base, "the bind opcodes")
            if opcode == macho.BIND_OPCODE_SET_DYLIB_ORDINAL_ULEB:
                ordinal = number


def _externals(
    file: _File, start: int, size: int, descs: dict[int, int], starts: tuple[str, ...] = _HOOK_STARTS
) -> Iterator[tuple[str, int]]:
    """Yield name and n_desc of the undefined symbols and of the wanted defined ones, reading forward.

    Args:
        file: Where to read.
        start: Where the string table starts, in bytes from the start of the slice.
        size: How long it claims to be, in bytes.
        descs: n_desc, or `_DEFINED`, by n_strx.
        starts: How the defined names start that are wanted.
    """
    room, longest = file.limits.table_bytes, file.limits.symbol_bytes
    window, first = "", 0
    for strx in sorted(descs):
        at = strx - first
        end = window.find("\0", at)
        if end < 0:
            window, first, at = _string_window(file, start, size, strx), strx, 0
            end = window.find("\0")
        if not 0 <= end - at <= longest:
            raise _unterminated(file, start + strx, len(window) - at, strx)
        desc = descs[strx]
        if desc == _DEFINED and not window.startswith(starts, at, end):
            continue
        room -= end - at + _SYMBOL_OVERHEAD
        if room < 0:
            what = f"names of symbols take more memory than {file.limits.named('table_bytes')}"
            raise file.error("limit", start + strx, what, len(descs))
        name = window[at:end].removeprefix("_")
        yield name if name.isascii() else utf8(name), desc


def _string_window(file: _File, start: int, size: int, strx: int) -> str:
    """Return a part of a string table, one character per byte. Nearly every name is ASCII and is cut out of it."""
    if strx >= size:
        raise file.error("outside", start + strx, "n_strx is beyond the string table", strx)
    return file.view.read_upto(start + strx, min(_WINDOW_BYTES, size - strx)).decode("latin-1")


def _unterminated(file: _File, at: int, left: int, strx: int) -> FormatError:
    """Return the error for a symbol's string that has no end or is too long.

    Args:
        file: Where it is.
        at: Where it starts, in bytes from the start of the slice.
        left: How many bytes were looked at.
        strx: Its n_strx.
    """
    what = "string of a symbol is not terminated"
    if left <= file.limits.symbol_bytes:
        return file.error("outside", at, what, strx)
    return file.error("limit", at, f"{what} within {file.limits.named('symbol_bytes')}", strx)
