"""What file names and WHEEL promise, checked against packaging's own lists of what installers accept."""

import itertools
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging import tags as packaging_tags

from wheelarch.errors import UsageError
from wheelarch.limits import Limits
from wheelarch.metadata.promise import Target, read_promise


def target(triple: str) -> Target:
    (found,) = read_promise(f"foo-1.0-{triple}.whl").targets
    return found


def alive(triple: str) -> bool:
    promise = read_promise(f"foo-1.0-{triple}.whl")
    assert len(promise.targets) + len(promise.dead) == 1
    return bool(promise.targets)


# ---- the file name


@pytest.mark.parametrize(
    ("filename", "project", "version", "build", "triples"),
    [
        ("Foo_Bar-1.0-py3-none-any.whl", "foo-bar", "1.0", "", ("py3-none-any",)),
        (
            "black-22.10.0-1fixedarch-cp38-cp38-macosx_10_16_x86_64.whl",
            "black",
            "22.10.0",
            "1fixedarch",
            ("cp38-cp38-macosx_10_16_x86_64",),
        ),
        ("foo-1.0-007-py2.py3-none-any.whl", "foo", "1.0", "007", ("py2-none-any", "py3-none-any")),
        ("foo-1.0+Local.1-py3-none-any.whl", "foo", "1.0+local.1", "", ("py3-none-any",)),
        ("foo-1.0-CP311-ABI3-Win_AMD64.whl", "foo", "1.0", "", ("cp311-abi3-win_amd64",)),
    ],
)
def test_file_name(filename: str, project: str, version: str, build: str, triples: tuple[str, ...]) -> None:
    """A wheel name comes apart into project, version, build tag as written, and sorted triples."""
    promise = read_promise(filename, wheel_tags=("py3-none-win32",))
    assert promise.name is not None
    assert promise.name[:4] == (project, version, build, triples)
    assert (promise.triples, promise.source, promise.name_problem) == (triples, "name", "")


@pytest.mark.parametrize(
    "filename",
    [
        "",
        "foo",
        "foo.whl",
        ".whl",
        "foo-1.0-py3-none-any.zip",
        "foo-1.0-py3-none-any.WHL",
        "foo-1.0-py3-none.whl",
        "foo__bar-1.0-py3-none-any.whl",
        "foo bar-1.0-py3-none-any.whl",
        "-1.0-py3-none-any.whl",
        "foo-bar-1.0-py3-none-any.whl",
        "foo-bad-py3-none-any.whl",
        "foo-1.0-x1-py3-none-any.whl",
        "foo-1.0-rc1-cp311-cp311-win_amd64.whl",
        "foo-1.0-1-2-py3-none-any.whl",
        "foo-1.0-py3..py2-none-any.whl",
        "foo-1.0-3py-none-any.whl",
        "foo-1.0-py3-none-any-.whl",
        "foo-1.0-py3-none-any-Bad!.whl",
        f"foo-{'1' * 5000}-py3-none-any.whl",
        f"foo-1.0-{'1' * 5000}-py3-none-any.whl",
        "foo-1.0-py3-none-any\n.whl-",
    ],
)
def test_bad_file_name(filename: str) -> None:
    """A bad name is told in one clause that does not repeat it, and the tags of WHEEL count."""
    promise = read_promise(filename, wheel_tags=("py2.py3-none-any", "", "no tag", "a-b-c-d"))
    assert promise.name is None
    assert promise.name_problem
    assert "\n" not in promise.name_problem
    assert "foo" not in promise.name_problem
    assert (promise.triples, promise.source) == (("py2-none-any", "py3-none-any"), "WHEEL")


@pytest.mark.parametrize(
    ("filename", "problem"),
    [
        ("foo-1.0-py3-none.whl", "wrong number of parts"),
        ("foo-1.0-py3-none-any.zip", "extension must be '.whl'"),
        ("foo-bad-py3-none-any.whl", "invalid version"),
        ("foo-1.0-rc1-cp311-cp311-win_amd64.whl", "invalid build number"),
        ("foo__bar-1.0-py3-none-any.whl", "invalid project name"),
    ],
)
def test_name_problem(filename: str, problem: str) -> None:
    """What is wrong with a name is one clause."""
    assert read_promise(filename).name_problem == problem


def test_no_file_name() -> None:
    """Nameless bytes promise what WHEEL says."""
    promise = read_promise(None, wheel_tags=("cp311-cp311-win_amd64",))
    assert (promise.name, promise.triples) == (None, ("cp311-cp311-win_amd64",))
    assert read_promise(None).triples == ()


