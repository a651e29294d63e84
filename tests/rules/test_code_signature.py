"""WA505, WA506 and WA532: code signatures."""

import struct
from typing import Any

import pytest

from support.images import image
from support.rules import problems, severities
from support.systems import (
    ARM64,
    ERROR,
    IOS,
    MAC_ARM,
    MAC_BOTH,
    MAC_X86,
    NOTE,
    X86_64,
    mac_wheel,
)
from support.values import macho
from support.wheels import build_wheel
from wheelarch.api import audit
from wheelarch.facts.wheel import Wheel
from wheelarch.model import BuildVersion, CodeSignature, Depth, Fault, Image, Kind, Machine, Role

UNSIGNED = macho(ARM64, signature=None)
MOVED = CodeSignature(4096, 512, in_place=False)


def signed(machine: Machine, state: str, **more: Any) -> Image:
    """A slice whose signature was compared with it."""
    signature = CodeSignature(4096, 512, in_place=True, state=state, detail="something is wrong")
    return macho(machine, (11, 0, 0), depth=Depth.WHOLE, signature=signature, **more)


OLD_SDK = (BuildVersion("macos", (10, 6, 0), (10, 8, 0)),)

HITS: dict[str, list[Wheel]] = {
    "WA505": [
        mac_wheel(MAC_ARM, UNSIGNED),
        mac_wheel(MAC_BOTH, macho(X86_64, (10, 9, 0), signature=None), UNSIGNED),
        mac_wheel(
            MAC_ARM,
            macho(ARM64, None, "", signature=None),
            role=Role.SCRIPT,
            path="pkg-1.0.data/scripts/tool",
        ),
    ],
    "WA506": [
        mac_wheel(MAC_ARM, macho(ARM64, signature=MOVED)),
        mac_wheel(MAC_X86, macho(X86_64, (10, 9, 0), signature=MOVED)),
    ],
    "WA532": [
        *(mac_wheel(MAC_ARM, signed(ARM64, state)) for state in ("page", "coverage", "structure")),
        *(mac_wheel(MAC_X86, signed(X86_64, state)) for state in ("page", "coverage", "structure")),
        mac_wheel(MAC_BOTH, signed(X86_64, "valid"), signed(ARM64, "page")),
        # cbcbox: a library that only programs load.
        mac_wheel(MAC_ARM, signed(ARM64, "page"), role=Role.LIBRARY, path="pkg/lib/libgcc_s.1.1.dylib"),
        mac_wheel(
            MAC_ARM, signed(ARM64, "page", kind=Kind.EXECUTABLE), role=Role.EXECUTABLE, path="pkg/tool"
        ),
        mac_wheel(MAC_X86, signed(X86_64, "page", build_versions=OLD_SDK)),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA505": [
        mac_wheel(MAC_ARM, macho(ARM64)),
        mac_wheel(MAC_X86, macho(X86_64, (10, 9, 0), signature=None)),
        # cffi for iOS: the app is signed later.
        mac_wheel(IOS, macho(ARM64, (13, 0, 0), "ios", signature=None)),
        mac_wheel(MAC_ARM, macho(ARM64, signature=None, kind=Kind.OBJECT), role=Role.SDK),
        mac_wheel(MAC_ARM, macho(ARM64, signature=None, kind=Kind.DEBUG), role=Role.DEBUG),
        mac_wheel(MAC_X86, macho(X86_64, (10, 9, 0)), UNSIGNED),
    ],
    "WA506": [mac_wheel(MAC_ARM, macho(ARM64)), mac_wheel(MAC_ARM, UNSIGNED)],
    "WA532": [
        mac_wheel(MAC_ARM, signed(ARM64, "valid")),
        mac_wheel(MAC_ARM, signed(ARM64, "unchecked")),
        mac_wheel(MAC_ARM, UNSIGNED),
        # No tag needs the slice.
        mac_wheel(MAC_X86, signed(X86_64, "valid"), signed(ARM64, "page")),
        # dyld ignores signatures of Intel code with so old an SDK.
        mac_wheel(MAC_X86, signed(X86_64, "structure", build_versions=OLD_SDK)),
        mac_wheel(IOS, signed(ARM64, "page")),
    ],
}


