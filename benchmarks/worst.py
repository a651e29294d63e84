"""Processor time and peak memory of the worst known wheels of each kind: `worst.py [CASE...]` prints a table.

A child process makes each case in three sizes; the last is four times the first. Another child audits it and turns the
report into JSON. It audits a correct wheel before that, because the first audit pays for the imports. Other parsers are
not asked: they run in children with their own bounds. The exit code is 1 if a case takes more than ten seconds or 256
MiB.
"""

import itertools
import json
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

IMAGES = Path(__file__).resolve().parents[1] / "testdata" / "images"
MIB = 1 << 20
SECONDS, MEBIBYTES = 10, 256

AUDIT = """
import json, resource, sys, time, wheelarch
wheelarch.audit(sys.argv[1], second_opinion="off")
start = time.process_time()
report = wheelarch.audit(sys.argv[2], second_opinion="off")
text = json.dumps(report.to_dict())
seconds = time.process_time() - start
codes = sorted({finding.code for finding in report.findings})
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, codes]))
"""

WINDOWS = ("cp311-abi3-win_amd64", "pkg/ext.pyd")
MACOS = ("cp312-cp312-macosx_11_0_arm64", "pkg/ext.cpython-312-darwin.so")
LINUX = ("cp312-cp312-manylinux_2_17_x86_64", "pkg/ext.cpython-312-x86_64-linux-gnu.so")


