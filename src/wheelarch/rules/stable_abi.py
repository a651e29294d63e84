"""WA409 to WA411: the names that stable-ABI modules use, compared with CPython's list of the stable ABI.

`_stable_modules` finds the files that must keep to the stable ABI, and looks up each name that they take from Python.
Each rule selects the names that are wrong, and `_problem_of_names` makes one problem per file of them.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.machines import FORMAT_OF_SYSTEM
from ..facts.module_variants import shadowed_variants
from ..facts.wheel import per_wheel
from ..metadata.extension_names import parse_extension_name
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Image, Member, Role, Severity, Symbol
from ..platforms import stable_abi
from ._floors import LIBRARIES_AND_MODULES
from ._names import LAYOUT_HELPERS
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target

__all__ = ["layout_helper", "name_newer_than_tag", "name_outside_stable_abi"]

_NEEDS: Mapping[Role, Depth] = {Role.EXTENSION: Depth.SYMBOLS}
_NAMES_IN_EVIDENCE = 20
_NAMES_IN_MESSAGE = 3
_LONGEST_SPECIFIER = 1000

Version = tuple[int, int]


class _Module(NamedTuple):
    """A file that only stable-ABI triples load."""

    member: Member
    images: tuple[Image, ...]
    """The images that are not damaged and have the format that the targets load."""
    targets: tuple[Target, ...]
    floor: Version
    """The lowest Python of the targets."""
    taken: tuple[tuple[Symbol, Image, Version | None], ...]
    """The names that the images take from Python, and the Python that added each to the stable ABI, if any."""


class _Taken(NamedTuple):
    """A wrong name that a module takes from Python."""

    symbol: Symbol
    image: Image
    severity: Severity
    added: Version | None

    def __str__(self) -> str:
        remarks = [".".join(map(str, self.added))] if self.added else []
        remarks += ["weak"] if self.symbol.weak else []
        return self.symbol.name + (f" ({', '.join(remarks)})" if remarks else "")


@per_wheel
def _stable_modules(wheel: Wheel) -> list[_Module]:
    """Return the files that must keep to the stable ABI.

    These are extension modules, and libraries if another rule had them read to SYMBOLS. Files of a module that no
    target picks are WA407. A file that also serves a version-specific triple of the wheel is right as it is.
    """
    if not any(target.stable_abi for target in wheel.targets):
        return []
    modules = []
    shadowed = shadowed_variants(wheel)
    for member in wheel.members:
        if member.role not in LIBRARIES_AND_MODULES or member.path in shadowed:
            continue
        parsed = parse_extension_name(member.name)
        picks = [one for one in wheel.targets if parsed and parsed.suffix in one.suffixes] or wheel.targets
        formats = {FORMAT_OF_SYSTEM.get(target.system) for target in picks}
        versions = [target.version for target in picks if target.stable_abi and target.version]
        if len(versions) == len(picks):
            images = tuple(one for one in member.images if one.format in formats and not one.damaged)
            taken = tuple(
                [
                    (symbol, image, stable_abi.added(symbol.name, image.format))
                    for image in images
                    for symbol in stable_abi.python_symbols(image)
                ]
            )
            modules.append(_Module(member, images, tuple(picks), min(versions), taken))
    return modules


def _problem_of_names(
    module: _Module, taken: Sequence[_Taken], *, singular: str, plural: str, need: str, consequence: str
) -> Problem:
    """Return one problem for all wrong names that a file takes from Python, the worst of them first.

    Args:
        module: The file.
        taken: Its wrong names.
        singular: What is wrong, for the message, if there is one name.
        plural: The same for several names.
        need: For the evidence.
        consequence: What users see.
    """
    named: dict[str, _Taken] = {}
    for one in sorted(taken, key=lambda one: (-one.severity.rank, one.symbol.name)):
        named.setdefault(one.symbol.name, one)
    worst, *_ = names = list(named.values())
    arches = {one.image.arch for one in taken}
    extension = module.member.role is Role.EXTENSION
    first = ", ".join(one.symbol.name for one in names[:_NAMES_IN_MESSAGE])
    shown = ", ".join(map(str, names[:_NAMES_IN_EVIDENCE]))
    return Problem(
        message=f"{'extension module' if extension else 'library'} {module.member.path} uses {first}"
        f"{_and_more(len(names) - _NAMES_IN_MESSAGE)}, " + (singular if len(names) == 1 else plural),
        member=module.member.path,
        slice=arches.pop() if len(arches) == 1 < len(module.member.images) else None,
        tags=triples_of(module.targets),
        evidence={"have": shown + _and_more(len(names) - _NAMES_IN_EVIDENCE), "need": need},
        consequence=consequence,
        severity=worst.severity if extension or worst.severity is Severity.NOTE else Severity.WARNING,
        claims=tuple((Fact.IMPORTS, one.symbol.name) for one in names[:_NAMES_IN_EVIDENCE]),
    )


def _and_more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _import_error(module: _Module, taken: Sequence[_Taken]) -> str:
    """Return what the loader says of the worst name, or nothing if no Python certainly lacks one."""
    worst = min(taken, key=lambda one: (-one.severity.rank, one.symbol.name))
    if worst.severity is not Severity.ERROR:
        return ""
    name = worst.symbol.name
    if worst.image.format is Format.PE:
        stem = module.member.name.partition(".")[0]
        return f"ImportError: DLL load failed while importing {stem}: The specified procedure could not be found."
    if worst.image.format is Format.MACHO:
        return f"ImportError: symbol not found in flat namespace '_{name}'"
    return f"ImportError: {module.member.name}: undefined symbol: {name}"


_RUNTIMES = (
    "libc.", "libm.", "libdl.", "libpthread.", "librt.", "libutil.", "libgcc_s.", "libstdc++.", "libatomic.",
    "ld-", "ld64.", "libpython3",
)  # fmt: skip
"""How the names of the C and C++ runtimes, of the loader and of Python's library start: none of them defines other
names that start with `Py`."""


def _other_provider(symbol: Symbol, image: Image) -> str:
    """Return a library other than Python's that may define a name, or nothing.

    ELF files do not say which library defines a name. For example, PySide6's modules take names that start with `Py`
    from libshiboken6 and libpyside6. Names that start with `_Py` are always CPython's.
    """
    if image.format is not Format.ELF or symbol.name.startswith("_"):
        return ""
    return next((name for name in image.needed if not name.startswith(_RUNTIMES)), "")


@rule(
    "WA409",
    "outside-stable-abi",
    Family.NAMES,
    Severity.ERROR,
    remedies=("limited-api",),
    needs=_NEEDS,
    rests_on=(Fact.IMPORTS,),
    breaks_promise=Severity.ERROR,
)
def name_outside_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """A stable-ABI module uses names of Python that are not in the stable ABI.

    What it does:
        Compares every name that the extension modules of wheels tagged abi3 or abi3t take from Python with CPython's
        list: the imports from `python3*.dll` on Windows, the undefined symbols on other systems.

    Why it is bad:
        Only names of the stable ABI are in every later Python. On Windows, python3.dll has no other names, so the
        import fails. On other systems it works until a Python drops the name, and the object that uses the name was
        compiled for the private layout of one Python.

    Example:
        `_PyUnicode_Ready` in a wheel tagged `cp38-abi3-manylinux_2_17_x86_64`. Python 3.12 dropped it.

    How to fix:
        Define `Py_LIMITED_API` for all objects, static libraries included.

    Known limits:
        It is a warning for weak names, for libraries, and on Linux for names that another library may define. It is a
        note if the tag's Python is newer than all names that wheelarch knows. The use of private structures leaves no
        name.

    References:
        PEP 384, PEP 652; CPython Misc/stable_abi.toml; docs/facts/python-dlls-and-suffixes.md, "Stable-ABI symbols".
    """
    for module in _stable_modules(wheel):
        taken: list[_Taken] = []
        providers: dict[str, None] = {}
        for symbol, image, added in module.taken:
            if added is None:
                provider = _other_provider(symbol, image)
                providers.update({provider: None} if provider else {})
                severity = Severity.WARNING if symbol.weak or provider else Severity.ERROR
                if module.floor > stable_abi.latest():
                    severity = Severity.NOTE
                taken.append(_Taken(symbol, image, severity, None))
        if taken:
            other = f", except if {next(iter(providers))} defines " if providers else ""
            yield _problem_of_names(
                module,
                taken,
                singular="which is not in the stable ABI" + (f"{other}it" if other else ""),
                plural="which are not in the stable ABI" + (f"{other}them" if other else ""),
                need="names of the stable ABI",
                consequence=_import_error(module, taken),
            )


@rule(
    "WA410",
    "newer-than-tag",
    Family.NAMES,
    Severity.ERROR,
    remedies=("limited-api-floor",),
    needs=_NEEDS,
    rests_on=(Fact.IMPORTS,),
    breaks_promise=Severity.ERROR,
)
def name_newer_than_tag(wheel: Wheel) -> Iterator[Problem]:
    """A stable-ABI module uses names that joined the stable ABI after the tag's Python.

    What it does:
        Compares the Python that added each name with the lowest Python that may install the wheel: the lowest cp tag,
        or `Requires-Python` if that is higher.

    Why it is bad:
        The wheel installs on the lower Pythons, but its module cannot be imported there.

    Example:
        `PyObject_GetBuffer`, added in 3.11, in a wheel tagged `cp39-abi3-win_amd64`: the Rust crate asked PyO3 for
        `abi3-py311`.

    How to fix:
        Compile for the Python of the tag, or raise the tag to the Python of the code.

    Known limits:
        It is a note if `Requires-Python` excludes the lower Pythons. It is a warning for weak names, for libraries, and
        if the lower Pythons have the name without a promise to keep it (not on Windows, where python3.dll only has
        names of the stable ABI).

    References:
        PEP 384, PEP 652; CPython Misc/stable_abi.toml; docs/facts/tags-and-installers.md, "Python and ABI tags";
        docs/facts/python-dlls-and-suffixes.md, "Stable-ABI symbols".
    """
    for module in _stable_modules(wheel):
        newer = [
            (symbol, image, added) for symbol, image, added in module.taken if added and added > module.floor
        ]
        if newer:
            floor = _lowest_admitted(module.floor, wheel.dist_info.requires_python)
            taken = [_Taken(*one[:2], _newer_name_severity(*one, floor), one[2]) for one in newer]
            needed = ".".join(map(str, max(version for *_, version in newer)))
            lowest = min(module.targets, key=lambda target: target.version or module.floor)
            yield _problem_of_names(
                module._replace(targets=tuple(_targets_below(module.targets, max(one[2] for one in newer)))),
                taken,
                singular=f"which needs Python {needed}, but the tag is {lowest.python}-{lowest.abi}",
                plural=f"which need Python {needed}, but the tag is {lowest.python}-{lowest.abi}",
                need=f"names that Python {'.'.join(map(str, module.floor))} has",
                consequence=_import_error(module, taken),
            )


def _targets_below(targets: Sequence[Target], version: Version) -> Iterator[Target]:
    """Return the targets whose lowest Python is older than a version."""
    return (target for target in targets if target.version and target.version < version)


def _newer_name_severity(symbol: Symbol, image: Image, added: Version, floor: Version) -> Severity:
    """Return how bad it is to use a name if `floor` is the lowest Python that can install the wheel."""
    if added <= floor:
        return Severity.NOTE
    # Exports of older Pythons are not known: what OLDEST_EXPORTS has may be older.
    exported = stable_abi.exported_since(symbol.name) or added
    found = image.format is not Format.PE and exported <= max(floor, stable_abi.OLDEST_EXPORTS)
    return Severity.WARNING if symbol.weak or found else Severity.ERROR


def _lowest_admitted(floor: Version, requires_python: str) -> Version:
    """Return the lowest Python from `floor` on that `Requires-Python` allows; `floor` if it cannot be parsed."""
    if not requires_python or len(requires_python) > _LONGEST_SPECIFIER:
        return floor
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        admitted = SpecifierSet(requires_python)
    except InvalidSpecifier:
        return floor
    newest = max(floor, stable_abi.latest())
    for minor in range(floor[1], newest[1]):
        if any(f"3.{minor}.{patch}" in admitted for patch in range(_PATCHES)):
            return 3, minor
    return newest


_PATCHES = 40
"""How many releases of a Python are tried, more than any has had: a bound such as `>=3.9.5` allows only later ones."""
_HOOK_HELPER = "PyModuleDef_Init"
"""`PyInit_NAME` returns its result. No Python with abi3t calls that hook if there is `PyModExport_NAME` (PEP 793)."""


@rule(
    "WA411",
    "hidden-layout",
    Family.NAMES,
    Severity.WARNING,
    remedies=("abi3t",),
    needs=_NEEDS,
    rests_on=(Fact.IMPORTS,),
    breaks_promise=Severity.ERROR,
)
def layout_helper(wheel: Wheel) -> Iterator[Problem]:
    """A module for the free-threaded stable ABI calls functions that need a structure which that ABI hides.

    What it does:
        Looks in wheels tagged abi3t for extension modules that use `PyModuleDef_Init`, `PyModule_Create2` or
        `PyModule_FromDefAndSpec2`.

    Why it is bad:
        A `PyModuleDef` starts with an object's header, which is longer in free-threaded Pythons. A module that fills in
        such a structure was compiled for the other layout.

    Example:
        An abi3 module with only `PyInit_pkg`, tagged `cp315-abi3.abi3t`.

    How to fix:
        Compile with `Py_TARGET_ABI3T` and export `PyModExport_NAME`.

    Known limits:
        Other uses of hidden structures leave no name. The functions exist, so the file loads. `PyModuleDef_Init` is not
        reported beside a `PyModExport` hook, because Python calls that hook instead.

    References:
        PEP 793, PEP 803; docs/facts/python-dlls-and-suffixes.md, "The abi3t ABI".
    """
    for module in _stable_modules(wheel):
        targets = tuple(target for target in module.targets if target.stable_abi == "abi3t")
        taken = [
            _Taken(symbol, image, Severity.WARNING, None)
            for symbol, image, _ in module.taken
            if symbol.name in LAYOUT_HELPERS and not (symbol.name == _HOOK_HELPER and _exports_slots(image))
        ]
        if targets and taken:
            yield _problem_of_names(
                module._replace(targets=targets),
                taken,
                singular="which needs the layout of PyModuleDef, but abi3t hides it",
                plural="which need the layout of PyModuleDef, but abi3t hides it",
                need="a PyModExport hook with slots",
                consequence="",
            )


def _exports_slots(image: Image) -> bool:
    """Whether the image has a hook of PEP 793."""
    return any(hook.startswith("PyModExport") for hook in image.hooks)
