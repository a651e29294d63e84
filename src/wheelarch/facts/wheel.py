"""Joins of names, tags and binaries that two rules would both compute. Pure: no I/O, no judgement."""

from __future__ import annotations

import re
from functools import lru_cache

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..loading.graph import installed_path, links, reachable
from ..model import Depth, Format, Image, Kind, Machine, Member, PythonLinkage, Role
from ..platforms.libraries import cpython_library, python_library
from ..platforms.stable_abi import measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..container.zip_layout import ArchiveProblem, Entry
    from ..metadata.dist_info import DistInfo
    from ..metadata.tags import Promise, Target
    from .provenance import Provenance

__all__ = [
    "CLR_ILONLY",
    "DARWIN_NAMES",
    "FORMAT_OF_SYSTEM",
    "ExtensionName",
    "NativeFile",
    "Sibling",
    "Wanted",
    "Wheel",
    "accepts",
    "arch_token",
    "assign_roles",
    "demanded_arches",
    "expected_hooks",
    "family_arches",
    "fits",
    "guess_role",
    "installed_path",
    "is_importable",
    "is_loadable",
    "is_managed",
    "is_product",
    "is_sdist",
    "is_test",
    "libc_of",
    "module_name",
    "names_native_code",
    "parse_extension_name",
    "python_library",
    "python_linkage",
    "serves",
    "shadowed_variants",
]


class Wanted(NamedTuple):
    """Who is to use a wheel, beside what its own tags promise: an interpreter that was asked, or a target."""

    name: str
    """How the user called it: a path, a triple, a tag."""
    system: str
    """As `Target.system`."""
    arches: tuple[str, ...]
    """Every architecture that a file must serve; several for a universal binary only."""
    libc: str = ""
    """`glibc`, `musl`, `bionic`, or empty where it is not known."""
    floor: tuple[int, int] | None = None
    """The version of the system or of its libc, as `Target.floor` counts; None where it is not known."""
    pythons: tuple[str, ...] = ()
    """Every `python-abi` pair of tags that it takes, the most exact first (`cp312-cp312`); empty for any Python."""
    suffixes: tuple[str, ...] = ()
    """Suffixes of extension modules that it tries, in its order; empty where they are not known."""
    host: str = ""
    """The architecture of the host, where that differs because the process is emulated."""


class NativeFile(NamedTuple):
    """What tells one native file from another without its bytes."""

    path: str
    size: int
    """Inflated bytes."""
    crc: int | None
    """As `Member.crc`."""
    sha256: str | None
    """As `Member.sha256`."""


class Sibling(NamedTuple):
    """What a wheel's siblings need to know of it: small, because all wheels of a set are held at once."""

    filename: str
    targets: tuple[Target, ...]
    files: tuple[NativeFile, ...]
    """The native files that its users run."""
    ok: bool
    """Whether it could be read and has no error by itself."""


class Wheel(NamedTuple):
    """Everything that the rules may look at."""

    filename: str | None
    """The last component of the input's name; None for nameless bytes."""
    promise: Promise
    dist_info: DistInfo
    """What the `*.dist-info` folder says; its fields are empty where it is missing."""
    entries: tuple[Entry, ...] = ()
    """Every record of the archive's directory, in its order."""
    problems: tuple[ArchiveProblem, ...] = ()
    """What is wrong with the archive itself, and with members that could not be inflated."""
    members: tuple[Member, ...] = ()
    """The native members, and those whose name says that they should be, in the archive's order."""
    wanted: Wanted | None = None
    """Who is to use the wheel, where the caller says so."""
    provenance: Provenance | None = None
    """What built it; None where that is not known or no known fault of a build tool could show in it."""
    siblings: tuple[Sibling, ...] = ()
    """The other wheels of the same project and version that were given with it."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """What the live tag triples demand."""
        return self.promise.targets


FORMAT_OF_SYSTEM: Mapping[str, Format] = {
    "windows": Format.PE,
    "mingw": Format.PE,
    "macos": Format.MACHO,
    "ios": Format.MACHO,
    "linux": Format.ELF,
    "android": Format.ELF,
    "wasm": Format.WASM,
}
"""What each system's loader takes; `any` and `other` are missing."""

