"""What a wheel promises: its file name and its WHEEL file, turned into demands on a binary."""

from __future__ import annotations

from itertools import product

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import UsageError
from ..limits import DEFAULT, Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OTHER_FAMILIES", "DeadTag", "Promise", "Target", "WheelName", "read_promise"]

OTHER_FAMILIES = frozenset(
    {"aix", "cygwin", "freebsd", "haiku", "illumos", "msys", "netbsd", "openbsd", "solaris"}
)
"""First words of the platform tags that some Python answers to and that we know by name only."""


class WheelName(NamedTuple):
    """A wheel's file name, taken apart."""

    project: str
    """Normalised (PEP 503)."""
    version: str
    """Normalised (PEP 440)."""
    build: str
    """The build tag as written, or empty."""
    triples: tuple[str, ...]
    """The expanded tag triples, `cp311-abi3-win_amd64`, lower-cased and sorted."""
    variant: str = ""
    """The variant label of PEP 825 (draft), or empty."""
    sets: tuple[str, ...] = ()
    """The python, ABI and platform parts as written: `("py2.py3", "none", "any")`."""


class Target(NamedTuple):
    """What one live tag triple demands: machine, system and Python of those who will install the wheel."""

    triple: str
    """`cp311-abi3-win_amd64`."""
    python: str
    """The python tag, `cp311`."""
    abi: str
    """The ABI tag, `abi3`."""
    platform: str
    """The platform tag, `win_amd64`."""

    system: str
    """`windows`, `mingw`, `macos`, `linux`, `ios`, `android`, `wasm`, `any`, or `other` for a family that we
    only know by name."""
    arches: tuple[str, ...]
    """Every architecture that a file must hold (`Image.arch` of a slice each), in the order of the platform's
    own table: `("arm64", "x86_64")` for universal2; empty for `any` and for systems whose architecture token
    we can't read."""
    floor: tuple[int, int] | None
    """The lowest system: macOS or iOS version, glibc or musl version, (API level, 0) for Android. None where
    the tag has none."""
    libc: str
    """`glibc`, `musl`, `bionic`, or empty (bare `linux_*` says neither)."""

    implementation: str
    """`cpython`, `pypy`, `graalpy`, `python` (the generic py tags), or the tag's own letters."""
    version: tuple[int, int] | None
    """The python tag's version: the only one for a version-specific or `none` ABI on `cp`, else the lowest.
    None for a bare major (py3)."""
    stable_abi: str
    """`abi3` or `abi3t`, or empty."""
    free_threaded: bool | None
    """True and False where the ABI tag says so; None where it does not (`none`, generic tags)."""
    debug: bool

    runtimes: tuple[str, ...]
    """Lower-cased names of the Python DLLs that are right on Windows, the usual one first; empty off Windows
    and where any will do. One file serves both triples of `abi3.abi3t`, so there the abi3 triple names
    python3t.dll as well (PEP 803: CPython 3.15 and later ship it with either build)."""
    suffixes: tuple[str, ...]
    """Suffixes that the import system of this target tries, in its order (`.cp311-win_amd64.pyd`, `.pyd`);
    for a stable ABI those of its *lowest* Python. Empty where we do not know the interpreter's (generic tags
    included)."""


class DeadTag(NamedTuple):
    """A triple that no installer accepts."""

    triple: str
    why: str
    """One clause: `macOS 11 and later have minor version 0 in tags`."""


class Promise(NamedTuple):
    """Everything that a wheel's name says, judged and ready to compare."""

    name: WheelName | None
    """None where the file name is no wheel name; the triples then come from WHEEL or from `--tag`."""
    name_problem: str
    """Why it is none, in one clause, or empty."""
    triples: tuple[str, ...]
    """The triples that the audit goes by, sorted."""
    targets: tuple[Target, ...]
    """The live ones, in the order of `triples`."""
    dead: tuple[DeadTag, ...]
    source: str
    """Where the triples come from: `name`, `option` (`--tag`) or `WHEEL`."""
    too_many: bool = False
    """The compressed sets multiply to more than `Limits.tag_combinations`; nothing was expanded."""


