"""WA520 and WA522: symbol versions that systems of the tag lack."""

from typing import Any

import pytest

from support.images import image
from support.rules import problems, severities
from support.systems import (
    ARM64,
    BARE_LINUX,
    ELF_EXT,
    ERROR,
    MANYLINUX,
    MANYLINUX_ARM,
    MUSLLINUX,
    NOTE,
    WARNING,
    X86_64,
    elf_with_versions,
    linux_wheel,
)
from support.values import elf, member, wheel
from wheelarch import inspect
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Image, Machine, Member, Role, Severity, VersionNeed

OWNERS = {
    "GLIBCXX": "libstdc++.so.6",
    "CXXABI": "libstdc++.so.6",
    "GCC": "libgcc_s.so.1",
    "ZLIB": "libz.so.1",
    "LIBATOMIC": "libatomic.so.1",
}


def elf_with_cxx_versions(*versions: str, **more: Any) -> Image:
    """An ELF file that needs symbol versions of libstdc++, or of the library that the first one belongs to."""
    return elf_with_versions(*versions, library=OWNERS[versions[0].partition("_")[0]], **more)


def programs(name: str, *images: Image, **more: Any) -> Wheel:
    """A wheel with one program for each image, and maybe a library."""
    found = [member(f"pkg/bin/tool{at}", image, role=Role.EXECUTABLE) for at, image in enumerate(images)]
    return wheel(name, *found, *more.values())


NEW, OLD = elf_with_versions("GLIBC_2.34"), elf_with_versions("GLIBC_2.17")


