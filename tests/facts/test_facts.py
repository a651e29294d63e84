"""Names, roles and joins."""

import pytest

from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.machines import _ARCH_SIGNS, _ARCH_TOKENS, arch_token, demanded_arches, serves
from wheelarch.facts.module_variants import shadowed_variants
from wheelarch.facts.python_linkage import python_linkage
from wheelarch.facts.roles import assign_roles, guess_role
from wheelarch.metadata.extension_names import (
    ExtensionName,
    expected_hooks,
    is_importable,
    parse_extension_name,
)
from wheelarch.model import Depth, Dylib, Fault, Format, Image, Kind, Machine, Member, Role
from wheelarch.platforms.python_libraries import python_library

WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"
MAC_BOTH = "pkg-1.0-cp311-cp311-macosx_10_9_universal2.whl"
ANY = "pkg-1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("_a.pyd", ExtensionName("_a", ".pyd", "", None, "", "")),
        ("_a.so", ExtensionName("_a", ".so", "", None, "", "")),
        (
            "_a.cp311-win_amd64.pyd",
            ExtensionName("_a", ".cp311-win_amd64.pyd", "cpython", (3, 11), "", "win_amd64"),
        ),
        ("_a.cp313t-win32.pyd", ExtensionName("_a", ".cp313t-win32.pyd", "cpython", (3, 13), "t", "win32")),
        ("_a_d.cp311-win32.pyd", ExtensionName("_a", "_d.cp311-win32.pyd", "cpython", (3, 11), "d", "win32")),
        ("_d.pyd", ExtensionName("_d", ".pyd", "", None, "", "")),
        ("_a_d.pyd", ExtensionName("_a", "_d.pyd", "", None, "d", "")),
        ("_a.abi3.so", ExtensionName("_a", ".abi3.so", "abi3", None, "", "")),
        ("_a.abi3t.so", ExtensionName("_a", ".abi3t.so", "abi3t", None, "", "")),
        (
            "_a.abi3-x86_64-linux-gnu.so",
            ExtensionName("_a", ".abi3-x86_64-linux-gnu.so", "abi3", None, "", "x86_64-linux-gnu"),
        ),
        (
            "_a.cpython-37m-x86_64-linux-gnu.so",
            ExtensionName(
                "_a", ".cpython-37m-x86_64-linux-gnu.so", "cpython", (3, 7), "m", "x86_64-linux-gnu"
            ),
        ),
        (
            "_a.cpython-314t-darwin.so",
            ExtensionName("_a", ".cpython-314t-darwin.so", "cpython", (3, 14), "t", "darwin"),
        ),
        (
            "_a.pypy311-pp73-darwin.so",
            ExtensionName("_a", ".pypy311-pp73-darwin.so", "pypy", (3, 11), "", "darwin"),
        ),
        (
            "_a.pypy37-pp73-win_amd64.pyd",
            ExtensionName("_a", ".pypy37-pp73-win_amd64.pyd", "pypy", (3, 7), "", "win_amd64"),
        ),
        (
            "_a.graalpy250-312-native-aarch64-darwin.so",
            ExtensionName(
                "_a", ".graalpy250-312-native-aarch64-darwin.so", "graalpy", (3, 12), "", "aarch64-darwin"
            ),
        ),
        (
            "_a.cpython-313-iphoneos.fwork",
            ExtensionName("_a", ".cpython-313-iphoneos.fwork", "cpython", (3, 13), "", "iphoneos"),
        ),
        ("liba.dylib", None),
        ("liba.so.1", None),
        ("a.dll", None),
        ("so", None),
        (".so", None),
        ("a.cpython-311.txt", None),
    ],
)
def test_extension_names(name: str, expected: ExtensionName | None) -> None:
    """A file name is taken apart as the interpreter's import system would."""
    assert parse_extension_name(name) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("pkg/_a.cpython-311-darwin.so", True),
        ("pkg-1.0.data/platlib/pkg/_a.so", True),
        ("pkg-1.0.data/data/pkg/_a.so", False),
        ("pkg-1.0.data/scripts/a", False),
        ("pkg.libs/libfoo-1a2b.so", False),
        ("my-pkg/_a.so", False),
        ("pkg/lib-foo.so", False),
        ("_a.pyd", True),
        ("pkg/__init__.cpython-311-darwin.so", True),
    ],
)
def test_importable_paths(path: str, expected: bool) -> None:
    """Only files whose folders and stem are identifiers can be imported."""
    assert is_importable(path) is expected


@pytest.mark.parametrize(
    ("path", "hook"),
    [
        ("pkg/_a.abi3.so", "PyInit__a"),
        ("pkg/_a.abi3t.so", "PyModExport__a"),
        ("pkg/_a.so", "init_a"),
        ("pkg/__init__.cpython-310-darwin.so", "PyInit_pkg"),
        ("pkg/__init__.cpython-310-darwin.so", "PyInit___init__"),
        ("pkg/lančmít.so", "PyInitU_lanmt_2sa6t"),
        ("pkg/_a.so", "_cffi_pypyinit__a"),
    ],
)
def test_hooks_that_start_a_module(path: str, hook: str) -> None:
    """The hooks are those of PEP 489 and PEP 793, of Python 2, and of cffi on PyPy."""
    assert hook in expected_hooks(path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("attach_amd64.dll", "x86_64"),
        ("attach_x86.dll", "x86"),
        ("gui-arm64.exe", "arm64"),
        ("foo-x86-64.dll", "x86_64"),
        ("_win32.pyd", None),
        ("libfoo.so", None),
        ("convert_x86_to_arm64.dll", None),
        ("swarm64y.dll", None),
        ("tool-S390X.so", "s390x"),
        ("tool-\u017f390x.so", None),
    ],
)
def test_machines_that_a_file_name_claims(name: str, expected: str | None) -> None:
    """Only a whole token counts, and two different claims are none."""
    assert arch_token(name) == expected


