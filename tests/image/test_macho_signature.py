"""Code signatures: real ones, and ones built byte by byte from osfmk/kern/cs_blobs.h."""

import hashlib
import random
import struct
from collections.abc import Iterator

import pytest

from support.images import image, image_names
from wheelarch.image import macho, read_images
from wheelarch.limits import DEFAULT, Limits
from wheelarch.model import CodeSignature, Depth, Format
from wheelarch.view import BytesView

ARM64, X86_64 = 0x0100000C, 0x01000007
PAGE = 4096
CODE = random.Random(5).randbytes(5 * PAGE + 100)
HASHES = {1: (hashlib.sha1, 20), 2: (hashlib.sha256, 32), 3: (hashlib.sha256, 20), 4: (hashlib.sha384, 48)}


def directory(code: bytes, kind: int = 2, shift: int = 12, **fields: int) -> bytes:
    """A CS_CodeDirectory of version 0x20400 with the hashes of some code."""
    make, size = HASHES.get(kind, HASHES[2])
    page = 1 << min(shift, 20)
    slots = [make(code[at : at + page]).digest()[:size] for at in range(0, len(code), page)]
    values = {
        "magic": 0xFADE0C02, "length": 0, "version": 0x20400, "flags": 0x20002, "hash_offset": 92, "ident": 88,
        "special": 0, "count": len(slots), "limit": len(code), "size": size, "kind": kind, "platform": 0,
        "shift": shift, "spare": 0, "scatter": 0, "team": 0, "spare3": 0, "limit64": 0, "exec": 0,
    }  # fmt: skip
    values |= {"length": 92 + len(slots) * size} | fields
    head = struct.pack(">9I4BIIIIQ24s", *list(values.values())[:-2], values["limit64"], bytes(24))
    return head + b"ext\0" + b"".join(slots)


def superblob(*blobs: tuple[int, bytes], magic: int = 0xFADE0CC0, **fields: int) -> bytes:
    """A superblob with an index, and its blobs one after the other."""
    at = 12 + 8 * len(blobs)
    index = b""
    for kind, blob in blobs:
        index += struct.pack(">II", kind, at)
        at += len(blob)
    values = {"length": at, "count": len(blobs)} | fields
    return struct.pack(">III", magic, *values.values()) + index + b"".join(blob for _, blob in blobs)


def slice_(code: bytes = CODE, cputype: int = ARM64, platform: int = 1, filetype: int = 8) -> bytes:
    """A bundle whose load commands are LC_BUILD_VERSION, __LINKEDIT and LC_CODE_SIGNATURE, without the signature."""
    build = struct.pack("<6I", 0x32, 24, platform, 11 << 16, 15 << 16, 0)
    commands = build + bytes(72 + 16)
    header = struct.pack(
        "<8I", 0xFEEDFACF, cputype, 3 * (cputype == X86_64), filetype, 3, len(commands), 0x85, 0
    )
    return (header + commands + code)[: max(len(code), len(header + commands))]


def placed(data: bytes, size: int, at: int | None = None) -> bytes:
    """The slice with the load commands that point to its signature."""
    start = len(data) if at is None else at
    linkedit = struct.pack(
        "<2I16s4Q4I", 0x19, 72, b"__LINKEDIT", 0x4000, 0x100000, 0x1000, start + size - 0x1000, 1, 1, 0, 0
    )
    signature = struct.pack("<4I", 0x1D, 16, start, size)
    return data[:56] + linkedit + signature + data[144:]


def signed(blob_of: bytes | None = None, *, extra: int = 0, **more: int) -> bytes:
    """A slice and its signature."""
    size = len(blob_of) if blob_of is not None else len(superblob((0, directory(placed(slice_(**more), 1)))))
    code = placed(slice_(**more), size + extra)
    blob = superblob((0, directory(code))) if blob_of is None else blob_of
    return code + blob + bytes(extra)


