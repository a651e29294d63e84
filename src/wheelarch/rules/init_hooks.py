"""WA404, WA408, WA415: the exported functions that start a module.

Python starts an extension module with a function that the file exports, its init hook. These rules compare the hooks
that each slice exports with the hooks that the Pythons of the tags look for.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.named_modules import NamedModule, is_module_without_hook, named_modules
from ..metadata.extension_names import hook_stem
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Image, Member, Role, Severity
from ._names import FIRST_EXPORT_HOOKS, LAYOUT_HELPERS, LINKAGE_OF_NAMED, hook_not_found, is_python2
from .grades import Grade, Grades
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["abi3t_without_export_hook", "missing_init_hook", "python2_hook"]


_OTHER = "an extension module whose hooks have other names"
_MISSING_HOOK = Grades(
    "A file that is named as an extension module exports no init hook for its name",
    {
        "broken": Grade(
            "an extension module with a hook of the wrong kind, or with no hook in one of its slices",
            Severity.ERROR,
            "no Python of the tags can start it",
        ),
        "imported": Grade(
            f"{_OTHER}, if an import statement in the wheel names the file",
            Severity.ERROR,
            "that import fails",
        ),
        "case": Grade(
            f"{_OTHER}, if one differs from the file's only in case",
            Severity.ERROR,
            "the file was renamed, because nobody gives a module two names that look alike",
        ),
        "by-path": Grade(
            _OTHER, Severity.WARNING, "Python code may load it by its path, under the hook's name"
        ),
        "named": Grade(
            f"{_OTHER}, if a string in the wheel's Python files is such a name",
            None,
            "Python code loads it by its path, under that name",
        ),
        "library": Grade(
            "a file without any hook that uses names of Python",
            Severity.WARNING,
            "it may be a library that ctypes, cffi or torch opens",
        ),
        "idle": Grade(
            "a file without any hook that uses nothing of Python, or that a string in the wheel's Python files names",
            Severity.NOTE,
            "it is a library that ctypes, cffi or torch opens",
        ),
    },
)


@rule(
    "WA404",
    "missing-init-hook",
    Family.NAMES,
    Severity.ERROR,
    remedies=("export-hook",),
    needs={Role.EXTENSION: Depth.SYMBOLS},
    rests_on=(Fact.HOOKS,),
    breaks_promise=Severity.ERROR,
    grades=(_MISSING_HOOK,),
)
def missing_init_hook(wheel: Wheel) -> Iterator[Problem]:
    """A file that is named as an extension module does not export an init hook for its name.

    What it does:
        Looks for `PyInit_NAME` among the exports of each slice, or for `PyModExport_NAME` if every Python of the tags
        is 3.15 or later, or for `initNAME` in wheels for Python 2. A module named `__init__` may use its package's
        name. A file whose hooks all have other names may be loaded by its path: it is a warning, nothing if a string in
        the wheel's Python files is the name that a hook is for (torchcodec), and an error if an import statement
        there names the file. A file with an extension module's suffix and no hook
        may be a library that ctypes, cffi or `torch.ops.load_library` opens: it is a warning, or a note if it uses
        nothing of Python (pycryptodome) or a string in the Python files names it.

    Why it is bad:
        Python opens the file, finds no function to start it with, and gives up.

    Example:
        `pkg/_core.pyd` exports `PyInit_core`: `ImportError: dynamic module does not define module export
        function (PyInit__core)`.

    How to fix:
        Give the hook, the file and the module the same name, and give the hook default visibility.

    Known limits:
        Packed (UPX) and damaged files are not checked. Python files are searched for strings and import statements,
        not run.

    References:
        CPython Python/importdl.c; PEP 489; PEP 793; the wheels of torchcodec 0.17.0, which load
        libtorchcodec_pybind_ops.pyd as core_pybind_ops with importlib.util.spec_from_file_location;
        docs/facts/python-dlls-and-suffixes.md, "Init hooks".
    """
    for module in named_modules(wheel):
        targets = tuple(filter(module.picked_by, wheel.targets)) or wheel.targets
        if not targets or (not module.accepting and module.siblings):
            continue
        for image in module.images:
            own = module.own_hooks(image)
            if any(hook.startswith(_hook_kinds(target)) for hook in own for target in targets):
                continue
            severity = _MISSING_HOOK.of(_kind(wheel, module, image, own))
            if severity is not None and not (own and _only_python2(own)):
                yield _missing_hook(module, image, own, targets=targets, severity=severity)
    for member in filter(is_module_without_hook, wheel.members):
        stem = member.name.partition(".")[0]
        named = wheel.code is not None and not wheel.code.strings.isdisjoint((stem, member.name))
        yield Problem(
            message=f"{member.path} is named as an extension module, but exports no init hook",
            member=member.path,
            evidence={"have": "none", "need": f"PyInit_{stem}"},
            consequence=hook_not_found(stem, python2=False),
            severity=_MISSING_HOOK.of("library" if _uses_python(member) and not named else "idle"),
        )


def _kind(wheel: Wheel, module: NamedModule, image: Image, own: Sequence[str]) -> str:
    """Return which row of the table is about a slice that exports no right hook."""
    stems = {stem for stem in map(hook_stem, image.hooks) if stem}
    if own or not stems:
        return "broken"
    if wheel.code is not None:
        if module.dotted in wheel.code.imported:
            return "imported"
        if not wheel.code.strings.isdisjoint(stems):
            return "named"
    if module.name.stem.lower() in {stem.lower() for stem in stems}:
        return "case"
    return "by-path"


def _uses_python(member: Member) -> bool:
    """Whether the file uses names of Python's API, or was not read deep enough to know."""
    return any(
        image.depth < Depth.SYMBOLS or any(symbol.name.startswith(("Py", "_Py")) for symbol in image.imported)
        for image in member.images
    )


