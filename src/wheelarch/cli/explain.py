"""`wheelarch explain`: the documentation of a rule."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import console

if TYPE_CHECKING:
    from ..rules import Rule

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Explain rules: what they find, why it is bad, how to mend it."
EPILOG = "`wheelarch rules` lists all rules."


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "words", nargs="+", metavar="CODE", help="a rule's code, WA201, or name, wrong-machine"
    )


def run(args: Namespace) -> int:
    """Print the documentation of each rule asked for, and its remedies for each build tool."""
    from ..rules import find

    rules = [find(word) for word in args.words]
    console.say("\n\n".join("".join(f"{line}\n" for line in _lines(rule)) for rule in rules))
    return 0


def _lines(rule: "Rule") -> Iterator[str]:
    from ..remedies import REMEDIES
    from ..report.layout import wrap

    yield f"{rule.code} {rule.name} ({rule.severity})"
    yield ""
    yield rule.doc
    for number in rule.remedies:
        general, tools = REMEDIES[number]
        yield ""
        yield from wrap(f"{number}: {general}")
        for tool, words in tools.items():
            yield from wrap(f"{tool}: {words}", "  ")
