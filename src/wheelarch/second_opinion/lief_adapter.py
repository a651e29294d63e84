"""What lief reads in a PE, Mach-O or ELF file, in the terms of `claims`.

If lief 1.0 is known not to see something (measured), `CannotSpeak` is raised or a key is left out.
"""

from __future__ import annotations

import io

from .._lib.typed import TYPE_CHECKING
from .refusal import CannotSpeak, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from typing import Any

__all__ = ["read", "version"]

_FAT_64 = (b"\xca\xfe\xba\xbf", b"\xbf\xba\xfe\xca")
"""FAT_MAGIC_64: lief does not read such a file."""
_LEAST_ELF = 52
"""Bytes of an Elf32_Ehdr. For a shorter file, lief returns uninitialized memory."""
_SWAPPED_VERSION = 0x01000000
"""EV_CURRENT, read in the wrong byte order."""
_BOUND_OUTSIDE = (1, 2)
"""STB_GLOBAL, STB_WEAK."""
_SEEN_OUTSIDE = (0, 3)
"""STV_DEFAULT, STV_PROTECTED."""


def version() -> str:
    """Return lief's version, without the commit after it.

    Raises:
        ImportError: It cannot be imported.
    """
    import lief

    return str(lief.__version__).partition("-")[0]  # type: ignore[attr-defined]  # not in lief's stubs


def read(data: bytes, format_: str, wanted: Container[str]) -> list[dict[str, Any]]:
    """Return the slices that lief sees. See `claims.Row` for the keys.

    Args:
        data: The whole file: for a part of one, lief says False for ARM64EC and ARM64X.
        format_: `pe`, `mach-o` or `elf`.
        wanted: The facts that are needed. The expensive ones are left out if they are not among them.

    Raises:
        Refused: lief rejects the file.
        CannotSpeak: lief does not read such files.
    """
    import lief

    lief.logging.disable()
    return _READERS[format_](lief, data, wanted)


def _pe(lief: Any, data: bytes, wanted: Container[str]) -> list[dict[str, Any]]:
    config = lief.PE.ParserConfig()
    config.parse_signature = config.parse_rsrc = config.parse_reloc = False
    config.parse_exports = "hooks" in wanted
    image = lief.PE.parse(io.BytesIO(data), config)
    if not isinstance(image, lief.PE.Binary):
        raise Refused
    imports = [*image.imports, *image.delay_imports]
    row = {
        "offset": 0,
        "machine": [_number(image.header.machine), 0],
        "hybrid": "arm64ec" if image.is_arm64ec else "arm64x" if image.is_arm64x else "",
        "libraries": [_text(entry.name) for entry in imports],
        "imports": [
            f"#{symbol.ordinal}" if symbol.is_ordinal else _text(symbol.name)
            for entry in imports
            for symbol in entry.entries
        ],
        "extent": max(
            (section.pointerto_raw_data + section.sizeof_raw_data for section in image.sections), default=0
        ),
    }
    if "hooks" in wanted:
        exports = image.get_export()
        row["hooks"] = [_text(entry.name) for entry in exports.entries] if exports else []
    return [row]


def _macho(lief: Any, data: bytes, wanted: Container[str]) -> list[dict[str, Any]]:
    if data.startswith(_FAT_64):
        raise CannotSpeak
    config = lief.MachO.ParserConfig()
    config.parse_dyld_bindings = config.parse_dyld_rebases = False
    # A fat file is freed with its last reference, even during iteration, so a variable keeps it alive.
    binary = lief.MachO.parse(data, config)
    if binary is None:
        raise Refused
    return [_macho_slice(lief, binary.at(index), wanted) for index in range(binary.size)]


