"""WA409 to WA411: what stable-ABI modules take from Python, name by name."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..facts.machines import FORMAT_OF_SYSTEM
from ..facts.module_variants import shadowed_variants
from ..metadata.extension_names import parse_extension_name
from ..model import Depth, Format, Image, Member, Role, Severity, Symbol
from ..platforms import stable_abi
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target

__all__ = ["layout_helper", "name_newer_than_tag", "name_outside_stable_abi"]

_NEEDS: Mapping[Role, Depth] = {Role.EXTENSION: Depth.SYMBOLS}
_ROLES = (Role.EXTENSION, Role.DEPENDENCY, Role.LIBRARY)
_NAMES_SHOWN = 20
_NAMES_IN_MESSAGE = 3
_LONGEST_SPECIFIER = 1000

Version = tuple[int, int]


class _Module(NamedTuple):
    """A file that a stable-ABI triple loads, and none that is bound to one Python."""

    member: Member
    images: tuple[Image, ...]
    """Those that are whole and in a format that the targets load."""
    targets: tuple[Target, ...]
    floor: Version
    """The lowest Python of the targets."""
    taken: tuple[tuple[Symbol, Image, Version | None], ...]
    """The names that the images take from Python, and with which each joined the stable ABI; None: with none."""


class _Taken(NamedTuple):
    """A name that a module takes and that speaks against it."""

    symbol: Symbol
    image: Image
    severity: Severity
    added: Version | None

    def __str__(self) -> str:
        remarks = [".".join(map(str, self.added))] if self.added else []
        remarks += ["weak"] if self.symbol.weak else []
        return self.symbol.name + (f" ({', '.join(remarks)})" if remarks else "")


@lazy.once
def _modules(wheel: Wheel) -> list[_Module]:
    """Return the files that have to keep to the stable ABI.

    These are extension modules, and libraries that happen to have been read to SYMBOLS. Variants of a module
    that no target picks are left to WA407. A file that serves a version-specific triple of the same wheel is
    right as it is.
    """
    if not any(target.stable_abi for target in wheel.targets):
        return []
    modules = []
    shadowed = shadowed_variants(wheel.members, wheel.targets)
    for member in wheel.members:
        if member.role not in _ROLES or member.path in shadowed:
            continue
        parsed = parse_extension_name(member.name)
        picks = [one for one in wheel.targets if parsed and parsed.suffix in one.suffixes] or wheel.targets
        formats = {FORMAT_OF_SYSTEM.get(target.system) for target in picks}
        versions = [target.version for target in picks if target.stable_abi and target.version]
        if len(versions) == len(picks):
            images = tuple(one for one in member.images if one.format in formats and not one.faults)
            taken = tuple(
                [
                    (symbol, image, stable_abi.added(symbol.name, image.format))
                    for image in images
                    for symbol in stable_abi.python_symbols(image)
                ]
            )
            modules.append(_Module(member, images, tuple(picks), min(versions), taken))
    return modules


def _problem(module: _Module, taken: Sequence[_Taken], what: str, need: str, consequence: str) -> Problem:
    """Return one problem for all the names that a file takes, the worst of them first."""
    named: dict[str, _Taken] = {}
    for one in sorted(taken, key=lambda one: (-one.severity.rank, one.symbol.name)):
        named.setdefault(one.symbol.name, one)
    worst, *_ = names = list(named.values())
    arches = {one.image.arch for one in taken}
    extension = module.member.role is Role.EXTENSION
    first = ", ".join(one.symbol.name for one in names[:_NAMES_IN_MESSAGE])
    shown = ", ".join(map(str, names[:_NAMES_SHOWN]))
    return Problem(
        message=f"{'extension module' if extension else 'library'} {module.member.path} takes {first}"
        f"{_more(len(names) - _NAMES_IN_MESSAGE)} from Python, {what}",
        member=module.member.path,
        slice=arches.pop() if len(arches) == 1 < len(module.member.images) else None,
        tags=tuple(target.triple for target in module.targets),
        evidence={"have": shown + _more(len(names) - _NAMES_SHOWN), "need": need},
        consequence=consequence,
        severity=worst.severity if extension or worst.severity is Severity.NOTE else Severity.WARNING,
    )


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _unresolved(module: _Module, taken: Sequence[_Taken]) -> str:
    """Return what the loader says of the worst name; nothing where no Python certainly lacks one."""
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
"""How the names of the C and C++ runtimes, of the loader and of Python start: no other `Py` comes from them."""


def _provider(symbol: Symbol, image: Image) -> str:
    """Return a library other than Python's that may define a name, or nothing.

    ELF does not say which library a name is sought in. PySide6's modules, for one, take names that start with
    `Py` from libshiboken6 and libpyside6; `_Py` is CPython's own.
    """
    if image.format is not Format.ELF or symbol.name.startswith("_"):
        return ""
    return next((name for name in image.needed if not name.startswith(_RUNTIMES)), "")


@rule("WA409", "outside-stable-abi", Severity.ERROR, ("R14",), needs=_NEEDS)
def name_outside_stable_abi(wheel: Wheel) -> Iterator[Problem]:
    """A stable-ABI module takes names from Python that the stable ABI does not have.

    What it does:
        Compares every name that the extension modules of wheels tagged abi3 or abi3t take from Python with
        CPython's list: what they import from `python3*.dll` on Windows, their undefined symbols elsewhere.

    Why it is bad:
        Only names of the stable ABI are in every later Python. On Windows python3.dll has no others, so the
        import fails; elsewhere it works until a Python drops the name, and the object that takes it was
        compiled against the private layout of one Python.

    Example:
        `_PyUnicode_Ready` in a wheel tagged `cp38-abi3-manylinux_2_17_x86_64`; Python 3.12 dropped it.

    How to fix:
        Define `Py_LIMITED_API` for all objects, static libraries included.

    Known limits:
        A warning for weak names, for libraries, and on Linux for names that another library may define. A
        note where the tag's Python is newer than every name we know. Use of private structures leaves no name.

    References:
        PEP 384, PEP 652; CPython Misc/stable_abi.toml; rules.md 7.
    """
    for module in _modules(wheel):
        taken: list[_Taken] = []
        providers: dict[str, None] = {}
        for symbol, image, added in module.taken:
            if added is None:
                provider = _provider(symbol, image)
                providers.update({provider: None} if provider else {})
                severity = Severity.WARNING if symbol.weak or provider else Severity.ERROR
                if module.floor > stable_abi.latest():
                    severity = Severity.NOTE
                taken.append(_Taken(symbol, image, severity, None))
        if taken:
            unless = f" unless they are from {next(iter(providers))}" if providers else ""
            yield _problem(
                module,
                taken,
                f"which the stable ABI does not have{unless}",
                "names of the stable ABI",
                _unresolved(module, taken),
            )


@rule("WA410", "newer-than-tag", Severity.ERROR, ("R5", "R14"), needs=_NEEDS)
def name_newer_than_tag(wheel: Wheel) -> Iterator[Problem]:
    """A stable-ABI module takes names that joined the stable ABI after the tag's Python.

    What it does:
        Compares the Python that added each name with the lowest Python that may install the wheel: that of
        the lowest cp tag, or of `Requires-Python` where it is higher.

    Why it is bad:
        The wheel installs on the lower Pythons, and its module can't be imported there.

    Example:
        `PyObject_GetBuffer`, added in 3.11, in a wheel tagged `cp39-abi3-win_amd64`: the Rust crate asked PyO3
        for `abi3-py311`.

    How to fix:
        Compile for the Python of the tag, or raise the tag to the Python of the code.

    Known limits:
        A note where `Requires-Python` keeps the lower Pythons out. A warning for weak names, for libraries, and
        where the lower Pythons have the name without having promised it (not on Windows: python3.dll hands
        on promised names only).

    References:
        PEP 384, PEP 652; CPython Misc/stable_abi.toml; rules.md 1.2, 7.
    """
    for module in _modules(wheel):
        newer = [
            (symbol, image, added) for symbol, image, added in module.taken if added and added > module.floor
        ]
        if newer:
            floor = _raised(module.floor, wheel.dist_info.requires_python)
            taken = [_Taken(*one[:2], _severity(*one, floor), one[2]) for one in newer]
            said = ".".join(map(str, max(version for *_, version in newer)))
            lowest = min(module.targets, key=lambda target: target.version or module.floor)
            yield _problem(
                module._replace(targets=tuple(_below(module.targets, max(one[2] for one in newer)))),
                taken,
                f"which needs Python {said}, the tag says {lowest.python}-{lowest.abi}",
                f"names that Python {'.'.join(map(str, module.floor))} has",
                _unresolved(module, taken),
            )


def _below(targets: Sequence[Target], version: Version) -> Iterator[Target]:
    return (target for target in targets if target.version and target.version < version)


def _severity(symbol: Symbol, image: Image, added: Version, floor: Version) -> Severity:
    """Return how bad it is to take a name where `floor` is the lowest Python that can install the wheel."""
    if added <= floor:
        return Severity.NOTE
    # what the oldest Python that was looked at exports may be older still
    exported = stable_abi.exported_since(symbol.name) or added
    found = image.format is not Format.PE and exported <= max(floor, stable_abi.OLDEST_EXPORTS)
    return Severity.WARNING if symbol.weak or found else Severity.ERROR


def _raised(floor: Version, requires_python: str) -> Version:
    """Return the lowest Python, from `floor` on, that `Requires-Python` admits; `floor` where it can't be read."""
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
"""More than any Python 3 has had; a bound such as `>=3.9.5` admits the later ones only."""
_LAYOUT_HELPERS = frozenset({"PyModuleDef_Init", "PyModule_Create2", "PyModule_FromDefAndSpec2"})
"""Functions that take a PyModuleDef, whose members abi3t does not show (PEP 803)."""
_HOOK_HELPER = "PyModuleDef_Init"
"""What `PyInit_NAME` returns; no Python with abi3t calls that hook where there is `PyModExport_NAME` (PEP 793)."""


