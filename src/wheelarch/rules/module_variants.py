"""WA405, WA407: plain suffixes, and files of a module that are not imported.

A module may have several files, and each Python imports the one whose suffix comes first in its list. These rules look
at files that every Python imports, and at files that none of the tags' Pythons picks.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.named_modules import name_fault, named_modules
from ..metadata.promise import triples_of
from ..model import Severity
from ._names import LINKAGE_OF_NAMED, is_python2
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["unpicked_variant", "untagged_suffix"]


@rule(
    "WA405",
    "untagged-suffix",
    Family.NAMES,
    Severity.NOTE,
    needs=LINKAGE_OF_NAMED,
    breaks_promise=Severity.ERROR,
    for_builders=True,
)
def untagged_suffix(wheel: Wheel) -> Iterator[Problem]:
    """An extension module has a plain suffix, which does not say which Python it is for.

    What it does:
        Reports `.so` and `.pyd` without ABI and platform. Python 2 has no other suffix, and on Windows `.pyd` is the
        only name for the stable ABI: both are right.

    Why it is bad:
        CPython imports the file in every version, with or without the GIL. Only the wheel's tag protects users, and the
        tag `none-any` does not even do that.

    Example:
        `winrt/_winrt.pyd` in `winrt-1.0-cp38-none-win_amd64.whl`.

    How to fix:
        Let the build use the suffix of the tag's Python.

    Known limits:
        None.

    References:
        PEP 3149; importlib.machinery.EXTENSION_SUFFIXES; docs/facts/python-dlls-and-suffixes.md, "Rules for suffixes".
    """
    for module in named_modules(wheel):
        if (
            module.name.abi
            or "d" in module.name.flags
            or not any(map(module.own_hooks, module.member.images))
        ):
            continue
        if not module.accepting and all(target.suffixes for target in wheel.targets):
            continue
        meant = tuple(
            target
            for target in wheel.targets
            if not is_python2(target) and not (target.stable_abi and target.system in ("windows", "mingw"))
        )
        if meant:
            anywhere = any(target.system == "any" for target in meant)
            yield Problem(
                message=f"{module.member.path} has the plain suffix {module.name.suffix}, "
                "which every version of Python imports",
                member=module.member.path,
                tags=triples_of(meant),
                evidence={"have": module.name.suffix},
                severity=Severity.WARNING if anywhere else None,
            )


@rule(
    "WA407",
    "unpicked-variant",
    Family.NAMES,
    Severity.NOTE,
    needs=LINKAGE_OF_NAMED,
    breaks_promise=Severity.ERROR,
)
def unpicked_variant(wheel: Wheel) -> Iterator[Problem]:
    """A file of an extension module is imported by none of the tags' Pythons, or by only one version.

    What it does:
        If a module has several files, reports those that no tag's Python picks, because another file comes first or the
        suffix names another Python. Under a generic tag (`py3`), reports files that only one version imports.

    Why it is bad:
        The file is dead weight, or left over from another build. Under a generic tag, other Pythons run without the
        module, which is fine if pure Python code replaces it.

    Example:
        `pkg/_core.cp39-win_amd64.pyd` beside `pkg/_core.cp312-win_amd64.pyd` in a `cp312` wheel.

    How to fix:
        Clean the build folder before the build, or leave the file if it is intended.

    Known limits:
        The rule does not check whether pure Python code replaces a module.

    References:
        importlib.machinery.EXTENSION_SUFFIXES; the wheels of debugpy 1.8.22;
        docs/facts/python-dlls-and-suffixes.md, "Several files of one module".
    """
    for module in named_modules(wheel):
        known = [target for target in wheel.targets if target.suffixes]
        if len(known) < len(wheel.targets):
            if not module.name.version or module.accepting:
                continue
            version = ".".join(map(str, module.name.version))
            what = f"is imported by Python {version} only; the other Pythons of the tag ignore it"
        elif module.siblings and known and not any(map(module.picked_by, known)):
            if name_fault(wheel, module)[0]:
                continue
            what = "is never imported: the Pythons of the tags pick another file of the module"
        else:
            continue
        yield Problem(
            message=f"{module.member.path} {what}",
            member=module.member.path,
            tags=triples_of(wheel.targets),
            evidence={"have": module.name.suffix},
        )
