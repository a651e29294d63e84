"""Mach-O definitions in file order, under the names that Apple's headers give them.

Sources: cctools, include/mach-o/fat.h, loader.h, nlist.h and include/mach/machine.h; dyld,
include/mach-o/fixup-chains.h, and mach_o/ for what a loader accepts. Records are unpacked by a `Layout`, of
which there is one for each width and byte order; the fat header is always big-endian.
"""

from __future__ import annotations

from struct import Struct

from .._lib.typed import NamedTuple
from ..model import Kind, Machine

# fat_header, fat_arch, fat_arch_64
FAT_MAGIC = 0xCAFEBABE
FAT_MAGIC_64 = 0xCAFEBABF
FAT_CIGAM = 0xBEBAFECA
FAT_CIGAM_64 = 0xBFBAFECA
FAT_HEADER = Struct(">II")
FAT_ARCH = Struct(">IIII4x")
FAT_ARCH_64 = Struct(">IIQQ8x")
JAVA_MAJOR_MIN = 45
"""The major version of the first Java class files, which share FAT_MAGIC (JVM Specification, 4.1)."""

# what else a slice can be
ARCHIVE_MAGIC = b"!<arch>\n"
BITCODE_MAGICS = (b"\xde\xc0\x17\x0b", b"BC\xc0\xde")

# mach_header
MH_MAGIC = 0xFEEDFACE
MH_MAGIC_64 = 0xFEEDFACF

# cputype, and cpusubtype without its capability bits
CPU_ARCH_ABI64 = 0x01000000
CPU_TYPE_X86 = 7
CPU_TYPE_X86_64 = 0x01000007
CPU_TYPE_ARM = 12
CPU_TYPE_ARM64 = 0x0100000C
CPU_TYPE_ARM64_32 = 0x0200000C
CPU_TYPE_SPARC = 14
CPU_TYPE_POWERPC = 18
CPU_TYPE_POWERPC64 = 0x01000012
CPU_SUBTYPE_MASK = 0xFF000000
CPU_SUBTYPE_ARM64_ALL = 0
CPU_SUBTYPE_ARM64E = 2
HIDDEN_ARCHITECTURE = (CPU_TYPE_ARM64, CPU_SUBTYPE_ARM64_ALL)
"""What the entry after the last one that nfat_arch counts must be for dyld to use it (Universal::forEachSlice)."""

MACHINES = {
    CPU_TYPE_X86: Machine.X86,
    CPU_TYPE_X86_64: Machine.X86_64,
    CPU_TYPE_ARM: Machine.ARM,
    CPU_TYPE_ARM64: Machine.ARM64,
    CPU_TYPE_ARM64_32: Machine.ARM64_32,
    CPU_TYPE_SPARC: Machine.SPARC,
    CPU_TYPE_POWERPC: Machine.PPC,
    CPU_TYPE_POWERPC64: Machine.PPC64,
}
BIG_ENDIAN = frozenset({Machine.SPARC, Machine.PPC, Machine.PPC64})

VARIANTS = {
    CPU_TYPE_X86_64: {3: "", 8: "x86_64h"},
    CPU_TYPE_ARM64: {0: "", 1: "", CPU_SUBTYPE_ARM64E: "arm64e"},
}
"""cpusubtype without capability bits, for the types whose subtypes do not load each other's code."""

# filetype
MH_OBJECT = 1
MH_EXECUTE = 2
MH_CORE = 4
MH_DYLIB = 6
MH_BUNDLE = 8
MH_DYLIB_STUB = 9
MH_DSYM = 10
FILETYPE_LAST = 12
"""MH_FILESET. For a greater one, dyld says `unknown mach-o filetype`."""

KINDS = {
    MH_OBJECT: Kind.OBJECT,
    MH_EXECUTE: Kind.EXECUTABLE,
    MH_CORE: Kind.CORE,
    MH_DYLIB: Kind.SHARED_LIBRARY,
    MH_BUNDLE: Kind.BUNDLE,
    MH_DSYM: Kind.DEBUG,
}

MH_TWOLEVEL = 0x80

