"""Version requirements: which known releases a requirement allows, and which of these are bad.

A build uses the newest release that a range allows, or an older one from a lock file or a cache. So a range is
judged by every release that it allows: if all are bad, the build is bad for certain; if some are, it may be.
"""

from __future__ import annotations

import re
from enum import IntEnum

from .._lib.typed import NamedTuple
from ..facts.provenance import Window

__all__ = ["RELEASES", "Exposure", "Versions", "Window", "cargo", "exact", "exposure", "python"]

RELEASES: dict[str, tuple[str, ...]] = {
    package: tuple(f"{series}.{patch}" for series, patches in releases.items() for patch in patches)
    for package, releases in {
        "maturin": {
            "0.12": range(21), "0.13": (0, 1, 2, 3, 5, 6, 7), "0.14": range(18), "0.15": range(4),
            "1.0": (0, 1), "1.1": (0,), "1.2": range(4), "1.3": range(3), "1.4": (0,), "1.5": (0, 1), "1.6": (0,),
            "1.7": (0, 1, 3, 4, 5, 6, 7, 8), "1.8": (0, 1, 2, 3, 4, 6, 7), "1.9": range(7), "1.10": range(3),
            "1.11": (2, 3, 4, 5), "1.12": range(7), "1.13": range(4), "1.14": (0, 1), "1.15": (0,), "1.16": (0,),
        },
        "pyo3": {
            "0.13": range(3), "0.14": range(6), "0.15": range(3), "0.16": range(7), "0.17": range(4), "0.18": range(4),
            "0.19": range(3), "0.20": range(4), "0.21": range(3), "0.22": range(7), "0.23": range(6), "0.24": range(3),
            "0.25": (0, 1), "0.26": (0,), "0.27": range(3), "0.28": range(4), "0.29": range(4),
        },
    }.items()
}  # fmt: skip
"""The releases of each package, oldest first, up to November 2026. Yanked releases are left out, because no resolver
picks them. A later release counts as newer than all of these."""


class Versions(NamedTuple):
    """The versions of one package that a project allows."""

    package: str
    requirement: str
    """As written in the file: `>=1.7,<2`; only the version if it is exact."""
    source: str
    """The file that contains it, relative to the project."""
    admitted: tuple[str, ...]
    """The known releases that it allows, oldest first. An exact version is here even if it is not known."""

    def __str__(self) -> str:
        return f"{self.package} {self.requirement or 'of any version'}"


class Exposure(IntEnum):
    """How many of the allowed releases are bad."""

    NONE = 0
    """None, or the version is not known."""
    SOME = 1
    ALL = 2


def exposure(versions: Versions | None, window: Window) -> Exposure:
    """Return how many of the releases that a requirement allows are in a window of bad releases."""
    if versions is None or not versions.admitted:
        return Exposure.NONE
    bad = sum(map(window.holds, versions.admitted))
    return Exposure.ALL if bad == len(versions.admitted) else Exposure.SOME if bad else Exposure.NONE


def exact(package: str, version: str, source: str) -> Versions | None:
    """Return a requirement for one version, as in a lock file; None if the text is not a version."""
    from packaging.version import Version

    try:
        return Versions(package, version, source, (str(Version(version)),))
    except ValueError:
        return None


def python(requirement: str, source: str) -> Versions | None:
    """Return the versions that a PEP 508 requirement allows.

    Args:
        requirement: `maturin>=1.7,<2`, `maturin[zig]~=1.9`.
        source: The file that contains it.

    Returns:
        None if the text is not a requirement, or is a direct reference, whose version is not known.
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    try:
        parsed = Requirement(requirement)
    except ValueError:
        return None
    if parsed.url:
        return None
    written = _BEFORE_SPECIFIER.sub("", requirement.partition(";")[0], count=1).strip(" ()")
    return _admit(canonicalize_name(parsed.name), str(parsed.specifier), written, source)


_BEFORE_SPECIFIER = re.compile(r"\s*[\w.-]+\s*(\[[^]]*\])?")
_CARGO_PART = re.compile(
    r"(?P<sign>\^|~|=|>=|<=|>|<|)\s*(?P<version>[0-9]{1,9}(?:\.[0-9]{1,9}){0,2})(?P<star>(?:\.\*){0,2})(?:[-+]\S*)?"
)


def cargo(package: str, requirement: str, source: str) -> Versions | None:
    """Return the versions that a requirement in Cargo's syntax allows.

    Args:
        package: The crate.
        requirement: `0.26`, `^0.26.0`, `~0.22.1`, `=0.23.4`, `>=0.22, <0.24`, `0.22.*`, `*`.
        source: The file that contains it.

    Returns:
        None if the text is not a requirement.

    Source: The Cargo Book, "Specifying Dependencies", section "Version requirement syntax".
    """
    bounds: list[str] = []
    for part in requirement.split(","):
        found = _CARGO_PART.fullmatch(part.strip())
        if found:
            bounds += _bounds(found["sign"], found["version"], bool(found["star"]))
        elif part.strip() != "*":
            return None
    return _admit(package, ",".join(bounds), requirement.strip(), source)


def _bounds(sign: str, version: str, star: bool) -> list[str]:
    """Return one comparison in Cargo's syntax as comparisons of PEP 440."""
    numbers = [int(part) for part in version.split(".")]
    if star or (sign == "=" and len(numbers) < 3):
        return [f"=={version}.*"]
    if sign == "=":
        return [f"=={version}"]
    if sign in (">=", "<"):
        return [f"{sign}{version}"]
    if sign in (">", "<="):
        # A short version means every version that begins with it: the bound comes after the last of them.
        if len(numbers) == 3:
            return [f"{sign}{version}"]
        return [f"{'>=' if sign == '>' else '<'}{_next(numbers, len(numbers) - 1)}"]
    if sign == "~":
        return [f">={version}", f"<{_next(numbers, min(1, len(numbers) - 1))}"]
    # The caret, which is the default, keeps the leftmost number that is not 0.
    kept = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    return [f">={version}", f"<{_next(numbers, kept)}"]


def _next(numbers: list[int], index: int) -> str:
    """Return the first version after all that share the numbers up to and including `index`."""
    return ".".join(map(str, [*numbers[:index], numbers[index] + 1]))


def _admit(package: str, specifier: str, requirement: str, source: str) -> Versions | None:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    try:
        wanted = SpecifierSet(specifier)
        admitted = tuple(wanted.filter(RELEASES.get(package, ()), prereleases=False))
        if not admitted:
            # Newer or older than every known release: use the highest lower bound itself.
            lowest = [each.version for each in wanted if each.operator in (">=", "==", "~=", "===")]
            highest = max(lowest, key=Version, default="")
            admitted = (highest,) if highest and wanted.contains(highest, prereleases=True) else ()
    except ValueError:
        return None
    return Versions(package, requirement, source, admitted)
