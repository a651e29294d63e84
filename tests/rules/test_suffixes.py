"""WA401, WA403, WA406, WA413 and WA414, and what all rules about names must do."""

import pytest

from support.machines import library
from support.named_modules import (
    ANY,
    ARM64,
    GENERIC,
    GNU,
    GOOD,
    GOOD_DARWIN_SO,
    GOOD_PYD,
    GOOD_SO,
    GRAAL,
    HOOK,
    I686,
    IOS,
    LINUX,
    LINUX_315T,
    LINUX_ABI3,
    LINUX_ABI3_315,
    LINUX_BOTH,
    LINUX_T,
    MAC,
    MAC_ABI3,
    MUSL_311,
    PYPY,
    WIN,
    WIN_ABI3,
    WIN_ARM,
    WIN_T,
    X86,
    X86_64,
    darwin_so,
    name_codes,
    pyd,
    so,
)
from support.rules import problems, severities
from support.values import member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Severity

HITS: dict[str, list[Wheel]] = {
    "WA401": [
        wheel(WIN, pyd("_core.cp313-win_amd64.pyd")),
        wheel("pkg-1.0-cp312-cp312-win_amd64.whl", pyd("_core.cp313-win_amd64.pyd")),
        wheel(WIN, pyd("_core.cp311t-win_amd64.pyd")),
        wheel(WIN_T, pyd("_core.cp313-win_amd64.pyd")),
        wheel(WIN_ABI3, pyd("_core.cp310-win_amd64.pyd")),
        wheel(WIN_ABI3, pyd("_core.abi3.pyd")),
        wheel(LINUX, so(f"_core.cpython-310-{GNU}.so")),
        wheel(LINUX_T, so(f"_core.cpython-313-{GNU}.so")),
        wheel(LINUX_ABI3, so(f"_core.cpython-310-{GNU}.so")),
        wheel(LINUX_ABI3, so("_core.abi3t.so")),
        wheel(LINUX_315T, so("_core.abi3.so")),
        wheel(LINUX_BOTH, so("_core.abi3.so")),
        wheel(LINUX, so("_core.cpython-311-x86_64-linux-musl.so")),
        wheel(MUSL_311, so(f"_core.cpython-311-{GNU}.so")),
        wheel("pkg-1.0-cp310-abi3-musllinux_1_2_x86_64.whl", so(f"_core.cpython-310-{GNU}.so")),
        wheel(MAC_ABI3, darwin_so("_core.cpython-310-darwin.so", X86_64, ARM64)),
        wheel(PYPY, so("_core.so")),
        wheel(PYPY, so("_core.abi3.so")),
        wheel(PYPY, so(f"_core.pypy310-pp73-{GNU}.so")),
    ],
    "WA403": [
        wheel(WIN_ARM, pyd("_core.cp311-win_amd64.pyd", machine=ARM64)),
        wheel(WIN, GOOD_SO),
        wheel(LINUX, GOOD_DARWIN_SO),
        wheel(LINUX, so("_core.cpython-311-aarch64-linux-gnu.so")),
        wheel(I686, so("_core.cpython-311-i686-linux-gnu.so", X86)),
        wheel(IOS, darwin_so("_core.cpython-313-iphoneos.so")),
    ],
    "WA406": [
        wheel(LINUX_ABI3, so(f"_core.abi3-{GNU}.so")),
        wheel("pkg-1.0-cp314-abi3-macosx_11_0_arm64.whl", darwin_so("_core.abi3-darwin.so")),
    ],
    "WA413": [
        wheel(WIN, pyd("_core_d.cp311-win_amd64.pyd", "python311_d.dll")),
        wheel(WIN, pyd("_core_d.pyd", "python311_d.dll")),
        wheel(LINUX, so(f"_core.cpython-311d-{GNU}.so")),
        wheel(GENERIC, pyd("_core_d.pyd")),
    ],
    "WA414": [
        wheel(MAC, darwin_so("_core.dylib")),
        wheel(WIN, pyd("_core.dll")),
        wheel(LINUX, so("_core.so.1")),
        wheel(WIN, GOOD_PYD, library("pkg/other.dll", pe(X86_64, hooks=("PyInit_other",)))),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA401": [
        *GOOD,
        wheel(WIN, GOOD_PYD, pyd("_core.cp39-win_amd64.pyd")),
        wheel(ANY, pyd("_core.cp39-win_amd64.pyd")),
        wheel(GENERIC, GOOD_SO),
        wheel(GRAAL, so("_core.so")),
    ],
    "WA413": [
        *GOOD,
        wheel("pkg-1.0-cp311-cp311d-win_amd64.whl", pyd("_core_d.cp311-win_amd64.pyd")),
        wheel(WIN, pyd("_core_d.cp311-win_amd64.pyd", hooks=("PyInit__core_d",))),
        wheel(WIN, GOOD_PYD, pyd("_core_d.cp311-win_amd64.pyd")),
    ],
    "WA414": [
        *GOOD,
        wheel(LINUX, GOOD_SO, so("_core.so.1")),
        wheel("pkg-1.0-cp311-cp311-cygwin_3_4_x86_64.whl", pyd("_core.dll")),
    ],
    "WA403": GOOD,
    "WA406": GOOD,
}


