"""What a process finds when it loads one file of the wheel: the simulated loader.

`load` starts at a root (an extension module, a library that Python code opens, a program), and goes through what it
needs in the order in which the system's loader does. Each `Step` says which file answered a need, or what has to bring
the library because the wheel does not. `outcome` sums the steps up.

The searches themselves are in `graph`. This module adds what depends on the root: run paths that loaders hand down, and
names that are answered because the library is in the process already. No file is read here.
"""

from __future__ import annotations

from collections import deque
from enum import StrEnum
from itertools import islice
from posixpath import dirname

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..metadata.member_paths import installed_path
from ..model import Format, Image, Member
from .graph import Edge, answered, can_load, inherits, run_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


__all__ = [
    "OPEN",
    "Answer",
    "Load",
    "Outcome",
    "Step",
    "Steps",
    "Surroundings",
    "alone",
    "load",
    "needs_by_image",
    "outcome",
]


class Answer(StrEnum):
    """What answers a need."""

    WHEEL = "wheel"
    """A file of the wheel, found by the loader's search."""
    LOADED = "loaded"
    """A file of the wheel that the same load found before, under this name."""
    SYSTEM = "system"
    PYTHON = "python"
    """The interpreter: its library, or what is beside it."""
    DISTRIBUTION = "distribution"
    """Another distribution, which METADATA requires or which is known to bring it."""
    SOFTWARE = "software"
    """Software that users install, a device driver for example."""
    RUNTIME = "runtime"
    """The Visual C++ Redistributable, which not every Windows has."""
    PRELOADED = "preloaded"
    """The wheel has it where no search leads; it answers if Python code loads it first."""
    UNLED = "unled"
    """The wheel has it where no search leads, and the loader would not take it if it were loaded first."""
    UNFIT = "unfit"
    """The search finds a file that the process cannot load, and nothing else."""
    UNKNOWN = "unknown"
    """Nothing that is known of brings it."""
    LOST = "lost"
    """Nothing can bring it: the name was made for this wheel, or is a path that only the build machine has."""


OPEN = frozenset(Answer) - {Answer.WHEEL, Answer.LOADED, Answer.SYSTEM, Answer.PYTHON}
"""Answers that the wheel and the systems of its tags do not give."""


class Outcome(StrEnum):
    """How a load ends."""

    LOADS = "loads"
    DEPENDS = "depends"
    """On something outside of the wheel and of the systems that its tags promise."""
    FAILS = "fails"


class Step(NamedTuple):
    """One need of one slice, and what answers it."""

    loader: Member
    image: Image
    name: str
    """DLL name, install name or soname, as the file spells it."""
    answer: Answer
    by: str = ""
    """Path of the member, name of the distribution or of the software."""
    optional: bool = False
    """The slice loads without the library."""
    triples: tuple[str, ...] = ()
    """Of an open answer: the tags for whose systems it holds."""
    folders: Iterable[str] = ()
    """Where the loader looked below site-packages, in its order."""


class Load(NamedTuple):
    """How the load of one slice of a root goes."""

    root: Member
    image: Image
    triples: tuple[str, ...]
    """The tags whose processes load the slice."""
    steps: tuple[Step, ...]
    """All, or those with an open answer."""

    @property
    def outcome(self) -> Outcome:
        """How it ends."""
        return outcome(self.steps)


class Steps:
    """How many steps may still be taken in one wheel: a hostile one has many roots that need many libraries."""

    __slots__ = ("left",)

    def __init__(self, left: int = 100_000) -> None:
        self.left = left


class Surroundings(NamedTuple):
    """What a load meets, the same for all roots of a wheel."""

    needs: Mapping[tuple[str, int], Sequence[Edge]]
    """What each image needs (`needs_by_image`)."""
    copies: Mapping[str, Sequence[Member]]
    """The members by every name that can ask for them (`graph.by_name`)."""
    outside: Callable[[Edge], tuple[Answer, str, tuple[str, ...]]]
    """What answers a need that no file of the wheel answers, by whom, and for which tags."""
    musl: bool = False
    """Whether musl loads the ELF files that do not show their C library."""


def needs_by_image(edges: Iterable[Edge]) -> dict[tuple[str, int], list[Edge]]:
    """Return the edges by the path and the identity of the image that asks."""
    needs: dict[tuple[str, int], list[Edge]] = {}
    for edge in edges:
        needs.setdefault((edge.loader.path, id(edge.image)), []).append(edge)
    return needs


def outcome(steps: Iterable[Step]) -> Outcome:
    """Return how a load ends that takes these steps. Needs without which a slice loads do not count."""
    answers = {step.answer for step in steps if not step.optional}
    if not answers.isdisjoint((Answer.LOST, Answer.UNFIT)):
        return Outcome.FAILS
    return Outcome.LOADS if answers.isdisjoint(OPEN) else Outcome.DEPENDS


class _Loaded(NamedTuple):
    """An image in the process."""

    member: Member
    image: Image
    folders: Mapping[str, None]
    """Where its run paths lead, and those that are handed down to it, in the loader's order."""
    handed: Mapping[str, None]
    """The run paths that it hands down."""
    optional: bool
    """The root loads without it."""


