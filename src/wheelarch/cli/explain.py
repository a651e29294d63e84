"""`wheelarch explain`: the documentation of a rule."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from . import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from ..doctor.rules import DoctorRule
    from ..interpreter.signal_rules import SignalRule
    from ..rules import Rule

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Explain rules: what they find, why it is bad, how to mend it."
EPILOG = "`wheelarch rules` lists all rules."


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "words", nargs="+", metavar="CODE", help="a rule's code, WA201 or WD07, or its name, wrong-machine"
    )


def run(args: Namespace) -> int:
    """Print the documentation of each rule asked for: its remedies for each build tool, and what predicts it."""
    from ..doctor import rules as doctor_rules
    from ..interpreter import signal_rules
    from ..rules import RULES, catalogue

    everything: tuple[Rule | DoctorRule | SignalRule, ...] = (
        *RULES,
        *doctor_rules.RULES,
        *signal_rules.RULES,
    )
    rules = [catalogue.find(everything, word) for word in args.words]
    console.say("\n\n".join("".join(f"{line}\n" for line in _lines(rule)) for rule in rules))
    return 0


def _lines(rule: Rule | DoctorRule | SignalRule) -> Iterator[str]:
    from ..doctor.rules import DoctorRule
    from ..rules import Rule

    yield f"{rule.code} {rule.name} ({rule.severity})"
    yield ""
    yield rule.doc
    if isinstance(rule, DoctorRule):
        yield from _about_builds(rule)
    elif isinstance(rule, Rule):
        yield from _about_wheels(rule)


def _about_wheels(rule: Rule) -> Iterator[str]:
    from ..doctor.rules import predictors
    from ..report.layout import wrap
    from ..rules.remedies import REMEDIES

    for number in rule.remedies:
        general, tools = REMEDIES[number]
        yield ""
        yield from wrap(f"{number}: {general}")
        for tool, words in tools.items():
            yield from wrap(f"{tool}: {words}", "  ")
    if codes := predictors(rule.code):
        yield ""
        yield from wrap(f"Builds that lead here, before they run: {', '.join(codes)}.")


def _about_builds(rule: DoctorRule) -> Iterator[str]:
    from ..report.layout import wrap

    yield ""
    yield from wrap(f"Affected: {'; '.join(map(str, rule.windows)) or 'every release'}.")
    yield from wrap(
        f"A wheel would show: {', '.join(rule.shows) or 'nothing, none is made or none is wrong'}."
    )
