"""WA103, WA108, WA109: Python and ABI tags."""

from __future__ import annotations

import re
from collections import Counter

from .._lib.typed import TYPE_CHECKING
from ..metadata.extension_names import is_importable, module_name, parse_extension_name
from ..model import Depth, Member, Role, Severity
from ..platforms.python_libraries import python_library
from ._tags import is_misplaced, native_extensions, triples_in
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..facts.wheel import Wheel


__all__ = ["dead_tag", "extension_in_none_abi", "misplaced_stable_abi"]


@rule("WA103", "dead-tag", Severity.ERROR, ("R3", "R10"))
def dead_tag(wheel: Wheel) -> Iterator[Problem]:
    """No installer accepts a tag of the wheel.

    What it does:
        Looks for tags that no interpreter asks for: a macOS minor version behind 11, `macosx_10_9_arm64`, an
        ABI of another Python than the python tag's, an ABI beside platform `any`. An error where every tag
        is dead, a note where some are. Also warns of abi3t below Python 3.15, whose headers can't build it.

    Why it is bad:
        A wheel with dead tags only installs nowhere; pip falls back on the source distribution or finds
        nothing.

    Example:
        `macosx_14_2_arm64`: macOS 14.2 asks for `macosx_14_0_arm64`.

    How to fix:
        Write the tag as installers spell it. A macOS tag follows `MACOSX_DEPLOYMENT_TARGET`.

    Known limits:
        Compressed sets multiply, so dead combinations beside living ones are normal in merged wheels.

    References:
        PEP 425; packaging.tags (cpython_tags, generic_tags, compatible_tags, mac_platforms, ios_platforms,
        android_platforms); PEP 803.
    """
    promise = wheel.promise
    reasons: dict[str, list[str]] = {}
    for triple, why in promise.dead:
        if not is_misplaced(triple):
            reasons.setdefault(why, []).append(triple)
    for why, triples in reasons.items():
        yield Problem(
            message=f"no installer accepts {_some(triples)}: {why}",
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
            message=f"{_some(triples_in(early))} promises abi3t, which begins with Python 3.15",
            tags=triples_in(early),
            evidence={"have": early[0].python, "need": "cp315"},
            severity=Severity.WARNING,
            remedies=("R16",),
        )


def _some(triples: Iterable[str]) -> str:
    first, *rest = triples
    return f"{first} and {len(rest)} more" if rest else first


@rule("WA108", "misplaced-stable-abi", Severity.ERROR, ("R3", "R5"))
def misplaced_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """A stable ABI is promised for a Python that has none.

    What it does:
        Looks for abi3 and abi3t under a python tag that is not `cp` with a minor version, or below 3.2. An
        error where every tag of the wheel is dead, a note where others live.

    Why it is bad:
        Only CPython asks for the stable ABI, under a tag with its minor version: such a wheel installs
        nowhere.

    Example:
        `py3-abi3-manylinux_2_17_x86_64`: the python tag has to be the lowest CPython, `cp39`.

    How to fix:
        Name the lowest CPython that the code is compiled for.

    Known limits:
        Whether the code fits that Python is for other rules.

    References:
        PEP 384, PEP 425, PEP 803; packaging.tags.cpython_tags.
    """
    triples = tuple(dead.triple for dead in wheel.promise.dead if is_misplaced(dead.triple))
    if triples:
        python, abi, _ = triples[0].split("-")
        yield Problem(
            message=f"no Python asks for {abi} under the python tag {python}",
            tags=triples,
            evidence={"have": python, "need": "cp3X"},
            consequence=""
            if wheel.targets
            else f"ERROR: {wheel.filename or 'the wheel'} is not a supported wheel on this platform.",
            severity=Severity.NOTE if wheel.targets else None,
        )


def _bound_to(member: Member) -> str:
    """Return what binds an extension module to one Python, its suffix or its Python DLL, or nothing."""
    parsed = parse_extension_name(member.name)
    if parsed and parsed.version:
        return parsed.suffix
    for image in member.images:
        for library in map(python_library, image.needed):
            if library and re.search(r"3\.?[0-9]", library):
                return library
    return ""


@rule("WA109", "extension-in-none-abi", Severity.ERROR, ("R5",), needs={Role.EXTENSION: Depth.LINKAGE})
def extension_in_none_abi(wheel: Wheel) -> Iterator[Problem]:
    """A wheel for every Python 3 holds an extension module for one.

    What it does:
        Looks, where a `py3` tag with ABI `none` names a platform, for extension modules. An error for one
        that is bound to a Python version by its suffix or its Python DLL, a warning for one that is not:
        PyPy and free-threaded builds are promised too. A note where the module is there for several
        versions.

    Why it is bad:
        The wheel installs on every Python 3 and the module can be imported on one of them.

    Example:
        `pkg/_core.cp311-win_amd64.pyd` in `pkg-1.0-py3-none-win_amd64.whl`:
        `ModuleNotFoundError: No module named 'pkg._core'` on 3.12.

    How to fix:
        Tag the wheel for the Python and ABI that it was built for, or build for the stable ABI.

    Known limits:
        A package that goes on without the module when it can't be imported is reported all the same. Tags
        such as `cp38-none` promise one Python and are right. Modules in folders that no import statement can
        name are left out.

    References:
        PEP 425, PEP 3149; rules.md 1.2, 5.3.
    """
    loose = [
        target
        for target in wheel.targets
        if target.implementation == "python" and target.system not in ("any", "other")
    ]
    if not loose or any(target.implementation != "python" for target in wheel.targets):
        return
    # A Python that a wheel brings along has its own modules where no import statement of the user's reaches.
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
        to = f" bound to one Python ({bound})" if bound else ""
        yield Problem(
            message=f"{member.path} is an extension module{to}, the tag promises every {loose[0].python}",
            member=member.path,
            tags=triples_in(loose),
            evidence={"have": bound or member.name, "need": "a tag with its Python and ABI"},
            consequence=f"ModuleNotFoundError: No module named '{module}'" if bound else "",
            severity=severity,
        )
