"""Roles of members: the first guess and the final role."""

import pytest

from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.roles import guess_role, with_roles
from wheelarch.model import Depth, Dylib, Fault, Format, Image, Kind, Machine, Member, Role

WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"
MAC_BOTH = "pkg-1.0-cp311-cp311-macosx_10_9_universal2.whl"
ANY = "pkg-1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("path", "image", "expected"),
    [
        ("pkg/_a.pyd", pe(), Role.EXTENSION),
        ("pkg/_a.cpython-311-darwin.so", macho(), Role.EXTENSION),
        ("pkg/libfoo.so", elf(), Role.EXTENSION),
        ("pkg/libfoo.so.1", elf(), Role.LIBRARY),
        ("pkg/foo.dll", pe(), Role.LIBRARY),
        ("pkg-1.0.data/scripts/tool", elf(kind=Kind.EXECUTABLE), Role.SCRIPT),
        ("pkg/bin/tool", elf(kind=Kind.EXECUTABLE), Role.EXECUTABLE),
        ("pkg/tests/tool", elf(kind=Kind.EXECUTABLE), Role.TEST_DATA),
        ("pkg/testdata/x.so", elf(), Role.TEST_DATA),
        ("pkg/lib.a", elf(format=Format.ARCHIVE, kind=Kind.ARCHIVE), Role.SDK),
        ("pkg/a.o", elf(kind=Kind.OBJECT), Role.SDK),
        ("pkg/sysroot/lib/libc.so", elf(), Role.SDK),
        ("pkg/kernel.cubin", elf(Machine.CUDA), Role.DATA),
        ("pkg/skel.so", elf(Machine.HEXAGON), Role.DATA),
        ("pkg/A.dll", pe(Machine.X86, clr_flags=0x9), Role.MANAGED),
        ("pkg/ClrLoader.dll", pe(Machine.X86, clr_flags=0x2), Role.LIBRARY),
        ("pkg/R2R.dll", pe(Machine.X86_64, readytorun_os="linux"), Role.MANAGED),
        ("pkg/a.dSYM/Contents/a", macho(kind=Kind.DEBUG), Role.DEBUG),
    ],
)
def test_first_guess_of_a_role(path: str, image: Image, expected: Role) -> None:
    """Place, format and kind give the role before imports are read."""
    assert guess_role(path, (image,)) is expected


def test_a_library_may_be_the_promised_extension() -> None:
    """If the tags promise a Python ABI and no file is named like an extension module, a library is read as one."""
    assert guess_role("pkg/core.dll", (pe(),), promises_extension=True) is Role.EXTENSION
    assert guess_role("pkg.libs/core.dll", (pe(),), promises_extension=True) is Role.LIBRARY


def roles(filename: str, *members: Member) -> dict[str, Role]:
    """The final roles of the members of a wheel, by path."""
    found = with_roles(wheel(filename, *members)).members
    return {one.path: one.role for one in found}


def test_final_roles() -> None:
    """An init hook makes an extension module. What it needs by name is a dependency. The rest are libraries."""
    found = roles(
        WIN,
        member("pkg/_a.pyd", pe(Machine.X86_64, "python311.dll", "Foo.dll", hooks=("PyInit__a",))),
        member("pkg/foo.dll", pe(Machine.X86_64, "bar.dll"), role=Role.LIBRARY),
        member("pkg/bar.dll", pe(Machine.X86_64), role=Role.LIBRARY),
        member("pkg/other.dll", pe(Machine.X86_64), role=Role.LIBRARY),
        member("pkg.libs/vendored.dll", pe(Machine.X86_64), role=Role.LIBRARY),
        member("pkg/tests/helper.dll", pe(Machine.X86_64), role=Role.LIBRARY),
        member("pkg/_ctypes_only.pyd", pe(Machine.X86_64)),
    )
    assert found == {
        "pkg/_a.pyd": Role.EXTENSION,
        "pkg/foo.dll": Role.DEPENDENCY,
        "pkg/bar.dll": Role.DEPENDENCY,
        "pkg/other.dll": Role.LIBRARY,
        "pkg.libs/vendored.dll": Role.DEPENDENCY,
        "pkg/tests/helper.dll": Role.TEST_DATA,
        "pkg/_ctypes_only.pyd": Role.LIBRARY,
    }


def test_the_graph_finds_dependencies() -> None:
    """Of two libraries with one name, the load command leads to the one that is needed, and so to what that needs."""
    found = roles(
        MAC_BOTH,
        member(
            "pkg/_a.cpython-311-darwin.so",
            macho(dylibs=(Dylib("@loader_path/a/libx.dylib", "load"),), hooks=("PyInit__a",)),
        ),
        member(
            "pkg/a/libx.dylib", macho(dylibs=(Dylib("@loader_path/liby.dylib", "load"),)), role=Role.LIBRARY
        ),
        member("pkg/a/liby.dylib", macho(), role=Role.LIBRARY),
        member("pkg/b/libx.dylib", macho(), role=Role.LIBRARY),
    )
    assert found == {
        "pkg/_a.cpython-311-darwin.so": Role.EXTENSION,
        "pkg/a/libx.dylib": Role.DEPENDENCY,
        "pkg/a/liby.dylib": Role.DEPENDENCY,
        "pkg/b/libx.dylib": Role.LIBRARY,
    }


def test_a_damaged_extension_is_still_one() -> None:
    """Damage may hide the init hook, so the file's name decides."""
    broken = pe(Machine.X86_64, faults=(Fault("truncated", 0x400, "section"),), depth=Depth.HEADER)
    assert roles(WIN, member("pkg/_a.pyd", broken)) == {"pkg/_a.pyd": Role.EXTENSION}


@pytest.mark.parametrize(
    ("filename", "files"),
    [
        (ANY, {"w32.exe": Machine.X86, "w64.exe": Machine.X86_64, "w64-arm.exe": Machine.ARM64}),
        (ANY, {"cli.exe": Machine.X86, "cli-64.exe": Machine.X86_64, "cli-arm64.exe": Machine.ARM64}),
        (ANY, {"dlls/x86/ClrLoader.dll": Machine.X86, "dlls/amd64/ClrLoader.dll": Machine.X86_64}),
        (WIN, {"attach_x86.dll": Machine.X86, "attach_amd64.dll": Machine.X86_64}),
        (WIN, {"libfoo32bit.dll": Machine.X86, "libfoo64bit.dll": Machine.X86_64}),
    ],
)
def test_families(filename: str, files: dict[str, Machine]) -> None:
    """Helpers that differ only in the name of a machine are a family if one of them fits."""
    members = [member(f"pkg/{name}", pe(machine), role=Role.LIBRARY) for name, machine in files.items()]
    assert set(roles(filename, *members).values()) == {Role.FAMILY}


def test_no_family_without_a_fitting_member() -> None:
    """Two files for other machines are not a family."""
    members = [member("pkg/a_x86.dll", pe(Machine.X86), role=Role.LIBRARY)]
    members.append(member("pkg/a_arm64.dll", pe(Machine.ARM64), role=Role.LIBRARY))
    assert set(roles(WIN, *members).values()) == {Role.LIBRARY}


def test_copies_for_one_machine_are_not_a_family() -> None:
    """Files that differ in the name of a machine but are for the same machine are judged one by one."""
    members = [member("pkg/a_x86.dll", pe(Machine.ARM64), role=Role.LIBRARY)]
    members.append(member("pkg/a_amd64.dll", pe(Machine.ARM64), role=Role.LIBRARY))
    assert set(roles(WIN, *members).values()) == {Role.LIBRARY}
