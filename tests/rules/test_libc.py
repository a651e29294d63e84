"""WA521: files for another C library."""

import pytest

from support.rules import problems, severities
from support.systems import (
    ANDROID,
    ARM64,
    BARE_LINUX,
    BOTH_LIBCS,
    ELF_EXT,
    ERROR,
    MANYLINUX,
    MUSL_EXT,
    MUSLLINUX,
    NOTE,
    WARNING,
    X86_64,
    linux_wheel,
)
from support.values import elf, member, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Image, Kind, Role, Severity, Symbol, VersionNeed

GLIBC_FILE = elf(X86_64, "libm.so.6", "libc.so.6", "ld-linux-x86-64.so.2")
ANSWERED_FILE = elf(X86_64, "libm.so.6", "libc.so.6")
"""Built for glibc, but musl's loader answers to these names itself."""


def taking(symbol: str, *needed: str, weak: bool = False) -> Image:
    return elf(X86_64, "libc.so.6", *needed, imported=(Symbol(symbol, "", weak),))


MUSL_FILE = elf(X86_64, "libc.musl-x86_64.so.1")


HITS: dict[str, list[Wheel]] = {
    "WA521": [
        linux_wheel(MUSLLINUX, GLIBC_FILE),
        linux_wheel(MANYLINUX, MUSL_FILE),
        linux_wheel(MANYLINUX, elf(X86_64, interpreter="/lib/ld-musl-x86_64.so.1"), role=Role.SCRIPT),
        linux_wheel(MUSLLINUX, ANSWERED_FILE),
        linux_wheel(MUSLLINUX, elf(X86_64, version_needs=(VersionNeed("libm.so.6", "GLIBC_2.17", False),))),
        linux_wheel(ANDROID, elf(ARM64, "libc.so.6")),
        linux_wheel(MANYLINUX, elf(X86_64, "libc.so", android_api=21)),
        linux_wheel(
            BARE_LINUX, elf(X86_64, "libc.so", version_needs=(VersionNeed("libc.so", "LIBC", False),))
        ),
        linux_wheel(BOTH_LIBCS, GLIBC_FILE),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA521": [
        linux_wheel(MANYLINUX, GLIBC_FILE),
        linux_wheel(MUSLLINUX, MUSL_FILE),
        # libgcc has versions named GLIBC, on musl too: pydantic_core 2.50.5 for aarch64.
        linux_wheel(
            MUSLLINUX,
            elf(
                X86_64,
                "libgcc_s-39080030.so.1",
                "libc.so",
                version_needs=(VersionNeed("libgcc_s-39080030.so.1", "GLIBC_2.0", False),),
            ),
        ),
        linux_wheel(
            MANYLINUX, elf(X86_64, "libfoo.so", version_needs=(VersionNeed("libfoo.so", "LIBC", False),))
        ),
        # Undecided: static, without a C library, and a plain libc.so.
        linux_wheel(MUSLLINUX, elf(X86_64)),
        linux_wheel(MANYLINUX, elf(X86_64, "libc.so")),
        linux_wheel(MANYLINUX, elf(X86_64, kind=Kind.EXECUTABLE), role=Role.SCRIPT),
        # markupsafe cp310 musllinux: the gnu suffix says nothing.
        linux_wheel(
            "pkg-1.0-cp310-cp310-musllinux_1_2_x86_64.whl",
            MUSL_FILE,
            path="pkg/_core.cpython-310-x86_64-linux-gnu.so",
        ),
        linux_wheel(BARE_LINUX, GLIBC_FILE),
        linux_wheel(BARE_LINUX, MUSL_FILE),
        linux_wheel(ANDROID, elf(ARM64, "libc.so", android_api=21)),
        wheel(BOTH_LIBCS, member(ELF_EXT, GLIBC_FILE), member(MUSL_EXT, MUSL_FILE)),
        wheel(
            MUSLLINUX, member(ELF_EXT, GLIBC_FILE), member(MUSL_EXT, MUSL_FILE)
        ),  # No Python on musl imports the glibc file.
        linux_wheel(MUSLLINUX, GLIBC_FILE, role=Role.TEST_DATA),
        linux_wheel(MUSLLINUX, elf(ARM64, "libc.so.6")),
    ],
}


@pytest.mark.parametrize(
    ("subject", "severity"),
    [
        (linux_wheel(MUSLLINUX, GLIBC_FILE), ERROR),
        (linux_wheel(MUSLLINUX, GLIBC_FILE, role=Role.DEPENDENCY, path="pkg.libs/libfoo.so"), ERROR),
        (linux_wheel(MUSLLINUX, GLIBC_FILE, role=Role.LIBRARY, path="pkg.libs/libfoo.so"), ERROR),
        (linux_wheel(MUSLLINUX, GLIBC_FILE, role=Role.LIBRARY, path="pkg/libfoo.so"), ERROR),
        (
            wheel(
                MUSLLINUX, member(MUSL_EXT, MUSL_FILE), member("pkg/libfoo.so", GLIBC_FILE, role=Role.LIBRARY)
            ),
            ERROR,
        ),
        (
            wheel(
                MUSLLINUX,
                member(MUSL_EXT, MUSL_FILE),
                member("pkg/data/libfoo.so", GLIBC_FILE, role=Role.LIBRARY),
            ),
            WARNING,
        ),
        (
            wheel(
                MUSLLINUX, member(MUSL_EXT, MUSL_FILE), member("pkg/tool", GLIBC_FILE, role=Role.EXECUTABLE)
            ),
            WARNING,
        ),
        (linux_wheel(MUSLLINUX, GLIBC_FILE, role=Role.EXECUTABLE, path="pkg/tool"), ERROR),
        (
            wheel(
                MUSLLINUX,
                member("pkg/gnu/libh.so", GLIBC_FILE, role=Role.LIBRARY),
                member("pkg/musl/libh.so", MUSL_FILE, role=Role.LIBRARY),
            ),
            NOTE,
        ),
    ],
)
def test_libc_severity(subject: Wheel, severity: Severity) -> None:
    """A file without which the wheel does not work is an error; a helper, or a build beside the right one, is less."""
    assert severities("WA521", subject) == [severity]


