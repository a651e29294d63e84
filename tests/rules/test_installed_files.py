"""WA014, WA015 and WA017 on plain values."""

import pytest

from support.rule_cases import ANY, LINUX, MAC, WIN
from support.rules import problems
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Image, Role

EXT = "pkg/_core.abi3.so"
SHA = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"
"""Of `test`, as RECORD writes it."""


def pure(filename: str, path: str, role: Role, *images: Image) -> Wheel:
    """A wheel that says Root-Is-Purelib."""
    made = wheel(filename, member(path, *images, role=role))
    return made._replace(dist_info=made.dist_info._replace(root_is_purelib=True))


def recorded(row: str | None, sha256: str | None = SHA, size: int = 4) -> Wheel:
    """A wheel with one native file and this row of RECORD for it."""
    made = wheel(LINUX, member(EXT, elf(), size=size, sha256=sha256))
    record = {} if row is None else {EXT: row}
    return made._replace(dist_info=made.dist_info._replace(record=record))


def without_record(**changes: object) -> Wheel:
    plain = wheel(LINUX)
    return plain._replace(dist_info=plain.dist_info._replace(record=None, **changes))


def script(filename: str, mode: int | None, *images: Image) -> Wheel:
    return wheel(filename, member("pkg-1.0.data/scripts/tool", *images, role=Role.SCRIPT, mode=mode))


HITS: dict[str, list[Wheel]] = {
    "WA014": [pure(LINUX, EXT, Role.EXTENSION, elf()), pure(ANY, "pkg/x.dll", Role.LIBRARY, pe())],
    "WA015": [
        recorded(None),
        recorded(",5"),
        recorded("sha256=" + "A" * 43 + ",4"),
        recorded("sha256=" + "0" * 64 + ",4"),
        without_record(record_problem="RECORD is missing"),
    ],
    "WA017": [
        script(LINUX, 0o100644, elf()),
        script(LINUX, 0o755, elf()),
        script(MAC, None, macho()),
        script(ANY, 0o100644, macho()),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA014": [
        wheel(LINUX, member(EXT, elf())),
        pure(LINUX, f"pkg-1.0.data/platlib/{EXT}", Role.EXTENSION, elf()),
        pure(ANY, "pkg/t64.exe", Role.EXECUTABLE, pe()),
        pure(ANY, "pkg/fake.so", Role.EXTENSION),
    ],
    "WA015": [
        recorded(f"sha256={SHA},4"),
        recorded(f"sha256={SHA}=,4"),
        recorded("sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08,4"),
        recorded("sha512=other,"),
        recorded("sha256=other,4", sha256=None),
        without_record(folder="", folders=()),
    ],
    "WA017": [
        script(LINUX, 0o100755, elf()),
        script(WIN, None, pe()),
        script(ANY, None, pe()),
        script(LINUX, 0o100644),
        wheel(LINUX, member("pkg/tool", elf(), role=Role.EXECUTABLE, mode=0o100644)),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "member_", "message"),
    [
        (
            "WA014",
            HITS["WA014"][0],
            "pkg-1.0.dist-info/WHEEL",
            f"Root-Is-Purelib is true, but {EXT} is outside .data/",
        ),
        ("WA015", recorded(None), EXT, f"RECORD does not list {EXT}"),
        ("WA015", recorded(",5"), EXT, f"the size of {EXT} differs from RECORD"),
        ("WA015", HITS["WA015"][2], EXT, f"the SHA-256 of {EXT} differs from RECORD"),
        ("WA015", HITS["WA015"][4], None, "pkg-1.0.dist-info: RECORD is missing"),
        (
            "WA017",
            HITS["WA017"][0],
            "pkg-1.0.data/scripts/tool",
            "pkg-1.0.data/scripts/tool is not marked as an executable file",
        ),
    ],
)
def test_messages(code: str, subject: Wheel, member_: str | None, message: str) -> None:
    """A message says what is wrong with which file."""
    (found,) = problems(code, subject)
    assert (found.member, found.message) == (member_, message)
