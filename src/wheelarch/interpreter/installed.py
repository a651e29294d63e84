"""Check the native code of an environment against the interpreter that loads it.

Each distribution is judged like the wheel that it came from: RECORD lists its files, and WHEEL has its tags. Without
a RECORD (egg-info, or a package of the operating system), its files are those below its top-level names. Native files
of no distribution are judged together, only against the interpreter.
"""

from __future__ import annotations

import os
import stat

from .. import rules
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..api import judge_files
from ..container.folder import ReopenedFile, SourceView
from ..container.zip_layout import ArchiveProblem, Directory, Entry
from ..errors import SourceError
from ..limits import DEFAULT, Limits
from ..metadata.dist_info import read_dist_info
from ..metadata.member_paths import names_native_code
from ..model import Severity, WheelReport
from ..report.document import Report
from ..rules.rule import Family
from ..sources.local import FileSource
from .probe import find
from .target import target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..facts.wheel import Wanted

__all__ = ["UNCLAIMED", "Folders", "audit_folders", "installed", "reinstall_commands", "repair"]

UNCLAIMED = "(no distribution)"
"""The path in the report for native files that are in no RECORD."""

_TEXT = (".py", ".pyc", ".pyi", ".txt", ".h", ".json", ".md")
"""Endings of files that are not opened, because an environment has tens of thousands of them."""


class Folders(NamedTuple):
    """The folders of an environment in which packages are installed."""

    libraries: tuple[str, ...]
    """Those that contain packages. The same folder may be in it several times."""
    scripts: str
    prefix: str
    """Files outside of it are not read, even if a RECORD lists them."""


def installed(
    python: str | os.PathLike[str] | None = None,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Limits = DEFAULT,
) -> Report:
    """Judge what is installed for an interpreter: can it load each extension module and each bundled library?

    Args:
        python: See `wheelarch.target`.
        select: Codes of rules or their beginnings; none means all. Rules about archives and file names, and rules
            with advice for the author of a wheel, never run.
        ignore: Codes to leave out.
        limits: Bounds on what is read.

    Returns:
        One report of kind `environment` for each distribution, and one for native files of no distribution.

    Raises:
        UsageError: There is no such interpreter, it does not run, or a code does not exist.
    """
    folders, wanted = _environment(python)
    return audit_folders(folders, wanted, select=select, ignore=ignore, limits=limits)


