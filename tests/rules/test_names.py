"""WA40x and WA413 to WA416 on plain values."""

import pytest

from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Fault, Image, Machine, Member, Role, Severity, Symbol
from wheelarch.rules import Problem
from wheelarch.rules.init_hooks import abi3t_without_export_hook, missing_init_hook, python2_hook
from wheelarch.rules.module_variants import unpicked_variant, untagged_suffix
from wheelarch.rules.suffix_contents import abi3_in_free_threaded, suffix_machine_mismatch
from wheelarch.rules.suffixes import (
    debug_suffix,
    library_suffix,
    other_platform_suffix,
    triplet_before_315,
    unimportable_suffix,
)

PYTHON_CALL = Symbol("PyLong_FromLong", "python311.dll")
ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
RULES = {
    rule.code: rule
    for rule in (
        unimportable_suffix,
        suffix_machine_mismatch,
        other_platform_suffix,
        missing_init_hook,
        untagged_suffix,
        triplet_before_315,
        unpicked_variant,
        abi3t_without_export_hook,
        debug_suffix,
        library_suffix,
        python2_hook,
        abi3_in_free_threaded,
    )
}

WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"
WIN_ARM = "pkg-1.0-cp311-cp311-win_arm64.whl"
WIN_ABI3 = "pkg-1.0-cp310-abi3-win_amd64.whl"
WIN_T = "pkg-1.0-cp313-cp313t-win_amd64.whl"
MAC = "pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl"
MAC_ABI3 = "pkg-1.0-cp310-abi3-macosx_10_9_universal2.whl"
LINUX = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
LINUX_ABI3 = "pkg-1.0-cp310-abi3-manylinux_2_17_x86_64.whl"
LINUX_ABI3_315 = "pkg-1.0-cp315-abi3-manylinux_2_34_x86_64.whl"
LINUX_BOTH = "pkg-1.0-cp315-abi3.abi3t-manylinux_2_34_x86_64.whl"
LINUX_T = "pkg-1.0-cp313-cp313t-manylinux_2_17_x86_64.whl"
LINUX_315T = "pkg-1.0-cp315-cp315t-manylinux_2_34_x86_64.whl"
MUSL_310 = "pkg-1.0-cp310-cp310-musllinux_1_2_x86_64.whl"
MUSL_311 = "pkg-1.0-cp311-cp311-musllinux_1_2_x86_64.whl"
I686 = "pkg-1.0-cp311-cp311-manylinux_2_17_i686.whl"
PYPY = "pkg-1.0-pp311-pypy311_pp73-manylinux_2_17_x86_64.whl"
PYPY_WIN = "uefi_firmware-1.11-pp37-pypy37_pp73-win_amd64.whl"
GRAAL = "pkg-1.0-graalpy312-graalpy250_312_native-manylinux_2_17_x86_64.whl"
IOS = "pkg-1.0-cp313-cp313-ios_13_0_arm64_iphonesimulator.whl"
ANDROID = "pkg-1.0-cp313-cp313-android_21_arm64_v8a.whl"
PY27 = "MarkupSafe-1.1.1-cp27-cp27m-macosx_10_6_intel.whl"
NONE_38 = "winrt-1.0-cp38-none-win_amd64.whl"
NONE_313 = "pkg-1.0-cp313-none-manylinux_2_17_x86_64.whl"
GENERIC = "pkg-1.0-py3-none-manylinux_2_17_x86_64.whl"
ANY = "pkg-1.0-py2.py3-none-any.whl"
MERGED = "pkg-1.0-cp310.cp311-cp310.cp311-manylinux_2_17_x86_64.whl"

GNU = "x86_64-linux-gnu"
HOOK = ("PyInit__core",)


def win(name: str, *dlls: str, machine: Machine = X86_64, hooks: tuple[str, ...] = HOOK) -> Member:
    return member(f"pkg/{name}", pe(machine, *dlls, hooks=hooks))


def linux(name: str, machine: Machine = X86_64, hooks: tuple[str, ...] = HOOK, **more: object) -> Member:
    return member(f"pkg/{name}", elf(machine, hooks=hooks, **more))


def mac(name: str, *machines: Machine, hooks: tuple[str, ...] = HOOK) -> Member:
    return member(f"pkg/{name}", *(macho(machine, hooks=hooks) for machine in machines or (ARM64,)))


def library(path: str, *images: Image) -> Member:
    return member(path, *images, role=Role.LIBRARY)


