"""Damage to ELF files, judged as the loader of this machine judges it: glibc opens the files.

`Fault.loaded` says whether a loader reads the damaged part. Here each part of a real library is damaged in turn, and
the file is opened by dlopen in a process of its own.
"""

import platform
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.images import image
from wheelarch import inspect
from wheelarch.model import Image

PLAIN, MARKED = "linux-x86_64-glibc.so", "linux-x86_64-v3.so"
"""A library; the same with a PT_NOTE."""
LOAD, DYNAMIC, INTERP, NOTE, RELRO = 1, 2, 3, 4, 0x6474E552
"""p_type."""
HASH, RELRSZ, RELR, RELRENT = 4, 35, 36, 37
STRTAB, SYMTAB, STRSZ, SYMENT, VERSYM, VERNEED = 5, 6, 10, 11, 0x6FFFFFF0, 0x6FFFFFFE
"""d_tag."""
P_TYPE, P_OFFSET, P_VADDR, P_FILESZ = 0, 8, 16, 32
"""Where the fields of a program header are, in bytes."""

on_glibc = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64" or platform.libc_ver()[0] != "glibc",
    reason="needs glibc on x86_64",
)


def _header(data: bytearray, kind: int) -> int:
    """Where the first program header of a kind is."""
    (first,) = struct.unpack_from("<Q", data, 0x20)
    (count,) = struct.unpack_from("<H", data, 0x38)
    places = [first + 56 * index for index in range(count)]
    return next(place for place in places if struct.unpack_from("<I", data, place)[0] == kind)


def _value(data: bytearray, tag: int) -> int:
    """Where the value of an entry of the dynamic table is."""
    (place,) = struct.unpack_from("<Q", data, _header(data, DYNAMIC) + P_OFFSET)
    while struct.unpack_from("<Q", data, place)[0] != tag:
        place += 16
    return place + 8


def _in_file(data: bytearray, address: int) -> int:
    """Where in the file an address is."""
    (first,) = struct.unpack_from("<Q", data, 0x20)
    (count,) = struct.unpack_from("<H", data, 0x38)
    for place in (first + 56 * index for index in range(count)):
        kind, _, offset, vaddr, _, size, _ = struct.unpack_from("<IIQQQQQ", data, place)
        if kind == LOAD and vaddr <= address < vaddr + size:
            return int(address - vaddr + offset)
    raise AssertionError(hex(address))


def _set(kind: int, field: int, value: int) -> Callable[[bytearray], None]:
    def damage(data: bytearray) -> None:
        struct.pack_into("<I" if field == P_TYPE else "<Q", data, _header(data, kind) + field, value)

    return damage


def _tag(tag: int, value: int) -> Callable[[bytearray], None]:
    def damage(data: bytearray) -> None:
        struct.pack_into("<Q", data, _value(data, tag), value)

    return damage


def _at(place: int, form: str, value: int) -> Callable[[bytearray], None]:
    def damage(data: bytearray) -> None:
        struct.pack_into(form, data, place, value)

    return damage


def _overwrite_notes(data: bytearray) -> None:
    place, size = (
        struct.unpack_from("<Q", data, _header(data, NOTE) + field)[0] for field in (P_OFFSET, P_FILESZ)
    )
    data[place : place + size] = b"X" * size


def _interpreter_outside(data: bytearray) -> None:
    header = _header(data, RELRO)
    struct.pack_into("<IIQQQQQQ", data, header, INTERP, 4, 1 << 40, 0, 0, 28, 28, 1)


def _two_dynamic(data: bytearray) -> None:
    here, there = _header(data, RELRO), _header(data, DYNAMIC)
    data[here : here + 56] = data[there : there + 56]


def _verneed_version(data: bytearray) -> None:
    (address,) = struct.unpack_from("<Q", data, _value(data, VERNEED))
    struct.pack_into("<H", data, _in_file(data, address), 9)


def _cut(data: bytearray) -> None:
    del data[0x300:]


LOADED: dict[str, Callable[[bytearray], None]] = {
    "e_version": _at(0x14, "<I", 9),
    "e_phentsize": _at(0x36, "<H", 55),
    "PT_LOAD, p_offset": _set(LOAD, P_OFFSET, 1),
    "PT_DYNAMIC, none": _set(DYNAMIC, P_TYPE, 0),
    "PT_DYNAMIC, p_vaddr": _set(DYNAMIC, P_VADDR, 1 << 40),
    "DT_STRTAB": _tag(STRTAB, 1 << 40),
    "DT_SYMTAB": _tag(SYMTAB, 1 << 40),
    "DT_VERNEED": _tag(VERNEED, 1 << 40),
    "vn_version": _verneed_version,
    "code": _cut,
}
"""Damage for which glibc refuses the file, or crashes."""
UNREAD: dict[str, Callable[[bytearray], None]] = {
    "notes": _overwrite_notes,
    "PT_NOTE, p_offset": _set(NOTE, P_OFFSET, 1 << 40),
    "PT_NOTE, p_filesz": _set(NOTE, P_FILESZ, 7),
    "PT_INTERP": _interpreter_outside,
    "PT_DYNAMIC, p_offset": _set(DYNAMIC, P_OFFSET, 64),
    "PT_DYNAMIC, p_filesz": _set(DYNAMIC, P_FILESZ, 32),
    "PT_DYNAMIC, two": _two_dynamic,
    "DT_STRSZ": _tag(STRSZ, 1 << 40),
    "DT_SYMENT": _tag(SYMENT, 7),
    "e_shoff": _at(0x28, "<Q", 1 << 40),
    "e_shentsize": _at(0x3A, "<H", 7),
}
"""Damage that glibc does not see."""


