"""Show the facts without findings: a table of the native members of each input."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Depth, Format, Image, Machine, Member, StableAbi, WheelReport
from .escape import TEXT_LIMIT, escape
from .layout import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .document import Report

__all__ = ["render"]

_HEADINGS = ("MEMBER", "ROLE", "FORMAT", "MACHINE", "MINOS", "PYTHON", "ABI3", "NEEDED")
_NEEDED_WIDTH = 30
"""Columns of the last column, the only one that is wrapped."""


def render(report: Report) -> str:
    """Return one table per input, with one row per member. `+` joins the slices of a fat file, in its order."""
    return "\n".join("".join(f"{line}\n" for line in _wheel(wheel)) for wheel in report)


def _wheel(wheel: WheelReport) -> Iterator[str]:
    yield escape(wheel.path, TEXT_LIMIT)
    yield f"  tags: {' '.join(map(escape, wheel.tags)) or '-'}"
    yield f"  generator: {escape(wheel.generator) or '-'}"
    if wheel.status == "unreadable":
        yield "  unreadable: `wheelarch audit` says why"
    elif not wheel.members:
        yield "  no native members"
    else:
        yield from _table([_HEADINGS, *map(_row, wheel.members)])
    for member in wheel.members:
        for fault in (*member.faults, *(fault for image in member.images for fault in image.faults)):
            what = "damaged" if fault.loaded else "damaged, but not read by the loader"
            yield f"  {what}: {escape(member.path)}: {escape(str(fault), TEXT_LIMIT)}"


def _row(member: Member) -> tuple[str, ...]:
    images = member.images
    return (
        escape(member.path),
        member.role,
        _joined(image.format for image in images),
        "+".join(map(_machine, images)) or "-",
        _joined(".".join(map(str, image.minos)) if image.minos else "-" for image in images),
        "-" if member.python is None else escape(member.python.runtime or "none"),
        _abi3(member.python.stable_abi if member.python else None),
        _needed(images),
    )


def _machine(image: Image) -> str:
    """Return `arm64`, `arm64e`, `ppc64/elfv1`; for a machine without a name its number, `other(0x1234)`."""
    name = f"{image.machine}({image.code:#x})" if image.machine is Machine.OTHER else image.arch
    return name if not image.variant or name == image.variant else f"{name}/{image.variant}"


def _abi3(stable_abi: StableAbi | None) -> str:
    """Return the lowest Python with all used symbols, `3.9+`, or how many are outside the stable ABI, `no (2)`."""
    if stable_abi is None:
        return "-"
    return (
        f"no ({len(stable_abi.outside)})"
        if stable_abi.outside
        else ".".join(map(str, stable_abi.floor)) + "+"
    )


def _needed(images: tuple[Image, ...]) -> str:
    """Return the libraries that any slice needs; `?` if they were not read."""
    names = dict.fromkeys(escape(name) for image in images for name in image.needed)
    read = all(image.depth >= Depth.LINKAGE or image.format is Format.MACHO for image in images)
    return ", ".join(names).strip() or ("-" if read else "?")


def _joined(cells: Iterable[str]) -> str:
    """Return the cells of the slices, or one cell if all are the same."""
    said = list(cells)
    return "+".join(said if len(set(said)) > 1 else said[:1]) or "-"


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    for *cells, needed in rows:
        start = "  " + "".join(f"{cell:<{width}}  " for cell, width in zip(cells, widths, strict=True))
        for line in wrap(needed, hanging="", width=_NEEDED_WIDTH):
            yield start + line
            start = " " * len(start)
