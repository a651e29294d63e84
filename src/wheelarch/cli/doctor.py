"""`wheelarch doctor`: predict what a build will do wrong, before it runs."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..report.escape import TEXT_LIMIT, escape
from . import verdict

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from ..doctor.build import Build

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Predict from a project's files whether a build fails or makes a wrong wheel."
EPILOG = """\
Reads pyproject.toml, Cargo.toml, Cargo.lock, .cargo/config.toml, setup.cfg,
setup.py and .github/workflows. Runs no code of the project and downloads nothing.

Without --target, the doctor checks every target that the environment, Cargo's
configuration, the workflows or cibuildwheel name. If none is named, it checks
this machine.

Exit code:
  0  no findings at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, a folder without a project, or a file that cannot be read
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "project", nargs="?", default=".", metavar="PROJECT", help="the project's folder (default: this one)"
    )
    parser.add_argument(
        "--host", default="", metavar="TRIPLE", help="the machine that builds (default: this one)"
    )
    parser.add_argument(
        "--target",
        default="",
        metavar="TARGET",
        help="the machine to build for: a Rust triple or a wheel tag",
    )
    parser.add_argument(
        "--python", metavar="PATH", help="the interpreter that builds; it is run to find out what it is"
    )
    verdict.add_arguments(parser, "WD0,WD17")
    parser.add_argument(
        "--verbose", action="store_true", help="show every build, and the traceback of an internal error"
    )


def run(args: Namespace) -> int:
    """Read, predict, write the reports, return the exit code."""
    from ..doctor import predict as doctor
    from ..doctor import rules as doctor_rules
    from ..rules import lookup as catalogue

    rules = catalogue.select(doctor_rules.RULES, args.select or (), args.ignore or ())
    verdict.outputs(args)
    builds = doctor.builds(args.project, host=args.host, target=args.target, python=args.python)
    report = doctor.examine(args.project, builds, rules)
    verdict.deliver(report, args, "" if args.quiet else _plan(builds, verbose=args.verbose))
    return report.exit_code(args.fail_on)


_BUILDS_SHOWN = 10


def _plan(builds: Sequence[Build], *, verbose: bool) -> str:
    """Return what will be built, one line per build."""
    lines = list(dict.fromkeys(f"will build {build}" for build in builds))
    shown = lines if verbose else lines[:_BUILDS_SHOWN]
    if len(shown) < len(lines):
        shown.append(f"and {len(lines) - len(shown)} more (--verbose names them)")
    options = builds[0].project.native_options if builds else ()
    if options:
        shown.append(f"with {' '.join(options)}")
    return "".join(f"{escape(line, TEXT_LIMIT)}\n" for line in shown)
