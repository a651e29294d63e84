"""WA60x: the wheels of one version against each other, and the sdist beside them.

A rule sees one wheel, and the others in `Wheel.siblings`: what it finds belongs to the wheel at hand.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.wheel import Wheel, is_sdist, is_test
from ..facts.wheel_sets import interpreters, lacking, misplaced, overlapping, platforms, summarize
from ..model import Depth, Format, Member, Role, Severity
from ._base import NO_READING, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["copied_binary", "hole_in_set", "native_code_in_sdist", "overlapping_wheels"]

_HEADERS: Mapping[Role, Depth] = dict.fromkeys(
    (Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT, Role.LIBRARY, Role.EXECUTABLE), Depth.HEADER
)
_REMEDIES: Mapping[str, str] = {
    "macos": "R6", "linux": "R7", "windows": "R9", "mingw": "R9", "ios": "R34", "android": "R35"
}  # fmt: skip
_PROGRAMS = (Role.SCRIPT, Role.EXECUTABLE)
_ASIDE = (Role.FAMILY, Role.TEST_DATA, Role.DEBUG, Role.DATA, Role.MANAGED)


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


@rule("WA602", "hole-in-set", Severity.NOTE, needs=NO_READING)
def hole_in_set(wheel: Wheel) -> Iterator[Problem]:
    """The set has no wheel for a platform that it serves on another Python.

    What it does:
        Takes the wheels of one project and version as a grid of Pythons and platforms, and tells for each Python
        which platforms of the grid have no wheel. Stable-ABI wheels serve later Pythons, universal2 wheels both
        kinds of Mac, and `any` everybody.

    Why it is bad:
        Who asks for that wheel gets the sdist, or nothing. It may be meant; a forgotten or failed job of the
        build matrix looks the same.

    Example:
        Wheels for cp311 and cp312 on `win_amd64` and `macosx_arm64`, but none for cp312 on `win_amd64`.

    How to fix:
        Build the missing wheel, if it is wanted.

    Known limits:
        Only what was given is known: a wheel in another folder is missing here. Pythons that do not exist on a
        platform are left out as far as known; Python 2 and WebAssembly always.

    References:
        packaging.tags; PEP 425; PEP 730; PEP 738; PEP 783.
    """
    if wheel.filename is None or not wheel.siblings:
        return
    own = summarize(wheel.filename, wheel.targets, (), ok=True)
    whole = (own, *wheel.siblings)
    holes: dict[tuple[str, ...], list[str]] = {}
    for python in interpreters(wheel.targets):
        speaker = min(one.filename for one in whole if python in interpreters(one.targets))
        missing = lacking(python, whole) if speaker == wheel.filename else ()
        if missing:
            holes.setdefault(missing, []).append(str(python))
    for missing, pythons in holes.items():
        yield Problem(
            f"for {' and '.join(pythons)} there is no wheel on {', '.join(missing)}, which other wheels of the set "
            "serve",
            evidence={"python": ", ".join(pythons), "missing": ", ".join(missing)},
        )


@rule("WA603", "overlapping-wheels", Severity.NOTE, needs=NO_READING)
def overlapping_wheels(wheel: Wheel) -> Iterator[Problem]:
    """A universal2 wheel serves Macs for which the set holds a wheel of their own.

    What it does:
        Looks for universal2 wheels beside wheels for arm64 or x86_64 of the same Python, project and version.

    Why it is bad:
        Users get one or the other, so both have to be tested. The universal wheel is twice the download.

    Example:
        `pkg-1.0-cp312-cp312-macosx_10_13_universal2.whl` beside `pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl`.

    How to fix:
        Nothing is wrong; ship one kind only, if both are not wanted.

    Known limits:
        None.

    References:
        packaging.tags, mac_platforms: the newer macOS version comes first, then the narrower architecture.
    """
    thin = overlapping(wheel)
    if thin:
        yield Problem(
            f"the universal2 wheel serves the same Macs as {', '.join(thin)}",
            evidence={"overlaps": ", ".join(thin)},
        )


@rule("WA604", "native-code-in-sdist", Severity.WARNING, needs=NO_READING)
def native_code_in_sdist(wheel: Wheel) -> Iterator[Problem]:
    """A source distribution holds native binaries.

    What it does:
        Looks at the first bytes of every file in a `.tar.gz` or `.zip` sdist for PE, Mach-O, ELF and object
        files. Files for tests, families of launchers for several machines, managed code and data are a note.

    Why it is bad:
        A binary of the machine that made the sdist is packed into wheels for every machine, and hides that the
        build does not make it. Nobody can review it.

    Example:
        `pkg-1.0/src/pkg/_core.cpython-311-darwin.so`, left over from an in-place build.

    How to fix:
        Leave build products out of the sdist: clean the tree before, or exclude them in the backend's settings
        (`MANIFEST.in`, `tool.hatch.build.targets.sdist.exclude`, maturin's `exclude`).

    Known limits:
        Archives within the sdist are not opened.

    References:
        Source distribution format, packaging.python.org; rules.md, amendments.
    """
    if not is_sdist(wheel.filename):
        return
    for member in wheel.members:
        if not member.images and not member.faults:
            continue
        have = ", ".join(dict.fromkeys(f"{image.format} {image.arch}" for image in member.images))
        aside = member.role in _ASIDE or is_test(member.path)
        yield Problem(
            f"{member.path} is a native binary ({have or 'damaged'}), which a source distribution must not hold",
            member.path,
            evidence={"have": have} if have else {},
            severity=Severity.NOTE if aside else None,
        )
