"""WA521: another C library than the tag promises."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.libc import libc_of
from ..facts.module_variants import shadowed_variants
from ..metadata.extension_names import parse_extension_name
from ..model import Depth, Format, Member, Role, Severity
from ._floors import PROGRAMS_OF_WHEEL, RUN, severity_by_role, targets_of
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["wrong_libc"]

_SYSTEM_LIBCS: Mapping[str, tuple[str, ...]] = {"linux": ("glibc", "musl"), "android": ("bionic",)}
"""What the systems that our tags name can have; bare `linux_*` tags say no more than that."""


def _wanted_libcs(target: Target) -> tuple[str, ...]:
    return (target.libc,) if target.libc else _SYSTEM_LIBCS.get(target.system, ())


def _libc_load_error(member: Member, have: str, need: str) -> str:
    """Return what the loader of another family says.

    Source: musl and glibc, seen with real wheels (rules.md 4.2).
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
    """Return what the builds of one file for several C libraries have in common: the start of the name."""
    parsed = parse_extension_name(member.name)
    key = parsed.stem if parsed else member.name.partition(".")[0]
    for token in ("musl", "glibc", "gnu"):
        key = key.replace(token, "")
    return key.strip("-_")


def _libc_severity(member: Member, wheel: Wheel) -> Severity:
    """Return how much a file of the wrong family matters; a library beside an extension is one with it."""
    folder = member.path.rpartition("/")[0]
    loaded = member.role is Role.LIBRARY and (
        folder.endswith(".libs")
        or any(one.role is Role.EXTENSION and one.path.rpartition("/")[0] == folder for one in wheel.members)
    )
    return Severity.ERROR if loaded else severity_by_role(member, wheel)


@rule(
    "WA521",
    "wrong-libc",
    Severity.ERROR,
    ("R22",),
    needs=dict.fromkeys(RUN, Depth.LINKAGE),
    formats=(Format.ELF,),
)
def wrong_libc(wheel: Wheel) -> Iterator[Problem]:
    """A binary was built for another C library than the tag promises.

    What it does:
        Tells from the program interpreter, the needed libraries, the version nodes and the Android note
        whether an ELF file was built for glibc, musl or bionic, and compares it with the tag: manylinux is
        glibc, musllinux is musl, Android is bionic. Under several tags for one machine a file has to serve
        all of them, unless the wheel holds a build of the same file for the other family, by its name.

    Why it is bad:
        The families have different loaders, sonames and symbols: the file does not load.

    Example:
        An extension linked with `libc.so.6` in a wheel tagged `musllinux_1_2_x86_64`.

    How to fix:
        Build inside the image that the tag names.

    Known limits:
        Static programs and libraries without a C library fit everywhere. A file that needs a plain
        `libc.so` is undecided: cross-compilers write that for bionic and for musl.

    References:
        PEP 513, PEP 656, PEP 738; the soname tables of auditwheel's policies.
    """
    builds = {
        (_twin_key(member), image.machine, libc_of(image))
        for member in wheel.members
        for image in member.images
    }
    shadowed = shadowed_variants(wheel.members, wheel.targets)
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
                tuple(target.triple for target in failing),
                {"have": have, "need": need},
                _libc_load_error(member, have, need),
                Severity.NOTE if has_twin else _libc_severity(member, wheel),
            )
