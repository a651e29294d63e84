"""Families of files for several machines."""

import pytest

from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.families import family_arches, find_families
from wheelarch.facts.roles import with_roles
from wheelarch.model import Image, Machine, Member, Role

TARGETS = wheel("pkg-1.0-cp311-cp311-win_amd64.whl").targets


def test_the_path_without_machines_and_systems_is_the_key() -> None:
    """Folders and file names may both name the machine; the ending of the file and `lib` do not count."""
    family = [
        member("pkg/win/x86/tool.dll", pe(Machine.X86), role=Role.LIBRARY),
        member("pkg/tool-amd64.dll", pe(Machine.X86_64), role=Role.LIBRARY),
        member("pkg/linux-aarch64/libtool.so", elf(Machine.ARM64), role=Role.LIBRARY),
    ]
    other = member("pkg/tools.dll", pe(Machine.X86), role=Role.LIBRARY)
    assert find_families([*family, other], TARGETS) == {one.path for one in family}


def test_architectures_of_a_family() -> None:
    """Each member of a family has the architectures of all of them."""
    members = [
        member("pkg/a_x86.dll", pe(Machine.X86), role=Role.LIBRARY),
        member("pkg/a_amd64.dll", pe(Machine.X86_64), role=Role.LIBRARY),
        member("pkg/b.dll", pe(Machine.X86_64), role=Role.LIBRARY),
    ]
    assert family_arches(members) == {
        "pkg/a_x86.dll": {"x86", "x86_64"},
        "pkg/a_amd64.dll": {"x86", "x86_64"},
        "pkg/b.dll": {"x86_64"},
    }


def other_roles(tag: str, *members: Member) -> dict[str, Role]:
    """The roles of the members of a wheel with this tag."""
    return {one.path: one.role for one in with_roles(wheel(f"pkg-1.0-{tag}.whl", *members)).members}


HOOK = ("PyInit_x",)
WIN_PYD = member("pkg/core.pyd", pe(Machine.X86_64, "python311.dll", hooks=("PyInit_core",)))
LINUX_SO = member("pkg/core.so", elf(Machine.X86_64, hooks=("PyInit_core",)))
MAC_SO = member("pkg/core.so", macho(Machine.ARM64, hooks=("PyInit_core",)))
EC = pe(Machine.X86_64, variant="arm64ec", hooks=HOOK)
WIN_TAG, LINUX_TAG = "cp311-cp311-win_amd64", "cp311-cp311-manylinux_2_17_x86_64"
MAC_TAG = "cp311-cp311-macosx_11_0_arm64"


@pytest.mark.parametrize(
    ("tag", "core", "path", "image"),
    [
        (WIN_TAG, WIN_PYD, "pkg/libs/arm64ec/x.pyd", EC),
        (WIN_TAG, WIN_PYD, "pkg/libs/arm64ec/x.cp311-win_amd64.pyd", EC),
        (WIN_TAG, WIN_PYD, "pkg/libs/arm64x/x.pyd", pe(Machine.ARM64, variant="arm64x", hooks=HOOK)),
        (WIN_TAG, WIN_PYD, "pkg/arm64/x.pyd", pe(Machine.ARM64, hooks=HOOK)),
        (WIN_TAG, WIN_PYD, "pkg/x86/x.pyd", pe(Machine.X86, hooks=HOOK)),
        (WIN_TAG, WIN_PYD, "pkg/win32/deep/x.pyd", pe(Machine.X86, hooks=HOOK)),
        (WIN_TAG, WIN_PYD, "pkg/linux-x86_64/x.so", elf(Machine.X86_64, hooks=HOOK)),
        (LINUX_TAG, LINUX_SO, "pkg/arm64/x.so", elf(Machine.ARM64, hooks=HOOK)),
        (LINUX_TAG, LINUX_SO, "pkg/linux-aarch64/x.so", elf(Machine.ARM64, hooks=HOOK)),
        (
            LINUX_TAG,
            LINUX_SO,
            "pkg/aarch64/x.cpython-311-aarch64-linux-gnu.so",
            elf(Machine.ARM64, hooks=HOOK),
        ),
        (LINUX_TAG, LINUX_SO, "pkg/lib-arm64/x.abi3.so", elf(Machine.ARM64, hooks=HOOK)),
        (MAC_TAG, MAC_SO, "pkg/darwin-x86_64/x.so", macho(Machine.X86_64, hooks=HOOK)),
        (MAC_TAG, MAC_SO, "pkg/x86_64/x.cpython-311-darwin.so", macho(Machine.X86_64, hooks=HOOK)),
    ],
)
def test_a_folder_named_for_another_machine(tag: str, core: Member, path: str, image: Image) -> None:
    """No process of the tags imports a module below such a folder, nor opens the library beside it."""
    library = member(path.rpartition("/")[0] + "/libz.bin", image._replace(hooks=()), role=Role.LIBRARY)
    found = other_roles(tag, core, member(path, image), library)
    assert found == {core.path: Role.EXTENSION, path: Role.FAMILY, library.path: Role.FAMILY}


@pytest.mark.parametrize(
    ("tag", "members"),
    [
        # The only module of the wheel.
        (WIN_TAG, [member("pkg/arm64/x.pyd", pe(Machine.ARM64, hooks=HOOK))]),
        # The package win32 of pywin32, with one stray file.
        (
            WIN_TAG,
            [
                member("win32/x.pyd", pe(Machine.X86, hooks=HOOK)),
                member("win32/y.pyd", pe(Machine.X86_64, hooks=("PyInit_y",))),
            ],
        ),
        # The machine is not the folder's.
        (WIN_TAG, [WIN_PYD, member("pkg/x86/x.pyd", pe(Machine.ARM64, hooks=HOOK))]),
        # The file's own name contradicts its folder.
        (WIN_TAG, [WIN_PYD, member("pkg/arm64/x.cp311-win_amd64.pyd", pe(Machine.ARM64, hooks=HOOK))]),
        (
            LINUX_TAG,
            [
                LINUX_SO,
                member("pkg/aarch64/x.cpython-311-x86_64-linux-gnu.so", elf(Machine.ARM64, hooks=HOOK)),
            ],
        ),
        # Other words in the folder's name.
        (LINUX_TAG, [LINUX_SO, member("pkg/arm64_tools/x.so", elf(Machine.ARM64, hooks=HOOK))]),
        (LINUX_TAG, [LINUX_SO, member("linux/x.so", elf(Machine.ARM64, hooks=HOOK))]),
        # The folder is named for the tag's machine.
        (LINUX_TAG, [LINUX_SO, member("pkg/x86_64/x.so", elf(Machine.ARM64, hooks=HOOK))]),
    ],
)
def test_a_folder_that_does_not_excuse_a_wrong_module(tag: str, members: list[Member]) -> None:
    """The name alone is not enough: the file stays a module, and the rules about machines judge it."""
    assert Role.FAMILY not in other_roles(tag, *members).values()


def test_a_library_that_a_right_file_needs_is_not_for_other_processes() -> None:
    """The folder may be named for another machine: what the module asks for must be for its own."""
    core = member("pkg/core.pyd", pe(Machine.X86_64, "z.dll", hooks=("PyInit_core",)))
    library = member("pkg/x86/z.dll", pe(Machine.X86), role=Role.LIBRARY)
    assert other_roles(WIN_TAG, core, library)[library.path] is Role.DEPENDENCY
