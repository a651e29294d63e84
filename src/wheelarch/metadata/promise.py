"""What a wheel promises: its tags, turned into what they demand of a binary.

`read_promise` chooses where the tags come from (the file name, WHEEL or an option), expands them to triples, and turns
each triple into a `Target`, or into a `DeadTag` if no installer accepts it.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import UsageError
from ..limits import DEFAULT, Limits
from .file_name import WheelName, expand_tag, expand_tag_lines, read_name
from .import_suffixes import import_suffixes, python_dlls
from .platform_tags import read_platform
from .python_tags import Abi, read_abi, read_python, why_dead

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


__all__ = ["DeadTag", "Promise", "Target", "read_promise", "read_triple", "triples_of"]


class Target(NamedTuple):
    """What one tag triple demands: machine, system and Python of those who will install the wheel."""

    triple: str
    """`cp311-abi3-win_amd64`."""
    python: str
    """The python tag, `cp311`."""
    abi: str
    """The ABI tag, `abi3`."""
    platform: str
    """The platform tag, `win_amd64`."""

    system: str
    """`windows`, `mingw`, `macos`, `linux`, `ios`, `android`, `wasm`, `any`, or `other` for systems that are known only
    by name."""
    arches: tuple[str, ...]
    """The architectures that a file must contain (`Image.arch`), one per slice: `("arm64", "x86_64")` for universal2.
    Empty for `any` and for unknown architectures."""
    floor: tuple[int, int] | None
    """The oldest system: macOS or iOS version, glibc or musl version, (API level, 0) for Android. None if the tag names
    none."""
    libc: str
    """`glibc`, `musl`, `bionic`, or empty (bare `linux_*` does not name one)."""

    implementation: str
    """`cpython`, `pypy`, `graalpy`, `python` (the generic py tags), or the tag's own letters."""
    version: tuple[int, int] | None
    """The python tag's version: the only one for a version-specific or `none` ABI on `cp`, else the lowest.
    None for a bare major (py3)."""
    stable_abi: str
    """`abi3` or `abi3t`, or empty."""
    free_threaded: bool | None
    """Whether the ABI tag is for Python without the GIL; None if it does not say (`none`, generic tags)."""
    debug: bool

    runtimes: tuple[str, ...]
    """The Python DLLs that are right on Windows, in lower case, the usual one first; empty on other systems and if any
    will do. One file serves both triples of `abi3.abi3t`, so there the abi3 triple names python3t.dll too (PEP 803:
    both builds of CPython 3.15 and later have it)."""
    suffixes: tuple[str, ...]
    """The suffixes that the import system of this target tries, in its order (`.cp311-win_amd64.pyd`, `.pyd`); for a
    stable ABI those of its *lowest* Python. Empty if they are not known (generic tags included)."""


class DeadTag(NamedTuple):
    """A triple that no installer accepts."""

    triple: str
    why: str
    """One clause: `macOS 11 and later have minor version 0 in tags`."""


class Promise(NamedTuple):
    """Everything that a wheel's tags say."""

    name: WheelName | None
    """None if the file name is not a wheel name; then the triples come from WHEEL or from `--tag`."""
    name_problem: str
    """Why it is not a wheel name, in one clause, or empty."""
    triples: tuple[str, ...]
    """The triples that the audit uses, sorted."""
    targets: tuple[Target, ...]
    """What the triples demand that some installer accepts, in the order of `triples`."""
    dead: tuple[DeadTag, ...]
    source: str
    """Where the triples come from: `name`, `option` (`--tag`) or `WHEEL`."""
    too_many: bool = False
    """The tag sets have more combinations than `Limits.tag_combinations`, so they were not expanded."""


def triples_of(targets: Iterable[Target]) -> tuple[str, ...]:
    """Return the tag triples of some targets."""
    return tuple([target.triple for target in targets])


def read_promise(
    filename: str | None, wheel_tags: Sequence[str] = (), tag: str | None = None, limits: Limits = DEFAULT
) -> Promise:
    """Return what a wheel promises.

    Args:
        filename: The last component of the wheel's path; None if the bytes have no name.
        wheel_tags: The `Tag` lines of WHEEL as written. They count only if the file name is not a wheel name. Lines
            that are not tags are ignored.
        tag: A tag to use instead, `cp311-abi3-win_amd64`. Its parts may be compressed sets.
        limits: Bounds on the expansion of compressed sets.

    Returns:
        The promise. A bad file name is described in it and never raises.

    Raises:
        UsageError: `tag` is not a tag.

    Source: binary distribution format (PEP 427); platform compatibility tags (PEP 425, 600, 656, 730, 738, 783); PEP
    803 (abi3t); PEP 825 (variant labels, draft). What installers accept: packaging.tags.
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
        found = read_triple(triple, siblings)
        if isinstance(found, Target):
            targets.append(found)
        else:
            dead.append(found)
    return Promise(name, problem, triples, tuple(targets), tuple(dead), source, too_many)


def read_triple(triple: str, siblings: frozenset[str]) -> Target | DeadTag:
    """Return what a triple demands, or why no installer accepts it."""
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
