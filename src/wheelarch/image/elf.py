"""Reads ELF as the dynamic loader does: through program headers, not through sections.

Sections can be stripped, forged or stale, and no loader looks at them. They are read in three cases only: for a
count of program headers that is too large for e_phnum, for the length of an object file, which has no segments, and
to recognize a debug companion that kept the segments of its program.

The order of reads is: header, program headers, interpreter and notes (all near the start), for few files the code, the
dynamic table (near the end), then string, version, hash and symbol tables (near the start again).

What loaders read: glibc, elf/dl-load.c and elf/dl-version.c; musl, ldso/dynlink.c; bionic, linker_phdr.cpp and
linker.cpp. None of them refuses a file for its notes, and glibc and musl go by DT_NULL and by pointers, not by
p_offset and p_filesz of PT_DYNAMIC, DT_STRSZ or DT_SYMENT, which bionic checks. musl reads no version needs.
"""

from __future__ import annotations

from itertools import chain, islice, pairwise

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import FormatError
from ..model import Depth, ElfFacts, Fault, Format, Image, Kind, Machine, Symbol, VersionNeed
from . import HOOK_PREFIXES, drain, symbols
from . import elf_layout as elf
from .elf_layout import Header, Layout, Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from struct import Struct

    from ..limits import Limits
    from ..view import View

__all__ = ["read"]

_FAULTS_OF_SEGMENTS = 16
"""How many contradictions among program headers are reported; more would add nothing."""
_SYMBOLS_A_READ = 65_536
_SYMBOL_OVERHEAD = 256
"""Bytes that CPython needs for a symbol, besides the characters of its name."""


class _File(NamedTuple):
    """What every step of the reading needs."""

    view: View
    layout: Layout
    header: Header
    osabi: int
    limits: Limits

    def fault(self, kind: str, offset: int, what: str, value: int | str | None = None) -> Fault:
        return Fault(kind, self.view.base + offset, what, value)

    def error(self, kind: str, offset: int, what: str, value: int | str | None = None) -> FormatError:
        return FormatError(kind, self.view.base + offset, what, value)


class _Area(NamedTuple):
    """Bytes of the file that a PT_LOAD maps."""

    offset: int
    """In bytes from the start of the view."""
    size: int


class _Strings(NamedTuple):
    """The table at DT_STRTAB."""

    data: bytes
    """Its bytes, as many as `Limits.table_bytes` allows."""
    size: int
    """DT_STRSZ."""
    offset: int
    """In bytes from the start of the member."""
    limits: Limits

    def get(self, index: int, bound: str, what: str) -> str:
        """Return the string at `index`; `bound` names the limit of its length."""
        longest: int = getattr(self.limits, bound)
        end = self.data.find(b"\0", index, index + longest + 1)
        if end < 0:
            what = f"{what} is not terminated in the string table"
            if index + longest < len(self.data):
                raise FormatError("limit", self.offset + index, f"{what} within {self.limits.named(bound)}")
            if len(self.data) < self.size and index < self.size:
                what = f"{what} within {self.limits.named('table_bytes')}"
                raise FormatError("limit", self.offset + index, what)
            raise FormatError("outside", self.offset + index, what)
        return self.data[index:end].decode("utf-8", "backslashreplace")


class _Linkage(NamedTuple):
    """What is found through the dynamic table."""

    position_independent_program: bool = False
    soname: str = ""
    needed: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()
    runpath: tuple[str, ...] = ()
    version_needs: tuple[VersionNeed, ...] = ()
    packed_relocations: bool = False
    hooks: tuple[str, ...] = ()
    imported: tuple[Symbol, ...] = ()