def _macho_slice(lief: Any, image: Any, wanted: Container[str]) -> dict[str, Any]:
    commands = lief.MachO.LoadCommand.TYPE
    platforms = {
        commands.VERSION_MIN_MACOSX: 1,
        commands.VERSION_MIN_IPHONEOS: 2,
        commands.VERSION_MIN_TVOS: 3,
        commands.VERSION_MIN_WATCHOS: 4,
    }
    libraries, versions, extent = [], [], 0
    for command in image.commands:
        if isinstance(command, lief.MachO.DylibCommand):
            if command.command != commands.ID_DYLIB:
                libraries.append(_text(command.name))
        elif isinstance(command, lief.MachO.BuildVersion):
            versions.append([_number(command.platform), *command.minos])
        elif isinstance(command, lief.MachO.VersionMin):
            versions.append([platforms[command.command], *command.version])
        elif isinstance(command, lief.MachO.CodeSignature):
            extent = max(extent, command.data_offset + command.data_size)
        elif isinstance(command, lief.MachO.SegmentCommand):
            extent = max(extent, command.file_offset + command.file_size)
    row = {
        "offset": image.fat_offset,
        "machine": [_number(image.header.cpu_type) & 0xFFFFFFFF, image.header.cpu_subtype & 0xFFFFFF],
        "libraries": libraries,
        "minos": versions,
        "signed": image.has_code_signature,
        "extent": image.fat_offset + extent,
    }
    if "imports" in wanted:
        row["imports"] = [_text(symbol.name).removeprefix("_") for symbol in image.imported_symbols]
    # For an object file, lief reports no exports.
    if "hooks" in wanted and image.header.file_type != lief.MachO.Header.FILE_TYPE.OBJECT:
        row["hooks"] = [_text(symbol.name).removeprefix("_") for symbol in image.exported_symbols]
    return row


def _elf(lief: Any, data: bytes, wanted: Container[str]) -> list[dict[str, Any]]:
    if len(data) < _LEAST_ELF:
        raise CannotSpeak
    config = lief.ELF.ParserConfig()
    config.parse_relocations = config.parse_symtab_symbols = config.parse_overlay = False
    image = lief.ELF.parse(io.BytesIO(data), config)
    if not isinstance(image, lief.ELF.Binary):
        raise Refused
    header = image.header
    # lief guesses the byte order of some machines from their number. If the guess is wrong, this field shows it.
    if _number(header.object_file_version) == _SWAPPED_VERSION:
        raise CannotSpeak
    wide = header.identity_class == lief.ELF.Header.CLASS.ELF64
    little = header.identity_data == lief.ELF.Header.ELF_DATA.LSB
    needs = [
        (_text(need.name), _text(version.name))
        for need in image.symbols_version_requirement
        for version in need.get_auxiliary_symbols()
    ]
    row: dict[str, Any] = {
        "offset": 0,
        "machine": [_number(header.machine_type), 0],
        "sub_abi": [64 if wide else 32, little, header.processor_flag],
        "libraries": [_text(name) for name in image.libraries],
        "interpreter": _text(image.interpreter) if image.has_interpreter else "",
        "versions": [version for _, version in needs],
        "version_owners": [owner for owner, _ in needs],
        "android_api": next(
            (note.sdk_version for note in image.notes if isinstance(note, lief.ELF.AndroidIdent)), None
        ),
        "extent": max((segment.file_offset + segment.physical_size for segment in image.segments), default=0),
    }
    if "imports" in wanted or "hooks" in wanted:
        symbols = [symbol for symbol in image.dynamic_symbols if _number(symbol.binding) in _BOUND_OUTSIDE]
        row["imports"] = [_text(symbol.name) for symbol in symbols if symbol.shndx == 0]
        row["hooks"] = [
            _text(symbol.name)
            for symbol in symbols
            if symbol.shndx != 0 and _number(symbol.visibility) & 3 in _SEEN_OUTSIDE
        ]
    return [row]


_READERS: dict[str, Callable[[Any, bytes, Container[str]], list[dict[str, Any]]]] = {
    "pe": _pe,
    "mach-o": _macho,
    "elf": _elf,
}


def _number(value: Any) -> int:
    """Return the number of an enumerator. lief returns the bare number if it knows no name for it."""
    return int(getattr(value, "value", value))


def _text(name: str | bytes) -> str:
    """Return a name as str. lief returns bytes if it is not UTF-8."""
    return name if isinstance(name, str) else name.decode("utf-8", "backslashreplace")
