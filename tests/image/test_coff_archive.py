"""Objects and archives: real ones, ones built byte by byte, cut and damaged ones."""

import random
import struct

import pytest

from support.images import image
from wheelarch.errors import FormatError
from wheelarch.image import coff_archive, sniff
from wheelarch.limits import DEFAULT, Limits
from wheelarch.model import Depth, Fault, Format, Image, Kind, Machine
from wheelarch.view import BytesView


def read(data: bytes, limits: Limits = DEFAULT) -> tuple[Image, ...]:
    return coff_archive.read(BytesView(data), Depth.SYMBOLS, limits)


def record(
    found: Format,
    kind: Kind,
    machine: Machine,
    code: int = 0,
    bits: int = 0,
    variant: str = "",
    *faults: Fault,
) -> Image:
    return Image(found, machine, variant, code, bits, 0, kind, Depth.SYMBOLS, faults=faults)


IMAGES = {
    "win_amd64.obj": record(Format.COFF, Kind.OBJECT, Machine.X86_64, 0x8664),
    "win_amd64-python3.lib": record(Format.ARCHIVE, Kind.IMPORT_LIBRARY, Machine.X86_64, 0x8664),
    "linux-x86_64.a": record(Format.ARCHIVE, Kind.ARCHIVE, Machine.X86_64, 62, 64),
    "linux-x86_64.bc": record(Format.BITCODE, Kind.OBJECT, Machine.OTHER),
}


@pytest.mark.parametrize("name", IMAGES)
def test_whole_record(name: str) -> None:
    """A real object or archive is for the machine that its compiler was given."""
    assert read(image(name)) == (IMAGES[name],)


@pytest.mark.parametrize("name", ["win_amd64.obj", "win_amd64-python3.lib", "linux-x86_64.a"])
def test_growth(name: str) -> None:
    """A file that is cut anywhere gives the facts of the whole file, or a fault."""
    data = image(name)
    truth = read(data)
    for size in range(len(data)):
        if data[:size] == b"!<arch>\n":
            continue  # a whole archive, and empty
        try:
            found = read(data[:size])
        except FormatError:
            continue
        assert found == truth or any(one.faults for one in found), size


@pytest.mark.parametrize("name", IMAGES)
def test_mutants(name: str) -> None:
    """Whatever bytes are flipped, only FormatError is raised."""
    data = image(name)
    chance = random.Random(name)
    for _ in range(1000):
        mutant = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            mutant[chance.randrange(chance.choice((0x80, len(data))))] ^= 1 << chance.randrange(8)
        try:
            found = read(bytes(mutant))
        except FormatError:
            continue
        assert 1 <= len(found) <= 4


# -- objects -------------------------------------------------------------------------------------------------


def _object(machine: int = 0x8664, raw_size: int = 16, symbol_count: int = 1, sections: int = 1) -> bytes:
    """A COFF object of one symbol: 20 bytes of header, 40 for each section, 16 of data, 18 of symbols."""
    data = 20 + 40 * sections
    header = struct.pack("<HHIIIHH", machine, sections, 0, data + 16, symbol_count, 0, 0)
    section = struct.pack("<8sIIIIIIHHI", b".text", 0, 0, raw_size, data, 0, 0, 0, 0, 0x60500020)
    return header + section * sections + bytes(16 + 18)


def _import(machine: int = 0x8664) -> bytes:
    """A short import object: 20 bytes of header, 24 of names."""
    return struct.pack("<HHHHIIHH", 0, 0xFFFF, 0, machine, 0, 24, 0, 4) + b"PyLong_Type\0python3.dll\0"


def _bigobj(symbol_count: int = 1) -> bytes:
    """An object of the variant for many sections, with one: 56 + 40 bytes of headers, 20 of symbols."""
    class_id = bytes.fromhex("c7a1bad1eebaa94baf20faf66aa4dcb8")
    header = struct.pack(
        "<HHHHI16sIIIIIII", 0, 0xFFFF, 2, 0xAA64, 0, class_id, 0, 0, 0, 0, 1, 0x60, symbol_count
    )
    section = struct.pack("<8sIIIIIIHHI", b".bss", 0, 0, 0x10000, 0x60, 0, 0, 0, 0, 0x80)
    return header + section + bytes(20)


