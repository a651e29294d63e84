"""How an extension module is linked to Python: library, init hooks, flavor, and names outside the stable ABI.

It is what `Member.python` says, and what reports show.
"""

from __future__ import annotations

from ..model import Member, PythonLinkage
from ..platforms.python_libraries import cpython_library, python_library
from ..platforms.stable_abi import measure

__all__ = ["python_linkage"]

_HOOK_PREFIXES = ("PyInit_", "PyInitU_", "PyModExport_", "PyModExportU_")


def python_linkage(member: Member) -> PythonLinkage:
    """Return how an extension module is linked to Python, all its slices together."""
    runtime = next(
        (name for image in member.images for name in map(python_library, image.needed) if name is not None),
        None,
    )
    hooks: dict[str, None] = {}
    for image in member.images:
        hooks.update(dict.fromkeys(hook for hook in image.hooks if hook.startswith(_HOOK_PREFIXES)))
    gil = "unknown"
    library = cpython_library(runtime) if runtime else None
    if library is not None:
        gil = "free-threaded" if library.flags.startswith("t") else "gil"
    return PythonLinkage(runtime, tuple(hooks), gil, measure(member.images))
