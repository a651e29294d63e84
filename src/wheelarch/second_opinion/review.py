"""Asks the other parsers about the members behind findings, and says who agrees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic

from .._lib.typed import NamedTuple
from ..errors import ArchiveError, FormatError
from ..image import HEAD_BYTES, sniff
from ..limits import DEFAULT, Limits
from ..model import Fact, Finding, Format, Image, Member, Severity
from ..rules import BY_CODE
from ..rules.damage import contradicting_headers
from ..view import View
from . import helper
from .claims import CROSS_CHECKED, Judgement, judge
from .helper import Opinion

__all__ = ["review"]

OpenMember = Callable[[str], View | None]
"""Returns a new View of the member at a path; None if the archive has several members of that name."""

_REMARK = "second_opinion"
"""The key of a finding's evidence that names parsers which failed, and those that were outvoted."""
_FORMAT_OF_PLATFORM = {
    "win": Format.PE,
    "mingw": Format.PE,
    "macosx": Format.MACHO,
    "ios": Format.MACHO,
    "linux": Format.ELF,
    "manylinux": Format.ELF,
    "musllinux": Format.ELF,
    "android": Format.ELF,
}


class _Answers(NamedTuple):
    """What the parsers say about one finding, or about one member."""

    agree: tuple[str, ...]
    deny: tuple[str, ...]
    """Who, what, and where: one text per parser."""
    trouble: tuple[str, ...]


def review(
    findings: Iterable[Finding],
    members: tuple[Member, ...],
    open_member: OpenMember,
    *,
    cross_check: bool = False,
    limits: Limits = DEFAULT,
) -> tuple[Finding, ...]:
    """Return the findings with the names of the parsers that confirm them, the worst first.

    If a parser denies an error and none confirms it, the error becomes a warning that says who reads what, and where.
    A parser that fails is named in the evidence and changes nothing.

    Args:
        findings: What the rules found in one input.
        members: The input's native members.
        open_member: How to read them again.
        cross_check: Compare every member with what the other parsers read, and every finding, not only the errors.
            A difference is added as a finding: WA905 with the severity warning, or note if a parser failed.
        limits: `opinion_*` count here.

    Raises:
        SourceError: The bytes can no longer be read.
    """
    findings = tuple(findings)
    chosen = [
        finding
        for finding in findings
        if finding.severity is Severity.ERROR or (cross_check and not _is_harmless_damage(finding))
    ]
    wanted = {fact.value for finding in chosen for fact in BY_CODE[finding.code].rests_on}
    if cross_check:
        wanted |= {fact.value for fact in CROSS_CHECKED}
    panel = _Panel(
        open_member, wanted, limits._replace(opinion_members=len(members)) if cross_check else limits
    )
    weighed = {}
    # A finding about the whole wheel asks about many members, so the members that the others name come first.
    for finding in sorted(chosen, key=lambda finding: finding.member is None):
        weighed[id(finding)] = _weigh(finding, members, panel)
    reviewed = [weighed.get(id(finding), finding) for finding in findings]
    if cross_check:
        reviewed += _differences(members, panel)
    return tuple(sorted(reviewed, key=lambda finding: -finding.severity.rank))


def _is_harmless_damage(finding: Finding) -> bool:
    """Whether a finding is about damage that is a note: other parsers may refuse what the loader does not read."""
    return finding.severity is Severity.NOTE and Fact.DAMAGE in BY_CODE[finding.code].rests_on


class _Panel:
    """The parsers' opinions on one input's members. Each member is asked about once."""

    __slots__ = ("_deadline", "_held", "_limits", "_wanted", "open_member")

    def __init__(self, open_member: OpenMember, wanted: Iterable[str], limits: Limits) -> None:
        self.open_member = open_member
        self._wanted = frozenset(wanted)
        self._limits = limits
        self._held: dict[str, tuple[Opinion, ...]] = {}
        self._deadline: float | None = None

    def opinions(self, path: str) -> tuple[Opinion, ...]:
        """Return what each parser of the member's format says; nothing if no parser reads that format."""
        if path not in self._held:
            self._held[path] = self._ask(path)
        return self._held[path]

    def _ask(self, path: str) -> tuple[Opinion, ...]:
        now = monotonic()
        if self._deadline is None:
            self._deadline = now + self._limits.opinion_wheel_seconds
        try:
            view = self.open_member(path)
            format_ = sniff(view.read_upto(0, HEAD_BYTES)) if view is not None else None
        except (ArchiveError, FormatError):
            return ()
        parsers = helper.PARSERS.get(format_, {}) if format_ else {}
        if view is None or format_ is None or not parsers:
            return ()
        if len(self._held) >= self._limits.opinion_members:
            trouble = f"was not asked about more members than {self._limits.named('opinion_members')}"
            return tuple(Opinion(name, trouble=trouble) for name in parsers)
        if now > self._deadline:
            trouble = f"was not asked after {self._limits.named('opinion_wheel_seconds')}"
            return tuple(Opinion(name, trouble=trouble) for name in parsers)
        return helper.ask(view, format_, parsers, self._wanted, self._limits)


# -- one finding -----------------------------------------------------------------------------------------------


