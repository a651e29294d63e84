"""WA110 to WA112: whether the wheel contains native code for its tags.

These rules judge the wheel as a whole: native code that tag `any` does not allow, no native code although a tag names
a platform, and architectures for which no file was built. Single files are the subject of WA201 and following.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machines import FORMAT_OF_SYSTEM, is_managed
from ..metadata.extension_names import parse_extension_name
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Member, Role, Severity
from ._machine import DEAD_ARCHES, HEADER_OF_ALL, SYSTEM_NAMES
from ._tags import SYSTEM_OF_FORMAT, native_extensions
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["missing_architecture", "native_code_in_any", "no_native_code"]

_PROGRAMS = (Role.EXECUTABLE, Role.SCRIPT)
_OPENED = (Role.LIBRARY, Role.DEPENDENCY, *_PROGRAMS)
"""What a package opens or starts by its path, unlike extension modules, which Python imports."""
_BUILT = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY, Role.FAMILY, *_PROGRAMS)
"""What is built for the architectures of the tags."""


@rule(
    "WA110",
    "native-code-in-any",
    Family.TAGS,
    Severity.ERROR,
    remedies=("declare-native",),
    needs={**dict.fromkeys((*_OPENED, Role.FAMILY), Depth.HEADER), Role.EXTENSION: Depth.LINKAGE},
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
)
def native_code_in_any(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for any platform contains native code for one.

    What it does:
        If a tag names platform `any`, looks for extension modules (an error), and for libraries and programs that
        exist for one kind of machine only (a warning). A wheel with native files for several machines chooses among
        them when it runs, so WA113 judges those. In such a wheel, an extension module that its suffix binds to one
        Python is a note.

    Why it is bad:
        The wheel can be installed on every system, but works on one. Usually the build backend did not know that
        the project contains native code.

    Example:
        `array_record-0.4.0-py310-none-any.whl` contains `array_record_module.so` for Linux on x86-64.

    How to fix:
        Set in the build backend that the project contains native code, so that it tags the wheel for the platform.

    Known limits:
        Whether the package works without the file is not known. .NET assemblies for every machine, WebAssembly, GPU
        code, test data and SDK files do not count.

    References:
        PEP 425; Binary distribution format (packaging.python.org); docs/facts/tags-and-installers.md, "Native code
        in wheels tagged any", "Roles of members", "Payloads for several machines that are right".
    """
    everywhere = [target for target in wheel.targets if target.system == "any"]
    if not everywhere:
        return
    opened = [
        member
        for member in wheel.members
        if member.role in (*_OPENED, Role.FAMILY)
        and any(image.format in SYSTEM_OF_FORMAT and not is_managed(image) for image in member.images)
    ]
    chosen_at_run_time = len({(image.format, image.arch) for member in opened for image in member.images}) > 1
    for member in native_extensions(wheel):
        parsed = parse_extension_name(member.name)
        passed_over = chosen_at_run_time and parsed is not None and parsed.version is not None
        severity = Severity.NOTE if passed_over else None
        yield _any_problem(member, "extension module", everywhere=everywhere, severity=severity)
    if not chosen_at_run_time:
        for member in opened:
            what = "program" if member.role in _PROGRAMS else "library"
            yield _any_problem(member, what, everywhere=everywhere, severity=Severity.WARNING)


def _any_problem(
    member: Member, what: str, *, everywhere: Iterable[Target], severity: Severity | None
) -> Problem:
    image = next(one for one in member.images if one.format in SYSTEM_OF_FORMAT)
    have = f"{SYSTEM_OF_FORMAT[image.format]} on {', '.join(one.arch for one in member.images)}"
    return Problem(
        message=f"tagged any, but contains {what} {member.path} for {have}",
        member=member.path,
        tags=triples_of(everywhere),
        evidence={"have": have, "need": "any"},
        severity=severity,
    )


