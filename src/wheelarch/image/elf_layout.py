"""ELF definitions in file order, under the names that the specifications give them.

Sources: System V ABI, generic part (gabi.xinuos.com), chapters 4 and 5; the Linux Standard Base for symbol
versions; Linux Extensions to gABI for PT_GNU_* and properties; the processor supplements for e_flags, each
named at its constants. Records are unpacked by a `Layout`: there is one for each class and byte order.
"""

from __future__ import annotations

from struct import Struct

from .._lib.typed import NamedTuple
from ..model import Machine

__all__ = ["LAYOUTS", "MACHINES", "Architecture", "Header", "Layout", "Segment"]

# e_ident, 16 bytes
MAGIC = b"\x7fELF"
IDENT_BYTES = 16
EI_CLASS = 4
EI_DATA = 5
EI_VERSION = 6
EI_OSABI = 7
ELFCLASS32 = 1
ELFCLASS64 = 2
ELFDATA2LSB = 1
ELFDATA2MSB = 2
EV_CURRENT = 1

# e_type
ET_REL = 1
ET_EXEC = 2
ET_DYN = 3
ET_CORE = 4

# e_machine
EM_NONE = 0
EM_SPARC = 2
EM_386 = 3
EM_MIPS = 8
EM_SPARC32PLUS = 18
EM_PPC = 20
EM_PPC64 = 21
EM_S390 = 22
EM_ARM = 40
EM_SPARCV9 = 43
EM_IA_64 = 50
EM_X86_64 = 62
EM_QDSP6 = 164
EM_AARCH64 = 183
EM_CUDA = 190
EM_AMDGPU = 224
EM_RISCV = 243
EM_BPF = 247
EM_LOONGARCH = 258
EM_ALPHA = 0x9026

# e_flags of EM_ARM (ELF for the Arm Architecture, 5.2)
EF_ARM_EABIMASK = 0xFF000000
EF_ARM_EABI_VER5 = 0x05000000
EF_ARM_ABI_FLOAT_HARD = 0x400
# e_flags of EM_PPC64 (64-bit ELF V2 ABI, 4.1)
EF_PPC64_ABI = 3
# e_flags of EM_RISCV (RISC-V ELF psABI, "File Header")
EF_RISCV_FLOAT_ABI = 6
EF_RISCV_RVE = 8
RISCV_FLOAT_ABI = {0: "soft-float", 2: "single-float", 4: "", 6: "quad-float"}
# e_flags of EM_LOONGARCH (ELF for the LoongArch Architecture, "e_flags")
EF_LOONGARCH_ABI_MODIFIER = 7
LOONGARCH_FLOAT_ABI = {1: "soft-float", 2: "single-float"}

PN_XNUM = 0xFFFF
"""e_phnum of files with more program headers than it can express: sh_info of section 0 has their count."""

# sh_type, sh_flags
SHT_NOBITS = 8
SHF_ALLOC = 2
SHF_EXECINSTR = 4

# p_type, p_flags
PT_LOAD = 1
PT_DYNAMIC = 2
PT_INTERP = 3
PT_NOTE = 4
PT_GNU_STACK = 0x6474E551
PT_GNU_PROPERTY = 0x6474E553
PF_X = 1

# notes
NT_GNU_PROPERTY_TYPE_0 = 5
GNU_PROPERTY_X86_ISA_1_NEEDED = 0xC0008002
GNU_PROPERTY_X86_ISA_1_USED = 0xC0010002
X86_64_V3 = 4
"""GNU_PROPERTY_X86_ISA_1_V3: a set of levels that has v3 or v4 is not less than this."""
CPUID = b"\x0f\xa2"
"""The x86 instruction that asks for the CPU's abilities (Intel, Software Developer's Manual, volume 2)."""
NT_ANDROID_VERSION = 1

# d_tag
DT_NULL = 0
DT_NEEDED = 1
DT_HASH = 4
DT_STRTAB = 5
DT_SYMTAB = 6
DT_RELA = 7
DT_STRSZ = 10
DT_SYMENT = 11
DT_SONAME = 14
DT_RPATH = 15
DT_REL = 17
DT_JMPREL = 23
DT_RUNPATH = 29
DT_RELR = 36
DT_GNU_HASH = 0x6FFFFEF5
DT_VERSYM = 0x6FFFFFF0
DT_FLAGS_1 = 0x6FFFFFFB
DT_VERNEED = 0x6FFFFFFE
DF_1_PIE = 0x08000000

# symbols
SHN_UNDEF = 0
STB_GLOBAL = 1
STB_WEAK = 2
STB_GNU_UNIQUE = 10
STV_INTERNAL = 1
STV_HIDDEN = 2

# version needs
VER_NEED_CURRENT = 1
VER_FLG_WEAK = 2


class Header(NamedTuple):
    """The file header after e_ident."""

    e_type: int
    e_machine: int
    e_version: int
    e_entry: int
    e_phoff: int
    e_shoff: int
    e_flags: int
    e_ehsize: int
    e_phentsize: int
    e_phnum: int
    e_shentsize: int
    e_shnum: int
    e_shstrndx: int


