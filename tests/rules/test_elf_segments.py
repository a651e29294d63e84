"""WA525 to WA527: executable stacks, page alignment, and the Android API level."""

import pytest

from support.images import image
from support.rules import problems, severities
from support.systems import ANDROID, ARM64, ELF_EXT, MANYLINUX, MUSLLINUX, WARNING, X86_64, linux_wheel
from support.values import elf, member, wheel
from wheelarch import inspect
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Image, Machine, Role, Severity

HITS: dict[str, list[Wheel]] = {
    "WA525": [
        linux_wheel(MANYLINUX, elf(X86_64, executable_stack=True)),
        linux_wheel(MUSLLINUX, elf(X86_64, executable_stack=True), role=Role.LIBRARY, path="pkg/libx.so"),
    ],
    "WA526": [linux_wheel(ANDROID, elf(ARM64, load_alignment=0x1000))],
    "WA527": [linux_wheel(ANDROID, elf(ARM64, android_api=24))],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA525": [
        linux_wheel(MANYLINUX, elf(X86_64, executable_stack=False)),
        linux_wheel(MANYLINUX, elf(X86_64, executable_stack=None)),
        linux_wheel(MANYLINUX, elf(X86_64, executable_stack=True), role=Role.EXECUTABLE, path="pkg/tool"),
    ],
    "WA526": [
        linux_wheel(ANDROID, elf(ARM64, load_alignment=0x4000)),
        linux_wheel(ANDROID, elf(ARM64, load_alignment=0)),
        linux_wheel(ANDROID.replace("arm64_v8a", "armeabi_v7a"), elf(Machine.ARM, load_alignment=0x1000)),
        linux_wheel(MANYLINUX, elf(X86_64, load_alignment=0x1000)),
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
