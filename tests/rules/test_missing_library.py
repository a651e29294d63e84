"""WA523 and WA524: libraries that nothing provides, and absolute run paths."""

import pytest

from support.images import image
from support.machines import dependency
from support.needed import ANDROID_24, ARM64, NEED_CODES, PYD, WIN, X86_64, elf_module, pe_module
from support.rules import problems, severities
from support.systems import BARE_LINUX, ELF_EXT, ERROR, MANYLINUX, MUSLLINUX, NOTE, WARNING
from support.values import elf, member, pe, wheel
from wheelarch import inspect
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Role, Severity

HASHED = "libz-1a2b3c4d.so.1.2"
SONAMED = elf(X86_64, soname="libfoo.so")
LEADING_OUT = member("pkg/other.so", elf(X86_64, runpath=("$ORIGIN/../torch/lib",)))


HITS: dict[str, list[Wheel]] = {
    "WA523": [
        elf_module("libssl.so.1.1", "libc.so.6"),
        elf_module("libmvec.so.1"),
        elf_module("libstdc++.so.6", name=MUSLLINUX),
        elf_module("libfoo.so", runpath=("$ORIGIN/../lib",)),
        wheel(MANYLINUX, member("pkg/tool.so", elf(X86_64, "libssl.so.1.1"), role=Role.LIBRARY)),
        wheel(MANYLINUX, member("pkg/tool", elf(X86_64, "libssl.so.1.1"), role=Role.EXECUTABLE)),
        wheel(WIN, member("pkg/x.dll", pe(X86_64, "msvcp140.dll"), role=Role.LIBRARY)),
        wheel(WIN, member("pkg-1.0.data/scripts/x.exe", pe(X86_64, "VCRUNTIME140.dll"), role=Role.SCRIPT)),
        pe_module("vcruntime140_threads.dll"),
        elf_module(HASHED),
        elf_module(HASHED, name=BARE_LINUX),
        elf_module(HASHED, runpath=("$ORIGIN/../pkg.libs",)),
        elf_module(HASHED, also=(dependency(f"pkg.libs/{HASHED}", elf(X86_64)),)),
        elf_module("libfoo.so", also=(dependency("pkg/libfoo.so", elf(X86_64)),)),
        elf_module("libneuralnetworks.so", name=ANDROID_24, machine=ARM64),
        elf_module("libx.so", also=(dependency("pkg.libs/libx.so", elf(X86_64, "liby.so.2")),)),
        pe_module("msvcp140.dll"),
        pe_module("foo.dll"),
        pe_module("zlib1-0123456789abcdef0123456789abcdef.dll"),
    ],
    "WA524": [
        elf_module(rpath=("/home/runner/work/pkg/build",)),
        elf_module(runpath=("$ORIGIN/../pkg.libs", "/tmp/build/lib")),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA523": [
        elf_module(
            "libc.so.6",
            "libm.so.6",
            "libpthread.so.0",
            "libstdc++.so.6",
            "libgcc_s.so.1",
            "ld-linux-x86-64.so.2",
        ),
        elf_module("libmvec.so.1", name=MANYLINUX.replace("2_17", "2_24")),
        elf_module("libc.musl-x86_64.so.1", "libz.so.1", name=MUSLLINUX),
        elf_module("libpython3.11.so.1.0"),
        elf_module("libssl.so.1.1", name=BARE_LINUX),
        elf_module("libfoo.so", name=BARE_LINUX, also=(dependency("pkg/libfoo.so", elf(X86_64)),)),
        elf_module(
            HASHED, runpath=("$ORIGIN/../pkg.libs",), also=(dependency(f"pkg.libs/{HASHED}", elf(X86_64)),)
        ),
        elf_module("libssl.so.1.1", machine=ARM64),
        elf_module("libc.musl-x86_64.so.1", "libstdc++.so.6"),
        elf_module("libc.so.6", "libstdc++.so.6", name=MUSLLINUX),
        elf_module(
            HASHED,
            rpath=("$ORIGIN/../pkg.libs",),
            also=(dependency(f"pkg.libs/{HASHED}", elf(X86_64, HASHED)),),
        ),
        elf_module(
            "liblog.so", "libc.so", "libvulkan.so", "libpython3.13.so", name=ANDROID_24, machine=ARM64
        ),
        wheel(MANYLINUX, member("pkg/plugins/x.so", elf(X86_64, "libssl.so.1.1"), role=Role.LIBRARY)),
        wheel("pkg-1.0-cp27-cp27m-win_amd64.whl", member(PYD, pe(X86_64, "MSVCR90.dll"))),
        wheel("pkg-1.0-cp34-cp34m-win_amd64.whl", member(PYD, pe(X86_64, "MSVCR100.dll"))),
        pe_module(
            "KERNEL32.dll",
            "python311.dll",
            "VCRUNTIME140.dll",
            "api-ms-win-crt-heap-l1-1-0.dll",
            "WINSPOOL.DRV",
        ),
        pe_module("ext-ms-win-uiacore-l1-1-0.dll", "ucrtbase.dll", "bthprops.cpl", delayed=("nvcuda.dll",)),
        pe_module("msvcp140-1a.dll", also=(dependency("pkg.libs/msvcp140-1a.dll", pe()),)),
        wheel("pkg-1.0-cp311-cp311-mingw_x86_64_ucrt_gnu.whl", member(PYD, pe(X86_64, "libgcc_s_seh-1.dll"))),
    ],
    "WA524": [
        elf_module(
            rpath=("$ORIGIN/../pkg.libs", "/usr/lib64", "/usr/local/lib", "/usr/local/cuda/lib64", "relative")
        ),
        elf_module(rpath=("/home/me",), name=MUSLLINUX, machine=ARM64),
        wheel(MANYLINUX, member("pkg/tool", elf(X86_64, rpath=("/home/me",)), role=Role.TEST_DATA)),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA523", elf_module("libssl.so.1.1"), WARNING),
        ("WA523", elf_module("libfoo.so", runpath=("$ORIGIN/../../lib",)), WARNING),
        ("WA523", elf_module("libfoo.so", runpath=("$ORIGIN/lib",)), WARNING),
        ("WA523", elf_module(HASHED), ERROR),
        ("WA523", elf_module(HASHED, runpath=("$ORIGIN/../other.libs",)), WARNING),
        ("WA523", elf_module(HASHED, runpath=("$ORIGIN/../pkg.libs",)), ERROR),
        ("WA523", elf_module(HASHED, runpath=("$ORIGIN/../pkg.libs", "$ORIGIN/../torch/lib")), ERROR),
        ("WA523", elf_module(HASHED, also=(LEADING_OUT,)), ERROR),
        ("WA523", elf_module(HASHED, name=BARE_LINUX), ERROR),
        ("WA523", elf_module("libfoo.so", runpath=("$ORIGIN/../pkg.libs",)), WARNING),
        ("WA523", elf_module("libfoo.so", also=(LEADING_OUT,)), WARNING),
        ("WA523", elf_module(HASHED, also=(dependency(f"pkg.libs/{HASHED}", elf(X86_64)),)), WARNING),
        ("WA523", elf_module("libfoo.so", also=(dependency("pkg/libfoo.so", elf(X86_64)),)), WARNING),
        ("WA523", elf_module("libfoo.so", also=(dependency("pkg/libf.so", SONAMED),)), NOTE),
        (
            "WA523",
            elf_module("libfoo.so", also=(dependency("pkg/libf.so", SONAMED),), name=MUSLLINUX),
            WARNING,
        ),
        (
            "WA523",
            elf_module("libc.so.6", also=(member("pkg/y.so", elf(X86_64, "libq.so"), role=Role.LIBRARY),)),
            NOTE,
        ),
        ("WA523", pe_module("msvcp140-0123456789abcdef0123456789abcdef.dll"), ERROR),
        ("WA523", elf_module("libfoo-12345678.so.1"), ERROR),
        ("WA523", elf_module("libfoo-1234567.so.1"), WARNING),
        ("WA523", pe_module("msvcp140.dll"), WARNING),
        ("WA524", elf_module(rpath=("/home/me/lib",)), NOTE),
        ("WA524", elf_module(rpath=("/home/me/lib", "/tmp/build")), WARNING),
        ("WA523", pe_module("zlib1-0123456789abcdef0123456789abcdef.dll"), ERROR),
    ],
)
def test_severities(code: str, subject: Wheel, severity: Severity) -> None:
    """It is an error only if nothing on a user's machine can help."""
    assert severities(code, subject) == [severity]


