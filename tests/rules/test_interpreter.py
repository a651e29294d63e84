"""WA801 to WA803 on plain values."""

import pytest

from support.rule_cases import check_hit
from support.rules import each, problems, severities
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wanted, Wheel
from wheelarch.model import Image, Machine, Member, Role, Severity

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
CP312 = ("cp312-cp312", "cp312-abi3", "cp312-none", "cp311-abi3", "py3-none")

ROSETTA = Wanted(
    "/usr/local/bin/python3.12",
    "macos",
    ("x86_64",),
    "",
    (15, 0),
    CP312,
    (".cpython-312-darwin.so", ".abi3.so", ".so"),
    "arm64",
)
MAC_ARM = ROSETTA._replace(name="/opt/homebrew/bin/python3.12", arches=("arm64",), host="")
MAC_OLD = MAC_ARM._replace(floor=(12, 0))
BOTH = Wanted("universal2-apple-darwin", "macos", ("arm64", "x86_64"))
WIN = Wanted("python.exe", "windows", ("x86_64",), "", None, CP312, (".cp312-win_amd64.pyd", ".pyd"))
WIN_ARM = WIN._replace(arches=("arm64",), suffixes=(".cp312-win_arm64.pyd", ".pyd"))
WIN_EMULATED = WIN._replace(host="arm64")
LINUX = Wanted("python", "linux", ("x86_64",), "glibc", (2, 28), CP312)
MUSL = LINUX._replace(libc="musl", floor=(1, 2))
FREEBSD = Wanted("x86_64-unknown-freebsd", "other", ("x86_64",))

MAC_EXT, WIN_EXT, LINUX_EXT = (
    "p/_c.cpython-312-darwin.so",
    "p/_c.cp312-win_amd64.pyd",
    "p/_c.cpython-312-x86_64-linux-gnu.so",
)
MAC_ARM_WHEEL = "p-1-cp312-cp312-macosx_11_0_arm64.whl"
MAC_X86_WHEEL = "p-1-cp312-cp312-macosx_10_13_x86_64.whl"
MAC_BOTH_WHEEL = "p-1-cp312-cp312-macosx_10_13_universal2.whl"
WIN_WHEEL, WIN_ARM_WHEEL = "p-1-cp312-cp312-win_amd64.whl", "p-1-cp312-cp312-win_arm64.whl"
ABI3_ARM_WHEEL = "p-1-cp39-abi3-win_arm64.whl"
LINUX_WHEEL = "p-1-cp312-cp312-manylinux_2_17_x86_64.whl"


def asked(wanted: Wanted | None, filename: str, *members: Member) -> Wheel:
    return wheel(filename, *members)._replace(wanted=wanted)


def library(path: str, *images: Image) -> Member:
    return member(path, *images, role=Role.DEPENDENCY)


mac_arm, mac_x86 = member(MAC_EXT, macho(ARM64)), member(MAC_EXT, macho(X86_64))
mac_fat = member(MAC_EXT, macho(X86_64, offset=0x4000), macho(ARM64, offset=0x8000))
win_x64 = member(WIN_EXT, pe(X86_64, "python312.dll"))
win_arm = member("p/_c.cp312-win_arm64.pyd", pe(ARM64, "python312.dll"))
linux = member(LINUX_EXT, elf(X86_64, "libc.so.6"))

