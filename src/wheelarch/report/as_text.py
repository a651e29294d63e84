"""Show the report as text, for people and for CI logs. It needs neither color nor a terminal of a certain width."""

from __future__ import annotations

import os
import re
from collections import Counter

from .._lib.typed import TYPE_CHECKING
from ..model import Finding, Severity, WheelReport
from . import as_grid
from .escape import TEXT_LIMIT, escape
from .layout import plural, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .document import Report

__all__ = ["FOLD_ABOVE", "render", "render_end", "render_inputs"]

FOLD_ABOVE = 20
"""The most findings of one code in one wheel that are shown one by one. More become one line."""
_TAGS_SHOWN = 4
_INDENT = " " * 6

# ECMA-48, "Select Graphic Rendition".
_STYLES = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "note": "\x1b[1;36m",
    "ok": "\x1b[32m",
    "path": "\x1b[1m",
}
_PLAIN = "\x1b[0m"


def render(report: Report, *, color: bool = False, quiet: bool = False, verbose: bool = False) -> str:
    """Return the report: one verdict per input, one block per finding, and a last line with the counts.

    Args:
        report: What was found.
        color: Whether to mark verdicts and severities with ANSI colors.
        quiet: Leave out clean inputs and the last line. The text of a clean report is then empty.
        verbose: Show every finding, however many there are of one code.
    """
    inputs = render_inputs(report, color=color, quiet=quiet, verbose=verbose)
    return inputs + render_end(report, quiet=quiet)


def render_inputs(report: Report, *, color: bool, quiet: bool, verbose: bool) -> str:
    """Return the part of `render` about each input."""
    lines: list[str] = []
    for wheel in report:
        if wheel.status != "clean" or not quiet:
            lines.extend(_wheel(wheel, color=color, fold=not verbose))
    return "".join(f"{line}\n" for line in lines)


def render_end(report: Report, *, quiet: bool) -> str:
    """Return the part of `render` about all inputs together."""
    if quiet:
        return ""
    lines: list[str] = []
    for grid in report.grids:
        if not lines and not report.wheels[-1].findings:
            lines.append("")
        lines.extend((*as_grid.render(grid), ""))
    lines.append(_summary(report))
    return "".join(f"{line}\n" for line in lines)


def _wheel(wheel: WheelReport, *, color: bool, fold: bool) -> Iterator[str]:
    path = _paint(escape(wheel.path, TEXT_LIMIT), "path", color)
    yield f"{path}: {_verdict(wheel, color=color)}"
    counts = Counter(finding.code for finding in wheel.findings)
    folded = [code for code, count in counts.items() if fold and count > FOLD_ABOVE]
    remedy = ""
    for finding in wheel.findings:
        if finding.code not in folded:
            yield ""
            yield from _finding(finding, color=color, repeats=finding.remedy == remedy)
            remedy = finding.remedy
    if folded:
        yield ""
    for code in folded:
        yield _fold([finding for finding in wheel.findings if finding.code == code], color=color)
    if wheel.honest_tags or wheel.rebuild:
        yield ""
        yield from _way_out(wheel)
    if wheel.findings:
        yield ""


def _way_out(wheel: WheelReport) -> Iterator[str]:
    """Yield the tags that match the contents and the command that sets them, or what to rebuild if no tags match."""
    if not wheel.honest_tags:
        blamed = escape(_some(wheel.rebuild), TEXT_LIMIT)
        yield from wrap(f"renaming will not fix this; rebuild {blamed}", "  ", "    ")
        return
    yield from wrap(
        f"tags that match the contents: {escape(_some(wheel.honest_tags), TEXT_LIMIT)}", "  ", "    "
    )
    if label := _variant_label(wheel.path):
        yield from wrap(f"keep the variant label {escape(label, TEXT_LIMIT)}; `wheel tags` drops it", _INDENT)
        return
    command = _tags_command(wheel.path, wheel.honest_tags)
    if wheel.kind != "wheel" or not command:
        return
    if any(finding.name == _WHEEL_FILE_DIFFERS for finding in wheel.findings):
        yield from wrap(_BY_HAND, _INDENT, _INDENT)
    else:
        yield f"{_INDENT}{command}"


def _variant_label(path: str) -> str:
    """Return the variant label of a wheel's path (PEP 825, a draft), or an empty string."""
    name = path.replace("\\", "/").rpartition("/")[2]
    parts = name.removesuffix(".whl").split("-")
    usual = 6 if len(parts) > 2 and parts[2][:1].isdigit() else 5
    return parts[-1] if name.endswith(".whl") and len(parts) == usual + 1 else ""


_WHEEL_FILE_DIFFERS = "wheel-tags-differ"
_BY_HAND = (
    "`wheel tags` refuses this wheel, because its WHEEL file has other tags than its name: unpack it with `python -m "
    "wheel unpack`, write the tags into WHEEL, and pack it again with `python -m wheel pack`"
)
"""Source: wheel 0.48, wheel/_commands/tags.py and wheel/_commands/pack.py."""


