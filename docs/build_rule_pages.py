"""Write one page a rule into docs/rules/, from the rules' docstrings: `build_rule_pages.py [--check]`.

With `--check` nothing is written; the exit code is 1 where a page is missing, stale or left over.
"""

import re
import sys
from pathlib import Path

from wheelarch.remedies import text
from wheelarch.rules import RULES, Rule
from wheelarch.toolchain.doctor_rules import RULES as DOCTOR_RULES
from wheelarch.toolchain.doctor_rules import DoctorRule, predictors

PAGES = Path(__file__).parent / "rules"
HEADING = re.compile(r"^([A-Z][A-Za-z ]+):$", re.MULTILINE)


def page(rule: Rule | DoctorRule) -> str:
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
        for rule in (*RULES, *DOCTOR_RULES)
    ]
    head = "# Rules\n\nWritten from the rules' docstrings by `docs/build_rule_pages.py`.\n\n"
    return head + "| Code | Name | Severity | What it finds |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def pages() -> dict[str, str]:
    return {"README.md": index(), **{f"{rule.code}.md": page(rule) for rule in (*RULES, *DOCTOR_RULES)}}


def main() -> int:
    wanted = pages()
    found = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    if "--check" in sys.argv[1:]:
        stale = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
        for name in stale:
            print(f"docs/rules/{name} is stale: run python docs/build_rule_pages.py")
        return int(bool(stale))
    PAGES.mkdir(exist_ok=True)
    for name in found.keys() - wanted.keys():
        (PAGES / name).unlink()
    for name, body in wanted.items():
        (PAGES / name).write_text(body, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
