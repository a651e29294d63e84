"""The table of platforms is consistent, and agrees with the binaries in testdata and with rustc."""

import shutil
import subprocess

import pytest

import wheelarch
from support.images import image
from wheelarch import Depth
from wheelarch.facts.libc import libc_of
from wheelarch.interpreter.triples import (
    PLATFORMS,
    UNIVERSAL2,
    Platform,
    of_image,
    of_platform,
    of_tag,
    of_triple,
)

each_platform = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda row: row.triple)


def test_each_triple_stands_once() -> None:
    """Each triple has one platform."""
    triples = [row.triple for row in PLATFORMS]
    assert len(set(triples)) == len(triples)


@each_platform
def test_lookups_agree(platform: Platform) -> None:
    """A platform is found by its triple, by each of its strings, and by its tag."""
    assert of_triple(platform.triple) is platform
    assert platform in of_tag(platform.tag) or platform.variant
    for string in platform.strings:
        found = of_platform(string, bits=platform.bits, libc=platform.libc, variant=platform.variant)
        assert found is not None
        assert found.arch == platform.arch
        assert found.tag.split("_")[0] == platform.tag.split("_")[0]


def test_rustc_knows_each_triple() -> None:
    """All triples are known to rustc, except universal2, which is maturin's."""
    rustc = shutil.which("rustc")
    if rustc is None:
        pytest.skip("rustc is not installed: its list of targets is needed")
    known = set(
        subprocess.run(
            [rustc, "--print", "target-list"], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert {row.triple for row in PLATFORMS} - known == {UNIVERSAL2.triple}


@pytest.mark.parametrize(
    ("string", "more", "triple"),
    [
        ("win32", {}, "i686-pc-windows-msvc"),
        ("win-amd64", {}, "x86_64-pc-windows-msvc"),
        ("win-arm64", {}, "aarch64-pc-windows-msvc"),
        ("mingw_x86_64", {}, "x86_64-pc-windows-gnu"),
        ("mingw_x86_64_ucrt_gnu", {}, "x86_64-pc-windows-gnu"),
        ("mingw_x86_64_ucrt_llvm", {}, "x86_64-pc-windows-gnullvm"),
        ("mingw_aarch64", {}, "aarch64-pc-windows-gnullvm"),
        ("mingw_i686_msvcrt_gnu", {}, "i686-pc-windows-gnu"),
        ("cygwin-3.5.4-x86_64", {}, "x86_64-pc-cygwin"),
        ("macosx-10.9-x86_64", {}, "x86_64-apple-darwin"),
        ("macosx-14.0-arm64", {}, "aarch64-apple-darwin"),
        ("macosx-10.13-universal2", {}, "universal2-apple-darwin"),
        ("ios-13.0-arm64-iphoneos", {}, "aarch64-apple-ios"),
        ("ios-13.0-arm64-iphonesimulator", {}, "aarch64-apple-ios-sim"),
        ("ios-13.0-x86_64-iphonesimulator", {}, "x86_64-apple-ios"),
        ("linux-x86_64", {"bits": 64, "libc": "glibc"}, "x86_64-unknown-linux-gnu"),
        ("linux-x86_64", {"bits": 64, "libc": "musl"}, "x86_64-unknown-linux-musl"),
        ("linux-x86_64", {"bits": 32, "libc": "glibc"}, "i686-unknown-linux-gnu"),
        ("linux-x86_64", {"bits": 32, "libc": "glibc", "variant": "x32"}, "x86_64-unknown-linux-gnux32"),
        ("linux-i386", {"bits": 32}, "i686-unknown-linux-gnu"),
        ("linux-aarch64", {"bits": 32, "libc": "musl"}, "armv7-unknown-linux-musleabihf"),
        ("linux-armv8l", {"bits": 32, "libc": "glibc"}, "armv7-unknown-linux-gnueabihf"),
        ("linux-armv6l", {}, "arm-unknown-linux-gnueabihf"),
        ("linux-armv5tel", {}, "armv5te-unknown-linux-gnueabi"),
        ("linux-armv7l", {"variant": "soft-float"}, "armv7-unknown-linux-gnueabi"),
        ("linux-ppc64le", {}, "powerpc64le-unknown-linux-gnu"),
        ("linux-riscv64", {"libc": "musl"}, "riscv64gc-unknown-linux-musl"),
        ("linux-mips64", {"byteorder": "little"}, "mips64el-unknown-linux-gnuabi64"),
        ("linux-mips64", {"byteorder": "big"}, "mips64-unknown-linux-gnuabi64"),
        ("android-24-armeabi_v7a", {}, "armv7-linux-androideabi"),
        ("emscripten-4.0.9-wasm32", {}, "wasm32-unknown-emscripten"),
        ("wasi-0.0.0-wasm32", {}, "wasm32-wasip1"),
        ("freebsd-14.1-RELEASE-arm64", {}, "aarch64-unknown-freebsd"),
        ("solaris-2.11-i86pc.64bit", {}, "x86_64-pc-solaris"),
        ("aix-7302-2419-64", {}, "powerpc64-ibm-aix"),
        ("gnu-0.9-i686-AT386", {}, "i686-unknown-hurd-gnu"),
    ],
)
def test_of_platform(string: str, more: dict[str, object], triple: str) -> None:
    """The string from sysconfig leads to the triple."""
    found = of_platform(string, **more)  # type: ignore[arg-type]  # the keywords of a table
    assert found is not None
    assert found.triple == triple


@pytest.mark.parametrize(
    "string", ["", "macosx-10.6-intel", "macosx-10.4-fat", "linux-", "amiga-68k", "win-arm64ec"]
)
def test_no_triple(string: str) -> None:
    """A string without a Rust target gives None, never a guess."""
    assert of_platform(string) is None


@pytest.mark.parametrize(
    ("tag", "triples"),
    [
        ("win_amd64", ["x86_64-pc-windows-msvc"]),
        ("macosx_11_0_arm64", ["aarch64-apple-darwin"]),
        ("macosx_10_9_universal2", ["universal2-apple-darwin"]),
        ("manylinux_2_28_aarch64", ["aarch64-unknown-linux-gnu"]),
        ("manylinux2014_i686", ["i686-unknown-linux-gnu"]),
        ("manylinux1_x86_64", ["x86_64-unknown-linux-gnu"]),
        ("musllinux_1_2_riscv64", ["riscv64gc-unknown-linux-musl"]),
        ("linux_x86_64", ["x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl"]),
        ("linux_armv7l", ["armv7-unknown-linux-gnueabihf", "armv7-unknown-linux-musleabihf"]),
        ("ios_13_0_arm64_iphoneos", ["aarch64-apple-ios"]),
        ("android_21_x86", ["i686-linux-android"]),
        ("pyemscripten_2026_0_wasm32", ["wasm32-unknown-emscripten"]),
        ("pyodide_2025_0_wasm32", ["wasm32-unknown-emscripten"]),
        ("freebsd_14_1_release_amd64", ["x86_64-unknown-freebsd"]),
        ("any", []),
        ("macosx_10_6_intel", []),
        ("", []),
    ],
)
def test_of_tag(tag: str, triples: list[str]) -> None:
    """A platform tag leads to its triples. A plain linux tag names no C library."""
    assert [row.triple for row in of_tag(tag)] == triples


@pytest.mark.parametrize(
    ("name", "triples"),
    [
        ("win32-python3.pyd", ["i686-pc-windows-msvc", "i686-pc-windows-gnu", "i686-pc-windows-gnullvm"]),
        ("win_arm64-python3.pyd", ["aarch64-pc-windows-msvc", "aarch64-pc-windows-gnullvm"]),
        ("macos-arm64-11.0.so", ["aarch64-apple-darwin"]),
        ("macos-x86_64-10.9.so", ["x86_64-apple-darwin"]),
        ("ios-arm64-device.so", ["aarch64-apple-ios"]),
        ("ios-arm64-simulator.so", ["aarch64-apple-ios-sim"]),
        ("ios-x86_64-simulator.so", ["x86_64-apple-ios"]),
        ("linux-aarch64-musl.so", ["aarch64-unknown-linux-musl"]),
        ("linux-riscv64-glibc.so", ["riscv64gc-unknown-linux-gnu"]),
        ("linux-s390x-glibc.so", ["s390x-unknown-linux-gnu"]),
        ("linux-x32-glibc.so", ["x86_64-unknown-linux-gnux32"]),
        ("android-arm64_v8a.so", ["aarch64-linux-android"]),
    ],
)
def test_of_image(name: str, triples: list[str]) -> None:
    """A real binary leads to the platforms that load it."""
    (found,) = wheelarch.inspect(image(name), Depth.LINKAGE)
    assert [row.triple for row in of_image(found, libc_of(found))] == triples
