"""What interpreters offer to an installer, in packaging's words: the answer where our own reading of tags is not sure.

An interpreter has an implementation, a version and a build (with or without the GIL, for debugging); packaging.tags
generates the tags that it offers. A tag is dead if no interpreter offers it. packaging is slow to import, so this
module is only asked about tags that `metadata.python_tags` does not know to be offered.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .promise import Target

__all__ = ["accepts_whenever", "builds", "is_offered"]

_PLATFORM = "p"
"""A stand-in: packaging combines every platform in the same way with what the interpreter offers."""
_PYPY = "pp3"
"""What PyPy of every version offers together with platform `any` (packaging.tags.sys_tags)."""


def builds(version: tuple[int, int]) -> tuple[str, ...]:
    """Return what a CPython of this version can write after `cpXY` in its own ABI tag: `""`, `t`, `td` and so on.

    Source: packaging.tags._cpython_abis, which asks the running interpreter; PEP 3149, 703.
    """
    if version >= (3, 8):
        return ("", "d", "t", "td") if version >= (3, 13) else ("", "d")
    unicode = ("", "u") if version < (3, 3) else ("",)
    return tuple(debug + malloc + wide for debug in ("", "d") for malloc in ("", "m") for wide in unicode)


def is_offered(
    implementation: str, version: tuple[int, int] | None, pair: tuple[str, str], plain: bool
) -> bool:
    """Return whether some interpreter offers a pair of tags.

    Args:
        implementation: As `Target.implementation`.
        version: The version that the Python tag names; None for a tag without a minor version.
        pair: The Python tag and the ABI tag.
        plain: Whether the platform is `any`.
    """
    from packaging.tags import INTERPRETER_SHORT_NAMES

    if implementation in INTERPRETER_SHORT_NAMES and implementation not in ("cpython", "pypy", "python"):
        return False
    platform = "any" if plain else _PLATFORM
    wanted = (*pair, platform)
    return any(wanted in _offers(one) for one in _interpreters(implementation, version, pair))


class _Interpreter(NamedTuple):
    """One interpreter that an installer may run in."""

    short: str
    """How its tags begin: `cp`."""
    version: tuple[int, int]
    abis: tuple[str, ...]
    """Its own ABIs, the usual one first."""


def _interpreters(
    implementation: str, version: tuple[int, int] | None, pair: tuple[str, str]
) -> Iterator[_Interpreter]:
    """Yield the interpreters that would offer the pair if any did: those of the version that its Python tag names."""
    python, abi = pair
    if implementation in ("cpython", "python"):
        major = 2 if python.startswith(("cp2", "py2")) else 3
        at = version or (major, 0)
        if at[0] not in (2, 3) or (2, 7) < at < (3, 0):
            return
        own = [f"cp{at[0]}{at[1]}{flags}" for flags in builds(at)]
        # Of builds that share an ABI tag one is enough to ask.
        asked = [abi] if abi in own else [one for one in own if one[-1] not in "dmu"]
        if abi in (*own, "none", "abi3", "abi3t"):
            for one in asked:
                yield _Interpreter("cp", at, (one,))
    else:
        # Their ABIs come from the running interpreter, so packaging cannot be asked which versions they belong to.
        known = implementation in ("pypy", "graalpy") or abi in ("abi3", "abi3t", "none")
        short = {"pypy": "pp"}.get(implementation, implementation)
        yield _Interpreter(short, version or (3, 0), () if known else (abi,))


def _offers(interpreter: _Interpreter, platforms: Sequence[str] = (_PLATFORM,)) -> set[tuple[str, str, str]]:
    """Return the triples that an interpreter offers on a system that offers these platforms."""
    from packaging.tags import compatible_tags, cpython_tags, generic_tags

    short, version, abis = interpreter
    digits = f"{version[0]}{version[1]}"
    if short == "cp":
        own = cpython_tags(version, abis, platforms)
        others = compatible_tags(version, f"cp{digits}", platforms)
    else:
        own = generic_tags(f"{short}{digits}", abis, platforms)
        others = compatible_tags(version, _PYPY if short == "pp" else None, platforms)
    return {(tag.interpreter, tag.abi, tag.platform) for tags in (own, others) for tag in tags}


# -- whether whoever takes one tag takes another ---------------------------------------------------------------


def accepts_whenever(target: Target, triples: Iterable[str]) -> bool:
    """Return whether every interpreter that takes wheels of this target takes one of these triples too.

    The least able of them are asked: the oldest Pythons and the oldest systems that the target is for. `pip check`
    and `uv pip check` compare the Tag lines of WHEEL with the interpreter in this way.

    Args:
        target: A live triple.
        triples: Other triples, expanded.
    """
    if target.platform == "win_arm64" and target.python.startswith(("py2", "cp2")):
        return True  # there is no such Python (python.org, Python for Windows)
    listed = {tuple(triple.split("-")) for triple in triples}
    return all(
        not listed.isdisjoint(_offers(interpreter, platforms))
        for interpreter in _least_able(target)
        for platforms in _hosts(target)
    )


def _least_able(target: Target) -> Iterator[_Interpreter]:
    """Yield the interpreters that offer the fewest tags among those that take the target's Python and ABI."""
    major = int(target.python[2]) if target.python[2:3].isdigit() else 3
    version = target.version or (major, 0)
    digits = f"cp{version[0]}{version[1]}"
    if target.implementation == "python":
        # Another implementation shares only the py tags with CPython.
        yield _Interpreter("other", version, ())
    elif target.implementation != "cpython":
        abis = (target.abi,) if target.abi != "none" else ()
        yield _Interpreter({"pypy": "pp"}.get(target.implementation, target.implementation), version, abis)
    elif target.stable_abi:
        for later in (version, (version[0], version[1] + 1)):
            flags = "t" if target.stable_abi == "abi3t" else ""
            yield _Interpreter("cp", later, (f"cp{later[0]}{later[1]}{flags}",))
    elif target.abi != "none":
        yield _Interpreter("cp", version, (target.abi,))
    else:
        for flags in ("", "t") if version >= (3, 13) else ("",):
            yield _Interpreter("cp", version, (f"{digits}{flags}",))


