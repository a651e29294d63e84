"""WA40x and WA413 to WA416: the file names of extension modules, and the hooks that start them."""

from __future__ import annotations

import re

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.wheel import (
    ExtensionName,
    Wheel,
    accepts,
    expected_hooks,
    installed_path,
    is_importable,
    module_name,
    parse_extension_name,
    serves,
)
from ..model import Depth, Image, Machine, Member, Role, Severity
from ._base import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..metadata.tags import Target

__all__ = [
    "abi3_in_free_threaded",
    "abi3t_without_export_hook",
    "debug_suffix",
    "library_suffix",
    "missing_init_hook",
    "other_platform_suffix",
    "python2_hook",
    "suffix_machine_mismatch",
    "triplet_before_315",
    "unimportable_suffix",
    "unpicked_variant",
    "untagged_suffix",
]

_HEADERS: Mapping[Role, Depth] = {Role.EXTENSION: Depth.HEADER}
_HOOKS: Mapping[Role, Depth] = {Role.EXTENSION: Depth.LINKAGE}

_FIRST_TRIPLETS_IN_STABLE_NAMES = (3, 15)
_FIRST_EXPORT_HOOKS = (3, 15)


class _Module(NamedTuple):
    """One file of an extension module, and who imports it."""

    member: Member
    name: ExtensionName
    accepting: tuple[Target, ...]
    """The targets that import a file of this name."""
    siblings: tuple[ExtensionName, ...]
    """The names of the module's other files in the wheel."""

    @property
    def dotted(self) -> str:
        """What an import statement calls it."""
        return module_name(self.member.path)

    @property
    def images(self) -> tuple[Image, ...]:
        """Those whose exports are known: read deep enough, whole, and not packed."""
        return tuple(
            image
            for image in self.member.images
            if image.depth >= Depth.LINKAGE and not image.faults and not (image.pe and image.pe.packed)
        )

    def picked_by(self, target: Target) -> bool:
        """Whether the target imports this file rather than one of its siblings."""
        order = target.suffixes
        if target not in self.accepting or self.name.suffix not in order:
            return target in self.accepting
        earlier = order[: order.index(self.name.suffix)]
        return not any(other.suffix in earlier and accepts(target, other) for other in self.siblings)

    def own_hooks(self, image: Image) -> tuple[str, ...]:
        """Return the exported hooks with which some Python starts the module by its file's name."""
        folder, _, _ = self.member.path.rpartition("/")
        expected = expected_hooks(f"{folder}/{self.name.stem}.so".lstrip("/"))
        return tuple(hook for hook in image.hooks if hook in expected)


def _extension_name(member: Member) -> ExtensionName | None:
    """Return the member's name taken apart; `x_d.pyd` is a module `x_d` where it exports that one's hook."""
    name = parse_extension_name(member.name)
    if name is None or name.suffix.endswith(".dylib"):
        return None
    stem = f"{name.stem}_d"
    if name.suffix.startswith("_d") and any(f"PyInit_{stem}" in image.hooks for image in member.images):
        return name._replace(stem=stem, suffix=name.suffix[2:], flags=name.flags.replace("d", ""))
    return name


@lazy.once
def _modules(wheel: Wheel) -> list[_Module]:
    """Return the extension modules that an import statement could reach by their folders."""
    variants: dict[str, list[tuple[Member, ExtensionName]]] = {}
    for member in wheel.members:
        name = _extension_name(member) if member.role is Role.EXTENSION else None
        if name is not None and is_importable(member.path):
            folder = installed_path(member.path).removesuffix(member.name)
            variants.setdefault(folder + name.stem, []).append((member, name))
    modules = []
    for files in variants.values():
        for member, name in files:
            accepting = tuple([target for target in wheel.targets if accepts(target, name)])
            siblings = tuple([other for one, other in files if one is not member])
            modules.append(_Module(member, name, accepting, siblings))
    return modules


def _is_python2(target: Target) -> bool:
    return target.version[0] == 2 if target.version else target.python.startswith("py2")