HITS: dict[str, list[Wheel]] = {
    "WA801": [
        asked(ROSETTA, MAC_ARM_WHEEL, mac_arm),
        asked(MAC_ARM, MAC_X86_WHEEL, mac_x86),
        asked(ROSETTA, MAC_BOTH_WHEEL, mac_arm),
        asked(BOTH, MAC_ARM_WHEEL, mac_arm),
        asked(WIN, WIN_ARM_WHEEL, win_arm),
        asked(WIN, WIN_WHEEL, member(WIN_EXT, pe(ARM64, "python312.dll"))),
        asked(WIN_ARM, WIN_ARM_WHEEL, member("p/_c.cp312-win_arm64.pyd", pe(X86_64, variant="arm64ec"))),
        asked(WIN, WIN_WHEEL, member(WIN_EXT, pe(X86_64, variant="arm64ec"))),
        asked(LINUX, LINUX_WHEEL, member(LINUX_EXT, elf(X86))),
        asked(LINUX, MAC_X86_WHEEL, mac_x86),
        asked(MAC_ARM, MAC_ARM_WHEEL, mac_arm, library("p/.dylibs/libz.dylib", macho(X86_64))),
        # the interpreter takes the first suffix of its list, so the right file beside it does not help
        asked(WIN, WIN_WHEEL, member(WIN_EXT, pe(X86)), member("p/_c.pyd", pe(X86_64))),
        asked(WIN_EMULATED, WIN_WHEEL, member(WIN_EXT, pe(ARM64))),
        # a name that is not one of an extension module
        asked(WIN, WIN_WHEEL, member("p/thing.dll", pe(ARM64))),
    ],
    "WA802": [
        asked(ROSETTA, MAC_ARM_WHEEL, mac_arm),
        asked(MAC_OLD, "p-1-cp312-cp312-macosx_14_0_arm64.whl", mac_arm),
        asked(MAC_ARM, "p-1-cp311-cp311-macosx_11_0_arm64.whl", mac_arm),
        asked(BOTH, MAC_ARM_WHEEL),
        asked(WIN, WIN_ARM_WHEEL, win_arm),
        asked(WIN, "p-1-cp313-abi3-win_amd64.whl", win_x64),
        asked(LINUX, "p-1-cp312-cp312-manylinux_2_34_x86_64.whl", linux),
        asked(MUSL, LINUX_WHEEL, linux),
        asked(LINUX, "p-1-cp312-cp312-musllinux_1_2_x86_64.whl", linux),
        asked(LINUX, "p-1-py2-none-any.whl"),
        asked(FREEBSD, LINUX_WHEEL, linux),
    ],
    "WA803": [
        asked(ROSETTA, MAC_X86_WHEEL, mac_x86),
        asked(WIN_EMULATED, WIN_WHEEL, win_x64),
    ],
}  # fmt: skip
CLEAN: dict[str, list[Wheel]] = {
    "WA801": [
        asked(None, MAC_ARM_WHEEL, mac_arm),
        asked(ROSETTA, MAC_X86_WHEEL, mac_x86),
        asked(ROSETTA, MAC_BOTH_WHEEL, mac_fat),
        asked(BOTH, MAC_BOTH_WHEEL, mac_fat),
        asked(MAC_ARM, MAC_ARM_WHEEL, mac_arm),
        asked(WIN_ARM, ABI3_ARM_WHEEL, member("p/_c.pyd", pe(ARM64, "python3.dll"))),
        asked(WIN_ARM, WIN_ARM_WHEEL, member("p/_c.cp312-win_arm64.pyd", pe(ARM64, variant="arm64x"))),
        asked(WIN_EMULATED, WIN_WHEEL, member(WIN_EXT, pe(X86_64, variant="arm64ec"))),
        asked(WIN_EMULATED, WIN_WHEEL, member(WIN_EXT, pe(ARM64, variant="arm64x"))),
        asked(LINUX, LINUX_WHEEL, linux),
        # variants of one module for several Pythons: only the one that is imported counts
        asked(WIN, WIN_WHEEL, win_x64, member("p/_c.cp312-win32.pyd", pe(X86)), win_arm),
        # thin copies of one library, each for its own slice
        asked(
            MAC_ARM, MAC_BOTH_WHEEL, mac_fat,
            library("a/libg.dylib", macho(X86_64)), library("b/libg.dylib", macho(ARM64)),
        ),
        # programs may run by emulation, and code for other machines is data
        asked(WIN_ARM, WIN_ARM_WHEEL, win_arm, member("p/tool.exe", pe(X86_64), role=Role.EXECUTABLE)),
        asked(LINUX, LINUX_WHEEL, linux, member("p/k.so", elf(Machine.CUDA), role=Role.DATA)),
        # .NET assemblies have x86 in their header and run everywhere
        asked(WIN, WIN_WHEEL, library("p/x.dll", pe(X86, clr_flags=1))),
        asked(WIN, WIN_WHEEL, member(WIN_EXT)),
    ],
    "WA802": [
        asked(None, MAC_ARM_WHEEL, mac_arm),
        asked(MAC_ARM, MAC_ARM_WHEEL, mac_arm),
        asked(MAC_ARM, MAC_BOTH_WHEEL, mac_fat),
        asked(ROSETTA, "p-1-cp312-cp312-macosx_11_0_arm64.macosx_10_13_x86_64.whl", mac_fat),
        asked(WIN, "p-1-cp39-none-win_amd64.cp312-none-win_amd64.whl"),
        asked(WIN, "p-1-cp311-abi3-win_amd64.whl", win_x64),
        asked(LINUX, LINUX_WHEEL, linux),
        asked(LINUX, "p-1-cp312-cp312-linux_x86_64.whl", linux),
        asked(MUSL, "p-1-cp312-cp312-musllinux_1_1_x86_64.whl", linux),
        asked(LINUX, "p-1-py3-none-any.whl"),
        asked(FREEBSD, "p-1-cp312-cp312-freebsd_14_1_release_amd64.whl"),
        asked(Wanted("win_arm64", "windows", ("arm64",)), "p-1-cp37-cp37m-win_arm64.whl", win_arm),
        asked(LINUX, "not a wheel name"),
        # what is not known of the interpreter or of the tag does not exclude it
        asked(LINUX._replace(libc="", floor=None), LINUX_WHEEL, linux),
        asked(LINUX, "p-1-cp312-cp312-manylinux_2_28_x86_64.whl", linux),
        asked(FREEBSD, "p-1-cp312-cp312-haiku_1_2.whl"),
    ],
    "WA803": [
        asked(None, MAC_X86_WHEEL, mac_x86),
        asked(ROSETTA, MAC_BOTH_WHEEL, mac_fat),
        asked(ROSETTA, MAC_ARM_WHEEL, mac_arm),
        asked(MAC_ARM, MAC_ARM_WHEEL, mac_arm),
        asked(ROSETTA, "p-1-py3-none-any.whl"),
        # a library alone, and a module that cannot be loaded at all (WA801)
        asked(ROSETTA, MAC_X86_WHEEL, library("p/.dylibs/libz.dylib", macho(X86_64))),
        asked(ROSETTA, MAC_X86_WHEEL, member(MAC_EXT, macho(X86))),
        asked(WIN_EMULATED, WIN_WHEEL, member(WIN_EXT, pe(ARM64, variant="arm64x"))),
    ],
}  # fmt: skip


