"""Tags that match the contents of a wheel whose files agree with each other but not with its name.

`propose` makes proposals from what the files say: their machines, oldest systems, C library and Python. The audit then
judges the wheel under each proposal, and reports only one that leaves no error. A proposal never promises more than the
wheel's own tags: no older system, and no Python that the name does not allow.

Source: docs/facts/tags-and-installers.md, "Tags that match the contents"; `wheelarch.metadata` for the limits of each
family of tags.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.libc import libc_of
from ..facts.module_variants import shadowed_variants
from ..facts.symbol_versions import outside_needs
from ..metadata.extension_names import parse_extension_name
from ..metadata.promise import read_promise
from ..model import Depth, Format, Image, Kind, Member, Role
from ..platforms.manylinux import NO_POLICY, family_of, first_policy, libraries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..facts.wheel import Wheel

__all__ = ["propose"]

Version = tuple[int, int]

_LIBRARIES_AND_MODULES = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY)
_RUN = (*_LIBRARIES_AND_MODULES, Role.SCRIPT, Role.EXECUTABLE)
_WINDOWS: Mapping[str, str] = {"x86": "win32", "x86_64": "win_amd64", "arm64": "win_arm64"}
_LINUX: Mapping[str, str] = {
    "x86": "i686", "x86_64": "x86_64", "arm64": "aarch64", "arm": "armv7l", "ppc64le": "ppc64le",
    "s390x": "s390x", "riscv64": "riscv64", "loongarch64": "loongarch64",
}  # fmt: skip
_ANDROID: Mapping[str, str] = {"arm64": "arm64_v8a", "x86_64": "x86_64", "arm": "armeabi_v7a", "x86": "x86"}
_OLDEST_MACOS: Version = (10, 9)
_OLDEST_ARM_MACOS: Version = (11, 0)
_OLDEST_IOS: Version = (12, 0)
_OLDEST_ARM_SIMULATOR: Version = (14, 0)
_UNUSED_MACOS = range(16, 26)
"""The version after macOS 15 is 26. Indexes refuse the numbers between."""
_OLDEST_ANDROID = 21
_USUAL_MUSL: Version = (1, 2)
_FIRST_WITH_TRIPLET_AND_ABI3T: Version = (3, 15)
"""The first CPython that finds `.abi3-TRIPLET.so` and that has the ABI abi3t (PEP 803)."""


def propose(wheel: Wheel) -> Iterator[str]:
    """Yield tags that may match the contents, the widest first: `cp311-abi3-win_arm64`.

    Nothing if the files are for several systems or share no machine, or if one of them was not read, or not read deep
    enough.
    """
    main = _main_members(wheel)
    if not main or any(not one.images or one.faults for one in main):
        return
    if not all(_is_known(one, image) for one in main for image in one.images):
        return
    python = _python_and_abi(wheel, [one for one in main if one.role is Role.EXTENSION])
    if python is None:
        return
    for platform in _platforms(_with_platforms(wheel), main):
        yield f"{python}-{platform}"


def _with_platforms(wheel: Wheel) -> Wheel:
    """Return the wheel; if installers accept none of its triples, with what its platform tags alone promise."""
    platforms = dict.fromkeys(triple.rpartition("-")[2] for triple in wheel.promise.triples)
    if wheel.targets or not platforms:
        return wheel
    return wheel._replace(promise=read_promise(None, tag=f"py3-none-{'.'.join(platforms)}"))


def _is_known(member: Member, image: Image) -> bool:
    """Whether the image is not damaged and was read deep enough to know its Python and, for ELF, its C library."""
    deep = member.role is Role.EXTENSION or image.format is Format.ELF
    return not image.damaged and (image.depth >= Depth.LINKAGE or not deep)


def _main_members(wheel: Wheel) -> list[Member]:
    """Return the members that the wheel exists for: its extension modules, else its scripts, else the rest."""
    shadowed = shadowed_variants(wheel)
    members = [one for one in wheel.members if one.path not in shadowed]
    for roles in ((Role.EXTENSION,), (Role.SCRIPT,), (Role.LIBRARY, Role.DEPENDENCY, Role.EXECUTABLE)):
        found = [one for one in members if one.role in roles]
        if found:
            return found
    return []


# -- Python and ABI ------------------------------------------------------------------------------------------


class _Claim(NamedTuple):
    """The one Python that an extension module names, by its suffix or by the DLL that it imports."""

    version: Version
    free_threaded: bool


def _python_and_abi(wheel: Wheel, extensions: Sequence[Member]) -> str | None:
    """Return the first two parts of the tag, or None if the wheel's own are not one compressed set."""
    pairs = {tuple(triple.split("-")[:2]) for triple in wheel.promise.triples}
    pythons, abis = ({pair[part] for pair in pairs} for part in (0, 1))
    if not pairs or len(pairs) != len(pythons) * len(abis):
        return None
    own = f"{'.'.join(sorted(pythons))}-{'.'.join(sorted(abis))}"
    claims = {claim for one in extensions for claim in _claims(one)}
    if len(claims) == 1:
        (claim,) = claims
        digits = f"cp{claim.version[0]}{claim.version[1]}"
        return f"{digits}-{digits}{'t' * claim.free_threaded}"
    if claims or not extensions:
        return own
    stable = {word for one in extensions for word in _stable_claims(one)}
    lowest = min((target.version for target in wheel.targets if target.version), default=None)
    floor = max((_stable_floor(one) for one in extensions), default=(0, 0))
    if abis <= {"abi3", "abi3t"}:
        return _stable_tag(pythons, abis, stable, floor)
    if stable == {"abi3"} and any(target.free_threaded for target in wheel.targets) and lowest is not None:
        return f"{_python_tag(lowest)}-{_python_tag(lowest)}"
    if abis == {"none"} and any(map(_is_bound, extensions)):
        # The module is for one Python, and only the tag can say which.
        return f"{_python_tag(lowest)}-{_python_tag(lowest)}" if lowest and len(pythons) == 1 else None
    if stable == {"abi3"} and abis == {"none"} and floor > (3, 1):
        return f"{_python_tag(max(floor, lowest or floor))}-abi3"
    return own


