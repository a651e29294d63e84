"""WA901 to WA906 and WA908 on plain values."""

from typing import get_args

import pytest

from support.rule_cases import ANY, LINUX, WIN
from support.rules import problems
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
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


def test_windows_is_quoted() -> None:
    """What Windows says of a file that it refuses is known; for other loaders nothing is invented."""
    (problem,) = problems("WA901", wheel(WIN, member(PYD, pe(faults=(fault("truncated"),)))))
    assert problem.consequence == "%1 is not a valid Win32 application."
    (other,) = problems("WA901", wheel(LINUX, member("pkg/_core.so", elf(faults=(fault("truncated"),)))))
    assert other.consequence == ""
