"""Extension modules that only Pythons with the GIL can load, under tags that free-threaded Pythons take too.

From CPython 3.13 on, the ABI tag `none` with a `cp` tag invites the free-threaded build of that version. `gil_only`
finds for each module the file that this build would import. The module is wrong if there is no such file, if the file,
or a library of the wheel that it needs, imports a Python DLL that this build does not have, or if it counts references
like code for the GIL.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..loading.graph import reachable
from ..metadata.extension_names import is_importable, module_name, parse_extension_name
from ..metadata.promise import Target, read_triple
from ..model import Format, Image, Member, Role
from .machines import FORMAT_OF_SYSTEM
from .python_dlls import python_dlls_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from .wheel import Wheel

__all__ = ["FREE_THREADED_ONLY", "GilOnly", "drops_references", "gil_only", "loose_targets"]

FREE_THREADED_ONLY = frozenset({"_Py_DecRefShared", "_Py_MergeZeroLocalRefcount"})
"""Functions that Py_DECREF calls if Py_GIL_DISABLED is defined, and that only free-threaded Pythons have
(CPython Include/refcount.h and Objects/object.c, 3.13 and 3.14)."""

_COUNTING = FREE_THREADED_ONLY | {"_Py_Dealloc"}
_FIRST_FREE_THREADED = (3, 13)
_SYSTEMS = frozenset({"windows", "macos", "linux"})
"""Those for which free-threaded Pythons are built (python.org, manylinux and musllinux images)."""


class GilOnly(NamedTuple):
    """A module that the free-threaded Python of a tag cannot load."""

    target: Target
    """What the tag demands."""
    module: Member
    why: Literal["suffix", "stable-abi", "dll", "references"]
    """No file of the module has a suffix that this Python imports; the file that it imports is for the stable ABI with
    the GIL; it needs a DLL that this Python does not have; or it counts references like code for the GIL."""
    detail: str
    """The suffix, the DLL or the function that shows it."""
    image: Image | None = None
    """The slice that shows it, if it is one."""


def drops_references(image: Image) -> frozenset[str]:
    """Return the functions of CPython with which an image drops references to objects, of those that show the GIL."""
    return frozenset(symbol.name for symbol in image.imported if symbol.name in _COUNTING and not symbol.weak)


def loose_targets(wheel: Wheel) -> list[Target]:
    """Return the targets that do not say whether their CPython has the GIL, and may not."""
    return [
        target
        for target in wheel.targets
        if target.implementation == "cpython"
        and target.abi == "none"
        and target.system in _SYSTEMS
        and (target.version or (0, 0)) >= _FIRST_FREE_THREADED
    ]


def gil_only(wheel: Wheel) -> Iterator[GilOnly]:
    """Yield the modules that a free-threaded Python which the tags invite cannot load, once per target."""
    loose = loose_targets(wheel)
    if not loose:
        return
    modules: dict[str, list[Member]] = {}
    for member in wheel.members:
        if member.role is Role.EXTENSION and is_importable(member.path):
            modules.setdefault(module_name(member.path), []).append(member)
    for target in loose:
        free = read_triple(f"{target.python}-{target.python}t-{target.platform}", frozenset())
        if not isinstance(free, Target):
            continue
        for files in modules.values():
            if any(_tries(target, one) for one in files):
                yield from _wrong(wheel, target, free, files)


def _tries(target: Target, member: Member) -> bool:
    """Whether the import system of a target looks for files with this suffix."""
    name = parse_extension_name(member.name)
    return name is not None and name.suffix in target.suffixes


def _wrong(wheel: Wheel, target: Target, free: Target, files: list[Member]) -> Iterator[GilOnly]:
    """Yield what keeps the free-threaded Python from loading a module, if anything does.

    Args:
        wheel: The wheel.
        target: The tag's target.
        free: The same for the free-threaded Python.
        files: The files of one module, one of which a Python with the GIL imports.
    """
    tried = [one for one in files if _tries(free, one)]
    if not tried:
        name = parse_extension_name(files[0].name)
        yield GilOnly(target, files[0], "suffix", name.suffix if name else "")
        return
    order = {suffix: rank for rank, suffix in enumerate(free.suffixes)}
    module = min(tried, key=lambda one: order[_suffix(one)])
    if target.system == "windows":
        needed = reachable(wheel.edges, [module.path])
        for member in (module, *(one for one in wheel.members if one.path in needed)):
            for image in member.images:
                for dll in python_dlls_of(image):
                    if dll.name in target.runtimes and dll.name not in free.runtimes:
                        yield GilOnly(target, module, "dll", dll.name, image)
                        return
        return
    name = parse_extension_name(module.name)
    if name is not None and name.abi == "abi3":
        # Up to 3.14, free-threaded Pythons load such a file and crash (CPython issue 120901); later ones ignore it.
        yield GilOnly(target, module, "stable-abi", name.suffix)
        return
    for image in module.images:
        if image.format is FORMAT_OF_SYSTEM[target.system] and image.format is not Format.PE:
            functions = drops_references(image)
            if functions and functions.isdisjoint(FREE_THREADED_ONLY):
                yield GilOnly(target, module, "references", min(functions), image)
                return


def _suffix(member: Member) -> str:
    name = parse_extension_name(member.name)
    return name.suffix if name else ""
