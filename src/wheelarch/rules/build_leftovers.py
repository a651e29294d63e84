"""WA213, WA214: files that serve builds and debuggers: static archives, object files, debugging information.

No loader opens them, so nothing is judged but their presence. Which files these are, `facts.roles` decides by their
headers.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Format, Role, Severity
from ._machine import HEADER_OF_ALL
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["debug_companion", "static_archive"]


@rule(
    "WA213",
    "static-archive",
    Family.MACHINE,
    Severity.NOTE,
    needs=HEADER_OF_ALL,
    breaks_promise=Severity.ERROR,
    for_builders=True,
    on_request=True,
)
def static_archive(wheel: Wheel) -> Iterator[Problem]:
    """The wheel contains a static archive, an import library or an object file.

    What it does:
        Lists `.a`, `.lib`, `.o` and `.obj` files, which are recognized by their contents.

    Why it is bad:
        It is not bad: wheels with an SDK ship them. No loader opens them, so their machine is not judged.

    Example:
        `ruckig/lib/libruckig.a`.

    How to fix:
        Leave the file out if nobody links against it.

    Known limits:
        Only the first 64 members of an archive are checked for their machine.

    References:
        PE format, Archive (Library) File Format; docs/facts/loaders.md, "Files that no loader reads".
    """
    for member in wheel.members:
        if (
            member.images
            and member.role is Role.SDK
            and member.images[0].format in (Format.ARCHIVE, Format.COFF)
        ):
            have = ", ".join(dict.fromkeys(image.arch for image in member.images))
            yield Problem(
                message=f"{member.path} is for linkers; no loader opens it ({member.images[0].kind.value}, {have})",
                member=member.path,
                evidence={"have": have},
            )


@rule(
    "WA214",
    "debug-companion",
    Family.MACHINE,
    Severity.NOTE,
    remedies=("leave-out-debug",),
    needs=HEADER_OF_ALL,
    breaks_promise=Severity.ERROR,
    for_builders=True,
    on_request=True,
)
def debug_companion(wheel: Wheel) -> Iterator[Problem]:
    """The wheel contains a file with only debugging information.

    What it does:
        Lists the DWARF files of dSYM bundles, and ELF files without code.

    Why it is bad:
        It is not wrong, but it makes the wheel larger, and only a debugger loads it.

    Example:
        `pkg/_core.cpython-311-darwin.so.dSYM/Contents/Resources/DWARF/_core.cpython-311-darwin.so`.

    How to fix:
        Leave it out of the wheel.

    Known limits:
        PDB files are not native code and are not listed.

    References:
        mach-o/loader.h, MH_DSYM; docs/facts/loaders.md, "Files that no loader reads".
    """
    for member in wheel.members:
        if member.role is Role.DEBUG:
            yield Problem(message=f"{member.path} contains only debugging information", member=member.path)
