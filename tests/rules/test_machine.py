"""WA2xx on plain values."""

import pytest

from support.images import image
from support.values import elf, macho, member, pe, wheel
from wheelarch import inspect
from wheelarch.facts.roles import assign_roles
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Dylib, Format, Image, Kind, Machine, Member, Role, Severity
from wheelarch.rules import RULES, Problem

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86

WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"
WIN_ARM = "pkg-1.0-cp311-cp311-win_arm64.whl"
WIN32 = "pkg-1.0-cp311-cp311-win32.whl"
MAC_X86 = "pkg-1.0-cp311-cp311-macosx_10_9_x86_64.whl"
MAC_ARM = "pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl"
MAC_BOTH = "pkg-1.0-cp311-cp311-macosx_10_9_universal2.whl"
MAC_PAIR = "pkg-1.0-cp311-cp311-macosx_11_0_arm64.macosx_11_0_x86_64.whl"
MAC_INTEL = "pkg-1.0-py2.py3-none-macosx_10_6_intel.whl"
LINUX = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
LINUX_ARM32 = "pkg-1.0-cp311-cp311-manylinux_2_31_armv7l.whl"
TOOL_WIN_ARM = "pkg-1.0-py3-none-win_arm64.whl"
TOOL_MAC_ARM = "pkg-1.0-py3-none-macosx_11_0_arm64.whl"
TOOL_WIN = "pkg-1.0-py3-none-win_amd64.whl"
ANY = "pkg-1.0-py3-none-any.whl"

WIN_EXT = "pkg/_core.cp311-win_amd64.pyd"
MAC_EXT = "pkg/_core.cpython-311-darwin.so"
LINUX_EXT = "pkg/_core.cpython-311-x86_64-linux-gnu.so"
HOOK = ("PyInit__core",)


def fat(*machines: Machine, **more: object) -> tuple[Image, ...]:
    return tuple(
        macho(machine, offset=0x4000 * (index + 1), **more) for index, machine in enumerate(machines)
    )


def library(path: str, *images: Image) -> Member:
    return member(path, *images, role=Role.LIBRARY)


def dependency(path: str, *images: Image) -> Member:
    return member(path, *images, role=Role.DEPENDENCY)


def program(path: str, *images: Image, role: Role = Role.EXECUTABLE) -> Member:
    return member(path, *(image._replace(kind=Kind.EXECUTABLE) for image in images), role=role)


def sdk(path: str, format_: Format, machine: Machine) -> Member:
    return member(path, elf(machine)._replace(format=format_, kind=Kind.ARCHIVE, elf=None), role=Role.SDK)


good_win = member(WIN_EXT, pe(X86_64, "python311.dll", hooks=HOOK))
good_mac = member(MAC_EXT, macho(ARM64, hooks=HOOK))
good_fat = member(MAC_EXT, *fat(X86_64, ARM64, hooks=HOOK))
good_linux = member(LINUX_EXT, elf(X86_64, "libc.so.6", hooks=HOOK))

