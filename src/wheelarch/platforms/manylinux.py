"""Which manylinux policy first has a symbol version or a library.

`manylinux_table` is generated from auditwheel's policies. A policy holds from its glibc version to the next, and allows
whatever the policies before it allow. So one number says all about a symbol version on a machine: the first policy that
lists it. The table is imported when the first version or library is looked up.
"""

from __future__ import annotations

from functools import cache

from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    Version = tuple[int, int]

__all__ = ["NO_POLICY", "family_of", "first_policy", "highest_allowed", "is_covered", "is_glibc", "libraries"]

NO_POLICY = (99, 0)
"""What stands for the policy of a symbol version that is newer than all policies."""

_GLIBC = frozenset({
    "ld", "ld64", "libBrokenLocale", "libanl", "libc", "libc_malloc_debug", "libcrypt", "libdl", "libm", "libmvec",
    "libnsl", "libpthread", "libresolv", "librt", "libthread_db", "libutil",
})  # fmt: skip
"""How the sonames of glibc's own libraries begin, up to `.so.` (glibc, shlib-versions). More begin with `ld-linux` and
with `libnss_`."""
_LIBRARIES_OF_GCC_AND_ZLIB: Mapping[str, str] = {
    "GLIBCXX": "libstdc++.so.",
    "CXXABI": "libstdc++.so.",
    "GCC": "libgcc_s.so.",
    "ZLIB": "libz.so.",
    "LIBATOMIC": "libatomic.so.",
}
"""How the name of the library starts that owns a family of symbol versions.

Source: GCC, libstdc++-v3/config/abi/pre/gnu.ver, libgcc/libgcc-std.ver.in, libatomic/libatomic.map; zlib, zlib.map.
"""


def is_glibc(library: str) -> bool:
    """Whether a needed library is one of glibc's own, by its soname: `libc.so.6`, `ld-linux-x86-64.so.2`."""
    stem, dot, _ = library.partition(".so.")
    return bool(dot) and (stem in _GLIBC or stem.startswith(("ld-linux", "libnss_")))


def family_of(library: str, version: str) -> str:
    """Return the family of a symbol version if the library is the one that owns it, else an empty string.

    A version's name alone says nothing: libgcc_s.so.1 has versions that are called `GLIBC_2.0`, too (GCC,
    libgcc/config/libgcc-glibc.ver).

    Args:
        library: Whose symbols are needed, as vn_file spells it.
        version: As vna_name spells it: `GLIBC_2.17`, `GLIBCXX_3.4.20`.

    Returns:
        `GLIBC`, `GLIBCXX`, `CXXABI`, `GCC`, `ZLIB` or `LIBATOMIC`.
    """
    family = version.partition("_")[0]
    if family == "GLIBC":
        return family if is_glibc(library) else ""
    owner = _LIBRARIES_OF_GCC_AND_ZLIB.get(family)
    return family if owner is not None and library.startswith(owner) else ""


def _numbers(dotted: str) -> tuple[int, ...]:
    """Return the numbers of a dotted version, or nothing if a part is not a number."""
    parts = dotted.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        return ()
    return tuple(map(int, parts))


def _kind_and_numbers(version: str) -> tuple[str, tuple[int, ...]]:
    """Return what can be compared: `GLIBCXX_LDBL_3.4.7` is (`GLIBCXX_LDBL`, (3, 4, 7))."""
    kind, _, dotted = version.rpartition("_")
    return kind, _numbers(dotted)


class _Machine(NamedTuple):
    """What the policies say about one machine."""

    versions: Mapping[str, Version]
    """The first policy that lists each symbol version."""
    families: Mapping[str, Version]
    """The first policy that lists any version of a family."""
    last: Version
    """The newest policy that is for the machine."""


@cache
def _machine(machine: str) -> _Machine:
    """Return what the policies say about a machine; nothing if none is for it."""
    from .manylinux_table import VERSIONS

    versions: dict[str, Version] = {}
    families: dict[str, Version] = {}
    last = (0, 0)
    for row in VERSIONS.split("\n")[1:-1]:
        policy, machines, family, rests = row.split(" ", 3)
        if machine not in machines.split(","):
            continue
        major, minor = _numbers(policy)
        last = (major, minor)
        families.setdefault(family, last)
        versions.update(dict.fromkeys([f"{family}_{rest}" for rest in rests.split()], last))
    return _Machine(versions, families, last)


@cache
def _highest(machine: str) -> Mapping[str, tuple[int, ...]]:
    """Return the highest version of each kind in all policies for a machine."""
    found: dict[str, tuple[int, ...]] = {}
    for kind, numbers in map(_kind_and_numbers, _machine(machine).versions):
        found[kind] = max(found.get(kind, ()), numbers)
    return found


def first_policy(version: str, machine: str) -> Version | None:
    """Return the glibc of the oldest manylinux systems that have a symbol version.

    `GLIBC` versions are numbers of glibc itself. The policies list some that older systems have, too: `GLIBC_2.18` on
    aarch64 belongs to 2.17.

    Args:
        version: Of a library that owns its family (`family_of`).
        machine: A value of `Machine`.

    Returns:
        `NO_POLICY` for a version of another library than glibc that is newer than all policies. None if it is not
        known: names without a number, numbers that no system is known to have, machines without policies.

    Source: auditwheel, manylinux-policy.json; PEP 600.
    """
    known = _machine(machine)
    listed = known.versions.get(version)
    kind, numbers = _kind_and_numbers(version)
    if kind == "GLIBC":
        own = (numbers[0], numbers[1]) if len(numbers) > 1 else None
        return min((one for one in (own, listed) if one is not None), default=None)
    if listed is None and numbers > _highest(machine).get(kind, (99,)):
        return NO_POLICY
    return listed


def is_covered(family: str, machine: str, glibc: Version) -> bool:
    """Whether the policies say which versions of a family other than GLIBC exist on systems with this glibc."""
    known = _machine(machine)
    return family in known.families and known.families[family] <= glibc <= known.last


def highest_allowed(version: str, machine: str, glibc: Version) -> str:
    """Return the highest version of the same kind on systems with this glibc, or an empty string if there is none."""
    kind = version.rpartition("_")[0]
    allowed = [
        (_kind_and_numbers(one)[1], one)
        for one, policy in _machine(machine).versions.items()
        if policy <= glibc and one.rpartition("_")[0] == kind
    ]
    return max(allowed, default=((), ""))[1]


@cache
def libraries() -> Mapping[str, Version]:
    """Return the libraries that a manylinux wheel may expect, and the first policy that lists each."""
    from .manylinux_table import LIBRARIES

    found = {}
    for row in LIBRARIES.split("\n")[1:-1]:
        policy, *names = row.split()
        major, minor = _numbers(policy)
        found.update(dict.fromkeys(names, (major, minor)))
    return found