class Segment(NamedTuple):
    """A program header, p_paddr left out."""

    type: int
    flags: int
    offset: int
    vaddr: int
    filesz: int
    memsz: int
    align: int


class Layout(NamedTuple):
    """How the records of one class and byte order are packed; unused fields are skipped."""

    bits: int
    little: bool
    header: Struct
    """A `Header`."""
    segment: Struct
    """In file order; `unpack_segment` puts the fields into `Segment`'s."""
    section: Struct
    """sh_type, sh_flags, sh_size, sh_info."""
    dynamic: Struct
    """d_tag, d_val."""
    symbol: Struct
    """st_name, st_info, st_other, st_shndx."""
    word: Struct
    xword: Struct
    address: Struct
    hash_words: Struct
    """GNU_HASH: nbuckets, symoffset, bloom_size, bloom_shift."""
    version_need: Struct
    """vn_version, vn_cnt, vn_file, vn_aux, vn_next."""
    version_aux: Struct
    """vna_hash, vna_flags, vna_other, vna_name, vna_next."""
    note: Struct
    """n_namesz, n_descsz, n_type."""

    def unpack_segment(self, data: bytes) -> Segment:
        """Return the program header in `data`. The place of p_flags differs between the classes."""
        fields = self.segment.unpack(data)
        if self.bits == 64:
            return Segment(*fields)
        kind, offset, vaddr, filesz, memsz, flags, align = fields
        return Segment(kind, flags, offset, vaddr, filesz, memsz, align)


def _layout(bits: int, little: bool) -> Layout:
    wide = bits == 64

    def struct(narrow_fields: str, wide_fields: str | None = None) -> Struct:
        return Struct("><"[little] + (wide_fields if wide and wide_fields else narrow_fields))

    return Layout(
        bits=bits,
        little=little,
        header=struct("HHIIIIIHHHHHH", "HHIQQQIHHHHHH"),
        segment=struct("III4xIIII", "IIQQ8xQQQ"),
        section=struct("4xII8xI4xI8x", "4xIQ16xQ4xI16x"),
        dynamic=struct("II", "QQ"),
        symbol=struct("I8xBBH", "IBBH16x"),
        word=struct("I"),
        xword=struct("Q"),
        address=struct("I", "Q"),
        hash_words=struct("IIII"),
        version_need=struct("HHIII"),
        version_aux=struct("IHHII"),
        note=struct("III"),
    )


LAYOUTS = {
    (ELFCLASS32, ELFDATA2LSB): _layout(32, True),
    (ELFCLASS32, ELFDATA2MSB): _layout(32, False),
    (ELFCLASS64, ELFDATA2LSB): _layout(64, True),
    (ELFCLASS64, ELFDATA2MSB): _layout(64, False),
}
"""By EI_CLASS and EI_DATA."""


class Architecture(NamedTuple):
    """What an e_machine means, and which classes and byte orders it has."""

    narrow: Machine | None
    """In a file of ELFCLASS32; None if there is none."""
    wide: Machine | None
    """In a file of ELFCLASS64."""
    orders: tuple[int, ...] = (ELFDATA2LSB, ELFDATA2MSB)
    """The possible EI_DATA, the usual one first."""


_LITTLE = (ELFDATA2LSB,)
_BIG = (ELFDATA2MSB,)
_BIG_OR_LITTLE = (ELFDATA2MSB, ELFDATA2LSB)

MACHINES = {
    EM_SPARC: Architecture(Machine.SPARC, None, _BIG_OR_LITTLE),
    EM_386: Architecture(Machine.X86, None, _LITTLE),
    EM_MIPS: Architecture(Machine.MIPS, Machine.MIPS),
    EM_SPARC32PLUS: Architecture(Machine.SPARC, None, _BIG),
    EM_PPC: Architecture(Machine.PPC, None, _BIG_OR_LITTLE),
    EM_PPC64: Architecture(None, Machine.PPC64, _BIG_OR_LITTLE),
    EM_S390: Architecture(Machine.S390, Machine.S390X, _BIG),
    EM_ARM: Architecture(Machine.ARM, None),
    EM_SPARCV9: Architecture(None, Machine.SPARC64, _BIG_OR_LITTLE),
    EM_IA_64: Architecture(Machine.IA64, Machine.IA64),
    EM_X86_64: Architecture(Machine.X86_64, Machine.X86_64, _LITTLE),
    EM_QDSP6: Architecture(Machine.HEXAGON, None),
    EM_AARCH64: Architecture(Machine.ARM64, Machine.ARM64),
    EM_CUDA: Architecture(Machine.CUDA, Machine.CUDA, _LITTLE),
    EM_AMDGPU: Architecture(Machine.AMDGPU, Machine.AMDGPU, _LITTLE),
    EM_RISCV: Architecture(Machine.RISCV32, Machine.RISCV64),
    EM_BPF: Architecture(Machine.BPF, Machine.BPF),
    EM_LOONGARCH: Architecture(Machine.LOONGARCH32, Machine.LOONGARCH64, _LITTLE),
}
"""By e_machine. A machine that is missing here is `Machine.OTHER`."""