def repair(
    python: str | os.PathLike[str] | None = None, *, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> tuple[Report, tuple[str, ...]]:
    """Judge as `installed` does, and return also the commands that fix what is bad (`reinstall_commands`).

    Args:
        python: See `installed`.
        select: See `installed`.
        ignore: See `installed`.

    Raises:
        UsageError: See `installed`.
    """
    folders, wanted = _environment(python)
    report = audit_folders(folders, wanted, select=select, ignore=ignore)
    return report, reinstall_commands(report, find(python, os.environ), folders.libraries)


def _environment(python: str | os.PathLike[str] | None) -> tuple[Folders, Wanted]:
    built = target(python)
    interpreter = built.interpreter
    return Folders(interpreter.libraries, interpreter.scripts, interpreter.prefix), built.wanted


def audit_folders(
    folders: Folders,
    wanted: Wanted,
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    limits: Limits = DEFAULT,
) -> Report:
    """Judge the files in the folders of an environment.

    Args:
        folders: The environment.
        wanted: The interpreter that loads them.
        select: See `installed`.
        ignore: See `installed`.
        limits: See `installed`.

    Raises:
        UsageError: A code does not exist.
    """
    options = _Options(wanted, tuple(select), tuple(ignore), limits)
    reports: list[WheelReport] = []
    claimed: set[str] = set()
    libraries = {os.path.realpath(folder): folder for folder in folders.libraries if os.path.isdir(folder)}
    unrecorded = []
    for library in libraries:
        for name in _infos(library, limits):
            if not _record_of(library, name):
                unrecorded.append((library, name))
                continue
            files = _Files(_recorded(library, name, folders, limits))
            claimed.update(map(os.path.normcase, files.paths.values()))
            reports.append(_judged(files, name, options))
    rest = {library: _unclaimed(library, claimed, limits) for library in libraries}
    for library, name in unrecorded:
        found = _below_top_level(library, name, rest[library])
        reports.append(_judged(_Files(found), name, options))
        for path in found:
            rest[library].pop(path, None)
    for library in libraries:
        loose = _judged(_Files(rest[library]), UNCLAIMED, options)
        if loose.members or loose.status == "unreadable":
            reports.append(loose)
    return Report(tuple(reports))


class _Options(NamedTuple):
    wanted: Wanted
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    limits: Limits


def _judged(files: _Files, name: str, options: _Options) -> WheelReport:
    """Return the report on some files. If one of them cannot be read, the report says so."""
    wanted, select, ignore, limits = options
    try:
        return judge_files(files, name, wanted=wanted, select=select, ignore=ignore, limits=limits)
    except SourceError:
        return WheelReport(name, files.kind, "unreadable", (), "", (), ())


class _Files:
    """Files on disk under the names that they have in a wheel, as the audit reads a wheel.

    Args:
        paths: The path of each file on disk, by its name in the wheel.
    """

    kind = "environment"

    def __init__(self, paths: Mapping[str, str]) -> None:
        self.paths: dict[str, str] = {}
        entries: list[Entry] = []
        for name, path in paths.items():
            try:
                status = os.stat(path)
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode):
                self.paths[name] = path
                entries.append(
                    Entry(name, 0, 0, 0, status.st_size, status.st_size, len(entries), status.st_mode)
                )
        self.directory = Directory(tuple(entries), ())

    def heads(self, size: int) -> Iterator[tuple[Entry, bytes, ArchiveProblem | None]]:
        """Yield each file that may be native, with its first bytes."""
        for entry in self.directory.entries:
            if entry.name.endswith(_TEXT):
                continue
            try:
                with FileSource(self.paths[entry.name]) as source:
                    yield entry, source.read_at(0, min(size, source.size)), None
            except SourceError as error:
                yield entry, b"", ArchiveProblem("corrupt", entry.name, str(error), {})

    def open(self, entry: Entry, digest: bool = False) -> SourceView:
        """Return a View of a file."""
        return SourceView(ReopenedFile(self.paths[entry.name], entry.size), digest)


_INFOS = (".dist-info", ".egg-info")


def _infos(library: str, limits: Limits) -> list[str]:
    """Return the names of the `*.dist-info` folders and of the `*.egg-info` folders and files, sorted."""
    with os.scandir(library) as found:
        names = sorted(
            one.name
            for one in found
            if one.name.endswith(_INFOS) and (one.is_dir() or one.name.endswith(".egg-info"))
        )
    return names[: limits.entries]


def _record_of(library: str, name: str) -> bool:
    """Whether a distribution has a list of its files, which pip needs to remove it."""
    record = "RECORD" if name.endswith(".dist-info") else "installed-files.txt"
    return os.path.isfile(os.path.join(library, name, record))


def _project(name: str) -> tuple[str, str]:
    """Return the project's name and version from the name of its folder, or empty strings.

    Source: PyPA "Recording installed projects"; setuptools "Egg formats": `NAME-VERSION[-py3.11[-PLATFORM]]`.
    """
    parts = name.removesuffix(".dist-info").removesuffix(".egg-info").split("-")
    return (parts[0], parts[1]) if len(parts) > 1 and all(map(_is_plain, parts[:2])) else ("", "")


def _below_top_level(library: str, name: str, unclaimed: Mapping[str, str]) -> dict[str, str]:
    """Return the native files of a distribution without a list of files, by their path in the library.

    They are those below the names in its `top_level.txt`, or else below the name of the project.

    Args:
        library: The folder with packages.
        name: The name of the dist-info or egg-info in it.
        unclaimed: The native files of no other distribution.
    """
    try:
        with open(os.path.join(library, name, "top_level.txt"), encoding="utf-8", errors="replace") as lines:
            tops = {line.strip() for line in lines.read(_TOP_LEVEL_BYTES).splitlines()}
    except OSError:
        tops = {_project(name)[0].lower().replace(".", "_")}
    found = {path: place for path, place in unclaimed.items() if path.split("/")[0].split(".")[0] in tops}
    if name.endswith(".dist-info"):
        for file in ("WHEEL", "METADATA"):
            found[f"{name}/{file}"] = os.path.join(library, name, file)
    return found


_TOP_LEVEL_BYTES = 1 << 16


