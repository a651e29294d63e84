"""WA536, WA537: libraries that a wheel leaves to others: to software that users install, and to other distributions.

The simulated loads (`facts.loads`) say what no file of the wheel answers, and tables of `platforms` say who brings it.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.lacks import Lack, lacks, words
from ..facts.loads import optional_requirements, requirements
from ..loading.simulate import Answer
from ..model import Fact, Format, Severity
from ._needs import LINKAGE_OF_ROOTS, NEEDS, grade_of
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel


__all__ = ["library_of_other_distribution", "needs_software"]

_EVERYWHERE = ("windows", "macos", "ios", "linux", "musl", "android")


@rule(
    "WA536",
    "needs-software",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("document-software",),
    systems=_EVERYWHERE,
    needs=LINKAGE_OF_ROOTS,
    formats=(Format.ELF, Format.PE),
    rests_on=(Fact.LIBRARIES,),
    grades=(NEEDS[Answer.SOFTWARE],),
)
def needs_software(wheel: Wheel) -> Iterator[Problem]:
    """The wheel needs software that users have to install.

    What it does:
        Names software whose libraries a load needs, and that no wheel bundles: a database driver manager, a Java
        virtual machine, R, FFmpeg, OpenMP from Homebrew. There is one finding for each. It is a note for device
        drivers, which come with the device, if the wheel has files for several versions or kinds of the software,
        because it then chooses one at run time, and for libraries that Python code may do without.

    Why it is bad:
        The import fails on every machine without that software.

    Example:
        `pyodbc.cpython-311-x86_64-linux-gnu.so` needs `libodbc.so.2`, which comes with unixODBC.

    How to fix:
        Say in your documentation what has to be installed, or copy the libraries into the wheel if their license allows
        it.

    Known limits:
        The software is recognized by the names of its libraries.

    References:
        docs/facts/loaders.md, "Software that users install".
    """
    for lack in lacks(wheel):
        if lack.answer is Answer.SOFTWARE:
            yield Problem(
                f"{lack.who} {lack.by} to be installed ({lack.what})",
                lack.member.path,
                lack.slice,
                lack.triples,
                {"need": lack.by, "libraries": ", ".join(lack.names)},
                words(wheel, lack),
                NEEDS[lack.answer].of(_expected(lack) or grade_of(wheel, lack)),
                claims=lack.claims,
            )


def _expected(lack: Lack) -> str:
    """Return the row of the table for software that users of the wheel expect to need, or an empty string."""
    from ..platforms.user_software import software

    rows = [software(name) for name in lack.names]
    if all(row is not None and row.is_driver for row in rows):
        return "driver"
    versions: dict[str, set[str]] = {}
    for name in lack.names:
        stem = "".join(letter for letter in name.lower() if not letter.isdigit())
        versions.setdefault(stem.rstrip("."), set()).add(name.lower())
    kinds: dict[str, set[frozenset[str]]] = {}
    for load in {id(load): load for load, _ in lack.steps}.values():
        # mpi4py has MPI.mpich.so and MPI.openmpi.so, and takes the one whose library it finds.
        module = load.root.path.rpartition("/")[0] + "/" + load.root.name.partition(".")[0]
        kinds.setdefault(module, set()).add(frozenset(step.name for step in load.steps if step.by == lack.by))
    several = any(len(one) > 1 for one in versions.values()) or any(len(one) > 1 for one in kinds.values())
    return "choice" if several else ""


@rule(
    "WA537",
    "library-of-other-distribution",
    Family.SYSTEM,
    Severity.NOTE,
    systems=_EVERYWHERE,
    needs=LINKAGE_OF_ROOTS,
    formats=(Format.ELF, Format.PE),
    rests_on=(Fact.LIBRARIES,),
    grades=(NEEDS[Answer.DISTRIBUTION],),
)
def library_of_other_distribution(wheel: Wheel) -> Iterator[Problem]:
    """The wheel needs libraries that another distribution brings.

    What it does:
        Names the distribution: one that METADATA requires and that is known to bring the library, one to whose folder a
        run path leads, or one that is known to bring such a library although METADATA does not require it. There is one
        finding for each distribution.

    Why it is bad:
        It is not, if the distribution is installed, and if its libraries are those that the wheel was built with.

    Example:
        `PyQt6/QtCore.abi3.so` needs `libQt6Core.so.6`, which PyQt6-Qt6 brings.

    How to fix:
        Name the distribution in the project's dependencies.

    Known limits:
        The distribution itself is not looked at.

    References:
        Core metadata specification, Requires-Dist; docs/facts/loaders.md, "Libraries that other distributions bring".
    """
    requires = requirements(wheel)
    for lack in lacks(wheel):
        if lack.answer is Answer.DISTRIBUTION:
            required = lack.by in requires
            extra = lack.by in optional_requirements(wheel)
            rest = (
                "which the wheel requires"
                if required
                else "which an extra of the wheel requires"
                if extra
                else "which METADATA does not require"
            )
            yield Problem(
                f"{lack.who} {lack.what} of {lack.by}, {rest}",
                lack.member.path,
                lack.slice,
                lack.triples,
                {"need": lack.by, "libraries": ", ".join(lack.names)},
                "" if required else words(wheel, lack),
                NEEDS[lack.answer].of(grade_of(wheel, lack)),
                remedies=() if required or extra else ("require-distribution",),
                claims=lack.claims,
            )
