"""WA405, WA407: plain suffixes, and files of a module that nothing imports."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.named_modules import name_fault, named_modules
from ..model import Severity
from ._names import LINKAGE_OF_NAMED, is_python2, triples_of
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["unpicked_variant", "untagged_suffix"]


@rule("WA405", "untagged-suffix", Severity.NOTE, (), needs=LINKAGE_OF_NAMED)
def untagged_suffix(wheel: Wheel) -> Iterator[Problem]:
    """An extension module has a plain suffix, which says nothing about the Python that it is for.

    What it does:
        Reports `.so` and `.pyd` without ABI and platform. Python 2 has no other, and `.pyd` is the only name
        that the stable ABI has on Windows: both are right.

    Why it is bad:
        CPython imports the file whatever its version and flavour. Only the wheel's tag protects users, and a
        tag of `none-any` does not even do that.

    Example:
        `winrt/_winrt.pyd` in `winrt-1.0-cp38-none-win_amd64.whl`.

    How to fix:
        Let the build use the suffix of the tag's Python.

    Known limits:
        None.

    References:
        PEP 3149; importlib.machinery.EXTENSION_SUFFIXES.
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
                message=f"{module.member.path} is imported by any version of Python: its suffix names none",
                member=module.member.path,
                tags=triples_of(meant),
                evidence={"have": module.name.suffix},
                severity=Severity.WARNING if anywhere else None,
            )


@rule("WA407", "unpicked-variant", Severity.NOTE, (), needs=LINKAGE_OF_NAMED)
def unpicked_variant(wheel: Wheel) -> Iterator[Problem]:
    """A variant of an extension module is imported by none of the tagged Pythons, or by one version alone.

    What it does:
        Where a module has several files, finds those that no tag's Python picks, because a sibling comes
        first or their suffix names another Python. Under a generic tag (`py3`), finds files that only one
        version imports.

    Why it is bad:
        It is dead weight, or left over from another build. Other Pythons run without the module, which is
        fine where pure Python code stands in for it.

    Example:
        `pkg/_core.cp39-win_amd64.pyd` beside `pkg/_core.cp312-win_amd64.pyd` in a `cp312` wheel.

    How to fix:
        Clean the build folder before building, or leave it where it is meant.

    Known limits:
        Whether pure Python code stands in for a module is not looked at.

    References:
        importlib.machinery.EXTENSION_SUFFIXES; the wheels of debugpy 1.8.22.
    """
    for module in named_modules(wheel):
        known = [target for target in wheel.targets if target.suffixes]
        if len(known) < len(wheel.targets):
            if not module.name.version or module.accepting:
                continue
            version = ".".join(map(str, module.name.version))
            what = f"is imported by Python {version} alone, other Pythons of the tag pass over it"
        elif module.siblings and known and not any(map(module.picked_by, known)):
            if name_fault(wheel, module)[0]:
                continue
            what = "is imported by no tagged Python: a file of the same module fits and comes first"
        else:
            continue
        yield Problem(
            message=f"{module.member.path} {what}",
            member=module.member.path,
            tags=triples_of(wheel.targets),
            evidence={"have": module.name.suffix},
        )