good_win = win("_core.cp311-win_amd64.pyd", "python311.dll")
good_mac = mac("_core.cpython-311-darwin.so")
good_linux = linux(f"_core.cpython-311-{GNU}.so")

HITS: dict[str, list[Wheel]] = {
    "WA401": [
        wheel(WIN, win("_core.cp313-win_amd64.pyd")),
        wheel("pkg-1.0-cp312-cp312-win_amd64.whl", win("_core.cp313-win_amd64.pyd")),
        wheel(WIN, win("_core.cp311t-win_amd64.pyd")),
        wheel(WIN_T, win("_core.cp313-win_amd64.pyd")),
        wheel(WIN_ABI3, win("_core.cp310-win_amd64.pyd")),
        wheel(WIN_ABI3, win("_core.abi3.pyd")),
        wheel(LINUX, linux(f"_core.cpython-310-{GNU}.so")),
        wheel(LINUX_T, linux(f"_core.cpython-313-{GNU}.so")),
        wheel(LINUX_ABI3, linux(f"_core.cpython-310-{GNU}.so")),
        wheel(LINUX_ABI3, linux("_core.abi3t.so")),
        wheel(LINUX_315T, linux("_core.abi3.so")),
        wheel(LINUX_BOTH, linux("_core.abi3.so")),
        wheel(LINUX, linux("_core.cpython-311-x86_64-linux-musl.so")),
        wheel(MUSL_311, linux(f"_core.cpython-311-{GNU}.so")),
        wheel("pkg-1.0-cp310-abi3-musllinux_1_2_x86_64.whl", linux(f"_core.cpython-310-{GNU}.so")),
        wheel(MAC_ABI3, mac("_core.cpython-310-darwin.so", X86_64, ARM64)),
        wheel(PYPY, linux("_core.so")),
        wheel(PYPY, linux("_core.abi3.so")),
        wheel(PYPY, linux(f"_core.pypy310-pp73-{GNU}.so")),
    ],
    "WA402": [
        wheel(WIN, win("_core.cp311-win_amd64.pyd", machine=ARM64)),
        wheel(WIN_ARM, win("_core.cp311-win_amd64.pyd", machine=ARM64)),
        wheel(WIN, win("_core.cp311-win_amd64.pyd", machine=X86)),
        wheel(LINUX, linux(f"_core.cpython-311-{GNU}.so", ARM64)),
        wheel(LINUX, linux(f"_core.cpython-311-{GNU}.so", variant="x32")),
        wheel(LINUX, linux(f"_core.cpython-311-{GNU}x32.so")),
        wheel(ANDROID, linux("_core.cpython-313-aarch64-linux-android.so", X86_64)),
        wheel(
            "pkg-1.0-cp311-cp311-mingw_x86_64_ucrt_gnu.whl",
            win("_core.cp311-mingw_x86_64_ucrt_gnu.pyd", machine=X86),
        ),
    ],
    "WA403": [
        wheel(WIN_ARM, win("_core.cp311-win_amd64.pyd", machine=ARM64)),
        wheel(WIN, good_linux),
        wheel(LINUX, good_mac),
        wheel(LINUX, linux("_core.cpython-311-aarch64-linux-gnu.so")),
        wheel(I686, linux("_core.cpython-311-i686-linux-gnu.so", X86)),
        wheel(IOS, mac("_core.cpython-313-iphoneos.so")),
    ],
    "WA404": [
        wheel(WIN, win("_core.cp311-win_amd64.pyd", hooks=("PyInit_core",))),
        wheel(LINUX, linux(f"_core.cpython-311-{GNU}.so", hooks=("PyInit_other",))),
        wheel(LINUX_ABI3, linux("_core.abi3.so", hooks=("PyModExport__core",))),
        wheel(LINUX, linux(f"_core.cpython-311-{GNU}.so", hooks=("PyModExport__core",))),
        wheel(
            MAC,
            member("pkg/_core.cpython-311-darwin.so", macho(ARM64, hooks=HOOK), macho(X86_64, hooks=())),
        ),
        wheel(LINUX, library(f"pkg/_core.cpython-311-{GNU}.so", elf(X86_64))),
        wheel(WIN, library("pkg/_core.pyd", pe(X86_64))),
        wheel("pkg-1.0-cp27-cp27m-win_amd64.whl", win("_core.pyd", hooks=HOOK)),
        wheel(LINUX, linux(f"__init__.cpython-311-{GNU}.so", hooks=("PyInit_other",))),
    ],
    "WA405": [
        wheel(NONE_38, win("_winrt.pyd", "python38.dll", hooks=("PyInit__winrt",))),
        wheel(LINUX, linux("_core.so")),
        wheel(LINUX_ABI3, linux("_core.so")),
        wheel(GENERIC, linux("_core.so")),
        wheel(ANY, linux("_core.so")),
        wheel(GRAAL, linux("_core.so")),
    ],
    "WA406": [
        wheel(LINUX_ABI3, linux(f"_core.abi3-{GNU}.so")),
        wheel("pkg-1.0-cp314-abi3-macosx_11_0_arm64.whl", mac("_core.abi3-darwin.so")),
    ],
    "WA407": [
        wheel(WIN, good_win, win("_core.cp39-win_amd64.pyd")),
        wheel(WIN, good_win, win("_core.pyd")),
        wheel(WIN, good_win, win("_core_d.cp311-win_amd64.pyd")),
        wheel(ANY, win("_core.cp39-win_amd64.pyd")),
        wheel(LINUX_ABI3, linux("_core.abi3.so"), linux(f"_core.cpython-310-{GNU}.so")),
        wheel(MERGED, good_linux, linux("_core.so"), linux(f"_core.cpython-310-{GNU}.so")),
    ],
    "WA408": [
        wheel(LINUX_BOTH, linux("_core.abi3t.so")),
        wheel("pkg-1.0-cp315-abi3t-win_amd64.whl", win("_core.pyd", "python3t.dll")),
    ],
    "WA413": [
        wheel(WIN, win("_core_d.cp311-win_amd64.pyd", "python311_d.dll")),
        wheel(WIN, win("_core_d.pyd", "python311_d.dll")),
        wheel(LINUX, linux(f"_core.cpython-311d-{GNU}.so")),
        wheel(GENERIC, win("_core_d.pyd")),
    ],
    "WA414": [
        wheel(MAC, mac("_core.dylib")),
        wheel(WIN, win("_core.dll")),
        wheel(LINUX, linux("_core.so.1")),
        wheel(WIN, good_win, library("pkg/other.dll", pe(X86_64, hooks=("PyInit_other",)))),
    ],
    "WA415": [
        wheel(WIN, win("_core.cp311-win_amd64.pyd", hooks=("init_core",))),
        wheel(WIN, win("_core.pyd", hooks=("init_core",))),
        wheel(LINUX, linux("_core.so", hooks=("init_core",))),
    ],
    "WA416": [
        wheel(LINUX_T, linux("_core.abi3.so")),
        wheel("pkg-1.0-cp314-cp314t-macosx_11_0_arm64.whl", mac("_core.abi3.so")),
        wheel("pkg-1.0-cp313-abi3.cp313t-manylinux_2_17_x86_64.whl", linux("_core.abi3.so")),
    ],
}

