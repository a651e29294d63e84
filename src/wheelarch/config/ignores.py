"""Leave out of a report the findings that a project knows and accepts (`per-file-ignores`)."""

from __future__ import annotations

import os
import re

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import UsageError
from ..judging.judge import breaks_promise
from ..metadata.member_paths import last_component
from ..report.document import Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..model import Finding, WheelReport

__all__ = ["Ignore", "apply", "patterns"]


class Ignore(NamedTuple):
    """One entry of `per-file-ignores`: findings to leave out of the report."""

    where: str
    """File, key and glob, for messages."""
    code: str
    """The beginning of their codes."""
    reason: str
    wheel: re.Pattern[str]
    """Matches the file name of the wheel."""
    member: re.Pattern[str] | None
    """Matches the path inside the wheel. None for all findings, with or without a member."""


def patterns(glob: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """Return what matches the file names of wheels, and the members, of `wheel-glob!member-glob`.

    Raises:
        UsageError: The part for wheels contains a slash.
    """
    from fnmatch import translate

    at = glob.find("!")
    while at > 0 and glob[at - 1] == "[":  # as in [!a-z]
        at = glob.find("!", at + 1)
    wheel, member = (glob, None) if at < 0 else (glob[:at], _forward(glob[at + 1 :]))
    if "/" in _forward(wheel):
        raise UsageError(
            f"{glob!r}: the glob for wheels must not contain a slash, because it is compared with file names"
        )
    return re.compile(translate(wheel)), None if member is None else re.compile(translate(member))


def apply(ignores: Iterable[Ignore], report: Report) -> tuple[Report, set[Ignore]]:
    """Return the report without the findings to ignore, and the entries that matched a finding.

    An input without any finding left is clean. An input that could not be read keeps its findings, because they say
    why. Tags that match the contents, and members to rebuild, are removed with the last finding that asked for them.

    Args:
        ignores: Entries of `per-file-ignores`.
        report: On any inputs. Its grids do not change.
    """
    used: set[Ignore] = set()
    return Report(tuple(_without(wheel, ignores, used) for wheel in report), report.grids), used


def _without(wheel: WheelReport, ignores: Iterable[Ignore], used: set[Ignore]) -> WheelReport:
    path = os.path.abspath(wheel.path) if wheel.kind == "directory" else wheel.path
    name = last_component(path.rstrip("/\\"))
    ignores = [one for one in ignores if one.wheel.match(name)]
    left = []
    for finding in wheel.findings:
        matching = [one for one in ignores if _covers(one, finding)]
        used.update(matching)
        if not matching:
            left.append(finding)
    if len(left) == len(wheel.findings) or wheel.status == "unreadable":
        return wheel
    blamed = {finding.member for finding in left if breaks_promise(finding)}
    return wheel._replace(
        findings=tuple(left),
        status="findings" if left else "clean",
        honest_tags=wheel.honest_tags if blamed else None,
        rebuild=tuple(path for path in wheel.rebuild if path in blamed),
    )


def _covers(ignore: Ignore, finding: Finding) -> bool:
    if not finding.code.startswith(ignore.code):
        return False
    if ignore.member is None:
        return True
    return finding.member is not None and ignore.member.match(_forward(finding.member)) is not None


def _forward(path: str) -> str:
    return path.replace("\\", "/")
