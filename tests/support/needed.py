"""Wheels with one extension module that needs libraries."""

from typing import Any

from support.systems import ELF_EXT, MAC_ARM, MAC_EXT, MANYLINUX
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Dylib, Image, Machine, Member, Role

ARM64, X86_64 = Machine.ARM64, Machine.X86_64

MAC_BOTH = "pkg-1.0-cp311-cp311-macosx_11_0_universal2.whl"
WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"
ANDROID_24 = "pkg-1.0-cp313-cp313-android_24_arm64_v8a.whl"
PYD = "pkg/_core.pyd"
SYSTEM = "/usr/lib/libSystem.B.dylib"
HOMEBREW = "/opt/homebrew/opt/zstd/lib/libzstd.1.dylib"
NEED_CODES = ("WA507", "WA508", "WA509", "WA510", "WA511", "WA512", "WA523", "WA524", "WA536", "WA537")
"""The rules about needed libraries and load commands."""


def macho_needing(*names: str, machine: Machine = ARM64, kind: str = "load", **more: Any) -> Image:
    """A Mach-O slice that needs these libraries and libSystem."""
    return macho(machine, dylibs=tuple(Dylib(name, kind) for name in (*names, SYSTEM)), **more)


def mac_module(
    *images: Image, name: str = MAC_ARM, also: tuple[Member, ...] = (), role: Role = Role.EXTENSION
) -> Wheel:
    """A wheel with one Mach-O file of these slices, and other members."""
    return wheel(name, member(MAC_EXT, *images, role=role), *also)


def elf_module(
    *needed: str,
    name: str = MANYLINUX,
    also: tuple[Member, ...] = (),
    machine: Machine = X86_64,
    **facts: Any,
) -> Wheel:
    """A wheel with an extension module for Linux that needs these libraries, and other members."""
    return wheel(name, member(ELF_EXT, elf(machine, *needed, **facts)), *also)


def pe_module(*dlls: str, also: tuple[Member, ...] = (), **more: Any) -> Wheel:
    """A wheel with an extension module for Windows that needs these libraries, and other members."""
    return wheel(WIN, member(PYD, pe(X86_64, *dlls, **more)), *also)
