"""WA001, WA002, WA004, WA005, WA007 to WA009 and WA016 on plain values."""

import pytest

from support.rule_cases import LINUX
from support.rules import problems, severities
from support.values import elf, entry, member, wheel
from wheelarch.container.zip_layout import ArchiveProblem
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Fault, Member, Role, Severity

EXT = "pkg/_core.abi3.so"
E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


def archive_problem(kind: str, name: str | None = None) -> ArchiveProblem:
    return ArchiveProblem(kind, name, f"something {kind}", {"have": "1"})


def with_problem(kind: str, name: str | None = None, filename: str = LINUX) -> Wheel:
    return wheel(filename, problems=[archive_problem(kind, name)])


HITS: dict[str, list[Wheel]] = {
    "WA001": [with_problem("unreadable"), with_problem("unreadable", filename="pkg-1.0.tar.gz")],
    "WA002": [with_problem("ambiguous"), with_problem("ambiguous", EXT)],
    "WA004": [with_problem("encrypted", EXT)],
    "WA005": [with_problem("method", EXT), with_problem("zstandard", EXT)],
    "WA007": [with_problem("limit"), with_problem("limit", EXT), with_problem("limit", "data.bin")],
    "WA008": [with_problem("corrupt", EXT)],
    "WA009": [with_problem("unusual"), with_problem("unusual", EXT), with_problem("comment")],
    "WA016": [with_problem("special", "pkg/libx.so")],
}

KINDS = (
    "unreadable", "ambiguous", "duplicate", "overlap", "encrypted", "method", "zstandard", "unsafe-name", "limit",
    "corrupt", "unusual", "comment", "special",
)  # fmt: skip


def others(*kinds: str) -> Wheel:
    """A wheel with every problem except these."""
    return wheel(LINUX, problems=[archive_problem(kind, EXT) for kind in KINDS if kind not in kinds])


CLEAN: dict[str, list[Wheel]] = {
    "WA001": [others("unreadable"), wheel(LINUX)],
    "WA002": [others("ambiguous")],
    "WA004": [others("encrypted")],
    "WA005": [others("method", "zstandard")],
    "WA007": [others("limit")],
    "WA008": [others("corrupt")],
    "WA009": [others("unusual", "comment")],
    "WA016": [others("special")],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA001", with_problem("unreadable"), E),
        ("WA002", with_problem("ambiguous"), E),
        ("WA004", with_problem("encrypted", EXT), E),
        ("WA005", with_problem("method", "pkg/data.txt"), E),
        ("WA005", with_problem("zstandard", "pkg/data.txt"), W),
        ("WA008", with_problem("corrupt", EXT), E),
        ("WA009", with_problem("unusual"), W),
        ("WA009", with_problem("comment"), N),
        ("WA016", with_problem("special", EXT), W),
    ],
)
def test_severity_by_kind(code: str, subject: Wheel, severity: Severity) -> None:
    """What only some installers read, or what only indexes refuse, matters less."""
    assert severities(code, subject) == [severity]


ZSTANDARD, BZIP2, LZMA, DEFLATE64 = 93, 12, 14, 9


@pytest.mark.parametrize("method", [ZSTANDARD, BZIP2, LZMA, DEFLATE64])
@pytest.mark.parametrize(
    "hidden",
    [
        EXT,
        "pkg/_core.pyd",
        "pkg/_core.cpython-312-darwin.so",
        "pkg/.dylibs/libx.1.dylib",
        "pkg.libs/x-0123abcd.dll",
        "pkg.libs/libx.so.1.2",
        "pkg/bin/tool.exe",
        "pkg-1.0.data/scripts/tool",
    ],
)
def test_a_method_that_hides_a_program(hidden: str, method: int) -> None:
    """Some installers read the method, but nothing in the file was judged: an error, beside a text or alone."""
    kind = "zstandard" if method == ZSTANDARD else "method"
    told = [
        ArchiveProblem(kind, name, "compressed", {"method": str(method)}) for name in (hidden, "pkg/a.py")
    ]
    entries = [entry(name, method=method) for name in (hidden, "pkg/a.py")]
    for problems_told in (told, told[1:]):
        found = problems("WA005", wheel(LINUX, entries=entries, problems=problems_told))
        severity = {problem.member: problem.severity or E for problem in found}
        assert severity[hidden] is E
        assert severity["pkg/a.py"] is (E if method == DEFLATE64 else W)
        assert next(one for one in found if one.member == hidden).message.endswith("could not be judged")


