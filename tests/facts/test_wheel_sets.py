"""Whom the wheels of a set serve."""

import pytest

from support.values import elf, member, wheel
from support.wheel_sets import sibling
from wheelarch.facts.wheel_sets import interpreters, platforms, summarize, survey
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Role


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
