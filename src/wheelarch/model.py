"""The data that all parts exchange: what a binary is, what a wheel contains, what was found.

Values are NamedTuples, because these are the cheapest to define at start-up and to make in a loop. If a field means
something different in each format, its docstring here says so.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

from ._lib.typed import Literal, NamedTuple
from .errors import FormatError

__all__ = [
    "BuildVersion",
    "CodeSignature",
    "Depth",
    "Dylib",
    "ElfFacts",
    "Fact",
    "Fault",
    "FaultKind",
    "Finding",
    "Format",
    "Grid",
    "Image",
    "Kind",
    "Machine",
    "MachoFacts",
    "Member",
    "PeFacts",
    "PeImport",
    "PythonLinkage",
    "Role",
    "Severity",
    "StableAbi",
    "Symbol",
    "VersionNeed",
    "WheelReport",
]


class Depth(IntEnum):
    """How deep a binary is read. Each level costs more inflated bytes than the one before."""

    HEADER = 1
    """Machine, slices, sections or segments, Mach-O load commands: the first KiB or so."""
    LINKAGE = 2
    """Imported libraries, run paths, version needs, and the exports that make a Python extension module."""
    SYMBOLS = 3
    """The names of what is imported."""
    WHOLE = 4
    """Every byte: whether the code signature of a Mach-O file for macOS matches the file. Other formats: as SYMBOLS."""


class Format(StrEnum):
    """A file format. The magic number decides, never the file's name."""

    PE = "pe"
    MACHO = "mach-o"
    ELF = "elf"
    WASM = "wasm"
    ARCHIVE = "ar"
    """`!<arch>`: a static archive or an import library."""
    COFF = "coff"
    """A COFF object file or a short import object."""
    BITCODE = "bitcode"
    """LLVM bitcode, raw or wrapped."""


class Machine(StrEnum):
    """An instruction set, with one name for all formats. An unknown one is OTHER; `Image.code` keeps the raw number."""

    X86 = "x86"
    X86_64 = "x86_64"
    ARM = "arm"
    ARM64 = "arm64"
    ARM64_32 = "arm64_32"
    PPC = "ppc"
    PPC64 = "ppc64"
    PPC64LE = "ppc64le"
    S390 = "s390"
    S390X = "s390x"
    RISCV32 = "riscv32"
    RISCV64 = "riscv64"
    LOONGARCH32 = "loongarch32"
    LOONGARCH64 = "loongarch64"
    MIPS = "mips"
    SPARC = "sparc"
    SPARC64 = "sparc64"
    IA64 = "ia64"
    EBC = "ebc"
    WASM32 = "wasm32"
    WASM64 = "wasm64"
    CUDA = "cuda"
    AMDGPU = "amdgpu"
    BPF = "bpf"
    HEXAGON = "hexagon"
    ANY = "any"
    """Managed code that runs on every machine (.NET AnyCPU)."""
    NONE = "none"
    """The header says that there is no machine (EM_NONE, IMAGE_FILE_MACHINE_UNKNOWN)."""
    OTHER = "other"


class Kind(StrEnum):
    """What a binary is to its loader."""

    SHARED_LIBRARY = "shared-library"
    """PE with the DLL flag, MH_DYLIB, ET_DYN that is not a program."""
    BUNDLE = "bundle"
    """MH_BUNDLE: can be loaded, but not linked against."""
    EXECUTABLE = "executable"
    """PE without the DLL flag, MH_EXECUTE, ET_EXEC, and ET_DYN with PT_INTERP or DF_1_PIE."""
    OBJECT = "object"
    """COFF object, MH_OBJECT, ET_REL, bitcode."""
    ARCHIVE = "archive"
    IMPORT_LIBRARY = "import-library"
    DEBUG = "debug"
    """MH_DSYM, and ELF or PE files without their code (.debug companions)."""
    CORE = "core"
    MODULE = "module"
    """A wasm module."""
    OTHER = "other"


