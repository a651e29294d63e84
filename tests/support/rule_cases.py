"""What the tests of rules about whole wheels share: names of wheels, and what a problem must look like."""

from types import ModuleType

from support.rules import problems
from support.values import wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Member
from wheelarch.rules import Rule

WIN = "pkg-1.0-cp311-cp311-win_amd64.whl"
MAC = "pkg-1.0-cp311-cp311-macosx_11_0_arm64.whl"
LINUX = "pkg-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
ANY = "pkg-1.0-py2.py3-none-any.whl"


def tagged(tag: str, *members: Member) -> Wheel:
    """A wheel with this tag."""
    return wheel(f"pkg-1.0-{tag}.whl", *members)


def codes(rules: ModuleType) -> set[str]:
    """Return the codes of the rules in a file."""
    return {one.code for one in vars(rules).values() if isinstance(one, Rule)}


def check_hit(code: str, subject: Wheel) -> None:
    """Check that the rule has problems with the wheel, and that each is well formed."""
    found = problems(code, subject)
    assert found
    for one in found:
        assert one.message
        assert not one.message.endswith(".")
        assert all(isinstance(value, str) for value in one.evidence.values())
        assert set(one.tags) <= set(subject.promise.triples)
