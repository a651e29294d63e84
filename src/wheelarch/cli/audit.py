"""`wheelarch audit`: the gate."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from typing import TYPE_CHECKING, NamedTuple

from ..document import Report
from ..errors import UsageError
from ..report import FORMATS
from . import console, gather

if TYPE_CHECKING:
    from ..facts import Wanted

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Judge wheels: does what is inside keep what the file name promises?"
EPILOG = gather.EXIT_CODES


class _Output(NamedTuple):
    format: str
    file: str
    """Where to write; empty for standard output."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    gather.add_arguments(parser)
    parser.add_argument(
        "--format",
        action="append",
        type=_output,
        metavar="F[=FILE]",
        help=f"{' or '.join(FORMATS)}, into FILE or to standard output; may be given several times",
    )
    for option, what in (("--select", "apply only these rules"), ("--ignore", "leave out these rules")):
        parser.add_argument(
            option,
            action="extend",
            type=_codes,
            default=[],
            metavar="CODES",
            help=f"{what}: codes or their beginnings, as in WA2,WA301; may be given several times",
        )
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--python", metavar="PATH", help="judge also against an interpreter: can it load what is in?")
    asked.add_argument(
        "--expect",
        metavar="TARGET",
        help="judge also against a Rust triple, a platform tag or a whole tag: win_arm64, aarch64-apple-darwin",
    )
    parser.add_argument(
        "--dist",
        action=BooleanOptionalAction,
        default=True,
        help="judge the wheels of one project and version against each other, too (default)",
    )
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "note", "never"),
        default="error",
        help="the least severity that makes the exit code 1 (default: error); of this and the next two "
        "options the last one counts",
    )
    for option, least in (("--strict", "warning"), ("--exit-zero", "never")):
        parser.add_argument(
            option, dest="fail_on", action="store_const", const=least, help=f"the same as --fail-on {least}"
        )
    parser.add_argument("--quiet", action="store_true", help="print nothing about inputs without findings")
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="auto (default): on a terminal, and as NO_COLOR and FORCE_COLOR say",
    )
    parser.add_argument(
        "--second-opinion",
        choices=("errors", "all", "off"),
        default="errors",
        help="ask lief, pefile and macholib to confirm the facts behind errors (default), or to read every member",
    )


def run(args: Namespace) -> int:
    """Audit, write the reports, return the exit code."""
    outputs = args.format or [_Output(FORMATS[0], "")]
    if sum(not output.file for output in outputs) > 1:
        raise UsageError(
            "only one --format can go to standard output; give the other a file: --format json=FILE"
        )
    report, in_vain = gather.gather(
        args,
        args.select,
        args.ignore,
        second_opinion=args.second_opinion,
        wanted=_wanted(args),
        together=args.dist,
    )
    for output in outputs:
        if output.file:
            console.save(output.file, _render(report, output.format, args, terminal=False))
        else:
            console.say(_render(report, output.format, args, terminal=sys.stdout.isatty()))
    return gather.exit_code(report, args.fail_on, in_vain=in_vain)


def _wanted(args: Namespace) -> "Wanted | None":
    """Return who is to use the wheels, where the user says so.

    Raises:
        UsageError: The interpreter does not run, or the target is none.
    """
    if args.python is not None:
        from ..toolchain.target import target

        return target(args.python).wanted
    if args.expect is not None:
        from ..toolchain.wanted import expected

        return expected(args.expect)
    return None


def _render(report: Report, form: str, args: Namespace, *, terminal: bool) -> str:
    if form == "json":
        from ..report import as_json

        return as_json.render(report)
    from ..report import as_text

    color = console.use_color(args.color, os.environ, terminal=terminal)
    return as_text.render(report, color=color, quiet=args.quiet, verbose=args.verbose)


def _output(text: str) -> _Output:
    form, separator, file = text.partition("=")
    if form not in FORMATS:
        raise ArgumentTypeError(f"unknown format {form!r}: choose from {', '.join(FORMATS)}")
    if separator and not file:
        raise ArgumentTypeError(f"{text!r} names no file")
    return _Output(form, file)


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]
