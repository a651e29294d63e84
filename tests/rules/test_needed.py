"""WA507 to WA512, WA523 and WA524 on plain values."""

from typing import Any

import pytest

from support.images import image
from support.values import elf, entry, macho, member, pe, wheel
from wheelarch import inspect
from wheelarch.facts.wheel import Wheel
from wheelarch.model import BuildVersion, Depth, Dylib, Fault, Image, Machine, Member, Role, Severity
from wheelarch.rules import Problem, Rule, find

ARM64, X86_64 = Machine.ARM64, Machine.X86_64
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

MAC = "pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl"
MAC_X86 = "pkg-1.0-cp311-cp311-macosx_10_9_x86_64.whl"
MAC_BOTH = "pkg-1.0-cp311-cp311-macosx_11_0_universal2.whl"
IOS = "pkg-1.0-cp313-cp313-ios_13_0_arm64_iphoneos.whl"
MANY = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
MUSL = "pkg-1.0-cp311-cp311-musllinux_1_2_x86_64.whl"
ANDROID = "pkg-1.0-cp313-cp313-android_24_arm64_v8a.whl"
WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"
EXT = "pkg/_core.cpython-311-darwin.so"
ELF_EXT = "pkg/_core.cpython-311-x86_64-linux-gnu.so"
PYD = "pkg/_core.pyd"
SYSTEM = "/usr/lib/libSystem.B.dylib"
BREW = "/opt/homebrew/opt/libomp/lib/libomp.dylib"
HASHED = "libz-1a2b3c4d.so.1.2"
BARE = "pkg-1.0-cp311-cp311-linux_x86_64.whl"
TORCHS = "libcudart-d0da41ae.so.11.0"
LEADING_OUT = member("pkg/other.so", elf(X86_64, runpath=("$ORIGIN/../torch/lib",)))
unknown = macho(unknown_required=((17, 0x80000099), (18, 0x8000009A)))


def asking(*names: str, machine: Machine = ARM64, kind: str = "load", **more: Any) -> Image:
    return macho(machine, dylibs=tuple(Dylib(name, kind) for name in (*names, SYSTEM)), **more)


def mac(*images: Image, name: str = MAC, also: tuple[Member, ...] = (), role: Role = Role.EXTENSION) -> Wheel:
    return wheel(name, member(EXT, *images, role=role), *also)


def linux(
    *needed: str, name: str = MANY, also: tuple[Member, ...] = (), machine: Machine = X86_64, **facts: Any
) -> Wheel:
    return wheel(name, member(ELF_EXT, elf(machine, *needed, **facts)), *also)


def windows(*dlls: str, also: tuple[Member, ...] = (), **more: Any) -> Wheel:
    return wheel(WIN, member(PYD, pe(X86_64, *dlls, **more)), *also)


def library(path: str, image: Image) -> Member:
    return member(path, image, role=Role.DEPENDENCY)


def sdk(major: int, **facts: Any) -> Image:
    return macho(build_versions=(BuildVersion("macos", (11, 0, 0), (major, 0, 0)),), **facts)


HOOKED = {"hooks": ("PyInit__core",)}

