"""The suffixes that each Python tries, and its DLLs."""

import sys

import pytest
from packaging import tags as packaging_tags

from support.tags import target
from wheelarch.metadata.promise import read_promise


@pytest.mark.parametrize(
    ("triple", "runtimes"),
    [
        ("cp311-cp311-win_amd64", ("python311.dll", "python3.dll")),
        ("cp315-cp315-win_amd64", ("python315.dll", "python3.dll", "python3t.dll")),
        ("cp27-cp27m-win32", ("python27.dll",)),
        ("cp314-cp314t-win_arm64", ("python314t.dll",)),
        ("cp315-cp315t-win_arm64", ("python315t.dll", "python3t.dll")),
        ("cp311-cp311d-win_amd64", ("python311_d.dll", "python3_d.dll")),
        ("cp315-cp315td-win_amd64", ("python315t_d.dll", "python3t_d.dll")),
        ("cp39-abi3-win_amd64", ("python3.dll",)),
        ("cp315-abi3t-win_amd64", ("python3t.dll",)),
        ("cp38-none-win_amd64", ("python38.dll", "python3.dll")),
        ("py3-none-win_amd64", ()),
        ("pp311-pypy311_pp73-win_amd64", ("libpypy3.11-c.dll", "libpypy3-c.dll")),
        ("pp27-pypy_73-win32", ("libpypy-c.dll",)),
        ("graalpy312-graalpy250_312_native-win_amd64", ("python-native.dll",)),
        ("cp312-cp312-mingw_x86_64_ucrt_gnu", ("libpython3.12.dll", "libpython3.dll")),
        ("cp39-abi3-mingw_x86_64", ("libpython3.dll",)),
        ("cp311-cp311-manylinux_2_17_x86_64", ()),
        ("cp311-cp311-macosx_11_0_arm64", ()),
    ],
)
def test_runtimes(triple: str, runtimes: tuple[str, ...]) -> None:
    """On Windows each Python has its own DLL, and some may use the stable ABI's. On other systems no DLL is named."""
    assert target(triple).runtimes == runtimes


def test_one_file_for_both_stable_abis() -> None:
    """In the set abi3.abi3t both triples need python3t.dll, because one file serves both."""
    both = read_promise("foo-1.0-cp315-abi3.abi3t-win_amd64.whl").targets
    assert [(one.abi, one.runtimes) for one in both] == [
        ("abi3", ("python3t.dll",)),
        ("abi3t", ("python3t.dll",)),
    ]


