"""Write one page a rule into docs/rules/, and README's table of checks, from the rules' docstrings.

    build_rule_pages.py [--check]

With `--check` nothing is written; the exit code is 1 where a page is missing, stale or left over.
"""

import re
import sys
from pathlib import Path

from wheelarch.doctor.rules import RULES as DOCTOR_RULES
from wheelarch.doctor.rules import DoctorRule, predictors
from wheelarch.interpreter.signal_rules import RULES as SIGNAL_RULES
from wheelarch.interpreter.signal_rules import SignalRule
from wheelarch.rules import RULES, Rule
from wheelarch.rules.remedies import text

PAGES = Path(__file__).parent / "rules"
README = Path(__file__).parents[1] / "README.md"
MARKS = ("<!-- checks: begin -->", "<!-- checks: end -->")
FAMILIES = {
    "WA0": "the container",
    "WA1": "the tags",
    "WA2": "machines and slices",
    "WA3": "the link to Python",
    "WA4": "names and the stable ABI",
    "WA5": "systems and libraries",
    "WA6": "sets of wheels",
    "WA7": "provenance",
    "WA8": "a given interpreter",
    "WA9": "damage",
}
HEADING = re.compile(r"^([A-Z][A-Za-z ]+):$", re.MULTILINE)


EVERYTHING: tuple[Rule | DoctorRule | SignalRule, ...] = (*RULES, *DOCTOR_RULES, *SIGNAL_RULES)


def page(rule: Rule | DoctorRule | SignalRule) -> str:
    summary, _, rest = rule.doc.partition("\n")
    body = HEADING.sub(r"## \1\n", rest.strip())
    body = re.sub(r"^    ", "", body, flags=re.MULTILINE)
    remedy = text(rule.remedies, "") if isinstance(rule, Rule) else ""
    facts = f"Code `{rule.code}`, severity {rule.severity.value}, {rule.status}."
    if isinstance(rule, DoctorRule):
        facts += f" Affected: {'; '.join(map(str, rule.windows)) or 'every release'}."
        facts += f" A wheel would show {links(rule.shows)}." if rule.shows else ""
    elif predictors(rule.code):
        facts += f" Builds that lead here: {links(predictors(rule.code))}."
    if remedy:
        body = body.replace("\n## Known limits", f"\nThe report says: {remedy}\n\n## Known limits")
    return f"# {rule.code} {rule.name}\n\n{summary}\n\n{facts}\n\n{body.strip()}\n"


def links(codes: tuple[str, ...]) -> str:
    return ", ".join(f"[{code}]({code}.md)" for code in codes)


def index() -> str:
    rows = [
        f"| {links((rule.code,))} | {rule.name} | {rule.severity.value} | {rule.summary} |"
        for rule in EVERYTHING
    ]
    head = "# Rules\n\nWritten from the rules' docstrings by `docs/build_rule_pages.py`.\n\n"
    return head + "| Code | Name | Severity | What it finds |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def checks() -> str:
    """README's table: a family a row, each code with its page."""
    rows = []
    for prefix, title in FAMILIES.items():
        codes = (
            f"[{rule.code}](docs/rules/{rule.code}.md)" for rule in RULES if rule.code.startswith(prefix)
        )
        names = ", ".join(rule.name for rule in RULES if rule.code.startswith(prefix))
        rows.append(f"| {title} | {names} | {' '.join(codes)} |")
    return "| Family | Checks | Pages |\n|---|---|---|\n" + "\n".join(rows)


def readme(text: str) -> str:
    """README with its table of checks made anew."""
    before, _, rest = text.partition(MARKS[0])
    return f"{before}{MARKS[0]}\n{checks()}\n{MARKS[1]}{rest.partition(MARKS[1])[2]}"


def pages() -> dict[str, str]:
    return {"README.md": index(), **{f"{rule.code}.md": page(rule) for rule in EVERYTHING}}


def main() -> int:
    wanted = pages()
    found = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    old = README.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        stale = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
        for name in stale:
            print(f"docs/rules/{name} is stale: run python docs/build_rule_pages.py")
        if old != readme(old):
            print("README.md's table of checks is stale: run python docs/build_rule_pages.py")
        return int(bool(stale) or old != readme(old))
    README.write_text(readme(old), encoding="utf-8")
    PAGES.mkdir(exist_ok=True)
    for name in found.keys() - wanted.keys():
        (PAGES / name).unlink()
    for name, body in wanted.items():
        (PAGES / name).write_text(body, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