HITS: dict[str, list[Wheel]] = {
    "WA507": [
        mac(asking(BREW)),
        mac(asking("/Users/runner/work/build/libx.dylib")),
        mac(asking("libx.dylib")),
        mac(asking(BREW), also=(library("pkg/.dylibs/libomp.dylib", macho()),)),
        wheel(MAC, member(EXT, asking("@loader_path/libx.dylib")), library("pkg/libx.dylib", asking(BREW))),
        mac(macho(X86_64), asking(BREW), name=MAC_BOTH),
    ],
    "WA508": [
        mac(asking("@rpath/libomp.dylib")),
        mac(asking("@loader_path/../../../pkg.dylibs/libx.dylib")),
        mac(asking("@executable_path/../lib/libx.dylib")),
        mac(asking("@rpath/libtorch.dylib", rpaths=("@loader_path/../torch/lib",))),
    ],
    "WA509": [
        mac(sdk(26, rpaths=("@loader_path", "@loader_path/lib", "@loader_path"))),
        mac(sdk(26, dylibs=(Dylib(SYSTEM, "load"), Dylib(SYSTEM, "load")))),
        mac(sdk(14, rpaths=("@loader_path", "@loader_path"))),
    ],
    "WA510": [
        wheel(MAC, member(EXT, unknown)),
        wheel(MAC, member("pkg/libx.dylib", unknown, role=Role.LIBRARY)),
        wheel(IOS, member(EXT, unknown)),
    ],
    "WA511": [
        mac(macho(X86_64, (10, 9, 0), chained_fixups=True), name=MAC_X86),
        mac(macho(ARM64, (13, 0, 0), "ios", chained_fixups=True), name=IOS),
    ],
    "WA512": [
        mac(asking(BREW), asking(machine=X86_64), name=MAC_BOTH),
        mac(macho(ARM64, **HOOKED), macho(X86_64), name=MAC_BOTH),
        mac(
            asking("/Library/Frameworks/Python.framework/Versions/3.11/Python", "@rpath/liba.dylib"),
            asking("@rpath/libb.dylib", machine=X86_64),
            name=MAC_BOTH,
        ),
    ],
    "WA523": [
        linux("libssl.so.1.1", "libc.so.6"),
        linux("libgomp.so.1"),
        linux("libmvec.so.1"),
        linux("libstdc++.so.6", name=MUSL),
        linux("libcuda.so.1"),
        linux("libcublas.so.12"),
        linux("libfoo.so", runpath=("$ORIGIN/../torch/lib",)),
        linux(HASHED),
        linux(HASHED, name=BARE),
        linux(HASHED, runpath=("$ORIGIN/../pkg.libs",)),
        linux(HASHED, also=(library(f"pkg.libs/{HASHED}", elf(X86_64)),)),
        linux("libfoo.so", also=(library("pkg/libfoo.so", elf(X86_64)),)),
        linux("libneuralnetworks.so", name=ANDROID, machine=ARM64),
        linux("libx.so", also=(library("pkg.libs/libx.so", elf(X86_64, "liby.so.2")),)),
        windows("msvcp140.dll"),
        windows("foo.dll"),
        windows("cudart64_12.dll"),
        windows("zlib1-0123456789abcdef0123456789abcdef.dll"),
    ],
    "WA524": [
        linux(rpath=("/home/runner/work/pkg/build",)),
        linux(runpath=("$ORIGIN/../pkg.libs", "/tmp/build/lib")),
    ],
}  # fmt: skip

