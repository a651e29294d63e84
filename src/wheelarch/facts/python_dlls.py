"""Which Python DLL each file for Windows imports, and whether it is right for a target.

`read_dll` takes the name of a Python DLL apart. `bound_images` pairs each file that may be linked to Python with the
targets that load it. `clashes` compares its DLLs with those that the targets ask for (`Target.runtimes`) and sorts the
wrong ones by kind, so that every wrong DLL is reported by one rule.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..metadata.extension_names import parse_extension_name
from ..metadata.promise import triples_of
from ..model import Format, Image, Member
from ..platforms.python_libraries import OTHER_PYTHON_DLLS, cpython_library, pypy_library
from .machine_demands import LOADABLE
from .module_variants import shadowed_variants
from .wheel import per_wheel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from ..metadata.promise import Target
    from .wheel import Wheel

    ClashKind = Literal["versioned", "version", "flavor", "stable-abi", "debug", "foreign", "mixed"]


__all__ = ["Clash", "PythonDll", "bound_images", "clash_kind", "clashes", "python_dlls_of", "read_dll"]


class PythonDll(NamedTuple):
    """What the name of a Python DLL says."""

    name: str
    """In lower case."""
    family: str
    """`cpython`, `mingw`, `pypy`, `graalpy` or `rustpython`."""
    version: tuple[int, int] | None
    """None for the stable ABI's DLL."""
    free_threaded: bool
    debug: bool


_FLAGS = ("", "t", "_d", "t_d")
_MINGW_FLAGS = tuple(t + m + d for t in ("", "t") for m in ("", "m") for d in ("", "d", "_d"))


def read_dll(name: str) -> PythonDll | None:
    """Return what the name of a Python DLL says, or None for the name of another DLL.

    Source: docs/facts/python-dlls-and-suffixes.md, "Python DLL names".
    """
    lower = name.lower()
    if lower in OTHER_PYTHON_DLLS:
        return PythonDll(lower, OTHER_PYTHON_DLLS[lower], None, False, False)
    pypy = pypy_library(lower) if lower.endswith(".dll") else None
    if pypy is not None:
        minor = pypy.removeprefix("3").removeprefix(".")
        version = (2, 7) if not pypy else (3, int(minor)) if minor else None
        return PythonDll(lower, "pypy", version, False, False) if len(minor) <= 2 else None
    found = cpython_library(lower)
    if found is None or found.ending != ".dll" or len(found.minor) > 2:
        return None
    mingw = bool(found.prefix)
    if found.flags not in (_MINGW_FLAGS if mingw else _FLAGS) or (
        found.minor and bool(found.dot) is not mingw
    ):
        return None
    return PythonDll(
        lower,
        "mingw" if mingw else "cpython",
        (int(found.major), int(found.minor)) if found.minor else None,
        free_threaded=found.flags.startswith("t"),
        debug=found.flags.endswith("d"),
    )


def python_dlls_of(image: Image) -> list[PythonDll]:
    """Return the Python DLLs that a PE image imports, each once, delayed ones included."""
    if image.format is not Format.PE:
        return []
    return [dll for name in dict.fromkeys(map(str.lower, image.needed)) if (dll := read_dll(name))]


def bound_images(wheel: Wheel, *systems: str) -> list[tuple[Member, Image, list[Target]]]:
    """Return each image whose link to Python matters on one of the systems, with the targets that load it.

    These are extension modules, and libraries if they were read to LINKAGE for other reasons. Variants of a module that
    no target imports are left out.
    """
    targets = [one for one in wheel.targets if one.system in systems]
    if not targets:
        return []
    shadowed = shadowed_variants(wheel)
    found = []
    for member in wheel.members:
        if member.role in LOADABLE and member.path not in shadowed:
            takers = _takers(member, targets)
            found += [(member, image, takers) for image in member.images]
    return found


def _takers(member: Member, targets: list[Target]) -> list[Target]:
    """Return the targets whose import system takes a file with this suffix; all of them if none does."""
    parsed = parse_extension_name(member.name)
    return [one for one in targets if parsed and parsed.suffix in one.suffixes] or targets


class Clash(NamedTuple):
    """A Python DLL that is wrong for every target that would load the file."""

    kind: ClashKind
    member: Member
    dll: PythonDll
    target: Target
    """The target for which the fewest of the file's Python DLLs are wrong."""
    triples: tuple[str, ...]


def clashes(wheel: Wheel, kind: ClashKind) -> list[Clash]:
    """Return the clashes of one kind. Each wrong DLL has one kind, and each kind is reported by one rule.

    A file is right if all its Python DLLs are right for one target: a wheel for several targets may have a file for
    each.
    """
    return [clash for clash in _all_clashes(wheel) if clash.kind == kind]


@per_wheel
def _all_clashes(wheel: Wheel) -> list[Clash]:
    clashes = []
    for member, image, targets in bound_images(wheel, "windows", "mingw"):
        dlls = python_dlls_of(image)
        if not dlls:
            continue
        triples = triples_of(targets)
        # A generic tag takes the DLL of any Python, but never a debug one.
        wrong = {
            target.triple: [
                dll for dll in dlls if (dll.name not in target.runtimes if target.runtimes else dll.debug)
            ]
            for target in targets
        }
        nearest = min(targets, key=lambda target: len(wrong[target.triple]))
        right = [dll for dll in dlls if dll not in wrong[nearest.triple]]
        clashes += [
            Clash(clash_kind(dll, nearest, right=right), member, dll, nearest, triples)
            for dll in wrong[nearest.triple]
        ]
    return clashes


def clash_kind(dll: PythonDll, target: Target, *, right: Sequence[PythonDll]) -> ClashKind:
    """Return what is wrong with a DLL that a target does not have.

    The kinds: `debug` (a debug build for a release Python, or the reverse), `foreign` (another implementation or
    distribution), `stable-abi` (the DLL of a stable ABI that is not the target's), `versioned` (the DLL of one version
    under a stable ABI), `mixed` (the same, besides the right DLL), `version` (another version), `flavor` (with the GIL
    instead of without it, or the reverse).

    Args:
        dll: The wrong DLL.
        target: The target.
        right: The Python DLLs of the same file that the target has.
    """
    family = (
        "mingw" if target.system == "mingw" and target.implementation == "cpython" else target.implementation
    )
    if dll.debug != target.debug:
        return "debug"
    if dll.family != family:
        return "foreign"
    if target.stable_abi:
        if dll.version is None:
            return "stable-abi"
        return "mixed" if right else "versioned"
    if dll.version is None and (target.version or (3, 2)) >= (3, 2):
        return "stable-abi"
    return "version" if dll.version != target.version else "flavor"
