"""What a wheel promises: its file name and its WHEEL file, turned into demands on a binary."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import UsageError
from ..limits import DEFAULT, Limits
from .file_name import WheelName, expand_tag, expand_tag_lines, read_name
from .import_suffixes import import_suffixes, python_dlls
from .platform_tags import read_platform
from .python_tags import Abi, read_abi, read_python, why_dead

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["DeadTag", "Promise", "Target", "judge_triple", "read_promise"]


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
    name, problem, too_many = read_name(filename, limits)
    triples = name.triples if name else ()
    source = "name"
    if tag is not None:
        source = "option"
        try:
            expanded = expand_tag(tag, limits)
        except ValueError:
            raise UsageError(f"{tag!r} is not a wheel tag; expected one like cp311-abi3-win_amd64") from None
        triples, too_many = expanded or (), expanded is None
    elif name is None:
        source = "WHEEL"
        triples, too_many = expand_tag_lines(wheel_tags, limits)
    targets: list[Target] = []
    dead: list[DeadTag] = []
    siblings = frozenset(triples)
    for triple in triples:
        judged = judge_triple(triple, siblings)
        if isinstance(judged, Target):
            targets.append(judged)
        else:
            dead.append(judged)
    return Promise(name, problem, triples, tuple(targets), tuple(dead), source, too_many)


def judge_triple(triple: str, siblings: frozenset[str]) -> Target | DeadTag:
    """Return what a triple demands, or why nobody is there to demand it."""
    python_tag, abi_tag, platform_tag = triple.split("-")
    platform = read_platform(platform_tag)
    python = read_python(python_tag)
    abi = read_abi(abi_tag)
    why = platform.dead or why_dead(python, abi, platform, python_tag, abi_tag)
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
        python_dlls(python, Abi("abi3t", True) if serves_both else abi, platform),
        import_suffixes(python, abi, platform, abi_tag, platform_tag),
    )
