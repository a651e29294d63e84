"""The ELF reader: real libraries of every target, files built byte by byte, cut files and damaged files."""

import random
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from support.images import every_length, image, image_names, lengths, manifest
from wheelarch import inspect
from wheelarch.errors import FormatError
from wheelarch.image import elf
from wheelarch.limits import DEFAULT, Limits
from wheelarch.model import Depth, ElfFacts, Fault, Format, Image, Kind, Machine, Symbol, VersionNeed
from wheelarch.view import BytesView


def read(data: bytes, depth: Depth = Depth.SYMBOLS, limits: Limits = DEFAULT) -> Image:
    return elf.read(BytesView(bytes(data)), depth, limits)


# -- real files ----------------------------------------------------------------------------------------------

_PYTHON = (
    Symbol("PyModule_AddObjectRef", weak=True), Symbol("puts"), Symbol("PyLong_FromLong"),
    Symbol("PyModuleDef_Init"),
)  # fmt: skip
_HELPED = (*_PYTHON[:2], Symbol("helper_answer"), *_PYTHON[2:])


def _record(machine: Machine, code: int, **more: Any) -> Image:
    """The facts of testdata/sources/extension.c as an extension module, with some replaced."""
    facts = {
        "type": 3, "osabi": 0, "flags": 0, "little_endian": True, "executable_stack": False,
        "load_alignment": 0x1000,
        **{key: more.pop(key) for key in list(more) if key in ElfFacts._fields},
    }  # fmt: skip
    facts.setdefault("largest_page", facts["load_alignment"])
    fields: dict[str, Any] = {
        "format": Format.ELF, "machine": machine, "variant": "", "code": code, "bits": 64, "offset": 0,
        "kind": Kind.SHARED_LIBRARY, "depth": Depth.SYMBOLS, "hooks": ("PyInit_ext",), "imported": _PYTHON,
        **more,
    }  # fmt: skip
    return Image(**fields, elf=ElfFacts(**facts))


def _glibc(machine: Machine, code: int, version: str = "GLIBC_2.17", **more: Any) -> Image:
    needs = (VersionNeed("libc.so.6", version, weak=False),)
    return _record(machine, code, **{"needed": ("libc.so.6",), "version_needs": needs, **more})


def _musl(machine: Machine, code: int, name: str, **more: Any) -> Image:
    return _record(machine, code, needed=(f"libc.musl-{name}.so.1",), **more)


def _android(machine: Machine, code: int) -> Image:
    return _record(
        machine, code, needed=("libpython3.13.so", "libc.so"), load_alignment=0x4000, android_api=24,
        version_needs=(VersionNeed("libc.so", "LIBC", weak=False),),
    )  # fmt: skip


def _bare(machine: Machine, code: int, **more: Any) -> Image:
    return _record(machine, code, hooks=(), imported=(), **more)


_X64, _A64 = (Machine.X86_64, 62), (Machine.ARM64, 183)
_HARD: dict[str, Any] = {"bits": 32, "flags": 0x5000400, "load_alignment": 0x10000}
_LARGE: dict[str, Any] = {"load_alignment": 0x10000}

RECORDS = {
    "android-arm64_v8a.so": _android(*_A64),
    "android-x86_64.so": _android(*_X64),
    "linux-aarch64-glibc.so": _glibc(*_A64, **_LARGE),
    "linux-aarch64-helper.so": _bare(*_A64, soname="libhelper.so", **_LARGE),
    "linux-aarch64-musl.so": _musl(*_A64, "aarch64", **_LARGE),
    "linux-aarch64-program-static-pie": _bare(*_A64, kind=Kind.EXECUTABLE, **_LARGE),
    "linux-armv7l-glibc.so": _glibc(Machine.ARM, 40, **_HARD),
    "linux-armv7l-musl.so": _musl(Machine.ARM, 40, "armv7", **_HARD),
    "linux-armv7l-soft-glibc.so": _glibc(
        Machine.ARM, 40, variant="soft-float", **{**_HARD, "flags": 0x5000200}
    ),
    "linux-i686-glibc.so": _glibc(Machine.X86, 3, bits=32),
    "linux-i686-helper.so": _bare(Machine.X86, 3, bits=32, soname="libhelper.so"),
    "linux-i686-musl.so": _musl(Machine.X86, 3, "x86", bits=32),
    "linux-i686-program-static": _bare(Machine.X86, 3, bits=32, kind=Kind.EXECUTABLE, type=2),
    "linux-loongarch64-glibc.so": _glibc(Machine.LOONGARCH64, 258, flags=0x43, **_LARGE),
    "linux-loongarch64-musl.so": _musl(Machine.LOONGARCH64, 258, "loongarch64", flags=0x43, **_LARGE),
    "linux-ppc64le-glibc.so": _glibc(Machine.PPC64LE, 21, flags=2, **_LARGE),
    "linux-ppc64le-musl.so": _musl(Machine.PPC64LE, 21, "ppc64le", flags=2, **_LARGE),
    "linux-riscv64-glibc.so": _glibc(Machine.RISCV64, 243, flags=5),
    "linux-riscv64-musl.so": _musl(Machine.RISCV64, 243, "riscv64", flags=5),
    "linux-s390x-glibc.so": _glibc(Machine.S390X, 22, little_endian=False),
    "linux-s390x-musl.so": _musl(Machine.S390X, 22, "s390x", little_endian=False),
    "linux-x32-glibc.so": _glibc(*_X64, bits=32, variant="x32"),
    "linux-x86_64-execstack.so": _glibc(*_X64, executable_stack=True),
    "linux-x86_64-export-hook.so": _glibc(*_X64, hooks=("PyModExport_ext",)),
    "linux-x86_64-glibc.so": _glibc(*_X64),
    "linux-x86_64-glibc2.34.so": _glibc(
        *_X64, "GLIBC_2.34", imported=(_PYTHON[0], Symbol("dlsym"), *_PYTHON[2:])
    ),
    "linux-x86_64-helper.so": _bare(*_X64, soname="libhelper.so"),
    "linux-x86_64-libpython.so": _glibc(*_X64, needed=("libpython3.12.so.1.0", "libc.so.6")),
    "linux-x86_64-musl.so": _musl(*_X64, "x86_64"),
    "linux-x86_64-no-sections.so": _glibc(*_X64),
    "linux-x86_64-program": _bare(*_X64, kind=Kind.EXECUTABLE, interpreter="/lib64/ld-linux-x86-64.so.2"),
    "linux-x86_64-python2.so": _glibc(*_X64, hooks=("initext",)),
    "linux-x86_64-rpath.so": _glibc(
        *_X64, needed=("libhelper.so", "libc.so.6"), imported=_HELPED, rpath=("$ORIGIN/../demo.libs",)
    ),
    "linux-x86_64-runpath.so": _glibc(
        *_X64, needed=("libhelper.so", "libc.so.6"), imported=_HELPED, runpath=("$ORIGIN/../demo.libs",)
    ),
    "linux-x86_64-sysv-hash.so": _glibc(*_X64),
    "linux-x86_64-v3.so": _glibc(*_X64, x86_isa_needed=4),
    "linux-x86_64.o": _bare(*_X64, kind=Kind.OBJECT, type=1, executable_stack=None, load_alignment=0),
}

