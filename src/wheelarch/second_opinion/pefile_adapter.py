"""What pefile reads in a PE file, in the terms of `claims`."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any

__all__ = ["read", "version"]

# PE Format, Optional Header Data Directories: the index of each directory that is read.
_EXPORTS, _IMPORTS, _DELAYED = 0, 1, 13


def version() -> str:
    """Return pefile's version.

    Raises:
        ImportError: It cannot be imported.
    """
    import pefile

    return str(pefile.__version__)


def read(data: bytes, _format: str, wanted: Container[str]) -> list[dict[str, Any]]:
    """Return the one slice that a PE file is. See `claims.Row` for the keys.

    Args:
        data: The whole file.
        _format: `pe`; pefile does not read others.
        wanted: The facts that are needed. The expensive ones are left out if they are not among them.

    Raises:
        Refused: pefile rejects the file.
    """
    import pefile

    try:
        image = pefile.PE(data=data, fast_load=True)
    except pefile.PEFormatError as error:
        raise Refused from error
    directories = [_IMPORTS, _DELAYED] + [_EXPORTS] * ("hooks" in wanted)
    image.parse_data_directories(directories)
    imports = [
        *getattr(image, "DIRECTORY_ENTRY_IMPORT", ()),
        *getattr(image, "DIRECTORY_ENTRY_DELAY_IMPORT", ()),
    ]
    row: dict[str, Any] = {
        "offset": 0,
        "machine": [int(image.FILE_HEADER.Machine), 0],
        "libraries": [_text(entry.dll) for entry in imports],
        "imports": [
            _text(symbol.name) if symbol.name else f"#{symbol.ordinal}"
            for entry in imports
            for symbol in entry.imports
        ],
        "extent": max(
            (section.PointerToRawData + section.SizeOfRawData for section in image.sections), default=0
        ),
    }
    if image.get_warnings():
        # If pefile finds damage, or reaches one of its own limits, it warns and continues with what it has.
        row["partial"] = True
    if "hooks" in wanted:
        exports = getattr(getattr(image, "DIRECTORY_ENTRY_EXPORT", None), "symbols", ())
        row["hooks"] = [_text(symbol.name) for symbol in exports if symbol.name]
    return [row]


def _text(name: bytes | None) -> str:
    return (name or b"").decode("utf-8", "backslashreplace")
