"""The Mach-O reader: real binaries of every kind, files built byte by byte, cut files and damaged files.

Builders write the bytes of <mach-o/loader.h>, fat.h, nlist.h and fixup-chains.h from the offsets given there.
"""

import random
import struct
from collections.abc import Sequence
from typing import Any

import pytest

from support.images import every_length, image, lengths, manifest
from wheelarch.errors import FormatError
from wheelarch.image import macho
from wheelarch.limits import DEFAULT, Limits
from wheelarch.model import (
    BuildVersion,
    CodeSignature,
    Depth,
    Dylib,
    Format,
    Image,
    Kind,
    Machine,
    MachoFacts,
    Symbol,
)
from wheelarch.view import BytesView


def read(data: bytes, depth: Depth = Depth.SYMBOLS, limits: Limits = DEFAULT) -> tuple[Image, ...]:
    return macho.read(BytesView(bytes(data)), depth, limits)


def read_one(data: bytes, depth: Depth = Depth.SYMBOLS, limits: Limits = DEFAULT) -> Image:
    (only,) = read(data, depth, limits)
    return only


def complaints(images: tuple[Image, ...]) -> list[tuple[str, str]]:
    """Kind and text of each fault, slice by slice."""
    return [(fault.kind, fault.what) for one in images for fault in one.faults]


FIXTURES = sorted(
    name for name, entry in manifest()["images"].items() if entry["images"][0]["format"] == Format.MACHO
)

# -- real files ----------------------------------------------------------------------------------------------

_SYSTEM = "/usr/lib/libSystem.B.dylib"
_FRAMEWORK = "/Library/Frameworks/Python.framework/Versions/3.12/Python"
_IOS_PYTHON = "@rpath/Python.framework/Python"
_BINDER = Symbol("dyld_stub_binder", _SYSTEM)


def _python(library: str = "") -> tuple[Symbol, ...]:
    lookup = "" if library else "flat"
    return (
        Symbol("PyLong_FromLong", library, lookup=lookup), Symbol("PyModuleDef_Init", library, lookup=lookup),
        Symbol("PyModule_AddObjectRef", library, weak=True, lookup=lookup), _BINDER,
    )  # fmt: skip


def _record(minos: tuple[int, int, int], *dylibs: str, platform: str = "macos", **more: Any) -> Image:
    """The extension module of testdata/sources/extension.c, and what differs."""
    dylibs = dylibs or (_SYSTEM,)
    facts = {
        "filetype": 8, "flags": 0x100084, "cpusubtype": 0, "platform": platform,
        "build_versions": (BuildVersion(platform, minos, (27, 0, 0)),),
        "dylibs": tuple(Dylib(name, "load") for name in dylibs),
        "signature": CodeSignature(49824, 248, in_place=True),
        **{key: more.pop(key) for key in list(more) if key in MachoFacts._fields},
    }  # fmt: skip
    fields: dict[str, Any] = {
        "format": Format.MACHO, "machine": Machine.ARM64, "variant": "", "code": 0x0100000C, "bits": 64,
        "offset": 0, "kind": Kind.BUNDLE, "depth": Depth.SYMBOLS, "minos": minos, "needed": dylibs,
        "hooks": ("PyInit_ext",), "imported": _python(), **more,
    }  # fmt: skip
    return Image(**fields, macho=MachoFacts(**facts))


def _intel(minos: tuple[int, int, int], *dylibs: str, **more: Any) -> Image:
    fixed: dict[str, Any] = {
        "machine": Machine.X86_64,
        "code": 0x01000007,
        "cpusubtype": 3,
        "signature": None,
    }
    return _record(minos, *dylibs, **{**fixed, **more})


_UNIVERSAL = (_intel((10, 9, 0), offset=0x4000), _record((11, 0, 0), offset=0xC000))
RECORDS = {
    "macos-arm64-11.0.so": (_record((11, 0, 0)),),
    "macos-arm64-14.0.so": (_record((14, 0, 0)),),
    "macos-x86_64-10.9.so": (_intel((10, 9, 0)),),
    "macos-universal2.so": _UNIVERSAL,
    "macos-universal2-fat64.so": _UNIVERSAL,
    "macos-universal2-hidden-arm64.so": (_UNIVERSAL[0], _record((11, 0, 0), offset=0xC000, hidden=True)),
    "macos-arm64e.so": (_record((11, 0, 0), variant="arm64e", cpusubtype=0x80000002),),
    "macos-x86_64h.so": (_intel((11, 0, 0), variant="x86_64h", cpusubtype=8),),
    "macos-arm64-unsigned.so": (_record((11, 0, 0), signature=None),),
    "macos-arm64-rpath.so": (_record((11, 0, 0), rpaths=("@loader_path/../lib",)),),
    "macos-arm64-framework.so": (_record((11, 0, 0), _FRAMEWORK, _SYSTEM, imported=_python(_FRAMEWORK)),),
    "macos-arm64-export-hook.so": (
        _record((11, 0, 0), hooks=("PyModExport_ext",), signature=CodeSignature(49840, 248, in_place=True)),
    ),
    "macos-arm64-dylib.so": (
        _record((11, 0, 0), filetype=6, kind=Kind.SHARED_LIBRARY, install_name="@rpath/ext.so"),
    ),
    "macos-arm64-program": (
        _record(
            (11, 0, 0), filetype=2, flags=0x300084, kind=Kind.EXECUTABLE, hooks=(), imported=(_BINDER,),
            signature=CodeSignature(49408, 248, in_place=True),
        ),
    ),
    "macos-x86_64.o": (
        _intel(
            (11, 0, 0), filetype=1, flags=0x2000, kind=Kind.OBJECT, needed=(), dylibs=(),
            build_versions=(BuildVersion("macos", (11, 0, 0), (0, 0, 0)),),
            imported=(
                Symbol("PyModuleDef_Init"), Symbol("PyLong_FromLong"),
                Symbol("PyModule_AddObjectRef", weak=True),
            ),
        ),
    ),
    "ios-arm64-simulator.so": (
        _record((14, 0, 0), _IOS_PYTHON, _SYSTEM, platform="ios-simulator", imported=_python(_IOS_PYTHON)),
    ),
    "ios-x86_64-simulator.so": (
        _intel((13, 0, 0), _IOS_PYTHON, _SYSTEM, platform="ios-simulator", imported=_python(_IOS_PYTHON)),
    ),
    "catalyst-arm64.so": (_record((14, 0, 0), platform="catalyst"),),
}  # fmt: skip


@pytest.mark.parametrize("name", RECORDS)
def test_records(name: str) -> None:
    """Every field of a real binary is read as its compiler and linker wrote it."""
    assert read(image(name)) == RECORDS[name]


@pytest.mark.parametrize("name", FIXTURES)
def test_truth(name: str) -> None:
    """Every Mach-O fixture is valid and matches the recipe that built it."""
    truths = manifest()["images"][name]["images"]
    images = read(image(name))
    assert len(images) == len(truths)
    for found, truth in zip(images, truths, strict=True):
        assert found.faults == ()
        assert (found.machine, found.variant, found.kind) == (
            truth["machine"],
            truth["variant"],
            truth["kind"],
        )
        assert found.bits == truth["bits"]
        assert set(found.needed) == set(truth["needed"])
        assert list(found.hooks) == truth["hooks"]
        assert found.minos == (tuple(truth["minos"]) if truth["minos"] else None)


def test_fat64_reads_as_fat32() -> None:
    """A FAT64 universal file and its FAT32 twin contain the same images, except for their offsets."""
    narrow, wide = read(image("macos-universal2.so")), read(image("macos-universal2-fat64.so"))
    assert [one._replace(offset=0) for one in wide] == [one._replace(offset=0) for one in narrow]


@pytest.mark.parametrize("depth", Depth)
def test_depth(depth: Depth) -> None:
    """Load commands are read at every depth, hooks from LINKAGE on, imports at SYMBOLS only."""
    found = read_one(image("macos-arm64-framework.so"), depth)
    assert found.depth is depth
    assert (found.minos, found.needed) == ((11, 0, 0), (_FRAMEWORK, _SYSTEM))
    assert bool(found.hooks) == (depth >= Depth.LINKAGE)
    assert bool(found.imported) == (depth >= Depth.SYMBOLS)