FaultKind = Literal["truncated", "outside", "limit", "overlap", "contradiction", "cycle", "unsupported"]
"""How a binary can be damaged, in the order of WA901 to WA906 and WA908:

truncated: the member ends before a header or table does; outside: a pointer, RVA or offset points out of the
file, or a string has no end; limit: one of `wheelarch.limits.Limits` was hit; overlap: slices or segments overlap
or appear twice; contradiction: two headers contradict each other; cycle: a structure does not advance;
unsupported: a known format in a variant that we do not read.
"""


class Fault(NamedTuple):
    """One place where a member breaks its format. Facts read before it are valid; what follows it is unknown."""

    kind: str
    """One of `FaultKind`."""
    offset: int
    """Bytes from the start of the member."""
    what: str
    value: int | str | None = None
    loaded: bool = True
    """Whether the loader of the file's system reads this part when it loads the file. If not, the file loads in spite
    of the damage, and the facts from other parts are valid."""

    @classmethod
    def of(cls, error: FormatError, *, loaded: bool = True) -> Fault:
        """Return the fault that an error reports."""
        return cls(error.kind, error.offset, error.what, error.value, loaded)

    def __str__(self) -> str:
        return str(FormatError(self.kind, self.offset, self.what, self.value))


class Symbol(NamedTuple):
    """A name that an image imports."""

    name: str
    """As source code spells it: Mach-O's leading underscore is gone. An import by ordinal is `#` and the number."""
    library: str = ""
    """PE: the DLL's name. ELF: always empty. Mach-O: empty if the linker did not record it."""
    weak: bool = False
    """May stay unresolved. PE: never."""
    lookup: str = ""
    """Mach-O, if no `library` is named: `flat` (dyld searches every image of the process), `self` (the image's own
    exports) or `main` (the program's). Other formats: always empty."""


class PeImport(NamedTuple):
    """One DLL in a PE import or delay-import directory."""

    name: str
    delayed: bool


class PeFacts(NamedTuple):
    """What only a PE file has."""

    characteristics: int
    """IMAGE_FILE_HEADER.Characteristics."""
    magic: int
    """The optional header's Magic: 0x10B PE32, 0x20B PE32+."""
    subsystem: int
    imports: tuple[PeImport, ...] = ()
    """LINKAGE. In directory order, normal before delayed."""
    chpe: bool = False
    """LINKAGE, and HEADER if it is in the first 4096 bytes. The load config points to hybrid (CHPE) metadata: the
    file is ARM64EC if its machine is x64, and ARM64X if it is ARM64."""
    clr_flags: int | None = None
    """HEADER. IMAGE_COR20_HEADER.Flags; None if there is no CLR header."""
    readytorun_os: str = ""
    """`linux`, `apple`, `freebsd`, `netbsd` or `sunos`: the system that the mask on the machine field stands for."""
    packed: bool = False
    """Sections have the names that a packer (UPX) gives, so imports and exports are the packer's."""


class Dylib(NamedTuple):
    """One LC_*_DYLIB command of a Mach-O slice, LC_ID_DYLIB left out."""

    name: str
    kind: str
    """`load`, `weak`, `reexport`, `upward`, `lazy` or `delayed`."""


class CodeSignature(NamedTuple):
    """LC_CODE_SIGNATURE of a Mach-O slice."""

    offset: int
    """Bytes from the start of the slice."""
    size: int
    in_place: bool
    """It is inside the slice and ends where __LINKEDIT ends: nothing was appended or cut off after signing."""
    state: str = "unchecked"
    """WHOLE. What the kernel finds: `valid`; `structure` if it refuses the signature; `coverage` if the signature is
    for fewer bytes than are before it; `page` if a page of the file has another hash; else `unchecked`."""
    detail: str = ""
    """What is wrong, as a clause."""


class BuildVersion(NamedTuple):
    """LC_BUILD_VERSION or one of the LC_VERSION_MIN_* commands."""

    platform: str
    """`macos`, `ios`, `ios-simulator`, `catalyst`, `tvos`, ... or `platform-N` for an unknown number."""
    minos: tuple[int, int, int]
    sdk: tuple[int, int, int]