# load commands
LC_REQ_DYLD = 0x80000000
LC_SEGMENT = 0x1
LC_SYMTAB = 0x2
LC_UNIXTHREAD = 0x5
LC_DYSYMTAB = 0xB
LC_LOAD_DYLIB = 0xC
LC_ID_DYLIB = 0xD
LC_LOAD_DYLINKER = 0xE
LC_ID_DYLINKER = 0xF
LC_ROUTINES = 0x11
LC_SUB_FRAMEWORK = 0x12
LC_SUB_UMBRELLA = 0x13
LC_SUB_CLIENT = 0x14
LC_SUB_LIBRARY = 0x15
LC_TWOLEVEL_HINTS = 0x16
LC_LOAD_WEAK_DYLIB = 0x80000018
LC_SEGMENT_64 = 0x19
LC_ROUTINES_64 = 0x1A
LC_UUID = 0x1B
LC_RPATH = 0x8000001C
LC_CODE_SIGNATURE = 0x1D
LC_SEGMENT_SPLIT_INFO = 0x1E
LC_REEXPORT_DYLIB = 0x8000001F
LC_LAZY_LOAD_DYLIB = 0x20
LC_ENCRYPTION_INFO = 0x21
LC_DYLD_INFO = 0x22
LC_DYLD_INFO_ONLY = 0x80000022
LC_LOAD_UPWARD_DYLIB = 0x80000023
LC_VERSION_MIN_MACOSX = 0x24
LC_VERSION_MIN_IPHONEOS = 0x25
LC_FUNCTION_STARTS = 0x26
LC_DYLD_ENVIRONMENT = 0x27
LC_MAIN = 0x80000028
LC_DATA_IN_CODE = 0x29
LC_SOURCE_VERSION = 0x2A
LC_DYLIB_CODE_SIGN_DRS = 0x2B
LC_ENCRYPTION_INFO_64 = 0x2C
LC_LINKER_OPTIMIZATION_HINT = 0x2E
LC_VERSION_MIN_TVOS = 0x2F
LC_VERSION_MIN_WATCHOS = 0x30
LC_BUILD_VERSION = 0x32
LC_DYLD_EXPORTS_TRIE = 0x80000033
LC_DYLD_CHAINED_FIXUPS = 0x80000034
LC_FILESET_ENTRY = 0x80000035
LC_ATOM_INFO = 0x36
LC_FUNCTION_VARIANTS = 0x37
LC_FUNCTION_VARIANT_FIXUPS = 0x38

REQUIRED_BY_DYLD = frozenset({
    LC_LOAD_WEAK_DYLIB, LC_RPATH, LC_REEXPORT_DYLIB, LC_DYLD_INFO_ONLY, LC_LOAD_UPWARD_DYLIB, LC_MAIN,
    LC_DYLD_EXPORTS_TRIE, LC_DYLD_CHAINED_FIXUPS, LC_FILESET_ENTRY,
})  # fmt: skip
"""Every existing command with LC_REQ_DYLD."""

LINKEDIT_DATA = {
    LC_CODE_SIGNATURE: "code signature",
    LC_SEGMENT_SPLIT_INFO: "shared cache info",
    LC_FUNCTION_STARTS: "function starts",
    LC_DATA_IN_CODE: "data in code",
    LC_DYLIB_CODE_SIGN_DRS: "designated requirements",
    LC_LINKER_OPTIMIZATION_HINT: "linker optimization hints",
    LC_DYLD_EXPORTS_TRIE: "exports trie",
    LC_DYLD_CHAINED_FIXUPS: "chained fixups",
    LC_ATOM_INFO: "atom info",
    LC_FUNCTION_VARIANTS: "function variants",
    LC_FUNCTION_VARIANT_FIXUPS: "function variant fixups",
}
"""linkedit_data_command: what its dataoff and datasize describe."""

FOR_TOOLS = frozenset({
    LC_DYLIB_CODE_SIGN_DRS, LC_LINKER_OPTIMIZATION_HINT, LC_ATOM_INFO, LC_TWOLEVEL_HINTS, LC_SOURCE_VERSION,
    LC_ROUTINES, LC_ROUTINES_64, LC_SUB_FRAMEWORK,
})  # fmt: skip
"""Commands that linkers and other tools read, but no dyld since macOS 10.9. It checks the size of LC_ATOM_INFO alone.

Source: as for `Table.loaded`.
"""

