"""WebAssembly: real modules, modules built byte by byte, cut and damaged ones."""

import random

import pytest

from support.images import image
from wheelarch.errors import FormatError
from wheelarch.image import wasm
from wheelarch.limits import DEFAULT, Limits
from wheelarch.model import Depth, Format, Image, Kind, Machine
from wheelarch.view import BytesView


def read(data: bytes, depth: Depth = Depth.SYMBOLS, limits: Limits = DEFAULT) -> Image:
    return wasm.read(BytesView(data), depth, limits)


def record(*hooks: str, depth: Depth = Depth.SYMBOLS) -> Image:
    return Image(Format.WASM, Machine.WASM32, "", 0, 32, 0, Kind.MODULE, depth, hooks=hooks)


IMAGES = {"emscripten-wasm32.so": record("PyInit_ext"), "emscripten-wasm32.o": record()}


@pytest.mark.parametrize("name", IMAGES)
def test_whole_record(name: str) -> None:
    """A real module has its machine, and its hooks from linkage depth on."""
    assert read(image(name)) == IMAGES[name]
    assert read(image(name), Depth.HEADER) == record(depth=Depth.HEADER)


def _ends(data: bytes) -> set[int]:
    """Where sections end, read as the specification says: an id, a size in LEB128."""
    ends = {8}
    at = 8
    while at < len(data):
        size = shift = 0
        while True:
            at += 1
            size |= (data[at] & 0x7F) << shift
            shift += 7
            if data[at] < 0x80:
                break
        at += 1 + size
        ends.add(at)
    return ends


@pytest.mark.parametrize("name", IMAGES)
def test_growth(name: str) -> None:
    """A module that is cut inside a section has a fault. Cut before its functions, it is another complete module."""
    data = image(name)
    truth = read(data)
    ends = _ends(data)
    functions = min(end for end in ends if data[end : end + 1] == b"\x03")
    for size in range(len(data)):
        try:
            found = read(data[:size])
        except FormatError:
            continue
        assert found.faults or found == truth or (size in ends and size <= functions), size


@pytest.mark.parametrize("name", IMAGES)
def test_mutants(name: str) -> None:
    """Whatever bytes are flipped, only FormatError is raised."""
    data = image(name)
    chance = random.Random(name)
    for _ in range(1500):
        mutant = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            mutant[chance.randrange(chance.choice((16, len(data))))] ^= 1 << chance.randrange(8)
        try:
            found = read(bytes(mutant))
        except FormatError:
            continue
        assert len(found.faults) <= 1


# -- modules built byte by byte ------------------------------------------------------------------------------


def _module(*sections: tuple[int, bytes]) -> bytes:
    return b"\0asm\x01\0\0\0" + b"".join(bytes((number, len(body))) + body for number, body in sections)


_ENV_M = b"\x03env\x01m"
_HOOKS = b"\x04" + b"\x08PyInit_a\0\0" + b"\x08PyInit_b\x03\0" + b"\x06memory\x02\0" + b"\x05initc\0\x01"
_IMPORT_EVERYTHING = (
    b"\x07"
    + _ENV_M
    + b"\x00\x05"  # a function of type 5
    + _ENV_M
    + b"\x01\x70\x01\x01\x80\x01"  # a table of functions, 1 to 128
    + _ENV_M
    + b"\x01\x63\x05\x00\x01"  # a table of references to type 5
    + _ENV_M
    + b"\x03\x7f\x01"  # a global i32
    + _ENV_M
    + b"\x03\x64\x05\x00"  # a global reference to type 5
    + _ENV_M
    + b"\x04\x00\x02"  # a tag of type 2
)

