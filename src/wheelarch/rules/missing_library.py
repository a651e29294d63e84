"""WA523, WA524: libraries that nothing provides, and absolute run paths."""

from __future__ import annotations

from .._lib import lazy
from .._lib.typed import TYPE_CHECKING
from ..facts.libc import libc_of
from ..loading.graph import Edge, links, serving
from ..model import Format, Image, Severity
from ..platforms.elsewhere import from_driver, from_other_wheel
from ..platforms.linux import from_glibc_system, from_musl_system
from ..platforms.python_libraries import python_library
from ..platforms.systems import ANDROID
from ..platforms.windows import from_redistributable, from_windows
from ._needs import (
    LINKAGE_OF_LOADED,
    LOADED,
    leads_elsewhere,
    leads_to_repaired,
    loading_targets,
    loading_triples,
)
from .rule import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["absolute_run_path", "missing_library"]

_MANGLED = lazy.pattern(r"-[0-9a-f]{8}(?:\.\d+)*\.so(?:\.\d+)*$|-[0-9a-f]{32}\.dll$")
"""Names that auditwheel and delvewheel give to the libraries they copy: a hash stands in them, so that no system and
no other wheel has them by chance."""


def _is_mangled(name: str) -> bool:
    return _MANGLED.search(name.lower()) is not None


def _provided(edge: Edge, target: Target) -> bool:
    """Whether a target's system or Python brings the library.

    MSYS2 brings whatever its packages need. Bare `linux_*` tags promise nothing, but no system has a name that a
    repair tool made.
    """
    if python_library(edge.name) is not None or target.system == "mingw":
        return True
    if target.system == "windows":
        return from_windows(edge.name)
    if target.system == "android":
        return ANDROID.get(edge.name, 10_000) <= (target.floor or (0, 0))[0]
    if target.libc == "musl":
        return from_musl_system(edge.name)
    if target.floor is None:
        return not _is_mangled(edge.name)
    return from_glibc_system(edge.name, target.floor)


def _system(target: Target) -> tuple[str, str, tuple[int, int] | None]:
    """Return what decides which libraries a target may expect."""
    return target.system, target.libc, target.floor


@lazy.once
def _systems(wheel: Wheel, image: Image) -> dict[tuple[str, str, tuple[int, int] | None], list[Target]]:
    """Return the triples whose processes load an image by their system; files for another C library are WA521's."""
    libc = libc_of(image)
    systems: dict[tuple[str, str, tuple[int, int] | None], list[Target]] = {}
    for target in loading_targets(wheel, image):
        if target.system != "linux" or not target.libc or libc in ("", target.libc):
            systems.setdefault(_system(target), []).append(target)
    return systems


def _made_here(wheel: Wheel, edge: Edge, leads_out: bool) -> bool:
    """Whether the name that an edge asks for was made as this very wheel was repaired.

    Another wheel's mangled library is linked to by its name as well (torch's libcudart-d0da41ae.so.11.0), but not
    on Windows: import libraries keep the plain name.
    """
    if not _is_mangled(edge.name):
        return False
    if edge.image.format is Format.PE:
        return True
    return not from_other_wheel(edge.name) and (
        not leads_out or leads_to_repaired(wheel, edge.loader, edge.image)
    )


def _lack(wheel: Wheel, edge: Edge) -> tuple[Severity | None, str]:
    """Return how bad it is that nothing answers an edge, None for the rule's own severity, and why."""
    leads_out = leads_elsewhere(wheel, edge.loader, edge.image)
    if _made_here(wheel, edge, leads_out):
        return Severity.ERROR, "its name was made for this wheel, and the wheel lacks it"
    if leads_out or from_other_wheel(edge.name):
        return Severity.NOTE, "another distribution has to bring it"
    if from_driver(edge.name):
        return Severity.NOTE, "it comes with a device's driver"
    if from_redistributable(edge.name):
        return None, "it comes with the Visual C++ Redistributable, which not every Windows has"
    return None, "neither the wheel nor the system has it"


