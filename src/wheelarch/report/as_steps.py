"""Print the simulated load of one file step by step: what was looked for, where, what answered, and how it ends."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING
from ..loading.simulate import OPEN, Answer, Load, Outcome, Step
from ..loading.words import missing_library
from ..model import Format, Member, WheelReport
from .escape import escape
from .layout import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["render"]

_LIMIT = 400
"""How many characters of one path, name or text are printed: a load has many of them."""

_SHOWN = 8
"""How many folders, tags or hooks are printed in one place."""

_WORDS = {
    Answer.WHEEL: "found: {by}",
    Answer.LOADED: "in the process already: {by}",
    Answer.SYSTEM: "the system has it",
    Answer.PYTHON: "Python has it",
    Answer.DISTRIBUTION: "not in the wheel; {by} brings it",
    Answer.SOFTWARE: "not in the wheel; users install {by}",
    Answer.RUNTIME: "not in the wheel; part of the Visual C++ Redistributable",
    Answer.PRELOADED: "not found; the wheel has {by}, which answers if Python code loads it first",
    Answer.UNLED: "not found; the wheel has {by}, which does not answer even if it is loaded first",
    Answer.UNFIT: "found: {by}, which this process cannot load",
    Answer.UNKNOWN: "not found: neither in the wheel nor on the system",
    Answer.LOST: "not found: nothing but the build machine has it",
}

_ENDS = {
    Outcome.LOADS: "Every library that it needs is there.",
    Outcome.DEPENDS: "It needs something from outside the wheel. Without it:",
    Outcome.FAILS: "It fails:",
}


def render(report: WheelReport, member: Member, loads: Iterable[Load], libc: str) -> str:
    """Return the steps of the loads of one member, and what the audit says of it.

    Args:
        report: The wheel's.
        member: One of its members.
        loads: Those of the member's slices.
        libc: `glibc`, `musl` or `bionic`, for the words of the loader.
    """
    lines = [line for load in loads for line in _load(load, libc)]
    if not lines:
        lines = [f"{escape(member.path, _LIMIT)} cannot be read, so its load is not known."]
    findings = [one for one in report.findings if one.member == member.path]
    lines += ["The audit says:"] if findings else ["The audit says nothing about this file."]
    for one in findings:
        lines += wrap(f"{one.severity} {one.code} {one.name}: {escape(one.message, _LIMIT)}", "  ")
    return "".join(f"{line}\n" for line in lines)


def _load(load: Load, libc: str) -> Iterator[str]:
    tags = _list(load.triples) or "none of the wheel's tags"
    yield from wrap(f"{escape(load.root.path, _LIMIT)} ({load.image.arch}) for {tags}")
    if load.image.faults:
        yield "  The file is damaged, so some needs may be missing here."
    asking = ""
    for step in load.steps:
        if step.loader.path != asking:
            asking = step.loader.path
            yield from wrap(f"{escape(asking, _LIMIT)} needs", "  ")
        yield from _step(step)
    yield from _bound(load)
    yield from _hooks(load)
    yield f"  {_ENDS[load.outcome]}"
    cause = next((step for step in load.steps if step.answer in OPEN and not step.optional), None)
    if load.outcome is Outcome.FAILS:
        certain = (Answer.LOST, Answer.UNFIT)
        cause = next(step for step in load.steps if step.answer in certain and not step.optional)
    if cause is not None:
        yield from wrap(escape(missing_library(cause, load.root, libc), _LIMIT), "    ")


def _list(texts: Sequence[str]) -> str:
    """Return the first texts, safe to print, and how many more there are."""
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(escape(text, _LIMIT) for text in texts[:_SHOWN]) + more


def _step(step: Step) -> Iterator[str]:
    what = _WORDS[step.answer].format(by=escape(step.by, _LIMIT))
    optional = " (loads without it)" if step.optional else ""
    folders = [folder for folder in step.folders if folder]
    looked = ""
    if folders and step.answer not in (Answer.SYSTEM, Answer.PYTHON, Answer.LOADED):
        looked = f", looked for in {_list(folders)}"
    yield from wrap(f"{escape(step.name, _LIMIT)}{optional}{looked}: {what}", "    ")


def _bound(load: Load) -> Iterator[str]:
    """Yield what names the slice is bound to, as far as it was read: by library, and by version for ELF."""
    counts: dict[str, int] = {}
    for symbol in load.image.imported:
        where = symbol.library or ("every image of the process" if symbol.lookup == "flat" else "")
        if where:
            counts[where] = counts.get(where, 0) + 1
    if counts:
        texts = [f"{count} of {where}" for where, count in sorted(counts.items(), key=lambda one: -one[1])]
        yield from wrap(f"Names that it is bound to: {_list(texts)}", "  ")
    needs = load.image.elf.version_needs if load.image.elf else ()
    if needs:
        texts = [f"{need.version} of {need.library}" for need in needs]
        yield from wrap(f"Versions that it asks for: {_list(texts)}", "  ")


def _hooks(load: Load) -> Iterator[str]:
    if load.root.python is not None and load.image.format is not Format.WASM:
        hooks = _list(load.root.python.hooks) or "nothing"
        yield from wrap(f"Python calls the module's init hook; it exports {hooks}", "  ")