def read_promise(
    filename: str | None, wheel_tags: Sequence[str] = (), tag: str | None = None, limits: Limits = DEFAULT
) -> Promise:
    """Return what a wheel promises.

    Args:
        filename: The last component of the wheel's path; None where the bytes have no name.
        wheel_tags: The `Tag` lines of WHEEL as written. They count only where the file name is no wheel
            name, and then lines that are no tags are passed over.
        tag: The tag to go by instead, `cp311-abi3-win_amd64`; its parts may be compressed sets.
        limits: Bounds on the expansion of compressed sets.

    Returns:
        The promise. What is wrong with the file name is in it, never an exception.

    Raises:
        UsageError: `tag` is no tag.

    Source: binary distribution format (PEP 427), platform compatibility tags (PEP 425, 600, 656, 730, 738,
    783), PEP 803 (abi3t), PEP 825 (variant labels, draft); what installers accept: packaging.tags.
    """
    name, problem, too_many = _read_name(filename, limits)
    triples = name.triples if name else ()
    source = "name"
    if tag is not None:
        source = "option"
        try:
            expanded = _expand(tag, limits)
        except ValueError as error:
            raise UsageError(f"{tag!r} is no wheel tag: {error}") from None
        triples, too_many = expanded or (), expanded is None
    elif name is None:
        source = "WHEEL"
        triples, too_many = _expand_lines(wheel_tags, limits)
    targets: list[Target] = []
    dead: list[DeadTag] = []
    siblings = frozenset(triples)
    for triple in triples:
        judged = _judge(triple, siblings)
        if isinstance(judged, Target):
            targets.append(judged)
        else:
            dead.append(judged)
    return Promise(name, problem, triples, tuple(targets), tuple(dead), source, too_many)


def _read_name(filename: str | None, limits: Limits) -> tuple[WheelName | None, str, bool]:
    """Return the file name taken apart, or why it can't be, and whether its triples are too many."""
    if filename is None:
        return None, "the wheel has no file name", False
    head, sets, variant = _cut_name(filename)
    for part in sets:
        if not part.replace(".", "").replace("_", "").isalnum() or not part.isascii():
            # A second download is saved as `... (1).whl`; packaging takes the rest of such a name for a tag.
            return None, f"no tag is written {part!r}: tags hold letters, digits, underscores and dots", False
    try:
        project, version, build = _read_head(head, filename.endswith(".whl"))
        triples = _expand("-".join(sets), limits)
    except ValueError as error:
        return None, _clause(str(error)), False
    return WheelName(project, version, build, triples or (), variant, sets), "", triples is None


_DIGITS = "0123456789"
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz_")
_PLAIN = _LETTERS.union(_DIGITS)


def _is_word(text: str) -> bool:
    """Whether the text is letters and digits of ASCII."""
    return text.isascii() and text.isalnum()


def _is_number(text: str) -> bool:
    """Whether the text is a number of at most nine digits, written as all write it."""
    return text.isascii() and text.isdecimal() and len(text) < 10 and (text[0] != "0" or text == "0")


# Importing packaging costs more than a small audit. Names that need no normalising but of the project's letters and
# underscores, as nearly all do not, are read without; a test holds that packaging says the same of each.
def _is_plain_head(head: str) -> bool:
    """Whether this is `project-version` and needs no normalising but of the project's letters and underscores."""
    project, _, version = head.partition("-")
    return all(map(_is_word, project.split("_"))) and all(map(_is_number, version.split(".")))


def _is_plain_tag(parts: Sequence[Sequence[str]]) -> bool:
    """Whether these are the python, ABI and platform tags of a compressed set, none of them to be normalised."""
    return (
        len(parts) == 3
        and all(word and _PLAIN.issuperset(word) for part in parts for word in part)
        and all(word[0].isalpha() and "_" not in word for word in parts[0])
    )


