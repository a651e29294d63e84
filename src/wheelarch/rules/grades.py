"""How much a fact about a file matters: tables that rules judge by and that docs/severities.md shows.

A fact, such as "a library is for another machine", has one severity on every system, unless the loader of a system
treats it otherwise. A rule takes the severity of a problem from a table, so the page and the verdict cannot differ.
A table can only say that a system differs together with the reason. Rules that report the same fact on different
systems share its table.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..metadata.promise import Target
    from ..model import Severity

__all__ = ["Deviation", "Grade", "Grades", "system_of_target"]


class Deviation(NamedTuple):
    """Systems on which a fact matters more or less than on the others."""

    systems: tuple[str, ...]
    """Keys of `wheelarch.rules.remedies.SYSTEMS`."""
    severity: Severity | None
    """None if it is not reported there."""
    why: str
    """What is different there, as a sentence without its full stop."""


class Grade(NamedTuple):
    """How much a fact matters for one kind of file."""

    files: str
    """The files, as a noun phrase: `an extension module`."""
    severity: Severity | None
    """On every system without a deviation. None if it is not reported."""
    why: str
    """Why it matters that much, as a sentence without its full stop."""
    deviations: tuple[Deviation, ...] = ()


class Grades(NamedTuple):
    """How much one fact matters, by kind of file and by system."""

    fact: str
    """A sentence without its full stop: `A library is built for another machine than the tags promise`."""
    grades: Mapping[str, Grade]
    """By a word for the kind of file, which only the rules use."""

    def of(self, kind: str, system: str = "") -> Severity | None:
        """Return the severity for a kind of file on a system, or None if nothing is to be reported.

        Args:
            kind: A key of `grades`.
            system: A key of `wheelarch.rules.remedies.SYSTEMS`; others count as systems without a deviation.
        """
        grade = self.grades[kind]
        for deviation in grade.deviations:
            if system in deviation.systems:
                return deviation.severity
        return grade.severity


def system_of_target(target: Target) -> str:
    """Return the system of a target, as deviations name it: musl is a system of its own."""
    return "musl" if target.libc == "musl" else target.system