def with_blob(make: object, **more: int) -> bytes:
    """A slice and the signature that a function makes of the slice."""
    assert callable(make)
    size = len(make(placed(slice_(**more), 1)))
    code = placed(slice_(**more), size)
    return bytes(code + make(code))


def found(data: bytes, limits: Limits = DEFAULT, depth: Depth = Depth.WHOLE) -> CodeSignature:
    """The signature as it was read."""
    (only,) = macho.read(BytesView(data), depth, limits)
    assert only.macho is not None
    assert only.macho.signature is not None
    return only.macho.signature


SIGNED = [name for name in image_names() if name.startswith("macos-") and "edited" not in name]


@pytest.mark.parametrize("name", SIGNED)
def test_real_signatures(name: str) -> None:
    """The signatures of linked files are valid; without that depth nothing is compared."""
    for one in read_images(BytesView(image(name)), Depth.WHOLE):
        assert one.format is Format.MACHO
        assert one.macho is not None
        if one.macho.signature is not None:
            assert one.macho.signature.state == "valid"
    for one in read_images(BytesView(image(name)), Depth.SYMBOLS):
        assert one.macho is not None
        assert one.macho.signature is None or one.macho.signature.state == "unchecked"


def test_an_edited_file() -> None:
    """The hash of the page that was edited is wrong."""
    signature = found(image("macos-arm64-edited.so"))
    assert (signature.state, "from 0x0 on" in signature.detail) == ("page", True)


@pytest.mark.parametrize("shift", [12, 14])
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
def test_kinds_of_hashes(kind: int, shift: int) -> None:
    """Each hash that the kernel knows, with small and large pages; any byte that differs is found."""
    data = with_blob(lambda code: superblob((0, directory(code, kind, shift))))
    assert found(data).state == "valid"
    for at in (0x400, len(CODE) - 1):
        bad = bytearray(data)
        bad[at] ^= 1
        signature = found(bytes(bad))
        assert signature.state == "page"
        assert f"from {at >> shift << shift:#x} on" in signature.detail


def test_a_long_signature_of_large_pages() -> None:
    """A signature with room for the hashes of small pages may have large ones."""
    data = with_blob(lambda code: superblob((0, directory(code, 2, 14)), (0x10000, bytes(40_000))))
    assert found(data).state == "valid"


def test_a_bare_directory() -> None:
    """A signature may be a code directory alone."""
    assert found(with_blob(directory)).state == "valid"


def test_the_best_directory_counts() -> None:
    """Of two directories the one with the better hash counts, whatever the order."""

    def both(code: bytes, wrong: int) -> bytes:
        stale = code[:-1] + bytes([code[-1] ^ 1])
        good, better = (
            directory(stale if wrong == 1 else code, 1),
            directory(stale if wrong == 2 else code, 2),
        )
        return superblob((0, good), (0x1000, better))

    assert found(with_blob(lambda code: both(code, 1))).state == "valid"
    assert found(with_blob(lambda code: both(code, 2))).state == "page"


def test_a_limit_of_64_bits() -> None:
    """The 64-bit limit takes the place of the other, if it is not 0."""
    data = with_blob(lambda code: superblob((0, directory(code, limit=7, limit64=len(code)))))
    assert found(data).state == "valid"


def test_coverage() -> None:
    """The signature must reach to itself; less than a page may be missing."""
    short = with_blob(lambda code: superblob((0, directory(code[: 4 * PAGE]))))
    assert found(short).state == "coverage"
    nearly = with_blob(lambda code: superblob((0, directory(code[:-50]))))
    assert found(nearly).state == "valid"


def test_hashes_of_more_than_there_is() -> None:
    """A signature of a longer file, whose end was cut off, matches no more (cbcbox 2.935)."""
    data = with_blob(lambda code: superblob((0, directory(code + bytes(3 * PAGE)))))
    assert found(data).state == "page"


def test_missing_slots() -> None:
    """A page without a hash is wrong."""
    data = with_blob(lambda code: superblob((0, directory(code, count=3))))
    signature = found(data)
    assert (signature.state, "from 0x3000 on" in signature.detail) == ("page", True)


