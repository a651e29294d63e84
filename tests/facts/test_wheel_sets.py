"""Whom the wheels of a set serve."""

import pytest

from support.rule_cases import tagged
from support.values import elf, macho, member, pe, wheel
from support.wheel_sets import among, sibling
from wheelarch.facts.wheel_sets import (
    Interpreter,
    interpreters,
    misplaced,
    missing_platforms,
    narrower_siblings,
    platforms,
    summarize,
    survey,
)
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Machine, Member, Role


@pytest.mark.parametrize(
    ("platform", "found"),
    [
        ("win_amd64", ("win_amd64",)),
        ("win32", ("win32",)),
        ("mingw_x86_64_ucrt_gnu", ("mingw_x86_64_ucrt_gnu",)),
        ("macosx_10_9_universal2", ("macosx_arm64", "macosx_x86_64")),
        ("macosx_10_6_intel", ("macosx_x86_64",)),
        ("macosx_10_4_ppc", ("macosx_ppc",)),
        ("macosx_26_0_arm64", ("macosx_arm64",)),
        ("manylinux1_i686", ("manylinux_i686",)),
        ("manylinux2014_aarch64", ("manylinux_aarch64",)),
        ("manylinux_2_28_x86_64", ("manylinux_x86_64",)),
        ("musllinux_1_2_armv7l", ("musllinux_armv7l",)),
        ("linux_armv6l", ("linux_armv6l",)),
        ("ios_13_0_arm64_iphonesimulator", ("ios_arm64_iphonesimulator",)),
        ("android_21_arm64_v8a", ("android_arm64_v8a",)),
        ("pyodide_2024_0_wasm32", ("pyodide_2024_0_wasm32",)),
        ("freebsd_14_0_release_amd64", ("freebsd_14_0_release_amd64",)),
        ("any", ()),
    ],
)
def test_platforms(platform: str, found: tuple[str, ...]) -> None:
    """A platform is the tag without its version; a universal tag is one for each machine still in use."""
    (target,) = read_promise(None, tag=f"py3-none-{platform}").targets
    assert platforms(target) == found


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("cp311-cp311-win32", ["cp311"]),
        ("cp313-cp313t-win32", ["cp313t"]),
        ("cp38.cp39.cp310-abi3-win32", ["cp38"]),
        ("cp315-abi3.abi3t-win32", ["cp315", "cp315t"]),
        ("cp38-none-win32", ["cp38"]),
        ("cp36.cp37-none-win32", ["cp36", "cp37"]),
        ("py2.py3-none-any", ["py2", "py3"]),
        ("py310-none-any", ["py310"]),
        ("pp311-pypy311_pp73-win_amd64", ["pp311"]),
        ("graalpy312-graalpy250_312_native-manylinux_2_17_x86_64", ["graalpy312"]),
        ("cp27-cp27mu-manylinux1_x86_64", ["cp27"]),
    ],
)
def test_interpreters(tag: str, found: list[str]) -> None:
    """A wheel asks for the interpreters in its tag; for a stable ABI it is the lowest."""
    assert [str(python) for python in interpreters(read_promise(None, tag=tag).targets)] == found


def test_a_wheel_that_only_fails_without_the_gil() -> None:
    """It is right for Pythons with the GIL. The free-threaded one that installs it and fails has its own column."""
    targets = read_promise("pkg-1.0-cp314-none-win_amd64.whl").targets
    bound = summarize("pkg-1.0-cp314-none-win_amd64.whl", targets, (), ok=False, ok_with_gil=True)
    grid = survey("pkg 1.0", [bound, sibling("cp314-none-macosx_11_0_arm64")])
    assert grid.pythons == ("cp314", "cp314t")
    assert dict(zip(grid.platforms, grid.cells, strict=True)) == {
        "macosx_arm64": ("ok", "ok"),
        "win_amd64": ("ok", "wrong"),
    }


def test_survey() -> None:
    """Each cell says whether a wheel serves it, whether that wheel is right, and whether somebody could need one."""
    grid = survey(
        "pkg 1.0",
        [
            sibling("cp310-abi3-win_amd64"),
            sibling("cp313-cp313t-win_amd64", ok=False),
            sibling("cp310-abi3-macosx_10_9_universal2"),
            sibling("cp313-cp313-macosx_11_0_arm64", ok=False),
            sibling("cp313-cp313-ios_13_0_arm64_iphoneos"),
        ],
    )
    assert grid.title == "pkg 1.0"
    assert grid.pythons == ("cp310+", "cp313", "cp313t")
    assert dict(zip(grid.platforms, grid.cells, strict=True)) == {
        "ios_arm64_iphoneos": ("", "ok", ""),
        "macosx_arm64": ("ok", "wrong", "missing"),
        "macosx_x86_64": ("ok", "ok", "missing"),
        "win_amd64": ("ok", "ok", "wrong"),
    }