DARWIN_NAMES: Mapping[str, str] = {"x86": "i386", "arm": "armv7"}
"""What dyld calls an architecture, where it differs from ours (dyld mach_o/Architecture.cpp)."""

_DATA_MACHINES = frozenset({
    Machine.CUDA, Machine.AMDGPU, Machine.BPF, Machine.HEXAGON, Machine.WASM32, Machine.WASM64, Machine.EBC
})  # fmt: skip

# -- names of extension modules ------------------------------------------------------------------------------


class ExtensionName(NamedTuple):
    """The file name of an extension module, taken apart (rules.md 5.2)."""

    stem: str
    """Up to the first dot, a debug build's `_d` left out: the last component of the module's name."""
    suffix: str
    """What follows the stem: `.cpython-311-x86_64-linux-gnu.so`, `_d.cp311-win_amd64.pyd`, `.pyd`."""
    abi: str
    """`cpython`, `abi3`, `abi3t`, `pypy`, `graalpy`, or empty for a plain `.so` or `.pyd`."""
    version: tuple[int, int] | None
    """The Python version that the suffix names; None for a stable ABI and for a plain suffix."""
    flags: str
    """ABI flags behind the version: `t` free-threaded, `d` debug, `m`."""
    platform: str
    """`x86_64-linux-gnu`, `darwin`, `win_amd64`, ..., or empty."""


_EXTENSION_ENDS = (".so", ".pyd", ".fwork", ".dylib")
_STABLE_TAGS = ("abi3", "abi3t")
_POSIX_TAGS = {
    "cpython": lazy.pattern(r"cpython-(?P<version>[23]\d{1,2})(?P<flags>[dmtu]*)(?:-(?P<platform>.+))?"),
    "abi3": lazy.pattern(r"(?P<abi>abi3t?)-(?P<platform>.+)"),
    "pypy": lazy.pattern(r"pypy(?P<version>[23]\d{0,2})-pp\d*(?:-(?P<platform>.+))?"),
    "graalpy": lazy.pattern(r"graalpy.*?-(?P<version>3\d{1,2})-native(?:-(?P<platform>.+))?"),
}
_WINDOWS_TAGS = {
    "cp": lazy.pattern(r"cp(?P<version>[23]\d{1,2})(?P<flags>t?)-(?P<platform>[a-z0-9_]+)"),
    "pypy": lazy.pattern(r"pypy(?P<version>[23]\d{0,2})-pp\d*-(?P<platform>[a-z0-9_]+)"),
    "graalpy": lazy.pattern(r"graalpy.*?-(?P<version>3\d{1,2})-native-(?P<platform>.+)"),
}
"""What stands between a module's name and the ending, by how it begins. No tag holds a dot."""


def _version(digits: str | None) -> tuple[int, int] | None:
    return (int(digits[0]), int(digits[1:] or 0)) if digits else None


def parse_extension_name(name: str) -> ExtensionName | None:
    """Take the file name of an extension module apart, or return None for another kind of name.

    A `.dylib` counts only with an ABI tag in its suffix: without one it is an ordinary library.

    Args:
        name: The last component of a path.
    """
    return _taken_apart(name) if name.endswith(_EXTENSION_ENDS) else None


@lru_cache(maxsize=1 << 12)
def _taken_apart(name: str) -> ExtensionName | None:
    dot, last = name.find(".", 1), name.rfind(".")
    if dot < 0:
        return None
    ending, tag = name[last:], name[dot + 1 : last]
    windows = ending == ".pyd"
    debug = windows and name[max(dot - 2, 1) : dot] == "_d"
    start = dot - 2 if debug else dot
    flags = "d" if debug else ""
    if dot == last:
        return None if ending == ".dylib" else ExtensionName(name[:start], name[start:], "", None, flags, "")
    if tag in _STABLE_TAGS:
        return ExtensionName(name[:start], name[start:], tag, None, flags, "")
    tags = _WINDOWS_TAGS if windows else _POSIX_TAGS
    begins = next(filter(tag.startswith, tags), None)
    match = tags[begins].fullmatch(tag) if begins is not None and "." not in tag else None
    if match is None or begins is None:
        return None
    part = match.groupdict("")
    return ExtensionName(
        stem=name[:start],
        suffix=name[start:],
        abi=part.get("abi") or ("cpython" if begins == "cp" else begins),
        version=_version(part.get("version")),
        flags=part.get("flags", "") + flags,
        platform=part["platform"],
    )


