"""WA001, WA002, WA004, WA005, WA007 to WA009, WA016: the archive itself."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.roles import is_product
from ..metadata.member_paths import is_sdist, names_native_code
from ..model import Role, Severity
from ._archive import archive_problems
from .rule import Problem, rule

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


@rule("WA001", "unreadable-archive", Severity.ERROR, ("R0",))
def unreadable_archive(wheel: Wheel) -> Iterator[Problem]:
    """The file is no zip archive, or its directory is cut off.

    What it does:
        Looks for the end record and the central directory, and says what the file looks like instead: an HTML
        page, a gzip file, an archive whose end is missing.

    Why it is bad:
        Nothing in it can be installed, and nothing could be checked.

    Example:
        A download that broke off, or an error page that was saved as `foo-1.0-py3-none-any.whl`.

    How to fix:
        Build or download the file again.

    Known limits:
        Where the directory breaks off in the middle, the members before the break are still judged.

    References:
        PKWARE APPNOTE.TXT 6.3.10, sections 4.3.6, 4.3.12 and 4.3.16.
    """
    refusal = "" if is_sdist(wheel.filename) else "pip: the wheel located at {wheel} is invalid"
    yield from archive_problems(wheel, {"unreadable": None}, refusal)


@rule("WA002", "ambiguous-archive", Severity.ERROR, ("R1",))
def ambiguous_archive(wheel: Wheel) -> Iterator[Problem]:
    """Two readers see two different archives in this file.

    What it does:
        Demands that the first member starts at byte 0, that members, directory and end record follow each
        other without gaps, that there is one end record and nothing behind it, that ZIP64 fields hold what
        they are asked for, and that each local header says what the directory says.

    Why it is bad:
        pip goes by the directory at the end, uv and indexes also read the local headers from the start. What
        was checked is then not what is installed. PyPI refuses such files.

    Example:
        A wheel with a shell script in front, or one whose member was patched in place and whose local header
        still holds the old CRC.

    How to fix:
        Pack the archive anew with a common tool.

    Known limits:
        Local headers are compared for every member that can be inflated; the bytes between members for the
        same. What is judged below is pip's view, the directory's.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.3; PyPI's checks of uploaded archives (warehouse, zipfiles.py).
    """
    consequence = "Installers that read the archive in another order see other files; PyPI refuses it."
    yield from archive_problems(wheel, {"ambiguous": None}, consequence)


@rule("WA004", "encrypted-member", Severity.ERROR, ("R1",))
def encrypted_member(wheel: Wheel) -> Iterator[Problem]:
    """A member is encrypted.

    What it does:
        Reads the encryption bits of each member's flags, and the method number of AES.

    Why it is bad:
        No installer asks for a password.

    Example:
        A wheel packed with `zip -e`.

    How to fix:
        Pack the archive anew, without a password.

    Known limits:
        None known.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.4.4, bits 0, 6 and 13, and 4.4.5, method 99.
    """
    consequence = "RuntimeError: File '{member}' is encrypted, password required for extraction"
    yield from archive_problems(wheel, {"encrypted": None}, consequence)


@rule("WA005", "unknown-compression", Severity.ERROR, ("R1",))
def unknown_compression(wheel: Wheel) -> Iterator[Problem]:
    """A member is compressed with a method that installers do not read.

    What it does:
        Accepts stored (0) and deflated (8) members. Zstandard (93) is a warning, everything else an error.

    Why it is bad:
        pip reads what the zipfile module of its Python reads, PyPI accepts the two methods only. Zstandard is
        read by uv and from Python 3.14 on.

    Example:
        A wheel packed with 7-Zip's LZMA method.

    How to fix:
        Pack the archive anew, deflated.

    Known limits:
        bzip2 (12) and LZMA (14) are read by zipfile where Python was built with them; PyPI refuses them too.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.4.5; PyPI's checks of uploaded archives.
    """
    consequence = "NotImplementedError: That compression method is not supported"
    yield from archive_problems(
        wheel, {"method": None, "zstandard": Severity.WARNING}, consequence, need="0 or 8"
    )


@rule("WA007", "archive-limit-hit", Severity.WARNING, ("R28",))
def archive_limit_hit(wheel: Wheel) -> Iterator[Problem]:
    """A bound on what the audit reads was hit.

    What it does:
        Stops at too many members, too long names, too many inflated bytes of one member or of the wheel, at
        members that inflate to more than a thousand times their size, where METADATA's headers do not end, and
        at more findings of one rule than anybody reads.

    Why it is bad:
        What lies behind the bound could not be checked. A real wheel hardly gets there, a zip bomb does.

    Example:
        A member of 10 MB that inflates to 10 GB of zero bytes.

    How to fix:
        If the wheel is meant to be so, raise the limit. Otherwise do not install it.

    Known limits:
        It is an error where the archive as a whole, an extension module or the only program is concerned,
        else a warning.

    References:
        PyPI refuses archives above 64 MiB that inflate to more than 50 times their size.
    """
    members = {member.path: member for member in wheel.members}
    for problem in archive_problems(wheel, {"limit": None}):
        member = members.get(problem.member or "")
        matters = problem.member is None or (
            names_native_code(problem.member)
            if member is None
            else member.role in (Role.EXTENSION, Role.DEPENDENCY) or is_product(member, wheel.members)
        )
        yield problem._replace(severity=Severity.ERROR if matters else Severity.WARNING)
    if wheel.dist_info.metadata_problem:
        what = f"{wheel.dist_info.folder}: {wheel.dist_info.metadata_problem}"
        yield Problem(what, f"{wheel.dist_info.folder}/METADATA", severity=Severity.WARNING)


@rule("WA008", "corrupt-member", Severity.ERROR, ("R0",))
def corrupt_member(wheel: Wheel) -> Iterator[Problem]:
    """A member does not inflate to what the directory says.

    What it does:
        Compares size and CRC of every member that is read to its end, and reports damaged deflate streams.

    Why it is bad:
        Installers stop there.

    Example:
        A wheel of which one disk block was lost.

    How to fix:
        Build or download the file again.

    Known limits:
        Members of which only the start was needed are not read to the end, and their CRC is not checked.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.4.7; RFC 1951.
    """
    yield from archive_problems(
        wheel, {"corrupt": None}, "zipfile.BadZipFile: Bad CRC-32 for file '{member}'"
    )


@rule("WA009", "unusual-archive", Severity.WARNING, ("R1",))
def unusual_archive(wheel: Wheel) -> Iterator[Problem]:
    """The archive uses parts of the zip format that package indexes refuse.

    What it does:
        Reports data descriptors, comments on members, extra fields that are doubled or followed by stray
        bytes, and names in UTF-8 that are not marked so. A comment on the whole archive is a note.

    Why it is bad:
        PyPI refuses most of these, since readers differ in how they take them.

    Example:
        A wheel written to a pipe: each member's size follows its data.

    How to fix:
        Pack the archive anew, to a file.

    Known limits:
        None known.

    References:
        PKWARE APPNOTE.TXT 6.3.10, sections 4.3.9, 4.4.12, 4.5 and appendix D; PyPI's checks of uploaded
        archives.
    """
    yield from archive_problems(wheel, {"unusual": None, "comment": Severity.NOTE})


@rule("WA016", "special-member", Severity.WARNING, ("R1",))
def special_member(wheel: Wheel) -> Iterator[Problem]:
    """A member is a symbolic link or another special file.

    What it does:
        Reads the file type in the Unix mode of each member.

    Why it is bad:
        Wheels have no links: pip writes a text file that holds the link's target, and a library of that name
        can't be loaded.

    Example:
        `libfoo.so -> libfoo.so.1`, packed with `zip -y`.

    How to fix:
        Pack copies, or drop the links.

    Known limits:
        None known.

    References:
        PEP 427, and the open question of links in PEP 778 (draft).
    """
    yield from archive_problems(
        wheel, {"special": None}, "The installer writes a plain file that holds the link's target."
    )