@pytest.mark.parametrize(
    ("code", "subject", "message", "consequence"),
    [
        (
            "WA523",
            elf_module("libssl.so.1.1"),
            f"{ELF_EXT} needs libssl.so.1.1: the wheel does not have it, and the tag does not promise it",
            "libssl.so.1.1: cannot open shared object file: No such file or directory",
        ),
        (
            "WA523",
            pe_module("msvcp140.dll"),
            f"{PYD} needs msvcp140.dll: part of the Visual C++ Redistributable, which not every Windows has",
            "ImportError: DLL load failed while importing _core: The specified module could not be found.",
        ),
        (
            "WA524",
            elf_module(rpath=("/home/me",)),
            f"{ELF_EXT} looks for libraries in /home/me, outside the wheel and the system",
            "",
        ),
    ],
)
def test_texts(code: str, subject: Wheel, message: str, consequence: str) -> None:
    """A problem says what is wrong in which file, and what users see."""
    (problem,) = problems(code, subject)
    assert (problem.message, problem.consequence) == (message, consequence)


def test_a_library_that_another_file_finds_is_loaded_once() -> None:
    """A hashed name without a run path is a note if another file of the wheel leads ld.so to the library."""
    other = member("pkg/first.so", elf(X86_64, HASHED, runpath=("$ORIGIN/../pkg.libs",)))
    (problem,) = problems(
        "WA523",
        elf_module(HASHED, also=(other, dependency(f"pkg.libs/{HASHED}", elf(X86_64, soname=HASHED)))),
    )
    assert (problem.member, problem.severity) == (ELF_EXT, NOTE)


