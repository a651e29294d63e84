"""Every rule: documented, tested both ways, and well named."""

import importlib
import re
from pathlib import Path

import pytest

from support.values import wheel
from wheelarch.errors import UsageError
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Format, Role, Severity
from wheelarch.rules import RULES, Rule, Depths, find, remedies, select

HEADINGS = ["What it does", "Why it is bad", "Example", "How to fix", "Known limits", "References"]
SUITES = [
    importlib.import_module(f"tests.rules.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("test_*.py"))
    if path.stem != "test_registry"
]
HITS: dict[str, list[Wheel]] = {code: hits for suite in SUITES for code, hits in suite.HITS.items()}
CLEAN: dict[str, list[Wheel]] = {code: clean for suite in SUITES for code, clean in suite.CLEAN.items()}

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def test_codes_and_names_are_unique_and_sorted() -> None:
    """No code or name is used twice, and the table is in the order of codes."""
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_catalogue_is_whole() -> None:
    """Every code that this version promises is there."""
    promised = [
        *range(1, 18), *range(101, 113), *range(201, 220), *range(301, 316), *range(401, 412), *range(413, 417),
        *range(501, 513), *range(520, 528), *range(601, 605), 701, *range(801, 804), *range(901, 909),
    ]  # fmt: skip
    assert [rule.code for rule in RULES] == [f"WA{number:03}" for number in promised]


@each_rule
def test_form(rule: Rule) -> None:
    """A code is WA and three digits; a name is kebab-case and names the bad thing, not the cure."""
    assert re.fullmatch(r"WA\d{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert not re.match(r"(no|disallow|forbid|check|require|ensure)-", rule.name)


@each_rule
def test_documentation(rule: Rule) -> None:
    """The docstring has a summary of one sentence and all headings, in order, each with text."""
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 110
    found = re.findall(r"^([A-Z][A-Za-z ]+):$", rule.doc, re.MULTILINE)
    assert found == HEADINGS
    for section in re.split(r"^[A-Z][A-Za-z ]+:$", rule.doc, flags=re.MULTILINE)[1:]:
        assert section.strip()


@each_rule
def test_remedies_exist(rule: Rule) -> None:
    """Each remedy id has a text."""
    for remedy in rule.remedies:
        assert remedies.text((remedy,), "")


@each_rule
def test_hit_and_clean(rule: Rule) -> None:
    """Each rule has a wheel that it must find and one that it must pass."""
    assert HITS[rule.code]
    assert CLEAN[rule.code]
    assert all(list(rule.check(subject)) for subject in HITS[rule.code])
    assert not any(list(rule.check(subject)) for subject in CLEAN[rule.code])


@each_rule
def test_an_empty_wheel_is_no_crash(rule: Rule) -> None:
    """A rule can be asked about a wheel with nothing in it and about a nameless one."""
    list(rule.check(wheel("pkg-1.0-cp311-cp311-win_amd64.whl")))
    list(rule.check(wheel("not a wheel name")))


@each_rule
def test_depth_is_declared(rule: Rule) -> None:
    """Needs speak of roles and depths, and of formats that exist."""
    assert all(isinstance(role, Role) and isinstance(depth, Depth) for role, depth in rule.needs.items())
    assert all(isinstance(format_, Format) for format_ in rule.formats)
    assert isinstance(rule.severity, Severity)


def test_find_by_code_and_name() -> None:
    """A rule answers to its code and its name, in any case."""
    assert find("wa201") is find("Wrong-Machine")


@pytest.mark.parametrize(
    ("word", "hint"), [("WA2O1", "did you mean WA201"), ("wrong-machin", "WA201"), ("zzz", "zzz")]
)
def test_an_unknown_rule_names_the_nearest(word: str, hint: str) -> None:
    """The message helps with a slip of the finger."""
    with pytest.raises(UsageError, match=hint):
        find(word)


@pytest.mark.parametrize(
    ("chosen", "ignored", "within", "without"),
    [
        ((), (), ["WA001", "WA201"], []),
        (("WA2",), (), ["WA201", "WA219"], ["WA001", "WA301"]),
        (("WA2", "WA301"), ("WA21",), ["WA201", "WA301"], ["WA215", "WA302"]),
        ((), ("WA2",), ["WA001"], ["WA201"]),
        (("WA201",), ("WA2",), ["WA201"], ["WA202"]),
        (("WA2",), ("WA201",), ["WA202"], ["WA201"]),
        (("WA201",), ("WA201",), [], ["WA201"]),
    ],
)
def test_select(
    chosen: tuple[str, ...], ignored: tuple[str, ...], within: list[str], without: list[str]
) -> None:
    """The longer prefix wins, ignore on a tie."""
    codes = {rule.code for rule in select(chosen, ignored)}
    assert codes.issuperset(within)
    assert codes.isdisjoint(without)


def test_select_refuses_what_does_not_exist() -> None:
    """A prefix that matches nothing is a mistake, and the message names the nearest code."""
    with pytest.raises(UsageError, match="did you mean"):
        select(("WA222",))


def test_depth_needed() -> None:
    """Members are read to the deepest depth that a selected rule asks of their role, and no further."""
    assert Depths(select(("WA201",))).of(Role.EXTENSION, Format.PE) is Depth.HEADER
    assert Depths(select(("WA209",))).of(Role.EXTENSION, Format.PE) is Depth.LINKAGE
    assert Depths(select(("WA209",))).of(Role.EXTENSION, Format.ELF) is None
    assert Depths(()).of(Role.EXTENSION, Format.PE) is None
