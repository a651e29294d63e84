"""Wheels and members for the rules about the link to Python."""

from collections.abc import Iterable
from typing import Any

from support.rules import problems
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import (
    Dylib,
    Machine,
    Member,
    PythonLinkage,
    Role,
    StableAbi,
    Symbol,
)

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
HOOK = ("PyInit__core",)
FRAMEWORK = "/Library/Frameworks/Python.framework/Versions/3.11/Python"


def pyd(*dlls: str, path: str = "pkg/_core.pyd", **more: object) -> Member:
    """An extension module for Windows that imports these DLLs."""
    return member(path, pe(X86_64, "KERNEL32.dll", *dlls, "VCRUNTIME140.dll", hooks=HOOK, **more))


def dll(*dlls: str) -> Member:
    """A library for Windows that imports these DLLs."""
    return member("pkg/helper.dll", pe(X86_64, *dlls), role=Role.LIBRARY)


def so(*needed: str, path: str = "pkg/_core.so", **more: object) -> Member:
    """An extension module for Linux or Android that needs these libraries."""
    return member(path, elf(X86_64, *needed, "libc.so.6", hooks=HOOK, **more))


def bundle(*dylibs: Dylib, role: Role = Role.EXTENSION, **more: Any) -> Member:
    """An extension module for an Apple system with these load commands."""
    return member("pkg/_core.so", macho(hooks=HOOK, dylibs=dylibs, **more), role=role)


def measured(one: Member, floor: tuple[int, int], *outside: str) -> Member:
    """The module with its names compared with the stable ABI."""
    return one._replace(python=PythonLinkage(None, HOOK, "unknown", StableAbi(floor, outside)))


def symbols(*names: str, library: str = "") -> tuple[Symbol, ...]:
    """Imported symbols."""
    return tuple(Symbol(name, library) for name in names)


def tagged(tag: str, *members: Member) -> Wheel:
    """A wheel with this tag."""
    return wheel(f"pkg-1.0-{tag}.whl", *members)


def loads(name: str) -> Dylib:
    """A plain load command for a library."""
    return Dylib(name, "load")


LIBSYSTEM = loads("/usr/lib/libSystem.B.dylib")

WELL_LINKED = [
    # cryptography
    tagged("cp315-abi3.abi3t-win_amd64", pyd("python3t.dll", path="cryptography/_core.pyd")),
    # markupsafe
    tagged(
        "cp314-cp314t-win_arm64",
        member("markupsafe/_core.cp314t-win_arm64.pyd", pe(ARM64, "python314t.dll", hooks=HOOK)),
    ),
    # capstone
    tagged("cp314-cp314t-win_arm64", member("capstone/lib/capstone.dll", pe(ARM64), role=Role.LIBRARY)),
    # winrt
    tagged("cp38-none-win_amd64", pyd("python38.dll", path="winrt/_winrt.pyd")),
    # other implementations and distributions
    tagged("pp311-pypy311_pp73-win_amd64", pyd("libpypy3.11-c.dll")),
    tagged("pp38-pypy38_pp73-win_amd64", pyd("libpypy3-c.dll")),
    tagged("graalpy312-graalpy250_312_native-win_amd64", pyd("python-native.dll")),
    tagged("cp312-cp312-mingw_x86_64_ucrt_gnu", pyd("libpython3.12.dll")),
    # other versions, flavors and ABIs
    tagged("cp311-cp311-win_amd64", pyd("python311.dll"), dll("python311.dll")),
    tagged("cp39-abi3-win_amd64", pyd("python3.dll")),
    tagged("cp27-cp27m-win_amd64", pyd("python27.dll")),
    tagged("cp310.cp311-cp310.cp311-win_amd64", pyd("python311.dll")),
    tagged("cp315-cp315t-win_amd64", pyd("python3t.dll")),
    tagged("cp311-cp311d-win_amd64", pyd("python311_d.dll", "vcruntime140d.dll")),
    tagged("py3-none-win_amd64", pyd("python311.dll")),
    tagged("py2.py3-none-any", pyd("python39.dll", path="pkg/_core.cp39-win_amd64.pyd")),
    # a variant that no Python of the tag imports
    tagged(
        "cp314-cp314-win_amd64",
        pyd("python314.dll", path="pkg/_core.cp314-win_amd64.pyd"),
        pyd("python39.dll", path="pkg/_core.cp39-win_amd64.pyd"),
    ),
    # other systems
    tagged("cp313-cp313-android_21_x86_64", so("libpython3.13.so")),
    tagged(
        "cp313-cp313-ios_13_0_arm64_iphoneos",
        bundle(LIBSYSTEM, loads("@rpath/Python.framework/Python"), platform="ios"),
    ),
    tagged("cp311-cp311-macosx_11_0_arm64", bundle(LIBSYSTEM)),
    tagged("cp311-cp311-manylinux_2_17_x86_64", so()),
    tagged("cp313-cp313-manylinux_2_17_x86_64", so(imported=symbols("_Py_Dealloc"))),
    tagged(
        "cp313-cp313t-manylinux_2_17_x86_64",
        so(imported=symbols("_Py_DecRefShared", "_Py_Dealloc", "PyList_New")),
    ),
    # Rust does not drop references inline
    tagged("cp314-cp314t-manylinux_2_17_x86_64", so(imported=symbols("PyList_New", "_Py_DecRef"))),
    tagged("cp315-abi3.abi3t-manylinux_2_17_x86_64", so(imported=symbols("_Py_Dealloc"))),
]
"""Wheels that no rule about the link to Python reports."""

COMPARE_DLLS = ("WA301", "WA302", "WA303", "WA304", "WA305", "WA306", "WA308")
"""The rules that compare names of Python DLLs with the tags."""


def assert_each_dll_has_one_code(code: str, subject: Wheel) -> None:
    """A wrong Python DLL is reported by one of the rules that compare DLL names, not by two."""
    found = [one for each in COMPARE_DLLS for one in problems(each, subject)]
    blamed = [(one.member, one.evidence["have"]) for one in found]
    assert len(blamed) == len(set(blamed))
    if code in COMPARE_DLLS:
        assert found == problems(code, subject)


def assert_unreadable_member_is_no_problem(codes: Iterable[str]) -> None:
    """A member without images breaks no rule."""
    subject = tagged("cp311-cp311-win_amd64", member("pkg/_core.pyd"))
    assert all(problems(code, subject) == [] for code in codes)
