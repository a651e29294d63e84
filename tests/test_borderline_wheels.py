"""Wheels that look wrong and work, and wheels that look right and do not."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

import wheelarch
from support.images import image
from support.wheels import build_wheel
from wheelarch.model import Severity

GNU = ".cpython-312-x86_64-linux-gnu.so"
DARWIN = ".cpython-312-darwin.so"
WIN = "demo-1.0-cp311-abi3-win_amd64.whl"
LINUX = "demo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"
MUSL = "demo-1.0-cp312-cp312-musllinux_1_2_aarch64.whl"
MUSL_AARCH64 = ".cpython-312-aarch64-linux-musl.so"
UNIVERSAL2 = "demo-1.0-cp312-cp312-macosx_11_0_universal2.whl"


class Case(NamedTuple):
    name: str
    members: Mapping[str, str]
    """Images of testdata by path."""
    code: str
    """The rule that must catch it; empty for a wheel that works."""
    severity: Severity = Severity.ERROR
    renamed: Mapping[bytes, bytes] = {}
    """Library names in the images, and what replaces them; no longer than they."""


BROKEN = {
    "a program named as an extension module": Case(WIN, {"demo/ext.pyd": "win_amd64-program.exe"}, "WA907"),
    "an object file named as an extension module": Case(LINUX, {f"demo/ext{GNU}": "linux-x86_64.o"}, "WA907"),
    "a static archive named as an extension module": Case(
        LINUX, {f"demo/ext{GNU}": "linux-x86_64.a"}, "WA907"
    ),
    "a Mach-O program named as an extension module": Case(
        UNIVERSAL2, {f"demo/ext{DARWIN}": "macos-arm64-program"}, "WA907"
    ),
    "WebAssembly named as an extension module": Case(
        LINUX, {f"demo/ext{GNU}": "emscripten-wasm32.so"}, "WA208"
    ),
    "a macOS program as a Linux command": Case(
        "demo-1.0-py3-none-manylinux_2_17_x86_64.whl",
        {"demo-1.0.data/scripts/tool": "macos-x86_64-program"},
        "WA205",
    ),
    "a Linux program as all that a Windows wheel contains": Case(
        "demo-1.0-py3-none-win_amd64.whl", {"demo/tool": "linux-x86_64-program"}, "WA205"
    ),
    "two systems tagged, one served": Case(
        "demo-1.0-cp311-abi3-manylinux_2_17_x86_64.win_amd64.whl",
        {"demo/ext.abi3.so": "linux-x86_64-glibc.so"},
        "WA112",
    ),
    "two machines tagged, a program for one": Case(
        "demo-1.0-py3-none-manylinux_2_17_aarch64.manylinux_2_17_x86_64.whl",
        {"demo/tool": "linux-x86_64-program"},
        "WA112",
    ),
    "a package named like test data": Case(LINUX, {f"corpus/ext{GNU}": "linux-aarch64-glibc.so"}, "WA201"),
    "an abi3 module in a folder of samples": Case(
        WIN, {"demo/samples/ext.pyd": "win_amd64-python311.pyd"}, "WA301"
    ),
    "ARM64EC as all that a win_amd64 wheel contains": Case(
        "demo-1.0-py3-none-win_amd64.whl", {"demo/helper.dll": "win_arm64ec-python3.pyd"}, "WA209"
    ),
    "a runtime for another machine that nothing needs": Case(
        WIN,
        {"demo/ext.pyd": "win_amd64-python3.pyd", "demo/vccorlib140.dll": "win_arm64-helper.dll"},
        "WA203",
        Severity.WARNING,
    ),
    "the wrong library beside its user, the right one elsewhere": Case(
        WIN,
        {
            "demo/ext.pyd": "win_amd64-helper-user.pyd",
            "demo/helper.dll": "win_arm64-helper.dll",
            "other/helper.dll": "win_amd64-helper.dll",
        },
        "WA203",
        Severity.WARNING,
    ),
    "a library with a hash in its name, and no folder for it": Case(
        LINUX,
        {f"demo/ext{GNU}": "linux-x86_64-rpath.so"},
        "WA523",
        renamed={b"libhelper.so": b"-0123abcd.so"},
    ),
    "a library with a hash in its name that no run path leads to": Case(
        LINUX,
        {f"demo/ext{GNU}": "linux-x86_64-rpath.so", "other/-0123abcd.so": "linux-x86_64-helper.so"},
        "WA523",
        Severity.WARNING,
        renamed={b"libhelper.so": b"-0123abcd.so"},
    ),
    "a newer glibc than the tag's beside a root file system": Case(
        LINUX,
        {f"demo/ext{GNU}": "linux-x86_64-glibc2.34.so", "demo/rootfs/libc.so.6": "linux-x86_64-helper.so"},
        "WA520",
    ),
    "a newer zlib than the tag's policy has": Case(
        LINUX,
        {f"demo/ext{GNU}": "linux-x86_64-glibc2.34.so"},
        "WA520",
        renamed={b"GLIBC_2.34": b"ZLIB_1.2.9", b"libc.so.6": b"libz.so.1"},
    ),
    "a library of glibc that musl does not answer to": Case(
        MUSL,
        {f"demo/ext{MUSL_AARCH64}": "linux-aarch64-glibc.so"},
        "WA521",
        renamed={b"libc.so.6": b"ld64.so.1"},
    ),
    "two libraries, and both need a newer glibc": Case(
        "demo-1.0-py3-none-manylinux_2_17_x86_64.whl",
        {"demo/lib-a.so": "linux-x86_64-glibc2.34.so", "demo/lib-b.so": "linux-x86_64-glibc2.34.so"},
        "WA520",
    ),
    "two programs, and both are for glibc": Case(
        "demo-1.0-py3-none-musllinux_1_2_x86_64.whl",
        {"demo/bin/one": "linux-x86_64-program", "demo/bin/two": "linux-x86_64-program"},
        "WA521",
    ),
    "the wrong copy of a system's DLL beside its user": Case(
        WIN,
        {"demo/ext.pyd": "win_amd64-helper-user.pyd", "demo/winmm.dll": "win32-helper.dll"},
        "WA203",
        renamed={b"helper.dll": b"winmm.dll"},
    ),
    "a runtime for another machine that a ctypes library needs": Case(
        "demo-1.0-py3-none-win_amd64.whl",
        {"demo/engine.dll": "win_amd64-helper-user.pyd", "demo/mfc90.dll": "win_arm64-helper.dll"},
        "WA203",
        renamed={b"helper.dll": b"mfc90.dll"},
    ),
    "a library for another machine that a ctypes library needs": Case(
        "demo-1.0-py3-none-manylinux_2_17_x86_64.whl",
        {"demo/libengine.so": "linux-x86_64-rpath.so", "demo.libs/libhelper.so": "linux-aarch64-helper.so"},
        "WA203",
    ),
    "a library for another Mac that a ctypes library needs": Case(
        "demo-1.0-py3-none-macosx_11_0_arm64.whl",
        {
            "demo/libengine.so": "macos-arm64-helper-user.so",
            "demo/.dylibs/libhelper.dylib": "macos-x86_64-helper.dylib",
        },
        "WA203",
    ),
    "a module for another machine that its folder does not name": Case(
        WIN,
        {"demo/ext.pyd": "win_amd64-python3.pyd", "demo/x86/ext.pyd": "win_arm64-python3.pyd"},
        "WA201",
    ),
    "all modules in a folder that is named for another machine": Case(
        WIN, {"demo/arm64/ext.pyd": "win_arm64-python3.pyd"}, "WA201"
    ),
    "a payload as all that the wheel contains": Case(
        "demo-1.0-py3-none-win_amd64.whl", {"demo/inject_arm64.dll": "win_arm64-helper.dll"}, "WA203"
    ),
}

WORKING = {
    "ARM64X beside x64 on purpose": Case(
        WIN, {"demo/ext.pyd": "win_amd64-python3.pyd", "demo/hybrid.dll": "win_arm64x-python3.pyd"}, ""
    ),
    "one extension module per slice, told apart by name": Case(
        UNIVERSAL2,
        {"demo/ext.arm64.so": "macos-arm64-11.0.so", "demo/ext.x86_64.so": "macos-x86_64-11.0.so"},
        "",
    ),
    "one extension module per slice, told apart by folder": Case(
        UNIVERSAL2,
        {
            f"demo/arm64/ext{DARWIN}": "macos-arm64-11.0.so",
            f"demo/x86_64/ext{DARWIN}": "macos-x86_64-11.0.so",
        },
        "",
    ),
    "a module for ARM64EC in a folder of that name": Case(
        WIN,
        {
            "demo/ext.pyd": "win_amd64-python3.pyd",
            "demo/libs/arm64ec/ext.pyd": "win_arm64ec-python3.pyd",
            "demo/libs/arm64ec/helper.dll": "win_amd64-helper.dll",
        },
        "",
    ),
    "a module for another machine in a folder of that name": Case(
        LINUX,
        {
            f"demo/ext{GNU}": "linux-x86_64-glibc.so",
            "demo/linux_aarch64/ext.so": "linux-aarch64-glibc.so",
        },
        "",
    ),
    "a cross toolchain's libraries": Case(
        LINUX,
        {
            f"demo/ext{GNU}": "linux-x86_64-glibc.so",
            "demo/targets/aarch64-linux/lib/libcudart.so.12": "linux-aarch64-helper.so",
            "demo/libc/aarch64/libc.so": "linux-aarch64-helper.so",
        },
        "",
    ),
    "a Python in the wheel": Case(
        "demo-1.0-py3-none-manylinux_2_17_x86_64.whl",
        {
            "demo/bin/python3.12": "linux-x86_64-program",
            f"demo/lib/python3.12/lib-dynload/ext{GNU}": "linux-x86_64-glibc.so",
        },
        "",
    ),
    "a library for musl whose versions are called GLIBC": Case(
        MUSL,
        {f"demo/ext{MUSL_AARCH64}": "linux-aarch64-glibc.so"},
        "",
        renamed={b"libc.so.6": b"libz.so.1"},
    ),
    "two programs for glibc": Case(
        "demo-1.0-py3-none-manylinux_2_17_x86_64.whl",
        {"demo/bin/one": "linux-x86_64-program", "demo/bin/two": "linux-x86_64-program"},
        "",
    ),
    "a musl build that no glibc Python imports": Case(
        LINUX,
        {
            f"demo/ext{GNU}": "linux-x86_64-glibc.so",
            "demo/ext.cpython-312-x86_64-linux-musl.so": "linux-x86_64-musl.so",
        },
        "",
    ),
    "libraries of both C libraries, chosen at run time": Case(
        "demo-1.0-py3-none-manylinux_2_17_x86_64.whl",
        {"demo/gnu/libh.so": "linux-x86_64-glibc.so", "demo/musl/libh.so": "linux-x86_64-musl.so"},
        "",
    ),
    "a cross tool named for what it works on": Case(
        LINUX,
        {f"demo/ext{GNU}": "linux-x86_64-glibc.so", "demo/bin/qemu-aarch64": "linux-x86_64-program"},
        "",
    ),
    "another machine's copy of a system's DLL": Case(
        WIN,
        {"demo/ext.pyd": "win_amd64-helper-user.pyd", "demo/hooks/winmm.dll": "win32-helper.dll"},
        "",
        renamed={b"helper.dll": b"winmm.dll"},
    ),
    "another machine's root file system": Case(
        LINUX,
        {f"demo/ext{GNU}": "linux-x86_64-glibc.so", "demo/rootfs/lib/libc.so.6": "linux-aarch64-helper.so"},
        "",
    ),
    "another machine's copy of a library that every Linux has": Case(
        LINUX,
        {f"demo/ext{GNU}": "linux-x86_64-rpath.so", "demo.libs/librt.so.1": "linux-aarch64-helper.so"},
        "",
        renamed={b"libhelper.so": b"librt.so.1"},
    ),
    "a library that is named for its machine and that nothing needs": Case(
        WIN, {"demo/ext.pyd": "win_amd64-python3.pyd", "demo/inject_arm64.dll": "win_arm64-helper.dll"}, ""
    ),
    "an x86 helper in a win_amd64 wheel": Case(
        WIN, {"demo/ext.pyd": "win_amd64-python3.pyd", "demo/cli.exe": "win32-program.exe"}, ""
    ),
}


def renamed(data: bytes, names: Mapping[bytes, bytes]) -> bytes:
    for old, new in names.items():
        data = data.replace(old + b"\0", new.ljust(len(old) + 1, b"\0"))
    return data


def findings(case: Case) -> list[wheelarch.Finding]:
    data = build_wheel(
        case.name,
        {path: renamed(image(source), case.renamed) for path, source in case.members.items()},
        modes=dict.fromkeys((path for path in case.members if "/scripts/" in path), 0o755),
    )
    select = ("WA", case.code) if case.code else ()
    return list(wheelarch.audit(data, name=case.name, select=select, second_opinion="off").findings)


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN)
def test_broken(case: Case) -> None:
    """The fault is found by the rule that says it best, with at least the severity that it deserves."""
    found = [
        one for one in findings(case) if one.code == case.code and one.severity.rank >= case.severity.rank
    ]
    assert found


@pytest.mark.parametrize("case", WORKING.values(), ids=WORKING)
def test_working(case: Case) -> None:
    """A wheel that works gets no error and no warning."""
    assert [one for one in findings(case) if one.severity is not Severity.NOTE] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("demo/cli.exe", "win32-program.exe"),
        ("demo/inject_arm64.dll", "win_arm64-helper.dll"),
        ("demo/embed32/python3.dll", "win32-helper.dll"),
    ],
)
def test_files_for_other_processes_are_noted(path: str, source: str) -> None:
    """A file for another machine that a 64-bit Python never opens is reported as a helper, and only as a note."""
    case = Case(WIN, {"demo/ext.pyd": "win_amd64-python3.pyd", path: source}, "WA207")
    noted = [one for one in findings(case) if one.code.startswith("WA2")]
    assert [(one.code, one.member, one.severity) for one in noted] == [("WA207", path, Severity.NOTE)]


def test_a_runtime_that_nothing_needs_is_no_error() -> None:
    """An unused C++ runtime for another machine breaks nothing: the win_arm64 wheels of PySide6 have one and work."""
    found = findings(BROKEN["a runtime for another machine that nothing needs"])
    assert {one.severity for one in found if one.code == "WA203"} == {Severity.WARNING}


@pytest.mark.parametrize(
    "case",
    [
        "a runtime for another machine that a ctypes library needs",
        "a library for another machine that a ctypes library needs",
        "a library for another Mac that a ctypes library needs",
    ],
)
def test_the_file_that_needs_a_wrong_library_is_named(case: str) -> None:
    """Whatever the library is called: what a file for the right machine asks for must be for that machine too."""
    (found,) = [one for one in findings(BROKEN[case]) if one.code == "WA203"]
    assert "demo/" in found.message.partition("; ")[2]
    assert found.message.endswith(" needs it")


def test_a_second_download_is_still_judged() -> None:
    """The ` (1)` of a browser in the file name is reported, and the audit goes by the tags of WHEEL."""
    data = build_wheel(WIN, {"demo/ext.pyd": image("win_arm64-python3.pyd")})
    report = wheelarch.audit(data, name=WIN.replace(".whl", " (1).whl"), second_opinion="off")
    assert {"WA101", "WA201"} <= {finding.code for finding in report.findings}
