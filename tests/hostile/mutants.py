"""Mutants of real binaries and wheels, and the promises for each of them: `python -m tests.hostile.mutants`.

Options are `--count N` (1,000), `--seed N` (by default a new one, which is printed) and `--first N`. Mutant N of a seed
is the same on every machine. A mutant that breaks a promise is written to the working folder, and the exit code is 1.
"""

import argparse
import json
import random
import signal
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import wheelarch
from tests.hostile.fields import Field, fields, number
from tests.support import schema
from tests.support.images import TESTDATA, image, image_names
from tests.support.wheels import build_wheel

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

BYTES, SECONDS = 1 << 30, 10
"""What a child may take: address space, and seconds for one mutant."""
RESIDENT = 256
"""The promise: peak resident MiB of the whole run, including the mutants themselves."""

NAMES = {
    "win": ("cp311-abi3-win_amd64", "pkg/ext.pyd"),
    "macos": ("cp312-cp312-macosx_11_0_universal2", "pkg/ext.cpython-312-darwin.so"),
    "ios": ("cp313-cp313-ios_13_0_arm64_iphoneos", "pkg/ext.cpython-313-iphoneos.so"),
    "linux": ("cp312-cp312-manylinux_2_17_x86_64", "pkg/ext.cpython-312-x86_64-linux-gnu.so"),
    "android": ("cp313-cp313-android_21_arm64_v8a", "pkg/ext.cpython-313.so"),
}
"""Tag and member by the start of an image's name. Other images go into a wheel of the first kind."""
HOSTILE_NAMES = (
    "../../etc/passwd",
    "/absolute",
    "C:\\windows\\x.pyd",
    "a\\..\\b.so",
    "pkg/\x1b[2J\x1b]0;title\x07.so",
    "pkg/\u202egpj.so",
    "pkg/\ud7ff\u2066\u2069.so",
    "::error file=x,line=1::y",
    "<script>alert(1)</script>.pyd",
    "pkg/a\nb.so",
    "pkg/a\0b.so",
    "CON.pyd",
    "pkg/trailing. ",
    "pkg/e\u0301.so",
    "pkg/\u00e9.so",
    "PKG/EXT.PYD",
    "pkg/" * 400 + "x.so",
    "n" * 5_000 + ".so",
    "",
    "pkg-1.0.dist-info/WHEEL",
    "other-2.0.dist-info/WHEEL",
    "pkg-1.0.dist-info/RECORD",
)


class Mutant(NamedTuple):
    """A wheel that may be wrong in any way."""

    filename: str
    data: bytes
    how: str
    """The mutations that made it, in order."""


def make(chance: random.Random) -> Mutant:
    """Return a mutant: of a binary in a whole wheel, of a wheel's own records, or a forged archive."""
    kind = chance.random()
    if kind < 0.7:
        return _binary(chance)
    if kind < 0.85:
        path = chance.choice(_wheels())
        data, how = _mutate(path.read_bytes(), chance)
        return Mutant(path.name, data, f"{path.name}: {how}")
    return _forged(chance)


def mutants() -> "SearchStrategy[Mutant]":
    """Return the mutants as a hypothesis strategy."""
    from hypothesis import strategies

    return strategies.builds(make, strategies.randoms(use_true_random=False))


def check(mutant: Mutant) -> None:
    """Raise unless the audit keeps its promises for a mutant.

    It returns, the report is a JSON document of the schema, its exit code is documented, and it is the same twice.
    """
    reports = [wheelarch.audit(mutant.data, name=mutant.filename, second_opinion="off") for _ in range(2)]
    first, second = (json.dumps(report.to_dict(), allow_nan=False, sort_keys=True) for report in reports)
    assert first == second, "two audits of the same bytes differ"
    assert reports[0].exit_code() in (0, 1, 3)
    schema.check(json.loads(first))


# --- mutations of existing files


