"""`wheelarch rules`: list all rules, one per line."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from . import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "List all rules: WA for wheels, WD for builds, WT for interpreters."
EPILOG = "`wheelarch explain CODE` explains a rule."


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="text (default): one rule per line; or json",
    )


def run(args: Namespace) -> int:
    """Print the list."""
    from ..doctor import rules as doctor_rules
    from ..interpreter import signal_rules
    from ..rules import RULES, Rule

    everything: tuple[Rule | doctor_rules.DoctorRule | signal_rules.SignalRule, ...] = (
        *RULES,
        *doctor_rules.RULES,
        *signal_rules.RULES,
    )
    if args.format == "json":
        import json

        fields = ("code", "name", "severity", "status", "summary")
        rules = [{field: getattr(rule, field) for field in fields} for rule in everything]
        console.say(json.dumps({"schema": 1, "rules": rules}, indent=2) + "\n")
    else:
        width = max(len(rule.name) for rule in everything)
        console.say(
            "".join(
                f"{rule.code}  {rule.severity:<7}  {rule.name:<{width}}  {rule.summary}\n"
                for rule in everything
            )
        )
    return 0