class MachoFacts(NamedTuple):
    """What only a Mach-O slice has. All of it is in the load commands, so HEADER depth has it."""

    filetype: int
    flags: int
    cpusubtype: int
    """The whole field, capability bits included."""
    platform: str
    """`BuildVersion.platform`; of a zippered dylib that of macOS; empty if no command says so."""
    build_versions: tuple[BuildVersion, ...] = ()
    install_name: str = ""
    dylibs: tuple[Dylib, ...] = ()
    rpaths: tuple[str, ...] = ()
    signature: CodeSignature | None = None
    unknown_required: tuple[tuple[int, int], ...] = ()
    """(index, cmd) of each load command that dyld must understand (LC_REQ_DYLD) and that we have never heard of."""
    chained_fixups: bool = False
    hidden: bool = False
    """The slice comes after those that nfat_arch counts, where only dyld looks (lipo -hideARM64)."""


class VersionNeed(NamedTuple):
    """One entry of an ELF file's version needs."""

    library: str
    version: str
    weak: bool


class ElfFacts(NamedTuple):
    """What only an ELF file has."""

    type: int
    """e_type."""
    osabi: int
    flags: int
    """e_flags."""
    little_endian: bool
    interpreter: str = ""
    """PT_INTERP."""
    executable_stack: bool | None = None
    """PT_GNU_STACK's PF_X; None if there is no such header."""
    load_alignment: int = 0
    """The smallest p_align of all PT_LOAD, in bytes."""
    largest_page: int = 0
    """The largest page size of a kernel, in bytes and at most 64 KiB, with which the loader can map each PT_LOAD; 0 if
    there is none."""
    android_api: int | None = None
    """The API level of the Android note."""
    x86_isa_needed: int = 0
    """GNU_PROPERTY_X86_ISA_1_NEEDED: 2 is v2, 4 v3, 8 v4."""
    x86_isa_used: int = 0
    """GNU_PROPERTY_X86_ISA_1_USED, with the same bits: what the compiler used somewhere in the code."""
    cpuid: bool | None = None
    """LINKAGE. Whether the code has the bytes of the instruction CPUID; None if it was not searched, because the code
    uses neither v3 nor v4."""
    soname: str = ""
    """LINKAGE."""
    rpath: tuple[str, ...] = ()
    """LINKAGE. DT_RPATH, split at colons."""
    runpath: tuple[str, ...] = ()
    """LINKAGE. DT_RUNPATH, split at colons."""
    version_needs: tuple[VersionNeed, ...] = ()
    """LINKAGE."""
    packed_relocations: bool = False
    """LINKAGE. It has DT_RELR."""


class Image(NamedTuple):
    """One program, library or object as its loader sees it: a thin file, or one slice of a fat one."""

    format: Format
    machine: Machine
    variant: str
    """What the machine alone does not say, or empty: `arm64e`, `x86_64h`, `arm64ec`, `arm64x`, `x32`, `ilp32`,
    `soft-float`, `single-float`, `quad-float`, `eabi4`, `elfv1`, `rve`, `big-endian`, `little-endian`, `memory64`."""
    code: int
    """The raw machine number: PE Machine, Mach-O cputype, ELF e_machine; 0 for wasm."""
    bits: int
    """Pointer width by the format's own class field; 0 if there is none."""
    offset: int
    """Where the image starts, in bytes from the start of the member; not 0 for a slice of a fat file."""
    kind: Kind
    depth: Depth
    """How deep it was read. Fields of a deeper level are empty because they were not read."""
    minos: tuple[int, int, int] | None = None
    """Mach-O: the lowest version of `MachoFacts.platform` that it was built for; None if no command says so. None for
    other formats."""
    needed: tuple[str, ...] = ()
    """Libraries that it needs. PE (LINKAGE): DLL names of the import and delay-import directories. Mach-O (HEADER):
    paths of LC_LOAD_DYLIB and related commands, including weak ones, without its own install name. ELF (LINKAGE):
    DT_NEEDED."""
    hooks: tuple[str, ...] = ()
    """LINKAGE. Exported names with which Python starts an extension module: PyInit_*, PyInitU_*, PyModExport_*,
    PyModExportU_*, _cffi_pypyinit_*, and init* of Python 2; Mach-O's leading underscore is gone. In file order."""
    imported: tuple[Symbol, ...] = ()
    """SYMBOLS. What it imports. PE: imports and delay imports of every DLL. ELF: undefined global and weak dynamic
    symbols. Mach-O: undefined external symbols of LC_SYMTAB; if it was stripped, what chained fixups or bind
    opcodes bind."""
    faults: tuple[Fault, ...] = ()
    """Where it breaks its format. `damaged` says whether the other facts may be wrong."""
    pe: PeFacts | None = None
    macho: MachoFacts | None = None
    elf: ElfFacts | None = None

    @property
    def arch(self) -> str:
        """The name for messages: the variant if it names an architecture, else the machine."""
        return self.variant if self.variant in _ARCH_VARIANTS else self.machine.value

    @property
    def damaged(self) -> bool:
        """Whether a part that the loader reads is damaged, so that the other facts may be wrong."""
        return any(fault.loaded for fault in self.faults)


