"""What each native member is in its wheel: extension module, dependency, script, SDK file, test data and so on.

This happens in two steps. `guess_role` goes by name and headers, so that the reader knows how deep to read a member.
`final_roles` goes by what was read: an init hook makes an extension module, and what a module needs is a dependency.

Source: docs/facts/tags-and-installers.md, "Roles of members".
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..loading.graph import reachable, rebound
from ..metadata.extension_names import expected_hooks, is_importable, parse_extension_name
from ..metadata.member_paths import SHARED_NAME, TEST_DATA_FOLDERS, TEST_FOLDERS, is_script
from ..model import Depth, Format, Image, Kind, Machine, Member, Role
from .families import find_families, in_folders_of_other_machines
from .machines import arch_token, is_loadable, is_managed
from .python_linkage import python_linkage
from .wheel import Wheel, per_wheel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..loading.graph import Edge
    from ..metadata.promise import Promise, Target


__all__ = ["final_roles", "guess_role", "is_product", "with_roles"]

_DATA_MACHINES = frozenset({
    Machine.CUDA, Machine.AMDGPU, Machine.BPF, Machine.HEXAGON, Machine.WASM32, Machine.WASM64, Machine.EBC
})  # fmt: skip


_SDK_FOLDERS = ("sysroot", "nvvm")
_BUNDLE_FOLDERS = (".libs", ".dylibs")


def _is_in_sdk(folders: Sequence[str]) -> bool:
    """Whether a file is in a folder where toolchains keep files for the machines that they build for.

    Args:
        folders: The folders on its path, in lower case.
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

    A file that might be an extension module counts as one, so that it is read deep enough to know.

    Args:
        path: Path in the wheel.
        images: Its images at `Depth.HEADER` or deeper; none if it could not be parsed.
        promises_extension: The tags promise a Python ABI, and nothing in the wheel is named like an extension
            module: a library with another name may then be one.
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
    # Some libraries also run as programs (libc.so.6, Qt): they name a program interpreter.
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
    """Whether a member that was read to LINKAGE is an extension module, right or broken.

    Source: docs/facts/python-dlls-and-suffixes.md, "Init hooks".
    """
    hooks = {hook for image in images for hook in image.hooks}
    parsed = parse_extension_name(path.rpartition("/")[2])
    if not hooks.isdisjoint(expected_hooks(path)) and (
        is_importable(path) or (parsed is not None and parsed.abi)
    ):
        return True
    # Damage may hide the hook, so the name of a damaged file decides, and so does that of a file that no loader opens.
    named = parsed is not None and (bool(parsed.abi) or path.lower().endswith(".pyd"))
    if not named:
        return False
    if any(image.damaged or image.depth < Depth.LINKAGE or not is_loadable(image) for image in images):
        return True
    return any(hook.startswith(("PyInit", "PyModExport")) for hook in hooks)


def with_roles(wheel: Wheel, promise: Promise | None = None) -> Wheel:
    """Return the wheel with the final roles of its members, and with `Member.python` for the extension modules.

    Args:
        wheel: The wheel; its `guesses` are the roles by names and headers.
        promise: What to judge the wheel by instead of its own promise.
    """
    promise = wheel.promise if promise is None else promise
    roles = final_roles(wheel.members, wheel.guesses, promise.targets, wheel.edges)
    members = tuple(
        member._replace(role=role, python=python_linkage(member) if role is Role.EXTENSION else None)
        for member, role in zip(wheel.members, roles, strict=True)
    )
    return wheel._replace(
        promise=promise,
        members=members,
        guesses=wheel.guesses,
        edges=rebound(wheel.edges, wheel.members, members),
    )


def final_roles(
    members: Sequence[Member], guesses: Sequence[Role], targets: Sequence[Target], edges: Sequence[Edge]
) -> list[Role]:
    """Return what each member is in its wheel.

    Args:
        members: The members, each read as deep as its guessed role asks.
        guesses: What `guess_role` returns for each member.
        targets: What the live triples demand.
        edges: What each member needs, from `loading.graph.links`.
    """
    elsewhere = in_folders_of_other_machines(members, targets, edges)
    extensions = {
        member.path
        for member, role in zip(members, guesses, strict=True)
        if role is Role.EXTENSION
        and member.path not in elsewhere
        and (not member.images or _is_extension(member.path, member.images))
    }
    loaded = reachable(edges, extensions)
    loadable = [
        member
        for member, role in zip(members, guesses, strict=True)
        if role in (Role.EXTENSION, Role.LIBRARY, Role.EXECUTABLE)
    ]
    families = find_families([member for member in loadable if member.path not in extensions], targets)
    libraries = (Role.EXTENSION, Role.LIBRARY)
    result = []
    for member, role in zip(members, guesses, strict=True):
        if member.path in extensions:
            role = Role.EXTENSION
        elif member.path in elsewhere and role in libraries:
            role = Role.FAMILY
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


def is_product(member: Member, wheel: Wheel) -> bool:
    """Whether a member is all the native code that the wheel has: its only program, or its only library.

    Members of families, debugging information, test data and similar files do not count.
    """
    return member.role in _PAYLOAD and all(path == member.path for path in _first_products(wheel))


@per_wheel
def _first_products(wheel: Wheel) -> tuple[str, ...]:
    """Return the paths of the first two members with native code that counts; two are enough to know."""
    paths = (one.path for one in wheel.members if one.role in _PAYLOAD and (one.images or one.faults))
    first = next(paths, None)
    second = next((path for path in paths if path != first), None)
    return tuple(path for path in (first, second) if path is not None)
