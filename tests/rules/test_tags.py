"""WA1xx on plain values."""

import pytest

from support.values import elf, entry, macho, member, pe, wheel
from wheelarch.container.zip_layout import ArchiveProblem
from wheelarch.facts.wheel import Wheel
from wheelarch.limits import Limits
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Fault, Format, Image, Kind, Machine, Member, Role, Severity
from wheelarch.rules import RULES as ALL_RULES
from wheelarch.rules.rule import Problem, Rule

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
HOOK = ("PyInit__core",)

BY_CODE: dict[str, Rule] = {one.code: one for one in ALL_RULES if one.code.startswith("WA1")}


def program(path: str, *images: Image, role: Role = Role.EXECUTABLE) -> Member:
    return member(path, *(image._replace(kind=Kind.EXECUTABLE) for image in images), role=role)


def library(path: str, *images: Image, role: Role = Role.LIBRARY) -> Member:
    return member(path, *images, role=role)


def too_many(filename: str) -> Wheel:
    return wheel(filename)._replace(promise=read_promise(filename, limits=Limits(tag_combinations=3)))


def tagged(tag: str, *members: Member) -> Wheel:
    return wheel(f"pkg-1.0-{tag}.whl", *members)


any_so = member("pkg/_core.so", elf(X86_64, "libc.so.6", hooks=HOOK))
any_pyd = member("pkg/_core.cp311-win_amd64.pyd", pe(X86_64, "python311.dll", hooks=HOOK))
debugpy = (
    member(
        "debugpy/pydevd_cython.cp39-win_amd64.pyd",
        pe(X86_64, "python39.dll", hooks=("PyInit_pydevd_cython",)),
    ),
    library("debugpy/attach_amd64.dll", pe(X86_64), role=Role.FAMILY),
    library("debugpy/attach_x86.dll", pe(X86), role=Role.FAMILY),
    library("debugpy/attach_linux_amd64.so", elf(X86_64), role=Role.LIBRARY),
    library("debugpy/attach.dylib", macho(X86_64), macho(ARM64), role=Role.LIBRARY),
)

