"""WA103, WA108, WA109: Python and ABI tags.

`Wheel.promise.dead` has the triples that no installer accepts, with the reason. WA108 reports those with a misplaced
stable ABI, WA103 the rest. WA109 compares live tags without an ABI with the extension modules.
"""

from __future__ import annotations

import re
from collections import Counter

from .._lib.typed import TYPE_CHECKING
from ..metadata.extension_names import is_importable, module_name, parse_extension_name
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Member, Role, Severity
from ..platforms.python_libraries import python_library
from ._tags import is_misplaced, native_extensions
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..facts.wheel import Wheel


__all__ = ["dead_tag", "extension_in_none_abi", "misplaced_stable_abi"]


@rule("WA103", "dead-tag", Family.TAGS, Severity.ERROR, remedies=("live-tag",), breaks_promise=Severity.ERROR)
def dead_tag(wheel: Wheel) -> Iterator[Problem]:
    """No installer accepts a tag of the wheel.

    What it does:
        Looks for tags that no interpreter asks for: a macOS minor version after 11, `macosx_10_9_arm64`, an ABI of
        another Python than the python tag's, an ABI with platform `any`, a Python tag that no interpreter writes
        (`cp315t`, `cp3_15`, `py4`). Before a pair of Python and ABI tags is called dead, packaging is asked whether
        some interpreter offers it. It is an error if every tag is dead, and a note if some are. abi3t below Python
        3.15 is a warning, because CPython's headers cannot build it.

    Why it is bad:
        A wheel with only dead tags cannot be installed anywhere. pip uses the source distribution or finds nothing.

    Example:
        `macosx_14_2_arm64`: macOS 14.2 asks for `macosx_14_0_arm64`.

    How to fix:
        Write the tag as installers spell it. A macOS tag follows `MACOSX_DEPLOYMENT_TARGET`.

    Known limits:
        Compressed tag sets are multiplied, so merged wheels normally have some dead tags.

    References:
        PEP 425; PEP 803; packaging.tags (cpython_tags, generic_tags, compatible_tags, mac_platforms, ios_platforms,
        android_platforms); docs/facts/tags-and-installers.md, "Dead tags".
    """
    promise = wheel.promise
    reasons: dict[str, list[str]] = {}
    for triple, why in promise.dead:
        if not is_misplaced(triple):
            reasons.setdefault(why, []).append(triple)
    for why, triples in reasons.items():
        yield Problem(
            message=f"no installer accepts {_first_of(triples)}: {why}",
            tags=tuple(triples),
            evidence={"have": triples[0]},
            consequence=""
            if promise.targets
            else f"ERROR: {wheel.filename or 'the wheel'} is not a supported wheel on this platform.",
            severity=Severity.NOTE if promise.targets else None,
        )
    early = [
        one for one in promise.targets if one.stable_abi == "abi3t" and (one.version or (3, 15)) < (3, 15)
    ]
    if early:
        yield Problem(
            message=f"{_first_of(triples_of(early))} promises abi3t, which only Python 3.15 and later have",
            tags=triples_of(early),
            evidence={"have": early[0].python, "need": "cp315"},
            severity=Severity.WARNING,
            remedies=("abi3t",),
        )


def _first_of(triples: Iterable[str]) -> str:
    """Return the first triple, and how many follow."""
    first, *rest = triples
    return f"{first} and {len(rest)} more" if rest else first


