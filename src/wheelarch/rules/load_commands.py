"""WA509 to WA511: load commands that dyld refuses."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Format, Severity
from ._needs import MACHO_HEADERS, loading_targets, macho_slices, slice_name, slice_title
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["chained_fixups_too_new", "duplicate_load_command", "unknown_load_command"]

_UNIQUE_SINCE = (15, 0, 0)
"""The SDK from which on some dyld refuses duplicates."""


def _twice(names: tuple[str, ...]) -> str:
    """Return the first name that stands there twice, or an empty string."""
    return next((name for index, name in enumerate(names) if name in names[:index]), "")


@rule(
    "WA509",
    "duplicate-load-command",
    Severity.WARNING,
    ("R11",),
    needs=MACHO_HEADERS,
    formats=(Format.MACHO,),
)
def duplicate_load_command(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O slice names a run path or a library twice.

    What it does:
        Looks for two equal LC_RPATH or two equal LC_LOAD_DYLIB commands. A note where the slice was linked with an
        SDK before 15.0, which no dyld holds against it.

    Why it is bad:
        dyld refuses such files since macOS 15.4, by the SDK they were linked with: 15.0, 15.4 or 26.0 on, as the
        releases of dyld differ.

    Example:
        A build system and delocate each added `@loader_path/.dylibs`.

    How to fix:
        Remove one of them: `install_name_tool -delete_rpath PATH FILE`, and sign the file again.

    Known limits:
        Whether the macOS of a user refuses it depends on its release.

    References:
        dyld mach_o/Header.cpp and mach_o/Policy.cpp (enforceNoDuplicateRPaths, enforceNoDuplicateDylibs).
    """
    for member, image, tags in macho_slices(wheel):
        if image.macho is None or image.faults:
            continue
        sdk = max((build.sdk for build in image.macho.build_versions), default=(0, 0, 0))
        run_path = _twice(image.macho.rpaths)
        dylib = _twice(tuple(dylib.name for dylib in image.macho.dylibs))
        for name, command, text in (
            (run_path, "LC_RPATH", f"duplicate LC_RPATH '{run_path}'"),
            (dylib, "LC_LOAD_DYLIB", f"duplicate linked dylib '{dylib}'"),
        ):
            if name:
                yield Problem(
                    f"{slice_title(member, image)} has two {command} commands for {name}",
                    member.path,
                    slice_name(member, image),
                    tags,
                    {"have": name, "sdk": ".".join(map(str, sdk[:2]))},
                    text,
                    Severity.NOTE if sdk < _UNIQUE_SINCE else None,
                )


@rule("WA510", "unknown-load-command", Severity.WARNING, needs=MACHO_HEADERS, formats=(Format.MACHO,))
def unknown_load_command(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O slice holds a load command that the loader must understand and that nobody has heard of.

    What it does:
        Looks for load commands with the LC_REQ_DYLD bit (0x80000000) whose number is not in loader.h.

    Why it is bad:
        A dyld that does not know the command refuses the file, so it loads on the newest systems at best.

    Example:
        A library linked by a prerelease linker with a command that came after macOS 26.

    How to fix:
        Link with a released linker and a deployment target as low as the tag's.

    Known limits:
        A newer wheelarch may know the command.

    References:
        cctools mach-o/loader.h (LC_REQ_DYLD); dyld mach_o/UnsafeHeader.cpp.
    """
    for member, image, tags in macho_slices(wheel):
        if image.macho is None or not image.macho.unknown_required:
            continue
        index, command = image.macho.unknown_required[0]
        yield Problem(
            f"{slice_title(member, image)} holds load command {command:#010x}, which dyld must know and loader.h does not",
            member.path,
            slice_name(member, image),
            tags,
            {"index": str(index), "command": f"{command:#010x}"},
            f"load command #{index} unknown required load command 0x{command:08X}",
        )


_CHAINED_SINCE = {"macos": (11, 0), "ios": (13, 4)}
"""The oldest system whose dyld knows LC_DYLD_CHAINED_FIXUPS."""


@rule(
    "WA511",
    "chained-fixups-too-new",
    Severity.WARNING,
    ("R10",),
    needs=MACHO_HEADERS,
    formats=(Format.MACHO,),
)
def chained_fixups_too_new(wheel: Wheel) -> Iterator[Problem]:
    """A slice uses chained fixups, which the oldest promised system can't read.

    What it does:
        Looks for LC_DYLD_CHAINED_FIXUPS in slices that are built for, and tagged for, macOS before 11 or iOS before
        13.4.

    Why it is bad:
        The dyld of those systems does not know the command, which it must understand, and refuses the file.

    Example:
        A wheel tagged `macosx_10_9_x86_64`, linked with `-fixup_chains` and the deployment target 10.9.

    How to fix:
        Link with `-no_fixup_chains`, or raise the deployment target and the tag to 11.0.

    Known limits:
        A slice that was built for a newer system than its tag says is WA501.

    References:
        cctools mach-o/loader.h; dyld mach_o/UnsafeHeader.cpp; rules.md 3.5.
    """
    for member, image, _ in macho_slices(wheel):
        if image.macho is None or not image.macho.chained_fixups or image.minos is None:
            continue
        too_old = [
            target
            for target in loading_targets(wheel, image)
            if target.floor is not None
            and max(target.floor, image.minos[:2]) < _CHAINED_SINCE.get(target.system, (0, 0))
        ]
        if too_old:
            have = ".".join(map(str, image.minos[:2]))
            first = _CHAINED_SINCE[too_old[0].system]
            yield Problem(
                f"{slice_title(member, image)} is built for {have} and has chained fixups, which came with "
                f"{first[0]}.{first[1]}",
                member.path,
                slice_name(member, image),
                tuple(target.triple for target in too_old),
                {"have": have, "need": f"{first[0]}.{first[1]}"},
                "unknown required load command 0x80000034",
            )