class _RecordingView(BytesView):
    """Remembers where it was read."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.reads: list[tuple[int, int]] = []

    def read(self, offset: int, size: int) -> bytes:
        self.reads.append((offset, 0))
        return self._note(offset, super().read(offset, size))

    def read_upto(self, offset: int, size: int) -> bytes:
        self.reads.append((offset, 0))
        return self._note(offset, super().read_upto(offset, size))

    def _note(self, offset: int, data: bytes) -> bytes:
        self.reads[-1] = offset, len(data)
        return data


@pytest.mark.parametrize("name", FIXTURES)
def test_reads_forward(name: str) -> None:
    """A file is read from start to end, slice by slice, in a few reads, except for the start of each header.

    Zig's linker leaves out where symbols are looked up, so what is bound is read after them: two tables per slice.
    """
    view = _RecordingView(image(name))
    images = macho.read(view, Depth.SYMBOLS, DEFAULT)
    assert len(view.reads) <= 2 + 12 * len(images)
    ends = back = 0
    for offset, size in view.reads:
        back += offset < ends - 8
        ends = max(ends, offset + size)
    assert back <= 2 * len(images)


def test_header_depth_reads_little() -> None:
    """At HEADER depth nothing after the load commands is read."""
    view = _RecordingView(image("macos-arm64-11.0.so"))
    macho.read(view, Depth.HEADER, DEFAULT)
    assert max(offset + size for offset, size in view.reads) < 4096


# -- cut and damaged files -----------------------------------------------------------------------------------


@every_length
@pytest.mark.parametrize("name", FIXTURES)
def test_growth(name: str, stride: int) -> None:
    """A truncated file is refused or has a fault, even at HEADER depth, or reads like the whole one."""
    data = image(name)
    whole = read(data)
    for length in lengths(len(data), stride):
        try:
            images = read(data[:length], Depth.HEADER)
        except FormatError:
            continue
        if not complaints(images):
            assert read(data[:length]) == whole, length


@every_length
def test_no_prefix_is_a_file(stride: int) -> None:
    """No prefix of a linked file is accepted as a file, whatever its length."""
    data = image("macos-x86_64-11.0.so")
    for length in lengths(len(data), stride):
        try:
            images = read(data[:length], Depth.HEADER)
        except FormatError:
            assert length < 32
        else:
            assert {fault.kind for fault in images[0].faults} == {"truncated"}


_NUMBERS = (0, 1, 7, 8, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF)


def _mutant(data: bytes, chance: random.Random) -> bytes:
    mutant = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        # Headers and tables are at either end. The bytes in between are code.
        at = min(chance.randrange(1_600), len(mutant) - 8)
        if chance.random() < 0.5:
            at = len(mutant) - 8 - min(chance.randrange(1_000), len(mutant) - 8)
        if chance.random() < 0.5:
            mutant[at] ^= 1 << chance.randrange(8)
        else:
            at &= ~3
            mutant[at : at + 4] = struct.pack("<I", chance.choice(_NUMBERS))
    return bytes(mutant)


@pytest.mark.parametrize("name", FIXTURES)
def test_mutants(name: str) -> None:
    """Whatever is damaged, only a FormatError escapes, and no more is read than a few times the file."""
    chance = random.Random(name)
    for _ in range(250):
        view = _RecordingView(_mutant(image(name), chance))
        try:
            images = macho.read(view, Depth.SYMBOLS, DEFAULT)
        except FormatError as error:
            assert error.kind in ("truncated", "unsupported", "limit", "contradiction")
        else:
            assert 1 <= len(images) <= 17
        assert len(view.reads) < 200
        assert sum(size for _, size in view.reads) < 8 * view.size


# -- files built byte by byte --------------------------------------------------------------------------------

X86, X86_64, ARM, ARM64, ARM64_32, PPC, PPC64 = 7, 0x01000007, 12, 0x0100000C, 0x0200000C, 18, 0x01000012
OBJECT, EXECUTE, CORE, DYLIB, BUNDLE, STUB, DSYM, KEXT = 1, 2, 4, 6, 8, 9, 10, 11
_DATA = 0x1000
"""Where `linked` puts the data of load commands."""


def command(cmd: int, body: bytes = b"", order: str = "<", size: int | None = None) -> bytes:
    """load_command: cmd, cmdsize, and its fields."""
    body += bytes(-len(body) % 8)
    return struct.pack(order + "II", cmd, 8 + len(body) if size is None else size) + body


def segment(
    name: bytes,
    vm: tuple[int, int],
    file: tuple[int, int],
    protection: int = 5,
    sections: int = 0,
    order: str = "<",
) -> bytes:
    """LC_SEGMENT_64: segname, vmaddr, vmsize, fileoff, filesize, maxprot, initprot, nsects, flags."""
    return command(0x19, struct.pack(order + "16s4Q4I", name, *vm, *file, 7, protection, sections, 0), order)


def with_section(vm: tuple[int, int], addr: int, size: int) -> bytes:
    """LC_SEGMENT_64 with one section_64: sectname, segname, addr, size."""
    records = struct.pack("<16s16s2Q32x", b"__text", b"__TEXT", addr, size)
    return command(0x19, struct.pack("<16s4Q4I", b"__TEXT", *vm, 0, 0, 7, 5, 1, 0) + records)


def dylib(name: bytes, cmd: int = 0xC, stamp: int = 2, flags: int | None = None, order: str = "<") -> bytes:
    """dylib_command, or dylib_use_command if there are flags."""
    at = 24 if flags is None else 28
    more = b"" if flags is None else struct.pack(order + "I", flags)
    return command(cmd, struct.pack(order + "4I", at, stamp, 0x10000, 0x10000) + more + name + b"\0", order)


def rpath(path: bytes) -> bytes:
    return command(0x8000001C, struct.pack("<I", 12) + path + b"\0")


def build_version(platform: int, minos: int, sdk: int = 0x0F0000) -> bytes:
    return command(0x32, struct.pack("<4I", platform, minos, sdk, 0))


def version_min(cmd: int, minos: int, sdk: int = 0) -> bytes:
    return command(cmd, struct.pack("<2I", minos, sdk))


def thin(
    *commands: bytes,
    cputype: int = ARM64,
    subtype: int = 0,
    filetype: int = BUNDLE,
    flags: int = 0x85,
    order: str = "<",
    bits: int = 64,
    ncmds: int | None = None,
    sizeofcmds: int | None = None,
) -> bytes:
    """mach_header or mach_header_64, and load commands."""
    body = b"".join(commands)
    header = struct.pack(
        order + "7I",
        0xFEEDFACF if bits == 64 else 0xFEEDFACE,
        cputype,
        subtype,
        filetype,
        len(commands) if ncmds is None else ncmds,
        len(body) if sizeofcmds is None else sizeofcmds,
        flags,
    )
    return header + bytes(4 if bits == 64 else 0) + body


def linked(*commands: bytes, data: bytes = b"", **more: Any) -> bytes:
    """A bundle with __LINKEDIT at `_DATA`, which contains `data`."""
    both = (
        segment(b"__TEXT", (0, _DATA), (0, _DATA)),
        segment(b"__LINKEDIT", (_DATA, 0x100000), (_DATA, len(data)), protection=1),
    )
    head = thin(*both, *commands, **more)
    assert len(head) <= _DATA
    return head.ljust(_DATA, b"\0") + data


def fat(*slices: tuple[int, int, bytes], wide: bool = False, hidden: int = 0, align: int = 0x4000) -> bytes:
    """fat_header, fat_arch or fat_arch_64, and slices of (cputype, cpusubtype, bytes).

    The last `hidden` slices are in the table, but are not counted.
    """
    table, body = b"", b""
    for cputype, subtype, data in slices:
        offset = align + len(body)
        table += struct.pack(
            ">IIQQII" if wide else ">5I", cputype, subtype, offset, len(data), 14, *[0][: int(wide)]
        )
        body += data.ljust(len(data) + -len(data) % align, b"\0")
    magic = 0xCAFEBABF if wide else 0xCAFEBABE
    return (struct.pack(">II", magic, len(slices) - hidden) + table).ljust(align, b"\0") + body


SOUND = thin(build_version(1, 0x0B0000), dylib(b"/usr/lib/libSystem.B.dylib"))
INTEL = thin(build_version(1, 0x0A0900), cputype=X86_64, subtype=3)


@pytest.mark.parametrize(
    ("cputype", "subtype", "bits", "order", "machine", "variant"),
    [
        (X86, 3, 32, "<", Machine.X86, ""),
        (X86_64, 3, 64, "<", Machine.X86_64, ""),
        (X86_64, 0x80000003, 64, "<", Machine.X86_64, ""),
        (X86_64, 8, 64, "<", Machine.X86_64, "x86_64h"),
        (X86_64, 9, 64, "<", Machine.OTHER, ""),
        (ARM, 9, 32, "<", Machine.ARM, ""),
        (ARM64, 0, 64, "<", Machine.ARM64, ""),
        (ARM64, 1, 64, "<", Machine.ARM64, ""),
        (ARM64, 2, 64, "<", Machine.ARM64, "arm64e"),
        (ARM64, 0x80000002, 64, "<", Machine.ARM64, "arm64e"),
        (ARM64, 0x80000000, 64, "<", Machine.OTHER, ""),
        (ARM64, 12, 64, "<", Machine.OTHER, ""),
        (ARM64_32, 1, 32, "<", Machine.ARM64_32, ""),
        (PPC, 0, 32, ">", Machine.PPC, ""),
        (PPC64, 0, 64, ">", Machine.PPC64, ""),
        (0x63, 0, 32, "<", Machine.OTHER, ""),
    ],
)
def test_architectures(
    cputype: int, subtype: int, bits: int, order: str, machine: Machine, variant: str
) -> None:
    """The cputype and the whole cpusubtype name the machine; what dyld would not load as that is OTHER."""
    found = read_one(thin(cputype=cputype, subtype=subtype, bits=bits, order=order))
    assert (found.machine, found.variant, found.code, found.bits) == (machine, variant, cputype, bits)
    assert found.macho is not None
    assert found.macho.cpusubtype == subtype
    assert found.faults == ()


@pytest.mark.parametrize(
    ("filetype", "kind"),
    [
        (OBJECT, Kind.OBJECT),
        (EXECUTE, Kind.EXECUTABLE),
        (CORE, Kind.CORE),
        (BUNDLE, Kind.BUNDLE),
        (STUB, Kind.OTHER),
        (DSYM, Kind.DEBUG),
        (KEXT, Kind.OTHER),
    ],
)
def test_kinds(filetype: int, kind: Kind) -> None:
    """The file type says what a slice is to its loader."""
    found = read_one(thin(filetype=filetype))
    assert (found.kind, found.faults) == (kind, ())


def test_big_endian() -> None:
    """A PowerPC slice is read in its own byte order."""
    data = thin(
        dylib(b"/usr/lib/libSystem.B.dylib", order=">"), cputype=PPC, order=">", bits=32, filetype=EXECUTE
    )
    assert read_one(data).needed == (_SYSTEM,)


@pytest.mark.parametrize(
    ("commands", "cputype", "platform", "minos"),
    [
        ((), ARM64, "", None),
        ((build_version(1, 0x0B0000),), ARM64, "macos", (11, 0, 0)),
        ((build_version(1, 0x0A0F07),), ARM64, "macos", (10, 15, 7)),
        ((build_version(2, 0x0D0000),), ARM64, "ios", (13, 0, 0)),
        ((build_version(12, 0x010000),), ARM64, "visionos-simulator", (1, 0, 0)),
        ((build_version(99, 0x010000),), ARM64, "platform-99", (1, 0, 0)),
        ((build_version(1, 0x0A0F00), build_version(6, 0x0D0100)), X86_64, "macos", (10, 15, 0)),
        ((build_version(6, 0x0D0100), build_version(1, 0x0A0F00)), X86_64, "macos", (10, 15, 0)),
        ((build_version(1, 0x0B0000), build_version(1, 0x0B0000)), ARM64, "macos", (11, 0, 0)),
        ((version_min(0x24, 0x0A0900),), X86_64, "macos", (10, 9, 0)),
        ((version_min(0x25, 0x0A0000),), ARM64, "ios", (10, 0, 0)),
        ((version_min(0x25, 0x0A0000),), X86_64, "ios-simulator", (10, 0, 0)),
        ((version_min(0x2F, 0x0A0000),), X86_64, "tvos-simulator", (10, 0, 0)),
        ((version_min(0x30, 0x030000),), ARM64, "watchos", (3, 0, 0)),
    ],
)
def test_platforms(
    commands: tuple[bytes, ...], cputype: int, platform: str, minos: tuple[int, int, int] | None
) -> None:
    """Platform and minimum version come from either kind of command; a zippered slice counts as macOS."""
    found = read_one(thin(*commands, cputype=cputype, subtype=3 if cputype == X86_64 else 0))
    assert found.macho is not None
    assert (found.macho.platform, found.minos, found.faults) == (platform, minos, ())
    assert len(found.macho.build_versions) == len(commands)


def test_dylibs() -> None:
    """Dylib commands of all kinds, old and new, are read in order, and the install name separately."""
    marker = 0x1A741800
    found = read_one(
        thin(
            dylib(b"@rpath/own.dylib", 0xD),
            dylib(b"a"),
            dylib(b"b", 0x80000018),
            dylib(b"c", 0x8000001F),
            dylib(b"d", 0x80000023),
            dylib(b"e", 0x20),
            dylib(b"f", 0xC, marker, flags=0),
            dylib(b"g", 0xC, marker, flags=8),
            dylib(b"h", 0x80000018, marker, flags=9),
            dylib(b"i", 0xC, marker, flags=2),
            dylib(b"j", 0xC, marker, flags=4),
            dylib(b"k", 0xC, marker),
            rpath(b"@loader_path"),
            rpath(b"/usr/local/\xff"),
            filetype=DYLIB,
        )
    )
    kinds = [
        "load",
        "weak",
        "reexport",
        "upward",
        "lazy",
        "load",
        "delayed",
        "weak",
        "reexport",
        "upward",
        "load",
    ]
    assert found.macho is not None
    assert found.macho.dylibs == tuple(map(Dylib, "abcdefghijk", kinds))
    assert found.needed == tuple("abcdefghijk")
    assert found.macho.install_name == "@rpath/own.dylib"
    assert found.macho.rpaths == ("@loader_path", "/usr/local/\\xff")
    assert found.faults == ()


def test_unknown_required_commands() -> None:
    """An unknown command that dyld must understand is reported with its place; other unknown commands are not."""
    found = read_one(thin(command(0x7FFF), rpath(b"x"), command(0x80000099), command(0x80000034, b"\0" * 8)))
    assert found.macho is not None
    assert found.macho.unknown_required == ((2, 0x80000099),)
    assert found.macho.chained_fixups


@pytest.mark.parametrize(
    ("size", "appended", "in_place"),
    [(64, b"", True), (64, b"more", True), (48, b"", False), (32, b"", False)],
)
def test_signature(size: int, appended: bytes, in_place: bool) -> None:
    """A code signature is in its place only if it ends where __LINKEDIT ends."""
    signature = command(0x1D, struct.pack("<2I", _DATA, size))
    found = read_one(linked(signature, data=bytes(64)) + appended)
    assert found.macho is not None
    assert found.macho.signature == CodeSignature(_DATA, size, in_place)
    assert found.faults == ()


def test_signature_without_linkedit() -> None:
    """Without __LINKEDIT there is no place for a signature."""
    found = read_one(thin(command(0x1D, struct.pack("<2I", 0x200, 16))).ljust(0x210, b"\0"))
    assert found.macho is not None
    assert found.macho.signature == CodeSignature(0x200, 16, in_place=False)


# exports trie


def uleb(number: int) -> bytes:
    """A ULEB128 of three bytes, so that offsets do not depend on each other's length."""
    return bytes([number & 0x7F | 0x80, number >> 7 & 0x7F | 0x80, number >> 14])


