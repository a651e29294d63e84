"""WA110 to WA112 on plain values."""

import pytest

from support.rule_cases import tagged
from support.rules import problems, severities
from support.values import elf, entry, macho, member, pe, wheel
from wheelarch.container.zip_layout import ArchiveProblem
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Fault, Format, Image, Kind, Machine, Member, Role, Severity
from wheelarch.rules import find
from wheelarch.rules.remedies import systems_of_tags

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
HOOK = ("PyInit__core",)
E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


def program(path: str, *images: Image, role: Role = Role.EXECUTABLE) -> Member:
    return member(path, *(image._replace(kind=Kind.EXECUTABLE) for image in images), role=role)


def library(path: str, *images: Image, role: Role = Role.LIBRARY) -> Member:
    return member(path, *images, role=role)


any_so = member("pkg/_core.so", elf(X86_64, "libc.so.6", hooks=HOOK))
any_pyd = member("pkg/_core.cp311-win_amd64.pyd", pe(X86_64, "python311.dll", hooks=HOOK))
debugpy = (
    member(
        "debugpy/pydevd_cython.cp39-win_amd64.pyd",
        pe(X86_64, "python39.dll", hooks=("PyInit_pydevd_cython",)),
    ),
    library("debugpy/attach_amd64.dll", pe(X86_64), role=Role.FAMILY),
    library("debugpy/attach_x86.dll", pe(X86), role=Role.FAMILY),
    library("debugpy/attach_linux_amd64.so", elf(X86_64), role=Role.LIBRARY),
    library("debugpy/attach.dylib", macho(X86_64), macho(ARM64), role=Role.LIBRARY),
)

HITS: dict[str, list[Wheel]] = {
    "WA110": [
        tagged("py310-none-any", any_so),
        tagged("py3-none-any", any_pyd),
        tagged("py3-none-any", member("pkg/_core.abi3.so", macho(hooks=HOOK))),
        tagged("py3-none-any", library("pkg/libfoo.so", elf())),
        tagged("py3-none-any", program("pkg-1.0.data/scripts/tool", elf(), role=Role.SCRIPT)),
        tagged("py2.py3-none-any", *debugpy),
        tagged("py3-none-any.win_amd64", any_pyd),
    ],
    "WA111": [
        wheel("pkg-1.0-cp311-cp311-win_amd64.whl", entries=[entry("pkg/__init__.py")]),
        wheel("pkg-1.0-py3-none-manylinux_2_17_x86_64.whl", entries=[entry("pkg/__init__.py")]),
    ],
    "WA112": [
        tagged("cp311-cp311-macosx_10_9_universal2", member("pkg/_core.so", macho(X86_64, hooks=HOOK))),
        tagged("py3-none-macosx_10_9_universal2", library("pkg/libcapstone.dylib", macho(X86_64))),
        tagged("cp311-cp311-win_arm64", member("pkg/_core.pyd", pe(X86_64, hooks=HOOK))),
        tagged(
            "cp311-cp311-macosx_10_9_x86_64.macosx_11_0_arm64",
            member("pkg/_core.so", macho(ARM64, hooks=HOOK)),
        ),
        tagged("cp311-cp311-manylinux_2_17_aarch64", any_so),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA110": [
        tagged(
            "py3-none-any",  # setuptools, distlib
            program("setuptools/cli-32.exe", pe(X86), role=Role.FAMILY),
            program("setuptools/cli-64.exe", pe(X86_64), role=Role.FAMILY),
            program("setuptools/cli.exe", pe(X86)),
        ),
        tagged(
            "py3-none-any",  # clr_loader
            library("clr_loader/ffi/dlls/amd64/ClrLoader.dll", pe(X86_64, clr_flags=0), role=Role.FAMILY),
            library("clr_loader/ffi/dlls/x86/ClrLoader.dll", pe(X86, clr_flags=2), role=Role.FAMILY),
        ),
        tagged(
            "py3-none-any", member("pythonnet/Python.Runtime.dll", pe(X86, clr_flags=9), role=Role.MANAGED)
        ),
        tagged("py3-none-any", library("pkg/Lib.dll", pe(X86, clr_flags=1))),
        tagged(
            "py3-none-any",  # selenium
            program("selenium/linux/selenium-manager", elf(), role=Role.FAMILY),
            program("selenium/macos/selenium-manager", macho(), role=Role.FAMILY),
        ),
        tagged("py3-none-any", member("pkg/tests/data/foo.so", elf(), role=Role.TEST_DATA)),
        tagged(
            "py3-none-any",
            member(
                "pkg/_core.so",
                elf(Machine.WASM32)._replace(format=Format.WASM, elf=None),
                role=Role.EXTENSION,
            ),
        ),
        tagged("py3-none-any", member("pkg/kernel.cubin", elf(Machine.CUDA), role=Role.DATA)),
        tagged("cp311-cp311-win_amd64", any_pyd),
        tagged("py3-none-any"),
    ],
    "WA111": [
        wheel("pkg-1.0-py3-none-any.whl", entries=[entry("pkg/__init__.py")]),
        tagged("cp311-cp311-win_amd64", any_pyd),
        tagged(
            "py3-none-manylinux_2_17_x86_64",
            member("pkg/lib.a", elf()._replace(kind=Kind.ARCHIVE), role=Role.SDK),
        ),
        tagged("cp311-cp311-win_amd64", member("pkg/_core.pyd", faults=(Fault("truncated", 0, "headers"),))),
        wheel(
            "pkg-1.0-cp311-cp311-win_amd64.whl",
            entries=[entry("pkg/_core.pyd")],
            problems=[ArchiveProblem("crc", "pkg/_core.pyd", "wrong", {})],
        ),
        tagged("cp311-cp311-win_amd64"),
    ],
    "WA112": [
        tagged("cp311-cp311-macosx_10_9_universal2", member("pkg/_core.so", macho(X86_64), macho(ARM64))),
        tagged(
            "cp311-cp311-macosx_10_9_universal2",
            library("pkg/a.x86_64.dylib", macho(X86_64)),
            library("pkg/a.arm64.dylib", macho(ARM64)),
        ),
        tagged("py3-none-macosx_10_6_intel", library("magic/libmagic.dylib", macho(X86_64))),
        tagged(
            "py3-none-win_arm64", program("pkg/node.exe", pe(X86_64)), library("pkg/node.dll", pe(X86_64))
        ),
        tagged("py3-none-win_amd64", library("pkg/gadget.so", elf(ARM64))),
        tagged("cp311-cp311-win_arm64", member("pkg/_core.pyd", pe(ARM64, variant="arm64x", hooks=HOOK))),
        tagged("cp39-abi3-manylinux_2_28_aarch64", member("sdbus/x.abi3.so", elf(Machine.NONE))),
        tagged(
            "cp311-cp311-manylinux_2_17_aarch64",
            any_so,
            member("pkg/b.so", faults=(Fault("truncated", 0, "x"),)),
        ),
        tagged("py3-none-manylinux_2_17_aarch64", member("pkg/lib.a", elf(), role=Role.SDK)),
        tagged("py3-none-any", any_so),
        tagged("cp314-cp314t-win_arm64", library("capstone/lib/capstone.dll", pe(ARM64))),
    ],
}


