"""Waiting for what other processes do, however busy the machine is."""

import time
from collections.abc import Callable


def happens(condition: Callable[[], object], seconds: int = 60) -> bool:
    """Return whether a condition becomes true. Working code takes far less than the timeout."""
    for _ in range(20 * seconds):
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())
