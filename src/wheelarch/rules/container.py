"""WA0xx: the archive itself, the `*.dist-info` folder, and whether both agree with the file's name."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..facts.wheel import Wheel, installed_path, is_product, is_sdist, names_native_code
from ..model import Depth, Format, Role, Severity
from ._base import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..metadata.tags import WheelName

__all__ = [
    "absent_from_record",
    "ambiguous_archive",
    "archive_limit_hit",
    "corrupt_member",
    "dist_info_mismatch",
    "duplicate_member",
    "encrypted_member",
    "malformed_wheel_file",
    "native_code_in_purelib",
    "script_not_executable",
    "special_member",
    "unknown_compression",
    "unreadable_archive",
    "unsafe_member_name",
    "unsupported_wheel_version",
    "unusual_archive",
    "wheel_tags_differ",
]

_FOLDING = frozenset({"windows", "mingw", "macos", "ios", "any"})
"""Systems whose usual file systems take names that differ in case for the same."""
_DOS = frozenset({"windows", "mingw", "any"})
"""Systems that keep the reserved names and characters of DOS."""


def _told(
    wheel: Wheel, kinds: Mapping[str, Severity | None], consequence: str = "", **evidence: str
) -> Iterator[Problem]:
    """Yield what the archive's reader has told of these kinds, each with its severity.

    Args:
        wheel: The wheel.
        kinds: Kinds of `wheelarch.container.zip_layout.ProblemKind`; None stands for the rule's own severity.
        consequence: What the user sees; `{member}` and `{wheel}` stand for the names.
        evidence: What is needed, where the reader does not say.
    """
    for problem in wheel.problems:
        if problem.kind in kinds:
            yield Problem(
                f"{problem.member}: {problem.what}" if problem.member is not None else problem.what,
                problem.member,
                evidence={**evidence, **problem.evidence},
                consequence=consequence.format(
                    member=problem.member or "", wheel=wheel.filename or "the wheel"
                ),
                severity=kinds[problem.kind],
            )


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
    yield from _told(wheel, {"unreadable": None}, refusal)


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
    yield from _told(wheel, {"ambiguous": None}, consequence)


@rule("WA003", "duplicate-member", Severity.ERROR, ("R1",))
def duplicate_member(wheel: Wheel) -> Iterator[Problem]:
    """Two members have the same name, or share bytes.

    What it does:
        Compares the names of all members, and the places of their data. Where the tags invite a system whose
        file systems fold case (Windows, macOS), names that differ in case or in Unicode normalisation only
        are a warning.

    Why it is bad:
        Of two files with one name each installer picks its own, and one is lost. Members that share bytes are
        how zip bombs are built.

    Example:
        A wheel to which a rebuilt `foo.pyd` was appended with `zip`; `Lib/x.h` beside `lib/x.h`.

    How to fix:
        Pack the archive anew, with each file once.

    Known limits:
        Case is folded by Unicode's rules, which differ from those of NTFS for a few letters.

    References:
        PKWARE APPNOTE.TXT 6.3.10, section 4.3.12; D. Fifield, "A better zip bomb" (2019).
    """
    yield from _told(wheel, {"duplicate": None, "overlap": None})
    systems = sorted({target.system for target in wheel.targets} & _FOLDING)
    if not systems:
        return
    names = dict.fromkeys([entry.name for entry in wheel.entries])
    fold = str.lower if all(map(str.isascii, names)) else _folded
    # Hashes, not names: a directory of long names is held once.
    if len(set(map(hash, map(fold, names)))) == len(names):
        return
    first: dict[int, str] = {}
    for name in names:
        other = first.setdefault(hash(_folded(name)), name)
        if other != name and _folded(other) == _folded(name):
            yield Problem(
                f"{name} and {other} are one file where case does not count",
                name,
                evidence={"have": other, "systems": " ".join(systems)},
                consequence="One of the two files overwrites the other when the wheel is installed.",
                severity=Severity.WARNING,
            )


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    from unicodedata import normalize

    return normalize("NFC", name.lower())


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
    yield from _told(wheel, {"encrypted": None}, consequence)


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
    yield from _told(wheel, {"method": None, "zstandard": Severity.WARNING}, consequence, need="0 or 8")


@rule("WA006", "unsafe-member-name", Severity.ERROR, ("R1",))
def unsafe_member_name(wheel: Wheel) -> Iterator[Problem]:
    """A member's name is no safe path to install to.

    What it does:
        Refuses names that are empty, absolute, hold a drive, a backslash, control characters, `.`, `..` or
        empty components, and names that are no UTF-8. Where the tags invite Windows, names that Windows can't
        create are a warning.

    Why it is bad:
        Such a name leads out of site-packages, or to another file on each system; RECORD can't describe it.

    Example:
        `../../etc/profile`; for Windows `pkg/aux.py` and `pkg/a:b`.

    How to fix:
        Name the file otherwise and pack the archive anew.

    Known limits:
        Names in the old code page 437 count as no UTF-8.

    References:
        PKWARE APPNOTE.TXT 6.3.10, sections 4.4.17 and appendix D; Microsoft, "Naming Files, Paths, and
        Namespaces".
    """
    yield from _told(wheel, {"unsafe-name": None})
    if not any(target.system in _DOS for target in wheel.targets):
        return
    for name in _odd_on_dos([entry.name for entry in wheel.entries]):
        fault = _dos_fault(name)
        if fault:
            yield Problem(
                f"{name}: Windows can't create a file of this name, it {fault}",
                name,
                consequence="The installation breaks off, or the file has another name than RECORD says.",
                severity=Severity.WARNING,
            )


def _odd_on_dos(names: Sequence[str]) -> Iterator[str]:
    """Yield the names that hold what Windows may not like. Hardly any does, so many are searched at once."""
    for start in range(0, len(names), _AT_ONCE):
        batch = names[start : start + _AT_ONCE]
        if _is_odd_on_dos("\n/".join(batch)):
            yield from filter(_is_odd_on_dos, batch)


def _is_odd_on_dos(names: str) -> bool:
    text = f"/{names.lower()}\n"
    return any(sign in text for sign in _DOS_SIGNS) or _DOS_NAME.search(text) is not None


_AT_ONCE = 256
_DOS_NAME = lazy.pattern(r"/(?:con|prn|aux|nul|com[1-9]|lpt[1-9])[./\n]")
_DOS_SIGNS = ("./", " /", ".\n", " \n", *'<>:"|?*')
_DOS_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)


def _dos_fault(name: str) -> str:
    for component in name.split("/"):
        if component.partition(".")[0].lower() in _DOS_RESERVED:
            return f"holds the reserved name {component}"
        if component not in (".", "..") and component.endswith((".", " ")):
            return "has a component that ends with a dot or a space"
        if any(character in component for character in '<>:"|?*'):
            return 'holds one of the characters < > : " | ? *'
    return ""


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
    for problem in _told(wheel, {"limit": None}):
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
    yield from _told(wheel, {"corrupt": None}, "zipfile.BadZipFile: Bad CRC-32 for file '{member}'")


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
    yield from _told(wheel, {"unusual": None, "comment": Severity.NOTE})


@rule("WA010", "dist-info-mismatch", Severity.ERROR, ("R2",))
def dist_info_mismatch(wheel: Wheel) -> Iterator[Problem]:
    """The `*.dist-info` folder is missing, there are several, or it is another project's.

    What it does:
        Demands exactly one such folder at the top, named for the project and version of the file name. A name
        that is only spelled differently is a warning.

    Why it is bad:
        Installers find WHEEL, METADATA and RECORD there, and refuse the wheel otherwise. PyPI compares the
        names letter by letter.

    Example:
        `foo-1.1-py3-none-any.whl` with `foo-1.0.dist-info/`: the file was renamed.

    How to fix:
        Build the wheel anew; never rename it.

    Known limits:
        The names are not compared where the file name is no wheel name.

    References:
        PEP 427, "The .dist-info directory"; recording installed projects, `.dist-info` folder names.
    """
    info, name = wheel.dist_info, wheel.promise.name
    if not info.folders:
        inner = next((entry.name for entry in wheel.entries if entry.name.endswith(".whl")), None)
        yield Problem(
            "there is no .dist-info folder" + (f", but another wheel inside: {inner}" if inner else ""),
            evidence={"have": inner or "none", "need": "one"},
            consequence="pip: .dist-info directory not found",
        )
    elif len(info.folders) > 1:
        yield Problem(
            f"there are {len(info.folders)} .dist-info folders",
            evidence={"have": " ".join(info.folders[:10]), "need": "one"},
            consequence=f"pip: multiple .dist-info directories found: {', '.join(info.folders[:10])}",
        )
    elif name is not None and wheel.filename is not None:
        expected = "-".join(wheel.filename.split("-")[:2]) + ".dist-info"
        if info.folder == expected:
            return
        same = _names_release(info.folder, name)
        yield Problem(
            f"{info.folder} is {'spelled otherwise than' if same else 'of another release than'} the file name",
            evidence={"have": info.folder, "need": expected},
            consequence="PyPI compares letter by letter and does not find WHEEL."
            if same
            else f"pip: .dist-info directory {info.folder!r} does not start with {name.project!r}",
            severity=Severity.WARNING if same else Severity.ERROR,
        )


def _names_release(folder: str, name: WheelName) -> bool:
    """Whether a folder is named for this project and version, spelling aside (PEP 503, PEP 440)."""
    from packaging.utils import canonicalize_name, canonicalize_version

    project, _, version = folder.removesuffix(".dist-info").rpartition("-")
    return canonicalize_name(project) == canonicalize_name(name.project) and canonicalize_version(
        version
    ) == canonicalize_version(name.version)


def _wheel_path(wheel: Wheel) -> str:
    return f"{wheel.dist_info.folder}/WHEEL"


@rule("WA011", "malformed-wheel-file", Severity.ERROR, ("R2",))
def malformed_wheel_file(wheel: Wheel) -> Iterator[Problem]:
    """WHEEL is missing or can't be read.

    What it does:
        Demands a WHEEL file of at most 64 KiB, in UTF-8 without NUL characters, with a Wheel-Version.

    Why it is bad:
        Installers refuse a wheel without it.

    Example:
        A wheel packed by hand from a folder of modules.

    How to fix:
        Build the wheel through its backend.

    Known limits:
        Lines behind the first that is no header are not read, as installers do not read them.

    References:
        PEP 427, "The WHEEL file"; RFC 5322, section 2.2.
    """
    info = wheel.dist_info
    if not info.folder:
        return
    if not info.has_wheel:
        yield Problem(
            f"{_wheel_path(wheel)} is missing",
            evidence={"have": "none", "need": _wheel_path(wheel)},
            consequence=f"pip: could not read '{_wheel_path(wheel)}' file",
        )
    elif info.wheel_problem:
        yield Problem(
            f"{_wheel_path(wheel)} can't be used: {info.wheel_problem}",
            _wheel_path(wheel),
            evidence={"have": info.wheel_problem},
        )


@rule("WA012", "unsupported-wheel-version", Severity.ERROR, ("R2",))
def unsupported_wheel_version(wheel: Wheel) -> Iterator[Problem]:
    """WHEEL says a Wheel-Version that installers do not know.

    What it does:
        Accepts 1.0. Another major version above 1 is an error, any other version a note.

    Why it is bad:
        Installers have to stop at a newer major version, and warn at a newer minor one.

    Example:
        `Wheel-Version: 2.0`.

    How to fix:
        Build the wheel anew.

    Known limits:
        Version 0.1, from before PEP 427 was final, is still installed and so a note.

    References:
        PEP 427, "Installing a wheel", step 1.
    """
    info = wheel.dist_info
    if info.wheel_problem or not info.wheel_version:
        return
    version = tuple(int(part) for part in info.wheel_version.split("."))
    if version[:2] in ((1,), (1, 0)):
        return
    refused = version[0] > 1
    yield Problem(
        f"Wheel-Version is {info.wheel_version}",
        _wheel_path(wheel),
        evidence={"have": info.wheel_version, "need": "1.0"},
        consequence=f"pip: Wheel-Version ({info.wheel_version}) is not compatible with this version of pip"
        if refused
        else "",
        severity=Severity.ERROR if refused else Severity.NOTE,
    )


@rule("WA013", "wheel-tags-differ", Severity.WARNING, ("R3",))
def wheel_tags_differ(wheel: Wheel) -> Iterator[Problem]:
    """WHEEL names other tags, or another build, than the file name.

    What it does:
        Compares the expanded Tag lines and the Build line with the file name. Tags that are right but left
        unexpanded, and a Build line that is only missing, are a note.

    Why it is bad:
        `pip check` reads Tag, uv installs such a wheel again and again, and the file name alone no longer
        says what was built.

    Example:
        A file renamed from `macosx_10_15_x86_64` to `macosx_10_15_universal2`: WHEEL still says x86_64.
        `Tag: py2.py3-none-any` should be two lines.

    How to fix:
        Change name and WHEEL together.

    Known limits:
        Nothing is compared where the file name is no wheel name or the tags were given by hand.

    References:
        PEP 427, "The WHEEL file": Tag is the wheel's expanded compatibility tags, one a line.
    """
    info, promise = wheel.dist_info, wheel.promise
    if not info.has_wheel or info.wheel_problem or promise.name is None or promise.source != "name":
        return
    yield from _tag_problems(wheel)
    have, need = info.build, promise.name.build
    if have != need:
        yield Problem(
            f"WHEEL says build {have}, the file name {need or 'none'}"
            if have
            else f"WHEEL does not say the build tag of the file name, {need}",
            _wheel_path(wheel),
            evidence={"have": have or "none", "need": need or "none"},
            severity=Severity.WARNING if have else Severity.NOTE,
        )


_MOST_TAGS_SHOWN = 20


def _tag_problems(wheel: Wheel) -> Iterator[Problem]:
    need, tags = frozenset(wheel.promise.triples), wheel.dist_info.tags
    lines = {tag.lower() for tag in tags}
    have: set[str] = set()
    for line in lines:
        have.update(_expanded(line))
    if not need or lines == need:
        return
    evidence = {"have": _listed(tags), "need": _listed(sorted(need))}
    if have == need:
        message, severity = "WHEEL does not expand its tags", Severity.NOTE
    elif not tags:
        message, severity = "WHEEL has no Tag", Severity.WARNING
    else:
        message, severity = "WHEEL and the file name name different tags", Severity.WARNING
    consequence = (
        "" if severity is Severity.NOTE else "pip check: the package is not supported on this platform"
    )
    yield Problem(message, _wheel_path(wheel), evidence=evidence, consequence=consequence, severity=severity)


def _expanded(tag: str) -> list[str]:
    """Return the triples of one Tag line, or the line where it is none or stands for too many."""
    parts = [part.split(".") for part in tag.split("-")]
    if len(parts) != 3 or len(parts[0]) * len(parts[1]) * len(parts[2]) > 10_000:
        return [tag]
    pythons, abis, platforms = parts
    return [f"{python}-{abi}-{platform}" for python in pythons for abi in abis for platform in platforms]


def _listed(tags: Sequence[str]) -> str:
    more = len(tags) - _MOST_TAGS_SHOWN
    shown = " ".join(tags[:_MOST_TAGS_SHOWN]) or "none"
    return f"{shown} and {more} more" if more > 0 else shown


@rule("WA014", "native-code-in-purelib", Severity.NOTE, ("R4",))
def native_code_in_purelib(wheel: Wheel) -> Iterator[Problem]:
    """WHEEL says that the wheel is pure, and its root holds native libraries.

    What it does:
        Reports `Root-Is-Purelib: true` where an extension module or a library lies outside `.data/`.

    Why it is bad:
        The files go to purelib. Some Linux distributions keep that folder apart from platlib, and share it
        between architectures.

    Example:
        A wheel that carries a prebuilt `libfoo.so` as package data.

    How to fix:
        Tell the build backend that the project holds native code.

    Known limits:
        Most systems use one folder for both, so many good wheels do this and work: it is a note.

    References:
        PEP 427, "The WHEEL file", Root-Is-Purelib.
    """
    if not wheel.dist_info.root_is_purelib:
        return
    found = [
        member.path
        for member in wheel.members
        if member.role in (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY)
        and member.images
        and not member.path.partition("/")[0].endswith(".data")
    ]
    if found:
        yield Problem(
            f"Root-Is-Purelib is true, and {found[0]}"
            + (f" and {len(found) - 1} more native files are" if len(found) > 1 else " is")
            + " outside .data/",
            _wheel_path(wheel),
            evidence={"have": "true", "need": "false", "first": found[0], "count": str(len(found))},
        )


@rule("WA015", "absent-from-record", Severity.WARNING, ("R3",))
def absent_from_record(wheel: Wheel) -> Iterator[Problem]:
    """RECORD does not describe a native file, or describes another one.

    What it does:
        Looks up every native file in RECORD and compares its size, and its SHA-256 where it was read to the
        end. A missing or unreadable RECORD is reported once.

    Why it is bad:
        The file was changed or added after the build. Nobody can tell whether that was meant, and indexes
        begin to refuse such wheels.

    Example:
        A `.so` that was stripped or signed inside the finished wheel.

    How to fix:
        Pack the wheel anew, so that RECORD is written again.

    Known limits:
        Digests other than SHA-256 are not compared. One in hexadecimal is taken for what it means.

    References:
        PEP 376, "RECORD"; PEP 427, "Signed wheel files".
    """
    info = wheel.dist_info
    if not info.folder:
        return
    if info.record is None:
        yield Problem(
            f"{info.folder}: {info.record_problem or 'there is no RECORD'}",
            evidence={"need": f"{info.folder}/RECORD"},
        )
        return
    for member in wheel.members:
        row = info.recorded(member.path)
        if row is None:
            yield Problem(f"{member.path} is not in RECORD", member.path, evidence={"have": "none"})
        elif row.size is not None and row.size != member.size:
            yield Problem(
                f"{member.path} has another size than RECORD says",
                member.path,
                evidence={"have": str(member.size), "need": str(row.size)},
            )
        elif member.sha256 and not _may_be(row.digest, member.sha256):
            yield Problem(
                f"{member.path} has another SHA-256 than RECORD says",
                member.path,
                evidence={"have": f"sha256={member.sha256}", "need": row.digest},
            )


def _may_be(digest: str, sha256: str) -> bool:
    """Whether RECORD's digest stands for these bytes, or is none that can be compared.

    Args:
        digest: `sha256=` and URL-safe base64, or (gmsh writes it so) hexadecimal.
        sha256: URL-safe base64 without padding.
    """
    algorithm, _, value = digest.partition("=")
    if algorithm != "sha256":
        return True
    if len(value) == 64:
        from base64 import urlsafe_b64decode

        return value.lower() == urlsafe_b64decode(sha256 + "=").hex()
    return value.rstrip("=") == sha256


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
    yield from _told(
        wheel, {"special": None}, "The installer writes a plain file that holds the link's target."
    )


@rule("WA017", "script-not-executable", Severity.WARNING, ("R24",), needs={Role.SCRIPT: Depth.HEADER})
def script_not_executable(wheel: Wheel) -> Iterator[Problem]:
    """A program under `.data/scripts/` is not marked as executable.

    What it does:
        Reads the Unix mode of native files under `.data/scripts/` where the tags invite a system other than
        Windows. As pip does, it wants a regular file with one of the execute bits.

    Why it is bad:
        pip installs the file without the bit, and the shell refuses to run it.

    Example:
        A wheel whose packer set only the permission bits and left out the file type.

    How to fix:
        Set the mode before packing, or the external attributes in the packer: 0o100755 << 16.

    Known limits:
        Scripts in text form are not looked at.

    References:
        pip, `zip_item_is_executable`; PEP 427, "Installing a wheel", step 2.
    """
    if all(target.system in ("windows", "mingw") for target in wheel.targets):
        return
    for member in wheel.members:
        native = any(image.format in (Format.ELF, Format.MACHO) for image in member.images)
        if member.role is not Role.SCRIPT or not native:
            continue
        mode = member.mode or 0
        if not (mode >> 12 == 8 and mode & 0o111):
            yield Problem(
                f"{member.path} is not marked as an executable file",
                member.path,
                evidence={"have": oct(mode), "need": "0o100755"},
                consequence=f"Permission denied: {installed_path(member.path).rpartition('/')[2]}",
            )
