"""Several files of one extension module: which of them an import takes.

A wheel may have `_core.cp311-win_amd64.pyd` beside `_core.pyd`. `accepts` says whether the Pythons of a tag import a
file name; `shadowed_variants` says which files no tag ever imports, so that nobody judges them.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.extension_names import ExtensionName, module_name, parse_extension_name
from ..model import Member, Role
from .machines import fits
from .wheel import per_wheel

if TYPE_CHECKING:
    from ..metadata.promise import Target
    from .wheel import Wheel

__all__ = ["accepts", "shadowed_variants"]


def accepts(target: Target, name: ExtensionName) -> bool:
    """Whether all Pythons that a tag invites import a file with this name.

    The suffixes of a stable ABI are those of its lowest Python; a file name with that version serves no later Python.
    For PyPy and GraalPy only ABI and version are compared, because it is less certain how they spell machines.
    """
    if target.stable_abi and name.version:
        return False
    if name.suffix in target.suffixes:
        return True
    if target.implementation in ("pypy", "graalpy"):
        return name.abi == target.implementation and name.version == target.version
    if target.abi == "none" and name.flags == "t":
        # The tag invites the free-threaded builds of its version too.
        return name.suffix.replace("t-", "-", 1) in target.suffixes
    return False


@per_wheel
def shadowed_variants(wheel: Wheel) -> frozenset[str]:
    """Return the extension modules that no live triple imports, because another file of the module comes first.

    Each target takes the file whose suffix comes first in its list, or if we do not know the list, a file that its
    machine can load (docs/facts/python-dlls-and-suffixes.md, "Several files of one module").
    """
    modules: dict[str, list[tuple[ExtensionName, Member]]] = {}
    for member in wheel.members:
        name = parse_extension_name(member.name) if member.role is Role.EXTENSION else None
        if name is not None:
            modules.setdefault(module_name(member.path), []).append((name, member))
    shadowed: set[str] = set()
    for variants in modules.values():
        if len(variants) < 2:
            continue
        picked: set[str] = set()
        for target in wheel.targets:
            if not target.suffixes:
                picked.update(member.path for _, member in variants if fits(member, (target,)))
                continue
            order = {suffix: rank for rank, suffix in enumerate(target.suffixes)}
            takers = sorted(
                (name.flags == "t" and target.abi == "none", order.get(name.suffix, 0), member.path)
                for name, member in variants
                if accepts(target, name)
            )
            # With the ABI tag none, builds with and without the GIL each take their own first.
            for free_threaded in (False, True):
                picked.update([path for flavor, _, path in takers if flavor is free_threaded][:1])
        if picked:
            shadowed.update(member.path for _, member in variants if member.path not in picked)
    return frozenset(shadowed)
