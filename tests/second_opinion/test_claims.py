"""A parser's reading confirms a claim, denies it, or says nothing."""

from typing import Any

import pytest

from support.values import elf, macho, pe
from wheelarch.model import BuildVersion, Fact, Image, Machine, Severity, Symbol, VersionNeed
from wheelarch.rules import RULES
from wheelarch.second_opinion.claims import CROSS_CHECKED, judge

PE = pe(
    Machine.ARM64,
    "python311.dll",
    "KERNEL32.dll",
    hooks=["PyInit_ext"],
    imported=(Symbol("#7", "python311.dll"),),
)
MACHO = macho(Machine.ARM64, imported=(Symbol("___chkstk_darwin"),), cpusubtype=2, variant="arm64e")
ELF = elf(
    Machine.X86_64,
    "libc.so.6",
    hooks=["PyInit_ext"],
    version_needs=(VersionNeed("libc.so.6", "GLIBC_2.34", False),),
    android_api=24,
)
TWO = (macho(Machine.X86_64, offset=0x4000, cpusubtype=3), macho(Machine.ARM64, offset=0x8000))
HIDDEN = macho(Machine.ARM64, offset=0x8000, hidden=True)
ZIPPERED = macho(
    build_versions=(
        BuildVersion("macos", (11, 0, 0), (15, 0, 0)),
        BuildVersion("catalyst", (14, 0, 0), (15, 0, 0)),
    )
)
X86_SLICE = {"offset": 0x4000, "machine": [0x01000007, 3]}
ARM_SLICE = {"offset": 0x8000, "machine": [0x0100000C, 0]}

