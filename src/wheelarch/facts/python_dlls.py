"""Which Python DLL each file for Windows imports, and whether it is right for a target."""

from __future__ import annotations

from functools import lru_cache

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..metadata.extension_names import parse_extension_name
from ..model import Format, Image, Member, Role, Severity
from ..platforms.python_libraries import OTHER_PYTHON_DLLS, cpython_library, pypy_library
from .module_variants import shadowed_variants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..metadata.promise import Target
    from .wheel import Wheel


__all__ = ["Clash", "all_bound_images", "bound_images", "clash_kind", "clashes", "python_dlls_of", "read_dll"]

_BOUND_ROLES = (Role.EXTENSION, Role.LIBRARY, Role.DEPENDENCY)


class _Dll(NamedTuple):
    """A Python DLL, told by its name."""

    name: str
    """Lower-cased."""
    family: str
    """`cpython`, `mingw`, `pypy`, `graalpy` or `rustpython`."""
    version: tuple[int, int] | None
    """None for the stable ABI's DLL."""
    free_threaded: bool
    debug: bool


_FLAGS = ("", "t", "_d", "t_d")


_MINGW_FLAGS = tuple(t + m + d for t in ("", "t") for m in ("", "m") for d in ("", "d", "_d"))


@lru_cache(maxsize=1 << 12)
def read_dll(name: str) -> _Dll | None:
    """Return what the name of a Python DLL says (rules.md 2.5), or None for another DLL's."""
    lower = name.lower()
    if lower in OTHER_PYTHON_DLLS:
        return _Dll(lower, OTHER_PYTHON_DLLS[lower], None, False, False)
    pypy = pypy_library(lower) if lower.endswith(".dll") else None
    if pypy is not None:
        minor = pypy.removeprefix("3").removeprefix(".")
        version = (2, 7) if not pypy else (3, int(minor)) if minor else None
        return _Dll(lower, "pypy", version, False, False) if len(minor) <= 2 else None
    found = cpython_library(lower)
    if found is None or found.ending != ".dll" or len(found.minor) > 2:
        return None
    mingw = bool(found.prefix)
    if found.flags not in (_MINGW_FLAGS if mingw else _FLAGS) or (
        found.minor and bool(found.dot) is not mingw
    ):
        return None
    return _Dll(
        lower,
        "mingw" if mingw else "cpython",
        (int(found.major), int(found.minor)) if found.minor else None,
        free_threaded=found.flags.startswith("t"),
        debug=found.flags.endswith("d"),
    )


def python_dlls_of(image: Image) -> list[_Dll]:
    """Return the Python DLLs that a PE image imports, each once, delayed ones included."""
    if image.format is not Format.PE:
        return []
    return [dll for name in dict.fromkeys(map(str.lower, image.needed)) if (dll := read_dll(name))]


def _relevant(member: Member, targets: Sequence[Target]) -> list[Target]:
    """Return the targets whose import system takes a file of this suffix; all where none does."""
    parsed = parse_extension_name(member.name)
    return [one for one in targets if parsed and parsed.suffix in one.suffixes] or list(targets)


def bound_images(wheel: Wheel, *systems: str) -> list[tuple[Member, Image, list[Target]]]:
    """Return each image whose link to Python matters on one of the systems, with the targets that load it.

    These are extension modules, and libraries that happen to have been read to LINKAGE. Variants of a module
    that no target picks are left to WA407, and so is a wheel without such targets.
    """
    targets = tuple([one for one in wheel.targets if one.system in systems])
    return all_bound_images(wheel, targets) if targets else []


@lazy.once
def all_bound_images(wheel: Wheel, targets: tuple[Target, ...]) -> list[tuple[Member, Image, list[Target]]]:
    """Return each image that these targets load and that may be linked to Python, with those targets."""
    shadowed = shadowed_variants(wheel.members, wheel.targets)
    found = []
    for member in wheel.members:
        if member.role in _BOUND_ROLES and member.path not in shadowed:
            relevant = _relevant(member, targets)
            found += [(member, image, relevant) for image in member.images]
    return found


class Clash(NamedTuple):
    """A Python DLL that is wrong for every target that would load the file."""

    code: str
    member: Member
    dll: _Dll
    target: Target
    """The target that the file comes nearest to."""
    triples: tuple[str, ...]

    @property
    def severity(self) -> Severity:
        """An error for an extension module, a warning for another DLL, which nobody may load."""
        return Severity.ERROR if self.member.role is Role.EXTENSION else Severity.WARNING


def clashes(wheel: Wheel, code: str) -> list[Clash]:
    """Return the clashes that one rule reports: each wrong DLL has one code.

    A file is right if all its Python DLLs are right for one target (merged wheels hold files for several).
    """
    return [clash for clash in _all_clashes(wheel) if clash.code == code]


@lazy.once
def _all_clashes(wheel: Wheel) -> list[Clash]:
    clashes = []
    for member, image, targets in bound_images(wheel, "windows", "mingw"):
        dlls = python_dlls_of(image)
        if not dlls:
            continue
        triples = tuple(target.triple for target in targets)
        # a generic tag takes the DLL of any Python, but never a debug one
        wrong = {
            target.triple: [
                dll for dll in dlls if (dll.name not in target.runtimes if target.runtimes else dll.debug)
            ]
            for target in targets
        }
        nearest = min(targets, key=lambda target: len(wrong[target.triple]))
        right = [dll for dll in dlls if dll not in wrong[nearest.triple]]
        clashes += [
            Clash(clash_kind(dll, nearest, right), member, dll, nearest, triples)
            for dll in wrong[nearest.triple]
        ]
    return clashes


def clash_kind(dll: _Dll, target: Target, right: Sequence[_Dll]) -> str:
    """Return the code of the rule that a wrong DLL belongs to."""
    family = (
        "mingw" if target.system == "mingw" and target.implementation == "cpython" else target.implementation
    )
    if dll.debug != target.debug:
        return "WA305"
    if dll.family != family:
        return "WA306"
    if target.stable_abi:
        if dll.version is None:
            return "WA304"
        return "WA308" if right else "WA301"
    if dll.version is None and (target.version or (3, 2)) >= (3, 2):
        return "WA304"
    return "WA302" if dll.version != target.version else "WA303"
