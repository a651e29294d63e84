"""Reads WebAssembly: the width of a module's memory, the hooks that it exports, and whether the file is complete.

Source: WebAssembly Core Specification, "Binary Format", https://webassembly.github.io/spec/core/binary/.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import FormatError
from ..model import Depth, Fault, Format, Image, Kind, Machine
from . import HOOK_PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..limits import Limits
    from ..view import View

__all__ = ["read"]

_HEADER_BYTES = 8
_KINDS = {b"\x01\0\0\0": Kind.MODULE, b"\x0d\0\x01\0": Kind.OTHER}
"""By version and layer: a core module, a component."""
_SECTION_HEADER_BYTES = 6
"""An id, and a size in LEB128."""
_LEB128_BYTES = 10
"""The most that a 64-bit number needs."""

_IMPORTS = 2
_FUNCTIONS = 3
_MEMORIES = 5
_EXPORTS = 7
_CODE = 10

_FUNCTION, _TABLE, _MEMORY, _GLOBAL, _TAG = range(5)
_LIMIT_HAS_MAXIMUM = 0x1
_LIMIT_IS_64 = 0x4
_LIMIT_HAS_PAGE_SIZE = 0x8
_REFERENCES = (0x63, 0x64)
"""Value types that are followed by a heap type."""


class _Section(NamedTuple):
    id: int
    offset: int
    """Of its contents, in bytes from the start of the view."""
    size: int


class _Contents:
    """The contents of a section, read from start to end."""

    __slots__ = ("_at", "_base", "_data")

    def __init__(self, data: bytes, base: int) -> None:
        self._data = data
        self._base = base
        self._at = 0

    def error(self, kind: str, what: str, value: int | None = None) -> FormatError:
        """Return an error at the current place."""
        return FormatError(kind, self._base + self._at, what, value)

    def number(self) -> int:
        """Take an unsigned number in LEB128. A plain byte below 128 is one, too."""
        value, size = _leb128(self._data[self._at : self._at + _LEB128_BYTES])
        if not size:
            raise self.error("outside", "a number extends beyond its section")
        self._at += size
        return value

    def count(self, limits: Limits, bound: str) -> int:
        """Take the count of entries. `bound` names its limit."""
        count = self.number()
        if count > getattr(limits, bound):
            raise self.error("limit", f"more entries than {limits.named(bound)}", count)
        return count

    def name(self) -> bytes:
        """Take a name."""
        size = self.number()
        end = self._at + size
        if end > len(self._data):
            raise self.error("outside", "a name extends beyond its section", size)
        name = self._data[self._at : end]
        self._at = end
        return name

    def limits(self) -> int:
        """Take the limits of a table or memory; return their flags."""
        flags = self.number()
        for _ in range(1 + bool(flags & _LIMIT_HAS_MAXIMUM) + bool(flags & _LIMIT_HAS_PAGE_SIZE)):
            self.number()
        return flags

    def value_type(self) -> None:
        """Take a value type."""
        if self.number() in _REFERENCES:
            self.number()


def read(view: View, depth: Depth, limits: Limits) -> Image:
    """Return the image of a WebAssembly module or component.

    At `Depth.HEADER` nothing after the memory section is read, so a file that ends there is not noticed.

    Args:
        view: The whole file.
        depth: How deep to read.
        limits: `sections`, `table_bytes` for one section, `thunks` for imports, `exports`,
            `binary_name_bytes` for a hook.

    Raises:
        FormatError: `truncated` if the file ends inside the header; `unsupported` if its version is neither that
            of a module nor that of a component. Later damage is in `Image.faults`.
    """
    version = view.read(4, _HEADER_BYTES - 4)
    kind = _KINDS.get(version)
    if kind is None:
        raise FormatError("unsupported", view.base + 4, "unsupported version of WebAssembly", version.hex())
    faults: list[Fault] = []
    wide = False
    hooks: tuple[str, ...] = ()
    seen = set()
    try:
        for section in _sections(view, limits) if kind is Kind.MODULE else ():
            seen.add(section.id)
            if section.id == _IMPORTS:
                wide |= any(_imported_memories(_contents(view, section, limits), limits))
            elif section.id == _MEMORIES:
                wide |= _defines_memory_64(_contents(view, section, limits))
            elif section.id > _MEMORIES and depth < Depth.LINKAGE:
                break
            elif section.id == _EXPORTS:
                hooks = tuple(_exported_hooks(_contents(view, section, limits), limits))
    except FormatError as error:
        faults.append(Fault.of(error))
    else:
        if depth >= Depth.LINKAGE and _FUNCTIONS in seen and _CODE not in seen:
            faults.append(Fault("truncated", view.base + view.size, "the file ends before its code section"))
    return Image(
        format=Format.WASM,
        machine=Machine.WASM64 if wide else Machine.WASM32,
        variant="memory64" if wide else "",
        code=0,
        bits=64 if wide else 32,
        offset=view.base,
        kind=kind,
        depth=depth,
        hooks=hooks,
        faults=tuple(faults),
    )


def _sections(view: View, limits: Limits) -> Iterator[_Section]:
    offset = _HEADER_BYTES
    count = 0
    while offset < view.size:
        count += 1
        if count > limits.sections:
            raise FormatError("limit", view.base + offset, f"more sections than {limits.named('sections')}")
        head = view.read_upto(offset, _SECTION_HEADER_BYTES)
        size, used = _leb128(head[1:])
        if not used:
            kind = "truncated" if len(head) < _SECTION_HEADER_BYTES else "outside"
            raise FormatError(kind, view.base + offset, "the size of a section is not terminated")
        section = _Section(head[0], offset + 1 + used, size)
        offset = section.offset + size
        if offset > view.size:
            raise FormatError("truncated", view.base + section.offset, "the file ends inside a section", size)
        yield section


def _contents(view: View, section: _Section, limits: Limits) -> _Contents:
    if section.size > limits.table_bytes:
        what = f"a section is larger than {limits.named('table_bytes')}"
        raise FormatError("limit", view.base + section.offset, what, section.size)
    return _Contents(view.read(section.offset, section.size), view.base + section.offset)


def _leb128(data: bytes) -> tuple[int, int]:
    """Return the unsigned number that `data` starts with and its length in bytes, 0 if it has no end."""
    value = 0
    for index, byte in enumerate(data):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, index + 1
    return value, 0


def _defines_memory_64(section: _Contents) -> bool:
    return bool(section.number()) and bool(section.number() & _LIMIT_IS_64)


def _imported_memories(section: _Contents, limits: Limits) -> Iterator[bool]:
    """Yield for each imported memory whether it has 64-bit addresses."""
    for _ in range(section.count(limits, "thunks")):
        section.name()
        section.name()
        kind = section.number()
        if kind == _MEMORY:
            yield bool(section.limits() & _LIMIT_IS_64)
        elif kind == _TABLE:
            section.value_type()
            section.limits()
        elif kind == _GLOBAL:
            section.value_type()
            section.number()
        elif kind == _TAG:
            section.number()
            section.number()
        elif kind == _FUNCTION:
            section.number()
        else:
            raise section.error("contradiction", "unknown kind of import", kind)


def _exported_hooks(section: _Contents, limits: Limits) -> Iterator[str]:
    """Yield the names of exported functions with which Python starts a module."""
    for _ in range(section.count(limits, "exports")):
        name = section.name()
        kind = section.number()
        section.number()
        if kind == _FUNCTION and name.startswith(HOOK_PREFIXES):
            if len(name) > limits.binary_name_bytes:
                what = f"the name of an export is longer than {limits.named('binary_name_bytes')}"
                raise section.error("limit", what, len(name))
            yield name.decode("utf-8", "backslashreplace")
