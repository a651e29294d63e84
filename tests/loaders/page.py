"""The tables of docs/loaders.md, made of wheels.jsonl."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from loaders import outcomes
from loaders.judges import JUDGES

PAGE = Path(__file__).parents[2] / "docs" / "loaders.md"
_BEGIN, _END = "<!-- written by python -m tests.loaders write -->\n", "<!-- end -->\n"


def rendered(text: str) -> str:
    """Return a page with new tables between its two marks."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return before + _BEGIN + "\n" + "\n".join([*_counts(), "", *_differences()]) + "\n\n" + _END + after


def write() -> None:
    """Renew the page."""
    PAGE.write_text(rendered(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def _counts() -> Iterator[str]:
    rows = outcomes.rows()
    yield "| loader | wheels | files | it refuses | the audit agrees on |"
    yield "|---|---|---|---|---|"
    for judge in JUDGES:
        mine = [row for row in rows if row["target"] == judge.target]
        asked, refused = (sum(row[key] for row in mine) for key in ("asked", "refused"))
        differing = sum(len(outcomes.explained(row)) for row in mine)
        yield f"| {judge.title} | {len(mine)} | {asked} | {refused} | {asked - differing} |"


def _differences() -> Iterator[str]:
    yield "| loader | files | it says | the audit says | an example | why |"
    yield "|---|---|---|---|---|---|"
    rows = outcomes.rows()
    for judge in JUDGES:
        found: Counter[tuple[str, str, str]] = Counter()
        examples: dict[tuple[str, str, str], str] = {}
        for row in rows:
            if row["target"] == judge.target:
                for group in row["differs"]:
                    loader = group["loader"] if group["loader"] == "loads" else "refuses"
                    key = group["why"], loader, group["audit"]
                    found[key] += len(group["members"])
                    example = f"{row['filename']}: {group['members'][0]}"
                    if loader != "loads":
                        example += f": `{group['loader'].replace('`', '')}`"
                    examples.setdefault(key, example)
        for key, count in sorted(found.items()):
            why, loader, audit = key
            reason = outcomes.REASONS[why]
            right = "Both are right." if reason.right == "both" else f"The {reason.right} is right."
            yield (
                f"| {judge.target} | {count} | {loader} | {audit} | {examples[key]} | {right} {reason.text} |"
            )
