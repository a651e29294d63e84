"""WA901 to WA906, WA908: binaries that break their format.

The parsers note each place where a binary breaks its format as a `Fault`. Each rule reports the faults of one kind,
one problem per member and slice, and a note for parts that no loader reads. The severity of other damage follows from
the member's role. The rules ask for headers only: damage further down is reported if another rule reads that far.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.roles import is_product
from ..facts.wheel import per_wheel
from ..model import Fact, Fault, Format, Member, Role, Severity
from ._damage import NOT_WIN32
from ._machine import HEADER_OF_ALL
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel


__all__ = [
    "contradicting_headers",
    "limit_hit",
    "looping_structure",
    "offset_outside_file",
    "overlapping_slices",
    "truncated_binary",
    "unsupported_binary",
]

_NOT_LOADED = (Role.TEST_DATA, Role.DEBUG, Role.SDK, Role.DATA)


def _damage_severity(member: Member, wheel: Wheel) -> Severity:
    """Return how much damage to a member matters: as much as depends on it.

    Source: docs/facts/tags-and-installers.md, "Roles of members".
    """
    if member.role in (Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT) or is_product(member, wheel):
        return Severity.ERROR
    return Severity.NOTE if member.role in _NOT_LOADED else Severity.WARNING


def _damage_problems(
    wheel: Wheel, kind: str, *, consequences: Mapping[Format, str] = {}
) -> Iterator[Problem]:
    """Yield one problem for each member, and each slice of a universal file, that has faults of one kind.

    Args:
        wheel: The wheel.
        kind: One of `wheelarch.model.FaultKind`.
        consequences: What the loader says, by format, if its words are known.
    """
    for member in _faulty_members(wheel):
        severity = _damage_severity(member, wheel)
        faults: dict[str | None, list[Fault]] = {None: list(member.faults)}
        for image in member.images:
            faults.setdefault(image.arch if len(member.images) > 1 else None, []).extend(image.faults)
        format_ = member.images[0].format if member.images else None
        for name, all_of_place in faults.items():
            found = [fault for fault in all_of_place if fault.kind == kind]
            where = f"{f'the {name} slice of ' if name else ''}{member.path}"
            read = [fault for fault in found if fault.loaded]
            if read:
                yield Problem(
                    f"{where}: {_summary(read)}",
                    member.path,
                    slice=name,
                    evidence=_evidence(read[0]),
                    consequence=consequences.get(format_, "") if format_ else "",
                    severity=severity,
                    remedies=("damaged-by-tool",) if _is_recorded(member, wheel) else (),
                )
            unread = [fault for fault in found if not fault.loaded]
            if unread:
                yield Problem(
                    f"{where}: {_summary(unread)}, in a part that the loader does not read",
                    member.path,
                    slice=name,
                    evidence=_evidence(unread[0]),
                    severity=Severity.NOTE,
                    remedies=("unread-damage",),
                )


def _summary(faults: list[Fault]) -> str:
    more = f", and {len(faults) - 1} more like it" if len(faults) > 1 else ""
    return f"{faults[0]}{more}"


def _evidence(fault: Fault) -> dict[str, str]:
    evidence = {"field": fault.what, "offset": str(fault.offset)}
    if fault.value is not None:
        evidence["have"] = str(fault.value)
    return evidence


def _is_recorded(member: Member, wheel: Wheel) -> bool:
    """Whether RECORD has the hash of the member's bytes: then it was damaged before it was packed."""
    row = wheel.dist_info.recorded(member.path)
    return bool(member.sha256) and row is not None and row.digest == f"sha256={member.sha256}"


@per_wheel
def _faulty_members(wheel: Wheel) -> list[Member]:
    """Return the members with faults of any kind."""
    return [
        member for member in wheel.members if member.faults or any(image.faults for image in member.images)
    ]


@rule(
    "WA901",
    "truncated-binary",
    Family.DAMAGE,
    Severity.ERROR,
    remedies=("rebuild-file",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.DAMAGE,),
)
def truncated_binary(wheel: Wheel) -> Iterator[Problem]:
    """A binary ends before one of its headers or tables does.

    What it does:
        Reports a header, a load command, a section or a table that needs more bytes than the file, or its slice, has.
        It is a note if the loader does not read that part.

    Why it is bad:
        The loader refuses the file, or loads less than its code needs. The other rules could not check what is
        missing.

    Example:
        A `.pyd` of which only the first 4096 bytes were uploaded.

    How to fix:
        Build or download the file again.

    Known limits:
        Only the headers and tables that the other rules need are checked, not the code.

    References:
        Microsoft, PE Format; cctools mach-o/loader.h; System V ABI (ELF); docs/facts/loaders.md, "Damaged binaries".
    """
    yield from _damage_problems(wheel, "truncated", consequences={Format.PE: NOT_WIN32})