CLEAN: dict[str, list[Wheel]] = {
    "WA507": [
        mac(asking("/System/Library/Frameworks/Accelerate.framework/Versions/A/Accelerate", "@rpath/libx.dylib")),
        mac(asking("/Library/Frameworks/Python.framework/Versions/3.11/Python")),
        mac(macho(install_name="/Users/runner/work/build/libx.dylib")),
        mac(asking(BREW), role=Role.TEST_DATA),
        mac(asking(BREW, machine=X86_64), macho()),
        wheel("pkg-1.0-py3-none-any.whl", member("pkg/attach.dylib", asking(BREW), role=Role.LIBRARY)),
    ],
    "WA508": [
        mac(asking("@loader_path/libx.dylib"), also=(library("pkg/libx.dylib", macho()),)),
        mac(asking("@rpath/libx.dylib", rpaths=("@loader_path",)), also=(library("pkg/libx.dylib", macho()),)),
        mac(asking("@rpath/libx.dylib", kind="weak")),
        mac(asking("@rpath/Python.framework/Python", platform="ios"), name=IOS),
        mac(asking("@rpath/libx.dylib"), role=Role.TEST_DATA),
    ],
    "WA509": [
        mac(sdk(26, rpaths=("@loader_path", "@loader_path/lib"), dylibs=(Dylib(SYSTEM, "load"), Dylib(BREW, "weak")))),
        mac(sdk(26, rpaths=("@loader_path", "@loader_path"), faults=(Fault("outside", 32, "load command"),))),
    ],
    "WA510": [
        wheel(MAC, member(EXT, macho())),
        wheel("pkg-1.0-py3-none-any.whl", member("pkg/attach.dylib", unknown, role=Role.LIBRARY)),
        wheel(MAC, member("pkg/tests/data/x.dylib", unknown, role=Role.TEST_DATA)),
        wheel(MAC_X86, member(EXT, macho(Machine.X86_64), unknown)),
        wheel(MANY, member("pkg/_core.so", elf())),
    ],
    "WA511": [
        mac(macho(chained_fixups=True)),
        mac(macho(X86_64, (11, 0, 0), chained_fixups=True), name=MAC_X86),
        mac(macho(X86_64, (10, 9, 0), chained_fixups=True), name=MAC_X86.replace("10_9", "11_0")),
        mac(macho(X86_64, (10, 9, 0)), name=MAC_X86),
        mac(macho(X86_64, None, chained_fixups=True), name=MAC_X86),
    ],
    "WA512": [
        mac(asking(), asking(machine=X86_64), name=MAC_BOTH),
        mac(asking(), asking("/usr/lib/libc++.1.dylib", machine=X86_64), name=MAC_BOTH),
        mac(
            asking(),
            asking("@loader_path/libquadmath.dylib", machine=X86_64),
            name=MAC_BOTH,
            also=(library("pkg/libquadmath.dylib", macho(X86_64)),),
        ),
        mac(asking(BREW), asking(machine=X86_64)),
        mac(macho(ARM64, **HOOKED, depth=Depth.HEADER), macho(X86_64, depth=Depth.HEADER), name=MAC_BOTH),
        mac(macho(ARM64, **HOOKED), macho(X86_64, faults=(Fault("truncated", 9, "x"),)), name=MAC_BOTH),
    ],
    "WA523": [
        linux("libc.so.6", "libm.so.6", "libpthread.so.0", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"),
        linux("libmvec.so.1", name=MANY.replace("2_17", "2_24")),
        linux("libc.musl-x86_64.so.1", "libz.so.1", name=MUSL),
        linux("libpython3.11.so.1.0"),
        linux("libssl.so.1.1", name=BARE),
        linux("libfoo.so", name=BARE, also=(library("pkg/libfoo.so", elf(X86_64)),)),
        linux(HASHED, runpath=("$ORIGIN/../pkg.libs",), also=(library(f"pkg.libs/{HASHED}", elf(X86_64)),)),
        linux("libssl.so.1.1", machine=ARM64),
        linux("libc.musl-x86_64.so.1", "libstdc++.so.6"),
        linux("libc.so.6", "libstdc++.so.6", name=MUSL),
        linux(HASHED, rpath=("$ORIGIN/../pkg.libs",), also=(library(f"pkg.libs/{HASHED}", elf(X86_64, HASHED)),)),
        linux("liblog.so", "libc.so", "libvulkan.so", "libpython3.13.so", name=ANDROID, machine=ARM64),
        wheel(MANY, member("pkg/tool", elf(X86_64, "libssl.so.1.1"), role=Role.LIBRARY)),
        windows("KERNEL32.dll", "python311.dll", "VCRUNTIME140.dll", "api-ms-win-crt-heap-l1-1-0.dll", "WINSPOOL.DRV"),
        windows("ext-ms-win-uiacore-l1-1-0.dll", "ucrtbase.dll", "bthprops.cpl", delayed=("nvcuda.dll",)),
        windows("msvcp140-1a.dll", also=(library("pkg.libs/msvcp140-1a.dll", pe()),)),
        wheel("pkg-1.0-cp311-cp311-mingw_x86_64_ucrt_gnu.whl", member(PYD, pe(X86_64, "libgcc_s_seh-1.dll"))),
    ],
    "WA524": [
        linux(rpath=("$ORIGIN/../pkg.libs", "/usr/lib64", "/usr/local/lib", "/usr/local/cuda/lib64", "relative")),
        linux(rpath=("/home/me",), name=MUSL, machine=ARM64),
        wheel(MANY, member("pkg/tool", elf(X86_64, rpath=("/home/me",)), role=Role.LIBRARY)),
    ],
}  # fmt: skip


def rule(code: str) -> Rule:
    return find(code)


def only(code: str, subject: Wheel) -> Problem:
    (problem,) = rule(code).check(subject)
    return problem


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, each in HITS.items() for one in each])
def test_hits(code: str, subject: Wheel) -> None:
    """Each of these wheels has the problem."""
    assert list(rule(code).check(subject))


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, each in CLEAN.items() for one in each])
def test_clean(code: str, subject: Wheel) -> None:
    """None of these wheels has the problem."""
    assert list(rule(code).check(subject)) == []


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA507", mac(asking(BREW)), ERROR),
        ("WA507", mac(asking("/usr/local/opt/libomp/lib/libomp.dylib")), ERROR),
        ("WA507", mac(asking(BREW), role=Role.LIBRARY), WARNING),
        ("WA507", mac(asking(BREW), also=(library("pkg/libomp.dylib", macho()),)), WARNING),
        ("WA507", mac(asking(BREW, kind="weak")), WARNING),
        ("WA507", mac(asking("/opt/local/lib/libz.1.dylib")), WARNING),
        ("WA507", mac(asking("/Library/Frameworks/R.framework/Versions/4.4/libR.dylib")), WARNING),
        ("WA507", mac(asking("libx.dylib")), WARNING),
        ("WA508", mac(asking("@rpath/libomp.dylib")), WARNING),
        ("WA508", mac(asking("@loader_path/../../x.dylib"), also=(library("pkg/x.dylib", macho()),)), WARNING),
        ("WA508", mac(asking("@loader_path/../torch/lib/x.dylib")), NOTE),
        ("WA508", mac(asking("@loader_path/lib/x.dylib"), also=(library("pkg/x.dylib", macho()),)), WARNING),
        ("WA508", mac(asking("@rpath/x.dylib"), also=(library("pkg/x.dylib", macho()),)), NOTE),
        ("WA508", mac(asking("@rpath/libc10.dylib")), NOTE),
        ("WA508", mac(asking("@rpath/libx.dylib", rpaths=("@loader_path/../other/lib",))), NOTE),
        ("WA508", mac(asking("@rpath/libx.dylib", rpaths=("@loader_path/lib",))), WARNING),
        ("WA509", mac(sdk(26, rpaths=("a", "a"))), WARNING),
        ("WA509", mac(sdk(15, rpaths=("a", "a"))), WARNING),
        ("WA509", mac(sdk(14, rpaths=("a", "a"))), NOTE),
        ("WA523", linux("libssl.so.1.1"), WARNING),
        ("WA523", linux("libcuda.so.1"), NOTE),
        ("WA523", linux("libcudart.so.12"), NOTE),
        ("WA523", linux("libfoo.so", runpath=("$ORIGIN/../../nvidia/lib",)), NOTE),
        ("WA523", linux("libfoo.so", runpath=("$ORIGIN/lib",)), WARNING),
        ("WA523", linux(HASHED), ERROR),
        ("WA523", linux(HASHED, runpath=("$ORIGIN/../other.libs",)), NOTE),
        ("WA523", linux(HASHED, runpath=("$ORIGIN/../pkg.libs",)), ERROR),
        ("WA523", linux(HASHED, runpath=("$ORIGIN/../pkg.libs", "$ORIGIN/../torch/lib")), ERROR),
        ("WA523", linux(HASHED, also=(LEADING_OUT,)), ERROR),
        ("WA523", linux(HASHED, name=BARE), ERROR),
        ("WA523", linux(TORCHS), NOTE),
        ("WA523", linux("libfoo.so", runpath=("$ORIGIN/../pkg.libs",)), WARNING),
        ("WA523", linux("libfoo.so", also=(LEADING_OUT,)), WARNING),
        ("WA523", linux(HASHED, also=(library(f"pkg.libs/{HASHED}", elf(X86_64)),)), ERROR),
        ("WA523", linux("libfoo.so", also=(library("pkg/libfoo.so", elf(X86_64)),)), NOTE),
        ("WA523", windows("msvcp140-0123456789abcdef0123456789abcdef.dll"), ERROR),
        ("WA523", linux("libfoo-12345678.so.1"), ERROR),
        ("WA523", linux("libfoo-1234567.so.1"), WARNING),
        ("WA523", windows("msvcp140.dll"), WARNING),
        ("WA523", windows("nvcuda.dll"), NOTE),
        ("WA523", windows("zlib1-0123456789abcdef0123456789abcdef.dll"), ERROR),
    ],
)  # fmt: skip
def test_severities(code: str, subject: Wheel, severity: Severity) -> None:
    """An error only where nothing on a user's machine can help."""
    assert (only(code, subject).severity or rule(code).severity) is severity