def node(edges: Sequence[tuple[bytes, int]] = (), terminal: bytes = b"") -> bytes:
    """A node of an exports trie: size of its payload, payload, count of children, edge and offset of each."""
    return (
        bytes([len(terminal)]) + terminal + bytes([len(edges)])
        + b"".join(edge + b"\0" + uleb(child) for edge, child in edges)
    )  # fmt: skip


LEAF = node(terminal=b"\0\x10")


def flat_trie(*names: bytes) -> bytes:
    root = len(node([(name, 0) for name in names]))
    return node([(name, root + len(LEAF) * place) for place, name in enumerate(names)]) + LEAF * len(names)


def with_trie(trie: bytes, size: int | None = None, cmd: int = 0x80000033) -> bytes:
    place = (_DATA, len(trie) if size is None else size)
    body = struct.pack("<2I", *place) if cmd == 0x80000033 else struct.pack("<10I", *[0] * 8, *place)
    return linked(command(cmd, body), data=trie.ljust(8, b"\0"))


@pytest.mark.parametrize("cmd", [0x80000033, 0x22, 0x80000022])
def test_trie_hooks(cmd: int) -> None:
    """Only hooks are found in the exports trie, whichever command points to it."""
    names = (
        b"_PyInit_a", b"_PyInitU_b", b"_PyModExport_c", b"_PyModExportU_d", b"__cffi_pypyinit_e", b"_initf",
        b"_PyInit", b"_PyLong_Type", b"PyInit_g", b"__init", b"__ZN4initEv",
    )  # fmt: skip
    found = read_one(with_trie(flat_trie(*names), cmd=cmd))
    assert found.hooks == (
        "PyInit_a",
        "PyInitU_b",
        "PyModExport_c",
        "PyModExportU_d",
        "_cffi_pypyinit_e",
        "initf",
    )
    assert found.faults == ()