EXACT_BYTES = {
    LC_SYMTAB: 24,
    LC_DYSYMTAB: 80,
    LC_ROUTINES: 40,
    LC_ROUTINES_64: 72,
    LC_TWOLEVEL_HINTS: 16,
    LC_UUID: 24,
    LC_ENCRYPTION_INFO: 20,
    LC_ENCRYPTION_INFO_64: 24,
    LC_DYLD_INFO: 48,
    LC_DYLD_INFO_ONLY: 48,
    LC_MAIN: 24,
    LC_SOURCE_VERSION: 16,
    LC_VERSION_MIN_MACOSX: 16,
    LC_VERSION_MIN_IPHONEOS: 16,
    LC_VERSION_MIN_TVOS: 16,
    LC_VERSION_MIN_WATCHOS: 16,
    **dict.fromkeys(LINKEDIT_DATA, 16),
}
"""cmdsize of each command that has a fixed length."""

COUNTED = {LC_SEGMENT: (56, 48, 68), LC_SEGMENT_64: (72, 64, 80), LC_BUILD_VERSION: (24, 20, 8)}
"""(bytes without records, place of their count, bytes of one) of commands that end in counted records."""

STRINGS = {
    LC_LOAD_DYLIB: 24,
    LC_ID_DYLIB: 24,
    LC_LOAD_WEAK_DYLIB: 24,
    LC_REEXPORT_DYLIB: 24,
    LC_LAZY_LOAD_DYLIB: 24,
    LC_LOAD_UPWARD_DYLIB: 24,
    LC_LOAD_DYLINKER: 12,
    LC_ID_DYLINKER: 12,
    LC_DYLD_ENVIRONMENT: 12,
    LC_SUB_FRAMEWORK: 12,
    LC_SUB_UMBRELLA: 12,
    LC_SUB_CLIENT: 12,
    LC_SUB_LIBRARY: 12,
    LC_RPATH: 12,
}
"""Bytes before the string of each command that ends in one. Byte 8 has the offset of the string."""

ONCE = frozenset(
    cmd & ~LC_REQ_DYLD
    for cmd in (
        LC_SYMTAB,
        LC_UNIXTHREAD,
        LC_DYSYMTAB,
        LC_ID_DYLIB,
        LC_UUID,
        LC_DYLD_INFO,
        LC_MAIN,
        *LINKEDIT_DATA,
    )
)
"""Commands, without LC_REQ_DYLD, that may appear only once."""

DYLIB_KINDS = {
    LC_LOAD_DYLIB: "load",
    LC_LOAD_WEAK_DYLIB: "weak",
    LC_REEXPORT_DYLIB: "reexport",
    LC_LAZY_LOAD_DYLIB: "lazy",
    LC_LOAD_UPWARD_DYLIB: "upward",
}
EXPORTS_TRIES = {LC_DYLD_EXPORTS_TRIE: 8, LC_DYLD_INFO: 40, LC_DYLD_INFO_ONLY: 40}
"""Place of the exports trie's offset and size in each command that has one."""

FIXUPS = frozenset({LC_DYLD_CHAINED_FIXUPS, LC_DYLD_INFO, LC_DYLD_INFO_ONLY})
"""Commands that say what to bind."""

BINDINGS = (16, 32)
"""Places of the offset and size of bind opcodes and of lazy bind opcodes in LC_DYLD_INFO."""

DYLIB_USE_MARKER = 0x1A741800
"""In place of the timestamp of a dylib_command, it marks a dylib_use_command, which has flags."""
DYLIB_USE_BYTES = 28
DYLIB_USE_KINDS = {0x01: "weak", 0x08: "delayed", 0x04: "upward", 0x02: "reexport"}
"""By DYLIB_USE_* flag. If several are set, the first one here gives the kind."""

PLATFORMS = {
    1: "macos",
    2: "ios",
    3: "tvos",
    4: "watchos",
    5: "bridgeos",
    6: "catalyst",
    7: "ios-simulator",
    8: "tvos-simulator",
    9: "watchos-simulator",
    10: "driverkit",
    11: "visionos",
    12: "visionos-simulator",
    13: "firmware",
    14: "sepos",
    15: "macos-exclavecore",
    16: "macos-exclavekit",
    17: "ios-exclavecore",
    18: "ios-exclavekit",
    19: "tvos-exclavecore",
    20: "tvos-exclavekit",
    21: "watchos-exclavecore",
    22: "watchos-exclavekit",
    23: "visionos-exclavecore",
    24: "visionos-exclavekit",
}
ZIPPERED = {"macos", "catalyst"}
"""The only platforms that one slice may combine."""
VERSION_MIN_PLATFORMS = {
    LC_VERSION_MIN_MACOSX: "macos",
    LC_VERSION_MIN_IPHONEOS: "ios",
    LC_VERSION_MIN_TVOS: "tvos",
    LC_VERSION_MIN_WATCHOS: "watchos",
}

