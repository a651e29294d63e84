"""The file names of extension modules: their parts, and the hooks that start the modules.

A name consists of a stem (the module's name), an optional tag that says which Python it is for, and an ending. The
names of hooks follow from the stem.
"""

from __future__ import annotations

from functools import lru_cache

from .._lib.patterns import pattern
from .._lib.typed import NamedTuple
from .member_paths import installed_path

__all__ = [
    "ExtensionName",
    "expected_hooks",
    "hook_stem",
    "is_importable",
    "module_name",
    "parse_extension_name",
    "read_version",
]


class ExtensionName(NamedTuple):
    """The parts of the file name of an extension module.

    Source: docs/facts/python-dlls-and-suffixes.md, "Parsing the name of an extension module".
    """

    stem: str
    """The last component of the module's name: all before the first dot, without the `_d` of a debug build."""
    suffix: str
    """The rest of the name: `.cpython-311-x86_64-linux-gnu.so`, `_d.cp311-win_amd64.pyd`, `.pyd`."""
    abi: str
    """`cpython`, `abi3`, `abi3t`, `pypy`, `graalpy`, or empty for a plain `.so` or `.pyd`."""
    version: tuple[int, int] | None
    """The Python version that the suffix names; None for a stable ABI and for a plain suffix."""
    flags: str
    """ABI flags after the version: `t` free-threaded, `d` debug, `m`."""
    platform: str
    """`x86_64-linux-gnu`, `darwin`, `win_amd64`, ..., or empty."""


_EXTENSION_ENDS = (".so", ".pyd", ".fwork", ".dylib")
_STABLE_TAGS = ("abi3", "abi3t")
_POSIX_TAGS = {
    "cpython": pattern(r"cpython-(?P<version>[23]\d{1,2})(?P<flags>[dmtu]*)(?:-(?P<platform>.+))?"),
    "abi3": pattern(r"(?P<abi>abi3t?)-(?P<platform>.+)"),
    "pypy": pattern(r"pypy(?P<version>[23]\d{0,2})-pp\d*(?:-(?P<platform>.+))?"),
    "graalpy": pattern(r"graalpy.*?-(?P<version>3\d{1,2})-native(?:-(?P<platform>.+))?"),
}


_WINDOWS_TAGS = {
    "cp": pattern(r"cp(?P<version>[23]\d{1,2})(?P<flags>t?)-(?P<platform>[a-z0-9_]+)"),
    "pypy": pattern(r"pypy(?P<version>[23]\d{0,2})-pp\d*-(?P<platform>[a-z0-9_]+)"),
    "graalpy": pattern(r"graalpy.*?-(?P<version>3\d{1,2})-native-(?P<platform>.+)"),
}
"""The tags between stem and ending, by how they start. Tags do not contain dots."""


def read_version(digits: str | None) -> tuple[int, int] | None:
    """Return the Python version in digits (`311`), or None if there are none."""
    return (int(digits[0]), int(digits[1:] or 0)) if digits else None


def parse_extension_name(name: str) -> ExtensionName | None:
    """Return the parts of the file name of an extension module, or None for another kind of name.

    A `.dylib` only counts if it has an ABI tag. Without one it is an ordinary library.

    Args:
        name: The last component of a path.
    """
    return _parse(name) if name.endswith(_EXTENSION_ENDS) else None


@lru_cache(
    maxsize=1 << 12
)  # rule after rule asks: with many modules an audit takes 1.1 to 1.4 times as long without
def _parse(name: str) -> ExtensionName | None:
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


@lru_cache(maxsize=1 << 12)  # as above
def is_importable(path: str) -> bool:
    """Whether the import system can reach a module file at this path: every folder and the stem are identifiers."""
    *folders, name = installed_path(path).split("/")
    parsed = parse_extension_name(name)
    if parsed is None and not _is_library_name(name):
        return False
    stem = parsed.stem if parsed else name.partition(".")[0]
    return stem.isidentifier() and all(folder.isidentifier() for folder in folders)


def _is_library_name(name: str) -> bool:
    """Whether a build may give an extension module this name by mistake: a library's name without other dots."""
    stem, dot, ending = name.partition(".")
    kind, *version = ending.lower().split(".")
    if not stem or not dot:
        return bool(stem)
    return (
        kind in ("dll", "dylib", "so") and (kind == "so" or not version) and all(map(str.isdecimal, version))
    )


def module_name(path: str) -> str:
    """Return the name of the module at this path in import statements: `pkg._core`, or for `__init__` its package."""
    *folders, name = installed_path(path).split("/")
    parsed = parse_extension_name(name)
    stem = parsed.stem if parsed else name.partition(".")[0]
    return ".".join(folders if stem == "__init__" and folders else [*folders, stem])


def expected_hooks(path: str) -> tuple[str, ...]:
    """Return the exported names with which Python would start the module at this path, the newest kind first.

    A module named `__init__` may also use its package's name (mypyc). `x_d.pyd` is the debug build of `x`, or a module
    named `x_d`.

    Source: PEP 489 (PyInit_, PyInitU_ with punycode), PEP 793 (PyModExport_, tried first from 3.15 on), the init
    function of Python 2, and cffi's hook on PyPy; docs/facts/python-dlls-and-suffixes.md, "Init hooks".
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


def hook_stem(hook: str) -> str:
    """Return the last component of the name of the module that a hook of Python 3 starts; empty for other names."""
    for prefix in ("PyInit_", "PyModExport_"):
        if hook.startswith(prefix):
            return hook[len(prefix) :]
    return ""
