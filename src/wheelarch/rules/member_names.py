"""WA003, WA006: the names of members."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..model import Severity
from ._archive import archive_problems
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..facts.wheel import Wheel


__all__ = ["duplicate_member", "unsafe_member_name"]

_FOLDING = frozenset({"windows", "mingw", "macos", "ios", "any"})
"""Systems whose usual file systems take names that differ in case for the same."""


_DOS = frozenset({"windows", "mingw", "any"})
"""Systems that keep the reserved names and characters of DOS."""


@rule("WA003", "duplicate-member", Severity.ERROR, ("R1",))
def duplicate_member(wheel: Wheel) -> Iterator[Problem]:
    """Two members have the same name, or share bytes.

    What it does:
        Compares the names of all members, and the places of their data. Where the tags invite a system whose
        file systems fold case (Windows, macOS), names that differ in case or in Unicode normalisation only
        are a warning.

    Why it is bad:
        Of two files with one name each installer picks its own, and one is lost. Members that share bytes are
        how zip bombs are built.

    Example:
        A wheel to which a rebuilt `foo.pyd` was appended with `zip`; `Lib/x.h` beside `lib/x.h`.

    How to fix:
        Pack the archive anew, with each file once.

    Known limits:
        Case is folded by Unicode's rules, which differ from those of NTFS for a few letters.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.3.12; D. Fifield, "A better zip bomb" (2019).
    """
    yield from archive_problems(wheel, {"duplicate": None, "overlap": None})
    systems = sorted({target.system for target in wheel.targets} & _FOLDING)
    if not systems:
        return
    names = dict.fromkeys([entry.name for entry in wheel.entries])
    fold = str.lower if all(map(str.isascii, names)) else _folded
    # Hashes, not names: a directory of long names is held once.
    if len(set(map(hash, map(fold, names)))) == len(names):
        return
    first: dict[int, str] = {}
    for name in names:
        other = first.setdefault(hash(_folded(name)), name)
        if other != name and _folded(other) == _folded(name):
            yield Problem(
                f"{name} and {other} are one file where case does not count",
                name,
                evidence={"have": other, "systems": " ".join(systems)},
                consequence="One of the two files overwrites the other when the wheel is installed.",
                severity=Severity.WARNING,
            )


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    from unicodedata import normalize

    return normalize("NFC", name.lower())


@rule("WA006", "unsafe-member-name", Severity.ERROR, ("R1",))
def unsafe_member_name(wheel: Wheel) -> Iterator[Problem]:
    """A member's name is no safe path to install to.

    What it does:
        Refuses names that are empty, absolute, hold a drive, a backslash, control characters, `.`, `..` or
        empty components, and names that are no UTF-8. Where the tags invite Windows, names that Windows can't
        create are a warning.

    Why it is bad:
        Such a name leads out of site-packages, or to another file on each system; RECORD can't describe it.

    Example:
        `../../etc/profile`; for Windows `pkg/aux.py` and `pkg/a:b`.

    How to fix:
        Name the file otherwise and pack the archive anew.

    Known limits:
        Names in the old code page 437 count as no UTF-8.

    References:
        PKWARE APPNOTE.TXT 6.3.10, sections 4.4.17 and appendix D; Microsoft, "Naming Files, Paths, and
        Namespaces".
    """
    yield from archive_problems(wheel, {"unsafe-name": None})
    if not any(target.system in _DOS for target in wheel.targets):
        return
    for name in _odd_on_dos([entry.name for entry in wheel.entries]):
        fault = _dos_fault(name)
        if fault:
            yield Problem(
                f"{name}: Windows can't create a file of this name, it {fault}",
                name,
                consequence="The installation breaks off, or the file has another name than RECORD says.",
                severity=Severity.WARNING,
            )


def _odd_on_dos(names: Sequence[str]) -> Iterator[str]:
    """Yield the names that hold what Windows may not like. Hardly any does, so many are searched at once."""
    for start in range(0, len(names), _AT_ONCE):
        batch = names[start : start + _AT_ONCE]
        if _is_odd_on_dos("\n/".join(batch)):
            yield from filter(_is_odd_on_dos, batch)


def _is_odd_on_dos(names: str) -> bool:
    text = f"/{names.lower()}\n"
    return any(sign in text for sign in _DOS_SIGNS) or _DOS_NAME.search(text) is not None


_AT_ONCE = 256


_DOS_NAME = lazy.pattern(r"/(?:con|prn|aux|nul|com[1-9]|lpt[1-9])[./\n]")


_DOS_SIGNS = ("./", " /", ".\n", " \n", *'<>:"|?*')


_DOS_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)


def _dos_fault(name: str) -> str:
    for component in name.split("/"):
        if component.partition(".")[0].lower() in _DOS_RESERVED:
            return f"holds the reserved name {component}"
        if component not in (".", "..") and component.endswith((".", " ")):
            return "has a component that ends with a dot or a space"
        if any(character in component for character in '<>:"|?*'):
            return 'holds one of the characters < > : " | ? *'
    return ""
