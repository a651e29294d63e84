"""WA907: files that are not what their name says.

A file with the name of native code is a `Member` even if its content is something else. The rule names that content by
its first bytes, and says what the loader does if Python tries to import the file.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machines import is_loadable
from ..metadata.extension_names import parse_extension_name
from ..model import Format, Kind, Member, Role, Severity
from ._damage import NOT_WIN32
from ._machine import HEADER_OF_ALL
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["misnamed_file"]

_GIT_LFS = b"version https://git-lfs.github.com/spec/"
_LINKER_SCRIPT = (b"/* GNU ld script", b"INPUT", b"GROUP", b"OUTPUT_FORMAT")
_FILE_TYPE = 0o170000
"""The bits of a Unix mode that say what kind of file it is (S_IFMT)."""
_SYMLINK_TYPE = 0o120000
_MH_EXECUTE = 2
_KIND_NAMES = {
    Kind.EXECUTABLE: "a program",
    Kind.OBJECT: "an object file",
    Kind.ARCHIVE: "a static archive",
    Kind.IMPORT_LIBRARY: "an import library",
    Kind.CORE: "a core dump",
}


def _content(member: Member) -> str:
    """Return what a file that is not native contains, by its first bytes."""
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
    return (
        f"not native code (it starts with {member.head[:4].hex(' ')})" if member.head else "not native code"
    )


def _not_a_library_error(member: Member, wheel: Wheel) -> str:
    """Return what the loader of the first live triple says of a file that is not a library; empty if not known."""
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


@rule("WA907", "misnamed-file", Family.DAMAGE, Severity.NOTE, remedies=("real-file",), needs=HEADER_OF_ALL)
def misnamed_file(wheel: Wheel) -> Iterator[Problem]:
    """A file with the name of native code contains something else.

    What it does:
        Looks at files named .pyd, .so, .dylib, .dll or .exe whose first bytes are not those of a native format: empty
        files, git-lfs pointers, linker scripts, HTML pages. Also looks at files named as extension modules that are
        native, but that no process can load as a library: programs, object files, static archives.

    Why it is bad:
        If the name is that of an extension module (`.pyd`, or a suffix with a Python ABI), importing it fails: it is
        an error. Any other name may be chance, so it is a note.

    Example:
        `pkg/_core.cp312-win_amd64.pyd` is the text of a git-lfs pointer, because the build did not run `git lfs
        pull`.

    How to fix:
        Fetch the real file before the build, or leave it out.

    Known limits:
        Only the first bytes are read. Symbolic links are reported by WA016.

    References:
        The magic numbers of PE, Mach-O and ELF; the git-lfs specification (pointer files).
    """
    for member in wheel.members:
        if member.role is Role.EXTENSION and member.images and not any(map(is_loadable, member.images)):
            kind = member.images[0].kind
            yield Problem(
                f"{member.path} has the name of an extension module, but is {_KIND_NAMES.get(kind, 'something else')}",
                member.path,
                evidence={"have": kind.value, "need": "a library that can be loaded"},
                consequence=_not_a_library_error(member, wheel),
                severity=Severity.ERROR,
                remedies=("clean-build",),
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
            consequence=_not_a_library_error(member, wheel) if severity is Severity.ERROR else "",
            severity=severity,
        )
