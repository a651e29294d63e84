"""WA103, WA108 and WA109 on plain values."""

import pytest

from support.rule_cases import tagged
from support.rules import problems, severities
from support.values import elf, macho, member, pe
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Machine, Role, Severity

X86_64 = Machine.X86_64
HOOK = ("PyInit__core",)
E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

any_so = member("pkg/_core.so", elf(X86_64, "libc.so.6", hooks=HOOK))
any_pyd = member("pkg/_core.cp311-win_amd64.pyd", pe(X86_64, "python311.dll", hooks=HOOK))

HITS: dict[str, list[Wheel]] = {
    "WA103": [
        tagged("cp311-cp311-macosx_14_2_arm64"),
        tagged("py3-none-macosx_10_9_arm64"),
        tagged("cp3-none-any"),
        tagged("cp311-cp311-any"),
        tagged("cp38.cp39-cp38.cp39-win_amd64"),
        tagged("py3-none-macosx_11_0_arm64.macosx_14_2_arm64"),
        tagged("cp313-abi3t-win_amd64"),
    ],
    "WA108": [
        tagged("py3-abi3-win_amd64"),
        tagged("cp3-abi3-win_amd64"),
        tagged("cp31-abi3-win_amd64"),
        tagged("cp27.cp38-abi3-win_amd64"),
        tagged("pp311-abi3-win_amd64"),
        tagged("py3-abi3t-macosx_11_0_arm64"),
    ],
    "WA109": [
        tagged("py3-none-win_amd64", any_pyd),
        tagged("py3-none-win_amd64", member("pkg/_core.pyd", pe(X86_64, "python311.dll", hooks=HOOK))),
        tagged("py3-none-win_amd64", member("pkg/_core.pyd", pe(X86_64, "python3.dll", hooks=HOOK))),
        tagged("py310-none-manylinux_2_17_x86_64", any_so),
        tagged("py3-none-macosx_11_0_arm64", member("pkg/_core.abi3.so", macho(hooks=HOOK))),
        tagged(
            "py3-none-win_amd64",
            any_pyd,
            member("pkg/_core.cp312-win_amd64.pyd", pe(X86_64, "python312.dll", hooks=HOOK)),
        ),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA103": [
        tagged("py2.py3-none-any"),
        tagged("cp315-abi3.abi3t-win_amd64"),
        tagged("cp310-cp310-macosx_10_16_x86_64"),
        tagged("cp310-cp310-macosx_10_9_universal2"),
        tagged("py3-abi3-win_amd64"),
        tagged("graalpy312-graalpy250_312_native-macosx_11_0_arm64"),
        tagged("cp38-none-win_amd64"),
        tagged("pp3-none-any"),
    ],
    "WA108": [
        tagged("cp32-abi3-win_amd64"),
        tagged("cp315-abi3.abi3t-win_amd64"),
        tagged("cp38-abi3-any"),
        tagged("cp311-cp311-macosx_14_2_arm64"),
    ],
    "WA109": [
        tagged(
            "cp38-none-win_amd64",
            member("winrt/_winrt.pyd", pe(X86_64, "python38.dll", hooks=("PyInit__winrt",))),
        ),
        tagged("cp311-cp311-win_amd64", any_pyd),
        tagged("py3-none-win_amd64", member("pkg/foo.dll", pe(X86_64), role=Role.LIBRARY)),
        tagged("py3-none-any", any_pyd),
        tagged("cp311.py3-none-win_amd64", any_pyd),
    ],
}


@pytest.mark.parametrize(
    ("code", "index", "expected"),
    [
        ("WA103", 0, [E]),
        ("WA103", 4, [N, N]),
        ("WA103", 5, [N]),
        ("WA103", 6, [W]),
        ("WA108", 0, [E]),
        ("WA108", 3, [N]),
        ("WA109", 0, [E]),
        ("WA109", 1, [E]),
        ("WA109", 2, [W]),
        ("WA109", 3, [W]),
        ("WA109", 5, [N, N]),
    ],
)
def test_severity(code: str, index: int, expected: list[Severity]) -> None:
    """The severity follows from who certainly fails, and the member is the one to blame."""
    subject = HITS[code][index]
    assert severities(code, subject) == expected
    blamed = [one.path for one in subject.members] if code == "WA109" else [None] * len(expected)
    assert [one.member for one in problems(code, subject)] == blamed


@pytest.mark.parametrize(
    ("library", "bound"),
    [("libpython3.11.so.1.0", True), ("libpython3.so.1.0", False), ("libfoo3.11.so", False)],
)
def test_what_binds_to_one_python(library: str, bound: bool) -> None:
    """The library of one Python version binds a module to it; that of the stable ABI and others do not."""
    subject = tagged("py3-none-linux_x86_64", member("pkg/_core.so", elf(X86_64, library, hooks=HOOK)))
    (found,) = problems("WA109", subject)
    assert (found.severity is None) == bound


def test_an_extension_module_says_what_it_fits() -> None:
    """The message names what binds the module to one Python, if anything does."""
    (bound,) = problems("WA109", HITS["WA109"][1])
    assert bound.message == (
        "tagged py3-none, but extension module pkg/_core.pyd fits only one Python (python311.dll)"
    )
    (loose,) = problems("WA109", HITS["WA109"][2])
    assert loose.message == (
        "tagged py3-none, but contains extension module pkg/_core.pyd, which some Pythons cannot load"
    )


def test_dead_tags_are_grouped_by_reason() -> None:
    """Many triples that are dead for one reason make one problem with all of them."""
    (found,) = problems("WA103", tagged("cp38.cp39.cp310-none-macosx_14_2_arm64"))
    assert len(found.tags) == 3
    assert found.message == (
        "no installer accepts cp310-none-macosx_14_2_arm64 and 2 more: "
        "macOS 11 and later have minor version 0 in tags"
    )
    assert found.consequence.endswith("is not a supported wheel on this platform.")
