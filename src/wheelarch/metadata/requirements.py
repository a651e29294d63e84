"""The projects that METADATA's Requires-Dist lines name."""

from __future__ import annotations

from itertools import islice

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .promise import Target

__all__ = ["canonical_name", "namesake", "required_projects"]

_NAME = pattern(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9])?)")
_SEPARATORS = pattern(r"[-_.]+")


def canonical_name(name: str) -> str:
    """Return a project's name as indexes compare it: lower case, one dash between its parts (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()


_EXTRA = pattern(r"""\bextra\s*==\s*["'][^"']""")
_LONGEST_MARKER = 1_000
"""In characters. Real markers have some dozen."""


def required_projects(
    lines: Iterable[str], targets: Iterable[Target] = (), *, extras: bool = False
) -> tuple[str, ...]:
    """Return the canonical names of the projects that an install of the wheel brings along.

    Args:
        lines: `Requires-Dist` lines.
        targets: What the wheel is for: a line counts if its marker holds for one of them, or cannot be evaluated.
        extras: Whether lines count whose marker asks for an extra; then their other conditions do not matter.

    Source: PEP 508 (names, markers); core metadata specification, Requires-Dist.
    """
    different = {tuple(_environment(target).items()): None for target in targets}
    environments = list(islice(different, _ENVIRONMENTS)) or [()]
    known: dict[str, bool] = {}
    found: dict[str, None] = {}
    for line in lines:
        requirement, _, marker = line.partition(";")
        name = _NAME.match(requirement)
        if name is None:
            continue
        if marker not in known:
            known[marker] = (extras and "extra" in marker) or _holds(marker.strip(), environments)
        if known[marker]:
            found[canonical_name(name[1])] = None
    return tuple(found)


_ENVIRONMENTS = 20
"""How many different environments a marker is evaluated for. Real wheels have tags for one or two."""

_SYSTEMS = {
    "windows": ("nt", "win32", "Windows"),
    "mingw": ("nt", "win32", "Windows"),
    "macos": ("posix", "darwin", "Darwin"),
    "ios": ("posix", "ios", "iOS"),
    "android": ("posix", "android", "Android"),
    "linux": ("posix", "linux", "Linux"),
    "wasm": ("posix", "emscripten", "Emscripten"),
}
"""What `os_name`, `sys_platform` and `platform_system` are on each system (PEP 508, PEP 738, PEP 730, PEP 776)."""

_MACHINES = {
    ("windows", "x86_64"): "AMD64",
    ("windows", "arm64"): "ARM64",
    ("linux", "arm64"): "aarch64",
    ("android", "arm64"): "aarch64",
    ("linux", "x86"): "i686",
    ("windows", "x86"): "x86",
    ("linux", "arm"): "armv7l",
}
"""What `platform_machine` is called where it is not the name of the architecture."""


def _environment(target: Target) -> dict[str, str]:
    """Return the variables of markers that a target decides."""
    known: dict[str, str] = {}
    if target.system in _SYSTEMS:
        names = ("os_name", "sys_platform", "platform_system")
        known.update(zip(names, _SYSTEMS[target.system], strict=True))
    if len(target.arches) == 1:
        arch = target.arches[0]
        known["platform_machine"] = _MACHINES.get((target.system, arch), arch)
    if target.implementation in _IMPLEMENTATIONS:
        name, title = _IMPLEMENTATIONS[target.implementation]
        known.update(implementation_name=name, platform_python_implementation=title)
    if target.version is not None and target.abi not in ("none", "abi3", "abi3t"):
        # The wheels of other tags serve later Pythons too.
        known["python_version"] = f"{target.version[0]}.{target.version[1]}"
    return known


_IMPLEMENTATIONS = {
    "cpython": ("cpython", "CPython"),
    "pypy": ("pypy", "PyPy"),
    "graalpy": ("graalpy", "GraalVM"),
}
_VARIABLES = pattern(
    r"\b(?:os_name|sys_platform|platform_system|platform_machine|platform_release|platform_version|python_version"
    r"|python_full_version|implementation_name|implementation_version|platform_python_implementation)\b"
)
"""The variables of markers (PEP 508), `extra` left out."""


def _holds(marker: str, environments: Iterable[tuple[tuple[str, str], ...]]) -> bool:
    """Whether a marker holds in one of the environments without an extra, or might: a variable is not known there."""
    if not marker or len(marker) > _LONGEST_MARKER:
        return True
    if " or " not in marker and _EXTRA.search(marker):
        return False  # most lines of most projects, and packaging takes 0.2 ms for each
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

    asked = set(_VARIABLES.findall(marker))
    try:
        parsed = Marker(marker)
        return any(
            not asked.issubset(known) or parsed.evaluate({**known, "extra": ""})
            for known in map(dict, environments)
        )
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName, ValueError):
        return True


_SHORTEST = 4
"""How many letters a part of a project's name must have at least, so that it says whose a library is."""


_LIBRARY_WORDS = frozenset({"lib", "libs", "native", "deps", "core", "runtime", "cpp"})
"""Words in the names of projects that bring libraries for others: kivy-deps-sdl2, robotpy-native-ntcore."""


def namesake(library: str, projects: Iterable[str]) -> str:
    """Return the required project that is named for bringing a library, or an empty string.

    `libeckit_geo.so` is eckitlib's, `libntcore.so` is robotpy-native-ntcore's. That is a guess, good enough for a note.
    A name that is only alike says nothing: msgpack-c.dll is not in the distribution msgpack.

    Args:
        library: A DLL name, an install name or a soname.
        projects: Canonical names.
    """
    last = library.replace("\\", "/").rpartition("/")[2].lower()
    stem = last.removeprefix("lib").partition(".")[0]
    for project in projects:
        parts = project.split("-")
        named = not _LIBRARY_WORDS.isdisjoint(parts)
        for part in parts:
            core = part.removeprefix("lib").removesuffix("libs").removesuffix("lib")
            if len(core) >= _SHORTEST and stem.startswith(core) and (named or core != part):
                return project
    return ""
