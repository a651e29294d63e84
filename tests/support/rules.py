"""Rules in tests: ask one by its code, and try it on each wheel of a table."""

from collections.abc import Mapping

import pytest

from wheelarch.facts.wheel import Wheel
from wheelarch.model import Severity
from wheelarch.rules import BY_CODE, Problem


def problems(code: str, subject: Wheel) -> list[Problem]:
    """What a rule has to say about a wheel."""
    return list(BY_CODE[code].check(subject))


def severities(code: str, subject: Wheel) -> list[Severity]:
    """The severities of a rule's problems, each its own or else the rule's."""
    return [one.severity or BY_CODE[code].severity for one in problems(code, subject)]


def each(table: Mapping[str, list[Wheel]]) -> pytest.MarkDecorator:
    """Call a test with `code` and `subject` for each wheel of a table of wheels by code."""
    return pytest.mark.parametrize(
        ("code", "subject"), [(code, subject) for code, subjects in table.items() for subject in subjects]
    )


def assert_hit(code: str, subject: Wheel) -> None:
    """A rule has problems with a wheel: each has a message, one of the members, and only tags of the wheel."""
    found = problems(code, subject)
    paths = {one.path for one in subject.members}
    assert found
    for problem in found:
        assert problem.message
        assert problem.member in paths
        assert set(problem.tags) <= set(subject.promise.triples)
