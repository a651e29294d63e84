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
from wheelarch.model import Kind, Role, Severity, VersionNeed

GLIBC_FILE = elf(X86_64, "libm.so.6", "libc.so.6")
MUSL_FILE = elf(X86_64, "libc.musl-x86_64.so.1")


HITS: dict[str, list[Wheel]] = {
    "WA521": [
        linux_wheel(MUSLLINUX, GLIBC_FILE),
        linux_wheel(MANYLINUX, MUSL_FILE),
        linux_wheel(MANYLINUX, elf(X86_64, interpreter="/lib/ld-musl-x86_64.so.1"), role=Role.SCRIPT),
        linux_wheel(MUSLLINUX, elf(X86_64, version_needs=(VersionNeed("libfoo.so", "GLIBC_2.17", False),))),
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


def test_libc_tags_and_consequence() -> None:
    """Only the triples of the other C library fail, and each kind of file has its own consequence."""
    (problem,) = problems("WA521", linux_wheel(BOTH_LIBCS, GLIBC_FILE))
    assert problem.tags == ("cp311-cp311-musllinux_1_2_x86_64",)
    assert problem.evidence == {"have": "glibc", "need": "musl"}
    assert problem.consequence.startswith("Error relocating pkg/_core")
    (other,) = problems("WA521", linux_wheel(MANYLINUX, MUSL_FILE))
    assert (
        other.consequence
        == "libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory"
    )
    (program,) = problems("WA521", linux_wheel(MANYLINUX, MUSL_FILE, role=Role.SCRIPT, path="pkg/tool"))
    assert program.consequence == "tool: No such file or directory"