HITS: dict[str, list[Wheel]] = {
    "WA520": [
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.34")),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.17", "GLIBC_2.18")),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.100")),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.2.5", "GLIBC_ABI_DT_RELR")),
        linux_wheel("pkg-1.0-cp311-cp311-manylinux1_x86_64.whl", elf_with_versions("GLIBC_2.6")),
        linux_wheel(MANYLINUX_ARM, elf_with_versions("GLIBC_2.19", machine=ARM64)),
        linux_wheel(
            "pkg-1.0-cp311-cp311-manylinux_2_16_x86_64.manylinux_2_28_x86_64.whl",
            elf_with_versions("GLIBC_2.17"),
        ),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.34", weak=True)),
        linux_wheel(
            MANYLINUX, elf_with_versions("GLIBC_2.34"), role=Role.SCRIPT, path="pkg-1.0.data/scripts/tool"
        ),
        wheel(
            MANYLINUX,
            member(ELF_EXT, elf_with_versions("GLIBC_2.34")),
            member("pkg/rootfs/lib/libc.so.6", elf(X86_64)),
        ),
        linux_wheel(MANYLINUX, elf_with_cxx_versions("GLIBCXX_3.4.20")),
        linux_wheel(MANYLINUX, elf_with_cxx_versions("CXXABI_1.3.8")),
        linux_wheel(MANYLINUX, elf_with_cxx_versions("GCC_7.0.0")),
        linux_wheel(MANYLINUX_ARM, elf_with_cxx_versions("GCC_7.0.0", machine=ARM64)),
        linux_wheel(MANYLINUX, elf_with_cxx_versions("ZLIB_1.2.9")),
        linux_wheel(MANYLINUX, elf_with_cxx_versions("CXXABI_FLOAT128")),
        linux_wheel(MANYLINUX, elf_with_cxx_versions("GLIBCXX_3.4.99")),
        linux_wheel(MANYLINUX_ARM, elf_with_cxx_versions("LIBATOMIC_1.2", machine=ARM64)),
        linux_wheel("pkg-1.0-cp311-cp311-manylinux_2_28_x86_64.whl", elf_with_cxx_versions("GLIBCXX_3.4.25")),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.34", library="libm.so.6")),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.34", library="ld-linux-x86-64.so.2")),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_ABI_GNU2_TLS")),
        linux_wheel(MANYLINUX, elf_with_cxx_versions("GLIBCXX_3.4.30", weak=True)),
        programs(MANYLINUX, NEW, OLD),
        linux_wheel("pkg-1.0-cp311-cp311-manylinux_2_26_x86_64.whl", elf_with_cxx_versions("GLIBCXX_3.4.24")),
        linux_wheel("pkg-1.0-cp311-cp311-manylinux_2_33_x86_64.whl", elf_with_cxx_versions("GLIBCXX_3.4.29")),
        wheel(
            MANYLINUX,
            member(ELF_EXT, elf_with_cxx_versions("GLIBCXX_3.4.20")),
            member("pkg/root/libstdc++.so.6", elf(X86_64)),
        ),
    ],
    "WA522": [
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_PRIVATE")),
        linux_wheel(
            MANYLINUX, elf_with_versions("GLIBC_PRIVATE"), role=Role.LIBRARY, path="pkg.libs/libresolv.so.2"
        ),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA520": [
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.2.5", "GLIBC_2.4", "GLIBC_2.17")),
        linux_wheel(
            MANYLINUX,
            elf_with_versions(
                "GLIBC_PRIVATE", "GLIBC_ABI_OTHER", "GLIBC_", "GLIBC_2", "GLIBC_2.x", "GLIBC_2.³"
            ),
        ),
        linux_wheel(
            MANYLINUX,
            elf_with_cxx_versions(
                "GLIBCXX_3.4.9", "GLIBCXX_3.4.19", "CXXABI_1.3.7", "CXXABI_TM_1", "GCC_4.8.0"
            ),
        ),
        # The version speaks of the library that has to define it.
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.34", library="libgcc_s.so.1")),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.34", library="libfoo.so.1")),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBCXX_3.4.30", library="libfoo.so.1")),
        linux_wheel(MANYLINUX, elf_with_versions("GCC_12.0.0", library="libstdc++.so.6")),
        # No policy lists it for the machine, but later ones.
        linux_wheel(MANYLINUX_ARM, elf_with_cxx_versions("GCC_4.8.0", machine=ARM64)),
        # No policy lists a version of the family.
        linux_wheel(MANYLINUX, elf_with_cxx_versions("LIBATOMIC_1.0")),
        linux_wheel("pkg-1.0-cp311-cp311-manylinux1_x86_64.whl", elf_with_cxx_versions("ZLIB_1.2.2")),
        # No policy is for the machine and as old as the tag, or as new.
        linux_wheel(
            "pkg-1.0-cp311-cp311-manylinux_2_27_riscv64.whl",
            elf_with_cxx_versions("GLIBCXX_3.4.28", machine=Machine.RISCV64),
        ),
        linux_wheel(
            "pkg-1.0-cp311-cp311-manylinux_2_28_ppc64.whl",
            elf_with_cxx_versions("GLIBCXX_3.4.24", machine=Machine.PPC64),
        ),
        linux_wheel(
            "pkg-1.0-cp311-cp311-manylinux_2_17_ppc64le.whl",
            elf_with_cxx_versions("CXXABI_LDBL_1.3", "GLIBCXX_LDBL_3.4.10", machine=Machine.PPC64LE),
        ),
        linux_wheel(MUSLLINUX, elf_with_versions("GLIBC_ABI_GNU2_TLS")),
        programs(MANYLINUX, OLD, OLD),
        linux_wheel(MUSLLINUX, elf_with_cxx_versions("GLIBCXX_3.4.30")),
        linux_wheel(BARE_LINUX, elf_with_cxx_versions("GLIBCXX_3.4.30")),
        linux_wheel(
            "pkg-1.0-cp311-cp311-manylinux_2_26_aarch64.whl",
            elf_with_cxx_versions("GLIBCXX_3.4.24", machine=ARM64),
        ),
        linux_wheel("pkg-1.0-cp311-cp311-manylinux_2_42_x86_64.whl", elf_with_cxx_versions("GLIBCXX_3.4.99")),
        wheel(
            MANYLINUX,
            member(ELF_EXT, elf_with_cxx_versions("GLIBCXX_3.4.30", runpath=("$ORIGIN/../pkg.libs",))),
            member("pkg.libs/libstdc++.so.6", elf(X86_64), role=Role.DEPENDENCY),
        ),
        # CentOS 7's glibc has GLIBC_2.18 on aarch64, and the policy lists it.
        linux_wheel(MANYLINUX_ARM, elf_with_versions("GLIBC_2.18", machine=ARM64)),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.34", machine=ARM64)),
        linux_wheel(MUSLLINUX, elf_with_versions("GLIBC_2.34")),
        linux_wheel(BARE_LINUX, elf_with_versions("GLIBC_2.34")),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.34"), role=Role.TEST_DATA),
        wheel(
            MANYLINUX,
            member(ELF_EXT, elf_with_versions("GLIBC_2.34", runpath=("$ORIGIN/../pkg.libs",))),
            member("pkg.libs/libc.so.6", elf(X86_64), role=Role.DEPENDENCY),
        ),
    ],
    "WA522": [
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_2.17")),
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_PRIVATE", machine=ARM64)),
        linux_wheel(MUSLLINUX, elf_with_versions("GLIBC_PRIVATE")),  # musl reads no symbol versions
        linux_wheel(MANYLINUX, elf_with_versions("GLIBC_PRIVATE", library="libfoo.so.1")),
    ],
}