def test_trie_shares_prefixes() -> None:
    """Names that share prefixes are put together on the way, in the order of the trie."""
    root, init = node([(b"_", 0)]), node([(b"PyInit_", 0), (b"nothing", 0)])
    names = node([(b"a", 0), (b"b", 0)], terminal=b"\0\x10")
    at = [0, len(root), len(root) + len(init)]
    leaf = at[2] + len(names)
    trie = (
        node([(b"_", at[1])])
        + node([(b"PyInit_", at[2]), (b"nothing", 0x3FFF)])
        + node([(b"a", leaf), (b"b", leaf + len(LEAF))], terminal=b"\0\x10")
        + LEAF * 2
    )
    assert read_one(with_trie(trie)).hooks == ("PyInit_", "PyInit_a", "PyInit_b")


def test_empty_trie() -> None:
    """A trie that says that there are no exports is valid, in both forms."""
    for trie in (b"", b"\0\0", b"\0"):
        found = read_one(with_trie(trie))
        assert (found.hooks, found.faults) == ((), ())


def _deep_trie(depth: int) -> bytes:
    link = len(node([(b"a", 0)]))
    first = len(node([(b"_init", 0)]))
    rest = b"".join(node([(b"a", first + link * (place + 1))]) for place in range(depth))
    return node([(b"_init", first)]) + rest + LEAF


_CHILD = len(node([(b"_init", 0)]))
TRIES = {
    "leads to its root": (node([(b"_init", 0)]), "cycle", "leads back"),
    "leads back": (node([(b"_init", _CHILD)]) + node([(b"a", _CHILD)]), "cycle", "leads back"),
    "children are one": (node([(b"_inita", 0x1D), (b"_initb", 0x1D)]) + LEAF, "cycle", "leads back"),
    "nodes share bytes": (
        node([(b"_init%c" % letter, 1 + place) for place, letter in enumerate(b"abcdefgh")]),
        "cycle", "overlap",
    ),
    "child beyond the end": (node([(b"_init", 0x3FFF)]), "outside", "does not end"),
    "edge without end": (b"\0\x01_init", "outside", "not terminated"),
    "number without end": (b"\0\x01_init\0\x80", "outside", "does not end"),
    "number too long": (b"\0\x01_init\0" + b"\x80" * 12 + b"\x01", "outside", "does not end"),
    "payload beyond the end": (b"\x7f\0", "outside", "node extends"),
    "too deep": (_deep_trie(200), "limit", "the limit trie_depth=128"),
    "name too long": (flat_trie(b"_init" + b"a" * 600), "limit", "name"),
}  # fmt: skip


@pytest.mark.parametrize("case", TRIES)
def test_hostile_tries(case: str) -> None:
    """A trie that leads nowhere, back, or too far is a fault, and the walk ends."""
    trie, kind, what = TRIES[case]
    ((found, text),) = complaints(read(with_trie(trie)))
    assert found == kind
    assert what in text


def test_trie_keeps_what_came_before() -> None:
    """Hooks that were found before the damage are kept."""
    good, bad = b"_PyInit_a", b"_PyInit_b"
    root = len(node([(good, 0), (bad, 0)]))
    found = read_one(with_trie(node([(good, root), (bad, 0x3FFF)]) + LEAF))
    assert found.hooks == ("PyInit_a",)
    assert [fault.kind for fault in found.faults] == ["outside"]


# symbol tables


def with_symbols(
    *symbols: tuple[bytes, int, int, int],
    sorts: tuple[int, ...] | None = None,
    strings: bytes | None = None,
    strsize: int | None = None,
    nsyms: int | None = None,
    bits: int = 64,
    commands: tuple[bytes, ...] = (),
    **more: Any,
) -> bytes:
    """A bundle with LC_SYMTAB of (name, n_type, n_desc, n_value), and LC_DYSYMTAB starting with `sorts`."""
    pool, table = b"\0", b""
    for name, kind, desc, value in symbols:
        table += struct.pack("<IBBHQ" if bits == 64 else "<IBBHI", len(pool), kind, 1, desc, value)
        pool += name + b"\0"
    pool = pool if strings is None else strings
    stroff = _DATA + len(table)
    size = len(pool) if strsize is None else strsize
    found = [command(0x2, struct.pack("<4I", _DATA, len(symbols) if nsyms is None else nsyms, stroff, size))]
    if sorts is not None:
        found.append(command(0xB, struct.pack("<18I", *sorts, *[0] * 12)))
    return linked(*commands, *found, data=table + pool, bits=bits, **more)


LOCAL, DEFINED, PRIVATE, UNDEFINED, STAB, PREBOUND = 0x0E, 0x0F, 0x1F, 0x01, 0x24, 0x0D
_TABLE = (
    (b"_PyInit_local", LOCAL, 0, 0x10),
    (b"_PyInit_hidden", PRIVATE, 0, 0x10),
    (b"_PyInit_stab", STAB, 0, 0x10),
    (b"_PyInit_ext", DEFINED, 0, 0x10),
    (b"_other", DEFINED, 0, 0x10),
    (b"_PyLong_FromLong", UNDEFINED, 0xFE00, 0),
    (b"_puts", UNDEFINED, 0x0100, 0),
    (b"_maybe", UNDEFINED, 0x0240, 0),
    (b"____chkstk_darwin", PREBOUND, 0x0100, 0),
)


@pytest.mark.parametrize(
    "sorts", [None, (0, 3, 3, 2, 5, 4), (0, 3, 3, 2, 5, 999), (9, 3, 3, 2, 5, 4), (0,) * 6]
)
def test_symbols(sorts: tuple[int, ...] | None) -> None:
    """Hooks and imports are the externals: with LC_DYSYMTAB, without it, and if its counts are wrong."""
    found = read_one(with_symbols(*_TABLE, sorts=sorts, commands=(dylib(b"one"), dylib(b"two"))))
    assert found.hooks == ("PyInit_ext",)
    assert found.imported == (
        Symbol("PyLong_FromLong", lookup="flat"),
        Symbol("puts", "one"),
        Symbol("maybe", "two", weak=True),
        Symbol("___chkstk_darwin", "one"),
    )


def test_unsorted_symbols_at_linkage() -> None:
    """If LC_DYSYMTAB does not sort the symbols, those that LINKAGE does not need are skipped."""
    found = read_one(with_symbols(*_TABLE), Depth.LINKAGE)
    assert (found.hooks, found.imported) == (("PyInit_ext",), ())


def test_symbols_of_32_bits() -> None:
    """The shorter symbols of 32-bit files are read too."""
    found = read_one(with_symbols(*_TABLE, bits=32, cputype=X86, subtype=3, sorts=(0, 3, 3, 2, 5, 4)))
    assert found.hooks == ("PyInit_ext",)
    assert len(found.imported) == 4


def test_flat_namespace() -> None:
    """Without two-level namespace, the byte of the library's ordinal is ignored."""
    found = read_one(with_symbols(*_TABLE, flags=0x5, commands=(dylib(b"one"),)))
    assert {(symbol.library, symbol.lookup) for symbol in found.imported} == {("", "flat")}


def test_what_is_bound_wins_over_the_symbol_table() -> None:
    """Zig's linker writes the ordinal 0 (self) for names that it binds flat; dyld goes by what is bound."""
    strings = b"\0_own\0_flat\0_main\0"
    table = b"".join(struct.pack("<IBBHQ", at, UNDEFINED, 0, 0, 0) for at in (1, 6, 12))
    eager = sought(b"_flat") + b"\x90" + sought(b"_main", 0x3F) + b"\x90\0"
    info = struct.pack("<10I", 0, 0, _DATA, len(eager), 0, 0, 0, 0, 0, 0)
    symtab = struct.pack("<4I", _DATA + len(eager), 3, _DATA + len(eager) + len(table), len(strings))
    found = read_one(linked(command(0x80000022, info), command(0x2, symtab), data=eager + table + strings))
    assert {symbol.name: symbol.lookup for symbol in found.imported} == {
        "own": "self",
        "flat": "flat",
        "main": "main",
    }


def exported(data: bytes, *names: str, limits: Limits = DEFAULT) -> dict[int, frozenset[str]]:
    return macho.exported(BytesView(data), names, limits)


def test_exports_among_names() -> None:
    """Of the names that are asked for, those are returned that the trie has; without a trie, the symbol table's."""
    trie = flat_trie(b"_one", b"_two")
    data = linked(command(0x80000033, struct.pack("<2I", _DATA, len(trie))), data=trie)
    assert exported(data, "one", "on", "ones", "three") == {0: frozenset({"one"})}
    assert exported(with_symbols(*_TABLE), "other", "oth", "puts") == {0: frozenset({"other"})}
    assert exported(with_symbols(*_TABLE), "PyInit_local", "PyInit_hidden") == {0: frozenset()}


