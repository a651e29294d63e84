"""WA1xx: the tags themselves, and the wheel as a whole against them."""

from __future__ import annotations

import re
from collections import Counter

from .._lib.typed import TYPE_CHECKING
from ..facts.wheel import (
    FORMAT_OF_SYSTEM,
    Wheel,
    is_importable,
    is_managed,
    module_name,
    parse_extension_name,
    python_library,
)
from ..metadata.tags import OTHER_FAMILIES, Target
from ..model import Depth, Format, Member, Role, Severity
from ._base import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "dead_tag",
    "extension_in_none_abi",
    "invalid_file_name",
    "legacy_tag",
    "misplaced_stable_abi",
    "missing_architecture",
    "native_code_in_any",
    "no_native_code",
    "rejected_by_index",
    "too_many_tags",
    "unknown_platform",
    "unsorted_tags",
]

_HEADER_OF_ALL: Mapping[Role, Depth] = dict.fromkeys(Role, Depth.HEADER)
_NATIVE = {Format.PE: "Windows", Format.MACHO: "macOS", Format.ELF: "Linux"}


def _by_platform(targets: Iterable[Target]) -> dict[str, list[Target]]:
    grouped: dict[str, list[Target]] = {}
    for target in targets:
        grouped.setdefault(target.platform, []).append(target)
    return grouped


def _triples(targets: Iterable[Target]) -> tuple[str, ...]:
    return tuple(target.triple for target in targets)


@rule("WA101", "invalid-file-name", Severity.ERROR, ("R37",))
def invalid_file_name(wheel: Wheel) -> Iterator[Problem]:
    """The file's name is no wheel name.

    What it does:
        Takes the name apart by the grammar of the binary distribution format: project, version, an optional
        build tag, and the python, ABI and platform tags.

    Why it is bad:
        Installers and indexes know a wheel by its name alone and refuse every other name.

    Example:
        `foo-1.0-rc1-cp311-cp311-win_amd64.whl`: the dash in the version makes six parts, and `rc1` is no
        build tag.

    How to fix:
        Give the wheel back the name that its build gave it, or build it anew.

    Known limits:
        The audit goes on with the tags of WHEEL, or with those of `--tag`.

    References:
        Binary distribution format (PEP 427), file name convention; packaging.utils.parse_wheel_filename.
    """
    if wheel.filename is not None and wheel.promise.name is None:
        yield Problem(
            message=f"{wheel.filename} is no wheel file name: {wheel.promise.name_problem}",
            evidence={"have": wheel.filename, "need": "NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl"},
            consequence=f"ERROR: Invalid wheel filename ({wheel.promise.name_problem}): {wheel.filename!r}",
        )


@rule("WA102", "unknown-platform", Severity.NOTE)
def unknown_platform(wheel: Wheel) -> Iterator[Problem]:
    """A platform tag or variant label is of a kind that we do not know.

    What it does:
        Names platform tags of unknown families and architectures, and variant labels (PEP 825, a draft).

    Why it is bad:
        Nothing can be demanded of the binaries then, so a wrong one would go unseen.

    Example:
        `foo-1.0-py3-none-win_x86_64.whl`: Windows on x64 is `win_amd64`.

    How to fix:
        Correct the tag if it is misspelled.

    Known limits:
        A tag that is newer than this version is reported as well.

    References:
        PEP 425, 600, 656, 730, 738, 783; PEP 825 (draft).
    """
    for platform, targets in _by_platform(wheel.targets).items():
        system = targets[0].system
        known = system == "any" or (system == "other" and platform.partition("_")[0] in OTHER_FAMILIES)
        if known or (system != "other" and targets[0].arches):
            continue
        yield Problem(
            message=f"platform tag {platform} is unknown, so no machine can be demanded",
            tags=_triples(targets),
            evidence={"have": platform},
        )
    if wheel.promise.name and wheel.promise.name.variant:
        yield Problem(
            message=f"variant label {wheel.promise.name.variant} follows a draft (PEP 825)",
            evidence={"have": wheel.promise.name.variant},
        )


