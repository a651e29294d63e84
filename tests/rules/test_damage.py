"""WA901 to WA906 and WA908 on plain values."""

from typing import get_args

import pytest

from support.rule_cases import ANY, LINUX, WIN
from support.rules import problems
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.metadata.dist_info import DistInfo
from wheelarch.model import Fault, FaultKind, Machine, Member, Role, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

MAC = "pkg-1.0-cp311-cp311-macosx_11_0_universal2.whl"
PYD = "pkg/_core.cp311-win_amd64.pyd"
GOOD = member("pkg/_good.cp311-win_amd64.pyd", pe(Machine.X86_64, "python311.dll"))

CODES = ("WA901", "WA902", "WA903", "WA904", "WA905", "WA906", "WA908")
KINDS: dict[str, str] = dict(zip(get_args(FaultKind), CODES, strict=True))
"""The code of each kind of fault."""


def fault(kind: str, offset: int = 60) -> Fault:
    return Fault(kind, offset, "section table", 4096)


def broken(kind: str, role: Role = Role.EXTENSION, path: str = PYD) -> Member:
    """A member of which not even the header could be read."""
    return member(path, role=role, faults=(fault(kind),))


HITS: dict[str, list[Wheel]] = {
    code: [
        wheel(WIN, broken(kind)),
        wheel(WIN, member(PYD, pe(faults=(fault(kind),)))),
        wheel(MAC, member("pkg/_core.so", macho(Machine.X86_64), macho(faults=(fault(kind),)))),
        wheel(ANY, broken(kind, Role.LIBRARY, "pkg/data.dll")),
    ]
    for kind, code in KINDS.items()
}

CLEAN: dict[str, list[Wheel]] = {
    code: [
        wheel(WIN, GOOD),
        *(wheel(WIN, broken(other)) for other in KINDS if other != kind),
        wheel(WIN, member(PYD, head=b"version https://git-lfs.github.com/spec/v1", size=40)),
    ]
    for kind, code in KINDS.items()
}


def test_every_fault_kind_has_its_rule() -> None:
    """Damage of each kind that a parser can report is found by exactly one rule."""
    for kind, own in KINDS.items():
        assert [code for code in CODES if problems(code, wheel(WIN, broken(kind)))] == [own]


def test_one_problem_per_place() -> None:
    """Faults of one kind in one slice are one problem, which names the first; each slice has its own."""
    subject = wheel(
        MAC,
        member(
            "pkg/_core.so",
            macho(Machine.X86_64, faults=(fault("outside", 16), fault("cycle"), fault("outside", 32))),
            macho(Machine.ARM64, faults=(fault("outside", 99),)),
            faults=(fault("outside", 8),),
        ),
    )
    whole, first, second = problems("WA902", subject)
    assert (whole.slice, first.slice, second.slice) == (None, "x86_64", "arm64")
    assert first.evidence == {"field": "section table", "offset": "16", "have": "4096"}
    assert first.message.endswith("at byte 0x10, and 1 more like it")
    assert second.message.startswith("the arm64 slice of pkg/_core.so: ")


@pytest.mark.parametrize(
    ("role", "alone", "severity"),
    [
        (Role.EXTENSION, False, ERROR),
        (Role.DEPENDENCY, False, ERROR),
        (Role.SCRIPT, False, ERROR),
        (Role.EXECUTABLE, True, ERROR),
        (Role.LIBRARY, True, ERROR),
        (Role.EXECUTABLE, False, WARNING),
        (Role.LIBRARY, False, WARNING),
        (Role.FAMILY, False, WARNING),
        (Role.MANAGED, False, WARNING),
        (Role.TEST_DATA, True, NOTE),
        (Role.SDK, True, NOTE),
        (Role.DEBUG, True, NOTE),
        (Role.DATA, True, NOTE),
    ],
)
@pytest.mark.parametrize("kind", ["truncated", "limit", "unsupported"])
def test_severity_by_role(kind: str, role: Role, alone: bool, severity: Severity) -> None:
    """Damage is an error if the wheel depends on the file, and a note if nobody loads it."""
    subject = wheel(WIN, broken(kind, role, "pkg/thing"), *([] if alone else [GOOD]))
    (problem,) = problems(KINDS[kind], subject)
    assert problem.severity is severity


UNREAD = Fault("outside", 480, "a note extends beyond its segment", 397348, loaded=False)
"""As in the files that patchelf 0.11 edited."""


@pytest.mark.parametrize("role", [Role.EXTENSION, Role.LIBRARY, Role.TEST_DATA])
def test_damage_that_no_loader_reads_is_a_note(role: Role) -> None:
    """The file loads in spite of it, so nothing is wrong for users, and downloading it again changes nothing."""
    subject = wheel(LINUX, member("pkg/_core.so", elf(faults=(UNREAD,)), role=role))
    (problem,) = problems("WA902", subject)
    assert (problem.severity, problem.remedies) == (NOTE, ("unread-damage",))
    assert problem.message.endswith("at byte 0x1e0, in a part that the loader does not read")
    assert problem.consequence == ""


def test_damage_that_loaders_read_keeps_its_severity() -> None:
    """Harmless damage does not hide other damage of the same kind."""
    subject = wheel(LINUX, member("pkg/_core.so", elf(faults=(UNREAD, fault("outside"), UNREAD))))
    read, unread = problems("WA902", subject)
    assert (read.severity, unread.severity) == (ERROR, NOTE)
    assert "more like it" not in read.message
    assert "and 1 more like it" in unread.message


@pytest.mark.parametrize(
    ("digest", "remedies"),
    [("sha256=abc", ("damaged-by-tool",)), ("sha256=other", ()), ("", ())],
)
def test_a_file_as_recorded_was_damaged_before_it_was_packed(digest: str, remedies: tuple[str, ...]) -> None:
    """Downloading it again helps only if RECORD has another hash, or if the file was not hashed."""
    info = DistInfo(folder="pkg-1.0.dist-info", record={PYD: f"{digest},4096"})
    broken_file = member(PYD, pe(faults=(fault("truncated"),)), sha256="abc")
    (problem,) = problems("WA901", wheel(WIN, broken_file, dist_info=info))
    assert problem.remedies == remedies


def test_windows_is_quoted() -> None:
    """What Windows says of a file that it refuses is known; for other loaders nothing is invented."""
    (problem,) = problems("WA901", wheel(WIN, member(PYD, pe(faults=(fault("truncated"),)))))
    assert problem.consequence == "%1 is not a valid Win32 application."
    (other,) = problems("WA901", wheel(LINUX, member("pkg/_core.so", elf(faults=(fault("truncated"),)))))
    assert other.consequence == ""
