"""The three depths that are measured, as calls: `depths.py DEPTH REPEATS WHEEL` prints CPU seconds per call."""

import statistics
import sys
import time

import wheelarch


def audit(wheel: str, depth: str) -> wheelarch.Report:
    """Audit at a depth.

    `header` applies the one rule that compares machines, which needs the first KiB of each binary. `default` is what
    the command does. `full` reads the imports and symbols of every binary, whatever the rules need.
    """
    if depth == "header":
        return wheelarch.audit(wheel, select=["WA201"], second_opinion="off")
    least = wheelarch.Depth.SYMBOLS if depth == "full" else wheelarch.Depth.HEADER
    return wheelarch.audit(wheel, depth=least, second_opinion="off")


def seconds(wheel: str, depth: str, repeats: int) -> float:
    """Return the median CPU time (user and system) of a call, after one that is not counted."""
    audit(wheel, depth)
    times = []
    for _ in range(repeats):
        start = time.process_time()
        audit(wheel, depth)
        times.append(time.process_time() - start)
    return statistics.median(times)


if __name__ == "__main__":
    print(f"{seconds(sys.argv[3], sys.argv[1], int(sys.argv[2])):.9f}")
