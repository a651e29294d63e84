"""The C library that an ELF binary was built for.

A file does not name its C library in one place, so several are asked in turn, and the first answer counts.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..platforms.manylinux import family_of

if TYPE_CHECKING:
    from ..model import Image

__all__ = ["libc_of"]

_BIONIC = ("libc.so", "libm.so", "libdl.so")
"""The libraries whose symbol versions are called `LIBC` (bionic, libc.map.txt, libm.map.txt, libdl.map.txt)."""


def _libc_of_name(name: str) -> str:
    """Return the C library that a program interpreter or needed library belongs to, or an empty string."""
    if name.startswith(("ld-musl-", "libc.musl-")):
        return "musl"
    if name.startswith(("libc.so.6", "ld-linux", "ld64.so.")):
        return "glibc"
    return "bionic" if name in ("linker", "linker64") else ""


def libc_of(image: Image) -> str:
    """Return the C library that an ELF image was built for: `glibc`, `musl`, `bionic`, or an empty string.

    Empty means undecided, and right anywhere: a static program, a library that needs no libc, or one that needs a
    plain `libc.so`, which both bionic and cross-compilers for musl write. These are asked, in this order: the program
    interpreter, the needed libraries, the version nodes (bionic's is `LIBC`), the Android note.

    Source: docs/facts/loaders.md, "Which C library an ELF file is for".

    Args:
        image: Any image, read to `Depth.LINKAGE`. One that is not ELF is undecided.
    """
    elf = image.elf
    if elf is None:
        return ""
    for name in (elf.interpreter.rpartition("/")[2], *image.needed):
        if family := _libc_of_name(name):
            return family
    for need in elf.version_needs:
        if family_of(need.library, need.version) == "GLIBC":
            return "glibc"
        if need.library in _BIONIC and (need.version == "LIBC" or need.version.startswith("LIBC_")):
            return "bionic"
    return "bionic" if elf.android_api is not None else ""
