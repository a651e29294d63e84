"""Every rule: documented, tested both ways, and well named."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from support.depths import read_for
from support.rule_cases import check_hit
from support.rules import each, problems
from support.values import wheel
from wheelarch.errors import UsageError
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Format, Role
from wheelarch.rules import RULES, Depths, Rule, catalog, find, remedies, select

HEADINGS = ["What it does", "Why it is bad", "Example", "How to fix", "Known limits", "References"]
SUITES = [
    importlib.import_module(f"tests.rules.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("test_*.py"))
    if path.stem not in ("test_registry", "test_remedies", "test_families", "test_grades")
]
HITS: dict[str, list[Wheel]] = {
    code: hits for suite in SUITES for code, hits in getattr(suite, "HITS", {}).items()
}
CLEAN: dict[str, list[Wheel]] = {
    code: clean for suite in SUITES for code, clean in getattr(suite, "CLEAN", {}).items()
}

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def test_codes_and_names_are_unique_and_sorted() -> None:
    """No code or name is used twice, and the table is in the order of codes."""
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_every_file_of_rules_is_in_the_catalog() -> None:
    """The catalog lists each module that has a rule, once, and nothing else; each has its test beside it."""
    package = Path(catalog.__file__).parent
    holders = {
        path.stem
        for path in package.glob("*.py")
        if re.search(r"^@rule\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert sorted(catalog.FILES) == sorted(holders)
    for rule in RULES:
        home = rule.check.__module__.rpartition(".")[2]
        assert (Path(__file__).parent / f"test_{home}.py").exists(), home


def test_no_other_file_lists_rule_codes() -> None:
    """A rule's data is with the rule: elsewhere, codes are in texts and in the tables of messages only."""
    package = Path(catalog.__file__).parents[1]
    allowed = {"why/messages.py"}
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        if name.startswith(("rules/", "doctor/rules/")) or name in allowed:
            continue
        strings = [
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not [text for text in strings if re.fullmatch(r"WA\d{0,3}", text)], name


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
def test_remedies_for_the_systems_of_findings(rule: Rule) -> None:
    """A rule reports nothing for a system that it does not declare, and what it reports has a remedy there."""
    systems = remedies.systems_of_rule(rule)
    assert set(rule.systems) <= set(remedies.SYSTEMS)
    for hit in HITS[rule.code]:
        for problem in rule.check(hit):
            about = remedies.systems_of_tags(problem.tags)
            assert set(about) <= set(systems), (about, problem)
            if problem.remedies or rule.remedies:
                assert remedies.text(problem.remedies or rule.remedies, "", about or systems)


def test_each_test_module_tries_the_rules_of_its_file() -> None:
    """The wheels of a test module are for exactly the rules of the file of the same name."""
    for suite in SUITES:
        name = suite.__name__.rpartition(".test_")[2]
        if hasattr(suite, "HITS"):
            codes = {rule.code for rule in RULES if rule.check.__module__ == f"wheelarch.rules.{name}"}
            assert set(suite.HITS) == set(suite.CLEAN) == codes, name


@each(HITS)
def test_hit(code: str, subject: Wheel) -> None:
    """A rule has problems with each of its hits, each with a message, and with paths and tags of that wheel."""
    check_hit(code, subject)


@each(CLEAN)
def test_clean(code: str, subject: Wheel) -> None:
    """A rule has no problem with any of its clean wheels."""
    assert problems(code, subject) == []


@each_rule
def test_depth(rule: Rule) -> None:
    """Read no deeper than the rule declares, its hits are still found and its clean wheels still pass."""
    assert HITS[rule.code]
    assert CLEAN[rule.code]
    for subject in HITS[rule.code]:
        assert list(rule.check(read_for(rule, subject)))
    for subject in CLEAN[rule.code]:
        assert not list(rule.check(read_for(rule, subject)))


@each_rule
def test_an_empty_wheel_is_no_crash(rule: Rule) -> None:
    """A rule can be asked about a wheel with nothing in it and about a nameless one."""
    list(rule.check(wheel("pkg-1.0-cp311-cp311-win_amd64.whl")))
    list(rule.check(wheel("not a wheel name")))


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
        (("WA2", "WA301"), ("WA21",), ["WA201", "WA301"], ["WA216", "WA302"]),
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


def test_advice_is_off_unless_its_code_is_selected() -> None:
    """Neither all rules nor the beginning of a code asks for advice; its whole code does, in any case."""
    advice = {rule.code for rule in RULES if rule.on_request}
    assert advice == {"WA207", "WA213", "WA214", "WA215", "WA314"}
    for chosen in ((), ("WA",), ("WA2", "WA3"), ("WA31",)):
        assert advice.isdisjoint(rule.code for rule in select(chosen)), chosen
    assert [rule.code for rule in select(("wa314",))] == ["WA314"]
    assert {rule.code for rule in select("WA,WA207")} == {rule.code for rule in RULES} - advice | {"WA207"}
    assert "WA314" not in {rule.code for rule in select(("WA314",), ("WA314",))}


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