@rule("WA103", "dead-tag", Severity.ERROR, ("R3", "R10"))
def dead_tag(wheel: Wheel) -> Iterator[Problem]:
    """No installer accepts a tag of the wheel.

    What it does:
        Looks for tags that no interpreter asks for: a macOS minor version behind 11, `macosx_10_9_arm64`, an
        ABI of another Python than the python tag's, an ABI beside platform `any`. An error where every tag
        is dead, a note where some are. Also warns of abi3t below Python 3.15, whose headers can't build it.

    Why it is bad:
        A wheel with dead tags only installs nowhere; pip falls back on the source distribution or finds
        nothing.

    Example:
        `macosx_14_2_arm64`: macOS 14.2 asks for `macosx_14_0_arm64`.

    How to fix:
        Write the tag as installers spell it. A macOS tag follows `MACOSX_DEPLOYMENT_TARGET`.

    Known limits:
        Compressed sets multiply, so dead combinations beside living ones are normal in merged wheels.

    References:
        PEP 425; packaging.tags (cpython_tags, generic_tags, compatible_tags, mac_platforms, ios_platforms,
        android_platforms); PEP 803.
    """
    promise = wheel.promise
    reasons: dict[str, list[str]] = {}
    for triple, why in promise.dead:
        if not _is_misplaced(triple):
            reasons.setdefault(why, []).append(triple)
    for why, triples in reasons.items():
        yield Problem(
            message=f"no installer accepts {_some(triples)}: {why}",
            tags=tuple(triples),
            evidence={"have": triples[0]},
            consequence=""
            if promise.targets
            else f"ERROR: {wheel.filename or 'the wheel'} is not a supported wheel on this platform.",
            severity=Severity.NOTE if promise.targets else None,
        )
    early = [
        one for one in promise.targets if one.stable_abi == "abi3t" and (one.version or (3, 15)) < (3, 15)
    ]
    if early:
        yield Problem(
            message=f"{_some(_triples(early))} promises abi3t, which begins with Python 3.15",
            tags=_triples(early),
            evidence={"have": early[0].python, "need": "cp315"},
            severity=Severity.WARNING,
            remedies=("R16",),
        )


def _some(triples: Iterable[str]) -> str:
    first, *rest = triples
    return f"{first} and {len(rest)} more" if rest else first


def _is_misplaced(triple: str) -> bool:
    """Whether a dead triple is WA108's: a stable ABI under a python tag that has none."""
    python, abi, platform = triple.split("-")
    if abi not in ("abi3", "abi3t") or platform == "any":
        return False
    digits = python.removeprefix("cp")
    return (
        python == digits
        or not digits.isdigit()
        or len(digits) < 2
        or (int(digits[0]), int(digits[1:])) < (3, 2)
    )


@rule("WA104", "too-many-tags", Severity.ERROR, ("R28",))
def too_many_tags(wheel: Wheel) -> Iterator[Problem]:
    """The compressed tag sets multiply to more tags than we expand.

    What it does:
        Multiplies the sizes of the three sets before it expands them.

    Why it is bad:
        Without tags nothing of the wheel can be judged, and an installer that expands them spends memory and
        time.

    Example:
        A name with 200 python tags and 100 platform tags: 20,000 combinations.

    How to fix:
        Name only the Pythons and platforms that the wheel is for.

    Known limits:
        The bound is `Limits.tag_combinations`.

    References:
        PEP 425, compressed tag sets; packaging.tags.parse_tag, limit.
    """
    if wheel.promise.too_many:
        yield Problem(
            message="the compressed tag sets multiply to more than the limit tag_combinations; no tag was judged"
        )


