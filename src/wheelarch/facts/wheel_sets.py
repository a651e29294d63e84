"""The wheels of one project and version as a set: whom each serves, who is not served, and which files are misplaced.

A platform is a platform tag without its version (`macosx_arm64`). A Python is the lowest interpreter that a tag asks
for. Both are what people mean by "the wheel for 3.12 on an ARM Mac". A set is a table of both. Each wheel knows the
others as `Sibling`s, which are small, because all of them are in memory at once.
"""

from __future__ import annotations

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..limits import DEFAULT
from ..metadata.file_name import read_name
from ..model import Format, Grid, Member, Role
from .machines import FORMAT_OF_SYSTEM, fits, is_managed
from .module_variants import shadowed_variants
from .roles import is_product
from .wheel import NativeFile, Sibling, Wheel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..metadata.promise import Target

__all__ = [
    "Interpreter",
    "interpreters",
    "misplaced",
    "missing_platforms",
    "narrower_siblings",
    "payload",
    "platforms",
    "summarize",
    "survey",
    "variant_labels",
]

_PAYLOAD = frozenset({Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT, Role.LIBRARY, Role.EXECUTABLE})
"""Roles of files that users of a wheel load or run."""
_MACS = frozenset({"arm64", "x86_64"})
"""The machines of Macs that run a current Python."""


def summarize(
    filename: str,
    targets: tuple[Target, ...],
    members: Iterable[Member],
    ok: bool,
    *,
    ok_with_gil: bool | None = None,
) -> Sibling:
    """Return what siblings need to know of a wheel.

    Args:
        filename: The last component of its path.
        targets: What its live triples demand.
        members: Its native members, judged.
        ok: Whether it has no error by itself.
        ok_with_gil: The same for Pythons with the GIL; None for `ok`.
    """
    return Sibling(filename, targets, payload(members), ok, ok if ok_with_gil is None else ok_with_gil)


def payload(members: Iterable[Member]) -> tuple[NativeFile, ...]:
    """Return the native files that users of a wheel load or run."""
    return tuple(
        NativeFile(member.path, member.size, member.crc, member.sha256)
        for member in members
        if member.role in _PAYLOAD
    )


# -- files that two wheels share -----------------------------------------------------------------------------


def misplaced(wheel: Wheel) -> Iterator[Member]:
    """Yield the files that the wheel depends on and that some process which its tags invite cannot load.

    These are extension modules, the libraries that they need, scripts, and the one program or library that is the
    product. Helpers, families, SDKs, managed code and test data do not count: a file for another machine is there on
    purpose. An extension module must serve every kind of Mac that a tag invites, any other file at least one triple.
    """
    systems = {target.system for target in wheel.targets}
    if not systems or not systems <= FORMAT_OF_SYSTEM.keys():
        return
    shadowed = shadowed_variants(wheel)
    for member in wheel.members:
        needed = member.role in (Role.EXTENSION, Role.DEPENDENCY, Role.SCRIPT)
        if not needed and not is_product(member, wheel):
            continue
        if not member.images or member.path in shadowed or any(map(is_managed, member.images)):
            continue
        if any(image.variant in ("arm64x", "arm64ec") for image in member.images):
            continue
        if not fits(member, wheel.targets) or (member.role is Role.EXTENSION and _lacks_slice(member, wheel)):
            yield member


def _lacks_slice(member: Member, wheel: Wheel) -> bool:
    """Whether a Mach-O file has no slice for a kind of Mac that a tag invites."""
    present = {image.arch for image in member.images}
    return any(
        target.system == "macos" and not _MACS.intersection(target.arches) <= present
        for target in wheel.targets
        if member.images[0].format is Format.MACHO
    )


# -- whom a wheel serves -------------------------------------------------------------------------------------


class Interpreter(NamedTuple):
    """The lowest interpreter that a tag asks for."""

    implementation: str
    """As `Target.implementation`."""
    version: tuple[int, int]
    """(3, -1) for any Python 3."""
    free_threaded: bool

    def __str__(self) -> str:
        short = {"cpython": "cp", "pypy": "pp", "python": "py"}.get(self.implementation, self.implementation)
        major, minor = self.version
        digits = f"{major}{minor}" if minor >= 0 else str(major)
        return f"{short}{digits}{'t' * self.free_threaded}"


_VERSIONED = pattern(r"^(macosx|manylinux|musllinux|ios)_\d+_\d+_|^(manylinux)\d+_|^(android)_\d+_")


def platforms(target: Target) -> tuple[str, ...]:
    """Return the platforms that a triple serves: its tag without the version; none for `any`."""
    if target.system == "any":
        return ()
    if target.system == "macos":
        arches = [arch for arch in target.arches if arch in _MACS] or target.arches
        return tuple(f"macosx_{arch}" for arch in arches)
    found = _VERSIONED.match(target.platform)
    if found is None:
        return (target.platform,)
    return (f"{found[1] or found[2] or found[3]}_{target.platform[found.end() :]}",)


def interpreters(targets: Iterable[Target]) -> tuple[Interpreter, ...]:
    """Return the interpreters that a wheel asks for, sorted; of those that a stable ABI serves, the lowest."""
    found: set[Interpreter] = set()
    lowest: dict[str, Interpreter] = {}
    for target in targets:
        major = int(target.python[2]) if target.python[2:3].isdigit() else 0
        python = Interpreter(target.implementation, target.version or (major, -1), bool(target.free_threaded))
        if target.stable_abi:
            lowest[target.stable_abi] = min(python, lowest.get(target.stable_abi, python))
        else:
            found.add(python)
    return tuple(sorted(found.union(lowest.values())))


