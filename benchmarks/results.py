"""The results of a run, and their tables in Markdown."""

import itertools
import math
import statistics
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Self

from corpus import Wheel
from measure import Sample

OURS = "wheelarch default, isal"
DEPTHS = ("header", "default", "full")


class Timing(NamedTuple):
    """The runs of one command on one wheel."""

    seconds: float
    """Median CPU time."""
    peak: float
    """Median peak, MiB."""
    outcome: str
    runs: int

    @classmethod
    def of(cls, runs: Sequence[Sample]) -> Self:
        bad = [run.outcome for run in runs if run.outcome != "done"]
        return cls(
            statistics.median(run.seconds for run in runs),
            statistics.median(run.peak for run in runs),
            bad[0] if bad else "done",
            len(runs),
        )


class Results:
    """The results of one run."""

    def __init__(self, date: str, machine: str, versions: dict[str, str], rounds: int, limit: str) -> None:
        self.date = date
        self.machine = machine
        self.versions = versions
        self.rounds = rounds
        self.limit = limit
        """When a process was stopped, in words."""
        self.start_up: list[float] = []
        """CPU seconds of bare Python and of a small audit."""
        self.thousand = 0.0
        """CPU seconds of 1,000 audits of a small wheel at header depth in one process."""
        self.processes: dict[str, dict[str, Timing]] = {}
        """By file and contender."""
        self.in_process: dict[str, dict[str, tuple[float, float, int]]] = {}
        """By file and depth: CPU seconds of wheelarch and of the floor, inflated bytes."""
        self.read: dict[str, tuple[int, int]] = {}
        """By file: how many images and names of symbols a default audit reads."""
        self.scaling: dict[str, list[tuple[int, float]]] = {}
        """By what grows: the amount in a generated wheel, and CPU seconds of a default audit in process."""
        self.shares = ""
        """What `shares.py` printed."""

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        named = {
            file: {name: timing._asdict() for name, timing in one.items()}
            for file, one in self.processes.items()
        }
        return {**vars(self), "processes": named}


def ratios(results: Results, peer: str, ours: str = OURS) -> list[float]:
    """Return a tool's CPU time as a multiple of ours, for every wheel that it finished."""
    return [
        one[peer].seconds / one[ours].seconds
        for one in results.processes.values()
        if peer in one and one[peer].outcome == "done"
    ]


def cut_off(results: Results, peer: str) -> list[float]:
    """Return lower bounds of the ratio for the wheels on which a tool was stopped."""
    return [
        one[peer].seconds / one[OURS].seconds
        for one in results.processes.values()
        if peer in one and one[peer].outcome == "cut off"
    ]


def slope(points: Sequence[tuple[int, float]]) -> float:
    """Return the exponent with which cost grows: 1 is linear, 2 quadratic.

    It is the slope of the logarithms of the increments, so constant costs cancel out. It is NaN if a larger amount cost
    less, as on a busy machine.

    Args:
        points: Amount, ascending, and cost.
    """
    pairs = list(itertools.pairwise(points))
    if any(after[1] <= before[1] for before, after in pairs):
        return math.nan
    more = [math.log(after[0] - before[0]) for before, after in pairs]
    cost = [math.log(after[1] - before[1]) for before, after in pairs]
    return statistics.linear_regression(more, cost).slope


def fit(rows: Sequence[Sequence[float]], costs: Sequence[float]) -> list[float]:
    """Return what one of each term costs, by least squares of relative errors. No cost is below 0.

    The errors are relative, because costs differ by a factor of 1,000, and the largest would decide alone. No cost is
    below 0, because more work never saves time.

    Args:
        rows: How much of each term.
        costs: What they cost together.
    """
    shares = [[term / cost for term in row] for row, cost in zip(rows, costs, strict=True)]
    columns = list(zip(*shares, strict=True))
    matrix = [[_dot(one, other) for other in columns] for one in columns]
    found = [0.0] * len(columns)
    for _ in range(5000):  # Gauss and Seidel, held at 0
        for i, row in enumerate(matrix):
            rest = sum(columns[i]) - _dot(row, found)
            found[i] = max(0.0, found[i] + rest / row[i]) if row[i] else 0.0
    return found


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(one, other, strict=True))