def _read_head(head: str, is_wheel: bool) -> tuple[str, str, str]:
    """Return the normalised project and version, and the build tag as written, of `project-version[-build]`.

    Raises:
        ValueError: It is no such name, or the file's name has another ending than `.whl`.
    """
    if is_wheel and _is_plain_head(head):
        words, _, numbers = head.partition("-")
        return words.lower().replace("_", "-"), numbers, ""
    from packaging.utils import parse_wheel_filename

    # the tags come after, because parse_wheel_filename sets no limit to them
    project, version, build, _ = parse_wheel_filename(f"{head}-py3-none-any{'.whl' * is_wheel}")
    return project, str(version), head.rpartition("-")[2] if build else ""


def _clause(text: str) -> str:
    """Return what packaging says without its opening words and without the file name, in which it ends."""
    text = text.rpartition(": ")[0] or text
    text = text.removeprefix("Invalid wheel filename (").removesuffix(")")
    return text[:1].lower() + text[1:]


def _cut_name(filename: str) -> tuple[str, tuple[str, ...], str]:
    """Return `project-version[-build]`, the three tag parts, and the variant label of a file name.

    PEP 825 forbids a python tag that starts with a digit, so a third part that does is a build tag. A last
    part that is a platform tag is no label: then a version was written with a dash.
    """
    parts = filename.removesuffix(".whl").split("-")
    usual = 6 if len(parts) > 2 and parts[2][:1].isdigit() else 5
    variant = ""
    if len(parts) == usual + 1 and _is_label(parts[-1]):
        variant = parts.pop()
    return "-".join(parts[:-3]), tuple(parts[-3:]), variant


def _is_label(text: str) -> bool:
    import re

    known = _read_platform(text.partition(".")[0]).system != "other"
    return not known and re.fullmatch(r"[0-9a-z_.]+", text) is not None


def _expand(tag: str, limits: Limits) -> tuple[str, ...] | None:
    """Return the triples of a tag, sorted, or None where there are too many.

    Raises:
        ValueError: It is no tag.
    """
    parts = [part.split(".") for part in tag.split("-")]
    pythons, abis, platforms = parts
    # parse_tag takes a limit from packaging 26.3 on only
    if len(pythons) * len(abis) * len(platforms) > limits.tag_combinations:
        return None
    if _is_plain_tag(parts):
        return tuple(sorted({"-".join(triple) for triple in product(*parts)}))
    from packaging.tags import parse_tag

    return tuple(sorted(str(one) for one in parse_tag(tag)))


def _expand_lines(wheel_tags: Sequence[str], limits: Limits) -> tuple[tuple[str, ...], bool]:
    """Return the triples of WHEEL's `Tag` lines, sorted, and whether there are too many."""
    triples: set[str] = set()
    for line in wheel_tags:
        try:
            expanded = _expand(line, limits)
        except ValueError:
            continue
        triples.update(expanded or ())
        if expanded is None or len(triples) > limits.tag_combinations:
            return (), True
    return tuple(sorted(triples)), False


def _judge(triple: str, siblings: frozenset[str]) -> Target | DeadTag:
    """Return what a triple demands, or why nobody is there to demand it."""
    python_tag, abi_tag, platform_tag = triple.split("-")
    platform = _read_platform(platform_tag)
    python = _read_python(python_tag)
    abi = _read_abi(abi_tag)
    why = platform.dead or _why_dead(python, abi, platform, python_tag, abi_tag)
    if why:
        return DeadTag(triple, why)
    serves_both = abi.stable == "abi3" and f"{python_tag}-abi3t-{platform_tag}" in siblings
    return Target(
        triple,
        python_tag,
        abi_tag,
        platform_tag,
        platform.system,
        platform.arches,
        platform.floor,
        platform.libc,
        python.implementation,
        python.version,
        abi.stable,
        abi.free_threaded,
        "d" in abi.flags,
        _runtimes(python, _Abi("abi3t", True) if serves_both else abi, platform),
        _suffixes(python, abi, platform, abi_tag, platform_tag),
    )


