"""`wheelarch target`: show what an interpreter can load, and the environment to build for it."""

from __future__ import annotations

import os
import sys

from .._lib.typed import TYPE_CHECKING
from ..errors import UsageError
from ..model import Severity, WheelReport
from ..report.escape import TEXT_LIMIT, escape
from . import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from ..interpreter.target import BuildTarget

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Show what an interpreter can load, and the environment to build for it."
EPILOG = """\
Set the environment in a shell:
  sh          eval "$(wheelarch target --format env)"
  PowerShell  wheelarch target --format powershell | Out-String | Invoke-Expression
or run one command in it:
  wheelarch target --python .venv -- maturin build

Exit code:
  0  no errors; warnings say what may mislead build tools
  1  an error: the interpreter that answered is not the one in the file
  2  wrong usage, or the interpreter does not run
With COMMAND: the exit code of the command, or 128 plus the signal that ended it.
"""

_FORMATS = ("text", "json", "env", "cargo", "powershell")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "--python",
        metavar="PATH",
        help="an interpreter, or the folder of a virtual environment (default: the active environment, "
        "or else the Python that runs wheelarch)",
    )
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        default="text",
        help="text (default), json, env (for sh), cargo (for .cargo/config.toml) or powershell",
    )
    parser.add_argument("--verbose", action="store_true", help="show the traceback of an internal error")
    parser.add_argument(
        "command",
        nargs="*",
        metavar="-- COMMAND",
        help="a command to run in that environment, with its arguments",
    )


def run(args: Namespace) -> int:
    """Ask the interpreter, print the answer or run the command, return the exit code."""
    from ..interpreter.target import target

    answer = target(args.python)
    if args.command:
        _complain(answer)
        return _execute(args.command, answer.variables(os.environ))
    text = _render(answer, args.format)
    if args.format in ("env", "cargo", "powershell"):
        _complain(answer)
        _refuse_unprintable(text)
    console.say(text)
    return int(any(finding.severity is Severity.ERROR for finding in answer.findings))


def _render(answer: BuildTarget, form: str) -> str:
    from ..interpreter import environment

    if form == "env":
        return environment.as_sh(answer.environment, answer.unset)
    if form == "powershell":
        return environment.as_powershell(answer.environment, answer.unset)
    if form == "cargo":
        return environment.as_cargo(answer.environment)
    if form == "json":
        import json

        return json.dumps(answer.to_dict(), indent=2) + "\n"
    return "".join(f"{line}\n" for line in _lines(answer))


def _lines(answer: BuildTarget) -> Iterator[str]:
    from ..report import as_text
    from ..report.document import Report

    interpreter = answer.interpreter
    version = ".".join(map(str, interpreter.version)) + " free-threaded" * interpreter.free_threaded
    tags = answer.platform_tags
    rows = [
        ("interpreter", f"{interpreter.executable} ({interpreter.implementation} {version})"),
        ("machine", answer.machine + (f", emulated on {answer.host}" if answer.emulated else "")),
        ("Rust triple", answer.triple),
        (
            "wheel tags",
            tags[0] + (f" and {len(tags) - 1} more, down to {tags[-1]}" if len(tags) > 1 else ""),
        ),
    ]
    if answer.platform.libc:
        rows.append(("C library", answer.platform.libc))
    if answer.deployment_target:
        rows.append(("deployment target", answer.deployment_target))
    if answer.universal2 == "both":
        rows.append(("universal2", "both slices, because ARCHFLAGS asks for both"))
    elif answer.universal2:
        other = 'ARCHFLAGS="-arch x86_64 -arch arm64"'
        rows.append(("universal2", f"only the running slice; set {other} to build both"))
    rows += [(f"evidence {one.weight}", f"{one.signal}: {one.says}") for one in answer.evidence]
    rows += [(variable.name, f"{variable.value}   ({variable.readers})") for variable in answer.environment]
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        yield f"{label:{width}}  {escape(value, TEXT_LIMIT)}"
    if answer.findings:
        report = WheelReport(interpreter.given, "interpreter", "findings", (), "", (), answer.findings)
        yield ""
        yield as_text.render(Report((report,))).rstrip("\n")


def _complain(answer: BuildTarget) -> None:
    """Print on standard error what may mislead a build: standard output belongs to the environment or the command."""
    for finding in answer.findings:
        if finding.severity is not Severity.NOTE:
            console.complain(f"{finding.severity} {finding.code} {finding.name}: {finding.message}")


def _refuse_unprintable(text: str) -> None:
    """Raise if standard output would change a character, because a shell would then set another value.

    Raises:
        UsageError: Its encoding lacks a character of the text.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError as error:
        char = text[error.start : error.end]
        raise UsageError(
            f"a path contains {char!r}, which {encoding}, the encoding of standard output, lacks"
        ) from error


def _execute(command: list[str], environ: dict[str, str]) -> int:
    """Run a command in the environment, and return its exit code.

    Raises:
        UsageError: It cannot be started.
    """
    import shutil
    import subprocess

    program = shutil.which(command[0], path=environ.get("PATH"))
    if program is None:
        raise UsageError(f"{command[0]}: command not found")
    try:
        code = subprocess.call([program, *command[1:]], env=environ)
    except OSError as error:
        raise UsageError(f"{command[0]}: cannot be run: {error.strerror or error}") from error
    return 128 - code if code < 0 else code