def _triples(targets: Sequence[Target]) -> tuple[str, ...]:
    return tuple(target.triple for target in targets)


# ---- WA401, WA403, WA406, WA413: nobody imports a file of this name


def _name_fault(wheel: Wheel, module: _Module) -> tuple[str, tuple[Target, ...]]:
    """Return the code for what is wrong with a module's file name and the targets that it fails, or nothing.

    A file beside one that fits is left to WA407, and generic tags (py3) to WA109 and WA407: which Pythons
    they invite is not in the tag.
    """
    name, targets = module.name, wheel.targets
    if any(accepts(target, other) for target in targets for other in module.siblings):
        return "", ()
    if "d" in name.flags and targets and not any(target.debug for target in targets):
        return "WA413", targets
    if not targets or not all(target.suffixes for target in targets):
        return "", ()
    if module.accepting:
        # One name serves only one ABI of `abi3.abi3t` where the file is no .abi3t.so.
        stable = all(target.stable_abi == "abi3" for target in module.accepting)
        lost = tuple(target for target in targets if target.stable_abi == "abi3t")
        return ("WA401", lost) if stable and lost else ("", ())
    too_old = tuple(
        target
        for target in targets
        if target.stable_abi and target.version and target.version < _FIRST_TRIPLETS_IN_STABLE_NAMES
    )
    if name.abi == "abi3" and name.platform and too_old:
        return "WA406", too_old
    if all(_is_for_other_platform(target, name) for target in targets):
        return "WA403", targets
    return "WA401", targets


def _is_for_other_platform(target: Target, name: ExtensionName) -> bool:
    """Whether a name differs from one that the target accepts in nothing but its platform.

    The C library counts as ABI here: -musl and -gnu are left to WA401.
    """
    for suffix in target.suffixes:
        usual = parse_extension_name("x" + suffix)
        if usual is None or not usual.platform or not name.platform:
            continue
        same = (usual.abi, usual.version, usual.flags) == (name.abi, name.version, name.flags)
        if same and usual.platform.replace("musl", "gnu") != name.platform.replace("musl", "gnu"):
            return True
    return False


def _wanted(targets: Sequence[Target]) -> str:
    """Return the suffixes that the targets look for; of a stable ABI those of every later Python too."""
    wanted: dict[str, None] = {}
    for target in targets:
        for suffix in target.suffixes:
            name = parse_extension_name("x" + suffix)
            if not (target.stable_abi and name and name.version) and not suffix.endswith(".fwork"):
                wanted[suffix] = None
    return ", ".join(wanted)


def _misnamed(wheel: Wheel, code: str, what: str) -> Iterator[Problem]:
    for module in _modules(wheel):
        found, targets = _name_fault(wheel, module)
        if found != code:
            continue
        wanted = _wanted(targets) or "those of release builds"
        yield Problem(
            message=f"{module.member.path} {what} {module.name.suffix}, the tagged Pythons look for {wanted}",
            member=module.member.path,
            tags=_triples(targets),
            evidence={"have": module.name.suffix, "need": wanted},
            consequence=f"ModuleNotFoundError: No module named '{module.dotted}'",
            # A file named for one Python in a stable-ABI wheel was not built for the stable ABI either.
            remedies=("R5",) if module.name.version and any(target.stable_abi for target in targets) else (),
        )


@rule("WA401", "unimportable-suffix", Severity.ERROR, ("R19",), needs=_HOOKS)
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


@rule("WA402", "suffix-machine-mismatch", Severity.ERROR, ("R19",), needs=_HEADERS)
def suffix_machine_mismatch(wheel: Wheel) -> Iterator[Problem]:
    """An extension module's suffix names another machine than its header.

    What it does:
        Compares the architecture in the suffix (`-x86_64-linux-gnu`, `-win_amd64`) with the machine of the
        file itself.

    Why it is bad:
        One of the two is wrong: where the name is right the code can't be loaded, and where the code is
        right the name is not found.

    Example:
        `pkg/_core.cp312-win_amd64.pyd` holds ARM64 code: a cross build that named the file for the machine
        that ran it, or compiled for it.

    How to fix:
        Cross-compile with the suffix of the target's Python.

    Known limits:
        Suffixes without an architecture (`-darwin`, `.abi3.so`, `.pyd`) say nothing. ARM64EC and ARM64X
        files are left to WA209 and WA210, files without a machine to WA201.

    References:
        CPython Misc/platform_triplet.c; PC/pyconfig.h, PYD_PLATFORM_TAG.
    """
    for module in _modules(wheel):
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
            message=f"{module.member.path} is named for {arch} and built for {have}",
            member=module.member.path,
            tags=_triples(module.accepting or wheel.targets),
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