@lru_cache(maxsize=1 << 12)
def is_importable(path: str) -> bool:
    """Whether the import system can reach a module file at this path: every folder and the stem are identifiers."""
    *folders, name = installed_path(path).split("/")
    parsed = parse_extension_name(name)
    if parsed is None and not _names_library(name):
        return False
    stem = parsed.stem if parsed else name.partition(".")[0]
    return stem.isidentifier() and all(folder.isidentifier() for folder in folders)


def _names_library(name: str) -> bool:
    """Whether a build may call an extension module so by mistake: no suffix of Python's, no words between the dots."""
    stem, dot, ending = name.partition(".")
    kind, *version = ending.lower().split(".")
    if not stem or not dot:
        return bool(stem)
    return (
        kind in ("dll", "dylib", "so") and (kind == "so" or not version) and all(map(str.isdecimal, version))
    )


def module_name(path: str) -> str:
    """Return what an import statement calls the module at this path: `pkg._core`; for `__init__` its package."""
    *folders, name = installed_path(path).split("/")
    parsed = parse_extension_name(name)
    stem = parsed.stem if parsed else name.partition(".")[0]
    return ".".join(folders if stem == "__init__" and folders else [*folders, stem])


def expected_hooks(path: str) -> tuple[str, ...]:
    """Return the exported names with which Python would start the module at this path, the newest kind first.

    Source: PEP 489 (PyInit_, PyInitU_ with punycode), PEP 793 (PyModExport_, tried first from 3.15), Python 2's
    init, and cffi's hook on PyPy. A module named `__init__` starts by its package's name too (mypyc), and `x_d.pyd`
    is the debug build of `x` or a module named `x_d`.
    """
    *folders, name = installed_path(path).split("/")
    parsed = parse_extension_name(name)
    stems = [parsed.stem if parsed else name.partition(".")[0]]
    if parsed is not None and parsed.suffix.startswith("_d"):
        stems.append(f"{parsed.stem}_d")
    if stems[0] == "__init__" and folders:
        stems.append(folders[-1])
    hooks = []
    for stem in stems:
        if stem.isascii():
            plain, unicode = stem, ""
        else:
            plain, unicode = "", "U"
            stem = stem.encode("punycode").decode("ascii").replace("-", "_")
        hooks += [f"PyModExport{unicode}_{stem}", f"PyInit{unicode}_{stem}"]
        if plain:
            hooks += [f"init{plain}", f"_cffi_pypyinit_{plain}"]
    return tuple(hooks)


_NATIVE_ENDS = (".pyd", ".dll", ".exe", ".so", ".dylib")
_SHARED_NAME = lazy.pattern(r"\.so(?:\.\d+)*$")


def names_native_code(path: str) -> bool:
    """Whether the file's name promises native code: .pyd, .dll, .exe, .so, .so.1.2, .dylib."""
    lower = path.lower()
    return lower.endswith(_NATIVE_ENDS) or (".so." in lower and _SHARED_NAME.search(lower) is not None)


def is_sdist(filename: str | None) -> bool:
    """Whether the file name is that of a source distribution: `pkg-1.0.tar.gz`, `pkg-1.0.zip` (PEP 625)."""
    if filename is None or not filename.endswith((".tar.gz", ".zip")):
        return False
    from packaging.utils import InvalidSdistFilename, parse_sdist_filename

    try:
        parse_sdist_filename(filename)
    except InvalidSdistFilename:
        return False
    return True


def is_test(path: str) -> bool:
    """Whether a folder on the path says that what it holds is for tests."""
    return not (_TEST_FOLDERS | _TEST_DATA_FOLDERS).isdisjoint(path.lower().split("/")[:-1])


# -- machines --------------------------------------------------------------------------------------------------


def demanded_arches(targets: Iterable[Target], system: str) -> tuple[str, ...]:
    """Return every architecture that the live triples of one system demand, in their order, each once."""
    found: dict[str, None] = {}
    for target in targets:
        if target.system == system:
            found.update(dict.fromkeys(target.arches))
    return tuple(found)