def render(results: Results, wheels: Sequence[Wheel], name: str) -> str:
    """Return the whole run as Markdown."""
    return "\n".join(_lines(results, wheels, name)) + "\n"


def _lines(results: Results, wheels: Sequence[Wheel], name: str) -> Iterator[str]:
    entries = {wheel.file: _entries(wheel) for wheel in wheels}
    yield f"# Speed, {results.date}"
    yield ""
    yield f"{results.machine}. {len(wheels)} wheels, {sum(wheel.size for wheel in wheels) / 1e6:.0f} MB."
    yield f"CPU time (user and system) of whole processes, median of {results.rounds} rounds. The tools run one"
    yield "after the other in each round. A tool that took 6 CPU seconds on a wheel is not run on it again."
    yield f"A process that took more than {results.limit} was stopped."
    yield "[README](../README.md) says what is compared with what."
    yield ""
    yield f"![CPU time by wheel]({name}.svg)"
    yield ""
    yield "## Goals"
    yield ""
    yield from _goals(results)
    yield ""
    yield "## Other tools"
    yield ""
    yield f"CPU time as a multiple of `{OURS}`. Both run as a user would run them."
    yield ""
    yield "| tool | version | wheels | median | least | most | sum | failed | cut off, at least |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for peer, found in results.versions.items():
        ratio = ratios(results, peer)
        if peer == OURS or not ratio:
            continue
        both = [one for one in results.processes.values() if peer in one and one[peer].outcome == "done"]
        total = sum(one[peer].seconds for one in both) / sum(one[OURS].seconds for one in both)
        failed = sum(one[peer].outcome == "failed" for one in results.processes.values() if peer in one)
        cut = cut_off(results, peer)
        least = f"{len(cut)}: {', '.join(f'{value:.0f}x' for value in sorted(cut))}" if cut else ""
        yield (
            f"| {peer} | {found} | {len(ratio)} | {statistics.median(ratio):.1f}x | {min(ratio):.1f}x | "
            f"{max(ratio):.1f}x | {total:.1f}x | {failed or ''} | {least} |"
        )
    yield ""
    yield "## Whole processes"
    yield ""
    yield "CPU seconds / peak MiB. `!` failed, `>` cut off."
    peers = [one for one in results.versions if not one.startswith("wheelarch")]
    for title, columns in (
        ("The default audit and other tools", [OURS, *peers]),
        ("wheelarch by depth and inflater", [one for one in results.versions if one.startswith("wheelarch")]),
    ):
        yield ""
        yield f"### {title}"
        yield ""
        yield f"| wheel | MB | entries | {' | '.join(columns)} |"
        yield f"|---|---|---|{'---|' * len(columns)}"
        for wheel in wheels:
            row = results.processes[wheel.file]
            cells = " | ".join(_cell(row.get(column)) for column in columns)
            yield f"| {wheel.file} | {wheel.size / 1e6:.1f} | {entries[wheel.file]} | {cells} |"
    yield ""
    yield "## In process, against the floor"
    yield ""
    yield "CPU milliseconds with isal / floor / ratio (MB inflated by the floor)."
    yield ""
    yield "| wheel | header | default | full |"
    yield "|---|---|---|---|"
    for wheel in wheels:
        cells = " | ".join(
            f"{own * 1e3:.1f} / {floor * 1e3:.1f} / {own / floor if floor else 0:.2f} ({size / 1e6:.1f})"
            for own, floor, size in results.in_process[wheel.file].values()
        )
        yield f"| {wheel.file} | {cells} |"
    yield ""
    yield "Sums: " + "; ".join(_sum(results, depth) for depth in ("header", "default", "full")) + "."
    yield ""
    yield "## How cost grows"
    yield ""
    yield from _growth(results, entries)
    yield ""
    yield "## Where the time goes"
    yield ""
    yield "CPU time of default audits in one process, and of the command on the smallest wheel."
    yield ""
    yield results.shares.rstrip()


def _sum(results: Results, depth: str) -> str:
    own, floor, size = map(sum, zip(*(one[depth] for one in results.in_process.values()), strict=True))
    ratio = own / floor if floor else 0.0
    return f"{depth} {own * 1e3:.0f} ms / {floor * 1e3:.0f} ms = {ratio:.2f} ({size / 1e6:.0f} MB)"


