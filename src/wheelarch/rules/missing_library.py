"""WA523, WA524: libraries that nothing provides, and absolute run paths.

WA523 takes each name that an extension module or its libraries need and that the wheel does not answer, and asks
whether the systems of the tags, Python, a driver or another distribution provide it. Mach-O files are WA507 and WA508.
"""

from __future__ import annotations

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING
from ..facts.libc import libc_of
from ..facts.wheel import per_wheel
from ..loading.graph import Edge, serving
from ..metadata.promise import triples_of
from ..model import Fact, Format, Image, Severity
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
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..metadata.promise import Target


__all__ = ["absolute_run_path", "missing_library"]

_MANGLED = pattern(r"-[0-9a-f]{8}(?:\.\d+)*\.so(?:\.\d+)*$|-[0-9a-f]{32}\.dll$")
"""Names that auditwheel and delvewheel give to the libraries that they copy: the hash makes them unique."""


def _is_mangled(name: str) -> bool:
    """Whether a repair tool gave the library its name."""
    return _MANGLED.search(name.lower()) is not None


def _is_provided(edge: Edge, target: Target) -> bool:
    """Whether a target's system or Python provides the library.

    MSYS2 provides whatever its packages need. Bare `linux_*` tags promise nothing, but no system has a name that a
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


def _system_key(target: Target) -> tuple[str, str, tuple[int, int] | None]:
    """Return what decides which libraries a target may expect."""
    return target.system, target.libc, target.floor


@per_wheel
def _targets_by_system(
    wheel: Wheel, image: Image
) -> dict[tuple[str, str, tuple[int, int] | None], list[Target]]:
    """Return the targets that load an image, by `_system_key`. Files for another C library are WA521."""
    libc = libc_of(image)
    systems: dict[tuple[str, str, tuple[int, int] | None], list[Target]] = {}
    for target in loading_targets(wheel, image):
        if target.system != "linux" or not target.libc or libc in ("", target.libc):
            systems.setdefault(_system_key(target), []).append(target)
    return systems


def _is_own_name(wheel: Wheel, edge: Edge, leads_out: bool) -> bool:
    """Whether a repair tool made the name that an edge asks for when it repaired this wheel.

    Wheels also link to a mangled library of another wheel by its name (torch's libcudart-d0da41ae.so.11.0). This does
    not happen on Windows, because import libraries keep the plain name.
    """
    if not _is_mangled(edge.name):
        return False
    if edge.image.format is Format.PE:
        return True
    return not from_other_wheel(edge.name) and (
        not leads_out or leads_to_repaired(wheel, edge.loader, edge.image)
    )


def _severity_and_reason(wheel: Wheel, edge: Edge) -> tuple[Severity | None, str]:
    """Return how bad it is that no library answers an edge (None for the rule's own severity), and why."""
    leads_out = leads_elsewhere(wheel, edge.loader, edge.image)
    if _is_own_name(wheel, edge, leads_out):
        return (
            Severity.ERROR,
            "a repair tool made this name for this wheel, but the wheel does not have the library",
        )
    if leads_out or from_other_wheel(edge.name):
        return Severity.NOTE, "another distribution has to provide it"
    if from_driver(edge.name):
        return Severity.NOTE, "it comes with a device driver"
    if from_redistributable(edge.name):
        return None, "it comes with the Visual C++ Redistributable, which not every Windows has"
    return None, "neither the wheel nor the system has it"


@rule(
    "WA523",
    "missing-library",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("bundle-library",),
    systems=("windows", "linux", "musl", "android"),
    needs=LINKAGE_OF_LOADED,
    formats=(Format.ELF, Format.PE),
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
)
def missing_library(wheel: Wheel) -> Iterator[Problem]:
    """A needed library is neither in the wheel nor on the promised system.

    What it does:
        Compares what extension modules and their libraries need with the wheel, and with the lists of what a wheel of
        each tag may expect: Windows and its UCRT, the manylinux and musllinux policies, Android's NDK. It is an error
        if the name contains a hash of auditwheel or delvewheel, because no other place has it. It is a note for
        libraries of device drivers, and for libraries of other distributions (CUDA, torch, MKL, or a run path of the
        file leads there). An ELF library that is in the wheel, but that no run path leads to, is missing too: an error
        if its name contains a hash and no other file of the wheel finds it, else a note, because Python code may load
        it first.

    Why it is bad:
        The import fails on every machine that does not have the library for another reason.

    Example:
        `pkg/_core.so` needs `libssl.so.1.1` in a wheel tagged `manylinux_2_17_x86_64`. `pkg/_core.pyd` needs
        `msvcp140.dll`, which is only on a Windows on which the Visual C++ Redistributable was installed.

    How to fix:
        Copy the library into the wheel with `auditwheel repair` or `delvewheel repair`.

    Known limits:
        Bare `linux_*` tags promise nothing, so there only a name with a hash is reported. Delayed imports are not
        checked. auditwheel checks whether the library has every symbol.

    References:
        PEP 513, PEP 600, PEP 656; auditwheel's policies; Microsoft, Universal CRT deployment; docs/facts/loaders.md,
        "Libraries that a Linux wheel may need".
    """
    edges = wheel.edges
    # ld.so loads a library once. A file that asks for the same name later gets that copy.
    led_to = {library.path for edge in edges if edge.by_path for library in edge.found}
    for edge in edges:
        member, image = edge.loader, edge.image
        if member.role not in LOADED or edge.by_path or edge.optional or image.format is Format.MACHO:
            continue
        found = edge.found
        if found and not serving(image, found):
            continue
        systems = _targets_by_system(wheel, image)
        lacking = [one for one, targets in systems.items() if not _is_provided(edge, targets[0])]
        if not lacking:
            continue
        failing = [target for target in loading_targets(wheel, image) if _system_key(target) in lacking]
        if found:
            alone = _is_mangled(edge.name) and led_to.isdisjoint(library.path for library in found)
            severity: Severity | None = Severity.ERROR if alone else Severity.NOTE
            why = f"the wheel has {found[0].path}, but no run path of the file leads there"
        else:
            severity, why = _severity_and_reason(wheel, edge)
        windows = image.format is Format.PE
        yield Problem(
            f"{member.path} needs {edge.name}: {why}",
            member.path,
            None,
            triples_of(failing),
            {"have": found[0].path if found else "none", "need": edge.name},
            f"ImportError: DLL load failed while importing {member.name.partition('.')[0]}: "
            "The specified module could not be found."
            if windows
            else f"{edge.name}: cannot open shared object file: No such file or directory",
            severity,
            claims=((Fact.LIBRARIES, edge.name),),
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
"""Where run paths lead to a place of the system, or to software that users install."""


@rule(
    "WA524",
    "absolute-run-path",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("relative-run-path",),
    needs=LINKAGE_OF_LOADED,
    formats=(Format.ELF,),
    breaks_promise=Severity.ERROR,
)
def absolute_run_path(wheel: Wheel) -> Iterator[Problem]:
    """An ELF file looks for its libraries in a folder of the build machine.

    What it does:
        Looks for run paths (DT_RPATH, DT_RUNPATH) that are absolute and outside /usr/lib, /usr/local/lib and /lib.

    Why it is bad:
        On the user's machine the folder does not exist, or belongs to somebody else. Whoever can write to it can put
        code into the process.

    Example:
        `pkg/_core.so` has the run path `/home/runner/work/pkg/build/lib`.

    How to fix:
        Remove it with `patchelf --remove-rpath FILE`, or let `auditwheel repair` set `$ORIGIN` instead.

    Known limits:
        Folders of CUDA and ROCm are not reported, because users install these.

    References:
        ld.so(8); PEP 600; docs/facts/loaders.md, "Run paths in ELF files".
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
                    f"{member.path} looks for libraries in {foreign[0]}, outside the wheel and the system",
                    member.path,
                    None,
                    tags,
                    {"have": ":".join(foreign), "need": "$ORIGIN"},
                )