# ---- the python tag and the ABI tag


class _Python(NamedTuple):
    implementation: str
    version: tuple[int, int] | None
    major: int | None

    @property
    def digits(self) -> str:
        """`311`, as tags, DLL names and suffixes spell 3.11; empty without a version."""
        return f"{self.version[0]}{self.version[1]}" if self.version else ""


class _Abi(NamedTuple):
    stable: str = ""
    free_threaded: bool | None = None
    digits: str = ""
    """The version in `cp311`; empty for other ABIs."""
    flags: str = ""
    """PEP 3149's letters, `t` before them."""


_ABI_FLAGS = "tdmu"
_IMPLEMENTATIONS = {"cp": "cpython", "pp": "pypy", "py": "python"}


def _read_python(tag: str) -> _Python:
    letters = tag.rstrip(_DIGITS)
    major, minor = tag[len(letters) :][:1], tag[len(letters) :][1:]
    if not letters or not _LETTERS.issuperset(letters) or len(minor) > 3:
        return _Python(tag, None, None)
    if len(letters) > 1:
        letters = letters.removesuffix("_")
    version = (int(major), int(minor)) if minor else None
    return _Python(_IMPLEMENTATIONS.get(letters, letters), version, int(major) if major else None)


def _read_abi(tag: str) -> _Abi:
    if tag in ("abi3", "abi3t"):
        return _Abi(tag, tag == "abi3t")
    version = tag.removeprefix("cp")
    flags = version.lstrip(_DIGITS)
    digits = version[: len(version) - len(flags)]
    in_order = "".join(flag for flag in _ABI_FLAGS if flag in flags)
    if version == tag or not 2 <= len(digits) <= 4 or flags != in_order:
        return _Abi()
    return _Abi("", "t" in flags, digits, flags)


def _why_dead(python: _Python, abi: _Abi, platform: _Platform, python_tag: str, abi_tag: str) -> str:
    """Return why no installer accepts the triple for its Python and ABI, or nothing.

    Source: packaging.tags cpython_tags, generic_tags and compatible_tags; uv agrees in what it knows.
    """
    plain = platform.system == "any"
    if plain and abi_tag != "none":
        return "installers offer platform any with ABI none only"
    if python.implementation == "python":
        if python.major is None:
            return "a py tag without a version"
        return "" if abi_tag == "none" else "a py tag goes with ABI none only"
    if python.implementation == "cpython":
        return _why_dead_on_cpython(python, abi, abi_tag)
    if python.implementation in ("pypy", "graalpy"):
        return _why_dead_elsewhere(python, abi_tag, python_tag, plain)
    return ""


def _why_dead_on_cpython(python: _Python, abi: _Abi, abi_tag: str) -> str:
    if python.version is None:
        return "a cp tag needs a minor version"
    if abi_tag == "none":
        return ""
    if abi.stable:
        return "" if python.version >= (3, 2) else "the stable ABI begins with Python 3.2"
    if abi.digits != python.digits:
        return f"{abi_tag} is no ABI of CPython {python.version[0]}.{python.version[1]}"
    if abi.free_threaded and python.version < (3, 13):
        return "free-threaded builds begin with Python 3.13"
    if "m" in abi.flags and python.version >= (3, 8):
        return "the ABI flag m ended with Python 3.7"
    if "u" in abi.flags and python.version >= (3, 3):
        return "the ABI flag u ended with Python 3.2"
    return ""


