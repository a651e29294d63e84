"""What platform tags mean, checked with packaging's lists of what installers accept."""

import itertools

import pytest
from packaging import tags as packaging_tags

from support.tags import is_alive, target
from wheelarch.metadata.promise import read_promise


@pytest.mark.parametrize(
    ("platform", "system", "arches", "floor", "libc"),
    [
        ("any", "any", (), None, ""),
        ("win32", "windows", ("x86",), None, ""),
        ("win_amd64", "windows", ("x86_64",), None, ""),
        ("win_arm64", "windows", ("arm64",), None, ""),
        ("win_arm32", "windows", ("arm",), None, ""),
        ("win_ia64", "windows", ("ia64",), None, ""),
        ("mingw_x86_64_ucrt_gnu", "mingw", ("x86_64",), None, ""),
        ("mingw_aarch64", "mingw", ("arm64",), None, ""),
        ("mingw_i686_msvcrt", "mingw", ("x86",), None, ""),
        ("macosx_11_0_arm64", "macos", ("arm64",), (11, 0), ""),
        ("macosx_10_16_x86_64", "macos", ("x86_64",), (11, 0), ""),
        ("macosx_10_9_universal2", "macos", ("arm64", "x86_64"), (10, 9), ""),
        ("macosx_10_6_intel", "macos", ("x86", "x86_64"), (10, 6), ""),
        ("macosx_10_4_fat", "macos", ("x86", "ppc"), (10, 4), ""),
        ("macosx_10_5_fat3", "macos", ("x86", "ppc", "x86_64"), (10, 5), ""),
        ("macosx_10_5_fat64", "macos", ("ppc64", "x86_64"), (10, 5), ""),
        ("macosx_10_5_universal", "macos", ("x86", "ppc", "ppc64", "x86_64"), (10, 5), ""),
        ("macosx_26_0_arm64", "macos", ("arm64",), (26, 0), ""),
        ("linux_x86_64", "linux", ("x86_64",), None, ""),
        ("linux_armv6l", "linux", ("arm",), None, ""),
        ("manylinux1_i686", "linux", ("x86",), (2, 5), "glibc"),
        ("manylinux2010_x86_64", "linux", ("x86_64",), (2, 12), "glibc"),
        ("manylinux2014_ppc64le", "linux", ("ppc64le",), (2, 17), "glibc"),
        ("manylinux_2_28_aarch64", "linux", ("arm64",), (2, 28), "glibc"),
        ("manylinux_2_31_armv7l", "linux", ("arm",), (2, 31), "glibc"),
        ("manylinux_2_38_loongarch64", "linux", ("loongarch64",), (2, 38), "glibc"),
        ("musllinux_1_2_riscv64", "linux", ("riscv64",), (1, 2), "musl"),
        ("musllinux_1_1_s390x", "linux", ("s390x",), (1, 1), "musl"),
        ("manylinux_2_39_mips64", "linux", (), (2, 39), "glibc"),
        ("ios_13_0_arm64_iphoneos", "ios", ("arm64",), (13, 0), ""),
        ("ios_13_0_x86_64_iphonesimulator", "ios", ("x86_64",), (13, 0), ""),
        ("android_21_arm64_v8a", "android", ("arm64",), (21, 0), "bionic"),
        ("android_24_armeabi_v7a", "android", ("arm",), (24, 0), "bionic"),
        ("android_24_x86", "android", ("x86",), (24, 0), "bionic"),
        ("pyemscripten_2026_0_wasm32", "wasm", ("wasm32",), None, ""),
        ("pyodide_2025_0_wasm32", "wasm", ("wasm32",), None, ""),
        ("emscripten_4_0_9_wasm32", "wasm", ("wasm32",), None, ""),
        ("freebsd_14_0_release_amd64", "other", ("x86_64",), None, ""),
        ("cygwin_3_4_6_x86_64", "other", ("x86_64",), None, ""),
        ("win_x86_64", "other", (), None, ""),
        ("plan9_amd64", "other", (), None, ""),
        ("linux", "other", (), None, ""),
    ],
)
def test_platform(
    platform: str, system: str, arches: tuple[str, ...], floor: tuple[int, int] | None, libc: str
) -> None:
    """A platform tag demands a system, all its architectures, its lowest version and its C library."""
    found = target(f"py3-none-{platform}")
    assert (found.system, found.arches, found.floor, found.libc) == (system, arches, floor, libc)


def generated_mac() -> set[str]:
    """Return the tags that packaging offers on all Macs of the past and present, up to macOS 30."""
    found: set[str] = set()
    hosts = {
        "ppc": [(10, minor) for minor in range(6)],
        "ppc64": [(10, 4), (10, 5)],
        "i386": [(10, minor) for minor in range(4, 17)],
        "x86_64": [*((10, minor) for minor in range(4, 17)), *((major, 5) for major in range(11, 31))],
        "arm64": [(major, 5) for major in range(11, 31)],
    }
    for arch, versions in hosts.items():
        for version in versions:
            found.update(packaging_tags.mac_platforms(version, arch))
    return found


