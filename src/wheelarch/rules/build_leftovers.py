"""WA213, WA214: static archives and debug companions."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Format, Role, Severity
from ._machine import HEADER_OF_ALL
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["debug_companion", "static_archive"]


@rule("WA213", "static-archive", Severity.NOTE, (), needs=HEADER_OF_ALL)
def static_archive(wheel: Wheel) -> Iterator[Problem]:
    """A static archive, import library or object file is in the wheel.

    What it does:
        Lists `.a`, `.lib`, `.o` and `.obj` files by their content.

    Why it is bad:
        It is not: SDK-style wheels ship them. No loader opens them, so their machine is not judged.

    Example:
        `ruckig/lib/libruckig.a`.

    How to fix:
        Leave it out if nobody links against it.

    Known limits:
        At most `Limits.archive_samples` members of an archive are looked at for their machine.

    References:
        PE format, Archive (Library) File Format; rules.md 3.7, 8.5.
    """
    for member in wheel.members:
        if (
            member.images
            and member.role is Role.SDK
            and member.images[0].format in (Format.ARCHIVE, Format.COFF)
        ):
            have = ", ".join(dict.fromkeys(image.arch for image in member.images))
            yield Problem(
                message=f"{member.path} is for linkers, no loader opens it ({member.images[0].kind.value}, {have})",
                member=member.path,
                evidence={"have": have},
            )


@rule("WA214", "debug-companion", Severity.NOTE, ("R32",), needs=HEADER_OF_ALL)
def debug_companion(wheel: Wheel) -> Iterator[Problem]:
    """A debug companion is in the wheel.

    What it does:
        Lists dSYM bundles' DWARF files and ELF files without code.

    Why it is bad:
        It is not, but it makes the wheel larger and is loaded by nobody but a debugger.

    Example:
        `pkg/_core.cpython-311-darwin.so.dSYM/Contents/Resources/DWARF/_core.cpython-311-darwin.so`.

    How to fix:
        Leave it out of the wheel.

    Known limits:
        PDB files are no native code and are not listed.

    References:
        mach-o/loader.h, MH_DSYM; rules.md 3.7.
    """
    for member in wheel.members:
        if member.role is Role.DEBUG:
            yield Problem(message=f"{member.path} holds debugging information only", member=member.path)
