"""Extension modules by their file names: who imports each file, and what is wrong with its name."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..metadata.extension_names import (
    ExtensionName,
    expected_hooks,
    is_importable,
    module_name,
    parse_extension_name,
)
from ..metadata.member_paths import installed_path
from ..model import Depth, Image, Member, Role
from .module_variants import accepts

if TYPE_CHECKING:
    from ..metadata.promise import Target
    from .wheel import Wheel


__all__ = ["NamedModule", "name_fault", "named_modules"]

_FIRST_TRIPLETS_IN_STABLE_NAMES = (3, 15)


class NamedModule(NamedTuple):
    """One file of an extension module, and who imports it."""

    member: Member
    name: ExtensionName
    accepting: tuple[Target, ...]
    """The targets that import a file of this name."""
    siblings: tuple[ExtensionName, ...]
    """The names of the module's other files in the wheel."""

    @property
    def dotted(self) -> str:
        """What an import statement calls it."""
        return module_name(self.member.path)

    @property
    def images(self) -> tuple[Image, ...]:
        """Those whose exports are known: read deep enough, whole, and not packed."""
        return tuple(
            image
            for image in self.member.images
            if image.depth >= Depth.LINKAGE and not image.faults and not (image.pe and image.pe.packed)
        )

    def picked_by(self, target: Target) -> bool:
        """Whether the target imports this file rather than one of its siblings."""
        order = target.suffixes
        if target not in self.accepting or self.name.suffix not in order:
            return target in self.accepting
        earlier = order[: order.index(self.name.suffix)]
        return not any(other.suffix in earlier and accepts(target, other) for other in self.siblings)

    def own_hooks(self, image: Image) -> tuple[str, ...]:
        """Return the exported hooks with which some Python starts the module by its file's name."""
        folder, _, _ = self.member.path.rpartition("/")
        expected = expected_hooks(f"{folder}/{self.name.stem}.so".lstrip("/"))
        return tuple(hook for hook in image.hooks if hook in expected)


def _extension_name(member: Member) -> ExtensionName | None:
    """Return the member's name taken apart; `x_d.pyd` is a module `x_d` where it exports that one's hook."""
    name = parse_extension_name(member.name)
    if name is None or name.suffix.endswith(".dylib"):
        return None
    stem = f"{name.stem}_d"
    if name.suffix.startswith("_d") and any(f"PyInit_{stem}" in image.hooks for image in member.images):
        return name._replace(stem=stem, suffix=name.suffix[2:], flags=name.flags.replace("d", ""))
    return name


@lazy.once
def named_modules(wheel: Wheel) -> list[NamedModule]:
    """Return the extension modules that an import statement could reach by their folders."""
    variants: dict[str, list[tuple[Member, ExtensionName]]] = {}
    for member in wheel.members:
        name = _extension_name(member) if member.role is Role.EXTENSION else None
        if name is not None and is_importable(member.path):
            folder = installed_path(member.path).removesuffix(member.name)
            variants.setdefault(folder + name.stem, []).append((member, name))
    modules = []
    for files in variants.values():
        for member, name in files:
            accepting = tuple([target for target in wheel.targets if accepts(target, name)])
            siblings = tuple([other for one, other in files if one is not member])
            modules.append(NamedModule(member, name, accepting, siblings))
    return modules


def name_fault(wheel: Wheel, module: NamedModule) -> tuple[str, tuple[Target, ...]]:
    """Return the code for what is wrong with a module's file name and the targets that it fails, or nothing.

    A file beside one that fits is left to WA407, and generic tags (py3) to WA109 and WA407: which Pythons
    they invite is not in the tag.
    """
    name, targets = module.name, wheel.targets
    if any(accepts(target, other) for target in targets for other in module.siblings):
        return "", ()
    if "d" in name.flags and targets and not any(target.debug for target in targets):
        return "WA413", targets
    if not targets or not all(target.suffixes for target in targets):
        return "", ()
    if module.accepting:
        # One name serves only one ABI of `abi3.abi3t` where the file is no .abi3t.so.
        stable = all(target.stable_abi == "abi3" for target in module.accepting)
        lost = tuple(target for target in targets if target.stable_abi == "abi3t")
        return ("WA401", lost) if stable and lost else ("", ())
    too_old = tuple(
        target
        for target in targets
        if target.stable_abi and target.version and target.version < _FIRST_TRIPLETS_IN_STABLE_NAMES
    )
    if name.abi == "abi3" and name.platform and too_old:
        return "WA406", too_old
    if all(_is_for_other_platform(target, name) for target in targets):
        return "WA403", targets
    return "WA401", targets


def _is_for_other_platform(target: Target, name: ExtensionName) -> bool:
    """Whether a name differs from one that the target accepts in nothing but its platform.

    The C library counts as ABI here: -musl and -gnu are left to WA401.
    """
    for suffix in target.suffixes:
        usual = parse_extension_name("x" + suffix)
        if usual is None or not usual.platform or not name.platform:
            continue
        same = (usual.abi, usual.version, usual.flags) == (name.abi, name.version, name.flags)
        if same and usual.platform.replace("musl", "gnu") != name.platform.replace("musl", "gnu"):
            return True
    return False
