"""Wheels that are wrong in one classic way get the right code, and their good twins are clean."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

import wheelarch
from support.images import TESTDATA, image, manifest
from support.wheels import build_wheel
from wheelarch.model import Finding, Severity


class Pair(NamedTuple):
    """A bad wheel and its good twin. Members are given as path and name of an image of testdata."""

    bad: str
    """The bad wheel's name."""
    members: Mapping[str, str]
    code: str
    """The code that must be reported."""
    at: str
    """The member that the finding must point at."""
    good: Mapping[str, str]
    """The twin's members."""
    good_name: str = ""
    """The twin's name, if it differs."""
    tags: tuple[str, ...] | None = None
    """The bad wheel's tags in WHEEL, if they differ from those of its name."""


_ABI3_AMD64 = "demo-1.0-cp311-abi3-win_amd64.whl"
_ABI3_ARM64 = "demo-1.0-cp311-abi3-win_arm64.whl"
_ABI3T = "demo-1.0-cp315-abi3.abi3t-win_amd64.whl"
_CP312_AMD64 = "demo-1.0-cp312-cp312-win_amd64.whl"
_CP313T_AMD64 = "demo-1.0-cp313-cp313t-win_amd64.whl"
_MACOS_ARM64 = "demo-1.0-cp312-cp312-macosx_11_0_arm64.whl"
_MACOS_BOTH = "demo-1.0-cp312-cp312-macosx_11_0_arm64.macosx_11_0_x86_64.whl"
_MACOS_X86_64 = "demo-1.0-cp312-cp312-macosx_11_0_x86_64.whl"
_UNIVERSAL2 = "demo-1.0-cp312-cp312-macosx_11_0_universal2.whl"
_MANYLINUX = "demo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"
_MANYLINUX_ARM = "demo-1.0-cp312-cp312-manylinux_2_17_armv7l.whl"
_PYD = "demo/ext.pyd"
_DARWIN = "demo/ext.cpython-312-darwin.so"
_DARWIN_2 = "demo/sub/ext.cpython-312-darwin.so"
_GNU = "demo/ext.cpython-312-x86_64-linux-gnu.so"
_GNU_2 = "demo/sub/ext.cpython-312-x86_64-linux-gnu.so"
_GNU_ARM = "demo/ext.cpython-312-arm-linux-gnueabihf.so"
_TOOL = "demo-1.0.data/scripts/tool.exe"

_AMD64 = {_PYD: "win_amd64-python3.pyd"}
_ARM64 = {_PYD: "win_arm64-python3.pyd"}

