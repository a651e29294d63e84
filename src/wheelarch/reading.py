"""From bytes to members: the containers of a wheel, each native file read as deep as the rules ask of its role.

First the heads of all members are read, then each native member once, to the depth that the rules ask of what its name
and header show. A member that cannot be read or parsed becomes data here, and the rest of the wheel is still read.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from ._lib.typed import TYPE_CHECKING, NamedTuple
from .container.files import Archive, Container
from .container.zip_directory import read_directory
from .container.zip_layout import ArchiveProblem, Entry
from .container.zip_member import Budget, MemberView
from .errors import ArchiveError, FormatError, SourceError
from .facts.flat_lookups import FlatLookups, asked_names, can_answer
from .facts.named_modules import has_odd_modules
from .facts.provenance import SBOM_BYTES, Provenance, maturin_version, read_sbom, search, suspects
from .facts.roles import guess_role
from .image import HEAD_BYTES, read_images, sniff
from .metadata.extension_names import parse_extension_name
from .metadata.member_paths import names_native_code
from .model import Depth, Fault, Format, Member, Role
from .rules.flat_lookups import flat_lookup_of_one_slice, unresolved_symbol
from .rules.known_bad_toolchain import known_bad_toolchain
from .sources.local import FileSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .container.folder import SourceView
    from .facts.python_code import PythonCode
    from .facts.wheel import Wheel
    from .limits import Limits
    from .metadata.dist_info import DistInfo
    from .metadata.promise import Promise, Target
    from .rules import Depths, Rule
    from .sources.local import Source
    from .view import View

__all__ = [
    "Plan",
    "names_extensions",
    "read_digests",
    "read_flat_lookups",
    "read_member",
    "read_members",
    "read_provenance",
    "read_python_code",
    "read_sdist_tar",
    "read_sdist_zip",
]


_SBOMS_READ, _MODULES_SEARCHED = 8, 4
"""How many lists of materials, and how many extension modules, are read to learn PyO3's version."""


_KINDS_UNREAD = ("encrypted", "method", "zstandard")
"""Kinds of problems of members that are never inflated."""
_PYTHON_FILES, _PYTHON_BYTES = 4_000, 16 << 20
"""How many Python files are searched, and how many bytes of them together."""


class Plan(NamedTuple):
    """What decides how deep a member is read."""

    rules: tuple[Rule, ...]
    targets: tuple[Target, ...]
    names_extensions: bool
    """Whether a file of the wheel is named as an extension module. If none is, its libraries are what it is for."""
    least: Depth
    limits: Limits
    depths: Depths
    """Of the rules."""

    @property
    def promises_extension(self) -> bool:
        """Whether the tags promise an extension module that no file's name shows."""
        return not self.names_extensions and any(target.abi != "none" for target in self.targets)

    def depth(self, role: Role, format_: Format) -> Depth:
        """Return how deep the rules ask a member to be read."""
        asked = self.depths.of(role, format_) or Depth.HEADER
        if role is Role.LIBRARY:
            # What needs it shows only later.
            asked = max(asked, self.depths.of(Role.DEPENDENCY, format_) or Depth.HEADER)
        return max(self.least, asked)


def read_members(container: Container, plan: Plan, problems: list[ArchiveProblem]) -> Iterator[Member]:
    """Yield the native members, and those whose name promises native code, in the directory's order."""
    entries = container.directory.entries
    heads: dict[int, tuple[Format | None, bytes]] = {}
    for entry, head, problem in container.heads(HEAD_BYTES):
        if problem is not None:
            problems.append(problem)
            continue
        format_ = sniff(head)
        if format_ is not None or names_native_code(entry.name):
            heads[entry.offset] = (format_, head)
    if any(problem.kind in _KINDS_UNREAD for problem in container.directory.problems):
        # They are there, although nothing is known of them.
        unread = (entry for entry in entries if not entry.readable and names_native_code(entry.name))
        heads.update((entry.offset, (None, b"")) for entry in unread)
    judged = [entry for entry in entries if entry.offset in heads]
    most, bound = plan.limits.native_members, "native_members"
    if most * len(plan.targets) > plan.limits.member_tags:
        most, bound = plan.limits.member_tags // len(plan.targets), "member_tags"
    if len(judged) > most:
        what = f"the wheel has more native files than {most} by {plan.limits.named(bound)}"
        problems.append(ArchiveProblem("limit", None, what, {"have": str(len(judged))}))
    for entry in judged[:most]:
        format_, head = heads[entry.offset]
        plain = Member(entry.name, entry.size, guess_role(entry.name, ()), (), mode=entry.mode)
        if container.kind == "wheel":
            plain = plain._replace(crc=entry.crc)
        if format_ is None:
            yield plain._replace(head=head)
            continue
        try:
            deepest = plan.depths.of(Role.EXTENSION, format_) or Depth.HEADER
            deep = deepest > Depth.HEADER
            named = parse_extension_name(plain.name) is not None
            view = container.open(entry, digest=deep and named)
            member = read_member(view, plain, plan, deepest if plain.role is Role.EXTENSION else Depth.HEADER)
            # An extension module that is read for its linkage is read nearly whole: the rest is cheap, and proves
            # the CRC and the hash.
            yield member._replace(sha256=view.finish()) if deep and member.role is Role.EXTENSION else member
        except ArchiveError as error:
            problems.append(ArchiveProblem.of(error, entry.name))
            yield _read_again(container, entry, plain, plan.limits)


def names_extensions(entries: Iterable[Entry]) -> bool:
    """Whether a file is named like an extension module; if none is, other libraries are read deeper."""
    return any(parse_extension_name(entry.name.rpartition("/")[2]) for entry in entries)


