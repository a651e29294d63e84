"""The command line: one small file per verb. Nothing outside this folder prints or exits.

`main` finds the verb, which is the first word, imports that verb's file alone, and lets argparse read its options.
Every verb has `SUMMARY`, `EPILOG`, `add_arguments` and `run`. What goes wrong is one line on standard error.
"""

from __future__ import annotations

import sys

from .._lib.typed import TYPE_CHECKING, cast
from ..errors import UsageError, WheelarchError
from . import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
    from collections.abc import Sequence
    from typing import NoReturn

__all__ = ["main"]

_VERBS = ("audit", "show", "installed", "target", "doctor", "explain", "rules", "why")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; no exception leaves.

    Args:
        argv: The arguments after the program's name; None for those of the process.

    Returns:
        0 for no findings that count, 1 for findings, 2 for wrong usage or an internal error, 3 if no input
        matched. As shells count signals: 130 after Ctrl-C, 141 if the reader of the report closed it.
    """
    if argv is None:
        return _run_as_process(sys.argv[1:])
    return _guard(list(argv))


def _run_as_process(arguments: list[str]) -> int:
    """Run a command in a process that does nothing else, so that Python does not have to clean up after it."""
    import gc

    gc.set_threshold(_GARBAGE)
    code = _guard(arguments)
    gc.freeze()
    return code


_GARBAGE = 50_000
"""How many new objects start a search for garbage: the modules that a run imports are not worth a search."""


def _guard(arguments: list[str]) -> int:
    """Run a command and return its exit code, whatever goes wrong."""
    console.prepare()
    try:
        return _run(arguments)
    except SystemExit as stop:  # argparse has printed the help
        return int(stop.code or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141
    except WheelarchError as error:
        console.complain(str(error))
    except OSError as error:
        console.complain(f"{error.filename or 'standard output'}: {error.strerror}")
    except Exception as error:  # noqa: BLE001 - a bug must not look like a verdict
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
        from types import SimpleNamespace

        from . import audit
        from .options import Defaults

        defaults = Defaults()
        audit.add_arguments(defaults)
        values = {**defaults.values, "paths": arguments[1:]}
        return audit.run(cast("Namespace", SimpleNamespace(**values)))
    if arguments and arguments[0] in _VERBS:
        parser = _verb_parser(arguments[0])
        args, rest = parser.parse_known_args(arguments[1:])
        if rest:
            raise UsageError(_unknown(rest[0], parser))
    elif arguments[:1] in (["-h"], ["--help"]):
        args = _parser().parse_args(arguments)
    else:
        raise UsageError(_no_verb(*arguments[:1]))
    return int(args.run(args))


def _no_verb(word: str = "") -> str:
    """Return the message on a first word that is not a verb, or on none at all."""
    if not word:
        return f"expected a command: {', '.join(_VERBS)}; `wheelarch --help` explains them"
    return f"unknown command {word!r}{_meant(word, _VERBS)}; expected one of {', '.join(_VERBS)}"


def _unknown(word: str, parser: ArgumentParser) -> str:
    """Return the message on an argument that a verb does not take."""
    import re

    if word[:1] != "-":
        return f"unexpected argument {word!r}; `{parser.prog} --help` shows the usage"
    option = word.partition("=")[0]
    known = re.findall(r"--[a-z-]+", parser.format_usage())
    return f"unknown option {option!r}{_meant(option, known)}; `{parser.prog} --help` lists the options"


def _meant(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _verb_parser(name: str) -> ArgumentParser:
    """Return the parser of a verb. Those of other verbs are not built, because that takes time."""
    from importlib import import_module

    verb = import_module(f".{name}", __name__)
    parser = _parser_class()(
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
    """Return the parser that lists the verbs in its help."""
    parser = _parser_class()(
        "wheelarch",
        description="Check the binaries in a Python wheel against what its file name promises.",
        epilog="`wheelarch COMMAND --help` explains a command and its options.",
        formatter_class=_formatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    subparsers = parser.add_subparsers(required=True, title="commands", metavar="COMMAND", prog="wheelarch")
    for name in _VERBS:
        verb = _verb_parser(name)
        subparsers.add_parser(name, help=verb.description, parents=[verb], add_help=False, allow_abbrev=False)
    return parser


def _parser_class() -> type[ArgumentParser]:
    """Return argparse's parser, changed so that a usage error is one line, as every other error is."""
    from argparse import ArgumentParser

    class Parser(ArgumentParser):
        def error(self, message: str) -> NoReturn:
            if message.startswith("argument "):  # argument --jobs: ...
                raise UsageError(message.removeprefix("argument "))
            raise UsageError(f"{message}; `{self.prog} --help` shows the usage")

    return Parser


def _formatter(prog: str) -> RawDescriptionHelpFormatter:
    """Return a formatter of fixed width: to find out the terminal's, argparse imports shutil on every run."""
    from argparse import RawDescriptionHelpFormatter

    return RawDescriptionHelpFormatter(prog, width=80)
