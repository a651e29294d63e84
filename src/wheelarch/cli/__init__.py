"""The command line: one small file a verb. Nothing outside this folder prints or exits."""

from __future__ import annotations

import sys

from .._lib.typed import TYPE_CHECKING, cast
from ..errors import WheelarchError
from . import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
    from collections.abc import Sequence

__all__ = ["main"]

_VERBS = ("audit", "show", "installed", "target", "doctor", "explain", "rules", "why")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; no exception leaves.

    Args:
        argv: The arguments behind the program's name; None for those of the process.

    Returns:
        0 where there is nothing to complain of, 1 for findings, 2 for wrong usage or an internal error, 3
        where no input matched; 130 after Ctrl-C and 141 when the reader of the report has gone, as shells
        count signals.
    """
    if argv is None:
        return _run_as_process(sys.argv[1:])
    return _guard(list(argv))


def _run_as_process(arguments: list[str]) -> int:
    """Run a command in a process that does nothing else, so that Python need not tidy up behind it."""
    import gc

    gc.set_threshold(_GARBAGE)
    code = _guard(arguments)
    gc.freeze()
    return code


_GARBAGE = 50_000
"""How many new objects start a search for garbage: the modules that a run imports are not worth any."""


def _guard(arguments: list[str]) -> int:
    """Run a command and return its exit code, whatever goes wrong."""
    console.prepare()
    try:
        return _run(arguments)
    except SystemExit as stop:  # argparse has said what there is to say
        return int(stop.code or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141
    except WheelarchError as error:
        console.complain(str(error))
    except OSError as error:
        console.complain(f"{error.filename or 'standard output'}: {error.strerror}")
    except Exception as error:  # noqa: BLE001 - the last door: a bug must not look like a verdict
        if "--verbose" in arguments:
            import traceback

            traceback.print_exc()
        console.complain(f"internal error, please report it (--verbose shows where): {error!r}")
    return 2


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["--version"]:
        from .. import __version__

        console.say(f"wheelarch {__version__}\n")
        return 0
    if arguments[:1] == ["audit"] and arguments[1:] and not any(word[:1] == "-" for word in arguments[1:]):
        # Paths alone are the gate's usual call. Without a parser to load and to build it takes a tenth less.
        from types import SimpleNamespace

        from . import audit

        return audit.run(cast("Namespace", SimpleNamespace(paths=arguments[1:], **audit.DEFAULTS)))
    if arguments and arguments[0] in _VERBS:
        args = _verb_parser(arguments[0]).parse_args(arguments[1:])
    else:
        args = _parser().parse_args(arguments)
    return int(args.run(args))


def _verb_parser(name: str) -> ArgumentParser:
    """Return the parser of a verb: a run pays for the options of no other."""
    from argparse import ArgumentParser
    from importlib import import_module

    verb = import_module(f".{name}", __name__)
    parser = ArgumentParser(
        f"wheelarch {name}",
        description=verb.SUMMARY,
        epilog=verb.EPILOG,
        formatter_class=_formatter,
        allow_abbrev=False,
    )
    verb.add_arguments(parser)
    parser.set_defaults(run=verb.run)
    return parser


def _parser() -> ArgumentParser:
    """Return the parser that lists the verbs, for the help and for what is wrong with the first words."""
    from argparse import ArgumentParser

    parser = ArgumentParser(
        "wheelarch",
        description="Check what a wheel's file name promises against the binaries inside.",
        formatter_class=_formatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    subparsers = parser.add_subparsers(required=True, metavar="VERB", prog="wheelarch")
    for name in _VERBS:
        verb = _verb_parser(name)
        subparsers.add_parser(name, help=verb.description, parents=[verb], add_help=False, allow_abbrev=False)
    return parser


def _formatter(prog: str) -> RawDescriptionHelpFormatter:
    """Return a formatter of known width: to ask for the terminal's, argparse loads shutil on every run."""
    from argparse import RawDescriptionHelpFormatter

    return RawDescriptionHelpFormatter(prog, width=80)
