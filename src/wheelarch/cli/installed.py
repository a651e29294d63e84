"""`wheelarch installed`: the native code of an environment against its interpreter."""

import os
import sys
from argparse import ArgumentParser, Namespace

from . import console

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Judge what is installed: can the interpreter load each extension module and bundled library?"
EPILOG = """\
Exit code:
  0  nothing to complain of
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
        "else the Python that runs wheelarch)",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="the report as text (default) or JSON"
    )
    for option, what in (("--select", "apply only these rules"), ("--ignore", "leave out these rules")):
        parser.add_argument(
            option,
            action="append",
            default=[],
            metavar="CODES",
            help=f"{what}: codes or their beginnings, as in WA2,WA801; may be given several times",
        )
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "note", "never"),
        default="error",
        help="the least severity that makes the exit code 1 (default: error)",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="print, instead of the report, the pip commands that install the bad distributions anew; runs nothing",
    )
    parser.add_argument("--verbose", action="store_true", help="show every distribution and every finding")


def run(args: Namespace) -> int:
    """Judge the environment, print the report or the commands, return the exit code."""
    from ..toolchain.installed import installed, reinstall_commands
    from ..toolchain.probe import find

    report = installed(args.python, select=_codes(args.select), ignore=_codes(args.ignore))
    if args.fix:
        commands = reinstall_commands(report, find(args.python, os.environ))
        console.say("".join(f"{command}\n" for command in commands))
    elif args.format == "json":
        from ..report import as_json

        console.say(as_json.render(report))
    else:
        from ..report import as_text
        from ..report.layout import plural

        color = console.use_color("auto", os.environ, terminal=sys.stdout.isatty())
        text = as_text.render(report, color=color, quiet=not args.verbose, verbose=args.verbose)
        summary = report.summary
        counts = f"{plural(summary.inputs, 'distribution')}, {summary.clean} clean\n"
        console.say(text if args.verbose else text + counts)
    return report.exit_code(args.fail_on)


def _codes(words: list[str]) -> list[str]:
    return [code.strip() for word in words for code in word.split(",") if code.strip()]
