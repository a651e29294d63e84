"""WA003, WA006: the names of members.

The reader of the archive finds names that occur twice or are unsafe everywhere. These rules add what depends on the
tags: names that collide if case does not count, and names that Windows cannot create.
"""

from __future__ import annotations

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..model import Severity
from ._archive import archive_problems
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..facts.wheel import Wheel


__all__ = ["duplicate_member", "unsafe_member_name"]

_FOLDING = frozenset({"windows", "mingw", "macos", "ios", "any"})
"""Systems whose usual file systems ignore case in names."""
_DOS = frozenset({"windows", "mingw", "any"})
"""Systems that keep the reserved names and characters of DOS."""
_DOS_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
_DOS_NAME = pattern(r"/(?:con|prn|aux|nul|com[1-9]|lpt[1-9])[./\n]")
"""Finds a reserved name in a lower-case text in which each name is between a slash and a line end."""
_DOS_SIGNS = ("./", " /", ".\n", " \n", *'<>:"|?*')
"""Other signs, in such a text, of names that Windows may not create."""
_AT_ONCE = 256
"""So many names are searched at once: 0.5 ms for 1000 names; one by one they take 5 ms."""


@rule(
    "WA003", "duplicate-member", Family.ARCHIVE, Severity.ERROR, remedies=("rebuild-archive",), in_sdists=True
)
def duplicate_member(wheel: Wheel) -> Iterator[Problem]:
    """Two members have the same name, or share bytes.

    What it does:
        Compares the names of all members, and where their data is. If the tags invite a system whose file systems
        ignore case (Windows, macOS), names that differ only in case or in Unicode normalization are a warning.

    Why it is bad:
        Of two files with one name, each installer picks its own, and the other is lost. Zip bombs consist of members
        that share bytes.

    Example:
        A wheel to which a rebuilt `foo.pyd` was appended with `zip`; `Lib/x.h` beside `lib/x.h`.

    How to fix:
        Pack the archive again, with each file once.

    Known limits:
        Case is compared by Unicode's rules, which differ from those of NTFS for a few letters.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.3.12; D. Fifield, "A better zip bomb" (2019); docs/facts/archives.md,
        "Names in an archive".
    """
    yield from archive_problems(wheel, {"duplicate": None, "overlap": None})
    systems = sorted({target.system for target in wheel.targets} & _FOLDING)
    if not systems:
        return
    names = dict.fromkeys([entry.name for entry in wheel.entries])
    fold = str.lower if all(map(str.isascii, names)) else _folded
    # Hashes instead of names: a directory of long names takes its memory once, not twice.
    if len(set(map(hash, map(fold, names)))) == len(names):
        return
    first: dict[int, str] = {}
    for name in names:
        other = first.setdefault(hash(_folded(name)), name)
        if other != name and _folded(other) == _folded(name):
            yield Problem(
                f"{name} and {other} are the same file if case does not count",
                name,
                evidence={"have": other, "systems": " ".join(systems)},
                consequence="One of the two files overwrites the other when the wheel is installed.",
                severity=Severity.WARNING,
            )


def _folded(name: str) -> str:
    """Return the name as file systems that ignore case compare it."""
    if name.isascii():
        return name.lower()
    from unicodedata import normalize

    return normalize("NFC", name.lower())


@rule(
    "WA006", "unsafe-member-name", Family.ARCHIVE, Severity.ERROR, remedies=("rename-member",), in_sdists=True
)
def unsafe_member_name(wheel: Wheel) -> Iterator[Problem]:
    """A member's name is not a safe path to install to.

    What it does:
        Reports names that are empty or absolute, that contain a drive, a backslash, control characters, or empty,
        `.` or `..` components, and names that are not UTF-8. If the tags invite Windows, names that Windows cannot
        create are a warning.

    Why it is bad:
        Such a name leads out of site-packages, or to another file on each system. RECORD cannot describe it.

    Example:
        `../../etc/profile`; for Windows `pkg/aux.py` and `pkg/a:b`.

    How to fix:
        Rename the file and pack the archive again.

    Known limits:
        Names in the old code page 437 count as names that are not UTF-8.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.4.17 and appendix D; Microsoft, "Naming Files, Paths, and Namespaces";
        docs/facts/archives.md, "Names in an archive".
    """
    yield from archive_problems(wheel, {"unsafe-name": None})
    if not any(target.system in _DOS for target in wheel.targets):
        return
    for name in _odd_on_dos([entry.name for entry in wheel.entries]):
        fault = _dos_fault(name)
        if fault:
            yield Problem(
                f"Windows cannot create {name}, because it {fault}",
                name,
                consequence="The installation fails, or the file gets another name than RECORD says.",
                severity=Severity.WARNING,
            )


def _odd_on_dos(names: Sequence[str]) -> Iterator[str]:
    """Yield the names that Windows may not be able to create. Hardly any is, so many are searched at once."""
    for start in range(0, len(names), _AT_ONCE):
        batch = names[start : start + _AT_ONCE]
        if _is_odd_on_dos("\n/".join(batch)):
            yield from filter(_is_odd_on_dos, batch)


def _is_odd_on_dos(names: str) -> bool:
    """Whether one of the names, each on a line that starts with a slash, may be one that Windows cannot create."""
    text = f"/{names.lower()}\n"
    return any(sign in text for sign in _DOS_SIGNS) or _DOS_NAME.search(text) is not None


def _dos_fault(name: str) -> str:
    """Return why Windows cannot create the name, as a clause without its subject; empty if it can."""
    for component in name.split("/"):
        if component.partition(".")[0].lower() in _DOS_RESERVED:
            return f"contains the reserved name {component}"
        if component not in (".", "..") and component.endswith((".", " ")):
            return "has a component that ends with a dot or a space"
        if any(character in component for character in '<>:"|?*'):
            return 'contains one of the characters < > : " | ? *'
    return ""
