"""WA014, WA015, WA017: what installers do with the files: where they put them, RECORD, and the mode of scripts.

Each rule compares the native members with what WHEEL, RECORD or the archive's directory says of them.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.member_paths import installed_path
from ..model import Depth, Format, Role, Severity
from ._archive import wheel_path
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["absent_from_record", "native_code_in_purelib", "script_not_executable"]


@rule("WA014", "native-code-in-purelib", Family.METADATA, Severity.NOTE, remedies=("declare-native",))
def native_code_in_purelib(wheel: Wheel) -> Iterator[Problem]:
    """WHEEL says that the wheel is pure, but it contains native libraries outside `.data/`.

    What it does:
        Reports `Root-Is-Purelib: true` if an extension module or a library is outside `.data/`.

    Why it is bad:
        Installers put the files into purelib. Some Linux distributions separate that folder from platlib and share
        it between architectures.

    Example:
        A wheel with a prebuilt `libfoo.so` as package data.

    How to fix:
        Set in the build backend that the project contains native code.

    Known limits:
        It is a note: most systems use one folder for both, so many good wheels do this and work.

    References:
        PEP 427, "The .dist-info directory", Root-Is-Purelib; docs/facts/archives.md, "The WHEEL file".
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
            f"Root-Is-Purelib is true, but {found[0]}"
            + (f" and {len(found) - 1} more native files are" if len(found) > 1 else " is")
            + " outside .data/",
            wheel_path(wheel),
            evidence={"have": "true", "first": found[0]},
        )


@rule("WA015", "absent-from-record", Family.METADATA, Severity.WARNING, remedies=("rewrite-record",))
def absent_from_record(wheel: Wheel) -> Iterator[Problem]:
    """RECORD does not list a native file, or describes another file.

    What it does:
        Looks up every native file in RECORD and compares the size, and the SHA-256 if the file was read to its end.
        A RECORD that is missing or cannot be read is reported once.

    Why it is bad:
        The file was changed or added after the build. Nobody can know whether that was intended, and indexes begin
        to refuse such wheels.

    Example:
        A `.so` that was stripped or signed inside the finished wheel.

    How to fix:
        Build the wheel again, and let no later step change a file in it. `wheel pack` writes a new RECORD for a file
        that was changed on purpose; `wheel tags` only renames the wheel and refuses a changed file.

    Known limits:
        Only SHA-256 digests are compared, in base64 or in hexadecimal.

    References:
        PEP 376, "RECORD"; PEP 427, "Signed wheel files"; docs/facts/archives.md, "RECORD".
    """
    info = wheel.dist_info
    if not info.folder:
        return
    if info.record is None:
        yield Problem(
            f"{info.folder}: {info.record_problem or 'RECORD is missing'}",
            evidence={"need": f"{info.folder}/RECORD"},
        )
        return
    for member in wheel.members:
        row = info.recorded(member.path)
        if row is None:
            yield Problem(f"RECORD does not list {member.path}", member.path, evidence={"have": "none"})
        elif row.size is not None and row.size != member.size:
            yield Problem(
                f"the size of {member.path} differs from RECORD",
                member.path,
                evidence={"have": str(member.size), "need": str(row.size)},
            )
        elif member.sha256 and not _may_match(row.digest, member.sha256):
            yield Problem(
                f"the SHA-256 of {member.path} differs from RECORD",
                member.path,
                evidence={"have": f"sha256={member.sha256}", "need": row.digest},
            )


def _may_match(digest: str, sha256: str) -> bool:
    """Whether RECORD's digest is that of these bytes, or cannot be compared.

    Args:
        digest: `sha256=` and URL-safe base64. gmsh writes hexadecimal instead.
        sha256: URL-safe base64 without padding.
    """
    algorithm, _, value = digest.partition("=")
    if algorithm != "sha256":
        return True
    if len(value) == 64:
        from base64 import urlsafe_b64decode

        return value.lower() == urlsafe_b64decode(sha256 + "=").hex()
    return value.rstrip("=") == sha256


@rule(
    "WA017",
    "script-not-executable",
    Family.METADATA,
    Severity.WARNING,
    remedies=("make-executable",),
    needs={Role.SCRIPT: Depth.HEADER},
)
def script_not_executable(wheel: Wheel) -> Iterator[Problem]:
    """A program under `.data/scripts/` is not marked as executable.

    What it does:
        Reads the Unix mode of native files under `.data/scripts/` if the tags invite a system other than Windows. As
        in pip, it must be a regular file with one of the execute bits.

    Why it is bad:
        pip installs the file without the bit, so the shell refuses to run it.

    Example:
        A wheel whose packer set the permission bits, but not the file type.

    How to fix:
        Set the mode before packing. Or set the external attributes in the packer: 0o100755 << 16.

    Known limits:
        Only native programs are checked, not scripts in text form.

    References:
        pip, _internal/utils/unpacking.py, `zip_item_is_executable`; PEP 427, "Installing a wheel", step 2;
        docs/facts/archives.md, "Data folders".
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