@rule(
    "WA523",
    "missing-library",
    Severity.WARNING,
    ("R22", "R11"),
    needs=LINKAGE_OF_LOADED,
    formats=(Format.ELF, Format.PE),
)
def missing_library(wheel: Wheel) -> Iterator[Problem]:
    """A library is needed that neither the wheel nor the promised system has.

    What it does:
        Compares what extension modules and their libraries need with the wheel and with the lists of what the
        tags let a wheel expect: Windows and its UCRT, the manylinux and musllinux policies, Android's NDK. It is
        an error where the name holds a hash of auditwheel or delvewheel, which no other place has. It is a note
        for what comes with a device's driver, and for what other distributions bring (CUDA, torch, MKL) or a run
        path of the file itself seeks there. An ELF library that the wheel has and no run path leads to is
        missing too: an error where its name holds a hash and no other file of the wheel finds it, else a note,
        because Python code may load it first.

    Why it is bad:
        The import fails on every machine that does not happen to have the library.

    Example:
        `pkg/_core.so` needs `libssl.so.1.1` in a wheel tagged `manylinux_2_17_x86_64`; `pkg/_core.pyd` needs
        `msvcp140.dll`, which Windows has only after the Visual C++ Redistributable was installed.

    How to fix:
        Copy the library into the wheel with `auditwheel repair` or `delvewheel repair`.

    Known limits:
        Bare `linux_*` tags promise nothing, so nothing but a name with a hash is missing. Delayed imports are left
        out. Whether the library has every symbol is left to auditwheel.

    References:
        PEP 513, PEP 600, PEP 656; auditwheel's policies; Microsoft, Universal CRT deployment; rules.md 4.2.
    """
    edges = links(wheel.members)
    # ld.so loads a library once: who asks for it later by the same name is given that copy.
    led_to = {library.path for edge in edges if edge.by_path for library in edge.found}
    for edge in edges:
        member, image = edge.loader, edge.image
        if member.role not in LOADED or edge.by_path or edge.optional or image.format is Format.MACHO:
            continue
        found = edge.found
        if found and not serving(image, found):
            continue
        systems = _systems(wheel, image)
        lacking = [one for one, targets in systems.items() if not _provided(edge, targets[0])]
        if not lacking:
            continue
        failing = [target for target in loading_targets(wheel, image) if _system(target) in lacking]
        if found:
            alone = _is_mangled(edge.name) and led_to.isdisjoint(library.path for library in found)
            severity: Severity | None = Severity.ERROR if alone else Severity.NOTE
            why = f"the wheel has {found[0].path}, and no run path of the file leads there"
        else:
            severity, why = _lack(wheel, edge)
        windows = image.format is Format.PE
        yield Problem(
            f"{member.path} needs {edge.name}: {why}",
            member.path,
            None,
            tuple(target.triple for target in failing),
            {"have": found[0].path if found else "none", "need": edge.name},
            f"ImportError: DLL load failed while importing {member.name.partition('.')[0]}: "
            "The specified module could not be found."
            if windows
            else f"{edge.name}: cannot open shared object file: No such file or directory",
            severity,
            ("R11",) if windows else ("R22",),
        )


_SYSTEM_FOLDERS = (
    "/usr/lib",
    "/lib",
    "/usr/local/lib",
    "/usr/local/cuda",
    "/opt/rocm",
    "/system/",
    "/vendor/",
)
"""Run paths that name a place of the system, or of software that users install there themselves."""


@rule(
    "WA524", "absolute-run-path", Severity.WARNING, ("R22",), needs=LINKAGE_OF_LOADED, formats=(Format.ELF,)
)
def absolute_run_path(wheel: Wheel) -> Iterator[Problem]:
    """An ELF file looks for its libraries in a folder of the machine that built it.

    What it does:
        Looks for run paths (DT_RPATH, DT_RUNPATH) that are absolute and lie outside /usr/lib, /usr/local/lib and /lib.

    Why it is bad:
        On the user's machine the folder is not there, or belongs to somebody else: whoever can write it can put
        code into the process.

    Example:
        `pkg/_core.so` has the run path `/home/runner/work/pkg/build/lib`.

    How to fix:
        Remove it: `patchelf --remove-rpath FILE`, or let `auditwheel repair` set `$ORIGIN` instead.

    Known limits:
        Folders of CUDA and ROCm are left out: users install these themselves.

    References:
        ld.so(8); PEP 600; rules.md 4.2.
    """
    for member in wheel.members:
        if member.role not in LOADED:
            continue
        for image in member.images:
            tags = loading_triples(wheel, image)
            if image.elf is None or not tags:
                continue
            foreign = [
                path
                for path in (*image.elf.rpath, *image.elf.runpath)
                if path.startswith("/") and not path.startswith(_SYSTEM_FOLDERS)
            ]
            if foreign:
                yield Problem(
                    f"{member.path} looks for libraries in {foreign[0]}",
                    member.path,
                    None,
                    tags,
                    {"have": ":".join(foreign), "need": "$ORIGIN"},
                )
