"""WA501, WA502: the oldest macOS or iOS that a file was built for."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.roles import is_product
from ..model import Depth, Format, Image, Role, Severity
from ._floors import (
    LIBRARIES_AND_MODULES,
    RUN,
    RUN_HEADERS,
    Slice,
    Version,
    apple_platform_of,
    dotted,
    loadable_slices,
    major_minor,
    required_floor,
    targets_of,
)
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["minor_version_above_tag", "minos_above_tag"]

_ASIDE = (Role.FAMILY, Role.TEST_DATA, Role.SDK, Role.DEBUG)
"""Roles that nobody who installs the wheel runs: at most a note."""


_PYTHON_FLOORS: tuple[tuple[Version, Version], ...] = (
    ((3, 14), (10, 15)),
    ((3, 12), (10, 13)),
    ((3, 8), (10, 9)),
)
"""From this CPython on, the oldest macOS that runs it (cibuildwheel's deployment targets)."""


_GENERIC_PYTHON_FLOOR: Version = (10, 9)


_FIRST_SEEN: Mapping[str, Version] = {
    # libSystem: usr/lib/system/*.tbd of the SDKs 10.13 and 10.14
    "___chkstk_darwin": (10, 14),
    # libSystem: the availability macros of the SDK's headers
    "aligned_alloc": (10, 15),
    "timespec_get": (10, 15),
    "rpmatch": (10, 15),
    "posix_spawn_file_actions_addchdir_np": (10, 15),
    "posix_spawn_file_actions_addfchdir_np": (10, 15),
    "__darwin_check_fd_set_overflow": (11, 0),
    "preadv": (11, 0),
    "pwritev": (11, 0),
    "strtonum": (11, 0),
    "strsignal_r": (11, 0),
    "pthread_jit_write_protect_np": (11, 0),
    "backtrace_async": (12, 0),
    "mkfifoat": (13, 0),
    "mknodat": (13, 0),
    "freadlink": (13, 0),
    "malloc_type_malloc": (14, 0),
    "malloc_type_calloc": (14, 0),
    "malloc_type_realloc": (14, 0),
    "malloc_type_free": (14, 0),
    "malloc_type_aligned_alloc": (14, 0),
    "malloc_type_posix_memalign": (14, 0),
    "os_unfair_lock_lock_with_flags": (15, 0),
    "strchrnul": (15, 4),
    # libc++: its __configuration/availability.h
    "_ZNSt3__122__libcpp_verbose_abortEPKcz": (13, 3),
    "__cxa_init_primary_exception": (15, 0),
}
"""Functions of the system's own libraries, and the first macOS that has them. Only functions that macOS 10.13
lacks: an older one proves nothing about a host that still exists."""


def _python_floor(target: Target) -> Version:
    """Return the oldest macOS that runs the oldest Python of a tag; (0, 0) where we do not know."""
    if target.system != "macos" or target.implementation not in ("cpython", "python"):
        return (0, 0)
    if target.implementation == "python" and (target.version is None or target.version < (3, 8)):
        return _GENERIC_PYTHON_FLOOR
    for first, floor in _PYTHON_FLOORS:
        if target.version is not None and target.version >= first:
            return floor
    return (0, 0)


def _too_new(wheel: Wheel, image: Image) -> tuple[list[Target], list[Target]]:
    """Return the triples that promise an older system than the slice was built for.

    Returns:
        Those where the tag is wrong, and those where the tag can't say better: macOS tags from 11 on have
        no minor version, so a wheel for 13.3 is tagged 13_0.
    """
    above: list[Target] = []
    minor: list[Target] = []
    if image.macho is None or image.minos is None:
        return above, minor
    minos = major_minor(image.minos)
    for target in targets_of(wheel, image, "macos", "ios"):
        required = required_floor(target, image)
        if image.macho.platform != apple_platform_of(target) or minos <= required:
            continue
        same_major = target.system == "macos" and required[0] == minos[0] >= 11
        (minor if same_major else above).append(target)
    return above, minor


def _is_system(library: str) -> bool:
    return library.startswith(("/usr/lib/", "/System/"))


def _missing_symbol(slice_: Slice, oldest: Version) -> str:
    """Return an imported function that a macOS which the tag invites lacks, or an empty string.

    A proof, so nothing is guessed: the import may not be weak, and may come from nowhere but the system's
    libraries. Only for what is loaded by dlopen with RTLD_NOW, as Python and ctypes do: a program binds a
    function when it first calls it.
    """
    if slice_.member.role not in LIBRARIES_AND_MODULES:
        return ""
    only_system = all(map(_is_system, slice_.image.needed))
    for symbol in slice_.image.imported:
        from_system = _is_system(symbol.library) if symbol.library else only_system
        if from_system and not symbol.weak and _FIRST_SEEN.get(symbol.name, (0, 0)) > oldest:
            return symbol.name
    return ""


def _lowest_tag(wheel: Wheel, target: Target) -> str:
    """Return the platform tag with the lowest version that all code of the wheel that is run keeps to."""
    lowest = target.floor or (0, 0)
    for _, image, _ in loadable_slices(wheel, RUN):
        if image.macho and image.minos and image.macho.platform == apple_platform_of(target):
            minos = major_minor(image.minos)
            if image.machine.value in target.arches and minos > required_floor(target, image):
                lowest = max(lowest, minos)
    major, minor = lowest
    if target.system == "macos" and major >= 11:
        minor = 0
    family, _, _, arch = target.platform.split("_", 3)
    return f"{family}_{major}_{minor}_{arch}"


@rule(
    "WA501",
    "minos-above-tag",
    Severity.WARNING,
    ("R10",),
    needs={
        **dict.fromkeys((*RUN, *_ASIDE), Depth.HEADER),
        **dict.fromkeys(LIBRARIES_AND_MODULES, Depth.SYMBOLS),
    },
    formats=(Format.MACHO,),
)
def minos_above_tag(wheel: Wheel) -> Iterator[Problem]:
    """A binary was built for a newer macOS or iOS than the tag promises.

    What it does:
        Compares, slice by slice and tag by tag, the minimum system of the slice's build-version command
        (minos) with the version in the platform tag. An arm64 slice starts at macOS 11.0, in the iOS
        simulator at 14.0, whatever the tag says; 10.16 means 11.0.

    Why it is bad:
        Installers offer the wheel to systems that the compiler was told not to care for. dyld does not look
        at minos, so the wheel installs and loads there, until a function is missing. It is an error where
        that is proven: the slice imports a function that the oldest promised system lacks. It is a note
        where nobody can notice: in test data and helper programs, or where no Python of the tag runs on the
        older systems.

    Example:
        A wheel tagged `macosx_10_9_x86_64` whose extension has minos 11.0 and imports `___chkstk_darwin`,
        which came with macOS 10.14.

    How to fix:
        Set `MACOSX_DEPLOYMENT_TARGET` to the version of the tag for every object, or raise the tag.

    Known limits:
        The table of functions is small, so most wrong wheels get a warning. A function that a bundled library
        might provide proves nothing.

    References:
        dyld mach_o/UnsafeHeader.cpp and dyld/Loader.cpp; LLVM Triple::getMinimumSupportedOSVersion;
        packaging.tags.
    """
    for slice_ in loadable_slices(wheel, (*RUN, *_ASIDE)):
        member, image, name = slice_
        above, _ = _too_new(wheel, image)
        if not above or image.minos is None:
            continue
        minos = major_minor(image.minos)
        system = "macOS" if above[0].system == "macos" else "iOS"
        lowest = min(above, key=lambda target: required_floor(target, image))
        oldest = min(max(required_floor(target, image), _python_floor(target)) for target in above)
        missing = _missing_symbol(slice_, oldest) if system == "macOS" else ""
        aside = member.role in _ASIDE or (
            member.role is Role.EXECUTABLE and not is_product(member, wheel.members)
        )
        need = dotted(required_floor(lowest, image))
        message = f"{slice_} is built for {system} {dotted(minos)}, but the tag promises {need}"
        if minos <= oldest:
            severity, consequence = Severity.NOTE, ""
            message += f"; no Python of the tag runs below {dotted(oldest)}"
        elif aside:
            severity, consequence = Severity.NOTE, ""
        else:
            severity, consequence = Severity.WARNING, "Symbol not found: ..."
            if missing:
                severity, consequence = Severity.ERROR, f"Symbol not found: _{missing}"
            consequence += f" (built for {system} {dotted(minos)} which is newer than running OS)"
            message += f"; its version asks for {_lowest_tag(wheel, lowest)} at least"
        yield Problem(
            message,
            member.path,
            name,
            tuple(target.triple for target in above),
            {"have": dotted(minos), "need": need} | ({"symbol": missing} if missing else {}),
            consequence,
            severity,
        )


@rule("WA502", "minor-version-above-tag", Severity.NOTE, needs=RUN_HEADERS, formats=(Format.MACHO,))
def minor_version_above_tag(wheel: Wheel) -> Iterator[Problem]:
    """A binary needs a minor version of macOS that no tag can name.

    What it does:
        Looks for slices whose minos has the tag's major version, from 11 on, and a higher minor version.

    Why it is bad:
        Tags for macOS 11 and later end in `_0`, so users of the first releases of that system get the wheel
        although it was not built for them. The tag is as right as a tag can be.

    Example:
        A wheel tagged `macosx_13_0_arm64` with minos 13.3.

    How to fix:
        Nothing is wrong with the tag. To serve the first releases too, set `MACOSX_DEPLOYMENT_TARGET` to
        `13.0`.

    Known limits:
        None.

    References:
        packaging.tags.mac_platforms, which generates no other minor version than 0.
    """
    for slice_ in loadable_slices(wheel, RUN):
        member, image, name = slice_
        _, minor = _too_new(wheel, image)
        if minor and image.minos is not None:
            have, need = dotted(major_minor(image.minos)), dotted(required_floor(minor[0], image))
            yield Problem(
                f"{slice_} is built for macOS {have}; the tag says {need} because no tag can say more",
                member.path,
                name,
                tuple(target.triple for target in minor),
                {"have": have, "need": need},
            )