def wheel(path: Path, tag: str, members: Iterable[tuple[str, Iterable[bytes]]], level: int = 1) -> None:
    """Write a wheel whose members come in pieces."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        plain = {
            "pkg-1.0.dist-info/METADATA": [b"Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n"],
            "pkg-1.0.dist-info/WHEEL": [f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()],
            "pkg-1.0.dist-info/RECORD": [b""],
        }
        for name, pieces in {**plain, **dict(members)}.items():
            with archive.open(name, "w", force_zip64=True) as out:
                for piece in pieces:
                    out.write(piece)


def binary(path: Path, kind: tuple[str, str], pieces: Iterable[bytes]) -> None:
    """Write a wheel around one binary."""
    wheel(path, kind[0], [(kind[1], pieces)])


# --- archives


def empty_members(path: Path, names: Iterator[bytes]) -> None:
    """Write an archive of empty members with ZIP64 records, name by name.

    Source: APPNOTE.TXT, 4.3.7, 4.3.12, 4.3.14 to 4.3.16.
    """
    directory = bytearray()
    with path.open("wb") as out:
        at = count = 0
        for name in names:
            fields = struct.pack("<HHHIIIIHH", 20, 0, 0, 0, 0, 0, 0, len(name), 0)
            out.write(b"PK\3\4" + fields + name)
            directory += b"PK\1\2\x14\3" + fields + bytes(10) + struct.pack("<I", at) + name
            at += 30 + len(name)
            count += 1
        out.write(directory)
        out.write(b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, len(directory), at))
        out.write(b"PK\6\7" + struct.pack("<IQI", 0, at + len(directory), 1))
        out.write(b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))


def bomb(path: Path, quarters: int) -> None:
    image = (IMAGES / "win_amd64-python3.pyd").read_bytes()
    zeros = itertools.repeat(bytes(MIB), 511 * quarters)
    wheel(path, WINDOWS[0], [(WINDOWS[1], itertools.chain([image], zeros))], level=9)


def slow_bomb(path: Path, quarters: int) -> None:
    image = (IMAGES / "win_amd64-python3.pyd").read_bytes()
    binary(path, WINDOWS, itertools.chain([image], itertools.repeat(bytes(MIB), 511 * quarters)))


def many_bombs(path: Path, quarters: int) -> None:
    image = (IMAGES / "win_amd64-python3.pyd").read_bytes()
    members = ((f"pkg/ext{n}.pyd", [image, *[bytes(MIB)] * 60]) for n in range(32 * quarters))
    wheel(path, WINDOWS[0], members)


def million_members(path: Path, quarters: int) -> None:
    empty_members(path, (b"pkg/%07d.py" % n for n in range(250_000 * quarters)))


def all_members(path: Path, quarters: int) -> None:
    empty_members(path, (b"pkg/%07d.so" % n for n in range(50_000 * quarters)))


def long_names(path: Path, quarters: int) -> None:
    empty_members(path, (b"%07d" % n + b"n" * 65_000 for n in range(90 * quarters)))


def wide_names(path: Path, quarters: int) -> None:
    """Names as long as a path may be, each with a character that makes CPython use four bytes per character."""
    tail = b"n" * 4_000 + "\U0001f40d".encode()
    empty_members(path, (b"%07d" % n + tail for n in range(1_500 * quarters)))


def record_lines(path: Path, quarters: int) -> None:
    """Lines that are as short as possible while each names a different file."""
    blocks = range(0, 460_000 * quarters, 1_000)
    lines = (b"".join(b"%06x,,\n" % n for n in range(k, k + 1_000)) for k in blocks)
    wheel(path, "py3-none-any", [("pkg-1.0.dist-info/RECORD", lines)])


def metadata_lines(path: Path, quarters: int) -> None:
    blocks = range(0, 600_000 * quarters, 1_000)
    lines = (b"".join(b"%05x:\n" % (n % 0xFFFFF) for n in range(k, k + 1_000)) for k in blocks)
    wheel(path, "py3-none-any", [("pkg-1.0.dist-info/METADATA", lines)])


def metadata_continued(path: Path, quarters: int) -> None:
    """One field whose value goes on for as many lines as fit."""
    lines = itertools.chain([b"Requires-Python: 3\n"], itertools.repeat(b" abc\n" * 1_000, 800 * quarters))
    wheel(path, "py3-none-any", [("pkg-1.0.dist-info/METADATA", lines)])


# --- Mach-O: cctools, mach-o/fat.h and loader.h


def macho(commands: bytes, count: int, data: bytes = b"") -> bytes:
    return struct.pack("<8I", 0xFEEDFACF, 0x0100000C, 0, 8, count, len(commands), 0x85, 0) + commands + data


def slices(path: Path, quarters: int) -> None:
    count = 12_500 * quarters
    body = (IMAGES / "macos-arm64-unsigned.so").read_bytes()
    start = (8 + 20 * count + 0x3FFF) & ~0x3FFF
    arch = struct.pack(">5I", 0x0100000C, 0, start, len(body), 14)
    binary(path, MACOS, [(struct.pack(">2I", 0xCAFEBABE, count) + arch * count).ljust(start, b"\0"), body])


def load_commands(path: Path, quarters: int) -> None:
    count = 125_000 * quarters
    binary(path, MACOS, [macho(struct.pack("<2I", 0x1B, 8) * count, count)])


def dylibs(path: Path, quarters: int) -> None:
    """As many libraries as fit, in sixteen overlapping slices."""
    count = 16_000 * quarters
    commands = b"".join(
        struct.pack("<6I", 0xC, 56, 24, 2, 0, 0) + b"/usr/lib/lib%08d.dylib\0".ljust(32, b"\0") % n
        for n in range(count)
    )
    body = macho(commands, count)
    arch = struct.pack(">3I", 0x4000, len(body), 14)
    table = b"".join(struct.pack(">2I", 0x0100000C, n) + arch for n in range(16))
    binary(path, MACOS, [(struct.pack(">2I", 0xCAFEBABE, 16) + table).ljust(0x4000, b"\0"), body])


def trie(path: Path, quarters: int, node: bytes) -> None:
    size = 15 * MIB * quarters
    data = (node * (size // len(node)))[:size]
    commands = struct.pack("<4I", 0x80000033, 16, 48, len(data))
    binary(path, MACOS, [macho(commands, 1, data)])


def cyclic_trie(path: Path, quarters: int) -> None:
    """Nodes of 255 edges that all lead back to the root."""
    trie(path, quarters, b"\0\xff" + b"_PyInit_\0\0" * 255)


def wide_trie(path: Path, quarters: int) -> None:
    """Nodes whose edges do not lead to a hook."""
    trie(path, quarters, b"\0\xff" + b"a\0\1" * 255)


def symbols(path: Path, quarters: int) -> None:
    """External symbols that are all hooks."""
    count = 250_000 * quarters
    strings = b"\0" + b"".join(b"_PyInit_%07d\0" % n for n in range(count))
    records = b"".join(struct.pack("<IBBHQ", 1 + 16 * n, 0x0F, 1, 0, 0) for n in range(count))
    commands = struct.pack("<6I", 2, 24, 56, count, 56 + len(records), len(strings))
    binary(path, MACOS, [macho(commands, 1, records + strings)])


# --- ELF: System V ABI, chapters 4 and 5; LSB, symbol versions


def elf(dynamic: list[tuple[int, int]], tables: bytes) -> bytes:
    """Return a shared library: header, PT_LOAD and PT_DYNAMIC, tables at 0x1000, which is also their address."""
    entries = b"".join(struct.pack("<2Q", *entry) for entry in [*dynamic, (0, 0)])
    body = b"\x7fELF\2\1\1".ljust(16, b"\0") + struct.pack(
        "<2HI3QI6H", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 64, 0, 0
    )
    size = 0x1000 + len(tables)
    body += struct.pack("<2I6Q", 1, 5, 0, 0, 0, size + len(entries), size + len(entries), 0x1000)
    body += struct.pack("<2I6Q", 2, 6, size, size, size, len(entries), len(entries), 8)
    return body.ljust(0x1000, b"\0") + tables + entries


def version_needs(path: Path, quarters: int) -> None:
    """A chain of libraries, each with one version."""
    count = 16_000 * quarters
    auxiliary = struct.pack("<I2H2I", 0, 0, 2, 1, 0)
    needs = (struct.pack("<2H3I", 1, 1, 1, 16, 32) + auxiliary) * (count - 1)
    needs += struct.pack("<2H3I", 1, 1, 1, 16, 0) + auxiliary
    strings = b"\0GLIBC_2.17\0".ljust(64, b"\0")
    dynamic = [(5, 0x1000), (10, 64), (0x6FFFFFFE, 0x1040), (0x6FFFFFFF, count)]
    binary(path, LINUX, [elf(dynamic, strings + needs)])


def needed(path: Path, quarters: int) -> None:
    """Dynamic entries that each need a library."""
    count = 125_000 * quarters
    strings = b"\0libpython3.12.so.1.0\0".ljust(64, b"\0")
    binary(path, LINUX, [elf([(5, 0x1000), (10, 64), *[(1, 1)] * count], strings)])


def needing(names: list[bytes], run_path: bytes, tag: int = 29) -> bytes:
    """Return an extension module with one DT_NEEDED per name, and a DT_RUNPATH, or with tag 15 a DT_RPATH."""
    strings = bytearray(b"\0PyInit_ext\0")
    dynamic = []
    for name in names:
        dynamic.append((1, len(strings)))
        strings += name + b"\0"
    dynamic.append((tag, len(strings)))
    strings += run_path + b"\0"
    strings += bytes(-len(strings) % 16)
    table = struct.pack("<I2BH2Q", 1, 0x12, 0, 1, 0x1000, 16)
    hashes = struct.pack("<2I", 1, 1) + bytes(8)
    at = 0x1000 + len(strings)
    dynamic += [(5, 0x1000), (10, len(strings)), (6, at), (11, 24), (4, at + len(table))]
    return elf(dynamic, bytes(strings) + table + hashes)


RUN_PATH = b":".join(b"$ORIGIN/%x" % n for n in range(4_700))
"""As long as the name of a symbol may be."""


def lost_libraries(path: Path, quarters: int) -> None:
    """Missing libraries, searched in as many folders as a run path can name."""
    names = [b"lib%06d.so" % n for n in range(16_000 * quarters)]
    binary(path, LINUX, [needing(names, RUN_PATH)])


def one_name(path: Path, quarters: int) -> None:
    """Libraries in many folders that all have the name of one member, which is not in any of them."""
    names = [b"d%06d/q.so" % n for n in range(8_000 * quarters)] + [b"q.so"] * 8_000 * quarters
    wheel(path, LINUX[0], [(LINUX[1], [needing(names, RUN_PATH)]), ("pkg/away/q.so", [needing([], b"")])])


def ring(path: Path, quarters: int) -> None:
    """Files that need each other in a ring, and a library that some of their run paths lead to."""
    count = 75 * quarters
    run_path = b":".join([b"$ORIGIN", *(b"$ORIGIN/%x" % n for n in range(1_000))])
    members = [
        (f"pkg/lib{n}.so", [needing([b"lib%d.so" % ((n + 1) % count), b"libq.so"], run_path, tag=15)])
        for n in range(count)
    ]
    wheel(path, LINUX[0], [*members, ("pkg/away/libq.so", [needing([], b"")])])


def wrong_libraries(path: Path, quarters: int) -> None:
    """Libraries for another machine, all with different names."""
    library = (IMAGES / "linux-aarch64-musl.so").read_bytes()
    wheel(path, LINUX[0], ((f"pkg/lib{n}.so", [library]) for n in range(5_000 * quarters)))


def elf_symbols(path: Path, quarters: int) -> None:
    """Dynamic symbols that are all hooks of one name."""
    count = 1_000_000 * quarters
    strings = b"\0PyInit_ext\0".ljust(64, b"\0")
    table = struct.pack("<I2BH2Q", 1, 0x12, 0, 1, 0x1000, 16) * count
    hashes = struct.pack("<2I", 1, count) + bytes(4)
    dynamic = [(5, 0x1000), (10, 64), (6, 0x1040), (11, 24), (4, 0x1040 + len(table))]
    binary(path, LINUX, [elf(dynamic, strings + table + hashes)])


# --- PE: Microsoft PE format


def pe(directory: int, table: bytes) -> bytes:
    """Return a DLL of one section at RVA 0x1000, to which a data directory points."""
    optional = struct.pack(
        "<H22xQ2I16xI4xIHH40x", 0x20B, 0x180000000, 0x1000, 0x200, 0x1000 + len(table), 0x400, 2, 0
    )
    optional = optional[:108].ljust(108, b"\0") + struct.pack("<I", 16)
    optional += b"".join(struct.pack("<2I", *((0x1000, 40) if n == directory else (0, 0))) for n in range(16))
    header = b"PE\0\0" + struct.pack("<2H3I2H", 0x8664, 1, 0, 0, 0, len(optional), 0x2022) + optional
    header += struct.pack("<8s4I12xI", b".rdata", len(table), 0x1000, len(table), 0x400, 0x40000040)
    return (b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + header).ljust(0x400, b"\0") + table


def exports(path: Path, quarters: int) -> None:
    """Names that are all hooks, all different."""
    count = 250_000 * quarters
    names = 40 + 4 * count
    pointers = b"".join(struct.pack("<I", 0x1000 + names + 16 * n) for n in range(count))
    strings = b"".join(b"PyInit_%08d\0" % n for n in range(count))
    table = struct.pack("<10I", 0, 0, 0, 0x1000, 1, count, count, 0x1028, 0x1028, 0x1028)
    binary(path, WINDOWS, [pe(0, table + pointers + strings)])


def imports(path: Path, quarters: int) -> None:
    """Libraries that share one table of thunks."""
    count, thunks = 1_024 * quarters, 65_000
    lookup = 20 * (count + 1)
    strings = lookup + 8 * (thunks + 1)
    descriptor = struct.pack("<5I", 0x1000 + lookup, 0, 0, 0x1000 + strings, 0x1000 + lookup)
    table = (
        descriptor * count
        + bytes(20)
        + struct.pack("<Q", 0x1000 + strings - 2) * thunks
        + bytes(8)
        + b"python3.dll\0"
    )
    binary(path, WINDOWS, [pe(1, table)])


def sections(path: Path, quarters: int) -> None:
    """A COFF object of the big kind (ANON_OBJECT_HEADER_BIGOBJ) with as many section headers as are read."""
    count = 16 * MIB * quarters // 40
    header = struct.pack("<4H", 0, 0xFFFF, 2, 0x8664) + bytes(4)
    header += bytes.fromhex("c7a1bad1eebaa94baf20faf66aa4dcb8") + bytes(16) + struct.pack("<3I", count, 0, 0)
    section = b".text$mn" + struct.pack("<6I2HI", 0, 0, 1, 64, 0, 0, 0, 0, 0x60000020)
    binary(path, WINDOWS, [header, section * count])


class Case(NamedTuple):
    """A kind of wheel, and what it contains in full size."""

    make: Callable[[Path, int], None]
    what: str
    tag: str


CASES = {
    "bomb": Case(bomb, "2 GB of zeros in one extension module", WINDOWS[0]),
    "slow-bomb": Case(slow_bomb, "the same, packed to a 230th only", WINDOWS[0]),
    "many-bombs": Case(many_bombs, "128 extension modules of 60 MiB zeros, 7.5 GiB", WINDOWS[0]),
    "million-members": Case(million_members, "a directory of a million members", "py3-none-any"),
    "all-members": Case(all_members, "200,000 empty members named as native code", LINUX[0]),
    "long-names": Case(long_names, "360 names of 65,000 bytes", "py3-none-any"),
    "wide-names": Case(wide_names, "6,000 names of 4,011 bytes and one wide character", "py3-none-any"),
    "record-lines": Case(record_lines, "a RECORD of 1,840,000 lines", "py3-none-any"),
    "metadata-lines": Case(metadata_lines, "a METADATA of 2,400,000 fields", "py3-none-any"),
    "metadata-continued": Case(metadata_continued, "a field of METADATA of 3,200,000 lines", "py3-none-any"),
    "slices": Case(slices, "50,000 equal slices", MACOS[0]),
    "load-commands": Case(load_commands, "500,000 load commands", MACOS[0]),
    "dylibs": Case(dylibs, "64,000 libraries, in 16 overlapping slices", MACOS[0]),
    "cyclic-trie": Case(cyclic_trie, "an exports trie of 60 MiB that leads back to its root", MACOS[0]),
    "wide-trie": Case(wide_trie, "an exports trie of 60 MiB that leads nowhere", MACOS[0]),
    "symbols": Case(symbols, "a million external Mach-O symbols, all hooks", MACOS[0]),
    "version-needs": Case(version_needs, "64,000 version needs", LINUX[0]),
    "needed": Case(needed, "500,000 DT_NEEDED", LINUX[0]),
    "lost-libraries": Case(lost_libraries, "64,000 missing libraries, 4,700 run paths", LINUX[0]),
    "one-name": Case(one_name, "64,000 libraries named as one member, 4,700 run paths", LINUX[0]),
    "ring": Case(ring, "300 libraries in a ring, each with 1,001 run paths", LINUX[0]),
    "wrong-libraries": Case(wrong_libraries, "20,000 libraries for another machine", LINUX[0]),
    "elf-symbols": Case(elf_symbols, "4,000,000 dynamic symbols of one name", LINUX[0]),
    "exports": Case(exports, "a million PE exports, all hooks", WINDOWS[0]),
    "sections": Case(sections, "a COFF object of 1,677,000 sections", WINDOWS[0]),
    "imports": Case(imports, "4,096 libraries that share 65,000 thunks", WINDOWS[0]),
}


def measure(name: str, folder: Path) -> bool:
    """Print the row of a case and return whether it keeps the bounds."""
    case = CASES[name]
    sound = folder / "sound-1.0-py3-none-any.whl"
    wheel(sound, "py3-none-any", [])
    seconds, peaks, sizes, codes = [], [], [], []
    for quarters in (1, 2, 4):
        path = folder / f"pkg-1.0-{case.tag}.whl"
        # In a separate child, because a child inherits its parent's peak on Linux.
        subprocess.run([sys.executable, __file__, "--make", name, str(quarters), str(path)], check=True)
        child = subprocess.run(
            [sys.executable, "-c", AUDIT, str(sound), str(path)],
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        took, peak, codes = json.loads(child.stdout)
        seconds.append(took)
        peaks.append(peak)
        sizes.append(path.stat().st_size / MIB)
        path.unlink()
    times = " | ".join(f"{one:.2f}" for one in seconds)
    memory = " | ".join(f"{one:.0f}" for one in peaks)
    print(f"| {case.what} | {sizes[-1]:.1f} | {times} | {memory} | {', '.join(codes)} |", flush=True)
    return max(seconds) <= SECONDS and max(peaks) <= MEBIBYTES


def main() -> int:
    if sys.argv[1:2] == ["--make"]:
        CASES[sys.argv[2]].make(Path(sys.argv[4]), int(sys.argv[3]))
        return 0
    print("| in full size | MiB | n: s | 2n: s | 4n: s | n: MiB | 2n: MiB | 4n: MiB | findings at 4n |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as folder:
        kept = [measure(name, Path(folder)) for name in sys.argv[1:] or CASES]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
