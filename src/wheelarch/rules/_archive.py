"""What the rules about the archive and its files share.

The reader of the archive collects what is wrong with it as `ArchiveProblem`s. A rule picks the kinds that it is about
with `archive_problems`.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from .rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..model import Severity


__all__ = ["archive_problems", "wheel_path"]


def archive_problems(
    wheel: Wheel, kinds: Mapping[str, Severity | None], *, consequence: str = "", **evidence: str
) -> Iterator[Problem]:
    """Yield what the archive's reader has found of these kinds, each with its severity.

    Args:
        wheel: The wheel.
        kinds: Kinds of `wheelarch.container.zip_layout.ProblemKind`, with their severity; None for the rule's own.
        consequence: What the user sees; `{member}` and `{wheel}` are replaced by the names.
        evidence: What is needed, if the reader does not say it.
    """
    for problem in wheel.problems:
        if problem.kind in kinds:
            yield Problem(
                f"{problem.member}: {problem.what}" if problem.member is not None else problem.what,
                problem.member,
                evidence={**evidence, **problem.evidence},
                consequence=consequence.format(
                    member=problem.member or "", wheel=wheel.filename or "the wheel"
                ),
                severity=kinds[problem.kind],
            )


def wheel_path(wheel: Wheel) -> str:
    """Return the path of the wheel's WHEEL file, whether it exists or not."""
    return f"{wheel.dist_info.folder}/WHEEL"
