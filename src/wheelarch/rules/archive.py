"""WA001, WA002, WA004, WA005, WA007 to WA009, WA016: the archive itself.

The reader of the archive finds these problems while it reads. Each rule reports one kind of them. The severity of
WA005 and WA007 depends on more: on how much of the wheel depends on what was not read.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.roles import is_product
from ..metadata.member_paths import is_script, is_sdist, names_native_code
from ..model import Role, Severity
from ._archive import archive_problems
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = [
    "ambiguous_archive",
    "archive_limit_hit",
    "corrupt_member",
    "encrypted_member",
    "special_member",
    "unknown_compression",
    "unreadable_archive",
    "unusual_archive",
]


@rule(
    "WA001",
    "unreadable-archive",
    Family.ARCHIVE,
    Severity.ERROR,
    remedies=("download-again",),
    in_sdists=True,
)
def unreadable_archive(wheel: Wheel) -> Iterator[Problem]:
    """The file is not a zip archive, or its directory is cut off.

    What it does:
        Looks for the end record and the central directory. If they are missing, says what the file looks like: an
        HTML page, a gzip file, an archive whose end is missing.

    Why it is bad:
        Nothing in the file can be installed, and nothing could be checked.

    Example:
        A download that was interrupted, or an error page that was saved as `foo-1.0-py3-none-any.whl`.

    How to fix:
        Build or download the file again.

    Known limits:
        If the directory ends early, the members before that point are still checked.

    References:
        PKWARE APPNOTE.TXT 6.3.10, sections 4.3.6, 4.3.12 and 4.3.16; docs/facts/archives.md, "ZIP structure".
    """
    refusal = "" if is_sdist(wheel.filename) else "pip: the wheel located at {wheel} is invalid"
    yield from archive_problems(wheel, {"unreadable": None}, consequence=refusal)


@rule(
    "WA002",
    "ambiguous-archive",
    Family.ARCHIVE,
    Severity.ERROR,
    remedies=("rebuild-archive",),
    in_sdists=True,
)
def ambiguous_archive(wheel: Wheel) -> Iterator[Problem]:
    """Two readers see two different archives in this file.

    What it does:
        Checks that the first member starts at byte 0, that members, directory and end record follow each other
        without gaps, that there is one end record with nothing behind it, that ZIP64 fields contain what the record
        asks for, and that each local header agrees with the directory.

    Why it is bad:
        pip uses the directory at the end of the file. uv and package indexes also read the local headers from the
        start. So what was checked may not be what is installed. PyPI refuses such files.

    Example:
        A wheel with a shell script in front of it, or one whose member was changed in place and whose local header
        still has the old CRC.

    How to fix:
        Pack the archive again with a common tool.

    Known limits:
        Local headers, and the bytes between members, are checked for every member that can be inflated. All other
        rules judge the files that pip sees, those of the directory.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.3; warehouse, utils/zipfiles.py (PyPI's checks of uploads);
        docs/facts/archives.md, "ZIP structure".
    """
    consequence = "Installers that read the archive in another order see other files. PyPI refuses it."
    yield from archive_problems(wheel, {"ambiguous": None}, consequence=consequence)


@rule(
    "WA004", "encrypted-member", Family.ARCHIVE, Severity.ERROR, remedies=("rebuild-archive",), in_sdists=True
)
def encrypted_member(wheel: Wheel) -> Iterator[Problem]:
    """A member is encrypted.

    What it does:
        Reads the encryption bits in each member's flags, and the method number of AES.

    Why it is bad:
        No installer asks for a password.

    Example:
        A wheel packed with `zip -e`.

    How to fix:
        Pack the archive again, without a password.

    Known limits:
        None known.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.4.4, bits 0, 6 and 13, and section 4.4.5, method 99.
    """
    consequence = "RuntimeError: File '{member}' is encrypted, password required for extraction"
    yield from archive_problems(wheel, {"encrypted": None}, consequence=consequence)


@rule(
    "WA005",
    "unknown-compression",
    Family.ARCHIVE,
    Severity.ERROR,
    remedies=("rebuild-archive",),
    in_sdists=True,
)
def unknown_compression(wheel: Wheel) -> Iterator[Problem]:
    """A member is compressed with a method that installers do not read.

    What it does:
        Accepts stored (0) and deflated (8) members. A method that some installers read is a warning: bzip2 (12), LZMA
        (14), Zstandard (93). Every other method is an error. It is also an error, whatever the method, if the member is
        a program or library by its name or its place, because it could not be judged.

    Why it is bad:
        pip reads what the zipfile module of its Python reads: bzip2 and LZMA if Python was built with them, Zstandard
        from Python 3.14 on. uv reads Zstandard. PyPI accepts stored and deflated members only.

    Example:
        A wheel packed with 7-Zip's LZMA method.

    How to fix:
        Pack the archive again, deflated.

    Known limits:
        A program that has no ending and is not in `.data/scripts/` is taken for data.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.4.5; CPython, Lib/zipfile, _check_compression;
        docs/facts/archives.md, "Compression and encryption".
    """
    consequence = "NotImplementedError: That compression method is not supported"
    kinds = {"method": Severity.ERROR, "zstandard": Severity.WARNING}
    named = set()
    for problem in archive_problems(wheel, kinds, consequence=consequence, need="0 or 8"):
        if _may_be_program(problem.member or ""):
            message, severity = f"{problem.message}, so it could not be judged", Severity.ERROR
            yield problem._replace(message=message, severity=severity)
        elif problem.evidence.get("method") in _IN_SOME_PYTHONS:
            yield problem._replace(severity=Severity.WARNING)
        else:
            yield problem
        named.add(problem.member)
    # The reader does not name every text file of a large wheel. Programs must not hide behind them.
    for entry in wheel.entries if named else ():
        if entry.method not in _JUDGED and entry.name not in named and _may_be_program(entry.name):
            message = f"{entry.name}: the member is compressed with method {entry.method}, so it could not be judged"
            evidence = {"need": "0 or 8", "method": str(entry.method)}
            yield Problem(message, entry.name, evidence=evidence, consequence=consequence)


_JUDGED = (0, 8, 99)
"""Methods of members that are read (stored, deflated), and of those that WA004 reports (AES)."""
_IN_SOME_PYTHONS = ("12", "14")
"""bzip2 and LZMA, which zipfile reads if Python was built with them."""
_TEXTS = (".py", ".sh", ".bat", ".cmd", ".ps1", ".txt")


def _may_be_program(path: str) -> bool:
    """Whether a member that was not read may be native code, by its name or its place."""
    return names_native_code(path) or (is_script(path) and not path.lower().endswith(_TEXTS))


@rule(
    "WA007", "archive-limit-hit", Family.ARCHIVE, Severity.WARNING, remedies=("raise-limit",), in_sdists=True
)
def archive_limit_hit(wheel: Wheel) -> Iterator[Problem]:
    """The archive exceeds a limit, so part of it was not read.

    What it does:
        Reports too many members, names that are too long, members that inflate to too many bytes or to more than a
        thousand times their size, a wheel that inflates to too many bytes, METADATA whose headers do not end, and
        more findings of one rule than anybody reads.

    Why it is bad:
        What is beyond the limit could not be checked. Real wheels stay below the limits, zip bombs do not.

    Example:
        A member of 10 MB that inflates to 10 GB of zero bytes.

    How to fix:
        If you trust the wheel, raise the limit. Otherwise do not install it.

    Known limits:
        It is an error if it is about the archive as a whole, an extension module, a library that one needs, or the
        only program or library. Otherwise it is a warning.

    References:
        PyPI refuses archives above 64 MiB that inflate to more than 50 times their size (warehouse,
        utils/zipfiles.py); docs/facts/archives.md, "Limits".
    """
    members = {member.path: member for member in wheel.members}
    for problem in archive_problems(wheel, {"limit": None}):
        member = members.get(problem.member or "")
        matters = problem.member is None or (
            names_native_code(problem.member)
            if member is None
            else member.role in (Role.EXTENSION, Role.DEPENDENCY) or is_product(member, wheel)
        )
        yield problem._replace(severity=Severity.ERROR if matters else Severity.WARNING)
    if wheel.dist_info.metadata_problem:
        what = f"{wheel.dist_info.folder}: {wheel.dist_info.metadata_problem}"
        yield Problem(what, f"{wheel.dist_info.folder}/METADATA", severity=Severity.WARNING)


@rule("WA008", "corrupt-member", Family.ARCHIVE, Severity.ERROR, remedies=("download-again",), in_sdists=True)
def corrupt_member(wheel: Wheel) -> Iterator[Problem]:
    """A member does not inflate to what the directory says.

    What it does:
        Compares the size and CRC of every member that is read to its end, and reports damaged deflate streams.

    Why it is bad:
        Installers stop at such a member.

    Example:
        A wheel that lost a disk block.

    How to fix:
        Build or download the file again.

    Known limits:
        If only the start of a member is needed, the rest is not read, and its CRC is not checked.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.4.7; RFC 1951.
    """
    consequence = "zipfile.BadZipFile: Bad CRC-32 for file '{member}'"
    yield from archive_problems(wheel, {"corrupt": None}, consequence=consequence)


@rule(
    "WA009",
    "unusual-archive",
    Family.ARCHIVE,
    Severity.WARNING,
    remedies=("rebuild-archive",),
    in_sdists=True,
)
def unusual_archive(wheel: Wheel) -> Iterator[Problem]:
    """The archive uses parts of the zip format that package indexes refuse.

    What it does:
        Reports data descriptors, comments on members, extra fields that occur twice or are followed by stray bytes,
        and names in UTF-8 without the flag that says so. A comment on the whole archive is a note.

    Why it is bad:
        Readers treat these parts differently, so PyPI refuses most of them.

    Example:
        A wheel written to a pipe: each member's size comes after its data.

    How to fix:
        Pack the archive again, into a file.

    Known limits:
        None known.

    References:
        PKWARE APPNOTE.TXT 6.3.10, sections 4.3.9, 4.4.12, 4.5 and appendix D; warehouse, utils/zipfiles.py (PyPI's
        checks of uploads).
    """
    yield from archive_problems(wheel, {"unusual": None, "comment": Severity.NOTE})


@rule("WA016", "special-member", Family.METADATA, Severity.WARNING, remedies=("replace-link",))
def special_member(wheel: Wheel) -> Iterator[Problem]:
    """A member is a symbolic link or another special file.

    What it does:
        Reads the file type in the Unix mode of each member.

    Why it is bad:
        Wheels cannot contain links: pip writes a text file with the link's target. A library of that name cannot be
        loaded.

    Example:
        `libfoo.so -> libfoo.so.1`, packed with `zip -y`.

    How to fix:
        Pack copies, or leave the links out.

    Known limits:
        None known.

    References:
        PEP 427; PEP 778 (draft), about links; docs/facts/archives.md, "Links and modes".
    """
    consequence = "The installer writes a plain file that contains the link's target."
    yield from archive_problems(wheel, {"special": None}, consequence=consequence)
