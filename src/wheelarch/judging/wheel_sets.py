"""Judge the wheels of one version against each other."""

from __future__ import annotations

from collections import Counter

from .._lib.typed import TYPE_CHECKING
from ..container.zip_directory import read_directory
from ..container.zip_member import Budget, MemberView
from ..errors import ArchiveError, SourceError
from ..facts import wheel as facts
from ..facts import wheel_sets as siblings
from ..limits import DEFAULT, Limits
from ..metadata.dist_info import DistInfo
from ..metadata.member_paths import last_component
from ..metadata.promise import Promise, read_promise
from ..model import Severity, WheelReport
from ..report.document import Report
from ..rules import select as select_rules
from ..sources.local import FileSource
from .judge import breaks_promise, judge
from .suggest import blamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


__all__ = ["judge_together"]


def judge_together(
    reports: Sequence[WheelReport],
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Limits = DEFAULT,
) -> Report:
    """Judge the wheels of each project and version against each other.

    Only what looks like a copy is read once more, by the report's path, to compare it byte for byte.

    Args:
        reports: Wheels, each judged by itself. Other inputs, and wheels without a sibling, stay as they are.
        select: See `audit`.
        ignore: See `audit`.
        limits: See `audit`.

    Returns:
        The reports in their order, with the findings about the set, without honest tags that would take a
        sibling's place, and a grid for each set.

    Raises:
        UsageError: See `audit`.
    """
    rules = tuple(one for one in select_rules(select, ignore) if one.code.startswith("WA60"))
    sets: dict[str, dict[str, tuple[int, Promise]]] = {}
    for index, report in enumerate(reports):
        filename = last_component(report.path)
        if report.kind == "wheel" and filename.endswith(".whl"):
            promise = read_promise(filename, limits=limits)
            if promise.name is not None:
                title = f"{promise.name.project} {promise.name.version}"
                sets.setdefault(title, {}).setdefault(filename, (index, promise))
    judged = list(reports)
    grids = []
    for title, found in sets.items():
        if len(found) < 2:
            continue
        whole = tuple(
            siblings.summarize(filename, promise.targets, reports[index].members, reports[index].ok)
            for filename, (index, promise) in found.items()
        )
        grids.append(siblings.survey(title, whole))
        paths = {filename: reports[index].path for filename, (index, _) in found.items()}
        for own, (index, promise) in zip(whole, found.values(), strict=True):
            report = reports[index]
            wheel = facts.Wheel(
                own.filename,
                promise,
                DistInfo(generators=(report.generator,)),
                members=report.members,
                siblings=tuple(one for one in whole if one is not own),
            )
            findings = judge(_with_digests(wheel, paths, limits), rules, limits)
            if findings:
                merged = sorted((*report.findings, *findings), key=lambda one: (-one.severity.rank, one.code))
                status = "findings" if report.status == "clean" else report.status
                judged[index] = report._replace(findings=tuple(merged), status=status)
        _keep_names_apart(judged, [index for index, _ in found.values()])
    return Report(tuple(judged), tuple(grids))


def _keep_names_apart(reports: list[WheelReport], whole: Sequence[int]) -> None:
    """Take honest tags back where a sibling has them or would get them too, or where the file is a sibling's.

    A wheel of that name would overwrite the sibling, or pass for what a job of the matrix did not build. So the
    files are named that are to build anew.

    Args:
        reports: Changed in place.
        whole: The positions of those that are the set.
    """
    claims = Counter(
        triple for index in whole for triple in {*reports[index].tags, *(reports[index].honest_tags or ())}
    )
    for index in whole:
        report = reports[index]
        if report.honest_tags is None:
            continue
        copied = any(finding.code == "WA601" for finding in report.findings)
        if copied or any(claims[triple] > 1 for triple in report.honest_tags):
            broken = [finding for finding in report.findings if breaks_promise(finding)]
            rebuild = blamed(broken, Severity.ERROR) or blamed(broken, Severity.WARNING)
            reports[index] = report._replace(honest_tags=None, rebuild=rebuild)


def _with_digests(wheel: facts.Wheel, paths: dict[str, str], limits: Limits) -> facts.Wheel:
    """Return the wheel with the SHA-256 of each file that is wrong in it and may be a sibling's, on both sides."""
    budget = Budget(limits)
    suspects = {member.path: member for member in siblings.misplaced(wheel) if member.crc is not None}
    marks = {(member.size, member.crc) for member in suspects.values()}
    held: set[tuple[int, int | None]] = set()
    others = []
    for sibling in wheel.siblings:
        files = []
        for file in sibling.files:
            if (file.size, file.crc) in marks:
                held.add((file.size, file.crc))
                if file.sha256 is None:
                    file = file._replace(sha256=_digest(paths[sibling.filename], file.path, limits, budget))
            files.append(file)
        others.append(sibling._replace(files=tuple(files)))
    members = [
        member._replace(sha256=_digest(paths[wheel.filename or ""], member.path, limits, budget))
        if member.path in suspects and member.sha256 is None and (member.size, member.crc) in held
        else member
        for member in wheel.members
    ]
    return wheel._replace(members=tuple(members), siblings=tuple(others))


def _digest(path: str, member: str, limits: Limits, budget: Budget) -> str | None:
    """Return the SHA-256 of a wheel's member as RECORD writes it, or None where it can't be read (again)."""
    try:
        with FileSource(path) as source:
            entries = [one for one in read_directory(source, limits).entries if one.name == member]
            return MemberView(source, entries[-1], limits, budget, digest=True).finish() if entries else None
    except (SourceError, ArchiveError):
        return None
