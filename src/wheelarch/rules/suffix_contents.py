"""WA402, WA416: suffixes that contradict the contents of the file.

The name of each extension module is compared with the machine in its header, and the stable ABI in its name with the
Pythons that pick the file.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machines import serves
from ..facts.module_variants import accepts
from ..facts.named_modules import named_modules
from ..metadata.promise import triples_of
from ..model import Fact, Machine, Severity
from ._names import HEADERS_OF_NAMED, wanted_suffixes
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["abi3_in_free_threaded", "suffix_machine_mismatch"]


@rule(
    "WA402",
    "suffix-machine-mismatch",
    Family.NAMES,
    Severity.ERROR,
    remedies=("target-suffix",),
    needs=HEADERS_OF_NAMED,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
)
def suffix_machine_mismatch(wheel: Wheel) -> Iterator[Problem]:
    """An extension module's suffix names a machine that is not the one in its header.

    What it does:
        Compares the architecture in the suffix (`-x86_64-linux-gnu`, `-win_amd64`) with the machine of the file.

    Why it is bad:
        One of the two is wrong. If the name is right, the code cannot be loaded. If the code is right, Python does not
        find the file.

    Example:
        `pkg/_core.cp312-win_amd64.pyd` contains ARM64 code: a cross build took the name, or the compiler, of the
        machine that ran it.

    How to fix:
        Cross-compile with the suffix of the target's Python.

    Known limits:
        Suffixes without an architecture (`-darwin`, `.abi3.so`, `.pyd`) say nothing. ARM64EC and ARM64X files are WA209
        and WA210, files without a machine are WA201.

    References:
        CPython Misc/platform_triplet.c; CPython PC/pyconfig.h, PYD_PLATFORM_TAG;
        docs/facts/python-dlls-and-suffixes.md, "Rules for suffixes".
    """
    for module in named_modules(wheel):
        arch = _suffix_arch(module.name.platform)
        images = module.member.images
        if not arch or not images or any(image.machine in _NO_MACHINE for image in images):
            continue
        if not module.accepting and any(accepts(t, name) for t in wheel.targets for name in module.siblings):
            continue
        hybrid = any(image.variant in ("arm64ec", "arm64x") for image in images)
        if hybrid or any(serves(image, arch) for image in images):
            continue
        have = ", ".join(image.arch for image in images)
        yield Problem(
            message=f"{module.member.path} is named for {arch}, but built for {have}",
            member=module.member.path,
            tags=triples_of(module.accepting or wheel.targets),
            evidence={"have": have, "need": arch},
        )


_NO_MACHINE = (Machine.NONE, Machine.OTHER)


_SUFFIX_ARCHES = {
    "x86_64": "x86_64", "i386": "x86", "i686": "x86", "x86": "x86", "aarch64": "arm64", "arm": "arm",
    "powerpc64le": "ppc64le", "powerpc64": "ppc64", "s390x": "s390x", "riscv64": "riscv64",
    "riscv32": "riscv32", "loongarch64": "loongarch64", "wasm32": "wasm32",
    "win32": "x86", "win_amd64": "x86_64", "win_arm64": "arm64", "win_arm32": "arm",
    "mingw_x86_64": "x86_64", "mingw_i686": "x86", "mingw_aarch64": "arm64",
}  # fmt: skip
"""Architectures by the first part of the platform in a suffix (POSIX), or by the whole platform (Windows)."""


def _suffix_arch(platform: str) -> str:
    """Return the architecture that a suffix names, as `Image.arch` spells it, or nothing."""
    if platform.endswith("gnux32"):
        return "x32"
    if platform.startswith("mingw_"):
        return next((arch for name, arch in _SUFFIX_ARCHES.items() if platform.startswith(name)), "")
    return _SUFFIX_ARCHES.get(platform.partition("-")[0], "")


@rule(
    "WA416",
    "abi3-in-free-threaded",
    Family.NAMES,
    Severity.ERROR,
    remedies=("gil-flavor",),
    needs=HEADERS_OF_NAMED,
    breaks_promise=Severity.ERROR,
)
def abi3_in_free_threaded(wheel: Wheel) -> Iterator[Problem]:
    """A free-threaded Python 3.13 or 3.14 imports a module that was built for the stable ABI with the GIL.

    What it does:
        Reports `.abi3.so` in wheels for `cp313t` and `cp314t`, unless a file of the module with the free-threaded
        suffix comes first.

    Why it is bad:
        These interpreters find the file and start it, but their objects have another layout.

    Example:
        `pkg/_core.abi3.so` in a wheel tagged `cp313-cp313t`: the import crashes.

    How to fix:
        Build for the free-threaded ABI. There is no free-threaded stable ABI before 3.15.

    Known limits:
        From 3.15 on, free-threaded builds do not look for `.abi3.so` (WA401). Windows has no such suffix.

    References:
        CPython issues 120901 and 111870; PEP 803; docs/facts/python-dlls-and-suffixes.md, "Rules for suffixes".
    """
    for module in named_modules(wheel):
        targets = tuple(
            target for target in wheel.targets if target.free_threaded and module.picked_by(target)
        )
        if targets and module.name.abi == "abi3":
            yield Problem(
                message=f"{module.member.path} is built for Python with the GIL, "
                "but the tag is for free-threaded Python",
                member=module.member.path,
                tags=triples_of(targets),
                evidence={"have": module.name.suffix, "need": wanted_suffixes(targets)},
                consequence="Python crashes when it imports the module",
            )
