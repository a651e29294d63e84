"""The stable ABI of CPython, name by name: the first Python that promised each name.

`table` is generated from abi3info, which is made from CPython's `Misc/stable_abi.toml`. `exported` lists names that
Pythons exported before they promised them. Both are imported when the first name is looked up.
"""

from __future__ import annotations

from functools import cache, lru_cache

from ..._lib.typed import TYPE_CHECKING
from ...model import Depth, Format, Image, StableAbi, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["OLDEST_EXPORTS", "added", "exported_since", "latest", "measure", "python_symbols"]

_FIRST = (3, 2)
"""The first Python with a stable ABI (PEP 384)."""
OLDEST_EXPORTS = (3, 6)
"""The oldest Python whose exports are known (see `exported`)."""
_HOOKS = ("PyInit_", "PyInitU_", "PyModExport_", "PyModExportU_")
_LIBRARY_PREFIXES = ("python3", "libpython3", "msys-python3", "cygpython3")
_FRAMEWORKS = frozenset({"Python", "Python3", "PythonT"})
_ABI3T = frozenset({"python3t.dll", "python3t_d.dll", "libpython3t.dll"})
"""Windows libraries of the free-threaded stable ABI."""
_FIRST_WITH_ABI3T = (3, 15)
"""The first Python that has `_ABI3T` and that calls `PyModExport_NAME` (PEP 803, PEP 793)."""


def python_symbols(image: Image) -> tuple[Symbol, ...]:
    """Return the symbols that an image takes from CPython, without the hooks of extension modules.

    If the format names a library for each symbol (PE always, Mach-O with two-level namespaces), the library must be
    Python's. Else the name decides, although another library may define names that start with `Py`.

    Args:
        image: Read to `Depth.SYMBOLS`; any other has no symbols.
    """
    named = [symbol for symbol in image.imported if symbol.name.startswith(("Py", "_Py"))]
    taken = [symbol for symbol in named if not symbol.library or _is_python(symbol.library)]
    return tuple([symbol for symbol in taken if not symbol.name.startswith(_HOOKS)])


@lru_cache(
    maxsize=1 << 12
)  # thousands of imports come from few DLLs: 1.14 times as long without (scikit-learn)
def _is_python(library: str) -> bool:
    """Whether a library is CPython's."""
    last = library.rpartition("/")[2]
    return last.lower().startswith(_LIBRARY_PREFIXES) or last in _FRAMEWORKS


def added(name: str, format_: Format) -> tuple[int, int] | None:
    """Return the Python with which a name joined the stable ABI of a system, or None if the name is not in it.

    Args:
        name: As source code spells it.
        format_: PE means Windows, every other format a system with fork(). Names that only debug builds of Python have
            (`Py_REF_DEBUG`) are never in the stable ABI.

    Source: CPython Misc/stable_abi.toml, fields `added` and `ifdef`.
    """
    return _table(windows=format_ is Format.PE).get(name)


_WINDOWS = frozenset({"MS_WINDOWS", "USE_STACKCHECK", "PY_HAVE_THREAD_NATIVE_ID"})
_POSIX = frozenset({"HAVE_FORK", "PY_HAVE_THREAD_NATIVE_ID"})
"""The macros that CPython's headers define on a system (PC/pyconfig.h, configure.ac, Include/pythread.h)."""


@cache
def _table(*, windows: bool) -> dict[str, tuple[int, int]]:
    """Return the version of each name that a system has."""
    from . import table

    met = _WINDOWS if windows else _POSIX
    missing = {
        name
        for condition, names in table.CONDITIONS.items()
        if condition not in met
        for name in names.split()
    }
    return {
        name: version
        for version, names in table.ADDED.items()
        for name in names.split()
        if name not in missing
    }


def latest() -> tuple[int, int]:
    """Return the newest Python in the table."""
    from . import table

    return max(table.ADDED)


def exported_since(name: str) -> tuple[int, int] | None:
    """Return the Python whose library first had a name before the stable ABI promised it, or None.

    From this Python on, the loaders of ELF and Mach-O find the name, because they ask the running Python for every
    name. `python3.dll` only passes on promised names.
    """
    return _exported().get(name)


@cache
def _exported() -> dict[str, tuple[int, int]]:
    """Return the first Python that exported each name, for names that were promised later."""
    from . import exported

    return {name: version for version, names in exported.SINCE.items() for name in names.split()}


def measure(images: Iterable[Image]) -> StableAbi | None:
    """Return how the names that a file takes from CPython compare with the stable ABI.

    None if it is not known (a slice is damaged or was not read to `Depth.SYMBOLS`), or if there is nothing to compare:
    a file that looks up its functions when it runs, or a file for another implementation. A weak name may be missing,
    so it does not raise the floor. The hooks and the library of 3.15 do.
    """
    floor, outside, takes_any = _FIRST, set(), False
    for image in images:
        if image.depth < Depth.SYMBOLS or image.damaged:
            return None
        if _needs_abi3t(image):
            floor = max(floor, _FIRST_WITH_ABI3T)
        taken = python_symbols(image)
        takes_any = takes_any or bool(taken)
        since = _table(windows=image.format is Format.PE) if taken else {}
        for name, _, weak, _ in taken:
            version = since.get(name)
            if version is None:
                outside.add(name)
            elif version > floor and not weak:
                floor = version
    if not takes_any or any(name.startswith(("PyPy", "_PyPy")) for name in outside):
        return None
    return StableAbi(floor, tuple(sorted(outside)))


def _needs_abi3t(image: Image) -> bool:
    """Whether only Pythons with abi3t load the image: it exports only hooks of PEP 793, or needs python3t.dll."""
    hooks = [hook for hook in image.hooks if hook.startswith(_HOOKS)]
    exports_only = bool(hooks) and all(hook.startswith("PyModExport") for hook in hooks)
    return exports_only or not _ABI3T.isdisjoint(map(str.lower, image.needed))
