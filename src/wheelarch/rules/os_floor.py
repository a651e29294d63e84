"""WA50x and WA52x: the system that a binary was built for against the system that the tags promise."""

from __future__ import annotations

from functools import cache

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.wheel import Wheel, is_product, libc_of, parse_extension_name, shadowed_variants
from ..loading.graph import links
from ..model import Depth, Format, Image, Kind, Machine, Member, Role, Severity, VersionNeed
from ._base import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..metadata.tags import Target

__all__ = [
    "android_api_above_tag",
    "executable_stack",
    "glibc_above_tag",
    "glibc_private",
    "minor_version_above_tag",
    "minos_above_tag",
    "misplaced_signature",
    "missing_platform_command",
    "small_page_alignment",
    "unsigned_arm64",
    "wrong_apple_platform",
    "wrong_libc",
]

Version = tuple[int, int]

_LIBRARIES = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY)
_PROGRAMS = (Role.SCRIPT, Role.EXECUTABLE)
_RUN = (*_LIBRARIES, *_PROGRAMS)
_ASIDE = (Role.FAMILY, Role.TEST_DATA, Role.SDK, Role.DEBUG)
"""Roles that nobody who installs the wheel runs: at most a note."""
_CODE_KINDS = (Kind.SHARED_LIBRARY, Kind.BUNDLE, Kind.EXECUTABLE)
_RUN_HEADERS: Mapping[Role, Depth] = dict.fromkeys(_RUN, Depth.HEADER)

_ARCH_FLOORS: Mapping[tuple[str, Machine], Version] = {
    ("macos", Machine.ARM64): (11, 0),
    ("ios-simulator", Machine.ARM64): (14, 0),
}
"""The oldest system that runs a machine on a platform, whatever a tag says.

Source: LLVM Triple::getMinimumSupportedOSVersion.
"""

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


class _Slice(NamedTuple):
    """One image, and how a problem names it."""

    member: Member
    image: Image
    name: str | None
    """The slice's architecture; None for a thin file."""

    def __str__(self) -> str:
        return f"the {self.name} slice of {self.member.path}" if self.name else self.member.path


def _macho_slices(wheel: Wheel, roles: tuple[Role, ...]) -> Iterator[_Slice]:
    """Yield the Mach-O images that a process could load, of members with one of these roles."""
    for member in wheel.members:
        if member.role in roles:
            for image in member.images:
                if image.macho is not None and image.kind in _CODE_KINDS:
                    yield _Slice(member, image, image.arch if len(member.images) > 1 else None)


def _targets(wheel: Wheel, image: Image, *systems: str) -> list[Target]:
    """Return the live triples of these systems whose processes look for a slice of this machine."""
    return [
        target
        for target in wheel.targets
        if target.system in systems and image.machine.value in target.arches
    ]


def _platform(target: Target) -> str:
    """Return the Apple platform that a tag means, as `MachoFacts.platform` spells it."""
    if target.system == "macos":
        return "macos"
    return "ios-simulator" if target.platform.endswith("_iphonesimulator") else "ios"


def _version(version: tuple[int, ...]) -> Version:
    """Return major and minor; 10.16 is how SDKs before 11 spell 11.0."""
    return (11, 0) if version[:2] == (10, 16) else (version[0], version[1])


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def _required(target: Target, image: Image) -> Version:
    """Return the oldest system on which a tag promises a slice of this machine."""
    floor = target.floor or (0, 0)
    return max(floor, _ARCH_FLOORS.get((_platform(target), image.machine), (0, 0)))


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
    minos = _version(image.minos)
    for target in _targets(wheel, image, "macos", "ios"):
        required = _required(target, image)
        if image.macho.platform != _platform(target) or minos <= required:
            continue
        same_major = target.system == "macos" and required[0] == minos[0] >= 11
        (minor if same_major else above).append(target)
    return above, minor


def _is_system(library: str) -> bool:
    return library.startswith(("/usr/lib/", "/System/"))