def _recorded(library: str, name: str, folders: Folders, limits: Limits) -> dict[str, str]:
    """Return the files of a distribution by their names in its wheel: those in its dist-info and those in RECORD."""
    try:
        with os.scandir(os.path.join(library, name)) as found:
            paths = {f"{name}/{one.name}": one.path for one in found if one.is_file()}
    except OSError:
        return {}
    own = _Files(paths)
    try:
        if name.endswith(".dist-info"):
            record = list(read_dist_info(own.directory.entries, own.open, limits).record or {})
        else:
            record = _installed_files(os.path.join(library, name), limits)
    except (OSError, SourceError):
        record = []
    prefix = os.path.realpath(folders.prefix)
    scripts = os.path.realpath(folders.scripts)
    for written in record[: limits.entries]:
        path = os.path.normpath(os.path.join(library, written))
        if _is_below(path, library):
            paths.setdefault(os.path.relpath(path, library).replace(os.sep, "/"), path)
        elif folders.scripts and _is_below(path, scripts):
            inside = os.path.relpath(path, scripts).replace(os.sep, "/")
            paths.setdefault(f"{name.removesuffix('.dist-info')}.data/scripts/{inside}", path)
        elif _is_below(path, prefix):
            inside = os.path.relpath(path, prefix).replace(os.sep, "/")
            paths.setdefault(f"{name.removesuffix('.dist-info')}.data/data/{inside}", path)
    return paths


def _installed_files(info: str, limits: Limits) -> list[str]:
    """Return the paths, relative to the library, in the list that pip leaves in an egg-info folder.

    Raises:
        OSError: The list cannot be read.
    """
    with open(os.path.join(info, "installed-files.txt"), encoding="utf-8", errors="replace") as lines:
        return [
            os.path.join(os.path.basename(info), line.strip())
            for line in lines.read(limits.metadata_bytes).splitlines()
        ]


def _is_below(path: str, folder: str) -> bool:
    try:
        return os.path.commonpath((path, folder)) == folder != path
    except ValueError:  # on two drives
        return False


def _unclaimed(library: str, claimed: set[str], limits: Limits) -> dict[str, str]:
    """Return the files whose names promise native code and that are in no RECORD, by their path in the library."""
    found: dict[str, str] = {}
    seen = 0
    for place, folders, files in os.walk(library):
        folders.sort()
        seen += len(files) + len(folders)
        if seen > limits.entries:
            break
        for file in sorted(files):
            path = os.path.join(place, file)
            if names_native_code(file) and os.path.normcase(path) not in claimed:
                found[os.path.relpath(path, library).replace(os.sep, "/")] = path
    return found


_REINSTALL = (Family.MACHINE, Family.PYTHON, Family.NAMES, Family.TARGET)
"""Families of findings that another build of the same release can fix."""


def reinstall_commands(report: Report, python: str, libraries: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the commands that reinstall the bad distributions of an environment, from the index and not the cache.

    Args:
        report: The result of `installed`.
        python: The command that starts the interpreter.
        libraries: The folders that contain packages. pip refuses to remove a distribution without a list of its files
            there, so such a distribution is overwritten.

    Returns:
        One line per distribution that has an error, for the shell of this system; a comment if pip cannot help.
    """
    commands = []
    for one in report:
        errors = [finding for finding in one.findings if finding.severity is Severity.ERROR]
        if not any(rules.find(finding.code).family in _REINSTALL for finding in errors):
            continue
        name, version = _project(one.path) if one.path.endswith(_INFOS) else ("", "")
        if not name:
            members = sorted({finding.member for finding in errors if finding.member})
            commands += [f"# belongs to no distribution, delete it by hand: {member!r}" for member in members]
            continue
        recorded = any(_record_of(library, one.path) for library in libraries)
        options = ("--force-reinstall" if recorded else "--ignore-installed", "--no-deps", "--no-cache-dir")
        commands.append(_quoted((python, "-m", "pip", "install", *options, f"{name}=={version}")))
    return tuple(commands)


def _is_plain(text: str) -> bool:
    """Whether the text can be the name or version of a project, and is not an option."""
    return text.isascii() and text[:1].isalnum() and all(char.isalnum() or char in "._-+!" for char in text)


def _quoted(words: tuple[str, ...]) -> str:
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(words)
    import shlex

    return shlex.join(words)
