"""Find words that our style avoids, in docstrings, comments, strings and Markdown.

    python -m tests.plain_english [PATH...]

Without paths, the whole repository is searched. What another program says is exempt: text in backticks, text in code
blocks of Markdown, and the lines listed in `QUOTED`. One line per finding: `path:line: found -> write`.

Exit code 0 if nothing is found, else 1.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEARCHED = (
    "src", "tests", "docs", "benchmarks", "testdata", "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md",
    "noxfile.py", "hatch_build.py", "action.yml", ".pre-commit-hooks.yaml", ".ci/run", "pyproject.toml",
)  # fmt: skip
LEFT_OUT = (
    "docs/facts/",
    "benchmarks/results/",
    "testdata/sources/",
    "tests/plain_english.py",
    "tests/test_plain_english.py",
)
"""Pages of facts quote loaders all the time, results are measurements, sources are compiled, and this file lists
the words."""

PER = (
    r"\b(?:file|function|page|row|word|report|line|block|job|text|slice|binary|finding|process|thread|code|once)s?"
    r" an? (?:family|format|code|verb|wheel|platform|Python|job|slice|finding|tool|member|rule|input|parser|set)\b"
)
WORDS: dict[str, str] = {
    r"(?<!there )\b(?:is|are|was|were) no\b(?! (?:longer|more|less|later|older|newer|matter|other way))": "is not a",
    PER: "per",
    r"\b(?:tells?|told|telling)\b(?! (?:apart|them apart|one))": "say, report",
    r"\bstands?\b(?! (?:for|in)\b|-)": "is",
    r"\b(?:lies|lie|lay|lain)\b(?! on loopback)": "is",
    r"\bbears?\b": "has",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\banew\b": "again",
    r"\bonce more\b": "again",
    r"\bden(?:y|ies|ied) each other\b": "contradict",
    r"\bdear(?:er|est)?\b": "expensive, slow",
    r"\bin vain\b": "matched nothing",
    r"\bcomplain(?:s|ed)? of\b|\bnothing to complain\b": "no findings",
    r"\bhonest tags?\b": "tags that match the contents",
    r"\bno rename helps\b": "renaming will not fix this",
    r"\bhence\b|\bthus\b|\bthereof\b|\bthereby\b|\bwherein\b|\bwhereby\b|\bupon\b": "plain words",
    r"\b(?:can|don|doesn|isn|won|aren|didn|wasn|couldn|wouldn|shouldn|haven|hasn|weren)'t\b": "no contractions",
    r"\b(?:it|that|there|what|here|let)'s\b": "no contractions",
    r"\b(?:we|they|you)'(?:re|ve|ll|d)\b": "no contractions",
    r"(?<!-)\b(?:colour|behaviour|favour|honour|neighbour|flavour|labour)\w*": "American spelling: -or",
    r"\b(?:normalis|recognis|organis|initialis|serialis|summaris|minimis|optimis|synchronis|generalis|utilis|emphasis)(?:e|ed|es|ing|ation)\b":
        "American spelling: -ize",
    r"\b(?:analyse[sd]?|catalogue[sd]?|artefacts?|centre[sd]?|licence[sd]?|grey|cancelled|labelled|spelt|learnt|whilst|amongst)\b":
        "American spelling",
    r"\b[Mm]isspelt\b(?!-)": "misspelled",
    r"\bhow many it be\b|\bas it were\b|\bforeign\b(?= to\b)": "plain words",
}  # fmt: skip
PATTERNS = [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in WORDS.items()]

QUOTED = (
    "can't open",
    "can't be loaded",
    "not aligned on it's alignment",
    "LC_THREAD command can't be checked",
    "reports a platform 'win32'",
    "Telling GIL and free-threaded code apart",
    "the version of Windows you're running",
    "version of windows you're running",
    "reports a platform 'win",
    "reports a platform",
    "You're ",
    "doesn't have a source distribution or wheel for the current",
    "it\\'s a $(touch pwned)",
    "it's a $(touch pwned)",
)
"""Beginnings of what other programs say, as our texts quote it without backticks."""


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that people read, with their numbers from 1."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _prose_of_python(text)
        return
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def _prose_of_python(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith(("# noqa", "# type:", "# fmt:")):
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            lines = node.value.split("\n")
            last = (node.end_lineno or node.lineno) - node.lineno + 1
            for offset, line in enumerate(lines):
                yield node.lineno + min(offset, last - 1), line


def findings(path: Path) -> Iterator[str]:
    """Yield a line for each avoided word in a file."""
    name = path.relative_to(ROOT).as_posix()
    for number, line in prose(path):
        plain = re.sub(r"`[^`]*`?", "``", line)
        if any(quoted in plain for quoted in QUOTED):
            continue
        for pattern, instead in PATTERNS:
            for found in pattern.finditer(plain):
                yield f"{name}:{number}: {found[0]!r} -> {instead}"


def files(names: list[str]) -> Iterator[Path]:
    """Yield the files to search: those named, or all of ours."""
    for name in names or SEARCHED:
        path = ROOT / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        for one in found:
            relative = one.relative_to(ROOT).as_posix()
            ours = one.suffix in (".py", ".md", ".yml", ".yaml", ".toml") or relative == ".ci/run"
            if ours and one.is_file() and not relative.startswith(LEFT_OUT):
                yield one


def main(names: list[str]) -> int:
    """Print what is found; return the exit code."""
    found = [line for path in files(names) for line in findings(path)]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
