"""What Python and ABI tags mean, checked with packaging's lists of what installers accept."""

import itertools

import pytest
from packaging import tags as packaging_tags

from support.tags import is_alive, target
from wheelarch.metadata.offered import accepts_whenever, builds
from wheelarch.metadata.promise import Target, read_promise, read_triple


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
    ],
)
def test_python(python: str, abi: str, expected: tuple[object, ...]) -> None:
    """Python and ABI tags say the implementation, the version, the stable ABI, free threading and debug builds."""
    found = target(f"{python}-{abi}-win_amd64")
    assert (
        found.implementation,
        found.version,
        found.stable_abi,
        found.free_threaded,
        found.debug,
    ) == expected


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
    """Of all pairs of python and ABI tags, exactly those are alive that packaging offers to some interpreter."""
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
        assert is_alive(triple) == (triple in offered), triple
    for triple in offered:
        assert is_alive(triple), triple


def asked_abis(version: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the ABIs that packaging works out for every build of a CPython, with and without each flag."""
    found: set[str] = set()
    for flags in itertools.product((0, 1), (0, 1), (0, 1), (2, 4)):
        config = dict(
            zip(("Py_DEBUG", "Py_GIL_DISABLED", "WITH_PYMALLOC", "Py_UNICODE_SIZE"), flags, strict=True)
        )
        monkeypatch.setattr(
            packaging_tags, "_get_config_var", lambda name, warn=False, config=config: config[name]
        )
        found.update(packaging_tags._cpython_abis(version))
    return found


@pytest.mark.parametrize("version", [(2, 7), *((3, minor) for minor in range(18))])
def test_builds_are_those_of_packaging(version: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each CPython can have the ABIs that packaging works out from what its builds say."""
    ours = {f"cp{version[0]}{version[1]}{flags}" for flags in builds(version)}
    assert ours == asked_abis(version, monkeypatch)


def test_fast_reading_agrees_with_packaging_over_the_whole_grid() -> None:
    """What is alive without asking packaging is what it offers to some interpreter, and nothing is dead that it offers.

    The grid has every CPython from 2.7 to 3.17 with every ABI of every other, and tags that nobody spells so.
    """
    versions = [(2, 7), *((3, minor) for minor in range(18))]
    offered: set[str] = set()
    for version in versions:
        digits = f"{version[0]}{version[1]}"
        for flags in builds(version):
            own = packaging_tags.cpython_tags(version, [f"cp{digits}{flags}"], ["win32"])
            offered.update(map(str, own))
        offered.update(map(str, packaging_tags.compatible_tags(version, f"cp{digits}", ["win32"])))
    digits_of = ["", "2", "3", "03", "3_9", "3t", "3011", *(f"{major}{minor}" for major, minor in versions)]
    pythons = [
        f"{name}{digits}{t}" for name in ("cp", "py", "cpython") for digits in digits_of for t in ("", "t")
    ]
    every = {flags for version in versions for flags in builds(version)} | {"dt", "md", "um", "tm"}
    abis = ["none", "abi3", "abi3t", "abi4"]
    abis += [f"cp{major}{minor}{flags}" for major, minor in versions for flags in sorted(every)]
    for python, abi, platform in itertools.product(dict.fromkeys(pythons), abis, ("win32", "any")):
        found = read_triple(f"{python}-{abi}-{platform}", frozenset())
        assert isinstance(found, Target) == (f"{python}-{abi}-{platform}" in offered), (python, abi, platform)


@pytest.mark.parametrize(
    ("triple", "others", "answer"),
    [
        ("cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-linux_x86_64", True),
        ("cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux2010_x86_64", True),
        ("cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux_2_28_x86_64", False),
        ("cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux_2_17_aarch64", False),
        ("cp311-cp311-musllinux_1_2_x86_64", "cp311-cp311-musllinux_1_1_x86_64", True),
        ("cp311-cp311-musllinux_1_2_x86_64", "cp311-cp311-manylinux_2_17_x86_64", False),
        ("cp311-cp311-linux_x86_64", "cp311-cp311-manylinux_2_17_x86_64", False),
        ("cp311-cp311-macosx_11_0_arm64", "cp311-cp311-macosx_10_9_universal2", True),
        ("cp311-cp311-macosx_10_9_universal2", "cp311-cp311-macosx_11_0_arm64", False),
        (
            "cp311-cp311-macosx_10_9_universal2",
            "cp311-cp311-macosx_10_9_x86_64 cp311-cp311-macosx_11_0_arm64",
            True,
        ),
        ("cp311-cp311-macosx_10_9_x86_64", "cp311-cp311-macosx_10_15_x86_64", False),
        ("cp311-cp311-macosx_10_15_x86_64", "cp311-cp311-macosx_10_9_intel", True),
        ("cp311-cp311-ios_15_0_arm64_iphoneos", "cp311-cp311-ios_13_0_arm64_iphoneos", True),
        ("cp313-cp313-android_24_x86_64", "cp313-cp313-android_21_x86_64", True),
        ("cp313-cp313-android_21_x86_64", "cp313-cp313-android_24_x86_64", False),
        ("py3-none-win_amd64", "py3-none-any", True),
        ("py3-none-any", "py3-none-win_amd64", False),
        ("py3-none-win_amd64", "cp311-cp311-win_amd64", False),
        ("py310-none-any", "py3-none-any", True),
        ("py3-none-any", "py310-none-any", False),
        ("cp311-cp311-win32", "cp39-abi3-win32", True),
        ("cp311-abi3-win32", "cp311-cp311-win32", False),
        ("cp39-abi3-win32", "cp311-abi3-win32", False),
        ("cp313-none-win32", "cp313-cp313-win32", False),
        ("cp313-none-win32", "cp313-cp313-win32 cp313-cp313t-win32", True),
        ("cp312-none-win32", "cp312-cp312-win32", True),
        ("cp313-cp313t-win32", "cp313-abi3-win32", False),
        ("cp315-abi3t-win32", "cp315-abi3t-win32", True),
        ("pp311-pypy311_pp73-win_amd64", "pp3-none-any", True),
        ("pp311-pypy311_pp73-win_amd64", "pp311-pypy311_pp73-win_amd64", True),
        ("pp311-pypy311_pp73-win_amd64", "cp311-none-any", False),
    ],
)
def test_who_takes_a_triple_takes_others(triple: str, others: str, answer: bool) -> None:
    """The oldest Python and the oldest system that a triple is for decide."""
    assert accepts_whenever(target(triple), others.split()) is answer


@pytest.mark.parametrize(
    ("triple", "why"),
    [
        ("cp311-cp311-any", "installers combine platform any only with ABI none"),
        ("py3-abi3-win32", "installers combine py tags only with ABI none"),
        ("cp3-none-any", "a cp tag needs a minor version"),
        ("cp31-abi3-win32", "the stable ABI begins with Python 3.2"),
        ("cp314-cp315-win32", "cp315 is not an ABI of CPython 3.14"),
        ("cp315t-cp315t-win32", "only the ABI tag says that a Python is free-threaded: cp315-cp315t"),
        ("cp315t-abi3t-win32", "only the ABI tag says that a Python is free-threaded: cp315-cp315t"),
        ("cp311t-abi3-win32", "only the ABI tag says that a Python is free-threaded: cp311-cp311t"),
        (
            "cp3_15-abi3-win32",
            "cp3_15 is not the tag of an interpreter, which is a name and a version: cp315, pp311",
        ),
        (
            "pp3pp73-pypy_73-win32",
            "pp3pp73 is not the tag of an interpreter, which is a name and a version: cp315, pp311",
        ),
        ("cp_311-cp311-win32", "cp_311 is not how an interpreter spells its version"),
        ("cp3011-none-win32", "cp3011 is not how an interpreter spells its version"),
        ("cpython311-cp311-win32", "installers write cp for cpython in tags"),
        ("py4-none-any", "there is no Python 4"),
        ("py28-none-any", "there is no Python 2.8"),
        ("ip-none-win32", "ip has no minor version, which every interpreter writes"),
        ("ip27-none-any", "for platform any, other Pythons than CPython and PyPy accept only py tags"),
        ("ip27-abi3-win32", "only CPython has a stable ABI"),
    ],
)
def test_why_a_tag_is_dead(triple: str, why: str) -> None:
    """A dead triple has a reason, and demands nothing."""
    promise = read_promise(f"foo-1.0-{triple}.whl")
    assert [tuple(one) for one in promise.dead] == [(triple, why)]
    assert promise.targets == ()
