"""The symbol versions that each manylinux policy allows, by architecture.

`_POLICIES` is a table in text: one row per policy and architecture. A policy holds from its glibc version to the next.
"""

from __future__ import annotations

from functools import cache

from .._lib.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..metadata.promise import Target

    Version = tuple[int, int]

__all__ = ["FAMILIES", "newest_listed", "version_numbers"]


def version_numbers(dotted: str) -> tuple[int, ...]:
    """Return the numbers of a dotted version, or nothing if a part is not a number."""
    parts = dotted.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        return ()
    return tuple(map(int, parts))


FAMILIES = ("GLIBCXX", "CXXABI", "GCC", "ZLIB")
"""The families of symbol versions, besides GLIBC, that policies limit."""


_POLICIES = """
    2.5  *           3.4.8   1.3.1   4.2.0   -
    2.12 *           3.4.13  1.3.3   4.3.0   1.2.2.4
    2.12 x86         3.4.13  1.3.3   4.5.0   1.2.2.4
    2.17 *           3.4.19  1.3.7   4.7.0   1.2.5.2
    2.17 x86         3.4.19  1.3.7   4.8.0   1.2.5.2
    2.17 x86_64      3.4.19  1.3.7   4.8.0   1.2.5.2
    2.17 ppc64       3.4.19  1.3.7   4.8.0   1.2.5.2
    2.24 *           3.4.22  1.3.10  4.7.0   1.2.5.2
    2.24 x86         3.4.22  1.3.10  4.8.0   1.2.5.2
    2.24 x86_64      3.4.22  1.3.10  4.8.0   1.2.5.2
    2.26 *           3.4.24  1.3.11  7.0.0   1.2.9
    2.26 x86_64      3.4.22  1.3.10  4.8.0   1.2.5.2
    2.26 arm64       3.4.24  1.3.11  7.0.0   1.2.5.2
    2.27 *           3.4.24  1.3.11  7.0.0   1.2.9
    2.31 *           3.4.28  1.3.12  7.0.0   1.2.9
    2.34 *           3.4.29  1.3.13  7.0.0   1.2.9
    2.34 arm64       3.4.29  1.3.13  11.0    1.2.9
    2.35 *           3.4.30  1.3.13  7.0.0   1.2.9
    2.35 arm64       3.4.30  1.3.13  11.0    1.2.9
    2.35 x86         3.4.30  1.3.13  12.0.0  1.2.9
    2.35 x86_64      3.4.30  1.3.13  12.0.0  1.2.9
    2.36 *           3.4.30  1.3.13  7.0.0   1.2.9
    2.36 arm64       3.4.30  1.3.13  11.0    1.2.9
    2.36 x86         3.4.30  1.3.13  12.0.0  1.2.12
    2.36 x86_64      3.4.30  1.3.13  12.0.0  1.2.9
    2.37 *           3.4.30  1.3.13  7.0.0   1.2.12
    2.37 arm64       3.4.30  1.3.13  11.0    1.2.12
    2.37 x86         3.4.30  1.3.13  12.0.0  1.2.12
    2.37 x86_64      3.4.30  1.3.13  12.0.0  1.2.12
    2.39 *           3.4.33  1.3.15  14.0.0  1.2.12
    2.39 loongarch64 3.4.32  1.3.15  14.0.0  1.2.12
    2.40 *           3.4.33  1.3.15  14.0.0  1.2.12
    """
"""A policy's glibc, an architecture or `*` for all others, and the highest version of each of `FAMILIES`.

Source: auditwheel 6.8.2, manylinux-policy.json; docs/facts/loaders.md, "manylinux policies".
"""
_NEWEST_POLICY: Version = (2, 41)
"""The newest glibc that the table is known to hold for."""


@cache
def _policies() -> Mapping[tuple[Version, str], tuple[tuple[int, ...], ...]]:
    """Return the versions of each row of the table, by policy and architecture."""
    table = {}
    for row in _POLICIES.strip().splitlines():
        policy, arch, *versions = row.split()
        major, minor = version_numbers(policy)
        table[(major, minor), arch] = tuple(map(version_numbers, versions))
    return table


def newest_listed(target: Target, family: str) -> tuple[int, ...] | None:
    """Return the highest version of a family in a tag's policy: () if it lists none, None if no policy is known."""
    table = _policies()
    if target.libc != "glibc" or target.floor is None or target.floor > _NEWEST_POLICY:
        return None
    policy = max((one for one, _ in table if one <= target.floor), default=None)
    if policy is None:
        return None
    arch = next((arch for arch in target.arches if (policy, arch) in table), "*")
    return table[policy, arch][FAMILIES.index(family)]
