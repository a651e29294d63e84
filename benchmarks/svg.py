"""The plot of a run: a row per wheel, a mark per command, CPU time on a logarithmic axis."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from corpus import Wheel
from results import OURS, Results

COLORS = {
    OURS: "#000000",
    "abi3audit": "#d62728",
    "delvewheel show": "#1f77b4",
    "auditwheel show": "#2ca02c",
    "delocate-listdeps": "#9467bd",
    "pydistcheck --inspect": "#ff7f0e",
    "check-wheel-contents": "#8c8c8c",
    "zipfile + lief": "#17becf",
    "zipfile + pefile": "#e377c2",
    "zipfile + macholib": "#bcbd22",
}
LEFT, RIGHT, TOP, ROW = 420, 1180, 70, 18
LEAST, MOST = 0.02, 100.0


def plot(results: Results, wheels: Sequence[Wheel]) -> str:
    """Return the SVG."""
    return "\n".join(_parts(results, wheels)) + "\n"


def _x(seconds: float) -> float:
    share = math.log(min(max(seconds, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)
    return LEFT + share * (RIGHT - LEFT)


def _parts(results: Results, wheels: Sequence[Wheel]) -> Iterator[str]:
    bottom = TOP + ROW * len(wheels)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{RIGHT + 30}" height="{bottom + 30}" '
        'font-family="sans-serif" font-size="11">'
    )
    yield '<rect width="100%" height="100%" fill="white"/>'
    title = f"CPU seconds per wheel, whole processes, {results.date}; hollow: cut off"
    yield f'<text x="10" y="18" font-size="14">{title}</text>'
    for seconds in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100):
        x = _x(seconds)
        yield f'<line x1="{x:.0f}" y1="{TOP - 8}" x2="{x:.0f}" y2="{bottom}" stroke="#ddd"/>'
        yield f'<text x="{x:.0f}" y="{bottom + 16}" text-anchor="middle">{seconds:g} s</text>'
    for index, (name, color) in enumerate(COLORS.items()):
        x, y = 10 + 235 * (index % 5), 36 + 16 * (index // 5)
        yield f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{color}"/><text x="{x + 8}" y="{y}">{escape(name)}</text>'
    for row, wheel in enumerate(wheels):
        y = TOP + ROW * row + ROW / 2
        label = wheel.file.removesuffix(".whl")
        label = label if len(label) <= 62 else label[:61] + "…"
        yield f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{escape(label)}</text>'
        for name, timing in results.processes[wheel.file].items():
            if name in COLORS and timing.outcome != "failed":
                fill = "white" if timing.outcome == "cut off" else COLORS[name]
                x = _x(timing.seconds)
                yield f'<circle cx="{x:.1f}" cy="{y:.0f}" r="4" fill="{fill}" stroke="{COLORS[name]}"/>'
    yield "</svg>"
