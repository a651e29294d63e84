"""Names of extension modules, taken apart."""

import pytest

from wheelarch.metadata.extension_names import (
    ExtensionName,
    expected_hooks,
    is_importable,
    parse_extension_name,
)


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
    """A file name is taken apart in the same way as by the import system."""
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
