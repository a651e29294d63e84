"""Python DLLs: their names, the targets that load a file, and the kinds of wrong DLLs."""

import pytest

from support.python_links import pyd, so, tagged
from wheelarch.facts.python_dlls import bound_images, clash_kind, read_dll


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PYTHON311.dll", ("cpython", (3, 11), False, False)),
        ("python39.dll", ("cpython", (3, 9), False, False)),
        ("python27_d.dll", ("cpython", (2, 7), False, True)),
        ("python3.dll", ("cpython", None, False, False)),
        ("python3t.dll", ("cpython", None, True, False)),
        ("python3t_d.dll", ("cpython", None, True, True)),
        ("python313t.dll", ("cpython", (3, 13), True, False)),
        ("libpython3.12.dll", ("mingw", (3, 12), False, False)),
        ("libpython3.13t.dll", ("mingw", (3, 13), True, False)),
        ("libpython3.dll", ("mingw", None, False, False)),
        ("msys-python3.12.dll", ("mingw", (3, 12), False, False)),
        ("cygpython3.9.dll", ("mingw", (3, 9), False, False)),
        ("libpypy3.11-c.dll", ("pypy", (3, 11), False, False)),
        ("libpypy3-c.dll", ("pypy", None, False, False)),
        ("libpypy-c.dll", ("pypy", (2, 7), False, False)),
        ("python-native.dll", ("graalpy", None, False, False)),
        ("rustpython_capi.dll", ("rustpython", None, False, False)),
        ("pythoncom311.dll", None),
        ("boost_python311.dll", None),
        ("python3.dll.bak", None),
        ("python4.dll", None),
        ("xpython3.dll", None),
    ],
)
def test_dll_names(name: str, expected: tuple[object, ...] | None) -> None:
    """The name of a Python DLL shows implementation, version, flavor and debug builds."""
    found = read_dll(name)
    assert (found and tuple(found)[1:]) == expected


def test_each_system_has_its_own_targets() -> None:
    """In a wheel for two systems, a question about one of them gets the targets of that one, in any order."""
    subject = tagged("cp311-cp311-win_amd64.manylinux_2_17_x86_64", pyd(), so())
    asked = [("windows",), ("linux",), ("windows", "mingw"), ("linux", "android")] * 3
    found = [
        [target.system for *_, targets in bound_images(subject, *systems) for target in targets]
        for systems in asked
    ]
    assert found == [[systems[0]] * 2 for systems in asked]


@pytest.mark.parametrize(
    ("tag", "dll", "right", "kind"),
    [
        ("cp311-cp311-win_amd64", "python311_d.dll", (), "debug"),
        ("cp311-cp311-win_amd64", "libpython3.11.dll", (), "foreign"),
        ("cp315-abi3t-win_amd64", "python3.dll", (), "stable-abi"),
        ("cp314-cp314-win_amd64", "python3t.dll", (), "stable-abi"),
        ("cp39-abi3-win_amd64", "python311.dll", (), "versioned"),
        ("cp39-abi3-win_amd64", "python311.dll", ("python3.dll",), "mixed"),
        ("cp311-cp311-win_amd64", "python310.dll", (), "version"),
        ("cp313-cp313t-win_amd64", "python313.dll", (), "flavor"),
    ],
)
def test_kinds_of_wrong_dlls(tag: str, dll: str, right: tuple[str, ...], kind: str) -> None:
    """A wrong DLL has the one kind that says best what is wrong with it."""
    wrong = read_dll(dll)
    assert wrong is not None
    others = [found for name in right if (found := read_dll(name))]
    (target,) = tagged(tag).targets
    assert clash_kind(wrong, target, right=others) == kind