def _missing_symbol(slice_: _Slice, oldest: Version) -> str:
    """Return an imported function that a macOS which the tag invites lacks, or an empty string.

    A proof, so nothing is guessed: the import may not be weak, and may come from nowhere but the system's
    libraries. Only for what is loaded by dlopen with RTLD_NOW, as Python and ctypes do: a program binds a
    function when it first calls it.
    """
    if slice_.member.role not in _LIBRARIES:
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
    for _, image, _ in _macho_slices(wheel, _RUN):
        if image.macho and image.minos and image.macho.platform == _platform(target):
            minos = _version(image.minos)
            if image.machine.value in target.arches and minos > _required(target, image):
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
    needs={**dict.fromkeys((*_RUN, *_ASIDE), Depth.HEADER), **dict.fromkeys(_LIBRARIES, Depth.SYMBOLS)},
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
    for slice_ in _macho_slices(wheel, (*_RUN, *_ASIDE)):
        member, image, name = slice_
        above, _ = _too_new(wheel, image)
        if not above or image.minos is None:
            continue
        minos = _version(image.minos)
        system = "macOS" if above[0].system == "macos" else "iOS"
        lowest = min(above, key=lambda target: _required(target, image))
        oldest = min(max(_required(target, image), _python_floor(target)) for target in above)
        missing = _missing_symbol(slice_, oldest) if system == "macOS" else ""
        aside = member.role in _ASIDE or (
            member.role is Role.EXECUTABLE and not is_product(member, wheel.members)
        )
        need = _dotted(_required(lowest, image))
        message = f"{slice_} is built for {system} {_dotted(minos)}, but the tag promises {need}"
        if minos <= oldest:
            severity, consequence = Severity.NOTE, ""
            message += f"; no Python of the tag runs below {_dotted(oldest)}"
        elif aside:
            severity, consequence = Severity.NOTE, ""
        else:
            severity, consequence = Severity.WARNING, "Symbol not found: ..."
            if missing:
                severity, consequence = Severity.ERROR, f"Symbol not found: _{missing}"
            consequence += f" (built for {system} {_dotted(minos)} which is newer than running OS)"
            message += f"; its version asks for {_lowest_tag(wheel, lowest)} at least"
        yield Problem(
            message,
            member.path,
            name,
            tuple(target.triple for target in above),
            {"have": _dotted(minos), "need": need} | ({"symbol": missing} if missing else {}),
            consequence,
            severity,
        )


@rule("WA502", "minor-version-above-tag", Severity.NOTE, needs=_RUN_HEADERS, formats=(Format.MACHO,))
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
    for slice_ in _macho_slices(wheel, _RUN):
        member, image, name = slice_
        _, minor = _too_new(wheel, image)
        if minor and image.minos is not None:
            have, need = _dotted(_version(image.minos)), _dotted(_required(minor[0], image))
            yield Problem(
                f"{slice_} is built for macOS {have}; the tag says {need} because no tag can say more",
                member.path,
                name,
                tuple(target.triple for target in minor),
                {"have": have, "need": need},
            )


_DYLD_NAMES: Mapping[str, str] = {
    "macos": "macOS",
    "ios": "iOS",
    "ios-simulator": "iOS-simulator",
    "catalyst": "macCatalyst",
    "tvos": "tvOS",
    "tvos-simulator": "tvOS-simulator",
    "watchos": "watchOS",
    "watchos-simulator": "watchOS-simulator",
    "bridgeos": "bridgeOS",
    "driverkit": "driverKit",
}
"""What dyld calls a platform in its messages (dyld mach_o/Platform.cpp)."""


def _severity(member: Member, wheel: Wheel) -> Severity:
    """Return the severity of a binary that can't be loaded at all: an error where the wheel stands on it."""
    if member.role in (Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT) or is_product(member, wheel.members):
        return Severity.ERROR
    return Severity.WARNING