@pytest.mark.parametrize(
    ("code", "built", "role", "severity"),
    [
        ("WA520", elf_with_versions("GLIBC_2.34"), Role.EXTENSION, ERROR),
        ("WA520", elf_with_versions("GLIBC_2.34"), Role.DEPENDENCY, ERROR),
        ("WA520", elf_with_versions("GLIBC_2.34"), Role.LIBRARY, WARNING),
        ("WA520", elf_with_versions("GLIBC_2.34", weak=True), Role.EXTENSION, WARNING),
        ("WA520", elf_with_versions("GLIBC_ABI_GNU2_TLS"), Role.EXTENSION, NOTE),
        ("WA520", elf_with_cxx_versions("GLIBCXX_3.4.20"), Role.EXTENSION, ERROR),
        ("WA520", elf_with_cxx_versions("CXXABI_1.3.8"), Role.DEPENDENCY, ERROR),
        ("WA520", elf_with_cxx_versions("GCC_7.0.0"), Role.LIBRARY, WARNING),
        ("WA520", elf_with_cxx_versions("ZLIB_1.2.9", weak=True), Role.EXTENSION, WARNING),
        ("WA522", elf_with_versions("GLIBC_PRIVATE"), Role.DEPENDENCY, ERROR),
        ("WA522", elf_with_versions("GLIBC_PRIVATE"), Role.LIBRARY, WARNING),
        ("WA522", elf_with_versions("GLIBC_PRIVATE", weak=True), Role.EXTENSION, WARNING),
    ],
)
def test_linux_severity(code: str, built: Image, role: Role, severity: Severity) -> None:
    """It is an error if an import loads the file and the symbol may not be missing, else a warning."""
    beside = member(ELF_EXT, elf(X86_64, "libc.so.6"))
    assert severities(code, wheel(MANYLINUX, beside, member("pkg/x.so", built, role=role))) == [severity]


def test_glibc_versions_are_numbers() -> None:
    """The highest version is named (2.100 is above 2.34), and only the triples that promise less."""
    subject = linux_wheel(
        "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux_2_34_x86_64.whl",
        elf_with_versions("GLIBC_2.4", "GLIBC_2.34", "GLIBC_2.100"),
    )
    (problem,) = problems("WA520", subject)
    assert problem.evidence == {"have": "GLIBC_2.100", "need": "2.17", "library": "libc.so.6"}
    assert len(problem.tags) == 2
    assert problem.consequence == f"libc.so.6: version `GLIBC_2.100' not found (required by {ELF_EXT[4:]})"
    (older,) = problems(
        "WA520", subject._replace(members=(member(ELF_EXT, elf_with_versions("GLIBC_2.34")),))
    )
    assert older.tags == ("cp311-cp311-manylinux_2_17_x86_64",)
    assert older.message == f"{ELF_EXT} needs glibc 2.34 (GLIBC_2.34), but the tag promises 2.17"


def test_versions_of_libstdcxx_are_numbers() -> None:
    """The highest version of each family is compared, as numbers, with the policies of the triples."""
    subject = linux_wheel(
        "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux_2_39_x86_64.whl",
        elf_with_cxx_versions("GLIBCXX_3.4.9", "GLIBCXX_3.4.33", "GLIBCXX_3.4.20"),
    )
    (problem,) = problems("WA520", subject)
    assert problem.severity is ERROR
    assert problem.message == (
        f"{ELF_EXT} needs GLIBCXX_3.4.33 of libstdc++.so.6, but the oldest systems that the tag promises "
        "(glibc 2.17) have GLIBCXX_3.4.19"
    )
    assert problem.evidence == {
        "have": "GLIBCXX_3.4.33",
        "need": "GLIBCXX_3.4.19",
        "library": "libstdc++.so.6",
    }
    assert problem.tags == ("cp311-cp311-manylinux_2_17_x86_64",)
    assert problem.consequence == (
        f"libstdc++.so.6: version `GLIBCXX_3.4.33' not found (required by {ELF_EXT[4:]})"
    )


CXX = elf_with_cxx_versions("GLIBCXX_3.4.25")


