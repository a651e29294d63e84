"""WA501, WA502, WA533: the oldest macOS or iOS that a file was built for.

Each slice names the oldest system that its code supports (minos). It is compared with the floor of each tag, slice by
slice and tag by tag. If a slice imports a function that the tag's oldest system lacks, WA501 is an error. WA533 looks
the other way, for Android too: a tag that is higher than anything in the wheel needs.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.roles import is_product
from ..facts.wheel import per_wheel
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Image, Role, Severity
from ..platforms.systems import from_apple
from ._floors import (
    LIBRARIES_AND_MODULES,
    NEWER_SYSTEM,
    RUN,
    RUN_HEADERS,
    Slice,
    Version,
    apple_platform_of,
    dotted,
    hopeless,
    loadable_slices,
    major_minor,
    required_floor,
    targets_of,
)
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["minor_version_above_tag", "minos_above_tag", "tag_above_need"]

_ASIDE = (Role.FAMILY, Role.TEST_DATA, Role.SDK, Role.DEBUG)
"""Roles that users of the wheel do not run: a note."""
_PYTHON_FLOORS: tuple[tuple[Version, Version], ...] = (
    ((3, 14), (10, 15)),
    ((3, 12), (10, 13)),
    ((3, 8), (10, 9)),
)
"""The first CPython of each group, and the oldest macOS that runs it (cibuildwheel's deployment targets)."""
_GENERIC_PYTHON_FLOOR: Version = (10, 9)
_FIRST_MACOS_WITH: Mapping[str, Version] = {
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
"""Functions of the system's libraries, and the first macOS that has them. All are newer than macOS 10.13: older ones
prove nothing about computers that still exist."""


def _oldest(image: Image) -> Version:
    """Return the oldest system of a slice with minos. Tools that do not know macOS 26 call it 16.

    Source: LLVM Triple::getCanonicalVersionForOS.
    """
    major, minor = major_minor(image.minos or (0, 0))
    if image.macho is not None and image.macho.platform == "macos" and major == 16:
        major = 26
    return major, minor


def _python_floor(target: Target) -> Version:
    """Return the oldest macOS that runs the oldest Python of a target, or (0, 0) if it is not known."""
    if target.system != "macos" or target.implementation not in ("cpython", "python"):
        return (0, 0)
    if target.implementation == "python" and (target.version is None or target.version < (3, 8)):
        return _GENERIC_PYTHON_FLOOR
    for first, floor in _PYTHON_FLOORS:
        if target.version is not None and target.version >= first:
            return floor
    return (0, 0)


def _too_new(wheel: Wheel, image: Image) -> tuple[list[Target], list[Target]]:
    """Return the targets that promise an older system than the slice was built for.

    Returns:
        The targets whose tag is wrong, and those whose tag cannot be better: macOS tags have no minor version from 11
        on, so a wheel for 13.3 is tagged 13_0.
    """
    above: list[Target] = []
    minor: list[Target] = []
    if image.macho is None or image.minos is None:
        return above, minor
    minos = _oldest(image)
    for target in targets_of(wheel, image, "macos", "ios"):
        required = required_floor(target, image)
        # A Python that calls macOS 26 16.0 names its tags so.
        if (
            image.macho.platform != apple_platform_of(target)
            or min(minos, major_minor(image.minos)) <= required
        ):
            continue
        same_major = target.system == "macos" and required[0] == minos[0] >= 11
        (minor if same_major else above).append(target)
    return above, minor


def _missing_symbol(slice_: Slice, oldest: Version) -> str:
    """Return an imported function that an oldest macOS lacks, or an empty string.

    It is a proof: the import is not weak, and only the system's libraries can define the function. Only code that is
    loaded by dlopen with RTLD_NOW is checked, as Python and ctypes do. A program binds a function at its first call.
    """
    if slice_.member.role not in LIBRARIES_AND_MODULES:
        return ""
    only_system = all(map(from_apple, slice_.image.needed))
    for symbol in slice_.image.imported:
        from_system = from_apple(symbol.library) if symbol.library else only_system
        if from_system and not symbol.weak and _FIRST_MACOS_WITH.get(symbol.name, (0, 0)) > oldest:
            return symbol.name
    return ""


def _lowest_tag(wheel: Wheel, target: Target) -> str:
    """Return the lowest platform tag that is true of all code of the wheel that runs."""
    lowest = target.floor or (0, 0)
    for _, image, _ in loadable_slices(wheel, RUN):
        if image.macho and image.minos and image.macho.platform == apple_platform_of(target):
            minos = _oldest(image)
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
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("deployment-target",),
    needs={
        **dict.fromkeys((*RUN, *_ASIDE), Depth.HEADER),
        **dict.fromkeys(LIBRARIES_AND_MODULES, Depth.SYMBOLS),
    },
    formats=(Format.MACHO,),
    rests_on=(Fact.MINOS, Fact.IMPORTS),
    breaks_promise=Severity.WARNING,
    predicted_by=("WD26", "WD27"),
    grades=(NEWER_SYSTEM,),
)
def minos_above_tag(wheel: Wheel) -> Iterator[Problem]:
    """A binary was built for a newer macOS or iOS than the tag promises.

    What it does:
        Compares the minimum system in the slice's build-version command (minos) with the version in the platform tag,
        for each slice and each tag. An arm64 slice starts at macOS 11.0, and at 14.0 in the iOS simulator, whatever the
        tag says. 10.16 means 11.0.

    Why it is bad:
        Installers offer the wheel to systems that the compiler was not asked to support. dyld does not check minos, so
        the wheel installs and loads there until a function is missing. It is an error if that is proven: the slice
        imports a function that the oldest promised system lacks. It is a note if no user can notice: in test data, in
        helper programs of a wheel that has something else, or if no Python of the tag runs on the older systems.

    Example:
        A wheel tagged `macosx_10_9_x86_64` whose extension has minos 11.0 and imports `___chkstk_darwin`, which came
        with macOS 10.14.

    How to fix:
        Set `MACOSX_DEPLOYMENT_TARGET` to the version of the tag for every object, or raise the tag.

    Known limits:
        The table of functions is small, so most wrong wheels get a warning. A function that a bundled library may
        define proves nothing.

    References:
        dyld mach_o/UnsafeHeader.cpp and dyld/Loader.cpp; LLVM Triple::getMinimumSupportedOSVersion; packaging.tags;
        docs/facts/loaders.md, "Apple platforms and minimum systems".
    """
    slices = [
        (slice_, above)
        for slice_ in loadable_slices(wheel, (*RUN, *_ASIDE))
        if (above := _too_new(wheel, slice_.image)[0])
    ]
    too_new_everywhere = hopeless(
        wheel, [(slice_.member, above) for slice_, above in slices if slice_.member.role in RUN]
    )
    for slice_, above in slices:
        member, image, name = slice_
        if image.minos is None:
            continue
        minos = _oldest(image)
        system = "macOS" if above[0].system == "macos" else "iOS"
        lowest = min(above, key=lambda target: required_floor(target, image))
        oldest = min(max(required_floor(target, image), _python_floor(target)) for target in above)
        missing = _missing_symbol(slice_, oldest) if system == "macOS" else ""
        helper = (
            member.role is Role.EXECUTABLE
            and not is_product(member, wheel)
            and too_new_everywhere.isdisjoint(target.triple for target in above)
        )
        need = dotted(required_floor(lowest, image))
        message = f"{slice_} is built for {system} {dotted(minos)}, but the tag promises {need}"
        consequence = ""
        if minos <= oldest:
            kind = "unreachable"
            message += f"; no Python of the tag runs on systems before {dotted(oldest)}"
        elif member.role in _ASIDE or helper:
            kind = "program" if helper else "test-data"
        else:
            kind = "proven" if missing else "needed"
            consequence = f"Symbol not found: _{missing}" if missing else "Symbol not found: ..."
            consequence += f" (built for {system} {dotted(minos)} which is newer than running OS)"
            message += f"; the lowest tag that fits is {_lowest_tag(wheel, lowest)}"
        yield Problem(
            message,
            member.path,
            name,
            triples_of(above),
            {"have": dotted(minos), "need": need} | ({"symbol": missing} if missing else {}),
            consequence,
            NEWER_SYSTEM.of(kind, above[0].system),
            claims=((Fact.IMPORTS, missing),) if missing else (),
        )


@per_wheel
def _sdks(wheel: Wheel) -> dict[tuple[str, Version], set[Version]]:
    """Return the SDKs with which slices for a platform and its lowest version were built."""
    found: dict[tuple[str, Version], set[Version]] = {}
    for _, image, _ in loadable_slices(wheel, RUN):
        for build in image.macho.build_versions if image.macho else ():
            found.setdefault((build.platform, build.minos[:2]), set()).add(build.sdk[:2])
    return found


def _was_not_chosen(wheel: Wheel, image: Image) -> bool:
    """Whether minos is the release of the machine that built the slice, because no deployment target was set.

    It was chosen if slices with several SDKs have it (scipy-1.18.1-cp312-cp312-macosx_12_0_arm64.whl: 12.3).
    """
    if image.minos is None or image.macho is None:
        return False
    if image.minos[2]:
        return True
    minos = image.minos[:2]
    return minos[1] != 0 and _sdks(wheel).get((image.macho.platform, minos)) == {minos}


@rule(
    "WA502",
    "minor-version-above-tag",
    Family.SYSTEM,
    Severity.NOTE,
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    systems=("macos",),
    rests_on=(Fact.MINOS,),
    breaks_promise=Severity.ERROR,
)
def minor_version_above_tag(wheel: Wheel) -> Iterator[Problem]:
    """A binary needs a minor version of macOS that no tag can name.

    What it does:
        Looks for slices whose minos has the tag's major version, 11 or later, and a higher minor version. It is a
        warning if nobody chose that version: it has a patch level, or it is the version of the SDK of all slices that
        have it.

    Why it is bad:
        Tags for macOS 11 and later end in `_0`. So users of the first releases of that system get the wheel, although
        it was not built for them. No tag would be better. If no deployment target is set, the compiler takes the
        release of the build machine, and lets the code use all that is new in it.

    Example:
        A wheel tagged `macosx_13_0_arm64` with minos 13.3. A warning: a wheel tagged `macosx_26_0_arm64` with minos
        26.5.2.

    How to fix:
        To support the first releases too, set `MACOSX_DEPLOYMENT_TARGET` to `13.0`.

    Known limits:
        A deployment target that was set to the SDK's own minor version looks like a forgotten one.

    References:
        packaging.tags.mac_platforms, which generates no minor version except 0; LLVM clang/lib/Driver/ToolChains/
        Darwin.cpp (the deployment target is inferred from the SDK and the host); docs/facts/loaders.md, "Apple
        platforms and minimum systems".
    """
    for slice_ in loadable_slices(wheel, RUN):
        member, image, name = slice_
        _, minor = _too_new(wheel, image)
        if minor and image.minos is not None:
            have, need = dotted(_oldest(image)), dotted(required_floor(minor[0], image))
            unchosen = _was_not_chosen(wheel, image)
            if unchosen:
                have = ".".join(map(str, image.minos if image.minos[2] else image.minos[:2]))
                what = f"but the tag says {need}; nobody chose that version: it is the build machine's or its SDK's"
            else:
                what = f"the tag says {need}, because tags have no minor version"
            yield Problem(
                f"{slice_} is built for macOS {have}{',' if unchosen else ';'} {what}",
                member.path,
                name,
                triples_of(minor),
                {"have": have, "need": need},
                f"Symbol not found: ... (built for macOS {have} which is newer than running OS)"
                if unchosen
                else "",
                Severity.WARNING if unchosen else None,
                ("deployment-target",) if unchosen else (),
            )


_EVERYBODY: Mapping[str, Version] = {"macos": (11, 0), "ios": (13, 0), "android": (24, 0)}
"""A tag up to this version excludes nobody who matters."""


def _needed_floor(wheel: Wheel, target: Target) -> Version:
    """Return the oldest system that all code for a target needs; a very high one if some code does not say."""
    needed = (0, 0)
    for member in wheel.members:
        for image in member.images if member.role in RUN else ():
            if target not in targets_of(wheel, image, target.system):
                continue
            if target.system == "android":
                level = image.elf.android_api if image.elf else None
                found = None if level is None else (level, 0)
            elif (
                image.macho is None
                or image.macho.platform != apple_platform_of(target)
                or image.minos is None
            ):
                found = None
            else:
                # A tag for 13.3 is called 13_0, and minos 13.3 needs it.
                found = max(_oldest(image), required_floor(target._replace(floor=None), image))
            if found is None:
                return _UNKNOWN
            needed = max(needed, found)
    return needed if needed != (0, 0) else _UNKNOWN


_UNKNOWN: Version = (1 << 16, 0)
"""Above every tag."""


@rule(
    "WA533",
    "tag-above-need",
    Family.SYSTEM,
    Severity.NOTE,
    remedies=("lower-tag",),
    needs=RUN_HEADERS,
    formats=(Format.MACHO, Format.ELF),
    systems=("macos", "ios", "android"),
    rests_on=(Fact.MINOS,),
    for_builders=True,
)
def tag_above_need(wheel: Wheel) -> Iterator[Problem]:
    """The tag asks for a newer system than any file of the wheel was built for.

    What it does:
        Compares the version in each tag for macOS, iOS and Android with the oldest system that all binaries for it
        support. Nothing is reported up to macOS 11.0, iOS 13.0 and Android's API level 24, if a binary does not say
        what it was built for, or if another tag of the wheel is for the older systems.

    Why it is bad:
        Installers do not offer the wheel on the older systems, although it would work there. Builds take the tag from
        the Python or the machine that runs them.

    Example:
        A wheel tagged `macosx_26_0_arm64` whose modules were all built for macOS 11.0.

    How to fix:
        Set `MACOSX_DEPLOYMENT_TARGET`, `IPHONEOS_DEPLOYMENT_TARGET` or `ANDROID_API_LEVEL` to the oldest system that
        you want to support, so that compiler and tag agree.

    Known limits:
        The code may need a newer system for reasons that its headers do not show. So this is only a note.

    References:
        packaging.tags.mac_platforms and ios_platforms; PEP 730; PEP 738; docs/facts/loaders.md, "Apple platforms and
        minimum systems".
    """
    for target in wheel.targets:
        most = _EVERYBODY.get(target.system)
        if most is None or target.floor is None or target.floor <= most:
            continue
        needed = max(_needed_floor(wheel, target), most)
        if needed >= target.floor or (target.system == "macos" and needed[0] == target.floor[0]):
            continue
        if any(_serves_older(other, target) for other in wheel.targets):
            continue
        android = target.system == "android"
        have, need = (str(one[0]) if android else dotted(one) for one in (target.floor, needed))
        system = {"macos": "macOS", "ios": "iOS"}.get(target.system, "Android API level")
        yield Problem(
            f"the tag {target.platform} asks for {system} {have}, but all binaries for it support {need}",
            None,
            None,
            (target.triple,),
            {"have": have, "need": need},
        )


def _serves_older(other: Target, target: Target) -> bool:
    """Whether another tag of the wheel offers it on older systems of the same machines."""
    return (
        other.system == target.system
        and (other.python, other.abi) == (target.python, target.abi)
        and set(target.arches) <= set(other.arches)
        and other.floor is not None
        and target.floor is not None
        and other.floor < target.floor
    )
