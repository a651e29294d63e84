"""WA218, WA219 on plain values."""

from support.machines import (
    GOOD_LINUX,
    HOOK,
    LINUX,
    LINUX_ARM32,
    LINUX_EXT,
    X86_64,
    assert_one_machine_problem,
)
from support.rules import assert_hit, each, problems
from support.values import elf, member, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Machine

HITS: dict[str, list[Wheel]] = {
    "WA218": [
        wheel(LINUX, member(LINUX_EXT, elf(X86_64, variant="x32", bits=32, hooks=HOOK))),
        wheel(LINUX_ARM32, member("pkg/_core.so", elf(Machine.ARM, variant="soft-float", hooks=HOOK))),
    ],
    "WA219": [wheel(LINUX, member(LINUX_EXT, elf(X86_64, hooks=HOOK, x86_isa_needed=1 | 4)))],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA218": [
        wheel(LINUX, GOOD_LINUX),
        wheel(
            "pkg-1.0-cp313-cp313-android_21_armeabi_v7a.whl",
            member("pkg/_core.so", elf(Machine.ARM, variant="soft-float", hooks=HOOK)),
        ),
    ],
    "WA219": [
        wheel(LINUX, GOOD_LINUX),
        wheel(LINUX, member(LINUX_EXT, elf(X86_64, hooks=HOOK, x86_isa_needed=1))),
    ],
}


@each(HITS)
def test_hit(code: str, subject: Wheel) -> None:
    """The rule reports each wheel of its hit list, and names a member."""
    assert_hit(code, subject)


@each(CLEAN)
def test_clean(code: str, subject: Wheel) -> None:
    """The rule does not report any wheel of its clean list."""
    assert problems(code, subject) == []


@each(HITS)
def test_no_second_machine_problem(code: str, subject: Wheel) -> None:
    """A member with the wrong machine is reported by the rule that says it best, and by no other."""
    assert_one_machine_problem(subject)
