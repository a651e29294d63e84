"""WA203, WA204 on plain values and on real libraries."""

import pytest

from support.images import image
from support.machines import (
    ANY,
    ARM64,
    GOOD_FAT,
    GOOD_MAC,
    GOOD_WIN,
    HOOK,
    MAC_ARM,
    MAC_BOTH,
    MAC_EXT,
    MAC_INTEL,
    TOOL_MAC_ARM,
    TOOL_MAC_BOTH,
    TOOL_WIN_ARM,
    WIN,
    WIN_EXT,
    X86,
    X86_64,
    dependency,
    fat,
    library,
    program,
)
from support.rules import problems, severities
from support.values import macho, member, pe, wheel
from wheelarch import inspect
from wheelarch.facts.roles import with_roles
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Dylib, Image, Machine, Role, Severity

HITS: dict[str, list[Wheel]] = {
    "WA203": [
        wheel(MAC_ARM, GOOD_MAC, dependency("pkg/.dylibs/libfoo.dylib", macho(X86_64))),
        wheel(TOOL_MAC_ARM, library("pkg/libfoo.dylib", macho(X86_64))),
        wheel(WIN, GOOD_WIN, library("pkg/foo.dll", pe(ARM64))),
    ],
    "WA204": [
        wheel(MAC_BOTH, GOOD_FAT, dependency("pkg/.dylibs/libfoo.dylib", macho(X86_64))),
        wheel(TOOL_MAC_BOTH, library("pkg/libfoo.dylib", macho(X86_64))),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA203": [
        wheel(MAC_ARM, GOOD_MAC, dependency("pkg/.dylibs/libfoo.dylib", macho(ARM64))),
        wheel(
            MAC_ARM, GOOD_MAC, library("a/libf.dylib", macho(X86_64)), library("b/libf.dylib", macho(ARM64))
        ),
        wheel(WIN, GOOD_WIN, member("pkg/attach_x86.dll", pe(X86), role=Role.FAMILY)),
        wheel(WIN, GOOD_WIN, member("pkg/Any.dll", pe(X86, clr_flags=0x1)._replace(machine=Machine.ANY))),
        wheel(ANY, library("pkg/foo.dll", pe(X86))),
    ],
    "WA204": [
        wheel(
            MAC_BOTH,
            GOOD_FAT,
            dependency("a/libf.dylib", macho(X86_64)),
            dependency("b/libf.dylib", macho(ARM64)),
        ),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA204", wheel(MAC_INTEL, library("pkg/libmagic.dylib", macho(X86_64))), Severity.NOTE),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """The severity follows what certainly fails."""
    assert severities(code, subject) == [severity]


def test_a_real_family_is_not_a_wrong_library() -> None:
    """Helpers that differ in the name of a machine, one of which fits, are a note of another rule."""
    names = {"libportaudio32bit.dll": X86, "libportaudio64bit.dll": X86_64, "libportaudioarm64.dll": ARM64}
    members = [library(f"_data/portaudio-binaries/{name}", pe(machine)) for name, machine in names.items()]
    members.append(library("_data/portaudio-binaries/libportaudio.dylib", *fat(X86_64, ARM64)))
    subject = with_roles(wheel(TOOL_WIN_ARM, *members))
    assert {one.role for one in subject.members} == {Role.FAMILY}
    assert problems("WA203", subject) == []
    assert len(problems("WA207", subject)) == 3


def needing(machine: Machine, *names: str, **more: object) -> Image:
    """A slice that needs these libraries."""
    return macho(machine, dylibs=tuple(Dylib(name, "load") for name in names), **more)


NEEDS_FOO = "@loader_path/.dylibs/libfoo.dylib"
NEEDS_BAR = "@loader_path/libbar.dylib"
BY_BOTH = member(MAC_EXT, needing(X86_64, NEEDS_FOO, hooks=HOOK), needing(ARM64, NEEDS_FOO, hooks=HOOK))
BY_X86_64 = member(MAC_EXT, needing(X86_64, NEEDS_FOO, hooks=HOOK), macho(ARM64, hooks=HOOK))
BY_EACH = member(
    MAC_EXT,
    needing(X86_64, "@loader_path/x86_64/libg.dylib", hooks=HOOK),
    needing(ARM64, "@loader_path/arm64/libg.dylib", hooks=HOOK),
)
FOO = "pkg/.dylibs/libfoo.dylib"


@pytest.mark.parametrize(
    ("code", "subject", "path", "who"),
    [
        (
            "WA204",
            wheel(MAC_BOTH, BY_BOTH, library(FOO, macho(X86_64))),
            FOO,
            f"; the arm64 slice of {MAC_EXT} needs it",
        ),
        (
            "WA204",
            wheel(
                MAC_BOTH,
                BY_BOTH,
                library(FOO, needing(X86_64, NEEDS_BAR), needing(ARM64, NEEDS_BAR)),
                library("pkg/.dylibs/libbar.dylib", macho(ARM64)),
            ),
            "pkg/.dylibs/libbar.dylib",
            f"; the x86_64 slice of {FOO} needs it",
        ),
        (
            # Each folder has the copy for the other slice.
            "WA204",
            wheel(
                MAC_BOTH,
                BY_EACH,
                library("pkg/arm64/libg.dylib", macho(ARM64)),
                library("pkg/x86_64/libg.dylib", macho(ARM64)),
            ),
            "pkg/x86_64/libg.dylib",
            f"; the x86_64 slice of {MAC_EXT} needs it",
        ),
        (
            "WA203",
            wheel(
                MAC_ARM, member(MAC_EXT, needing(ARM64, NEEDS_FOO, hooks=HOOK)), library(FOO, macho(X86_64))
            ),
            FOO,
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
            # The extension module is wrong too, so nothing shows that the library is right.
            "WA203",
            wheel(
                MAC_ARM, member(MAC_EXT, needing(X86_64, NEEDS_FOO, hooks=HOOK)), library(FOO, macho(X86_64))
            ),
            FOO,
            "",
        ),
        ("WA204", wheel(MAC_BOTH, GOOD_FAT, library(FOO, macho(X86_64))), FOO, ""),
    ],
)
def test_a_library_is_judged_by_who_needs_it(code: str, subject: Wheel, path: str, who: str) -> None:
    """The slice that cannot load the library is named. If there is none, the place of the library decides."""
    (problem,) = problems(code, subject)
    assert problem.member == path
    assert problem.message.endswith(f"{problem.evidence['need']}{who}")
    assert problem.severity is Severity.ERROR


@pytest.mark.parametrize(
    "subject",
    [
        # scipy has a thin copy of libgfortran for each slice.
        wheel(
            MAC_BOTH,
            BY_EACH,
            library("pkg/arm64/libg.dylib", macho(ARM64)),
            library("pkg/x86_64/libg.dylib", macho(X86_64)),
        ),
        wheel(MAC_BOTH, BY_X86_64, library(FOO, macho(X86_64))),
        wheel(MAC_BOTH, BY_BOTH, library(FOO, *fat(X86_64, ARM64))),
        wheel(MAC_BOTH, member(MAC_EXT, needing(X86_64, NEEDS_FOO, hooks=HOOK)), library(FOO, macho(X86_64))),
        # Only a program for the same machine needs the library.
        wheel(
            MAC_ARM, GOOD_MAC, program("pkg/tool", needing(X86_64, NEEDS_FOO)), library(FOO, macho(X86_64))
        ),
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
                macho(X86_64, dylibs=(Dylib(NEEDS_FOO, "load"),)),
                macho(ARM64, dylibs=(Dylib(NEEDS_FOO, "weak"),)),
            ),
            library(FOO, macho(X86_64)),
        ),
    ],
)
def test_a_library_that_every_slice_can_load_is_right(subject: Wheel) -> None:
    """Neither rule reports a library if each process that needs it can load the copy that it finds."""
    assert problems("WA203", subject) == []
    assert problems("WA204", subject) == []


def test_real_thin_library_in_a_universal_wheel() -> None:
    """In real files: both slices of the module need the library, which has only arm64."""
    thin = {name: inspect(image(f"macos-{name}-helper-user.so")) for name in ("arm64", "x86_64")}
    core = member(MAC_EXT, *thin["arm64"], *thin["x86_64"])
    helper = library("pkg/.dylibs/libhelper.dylib", *inspect(image("macos-arm64-helper.dylib")))
    (problem,) = problems("WA204", wheel(MAC_BOTH, core, helper))
    assert problem.evidence == {"have": "arm64", "need": "x86_64"}
