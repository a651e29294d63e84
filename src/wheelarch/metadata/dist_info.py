"""The `*.dist-info` folder of a wheel: WHEEL, the head of METADATA, RECORD.

WHEEL and METADATA are read as installers read them, as e-mail headers (PEP 427; core metadata specification): names in
any case, continuation lines, and an end at the first line that is not a header. `read_dist_info` never fails because of
what a file contains: a file that cannot be read leaves its fields empty and gives a clause that says why.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import ArchiveError, FormatError
from ..limits import DEFAULT, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..container.zip_layout import Entry
    from ..view import View
    from .documents import Variant

__all__ = ["DistInfo", "EntryPoint", "RecordRow", "read_dist_info", "read_entry_points"]


class RecordRow(NamedTuple):
    """What RECORD says of one file."""

    digest: str
    """`sha256=...` as written, or empty."""
    size: int | None
    """In bytes; None if it is missing or not a number."""


class EntryPoint(NamedTuple):
    """A command that installers make, and the module that it calls."""

    script: str
    """Its name: `tool`."""
    path: str
    """The path of the module in the wheel: `tool/cli.py`."""
    source: str
    """What the module says, up to 64 KiB."""


class DistInfo(NamedTuple):
    """What the `*.dist-info` folder of a wheel says."""

    folder: str = ""
    """`name-1.0.dist-info`; empty if there is none, or if there are several."""
    folders: tuple[str, ...] = ()
    """Every top-level folder of that kind, sorted."""
    has_wheel: bool = False
    """Whether there is a WHEEL file; `wheel_problem` says whether it could be read."""
    wheel_problem: str = ""
    """Why WHEEL cannot be used, as a clause, or empty."""
    wheel_version: str = ""
    """`Wheel-Version` as written, or empty."""
    generators: tuple[str, ...] = ()
    """`Generator` lines as written, empty ones left out."""
    root_is_purelib: bool | None = None
    """None if it is missing, or neither `true` nor `false`."""
    tags: tuple[str, ...] = ()
    """`Tag` lines as written, empty ones left out."""
    build: str = ""
    """`Build` as written, or empty."""
    has_metadata: bool = False
    """Whether there is a METADATA file."""
    metadata_read: bool = False
    """Whether METADATA's headers were read to their end: then a field that is empty is missing."""
    name: str = ""
    """METADATA's `Name` as written, or empty."""
    version: str = ""
    """METADATA's `Version` as written, or empty."""
    requires: tuple[str, ...] = ()
    """METADATA's `Requires-Dist` lines as written, the first 1,000: with markers and extras."""
    requires_python: str = ""
    """METADATA's `Requires-Python` as written, or empty."""
    metadata_problem: str = ""
    """Why METADATA's headers could not be read to their end, as a clause, or empty."""
    entry_points: tuple[EntryPoint, ...] | None = None
    """The `console_scripts` and `gui_scripts` whose modules are in the wheel; None if they were not asked for."""
    variant: Variant | None = None
    """What variant.json says (PEP 825, a draft); None if there is none."""
    bad_bills: tuple[tuple[str, str], ...] = ()
    """The path of each bill of materials under `sboms/` that cannot be used, and why, as a clause. Eight are read."""
    signatures: tuple[str, ...] = ()
    """The paths of RECORD.jws and RECORD.p7s, if they are there."""
    record: Mapping[str, str] | None = None
    """Digest and size by path, as written; `recorded` splits them, because RECORD has thousands of files and few are
    asked for. None if RECORD is missing or cannot be read."""
    record_problem: str = ""
    """Why RECORD cannot be read, as a clause, or empty."""

    def recorded(self, path: str) -> RecordRow | None:
        """Return what RECORD says of a file, or None if it does not list the file."""
        written = (self.record or {}).get(path)
        if written is None:
            return None
        digest, _, rest = written.partition(",")
        return RecordRow(digest, _number(rest.partition(",")[0]))

    @property
    def generator(self) -> str:
        """The `Generator` lines as one text: the tool that built the wheel, and those that repaired it."""
        return "; ".join(self.generators)


_SUFFIX = ".dist-info"


