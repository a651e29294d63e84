"""WA520, WA522: symbol versions above the manylinux policy, and private ones."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..loading.graph import links
from ..model import Depth, Format, Image, Member, Severity, VersionNeed
from ..platforms.manylinux import FAMILIES, newest_listed, version_numbers
from ._floors import RUN, Version, dotted, severity_by_role, targets_of
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["glibc_above_tag", "glibc_private"]

_GLIBC_MARKERS: Mapping[str, Version] = {"GLIBC_ABI_DT_RELR": (2, 36)}
"""Version names of glibc that hold no number, and the first glibc that has them (glibc NEWS)."""


_GLIBC_SPARED: Mapping[tuple[tuple[str, ...], Version], Version] = {(("arm64",), (2, 17)): (2, 18)}
"""What a policy allows above its own version: CentOS 7 has GLIBC_2.18 on aarch64 (auditwheel, manylinux_2_17)."""


def _glibc_version(name: str) -> Version | None:
    """Return the glibc that first has a version name, or None for one that says nothing: `GLIBC_2.2.5` is (2, 2)."""
    if name in _GLIBC_MARKERS:
        return _GLIBC_MARKERS[name]
    numbers = version_numbers(name.removeprefix("GLIBC_"))
    return (numbers[0], numbers[1]) if len(numbers) > 1 else None


def _outside_needs(wheel: Wheel) -> Iterator[tuple[Member, Image, list[VersionNeed]]]:
    """Yield the ELF images that are run, with the symbol versions that they ask of libraries outside the wheel."""
    asking = [
        (member, image, image.elf.version_needs)
        for member in wheel.members
        if member.role in RUN
        for image in member.images
        if image.elf is not None and image.elf.version_needs
    ]
    inside = {(edge.loader.path, edge.name) for edge in links(wheel.members) if edge.found} if asking else ()
    for member, image, needs in asking:
        yield member, image, [need for need in needs if (member.path, need.library) not in inside]


def _allowed_glibc(target: Target) -> Version:
    """Return the newest glibc symbols that a wheel of this tag may ask for; none are too new without a floor."""
    if target.libc != "glibc" or target.floor is None:
        return (99, 0)
    return _GLIBC_SPARED.get((target.arches, target.floor), target.floor)


@rule(
    "WA520",
    "glibc-above-tag",
    Severity.ERROR,
    ("R22",),
    needs=dict.fromkeys(RUN, Depth.LINKAGE),
    formats=(Format.ELF,),
)
def glibc_above_tag(wheel: Wheel) -> Iterator[Problem]:
    """A binary needs a newer glibc than the tag promises.

    What it does:
        Compares the highest GLIBC version among the version needs of each ELF file with the version in each
        manylinux tag, as numbers. Symbols that may stay unresolved (weak) are a warning, and so are files that no
        import loads. Symbol versions of libstdc++, libgcc and zlib (GLIBCXX, CXXABI, GCC, ZLIB) above those that the
        tag's policy lists are a note. Libraries that the wheel brings along are not asked about.

    Why it is bad:
        Installers offer the wheel to systems whose glibc lacks the symbol, and the loader refuses the file there.

    Example:
        An extension that needs `GLIBC_2.34` in a wheel tagged `manylinux_2_17_x86_64`.

    How to fix:
        Build in the container image that the tag names, or let `auditwheel repair` choose the tag.

    Known limits:
        The full check of libstdc++ and the other libraries is left to auditwheel: only the highest version of each
        is compared, and none for tags above the newest policy that is known. Wheels tagged for 2.17 on aarch64 may
        use GLIBC 2.18, as the policy lists it.

    References:
        PEP 600; auditwheel's manylinux policies; ELF gABI, symbol versioning; glibc NEWS (DT_RELR).
    """
    for member, image, needs in _outside_needs(wheel):
        targets = targets_of(wheel, image, "linux")
        yield from _above_policy(member, needs, targets)
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
            tuple(target.triple for target in failing),
            {"have": need.version, "need": dotted(lowest), "library": need.library},
            _version_error(member, need) if strong else "",
            severity_by_role(member, wheel) if strong else Severity.WARNING,
        )


def _version_error(member: Member, need: VersionNeed) -> str:
    return f"{need.library}: version `{need.version}' not found (required by {member.name})"


def _above_policy(member: Member, needs: list[VersionNeed], targets: list[Target]) -> Iterator[Problem]:
    """Yield, for each family of symbol versions that policies list, the highest that some target's lacks."""
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
                f"{member.path} needs {need.version} of {need.library}, but the tag's policy lists {highest}"
                + (" at most" if lowest else ""),
                member.path,
                None,
                tuple(failing),
                {"have": need.version, "need": highest, "library": need.library},
                _version_error(member, need),
                Severity.NOTE,
            )


@rule(
    "WA522",
    "glibc-private",
    Severity.ERROR,
    ("R22",),
    needs=dict.fromkeys(RUN, Depth.LINKAGE),
    formats=(Format.ELF,),
)
def glibc_private(wheel: Wheel) -> Iterator[Problem]:
    """A binary uses symbols that glibc keeps for itself.

    What it does:
        Looks for the version GLIBC_PRIVATE among the version needs. A warning for files that no import loads.

    Why it is bad:
        These symbols change with every glibc, so the file loads on systems with the very same one only.

    Example:
        A copy of the builder's `libresolv.so.2` in the wheel, which belongs to the builder's `libc.so.6`.

    How to fix:
        Leave out libraries that belong to glibc, and link against public functions only.

    Known limits:
        None known.

    References:
        glibc, Versions files (GLIBC_PRIVATE); PEP 600.
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
                    tuple(target.triple for target in targets),
                    {"have": "GLIBC_PRIVATE", "library": needs[0].library},
                    "" if weak else "symbol lookup error: ..., version GLIBC_PRIVATE",
                    Severity.WARNING if weak else severity_by_role(member, wheel),
                )
