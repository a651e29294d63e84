"""What the rules about the link to Python share: what they read, and the problem of a wrong Python DLL.

`facts.python_dlls` finds the wrong DLLs and says what kind of fault each has. Every rule reports one kind, with
`dll_problem`.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.extension_names import module_name
from ..model import Depth, Fact, Format, Member, Role, Severity
from .grades import Deviation, Grade, Grades
from .rule import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..facts.python_dlls import Clash


__all__ = [
    "LINKAGE_OF_MODULES",
    "OTHER_PYTHON",
    "PE_ONLY",
    "PYTHON_LIBRARY",
    "dll_load_error",
    "dll_problem",
    "kind_of_member",
    "module_or_library",
]

LINKAGE_OF_MODULES: Mapping[Role, Depth] = {Role.EXTENSION: Depth.LINKAGE}
PE_ONLY = (Format.PE,)

_NOT_OPENED = "maybe no Python of the tags opens it"

OTHER_PYTHON = Grades(
    "A file is linked to the library of another Python than those of the tags",
    {
        "module": Grade(
            "an extension module", Severity.ERROR, "the Pythons of the tags do not have that library"
        ),
        "library": Grade("a library", Severity.WARNING, _NOT_OPENED),
        "later": Grade(
            "an extension module that imports python3t.dll, in a wheel for abi3 from Python 3.15 on",
            Severity.WARNING,
            "these Pythons have that DLL too, so only the tag is too narrow",
        ),
        "mingw": Grade(
            "an extension module that imports a DLL of CPython for Windows, in a wheel for MinGW",
            Severity.WARNING,
            "some builds of MinGW have both DLLs",
        ),
    },
)

PYTHON_LIBRARY = Grades(
    "A file is linked to the library of the tag's own Python, which every process of that Python has without asking",
    {
        "module": Grade(
            "an extension module",
            Severity.ERROR,
            "each distribution of Python installs the library in another place, and the file names one of them",
            (
                Deviation(
                    ("linux", "musl"),
                    Severity.WARNING,
                    "the file names the library without a folder, and distributions that have it install it where the "
                    "loader looks",
                ),
                Deviation(("android", "ios"), None, "modules must name it there (PEP 730, PEP 738)"),
                Deviation(
                    ("windows", "mingw"), None, "the loader finds functions only in DLLs that a file names"
                ),
            ),
        ),
        "weak": Grade(
            "an extension module whose load command is weak", Severity.WARNING, "it loads without the library"
        ),
        "library": Grade("a library", Severity.WARNING, _NOT_OPENED),
    },
)


def module_or_library(member: Member) -> str:
    """Return what to call the member in a message."""
    return "extension module" if member.role is Role.EXTENSION else "library"


def kind_of_member(member: Member) -> str:
    """Return which row of the tables above is about a member."""
    return "module" if member.role is Role.EXTENSION else "library"


def dll_load_error(member: Member) -> str:
    """Return what CPython says when a DLL that the file imports is missing (Python/dynload_win.c, error 126)."""
    if member.role is not Role.EXTENSION:
        return "The specified module could not be found."
    module = module_name(member.path).rpartition(".")[2]
    return f"ImportError: DLL load failed while importing {module}: The specified module could not be found."


def dll_problem(clash: Clash, *, consequence: str = "", kind: str = "") -> Problem:
    """Return the problem of a file that imports a wrong Python DLL.

    Args:
        clash: The DLL, the file and the target that it does not fit.
        consequence: What the user sees, if more can happen than that the DLL is not found.
        kind: The row of `OTHER_PYTHON`, if it is not the one of all modules or libraries.
    """
    need = " or ".join(clash.target.runtimes) or "a release DLL"
    return Problem(
        message=f"{module_or_library(clash.member)} {clash.member.path} imports {clash.dll.name}, but "
        f"{clash.target.python}-{clash.target.abi} needs {need}",
        member=clash.member.path,
        tags=clash.triples,
        evidence={"have": clash.dll.name, "need": need},
        consequence=consequence or dll_load_error(clash.member),
        severity=OTHER_PYTHON.of(kind or kind_of_member(clash.member), clash.target.system),
        claims=((Fact.LIBRARIES, clash.dll.name),),
    )