def serves(image: Image, arch: str) -> bool:
    """Whether a process of this architecture can load the image, sub-ABI (`Image.variant`) left aside.

    ARM64X serves ARM64 (Microsoft, Arm64X PE files); ARM64EC, arm64e and x86_64h serve only their own kind.
    """
    return image.arch == arch or (image.variant == "arm64x" and arch == "arm64")


def fits(member: Member, targets: Sequence[Target]) -> bool:
    """Whether a process of at least one live triple can load one of the member's images."""
    return any(
        image.format is FORMAT_OF_SYSTEM.get(target.system)
        and any(serves(image, arch) for arch in target.arches)
        for image in member.images
        for target in targets
    )


_ARCH_TOKENS: Mapping[str, str] = {
    "x86": "x86", "i386": "x86", "i486": "x86", "i586": "x86", "i686": "x86",
    "x86_64": "x86_64", "x86-64": "x86_64", "x64": "x86_64", "amd64": "x86_64",
    "arm64": "arm64", "aarch64": "arm64", "arm64ec": "arm64ec", "armv7": "arm", "armv7l": "arm", "armhf": "arm",
    "ppc64le": "ppc64le", "powerpc64le": "ppc64le", "s390x": "s390x", "riscv64": "riscv64",
    "loongarch64": "loongarch64",
}  # fmt: skip
_ARCH_TOKEN = lazy.pattern(
    r"(?:^|(?<=[-_./]))(" + "|".join(sorted(_ARCH_TOKENS, key=len, reverse=True)) + r")(?=[-_./]|$)"
)
_ARCH_SIGNS = ("86", "64", "arm", "390")
"""Every token holds one of these. Few names do, so the pattern need hardly ever be compiled."""


def arch_token(name: str) -> str | None:
    """Return the architecture that a file name claims, as `Image.arch` spells it, or None for none or several.

    Args:
        name: The last component of a path: folders claim too much (`x86/arm64/tool` belongs to a family).
    """
    lower = name.lower()
    if not any(sign in lower for sign in _ARCH_SIGNS):
        return None
    claimed = {_ARCH_TOKENS[token] for token in _ARCH_TOKEN.findall(lower)}
    return claimed.pop() if len(claimed) == 1 else None


CLR_ILONLY = 0x1
"""COMIMAGE_FLAGS_ILONLY (ECMA-335 II.25.3.3.1)."""


def is_managed(image: Image) -> bool:
    """Whether the image is .NET code without native code: its machine field binds no native loader."""
    facts = image.pe
    if facts is None:
        return False
    return bool(facts.readytorun_os) or (facts.clr_flags is not None and bool(facts.clr_flags & CLR_ILONLY))


def is_loadable(image: Image) -> bool:
    """Whether a loader takes the image into a running process, whatever its machine: no program, no archive."""
    return image.kind in (Kind.SHARED_LIBRARY, Kind.BUNDLE, Kind.MODULE)


# -- roles (rules.md section 6) --------------------------------------------------------------------------------

_TEST_FOLDERS = frozenset({"test", "tests", "testing"})
_TEST_DATA_FOLDERS = frozenset({"testdata", "test_data", "test-data", "fixtures", "corpus", "samples"})
_SDK_FOLDERS = ("sysroot", "nvvm")
_BUNDLE_FOLDERS = (".libs", ".dylibs")
_FAMILY_TOKENS = lazy.pattern(
    r"""(?:^|(?<=[-_./]))(?:x86[-_]64|x86|i[3-6]86|x32|win32|x64|amd64|win64|arm64ec|arm64|aarch64|armv[67]l?|armhf|arm
            |ppc64le|s390x|riscv64|loongarch64|linux|windows|win|macosx?|mac|darwin|osx|musl|gnu|msvc|universal2?)
        (?=[-_./]|$)
      | (?<![0-9])(?:32|64)(?:-?bits?)?(?![0-9])
      | (?<=[a-z])(?:x86_64|amd64|arm64|aarch64|win32|win64)(?=[-_.]|$)""",
    re.VERBOSE | re.IGNORECASE,
)
_SEPARATORS = lazy.pattern(r"[-_.]+")


def _is_in_sdk(folders: Sequence[str]) -> bool:
    """Whether a file lies where toolchains keep what is for the machines that they build for.

    Args:
        folders: On its path, in lower case.
    """
    return any(
        folder in _SDK_FOLDERS
        or folder.startswith("mingw")
        or (folder == "targets" and "-" in below)
        or (folder == "libc" and arch_token(below) is not None)
        for folder, below in zip(folders, [*folders[1:], ""], strict=False)
    )


