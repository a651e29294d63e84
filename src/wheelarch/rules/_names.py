"""What the rules about the names of extension modules share.

How deep modules must be read, the suffixes that targets look for, and what users see if Python finds no init hook.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.extension_names import parse_extension_name
from ..model import Depth, Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..metadata.promise import Target


__all__ = [
    "FIRST_EXPORT_HOOKS",
    "HEADERS_OF_NAMED",
    "LAYOUT_HELPERS",
    "LINKAGE_OF_NAMED",
    "hook_not_found",
    "is_python2",
    "wanted_suffixes",
]

HEADERS_OF_NAMED: Mapping[Role, Depth] = {Role.EXTENSION: Depth.HEADER}
"""For rules that compare a name with the machine."""
LINKAGE_OF_NAMED: Mapping[Role, Depth] = {Role.EXTENSION: Depth.LINKAGE}
"""For rules that need the init hooks."""
FIRST_EXPORT_HOOKS = (3, 15)
"""The first Python that calls `PyModExport_NAME` (PEP 793)."""
LAYOUT_HELPERS = frozenset({"PyModuleDef_Init", "PyModule_Create2", "PyModule_FromDefAndSpec2"})
"""Functions that take a PyModuleDef, whose members abi3t hides (PEP 803)."""


def is_python2(target: Target) -> bool:
    """Whether a target is Python 2."""
    return target.version[0] == 2 if target.version else target.python.startswith("py2")


def wanted_suffixes(targets: Sequence[Target]) -> str:
    """Return the suffixes that the targets look for, with commas; for a stable ABI, those of every later Python."""
    wanted: dict[str, None] = {}
    for target in targets:
        for suffix in target.suffixes:
            name = parse_extension_name("x" + suffix)
            if not (target.stable_abi and name and name.version) and not suffix.endswith(".fwork"):
                wanted[suffix] = None
    return ", ".join(wanted)


def hook_not_found(stem: str, *, python2: bool) -> str:
    """Return what Python says if a module does not export its init hook (CPython Python/importdl.c)."""
    if python2:
        return f"ImportError: dynamic module does not define init function (init{stem})"
    return f"ImportError: dynamic module does not define module export function (PyInit_{stem})"
