"""What is done once, when it is first asked for."""

from collections.abc import Callable

import pytest

from wheelarch._lib import lazy


@pytest.fixture
def asked() -> tuple[list[object], Callable[..., int]]:
    """What a function was asked about, and the function."""
    seen: list[object] = []

    @lazy.once
    def length(things: tuple[object, ...], more: object = None) -> int:
        seen.append(things)
        return len(things)

    return seen, length


def test_the_same_question_is_answered_once(asked: tuple[list[object], Callable[..., int]]) -> None:
    """The same object, or a tuple of the same elements, is not looked at again."""
    seen, length = asked
    things = ([1], [2])
    assert length(things) == length(things) == length((*things,)) == 2
    assert seen == [things]


@pytest.mark.parametrize("other", [([1],), ([1], [2]), [[1], [2]]])
def test_equal_is_not_the_same(
    asked: tuple[list[object], Callable[..., int]], other: tuple[object, ...]
) -> None:
    """Other objects are looked at even where they are equal: to compare them may cost more than the answer."""
    seen, length = asked
    length(([1], [2]))
    assert length(other) == len(other)
    assert len(seen) == 2


def test_the_last_answer_alone_is_kept(asked: tuple[list[object], Callable[..., int]]) -> None:
    """One wheel's answer takes the place of another's, and clearing lets the last go."""
    seen, length = asked
    one, other = (1,), (2,)
    for things in (one, other, one):
        length(things)
    lazy.kept.clear()
    length(one)
    assert seen == [one, other, one, one]


def test_every_argument_counts(asked: tuple[list[object], Callable[..., int]]) -> None:
    """An answer holds for all the arguments that it was given for."""
    seen, length = asked
    things = (1,)
    length(things, "a")
    length(things, "b")
    length(things)
    length(things, more="b")
    assert len(seen) == 4
