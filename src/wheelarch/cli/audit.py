"""`wheelarch audit`: the gate."""

from __future__ import annotations

import os

from .._lib.typed import TYPE_CHECKING
from . import gather, verdict

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping, Sequence

    from ..config.ignores import Ignore
    from ..facts.wheel import Wanted

__all__ = ["DEFAULTS", "EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Judge wheels: does what is inside keep what the file name promises?"
EPILOG = gather.EXIT_CODES


DEFAULTS: Mapping[str, object] = {
    **gather.DEFAULTS,
    **verdict.DEFAULTS,
    "fail_on": None,  # the configuration may say
    "config": None,
    "python": None,
    "expect": None,
    "dist": True,
    "second_opinion": "errors",
    "jobs": 1,
}
"""What the options are where they are not given."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    from argparse import BooleanOptionalAction

    gather.add_arguments(parser)
    verdict.add_arguments(parser, "WA2,WA301")
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="read the configuration here (default: wheelarch.toml or pyproject.toml of the current folder)",
    )
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument(
        "--python", metavar="PATH", help="judge also against an interpreter: can it load what is in?"
    )
    asked.add_argument(
        "--expect",
        metavar="TARGET",
        help="judge also against a Rust triple, a platform tag or a whole tag: win_arm64, aarch64-apple-darwin",
    )
    parser.add_argument(
        "--dist",
        action=BooleanOptionalAction,
        help="judge the wheels of one project and version against each other, too (default)",
    )
    parser.add_argument(
        "--second-opinion",
        choices=("errors", "all", "off"),
        help="ask lief, pefile and macholib to confirm the facts behind errors (default), or to read every member",
    )
    parser.add_argument(
        "--jobs",
        type=_jobs,
        metavar="N",
        help="judge so many wheels at once, each in a process of its own (default: 1)",
    )
    parser.set_defaults(**DEFAULTS)


def run(args: Namespace) -> int:
    """Audit, write the reports, return the exit code."""
    ignores = _configure(args)
    told = verdict.teller(args) if not args.dist or args.tag is not None else None
    report, in_vain = gather.gather(
        args,
        args.select or [],
        args.ignore or [],
        second_opinion=args.second_opinion,
        wanted=_wanted(args),
        together=args.dist,
        jobs=args.jobs,
        tell=told,
        ignores=ignores,
    )
    verdict.deliver(report, args, told=told is not None)
    return gather.exit_code(report, args.fail_on or "error", in_vain=in_vain)


def _configure(args: Namespace) -> Sequence[Ignore]:
    """Take from the configuration file what the command line leaves open, and return its `per-file-ignores`.

    Raises:
        UsageError: The file is wrong, or the one that is asked for is not there.
    """
    if args.config is not None:
        from ..config.file import read_named

        config = read_named(args.config)
    # A folder without either costs no import.
    elif os.path.lexists("wheelarch.toml") or os.path.exists("pyproject.toml"):
        from ..config.file import find, read

        file = find()
        if file is None:
            return ()
        config = read(file)
    else:
        return ()
    if args.select is None:
        args.select = config.select
        args.ignore = config.ignore if args.ignore is None else args.ignore
    args.fail_on = args.fail_on or config.fail_on
    if args.python is None and args.expect is None:
        args.expect = config.expect
    return config.per_file_ignores


_MOST_JOBS = 256


def _jobs(text: str) -> int:
    from argparse import ArgumentTypeError

    if not (text.isascii() and text.isdigit() and 0 < len(text) < 4 and 1 <= int(text) <= _MOST_JOBS):
        raise ArgumentTypeError(f"{text!r} is no number from 1 to {_MOST_JOBS}")
    return int(text)


def _wanted(args: Namespace) -> Wanted | None:
    """Return who is to use the wheels, where the user says so.

    Raises:
        UsageError: The interpreter does not run, or the target is none.
    """
    if args.python is not None:
        from ..interpreter.target import target

        return target(args.python).wanted
    if args.expect is not None:
        from ..interpreter.wanted import expected

        return expected(args.expect)
    return None
