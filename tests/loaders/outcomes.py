"""Where a loader and the audit differ about a wheel, and what the manifest says of it.

wheels.jsonl has a row per wheel: `target`, the loader; `filename`; `sha256`, `project` and `version`, by which pip
downloads it, or none if it is in testdata/wheels; `asked` and `refused`, the numbers of files; and `differs`: groups of
`members` with the loader's words, the audit's codes, and the reason `why`, a key of `REASONS`.
"""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import wheelarch
from loaders.judges import Answers, Judge, Question
from support.cache import cache_folder
from support.images import TESTDATA
from wheelarch.api import simulate
from wheelarch.loading.simulate import OPEN, Load
from wheelarch.model import Kind, Member, Role, Severity

Row = dict[str, Any]
MANIFEST = Path(__file__).with_name("wheels.jsonl")
UNEXPLAINED = "?"

_LOADED = {Kind.SHARED_LIBRARY, Kind.BUNDLE}
_ALLOWED = re.compile(
    r"lib(X11|Xext|Xrender|ICE|SM|GL|gobject-2\.0|gthread-2\.0|glib-2\.0|z|expat|nsl)\.so\.\d\b.*"
    r"(cannot open shared object file|No such file)|"
    r"Error loading shared library libz\.so\.1"
)
"""manylinux and musllinux promise these libraries, but a small machine may lack them: that is not the wheel's fault."""


class Reason(NamedTuple):
    """Why a loader and the audit may differ."""

    right: str
    """Who is right: `loader`, `audit` or `both`."""
    text: str
    passing: bool = False
    """Another version of the loader does not differ."""


class Difference(NamedTuple):
    """One file about which they differ."""

    member: str
    loader: str
    """The loader's words; `loads` if it takes the file."""
    audit: str
    """What it needs from outside the wheel, and the codes of errors, with an exclamation mark, and of warnings; `loads`
    if there is nothing of that."""


class Outcome(NamedTuple):
    """What came of one wheel."""

    asked: int
    refused: int
    differs: list[Difference]


def rows() -> list[Row]:
    """Return the rows of the manifest."""
    return [json.loads(line) for line in MANIFEST.read_text(encoding="utf-8").splitlines()]


def write(found: Iterable[Row]) -> None:
    """Replace the manifest."""
    MANIFEST.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")


def place(row: Row) -> Path:
    """Return the path of a row's wheel, whether or not it is there."""
    return (cache_folder("loaders") if "project" in row else TESTDATA / "wheels") / row["filename"]


def outcomes(judge: Judge, wanted: Sequence[Row], folder: Path) -> list[Outcome]:
    """Ask a loader about wheels, audit them, and compare.

    Args:
        judge: The loader.
        wanted: Rows whose wheels are there.
        folder: A scratch folder.
    """
    audited = [simulate(place(row)) for row in wanted]
    questions = [_question(place(row), report) for row, (report, _) in zip(wanted, audited, strict=True)]
    answers = judge.ask(questions, folder)
    return [_outcome(answer, report, loads) for answer, (report, loads) in zip(answers, audited, strict=True)]


def _question(wheel: Path, report: wheelarch.WheelReport) -> Question:
    """Return what to ask a loader: the extension modules and the libraries of a wheel."""
    modules = [one.path for one in report.members if one.role is Role.EXTENSION]
    libraries = [
        one.path for one in report.members if one.role in {Role.DEPENDENCY, Role.LIBRARY} and _is_library(one)
    ]
    return Question(wheel, tuple(modules), tuple(libraries))


def _is_library(member: Member) -> bool:
    return any(image.kind in _LOADED for image in member.images)


def _outcome(answers: Answers, report: wheelarch.WheelReport, loads: Iterable[Load]) -> Outcome:
    audit = _Audit(report, loads)
    differs = []
    refused = 0
    for member, said in answers.items():
        words = "" if _ALLOWED.search(said) else _short(said)
        refused += bool(words)
        verdict = audit.verdict(member)
        if words and verdict and not audit.names(member, _named(words)):
            verdict += ", another cause"
        elif bool(words) == bool(verdict):
            continue
        differs.append(Difference(member, words or "loads", verdict or "loads"))
    return Outcome(len(answers), refused, differs)


