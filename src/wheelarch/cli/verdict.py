"""What the verbs that judge share: the options for rules, formats and exit code, and writing the report."""

from __future__ import annotations

import os
import sys

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import UsageError
from ..report import FORMATS
from . import console

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from ..report.document import Report
    from .options import Options

__all__ = ["add_arguments", "deliver", "outputs", "teller"]


class _Output(NamedTuple):
    format: str
    file: str
    """Where to write; empty for standard output."""


def add_arguments(parser: Options, example: str, fail_on: str | None = "error") -> None:
    """Add the options of a verdict.

    Args:
        parser: The parser of the verb.
        example: Codes and beginnings of codes for the help: `WA2,WA301`.
        fail_on: The default of `--fail-on`; None if a configuration file may have it.
    """
    parser.add_argument(
        "--format",
        action="append",
        type=_output,
        metavar="F[=FILE]",
        help=f"{' or '.join(FORMATS)} (default: text), to FILE or to standard output; may be given several times",
    )
    for option, what in (("--select", "apply only these rules"), ("--ignore", "do not apply these rules")):
        parser.add_argument(
            option,
            action="extend",
            type=_codes,
            metavar="CODES",
            help=f"{what}: codes or beginnings of codes, such as {example}; may be given several times",
        )
    parser.add_argument(
        "--fail-on",
        default=fail_on,
        choices=("error", "warning", "note", "never"),
        help="the lowest severity that makes the exit code 1 (default: error); if several of this and the next two "
        "options are given, the last one counts",
    )
    for option, least in (("--strict", "warning"), ("--exit-zero", "never")):
        parser.add_argument(
            option, dest="fail_on", action="store_const", const=least, help=f"the same as --fail-on {least}"
        )
    parser.add_argument(
        "--quiet", action="store_true", help="print nothing about inputs that have no findings"
    )
    parser.add_argument(
        "--color",
        default="auto",
        choices=("auto", "always", "never"),
        help="auto (default): use color on a terminal; NO_COLOR and FORCE_COLOR change that",
    )


def outputs(args: Namespace) -> list[_Output]:
    """Return the formats and files of the report; without --format, text to standard output.

    Raises:
        UsageError: Two formats would go to standard output.
    """
    wanted: list[_Output] = args.format or [_Output(FORMATS[0], "")]
    if sum(not output.file for output in wanted) > 1:
        raise UsageError(
            "only one --format can go to standard output; write the other to a file: --format json=FILE"
        )
    return wanted


def teller(args: Namespace) -> Callable[[Report], None] | None:
    """Return a function that writes the text on an input at once, if text to standard output is the only format.

    Raises:
        UsageError: Two formats would go to standard output.
    """
    if outputs(args) != [_Output("text", "")]:
        return None
    from ..report import as_text

    color = console.use_color(args.color, os.environ, terminal=sys.stdout.isatty())
    return lambda report: console.say(
        as_text.render_inputs(report, color=color, quiet=args.quiet, verbose=args.verbose)
    )


def deliver(report: Report, args: Namespace, preface: str = "", *, printed: bool = False) -> None:
    """Write the report in each format that is asked for.

    Args:
        report: What was found.
        args: With the options of `add_arguments`, and `verbose`.
        preface: Lines to print before the text; may be empty.
        printed: Whether the function of `teller` has written all of the text except its end.

    Raises:
        UsageError: Two formats would go to standard output.
        OSError: A file cannot be written.
    """
    if printed:
        from ..report import as_text

        console.say(as_text.render_end(report, quiet=args.quiet))
        return
    for output in outputs(args):
        terminal = not output.file and sys.stdout.isatty()
        text = _render(report, output.format, args, preface, terminal=terminal)
        if output.file:
            console.save(output.file, text)
        else:
            console.say(text)


def _render(report: Report, form: str, args: Namespace, preface: str, *, terminal: bool) -> str:
    if form == "json":
        from ..report import as_json

        return as_json.render(report)
    from ..report import as_text

    color = console.use_color(args.color, os.environ, terminal=terminal)
    return preface + as_text.render(report, color=color, quiet=args.quiet, verbose=args.verbose)


def _output(text: str) -> _Output:
    from argparse import ArgumentTypeError

    form, separator, file = text.partition("=")
    if form not in FORMATS:
        raise ArgumentTypeError(f"unknown format {form!r}; expected {' or '.join(FORMATS)}")
    if separator and not file:
        raise ArgumentTypeError(f"expected a file after {text!r}")
    return _Output(form, file)


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]