@pytest.mark.parametrize("name", ["macos-universal2.so", "macos-universal2-hidden-arm64.so"])
def test_exports_of_each_slice(name: str) -> None:
    """The hook is exported by both slices of a linked file."""
    found = exported(image(name), "PyInit_ext", "PyInit_ex", "PyModuleDef_Init")
    assert found == dict.fromkeys((0x4000, 0xC000), frozenset({"PyInit_ext"}))


def test_exports_of_a_damaged_slice_are_unknown() -> None:
    """A trie that leads nowhere gives no answer, and a trie of overlapping nodes costs no more than its bound."""
    for trie in (b"\0\1_o\0\x7f", b"\0\1_one", b"\0\1_\0\x80"):
        data = linked(command(0x80000033, struct.pack("<2I", _DATA, len(trie))), data=trie)
        assert exported(data, "one") == {}
    cycle = b"\0\1_\0\0"
    data = linked(command(0x80000033, struct.pack("<2I", _DATA, len(cycle))), data=cycle)
    assert exported(data, "_" * 99) == {0: frozenset()}
    assert exported(data, "_" * 99, limits=DEFAULT._replace(table_bytes=64)) == {}


def test_common_symbols() -> None:
    """A common symbol of an object file is not an import."""
    found = read_one(
        with_symbols((b"_PyInit_x", UNDEFINED, 0x300, 8), (b"_y", UNDEFINED, 0, 0), filetype=OBJECT)
    )
    assert (found.hooks, found.imported) == (("PyInit_x",), (Symbol("y"),))


def test_hooks_of_trie_and_symbols_together() -> None:
    """A hook that both tables export is listed once."""
    trie = flat_trie(b"_PyInit_ext", b"_PyModExport_ext")
    symbols = struct.pack("<IBBHQ", 1, DEFINED, 1, 0, 0) + struct.pack("<IBBHQ", 13, DEFINED, 1, 0, 0)
    strings = b"\0_PyInit_ext\0_PyInit_more\0"
    found = read_one(
        linked(
            command(0x80000033, struct.pack("<2I", _DATA, len(trie))),
            command(0x2, struct.pack("<4I", _DATA + len(trie), 2, _DATA + len(trie) + 32, len(strings))),
            data=trie + symbols + strings,
        )
    )
    assert found.hooks == ("PyInit_ext", "PyModExport_ext", "PyInit_more")


def test_foreign_names() -> None:
    """A UTF-8 name is decoded, another name is escaped, and the names next to it are not affected."""
    names = (b"_plain", "_größe".encode(), b"_\xff\xe9", b"_PyInit_\xc3\xa4")
    kinds = (UNDEFINED, UNDEFINED, UNDEFINED, DEFINED)
    found = read_one(
        with_symbols(*((name, kind, 0xFE00, 0) for name, kind in zip(names, kinds, strict=True)))
    )
    assert found.imported == tuple(Symbol(name, lookup="flat") for name in ("plain", "größe", "\\xff\\xe9"))
    assert found.hooks == ("PyInit_ä",)


def test_names_across_windows() -> None:
    """A string table larger than the window loses no name."""
    pool = b"\0" + b"".join(b"_n%06d" % number + b"\0" + bytes(1015) for number in range(3_000))
    table = b"".join(
        struct.pack("<IBBHQ", 1 + 1024 * number, UNDEFINED, 0, 0xFE00, 0) for number in range(3_000)
    )
    stroff = _DATA + len(table)
    data = linked(command(0x2, struct.pack("<4I", _DATA, 3_000, stroff, len(pool))), data=table + pool)
    view = _RecordingView(data)
    (found,) = macho.read(view, Depth.SYMBOLS, DEFAULT)
    assert found.imported == tuple(Symbol(f"n{number:06d}", lookup="flat") for number in range(3_000))
    assert len(view.reads) < 12
    assert max(size for _, size in view.reads) <= 1 << 20


SYMBOLS = {
    "string outside": (with_symbols((b"_a", UNDEFINED, 0, 0), strings=b"\0"), "outside", "n_strx"),
    "string without end": (
        with_symbols((b"_a", UNDEFINED, 0, 0), strings=b"\0_a"), "outside", "not terminated"
    ),
    "string too long": (with_symbols((b"_" * 70_000, UNDEFINED, 0, 0)), "limit", "not terminated"),
    "counts outside": (
        with_symbols((b"_a", UNDEFINED, 0, 0), sorts=(0, 0, 0, 0, 0, 2)), "outside", "LC_DYSYMTAB extends"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SYMBOLS)
def test_hostile_symbols(case: str) -> None:
    """A symbol table with an index beyond its end is a fault."""
    data, kind, what = SYMBOLS[case]
    ((found, text),) = complaints(read(data))
    assert found == kind
    assert what in text


# chained fixups


def with_fixups(bound: list[tuple[bytes, int, int]], form: int = 1, **fields: int) -> bytes:
    """A bundle without symbol table whose chained fixups bind (name, lib_ordinal, weak_import)."""
    size = {1: 4, 2: 8, 3: 16}.get(form, 4)
    pool, table = b"\0", b""
    for name, ordinal, weak in bound:
        if form == 3:
            table += struct.pack("<QQ", ordinal & 0xFFFF | weak << 16 | len(pool) << 32, 0)
        else:
            table += struct.pack("<I", ordinal & 0xFF | weak << 8 | len(pool) << 9) + bytes(size - 4)
        pool += name + b"\0"
    defaults = {
        "version": 0, "starts": 28, "imports": 32, "symbols": 32 + len(table), "count": len(bound),
        "form": form, "symbols_format": 0,
    }  # fmt: skip
    data = struct.pack("<7I", *{**defaults, **fields}.values()) + bytes(4) + table + pool
    return linked(dylib(b"one"), command(0x80000034, struct.pack("<2I", _DATA, len(data))), data=data)


@pytest.mark.parametrize("form", [1, 2, 3])
def test_chained_imports(form: int) -> None:
    """If the symbol table was stripped, chained fixups name the imports, in each of their formats."""
    imports = [(b"_PyErr_Clear", -2, 0), (b"_puts", 1, 0), (b"_maybe", 1, 1), (b"__ZdlPv", -3, 0)]
    found = read_one(with_fixups(imports, form))
    assert found.imported == (
        Symbol("PyErr_Clear", lookup="flat"), Symbol("puts", "one"), Symbol("maybe", "one", weak=True),
    )  # fmt: skip
    assert found.faults == ()


def test_chained_imports_are_second_to_symbols() -> None:
    """If there are undefined symbols, chained fixups are not read."""
    fixups = command(0x80000034, struct.pack("<2I", 0, 0))
    found = read_one(with_symbols((b"_a", UNDEFINED, 0xFE00, 0), commands=(fixups,)))
    assert found.imported == (Symbol("a", lookup="flat"),)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"form": 4}, "unsupported"),
        ({"symbols_format": 1}, "unsupported"),
        ({"symbols": 0xFFFF}, "outside"),
        ({"imports": 0xFFFF}, "outside"),
        ({"count": 3}, "outside"),
        ({"count": 0xFFFFFFFF}, "limit"),
    ],
)
def test_hostile_fixups(fields: dict[str, int], kind: str) -> None:
    """Chained fixups in an unknown format, or with offsets beyond their end, are a fault."""
    ((found, _),) = complaints(read(with_fixups([(b"_a", 1, 0)], **fields)))
    assert found == kind


# bind opcodes


def sought(name: bytes, ordinal: int = 0x3E, flags: int = 0) -> bytes:
    """SET_DYLIB_*, by default -2 (flat lookup), and SET_SYMBOL_TRAILING_FLAGS_IMM."""
    return bytes([ordinal, 0x40 | flags]) + name + b"\0"


def with_bindings(eager: bytes = b"", lazy: bytes = b"", weak: bytes = b"", size: int | None = None) -> bytes:
    """A bundle without symbol table, and LC_DYLD_INFO_ONLY: rebase, bind, weak bind, lazy bind, export."""
    lengths = [len(eager) if size is None else size, len(weak), len(lazy)]
    places = [_DATA, _DATA + len(eager), _DATA + len(eager + weak)]
    fields = [0, 0]
    for place, length in zip(places, lengths, strict=True):
        fields += [place if length else 0, length]
    info = command(0x80000022, struct.pack("<10I", *fields, 0, 0))
    return linked(dylib(b"one"), dylib(b"two"), info, data=eager + weak + lazy + bytes(8))


TO_DATA = b"\x51\x72\x10"
"""SET_TYPE_IMM pointer, SET_SEGMENT_AND_OFFSET_ULEB segment 2, offset 16."""


