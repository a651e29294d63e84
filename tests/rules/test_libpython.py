"""WA310 to WA313 on plain values."""

import pytest

from support.python_links import (
    ARM64,
    FRAMEWORK,
    LIBSYSTEM,
    WELL_LINKED,
    X86_64,
    bundle,
    loads,
    so,
    tagged,
)
from support.rules import problems, severities
from support.values import elf, macho, member, pe
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Dylib, Fault, Role, Severity, Symbol

HITS: dict[str, list[Wheel]] = {
    "WA310": [
        tagged(
            "cp311-cp311-macosx_11_0_arm64",
            bundle(),
            member("pkg/.dylibs/Python", macho(), role=Role.DEPENDENCY),
        ),
        tagged("cp311-cp311-win_amd64", member("pkg/python311.dll", pe(), role=Role.LIBRARY)),
        tagged("cp311-cp311-win_amd64", member("pkg/python39.dll", pe(), role=Role.LIBRARY)),
        tagged(
            "cp311-cp311-manylinux_2_17_x86_64",
            member("pkg.libs/libpython3-1a2b3c4d.11.so.1.0", elf(), role=Role.DEPENDENCY),
        ),
        tagged("py3-none-macosx_11_0_arm64", member("pkg/libpython3.11.dylib", macho(), role=Role.LIBRARY)),
    ],
    "WA311": [
        tagged("cp311-cp311-manylinux_2_17_x86_64", so("libpython3.11.so.1.0")),
        tagged("cp312-cp312-manylinux_2_17_x86_64", so("libpython3.11.so.1.0")),
        tagged("cp39-abi3-manylinux_2_17_x86_64", so("libpython3.12.so.1.0")),
        tagged("cp313-cp313t-linux_x86_64", so("libpython3.13.so.1.0")),
        tagged("py3-none-musllinux_1_2_x86_64", so("libpython3.11.so.1.0")),
        tagged("cp37-cp37m-manylinux1_x86_64", so("libpython3.7m.so.1.0")),
        tagged("cp39-abi3-manylinux_2_17_x86_64", so("libpython3.so")),
        tagged("cp311-cp311-manylinux_2_17_x86_64", so("libpython3.11d.so.1.0")),
        tagged("cp313-cp313-android_21_x86_64", so("libpython3.12.so")),
    ],
    "WA312": [
        tagged("cp311-cp311-macosx_11_0_arm64", bundle(LIBSYSTEM, loads(FRAMEWORK))),
        tagged(
            "cp311-cp311-macosx_11_0_arm64", bundle(loads("@rpath/Python3.framework/Versions/3.9/Python3"))
        ),
        tagged("cp311-cp311-macosx_11_0_arm64", bundle(loads("@loader_path/.dylibs/Python"))),
        tagged("cp313-cp313t-macosx_11_0_arm64", bundle(loads("/opt/lib/libpython3.13t.dylib"))),
        tagged("cp311-cp311-macosx_11_0_arm64", bundle(Dylib(FRAMEWORK, "weak"))),
        tagged("cp311-cp311-macosx_11_0_arm64", bundle(loads(FRAMEWORK), role=Role.DEPENDENCY)),
        tagged(
            "cp311-cp311-macosx_10_9_universal2",
            member(
                "pkg/_core.so", macho(X86_64, dylibs=(loads(FRAMEWORK),)), macho(ARM64, dylibs=(LIBSYSTEM,))
            ),
        ),
    ],
    "WA313": [
        tagged("cp313-cp313-android_21_x86_64", so()),
        tagged("cp313-cp313-ios_13_0_arm64_iphoneos", bundle(LIBSYSTEM, platform="ios")),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA310": [*WELL_LINKED, tagged("py3-none-any", member("x/Python.Runtime.dll", pe(), role=Role.LIBRARY))],
    "WA311": WELL_LINKED,
    "WA312": WELL_LINKED,
    "WA313": [
        *WELL_LINKED,
        tagged("cp313-cp313-android_21_x86_64", member("pkg/libfoo.so", elf(), role=Role.DEPENDENCY)),
        tagged("cp313-cp313-android_21_x86_64", so(faults=(Fault("outside", 0, "dynamic table"),))),
    ],
}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("WA310", [Severity.ERROR, Severity.NOTE, Severity.WARNING, Severity.WARNING, Severity.WARNING]),
        (
            "WA311",
            [
                Severity.WARNING,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.WARNING,
                Severity.WARNING,
                Severity.ERROR,
                Severity.ERROR,
            ],
        ),
        (
            "WA312",
            [
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.WARNING,
                Severity.WARNING,
                Severity.ERROR,
            ],
        ),
        ("WA313", [Severity.WARNING, Severity.WARNING]),
    ],
)
def test_severity(code: str, expected: list[Severity]) -> None:
    """It is an error if it certainly fails for somebody whom the tags invite, and a warning for a helper library."""
    assert [severities(code, subject) for subject in HITS[code]] == [[one] for one in expected]


def test_slice_is_named() -> None:
    """In a universal file the slice that is linked against Python is named."""
    (found,) = problems("WA312", HITS["WA312"][6])
    assert found.slice == "x86_64"
    (thin,) = problems("WA312", HITS["WA312"][0])
    assert thin.slice is None


def test_flat_names_of_python_on_ios() -> None:
    """Dyld looks flat names up in every image of the process, and Python.framework is one: that is worth a note."""
    for lookup, expected in (("flat", Severity.NOTE), ("", Severity.WARNING)):
        symbols = (Symbol("PyLong_FromLong", lookup=lookup),)
        module = bundle(platform="ios", imported=symbols)
        assert severities("WA313", tagged("cp313-cp313-ios_13_0_arm64_iphoneos", module)) == [expected]


@pytest.mark.parametrize("tag", ["cp311-cp311-win_amd64", "cp311-none-win_amd64", "py311-none-win_amd64"])
def test_the_dll_of_the_tags_own_python(tag: str) -> None:
    """Windows takes the DLL of that name that the process has, so the copy is a note."""
    copy = member("pkg/python311.dll", pe(), role=Role.LIBRARY)
    assert severities("WA310", tagged(tag, copy)) == [Severity.NOTE]
