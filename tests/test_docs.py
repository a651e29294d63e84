"""What the pages promise."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

import wheelarch
from wheelarch.cli import main

ROOT = Path(__file__).resolve().parents[1]


def quick_start() -> list[str]:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## Quick start", 1)[1]
    match = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert match is not None
    return match[1].splitlines()


def test_rule_pages_are_fresh() -> None:
    """The pages about rules and severities, and README's table of checks, say what the rules say."""
    spec = importlib.util.spec_from_file_location("build_rule_pages", ROOT / "docs" / "build_rule_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "rules").glob("*.md")}
    assert module.pages() == written
    assert module.severities() == (ROOT / "docs" / "severities.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert module.readme(readme) == readme


def test_quick_start_has_two_commands() -> None:
    """One line installs and audits, one installs what tests need and runs them."""
    first, second = quick_start()
    assert "wheelarch audit testdata/wheels" in first
    assert "requirements-dev.txt" in second
    assert "pytest" in second


def test_the_report_in_the_readme_is_real(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report that the README shows is what the command prints."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    match = re.search(r"```text\n\$ wheelarch audit (\S+)\n(.*?)```", readme, re.DOTALL)
    assert match is not None
    monkeypatch.chdir(ROOT)
    assert main(["audit", match[1]]) == 1
    assert _without_versions(capsys.readouterr().out) == _without_versions(match[2])


def _without_versions(report: str) -> str:
    """The report with the versions of the parsers that confirmed it left out: they are the machine's."""
    return re.sub(r"(?<=lief )\S+(?=,)|(?<=pefile )\S+", "N", report)


def test_the_version_has_one_home() -> None:
    """The changelog knows the version, and pyproject takes it from the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", wheelarch.__version__)


def test_links_in_pages_lead_somewhere() -> None:
    """Every relative link in a page names a file that is there."""
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "testdata").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
