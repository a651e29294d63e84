"""Extension modules by their file names: which targets import each file, and what is wrong with its name.

`named_modules` lists the files that an import statement can reach. Each one knows the targets that import a file of its
name and the other files of the same module. `name_fault` says why no target imports a file, in a word that the rules
on suffixes look for.
"""

from __future__ import annotations

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
from .wheel import per_wheel

if TYPE_CHECKING:
    from ..metadata.promise import Target
    from .wheel import Wheel


__all__ = ["NamedModule", "has_odd_modules", "is_module_without_hook", "name_fault", "named_modules"]

_FIRST_TRIPLETS_IN_STABLE_NAMES = (3, 15)


class NamedModule(NamedTuple):
    """One file of an extension module, and the targets that import it."""

    member: Member
    name: ExtensionName
    accepting: tuple[Target, ...]
    """The targets that import a file of this name."""
    siblings: tuple[ExtensionName, ...]
    """The names of the module's other files in the wheel."""

    @property
    def dotted(self) -> str:
        """The module's name in an import statement."""
        return module_name(self.member.path)

    @property
    def images(self) -> tuple[Image, ...]:
        """The slices whose exports are known: read deep enough, not damaged and not packed."""
        return tuple(
            image
            for image in self.member.images
            if image.depth >= Depth.LINKAGE and not image.damaged and not (image.pe and image.pe.packed)
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

    @property
    def foreign_hooks(self) -> tuple[str, ...]:
        """The hooks of slices that export none for the file's name."""
        images = (image for image in self.images if image.hooks and not self.own_hooks(image))
        return tuple(dict.fromkeys(hook for image in images for hook in image.hooks))


def _extension_name(member: Member) -> ExtensionName | None:
    """Return the parsed name of a member. `x_d.pyd` is the module `x_d` if it exports the hook of `x_d`."""
    name = parse_extension_name(member.name)
    if name is None or name.suffix.endswith(".dylib"):
        return None
    stem = f"{name.stem}_d"
    if name.suffix.startswith("_d") and any(f"PyInit_{stem}" in image.hooks for image in member.images):
        return name._replace(stem=stem, suffix=name.suffix[2:], flags=name.flags.replace("d", ""))
    return name


@per_wheel
def named_modules(wheel: Wheel) -> list[NamedModule]:
    """Return the extension modules that an import statement can reach."""
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


def is_module_without_hook(member: Member) -> bool:
    """Whether a library that exports no init hook is named as only extension modules are."""
    name = parse_extension_name(member.name) if member.role is Role.LIBRARY else None
    if name is None or not (name.abi or name.suffix.endswith(".pyd")) or not is_importable(member.path):
        return False
    return bool(member.images) and all(
        image.depth >= Depth.LINKAGE
        and not image.damaged
        and not image.hooks
        and not (image.pe and image.pe.packed)
        for image in member.images
    )


def has_odd_modules(wheel: Wheel) -> bool:
    """Whether a file that is named as a module can only be right if Python code opens it by its path."""
    return any(module.foreign_hooks for module in named_modules(wheel)) or any(
        map(is_module_without_hook, wheel.members)
    )


def name_fault(wheel: Wheel, module: NamedModule) -> tuple[str, tuple[Target, ...]]:
    """Return what is wrong with a module's file name, and the targets that do not import it.

    Returns:
        One of `suffix` (another Python's suffix), `platform` (it differs only in the platform), `triplet` (it names a
        platform, which stable-ABI names do only from Python 3.15 on), `debug` (a debug build), or empty if nothing is
        wrong. A file beside another file of the module that fits is not a fault. Under generic tags (py3) only debug
        builds are faults, because these tags do not say which Pythons they allow.
    """
    name, targets = module.name, wheel.targets
    if any(accepts(target, other) for target in targets for other in module.siblings):
        return "", ()
    if "d" in name.flags and targets and not any(target.debug for target in targets):
        return "debug", targets
    if not targets or not all(target.suffixes for target in targets):
        return "", ()
    if module.accepting:
        # Under `abi3.abi3t`, only the name .abi3t.so serves both ABIs.
        stable = all(target.stable_abi == "abi3" for target in module.accepting)
        lost = tuple(target for target in targets if target.stable_abi == "abi3t")
        return ("suffix", lost) if stable and lost else ("", ())
    too_old = tuple(
        target
        for target in targets
        if target.stable_abi and target.version and target.version < _FIRST_TRIPLETS_IN_STABLE_NAMES
    )
    if name.abi == "abi3" and name.platform and too_old:
        return "triplet", too_old
    if all(_is_for_other_platform(target, name) for target in targets):
        return "platform", targets
    return "suffix", targets


def _is_for_other_platform(target: Target, name: ExtensionName) -> bool:
    """Whether a name differs from one that the target imports only in the platform.

    A different C library (-musl, -gnu) does not count as another platform.
    """
    for suffix in target.suffixes:
        usual = parse_extension_name("x" + suffix)
        if usual is None or not usual.platform or not name.platform:
            continue
        same = (usual.abi, usual.version, usual.flags) == (name.abi, name.version, name.flags)
        if same and usual.platform.replace("musl", "gnu") != name.platform.replace("musl", "gnu"):
            return True
    return False
