"""The binary formats: bytes in, `Image` out. No I/O here, and no judgement.

`sniff` recognizes a format by its magic number. Each format has a layout file (definitions in file order, with the
specification's names and its address) and a reader file (plain functions over a View).
"""

from __future__ import annotations

from functools import partial

from .._lib.typed import TYPE_CHECKING
from ..errors import FormatError
from ..limits import DEFAULT, Limits
from ..model import Depth, Fault, Format, Image, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeVar

    from ..view import View

    _T = TypeVar("_T")

__all__ = ["HEAD_BYTES", "HOOK_PREFIXES", "drain", "read_images", "sniff", "symbols", "utf8"]

HEAD_BYTES = 64
"""How many bytes `sniff` needs for every format; it accepts fewer."""

HOOK_PREFIXES = (b"PyInit_", b"PyInitU_", b"PyModExport_", b"PyModExportU_", b"_cffi_pypyinit_", b"init")
"""Prefixes of the names in `Image.hooks`, in every format (in Mach-O, after the leading underscore)."""

_MAGICS = {
    b"\x7fELF": Format.ELF,
    b"\xcf\xfa\xed\xfe": Format.MACHO,
    b"\xce\xfa\xed\xfe": Format.MACHO,
    b"\xfe\xed\xfa\xcf": Format.MACHO,
    b"\xfe\xed\xfa\xce": Format.MACHO,
    b"\xca\xfe\xba\xbe": Format.MACHO,
    b"\xca\xfe\xba\xbf": Format.MACHO,
    b"\xbe\xba\xfe\xca": Format.MACHO,
    b"\xbf\xba\xfe\xca": Format.MACHO,
    b"\0asm": Format.WASM,
    b"BC\xc0\xde": Format.BITCODE,
    b"\xde\xc0\x17\x0b": Format.BITCODE,
}
_COFF_STARTS = (
    b"\0\0\xff\xff",
    b"\x4c\x01",
    b"\xc0\x01",
    b"\xc2\x01",
    b"\xc4\x01",
    b"\x64\x86",
    b"\x41\xa6",
    b"\x4e\xa6",
    b"\x64\xaa",
)
"""A cheap test before the expensive one: short import objects and similar, and `pe_layout.COFF_MACHINES`."""
_FIRST_TWO = frozenset(magic[:2] for magic in (*_MAGICS, b"MZ", b"!<", *_COFF_STARTS))
"""Most files of most wheels are text. This test alone rules them out."""
_JAVA_MAJOR = 45
_JAVA_MINOR = 3


def sniff(head: bytes) -> Format | None:
    """Return the format that the first bytes of a file announce, or None if it is not native code.

    Args:
        head: The first `HEAD_BYTES` bytes, or all there are.

    Source: the magic numbers of each format's specification. CAFEBABE starts both a Java class and a fat Mach-O
    file. In a Java class, a class file version follows (minor: small, or 0xFFFF for a preview; major: 45 or more).
    In a fat file, the count of slices follows (at most 16 for dyld). `MZ` alone counts as PE: `pe.read` rejects DOS
    programs. The only magic of a COFF object is its machine, so the rest of its header must make sense, too.
    """
    if head[:2] not in _FIRST_TWO:
        return None
    found = _MAGICS.get(head[:4])
    if found is None:
        if head.startswith(b"MZ"):
            return Format.PE
        if head.startswith((b"!<arch>\n", b"!<thin>\n")):
            return Format.ARCHIVE
        if head.startswith(_COFF_STARTS):
            from .coff_archive import is_coff

            return Format.COFF if is_coff(head) else None
    elif head.startswith(b"\xca\xfe\xba\xbe"):
        minor, major = int.from_bytes(head[4:6], "big"), int.from_bytes(head[6:8], "big")
        if len(head) < 8 or (major >= _JAVA_MAJOR and (minor <= _JAVA_MINOR or minor == 0xFFFF)):
            return None
    return found


def drain(facts: Iterable[_T], faults: list[Fault], *, loaded: bool = True) -> list[_T]:
    """Return the facts up to the first damage, and add that to `faults`. What was read before it is valid.

    Args:
        facts: What is read.
        faults: Where to add the damage.
        loaded: `Fault.loaded` of the damage.
    """
    found: list[_T] = []
    try:
        found.extend(facts)
    except FormatError as damage:
        faults.append(Fault.of(damage, loaded=loaded))
    return found


def symbols(fields: Iterable[tuple[str, str, bool, str]]) -> Iterator[Symbol]:
    """Return symbols with these fields, without a Python function call per symbol."""
    return map(partial(tuple.__new__, Symbol), fields)


def utf8(name: str) -> str:
    """Return a name that was cut out of text decoded as Latin-1, one character per byte.

    Nearly every name is ASCII and the same in both. Decoding a table once is faster than name by name.
    """
    return name.encode("latin-1").decode("utf-8", "backslashreplace")


def read_images(view: View, depth: Depth = Depth.SYMBOLS, limits: Limits = DEFAULT) -> tuple[Image, ...]:
    """Return the images of a binary: one for a thin file, one per slice for a fat one.

    Args:
        view: The whole file.
        depth: How deep to read.
        limits: Bounds on what is read.

    Raises:
        FormatError: Not even the header could be read, or `sniff` does not know the format. Damage after the
            header does not raise: it is in `Image.faults`.
    """
    head = view.read_upto(0, HEAD_BYTES)
    found = sniff(head)
    if found is Format.PE:
        from . import pe

        return (pe.read(view, depth, limits),)
    if found is Format.MACHO:
        from . import macho

        return macho.read(view, depth, limits)
    if found is Format.ELF:
        from . import elf

        return (elf.read(view, depth, limits),)
    if found is Format.WASM:
        from . import wasm

        return (wasm.read(view, depth, limits),)
    if found is not None:
        from . import coff_archive

        return coff_archive.read(view, depth, limits)
    raise FormatError("unsupported", view.base, "no known magic", head[:4].hex())