_INDEX_PLATFORMS = frozenset({
    "any", "win32", "win_arm64", "win_amd64", "win_ia64", "manylinux1_x86_64", "manylinux1_i686",
    "manylinux2010_x86_64", "manylinux2010_i686", "linux_armv6l", "linux_armv7l",
})  # fmt: skip
_INDEX_MANYLINUX = frozenset({
    "x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64", "ppc64"
})  # fmt: skip


def _index_takes(target: Target) -> bool:
    """Whether PyPI takes the platform tag (its forklift and wheel checks, August 2026)."""
    platform = target.platform
    family, _, rest = platform.partition("_")
    if platform in _INDEX_PLATFORMS or target.system in ("ios", "android"):
        return True
    if family == "macosx" and target.floor:
        return not 16 <= target.floor[0] <= 25 and "fat32" not in rest
    if family == "manylinux2014":
        return rest in _INDEX_MANYLINUX - {"riscv64"}
    if family in ("manylinux", "musllinux"):
        arch = rest.split("_", 2)[-1]
        return arch in _INDEX_MANYLINUX and (family == "manylinux" or arch != "ppc64")
    return family == "pyemscripten"


@rule("WA105", "rejected-by-index", Severity.WARNING, ("R3",))
def rejected_by_index(wheel: Wheel) -> Iterator[Problem]:
    """PyPI refuses a platform tag of the wheel.

    What it does:
        Compares the platform tags with those that PyPI takes.

    Why it is bad:
        The upload fails. A wheel that is meant for a private index or as input for auditwheel is not hurt.

    Example:
        `linux_x86_64` says nothing about the C library; `auditwheel repair` makes a `manylinux` tag of it.

    How to fix:
        On Linux repair the wheel; elsewhere use a tag that the index knows.

    Known limits:
        Follows PyPI's code of August 2026; macOS versions after 26 are not judged. Project names, versions
        and sizes are not compared.

    References:
        PyPI's upload code (forklift and wheel checks); PEP 513, 600, 656, 730, 738, 783.
    """
    for platform, targets in _by_platform(wheel.targets).items():
        if not _index_takes(targets[0]):
            yield Problem(
                message=f"PyPI does not take platform tag {platform}",
                tags=_triples(targets),
                evidence={"have": platform},
                consequence=f"400 Binary wheel '{wheel.filename}' has an unsupported "
                f"platform tag '{platform}'.",
                remedies=("R22",) if targets[0].system == "linux" else (),
            )


@rule("WA106", "unsorted-tags", Severity.NOTE)
def unsorted_tags(wheel: Wheel) -> Iterator[Problem]:
    """The members of a compressed tag set are not sorted.

    What it does:
        Compares the order in the file name with the sorted one.

    Why it is bad:
        PEP 425 asks for sorted sets, so that one wheel has one name. Installers and indexes do not care.

    Example:
        `manylinux_2_5_i686.manylinux1_i686`, as older versions of auditwheel wrote it.

    How to fix:
        Use a current auditwheel, or rename with `python -m wheel tags`.

    Known limits:
        Only the file name is looked at.

    References:
        PEP 425, compressed tag sets.
    """
    for part in wheel.promise.name.sets if wheel.promise.name else ():
        members = part.split(".")
        if members != sorted(members):
            yield Problem(
                message=f"the compressed tag set {part} is not sorted",
                evidence={"have": part, "need": ".".join(sorted(members))},
            )


_LEGACY = ("_intel", "_fat", "_fat3", "_fat32", "_fat64", "_universal")


