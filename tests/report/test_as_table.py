"""Tests of `wheelarch.report.as_table`."""

import pytest

from support.reports import everywhere, judged
from support.values import elf, macho, member, pe
from wheelarch.model import Depth, Dylib, Fault, Machine, PythonLinkage, Role, StableAbi
from wheelarch.report import as_table
from wheelarch.report.document import Report

SYSTEM = Dylib("/usr/lib/libSystem.B.dylib", "load")
MANY = ("part0.dll", "part1.dll", "api-ms-win-part2.dll")


TABLE = """\
dist/demo-1.0-cp311-cp311-macosx_11_0_universal2.whl
  tags: cp311-cp311-macosx_11_0_universal2
  generator: maturin (1.9.4)
  MEMBER         ROLE       FORMAT  MACHINE        MINOS          PYTHON      ABI3    NEEDED
  demo/_demo.so  extension  mach-o  arm64+x86_64   11.0.0+10.9.0  none        3.11+   /usr/lib/libSystem.B.dylib
  demo/l.dylib   library    mach-o  arm64e         -              -           -       -
  demo/_w.pyd    extension  pe      arm64          -              py313t.dll  no (2)  py313t.dll, part0.dll,
                                                                                      part1.dll,
                                                                                      api-ms-win-part2.dll
  demo/x         data       elf     other(0x1234)  -              -           -       -
  demo/y         data       elf     ppc64/elfv1    -              -           -       -

dist/pure-1.0-py3-none-any.whl
  tags: py3-none-any
  generator: -
  no native members
"""


def test_the_table_shows_each_member():
    """One row per member, with everything that `show` promises, to the letter."""
    report = Report(
        (
            judged(
                "dist/demo-1.0-cp311-cp311-macosx_11_0_universal2.whl",
                tags=("cp311-cp311-macosx_11_0_universal2",),
                members=(
                    member(
                        "demo/_demo.so",
                        macho(dylibs=(SYSTEM,)),
                        macho(Machine.X86_64, (10, 9, 0), dylibs=(SYSTEM,)),
                        python=PythonLinkage(None, ("PyInit__demo",), "unknown", StableAbi((3, 11), ())),
                    ),
                    member("demo/l.dylib", macho(variant="arm64e", minos=None), role=Role.LIBRARY),
                    member(
                        "demo/_w.pyd",
                        pe(Machine.ARM64, "py313t.dll", *MANY),
                        python=PythonLinkage(
                            "py313t.dll", ("PyInit__w",), "gil", StableAbi((3, 2), ("_PyA", "_PyB"))
                        ),
                    ),
                    member("demo/x", elf(Machine.OTHER, code=0x1234), role=Role.DATA),
                    member("demo/y", elf(Machine.PPC64, variant="elfv1"), role=Role.DATA),
                ),
            ),
            judged("dist/pure-1.0-py3-none-any.whl", tags=("py3-none-any",), generator=""),
        )
    )
    assert as_table.render(report) == TABLE


def test_slices_that_agree_say_it_once():
    """If two slices have the same format and lowest system, each is shown once."""
    fat = member("demo/_demo.so", macho(), macho(Machine.X86_64))
    row = as_table.render(Report((judged("x.whl", members=(fat,)),))).splitlines()[-1]
    assert row.split()[2:5] == ["mach-o", "arm64+x86_64", "11.0.0"]


def test_damage_is_told_behind_the_table():
    """A fault in a member or in a slice has its own line."""
    report = Report(
        (
            judged(
                "x.whl",
                members=(
                    member("a.pyd", faults=(Fault("truncated", 0, "the DOS header"),), head=b"<"),
                    member("b.so", elf(faults=(Fault("outside", 8, "DT_STRTAB", 99),))),
                ),
            ),
        )
    )
    lines = as_table.render(report).splitlines()
    assert lines[4].split() == ["a.pyd", "extension", "-", "-", "-", "-", "-", "-"]
    assert lines[-2:] == [
        "  damaged: a.pyd: the DOS header at byte 0x0",
        "  damaged: b.so: DT_STRTAB (found 99) at byte 0x8",
    ]


def test_an_unreadable_input_says_so():
    """An unreadable input has no table, and does not look like an empty wheel."""
    text = as_table.render(Report((judged("x.whl", status="unreadable"),)))
    assert text.splitlines()[-1] == "  unreadable: `wheelarch audit` says why"


def test_what_was_not_read_is_not_called_absent():
    """Needed libraries are `?` if only the header was read. In Mach-O files the header contains them."""
    members = (
        member("a.dll", pe(depth=Depth.HEADER)),
        member("b.so", elf()),
        member("c.dylib", macho(depth=Depth.HEADER)),
    )
    table = as_table.render(Report((judged(members=members),)))
    assert [row.split()[-1] for row in table.splitlines()[-3:]] == ["?", "-", "-"]


@pytest.mark.parametrize("hostile", ["\x1b[2J\n\u202e", "::error::", "##[error]", "\udc80"])
def test_hostile_names_do_not_reach_the_table(hostile):
    """Whatever the names in a file are, no line is a command or contains unprintable characters."""
    table = as_table.render(Report((everywhere(hostile),)))
    for line in table.split("\n"):
        assert line.isprintable()
        assert not line.lstrip().startswith("::")
    assert "##" not in table
    assert table.count("\n") == 7


def test_a_library_called_by_a_space_keeps_its_row():
    """A name that consists of spaces does not remove its row."""
    table = as_table.render(Report((judged(members=(member("s", pe(Machine.X86, " ")),)),)))
    assert table.splitlines()[-1].split() == ["s", "extension", "pe", "x86", "-", "-", "-", "-"]
