"""WA536 and WA537: libraries that users install, or that other distributions bring."""

import pytest

from support.needed import WIN, X86_64, elf_module, mac_module, macho_needing, pe_module
from support.rules import problems, severities
from support.systems import ELF_EXT, MANYLINUX, MUSLLINUX, NOTE, WARNING
from support.values import elf, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.metadata.dist_info import DistInfo
from wheelarch.model import Role, Severity

MAC_ODBC = "/opt/homebrew/opt/unixodbc/lib/libodbc.2.dylib"


def requiring(subject: Wheel, *lines: str) -> Wheel:
    """The wheel, with these Requires-Dist lines."""
    return subject._replace(dist_info=DistInfo(requires=lines))


HITS: dict[str, list[Wheel]] = {
    "WA536": [
        elf_module("libodbc.so.2"),
        elf_module("libodbc.so.2", name=MUSLLINUX),
        mac_module(macho_needing(MAC_ODBC)),
        mac_module(macho_needing("@rpath/libomp.dylib")),
        mac_module(macho_needing("/Library/Frameworks/R.framework/Versions/4.4/libR.dylib")),
        elf_module("libcuda.so.1"),
        pe_module("nvcuda.dll"),
        pe_module("jvm.dll"),
    ],
    "WA537": [
        elf_module("libcublas.so.12"),
        pe_module("cudart64_12.dll"),
        elf_module("libcudart-d0da41ae.so.11.0"),
        elf_module("libfoo.so", runpath=("$ORIGIN/../torch/lib",)),
        elf_module("libfoo.so", runpath=("$ORIGIN/../nvidia/cublas/lib",)),
        mac_module(macho_needing("@rpath/libc10.dylib")),
        requiring(elf_module("libfoo.so", runpath=("$ORIGIN/../other.libs",)), "other>=2"),
        requiring(elf_module("libeckit_geo.so"), "eckitlib"),
        requiring(pe_module("Qt6Core.dll", "MSVCP140.dll"), "PyQt6-Qt6 (>=6.12)", "PyQt6-sip"),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA536": [
        elf_module("libc.so.6"),
        pe_module("foo.dll"),
        pe_module(delayed=("nvcuda.dll",)),
        mac_module(macho_needing("@rpath/libx.dylib", MAC_ODBC, kind="weak")),
    ],
    "WA537": [
        elf_module("libfoo.so", runpath=("$ORIGIN/../lib",)),
        requiring(elf_module("libfoo.so"), "other"),
        requiring(elf_module("libfoo.so"), "foolib; extra == 'all'"),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA536", elf_module("libodbc.so.2"), WARNING),
        ("WA536", elf_module("libodbc.so.2", name=MUSLLINUX), WARNING),
        ("WA536", mac_module(macho_needing(MAC_ODBC)), WARNING),
        ("WA536", elf_module("libcuda.so.1"), NOTE),
        ("WA536", pe_module("nvcuda.dll"), NOTE),
        ("WA536", pe_module("avcodec-58.dll"), WARNING),
        ("WA536", pe_module("avcodec-58.dll", "avcodec-59.dll"), NOTE),
        (
            "WA536",
            elf_module(also=(member("pkg/x.so", elf(X86_64, "libodbc.so.2"), role=Role.LIBRARY),)),
            NOTE,
        ),
        (
            "WA536",
            wheel(
                WIN,
                member("pkg/MPI.impi.pyd", pe(X86_64, "impi.dll")),
                member("pkg/MPI.msmpi.pyd", pe(X86_64, "msmpi.dll")),
            ),
            NOTE,
        ),
        ("WA537", elf_module("libcublas.so.12"), NOTE),
    ],
)
def test_severities(code: str, subject: Wheel, severity: Severity) -> None:
    """The same on every system; a note for drivers, for a choice of versions, and for what few may use."""
    assert severities(code, subject) == [severity]


def test_texts() -> None:
    """One problem for one software, and one for one distribution, whatever the number of libraries."""
    modules = [
        member(f"pkg/{name}.so", elf(X86_64, "libodbc.so.2", "libodbcinst.so.2", "libc10.so", "libtorch.so"))
        for name in ("a", "b")
    ]
    subject = requiring(wheel(MANYLINUX, *modules), "torch==2.9")
    (software,), (distribution,) = problems("WA536", subject), problems("WA537", subject)
    assert software.message == (
        "pkg/a.so and 1 more file need unixODBC to be installed (libodbc.so.2, libodbcinst.so.2)"
    )
    assert software.consequence == "libodbc.so.2: cannot open shared object file: No such file or directory"
    assert distribution.message == (
        "pkg/a.so and 1 more file need libc10.so, libtorch.so of torch, which the wheel requires"
    )
    (undeclared,) = problems("WA537", elf_module("libtorch.so"))
    assert undeclared.message == f"{ELF_EXT} needs libtorch.so of torch, which METADATA does not require"


def test_who_needs_another_distribution_has_its_runtime() -> None:
    """A module that needs torch_cpu.dll finds the Visual C++ runtime that torch needs too."""
    module = member("pkg/_core.pyd", pe(X86_64, "MSVCP140.dll"))
    needing = member("pkg/core5.dll", pe(X86_64, "torch_cpu.dll"), role=Role.LIBRARY)
    assert len(problems("WA523", wheel(WIN, module))) == 1
    assert problems("WA523", wheel(WIN, module, needing)) == []