def _suffix_arch(platform: str) -> str:
    """Return the architecture that a suffix names, as `Image.arch` spells it, or nothing."""
    if platform.endswith("gnux32"):
        return "x32"
    if platform.startswith("mingw_"):
        return next((arch for name, arch in _SUFFIX_ARCHES.items() if platform.startswith(name)), "")
    return _SUFFIX_ARCHES.get(platform.partition("-")[0], "")


@rule("WA403", "other-platform-suffix", Severity.ERROR, ("R19",), needs=_HOOKS)
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


# ---- WA404, WA408, WA415: the hooks


@rule(
    "WA404", "missing-init-hook", Severity.ERROR, ("R26",), needs={Role.EXTENSION: Depth.SYMBOLS}
)  # fmt: skip
def missing_init_hook(wheel: Wheel) -> Iterator[Problem]:
    """A file that is named as an extension module exports no init hook for its name.

    What it does:
        Looks for `PyInit_NAME` (or `PyModExport_NAME` where every tagged Python is 3.15 or later, `initNAME`
        for Python 2) among the exports of each slice. A module named `__init__` may use its package's name.
        A file that exports hooks of other names only is an error. One with an extension module's suffix and no
        hook at all may be a library that ctypes or cffi opens: a warning, and a note where it takes nothing
        from Python (pycryptodome).

    Why it is bad:
        Python opens the file, finds no function to start it with, and gives up.

    Example:
        `pkg/_core.pyd` exports `PyInit_core`: `ImportError: dynamic module does not define module export
        function (PyInit__core)`.

    How to fix:
        Let the hook, the file and the module have one name, and give the hook default visibility.

    Known limits:
        Packed (UPX) and damaged files are not judged.

    References:
        CPython Python/importdl.c; PEP 489; PEP 793.
    """
    for module in _modules(wheel):
        targets = tuple(filter(module.picked_by, wheel.targets)) or wheel.targets
        if not targets or (not module.accepting and module.siblings):
            continue
        for image in module.images:
            own = module.own_hooks(image)
            if any(hook.startswith(_hook_kinds(target)) for hook in own for target in targets):
                continue
            if not own or not _only_python2(own):
                yield _hookless(module, image, own, targets)
    for member in wheel.members:
        if member.role is Role.LIBRARY and _looks_like_extension(member):
            yield Problem(
                message=f"{member.path} is named as an extension module and exports no init hook",
                member=member.path,
                evidence={"have": "none", "need": f"PyInit_{member.name.partition('.')[0]}"},
                consequence=_no_hook(member.name.partition(".")[0], python2=False),
                severity=Severity.WARNING if _uses_python(member) else Severity.NOTE,
            )


def _uses_python(member: Member) -> bool:
    """Whether the file takes names of Python's API, or was not read deep enough to know."""
    return any(
        image.depth < Depth.SYMBOLS or any(symbol.name.startswith(("Py", "_Py")) for symbol in image.imported)
        for image in member.images
    )


def _hook_kinds(target: Target) -> tuple[str, ...]:
    """Return how the hooks start that all Pythons of a tag know."""
    if _is_python2(target):
        return ("init", "_cffi_pypyinit_")
    if target.implementation == "cpython" and target.version and target.version < _FIRST_EXPORT_HOOKS:
        return ("PyInit",)
    return ("PyInit", "PyModExport", "_cffi_pypyinit_")


def _only_python2(hooks: Sequence[str]) -> bool:
    return all(hook.startswith("init") for hook in hooks)


