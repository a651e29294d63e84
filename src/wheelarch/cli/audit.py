"""`wheelarch audit`: check wheels against their tags."""

from __future__ import annotations

import os

from .._lib.typed import TYPE_CHECKING
from . import gather, verdict

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from ..config.ignores import Ignore
    from ..facts.wheel import Wanted
    from .options import Options

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Check wheels: do the binaries inside match what the file name promises?"
EPILOG = gather.EXIT_CODES.format(
    good="no findings at or above --fail-on",
    bad="findings at or above --fail-on, or an input that cannot be read as a wheel",
)


def add_arguments(parser: Options) -> None:
    """Add the options of the verb."""
    gather.add_arguments(parser)
    verdict.add_arguments(parser, "WA2,WA301", fail_on=None)  # the configuration may have it
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="the configuration file (default: wheelarch.toml or pyproject.toml in the current folder)",
    )
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument(
        "--python", metavar="PATH", help="check also whether this interpreter can load the wheel"
    )
    asked.add_argument(
        "--expect",
        metavar="TARGET",
        help="check also whether the wheel is for this target: a Rust triple (aarch64-apple-darwin), a platform tag "
        "(win_arm64) or a whole tag (cp312-cp312-win_arm64)",
    )
    parser.add_argument(
        "--dist",
        action="store_true",
        default=True,
        help="check also whether the wheels of one project and version fit together (default)",
    )
    parser.add_argument("--no-dist", dest="dist", action="store_false", help="check each wheel by itself")
    parser.add_argument(
        "--second-opinion",
        default="errors",
        choices=("errors", "all", "off"),
        help="let lief, pefile and macholib confirm the facts behind errors (default) or all binaries",
    )
    parser.add_argument(
        "--jobs",
        default=1,
        type=_jobs,
        metavar="N",
        help="check N wheels at the same time, each in its own process (default: 1)",
    )


def run(args: Namespace) -> int:
    """Audit, write the reports, return the exit code."""
    ignores = _configure(args)
    printer = verdict.teller(args) if not args.dist or args.tag is not None else None
    report, in_vain = gather.gather(
        args,
        args.select or [],
        args.ignore or [],
        second_opinion=args.second_opinion,
        wanted=_wanted(args),
        together=args.dist,
        jobs=args.jobs,
        on_report=printer,
        ignores=ignores,
    )
    verdict.deliver(report, args, printed=printer is not None)
    return gather.exit_code(report, args.fail_on or "error", in_vain=in_vain)


def _configure(args: Namespace) -> Sequence[Ignore]:
    """Set the options that the command line leaves open from the configuration file; return its `per-file-ignores`.

    Raises:
        UsageError: The file has a mistake, or the file that `--config` names does not exist.
    """
    if args.config is not None:
        from ..config.file import read_named

        config = read_named(args.config)
    # If the folder has neither file, nothing is imported.
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
        raise ArgumentTypeError(f"must be between 1 and {_MOST_JOBS}, not {text!r}")
    return int(text)


def _wanted(args: Namespace) -> Wanted | None:
    """Return who will use the wheels, if the user says so; else None.

    Raises:
        UsageError: The interpreter does not run, or the target is not known.
    """
    if args.python is not None:
        from ..interpreter.target import target

        return target(args.python).wanted
    if args.expect is not None:
        from ..interpreter.wanted import expected

        return expected(args.expect)
    return None