@pytest.mark.parametrize(
    ("image", "severity", "consequence"),
    [
        (
            elf(X86_64, "libc.so.6", "libresolv.so.2"),
            ERROR,
            f"Error loading shared library libresolv.so.2: No such file or directory (needed by {ELF_EXT})",
        ),
        (GLIBC_FILE, ERROR, "Error loading shared library ld-linux-x86-64.so.2: "),
        (taking("__memcpy_chk"), ERROR, f"Error relocating {ELF_EXT}: __memcpy_chk: symbol not found"),
        (taking("__isoc23_strtol"), ERROR, f"Error relocating {ELF_EXT}: __isoc23_strtol: symbol not found"),
        (taking("gnu_get_libc_version"), ERROR, f"Error relocating {ELF_EXT}: gnu_get_libc_version: "),
        (ANSWERED_FILE, WARNING, f"Error relocating {ELF_EXT}: ...: symbol not found"),
        (taking("gnu_get_libc_version", weak=True), WARNING, f"Error relocating {ELF_EXT}: ...: "),
        (taking("__memcpy_chk", "libssp.so.0"), WARNING, f"Error relocating {ELF_EXT}: ...: "),
        (taking("__stack_chk_fail"), WARNING, f"Error relocating {ELF_EXT}: ...: "),
        (taking("memcpy"), WARNING, f"Error relocating {ELF_EXT}: ...: "),
    ],
)
def test_what_musl_lacks(image: Image, severity: Severity, consequence: str) -> None:
    """The loader of musl answers to libc.so.6: only a library or a function that it lacks proves a failure."""
    (problem,) = problems("WA521", linux_wheel(MUSLLINUX, image))
    assert (problem.severity, problem.consequence[: len(consequence)]) == (severity, consequence)


@pytest.mark.parametrize(
    ("subject", "severities_"),
    [
        # Every program needs an interpreter that systems with the other C library lack.
        (
            wheel(
                MUSLLINUX,
                *(
                    member(f"pkg/{name}", elf(X86_64, interpreter="/lib64/ld-linux-x86-64.so.2"), role=role)
                    for name, role in (("a", Role.EXECUTABLE), ("b", Role.EXECUTABLE))
                ),
            ),
            [ERROR, ERROR],
        ),
        # The wheel brings it, and may start the program with it.
        (
            wheel(
                MUSLLINUX,
                member("pkg/a", elf(X86_64, interpreter="/lib64/ld-linux-x86-64.so.2"), role=Role.EXECUTABLE),
                member("pkg/lib/ld-linux-x86-64.so.2", elf(X86_64), role=Role.DATA),
            ),
            [WARNING],
        ),
        # A library that nothing of the wheel is known to load.
        (
            wheel(
                MUSLLINUX,
                member(MUSL_EXT, MUSL_FILE),
                member("pkg/data/libh.so", ANSWERED_FILE, role=Role.LIBRARY),
            ),
            [NOTE],
        ),
        # The library is in the wheel.
        (
            wheel(
                MUSLLINUX,
                member(MUSL_EXT, elf(X86_64, "libc.so.6", "libcrypt.so.1", runpath=("$ORIGIN/lib",))),
                member("pkg/lib/libcrypt.so.1", MUSL_FILE, role=Role.DEPENDENCY),
            ),
            [WARNING],
        ),
        (linux_wheel(ANDROID, elf(ARM64, "libm.so.6")), []),
        (linux_wheel(ANDROID, elf(ARM64, "libc.so.6")), [ERROR]),
        (linux_wheel(MANYLINUX, elf(X86_64, "libc.so", android_api=21)), [ERROR]),
        (linux_wheel(MANYLINUX, elf(X86_64, android_api=21)), [WARNING]),
        (linux_wheel(MUSLLINUX, elf(X86_64, "libc.so", "libm.so", android_api=21)), [WARNING]),
        (linux_wheel(MUSLLINUX, elf(X86_64, "libc.so", "liblog.so", android_api=21)), [ERROR]),
        (linux_wheel(BARE_LINUX, elf(X86_64, "libc.so", android_api=21)), [WARNING]),
    ],
)
def test_what_else_is_lacking(subject: Wheel, severities_: list[Severity]) -> None:
    """Programs fail by their interpreter, and libraries of the other systems are known by their names."""
    assert severities("WA521", subject) == severities_


def test_libc_tags_and_consequence() -> None:
    """Only the triples of the other C library fail, and each kind of file has its own consequence."""
    (problem,) = problems("WA521", linux_wheel(BOTH_LIBCS, GLIBC_FILE))
    assert problem.tags == ("cp311-cp311-musllinux_1_2_x86_64",)
    assert problem.evidence == {"have": "glibc", "need": "musl"}
    assert problem.consequence.startswith("Error loading shared library ld-linux-x86-64.so.2: ")
    (other,) = problems("WA521", linux_wheel(MANYLINUX, MUSL_FILE))
    assert (
        other.consequence
        == "libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory"
    )
    (program,) = problems(
        "WA521",
        linux_wheel(
            MANYLINUX, elf(X86_64, interpreter="/lib/ld-musl-x86_64.so.1"), role=Role.SCRIPT, path="pkg/tool"
        ),
    )
    assert program.consequence == "tool: No such file or directory"
