"""What the rules about needed libraries share: slices, their names in messages, and how bad it is to lack a library.

What a wheel lacks comes from the simulated loads (`facts.loads`, `facts.lacks`): no rule searches for itself.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.lacks import Lack, is_needed, words
from ..facts.loads import ROOTS, loading_triples
from ..facts.wheel import per_wheel
from ..loading.simulate import Answer
from ..model import Depth, Image, Member, Role, Severity
from ..platforms.python_libraries import python_library
from ..platforms.systems import from_apple
from ._floors import RUN
from .grades import Grade, Grades
from .rule import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..facts.wheel import Wheel
    from ..loading.graph import Edge


__all__ = [
    "LINKAGE_OF_LOADED",
    "LINKAGE_OF_ROOTS",
    "LOADED",
    "NEEDS",
    "grade_of",
    "lack_problem",
    "macho_edges",
    "macho_slices",
    "slice_name",
    "slice_title",
]

LOADED = (Role.EXTENSION, Role.DEPENDENCY)
"""The roles that an import certainly loads."""
LINKAGE_OF_LOADED = dict.fromkeys(LOADED, Depth.LINKAGE)
LINKAGE_OF_ROOTS = dict.fromkeys(ROOTS, Depth.LINKAGE)


def slice_name(member: Member, image: Image) -> str | None:
    """Return the architecture of a slice, or None for the image of a thin file."""
    return image.arch if len(member.images) > 1 else None


def slice_title(member: Member, image: Image) -> str:
    """Return how a message names a slice."""
    name = slice_name(member, image)
    return f"the {name} slice of {member.path}" if name else member.path


@per_wheel
def macho_slices(wheel: Wheel) -> list[tuple[Member, Image, tuple[str, ...]]]:
    """Return the Mach-O slices that processes of the targets load, and the triples of these targets."""
    return [
        (member, image, tags)
        for member in wheel.members
        if member.role in RUN
        for image in member.images
        if image.macho is not None and (tags := loading_triples(wheel, image))
    ]


@per_wheel
def macho_edges(wheel: Wheel) -> list[tuple[Edge, tuple[str, ...]]]:
    """Return what the slices of `macho_slices` need that is not the system's. Python's own library is WA312."""
    return [
        (edge, tags)
        for edge in wheel.edges
        if edge.image.macho is not None and not from_apple(edge.name) and edge.loader.role in RUN
        if python_library(edge.name) is None and (tags := loading_triples(wheel, edge.image))
    ]


_NEEDED = "an extension module, a program, or what a wheel without modules is for, and the libraries that these need"
_IDLE = "a library that no other file needs, beside extension modules"
_HELPER = "a library that no other file needs, or a helper program, beside extension modules"
_FEW = "it may serve something that few use"


def _both(needed: Severity, idle: Severity, why: str, files: str = _IDLE) -> dict[str, Grade]:
    return {
        "needed": Grade(_NEEDED, needed, why),
        "idle": Grade(files, idle, why if idle is needed else _FEW),
    }


NEEDS: Mapping[Answer, Grades] = {
    Answer.LOST: Grades(
        "A file needs a library at a path, or with a name, that only the build machine had",
        _both(Severity.ERROR, Severity.WARNING, "no system has the library, so the load fails"),
    ),
    Answer.UNKNOWN: Grades(
        "A file needs a library that neither the wheel has nor the tags promise",
        _both(Severity.WARNING, Severity.NOTE, "the load fails where nothing else brings the library"),
    ),
    Answer.UNLED: Grades(
        "The wheel has a needed library, no path leads there, and the loader would not take it if it were loaded first",
        _both(Severity.WARNING, Severity.NOTE, "the load fails where nothing else brings the library"),
    ),
    Answer.PRELOADED: Grades(
        "The wheel has a needed library, and no path leads there, but Python code may load it first",
        _both(
            Severity.NOTE, Severity.NOTE, "many packages load their libraries themselves, before the import"
        ),
    ),
    Answer.RUNTIME: Grades(
        "A file needs the Visual C++ Redistributable",
        _both(
            Severity.WARNING, Severity.NOTE, "the load fails on a Windows on which nothing has installed it"
        ),
    ),
    Answer.SOFTWARE: Grades(
        "A file needs software that users install",
        {
            **_both(Severity.WARNING, Severity.NOTE, "the load fails where it is not installed", _HELPER),
            "driver": Grade(
                "any file, if a device driver brings it", Severity.NOTE, "who has the device has the driver"
            ),
            "choice": Grade(
                "files for several versions or kinds of it",
                Severity.NOTE,
                "the wheel chooses at run time what it finds",
            ),
        },
    ),
    Answer.DISTRIBUTION: Grades(
        "A file needs a library that another distribution brings",
        _both(Severity.NOTE, Severity.NOTE, "it works if the distribution is installed"),
    ),
}
"""How much each answer of a load matters. The same on every system."""


def grade_of(wheel: Wheel, lack: Lack) -> str:
    """Return which row of `NEEDS` is about something that a wheel lacks."""
    helper = lack.load.root.role is Role.EXECUTABLE and lack.answer not in (Answer.RUNTIME, Answer.SOFTWARE)
    # A program that needs a Python module is a template that is copied beside one (cx_Freeze).
    helper = helper and not lack.names[0].lower().endswith(".pyd")
    return "needed" if helper or is_needed(wheel, lack.load.root) else "idle"


_REASONS: Mapping[Answer, str] = {
    Answer.UNKNOWN: "the wheel does not have it, and the tag does not promise it",
    Answer.RUNTIME: "part of the Visual C++ Redistributable, which not every Windows has",
}


def lack_problem(wheel: Wheel, lack: Lack, need: str = "") -> Problem:
    """Return the problem of a library that a load does not find.

    Args:
        wheel: The wheel.
        lack: What it lacks.
        need: What the file should ask for instead; empty for what it asks for.
    """
    where = f"the wheel has {lack.by}, but no run path leads there"
    reason = _REASONS.get(lack.answer) or (
        where if lack.by else "the name was made for this wheel, which lacks it"
    )
    evidence = {"have": lack.by or "none", "need": need or ", ".join(lack.names[:_SHOWN])}
    files = dict.fromkeys(step.loader.path for _, step in lack.steps)
    if len(files) > 1:
        evidence["needed-by"] = ", ".join(list(files)[:_SHOWN]) + (", ..." if len(files) > _SHOWN else "")
    return Problem(
        f"{lack.who} {lack.what}: {reason}",
        lack.member.path,
        lack.slice,
        lack.triples,
        evidence,
        words(wheel, lack),
        NEEDS[lack.answer].of(grade_of(wheel, lack)),
        remedies=("vc-runtime",) if lack.answer is Answer.RUNTIME else (),
        claims=lack.claims,
    )


_SHOWN = 5
"""How many names evidence lists."""
