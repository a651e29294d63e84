"""WA801 to WA803: whether a given interpreter or target can use the wheel.

`Wheel.wanted` describes the interpreter of `--python` or the target of `--expect`; without it the rules are silent.
WA801 and WA803 compare it with the binaries, WA802 with the tags. For each module they look at the file that the
interpreter imports.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.machines import FORMAT_OF_SYSTEM, is_managed, serves
from ..metadata.extension_names import parse_extension_name
from ..metadata.member_paths import installed_path
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Image, Member, Role, Severity
from ._machine import arch_names
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wanted, Wheel
    from ..metadata.promise import Target

__all__ = ["emulated_interpreter", "unloadable_by_interpreter", "unsupported_by_interpreter"]

_HEADER: Mapping[Role, Depth] = {Role.EXTENSION: Depth.HEADER, Role.DEPENDENCY: Depth.HEADER}
_TAGS_SHOWN = 4


def _loads(image: Image, wanted: Wanted, arch: str) -> bool:
    """Whether the process can load the image.

    An x64 process on Windows on Arm loads ARM64EC and ARM64X images too.
    Source: docs/facts/loaders.md, "What loads where on Windows".
    """
    if FORMAT_OF_SYSTEM.get(wanted.system, image.format) is not image.format:
        return False
    hybrid = wanted.system == "windows" and (arch, wanted.host) == ("x86_64", "arm64")
    return serves(image, arch) or (hybrid and image.variant in ("arm64ec", "arm64x"))


class _Candidate(NamedTuple):
    """The files that the interpreter may open for one module, or for one library."""

    members: tuple[Member, ...]

    def missing(self, wanted: Wanted) -> tuple[str, ...]:
        """Return the wanted architectures that none of the files serves."""
        images = [image for member in self.members for image in member.images]
        return tuple(
            arch for arch in wanted.arches if not any(_loads(image, wanted, arch) for image in images)
        )

    def have(self, wanted: Wanted) -> str:
        """Return the machines of the files, with their format if the system does not load that format."""
        images = [image for member in self.members for image in member.images]
        arches = arch_names(tuple(dict.fromkeys(image.arch for image in images)), wanted.system)
        own = FORMAT_OF_SYSTEM.get(wanted.system, images[0].format)
        return arches if images[0].format is own else f"{images[0].format} {arches}"


def _candidates(wheel: Wheel, wanted: Wanted) -> Iterator[_Candidate]:
    """Yield each extension module and each bundled library with the files that may serve it.

    Of several files of one module, the interpreter imports the one with the first suffix in its list. If none of them
    has a suffix that it tries, or the list is not known, it may be any of them. Libraries with the same file name are
    copies: each may serve its own slice.
    """
    modules: dict[str, list[Member]] = {}
    for member in wheel.members:
        if member.role in _HEADER and member.images and not all(map(is_managed, member.images)):
            modules.setdefault(_same_module(member), []).append(member)
    for members in modules.values():
        tried = [
            (wanted.suffixes.index(parsed.suffix), member)
            for member in members
            if (parsed := parse_extension_name(member.name)) and parsed.suffix in wanted.suffixes
        ]
        first = min((rank for rank, _ in tried), default=None)
        picked = [member for rank, member in tried if rank == first] or members
        yield _Candidate(tuple(picked))


def _same_module(member: Member) -> str:
    """Return a key that is the same for all files of one module, or for all copies of one library."""
    if member.role is Role.DEPENDENCY:
        return f"library {member.name}"
    parsed = parse_extension_name(member.name)
    stem = parsed.stem if parsed else member.name
    return f"module {installed_path(member.path)[: -len(member.name)]}{stem}"


def _import_error(member: Member, wanted: Wanted, *, have: str, need: str) -> str:
    """Return what the loader says.

    Source: CPython Python/dynload_win.c; dyld common/MachOFile.cpp; glibc elf/dl-load.c.
    """
    image = member.images[0]
    if wanted.system in ("windows", "mingw"):
        stem = member.name.partition(".")[0]
        return f"ImportError: DLL load failed while importing {stem}: %1 is not a valid Win32 application."
    if wanted.system in ("macos", "ios") and image.format is Format.MACHO:
        if len(member.images) > 1:
            return f"fat file, but missing compatible architecture (have '{have}', need '{need}')"
        return f"mach-o file, but is an incompatible architecture (have '{have}', need '{need}')"
    if wanted.system == "linux" and image.format is not Format.ELF:
        return f"ImportError: {member.name}: invalid ELF header"
    if wanted.system == "linux":
        return f"ImportError: {member.name}: cannot open shared object file: No such file or directory"
    return ""


@rule(
    "WA801",
    "unloadable-by-interpreter",
    Family.TARGET,
    Severity.ERROR,
    remedies=("build-for-machine",),
    needs=_HEADER,
    rests_on=(Fact.MACHINE,),
    predicted_by=("WD17", "WD18", "WD19", "WD23", "WD37"),
)
def unloadable_by_interpreter(wheel: Wheel) -> Iterator[Problem]:
    """The given interpreter or target can load no slice of an extension module or bundled library.

    What it does:
        Compares the machine in the header of each extension module, and of each library that one needs, with the
        process that `--python` or `--expect` names. Of several files of one module, it looks at the one that the
        interpreter imports.

    Why it is bad:
        The import fails in that interpreter. If a build tool chose the tag by what it built, the tag agrees with the
        binaries, and no other rule can see that the build was for the wrong machine.

    Example:
        An x86_64 Python under Rosetta 2, maturin 1.5 and a native Rust toolchain make
        `pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl` with arm64 code: `mach-o file, but is an incompatible
        architecture (have 'arm64', need 'x86_64')`.

    How to fix:
        Build for the interpreter: `wheelarch target --python PATH -- COMMAND` runs a build with CARGO_BUILD_TARGET,
        ARCHFLAGS and the like set for it. Or build with an interpreter for the machine that you want.

    Known limits:
        The rule is silent without `--python` or `--expect`. C libraries and system versions are left to the tags
        (WA802). Programs are ignored, because they may run by emulation.

    References:
        dyld GradedArchitectures; maturin issues 2041 and 2368; docs/facts/loaders.md, "What loads where on Windows",
        "Mach-O CPU types".
    """
    wanted = wheel.wanted
    if wanted is None:
        return
    for candidate in _candidates(wheel, wanted):
        missing = candidate.missing(wanted)
        if not missing:
            continue
        member = candidate.members[0]
        have, need = candidate.have(wanted), arch_names(missing, wanted.system)
        what = "extension module" if member.role is Role.EXTENSION else "bundled library"
        yield Problem(
            message=f"{what} {member.path} is {have}, but {wanted.name} needs {need}",
            member=member.path,
            evidence={"have": have, "need": need, "interpreter": wanted.name},
            consequence=_import_error(member, wanted, have=have, need=need),
        )


def _accepts(wanted: Wanted, target: Target) -> bool:
    """Whether installers accept wheels with this tag for the interpreter."""
    if wanted.pythons and f"{target.python}-{target.abi}" not in wanted.pythons:
        return False
    if target.system == "any":
        return True
    if target.system != wanted.system or not set(wanted.arches).issubset(target.arches or wanted.arches):
        return False
    if wanted.libc and target.libc not in ("", wanted.libc):
        return False
    return wanted.floor is None or target.floor is None or target.floor <= wanted.floor


def _accepted_tags(wanted: Wanted) -> str:
    """Return what a tag must say, in words: `cp312-cp312 macos 14.0 x86_64`."""
    version = ".".join(map(str, wanted.floor)) if wanted.floor else ""
    words = (*wanted.pythons[:1], wanted.system, wanted.libc, version, "+".join(wanted.arches))
    return " ".join(word for word in words if word)


@rule(
    "WA802",
    "unsupported-by-interpreter",
    Family.TARGET,
    Severity.ERROR,
    predicted_by=("WD17", "WD18", "WD22"),
)
def unsupported_by_interpreter(wheel: Wheel) -> Iterator[Problem]:
    """The given interpreter or target accepts none of the wheel's tags.

    What it does:
        Compares each tag with the Python version, ABI, system, machine, C library and system version of the
        interpreter that `--python` names, or with what `--expect` says of them.

    Why it is bad:
        Installers refuse the wheel there. In an environment, it shows that a package was copied from elsewhere or
        installed for another interpreter.

    Example:
        `pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl` for an x86_64 Python 3.12 under Rosetta 2:
        `ERROR: pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl is not a supported wheel on this platform.`

    How to fix:
        Build the wheel with that interpreter, or for its tag.

    Known limits:
        The rule is silent without `--python` or `--expect`, and for wheels without readable tags. A target without a
        Python (a Rust triple, a platform tag) accepts every Python and ABI.

    References:
        PEP 425; packaging.tags, sys_tags; docs/facts/tags-and-installers.md, "Python and ABI tags".
    """
    wanted = wheel.wanted
    if wanted is None or not wheel.targets or any(_accepts(wanted, target) for target in wheel.targets):
        return
    triples = triples_of(wheel.targets)
    more = f" and {len(triples) - _TAGS_SHOWN} more" if len(triples) > _TAGS_SHOWN else ""
    have, need = ", ".join(triples[:_TAGS_SHOWN]) + more, _accepted_tags(wanted)
    name = wheel.filename or "the wheel"
    yield Problem(
        message=f"tagged {have}, but {wanted.name} accepts {need}",
        tags=triples,
        evidence={"have": have, "need": need, "interpreter": wanted.name},
        consequence=f"ERROR: {name} is not a supported wheel on this platform.",
    )


@rule("WA803", "loads-by-emulation-only", Family.TARGET, Severity.WARNING, needs=_HEADER)
def emulated_interpreter(wheel: Wheel) -> Iterator[Problem]:
    """The given interpreter can load the extension modules only because it is emulated.

    What it does:
        If `--python` names an interpreter that runs under Rosetta 2 or the emulation of Windows on Arm, looks for
        extension modules without code for the host itself.

    Why it is bad:
        The code is slower than necessary. It fails when the emulation goes away, or when the environment is made
        again with a native interpreter.

    Example:
        An x86_64 Python on Apple silicon uses `pkg/_core.cpython-312-darwin.so`, which contains x86_64 code only.

    How to fix:
        Use an interpreter for the machine of the host, and wheels for it.

    Known limits:
        Only `--python` can find out whether an interpreter is emulated, not `--expect`. User-mode emulation on Linux
        is not detected.

    References:
        sysctl.proc_translated (Apple, "About the Rosetta translation environment"); Microsoft, IsWow64Process2;
        docs/facts/loaders.md, "What loads where on Windows".
    """
    wanted = wheel.wanted
    if wanted is None or not wanted.host:
        return
    foreign = [
        candidate.members[0].path
        for candidate in _candidates(wheel, wanted)
        if not candidate.missing(wanted)
        and candidate.members[0].role is Role.EXTENSION
        and candidate.missing(wanted._replace(arches=(wanted.host,)))
    ]
    if foreign:
        have = arch_names(wanted.arches, wanted.system)
        several = f"{len(foreign)} extension modules, e.g. {foreign[0]}, contain"
        what = several if len(foreign) > 1 else f"extension module {foreign[0]} contains"
        yield Problem(
            message=f"{what} no {wanted.host} code, and can be loaded only because {wanted.name} is emulated",
            member=foreign[0],
            evidence={"have": have, "need": wanted.host, "interpreter": wanted.name},
        )