def _goals(results: Results) -> Iterator[str]:
    def total(depth: str) -> float:
        own = sum(one[depth][0] for one in results.in_process.values())
        return own / (sum(one[depth][1] for one in results.in_process.values()) or own)

    yield "| goal | found | |"
    yield "|---|---|---|"
    full, default = total("full"), total("default")
    yield f"| full depth <= 1.25x the floor, in process, isal, sum | {full:.2f}x | {_met(full <= 1.25)} |"
    yield f"| default <= 1.3x the floor of its bytes, the same way | {default:.2f}x | {_met(default <= 1.3)} |"
    slow = {
        file: one["header"][0] * 1e3 for file, one in results.in_process.items() if one["header"][0] > 0.010
    }
    worst = max(one["header"][0] for one in results.in_process.values()) * 1e3
    yield (
        f"| header depth <= 10 ms in process, each wheel | {len(slow)} of {len(results.in_process)} above, worst "
        f"{worst:.0f} ms | {_met(not slow)} |"
    )
    bare, audit = results.start_up
    found = f"{audit * 1e3:.1f} / {bare * 1e3:.1f} ms = {audit / bare:.1f}x"
    yield f"| a small audit <= 4x `python -c pass` | {found} | {_met(audit <= 4 * bare)} |"
    against = [*ratios(results, "abi3audit"), *cut_off(results, "abi3audit")]
    if against:
        median, most = statistics.median(against), max(against)
        yield f"| abi3audit on abi3 wheels: median >= 20x | {median:.1f}x | {_met(median >= 20)} |"
        yield f"| abi3audit on abi3 wheels: peak >= 100x | {most:.0f}x | {_met(most >= 100)} |"
    peak = max(one[OURS].peak for one in results.processes.values())
    yield f"| peak memory <= 64 MiB on every wheel, Python itself included | {peak:.0f} MiB | {_met(peak <= 64)} |"
    thousand = results.thousand
    yield f"| 1,000 small wheels at header depth in one process < 1 s | {thousand:.2f} s | {_met(thousand < 1)} |"
    slopes = {what: slope(points) for what, points in results.scaling.items()}
    found = ", ".join(f"{value:.2f} {what}" for what, value in slopes.items())
    yield f"| cost linear in members and bytes: exponents <= 1.1 | {found} | {_met(max(slopes.values()) <= 1.1)} |"


def _growth(results: Results, entries: dict[str, int]) -> Iterator[str]:
    yield "CPU milliseconds of a default audit of generated wheels, in process, isal. The exponent is the slope of the"
    yield "logarithms of the increments: 1 is linear, 2 quadratic."
    yield ""
    yield "| what grows | amounts, each twice the one before | CPU ms | exponent |"
    yield "|---|---|---|---|"
    for what, points in results.scaling.items():
        amounts = ", ".join(f"{amount:,}" for amount, _ in points)
        times = ", ".join(f"{seconds * 1e3:.1f}" for _, seconds in points)
        yield f"| {what} | {amounts} | {times} | {slope(points):.2f} |"
    yield ""
    costs = [one["default"][0] * 1e6 for one in results.in_process.values()]
    rows = [
        (1, entries[file], *results.read[file], one["default"][2] / 1e6)
        for file, one in results.in_process.items()
    ]
    each = fit(rows, costs)
    off = [_dot(each, row) / cost for row, cost in zip(rows, costs, strict=True)]
    near = sum(1 / 1.5 <= one <= 1.5 for one in off)
    yield f"On real wheels, by least squares of relative errors: {each[0]:.0f} us + {each[1]:.1f} us per entry +"
    yield f"{each[2]:.0f} us per image + {each[3]:.1f} us per symbol name + {each[4]:.0f} us per inflated MB. This"
    yield f"predicts {near} of {len(off)} within 1.5x; the furthest are {min(off):.2f}x and {max(off):.2f}x."


def _met(yes: bool) -> str:
    return "met" if yes else "**missed**"


def _cell(timing: Timing | None) -> str:
    if timing is None:
        return ""
    mark = {"done": "", "failed": "! ", "cut off": "> "}[timing.outcome]
    return f"{mark}{timing.seconds:.2f} / {timing.peak:.0f}"


def _entries(wheel: Wheel) -> int:
    with zipfile.ZipFile(wheel.path) as opened:
        return len(opened.namelist())