@each(HITS)
def test_hit(code: str, subject: Wheel) -> None:
    """Each of these is reported, once."""
    check_hit(code, subject)
    (found,) = problems(code, subject)
    assert subject.wanted is not None
    assert found.evidence["interpreter"] == subject.wanted.name


@pytest.mark.parametrize(
    ("code", "severity"),
    [("WA801", Severity.ERROR), ("WA802", Severity.ERROR), ("WA803", Severity.WARNING)],
)
def test_severities(code: str, severity: Severity) -> None:
    """What cannot be loaded or installed is an error; what can be loaded by emulation is a warning."""
    for subject in HITS[code]:
        assert severities(code, subject) == [severity]


@pytest.mark.parametrize(
    ("subject", "have", "need", "consequence"),
    [
        (HITS["WA801"][0], "arm64", "x86_64", "(have 'arm64', need 'x86_64')"),
        (HITS["WA801"][3], "arm64", "x86_64", "(have 'arm64', need 'x86_64')"),
        (HITS["WA801"][4], "arm64", "x86_64", "importing _c: %1 is not a valid Win32 application."),
        (HITS["WA801"][6], "arm64ec", "arm64", "importing _c: %1 is not a valid Win32 application."),
        (HITS["WA801"][8], "x86", "x86_64", "cannot open shared object file"),
        (HITS["WA801"][9], "mach-o x86_64", "x86_64", "invalid ELF header"),
    ],
)
def test_wa801_says_what_the_loader_says(subject: Wheel, have: str, need: str, consequence: str) -> None:
    """The evidence has what the file is and what is needed, and the consequence is what the loader says."""
    (found,) = problems("WA801", subject)
    assert (found.evidence["have"], found.evidence["need"]) == (have, need)
    assert consequence in found.consequence


DLL_LOAD_FAILED = "ImportError: DLL load failed while importing _c: %1 is not a valid Win32 application."


