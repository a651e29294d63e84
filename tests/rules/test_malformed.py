"""WA90x on plain values."""

import pytest

from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Fault, FaultKind, Machine, Member, Role, Severity
from wheelarch.rules import RULES as ALL_RULES
from wheelarch.rules import Problem

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"
MAC = "pkg-1.0-cp311-cp311-macosx_11_0_universal2.whl"
LINUX = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
PYD = "pkg/_core.cp311-win_amd64.pyd"
GOOD = member("pkg/_good.cp311-win_amd64.pyd", pe(Machine.X86_64, "python311.dll"))

KINDS = dict(zip(FaultKind, ["WA901", "WA902", "WA903", "WA904", "WA905", "WA906", "WA908"], strict=True))
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a"


def fault(kind: str, offset: int = 60) -> Fault:
    return Fault(kind, offset, "section table", 4096)


def broken(kind: str, role: Role = Role.EXTENSION, path: str = PYD) -> Member:
    """A member of which not even the header could be read."""
    return member(path, role=role, faults=(fault(kind),))


def text(
    path: str, head: bytes, *, size: int | None = None, role: Role = Role.EXTENSION, mode: int | None = None
) -> Member:
    """A member that is not native though its name promises it."""
    return member(path, role=role, size=len(head) if size is None else size, head=head, mode=mode)


HITS: dict[str, list[Wheel]] = {
    code: [
        wheel(WIN, broken(kind)),
        wheel(WIN, member(PYD, pe(faults=(fault(kind),)))),
        wheel(MAC, member("pkg/_core.so", macho(Machine.X86_64), macho(faults=(fault(kind),)))),
        wheel("pkg-1.0-py3-none-any.whl", broken(kind, Role.LIBRARY, "pkg/data.dll")),
    ]
    for kind, code in KINDS.items()
} | {
    "WA907": [
        wheel(WIN, text(PYD, b"", size=0)),
        wheel(WIN, text(PYD, LFS)),
        wheel(LINUX, text("pkg/libfoo.so", b"INPUT ( libfoo.so.1 )", role=Role.LIBRARY)),
        wheel(LINUX, text("pkg/libfoo.so", b"GROUP(libfoo.so.1 AS_NEEDED(x))", role=Role.LIBRARY)),
        wheel(WIN, text("pkg/tool.exe", b"<!DOCTYPE html>", role=Role.LIBRARY)),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    code: [
        wheel(WIN, GOOD),
        *(wheel(WIN, broken(other)) for other in KINDS if other != kind),
        wheel(WIN, text(PYD, LFS)),
    ]
    for kind, code in KINDS.items()
} | {
    "WA907": [
        wheel(WIN, GOOD),
        wheel(WIN, broken("truncated")),
        # WA016's business
        wheel(LINUX, text("pkg/libfoo.so", b"libfoo.so.1", role=Role.LIBRARY, mode=0o120777)),
    ],
}

RULES = {rule.code: rule for rule in ALL_RULES if rule.code.startswith("WA9")}


def problems(code: str, subject: Wheel) -> list[Problem]:
    return list(RULES[code].check(subject))


@pytest.mark.parametrize(
    ("code", "subject"), [(code, each) for code, cases in HITS.items() for each in cases]
)
def test_hits(code: str, subject: Wheel) -> None:
    """Each kind of damage is found by its own rule, in a member, an image and a slice."""
    assert problems(code, subject)


@pytest.mark.parametrize(
    ("code", "subject"), [(code, each) for code, cases in CLEAN.items() for each in cases]
)
def test_clean(code: str, subject: Wheel) -> None:
    """No rule reports damage of another kind, and none a sound file."""
    assert problems(code, subject) == []


def test_every_fault_kind_has_its_rule() -> None:
    """Damage of each kind that a parser can report is found by exactly one rule."""
    for kind in FaultKind:
        found = [code for code in RULES if problems(code, wheel(WIN, broken(kind)))]
        assert found == [KINDS[kind]]


def test_one_problem_a_place() -> None:
    """Faults of one kind in one slice are one problem, which tells the first; slices are told apart."""
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
    assert first.message.endswith("at byte 0x10, and 1 more of the kind")
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
    """Damage is an error where the wheel stands on the file, and a note where nobody loads it."""
    subject = wheel(WIN, broken(kind, role, "pkg/thing"), *([] if alone else [GOOD]))
    (problem,) = problems(KINDS[kind], subject)
    assert problem.severity is severity


def test_windows_is_quoted() -> None:
    """What Windows says of a file that it refuses is known; nothing is put into other loaders' mouths."""
    (problem,) = problems("WA901", wheel(WIN, member(PYD, pe(faults=(fault("truncated"),)))))
    assert problem.consequence == "%1 is not a valid Win32 application."
    (other,) = problems("WA901", wheel(LINUX, member("pkg/_core.so", elf(faults=(fault("truncated"),)))))
    assert other.consequence == ""


@pytest.mark.parametrize(
    ("path", "role", "severity"),
    [
        (PYD, Role.EXTENSION, ERROR),
        ("pkg/_core.pyd", Role.EXTENSION, ERROR),
        ("pkg/_core.cpython-311-x86_64-linux-gnu.so", Role.EXTENSION, ERROR),
        ("pkg/_core.abi3.so", Role.EXTENSION, ERROR),
        ("pkg/_core.so", Role.EXTENSION, NOTE),
        ("pkg/not-a-module.pyd", Role.LIBRARY, NOTE),
        ("pkg/foo.dll", Role.LIBRARY, NOTE),
    ],
)
def test_a_misnamed_extension_is_an_error(path: str, role: Role, severity: Severity) -> None:
    """Python imports by suffix, so a file with an extension's suffix fails; another name may be chance."""
    (problem,) = problems("WA907", wheel(WIN, text(path, LFS, role=role)))
    assert problem.severity is severity
    assert bool(problem.consequence) is (severity is ERROR)


@pytest.mark.parametrize(
    ("head", "size", "content"),
    [
        (b"", 0, "an empty file"),
        (LFS, 130, "a git-lfs pointer"),
        (b"/* GNU ld script\n   Use the shared library", 300, "a linker script"),
        (b"\n<!doctype HTML><html>", 4000, "an HTML page"),
        (b"#!/bin/sh\nexec", 40, "a script"),
        (b"PK\x03\x04....", 400, "a zip archive"),
        (b"\x00\x01\x02\x03\x04", 4096, "no native code (it starts with 00 01 02 03)"),
    ],
)
def test_content(head: bytes, size: int, content: str) -> None:
    """The message tells what the file is instead, so that the mistake of the build can be guessed."""
    (problem,) = problems("WA907", wheel(LINUX, text("pkg/_core.abi3.so", head, size=size)))
    assert problem.message == f"pkg/_core.abi3.so is {content}"
    assert problem.consequence == ("file too short" if not size else "invalid ELF header")