@pytest.mark.parametrize(
    ("triple", "suffixes"),
    [
        ("cp311-cp311-win_amd64", ".cp311-win_amd64.pyd .pyd"),
        ("cp39-abi3-win32", ".cp39-win32.pyd .pyd"),
        ("cp34-cp34m-win32", ".pyd"),
        ("cp27-cp27m-win_amd64", ".pyd"),
        ("cp314-cp314t-win_arm64", ".cp314t-win_arm64.pyd .pyd"),
        ("cp311-cp311d-win_amd64", "_d.cp311-win_amd64.pyd _d.pyd"),
        (
            "cp312-cp312-mingw_x86_64_ucrt_gnu",
            ".cp312-mingw_x86_64_ucrt_gnu.pyd .pyd",
        ),
        ("cp311-cp311-macosx_11_0_arm64", ".cpython-311-darwin.so .abi3.so .so"),
        ("cp37-cp37m-macosx_10_9_x86_64", ".cpython-37m-darwin.so .abi3.so .so"),
        ("cp27-cp27m-macosx_10_6_intel", ".so module.so"),
        (
            "cp34-cp34m-manylinux1_x86_64",
            ".cpython-34m-x86_64-linux-gnu.so .cpython-34m.so .abi3.so .so",
        ),
        (
            "pp311-pypy311_pp73-musllinux_1_2_x86_64",
            ".pypy311-pp73-x86_64-linux-gnu.so .pypy311-pp73-x86_64-linux-musl.so",
        ),
        ("cp37-cp37m-manylinux1_x86_64", ".cpython-37m-x86_64-linux-gnu.so .abi3.so .so"),
        ("cp36-abi3-manylinux1_x86_64", ".cpython-36m-x86_64-linux-gnu.so .abi3.so .so"),
        ("cp311-cp311-manylinux_2_17_i686", ".cpython-311-i386-linux-gnu.so .abi3.so .so"),
        ("cp311-cp311-manylinux_2_31_armv7l", ".cpython-311-arm-linux-gnueabihf.so .abi3.so .so"),
        ("cp311-cp311-manylinux2014_ppc64le", ".cpython-311-powerpc64le-linux-gnu.so .abi3.so .so"),
        ("cp311-cp311-musllinux_1_2_armv7l", ".cpython-311-arm-linux-musleabihf.so .abi3.so .so"),
        ("cp314-cp314t-musllinux_1_2_riscv64", ".cpython-314t-riscv64-linux-musl.so .abi3.so .so"),
        (
            "cp310-cp310-musllinux_1_1_x86_64",
            ".cpython-310-x86_64-linux-gnu.so .cpython-310-x86_64-linux-musl.so .abi3.so .so",
        ),
        (
            "cp311-cp311-linux_x86_64",
            ".cpython-311-x86_64-linux-gnu.so .cpython-311-x86_64-linux-musl.so .abi3.so .so",
        ),
        (
            "cp311-cp311d-manylinux_2_17_x86_64",
            ".cpython-311d-x86_64-linux-gnu.so .cpython-311-x86_64-linux-gnu.so .abi3.so .so",
        ),
        (
            "cp315-abi3-macosx_11_0_arm64",
            ".cpython-315-darwin.so .abi3-darwin.so .abi3.so .abi3t-darwin.so .abi3t.so .so",
        ),
        (
            "cp315-cp315t-manylinux2014_s390x",
            ".cpython-315t-s390x-linux-gnu.so .abi3t-s390x-linux-gnu.so .abi3t.so .so",
        ),
        ("pp37-pypy37_pp73-win_amd64", ".pypy37-pp73-win_amd64.pyd"),
        ("pp311-pypy311_pp73-macosx_11_0_arm64", ".pypy311-pp73-darwin.so"),
        ("pp311-pypy311_pp73-manylinux_2_17_x86_64", ".pypy311-pp73-x86_64-linux-gnu.so"),
        (
            "pp39-pypy39_pp73-manylinux_2_17_i686",
            ".pypy39-pp73-x86-linux-gnu.so .pypy39-pp73-i686-linux-gnu.so",
        ),
        (
            "graalpy312-graalpy250_312_native-macosx_11_0_arm64",
            ".graalpy250-312-native-aarch64-darwin.so .so .pyd",
        ),
        (
            "graalpy311-graalpy242_311_native-manylinux_2_17_x86_64",
            ".graalpy242-311-native-x86_64-linux.so .so .pyd",
        ),
        (
            "cp313-cp313-ios_13_0_arm64_iphonesimulator",
            (
                ".cpython-313-iphonesimulator.fwork .abi3.fwork .fwork"
                " .cpython-313-iphonesimulator.so .abi3.so .so"
            ),
        ),
        ("cp313-cp313-android_21_arm64_v8a", ".cpython-313-aarch64-linux-android.so .abi3.so .so"),
        ("cp313-cp313-android_21_armeabi_v7a", ".cpython-313-arm-linux-androideabi.so .abi3.so .so"),
        ("cp313-cp313-pyodide_2025_0_wasm32", ".cpython-313-wasm32-emscripten.so .abi3.so .so"),
        ("py3-none-manylinux_2_17_x86_64", ""),
        ("cp311-cp311-freebsd_14_0_release_amd64", ""),
        ("pp311-none-win_amd64", ""),
    ],
)
def test_suffixes(triple: str, suffixes: str) -> None:
    """The suffixes of each interpreter are in the order in which it tries them."""
    assert target(triple).suffixes == tuple(suffixes.split())


@pytest.mark.skipif(
    sys.platform != "linux" or sys.implementation.name != "cpython", reason="CPython on Linux only"
)
def test_suffixes_of_this_interpreter() -> None:
    """The suffixes of the running interpreter are those of its tag."""
    from importlib.machinery import EXTENSION_SUFFIXES

    own = next(tag for tag in packaging_tags.sys_tags() if tag.platform.startswith("linux_"))
    if read_promise(f"foo-1.0-{own}.whl").targets[0].libc == "":
        expected = target(str(own)).suffixes
        assert [suffix for suffix in expected if suffix in EXTENSION_SUFFIXES] == EXTENSION_SUFFIXES
