"""The functions that users call, and the only module that knows the whole line from a source to a report.

Each input is opened, read into a `Wheel`, judged by the rules, and confirmed by other parsers; then the wheels of each
release are judged together. What is wrong with the bytes becomes a finding; only what keeps an input from being read
at all, and a mistake in the options, is an error.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence  # noqa: TC003 -- the annotations of public functions resolve at run time
from functools import lru_cache

from ._lib.typed import TYPE_CHECKING, NamedTuple, Protocol, cast, futures
from .container.files import Archive, Container, Folder
from .container.folder import SourceView, is_unpacked_wheel
from .container.zip_layout import ArchiveProblem
from .errors import ArchiveError, AuditFailed, SourceError, UntaggedError, UsageError
from .facts.roles import with_roles
from .facts.wheel import Wanted, Wheel
from .image import HEAD_BYTES, read_images, sniff
from .judging.judge import judge
from .judging.suggest import suggest
from .judging.wheel_sets import Audited, WheelSet, for_set, judge_set, sets_of, unproven_copies, variants_file
from .limits import DEFAULT, Limits
from .metadata.dist_info import DistInfo, read_dist_info, read_entry_points
from .metadata.member_paths import is_sdist, last_component
from .metadata.promise import read_promise
from .model import Depth, Finding, Image, Member, Role, Severity, WheelReport
from .reading import (
    Plan,
    names_extensions,
    read_digests,
    read_flat_lookups,
    read_member,
    read_members,
    read_provenance,
    read_python_code,
    read_sdist_tar,
    read_sdist_zip,
)
from .report.document import Report
from .rules import Depths
from .rules import select as select_rules
from .rules.damage import contradicting_headers
from .rules.rule import Family, Stage
from .sources.local import BytesSource, FileSource, Source

if TYPE_CHECKING:
    from .loading.simulate import Load
    from .metadata.documents import Variant
    from .rules import Rule
    from .view import View

__all__ = [
    "assert_ok",
    "audit",
    "audit_alone",
    "audit_many",
    "inspect",
    "judge_files",
    "judge_together",
    "simulate",
]

_IN_FLIGHT = 64
"""How many wheels an executor is handed ahead of the one that is waited for: memory does not grow with their number."""


class BinaryFile(Protocol):
    """A file object that was opened for bytes. Its `name`, if it has one, is used in the report."""

    def read(self) -> bytes:
        """Return all bytes of the file."""
        ...


Input = str | os.PathLike[str] | bytes | BinaryFile
"""A path, the bytes of a wheel, or a file object to read them from."""


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
            Mach-O, ELF) is judged too, if `tag` says what it is for.
        name: The file name to judge a single input by: for bytes and file objects, or instead of the path's own.
        tag: A tag triple, or a compressed set of them, to judge by instead of the file name's.
        select: Codes of rules or their beginnings (`WA2`); none means all.
        ignore: Codes to leave out. The longer beginning wins.
        depth: How deep every binary is read at least, whatever the rules ask: for the facts in the report.
        limits: Bounds on what is read.
        second_opinion: Which facts lief, pefile and macholib are asked to confirm: those behind `errors`, `all` of
            every member, or none (`off`). They run in a process of their own, which is kept for the next audits.
        wanted: Who will use the wheels, besides those that their tags promise: `wheelarch.target(python).wanted`, or
            what `wheelarch.interpreter.wanted.expected` makes of a triple or tag.

    Returns:
        One `WheelReport` per input. What is wrong with the bytes is a finding in it. Of several inputs, those of one
        project and version are also judged as a set (`judge_together`), unless a tag is given for all.

    Raises:
        SourceError: An input cannot be opened or read.
        UsageError: A code, the tag or the second opinion does not exist, or a single binary comes without a tag.
    """
    single = isinstance(source, str | os.PathLike | bytes) or hasattr(source, "read")
    many = cast("Iterable[Input]", [source] if single else source)
    options = _options(tag, select, ignore, limits, second_opinion, depth=depth, wanted=wanted)
    audited = [_audit_one(one, name, options) for one in many]
    if single or tag is not None:
        return Report(tuple(one.report for one in audited))
    return judge_together(audited, select=options.select, ignore=options.ignore, limits=limits)


def audit_alone(
    source: Input,
    *,
    tag: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    depth: Depth = Depth.HEADER,
    limits: Limits = DEFAULT,
    second_opinion: str = "errors",
    wanted: Wanted | None = None,
) -> Audited:
    """Judge one input by itself, and keep what `judge_together` compares with the other wheels of its set.

    Args and errors are those of `audit`.
    """
    options = _options(tag, select, ignore, limits, second_opinion, depth=depth, wanted=wanted)
    return _audit_one(source, None, options)


