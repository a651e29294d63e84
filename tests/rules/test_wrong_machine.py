"""WA201, WA202 on plain values."""

import pytest

from support.machines import (
    ANY,
    ARM64,
    GOOD_FAT,
    GOOD_LINUX,
    GOOD_MAC,
    GOOD_WIN,
    HOOK,
    LINUX,
    LINUX_EXT,
    MAC_ARM,
    MAC_BOTH,
    MAC_EXT,
    MAC_INTEL,
    MAC_PAIR,
    MAC_X86,
    WIN,
    WIN_ARM,
    WIN_EXT,
    X86,
    X86_64,
    fat,
)
from support.rules import problems, severities
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Image, Machine, Severity

HITS: dict[str, list[Wheel]] = {
    "WA201": [
        wheel(WIN, member(WIN_EXT, pe(ARM64, "python311.dll", hooks=HOOK))),
        wheel(WIN_ARM, member("pkg/_core.pyd", pe(X86_64, "python311.dll", hooks=HOOK))),
        wheel(WIN_ARM, member("pkg/_core.pyd", pe(Machine.ARM, "python311.dll", hooks=HOOK))),
        wheel(MAC_X86, member(MAC_EXT, macho(ARM64, hooks=HOOK))),
        wheel(MAC_BOTH, member(MAC_EXT, macho(X86, hooks=HOOK))),
        wheel(LINUX, member(LINUX_EXT, elf(ARM64, hooks=HOOK))),
        wheel(LINUX, GOOD_LINUX, member("pkg/_other.so", elf(ARM64, hooks=("PyInit__other",)))),
        wheel(LINUX, member(LINUX_EXT, elf(Machine.NONE, hooks=HOOK))),
    ],
    "WA202": [
        wheel(MAC_BOTH, member(MAC_EXT, macho(X86_64, hooks=HOOK))),
        wheel(MAC_BOTH, GOOD_FAT, member("pkg/_thin.cpython-311-darwin.so", macho(ARM64, hooks=HOOK))),
        wheel(MAC_PAIR, member(MAC_EXT, macho(X86_64, hooks=HOOK))),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA201": [
        wheel(WIN, GOOD_WIN),
        wheel(WIN_ARM, member("pkg/_core.pyd", pe(ARM64, "python311.dll", variant="arm64x", hooks=HOOK))),
        wheel(MAC_BOTH, GOOD_FAT),
        wheel(MAC_ARM, GOOD_FAT),
        wheel(LINUX, GOOD_LINUX),
        wheel(ANY, member("pkg/_core.pyd", pe(ARM64, hooks=HOOK))),
        wheel(
            LINUX, GOOD_LINUX, member("pkg/_core.cpython-311-aarch64-linux-gnu.so", elf(ARM64, hooks=HOOK))
        ),
        wheel(
            "pkg-1.0-cp311-cp311-freebsd_14_0_release_amd64.whl",
            member("pkg/_core.so", elf(X86_64, hooks=HOOK)),
        ),
    ],
    "WA202": [
        wheel(MAC_BOTH, GOOD_FAT),
        wheel(MAC_PAIR, GOOD_FAT),
        wheel(MAC_ARM, GOOD_MAC),
        wheel(MAC_BOTH, member(MAC_EXT, macho(X86_64, hooks=HOOK), macho(ARM64, hooks=HOOK, hidden=True))),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA202", wheel(MAC_INTEL, member("pkg/_core.so", macho(X86_64, hooks=HOOK))), Severity.NOTE),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """The severity follows what certainly fails."""
    assert severities(code, subject) == [severity]


@pytest.mark.parametrize(
    ("subject", "evidence", "consequence"),
    [
        (
            HITS["WA201"][0],
            {"have": "arm64", "need": "x86_64"},
            "ImportError: DLL load failed while importing _core: %1 is not a valid Win32 application.",
        ),
        (
            HITS["WA201"][3],
            {"have": "arm64", "need": "x86_64"},
            "mach-o file, but is an incompatible architecture (have 'arm64', need 'x86_64')",
        ),
        (
            HITS["WA201"][5],
            {"have": "arm64", "need": "x86_64"},
            "_core.cpython-311-x86_64-linux-gnu.so: cannot open shared object file: No such file or directory",
        ),
        (
            wheel(LINUX, member(LINUX_EXT, elf(X86, hooks=HOOK))),
            {"have": "x86", "need": "x86_64"},
            "_core.cpython-311-x86_64-linux-gnu.so: wrong ELF class: ELFCLASS32",
        ),
        (
            wheel(MAC_ARM, member(MAC_EXT, *fat(X86, X86_64, hooks=HOOK))),
            {"have": "i386, x86_64", "need": "arm64"},
            "fat file, but missing compatible architecture (have 'i386, x86_64', need 'arm64')",
        ),
    ],
)
def test_evidence_and_words_of_the_loader(subject: Wheel, evidence: dict[str, str], consequence: str) -> None:
    """A wrong machine comes with what was found, what was needed, and what the user's loader says."""
    (problem,) = problems("WA201", subject)
    assert problem.evidence == evidence
    assert problem.consequence == consequence


@pytest.mark.parametrize(
    ("tag", "image", "message"),
    [
        (
            "cp313-cp313-android_24_arm64_v8a",
            elf(Machine.X86_64),
            'dlopen failed: "_core.so" is for EM_X86_64 (62) instead of EM_AARCH64 (183)',
        ),
        (
            "cp313-cp313-android_24_arm64_v8a",
            elf(Machine.ARM),
            'dlopen failed: "_core.so" is 32-bit instead of 64-bit',
        ),
        (
            "cp313-cp313-android_24_x86",
            elf(Machine.ARM64),
            'dlopen failed: "_core.so" is 64-bit instead of 32-bit',
        ),
    ],
)
def test_android_says_which_machine(tag: str, image: Image, message: str) -> None:
    """Users of Android see what bionic says, not what glibc says."""
    (problem,) = problems("WA201", wheel(f"pkg-1.0-{tag}.whl", member("pkg/_core.so", image)))
    assert problem.consequence == message