@rule(
    "WA902",
    "offset-outside-file",
    Family.DAMAGE,
    Severity.ERROR,
    remedies=("rebuild-file",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.DAMAGE,),
)
def offset_outside_file(wheel: Wheel) -> Iterator[Problem]:
    """A pointer in a binary leads out of the file, or a string in it has no end.

    What it does:
        Reports offsets, RVAs, virtual addresses and string offsets that point outside the file, or outside the load
        command that they belong to. It is a note if the loader does not read that part, such as the notes of an ELF
        file: patchelf 0.11 and older overwrote them (numpy 1.18.5, Pillow 7.2.0), and these files load.

    Why it is bad:
        The loader refuses the file or reads garbage. What the pointer should lead to could not be checked.

    Example:
        An import directory whose RVA is in no section, or an install name that runs past its load command.

    How to fix:
        Build or download the file again.

    Known limits:
        Only pointers that are followed are checked.

    References:
        Microsoft, PE Format; dyld mach_o/UnsafeHeader.cpp; System V ABI (ELF); docs/facts/loaders.md, "Damaged
        binaries" and "Parts that loaders skip".
    """
    yield from _damage_problems(wheel, "outside")


@rule(
    "WA903",
    "limit-hit",
    Family.DAMAGE,
    Severity.ERROR,
    remedies=("raise-limit",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.DAMAGE,),
    in_sdists=True,
)
def limit_hit(wheel: Wheel) -> Iterator[Problem]:
    """A binary exceeds a limit, so it was not read to its end.

    What it does:
        Reports counts of slices, load commands, sections, imports, exports and symbols, and lengths of names, that
        exceed wheelarch's limits.

    Why it is bad:
        No linker makes such files, so the number is probably false. What is beyond the limit could not be checked,
        so the file may be wrong.

    Example:
        A fat header that claims 4,000 slices. dyld accepts 16.

    How to fix:
        Build or download the file again. If it is right, raise the limit.

    Known limits:
        The limits are wheelarch's own. Only that of slices is also the limit of a loader.

    References:
        docs/limits.md, for the limits and their names.
    """
    yield from _damage_problems(wheel, "limit")


@rule(
    "WA904",
    "overlapping-slices",
    Family.DAMAGE,
    Severity.ERROR,
    remedies=("join-slices",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.DAMAGE,),
)
def overlapping_slices(wheel: Wheel) -> Iterator[Problem]:
    """Slices or segments of a binary overlap, or occur twice.

    What it does:
        Reports slices of a fat file that overlap each other or the fat header, two slices for one architecture, and
        segments that claim the same bytes. It is a note if the loader does not read one of the two.

    Why it is bad:
        dyld refuses such a fat file. If it does not, two readers see two different programs in one file.

    Example:
        A universal binary that was put together by hand, with two arm64 slices.

    How to fix:
        Make the fat file again from its thin files with `lipo -create`.

    Known limits:
        None.

    References:
        dyld mach_o/Universal.cpp; docs/facts/loaders.md, "Mach-O magic numbers and universal files".
    """
    yield from _damage_problems(wheel, "overlap")


@rule(
    "WA905",
    "contradicting-headers",
    Family.DAMAGE,
    Severity.ERROR,
    remedies=("rebuild-file",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.DAMAGE,),
)
def contradicting_headers(wheel: Wheel) -> Iterator[Problem]:
    """Two headers of a binary contradict each other.

    What it does:
        Reports a fat header that names another machine than the slice, a PE machine with the optional header of the
        other bitness, an ELF class or byte order that its machine does not have, and build versions for platforms
        that exclude each other. It is a note if the loader does not read one of the two.

    Why it is bad:
        Loaders compare these fields and refuse the file. The file was damaged or made by hand.

    Example:
        A PE file with machine 0x8664 (x64) and the optional header of a 32-bit image.

    How to fix:
        Build or download the file again.

    Known limits:
        The architecture that other rules report for such a file is what one of the headers says.

    References:
        Microsoft, PE Format; dyld mach_o/Universal.cpp; System V ABI (ELF) and its processor supplements.
    """
    yield from _damage_problems(wheel, "contradiction", consequences={Format.PE: NOT_WIN32})


@rule(
    "WA906",
    "looping-structure",
    Family.DAMAGE,
    Severity.ERROR,
    remedies=("rebuild-file",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.DAMAGE,),
)
def looping_structure(wheel: Wheel) -> Iterator[Problem]:
    """A table or tree in a binary points back into itself.

    What it does:
        Reports export tries with cycles, version tables that do not advance, and load commands of size 0.

    Why it is bad:
        A reader that trusts the file never ends. What follows the loop could not be checked.

    Example:
        An export trie in which a node is its own child.

    How to fix:
        Build or download the file again.

    Known limits:
        Only structures that are followed are checked.

    References:
        dyld mach_o/ExportsTrie.cpp; System V ABI (ELF), symbol versioning.
    """
    yield from _damage_problems(wheel, "cycle")


@rule(
    "WA908",
    "unsupported-binary",
    Family.DAMAGE,
    Severity.ERROR,
    remedies=("ignore",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.DAMAGE,),
)
def unsupported_binary(wheel: Wheel) -> Iterator[Problem]:
    """A binary is a variant of a known format that wheelarch cannot check.

    What it does:
        Reports PE ROM images, 16-bit Windows programs, fat headers in the wrong byte order and the like.

    Why it is bad:
        Nothing in the file could be checked. No system that runs a current Python loads it.

    Example:
        A fat file whose header is little-endian.

    How to fix:
        Build the file again. If it is data, ignore the rule for it.

    Known limits:
        A variant that is newer than wheelarch is reported too.

    References:
        Microsoft, PE Format; cctools mach-o/fat.h.
    """
    yield from _damage_problems(wheel, "unsupported")
