"""Write docs/real-wheels-list.md from the tests' manifests of real wheels: `build_real_wheels_page.py [--check]`.

With `--check` nothing is written; the exit code is 1 if the page is stale.
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE / "real-wheels-list.md"
HEAD = """# Real wheels, one by one

Generated from `tests/verdicts.jsonl` and `tests/real_wheels.jsonl` by `docs/build_real_wheels_page.py`.
[real-wheels.md](real-wheels.md) says how they were chosen and judged.

"Finding" is what is right to say of a wheel, if that is more than a note; `nox -s corpus` and `nox -s real_wheels`
compare it with what wheelarch says. "Proof" is what another tool, or a real import, says of the same file. A finding
that wheelarch does not make is marked as missed, with the reason.
"""
TABLES = {
    "verdicts": "Wheels that were once judged wrongly",
    "real_wheels": "Wheels of all kinds",
}


def rows(manifest: str) -> list[dict[str, Any]]:
    text = (HERE.parent / "tests" / f"{manifest}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def wheel_name(row: dict[str, Any]) -> str:
    """Return the project, the version and, as code, the tags of each wheel of the row."""
    tags = ("-".join(one["filename"].removesuffix(".whl").split("-")[-3:]) for one in row["wheels"])
    return f"{row['project']} {row['version']} " + ", ".join(f"`{tag}`" for tag in tags)


def finding_text(finding: dict[str, Any]) -> str:
    """Return what is to be said: severity, code, and what it names, or the members that it is about."""
    names = finding["words"] or [member for member in finding["members"] if member != "*"]
    code = f" {finding['code']}" if "code" in finding else ""
    missed = f" (missed: {finding['missed']})" if "missed" in finding else ""
    return f"{finding['severity']}{code}: {', '.join(f'`{name}`' for name in names) or 'the set'}{missed}"


def table(manifest: str) -> str:
    found = rows(manifest)
    alarming = [row for row in found if row["findings"]]
    quiet = [row for row in found if not row["findings"]]
    lines = ["| wheel | finding | proof |", "|---|---|---|"]
    lines += (
        f"| {wheel_name(row)} | {finding_text(finding)} | {finding['proof']} |"
        for row in alarming
        for finding in row["findings"]
    )
    lines += ["", "Nothing above a note is right for these:", ""]
    for row in quiet:
        why = f": {row['reason']} ({row['proof']})" if "reason" in row else ""
        lines.append(f"- {wheel_name(row)}{why}")
    return "\n".join(lines)


def page() -> str:
    return HEAD + "".join(f"\n## {title}\n\n{table(manifest)}\n" for manifest, title in TABLES.items())


def main() -> int:
    if "--check" in sys.argv[1:]:
        stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page()
        if stale:
            print("docs/real-wheels-list.md is stale: run python docs/build_real_wheels_page.py")
        return int(stale)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