PAIRS = {
    # Windows: machine
    "arm64 .pyd in win_amd64": Pair(_ABI3_AMD64, _ARM64, "WA201", _PYD, good=_AMD64),
    "x64 .pyd in win_arm64": Pair(_ABI3_ARM64, _AMD64, "WA201", _PYD, good=_ARM64),
    "ARM64EC .pyd in win_amd64": Pair(
        _ABI3_AMD64, {_PYD: "win_arm64ec-python3.pyd"}, "WA209", _PYD, good=_AMD64
    ),
    "ARM64X .pyd in win_amd64": Pair(
        _ABI3_AMD64,
        {_PYD: "win_arm64x-python3.pyd"},
        "WA210",
        _PYD,
        good={_PYD: "win_arm64x-python3.pyd"},
        good_name=_ABI3_ARM64,
    ),
    "ARM64 DLL beside a right .pyd": Pair(
        _ABI3_AMD64,
        {_PYD: "win_amd64-helper-user.pyd", "demo/helper.dll": "win_arm64-helper.dll"},
        "WA203",
        "demo/helper.dll",
        good={_PYD: "win_amd64-helper-user.pyd", "demo/helper.dll": "win_amd64-helper.dll"},
    ),
    "ARM64 program in .data/scripts": Pair(
        _ABI3_AMD64,
        {**_AMD64, _TOOL: "win_arm64-program.exe"},
        "WA205",
        _TOOL,
        good={**_AMD64, _TOOL: "win_amd64-program.exe"},
    ),
    # Windows: Python
    "abi3 .pyd importing python311.dll": Pair(
        _ABI3_AMD64, {_PYD: "win_amd64-python311.pyd"}, "WA301", _PYD, good=_AMD64
    ),
    "abi3 .pyd importing python3.dll and python311.dll": Pair(
        _ABI3_AMD64, {_PYD: "win_amd64-mixed.pyd"}, "WA308", _PYD, good=_AMD64
    ),
    "cp313 .pyd in a cp312 wheel, seen by its DLL": Pair(
        _CP312_AMD64,
        {_PYD: "win_amd64-python313.pyd"},
        "WA302",
        _PYD,
        good={_PYD: "win_amd64-python312.pyd"},
    ),
    "cp313 .pyd in a cp312 wheel, seen by its name": Pair(
        _CP312_AMD64,
        {"demo/ext.cp313-win_amd64.pyd": "win_amd64-python312.pyd"},
        "WA401",
        "demo/ext.cp313-win_amd64.pyd",
        good={"demo/ext.cp312-win_amd64.pyd": "win_amd64-python312.pyd"},
    ),
    "GIL python313.dll in a cp313t wheel": Pair(
        _CP313T_AMD64,
        {_PYD: "win_amd64-python313.pyd"},
        "WA303",
        _PYD,
        good={_PYD: "win_amd64-python313t.pyd"},
    ),
    "python3.dll in an abi3.abi3t wheel": Pair(
        _ABI3T, _AMD64, "WA304", _PYD, good={_PYD: "win_amd64-python3t.pyd"}
    ),
    # macOS
    "arm64 .so in macosx x86_64": Pair(
        _MACOS_X86_64,
        {_DARWIN: "macos-arm64-11.0.so"},
        "WA201",
        _DARWIN,
        good={_DARWIN: "macos-x86_64-11.0.so"},
    ),
    "arm64-only .so in universal2": Pair(
        _UNIVERSAL2,
        {_DARWIN: "macos-arm64-11.0.so"},
        "WA202",
        _DARWIN,
        good={_DARWIN: "macos-universal2.so"},
    ),
    "universal2 with one fat and one thin extension": Pair(
        _UNIVERSAL2,
        {_DARWIN: "macos-universal2.so", _DARWIN_2: "macos-x86_64-11.0.so"},
        "WA202",
        _DARWIN_2,
        good={_DARWIN: "macos-universal2.so", _DARWIN_2: "macos-universal2.so"},
    ),
    "x86_64.arm64 tag with one arch inside": Pair(
        _MACOS_BOTH,
        {_DARWIN: "macos-arm64-11.0.so"},
        "WA202",
        _DARWIN,
        good={_DARWIN: "macos-universal2.so"},
    ),
    "arm64e under an arm64 tag": Pair(
        _MACOS_ARM64, {_DARWIN: "macos-arm64e.so"}, "WA216", _DARWIN, good={_DARWIN: "macos-arm64-11.0.so"}
    ),
    "minos 14.0 under macosx_11_0": Pair(
        _MACOS_ARM64,
        {_DARWIN: "macos-arm64-14.0.so"},
        "WA501",
        _DARWIN,
        good={_DARWIN: "macos-arm64-14.0.so"},
        good_name="demo-1.0-cp312-cp312-macosx_14_0_arm64.whl",
    ),
    "iOS simulator build in a macOS wheel": Pair(
        "demo-1.0-cp313-cp313-macosx_14_0_arm64.whl",
        {"demo/ext.cpython-313-darwin.so": "ios-arm64-simulator.so"},
        "WA503",
        "demo/ext.cpython-313-darwin.so",
        good={"demo/ext.cpython-313-iphonesimulator.so": "ios-arm64-simulator.so"},
        good_name="demo-1.0-cp313-cp313-ios_14_0_arm64_iphonesimulator.whl",
    ),
    "unsigned arm64 slice": Pair(
        _MACOS_ARM64,
        {_DARWIN: "macos-arm64-unsigned.so"},
        "WA505",
        _DARWIN,
        good={_DARWIN: "macos-arm64-11.0.so"},
    ),
    # Linux
    "aarch64 .so in manylinux x86_64, alone": Pair(
        _MANYLINUX, {_GNU: "linux-aarch64-glibc.so"}, "WA201", _GNU, good={_GNU: "linux-x86_64-glibc.so"}
    ),
    "aarch64 .so in manylinux x86_64, beside a right one": Pair(
        _MANYLINUX,
        {_GNU: "linux-x86_64-glibc.so", _GNU_2: "linux-aarch64-glibc.so"},
        "WA201",
        _GNU_2,
        good={_GNU: "linux-x86_64-glibc.so", _GNU_2: "linux-x86_64-glibc.so"},
    ),
    "soft-float .so in manylinux armv7l": Pair(
        _MANYLINUX_ARM,
        {_GNU_ARM: "linux-armv7l-soft-glibc.so"},
        "WA218",
        _GNU_ARM,
        good={_GNU_ARM: "linux-armv7l-glibc.so"},
    ),
    "musl .so in manylinux": Pair(
        _MANYLINUX,
        {_GNU: "linux-x86_64-musl.so"},
        "WA521",
        _GNU,
        good={"demo/ext.cpython-312-x86_64-linux-musl.so": "linux-x86_64-musl.so"},
        good_name="demo-1.0-cp312-cp312-musllinux_1_2_x86_64.whl",
    ),
    # any
    ".pyd in py3-none-any": Pair(
        "demo-1.0-py3-none-any.whl", _AMD64, "WA110", _PYD, good=_AMD64, good_name=_ABI3_AMD64
    ),
    "file name and WHEEL differ": Pair(
        _ABI3_ARM64, _ARM64, "WA013", "demo-1.0.dist-info/WHEEL", good=_ARM64, tags=("cp311-abi3-win_amd64",)
    ),
}