@rule(
    "WA503",
    "wrong-apple-platform",
    Severity.ERROR,
    ("R6", "R34"),
    needs=_RUN_HEADERS,
    formats=(Format.MACHO,),
)
def wrong_apple_platform(wheel: Wheel) -> Iterator[Problem]:
    """A binary was built for another Apple platform than the tag names.

    What it does:
        Compares the platform of the slice's build-version command (macOS, iOS, iOS simulator, Mac Catalyst,
        ...) with the one that the platform tag means. A library that serves macOS and Catalyst at once is a
        macOS one.

    Why it is bad:
        A process loads code of its own platform only, even where the machine is the same.

    Example:
        An arm64 extension built with the iOS SDK in a wheel tagged `macosx_11_0_arm64`, or one for the
        iPhone in a wheel tagged `ios_13_0_arm64_iphonesimulator`.

    How to fix:
        Build with the SDK of the platform that the tag names.

    Known limits:
        A slice without a platform command is not judged here but in WA504.

    References:
        dyld mach_o/UnsafeHeader.cpp, mach_o/Platform.cpp, common/MachOFile.cpp; PEP 730.
    """
    for slice_ in _macho_slices(wheel, _RUN):
        member, image, name = slice_
        targets = _targets(wheel, image, "macos", "ios")
        have = image.macho.platform if image.macho else ""
        wanted = {_platform(target): target for target in targets}
        if not have or not wanted or have in wanted:
            continue
        need = next(iter(wanted))
        built, demanded = _DYLD_NAMES.get(have, have), _DYLD_NAMES[need]
        yield Problem(
            f"{slice_} is built for {built}, but the tag is for {demanded}",
            member.path,
            name,
            tuple(target.triple for target in targets),
            {"have": built, "need": demanded},
            f"mach-o file ({member.name}), but incompatible platform (have '{built}', need '{demanded}')",
            _severity(member, wheel),
        )