def _weigh(finding: Finding, members: tuple[Member, ...], panel: _Panel) -> Finding:
    facts = BY_CODE[finding.code].rests_on
    if not facts:
        return finding
    answers = _gather(facts, _meant(finding, members), panel, finding)
    evidence = dict(finding.evidence)
    lowered = bool(answers.deny) and not answers.agree and finding.severity is Severity.ERROR
    remarks = (*answers.trouble, *(() if lowered else answers.deny))
    if remarks:
        evidence[_REMARK] = "; ".join(remarks)
    if lowered:
        finding = finding._replace(
            severity=Severity.WARNING, message=f"{finding.message}; but {'; '.join(answers.deny)}"
        )
    return finding._replace(evidence=evidence, confirmed_by=answers.agree)


def _meant(finding: Finding, members: tuple[Member, ...]) -> list[Member]:
    """Return the members that a finding is about: without a member, all in the format of the tags' systems."""
    if finding.member is not None:
        return [member for member in members if member.path == finding.member]
    platforms = [triple.rpartition("-")[2] for triple in finding.tags]
    formats = {
        format_
        for platform in platforms
        for start, format_ in _FORMAT_OF_PLATFORM.items()
        if platform.startswith(start)
    }
    return [member for member in members if any(image.format in formats for image in member.images)]


def _gather(
    facts: tuple[Fact, ...], members: Iterable[Member], panel: _Panel, finding: Finding | None
) -> _Answers:
    """Return who agrees about all members, who denies something about one, and who failed."""
    said: dict[str, list[Judgement]] = {}
    deny: dict[str, str] = {}
    trouble: dict[str, None] = {}
    for member in members:
        for opinion in panel.opinions(member.path):
            if opinion.trouble:
                trouble[f"{opinion.parser} {opinion.trouble}"] = None
            answer = _answer(facts, member, opinion, finding)
            said.setdefault(opinion.parser, []).append(answer)
            if answer.agrees is False:
                deny.setdefault(opinion.parser, _dispute(answer, member, opinion.parser, panel))
    agree = [parser for parser, answers in said.items() if all(answer.agrees for answer in answers)]
    return _Answers(tuple(agree), tuple(deny.values()), tuple(trouble))


def _answer(facts: tuple[Fact, ...], member: Member, opinion: Opinion, finding: Finding | None) -> Judgement:
    if opinion.trouble:
        return Judgement(None)
    if Fact.DAMAGE in facts:
        beyond = any(_beyond(row.get("extent"), member.size) for row in opinion.rows)
        return Judgement(True if opinion.refused or beyond else None)
    if finding is None:
        return judge(facts, member.images, opinion.rows, None)
    return judge(facts, member.images, opinion.rows, finding.claims, finding.slice)


def _beyond(extent: object, size: int) -> bool:
    return isinstance(extent, int) and extent > size


def _dispute(answer: Judgement, member: Member, parser: str, panel: _Panel) -> str:
    offset = _place(answer, member, panel)
    return f"{parser} reads {answer.fact.value} at byte {offset:#x} as {answer.theirs}, wheelarch as {answer.ours}"


def _differences(members: tuple[Member, ...], panel: _Panel) -> Iterator[Finding]:
    """Yield a finding for each member that another parser reads differently, and one for each kind of failure."""
    failed: dict[str, list[str]] = {}
    for member in members:
        answers = _gather(CROSS_CHECKED, [member], panel, None)
        for text in answers.trouble:
            failed.setdefault(text, []).append(member.path)
        if answers.deny:
            yield _finding(
                f"{member.path}: {'; '.join(answers.deny)}", member.path, Severity.WARNING, answers
            )
    for text, paths in failed.items():
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield _finding(f"{text}, so it says nothing about {paths[0]}{more}", None, Severity.NOTE, None)


def _finding(message: str, path: str | None, severity: Severity, answers: _Answers | None) -> Finding:
    code, name = contradicting_headers.code, contradicting_headers.name
    agree = answers.agree if answers else ()
    return Finding(code, name, severity, path, None, (), message, {}, "", "", agree)


# -- where in the member ---------------------------------------------------------------------------------------

_STEP = 1 << 20


def _place(answer: Judgement, member: Member, panel: _Panel) -> int:
    """Return where the bytes in dispute are, in bytes from the start of the member.

    That is the machine field, the first load command, or the name itself; the start of the slice if the
    name is not found.
    """
    image = answer.image or member.images[0]
    start = image.offset
    try:
        view = panel.open_member(member.path)
        if view is None:
            return start
        if answer.name:
            return _find(view, answer.name.encode("utf-8", "backslashreplace"), start)
        return _field(view, answer.fact, image)
    except (ArchiveError, FormatError):
        return start


def _field(view: View, fact: Fact, image: Image) -> int:
    """Return the offset of the header field behind a fact. Source: the formats' file headers."""
    if image.format is Format.ELF:
        return image.offset + (0x12 if fact is Fact.MACHINE else 0)
    if image.format is Format.PE:
        return int.from_bytes(view.read(0x3C, 4), "little") + 4
    if fact is Fact.MACHINE:
        return image.offset + 4
    return image.offset + (32 if image.bits == 64 else 28)


def _find(view: View, name: bytes, start: int) -> int:
    """Return the offset of the first occurrence of a name from `start` on, or `start`."""
    for offset in range(start, view.size, _STEP):
        found = view.read_upto(offset, _STEP + len(name) - 1).find(name)
        if found >= 0:
            return offset + found
    return start
