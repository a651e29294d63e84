"""WA303: an extension module for the other flavor of Python, with or without the GIL.

On Windows the name of the imported Python DLL shows the flavor. Elsewhere the functions that drop references do,
because only free-threaded Pythons have some of them.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import bound_images, clashes
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Role, Severity
from ._python import dll_load_error, dll_problem
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["FREE_THREADED_ONLY", "wrong_flavor"]

FREE_THREADED_ONLY = frozenset({"_Py_DecRefShared", "_Py_MergeZeroLocalRefcount"})
"""Functions that Py_DECREF calls if Py_GIL_DISABLED is defined, and that only free-threaded Pythons have
(CPython Include/refcount.h and Objects/object.c, 3.13 and 3.14)."""

_COUNTING = FREE_THREADED_ONLY | {"_Py_Dealloc"}


@rule(
    "WA303",
    "wrong-flavour",
    Family.PYTHON,
    Severity.ERROR,
    remedies=("gil-flavor",),
    needs={Role.EXTENSION: Depth.SYMBOLS},
    rests_on=(Fact.LIBRARIES, Fact.IMPORTS),
    breaks_promise=Severity.ERROR,
    predicted_by=("WD09",),
)
def wrong_flavor(wheel: Wheel) -> Iterator[Problem]:
    """An extension module is built for the other flavor of Python: with the GIL, or free-threaded.

    What it does:
        On Windows, compares the imported DLL, `python3XY.dll` or `python3XYt.dll`, with the ABI tag. Elsewhere, looks
        for two functions that only free-threaded Pythons have. In free-threaded wheels it also looks for
        `_Py_Dealloc` without them, which is a warning: code for the GIL drops references this way.

    Why it is bad:
        Objects have another layout in each flavor. If the file loads at all, it crashes: up to 3.14, CPython's own
        check does not see `python3XYt.dll`.

    Example:
        A wheel tagged cp313t whose module imports python313.dll, because `Py_GIL_DISABLED` was not defined.

    How to fix:
        Define `Py_GIL_DISABLED=1` for free-threaded builds on Windows, and build with the Python of the tag.

    Known limits:
        On Linux and macOS, a module that never drops a reference inline is not found.

    References:
        PEP 703, PEP 779; CPython Python/dynload_win.c, Include/refcount.h;
        docs/facts/python-dlls-and-suffixes.md, "Which Python DLL a tag needs",
        "Telling GIL and free-threaded code apart".
    """
    for clash in clashes(wheel, "flavor"):
        error = dll_load_error(clash.member)
        yield dll_problem(clash, consequence=f"{error} Or the process has two Pythons in it and crashes.")
    for member, image, targets in bound_images(wheel, "linux", "macos"):
        flavors = {target.free_threaded for target in targets}
        if member.role is not Role.EXTENSION or flavors not in ({False}, {True}):
            continue
        measured = member.python.stable_abi if member.python else None
        if flavors == {False} and measured and FREE_THREADED_ONLY.isdisjoint(measured.outside):
            continue  # All names outside the stable ABI that it takes are known, and neither function is one.
        counting = {symbol.name for symbol in image.imported if symbol.name in _COUNTING and not symbol.weak}
        names = sorted(FREE_THREADED_ONLY & counting)
        problem = Problem(
            message=f"extension module {member.path} drops references like code for a Python with the GIL",
            member=member.path,
            slice=image.arch if len(member.images) > 1 else None,
            tags=triples_of(targets),
            evidence={"have": "gil", "need": "free-threaded"},
            severity=Severity.WARNING,
        )
        if names and flavors == {False}:
            missing = f"{member.name}: undefined symbol: {names[0]}"
            if image.format is Format.MACHO:
                missing = f"symbol not found in flat namespace '_{names[0]}'"
            yield problem._replace(
                message=f"extension module {member.path} needs {names[0]}, which only free-threaded Pythons have",
                evidence={"have": "free-threaded", "need": "gil"},
                claims=((Fact.IMPORTS, names[0]),),
                consequence=f"ImportError: {missing}",
                severity=None,
            )
        elif not names and flavors == {True} and counting:
            yield problem
