"""The whole line, and the only module that knows it: source, archive, view, image, facts, rules, report.

A member that can't be read or parsed becomes data here, and the rest of the wheel goes on.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol, cast

from . import facts, remedies, siblings
from .archive import ArchiveProblem, Budget, Directory, Entry, MemberView, read_directory, read_heads
from .dist_info import DistInfo, read_dist_info
from .document import Report
from .errors import ArchiveError, AuditFailed, FormatError, SourceError, UntaggedError, UsageError
from .folder import ReopenedFile, SourceView, is_unpacked_wheel, read_folder, read_folder_heads
from .image import HEAD_BYTES, read_images, sniff
from .limits import DEFAULT, Limits
from .model import Depth, Fault, Finding, Format, Image, Member, Role, Severity, WheelReport
from .provenance import SBOM_BYTES, Provenance, maturin_version, read_sbom, search, suspects
from .rules import RULES, Problem, Rule, depth_needed
from .rules import select as select_rules
from .rules.provenance import known_bad_toolchain
from .source import BytesSource, FileSource, Source
from .tags import Promise, read_promise
from .view import View

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

__all__ = ["Container", "assert_ok", "audit", "audit_many", "inspect", "judge_files", "judge_together"]

Input = str | os.PathLike[str] | bytes | BinaryIO
"""A path, the bytes of a wheel, or a file object to read them from."""

_IN_FLIGHT = 64
"""How many wheels an executor is handed ahead of the one that is waited for: memory does not grow with their number."""

_SBOMS_READ, _MODULES_SEARCHED = 8, 4
"""How many lists of materials, and how many extension modules, are read to learn PyO3's version."""

_LONGEST_CHAIN = 32
"""How many libraries deep the needs of extension modules are followed to decide what is read."""


class Container(Protocol):
    """The files of a wheel, wherever they lie."""

    @property
    def kind(self) -> str:
        """`WheelReport.kind`."""

    @property
    def directory(self) -> Directory:
        """Its files."""

    def heads(self) -> Iterator[tuple[Entry, bytes, ArchiveProblem | None]]:
        """Yield what `archive.read_heads` yields."""

    def open(self, entry: Entry, digest: bool = False) -> MemberView | SourceView:
        """Return a View of one file; with `digest`, one whose `finish` tells its SHA-256."""


