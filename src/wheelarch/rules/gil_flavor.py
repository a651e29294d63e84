"""WA303, WA316: an extension module for the other flavor of Python, with or without the GIL.

On Windows the name of the imported Python DLL shows the flavor. Elsewhere the functions that drop references do,
because only free-threaded Pythons have some of them. WA303 compares the module with an ABI tag that names the flavor,
WA316 with one that invites both.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.gil_only import FREE_THREADED_ONLY, GilOnly, drops_references, gil_only
from ..facts.python_dlls import bound_images, clashes
from ..metadata.extension_names import module_name
from ..metadata.promise import triples_of
from ..model import Depth, Fact, Format, Role, Severity
from ._python import OTHER_PYTHON, dll_load_error, dll_problem
from .grades import Deviation, Grade, Grades, system_of_target
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["gil_only_in_none_abi", "wrong_flavor"]


_FLAVOR = Grades(
    "A module is built for another flavor of Python than its ABI tag names: with the GIL, or free-threaded",
    {
        "function": Grade(
            "a module that needs a function of free-threaded Pythons, in a wheel for those with the GIL",
            Severity.ERROR,
            "the Pythons of the tags do not have the function",
        ),
        "references": Grade(
            "a module that drops references like code for the GIL, in a free-threaded wheel",
            Severity.WARNING,
            "only the functions that it calls show it, and other code may call them too",
        ),
    },
)


@rule(
    "WA303",
    "wrong-flavour",
    Family.PYTHON,
    Severity.ERROR,
    remedies=("gil-flavor",),
    needs={Role.EXTENSION: Depth.SYMBOLS},
    rests_on=(Fact.LIBRARIES, Fact.IMPORTS),
    breaks_promise=Severity.ERROR,
    grades=(OTHER_PYTHON, _FLAVOR),
    predicted_by=("WD09",),
)
def wrong_flavor(wheel: Wheel) -> Iterator[Problem]:
    """An extension module is built for the other flavor of Python: with the GIL, or free-threaded.

    What it does:
        On Windows, compares the imported DLL, `python3XY.dll` or `python3XYt.dll`, with the ABI tag. Elsewhere, looks
        for two functions that only free-threaded Pythons have. In free-threaded wheels it also looks for
        `_Py_Dealloc` without them, which is a warning: code for the GIL drops references this way.

    Why it is bad:
        Objects have another layout in each flavor. If the file loads at all, it crashes: up to 3.14, CPython's own
        check does not see `python3XYt.dll`.

    Example:
        A wheel tagged cp313t whose module imports python313.dll, because `Py_GIL_DISABLED` was not defined.

    How to fix:
        Define `Py_GIL_DISABLED=1` for free-threaded builds on Windows, and build with the Python of the tag.

    Known limits:
        On Linux and macOS, a module that never drops a reference inline is not found.

    References:
        PEP 703, PEP 779; CPython Python/dynload_win.c, Include/refcount.h;
        docs/facts/python-dlls-and-suffixes.md, "Which Python DLL a tag needs",
        "Telling GIL and free-threaded code apart".
    """
    for clash in clashes(wheel, "flavor"):
        error = dll_load_error(clash.member)
        yield dll_problem(clash, consequence=f"{error} Or the process has two Pythons in it and crashes.")
    for member, image, targets in bound_images(wheel, "linux", "macos"):
        flavors = {target.free_threaded for target in targets}
        if member.role is not Role.EXTENSION or flavors not in ({False}, {True}):
            continue
        measured = member.python.stable_abi if member.python else None
        if flavors == {False} and measured and FREE_THREADED_ONLY.isdisjoint(measured.outside):
            continue  # All names outside the stable ABI that it takes are known, and neither function is one.
        counting = drops_references(image)
        names = sorted(FREE_THREADED_ONLY & counting)
        problem = Problem(
            message=f"extension module {member.path} drops references like code for a Python with the GIL",
            member=member.path,
            slice=image.arch if len(member.images) > 1 else None,
            tags=triples_of(targets),
            evidence={"have": "gil", "need": "free-threaded"},
            severity=_FLAVOR.of("references"),
        )
        if names and flavors == {False}:
            missing = f"{member.name}: undefined symbol: {names[0]}"
            if image.format is Format.MACHO:
                missing = f"symbol not found in flat namespace '_{names[0]}'"
            yield problem._replace(
                message=f"extension module {member.path} needs {names[0]}, which only free-threaded Pythons have",
                evidence={"have": "free-threaded", "need": "gil"},
                claims=((Fact.IMPORTS, names[0]),),
                consequence=f"ImportError: {missing}",
                severity=_FLAVOR.of("function"),
            )
        elif not names and flavors == {True} and counting:
            yield problem


_FOR_THE_GIL = Grades(
    "A module is built for Pythons with the GIL, and its tag invites free-threaded ones too",
    {
        "module": Grade(
            "an extension module",
            Severity.ERROR,
            "the free-threaded Python does not find the file, or not the Python DLL that the file names",
            (
                Deviation(
                    ("macos", "linux", "musl"),
                    Severity.WARNING,
                    "files do not name a Python DLL there; the functions that a module calls, or its suffix, only "
                    "suggest for which Pythons the wheel is",
                ),
            ),
        )
    },
)


@rule(
    "WA316",
    "gil-only-in-none-abi",
    Family.PYTHON,
    Severity.ERROR,
    remedies=("tag-with-abi",),
    needs={Role.EXTENSION: Depth.SYMBOLS, Role.DEPENDENCY: Depth.LINKAGE},
    rests_on=(Fact.LIBRARIES, Fact.IMPORTS),
    breaks_promise=Severity.WARNING,
    systems=("windows", "macos", "linux", "musl"),
    grades=(_FOR_THE_GIL,),
)
def gil_only_in_none_abi(wheel: Wheel) -> Iterator[Problem]:
    """A tag without an ABI invites free-threaded Pythons, but an extension module is built for the GIL.

    What it does:
        In wheels tagged `cp313-none` or later with a platform, finds for each extension module the file that the
        free-threaded Python of that version imports. Reports the module if there is no such file, if it is named for
        abi3, if it, or a library that it needs, imports `python3XY.dll` or `python3.dll`, or if it drops references
        like code for a Python with the GIL. A wheel has one finding per kind of fault.

    Why it is bad:
        Installers accept the wheel for Pythons with and without the GIL. In one of them the module cannot be imported,
        or crashes, because objects have another layout there.

    Example:
        `pxr/Ar/_ar.pyd` in `usd_core-26.5-cp314-none-win_amd64.whl` imports python314.dll.

    How to fix:
        Tag the wheel for the ABI that its modules were built for: `cp314-cp314`.

    Known limits:
        On Linux and macOS, a module with a plain suffix that never drops a reference inline is not found. Generic tags
        (`py3-none`) are left to WA109.

    References:
        packaging.tags, cpython_tags; PEP 703; CPython Include/refcount.h; OpenUSD issue 4149;
        docs/facts/python-dlls-and-suffixes.md, "Which Python DLL a tag needs",
        "Telling GIL and free-threaded code apart"; docs/facts/tags-and-installers.md, "Python and ABI tags".
    """
    wanted = wheel.wanted
    if wheel.filename is None and wanted and wanted.pythons and not _is_free_threaded(wanted.pythons):
        return  # What is installed in a Python with the GIL serves nobody else.
    found: dict[tuple[str, str, str], list[GilOnly]] = {}
    for one in gil_only(wheel):
        found.setdefault((one.why, one.detail, one.target.python), []).append(one)
    for (why, detail, python), modules in found.items():
        first = modules[0]
        count = len({one.module.path for one in modules})
        more = f" and {count - 1} more extension module{'s' * (count > 2)}" if count > 1 else ""
        names = first.module.path + more
        verb = {
            "suffix": f"{'have' if count > 1 else 'has'} the suffix {detail}, which only Pythons with the GIL import",
            "stable-abi": f"{'are' if count > 1 else 'is'} for the stable ABI of Pythons with the GIL",
            "dll": f"{'need' if count > 1 else 'needs'} {detail}, which only Pythons with the GIL have",
            "references": f"{'drop' if count > 1 else 'drops'} references like code for a Python with the GIL",
        }[why]
        consequence = {
            "suffix": f"ModuleNotFoundError: No module named '{module_name(first.module.path)}'",
            "dll": dll_load_error(first.module),
        }.get(why, "")
        claim = {"dll": Fact.LIBRARIES, "references": Fact.IMPORTS}.get(why)
        yield Problem(
            message=f"tagged {python}-none, which free-threaded Pythons install too, but {names} {verb}",
            member=first.module.path,
            tags=tuple(dict.fromkeys(one.target.triple for one in modules)),
            evidence={"have": detail, "need": f"{python}-{python}"},
            consequence=consequence,
            severity=_FOR_THE_GIL.of("module", system_of_target(first.target)),
            claims=() if claim is None else ((claim, detail),),
        )


def _is_free_threaded(pythons: tuple[str, ...]) -> bool:
    """Whether the tags that an interpreter takes have one for free-threaded Pythons only."""
    return any(pair.endswith("t") for pair in pythons)
