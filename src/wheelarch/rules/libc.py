"""WA521: files for a C library that is not the one of the tag.

`facts.libc.libc_of` says which C library an ELF file is for. A wheel may contain builds of one file for several C
libraries, so a file whose twin fits is not an error.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.libc import libc_of
from ..facts.module_variants import shadowed_variants
from ..metadata.extension_names import parse_extension_name
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Member, Role, Severity
from ._floors import PROGRAMS_OF_WHEEL, RUN, severity_by_role, targets_of
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["wrong_libc"]

_SYSTEM_LIBCS: Mapping[str, tuple[str, ...]] = {"linux": ("glibc", "musl"), "android": ("bionic",)}
"""The C libraries that a system can have. Bare `linux_*` tags do not name one."""


def _wanted_libcs(target: Target) -> tuple[str, ...]:
    """Return the C libraries that a target may have, or nothing if any will do."""
    return (target.libc,) if target.libc else _SYSTEM_LIBCS.get(target.system, ())


def _libc_load_error(member: Member, have: str, need: str) -> str:
    """Return what users see if a file for one C library is loaded by the other.

    Source: glibc elf/dl-load.c and musl ldso/dynlink.c, tried with real wheels (docs/facts/loaders.md, "What glibc
    refuses and says", "What musl does").
    """
    if member.role in PROGRAMS_OF_WHEEL:
        return f"{member.name}: No such file or directory"
    if have == "musl":
        soname = next(
            (name for image in member.images for name in image.needed if "musl" in name), "libc.musl"
        )
        return f"{soname}: cannot open shared object file: No such file or directory"
    if have == "glibc" and need == "musl":
        return f"Error relocating {member.path}: ...: symbol not found"
    return ""


def _twin_key(member: Member) -> str:
    """Return what the names of builds of one file for several C libraries have in common."""
    parsed = parse_extension_name(member.name)
    key = parsed.stem if parsed else member.name.partition(".")[0]
    for token in ("musl", "glibc", "gnu"):
        key = key.replace(token, "")
    return key.strip("-_")


def _libc_severity(member: Member, wheel: Wheel) -> Severity:
    """Return how bad it is that a file is for the wrong C library; libraries beside an extension count like it."""
    folder = member.path.rpartition("/")[0]
    loaded = member.role is Role.LIBRARY and (
        folder.endswith(".libs")
        or any(one.role is Role.EXTENSION and one.path.rpartition("/")[0] == folder for one in wheel.members)
    )
    return Severity.ERROR if loaded else severity_by_role(member, wheel)


@rule(
    "WA521",
    "wrong-libc",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("build-in-image",),
    needs=dict.fromkeys(RUN, Depth.LINKAGE),
    formats=(Format.ELF,),
    rests_on=(Fact.LIBC,),
    breaks_promise=Severity.ERROR,
)
def wrong_libc(wheel: Wheel) -> Iterator[Problem]:
    """A binary was built for another C library than the tag promises.

    What it does:
        Finds out whether an ELF file was built for glibc, musl or bionic, from the program interpreter, the needed
        libraries, the symbol versions and the Android note. Compares it with the tag: manylinux is glibc, musllinux is
        musl, Android is bionic. Under several tags for one machine, a file must work under all of them, unless the
        wheel contains a build of the same file (by its name) for the other C library.

    Why it is bad:
        The C libraries have different loaders, sonames and symbols, so the file does not load.

    Example:
        An extension linked with `libc.so.6` in a wheel tagged `musllinux_1_2_x86_64`.

    How to fix:
        Build inside the image that the tag names.

    Known limits:
        Static programs and libraries without a C library fit everywhere. A file that needs a plain `libc.so` is
        undecided: cross-compilers write that for bionic and for musl.

    References:
        PEP 513, PEP 656, PEP 738; the soname tables of auditwheel's policies; docs/facts/loaders.md, "Which C library
        an ELF file is for".
    """
    builds = {
        (_twin_key(member), image.machine, libc_of(image))
        for member in wheel.members
        for image in member.images
    }
    shadowed = shadowed_variants(wheel)
    for member in wheel.members:
        if member.role not in RUN or member.path in shadowed:
            continue
        for image in member.images:
            have = libc_of(image)
            targets = targets_of(wheel, image, "linux", "android")
            failing = [target for target in targets if have and have not in _wanted_libcs(target)]
            if not failing:
                continue
            wanted = _wanted_libcs(failing[0])
            has_twin = any((_twin_key(member), image.machine, libc) in builds for libc in wanted)
            if has_twin and len(failing) < len(targets):
                continue
            need = " or ".join(wanted)
            yield Problem(
                f"{member.path} is built for {have}, but the tag promises {need}",
                member.path,
                None,
                triples_of(failing),
                {"have": have, "need": need},
                _libc_load_error(member, have, need),
                Severity.NOTE if has_twin else _libc_severity(member, wheel),
            )