def _wheels() -> list[Path]:
    return sorted((TESTDATA / "wheels").glob("*.whl"))


def _binary(chance: random.Random) -> Mutant:
    name = chance.choice(image_names())
    forge = chance.choice(FORGERIES) if chance.random() < 0.2 else None
    if forge:
        name, data, how = forge(chance)
    else:
        data, how = _mutate(image(name), chance)
    tag, member = next((pair for start, pair in NAMES.items() if name.startswith(start)), NAMES["win"])
    filename = f"pkg-1.0-{tag}.whl"
    return Mutant(filename, build_wheel(filename, {member: data}), f"{name}: {how}")


def _mutate(data: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Return the bytes after one to four mutations, and what these were."""
    places = fields(data)
    changed = bytearray(data)
    told = []
    for _ in range(chance.randint(1, 4)):
        mutation = chance.choices([_lie, _copy, _repeat, _cut, _flip], [12, 2, 2, 1, 2])[0]
        told.append(mutation(changed, places, chance))
    return bytes(changed), "; ".join(told)


def _lie(data: bytearray, places: list[Field], chance: random.Random) -> str:
    """Set a number to a boundary value, the file's size, a number's place, or a value near the old one."""
    at, width, order = chance.choice(places)
    top = 1 << 8 * width
    old, other = number(data, at, width, order), chance.choice(places)
    near = (old + 1, old - 1, old * 2, old // 2, old + 0x1000, old ^ 1 << chance.randrange(8 * width))
    borders = (
        0,
        1,
        2,
        16,
        0xFF,
        0xFFFF,
        top // 2 - 1,
        top // 2,
        top - 1,
        top - 8,
        len(data),
        len(data) - 1,
        at,
    )
    others = (number(data, *other), other.offset, chance.randrange(top), chance.randrange(len(data) + 1))
    new = chance.choice((*near, *borders, *others)) % top
    data[at : at + width] = new.to_bytes(width, "little" if order == "<" else "big")
    return f"{width} bytes at {at:#x}: {old:#x} -> {new:#x}"


def _copy(data: bytearray, places: list[Field], chance: random.Random) -> str:
    """Copy a record over another one."""
    source, target = chance.choice(places).offset, chance.choice(places).offset
    size = min(chance.choice((4, 8, 16, 20, 24, 40, 56, 72)), len(data) - max(source, target))
    data[target : target + size] = data[source : source + size]
    return f"{size} bytes from {source:#x} to {target:#x}"


def _repeat(data: bytearray, places: list[Field], chance: random.Random) -> str:
    """Repeat a record many times: descriptors, slices, commands, links of a chain."""
    at, size = chance.choice(places).offset, chance.choice((8, 12, 16, 20, 24, 32, 40, 56, 68, 80))
    times = min(chance.choice((2, 10, 100, 1_000)), (len(data) - at) // size)
    if times > 1:
        data[at : at + size * times] = bytes(data[at : at + size]) * times
    return f"{size} bytes at {at:#x} {times} times"


def _cut(data: bytearray, places: list[Field], chance: random.Random) -> str:
    """Cut off the end, or add bytes before or after."""
    if chance.random() < 0.6:
        size = chance.choice((chance.choice(places).offset, chance.randrange(len(data) + 1), len(data) - 1))
        del data[max(size, 1) :]
        return f"cut at {size:#x}"
    more = bytes(chance.choice((1, 22, 4_096)))
    if chance.random() < 0.5:
        data[:0] = more
        return f"{len(more)} bytes before"
    data += more
    return f"{len(more)} bytes behind"


def _flip(data: bytearray, places: list[Field], chance: random.Random) -> str:
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    return f"a bit at {at:#x}"


# --- binaries forged to be expensive


def _fat_slices(chance: random.Random) -> tuple[str, bytes, str]:
    """Slices that are equal, overlap, or contain each other."""
    count = chance.choice((0, 1, 15, 16, 17, 44, 5_000))
    body = image("macos-arm64.o")
    start = 8 + 20 * (count + 1)
    entries = b"".join(
        b"".join(
            value.to_bytes(4, "big")
            for value in (
                chance.choice((0x0100000C, 0x01000007, index)),
                chance.choice((0, 3, 0x80000002)),
                chance.choice((start, 0, 0xFFFFF000, start + index)),
                chance.choice((len(body), 0, 0xFFFFFFFF)),
                chance.choice((0, 14, 64)),
            )
        )
        for index in range(count + 1)
    )
    return "macos", b"\xca\xfe\xba\xbe" + count.to_bytes(4, "big") + entries + body, f"{count} fat slices"


def _load_commands(chance: random.Random) -> tuple[str, bytes, str]:
    count = chance.choice((1, 1_000, 70_000))
    cmd, size = chance.choice((0x1B, 0x22, 0x0C, 0x80000028, 0x7FFFFFFF)), chance.choice((0, 4, 8, 16, 24))
    commands = (cmd.to_bytes(4, "little") + size.to_bytes(4, "little")).ljust(max(size, 8), b"\0") * count
    words = (0x0100000C, 0, chance.choice((6, 8, 2)), count, len(commands), 0x85, 0)
    header = b"\xcf\xfa\xed\xfe" + b"".join(word.to_bytes(4, "little") for word in words)
    return "macos", header + commands, f"{count} load commands {cmd:#x} of {size} bytes"


def _trie(chance: random.Random) -> tuple[str, bytes, str]:
    """An exports trie whose children are anywhere: before, overlapping, on the node itself."""
    nodes = []
    size = chance.choice((40, 400, 4_000))
    for _ in range(size // 10):
        edges = chance.choice((0, 1, 1, 2, 8, 255)) if nodes else 8
        node = bytes((chance.choice((0, 2)), *([0, 0] if chance.random() < 0.3 else []), edges))
        for _ in range(min(edges, 8)):
            node += chance.choice((b"_", b"PyInit_", b"_PyInit_", b"", b"P", b"y")) + b"\0"
            node += bytes((chance.randrange(128) | 0x80, chance.randrange(128)))
        nodes.append(node)
    trie = b"".join(nodes)[:size]
    words = (0x0100000C, 0, 8, 1, 16, 0x85, 0, 0x80000033, 16, 48, len(trie))
    header = b"\xcf\xfa\xed\xfe" + b"".join(word.to_bytes(4, "little") for word in words)
    return "macos", header + trie, f"an exports trie of {len(trie)} bytes"


def _imports(chance: random.Random) -> tuple[str, bytes, str]:
    """Import descriptors without an end, whose names and thunks are anywhere."""
    name = "win_amd64-python3.pyd"
    data = bytearray(image(name))
    header = number(data, 0x3C, 4)
    table = header + 24 + number(data, header + 20, 2)
    address, raw = number(data, table + 12, 4), number(data, table + 20, 4)
    size = number(data, table + 16, 4)
    directory = header + 24 + 112 + 8 * chance.choice((0, 1, 13))
    data[directory : directory + 8] = address.to_bytes(4, "little") + chance.choice((0, size)).to_bytes(
        4, "little"
    )
    for at in range(raw, raw + size - 4, 4):
        place = chance.choice((address, address + chance.randrange(size), 0, 0xFFFFFFFF, 1, 0x1000_0000))
        data[at : at + 4] = place.to_bytes(4, "little")
    return name, bytes(data), f"directory at {directory:#x} of random places"


def _version_needs(chance: random.Random) -> tuple[str, bytes, str]:
    """A chain of Elf64_Verneed and Elf64_Vernaux that leads back, nowhere, or on forever."""
    name = "linux-x86_64-glibc.so"
    data = bytearray(image(name))
    places = [field for field in fields(bytes(data)) if field.width == 4]
    at = chance.choice(places).offset
    count = chance.choice((1, 20, 100))
    record = b"".join(
        value.to_bytes(width, "little")
        for value, width in (
            (1, 2),
            (chance.choice((1, 2, 0xFFFF)), 2),
            (chance.choice((1, 0xFFFFFFFF, 40)), 4),
            (chance.choice((0, 16, 1, 0xFFFFFFF0)), 4),
            (chance.choice((0, 16, 1, 32, 0xFFFFFFF0)), 4),
        )
    )
    data[at : at + 16 * count] = record * count
    return name, bytes(data), f"{count} version needs at {at:#x}"


FORGERIES: tuple[Callable[[random.Random], tuple[str, bytes, str]], ...] = (
    _fat_slices,
    _load_commands,
    _trie,
    _imports,
    _version_needs,
)


# --- forged archives


class _Record(NamedTuple):
    """A member as its two headers describe it."""

    name: bytes
    local_name: bytes
    data: bytes
    inflated: int
    crc: int
    method: int
    flags: int = 0
    extra: bytes = b""


def _pack(records: list[_Record], chance: random.Random, overlap: bool) -> bytes:
    body, directory = bytearray(), bytearray()
    first = 0
    for record in records:
        at = first if overlap else len(body)
        numbers = b"".join(
            value.to_bytes(width, "little")
            for value, width in (
                (20, 2),
                (record.flags, 2),
                (record.method, 2),
                (0, 4),
                (record.crc, 4),
                (len(record.data), 4),
                (record.inflated, 4),
            )
        )
        lengths = len(record.name).to_bytes(2, "little") + len(record.extra).to_bytes(2, "little")
        local_lengths = len(record.local_name).to_bytes(2, "little") + len(record.extra).to_bytes(2, "little")
        if not overlap or not body:
            body += b"PK\3\4" + numbers + local_lengths + record.local_name + record.extra + record.data
        directory += b"PK\1\2\x14\3" + numbers + lengths + bytes(10) + at.to_bytes(4, "little")
        directory += record.name + record.extra
    count = (len(records) & 0xFFFF).to_bytes(2, "little")
    end = (
        b"PK\5\6"
        + bytes(4)
        + count * 2
        + len(directory).to_bytes(4, "little")
        + len(body).to_bytes(4, "little")
    )
    comment = chance.choice((b"", b"", end + b"\0\0", b"PK\5\6" * 5))
    whole = bytes(body) + bytes(directory) + end + len(comment).to_bytes(2, "little") + comment
    return (
        chance.choice((b"", b"", b"", b"#!/bin/sh\n", whole))
        + whole
        + chance.choice((b"", b"", b"", b"\0", whole))
    )


def _forged(chance: random.Random) -> Mutant:
    """Return a wheel with names, records and bombs that no tool would write."""
    filename = f"pkg-1.0-{chance.choice(list(NAMES.values()))[0]}.whl"
    good = {
        "pkg/ext.pyd": image("win_amd64-python3.pyd"),
        "pkg-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n",
        "pkg-1.0.dist-info/WHEEL": _wheel_file(chance),
        "pkg-1.0.dist-info/RECORD": chance.choice((b"", b'"', b"a,b\n" * 1_000, b"pkg/ext.pyd,sha256=,-1\n")),
    }
    records = [_record(name.encode(), data, chance) for name, data in good.items()]
    records += [
        _record(chance.choice(HOSTILE_NAMES).encode(), chance.choice((b"", b"MZ", b"x" * 70)), chance)
        for _ in range(chance.choice((0, 1, 3)))
    ]
    if chance.random() < 0.15:
        records += [chance.choice(records)] * chance.choice((1, 300))
    if chance.random() < 0.1:
        records.append(_bomb(chance))
    chance.shuffle(records)
    data = _pack(records, chance, overlap=chance.random() < 0.1)
    return Mutant(filename, data, f"forged of {', '.join(repr(record.name[:30]) for record in records[:9])}")


def _wheel_file(chance: random.Random) -> bytes:
    lines = [
        "Wheel-Version: 1.0",
        "Root-Is-Purelib: false",
        "Tag: cp311-abi3-win_amd64",
        "Tag: "
        + ".".join(f"cp3{n}" for n in range(200))
        + "-"
        + ".".join(f"abi{n}" for n in range(200))
        + "-any",
        "Tag: \x1b[31m-\u202e-::error::",
        "Generator: maturin (1.0)",
        "Wheel-Version: " + "9" * 5_000,
        ": " * 1_000,
    ]
    chance.shuffle(lines)
    return "\n".join(lines[: chance.randrange(len(lines))]).encode()


def _record(name: bytes, data: bytes, chance: random.Random) -> _Record:
    method = chance.choice((8, 8, 8, 0, 0, 14, 93, 99))
    packed = _deflate(data) if method == 8 else data
    lied = chance.random() < 0.1
    extra = chance.choice(
        (b"",) * 8 + (b"\1\0\x10\0" + bytes(16), b"\x75\x70\5\0\1" + bytes(4), b"\1\0\xff\xff", b"\0" * 9)
    )
    return _Record(
        name=chance.choice((name,) * 9 + (name + b"\xff", name.upper())),
        local_name=name,
        data=packed,
        inflated=chance.choice((0, len(data) + 1, 0xFFFFFFFF, 1 << 31)) if lied else len(data),
        crc=0 if lied else zlib.crc32(data),
        method=method,
        flags=chance.choice((0,) * 8 + (0x800, 8, 1, 0x40)),
        extra=extra,
    )


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _bomb(chance: random.Random) -> _Record:
    """Return a native file that inflates to a hundred times the wheel, or only claims to."""
    data = image("win_amd64-python3.pyd") + bytes(chance.choice((1, 16)) << 20)
    size = chance.choice((len(data), 0xFFFFFFFE, 10))
    name = b"pkg/bomb.pyd"
    return _Record(name, name, _deflate(data), size, zlib.crc32(data), 8)


# --- the command


def run(count: int, seed: int, first: int = 0, seconds: int = SECONDS) -> Iterator[tuple[int, Mutant, str]]:
    """Yield the mutants of a seed that break a promise, with their number and how. Sets and clears the alarm."""
    for index in range(first, first + count):
        mutant = make(random.Random(f"{seed}:{index}"))
        _alarm(seconds)
        try:
            check(mutant)
        except Exception as error:  # noqa: BLE001 - whatever escapes is what we look for
            yield index, mutant, f"{type(error).__name__}: {error}"
        finally:
            _alarm(0)


def main() -> int:
    import resource

    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--count", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--seconds", type=int, default=SECONDS, help="the most time for one mutant")
    asked = options.parse_args()
    print(f"{asked.count} mutants from {asked.first} of --seed {asked.seed}", flush=True)
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    signal.signal(signal.SIGALRM, _too_long)
    started = time.monotonic()
    broken = 0
    for index, mutant, why in run(asked.count, asked.seed, asked.first, asked.seconds):
        broken += 1
        Path(f"mutant-{asked.seed}-{index}.whl").write_bytes(mutant.data)
        print(f"mutant {index}, {mutant.filename}: {why}\n  {mutant.how}", flush=True)
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)
    print(f"{broken} of {asked.count} broke a promise; {seconds:.0f} s, peak {peak} MiB resident")
    if peak > RESIDENT:
        print(f"the peak is above {RESIDENT} MiB")
    return int(broken > 0 or peak > RESIDENT)


def _alarm(seconds: int) -> None:
    """Set the alarm, if the system has one."""
    if sys.platform != "win32":
        signal.alarm(seconds)


def _too_long(number: int, frame: object) -> NoReturn:
    raise TimeoutError("it takes too long")


if __name__ == "__main__":
    sys.exit(main())
