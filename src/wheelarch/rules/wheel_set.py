"""WA602, WA603: holes and overlaps in a set of wheels.

The set is the wheel and its siblings: the wheels of one project and version that were given together.
`facts.wheel_sets` knows whom each of them serves. Every wheel is judged alone, so one of them, the first by name,
reports what is missing for a Python.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.wheel_sets import interpreters, missing_platforms, narrower_siblings, summarize
from ..model import Severity
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["hole_in_set", "overlapping_wheels"]


@rule("WA602", "hole-in-set", Family.SET, Severity.NOTE)
def hole_in_set(wheel: Wheel) -> Iterator[Problem]:
    """The set has no wheel for a platform that it serves on another Python.

    What it does:
        Puts the wheels of one project and version into a table of Pythons and platforms, and reports for each Python
        which platforms have no wheel. Stable-ABI wheels serve later Pythons, universal2 wheels both kinds of Mac, and
        `any` every platform.

    Why it is bad:
        Users of that Python and platform get the source distribution, or nothing. That may be intended, but a job of
        the build matrix that was forgotten or failed looks the same.

    Example:
        Wheels for cp311 on `win_amd64` and `macosx_arm64`, but for cp312 only on `macosx_arm64`.

    How to fix:
        Build the missing wheel, if you want it.

    Known limits:
        Only the wheels that were given count: a wheel in another folder is missing here. Pythons that are known not
        to exist on a platform are ignored, and so are Python 2 and WebAssembly.

    References:
        packaging.tags; PEP 425; PEP 730; PEP 738; PEP 783; docs/facts/tags-and-installers.md, "Sets of wheels".
    """
    if wheel.filename is None or not wheel.siblings:
        return
    own = summarize(wheel.filename, wheel.targets, (), ok=True)
    whole = (own, *wheel.siblings)
    holes: dict[tuple[str, ...], list[str]] = {}
    for python in interpreters(wheel.targets):
        reporter = min(one.filename for one in whole if python in interpreters(one.targets))
        missing = missing_platforms(python, whole) if reporter == wheel.filename else ()
        if missing:
            holes.setdefault(missing, []).append(str(python))
    for missing, pythons in holes.items():
        yield Problem(
            f"the set has no {' or '.join(pythons)} wheel for {', '.join(missing)}, which it serves on other Pythons",
            evidence={"python": ", ".join(pythons), "missing": ", ".join(missing)},
        )


@rule("WA603", "overlapping-wheels", Family.SET, Severity.NOTE)
def overlapping_wheels(wheel: Wheel) -> Iterator[Problem]:
    """A universal2 wheel serves Macs for which the set has a wheel of their own.

    What it does:
        Looks for universal2 wheels beside wheels for arm64 or x86_64 of the same Python, project and version.

    Why it is bad:
        Users get one or the other, so both must be tested. The universal wheel is twice as large.

    Example:
        `pkg-1.0-cp312-cp312-macosx_10_13_universal2.whl` beside `pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl`.

    How to fix:
        Nothing is wrong. If you do not want both kinds, publish only one.

    Known limits:
        None.

    References:
        packaging.tags, mac_platforms: the newer macOS version comes first, then the narrower architecture;
        docs/facts/tags-and-installers.md, "Sets of wheels".
    """
    narrower = narrower_siblings(wheel)
    if narrower:
        yield Problem(
            f"this universal2 wheel serves the same Macs as {', '.join(narrower)}",
            evidence={"overlaps": ", ".join(narrower)},
        )