@rule("WA107", "legacy-tag", Severity.NOTE)
def legacy_tag(wheel: Wheel) -> Iterator[Problem]:
    """A platform tag belongs to systems that are gone.

    What it does:
        Names macOS tags for i386 and PowerPC, manylinux1, and Windows on Itanium.

    Why it is bad:
        It promises architectures that nothing current can check, and often nobody built for.

    Example:
        `macosx_10_6_intel` promises i386 and x86_64.

    How to fix:
        Tag the wheel for the architectures that are in it: `macosx_10_9_x86_64`, `manylinux_2_17_x86_64`.

    Known limits:
        A legacy tag beside its modern spelling is reported too.

    References:
        PEP 513; packaging.tags.mac_platforms.
    """
    for platform, targets in _by_platform(wheel.targets).items():
        gone = targets[0].system == "macos" and platform.endswith((*_LEGACY, "_i386", "_ppc", "_ppc64"))
        if gone or platform == "win_ia64" or platform.startswith("manylinux1_"):
            yield Problem(
                message=f"platform tag {platform} belongs to systems that are gone",
                tags=_triples(targets),
                evidence={"have": platform},
            )


@rule("WA108", "misplaced-stable-abi", Severity.ERROR, ("R3", "R5"))
def misplaced_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """A stable ABI is promised for a Python that has none.

    What it does:
        Looks for abi3 and abi3t under a python tag that is not `cp` with a minor version, or below 3.2. An
        error where every tag of the wheel is dead, a note where others live.

    Why it is bad:
        Only CPython asks for the stable ABI, under a tag with its minor version: such a wheel installs
        nowhere.

    Example:
        `py3-abi3-manylinux_2_17_x86_64`: the python tag has to be the lowest CPython, `cp39`.

    How to fix:
        Name the lowest CPython that the code is compiled for.

    Known limits:
        Whether the code fits that Python is for other rules.

    References:
        PEP 384, PEP 425, PEP 803; packaging.tags.cpython_tags.
    """
    triples = tuple(dead.triple for dead in wheel.promise.dead if _is_misplaced(dead.triple))
    if triples:
        python, abi, _ = triples[0].split("-")
        yield Problem(
            message=f"no Python asks for {abi} under the python tag {python}",
            tags=triples,
            evidence={"have": python, "need": "cp3X"},
            consequence=""
            if wheel.targets
            else f"ERROR: {wheel.filename or 'the wheel'} is not a supported wheel on this platform.",
            severity=Severity.NOTE if wheel.targets else None,
        )


def _bound_to(member: Member) -> str:
    """Return what binds an extension module to one Python, its suffix or its Python DLL, or nothing."""
    parsed = parse_extension_name(member.name)
    if parsed and parsed.version:
        return parsed.suffix
    for image in member.images:
        for library in map(python_library, image.needed):
            if library and re.search(r"3\.?[0-9]", library):
                return library
    return ""


def _extensions(wheel: Wheel) -> list[Member]:
    """Return the extension modules that are not WebAssembly, for which `any` is a usual tag."""
    return [
        member
        for member in wheel.members
        if member.role is Role.EXTENSION and any(image.format in _NATIVE for image in member.images)
    ]


