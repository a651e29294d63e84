"""Print where the CPU time of an audit goes, in Markdown: `shares.py [WHEEL...]`, by default for the whole corpus.

The first table is for default audits in one process. The calls that matter are timed one by one, each without the timed
calls inside it, so the rows add up. The timers also take a little time. The second table is for the command, on the
first wheel.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from corpus import corpus, fetch

import wheelarch
from wheelarch import api, reading
from wheelarch.container import files
from wheelarch.container import zip_member as member
from wheelarch.sources.local import FileSource

INFLATER = member._inflate_backend()  # noqa: SLF001 - what the package calls inside is what is timed
REST = "the rest: options, members, the report"


class Clock:
    """CPU seconds by activity. Time of an inner activity does not count for the outer one."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._running: list[str] = []
        self._since = time.process_time()

    def switch(self) -> None:
        now = time.process_time()
        what = self._running[-1] if self._running else REST
        self.spent[what] = self.spent.get(what, 0.0) + now - self._since
        self._since = now

    def timed(self, what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            self.switch()
            self._running.append(what)
            try:
                return call(*arguments, **named)
            finally:
                self.switch()
                self._running.pop()

        return run

    def stepped(self, what: str, call: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """Like `timed`, for a generator. The time between two values does not count."""

        def run(*arguments: Any, **named: Any) -> Iterator[Any]:
            step = self.timed(what, call(*arguments, **named).__next__)
            while True:
                try:
                    value = step()
                except StopIteration:
                    return
                yield value

        return run


class Digest:
    """A SHA-256 that is timed."""

    def __init__(self, clock: Clock, digest: Any) -> None:
        self.update = clock.timed("SHA-256 of extension modules (C)", digest.update)
        self.digest = digest.digest


def watch(clock: Clock) -> None:
    """Time the calls of wheelarch that matter."""
    fresh = member._new_sha256  # noqa: SLF001 - likewise
    for where, name, what in (
        (member.MemberView, "_inflate", "inflating (C)"),
        (INFLATER, "crc32", "CRC (C)"),
        (FileSource, "read_at", "reading the file (system)"),
        (files, "read_directory", "the zip directory"),
        (api, "read_dist_info", "METADATA, WHEEL, RECORD"),
        (reading, "read_images", "parsing binaries, names of symbols"),
        (reading, "links", "which library answers which need"),
        (reading, "final_roles", "roles of members"),
        (api, "with_roles", "roles of members"),
        (api, "judge", "rules"),
    ):
        setattr(where, name, clock.timed(what, getattr(where, name)))
    files.read_heads = clock.stepped("the first bytes of each member", files.read_heads)
    member._new_sha256 = lambda: Digest(clock, fresh())  # noqa: SLF001 - likewise


def started(wheel: str) -> Iterator[tuple[str, float]]:
    """Yield where the CPU seconds of `wheelarch audit WHEEL` go: Python, its modules, ours, the rest."""
    audit = ["-c", "from wheelarch.cli import main; main()", "audit", wheel]
    runs = [
        (spent(["-c", "pass"])[0], spent(audit)[0], spent(["-X", "importtime", *audit])[1]) for _ in range(15)
    ]
    bare = statistics.median(run[0] for run in runs)
    whole = statistics.median(run[1] for run in runs)
    yield "Python without a program", bare
    imports: dict[str, list[float]] = {}
    for _, _, listed in runs:
        found: Counter[str] = Counter()
        # Python's own start-up is before the line of module `site`.
        for line in listed.rpartition("| site\n")[2].splitlines():
            if line.startswith("import time:"):
                taken, _, name = line.removeprefix("import time:").split("|")
                owner = name.strip().partition(".")[0]
                found[owner if owner in ("wheelarch", "isal") else "Python"] += int(taken) / 1e6
        for owner, seconds in found.items():
            imports.setdefault(owner, []).append(seconds)
    known = {f"importing modules of {owner}": statistics.median(times) for owner, times in imports.items()}
    yield from known.items()
    yield "the audit, its report, the end of the process", whole - bare - sum(known.values())
    yield "**together**", whole


def spent(arguments: list[str]) -> tuple[float, str]:
    """Return the CPU seconds of a Python process, and what it wrote to standard error."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stderr


def main() -> None:
    paths = sys.argv[1:]
    if not paths:
        for wheel in corpus():
            fetch(wheel)
            paths.append(str(wheel.path))
    for path in paths:
        wheelarch.audit(path, second_opinion="off")
    clock = Clock()
    watch(clock)
    for path in paths:
        wheelarch.audit(path, second_opinion="off")
    clock.switch()
    total = sum(clock.spent.values())
    wheels = Path(paths[0]).name if len(paths) == 1 else f"{len(paths)} wheels"
    print(
        f"{wheels}, {INFLATER.__name__}, {total * 1000:.0f} ms of CPU time\n\n| what | ms | share |\n|---|--:|--:|"
    )
    for what, seconds in sorted(clock.spent.items(), key=lambda pair: -pair[1]):
        print(f"| {what} | {seconds * 1000:.0f} | {seconds / total:.0%} |")
    print(f"\n`wheelarch audit {Path(paths[0]).name}`\n\n| what | ms |\n|---|--:|")
    for what, seconds in started(paths[0]):
        print(f"| {what} | {seconds * 1000:.1f} |")


if __name__ == "__main__":
    main()
