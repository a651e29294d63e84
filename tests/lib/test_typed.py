"""Named tuples of our own: what `typing.NamedTuple` does is the oracle."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import typing

import pytest

from wheelarch._lib import typed

if typing.TYPE_CHECKING:
    from collections.abc import Callable


class Theirs(typing.NamedTuple):
    """A place."""

    path: str
    offset: int = 0
    what: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The last component."""
        return self.path.rpartition("/")[2]

    @classmethod
    def start(cls, path: str) -> typing.Self:
        return cls(path)

    def __str__(self) -> str:
        return f"{self.path}:{self.offset}"


class Ours(typed.NamedTuple):
    """A place."""

    path: str
    offset: int = 0
    what: tuple[str, ...] = ()

    name = Theirs.name

    @classmethod
    def start(cls, path: str) -> typing.Self:
        return cls(path)

    __str__ = Theirs.__str__


USES: dict[str, Callable[[typing.Any], object]] = {
    "positions": lambda kind: kind("a/b", 1, ("c",)),
    "names": lambda kind: kind(what=("c",), path="a", offset=1),
    "defaults": lambda kind: kind("a"),
    "mixed": lambda kind: kind("a", what=("x",)),
    "make": lambda kind: kind._make(["a", 1, ()]),
    "replace": lambda kind: kind("a")._replace(offset=7),
    "replace nothing": lambda kind: kind("a")._replace(),
    "as dict": lambda kind: kind("a")._asdict(),
    "fields": lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__, kind.__doc__),
    "repr": lambda kind: repr(kind("a\n")).partition("(")[2],
    "str": lambda kind: str(kind("a")),
    "hash": lambda kind: hash(kind("a")),
    "attributes": lambda kind: (kind("a/b").path, kind("a/b").what, kind("a/b").name),
    "class method": lambda kind: kind.start("a"),
    "order": lambda kind: sorted([kind("b"), kind("a", 2), kind("a", 1)]),
    "unpacking": lambda kind: [*kind("a", 1)],
    "equality": lambda kind: (kind("a") == ("a", 0, ()), kind("a") == kind("a", 1)),
    "pickle": lambda kind: pickle.loads(pickle.dumps(kind("a", 3))),
    "copy": lambda kind: copy.deepcopy(kind("a", 3)),
    "replaced copy": lambda kind: kind("a").__replace__(offset=3) if sys.version_info >= (3, 13) else None,
    "room": lambda kind: hasattr(kind("a"), "__dict__"),
    "module": lambda kind: kind.__module__,
}
WRONG: dict[str, Callable[[typing.Any], object]] = {
    "too few": lambda kind: kind(),
    "too few by name": lambda kind: kind(offset=1),
    "too many": lambda kind: kind("a", 1, (), 4),
    "unknown name": lambda kind: kind("a", size=1),
    "twice": lambda kind: kind("a", path="b"),
    "unknown name among all": lambda kind: kind("a", 1, (), size=1),
    "replace of an unknown name": lambda kind: kind("a")._replace(size=1),
    "make of too few": lambda kind: kind._make(["a"]),
    "make of too many": lambda kind: kind._make("abcd"),
    "assignment": lambda kind: setattr(kind("a"), "path", "b"),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_used_alike(use: Callable[[typing.Any], object]) -> None:
    """Whatever is done with a value of ours gives what the same gives with theirs."""
    assert use(Ours) == use(Theirs)


@pytest.mark.parametrize("use", WRONG.values(), ids=WRONG)
def test_refused_alike(use: Callable[[typing.Any], object]) -> None:
    """What is an error of theirs is one of ours, of the same kind and with the same words."""
    errors = []
    for kind in (Theirs, Ours):
        with pytest.raises(Exception) as caught:
            use(kind)
        errors.append((caught.type, str(caught.value).replace("Ours", "Theirs")))
    assert errors[0] == errors[1]


def test_matched_by_position() -> None:
    """`match` takes a value apart by position and by name."""
    match Ours("a", 2):
        case Ours(path, offset, what=()):
            assert (path, offset) == ("a", 2)
        case _:
            pytest.fail("does not match")


def test_without_the_getter_that_is_cpythons_own() -> None:
    """Where `_collections` has no field getter, as elsewhere than in CPython, the operator module's does."""
    script = """
import _collections
del _collections._tuplegetter
import sys
for name in [name for name in sys.modules if name.startswith("collections")]:
    del sys.modules[name]
from wheelarch.model import Symbol
assert Symbol("a", weak=True)[:3] == ("a", "", True)
assert Symbol("a", "b").library == "b"
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
