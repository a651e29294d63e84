"""WA601: a binary copied from a sibling wheel."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.wheel_sets import misplaced, platforms
from ..model import Depth, Format, Member, Role, Severity
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel


__all__ = ["copied_binary"]

_HEADERS: Mapping[Role, Depth] = dict.fromkeys(
    (Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT, Role.LIBRARY, Role.EXECUTABLE), Depth.HEADER
)


_REMEDIES: Mapping[str, str] = {
    "macos": "R6", "linux": "R7", "windows": "R9", "mingw": "R9", "ios": "R34", "android": "R35"
}  # fmt: skip


_PROGRAMS = (Role.SCRIPT, Role.EXECUTABLE)


@rule("WA601", "copied-binary", Severity.ERROR, ("R6", "R7", "R9", "R34", "R35"), needs=_HEADERS)
def copied_binary(wheel: Wheel) -> Iterator[Problem]:
    """Two wheels with different architecture tags hold the same native file, which is wrong in this one.

    What it does:
        Compares the files that the wheel stands on and that its tags can't load with the files of the other
        wheels of the same project and version: by size and CRC first, then by SHA-256.

    Why it is bad:
        The file was built once and packed twice: a job of the build matrix copied the tag of one architecture
        and the binary of another, and everybody whom the tag invites fails.

    Example:
        `pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl` and `pkg-1.0-cp311-cp311-macosx_10_9_x86_64.whl` hold the
        same `pkg/_core.cpython-311-darwin.so`, for x86_64.

    How to fix:
        Let each job of the matrix build for its own architecture, from a clean tree.

    Known limits:
        A file that serves both wheels is right, a universal binary say. Helper programs and libraries, families,
        SDKs and test data may be shared on purpose and are not compared. A program is a warning on Windows and
        macOS, where emulation may run it. Inputs that can be read only once are compared by their extension
        modules alone.

    References:
        PEP 425; rules.md, amendments.
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
            f"{member.path} is {have} and byte for byte the file that {twins[0]}{more} holds",
            member.path,
            tags=tuple(target.triple for target in wheel.targets),
            evidence={"have": have, "need": need, "same as": ", ".join(twins), "sha256": member.sha256 or ""},
            severity=Severity.WARNING if _may_be_emulated(member) else None,
            remedies=tuple(
                sorted({_REMEDIES[one.system] for one in wheel.targets if one.system in _REMEDIES})
            ),
        )


def _may_be_emulated(member: Member) -> bool:
    return member.role in _PROGRAMS and member.images[0].format in (Format.PE, Format.MACHO)