@rule("WA504", "missing-platform-command", Severity.NOTE, needs=_RUN_HEADERS, formats=(Format.MACHO,))
def missing_platform_command(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O slice does not say which system it was built for.

    What it does:
        Looks for slices with neither LC_BUILD_VERSION nor one of the LC_VERSION_MIN commands.

    Why it is bad:
        Nobody can tell whether the slice keeps the promise of the tag. dyld takes it for macOS 10.5 code,
        on arm64 for macOS 11.0 code, and loads it.

    Example:
        A program linked by the Go linker, which writes no such command.

    How to fix:
        Link with the system's linker, or leave it.

    Known limits:
        A slice that is damaged is not judged: its command may lie behind the damage.

    References:
        dyld mach_o/UnsafeHeader.cpp.
    """
    for slice_ in _macho_slices(wheel, _RUN):
        member, image, name = slice_
        targets = _targets(wheel, image, "macos")
        if targets and image.macho and not image.macho.platform and not image.faults:
            yield Problem(
                f"{slice_} has no load command that names its platform, so its oldest system is unknown",
                member.path,
                name,
                tuple(target.triple for target in targets),
                {"need": _dotted(min(_required(target, image) for target in targets))},
            )


@rule("WA505", "unsigned-arm64", Severity.ERROR, ("R21",), needs=_RUN_HEADERS, formats=(Format.MACHO,))
def unsigned_arm64(wheel: Wheel) -> Iterator[Problem]:
    """An arm64 slice for macOS carries no code signature.

    What it does:
        Looks for arm64 slices of macOS libraries and programs without LC_CODE_SIGNATURE.

    Why it is bad:
        macOS on Apple silicon runs no unsigned arm64 code. An ad-hoc signature, which the linker makes by
        itself, is enough; tools that cut or edit the file may drop it.

    Example:
        An extension that was linked on Linux by a linker that does not sign, or one that `strip` was run on.

    How to fix:
        Sign the file after its last change: `codesign --force --sign - FILE`.

    Known limits:
        Whether the signature is valid is not checked. Slices for iOS may be unsigned: they are signed with
        the app. Object files and debug companions need no signature.

    References:
        cctools mach-o/loader.h (LC_CODE_SIGNATURE); the messages of dyld and of the kernel.
    """
    for slice_ in _macho_slices(wheel, _RUN):
        member, image, name = slice_
        targets = _targets(wheel, image, "macos")
        if (
            not targets
            or image.macho is None
            or image.machine is not Machine.ARM64
            or image.macho.signature is not None
            or image.macho.platform not in ("macos", "")
            or image.faults
        ):
            continue
        consequence = f"code signature in '{member.name}' not valid for use in process"
        yield Problem(
            f"{slice_} is arm64 code without a code signature",
            member.path,
            name,
            tuple(target.triple for target in targets),
            {"have": "unsigned", "need": "ad-hoc signature"},
            "Killed: 9" if image.kind is Kind.EXECUTABLE else consequence,
        )


@rule("WA506", "misplaced-signature", Severity.WARNING, ("R21",), needs=_RUN_HEADERS, formats=(Format.MACHO,))
def misplaced_signature(wheel: Wheel) -> Iterator[Problem]:
    """A code signature does not lie where the file ends.

    What it does:
        Checks that the code signature lies inside its slice and ends where __LINKEDIT ends.

    Why it is bad:
        Something was appended or cut after signing (`install_name_tool`, `strip`), so the signature no
        longer covers what it was made for. On Apple silicon the process is killed when it touches such a
        page.

    Example:
        A library whose install name was changed after `codesign`.

    How to fix:
        Sign the file again, after its last change: `codesign --force --sign - FILE`.

    Known limits:
        The hashes in the signature are not computed: an edit that moves nothing is not seen.

    References:
        cctools mach-o/loader.h (LC_CODE_SIGNATURE, linkedit_data_command).
    """
    for slice_ in _macho_slices(wheel, _RUN):
        member, image, name = slice_
        targets = _targets(wheel, image, "macos", "ios")
        signature = image.macho.signature if image.macho else None
        if targets and signature is not None and not signature.in_place:
            yield Problem(
                f"the code signature of {slice_} does not end where __LINKEDIT ends: "
                "the file was changed after signing",
                member.path,
                name,
                tuple(target.triple for target in targets),
                {"offset": str(signature.offset), "size": str(signature.size)},
                "CODESIGNING, Code 2 Invalid Page" if image.machine is Machine.ARM64 else "",
            )


_GLIBC_MARKERS: Mapping[str, Version] = {"GLIBC_ABI_DT_RELR": (2, 36)}
"""Version names of glibc that hold no number, and the first glibc that has them (glibc NEWS)."""
_GLIBC_SPARED: Mapping[tuple[tuple[str, ...], Version], Version] = {(("arm64",), (2, 17)): (2, 18)}
"""What a policy allows above its own version: CentOS 7 has GLIBC_2.18 on aarch64 (auditwheel, manylinux_2_17)."""


def _glibc_version(name: str) -> Version | None:
    """Return the glibc that first has a version name, or None for one that says nothing: `GLIBC_2.2.5` is (2, 2)."""
    if name in _GLIBC_MARKERS:
        return _GLIBC_MARKERS[name]
    numbers = _numbers(name.removeprefix("GLIBC_"))
    return (numbers[0], numbers[1]) if len(numbers) > 1 else None


def _numbers(dotted: str) -> tuple[int, ...]:
    """Return the numbers of a dotted version; none where some part is no number."""
    parts = dotted.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        return ()
    return tuple(map(int, parts))


def _outside_needs(wheel: Wheel) -> Iterator[tuple[Member, Image, list[VersionNeed]]]:
    """Yield the ELF images that are run, with the symbol versions that they ask of libraries outside the wheel."""
    asking = [
        (member, image, image.elf.version_needs)
        for member in wheel.members
        if member.role in _RUN
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
    needs=dict.fromkeys(_RUN, Depth.LINKAGE),
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
        targets = _targets(wheel, image, "linux")
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
            f"{member.path} needs glibc {_dotted(version)} ({need.version}), "
            f"but the tag promises {_dotted(failing[0].floor or lowest)}",
            member.path,
            None,
            tuple(target.triple for target in failing),
            {"have": need.version, "need": _dotted(lowest), "library": need.library},
            _version_error(member, need) if strong else "",
            _severity(member, wheel) if strong else Severity.WARNING,
        )


def _version_error(member: Member, need: VersionNeed) -> str:
    return f"{need.library}: version `{need.version}' not found (required by {member.name})"


def _above_policy(member: Member, needs: list[VersionNeed], targets: list[Target]) -> Iterator[Problem]:
    """Yield, for each family of symbol versions that policies list, the highest that some target's lacks."""
    for family in _FAMILIES:
        found = [
            (version, need)
            for need in needs
            if need.version.startswith(f"{family}_") and not need.weak
            for version in [_numbers(need.version.removeprefix(f"{family}_"))]
            if version
        ]
        if not found:
            continue
        version, need = max(found)
        failing = {
            target.triple: listed
            for target in targets
            for listed in [_listed(target, family)]
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


_FAMILIES = ("GLIBCXX", "CXXABI", "GCC", "ZLIB")
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
"""The highest version of each of `_FAMILIES` that a policy lists, from its glibc on, for an architecture or the rest.

Source: auditwheel 6.8.2, its manylinux policies; rules.md 4.2.
"""
_NEWEST_POLICY: Version = (2, 41)


@cache
def _policies() -> Mapping[tuple[Version, str], tuple[tuple[int, ...], ...]]:
    table = {}
    for row in _POLICIES.strip().splitlines():
        policy, arch, *versions = row.split()
        major, minor = _numbers(policy)
        table[(major, minor), arch] = tuple(map(_numbers, versions))
    return table


def _listed(target: Target, family: str) -> tuple[int, ...] | None:
    """Return the highest version of a family that a tag's policy lists, () for none; None where no policy is known."""
    table = _policies()
    if target.libc != "glibc" or target.floor is None or target.floor > _NEWEST_POLICY:
        return None
    policy = max((one for one, _ in table if one <= target.floor), default=None)
    if policy is None:
        return None
    arch = next((arch for arch in target.arches if (policy, arch) in table), "*")
    return table[policy, arch][_FAMILIES.index(family)]


_SYSTEM_LIBCS: Mapping[str, tuple[str, ...]] = {"linux": ("glibc", "musl"), "android": ("bionic",)}
"""What the systems that our tags name can have; bare `linux_*` tags say no more than that."""


def _wanted_libcs(target: Target) -> tuple[str, ...]:
    return (target.libc,) if target.libc else _SYSTEM_LIBCS.get(target.system, ())


def _libc_load_error(member: Member, have: str, need: str) -> str:
    """Return what the loader of another family says.

    Source: musl and glibc, seen with real wheels (rules.md 4.2).
    """
    if member.role in _PROGRAMS:
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
    return Severity.ERROR if loaded else _severity(member, wheel)


@rule(
    "WA521",
    "wrong-libc",
    Severity.ERROR,
    ("R22",),
    needs=dict.fromkeys(_RUN, Depth.LINKAGE),
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
        if member.role not in _RUN or member.path in shadowed:
            continue
        for image in member.images:
            have = libc_of(image)
            targets = _targets(wheel, image, "linux", "android")
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


@rule(
    "WA522",
    "glibc-private",
    Severity.ERROR,
    ("R22",),
    needs=dict.fromkeys(_RUN, Depth.LINKAGE),
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
        if member.role not in _RUN:
            continue
        for image in member.images:
            targets = _targets(wheel, image, "linux")
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
                    Severity.WARNING if weak else _severity(member, wheel),
                )


@rule(
    "WA525",
    "executable-stack",
    Severity.WARNING,
    ("R29",),
    needs=dict.fromkeys(_LIBRARIES, Depth.HEADER),
    formats=(Format.ELF,),
)
def executable_stack(wheel: Wheel) -> Iterator[Problem]:
    """A library demands a stack that can be executed.

    What it does:
        Looks for PT_GNU_STACK with the flag PF_X in extension modules and libraries.

    Why it is bad:
        glibc from 2.41 on does not make the stack executable when a library is loaded, and refuses the library;
        hardened kernels do so too.

    Example:
        A library with hand-written assembly that lacks the `.note.GNU-stack` section.

    How to fix:
        Link with `-Wl,-z,noexecstack`, or add the section to each assembly file.

    Known limits:
        Programs are left out: the kernel sets their stack up. A file without PT_GNU_STACK is not judged.

    References:
        glibc NEWS, 2.41 (dlopen and executable stacks).
    """
    for member in wheel.members:
        if member.role not in _LIBRARIES:
            continue
        for image in member.images:
            targets = _targets(wheel, image, "linux", "android")
            if targets and image.elf is not None and image.elf.executable_stack:
                yield Problem(
                    f"{member.path} demands an executable stack",
                    member.path,
                    None,
                    tuple(target.triple for target in targets),
                    {"have": "PT_GNU_STACK RWE", "need": "PT_GNU_STACK RW"},
                    f"{member.name}: cannot enable executable stack as shared object requires: Invalid argument",
                )


_ANDROID_PAGE = 0x4000


@rule(
    "WA526",
    "small-page-alignment",
    Severity.WARNING,
    ("R30",),
    needs=_RUN_HEADERS,
    formats=(Format.ELF,),
)
def small_page_alignment(wheel: Wheel) -> Iterator[Problem]:
    """A 64-bit binary for Android is not aligned to pages of 16 KiB.

    What it does:
        Compares the smallest alignment of the segments (PT_LOAD) of 64-bit files in Android wheels with 16 KiB.

    Why it is bad:
        Devices with pages of 16 KiB can't map the file.

    Example:
        An extension linked by an NDK before r28 without further options: its segments are aligned to 4 KiB.

    How to fix:
        Link with `-Wl,-z,max-page-size=16384`.

    Known limits:
        Files for 32-bit machines are left out: no device with such pages runs them.

    References:
        Android developers, Support 16 KB page sizes.
    """
    for member in wheel.members:
        if member.role not in _RUN:
            continue
        for image in member.images:
            targets = _targets(wheel, image, "android")
            alignment = image.elf.load_alignment if image.elf else 0
            if targets and image.bits == 64 and 0 < alignment < _ANDROID_PAGE:
                yield Problem(
                    f"{member.path} is aligned to {alignment // 1024} KiB, new devices need 16 KiB",
                    member.path,
                    None,
                    tuple(target.triple for target in targets),
                    {"have": f"{alignment:#x}", "need": f"{_ANDROID_PAGE:#x}"},
                )


@rule(
    "WA527",
    "android-api-above-tag",
    Severity.ERROR,
    ("R31",),
    needs=_RUN_HEADERS,
    formats=(Format.ELF,),
)
def android_api_above_tag(wheel: Wheel) -> Iterator[Problem]:
    """A binary was built for a newer Android than the tag promises.

    What it does:
        Compares the API level in the file's Android note with the one in the tag. A warning for files that no
        import loads.

    Why it is bad:
        The compiler let the code use functions that the promised Android lacks.

    Example:
        An extension with API level 24 in a wheel tagged `android_21_arm64_v8a`.

    How to fix:
        Set the API level of the toolchain (`ANDROID_API_LEVEL`, the number in the compiler's name) to the tag's.

    Known limits:
        A file without the note is not judged.

    References:
        PEP 738; Android NDK, `.note.android.ident`; rules.md 4.2.
    """
    for member in wheel.members:
        if member.role not in _RUN:
            continue
        for image in member.images:
            have = image.elf.android_api if image.elf else None
            failing = [
                target
                for target in _targets(wheel, image, "android")
                if have is not None and target.floor is not None and have > target.floor[0]
            ]
            if failing and failing[0].floor is not None:
                need = failing[0].floor[0]
                yield Problem(
                    f"{member.path} is built for API level {have}, but the tag promises {need}",
                    member.path,
                    None,
                    tuple(target.triple for target in failing),
                    {"have": str(have), "need": str(need)},
                    'dlopen failed: cannot locate symbol "..."',
                    _severity(member, wheel),
                )