_MYPYC = (
    member(
        "black/__init__.cpython-310-darwin.so",
        macho(X86_64, hooks=("PyInit_black", "PyInit___init__")),
    ),
    member("black/brackets.cpython-310-darwin.so", macho(X86_64, hooks=("PyInit_brackets",))),
    member(
        "610faff656c4cfcbb4a3__mypyc.cpython-310-darwin.so",
        macho(X86_64, hooks=("PyInit_610faff656c4cfcbb4a3__mypyc",)),
    ),
)
_CRYPTOGRAPHY = win(
    "_rust.pyd",
    "python3t.dll",
    hooks=("PyInit__openssl", "PyModExport__rust", "PyModExport_ocsp", "PyModExport_x509"),
)

GOOD: list[Wheel] = [
    wheel(WIN, good_win),
    wheel(MAC, good_mac),
    wheel(LINUX, good_linux),
    wheel(WIN_T, win("_core.cp313t-win_amd64.pyd", "python313t.dll")),
    wheel(LINUX_T, linux(f"_core.cpython-313t-{GNU}.so")),
    wheel(LINUX_ABI3, linux("_core.abi3.so")),
    wheel(LINUX_ABI3_315, linux(f"_core.abi3-{GNU}.so")),
    wheel(LINUX_ABI3_315, linux("_core.abi3t.so")),
    wheel(LINUX_BOTH, linux("_core.abi3t.so", hooks=("PyModExport__core",))),
    wheel(LINUX_BOTH, linux(f"_core.abi3t-{GNU}.so", hooks=(*HOOK, "PyModExport__core"))),
    wheel(LINUX_BOTH, linux("_core.abi3.so"), linux("_core.abi3t.so", hooks=("PyModExport__core",))),
    wheel(WIN_ABI3, win("_core.pyd", "python3.dll")),
    wheel("cryptography-50.0.2-cp315-abi3.abi3t-win_amd64.whl", _CRYPTOGRAPHY),
    wheel("black-22.10.0-1fixedarch-cp310-cp310-macosx_11_0_x86_64.whl", *_MYPYC),
    wheel(MUSL_310, linux(f"_core.cpython-310-{GNU}.so")),
    wheel(MUSL_310, linux("_core.cpython-310-x86_64-linux-musl.so")),
    wheel(MUSL_311, linux("_core.cpython-311-x86_64-linux-musl.so")),
    wheel(I686, linux("_core.cpython-311-i386-linux-gnu.so", X86)),
    wheel(
        "markupsafe-3.0.4-cp314-cp314t-musllinux_1_2_armv7l.whl",
        linux("_core.cpython-314t-arm-linux-musleabihf.so", Machine.ARM),
    ),
    wheel(
        "cffi-2.1.1-cp315-cp315t-manylinux2014_s390x.manylinux_2_17_s390x.whl",
        linux("_core.cpython-315t-s390x-linux-gnu.so", Machine.S390X),
    ),
    wheel(PYPY, linux(f"_core.pypy311-pp73-{GNU}.so", hooks=("_cffi_pypyinit__core",))),
    wheel(PYPY_WIN, win("_core.pypy37-pp73-win_amd64.pyd")),
    wheel(GRAAL, linux("_core.graalpy250-312-native-x86_64-linux.so")),
    wheel(IOS, mac("_core.cpython-313-iphonesimulator.so")),
    wheel(ANDROID, linux("_core.cpython-313-aarch64-linux-android.so", ARM64)),
    wheel(PY27, mac("_core.so", X86_64, X86, hooks=("init_core",))),
    wheel(NONE_313, linux(f"_core.cpython-313-{GNU}.so"), linux(f"_core.cpython-313t-{GNU}.so")),
    wheel(MERGED, good_linux, linux(f"_core.cpython-310-{GNU}.so")),
    wheel(MERGED, good_linux),
    wheel(LINUX, member(f"pkg/äöü.cpython-311-{GNU}.so", elf(X86_64, hooks=("PyInitU_4ca0bs",)))),
    wheel(LINUX, library("pkg.libs/libfoo-1a2b.so.5", elf(X86_64))),
    wheel(WIN, good_win, library("pkg/foo.dll", pe(X86_64))),
    wheel(GENERIC, library("pkg/libfoo.so", elf(X86_64, hooks=("initialize",)))),
    # no import statement reaches these
    wheel(LINUX, linux(f"4.0/lib/_core.cpython-310-{GNU}.so")),
    wheel(LINUX, linux(f"my-plugin.cpython-310-{GNU}.so", hooks=("PyInit_x",))),
]
"""The guards of rules.md section 9 among others: no rule of the family has anything to say."""

