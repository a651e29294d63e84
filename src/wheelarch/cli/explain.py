"""`wheelarch explain`: print the documentation of rules, or how the systems of a wheel load one of its files."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..errors import UsageError
from . import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from ..doctor.rules import DoctorRule
    from ..interpreter.signal_rules import SignalRule
    from ..model import Member, WheelReport
    from ..rules import Rule

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY = "Explain rules, or how a file of a wheel is loaded, step by step."
EPILOG = (
    "`wheelarch rules` lists all rules. WHEEL!MEMBER is the path of a wheel and that of a file in it; the file's name "
    "is enough if there is one of that name: `wheelarch explain dist/demo-1.0-cp311-abi3-win_amd64.whl!_core.pyd`."
)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument(
        "words",
        nargs="+",
        metavar="CODE|WHEEL!MEMBER",
        help="the code of a rule (WA201, WD07), its name (wrong-machine), or a file of a wheel",
    )


def run(args: Namespace) -> int:
    """Print the documentation of each rule with its remedies, or the steps of the load of each file."""
    files = [word for word in args.words if "!" in word or word.endswith(".whl")]
    if files:
        if len(files) < len(args.words):
            raise UsageError("explain rules or files of wheels, not both at once")
        if bare := next((word for word in files if "!" not in word), ""):
            raise UsageError(
                f"{bare}: say which file of the wheel, as {bare}!MEMBER; `wheelarch show` lists them"
            )
        console.say("\n".join(map(_steps, files)))
        return 0
    from ..doctor import rules as doctor_rules
    from ..interpreter import signal_rules
    from ..rules import RULES
    from ..rules import lookup as catalogue

    everything: tuple[Rule | DoctorRule | SignalRule, ...] = (
        *RULES,
        *doctor_rules.RULES,
        *signal_rules.RULES,
    )
    rules = [catalogue.find(everything, word) for word in args.words]
    console.say("\n\n".join("".join(f"{line}\n" for line in _lines(rule)) for rule in rules))
    return 0


def _steps(word: str) -> str:
    """Return how a file of a wheel is loaded, given as WHEEL!MEMBER."""
    from ..api import simulate
    from ..facts.libc import libc_of
    from ..report import as_steps

    path, _, wanted = word.rpartition("!")
    report, loads = simulate(path, chosen=lambda report: [_member(report, wanted, path)])
    member = _member(report, wanted, path)
    libcs = [libc_of(image) for image in member.images]
    musl = any("musllinux" in tag for tag in report.tags)
    libc = next(filter(None, libcs), "musl" if musl else "glibc")
    return as_steps.render(report, member, loads, libc)


def _member(report: WheelReport, wanted: str, path: str) -> Member:
    """Return the native file of a wheel that has this path, or the only one with this name.

    Raises:
        UsageError: There is none, or more than one; names those that were meant. Or it cannot be read as a wheel.
    """
    if report.status == "unreadable":
        raise UsageError(f"{path} cannot be read as a wheel: `wheelarch audit` says why")
    wanted = wanted.replace("\\", "/")
    found = [one for one in report.members if one.path == wanted] or [
        one for one in report.members if one.path.endswith(f"/{wanted}")
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{path} has several files {wanted}: {', '.join(one.path for one in found[:5])}")
    from difflib import get_close_matches

    names = {one.name: one.path for one in report.members} | {one.path: one.path for one in report.members}
    near = get_close_matches(wanted, names, 1, 0.4)
    hint = f"; did you mean {names[near[0]]}?" if near else "; `wheelarch show` lists its native files"
    raise UsageError(f"{path} has no native file {wanted}{hint}")


def _lines(rule: Rule | DoctorRule | SignalRule) -> Iterator[str]:
    from ..doctor.rules import DoctorRule
    from ..rules import Rule

    yield f"{rule.code} {rule.name} ({rule.severity})"
    yield ""
    yield rule.doc
    if isinstance(rule, DoctorRule):
        yield from _about_builds(rule)
    elif isinstance(rule, Rule):
        yield from _about_wheels(rule)


def _about_wheels(rule: Rule) -> Iterator[str]:
    from ..report.layout import wrap
    from ..rules.remedies import listed

    if rule.on_request:
        yield ""
        yield from wrap(f"This is advice. It is off unless it is selected: --select WA,{rule.code}.")
    if rule.remedies:
        yield ""
        yield "The report says:"
    for heading, words in listed(rule):
        yield from wrap(f"{heading}: {words}" if heading else words, "  ")
    if codes := rule.predicted_by:
        yield ""
        yield from wrap(f"Rules of the doctor that predict this before a build: {', '.join(codes)}.")


def _about_builds(rule: DoctorRule) -> Iterator[str]:
    from ..report.layout import wrap

    yield ""
    yield from wrap(f"Affected: {'; '.join(map(str, rule.windows)) or 'every release'}.")
    yield from wrap(
        "Rules that find this in the finished wheel: "
        f"{', '.join(rule.shows) or 'none, because no wheel is made or the wheel is right'}."
    )