def _stable_tag(pythons: set[str], abis: set[str], stable: set[str], floor: Version) -> str | None:
    """Return the first two parts of a stable ABI's tag.

    The wheel's own Python tag may be one that no installer accepts (py3).

    Args:
        pythons: The wheel's own Python tags.
        abis: Its ABI tags.
        stable: The stable ABIs that its modules name.
        floor: The lowest Python that they need; (0, 0) if it is not known.
    """
    minors = [tag[3:] or "0" for tag in pythons if tag.startswith(("cp3", "py3"))]
    if len(minors) < len(pythons) or not all(minor.isdecimal() and len(minor) < 3 for minor in minors):
        return None
    lowest = min((3, int(minor)) for minor in minors)
    if stable == {"abi3"}:
        abis = {"abi3"}
    elif stable == {"abi3t"}:
        # Pythons with the GIL load it too, and the name may allow them.
        abis = {"abi3t"} if abis == {"abi3t"} else {"abi3", "abi3t"}
        floor = max(floor, _FIRST_WITH_TRIPLET_AND_ABI3T)
    if floor > lowest or not all(tag.startswith("cp") for tag in pythons):
        lowest = max(lowest, floor)
        pythons = {_python_tag(lowest)}
    if lowest == (3, 0):  # Neither the tag (py3, cp3) nor the files name a Python.
        return None
    return f"{'.'.join(sorted(pythons))}-{'.'.join(sorted(abis))}"


def _python_tag(version: Version) -> str:
    """Return the Python tag of a CPython."""
    return f"cp{version[0]}{version[1]}"


def _claims(member: Member) -> Iterator[_Claim]:
    """Yield the Pythons that a module's suffix and its Python DLL name."""
    name = parse_extension_name(member.name)
    if name is not None and name.abi == "cpython" and name.version is not None:
        yield _Claim(name.version, "t" in name.flags)
    runtime = member.python.runtime if member.python else None
    digits = (runtime or "").removeprefix("python3").removesuffix(".dll")
    if runtime and digits and digits.removesuffix("t").isdigit():
        yield _Claim((3, int(digits.removesuffix("t"))), digits.endswith("t"))


def _stable_claims(member: Member) -> Iterator[str]:
    """Yield the stable ABIs that a module's suffix and its Python DLL name."""
    name = parse_extension_name(member.name)
    if name is not None and name.abi in ("abi3", "abi3t"):
        yield name.abi
    runtime = member.python.runtime if member.python else None
    if runtime in ("python3.dll", "python3t.dll"):
        yield "abi3t" if runtime == "python3t.dll" else "abi3"