def test_tag_option_wins() -> None:
    """The tag of the option counts against name and WHEEL."""
    promise = read_promise("foo-1.0-py3-none-any.whl", ("py3-none-any",), "cp311.cp312-abi3-win32")
    assert promise.triples == ("cp311-abi3-win32", "cp312-abi3-win32")
    assert promise.source == "option"
    assert promise.name is not None


@pytest.mark.parametrize("tag", ["", "py3", "py3-none", "py3-none-any-x", "3-none-any"])
def test_bad_tag_option(tag: str) -> None:
    """A tag option that is not a tag is a usage error, which says what was given and what a tag looks like."""
    with pytest.raises(UsageError) as caught:
        read_promise("foo-1.0-py3-none-any.whl", tag=tag)
    assert str(caught.value) == f"{tag!r} is not a wheel tag; expected one like cp311-abi3-win_amd64"


@pytest.mark.parametrize(
    ("filename", "build", "variant", "triple"),
    [
        ("foo-1.0-cp311-cp311-linux_x86_64-x86_64_v3.whl", "", "x86_64_v3", "cp311-cp311-linux_x86_64"),
        ("foo-1.0-1-cp311-cp311-linux_x86_64-cu12.whl", "1", "cu12", "cp311-cp311-linux_x86_64"),
        ("foo-1.0-1-cp311-cp311-linux_x86_64.whl", "1", "", "cp311-cp311-linux_x86_64"),
    ],
)
def test_variant_label(filename: str, build: str, variant: str, triple: str) -> None:
    """A variant label (PEP 825) is told from a build tag by the digit that a build tag starts with."""
    name = read_promise(filename).name
    assert name is not None
    assert (name.build, name.variant, name.triples) == (build, variant, (triple,))


def test_too_many_triples() -> None:
    """Sets that multiply beyond the limit are not expanded, wherever they stand."""
    tag = f"{'.'.join(f'cp3{i}' for i in range(30))}-abi3-{'.'.join(f'win{i}' for i in range(30))}"
    limits = Limits(tag_combinations=899)
    for promise in (
        read_promise(f"foo-1.0-{tag}.whl", limits=limits),
        read_promise("foo-1.0-py3-none-any.whl", tag=tag, limits=limits),
        read_promise(None, (tag,), limits=limits),
        read_promise(None, [f"cp3{i}-abi3-win32" for i in range(900)], limits=limits),
    ):
        assert promise.too_many
        assert (promise.triples, promise.targets, promise.dead) == ((), (), ())
    named = read_promise(f"foo-1.0-{tag}.whl", limits=limits).name
    assert named is not None
    assert (named.project, named.triples) == ("foo", ())
    assert len(read_promise(f"foo-1.0-{tag}.whl", limits=Limits(tag_combinations=900)).triples) == 900


def test_written_sets() -> None:
    """The three tag parts are kept as written, variant label and build tag left out."""
    for extra in ("", "1-"):
        name = read_promise(f"foo-1.0-{extra}py3.py2-none-any.whl").name
        assert name is not None
        assert name.sets == ("py3.py2", "none", "any")


_PART = st.text(st.sampled_from("abcpy0123_.-\u00e9\u0661\udcff"), max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PART, max_size=8).map("-".join), st.lists(_PART, max_size=4))
def test_any_text_gives_a_promise(stem: str, lines: list[str]) -> None:
    """No file name and no Tag line raises, and every triple is either live or dead."""
    for filename in (stem, f"{stem}.whl", f"foo-1.0-{stem}.whl"):
        promise = read_promise(filename, lines)
        assert len(promise.targets) + len(promise.dead) == len(promise.triples)
        assert (promise.name is None) == bool(promise.name_problem)


# ---- platforms


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
    """A platform tag demands a system, every architecture of it, its lowest version and its C library."""
    found = target(f"py3-none-{platform}")
    assert (found.system, found.arches, found.floor, found.libc) == (system, arches, floor, libc)


# ---- pythons