def test_folders_of_the_wheel_are_told_by_all_its_files() -> None:
    """A run path into a package of this very wheel does not lead to another distribution."""
    core = member(EXT, asking("@rpath/libx.dylib", rpaths=("@loader_path/../other/lib",)))
    subject = wheel(MAC, core, entries=[entry(EXT), entry("other/__init__.py")])
    assert only("WA508", subject).severity is None


def test_dyld_is_quoted() -> None:
    """The first unknown command is named as dyld names it, with the slice of a fat file."""
    problem = only("WA510", wheel(MAC_BOTH, member(EXT, macho(Machine.X86_64), unknown)))
    assert problem.slice == "arm64"
    assert problem.consequence == "load command #17 unknown required load command 0x80000099"
    assert problem.tags == ("cp311-cp311-macosx_11_0_universal2",)


@pytest.mark.parametrize(
    ("code", "subject", "message", "consequence"),
    [
        (
            "WA507", mac(asking(BREW)),
            f"{EXT} needs libomp.dylib at the absolute path {BREW}", f"Library not loaded: {BREW}",
        ),
        (
            "WA508", mac(asking("@rpath/a.dylib"), also=(library("pkg/x/a.dylib", macho()),)),
            f"{EXT} needs @rpath/a.dylib, which leads to no file of the wheel; the wheel holds pkg/x/a.dylib",
            "Library not loaded: @rpath/a.dylib",
        ),
        (
            "WA509", mac(sdk(26, rpaths=("@loader_path", "@loader_path"))),
            f"{EXT} has two LC_RPATH commands for @loader_path", "duplicate LC_RPATH '@loader_path'",
        ),
        (
            "WA511", mac(macho(X86_64, (10, 9, 0), chained_fixups=True), name=MAC_X86),
            f"{EXT} is built for 10.9 and has chained fixups, which came with 11.0",
            "unknown required load command 0x80000034",
        ),
        (
            "WA512", mac(asking(BREW), asking(machine=X86_64), name=MAC_BOTH),
            f"the slices of {EXT} differ: arm64 alone has {BREW}", "",
        ),
        (
            "WA523", linux("libssl.so.1.1"),
            f"{ELF_EXT} needs libssl.so.1.1: neither the wheel nor the system has it",
            "libssl.so.1.1: cannot open shared object file: No such file or directory",
        ),
        (
            "WA523", windows("msvcp140.dll"),
            f"{PYD} needs msvcp140.dll: it comes with the Visual C++ Redistributable, which not every Windows has",
            "ImportError: DLL load failed while importing _core: The specified module could not be found.",
        ),
        ("WA524", linux(rpath=("/home/me",)), f"{ELF_EXT} looks for libraries in /home/me", ""),
    ],
)  # fmt: skip
def test_words(code: str, subject: Wheel, message: str, consequence: str) -> None:
    """A problem says who asks for what, and what the loader will say."""
    problem = only(code, subject)
    assert (problem.message, problem.consequence) == (message, consequence)