OBJECTS = {
    "x86": (_object(0x14C), Machine.X86, "", Kind.OBJECT),
    "arm": (_object(0x1C4), Machine.ARM, "", Kind.OBJECT),
    "arm64": (_object(0xAA64), Machine.ARM64, "", Kind.OBJECT),
    "ARM64EC": (_object(0xA641), Machine.X86_64, "arm64ec", Kind.OBJECT),
    "ARM64X": (_object(0xA64E), Machine.ARM64, "arm64x", Kind.OBJECT),
    "an import": (_import(), Machine.X86_64, "", Kind.IMPORT_LIBRARY),
    "an import for ARM64EC": (_import(0xA641), Machine.X86_64, "arm64ec", Kind.IMPORT_LIBRARY),
    "many sections": (_bigobj(), Machine.ARM64, "", Kind.OBJECT),
    "/GL": (
        bytes.fromhex("0000ffff 0100 6486 00000000 38feb30ca5d9ab4dac9bd6b6222653c2") + bytes(8),
        Machine.X86_64,
        "",
        Kind.OBJECT,
    ),
}


@pytest.mark.parametrize("case", OBJECTS)
def test_objects(case: str) -> None:
    """An object of any variant has its machine, and none of the facts of a linked image."""
    data, machine, variant, kind = OBJECTS[case]
    (found,) = read(data)
    assert (found.format, found.machine, found.variant, found.kind) == (Format.COFF, machine, variant, kind)
    assert (found.bits, found.faults, found.pe) == (0, (), None)


CUT = {
    "a section": _object(raw_size=0x1000),
    "the symbols": _object(symbol_count=2),
    "the section table": _object(sections=2)[:0x50],
    "an import": _import()[:-1],
    "many sections": _bigobj(symbol_count=2),
    "wrapped bitcode": struct.pack("<IIIII", 0x0B17C0DE, 0, 20, 100, 7),
}


@pytest.mark.parametrize("case", CUT)
def test_cut_objects(case: str) -> None:
    """An object that ends before data that its header lists has a fault, and keeps its machine."""
    (found,) = read(CUT[case])
    assert [fault.kind for fault in found.faults] == ["truncated"]
    assert found.machine in (Machine.X86_64, Machine.ARM64, Machine.X86)


def test_wrapped_bitcode() -> None:
    """The wrapper of bitcode has the machine number of Mach-O. An unknown number is `Machine.OTHER`."""
    (found,) = read(struct.pack("<IIIII", 0x0B17C0DE, 0, 20, 4, 0x0100000C) + b"BC\xc0\xde")
    assert (found.machine, found.code, found.faults) == (Machine.ARM64, 0x0100000C, ())
    (found,) = read(struct.pack("<IIIII", 0x0B17C0DE, 0, 20, 4, 0x7777) + b"BC\xc0\xde")
    assert (found.machine, found.code) == (Machine.OTHER, 0x7777)


def test_refused() -> None:
    """A file that is neither an object nor an archive is refused."""
    with pytest.raises(FormatError) as refusal:
        read(b"MZ")
    assert refusal.value.kind == "unsupported"


# -- archives ------------------------------------------------------------------------------------------------


def _member(data: bytes, name: str = "ext.o/", size: str | None = None, mark: bytes = b"`\n") -> bytes:
    size = str(len(data)) if size is None else size
    header = name.ljust(16) + "0".ljust(12) + "0".ljust(6) + "0".ljust(6) + "644".ljust(8) + size.ljust(10)
    return header.encode() + mark + data + b"\n" * (len(data) % 2)


def _archive(*members: bytes) -> bytes:
    return b"!<arch>\n" + b"".join(members)


_INDEX = _member(struct.pack(">II", 1, 8 + 60 + 8 + 4) + b"sym\0", "/")
X86, X64, ARM64 = (Machine.X86, ""), (Machine.X86_64, ""), (Machine.ARM64, "")

