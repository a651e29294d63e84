"""WA8xx: what a binary is against who is to use it: an interpreter that was asked, or a target that was named."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.machines import DARWIN_NAMES, FORMAT_OF_SYSTEM, is_managed, serves
from ..metadata.extension_names import parse_extension_name
from ..metadata.member_paths import installed_path
from ..model import Depth, Format, Image, Member, Role, Severity
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..facts.wheel import Wanted, Wheel
    from ..metadata.promise import Target

__all__ = ["emulated_interpreter", "unloadable_by_interpreter", "unsupported_by_interpreter"]

_HEADER: Mapping[Role, Depth] = {Role.EXTENSION: Depth.HEADER, Role.DEPENDENCY: Depth.HEADER}
_REBUILD: Mapping[str, tuple[str, ...]] = {
    "macos": ("R6",),
    "ios": ("R6",),
    "linux": ("R7",),
    "android": ("R7",),
    "windows": ("R9",),
    "mingw": ("R9",),
}
"""How each system's build is told its machine."""
_TAGS_SHOWN = 4


def _loads(image: Image, wanted: Wanted, arch: str) -> bool:
    """Whether the process can load the image.

    An x64 process on Windows on Arm takes ARM64EC and ARM64X images too (rules.md 2.3).
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
        """Return what the files are, with their format where it is one that the system does not load."""
        images = [image for member in self.members for image in member.images]
        arches = _names(tuple(dict.fromkeys(image.arch for image in images)), wanted)
        own = FORMAT_OF_SYSTEM.get(wanted.system, images[0].format)
        return arches if images[0].format is own else f"{images[0].format} {arches}"


def _candidates(wheel: Wheel, wanted: Wanted) -> Iterator[_Candidate]:
    """Yield each extension module and each bundled library with the files that may serve it.

    Of several files of one module the interpreter takes the first suffix of its list; where none of them has a
    suffix that it tries, or the list is not known, any of them may be meant. Copies of a library under one file
    name stand for each other: each may serve its own slice.
    """
    modules: dict[str, list[Member]] = {}
    for member in wheel.members:
        if member.role in _HEADER and member.images and not all(map(is_managed, member.images)):
            modules.setdefault(_key(member), []).append(member)
    for members in modules.values():
        tried = [
            (wanted.suffixes.index(parsed.suffix), member)
            for member in members
            if (parsed := parse_extension_name(member.name)) and parsed.suffix in wanted.suffixes
        ]
        first = min((rank for rank, _ in tried), default=None)
        picked = [member for rank, member in tried if rank == first] or members
        yield _Candidate(tuple(picked))


def _key(member: Member) -> str:
    if member.role is Role.DEPENDENCY:
        return f"library {member.name}"
    parsed = parse_extension_name(member.name)
    stem = parsed.stem if parsed else member.name
    return f"module {installed_path(member.path)[: -len(member.name)]}{stem}"


def _names(arches: tuple[str, ...], wanted: Wanted) -> str:
    """Return the architectures as the system's own loader calls them."""
    darwin = wanted.system in ("macos", "ios")
    return ", ".join(DARWIN_NAMES.get(arch, arch) if darwin else arch for arch in arches) or "none"


def _load_error(member: Member, wanted: Wanted, have: str, need: str) -> str:
    """Return what the loader says (CPython dynload_win.c; dyld MachOFile.cpp; glibc dl-load.c)."""
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


@rule("WA801", "unloadable-by-interpreter", Severity.ERROR, ("R6", "R7", "R9"), needs=_HEADER)
def unloadable_by_interpreter(wheel: Wheel) -> Iterator[Problem]:
    """The interpreter or target that was named can load no slice of an extension module or bundled library.

    What it does:
        Compares the machine in the header of each extension module, and of each library that one needs, with the
        process that `--python` or `--expect` names. Of several files of one module it looks at the one that the
        interpreter imports.

    Why it is bad:
        The import fails in that interpreter. A build tool may have tagged the wheel by what it built, and then the
        wheel agrees with itself: no other rule can see that the build was for the wrong machine.

    Example:
        An x86_64 Python under Rosetta 2, maturin 1.5 and a native Rust toolchain make
        `pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl` with arm64 code: `mach-o file, but is an incompatible
        architecture (have 'arm64', need 'x86_64')`.

    How to fix:
        Build for the interpreter: `wheelarch target --python PATH -- COMMAND` runs a build with CARGO_BUILD_TARGET,
        ARCHFLAGS and the rest set for it. Or build with an interpreter of the machine that is meant.

    Known limits:
        It is silent without `--python` or `--expect`. C libraries and versions of the system are left to the tags
        (WA802). Programs are left out, since emulation may run them.

    References:
        dyld GradedArchitectures; the PE machine types; maturin issues 2041 and 2368; rules.md 2.3, 3.2.
    """
    wanted = wheel.wanted
    if wanted is None:
        return
    for candidate in _candidates(wheel, wanted):
        missing = candidate.missing(wanted)
        if not missing:
            continue
        member = candidate.members[0]
        have, need = candidate.have(wanted), _names(missing, wanted)
        what = "extension module" if member.role is Role.EXTENSION else "bundled library"
        yield Problem(
            message=f"{what} {member.path} is {have}, {wanted.name} needs {need}",
            member=member.path,
            evidence={"have": have, "need": need, "interpreter": wanted.name},
            consequence=_load_error(member, wanted, have, need),
            remedies=_REBUILD.get(wanted.system, ()),
        )