@rule(
    "WA108",
    "misplaced-stable-abi",
    Family.TAGS,
    Severity.ERROR,
    remedies=("tag-for-stable-abi",),
    breaks_promise=Severity.ERROR,
)
def misplaced_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """A tag promises the stable ABI for a Python that does not have one.

    What it does:
        Looks for abi3 and abi3t with a python tag that is not `cp` with a minor version, or that is below 3.2. It is
        an error if every tag of the wheel is dead, and a note if others are not.

    Why it is bad:
        Only CPython asks for the stable ABI, with its minor version in the tag. Such a wheel cannot be installed
        anywhere.

    Example:
        `py3-abi3-manylinux_2_17_x86_64`: the python tag must be that of the lowest CPython, `cp39`.

    How to fix:
        Name the lowest CPython that the code was compiled for.

    Known limits:
        Other rules check whether the code fits that Python.

    References:
        PEP 384, PEP 425, PEP 803; packaging.tags.cpython_tags; docs/facts/tags-and-installers.md, "Dead tags".
    """
    triples = tuple(dead.triple for dead in wheel.promise.dead if is_misplaced(dead.triple))
    if triples:
        python, abi, _ = triples[0].split("-")
        yield Problem(
            message=f"no Python asks for {abi} with python tag {python}",
            tags=triples,
            evidence={"have": python, "need": "cp3X"},
            consequence=""
            if wheel.targets
            else f"ERROR: {wheel.filename or 'the wheel'} is not a supported wheel on this platform.",
            severity=Severity.NOTE if wheel.targets else None,
        )


def _bound_to(member: Member) -> str:
    """Return what binds an extension module to one Python, its suffix or its Python DLL; empty if nothing does."""
    parsed = parse_extension_name(member.name)
    if parsed and parsed.version:
        return parsed.suffix
    for image in member.images:
        for library in map(python_library, image.needed):
            if library and re.search(r"3\.?[0-9]", library):
                return library
    return ""


@rule(
    "WA109",
    "extension-in-none-abi",
    Family.TAGS,
    Severity.ERROR,
    remedies=("tag-for-one-python",),
    needs={Role.EXTENSION: Depth.LINKAGE},
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.WARNING,
)
def extension_in_none_abi(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for every Python 3 contains an extension module that fits only some.

    What it does:
        If the tags are `py3` with ABI `none` and a platform, looks for extension modules. A module that its suffix
        or its Python DLL binds to one Python version is an error. Any other is a warning, because the tag promises
        PyPy and free-threaded builds too. It is a note if the wheel has the module for several versions.

    Why it is bad:
        The wheel can be installed on every Python 3, but only some can import the module.

    Example:
        `pkg/_core.cp311-win_amd64.pyd` in `pkg-1.0-py3-none-win_amd64.whl`:
        `ModuleNotFoundError: No module named 'pkg._core'` on 3.12.

    How to fix:
        Tag the wheel for the Python and ABI that it was built for, or build for the stable ABI.

    Known limits:
        A package that works without the module is reported too. Tags such as `cp38-none` promise one Python and are
        right. Modules in folders that no import statement can name are ignored.

    References:
        PEP 425, PEP 3149; docs/facts/tags-and-installers.md, "Python and ABI tags";
        docs/facts/python-dlls-and-suffixes.md, "Rules for suffixes".
    """
    loose = [
        target
        for target in wheel.targets
        if target.implementation == "python" and target.system not in ("any", "other")
    ]
    if not loose or any(target.implementation != "python" for target in wheel.targets):
        return
    # A wheel may contain a whole Python. Its modules are in folders that no import statement of the user can name.
    extensions = [member for member in native_extensions(wheel) if is_importable(member.path)]
    variants = Counter(module_name(member.path) for member in extensions)
    for member in extensions:
        bound = _bound_to(member)
        module = module_name(member.path)
        severity = None
        if variants[module] > 1:
            severity = Severity.NOTE
        elif not bound:
            severity = Severity.WARNING
        if bound:
            what = f"extension module {member.path} fits only one Python ({bound})"
        else:
            what = f"contains extension module {member.path}, which some Pythons cannot load"
        yield Problem(
            message=f"tagged {loose[0].python}-none, but {what}",
            member=member.path,
            tags=triples_of(loose),
            evidence={"have": bound or member.name, "need": "a tag with its Python and ABI"},
            consequence=f"ModuleNotFoundError: No module named '{module}'" if bound else "",
            severity=severity,
            claims=((Fact.LIBRARIES, bound),) if not member.name.endswith(bound) else (),
        )
