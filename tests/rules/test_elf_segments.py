"""WA525 to WA527: executable stacks, page alignment, and the Android API level."""

import pytest

from support.images import image
from support.rules import problems, severities
from support.systems import (
    ANDROID,
    ARM64,
    BARE_LINUX,
    BOTH_LIBCS,
    ELF_EXT,
    MANYLINUX,
    MANYLINUX_ARM,
    MUSLLINUX,
    WARNING,
    X86,
    X86_64,
    linux_wheel,
)
from support.values import elf, member, wheel
from wheelarch import inspect
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Image, Machine, Role, Severity

LOONGARCH = "pkg-1.0-cp311-cp311-manylinux_2_36_loongarch64.whl"

NEW_ARM = "pkg-1.0-cp311-cp311-manylinux_2_35_aarch64.whl"
MUSL_ARM = "pkg-1.0-cp311-cp311-musllinux_1_2_aarch64.whl"

HITS: dict[str, list[Wheel]] = {
    "WA525": [
        linux_wheel(MANYLINUX, elf(X86_64, executable_stack=True)),
        linux_wheel(MANYLINUX, elf(X86_64, executable_stack=True), role=Role.LIBRARY, path="pkg/libx.so"),
        linux_wheel(BOTH_LIBCS, elf(X86_64, executable_stack=True)),
        linux_wheel(BARE_LINUX, elf(X86_64, executable_stack=True)),
        linux_wheel(ANDROID, elf(ARM64, executable_stack=True)),
        linux_wheel(MANYLINUX, elf(X86_64, executable_stack=None)),
        linux_wheel(MANYLINUX.replace("x86_64", "i686"), elf(X86, executable_stack=None)),
        linux_wheel(MANYLINUX.replace("x86_64", "armv7l"), elf(Machine.ARM, executable_stack=None)),
        linux_wheel(MANYLINUX.replace("x86_64", "s390x"), elf(Machine.S390X, executable_stack=None)),
    ],
    "WA526": [
        linux_wheel(MANYLINUX_ARM, elf(ARM64, load_alignment=0x1000, largest_page=0x10000)),
        linux_wheel(ANDROID, elf(ARM64, load_alignment=0x1000)),
        linux_wheel(MANYLINUX_ARM, elf(ARM64, largest_page=0x1000)),
        linux_wheel(
            MANYLINUX_ARM, elf(ARM64, largest_page=0x8000), role=Role.SCRIPT, path="p-1.data/scripts/x"
        ),
        linux_wheel(MUSLLINUX.replace("x86_64", "aarch64"), elf(ARM64, largest_page=0x1000)),
        linux_wheel(MANYLINUX.replace("x86_64", "ppc64le"), elf(Machine.PPC64LE, largest_page=0x1000)),
        linux_wheel(LOONGARCH, elf(Machine.LOONGARCH64, largest_page=0x2000)),
    ],
    "WA527": [linux_wheel(ANDROID, elf(ARM64, android_api=24))],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA525": [
        linux_wheel(MANYLINUX, elf(X86_64, executable_stack=False)),
        linux_wheel(MUSLLINUX, elf(X86_64, executable_stack=True)),
        linux_wheel(MUSLLINUX, elf(X86_64, executable_stack=None)),
        linux_wheel(BARE_LINUX, elf(X86_64, executable_stack=None)),
        linux_wheel(ANDROID.replace("arm64_v8a", "x86_64"), elf(X86_64, executable_stack=None)),
        linux_wheel(MANYLINUX_ARM, elf(ARM64, executable_stack=None)),
        linux_wheel(MANYLINUX.replace("x86_64", "ppc64le"), elf(Machine.PPC64LE, executable_stack=None)),
        linux_wheel(LOONGARCH, elf(Machine.LOONGARCH64, executable_stack=None)),
        linux_wheel(MANYLINUX, elf(X86_64, executable_stack=True), role=Role.EXECUTABLE, path="pkg/tool"),
    ],
    "WA526": [
        linux_wheel(ANDROID, elf(ARM64, load_alignment=0x4000)),
        linux_wheel(ANDROID, elf(ARM64, load_alignment=0)),
        linux_wheel(ANDROID.replace("arm64_v8a", "armeabi_v7a"), elf(Machine.ARM, load_alignment=0x1000)),
        linux_wheel(MANYLINUX, elf(X86_64, load_alignment=0x1000, largest_page=0x1000)),
        linux_wheel(NEW_ARM, elf(ARM64, load_alignment=0x1000, largest_page=0x10000)),
        linux_wheel(MUSL_ARM, elf(ARM64, load_alignment=0x1000, largest_page=0x10000)),
        linux_wheel(MANYLINUX_ARM, elf(ARM64, largest_page=0)),
        linux_wheel(ANDROID, elf(ARM64, load_alignment=0x4000, largest_page=0x4000)),
        linux_wheel(LOONGARCH, elf(Machine.LOONGARCH64, largest_page=0x4000)),
    ],
    "WA527": [
        linux_wheel(ANDROID, elf(ARM64, android_api=21)),
        linux_wheel(ANDROID, elf(ARM64, android_api=16)),
        linux_wheel(ANDROID, elf(ARM64)),
    ],
}


@pytest.mark.parametrize(
    ("code", "built", "role", "severity"),
    [
        ("WA525", elf(X86_64, executable_stack=True), Role.EXTENSION, WARNING),
    ],
)
def test_linux_severity(code: str, built: Image, role: Role, severity: Severity) -> None:
    """A library with an executable stack is a warning."""
    beside = member(ELF_EXT, elf(X86_64, "libc.so.6"))
    assert severities(code, wheel(MANYLINUX, beside, member("pkg/x.so", built, role=role))) == [severity]


@pytest.mark.parametrize(
    ("code", "name", "file"),
    [
        ("WA525", MANYLINUX, "linux-x86_64-execstack.so"),
        ("WA527", ANDROID, "android-arm64_v8a.so"),
    ],
)
def test_real_files(code: str, name: str, file: str) -> None:
    """The rules find what linkers wrote, and no other rule about ELF files for systems reports the files."""
    subject = wheel(name, member(ELF_EXT, *inspect(image(file))))
    found = [one for one in ("WA520", "WA522", "WA525", "WA526", "WA527") if problems(one, subject)]
    assert found == [code]


def test_only_glibc_minds_an_executable_stack() -> None:
    """Of a wheel for both C libraries, only the tag for glibc promises too much."""
    (problem,) = problems("WA525", linux_wheel(BOTH_LIBCS, elf(X86_64, executable_stack=True)))
    assert problem.tags == ("cp311-cp311-manylinux_2_17_x86_64",)