def _build(name: str, members: Mapping[str, str], tags: tuple[str, ...] | None = None) -> bytes:
    contents = {path: image(source) for path, source in members.items()}
    return build_wheel(name, contents, tags=tags, modes={_TOOL: 0o755})


def _faults(data: bytes, name: str) -> list[Finding]:
    """Return the errors and warnings of an audit, without the notes."""
    (report,) = wheelarch.audit(data, name=name).wheels
    return [finding for finding in report.findings if finding.severity is not Severity.NOTE]


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_bad_wheel_is_caught(pair: Pair) -> None:
    """A bad wheel gets its code at the member that is wrong, and no other member gets a fault."""
    faults = _faults(_build(pair.bad, pair.members, pair.tags), pair.bad)
    assert pair.code in {fault.code for fault in faults if fault.member == pair.at}
    assert {fault.member for fault in faults} <= {pair.at, None}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_good_twin_is_clean(pair: Pair) -> None:
    """The wheel as it should be has no fault."""
    name = pair.good_name or pair.bad
    assert _faults(_build(name, pair.good), name) == []


@pytest.mark.parametrize("left", [1, 2, 64, 0x100, 0x200, 0x600])
def test_truncated_extension_is_caught(left: int) -> None:
    """A .pyd without its end is an error at any length, and WA901 if it is still a PE file."""
    data = build_wheel(_ABI3_AMD64, {_PYD: image("win_amd64-python3.pyd")[:left]})
    errors = [fault for fault in _faults(data, _ABI3_AMD64) if fault.severity is Severity.ERROR]
    assert {error.member for error in errors} == {_PYD}
    assert left < 64 or "WA901" in {error.code for error in errors}


@pytest.mark.parametrize("fat", ["macos-universal2.so", "macos-universal2-fat64.so"])
def test_both_fat_headers_read_the_same(fat: str) -> None:
    """A universal2 wheel has no fault with FAT_MAGIC and with FAT_MAGIC_64, and both slices are seen."""
    (report,) = wheelarch.audit(_build(_UNIVERSAL2, {_DARWIN: fat}), name=_UNIVERSAL2).wheels
    (member,) = report.members
    assert [found.arch for found in member.images] == ["x86_64", "arm64"]
    assert {finding.severity for finding in report.findings} <= {Severity.NOTE}


def test_hidden_slice_counts_as_present() -> None:
    """The arm64 slice that nfat_arch does not count serves universal2; it is a warning, because other tools miss it."""
    faults = _faults(_build(_UNIVERSAL2, {_DARWIN: "macos-universal2-hidden-arm64.so"}), _UNIVERSAL2)
    assert [(fault.code, fault.severity) for fault in faults] == [("WA217", Severity.WARNING)]


@pytest.mark.parametrize("name", sorted(manifest()["wheels"]))
def test_wheel_of_testdata(name: str) -> None:
    """A wheel of testdata/wheels has exactly the faults that it was made for."""
    faults = _faults((TESTDATA / "wheels" / name).read_bytes(), name)
    assert sorted({fault.code for fault in faults}) == manifest()["wheels"][name]["codes"]
