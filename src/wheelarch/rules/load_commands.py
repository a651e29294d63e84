"""WA509 to WA511: load commands because of which dyld refuses a Mach-O file.

Duplicates are refused by new releases of dyld, unknown and new commands by old ones.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.loads import loading_targets
from ..metadata.promise import triples_of
from ..model import Format, Severity
from ._floors import RUN_HEADERS
from ._needs import macho_slices, slice_name, slice_title
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["chained_fixups_too_new", "duplicate_load_command", "unknown_load_command"]

_UNIQUE_SINCE = (15, 0, 0)
"""The first SDK whose duplicates some dyld refuses."""


def _first_duplicate(names: tuple[str, ...]) -> str:
    """Return the first name that occurs twice, or an empty string."""
    return next((name for index, name in enumerate(names) if name in names[:index]), "")


@rule(
    "WA509",
    "duplicate-load-command",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("one-load-command",),
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    breaks_promise=Severity.ERROR,
)
def duplicate_load_command(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O slice names a run path or a library twice.

    What it does:
        Looks for two equal LC_RPATH or two equal LC_LOAD_DYLIB commands. It is a note if the slice was linked with an
        SDK before 15.0, because no dyld refuses such slices.

    Why it is bad:
        Since macOS 15.4, dyld refuses such files if they were linked with a new SDK: 15.0, 15.4 or 26.0 and later,
        depending on the release of dyld.

    Example:
        Both a build system and delocate added `@loader_path/.dylibs`.

    How to fix:
        Remove one of them with `install_name_tool -delete_rpath PATH FILE`, and sign the file again.

    Known limits:
        Whether the macOS of a user refuses the file depends on its release.

    References:
        dyld mach_o/Header.cpp and mach_o/Policy.cpp (enforceNoDuplicateRPaths, enforceNoDuplicateDylibs);
        docs/facts/loaders.md, "Library load commands in Mach-O files".
    """
    for member, image, tags in macho_slices(wheel):
        if image.macho is None or image.damaged:
            continue
        sdk = max((build.sdk for build in image.macho.build_versions), default=(0, 0, 0))
        run_path = _first_duplicate(image.macho.rpaths)
        dylib = _first_duplicate(tuple(dylib.name for dylib in image.macho.dylibs))
        for name, command, refusal in (
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
                    refusal,
                    Severity.NOTE if sdk < _UNIQUE_SINCE else None,
                )


@rule(
    "WA510",
    "unknown-load-command",
    Family.SYSTEM,
    Severity.WARNING,
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    breaks_promise=Severity.ERROR,
)
def unknown_load_command(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O slice has a load command that the loader must understand and that is not documented.

    What it does:
        Looks for load commands with the LC_REQ_DYLD bit (0x80000000) whose number is not in loader.h.

    Why it is bad:
        A dyld that does not know the command refuses the file, so at best it loads on the newest systems.

    Example:
        A library linked by a prerelease linker, with a command that is newer than macOS 26.

    How to fix:
        Link with a released linker and with the tag's version as deployment target.

    Known limits:
        A newer wheelarch may know the command.

    References:
        cctools mach-o/loader.h (LC_REQ_DYLD); dyld mach_o/UnsafeHeader.cpp; docs/facts/loaders.md, "Required load
        commands and chained fixups".
    """
    for member, image, tags in macho_slices(wheel):
        if image.macho is None or not image.macho.unknown_required:
            continue
        index, command = image.macho.unknown_required[0]
        yield Problem(
            f"{slice_title(member, image)} has the load command {command:#010x}, "
            "which dyld must know but loader.h does not list",
            member.path,
            slice_name(member, image),
            tags,
            {"index": str(index), "command": f"{command:#010x}"},
            f"load command #{index} unknown required load command 0x{command:08X}",
        )


_CHAINED_SINCE = {"macos": (11, 0), "ios": (13, 4)}
"""The first system whose dyld knows LC_DYLD_CHAINED_FIXUPS."""


@rule(
    "WA511",
    "chained-fixups-too-new",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("no-chained-fixups",),
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    breaks_promise=Severity.ERROR,
)
def chained_fixups_too_new(wheel: Wheel) -> Iterator[Problem]:
    """A slice uses chained fixups, which the oldest promised system cannot read.

    What it does:
        Looks for LC_DYLD_CHAINED_FIXUPS in slices that are built for, and tagged for, macOS before 11 or iOS before
        13.4.

    Why it is bad:
        dyld must understand this command. The dyld of those systems does not know it, and refuses the file.

    Example:
        A wheel tagged `macosx_10_9_x86_64`, linked with `-fixup_chains` and the deployment target 10.9.

    How to fix:
        Link with `-no_fixup_chains`, or raise the deployment target and the tag to 11.0.

    Known limits:
        A slice that was built for a newer system than its tag says is WA501.

    References:
        cctools mach-o/loader.h; dyld mach_o/UnsafeHeader.cpp; docs/facts/loaders.md, "Required load commands and
        chained fixups".
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
                f"{slice_title(member, image)} is built for {have}, but has chained fixups, which need "
                f"{first[0]}.{first[1]}",
                member.path,
                slice_name(member, image),
                triples_of(too_old),
                {"have": have, "need": f"{first[0]}.{first[1]}"},
                "unknown required load command 0x80000034",
            )
