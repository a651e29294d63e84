"""Compares the facts behind a finding with what a parser reads in the member. No parser is asked here.

A parser confirms, denies, or is silent. It is silent about everything that it did not read: a slice that it does not
see, a file that it rejects, a key that its adapter leaves out. So a limit of a parser is never a denial.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._lib.typed import NamedTuple
from ..facts.libc import libc_of
from ..image import HOOK_PREFIXES
from ..image.macho_layout import PLATFORMS
from ..model import Depth, Fact, Format, Image, VersionNeed

__all__ = ["CROSS_CHECKED", "Judgement", "Row", "judge"]

Row = Mapping[str, Any]
"""What a parser reads in one slice. Every key but the first may be missing:

offset: where the slice starts in the member, in bytes; machine: [machine number, Mach-O subtype without its
capability bits]; sub_abi: [ELF class in bits, little-endian, e_flags]; hybrid: `arm64ec`, `arm64x` or empty;
libraries: names that are needed; imports: names of symbols, `#N` for ordinals; hooks: exported names;
minos: [[platform number, X, Y, Z], ...]; signed: LC_CODE_SIGNATURE is there; interpreter, versions,
android_api: as in `model.ElfFacts`; partial: whether names may be missing from the lists; extent: the end of
the last section or segment, in bytes of the member.
It comes from a process that parses hostile bytes, so the type of a value is never trusted.
"""


CROSS_CHECKED = (
    Fact.MACHINE,
    Fact.SUB_ABI,
    Fact.HYBRID,
    Fact.LIBRARIES,
    Fact.HOOKS,
    Fact.VERSIONS,
    Fact.MINOS,
    Fact.SIGNATURE,
    Fact.ANDROID_API,
)
"""What is compared completely if no finding says what matters."""


class Judgement(NamedTuple):
    """What a parser says about one claim."""

    agrees: bool | None
    """None: the parser is silent."""
    fact: Fact = Fact.MACHINE
    image: Image | None = None
    """The offset of the slice in which it disagrees."""
    theirs: str = ""
    ours: str = ""
    name: str = ""
    """The library or symbol in dispute, as the file spells it; empty if it is a number."""


_SILENT = Judgement(None)
_CONFIRMED = Judgement(True)


def judge(
    facts: Iterable[Fact],
    images: Iterable[Image],
    rows: Iterable[Row],
    claims: Iterable[tuple[Fact, str]] | None,
    slice_: str | None = None,
) -> Judgement:
    """Return what a parser's reading of a member says about facts of its slices.

    It confirms if it confirms all of them, and denies if it denies one. A slice that only dyld and we look for is
    left out.

    Args:
        facts: What is claimed. Rows say nothing about `Fact.DAMAGE`.
        images: The member's slices as we read them.
        rows: The member's slices as the parser read them.
        claims: The names that the finding rests on. None claims whole lists.
        slice_: The architecture of the claimed slice; None for all.
    """
    images = tuple(images)
    claims = None if claims is None else tuple(claims)
    seen = {row.get("offset"): row for row in rows if isinstance(row.get("offset"), int)}
    visible = [
        image for image in images if slice_ in (None, image.arch) and not (image.macho and image.macho.hidden)
    ]
    answers: list[Judgement | None] = []
    for fact in facts:
        if fact is Fact.MACHINE and slice_ is None:
            answers.append(_judge_number(images, seen))
        answers += [_judge_one(fact, image, seen.get(image.offset), claims) for image in visible]
    spoken = [answer for answer in answers if answer is not None]
    denied = next((answer for answer in spoken if answer.agrees is False), None)
    if denied is not None:
        return denied
    if spoken and all(answer.agrees for answer in spoken):
        return _CONFIRMED
    return _SILENT


def _judge_number(images: tuple[Image, ...], seen: Mapping[Any, Row]) -> Judgement | None:
    """Deny if the parser sees a slice that we do not: a finding may depend on its absence."""
    ours = {image.offset for image in images}
    for offset in sorted(seen):
        if images and offset not in ours and seen[offset].get("machine") is not None:
            theirs = f"a slice {_show(seen[offset]['machine'])} at byte {offset:#x}"
            return Judgement(False, Fact.MACHINE, images[0], theirs, "none")
    return None


def _judge_one(
    fact: Fact, image: Image, row: Row | None, claims: tuple[tuple[Fact, str], ...] | None
) -> Judgement | None:
    """Return the answer to one fact of one slice; None if the fact claims nothing here."""
    ours: Any
    if fact in _LISTS:
        return _judge_names(fact, image, row, claims)
    if fact is Fact.MACHINE:
        ours = [image.code, image.macho.cpusubtype & 0xFFFFFF if image.macho else 0]
    elif fact is Fact.SUB_ABI:
        ours = [image.bits, image.elf.little_endian, image.elf.flags] if image.elf else None
    elif fact is Fact.HYBRID:
        hybrid = image.variant if image.variant in ("arm64ec", "arm64x") else ""
        ours = hybrid if hybrid or (image.pe and image.depth >= Depth.LINKAGE) else None
    elif fact is Fact.SIGNATURE:
        ours = image.macho.signature is not None if image.macho else None
    elif fact is Fact.ANDROID_API:
        ours = image.elf.android_api if image.elf else None
    elif fact is Fact.LIBC:
        return _judge_libc(image, row)
    elif fact is Fact.MINOS:
        return _judge_minos(image, row)
    else:
        return None
    if ours is None:
        return None
    theirs = row.get(fact.value) if row else None
    if theirs is None:
        return _SILENT
    return _CONFIRMED if theirs == ours else Judgement(False, fact, image, _show(theirs), _show(ours))


# -- lists of names --------------------------------------------------------------------------------------------

_LISTS = (Fact.LIBRARIES, Fact.IMPORTS, Fact.HOOKS, Fact.VERSIONS)
_PREFIXES = tuple(prefix.decode() for prefix in HOOK_PREFIXES if prefix != b"init")


def _judge_names(
    fact: Fact, image: Image, row: Row | None, claims: tuple[tuple[Fact, str], ...] | None
) -> Judgement | None:
    ours = _names(fact, image)
    if ours is None:
        return None
    whole = claims is None or fact is Fact.HOOKS
    named = {_fold(name, image) for claimed, name in claims or () if claimed is fact}
    claimed = [name for name in ours if whole or _fold(name, image) in named]
    if not whole and not claimed:
        return None
    read = row.get(fact.value) if row else None
    if not isinstance(read, list):
        return _SILENT
    theirs = {_fold(name, image): name for name in read if isinstance(name, str)}
    partial = row is not None and row.get("partial") is True
    for name in claimed:
        if _fold(name, image) not in theirs:
            if partial:
                return _SILENT
            return Judgement(False, fact, image, f"no {name}", name, name)
    if whole:
        held = {_fold(name, image) for name in ours}
        for folded, name in theirs.items():
            if folded not in held and (fact is not Fact.HOOKS or name.startswith(_PREFIXES)):
                return Judgement(False, fact, image, name, f"no {name}", name)
    return _CONFIRMED


def _names(fact: Fact, image: Image) -> list[str] | None:
    """Return the names as we read them; None if they were not read."""
    unread = image.depth < (Depth.SYMBOLS if fact is Fact.IMPORTS else Depth.LINKAGE)
    if unread and not (fact is Fact.LIBRARIES and image.format is Format.MACHO):
        return None
    if fact is Fact.LIBRARIES:
        return list(image.needed)
    if fact is Fact.IMPORTS:
        return [symbol.name for symbol in image.imported]
    if fact is Fact.HOOKS:
        return list(image.hooks)
    return [need.version for need in image.elf.version_needs] if image.elf else None


def _fold(name: str, image: Image) -> str:
    """Return a name as it is compared: Windows ignores case."""
    return name.lower() if image.format is Format.PE else name


# -- the rest --------------------------------------------------------------------------------------------------


def _judge_libc(image: Image, row: Row | None) -> Judgement | None:
    """Decide on the C library by the parser's strings, as we did by ours."""
    if image.elf is None:
        return None
    keys = ("libraries", "versions", "version_owners", "interpreter")
    libraries, versions, owners, interpreter = (row.get(key) if row else None for key in keys)
    if not isinstance(libraries, list) or not isinstance(versions, list) or not isinstance(interpreter, str):
        return _SILENT
    if not isinstance(owners, list) or len(owners) != len(versions):
        return _SILENT
    needs = tuple(
        VersionNeed(owner, name, False)
        for owner, name in zip(owners, versions, strict=True)
        if isinstance(owner, str) and isinstance(name, str)
    )
    android_api = image.elf.android_api if row and row.get("android_api") is not None else None
    elf = image.elf._replace(interpreter=interpreter, version_needs=needs, android_api=android_api)
    names = tuple(name for name in libraries if isinstance(name, str))
    theirs, ours = libc_of(image._replace(elf=elf, needed=names)), libc_of(image)
    if theirs == ours:
        return _CONFIRMED
    return Judgement(False, Fact.LIBC, image, theirs or "none", ours or "none")


