"""WA507 to WA510: what a Mach-O binary asks of dyld and of other libraries.

WA510 alone stands here so far; the rules about libraries that are not in the wheel need the dependency graph.
"""

from collections.abc import Iterator

from ..facts import Wheel
from ..model import Depth, Format, Role, Severity
from ._base import Problem, rule

__all__ = ["unknown_load_command"]

_RUN = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY, Role.SCRIPT, Role.EXECUTABLE)


@rule(
    "WA510",
    "unknown-load-command",
    Severity.WARNING,
    needs=dict.fromkeys(_RUN, Depth.HEADER),
    formats=(Format.MACHO,),
)
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
    for member in wheel.members:
        if member.role not in _RUN:
            continue
        for image in member.images:
            tags = tuple(
                target.triple
                for target in wheel.targets
                if target.system in ("macos", "ios") and image.machine.value in target.arches
            )
            if image.macho is None or not image.macho.unknown_required or not tags:
                continue
            index, command = image.macho.unknown_required[0]
            name = image.arch if len(member.images) > 1 else None
            where = f"the {name} slice of {member.path}" if name else member.path
            yield Problem(
                f"{where} holds load command {command:#010x}, which dyld must know and loader.h does not",
                member.path,
                name,
                tags,
                {"index": str(index), "command": f"{command:#010x}"},
                f"load command #{index} unknown required load command 0x{command:08X}",
            )