def _broken() -> Iterator[tuple[str, bytes]]:
    yield "no blob", signed(bytes(64))
    yield "too short", signed(b"\xfa\xde\x0c")
    for what, fields in {
        "magic": {"magic": 0xFADE0C01}, "hash type": {"kind": 9}, "hash size": {"size": 20}, "page 0": {"shift": 0},
        "page 2^15": {"shift": 15}, "page 2^255": {"shift": 255}, "hash offset": {"hash_offset": 0xFFFFFF},
        "slots": {"count": 0xFFFFFFF}, "special": {"special": 99}, "identifier": {"ident": 0xFFFFFF},
        "length": {"length": 0xFFFFFF}, "length 4": {"length": 4},
    }.items():  # fmt: skip
        yield what, with_blob(lambda code, fields=fields: superblob((0, directory(code, **fields))))
    yield "two of a kind", with_blob(lambda code: superblob((0, directory(code)), (0x1000, directory(code))))
    yield "no directory", with_blob(lambda code: superblob((5, directory(code))))
    yield "index", with_blob(lambda code: superblob((0, directory(code)), count=0xFFFFFF))
    yield "longer", with_blob(lambda code: superblob((0, directory(code)), length=0xFFFFFF))
    yield "outside", with_blob(lambda code: superblob((0, b"")) + bytes(8))


BROKEN = dict(_broken())


@pytest.mark.parametrize("case", BROKEN)
def test_what_the_kernel_refuses(case: str) -> None:
    """A structure that the kernel refuses is not compared with the file."""
    signature = found(BROKEN[case])
    assert signature.state == "structure"
    assert signature.detail.startswith(("it", "its", "a ", "two"))


def test_intel_pages_are_small() -> None:
    """Intel kernels take no pages of 16 KiB."""

    def large(code: bytes) -> bytes:
        return superblob((0, directory(code, 2, 14)))

    assert found(with_blob(large)).state == "valid"
    assert found(with_blob(large, cputype=X86_64)).state == "structure"


def test_what_is_not_compared() -> None:
    """Files for iOS, object files, scatter tables, and signatures outside of the file or above the bound."""
    assert found(signed(platform=2)).state == "unchecked"
    assert found(signed(filetype=1)).state == "unchecked"
    assert found(with_blob(lambda code: superblob((0, directory(code, scatter=44))))).state == "unchecked"
    assert found(signed()[:-1]).state == "unchecked"
    assert found(signed(), DEFAULT._replace(table_bytes=64)).state == "unchecked"
    assert found(signed(), depth=Depth.SYMBOLS).state == "unchecked"


def test_damage_never_raises() -> None:
    """Whatever is in a signature, an answer comes back."""
    rng = random.Random(11)
    data = signed()
    start = len(placed(slice_(), 1))
    for _ in range(400):
        bad = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            bad[rng.randrange(start, len(bad))] = rng.choice((0, 1, 0x7F, 0xFF, rng.randrange(256)))
        assert found(bytes(bad)).state in ("valid", "structure", "coverage", "page", "unchecked")


class _RecordingView(BytesView):
    """Remembers where it was read."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.ends: list[int] = [0]
        self.back = 0

    def _read(self, start: int, stop: int) -> bytes:
        # A stream keeps its last 12 MiB.
        self.back += start < self.ends[-1] - (12 << 20)
        self.ends.append(max(self.ends[-1], stop))
        return super()._read(start, stop)


def test_large_files_are_read_forward() -> None:
    """A file larger than what a stream keeps is hashed while it is read, not in a second run."""
    code = bytes(20 << 20)
    size = len(directory(code)) + 20
    data = placed(slice_(code), size)
    data += superblob((0, directory(data)))
    view = _RecordingView(data)
    (only,) = macho.read(view, Depth.WHOLE, DEFAULT)
    assert only.macho is not None
    assert only.macho.signature is not None
    assert only.macho.signature.state == "valid"
    assert view.back == 0
