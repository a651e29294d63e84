"""Wheels for the rules about systems: one binary in a wheel for one platform."""

from typing import Any

from support.values import elf, member, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Image, Machine, Role, Severity, VersionNeed

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

MAC_X86 = "pkg-1.0-cp311-cp311-macosx_10_9_x86_64.whl"
MAC_ARM = "pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl"
MAC_BOTH = "pkg-1.0-cp311-cp311-macosx_10_9_universal2.whl"
IOS = "pkg-1.0-cp313-cp313-ios_13_0_arm64_iphoneos.whl"
IOS_SIM = "pkg-1.0-cp313-cp313-ios_13_0_arm64_iphonesimulator.whl"
MANYLINUX = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
MUSLLINUX = "pkg-1.0-cp311-cp311-musllinux_1_2_x86_64.whl"
BOTH_LIBCS = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.musllinux_1_2_x86_64.whl"
BARE_LINUX = "pkg-1.0-cp311-cp311-linux_x86_64.whl"
MANYLINUX_ARM = "pkg-1.0-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl"
ANDROID = "pkg-1.0-cp313-cp313-android_21_arm64_v8a.whl"
ANY = "pkg-1.0-py3-none-any.whl"

MAC_EXT = "pkg/_core.cpython-311-darwin.so"
ELF_EXT = "pkg/_core.cpython-311-x86_64-linux-gnu.so"
MUSL_EXT = "pkg/_core.cpython-311-x86_64-linux-musl.so"


def mac_wheel(filename: str, *images: Image, role: Role = Role.EXTENSION, path: str = MAC_EXT) -> Wheel:
    """A wheel with one Mach-O file of these slices."""
    return wheel(filename, member(path, *images, role=role))


def linux_wheel(filename: str, *images: Image, role: Role = Role.EXTENSION, path: str = ELF_EXT) -> Wheel:
    """A wheel with one ELF file."""
    return wheel(filename, member(path, *images, role=role))


def elf_with_versions(
    *versions: str, library: str = "libc.so.6", machine: Machine = X86_64, weak: bool = False, **more: Any
) -> Image:
    """An ELF file that needs symbol versions of one library."""
    needs = tuple(VersionNeed(library, one, weak) for one in versions)
    return elf(machine, library, version_needs=needs, **more)