HITS: dict[str, list[Wheel]] = {
    "WA201": [
        wheel(WIN, member(WIN_EXT, pe(ARM64, "python311.dll", hooks=HOOK))),
        wheel(WIN_ARM, member("pkg/_core.pyd", pe(X86_64, "python311.dll", hooks=HOOK))),
        wheel(WIN_ARM, member("pkg/_core.pyd", pe(Machine.ARM, "python311.dll", hooks=HOOK))),
        wheel(MAC_X86, member(MAC_EXT, macho(ARM64, hooks=HOOK))),
        wheel(MAC_BOTH, member(MAC_EXT, macho(X86, hooks=HOOK))),
        wheel(LINUX, member(LINUX_EXT, elf(ARM64, hooks=HOOK))),
        wheel(LINUX, good_linux, member("pkg/_other.so", elf(ARM64, hooks=("PyInit__other",)))),
        wheel(LINUX, member(LINUX_EXT, elf(Machine.NONE, hooks=HOOK))),
    ],
    "WA202": [
        wheel(MAC_BOTH, member(MAC_EXT, macho(X86_64, hooks=HOOK))),
        wheel(MAC_BOTH, good_fat, member("pkg/_thin.cpython-311-darwin.so", macho(ARM64, hooks=HOOK))),
        wheel(MAC_PAIR, member(MAC_EXT, macho(X86_64, hooks=HOOK))),
    ],
    "WA203": [
        wheel(MAC_ARM, good_mac, dependency("pkg/.dylibs/libfoo.dylib", macho(X86_64))),
        wheel(TOOL_MAC_ARM, library("pkg/libfoo.dylib", macho(X86_64))),
        wheel(WIN, good_win, library("pkg/foo.dll", pe(ARM64))),
    ],
    "WA204": [
        wheel(MAC_BOTH, good_fat, dependency("pkg/.dylibs/libfoo.dylib", macho(X86_64))),
        wheel("pkg-1.0-py3-none-macosx_10_9_universal2.whl", library("pkg/libfoo.dylib", macho(X86_64))),
    ],
    "WA205": [
        wheel(TOOL_WIN, program("pkg-1.0.data/scripts/tool.exe", pe(ARM64), role=Role.SCRIPT)),
        wheel(TOOL_MAC_ARM, program("pkg/bin/tool", macho(X86_64))),
        wheel(MAC_X86, member(MAC_EXT, macho(X86_64, hooks=HOOK)), program("pkg/bin/tool", macho(ARM64))),
        wheel(WIN32, program("pkg/tool.exe", pe(X86_64))),
    ],
    "WA206": [
        wheel(MAC_ARM, good_mac, program("pkg/bin/helper", macho(X86_64))),
        wheel(TOOL_WIN_ARM, program("pkg/tool.exe", pe(X86_64))),
    ],
    "WA207": [
        wheel(WIN, good_win, member("pkg/attach_x86.dll", pe(X86), role=Role.FAMILY)),
        wheel(LINUX, good_linux, member("pkg/testdata/a.so", elf(ARM64), role=Role.TEST_DATA)),
    ],
    "WA208": [
        wheel(WIN, member("pkg/_core.so", elf(X86_64, hooks=HOOK))),
        wheel(MAC_ARM, member("pkg/_core.so", elf(ARM64, hooks=HOOK))),
        wheel(LINUX, good_linux, library("pkg/foo.dll", pe(X86_64))),
    ],
    "WA209": [
        wheel(
            WIN,
            member("pkg/_core.pyd", pe(X86_64, "python311.dll", hooks=HOOK, variant="arm64ec", chpe=True)),
        ),
        wheel(WIN_ARM, member("pkg/_core.pyd", pe(X86_64, "python311.dll", hooks=HOOK, variant="arm64ec"))),
    ],
    "WA210": [
        wheel(
            WIN, member("pkg/_core.pyd", pe(ARM64, "python311.dll", hooks=HOOK, variant="arm64x", chpe=True))
        ),
        wheel(WIN_ARM, member("pkg/_core.pyd", pe(ARM64, "python311.dll", hooks=HOOK, variant="arm64x"))),
    ],
    "WA211": [
        wheel(WIN, member("pkg/Old.dll", pe(X86, clr_flags=0x3), role=Role.MANAGED)),
        wheel(WIN, member("pkg/Prefers.dll", pe(X86, clr_flags=0x20003), role=Role.MANAGED)),
        wheel(WIN, member("pkg/Arm.dll", pe(ARM64, clr_flags=0x1), role=Role.MANAGED)),
    ],
    "WA212": [wheel(WIN, member("pkg/helper-arm64.dll", pe(X86_64), role=Role.FAMILY))],
    "WA213": [wheel(LINUX, good_linux, sdk("pkg/libfoo.a", Format.ARCHIVE, X86_64))],
    "WA214": [
        wheel(MAC_ARM, good_mac, member("pkg/a.dSYM/a", macho(ARM64, kind=Kind.DEBUG), role=Role.DEBUG)),
    ],
    "WA215": [wheel(MAC_ARM, member(MAC_EXT, *fat(X86_64, ARM64, hooks=HOOK)))],
    "WA216": [
        wheel(MAC_ARM, member(MAC_EXT, macho(ARM64, variant="arm64e", hooks=HOOK))),
        wheel(MAC_X86, member(MAC_EXT, macho(X86_64, variant="x86_64h", hooks=HOOK))),
    ],
    "WA217": [
        wheel(MAC_BOTH, member(MAC_EXT, macho(X86_64, hooks=HOOK), macho(ARM64, hooks=HOOK, hidden=True)))
    ],
    "WA218": [
        wheel(LINUX, member(LINUX_EXT, elf(X86_64, variant="x32", bits=32, hooks=HOOK))),
        wheel(LINUX_ARM32, member("pkg/_core.so", elf(Machine.ARM, variant="soft-float", hooks=HOOK))),
    ],
    "WA219": [wheel(LINUX, member(LINUX_EXT, elf(X86_64, hooks=HOOK, x86_isa_needed=1 | 4)))],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA201": [
        wheel(WIN, good_win),
        wheel(WIN_ARM, member("pkg/_core.pyd", pe(ARM64, "python311.dll", variant="arm64x", hooks=HOOK))),
        wheel(MAC_BOTH, good_fat),
        wheel(MAC_ARM, good_fat),
        wheel(LINUX, good_linux),
        wheel(ANY, member("pkg/_core.pyd", pe(ARM64, hooks=HOOK))),
        wheel(
            LINUX, good_linux, member("pkg/_core.cpython-311-aarch64-linux-gnu.so", elf(ARM64, hooks=HOOK))
        ),
        wheel(
            "pkg-1.0-cp311-cp311-freebsd_14_0_release_amd64.whl",
            member("pkg/_core.so", elf(X86_64, hooks=HOOK)),
        ),
    ],
    "WA202": [
        wheel(MAC_BOTH, good_fat),
        wheel(MAC_PAIR, good_fat),
        wheel(MAC_ARM, good_mac),
        wheel(MAC_BOTH, member(MAC_EXT, macho(X86_64, hooks=HOOK), macho(ARM64, hooks=HOOK, hidden=True))),
    ],
    "WA203": [
        wheel(MAC_ARM, good_mac, dependency("pkg/.dylibs/libfoo.dylib", macho(ARM64))),
        wheel(
            MAC_ARM, good_mac, library("a/libf.dylib", macho(X86_64)), library("b/libf.dylib", macho(ARM64))
        ),
        wheel(WIN, good_win, member("pkg/attach_x86.dll", pe(X86), role=Role.FAMILY)),
        wheel(WIN, good_win, member("pkg/Any.dll", pe(X86, clr_flags=0x1)._replace(machine=Machine.ANY))),
        wheel(ANY, library("pkg/foo.dll", pe(X86))),
    ],
    "WA204": [
        wheel(
            MAC_BOTH,
            good_fat,
            dependency("a/libf.dylib", macho(X86_64)),
            dependency("b/libf.dylib", macho(ARM64)),
        ),
    ],
    "WA205": [
        wheel(WIN, good_win, program("pkg/cli.exe", pe(X86))),
        wheel(TOOL_WIN_ARM, program("pkg-1.0.data/scripts/ninja.exe", pe(ARM64), role=Role.SCRIPT)),
        wheel(MAC_ARM, good_mac, program("pkg/bin/helper", macho(X86_64))),
        wheel(TOOL_WIN_ARM, program("pkg/tool.exe", pe(X86_64))),
    ],
    "WA206": [
        wheel(WIN, good_win, program("pkg/cli.exe", pe(X86))),
        wheel(TOOL_MAC_ARM, program("pkg/bin/tool", macho(X86_64))),
        wheel(MAC_X86, program("pkg/bin/tool", macho(ARM64))),
    ],
    "WA207": [
        wheel(WIN, good_win, member("pkg/attach_amd64.dll", pe(X86_64), role=Role.FAMILY)),
        wheel(ANY, member("pkg/attach_x86.dll", pe(X86), role=Role.FAMILY)),
    ],
    "WA208": [
        wheel(WIN, good_win),
        wheel(WIN, good_win, member("pkg/libportaudio.dylib", *fat(X86_64, ARM64), role=Role.FAMILY)),
        wheel(LINUX, good_linux, member("pkg/Any.dll", pe(X86, clr_flags=0x1)._replace(machine=Machine.ANY))),
    ],
    "WA209": [wheel(WIN, good_win), wheel(WIN32, member("pkg/_core.pyd", pe(X86, hooks=HOOK)))],
    "WA210": [wheel(WIN, good_win), wheel(WIN_ARM, member("pkg/_core.pyd", pe(ARM64, hooks=HOOK)))],
    "WA211": [
        wheel(WIN, member("pkg/Python.Runtime.dll", pe(X86, clr_flags=0x9), role=Role.MANAGED)),
        wheel(WIN32, member("pkg/Old.dll", pe(X86, clr_flags=0x3), role=Role.MANAGED)),
        wheel(WIN, member("pkg/ClrLoader.dll", pe(X86_64, clr_flags=0x0), role=Role.LIBRARY)),
        wheel(ANY, member("pkg/Old.dll", pe(X86, clr_flags=0x3), role=Role.MANAGED)),
    ],
    "WA212": [
        wheel(WIN, member("pkg/attach_amd64.dll", pe(X86_64), role=Role.FAMILY)),
        wheel(WIN, member("pkg/cli.exe", pe(X86), role=Role.FAMILY)),
        wheel(WIN, member("pkg/foo_x86_arm64.dll", pe(X86_64), role=Role.LIBRARY)),
    ],
    "WA213": [wheel(LINUX, good_linux)],
    "WA214": [wheel(MAC_ARM, good_mac)],
    "WA215": [wheel(MAC_BOTH, good_fat), wheel(MAC_ARM, good_mac)],
    "WA216": [
        wheel(MAC_ARM, member(MAC_EXT, macho(ARM64, hooks=HOOK), macho(ARM64, variant="arm64e", hooks=HOOK))),
        wheel(MAC_X86, member(MAC_EXT, macho(X86_64, hooks=HOOK))),
    ],
    "WA217": [wheel(MAC_BOTH, good_fat)],
    "WA218": [
        wheel(LINUX, good_linux),
        wheel(
            "pkg-1.0-cp313-cp313-android_21_armeabi_v7a.whl",
            member("pkg/_core.so", elf(Machine.ARM, variant="soft-float", hooks=HOOK)),
        ),
    ],
    "WA219": [
        wheel(LINUX, good_linux),
        wheel(LINUX, member(LINUX_EXT, elf(X86_64, hooks=HOOK, x86_isa_needed=1))),
    ],
}