# nlist
N_PEXT = 0x10
N_TYPE = 0x0E
N_EXT = 0x01
N_UNDF = 0x0
N_PBUD = 0xC
UNDEFINED_TYPES = frozenset(kind | N_EXT | private for kind in (N_UNDF, N_PBUD) for private in (0, N_PEXT))
"""The n_type of symbols that are external, undefined, and not N_STAB."""
EXPORTED_TYPES = frozenset(kind | N_EXT for kind in range(0, N_TYPE + 1, 2))
"""The n_type of symbols that are external, and neither N_PEXT nor N_STAB."""
N_WEAK_REF = 0x40
MAX_LIBRARY_ORDINAL = 0xFD
DYNAMIC_LOOKUP_ORDINAL = 0xFE

# lib_ordinal of a chained import, and what BIND_OPCODE_SET_DYLIB_SPECIAL_IMM sets; in n_desc, one byte has -1 and -2
BIND_SPECIAL_DYLIB_SELF = 0
BIND_SPECIAL_DYLIB_MAIN_EXECUTABLE = -1
BIND_SPECIAL_DYLIB_FLAT_LOOKUP = -2
BIND_SPECIAL_DYLIB_WEAK_LOOKUP = -3
LOOKUPS = {
    BIND_SPECIAL_DYLIB_SELF: "self",
    BIND_SPECIAL_DYLIB_MAIN_EXECUTABLE: "main",
    BIND_SPECIAL_DYLIB_FLAT_LOOKUP: "flat",
}
"""`Symbol.lookup` by ordinal."""
LAST_SPECIAL_ORDINAL = -15
"""Greater than these, an unsigned ordinal of a chained import is a negative number (fixup-chains.h; dyld
mach_o/ChainedFixups.cpp)."""

# bind opcodes: the high half of a byte; in the low half is the immediate
BIND_OPCODE_MASK = 0xF0
BIND_IMMEDIATE_MASK = 0x0F
BIND_OPCODE_DONE = 0x00
BIND_OPCODE_SET_DYLIB_ORDINAL_IMM = 0x10
BIND_OPCODE_SET_DYLIB_ORDINAL_ULEB = 0x20
BIND_OPCODE_SET_DYLIB_SPECIAL_IMM = 0x30
BIND_OPCODE_SET_SYMBOL_TRAILING_FLAGS_IMM = 0x40
BIND_OPCODE_SET_ADDEND_SLEB = 0x60
BIND_OPCODE_SET_SEGMENT_AND_OFFSET_ULEB = 0x70
BIND_OPCODE_ADD_ADDR_ULEB = 0x80
BIND_OPCODE_DO_BIND = 0x90
BIND_OPCODE_DO_BIND_ADD_ADDR_ULEB = 0xA0
BIND_OPCODE_DO_BIND_ADD_ADDR_IMM_SCALED = 0xB0
BIND_OPCODE_DO_BIND_ULEB_TIMES_SKIPPING_ULEB = 0xC0
BIND_OPCODE_THREADED = 0xD0
BIND_SUBOPCODE_THREADED_SET_BIND_ORDINAL_TABLE_SIZE_ULEB = 0x00
BIND_SYMBOL_FLAGS_WEAK_IMPORT = 0x1
DO_BIND = frozenset(
    {
        BIND_OPCODE_DO_BIND,
        BIND_OPCODE_DO_BIND_ADD_ADDR_ULEB,
        BIND_OPCODE_DO_BIND_ADD_ADDR_IMM_SCALED,
        BIND_OPCODE_DO_BIND_ULEB_TIMES_SKIPPING_ULEB,
    }
)
"""Opcodes that bind the current symbol."""
BIND_NUMBERS = {
    BIND_OPCODE_SET_DYLIB_ORDINAL_ULEB: 1,
    BIND_OPCODE_SET_ADDEND_SLEB: 1,
    BIND_OPCODE_SET_SEGMENT_AND_OFFSET_ULEB: 1,
    BIND_OPCODE_ADD_ADDR_ULEB: 1,
    BIND_OPCODE_DO_BIND_ADD_ADDR_ULEB: 1,
    BIND_OPCODE_DO_BIND_ULEB_TIMES_SKIPPING_ULEB: 2,
}
"""How many LEB128 numbers follow an opcode; THREADED's depend on its immediate."""


class Header(NamedTuple):
    """mach_header, magic left out."""

    cputype: int
    cpusubtype: int
    filetype: int
    ncmds: int
    sizeofcmds: int
    flags: int


