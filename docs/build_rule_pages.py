"""Write one page per rule into docs/rules/, README's table of checks and docs/severities.md, from the rules themselves.

    build_rule_pages.py [--check]

With `--check` nothing is written; the exit code is 1 if a page is missing, stale or left over.
"""

import re
import sys
from pathlib import Path

from wheelarch.doctor.rules import RULES as DOCTOR_RULES
from wheelarch.doctor.rules import DoctorRule
from wheelarch.interpreter.signal_rules import RULES as SIGNAL_RULES
from wheelarch.interpreter.signal_rules import SignalRule
from wheelarch.model import Severity
from wheelarch.rules import RULES, Rule
from wheelarch.rules.grades import Grade, Grades
from wheelarch.rules.remedies import SYSTEMS, listed
from wheelarch.rules.rule import Family

PAGES = Path(__file__).parent / "rules"
SEVERITIES = Path(__file__).parent / "severities.md"
README = Path(__file__).parents[1] / "README.md"
MARKS = ("<!-- checks: begin -->", "<!-- checks: end -->")
HEADING = re.compile(r"^([A-Z][A-Za-z ]+):$", re.MULTILINE)


EVERYTHING: tuple[Rule | DoctorRule | SignalRule, ...] = (*RULES, *DOCTOR_RULES, *SIGNAL_RULES)


def page(rule: Rule | DoctorRule | SignalRule) -> str:
    summary, _, rest = rule.doc.partition("\n")
    body = HEADING.sub(r"## \1\n", rest.strip())
    body = re.sub(r"^    ", "", body, flags=re.MULTILINE)
    facts = f"Code `{rule.code}`, severity {rule.severity.value}, {rule.status}."
    if isinstance(rule, DoctorRule):
        facts += f" Affected: {'; '.join(map(str, rule.windows)) or 'every release'}."
        facts += f" A wheel would show {links(rule.shows)}." if rule.shows else ""
    elif isinstance(rule, Rule) and rule.predicted_by:
        facts += f" Builds that lead here: {links(rule.predicted_by)}."
    if isinstance(rule, Rule) and rule.on_request:
        facts += f" This is advice: it is off unless it is selected (`--select WA,{rule.code}`)."
    if isinstance(rule, Rule) and rule.remedies:
        body = body.replace("\n## Known limits", f"\n{remedies(rule)}\n\n## Known limits")
    return f"# {rule.code} {rule.name}\n\n{summary}\n\n{facts}\n\n{body.strip()}\n"


def remedies(rule: Rule) -> str:
    """What the rule's findings say to do, as a list by system and build tool if there are several texts."""
    texts = list(listed(rule))
    if len(texts) == 1:
        return f"The report says: {texts[0][1]}"
    return "The report says:\n\n" + "\n".join(
        f"- {head}: {text}" if head else f"- {text}" for head, text in texts
    )


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
    """README's table: one row per family, with a link for each code."""
    rows = []
    for family in Family:
        rules = [rule for rule in RULES if rule.family is family]
        names = ", ".join(rule.name for rule in rules)
        codes = " ".join(f"[{rule.code}](docs/rules/{rule.code}.md){'*' * rule.on_request}" for rule in rules)
        rows.append(f"| {family.value} | {names} | {codes} |")
    note = "\n\n\\* Advice that is off unless its code is selected: `--select WA,WA314`."
    return "| Family | Checks | Pages |\n|---|---|---|\n" + "\n".join(rows) + note


def readme(text: str) -> str:
    """README with its table of checks written again."""
    before, _, rest = text.partition(MARKS[0])
    return f"{before}{MARKS[0]}\n{checks()}\n{MARKS[1]}{rest.partition(MARKS[1])[2]}"


def pages() -> dict[str, str]:
    return {"README.md": index(), **{f"{rule.code}.md": page(rule) for rule in EVERYTHING}}


SEVERITIES_HEAD = """# Severities

Generated from the tables that the rules judge by (`Rule.grades`), by `docs/build_rule_pages.py`.

An **error** certainly fails for somebody whom the tags promise that it works. A **warning** may fail, or works only
with help from outside the wheel. A **note** is worth knowing. A fact has the same severity on every system. If a system
differs, its loader or its users do, and the table gives the reason.
"""


def severities() -> str:
    """The page about severities: one table per fact, and the rules that report it."""
    rules: dict[str, list[str]] = {}
    tables: dict[str, Grades] = {}
    for rule in RULES:
        for table in rule.grades:
            tables[table.fact] = table
            rules.setdefault(table.fact, []).append(f"[{rule.code}](rules/{rule.code}.md)")
    parts = [
        f"\n## {fact}\n\nReported by {', '.join(rules[fact])}.\n\n"
        "| File | System | Severity | Reason |\n|---|---|---|---|\n"
        + "".join(row for grade in table.grades.values() for row in rows_of(grade))
        for fact, table in tables.items()
    ]
    return SEVERITIES_HEAD + "".join(parts)


def rows_of(grade: Grade) -> list[str]:
    """The lines of a table for one kind of file: all systems, or first those that differ."""
    rows = [
        row_of(grade.files, ", ".join(SYSTEMS[system] for system in one.systems), one.severity, one.why)
        for one in grade.deviations
    ]
    return [*rows, row_of(grade.files, "every other" if rows else "every", grade.severity, grade.why)]


def row_of(files: str, systems: str, severity: Severity | None, why: str) -> str:
    return f"| {files} | {systems} | {severity.value if severity else 'not reported'} | {why} |\n"


def main() -> int:
    wanted = pages()
    told = SEVERITIES.read_text(encoding="utf-8") if SEVERITIES.exists() else ""
    found = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    old = README.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        stale = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
        for name in stale:
            print(f"docs/rules/{name} is stale: run python docs/build_rule_pages.py")
        if old != readme(old):
            print("README.md's table of checks is stale: run python docs/build_rule_pages.py")
        if told != severities():
            print("docs/severities.md is stale: run python docs/build_rule_pages.py")
        return int(bool(stale) or old != readme(old) or told != severities())
    SEVERITIES.write_text(severities(), encoding="utf-8")
    README.write_text(readme(old), encoding="utf-8")
    PAGES.mkdir(exist_ok=True)
    for name in found.keys() - wanted.keys():
        (PAGES / name).unlink()
    for name, body in wanted.items():
        (PAGES / name).write_text(body, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