def _family_key(path: str) -> str:
    """Return the path without the tokens that name a machine or system: equal for all members of a family."""
    native = path.lower().endswith(_NATIVE_ENDS)
    folders, slash, name = (path.rpartition(".")[0] if native else path).rpartition("/")
    key = _FAMILY_TOKENS.sub("", folders + slash + name.removeprefix("lib"))
    return "/".join(filter(None, (_SEPARATORS.sub("", part) for part in key.split("/")))).lower()


def _is_script(path: str) -> bool:
    """Whether installers put the file where the shell finds programs."""
    top, _, rest = path.partition("/")
    return rest.startswith("scripts/") and len(top) > len(".data") and top.endswith(".data")


def guess_role(path: str, images: Sequence[Image], promises_extension: bool = False) -> Role:
    """Return the role of a member by its name and headers alone, before its imports and exports are read.

    Whatever might be an extension module is called one, so that it is read deep enough to know.

    Args:
        path: Path in the wheel.
        images: Its images at `Depth.HEADER` or deeper; none where it could not be parsed.
        promises_extension: The tags promise a Python ABI, and nothing in the wheel is named like an extension
            module: a library under another name may then be one.
    """
    parts = path.lower().split("/")
    folders, name = parts[:-1], parts[-1]
    parsed = parse_extension_name(path.rpartition("/")[2])
    named = parsed is not None and (bool(parsed.abi) or name.endswith(".pyd")) and is_importable(path)
    if not images:
        return Role.EXTENSION if named else Role.LIBRARY
    first = images[0]
    if named and not all(map(is_managed, images)) and first.kind is not Kind.DEBUG:
        # Python will try to import it, whatever it is.
        return Role.EXTENSION
    if not _TEST_DATA_FOLDERS.isdisjoint(folders):
        return Role.TEST_DATA
    if first.format in (Format.ARCHIVE, Format.COFF) or first.kind is Kind.OBJECT:
        return Role.SDK
    if first.kind is Kind.DEBUG or any(folder.endswith(".dsym") for folder in folders):
        return Role.DEBUG
    if first.format is Format.BITCODE or first.machine in _DATA_MACHINES:
        return Role.DATA
    if _is_in_sdk(folders):
        return Role.SDK
    if all(map(is_managed, images)):
        return Role.MANAGED
    if _is_script(path):
        return Role.SCRIPT
    # Some libraries can be run too (libc.so.6, Qt): their program interpreter makes them look like programs.
    if first.kind is Kind.EXECUTABLE and not (first.format is Format.ELF and _SHARED_NAME.search(name)):
        return Role.EXECUTABLE if _TEST_FOLDERS.isdisjoint(folders) else Role.TEST_DATA
    if first.kind is Kind.CORE:
        return Role.DATA
    if parsed is not None and not name.endswith(".fwork"):
        return Role.EXTENSION
    if promises_extension and is_importable(path):
        return Role.EXTENSION
    return Role.LIBRARY


def _is_extension(path: str, images: Sequence[Image]) -> bool:
    """Whether a member that was read to LINKAGE is an extension module, right or broken (rules.md 5.4)."""
    hooks = {hook for image in images for hook in image.hooks}
    parsed = parse_extension_name(path.rpartition("/")[2])
    if not hooks.isdisjoint(expected_hooks(path)) and (
        is_importable(path) or (parsed is not None and parsed.abi)
    ):
        return True
    # Damage may hide the hook, so a damaged file is what its name says, and so is one that no loader opens.
    named = parsed is not None and (bool(parsed.abi) or path.lower().endswith(".pyd"))
    if not named:
        return False
    if any(image.faults or image.depth < Depth.LINKAGE or not is_loadable(image) for image in images):
        return True
    return any(hook.startswith(("PyInit", "PyModExport")) for hook in hooks)


def _several_machines(members: Iterable[Member]) -> bool:
    """Whether the images are for more than one machine, as in no wheel but a universal one they are."""
    images = (image for member in members for image in member.images)
    first = next(images, None)
    return first is not None and any(
        image.machine is not first.machine
        or image.format is not first.format
        or image.variant != first.variant
        for image in images
    )


