"""Which libraries each system provides."""

import pytest

from wheelarch.platforms.elsewhere import from_driver, from_other_wheel
from wheelarch.platforms.linux import from_glibc_system, from_musl_system
from wheelarch.platforms.python_libraries import cpython_library, pypy_library, python_library
from wheelarch.platforms.systems import from_system
from wheelarch.platforms.windows import (
    Interpreter,
    from_redistributable,
    from_windows,
    is_media_feature,
    lacking_releases,
    python_brings,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("KERNEL32.dll", True),
        ("kernel32", True),
        ("api-ms-win-crt-runtime-l1-1-0.dll", True),
        ("EXT-MS-WIN-uiacore-l1-1-0.dll", True),
        ("ucrtbase.dll", True),
        ("VCRUNTIME140_1.dll", True),
        ("WINSPOOL.DRV", True),
        ("msvcp140.dll", False),
        ("vcruntime140d.dll", False),
        ("vcruntime140_threads.dll", False),
        ("kernel32x.dll", False),
        ("api-ms.dll", False),
        ("python311.dll", False),
        ("libssl-3-x64.dll", False),
        ("opencl.dll", False),
        ("d3dcsx_47.dll", False),
        ("xinput1_3.dll", False),
        ("oledb32.dll", False),
        ("xinput1_4.dll", True),
        ("d3d8.dll", True),
    ],
)
def test_windows(name: str, expected: bool) -> None:
    """API sets, system DLLs, the UCRT and what is beside python.exe are Windows' own, in any case of letters."""
    assert from_windows(name) is expected


@pytest.mark.parametrize(
    "name",
    [
        "MSVCP140.dll",
        "msvcp140_1.dll",
        "vcomp140.dll",
        "mfc140u.dll",
        "concrt140.dll",
        "vcruntime140_threads.dll",
    ],
)
def test_redistributable(name: str) -> None:
    """Parts of the Visual C++ runtime that Windows and Python lack."""
    assert from_redistributable(name)
    assert not from_windows(name)


@pytest.mark.parametrize(
    "name", ["msvcrt.dll", "msvcp_win.dll", "mfc42.dll", "msvcp140d.dll", "mfc140ud.dll"]
)
def test_not_redistributable(name: str) -> None:
    """Windows' own runtimes begin like those of Visual C++, and nobody may hand out the debug builds."""
    assert not from_redistributable(name)


@pytest.mark.parametrize(
    ("name", "arch", "lacking"),
    [
        ("opengl32.dll", "x86_64", ()),
        ("OPENGL32.dll", "arm64", ("10",)),
        ("mscoree.dll", "arm64", ("10", "11")),
        ("mscoree.dll", "x86", ()),
        ("d3d8.dll", "x86_64", ("10", "11")),
        ("d3d8.dll", "x86", ()),
        ("dxcore.dll", "x86_64", ("10",)),
        ("api-ms-win-crt-runtime-l1-1-0.dll", "arm64", ()),
        ("xinput1_3.dll", "x86_64", ("10", "11")),
        ("nosuch.dll", "x86", ("10", "11")),
    ],
)
def test_windows_by_architecture(name: str, arch: str, lacking: tuple[str, ...]) -> None:
    """A DLL that each release lacks for one architecture is not Windows' own there."""
    assert lacking_releases(name, arch) == lacking
    assert from_windows(name, arch) is (len(lacking) < 2)


def test_media_features() -> None:
    """N editions and servers lack Media Foundation."""
    assert is_media_feature("MFPlat.DLL")
    assert not is_media_feature("kernel32.dll")


@pytest.mark.parametrize(
    ("name", "implementation", "version", "arch", "expected"),
    [
        ("MSVCR90.dll", "cpython", (2, 7), "x86_64", True),
        ("msvcr90.dll", "cpython", (3, 2), "x86", True),
        ("msvcr90.dll", "cpython", (3, 3), "x86", False),
        ("msvcr100.dll", "cpython", (3, 4), "x86", True),
        ("msvcr100.dll", "cpython", (3, 5), "x86", False),
        ("vcruntime140.dll", "cpython", (3, 4), "x86", False),
        ("vcruntime140.dll", "cpython", (3, 5), "x86", True),
        ("vcruntime140_1.dll", "cpython", (3, 8), "x86_64", False),
        ("vcruntime140_1.dll", "cpython", (3, 9), "x86_64", True),
        ("vcruntime140_1.dll", "cpython", (3, 14), "arm64", True),
        ("vcruntime140_1.dll", "cpython", (3, 14), "x86", False),
        ("vcruntime140_1.dll", "python", None, "", True),
        ("vcruntime140_1.dll", "pypy", (3, 11), "x86_64", False),
        ("vcruntime140.dll", "pypy", (3, 11), "x86_64", True),
        ("vcruntime140_1.dll", "graalpy", (3, 12), "x86_64", True),
        ("vcruntime140_threads.dll", "cpython", (3, 14), "x86_64", False),
        ("msvcp140.dll", "cpython", (3, 14), "x86_64", False),
        ("msvcp90.dll", "cpython", (2, 7), "x86_64", False),
    ],
)
def test_what_python_brings(
    name: str, implementation: str, version: tuple[int, int] | None, arch: str, expected: bool
) -> None:
    """Each Python for Windows has one C runtime beside python.exe, and never that of C++."""
    assert python_brings(name, implementation, version, arch) is expected
    assert from_windows(name, arch, Interpreter(implementation, version)) is expected