BY_CODE = {rule.code: rule for rule in RULES}


def problems(code: str, subject: Wheel) -> list[Problem]:
    return list(BY_CODE[code].check(subject))


@pytest.mark.parametrize(
    ("code", "index"), [(code, i) for code, hits in HITS.items() for i in range(len(hits))]
)
def test_hit(code: str, index: int) -> None:
    """The rule has something to say about each wheel of its hit list, and names a member of it."""
    subject = HITS[code][index]
    found = problems(code, subject)
    assert found
    assert {problem.member for problem in found} <= {one.path for one in subject.members}


@pytest.mark.parametrize(
    ("code", "index"), [(code, i) for code, clean in CLEAN.items() for i in range(len(clean))]
)
def test_clean(code: str, index: int) -> None:
    """The rule is silent about each wheel of its clean list."""
    assert problems(code, CLEAN[code][index]) == []


@pytest.mark.parametrize(
    ("code", "index"), [(code, i) for code, hits in HITS.items() for i in range(len(hits))]
)
def test_no_machine_error_beside_a_more_exact_one(code: str, index: int) -> None:
    """A wheel that one machine rule calls wrong is not called wrong by another for the same member."""
    exclusive = (
        "WA201",
        "WA202",
        "WA203",
        "WA204",
        "WA205",
        "WA206",
        "WA208",
        "WA209",
        "WA210",
        "WA216",
        "WA218",
    )
    subject = HITS[code][index]
    members = [problem.member for one in exclusive for problem in problems(one, subject)]
    assert len(members) == len(set(members))


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA202", wheel(MAC_INTEL, member("pkg/_core.so", macho(X86_64, hooks=HOOK))), Severity.NOTE),
        ("WA204", wheel(MAC_INTEL, library("pkg/libmagic.dylib", macho(X86_64))), Severity.NOTE),
        ("WA205", HITS["WA205"][0], Severity.ERROR),
        ("WA205", HITS["WA205"][1], Severity.ERROR),
        ("WA205", HITS["WA205"][2], Severity.WARNING),
        ("WA208", HITS["WA208"][0], Severity.ERROR),
        ("WA208", HITS["WA208"][2], Severity.NOTE),
        ("WA208", wheel(LINUX, good_linux, library("other/foo.dll", pe(X86_64))), Severity.WARNING),
        ("WA208", wheel(LINUX, library("pkg/foo.dll", pe(X86_64))), Severity.ERROR),
        ("WA210", HITS["WA210"][0], Severity.ERROR),
        ("WA210", HITS["WA210"][1], Severity.NOTE),
        ("WA209", wheel(WIN, good_win, library("pkg/foo.dll", pe(X86_64, variant="arm64ec"))), Severity.NOTE),
        ("WA216", HITS["WA216"][0], Severity.ERROR),
        ("WA216", HITS["WA216"][1], Severity.WARNING),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """The severity follows what certainly fails, not the rule alone."""
    (problem,) = problems(code, subject)
    assert (problem.severity or BY_CODE[code].severity) is severity