def _families(members: Sequence[Member], targets: Sequence[Target]) -> set[str]:
    """Return the paths of members of multi-architecture families (rules.md 6.2).

    A family is at least two members whose paths differ only in tokens that name machines or systems, with at
    least two machines among them, one of which fits a tag; a wheel for `any` platform fits always.
    """
    if not _several_machines(members):
        return set()
    groups: dict[str, list[Member]] = {}
    for member in members:
        groups.setdefault(_family_key(member.path), []).append(member)
    anywhere = any(target.system == "any" for target in targets)
    found: set[str] = set()
    for group in groups.values():
        machines = {(image.format, image.arch) for member in group for image in member.images}
        if (
            len(group) > 1
            and len(machines) > 1
            and (anywhere or any(fits(member, targets) for member in group))
        ):
            found.update(member.path for member in group)
    return found


def family_arches(members: Sequence[Member]) -> dict[str, set[str]]:
    """Return, by path, the architectures of a member and of those whose paths differ from its own in tokens only."""
    groups: dict[str, list[Member]] = {}
    for member in members:
        groups.setdefault(_family_key(member.path), []).append(member)
    return {
        member.path: {image.arch for other in group for image in other.images}
        for group in groups.values()
        for member in group
    }


def assign_roles(members: Sequence[Member], targets: Sequence[Target]) -> tuple[Member, ...]:
    """Return the members with their final roles, and with `Member.python` for the extension modules.

    Args:
        members: See `final_roles`.
        targets: What the live triples demand.
    """
    return tuple(
        member._replace(role=role, python=python_linkage(member))
        if role is Role.EXTENSION
        else member._replace(role=role)
        for member, role in zip(members, final_roles(members, targets), strict=True)
    )


def final_roles(members: Sequence[Member], targets: Sequence[Target]) -> list[Role]:
    """Return what each member is in its wheel.

    Args:
        members: Members with the role that `guess_role` gave them, read as deep as that role asks.
        targets: What the live triples demand.
    """
    return list(_final_roles(tuple(members), tuple(targets)))


@lazy.once
def _final_roles(members: tuple[Member, ...], targets: tuple[Target, ...]) -> list[Role]:
    extensions = {
        member.path
        for member in members
        if member.role is Role.EXTENSION and (not member.images or _is_extension(member.path, member.images))
    }
    loaded = reachable(links(members), extensions)
    loadable = [
        member for member in members if member.role in (Role.EXTENSION, Role.LIBRARY, Role.EXECUTABLE)
    ]
    families = _families([member for member in loadable if member.path not in extensions], targets)
    libraries = (Role.EXTENSION, Role.LIBRARY)
    result = []
    for member in members:
        role = member.role
        if member.path in extensions:
            role = Role.EXTENSION
        elif member.path in loaded and role in libraries:
            role = Role.DEPENDENCY
        elif role in libraries and member.path.rpartition("/")[0].endswith(_BUNDLE_FOLDERS):
            role = Role.DEPENDENCY if extensions else Role.LIBRARY
        elif member.path in families:
            role = Role.FAMILY
        elif role in libraries:
            folders = member.path.lower().split("/")[:-1]
            role = Role.LIBRARY if _TEST_FOLDERS.isdisjoint(folders) else Role.TEST_DATA
        result.append(role)
    return result


def accepts(target: Target, name: ExtensionName) -> bool:
    """Whether all Pythons that a tag invites import a file of this name.

    A stable ABI's suffixes are those of its lowest Python; what names that Python serves no later one. Of PyPy and
    GraalPy only the ABI and version are compared: how they spell machines is less sure.
    """
    if target.stable_abi and name.version:
        return False
    if name.suffix in target.suffixes:
        return True
    if target.implementation in ("pypy", "graalpy"):
        return name.abi == target.implementation and name.version == target.version
    if target.abi == "none" and name.flags == "t":
        # the tag invites the free-threaded builds of its version too
        return name.suffix.replace("t-", "-", 1) in target.suffixes
    return False


