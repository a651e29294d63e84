"""Print every remedy as a report prints it: by rule, system and build tool.

    print_remedies.py [CODE...]

Systems and tools with the same text share a line. Rules whose problems name another remedy than the rule are listed
with that remedy at the end, as are the remedies that `wheelarch why` adds. Internal ids are in brackets.
"""

import sys

from wheelarch.rules import RULES
from wheelarch.rules.remedies import REMEDIES, SYSTEMS, Remedy, listed


def lines_of(remedy: Remedy) -> list[str]:
    """Return the texts of a remedy, whatever rule names it."""
    lines = []
    for system in ("general", *SYSTEMS):
        texts = remedy.general if system == "general" else getattr(remedy, system, None)
        if texts:
            lines.append(f"    {SYSTEMS.get(system, 'general')}: {texts.text}")
            lines += [f"      {tool}: {words}" for tool, words in texts.tools.items()]
    return lines


def main(codes: list[str]) -> int:
    named = set()
    for rule in RULES:
        if codes and rule.code not in codes:
            continue
        named |= set(rule.remedies)
        print(f"{rule.code} {rule.name} [{', '.join(rule.remedies)}]")
        for heading, text in listed(rule):
            print(f"    {heading}: {text}" if heading else f"    {text}")
    for each in sorted(REMEDIES.keys() - named) if not codes else ():
        print(f"[{each}], for some problems or messages only")
        print("\n".join(lines_of(REMEDIES[each])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
