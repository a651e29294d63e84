"""WA602, WA603: holes and overlaps in a set of wheels."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.wheel_sets import interpreters, lacking, overlapping, summarize
from ..model import Severity
from .rule import NO_READING, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["hole_in_set", "overlapping_wheels"]


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