def read(view: View, depth: Depth, limits: Limits) -> Image:
    """Return the image of an ELF file.

    `Image.kind` is certain from LINKAGE on. Only the dynamic table distinguishes a program without interpreter
    (static PIE) from a library, and a library that can also be run (with interpreter and soname) from a program.

    Args:
        view: The whole file.
        depth: How deep to read.
        limits: Bounds on what is read.

    Raises:
        FormatError: `truncated` if the file ends inside its header; `unsupported` if it is not ELF, or has an
            unknown class or byte order.

    Source: System V ABI, chapters 4 and 5. A fault is what prevents a table from being read, or what makes ld.so or
    Linux refuse the file.
    """
    file = _read_header(view, limits)
    machine, variant = _architecture(file)
    faults = [*_check_header(file)]
    segments = drain(_segments(file), faults)
    loads = [segment for segment in segments if segment.type == elf.PT_LOAD]
    if not faults:
        faults += _check_table(file, segments)
    faults += islice(_check_loads(file, loads), _FAULTS_OF_SEGMENTS)
    if any(segment.type == elf.PT_DYNAMIC for segment in segments):
        faults += islice(_check_addresses(file, loads), _FAULTS_OF_SEGMENTS)
    damage: list[Fault] = []
    interpreter = "".join(drain(_interpreter(file, segments), damage))
    notes = _notes(file, segments, faults)
    android_api = _android_api(file.layout, notes)
    x86 = machine in _X86
    isa_used = _x86_isa(file.layout, notes, elf.GNU_PROPERTY_X86_ISA_1_USED) if x86 else 0
    companion = _lacks_code(segments)
    linkage = _Linkage()
    cpuid = None
    if depth >= Depth.LINKAGE and not companion:
        if isa_used >= elf.X86_64_V3:
            cpuid = _has_cpuid(file, loads)
        linkage = _read_linkage(file, segments, loads, depth, faults, bionic=android_api is not None)
    kind = _kind(file.header.e_type, interpreter, linkage)
    # The kernel reads PT_INTERP of a program; of a library nobody does.
    library = kind is Kind.SHARED_LIBRARY and depth >= Depth.LINKAGE
    faults += [fault._replace(loaded=not library) for fault in damage]
    if not companion and faults and _sections_lack_code(file):
        companion, interpreter, linkage, faults = True, "", _Linkage(), []
    stacks = [bool(segment.flags & elf.PF_X) for segment in segments if segment.type == elf.PT_GNU_STACK]
    return Image(
        format=Format.ELF,
        machine=machine,
        variant=variant,
        code=file.header.e_machine,
        bits=file.layout.bits,
        offset=view.base,
        kind=Kind.DEBUG if companion else kind,
        depth=depth,
        needed=linkage.needed,
        hooks=linkage.hooks,
        imported=linkage.imported,
        faults=tuple(faults),
        elf=ElfFacts(
            type=file.header.e_type,
            osabi=file.osabi,
            flags=file.header.e_flags,
            little_endian=file.layout.little,
            interpreter=interpreter,
            executable_stack=stacks[-1] if stacks else None,
            load_alignment=min((load.align for load in loads), default=0),
            largest_page=_largest_page(loads),
            android_api=android_api,
            x86_isa_needed=_x86_isa(file.layout, notes, elf.GNU_PROPERTY_X86_ISA_1_NEEDED) if x86 else 0,
            x86_isa_used=isa_used,
            cpuid=cpuid,
            soname=linkage.soname,
            rpath=linkage.rpath,
            runpath=linkage.runpath,
            version_needs=linkage.version_needs,
            packed_relocations=linkage.packed_relocations,
        ),
    )


# -- the header ----------------------------------------------------------------------------------------------


def _read_header(view: View, limits: Limits) -> _File:
    ident = view.read(0, elf.IDENT_BYTES)
    if not ident.startswith(elf.MAGIC):
        raise FormatError("unsupported", view.base, "no ELF magic", ident[:4].hex())
    layout = elf.LAYOUTS.get((ident[elf.EI_CLASS], ident[elf.EI_DATA]))
    if layout is None:
        found = f"{ident[elf.EI_CLASS]}, {ident[elf.EI_DATA]}"
        raise FormatError("unsupported", view.base + elf.EI_CLASS, "unknown EI_CLASS or EI_DATA", found)
    header = Header(*layout.header.unpack(view.read(elf.IDENT_BYTES, layout.header.size)))
    return _File(view, layout, header, ident[elf.EI_OSABI], limits)


_X86 = (Machine.X86, Machine.X86_64)