HITS: dict[str, list[Wheel]] = {
    "WA101": [
        wheel("pkg-1.0-rc1-cp311-cp311-win_amd64.whl"),
        wheel("download"),
        wheel("pkg-1.0-py3-none.whl"),
        wheel("pkg__x-1.0-py3-none-any.whl"),
    ],
    "WA102": [
        tagged("py3-none-win_x86_64"),
        tagged("py3-none-manylinux_2_17_mips64"),
        tagged("cp311-cp311-linux_x86_64-x86_64_v3", any_so),
    ],
    "WA103": [
        tagged("cp311-cp311-macosx_14_2_arm64"),
        tagged("py3-none-macosx_10_9_arm64"),
        tagged("cp3-none-any"),
        tagged("cp311-cp311-any"),
        tagged("cp38.cp39-cp38.cp39-win_amd64"),
        tagged("py3-none-macosx_11_0_arm64.macosx_14_2_arm64"),
        tagged("cp313-abi3t-win_amd64"),
    ],
    "WA104": [too_many("pkg-1.0-py2.py3-none-win32.win_amd64.whl")],
    "WA105": [
        tagged("cp311-cp311-linux_x86_64", any_so),
        tagged("cp311-cp311-manylinux_2_38_loongarch64"),
        tagged("cp312-cp312-pyodide_2025_0_wasm32"),
        tagged("cp311-cp311-macosx_16_0_arm64"),
        tagged("cp311-cp311-musllinux_1_2_ppc64"),
        tagged("cp311-cp311-win_arm32"),
        tagged("cp311-cp311-freebsd_14_0_release_amd64"),
        tagged("py3-none-win_x86_64"),
    ],
    "WA106": [
        tagged("cp311-cp311-manylinux_2_5_i686.manylinux1_i686"),
        tagged("py3.py2-none-any"),
    ],
    "WA107": [
        tagged("py3-none-macosx_10_6_intel"),
        tagged("py3-none-macosx_10_5_fat3"),
        tagged("py3-none-manylinux1_x86_64"),
        tagged("cp27-cp27m-win_ia64"),
    ],
    "WA108": [
        tagged("py3-abi3-win_amd64"),
        tagged("cp3-abi3-win_amd64"),
        tagged("cp31-abi3-win_amd64"),
        tagged("cp27.cp38-abi3-win_amd64"),
        tagged("pp311-abi3-win_amd64"),
        tagged("py3-abi3t-macosx_11_0_arm64"),
    ],
    "WA109": [
        tagged("py3-none-win_amd64", any_pyd),
        tagged("py3-none-win_amd64", member("pkg/_core.pyd", pe(X86_64, "python311.dll", hooks=HOOK))),
        tagged("py3-none-win_amd64", member("pkg/_core.pyd", pe(X86_64, "python3.dll", hooks=HOOK))),
        tagged("py310-none-manylinux_2_17_x86_64", any_so),
        tagged("py3-none-macosx_11_0_arm64", member("pkg/_core.abi3.so", macho(hooks=HOOK))),
        tagged(
            "py3-none-win_amd64",
            any_pyd,
            member("pkg/_core.cp312-win_amd64.pyd", pe(X86_64, "python312.dll", hooks=HOOK)),
        ),
    ],
    "WA110": [
        tagged("py310-none-any", any_so),
        tagged("py3-none-any", any_pyd),
        tagged("py3-none-any", member("pkg/_core.abi3.so", macho(hooks=HOOK))),
        tagged("py3-none-any", library("pkg/libfoo.so", elf())),
        tagged("py3-none-any", program("pkg-1.0.data/scripts/tool", elf(), role=Role.SCRIPT)),
        tagged("py2.py3-none-any", *debugpy),
        tagged("py3-none-any.win_amd64", any_pyd),
    ],
    "WA111": [
        wheel("pkg-1.0-cp311-cp311-win_amd64.whl", entries=[entry("pkg/__init__.py")]),
        wheel("pkg-1.0-py3-none-manylinux_2_17_x86_64.whl", entries=[entry("pkg/__init__.py")]),
    ],
    "WA112": [
        tagged("cp311-cp311-macosx_10_9_universal2", member("pkg/_core.so", macho(X86_64, hooks=HOOK))),
        tagged("py3-none-macosx_10_9_universal2", library("pkg/libcapstone.dylib", macho(X86_64))),
        tagged("cp311-cp311-win_arm64", member("pkg/_core.pyd", pe(X86_64, hooks=HOOK))),
        tagged(
            "cp311-cp311-macosx_10_9_x86_64.macosx_11_0_arm64",
            member("pkg/_core.so", macho(ARM64, hooks=HOOK)),
        ),
        tagged("cp311-cp311-manylinux_2_17_aarch64", any_so),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA101": [
        tagged("py3-none-any"),
        wheel("black-22.10.0-1fixedarch-cp38-cp38-macosx_10_16_x86_64.whl"),
        wheel("x")._replace(filename=None),
    ],
    "WA102": [
        tagged("py3-none-any"),
        tagged("cp311-cp311-manylinux_2_38_loongarch64"),
        tagged("cp311-cp311-freebsd_14_0_release_amd64"),
        tagged("cp311-cp311-aix_7_2_powerpc64"),
        tagged("cp312-cp312-mingw_x86_64_ucrt_gnu"),
        tagged("pp311-pypy311_pp73-win_amd64"),
    ],
    "WA103": [
        tagged("py2.py3-none-any"),
        tagged("cp315-abi3.abi3t-win_amd64"),
        tagged("cp310-cp310-macosx_10_16_x86_64"),
        tagged("cp310-cp310-macosx_10_9_universal2"),
        tagged("py3-abi3-win_amd64"),
        tagged("graalpy312-graalpy250_312_native-macosx_11_0_arm64"),
        tagged("cp38-none-win_amd64"),
        tagged("pp3-none-any"),
    ],
    "WA104": [tagged("py2.py3-none-any")],
    "WA105": [
        tagged("py3-none-any"),
        tagged("cp311-cp311-linux_armv7l"),
        tagged("cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64"),
        tagged("cp311-cp311-musllinux_1_2_riscv64"),
        tagged("cp311-cp311-macosx_10_9_universal2"),
        tagged("cp311-cp311-macosx_26_0_arm64"),
        tagged("cp311-cp311-macosx_27_0_arm64"),
        tagged("cp313-cp313-ios_13_0_arm64_iphoneos"),
        tagged("cp313-cp313-android_21_arm64_v8a"),
        tagged("cp314-cp314-pyemscripten_2026_0_wasm32"),
    ],
    "WA106": [tagged("py2.py3-none-any"), tagged("cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64")],
    "WA107": [tagged("cp311-cp311-macosx_10_9_universal2"), tagged("cp311-cp311-manylinux2014_x86_64")],
    "WA108": [
        tagged("cp32-abi3-win_amd64"),
        tagged("cp315-abi3.abi3t-win_amd64"),
        tagged("cp38-abi3-any"),
        tagged("cp311-cp311-macosx_14_2_arm64"),
    ],
    "WA109": [
        tagged(
            "cp38-none-win_amd64",
            member("winrt/_winrt.pyd", pe(X86_64, "python38.dll", hooks=("PyInit__winrt",))),
        ),
        tagged("cp311-cp311-win_amd64", any_pyd),
        tagged("py3-none-win_amd64", library("pkg/foo.dll", pe(X86_64))),
        tagged("py3-none-any", any_pyd),
        tagged("cp311.py3-none-win_amd64", any_pyd),
    ],
    "WA110": [
        tagged(
            "py3-none-any",  # setuptools, distlib
            program("setuptools/cli-32.exe", pe(X86), role=Role.FAMILY),
            program("setuptools/cli-64.exe", pe(X86_64), role=Role.FAMILY),
            program("setuptools/cli.exe", pe(X86)),
        ),
        tagged(
            "py3-none-any",  # clr_loader
            library("clr_loader/ffi/dlls/amd64/ClrLoader.dll", pe(X86_64, clr_flags=0), role=Role.FAMILY),
            library("clr_loader/ffi/dlls/x86/ClrLoader.dll", pe(X86, clr_flags=2), role=Role.FAMILY),
        ),
        tagged(
            "py3-none-any", member("pythonnet/Python.Runtime.dll", pe(X86, clr_flags=9), role=Role.MANAGED)
        ),
        tagged("py3-none-any", library("pkg/Lib.dll", pe(X86, clr_flags=1))),
        tagged(
            "py3-none-any",  # selenium
            program("selenium/linux/selenium-manager", elf(), role=Role.FAMILY),
            program("selenium/macos/selenium-manager", macho(), role=Role.FAMILY),
        ),
        tagged("py3-none-any", member("pkg/tests/data/foo.so", elf(), role=Role.TEST_DATA)),
        tagged(
            "py3-none-any",
            member(
                "pkg/_core.so",
                elf(Machine.WASM32)._replace(format=Format.WASM, elf=None),
                role=Role.EXTENSION,
            ),
        ),
        tagged("py3-none-any", member("pkg/kernel.cubin", elf(Machine.CUDA), role=Role.DATA)),
        tagged("cp311-cp311-win_amd64", any_pyd),
        tagged("py3-none-any"),
    ],
    "WA111": [
        wheel("pkg-1.0-py3-none-any.whl", entries=[entry("pkg/__init__.py")]),
        tagged("cp311-cp311-win_amd64", any_pyd),
        tagged(
            "py3-none-manylinux_2_17_x86_64",
            member("pkg/lib.a", elf()._replace(kind=Kind.ARCHIVE), role=Role.SDK),
        ),
        tagged("cp311-cp311-win_amd64", member("pkg/_core.pyd", faults=(Fault("truncated", 0, "headers"),))),
        wheel(
            "pkg-1.0-cp311-cp311-win_amd64.whl",
            entries=[entry("pkg/_core.pyd")],
            problems=[ArchiveProblem("crc", "pkg/_core.pyd", "wrong", {})],
        ),
        tagged("cp311-cp311-win_amd64"),
    ],
    "WA112": [
        tagged("cp311-cp311-macosx_10_9_universal2", member("pkg/_core.so", macho(X86_64), macho(ARM64))),
        tagged(
            "cp311-cp311-macosx_10_9_universal2",
            library("pkg/a.x86_64.dylib", macho(X86_64)),
            library("pkg/a.arm64.dylib", macho(ARM64)),
        ),
        tagged("py3-none-macosx_10_6_intel", library("magic/libmagic.dylib", macho(X86_64))),
        tagged(
            "py3-none-win_arm64", program("pkg/node.exe", pe(X86_64)), library("pkg/node.dll", pe(X86_64))
        ),
        tagged("py3-none-win_amd64", library("pkg/gadget.so", elf(ARM64))),
        tagged("cp311-cp311-win_arm64", member("pkg/_core.pyd", pe(ARM64, variant="arm64x", hooks=HOOK))),
        tagged("cp39-abi3-manylinux_2_28_aarch64", member("sdbus/x.abi3.so", elf(Machine.NONE))),
        tagged(
            "cp311-cp311-manylinux_2_17_aarch64",
            any_so,
            member("pkg/b.so", faults=(Fault("truncated", 0, "x"),)),
        ),
        tagged("py3-none-manylinux_2_17_aarch64", member("pkg/lib.a", elf(), role=Role.SDK)),
        tagged("py3-none-any", any_so),
        tagged("cp314-cp314t-win_arm64", library("capstone/lib/capstone.dll", pe(ARM64))),
    ],
}