@pytest.mark.parametrize("subject", GOOD)
def test_good_wheels_are_clean(subject: Wheel) -> None:
    """No rule about names reports a good wheel."""
    assert name_codes(subject) == []


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (wheel(LINUX_ABI3, so(f"_core.cpython-310-{GNU}.so")), ["WA401"]),
        (wheel(LINUX_ABI3, so(f"_core.abi3-{GNU}.so")), ["WA406"]),
        (wheel(WIN_ARM, pyd("_core.cp311-win_amd64.pyd", machine=ARM64)), ["WA402", "WA403"]),
        (wheel(WIN_ARM, pyd("_core.cp311-win_amd64.pyd")), ["WA403"]),
        (wheel(WIN, pyd("_core.cp311-win_amd64.pyd", machine=ARM64)), ["WA402"]),
        (wheel(WIN, pyd("_core_d.cp311-win_amd64.pyd")), ["WA413"]),
        (wheel(LINUX_T, so("_core.abi3.so")), ["WA416"]),
        (wheel(LINUX_315T, so("_core.abi3.so")), ["WA401"]),
        (wheel(MAC, darwin_so("_core.dylib")), ["WA414"]),
        (wheel(WIN, pyd("_core.cp311-win_amd64.pyd", hooks=("init_core",))), ["WA415"]),
        (wheel(PYPY, so("_core.so")), ["WA401"]),
        (wheel(ANY, pyd("_core.cp39-win_amd64.pyd")), ["WA407"]),
    ],
)
def test_one_fault_has_one_code(subject: Wheel, expected: list[str]) -> None:
    """A name that is not imported is reported once, under the code that says why."""
    assert name_codes(subject) == expected


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA401", wheel(LINUX, so(f"_core.cpython-310-{GNU}.so")), Severity.ERROR),
        ("WA414", wheel(MAC, darwin_so("_core.dylib")), Severity.WARNING),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """An error is what certainly fails, a warning what may be intended, a note the rest."""
    assert severities(code, subject) == [severity]


def test_message_of_a_version_in_a_stable_wheel() -> None:
    """The problem names the suffix, the suffixes that Python looks for, the tags, and what users see."""
    (found,) = problems("WA401", wheel(LINUX_ABI3, so(f"_core.cpython-310-{GNU}.so")))
    assert found.message == (
        f"pkg/_core.cpython-310-{GNU}.so has the suffix .cpython-310-{GNU}.so, "
        "but the Pythons of the tags look for .abi3.so, .so"
    )
    assert found.evidence == {"have": f".cpython-310-{GNU}.so", "need": ".abi3.so, .so"}
    assert found.tags == ("cp310-abi3-manylinux_2_17_x86_64",)
    assert found.consequence == "ModuleNotFoundError: No module named 'pkg._core'"