def test_macos_tags_are_those_of_packaging() -> None:
    """Of all macOS tags up to 30.9, exactly those are alive that packaging offers on some Mac.

    Left out are i386, fat and ppc on systems that never ran them, because no computer asks for these. fat32 is what uv
    calls fat3.
    """
    offered = generated_mac()
    arches = ("arm64", "x86_64", "universal2", "intel", "fat3", "fat64", "universal")
    versions = [
        *((10, minor) for minor in range(20)),
        *((major, minor) for major in range(11, 31) for minor in range(3)),
    ]
    for (major, minor), arch in itertools.product(versions, arches):
        platform = f"macosx_{major}_{minor}_{arch}"
        assert is_alive(f"py3-none-{platform}") == (platform in offered), platform
    for platform in offered:
        assert is_alive(f"py3-none-{platform}"), platform
    for arch in ("aarch64", "amd64", "x86", "arm64e", ""):
        assert not is_alive(f"py3-none-macosx_11_0_{arch}")
    for platform in ("macosx", "macosx_11_arm64", "macosx_9_0_ppc", "macosx_10_7_ppc", "macosx_10_6_ppc64"):
        assert (platform not in offered) and not (platform != "macosx" and is_alive(f"py3-none-{platform}"))


def test_phone_tags_are_those_of_packaging() -> None:
    """Tags of iOS before 12, of Android before API level 16, and of devices that do not exist are dead."""
    ios = {
        platform
        for multiarch in ("arm64_iphoneos", "arm64_iphonesimulator", "x86_64_iphonesimulator")
        for platform in packaging_tags.ios_platforms((20, 9), multiarch)
    }
    for major, minor, multiarch in itertools.product(
        range(9, 21), range(10), ("arm64_iphoneos", "x86_64_iphonesimulator", "x86_64_iphoneos", "arm64")
    ):
        platform = f"ios_{major}_{minor}_{multiarch}"
        assert is_alive(f"py3-none-{platform}") == (platform in ios), platform
    android = {
        platform
        for abi in ("arm64_v8a", "x86_64", "armeabi_v7a", "x86")
        for platform in packaging_tags.android_platforms(40, abi)
    }
    for level, abi in itertools.product(
        range(10, 41), ("arm64_v8a", "x86_64", "x86", "armeabi_v7a", "arm64")
    ):
        platform = f"android_{level}_{abi}"
        assert is_alive(f"py3-none-{platform}") == (platform in android), platform


def test_manylinux_tags_are_those_of_packaging(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in packaging, manylinux begins at glibc 2.5 on x86 and at 2.17 elsewhere, and does not exist for armv6l."""
    from packaging import _manylinux

    monkeypatch.setattr(_manylinux, "_get_glibc_version", lambda: _manylinux._GLibCVersion(2, 40))
    monkeypatch.setattr(_manylinux, "_is_compatible", lambda arch, version: True)
    monkeypatch.setattr(_manylinux, "_have_compatible_abi", lambda path, arches: arches != ["armv6l"])
    for arch in ("x86_64", "i686", "aarch64", "armv7l", "armv6l", "ppc64le", "ppc64", "s390x", "riscv64"):
        offered = set(_manylinux.platform_tags([arch]))
        families = [f"manylinux_2_{minor}" for minor in range(41)] + [
            "manylinux1",
            "manylinux2010",
            "manylinux2014",
        ]
        for family in families:
            assert is_alive(f"py3-none-{family}_{arch}") == (f"{family}_{arch}" in offered), (
                f"{family}_{arch}"
            )
    for platform in ("manylinux_2_x86_64", "musllinux_x86_64", "manylinux_x86_64", "ios_13_arm64_iphoneos"):
        assert not is_alive(f"py3-none-{platform}")


@pytest.mark.parametrize(
    ("triple", "why"),
    [
        ("py3-none-macosx_14_2_arm64", "macOS 11 and later have minor version 0 in tags"),
        ("py3-none-macosx_10_9_arm64", "macOS on arm64 begins at 11_0"),
        ("py3-none-macosx_10_17_x86_64", "there was no macOS 10.17"),
        ("py3-none-manylinux1_aarch64", "manylinux for aarch64 begins at glibc 2.17"),
        ("py3-none-ios_11_0_arm64_iphoneos", "iOS tags begin at 12_0"),
        (
            "py3-none-ios_23_5_0_arm64",
            "iOS tags are spelled ios_MAJOR_MINOR_ARCHITECTURE_SDK, such as ios_13_0_arm64_iphoneos",
        ),
    ],
)
def test_why_a_tag_is_dead(triple: str, why: str) -> None:
    """A dead triple has a reason, and demands nothing."""
    promise = read_promise(f"foo-1.0-{triple}.whl")
    assert [tuple(one) for one in promise.dead] == [(triple, why)]
    assert promise.targets == ()
