"""Extra fields of local and central headers (4.5 and 4.6), if they change the meaning of a record."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from . import zip_layout as layout

if TYPE_CHECKING:
    from .zip_layout import ProblemKind

__all__ = ["SIZES_DIFFER", "Extra", "read_extra"]

SIZES_DIFFER = "the member is stored without compression, but its two sizes differ"


class Extra(NamedTuple):
    """What a record's extra fields say."""

    values: tuple[int, ...]
    """The given values, with sentinels replaced by the numbers of the ZIP64 field."""
    faults: list[tuple[ProblemKind, str]]


def read_extra(data: bytes, raw_name: bytes, values: tuple[int, ...]) -> Extra:
    """Return what the extra fields of a record say (4.5).

    Args:
        data: The extra fields.
        raw_name: The record's name.
        values: Size, compressed size and, in the directory, offset. Each sentinel is replaced.
    """
    faults: list[tuple[ProblemKind, str]] = []
    seen: set[int] = set()
    position = 0
    while position + 4 <= len(data):
        tag = int.from_bytes(data[position : position + 2], "little")
        size = int.from_bytes(data[position + 2 : position + 4], "little")
        field = data[position + 4 : position + 4 + size]
        position += 4 + size
        if len(field) < size:
            faults.append(("ambiguous", f"the extra field {tag:#06x} is cut off"))
        elif tag in seen:
            kind: ProblemKind = (
                "ambiguous" if tag in (layout.ZIP64_EXTRA, layout.UNICODE_PATH_EXTRA) else "unusual"
            )
            faults.append((kind, f"the extra field {tag:#06x} appears twice"))
        elif tag == layout.ZIP64_EXTRA:
            values = _read_zip64_extra(field, values, faults)
        elif tag == layout.UNICODE_PATH_EXTRA and not _is_same_name(field, raw_name):
            faults.append(("ambiguous", "the Unicode path field gives the member a different name"))
        seen.add(tag)
    if position < len(data):
        faults.append(("unusual", "bytes follow the last extra field"))
    if layout.ZIP64_EXTRA not in seen and layout.SENTINEL32 in values:
        faults.append(("ambiguous", "a size or offset refers to a ZIP64 field, but there is none"))
    return Extra(values, faults)


def _read_zip64_extra(
    field: bytes, values: tuple[int, ...], faults: list[tuple[ProblemKind, str]]
) -> tuple[int, ...]:
    """Return `values` with each sentinel replaced by the field's next number (4.5.3)."""
    numbers = [int.from_bytes(field[at : at + 8], "little") for at in range(0, len(field) - 7, 8)]
    if len(field) not in (0, 8, 16, 24, 28):
        faults.append(("ambiguous", f"the ZIP64 field has {len(field)} bytes"))
    wanted = values.count(layout.SENTINEL32)
    if wanted > len(numbers):
        faults.append(
            ("ambiguous", f"the ZIP64 field lacks {wanted - len(numbers)} of the numbers that are needed")
        )
    taken = iter(numbers)
    resolved = tuple(next(taken, value) if value == layout.SENTINEL32 else value for value in values)
    # Some writers put all numbers there, needed or not. Then they must match the record.
    if wanted < len(numbers) and tuple(numbers) != resolved[: len(numbers)]:
        faults.append(
            ("ambiguous", "the ZIP64 field has numbers that are not needed and differ from the record")
        )
    return resolved


def _is_same_name(field: bytes, raw_name: bytes) -> bool:
    """Whether a Unicode path field (4.6.9) has the record's own name, or is stale and must be ignored."""
    from zlib import crc32

    stale = field[:1] != b"\1" or field[1:5] != crc32(raw_name).to_bytes(4, "little")
    return stale or field[5:] == raw_name