def test_a_pure_set() -> None:
    """Wheels for any platform are one row."""
    grid = survey("pkg 1.0", [sibling("py3-none-any"), sibling("py2-none-any")])
    assert (grid.platforms, grid.pythons, grid.cells) == (("any",), ("py2", "py3"), (("ok", "ok"),))


def test_only_what_users_run_is_summarized() -> None:
    """A sibling has the path, size and checksums of each file that somebody loads or runs, and nothing else."""
    subject = wheel(
        "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl",
        member("pkg/a.so", elf(), crc=1, sha256="x"),
        member("pkg/tests/b.so", elf(), role=Role.TEST_DATA),
        member("pkg/c.a", elf(), role=Role.SDK),
    )
    assert subject.filename is not None
    found = summarize(subject.filename, subject.targets, subject.members, ok=False)
    assert [tuple(file) for file in found.files] == [("pkg/a.so", 4096, 1, "x")]
    assert not found.ok


def test_names_of_interpreters() -> None:
    """An interpreter prints like its tag; minor version 0 is a version, and -1 is none."""
    names = [str(Interpreter("cpython", (3, minor), False)) for minor in (-1, 0, 14)]
    assert names == ["cp3", "cp30", "cp314"]
    assert str(Interpreter("cpython", (3, 14), True)) == "cp314t"


PYPY = "pp311-pypy311_pp73"
PYPY_PLATFORMS = [
    ("manylinux_2_17_aarch64", "manylinux_aarch64"),
    ("manylinux_2_17_i686", "manylinux_i686"),
    ("manylinux_2_17_x86_64", "manylinux_x86_64"),
    ("macosx_11_0_arm64", "macosx_arm64"),
    ("macosx_10_9_x86_64", "macosx_x86_64"),
]


@pytest.mark.parametrize(
    ("own", "other", "missing"),
    [
        # what serves CPython 3.12
        ("cp312-cp312-win32", "py3-none-win_amd64", []),
        ("cp312-cp312-win32", "py311-none-win_amd64", []),
        ("cp312-cp312-win32", "py312-none-win_amd64", []),
        ("cp312-cp312-win32", "py313-none-win_amd64", ["win_amd64"]),
        ("cp312-cp312-win32", "py2-none-win_amd64", ["win_amd64"]),
        ("cp312-cp312-win32", "cp311-abi3-win_amd64", []),
        ("cp312-cp312-win32", "cp313-abi3-win_amd64", ["win_amd64"]),
        ("cp312-cp312-win32", "cp312-none-win_amd64", []),
        ("cp313-cp313t-win32", "cp313-none-win_amd64", []),
        ("cp313-cp313t-win32", "cp313-cp313-win_amd64", ["win_amd64"]),
        ("cp315-cp315t-win32", "cp315-abi3t-win_amd64", []),
        ("cp315-cp315-win32", "cp315-abi3t-win_amd64", ["win_amd64"]),
        ("cp311-cp311-win32", f"{PYPY}-win_amd64", ["win_amd64"]),
        # where a Python exists
        *(("cp311-cp311-win32", f"cp312-cp312-{tag}", [name]) for tag, name in PYPY_PLATFORMS),
        ("cp311-cp311-win32", "cp312-cp312-musllinux_1_2_x86_64", ["musllinux_x86_64"]),
        ("cp311-cp311-win32", "cp312-cp312-linux_armv7l", ["linux_armv7l"]),
        ("cp311-cp311-win32", "cp312-cp312-freebsd_14_0_release_amd64", []),
        ("cp312-cp312-win32", "cp314-cp314-android_24_arm64_v8a", []),
        ("cp313-cp313-win32", "cp314-cp314-android_24_arm64_v8a", ["android_arm64_v8a"]),
        ("cp313-cp313-win32", "cp314-cp314-ios_13_0_arm64_iphoneos", ["ios_arm64_iphoneos"]),
        ("cp313-cp313t-win32", "cp314-cp314-android_24_arm64_v8a", []),
        ("py3-none-win32", "cp314-cp314-android_24_arm64_v8a", ["android_arm64_v8a"]),
        ("py3-none-win32", "cp311-cp311-win_amd64", ["win_amd64"]),
        ("cp27-cp27m-win32", "cp311-cp311-win_amd64", []),
        # where PyPy and GraalPy exist
        *((f"{PYPY}-win_amd64", f"cp311-cp311-{tag}", [name]) for tag, name in PYPY_PLATFORMS),
        (f"{PYPY}-macosx_11_0_arm64", "cp311-cp311-win_amd64", ["win_amd64"]),
        (f"{PYPY}-win_amd64", "cp311-cp311-win32", []),
        (f"{PYPY}-win_amd64", "cp311-cp311-musllinux_1_2_x86_64", []),
        ("graalpy312-graalpy250_312_native-win_amd64", "cp311-cp311-musllinux_1_2_x86_64", []),
        ("graalpy312-graalpy250_312_native-win_amd64", "cp311-cp311-macosx_11_0_arm64", ["macosx_arm64"]),
    ],
)
def test_missing_platforms(own: str, other: str, missing: list[str]) -> None:
    """A platform of the other wheel is missing if no wheel serves this Python there, although it exists there."""
    one = sibling(own)
    (python,) = interpreters(one.targets)
    assert list(missing_platforms(python, [one, sibling(other)])) == missing


