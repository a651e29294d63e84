"""Which bytes an audit needs: `prefixes.py DEPTH WHEEL`, one line per member for benchmarks/floor.c.

A line is the offset of the member's local header in the archive, and the end of the furthest read of the member, in
inflated bytes. The audit itself is not slowed down: only here, its views are replaced by ones that record reads.
"""

import sys
from typing import Any

import depths

from wheelarch import reading
from wheelarch.container.zip_layout import Entry
from wheelarch.container.zip_member import MemberView


def prefixes(wheel: str, depth: str) -> dict[int, int]:
    """Return the furthest inflated byte read of each member, by the offset of its local header."""
    reach: dict[int, int] = {}

    def note(entry: Entry, end: int) -> None:
        reach[entry.offset] = max(reach.get(entry.offset, 0), min(end, entry.size))

    class NotedView(MemberView):
        def __init__(self, source: Any, entry: Entry, *rest: Any) -> None:
            super().__init__(source, entry, *rest)
            self.entry = entry

        def read(self, offset: int, size: int) -> bytes:
            note(self.entry, offset + size)
            return super().read(offset, size)

        def read_upto(self, offset: int, size: int) -> bytes:
            note(self.entry, offset + size)
            return super().read_upto(offset, size)

        def finish(self) -> str | None:
            note(self.entry, self.entry.size)
            return super().finish()

    def noted_heads(source: Any, entries: Any, size: int, *rest: Any) -> Any:
        for entry, head, problem in read_heads(source, entries, size, *rest):
            note(entry, size)
            yield entry, head, problem

    read_heads = reading.read_heads
    reading.MemberView, reading.read_heads = NotedView, noted_heads  # type: ignore[misc]  # only in this process
    depths.audit(wheel, depth)
    return reach


def main() -> None:
    depth, wheel = sys.argv[1:]
    for offset, end in prefixes(wheel, depth).items():
        print(offset, end)


if __name__ == "__main__":
    main()
