"""`sniff` recognizes a format by its first bytes."""

import random
import struct

import pytest

from support.images import image, image_names
from wheelarch.errors import FormatError
from wheelarch.image import HEAD_BYTES, read_images, sniff
from wheelarch.model import Depth, Format
from wheelarch.view import BytesView

_SUFFIXES = {"pyd": Format.PE, "dll": Format.PE, "exe": Format.PE, "obj": Format.COFF, "lib": Format.ARCHIVE}
_SUFFIXES |= {"a": Format.ARCHIVE, "bc": Format.BITCODE}
_PREFIXES = {"macos": Format.MACHO, "ios": Format.MACHO, "catalyst": Format.MACHO, "linux": Format.ELF}
_PREFIXES |= {"android": Format.ELF, "emscripten": Format.WASM}


@pytest.mark.parametrize("name", image_names())
def test_real_files(name: str) -> None:
    """Every real file is recognized by its first 64 bytes, and its reader agrees."""
    expected = _SUFFIXES.get(name.rpartition(".")[2]) or _PREFIXES[name.partition("-")[0]]
    data = image(name)
    assert sniff(data[:HEAD_BYTES]) is expected
    assert {found.format for found in read_images(BytesView(data), Depth.HEADER)} == {expected}


def _coff(**more: int | bytes) -> bytes:
    """The header of a COFF object for x64 and that of its first section."""
    fields: dict[str, int | bytes] = {
        "machine": 0x8664,
        "sections": 1,
        "symbols": 0x100,
        "symbol_count": 4,
        "optional": 0,
        "flags": 0,
        "name": b".text",
        "virtual_size": 0,
        "rva": 0,
        "data": 0x3C,
        "relocations": 0,
        "section_flags": 0x60500020,
        **more,
    }
    start = struct.pack(
        "<HH4xIIHH",
        *(fields[key] for key in ("machine", "sections", "symbols", "symbol_count", "optional", "flags")),
    )
    section = struct.pack(
        "<8sII4xII8xI",
        *(fields[key] for key in ("name", "virtual_size", "rva", "data", "relocations", "section_flags")),
    )
    return start + section + bytes(4)


def _import(machine: int = 0x8664, size: int = 24, kind: int = 4) -> bytes:
    """A short import object."""
    return struct.pack("<HHHHIIHH", 0, 0xFFFF, 0, machine, 0, size, 0, kind) + b"PyLong_Type\0python3.dll\0"


_BIGOBJ = bytes.fromhex("0000ffff 0200 6486 00000000 c7a1bad1eebaa94baf20faf66aa4dcb8")
_GL = bytes.fromhex("0000ffff 0100 6486 00000000 38feb30ca5d9ab4dac9bd6b6222653c2")
_FAT = "cafebabe"