def _why_dead_elsewhere(python: _Python, abi_tag: str, python_tag: str, plain: bool) -> str:
    """Return why PyPy or GraalPy does not ask for the triple; they share packaging's generic_tags."""
    import re

    if plain:
        return (
            "" if python_tag == "pp3" else "for platform any, PyPy offers pp3 and GraalPy no tag of its own"
        )
    if python.version is None:
        return f"{python.implementation} tags need a minor version"
    if abi_tag == "none":
        return ""
    if not abi_tag.startswith(python.implementation):
        return f"{abi_tag} is no ABI of {python.implementation}"
    named = re.match(r"pypy([0-9]{2,4})_|graalpy[0-9]*_([0-9]{2,4})_", abi_tag)
    if named and (named[1] or named[2]) != python.digits:
        return f"{abi_tag} is of another Python version than {python.digits}"
    return ""


# ---- the platform tag


class _Platform(NamedTuple):
    system: str
    arches: tuple[str, ...] = ()
    floor: tuple[int, int] | None = None
    libc: str = ""
    tokens: tuple[str, ...] = ()
    """What CPython writes between ABI and `.so` in a suffix, musl spelled as glibc; empty where unknown."""
    other_tokens: tuple[str, ...] = ()
    """The same for PyPy."""
    dead: str = ""
    """Why no installer accepts the tag."""


_WINDOWS = {
    "win32": "x86",
    "win_amd64": "x86_64",
    "win_arm64": "arm64",
    "win_arm32": "arm",
    "win_ia64": "ia64",
}
"""sysconfig.get_platform() on Windows."""

_MACOS = {
    "arm64": ("arm64",),
    "x86_64": ("x86_64",),
    "universal2": ("arm64", "x86_64"),
    "intel": ("x86", "x86_64"),
    "fat": ("x86", "ppc"),
    "fat3": ("x86", "ppc", "x86_64"),
    "fat32": ("x86", "ppc", "x86_64"),  # fat3 before packaging spelled it right
    "fat64": ("ppc64", "x86_64"),
    "universal": ("x86", "ppc", "ppc64", "x86_64"),
    "i386": ("x86",),
    "ppc": ("ppc",),
    "ppc64": ("ppc64",),
}
"""Lib/_osx_support.py, get_platform_osx."""

_LINUX = {
    "x86_64": ("x86_64", ("x86_64-linux-gnu",), ("x86_64-linux-gnu",)),
    "i686": ("x86", ("i386-linux-gnu",), ("x86-linux-gnu", "i686-linux-gnu")),
    "aarch64": ("arm64", ("aarch64-linux-gnu",), ("aarch64-linux-gnu",)),
    "armv6l": ("arm", ("arm-linux-gnueabihf",), ("arm-linux-gnu",)),
    "armv7l": ("arm", ("arm-linux-gnueabihf",), ("arm-linux-gnu",)),
    "armv8l": ("arm", ("arm-linux-gnueabihf",), ("arm-linux-gnu",)),
    "ppc64le": ("ppc64le", ("powerpc64le-linux-gnu",), ("ppc_64-linux-gnu", "powerpc64le-linux-gnu")),
    "ppc64": ("ppc64", ("powerpc64-linux-gnu",), ("ppc_64-linux-gnu",)),
    "s390x": ("s390x", ("s390x-linux-gnu",), ("s390x-linux-gnu",)),
    "riscv64": ("riscv64", ("riscv64-linux-gnu",), ("riscv64-linux-gnu",)),
    "loongarch64": ("loongarch64", ("loongarch64-linux-gnu",), ("loongarch64-linux-gnu",)),
}
"""By the tag's architecture: machine, suffix tokens of CPython (Misc/platform_triplet.c), those of PyPy."""

_ANDROID = {
    "arm64_v8a": ("arm64", "aarch64-linux-android"),
    "x86_64": ("x86_64", "x86_64-linux-android"),
    "armeabi_v7a": ("arm", "arm-linux-androideabi"),
    "x86": ("x86", "i686-linux-android"),
}
"""PEP 738; Misc/platform_triplet.c."""

