"""The PE reader: real files of every machine, files built byte by byte, cut files and damaged files."""

import random
import struct
from collections.abc import Mapping
from typing import Any

import pytest

from support.images import every_length, image, lengths
from support.values import pe as record
from wheelarch.errors import FormatError
from wheelarch.image import pe
from wheelarch.limits import DEFAULT, Limits
from wheelarch.model import Depth, Image, Kind, Machine, PeImport, Symbol
from wheelarch.view import BytesView


def read(data: bytes, depth: Depth = Depth.SYMBOLS, limits: Limits = DEFAULT) -> Image:
    return pe.read(BytesView(bytes(data)), depth, limits)


def kinds(found: Image) -> set[str]:
    return {fault.kind for fault in found.faults}


# -- real files ----------------------------------------------------------------------------------------------


def _extension(machine: Machine, dll: str, hook: str = "PyInit_ext", **more: Any) -> Image:
    """The facts of testdata/sources/extension.c as an extension module, with some replaced."""
    imported = (Symbol("PyLong_FromLong", dll), Symbol("PyModuleDef_Init", dll))
    return record(machine, dll, hooks=(hook,), **{"imported": imported, **more})


_HYBRID = {"chpe": True}
_X86 = {"characteristics": 0x2102}
IMAGES = {
    "win32-python3.pyd": _extension(Machine.X86, "python3.dll", **_X86),
    "win32-python313t.pyd": _extension(Machine.X86, "python313t.dll", **_X86),
    "win32-helper.dll": record(Machine.X86, **_X86),
    "win32-program.exe": record(Machine.X86, kind=Kind.EXECUTABLE, characteristics=0x102, subsystem=3),
    "win_amd64-python3.pyd": _extension(Machine.X86_64, "python3.dll"),
    "win_amd64-python3t.pyd": _extension(Machine.X86_64, "python3t.dll", "PyModExport_ext"),
    "win_amd64-python2.pyd": _extension(Machine.X86_64, "python27.dll", "initext"),
    "win_amd64-ordinals.pyd": _extension(
        Machine.X86_64,
        "python311.dll",
        imported=(Symbol("#301", "python311.dll"), Symbol("#302", "python311.dll")),
    ),
    "win_amd64-mixed.pyd": record(
        Machine.X86_64,
        "python3.dll",
        "python311.dll",
        hooks=("PyInit_ext",),
        imported=(Symbol("PyModuleDef_Init", "python3.dll"), Symbol("PyLong_FromLong", "python311.dll")),
    ),
    "win_amd64-delayed.pyd": record(
        Machine.X86_64,
        delayed=("python311.dll",),
        hooks=("PyInit_ext",),
        imported=(Symbol("PyLong_FromLong", "python311.dll"), Symbol("PyModuleDef_Init", "python311.dll")),
    ),
    "win_amd64-program.exe": record(Machine.X86_64, kind=Kind.EXECUTABLE, characteristics=0x22, subsystem=3),
    "win_arm64-python3.pyd": _extension(Machine.ARM64, "python3.dll"),
    "win_arm64-helper.dll": record(Machine.ARM64),
    "win_arm64ec-python3.pyd": _extension(Machine.X86_64, "python3.dll", variant="arm64ec", **_HYBRID),
    "win_arm64x-python3.pyd": _extension(Machine.ARM64, "python3.dll", variant="arm64x", **_HYBRID),
}


@pytest.mark.parametrize("name", IMAGES)
def test_whole_record(name: str) -> None:
    """Every fact of a real file is what its compiler was given."""
    assert read(image(name)) == IMAGES[name]


@pytest.mark.parametrize("name", IMAGES)
def test_depths(name: str) -> None:
    """A less deep reading gives the same facts, without those of a deeper level."""
    whole = IMAGES[name]
    assert whole.pe is not None
    linkage = whole._replace(depth=Depth.LINKAGE, imported=())
    assert read(image(name), Depth.LINKAGE) == linkage
    # The load config of these hybrids is after the first 4096 bytes.
    header = linkage._replace(
        depth=Depth.HEADER, needed=(), hooks=(), variant="", pe=whole.pe._replace(imports=(), chpe=False)
    )
    assert read(image(name), Depth.HEADER) == header