def _is_bound(member: Member) -> bool:
    """Whether the module uses names that are not in the stable ABI."""
    linkage = member.python
    return linkage is not None and linkage.stable_abi is not None and bool(linkage.stable_abi.outside)


def _stable_floor(member: Member) -> Version:
    """Return the lowest Python that has the names that a module uses and finds its file; (0, 0) if it is not known."""
    name = parse_extension_name(member.name)
    found = (0, 0)
    if name is not None and name.abi in ("abi3", "abi3t") and name.platform:
        found = _FIRST_WITH_TRIPLET_AND_ABI3T
    linkage = member.python
    if linkage is not None and linkage.stable_abi is not None and not linkage.stable_abi.outside:
        found = max(found, linkage.stable_abi.floor)
    return found


# -- the platform --------------------------------------------------------------------------------------------


def _platforms(wheel: Wheel, main: Sequence[Member]) -> Iterator[str]:
    """Yield platform tags for the machines that all main members share, then for those that all libraries share too."""
    formats = {image.format for one in main for image in one.images}
    if len(formats) != 1:
        return
    system = {Format.PE: _windows_tags, Format.MACHO: _apple_tags, Format.ELF: _linux_tags}.get(formats.pop())
    if system is None:
        return
    needed = [one for one in wheel.members if one.role is Role.DEPENDENCY and one.images]
    tried: list[set[str]] = []
    for members in (main, [*main, *needed]):
        shared = set.intersection(*(_arches(one) for one in members))
        if shared and shared not in tried:
            tried.append(shared)
            yield from system(wheel, shared)


def _arches(member: Member) -> set[str]:
    """Return the machines that the member serves without conditions. ARM64EC, arm64e and soft float serve none."""
    return {image.machine.value for image in member.images if image.variant in ("", "arm64x")}


def _deciding_images(wheel: Wheel, arches: set[str], format_: Format) -> list[Image]:
    """Return the images that decide the oldest system: those of libraries, scripts, and the main members."""
    roles = {*_LIBRARIES_AND_MODULES, Role.SCRIPT, *(one.role for one in _main_members(wheel))}
    return [
        image
        for member in wheel.members
        if member.role in roles
        for image in member.images
        if image.format is format_ and image.machine.value in arches
    ]


def _windows_tags(wheel: Wheel, arches: set[str]) -> Iterator[str]:
    if any(target.system == "mingw" for target in wheel.targets):
        return
    if len(arches) == 1:
        (arch,) = arches
        if arch in _WINDOWS:
            yield _WINDOWS[arch]


def _apple_tags(wheel: Wheel, arches: set[str]) -> Iterator[str]:
    images = _deciding_images(wheel, arches, Format.MACHO)
    platforms = {image.macho.platform for image in images if image.macho and image.macho.platform}
    if platforms <= {"macos"}:
        yield from _macos_tags(wheel, arches & {"arm64", "x86_64"}, images)
    elif len(platforms) == 1 and len(arches) == 1:
        yield from _ios_tags(wheel, arches.copy().pop(), platforms.pop(), images)


def _macos_tags(wheel: Wheel, arches: set[str], images: Sequence[Image]) -> Iterator[str]:
    if not arches:
        return
    floors = [_OLDEST_ARM_MACOS if arches == {"arm64"} else _OLDEST_MACOS]
    own = [target for target in wheel.targets if target.system == "macos" and target.floor]
    closest = [target for target in own if arches.intersection(target.arches)] or own
    floors.append(min((target.floor for target in closest if target.floor), default=(0, 0)))
    for image in images:
        minos = _minos(image)
        if image.machine.value in arches and (image.machine.value != "arm64" or minos > _OLDEST_ARM_MACOS):
            floors.append(minos)
    major, minor = max(floors)
    if major in _UNUSED_MACOS:
        return
    name = "universal2" if len(arches) == 2 else next(iter(arches))
    yield f"macosx_{major}_{0 if major >= 11 else minor}_{name}"


