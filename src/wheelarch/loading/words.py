"""What a user sees when a loader does not find a library: the words of each system, and of who asked it."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..model import Format, Role

if TYPE_CHECKING:
    from ..model import Member
    from .simulate import Step

__all__ = ["missing_library"]


def missing_library(step: Step, root: Member, libc: str) -> str:
    """Return the message for a library that the loader does not find.

    Args:
        step: The need that nothing answers.
        root: What was to be loaded.
        libc: `glibc`, `musl` or `bionic`; counts for ELF files only.

    Source: CPython Python/dynload_win.c and Lib/ctypes/__init__.py; Windows NTSTATUS 0xC0000135; glibc elf/dl-load.c
    (open_path, _dl_map_object); musl ldso/dynlink.c (load_deps); bionic linker/linker.cpp; dyld Loader.cpp.
    """
    if step.image.format is Format.PE:
        if root.role is Role.EXTENSION:
            module = root.name.partition(".")[0]
            return f"ImportError: DLL load failed while importing {module}: The specified module could not be found."
        if root.role in (Role.SCRIPT, Role.EXECUTABLE):
            return f"The code execution cannot proceed because {step.name} was not found. (0xC0000135)"
        return f"FileNotFoundError: Could not find module '{root.name}' (or one of its dependencies)."
    if step.image.format is Format.MACHO:
        return f"Library not loaded: {step.name}"
    if libc == "musl":
        return (
            f"Error loading shared library {step.name}: No such file or directory "
            f"(needed by {step.loader.name})"
        )
    if libc == "bionic":
        return f'dlopen failed: library "{step.name}" not found: needed by {step.loader.name}'
    return f"{step.name}: cannot open shared object file: No such file or directory"