def test_a_library_that_another_file_finds_is_loaded_once() -> None:
    """A hashed name without a run path is a note where some other file of the wheel leads ld.so to that library."""
    other = member("pkg/first.so", elf(X86_64, HASHED, runpath=("$ORIGIN/../pkg.libs",)))
    problem = only("WA523", linux(HASHED, also=(other, library(f"pkg.libs/{HASHED}", elf(X86_64)))))
    assert (problem.member, problem.severity) == (ELF_EXT, NOTE)


def test_a_wheel_for_two_policies_has_to_do_with_the_older() -> None:
    """Only the triples whose policy lacks the library are named."""
    subject = linux(
        "libmvec.so.1", name="pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl"
    )
    assert only("WA523", subject).tags == ("cp311-cp311-manylinux_2_17_x86_64",)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({EXT: "macos-arm64-homebrew.so"}, {"WA507"}),
        ({EXT: "macos-arm64-helper-user.so"}, {"WA508"}),
        (
            {EXT: "macos-arm64-helper-user.so", "pkg/.dylibs/libhelper.dylib": "macos-arm64-helper.dylib"},
            set(),
        ),
        ({ELF_EXT: "linux-x86_64-rpath.so"}, {"WA523"}),
        ({ELF_EXT: "linux-x86_64-rpath.so", "demo.libs/libhelper.so": "linux-x86_64-helper.so"}, set()),
        ({ELF_EXT: "linux-x86_64-runpath.so", "demo.libs/libhelper.so": "linux-x86_64-helper.so"}, set()),
        ({PYD: "win_amd64-helper-user.pyd"}, {"WA523"}),
        ({PYD: "win_amd64-helper-user.pyd", "pkg.libs/helper.dll": "win_amd64-helper.dll"}, set()),
    ],
)
def test_real_files(files: dict[str, str], found: set[str]) -> None:
    """What linkers wrote is followed to the library, in the folder where it lies, and missed where it does not."""
    name = MAC if EXT in files else MANY if ELF_EXT in files else WIN
    members = [member(path, *inspect(image(file))) for path, file in files.items()]
    assert {code for code in HITS if list(rule(code).check(wheel(name, *members)))} == found
