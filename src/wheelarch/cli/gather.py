"""What `audit` and `show` share: the inputs on the command line, read and judged."""

from __future__ import annotations

from functools import partial

from .._lib.typed import TYPE_CHECKING
from ..errors import SourceError, UntaggedError
from ..limits import DEFAULT, Limits
from ..model import Depth
from ..report.document import Report
from . import console
from .workers import in_order

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..config.ignores import Ignore
    from ..facts.wheel import Wanted
    from ..model import WheelReport

__all__ = ["DEFAULTS", "EXIT_CODES", "add_arguments", "exit_code", "gather"]

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


DEFAULTS: Mapping[str, object] = {"tag": None, "limit": None, "verbose": False}
"""What the options are where they are not given."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add PATH, `--tag`, `--limit` and `--verbose`."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="what to read; see below")
    parser.add_argument("--tag", help="read the inputs as if they were tagged so: cp311-abi3-win_amd64")
    parser.add_argument(
        "--limit",
        action="append",
        type=_limit,
        metavar="NAME=VALUE",
        help="raise or lower a bound on what is read, as in member_bytes=4G; may be given several times",
    )
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="show every finding, and the traceback of an internal error",
    )
    parser.set_defaults(**DEFAULTS)


def gather(
    args: Namespace,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    depth: Depth = Depth.HEADER,
    second_opinion: str = "off",
    wanted: Wanted | None = None,
    together: bool = False,
    jobs: int = 1,
    tell: Callable[[Report], None] | None = None,
    ignores: Sequence[Ignore] = (),
) -> tuple[Report, bool]:
    """Return the report on all inputs, and whether some PATH was in vain (standard error says which).

    Binaries are read to `depth` at least. `wanted` is who is to use the wheels, beside what their tags promise.
    With `together`, the wheels of one project and version are judged as a set too. `jobs` processes share the work.
    `tell` hears of each input as soon as it is judged, and then the report is left without members.
    Findings that `ignores` match are in no report; standard error names the entries that match none.

    Raises:
        UsageError: An option makes no sense, or the only input is a binary without `--tag`.
    """
    from .inputs import expand

    limits = DEFAULT._replace(**dict(args.limit or ()))
    inputs = expand(_names(args.paths))
    problems = list(inputs.problems)
    options = {
        "tag": args.tag,
        "select": select,
        "ignore": ignore,
        "depth": depth,
        "limits": limits,
        "second_opinion": second_opinion,
        "wanted": wanted,
    }
    used: set[Ignore] = set()
    wheels: list[WheelReport] = []
    for judged in in_order(partial(_judge, options), inputs.paths, jobs):
        if isinstance(judged, Report):
            judged = _sift(judged, ignores, used)
            if tell is not None:
                tell(judged)
            wheels += judged if tell is None else [wheel._replace(members=()) for wheel in judged]
        elif isinstance(judged, UntaggedError) and len(inputs.paths) == 1:
            raise judged
        else:
            problems.append(str(judged))
    for problem in problems:
        console.complain(problem)
    if not wheels:
        console.complain("no input matched")
    if together and args.tag is None:
        from ..api import judge_together

        report = _sift(judge_together(wheels, select=select, ignore=ignore, limits=limits), ignores, used)
    else:
        report = Report(tuple(wheels))
    for one in ignores:
        if one not in used:
            console.complain(f"{one.where}: {one.code} ({one.reason}) matched nothing in this run")
    return report, bool(problems)


def _sift(report: Report, ignores: Sequence[Ignore], used: set[Ignore]) -> Report:
    """Return the report without what is to be ignored, and note which entries were of use."""
    if not ignores:
        return report
    from ..config.ignores import apply

    report, matched = apply(ignores, report)
    used |= matched
    return report


def _judge(options: Mapping[str, Any], path: str) -> Report | SourceError | UntaggedError:
    """Return the report on an input, or why it can't be had: an error that is no other input's business."""
    from ..api import audit

    try:
        return audit(path, **options)
    except (SourceError, UntaggedError) as error:
        return error


def exit_code(report: Report, fail_on: str, *, in_vain: bool) -> int:
    """Return the exit code that `EXIT_CODES` describes."""
    return 2 if in_vain and report.wheels else report.exit_code(fail_on)


_FACTORS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def _limit(text: str) -> tuple[str, int]:
    """Return name and value of a bound, written as in `member_bytes=4G`."""
    from argparse import ArgumentTypeError

    name, _, value = text.partition("=")
    if name not in Limits._fields:
        from difflib import get_close_matches

        near = get_close_matches(name, Limits._fields, 1, 0)
        raise ArgumentTypeError(f"there is no limit {name!r}; the nearest is {near[0]}")
    factor = _FACTORS.get(value[-1:].upper(), 1)
    digits = value if factor == 1 else value[:-1]
    if not (digits.isascii() and digits.isdigit() and len(digits) < _MOST_DIGITS):
        raise ArgumentTypeError(f"{name} takes a number, K, M or G behind it allowed: {name}=64M")
    return name, int(digits) * factor


_MOST_DIGITS = 16
"""Of a bound: what is longer is a slip of the hand, and too large for a read."""


def _names(paths: list[str]) -> list[str]:
    """Put the lines of standard input where `-` stands."""
    names = []
    for path in paths:
        if path == "-":
            names += console.lines()
        else:
            names.append(path)
    return names
