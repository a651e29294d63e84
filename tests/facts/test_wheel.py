"""The per-wheel object: what is worked out once is kept with the wheel, and goes with it."""

import gc
import pickle
import weakref

from support.values import elf, member, wheel
from wheelarch.facts.roles import with_roles
from wheelarch.facts.wheel import Wheel, per_wheel
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Role

NAME = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
SEEN: list[tuple[Wheel, tuple[object, ...]]] = []


@per_wheel
def counted(subject: Wheel, *parts: object) -> int:
    SEEN.append((subject, parts))
    return len(SEEN)


def test_a_question_is_answered_once_per_wheel() -> None:
    """The same wheel and parts are not looked at again; another wheel, or an equal part, is."""
    SEEN.clear()
    one, other = wheel(NAME), wheel(NAME)
    part, equal = [1], [1]
    assert counted(one) == counted(one) == 1
    assert counted(one, part) == counted(one, part) == 2
    assert counted(one, equal) == 3
    assert counted(other) == 4


def test_a_part_that_lives_no_longer_is_not_mistaken_for_another() -> None:
    """Parts are told apart by identity, so they are kept: a new object never gets the answer of an old one."""
    SEEN.clear()
    subject = wheel(NAME)
    answers = {counted(subject, (number, number)) for number in range(50)}
    assert len(answers) == 50


def test_a_changed_wheel_knows_nothing() -> None:
    """`_replace` returns a wheel that works everything out again, and leaves the old one as it is."""
    SEEN.clear()
    subject = wheel(NAME)
    counted(subject)
    other = subject._replace(filename="other")
    counted(other)
    assert (subject.filename, other.filename) == (NAME, "other")
    assert len(SEEN) == 2


class Kept:
    """A value that can be watched."""


@per_wheel
def kept_with(_: Wheel) -> Kept:
    return Kept()


def test_nothing_is_kept_beyond_the_wheel() -> None:
    """Answers go with the wheel: nothing of them stays in the process."""
    subject = wheel(NAME)
    watched = weakref.ref(kept_with(subject))
    assert watched() is kept_with(subject)
    del subject
    gc.collect()
    assert watched() is None


def test_roles_follow_the_promise_and_edges_the_members() -> None:
    """Judged by another tag, a wheel has the same edges between members with their new roles."""
    library = member("pkg/libhelper.so", elf(), role=Role.LIBRARY)
    module = member(
        "pkg/_core.cpython-311-x86_64-linux-gnu.so", elf(needed=("libhelper.so",), hooks=("PyInit__core",))
    )
    subject = with_roles(wheel(NAME, module, library))
    assert [one.role for one in subject.members] == [Role.EXTENSION, Role.DEPENDENCY]
    renamed = with_roles(subject, read_promise("pkg-1.0-py3-none-any.whl"))
    assert renamed.guesses == subject.guesses == (Role.EXTENSION, Role.LIBRARY)
    for one in (subject, renamed):
        (edge,) = one.edges
        assert edge.loader is one.members[0]
        assert edge.found == (one.members[1],)


def test_a_wheel_survives_pickle() -> None:
    """Worker processes send wheels back: the fields arrive, what was worked out is worked out again."""
    subject = with_roles(wheel(NAME, member("pkg/_core.so", elf(hooks=("PyInit__core",)))))
    counted(subject)
    copy = pickle.loads(pickle.dumps(subject))
    assert copy.members == subject.members
    assert copy.promise == subject.promise
    assert len(copy.edges) == len(subject.edges)
    SEEN.clear()
    counted(copy)
    assert len(SEEN) == 1
