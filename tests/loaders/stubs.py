"""Libraries that define names and do nothing: they stand for Python where no Python runs.

No compiler is needed: the bytes are written from the offsets of the ELF and PE specifications. A function of such a
library is a byte that nobody may run, so it serves a loader, which binds names and calls nothing.
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple

_SLOT = 16
"""Bytes between two definitions, so that no two names share an address."""
_PAGE = 0x10000
"""The largest page of the machines below."""


class _Elf(NamedTuple):
    number: int
    bits: int
    order: str
    flags: int


_ELF = {
    "x86_64": _Elf(62, 64, "<", 0),
    "aarch64": _Elf(183, 64, "<", 0),
    "armv7l": _Elf(40, 32, "<", 0x05000400),  # EABI 5, hard float
    "ppc64le": _Elf(21, 64, "<", 2),  # ELF V2
    "s390x": _Elf(22, 64, ">", 0),
    "riscv64": _Elf(243, 64, "<", 5),  # RVC, double float
}


def elf(machine: str, soname: str, needed: Sequence[str], names: Sequence[str]) -> bytes:
    """Return a shared library for Linux that defines names, each as data of `_SLOT` bytes without a version.

    Args:
        machine: As in a platform tag.
        soname: Its DT_SONAME.
        needed: The libraries that it asks for.
        names: Different names.
    """
    number, bits, order, flags = _ELF[machine]
    wide = bits == 64
    word = "Q" if wide else "I"
    header, segment, symbol = (64, 56, 24) if wide else (52, 32, 16)
    strings = b"\0" + b"".join(name.encode() + b"\0" for name in (soname, *needed, *names))
    symbols_at = header + 3 * segment + -(header + 3 * segment) % 8
    hash_at = symbols_at + symbol * (len(names) + 1)
    # One bucket would do; a tenth of the names keeps chains short. On s390x the words of DT_HASH have 64 bits.
    buckets, chains = _hash_table(names, max(1, len(names) // 10))
    table = struct.pack(
        f"{order}{2 + len(buckets) + len(chains)}{'Q' if machine == 's390x' else 'I'}",
        *(len(buckets), len(chains), *buckets, *chains),
    )
    strings_at = hash_at + len(table)
    dynamic_at = strings_at + len(strings) + -(strings_at + len(strings)) % 16
    tags = [(14, 1), (4, hash_at), (5, strings_at), (6, symbols_at), (10, len(strings)), (11, symbol)]
    at = 2 + len(soname)
    for name in needed:
        tags.append((1, at))
        at += len(name) + 1
    tags.append((0, 0))
    dynamic = b"".join(struct.pack(f"{order}2{word}", *tag) for tag in tags)
    end = dynamic_at + len(dynamic)
    data_at = end + -end % _PAGE
    memory = data_at + _SLOT * len(names)

    def program_header(kind: int, rights: int, place: int, size: int, in_memory: int, align: int) -> bytes:
        if wide:
            return struct.pack(f"{order}2I6Q", kind, rights, place, place, place, size, in_memory, align)
        return struct.pack(f"{order}8I", kind, place, place, place, size, in_memory, rights, align)

    rows = [symbol * b"\0"]
    for index, name in enumerate(names):
        value = data_at + index * _SLOT
        # st_info: STB_GLOBAL, STT_OBJECT. st_shndx: any section that is not SHN_UNDEF; there are none.
        if wide:
            rows.append(struct.pack(f"{order}IBBHQQ", at, 0x11, 0, 1, value, _SLOT))
        else:
            rows.append(struct.pack(f"{order}IIIBBH", at, value, _SLOT, 0x11, 0, 1))
        at += len(name) + 1
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    rest = struct.pack(
        f"{order}2HI3{word}I6H", 3, number, 1, 0, header, 0, flags, header, segment, 3, 0, 0, 0
    )
    headers = (
        program_header(1, 6, 0, end, memory, _PAGE)
        + program_header(2, 6, dynamic_at, len(dynamic), len(dynamic), 8)
        + program_header(0x6474E551, 6, 0, 0, 0, 16)
    )
    image = bytearray(end)
    for place, data in (
        (0, ident + rest + headers),
        (symbols_at, b"".join(rows)),
        (hash_at, table),
        (strings_at, strings),
        (dynamic_at, dynamic),
    ):
        image[place : place + len(data)] = data
    return bytes(image)


def _hash_table(names: Sequence[str], size: int) -> tuple[list[int], list[int]]:
    """Return buckets and chains as the System V ABI, "Hash Table", describes them; symbol 0 is the empty one."""
    buckets, chains = [0] * size, [0] * (len(names) + 1)
    for index, name in enumerate(names, 1):
        value = 0
        for byte in name.encode():
            value = (value << 4) + byte
            value = (value ^ (value >> 24 & 0xF0)) & 0x0FFFFFFF
        chains[index], buckets[value % size] = buckets[value % size], index
    return buckets, chains


def dll(name: str, names: Sequence[str], base: int) -> bytes:
    """Return a DLL for Windows x64 that exports names, all at one address.

    Args:
        name: Its file name.
        names: Different names.
        base: Its ImageBase, a multiple of 64 KiB.
    """
    names = sorted(names)
    count, start = len(names), 0x1000
    addresses = start + 40
    name_table = addresses + 4 * count
    ordinals = name_table + 4 * count
    texts = ordinals + 2 * count
    text = b"".join(one.encode() + b"\0" for one in (name, *names))
    pointers, at = [], texts + len(name) + 1
    for one in names:
        pointers.append(at)
        at += len(one) + 1
    size = texts + len(text) - start
    # The address must be outside the export directory, or it would be a forwarder: it is the next page.
    code = start + size + -size % 0x1000
    directory = struct.pack("<2I2H7I", 0, 0, 0, 0, texts, 1, count, count, addresses, name_table, ordinals)
    edata = (
        directory
        + struct.pack(f"<{count}I", *[code] * count)
        + struct.pack(f"<{count}I", *pointers)
        + struct.pack(f"<{count}H", *range(count))
        + text
    )
    edata += bytes(-len(edata) % 0x200)
    body = b"\xc3".ljust(0x200, b"\xcc")
    sections = struct.pack("<8s6I2HI", b".edata", size, start, len(edata), 0x400, 0, 0, 0, 0, 0x40000040)
    sections += struct.pack(
        "<8s6I2HI", b".text", 0x200, code, len(body), 0x400 + len(edata), 0, 0, 0, 0, 0x60000020
    )
    coff = struct.pack("<2H3I2H", 0x8664, 2, 0, 0, 0, 240, 0x2022)
    optional = struct.pack("<HBB5I", 0x20B, 14, 0, 0x200, len(edata), 0, 0, code)
    optional += struct.pack(
        "<Q2I6H4I2H", base, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, code + 0x1000, 0x400, 0, 2, 0x100
    )
    optional += struct.pack("<4Q2I", 0x100000, 0x1000, 0x100000, 0x1000, 0, 16)
    optional += struct.pack("<2I", start, size) + bytes(8 * 15)
    dos = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    return (dos + b"PE\0\0" + coff + optional + sections).ljust(0x400, b"\0") + edata + body
