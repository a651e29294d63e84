"""Builds of one helper for several machines, which differ in the names of machines and systems in their paths.

A path without these names is the key of its family: `pkg/attach_x86.dll` and `pkg/attach_amd64.dll` have the same.
"""

from __future__ import annotations

import re

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..metadata.member_paths import NATIVE_ENDS
from .machines import fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..metadata.promise import Target
    from ..model import Member


__all__ = ["family_arches", "family_key", "find_families"]

_FAMILY_TOKENS = pattern(
    r"""(?:^|(?<=[-_./]))(?:x86[-_]64|x86|i[3-6]86|x32|win32|x64|amd64|win64|arm64ec|arm64|aarch64|armv[67]l?|armhf|arm
            |ppc64le|s390x|riscv64|loongarch64|linux|windows|win|macosx?|mac|darwin|osx|musl|gnu|msvc|universal2?)
        (?=[-_./]|$)
      | (?<![0-9])(?:32|64)(?:-?bits?)?(?![0-9])
      | (?<=[a-z])(?:x86_64|amd64|arm64|aarch64|win32|win64)(?=[-_.]|$)""",
    re.VERBOSE | re.IGNORECASE,
)
_SEPARATORS = pattern(r"[-_.]+")


def family_key(path: str) -> str:
    """Return the path without the tokens for machines and systems: it is the same for all members of a family."""
    native = path.lower().endswith(NATIVE_ENDS)
    folders, slash, name = (path.rpartition(".")[0] if native else path).rpartition("/")
    key = _FAMILY_TOKENS.sub("", folders + slash + name.removeprefix("lib"))
    return "/".join(filter(None, (_SEPARATORS.sub("", part) for part in key.split("/")))).lower()


def _several_machines(members: Iterable[Member]) -> bool:
    """Whether the images are for more than one machine. Few wheels have such, so few need the groups."""
    images = (image for member in members for image in member.images)
    first = next(images, None)
    return first is not None and any(
        image.machine is not first.machine
        or image.format is not first.format
        or image.variant != first.variant
        for image in images
    )


def find_families(members: Sequence[Member], targets: Sequence[Target]) -> set[str]:
    """Return the paths of the members that belong to families for several machines.

    A family is at least two members for at least two machines whose paths differ only in tokens for machines or
    systems, if one of them fits a tag. In a wheel for `any` platform every member fits.

    Source: docs/facts/tags-and-installers.md, "Families of files for several machines".
    """
    if not _several_machines(members):
        return set()
    groups: dict[str, list[Member]] = {}
    for member in members:
        groups.setdefault(family_key(member.path), []).append(member)
    anywhere = any(target.system == "any" for target in targets)
    found: set[str] = set()
    for group in groups.values():
        machines = {(image.format, image.arch) for member in group for image in member.images}
        if (
            len(group) > 1
            and len(machines) > 1
            and (anywhere or any(fits(member, targets) for member in group))
        ):
            found.update(member.path for member in group)
    return found


def family_arches(members: Sequence[Member]) -> dict[str, set[str]]:
    """Return by path the architectures of a member and of those whose paths differ from it only in tokens."""
    groups: dict[str, list[Member]] = {}
    for member in members:
        groups.setdefault(family_key(member.path), []).append(member)
    return {
        member.path: {image.arch for other in group for image in other.images}
        for group in groups.values()
        for member in group
    }