def test_bindings() -> None:
    """If the symbol table was stripped, bind opcodes of every kind name the imports, each once."""
    eager = (
        sought(b"_PyErr_Clear") + TO_DATA + b"\x90"
        + sought(b"_puts", 0x11) + b"\xa0\x81\x01" + b"\x80\x08" + b"\x90"
        + b"\x20\x02\x41_maybe\0" + b"\x60\x7f" + b"\xb2"
        + sought(b"_far", 0x3F) + b"\xc0\x03\x88\x01"
        + sought(b"_self", 0x10) + b"\xd0\x05" + b"\x90" + b"\xd1"
        + sought(b"__ZdlPv", 0x3D) + b"\x90" + sought(b"_unbound")
        + b"\0" + b"\xe0"
    )  # fmt: skip
    lazy = b"\x72\x20" + sought(b"_later", 0x12) + b"\x90\0" + sought(b"_puts", 0x11) + b"\x90\0\0\0"
    found = read_one(with_bindings(eager, lazy, weak=b"\x40_operator\0\x90"))
    assert found.imported == (
        Symbol("PyErr_Clear", lookup="flat"), Symbol("puts", "one"), Symbol("maybe", "two", weak=True),
        Symbol("far", lookup="main"), Symbol("self", lookup="self"), Symbol("later", "two"),
    )  # fmt: skip
    assert found.faults == ()


def test_bindings_are_second_to_symbols() -> None:
    """If there are undefined symbols, bind opcodes are not read, even if they are damaged."""
    info = command(0x80000022, struct.pack("<10I", 0, 0, _DATA, 4, 0, 0, 0, 0, 0, 0))
    found = read_one(with_symbols((b"_a", UNDEFINED, 0xFE00, 0), commands=(info,)))
    assert found.imported == (Symbol("a", lookup="flat"),)


@pytest.mark.parametrize(
    "name", ["macos-x86_64-10.9.so", "macos-arm64-framework.so", "ios-arm64-simulator.so"]
)
def test_a_stripped_file_keeps_its_imports(name: str) -> None:
    """A linked extension module imports the same names with and without its symbol table."""
    data = bytearray(image(name))
    whole = read_one(bytes(data))
    at = 32
    while struct.unpack_from("<I", data, at)[0] != 2:  # LC_SYMTAB
        at += struct.unpack_from("<I", data, at + 4)[0]
    struct.pack_into("<2I", data, at, 0x1B, 24)  # LC_UUID has the same size; a second one is a fault
    stripped = read_one(bytes(data))
    assert {one for one in stripped.imported if one.name.startswith("Py")} == {
        one for one in whole.imported if one.name.startswith("Py")
    }


@pytest.mark.parametrize(
    ("data", "kind", "what"),
    [
        (with_bindings(b"\x40_no_end", size=8), "outside", "not terminated"),
        (with_bindings(sought(b"_a") + b"\xe0"), "unsupported", "unknown bind opcode"),
        (with_bindings(b"\x90"), "contradiction", "without a symbol"),
        (with_bindings(b"\x20\xff\xff"), "outside", "does not end"),
        (with_bindings(b"\x20" + b"\xff" * 10 + b"\1"), "outside", "does not end"),
        (with_bindings(sought(b"_a") + b"\xc0\x01"), "outside", "does not end"),
        (with_bindings(sought(b"_a") + b"\x90", size=0x7FFFFFFF), "limit", "the limit table_bytes=67108864"),
        (with_bindings(sought(b"_a") + b"\x90", size=0x10000), "outside", "beyond end of file"),
        (with_bindings(lazy=b"\x40" + b"a" * 70_000), "limit", "not terminated"),
    ],
)
def test_hostile_bindings(data: bytes, kind: str, what: str) -> None:
    """Unknown bind opcodes, and those that lead out of their stream, are a fault."""
    assert any(found == kind and what in text for found, text in complaints(read(data)))


def test_bindings_before_the_damage_stay() -> None:
    """What was bound before a damaged opcode is kept."""
    assert read_one(with_bindings(sought(b"_a") + b"\x90\xf0")).imported == (Symbol("a", lookup="flat"),)


# load commands and segments

