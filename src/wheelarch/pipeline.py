"""The whole line, and the only module that knows it: source, archive, view, image, facts, rules, report.

A member that can't be read or parsed becomes data here, and the rest of the wheel goes on.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from . import facts, remedies
from .archive import ArchiveProblem, Budget, Entry, MemberView, read_directory, read_heads
from .dist_info import DistInfo, read_dist_info
from .document import Report
from .errors import ArchiveError, AuditFailed, FormatError, SourceError, UsageError
from .folder import ReopenedFile, SourceView, is_unpacked_wheel, read_folder, read_folder_heads
from .image import HEAD_BYTES, read_images, sniff
from .limits import DEFAULT, Limits
from .model import Depth, Fault, Finding, Format, Image, Member, Role, WheelReport
from .rules import Problem, Rule, depth_needed
from .rules import select as select_rules
from .source import BytesSource, FileSource, Source
from .tags import Promise, read_promise

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

__all__ = ["assert_ok", "audit", "audit_many", "inspect"]

Input = str | os.PathLike[str] | bytes | BinaryIO
"""A path, the bytes of a wheel, or a file object to read them from."""

_IN_FLIGHT = 64
"""How many wheels an executor is handed ahead of the one that is waited for: memory does not grow with their number."""


class _Options(NamedTuple):
    """What holds for every input of a run; plain values, so that they reach other processes."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    tag: str | None
    depth: Depth
    limits: Limits


