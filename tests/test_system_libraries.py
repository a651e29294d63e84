"""Which libraries a system brings along."""

import pytest

from wheelarch import system_libraries


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
    ],
)
def test_windows(name: str, expected: bool) -> None:
    """API sets, system DLLs, the UCRT and what stands beside python.exe, in any case."""
    assert system_libraries.from_windows(name) is expected


@pytest.mark.parametrize(
    "name", ["MSVCP140.dll", "msvcp140_1.dll", "vcomp140.dll", "mfc140u.dll", "concrt140.dll"]
)
def test_redistributable(name: str) -> None:
    """Parts of the Visual C++ runtime that Windows and Python lack."""
    assert system_libraries.from_redistributable(name)
    assert not system_libraries.from_windows(name)


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
    ],
)
def test_manylinux(name: str, policy: tuple[int, int], expected: bool) -> None:
    """Each policy has its list, and the program interpreter is on all of them."""
    assert system_libraries.from_glibc_system(name, policy) is expected


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
    ],
)
def test_musllinux(name: str, expected: bool) -> None:
    """Alone musl, under all names that its loader takes for itself, and zlib."""
    assert system_libraries.from_musl_system(name) is expected


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
    """For display the name alone tells, and a name that is on no list is no system's."""
    assert system_libraries.from_system(name) is expected


@pytest.mark.parametrize(
    ("name", "driver", "other"),
    [
        ("libcuda.so.1", True, True),
        ("nvcuda.dll", True, False),
        ("libnvidia-ml.so.1", True, True),
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
    """Drivers' libraries, and those that other distributions bring."""
    assert system_libraries.from_driver(name) is driver
    assert system_libraries.from_other_wheel(name) is other