_FIXTURES = [name for name in image_names() if manifest()["images"][name]["images"][0]["format"] == "elf"]


def test_every_elf_image_has_a_record() -> None:
    """Every ELF image of testdata is in the table."""
    assert sorted(RECORDS) == sorted(_FIXTURES)


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_whole_record(name: str) -> None:
    """Everything that the compiler wrote is read, and nothing else is claimed."""
    assert read(image(name)) == RECORDS[name]


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_shallower_depths_leave_fields_empty(name: str) -> None:
    """HEADER and LINKAGE give the same facts as SYMBOLS, without those of a deeper level."""
    whole = RECORDS[name]
    assert whole.elf is not None
    assert read(image(name), Depth.LINKAGE) == whole._replace(depth=Depth.LINKAGE, imported=())
    kind = Kind.SHARED_LIBRARY if name.endswith("static-pie") else whole.kind
    facts = whole.elf._replace(soname="", rpath=(), runpath=(), version_needs=())
    assert read(image(name), Depth.HEADER) == whole._replace(
        depth=Depth.HEADER, kind=kind, needed=(), hooks=(), imported=(), elf=facts
    )


class _CountingView(BytesView):
    """A view that remembers how much was read and how far."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.reads = self.bytes = self.end = 0

    def read(self, offset: int, size: int) -> bytes:
        data = super().read(offset, size)
        self.reads += 1
        self.bytes += size
        self.end = max(self.end, offset + size)
        return data


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_header_depth_reads_the_head_alone(name: str) -> None:
    """HEADER depth needs no more than the first KiB."""
    view = _CountingView(image(name))
    elf.read(view, Depth.HEADER, DEFAULT)
    assert view.end <= 1024


# -- cut and damaged real files ------------------------------------------------------------------------------


@every_length
@pytest.mark.parametrize("name", sorted(RECORDS))
def test_growth(name: str, stride: int) -> None:
    """A file that is cut anywhere has a fault or reads like the whole file, even at HEADER depth."""
    data, whole = image(name), RECORDS[name]
    whole_header = read(data, Depth.HEADER)
    for length in lengths(len(data), stride):
        try:
            header, deep = read(data[:length], Depth.HEADER), read(data[:length])
        except FormatError as error:
            assert (error.kind, length < 64) == ("truncated", True)
            continue
        assert header.faults or header == whole_header
        assert deep.faults or deep == whole
        assert bool(deep.faults) == bool(header.faults)
        assert all(fault.kind == "truncated" for fault in header.faults)


_NUMBERS = (0, 1, 7, 8, 0x7F, 0xFF, 0xFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF8, 0xFFFFFFFF)


def _mutant(data: bytes, chance: random.Random) -> bytes:
    mutant = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(mutant) - 8)
        if chance.random() < 0.5:
            mutant[at] ^= 1 << chance.randrange(8)
        else:
            at &= ~3
            mutant[at : at + 4] = struct.pack("<I", chance.choice(_NUMBERS))
    return bytes(mutant)


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_mutants(name: str) -> None:
    """A damaged file only raises FormatError, after a bounded number of reads."""
    chance = random.Random(name)
    for _ in range(300):
        view = _CountingView(_mutant(image(name), chance))
        try:
            found = elf.read(view, Depth.SYMBOLS, DEFAULT)
        except FormatError as error:
            assert error.kind in ("truncated", "unsupported")
        else:
            assert found.format is Format.ELF
        assert view.reads < 1_000
        assert view.bytes < 8 * view.size


# -- files built byte by byte --------------------------------------------------------------------------------

_BASE = 0x40000
"""Where the built files are mapped: addresses are offsets plus this."""


class _Built(NamedTuple):
    data: bytearray
    at: dict[str, int]
    """Offsets of the tables by name; of program header N as `phdr N`."""
    order: str

    def put(self, offset: int, form: str, *values: int) -> "_Built":
        struct.pack_into(self.order + form, self.data, offset, *values)
        return self

    def phdr(self, index: int, field: str) -> int:
        """Return the offset of a field of an ELF64 program header."""
        fields = {"type": 0, "flags": 4, "offset": 8, "vaddr": 16, "filesz": 32, "memsz": 40, "align": 48}
        return self.at[f"phdr {index}"] + fields[field]

    def read(self, depth: Depth = Depth.SYMBOLS, limits: Limits = DEFAULT) -> Image:
        return read(bytes(self.data), depth, limits)


_LOAD, _DYNAMIC, _INTERP, _NOTE, _STACK, _PROPERTY = 1, 2, 3, 4, 0x6474E551, 0x6474E553
_GLOBAL, _WEAK, _UNIQUE, _LOCAL = 0x12, 0x22, 0xA1, 0x02
_SYMBOLS = (("PyErr_Clear", _GLOBAL, 0, 0), ("PyExc_Maybe", _WEAK, 0, 0), ("PyInit_x", _GLOBAL, 0, 5))


def build(
    bits: int = 64,
    little: bool = True,
    machine: int = 62,
    e_type: int = 3,
    e_flags: int = 0,
    symbols: tuple[tuple[str, int, int, int], ...] = _SYMBOLS,
    strings: dict[int, tuple[str, ...]] | None = None,
    needs: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (("libc.so.6", (("GLIBC_2.5", 0),)),),
    hash_style: str = "gnu",
    interpreter: bytes = b"",
    notes: bytes = b"",
    note_align: int = 4,
    note_type: int = _NOTE,
    dynamic: tuple[tuple[int, int], ...] = (),
) -> _Built:
    """Write a shared object: header, program headers, one table after the other, all in one PT_LOAD.

    Args:
        bits: 32 or 64.
        little: The byte order.
        machine: e_machine.
        e_type: e_type.
        e_flags: e_flags.
        symbols: Name, st_info, st_other, st_shndx; undefined ones first.
        strings: Strings of the dynamic table by d_tag; a soname and two libraries by default.
        needs: Version needs: library, then version and flags.
        hash_style: `gnu`, `sysv` or `none`.
        interpreter: PT_INTERP, with its NUL.
        notes: Contents of the note segment.
        note_align: Its alignment.
        note_type: Its type.
        dynamic: Further entries of the dynamic table.
    """
    order, wide = "<" if little else ">", bits == 64
    strings = {14: ("libx.so",), 1: ("libc.so.6", "libm.so.6")} if strings is None else strings
    pool = bytearray(b"\0")
    where: dict[str, int] = {}

    def intern(text: str) -> int:
        if text not in where:
            where[text] = len(pool)
            pool.extend(text.encode() + b"\0")
        return where[text]

    def pack(form: str, *values: int | bytes) -> bytes:
        return struct.pack(order + form, *values)

    entries = [(tag, intern(text)) for tag, texts in strings.items() for text in texts]
    symbol_rows = [("", 0, 0, 0), *symbols]
    table = b"".join(
        pack("IBBHQQ", intern(name) if name else 0, info, other, section, 0x1000, 8)
        if wide
        else pack("IIIBBH", intern(name) if name else 0, 0x1000, 8, info, other, section)
        for name, info, other, section in symbol_rows
    )
    needs_table = b""
    for index, (library, versions) in enumerate(needs):
        last = index == len(needs) - 1
        needs_table += pack(
            "HHIII", 1, len(versions), intern(library), 16, 0 if last else 16 + 16 * len(versions)
        )
        for number, (version, flags) in enumerate(versions):
            step = 0 if number == len(versions) - 1 else 16
            needs_table += pack("IHHII", 0, flags, number + 2, intern(version), step)
    first = sum(section == 0 for _, _, _, section in symbol_rows)
    hashed = len(symbol_rows) - first
    word, address_word = "Q" if wide and machine == 22 else "I", "Q" if wide else "I"
    hashes = {
        "gnu": pack(f"IIII{address_word}I", 1, first, 1, 0, 0, first if hashed else 0)
        + b"".join(pack("I", 2 * number + (number == hashed - 1)) for number in range(hashed)),
        "sysv": pack(f"{2 + 1 + len(symbol_rows)}{word}", 1, len(symbol_rows), 1, *[0] * len(symbol_rows)),
        "none": b"",
    }[hash_style]  # fmt: skip

    header_size, phdr_size = (64, 56) if wide else (52, 32)
    count = 3 + bool(interpreter) + bool(notes)
    at: dict[str, int] = {}
    body = bytearray()
    start = header_size + count * phdr_size

    def place(name: str, contents: bytes) -> None:
        body.extend(b"\0" * (-(start + len(body)) % 8))
        at[name] = start + len(body)
        body.extend(contents)

    place("interp", interpreter)
    place("notes", notes)
    place("dynsym", table)
    place("hash", hashes)
    place("verneed", needs_table)
    place("dynstr", bytes(pool))
    addresses = [
        (5, at["dynstr"]),
        (6, at["dynsym"]),
        (4 if hash_style == "sysv" else 0x6FFFFEF5, at["hash"]),
    ]
    entries += [
        (tag, offset + _BASE) for tag, offset in addresses if tag != 0x6FFFFEF5 or hash_style == "gnu"
    ]
    entries += [(10, len(pool)), (11, 24 if wide else 16)]
    entries += [(0x6FFFFFFE, at["verneed"] + _BASE)] if needs else []
    entries += [*dynamic, (0, 0)]
    place("dynamic", b"".join(pack("QQ" if wide else "II", *entry) for entry in entries))
    place("end", b"")

    total = start + len(body)
    segments = [(_LOAD, 5, 0, total, 0x1000), (_DYNAMIC, 6, at["dynamic"], 16 * len(entries) * bits // 64, 8)]
    segments += [(_STACK, 6, 0, 0, 16)]
    segments += [(_INTERP, 4, at["interp"], len(interpreter), 1)] if interpreter else []
    segments += [(note_type, 4, at["notes"], len(notes), note_align)] if notes else []
    headers = b""
    for index, (kind, flags, offset, size, align) in enumerate(segments):
        at[f"phdr {index}"] = header_size + index * phdr_size
        address = offset + _BASE if size else 0
        headers += (
            pack("IIQQQQQQ", kind, flags, offset, address, address, size, size, align)
            if wide
            else pack("IIIIIIII", kind, offset, address, address, size, size, flags, align)
        )
    ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if little else 2, 1]) + bytes(9)
    header = ident + pack("HHI", e_type, machine, 1) + pack("QQQ" if wide else "III", 0, header_size, 0)
    header += pack("IHHHHHH", e_flags, header_size, phdr_size, count, 64 if wide else 40, 0, 0)
    return _Built(bytearray(header + headers + body), at, order)


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("little", [True, False])
@pytest.mark.parametrize("hash_style", ["gnu", "sysv", "none"])
def test_each_class_order_and_hash(bits: int, little: bool, hash_style: str) -> None:
    """All tables are found in both classes, both byte orders, and with either hash table or none."""
    code = {32: 20, 64: 21}[bits]
    found = build(bits, little, machine=code, hash_style=hash_style, interpreter=b"/lib/ld.so.1\0").read()
    assert found.faults == ()
    assert (found.bits, found.kind, found.needed) == (bits, Kind.SHARED_LIBRARY, ("libc.so.6", "libm.so.6"))
    assert (found.hooks, found.imported) == (
        ("PyInit_x",),
        (Symbol("PyErr_Clear"), Symbol("PyExc_Maybe", weak=True)),
    )
    assert found.elf is not None
    assert (found.elf.little_endian, found.elf.soname, found.elf.interpreter) == (
        little,
        "libx.so",
        "/lib/ld.so.1",
    )
    assert found.elf.version_needs == (VersionNeed("libc.so.6", "GLIBC_2.5", weak=False),)


def test_hash_words_of_s390x() -> None:
    """DT_HASH of s390x counts in words of 8 bytes, as its processor supplement says."""
    assert build(machine=22, little=False, hash_style="sysv").read().hooks == ("PyInit_x",)


def test_empty_gnu_hash() -> None:
    """If nothing is exported, GNU_HASH counts nothing, and the imports are still found."""
    built = build(symbols=_SYMBOLS[:2])
    built.put(built.at["hash"] + 4, "I", 1)
    found = built.read()
    assert (found.faults, found.hooks, [symbol.name for symbol in found.imported]) == (
        (),
        (),
        ["PyErr_Clear", "PyExc_Maybe"],
    )


@pytest.mark.parametrize(
    ("symbol", "hook"),
    [
        (("PyInit_x", _GLOBAL, 0, 5), True),
        (("PyInit_x", _WEAK, 0, 5), True),
        (("PyInit_x", _UNIQUE, 0, 5), True),
        (("PyInit_x", _GLOBAL, 3, 5), True),
        (("PyInit_x", _GLOBAL, 0, 0xFFF1), True),
        (("PyInitU_tda", _GLOBAL, 0, 5), True),
        (("PyModExport_x", _GLOBAL, 0, 5), True),
        (("PyModExportU_tda", _GLOBAL, 0, 5), True),
        (("_cffi_pypyinit_x", _GLOBAL, 0, 5), True),
        (("initx", _GLOBAL, 0, 5), True),
        (("PyInit_x", _LOCAL, 0, 5), False),
        (("PyInit_x", _GLOBAL, 1, 5), False),
        (("PyInit_x", _GLOBAL, 2, 5), False),
        (("PyInitialise", _GLOBAL, 0, 5), False),
        (("my_PyInit_x", _GLOBAL, 0, 5), False),
    ],
)
def test_hooks(symbol: tuple[str, int, int, int], hook: bool) -> None:
    """A hook is a global, weak or unique symbol, defined and not hidden, of one of the six forms."""
    found = build(symbols=(symbol,)).read()
    assert (found.faults, found.hooks) == ((), (symbol[0],) if hook else ())


def test_undefined_hook_is_an_import() -> None:
    """A hook that is only imported does not count."""
    found = build(symbols=(("PyInit_x", _GLOBAL, 0, 0), ("other", _GLOBAL, 0, 5))).read()
    assert (found.hooks, found.imported) == ((), (Symbol("PyInit_x"),))


def test_names_that_are_no_utf8() -> None:
    """Bytes that are not UTF-8 become backslash escapes."""
    built = build()
    at = built.data.index(b"libm.so.6")
    built.data[at] = 0xFF
    assert built.read().needed == ("libc.so.6", "\\xffibm.so.6")


def test_run_paths_and_flags() -> None:
    """Run paths are split at colons, and empty parts are dropped. ld.so takes the last of two DT_RPATH."""
    found = build(strings={15: ("/first", "$ORIGIN:/a::/b"), 29: ("$ORIGIN/../x.libs",)}).read()
    assert found.elf is not None
    assert (found.elf.rpath, found.elf.runpath) == (("$ORIGIN", "/a", "/b"), ("$ORIGIN/../x.libs",))


def test_version_needs() -> None:
    """Every version of every library is listed, with its weak flag."""
    needs = (("libc.so.6", (("GLIBC_2.5", 0), ("GLIBC_2.34", 2))), ("libm.so.6", (("GLIBC_2.2.5", 0),)))
    found = build(needs=needs).read()
    assert found.elf is not None
    assert found.elf.version_needs == (
        VersionNeed("libc.so.6", "GLIBC_2.5", weak=False),
        VersionNeed("libc.so.6", "GLIBC_2.34", weak=True),
        VersionNeed("libm.so.6", "GLIBC_2.2.5", weak=False),
    )


# -- machines ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "bits", "little", "flags", "machine", "variant"),
    [
        (62, 64, True, 0, Machine.X86_64, ""),
        (62, 32, True, 0, Machine.X86_64, "x32"),
        (3, 32, True, 0, Machine.X86, ""),
        (183, 64, True, 0, Machine.ARM64, ""),
        (183, 64, False, 0, Machine.ARM64, "big-endian"),
        (183, 32, True, 0, Machine.ARM64, "ilp32"),
        (40, 32, True, 0x5000400, Machine.ARM, ""),
        (40, 32, True, 0x5000200, Machine.ARM, "soft-float"),
        (40, 32, True, 0x5000000, Machine.ARM, "soft-float"),
        (40, 32, True, 0x4000000, Machine.ARM, "eabi4"),
        (40, 32, True, 0, Machine.ARM, "eabi4"),
        (40, 32, False, 0x5000400, Machine.ARM, "big-endian"),
        (20, 32, False, 0, Machine.PPC, ""),
        (20, 32, True, 0, Machine.PPC, "little-endian"),
        (21, 64, False, 1, Machine.PPC64, ""),
        (21, 64, False, 2, Machine.PPC64, ""),
        (21, 64, True, 2, Machine.PPC64LE, ""),
        (21, 64, True, 0, Machine.PPC64LE, ""),
        (21, 64, True, 1, Machine.PPC64LE, "elfv1"),
        (22, 64, False, 0, Machine.S390X, ""),
        (22, 32, False, 0, Machine.S390, ""),
        (243, 64, True, 0x4, Machine.RISCV64, ""),
        (243, 64, True, 0x15, Machine.RISCV64, ""),
        (243, 64, True, 0x0, Machine.RISCV64, "soft-float"),
        (243, 64, True, 0x2, Machine.RISCV64, "single-float"),
        (243, 64, True, 0x6, Machine.RISCV64, "quad-float"),
        (243, 64, True, 0xC, Machine.RISCV64, "rve"),
        (243, 32, True, 0x4, Machine.RISCV32, ""),
        (258, 64, True, 0x43, Machine.LOONGARCH64, ""),
        (258, 64, True, 0x42, Machine.LOONGARCH64, "single-float"),
        (258, 64, True, 0x41, Machine.LOONGARCH64, "soft-float"),
        (258, 32, True, 0x43, Machine.LOONGARCH32, ""),
        (8, 32, True, 0, Machine.MIPS, ""),
        (43, 64, False, 0, Machine.SPARC64, ""),
        (50, 64, True, 0, Machine.IA64, ""),
        (164, 32, True, 0, Machine.HEXAGON, ""),
        (190, 64, True, 0, Machine.CUDA, ""),
        (224, 64, True, 0, Machine.AMDGPU, ""),
        (247, 64, True, 0, Machine.BPF, ""),
        (0, 64, True, 0, Machine.NONE, ""),
        (4711, 64, True, 0, Machine.OTHER, ""),
    ],
)
def test_machine(code: int, bits: int, little: bool, flags: int, machine: Machine, variant: str) -> None:
    """e_machine, class, byte order and e_flags determine the machine and its variant, without a fault."""
    found = build(bits, little, code, e_flags=flags).read()
    assert (found.machine, found.variant, found.code, found.faults) == (machine, variant, code, ())


def test_float_flags_of_an_arm_object() -> None:
    """An Arm object file says nothing about floats, so nothing is claimed."""
    assert build(32, machine=40, e_type=1, e_flags=0x5000000).read().variant == ""


@pytest.mark.parametrize(
    ("code", "bits", "little"),
    [
        (3, 64, True),
        (3, 32, False),
        (62, 64, False),
        (40, 64, True),
        (21, 32, False),
        (22, 64, True),
        (258, 64, False),
    ],
)
def test_header_denies_itself(code: int, bits: int, little: bool) -> None:
    """A class or byte order that a machine does not have is a contradiction."""
    assert _kinds(build(bits, little, code).read()) == ["contradiction"]


# -- kinds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({}, Kind.SHARED_LIBRARY),
        ({"strings": {}, "interpreter": b"/lib/ld.so.1\0"}, Kind.EXECUTABLE),
        ({"interpreter": b"/lib/ld.so.1\0"}, Kind.SHARED_LIBRARY),
        ({"dynamic": ((0x6FFFFFFB, 0x08000001),)}, Kind.EXECUTABLE),
        ({"dynamic": ((0x6FFFFFFB, 1),)}, Kind.SHARED_LIBRARY),
        ({"e_type": 2}, Kind.EXECUTABLE),
        ({"e_type": 1}, Kind.OBJECT),
        ({"e_type": 4}, Kind.CORE),
        ({"e_type": 0xFE00}, Kind.OTHER),
    ],
)
def test_kind(options: dict[str, Any], kind: Kind) -> None:
    """ET_DYN is a program if it has DF_1_PIE, or an interpreter and no soname (libc.so.6 has both)."""
    found = build(**options).read()
    assert (found.kind, found.faults) == (kind, ())


def test_debug_companion_of_objcopy() -> None:
    """A file whose dynamic table has an address but no bytes is a debug companion, not a damaged library."""
    built = build(interpreter=b"\0")
    built.put(built.phdr(1, "filesz"), "Q", 0)
    built.put(built.phdr(0, "filesz"), "Q", built.at["dynsym"])
    for depth in Depth:
        found = built.read(depth)
        assert (found.kind, found.faults, found.needed) == (Kind.DEBUG, (), ())


def _add_sections(built: _Built, *types: int) -> _Built:
    """Append section headers: the null one, and executable ones of these types."""
    built.put(0x28, "Q", len(built.data)).put(0x3C, "H", 1 + len(types))
    built.data.extend(bytes(64))
    for kind in types:
        built.data.extend(struct.pack("<IIQQQQIIQQ", 0, kind, 6, 0x1000, 0, 0x100, 0, 0, 16, 0))
    return built


@pytest.mark.parametrize(
    ("types", "kind"), [((8, 8), Kind.DEBUG), ((8, 1), Kind.SHARED_LIBRARY), ((), Kind.SHARED_LIBRARY)]
)
def test_debug_companion_of_elfutils(types: tuple[int, ...], kind: Kind) -> None:
    """eu-strip -f keeps program headers that point nowhere. The sections say that the code has no bytes."""
    built = build()
    _add_sections(built, *types)
    for field in ("filesz", "memsz"):
        built.put(built.phdr(0, field), "Q", 1 << 20)
    found = built.read()
    assert (found.kind, bool(found.faults)) == (kind, kind is not Kind.DEBUG)


# -- notes ---------------------------------------------------------------------------------------------------


def _note(owner: bytes, kind: int, data: bytes, align: int = 4) -> bytes:
    head = struct.pack("<III", len(owner), len(data), kind) + owner
    head += bytes(-len(head) % align)
    return head + data + bytes(-len(data) % align)


_BUILD_ID = _note(b"GNU\0", 3, b"0123456789abcdef0123")
_ISA_V3 = struct.pack("<IIII", 0xC0000002, 4, 3, 0) + struct.pack("<IIII", 0xC0008002, 4, 4, 0)
_ISA_V2_NARROW = struct.pack("<III", 0xC0008002, 4, 2)


@pytest.mark.parametrize(
    ("options", "api", "isa"),
    [
        ({"notes": _BUILD_ID}, None, 0),
        ({"notes": _BUILD_ID + _note(b"Android\0", 1, struct.pack("<I", 24) + b"r27c")}, 24, 0),
        ({"notes": _note(b"Android\0", 2, struct.pack("<I", 24))}, None, 0),
        ({"notes": _note(b"Android\0", 1, b"")}, None, 0),
        ({"notes": _note(b"GNU\0", 5, _ISA_V3, 8), "note_align": 8}, None, 4),
        ({"notes": _note(b"GNU\0", 5, _ISA_V3, 8), "note_align": 8, "note_type": _PROPERTY}, None, 4),
        (
            {"notes": _note(b"odd\0", 9, b"123", 8) + _note(b"GNU\0", 5, _ISA_V3, 8), "note_align": 8},
            None,
            4,
        ),
        ({"notes": _note(b"odd\0", 9, b"123") + _note(b"GNU\0", 5, _ISA_V3), "note_align": 1}, None, 4),
        ({"notes": _note(b"GNU\0", 5, _ISA_V2_NARROW), "bits": 32, "machine": 3}, None, 2),
        ({"notes": _note(b"GNU\0", 5, _ISA_V3, 8), "note_align": 8, "machine": 183}, None, 0),
    ],
)
def test_notes(options: dict[str, Any], api: int | None, isa: int) -> None:
    """The notes of Android and of x86 are found among others, in both alignments and kinds of segment."""
    found = build(**options).read(Depth.HEADER)
    assert found.elf is not None
    assert (found.elf.android_api, found.elf.x86_isa_needed, found.faults) == (api, isa, ())


# -- hostile files -------------------------------------------------------------------------------------------


def _kinds(found: Image) -> list[str]:
    return [fault.kind for fault in found.faults]


def _second_load(built: _Built, vaddr: int, offset: int, size: int) -> _Built:
    """Turn the stack's program header into a second PT_LOAD."""
    return built.put(built.at["phdr 2"], "IIQQQQQQ", _LOAD, 4, offset, vaddr, vaddr, size, size, 1)