def test_what_a_debug_build_of_python_brings() -> None:
    """The debug runtime, which no Redistributable has, and not the other one."""
    debug = Interpreter("cpython", (3, 12), debug=True)
    for name in ("vcruntime140d.dll", "ucrtbased.dll"):
        assert from_windows(name, "x86_64", debug)
        assert not from_windows(name, "x86_64")
        assert not from_redistributable(name)
    assert not from_windows("vcruntime140.dll", "x86_64", debug)


@pytest.mark.parametrize(
    ("name", "policy", "expected"),
    [
        ("libc.so.6", (2, 5), True),
        ("libexpat.so.1", (2, 5), False),
        ("libexpat.so.1", (2, 12), True),
        ("libmvec.so.1", (2, 17), False),
        ("libmvec.so.1", (2, 28), True),
        ("ld-linux-aarch64.so.1", (2, 17), True),
        ("ld64.so.2", (2, 17), True),
        ("libssl.so.3", (2, 39), False),
        ("libz.so", (2, 39), False),
        ("ld-musl-x86_64.so.1", (2, 39), False),
    ],
)
def test_manylinux(name: str, policy: tuple[int, int], expected: bool) -> None:
    """Each policy has its list, and the program interpreter is on all of them."""
    assert from_glibc_system(name, policy) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("libc.musl-x86_64.so.1", True),
        ("ld-musl-aarch64.so.1", True),
        ("libc.so", True),
        ("libm.so.6", True),
        ("libz.so.1", True),
        ("libgcc_s.so.1", False),
        ("libmfoo.so", False),
        ("libm", False),
        ("ld-linux-x86-64.so.2", False),
        ("ld64.so.2", False),
        ("libresolv.so.2", False),
        ("libpthread.so.0", True),
    ],
)
def test_musllinux(name: str, expected: bool) -> None:
    """Only musl, under all names that its loader answers itself, and zlib."""
    assert from_musl_system(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/usr/lib/libz.1.dylib", True),
        ("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation", True),
        ("/usr/local/lib/libz.1.dylib", False),
        ("/Library/Frameworks/Python.framework/Versions/3.11/Python", False),
        ("@rpath/libz.dylib", False),
        ("KERNEL32.dll", True),
        ("libc.so.6", True),
        ("libmvec.so.1", True),
        ("libc.musl-x86_64.so.1", True),
        ("liblog.so", True),
        ("MSVCP140.dll", False),
        ("libssl.so.3", False),
        ("kernel32", False),
        ("", False),
    ],
)
def test_some_system_has_it(name: str, expected: bool) -> None:
    """For display only the name counts. A name that is not in a list is not a system's."""
    assert from_system(name) is expected


@pytest.mark.parametrize(
    ("name", "driver", "other"),
    [
        ("libcuda.so.1", True, False),
        ("nvcuda.dll", True, False),
        ("libnvidia-ml.so.1", True, False),
        ("libcudart.so.12", False, True),
        ("cublas64_12.dll", False, True),
        ("libtorch_python.so", False, True),
        ("@rpath/libc10.dylib", False, True),
        ("pythoncom311.dll", False, True),
        ("libssl.so.3", False, False),
        ("foo.dll", False, False),
    ],
)
def test_what_wheels_leave_out_on_purpose(name: str, driver: bool, other: bool) -> None:
    """Libraries of drivers and of other distributions are known by their names."""
    assert from_driver(name) is driver
    assert from_other_wheel(name) is other


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("python311.dll", ("", "3", "", "11", "", ".dll")),
        ("python3t_d.dll", ("", "3", "", "", "t_d", ".dll")),
        ("msys-python3.11.dll", ("msys-", "3", ".", "11", "", ".dll")),
        ("libpython3.6m.so.1.0", ("lib", "3", ".", "6", "m", ".so.1.0")),
        ("libpython3.13td.dylib", ("lib", "3", ".", "13", "td", ".dylib")),
        ("libpython3.so", ("lib", "3", "", "", "", ".so")),
        ("python2.7.dll", ("", "2", ".", "7", "", ".dll")),
        ("python4.dll", None),
        ("python3..dll", None),
        ("python3.dll.lib", None),
        ("python3x.dll", None),
        ("xpython3.dll", None),
        ("libpython3.11.so.1a", None),
        ("python3", None),
        ("pythoncom311.dll", None),
        ("libpypy3.11-c.so", None),
    ],
)
def test_the_name_of_cpythons_library(name: str, expected: tuple[str, ...] | None) -> None:
    """The name has a prefix, a version, flags and an ending, as on any system."""
    assert cpython_library(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("libpypy-c.dll", ""),
        ("libpypy3-c.so", "3"),
        ("libpypy3.11-c.dylib", "3.11"),
        ("libpypy3.-c.so", None),
        ("libpypy3.11-c.so.1", None),
        ("pypy3.11-c.dll", None),
    ],
)
def test_the_name_of_pypys_library(name: str, expected: str | None) -> None:
    """From PyPy3.8 on the name has the version, before only the major version, and nothing for Python 2."""
    assert pypy_library(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PYTHON312.DLL", "python312.dll"),
        ("/usr/lib/libpython3.12dm.so.1.0", "libpython3.12dm.so.1.0"),
        ("Python-Native.dll", "python-native.dll"),
        ("rustpython_capi.dll", "rustpython_capi.dll"),
        ("libpypy3.11-c.dll", "libpypy3.11-c.dll"),
        ("@rpath/Python.framework/Versions/3.12/Python", "python"),
        ("@loader_path/.dylibs/Python3", "python3"),
        ("python312dmud.dll", None),
        ("/opt/Python", None),
        ("libboost_python312.so", None),
    ],
)
def test_python_libraries(name: str, expected: str | None) -> None:
    """Every implementation's library is known by its file name, and a framework's also by its folder."""
    assert python_library(name) == expected
