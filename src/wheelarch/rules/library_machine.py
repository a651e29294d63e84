"""WA203, WA204: the machine of a library in the wheel.

Both judge the libraries that a process of the tags cannot load (`facts.machine_demands.unusable_libraries`). A
library without any of the architectures of the tags is reported by WA203, a Mach-O library without some of its slices
by WA204.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import UnusableLibrary, is_for_other_processes, tagged_arches, unusable_libraries
from ..model import Fact, Machine, Severity
from ..platforms.windows import is_compiler_runtime
from ._machine import (
    DEAD_ARCHES,
    HEADER_OF_ALL,
    HEADERS_AND_LINKS,
    MISSING_SLICE,
    WRONG_MACHINE,
    machine_problem,
)
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["library_lacks_slice", "wrong_machine_library"]


@rule(
    "WA203",
    "wrong-machine-library",
    Family.MACHINE,
    Severity.ERROR,
    remedies=("rebuild-library",),
    needs=HEADERS_AND_LINKS,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
    grades=(WRONG_MACHINE,),
)
def wrong_machine_library(wheel: Wheel) -> Iterator[Problem]:
    """A bundled library is built for another machine than the tags promise.

    What it does:
        Compares the machine of each library in the wheel with the processes of the tags that need the library,
        slice by slice. A library that nothing in the wheel needs is compared with the platform tags, because
        Python code may open it (ctypes, cffi).

    Why it is bad:
        The extension module may be right and still not load, because the loader opens its libraries too.

    Example:
        `pkg/libfoo.dylib` from Homebrew is x86_64, next to an arm64 extension module in a wheel tagged
        `macosx_11_0_arm64`.

    How to fix:
        Build or fetch the library for the tag's machine.

    Known limits:
        The rule guesses from folders and names whether Python code opens a library. It leaves out builds of one
        library that differ in a machine's name (a family), copies with the same file name for other slices, test
        data and SDK folders. A library that nothing in the wheel needs is a note (WA207) if its name gives its
        machine, or is the name of a system library or of Python's own. A runtime of a compiler that nothing in the
        wheel needs is a warning (vccorlib140.dll for 32-bit ARM in the win_arm64 wheels of PySide6). On Linux, a
        library of the system is taken if the wheel's copy is for another machine.

    References:
        PEP 425; glibc elf/dl-load.c; the wheels of pydivsufsort 0.0.12, cryptoauthlib 20220320 and glfw 2.11.0;
        docs/facts/tags-and-installers.md, "Roles of members", "Families of files for several machines".
    """
    for library in unusable_libraries(wheel):
        member, unneeded = library.member, library.loader is None
        if not set(library.demand.have).isdisjoint(tagged_arches(wheel)):
            continue
        if all(image.machine is Machine.OTHER for image in member.images):
            continue
        if unneeded and is_for_other_processes(wheel, member):
            continue
        idle = unneeded and is_compiler_runtime(member.name)
        kind = "runtime" if idle else "opened" if unneeded else "needed"
        yield _problem(wheel, library, severity=WRONG_MACHINE.of(kind, library.demand.system))


def _problem(wheel: Wheel, library: UnusableLibrary, *, severity: Severity | None) -> Problem:
    """Return the problem of a library; its message ends with who needs the library."""
    problem = machine_problem(
        wheel,
        library.member,
        demand=library.demand,
        what="bundled library",
        severity=severity,
        loader=library.loader,
    )
    if library.loader is None:
        return problem
    slice_ = f"the {library.arch} slice of " if len(library.loader.images) > 1 else ""
    return problem._replace(message=f"{problem.message}; {slice_}{library.loader.path} needs it")


@rule(
    "WA204",
    "library-lacks-slice",
    Family.MACHINE,
    Severity.ERROR,
    remedies=("rebuild-library",),
    systems=("macos", "ios"),
    needs=HEADER_OF_ALL,
    rests_on=(Fact.MACHINE,),
    breaks_promise=Severity.ERROR,
    grades=(MISSING_SLICE,),
)
def library_lacks_slice(wheel: Wheel) -> Iterator[Problem]:
    """A bundled library lacks a slice that the tags demand.

    What it does:
        Checks that each Mach-O library has a slice for every slice in the wheel that needs it. A library that
        nothing in the wheel needs must have a slice for every architecture of every macOS tag, unless copies with
        the same file name in other folders have the rest.

    Why it is bad:
        A process of the missing architecture cannot load the library, nor the files that need it.

    Example:
        `pkg/lib/libcapstone.dylib` has only x86_64 in a wheel tagged `macosx_10_9_universal2`.

    How to fix:
        Build the library for every slice and join the slices (`lipo -create`), or ship one wheel per architecture.

    Known limits:
        Thin copies of one library are right if each is needed only by its own slice (libgfortran in scipy).

    References:
        packaging.tags, mac_platforms; the wheel of capstone 5.0.0.post1;
        docs/facts/tags-and-installers.md, "macOS tags".
    """
    for library in unusable_libraries(wheel):
        if not set(library.demand.have).isdisjoint(tagged_arches(wheel)):
            kind = "opened" if library.loader is None else "needed"
            if DEAD_ARCHES.issuperset(library.demand.missing):
                kind = "dead"
            yield _problem(wheel, library, severity=MISSING_SLICE.of(kind, library.demand.system))
