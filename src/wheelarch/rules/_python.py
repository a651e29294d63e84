"""What rules about the link to Python share."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..metadata.extension_names import module_name
from ..model import Depth, Format, Member, Role, Severity
from .rule import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..facts.python_dlls import Clash


__all__ = ["LIBRARIES", "LINKAGE_OF_MODULES", "PE_ONLY", "dll_not_found", "dll_problem", "module_or_library"]

LINKAGE_OF_MODULES: Mapping[Role, Depth] = {Role.EXTENSION: Depth.LINKAGE}


LIBRARIES = (Role.LIBRARY, Role.DEPENDENCY)


PE_ONLY = (Format.PE,)


def module_or_library(member: Member) -> str:
    return "extension module" if member.role is Role.EXTENSION else "library"


def dll_not_found(member: Member) -> str:
    """Return what CPython says when a DLL that the file imports is missing (dynload_win.c, error 126)."""
    if member.role is not Role.EXTENSION:
        return "The specified module could not be found."
    module = module_name(member.path).rpartition(".")[2]
    return f"ImportError: DLL load failed while importing {module}: The specified module could not be found."


def dll_problem(clash: Clash, consequence: str = "", severity: Severity | None = None) -> Problem:
    need = " or ".join(clash.target.runtimes) or "a release DLL"
    return Problem(
        message=f"{module_or_library(clash.member)} {clash.member.path} imports {clash.dll.name}, "
        f"{clash.target.python}-{clash.target.abi} needs {need}",
        member=clash.member.path,
        tags=clash.triples,
        evidence={"have": clash.dll.name, "need": need},
        consequence=consequence or dll_not_found(clash.member),
        severity=severity or clash.severity,
    )
