"""Wheels and members for the rules about machines."""

from support.rules import problems
from support.values import elf, macho, member, pe
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Image, Kind, Machine, Member, Role

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
TOOL_WIN = "pkg-1.0-py3-none-win_amd64.whl"
TOOL_WIN_ARM = "pkg-1.0-py3-none-win_arm64.whl"
TOOL_MAC_ARM = "pkg-1.0-py3-none-macosx_11_0_arm64.whl"
TOOL_MAC_BOTH = "pkg-1.0-py3-none-macosx_10_9_universal2.whl"
ANY = "pkg-1.0-py3-none-any.whl"

WIN_EXT = "pkg/_core.cp311-win_amd64.pyd"
MAC_EXT = "pkg/_core.cpython-311-darwin.so"
LINUX_EXT = "pkg/_core.cpython-311-x86_64-linux-gnu.so"
HOOK = ("PyInit__core",)


def fat(*machines: Machine, **more: object) -> tuple[Image, ...]:
    """The slices of a universal file."""
    return tuple(
        macho(machine, offset=0x4000 * (index + 1), **more) for index, machine in enumerate(machines)
    )


def library(path: str, *images: Image) -> Member:
    """A library that nothing in the wheel needs."""
    return member(path, *images, role=Role.LIBRARY)


def dependency(path: str, *images: Image) -> Member:
    """A library that an extension module needs: no bundle."""
    libraries = (
        image._replace(kind=Kind.SHARED_LIBRARY) if image.kind is Kind.BUNDLE else image for image in images
    )
    return member(path, *libraries, role=Role.DEPENDENCY)


def program(path: str, *images: Image, role: Role = Role.EXECUTABLE) -> Member:
    """A program made of these images."""
    return member(path, *(image._replace(kind=Kind.EXECUTABLE) for image in images), role=role)


GOOD_WIN = member(WIN_EXT, pe(X86_64, "python311.dll", hooks=HOOK))
GOOD_MAC = member(MAC_EXT, macho(ARM64, hooks=HOOK))
GOOD_FAT = member(MAC_EXT, *fat(X86_64, ARM64, hooks=HOOK))
GOOD_LINUX = member(LINUX_EXT, elf(X86_64, "libc.so.6", hooks=HOOK))

_EXCLUSIVE = (
    "WA201", "WA202", "WA203", "WA204", "WA205", "WA206", "WA208", "WA209", "WA210", "WA216", "WA218",
)  # fmt: skip
"""Rules that say what machine a file lacks, each better than the others in its own case."""


def assert_one_machine_problem(subject: Wheel) -> None:
    """A wheel that one machine rule calls wrong is not called wrong by another for the same member."""
    members = [problem.member for code in _EXCLUSIVE for problem in problems(code, subject)]
    assert len(members) == len(set(members))
