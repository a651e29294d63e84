"""WA401, WA403, WA406, WA413, WA414: file names that no Python of the tags imports.

Four rules report the kinds of bad suffix that `facts.named_modules.name_fault` finds; each reports one kind. WA414
looks at files that are named like libraries and export an extension module's init hook.
"""

from __future__ import annotations

import re

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..facts.named_modules import name_fault, named_modules
from ..metadata.extension_names import ExtensionName, expected_hooks, is_importable
from ..metadata.member_paths import installed_path
from ..metadata.promise import triples_of
from ..model import Role, Severity
from ._names import LINKAGE_OF_NAMED, wanted_suffixes
from .grades import Grade, Grades
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..facts.wheel import Wheel
    from ..metadata.extension_names import ExtensionName
    from ..metadata.promise import Target


__all__ = [
    "debug_suffix",
    "library_suffix",
    "other_platform_suffix",
    "triplet_before_315",
    "unimportable_suffix",
]


_UNKNOWN_SUFFIX = Grades(
    "The Pythons of the tags do not look for a file of that name",
    {
        "module": Grade(
            "an extension module whose suffix is another Python's or another platform's",
            Severity.ERROR,
            "no import statement finds it",
        ),
        "library": Grade(
            "an extension module with the suffix of a library",
            Severity.WARNING,
            "no import statement finds it, but Python code may open it by its path",
        ),
    },
)


def _misnamed(wheel: Wheel, kind: str, what: str) -> Iterator[Problem]:
    """Yield a problem for each module whose name has one kind of fault.

    Args:
        wheel: The wheel.
        kind: As `name_fault` returns it.
        what: The predicate of the message, up to "look for", with `{suffix}`.
    """
    for module in named_modules(wheel):
        found, targets = name_fault(wheel, module)
        if found != kind:
            continue
        wanted = wanted_suffixes(targets) or "the suffixes of release builds"
        yield Problem(
            message=f"{module.member.path} {what.format(suffix=module.name.suffix)} look for {wanted}",
            member=module.member.path,
            tags=triples_of(targets),
            evidence={"have": module.name.suffix, "need": wanted},
            consequence=_not_imported(module.dotted),
            severity=_UNKNOWN_SUFFIX.of("module"),
            remedies=_stable_remedy(kind, module.name, targets),
        )


def _stable_remedy(kind: str, name: ExtensionName, targets: Sequence[Target]) -> tuple[str, ...]:
    """Return the remedy for a module of a stable-ABI wheel, if it is not the rule's own.

    setuptools takes the suffix of such a module from the Python that builds, whatever `SETUPTOOLS_EXT_SUFFIX` says
    (setuptools, command/build_ext.py, get_ext_filename).
    """
    if not any(target.stable_abi for target in targets):
        return ()
    if name.version:
        return ("stable-abi",)  # a file that is named for one Python was not built for the stable ABI either
    return ("abi3-suffix",) if kind in ("suffix", "platform") and name.abi == "abi3" else ()


def _not_imported(dotted: str) -> str:
    """Return what Python says if it does not look for a module's file (CPython Lib/importlib/_bootstrap.py)."""
    return f"ModuleNotFoundError: No module named '{dotted}'"


@rule(
    "WA401",
    "unimportable-suffix",
    Family.NAMES,
    Severity.ERROR,
    remedies=("target-suffix",),
    needs=LINKAGE_OF_NAMED,
    breaks_promise=Severity.ERROR,
    grades=(_UNKNOWN_SUFFIX,),
)
def unimportable_suffix(wheel: Wheel) -> Iterator[Problem]:
    """An extension module has a suffix that the Pythons of the tags do not look for.

    What it does:
        Compares the suffix of each extension module with the suffixes that the import system of each tag looks for. A
        stable-ABI tag allows all later Pythons, so there a suffix that names one version is wrong. `abi3.abi3t` needs a
        file that free-threaded builds find too.

    Why it is bad:
        Python ignores the file, even though it was built correctly.

    Example:
        `pkg/_core.cpython-310-x86_64-linux-gnu.so` in a wheel tagged `cp310-abi3`: Python 3.11 says
        `ModuleNotFoundError: No module named 'pkg._core'`.

    How to fix:
        Give the file the suffix of the tag's Python, or tag the wheel for the Python that the file names.

    Known limits:
        Files that no import statement reaches are not checked. Neither are generic tags (`py3-none`), which do not name
        an interpreter (WA109). A file that serves one of several tags is right. For PyPy and GraalPy only the ABI and
        the version are compared.

    References:
        importlib.machinery.EXTENSION_SUFFIXES; CPython Python/dynload_shlib.c and PC/pyconfig.h; PEP 3149; PEP 803; the
        wheels of uefi_firmware 1.11; docs/facts/python-dlls-and-suffixes.md, "Suffixes of extension modules".
    """
    yield from _misnamed(wheel, "suffix", "has the suffix {suffix}, but the Pythons of the tags")