def audit(
    source: Input | Iterable[Input],
    *,
    name: str | None = None,
    tag: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    depth: Depth = Depth.HEADER,
    limits: Limits = DEFAULT,
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

    Returns:
        One `WheelReport` an input. Whatever is wrong with the bytes is a finding in it.

    Raises:
        SourceError: An input can't be opened or read.
        UsageError: A code or the tag does not exist, or a single binary comes without a tag.
    """
    single = isinstance(source, str | os.PathLike | bytes) or hasattr(source, "read")
    many = cast("Iterable[Input]", [source] if single else source)
    options = _options(tag, select, ignore, limits)._replace(depth=depth)
    return Report(tuple(_audit_one(one, name, options) for one in many))


def audit_many(
    sources: Iterable[str | os.PathLike[str]],
    *,
    executor: "Executor | None" = None,
    tag: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Limits = DEFAULT,
) -> Iterator[WheelReport]:
    """Judge many wheels, one after the other or by an executor, and yield each result in input order.

    Memory does not grow with the number of inputs, as long as the caller lets results go.

    Args:
        sources: Paths.
        executor: Any `concurrent.futures.Executor`; a process pool pays, threads hardly do.
        tag: See `audit`.
        select: See `audit`.
        ignore: See `audit`.
        limits: See `audit`.

    Raises:
        SourceError: An input can't be opened or read.
        UsageError: See `audit`.
    """
    options = _options(tag, select, ignore, limits)
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


def assert_ok(
    source: Input | Iterable[Input],
    *,
    fail_on: str = "error",
    tag: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> Report:
    """Judge wheels and raise where something is wrong: for tests, nox and hooks.

    Args:
        source: See `audit`.
        fail_on: The lowest severity that counts: `error`, `warning` or `note`.
        tag: See `audit`.
        select: See `audit`.
        ignore: See `audit`.

    Returns:
        The report, where nothing counts.

    Raises:
        AuditFailed: Something counts, or there was no input; the text report is the message.
        SourceError: An input can't be opened or read.
        UsageError: See `audit`.
    """
    report = audit(source, tag=tag, select=select, ignore=ignore)
    if report.exit_code(fail_on):
        from .report import as_text

        raise AuditFailed(as_text.render(report) if report.wheels else "no input", report)
    return report


def _options(tag: str | None, select: Iterable[str], ignore: Iterable[str], limits: Limits) -> _Options:
    """Return the options, proven: a mistake in them is told before the first wheel is opened."""
    words = [(text,) if isinstance(text, str) else tuple(text) for text in (select, ignore)]
    options = _Options(words[0], words[1], tag, Depth.HEADER, limits)
    _rules(options.select, options.ignore)
    if tag is not None and not read_promise(None, tag=tag, limits=limits).triples:
        raise UsageError(f"{tag!r} is no wheel tag: expected one like cp311-abi3-win_amd64")
    return options


@lru_cache(maxsize=8)
def _rules(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
    return select_rules(select, ignore)


# -- one input -------------------------------------------------------------------------------------------------


class _Archive:
    """A wheel as it is shipped."""

    kind = "wheel"

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._budget = Budget(limits)
        self.directory = read_directory(source, limits)

    def heads(self) -> Iterator[tuple[Entry, bytes, ArchiveProblem | None]]:
        return read_heads(self._source, self.directory.entries, HEAD_BYTES, self._limits)

    def open(self, entry: Entry, digest: bool = False) -> MemberView:
        return MemberView(self._source, entry, self._limits, self._budget, digest)


class _Folder:
    """A wheel that was unpacked."""

    kind = "directory"

    def __init__(self, path: str, limits: Limits) -> None:
        self._path = path
        self.directory = read_folder(path, limits)

    def heads(self) -> Iterator[tuple[Entry, bytes, ArchiveProblem | None]]:
        return read_folder_heads(self._path, self.directory.entries, HEAD_BYTES)

    def open(self, entry: Entry, digest: bool = False) -> SourceView:
        return SourceView(ReopenedFile(os.path.join(self._path, entry.name), entry.size), digest)


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
    if isinstance(source, str | os.PathLike) and is_unpacked_wheel(os.fspath(source)):
        return _audit_wheel(_Folder(os.fspath(source), options.limits), os.fspath(source), name, options)
    with _open(source) as opened:
        filename = name if name is not None else None if isinstance(source, bytes) else opened.name
        last = _last_component(filename) if filename is not None else None
        if last is None or not last.endswith(".whl"):
            format_ = sniff(opened.read_at(0, min(HEAD_BYTES, opened.size)))
            if format_ is not None:
                return _audit_binary(opened, filename or opened.name, last, format_, options)
        return _audit_wheel(_Archive(opened, options.limits), filename or opened.name, last, options)


def _last_component(path: str) -> str:
    """Return the file name, of a Windows path too: a wheel's name holds neither kind of slash."""
    return path.replace("\\", "/").rpartition("/")[2]


def _audit_binary(
    source: Source, path: str, last: str | None, format_: Format, options: _Options
) -> WheelReport:
    """Judge one native file by the tag that the caller gives: what concerns an archive or a name does not apply."""
    if options.tag is None:
        raise UsageError(
            f"{path} is a single binary: say with a tag what it is for (--tag cp311-abi3-win_amd64)"
        )
    promise = read_promise(None, tag=options.tag, limits=options.limits)
    rules = tuple(one for one in _rules(options.select, options.ignore) if one.code >= "WA2")
    view = SourceView(source)
    member = Member(last or "binary", source.size, Role.LIBRARY, ())
    promises_extension = any(target.abi != "none" for target in promise.targets)
    member = _read_member(view, member, format_, rules, promises_extension, options)
    members = facts.assign_roles((member,), promise.targets)
    wheel = facts.Wheel(last, promise, DistInfo(), members=members)
    findings = _judge(wheel, rules)
    status = "findings" if findings else "clean"
    return WheelReport(path, "binary", status, promise.triples, "", members, findings)


def _audit_wheel(
    container: _Archive | _Folder, path: str, last: str | None, options: _Options
) -> WheelReport:
    limits = options.limits
    rules = _rules(options.select, options.ignore)
    directory = container.directory
    problems = list(directory.problems)
    unreadable = not directory.entries and any(problem.kind == "unreadable" for problem in problems)
    members: tuple[Member, ...] = ()
    if unreadable:
        dist_info = DistInfo()
        promise = read_promise(last, tag=options.tag, limits=limits)
        rules = tuple(one for one in rules if one.code < "WA010")
    else:
        dist_info = read_dist_info(directory.entries, container.open)
        promise = read_promise(last, dist_info.tags, options.tag, limits)
        members = tuple(_read_members(container, promise, rules, options, problems))
    wheel = facts.Wheel(
        last,
        promise,
        dist_info,
        directory.entries,
        tuple(problems),
        facts.assign_roles(members, promise.targets),
    )
    findings = _judge(wheel, rules)
    status = "unreadable" if unreadable else "findings" if findings else "clean"
    tags, generator = promise.triples, dist_info.generator
    return WheelReport(path, container.kind, status, tags, generator, wheel.members, findings)


def _read_members(
    container: _Archive | _Folder,
    promise: Promise,
    rules: tuple[Rule, ...],
    options: _Options,
    problems: list[ArchiveProblem],
) -> Iterator[Member]:
    """Yield the native members, and those whose name promises native code, in the directory's order."""
    entries = container.directory.entries
    heads: dict[int, tuple[Format | None, bytes]] = {}
    for entry, head, problem in container.heads():
        if problem is not None:
            problems.append(problem)
            continue
        format_ = sniff(head)
        if format_ is not None or facts.names_native_code(entry.name):
            heads[entry.offset] = (format_, head)
    promises_extension = any(target.abi != "none" for target in promise.targets) and not any(
        facts.parse_extension_name(entry.name.rpartition("/")[2]) for entry in entries
    )
    for entry in entries:
        if entry.offset not in heads:
            continue
        format_, head = heads[entry.offset]
        plain = Member(entry.name, entry.size, facts.guess_role(entry.name, ()), (), mode=entry.mode)
        if format_ is None:
            yield plain._replace(head=head)
            continue
        try:
            deep = (depth_needed(rules, Role.EXTENSION, format_) or Depth.HEADER) > Depth.HEADER
            named = facts.parse_extension_name(plain.name) is not None
            view = container.open(entry, digest=deep and named)
            member = _read_member(view, plain, format_, rules, promises_extension, options)
            # An extension module that is read for its linkage is read nearly whole: the rest is cheap, and proves
            # the CRC and the hash.
            yield member._replace(sha256=view.finish()) if deep and member.role is Role.EXTENSION else member
        except ArchiveError as error:
            problems.append(ArchiveProblem.of(error, entry.name))
            yield _read_again(container, entry, plain, options.limits)


def _read_again(container: _Archive | _Folder, entry: Entry, member: Member, limits: Limits) -> Member:
    """Return what the start of a member tells whose data can't be inflated to the depth that was asked for."""
    try:
        images = read_images(container.open(entry), Depth.HEADER, limits)
    except (ArchiveError, FormatError):
        return member
    damage = Fault("truncated", 0, "the member's data can't be inflated to the end")
    images = tuple(image._replace(faults=(*image.faults, damage)) for image in images)
    return member._replace(images=images, role=facts.guess_role(member.path, images))


def _read_member(
    view: "MemberView | SourceView",
    member: Member,
    format_: Format,
    rules: tuple[Rule, ...],
    promises_extension: bool,
    options: _Options,
) -> Member:
    """Return the member with its images, read as deep as the rules ask of the role that its header gives it."""
    try:
        images = read_images(view, Depth.HEADER, options.limits)
        role = facts.guess_role(member.path, images, promises_extension)
        depth = max(options.depth, depth_needed(rules, role, format_) or Depth.HEADER)
        if depth > Depth.HEADER:
            images = read_images(view, depth, options.limits)
            role = facts.guess_role(member.path, images, promises_extension)
    except FormatError as error:
        return member._replace(faults=(Fault.of(error),))
    return member._replace(images=images, role=role)


def _judge(wheel: facts.Wheel, rules: tuple[Rule, ...]) -> tuple[Finding, ...]:
    """Return what the rules have to say, the worst first, then by code and the order of members."""
    generator = wheel.dist_info.generator
    findings = [_finding(one, problem, generator) for one in rules for problem in one.check(wheel)]
    findings.sort(key=lambda finding: -finding.severity.rank)
    return tuple(findings)


def _finding(one: Rule, problem: Problem, generator: str) -> Finding:
    return Finding(
        code=one.code,
        name=one.name,
        severity=problem.severity or one.severity,
        member=problem.member,
        slice=problem.slice,
        tags=problem.tags,
        message=problem.message,
        evidence=dict(problem.evidence),
        consequence=problem.consequence,
        remedy=remedies.text(problem.remedies or one.remedies, generator),
    )
