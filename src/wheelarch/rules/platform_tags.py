"""WA102, WA105, WA107: platform tags."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.platform_tags import OTHER_FAMILIES
from ..model import Severity
from ._tags import by_platform, triples_in
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["legacy_tag", "rejected_by_index", "unknown_platform"]


@rule("WA102", "unknown-platform", Severity.NOTE)
def unknown_platform(wheel: Wheel) -> Iterator[Problem]:
    """A platform tag or variant label is of a kind that we do not know.

    What it does:
        Names platform tags of unknown families and architectures, and variant labels (PEP 825, a draft).

    Why it is bad:
        Nothing can be demanded of the binaries then, so a wrong one would go unseen.

    Example:
        `foo-1.0-py3-none-win_x86_64.whl`: Windows on x64 is `win_amd64`.

    How to fix:
        Correct the tag if it is misspelled.

    Known limits:
        A tag that is newer than this version is reported as well.

    References:
        PEP 425, 600, 656, 730, 738, 783; PEP 825 (draft).
    """
    for platform, targets in by_platform(wheel.targets).items():
        system = targets[0].system
        known = system == "any" or (system == "other" and platform.partition("_")[0] in OTHER_FAMILIES)
        if known or (system != "other" and targets[0].arches):
            continue
        yield Problem(
            message=f"platform tag {platform} is unknown, so no machine can be demanded",
            tags=triples_in(targets),
            evidence={"have": platform},
        )
    if wheel.promise.name and wheel.promise.name.variant:
        yield Problem(
            message=f"variant label {wheel.promise.name.variant} follows a draft (PEP 825)",
            evidence={"have": wheel.promise.name.variant},
        )


_INDEX_PLATFORMS = frozenset({
    "any", "win32", "win_arm64", "win_amd64", "win_ia64", "manylinux1_x86_64", "manylinux1_i686",
    "manylinux2010_x86_64", "manylinux2010_i686", "linux_armv6l", "linux_armv7l",
})  # fmt: skip


_INDEX_MANYLINUX = frozenset({
    "x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64", "ppc64"
})  # fmt: skip


def _index_takes(target: Target) -> bool:
    """Whether PyPI takes the platform tag (its forklift and wheel checks, August 2026)."""
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


@rule("WA105", "rejected-by-index", Severity.WARNING, ("R3",))
def rejected_by_index(wheel: Wheel) -> Iterator[Problem]:
    """PyPI refuses a platform tag of the wheel.

    What it does:
        Compares the platform tags with those that PyPI takes.

    Why it is bad:
        The upload fails. A wheel that is meant for a private index or as input for auditwheel is not hurt.

    Example:
        `linux_x86_64` says nothing about the C library; `auditwheel repair` makes a `manylinux` tag of it.

    How to fix:
        On Linux repair the wheel; elsewhere use a tag that the index knows.

    Known limits:
        Follows PyPI's code of August 2026; macOS versions after 26 are not judged. Project names, versions
        and sizes are not compared.

    References:
        PyPI's upload code (forklift and wheel checks); PEP 513, 600, 656, 730, 738, 783.
    """
    for platform, targets in by_platform(wheel.targets).items():
        if not _index_takes(targets[0]):
            yield Problem(
                message=f"PyPI does not take platform tag {platform}",
                tags=triples_in(targets),
                evidence={"have": platform},
                consequence=f"400 Binary wheel '{wheel.filename}' has an unsupported "
                f"platform tag '{platform}'.",
                remedies=("R22",) if targets[0].system == "linux" else (),
            )


_LEGACY = ("_intel", "_fat", "_fat3", "_fat32", "_fat64", "_universal")


@rule("WA107", "legacy-tag", Severity.NOTE)
def legacy_tag(wheel: Wheel) -> Iterator[Problem]:
    """A platform tag belongs to systems that are gone.

    What it does:
        Names macOS tags for i386 and PowerPC, manylinux1, and Windows on Itanium.

    Why it is bad:
        It promises architectures that nothing current can check, and often nobody built for.

    Example:
        `macosx_10_6_intel` promises i386 and x86_64.

    How to fix:
        Tag the wheel for the architectures that are in it: `macosx_10_9_x86_64`, `manylinux_2_17_x86_64`.

    Known limits:
        A legacy tag beside its modern spelling is reported too.

    References:
        PEP 513; packaging.tags.mac_platforms.
    """
    for platform, targets in by_platform(wheel.targets).items():
        gone = targets[0].system == "macos" and platform.endswith((*_LEGACY, "_i386", "_ppc", "_ppc64"))
        if gone or platform == "win_ia64" or platform.startswith("manylinux1_"):
            yield Problem(
                message=f"platform tag {platform} belongs to systems that are gone",
                tags=triples_in(targets),
                evidence={"have": platform},
            )
