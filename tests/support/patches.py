"""Edits of real binaries, one field at a time, at the offsets that the formats' specifications give."""

import struct
from collections.abc import Iterator

# ---- any format


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return the binary with a NUL-terminated string in another's place, which must not be shorter."""
    assert len(new) <= len(old)
    assert old + b"\0" in data
    return data.replace(old + b"\0", new.ljust(len(old), b"\0") + b"\0")


def patched(data: bytes, at: int, new: bytes) -> bytes:
    """Return the bytes with some of them overwritten."""
    assert at + len(new) <= len(data)
    return data[:at] + new + data[at + len(new) :]


# ---- ELF, 64 bits, little-endian: System V ABI, chapters 4 and 5


def with_alignment(elf: bytes, alignment: int) -> bytes:
    """Return the file with another p_align (byte 48) in every PT_LOAD."""
    for at in _program_headers(elf):
        if struct.unpack_from("<I", elf, at)[0] == 1:
            elf = patched(elf, at + 48, struct.pack("<Q", alignment))
    return elf


def with_version_need(elf: bytes, version: bytes, spare: bytes) -> bytes:
    """Return the file with another name of its first needed version.

    Args:
        elf: The file; its first segment maps addresses to the same offsets.
        version: The name.
        spare: A string of the dynamic string table that may go, where the name finds room.
    """
    strings, needs = _dynamic(elf, 5), _dynamic(elf, 0x6FFFFFFE)  # DT_STRTAB, DT_VERNEED
    at = elf.index(spare + b"\0", strings)
    aux = needs + struct.unpack_from("<I", elf, needs + 8)[0]  # vn_aux
    return patched(renamed(elf, spare, version), aux + 8, struct.pack("<I", at - strings))  # vna_name


def _program_headers(elf: bytes) -> Iterator[int]:
    """Yield where each is: e_phoff at byte 32, e_phnum at 56, 56 bytes each."""
    start, count = struct.unpack_from("<Q", elf, 32)[0], struct.unpack_from("<H", elf, 56)[0]
    return iter(range(start, start + 56 * count, 56))


def _dynamic(elf: bytes, tag: int) -> int:
    """Return the value of the first dynamic entry of this tag: PT_DYNAMIC is 2, p_offset at byte 8."""
    header = next(at for at in _program_headers(elf) if struct.unpack_from("<I", elf, at)[0] == 2)
    at = struct.unpack_from("<Q", elf, header + 8)[0]
    while True:
        found, value = struct.unpack_from("<QQ", elf, at)
        if found == tag:
            return int(value)
        assert found
        at += 16


# ---- Mach-O, 64 bits, little-endian: mach-o/loader.h and mach-o/fat.h


def with_command(thin: bytes, command: int, body: bytes) -> bytes:
    """Return the slice with one more load command, in the room that linkers leave behind the last.

    Args:
        thin: The slice.
        command: Its number.
        body: What follows cmd and cmdsize, filled up to a multiple of 8 bytes.
    """
    count, size = struct.unpack_from("<II", thin, 16)
    body += bytes(-len(body) % 8)
    added = struct.pack("<II", command, 8 + len(body)) + body
    assert not any(thin[32 + size : 32 + size + len(added)])
    counted = patched(thin, 16, struct.pack("<II", count + 1, size + len(added)))
    return patched(counted, 32 + size, added)


def without_command(thin: bytes, command: int) -> bytes:
    """Return the slice without its load commands of this number."""
    size = struct.unpack_from("<I", thin, 20)[0]
    kept = [thin[at : at + length] for at, found, length in _commands(thin) if found != command]
    counted = patched(thin, 16, struct.pack("<II", len(kept), sum(map(len, kept))))
    return patched(counted, 32, b"".join(kept).ljust(size, b"\0"))


def with_field(thin: bytes, command: int, field: int, value: int) -> bytes:
    """Return the slice with another number of 32 bits at byte `field` of its first such load command."""
    at = next(at for at, found, _ in _commands(thin) if found == command)
    return patched(thin, at + field, struct.pack("<I", value))


def universal(*slices: bytes) -> bytes:
    """Return a fat file (FAT_MAGIC) of thin ones, each on a page of 16 KiB."""
    header, body, page = struct.pack(">II", 0xCAFEBABE, len(slices)), b"", 1 << 14
    for thin in slices:
        body += bytes(-len(body) % page)
        cpu = struct.unpack_from("<II", thin, 4)
        header += struct.pack(">IIIII", *cpu, page + len(body), len(thin), 14)
        body += thin
    return header.ljust(page, b"\0") + body


def _commands(thin: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the place, cmd and cmdsize of each load command."""
    at = 32
    for _ in range(struct.unpack_from("<I", thin, 16)[0]):
        command, size = struct.unpack_from("<II", thin, at)
        yield at, command, size
        at += size


# ---- PE: Microsoft, PE Format


def with_machine(pe: bytes, machine: int) -> bytes:
    """Return the image with another Machine: the first field behind the signature."""
    return patched(pe, _signature(pe) + 4, struct.pack("<H", machine))


def with_magic(pe: bytes, magic: int) -> bytes:
    """Return the image with another Magic: the first field of the optional header."""
    return patched(pe, _signature(pe) + 24, struct.pack("<H", magic))


def with_directory(pe: bytes, index: int, rva: int, size: int) -> bytes:
    """Return the image with another entry in its data directories, which follow 96 bytes of PE32, 112 of PE32+."""
    optional = _signature(pe) + 24
    fixed = 96 if struct.unpack_from("<H", pe, optional)[0] == 0x10B else 112
    return patched(pe, optional + fixed + 8 * index, struct.pack("<II", rva, size))


def as_assembly(pe: bytes, flags: int) -> bytes:
    """Return the image as a .NET assembly: its first section starts with a CLR header (ECMA-335 II.25.3.3)."""
    signature = _signature(pe)
    section = signature + 24 + struct.unpack_from("<H", pe, signature + 20)[0]
    rva, _, offset = struct.unpack_from("<III", pe, section + 12)
    clr = struct.pack("<IHHIII", 72, 2, 5, rva, 72, flags).ljust(72, b"\0")
    return with_directory(patched(pe, offset, clr), 14, rva, 72)


def _signature(pe: bytes) -> int:
    """Return e_lfanew: where the signature is."""
    return int(struct.unpack_from("<I", pe, 0x3C)[0])