def audit_many(
    sources: Iterable[str | os.PathLike[str]],
    *,
    executor: futures.Executor | None = None,
    tag: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Limits = DEFAULT,
    second_opinion: str = "errors",
    wanted: Wanted | None = None,
) -> Iterator[WheelReport]:
    """Judge many wheels, one after the other or by an executor, and yield each result in input order.

    Memory does not grow with the number of inputs if the caller lets results go. So each wheel is judged by itself;
    `audit` and `judge_together` compare the wheels of a set.

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
        SourceError: An input cannot be opened or read.
        UsageError: See `audit`.
    """
    options = _options(tag, select, ignore, limits, second_opinion, wanted=wanted)
    if executor is None:
        for one in sources:
            yield _report_on(one, options)
        return
    waiting: deque[futures.Future[WheelReport]] = deque()
    try:
        for one in sources:
            waiting.append(executor.submit(_report_on, os.fspath(one), options))
            if len(waiting) >= _IN_FLIGHT:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def inspect(source: Input, depth: Depth = Depth.SYMBOLS, limits: Limits = DEFAULT) -> tuple[Image, ...]:
    """Return the images of a single binary: one for a thin file, one per slice for a fat file.

    Args:
        source: A path, bytes, or a binary file object.
        depth: How deep to read.
        limits: Bounds on what is read.

    Raises:
        FormatError: The file is not a binary of a known format, or its header is damaged. Damage after the header is in
            `Image.faults`.
        SourceError: The file cannot be opened or read.
    """
    with _open(source) as opened:
        return read_images(SourceView(opened), depth, limits)


def simulate(
    source: str | os.PathLike[str],
    *,
    chosen: Callable[[WheelReport], Iterable[Member]] | None = None,
    tag: str | None = None,
    limits: Limits = DEFAULT,
) -> tuple[WheelReport, tuple[Load, ...]]:
    """Judge a wheel, and say step by step how the systems of its tags load its native files.

    Args:
        source: The path of a wheel, or of a folder with an unpacked one.
        chosen: Returns the members of the report that are to be loaded; None for all.
        tag: See `audit`.
        limits: See `audit`.

    Returns:
        The report without a second opinion, and a load for each slice of each file, in the order of the members.

    Raises:
        SourceError: The input cannot be opened or read.
        UsageError: The tag does not exist.
    """
    from .facts.loads import trace

    options = _options(tag, (), (), limits, "off")
    path = os.fspath(source)
    if is_unpacked_wheel(path):
        wheel, report = _judge(Folder(path, limits), path, last_component(path), options)
    else:
        with FileSource(path) as opened:
            wheel, report = _judge(Archive(opened, limits), path, last_component(path), options)
    return report, tuple(trace(wheel, report.members if chosen is None else chosen(report)))


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
    options = _options(None, select, ignore, limits, "off", wanted=wanted)
    return _audit_wheel(container, path, None, options).report


def assert_ok(
    source: Input | Iterable[Input],
    *,
    fail_on: str = "error",
    tag: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    second_opinion: str = "errors",
) -> Report:
    """Judge wheels and raise an error if something is wrong: for tests, nox and hooks.

    Args:
        source: See `audit`.
        fail_on: The lowest severity that counts: `error`, `warning` or `note`.
        tag: See `audit`.
        select: See `audit`.
        ignore: See `audit`.
        second_opinion: See `audit`.

    Returns:
        The report, if no finding counts.

    Raises:
        AuditFailed: A finding counts, or there was no input. The text report is the message.
        SourceError: An input cannot be opened or read.
        UsageError: See `audit`.
    """
    __tracebackhide__ = True  # pytest shows the caller's line, not this one
    report = audit(source, tag=tag, select=select, ignore=ignore, second_opinion=second_opinion)
    if report.exit_code(fail_on):
        from .report import as_text

        raise AuditFailed(as_text.render(report) if report.wheels else "no input", report)
    return report


def _options(
    tag: str | None,
    select: Iterable[str],
    ignore: Iterable[str],
    limits: Limits,
    second_opinion: str,
    *,
    depth: Depth = Depth.HEADER,
    wanted: Wanted | None = None,
) -> _Options:
    """Return the options, checked: a mistake in them is reported before the first wheel is opened."""
    words = [(text,) if isinstance(text, str) else tuple(text) for text in (select, ignore)]
    if second_opinion not in SECOND_OPINIONS:
        raise UsageError(
            f"second_opinion: must be one of {', '.join(SECOND_OPINIONS)}, not {second_opinion!r}"
        )
    options = _Options(words[0], words[1], tag, depth, limits, second_opinion, wanted)
    _rules(options)
    if tag is not None and not read_promise(None, tag=tag, limits=limits).triples:
        raise UsageError(f"{tag!r} is not a wheel tag; expected one like cp311-abi3-win_amd64")
    return options


