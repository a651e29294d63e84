"""WA303: with or without the GIL."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import bound_images, clashes
from ..model import Depth, Format, Role, Severity
from ._python import dll_not_found, dll_problem
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["wrong_flavour"]

_FREE_THREADED_ONLY = frozenset({"_Py_DecRefShared", "_Py_MergeZeroLocalRefcount"})
"""Functions that Py_DECREF calls where Py_GIL_DISABLED is defined, and that only free-threaded Pythons have
(CPython Include/refcount.h and Objects/object.c, 3.13 and 3.14)."""


_COUNTING = _FREE_THREADED_ONLY | {"_Py_Dealloc"}


@rule("WA303", "wrong-flavour", Severity.ERROR, ("R16",), needs={Role.EXTENSION: Depth.SYMBOLS})
def wrong_flavour(wheel: Wheel) -> Iterator[Problem]:
    """An extension module is built for the other flavour of Python: with the GIL, or free-threaded.

    What it does:
        On Windows it compares the imported DLL, `python3XY.dll` or `python3XYt.dll`, with the ABI tag.
        Elsewhere it looks for two functions that only free-threaded Pythons have, and in free-threaded wheels
        for `_Py_Dealloc` without them, which is a warning: code for the GIL drops references so.

    Why it is bad:
        The two lay objects out differently. Where the file loads at all, it crashes: up to 3.14 CPython's
        own check does not see `python3XYt.dll`.

    Example:
        A wheel tagged cp313t whose module imports python313.dll, because `Py_GIL_DISABLED` was not defined.

    How to fix:
        Define `Py_GIL_DISABLED=1` for free-threaded builds on Windows, and build with the Python of the tag.

    Known limits:
        On Linux and macOS a module that never drops a reference inline is not seen.

    References:
        PEP 703, PEP 779; CPython Python/dynload_win.c, Include/refcount.h; rules.md 2.6, 5.3.
    """
    for clash in clashes(wheel, "WA303"):
        yield dll_problem(clash, f"{dll_not_found(clash.member)} Or two Pythons in one process, and a crash.")
    for member, image, targets in bound_images(wheel, "linux", "macos"):
        flavours = {target.free_threaded for target in targets}
        if member.role is not Role.EXTENSION or flavours not in ({False}, {True}):
            continue
        measured = member.python.stable_abi if member.python else None
        if flavours == {False} and measured and _FREE_THREADED_ONLY.isdisjoint(measured.outside):
            continue  # what the file takes from outside of the stable ABI is known, and neither function is
        counting = {symbol.name for symbol in image.imported if symbol.name in _COUNTING and not symbol.weak}
        names = sorted(_FREE_THREADED_ONLY & counting)
        problem = Problem(
            message=f"extension module {member.path} drops references as code for the GIL does",
            member=member.path,
            slice=image.arch if len(member.images) > 1 else None,
            tags=tuple(target.triple for target in targets),
            evidence={"have": "gil", "need": "free-threaded"},
            severity=Severity.WARNING,
        )
        if names and flavours == {False}:
            missing = f"{member.name}: undefined symbol: {names[0]}"
            if image.format is Format.MACHO:
                missing = f"symbol not found in flat namespace '_{names[0]}'"
            yield problem._replace(
                message=f"extension module {member.path} needs {names[0]} of free-threaded Pythons",
                evidence={"have": "free-threaded", "need": "gil"},
                consequence=f"ImportError: {missing}",
                severity=None,
            )
        elif not names and flavours == {True} and counting:
            yield problem
