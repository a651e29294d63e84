"""What `audit` and `show` share: read and judge the inputs on the command line."""

from __future__ import annotations

from functools import partial

from .._lib.typed import TYPE_CHECKING
from ..errors import SourceError, UntaggedError, UsageError
from ..judging.wheel_sets import Audited
from ..limits import DEFAULT, Limits
from ..model import Depth
from ..report.document import Report
from . import console
from .workers import in_order

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..config.ignores import Ignore
    from ..facts.wheel import Wanted
    from .options import Options

__all__ = ["EXIT_CODES", "add_arguments", "exit_code", "gather"]

EXIT_CODES = """\
A PATH is one of:
  - a wheel, an sdist (.tar.gz, .zip), or a single binary (with --tag)
  - a folder: every *.whl in it and in the folders below it
  - a glob pattern
  - the character -, for a list of names on standard input, one per line

Exit code:
  0  {good}
  1  {bad}
  2  wrong usage, an internal error, or a PATH that matches no input (the other
     inputs are still read)
  3  no PATH matches any input
"""
"""The end of the help: `good` and `bad` are what the first two codes mean."""


def add_arguments(parser: Options) -> None:
    """Add PATH, `--tag`, `--limit` and `--verbose`."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="what to read; see below")
    parser.add_argument(
        "--tag",
        type=_tag,
        help="use this tag instead of those in the file name, such as cp311-abi3-win_amd64",
    )
    parser.add_argument(
        "--limit",
        action="append",
        type=_limit,
        metavar="NAME=VALUE",
        help="raise or lower a limit on what is read, such as member_bytes=4G; may be given several times",
    )
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
    wanted: Wanted | None = None,
    together: bool = False,
    jobs: int = 1,
    on_report: Callable[[Report], None] | None = None,
    ignores: Sequence[Ignore] = (),
) -> tuple[Report, bool]:
    """Return the report on all inputs, and whether some PATH matched nothing (standard error says which).

    Args:
        args: With the options of `add_arguments`.
        select: Codes of rules or their beginnings; none means all.
        ignore: Codes to leave out.
        depth: How deep binaries are read at least.
        second_opinion: What other parsers confirm: `errors`, `all` or `off`.
        wanted: Who will use the wheels, besides those that the tags promise.
        together: Whether to judge the wheels of one project and version as a set too.
        jobs: How many processes share the work.
        on_report: Called at once with the report on each input. The returned report then has no members.
        ignores: Findings to leave out of every report; standard error names the entries that match nothing.

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
    audited: list[Audited] = []
    for judged in in_order(partial(_judge, options, together), inputs.paths, jobs):
        if isinstance(judged, Audited):
            report = _sift(Report((judged.report,)), ignores, used)
            (wheel,) = report.wheels
            if on_report is not None:
                on_report(report)
                wheel = wheel._replace(members=())
            audited.append(Audited(wheel, judged.wheel))
        elif isinstance(judged, UntaggedError) and len(inputs.paths) == 1:
            raise judged
        else:
            problems.append(str(judged))
    for problem in problems:
        console.complain(problem)
    if not audited:
        console.complain("no input matched")
    if together and args.tag is None:
        from ..api import judge_together

        report = _sift(judge_together(audited, select=select, ignore=ignore, limits=limits), ignores, used)
    else:
        report = Report(tuple(one.report for one in audited))
    for one in ignores:
        if one not in used:
            console.complain(f"{one.where}: {one.code} ({one.reason}) matched nothing in this run")
    return report, bool(problems)


def _sift(report: Report, ignores: Sequence[Ignore], used: set[Ignore]) -> Report:
    """Return the report without the findings to ignore; add the entries that matched to `used`."""
    if not ignores:
        return report
    from ..config.ignores import apply

    report, matched = apply(ignores, report)
    used |= matched
    return report


def _judge(options: Mapping[str, Any], together: bool, path: str) -> Audited | SourceError | UntaggedError:
    """Return what is found in an input, or the error if there is none: it must not stop the other inputs."""
    from ..api import audit_alone

    try:
        audited = audit_alone(path, **options)
        return audited if together else audited._replace(wheel=None)
    except (SourceError, UntaggedError) as error:
        return error


def exit_code(report: Report, fail_on: str, *, in_vain: bool) -> int:
    """Return the exit code that `EXIT_CODES` describes."""
    return 2 if in_vain and report.wheels else report.exit_code(fail_on)


def _tag(text: str) -> str:
    """Return a wheel tag as given."""
    from argparse import ArgumentTypeError

    from ..metadata.promise import read_promise

    try:
        read_promise(None, tag=text)
    except UsageError as error:
        raise ArgumentTypeError(str(error)) from error
    return text


_FACTORS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def _limit(text: str) -> tuple[str, int]:
    """Return the name and value of a limit, written like `member_bytes=4G`."""
    from argparse import ArgumentTypeError

    name, _, value = text.partition("=")
    if name not in Limits._fields:
        from difflib import get_close_matches

        near = get_close_matches(name, Limits._fields, 1)
        hint = f" (did you mean {near[0]!r}?)" if near else f"; expected one of {', '.join(Limits._fields)}"
        raise ArgumentTypeError(f"unknown limit {name!r}{hint}")
    factor = _FACTORS.get(value[-1:].upper(), 1)
    digits = value if factor == 1 else value[:-1]
    if not (digits.isascii() and digits.isdigit() and len(digits) < _MOST_DIGITS):
        raise ArgumentTypeError(
            f"{name} must be a whole number, with K, M or G after it or without: {name}=64M"
        )
    return name, int(digits) * factor


_MOST_DIGITS = 16
"""Of a limit. A longer number is a typing mistake, and too large for a read."""


def _names(paths: list[str]) -> list[str]:
    """Return the names, with the lines of standard input in place of `-`."""
    names = []
    for path in paths:
        if path == "-":
            names += console.lines()
        else:
            names.append(path)
    return names