def _entry(built: _Built, tag: int) -> int:
    """Return the offset of the value of an entry of the dynamic table."""
    for at in range(built.at["dynamic"], built.at["end"], 16):
        if struct.unpack_from("<Q", built.data, at)[0] == tag:
            return at + 8
    raise KeyError(tag)


def _retag(built: _Built, tag: int, new: int) -> _Built:
    return built.put(_entry(built, tag) - 8, "Q", new)


def _gnu_hash_with_open_chain() -> _Built:
    built = build()
    built.put(_entry(built, 0x6FFFFEF5), "Q", len(built.data) + _BASE)
    built.data.extend(struct.pack("<IIIIQI", 1, 3, 1, 0, 0, 3) + bytes(6))
    return built.put(built.phdr(0, "filesz"), "QQ", len(built.data), len(built.data))


HOSTILE: dict[str, tuple[Callable[[], _Built], list[str]]] = {
    "e_phentsize is wrong": (lambda: build().put(0x36, "H", 57), ["contradiction"]),
    "program headers end behind the file": (lambda: build().put(0x20, "Q", 1 << 40), ["truncated"]),
    "PN_XNUM without section headers": (
        lambda: build().put(0x38, "H", 0xFFFF).put(0x28, "Q", 1 << 50),
        ["truncated"],
    ),
    "e_version is not current": (lambda: build().put(0x14, "I", 2), ["unsupported"]),
    "no program headers": (lambda: build().put(0x38, "H", 0), ["contradiction"]),
    "no PT_LOAD": (lambda: build().put(0x40, "I", 0), ["contradiction", "outside"]),
    "no PT_DYNAMIC": (lambda: build().put(0x40 + 56, "I", 0), ["contradiction"]),
    "two PT_DYNAMIC": (lambda: (b := build()).put(b.at["phdr 2"], "I", 2), ["contradiction", "outside"]),
    "PT_LOAD longer than the file": (
        lambda: (b := build()).put(b.phdr(0, "filesz"), "QQ", 1 << 20, 1 << 20),
        ["truncated"],
    ),
    "PT_LOAD longer in the file than in memory": (
        lambda: (b := build()).put(b.phdr(0, "memsz"), "Q", 16),
        ["contradiction"],
    ),
    "PT_LOAD wraps the address space": (
        lambda: (b := build()).put(b.phdr(0, "memsz"), "Q", (1 << 64) - 1),
        ["outside"],
    ),
    "PT_LOAD misaligned": (lambda: (b := build()).put(b.phdr(0, "align"), "Q", 0x80000), ["contradiction"]),
    "two PT_LOAD map the same address to two places": (
        lambda: _second_load(build(), _BASE + 64, 0, 64),
        ["contradiction"],
    ),
    "two PT_LOAD map the same address to one place": (lambda: _second_load(build(), _BASE + 64, 64, 64), []),
    "PT_DYNAMIC outside of every PT_LOAD": (
        lambda: (b := build()).put(b.phdr(1, "vaddr"), "Q", 8),
        ["outside"],
    ),
    "PT_DYNAMIC by offset and by address": (
        lambda: (b := build()).put(b.phdr(1, "offset"), "Q", 64),
        ["contradiction"],
    ),
    "dynamic table without end": (lambda: (b := build()).put(b.at["end"] - 16, "Q", 1), ["outside"]),
    "no DT_STRTAB": (lambda: _retag(build(), 5, 0x70000005), ["contradiction"]),
    "DT_STRTAB is not an address": (
        lambda: (b := build()).put(_entry(b, 5), "Q", (1 << 64) - 1),
        ["outside"],
    ),
    "DT_STRSZ too large": (lambda: (b := build()).put(_entry(b, 10), "Q", 1 << 40), ["outside"]),
    "DT_NEEDED behind the strings": (lambda: (b := build()).put(_entry(b, 1), "Q", 1 << 63), ["outside"]),
    "DT_SYMENT is wrong": (lambda: (b := build()).put(_entry(b, 11), "Q", 25), ["contradiction"]),
    "DT_SYMTAB is not an address": (lambda: (b := build()).put(_entry(b, 6), "Q", 1), ["outside"]),
    "st_name behind the strings": (
        lambda: (b := build()).put(b.at["dynsym"] + 24, "I", 1 << 31),
        ["outside"],
    ),
    "name of a defined symbol behind the strings": (
        lambda: (b := build()).put(b.at["dynsym"] + 72, "I", 1 << 31),
        ["outside"],
    ),
    "GNU_HASH is not an address": (lambda: (b := build()).put(_entry(b, 0x6FFFFEF5), "Q", 1), ["outside"]),
    "GNU_HASH with 2^32 buckets": (lambda: (b := build()).put(b.at["hash"], "I", 0xFFFFFFFF), ["outside"]),
    "GNU_HASH with 2^32 bloom words": (
        lambda: (b := build()).put(b.at["hash"] + 8, "I", 0xFFFFFFFF),
        ["outside"],
    ),
    "GNU_HASH bucket far away": (lambda: (b := build()).put(b.at["hash"] + 24, "I", 0xFFFFFFFF), ["outside"]),
    "GNU_HASH bucket before the first symbol": (
        lambda: (b := build()).put(b.at["hash"] + 24, "I", 1),
        ["contradiction"],
    ),
    "GNU_HASH chain without end": (_gnu_hash_with_open_chain, ["outside"]),
    "DT_HASH with 2^32 chains": (
        lambda: (b := build(hash_style="sysv")).put(b.at["hash"] + 4, "I", 0xFFFFFFFF),
        ["outside"],
    ),
    "version need of a later kind": (lambda: (b := build()).put(b.at["verneed"], "H", 2), ["unsupported"]),
    "vn_next does not advance": (lambda: (b := build()).put(b.at["verneed"] + 12, "I", 1), ["cycle"]),
    "vn_aux does not advance": (lambda: (b := build()).put(b.at["verneed"] + 8, "I", 4), ["cycle"]),
    "vna_next does not advance": (lambda: (b := build()).put(b.at["verneed"] + 28, "I", 8), ["cycle"]),
    "vn_next leads away": (lambda: (b := build()).put(b.at["verneed"] + 12, "I", 0xFFFFFFF0), ["outside"]),
    "vna_next leads away": (lambda: (b := build()).put(b.at["verneed"] + 28, "I", 0xFFFFFFF0), ["outside"]),
    "vna_name behind the strings": (
        lambda: (b := build()).put(b.at["verneed"] + 24, "I", 1 << 30),
        ["outside"],
    ),
    "interpreter without end": (lambda: build(interpreter=b"/lib/ld.so"), ["outside"]),
    "note extends beyond its segment": (
        lambda: build(notes=struct.pack("<III", 4, 400, 3) + b"GNU\0"),
        ["outside"],
    ),
    "note with a name of 4 GB": (lambda: build(notes=struct.pack("<III", 0xFFFFFFFF, 0, 3)), ["outside"]),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile(case: str) -> None:
    """What misleads or stops a loader is a fault of the right kind, and the machine is still read."""
    make, kinds = HOSTILE[case]
    found = make().read()
    assert _kinds(found) == kinds
    assert found.machine is Machine.X86_64


_MANY = tuple((f"PyErr_{number}", _GLOBAL, 0, 0) for number in range(9))
_LONG = "x" * 600

LIMITED: dict[str, tuple[dict[str, Any], dict[str, int]]] = {
    "program headers": ({}, {"program_headers": 2}),
    "dynamic entries": ({}, {"dynamic_entries": 4}),
    "version needs": ({"needs": (("libc.so.6", (("A", 0), ("B", 0), ("C", 0))),)}, {"version_needs": 2}),
    "symbols by GNU_HASH": ({}, {"symbols": 3}),
    "symbols by DT_HASH": ({"hash_style": "sysv"}, {"symbols": 3}),
    "hash buckets": ({}, {"symbols": 0}),
    "names of symbols": ({"symbols": _MANY}, {"table_bytes": 2000}),
    "string table": ({}, {"table_bytes": 8}),
    "soname": ({"strings": {14: (_LONG,)}}, {}),
    "needed": ({"strings": {1: (_LONG,)}}, {}),
    "rpath": ({"strings": {15: (_LONG,)}}, {"symbol_bytes": 599}),
    "symbol": ({"symbols": ((_LONG, _GLOBAL, 0, 0),), "hash_style": "sysv"}, {"symbol_bytes": 599}),
    "interpreter": ({"interpreter": b"/" * 600 + b"\0"}, {}),
    "notes": ({"notes": _BUILD_ID}, {"note_bytes": 20}),
}


@pytest.mark.parametrize("case", LIMITED)
def test_limit(case: str) -> None:
    """Each bound of `Limits` that is hit is a fault of kind limit; a file that stays within it has none."""
    options, limits = LIMITED[case]
    built = build(**options)
    assert set(_kinds(built.read(limits=DEFAULT._replace(**limits)))) == {"limit"}
    wide = DEFAULT._replace(binary_name_bytes=700)
    assert built.read(limits=wide).faults == ()


def test_facts_before_the_damage_stay() -> None:
    """A bad version need hides neither the libraries nor the hooks. A bad symbol hides no library."""
    built = build()
    built.put(built.at["verneed"] + 12, "I", 1)
    found = built.read()
    assert (found.needed, found.hooks) == (("libc.so.6", "libm.so.6"), ("PyInit_x",))
    assert found.elf is not None
    assert found.elf.version_needs == (VersionNeed("libc.so.6", "GLIBC_2.5", weak=False),)


def test_many_bad_program_headers() -> None:
    """A file with a thousand bad program headers does not get a thousand faults."""
    data = build().data[:64]
    struct.pack_into("<Q", data, 0x20, 64)
    struct.pack_into("<H", data, 0x38, 1000)
    data += struct.pack("<IIQQQQQQ", _LOAD, 4, 1 << 60, 0, 0, 9, 1, 1) * 1000
    assert len(read(data).faults) < 40


def test_program_headers_that_e_phnum_cannot_count() -> None:
    """If there are 65,535 or more program headers, sh_info of section 0 has their count."""
    built = build()
    built.put(0x38, "H", 0xFFFF)
    _add_sections(built)
    built.put(struct.unpack_from("<Q", built.data, 0x28)[0] + 44, "I", 3)
    found = built.read()
    assert (found.faults, found.hooks) == ((), ("PyInit_x",))


def test_object_file_that_is_cut() -> None:
    """An object file has no segments. If its section headers are cut off, it is truncated."""
    data = image("linux-x86_64.o")
    assert _kinds(read(data[:-1], Depth.HEADER)) == ["truncated"]


def test_core_dump_keeps_its_notes() -> None:
    """The notes of a core dump belong to a process and are not read."""
    built = build(e_type=4, notes=struct.pack("<III", 4, 400, 1) + b"CORE")
    assert built.read(Depth.HEADER).faults == ()


def test_firmware_may_reuse_addresses() -> None:
    """Two PT_LOAD at one address are not a fault if nothing is linked dynamically."""
    built = _second_load(build(e_type=2), _BASE + 64, 0, 64)
    built.put(built.at["phdr 1"], "I", 0)
    assert built.read().faults == ()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "truncated"),
        (b"\x7fELF", "truncated"),
        (b"\x7fELF\x02\x01\x01" + bytes(9), "truncated"),
        (b"MZ" + bytes(100), "unsupported"),
        (b"\x7fELF\x03\x01\x01" + bytes(100), "unsupported"),
        (b"\x7fELF\x02\x00\x01" + bytes(100), "unsupported"),
    ],
)
def test_no_header(data: bytes, kind: str) -> None:
    """Without a readable header there is no image."""
    with pytest.raises(FormatError) as caught:
        read(data)
    assert caught.value.kind == kind


