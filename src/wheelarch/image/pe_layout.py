"""The layout of PE files: machine numbers, flags and structures, in the order of the file.

Names are those of the specification and of winnt.h. All numbers are little-endian.

Source: Microsoft, "PE Format", https://learn.microsoft.com/windows/win32/debug/pe-format; load config and
CHPE metadata: winnt.h; CLR header: ECMA-335 II.25.3.3; machine numbers of ReadyToRun images: .NET runtime,
docs/design/coreclr/botr/readytorun-format.md.
"""

from __future__ import annotations

from struct import Struct

from ..model import Machine

# The DOS header ----------------------------------------------------------------------------------------

DOS_HEADER = Struct("<24xH34xI")
"""IMAGE_DOS_HEADER: e_lfarlc (0x18), e_lfanew (0x3C)."""
E_LFARLC_EXTENDED = 0x40
"""The e_lfarlc of a file with an e_lfanew. In a pure DOS program, that field may be anything."""
E_LFANEW_END = 0x10000000
"""Windows loads no image whose e_lfanew is this or more."""

SIGNATURE = b"PE\0\0"

# The COFF file header ----------------------------------------------------------------------------------

FILE_HEADER = Struct("<HH4xIIHH")
"""IMAGE_FILE_HEADER: Machine, NumberOfSections, PointerToSymbolTable, NumberOfSymbols, SizeOfOptionalHeader,
Characteristics."""

MACHINE_UNKNOWN = 0x0000
MACHINE_I386 = 0x014C
MACHINE_ARM = 0x01C0
MACHINE_THUMB = 0x01C2
MACHINE_ARMNT = 0x01C4
MACHINE_IA64 = 0x0200
MACHINE_CHPE_X86 = 0x3A64
MACHINE_AMD64 = 0x8664
MACHINE_ARM64EC = 0xA641
MACHINE_ARM64X = 0xA64E
MACHINE_ARM64 = 0xAA64
MACHINE_RISCV64 = 0x5064
MACHINE_LOONGARCH64 = 0x6264

MACHINES = {
    MACHINE_UNKNOWN: (Machine.NONE, ""),
    MACHINE_I386: (Machine.X86, ""),
    0x0166: (Machine.MIPS, ""),
    MACHINE_ARM: (Machine.ARM, ""),
    MACHINE_THUMB: (Machine.ARM, ""),
    MACHINE_ARMNT: (Machine.ARM, ""),
    0x01F0: (Machine.PPC, ""),
    0x01F1: (Machine.PPC, ""),
    MACHINE_IA64: (Machine.IA64, ""),
    0x0EBC: (Machine.EBC, ""),
    MACHINE_CHPE_X86: (Machine.X86, "chpe"),
    0x5032: (Machine.RISCV32, ""),
    MACHINE_RISCV64: (Machine.RISCV64, ""),
    0x6232: (Machine.LOONGARCH32, ""),
    MACHINE_LOONGARCH64: (Machine.LOONGARCH64, ""),
    MACHINE_AMD64: (Machine.X86_64, ""),
    MACHINE_ARM64EC: (Machine.X86_64, "arm64ec"),
    MACHINE_ARM64X: (Machine.ARM64, "arm64x"),
    MACHINE_ARM64: (Machine.ARM64, ""),
}
"""Machine and variant by number. ARM64EC and ARM64X are used in objects only: a linked image says AMD64 or
ARM64 and has CHPE metadata. So an object gets the name that its image will have."""

COFF_MACHINES = frozenset(
    {
        MACHINE_I386,
        MACHINE_ARM,
        MACHINE_THUMB,
        MACHINE_ARMNT,
        MACHINE_AMD64,
        MACHINE_ARM64EC,
        MACHINE_ARM64X,
        MACHINE_ARM64,
    }
)
"""The machines of objects that are recognized. Their number is their only magic, and numbers of extinct machines are
common in other data."""

READYTORUN_MASKS = {0x7B79: "linux", 0x4644: "apple", 0xADC4: "freebsd", 0x1993: "netbsd", 0x1992: "sunos"}
"""The mask on the Machine (by xor) of a ReadyToRun image for a system other than Windows."""

READYTORUN_MACHINES = {
    machine ^ mask: (machine, system)
    for mask, system in READYTORUN_MASKS.items()
    for machine in (
        MACHINE_I386,
        MACHINE_ARMNT,
        MACHINE_AMD64,
        MACHINE_ARM64,
        MACHINE_RISCV64,
        MACHINE_LOONGARCH64,
    )
}
"""True machine number and system by masked machine number."""

