"""WA601: a binary copied from a sibling wheel.

A file is reported if this wheel's tags cannot use it and a sibling (another wheel of the same project and version that
was given with this one) with other tags contains the same bytes.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.wheel_sets import misplaced, platforms
from ..metadata.promise import triples_of
from ..model import Depth, Format, Member, Role, Severity
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel


__all__ = ["copied_binary"]

_HEADERS: Mapping[Role, Depth] = dict.fromkeys(
    (Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT, Role.LIBRARY, Role.EXECUTABLE), Depth.HEADER
)
_PROGRAMS = (Role.EXECUTABLE, Role.SCRIPT)


@rule(
    "WA601",
    "copied-binary",
    Family.SET,
    Severity.ERROR,
    remedies=("build-for-machine",),
    needs=_HEADERS,
)
def copied_binary(wheel: Wheel) -> Iterator[Problem]:
    """Wheels for different architectures contain the same native file, which is wrong in this one.

    What it does:
        Takes the files that the wheel depends on and that its tags cannot load. Compares them with the files of the
        other wheels of the same project and version: first by size and CRC, then by SHA-256.

    Why it is bad:
        The file was built once and packed twice. A job of the build matrix combined the tag of one architecture with
        the binary of another, and the wheel fails for everybody that the tag invites.

    Example:
        `pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl` and `pkg-1.0-cp311-cp311-macosx_10_9_x86_64.whl` contain the same
        `pkg/_core.cpython-311-darwin.so`, for x86_64.

    How to fix:
        Let each job of the matrix build for its own architecture, from a clean tree.

    Known limits:
        A file that serves both wheels is right, for example a universal binary. Helper programs and libraries,
        families, SDKs and test data may be shared on purpose and are not compared. A program is a warning on Windows
        and macOS, which may run it by emulation. In inputs that can be read only once, only the extension modules
        are compared.

    References:
        PEP 425; docs/facts/tags-and-installers.md, "Sets of wheels".
    """
    if not wheel.siblings:
        return
    served = {platform for target in wheel.targets for platform in platforms(target)}
    for member in misplaced(wheel):
        twins = sorted(
            sibling.filename
            for sibling in wheel.siblings
            if served != {platform for target in sibling.targets for platform in platforms(target)}
            and any(
                file.size == member.size and file.sha256 is not None and file.sha256 == member.sha256
                for file in sibling.files
            )
        )
        if not twins:
            continue
        have = ", ".join(dict.fromkeys(image.arch for image in member.images))
        need = ", ".join(dict.fromkeys(arch for target in wheel.targets for arch in target.arches))
        more = f" and {len(twins) - 1} more" if len(twins) > 1 else ""
        yield Problem(
            f"{member.path} is {have}, and identical to the file in {twins[0]}{more}",
            member.path,
            tags=triples_of(wheel.targets),
            evidence={"have": have, "need": need, "same as": ", ".join(twins), "sha256": member.sha256 or ""},
            severity=Severity.WARNING if _may_be_emulated(member) else None,
        )


def _may_be_emulated(member: Member) -> bool:
    """Whether Windows or macOS may run the member by emulation."""
    return member.role in _PROGRAMS and member.images[0].format in (Format.PE, Format.MACHO)
