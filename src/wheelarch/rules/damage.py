"""WA901 to WA906, WA908: binaries that break their format."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..facts.roles import is_product
from ..model import Depth, Fault, Format, Member, Role, Severity
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel


__all__ = [
    "HEADER_OF_EVERYTHING",
    "NOT_WIN32",
    "contradicting_headers",
    "limit_hit",
    "looping_structure",
    "offset_outside_file",
    "overlapping_slices",
    "truncated_binary",
    "unsupported_binary",
]

HEADER_OF_EVERYTHING: Mapping[Role, Depth] = dict.fromkeys(Role, Depth.HEADER)
"""Damage is reported as far as the other rules read; these ask for no more than the headers."""


_NOT_LOADED = (Role.TEST_DATA, Role.DEBUG, Role.SDK, Role.DATA)


def _severity(member: Member, wheel: Wheel) -> Severity:
    """Return how much damage to a member matters: as much as depends on it (rules.md 6.1)."""
    if member.role in (Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT) or is_product(member, wheel.members):
        return Severity.ERROR
    return Severity.NOTE if member.role in _NOT_LOADED else Severity.WARNING


def _damaged(wheel: Wheel, kind: str, consequences: Mapping[Format, str] = {}) -> Iterator[Problem]:
    """Yield one problem for each member, and each slice of a fat file, that has faults of one kind.

    Args:
        wheel: The wheel.
        kind: One of `wheelarch.model.FaultKind`.
        consequences: What the loader says, by format, where we know its words.
    """
    for member in _faulty(wheel.members):
        severity = _severity(member, wheel)
        faults: dict[str | None, list[Fault]] = {None: list(member.faults)}
        for image in member.images:
            faults.setdefault(image.arch if len(member.images) > 1 else None, []).extend(image.faults)
        format_ = member.images[0].format if member.images else None
        for name, all_of_place in faults.items():
            found = [fault for fault in all_of_place if fault.kind == kind]
            if not found:
                continue
            first = found[0]
            more = f", and {len(found) - 1} more of the kind" if len(found) > 1 else ""
            evidence = {"field": first.what, "offset": str(first.offset)}
            if first.value is not None:
                evidence["have"] = str(first.value)
            yield Problem(
                f"{f'the {name} slice of ' if name else ''}{member.path}: {first}{more}",
                member.path,
                name,
                evidence=evidence,
                consequence=consequences.get(format_, "") if format_ else "",
                severity=severity,
            )


@lazy.once
def _faulty(members: tuple[Member, ...]) -> list[Member]:
    return [member for member in members if member.faults or any(image.faults for image in member.images)]


NOT_WIN32 = "%1 is not a valid Win32 application."


@rule("WA901", "truncated-binary", Severity.ERROR, ("R0",), needs=HEADER_OF_EVERYTHING)
def truncated_binary(wheel: Wheel) -> Iterator[Problem]:
    """A binary ends before one of its headers or tables does.

    What it does:
        Reports where a header, a load command, a section or a table needs more bytes than the file, or its
        slice, has.

    Why it is bad:
        The loader refuses the file, or maps less than the code in it expects. What lies behind the end
        could not be checked by the other rules.

    Example:
        A `.pyd` of which only the first 4096 bytes were uploaded.

    How to fix:
        Build or download the file again.

    Known limits:
        Only what is read is checked: the headers and tables that the other rules need, not the code.

    References:
        Microsoft PE Format; cctools mach-o/loader.h; System V ABI (ELF).
    """
    yield from _damaged(wheel, "truncated", {Format.PE: NOT_WIN32})


@rule("WA902", "offset-outside-file", Severity.ERROR, ("R0",), needs=HEADER_OF_EVERYTHING)
def offset_outside_file(wheel: Wheel) -> Iterator[Problem]:
    """A pointer in a binary leads out of the file, or a string in it has no end.

    What it does:
        Reports offsets, RVAs, virtual addresses and string offsets that lead to no byte of the file, or of
        the load command that they belong to.

    Why it is bad:
        The loader refuses the file or reads garbage. What the pointer should lead to could not be checked.

    Example:
        An import directory whose RVA lies in no section, or an install name that runs past its load command.

    How to fix:
        Build or download the file again.

    Known limits:
        Only pointers that are followed are checked.

    References:
        Microsoft PE Format; dyld mach_o/UnsafeHeader.cpp; System V ABI (ELF).
    """
    yield from _damaged(wheel, "outside")


@rule("WA903", "limit-hit", Severity.ERROR, ("R28",), needs=HEADER_OF_EVERYTHING)
def limit_hit(wheel: Wheel) -> Iterator[Problem]:
    """A binary is larger or deeper than the limits allow, so it was not read to its end.

    What it does:
        Reports counts of slices, load commands, sections, imports, exports and symbols, and lengths of
        names, that are above the limits of the audit.

    Why it is bad:
        No linker makes such files, so the number is probably a lie. What lies behind it could not be
        checked: the file is not known to be right.

    Example:
        A fat header that claims 4,000 slices; dyld takes 16.

    How to fix:
        Build or download the file again; if it is right, raise the limit.

    Known limits:
        The limits are those of the audit and, but for the count of slices, not those of a loader.

    References:
        The bounds and their names are in wheelarch.limits.
    """
    yield from _damaged(wheel, "limit")


@rule("WA904", "overlapping-slices", Severity.ERROR, ("R6",), needs=HEADER_OF_EVERYTHING)
def overlapping_slices(wheel: Wheel) -> Iterator[Problem]:
    """Slices or segments of a binary lie on each other or are there twice.

    What it does:
        Reports slices of a fat file that overlap each other or the fat header, two slices for one
        architecture, and segments that claim the same bytes.

    Why it is bad:
        dyld refuses such a fat file. Where it does not, two readers see two different programs in one file.

    Example:
        A universal binary that was put together by hand, with two arm64 slices.

    How to fix:
        Make the fat file anew from its thin files with `lipo -create`.

    Known limits:
        None.

    References:
        dyld mach_o/Universal.cpp.
    """
    yield from _damaged(wheel, "overlap")


@rule("WA905", "contradicting-headers", Severity.ERROR, ("R0",), needs=HEADER_OF_EVERYTHING)
def contradicting_headers(wheel: Wheel) -> Iterator[Problem]:
    """Two headers of a binary deny each other.

    What it does:
        Reports a fat header that names another machine than the slice, a PE machine with the other
        bitness's optional header, an ELF class or byte order that its machine does not have, and build
        versions for platforms that exclude each other.

    Why it is bad:
        Loaders compare these fields and refuse the file. Whichever field is right, the file was damaged or
        made by hand.

    Example:
        A PE file with machine 0x8664 (x64) and the optional header of a 32-bit image.

    How to fix:
        Build or download the file again.

    Known limits:
        The architecture that other rules report for such a file is a claim of one header.

    References:
        Microsoft PE Format; dyld mach_o/Universal.cpp; System V ABI (ELF) and its processor supplements.
    """
    yield from _damaged(wheel, "contradiction", {Format.PE: NOT_WIN32})


@rule("WA906", "looping-structure", Severity.ERROR, ("R0",), needs=HEADER_OF_EVERYTHING)
def looping_structure(wheel: Wheel) -> Iterator[Problem]:
    """A table or tree in a binary points back into itself.

    What it does:
        Reports export tries with cycles, version tables that do not advance, and load commands of size 0.

    Why it is bad:
        A reader that trusts the file never ends. What lies behind the loop could not be checked.

    Example:
        An export trie in which a node is its own child.

    How to fix:
        Build or download the file again.

    Known limits:
        Only structures that are followed are checked.

    References:
        dyld mach_o/ExportsTrie.cpp; System V ABI (ELF), symbol versioning.
    """
    yield from _damaged(wheel, "cycle")


@rule("WA908", "unsupported-binary", Severity.ERROR, ("R33",), needs=HEADER_OF_EVERYTHING)
def unsupported_binary(wheel: Wheel) -> Iterator[Problem]:
    """A binary is of a known format in a variant that can't be judged.

    What it does:
        Reports PE ROM images, 16-bit Windows programs, fat headers in the wrong byte order and the like.

    Why it is bad:
        Nothing in the file could be checked, and no system that runs a current Python loads it.

    Example:
        A fat file whose header is little-endian.

    How to fix:
        Build the file anew. If it is data, ignore the rule for it.

    Known limits:
        A variant that is newer than wheelarch is reported too.

    References:
        Microsoft PE Format; cctools mach-o/fat.h.
    """
    yield from _damaged(wheel, "unsupported")