_LEGACY_MANYLINUX = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}

_TOKENS = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "i386": "x86",
    "i486": "x86",
    "i586": "x86",
    "i686": "x86",
    "x86": "x86",
    "aarch64": "arm64",
    "arm64": "arm64",
    "ppc64le": "ppc64le",
    "ppc64": "ppc64",
    "powerpc64": "ppc64",
    "powerpc64le": "ppc64le",
    "riscv64": "riscv64",
    "sparc64": "sparc64",
    "sparcv9": "sparc64",
    "s390x": "s390x",
    "ia64": "ia64",
}
"""Architecture tokens of the systems that we know by name only."""


def _read_platform(tag: str) -> _Platform:
    family, _, rest = tag.partition("_")
    if tag == "any":
        return _Platform("any")
    if tag in _WINDOWS:
        return _Platform("windows", (_WINDOWS[tag],))
    if family == "mingw":
        arch = next((machine for name, machine in _TOKENS.items() if rest.startswith(name)), "")
        return _Platform("mingw", (arch,) if arch else ())
    if family == "macosx":
        return _read_macos(rest)
    if family in ("linux", "manylinux", "musllinux", *_LEGACY_MANYLINUX) and rest:
        return _read_linux(family, rest)
    if family == "ios":
        return _read_ios(rest)
    if family == "android":
        return _read_android(rest)
    if family in ("emscripten", "pyemscripten", "pyodide", "wasi") and tag.endswith("_wasm32"):
        return _Platform(
            "wasm", ("wasm32",), tokens=("wasm32-wasi" if family == "wasi" else "wasm32-emscripten",)
        )
    arch = next((machine for name, machine in _TOKENS.items() if tag.endswith(f"_{name}")), "")
    return _Platform("other", (arch,) if arch and family in OTHER_FAMILIES else ())


def _versioned(rest: str) -> tuple[tuple[int, int], str] | None:
    """Return the version and what follows it in `10_9_x86_64`, or None."""
    major, _, rest = rest.partition("_")
    minor, _, rest = rest.partition("_")
    known = rest and all(part.isascii() and part.isdecimal() and len(part) < 5 for part in (major, minor))
    return ((int(major), int(minor)), rest) if known else None


def _read_macos(rest: str) -> _Platform:
    """Read what stands behind `macosx_`.

    The living versions are those of packaging.tags.mac_platforms for hosts that exist: ppc up to 10.6, ppc64
    10.4 and 10.5, arm64 from 11. A host of macOS 11 or later offers every `10_4` to `10_16` tag of its
    formats too.
    """
    found = _versioned(rest)
    if not found:
        return _Platform("macos", dead="macOS tags read macosx_MAJOR_MINOR_ARCHITECTURE")
    version, arch = found
    arches = _MACOS.get(arch)
    if not arches:
        return _Platform("macos", dead=f"no Mac calls its architecture {arch}")
    dead = ""
    if version[0] >= 11 and version[1]:
        dead = "macOS 11 and later have minor version 0 in tags"
    elif version < (10, 0) or (10, 16) < version < (11, 0):
        dead = f"there was no macOS {version[0]}.{version[1]}"
    elif version < (10, 4) and "ppc" not in arches:
        dead = f"macOS tags for {arch} begin at 10_4"
    elif arch == "arm64" and version < (11, 0):
        dead = "macOS on arm64 begins at 11_0"
    elif arch in ("ppc", "ppc64") and version > ((10, 6) if arch == "ppc" else (10, 5)):
        dead = f"macOS on {arch} ended before {version[0]}.{version[1]}"
    # SDKs before macOS 11 make the system call itself 10.16
    floor = (11, 0) if version == (10, 16) else version

    return _Platform("macos", arches, floor, tokens=("darwin",), dead=dead)