@pytest.mark.parametrize(
    ("subject", "evidence", "consequence"),
    [
        (
            HITS["WA201"][0],
            {"have": "arm64", "need": "x86_64"},
            "ImportError: DLL load failed while importing _core: %1 is not a valid Win32 application.",
        ),
        (
            HITS["WA201"][3],
            {"have": "arm64", "need": "x86_64"},
            "mach-o file, but is an incompatible architecture (have 'arm64', need 'x86_64')",
        ),
        (
            HITS["WA201"][5],
            {"have": "arm64", "need": "x86_64"},
            "_core.cpython-311-x86_64-linux-gnu.so: cannot open shared object file: No such file or directory",
        ),
        (
            wheel(LINUX, member(LINUX_EXT, elf(X86, hooks=HOOK))),
            {"have": "x86", "need": "x86_64"},
            "_core.cpython-311-x86_64-linux-gnu.so: wrong ELF class: ELFCLASS32",
        ),
        (
            wheel(MAC_ARM, member(MAC_EXT, *fat(X86, X86_64, hooks=HOOK))),
            {"have": "i386, x86_64", "need": "arm64"},
            "fat file, but missing compatible architecture (have 'i386, x86_64', need 'arm64')",
        ),
    ],
)
def test_evidence_and_words_of_the_loader(subject: Wheel, evidence: dict[str, str], consequence: str) -> None:
    """A wrong machine is told with what was found, what was needed, and what the user's loader says."""
    (problem,) = problems("WA201", subject)
    assert problem.evidence == evidence
    assert problem.consequence == consequence


