"""Write docs/limits.md from the docstrings of `wheelarch.limits.Limits`: `build_limits_page.py [--check]`.

With `--check` nothing is written; the exit code is 1 if the page is stale.
"""

import ast
import inspect
import sys
from pathlib import Path

from wheelarch import limits

PAGE = Path(__file__).parent / "limits.md"
HEAD = """# Limits

Generated from the docstrings of `wheelarch.limits` by `docs/build_limits_page.py`.

A file from a stranger must not cost more memory or time than you are willing to spend. So everything that is read
has a bound, and each bound has a name. If a file hits a bound, the rest of that table or member is not read, and a
finding names the bound: WA007 for the archive, WA903 for a binary, WA011 for WHEEL, WA015 for RECORD, WA104 for tags.
If the bound kept other parsers from confirming a finding, the evidence of that finding names it. Everything else is
judged as usual.

To change a bound, use `wheelarch audit --limit member_bytes=4G --limit fat_slices=32` (K, M and G are powers of
1,024), or `wheelarch.audit(path, limits=Limits(member_bytes=4 << 30))`.

One bound is fixed: only the first 64 members of a static archive are checked for their machine.
"""


def rows() -> dict[str, dict[str, str]]:
    """The docstring of each bound by its name, in groups by the comments of the source."""
    source = inspect.getsource(limits.Limits)
    lines = source.splitlines()
    groups: dict[str, dict[str, str]] = {}
    group: dict[str, str] = {}
    name = ""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)):
                before = lines[node.lineno - 2].strip()
                if before.startswith("# "):
                    group = groups.setdefault(before[2:], {})
            case ast.Expr(value=ast.Constant(value=str(text))) if name:
                group[name] = " ".join(text.split())
                name = ""
    return groups


def shown(value: int) -> str:
    """Return a bound in the unit that reads best."""
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20)):
        if value and value % factor == 0:
            return f"{value // factor} {unit}"
    return f"{value:,}"


def page() -> str:
    parts = [HEAD]
    for title, group in rows().items():
        parts.append(f"\n## {title}\n\n| Name | Default | What it bounds |\n|---|--:|---|\n")
        parts += (
            f"| `{name}` | {shown(getattr(limits.DEFAULT, name))} | {text} |\n"
            for name, text in group.items()
        )
    return "".join(parts)


def main() -> int:
    if "--check" in sys.argv[1:]:
        stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page()
        if stale:
            print("docs/limits.md is stale: run python docs/build_limits_page.py")
        return int(stale)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