@rule(
    "WA403",
    "other-platform-suffix",
    Family.NAMES,
    Severity.ERROR,
    remedies=("target-suffix",),
    needs=LINKAGE_OF_NAMED,
    breaks_promise=Severity.ERROR,
    grades=(_UNKNOWN_SUFFIX,),
    predicted_by=("WD02", "WD15"),
)
def other_platform_suffix(wheel: Wheel) -> Iterator[Problem]:
    """An extension module's suffix names a platform that is not the tag's.

    What it does:
        Reports names that differ only in the platform from a name that the tag's Python looks for.

    Why it is bad:
        Python ignores the file, whatever machine it was built for.

    Example:
        `pkg/_core.cp311-win_amd64.pyd` in a wheel tagged `win_arm64`:
        `ModuleNotFoundError: No module named 'pkg._core'`.

    How to fix:
        Take the suffix from the target's Python. The build took it from the Python that ran the build.

    Known limits:
        `-linux-gnu` instead of `-linux-musl` is WA401. A file that serves one of several tags is right.

    References:
        CPython Misc/platform_triplet.c; CPython PC/pyconfig.h, PYD_PLATFORM_TAG; PEP 3149;
        docs/facts/python-dlls-and-suffixes.md, "Rules for suffixes".
    """
    yield from _misnamed(
        wheel, "platform", "has the suffix of another platform, {suffix}; the Pythons of the tags"
    )


@rule(
    "WA406",
    "triplet-before-315",
    Family.NAMES,
    Severity.ERROR,
    remedies=("abi3-suffix",),
    systems=("macos", "ios", "linux", "musl", "android"),
    needs=LINKAGE_OF_NAMED,
    breaks_promise=Severity.ERROR,
    grades=(_UNKNOWN_SUFFIX,),
)
def triplet_before_315(wheel: Wheel) -> Iterator[Problem]:
    """A stable-ABI module has a suffix with a platform, which Pythons before 3.15 do not look for.

    What it does:
        Reports `.abi3-PLATFORM.so` in wheels whose tags allow Python 3.14 or older.

    Why it is bad:
        The wheel installs on the older Pythons, and they ignore the file.

    Example:
        `pkg/_core.abi3-x86_64-linux-gnu.so` in a wheel tagged `cp39-abi3`, built with CPython 3.15:
        `ModuleNotFoundError: No module named 'pkg._core'` on 3.9 to 3.14.

    How to fix:
        Name the file `.abi3.so`, which every Python finds.

    Known limits:
        None.

    References:
        CPython issue 152461; setuptools, get_abi3_suffix, takes the first suffix of the Python that builds;
        docs/facts/python-dlls-and-suffixes.md, "Rules for suffixes".
    """
    yield from _misnamed(
        wheel, "triplet", "has the suffix {suffix} of Python 3.15 and later, but older Pythons of the tags"
    )


@rule(
    "WA413",
    "debug-suffix",
    Family.NAMES,
    Severity.ERROR,
    remedies=("release-build",),
    needs=LINKAGE_OF_NAMED,
    breaks_promise=Severity.ERROR,
    grades=(_UNKNOWN_SUFFIX,),
)
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
        Build in the release configuration.

    Known limits:
        A module whose own name ends in `_d` is recognized by its init hook. A debug file beside a release file is a
        note (WA407).

    References:
        CPython PC/pyconfig.h, PYD_TAGGED_SUFFIX; PEP 3149; docs/facts/python-dlls-and-suffixes.md, "Debug builds".
    """
    yield from _misnamed(wheel, "debug", "has the debug suffix {suffix}, but the Pythons of the tags")


@rule(
    "WA414",
    "library-suffix",
    Family.NAMES,
    Severity.WARNING,
    remedies=("build-module",),
    needs=LINKAGE_OF_NAMED,
    breaks_promise=Severity.ERROR,
    grades=(_UNKNOWN_SUFFIX,),
)
def library_suffix(wheel: Wheel) -> Iterator[Problem]:
    """An extension module is named like a library: .dylib, .dll or .so.1.

    What it does:
        Reports files with a library's suffix that export the init hook for their own name.

    Why it is bad:
        The import system looks only for `.so` and `.pyd`.

    Example:
        `pkg/_core.dylib` exports `PyInit__core`: `ModuleNotFoundError: No module named 'pkg._core'`.

    How to fix:
        Build a module instead of a shared library (CMake: `Python_add_library(NAME MODULE WITH_SOABI ...)`).

    Known limits:
        Code that opens the file by its path works. Libraries beside well-named extension modules are read only as deep
        as other rules need, so this may be missed there.

    References:
        importlib.machinery.EXTENSION_SUFFIXES; docs/facts/python-dlls-and-suffixes.md, "Rules for suffixes".
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
            message=f"{member.path} exports the init hook of an extension module, but has a library's suffix",
            member=member.path,
            tags=triples_of(wheel.targets),
            evidence={"have": suffix[0], "need": wanted_suffixes(wheel.targets)},
            consequence=_not_imported(dotted),
            severity=_UNKNOWN_SUFFIX.of("library"),
        )


_LIBRARY_SUFFIX = pattern(r"\.(?:dylib|dll|so(?:\.\d+)+)$", re.IGNORECASE)