def test_roles_of_a_real_family_silence_the_library_rule() -> None:
    """Helpers that differ in a machine's name, one of which fits, are no wrong libraries."""
    names = {"libportaudio32bit.dll": X86, "libportaudio64bit.dll": X86_64, "libportaudioarm64.dll": ARM64}
    members = [library(f"_data/portaudio-binaries/{name}", pe(machine)) for name, machine in names.items()]
    members.append(library("_data/portaudio-binaries/libportaudio.dylib", *fat(X86_64, ARM64)))
    subject = wheel(TOOL_WIN_ARM, *members)
    subject = subject._replace(members=assign_roles(subject.members, subject.targets))
    assert {one.role for one in subject.members} == {Role.FAMILY}
    assert problems("WA203", subject) == []
    assert len(problems("WA207", subject)) == 3


def needing(machine: Machine, *names: str, **more: object) -> Image:
    return macho(machine, dylibs=tuple(Dylib(name, "load") for name in names), **more)


FOO = "@loader_path/.dylibs/libfoo.dylib"
BAR = "@loader_path/libbar.dylib"
by_both = member(MAC_EXT, needing(X86_64, FOO, hooks=HOOK), needing(ARM64, FOO, hooks=HOOK))
by_x86_64 = member(MAC_EXT, needing(X86_64, FOO, hooks=HOOK), macho(ARM64, hooks=HOOK))
by_each = member(
    MAC_EXT,
    needing(X86_64, "@loader_path/x86_64/libg.dylib", hooks=HOOK),
    needing(ARM64, "@loader_path/arm64/libg.dylib", hooks=HOOK),
)
foo = "pkg/.dylibs/libfoo.dylib"


