"""WA521: files for a C library that is not the one of the tag.

`facts.libc.libc_of` says which C library an ELF file is for. That alone does not prove that the other one refuses the
file: musl answers to `libc.so.6` itself and never reads symbol versions. `_obstacle` looks for what the other one
lacks: the program interpreter, a library, or a function. A wheel may contain builds of one file for several C
libraries, so a file whose twin fits is not an error.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.libc import libc_of
from ..facts.module_variants import shadowed_variants
from ..metadata.extension_names import parse_extension_name
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Image, Member, Role, Severity
from ..platforms.linux import from_musl_system
from ..platforms.manylinux import is_glibc
from ..platforms.systems import ANDROID
from ._floors import PROGRAMS_OF_WHEEL, RUN, hopeless, severity_by_role, targets_of
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


_GLIBC_ONLY = frozenset({
    "__cxa_thread_atexit_impl", "__dn_expand", "__getauxval", "__libc_single_threaded", "__open64_2", "__open_2",
    "__openat64_2", "__openat_2", "__rawmemchr", "__register_atfork", "__res_init", "__res_nclose", "__res_ninit",
    "__res_nsearch", "__res_query", "__res_search", "__sched_cpualloc", "__sched_cpufree", "__strdup", "__strndup",
    "__strtok_r", "_dl_find_object", "dlvsym", "fcntl64", "gnu_get_libc_release", "gnu_get_libc_version",
})  # fmt: skip
"""Functions of glibc that musl 1.2.5 does not export. Libraries for musl that define what else it lacks (libexecinfo,
libucontext, musl-fts, jemalloc) do not define these."""
_FORTIFIED = ("libssp.so.0", "libgcompat.so.0")
"""Libraries that define functions like `__memcpy_chk` where musl is the C library (GCC, libssp; gcompat)."""


def _glibc_only(image: Image) -> str:
    """Return a function that the image imports firmly and that only glibc has, or an empty string."""
    if any(name in _FORTIFIED for name in image.needed):
        return ""
    return next(
        (
            symbol.name
            for symbol in image.imported
            if not symbol.weak
            and (
                symbol.name in _GLIBC_ONLY
                or (symbol.name.startswith("__") and symbol.name.endswith("_chk"))
                or symbol.name.startswith("__isoc23_")
            )
        ),
        "",
    )


class _Obstacle(NamedTuple):
    """Why the loader refuses a file."""

    what: str
    """For the message: `the program interpreter /lib64/ld-linux-x86-64.so.2`."""
    consequence: str
    """What users see."""
    claims: tuple[tuple[Fact, str], ...] = ()


def _obstacle(wheel: Wheel, member: Member, image: Image, have: str, need: str) -> _Obstacle | None:
    """Return what a file for one C library asks for and the systems of another lack, or None if nothing is known.

    Args:
        wheel: The wheel.
        member: The file.
        image: Its image.
        have: The C library that it was built for.
        need: The C library of the systems.

    Source: glibc elf/dl-load.c and musl ldso/dynlink.c, tried with real wheels (docs/facts/loaders.md, "What glibc
    refuses and says", "What musl does").
    """
    interpreter = image.elf.interpreter if image.elf else ""
    if member.role in PROGRAMS_OF_WHEEL and interpreter:
        own = interpreter.rpartition("/")[2]
        if any(one.name == own for one in wheel.members):
            return None  # Code of the wheel may start the program with the interpreter that the wheel brings.
        return _Obstacle(
            f"the program interpreter {interpreter}", f"{member.name}: No such file or directory"
        )
    found = {edge.name for edge in wheel.edges if edge.loader.path == member.path and edge.found}
    for name in image.needed:
        if name not in found and _belongs_to(name, have) and not (need == "musl" and from_musl_system(name)):
            what = "cannot open shared object file: No such file or directory"
            consequence = f"{name}: {what}"
            if need == "musl":
                what = "No such file or directory (needed by"
                consequence = f"Error loading shared library {name}: {what} {member.path})"
            return _Obstacle(f"the library {name}", consequence, ((Fact.LIBRARIES, name),))
    if need == "musl" and have == "glibc" and (symbol := _glibc_only(image)):
        consequence = f"Error relocating {member.path}: {symbol}: symbol not found"
        return _Obstacle(f"the function {symbol}", consequence, ((Fact.IMPORTS, symbol),))
    return None


def _belongs_to(name: str, libc: str) -> bool:
    """Whether a needed library is one that only systems with this C library have."""
    if libc == "glibc":
        return is_glibc(name)
    if libc == "musl":
        return name.startswith(("libc.musl-", "ld-musl-"))
    return name in ANDROID


def _twin_key(member: Member) -> str:
    """Return what the names of builds of one file for several C libraries have in common."""
    parsed = parse_extension_name(member.name)
    key = parsed.stem if parsed else member.name.partition(".")[0]
    for token in ("musl", "glibc", "gnu"):
        key = key.replace(token, "")
    return key.strip("-_")


def _libc_severity(member: Member, wheel: Wheel) -> Severity:
    """Return how bad it is that a file cannot be loaded; libraries beside an extension module count like it."""
    folder = member.path.rpartition("/")[0]
    loaded = member.role is Role.LIBRARY and (
        folder.endswith(".libs")
        or any(one.role is Role.EXTENSION and one.path.rpartition("/")[0] == folder for one in wheel.members)
    )
    return Severity.ERROR if loaded else severity_by_role(member, wheel)


class _Wrong(NamedTuple):
    """An image that was built for another C library than some targets have."""

    member: Member
    have: str
    wanted: tuple[str, ...]
    failing: list[Target]
    has_twin: bool
    obstacle: _Obstacle | None


def _wrong_images(wheel: Wheel) -> Iterator[_Wrong]:
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
            obstacles = [_obstacle(wheel, member, image, have, libc) for libc in wanted]
            yield _Wrong(member, have, wanted, failing, has_twin, obstacles[0] if all(obstacles) else None)


@rule(
    "WA521",
    "wrong-libc",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("build-in-image",),
    needs={**dict.fromkeys(RUN, Depth.LINKAGE), Role.EXTENSION: Depth.SYMBOLS},
    formats=(Format.ELF,),
    rests_on=(Fact.LIBC, Fact.LIBRARIES, Fact.IMPORTS),
    breaks_promise=Severity.WARNING,
)
def wrong_libc(wheel: Wheel) -> Iterator[Problem]:
    """A binary was built for another C library than the tag promises.

    What it does:
        Finds out whether an ELF file was built for glibc, musl or bionic, from the program interpreter, the needed
        libraries, the symbol versions of the C library, and the Android note. Compares it with the tag: manylinux is
        glibc, musllinux is musl, Android is bionic. It is an error if the file asks for something that systems of the
        tag lack: the program interpreter, a library, or a function of glibc. It is a warning for files without which
        the wheel works. If nothing shows that the file fails, both are one step lower. Under several tags for one
        machine, a file must work under all of them, unless the wheel contains a build of the same file (by its name)
        for the other C library.

    Why it is bad:
        The C libraries have different loaders, libraries and functions. musl answers to `libc.so.6` itself and does not
        read symbol versions, so it loads some files that were built for glibc. Nobody tests that they work.

    Example:
        An extension that needs `ld-linux-x86-64.so.2`, or `__memcpy_chk` of glibc, in a wheel tagged
        `musllinux_1_2_x86_64`.

    How to fix:
        Build inside the image that the tag names.

    Known limits:
        Static programs and libraries without a C library fit everywhere. A file that needs a plain `libc.so` is
        undecided: cross-compilers write that for bionic and for musl. Versions named GLIBC that libgcc_s.so.1 has to
        define say nothing, because libgcc has them on musl, too (pydantic_core, rpds_py and tokenizers for musllinux on
        aarch64). Functions are only looked up for extension modules, and the list of glibc's own is not complete.

    References:
        PEP 513, PEP 656, PEP 738; musl, ldso/dynlink.c (load_library); GCC, libgcc/config/libgcc-glibc.ver; the soname
        tables of auditwheel's policies; docs/facts/loaders.md, "Which C library an ELF file is for", "What musl does".
    """
    found = list(_wrong_images(wheel))
    useless = hopeless(wheel, [(one.member, one.failing) for one in found if one.obstacle])
    for member, have, wanted, failing, has_twin, obstacle in found:
        need = " or ".join(wanted)
        tags = triples_of(failing)
        message = f"{member.path} is built for {have}, but the tag promises {need}"
        severity = _libc_severity(member, wheel)
        consequence = ""
        if obstacle is not None:
            message += f", which lacks {obstacle.what}"
            consequence = obstacle.consequence
            if not useless.isdisjoint(tags):
                severity = Severity.ERROR
        else:
            severity = Severity.WARNING if severity is Severity.ERROR else Severity.NOTE
            if have == "glibc":
                message += ", which may lack functions that the file uses"
                consequence = f"Error relocating {member.path}: ...: symbol not found"
        yield Problem(
            message,
            member.path,
            None,
            tags,
            {"have": have, "need": need},
            consequence,
            Severity.NOTE if has_twin else severity,
            claims=obstacle.claims if obstacle else (),
        )
