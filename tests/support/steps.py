"""How much work a function does, counted and not timed: the same on every machine, however busy it is."""

import itertools
import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

MOST_GROWTH = 2.3
"""How many times the steps may grow if the input doubles. Linear work has a factor of 2 and a constant part."""


def steps(function: Callable[..., object], *arguments: Any, **more: Any) -> int:
    """Return how many lines of Python a call executes. Each turn of a loop in one line counts, work in C does not."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()  # of coverage
    sys.settrace(trace)
    try:
        function(*arguments, **more)
    finally:
        sys.settrace(before)
    return count


def assert_linear(function: Callable[[Any], object], make: Callable[[int], Any], size: int) -> None:
    """Assert that the work for an input of twice the size is at most about twice as much.

    Args:
        function: What does the work.
        make: Returns the input of a size.
        size: The smaller one of the two sizes.
    """
    small, large = (steps(function, make(one)) for one in (size, 2 * size))
    assert large <= MOST_GROWTH * small, f"{small} steps for {size}, {large} for {2 * size}"


# --- regular expressions


def search_steps(pattern: re.Pattern[str], text: str) -> int:
    """Return how many steps it takes to find all matches of a pattern, as a backtracking engine counts them.

    A step is an attempt to match one character, or one condition, at one place. CPython's engine takes shortcuts, but
    its work grows in the same way.
    """
    engine = _Engine(pattern, text)
    at = 0
    while at <= len(text):
        end = next(engine.sequence(engine.program, at), None)
        at = at + 1 if end is None or end == at else end
    return engine.steps


class _Engine:
    """A backtracking engine. Choices and repeats are its own; `re` answers for single characters and conditions."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self.steps = 0
        self.program = list(re._parser.parse(pattern.pattern, pattern.flags))
        self._text = text
        self._flags = pattern.flags
        self._compiled: dict[str, re.Pattern[str]] = {}

    def sequence(self, items: list[Any], at: int) -> Iterator[int]:
        """Yield the ends of all ways to match some items, one after the other, in the order of the engine."""
        for index, (operation, argument) in enumerate(items):
            ways = self._ways(str(operation), argument, at)
            if ways is None:
                end = self._one(operation, argument, at)
                if end is None:
                    return
                at = end
                continue
            for end in ways:
                yield from self.sequence(items[index + 1 :], end)
            return
        yield at

    def _ways(self, operation: str, argument: Any, at: int) -> Iterator[int] | None:
        """Return the ways to match a group, a choice or a repeat; None for anything else."""
        if operation == "SUBPATTERN":
            return self.sequence(list(argument[-1]), at)
        if operation == "BRANCH":
            return (end for branch in argument[1] for end in self.sequence(list(branch), at))
        if operation == "ATOMIC_GROUP":
            return itertools.islice(self.sequence(list(argument), at), 1)
        if operation in ("MAX_REPEAT", "MIN_REPEAT"):
            return self._repeat(argument, at, lazy=operation == "MIN_REPEAT")
        if operation == "POSSESSIVE_REPEAT":
            return itertools.islice(self._repeat(argument, at, lazy=False), 1)
        return None

    def _repeat(self, argument: Any, at: int, *, lazy: bool) -> Iterator[int]:
        least, most, items = argument
        turns = [(at, self.sequence(list(items), at))]
        if lazy and least == 0:
            yield at
        while turns:
            here, ways = turns[-1]
            end = next(ways, None) if len(turns) <= most else None
            if end == here:
                continue
            if end is not None:
                turns.append((end, self.sequence(list(items), end)))
                if lazy and len(turns) > least:
                    yield end
                continue
            turns.pop()
            if not lazy and len(turns) >= least:
                yield here

    def _one(self, operation: Any, argument: Any, at: int) -> int | None:
        self.steps += 1
        key = f"{operation} {argument}"
        if key not in self._compiled:
            state = re._parser.State()
            state.flags = self._flags
            item = re._parser.SubPattern(state, [(operation, argument)])
            self._compiled[key] = re._compiler.compile(item, self._flags)
        found = self._compiled[key].match(self._text, at)
        return None if found is None else found.end()
