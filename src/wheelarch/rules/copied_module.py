"""WA605: an extension module copied between wheels for different Pythons.

Two wheels of one set contain the same bytes under tags that ask for different builds: with and without the GIL, for two
implementations, or for two versions of one. Only modules that are bound to one Python count: a stable ABI, and a file
that takes nothing from Python, serve several.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.gil_only import FREE_THREADED_ONLY
from ..facts.module_variants import accepts, shadowed_variants
from ..facts.wheel_sets import platforms
from ..metadata.extension_names import parse_extension_name
from ..metadata.member_paths import last_component
from ..metadata.promise import triples_of
from ..model import Depth, Role, Severity
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..facts.wheel import Sibling, Wheel
    from ..metadata.promise import Target
    from ..model import Member


__all__ = ["copied_module"]

_FIRST_WITH_ABI_FOR_BOTH = (3, 15)
"""The first CPython with a stable ABI that serves it with and without the GIL (PEP 803)."""
_REMEDIES = {"flavor": ("gil-flavor",)}
"""What to do, by fault, if it is not the rule's own remedy."""


@rule(
    "WA605",
    "copied-module",
    Family.SET,
    Severity.ERROR,
    remedies=("right-interpreter",),
    needs={Role.EXTENSION: Depth.SYMBOLS},
)
def copied_module(wheel: Wheel) -> Iterator[Problem]:
    """Wheels for different Pythons contain the same extension module, which fits only one of them.

    What it does:
        Compares the SHA-256 of each extension module with the modules of the other wheels of the same project,
        version and platform. The same bytes for Python with and without the GIL are an error in the wheel for the
        other kind: the free-threaded one, unless the module itself is free-threaded. The same bytes for CPython and
        PyPy are an error in the wheel whose names the module does not use. The same bytes for two versions of one
        Python are a warning, unless the module uses only the stable ABI.

    Why it is bad:
        The file was built once and packed twice. Up to Python 3.14 no module serves Pythons with and without the
        GIL, because objects have another layout in each: the import fails or crashes.

    Example:
        The cp313 and cp313t wheels of rpds_py 0.22.0 for `manylinux_2_17_x86_64` contain the same file.

    How to fix:
        Let each job of the matrix build with the Python that its tag names, from a clean tree.

    Known limits:
        A file that takes nothing from Python, such as a library for ctypes, is the same for all of them. So is a
        module for abi3t, which Python 3.15 and later have. Release and debug builds share modules on purpose.

    References:
        PEP 703, PEP 803; crate-py/rpds issue 110; docs/facts/tags-and-installers.md, "Sets of wheels".
    """
    own = _python_of(wheel.targets)
    if own is None or not wheel.siblings:
        return
    shadowed = shadowed_variants(wheel)
    for member in wheel.members:
        if member.role is not Role.EXTENSION or member.sha256 is None or member.path in shadowed:
            continue
        if not _uses_python(member) or not _is_imported(member.path, wheel.targets):
            continue
        found: dict[str, list[str]] = {}
        for sibling in wheel.siblings:
            other = _python_of(sibling.targets)
            if other is None or other == own or not _has_same(member, wheel, sibling):
                continue
            if why := _fault(member, own, other):
                found.setdefault(why, []).append(sibling.filename)
        for why, twins in found.items():
            yield _problem(wheel, member, own, why, sorted(twins))


def _problem(wheel: Wheel, member: Member, own: _Python, why: str, twins: Sequence[str]) -> Problem:
    more = f" and {len(twins) - 1} more" if len(twins) > 1 else ""
    what = {
        "flavor": f"which is for Python {'with the GIL' if own.free_threaded else 'without the GIL'}",
        "implementation": "which is for another implementation of Python",
        "version": "though a module like this is built for one version of Python",
    }[why]
    return Problem(
        f"{member.path} is identical to the file in {twins[0]}{more}, {what}",
        member.path,
        tags=triples_of(wheel.targets),
        evidence={"same as": ", ".join(twins), "sha256": member.sha256 or ""},
        severity=Severity.WARNING if why == "version" else None,
        remedies=_REMEDIES.get(why, ()),
    )


class _Python(NamedTuple):
    """The one Python that a wheel's modules are built for."""

    implementation: str
    version: tuple[int, int]
    free_threaded: bool


def _python_of(targets: Sequence[Target]) -> _Python | None:
    """Return the Python that all tags are for; None if they are for several, for a stable ABI, or for any ABI."""
    found = {
        _Python(target.implementation, target.version, bool(target.free_threaded))
        if target.version and target.abi != "none" and not target.stable_abi
        else None
        for target in targets
    }
    return found.pop() if len(found) == 1 else None


def _is_imported(path: str, targets: Sequence[Target]) -> bool:
    """Whether the Pythons of the tags look for a file with this name."""
    name = parse_extension_name(last_component(path))
    return name is not None and any(accepts(target, name) for target in targets)


def _has_same(member: Member, wheel: Wheel, sibling: Sibling) -> bool:
    """Whether a sibling for the same platform has the same bytes, under a name that its Pythons import."""
    served = {platform for target in wheel.targets for platform in platforms(target)}
    return not served.isdisjoint(
        platform for target in sibling.targets for platform in platforms(target)
    ) and any(
        file.size == member.size and file.sha256 == member.sha256 and _is_imported(file.path, sibling.targets)
        for file in sibling.files
    )


def _uses_python(member: Member) -> bool:
    """Whether the module takes something from CPython or PyPy."""
    return (member.python is not None and member.python.stable_abi is not None) or _is_for_pypy(member)


def _is_for_pypy(member: Member) -> bool:
    """Whether the module takes names that only PyPy has: its headers rename the functions of CPython."""
    return any(
        symbol.name.startswith(("PyPy", "_PyPy")) for image in member.images for symbol in image.imported
    )


def _fault(member: Member, own: _Python, other: _Python) -> str:
    """Return why the module is wrong in the wheel for `own`, if it is in the wheel for `other` too; empty if it is not.

    Args:
        member: The module.
        own: Whom the wheel is for.
        other: Whom the sibling is for.
    """
    linkage = member.python
    outside = linkage.stable_abi.outside if linkage and linkage.stable_abi else ()
    if own.implementation != other.implementation:
        known = {own.implementation, other.implementation} == {"cpython", "pypy"}
        return "implementation" if known and _is_for_pypy(member) != (own.implementation == "pypy") else ""
    if own.implementation != "cpython" or linkage is None:
        return ""
    if own.free_threaded != other.free_threaded:
        both = any(hook.startswith("PyModExport") for hook in linkage.hooks)
        if both and min(own.version, other.version) >= _FIRST_WITH_ABI_FOR_BOTH:
            return ""
        built_for = linkage.gil == "free-threaded" or not FREE_THREADED_ONLY.isdisjoint(outside)
        return "flavor" if own.free_threaded != built_for else ""
    return "version" if outside and own.version > other.version else ""