class _Options(NamedTuple):
    """What holds for every input of a run; plain values, so that they reach other processes."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]
    tag: str | None
    depth: Depth
    limits: Limits
    second_opinion: str
    wanted: facts.Wanted | None = None


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
    wanted: facts.Wanted | None = None,
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
            `wheelarch.toolchain.wanted.expected` makes of a triple or tag.

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
    executor: "Executor | None" = None,
    tag: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Limits = DEFAULT,
    second_opinion: str = "errors",
    wanted: facts.Wanted | None = None,
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
    wanted: facts.Wanted,
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
        if facts.is_sdist(last) and options.tag is None:
            return _audit_sdist(opened, filename or opened.name, last, options)
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
        raise UntaggedError(
            f"{path} is a single binary: say with a tag what it is for (--tag cp311-abi3-win_amd64)"
        )
    promise = read_promise(None, tag=options.tag, limits=options.limits)
    rules = tuple(one for one in _rules(options.select, options.ignore) if one.code >= "WA2")
    view = SourceView(source)
    member = Member(last or "binary", source.size, Role.LIBRARY, ())
    promises_extension = any(target.abi != "none" for target in promise.targets)
    member = _read_member(view, member, format_, rules, promises_extension, options)
    members = facts.assign_roles((member,), promise.targets)
    wheel = facts.Wheel(last, promise, DistInfo(), members=members, wanted=options.wanted)
    findings = _confirm(_judge(wheel, rules), members, lambda _: view, rules, options)
    status = "findings" if findings else "clean"
    return WheelReport(path, "binary", status, promise.triples, "", members, findings)


def _audit_wheel(container: Container, path: str, last: str | None, options: _Options) -> WheelReport:
    limits = options.limits
    rules = _rules(options.select, options.ignore)
    if container.kind == "environment":  # what concerns an archive or a file name does not apply
        rules = tuple(one for one in rules if one.code >= "WA2")
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
        first = _read_members(container, promise, rules, options, problems)
        members = _read_needed(container, tuple(first), promise, rules, options, problems)
    wheel = facts.Wheel(
        last,
        promise,
        dist_info,
        directory.entries,
        tuple(problems),
        facts.assign_roles(members, promise.targets),
        provenance=_read_provenance(container, dist_info, promise, members, rules, limits),
        wanted=options.wanted,
    )
    findings = _confirm(
        _judge(wheel, rules), wheel.members, lambda path: _reopen(container, path), rules, options
    )
    status = "unreadable" if unreadable else "findings" if findings else "clean"
    tags, generator = promise.triples, dist_info.generator
    report = WheelReport(path, container.kind, status, tags, generator, wheel.members, findings)
    return report if container.kind == "environment" else _seek_honest_tags(report, wheel, members, limits)


_PROMISES = ("WA103", "WA108", "WA109", "WA110", "WA112", "WA2", "WA3", "WA4", "WA5")
"""Rules that hold the files against the tags."""
_LOOSE = ("WA109", "WA501", "WA520")
"""Those whose warnings, too, say that a tag promises too much."""


def _breaks_promise(finding: Finding) -> bool:
    least = Severity.WARNING if finding.code in _LOOSE else Severity.ERROR
    return finding.severity.rank >= least.rank and finding.code.startswith(_PROMISES)


def _seek_honest_tags(
    report: WheelReport, wheel: facts.Wheel, members: tuple[Member, ...], limits: Limits
) -> WheelReport:
    """Return the report with the narrowest tags that leave no broken promise, or with what to build anew.

    Args:
        report: The report on the wheel.
        wheel: What was judged.
        members: Its members with the roles that they have by themselves.
        limits: Bounds on the expansion of tags.
    """
    broken = [finding for finding in report.findings if _breaks_promise(finding)]
    if not broken:
        return report
    from .honest import propose

    rules = tuple(one for one in RULES if one.code.startswith(_PROMISES))
    for tag in propose(wheel):
        promise = read_promise(wheel.filename, tag=tag, limits=limits)
        if promise.dead or promise.triples == wheel.promise.triples:
            continue
        renamed = wheel._replace(promise=promise, members=facts.assign_roles(members, promise.targets))
        if not any(map(_breaks_promise, _judge(renamed, rules))):
            return report._replace(honest_tags=promise.triples)
    blamed = (finding.member for finding in broken if finding.severity is Severity.ERROR)
    return report._replace(rebuild=tuple(dict.fromkeys(path for path in blamed if path is not None)))


def _audit_sdist(source: Source, path: str, last: str | None, options: _Options) -> WheelReport:
    """Judge a source distribution, which must hold no native code: nothing else in it concerns us."""
    rules = tuple(
        one for one in _rules(options.select, options.ignore) if one.code < "WA010" or one.code == "WA604"
    )
    problems: list[ArchiveProblem] = []
    members: list[Member] = []
    files = _read_sdist_zip if last is not None and last.endswith(".zip") else _read_sdist_tar
    try:
        members += files(source, problems, options.limits)
    except ArchiveError as error:
        problems.append(ArchiveProblem.of(error, None))
    anywhere = read_promise(None, tag="py3-none-any", limits=options.limits)
    wheel = facts.Wheel(
        last,
        anywhere._replace(triples=(), targets=()),
        DistInfo(),
        problems=tuple(problems),
        members=facts.assign_roles(members, anywhere.targets),
    )
    findings = _judge(wheel, rules)
    unreadable = not members and any(problem.kind == "unreadable" for problem in problems)
    status = "unreadable" if unreadable else "findings" if findings else "clean"
    return WheelReport(path, "sdist", status, (), "", wheel.members, findings)


def _read_sdist_tar(source: Source, _: list[ArchiveProblem], limits: Limits) -> Iterator[Member]:
    """Yield the native files of a `.tar.gz`."""
    from .sdist import read_tar

    for file in read_tar(source, limits):
        if sniff(file.view.read_upto(0, HEAD_BYTES)) is not None:
            yield _read_header(
                file.view, Member(file.name, file.size, Role.LIBRARY, (), mode=file.mode), limits
            )


def _read_sdist_zip(source: Source, problems: list[ArchiveProblem], limits: Limits) -> Iterator[Member]:
    """Yield the native files of a `.zip`."""
    container = _Archive(source, limits)
    problems += container.directory.problems
    for entry, head, problem in container.heads():
        if problem is not None:
            problems.append(problem)
        elif sniff(head) is not None:
            member = Member(entry.name, entry.size, Role.LIBRARY, (), mode=entry.mode)
            try:
                yield _read_header(container.open(entry), member, limits)
            except ArchiveError as error:
                problems.append(ArchiveProblem.of(error, entry.name))


def _read_header(view: View, member: Member, limits: Limits) -> Member:
    try:
        images = read_images(view, Depth.HEADER, limits)
    except FormatError as error:
        return member._replace(faults=(Fault.of(error),))
    return member._replace(images=images, role=facts.guess_role(member.path, images))


def _read_members(
    container: Container,
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
        if container.kind == "wheel":
            plain = plain._replace(crc=entry.crc)
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


def _read_needed(
    container: Container,
    members: tuple[Member, ...],
    promise: Promise,
    rules: tuple[Rule, ...],
    options: _Options,
    problems: list[ArchiveProblem],
) -> tuple[Member, ...]:
    """Return the members, libraries that extension modules turn out to need read as deep as the rules ask of them.

    What a library needs shows only when it is read, so this goes on until nothing is new. A large library that no
    extension module needs stays at its first KiB.
    """
    entries = {entry.name: entry for entry in container.directory.entries}
    read = list(members)
    seen: set[str] = set()
    for _ in range(_LONGEST_CHAIN):
        again = [
            (index, member, depth)
            for index, member in enumerate(facts.assign_roles(read, promise.targets))
            if member.role is Role.DEPENDENCY and member.images and member.path not in seen
            for depth in [depth_needed(rules, member.role, member.images[0].format) or Depth.HEADER]
            if depth > member.images[0].depth
        ]
        for index, member, depth in again:
            seen.add(member.path)
            try:
                images = read_images(container.open(entries[member.path]), depth, options.limits)
                read[index] = read[index]._replace(images=images)
            except FormatError as error:
                read[index] = read[index]._replace(faults=(Fault.of(error),))
            except ArchiveError as error:
                problems.append(ArchiveProblem.of(error, member.path))
                read[index] = _read_again(container, entries[member.path], read[index], options.limits)
        if not again:
            break
    return tuple(read)


def _read_provenance(
    container: Container,
    dist_info: DistInfo,
    promise: Promise,
    members: tuple[Member, ...],
    rules: tuple[Rule, ...],
    limits: Limits,
) -> Provenance | None:
    """Return what built the wheel, where that may be known to go wrong.

    Panic paths can stand anywhere in a binary, so it is inflated once more, and only where no list of materials
    tells PyO3's version.
    """
    maturin = maturin_version(dist_info.generators)
    if not maturin or known_bad_toolchain not in rules or not suspects(maturin, "", promise.targets):
        return None
    entries = {entry.name: entry for entry in container.directory.entries}
    folder = f"{dist_info.folder}/sboms/"
    lists = [name for name in entries if name.startswith(folder) and name.endswith(".json")]
    modules = [member.path for member in members if member.role is Role.EXTENSION and member.images]
    for name in (*lists[:_SBOMS_READ], *modules[:_MODULES_SEARCHED]):
        rustc, seen_in = "", name
        try:
            view = container.open(entries[name])
            if name in lists:
                pyo3 = read_sbom(view.read_upto(0, min(SBOM_BYTES, limits.metadata_bytes)))
            else:
                pyo3, rustc = search(view)
                seen_in = f"panic paths of {name}"
        except (ArchiveError, FormatError):
            continue
        if pyo3:
            return Provenance(maturin, pyo3, seen_in, rustc)
    return Provenance(maturin)


def _read_again(container: Container, entry: Entry, member: Member, limits: Limits) -> Member:
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


# -- the wheels of one version ---------------------------------------------------------------------------------


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
        The reports in their order, with the findings about the set, and a grid for each set.

    Raises:
        UsageError: See `audit`.
    """
    rules = tuple(one for one in select_rules(select, ignore) if one.code.startswith("WA60"))
    sets: dict[str, dict[str, tuple[int, Promise]]] = {}
    for index, report in enumerate(reports):
        filename = _last_component(report.path)
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
            findings = _judge(_with_digests(wheel, paths, limits), rules)
            if findings:
                merged = sorted((*report.findings, *findings), key=lambda one: (-one.severity.rank, one.code))
                status = "findings" if report.status == "clean" else report.status
                judged[index] = report._replace(findings=tuple(merged), status=status)
    return Report(tuple(judged), tuple(grids))


def _with_digests(wheel: facts.Wheel, paths: dict[str, str], limits: Limits) -> facts.Wheel:
    """Return the wheel with the SHA-256 of each file that is wrong in it and may be a sibling's, on both sides."""
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
                    file = file._replace(sha256=_digest(paths[sibling.filename], file.path, limits))
            files.append(file)
        others.append(sibling._replace(files=tuple(files)))
    members = [
        member._replace(sha256=_digest(paths[wheel.filename or ""], member.path, limits))
        if member.path in suspects and member.sha256 is None and (member.size, member.crc) in held
        else member
        for member in wheel.members
    ]
    return wheel._replace(members=tuple(members), siblings=tuple(others))


def _digest(path: str, member: str, limits: Limits) -> str | None:
    """Return the SHA-256 of a wheel's member as RECORD writes it, or None where it can't be read (again)."""
    try:
        with FileSource(path) as source:
            entries = [one for one in read_directory(source, limits).entries if one.name == member]
            return MemberView(source, entries[-1], limits, digest=True).finish() if entries else None
    except (SourceError, ArchiveError):
        return None
