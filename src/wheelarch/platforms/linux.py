"""What a system with glibc or musl provides, by manylinux and musllinux policy.

The lists are those of auditwheel, and the names are compared as DT_NEEDED spells them.
"""

from __future__ import annotations

from .manylinux import libraries

__all__ = ["from_glibc_system", "from_musl_system"]

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
    first = libraries().get(name)
    return name.startswith(_LOADERS) or (first is not None and first <= policy)


def from_musl_system(name: str) -> bool:
    """Whether a musllinux wheel may expect the library: musl itself, or zlib (auditwheel's musllinux policies).

    musl's loader also answers to its own file name. It does not answer to that of glibc's.
    """
    stem, dot, _ = name.partition(".")
    return name.startswith("ld-musl-") or (bool(dot) and stem in _MUSL_ITSELF) or name == "libz.so.1"
