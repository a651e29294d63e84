"""WA102, WA105, WA107: platform tags.

Each rule looks at the platform tags of the live triples, each tag once: those that we do not know, those that PyPI
refuses, and those of systems that no longer exist.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.platform_tags import OTHER_FAMILIES
from ..metadata.promise import triples_of
from ..model import Severity
from ._tags import by_platform
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["legacy_tag", "rejected_by_index", "unknown_platform"]


@rule("WA102", "unknown-platform", Family.TAGS, Severity.NOTE)
def unknown_platform(wheel: Wheel) -> Iterator[Problem]:
    """A platform tag or variant label is of a kind that wheelarch does not know.

    What it does:
        Reports platform tags of unknown families and architectures, and variant labels (PEP 825, a draft).

    Why it is bad:
        wheelarch then does not know what the binaries must be, so it cannot find a wrong one.

    Example:
        `foo-1.0-py3-none-win_x86_64.whl`: Windows on x64 is `win_amd64`.

    How to fix:
        Correct the tag if it is misspelled.

    Known limits:
        A tag that is newer than this version of wheelarch is reported too.

    References:
        PEP 425, 600, 656, 730, 738, 783; PEP 825 (draft); docs/facts/tags-and-installers.md, "Platform tags".
    """
    for platform, targets in by_platform(wheel.targets).items():
        system = targets[0].system
        known = system == "any" or (system == "other" and platform.partition("_")[0] in OTHER_FAMILIES)
        if known or (system != "other" and targets[0].arches):
            continue
        yield Problem(
            message=f"platform tag {platform} is unknown, so the binaries cannot be checked against it",
            tags=triples_of(targets),
            evidence={"have": platform},
        )
    if wheel.promise.name and wheel.promise.name.variant:
        yield Problem(
            message=f"variant label {wheel.promise.name.variant} is from a draft (PEP 825)",
            evidence={"have": wheel.promise.name.variant},
        )


# Source: warehouse, forklift/legacy.py and utils/zipfiles.py, August 2026.
_INDEX_PLATFORMS = frozenset({
    "any", "win32", "win_arm64", "win_amd64", "win_ia64", "manylinux1_x86_64", "manylinux1_i686",
    "manylinux2010_x86_64", "manylinux2010_i686", "linux_armv6l", "linux_armv7l",
})  # fmt: skip
_INDEX_MANYLINUX = frozenset({
    "x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64", "ppc64"
})  # fmt: skip


def _pypi_accepts(target: Target) -> bool:
    """Whether PyPI accepts the platform tag."""
    platform = target.platform
    family, _, rest = platform.partition("_")
    if platform in _INDEX_PLATFORMS or target.system in ("ios", "android"):
        return True
    if family == "macosx" and target.floor:
        return not 16 <= target.floor[0] <= 25 and "fat32" not in rest
    if family == "manylinux2014":
        return rest in _INDEX_MANYLINUX - {"riscv64"}
    if family in ("manylinux", "musllinux"):
        arch = rest.split("_", 2)[-1]
        return arch in _INDEX_MANYLINUX and (family == "manylinux" or arch != "ppc64")
    return family == "pyemscripten"


@rule("WA105", "rejected-by-index", Family.TAGS, Severity.WARNING, remedies=("index-tag",))
def rejected_by_index(wheel: Wheel) -> Iterator[Problem]:
    """PyPI refuses a platform tag of the wheel.

    What it does:
        Compares the platform tags with those that PyPI accepts.

    Why it is bad:
        The upload fails. A wheel for a private index, or one that auditwheel will repair, is not affected.

    Example:
        `linux_x86_64` says nothing about the C library. `auditwheel repair` makes it a `manylinux` tag.

    How to fix:
        On Linux, repair the wheel. On other systems, use a tag that PyPI accepts.

    Known limits:
        Follows PyPI's code of August 2026; macOS versions after 26 are not judged. Project names, versions and sizes
        are not checked.

    References:
        warehouse, forklift/legacy.py and utils/zipfiles.py (PyPI's code); PEP 513, 600, 656, 730, 738, 783;
        docs/facts/tags-and-installers.md, "Tags that PyPI refuses".
    """
    for platform, targets in by_platform(wheel.targets).items():
        if not _pypi_accepts(targets[0]):
            yield Problem(
                message=f"PyPI refuses platform tag {platform}",
                tags=triples_of(targets),
                evidence={"have": platform},
                consequence=f"400 Binary wheel '{wheel.filename}' has an unsupported "
                f"platform tag '{platform}'.",
            )


_LEGACY = ("_intel", "_fat", "_fat3", "_fat32", "_fat64", "_universal", "_i386", "_ppc", "_ppc64")
"""How macOS tags end that promise i386 or PowerPC."""


@rule("WA107", "legacy-tag", Family.TAGS, Severity.NOTE)
def legacy_tag(wheel: Wheel) -> Iterator[Problem]:
    """A platform tag is for systems that no longer exist.

    What it does:
        Reports macOS tags for i386 and PowerPC, manylinux1, and Windows on Itanium.

    Why it is bad:
        The tag promises architectures on which nobody can test the wheel today, and for which often nothing was
        built.

    Example:
        `macosx_10_6_intel` promises i386 and x86_64.

    How to fix:
        Tag the wheel for the architectures that are in it: `macosx_10_9_x86_64`, `manylinux_2_17_x86_64`.

    Known limits:
        A legacy tag beside the tag that replaces it is reported too.

    References:
        PEP 513; packaging.tags.mac_platforms; docs/facts/tags-and-installers.md, "macOS tags".
    """
    for platform, targets in by_platform(wheel.targets).items():
        gone = targets[0].system == "macos" and platform.endswith(_LEGACY)
        if gone or platform == "win_ia64" or platform.startswith("manylinux1_"):
            yield Problem(
                message=f"platform tag {platform} is for systems that no longer exist",
                tags=triples_of(targets),
                evidence={"have": platform},
            )
