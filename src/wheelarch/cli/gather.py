"""What `audit` and `show` share: the inputs on the command line, read and judged."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..document import Report
from ..errors import SourceError, UntaggedError
from ..model import Depth
from . import console

if TYPE_CHECKING:
    from ..facts import Wanted

__all__ = ["EXIT_CODES", "add_arguments", "exit_code", "gather"]

EXIT_CODES = """\
A PATH is a wheel, a folder that is searched for *.whl with all folders below it,
a glob pattern, a single binary (with --tag), an sdist (.tar.gz, .zip), or - for
a list of names on standard input, one a line.

Exit code:
  0  nothing to complain of
  1  findings, or an input that can't be read as a wheel
  2  wrong usage, an internal error, or a PATH that stands for no input beside
     others that do: those are read all the same
  3  no PATH stands for any input
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Add PATH, `--tag` and `--verbose`."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="what to read; see below")
    parser.add_argument("--tag", help="read the inputs as if they were tagged so: cp311-abi3-win_amd64")
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="show every finding, and the traceback of an internal error",
    )


def gather(
    args: Namespace,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    depth: Depth = Depth.HEADER,
    second_opinion: str = "off",
    wanted: "Wanted | None" = None,
    together: bool = False,
) -> tuple[Report, bool]:
    """Return the report on all inputs, and whether some PATH was in vain (standard error says which).

    Binaries are read to `depth` at least. `wanted` is who is to use the wheels, beside what their tags promise.
    With `together`, the wheels of one project and version are judged as a set too.

    Raises:
        UsageError: An option makes no sense, or the only input is a binary without `--tag`.
    """
    from ..inputs import expand
    from ..pipeline import audit, judge_together

    inputs = expand(_names(args.paths))
    problems = list(inputs.problems)
    reports: list[Report] = []
    for path in inputs.paths:
        try:
            report = audit(
                path,
                tag=args.tag,
                select=select,
                ignore=ignore,
                depth=depth,
                second_opinion=second_opinion,
                wanted=wanted,
            )
            reports.append(report)
        except UntaggedError as error:
            if len(inputs.paths) == 1:
                raise
            problems.append(str(error))
        except SourceError as error:
            problems.append(str(error))
    for problem in problems:
        console.complain(problem)
    if not reports:
        console.complain("no input matched")
    wheels = tuple(wheel for report in reports for wheel in report)
    if together and args.tag is None:
        return judge_together(wheels, select=select, ignore=ignore), bool(problems)
    return Report(wheels), bool(problems)


def exit_code(report: Report, fail_on: str, *, in_vain: bool) -> int:
    """Return the exit code that `EXIT_CODES` describes."""
    return 2 if in_vain and report.wheels else report.exit_code(fail_on)


def _names(paths: list[str]) -> list[str]:
    """Put the lines of standard input where `-` stands."""
    names = []
    for path in paths:
        if path == "-":
            names += console.lines()
        else:
            names.append(path)
    return names