@pytest.mark.parametrize(
    ("code", "subject", "path", "who"),
    [
        (
            "WA204",
            wheel(MAC_BOTH, by_both, library(foo, macho(X86_64))),
            foo,
            f"; the arm64 slice of {MAC_EXT} needs it",
        ),
        (
            "WA204",
            wheel(
                MAC_BOTH,
                by_both,
                library(foo, needing(X86_64, BAR), needing(ARM64, BAR)),
                library("pkg/.dylibs/libbar.dylib", macho(ARM64)),
            ),
            "pkg/.dylibs/libbar.dylib",
            f"; the x86_64 slice of {foo} needs it",
        ),
        (
            # copies cross their folders: each slice is given the other's
            "WA204",
            wheel(
                MAC_BOTH,
                by_each,
                library("pkg/arm64/libg.dylib", macho(ARM64)),
                library("pkg/x86_64/libg.dylib", macho(ARM64)),
            ),
            "pkg/x86_64/libg.dylib",
            f"; the x86_64 slice of {MAC_EXT} needs it",
        ),
        (
            "WA203",
            wheel(MAC_ARM, member(MAC_EXT, needing(ARM64, FOO, hooks=HOOK)), library(foo, macho(X86_64))),
            foo,
            f"; {MAC_EXT} needs it",
        ),
        (
            "WA203",
            wheel(
                WIN, member(WIN_EXT, pe(X86_64, "foo.dll", hooks=HOOK)), library("pkg.libs/foo.dll", pe(X86))
            ),
            "pkg.libs/foo.dll",
            f"; {WIN_EXT} needs it",
        ),
        (
            # the extension is wrong as well, so nothing shows that the library is right
            "WA203",
            wheel(MAC_ARM, member(MAC_EXT, needing(X86_64, FOO, hooks=HOOK)), library(foo, macho(X86_64))),
            foo,
            "",
        ),
        ("WA204", wheel(MAC_BOTH, good_fat, library(foo, macho(X86_64))), foo, ""),
    ],
)
def test_a_library_is_judged_by_who_needs_it(code: str, subject: Wheel, path: str, who: str) -> None:
    """The slice that can't load the library is named; without one the library's place decides."""
    (problem,) = problems(code, subject)
    assert problem.member == path
    assert problem.message.endswith(f"{problem.evidence['need']}{who}")
    assert problem.severity is None


@pytest.mark.parametrize(
    "subject",
    [
        # scipy: a thin copy of libgfortran for each slice
        wheel(
            MAC_BOTH,
            by_each,
            library("pkg/arm64/libg.dylib", macho(ARM64)),
            library("pkg/x86_64/libg.dylib", macho(X86_64)),
        ),
        wheel(MAC_BOTH, by_x86_64, library(foo, macho(X86_64))),
        wheel(MAC_BOTH, by_both, library(foo, *fat(X86_64, ARM64))),
        wheel(MAC_BOTH, member(MAC_EXT, needing(X86_64, FOO, hooks=HOOK)), library(foo, macho(X86_64))),
        # what only a program for that machine needs is right with it
        wheel(MAC_ARM, good_mac, program("pkg/tool", needing(X86_64, FOO)), library(foo, macho(X86_64))),
        wheel(
            WIN,
            member(WIN_EXT, pe(X86_64, "foo.dll", hooks=HOOK)),
            library("a/foo.dll", pe(X86)),
            library("b/foo.dll", pe(X86_64)),
        ),
        wheel(
            MAC_BOTH,
            member(
                MAC_EXT,
                macho(X86_64, dylibs=(Dylib(FOO, "load"),)),
                macho(ARM64, dylibs=(Dylib(FOO, "weak"),)),
            ),
            library(foo, macho(X86_64)),
        ),
    ],
)
def test_a_library_that_every_slice_can_load_is_right(subject: Wheel) -> None:
    """Neither rule speaks where each process that needs the library can load what it is given."""
    assert problems("WA203", subject) == []
    assert problems("WA204", subject) == []


def test_real_thin_library_in_a_universal_wheel() -> None:
    """Real files: both slices' extensions need the library, which is there for arm64 only."""
    thin = {name: inspect(image(f"macos-{name}-helper-user.so")) for name in ("arm64", "x86_64")}
    core = member(MAC_EXT, *thin["arm64"], *thin["x86_64"])
    helper = library("pkg/.dylibs/libhelper.dylib", *inspect(image("macos-arm64-helper.dylib")))
    (problem,) = problems("WA204", wheel(MAC_BOTH, core, helper))
    assert problem.evidence == {"have": "arm64", "need": "x86_64"}