class _Audit:
    """What the audit says of the files of one wheel: how it simulates their loads, and what its report says."""

    def __init__(self, report: wheelarch.WheelReport, loads: Iterable[Load]) -> None:
        self._findings = report.findings
        self._open: dict[str, dict[str, str]] = {}
        loads = list(loads)
        brought = set()
        for one in loads:
            steps = {
                step.name: step.answer.value
                for step in one.steps
                if step.answer in OPEN and not step.optional
            }
            self._open.setdefault(one.root.path, {}).update(steps)
            if not steps:
                brought.update(step.by for step in one.steps)
        # Alone they may not load, but a file that loads brings them.
        for member in brought:
            self._open[member] = {}

    def verdict(self, member: str) -> str:
        """Return what is needed from outside the wheel, by what would bring it, and the codes of errors and warnings.

        A finding about a missing library that names another file is repeated for each file that needs the library.
        """
        steps = self._open.get(member, {})
        words = [f"needs {name} ({answer})" for name, answer in sorted(steps.items())]
        codes = {
            one.code + "!" * (one.severity is Severity.ERROR)
            for one in self._findings
            if one.member == member and one.severity >= Severity.WARNING
        }
        if steps and not any(self._told(name) for name in steps):
            words.append("without a finding")
        return ", ".join([*words, *sorted(codes)])

    def names(self, member: str, named: Sequence[str]) -> bool:
        """Return whether the audit names one of the libraries or versions that a loader names, if it names any.

        An error about the file itself is enough: it says that the file cannot load at all.
        """
        if any(one.member == member and one.severity is Severity.ERROR for one in self._findings):
            return True
        steps = {name.lower() for name in self._open.get(member, {})}
        return not named or any(one.lower() in steps or self._told(one, member) for one in named)

    def _told(self, name: str, member: str | None = None) -> bool:
        return any(
            name.lower()
            in " ".join([one.message, *one.evidence.values(), *(claim for _, claim in one.claims)]).lower()
            for one in self._findings
            if member in {None, one.member}
        )


_NAMED = (
    r"^(\S+): cannot open shared object file",
    r"^Error loading shared library (\S+)",
    r"version `(\S+)' not found",
    r"^error 126: (.+)",
)


def _named(words: str) -> list[str]:
    """Return the libraries or the version that a loader names as missing."""
    found = [match[1] for pattern in _NAMED if (match := re.search(pattern, words))]
    return found[0].split(", ") if found else []


def _short(words: str) -> str:
    """Return a loader's words without what depends on the machine or is said twice."""
    words = re.sub(r": No such file or directory| \((?:required|needed) by [^)]*\)", "", words)
    return re.sub(r"^/\S*/", "", words)


def explained(row: Row) -> dict[Difference, str]:
    """Return the differences that the manifest has for a wheel, each with its reason."""
    return {
        Difference(member, group["loader"], group["audit"]): group["why"]
        for group in row.get("differs", [])
        for member in group["members"]
    }


def renewed(row: Row, outcome: Outcome) -> Row:
    """Return a row with what was found now. A difference keeps its reason, a new one has `UNEXPLAINED`."""
    known = explained(row)
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in outcome.differs:
        why = known.get(one, UNEXPLAINED)
        groups.setdefault((one.loader, one.audit, why), []).append(one.member)
    kept = {key: row[key] for key in ("target", "filename", "sha256", "project", "version") if key in row}
    differs = [
        {"members": members, "loader": loader, "audit": audit, "why": why}
        for (loader, audit, why), members in groups.items()
    ]
    return {**kept, "asked": outcome.asked, "refused": outcome.refused, "differs": differs}


REASONS = {
    "newer glibc": Reason(
        "both",
        "The tag promises to work with a newer glibc than this loader's.",
        passing=True,
    ),
    "musl before 1.2.4": Reason(
        "both",
        "A library in the wheel has packed relocations (DT_RELR), which musl applies from 1.2.4 on. Older versions "
        "load it as it is, and the process dies in its first constructor.",
        passing=True,
    ),
    "another Python": Reason(
        "both",
        "The module loads in the one Python that it was linked for, and that one was asked.",
    ),
    "made-up libc": Reason(
        "loader",
        "Images of testdata are linked with a made-up libc, which has `puts` under a newer version than glibc. The "
        "audit has no list of glibc's names.",
    ),
}
"""Why they differ, by the key in the manifest."""