def read_member(
    view: MemberView | SourceView, member: Member, plan: Plan, likely: Depth = Depth.HEADER
) -> Member:
    """Return the member with its images, read as deep as the rules ask of the role that its header gives it.

    Args:
        view: Its bytes.
        member: What is known without them.
        plan: How deep the rules ask to read.
        likely: How deep it will be read if it is what its name says. A fat file whose headers are read first and
            whose tables then is inflated twice.
    """
    try:
        first = max(likely, plan.least)
        images = read_images(view, first, plan.limits)
        role = guess_role(member.path, images, plan.promises_extension)
        depth = plan.depth(role, images[0].format)
        if depth is not first:
            images = read_images(view, depth, plan.limits)
            role = guess_role(member.path, images, plan.promises_extension)
    except FormatError as error:
        return member._replace(faults=(Fault.of(error),))
    return member._replace(images=images, role=role)


def _read_again(container: Container, entry: Entry, member: Member, limits: Limits) -> Member:
    """Return what the start of a member shows, if its data cannot be inflated to the depth that was asked for."""
    try:
        images = read_images(container.open(entry), Depth.HEADER, limits)
    except (ArchiveError, FormatError):
        return member
    damage = Fault("truncated", 0, "the member's data cannot be inflated to the end")
    images = tuple(image._replace(faults=(*image.faults, damage)) for image in images)
    return member._replace(images=images, role=guess_role(member.path, images))


def read_digests(files: Iterable[tuple[str, str]], limits: Limits) -> list[str | None]:
    """Return the SHA-256 of members of wheels on this disk, as RECORD writes it; None for what cannot be read.

    Args:
        files: For each the path of the wheel, and the member's path in it. A wheel is opened once if its files come
            together; of members with one name the last counts, as in every installer.
        limits: Bounds on what is read, per wheel.
    """
    found = []
    for path, group in groupby(files, key=itemgetter(0)):
        names = [name for _, name in group]
        try:
            with FileSource(path) as source:
                entries = {one.name: one for one in read_directory(source, limits).entries}
                budget = Budget(limits)
                found += [_digest(source, entries.get(name), limits, budget) for name in names]
        except SourceError:
            found += [None for _ in names]
    return found


def _digest(source: Source, entry: Entry | None, limits: Limits, budget: Budget) -> str | None:
    try:
        return MemberView(source, entry, limits, budget, digest=True).finish() if entry is not None else None
    except (ArchiveError, SourceError):
        return None


def read_provenance(
    container: Container,
    dist_info: DistInfo,
    promise: Promise,
    members: tuple[Member, ...],
    rules: tuple[Rule, ...],
    limits: Limits,
) -> Provenance | None:
    """Return what built the wheel, if such builds are known to go wrong.

    Panic paths can be anywhere in a binary, so it is inflated again, but only if no list of materials has PyO3's
    version.
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


def read_flat_lookups(container: Container, wheel: Wheel, rules: tuple[Rule, ...], limits: Limits) -> Wheel:
    """Return the wheel with `Wheel.flat_lookups`, if some slice looks up a name flat that needs an answer."""
    if flat_lookup_of_one_slice not in rules and unresolved_symbol not in rules:
        return wheel
    names = asked_names(wheel)
    if not names:
        return wheel
    from .image.macho import exported

    entries = {entry.name: entry for entry in container.directory.entries}
    found: dict[tuple[str, int], frozenset[str]] = {}
    preloads = False
    try:
        for member in wheel.members:
            if any(map(can_answer, member.images)):
                try:
                    held = exported(container.open(entries[member.path]), names, limits)
                except (ArchiveError, FormatError):
                    continue
                found.update(((member.path, offset), some) for offset, some in held.items())
        left = _PYTHON_BYTES
        for entry in entries.values():
            if entry.name.endswith(".py"):
                left -= entry.size
                preloads = left < 0 or b"RTLD_GLOBAL" in container.open(entry).read_upto(0, entry.size)
                if preloads:
                    break
    except (ArchiveError, FormatError):
        preloads = True
    return wheel._replace(flat_lookups=FlatLookups(found, preloads))


def read_python_code(container: Container, wheel: Wheel, limits: Limits) -> PythonCode | None:
    """Return what the Python files of a wheel say about its odd extension modules, if it has some.

    Args:
        container: The files.
        wheel: The wheel, with the final roles of its members.
        limits: Bounds on what is read. A file that cannot be read says nothing.
    """
    if not has_odd_modules(wheel):
        return None
    from .facts.python_code import PythonCode, asked_of, search  # not needed for a clean wheel

    asked = asked_of(wheel)
    found, left = PythonCode(), _PYTHON_BYTES
    files = [entry for entry in container.directory.entries if entry.name.endswith(".py")]
    for entry in files[:_PYTHON_FILES]:
        try:
            text = container.open(entry).read_upto(0, min(entry.size, left, limits.metadata_bytes))
        except (ArchiveError, FormatError, SourceError):
            continue
        left -= len(text)
        found = found.joined(search(entry.name, text, asked))
    return found


def read_sdist_tar(source: Source, _: list[ArchiveProblem], limits: Limits) -> Iterator[Member]:
    """Yield the native files of a `.tar.gz`."""
    from .container.sdist import read_tar

    for file in read_tar(source, limits):
        if sniff(file.view.read_upto(0, HEAD_BYTES)) is not None:
            yield _read_header(
                file.view, Member(file.name, file.size, Role.LIBRARY, (), mode=file.mode), limits
            )


def read_sdist_zip(source: Source, problems: list[ArchiveProblem], limits: Limits) -> Iterator[Member]:
    """Yield the native files of a `.zip`."""
    container = Archive(source, limits)
    problems += container.directory.problems
    for entry, head, problem in container.heads(HEAD_BYTES):
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
    return member._replace(images=images, role=guess_role(member.path, images))