CLEAN: dict[str, list[Wheel]] = {
    **{code: list(GOOD) for code in RULES},
    "WA401": [
        *GOOD,
        wheel(WIN, good_win, win("_core.cp39-win_amd64.pyd")),
        wheel(ANY, win("_core.cp39-win_amd64.pyd")),
        wheel(GENERIC, good_linux),
        wheel(GRAAL, linux("_core.so")),
    ],
    "WA402": [
        *GOOD,
        wheel(WIN, member("pkg/_core.cp311-win_amd64.pyd", pe(X86_64, variant="arm64ec", hooks=HOOK))),
        wheel(WIN_ARM, member("pkg/_core.cp311-win_arm64.pyd", pe(ARM64, variant="arm64x", hooks=HOOK))),
        wheel(LINUX, linux(f"_core.cpython-311-{GNU}.so", Machine.NONE)),
        wheel(WIN, good_win, win("_core.cp39-win32.pyd")),
    ],
    "WA404": [
        *GOOD,
        wheel(WIN, win("_core.cp311-win_amd64.pyd", hooks=("init_core",))),
        wheel(LINUX, linux(f"_core.cpython-311-{GNU}.so", hooks=(), faults=(Fault("truncated", 1, "x"),))),
        wheel(LINUX, linux(f"_core.cpython-311-{GNU}.so", hooks=(), depth=Depth.HEADER)),
        wheel(WIN, member("pkg/_core.cp311-win_amd64.pyd", pe(X86_64, packed=True))),
        wheel(LINUX_ABI3_315, linux("_core.abi3.so", hooks=("PyModExport__core",))),
        wheel(WIN, good_win, win("_core.cp39-win_amd64.pyd", hooks=("PyInit_x",))),
        wheel(LINUX, library("pkg/_core.so", elf(X86_64))),
        wheel(LINUX, member(f"pkg/_core.cpython-311-{GNU}.so", elf(X86_64), role=Role.DEPENDENCY)),
    ],
    "WA405": [*GOOD, wheel(PYPY, linux("_core.so")), wheel(WIN, win("_core_d.pyd"))],
    "WA407": [
        *GOOD,
        wheel(LINUX, linux(f"_core.cpython-310-{GNU}.so"), linux(f"_core.cpython-39-{GNU}.so")),
        wheel(GENERIC, linux("_core.so")),
    ],
    "WA413": [
        *GOOD,
        wheel("pkg-1.0-cp311-cp311d-win_amd64.whl", win("_core_d.cp311-win_amd64.pyd")),
        wheel(WIN, win("_core_d.cp311-win_amd64.pyd", hooks=("PyInit__core_d",))),
        wheel(WIN, good_win, win("_core_d.cp311-win_amd64.pyd")),
    ],
    "WA414": [
        *GOOD,
        wheel(LINUX, good_linux, linux("_core.so.1")),
        wheel("pkg-1.0-cp311-cp311-cygwin_3_4_x86_64.whl", win("_core.dll")),
    ],
    "WA415": [*GOOD, wheel(ANY, win("_core.pyd", hooks=("init_core",)))],
    "WA416": [*GOOD, wheel("pkg-1.0-cp313-cp313-manylinux_2_17_x86_64.whl", linux("_core.abi3.so"))],
}