MODULES = {
    "no section": (_module(), Machine.WASM32, ()),
    "a memory": (_module((5, b"\x01\x00\x01")), Machine.WASM32, ()),
    "a memory of 64 bits": (_module((5, b"\x01\x04\x01")), Machine.WASM64, ()),
    "a shared memory of 64 bits": (_module((5, b"\x01\x07\x01\x02")), Machine.WASM64, ()),
    "no memory in the section": (_module((5, b"\x00")), Machine.WASM32, ()),
    "an imported memory": (
        _module((2, _IMPORT_EVERYTHING + _ENV_M + b"\x02\x01\x01\x02")),
        Machine.WASM32,
        (),
    ),
    "an imported memory of 64 bits": (
        _module((2, _IMPORT_EVERYTHING + _ENV_M + b"\x02\x04\x01")),
        Machine.WASM64,
        (),
    ),
    "an imported memory with its own page size": (
        _module((2, b"\x02" + _ENV_M + b"\x02\x08\x01\x00" + _ENV_M + b"\x02\x04\x01")),
        Machine.WASM64,
        (),
    ),
    "exports": (_module((0, b"\x04name"), (7, _HOOKS)), Machine.WASM32, ("PyInit_a", "initc")),
}


@pytest.mark.parametrize("case", MODULES)
def test_modules(case: str) -> None:
    """The memory, wherever it comes from, gives the width of addresses, and exported functions are hooks."""
    data, machine, hooks = MODULES[case]
    found = read(data)
    assert (found.machine, found.hooks, found.faults) == (machine, hooks, ())
    wide = machine is Machine.WASM64
    assert (found.bits, found.variant) == ((64, "memory64") if wide else (32, ""))


def test_component() -> None:
    """A component is recognized, and its sections are not read."""
    found = read(b"\0asm\x0d\0\x01\0\x01\xff")
    assert (found.kind, found.machine, found.faults) == (Kind.OTHER, Machine.WASM32, ())


HOSTILE = {
    "a size without end": (b"\0asm\x01\0\0\0\x01\x80\x80\x80\x80\x80\x80", "outside"),
    "a size cut off": (b"\0asm\x01\0\0\0\x01\x80", "truncated"),
    "a section beyond the end": (b"\0asm\x01\0\0\0\x02\x7f", "truncated"),
    "no code for the functions": (_module((3, b"\x01\x00")), "truncated"),
    "imports beyond their section": (_module((2, b"\x02" + _ENV_M + b"\x00\x05")), "outside"),
    "a name beyond its section": (_module((2, b"\x01\x7fx")), "outside"),
    "an import of an unknown kind": (_module((2, b"\x01" + _ENV_M + b"\x09\x00")), "contradiction"),
    "more imports than the limit": (_module((2, b"\xff\xff\xff\xff\x0f")), "limit"),
    "more exports than the limit": (_module((7, b"\xff\xff\xff\xff\x0f")), "limit"),
    "a memory section of nothing": (_module((5, b"")), "outside"),
    "more sections than the limit": (_module(*[(0, b"")] * 1025), "limit"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile(case: str) -> None:
    """Damage is one fault of the right kind, and the file is still a module."""
    data, kind = HOSTILE[case]
    found = read(data)
    assert [fault.kind for fault in found.faults] == [kind]
    assert (found.format, found.machine) == (Format.WASM, Machine.WASM32)


def test_limits() -> None:
    """A section or a hook's name with more bytes than its bound is a fault."""
    data = _module((7, _HOOKS))
    for limits in (DEFAULT._replace(table_bytes=len(_HOOKS) - 1), DEFAULT._replace(binary_name_bytes=7)):
        assert [fault.kind for fault in read(data, limits=limits).faults] == ["limit"]
    assert not read(data, limits=DEFAULT._replace(table_bytes=len(_HOOKS), binary_name_bytes=8)).faults


@pytest.mark.parametrize(
    ("data", "kind"), [(b"\0asm\x02\0\0\0", "unsupported"), (b"\0asm\x01\0", "truncated")]
)
def test_refused(data: bytes, kind: str) -> None:
    """A file with an unknown version, or without one, is not an image."""
    with pytest.raises(FormatError) as refusal:
        read(data)
    assert refusal.value.kind == kind