def _judge_minos(image: Image, row: Row | None) -> Judgement | None:
    """Compare all build versions: a zippered library has two, and each must be there."""
    if image.macho is None:
        return None
    read = row.get(Fact.MINOS.value) if row else None
    if not isinstance(read, list) or not read:
        return _SILENT
    theirs = {_build(one) for one in read}
    ours = {(build.platform, build.minos) for build in image.macho.build_versions}
    if ours and ours <= theirs:
        return _CONFIRMED
    return Judgement(False, Fact.MINOS, image, _builds(theirs), _builds(ours))


def _build(one: Any) -> tuple[str, tuple[int, ...]]:
    if not isinstance(one, list) or len(one) != 4 or not all(isinstance(number, int) for number in one):
        return "", ()
    return PLATFORMS.get(one[0], f"platform-{one[0]}"), tuple(one[1:])


def _builds(builds: Iterable[tuple[str, tuple[int, ...]]]) -> str:
    return ", ".join(sorted(f"{name} {'.'.join(map(str, version))}" for name, version in builds)) or "none"


def _show(value: object) -> str:
    """Return a value of a header as text: a machine and flags in hexadecimal, as specifications list them."""
    if isinstance(value, list):
        return " ".join(_show(part) for part in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return hex(value)
    return str(value)[:200] or "none"