@pytest.mark.parametrize(
    ("python", "abi", "expected"),
    [
        ("cp311", "cp311", ("cpython", (3, 11), "", False, False)),
        ("cp27", "cp27mu", ("cpython", (2, 7), "", False, False)),
        ("cp37", "cp37dm", ("cpython", (3, 7), "", False, True)),
        ("cp314", "cp314t", ("cpython", (3, 14), "", True, False)),
        ("cp314", "cp314td", ("cpython", (3, 14), "", True, True)),
        ("cp39", "abi3", ("cpython", (3, 9), "abi3", False, False)),
        ("cp315", "abi3t", ("cpython", (3, 15), "abi3t", True, False)),
        ("cp38", "none", ("cpython", (3, 8), "", None, False)),
        ("py3", "none", ("python", None, "", None, False)),
        ("py310", "none", ("python", (3, 10), "", None, False)),
        ("pp311", "pypy311_pp73", ("pypy", (3, 11), "", None, False)),
        ("graalpy312", "graalpy250_312_native", ("graalpy", (3, 12), "", None, False)),
        ("ip27", "none", ("ip", (2, 7), "", None, False)),
        ("py3k", "none", ("py3k", None, "", None, False)),
    ],
)
def test_python(python: str, abi: str, expected: tuple[object, ...]) -> None:
    """Python and ABI tags tell implementation, version, stable ABI, flavour and debug builds."""
    found = target(f"{python}-{abi}-win_amd64")
    assert (
        found.implementation,
        found.version,
        found.stable_abi,
        found.free_threaded,
        found.debug,
    ) == expected


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
    """On Windows each Python has its own DLL, and some may use the stable one; elsewhere none is named."""
    assert target(triple).runtimes == runtimes


def test_one_file_for_both_stable_abis() -> None:
    """In an abi3.abi3t set both triples want python3t.dll, because one file serves them."""
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
    """Each interpreter's suffixes come in the order in which it tries them."""
    assert target(triple).suffixes == tuple(suffixes.split())


@pytest.mark.skipif(
    sys.platform != "linux" or sys.implementation.name != "cpython", reason="CPython on Linux only"
)
def test_suffixes_of_this_interpreter() -> None:
    """The running interpreter's own suffixes are what we say of its tag."""
    from importlib.machinery import EXTENSION_SUFFIXES

    own = next(tag for tag in packaging_tags.sys_tags() if tag.platform.startswith("linux_"))
    if read_promise(f"foo-1.0-{own}.whl").targets[0].libc == "":
        expected = target(str(own)).suffixes
        assert [suffix for suffix in expected if suffix in EXTENSION_SUFFIXES] == EXTENSION_SUFFIXES


# ---- what installers accept, by packaging's own lists


def generated_mac() -> set[str]:
    """Return the tags of every Mac that there was and is, up to macOS 30."""
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
    """Of every macOS tag up to 30.9, exactly those live that packaging offers on some Mac.

    i386, fat and ppc-only formats on systems that never ran them are left out: no host asks, and nothing
    depends on them. fat32 is uv's name for fat3.
    """
    offered = generated_mac()
    arches = ("arm64", "x86_64", "universal2", "intel", "fat3", "fat64", "universal")
    versions = [
        *((10, minor) for minor in range(20)),
        *((major, minor) for major in range(11, 31) for minor in range(3)),
    ]
    for (major, minor), arch in itertools.product(versions, arches):
        platform = f"macosx_{major}_{minor}_{arch}"
        assert alive(f"py3-none-{platform}") == (platform in offered), platform
    for platform in offered:
        assert alive(f"py3-none-{platform}"), platform
    for arch in ("aarch64", "amd64", "x86", "arm64e", ""):
        assert not alive(f"py3-none-macosx_11_0_{arch}")
    for platform in ("macosx", "macosx_11_arm64", "macosx_9_0_ppc", "macosx_10_7_ppc", "macosx_10_6_ppc64"):
        assert (platform not in offered) and not (platform != "macosx" and alive(f"py3-none-{platform}"))


def test_phone_tags_are_those_of_packaging() -> None:
    """Tags of iOS below 12, of Android below API level 16 and of no real device are dead."""
    ios = {
        platform
        for multiarch in ("arm64_iphoneos", "arm64_iphonesimulator", "x86_64_iphonesimulator")
        for platform in packaging_tags.ios_platforms((20, 9), multiarch)
    }
    for major, minor, multiarch in itertools.product(
        range(9, 21), range(10), ("arm64_iphoneos", "x86_64_iphonesimulator", "x86_64_iphoneos", "arm64")
    ):
        platform = f"ios_{major}_{minor}_{multiarch}"
        assert alive(f"py3-none-{platform}") == (platform in ios), platform
    android = {
        platform
        for abi in ("arm64_v8a", "x86_64", "armeabi_v7a", "x86")
        for platform in packaging_tags.android_platforms(40, abi)
    }
    for level, abi in itertools.product(
        range(10, 41), ("arm64_v8a", "x86_64", "x86", "armeabi_v7a", "arm64")
    ):
        platform = f"android_{level}_{abi}"
        assert alive(f"py3-none-{platform}") == (platform in android), platform


