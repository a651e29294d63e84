"""Which wheels an interpreter or a target accepts: its platform tags, its Python tags, and both as one value."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..errors import UsageError
from ..facts.machines import FORMAT_OF_SYSTEM
from ..facts.wheel import Wanted
from ..metadata.promise import read_promise
from . import triples
from .triples import UNIVERSAL2, Platform

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .probe import Interpreter

__all__ = ["expected", "platform_tags", "read_version", "system_floor", "version_in", "wanted_by"]

_MANYLINUX = frozenset({
    "x86_64", "i686", "aarch64", "armv7l", "ppc64", "ppc64le", "s390x", "riscv64", "loongarch64"
})  # fmt: skip
_LEGACY = {(2, 17): "manylinux2014", (2, 12): "manylinux2010", (2, 5): "manylinux1"}


def version_in(string: str) -> tuple[int, int] | None:
    """Return the version in a platform string: `macosx-11.0-arm64`, `ios-13.0-arm64-iphoneos`."""
    return read_version(string.split("-")[1]) if string.count("-") > 1 else None


def read_version(text: str) -> tuple[int, int] | None:
    """Return the first two numbers of a version, or None if the text is not a version."""
    numbers = text.split(".")[:2]
    if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in numbers):
        return None
    return (int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0)


def system_floor(platform: Platform, interpreter: Interpreter) -> tuple[int, int] | None:
    """Return the version of the system that the interpreter runs on, as wheel tags count it."""
    if platform.system == "macos":
        return interpreter.macos_version or version_in(interpreter.get_platform)
    if platform.system == "ios":
        return version_in(interpreter.get_platform)
    if platform.system == "android":
        return None if interpreter.android_api is None else (interpreter.android_api, 0)
    return interpreter.libc_version if platform.system == "linux" else None


def platform_tags(platform: Platform, interpreter: Interpreter) -> tuple[str, ...]:
    """Return the platform tags that an installer accepts if it runs in the interpreter, the most exact first.

    Source: packaging.tags, platform_tags, and packaging._manylinux. They ask the running interpreter; this function
    gets its answers.
    """
    from packaging.tags import android_platforms, ios_platforms, mac_platforms

    floor = system_floor(platform, interpreter)
    rest = platform.tag.partition("_")[2]
    if platform.system == "macos":
        return tuple(mac_platforms(floor or (11, 0), platform.arch))
    if platform.system == "ios":
        return tuple(ios_platforms(floor or (13, 0), rest))
    if interpreter.platform == "android":
        return tuple(android_platforms(floor[0] if floor else 21, rest))
    if platform.system == "linux":
        return (*_linux_tags(platform, rest, floor), platform.tag)
    if platform.system == "windows":
        return (platform.tag,)
    pyodide = (f"{interpreter.pyodide}_wasm32",) if interpreter.pyodide else ()
    return (
        *pyodide,
        interpreter.get_platform.lower().replace("-", "_").replace(".", "_").replace(" ", "_"),
    )


def _linux_tags(platform: Platform, machine: str, floor: tuple[int, int] | None) -> Iterable[str]:
    if floor is None or machine not in _MANYLINUX or platform.variant:
        return
    if platform.libc == "musl":
        yield from (f"musllinux_{floor[0]}_{minor}_{machine}" for minor in range(floor[1], -1, -1))
        return
    lowest = 5 if machine in ("x86_64", "i686") else 17
    for minor in range(floor[1], lowest - 1, -1):
        yield f"manylinux_{floor[0]}_{minor}_{machine}"
        if (floor[0], minor) in _LEGACY:
            yield f"{_LEGACY[floor[0], minor]}_{machine}"


def _python_tags(interpreter: Interpreter) -> tuple[str, ...]:
    """Return each pair of python tag and ABI tag that the interpreter accepts."""
    major, minor = interpreter.version[:2]
    if interpreter.implementation == "cpython":
        flags = "t" * interpreter.free_threaded + "d" * interpreter.debug + "m" * ((major, minor) < (3, 8))
        abis = [f"cp{major}{minor}{flags}"]
        if interpreter.debug and (major, minor) >= (3, 8):
            abis.append(f"cp{major}{minor}{'t' * interpreter.free_threaded}")
        return _cpython_tags((major, minor), abis)
    from packaging.tags import compatible_tags, generic_tags

    short = {"pypy": "pp"}.get(interpreter.implementation, interpreter.implementation)
    abi = "_".join(interpreter.soabi.split("-")[: 3 if short == "graalpy" else 2])
    found = [*generic_tags(f"{short}{major}{minor}", [abi] if abi else [], ["p"])]
    found += compatible_tags((major, minor), "pp3" if short == "pp" else None, ["p"])
    return tuple(dict.fromkeys(f"{tag.interpreter}-{tag.abi}" for tag in found))


def _cpython_tags(version: tuple[int, int], abis: list[str]) -> tuple[str, ...]:
    from packaging.tags import compatible_tags, cpython_tags

    found = [
        *cpython_tags(version, abis, ["p"]),
        *compatible_tags(version, f"cp{version[0]}{version[1]}", ["p"]),
    ]
    return tuple(dict.fromkeys(f"{tag.interpreter}-{tag.abi}" for tag in found))


def wanted_by(interpreter: Interpreter, platform: Platform, host: str) -> Wanted:
    """Return what the rules compare wheels with, for an interpreter.

    Args:
        interpreter: The interpreter.
        platform: Its platform.
        host: The architecture that emulates it, or empty.
    """
    return Wanted(
        name=interpreter.given,
        # before 3.13, Python on Android accepts the tags of Linux
        system="linux" if interpreter.platform == "linux" else _system(platform),
        arches=_arches(platform),
        libc=platform.libc,
        floor=system_floor(platform, interpreter),
        pythons=_python_tags(interpreter),
        suffixes=interpreter.suffixes,
        host=host,
    )


def _system(platform: Platform) -> str:
    return platform.system if platform.system in FORMAT_OF_SYSTEM else "other"


def _arches(platform: Platform) -> tuple[str, ...]:
    return ("arm64", "x86_64") if platform is UNIVERSAL2 else (platform.arch,)


def expected(text: str) -> Wanted:
    """Return who will use the wheels: those that a Rust triple, a platform tag or a whole tag names.

    Args:
        text: `aarch64-apple-darwin`, `macosx_11_0_arm64`, or `cp312-cp312-macosx_11_0_arm64`. A whole tag means an
            interpreter of that Python version and ABI; the others mean any Python. A version in a platform tag is the
            version of the user's system: wheels for a newer one do not fit.

    Raises:
        UsageError: The text is none of these.
    """
    row = triples.of_triple(text)
    if row is not None:
        return Wanted(text, _system(row), _arches(row), row.libc)
    tag = text if text.count("-") == 2 else f"py3-none-{text}"
    try:
        targets = read_promise(None, tag=tag).targets
    except UsageError:
        targets = ()
    if len(targets) != 1 or not targets[0].arches:
        raise UsageError(
            f"{text!r} is neither a Rust triple nor a platform tag nor a whole tag; expected one like "
            "aarch64-apple-darwin, win_arm64 or cp312-cp312-macosx_11_0_arm64"
        )
    (one,) = targets
    pythons: tuple[str, ...] = ()
    if one.implementation == "cpython" and one.version is not None:
        plain = f"{one.python}{'t' * bool(one.free_threaded)}"
        pythons = _cpython_tags(one.version, [plain if one.stable_abi or one.abi == "none" else one.abi])
    elif tag is text and one.implementation != "python":
        pythons = (f"{one.python}-{one.abi}",)
    return Wanted(text, one.system, one.arches, one.libc, one.floor, pythons)
