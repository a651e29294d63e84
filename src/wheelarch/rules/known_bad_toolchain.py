"""WA701: wheels from releases of build tools that are known to build some wheels wrong.

`Wheel.provenance` has the versions of maturin and PyO3. `facts.provenance` has the releases with a known fault, and
what that fault leaves behind in an extension module. The rule looks for it and says whether it is there.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.provenance import KnownBad, Provenance, suspects
from ..metadata.promise import triples_of
from ..model import Depth, Format, Member, Role, Severity
from ..platforms.python_libraries import python_library
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target

__all__ = ["known_bad_toolchain"]


@rule(
    "WA701",
    "known-bad-toolchain",
    Family.TOOLCHAIN,
    Severity.NOTE,
    needs={Role.EXTENSION: Depth.LINKAGE},
    formats=(Format.PE,),
    for_builders=True,
)
def known_bad_toolchain(wheel: Wheel) -> Iterator[Problem]:
    """The wheel was built by releases of maturin and PyO3 that are known to build some wheels wrong.

    What it does:
        Reads the version of maturin in WHEEL. Reads that of PyO3 in the list of materials below `.dist-info/sboms/`
        or, if there is none, in the panic paths of an extension module. If both are releases with a known fault,
        looks for what the fault leaves behind: the wrong machine or the wrong Python DLL. Says what it found, and
        whether the wheel is affected.

    Why it is bad:
        The next build with the same tools, on another host or for another target, may be wrong.

    Example:
        `cryptography-46.0.3-cp311-abi3-win_amd64.whl` was built by maturin 1.9.4 and pyo3 0.26.0. Cross builds of
        this pair for the stable ABI import the DLL of one Python version. This wheel imports python3.dll, so it is
        not affected.

    How to fix:
        Update maturin and PyO3 to releases after those that the evidence names.

    Known limits:
        Of the faults that `wheelarch doctor` knows, only those count that leave a trace in a Windows wheel. The host
        that built the wheel is not known. If the panic paths are remapped or missing, PyO3 is not detected, and only
        faults of maturin alone are considered.

    References:
        maturin issues 2526 and 2606; PyO3 issue 5148, pull requests 4806, 4808 and 5503; PEP 770;
        docs/facts/build-tools.md, "maturin releases", "PyO3 releases", "Stable-ABI builds that name one Python's
        DLL", "Known-bad builds", "What a finished wheel says about its build".
    """
    made = wheel.provenance
    if made is None:
        return
    for known in suspects(made.maturin, made.pyo3, wheel.targets):
        if not made.pyo3 and any(window.package == "pyo3" for window in known.windows):
            continue
        targets = tuple(target for target in wheel.targets if known.concerns(target))
        traces = [
            (member, *_trace(known, member, targets))
            for member in wheel.members
            if member.role is Role.EXTENSION
            and any(image.format is Format.PE and image.depth >= Depth.LINKAGE for image in member.images)
        ]
        affected = [one for one in traces if one[2]]
        for member, found, _ in affected:
            tags = triples_of(targets)
            verdict = f"{member.path} {found}: affected"
            yield _toolchain_problem(made, known, verdict=verdict, member=member, tags=tags)
        if traces and not affected:
            member, found, _ = traces[0]
            more = f", and {len(traces) - 1} more like it" if len(traces) > 1 else ""
            yield _toolchain_problem(made, known, verdict=f"{member.path} {found}{more}: not affected")


def _trace(known: KnownBad, member: Member, targets: tuple[Target, ...]) -> tuple[str, bool]:
    """Return what the fault would change in a module, as a clause, and whether it did."""
    if known.sign == "machine":
        have = member.images[0].arch
        return f"is {have}", not any(have in target.arches for target in targets)
    dlls = [dll for image in member.images for dll in map(python_library, image.needed) if dll is not None]
    right = {name for target in targets for name in target.runtimes}
    wrong = [dll for dll in dlls if dll not in right]
    return f"imports {', '.join(wrong or dlls) or 'no Python DLL'}", bool(wrong)


def _toolchain_problem(
    made: Provenance,
    known: KnownBad,
    *,
    verdict: str,
    member: Member | None = None,
    tags: tuple[str, ...] = (),
) -> Problem:
    evidence = {"maturin": f"{made.maturin} (WHEEL)"}
    if made.pyo3:
        evidence["pyo3"] = f"{made.pyo3} ({made.pyo3_seen_in})"
    evidence["window"] = "; ".join(map(str, known.windows))
    if made.rustc:
        evidence["rustc"] = made.rustc
    pyo3 = f" with pyo3 {made.pyo3}" if made.pyo3 else ""
    return Problem(
        f"built by maturin {made.maturin}{pyo3} (see {', '.join(known.codes)}: {known.what}); {verdict}",
        member.path if member else None,
        tags=tags,
        evidence=evidence,
        remedies=known.remedies if member else (),
    )