@every_length
@pytest.mark.parametrize("depth", [Depth.HEADER, Depth.SYMBOLS])
@pytest.mark.parametrize("name", IMAGES)
def test_growth(name: str, depth: Depth, stride: int) -> None:
    """A file that is cut anywhere gives the facts of the whole file, or a fault."""
    data = image(name)
    truth = read(data, depth)
    for size in lengths(len(data), stride):
        try:
            found = read(data[:size], depth)
        except FormatError:
            continue
        assert found.faults or found == truth, size


@pytest.mark.parametrize("name", IMAGES)
def test_mutants(name: str) -> None:
    """Whatever bytes are flipped or overwritten, only FormatError is raised, and faults are few."""
    data = image(name)
    chance = random.Random(name)
    for _ in range(400):
        mutant = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(min(len(data), chance.choice((0x200, 0x600, 1 << 20))) - 4)
            if chance.random() < 0.5:
                mutant[place] ^= 1 << chance.randrange(8)
            else:
                lie = chance.choice((0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, len(data), 0x1000, 0x2000))
                struct.pack_into("<I", mutant, place, lie)
        try:
            found = read(bytes(mutant))
        except FormatError:
            continue
        assert len(found.faults) <= 16


class _Recorder(BytesView):
    """A View that records its reads."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.reads: list[tuple[int, int]] = []

    def read(self, offset: int, size: int) -> bytes:
        self.reads.append((offset, size))
        return super().read(offset, size)

    def read_upto(self, offset: int, size: int) -> bytes:
        self.reads.append((offset, size))
        return super().read_upto(offset, size)


@pytest.mark.parametrize("name", IMAGES)
def test_header_is_one_read(name: str) -> None:
    """The machine of a native file costs its first 4096 bytes, read once."""
    view = _Recorder(image(name))
    pe.read(view, Depth.HEADER, DEFAULT)
    assert view.reads == [(0, 4096)]


@pytest.mark.parametrize("name", IMAGES)
def test_reads_are_few(name: str) -> None:
    """The tables and names of a small module take a dozen reads, none of them large."""
    view = _Recorder(image(name))
    pe.read(view, Depth.SYMBOLS, DEFAULT)
    assert len(view.reads) <= 12
    assert max(size for _, size in view.reads) <= 4096


# -- files built byte by byte --------------------------------------------------------------------------------

# The file header is at 0x44, the optional header at 0x58, the section's data at 0x200; its RVA is 0x1000.
BASE = 0x180000000
BASE_32 = 0x10000000


def build(wide: bool = True, machine: int | None = None, **more: Any) -> bytearray:
    """A DLL that imports python3.dll and, delayed, late.dll, and exports; `more` overwrites fields."""
    base = BASE if wide else BASE_32
    fields = {
        "sections": 1,
        "optional_size": 240 if wide else 224,
        "characteristics": 0x2022,
        "alignment": 0x1000,
        "headers": 0x200,
        "directories": 16,
        "virtual_size": 0x400,
        "rva": 0x1000,
        "raw_size": 0x400,
        "raw": 0x200,
        "name": b".rdata",
        "flags": 0x40000040,
        "export": 0x1140,
        "import": 0x1000,
        "delay": 0x10C0,
        "config": 0,
        "clr": 0,
        **more,
    }
    data = bytearray(0x600)
    data[0:2] = b"MZ"
    struct.pack_into("<H", data, 0x18, 0x40)
    struct.pack_into("<I", data, 0x3C, 0x40)
    data[0x40:0x44] = b"PE\0\0"
    struct.pack_into("<HH", data, 0x44, machine or (0x8664 if wide else 0x14C), fields["sections"])
    struct.pack_into("<HH", data, 0x44 + 16, fields["optional_size"], fields["characteristics"])
    struct.pack_into("<H", data, 0x58, 0x20B if wide else 0x10B)
    struct.pack_into("<Q" if wide else "<I", data, 0x58 + (24 if wide else 28), base)
    struct.pack_into("<II", data, 0x58 + 32, fields["alignment"], 0x200)
    struct.pack_into("<II", data, 0x58 + 56, 0x2000, fields["headers"])
    struct.pack_into("<H", data, 0x58 + 68, 2)
    table = 0x58 + (112 if wide else 96)
    struct.pack_into("<I", data, table - 4, fields["directories"])
    for index, name in ((0, "export"), (1, "import"), (10, "config"), (13, "delay"), (14, "clr")):
        struct.pack_into("<II", data, table + 8 * index, fields[name], 1)
    section = struct.pack(
        "<8sIIII12xI",
        fields["name"],
        fields["virtual_size"],
        fields["rva"],
        fields["raw_size"],
        fields["raw"],
        fields["flags"],
    )
    data[0x58 + fields["optional_size"] : 0x58 + fields["optional_size"] + 40] = section

    thunk = "<Q" if wide else "<I"
    size = struct.calcsize(thunk)
    struct.pack_into("<IIIII", data, 0x200, 0x1040, 0, 0, 0x1080, 0x1060)
    for start in (0x240, 0x260):
        struct.pack_into(thunk, data, start, 0x1090)
        struct.pack_into(thunk, data, start + size, 1 << 8 * size - 1 | 12)
    data[0x280:0x28C] = b"python3.dll\0"
    data[0x292:0x2A2] = b"PyLong_FromLong\0"
    struct.pack_into("<IIIIIIII", data, 0x2C0, 1, 0x1100, 0, 0, 0x1110, 0, 0, 0)
    data[0x300:0x309] = b"late.dll\0"
    struct.pack_into(thunk, data, 0x310, 0x1130)
    data[0x332:0x337] = b"late\0"
    struct.pack_into("<I", data, 0x340 + 24, 2)
    struct.pack_into("<I", data, 0x340 + 32, 0x1170)
    struct.pack_into("<II", data, 0x370, 0x1180, 0x1190)
    data[0x380:0x38B] = b"PyInit_ext\0"
    data[0x390:0x396] = b"other\0"
    return data


def poked(pokes: Mapping[int, bytes | int], **fields: Any) -> bytearray:
    """A built file in which some bytes or 32-bit numbers are overwritten."""
    data = build(**fields)
    for offset, value in pokes.items():
        raw = value if isinstance(value, bytes) else struct.pack("<I", value)
        data[offset : offset + len(raw)] = raw
    return data


BUILT = record(
    Machine.X86_64,
    "python3.dll",
    delayed=("late.dll",),
    hooks=("PyInit_ext",),
    imported=(
        Symbol("PyLong_FromLong", "python3.dll"),
        Symbol("#12", "python3.dll"),
        Symbol("late", "late.dll"),
    ),
)
_ONLY_LATE = {"needed": ("late.dll",), "imported": BUILT.imported[2:]}
_ONLY_PYTHON = {"needed": ("python3.dll",), "imported": BUILT.imported[:2]}


@pytest.mark.parametrize("wide", [True, False])
def test_built(wide: bool) -> None:
    """Both widths of the format give the same facts."""
    x86 = BUILT._replace(machine=Machine.X86, code=0x14C, bits=32)
    assert BUILT.pe is not None
    assert read(build(wide)) == (BUILT if wide else x86._replace(pe=BUILT.pe._replace(magic=0x10B)))


def flat() -> bytearray:
    """The same, but the headers overlap, so that SectionAlignment is e_lfanew, and 4."""
    built = build(sections=0)
    data = bytearray(0x1000) + built[0x200:]
    data[0:2] = b"MZ"
    data[4:0x10C] = built[0x40:0x148]
    struct.pack_into("<I", data, 0x3C, 4)
    return data


SOUND = {
    "headers overlap, and the file is mapped as it is": flat(),
    "NumberOfRvaAndSizes is above 16": build(directories=0xFFFFFFFF),
    "SizeOfOptionalHeader is larger than the directories": build(optional_size=0x140 - 0x58 + 0x30),
    "OriginalFirstThunk is empty": poked({0x200: 0}),
    "OriginalFirstThunk is not an address": poked({0x200: 0x77777777}),
    "the load config is older than CHPE": poked({0x400: 0x40, 0x4C8: 0x77777777}, config=0x1200),
    "the load config has no CHPE pointer": poked({0x400: 0x140}, config=0x1200),
    "VirtualSize is 0": build(virtual_size=0),
    "PointerToRawData is rounded down to a sector": build(raw=0x3FF),
    "a descriptor without address table ends the directory": poked(
        {0x214: b"\1" * 4, 0x220: 0x1080, 0x224: 0}
    ),
    "an overlay follows": build() + b"a certificate",
    "a delay import of Visual C++ 6": poked(
        {0x2C0: 0, 0x2C4: BASE_32 + 0x1100, 0x2D0: BASE_32 + 0x1110, 0x310: BASE_32 + 0x1130}, wide=False
    ),
}


@pytest.mark.parametrize("case", SOUND)
def test_oddities_that_load(case: str) -> None:
    """A file that Windows accepts has no fault and loses no fact."""
    found = read(SOUND[case])
    assert found.faults == ()
    assert (found.needed, found.hooks, found.imported) == (BUILT.needed, BUILT.hooks, BUILT.imported)


def _dataless_tail(virtual_size: int) -> bytearray:
    """An import directory whose last descriptor ends with the section's data."""
    data = build(virtual_size=virtual_size, **{"import": 0x13EC})
    data[0x5EC:0x600] = data[0x200:0x214]
    return data