def _read_linux(family: str, rest: str) -> _Platform:
    """Read a Linux tag (PEP 513, 571, 599, 600, 656)."""
    floor: tuple[int, int] | None = None
    arch = rest
    if family in _LEGACY_MANYLINUX:
        floor = _LEGACY_MANYLINUX[family]
    elif family != "linux":
        found = _versioned(rest)
        if not found:
            return _Platform("linux", dead=f"{family} tags read {family}_MAJOR_MINOR_ARCHITECTURE")
        floor, arch = found
    libc = {"linux": "", "musllinux": "musl"}.get(family, "glibc")
    machine, tokens, other_tokens = _LINUX.get(arch, ("", (), ()))
    dead = ""
    if libc == "glibc" and floor and machine:
        lowest = (2, 5) if machine in ("x86", "x86_64") else (2, 17)
        if arch == "armv6l":
            dead = "manylinux is not defined for armv6l"
        elif floor < lowest:
            dead = f"manylinux for {arch} begins at glibc {lowest[0]}.{lowest[1]}"
    return _Platform("linux", (machine,) if machine else (), floor, libc, tokens, other_tokens, dead)


def _read_ios(rest: str) -> _Platform:
    """Read what stands behind `ios_` (PEP 730)."""
    found = _versioned(rest)
    if not found:
        return _Platform("ios", dead="iOS tags read ios_MAJOR_MINOR_ARCHITECTURE_SDK")
    version, multiarch = found
    arch, _, sdk = multiarch.rpartition("_")
    if (arch, sdk) not in (
        ("arm64", "iphoneos"),
        ("arm64", "iphonesimulator"),
        ("x86_64", "iphonesimulator"),
    ):
        return _Platform("ios", dead=f"no iOS system calls itself {multiarch}")
    dead = "iOS tags begin at 12_0" if version < (12, 0) else ""
    return _Platform("ios", (arch,), version, tokens=(sdk,), dead=dead)


def _read_android(rest: str) -> _Platform:
    """Read what stands behind `android_` (PEP 738)."""
    level, _, abi = rest.partition("_")
    if not (level.isascii() and level.isdigit() and len(level) < 5 and abi in _ANDROID):
        return _Platform("android", dead="Android tags read android_APILEVEL_ABI")
    machine, token = _ANDROID[abi]
    dead = "Android tags begin at API level 16" if int(level) < 16 else ""
    return _Platform("android", (machine,), (int(level), 0), "bionic", (token,), dead=dead)


# ---- what the interpreter looks for


def _runtimes(python: _Python, abi: _Abi, platform: _Platform) -> tuple[str, ...]:
    """Return the Python DLLs that an extension module may import (PC/pyconfig.h, PEP 803, PyO3)."""
    if platform.system not in ("windows", "mingw") or python.implementation == "python":
        return ()
    if python.implementation == "pypy":
        versioned = (f"libpypy3.{python.version[1]}-c.dll",) if python.version and python.major == 3 else ()
        return (*versioned, "libpypy3-c.dll") if python.major == 3 else ("libpypy-c.dll",)
    if python.implementation == "graalpy":
        return ("python-native.dll",)
    if python.implementation != "cpython" or not python.version:
        return ()
    flavour = "t" if abi.free_threaded else ""
    if platform.system == "mingw":
        stable = f"libpython3{flavour}.dll"
        own = f"libpython{python.version[0]}.{python.version[1]}{flavour}.dll"
        return () if "d" in abi.flags else (stable,) if abi.stable else (own, stable)
    debug = "_d" if "d" in abi.flags else ""
    if abi.stable:
        return (f"python3{flavour}{debug}.dll",)
    own = f"python{python.digits}{flavour}{debug}.dll"
    stable_names = []
    if not flavour and python.version >= (3, 2):
        stable_names.append(f"python3{debug}.dll")
    if python.version >= (3, 15):  # from there on either build has it
        stable_names.append(f"python3t{debug}.dll")
    return (own, *stable_names)


