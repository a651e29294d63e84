"""WA014, WA015, WA017: where files land, RECORD, and the mode of scripts."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.member_paths import installed_path
from ..model import Depth, Format, Role, Severity
from ._archive import wheel_path
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["absent_from_record", "native_code_in_purelib", "script_not_executable"]


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
            wheel_path(wheel),
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
