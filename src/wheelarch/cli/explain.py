"""`wheelarch explain`: print the documentation of rules."""

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

SUMMARY = "Explain rules: what they find, why it is bad, how to fix it."
EPILOG = "`wheelarch rules` lists all rules."


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "words",
        nargs="+",
        metavar="CODE",
        help="the code of a rule (WA201, WD07) or its name (wrong-machine)",
    )


def run(args: Namespace) -> int:
    """Print the documentation of each rule, its remedies per system and build tool, and the rules that predict it."""
    from ..doctor import rules as doctor_rules
    from ..interpreter import signal_rules
    from ..rules import RULES
    from ..rules import lookup as catalogue

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
    from ..report.layout import wrap
    from ..rules.remedies import listed

    if rule.remedies:
        yield ""
        yield "The report says:"
    for heading, words in listed(rule):
        yield from wrap(f"{heading}: {words}" if heading else words, "  ")
    if codes := rule.predicted_by:
        yield ""
        yield from wrap(f"Rules of the doctor that predict this before a build: {', '.join(codes)}.")


def _about_builds(rule: DoctorRule) -> Iterator[str]:
    from ..report.layout import wrap

    yield ""
    yield from wrap(f"Affected: {'; '.join(map(str, rule.windows)) or 'every release'}.")
    yield from wrap(
        "Rules that find this in the finished wheel: "
        f"{', '.join(rule.shows) or 'none, because no wheel is made or the wheel is right'}."
    )