@lazy.once
def shadowed_variants(members: tuple[Member, ...], targets: tuple[Target, ...]) -> frozenset[str]:
    """Return the extension modules that no live triple imports because a sibling of the same module comes first.

    A wheel may hold several files of one module (rules.md 5.3, 13). Each target takes the one whose suffix stands
    first in its list; where we don't know the list, one that its machine can load.
    """
    modules: dict[str, list[tuple[ExtensionName, Member]]] = {}
    for member in members:
        name = parse_extension_name(member.name) if member.role is Role.EXTENSION else None
        if name is not None:
            modules.setdefault(module_name(member.path), []).append((name, member))
    shadowed: set[str] = set()
    for variants in modules.values():
        if len(variants) < 2:
            continue
        picked: set[str] = set()
        for target in targets:
            if not target.suffixes:
                picked.update(member.path for _, member in variants if fits(member, (target,)))
                continue
            order = {suffix: rank for rank, suffix in enumerate(target.suffixes)}
            takers = sorted(
                (name.flags == "t" and target.abi == "none", order.get(name.suffix, 0), member.path)
                for name, member in variants
                if accepts(target, name)
            )
            # Under ABI none, builds with and without the GIL each take their own first.
            for free_threaded in (False, True):
                picked.update([path for flavour, _, path in takers if flavour is free_threaded][:1])
        if picked:
            shadowed.update(member.path for _, member in variants if member.path not in picked)
    return frozenset(shadowed)


# -- Python ----------------------------------------------------------------------------------------------------

_HOOK_PREFIXES = ("PyInit_", "PyInitU_", "PyModExport_", "PyModExportU_")


def python_linkage(member: Member) -> PythonLinkage:
    """Return how an extension module is bound to Python, united over its slices."""
    runtime = next(
        (name for image in member.images for name in map(python_library, image.needed) if name is not None),
        None,
    )
    hooks: dict[str, None] = {}
    for image in member.images:
        hooks.update(dict.fromkeys(hook for hook in image.hooks if hook.startswith(_HOOK_PREFIXES)))
    gil = "unknown"
    library = cpython_library(runtime) if runtime else None
    if library is not None:
        gil = "free-threaded" if library.flags.startswith("t") else "gil"
    return PythonLinkage(runtime, tuple(hooks), gil, measure(member.images))


# -- what a wheel stands on ----------------------------------------------------------------------------------

_PAYLOAD = frozenset({Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT, Role.LIBRARY, Role.EXECUTABLE})


def is_product(member: Member, members: tuple[Member, ...]) -> bool:
    """Whether a member is all the native code that the wheel brings: its one program, or its one library.

    Members of families, debug companions, test data and the like beside it do not count (rules.md 6.1).
    """
    return member.role in _PAYLOAD and all(path == member.path for path in _bringers(members))


@lazy.once
def _bringers(members: tuple[Member, ...]) -> tuple[str, ...]:
    """Return the paths of up to two members that bring native code which counts."""
    paths = (one.path for one in members if one.role in _PAYLOAD and (one.images or one.faults))
    first = next(paths, None)
    second = next((path for path in paths if path != first), None)
    return tuple(path for path in (first, second) if path is not None)


# -- C libraries ---------------------------------------------------------------------------------------------


def _libc_of_name(name: str) -> str:
    """Return the C library that a program interpreter or needed library belongs to, or an empty string."""
    if name.startswith(("ld-musl-", "libc.musl-")):
        return "musl"
    if name.startswith(("libc.so.6", "ld-linux", "ld64.so.")):
        return "glibc"
    return "bionic" if name in ("linker", "linker64") else ""


def libc_of(image: Image) -> str:
    """Return the C library that an ELF image was built for: `glibc`, `musl`, `bionic`, or an empty string.

    Empty is undecided and right anywhere: a static program, a library without libc, or one that needs a
    plain `libc.so`, which is what both bionic and cross-compilers for musl write. Looked at in this order:
    the program interpreter, the needed libraries, the version nodes (bionic's is `LIBC`), the Android note
    (rules.md 4.2).

    Args:
        image: Any image, read to `Depth.LINKAGE`; one that is no ELF is undecided.
    """
    elf = image.elf
    if elf is None:
        return ""
    for name in (elf.interpreter.rpartition("/")[2], *image.needed):
        if family := _libc_of_name(name):
            return family
    for need in elf.version_needs:
        if need.version.startswith("GLIBC_"):
            return "glibc"
        if need.version == "LIBC" or need.version.startswith("LIBC_"):
            return "bionic"
    return "bionic" if elf.android_api is not None else ""
