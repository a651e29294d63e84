"""Families of files for several machines."""

from support.values import elf, member, pe, wheel
from wheelarch.facts.families import family_arches, find_families
from wheelarch.model import Machine, Role

TARGETS = wheel("pkg-1.0-cp311-cp311-win_amd64.whl").targets


def test_the_path_without_machines_and_systems_is_the_key() -> None:
    """Folders and file names may both name the machine; the ending of the file and `lib` do not count."""
    family = [
        member("pkg/win/x86/tool.dll", pe(Machine.X86), role=Role.LIBRARY),
        member("pkg/tool-amd64.dll", pe(Machine.X86_64), role=Role.LIBRARY),
        member("pkg/linux-aarch64/libtool.so", elf(Machine.ARM64), role=Role.LIBRARY),
    ]
    other = member("pkg/tools.dll", pe(Machine.X86), role=Role.LIBRARY)
    assert find_families([*family, other], TARGETS) == {one.path for one in family}


def test_architectures_of_a_family() -> None:
    """Each member of a family has the architectures of all of them."""
    members = [
        member("pkg/a_x86.dll", pe(Machine.X86), role=Role.LIBRARY),
        member("pkg/a_amd64.dll", pe(Machine.X86_64), role=Role.LIBRARY),
        member("pkg/b.dll", pe(Machine.X86_64), role=Role.LIBRARY),
    ]
    assert family_arches(members) == {
        "pkg/a_x86.dll": {"x86", "x86_64"},
        "pkg/a_amd64.dll": {"x86", "x86_64"},
        "pkg/b.dll": {"x86_64"},
    }