def _architecture(file: _File) -> tuple[Machine, str]:
    """Return the machine and its variant by e_machine, EI_CLASS, EI_DATA and e_flags."""
    code, flags, bits = file.header.e_machine, file.header.e_flags, file.layout.bits
    if code == elf.EM_NONE:
        return Machine.NONE, ""
    known = elf.MACHINES.get(code)
    if known is None:
        return Machine.OTHER, ""
    machine = (known.narrow if bits == 32 else known.wide) or known.wide or known.narrow or Machine.OTHER
    order = elf.ELFDATA2LSB if file.layout.little else elf.ELFDATA2MSB
    if code == elf.EM_PPC64 and file.layout.little:
        return Machine.PPC64LE, "elfv1" if flags & elf.EF_PPC64_ABI == 1 else ""
    if order != known.orders[0]:
        return machine, "little-endian" if file.layout.little else "big-endian"
    if bits == 32 and machine is Machine.X86_64:
        return machine, "x32"
    if bits == 32 and machine is Machine.ARM64:
        return machine, "ilp32"
    if machine is Machine.ARM:
        return machine, _arm_variant(file.header)
    if code == elf.EM_RISCV:
        float_abi = elf.RISCV_FLOAT_ABI[flags & elf.EF_RISCV_FLOAT_ABI]
        return machine, "rve" if flags & elf.EF_RISCV_RVE else float_abi
    if code == elf.EM_LOONGARCH:
        return machine, elf.LOONGARCH_FLOAT_ABI.get(flags & elf.EF_LOONGARCH_ABI_MODIFIER, "")
    return machine, ""


def _arm_variant(header: Header) -> str:
    if header.e_flags & elf.EF_ARM_EABIMASK != elf.EF_ARM_EABI_VER5:
        return "eabi4"
    # The float flags have a meaning in programs and shared objects only.
    if header.e_type == elf.ET_REL or header.e_flags & elf.EF_ARM_ABI_FLOAT_HARD:
        return ""
    return "soft-float"


def _check_header(file: _File) -> Iterator[Fault]:
    header, layout = file.header, file.layout
    known = elf.MACHINES.get(header.e_machine)
    if known is not None:
        order = elf.ELFDATA2LSB if layout.little else elf.ELFDATA2MSB
        if (known.narrow if layout.bits == 32 else known.wide) is None:
            what = f"this e_machine has no files of ELFCLASS{layout.bits}"
            yield file.fault("contradiction", elf.EI_CLASS, what, header.e_machine)
        elif order not in known.orders:
            what = "this e_machine has no files of this byte order (EI_DATA)"
            yield file.fault("contradiction", elf.EI_DATA, what, header.e_machine)
    if header.e_version != elf.EV_CURRENT:
        what = "e_version: ELF file version does not match current one"
        yield file.fault("unsupported", elf.IDENT_BYTES + 4, what, header.e_version)
    if header.e_type == elf.ET_REL and header.e_shoff:
        end = header.e_shoff + max(header.e_shnum, 1) * header.e_shentsize
        if end > file.view.size:
            yield file.fault(
                "truncated", header.e_shoff, "the file ends inside the section headers", file.view.size
            )


def _kind(e_type: int, interpreter: str, linkage: _Linkage) -> Kind:
    if e_type == elf.ET_DYN:
        program = linkage.position_independent_program or (interpreter and not linkage.soname)
        return Kind.EXECUTABLE if program else Kind.SHARED_LIBRARY
    return _KINDS.get(e_type, Kind.OTHER)


_KINDS = {elf.ET_REL: Kind.OBJECT, elf.ET_EXEC: Kind.EXECUTABLE, elf.ET_CORE: Kind.CORE}


# -- program headers -----------------------------------------------------------------------------------------


def _segments(file: _File) -> Iterator[Segment]:
    header, layout = file.header, file.layout
    count = header.e_phnum
    if count == elf.PN_XNUM:
        _, _, _, count = layout.section.unpack(file.view.read(header.e_shoff, layout.section.size))
    if count == 0:
        return
    size = layout.segment.size
    if header.e_phentsize != size:
        what = "ELF file's phentsize not the expected size"
        raise file.error("contradiction", header.e_phoff, what, header.e_phentsize)
    if count > file.limits.program_headers:
        what = f"more program headers than {file.limits.named('program_headers')}"
        raise file.error("limit", header.e_phoff, what, count)
    table = file.view.read(header.e_phoff, count * size)
    for at in range(0, count * size, size):
        yield layout.unpack_segment(table[at : at + size])


def _check_table(file: _File, segments: Sequence[Segment]) -> Iterator[Fault]:
    """Yield what a shared object lacks that ld.so requires."""
    if file.header.e_type != elf.ET_DYN:
        return
    types = [segment.type for segment in segments]
    if elf.PT_LOAD not in types:
        yield file.fault("contradiction", file.header.e_phoff, "object file has no loadable segments")
    elif elf.PT_DYNAMIC not in types:
        yield file.fault("contradiction", file.header.e_phoff, "object file has no dynamic section")
    elif types.count(elf.PT_DYNAMIC) > 1:
        # glibc and musl take the last.
        fault = file.fault("contradiction", file.header.e_phoff, "more than one PT_DYNAMIC")
        yield fault._replace(loaded=False)