@pytest.mark.parametrize(
    ("code", "index", "blamed", "severity"),
    [
        ("WA110", 0, "pkg/_core.so", E),
        ("WA110", 1, "pkg/_core.cp311-win_amd64.pyd", E),
        ("WA110", 3, "pkg/libfoo.so", W),
        ("WA110", 4, "pkg-1.0.data/scripts/tool", W),
        ("WA110", 5, "debugpy/pydevd_cython.cp39-win_amd64.pyd", N),
        ("WA111", 0, None, N),
        ("WA112", 0, None, E),
    ],
)
def test_severity(code: str, index: int, blamed: str | None, severity: Severity) -> None:
    """The severity follows from who certainly fails, and the member is the one to blame."""
    assert severities(code, HITS[code][index]) == [severity]
    assert [one.member for one in problems(code, HITS[code][index])] == [blamed]


@pytest.mark.parametrize(
    ("code", "index", "message"),
    [
        ("WA110", 0, "tagged any, but contains extension module pkg/_core.so for Linux on x86_64"),
        ("WA110", 3, "tagged any, but contains library pkg/libfoo.so for Linux on x86_64"),
        ("WA110", 4, "tagged any, but contains program pkg-1.0.data/scripts/tool for Linux on x86_64"),
        ("WA111", 0, "tagged win_amd64, but contains no native code"),
        ("WA112", 0, "tagged macosx_10_9_universal2, but contains no arm64 binary"),
    ],
)
def test_messages(code: str, index: int, message: str) -> None:
    """A message says what the tag promises, and what is or is not there."""
    assert [one.message for one in problems(code, HITS[code][index])] == [message]


def test_missing_architecture_says_what_is_there() -> None:
    """WA112 names the missing architecture, what the wheel has instead, and the tags that fail."""
    (found,) = problems("WA112", HITS["WA112"][3])
    assert found.evidence == {"have": "arm64", "need": "x86_64"}
    assert found.tags == ("cp311-cp311-macosx_10_9_x86_64",)


@pytest.mark.parametrize(("index", "system"), [(0, "macos"), (2, "windows"), (4, "linux")])
def test_missing_architecture_is_fixed_on_its_own_system(index: int, system: str) -> None:
    """The tags of the finding name one system, so the remedy is the one for that system."""
    (found,) = problems("WA112", HITS["WA112"][index])
    assert systems_of_tags(found.tags) == (system,)
    assert set(found.remedies) <= set(find("WA112").remedies)


def test_a_system_without_any_file_is_named() -> None:
    """If the machine is right and the system wrong, the message says for which system nothing is there."""
    (found,) = problems("WA112", tagged("cp311-abi3-manylinux_2_17_x86_64.win_amd64", any_so))
    assert found.message == "tagged win_amd64, but contains no x86_64 binary for Windows"
    assert found.evidence == {"have": "none", "need": "x86_64"}