_OFF = 0xFFFFFF00
COMMANDS = {
    "cmdsize 0": (thin(command(0x1B, size=0)), "outside", "cmdsize"),
    "cmdsize below 8": (thin(command(0x1B, size=4)), "outside", "cmdsize"),
    "cmdsize not aligned": (thin(command(0x1B, bytes(8), size=12), command(0)), "outside", "cmdsize"),
    "cmdsize beyond the end": (thin(command(0x1B, size=64)) + bytes(64), "outside", "extends beyond end"),
    "cmdsize beyond the file": (
        thin(command(0x1B, size=64), sizeofcmds=64), "truncated", "extends beyond end"
    ),
    "more ncmds than commands": (thin(rpath(b"x"), ncmds=2), "outside", "extends beyond end"),
    "ncmds huge": (thin(rpath(b"x"), ncmds=0xFFFFFFFF), "outside", "extends beyond end"),
    "fewer ncmds than commands": (thin(rpath(b"x"), rpath(b"y"), ncmds=1), "contradiction", "sizeofcmds"),
    "sizeofcmds beyond the file": (thin(rpath(b"x"), sizeofcmds=0x1000), "truncated", "sizeofcmds"),
    "sizeofcmds huge": (thin(rpath(b"x"), sizeofcmds=0xFFFFFFFF), "truncated", "sizeofcmds"),
    "no file type": (thin(filetype=0), "unsupported", "filetype"),
    "unknown file type": (thin(filetype=13), "unsupported", "filetype"),
    "narrow magic": (thin(bits=32), "contradiction", "width"),
    "wide magic": (thin(cputype=X86, subtype=3), "contradiction", "width"),
    "big-endian arm64": (thin(order=">"), "contradiction", "byte order"),
    "little-endian ppc": (thin(cputype=PPC, bits=32), "contradiction", "byte order"),
    "string beyond the command": (thin(command(0x8000001C, struct.pack("<I", 99))), "outside", "string"),
    "string without end": (
        thin(command(0x8000001C, struct.pack("<I", 12) + b"abcdefghijkl")), "outside", "string"
    ),
    "string in the fields": (thin(command(0xC, struct.pack("<I", 8) + bytes(20))), "outside", "string"),
    "string command too short": (thin(command(0xC)), "outside", "string"),
    "string too long": (thin(rpath(b"a" * 600)), "limit", "string"),
    "symtab too short": (thin(command(0x2, bytes(8))), "contradiction", "cmdsize"),
    "symtab too long": (thin(command(0x2, bytes(24))), "contradiction", "cmdsize"),
    "build version with tools": (
        thin(command(0x32, struct.pack("<4I", 1, 0xB0000, 0, 5))), "contradiction", "cmdsize"
    ),
    "build version too short": (thin(command(0x32, bytes(8))), "contradiction", "cmdsize"),
    "nsects huge": (
        thin(segment(b"__TEXT", (0, 8), (0, 8), sections=0xFFFFFFFF)), "contradiction", "cmdsize"
    ),
    "two symbol tables": (thin(command(0x2, bytes(16)), command(0x2, bytes(16))), "contradiction", "duplicate"),
    "two dyld infos": (
        thin(command(0x22, bytes(40)), command(0x80000022, bytes(40))), "contradiction", "duplicate"
    ),
    "two install names": (
        thin(dylib(b"a", 0xD), dylib(b"b", 0xD), filetype=DYLIB), "contradiction", "duplicate"
    ),
    "install name of a bundle": (thin(dylib(b"a", 0xD)), "contradiction", "non-MH_DYLIB"),
    "dylib without install name": (thin(filetype=DYLIB), "contradiction", "missing LC_ID_DYLIB"),
    "two platforms": (
        thin(build_version(1, 0xB0000), build_version(2, 0xD0000)), "contradiction", "incompatible platforms"
    ),
    "two minimum versions": (
        thin(build_version(1, 0xB0000), version_min(0x24, 0xA0900)), "contradiction", "more than one minimum version"
    ),
    "segment beyond the file": (thin(segment(b"__TEXT", (0, _OFF), (0, _OFF))), "truncated", "segment"),
    "segment wraps the file": (
        thin(segment(b"__TEXT", (0, 1 << 63), ((1 << 64) - 1, 2))), "truncated", "segment"
    ),
    "segment wraps memory": (thin(segment(b"__TEXT", ((1 << 64) - 1, 2), (0, 0))), "outside", "wraps"),
    "segment larger than its memory": (
        thin(segment(b"__TEXT", (0, 8), (0, 16))), "contradiction", "exceeds vmsize"
    ),
    "section before its segment": (
        thin(with_section((16, 16), 15, 2)), "outside", "section outside its segment"
    ),
    "section behind its segment": (thin(with_section((16, 16), 24, 9)), "outside", "section outside"),
    "section larger than memory": (thin(with_section((16, 16), 16, 1 << 63)), "outside", "section outside"),
    "segments share memory": (
        thin(segment(b"a", (0, 16), (0, 0)), segment(b"b", (8, 16), (0, 0))), "overlap", "vm range"
    ),
    "segments share bytes": (
        thin(segment(b"a", (0, 16), (0, 16)), segment(b"b", (16, 16), (8, 16))), "overlap", "file range"
    ),
    "table beyond the file": (
        thin(command(0x26, struct.pack("<2I", 0x100, 8))), "outside", "function starts extends"
    ),
    "empty table beyond the file": (
        thin(command(0x26, struct.pack("<2I", 0x100, 0))), "outside", "function starts extends"
    ),
    "table on the load commands": (
        thin(command(0x26, struct.pack("<2I", 8, 8))) + bytes(64), "overlap", "overlaps load commands"
    ),
    "tables share bytes": (
        linked(
            command(0x26, struct.pack("<2I", _DATA, 8)), command(0x29, struct.pack("<2I", _DATA + 4, 8)),
            data=bytes(16),
        ), "overlap", "data in code overlaps function starts",
    ),
    "signature on another table": (
        linked(
            command(0x26, struct.pack("<2I", _DATA, 8)), command(0x1D, struct.pack("<2I", _DATA, 16)),
            data=bytes(16),
        ), "overlap", "code signature overlaps function starts",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COMMANDS)
def test_hostile_commands(case: str) -> None:
    """Each wrong field in load commands, and each misplaced segment or table, is one fault, at HEADER depth."""
    data, kind, what = COMMANDS[case]
    ((found, text),) = complaints(read(data, Depth.HEADER))
    assert found == kind
    assert what in text
    assert (found, text) in complaints(read(data, Depth.SYMBOLS))


_FAR = struct.pack("<2I", 0x1000, 8)
UNREAD = {
    "empty table beyond the file": command(0x26, struct.pack("<2I", 0x1000, 0)),
    "two-level hints beyond the file": command(0x16, _FAR),
    "linker optimization hints beyond the file": command(0x2E, _FAR),
    "designated requirements on the load commands": command(0x2B, struct.pack("<2I", 8, 8)),
    "table of contents beyond the file": command(0xB, struct.pack("<18I", *[0] * 6, 0x1000, 1, *[0] * 10)),
    "module table beyond the file": command(0xB, struct.pack("<18I", *[0] * 8, 0x1000, 1, *[0] * 8)),
    "two linker optimization hints": command(0x2E, bytes(8)) * 2,
    "source version too long": command(0x2A, bytes(16)),
    "framework's name without end": command(0x12, struct.pack("<I", 12) + b"abcdefghijkl"),
}
"""Load commands whose damage dyld does not see."""


@pytest.mark.parametrize("case", UNREAD)
def test_damage_that_dyld_does_not_see(case: str) -> None:
    """A fault in what only tools read leaves the other facts valid."""
    count = 2 if case.startswith("two linker") else 1
    found = read_one(thin(dylib(b"a"), UNREAD[case], ncmds=1 + count))
    assert [fault.loaded for fault in found.faults] == [False]
    assert not found.damaged
    assert found.needed == ("a",)


@pytest.mark.parametrize("cmd", [0x26, 0x29, 0x1E, 0x1D])
def test_damage_that_some_dyld_sees(cmd: int) -> None:
    """On macOS 11, dyld looks at the place of function starts and the like; that of the signature matters always."""
    found = read_one(thin(command(cmd, _FAR)))
    assert found.damaged


def test_names_of_symbols_that_dyld_does_not_read() -> None:
    """With an exports trie and fixups, damage to the symbol table hides nothing: they have the names that dyld uses."""
    trie = flat_trie(b"_PyInit_ext")
    bind = sought(b"_PyLong_FromLong") + TO_DATA + b"\x90"
    symbol = struct.pack("<IBBHQ", 99, UNDEFINED, 0, 0xFE00, 0)
    places = {"trie": _DATA, "bind": _DATA + len(trie), "symbols": _DATA + len(trie) + len(bind)}
    table = command(0x2, struct.pack("<4I", places["symbols"], 1, places["symbols"] + 16, 4))
    info = command(
        0x80000022,
        struct.pack("<10I", 0, 0, places["bind"], len(bind), 0, 0, 0, 0, places["trie"], len(trie)),
    )
    found = read_one(linked(info, table, data=trie + bind + symbol + b"\0abc"))
    assert [fault.loaded for fault in found.faults] == [False]
    assert (found.hooks, [one.name for one in found.imported]) == (("PyInit_ext",), ["PyLong_FromLong"])
    without = read_one(linked(table, data=trie + bind + symbol + b"\0abc"))
    assert without.damaged


def test_facts_before_the_damage_stay() -> None:
    """What was read before a bad load command is kept."""
    found = read_one(thin(build_version(1, 0x0B0000), rpath(b"x"), dylib(b"a"), command(0x1B, size=4)))
    assert found.macho is not None
    assert (found.minos, found.macho.rpaths, found.needed) == ((11, 0, 0), ("x",), ("a",))
    assert [fault.kind for fault in found.faults] == ["outside"]


def test_unmapped_segments() -> None:
    """Segments that are not mapped, such as Go's __DWARF and Swift's __LLVM, may be larger than their memory."""
    data = thin(segment(b"__DWARF", (0, 0), (0, 16), protection=0))
    assert complaints(read(data)) == []


def test_sections_in_their_place() -> None:
    """A section may fill its segment. A section of a stub, which has no data, may be anywhere."""
    assert not complaints(read(thin(with_section((16, 16), 16, 16)), Depth.HEADER))
    stub = thin(dylib(b"a", 0xD), with_section((16, 16), 64, 16), filetype=9)
    assert not complaints(read(stub, Depth.HEADER))


def test_faults_do_not_flood() -> None:
    """Ten thousand bad load commands do not make ten thousand faults."""
    bad = command(0x8000001C, struct.pack("<I", 99))
    assert len(read_one(thin(*[bad] * 10_000)).faults) == 64


def test_faults_say_where() -> None:
    """The offset of a fault counts from the start of the member, in a slice too."""
    data = fat((X86_64, 3, INTEL), (ARM64, 0, thin(rpath(b"x"), filetype=0)))
    second = read(data)[1]
    assert [fault.offset for fault in second.faults] == [second.offset + 12]


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (thin(rpath(b"x"), rpath(b"y"), rpath(b"z")), {"load_commands": 2}),
        (thin(rpath(b"x"), rpath(b"y"), rpath(b"z")), {"load_command_bytes": 40}),
        (thin(rpath(b"x"), rpath(b"y"), rpath(b"z")), {"load_command_bytes": 32}),
        (thin(rpath(b"abcde")), {"binary_name_bytes": 4}),
        (with_trie(flat_trie(b"_inita", b"_initb")), {"trie_nodes": 2}),
        (with_trie(_deep_trie(8)), {"trie_depth": 4}),
        (with_trie(flat_trie(b"_inita", b"_initb")), {"table_bytes": 16}),
        (with_symbols(*_TABLE), {"symbols": 4}),
        (with_symbols(*_TABLE), {"exports": 4}),
        (with_symbols(*_TABLE), {"table_bytes": 600}),
        (with_symbols(*_TABLE), {"symbol_bytes": 8}),
        (with_fixups([(b"_a", 1, 0), (b"_b", 1, 0)]), {"table_bytes": 4}),
        (with_bindings(sought(b"_a") + b"\x90" * 3), {"symbols": 4}),
        (with_bindings(sought(b"_a") + b"\x90"), {"table_bytes": 100}),
        (with_bindings(sought(b"_abcdefg") + b"\x90"), {"symbol_bytes": 4}),
    ],
)
def test_limits(data: bytes, limits: dict[str, int]) -> None:
    """Each bound is a fault if it is hit, and only then."""
    assert complaints(read(data)) == []
    assert "limit" in [kind for kind, _ in complaints(read(data, limits=DEFAULT._replace(**limits)))]


def test_names_within_names_are_bounded() -> None:
    """A string table in which every byte starts a name up to the end does not multiply in memory."""
    length = 60_000
    table = b"".join(struct.pack("<IBBHQ", 1 + place, UNDEFINED, 0, 0, 0) for place in range(length))
    data = linked(
        command(0x2, struct.pack("<4I", _DATA, length, _DATA + len(table), length + 2)),
        data=table + b"\0" + b"a" * length + b"\0",
    )
    found = read_one(data)
    assert [fault.kind for fault in found.faults] == ["limit"]
    assert sum(len(symbol.name) for symbol in found.imported) < DEFAULT.table_bytes


