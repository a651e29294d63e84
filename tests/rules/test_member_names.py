"""WA003 and WA006 on plain values."""

import pytest

from support.rule_cases import ANY, LINUX, MAC, WIN
from support.rules import problems, severities
from support.values import entry, wheel
from wheelarch.container.zip_layout import ArchiveProblem
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Severity
from wheelarch.rules.member_names import unsafe_member_name


def with_problem(kind: str, name: str) -> Wheel:
    return wheel(LINUX, problems=[ArchiveProblem(kind, name, f"something {kind}", {})])


def named(*names: str, filename: str = WIN) -> Wheel:
    return wheel(filename, entries=[entry(name) for name in names])


HITS: dict[str, list[Wheel]] = {
    "WA003": [
        with_problem("duplicate", "a"),
        with_problem("overlap", "a"),
        named("pkg/A.py", "pkg/a.py"),
        named("pkg/A.py", "pkg/a.py", filename=MAC),
        named("pkg/A.py", "pkg/a.py", filename=ANY),
        named("pkg/\u00e4.py", "pkg/a\u0308.py", filename=MAC),
    ],
    "WA006": [
        with_problem("unsafe-name", "../x"),
        *(
            named(name)
            for name in ("a/aux.py", "NUL", "a/Com1", "lpt9.txt.gz", "a./b", "a ", "b.", "a:b", "a/what?")
        ),
        named("con/a.py", filename=ANY),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA003": [
        with_problem("ambiguous", "a"),
        named("pkg/A.py", "pkg/a.py", filename=LINUX),
        named("pkg/a.py", "pkg/b.py", "pkg/\u00e4.py"),
        wheel(LINUX, entries=(entry("x"), entry("x"))),
    ],
    "WA006": [
        with_problem("duplicate", "a"),
        named("pkg/auxiliary.py", "pkg/console/null.py", "pkg/.hidden", "pkg/a.b", "com10"),
        named("pkg/aux.py", "pkg/a:b", "x.", filename=LINUX),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA003", with_problem("duplicate", "a"), Severity.ERROR),
        ("WA003", with_problem("overlap", "a"), Severity.ERROR),
        ("WA003", named("a", "A"), Severity.WARNING),
        ("WA006", with_problem("unsafe-name", "../x"), Severity.ERROR),
        ("WA006", named("aux"), Severity.WARNING),
    ],
)
def test_severities(code: str, subject: Wheel, severity: Severity) -> None:
    """A name that is bad on some systems matters less than one that is bad everywhere."""
    assert severities(code, subject) == [severity]


def test_odd_names_are_found_among_many() -> None:
    """Many names are searched at once, and each that Windows refuses is named all the same."""
    odd = {250: "pkg/aux.py", 256: "pkg/a:b", 999: "con"}
    names = [odd.get(number, f"pkg/console{number}/a.py") for number in range(1000)]
    found = [one.member for one in unsafe_member_name.check(named(*names))]
    assert found == [odd[250], odd[256], odd[999]]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("pkg/aux.py", "Windows cannot create pkg/aux.py, because it contains the reserved name aux.py"),
        ("a./b", "Windows cannot create a./b, because it has a component that ends with a dot or a space"),
        ("a:b", 'Windows cannot create a:b, because it contains one of the characters < > : " | ? *'),
    ],
)
def test_why_windows_refuses_a_name(name: str, message: str) -> None:
    """The message says what is wrong with the name."""
    (found,) = problems("WA006", named(name))
    assert (found.message, found.member) == (message, name)


def test_names_that_collide_are_both_named() -> None:
    """The message and the evidence name both files, and the systems on which they collide."""
    (found,) = problems("WA003", named("pkg/A.py", "pkg/a.py", filename=ANY))
    assert found.message == "pkg/a.py and pkg/A.py are the same file if case does not count"
    assert found.evidence == {"have": "pkg/A.py", "systems": "any"}
