"""Judge the wheels of one version against each other. Pure: what has to be read again is asked for, not read."""

from __future__ import annotations

from collections import Counter

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts import wheel_sets
from ..limits import DEFAULT, Limits
from ..metadata.dist_info import DistInfo
from ..model import Grid, Severity, WheelReport
from ..rules import select as select_rules
from ..rules.copied_binary import copied_binary
from ..rules.gil_flavor import gil_only_in_none_abi
from ..rules.rule import Family
from .judge import breaks_promise, judge
from .suggest import blamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..facts.wheel import Sibling, Wheel
    from ..metadata.documents import Variant
    from ..rules import Rule

__all__ = ["Audited", "WheelSet", "for_set", "judge_set", "sets_of", "unproven_copies", "variants_file"]


class Audited(NamedTuple):
    """One input, judged by itself, and what the other wheels of its set are compared with."""

    report: WheelReport
    wheel: Wheel | None
    """None for what is not a wheel."""


class WheelSet(NamedTuple):
    """The wheels of one project and version that were given together; at least two."""

    title: str
    """Project and version."""
    positions: tuple[int, ...]
    """Where each wheel is among the inputs."""
    wheels: tuple[Wheel, ...]


def for_set(wheel: Wheel) -> Wheel:
    """Return what the other wheels of its set need to know of a wheel: small, because all are held at once."""
    generators = wheel.dist_info.generators
    return wheel._replace(entries=(), problems=(), dist_info=DistInfo(generators=generators), provenance=None)


def sets_of(audited: Sequence[Audited]) -> list[WheelSet]:
    """Return the sets among some inputs, in the order of their first wheels; of wheels with one name the first counts.

    Args:
        audited: The inputs. What is not a wheel, and a wheel without a sibling, belongs to no set.
    """
    found: dict[str, dict[str, tuple[int, Wheel]]] = {}
    for index, (_, wheel) in enumerate(audited):
        name = wheel.promise.name if wheel is not None else None
        if wheel is not None and name is not None:
            title = f"{name.project} {name.version}"
            found.setdefault(title, {}).setdefault(wheel.filename or "", (index, wheel))
    return [
        WheelSet(title, *(tuple(part) for part in zip(*named.values(), strict=True)))
        for title, named in found.items()
        if len(named) > 1
    ]


def variants_file(whole: WheelSet) -> str | None:
    """Return the name of the file beside the wheels that lists their variants, or None for a set without variants.

    Source: PEP 825 (draft), "Index-level metadata": `{name}-{version}-variants.json`.
    """
    for wheel in whole.wheels:
        name = wheel.promise.name
        if name is not None and name.variant and wheel.filename:
            project, version, *_ = wheel.filename.split("-")
            return f"{project}-{version}-variants.json"
    return None


def unproven_copies(whole: WheelSet) -> tuple[tuple[int, str], ...]:
    """Return the files that look like copies of each other and whose SHA-256 is not known.

    A file that is wrong in its wheel is compared with every sibling's file of the same size and CRC.

    Returns:
        For each file the position of its wheel in `whole.wheels`, and its path.
    """
    unproven: dict[tuple[int, str], None] = {}
    for own, wheel in enumerate(whole.wheels):
        suspects = [member for member in wheel_sets.misplaced(wheel) if member.crc is not None]
        marks = {(member.size, member.crc) for member in suspects}
        held = set()
        for other, sibling in enumerate(whole.wheels):
            for file in wheel_sets.payload(sibling.members) if other != own else ():
                if (file.size, file.crc) in marks:
                    held.add((file.size, file.crc))
                    if file.sha256 is None:
                        unproven[other, file.path] = None
        for member in suspects:
            if member.sha256 is None and (member.size, member.crc) in held:
                unproven[own, member.path] = None
    return tuple(unproven)


def judge_set(
    whole: WheelSet,
    reports: Sequence[WheelReport],
    digests: Mapping[tuple[int, str], str | None],
    *,
    variants: Variant | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Limits = DEFAULT,
) -> tuple[list[WheelReport], Grid]:
    """Judge the wheels of a set against each other.

    Args:
        whole: The set.
        reports: The report on each wheel by itself.
        digests: The SHA-256 of what `unproven_copies` returned, as RECORD writes it; None if it cannot be read.
        variants: What the file `variants_file` says; None if there is none.
        select: See `audit`.
        ignore: See `audit`.
        limits: `findings` counts here.

    Returns:
        The reports with the findings about the set, without matching tags that would take a sibling's place; and who
        is served by the set.

    Raises:
        UsageError: See `audit`.
    """
    rules = tuple(one for one in select_rules(select, ignore) if one.family is Family.SET)
    wheels = [_with_digests(index, wheel, digests) for index, wheel in enumerate(whole.wheels)]
    wheels = [wheel._replace(set_variants=variants, guesses=wheel.guesses) for wheel in wheels]
    siblings = [
        wheel_sets.summarize(
            wheel.filename or "", wheel.targets, wheel.members, report.ok, ok_with_gil=_ok_with_gil(report)
        )
        for wheel, report in zip(wheels, reports, strict=True)
    ]
    judged = [
        _with_findings(report, wheel, [one for one in siblings if one is not own], rules, limits)
        for report, wheel, own in zip(reports, wheels, siblings, strict=True)
    ]
    # What is wrong in the set only, such as a copied module, is wrong in the grid too.
    served = [one._replace(ok=report.ok) for one, report in zip(siblings, judged, strict=True)]
    return _keep_names_apart(judged), wheel_sets.survey(whole.title, served)


def _ok_with_gil(report: WheelReport) -> bool:
    """Whether a wheel is right for Pythons with the GIL: its only errors are those of free-threaded ones."""
    findings = tuple(one for one in report.findings if one.code != gil_only_in_none_abi.code)
    return report._replace(findings=findings).ok


def _with_digests(index: int, wheel: Wheel, digests: Mapping[tuple[int, str], str | None]) -> Wheel:
    if not any(position == index for position, _ in digests):
        return wheel
    members = tuple(
        member._replace(sha256=digests[index, member.path]) if (index, member.path) in digests else member
        for member in wheel.members
    )
    return wheel._replace(members=members, guesses=wheel.guesses)


def _with_findings(
    report: WheelReport, wheel: Wheel, siblings: Sequence[Sibling], rules: tuple[Rule, ...], limits: Limits
) -> WheelReport:
    findings = judge(wheel._replace(siblings=tuple(siblings)), rules, limits)
    if not findings:
        return report
    merged = sorted((*report.findings, *findings), key=lambda one: (-one.severity.rank, one.code))
    status = "findings" if report.status == "clean" else report.status
    return report._replace(findings=tuple(merged), status=status)


def _keep_names_apart(reports: Sequence[WheelReport]) -> list[WheelReport]:
    """Return the reports without matching tags that a sibling has or would get too, or if the file is a sibling's.

    A wheel of that name would overwrite the sibling, or hide that a job of the matrix did not build its own. So the
    files to rebuild are named instead.
    """
    claims = Counter(triple for report in reports for triple in {*report.tags, *(report.honest_tags or ())})
    kept = []
    for report in reports:
        if report.honest_tags is not None:
            copied = any(finding.code == copied_binary.code for finding in report.findings)
            if copied or any(claims[triple] > 1 for triple in report.honest_tags):
                broken = [finding for finding in report.findings if breaks_promise(finding)]
                rebuild = blamed(broken, Severity.ERROR) or blamed(broken, Severity.WARNING)
                report = report._replace(honest_tags=None, rebuild=rebuild)
        kept.append(report)
    return kept
