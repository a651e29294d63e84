"""WA203, WA204: the machine of a bundled library."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.machine_demands import is_payload, unusable_libraries, wanted_arches
from ..model import Machine, Severity
from ..platforms.windows import from_redistributable
from ._machine import DEAD_ARCHES, GRAPH, HEADER_OF_ALL, machine_problem
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["library_lacks_slice", "library_wrong_machine"]


@rule("WA203", "wrong-machine-library", Severity.ERROR, ("R36",), needs=GRAPH)
def library_wrong_machine(wheel: Wheel) -> Iterator[Problem]:
    """A bundled library is built for another machine than the tags promise.

    What it does:
        Compares the machine of each library in the wheel with the processes of the tags that need it, slice by
        slice, and where nothing in the wheel needs it, with the platform tags: Python code may open it (ctypes,
        cffi).

    Why it is bad:
        The extension module itself may be right and still not load, because the loader opens the library too.

    Example:
        `pkg/libfoo.dylib` from Homebrew is x86_64 beside an arm64 extension module in `macosx_11_0_arm64`.

    How to fix:
        Rebuild or fetch the library for the tag's machine.

    Known limits:
        Whether Python code opens a library is told by place and name. Several builds of one library that differ in
        a machine's name (a family), copies under the same file name for other slices, test data and SDK folders
        are left out. So is a library that nothing in the wheel needs and whose name gives its machine, or is that of
        a library of the system's or of Python itself (WA207). A Visual C++ runtime that nothing in the wheel needs is a
        warning (vccorlib140.dll for 32-bit ARM in PySide6's win_arm64 wheels).

    References:
        PEP 425; rules.md 6.1, 6.2; the wheels of pydivsufsort 0.0.12 and cryptoauthlib 20220320.
    """
    for member, demand, needed_by in unusable_libraries(wheel):
        if not set(demand.have).isdisjoint(wanted_arches(wheel)):
            continue
        if all(image.machine is Machine.OTHER for image in member.images):
            continue
        if not needed_by and is_payload(wheel, member):
            continue
        # Windows' C++ runtimes are copied into wheels by the folder, and no Python code opens them by name.
        idle = not needed_by and from_redistributable(member.name)
        problem = machine_problem(
            wheel, member, demand, "bundled library", Severity.WARNING if idle else None
        )
        yield problem._replace(message=problem.message + needed_by)


@rule("WA204", "library-lacks-slice", Severity.ERROR, ("R36",), needs=HEADER_OF_ALL)
def library_lacks_slice(wheel: Wheel) -> Iterator[Problem]:
    """A bundled library lacks a slice that the tags demand.

    What it does:
        Checks that each Mach-O library holds a slice for every slice in the wheel that needs it. A library that
        nothing in the wheel needs has to hold a slice for every architecture of every macOS tag, unless copies under
        the same file name in other folders hold the rest.

    Why it is bad:
        The process of the missing architecture can't load the library, nor what needs it.

    Example:
        `pkg/lib/libcapstone.dylib` holds x86_64 only in a wheel tagged `macosx_10_9_universal2`.

    How to fix:
        Build the library for every slice and join them (`lipo -create`), or ship thin wheels.

    Known limits:
        Thin copies of one library, each needed by its own slice only, are right (libgfortran in scipy).

    References:
        packaging.tags, mac_platforms; rules.md amendment 2; the wheel of capstone 5.0.0.post1.
    """
    for member, demand, needed_by in unusable_libraries(wheel):
        if set(demand.have).isdisjoint(wanted_arches(wheel)):
            continue
        dead = DEAD_ARCHES.issuperset(demand.missing)
        problem = machine_problem(wheel, member, demand, "bundled library", Severity.NOTE if dead else None)
        yield problem._replace(message=problem.message + needed_by)