def test_faults_tell_the_place_in_the_member() -> None:
    """Offsets of faults count from the start of the member, even if the view is a part of it."""
    built = build().put(0x14, "I", 7)
    found = elf.read(BytesView(bytes(built.data), base=0x100), Depth.HEADER, DEFAULT)
    assert found.offset == 0x100
    assert found.faults == (
        Fault("unsupported", 0x114, "e_version: ELF file version does not match current one", 7),
    )


def test_a_table_that_two_segments_hold_in_one_piece() -> None:
    """Patchelf puts a page before a program: the string table then begins in one PT_LOAD and ends in the next."""
    data = bytearray(image("linux-x86_64-runpath.so"))
    table, size, count = (
        int.from_bytes(data[at : at + n], "little") for at, n in ((32, 8), (54, 2), (56, 2))
    )
    headers = [table + index * size for index in range(count)]
    kinds = {at: int.from_bytes(data[at : at + 4], "little") for at in headers}
    first = next(at for at in headers if kinds[at] == 1)
    spare = next(at for at in headers if kinds[at] == 0x6474E551)  # PT_GNU_STACK
    strings = bytes(data).index(b"libhelper.so") + 5
    fields = struct.unpack_from("<IIQQQQQQ", data, first)
    kind, flags, offset, vaddr, paddr, filesz, _, align = fields
    cut = strings - offset
    assert 0 < cut < filesz
    struct.pack_into("<IIQQQQQQ", data, first, kind, flags, offset, vaddr, paddr, cut, cut, align)
    rest = filesz - cut
    at = (offset + cut, vaddr + cut, paddr + cut)
    struct.pack_into("<IIQQQQQQ", data, spare, kind, flags, *at, rest, rest, 1)
    whole, split = inspect(image("linux-x86_64-runpath.so"))[0], inspect(bytes(data))[0]
    assert split.needed == whole.needed
    assert not [fault for fault in split.faults if "string table" in fault.what]