@pytest.mark.parametrize(
    ("code", "subject", "message"),
    [
        (
            "WA403",
            wheel(WIN_ARM, pyd("_core.cp311-win_amd64.pyd", machine=ARM64)),
            (
                "pkg/_core.cp311-win_amd64.pyd has the suffix of another platform, .cp311-win_amd64.pyd; "
                "the Pythons of the tags look for .cp311-win_arm64.pyd, .pyd"
            ),
        ),
        (
            "WA406",
            wheel(LINUX_ABI3, so(f"_core.abi3-{GNU}.so")),
            (
                f"pkg/_core.abi3-{GNU}.so has the suffix .abi3-{GNU}.so of Python 3.15 and later, "
                "but older Pythons of the tags look for .abi3.so, .so"
            ),
        ),
        (
            "WA413",
            wheel(GENERIC, pyd("_core_d.pyd")),
            (
                "pkg/_core_d.pyd has the debug suffix _d.pyd, "
                "but the Pythons of the tags look for the suffixes of release builds"
            ),
        ),
        (
            "WA414",
            wheel(MAC, darwin_so("_core.dylib")),
            "pkg/_core.dylib exports the init hook of an extension module, but has a library's suffix",
        ),
    ],
)
def test_messages(code: str, subject: Wheel, message: str) -> None:
    """Each kind of bad suffix has its own message."""
    (found,) = problems(code, subject)
    assert found.message == message


def test_only_the_lost_half_of_two_stable_abis_is_named() -> None:
    """`.abi3.so` under abi3.abi3t fails only on free-threaded Python, so only that triple is named."""
    (found,) = problems("WA401", wheel(LINUX_BOTH, so("_core.abi3.so")))
    assert found.tags == ("cp315-abi3t-manylinux_2_34_x86_64",)


def test_module_names() -> None:
    """A module has its name in import statements: no data folder, and `__init__` is its package."""
    data = member("pkg-1.0.data/platlib/pkg/_core.cp313-win_amd64.pyd", pe(X86_64, hooks=HOOK))
    package = pyd("__init__.cp313-win_amd64.pyd", hooks=("PyInit_pkg",))
    top = member("_core.cp313-win_amd64.pyd", pe(X86_64, hooks=HOOK))
    for module, name in ((data, "pkg._core"), (package, "pkg"), (top, "_core")):
        (found,) = problems("WA401", wheel(WIN, module))
        assert found.consequence == f"ModuleNotFoundError: No module named '{name}'"


def test_a_wheel_without_live_tags_is_left_alone() -> None:
    """If no installer accepts any tag, it is unknown which modules are imported."""
    assert name_codes(wheel("pkg-1.0-cp311-cp310-win_amd64.whl", pyd("_core.cp39-win_amd64.pyd"))) == []


@pytest.mark.parametrize(
    ("subject", "remedies"),
    [
        (wheel(LINUX_ABI3, so(f"_core.cpython-310-{GNU}.so")), ("stable-abi",)),
        (wheel(LINUX_ABI3_315, so("_core.abi3-aarch64-linux-gnu.so")), ("abi3-suffix",)),
        (wheel(LINUX, so("_core.cpython-311-aarch64-linux-gnu.so")), ()),
    ],
)
def test_remedies_that_have_an_effect(subject: Wheel, remedies: tuple[str, ...]) -> None:
    """SETUPTOOLS_EXT_SUFFIX changes no suffix of a stable-ABI module, so it is not named for one."""
    found = [one for code in ("WA401", "WA403") for one in problems(code, subject)]
    assert [one.remedies for one in found] == [remedies]
