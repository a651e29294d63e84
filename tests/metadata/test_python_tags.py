"""What Python and ABI tags mean, checked with packaging's lists of what installers accept."""

import itertools

import pytest
from packaging import tags as packaging_tags

from support.tags import is_alive, target
from wheelarch.metadata.promise import read_promise


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


@pytest.mark.parametrize(
    ("triple", "why"),
    [
        ("cp311-cp311-any", "installers combine platform any only with ABI none"),
        ("py3-abi3-win32", "installers combine py tags only with ABI none"),
        ("cp3-none-any", "a cp tag needs a minor version"),
        ("cp31-abi3-win32", "the stable ABI begins with Python 3.2"),
        ("cp314-cp315-win32", "cp315 is not an ABI of CPython 3.14"),
    ],
)
def test_why_a_tag_is_dead(triple: str, why: str) -> None:
    """A dead triple has a reason, and demands nothing."""
    promise = read_promise(f"foo-1.0-{triple}.whl")
    assert [tuple(one) for one in promise.dead] == [(triple, why)]
    assert promise.targets == ()
