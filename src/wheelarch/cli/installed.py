"""`wheelarch installed`: check the native code of an environment against its interpreter."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from . import console, verdict

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Check that an interpreter can load the native code in its environment."
EPILOG = """\
Only the environment's own folders are checked, not those of the user
(pip install --user).

Exit code:
  0  no findings at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, or the interpreter does not run
  3  nothing is installed
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "--python",
        metavar="PATH",
        help="an interpreter, or the folder of a virtual environment (default: the active environment, "
        "or else the Python that runs wheelarch)",
    )
    verdict.add_arguments(parser, "WA2,WA801")
    parser.add_argument(
        "--fix",
        action="store_true",
        help="instead of the report, print the pip commands that reinstall the bad distributions; runs nothing",
    )
    parser.add_argument("--verbose", action="store_true", help="show every distribution and every finding")


def run(args: Namespace) -> int:
    """Judge the environment, print the report or the commands, return the exit code."""
    from ..interpreter.installed import installed, repair
    from ..report.layout import plural

    verdict.outputs(args)
    if args.fix:
        report, commands = repair(args.python, select=args.select or (), ignore=args.ignore or ())
        console.say("".join(f"{command}\n" for command in commands))
    else:
        report = installed(args.python, select=args.select or (), ignore=args.ignore or ())
        summary = report.summary
        counts = f"{plural(summary.inputs, 'distribution')}, {summary.clean} clean\n"
        # An environment has more clean distributions than anybody wants to read about.
        args.quiet = args.quiet or not args.verbose
        verdict.deliver(report, args, counts)
    return report.exit_code(args.fail_on)