@pytest.mark.parametrize(
    ("name", "image", "more", "severity"),
    [
        (MANYLINUX, CXX, (), ERROR),
        # The image manylinux_2_28 has this one, although the policy of that name has it not.
        (MANYLINUX.replace("2_17", "2_28"), CXX, (), WARNING),
        (MANYLINUX.replace("2_17", "2_27"), CXX, (), ERROR),
        # A copy in the wheel may be loaded first, and so may one of another distribution.
        (MANYLINUX, CXX, (member("pkg/lib/libstdc++.so.6", elf(X86_64), role=Role.LIBRARY),), WARNING),
        (
            MANYLINUX,
            CXX,
            (member("pkg/a.so", elf(X86_64, soname="libstdc++.so.6"), role=Role.LIBRARY),),
            WARNING,
        ),
        (MANYLINUX, elf_with_cxx_versions("GLIBCXX_3.4.25", runpath=("$ORIGIN/../other/lib",)), (), WARNING),
        (MANYLINUX, elf_with_cxx_versions("GLIBCXX_3.4.25", runpath=("$ORIGIN/../pkg.libs",)), (), ERROR),
        (MANYLINUX, elf_with_cxx_versions("GLIBCXX_3.4.25", runpath=("$ORIGIN/../../..",)), (), ERROR),
        # Python itself has loaded glibc.
        (MANYLINUX, NEW, (member("pkg/lib/libc.so.6", elf(X86_64), role=Role.LIBRARY),), ERROR),
        (MANYLINUX, elf_with_versions("GLIBC_2.34", runpath=("$ORIGIN/../other/lib",)), (), ERROR),
    ],
)
def test_what_may_be_loaded_first(
    name: str, image: Image, more: tuple[Member, ...], severity: Severity
) -> None:
    """It is a warning if another copy of the library than the system's may answer."""
    assert severities("WA520", wheel(name, member(ELF_EXT, image), *more)) == [severity]


LIBRARY = {"library": member("pkg/libx.so", elf(X86_64, "libc.so.6"), role=Role.LIBRARY)}
BAD_LIBRARY = {"library": member("pkg/bin/libx.so", NEW, role=Role.LIBRARY)}
USES_IT = elf(X86_64, "libx.so", "libc.so.6", runpath=("$ORIGIN",))


@pytest.mark.parametrize(
    ("subject", "severities_"),
    [
        (programs(MANYLINUX, NEW), [ERROR]),
        (programs(MANYLINUX, NEW, NEW), [ERROR, ERROR]),
        (programs(MANYLINUX, NEW, OLD), [WARNING]),
        (programs(MANYLINUX, NEW, elf_with_versions("GLIBC_2.34", machine=ARM64)), [ERROR]),
        (programs(MANYLINUX, NEW, elf_with_versions("GLIBC_2.34", weak=True)), [WARNING, WARNING]),
        (programs(MANYLINUX, NEW, elf_with_cxx_versions("GLIBCXX_3.4.20")), [ERROR, ERROR]),
        # A library that Python opens is of use without the programs; one that they need is not.
        (programs(MANYLINUX, NEW, NEW, **LIBRARY), [WARNING, WARNING]),
        (programs(MANYLINUX, USES_IT, USES_IT, **BAD_LIBRARY), [ERROR]),
        (programs(MANYLINUX, USES_IT, OLD, **BAD_LIBRARY), [WARNING]),
        (
            wheel(MANYLINUX, *(member(f"pkg/{name}.so", NEW, role=Role.LIBRARY) for name in "ab")),
            [ERROR, ERROR],
        ),
        (wheel(MANYLINUX, *programs(MANYLINUX, NEW, NEW).members, member(ELF_EXT, OLD)), [WARNING, WARNING]),
        (programs(MANYLINUX.replace("2_17", "2_34"), NEW, NEW), []),
        # Under one of two tags nothing runs.
        (
            programs(MANYLINUX.replace("x86_64.whl", "x86_64.manylinux_2_34_x86_64.whl"), NEW, NEW),
            [ERROR] * 2,
        ),
    ],
)
def test_nothing_is_left_that_runs(subject: Wheel, severities_: list[Severity]) -> None:
    """If all programs of a wheel fail, or all libraries of one that has only these, it is an error."""
    assert severities("WA520", subject) == severities_


def test_a_firm_need_outweighs_a_higher_weak_one() -> None:
    """The error names the version because of which the file does not load."""
    both = (VersionNeed("libc.so.6", "GLIBC_2.38", True), VersionNeed("libc.so.6", "GLIBC_2.28", False))
    (problem,) = problems("WA520", linux_wheel(MANYLINUX, elf(X86_64, version_needs=both)))
    assert (problem.evidence["have"], problem.severity) == ("GLIBC_2.28", ERROR)


@pytest.mark.parametrize(
    ("code", "name", "file"),
    [
        ("WA520", MANYLINUX, "linux-x86_64-glibc2.34.so"),
    ],
)
def test_real_files(code: str, name: str, file: str) -> None:
    """The rule finds what a compiler wrote, and no other rule about ELF files for systems reports the file."""
    subject = wheel(name, member(ELF_EXT, *inspect(image(file))))
    found = [one for one in ("WA520", "WA522", "WA525", "WA526", "WA527") if problems(one, subject)]
    assert found == [code]
