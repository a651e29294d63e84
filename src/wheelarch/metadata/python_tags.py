"""Python tags and ABI tags: what each means, and which pairs no interpreter accepts.

Tags are parsed by their letters and digits. `why_dead` knows the pairs that real wheels have. About any other pair it
asks packaging (`metadata.offered`), which generates what interpreters offer: nothing else is called dead.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from .file_name import DIGITS, LETTERS

if TYPE_CHECKING:
    from .platform_tags import Platform

__all__ = ["Abi", "Python", "read_abi", "read_python", "why_dead"]


class Python(NamedTuple):
    """What a Python tag means. `Target` describes the fields."""

    implementation: str
    version: tuple[int, int] | None
    major: int | None

    @property
    def digits(self) -> str:
        """`311`, as tags, DLL names and suffixes spell 3.11; empty without a version."""
        return f"{self.version[0]}{self.version[1]}" if self.version else ""


class Abi(NamedTuple):
    """What an ABI tag means. `Target` describes the fields."""

    stable: str = ""
    free_threaded: bool | None = None
    digits: str = ""
    """The version in `cp311`; empty for other ABIs."""
    flags: str = ""
    """The letters of PEP 3149, after a `t` for free-threaded builds."""


_ABI_FLAGS = "tdmu"
_IMPLEMENTATIONS = {"cp": "cpython", "pp": "pypy", "py": "python"}


def read_python(tag: str) -> Python:
    """Return what a Python tag means."""
    letters = tag.rstrip(DIGITS)
    major, minor = tag[len(letters) :][:1], tag[len(letters) :][1:]
    if not letters or not LETTERS.issuperset(letters) or len(minor) > 3:
        return Python(tag, None, None)
    if len(letters) > 1:
        letters = letters.removesuffix("_")
    version = (int(major), int(minor)) if minor else None
    return Python(_IMPLEMENTATIONS.get(letters, letters), version, int(major) if major else None)


def read_abi(tag: str) -> Abi:
    """Return what an ABI tag means."""
    if tag in ("abi3", "abi3t"):
        return Abi(tag, tag == "abi3t")
    version = tag.removeprefix("cp")
    flags = version.lstrip(DIGITS)
    digits = version[: len(version) - len(flags)]
    in_order = "".join(flag for flag in _ABI_FLAGS if flag in flags)
    if version == tag or not 2 <= len(digits) <= 4 or flags != in_order:
        return Abi()
    return Abi("", "t" in flags, digits, flags)


def why_dead(python: Python, abi: Abi, platform: Platform, python_tag: str, abi_tag: str) -> str:
    """Return why no installer accepts the triple because of its Python and ABI, or nothing.

    Source: packaging.tags, cpython_tags, generic_tags and compatible_tags; uv agrees.
    docs/facts/tags-and-installers.md, "Python and ABI tags", "Dead tags".
    """
    plain = platform.system == "any"
    why = _why_misspelled(python, python_tag) or _why_not_offered(python, abi, python_tag, abi_tag, plain)
    if not why:
        return ""
    from .offered import is_offered

    return "" if is_offered(python.implementation, python.version, (python_tag, abi_tag), plain) else why


_LONG_NAMES = {"cpython": "cp", "python": "py", "pypy": "pp", "ironpython": "ip", "jython": "jy"}
"""Names of implementations that have a short name, and so are not in tags (packaging, INTERPRETER_SHORT_NAMES)."""


def _why_misspelled(python: Python, tag: str) -> str:
    """Return why no interpreter writes such a Python tag, whatever the ABI, or nothing."""
    letters = tag.rstrip(DIGITS)
    if tag.startswith("cp") and tag[2:-1].isdecimal() and tag.endswith("t"):
        return f"only the ABI tag says that a Python is free-threaded: {tag[:-1]}-{tag}"
    if not LETTERS.issuperset(letters):
        return f"{tag} is not the tag of an interpreter, which is a name and a version: cp315, pp311"
    if letters in _LONG_NAMES:
        return f"installers write {_LONG_NAMES[letters]} for {letters} in tags"
    digits = python.digits or (str(python.major) if python.major is not None else "")
    if python.implementation in _IMPLEMENTATIONS.values() and tag != letters.rstrip("_") + digits:
        return f"{tag} is not how an interpreter spells its version"
    if python.implementation in ("cpython", "python") and python.major is not None:
        there_is = python.major in (2, 3) and not (2, 7) < (python.version or (3, 0)) < (3, 0)
        return (
            "" if there_is else f"there is no Python {'.'.join(map(str, python.version or (python.major,)))}"
        )
    return ""


def _why_not_offered(python: Python, abi: Abi, python_tag: str, abi_tag: str, plain: bool) -> str:
    """Return why no interpreter offers the pair of tags, or nothing if one does."""
    if plain and abi_tag != "none":
        return "installers combine platform any only with ABI none"
    if python.implementation == "python":
        if python.major is None:
            return "a py tag needs a version"
        return "" if abi_tag == "none" else "installers combine py tags only with ABI none"
    if python.implementation == "cpython":
        return _why_dead_on_cpython(python, abi, abi_tag)
    if python.implementation in ("pypy", "graalpy"):
        return _why_dead_elsewhere(python, abi_tag, python_tag, plain)
    if plain:
        return "for platform any, other Pythons than CPython and PyPy accept only py tags"
    if python.version is None:
        return f"{python_tag} has no minor version, which every interpreter writes"
    return "" if abi_tag not in ("abi3", "abi3t") else "only CPython has a stable ABI"


def _why_dead_on_cpython(python: Python, abi: Abi, abi_tag: str) -> str:
    """Return why CPython does not accept the pair of tags, or nothing."""
    if python.version is None:
        return "a cp tag needs a minor version"
    if abi_tag == "none":
        return ""
    if abi.stable:
        return "" if python.version >= (3, 2) else "the stable ABI begins with Python 3.2"
    if abi.digits != python.digits:
        return f"{abi_tag} is not an ABI of CPython {python.version[0]}.{python.version[1]}"
    if abi.free_threaded and python.version < (3, 13):
        return "free-threaded builds begin with Python 3.13"
    if "m" in abi.flags and python.version >= (3, 8):
        return "the ABI flag m ended with Python 3.7"
    if "u" in abi.flags and python.version >= (3, 3):
        return "the ABI flag u ended with Python 3.2"
    return ""


def _why_dead_elsewhere(python: Python, abi_tag: str, python_tag: str, plain: bool) -> str:
    """Return why PyPy or GraalPy does not accept the triple, or nothing. Both follow packaging's generic_tags."""
    import re

    if plain:
        return (
            "" if python_tag == "pp3" else "for platform any, PyPy accepts only pp3, and GraalPy only py tags"
        )
    if python.version is None:
        return f"{python.implementation} tags need a minor version"
    if abi_tag == "none":
        return ""
    if not abi_tag.startswith(python.implementation):
        return f"{abi_tag} is not an ABI of {python.implementation}"
    named = re.match(r"pypy([0-9]{2,4})_|graalpy[0-9]*_([0-9]{2,4})_", abi_tag)
    if named and (named[1] or named[2]) != python.digits:
        return f"{abi_tag} is for another Python version than {python.digits}"
    return ""
