"""WA110 to WA112: whether the wheel holds native code for its tags."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machines import FORMAT_OF_SYSTEM, is_managed
from ..metadata.extension_names import parse_extension_name
from ..model import Depth, Member, Role, Severity
from ._tags import HEADER_OF_ALL_ROLES, NATIVE, native_extensions, triples_in
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["missing_architecture", "native_code_in_any", "no_native_code"]

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
        and any(image.format in NATIVE and not is_managed(image) for image in member.images)
    ]
    chosen_at_run_time = len({(image.format, image.arch) for member in opened for image in member.images}) > 1
    for member in native_extensions(wheel):
        parsed = parse_extension_name(member.name)
        passed_over = chosen_at_run_time and parsed is not None and parsed.version is not None
        yield _confined(member, "extension module", everywhere, Severity.NOTE if passed_over else None)
    if not chosen_at_run_time:
        for member in opened:
            what = "program" if member.role in _PROGRAMS else "library"
            yield _confined(member, what, everywhere, Severity.WARNING)


def _confined(member: Member, what: str, everywhere: Iterable[Target], severity: Severity | None) -> Problem:
    image = next(one for one in member.images if one.format in NATIVE)
    have = f"{NATIVE[image.format]} on {', '.join(one.arch for one in member.images)}"
    return Problem(
        message=f"{what} {member.path} is for {have}, the tag promises any platform",
        member=member.path,
        tags=triples_in(everywhere),
        evidence={"have": have, "need": "any"},
        severity=severity,
    )


@rule("WA111", "native-code-absent", Severity.NOTE, ("R4",), needs=HEADER_OF_ALL_ROLES)
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
            tags=triples_in(bound),
        )


_LOADED = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY, Role.FAMILY)


_GONE_ON_MACOS = ("x86", "ppc", "ppc64")


_REMEDY_OF_SYSTEM = {"windows": "R9", "mingw": "R9", "linux": "R7", "android": "R7"}


@rule("WA112", "missing-architecture", Severity.ERROR, ("R6",), needs=HEADER_OF_ALL_ROLES)
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
            tags=triples_in(targets),
            evidence={"have": ", ".join(held[system]) or "none", "need": arch},
            remedies=(_REMEDY_OF_SYSTEM[system],) if system in _REMEDY_OF_SYSTEM else (),
        )