def _installs(python: Interpreter, target: Target) -> bool:
    """Whether the interpreter installs wheels of this triple, on whatever platform."""
    if target.implementation == "python":
        same_major = target.python[2:3] == str(python.version[0])
        return same_major and (target.version is None or target.version <= python.version)
    if target.implementation != python.implementation or target.version is None:
        return False
    if target.stable_abi:
        return python.free_threaded is (target.stable_abi == "abi3t") and target.version <= python.version
    return target.version == python.version and target.free_threaded in (None, python.free_threaded)


def _serving(python: Interpreter, platform: str, wheels: Iterable[Sibling]) -> list[Sibling]:
    """Return the wheels that this interpreter installs on this platform."""
    return [
        wheel
        for wheel in wheels
        if any(
            _installs(python, target) and (target.system == "any" or platform in platforms(target))
            for target in wheel.targets
        )
    ]


_PYPY_PLATFORMS = frozenset({
    "win_amd64", "macosx_arm64", "macosx_x86_64", "manylinux_x86_64", "manylinux_i686", "manylinux_aarch64"
})  # fmt: skip
"""For which PyPy and GraalPy are built (PyPy's download page; GraalPy is not built for i686)."""


def _exists(python: Interpreter, platform: str) -> bool:
    """Whether somebody could need a wheel there: such an interpreter is built for the platform and still in use.

    iOS and Android begin at 3.13 (PEP 730, 738). A WebAssembly tag is for one Python only (PEP 783).
    """
    family = platform.partition("_")[0]
    if family not in ("win", "win32", "macosx", "linux", "manylinux", "musllinux", "ios", "android"):
        return False
    if python.implementation in ("pypy", "graalpy"):
        return platform in _PYPY_PLATFORMS
    if family in ("ios", "android"):
        return not python.free_threaded and (python.version >= (3, 13) or python.version[1] < 0)
    return python.version >= (3, -1)


def missing_platforms(python: Interpreter, wheels: Sequence[Sibling]) -> tuple[str, ...]:
    """Return the platforms that the set serves, but not for this interpreter; sorted.

    Args:
        python: One of the interpreters that the set asks for.
        wheels: The whole set.
    """
    return tuple(
        platform
        for platform in _all_platforms(wheels)
        if _exists(python, platform) and not _serving(python, platform, wheels)
    )


def _all_platforms(wheels: Iterable[Sibling]) -> list[str]:
    """Return the platforms that the set serves, sorted."""
    return sorted(
        {platform for wheel in wheels for target in wheel.targets for platform in platforms(target)}
    )


def narrower_siblings(wheel: Wheel) -> tuple[str, ...]:
    """Return the file names of siblings that serve one kind of Mac that this universal2 wheel serves too, sorted.

    Empty for a wheel that is not universal.
    """
    pythons = interpreters(wheel.targets)
    universal = any(_is_mac(target) and len(platforms(target)) > 1 for target in wheel.targets)
    return tuple(
        sorted(
            sibling.filename
            for sibling in wheel.siblings
            if universal
            and any(
                _is_mac(target)
                and len(platforms(target)) == 1
                and any(_installs(python, target) for python in pythons)
                for target in sibling.targets
            )
            and not any(_is_mac(target) and len(platforms(target)) > 1 for target in sibling.targets)
        )
    )


def _is_mac(target: Target) -> bool:
    return target.system == "macos"


def survey(title: str, wheels: Sequence[Sibling]) -> Grid:
    """Return the table of Pythons and platforms: who is served by the wheels of a set, and who is not.

    Args:
        title: Project and version.
        wheels: The whole set.
    """
    asked = {python for wheel in wheels for python in interpreters(wheel.targets)}
    # Nobody asks for them by name, but they install the wheel and fail.
    asked.update(
        Interpreter(target.implementation, target.version, free_threaded=True)
        for wheel in wheels
        if wheel.ok_with_gil and not wheel.ok
        for target in wheel.targets
        if target.version is not None and target.free_threaded is None
    )
    pythons = tuple(sorted(asked))
    rows = _all_platforms(wheels) or ["any"]
    cells = tuple(tuple(_cell(python, platform, wheels) for python in pythons) for platform in rows)
    stable = {
        python
        for wheel in wheels
        for python in interpreters(target for target in wheel.targets if target.stable_abi)
    }
    names = tuple(f"{python}{'+' * (python in stable)}" for python in pythons)
    return Grid(title, tuple(rows), names, cells)


def _cell(python: Interpreter, platform: str, wheels: Sequence[Sibling]) -> str:
    """Return whether the wheels for this place are right, or one is missing; empty if nobody needs one."""
    serving = _serving(python, platform, wheels)
    if serving:
        right = all(wheel.ok if python.free_threaded else wheel.ok_with_gil for wheel in serving)
        return "ok" if right else "wrong"
    return "missing" if _exists(python, platform) else ""


def variant_labels(wheel: Wheel) -> dict[str, str]:
    """Return the variant labels of a set (PEP 825, a draft) by the file names of its wheels that have one."""
    names = (wheel.filename or "", *(one.filename for one in wheel.siblings))
    read = {name: read_name(name, DEFAULT)[0] for name in names if name}
    return {name: found.variant for name, found in read.items() if found is not None and found.variant}
