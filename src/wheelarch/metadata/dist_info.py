"""The `*.dist-info` folder of a wheel: WHEEL, the head of METADATA, RECORD.

WHEEL and METADATA are read as installers read them, as e-mail headers (PEP 427; core metadata specification):
names in any case, continuation lines, and an end at the first line that is no header.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import ArchiveError, FormatError
from ..limits import DEFAULT, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..container.zip_layout import Entry
    from ..view import View

__all__ = ["DistInfo", "RecordRow", "read_dist_info"]


class RecordRow(NamedTuple):
    """What RECORD says of one file."""

    digest: str
    """`sha256=...` as written, or empty."""
    size: int | None
    """Bytes; None where it is left out or no number."""


class DistInfo(NamedTuple):
    """What the `*.dist-info` folder of a wheel says."""

    folder: str = ""
    """`name-1.0.dist-info`, or empty where there is none or several."""
    folders: tuple[str, ...] = ()
    """Every top-level folder of that kind, sorted."""
    has_wheel: bool = False
    """Whether there is a WHEEL file; `wheel_problem` tells whether it could be read."""
    wheel_problem: str = ""
    """Why WHEEL can't be used, in one clause, or empty."""
    wheel_version: str = ""
    """`Wheel-Version` as written, or empty."""
    generators: tuple[str, ...] = ()
    root_is_purelib: bool | None = None
    """None where it is not said, or neither `true` nor `false`."""
    tags: tuple[str, ...] = ()
    """`Tag` lines as written, empty ones left out."""
    build: str = ""
    """`Build` as written, or empty."""
    requires_python: str = ""
    """METADATA's `Requires-Python` as written, or empty."""
    metadata_problem: str = ""
    """Why METADATA's headers could not be read to their end, in one clause, or empty."""
    record: Mapping[str, str] | None = None
    """RECORD by path: digest and size as written, for `recorded` to take apart (thousands stand there, few are asked
    for). None where it is missing or can't be read."""
    record_problem: str = ""
    """Why RECORD can't be read, in one clause, or empty."""

    def recorded(self, path: str) -> RecordRow | None:
        """Return what RECORD says of a file, or None where it does not name it."""
        written = (self.record or {}).get(path)
        if written is None:
            return None
        digest, _, rest = written.partition(",")
        return RecordRow(digest, _number(rest.partition(",")[0]))

    @property
    def generator(self) -> str:
        """The `Generator` lines as one: the tool that built the wheel, and those that repaired it."""
        return "; ".join(self.generators)


_SUFFIX = ".dist-info"


def read_dist_info(
    entries: Iterable[Entry], open_member: Callable[[Entry], View], limits: Limits = DEFAULT
) -> DistInfo:
    """Return what a wheel says about itself. Whatever is missing or damaged is an empty field and a clause.

    Args:
        entries: The files of the archive. Of two with one name the last counts, as for zipfile.
        open_member: Gives a View of one of them; it and the View may raise ArchiveError.
        limits: `metadata_bytes` bounds METADATA and RECORD, `wheel_metadata_bytes` WHEEL.

    Raises:
        SourceError: The bytes can't be had.
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
        info = _read_requires_python(info, metadata, open_member, limits)
    record = inside.get(f"{folder}/RECORD")
    if record is None:
        return info._replace(record_problem="there is no RECORD")
    try:
        return info._replace(
            record=_read_record(_text(record, open_member, limits, "metadata_bytes"), limits)
        )
    except ValueError as error:
        return info._replace(record_problem=str(error))


def _text(entry: Entry, open_member: Callable[[Entry], View], limits: Limits, bound: str) -> str:
    """Return a member as text.

    Raises:
        ValueError: It has more bytes than the limit `bound`, is no UTF-8, holds a NUL, or can't be inflated; says
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
        raise ValueError(f"{name} can't be read: {error}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} is no UTF-8 at byte {error.start}") from error
    if "\0" in text:
        raise ValueError(f"{name} holds a NUL character")
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
        problem = f"Wheel-Version is no version: {version[:40]}"
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


def _read_requires_python(
    info: DistInfo, entry: Entry, open_member: Callable[[Entry], View], limits: Limits
) -> DistInfo:
    """Return the info with METADATA's Requires-Python; the description below the headers is not read."""
    size = 16 << 10
    problem = ""
    try:
        view = open_member(entry)
        while True:
            raw = view.read_upto(0, min(size, limits.metadata_bytes))
            if b"\n\n" in raw or b"\r\n\r\n" in raw or len(raw) >= view.size:
                break
            if len(raw) >= limits.metadata_bytes:
                problem = f"no empty line ends METADATA's headers within {limits.named('metadata_bytes')}"
                break
            size *= 4
    except (ArchiveError, FormatError):
        return info
    headers = _headers(raw.decode("utf-8", "backslashreplace"))
    wanted = next((value for name, value in headers if name == "requires-python"), "")
    return info._replace(requires_python=wanted, metadata_problem=problem)


def _headers(text: str) -> Iterator[tuple[str, str]]:
    """Yield the headers at the start of a text, names in lower case, continued values joined by a space.

    Source: RFC 5322 section 2.2. The first line that is no header ends them.
    """
    import io

    name: str | None = None
    value = io.StringIO()
    # Line by line: a list of the lines, or a value that grows by copies, would be an attack's way to be dear.
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
        ValueError: It is no table, or has more rows than an archive may have files.
    """
    rows: dict[str, str] = {}
    for path, rest in _quoted_rows(text) if '"' in text else _plain_rows(text):
        rows[path] = rest
        if len(rows) > limits.entries:
            raise ValueError(f"RECORD names more files than {limits.named('entries')}")
    return rows


def _plain_rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the rest of each row: nearly every RECORD does without quotes."""
    import io

    for line in io.StringIO(text, newline=None):
        if len(line) > _LONGEST_LINE:
            raise ValueError(f"RECORD is no table: a line has more than {_LONGEST_LINE} characters")
        path, _, rest = line.rstrip("\n").partition(",")
        if path or rest:
            yield path, rest


def _quoted_rows(text: str) -> Iterator[tuple[str, str]]:
    import csv
    import io

    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            if row:
                # A comma inside of a field would part it; neither a digest nor a size has one.
                yield row[0], ",".join(field.replace(",", ";") for field in row[1:])
    except csv.Error as error:
        raise ValueError(f"RECORD is no table: {error}") from error


_LONGEST_LINE = 128 << 10
"""As much as module csv takes for a field."""


def _number(text: str) -> int | None:
    """Return a short decimal number, or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
