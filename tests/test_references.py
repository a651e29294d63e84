"""References lead to something that a reader can open: files, headings, names of this package."""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.plain_english import prose

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("src", "tests", "docs", "benchmarks", "testdata")
PAGE = re.compile(r"[\w./-]*\w\.md\b")
OURS = re.compile(
    r"(?<![\w./-])(?:src|tests|docs|benchmarks|testdata)/[\w./-]*\w\.(?:py|md|json|jsonl|toml|sh|c|ya?ml)\b"
)
CITED = re.compile(r'(docs/facts/[\w-]+\.md), "([^"]+)"')
NAMED = re.compile(r"`(wheelarch(?:\.(?!toml\b)\w+)+)(?:\([^`]*\))?`")
ELSEWHERE = (
    "CHANGELOG.md", "README.md", "X.md", "results/DATE.md", "tests/interpreter/interpreters/NAME.json", "Changelog.md",
    "DynamicLinking.md", "docs/design/coreclr/botr/readytorun-format.md", "readytorun-format.md",
)  # fmt: skip
"""Names that every project has, placeholders, and pages of other projects: maturin, dyld, .NET."""
WRITTEN_ELSEWHERE = ("tests/test_contributing.py", "tests/test_references.py", "CONTRIBUTING.md")
"""Where files are named that a reader is asked to write."""


def texts() -> list[Path]:
    """Return every file of ours that people read."""
    found = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in (".py", ".md")]
    pages = list(ROOT.glob("*.md"))
    return sorted(path for path in (*found, *pages) if "__pycache__" not in path.parts)


@cache
def joined(path: Path) -> str:
    """Return the prose of a file as one line, so that a reference may be wrapped."""
    return re.sub(r"\s+", " ", " ".join(line.lstrip("# ") for _, line in prose(path)))


@cache
def headings(page: Path) -> frozenset[str]:
    return frozenset(re.findall(r"^#+ (.+?)\s*$", page.read_text(encoding="utf-8"), re.MULTILINE))


def missing(path: Path) -> Iterator[str]:
    name = path.relative_to(ROOT).as_posix()
    if name in WRITTEN_ELSEWHERE:
        return
    text = joined(path)
    for reference in {*PAGE.findall(text), *OURS.findall(text)} - set(ELSEWHERE):
        if "://" in reference or reference.startswith("//"):
            continue
        places = (ROOT, path.parent, ROOT / "docs", ROOT / "docs" / "rules", ROOT / "docs" / "facts")
        if not any((place / reference).exists() for place in places):
            yield f"{name}: {reference}"
    for page, heading in CITED.findall(text):
        if not (ROOT / page).exists() or heading not in headings(ROOT / page):
            yield f'{name}: {page}, "{heading}"'
    for dotted in NAMED.findall(text):
        if not resolves(dotted):
            yield f"{name}: {dotted}"


@cache
def resolves(dotted: str) -> bool:
    """Whether a dotted name is a module of ours, or a name in one."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            fields = getattr(found, "__annotations__", {})
            if not hasattr(found, part) and part not in fields:
                return False
            found = getattr(found, part, None)
        return True
    return False


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_references_lead_somewhere(path: Path) -> None:
    """A page, file, heading or name of this package that a text mentions is there."""
    assert list(missing(path)) == []


def test_a_missing_reference_is_found(tmp_path: Path) -> None:
    """The test itself sees a page that is not there."""
    assert PAGE.findall("see rules.md 2.2 and docs/facts/gone.md") == ["rules.md", "docs/facts/gone.md"]
    assert not resolves("wheelarch.gone")
    assert resolves("wheelarch.model.Finding")