def _tags_command(path: str, triples: tuple[str, ...]) -> str:
    """Return the command that gives the wheel these tags; empty if its path cannot be printed or quoted as it is."""
    word = _quoted(path)
    if not word or any(triple.count("-") != 2 for triple in triples):
        return ""
    parts = [
        ".".join(sorted(set(part))) for part in zip(*(triple.split("-") for triple in triples), strict=True)
    ]
    options = (
        f"--{name}-tag {part}" for name, part in zip(("python", "abi", "platform"), parts, strict=True)
    )
    command = f"python -m wheel tags {' '.join(options)} --remove {word}"
    return command if escape(command, TEXT_LIMIT) == command else ""


def _quoted(path: str) -> str:
    """Return a path as one word for the shell of this system; an empty string if no quotes fit every shell.

    Windows has two shells. In double quotes cmd expands `%`, and PowerShell expands `$` and the backtick and ends the
    string at a typographic quote.

    Source: PowerShell, "about_Quoting_Rules" and language specification 2.3.5.2; Microsoft, "cmd", Remarks.
    """
    if os.name != "nt":
        from shlex import quote

        return quote(path)
    if not _EXPANDED_ON_WINDOWS.isdisjoint(path):
        return ""
    return path if _PLAIN_ON_WINDOWS.issuperset(path) else f'"{path}"'


_EXPANDED_ON_WINDOWS = frozenset('%$`"\u201c\u201d\u201e')
_PLAIN_ON_WINDOWS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-:\\/")


def _verdict(wheel: WheelReport, *, color: bool) -> str:
    if wheel.status == "unreadable":
        return _paint("unreadable", "error", color)
    if not wheel.findings:
        return _paint("ok", "ok", color)
    return ", ".join(
        _paint(plural(count, severity), severity, color)
        for severity in Severity
        if (count := sum(finding.severity is severity for finding in wheel.findings))
    )


def _finding(finding: Finding, *, color: bool, repeats: bool) -> Iterator[str]:
    """Yield the block of one finding, without what its message already says.

    A remedy that the previous block has too is printed as `as above`.
    """
    said = finding.message
    where = f": {escape(finding.member)}" if finding.member and not _says(said, finding.member) else ""
    if finding.slice is not None and not _says(said, f"{finding.slice} slice"):
        where += f" ({escape(finding.slice)} slice)"
    yield _title(finding, color=color) + where
    yield from _paragraph("", finding.message)
    unsaid = [f"{key}: {value}" for key, value in finding.evidence.items() if not _says(said, value)]
    yield from _paragraph("", "; ".join(unsaid))
    yield from _paragraph("tags: ", _some(finding.tags))
    yield from _paragraph("remedy: ", "as above" if repeats and finding.remedy else finding.remedy)
    yield from _paragraph("users see: ", finding.consequence)
    yield from _paragraph("confirmed by: ", ", ".join(finding.confirmed_by))
    if finding.predicted_by:
        yield from _paragraph("predicted by: ", f"{', '.join(finding.predicted_by)} (wheelarch doctor)")


def _says(message: str, words: str) -> bool:
    """Whether a message contains words as a whole: `x86` is not in `x86_64`, nor `a.so` in `pkg/a.so`."""
    return re.search(rf"(?<![\w./-]){re.escape(words)}(?![\w-]|\.\w)", message) is not None


def _fold(findings: list[Finding], *, color: bool) -> str:
    worst = max(findings, key=lambda finding: finding.severity.rank)
    where = "" if worst.member is None else f", e.g. in {escape(worst.member)}"
    return f"{_title(worst, color=color)}: {len(findings)} findings{where} (--verbose shows each)"


def _title(finding: Finding, *, color: bool) -> str:
    return f"  {_paint(finding.severity, finding.severity, color)} {finding.code} {finding.name}"


def _some(tags: tuple[str, ...]) -> str:
    """Return the first tags and how many more there are: a compressed set can mean hundreds."""
    more = len(tags) - _TAGS_SHOWN
    return ", ".join(tags[:_TAGS_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _paragraph(label: str, text: str) -> list[str]:
    """Return the lines of a text after its label; none if the text is empty."""
    return wrap(label + escape(text, TEXT_LIMIT), _INDENT, "  " * bool(label)) if text else []


def _summary(report: Report) -> str:
    summary = report.summary
    counts = (
        plural(summary.errors, "error"),
        plural(summary.warnings, "warning"),
        plural(summary.notes, "note"),
    )
    return f"{plural(summary.inputs, 'input')}, {summary.clean} clean: {', '.join(counts)}"


def _paint(text: str, style: str, color: bool) -> str:
    return f"{_STYLES[style]}{text}{_PLAIN}" if color else text