def load(root: Member, image: Image, around: Surroundings, budget: Steps) -> Iterator[Step]:
    """Yield what happens when a process loads one slice of a file, in the loader's order: breadth first.

    Args:
        root: The file that Python, ctypes or the system is asked to load.
        image: One of its slices.
        around: What the load meets.
        budget: Shared by the roots of a wheel; the steps end when it is spent.

    Source: glibc elf/dl-deps.c (_dl_map_object_deps); musl ldso/dynlink.c (load_deps); dyld JustInTimeLoader.cpp
    (loadDependents); Microsoft, Dynamic-link library search order.
    """
    loaded = dict.fromkeys(_names(root, image, around.musl), root)
    entered = {(root.path, id(image)): False}
    """The images in the process, and whether they are there only for needs without which their loaders load."""
    waiting = deque([_enter(root, image, {}, around)])
    while waiting:
        asking = waiting.popleft()
        budget.left -= len(asking.folders)
        for edge in around.needs.get((asking.member.path, id(asking.image)), ()):
            budget.left -= 1
            if budget.left < 0:
                return
            step, library = _step(edge, asking, loaded, around)
            yield step
            if library is None:
                continue
            fitting = next((one for one in library.images if can_load(edge.image, one)), None)
            if fitting is None:
                continue
            names = list(_names(library, fitting, around.musl))
            if _is_compared(edge.name, edge.image):
                names.append(_key(edge.name, edge.image))
            for name in names:
                loaded.setdefault(name, library)
            key = library.path, id(fitting)
            if key not in entered or (entered[key] and not step.optional):
                entered[key] = step.optional
                waiting.append(_enter(library, fitting, asking.handed, around, step.optional))


def alone(edges: Iterable[Edge], around: Surroundings) -> Iterator[Step]:
    """Yield the steps of one image without those of what it loads."""
    for edge in edges:
        if not edge.by_path or not any(_fits(edge, one) for one in edge.found):
            answer, by, triples = around.outside(edge)
            yield Step(edge.loader, edge.image, edge.name, answer, by, edge.optional, triples)


_FOLDERS = 1_000
"""How many folders are searched for one image."""


def _enter(
    member: Member, image: Image, handed: Mapping[str, None], around: Surroundings, optional: bool = False
) -> _Loaded:
    """Return an image as it enters the process, given the run paths that its loaders hand down."""
    own = run_folders(member, image)
    inheriting = inherits(image, around.musl)
    folders = dict.fromkeys(islice((*own, *handed), _FOLDERS)) if inheriting and handed else own
    # With glibc, a file with DT_RUNPATH hands down nothing of its own, but what was handed down to it.
    return _Loaded(member, image, folders, folders if inheriting else handed, optional)


def _fits(edge: Edge, library: Member) -> bool:
    """Whether the process of the image that asks can load a library, or might: it could not be parsed."""
    return not library.images or any(can_load(edge.image, one) for one in library.images)


def _step(
    edge: Edge, asking: _Loaded, loaded: Mapping[str, Member], around: Surroundings
) -> tuple[Step, Member | None]:
    """Return one step, and the library that it puts into the process."""
    folders: Iterable[str] = asking.folders
    if edge.image.format is Format.PE:
        folders = (dirname(installed_path(edge.loader.path)),)
    optional = edge.optional or asking.optional
    step = Step(edge.loader, edge.image, edge.name, Answer.WHEEL, "", optional, (), folders)
    before = loaded.get(_key(edge.name, edge.image))
    if before is not None:
        return step._replace(answer=Answer.LOADED, by=before.path), None
    found = edge
    if edge.handed_down or (edge.found and not edge.by_path):
        # Whether run paths of loaders lead there is another matter for each root.
        named = around.copies.get(edge.name.replace("\\", "/").rpartition("/")[2].lower(), ())
        found = answered(edge._replace(found=(), by_path=False), named, folders, around.musl)
    if found.by_path:
        fitting = next((one for one in found.found if _fits(edge, one)), None)
        if fitting is not None:
            return step._replace(by=fitting.path), fitting
    answer, by, triples = around.outside(found)
    # A library that something else has to load first is in the process then, with all that it needs.
    first = found.found[0] if answer in (Answer.PRELOADED, Answer.UNLED) and found.found else None
    return step._replace(answer=answer, by=by, triples=triples), first


def _names(member: Member, image: Image, musl: bool) -> Iterator[str]:
    """Yield the names under which a library in the process answers a later need, besides the one that was asked for."""
    if image.format is Format.PE:
        yield member.name.lower()
    elif image.macho is not None and image.macho.install_name:
        yield image.macho.install_name
    elif image.elf is not None and image.elf.soname and not musl:
        yield image.elf.soname


def _is_compared(name: str, image: Image) -> bool:
    """Whether a later need with the same spelling is answered by the library that answered this one.

    A path from the folder of the file that asks means another file for another file.
    """
    return not name.startswith(("@loader_path", "@executable_path")) and (
        image.format is not Format.ELF or "/" not in name
    )


def _key(name: str, image: Image) -> str:
    """Return a needed name as it is compared with those of loaded libraries."""
    return name.lower() if image.format is Format.PE else name
