"""`wheelarch show`: show the facts about wheels, without findings."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..errors import UsageError
from ..model import Depth
from ..report.document import Report
from . import console, gather

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Show what is in wheels: binaries, their machines, and the libraries they need."
EPILOG = gather.EXIT_CODES.format(good="every input was read", bad="an input cannot be read as a wheel")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    gather.add_arguments(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="text (default): a table; json: the report without findings",
    )
    parser.add_argument(
        "--tree", action="store_true", help="show which libraries each file needs and where they come from"
    )


def run(args: Namespace) -> int:
    """Read, print the facts, return the exit code: 1 if an input cannot be read as a wheel."""
    judged, in_vain = gather.gather(args, depth=Depth.LINKAGE)
    report = Report(
        tuple(
            wheel._replace(status="unreadable" if wheel.status == "unreadable" else "", findings=())
            for wheel in judged
        )
    )
    if args.tree and args.format == "json":
        raise UsageError("--tree prints text only; leave out --format json")
    if args.tree:
        from ..report import as_tree

        console.say(as_tree.render(report))
    elif args.format == "json":
        from ..report import as_json

        console.say(as_json.render(report))
    else:
        from ..report import as_table

        console.say(as_table.render(report))
    unreadable = any(wheel.status == "unreadable" for wheel in report)
    return gather.exit_code(report, "never", in_vain=in_vain) or int(unreadable)
