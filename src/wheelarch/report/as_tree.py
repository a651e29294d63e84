"""Show which member needs which: the dependency graph inside each wheel, as a tree."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..loading.graph import Edge, links
from ..model import Format, Kind, Member, WheelReport
from ..platforms.python_libraries import python_library
from ..platforms.systems import from_system
from .escape import TEXT_LIMIT, escape
from .layout import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .document import Report

__all__ = ["render"]

_DEEPEST = 32
"""The most levels of indentation. Deeper ones get the same indent, so that a hostile chain does not fill the screen."""


class _Need(NamedTuple):
    """One library that a member needs, or all that it needs from one place outside the wheel."""

    name: str
    """As it is printed."""
    by_path: bool
    found: tuple[Member, ...]


def render(report: Report) -> str:
    """Return one tree per input: the members that no other needs, and below each what it needs, in the files' order.

    What a library needs is shown once, at its first place. Files for linkers are left out, because nothing loads them.
    """
    return "\n".join("".join(f"{line}\n" for line in _wheel(wheel)) for wheel in report)


def _wheel(wheel: WheelReport) -> Iterator[str]:
    yield escape(wheel.path, TEXT_LIMIT)
    if wheel.status == "unreadable":
        yield "  unreadable: `wheelarch audit` says why"
    elif not wheel.members:
        yield "  no native members"
    else:
        yield from _trees(wheel.members)


def _is_for_linkers(member: Member) -> bool:
    """Whether the member is an import library, a static archive or an object file."""
    return bool(member.images) and all(
        image.format in (Format.ARCHIVE, Format.COFF) or image.kind is Kind.OBJECT for image in member.images
    )


def _trees(members: Sequence[Member]) -> Iterator[str]:
    members = [member for member in members if not _is_for_linkers(member)]
    if not members:
        yield "  no native members that a loader opens"
    needs = _needs(members)
    inner = {
        one.path for path, each in needs.items() for need in each for one in need.found if one.path != path
    }
    shown: set[str] = set()
    # Members that need each other in a circle have no root above them, so whatever is left over comes last.
    for root in sorted(members, key=lambda member: member.path in inner):
        if root.path in shown:
            continue
        shown.add(root.path)
        yield f"  {_titled(root)}"
        waiting = [(2, need) for need in reversed(needs.get(root.path, ()))]
        while waiting:
            depth, need = waiting.pop()
            indent = "  " * min(depth, _DEEPEST)
            if not need.found:
                yield from wrap(need.name, indent)
            for library in need.found:
                again = ", see above" if library.path in shown else ""
                before = "" if need.by_path else ", if already loaded"
                yield f"{indent}{need.name} -> {_titled(library)}{again}{before}"
                if not again:
                    shown.add(library.path)
                    waiting += ((depth + 1, one) for one in reversed(needs.get(library.path, ())))


def _needs(members: Sequence[Member]) -> dict[str, list[_Need]]:
    """Return what each member needs, by its path: from the wheel, then from nowhere, from Python, from the system."""
    slices_of = {member.path: [image.arch for image in member.images] for member in members}
    asking: dict[str, dict[tuple[str, tuple[Member, ...]], list[Edge]]] = {}
    for edge in links(members):
        asking.setdefault(edge.loader.path, {}).setdefault((edge.name, edge.found), []).append(edge)
    needs: dict[str, list[_Need]] = {}
    for path, asked in asking.items():
        outside: dict[str, list[str]] = {"not in the wheel": [], "the interpreter": [], "system": []}
        needs[path] = []
        for (name, found), edges in asked.items():
            slices = [edge.image.arch for edge in edges]
            title = escape(name) + (f" [{'+'.join(slices)}]" if slices != slices_of[path] else "")
            title += " (optional)" if all(edge.optional for edge in edges) else ""
            if found:
                needs[path].append(_Need(title, edges[0].by_path, found))
            else:
                outside[_origin(name)].append(title)
        needs[path] += (
            _Need(f"{origin}: {', '.join(names)}", True, ()) for origin, names in outside.items() if names
        )
    return needs


def _origin(name: str) -> str:
    """Return where a library that is not in the wheel comes from."""
    if python_library(name) is not None:
        return "the interpreter"
    return "system" if from_system(name) else "not in the wheel"


def _titled(member: Member) -> str:
    machines = "+".join(dict.fromkeys(image.arch for image in member.images))
    return f"{escape(member.path)} ({machines or 'unread'})"