CASES: dict[str, tuple[Fact, tuple[Image, ...], list[dict[str, Any]], str | None, bool | None]] = {
    "machine": (Fact.MACHINE, (PE,), [{"offset": 0, "machine": [0xAA64, 0]}], "", True),
    "machine-denied": (Fact.MACHINE, (PE,), [{"offset": 0, "machine": [0x8664, 0]}], "", False),
    "machine-unread": (Fact.MACHINE, (PE,), [{"offset": 0}], "", None),
    "no-rows": (Fact.MACHINE, (PE,), [], "", None),
    "subtype": (Fact.MACHINE, (MACHO,), [{"offset": 0, "machine": [0x0100000C, 2]}], "", True),
    "subtype-denied": (Fact.MACHINE, (MACHO,), [{"offset": 0, "machine": [0x0100000C, 0]}], "", False),
    "slices": (Fact.MACHINE, TWO, [X86_SLICE, ARM_SLICE], "", True),
    "slice-not-seen": (Fact.MACHINE, TWO, [X86_SLICE], "", None),
    "slice-we-miss": (Fact.MACHINE, TWO[:1], [X86_SLICE, ARM_SLICE], "", False),
    "hidden-slice": (Fact.MACHINE, (TWO[0], HIDDEN), [X86_SLICE], "", True),
    "hidden-slice-seen": (Fact.MACHINE, (TWO[0], HIDDEN), [X86_SLICE, ARM_SLICE], "", True),
    "only-the-hidden-slice": (Fact.MACHINE, (HIDDEN,), [], "", None),
    "sub-abi": (Fact.SUB_ABI, (ELF,), [{"offset": 0, "sub_abi": [64, True, 0]}], "", True),
    "sub-abi-denied": (Fact.SUB_ABI, (ELF,), [{"offset": 0, "sub_abi": [32, True, 0]}], "", False),
    "sub-abi-of-pe": (Fact.SUB_ABI, (PE,), [{"offset": 0}], "", None),
    "hybrid": (Fact.HYBRID, (pe(variant="arm64ec"),), [{"offset": 0, "hybrid": "arm64ec"}], "", True),
    "hybrid-denied": (Fact.HYBRID, (pe(variant="arm64ec"),), [{"offset": 0, "hybrid": ""}], "", False),
    "hybrid-unread": (Fact.HYBRID, (pe(variant="arm64ec"),), [{"offset": 0}], "", None),
    "library": (Fact.LIBRARIES, (PE,), [{"offset": 0, "libraries": ["PYTHON311.DLL"]}], "python311.dll", True),
    "library-denied": (Fact.LIBRARIES, (PE,), [{"offset": 0, "libraries": ["python3.dll"]}], "python311.dll", False),
    "library-partial": (Fact.LIBRARIES, (PE,), [{"offset": 0, "libraries": [], "partial": True}], None, None),
    "library-unread": (Fact.LIBRARIES, (PE,), [{"offset": 0}], "python311.dll", None),
    "no-library-named": (Fact.LIBRARIES, (PE,), [{"offset": 0, "libraries": []}], "nothing", None),
    "whole-list": (Fact.LIBRARIES, (PE,), [{"offset": 0, "libraries": ["kernel32.dll", "python311.dll"]}], None, True),
    "whole-list-short": (Fact.LIBRARIES, (PE,), [{"offset": 0, "libraries": ["python311.dll"]}], None, False),
    "whole-list-long": (
        Fact.LIBRARIES, (PE,), [{"offset": 0, "libraries": ["kernel32.dll", "python311.dll", "x.dll"]}], None, False
    ),
    "ordinal": (Fact.IMPORTS, (PE,), [{"offset": 0, "imports": ["#7"]}], "#7", True),
    "ordinal-denied": (Fact.IMPORTS, (PE,), [{"offset": 0, "imports": ["#8"]}], "#7", False),
    "symbol-unread": (Fact.IMPORTS, (MACHO,), [{"offset": 0}], "___chkstk_darwin", None),
    "hook": (Fact.HOOKS, (PE,), [{"offset": 0, "hooks": ["PyInit_ext", "other"]}], "", True),
    "hook-we-miss": (Fact.HOOKS, (PE,), [{"offset": 0, "hooks": ["PyInit_ext", "PyInit_more"]}], "", False),
    "hook-they-miss": (Fact.HOOKS, (PE,), [{"offset": 0, "hooks": []}], "", False),
    "version": (Fact.VERSIONS, (ELF,), [{"offset": 0, "versions": ["GLIBC_2.34"]}], "GLIBC_2.34", True),
    "version-denied": (Fact.VERSIONS, (ELF,), [{"offset": 0, "versions": []}], "GLIBC_2.34", False),
    "libc": (
        Fact.LIBC,
        (ELF,),
        [{"offset": 0, "libraries": ["libc.so.6"], "versions": [], "version_owners": [], "interpreter": ""}],
        "",
        True,
    ),
    "libc-by-version": (
        Fact.LIBC,
        (ELF,),
        [
            {
                "offset": 0,
                "libraries": [],
                "versions": ["GLIBC_2.4"],
                "version_owners": ["libm.so.6"],
                "interpreter": "",
            }
        ],
        "",
        True,
    ),
    "libc-by-version-of-libgcc": (
        Fact.LIBC,
        (ELF,),
        [
            {
                "offset": 0,
                "libraries": [],
                "versions": ["GLIBC_2.0"],
                "version_owners": ["libgcc_s.so.1"],
                "interpreter": "",
            }
        ],
        "",
        False,
    ),
    "libc-denied": (
        Fact.LIBC,
        (ELF,),
        [
            {
                "offset": 0,
                "libraries": ["libc.musl-x86_64.so.1"],
                "versions": [],
                "version_owners": [],
                "interpreter": "",
            }
        ],
        "",
        False,
    ),
    "libc-unread": (Fact.LIBC, (ELF,), [{"offset": 0, "libraries": []}], "", None),
    "minos": (Fact.MINOS, (TWO[1],), [{"offset": 0x8000, "minos": [[1, 11, 0, 0]]}], "", True),
    "minos-denied": (Fact.MINOS, (TWO[1],), [{"offset": 0x8000, "minos": [[1, 12, 0, 0]]}], "", False),
    "platform-denied": (Fact.MINOS, (TWO[1],), [{"offset": 0x8000, "minos": [[2, 11, 0, 0]]}], "", False),
    "minos-unread": (Fact.MINOS, (TWO[1],), [{"offset": 0x8000, "minos": []}], "", None),
    "zippered": (Fact.MINOS, (ZIPPERED,), [{"offset": 0, "minos": [[6, 14, 0, 0], [1, 11, 0, 0]]}], "", True),
    "signature": (Fact.SIGNATURE, (MACHO,), [{"offset": 0, "signed": True}], "", True),
    "signature-denied": (Fact.SIGNATURE, (MACHO,), [{"offset": 0, "signed": False}], "", False),
    "android": (Fact.ANDROID_API, (ELF,), [{"offset": 0, "android_api": 24}], "", True),
    "android-denied": (Fact.ANDROID_API, (ELF,), [{"offset": 0, "android_api": 21}], "", False),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_judgement(case: str) -> None:
    """Each fact is confirmed by an equal reading, denied by a different one, and left open without one."""
    fact, images, rows, names, expected = CASES[case]
    claims = None if names is None else [(fact, name) for name in names.split()]
    assert judge((fact,), images, rows, claims).agrees is expected


def test_one_denial_counts_more_than_a_confirmation() -> None:
    """If one of two facts is denied, the claim is denied. If one is confirmed and one is open, it is open."""
    rows = [{"offset": 0, "machine": [0xAA64, 0], "libraries": []}]
    facts = (Fact.MACHINE, Fact.LIBRARIES)
    claims = [(Fact.LIBRARIES, "python311.dll")]
    assert judge(facts, (PE,), rows, claims).agrees is False
    assert judge(facts, (PE,), [{"offset": 0, "machine": [0xAA64, 0]}], claims).agrees is None


def test_a_finding_about_one_slice_is_judged_by_that_slice() -> None:
    """What a parser reads in other slices is not an answer."""
    rows = [{**X86_SLICE, "signed": False}, {**ARM_SLICE, "signed": True}]
    assert judge((Fact.SIGNATURE,), TWO, rows, [], "arm64").agrees is True
    assert judge((Fact.SIGNATURE,), TWO, rows, [], "x86_64").agrees is False


@pytest.mark.parametrize("value", [None, [], {}, "x", 1.5, True, [[]], [None], [[[]]], {"a": []}, 10**40])
@pytest.mark.parametrize(
    "key", ["offset", "machine", "libraries", "minos", "versions", "interpreter", "hooks", "signed"]
)
def test_rows_of_any_shape_raise_nothing(key: str, value: object) -> None:
    """A row comes from a process that read hostile bytes: whatever is in it, there is a judgement."""
    for image in (PE, MACHO, ELF):
        row = {"offset": 0, "libraries": [], "versions": [], "interpreter": "", key: value}
        for fact in Fact:
            assert judge((fact,), (image,), [row], None).agrees in (True, False, None)


NAMES_ALONE = {
    "WA310": "a file's name",
    "WA401": "a file's name",
    "WA403": "a file's name",
    "WA406": "a file's name",
    "WA413": "a file's name",
    "WA416": "a file's name",
    "WA532": "hashes, which no parser compares",
    "WA601": "equal bytes",
    "WA605": "equal bytes",
}
"""Rules for errors that rest on what no other parser can confirm."""


def test_every_rule_for_errors_says_what_it_rests_on() -> None:
    """A rule that reads binaries and finds errors is in the table, or here with what it rests on instead."""
    for one in RULES:
        if one.needs and one.severity is Severity.ERROR:
            assert bool(one.rests_on) is (one.code not in NAMES_ALONE), one.code
    assert Fact.DAMAGE not in CROSS_CHECKED


def test_a_name_inside_another_is_not_claimed() -> None:
    """A member called `pkg/data.dll` claims no import of `a.dll`: only what the rule names is asked for."""
    image = pe(needed=("a.dll", "data.dll"))
    rows = [{"offset": 0, "libraries": ["data.dll"]}]
    assert judge((Fact.LIBRARIES,), (image,), rows, [(Fact.LIBRARIES, "data.dll")]).agrees is True
    assert judge((Fact.LIBRARIES,), (image,), rows, [(Fact.LIBRARIES, "a.dll")]).agrees is False
