"""WA305: debug builds of Python or of the C runtime.

Both show in the names of the imported DLLs. `facts.python_dlls` compares those of Python with the tags; the debug C
runtime is wrong in every release wheel that does not contain it.
"""

from __future__ import annotations

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import bound_images, clashes
from ..facts.wheel import per_wheel
from ..metadata.promise import triples_of
from ..model import Fact, Role, Severity
from ._python import (
    LINKAGE_OF_MODULES,
    OTHER_PYTHON,
    PE_ONLY,
    dll_load_error,
    dll_problem,
    kind_of_member,
    module_or_library,
)
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["debug_runtime"]

_DEBUG_CRT = pattern(
    r"(?:vcruntime[0-9]+(?:_[0-9]+)?|msvc[pr][0-9]+(?:_[a-z0-9_]+)?|concrt[0-9]+|ucrtbase)d\.dll"
)


def _is_debug_crt(name: str) -> bool:
    return name.endswith("d.dll") and _DEBUG_CRT.fullmatch(name) is not None


@per_wheel
def _file_names(wheel: Wheel) -> set[str]:
    """Return the names of all files of the wheel, in lower case and without folders."""
    return {entry.name.rpartition("/")[2].lower() for entry in wheel.entries}


@rule(
    "WA305",
    "debug-runtime",
    Family.PYTHON,
    Severity.ERROR,
    remedies=("release-build",),
    needs=LINKAGE_OF_MODULES,
    formats=PE_ONLY,
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=(OTHER_PYTHON,),
)
def debug_runtime(wheel: Wheel) -> Iterator[Problem]:
    """An extension module imports the debug build of Python or of the C runtime.

    What it does:
        Finds `python3XY_d.dll` and similar DLLs in release wheels, the release DLL in debug wheels, and the debug C
        runtime (`vcruntime140d.dll`, `ucrtbased.dll`) if the wheel does not contain it.

    Why it is bad:
        Debug DLLs come only with the compiler and with debug builds of Python. Users have neither.

    Example:
        A CMake build in the Debug configuration imports vcruntime140d.dll and ucrtbased.dll.

    How to fix:
        Build in the Release configuration.

    Known limits:
        File names show debug builds of libraries only on Windows. A library that nothing in the wheel needs is left out
        if its own name says that it is a debug build (tbb_debug.dll in usd_core 26.5).

    References:
        Microsoft, C runtime library features; CPython PC/pyconfig.h;
        docs/facts/python-dlls-and-suffixes.md, "Debug builds".
    """
    for clash in clashes(wheel, "debug"):
        yield dll_problem(clash)
    for member, image, targets in bound_images(wheel, "windows"):
        if member.role is Role.LIBRARY and "debug" in member.name.lower():
            continue  # Beside its release build, for debug builds: nothing in the wheel needs it.
        names = [name for name in dict.fromkeys(map(str.lower, image.needed)) if _is_debug_crt(name)]
        missing = [name for name in names if name not in _file_names(wheel)]
        if missing and not any(target.debug for target in targets):
            yield Problem(
                message=f"{module_or_library(member)} {member.path} imports the debug C runtime {', '.join(missing)}",
                member=member.path,
                tags=triples_of(targets),
                evidence={"have": ", ".join(missing), "need": "the release runtime"},
                consequence=dll_load_error(member),
                severity=OTHER_PYTHON.of(kind_of_member(member), "windows"),
                claims=tuple((Fact.LIBRARIES, name) for name in missing),
            )
