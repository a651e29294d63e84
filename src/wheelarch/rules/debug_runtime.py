"""WA305: debug builds of Python or of the C runtime."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..facts.python_dlls import bound_images, clashes
from ..model import Role, Severity
from ._python import LINKAGE_OF_MODULES, PE_ONLY, dll_not_found, dll_problem, module_or_library
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["debug_runtime"]

_DEBUG_CRT = lazy.pattern(
    r"(?:vcruntime[0-9]+(?:_[0-9]+)?|msvc[pr][0-9]+(?:_[a-z0-9_]+)?|concrt[0-9]+|ucrtbase)d\.dll"
)


def _is_debug_crt(name: str) -> bool:
    return name.endswith("d.dll") and _DEBUG_CRT.fullmatch(name) is not None


@lazy.once
def _brought(wheel: Wheel) -> set[str]:
    """Return the names of all files of the wheel, lower-cased."""
    return {entry.name.rpartition("/")[2].lower() for entry in wheel.entries}


@rule("WA305", "debug-runtime", Severity.ERROR, ("R15",), needs=LINKAGE_OF_MODULES, formats=PE_ONLY)
def debug_runtime(wheel: Wheel) -> Iterator[Problem]:
    """An extension module imports the debug build of Python or of the C runtime.

    What it does:
        Looks for `python3XY_d.dll` and the like in a release wheel and the release DLL in a debug wheel, and
        for the debug C runtime (`vcruntime140d.dll`, `ucrtbased.dll`) that the wheel does not bring.

    Why it is bad:
        Debug DLLs come with the compiler and with debug Pythons only; users have neither.

    Example:
        A CMake build in the Debug configuration imports vcruntime140d.dll and ucrtbased.dll.

    How to fix:
        Build in the Release configuration.

    Known limits:
        Only Windows names its debug libraries.

    References:
        Microsoft, C runtime library features; CPython PC/pyconfig.h; rules.md 2.6.
    """
    for clash in clashes(wheel, "WA305"):
        yield dll_problem(clash)
    for member, image, targets in bound_images(wheel, "windows"):
        names = [name for name in dict.fromkeys(map(str.lower, image.needed)) if _is_debug_crt(name)]
        missing = [name for name in names if name not in _brought(wheel)]
        if missing and not any(target.debug for target in targets):
            yield Problem(
                message=f"{module_or_library(member)} {member.path} imports the debug C runtime {', '.join(missing)}",
                member=member.path,
                tags=tuple(target.triple for target in targets),
                evidence={"have": ", ".join(missing), "need": "the release runtime"},
                consequence=dll_not_found(member),
                severity=None if member.role is Role.EXTENSION else Severity.WARNING,
            )
