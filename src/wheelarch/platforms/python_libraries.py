"""The names of Python's own library, on every system and of every implementation.

`cpython_library` and `pypy_library` take a file name apart; `python_library` says whether a needed library is a Python.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


__all__ = ["OTHER_PYTHON_DLLS", "CPythonLibrary", "cpython_library", "pypy_library", "python_library"]


class CPythonLibrary(NamedTuple):
    """The parts of the file name of CPython's library: `libpython3.13td.so.1.0`."""

    prefix: str
    """`lib`, `msys-`, `cyg`, or empty."""
    major: str
    """`2` or `3`."""
    dot: str
    """What comes before the minor version: a dot (POSIX, MinGW) or nothing (`python313.dll`)."""
    minor: str
    """Digits; empty for the stable ABI's library."""
    flags: str
    """ABI flags: the letters `tdmu` and underscores, in the order of the name."""
    ending: str
    """`.dll`, `.dylib`, or `.so`, which digits and dots may follow."""


_PREFIXES = ("", "lib", "msys-", "cyg")
_ENDINGS = (".dll", ".dylib", ".so")
_DIGITS = "0123456789"


def cpython_library(name: str) -> CPythonLibrary | None:
    """Return the parts of the file name of CPython's library, or None for another name.

    Args:
        name: The last component of a path, in lower case if case does not matter.

    Source: CPython configure.ac and PC/pyconfig.h; PyO3's build configuration; delvewheel's list; PEP 803.
    """
    prefix, python, rest = name.partition("python")
    major, rest = rest[:1], rest[1:]
    if not python or prefix not in _PREFIXES or major not in ("2", "3"):
        return None
    for ending in _ENDINGS:
        stem, found, version = rest.partition(ending)
        if found:
            break
    dot = "." if stem.startswith(".") else ""
    flags = stem[len(dot) :].lstrip(_DIGITS)
    minor = stem[len(dot) : len(stem) - len(flags)]
    if not found or (dot and not minor) or flags.strip("tdmu_"):
        return None
    if version and (ending != ".so" or version.strip(_DIGITS + ".")):
        return None
    return CPythonLibrary(prefix, major, dot, minor, flags, ending + version)


def pypy_library(name: str) -> str | None:
    """Return the Python version in the file name of PyPy's library (`3.11`, `3` or empty), or None for another name."""
    before, _, ending = name.partition("-c.")
    version = before.removeprefix("libpypy")
    if before == version or ending not in ("dll", "so", "dylib"):
        return None
    return version if version in ("", "3") or (version[:2] == "3." and version[2:].isdecimal()) else None


OTHER_PYTHON_DLLS: Mapping[str, str] = {"python-native.dll": "graalpy", "rustpython_capi.dll": "rustpython"}
"""The implementations of Python whose library has one name."""


def python_library(name: str) -> str | None:
    """Return the file name of a Python library in lower case, or None for another library.

    Args:
        name: A DLL name, an install name or path, or a soname. The library of a framework is called `python`.

    Source: docs/facts/python-dlls-and-suffixes.md, "Python DLL names", "Python frameworks and libpython on Apple
    systems", "libpython on Linux and Android".
    """
    last = name.rpartition("/")[2]
    lower = last.lower()
    if cpython := cpython_library(lower):
        flags = cpython.flags.removeprefix("t")
        return lower if flags == "_d" or (len(flags) <= 3 and not flags.strip("dmu")) else None
    if lower in OTHER_PYTHON_DLLS or pypy_library(lower) is not None:
        return lower
    if last in ("Python", "Python3", "PythonT") and (".framework/" in name or ".dylibs/" in name):
        return lower
    return None
