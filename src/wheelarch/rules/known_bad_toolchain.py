"""WA701: what made the wheel, where that is known to go wrong."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.provenance import KnownBad, Provenance, suspects
from ..model import Depth, Format, Member, Role, Severity
from ..platforms.python_libraries import python_library
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target

__all__ = ["known_bad_toolchain"]


@rule(
    "WA701", "known-bad-toolchain", Severity.NOTE, needs={Role.EXTENSION: Depth.LINKAGE}, formats=(Format.PE,)
)
def known_bad_toolchain(wheel: Wheel) -> Iterator[Problem]:
    """The wheel was built by a pair of maturin and PyO3 that is known to build some wheels wrong.

    What it does:
        Reads the version of maturin in WHEEL, and that of PyO3 in the list of materials below
        `.dist-info/sboms/` or, where there is none, in the panic paths of an extension module. Where the
        two lie in the window of a known fault, it looks for what the fault leaves behind: the machine or
        the imported Python DLL. It says which, whether the wheel is affected or not.

    Why it is bad:
        The next build with the same tools, on another host or for another target, may come out wrong.

    Example:
        `cryptography-46.0.3-cp311-abi3-win_amd64.whl` comes from maturin 1.9.4 and pyo3 0.26.0, a pair whose
        cross builds for the stable ABI import the DLL of one Python version. This one imports python3.dll:
        not affected.

    How to fix:
        Update maturin and PyO3 to releases behind the window that the evidence names.

    Known limits:
        Of the windows that `wheelarch doctor` knows, only those show that leave a trace in a Windows wheel.
        The host that built the wheel is not known. A PyO3 whose panic paths were remapped or left out goes
        unseen, and then only the windows of maturin alone are looked at.

    References:
        maturin issues 2526 and 2606; PyO3 issue 5148, pull requests 4806, 4808 and 5503; PEP 770;
        toolchain.md 1, 2, 2.5, 3, 7.
    """
    made = wheel.provenance
    if made is None:
        return
    for known in suspects(made.maturin, made.pyo3, wheel.targets):
        if not made.pyo3 and any(window.package == "pyo3" for window in known.windows):
            continue
        targets = tuple(target for target in wheel.targets if known.concerns(target))
        signs = [
            (member, *_sign(known, member, targets))
            for member in wheel.members
            if member.role is Role.EXTENSION
            and any(image.format is Format.PE and image.depth >= Depth.LINKAGE for image in member.images)
        ]
        affected = [one for one in signs if one[2]]
        for member, found, _ in affected:
            tags = tuple(target.triple for target in targets)
            yield _problem(made, known, f"and {member.path} {found}: affected", member, tags)
        if signs and not affected:
            member, found, _ = signs[0]
            more = f", and {len(signs) - 1} more like it" if len(signs) > 1 else ""
            yield _problem(made, known, f"but {member.path} {found}{more}: not affected", None, ())


def _sign(known: KnownBad, member: Member, targets: tuple[Target, ...]) -> tuple[str, bool]:
    """Return what a module shows of the fault, as a clause, and whether that is the fault."""
    if known.sign == "machine":
        have = member.images[0].arch
        return f"is {have}", not any(have in target.arches for target in targets)
    dlls = [dll for image in member.images for dll in map(python_library, image.needed) if dll is not None]
    right = {name for target in targets for name in target.runtimes}
    wrong = [dll for dll in dlls if dll not in right]
    return f"imports {', '.join(wrong or dlls) or 'no Python DLL'}", bool(wrong)


def _problem(
    made: Provenance, known: KnownBad, verdict: str, member: Member | None, tags: tuple[str, ...]
) -> Problem:
    evidence = {"maturin": f"{made.maturin} (WHEEL)"}
    if made.pyo3:
        evidence["pyo3"] = f"{made.pyo3} ({made.pyo3_seen_in})"
    evidence["window"] = "; ".join(map(str, known.windows))
    if made.rustc:
        evidence["rustc"] = made.rustc
    pyo3 = f" with pyo3 {made.pyo3}" if made.pyo3 else ""
    return Problem(
        f"built by maturin {made.maturin}{pyo3}, as in {' and '.join(known.codes)} ({known.what}), {verdict}",
        member.path if member else None,
        tags=tags,
        evidence=evidence,
        remedies=known.remedies if member else (),
    )
