"""Names of Python's own libraries."""

import pytest

from wheelarch.platforms.python_libraries import python_library


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
    """Python's own libraries are recognized; libraries that only have its name in theirs are not."""
    assert python_library(name) == expected
