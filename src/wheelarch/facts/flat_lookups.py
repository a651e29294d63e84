"""Names that a Mach-O slice looks up in every image of the process, and what of the wheel could answer.

With `-undefined dynamic_lookup`, by which extension modules are linked because of Python's own functions, the linker
accepts any other missing name too. dyld then searches all images that are loaded (flat lookup), and refuses the file if
none has the name.

`asked_names` goes by what the images themselves show, and is nearly always empty. If it is not, the audit reads which
members export the names (`FlatLookups`), and `unanswered` says what is left.

Source: dyld, dyld/Loader.cpp, resolveSymbol; docs/facts/loaders.md, "How dyld finds a symbol".
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..model import Format, Image, Kind, Member, Role
from ..platforms.python_libraries import python_library
from ..platforms.systems import from_apple
from .machines import FORMAT_OF_SYSTEM
from .wheel import per_wheel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ..model import Machine, Symbol
    from .wheel import Wheel

__all__ = [
    "HANDFUL",
    "MOST_NAMES",
    "FlatLookup",
    "FlatLookups",
    "asked_names",
    "can_answer",
    "may_be_loaded_before",
    "may_bring",
    "unanswered",
]

_LOADED = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY)
_TWO_LEVEL = 0x80
"""MH_TWOLEVEL."""
_PYTHON = ("Py", "_Py")
MOST_NAMES = 200
"""How many names of one slice are looked at. If a whole library is missing, any of them shows it."""
_SOUGHT = 200_000
"""How many names, times slices, are looked for. Real wheels need some ten thousand."""
HANDFUL = 20
"""From so many names without an answer on, it is a design: something loads their owner first."""
_PURE = frozenset({
    "attrs", "certifi", "click", "colorama", "importlib-metadata", "importlib-resources", "jinja2", "packaging", "pip",
    "platformdirs", "pycparser", "python-dateutil", "pytz", "requests", "rich", "setuptools", "six", "tqdm",
    "typing-extensions", "wheel", "zipp",
})  # fmt: skip
"""Distributions without native code, or with none that others link against."""


class FlatLookups(NamedTuple):
    """What of a wheel could answer its flat lookups. It is only read if a lookup needs an answer."""

    exported: Mapping[tuple[str, int], frozenset[str]]
    """Which of `asked_names` each slice exports, by the member's path and the slice's offset. A slice that could not
    be read is missing."""
    preloads: bool
    """Python code of the wheel speaks of RTLD_GLOBAL, or could not all be searched."""


class FlatLookup(NamedTuple):
    """Names that one slice looks up flat."""

    member: Member
    image: Image
    kind: str
    """What another slice of the file does with them: `bound` to a library in the wheel, or at `@rpath` or
    `@loader_path`; bound to a library at an `absolute` path; `exported` by itself; or nothing (`nowhere`)."""
    names: tuple[str, ...]
    other: str = ""
    """The architecture of the other slice."""
    library: str = ""
    """The library to which the other slice binds the first name."""


def asked_names(wheel: Wheel) -> set[str]:
    """Return the names that some slice looks up flat and that need an answer.

    There are none if looking for all of them in all slices would take too long.
    """
    names = {name for lookup in _lookups(wheel) for name in lookup.names}
    slices = sum(can_answer(image) for member in wheel.members for image in member.images) if names else 0
    return names if len(names) * slices <= _SOUGHT else set()


def can_answer(image: Image) -> bool:
    """Whether a process of Python can have the image, so that its exports count."""
    return image.macho is not None and image.kind in (Kind.SHARED_LIBRARY, Kind.BUNDLE)


@per_wheel
def unanswered(wheel: Wheel) -> list[FlatLookup]:
    """Return the flat lookups for which no image of the wheel has the name.

    Nothing is returned if the exports of an image that could answer are not known.
    """
    if wheel.flat_lookups is None:
        return []
    exported = wheel.flat_lookups.exported
    # The names that the images for a machine export; None if those of one are not known.
    by_machine: dict[Machine, set[str] | None] = {}
    for member in wheel.members:
        for image in member.images:
            if can_answer(image):
                names = exported.get((member.path, image.offset))
                held = by_machine.setdefault(image.machine, set())
                if names is None:
                    by_machine[image.machine] = None
                elif held is not None:
                    held |= names
    left: list[FlatLookup] = []
    for lookup in _lookups(wheel):
        answers = by_machine.get(lookup.image.machine, set())
        if answers is not None:
            left += _split(lookup, [name for name in lookup.names if name not in answers], exported)
    return left


def _split(
    lookup: FlatLookup, names: list[str], exported: Mapping[tuple[str, int], frozenset[str]]
) -> Iterator[FlatLookup]:
    """Yield a lookup with the names that are left, those apart that another slice exports."""
    if lookup.kind == "nowhere":
        for other in lookup.member.images:
            own = (
                exported.get((lookup.member.path, other.offset), frozenset())
                if other is not lookup.image
                else ()
            )
            held = tuple(name for name in names if name in own)
            if held:
                yield lookup._replace(kind="exported", names=held, other=other.arch)
                names = [name for name in names if name not in held]
    if names:
        yield lookup._replace(names=tuple(names))


_RETIRED = frozenset({"x86", "ppc", "ppc64"})
"""Machines of Macs for which there is no Python any more: a slice for them that cannot load harms nobody."""


@per_wheel
def _lookups(wheel: Wheel) -> list[FlatLookup]:
    """Return the flat lookups that need an answer, by what the images themselves show."""
    machines = {
        arch
        for target in wheel.targets
        if FORMAT_OF_SYSTEM.get(target.system) is Format.MACHO
        for arch in target.arches
    } - _RETIRED
    found: list[FlatLookup] = []
    for member in wheel.members:
        if member.role in _LOADED:
            for image in member.images:
                if image.macho is not None and image.arch in machines and not image.damaged:
                    names = [symbol.name for symbol in image.imported if symbol.lookup and _is_flat(symbol)]
                    if names:
                        found += _sort(member, image, names)
    return found


def _is_flat(symbol: Symbol) -> bool:
    """Whether any image, or only the asking one, must have the name."""
    name = symbol.name
    return (
        symbol.lookup in ("flat", "self")
        and not symbol.weak
        and not name.startswith(_PYTHON)
        and not name.startswith("__Py")
        and name.isascii()
    )


def _sort(member: Member, image: Image, names: list[str]) -> Iterator[FlatLookup]:
    """Yield the names of one slice by kind."""
    # Only here, because nearly no wheel gets this far.
    from ..platforms.apple_symbols import may_be_apples

    others = [one for one in member.images if one is not image and one.macho is not None and not one.damaged]
    bound = {
        symbol.name: (symbol.library, one.arch) for one in others for symbol in one.imported if symbol.library
    }
    kinds: dict[tuple[str, str], list[str]] = {}
    nowhere = []
    for name in names:
        library, arch = bound.get(name, ("", ""))
        if not library:
            nowhere.append(name)
        elif not from_apple(library) and python_library(library) is None:
            kinds.setdefault(("absolute" if library.startswith("/") else "bound", arch), []).append(name)
    for (kind, arch), some in kinds.items():
        yield FlatLookup(member, image, kind, tuple(some[:MOST_NAMES]), arch, bound[some[0]][0])
    two_level = image.macho is not None and image.macho.flags & _TWO_LEVEL
    alone = all({symbol.name for symbol in one.imported}.issuperset(nowhere) for one in others)
    if not two_level or (alone and len(names) >= HANDFUL):
        return
    frameworks = any(needed.startswith("/System/") for needed in image.needed)
    nowhere = [name for name in nowhere if not may_be_apples(name, frameworks)]
    if nowhere:
        yield FlatLookup(member, image, "nowhere", tuple(nowhere[:MOST_NAMES]))


def may_be_loaded_before(wheel: Wheel, image: Image, library: str = "") -> bool:
    """Whether another image of the wheel brings a library from outside into the process of a slice.

    Args:
        wheel: The wheel.
        image: The slice.
        library: The install name of that library; empty for any.
    """
    return any(
        edge.image.machine is image.machine
        and edge.image.macho is not None
        and not edge.found
        and not from_apple(edge.name)
        and python_library(edge.name) is None
        and library in ("", edge.name)
        for edge in wheel.edges
    )


def may_bring(requires: Collection[str], name: str = "") -> bool:
    """Whether a distribution that is always installed with the wheel may have native code that answers a flat lookup.

    Args:
        requires: `DistInfo.requires`.
        name: The name that is looked up; empty for any.
    """
    for line in requires:
        requirement, _, marker = line.partition(";")
        end = next(
            (at for at, letter in enumerate(requirement) if not (letter.isalnum() or letter in "-_.")), None
        )
        project = requirement[:end].lower().replace("_", "-").replace(".", "-")
        if "extra" in marker or project in _PURE:
            continue
        # numpy exports only its math functions.
        if project != "numpy" or not name or name.startswith("npy_"):
            return True
    return False
