"""WA507, WA508: the paths by which files name the libraries that they need.

WA507 looks at paths that the loader takes as they are, WA508 at those that start with `@loader_path`, `@rpath` or
`@executable_path` and should lead to a file of the wheel. The simulated loads say where each of them leads.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.lacks import lacks
from ..loading.graph import can_load
from ..loading.simulate import Answer
from ..model import Fact, Format, Kind, Severity
from ._floors import RUN_HEADERS
from ._needs import LINKAGE_OF_ROOTS, NEEDS, lack_problem, macho_edges, slice_name, slice_title
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..loading.graph import Edge


__all__ = ["foreign_install_name", "missing_relative_library"]

_ANSWERS = (Answer.LOST, Answer.UNKNOWN, Answer.UNLED, Answer.PRELOADED)


@rule(
    "WA507",
    "foreign-install-name",
    Family.SYSTEM,
    Severity.ERROR,
    remedies=("bundle-library",),
    systems=("macos", "ios", "linux", "musl", "android"),
    needs=LINKAGE_OF_ROOTS,
    formats=(Format.ELF,),
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=tuple(NEEDS[answer] for answer in _ANSWERS),
)
def foreign_install_name(wheel: Wheel) -> Iterator[Problem]:
    """A binary needs a library at a path that only the build machine has.

    What it does:
        Loads every extension module, library and program in simulation, and looks for needs with an absolute path
        outside the folders of the system, or with a relative path. It is an error for what users of the wheel certainly
        load: extension modules and the libraries that they need, or in a wheel without extension modules its libraries
        and programs. It is a warning for the rest, and if dyld may find another copy: a library of that name in
        /usr/lib, for files whose SDK is older than 14. A weak load does not count.

    Why it is bad:
        The loader looks at that path on the user's machine, and the library is not there.

    Example:
        `pkg/_core.cpython-311-darwin.so` needs `/opt/homebrew/opt/openssl@3/lib/libssl.3.dylib`.

    How to fix:
        Copy the library into the wheel: `delocate-wheel -v`, or `auditwheel repair` on Linux.

    Known limits:
        The install name of a library itself does not matter to code that loads it by path, and is not checked. Python's
        own library is WA312, software that users install WA536.

    References:
        dyld(1); ld.so(8); delocate, which copies these libraries; docs/facts/loaders.md, "Library load commands in
        Mach-O files".
    """
    for lack in lacks(wheel):
        name = lack.names[0]
        if lack.answer not in _ANSWERS or name.startswith("@"):
            continue
        by_path = lack.image.format is Format.ELF and lack.answer is Answer.LOST and name.startswith("/")
        if lack.image.format is Format.MACHO or by_path:
            kind = "absolute" if name.startswith("/") else "relative"
            last = name.rpartition("/")[2]
            problem = lack_problem(wheel, lack, f"@loader_path/{last}" if lack.image.macho else last)
            where = f"; the wheel has {lack.by}" if lack.by else ""
            message = f"{lack.who} {last} at the {kind} path {name}{where}"
            yield problem._replace(message=message, evidence={**problem.evidence, "have": name})


@rule(
    "WA508",
    "missing-relative-library",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("bundle-library",),
    needs=RUN_HEADERS,
    formats=(Format.MACHO,),
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=tuple(NEEDS[answer] for answer in _ANSWERS),
)
def missing_relative_library(wheel: Wheel) -> Iterator[Problem]:
    """A Mach-O binary needs a library beside it that is not in the wheel.

    What it does:
        Loads every extension module, library and program in simulation: `@loader_path`, `@rpath` (run paths of the file
        and of all that loads it) and `@executable_path` are followed through the wheel. If the wheel has the library
        where no path leads, it is a note if its install name is the name that is asked for, because it may be loaded
        before. Names that lead to a bundle (MH_BUNDLE, as extension modules are) instead of a library are found too.

    Why it is bad:
        dyld does not find the library, or does not link against a bundle, and the import fails.

    Example:
        `pkg/_core.cpython-311-darwin.so` needs `@rpath/libomp.dylib`, and no run path leads to such a file.

    How to fix:
        Copy the library into the wheel: `delocate-wheel -v`.

    Known limits:
        Weak and lazy loads are not checked. It is never an error: code that runs before the import may have loaded the
        library, and dyld also uses the run paths of everything that loads the file, up to the program, which a wheel
        does not show.

    References:
        dyld(1); dyld dyld/Loader.cpp; docs/facts/loaders.md, "How dyld finds a library".
    """
    for lack in lacks(wheel):
        if lack.answer in _ANSWERS and lack.image.format is Format.MACHO and lack.names[0].startswith("@"):
            problem = lack_problem(wheel, lack)
            where = f"; the wheel has {lack.by}" if lack.by else ""
            message = f"{lack.who} {lack.names[0]}, which does not lead to a file of the wheel{where}"
            yield problem._replace(message=message)
    for edge, tags in macho_edges(wheel):
        if edge.by_path and not edge.optional and _is_bundle(edge):
            yield Problem(
                f"{slice_title(edge.loader, edge.image)} needs {edge.name}, which leads to {edge.found[0].path}: that "
                "is a bundle, not a library",
                edge.loader.path,
                slice_name(edge.loader, edge.image),
                tags,
                {"have": "bundle", "need": "dylib"},
                f"cannot link against bundle '{edge.found[0].name}'",
                claims=((Fact.LIBRARIES, edge.name),),
            )


def _is_bundle(edge: Edge) -> bool:
    """Whether the file to which a name leads can be loaded, but not linked against."""
    return any(can_load(edge.image, one) and one.kind is Kind.BUNDLE for one in edge.found[0].images)
