"""CONTRIBUTING's steps for a new rule, followed as they are written."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n( *)```python\n(.*?)\n *```", re.DOTALL)
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy / "src")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout to which the example rule is added: its file, its test, one line in the catalog, its page."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("src", "tests", "docs", "testdata", "benchmarks"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*ROOT.glob("*.md"), *ROOT.glob("*.toml"), *ROOT.glob("*.py"), ROOT / "action.yml"):
        shutil.copy(path, copy / path.name)
    examples = {
        path: re.sub(f"^{indent}", "", code, flags=re.MULTILINE)
        for path, indent, code in EXAMPLE.findall(TEXT)
    }
    assert len(examples) == 2
    for path, code in examples.items():
        (copy / path).write_text(f"{code}\n", encoding="utf-8")
    (line,) = re.findall(r'Add a line `("\w+",)` to `FILES`', TEXT)
    catalog = copy / "src/wheelarch/rules/catalog.py"
    before = catalog.read_text(encoding="utf-8")
    catalog.write_text(before.replace('    "slices",\n', f'    "slices",\n    {line}\n'), encoding="utf-8")
    return copy


def test_a_new_rule_touches_its_file_its_test_and_one_line(copy: Path) -> None:
    """With the files of CONTRIBUTING's example, the rule is found, documented, tested, and in its layer."""
    tests = [
        "tests/rules",
        "tests/judging/test_predictions.py",
        "tests/second_opinion/test_claims.py",
        "tests/doctor/test_rules.py",
        "tests/cli/test_cli_rules.py",
        "tests/test_every_code.py",
        "tests/test_layers.py",
        "tests/test_references.py",
        "tests/test_plain_english.py",
    ]
    done = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert done.returncode == 0, done.stdout[-3_000:]
    explained = run(copy, "-m", "wheelarch", "explain", "odd-library")
    assert "WA299" in explained.stdout


def test_a_new_rule_gets_its_page(copy: Path) -> None:
    """The page of a new rule is missing until it is written."""
    missing = run(copy, "docs/build_rule_pages.py", "--check")
    assert missing.returncode == 1
    assert "WA299.md" in missing.stdout
    assert run(copy, "docs/build_rule_pages.py").returncode == 0
    assert run(copy, "docs/build_rule_pages.py", "--check").returncode == 0