def problems(code: str, subject: Wheel) -> list[Problem]:
    return list(RULES[code].check(subject))


def only(code: str, subject: Wheel) -> Problem:
    (problem,) = problems(code, subject)
    return problem


def codes(subject: Wheel) -> list[str]:
    return [code for code in RULES if problems(code, subject)]


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, many in HITS.items() for one in many])
def test_hit(code: str, subject: Wheel) -> None:
    """Each bad wheel gets a problem of its rule, about a member of it."""
    found = problems(code, subject)
    assert found
    assert {problem.member for problem in found} <= {one.path for one in subject.members}


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, many in CLEAN.items() for one in many])
def test_clean(code: str, subject: Wheel) -> None:
    """A wheel that is right, or wrong in another rule's way, gets none."""
    assert problems(code, subject) == []


@pytest.mark.parametrize("subject", GOOD)
def test_good_wheels_are_clean(subject: Wheel) -> None:
    """A good wheel gets no word from the whole family."""
    assert codes(subject) == []


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (wheel(LINUX_ABI3, linux(f"_core.cpython-310-{GNU}.so")), ["WA401"]),
        (wheel(LINUX_ABI3, linux(f"_core.abi3-{GNU}.so")), ["WA406"]),
        (wheel(WIN_ARM, win("_core.cp311-win_amd64.pyd", machine=ARM64)), ["WA402", "WA403"]),
        (wheel(WIN_ARM, win("_core.cp311-win_amd64.pyd")), ["WA403"]),
        (wheel(WIN, win("_core.cp311-win_amd64.pyd", machine=ARM64)), ["WA402"]),
        (wheel(WIN, win("_core_d.cp311-win_amd64.pyd")), ["WA413"]),
        (wheel(LINUX_T, linux("_core.abi3.so")), ["WA416"]),
        (wheel(LINUX_315T, linux("_core.abi3.so")), ["WA401"]),
        (wheel(MAC, mac("_core.dylib")), ["WA414"]),
        (wheel(WIN, win("_core.cp311-win_amd64.pyd", hooks=("init_core",))), ["WA415"]),
        (wheel(PYPY, linux("_core.so")), ["WA401"]),
        (wheel(ANY, win("_core.cp39-win_amd64.pyd")), ["WA407"]),
    ],
)
def test_one_fault_has_one_code(subject: Wheel, expected: list[str]) -> None:
    """A name that nobody imports is reported once, under the code that says why."""
    assert codes(subject) == expected


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA401", wheel(LINUX, linux(f"_core.cpython-310-{GNU}.so")), Severity.ERROR),
        ("WA404", wheel(WIN, win("_core.pyd", hooks=("PyInit_core",))), Severity.ERROR),
        (
            "WA404",
            wheel(WIN, library("pkg/_core.pyd", pe(X86_64, imported=(PYTHON_CALL,)))),
            Severity.WARNING,
        ),
        ("WA404", wheel(WIN, library("pkg/_core.pyd", pe(X86_64, depth=Depth.LINKAGE))), Severity.WARNING),
        ("WA404", wheel(WIN, library("pkg/_core.pyd", pe(X86_64))), Severity.NOTE),
        ("WA405", wheel(NONE_38, win("_core.pyd")), Severity.NOTE),
        ("WA405", wheel(ANY, linux("_core.so")), Severity.WARNING),
        ("WA407", wheel(WIN, good_win, win("_core.pyd")), Severity.NOTE),
        ("WA414", wheel(MAC, mac("_core.dylib")), Severity.WARNING),
        ("WA415", wheel(LINUX, linux("_core.so", hooks=("init_core",))), Severity.WARNING),
        ("WA415", wheel(WIN, win("_core.pyd", hooks=("init_core",))), Severity.ERROR),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """What certainly fails is an error, what may be meant a warning, the rest a note."""
    assert (only(code, subject).severity or RULES[code].severity) is severity