def _hookless(module: _Module, image: Image, own: Sequence[str], targets: Sequence[Target]) -> Problem:
    stem = module.name.stem
    python2 = all(map(_is_python2, targets))
    need = f"init{stem}" if python2 else f"PyInit_{stem}"
    others = [hook for hook in image.hooks if hook.startswith(("PyInit", "PyModExport"))]
    have = ", ".join(own or others[:5]) or "none"
    fat = len(module.member.images) > 1
    return Problem(
        message=f"{module.member.path} exports no {need}: its init hooks are {have}",
        member=module.member.path,
        slice=image.arch if fat else None,
        tags=_triples(targets),
        evidence={"have": have, "need": need},
        consequence=_no_hook(stem, python2),
    )


def _no_hook(stem: str, python2: bool) -> str:
    if python2:
        return f"ImportError: dynamic module does not define init function (init{stem})"
    return f"ImportError: dynamic module does not define module export function (PyInit_{stem})"


def _looks_like_extension(member: Member) -> bool:
    """Whether a library that exports nothing to start it with is named as only extension modules are."""
    name = parse_extension_name(member.name)
    if name is None or not (name.abi or name.suffix.endswith(".pyd")) or not is_importable(member.path):
        return False
    return bool(member.images) and all(
        image.depth >= Depth.LINKAGE
        and not image.faults
        and not image.hooks
        and not (image.pe and image.pe.packed)
        for image in member.images
    )


@rule("WA405", "untagged-suffix", Severity.NOTE, (), needs=_HOOKS)
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
    for module in _modules(wheel):
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
            if not _is_python2(target) and not (target.stable_abi and target.system in ("windows", "mingw"))
        )
        if meant:
            anywhere = any(target.system == "any" for target in meant)
            yield Problem(
                message=f"{module.member.path} is imported by any version of Python: its suffix names none",
                member=module.member.path,
                tags=_triples(meant),
                evidence={"have": module.name.suffix},
                severity=Severity.WARNING if anywhere else None,
            )


@rule("WA406", "triplet-before-315", Severity.ERROR, ("R20",), needs=_HOOKS)
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


@rule("WA407", "unpicked-variant", Severity.NOTE, (), needs=_HOOKS)
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
    for module in _modules(wheel):
        known = [target for target in wheel.targets if target.suffixes]
        if len(known) < len(wheel.targets):
            if not module.name.version or module.accepting:
                continue
            version = ".".join(map(str, module.name.version))
            what = f"is imported by Python {version} alone, other Pythons of the tag pass over it"
        elif module.siblings and known and not any(map(module.picked_by, known)):
            if _name_fault(wheel, module)[0]:
                continue
            what = "is imported by no tagged Python: a file of the same module fits and comes first"
        else:
            continue
        yield Problem(
            message=f"{module.member.path} {what}",
            member=module.member.path,
            tags=_triples(wheel.targets),
            evidence={"have": module.name.suffix},
        )


@rule("WA408", "abi3t-without-export-hook", Severity.WARNING, ("R16",), needs=_HOOKS)
def abi3t_without_export_hook(wheel: Wheel) -> Iterator[Problem]:
    """A module for the free-threaded stable ABI has no `PyModExport_` hook.

    What it does:
        Looks for `PyModExport_NAME` in the modules of wheels tagged `abi3t`.

    Why it is bad:
        `PyModuleDef` is opaque in abi3t, so a module that starts by `PyInit_NAME` alone can't have been
        compiled for it as a whole.

    Example:
        `pkg/_core.abi3t.so` exports `PyInit__core` only, in a wheel tagged `cp315-abi3.abi3t`.

    How to fix:
        Compile with `Py_TARGET_ABI3T` and define the module by slots.

    Known limits:
        A hook that makes its module by other means than a PyModuleDef would be right.

    References:
        PEP 793; PEP 803.
    """
    for module in _modules(wheel):
        targets = tuple(target for target in module.accepting if target.stable_abi == "abi3t")
        for image in module.images:
            own = module.own_hooks(image)
            if targets and own and not any(hook.startswith("PyModExport") for hook in own):
                yield Problem(
                    message=f"{module.member.path} has no PyModExport_{module.name.stem} for abi3t",
                    member=module.member.path,
                    slice=image.arch if len(module.member.images) > 1 else None,
                    tags=_triples(targets),
                    evidence={"have": ", ".join(own), "need": f"PyModExport_{module.name.stem}"},
                )


