"""Rules of one family do not say the same thing twice."""

from support.machines import assert_one_machine_problem
from support.python_links import assert_each_dll_has_one_code, assert_unreadable_member_is_no_problem
from support.rules import each
from tests.rules.test_registry import HITS
from wheelarch.facts.wheel import Wheel
from wheelarch.rules import RULES
from wheelarch.rules.rule import Family


def hits(family: Family) -> dict[str, list[Wheel]]:
    """Return the wheels that the rules of a family find, by code."""
    return {rule.code: HITS[rule.code] for rule in RULES if rule.family is family}


@each(hits(Family.MACHINE))
def test_no_second_machine_problem(code: str, subject: Wheel) -> None:
    """A member with the wrong machine is reported by the rule that says it best, and by no other."""
    assert_one_machine_problem(subject)


@each(hits(Family.PYTHON))
def test_each_dll_has_one_code(code: str, subject: Wheel) -> None:
    """A wrong Python DLL is reported by one of the rules that compare DLL names, not by two."""
    assert_each_dll_has_one_code(code, subject)


def test_unreadable_member() -> None:
    """An unreadable member breaks no rule about the link to Python."""
    assert_unreadable_member_is_no_problem(hits(Family.PYTHON))