def test_message_of_a_version_in_a_stable_wheel() -> None:
    """The reader learns the suffix, the ones that are looked for, the tags and Python's own words."""
    found = only("WA401", wheel(LINUX_ABI3, linux(f"_core.cpython-310-{GNU}.so")))
    assert found.message == (
        f"pkg/_core.cpython-310-{GNU}.so has the suffix .cpython-310-{GNU}.so, "
        "the tagged Pythons look for .abi3.so, .so"
    )
    assert found.evidence == {"have": f".cpython-310-{GNU}.so", "need": ".abi3.so, .so"}
    assert found.tags == ("cp310-abi3-manylinux_2_17_x86_64",)
    assert found.consequence == "ModuleNotFoundError: No module named 'pkg._core'"


def test_only_the_lost_half_of_two_stable_abis_is_named() -> None:
    """`.abi3.so` under abi3.abi3t fails free-threaded Python, and only that."""
    found = only("WA401", wheel(LINUX_BOTH, linux("_core.abi3.so")))
    assert found.tags == ("cp315-abi3t-manylinux_2_34_x86_64",)


def test_message_of_a_missing_hook() -> None:
    """The reader learns which hooks are there and which is wanted."""
    found = only("WA404", wheel(WIN, win("_core.cp311-win_amd64.pyd", hooks=("PyInit_core", "PyInit_b"))))
    assert found.evidence == {"have": "PyInit_core, PyInit_b", "need": "PyInit__core"}
    assert found.consequence == (
        "ImportError: dynamic module does not define module export function (PyInit__core)"
    )


def test_the_slice_without_hook_is_named() -> None:
    """Of a fat module the slice that lacks the hook is meant."""
    images = (macho(ARM64, hooks=HOOK), macho(X86_64, hooks=()))
    found = only("WA404", wheel(MAC, member("pkg/_core.cpython-311-darwin.so", *images)))
    assert (found.slice, found.evidence["have"]) == ("x86_64", "none")


def test_python_2_says_it_in_other_words() -> None:
    """A module for Python 3 in a wheel for Python 2 gets Python 2's message."""
    found = only("WA404", wheel("pkg-1.0-cp27-cp27m-win_amd64.whl", win("_core.pyd")))
    assert found.consequence == "ImportError: dynamic module does not define init function (init_core)"


def test_module_names() -> None:
    """A module is called as an import statement calls it: no data folder, and `__init__` by its package."""
    data = member("pkg-1.0.data/platlib/pkg/_core.cp313-win_amd64.pyd", pe(X86_64, hooks=HOOK))
    assert only("WA401", wheel(WIN, data)).consequence.endswith("'pkg._core'")
    package = win("__init__.cp313-win_amd64.pyd", hooks=("PyInit_pkg",))
    assert only("WA401", wheel(WIN, package)).consequence.endswith("'pkg'")
    top = member("_core.cp313-win_amd64.pyd", pe(X86_64, hooks=HOOK))
    assert only("WA401", wheel(WIN, top)).consequence.endswith("'_core'")


def test_a_wheel_without_live_tags_is_left_alone() -> None:
    """Where no tag is live nobody can say what is imported."""
    assert codes(wheel("pkg-1.0-cp311-cp310-win_amd64.whl", win("_core.cp39-win_amd64.pyd"))) == []