def _suffixes(
    python: _Python, abi: _Abi, platform: _Platform, abi_tag: str, platform_tag: str
) -> tuple[str, ...]:
    """Return importlib.machinery.EXTENSION_SUFFIXES of the interpreter, the lowest for a stable ABI."""
    if not python.version:
        return ()
    if python.implementation == "pypy":
        return _pypy_suffixes(abi_tag, platform, platform_tag)
    if python.implementation == "graalpy":
        return _graalpy_suffixes(abi_tag, platform)
    if python.implementation != "cpython":
        return ()
    flags = abi.flags if abi.digits else "t" * bool(abi.free_threaded) + "m" * (python.version < (3, 8))
    if platform.system in ("windows", "mingw"):
        debug = "_d" if "d" in flags else ""
        tagged = f"{debug}.cp{python.digits}{'t' * ('t' in flags)}-{platform_tag}.pyd"
        return (tagged, f"{debug}.pyd") if python.version >= (3, 5) else (f"{debug}.pyd",)
    if not platform.tokens:
        return ()
    suffixes = _unix_suffixes(python, flags, platform)
    if platform.system == "ios":  # once in an app, each .so is a framework with a .fwork file in its place
        return (*(suffix.replace(".so", ".fwork") for suffix in suffixes), *suffixes)
    return suffixes


def _unix_suffixes(python: _Python, flags: str, platform: _Platform) -> tuple[str, ...]:
    """Return the suffixes of CPython's Python/dynload_shlib.c.

    Up to 3.10 CPython on musl calls itself `-linux-gnu`, from 3.11 `-linux-musl`; some distributions were
    ahead.
    """
    version = python.version
    if not version or version < (3, 0):
        return (".so", "module.so")
    tokens = platform.tokens
    musl = tuple(token.replace("-gnu", "-musl") for token in tokens)
    if platform.libc == "musl":
        tokens = musl if version >= (3, 11) else (*tokens, *musl)
    elif platform.system == "linux" and not platform.libc:
        tokens = (*tokens, *musl)
    free_threaded = "t" in flags
    abis = [f"cpython-{python.digits}{flags}"]
    if "d" in flags and version >= (3, 8):
        abis.append(abis[0].replace("d", ""))
    suffixes = [f".{abi}-{token}.so" for abi in abis for token in tokens]
    if version < (3, 5):
        suffixes += [f".{abi}.so" for abi in abis]
    if version < (3, 15):
        suffixes += [".abi3.so"] * (version >= (3, 2))
    else:
        for stable in ("abi3t",) if free_threaded else ("abi3", "abi3t"):
            suffixes += [*(f".{stable}-{token}.so" for token in tokens), f".{stable}.so"]
    return (*suffixes, ".so")


def _pypy_suffixes(abi_tag: str, platform: _Platform, platform_tag: str) -> tuple[str, ...]:
    """Return the one suffix that PyPy 3 tries, in each of its spellings."""
    if not abi_tag.startswith("pypy3"):
        return ()
    soabi = abi_tag.replace("_", "-")
    if platform.system == "windows":
        return (f".{soabi}-{platform_tag}.pyd",)
    if platform.system == "macos":
        return (f".{soabi}-darwin.so",)
    tokens = platform.other_tokens
    if platform.libc != "glibc":
        tokens = (*tokens, *(token.replace("-gnu", "-musl") for token in tokens))
    return tuple(f".{soabi}-{token}.so" for token in tokens)


def _graalpy_suffixes(abi_tag: str, platform: _Platform) -> tuple[str, ...]:
    if not abi_tag.startswith("graalpy") or platform.system not in ("linux", "macos"):
        return ()
    soabi = abi_tag.replace("_", "-")
    system = "linux" if platform.system == "linux" else "darwin"
    machines = ["aarch64" if arch == "arm64" else arch for arch in platform.arches]
    return (*(f".{soabi}-{machine}-{system}.so" for machine in machines), ".so", ".pyd")