@rule(
    "WA111",
    "native-code-absent",
    Family.TAGS,
    Severity.NOTE,
    remedies=("find-compiled",),
    needs=HEADER_OF_ALL,
)
def no_native_code(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for one platform contains no native code.

    What it does:
        Looks for any native file, including libraries and data for other machines.

    Why it is bad:
        Either the wheel could be for every platform, or its compiled part got lost in the build.

    Example:
        A wheel tagged `cp311-cp311-win_amd64` with Python files only, because an optional extension module failed
        to compile.

    How to fix:
        If the project is pure Python and works everywhere, tag the wheel `py3-none-any`. If it needs native code,
        find out why none was compiled or packed.

    Known limits:
        A pure wheel may name a platform on purpose, because its dependencies exist only there. Then there is nothing
        to fix.

    References:
        PEP 425; docs/facts/tags-and-installers.md, "Native code in wheels tagged any".
    """
    if not wheel.targets or not wheel.entries or wheel.problems:
        return
    bound = [target for target in wheel.targets if target.system != "any"]
    if len(bound) == len(wheel.targets) and not any(
        member.images or member.faults for member in wheel.members
    ):
        yield Problem(
            message=f"tagged {bound[0].platform}, but contains no native code",
            tags=triples_of(bound),
        )


@rule(
    "WA112",
    "missing-architecture",
    Family.TAGS,
    Severity.ERROR,
    remedies=("build-for-machine",),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
)
def missing_architecture(wheel: Wheel) -> Iterator[Problem]:
    """The wheel contains no binary for an architecture that its tags promise.

    What it does:
        Collects the architectures of all extension modules and libraries, and on Linux of programs too. Compares
        them with what each platform tag promises. If the wheel has no file for a system, that is reported only if
        it has files for the system of another tag.

    Why it is bad:
        The wheel can be installed on machines for which nothing in it was built.

    Example:
        A wheel from a universal2 build of Python, tagged `macosx_10_9_universal2`, whose compiler made x86_64 only.

    How to fix:
        Build for every architecture of the tag, or tag the wheel for those that were built.

    Known limits:
        Windows and macOS can emulate programs, so programs for these systems are left to WA205 and WA206. The rule
        is silent if a binary could not be read, and about i386 and PowerPC on macOS.

    References:
        PEP 425; delocate, "Failed to find any binary with the required architecture";
        docs/facts/tags-and-installers.md, "macOS tags".
    """
    built = [member for member in wheel.members if member.role in _BUILT]
    has_extension = any(member.role is Role.EXTENSION for member in built)
    has_program = any(member.role in _PROGRAMS for member in built)
    if any(not member.images or member.faults for member in built):
        return
    missing: dict[tuple[str, str], list[Target]] = {}
    present: dict[str, tuple[str, ...]] = {}
    formats = {image.format for member in built for image in member.images}
    if not any(FORMAT_OF_SYSTEM.get(target.system) in formats for target in wheel.targets):
        return
    for target in wheel.targets:
        if target.system not in FORMAT_OF_SYSTEM:
            continue
        may_be_emulated = target.system not in ("linux", "android")
        if may_be_emulated and has_program and not has_extension:
            continue
        images = [
            image
            for member in built
            for image in member.images
            if image.format is FORMAT_OF_SYSTEM[target.system]
            and not is_managed(image)
            and not (may_be_emulated and member.role in _PROGRAMS)
        ]
        have = {image.machine.value for image in images}
        if not have.isdisjoint(("none", "other")):
            continue
        present[target.system] = tuple(sorted({image.arch for image in images}))
        for arch in target.arches:
            if arch not in have and not (target.system == "macos" and arch in DEAD_ARCHES):
                missing.setdefault((target.system, arch), []).append(target)
    for (system, arch), targets in missing.items():
        which = "" if present[system] else f" for {SYSTEM_NAMES[system]}"
        yield Problem(
            message=f"tagged {targets[0].platform}, but contains no {arch} binary{which}",
            tags=triples_of(targets),
            evidence={"have": ", ".join(present[system]) or "none", "need": arch},
        )
