"""WA113: a family of binaries that does not cover what tag `any` promises.

WA110 reports wheels for `any` platform that have native code for one machine only. This rule judges those that have
several binaries and choose among them when they run.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.any_platform import PROMISED, USUAL, covered, user_of
from ..facts.families import family_key
from ..facts.machines import is_managed
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Kind, Role, Severity
from ._machine import SYSTEM_NAMES
from ._tags import SYSTEM_OF_FORMAT
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target
    from ..model import Machine, Member


__all__ = ["partial_family_in_any"]

_OPENED = (Role.LIBRARY, Role.DEPENDENCY, Role.EXECUTABLE, Role.SCRIPT, Role.FAMILY)
"""What a package opens or starts by its path."""


@rule(
    "WA113",
    "partial-family-in-any",
    Family.TAGS,
    Severity.WARNING,
    remedies=("cover-platforms",),
    needs=dict.fromkeys(_OPENED, Depth.HEADER),
    rests_on=(Fact.MACHINE,),
)
def partial_family_in_any(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for any platform has binaries for several machines, but not for those that most users have.

    What it does:
        If a tag names platform `any`, works out which systems and machines the programs and libraries of the wheel
        are for. Windows on x86_64, macOS on arm64 and x86_64, and Linux on x86_64 and arm64 are expected; a program
        may run there by emulation. It is a warning if a system, or the usual machine of one (x86_64, on macOS
        arm64), is missing, and if all binaries are for one kind of machine. Programs that a command of the wheel
        starts are judged by themselves: there a missing system or usual machine is an error, and any other machine
        that is missing a warning. One machine only, but on all three systems, is always a warning.

    Why it is bad:
        The wheel can be installed on every system, but works on some.

    Example:
        `tool-1.0-py3-none-any.whl` with command `tool`, and the programs `tool/bin/tool-darwin-arm64` and
        `tool/bin/tool-windows-arm64.exe` only.

    How to fix:
        Make one wheel per platform, or add the binaries that are missing.

    Known limits:
        A command starts a program if the program is in the folder of the module that the command calls, or below
        it, and either has the name of the command, or the module contains its name and starts programs. Binaries
        for Windows alone that no command starts are right: launchers and .NET hosts are needed nowhere else.

    References:
        PEP 425; Entry points specification (packaging.python.org); docs/facts/tags-and-installers.md, "Native code
        in wheels tagged any", "Payloads for several machines that are right".
    """
    everywhere = [target for target in wheel.targets if target.system == "any"]
    if not everywhere:
        return
    opened = [
        member
        for member in wheel.members
        if member.role in _OPENED
        and any(image.format in SYSTEM_OF_FORMAT and not is_managed(image) for image in member.images)
    ]
    if len({(image.format, image.arch) for member in opened for image in member.images}) < 2:
        return
    families: dict[str, list[Member]] = {}
    for member in opened:
        families.setdefault(family_key(member.path), []).append(member)
    started: set[str] = set()
    for members in families.values():
        if user := user_of(wheel, members):
            started.update(member.path for member in members)
            yield from _gap(members, everywhere, user)
    rest = [member for member in opened if member.path not in started]
    if rest and {system for system, _ in covered(rest)} != {"windows"}:
        yield from _gap(opened, everywhere, "")


def _gap(members: Sequence[Member], everywhere: Iterable[Target], user: str) -> Iterator[Problem]:
    """Yield a problem if the members do not cover what the tag promises.

    Args:
        members: The binaries.
        everywhere: The tags for platform `any`.
        user: The command that starts them, or an empty string.
    """
    have = covered(members)
    systems = {system for system, _ in have}
    missing = [place for place in PROMISED if place not in have]
    grave = any(place in missing for place in USUAL)
    one_machine = len({image.arch for one in members for image in one.images}) == 1
    if not missing or not (grave or user or one_machine):
        return
    # Whoever builds for one machine on all three systems chose it, and may say so when the command runs.
    chosen = one_machine and len(systems) == 3
    absent = [system for system in ("windows", "macos", "linux") if system not in systems]
    lacking = [SYSTEM_NAMES[system] for system in absent]
    lacking += [_named(place) for place in missing if place[0] not in absent]
    programs = all(image.kind is Kind.EXECUTABLE for member in members for image in member.images)
    what = "program" if programs else "binary"
    more = f" and {len(members) - 1} more" if len(members) > 1 else ""
    own = sorted({(system, machine) for one in members for system, machine in _own(one)}, key=_named)
    where = ", ".join(map(_named, own))
    verb = "are" if more else "is"
    yield Problem(
        message=f"tagged any, but {members[0].path}{more} {verb} only for {where}: no {what} for {', '.join(lacking)}"
        + (f", where its command {user} fails" if user else ""),
        member=members[0].path,
        tags=triples_of(everywhere),
        evidence={"have": where, "need": ", ".join(map(_named, PROMISED))},
        severity=Severity.ERROR if user and grave and not chosen else None,
    )


def _own(member: Member) -> Iterator[tuple[str, Machine]]:
    """Yield the systems and machines of a member's own images, without those that emulate."""
    plain = member._replace(images=tuple(image._replace(kind=Kind.SHARED_LIBRARY) for image in member.images))
    yield from covered([plain])


def _named(place: tuple[str, Machine]) -> str:
    system, machine = place
    return f"{SYSTEM_NAMES[system]} on {machine.value}"