# fat files


def test_hidden_slice() -> None:
    """A plain arm64 slice that nfat_arch does not count is found in 32-bit fat files, and marked."""
    intel, hidden = read(fat((X86_64, 3, INTEL), (ARM64, 0, SOUND), hidden=1))
    assert intel.macho is not None
    assert hidden.macho is not None
    assert (intel.machine, intel.macho.hidden) == (Machine.X86_64, False)
    assert (hidden.machine, hidden.macho.hidden) == (Machine.ARM64, True)
    assert complaints((intel, hidden)) == []


def test_hidden_alone() -> None:
    """A fat file whose only slice is hidden still has that slice."""
    assert [one.machine for one in read(fat((ARM64, 0, SOUND), hidden=1))] == [Machine.ARM64]


@pytest.mark.parametrize("more", [{"wide": True}, {"subtype": 1}, {"subtype": 0x80000002}, {"cputype": X86}])
def test_not_hidden(more: dict[str, Any]) -> None:
    """After the counted slices, dyld accepts only a plain arm64 slice, and in 64-bit fat files none."""
    cputype, subtype = more.get("cputype", ARM64), more.get("subtype", 0)
    slices = ((X86_64, 3, INTEL), (cputype, subtype, thin(cputype=cputype, subtype=subtype)))
    assert [one.machine for one in read(fat(*slices, wide=more.get("wide", False), hidden=1))] == [
        Machine.X86_64
    ]


def test_arm64e_in_fat_headers() -> None:
    """The fat header may leave out the ABI version of an arm64e slice, as libtool does."""
    assert complaints(read(fat((ARM64, 2, thin(subtype=0x80000002))))) == []


def test_slices_in_file_order() -> None:
    """Slices are in file order, whatever the order of the fat header is."""
    data = bytearray(fat((X86_64, 3, INTEL), (ARM64, 0, SOUND)))
    data[8:28], data[28:48] = data[28:48], data[8:28]
    assert [one.machine for one in read(bytes(data))] == [Machine.X86_64, Machine.ARM64]


def _poke(data: bytes, *changes: tuple[int, int]) -> bytes:
    """Return a fat file with big-endian words changed."""
    changed = bytearray(data)
    for offset, value in changes:
        struct.pack_into(">I", changed, offset, value)
    return bytes(changed)


_PAIR = fat((X86_64, 3, INTEL), (ARM64, 0, SOUND))
_ONE = fat((ARM64, 0, SOUND))
SLICES: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "beyond the file": (_poke(_PAIR, (40, 0x8000)), [("truncated", "slice extends beyond end of file")]),
    "starts beyond the file": (
        _poke(_PAIR, (36, 0x100000)),
        [
            ("truncated", "slice extends beyond end of file"),
            ("contradiction", "slice is not valid mach-o file"),
        ],
    ),
    "on the fat header": (
        _poke(_ONE, (16, 16), (20, 4)),
        [("overlap", "slice overlaps the fat header"), ("contradiction", "slice is not valid mach-o file")],
    ),
    "the fat file itself": (
        _poke(_ONE, (16, 0)),
        [("overlap", "slice overlaps the fat header"), ("contradiction", "slice is not valid mach-o file")],
    ),
    "twice": (fat((ARM64, 0, SOUND), (ARM64, 0, SOUND)), [("overlap", "duplicate slices")]),
    "twice, once hidden": (
        fat((ARM64, 0, SOUND), (ARM64, 0, SOUND), hidden=1), [("overlap", "duplicate slices")]
    ),
    "twice with capability bits": (
        fat((X86_64, 3, INTEL), (X86_64, 0x80000003, INTEL)), [("overlap", "duplicate slices")]
    ),
    "on each other": (_poke(_PAIR, (20, 0x4004)), [("overlap", "overlapping slices")]),
    "not on a page": (
        fat((ARM64, 0, SOUND), align=0x1000), [("contradiction", "slice is not page aligned")]
    ),
    "other machine": (
        fat((ARM64, 0, INTEL)), [("contradiction", "cpu type/subtype in slice does not match fat header")]
    ),
    "other subtype": (
        fat((X86_64, 8, INTEL)), [("contradiction", "cpu type/subtype in slice does not match fat header")]
    ),
    "zeros": (fat((ARM64, 0, bytes(64))), [("contradiction", "slice is not valid mach-o file")]),
    "empty": (fat((ARM64, 0, b"")), [("contradiction", "slice is not valid mach-o file")]),
    "cut in its header": (fat((ARM64, 0, SOUND[:20])), [("truncated", "28 bytes needed")]),
    "fat again": (fat((ARM64, 0, _ONE)), [("contradiction", "slice is not valid mach-o file")]),
}  # fmt: skip


@pytest.mark.parametrize("case", SLICES)
def test_hostile_slices(case: str) -> None:
    """Each rule by which dyld refuses a fat file is a fault of the slice that breaks it."""
    data, expected = SLICES[case]
    *sound, broken = read(data)
    assert complaints(tuple(sound)) == []
    assert complaints((broken,)) == expected


def test_slice_not_page_aligned_for_its_machine() -> None:
    """Intel slices need pages of 4 KiB only, and objects none."""
    assert complaints(read(fat((X86_64, 3, INTEL), align=0x1000))) == []
    assert (
        complaints(read(fat((X86_64, 3, thin(cputype=X86_64, subtype=3, filetype=OBJECT)), align=0x100)))
        == []
    )
    assert complaints(read(fat((X86_64, 3, INTEL), align=0x800))) == [
        ("contradiction", "slice is not page aligned")
    ]


@pytest.mark.parametrize(
    ("data", "form", "kind", "faults"),
    [
        (b"!<arch>\n", Format.ARCHIVE, Kind.ARCHIVE, 0),
        (b"BC\xc0\xde" + bytes(16), Format.BITCODE, Kind.OBJECT, 1),
        (b"\xde\xc0\x17\x0b" + bytes(16), Format.BITCODE, Kind.OBJECT, 1),
        (b"\x7fELF" + bytes(16), Format.MACHO, Kind.OTHER, 1),
    ],
)
def test_slices_that_are_no_mach_o(data: bytes, form: Format, kind: Kind, faults: int) -> None:
    """Other contents of a slice are named, with the machine of the fat header. Only archives are valid there."""
    found = read_one(fat((ARM64, 0x80000002, data)))
    assert (found.format, found.kind, len(found.faults)) == (form, kind, faults)
    assert (found.machine, found.variant, found.code, found.bits) == (Machine.ARM64, "arm64e", ARM64, 64)
    assert (found.offset, found.macho) == (0x4000, None)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "truncated"),
        (b"\xcf\xfa\xed", "truncated"),
        (SOUND[:27], "truncated"),
        (thin(bits=32, cputype=X86)[:27], "truncated"),
        (b"MZ\x90\0", "unsupported"),
        (b"\xbe\xba\xfe\xca" + bytes(64), "unsupported"),
        (b"\xbf\xba\xfe\xca" + bytes(64), "unsupported"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(64), "unsupported"),
        (b"\xca\xfe\xba\xbe\0\x03\0\x2d" + bytes(64), "unsupported"),
        (b"\xca\xfe\xba\xbe\0\0\0\x11" + bytes(999), "limit"),
        (b"\xca\xfe\xba\xbf\0\0\0\x34" + bytes(9999), "limit"),
        (b"\xca\xfe\xba\xbf\xff\xff\xff\xff" + bytes(999), "limit"),
        (b"\xca\xfe\xba\xbe\0\0\0\0" + bytes(64), "contradiction"),
        (b"\xca\xfe\xba\xbf\0\0\0\0" + bytes(64), "contradiction"),
        (b"\xca\xfe\xba\xbe\0\0", "truncated"),
        (_ONE[:27], "truncated"),
        (_ONE[:47], "truncated"),
        (fat((ARM64, 0, SOUND), wide=True)[:39], "truncated"),
    ],
)
def test_refused(data: bytes, kind: str) -> None:
    """Without a whole header there is no image. dyld needs room for one fat_arch more than it counts."""
    with pytest.raises(FormatError) as caught:
        read(data)
    assert caught.value.kind == kind


def test_room_for_one_header_more() -> None:
    """The 32-bit fat header ends one entry after its last, the 64-bit one with it."""
    assert len(read(_ONE[:48])) == 1
    assert len(read(fat((ARM64, 0, SOUND), wide=True)[:40])) == 1


def test_sixteen_slices() -> None:
    """Sixteen slices are the most that dyld accepts."""
    slices = [(ARM, subtype, thin(cputype=ARM, subtype=subtype, bits=32)) for subtype in range(16)]
    images = read(fat(*slices))
    assert len(images) == 16
    assert complaints(images) == []