def test_plain_members_beside_a_compressed_text() -> None:
    """Stored and deflated modules are judged, whatever the other members are."""
    told = [ArchiveProblem("zstandard", "pkg/a.py", "compressed", {"method": "93"})]
    entries = [entry("pkg/a.py", method=ZSTANDARD), entry(EXT), entry("pkg/b.so", method=0)]
    assert severities("WA005", wheel(LINUX, entries=entries, problems=told)) == [W]


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        (None, E),
        (EXT, E),
        ("pkg/_core.pyd", E),
        ("pkg/libx.so.1.2", E),
        ("pkg/libx.dylib", E),
        ("pkg/x.dll", E),
        ("pkg/x.exe", E),
        ("data.bin", W),
        ("pkg/x.so.txt", W),
        ("pkg/sodium.py", W),
    ],
)
def test_limit_at_a_member_that_was_not_read(name: str | None, severity: Severity) -> None:
    """WA007 is an error for the whole archive, and for a member whose name promises native code."""
    assert severities("WA007", with_problem("limit", name)) == [severity]


THING = "pkg/thing.bin"
"""Its name promises nothing, so only its role counts."""


@pytest.mark.parametrize(
    ("role", "beside", "alone"),
    [
        (Role.EXTENSION, E, E),
        (Role.DEPENDENCY, E, E),
        (Role.SCRIPT, W, E),
        (Role.LIBRARY, W, E),
        (Role.EXECUTABLE, W, E),
        (Role.FAMILY, W, W),
        (Role.MANAGED, W, W),
        (Role.TEST_DATA, W, W),
        (Role.SDK, W, W),
        (Role.DEBUG, W, W),
        (Role.DATA, W, W),
    ],
)
@pytest.mark.parametrize(
    "read", [member(THING, elf()), member(THING), member(THING, faults=(Fault("truncated", 0, "header"),))]
)
def test_limit_by_role(read: Member, role: Role, beside: Severity, alone: Severity) -> None:
    """WA007 is an error if the wheel depends on the member: on a module, on what it needs, or on the one product."""
    subject, limit = read._replace(role=role), [archive_problem("limit", THING)]
    assert severities("WA007", wheel(LINUX, subject, problems=limit)) == [alone]
    other = member("pkg/_other.so", elf())
    assert severities("WA007", wheel(LINUX, subject, other, problems=limit)) == [beside]


def test_limit_in_several_members() -> None:
    """Each member has its own severity, whatever the others have."""
    subject = wheel(
        LINUX,
        member(EXT, elf()),
        member("pkg/tests/x.bin", elf(), role=Role.TEST_DATA),
        problems=[archive_problem("limit", name) for name in ("pkg/tests/x.bin", EXT, None)],
    )
    assert severities("WA007", subject) == [W, E, E]


def test_limit_in_metadata() -> None:
    """METADATA whose headers do not end is a warning that names the file."""
    plain = wheel(LINUX)
    subject = plain._replace(
        dist_info=plain.dist_info._replace(metadata_problem="METADATA's headers do not end")
    )
    (found,) = problems("WA007", subject)
    assert found.message == "pkg-1.0.dist-info: METADATA's headers do not end"
    assert (found.member, found.severity) == ("pkg-1.0.dist-info/METADATA", W)


def test_what_the_user_sees() -> None:
    """The words of the installer contain the name of the member, or of the wheel."""
    (one,) = problems("WA004", with_problem("encrypted", EXT))
    assert one.consequence == f"RuntimeError: File '{EXT}' is encrypted, password required for extraction"
    wheel_, sdist = HITS["WA001"]
    assert problems("WA001", wheel_)[0].consequence == f"pip: the wheel located at {LINUX} is invalid"
    assert problems("WA001", sdist)[0].consequence == ""


def test_a_problem_names_its_member() -> None:
    """A problem of a member names it once, and adds what the rule needs to the evidence of the reader."""
    (one,) = problems("WA005", with_problem("method", "pkg/a.py"))
    assert (one.message, one.member) == ("pkg/a.py: something method", "pkg/a.py")
    assert one.evidence == {"need": "0 or 8", "have": "1"}
    (whole,) = problems("WA002", with_problem("ambiguous"))
    assert (whole.message, whole.member) == ("something ambiguous", None)
