"""What the rules about the link to Python share: what they read, and the problem of a wrong Python DLL.

`facts.python_dlls` finds the wrong DLLs and says what kind of fault each has. Every rule reports one kind, with
`dll_problem`.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.extension_names import module_name
from ..model import Depth, Fact, Format, Member, Role, Severity
from .rule import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..facts.python_dlls import Clash


__all__ = ["LINKAGE_OF_MODULES", "PE_ONLY", "dll_load_error", "dll_problem", "module_or_library"]

LINKAGE_OF_MODULES: Mapping[Role, Depth] = {Role.EXTENSION: Depth.LINKAGE}
PE_ONLY = (Format.PE,)


def module_or_library(member: Member) -> str:
    """Return what to call the member in a message."""
    return "extension module" if member.role is Role.EXTENSION else "library"


def dll_load_error(member: Member) -> str:
    """Return what CPython says when a DLL that the file imports is missing (Python/dynload_win.c, error 126)."""
    if member.role is not Role.EXTENSION:
        return "The specified module could not be found."
    module = module_name(member.path).rpartition(".")[2]
    return f"ImportError: DLL load failed while importing {module}: The specified module could not be found."


def dll_problem(clash: Clash, *, consequence: str = "", severity: Severity | None = None) -> Problem:
    """Return the problem of a file that imports a wrong Python DLL.

    Args:
        clash: The DLL, the file and the target that it does not fit.
        consequence: What the user sees, if more can happen than that the DLL is not found.
        severity: The severity, if it differs from the clash's own.
    """
    need = " or ".join(clash.target.runtimes) or "a release DLL"
    return Problem(
        message=f"{module_or_library(clash.member)} {clash.member.path} imports {clash.dll.name}, but "
        f"{clash.target.python}-{clash.target.abi} needs {need}",
        member=clash.member.path,
        tags=clash.triples,
        evidence={"have": clash.dll.name, "need": need},
        consequence=consequence or dll_load_error(clash.member),
        severity=severity or clash.severity,
        claims=((Fact.LIBRARIES, clash.dll.name),),
    )
