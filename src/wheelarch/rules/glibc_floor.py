"""WA520, WA522: symbol versions that systems of the tag lack.

An ELF file names, for each library that it needs, the symbol versions that it asks for. Those of glibc, libstdc++,
libgcc, libatomic and zlib are looked up in auditwheel's manylinux policies, which say from which glibc on systems have
them. Libraries of the wheel are left out. musl never reads symbol versions, so nothing here is said about musl.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.loads import leads_out, leads_to_repaired, own_folders
from ..facts.symbol_versions import outside_needs
from ..loading.graph import run_folders
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Image, Member, Severity, VersionNeed
from ..platforms.manylinux import family_of, first_policy, highest_allowed, is_covered
from ._floors import (
    NEWER_SYSTEM,
    PROGRAMS_OF_WHEEL,
    RUN,
    Version,
    dotted,
    hopeless,
    newer_system_kind,
    severity_by_role,
    targets_of,
)
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["glibc_above_tag", "glibc_private"]

_AFTER_2_42 = frozenset({"GLIBC_ABI_GNU2_TLS", "GLIBC_ABI_GNU_TLS", "GLIBC_ABI_DT_X86_64_PLT"})
"""Versions that glibc 2.42 lacks and its development branch has (glibc, sysdeps/x86/Versions, sysdeps/x86_64/Versions).
Distributions may add them to older releases."""
_DISPUTED: Mapping[str, Version] = {"GLIBCXX_3.4.25": (2, 28)}
"""Versions that a policy leaves out although the image of that name has them, by the policy (auditwheel issue 523)."""


class _Above(NamedTuple):
    """The highest version of one family that systems of some targets lack."""

    member: Member
    image: Image
    need: VersionNeed
    family: str
    first: Version
    """The policy that first has it."""
    failing: list[Target]


def _is_above(first: Version, family: str, machine: str, target: Target) -> bool:
    """Whether the oldest systems that a target promises lack a version."""
    if target.libc != "glibc" or target.floor is None or first <= target.floor:
        return False
    return family == "GLIBC" or is_covered(family, machine, target.floor)


def _above(
    member: Member, image: Image, needs: Iterable[VersionNeed], targets: list[Target]
) -> Iterator[_Above]:
    """Yield the highest version above the tag of each family; one that is needed firmly outweighs weak ones."""
    machine = image.machine.value
    highest: dict[str, tuple[tuple[bool, Version, str], _Above]] = {}
    for need in needs:
        family = family_of(need.library, need.version)
        first = first_policy(need.version, machine) if family else None
        if first is None:
            continue
        failing = [target for target in targets if _is_above(first, family, machine, target)]
        rank = (not need.weak, first, need.version)
        if failing and (family not in highest or rank > highest[family][0]):
            highest[family] = rank, _Above(member, image, need, family, first, failing)
    for _, above in highest.values():
        yield above


def _kind(wheel: Wheel, above: _Above, useless: set[str]) -> str:
    """Return which row of the table it is.

    A copy of the library in the wheel, or in a distribution that a run path leads to, may be loaded first. That never
    happens with glibc, because Python itself has loaded it.

    Args:
        wheel: The wheel.
        above: What is wrong.
        useless: The triples under which nothing of the wheel is left.
    """
    member, image, need, family, _, targets = above
    if need.weak:
        return "weak"
    if family != "GLIBC":
        if _may_be_loaded_first(wheel, member, image, need.library):
            return "copied"
        disputed = _DISPUTED.get(need.version)
        if disputed is not None and all((target.floor or disputed) >= disputed for target in targets):
            return "disputed"
    if not useless.isdisjoint(triples_of(targets)):
        return "needed"
    return newer_system_kind(member, wheel)


def _may_be_loaded_first(wheel: Wheel, member: Member, image: Image, library: str) -> bool:
    """Whether the wheel has a copy of a library, or a run path leads to another distribution that may have one."""
    for one in wheel.members:
        if library in (one.name, *(image.elf.soname for image in one.images if image.elf)):
            return True
    own = own_folders(wheel)
    return not leads_to_repaired(wheel, member, image) and any(
        not folder.startswith("..") and leads_out(folder, own) for folder in run_folders(member, image)
    )


def _message(above: _Above, lowest: Version) -> str:
    """Return the message of a problem, and what the oldest system has."""
    member, image, need, family, first, _ = above
    if family == "GLIBC":
        return f"{member.path} needs glibc {dotted(first)} ({need.version}), but the tag promises {dotted(lowest)}"
    has = highest_allowed(need.version, image.machine.value, lowest) or "none of this kind"
    return (
        f"{member.path} needs {need.version} of {need.library}, but the oldest systems that the tag promises "
        f"(glibc {dotted(lowest)}) have {has}"
    )


@rule(
    "WA520",
    "glibc-above-tag",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("build-in-image",),
    systems=("linux",),
    needs=dict.fromkeys(RUN, Depth.LINKAGE),
    formats=(Format.ELF,),
    rests_on=(Fact.VERSIONS,),
    breaks_promise=Severity.WARNING,
    grades=(NEWER_SYSTEM,),
)
def glibc_above_tag(wheel: Wheel) -> Iterator[Problem]:
    """A binary needs a newer glibc, libstdc++ or libgcc than the tag promises.

    What it does:
        Compares the symbol versions that each ELF file needs with those that the oldest systems of each manylinux tag
        have: GLIBC by number, and GLIBCXX, CXXABI, GCC, LIBATOMIC and ZLIB by auditwheel's policies. A version counts
        only if the library that has to define it is the one that it speaks of: libgcc has versions named GLIBC, too.
        It is a warning for symbols that may be missing (weak), for files without which the wheel works, and if a copy
        of the library may be loaded first. If nothing else is left that runs, such as the only programs of a wheel, it
        is an error again. Versions of libraries that are in the wheel are not compared.

    Why it is bad:
        Installers offer the wheel to systems whose library lacks the version, and the loader refuses the file there.

    Example:
        An extension that needs `GLIBC_2.34`, or `GLIBCXX_3.4.29` of libstdc++.so.6, in a wheel tagged
        `manylinux_2_17_x86_64`.

    How to fix:
        Build in the container image that the tag names, or let `auditwheel repair` choose the tag.

    Known limits:
        A policy lists what all common distributions of its age have, so some may have more: GLIBCXX_3.4.25 under
        `manylinux_2_28` is a warning, because the image of that name has it. No version but GLIBC is compared for tags
        above the newest policy that wheelarch knows. Versions of glibc that no release has yet are a note.

    References:
        PEP 600; auditwheel, manylinux-policy.json and issue 523; glibc, elf/dl-version.c; GCC,
        libgcc/config/libgcc-glibc.ver; docs/facts/loaders.md, "glibc symbol versions", "manylinux policies".
    """
    found: list[_Above] = []
    for member, image, needs in outside_needs(wheel):
        if member.role in RUN:
            targets = targets_of(wheel, image, "linux")
            found += _above(member, image, needs, targets)
            yield from _unreleased(member, needs, targets)
    useless = hopeless(wheel, [(above.member, above.failing) for above in found if not above.need.weak])
    for above in found:
        need, targets = above.need, above.failing
        lowest = min(target.floor for target in targets if target.floor)
        yield Problem(
            _message(above, lowest),
            above.member.path,
            None,
            triples_of(targets),
            {
                "have": need.version,
                "need": dotted(lowest)
                if above.family == "GLIBC"
                else highest_allowed(need.version, above.image.machine.value, lowest) or f"no {above.family}",
                "library": need.library,
            },
            "" if need.weak else _version_error(above.member, need),
            NEWER_SYSTEM.of(_kind(wheel, above, useless), "linux"),
            claims=((Fact.VERSIONS, need.version),),
        )


def _unreleased(member: Member, needs: Iterable[VersionNeed], targets: list[Target]) -> Iterator[Problem]:
    """Yield a note for a version that no release of glibc has yet."""
    promised = [target for target in targets if target.libc == "glibc"]
    for need in needs:
        if promised and need.version in _AFTER_2_42 and family_of(need.library, need.version):
            yield Problem(
                f"{member.path} needs {need.version} of {need.library}, which glibc 2.42 and older do not have unless "
                "the distribution added it",
                member.path,
                None,
                triples_of(promised),
                {"have": need.version, "library": need.library},
                "" if need.weak else _version_error(member, need),
                NEWER_SYSTEM.of("unreleased", "linux"),
                claims=((Fact.VERSIONS, need.version),),
            )
            return


def _version_error(member: Member, need: VersionNeed) -> str:
    """Return what ld.so says (glibc elf/dl-version.c)."""
    return f"{need.library}: version `{need.version}' not found (required by {member.name})"


@rule(
    "WA522",
    "glibc-private",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("no-glibc-parts",),
    systems=("linux",),
    needs=dict.fromkeys(RUN, Depth.LINKAGE),
    formats=(Format.ELF,),
    rests_on=(Fact.VERSIONS,),
    breaks_promise=Severity.ERROR,
)
def glibc_private(wheel: Wheel) -> Iterator[Problem]:
    """A binary uses private symbols of glibc.

    What it does:
        Looks for the version GLIBC_PRIVATE among the symbol versions that a file needs. It is a warning for files that
        no import loads, and for programs: the names that a static library of glibc brings into a program change seldom
        (the program of imageio_ffmpeg 0.8.1 runs).

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
            targets = [target for target in targets_of(wheel, image, "linux") if target.libc != "musl"]
            needs = [
                need
                for need in (image.elf.version_needs if image.elf else ())
                if need.version == "GLIBC_PRIVATE" and family_of(need.library, need.version)
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
                    Severity.WARNING
                    if weak or member.role in PROGRAMS_OF_WHEEL
                    else severity_by_role(member, wheel),
                    claims=((Fact.VERSIONS, "GLIBC_PRIVATE"),),
                )