def problems(code: str, subject: Wheel) -> list[Problem]:
    return list(BY_CODE[code].check(subject))


def judged(code: str, subject: Wheel) -> list[tuple[str | None, Severity]]:
    return [(one.member, one.severity or BY_CODE[code].severity) for one in problems(code, subject)]


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, all_ in HITS.items() for one in all_])
def test_hit(code: str, subject: Wheel) -> None:
    """A wheel with the fault gets a problem that says so."""
    found = problems(code, subject)
    assert found
    assert all(one.message and not one.message.endswith(".") for one in found)
    assert {triple for one in found for triple in one.tags} <= set(subject.promise.triples)


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, all_ in CLEAN.items() for one in all_])
def test_clean(code: str, subject: Wheel) -> None:
    """A wheel without the fault, however odd, gets no problem."""
    assert problems(code, subject) == []


@pytest.mark.parametrize(
    ("code", "index", "expected"),
    [
        ("WA101", 0, [(None, Severity.ERROR)]),
        ("WA103", 0, [(None, Severity.ERROR)]),
        ("WA103", 4, [(None, Severity.NOTE), (None, Severity.NOTE)]),
        ("WA103", 5, [(None, Severity.NOTE)]),
        ("WA103", 6, [(None, Severity.WARNING)]),
        ("WA105", 0, [(None, Severity.WARNING)]),
        ("WA108", 0, [(None, Severity.ERROR)]),
        ("WA108", 3, [(None, Severity.NOTE)]),
        ("WA109", 0, [("pkg/_core.cp311-win_amd64.pyd", Severity.ERROR)]),
        ("WA109", 1, [("pkg/_core.pyd", Severity.ERROR)]),
        ("WA109", 2, [("pkg/_core.pyd", Severity.WARNING)]),
        ("WA109", 3, [("pkg/_core.so", Severity.WARNING)]),
        (
            "WA109",
            5,
            [
                ("pkg/_core.cp311-win_amd64.pyd", Severity.NOTE),
                ("pkg/_core.cp312-win_amd64.pyd", Severity.NOTE),
            ],
        ),
        ("WA110", 0, [("pkg/_core.so", Severity.ERROR)]),
        ("WA110", 1, [("pkg/_core.cp311-win_amd64.pyd", Severity.ERROR)]),
        ("WA110", 3, [("pkg/libfoo.so", Severity.WARNING)]),
        ("WA110", 4, [("pkg-1.0.data/scripts/tool", Severity.WARNING)]),
        ("WA110", 5, [("debugpy/pydevd_cython.cp39-win_amd64.pyd", Severity.NOTE)]),
        ("WA112", 0, [(None, Severity.ERROR)]),
    ],
)
def test_severity(code: str, index: int, expected: list[tuple[str | None, Severity]]) -> None:
    """The severity follows from who is certain to fail, and the member is the one to blame."""
    assert judged(code, HITS[code][index]) == expected