_ARCH_VARIANTS = frozenset({"arm64e", "x86_64h", "arm64ec", "arm64x", "x32"})


class Role(StrEnum):
    """What a native member is for, and so how much depends on it.

    The order of the tests is in docs/facts/tags-and-installers.md, "Roles of members".
    """

    EXTENSION = "extension"
    DEPENDENCY = "dependency"
    """A library that an extension module of the wheel needs, judged by its place and name."""
    SCRIPT = "script"
    """Native file under .data/scripts/."""
    FAMILY = "family"
    """One of several builds of a helper for several machines. One of them fits the tag."""
    SDK = "sdk"
    """Static archives, objects, import libraries, sysroots."""
    MANAGED = "managed"
    """.NET that runs on every machine."""
    DEBUG = "debug"
    TEST_DATA = "test-data"
    DATA = "data"
    """Code for another kind of machine: wasm, GPU, BPF, bitcode."""
    LIBRARY = "library"
    EXECUTABLE = "executable"


class Severity(StrEnum):
    """How much a finding matters. ERROR is greater than WARNING, and WARNING than NOTE."""

    ERROR = "error"
    """It certainly fails for somebody whom the tags promise that it works."""
    WARNING = "warning"
    """It may fail, or works only with help from outside the wheel."""
    NOTE = "note"

    @property
    def rank(self) -> int:
        """3 for error, 2 for warning, 1 for note."""
        return {"error": 3, "warning": 2, "note": 1}[self.value]

    def __lt__(self, other: str) -> bool:
        return self.rank < Severity(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Severity(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Severity(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Severity(other).rank


class Fact(StrEnum):
    """A kind of fact that a parser can confirm."""

    MACHINE = "machine"
    """The machine of each slice, and which slices there are."""
    SUB_ABI = "sub_abi"
    HYBRID = "hybrid"
    LIBRARIES = "libraries"
    """The libraries that the finding names."""
    IMPORTS = "imports"
    """The symbols that the finding names."""
    HOOKS = "hooks"
    """All init hooks: a finding may rest on one that is missing."""
    VERSIONS = "versions"
    """The symbol versions that the finding names."""
    LIBC = "libc"
    MINOS = "minos"
    """The platform and its lowest version."""
    SIGNATURE = "signed"
    ANDROID_API = "android_api"
    DAMAGE = "damage"
    """Confirmed by a parser that rejects the file, or reads of parts behind its end. Never denied: most parsers
    take what a loader refuses."""


class StableAbi(NamedTuple):
    """What a file imports from Python, compared with CPython's stable ABI."""

    floor: tuple[int, int]
    """The lowest Python whose stable ABI has every name that is neither in `outside` nor weak, that has the Python
    DLL, and that calls the module's hook."""
    outside: tuple[str, ...]
    """Names that no stable ABI has, sorted."""


class PythonLinkage(NamedTuple):
    """How an extension module is bound to Python."""

    runtime: str | None
    """The Python library that it names: DLL name in lower case, or last path component. None if it names none."""
    hooks: tuple[str, ...]
    """Its `Image.hooks` that start a Python 3 module, from all slices."""
    gil: str
    """`gil`, `free-threaded` or `unknown`: the kind of interpreter that its runtime belongs to."""
    stable_abi: StableAbi | None = None
    """SYMBOLS. From all slices. None if a slice was not read that deep or is damaged, or if nothing is imported
    from CPython."""


class Member(NamedTuple):
    """A native file of a wheel, or one whose name says that it is native."""

    path: str
    """As the archive spells it, with forward slashes."""
    size: int
    """Inflated bytes."""
    role: Role
    images: tuple[Image, ...]
    """One for a thin file, one per slice for a fat one, none if the file could not be parsed or is not native."""
    faults: tuple[Fault, ...] = ()
    """Why it could not be parsed, or what is wrong with it outside of any image, such as in its fat header."""
    head: bytes = b""
    """The first bytes, at most 64, of a member that is not native although its name says so."""
    mode: int | None = None
    """Unix mode bits of its zip record; None if it was not packed on Unix."""
    sha256: str | None = None
    """Of the whole member, as RECORD writes it; None if it was not read to its end."""
    python: PythonLinkage | None = None
    """None if it is not an extension module."""
    crc: int | None = None
    """CRC-32 of the whole member, as the archive's directory claims; None outside of an archive."""

    @property
    def name(self) -> str:
        """The last component of the path."""
        return self.path.rpartition("/")[2]


class Finding(NamedTuple):
    """One thing that is wrong, or worth knowing. Every string in it may come from the file: escape before printing."""

    code: str
    """`WA201`."""
    name: str
    """`wrong-machine`."""
    severity: Severity
    member: str | None
    """Path in the wheel; None if the finding is about the file name or the whole archive."""
    slice: str | None
    """Architecture of the slice, if the finding is about one slice of a fat file."""
    tags: tuple[str, ...]
    """The tag triples that are wrong."""
    message: str
    evidence: dict[str, str]
    """What was found and what was expected; `have` and `need` if they make sense."""
    consequence: str
    """What the user sees, in the loader's own words if we know them."""
    remedy: str
    confirmed_by: tuple[str, ...] = ()
    predicted_by: tuple[str, ...] = ()
    """The doctor's rules that recognize such a build before it runs, for the tool that built the wheel."""
    claims: tuple[tuple[Fact, str], ...] = ()
    """The names that the finding rests on, as `(fact, name)`: what other parsers are asked for."""


class WheelReport(NamedTuple):
    """One input, judged."""

    path: str
    """As the caller gave it."""
    kind: str
    """`wheel`, `directory` (an unpacked wheel), `sdist`, `binary`, `project` (what the doctor read), or
    `environment` (one installed distribution)."""
    status: str
    """`clean`, `findings`, or `unreadable` if nothing inside could be judged; empty if nothing was judged (show)."""
    tags: tuple[str, ...]
    """Expanded tag triples, sorted."""
    generator: str
    """WHEEL's Generator; several are joined by `; `."""
    members: tuple[Member, ...]
    findings: tuple[Finding, ...]
    honest_tags: tuple[str, ...] | None = None
    """The narrowest tag triples that match the contents, sorted. None if the tags are right, if no tag matches, or
    if another wheel of the set has that tag."""
    rebuild: tuple[str, ...] = ()
    """Members that must be rebuilt, if the tags are wrong and no tags match the contents."""

    @property
    def ok(self) -> bool:
        """Whether it could be read and there is no error."""
        return self.status != "unreadable" and not any(
            finding.severity is Severity.ERROR for finding in self.findings
        )


class Grid(NamedTuple):
    """Which wheels of one version there are, by platform and Python."""

    title: str
    """Project and version."""
    platforms: tuple[str, ...]
    """Platform tags without their versions, sorted: `macosx_arm64`; a universal tag counts as each of its machines."""
    pythons: tuple[str, ...]
    """`cp311`, `cp313t`, `cp39+` for the stable ABI from 3.9 on, `py3`; the oldest first."""
    cells: tuple[tuple[str, ...], ...]
    """One row per platform, one word per Python: `ok`, `wrong` (a wheel for it has an error), `missing`, or empty if
    there is no such Python."""
