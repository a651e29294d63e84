"""Tests of `wheelarch.report.as_tree`."""

from support.reports import everywhere, judged
from support.values import elf, macho, member, pe
from wheelarch.model import Dylib, Format, Image, Kind, Machine, Role, WheelReport
from wheelarch.report import as_tree
from wheelarch.report.document import Report

SYSTEM = Dylib("/usr/lib/libSystem.B.dylib", "load")


def slice_of(machine: Machine, *names: str) -> Image:
    return macho(machine, dylibs=(*(Dylib(name, "load") for name in names), SYSTEM))


def lines(wheel: WheelReport) -> list[str]:
    return as_tree.render(Report((wheel,))).splitlines()


TREE = """\
dist/demo-1.0-cp311-cp311-macosx_11_0_universal2.whl
  demo/_demo.so (arm64+x86_64)
    @loader_path/.dylibs/liba.dylib -> demo/.dylibs/liba.dylib (arm64+x86_64)
      @rpath/libc.dylib [x86_64] -> demo/.dylibs/libc.dylib (x86_64), if already loaded
        system: /usr/lib/libSystem.B.dylib
      system: /usr/lib/libSystem.B.dylib
    @loader_path/.dylibs/libc.dylib [x86_64] -> demo/.dylibs/libc.dylib (x86_64), see above
    not in the wheel: /opt/lib/libx.dylib [arm64], @rpath/liby.dylib (optional)
    system: /usr/lib/libSystem.B.dylib
  demo/alone.dylib (arm64)
    system: /usr/lib/libSystem.B.dylib

dist/pure-1.0-py3-none-any.whl
  no native members
"""


def test_the_tree_shows_who_needs_whom() -> None:
    """Roots, the libraries they need, what is missing and what the system has, slice by slice, to the letter."""
    own, other = "@loader_path/.dylibs/liba.dylib", "@loader_path/.dylibs/libc.dylib"
    weak = Dylib("@rpath/liby.dylib", "weak")
    core = member(
        "demo/_demo.so",
        macho(dylibs=(Dylib(own, "load"), Dylib("/opt/lib/libx.dylib", "load"), weak, SYSTEM)),
        macho(Machine.X86_64, dylibs=(Dylib(own, "load"), Dylib(other, "load"), weak, SYSTEM)),
    )
    inner = member(
        "demo/.dylibs/liba.dylib",
        slice_of(Machine.ARM64),
        slice_of(Machine.X86_64, "@rpath/libc.dylib"),
        role=Role.DEPENDENCY,
    )
    last = member("demo/.dylibs/libc.dylib", slice_of(Machine.X86_64), role=Role.DEPENDENCY)
    alone = member("demo/alone.dylib", slice_of(Machine.ARM64), role=Role.LIBRARY)
    report = Report(
        (
            judged(
                "dist/demo-1.0-cp311-cp311-macosx_11_0_universal2.whl", members=(inner, last, core, alone)
            ),
            judged("dist/pure-1.0-py3-none-any.whl"),
        )
    )
    assert as_tree.render(report) == TREE


def test_circles_end() -> None:
    """Members that need each other, or themselves, are each shown once."""
    circle = (
        member("a.so", elf(Machine.X86_64, "b.so")),
        member("b.so", elf(Machine.X86_64, "a.so", "b.so")),
    )
    assert lines(judged("x.whl", members=circle)) == [
        "x.whl",
        "  a.so (x86_64)",
        "    b.so -> b.so (x86_64), if already loaded",
        "      a.so -> a.so (x86_64), see above, if already loaded",
        "      b.so -> b.so (x86_64), see above, if already loaded",
    ]


def test_a_long_chain_fills_no_screen() -> None:
    """A chain of a thousand DLLs is shown completely, with at most 32 levels of indentation."""
    chain = tuple(
        member(f"d{index}.dll", pe(Machine.X86_64, f"d{index + 1}.dll"), role=Role.LIBRARY)
        for index in range(1000)
    )
    shown = lines(judged("x.whl", members=chain))
    assert len(shown) == 1002
    assert max(len(line) - len(line.lstrip()) for line in shown) == 64


def test_the_interpreter_brings_python() -> None:
    """The library of Python is not shown as missing."""
    core = member("a.pyd", pe(Machine.X86_64, "python311.dll", "KERNEL32.dll", "foo.dll"))
    assert lines(judged("x.whl", members=(core,)))[2:] == [
        "    not in the wheel: foo.dll",
        "    the interpreter: python311.dll",
        "    system: KERNEL32.dll",
    ]


def test_files_for_linkers_are_no_roots() -> None:
    """Import libraries, static archives and object files are left out, because no loader opens them."""
    archive = member("x.lib", pe(Machine.X86_64, format=Format.ARCHIVE), role=Role.SDK)
    object_file = member("x.o", elf(Machine.X86_64, kind=Kind.OBJECT), role=Role.SDK)
    core = member("a.so", elf(Machine.X86_64))
    assert lines(judged("x.whl", members=(archive, core, object_file))) == ["x.whl", "  a.so (x86_64)"]
    assert lines(judged("x.whl", members=(archive,)))[1:] == ["  no native members that a loader opens"]


def test_unreadable_and_unread() -> None:
    """Inputs and members that cannot be read are marked."""
    assert lines(judged("x.whl", status="unreadable"))[1] == "  unreadable: `wheelarch audit` says why"
    assert lines(judged("x.whl", members=(member("a.pyd"),)))[1] == "  a.pyd (unread)"


def test_names_are_escaped() -> None:
    """No control character from a file reaches the terminal."""
    text = as_tree.render(Report((everywhere("evil\x1b[2J\n\u202e.dll"),)))
    assert all(character.isprintable() or character == "\n" for character in text)
    assert text.count("\n") == 3