@pytest.mark.parametrize(
    ("library", "bound"),
    [("libpython3.11.so.1.0", True), ("libpython3.so.1.0", False), ("libfoo3.11.so", False)],
)
def test_what_binds_to_one_python(library: str, bound: bool) -> None:
    """The library of one Python version binds a module to it, the stable ABI's and others do not."""
    subject = tagged("py3-none-linux_x86_64", member("pkg/_core.so", elf(X86_64, library, hooks=HOOK)))
    (found,) = problems("WA109", subject)
    assert (found.severity is None) == bound


def test_dead_tags_are_grouped_by_reason() -> None:
    """Many triples that are dead for one reason make one problem that names them all."""
    (found,) = problems("WA103", tagged("cp38.cp39.cp310-none-macosx_14_2_arm64"))
    assert len(found.tags) == 3
    assert found.message == (
        "no installer accepts cp310-none-macosx_14_2_arm64 and 2 more: "
        "macOS 11 and later have minor version 0 in tags"
    )
    assert found.consequence.endswith("is not a supported wheel on this platform.")


def test_any_names_what_is_there() -> None:
    """WA110 says for which system and machine the file is."""
    (found,) = problems("WA110", HITS["WA110"][0])
    assert (
        found.message == "extension module pkg/_core.so is for Linux on x86_64, the tag promises any platform"
    )


def test_index_names_the_remedy_of_the_system() -> None:
    """A bare linux tag is to be repaired, another one to be renamed."""
    (linux,) = problems("WA105", HITS["WA105"][0])
    assert linux.remedies == ("R22",)
    assert linux.consequence == (
        "400 Binary wheel 'pkg-1.0-cp311-cp311-linux_x86_64.whl' has an unsupported "
        "platform tag 'linux_x86_64'."
    )
    (pyodide,) = problems("WA105", HITS["WA105"][2])
    assert pyodide.remedies == ()


def test_missing_architecture_says_what_is_there() -> None:
    """WA112 names the missing architecture, what the wheel has instead, and the tags that fail."""
    (found,) = problems("WA112", HITS["WA112"][3])
    assert found.evidence == {"have": "arm64", "need": "x86_64"}
    assert found.tags == ("cp311-cp311-macosx_10_9_x86_64",)
    assert found.remedies == ()
    (windows,) = problems("WA112", HITS["WA112"][2])
    assert windows.remedies == ("R9",)


def test_tables_name_every_rule() -> None:
    """Each rule of the family has a hit and a clean case."""
    assert set(HITS) == set(CLEAN) == set(BY_CODE)
