"""Which fact each rule rests on, and what a parser's reading of the member says to it. Pure: nothing is asked here.

A parser confirms, denies, or is silent. It is silent about all that it did not read: a slice that it does not
see, a file that it rejects, a key that its adapter leaves out. So a limit of a parser is never a denial.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from .._lib.typed import NamedTuple
from ..facts.wheel import libc_of
from ..image import HOOK_PREFIXES
from ..image.macho_layout import PLATFORMS
from ..model import Depth, Format, Image, VersionNeed

__all__ = ["CROSS_CHECKED", "RESTS_ON", "Fact", "Judgement", "Row", "judge"]

Row = Mapping[str, Any]
"""What a parser reads in one slice. Every key but the first may be missing:

offset: where the slice starts in the member, in bytes; machine: [machine number, Mach-O subtype without its
capability bits]; sub_abi: [ELF class in bits, little-endian, e_flags]; hybrid: `arm64ec`, `arm64x` or empty;
libraries: names that are needed; imports: names of symbols, `#N` for ordinals; hooks: exported names;
minos: [[platform number, X, Y, Z], ...]; signed: LC_CODE_SIGNATURE is there; interpreter, versions,
android_api: as in `model.ElfFacts`; partial: whether names may be missing from the lists; extent: the end of
the last section or segment, in bytes of the member.
A process that parses hostile bytes wrote it, so no value's type is trusted.
"""


class Fact(StrEnum):
    """A kind of fact that a parser can confirm."""

    MACHINE = "machine"
    """The machine of each slice, and which slices there are."""
    SUB_ABI = "sub_abi"
    HYBRID = "hybrid"
    LIBRARIES = "libraries"
    """The libraries that the finding names."""
    IMPORTS = "imports"
    """The symbols that the finding names."""
    HOOKS = "hooks"
    """All init hooks: a finding may rest on one that is missing."""
    VERSIONS = "versions"
    """The symbol versions that the finding names."""
    LIBC = "libc"
    MINOS = "minos"
    """The platform and its lowest version."""
    SIGNATURE = "signed"
    ANDROID_API = "android_api"
    DAMAGE = "damage"
    """Confirmed by a parser that rejects the file, or reads of parts behind its end. Never denied: most parsers
    take what a loader refuses."""


_MACHINE = (Fact.MACHINE,)
_LIBRARIES = (Fact.LIBRARIES,)
_DAMAGE = (Fact.DAMAGE,)
RESTS_ON: Mapping[str, tuple[Fact, ...]] = {
    "WA109": _LIBRARIES,
    "WA110": _MACHINE,
    "WA112": _MACHINE,
    "WA201": _MACHINE,
    "WA202": _MACHINE,
    "WA203": _MACHINE,
    "WA204": _MACHINE,
    "WA205": _MACHINE,
    "WA206": _MACHINE,
    "WA208": _MACHINE,
    "WA209": (Fact.MACHINE, Fact.HYBRID),
    "WA210": (Fact.MACHINE, Fact.HYBRID),
    "WA212": _MACHINE,
    "WA216": _MACHINE,
    "WA218": (Fact.MACHINE, Fact.SUB_ABI),
    "WA301": _LIBRARIES,
    "WA302": _LIBRARIES,
    "WA303": (Fact.LIBRARIES, Fact.IMPORTS),
    "WA304": _LIBRARIES,
    "WA305": _LIBRARIES,
    "WA306": _LIBRARIES,
    "WA308": _LIBRARIES,
    "WA309": _LIBRARIES,
    "WA311": _LIBRARIES,
    "WA312": _LIBRARIES,
    "WA315": (Fact.LIBRARIES, Fact.IMPORTS),
    "WA402": _MACHINE,
    "WA404": (Fact.HOOKS,),
    "WA408": (Fact.HOOKS,),
    "WA409": (Fact.IMPORTS,),
    "WA410": (Fact.IMPORTS,),
    "WA411": (Fact.IMPORTS,),
    "WA415": (Fact.HOOKS,),
    "WA501": (Fact.MINOS, Fact.IMPORTS),
    "WA502": (Fact.MINOS,),
    "WA503": (Fact.MINOS,),
    "WA505": (Fact.SIGNATURE,),
    "WA507": _LIBRARIES,
    "WA508": _LIBRARIES,
    "WA520": (Fact.VERSIONS,),
    "WA521": (Fact.LIBC,),
    "WA522": (Fact.VERSIONS,),
    "WA523": _LIBRARIES,
    "WA527": (Fact.ANDROID_API,),
    "WA801": _MACHINE,
    "WA901": _DAMAGE,
    "WA902": _DAMAGE,
    "WA903": _DAMAGE,
    "WA904": _DAMAGE,
    "WA905": _DAMAGE,
    "WA906": _DAMAGE,
    "WA908": _DAMAGE,
}
"""A code that is missing rests on names and on the archive alone, where no parser has a say."""

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
"""What is compared whole where no finding says what matters."""


class Judgement(NamedTuple):
    """What a parser says to one claim."""

    agrees: bool | None
    """None: the parser is silent."""
    fact: Fact = Fact.MACHINE
    image: Image | None = None
    """Of the slice in which it disagrees."""
    theirs: str = ""
    ours: str = ""
    name: str = ""
    """The library or symbol in dispute, as the file spells it; empty where it is a number."""


_SILENT = Judgement(None)
_CONFIRMED = Judgement(True)


def judge(
    facts: Iterable[Fact],
    images: Iterable[Image],
    rows: Iterable[Row],
    text: str | None,
    slice_: str | None = None,
) -> Judgement:
    """Return what a parser's reading of a member says to facts of its slices.

    It confirms where it confirms all of them, and denies where it denies one. A slice that no reader but dyld and
    we look for is left out.

    Args:
        facts: What is claimed. `Fact.DAMAGE` is no matter of rows.
        images: The member's slices as we read them.
        rows: The member's slices as the parser read them.
        text: The finding's words: names in it are what is claimed of a list. None claims the whole list.
        slice_: The architecture of the slice that is meant; None for all.
    """
    images = tuple(images)
    seen = {row.get("offset"): row for row in rows if isinstance(row.get("offset"), int)}
    visible = [
        image for image in images if slice_ in (None, image.arch) and not (image.macho and image.macho.hidden)
    ]
    answers: list[Judgement | None] = []
    for fact in facts:
        if fact is Fact.MACHINE and slice_ is None:
            answers.append(_judge_number(images, seen))
        answers += [_judge_one(fact, image, seen.get(image.offset), text) for image in visible]
    spoken = [answer for answer in answers if answer is not None]
    denied = next((answer for answer in spoken if answer.agrees is False), None)
    if denied is not None:
        return denied
    if spoken and all(answer.agrees for answer in spoken):
        return _CONFIRMED
    return _SILENT


def _judge_number(images: tuple[Image, ...], seen: Mapping[Any, Row]) -> Judgement | None:
    """Deny where the parser sees a slice that we do not: a finding may rest on its absence."""
    ours = {image.offset for image in images}
    for offset in sorted(seen):
        if images and offset not in ours and seen[offset].get("machine") is not None:
            theirs = f"a slice {_show(seen[offset]['machine'])} at byte {offset:#x}"
            return Judgement(False, Fact.MACHINE, images[0], theirs, "none")
    return None


def _judge_one(fact: Fact, image: Image, row: Row | None, text: str | None) -> Judgement | None:
    """Return the answer to one fact of one slice; None where the fact claims nothing here."""
    ours: Any
    if fact in _LISTS:
        return _judge_names(fact, image, row, text)
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


def _judge_names(fact: Fact, image: Image, row: Row | None, text: str | None) -> Judgement | None:
    ours = _names(fact, image)
    if ours is None:
        return None
    whole = text is None or fact is Fact.HOOKS
    words = _fold(text or "", image)
    claimed = [name for name in ours if whole or _fold(name, image) in words]
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
    """Return the names as we read them; None where they were not read."""
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
    """Return a name as it is compared: Windows does not tell case."""
    return name.lower() if image.format is Format.PE else name


# -- the rest --------------------------------------------------------------------------------------------------


def _judge_libc(image: Image, row: Row | None) -> Judgement | None:
    """Let the parser's strings decide on the C library as ours did."""
    if image.elf is None:
        return None
    parts = [row.get(key) if row else None for key in ("libraries", "versions", "interpreter")]
    libraries, versions, interpreter = parts
    if not isinstance(libraries, list) or not isinstance(versions, list) or not isinstance(interpreter, str):
        return _SILENT
    needs = tuple(VersionNeed("", name, False) for name in versions if isinstance(name, str))
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