@pytest.mark.parametrize(
    ("wanted", "images", "consequence"),
    [
        (WIN, [pe(ARM64)], DLL_LOAD_FAILED),
        (WIN._replace(system="mingw"), [pe(ARM64)], DLL_LOAD_FAILED),
        (WIN, [elf(X86_64)], DLL_LOAD_FAILED),
        (
            MAC_ARM,
            [macho(X86_64)],
            "mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')",
        ),
        (
            MAC_ARM._replace(system="ios"),
            [macho(X86_64)],
            "mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64')",
        ),
        (
            MAC_ARM,
            [macho(X86_64), macho(X86)],
            "fat file, but missing compatible architecture (have 'x86_64, i386', need 'arm64')",
        ),
        (MAC_ARM, [elf(ARM64)], ""),
        (LINUX, [pe(X86_64)], "ImportError: _c.so: invalid ELF header"),
        (
            LINUX,
            [elf(ARM64)],
            "ImportError: _c.so: cannot open shared object file: No such file or directory",
        ),
        (LINUX._replace(system="android", libc="bionic"), [elf(ARM64)], ""),
        (LINUX._replace(system="android", libc="bionic"), [pe(X86_64)], ""),
    ],
)
def test_each_loader_has_its_own_words(wanted: Wanted, images: list[Image], consequence: str) -> None:
    """The system of the interpreter and the format of the file decide what is said; if it is not known, nothing is."""
    (found,) = problems("WA801", asked(wanted, "p-1-py3-none-any.whl", member("p/_c.so", *images)))
    assert found.consequence == consequence


@pytest.mark.parametrize(
    ("role", "what"), [(Role.EXTENSION, "extension module"), (Role.DEPENDENCY, "bundled library")]
)
def test_wa801_says_what_kind_of_file_it_is(role: Role, what: str) -> None:
    """The message names the file, what it is, and what the interpreter needs."""
    subject = asked(MAC_ARM, MAC_ARM_WHEEL, member("p/c.so", macho(X86_64), role=role))
    (found,) = problems("WA801", subject)
    assert found.message == f"{what} p/c.so is x86_64, but {MAC_ARM.name} needs arm64"


def test_wa802_shows_four_tags() -> None:
    """Of more tags the first four are shown, and the rest is counted."""
    (four,) = problems("WA802", asked(WIN, "p-1-py2-none-linux_x86_64.macosx_11_0_arm64.win32.win_arm64.whl"))
    assert len(four.tags) == 4
    assert "more" not in four.evidence["have"]
    many = asked(WIN, "p-1-py2-none-linux_x86_64.macosx_11_0_arm64.win32.win_amd64.win_arm64.whl")
    (found,) = problems("WA802", many)
    assert found.evidence["have"].count(",") == 3
    assert found.evidence["have"].endswith(" and 1 more")
    assert len(found.tags) == 5


def test_wa802_leaves_out_what_is_not_known() -> None:
    """A target without Python, C library and version is described by its system and machine."""
    (found,) = problems("WA802", asked(FREEBSD, LINUX_WHEEL, linux))
    assert found.evidence["need"] == "other x86_64"


def test_wa802_of_a_nameless_wheel() -> None:
    """The words of pip have a name for a wheel without one."""
    (found,) = problems("WA802", HITS["WA802"][0]._replace(filename=None))
    assert found.consequence == "ERROR: the wheel is not a supported wheel on this platform."


def test_wa802_says_what_would_fit() -> None:
    """The evidence has the tags of the wheel and what the interpreter accepts; the consequence is what pip says."""
    (found,) = problems("WA802", HITS["WA802"][7])
    assert found.evidence["have"] == "cp312-cp312-manylinux_2_17_x86_64"
    assert found.evidence["need"] == "cp312-cp312 linux musl 1.2 x86_64"
    assert found.consequence == f"ERROR: {LINUX_WHEEL} is not a supported wheel on this platform."


def test_wa803_is_reported_once() -> None:
    """A wheel with many modules gets one warning, with their number."""
    modules = [member(f"p/_{letter}.cpython-312-darwin.so", macho(X86_64)) for letter in "abc"]
    (found,) = problems("WA803", asked(ROSETTA, MAC_X86_WHEEL, *modules))
    assert found.message.startswith(
        "3 extension modules, e.g. p/_a.cpython-312-darwin.so, contain no arm64 code"
    )
    (alone,) = problems("WA803", asked(ROSETTA, MAC_X86_WHEEL, *modules[:1]))
    assert alone.message == (
        "extension module p/_a.cpython-312-darwin.so contains no arm64 code, "
        f"and can be loaded only because {ROSETTA.name} is emulated"
    )