_LEGACY = {(2, 17): "manylinux2014", (2, 12): "manylinux2010", (2, 5): "manylinux1"}


def _hosts(target: Target) -> Iterator[list[str]]:
    """Yield for each machine of a target the platform tags that the oldest system of the target offers."""
    from packaging.tags import android_platforms, ios_platforms, mac_platforms

    floor, rest = target.floor, target.platform.split("_", 3)[-1]
    if target.system == "macos" and floor:
        used = [arch for arch in target.arches if arch in ("arm64", "x86_64")]
        for arch in used or {"x86": "i386"}.get(target.arches[0], target.arches[0]).split():
            yield list(mac_platforms(max(floor, (11, 0)) if arch == "arm64" else floor, arch))
    elif target.system == "ios" and floor:
        yield list(ios_platforms(floor, rest))
    elif target.system == "android" and floor:
        yield list(android_platforms(floor[0], target.platform.split("_", 2)[-1]))
    elif target.system == "linux" and floor:
        machine = rest if target.platform.count("_") > 2 else target.platform.partition("_")[2]
        yield [*_linux_platforms(target.libc, floor, machine), f"linux_{machine}"]
    else:
        yield [target.platform]


def _linux_platforms(libc: str, floor: tuple[int, int], machine: str) -> Iterator[str]:
    """Yield what a Linux with this version of its C library offers (PEP 600, 656; packaging._manylinux)."""
    for minor in range(min(floor[1], 200), -1, -1):
        yield f"{'musllinux' if libc == 'musl' else 'manylinux'}_{floor[0]}_{minor}_{machine}"
        if libc != "musl" and (floor[0], minor) in _LEGACY:
            yield f"{_LEGACY[floor[0], minor]}_{machine}"
