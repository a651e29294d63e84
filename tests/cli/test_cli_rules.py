"""Tests of `wheelarch rules` and `wheelarch explain`."""

import json

import pytest

from wheelarch.cli import main
from wheelarch.doctor import rules as doctor_rules
from wheelarch.interpreter import signal_rules
from wheelarch.rules import RULES
from wheelarch.rules.remedies import REMEDIES, listed

EVERYTHING = (*RULES, *doctor_rules.RULES, *signal_rules.RULES)


def test_all_rules_are_listed(capsys):
    """One line per rule, in the order of the table: code, severity, name, summary."""
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines] == [[one.code, one.severity, one.name] for one in EVERYTHING]
    assert all(line.endswith(one.summary) for line, one in zip(lines, EVERYTHING, strict=True))


def test_all_rules_as_json(capsys):
    """The same list for programs."""
    assert main(["rules", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["schema", "rules"]
    assert document["rules"][0] == {
        "code": RULES[0].code,
        "name": RULES[0].name,
        "severity": RULES[0].severity,
        "status": RULES[0].status,
        "summary": RULES[0].summary,
    }
    assert [one["code"] for one in document["rules"]] == [one.code for one in EVERYTHING]


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_every_rule_can_be_explained(capsys, rule):
    """The explanation is the documentation of the rule and its remedies by system and tool, without their ids."""
    assert main(["explain", rule.code]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{rule.code} {rule.name} ({rule.severity})\n\n{rule.doc}\n")
    words = " ".join(out.split())
    assert ("The report says:" in out) == bool(rule.remedies)
    for heading, text in listed(rule):
        assert (f"{heading}: {text}" if heading else text) in words
    assert not any(each in words.split() or f"{each}:" in words.split() for each in REMEDIES if "-" in each)
    assert err == ""


@pytest.mark.parametrize("rule", signal_rules.RULES, ids=[rule.code for rule in signal_rules.RULES])
def test_every_finding_about_an_interpreter_can_be_explained(capsys, rule):
    """The explanation is its documentation alone. It is found by code and by name."""
    for word in (rule.code, rule.name):
        assert main(["explain", word]) == 0
        out, err = capsys.readouterr()
        assert out == f"{rule.code} {rule.name} ({rule.severity})\n\n{rule.doc}\n"
        assert err == ""


@pytest.mark.parametrize("word", ["WA201", "wa201", "wrong-machine", "Wrong-Machine"])
def test_a_rule_is_found_by_code_and_name(capsys, word):
    """Upper and lower case make no difference."""
    assert main(["explain", word]) == 0
    assert capsys.readouterr().out.startswith("WA201 wrong-machine")


def test_several_rules_are_explained_in_turn(capsys):
    """They are explained in the order of the arguments."""
    assert main(["explain", "missing-slice", "WA201"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("WA202 missing-slice")
    assert "\n\n\nWA201 wrong-machine" in out


def test_an_unknown_rule_names_the_nearest(capsys):
    """A misspelled name is one line with the nearest rule, and nothing is explained."""
    assert main(["explain", "WA201", "wrong-machin"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "WA201" in err
    assert "wrong-machine" in err