HOSTILE: dict[str, tuple[bytearray, set[str], dict[str, Any]]] = {
    "a name in no section": (poked({0x20C: 0x9000}), {"outside"}, {"needed": ("late.dll",)}),
    "a name where memory has no data": (
        poked({0x20C: 0x1800}, virtual_size=0x2000),
        {"outside"},
        {"needed": ("late.dll",), "hooks": BUILT.hooks},
    ),
    "an empty name": (poked({0x20C: 0x10BF}), {"outside"}, {"needed": ("late.dll",)}),
    "a name that its section ends": (
        poked({0x20C: 0x13FF, 0x5FF: b"x"}),
        {"outside"},
        {"needed": ("late.dll",)},
    ),
    "a library's name of more than 512 bytes": (
        poked({0x20C: 0x11A0, 0x3A0: b"x" * 513}),
        {"limit"},
        {"needed": ("late.dll",)},
    ),
    "import directory in no section": (build(**{"import": 0x9000}), {"outside"}, _ONLY_LATE),
    "import directory without terminator": (_dataless_tail(0x1000), set(), {"needed": BUILT.needed}),
    "delay-import directory in no section": (build(delay=0xFFFFFFFF), {"outside"}, _ONLY_PYTHON),
    "thunks in no section": (
        poked({0x200: 0x9000, 0x210: 0x9000}),
        {"outside"},
        {"imported": BUILT.imported[2:]},
    ),
    "a thunk of more than 31 bits": (poked({0x244: 1}), {"outside"}, {"imported": BUILT.imported[1:]}),
    "an imported name in no section": (poked({0x240: 0x9000}), {"outside"}, {"imported": BUILT.imported[1:]}),
    "export directory in no section": (
        build(export=0x9000),
        {"outside"},
        {"hooks": (), "needed": BUILT.needed},
    ),
    "export directory half outside": (build(export=0x13F0), {"outside"}, {"hooks": ()}),
    "an exported name in no section": (poked({0x374: 0x9000}), {"outside"}, {"hooks": BUILT.hooks}),
    "a hook that its section ends": (
        poked({0x374: 0x13F9, 0x5F9: b"PyInit_"}),
        {"outside"},
        {"hooks": BUILT.hooks},
    ),
    "a hook of more than 512 bytes": (
        poked({0x374: 0x11A0, 0x3A0: b"PyInit_" + b"x" * 520}),
        {"limit"},
        {"hooks": BUILT.hooks},
    ),
    "more exports than the file can hold": (poked({0x358: 0x1000}), {"outside"}, {"hooks": ()}),
    "four thousand million exports": (poked({0x358: 0xFFFFFFFF}), {"limit", "outside"}, {"hooks": ()}),
    "CLR header in no section": (build(clr=0x9000), {"outside"}, {"machine": Machine.X86_64}),
    "CLR header of two bytes": (
        poked({0x3A0: 2, 0x3B0: 1}, clr=0x11A0),
        {"contradiction"},
        {"hooks": BUILT.hooks},
    ),
    "load config in no section": (build(config=0x9000), {"outside"}, {"variant": "", "needed": BUILT.needed}),
    "load config half outside": (poked({0x5F0: 0x140}, config=0x13F0), {"outside"}, {"variant": ""}),
    "CHPE metadata below the image": (
        poked({0x400: 0x140, 0x4C8: struct.pack("<Q", 0x1300)}, config=0x1200),
        {"outside"},
        {"variant": ""},
    ),
    "CHPE metadata in no section": (
        poked({0x400: 0x140, 0x4C8: struct.pack("<Q", BASE + 0x9000)}, config=0x1200),
        {"outside"},
        {"variant": ""},
    ),
    "CHPE metadata cut off": (
        poked({0x400: 0x140, 0x4C8: struct.pack("<Q", BASE + 0x13F8)}, config=0x1200),
        {"outside"},
        {"variant": ""},
    ),
    "no section": (build(sections=0), {"outside"}, {"machine": Machine.X86_64, "needed": ()}),
    "65,535 sections": (
        build(sections=0xFFFF),
        {"limit", "truncated", "overlap"},
        {"machine": Machine.X86_64},
    ),
    "section table beyond the end": (
        build()[:0x160],
        {"truncated", "outside"},
        {"machine": Machine.X86_64, "bits": 64},
    ),
    "a section beyond the end": (
        build(raw_size=0x800, virtual_size=0x800),
        {"truncated"},
        {"needed": BUILT.needed},
    ),
    "a section of 4 GiB": (
        build(raw_size=0xFFFFFFFF, virtual_size=0x1000),
        {"truncated"},
        {"hooks": BUILT.hooks},
    ),
    "sections on each other": (
        poked({0x170: bytes(build()[0x148:0x170])}, sections=2),
        {"overlap"},
        {"needed": BUILT.needed, "hooks": BUILT.hooks},
    ),
    "SizeOfOptionalHeader without directories": (build(optional_size=112), {"contradiction"}, {"needed": ()}),
    "no machine": (
        poked({0x44: b"\0\0"}),
        {"contradiction"},
        {"machine": Machine.NONE, "needed": BUILT.needed},
    ),
    "a machine of objects": (build(machine=0xA641), {"contradiction"}, {"code": 0xA641}),
    "x86 in PE32+": (build(machine=0x14C), {"contradiction"}, {"machine": Machine.X86, "bits": 64}),
    "x64 in PE32": (
        build(wide=False, machine=0x8664),
        {"contradiction"},
        {"machine": Machine.X86_64, "bits": 32},
    ),
    "arm64 in PE32": (build(wide=False, machine=0xAA64), {"contradiction"}, {"machine": Machine.ARM64}),
    "arm in PE32+": (build(machine=0x1C4), {"contradiction"}, {"machine": Machine.ARM}),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile(case: str) -> None:
    """A wrong field is a fault of the right kind, and only the facts that depend on it are lost."""
    data, expected, facts = HOSTILE[case]
    found = read(data)
    assert kinds(found) == expected
    assert {name: getattr(found, name) for name in facts} == facts


def test_table_ends_with_its_section() -> None:
    """Zeros after a section's data end a table. If the section ends there, too, the table has no end."""
    assert read(_dataless_tail(0x2000)).faults == ()
    whole = build(raw_size=0x1000, virtual_size=0x1000, **{"import": 0x1FEC}) + bytes(0xC00)
    whole[0x11EC:0x1200] = whole[0x200:0x214]
    found = read(whole)
    assert kinds(found) == {"outside"}
    assert found.needed == BUILT.needed


def test_long_symbol() -> None:
    """An imported name may be as long as C++ makes it. Only the name of a library has a low limit."""
    name = b"?" + b"x" * 700
    data = poked({0x240: 0x11FE, 0x400: name.ljust(0x400, b"\0")}, raw_size=0x600, virtual_size=0x600)
    assert read(data).imported[0] == Symbol(name.decode(), "python3.dll")
    assert kinds(read(data, limits=DEFAULT._replace(symbol_bytes=600))) == {"limit"}


def test_foreign_name() -> None:
    """A name that is not UTF-8 is escaped. A UTF-8 name is decoded."""
    assert read(poked({0x280: b"\xff\x80"})).needed[0] == "\\xff\\x80thon3.dll"
    assert read(poked({0x280: "ä".encode()})).needed[0] == "äthon3.dll"


@pytest.mark.parametrize(
    ("limit", "missing"),
    [
        ("imported_libraries", "imports"),
        ("thunks_per_library", "symbols"),
        ("thunks", "symbols"),
        ("exports", "hooks"),
        ("table_bytes", "names"),
        ("sections", "sections"),
    ],
)
def test_limits(limit: str, missing: str) -> None:
    """Every bound that is hit is a fault. A value equal to the bound is not."""
    enough = {
        "imported_libraries": 1,
        "thunks_per_library": 2,
        "thunks": 3,
        "exports": 2,
        "table_bytes": 38 + 4 * 160,
        "sections": 1,
    }
    assert read(build(), limits=DEFAULT._replace(**{limit: enough[limit]})).faults == (), missing
    assert "limit" in kinds(read(build(), limits=DEFAULT._replace(**{limit: enough[limit] - 1}))), missing


def test_shared_thunks_are_bounded() -> None:
    """Four thousand libraries that share one long table of thunks do not give more symbols than the bound."""
    count = 4096
    data = bytearray(
        build(raw_size=0x60000, virtual_size=0x60000, **{"import": 0x2000}) + bytes(0x60000 - 0x400)
    )
    start = 0x200 + 0x1000
    for index in range(count):
        struct.pack_into("<IIIII", data, start + 20 * index, 0x20000, 0, 0, 0x1080, 0x20000)
    thunks = 0x200 + 0x1F000
    for index in range(0x8000):
        struct.pack_into("<Q", data, thunks + 8 * index, 0x1090 + index)
    found = read(data)
    assert "limit" in kinds(found)
    assert len(found.needed) == count + 1
    assert len(found.imported) == DEFAULT.thunks


# -- what a header says --------------------------------------------------------------------------------------

MACHINES = {
    0x014C: (Machine.X86, False),
    0x01C4: (Machine.ARM, False),
    0x8664: (Machine.X86_64, True),
    0xAA64: (Machine.ARM64, True),
    0x0200: (Machine.IA64, True),
    0x0EBC: (Machine.EBC, True),
    0x5064: (Machine.RISCV64, True),
    0x6264: (Machine.LOONGARCH64, True),
    0x4321: (Machine.OTHER, True),
    0xFD1D: (Machine.OTHER, True),
}


@pytest.mark.parametrize("code", MACHINES)
def test_machine(code: int) -> None:
    """A known machine number has its name, an unknown one is `Machine.OTHER`, and neither is a fault."""
    machine, wide = MACHINES[code]
    found = read(build(wide, code))
    assert (found.machine, found.variant, found.code, found.faults) == (machine, "", code, ())


MANAGED = {
    # machine, PE32+, flags: what it runs on, and the system of a ReadyToRun image
    "AnyCPU": (0x14C, False, 0x1, Machine.ANY, ""),
    "AnyCPU, signed": (0x14C, False, 0x9, Machine.ANY, ""),
    "x86 only": (0x14C, False, 0x3, Machine.X86, ""),
    "AnyCPU, 32 bits preferred": (0x14C, False, 0x20003, Machine.X86, ""),
    "C++/CLI": (0x14C, False, 0x2, Machine.X86, ""),
    "ReadyToRun for x86": (0x14C, False, 0x6, Machine.X86, ""),
    "IL for x64": (0x8664, True, 0x1, Machine.X86_64, ""),
    "mixed for x64": (0x8664, True, 0x0, Machine.X86_64, ""),
    "ReadyToRun for x64 on Linux": (0xFD1D, True, 0x5, Machine.X86_64, "linux"),
    "ReadyToRun for arm64 on macOS": (0xEC20, True, 0x5, Machine.ARM64, "apple"),
    "ReadyToRun for arm64 on FreeBSD": (0x07A0, True, 0x4, Machine.ARM64, "freebsd"),
    "ReadyToRun for x86 on Linux": (0x7A35, False, 0x5, Machine.X86, "linux"),
}


@pytest.mark.parametrize("depth", Depth)
@pytest.mark.parametrize("case", MANAGED)
def test_managed(case: str, depth: Depth) -> None:
    """At every depth, the CLR header says whether managed code runs everywhere, and its machine is unmasked."""
    code, wide, flags, machine, system = MANAGED[case]
    found = read(poked({0x3A0: 72, 0x3B0: flags}, wide=wide, machine=code, clr=0x11A0), depth)
    assert found.pe is not None
    assert (found.machine, found.code, found.pe.clr_flags) == (machine, code, flags)
    assert (found.pe.readytorun_os, found.faults) == (system, ())


HYBRIDS = {
    "arm64ec": (True, 0x8664, 0x140),
    "arm64x": (True, 0xAA64, 0xD0),
    "chpe": (False, 0x14C, 0x80),
}


@pytest.mark.parametrize("depth", Depth)
@pytest.mark.parametrize("variant", HYBRIDS)
def test_hybrids(variant: str, depth: Depth) -> None:
    """A load config that points to CHPE metadata makes a hybrid. If it is near, header depth also finds it."""
    wide, machine, size = HYBRIDS[variant]
    pointer = {0x4C8: struct.pack("<Q", BASE + 0x1300)} if wide else {0x47C: BASE_32 + 0x1300}
    found = read(poked({0x400: size, **pointer}, wide=wide, machine=machine, config=0x1200), depth)
    assert found.pe is not None
    assert (found.variant, found.pe.chpe, found.faults) == (variant, True, ())
    smaller = read(
        poked(
            {0x400: size - 0x78 if size > 0xD0 else size - 1, **pointer},
            wide=wide,
            machine=machine,
            config=0x1200,
        )
    )
    assert (smaller.variant, smaller.faults) == ("", ())


def test_packer() -> None:
    """The section names of UPX say that the imports are the packer's."""
    for name in (b"UPX0", b"UPX1"):
        found = read(build(name=name))
        assert found.pe is not None
        assert found.pe.packed


def test_debug_companion() -> None:
    """A file without its code is for a debugger, and its directories may point nowhere without a fault."""
    found = read(build(flags=0x60000020, raw_size=0, raw=0))
    assert (found.kind, found.machine, found.faults, found.needed) == (Kind.DEBUG, Machine.X86_64, (), ())


def test_delayed_after_normal() -> None:
    """Imports are in the order of their directories, normal before delayed, each marked as such."""
    found = read(build())
    assert found.pe is not None
    assert found.pe.imports == (PeImport("python3.dll", delayed=False), PeImport("late.dll", delayed=True))


def test_base_is_told() -> None:
    """Offsets count from the start of the member, not of the view."""
    found = pe.read(BytesView(bytes(build(**{"import": 0x9000})), base=0x5000), Depth.SYMBOLS, DEFAULT)
    assert found.offset == 0x5000
    assert [fault.offset for fault in found.faults] == [0x5000 + 0x58 + 112 + 8]


REFUSED = {
    "nothing but MZ": (b"MZ", "truncated"),
    "a program for DOS": (b"MZ" + bytes(0x200), "unsupported"),
    "a program for DOS with text at 0x3C": (b"MZ" + b"DOS program text" * 8, "unsupported"),
    "a program for 16-bit Windows": (poked({0x40: b"NE\0\0"}), "unsupported"),
    "a program for OS/2": (poked({0x40: b"LE\0\0"}), "unsupported"),
    "a driver for Windows 95": (poked({0x40: b"LX\0\0"}), "unsupported"),
    "a header beyond the end": (poked({0x3C: 0x10000}), "truncated"),
    "a header beyond 256 MiB": (poked({0x3C: 0x10000000}), "unsupported"),
    "cut within the file header": (build()[:0x50], "truncated"),
    "cut within the optional header": (build()[:0x80], "truncated"),
    "cut within the directories": (build()[:0xF0], "truncated"),
    "a ROM image": (poked({0x58: b"\x07\x01"}), "unsupported"),
    "no optional header": (poked({0x58: b"\0\0"}), "contradiction"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """A file without complete PE headers is not an image. The kind of fault says whether it was cut off."""
    data, kind = REFUSED[case]
    with pytest.raises(FormatError) as refusal:
        read(bytes(data))
    assert refusal.value.kind == kind