def test_every_machines_token_holds_a_sign() -> None:
    """Names without one of the signs are not searched for tokens, so no token may do without."""
    assert all(any(sign in token for sign in _ARCH_SIGNS) for token in _ARCH_TOKENS)


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
    """Where the tags promise a Python ABI and no file is named like an extension, a library is read as one."""
    assert guess_role("pkg/core.dll", (pe(),), promises_extension=True) is Role.EXTENSION
    assert guess_role("pkg.libs/core.dll", (pe(),), promises_extension=True) is Role.LIBRARY


def roles(filename: str, *members: Member) -> dict[str, Role]:
    found = assign_roles(members, wheel(filename).targets)
    return {one.path: one.role for one in found}


def test_final_roles() -> None:
    """An init hook makes an extension; what it needs by name is a dependency; the rest are libraries."""
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


def test_the_graph_tells_dependencies() -> None:
    """Of two libraries of one name, the one that the load command leads to is needed, and so is what it needs."""
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
    """Helpers that differ in a machine's name only, one of which fits, are a family."""
    members = [member(f"pkg/{name}", pe(machine), role=Role.LIBRARY) for name, machine in files.items()]
    assert set(roles(filename, *members).values()) == {Role.FAMILY}


def test_no_family_without_a_fitting_member() -> None:
    """Two foreign machines do not excuse each other."""
    members = [member("pkg/a_x86.dll", pe(Machine.X86), role=Role.LIBRARY)]
    members.append(member("pkg/a_arm64.dll", pe(Machine.ARM64), role=Role.LIBRARY))
    assert set(roles(WIN, *members).values()) == {Role.LIBRARY}


def test_copies_of_one_machine_are_no_family() -> None:
    """Names that differ by a machine's name but hold the same machine are judged one by one."""
    members = [member("pkg/a_x86.dll", pe(Machine.ARM64), role=Role.LIBRARY)]
    members.append(member("pkg/a_amd64.dll", pe(Machine.ARM64), role=Role.LIBRARY))
    assert set(roles(WIN, *members).values()) == {Role.LIBRARY}


def test_shadowed_variants() -> None:
    """Of several files of one module, those that no target picks first are shadowed."""
    subject = wheel(
        WIN,
        member("pkg/_a.cp311-win_amd64.pyd", pe(Machine.X86_64)),
        member("pkg/_a.pyd", pe(Machine.ARM64)),
        member("pkg/_b.cp311-win_arm64.pyd", pe(Machine.ARM64)),
        member("pkg/_c.pyd", pe(Machine.ARM64)),
        member("pkg/_c.cp310-win_amd64.pyd", pe(Machine.X86_64)),
    )
    assert shadowed_variants(subject.members, subject.targets) == {
        "pkg/_a.pyd",
        "pkg/_c.cp310-win_amd64.pyd",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PYTHON311.DLL", "python311.dll"),
        ("python3.dll", "python3.dll"),
        ("python313t_d.dll", "python313t_d.dll"),
        ("libpython3.12.so.1.0", "libpython3.12.so.1.0"),
        ("libpython3.6m.so.1.0", "libpython3.6m.so.1.0"),
        ("PYTHON27.dll", "python27.dll"),
        ("@loader_path/../libpython3.13t.dylib", "libpython3.13t.dylib"),
        ("libpypy3.11-c.dll", "libpypy3.11-c.dll"),
        ("/Library/Frameworks/Python.framework/Versions/3.11/Python", "python"),
        ("@loader_path/.dylibs/Python", "python"),
        ("python-native.dll", "python-native.dll"),
        ("KERNEL32.dll", None),
        ("python.dll", None),
        ("pythoncom311.dll", None),
        ("libboost_python311.dll", None),
        ("/usr/lib/Python", None),
    ],
)
def test_python_runtime_libraries(name: str, expected: str | None) -> None:
    """Python's own libraries are told from libraries that only have its name in theirs."""
    assert python_library(name) == expected


@pytest.mark.parametrize(
    ("dll", "gil"),
    [
        ("python311.dll", "gil"),
        ("python3.dll", "gil"),
        ("python313t.dll", "free-threaded"),
        ("libpypy3.11-c.dll", "unknown"),
    ],
)
def test_python_linkage(dll: str, gil: str) -> None:
    """The runtime library tells the flavour of interpreter, where its name has one."""
    image = pe(Machine.X86_64, "KERNEL32.dll", dll, hooks=("PyInit__a", "initx"))
    linkage = python_linkage(member("pkg/_a.pyd", image))
    assert linkage == (dll, ("PyInit__a",), gil, None)


def test_arm64x_serves_arm64_only() -> None:
    """An ARM64X image loads into ARM64 processes and is no x64 image."""
    image = pe(Machine.ARM64, variant="arm64x")
    assert serves(image, "arm64")
    assert not serves(image, "x86_64")


def test_demands_of_several_tags_are_united() -> None:
    """Every architecture of every platform tag of one system is demanded once."""
    promise = wheel(
        "pkg-1.0-cp311-cp311-macosx_10_9_x86_64.macosx_11_0_arm64.macosx_10_9_universal2.whl"
    ).promise
    assert sorted(demanded_arches(promise.targets, "macos")) == ["arm64", "x86_64"]