class Table(NamedTuple):
    """A table to which a command points by a file offset and, in the next word, a length."""

    what: str
    place: int
    """Of the file offset in the command."""
    narrow: int = 1
    """Bytes of a unit of length in 32-bit files."""
    wide: int = 1
    """Bytes of a unit of length in 64-bit files."""
    loaded: bool = True
    """Whether some dyld since macOS 10.9 looks at the place of the table.

    Source: dyld-852.2, src/ImageLoaderMachO.cpp, sniffLoadCommands, and dyld3/MachOAnalyzer.cpp, validLinkeditLayout;
    dyld-1378, mach_o/UnsafeHeader.cpp.
    """


_DYLD_INFO = (
    Table("rebase opcodes", 8),
    Table("bind opcodes", 16),
    Table("weak bind opcodes", 24),
    Table("lazy bind opcodes", 32),
    Table("exports trie", 40),
)
TABLES: dict[int, tuple[Table, ...]] = {
    LC_SYMTAB: (Table("symbol table", 8, 12, 16), Table("string table", 16)),
    LC_DYSYMTAB: (
        Table("table of contents", 32, 8, 8, loaded=False),
        Table("module table", 40, 52, 56, loaded=False),
        Table("reference table", 48, 4, 4, loaded=False),
        Table("indirect symbol table", 56, 4, 4),
        Table("external relocations", 64, 8, 8),
        Table("local relocations", 72, 8, 8),
    ),
    LC_TWOLEVEL_HINTS: (Table("two-level hints", 8, 4, 4, loaded=False),),
    LC_DYLD_INFO: _DYLD_INFO,
    LC_DYLD_INFO_ONLY: _DYLD_INFO,
    **{cmd: (Table(what, 8, loaded=cmd not in FOR_TOOLS),) for cmd, what in LINKEDIT_DATA.items()},
}


class Layout(NamedTuple):
    """How the records of one width and byte order are packed; unused fields are skipped."""

    bits: int
    little: bool
    header: Struct
    """A `Header`, after the magic."""
    commands_offset: int
    """Where the load commands start, in bytes from the start of the slice."""
    word: Struct
    pair: Struct
    """Two words: cmd and cmdsize, an offset and a size."""
    symbol: Struct
    """nlist: n_strx, n_type, n_desc, n_value."""
    segments: dict[int, Struct]
    """By command: segname, vmaddr, vmsize, fileoff, filesize, initprot; then its sections."""
    sections: dict[int, Struct]
    """By the segment's command: sectname, addr, size."""
    build_version: Struct
    """platform, minos, sdk."""
    dysymtab: Struct
    """ilocalsym, nlocalsym, iextdefsym, nextdefsym, iundefsym, nundefsym."""
    fixups: Struct
    """dyld_chained_fixups_header: imports_offset, symbols_offset, imports_count, imports_format,
    symbols_format."""
    imports: dict[int, tuple[Struct, int, int]]
    """By imports_format: the bit fields of one import, without its addend; how many bits of them are the
    lib_ordinal, which weak_import follows; and at which bit name_offset starts."""


def _layout(bits: int, little: bool) -> Layout:
    def struct(fields: str) -> Struct:
        return Struct("><"[little] + fields)

    return Layout(
        bits=bits,
        little=little,
        header=struct("IIIIII" if bits == 32 else "IIIIII4x"),
        commands_offset=28 if bits == 32 else 32,
        word=struct("I"),
        pair=struct("II"),
        symbol=struct("IBxHQ" if bits == 64 else "IBxHI"),
        segments={LC_SEGMENT: struct("8x16sIIII4xI8x"), LC_SEGMENT_64: struct("8x16sQQQQ4xI8x")},
        sections={LC_SEGMENT: struct("16s16xII28x"), LC_SEGMENT_64: struct("16s16xQQ32x")},
        build_version=struct("8xIII"),
        dysymtab=struct("8xIIIIII"),
        fixups=struct("8xIIIII"),
        imports={1: (struct("I"), 8, 9), 2: (struct("I4x"), 8, 9), 3: (struct("Q8x"), 16, 32)},
    )


LAYOUTS = {
    magic.to_bytes(4, "little" if little else "big"): _layout(bits, little)
    for bits, magic in ((32, MH_MAGIC), (64, MH_MAGIC_64))
    for little in (True, False)
}
"""By the first four bytes of the file."""
