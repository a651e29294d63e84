"""WA604 on plain values."""

import pytest

from support.rule_cases import WIN, check_hit
from support.rules import each, problems, severities
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Fault, Member, Role, Severity


def sdist(*members: Member, name: str = "pkg-1.0.tar.gz") -> Wheel:
    return wheel(name, *members)


HITS: dict[str, list[Wheel]] = {
    "WA604": [
        sdist(member("pkg-1.0/src/pkg/_core.cpython-311-darwin.so", macho())),
        sdist(member("pkg-1.0/lib/x64/foo.dll", pe(), role=Role.LIBRARY), name="pkg-1.0.zip"),
        sdist(member("pkg-1.0/lib/libfoo.a", elf(), role=Role.SDK)),
        sdist(member("pkg-1.0/tests/data/hello", elf(), role=Role.TEST_DATA)),
        sdist(member("pkg-1.0/tool", role=Role.LIBRARY, faults=(Fault("truncated", 0, "e_phoff"),))),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA604": [
        sdist(),
        sdist(member("pkg-1.0/data.dll", role=Role.LIBRARY, head=b"version https://git-lfs")),
        wheel(WIN, member("pkg/_core.pyd", pe())),
    ],
}


@each(HITS)
def test_hits(code: str, subject: Wheel) -> None:
    """A native file is reported once."""
    check_hit(code, subject)
    assert len(problems(code, subject)) == 1


@pytest.mark.parametrize(
    ("path", "role", "severity"),
    [
        ("pkg-1.0/src/lib.so", Role.EXTENSION, Severity.WARNING),
        ("pkg-1.0/src/lib.so", Role.DEPENDENCY, Severity.WARNING),
        ("pkg-1.0/src/lib.so", Role.LIBRARY, Severity.WARNING),
        ("pkg-1.0/src/tool", Role.EXECUTABLE, Severity.WARNING),
        ("pkg-1.0/src/tool", Role.SCRIPT, Severity.WARNING),
        ("pkg-1.0/src/lib.a", Role.SDK, Severity.WARNING),
        ("pkg-1.0/tests/lib.so", Role.EXTENSION, Severity.NOTE),
        ("pkg-1.0/testdata/lib.so", Role.EXTENSION, Severity.NOTE),
        ("pkg-1.0/cli-64.exe", Role.FAMILY, Severity.NOTE),
        ("pkg-1.0/src/lib.so", Role.TEST_DATA, Severity.NOTE),
        ("pkg-1.0/src/lib.debug", Role.DEBUG, Severity.NOTE),
        ("pkg-1.0/src/kernel", Role.DATA, Severity.NOTE),
        ("pkg-1.0/src/lib.dll", Role.MANAGED, Severity.NOTE),
    ],
)
def test_what_is_there_on_purpose_is_a_note(path: str, role: Role, severity: Severity) -> None:
    """Binaries for tests, launchers for every machine, managed code and data may be intended."""
    assert severities("WA604", sdist(member(path, elf(), role=role))) == [severity]


def test_what_a_damaged_file_is_is_not_known() -> None:
    """The evidence has formats and machines, each once; a file without a readable header has none."""
    whole, damaged = HITS["WA604"][0], HITS["WA604"][-1]
    assert problems("WA604", whole)[0].evidence == {"have": "mach-o arm64"}
    (found,) = problems("WA604", damaged)
    assert found.evidence == {}
    assert found.message == (
        "pkg-1.0/tool is a native binary (damaged), which does not belong in a source distribution"
    )


def test_each_file_has_its_own_severity() -> None:
    """Files are judged one by one, in their order."""
    members = [
        member("pkg-1.0/tests/lib.so", elf()),
        member("pkg-1.0/cli-64.exe", pe(), role=Role.FAMILY),
        member("pkg-1.0/src/lib.so", elf()),
    ]
    found = problems("WA604", sdist(*members))
    assert [problem.severity for problem in found] == [Severity.NOTE, Severity.NOTE, None]
    assert found[2].message == (
        "pkg-1.0/src/lib.so is a native binary (elf x86_64), which does not belong in a source distribution"
    )