ARCHIVES: dict[str, tuple[bytes, Kind, list[tuple[Machine, str]]]] = {
    "empty": (_archive(), Kind.ARCHIVE, [(Machine.NONE, "")]),
    "thin": (b"!<thin>\n" + _member(b"", size="1000"), Kind.ARCHIVE, [(Machine.NONE, "")]),
    "nothing but data": (_archive(_member(b"rust metadata")), Kind.ARCHIVE, [(Machine.NONE, "")]),
    "one object": (_archive(_member(_object())), Kind.ARCHIVE, [X64]),
    "an index first": (_archive(_INDEX, _member(_object())), Kind.ARCHIVE, [X64]),
    "long names": (
        _archive(_member(b"a/very/long/name.o/\n", "//"), _member(_object(), "/0")),
        Kind.ARCHIVE,
        [X64],
    ),
    "names of BSD": (
        _archive(
            _member(b"__.SYMDEF SORTED\0\0\0\0" + bytes(8), "#1/20"),
            _member(b"ext.o\0\0\0" + _object(), "#1/8"),
        ),
        Kind.ARCHIVE,
        [X64],
    ),
    "sizes that are odd": (_archive(_member(b"odd"), _member(_object())), Kind.ARCHIVE, [X64]),
    "two machines": (
        _archive(_member(_object(0xAA64)), _member(_object(0xA641))),
        Kind.ARCHIVE,
        [ARM64, (Machine.X86_64, "arm64ec")],
    ),
    "imports": (_archive(_member(_object()), _member(_import())), Kind.IMPORT_LIBRARY, [X64]),
    "objects of Linux": (_archive(_member(image("linux-x86_64.o"))), Kind.ARCHIVE, [X64]),
    "objects of macOS": (_archive(_member(image("macos-arm64.o"), "#1/0")), Kind.ARCHIVE, [ARM64]),
    "an archive within": (
        _archive(_member(_archive(_member(_object())))),
        Kind.ARCHIVE,
        [(Machine.NONE, "")],
    ),
}


@pytest.mark.parametrize("case", ARCHIVES)
def test_archives(case: str) -> None:
    """An archive is for the machines of its objects, whatever their formats and names."""
    data, kind, machines = ARCHIVES[case]
    found = read(data)
    assert [(one.machine, one.variant) for one in found] == machines
    assert all((one.format, one.kind, one.offset) == (Format.ARCHIVE, kind, 0) for one in found)
    assert not any(one.faults for one in found)


BROKEN = {
    "a size that is not a number": (_archive(_member(_object()), _member(b"", size="x")), "contradiction"),
    "a negative size": (_archive(_member(_object()), _member(b"", size="-60")), "contradiction"),
    "no size": (_archive(_member(_object()), _member(b"", size="")), "contradiction"),
    "a header without end": (_archive(_member(_object()), _member(b"", mark=b"xx")), "contradiction"),
    "a member beyond the end": (_archive(_member(_object()), _member(b"", size="9999999999")), "truncated"),
    "half a header": (_archive(_member(_object()), _member(b"")[:30]), "truncated"),
    "an index of more than there is": (
        _archive(_member(struct.pack(">II", 1, 10_000) + b"sym\0", "/"), _member(_object())),
        "truncated",
    ),
    "an object cut off": (_archive(_member(_object()), _member(_object()[:-1])), "truncated"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_archives(case: str) -> None:
    """Damage is reported, and what was read before is kept."""
    data, kind = BROKEN[case]
    (found,) = read(data)
    assert [fault.kind for fault in found.faults] == [kind]
    assert found.machine is (Machine.NONE if "index" in case else Machine.X86_64)


def test_samples_are_few() -> None:
    """Only the first 64 members of an archive are read."""
    few, many = (_archive(*[_member(_object(0x14C))] * count, _member(_object(0xAA64))) for count in (63, 64))
    assert [one.machine for one in read(few)] == [Machine.X86, Machine.ARM64]
    assert [one.machine for one in read(many)] == [Machine.X86]


def test_object_in_a_slice() -> None:
    """Offsets count from the start of the member, not of the view."""
    data = _object(raw_size=0x1000)
    assert sniff(data) is Format.COFF
    (found,) = coff_archive.read(BytesView(data, base=0x4000), Depth.HEADER, DEFAULT)
    assert (found.offset, found.depth, found.faults[0].offset) == (0x4000, Depth.HEADER, 0x4000 + len(data))