def read_dist_info(
    entries: Iterable[Entry], open_member: Callable[[Entry], View], limits: Limits = DEFAULT
) -> DistInfo:
    """Return what a wheel says about itself. A file that is missing or damaged gives empty fields and a clause.

    Args:
        entries: The files of the archive. Of two with one name the last counts, as for zipfile.
        open_member: Returns a View of one of them; it and the View may raise ArchiveError.
        limits: `metadata_bytes` limits METADATA and RECORD, `wheel_metadata_bytes` WHEEL.

    Raises:
        SourceError: The bytes cannot be read.
    """
    inside: dict[str, Entry] = {}
    folders: set[str] = set()
    for entry in entries:
        if ".dist-info/" in entry.name:
            folder, _, rest = entry.name.partition("/")
            if folder.endswith(_SUFFIX):
                folders.add(folder)
                inside[f"{folder}/{rest}"] = entry
    if len(folders) != 1:
        return DistInfo(folders=tuple(sorted(folders)))
    (folder,) = folders
    info = DistInfo(folder=folder, folders=(folder,))

    wheel = inside.get(f"{folder}/WHEEL")
    if wheel is not None:
        info = _read_wheel(info, wheel, open_member, limits)
    metadata = inside.get(f"{folder}/METADATA")
    if metadata is not None:
        info = _read_metadata(info, metadata, open_member, limits)
    info = _read_documents(info, inside, open_member)
    record = inside.get(f"{folder}/RECORD")
    if record is None:
        return info._replace(record_problem="RECORD is missing")
    try:
        return info._replace(
            record=_read_record(_text(record, open_member, limits, "metadata_bytes"), limits)
        )
    except ValueError as error:
        return info._replace(record_problem=str(error))


_BILLS = 8


def _read_documents(
    info: DistInfo, inside: Mapping[str, Entry], open_member: Callable[[Entry], View]
) -> DistInfo:
    """Return the info with what variant.json and the bills of materials say, which few wheels have."""
    folder = info.folder
    signatures = tuple(path for end in ("jws", "p7s") if (path := f"{folder}/RECORD.{end}") in inside)
    bills = [path for path in inside if path.startswith(f"{folder}/sboms/") and not path.endswith("/")]
    variant = inside.get(f"{folder}/variant.json")
    info = info._replace(signatures=signatures)
    if not bills and variant is None:
        return info
    from .documents import DOCUMENT_BYTES, Variant, bill_problem, read_variant

    def read(entry: Entry) -> bytes | None:
        try:
            return open_member(entry).read_upto(0, DOCUMENT_BYTES) if entry.size <= DOCUMENT_BYTES else None
        except (ArchiveError, FormatError):
            return None

    bad = []
    for path in bills[:_BILLS]:
        data = read(inside[path])
        if data is not None and (problem := bill_problem(path.rpartition("/")[2], data)):
            bad.append((path, problem))
    if variant is not None:
        data = read(variant)
        found = read_variant(data) if data is not None else Variant("it cannot be read")
        info = info._replace(variant=found)
    return info._replace(bad_bills=tuple(bad))


def _text(entry: Entry, open_member: Callable[[Entry], View], limits: Limits, bound: str) -> str:
    """Return a member as text.

    Raises:
        ValueError: It has more bytes than the limit `bound`, is not UTF-8, contains a NUL, or cannot be inflated; says
            which.
    """
    name = entry.name.rpartition("/")[2]
    most: int = getattr(limits, bound)
    if entry.size > most:
        raise ValueError(f"{name} has {entry.size} bytes, more than {limits.named(bound)}")
    try:
        raw = open_member(entry).read_upto(0, most)
        text = raw.decode("utf-8")
    except (ArchiveError, FormatError) as error:
        raise ValueError(f"{name} cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} is not UTF-8 at byte {error.start}") from error
    if "\0" in text:
        raise ValueError(f"{name} contains a NUL character")
    return text


def _read_wheel(
    info: DistInfo, entry: Entry, open_member: Callable[[Entry], View], limits: Limits
) -> DistInfo:
    try:
        headers = _headers(_text(entry, open_member, limits, "wheel_metadata_bytes"))
    except ValueError as error:
        return info._replace(has_wheel=True, wheel_problem=str(error))
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    version = values.get("wheel-version", [""])[0]
    problem = ""
    if not version:
        problem = "WHEEL has no Wheel-Version"
    elif any(_number(part) is None for part in version.split(".")):
        problem = f"Wheel-Version is not a version: {version[:40]}"
    purelib = values.get("root-is-purelib", [""])[0].lower()
    return info._replace(
        has_wheel=True,
        wheel_problem=problem,
        wheel_version=version,
        generators=tuple(value for value in values.get("generator", ()) if value),
        root_is_purelib={"true": True, "false": False}.get(purelib),
        tags=tuple(value for value in values.get("tag", ()) if value),
        build=values.get("build", [""])[0],
    )


_REQUIRES = 1_000
"""How many `Requires-Dist` lines are kept. Real projects have up to some hundred."""


