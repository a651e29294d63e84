"""Which C library an ELF file is for."""

import pytest

from support.systems import ARM64, X86_64
from support.values import elf, macho
from wheelarch.facts.libc import libc_of
from wheelarch.model import Format, Image, Machine, VersionNeed


@pytest.mark.parametrize(
    ("image", "family"),
    [
        (elf(X86_64, interpreter="/lib64/ld-linux-x86-64.so.2"), "glibc"),
        (elf(Machine.S390X, interpreter="/lib/ld64.so.1"), "glibc"),
        (elf(ARM64, interpreter="/system/bin/linker64"), "bionic"),
        (elf(X86_64, "libc.so.6", interpreter="/lib/ld-musl-x86_64.so.1"), "musl"),
        (elf(X86_64, "libfoo.so", "ld-musl-x86_64.so.1"), "musl"),
        (elf(ARM64, "libc.so", "ld-linux-aarch64.so.1"), "glibc"),
        (elf(ARM64, "libc.so", version_needs=(VersionNeed("libc.so", "LIBC", False),)), "bionic"),
        (elf(ARM64, "libc.so", version_needs=(VersionNeed("libc.so", "LIBCXX_1", False),)), ""),
        (elf(ARM64, "libfoo.so", version_needs=(VersionNeed("libfoo.so", "LIBC", False),)), ""),
        (elf(ARM64, version_needs=(VersionNeed("libm.so.6", "GLIBC_2.17", False),)), "glibc"),
        (elf(ARM64, version_needs=(VersionNeed("ld-linux-aarch64.so.1", "GLIBC_2.17", False),)), "glibc"),
        (elf(ARM64, "libc.so", version_needs=(VersionNeed("libgcc_s.so.1", "GLIBC_2.0", False),)), ""),
        (
            elf(ARM64, "libc.so", version_needs=(VersionNeed("libgcc_s-39080030.so.1", "GLIBC_2.0", False),)),
            "",
        ),
        (elf(ARM64, android_api=24), "bionic"),
        (elf(X86_64, "libc.so"), ""),
        (elf(X86_64, "libstdc++.so.6"), ""),
        (elf(X86_64), ""),
        (macho(ARM64), ""),
        (elf(X86_64)._replace(format=Format.ARCHIVE, elf=None), ""),
    ],
)
def test_libc_of(image: Image, family: str) -> None:
    """The C library is found by interpreter, needed libraries, version nodes and note, in this order."""
    assert libc_of(image) == family
