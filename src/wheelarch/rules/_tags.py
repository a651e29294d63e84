"""What the rules about tags share: tags grouped, and the native files that a tag has to fit."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Format, Member, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = [
    "SYSTEM_OF_FORMAT",
    "by_platform",
    "is_misplaced",
    "native_extensions",
]

SYSTEM_OF_FORMAT: Mapping[Format, str] = {Format.PE: "Windows", Format.MACHO: "macOS", Format.ELF: "Linux"}
"""The system that reads each native format, for people."""


def by_platform(targets: Iterable[Target]) -> dict[str, list[Target]]:
    """Return the targets by their platform tag, in their order."""
    grouped: dict[str, list[Target]] = {}
    for target in targets:
        grouped.setdefault(target.platform, []).append(target)
    return grouped


def is_misplaced(triple: str) -> bool:
    """Whether a dead triple is one of WA108: a stable ABI with a python tag that has none."""
    python, abi, platform = triple.split("-")
    if abi not in ("abi3", "abi3t") or platform == "any":
        return False
    digits = python.removeprefix("cp")
    return (
        python == digits
        or not digits.isdigit()
        or len(digits) < 2
        or (int(digits[0]), int(digits[1:])) < (3, 2)
    )


def native_extensions(wheel: Wheel) -> list[Member]:
    """Return the extension modules, except those in WebAssembly, for which `any` is a usual tag."""
    return [
        member
        for member in wheel.members
        if member.role is Role.EXTENSION and any(image.format in SYSTEM_OF_FORMAT for image in member.images)
    ]