def test_an_unsigned_slice_is_named() -> None:
    """The slice of the universal file is named. A program dies when it starts; a library is refused."""
    (problem,) = problems("WA505", HITS["WA505"][1])
    assert (problem.slice, problem.tags) == ("arm64", ("cp311-cp311-macosx_10_9_universal2",))
    (program,) = problems(
        "WA505", mac_wheel(MAC_ARM, macho(ARM64, signature=None, kind=Kind.EXECUTABLE), role=Role.SCRIPT)
    )
    assert program.consequence == "Killed: 9"
    assert problem.consequence.endswith("not valid for use in process")


def test_damage_is_not_absence() -> None:
    """A load command that is missing in a damaged slice may be in the damaged part."""
    image = macho(ARM64, None, "", signature=None, faults=(Fault("truncated", 40, "load commands"),))
    assert problems("WA505", mac_wheel(MAC_ARM, image)) == []


@pytest.mark.parametrize(
    ("machine", "state", "severity"),
    [
        (ARM64, "page", ERROR),
        (ARM64, "coverage", ERROR),
        (ARM64, "structure", ERROR),
        (X86_64, "page", NOTE),
        (X86_64, "coverage", ERROR),
        (X86_64, "structure", ERROR),
    ],
)
def test_severity_by_machine(machine: Machine, state: str, severity: object) -> None:
    """A wrong page kills only native arm64 processes; what dyld refuses fails on both machines."""
    subject = mac_wheel(MAC_ARM if machine is ARM64 else MAC_X86, signed(machine, state))
    assert severities("WA532", subject) == [severity]


def test_one_finding_for_one_signature() -> None:
    """If the kernel refuses the signature, its place is not reported too."""
    signature = CodeSignature(4096, 512, in_place=False, state="page", detail="...")
    subject = mac_wheel(MAC_ARM, macho(ARM64, depth=Depth.WHOLE, signature=signature))
    assert (len(problems("WA506", subject)), len(problems("WA532", subject))) == (0, 1)


NAME = "pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl"


def found(data: bytes, path: str = "pkg/ext.cpython-312-darwin.so", name: str = NAME) -> list[str]:
    """What the audit of a wheel with one file finds about its signature."""
    (report,) = audit(build_wheel(name, {path: data}), name=name, select=["WA53"], second_opinion="off")
    return [one.code for one in report.findings]


def test_real_files() -> None:
    """A file that was edited after it was signed is found, whether it is a module, a library or a program."""
    edited = image("macos-arm64-edited.so")
    assert found(edited) == ["WA532"]
    assert found(image("macos-arm64-11.0.so")) == []
    assert found(image("macos-arm64-helper.dylib"), "pkg/libhelper.dylib") == []
    library = bytearray(image("macos-arm64-helper.dylib"))
    library[0x4000] ^= 1
    assert found(bytes(library), "pkg/libhelper.dylib") == ["WA532"]
    program = bytearray(image("macos-arm64-program"))
    assert found(bytes(program), "pkg/bin/tool") == []
    program[0x4000] ^= 1
    assert found(bytes(program), "pkg/bin/tool") == ["WA532"]


def test_reserved_bytes_of_a_universal_file() -> None:
    """In a universal file the pages are those of the slice."""
    data = bytearray(image("macos-universal2.so"))
    universal = "pkg-1.0-cp312-cp312-macosx_11_0_universal2.whl"
    assert found(bytes(data), name=universal) == []
    (at,) = struct.unpack_from(">I", data, 8 + 20 + 8)
    data[at + 0x4000] ^= 1
    assert found(bytes(data), name=universal) == ["WA532"]