@rule("WA411", "hidden-layout", Severity.WARNING, ("R16",), needs=_NEEDS)
def layout_helper(wheel: Wheel) -> Iterator[Problem]:
    """A module for the free-threaded stable ABI calls functions that need a structure which that ABI hides.

    What it does:
        Looks in wheels tagged abi3t for extension modules that take `PyModuleDef_Init`, `PyModule_Create2` or
        `PyModule_FromDefAndSpec2` from Python.

    Why it is bad:
        A `PyModuleDef` starts with an object's header, which is longer in free-threaded Pythons: a module that
        fills one in itself was compiled for the other layout.

    Example:
        An abi3 module with `PyInit_pkg` only, tagged `cp315-abi3.abi3t`.

    How to fix:
        Compile with `Py_TARGET_ABI3T` and export `PyModExport_NAME`.

    Known limits:
        Other use of hidden structures leaves no name. The functions are there, so the file loads.
        `PyModuleDef_Init` is passed over beside a `PyModExport` hook, which Python calls instead.

    References:
        PEP 793, PEP 803; rules.md 7.
    """
    for module in _modules(wheel):
        targets = tuple(target for target in module.targets if target.stable_abi == "abi3t")
        taken = [
            _Taken(symbol, image, Severity.WARNING, None)
            for symbol, image, _ in module.taken
            if symbol.name in _LAYOUT_HELPERS and not (symbol.name == _HOOK_HELPER and _exports_slots(image))
        ]
        if targets and taken:
            yield _problem(
                module._replace(targets=targets),
                taken,
                "which needs PyModuleDef, and abi3t hides its layout",
                "a PyModExport hook with slots",
                "",
            )


def _exports_slots(image: Image) -> bool:
    return any(hook.startswith("PyModExport") for hook in image.hooks)