def test_manylinux_tags_are_those_of_packaging(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in packaging, manylinux begins at glibc 2.5 on x86, 2.17 elsewhere, and leaves armv6l out."""
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
            assert alive(f"py3-none-{family}_{arch}") == (f"{family}_{arch}" in offered), f"{family}_{arch}"
    for platform in ("manylinux_2_x86_64", "musllinux_x86_64", "manylinux_x86_64", "ios_13_arm64_iphoneos"):
        assert not alive(f"py3-none-{platform}")


def generated_triples() -> set[str]:
    """Return what CPython 2.7 and 3.0 to 3.16, PyPy and GraalPy accept on one platform and on any."""
    platforms = ["win_amd64"]
    found: set[str] = set()
    for minor in (None, *range(17)):
        version = (2, 7) if minor is None else (3, minor)
        digits = f"{version[0]}{version[1]}"
        flags = [""]
        if version < (3, 8):
            flags += ["m", "d", "dm"]
        else:
            flags += ["d"]
        if version < (3, 3):
            flags += ["u", "mu", "dmu"]
        if version >= (3, 13):
            flags += ["t", "td"]
        for flag in flags:
            tags = packaging_tags.cpython_tags(version, [f"cp{digits}{flag}"], platforms)
            found.update(map(str, tags))
        found.update(map(str, packaging_tags.compatible_tags(version, f"cp{digits}", platforms)))
    for name, abi in (("pp311", "pypy311_pp73"), ("graalpy312", "graalpy250_312_native")):
        found.update(map(str, packaging_tags.generic_tags(name, [abi], platforms)))
        compatible = "pp3" if name == "pp311" else None
        found.update(map(str, packaging_tags.compatible_tags((3, 12), compatible, platforms)))
    return found


def test_python_and_abi_tags_are_those_of_packaging() -> None:
    """Of all python and ABI tags crossed, exactly those live that packaging offers to some interpreter."""
    offered = generated_triples()
    assert {"cp39-abi3-win_amd64", "cp315-abi3t-win_amd64", "cp38-none-any", "pp3-none-any"} <= offered
    pythons = [f"cp{digits}" for digits in (2, 27, 3, 30, 31, 32, 37, 38, 312, 313, 315)]
    pythons += ["py", "py2", "py27", "py3", "py30", "py312", "pp3", "pp311", "graalpy312"]
    abis = ["none", "abi3", "abi3t", "pypy311_pp73", "pypy310_pp73"]
    abis += ["graalpy250_312_native", "graalpy250_311_native"]
    abis += [
        f"cp{digits}{flag}"
        for digits in (27, 30, 32, 37, 38, 312, 313, 315)
        for flag in ("", "m", "t", "d", "td", "dm", "mu")
    ]
    for python, abi, platform in itertools.product(pythons, abis, ("win_amd64", "any")):
        triple = f"{python}-{abi}-{platform}"
        assert alive(triple) == (triple in offered), triple
    for triple in offered:
        assert alive(triple), triple


@pytest.mark.parametrize(
    ("triple", "why"),
    [
        ("py3-none-macosx_14_2_arm64", "macOS 11 and later have minor version 0 in tags"),
        ("py3-none-macosx_10_9_arm64", "macOS on arm64 begins at 11_0"),
        ("py3-none-macosx_10_17_x86_64", "there was no macOS 10.17"),
        ("cp311-cp311-any", "installers offer platform any with ABI none only"),
        ("py3-abi3-win32", "a py tag goes with ABI none only"),
        ("cp3-none-any", "a cp tag needs a minor version"),
        ("cp31-abi3-win32", "the stable ABI begins with Python 3.2"),
        ("cp314-cp315-win32", "cp315 is no ABI of CPython 3.14"),
        ("py3-none-manylinux1_aarch64", "manylinux for aarch64 begins at glibc 2.17"),
        ("py3-none-ios_11_0_arm64_iphoneos", "iOS tags begin at 12_0"),
    ],
)
def test_why_a_tag_is_dead(triple: str, why: str) -> None:
    """A dead triple comes with its reason, and demands nothing."""
    promise = read_promise(f"foo-1.0-{triple}.whl")
    assert [tuple(one) for one in promise.dead] == [(triple, why)]
    assert promise.targets == ()


def test_merged_wheel() -> None:
    """The dead combinations of a merged wheel are told apart from its living ones."""
    promise = read_promise("foo-1.0-cp38.cp39-cp38.cp39-win_amd64.whl")
    assert [one.triple for one in promise.targets] == ["cp38-cp38-win_amd64", "cp39-cp39-win_amd64"]
    assert [one.triple for one in promise.dead] == ["cp38-cp39-win_amd64", "cp39-cp38-win_amd64"]


def test_importing_tags_loads_no_third_party_module() -> None:
    """The library packaging is loaded when a name is read, not before."""
    import subprocess

    source = Path(__file__).parents[2] / "src"
    code = "import sys, wheelarch.metadata.promise; sys.exit(any(name.startswith('packaging') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(source)})
