"""WA113 on plain values."""

import pytest

from support.rule_cases import tagged
from support.rules import problems, severities
from support.values import elf, macho, member, pe
from wheelarch.facts.wheel import Wheel
from wheelarch.metadata.dist_info import EntryPoint
from wheelarch.model import Image, Kind, Machine, Member, Role, Severity

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
E, W = Severity.ERROR, Severity.WARNING


def program(path: str, *images: Image) -> Member:
    return member(path, *(image._replace(kind=Kind.EXECUTABLE) for image in images), role=Role.FAMILY)


def library(path: str, *images: Image) -> Member:
    return member(path, *images, role=Role.FAMILY)


def anywhere(*members: Member, script: str = "", path: str = "tool/cli.py", source: str = "") -> Wheel:
    """A wheel for any platform, with one command if it has a name."""
    wheel = tagged("py3-none-any", *members)
    entry_points = (EntryPoint(script, path, source),) if script else ()
    return wheel._replace(dist_info=wheel.dist_info._replace(entry_points=entry_points))


MAC_ARM, MAC_X86_64 = (program(f"tool/bin/tool-darwin-{one.value}", macho(one)) for one in (ARM64, X86_64))
WIN_ARM, WIN_X86_64 = (program(f"tool/bin/tool-windows-{one.value}.exe", pe(one)) for one in (ARM64, X86_64))
LINUX_ARM, LINUX_X86_64 = (program(f"tool/bin/tool-linux-{one.value}", elf(one)) for one in (ARM64, X86_64))
TWO = (MAC_ARM, WIN_ARM)
ALL = (MAC_ARM, MAC_X86_64, WIN_X86_64, LINUX_ARM, LINUX_X86_64)
STARTS = "import subprocess\nsubprocess.call([f'bin/tool-{system}'])\n"

HITS: dict[str, list[Wheel]] = {
    "WA113": [
        anywhere(*TWO),
        anywhere(*TWO, script="tool"),
        anywhere(*TWO, script="run", source=STARTS),
        anywhere(LINUX_ARM, LINUX_X86_64),
        anywhere(LINUX_ARM, MAC_ARM, WIN_ARM),
        anywhere(MAC_X86_64, WIN_X86_64, LINUX_X86_64),
        anywhere(WIN_ARM, WIN_X86_64, script="tool"),
        anywhere(MAC_ARM, WIN_X86_64, LINUX_ARM, LINUX_X86_64, script="tool"),
        anywhere(library("p/x-linux.so", elf()), library("p/x-win.dll", pe())),
        anywhere(library("p/libx.dylib", macho(X86_64), macho(ARM64))),
    ],
}
CLEAN: dict[str, list[Wheel]] = {
    "WA113": [
        anywhere(*ALL),
        anywhere(*ALL, script="tool"),
        anywhere(MAC_X86_64, program("tool/bin/tool-windows-x86.exe", pe(X86)), LINUX_ARM, LINUX_X86_64),
        anywhere(MAC_ARM, WIN_X86_64, LINUX_X86_64, script="other"),
        # launchers for Windows, which no command starts; .NET hosts
        anywhere(
            program("setuptools/cli-32.exe", pe(X86)),
            program("setuptools/cli-64.exe", pe(X86_64)),
            script="easy_install",
            path="setuptools/command/easy_install.py",
            source=STARTS,
        ),
        anywhere(
            program("pip/_vendor/distlib/t32.exe", pe(X86)),
            program("pip/_vendor/distlib/t64.exe", pe(X86_64)),
            script="pip",
            path="pip/_internal/cli/main.py",
            source=STARTS,
        ),
        anywhere(library("clr/amd64/ClrLoader.dll", pe()), library("clr/x86/ClrLoader.dll", pe(X86))),
        # debugpy
        anywhere(
            library("debugpy/attach_amd64.dll", pe(X86_64)),
            library("debugpy/attach_x86.dll", pe(X86)),
            library("debugpy/attach_linux_amd64.so", elf(X86_64)),
            library("debugpy/attach.dylib", macho(X86_64), macho(ARM64)),
            script="debugpy",
            path="debugpy/server/cli.py",
            source=STARTS,
        ),
        # one machine is the subject of WA110; other tags and other roles
        anywhere(LINUX_X86_64),
        tagged("py3-none-win_amd64", *TWO),
        anywhere(*(one._replace(role=Role.TEST_DATA) for one in TWO)),
        anywhere(),
    ],
}


@pytest.mark.parametrize(
    ("subject", "severity"),
    [
        (anywhere(*TWO), W),
        (anywhere(*TWO, script="tool"), E),
        (anywhere(*TWO, script="Tool"), E),
        (anywhere(*TWO, script="run", source=STARTS), E),
        # the module does not start it, does not name it, or is elsewhere
        (anywhere(*TWO, script="run", source="# about the tool"), W),
        (anywhere(*TWO, script="run", source="import subprocess"), W),
        (anywhere(*TWO, script="tool", path="other/cli.py"), W),
        (anywhere(*TWO, script="tool", path="tool.py"), W),
        (anywhere(WIN_ARM, WIN_X86_64, script="tool"), E),
        (anywhere(MAC_X86_64, WIN_X86_64, LINUX_X86_64), W),
        (anywhere(MAC_X86_64, WIN_X86_64, LINUX_X86_64, script="tool"), W),
        (anywhere(MAC_ARM, WIN_X86_64, LINUX_ARM, LINUX_X86_64, script="tool"), W),
        (anywhere(MAC_ARM, WIN_ARM, LINUX_ARM, script="tool"), W),
    ],
)
def test_severities(subject: Wheel, severity: Severity) -> None:
    """It is an error only if a command of the wheel starts the programs and a usual machine is missing."""
    assert severities("WA113", subject) == [severity]


def test_the_message_says_what_is_covered() -> None:
    """The finding lists the machines that the family has, and those that lack one."""
    (problem,) = problems("WA113", anywhere(*TWO, script="tool"))
    assert problem.message == (
        "tagged any, but tool/bin/tool-darwin-arm64 and 1 more are only for Windows on arm64, macOS on arm64: "
        "no program for Linux, Windows on x86_64, macOS on x86_64, where its command tool fails"
    )


@pytest.mark.parametrize("script", ["", "tool"])
def test_one_program_is_left_to_another_rule(script: str) -> None:
    """A single program is a warning of WA110, whoever starts it."""
    subject = anywhere(LINUX_X86_64, script=script)
    assert severities("WA110", subject) == [W]
    assert problems("WA113", subject) == []