def _check_loads(file: _File, loads: Iterable[Segment]) -> Iterator[Fault]:
    for load in loads:
        if load.offset + load.filesz > file.view.size:
            yield file.fault(
                "truncated",
                load.offset,
                f"the file ends inside a PT_LOAD of {load.filesz} bytes",
                file.view.size,
            )
        if load.filesz > load.memsz:
            yield file.fault(
                "contradiction", load.offset, "PT_LOAD whose p_filesz is above p_memsz", load.filesz
            )


def _check_addresses(file: _File, loads: Iterable[Segment]) -> Iterator[Fault]:
    """Yield addresses for which two loaders could map different bytes. Firmware is not checked."""
    before: Segment | None = None
    for load in sorted(loads, key=lambda load: load.vaddr):
        if load.vaddr + load.memsz > 1 << file.layout.bits:
            yield file.fault("outside", load.offset, "PT_LOAD beyond the address space", load.vaddr)
        if load.align > 1 and (load.vaddr - load.offset) % load.align:
            what = "ELF load command address/offset not properly aligned"
            yield file.fault("contradiction", load.offset, what, load.align)
        if load.filesz == 0:
            continue
        if before is None:
            before = load
            continue
        overlap = load.vaddr < before.vaddr + before.filesz
        if overlap and load.vaddr - load.offset != before.vaddr - before.offset:
            what = "two PT_LOAD map the same address to different bytes"
            yield file.fault("contradiction", load.offset, what, load.vaddr)
        before = max(before, load, key=lambda load: load.vaddr + load.filesz)


_LARGEST_PAGE = 0x10000
"""No Linux kernel for these machines has larger pages."""


def _largest_page(loads: Sequence[Segment]) -> int:
    """Return the largest page size, in bytes and at most 64 KiB, with which a loader can map the segments; 0 if none.

    A page comes from one place of the file, so address and offset of a segment must be equal modulo its size. Mapping a
    segment replaces the page that it shares with the segment before, which must be for the same bytes and permissions.

    Source: glibc, elf/dl-load.c, "ELF load command address/offset not page-aligned"; elf/dl-map-segments.h.
    """
    if not loads:
        return 0
    page = _LARGEST_PAGE
    for load in loads:
        while page > 1 and (load.vaddr - load.offset) % page:
            page //= 2
    for before, load in pairwise(sorted(loads, key=lambda load: load.vaddr)):
        if before.flags == load.flags and before.vaddr - before.offset == load.vaddr - load.offset:
            continue
        end = before.vaddr + before.filesz - 1
        while page > 1 and before.filesz and load.filesz and end // page == load.vaddr // page:
            page //= 2
    return page


def _has_cpuid(file: _File, loads: Iterable[Segment]) -> bool | None:
    """Return whether code has the bytes of the instruction CPUID, each byte read once; None if it cannot be read."""
    reach = 0
    for load in sorted(loads, key=lambda load: load.offset):
        end = min(load.offset + load.filesz, file.view.size)
        at = max(load.offset, reach)
        if not load.flags & elf.PF_X or at >= end:
            continue
        reach = end
        last = b""
        while at < end:
            try:
                code = file.view.read(at, min(_CODE_BYTES, end - at))
            except FormatError:
                return None
            if elf.CPUID in code or last + code[:1] == elf.CPUID:
                return True
            last = code[-1:]
            at += len(code)
    return False


_CODE_BYTES = 1 << 20
"""How much code is in memory at once."""


def _lacks_code(segments: Iterable[Segment]) -> bool:
    """Whether the file is a debug companion: its code or its dynamic table has an address, but no bytes.

    objcopy --only-keep-debug keeps only the bytes of the headers and notes.
    """
    missing = {
        segment.type: segment.filesz == 0 and segment.memsz > 0
        for segment in segments
        if segment.type == elf.PT_DYNAMIC or (segment.type == elf.PT_LOAD and segment.flags & elf.PF_X)
    }
    return any(missing.values())


def _sections_lack_code(file: _File) -> bool:
    """Whether the file is a debug companion by its sections.

    eu-strip -f does not change the program headers, so they point to other bytes or to none.
    """
    header, layout = file.header, file.layout
    size = layout.section.size
    if header.e_shentsize != size:
        return False
    try:
        table = file.view.read(header.e_shoff, header.e_shnum * size)
    except FormatError:
        return False
    code = elf.SHF_ALLOC | elf.SHF_EXECINSTR
    types = {kind for kind, flags, _, _ in layout.section.iter_unpack(table) if flags & code == code}
    return types == {elf.SHT_NOBITS}


