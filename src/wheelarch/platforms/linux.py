"""What a system with glibc or musl provides, by manylinux and musllinux policy.

The lists are those of auditwheel, and the names are compared as DT_NEEDED spells them.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


__all__ = ["MANYLINUX", "from_glibc_system", "from_musl_system"]

MANYLINUX: Mapping[str, tuple[int, int]] = {
    "libgcc_s.so.1": (2, 5),
    "libstdc++.so.6": (2, 5),
    "libm.so.6": (2, 5),
    "libmvec.so.1": (2, 24),
    "libanl.so.1": (2, 5),
    "libdl.so.2": (2, 5),
    "librt.so.1": (2, 5),
    "libc.so.6": (2, 5),
    "libnsl.so.1": (2, 5),
    "libutil.so.1": (2, 5),
    "libpthread.so.0": (2, 5),
    "libX11.so.6": (2, 5),
    "libXext.so.6": (2, 5),
    "libXrender.so.1": (2, 5),
    "libICE.so.6": (2, 5),
    "libSM.so.6": (2, 5),
    "libGL.so.1": (2, 5),
    "libgobject-2.0.so.0": (2, 5),
    "libgthread-2.0.so.0": (2, 5),
    "libglib-2.0.so.0": (2, 5),
    "libresolv.so.2": (2, 5),
    "libexpat.so.1": (2, 12),
    "libz.so.1": (2, 5),
    "libatomic.so.1": (2, 5),
}
"""Libraries that a manylinux wheel may expect, and the first policy that lists each.

Source: PEP 513, PEP 571, PEP 599, PEP 600; auditwheel's manylinux policies, which list more.
"""
_LOADERS = ("ld-linux", "ld64.so.", "ld.so.1")
"""How the names of glibc's program interpreters start."""
_MUSL_ITSELF = frozenset({"libc", "libpthread", "librt", "libm", "libdl", "libutil", "libxnet"})
"""Names that musl's loader answers itself, whatever their version (musl ldso/dynlink.c, load_library)."""


def from_glibc_system(name: str, policy: tuple[int, int]) -> bool:
    """Whether a manylinux wheel of this policy may expect the library.

    Args:
        name: As DT_NEEDED spells it.
        policy: The glibc version of the tag.
    """
    return name.startswith(_LOADERS) or (name in MANYLINUX and MANYLINUX[name] <= policy)


def from_musl_system(name: str) -> bool:
    """Whether a musllinux wheel may expect the library: musl itself, or zlib (auditwheel's musllinux policies).

    musl's loader also answers to its own file name. It does not answer to that of glibc's.
    """
    stem, dot, _ = name.partition(".")
    return name.startswith("ld-musl-") or (bool(dot) and stem in _MUSL_ITSELF) or name == "libz.so.1"