def _read_metadata(
    info: DistInfo, entry: Entry, open_member: Callable[[Entry], View], limits: Limits
) -> DistInfo:
    """Return the info with what METADATA's headers say; the description after them is not read."""
    size = 16 << 10
    problem = ""
    try:
        view = open_member(entry)
        while True:
            raw = view.read_upto(0, min(size, limits.metadata_bytes))
            if b"\n\n" in raw or b"\r\n\r\n" in raw or len(raw) >= view.size:
                break
            if len(raw) >= limits.metadata_bytes:
                problem = f"METADATA's headers do not end within {limits.named('metadata_bytes')}"
                break
            size *= 4
    except (ArchiveError, FormatError):
        return info._replace(has_metadata=True)
    single: dict[str, str] = {}
    requires: list[str] = []
    for name, value in _headers(raw.decode("utf-8", "backslashreplace")):
        if name in ("name", "version", "requires-python"):
            single.setdefault(name, value)
        elif name == "requires-dist" and len(requires) < _REQUIRES:
            requires.append(value)
    return info._replace(
        has_metadata=True,
        metadata_read=not problem,
        name=single.get("name", ""),
        version=single.get("version", ""),
        requires=tuple(requires),
        requires_python=single.get("requires-python", ""),
        metadata_problem=problem,
    )


_SCRIPTS, _SOURCE_BYTES = 20, 64 << 10
"""How many scripts of a wheel are looked at, and how much of each module."""


def read_entry_points(
    info: DistInfo, entries: Iterable[Entry], open_member: Callable[[Entry], View], limits: Limits = DEFAULT
) -> DistInfo:
    """Return the info with the commands of the wheel, the first 20, and what their modules say.

    A file that is missing or damaged gives no commands. A wheel whose modules are elsewhere (under `.data/`) has none.

    Args:
        info: What `read_dist_info` returned.
        entries: The files of the archive.
        open_member: As for `read_dist_info`.
        limits: `metadata_bytes` limits entry_points.txt.

    Raises:
        SourceError: The bytes cannot be read.

    Source: Entry points specification (packaging.python.org), "File format".
    """
    inside = {entry.name: entry for entry in entries}
    listed = inside.get(f"{info.folder}/entry_points.txt")
    found: list[EntryPoint] = []
    try:
        text = _text(listed, open_member, limits, "metadata_bytes") if listed is not None else ""
    except ValueError:
        text = ""
    for script, module in _scripts(text):
        stem = module.replace(".", "/")
        path = next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in inside), "")
        if path and len(found) < _SCRIPTS:
            try:
                raw = open_member(inside[path]).read_upto(0, _SOURCE_BYTES)
            except (ArchiveError, FormatError):
                raw = b""
            found.append(EntryPoint(script, path, raw.decode("utf-8", "replace")))
    return info._replace(entry_points=tuple(found))


def _scripts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the module of each script of entry_points.txt."""
    import io

    wanted = False
    for line in io.StringIO(text, newline=None):
        line = line.strip()
        if line.startswith("["):
            wanted = line.strip("[] ") in ("console_scripts", "gui_scripts")
        elif wanted and "=" in line and line[0] not in "#;":
            name, _, target = line.partition("=")
            yield name.strip(), target.partition(":")[0].strip()


def _headers(text: str) -> Iterator[tuple[str, str]]:
    """Yield the headers at the start of a text, names in lower case, continued values joined by a space.

    The first line that is not a header ends them. Source: RFC 5322, section 2.2.
    """
    import io

    name: str | None = None
    value = io.StringIO()
    # Line by line: an attacker could make a list of the lines large, or a value that grows by copies slow.
    for line in io.StringIO(text, newline=None):
        if name is not None and line[0] in " \t":
            more = line.strip()
            value.write(f" {more}" if more else "")
            continue
        if name is not None:
            yield name, value.getvalue().strip()
        name, colon, rest = line.partition(":")
        if not colon or not name.isascii() or not name.isprintable() or " " in name:
            return
        name, value = name.lower(), io.StringIO()
        value.write(rest.strip())
    if name is not None:
        yield name, value.getvalue().strip()


def _read_record(text: str, limits: Limits) -> dict[str, str]:
    """Return RECORD by path (PEP 376: comma-separated values of path, digest, size).

    Raises:
        ValueError: It is not a table, or has more rows than an archive may have files.
    """
    rows: dict[str, str] = {}
    for path, rest in _quoted_rows(text) if '"' in text else _plain_rows(text):
        rows[path] = rest
        if len(rows) > limits.entries:
            raise ValueError(f"RECORD lists more files than {limits.named('entries')}")
    return rows


def _plain_rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the rest of each row of a RECORD without quotes, as nearly every RECORD is."""
    import io

    for line in io.StringIO(text, newline=None):
        if len(line) > _LONGEST_LINE:
            raise ValueError(f"RECORD is not a table: a line has more than {_LONGEST_LINE} characters")
        path, _, rest = line.rstrip("\n").partition(",")
        if path or rest:
            yield path, rest


def _quoted_rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the rest of each row of a RECORD with quotes."""
    import csv
    import io

    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            if row:
                # A comma inside a field would split it; neither a digest nor a size has one.
                yield row[0], ",".join(field.replace(",", ";") for field in row[1:])
    except csv.Error as error:
        raise ValueError(f"RECORD is not a table: {error}") from error


_LONGEST_LINE = 128 << 10
"""In characters, as for the field of a table in module csv."""


def _number(text: str) -> int | None:
    """Return a short decimal number, or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
