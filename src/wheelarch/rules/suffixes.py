"""WA401, WA403, WA406, WA413, WA414: suffixes that no tagged Python imports."""

from __future__ import annotations

import re

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..facts.named_modules import name_fault, named_modules
from ..metadata.extension_names import expected_hooks, is_importable
from ..metadata.member_paths import installed_path
from ..model import Role, Severity
from ._names import LINKAGE_OF_NAMED, triples_of, wanted_suffixes
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = [
    "debug_suffix",
    "library_suffix",
    "other_platform_suffix",
    "triplet_before_315",
    "unimportable_suffix",
]


def _misnamed(wheel: Wheel, code: str, what: str) -> Iterator[Problem]:
    for module in named_modules(wheel):
        found, targets = name_fault(wheel, module)
        if found != code:
            continue
        wanted = wanted_suffixes(targets) or "those of release builds"
        yield Problem(
            message=f"{module.member.path} {what} {module.name.suffix}, the tagged Pythons look for {wanted}",
            member=module.member.path,
            tags=triples_of(targets),
            evidence={"have": module.name.suffix, "need": wanted},
            consequence=f"ModuleNotFoundError: No module named '{module.dotted}'",
            # A file named for one Python in a stable-ABI wheel was not built for the stable ABI either.
            remedies=("R5",) if module.name.version and any(target.stable_abi for target in targets) else (),
        )


@rule("WA401", "unimportable-suffix", Severity.ERROR, ("R19",), needs=LINKAGE_OF_NAMED)
def unimportable_suffix(wheel: Wheel) -> Iterator[Problem]:
    """An extension module has a suffix that the Pythons of the tags do not look for.

    What it does:
        Compares the suffix of each extension module with the list that the import system of each live tag
        goes through. A stable-ABI tag invites all later Pythons, so there a suffix that names one version
        is wrong, and `abi3.abi3t` asks for a file that free-threaded builds find too.

    Why it is bad:
        Python passes over the file as if it were not there, though it is built right.

    Example:
        `pkg/_core.cpython-310-x86_64-linux-gnu.so` in a wheel tagged `cp310-abi3`: Python 3.11 says
        `ModuleNotFoundError: No module named 'pkg._core'`.

    How to fix:
        Give the file the suffix of the tag's Python, or tag the wheel for the Python that the file names.

    Known limits:
        Files on paths that no import statement reaches are left out, and so are generic tags (`py3-none`),
        which name no interpreter (WA109). A file that serves one of several tags is right. Of PyPy and
        GraalPy only ABI and version are compared.

    References:
        importlib.machinery.EXTENSION_SUFFIXES; CPython Python/dynload_shlib.c and PC/pyconfig.h; PEP 3149;
        PEP 803; the wheels of uefi_firmware 1.11.
    """
    yield from _misnamed(wheel, "WA401", "has the suffix")


@rule("WA403", "other-platform-suffix", Severity.ERROR, ("R19",), needs=LINKAGE_OF_NAMED)
def other_platform_suffix(wheel: Wheel) -> Iterator[Problem]:
    """An extension module's suffix names another platform than the tags.

    What it does:
        Reports names that differ in nothing but their platform from one that the tagged Python looks for.

    Why it is bad:
        Python passes over the file, whatever machine it is built for.

    Example:
        `pkg/_core.cp311-win_amd64.pyd` in a wheel tagged `win_arm64`:
        `ModuleNotFoundError: No module named 'pkg._core'`.

    How to fix:
        Take the suffix from the target's Python: the build took that of the Python which ran it.

    Known limits:
        `-linux-gnu` against `-linux-musl` is WA401. A file that serves one of several tags is right.

    References:
        CPython Misc/platform_triplet.c; PC/pyconfig.h, PYD_PLATFORM_TAG; PEP 3149.
    """
    yield from _misnamed(wheel, "WA403", "has the suffix of another platform,")