def _hook_kinds(target: Target) -> tuple[str, ...]:
    """Return how the names of the hooks start that all Pythons of a tag look for."""
    if is_python2(target):
        return ("init", "_cffi_pypyinit_")
    if target.implementation == "cpython" and target.version and target.version < FIRST_EXPORT_HOOKS:
        return ("PyInit",)
    return ("PyInit", "PyModExport", "_cffi_pypyinit_")


def _only_python2(hooks: Sequence[str]) -> bool:
    return all(hook.startswith("init") for hook in hooks)


def _missing_hook(
    module: NamedModule,
    image: Image,
    own: Sequence[str],
    *,
    targets: Sequence[Target],
    severity: Severity,
) -> Problem:
    """Return the problem of a slice that does not export a hook for its Pythons.

    Args:
        module: The file.
        image: The slice.
        own: The hooks of the wrong kind that it exports for the module's name.
        targets: The Pythons that import the file.
        severity: How bad that is.
    """
    stem = module.name.stem
    python2 = all(map(is_python2, targets))
    need = f"init{stem}" if python2 else f"PyInit_{stem}"
    others = [hook for hook in image.hooks if hook.startswith(("PyInit", "PyModExport"))]
    hooks = list(own or others[:5])
    have = ", ".join(hooks) or "none"
    fat = len(module.member.images) > 1
    return Problem(
        message=f"{module.member.path} does not export {need}"
        + (f"; its init hooks are {have}" if hooks else "; it exports no init hook"),
        member=module.member.path,
        slice=image.arch if fat else None,
        tags=triples_of(targets),
        evidence={"have": have, "need": need},
        consequence=hook_not_found(stem, python2=python2),
        severity=severity,
    )


@rule(
    "WA408",
    "abi3t-without-export-hook",
    Family.NAMES,
    Severity.WARNING,
    remedies=("abi3t",),
    needs={Role.EXTENSION: Depth.SYMBOLS},
    rests_on=(Fact.HOOKS, Fact.IMPORTS),
    breaks_promise=Severity.ERROR,
)
def abi3t_without_export_hook(wheel: Wheel) -> Iterator[Problem]:
    """A module for the free-threaded stable ABI has no `PyModExport_` hook.

    What it does:
        Looks for `PyModExport_NAME` in the modules of wheels tagged `abi3t`. A module without it is reported if it
        calls `PyModuleDef_Init`, `PyModule_Create2` or `PyModule_FromDefAndSpec2`.

    Why it is bad:
        These functions take a `PyModuleDef`, which is opaque in abi3t. The code that fills it in cannot be compiled for
        abi3t.

    Example:
        `pkg/_core.abi3t.so` exports only `PyInit__core`, in a wheel tagged `cp315-abi3.abi3t`.

    How to fix:
        Compile with `Py_TARGET_ABI3T` and define the module by slots.

    Known limits:
        None. A `PyInit_` hook that creates its module without a PyModuleDef is right: cffi's modules call their runtime
        instead (`_argon2_cffi_bindings/_ffi.pyd` of argon2_cffi_bindings 26.2.0).

    References:
        PEP 793; PEP 803; docs/facts/python-dlls-and-suffixes.md, "The abi3t ABI".
    """
    for module in named_modules(wheel):
        targets = tuple(target for target in module.accepting if target.stable_abi == "abi3t")
        for image in module.images:
            own = module.own_hooks(image)
            if not targets or not own or any(hook.startswith("PyModExport") for hook in own):
                continue
            called = [symbol.name for symbol in image.imported if symbol.name in LAYOUT_HELPERS]
            if called:
                yield Problem(
                    message=f"{module.member.path} does not export PyModExport_{module.name.stem}, "
                    "which modules for abi3t need",
                    member=module.member.path,
                    slice=image.arch if len(module.member.images) > 1 else None,
                    tags=triples_of(targets),
                    evidence={"have": ", ".join(own), "need": f"PyModExport_{module.name.stem}"},
                    claims=((Fact.IMPORTS, called[0]),),
                )


@rule(
    "WA415",
    "python2-hook",
    Family.NAMES,
    Severity.ERROR,
    remedies=("right-interpreter",),
    needs=LINKAGE_OF_NAMED,
    rests_on=(Fact.HOOKS,),
    breaks_promise=Severity.ERROR,
)
def python2_hook(wheel: Wheel) -> Iterator[Problem]:
    """An extension module exports only the init hook of Python 2, but no tag is for Python 2.

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
        A plain `.so` may be a library that has a function of this name, so it is only a warning.

    References:
        CPython Python/importdl.c; PEP 3121; docs/facts/python-dlls-and-suffixes.md, "Init hooks".
    """
    for module in named_modules(wheel):
        if not wheel.targets or any(map(is_python2, wheel.targets)):
            continue
        for image in module.images:
            own = module.own_hooks(image)
            if not own or not _only_python2(own):
                continue
            certain = module.name.abi or module.name.suffix.endswith(".pyd")
            yield Problem(
                message=f"{module.member.path} exports only the init hook of Python 2",
                member=module.member.path,
                slice=image.arch if len(module.member.images) > 1 else None,
                tags=triples_of(wheel.targets),
                evidence={"have": ", ".join(own), "need": f"PyInit_{module.name.stem}"},
                consequence=hook_not_found(module.name.stem, python2=False),
                severity=None if certain else Severity.WARNING,
            )