def _locate(file: _File, loads: Iterable[Segment], address: int, what: str) -> _Area:
    """Return the bytes of the file from an address up to the end of the PT_LOAD that maps it."""
    for load in loads:
        skipped = address - load.vaddr
        if 0 <= skipped < load.filesz:
            return _Area(load.offset + skipped, _reach(loads, load) - skipped)
    raise file.error("outside", 0, f"no PT_LOAD maps the address of {what}", hex(address))


def _reach(loads: Iterable[Segment], load: Segment) -> int:
    """Return how many bytes from the start of a segment on are in one piece, in the file and in memory.

    patchelf puts a page before a program: then a table may begin in that segment and end in the next one.
    """
    size = load.filesz
    for after in loads:
        if (after.vaddr, after.offset) == (load.vaddr + size, load.offset + size):
            size += after.filesz
    return size


def _interpreter(file: _File, segments: Iterable[Segment]) -> Iterator[str]:
    for segment in segments:
        if segment.type == elf.PT_INTERP and segment.filesz:
            longest = file.limits.binary_name_bytes
            raw = file.view.read(segment.offset, min(segment.filesz, longest + 1))
            end = raw.find(b"\0")
            if end < 0:
                what = "PT_INTERP is not terminated"
                if len(raw) <= longest:
                    raise file.error("outside", segment.offset, what)
                what = f"{what} within {file.limits.named('binary_name_bytes')}"
                raise file.error("limit", segment.offset, what)
            yield raw[:end].decode("utf-8", "backslashreplace")
            return


# -- notes ---------------------------------------------------------------------------------------------------


class _Note(NamedTuple):
    owner: bytes
    type: int
    data: bytes


def _notes(file: _File, segments: Iterable[Segment], faults: list[Fault]) -> list[_Note]:
    """Return the notes of a program or library. Those of a core dump describe a process and are ignored.

    Damage ends one segment's notes. Loaders skip what they cannot read there: glibc looks for one note, the x86
    properties (sysdeps/x86/dl-prop.h), bionic for its own. Old versions of patchelf overwrote notes (numpy 1.18.5).
    """
    if file.header.e_type == elf.ET_CORE:
        return []
    found: list[_Note] = []
    damage: list[Fault] = []
    for segment in segments:
        if segment.type in (elf.PT_NOTE, elf.PT_GNU_PROPERTY):
            found += drain(_notes_of(file, segment), damage, loaded=False)
    faults += damage[:_FAULTS_OF_SEGMENTS]
    return found


def _notes_of(file: _File, segment: Segment) -> Iterator[_Note]:
    size = min(segment.filesz, file.limits.note_bytes)
    table = file.view.read(segment.offset, size)
    record = file.layout.note
    align = 8 if segment.align == 8 else 4
    at = 0
    while at + record.size <= size:
        owner_size, data_size, kind = record.unpack_from(table, at)
        owner = at + record.size
        data = _align(owner + owner_size, align)
        end = data + data_size
        if end > size:
            if size == segment.filesz:
                raise file.error("outside", segment.offset + at, "a note extends beyond its segment", end)
            what = f"a note extends beyond {file.limits.named('note_bytes')}"
            raise file.error("limit", segment.offset + at, what, end)
        yield _Note(table[owner : owner + owner_size], kind, table[data:end])
        at = _align(end, align)


