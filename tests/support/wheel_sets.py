"""Wheels and their siblings as plain values."""

from support.values import wheel
from wheelarch.facts.wheel import Sibling, Wheel
from wheelarch.facts.wheel_sets import summarize
from wheelarch.metadata.promise import read_promise
from wheelarch.model import Member


def sibling(tag: str, *members: Member, ok: bool = True) -> Sibling:
    """Another wheel of the set, with this tag."""
    name = f"pkg-1.0-{tag}.whl"
    return summarize(name, read_promise(name).targets, members, ok)


def among(tag: str, *given: Member | Sibling) -> Wheel:
    """A wheel with these members, and with these siblings."""
    members = tuple(one for one in given if isinstance(one, Member))
    siblings = tuple(one for one in given if isinstance(one, Sibling))
    return wheel(f"pkg-1.0-{tag}.whl", *members)._replace(siblings=siblings)
