"""`wheelarch why`: explain an error message, and find the file in a wheel that causes it."""

from __future__ import annotations

import sys
from functools import cache

from .._lib.typed import TYPE_CHECKING
from ..errors import SourceError
from ..report.escape import TEXT_LIMIT, escape
from . import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from ..model import WheelReport
    from ..why.explain import Explanation

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Explain error messages of imports, loaders and build tools, also in CI logs."
EPILOG = """\
If the name of FILE ends in .whl, it is a WHEEL, and the text is read from
standard input.

--format json prints one object:
  {"schema": 1, "tool": {"name", "version"}, "explanations": [
    {"message": NAME, "line": NUMBER, "count": NUMBER, "text": TEXT,
     "details": {"have": TEXT, "need": TEXT, ...}, "meaning": TEXT,
     "codes": [CODE, ...], "remedy": TEXT, "source": TEXT,
     "causes": [{"wheel": PATH, "member": PATH or null, "code": CODE or null,
                 "what": TEXT}, ...]}, ...]}

Exit code:
  0  a message was explained
  1  the text contains no message that wheelarch knows
  2  wrong usage, an internal error, or a WHEEL that cannot be read (the text is
     still explained)
  3  there is no text: FILE cannot be read, or it is empty
"""

_CHUNK = 1 << 18


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help="the text to explain (default: -, which is standard input)",
    )
    parser.add_argument(
        "wheels",
        nargs="*",
        metavar="WHEEL",
        help="wheels, or folders with wheels, in which to look for the cause",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="text (default) or json; see below"
    )
    parser.add_argument("--verbose", action="store_true", help="show the traceback of an internal error")


def run(args: Namespace) -> int:
    """Read the text, explain it, return the exit code."""
    from ..why.explain import modules_of

    if args.file.endswith(".whl"):
        args.file, args.wheels = "-", [args.file, *args.wheels]
    judged = cache(lambda: _judge(args.wheels))
    modules = cache(lambda: modules_of(judged()[0]) if args.wheels else frozenset())
    try:
        explanations, length = _read(args.file, lambda module: module in modules())
    except OSError as error:
        console.complain(f"{args.file}: {error.strerror}")
        return 3
    if not length:
        console.complain(f"{'standard input' if args.file == '-' else args.file}: there is no text")
        return 3
    reports, in_vain = judged() if explanations else ([], False)
    console.say(_json(explanations, reports) if args.format == "json" else _text(explanations, reports))
    return 2 if in_vain else 0 if explanations else 1


def _read(file: str, is_known: Callable[[str], bool]) -> tuple[tuple[Explanation, ...], int]:
    """Return the explanations of a text, and how many characters it has.

    Args:
        file: Its path, or `-`.
        is_known: See `explain`.

    Raises:
        OSError: It cannot be read.
    """
    from ..why.explain import decode, explain

    length = 0

    def counted(stream: BinaryIO) -> Iterator[str]:
        nonlocal length
        for piece in decode(iter(lambda: stream.read(_CHUNK), b"")):
            length += len(piece.strip())
            yield piece

    if file != "-":
        with open(file, "rb") as stream:
            return explain(counted(stream), is_known), length
    if sys.stdin is None:
        return (), 0
    if sys.stdin.isatty():
        console.complain("paste the message, then press Ctrl-D (on Windows: Ctrl-Z and Enter)")
    return explain(counted(sys.stdin.buffer), is_known), length


def _judge(wheels: list[str]) -> tuple[list[WheelReport], bool]:
    """Return the reports on the wheels, and whether some name matched none (standard error says which)."""
    from ..api import audit
    from .inputs import expand

    inputs = expand(wheels)
    problems = list(inputs.problems)
    reports: list[WheelReport] = []
    for path in inputs.paths:
        try:
            reports += audit(path)
        except SourceError as error:
            problems.append(str(error))
    for problem in problems:
        console.complain(problem)
    return reports, bool(problems)


def _remedy(explanation: Explanation, reports: list[WheelReport]) -> str:
    from ..rules import remedies
    from ..why.explain import culprits

    guilty = [report for report in reports if culprits(explanation, report)]
    generator = next((report.generator for report in guilty or reports if report.generator), "")
    system = explanation.message.system
    family = remedies.FAMILIES.get(system, (system,) if system else ())
    systems = [
        system
        for system in remedies.systems_of_tags(tag for report in guilty for tag in report.tags)
        if not family or system in family
    ]
    said = remedies.text(explanation.message.remedies, generator, systems or family[:1])
    return " ".join(filter(None, (said, explanation.message.advice)))


def _json(explanations: tuple[Explanation, ...], reports: list[WheelReport]) -> str:
    import json

    from .. import __version__
    from ..why.explain import culprits

    document = {
        "schema": 1,
        "tool": {"name": "wheelarch", "version": __version__},
        "explanations": [
            {
                "message": one.message.name,
                "line": one.line,
                "count": one.times,
                "text": escape(one.text, TEXT_LIMIT),
                "details": {name: escape(value) for name, value in one.details.items()},
                "meaning": one.message.meaning,
                "codes": list(one.message.codes),
                "remedy": _remedy(one, reports),
                "source": one.message.source,
                "causes": [
                    {
                        "wheel": escape(report.path, TEXT_LIMIT),
                        "member": None if cause.member is None else escape(cause.member),
                        "code": cause.code or None,
                        "what": escape(cause.what, TEXT_LIMIT),
                    }
                    for report in reports
                    for cause in culprits(one, report)
                ],
            }
            for one in explanations
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _text(explanations: tuple[Explanation, ...], reports: list[WheelReport]) -> str:
    if not explanations:
        return "the text contains no message that wheelarch knows\n"
    blocks = [_block(one, reports) for one in explanations]
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _block(explanation: Explanation, reports: list[WheelReport]) -> Iterator[str]:
    from ..report.layout import plural, wrap
    from ..why.explain import culprits

    often = f" ({explanation.times} times)" if explanation.times > 1 else ""
    yield from wrap(f"line {explanation.line}{often}: {escape(explanation.text, 400)}")
    message = explanation.message
    yield from wrap(message.meaning, "  ", "")
    if message.codes:
        yield from wrap(f"rules: {', '.join(map(_called, message.codes))}", "  ")
    remedy = _remedy(explanation, reports)
    if remedy:
        yield from wrap(f"remedy: {remedy}", "  ")
    yield from wrap(f"source: {message.source}", "  ")
    explained = False
    for report in reports:
        path = escape(report.path, TEXT_LIMIT)
        for cause in culprits(explanation, report):
            explained = True
            where = f"{path}: {escape(cause.member)}" if cause.member else path
            verdict = (
                f"{cause.code}: "
                if cause.code
                else "the message names this file, but no rule finds a fault in it: "
            )
            yield from wrap(f"cause in {where}: {verdict}{escape(cause.what, TEXT_LIMIT)}", "  ")
    if reports and not explained:
        yield from wrap(f"no cause found in {plural(len(reports), 'wheel')}", "  ")


def _called(code: str) -> str:
    """Return a rule's code and name, or only the code of a rule of the doctor."""
    from ..rules import BY_CODE

    return f"{code} {BY_CODE[code].name}" if code in BY_CODE else code