def _minos(image: Image) -> Version:
    """Return the minimum system as major and minor version. SDKs before 11 call macOS 11.0 10.16."""
    version = (image.minos or (0, 0))[:2]
    return (11, 0) if version == (10, 16) else (version[0], version[1])


def _ios_tags(wheel: Wheel, arch: str, platform: str, images: Sequence[Image]) -> Iterator[str]:
    sdk = {"ios": "iphoneos", "ios-simulator": "iphonesimulator"}.get(platform)
    if sdk is None or arch not in ("arm64", "x86_64"):
        return
    floors = [target.floor for target in wheel.targets if target.system == "ios" and target.floor]
    lowest = max(min(floors, default=(0, 0)), _OLDEST_IOS)
    least = _OLDEST_ARM_SIMULATOR if (arch, platform) == ("arm64", "ios-simulator") else (0, 0)
    major, minor = max([lowest, *(minos for minos in map(_minos, images) if minos > least)])
    yield f"ios_{major}_{minor}_{arch}_{sdk}"


def _linux_tags(wheel: Wheel, arches: set[str]) -> Iterator[str]:
    if len(arches) != 1:
        return
    (arch,) = arches
    images = _deciding_images(wheel, arches, Format.ELF)
    libcs = {libc_of(image) for image in images} - {""}
    if len(libcs) > 1 or arch not in _LINUX:
        return
    own = [target for target in wheel.targets if target.system == "linux"]
    promised = {target.libc for target in own}
    libc = libcs.pop() if libcs else promised.pop() if len(promised) == 1 else ""
    if libc == "bionic":
        if arch in _ANDROID:
            levels = [
                target.floor[0] for target in wheel.targets if target.system == "android" and target.floor
            ]
            levels += [image.elf.android_api for image in images if image.elf and image.elf.android_api]
            yield f"android_{max([_OLDEST_ANDROID, *levels])}_{_ANDROID[arch]}"
    elif own and all(target.platform.startswith("linux_") for target in own):
        yield f"linux_{_LINUX[arch]}"
    elif not libc:
        if all(image.kind is Kind.EXECUTABLE and not image.needed for image in images):
            # A static program runs with either C library, and indexes take no linux tag.
            major, minor = _oldest_glibc(arch)
            yield f"manylinux_{major}_{minor}_{_LINUX[arch]}.musllinux_1_2_{_LINUX[arch]}"
        yield f"linux_{_LINUX[arch]}"
    else:
        floors = [target.floor for target in own if target.libc == libc and target.floor]
        if libc == "musl":
            major, minor = min(floors, default=_USUAL_MUSL)
            yield f"musllinux_{major}_{minor}_{_LINUX[arch]}"
            return
        least = max(_oldest_glibc(arch), min(floors, default=(0, 0)))
        firm, every = _glibc_floors(wheel, arch)
        for major, minor in dict.fromkeys(max(least, floor) for floor in (firm, every) if floor is not None):
            if (major, minor) < NO_POLICY:
                yield f"manylinux_{major}_{minor}_{_LINUX[arch]}"


def _oldest_glibc(arch: str) -> Version:
    """Return the glibc of the lowest manylinux tag that installers know for a machine (packaging._manylinux)."""
    return (2, 5) if arch in ("x86", "x86_64") else (2, 17)


def _glibc_floors(wheel: Wheel, arch: str) -> tuple[Version | None, Version | None]:
    """Return the glibc of the oldest systems that have all that the code of the wheel needs of them.

    Returns:
        The glibc with what is needed firmly, and with what may be missing, too: symbols that may be missing are a
        warning. `NO_POLICY` if no system is known to have it, None if one glibc alone has it (`GLIBC_PRIVATE`).
    """
    firm = every = (0, 0)
    for member, image, needs in outside_needs(wheel):
        if member.role not in _RUN or image.machine.value != arch:
            continue
        for need in needs:
            if not family_of(need.library, need.version):
                continue
            first = first_policy(need.version, arch) or (0, 0)
            every = max(every, first)
            if not need.weak:
                if need.version == "GLIBC_PRIVATE":
                    return None, None
                firm = max(firm, first)
    listed = libraries()
    for edge in wheel.edges:
        if not edge.found and edge.loader.role in _RUN and edge.image.machine.value == arch:
            first = listed.get(edge.name, (0, 0))
            firm, every = max(firm, first), max(every, first)
    return firm, every