@rule("WA406", "triplet-before-315", Severity.ERROR, ("R20",), needs=LINKAGE_OF_NAMED)
def triplet_before_315(wheel: Wheel) -> Iterator[Problem]:
    """A stable-ABI module has a suffix with a platform, which Python before 3.15 does not look for.

    What it does:
        Reports `.abi3-PLATFORM.so` in wheels whose tag invites Python 3.14 or older.

    Why it is bad:
        The wheel installs on the older Pythons, and they pass over the file.

    Example:
        `pkg/_core.abi3-x86_64-linux-gnu.so` in a wheel tagged `cp39-abi3`, built with CPython 3.15:
        `ModuleNotFoundError: No module named 'pkg._core'` on 3.9 to 3.14.

    How to fix:
        Name the file `.abi3.so`, which every Python finds.

    Known limits:
        None.

    References:
        CPython issue 152461; setuptools get_abi3_suffix takes the first suffix of the Python that builds.
    """
    yield from _misnamed(wheel, "WA406", "has a suffix of Python 3.15 and later,")


@rule("WA413", "debug-suffix", Severity.ERROR, ("R15",), needs=LINKAGE_OF_NAMED)
def debug_suffix(wheel: Wheel) -> Iterator[Problem]:
    """An extension module of a release wheel has the suffix of a debug build.

    What it does:
        Reports `_d.pyd` and `.cpython-311d-...so` in wheels without a debug ABI tag.

    Why it is bad:
        Only a debug build of Python looks for such a file.

    Example:
        `pkg/_core_d.cp311-win_amd64.pyd` in a wheel tagged `cp311-cp311`:
        `ModuleNotFoundError: No module named 'pkg._core'`.

    How to fix:
        Build in release configuration.

    Known limits:
        A module whose own name ends in `_d` is told by its init hook. A debug variant beside a release one
        is a note (WA407).

    References:
        CPython PC/pyconfig.h, PYD_TAGGED_SUFFIX; PEP 3149.
    """
    yield from _misnamed(wheel, "WA413", "has the debug suffix")


@rule("WA414", "library-suffix", Severity.WARNING, ("R19",), needs=LINKAGE_OF_NAMED)
def library_suffix(wheel: Wheel) -> Iterator[Problem]:
    """An extension module is named as a library: .dylib, .dll or .so.1.

    What it does:
        Reports files with a library's suffix that export the init hook for their own name.

    Why it is bad:
        The import system looks for `.so` and `.pyd` only.

    Example:
        `pkg/_core.dylib` exports `PyInit__core`: `ModuleNotFoundError: No module named 'pkg._core'`.

    How to fix:
        Build a module and not a shared library (CMake: `Python_add_library(NAME MODULE WITH_SOABI ...)`).

    Known limits:
        Code that opens the file by its path still works. Libraries beside proper extension modules are read
        only as deep as other rules ask, so this may be missed there.

    References:
        importlib.machinery.EXTENSION_SUFFIXES.
    """
    if any(target.implementation == "graalpy" or target.system == "other" for target in wheel.targets):
        return
    modules = {module.dotted for module in named_modules(wheel)}
    for member in wheel.members:
        if member.role not in (Role.EXTENSION, Role.LIBRARY, Role.DEPENDENCY) or not is_importable(
            member.path
        ):
            continue
        if member.name.endswith((".so", ".pyd")) or not any(image.hooks for image in member.images):
            continue
        suffix = _LIBRARY_SUFFIX.search(member.name)
        stem = member.name.partition(".")[0]
        dotted = installed_path(member.path).removesuffix(member.name).replace("/", ".") + stem
        own = [hook for hook in expected_hooks(member.path) if hook.startswith(("PyInit", "PyModExport"))]
        if (
            suffix is None
            or dotted in modules
            or not any(set(own) & set(image.hooks) for image in member.images)
        ):
            continue
        yield Problem(
            message=f"{member.path} has the init hook of an extension module and the suffix of a library",
            member=member.path,
            tags=triples_of(wheel.targets),
            evidence={"have": suffix[0], "need": wanted_suffixes(wheel.targets)},
            consequence=f"ModuleNotFoundError: No module named '{dotted}'",
        )


_LIBRARY_SUFFIX = lazy.pattern(r"\.(?:dylib|dll|so(?:\.\d+)+)$", re.IGNORECASE)