UNIVERSAL = "cp312-cp312-macosx_10_13_universal2"


@pytest.mark.parametrize(
    ("own", "other", "narrower"),
    [
        (UNIVERSAL, "cp312-cp312-macosx_11_0_arm64", True),
        (UNIVERSAL, "cp312-cp312-macosx_10_13_x86_64", True),
        (UNIVERSAL, "cp39-abi3-macosx_11_0_arm64", True),
        (UNIVERSAL, "cp313-cp313-macosx_11_0_arm64", False),
        (UNIVERSAL, "cp312-cp312-win_arm64", False),
        (UNIVERSAL, "cp312-cp312-macosx_11_0_universal2", False),
        (UNIVERSAL, "cp312-cp312-macosx_11_0_arm64.macosx_11_0_universal2", False),
        ("cp312-cp312-macosx_11_0_arm64", "cp312-cp312-macosx_12_0_arm64", False),
        ("cp312-cp312-win_amd64", "cp312-cp312-macosx_11_0_arm64", False),
    ],
)
def test_narrower_siblings(own: str, other: str, narrower: bool) -> None:
    """Only a universal wheel has narrower siblings: those for one kind of Mac, and for no universal tag."""
    assert narrower_siblings(among(own, sibling(other))) == ((f"pkg-1.0-{other}.whl",) if narrower else ())


ARM64, X86_64 = Machine.ARM64, Machine.X86_64
BAD, GOOD = "pkg/bad", "pkg/good"


@pytest.mark.parametrize(
    ("tag", "subject", "beside", "alone"),
    [
        *(
            ("cp311-abi3-win_arm64", member(BAD, pe(X86_64), role=role), found, True)
            for role, found in [
                (Role.EXTENSION, True),
                (Role.DEPENDENCY, True),
                (Role.SCRIPT, True),
                (Role.LIBRARY, False),
                (Role.EXECUTABLE, False),
            ]
        ),
        *(
            ("cp311-abi3-win_arm64", member(BAD, pe(X86_64), role=role), False, False)
            for role in (Role.FAMILY, Role.SDK, Role.MANAGED, Role.DATA, Role.TEST_DATA, Role.DEBUG)
        ),
        ("cp311-abi3-win_arm64", member(BAD, pe(ARM64)), False, False),
        ("cp311-abi3-win_arm64", member(BAD), False, False),
        ("cp311-abi3-win_arm64", member(BAD, pe(X86_64, clr_flags=1)), False, False),
        ("cp311-abi3-win_arm64", member(BAD, pe(X86_64, variant="arm64ec")), False, False),
        ("cp311-abi3-win_amd64", member(BAD, pe(ARM64, variant="arm64x")), False, False),
        ("cp311-abi3-any", member(BAD, pe(X86_64)), False, False),
        ("py3-none-any", member(BAD, pe(X86_64)), False, False),
        # each kind of Mac, and only of Mac, needs its slice
        ("cp311-abi3-macosx_11_0_universal2", member(BAD, macho(X86_64)), True, True),
        ("cp311-abi3-macosx_11_0_universal2", member(BAD, macho(X86_64), role=Role.DEPENDENCY), False, False),
        ("cp311-abi3-macosx_11_0_universal2", member(BAD, macho(X86_64), macho(ARM64)), False, False),
        ("cp311-abi3-macosx_10_6_intel", member(BAD, macho(X86_64)), False, False),
        (
            "cp313-cp313-ios_13_0_arm64_iphonesimulator.ios_13_0_x86_64_iphonesimulator",
            member(BAD, macho(ARM64)),
            False,
            False,
        ),
        ("cp311-abi3-macosx_11_0_universal2.win_amd64", member(BAD, pe(X86_64)), False, False),
    ],
)
def test_misplaced(tag: str, subject: Member, beside: bool, alone: bool) -> None:
    """A file is misplaced if the wheel depends on it, beside another or as its product, and the tags cannot load it."""
    assert [one.path for one in misplaced(tagged(tag, subject))] == [BAD] * alone
    right = {"win_arm64": pe(ARM64), "win_amd64": pe(X86_64)}.get(tag.rpartition("-")[2], macho(ARM64))
    found = [one.path for one in misplaced(tagged(tag, subject, member(GOOD, right, role=Role.LIBRARY)))]
    assert [path for path in found if path == BAD] == [BAD] * beside
