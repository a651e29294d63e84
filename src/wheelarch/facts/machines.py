"""Which machine a binary is for, and which machines the tags demand.

A machine is an architecture as `Image.arch` names it (`x86_64`). The functions compare it with `Target.arches` and with
what file names claim.
"""

from __future__ import annotations

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..model import Format, Image, Kind, Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..metadata.promise import Target


__all__ = [
    "CLR_ILONLY",
    "DARWIN_NAMES",
    "FORMAT_OF_SYSTEM",
    "arch_token",
    "demanded_arches",
    "fits",
    "is_loadable",
    "is_managed",
    "serves",
]

FORMAT_OF_SYSTEM: Mapping[str, Format] = {
    "windows": Format.PE,
    "mingw": Format.PE,
    "macos": Format.MACHO,
    "ios": Format.MACHO,
    "linux": Format.ELF,
    "android": Format.ELF,
    "wasm": Format.WASM,
}
"""What the loader of each system takes; `any` and `other` are missing."""


DARWIN_NAMES: Mapping[str, str] = {"x86": "i386", "arm": "armv7"}
"""What dyld calls an architecture, if its name differs from ours (dyld mach_o/Architecture.cpp)."""


def demanded_arches(targets: Iterable[Target], system: str) -> tuple[str, ...]:
    """Return each architecture that the live triples of one system demand, once and in their order."""
    found: dict[str, None] = {}
    for target in targets:
        if target.system == system:
            found.update(dict.fromkeys(target.arches))
    return tuple(found)


def serves(image: Image, arch: str) -> bool:
    """Whether a process of this architecture can load the image, apart from its sub-ABI (`Image.variant`).

    ARM64X serves ARM64 (Microsoft, Arm64X PE files); ARM64EC, arm64e and x86_64h serve only their own kind.
    """
    return image.arch == arch or (image.variant == "arm64x" and arch == "arm64")


def fits(member: Member, targets: Sequence[Target]) -> bool:
    """Whether a process of at least one live triple can load one of the member's images."""
    return any(
        image.format is FORMAT_OF_SYSTEM.get(target.system)
        and any(serves(image, arch) for arch in target.arches)
        for image in member.images
        for target in targets
    )


_ARCH_TOKENS: Mapping[str, str] = {
    "x86": "x86", "i386": "x86", "i486": "x86", "i586": "x86", "i686": "x86",
    "x86_64": "x86_64", "x86-64": "x86_64", "x64": "x86_64", "amd64": "x86_64",
    "arm64": "arm64", "aarch64": "arm64", "arm64ec": "arm64ec", "armv7": "arm", "armv7l": "arm", "armhf": "arm",
    "ppc64le": "ppc64le", "powerpc64le": "ppc64le", "s390x": "s390x", "riscv64": "riscv64",
    "loongarch64": "loongarch64",
}  # fmt: skip


_ARCH_TOKEN = pattern(
    r"(?:^|(?<=[-_./]))(" + "|".join(sorted(_ARCH_TOKENS, key=len, reverse=True)) + r")(?=[-_./]|$)"
)


def arch_token(name: str) -> str | None:
    """Return the architecture that a file name claims, as `Image.arch` spells it, or None for none or several.

    Args:
        name: The last component of a path. Folders claim too much: `x86/arm64/tool` belongs to a family.
    """
    lower = name.lower()
    claimed = {_ARCH_TOKENS[token] for token in _ARCH_TOKEN.findall(lower)}
    return claimed.pop() if len(claimed) == 1 else None


CLR_ILONLY = 0x1
"""COMIMAGE_FLAGS_ILONLY (ECMA-335 II.25.3.3.1)."""


def is_managed(image: Image) -> bool:
    """Whether the image is .NET code without native code: no native loader reads its machine field."""
    facts = image.pe
    if facts is None:
        return False
    return bool(facts.readytorun_os) or (facts.clr_flags is not None and bool(facts.clr_flags & CLR_ILONLY))


def is_loadable(image: Image) -> bool:
    """Whether a process can load the image, whatever its machine: a program or an archive cannot be loaded."""
    return image.kind in (Kind.SHARED_LIBRARY, Kind.BUNDLE, Kind.MODULE)