def test_only_the_older_of_two_policies_is_named() -> None:
    """Only the triples whose policy lacks the library are named."""
    subject = elf_module(
        "libmvec.so.1", name="pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl"
    )
    (problem,) = problems("WA523", subject)
    assert problem.tags == ("cp311-cp311-manylinux_2_17_x86_64",)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({ELF_EXT: "linux-x86_64-rpath.so"}, {"WA523"}),
        ({ELF_EXT: "linux-x86_64-rpath.so", "demo.libs/libhelper.so": "linux-x86_64-helper.so"}, set()),
        ({ELF_EXT: "linux-x86_64-runpath.so", "demo.libs/libhelper.so": "linux-x86_64-helper.so"}, set()),
        ({PYD: "win_amd64-helper-user.pyd"}, {"WA523"}),
        ({PYD: "win_amd64-helper-user.pyd", "pkg.libs/helper.dll": "win_amd64-helper.dll"}, set()),
    ],
)
def test_real_files(files: dict[str, str], found: set[str]) -> None:
    """In files that linkers wrote, names are followed to the library, and reported if it is not there."""
    name = MANYLINUX if ELF_EXT in files else WIN
    members = [member(path, *inspect(image(file))) for path, file in files.items()]
    assert {code for code in NEED_CODES if problems(code, wheel(name, *members))} == found


def test_one_problem_for_one_library() -> None:
    """Three modules and their library lack one file: that is one problem, which says how many need it."""
    names = ("a", "b", "c")
    modules = [member(f"pkg/{name}.so", elf(X86_64, "libssl.so.1.1", "libcrypto.so.1.1")) for name in names]
    found = problems("WA523", wheel(MANYLINUX, *modules))
    assert [problem.message for problem in found] == [
        "pkg/a.so and 2 more files need libssl.so.1.1: the wheel does not have it, and the tag does not promise it",
        "pkg/a.so and 2 more files need libcrypto.so.1.1: the wheel does not have it, and the tag does not promise it",
    ]
    assert found[0].evidence["needed-by"] == "pkg/a.so, pkg/b.so, pkg/c.so"