def _align(offset: int, align: int) -> int:
    return -(-offset // align) * align


def _android_api(layout: Layout, notes: Iterable[_Note]) -> int | None:
    """Return the API level of the NDK's note.

    Source: the NDK's crtbrand.S: owner `Android`, type 1, an int with the level first.
    """
    for note in notes:
        if note.owner == b"Android\0" and note.type == elf.NT_ANDROID_VERSION and len(note.data) >= 4:
            (level,) = layout.word.unpack_from(note.data)
            return int(level)
    return None


def _x86_isa(layout: Layout, notes: Iterable[_Note], wanted: int) -> int:
    """Return the union of all properties of one type, which have one word of data.

    Source: Linux Extensions to gABI, "Program Property": records of type, size and data, padded to the word
    of the class.
    """
    levels = 0
    for note in notes:
        if note.owner != b"GNU\0" or note.type != elf.NT_GNU_PROPERTY_TYPE_0:
            continue
        at = 0
        while at + 8 <= len(note.data):
            (kind,) = layout.word.unpack_from(note.data, at)
            (size,) = layout.word.unpack_from(note.data, at + 4)
            if kind == wanted and size == 4 and at + 12 <= len(note.data):
                levels |= layout.word.unpack_from(note.data, at + 8)[0]
            at += 8 + _align(size, layout.bits // 8)
    return levels


# -- the dynamic table and what it points to -----------------------------------------------------------------


def _read_linkage(
    file: _File,
    segments: Iterable[Segment],
    loads: Sequence[Segment],
    depth: Depth,
    faults: list[Fault],
    *,
    bionic: bool,
) -> _Linkage:
    """Return what the dynamic table leads to; with `bionic`, for a file that Android's linker loads."""
    unchecked: list[Fault] = []
    entries = drain(_dynamic_entries(file, segments, loads, unchecked), faults)
    if not entries:
        return _Linkage()
    # If a tag that should appear once appears twice, ld.so takes the last one.
    tags = dict(entries)
    linkage = _Linkage(
        position_independent_program=bool(tags.get(elf.DT_FLAGS_1, 0) & elf.DF_1_PIE),
        packed_relocations=elf.DT_RELR in tags,
    )
    try:
        strings = _read_strings(file, loads, tags, unchecked)
    except FormatError as error:
        faults.append(Fault.of(error))
        strings = None
    if tags.get(elf.DT_SYMENT, file.layout.symbol.size) != file.layout.symbol.size:
        what = "DT_SYMENT is not the size of a symbol"
        unchecked.append(file.fault("contradiction", 0, what, tags[elf.DT_SYMENT]))
    faults += [fault._replace(loaded=bionic) for fault in unchecked]
    if strings is None:
        return linkage

    def names(indexes: Iterable[int], what: str, bound: str = "binary_name_bytes") -> list[str]:
        return drain((strings.get(index, bound, what) for index in indexes), faults)

    def only(tag: int) -> list[int]:
        return [tags[tag]] if tag in tags else []

    paths = "symbol_bytes"
    needed = names((value for tag, value in entries if tag == elf.DT_NEEDED), "DT_NEEDED")
    musl = any(name.startswith(("libc.musl-", "ld-musl-")) for name in needed)
    linkage = linkage._replace(
        soname="".join(names(only(elf.DT_SONAME), "DT_SONAME")),
        needed=tuple(needed),
        rpath=_split_paths(names(only(elf.DT_RPATH), "DT_RPATH", paths)),
        runpath=_split_paths(names(only(elf.DT_RUNPATH), "DT_RUNPATH", paths)),
        version_needs=tuple(drain(_version_needs(file, loads, tags, strings), faults, loaded=not musl)),
    )
    found = drain(_symbols(file, loads, tags, strings, depth), faults)
    hooks = dict.fromkeys([name for name, _, exported in found if exported])
    imported = dict.fromkeys([(name, "", weak, "") for name, weak, exported in found if not exported])
    return linkage._replace(hooks=tuple(hooks), imported=tuple(symbols(imported)))


def _dynamic_entries(
    file: _File, segments: Iterable[Segment], loads: Iterable[Segment], unchecked: list[Fault]
) -> Iterator[tuple[int, int]]:
    """Yield the entries of the table that ld.so finds, by its address, up to DT_NULL."""
    tables = [segment for segment in segments if segment.type == elf.PT_DYNAMIC]
    if not tables:
        return
    table = tables[-1]
    # ld.so uses the address, other tools use p_offset.
    area = _locate(file, loads, table.vaddr, "PT_DYNAMIC")
    if area.offset != table.offset:
        what = "p_offset and p_vaddr of PT_DYNAMIC point to different bytes"
        unchecked.append(file.fault("contradiction", table.offset, what, area.offset))
    record = file.layout.dynamic
    count, claimed = area.size // record.size, min(table.filesz, area.size) // record.size
    most = min(count, file.limits.dynamic_entries)
    for first, behind in ((0, min(claimed, most)), (min(claimed, most), most)):
        data = file.view.read(area.offset + first * record.size, (behind - first) * record.size)
        for tag, value in record.iter_unpack(data):
            if tag == elf.DT_NULL:
                if first:
                    what = "the dynamic table extends beyond p_filesz of PT_DYNAMIC"
                    unchecked.append(file.fault("contradiction", table.offset, what, table.filesz))
                return
            yield tag, value
    what = "the dynamic table has no DT_NULL"
    if count <= file.limits.dynamic_entries:
        raise file.error("outside", area.offset, what, count)
    what = f"{what} within {file.limits.named('dynamic_entries')}"
    raise file.error("limit", area.offset, what, count)


def _read_strings(
    file: _File, loads: Iterable[Segment], tags: dict[int, int], unchecked: list[Fault]
) -> _Strings:
    if elf.DT_STRTAB not in tags:
        raise file.error("contradiction", 0, "the dynamic table has no DT_STRTAB")
    area = _locate(file, loads, tags[elf.DT_STRTAB], "DT_STRTAB")
    size = tags.get(elf.DT_STRSZ, area.size)
    if size > area.size:
        what = "DT_STRSZ extends beyond the segment"
        unchecked.append(file.fault("outside", area.offset, what, size))
        size = area.size
    data = file.view.read(area.offset, min(size, file.limits.table_bytes))
    return _Strings(data, size, file.view.base + area.offset, file.limits)


def _split_paths(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(path for value in values for path in value.split(":") if path)


def _version_needs(
    file: _File, loads: Iterable[Segment], tags: dict[int, int], strings: _Strings
) -> Iterator[VersionNeed]:
    """Yield the version needs as ld.so finds them: by the offset of the next one, whatever the counts say.

    Source: Linux Standard Base, Symbol Versioning, "Version Requirements".
    """
    if elf.DT_VERNEED not in tags:
        return
    area = _locate(file, loads, tags[elf.DT_VERNEED], "DT_VERNEED")
    longest = "binary_name_bytes"
    left = file.limits.version_needs
    need_at, need_step = area.offset, -1
    while need_step:
        version, count, name, aux_step, need_step = _record(file, area, file.layout.version_need, need_at)
        if version != elf.VER_NEED_CURRENT:
            raise file.error("unsupported", need_at, "unsupported version of Verneed record", version)
        library = strings.get(name, longest, "vn_file")
        aux_at = need_at
        while count and aux_step:
            left -= 1
            if left < 0:
                what = f"more version needs than {file.limits.named('version_needs')}"
                raise file.error("limit", aux_at, what)
            aux_at = _advance(file, aux_at, aux_step)
            _, flags, _, name, aux_step = _record(file, area, file.layout.version_aux, aux_at)
            yield VersionNeed(library, strings.get(name, longest, "vna_name"), bool(flags & elf.VER_FLG_WEAK))
        if need_step:
            need_at = _advance(file, need_at, need_step)


def _advance(file: _File, at: int, step: int) -> int:
    """Return where the next version record is; both kinds are 16 bytes long."""
    if step < 16:
        raise file.error("cycle", at, "version needs overlap", step)
    return at + step


def _record(file: _File, area: _Area, record: Struct, at: int) -> tuple[int, ...]:
    if at + record.size > area.offset + area.size:
        raise file.error("outside", at, "version needs extend beyond their segment")
    return record.unpack(file.view.read(at, record.size))


# -- symbols -------------------------------------------------------------------------------------------------


def _symbols(
    file: _File, loads: Sequence[Segment], tags: dict[int, int], strings: _Strings, depth: Depth
) -> Iterator[tuple[str, bool, bool]]:
    """Yield the exported init hooks and, from SYMBOLS on, the imported symbols.

    Yields:
        The name, whether it is weak, and whether it is exported.
    """
    if elf.DT_SYMTAB not in tags:
        return
    record = file.layout.symbol
    area = _locate(file, loads, tags[elf.DT_SYMTAB], "DT_SYMTAB")
    count = _symbol_count(file, loads, tags, area)
    if count * record.size > area.size:
        raise file.error("outside", area.offset, "the symbol table extends beyond its segment", count)
    if count > file.limits.symbols:
        raise file.error("limit", area.offset, f"more symbols than {file.limits.named('symbols')}", count)
    room, longest = file.limits.table_bytes, file.limits.symbol_bytes
    table, wanted = strings.data, depth >= Depth.SYMBOLS
    for first in range(0, count, _SYMBOLS_A_READ):
        some = min(count - first, _SYMBOLS_A_READ)
        data = file.view.read(area.offset + first * record.size, some * record.size)
        for name, info, other, section in record.iter_unpack(data):
            exported = section != elf.SHN_UNDEF
            if exported:
                # An index beyond the table is treated like a hook, so that looking it up reports the fault.
                if not table.startswith(HOOK_PREFIXES, name) and name < len(table):
                    continue
                if other & 3 in _HIDING_VISIBILITIES:
                    continue
            elif not wanted:
                continue
            binding = info >> 4
            if binding not in _VISIBLE_BINDINGS or not name:
                continue
            end = table.find(b"\0", name, name + longest + 1)
            if end < 0:
                text = strings.get(name, "symbol_bytes", "st_name")
            else:
                text = table[name:end].decode("utf-8", "backslashreplace")
            room -= len(text) + _SYMBOL_OVERHEAD
            if room < 0:
                what = f"names of symbols take more memory than {file.limits.named('table_bytes')}"
                raise file.error("limit", area.offset, what, count)
            yield text, binding == elf.STB_WEAK, exported


_VISIBLE_BINDINGS = (elf.STB_GLOBAL, elf.STB_WEAK, elf.STB_GNU_UNIQUE)
_HIDING_VISIBILITIES = (elf.STV_INTERNAL, elf.STV_HIDDEN)


def _symbol_count(file: _File, loads: Sequence[Segment], tags: dict[int, int], table: _Area) -> int:
    """Return how many symbols there are. No field says so directly.

    GNU_HASH is tried first, as in ld.so; its count is 0 if nothing is exported. DT_HASH has the count, in words of
    8 bytes on s390x and Alpha (their processor supplements; lld writes 4). Else the table ends where the next one
    starts.
    """
    count = 0
    if elf.DT_GNU_HASH in tags:
        count = _count_by_gnu_hash(file, _locate(file, loads, tags[elf.DT_GNU_HASH], "DT_GNU_HASH"))
    if not count and elf.DT_HASH in tags:
        count = _count_by_hash(file, _locate(file, loads, tags[elf.DT_HASH], "DT_HASH"))
    if not count:
        start = tags[elf.DT_SYMTAB]
        above = [tags[tag] for tag in _TABLE_TAGS if tags.get(tag, 0) > start]
        end = min(above, default=start)
        count = min(end - start, table.size) // file.layout.symbol.size
    return count


_TABLE_TAGS = (
    elf.DT_HASH, elf.DT_STRTAB, elf.DT_RELA, elf.DT_REL, elf.DT_JMPREL, elf.DT_GNU_HASH, elf.DT_VERSYM,
    elf.DT_VERNEED,
)  # fmt: skip


def _count_by_hash(file: _File, area: _Area) -> int:
    layout = file.layout
    wide = layout.bits == 64 and file.header.e_machine in (elf.EM_S390, elf.EM_ALPHA)
    word = layout.xword if wide else layout.word
    (count,) = word.unpack(file.view.read(area.offset + word.size, word.size))
    return int(count)


def _count_by_gnu_hash(file: _File, area: _Area) -> int:
    """Return the number of the last symbol of the last chain, plus one; 0 if there is no chain."""
    layout, view = file.layout, file.view
    header = view.read(area.offset, layout.hash_words.size)
    buckets, first_symbol, bloom_words, _ = layout.hash_words.unpack(header)
    buckets_at = area.offset + layout.hash_words.size + bloom_words * layout.address.size
    chains_at = buckets_at + buckets * layout.word.size
    end = area.offset + area.size
    if chains_at > end:
        raise file.error("outside", area.offset, "GNU_HASH extends beyond its segment", buckets)
    if buckets > file.limits.symbols:
        what = f"more hash buckets than {file.limits.named('symbols')}"
        raise file.error("limit", area.offset, what, buckets)
    table = view.read(buckets_at, buckets * layout.word.size)
    last = max(chain.from_iterable(layout.word.iter_unpack(table)), default=0)
    if last == 0:
        return 0
    if last < first_symbol:
        what = "a GNU_HASH bucket starts before the first hashed symbol"
        raise file.error("contradiction", area.offset, what, last)
    at = chains_at + (last - first_symbol) * layout.word.size
    while at < end:
        data = view.read_upto(at, min(_CHAIN_BYTES, end - at))
        data = data[: len(data) // layout.word.size * layout.word.size]
        for (value,) in layout.word.iter_unpack(data):
            last += 1
            if value & 1:
                return last
        if not data:
            break
        at += len(data)
    raise file.error("outside", at, "the last GNU_HASH chain has no end", last)


_CHAIN_BYTES = 4_096
