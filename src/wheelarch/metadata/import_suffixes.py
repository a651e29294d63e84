"""The suffixes that a target's import system tries, and the names of its Python DLL on Windows.

Both follow from the Python, the ABI and the platform of a triple. The rules are those of each interpreter's source; see
docs/facts/python-dlls-and-suffixes.md, "Suffixes of extension modules", "Which Python DLL a tag needs".
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from .platform_tags import Platform
    from .python_tags import Abi, Python

__all__ = ["import_suffixes", "python_dlls"]


def python_dlls(python: Python, abi: Abi, platform: Platform) -> tuple[str, ...]:
    """Return the Python DLLs that an extension module may import (CPython PC/pyconfig.h; PEP 803; PyO3)."""
    if platform.system not in ("windows", "mingw") or python.implementation == "python":
        return ()
    if python.implementation == "pypy":
        versioned = (f"libpypy3.{python.version[1]}-c.dll",) if python.version and python.major == 3 else ()
        return (*versioned, "libpypy3-c.dll") if python.major == 3 else ("libpypy-c.dll",)
    if python.implementation == "graalpy":
        return ("python-native.dll",)
    if python.implementation != "cpython" or not python.version:
        return ()
    no_gil = "t" if abi.free_threaded else ""
    if platform.system == "mingw":
        stable = f"libpython3{no_gil}.dll"
        own = f"libpython{python.version[0]}.{python.version[1]}{no_gil}.dll"
        return () if "d" in abi.flags else (stable,) if abi.stable else (own, stable)
    debug = "_d" if "d" in abi.flags else ""
    if abi.stable:
        return (f"python3{no_gil}{debug}.dll",)
    own = f"python{python.digits}{no_gil}{debug}.dll"
    stable_names = []
    if not no_gil and python.version >= (3, 2):
        stable_names.append(f"python3{debug}.dll")
    if python.version >= (3, 15):  # both builds have it
        stable_names.append(f"python3t{debug}.dll")
    return (own, *stable_names)


def import_suffixes(
    python: Python, abi: Abi, platform: Platform, abi_tag: str, platform_tag: str
) -> tuple[str, ...]:
    """Return importlib.machinery.EXTENSION_SUFFIXES of the interpreter; for a stable ABI, of its lowest Python."""
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
    if (
        platform.system == "ios"
    ):  # In an app, a .fwork file takes the place of each .so, which is in a framework.
        return (*(suffix.replace(".so", ".fwork") for suffix in suffixes), *suffixes)
    return suffixes


def _unix_suffixes(python: Python, flags: str, platform: Platform) -> tuple[str, ...]:
    """Return the suffixes of CPython's Python/dynload_shlib.c.

    Up to 3.10, CPython on musl uses `-linux-gnu`, from 3.11 on `-linux-musl`. Some distributions used it earlier.
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


def _pypy_suffixes(abi_tag: str, platform: Platform, platform_tag: str) -> tuple[str, ...]:
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


def _graalpy_suffixes(abi_tag: str, platform: Platform) -> tuple[str, ...]:
    """Return the suffixes that GraalPy tries on Linux and macOS."""
    if not abi_tag.startswith("graalpy") or platform.system not in ("linux", "macos"):
        return ()
    soabi = abi_tag.replace("_", "-")
    system = "linux" if platform.system == "linux" else "darwin"
    machines = ["aarch64" if arch == "arm64" else arch for arch in platform.arches]
    return (*(f".{soabi}-{machine}-{system}.so" for machine in machines), ".so", ".pyd")
