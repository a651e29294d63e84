"""What each native member is in its wheel: extension module, dependency, script, SDK, test data and so on."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..loading.graph import links, reachable
from ..metadata.extension_names import expected_hooks, is_importable, parse_extension_name
from ..metadata.member_paths import SHARED_NAME, TEST_DATA_FOLDERS, TEST_FOLDERS, is_script
from ..model import Depth, Format, Image, Kind, Machine, Member, Role
from .families import find_families
from .machines import arch_token, is_loadable, is_managed
from .python_linkage import python_linkage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..metadata.promise import Target


__all__ = ["assign_roles", "final_roles", "guess_role", "is_product"]

_DATA_MACHINES = frozenset({
    Machine.CUDA, Machine.AMDGPU, Machine.BPF, Machine.HEXAGON, Machine.WASM32, Machine.WASM64, Machine.EBC
})  # fmt: skip


_SDK_FOLDERS = ("sysroot", "nvvm")


_BUNDLE_FOLDERS = (".libs", ".dylibs")


def _is_in_sdk(folders: Sequence[str]) -> bool:
    """Whether a file lies where toolchains keep what is for the machines that they build for.

    Args:
        folders: On its path, in lower case.
    """
    return any(
        folder in _SDK_FOLDERS
        or folder.startswith("mingw")
        or (folder == "targets" and "-" in below)
        or (folder == "libc" and arch_token(below) is not None)
        for folder, below in zip(folders, [*folders[1:], ""], strict=False)
    )


def guess_role(path: str, images: Sequence[Image], promises_extension: bool = False) -> Role:
    """Return the role of a member by its name and headers alone, before its imports and exports are read.

    Whatever might be an extension module is called one, so that it is read deep enough to know.

    Args:
        path: Path in the wheel.
        images: Its images at `Depth.HEADER` or deeper; none where it could not be parsed.
        promises_extension: The tags promise a Python ABI, and nothing in the wheel is named like an extension
            module: a library under another name may then be one.
    """
    parts = path.lower().split("/")
    folders, name = parts[:-1], parts[-1]
    parsed = parse_extension_name(path.rpartition("/")[2])
    named = parsed is not None and (bool(parsed.abi) or name.endswith(".pyd")) and is_importable(path)
    if not images:
        return Role.EXTENSION if named else Role.LIBRARY
    first = images[0]
    if named and not all(map(is_managed, images)) and first.kind is not Kind.DEBUG:
        # Python will try to import it, whatever it is.
        return Role.EXTENSION
    if not TEST_DATA_FOLDERS.isdisjoint(folders):
        return Role.TEST_DATA
    if first.format in (Format.ARCHIVE, Format.COFF) or first.kind is Kind.OBJECT:
        return Role.SDK
    if first.kind is Kind.DEBUG or any(folder.endswith(".dsym") for folder in folders):
        return Role.DEBUG
    if first.format is Format.BITCODE or first.machine in _DATA_MACHINES:
        return Role.DATA
    if _is_in_sdk(folders):
        return Role.SDK
    if all(map(is_managed, images)):
        return Role.MANAGED
    if is_script(path):
        return Role.SCRIPT
    # Some libraries can be run too (libc.so.6, Qt): their program interpreter makes them look like programs.
    if first.kind is Kind.EXECUTABLE and not (first.format is Format.ELF and SHARED_NAME.search(name)):
        return Role.EXECUTABLE if TEST_FOLDERS.isdisjoint(folders) else Role.TEST_DATA
    if first.kind is Kind.CORE:
        return Role.DATA
    if parsed is not None and not name.endswith(".fwork"):
        return Role.EXTENSION
    if promises_extension and is_importable(path):
        return Role.EXTENSION
    return Role.LIBRARY


def _is_extension(path: str, images: Sequence[Image]) -> bool:
    """Whether a member that was read to LINKAGE is an extension module, right or broken (rules.md 5.4)."""
    hooks = {hook for image in images for hook in image.hooks}
    parsed = parse_extension_name(path.rpartition("/")[2])
    if not hooks.isdisjoint(expected_hooks(path)) and (
        is_importable(path) or (parsed is not None and parsed.abi)
    ):
        return True
    # Damage may hide the hook, so a damaged file is what its name says, and so is one that no loader opens.
    named = parsed is not None and (bool(parsed.abi) or path.lower().endswith(".pyd"))
    if not named:
        return False
    if any(image.faults or image.depth < Depth.LINKAGE or not is_loadable(image) for image in images):
        return True
    return any(hook.startswith(("PyInit", "PyModExport")) for hook in hooks)


def assign_roles(members: Sequence[Member], targets: Sequence[Target]) -> tuple[Member, ...]:
    """Return the members with their final roles, and with `Member.python` for the extension modules.

    Args:
        members: See `final_roles`.
        targets: What the live triples demand.
    """
    return tuple(
        member._replace(role=role, python=python_linkage(member))
        if role is Role.EXTENSION
        else member._replace(role=role)
        for member, role in zip(members, final_roles(members, targets), strict=True)
    )


def final_roles(members: Sequence[Member], targets: Sequence[Target]) -> list[Role]:
    """Return what each member is in its wheel.

    Args:
        members: Members with the role that `guess_role` gave them, read as deep as that role asks.
        targets: What the live triples demand.
    """
    return list(_final_roles(tuple(members), tuple(targets)))


@lazy.once
def _final_roles(members: tuple[Member, ...], targets: tuple[Target, ...]) -> list[Role]:
    extensions = {
        member.path
        for member in members
        if member.role is Role.EXTENSION and (not member.images or _is_extension(member.path, member.images))
    }
    loaded = reachable(links(members), extensions)
    loadable = [
        member for member in members if member.role in (Role.EXTENSION, Role.LIBRARY, Role.EXECUTABLE)
    ]
    families = find_families([member for member in loadable if member.path not in extensions], targets)
    libraries = (Role.EXTENSION, Role.LIBRARY)
    result = []
    for member in members:
        role = member.role
        if member.path in extensions:
            role = Role.EXTENSION
        elif member.path in loaded and role in libraries:
            role = Role.DEPENDENCY
        elif role in libraries and member.path.rpartition("/")[0].endswith(_BUNDLE_FOLDERS):
            role = Role.DEPENDENCY if extensions else Role.LIBRARY
        elif member.path in families:
            role = Role.FAMILY
        elif role in libraries:
            folders = member.path.lower().split("/")[:-1]
            role = Role.LIBRARY if TEST_FOLDERS.isdisjoint(folders) else Role.TEST_DATA
        result.append(role)
    return result


_PAYLOAD = frozenset({Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT, Role.LIBRARY, Role.EXECUTABLE})


def is_product(member: Member, members: tuple[Member, ...]) -> bool:
    """Whether a member is all the native code that the wheel brings: its one program, or its one library.

    Members of families, debug companions, test data and the like beside it do not count (rules.md 6.1).
    """
    return member.role in _PAYLOAD and all(path == member.path for path in _bringers(members))


@lazy.once
def _bringers(members: tuple[Member, ...]) -> tuple[str, ...]:
    """Return the paths of up to two members that bring native code which counts."""
    paths = (one.path for one in members if one.role in _PAYLOAD and (one.images or one.faults))
    first = next(paths, None)
    second = next((path for path in paths if path != first), None)
    return tuple(path for path in (first, second) if path is not None)
