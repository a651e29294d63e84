"""Several files of one extension module: which of them an import takes."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..metadata.extension_names import ExtensionName, module_name, parse_extension_name
from ..model import Member, Role
from .machines import fits

if TYPE_CHECKING:
    from ..metadata.promise import Target


__all__ = ["accepts", "shadowed_variants"]


def accepts(target: Target, name: ExtensionName) -> bool:
    """Whether all Pythons that a tag invites import a file of this name.

    A stable ABI's suffixes are those of its lowest Python; what names that Python serves no later one. Of PyPy and
    GraalPy only the ABI and version are compared: how they spell machines is less sure.
    """
    if target.stable_abi and name.version:
        return False
    if name.suffix in target.suffixes:
        return True
    if target.implementation in ("pypy", "graalpy"):
        return name.abi == target.implementation and name.version == target.version
    if target.abi == "none" and name.flags == "t":
        # the tag invites the free-threaded builds of its version too
        return name.suffix.replace("t-", "-", 1) in target.suffixes
    return False


@lazy.once
def shadowed_variants(members: tuple[Member, ...], targets: tuple[Target, ...]) -> frozenset[str]:
    """Return the extension modules that no live triple imports because a sibling of the same module comes first.

    A wheel may hold several files of one module (rules.md 5.3, 13). Each target takes the one whose suffix stands
    first in its list; where we don't know the list, one that its machine can load.
    """
    modules: dict[str, list[tuple[ExtensionName, Member]]] = {}
    for member in members:
        name = parse_extension_name(member.name) if member.role is Role.EXTENSION else None
        if name is not None:
            modules.setdefault(module_name(member.path), []).append((name, member))
    shadowed: set[str] = set()
    for variants in modules.values():
        if len(variants) < 2:
            continue
        picked: set[str] = set()
        for target in targets:
            if not target.suffixes:
                picked.update(member.path for _, member in variants if fits(member, (target,)))
                continue
            order = {suffix: rank for rank, suffix in enumerate(target.suffixes)}
            takers = sorted(
                (name.flags == "t" and target.abi == "none", order.get(name.suffix, 0), member.path)
                for name, member in variants
                if accepts(target, name)
            )
            # Under ABI none, builds with and without the GIL each take their own first.
            for free_threaded in (False, True):
                picked.update([path for flavour, _, path in takers if flavour is free_threaded][:1])
        if picked:
            shadowed.update(member.path for _, member in variants if member.path not in picked)
    return frozenset(shadowed)
