"""WA520, WA522: symbol versions that systems of the tag lack.

An ELF file names, for each library that it needs, the symbol versions that it asks for. The highest of each family is
compared with what the tag's manylinux policy allows. Libraries of the wheel are left out.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Image, Member, Severity, VersionNeed
from ..platforms.manylinux import FAMILIES, newest_listed, version_numbers
from ._floors import RUN, Version, dotted, severity_by_role, targets_of
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["glibc_above_tag", "glibc_private"]

_GLIBC_MARKERS: Mapping[str, Version] = {"GLIBC_ABI_DT_RELR": (2, 36)}
"""Version names of glibc without a number, and the first glibc that has them (glibc NEWS)."""
_GLIBC_EXCEPTIONS: Mapping[tuple[tuple[str, ...], Version], Version] = {(("arm64",), (2, 17)): (2, 18)}
"""By machine and policy, a higher version that is allowed: CentOS 7 has GLIBC_2.18 on aarch64 (auditwheel)."""


def _glibc_version(name: str) -> Version | None:
    """Return the first glibc that has a version name, or None if the name does not say: `GLIBC_2.2.5` is (2, 2)."""
    if name in _GLIBC_MARKERS:
        return _GLIBC_MARKERS[name]
    numbers = version_numbers(name.removeprefix("GLIBC_"))
    return (numbers[0], numbers[1]) if len(numbers) > 1 else None


def _outside_needs(wheel: Wheel) -> Iterator[tuple[Member, Image, list[VersionNeed]]]:
    """Yield the ELF images that run, with the symbol versions that they need of libraries outside the wheel."""
    asking = [
        (member, image, image.elf.version_needs)
        for member in wheel.members
        if member.role in RUN
        for image in member.images
        if image.elf is not None and image.elf.version_needs
    ]
    inside = {(edge.loader.path, edge.name) for edge in wheel.edges if edge.found} if asking else ()
    for member, image, needs in asking:
        yield member, image, [need for need in needs if (member.path, need.library) not in inside]


def _allowed_glibc(target: Target) -> Version:
    """Return the newest glibc whose symbols a wheel of this tag may use, or a huge version if the tag sets no limit."""
    if target.libc != "glibc" or target.floor is None:
        return (99, 0)
    return _GLIBC_EXCEPTIONS.get((target.arches, target.floor), target.floor)


@rule(
    "WA520",
    "glibc-above-tag",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("build-in-image",),
    systems=("linux", "musl"),
    needs=dict.fromkeys(RUN, Depth.LINKAGE),
    formats=(Format.ELF,),
    rests_on=(Fact.VERSIONS,),
    breaks_promise=Severity.WARNING,
)
def glibc_above_tag(wheel: Wheel) -> Iterator[Problem]:
    """A binary needs a newer glibc than the tag promises.

    What it does:
        Compares the highest GLIBC version that each ELF file needs with the version in each manylinux tag, as numbers.
        It is a warning for symbols that may be missing (weak) and for files that no import loads. It is a note if
        symbol versions of libstdc++, libgcc or zlib (GLIBCXX, CXXABI, GCC, ZLIB) are above those of the tag's policy.
        Versions of libraries that are in the wheel are not compared.

    Why it is bad:
        Installers offer the wheel to systems whose glibc lacks the symbol, and the loader refuses the file there.

    Example:
        An extension that needs `GLIBC_2.34` in a wheel tagged `manylinux_2_17_x86_64`.

    How to fix:
        Build in the container image that the tag names, or let `auditwheel repair` choose the tag.

    Known limits:
        auditwheel checks libstdc++ and the other libraries in full. Here, only the highest version of each is compared,
        and none for tags above the newest policy that wheelarch knows. Wheels tagged for 2.17 on aarch64 may use GLIBC
        2.18, because the policy lists it.

    References:
        PEP 600; auditwheel's manylinux policies; ELF gABI, symbol versioning; glibc NEWS (DT_RELR);
        docs/facts/loaders.md, "glibc symbol versions", "manylinux policies".
    """
    for member, image, needs in _outside_needs(wheel):
        targets = targets_of(wheel, image, "linux")
        yield from _problems_above_policy(member, needs, targets)
        lowest = min(map(_allowed_glibc, targets), default=(99, 0))
        above = [
            (version, need)
            for need in needs
            if need.version.startswith("GLIBC_")
            for version in [_glibc_version(need.version)]
            if version is not None and version > lowest
        ]
        if not above:
            continue
        strong = [(version, need) for version, need in above if not need.weak]
        version, need = max(strong or above)
        failing = [target for target in targets if version > _allowed_glibc(target)]
        yield Problem(
            f"{member.path} needs glibc {dotted(version)} ({need.version}), "
            f"but the tag promises {dotted(failing[0].floor or lowest)}",
            member.path,
            None,
            triples_of(failing),
            {"have": need.version, "need": dotted(lowest), "library": need.library},
            _version_error(member, need) if strong else "",
            severity_by_role(member, wheel) if strong else Severity.WARNING,
            claims=((Fact.VERSIONS, need.version),),
        )


def _version_error(member: Member, need: VersionNeed) -> str:
    """Return what ld.so says (glibc elf/dl-version.c)."""
    return f"{need.library}: version `{need.version}' not found (required by {member.name})"


def _problems_above_policy(
    member: Member, needs: list[VersionNeed], targets: list[Target]
) -> Iterator[Problem]:
    """Yield a problem for each family of versions whose highest the policy of some target does not list."""
    for family in FAMILIES:
        found = [
            (version, need)
            for need in needs
            if need.version.startswith(f"{family}_") and not need.weak
            for version in [version_numbers(need.version.removeprefix(f"{family}_"))]
            if version
        ]
        if not found:
            continue
        version, need = max(found)
        failing = {
            target.triple: listed
            for target in targets
            for listed in [newest_listed(target, family)]
            if listed is not None and version > listed
        }
        if failing:
            lowest = min(failing.values())
            highest = f"{family}_{'.'.join(map(str, lowest))}" if lowest else f"no {family}"
            yield Problem(
                f"{member.path} needs {need.version} of {need.library}, but the tag's policy allows "
                + ("at most " if lowest else "")
                + highest,
                member.path,
                None,
                tuple(failing),
                {"have": need.version, "need": highest, "library": need.library},
                _version_error(member, need),
                Severity.NOTE,
                claims=((Fact.VERSIONS, need.version),),
            )


@rule(
    "WA522",
    "glibc-private",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("no-glibc-parts",),
    systems=("linux", "musl"),
    needs=dict.fromkeys(RUN, Depth.LINKAGE),
    formats=(Format.ELF,),
    rests_on=(Fact.VERSIONS,),
    breaks_promise=Severity.ERROR,
)
def glibc_private(wheel: Wheel) -> Iterator[Problem]:
    """A binary uses private symbols of glibc.

    What it does:
        Looks for the version GLIBC_PRIVATE among the symbol versions that a file needs. It is a warning for files that
        no import loads.

    Why it is bad:
        These symbols change with every glibc, so the file only loads on systems with exactly the same glibc.

    Example:
        A copy of the build machine's `libresolv.so.2` in the wheel, which belongs to that machine's `libc.so.6`.

    How to fix:
        Do not bundle libraries that belong to glibc, and link against public functions only.

    Known limits:
        None known.

    References:
        glibc, Versions files (GLIBC_PRIVATE); PEP 600; docs/facts/loaders.md, "glibc symbol versions".
    """
    for member in wheel.members:
        if member.role not in RUN:
            continue
        for image in member.images:
            targets = targets_of(wheel, image, "linux")
            needs = [
                need
                for need in (image.elf.version_needs if image.elf else ())
                if need.version == "GLIBC_PRIVATE"
            ]
            if targets and needs:
                weak = all(need.weak for need in needs)
                yield Problem(
                    f"{member.path} uses private symbols of {needs[0].library}",
                    member.path,
                    None,
                    triples_of(targets),
                    {"have": "GLIBC_PRIVATE", "library": needs[0].library},
                    "" if weak else "symbol lookup error: ..., version GLIBC_PRIVATE",
                    Severity.WARNING if weak else severity_by_role(member, wheel),
                    claims=((Fact.VERSIONS, "GLIBC_PRIVATE"),),
                )
