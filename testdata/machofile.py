"""Edits of linked Mach-O files, for what zig's linker cannot make: bundles, subtypes, universal files.

Offsets are those of <mach-o/loader.h>, <mach-o/fat.h> and, for code signatures, Security's cs_blobs.h. An
edited slice is sealed again: its ad-hoc signature would hold on a Mac.
"""

import hashlib
import struct
from collections.abc import Iterator

_MH_BUNDLE = 8
_PLATFORM_IOS = 2
_CPU_SUBTYPE_X86_64_H = 8
_CPU_SUBTYPE_ARM64E = 0x80000002
_HEADER = 32
_LC_ID_DYLIB = 0xD
_LC_SEGMENT_64 = 0x19
_LC_UUID = 0x1B
_LC_CODE_SIGNATURE = 0x1D
_LC_BUILD_VERSION = 0x32
_CSMAGIC_CODEDIRECTORY = 0xFADE0C02


def as_bundle(thin: bytes) -> bytes:
    """Return a dylib as MH_BUNDLE, which has no install name: what setuptools and CMake's MODULE make."""
    image = bytearray(_without(thin, _LC_ID_DYLIB))
    struct.pack_into("<I", image, 12, _MH_BUNDLE)
    return sealed(bytes(image))


def as_arm64e(thin: bytes) -> bytes:
    """Return an arm64 image as arm64e with the userland ABI, version 0."""
    return _with_subtype(thin, _CPU_SUBTYPE_ARM64E)


def as_x86_64h(thin: bytes) -> bytes:
    """Return an x86_64 image as one for Haswell and later."""
    return _with_subtype(thin, _CPU_SUBTYPE_X86_64_H)


def as_ios_device(thin: bytes) -> bytes:
    """Return an image for the iOS simulator as one for devices: LC_BUILD_VERSION's platform changes."""
    image = bytearray(thin)
    struct.pack_into("<I", image, _find(thin, _LC_BUILD_VERSION) + 8, _PLATFORM_IOS)
    return sealed(bytes(image))


def edited(thin: bytes) -> bytes:
    """Return an image with another UUID, whose code signature was made before: the hash of its first page is wrong."""
    image = bytearray(thin)
    uuid = _find(thin, _LC_UUID) + 8
    image[uuid : uuid + 16] = bytes(16)
    return bytes(image)


def unsigned(thin: bytes) -> bytes:
    """Return an image without its code signature, cut where the signature began."""
    start = struct.unpack_from("<I", thin, _find(thin, _LC_CODE_SIGNATURE) + 8)[0]
    image = bytearray(_without(thin, _LC_CODE_SIGNATURE)[:start])
    for offset, command, _ in _load_commands(image):
        if command == _LC_SEGMENT_64 and image[offset + 8 : offset + 24].rstrip(b"\0") == b"__LINKEDIT":
            fileoff = struct.unpack_from("<Q", image, offset + 40)[0]
            struct.pack_into("<Q", image, offset + 48, start - fileoff)
    return bytes(image)


def sealed(thin: bytes) -> bytes:
    """Return an image whose code signature has the hashes of its pages as they are now."""
    image = bytearray(thin)
    for offset, command, _ in _load_commands(thin):
        if command == _LC_CODE_SIGNATURE:
            _seal(image, struct.unpack_from("<I", thin, offset + 8)[0])
    return bytes(image)


def lipo(*slices: bytes, wide: bool = False, hidden: int = 0) -> bytes:
    """Return the universal file of thin images, each at a multiple of 16 KiB.

    Args:
        slices: The images, in order.
        wide: FAT_MAGIC_64 in place of FAT_MAGIC.
        hidden: How many of the last slices nfat_arch leaves out (lipo -hideARM64).
    """
    align = 14
    header = struct.pack(">II", 0xCAFEBABF if wide else 0xCAFEBABE, len(slices) - hidden)
    body = b""
    for thin in slices:
        cpu = struct.unpack_from("<II", thin, 4)
        body += bytes(-len(body) % (1 << align))
        place = ((1 << align) + len(body), len(thin), align)
        header += struct.pack(">IIQQII", *cpu, *place, 0) if wide else struct.pack(">IIIII", *cpu, *place)
        body += thin
    return header.ljust(1 << align, b"\0") + body


def _with_subtype(thin: bytes, cpusubtype: int) -> bytes:
    image = bytearray(thin)
    struct.pack_into("<I", image, 8, cpusubtype)
    return sealed(bytes(image))


def _load_commands(image: bytes | bytearray) -> Iterator[tuple[int, int, int]]:
    """Yield the offset, cmd and cmdsize of each load command."""
    offset = _HEADER
    for _ in range(struct.unpack_from("<I", image, 16)[0]):
        command, size = struct.unpack_from("<II", image, offset)
        yield offset, command, size
        offset += size


def _find(thin: bytes, wanted: int) -> int:
    return next(offset for offset, command, _ in _load_commands(thin) if command == wanted)


def _without(thin: bytes, unwanted: int) -> bytes:
    """Return an image without the load commands of one kind; what follows them moves up, the rest stays."""
    total = struct.unpack_from("<I", thin, 20)[0]
    kept = [
        thin[offset : offset + size] for offset, command, size in _load_commands(thin) if command != unwanted
    ]
    commands = b"".join(kept)
    image = bytearray(thin)
    image[_HEADER : _HEADER + total] = commands.ljust(total, b"\0")
    struct.pack_into("<II", image, 16, len(kept), len(commands))
    return bytes(image)


def _seal(image: bytearray, signature: int) -> None:
    """Write new page hashes into every code directory of the signature, a SuperBlob in big-endian order."""
    for index in range(struct.unpack_from(">I", image, signature + 8)[0]):
        start = signature + struct.unpack_from(">I", image, signature + 12 + 8 * index + 4)[0]
        if struct.unpack_from(">I", image, start)[0] != _CSMAGIC_CODEDIRECTORY:
            continue
        hashes, _, _, pages, limit, hash_size, _, _, page_bits = struct.unpack_from(
            ">IIIIIBBBB", image, start + 16
        )
        for page in range(pages):
            covered = bytes(image[page << page_bits : min((page + 1) << page_bits, limit)])
            at = start + hashes + page * hash_size
            image[at : at + hash_size] = hashlib.sha256(covered).digest()[:hash_size]
