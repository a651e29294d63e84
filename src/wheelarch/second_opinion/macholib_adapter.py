"""What macholib reads in a Mach-O file, in the terms of `claims`."""

from __future__ import annotations

import io
import struct

from .._lib.typed import TYPE_CHECKING
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from typing import Any

__all__ = ["read", "version"]

# mach-o/loader.h. macholib has these numbers too, but not all of them: its tables are old.
_DYLIBS = frozenset({0xC, 0x80000018, 0x8000001F, 0x80000023, 0x20})
"""LC_LOAD_DYLIB, _WEAK_DYLIB, REEXPORT_DYLIB, LOAD_UPWARD_DYLIB, LAZY_LOAD_DYLIB."""
_CODE_SIGNATURE = 0x1D
_BUILD_VERSION = 0x32
_VERSION_MIN = {0x24: 1, 0x25: 2, 0x2F: 3, 0x30: 4}
"""LC_VERSION_MIN_MACOSX, _IPHONEOS, _TVOS, _WATCHOS, and the number of that platform in LC_BUILD_VERSION."""
_SEGMENTS = (0x1, 0x19)


def version() -> str:
    """Return macholib's version.

    Raises:
        ImportError: It cannot be imported.
    """
    import macholib

    return str(macholib.__version__)


def read(data: bytes, _format: str, _wanted: Container[str]) -> list[dict[str, Any]]:
    """Return the slices that macholib sees: those that the fat header counts. See `claims.Row` for the keys.

    Args:
        data: The whole file.
        _format: `mach-o`; macholib does not read others.
        _wanted: The facts that are needed. None of them is expensive in macholib.

    Raises:
        Refused: macholib raises an error of a kind with which it rejects files.
    """
    from macholib.MachO import MachO

    # The class opens a file by name; `load` takes any file object, so the rest of `__init__` is done here.
    binary = MachO.__new__(MachO)
    binary.fat, binary.headers, binary.filename = None, [], ""
    binary.allow_unknown_load_commands = True
    try:
        binary.load(io.BytesIO(data))
        return [_slice(header) for header in binary.headers]
    except (ValueError, OSError, struct.error, AssertionError) as error:
        raise Refused from error


def _slice(header: Any) -> dict[str, Any]:
    libraries, versions, extent, signed = [], [], 0, False
    for load, command, tail in header.commands:
        kind = int(load.cmd) & 0xFFFFFFFF
        if kind in _DYLIBS:
            libraries.append(bytes(tail).partition(b"\0")[0].decode("utf-8", "backslashreplace"))
        elif kind == _BUILD_VERSION:
            versions.append([int(command.platform), *_version(int(command.minos))])
        elif kind in _VERSION_MIN:
            versions.append([_VERSION_MIN[kind], *_version(int(command.version))])
        elif kind == _CODE_SIGNATURE:
            signed = True
            extent = max(extent, int(command.dataoff) + int(command.datasize))
        elif kind in _SEGMENTS:
            extent = max(extent, int(command.fileoff) + int(command.filesize))
    return {
        "offset": header.offset,
        "machine": [int(header.header.cputype) & 0xFFFFFFFF, int(header.header.cpusubtype) & 0xFFFFFF],
        "libraries": libraries,
        "minos": versions,
        "signed": signed,
        "extent": header.offset + extent,
    }


def _version(packed: int) -> Iterator[int]:
    """Return X, Y, Z of nibbles xxxx.yy.zz."""
    yield from (packed >> 16, packed >> 8 & 0xFF, packed & 0xFF)