def _rules(options: _Options) -> tuple[Rule, ...]:
    return _select(options.select, options.ignore)


@lru_cache(maxsize=8)
def _select(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
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


def _report_on(path: str | os.PathLike[str], options: _Options) -> WheelReport:
    return _audit_one(path, None, options).report


def _audit_one(source: Input, name: str | None, options: _Options) -> Audited:
    if isinstance(source, str | os.PathLike) and is_unpacked_wheel(os.fspath(source)):
        return _audit_wheel(Folder(os.fspath(source), options.limits), os.fspath(source), name, options)
    with _open(source) as opened:
        filename = name if name is not None else None if isinstance(source, bytes) else opened.name
        last = last_component(filename) if filename is not None else None
        if is_sdist(last) and options.tag is None:
            return Audited(_audit_sdist(opened, filename or opened.name, last, options), None)
        named = last is not None and last.endswith(".whl")
        if not named and sniff(opened.read_at(0, min(HEAD_BYTES, opened.size))) is not None:
            return Audited(_audit_binary(opened, filename or opened.name, last, options), None)
        return _audit_wheel(Archive(opened, options.limits), filename or opened.name, last, options)


def _audit_binary(source: Source, path: str, last: str | None, options: _Options) -> WheelReport:
    """Judge one native file by the tag that the caller gives; what is about archives and names does not apply."""
    if options.tag is None:
        raise UntaggedError(
            f"{path} is a single binary: say with a tag what it is for (--tag cp311-abi3-win_amd64)"
        )
    promise = read_promise(None, tag=options.tag, limits=options.limits)
    rules = tuple(one for one in _rules(options) if one.stage not in (Stage.CONTAINER, Stage.TAGS))
    view = SourceView(source)
    member = Member(last or "binary", source.size, Role.LIBRARY, ())
    plan = Plan(rules, promise.targets, False, options.depth, options.limits, Depths(rules))
    member = read_member(view, member, plan)
    wheel = with_roles(Wheel(last, promise, DistInfo(), members=(member,), wanted=options.wanted))
    findings = _confirm(judge(wheel, rules, options.limits), wheel.members, lambda _: view, rules, options)
    status = "findings" if findings else "clean"
    return WheelReport(path, "binary", status, promise.triples, "", wheel.members, findings)


def _audit_wheel(container: Container, path: str, last: str | None, options: _Options) -> Audited:
    wheel, report = _judge(container, path, last, options)
    if container.kind != "environment":
        report = suggest(report, wheel, options.limits)
    in_set = container.kind == "wheel" and last is not None and last.endswith(".whl") and options.tag is None
    return Audited(report, for_set(wheel) if in_set else None)


def _judge(container: Container, path: str, last: str | None, options: _Options) -> tuple[Wheel, WheelReport]:
    """Return what was read of a wheel, and what the rules and other parsers say of it."""
    limits = options.limits
    rules = _rules(options)
    installed = container.kind == "environment"
    if installed:
        rules = tuple(
            one for one in rules if one.stage not in (Stage.CONTAINER, Stage.TAGS) and not one.for_builders
        )
    directory = container.directory
    problems = list(directory.problems)
    unreadable = not directory.entries and any(problem.kind == "unreadable" for problem in problems)
    if unreadable:
        promise = read_promise(last, tag=options.tag, limits=limits)
        rules = tuple(one for one in rules if one.family is Family.ARCHIVE)
        wheel = Wheel(last, promise, DistInfo(), problems=tuple(problems), wanted=options.wanted)
    else:
        wheel = _read(container, last, rules, options, problems)
    findings = _confirm(
        judge(wheel, rules, limits), wheel.members, lambda path: _reopen(container, path), rules, options
    )
    status = "unreadable" if unreadable else "findings" if findings else "clean"
    generator = wheel.dist_info.generator
    report = WheelReport(
        path, container.kind, status, wheel.promise.triples, generator, wheel.members, findings
    )
    return wheel, report


def _read(
    container: Container,
    last: str | None,
    rules: tuple[Rule, ...],
    options: _Options,
    problems: list[ArchiveProblem],
) -> Wheel:
    """Return what the rules may look at: the container's files, each read as deep as the rules ask."""
    limits, entries = options.limits, container.directory.entries
    dist_info = read_dist_info(entries, container.open, limits)
    promise = read_promise(last, dist_info.tags, options.tag, limits)
    plan = Plan(rules, promise.targets, names_extensions(entries), options.depth, limits, Depths(rules))
    members = tuple(read_members(container, plan, problems))
    if members and any(target.system == "any" for target in promise.targets):
        dist_info = read_entry_points(dist_info, entries, container.open, limits)
    provenance = read_provenance(container, dist_info, promise, members, rules, limits)
    wanted = options.wanted
    wheel = with_roles(Wheel(last, promise, dist_info, entries, tuple(problems), members, wanted, provenance))
    code = read_python_code(container, wheel, limits)
    wheel = wheel if code is None else wheel._replace(code=code)
    return read_flat_lookups(container, wheel, rules, limits)


def _audit_sdist(source: Source, path: str, last: str | None, options: _Options) -> WheelReport:
    """Judge a source distribution, which must not contain native code: nothing else in it concerns us."""
    rules = tuple(one for one in _rules(options) if one.in_sdists)
    problems: list[ArchiveProblem] = []
    members: list[Member] = []
    files = read_sdist_zip if last is not None and last.endswith(".zip") else read_sdist_tar
    try:
        members += files(source, problems, options.limits)
    except ArchiveError as error:
        problems.append(ArchiveProblem.of(error, None))
    anywhere = read_promise(None, tag="py3-none-any", limits=options.limits)
    wheel = Wheel(last, anywhere, DistInfo(), problems=tuple(problems), members=tuple(members))
    wheel = with_roles(wheel)._replace(promise=anywhere._replace(triples=(), targets=()))
    findings = judge(wheel, rules, options.limits)
    unreadable = not members and any(problem.kind == "unreadable" for problem in problems)
    status = "unreadable" if unreadable else "findings" if findings else "clean"
    return WheelReport(path, "sdist", status, (), "", wheel.members, findings)


def judge_together(
    audited: Sequence[Audited],
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Limits = DEFAULT,
) -> Report:
    """Judge the wheels of each project and version against each other.

    Only what looks like a copy is read again, by the report's path, to compare its hash.

    Args:
        audited: The inputs, each judged by itself. What is not a wheel, and wheels without a sibling, stay as they are.
        select: See `audit`.
        ignore: See `audit`.
        limits: See `audit`.

    Returns:
        The reports in their order, with the findings about the set, and a grid for each set.

    Raises:
        UsageError: See `audit`.
    """
    reports = [one.report for one in audited]
    grids = []
    for whole in sets_of(audited):
        own = [reports[position] for position in whole.positions]
        unproven = unproven_copies(whole)
        found = read_digests([(own[index].path, path) for index, path in unproven], limits)
        digests = dict(zip(unproven, found, strict=True))
        variants = _variants_of(whole, own[0].path)
        own, grid = judge_set(
            whole, own, digests, variants=variants, select=select, ignore=ignore, limits=limits
        )
        grids.append(grid)
        for position, report in zip(whole.positions, own, strict=True):
            reports[position] = report
    return Report(tuple(reports), tuple(grids))


def _variants_of(whole: WheelSet, beside: str) -> Variant | None:
    """Return what the file beside the wheels says that lists their variants, or None if there is none."""
    name = variants_file(whole)
    if name is None:
        return None
    from .metadata.documents import DOCUMENT_BYTES, Variant, read_variant

    try:
        with FileSource(os.path.join(os.path.dirname(beside), name)) as source:
            if source.size > DOCUMENT_BYTES:
                return Variant(f"it has more than {DOCUMENT_BYTES} bytes")
            return read_variant(source.read_at(0, source.size))
    except SourceError:
        return None


def _confirm(
    findings: tuple[Finding, ...],
    members: tuple[Member, ...],
    open_member: Callable[[str], View | None],
    rules: tuple[Rule, ...],
    options: _Options,
) -> tuple[Finding, ...]:
    """Return the findings as other parsers see them. Where there is nothing to ask, nothing is even imported."""
    cross_check = options.second_opinion == "all" and any(one is contradicting_headers for one in rules)
    errors = any(finding.severity is Severity.ERROR for finding in findings)
    if options.second_opinion == "off" or not (cross_check or errors):
        return findings
    from .second_opinion.review import review

    return review(findings, members, open_member, cross_check=cross_check, limits=options.limits)


def _reopen(container: Container, path: str) -> View | None:
    """Return a new View of the member at a path, or None if several have that name."""
    entries = [entry for entry in container.directory.entries if entry.name == path]
    return container.open(entries[0]) if len(entries) == 1 else None
