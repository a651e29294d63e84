"""The whole line, and the only module that knows it: source, archive, view, image, facts, rules, report.

A member that can't be read or parsed becomes data here, and the rest of the wheel goes on.
"""

from __future__ import annotations

import os
from collections import deque
from functools import lru_cache

from ._lib import lazy
from ._lib.typed import TYPE_CHECKING, NamedTuple, cast
from .container.folder import SourceView, is_unpacked_wheel
from .container.zip_layout import ArchiveProblem
from .errors import ArchiveError, AuditFailed, SourceError, UntaggedError, UsageError
from .facts.roles import assign_roles
from .facts.wheel import Wanted, Wheel
from .image import HEAD_BYTES, read_images, sniff
from .judging.judge import judge
from .judging.suggest import seek_honest_tags
from .judging.wheel_sets import judge_together
from .limits import DEFAULT, Limits
from .metadata.dist_info import DistInfo, read_dist_info
from .metadata.member_paths import is_sdist, last_component
from .metadata.promise import read_promise
from .model import Depth, Finding, Image, Member, Role, Severity, WheelReport
from .reading import (
    Archive,
    Container,
    Folder,
    Plan,
    names_extensions,
    read_member,
    read_members,
    read_needed,
    read_provenance,
    read_sdist_tar,
    read_sdist_zip,
)
from .report.document import Report
from .rules import Depths, Rule
from .rules import select as select_rules
from .sources.local import BytesSource, FileSource, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future
    from typing import BinaryIO

    from .view import View

    Input = str | os.PathLike[str] | bytes | BinaryIO
    """A path, the bytes of a wheel, or a file object to read them from."""

__all__ = ["Container", "assert_ok", "audit", "audit_many", "inspect", "judge_files", "judge_together"]

_IN_FLIGHT = 64
"""How many wheels an executor is handed ahead of the one that is waited for: memory does not grow with their number."""


