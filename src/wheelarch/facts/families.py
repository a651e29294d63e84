"""Builds of one helper for several machines, which differ in the names of machines and systems in their paths.

A path without these names is the key of its family: `pkg/attach_x86.dll` and `pkg/attach_amd64.dll` have the same.
A folder that is named for another machine and has only files for it is a family's too: no process of the tags loads
them.
"""

from __future__ import annotations

import re

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..metadata.extension_names import parse_extension_name
from ..metadata.member_paths import NATIVE_ENDS
from ..model import Format
from .machines import FORMAT_OF_SYSTEM, arch_token, fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..loading.graph import Edge
    from ..metadata.promise import Target
    from ..model import Member


__all__ = ["family_arches", "family_key", "find_families", "in_folders_of_other_machines"]

_FAMILY_TOKENS = pattern(
    r"""(?:^|(?<=[-_./]))(?:x86[-_]64|x86|i[3-6]86|x32|win32|x64|amd64|win64|arm64ec|arm64|aarch64|armv[67]l?|armhf|arm
            |ppc64le|s390x|riscv64|loongarch64|linux|windows|win|macosx?|mac|darwin|osx|musl|gnu|msvc|universal2?
            |freebsd|openbsd|netbsd|dragonfly|illumos|solaris|sunos)
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


_FOLDERS = 16
"""How many of the folders around a file are looked at."""
_PLAIN_WORDS = frozenset(
    {"lib", "libs", "bin", "native", "runtimes", "plugins", "abi", "v7a", "v8a", "armeabi"}
)
"""What the name of a folder for one machine may have besides the names of machines and systems."""
_FORMATS_OF_WORDS = {
    "linux": Format.ELF, "musl": Format.ELF, "gnu": Format.ELF, "windows": Format.PE, "win": Format.PE,
    "win32": Format.PE, "win64": Format.PE, "msvc": Format.PE, "mac": Format.MACHO, "macos": Format.MACHO,
    "macosx": Format.MACHO, "darwin": Format.MACHO, "osx": Format.MACHO,
}  # fmt: skip
_OTHER_NAMES = {"win32": "x86", "win64": "x86_64", "arm64x": "arm64x"}
"""Names of architectures that only folders have."""
_LOADED_WITH = {"arm64ec": ("arm64ec", "arm64x", "x86_64"), "arm64x": ("arm64x", "arm64", "arm64ec")}
"""What a process of an architecture loads. By its header alone, an ARM64EC library looks like one for x64."""


def _claims_of(folder: str) -> tuple[str, Format | None] | None:
    """Return the architecture that a folder is named for, and the format of the system; None for other folders."""
    lower = folder.lower()
    rest = _FAMILY_TOKENS.sub(" ", lower.replace("arm64x", "arm64"))
    if not _PLAIN_WORDS.issuperset(_SEPARATORS.sub(" ", rest).split()):
        return None
    words = _SEPARATORS.sub(" ", lower).split()
    arch = arch_token(folder) or next((named for word, named in _OTHER_NAMES.items() if word in words), None)
    formats = {_FORMATS_OF_WORDS[word] for word in words if word in _FORMATS_OF_WORDS}
    if arch is None or len(formats) > 1:
        return None
    return arch, formats.pop() if formats else None


def in_folders_of_other_machines(
    members: Sequence[Member], targets: Sequence[Target], edges: Iterable[Edge]
) -> set[str]:
    """Return the paths of the members that other processes load than those of the tags, as their folders say.

    Such a folder is named for one architecture, alone or with a system, that no tag demands, and every file below it is
    for that architecture. So a package that only has such a name (`win32/` of pywin32) is not one. A file does not
    count if its own name gives another architecture, if a file outside the folder needs it, or if nothing else in the
    wheel fits the tags.

    Source: docs/facts/tags-and-installers.md, "Families of files for several machines".
    """
    if not _several_machines(members):
        return set()
    demanded = {
        (FORMAT_OF_SYSTEM[target.system], arch)
        for target in targets
        if target.system in FORMAT_OF_SYSTEM
        for arch in target.arches
    }
    if not demanded or not any(fits(member, targets) for member in members):
        return set()
    claims: dict[str, tuple[str, Format | None] | None] = {}
    below: dict[str, list[Member]] = {}
    for member in members:
        folders = member.path.split("/")[:-1]
        for index in range(max(len(folders) - _FOLDERS, 0), len(folders)):
            name = folders[index]
            if name not in claims:
                claims[name] = _claims_of(name)
            if claims[name] is not None:
                below.setdefault("/".join(folders[: index + 1]), []).append(member)
    found: set[str] = set()
    for folder, inside in below.items():
        arch, format_ = claims[folder.rpartition("/")[2]] or ("", None)
        own = _LOADED_WITH.get(arch, (arch,))
        images = [image for member in inside for image in member.images]
        if not all(image.arch in own and format_ in (None, image.format) for image in images):
            continue
        if format_ is None and any(arch == one for _, one in demanded):
            continue
        for member in inside:
            foreign = all((image.format, image.arch) not in demanded for image in member.images)
            if member.images and foreign and _says_no_other(member, arch):
                found.add(member.path)
    if found:
        found -= {library.path for edge in edges if edge.loader.path not in found for library in edge.found}
    return found


def _says_no_other(member: Member, arch: str) -> bool:
    """Whether the file's name gives no other architecture; x64 processes load ARM64EC and ARM64X files."""
    parsed = parse_extension_name(member.name)
    named = arch_token(parsed.platform if parsed and parsed.platform else member.name)
    return named in (None, arch) or (named == "x86_64" and arch in ("arm64ec", "arm64x"))


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