def _damaged(name: str, damage: Callable[[bytearray], None] | None) -> bytes:
    """A library that glibc can open, but for the damage."""
    data = bytearray(image(name))
    # It was linked with a stub of glibc, where puts has another version: its symbols become those without versions.
    start, end = (struct.unpack_from("<Q", data, _value(data, tag))[0] for tag in (VERSYM, VERNEED))
    data[start:end] = struct.pack("<H", 1) * ((end - start) // 2)
    # The level that the property asks for is another matter: this machine may not have it.
    data = data.replace(struct.pack("<III", 0xC0008002, 4, 4), struct.pack("<III", 0xC0008002, 4, 1))
    if damage is not None:
        damage(data)
    return bytes(data)


def _inspected(data: bytes) -> Image:
    (found,) = inspect(data)
    return found


@pytest.mark.parametrize("part", LOADED)
def test_damage_that_matters(part: str) -> None:
    """Damage to a part that loaders read is a fault that makes the other facts doubtful."""
    found = _inspected(_damaged(PLAIN, LOADED[part]))
    assert found.damaged
    assert all(fault.loaded for fault in found.faults)


@pytest.mark.parametrize("part", UNREAD)
def test_damage_that_nobody_sees(part: str) -> None:
    """Damage to a part that no loader reads is at most an unread fault, and all other facts are still read."""
    found, whole = _inspected(_damaged(MARKED, UNREAD[part])), _inspected(image(MARKED))
    assert not found.damaged
    facts = (found.needed, found.hooks, found.imported, found.elf and found.elf.version_needs)
    assert facts == (whole.needed, whole.hooks, whole.imported, whole.elf and whole.elf.version_needs)


def _opened(data: bytes, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    """What happens to a process that opens the file."""
    path = folder / "ext.so"
    path.write_bytes(data)
    command = f"import ctypes; ctypes.CDLL({str(path)!r})"
    return subprocess.run([sys.executable, "-c", command], check=False, capture_output=True)


@on_glibc
@pytest.mark.parametrize(
    ("file", "damage", "loads"),
    [
        *(pytest.param(name, None, True, id=f"{name}, whole") for name in (PLAIN, MARKED)),
        *(pytest.param(PLAIN, damage, False, id=part) for part, damage in LOADED.items()),
        *(pytest.param(MARKED, damage, True, id=part) for part, damage in UNREAD.items()),
    ],
)
def test_glibc_agrees(
    file: str, damage: Callable[[bytearray], None] | None, loads: bool, tmp_path: Path
) -> None:
    """Glibc opens exactly the files whose damage is in parts that it does not read."""
    data = _damaged(file, damage)
    ended = _opened(data, tmp_path)
    assert (ended.returncode == 0) is loads, ended.stderr
    assert _inspected(data).damaged is not loads


def _packed(data: bytearray) -> None:
    """Turn entries that glibc does not read into DT_RELR, and its size and the size of an entry."""
    for tag, packed, value in ((HASH, RELR, 0), (STRSZ, RELRSZ, 0), (SYMENT, RELRENT, 8)):
        struct.pack_into("<QQ", data, _value(data, tag) - 8, packed, value)


@on_glibc
@pytest.mark.skipif(
    platform.libc_ver() < ("glibc", "2.36") or len(platform.libc_ver()[1]) < 4, reason="needs glibc 2.36"
)
def test_glibc_refuses_packed_relocations_without_their_version(tmp_path: Path) -> None:
    """DT_RELR is refused if the file needs versions of libc.so.6, but not the one that says so (WA535)."""
    data = _damaged(MARKED, _packed)
    facts = _inspected(data).elf
    assert facts is not None
    assert facts.packed_relocations
    assert b"DT_RELR without GLIBC_ABI_DT_RELR dependency" in _opened(data, tmp_path).stderr


@pytest.mark.parametrize("part", ["PT_DYNAMIC, p_offset", "DT_STRSZ", "DT_SYMENT"])
def test_android_looks_closer(part: str) -> None:
    """Android's linker checks fields that glibc and musl do not read."""
    data = bytearray(image("android-x86_64.so"))
    UNREAD[part](data)
    assert _inspected(bytes(data)).damaged


@pytest.mark.parametrize(("name", "damaged"), [("linux-x86_64-musl.so", False), (PLAIN, True)])
def test_musl_reads_no_version_needs(name: str, damaged: bool) -> None:
    """A version need that cannot be read matters to glibc alone."""
    data = bytearray(image(name))
    entry = _value(data, HASH) - 8 if name != PLAIN else _value(data, VERNEED) - 8
    struct.pack_into("<QQ", data, entry, VERNEED, 1 << 40)
    found = _inspected(bytes(data))
    assert found.faults
    assert found.damaged is damaged