class _Options(NamedTuple):
    """What holds for every input of a run; plain values, so that they reach other processes."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    tag: str | None
    depth: Depth
    limits: Limits
    second_opinion: str
    wanted: Wanted | None = None


SECOND_OPINIONS = ("errors", "all", "off")
"""What other parsers are asked about: the facts behind errors, every member, nothing."""


def audit(
    source: Input | Iterable[Input],
    *,
    name: str | None = None,
    tag: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    depth: Depth = Depth.HEADER,
    limits: Limits = DEFAULT,
    second_opinion: str = "errors",
    wanted: Wanted | None = None,
) -> Report:
    """Judge wheels: does what is inside keep what the file name promises?

    Args:
        source: A path, the bytes of a wheel, a binary file object, or an iterable of these. A single binary (PE,
            Mach-O, ELF) is judged too, where `tag` says what it is for.
        name: The file name to judge by, for bytes and file objects, or instead of the path's own.
        tag: A tag triple, or a compressed set of them, to judge by instead of the file name's.
        select: Codes of rules or their beginnings (`WA2`); none means all.
        ignore: Codes to leave out. The longer beginning wins.
        depth: How deep every binary is read at least, whatever the rules ask: for the facts in the report.
        limits: Bounds on what is read.
        second_opinion: Which facts lief, pefile and macholib are asked to confirm: those behind `errors`, `all` of
            every member, or none (`off`). They run in a process of their own, which is kept for the next audits.
        wanted: Who is to use the wheels, beside what their tags promise: `wheelarch.target(python).wanted`, or what
            `wheelarch.interpreter.wanted.expected` makes of a triple or tag.

    Returns:
        One `WheelReport` an input. Whatever is wrong with the bytes is a finding in it. Of several inputs, those
        of one project and version are judged as a set too (`judge_together`), unless a tag is given for all.

    Raises:
        SourceError: An input can't be opened or read.
        UsageError: A code, the tag or the second opinion does not exist, or a single binary comes without a tag.
    """
    single = isinstance(source, str | os.PathLike | bytes) or hasattr(source, "read")
    many = cast("Iterable[Input]", [source] if single else source)
    options = _options(tag, select, ignore, limits, second_opinion)._replace(depth=depth, wanted=wanted)
    report = Report(tuple(_audit_one(one, name, options) for one in many))
    if single or tag is not None:
        return report
    return judge_together(report.wheels, select=options.select, ignore=options.ignore, limits=limits)


def audit_many(
    sources: Iterable[str | os.PathLike[str]],
    *,
    executor: Executor | None = None,
    tag: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Limits = DEFAULT,
    second_opinion: str = "errors",
    wanted: Wanted | None = None,
) -> Iterator[WheelReport]:
    """Judge many wheels, one after the other or by an executor, and yield each result in input order.

    Memory does not grow with the number of inputs, as long as the caller lets results go. So each is judged by
    itself; `audit` and `judge_together` compare the wheels of a set.

    Args:
        sources: Paths.
        executor: Any `concurrent.futures.Executor`; a process pool pays, threads hardly do.
        tag: See `audit`.
        select: See `audit`.
        ignore: See `audit`.
        limits: See `audit`.
        second_opinion: See `audit`.
        wanted: See `audit`.

    Raises:
        SourceError: An input can't be opened or read.
        UsageError: See `audit`.
    """
    options = _options(tag, select, ignore, limits, second_opinion)._replace(wanted=wanted)
    if executor is None:
        for one in sources:
            yield _audit_one(one, None, options)
        return
    waiting: deque[Future[WheelReport]] = deque()
    try:
        for one in sources:
            waiting.append(executor.submit(_audit_one, os.fspath(one), None, options))
            if len(waiting) >= _IN_FLIGHT:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def inspect(source: Input, depth: Depth = Depth.SYMBOLS, limits: Limits = DEFAULT) -> tuple[Image, ...]:
    """Return the images of a single binary: one for a thin file, one a slice for a fat one.

    Args:
        source: A path, bytes, or a binary file object.
        depth: How deep to read.
        limits: Bounds on what is read.

    Raises:
        FormatError: The file is no binary that we know, or its header is damaged. Damage behind the header is in
            `Image.faults`.
        SourceError: The file can't be opened or read.
    """
    with _open(source) as opened:
        return read_images(SourceView(opened), depth, limits)


def judge_files(
    container: Container,
    path: str,
    *,
    wanted: Wanted,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Limits = DEFAULT,
) -> WheelReport:
    """Judge files that were a wheel once: by their WHEEL's tags, if they have one, and by who is to use them.

    Args:
        container: The files.
        path: What the report calls them.
        wanted: See `audit`.
        select: See `audit`.
        ignore: See `audit`.
        limits: See `audit`.

    Raises:
        UsageError: A code does not exist.
    """
    options = _options(None, select, ignore, limits, "off")._replace(wanted=wanted)
    return _audit_wheel(container, path, None, options)


def assert_ok(
    source: Input | Iterable[Input],
    *,
    fail_on: str = "error",
    tag: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    second_opinion: str = "errors",
) -> Report:
    """Judge wheels and raise where something is wrong: for tests, nox and hooks.

    Args:
        source: See `audit`.
        fail_on: The lowest severity that counts: `error`, `warning` or `note`.
        tag: See `audit`.
        select: See `audit`.
        ignore: See `audit`.
        second_opinion: See `audit`.

    Returns:
        The report, where nothing counts.

    Raises:
        AuditFailed: Something counts, or there was no input; the text report is the message.
        SourceError: An input can't be opened or read.
        UsageError: See `audit`.
    """
    report = audit(source, tag=tag, select=select, ignore=ignore, second_opinion=second_opinion)
    if report.exit_code(fail_on):
        from .report import as_text

        raise AuditFailed(as_text.render(report) if report.wheels else "no input", report)
    return report


def _options(
    tag: str | None, select: Iterable[str], ignore: Iterable[str], limits: Limits, second_opinion: str
) -> _Options:
    """Return the options, proven: a mistake in them is told before the first wheel is opened."""
    words = [(text,) if isinstance(text, str) else tuple(text) for text in (select, ignore)]
    if second_opinion not in SECOND_OPINIONS:
        raise UsageError(f"no second opinion {second_opinion!r}: choose from {', '.join(SECOND_OPINIONS)}")
    options = _Options(words[0], words[1], tag, Depth.HEADER, limits, second_opinion)
    _rules(options.select, options.ignore)
    if tag is not None and not read_promise(None, tag=tag, limits=limits).triples:
        raise UsageError(f"{tag!r} is no wheel tag: expected one like cp311-abi3-win_amd64")
    return options


@lru_cache(maxsize=8)
def _rules(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
    return select_rules(select, ignore)


def _open(source: Input) -> Source:
    if isinstance(source, bytes):
        return BytesSource(source)
    if isinstance(source, str | os.PathLike):
        return FileSource(source)
    data = source.read()
    if not isinstance(data, bytes):
        raise SourceError("the file object was opened for text: open it with mode 'rb'")
    name = getattr(source, "name", None)
    return BytesSource(data, name if isinstance(name, str) else "<file>")


def _audit_one(source: Input, name: str | None, options: _Options) -> WheelReport:
    try:
        if isinstance(source, str | os.PathLike) and is_unpacked_wheel(os.fspath(source)):
            return _audit_wheel(Folder(os.fspath(source), options.limits), os.fspath(source), name, options)
        with _open(source) as opened:
            filename = name if name is not None else None if isinstance(source, bytes) else opened.name
            last = last_component(filename) if filename is not None else None
            if is_sdist(last) and options.tag is None:
                return _audit_sdist(opened, filename or opened.name, last, options)
            named = last is not None and last.endswith(".whl")
            if not named and sniff(opened.read_at(0, min(HEAD_BYTES, opened.size))) is not None:
                return _audit_binary(opened, filename or opened.name, last, options)
            return _audit_wheel(Archive(opened, options.limits), filename or opened.name, last, options)
    finally:
        lazy.kept.clear()


def _audit_binary(source: Source, path: str, last: str | None, options: _Options) -> WheelReport:
    """Judge one native file by the tag that the caller gives: what concerns an archive or a name does not apply."""
    if options.tag is None:
        raise UntaggedError(
            f"{path} is a single binary: say with a tag what it is for (--tag cp311-abi3-win_amd64)"
        )
    promise = read_promise(None, tag=options.tag, limits=options.limits)
    rules = tuple(one for one in _rules(options.select, options.ignore) if one.code >= "WA2")
    view = SourceView(source)
    member = Member(last or "binary", source.size, Role.LIBRARY, ())
    plan = Plan(rules, promise.targets, False, options.depth, options.limits, Depths(rules))
    member = read_member(view, member, plan)
    members = assign_roles((member,), promise.targets)
    wheel = Wheel(last, promise, DistInfo(), members=members, wanted=options.wanted)
    findings = _confirm(judge(wheel, rules, options.limits), members, lambda _: view, rules, options)
    status = "findings" if findings else "clean"
    return WheelReport(path, "binary", status, promise.triples, "", members, findings)


_ADVICE = ("WA213", "WA214", "WA215", "WA314", "WA405", "WA701")
"""Rules for who builds a wheel and not for who has installed it. Those below WA2 speak of archives and file names."""


def _audit_wheel(container: Container, path: str, last: str | None, options: _Options) -> WheelReport:
    limits = options.limits
    rules = _rules(options.select, options.ignore)
    if container.kind == "environment":
        rules = tuple(one for one in rules if one.code >= "WA2" and one.code not in _ADVICE)
    directory = container.directory
    problems = list(directory.problems)
    unreadable = not directory.entries and any(problem.kind == "unreadable" for problem in problems)
    members: tuple[Member, ...] = ()
    if unreadable:
        dist_info = DistInfo()
        promise = read_promise(last, tag=options.tag, limits=limits)
        rules = tuple(one for one in rules if one.code < "WA010")
    else:
        dist_info = read_dist_info(directory.entries, container.open, limits)
        promise = read_promise(last, dist_info.tags, options.tag, limits)
        named = names_extensions(directory.entries)
        plan = Plan(rules, promise.targets, named, options.depth, limits, Depths(rules))
        first = tuple(read_members(container, plan, problems))
        members = read_needed(container, first, plan, problems)
    wheel = Wheel(
        last,
        promise,
        dist_info,
        directory.entries,
        tuple(problems),
        assign_roles(members, promise.targets),
        provenance=read_provenance(container, dist_info, promise, members, rules, limits),
        wanted=options.wanted,
    )
    findings = _confirm(
        judge(wheel, rules, options.limits),
        wheel.members,
        lambda path: _reopen(container, path),
        rules,
        options,
    )
    status = "unreadable" if unreadable else "findings" if findings else "clean"
    tags, generator = promise.triples, dist_info.generator
    report = WheelReport(path, container.kind, status, tags, generator, wheel.members, findings)
    return report if container.kind == "environment" else seek_honest_tags(report, wheel, members, limits)


def _audit_sdist(source: Source, path: str, last: str | None, options: _Options) -> WheelReport:
    """Judge a source distribution, which must hold no native code: nothing else in it concerns us."""
    rules = tuple(
        one
        for one in _rules(options.select, options.ignore)
        if one.code < "WA010" or one.code in ("WA604", "WA903")
    )
    problems: list[ArchiveProblem] = []
    members: list[Member] = []
    files = read_sdist_zip if last is not None and last.endswith(".zip") else read_sdist_tar
    try:
        members += files(source, problems, options.limits)
    except ArchiveError as error:
        problems.append(ArchiveProblem.of(error, None))
    anywhere = read_promise(None, tag="py3-none-any", limits=options.limits)
    wheel = Wheel(
        last,
        anywhere._replace(triples=(), targets=()),
        DistInfo(),
        problems=tuple(problems),
        members=assign_roles(members, anywhere.targets),
    )
    findings = judge(wheel, rules, options.limits)
    unreadable = not members and any(problem.kind == "unreadable" for problem in problems)
    status = "unreadable" if unreadable else "findings" if findings else "clean"
    return WheelReport(path, "sdist", status, (), "", wheel.members, findings)


def _confirm(
    findings: tuple[Finding, ...],
    members: tuple[Member, ...],
    open_member: Callable[[str], View | None],
    rules: tuple[Rule, ...],
    options: _Options,
) -> tuple[Finding, ...]:
    """Return the findings as other parsers see them. Where there is nothing to ask, nothing is even imported."""
    cross_check = options.second_opinion == "all" and any(one.code == "WA905" for one in rules)
    errors = any(finding.severity is Severity.ERROR for finding in findings)
    if options.second_opinion == "off" or not (cross_check or errors):
        return findings
    from .second_opinion.review import review

    return review(findings, members, open_member, cross_check=cross_check, limits=options.limits)


def _reopen(container: Container, path: str) -> View | None:
    """Return a new View of the member at a path, or None where several have that name."""
    entries = [entry for entry in container.directory.entries if entry.name == path]
    return container.open(entries[0]) if len(entries) == 1 else None
