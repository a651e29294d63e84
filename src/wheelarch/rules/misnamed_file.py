"""WA907: files that are not what their name says."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machines import is_loadable
from ..metadata.extension_names import parse_extension_name
from ..model import Format, Kind, Member, Role, Severity
from .damage import HEADER_OF_EVERYTHING, NOT_WIN32
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["misnamed_file"]

_GIT_LFS = b"version https://git-lfs.github.com/spec/"


_LINKER_SCRIPT = (b"/* GNU ld script", b"INPUT", b"GROUP", b"OUTPUT_FORMAT")


_SYMLINK_TYPE = 0o120000


_FILE_TYPE = 0o170000


def _content(member: Member) -> str:
    """Return what a file that is not native holds, as far as its first bytes tell."""
    head = member.head.lstrip()
    if member.size == 0:
        return "an empty file"
    if head.startswith(_GIT_LFS):
        return "a git-lfs pointer"
    if head.startswith(_LINKER_SCRIPT):
        return "a linker script"
    if head[:14].lower().startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if head.startswith(b"#!"):
        return "a script"
    if head.startswith(b"PK\3\4"):
        return "a zip archive"
    return f"no native code (it starts with {member.head[:4].hex(' ')})" if member.head else "no native code"


def _load_error(member: Member, wheel: Wheel) -> str:
    """Return what the loader of the first live triple says of a file that it can't open."""
    system = next((target.system for target in wheel.targets), "")
    if system in ("windows", "mingw"):
        return NOT_WIN32
    if system in ("macos", "ios"):
        filetype = next((image.macho.filetype for image in member.images if image.macho), 0)
        if filetype == _MH_EXECUTE:
            return f"cannot dlopen a main executable '{member.name}'"
        return f"unloadable mach-o file type {filetype} '{member.name}'" if filetype else "not a mach-o file"
    if system in ("linux", "android"):
        if any(image.format is Format.ELF for image in member.images):
            return "only ET_DYN and ET_EXEC can be loaded"
        return "file too short" if member.size == 0 else "invalid ELF header"
    return ""


_MH_EXECUTE = 2


_KIND_NAMES = {
    Kind.EXECUTABLE: "a program",
    Kind.OBJECT: "an object file",
    Kind.ARCHIVE: "a static archive",
    Kind.IMPORT_LIBRARY: "an import library",
    Kind.CORE: "a core dump",
}


@rule("WA907", "misnamed-file", Severity.NOTE, ("R23",), needs=HEADER_OF_EVERYTHING)
def misnamed_file(wheel: Wheel) -> Iterator[Problem]:
    """A file named like native code holds something else.

    What it does:
        Looks at files named .pyd, .so, .dylib, .dll or .exe whose first bytes are of no native format:
        empty files, git-lfs pointers, linker scripts, HTML pages. And at files named as extension modules that
        are native, and nothing that a process can load: programs, object files, static archives.

    Why it is bad:
        It is an error where the name is that of an extension module (`.pyd`, or a suffix with a Python ABI):
        importing it fails. Elsewhere the name may be chance, so it is a note.

    Example:
        `pkg/_core.cp312-win_amd64.pyd` that is the text of a git-lfs pointer, because the build did not run
        `git lfs pull`.

    How to fix:
        Fetch the real file before building, or leave it out.

    Known limits:
        Only the first bytes are looked at. Symbolic links are left to WA016.

    References:
        The magic numbers of PE, Mach-O and ELF; the git-lfs specification (pointer files).
    """
    for member in wheel.members:
        if member.role is Role.EXTENSION and member.images and not any(map(is_loadable, member.images)):
            kind = member.images[0].kind
            yield Problem(
                f"{member.path} is named as an extension module and holds {_KIND_NAMES.get(kind, 'something else')}",
                member.path,
                evidence={"have": kind.value, "need": "a library that can be loaded"},
                consequence=_load_error(member, wheel),
                severity=Severity.ERROR,
                remedies=("R12",),
            )
            continue
        link = member.mode is not None and member.mode & _FILE_TYPE == _SYMLINK_TYPE
        if member.images or member.faults or link or not (member.head or member.size == 0):
            continue
        parsed = parse_extension_name(member.name)
        named = parsed is not None and (parsed.abi != "" or member.name.lower().endswith(".pyd"))
        severity = Severity.ERROR if named and member.role is Role.EXTENSION else Severity.NOTE
        content = _content(member)
        yield Problem(
            f"{member.path} is {content}",
            member.path,
            evidence={"have": content, "need": "native code"},
            consequence=_load_error(member, wheel) if severity is Severity.ERROR else "",
            severity=severity,
        )
