"""WA523, WA524: libraries that nothing provides, and absolute run paths.

WA523 takes each library that a load needs (`facts.lacks`), and that neither the wheel, the systems of the tags nor
Python provides. Mach-O files are WA507 and WA508; what other distributions and users install is WA536 and WA537.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..facts.lacks import lacks
from ..facts.loads import ROOTS, loading_triples
from ..loading.simulate import Answer
from ..model import Fact, Format, Severity
from ._needs import LINKAGE_OF_ROOTS, NEEDS, lack_problem
from .rule import Family, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts.wheel import Wheel
    from ..model import Member


__all__ = ["absolute_run_path", "missing_library"]


_ANSWERS = (Answer.LOST, Answer.UNKNOWN, Answer.UNLED, Answer.PRELOADED, Answer.RUNTIME)


@rule(
    "WA523",
    "missing-library",
    Family.SYSTEM,
    Severity.WARNING,
    remedies=("bundle-library",),
    systems=("windows", "linux", "musl", "android"),
    needs=LINKAGE_OF_ROOTS,
    formats=(Format.ELF, Format.PE),
    rests_on=(Fact.LIBRARIES,),
    breaks_promise=Severity.ERROR,
    grades=tuple(NEEDS[answer] for answer in _ANSWERS),
)
def missing_library(wheel: Wheel) -> Iterator[Problem]:
    """A needed library is neither in the wheel nor on the promised system.

    What it does:
        Loads every extension module, every library that Python code opens, and every program in simulation, as the
        systems of the tags do. What a load needs and the wheel does not have is compared with the lists of what a wheel
        of each tag may expect: Windows and its UCRT, what is beside python.exe, the manylinux and musllinux policies,
        Android's NDK. It is an error if the name contains a hash of auditwheel or delvewheel, because no other place
        has it. If the wheel has the library, but no run path leads there, it is a note where Python code may load it
        first, and a warning where the loader would not take it even then (with musl, or under another soname) or where
        no file of the wheel leads to a library with a hash in its name. Libraries in folders of plugins are left out:
        what opens them does without.

    Why it is bad:
        The import fails on every machine that does not have the library for another reason.

    Example:
        `pkg/_core.so` needs `libssl.so.1.1` in a wheel tagged `manylinux_2_17_x86_64`. `pkg/tool.exe` needs
        `VCRUNTIME140.dll`, which a program in a virtual environment does not find beside python.exe.

    How to fix:
        Copy the library into the wheel with `auditwheel repair` or `delvewheel repair`. A program can link the C
        runtime statically.

    Known limits:
        Bare `linux_*` tags promise nothing, so there only a name with a hash is reported. Delayed imports are not
        checked. Windows finds a DLL in any folder of the wheel, because Python code may add the folder.

    References:
        PEP 513, PEP 600, PEP 656; auditwheel's policies; Microsoft, Universal CRT deployment; Microsoft, Dynamic-link
        library search order; docs/facts/loaders.md, "Libraries that a Linux wheel may need".
    """
    for lack in lacks(wheel):
        elf = lack.image.format is Format.ELF
        by_path = elf and lack.answer is Answer.LOST and lack.names[0].startswith("/")  # WA507
        if lack.answer in _ANSWERS and lack.image.format is not Format.MACHO and not by_path:
            yield lack_problem(wheel, lack)


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
_FOR_EVERYBODY = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - this is about what others do with them
"""Folders in which every user of a machine can put files."""


@rule(
    "WA524",
    "absolute-run-path",
    Family.SYSTEM,
    Severity.NOTE,
    remedies=("relative-run-path",),
    needs=LINKAGE_OF_ROOTS,
    formats=(Format.ELF,),
)
def absolute_run_path(wheel: Wheel) -> Iterator[Problem]:
    """An ELF file looks for its libraries in a folder of the build machine.

    What it does:
        Looks for run paths (DT_RPATH, DT_RUNPATH) that are absolute and outside /usr/lib, /usr/local/lib and /lib. It
        is a warning if every user of a machine can put files there: /tmp, /var/tmp, /dev/shm.

    Why it is bad:
        On the user's machine the folder does not exist: the loader passes over it. Or it belongs to somebody else, who
        can put code into the process.

    Example:
        `pkg/_core.so` has the run path `/home/runner/work/pkg/build/lib`.

    How to fix:
        Remove it with `patchelf --remove-rpath FILE`, or let `auditwheel repair` set `$ORIGIN` instead.

    Known limits:
        Folders of CUDA and ROCm are not reported, because users install these.

    References:
        ld.so(8); PEP 600; docs/facts/loaders.md, "Run paths in ELF files".
    """
    seen: dict[tuple[str, ...], list[tuple[Member, tuple[str, ...]]]] = {}
    for member in wheel.members:
        for image in member.images if member.role in ROOTS else ():
            tags = loading_triples(wheel, image)
            if image.elf is not None and tags:
                paths = (*image.elf.rpath, *image.elf.runpath)
                foreign = tuple(
                    one for one in paths if one.startswith("/") and not one.startswith(_SYSTEM_FOLDERS)
                )
                if foreign:
                    seen.setdefault(foreign, []).append((member, tags))
    for foreign, files in seen.items():
        open_to_all = [path for path in foreign if path.startswith(_FOR_EVERYBODY)]
        member, tags = files[0]
        more = len(files) - 1
        who = (
            f"{member.path} and {more} more {'files look' if more > 1 else 'file look'}"
            if more
            else f"{member.path} looks"
        )
        yield Problem(
            f"{who} for libraries in {(open_to_all or foreign)[0]}, outside the wheel and the system",
            member.path,
            None,
            tags,
            {"have": ":".join(foreign), "need": "$ORIGIN"},
            severity=Severity.WARNING if open_to_all else None,
        )