HYBRIDS = {Machine.X86: "chpe", Machine.X86_64: "arm64ec", Machine.ARM64: "arm64x"}
"""The variant of an image that has CHPE metadata."""

OBJECT_MACHINES = frozenset({MACHINE_UNKNOWN, MACHINE_ARM64EC, MACHINE_ARM64X})
"""Machine numbers that linked images do not have."""

FILE_DLL = 0x2000
"""IMAGE_FILE_DLL, in Characteristics."""

# The optional header -----------------------------------------------------------------------------------

OPTIONAL_MAGIC = Struct("<H")
MAGIC_PE32 = 0x010B
MAGIC_ROM = 0x0107
MAGIC_PE32_PLUS = 0x020B

OPTIONAL_HEADERS = {MAGIC_PE32: Struct("<H26xII24xI4xH22xI"), MAGIC_PE32_PLUS: Struct("<H22xQI24xI4xH38xI")}
"""IMAGE_OPTIONAL_HEADER up to the directories: Magic, ImageBase, SectionAlignment, SizeOfHeaders, Subsystem,
NumberOfRvaAndSizes."""

MAGICS = {
    MACHINE_I386: MAGIC_PE32,
    MACHINE_ARM: MAGIC_PE32,
    MACHINE_THUMB: MAGIC_PE32,
    MACHINE_ARMNT: MAGIC_PE32,
    MACHINE_IA64: MAGIC_PE32_PLUS,
    MACHINE_AMD64: MAGIC_PE32_PLUS,
    MACHINE_ARM64: MAGIC_PE32_PLUS,
}
"""The Magic that goes with a machine, if only one does."""

DIRECTORY = Struct("<II")
"""IMAGE_DATA_DIRECTORY: VirtualAddress, Size."""
DIRECTORY_COUNT = 16
"""IMAGE_NUMBEROF_DIRECTORY_ENTRIES: Windows does not look at more, whatever NumberOfRvaAndSizes says."""
DIRECTORY_EXPORT = 0
DIRECTORY_IMPORT = 1
DIRECTORY_LOAD_CONFIG = 10
DIRECTORY_DELAY_IMPORT = 13
DIRECTORY_CLR = 14

# The section table -------------------------------------------------------------------------------------

SECTION = Struct("<8sIIII12xI")
"""IMAGE_SECTION_HEADER: Name, VirtualSize, VirtualAddress, SizeOfRawData, PointerToRawData,
Characteristics."""
SECTION_CODE = 0x20000020
"""IMAGE_SCN_CNT_CODE and IMAGE_SCN_MEM_EXECUTE, in Characteristics."""
PACKER_SECTIONS = frozenset({b"UPX0".ljust(8, b"\0"), b"UPX1".ljust(8, b"\0")})
PAGE = 0x1000
SECTOR = 0x200
"""Windows rounds PointerToRawData down to this, unless SectionAlignment is below `PAGE`."""

# What the directories point at -------------------------------------------------------------------------

EXPORT_DIRECTORY = Struct("<24xI4xI4x")
"""IMAGE_EXPORT_DIRECTORY: NumberOfNames, AddressOfNames."""

IMPORT_DESCRIPTOR = Struct("<I8xII")
"""IMAGE_IMPORT_DESCRIPTOR: OriginalFirstThunk, Name, FirstThunk."""
THUNKS = {MAGIC_PE32: Struct("<I"), MAGIC_PE32_PLUS: Struct("<Q")}
ORDINAL_FLAGS = {MAGIC_PE32: 1 << 31, MAGIC_PE32_PLUS: 1 << 63}
HINT_BYTES = 2
"""IMAGE_IMPORT_BY_NAME: a hint, then the name."""

DELAYLOAD_DESCRIPTOR = Struct("<II8xI12x")
"""IMAGE_DELAYLOAD_DESCRIPTOR: Attributes, DllNameRVA, ImportNameTableRVA."""
DELAYLOAD_RVA_BASED = 1
"""In Attributes. Without it, all addresses are virtual addresses, as Visual C++ 6 wrote them."""

LOAD_CONFIG_CHPE = {MAGIC_PE32: (Struct("<I"), 0x7C), MAGIC_PE32_PLUS: (Struct("<Q"), 0xC8)}
"""IMAGE_LOAD_CONFIG_DIRECTORY.CHPEMetadataPointer (a virtual address) and its offset, if Size reaches it."""
CHPE_METADATA_BYTES = 12
"""Version, CodeMap, CodeMapCount: what every version of the metadata starts with."""

CLR_HEADER = Struct("<I12xI52x")
"""IMAGE_COR20_HEADER: cb, Flags."""
CLR_ILONLY = 0x1
CLR_32BIT_REQUIRED = 0x2