@rule("WA109", "extension-in-none-abi", Severity.ERROR, ("R5",), needs={Role.EXTENSION: Depth.LINKAGE})
def extension_in_none_abi(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for every Python 3 holds an extension module for one.

    What it does:
        Looks, where a `py3` tag with ABI `none` names a platform, for extension modules. An error for one
        that is bound to a Python version by its suffix or its Python DLL, a warning for one that is not:
        PyPy and free-threaded builds are promised too. A note where the module is there for several
        versions.

    Why it is bad:
        The wheel installs on every Python 3 and the module can be imported on one of them.

    Example:
        `pkg/_core.cp311-win_amd64.pyd` in `pkg-1.0-py3-none-win_amd64.whl`:
        `ModuleNotFoundError: No module named 'pkg._core'` on 3.12.

    How to fix:
        Tag the wheel for the Python and ABI that it was built for, or build for the stable ABI.

    Known limits:
        A package that goes on without the module when it can't be imported is reported all the same. Tags
        such as `cp38-none` promise one Python and are right. Modules in folders that no import statement can
        name are left out.

    References:
        PEP 425, PEP 3149; rules.md 1.2, 5.3.
    """
    loose = [
        target
        for target in wheel.targets
        if target.implementation == "python" and target.system not in ("any", "other")
    ]
    if not loose or any(target.implementation != "python" for target in wheel.targets):
        return
    # A Python that a wheel brings along has its own modules where no import statement of the user's reaches.
    extensions = [member for member in _extensions(wheel) if is_importable(member.path)]
    variants = Counter(module_name(member.path) for member in extensions)
    for member in extensions:
        bound = _bound_to(member)
        module = module_name(member.path)
        severity = None
        if variants[module] > 1:
            severity = Severity.NOTE
        elif not bound:
            severity = Severity.WARNING
        to = f" bound to one Python ({bound})" if bound else ""
        yield Problem(
            message=f"{member.path} is an extension module{to}, the tag promises every {loose[0].python}",
            member=member.path,
            tags=_triples(loose),
            evidence={"have": bound or member.name, "need": "a tag with its Python and ABI"},
            consequence=f"ModuleNotFoundError: No module named '{module}'" if bound else "",
            severity=severity,
        )


_PROGRAMS = (Role.EXECUTABLE, Role.SCRIPT)
_OPENED = (Role.LIBRARY, Role.DEPENDENCY, *_PROGRAMS)


@rule(
    "WA110",
    "native-code-in-any",
    Severity.ERROR,
    ("R4",),
    needs={**dict.fromkeys((*_OPENED, Role.FAMILY), Depth.HEADER), Role.EXTENSION: Depth.LINKAGE},
)
def native_code_in_any(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for any platform holds native code for one.

    What it does:
        Looks, where a tag names platform `any`, for extension modules (an error), and for libraries and
        programs that are there for one kind of machine only (a warning). A wheel that carries native files
        for several machines chooses among them when it runs: there an extension module that its suffix binds
        to one Python is a note, and the rest is right.

    Why it is bad:
        The wheel installs on every system and works on one. Usually the build backend took the project for
        pure.

    Example:
        `array_record-0.4.0-py310-none-any.whl` holds `array_record_module.so` for Linux on x86-64.

    How to fix:
        Tell the build backend that the project holds native code, so that it tags the wheel for the platform.

    Known limits:
        Whether the package goes on without the file is not seen. .NET assemblies for every machine,
        WebAssembly, GPU code, test data and SDK files do not count.

    References:
        PEP 425; binary distribution format; rules.md 2.7, 6.1.
    """
    everywhere = [target for target in wheel.targets if target.system == "any"]
    if not everywhere:
        return
    opened = [
        member
        for member in wheel.members
        if member.role in (*_OPENED, Role.FAMILY)
        and any(image.format in _NATIVE and not is_managed(image) for image in member.images)
    ]
    chosen_at_run_time = len({(image.format, image.arch) for member in opened for image in member.images}) > 1
    for member in _extensions(wheel):
        parsed = parse_extension_name(member.name)
        passed_over = chosen_at_run_time and parsed is not None and parsed.version is not None
        yield _confined(member, "extension module", everywhere, Severity.NOTE if passed_over else None)
    if not chosen_at_run_time:
        for member in opened:
            what = "program" if member.role in _PROGRAMS else "library"
            yield _confined(member, what, everywhere, Severity.WARNING)


def _confined(member: Member, what: str, everywhere: Iterable[Target], severity: Severity | None) -> Problem:
    image = next(one for one in member.images if one.format in _NATIVE)
    have = f"{_NATIVE[image.format]} on {', '.join(one.arch for one in member.images)}"
    return Problem(
        message=f"{what} {member.path} is for {have}, the tag promises any platform",
        member=member.path,
        tags=_triples(everywhere),
        evidence={"have": have, "need": "any"},
        severity=severity,
    )


@rule("WA111", "native-code-absent", Severity.NOTE, ("R4",), needs=_HEADER_OF_ALL)
def no_native_code(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for one platform holds no native code.

    What it does:
        Looks for any native file, libraries and data for other machines included.

    Why it is bad:
        The wheel is narrower than it needs to be; or the compiled part was lost on the way.

    Example:
        A wheel tagged `cp311-cp311-win_amd64` that holds Python files only, because an optional extension
        module failed to compile.

    How to fix:
        If the project is pure, tag the wheel `py3-none-any`. If not, see why the compiled files are missing.

    Known limits:
        A pure wheel may be narrow on purpose, because its dependencies are.

    References:
        PEP 425.
    """
    if not wheel.targets or not wheel.entries or wheel.problems:
        return
    bound = [target for target in wheel.targets if target.system != "any"]
    if len(bound) == len(wheel.targets) and not any(
        member.images or member.faults for member in wheel.members
    ):
        yield Problem(
            message=f"the tags name a platform ({bound[0].platform}), and the wheel holds no native code",
            tags=_triples(bound),
        )


_LOADED = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY, Role.FAMILY)
_GONE_ON_MACOS = ("x86", "ppc", "ppc64")
_REMEDY_OF_SYSTEM = {"windows": "R9", "mingw": "R9", "linux": "R7", "android": "R7"}


@rule("WA112", "missing-architecture", Severity.ERROR, ("R6",), needs=_HEADER_OF_ALL)
def missing_architecture(wheel: Wheel) -> Iterator[Problem]:
    """The wheel holds no binary at all for an architecture that its tags promise.

    What it does:
        Collects the architectures of all extension modules and libraries, for Linux of programs too, and
        compares them with what each platform tag demands. A system for which the wheel holds nothing is
        reported where another tag's system has its files.

    Why it is bad:
        The wheel installs on machines for which nothing in it was built.

    Example:
        A wheel from a universal2 build of Python, tagged `macosx_10_9_universal2`, whose compiler made
        x86_64 only.

    How to fix:
        Build for every architecture of the tag, or tag the wheel for those that were built.

    Known limits:
        On Windows and macOS programs may run by emulation; WA205 and WA206 judge them. Nothing is said where a
        binary could not be read, nor about i386 and PowerPC on macOS.

    References:
        PEP 425; delocate, "Failed to find any binary with the required architecture"; rules.md 1.3.
    """
    loaded = [member for member in wheel.members if member.role in (*_LOADED, *_PROGRAMS)]
    has_extension = any(member.role is Role.EXTENSION for member in loaded)
    has_program = any(member.role in _PROGRAMS for member in loaded)
    if any(not member.images or member.faults for member in loaded):
        return
    missing: dict[tuple[str, str], list[Target]] = {}
    held: dict[str, tuple[str, ...]] = {}
    served = {image.format for member in loaded for image in member.images}
    if not any(FORMAT_OF_SYSTEM.get(target.system) in served for target in wheel.targets):
        return
    for target in wheel.targets:
        if target.system not in FORMAT_OF_SYSTEM:
            continue
        may_be_emulated = target.system not in ("linux", "android")
        if may_be_emulated and has_program and not has_extension:
            continue
        images = [
            image
            for member in loaded
            for image in member.images
            if image.format is FORMAT_OF_SYSTEM[target.system]
            and not is_managed(image)
            and not (may_be_emulated and member.role in _PROGRAMS)
        ]
        have = {image.machine.value for image in images}
        if not have.isdisjoint(("none", "other")):
            continue
        held[target.system] = tuple(sorted({image.arch for image in images}))
        for arch in target.arches:
            if arch not in have and not (target.system == "macos" and arch in _GONE_ON_MACOS):
                missing.setdefault((target.system, arch), []).append(target)
    for (system, arch), targets in missing.items():
        yield Problem(
            message=f"no binary of the wheel is for {arch}, which {targets[0].platform} promises",
            tags=_triples(targets),
            evidence={"have": ", ".join(held[system]) or "none", "need": arch},
            remedies=(_REMEDY_OF_SYSTEM[system],) if system in _REMEDY_OF_SYSTEM else (),
        )