@rule("WA413", "debug-suffix", Severity.ERROR, ("R15",), needs=_HOOKS)
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


@rule("WA414", "library-suffix", Severity.WARNING, ("R19",), needs=_HOOKS)
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
    modules = {module.dotted for module in _modules(wheel)}
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
            tags=_triples(wheel.targets),
            evidence={"have": suffix[0], "need": _wanted(wheel.targets)},
            consequence=f"ModuleNotFoundError: No module named '{dotted}'",
        )


_LIBRARY_SUFFIX = lazy.pattern(r"\.(?:dylib|dll|so(?:\.\d+)+)$", re.IGNORECASE)


@rule("WA415", "python2-hook", Severity.ERROR, ("R15",), needs=_HOOKS)
def python2_hook(wheel: Wheel) -> Iterator[Problem]:
    """An extension module has only the init hook of Python 2, and no tag invites Python 2.

    What it does:
        Reports modules that export `initNAME` and neither `PyInit_NAME` nor `PyModExport_NAME`.

    Why it is bad:
        Python 3 does not know that hook.

    Example:
        `pkg/_core.cp311-win_amd64.pyd` exports `init_core`: `ImportError: dynamic module does not define
        module export function (PyInit__core)`.

    How to fix:
        Build with the interpreter that the tag names.

    Known limits:
        A plain `.so` may be a library whose start-up function is called so: there it is a warning.

    References:
        CPython Python/importdl.c; PEP 3121.
    """
    for module in _modules(wheel):
        if not wheel.targets or any(map(_is_python2, wheel.targets)):
            continue
        for image in module.images:
            own = module.own_hooks(image)
            if not own or not _only_python2(own):
                continue
            certain = module.name.abi or module.name.suffix.endswith(".pyd")
            yield Problem(
                message=f"{module.member.path} has the init hook of Python 2 only",
                member=module.member.path,
                slice=image.arch if len(module.member.images) > 1 else None,
                tags=_triples(wheel.targets),
                evidence={"have": ", ".join(own), "need": f"PyInit_{module.name.stem}"},
                consequence=_no_hook(module.name.stem, python2=False),
                severity=None if certain else Severity.WARNING,
            )


@rule("WA416", "abi3-in-free-threaded", Severity.ERROR, ("R16",), needs=_HEADERS)
def abi3_in_free_threaded(wheel: Wheel) -> Iterator[Problem]:
    """A free-threaded Python 3.13 or 3.14 picks a module that is built for the stable ABI with GIL.

    What it does:
        Reports `.abi3.so` in wheels for `cp313t` and `cp314t`, where no sibling with the free-threaded suffix
        comes first.

    Why it is bad:
        These interpreters find the file and start it, though its layout of objects is another.

    Example:
        `pkg/_core.abi3.so` in a wheel tagged `cp313-cp313t`: the import crashes.

    How to fix:
        Build for the free-threaded ABI; there is no stable one before 3.15.

    Known limits:
        From 3.15 on free-threaded builds do not look for `.abi3.so` (WA401). Windows has no such suffix.

    References:
        CPython issues 120901 and 111870; PEP 803.
    """
    for module in _modules(wheel):
        targets = tuple(
            target for target in wheel.targets if target.free_threaded and module.picked_by(target)
        )
        if targets and module.name.abi == "abi3":
            yield Problem(
                message=f"{module.member.path} is built for the GIL, the tag is for free-threaded Python",
                member=module.member.path,
                tags=_triples(targets),
                evidence={"have": module.name.suffix, "need": _wanted(targets)},
                consequence="the interpreter crashes when it imports the module",
            )