HEADS = {
    "PE": (b"MZ", Format.PE),
    "ELF": (b"\x7fELF", Format.ELF),
    "thin Mach-O, 64 bits": ("cffaedfe", Format.MACHO),
    "thin Mach-O, 32 bits": ("cefaedfe", Format.MACHO),
    "thin Mach-O, big-endian": ("feedfacf", Format.MACHO),
    "thin Mach-O, big-endian, 32 bits": ("feedface", Format.MACHO),
    "fat Mach-O of one slice": (_FAT + "00000001", Format.MACHO),
    "fat Mach-O of 16 slices": (_FAT + "00000010", Format.MACHO),
    "fat Mach-O of no slice": (_FAT + "00000000", Format.MACHO),
    "fat Mach-O of more slices than dyld takes": (_FAT + "00000011", Format.MACHO),
    "fat Mach-O of too many slices for any version of Java": (_FAT + "12345678", Format.MACHO),
    "fat Mach-O with 64-bit offsets": ("cafebabf00000002", Format.MACHO),
    "fat Mach-O, byte-swapped": ("bebafeca02000000", Format.MACHO),
    "a class of Java 1.0": (_FAT + "0003002d", None),
    "a class of Java 8": (_FAT + "00000034", None),
    "a class of Java 23 with preview features": (_FAT + "ffff0043", None),
    "half a word of four letters": (_FAT, None),
    "WebAssembly": (b"\0asm\x01\0\0\0", Format.WASM),
    "a static archive": (b"!<arch>\n", Format.ARCHIVE),
    "a thin archive": (b"!<thin>\n", Format.ARCHIVE),
    "bitcode": (b"BC\xc0\xde", Format.BITCODE),
    "wrapped bitcode": ("dec0170b", Format.BITCODE),
    "a COFF object": (_coff(), Format.COFF),
    "a COFF object without symbols": (_coff(symbols=0, symbol_count=0), Format.COFF),
    "a COFF object for ARM64EC": (_coff(machine=0xA641), Format.COFF),
    "a COFF object with a long section name": (_coff(name=b"/4"), Format.COFF),
    "a short import object": (_import(), Format.COFF),
    "a COFF object of more sections": (_BIGOBJ, Format.COFF),
    "an object of /GL": (_GL, Format.COFF),
    "nothing": (b"", None),
    "text": (b"import os\n", None),
    "text that starts as a machine does": (b"L\x01" + b"orem ipsum dolor sit amet " * 4, None),
    "a PNG": (b"\x89PNG\r\n\x1a\n", None),
    "zeros": (bytes(64), None),
    "COFF cut within the first section": (_coff()[:59], None),
    "COFF with an optional header": (_coff(optional=240), None),
    "COFF that is an image": (_coff(flags=0x2022), None),
    "COFF without section": (_coff(sections=0), None),
    "COFF of 65,280 sections": (_coff(sections=0xFF00), None),
    "COFF for a machine of long ago": (_coff(machine=0x162), None),
    "COFF with symbols in its header": (_coff(symbols=0x20), None),
    "COFF with symbols nowhere": (_coff(symbols=0), None),
    "COFF with data in its header": (_coff(data=0x14), None),
    "COFF with relocations in its header": (_coff(relocations=0x14), None),
    "COFF with an address": (_coff(rva=0x1000), None),
    "COFF with a size in memory": (_coff(virtual_size=0x1000), None),
    "COFF with a section for nothing": (_coff(section_flags=0), None),
    "COFF with a section name of control characters": (_coff(name=b".te\x01t"), None),
    "COFF with a section name of high bytes": (_coff(name=b".te\xe4t"), None),
    "an import object for an unknown machine": (_import(machine=0x1234), None),
    "an import object without names": (_import(size=0), None),
    "an import object of an unknown type": (_import(kind=0x40), None),
    "an import object cut off": (_import()[:20], None),
    "an anonymous object of an unknown class": (_BIGOBJ[:-1] + b"\0", None),
}


@pytest.mark.parametrize("case", HEADS)
def test_heads(case: str) -> None:
    """Each magic has its format, and bytes that only look like a magic have none."""
    head, expected = HEADS[case]
    assert sniff(bytes.fromhex(head) if isinstance(head, str) else head) is expected


@pytest.mark.parametrize("machine", [0x14C, 0x1C0, 0x1C2, 0x1C4, 0x8664, 0xA641, 0xA64E, 0xAA64])
def test_object_machines(machine: int) -> None:
    """An object is recognized for every machine that Windows still runs on, and for older ARM."""
    assert sniff(_coff(machine=machine)) is Format.COFF


@pytest.mark.parametrize("start", [b"\0\0", b"\0\0\xff\xff", b"\x4c\x01", b"\x64\x86", b"\x64\xaa"])
def test_random_data_is_no_object(start: bytes) -> None:
    """Data that happens to start with a machine number is not called an object."""
    chance = random.Random(start)
    for _ in range(20_000):
        assert sniff(start + chance.randbytes(HEAD_BYTES - len(start))) is None


def test_no_known_magic() -> None:
    """A file without a known magic is refused, and the error shows its first bytes."""
    with pytest.raises(FormatError) as refusal:
        read_images(BytesView(b"#!/bin/sh\n"))
    assert (refusal.value.kind, refusal.value.value) == ("unsupported", "23212f62")
