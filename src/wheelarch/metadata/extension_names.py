"""The file names of extension modules, taken apart: suffix, ABI, version, platform, and the hooks that start them."""

from __future__ import annotations

from functools import lru_cache

from .._lib import lazy
from .._lib.typed import NamedTuple
from .member_paths import installed_path

__all__ = [
    "ExtensionName",
    "expected_hooks",
    "is_importable",
    "module_name",
    "parse_extension_name",
    "read_version",
]


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


def read_version(digits: str | None) -> tuple[int, int] | None:
    """Return the Python version in a run of digits (`311`), or None if there are none."""
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
        version=read_version(part.get("version")),
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