def _takes(wanted: Wanted, target: Target) -> bool:
    """Whether the interpreter takes wheels of this tag, as installers see it."""
    if wanted.pythons and f"{target.python}-{target.abi}" not in wanted.pythons:
        return False
    if target.system == "any":
        return True
    if target.system != wanted.system or not set(wanted.arches).issubset(target.arches or wanted.arches):
        return False
    if wanted.libc and target.libc not in ("", wanted.libc):
        return False
    return wanted.floor is None or target.floor is None or target.floor <= wanted.floor


def _described(wanted: Wanted) -> str:
    """Return what tags would have to say: `cp312-cp312 macos 14.0 x86_64`."""
    version = ".".join(map(str, wanted.floor)) if wanted.floor else ""
    words = (*wanted.pythons[:1], wanted.system, wanted.libc, version, "+".join(wanted.arches))
    return " ".join(word for word in words if word)


@rule("WA802", "unsupported-by-interpreter", Severity.ERROR)
def unsupported_by_interpreter(wheel: Wheel) -> Iterator[Problem]:
    """None of the wheel's tags is one that the named interpreter or target takes.

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
        It is silent without `--python` or `--expect`, and about wheels whose name tells no tag. A target without a
        Python (a Rust triple, a platform tag) takes every Python and ABI.

    References:
        PEP 425; packaging.tags, sys_tags.
    """
    wanted = wheel.wanted
    if wanted is None or not wheel.targets or any(_takes(wanted, target) for target in wheel.targets):
        return
    triples = tuple(target.triple for target in wheel.targets)
    more = f" and {len(triples) - _TAGS_SHOWN} more" if len(triples) > _TAGS_SHOWN else ""
    have, need = ", ".join(triples[:_TAGS_SHOWN]) + more, _described(wanted)
    name = wheel.filename or "the wheel"
    yield Problem(
        message=f"the tags are {have}, but {wanted.name} takes {need}",
        tags=triples,
        evidence={"have": have, "need": need, "interpreter": wanted.name},
        consequence=f"ERROR: {name} is not a supported wheel on this platform.",
    )


@rule("WA803", "loads-by-emulation-only", Severity.WARNING, needs=_HEADER)
def emulated_interpreter(wheel: Wheel) -> Iterator[Problem]:
    """The extension modules load in the named interpreter only because that is emulated.

    What it does:
        Where `--python` names an interpreter that Rosetta 2 or Windows on Arm translates, looks for extension
        modules that hold no code for the host itself.

    Why it is bad:
        The code runs slower than need be, and it stops to run when the emulation goes away or when the environment
        is made anew with a native interpreter.

    Example:
        An x86_64 Python on Apple silicon uses `pkg/_core.cpython-312-darwin.so`, which holds x86_64 alone.

    How to fix:
        Use an interpreter for the host's own machine, and wheels for it.

    Known limits:
        Only an interpreter that was asked tells that it is emulated: `--expect` never leads here. User-mode
        emulation on Linux is not seen.

    References:
        sysctl.proc_translated (Apple, "About the Rosetta translation environment"); IsWow64Process2.
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
        have = _names(wanted.arches, wanted)
        yield Problem(
            message=f"{len(foreign)} of the extension modules, {foreign[0]} first, hold no {wanted.host} code: they "
            f"load in {wanted.name} because it is emulated",
            member=foreign[0],
            evidence={"have": have, "need": wanted.host, "interpreter": wanted.name},
        )
