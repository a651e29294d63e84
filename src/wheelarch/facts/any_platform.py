"""What the binaries of a wheel for `any` platform cover, and whether a command of the wheel starts one of them.

Tag `any` promises Windows, macOS and Linux, on the machines that most of their users have (`PROMISED`). Rarer machines
are left out: no wheel covers them all.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..model import Format, Kind, Machine
from .families import family_key
from .machines import is_managed
from .wheel import per_wheel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..model import Image, Member
    from .wheel import Wheel

__all__ = ["PROMISED", "USUAL", "covered", "user_of"]

Place = tuple[str, Machine]
"""A system, as `Target.system` spells it, and a machine."""

USUAL: tuple[Place, ...] = (
    ("windows", Machine.X86_64),
    ("macos", Machine.ARM64),
    ("linux", Machine.X86_64),
)
"""Where most users of each system are."""
PROMISED: tuple[Place, ...] = (*USUAL, ("macos", Machine.X86_64), ("linux", Machine.ARM64))
_SYSTEMS: Mapping[Format, str] = {Format.PE: "windows", Format.MACHO: "macos", Format.ELF: "linux"}
_EMULATED: Mapping[Place, tuple[Machine, ...]] = {
    ("windows", Machine.X86): (Machine.X86_64, Machine.ARM64),
    ("windows", Machine.X86_64): (Machine.ARM64,),
    ("macos", Machine.X86_64): (Machine.ARM64,),
}
"""Machines that run programs for another one too (Microsoft, WOW64 Implementation Details and How emulation works on
Arm; Apple, About the Rosetta translation environment). No process loads a library of another machine."""
_STARTS = ("subprocess", "os.exec", "os.spawn", "os.system", "popen")
"""What Python code contains that starts a program."""


def covered(members: Iterable[Member]) -> set[Place]:
    """Return where the members can be used."""
    found: set[Place] = set()
    for member in members:
        for image in member.images:
            if image.format in _SYSTEMS and not is_managed(image) and not _is_for_other_unix(member, image):
                place = (_SYSTEMS[image.format], image.machine)
                found.add(place)
                if image.kind is Kind.EXECUTABLE:
                    found.update((place[0], machine) for machine in _EMULATED.get(place, ()))
    return found


_OTHER_UNIXES = ("freebsd", "openbsd", "netbsd", "dragonfly", "illumos", "solaris", "sunos")
_OTHER_OSABIS = frozenset({2, 6, 9, 12})
"""EI_OSABI of NetBSD, Solaris, FreeBSD and OpenBSD (ELF gABI, ELF Header)."""


def _is_for_other_unix(member: Member, image: Image) -> bool:
    """Whether an ELF file is not for Linux: its header says so, or the path (OpenBSD's files have it in a note)."""
    if image.elf is None:
        return False
    return image.elf.osabi in _OTHER_OSABIS or any(name in member.path.lower() for name in _OTHER_UNIXES)


def user_of(wheel: Wheel, members: Sequence[Member]) -> str:
    """Return the command of the wheel that starts these programs, or an empty string.

    A command (`console_scripts`, `gui_scripts`) starts them if all of them are in the folder of the module that it
    calls, or below it, and either the command has their name without the words for machines and systems, or the
    module contains that name and starts programs.

    Args:
        wheel: The wheel.
        members: Programs whose paths differ only in words for machines and systems.
    """
    if not all(image.kind is Kind.EXECUTABLE for member in members for image in member.images):
        return ""
    name = family_key(members[0].path).rpartition("/")[2]
    for folder, script, letters, starts, source in _commands(wheel):
        if not all(member.path.startswith(f"{folder}/") for member in members):
            continue
        if letters == name or (starts and len(name) > 2 and name in source):
            return script
    return ""


class _Command(NamedTuple):
    """A command of the wheel, as `user_of` compares it."""

    folder: str
    """Where the module is that it calls."""
    script: str
    letters: str
    """Its name, as `family_key` leaves names."""
    starts: bool
    """Whether the module starts programs."""
    source: str
    """The module's text, in the same form."""


@per_wheel
def _commands(wheel: Wheel) -> list[_Command]:
    """Return the commands whose module is in a folder, each read once: a hostile wheel has many families."""
    found = []
    for entry in wheel.dist_info.entry_points or ():
        folder, source = entry.path.rpartition("/")[0], entry.source.lower()
        if folder:
            starts = any(word in source for word in _STARTS)
            found.append(
                _Command(folder, entry.script, _letters(entry.script.lower()), starts, _letters(source))
            )
    return found


def _letters(text: str) -> str:
    """Return the text without what separates words in file names, as `family_key` leaves it out."""
    return text.replace("-", "").replace("_", "").replace(".", "")
