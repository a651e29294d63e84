"""WA102, WA105 and WA107 on plain values."""

import pytest

from support.rule_cases import tagged
from support.rules import problems, severities
from support.values import elf, member
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Machine, Severity
from wheelarch.rules import find, remedies

any_so = member("pkg/_core.so", elf(Machine.X86_64, "libc.so.6", hooks=("PyInit__core",)))

HITS: dict[str, list[Wheel]] = {
    "WA102": [
        tagged("py3-none-win_x86_64"),
        tagged("py3-none-manylinux_2_17_mips64"),
        tagged("cp311-cp311-linux_x86_64-x86_64_v3", any_so),
    ],
    "WA105": [
        tagged("cp311-cp311-linux_x86_64", any_so),
        tagged("cp311-cp311-manylinux_2_38_loongarch64"),
        tagged("cp312-cp312-pyodide_2025_0_wasm32"),
        tagged("cp311-cp311-macosx_16_0_arm64"),
        tagged("cp311-cp311-musllinux_1_2_ppc64"),
        tagged("cp311-cp311-win_arm32"),
        tagged("cp311-cp311-freebsd_14_0_release_amd64"),
        tagged("py3-none-win_x86_64"),
    ],
    "WA107": [
        tagged("py3-none-macosx_10_6_intel"),
        tagged("py3-none-macosx_10_5_fat3"),
        tagged("py3-none-manylinux1_x86_64"),
        tagged("cp27-cp27m-win_ia64"),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA102": [
        tagged("py3-none-any"),
        tagged("cp311-cp311-manylinux_2_38_loongarch64"),
        tagged("cp311-cp311-freebsd_14_0_release_amd64"),
        tagged("cp311-cp311-aix_7_2_powerpc64"),
        tagged("cp312-cp312-mingw_x86_64_ucrt_gnu"),
        tagged("pp311-pypy311_pp73-win_amd64"),
    ],
    "WA105": [
        tagged("py3-none-any"),
        tagged("cp311-cp311-linux_armv7l"),
        tagged("cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64"),
        tagged("cp311-cp311-musllinux_1_2_riscv64"),
        tagged("cp311-cp311-macosx_10_9_universal2"),
        tagged("cp311-cp311-macosx_26_0_arm64"),
        tagged("cp311-cp311-macosx_27_0_arm64"),
        tagged("cp313-cp313-ios_13_0_arm64_iphoneos"),
        tagged("cp313-cp313-android_21_arm64_v8a"),
        tagged("cp314-cp314-pyemscripten_2026_0_wasm32"),
    ],
    "WA107": [tagged("cp311-cp311-macosx_10_9_universal2"), tagged("cp311-cp311-manylinux2014_x86_64")],
}


def test_severity() -> None:
    """A tag that PyPI refuses is a warning; it concerns no member."""
    assert severities("WA105", HITS["WA105"][0]) == [Severity.WARNING]
    assert problems("WA105", HITS["WA105"][0])[0].member is None


def test_what_the_index_says() -> None:
    """The consequence is the answer of PyPI, with the names of the wheel and the tag."""
    (linux,) = problems("WA105", HITS["WA105"][0])
    assert linux.message == "PyPI refuses platform tag linux_x86_64"
    assert linux.consequence == (
        "400 Binary wheel 'pkg-1.0-cp311-cp311-linux_x86_64.whl' has an unsupported "
        "platform tag 'linux_x86_64'."
    )


@pytest.mark.parametrize(
    ("tag", "remedy"),
    [("linux_x86_64", "auditwheel repair"), ("macosx_16_0_arm64", "MACOSX_DEPLOYMENT_TARGET")],
)
def test_index_names_the_remedy_of_the_system(tag: str, remedy: str) -> None:
    """A plain linux tag needs a repair, another tag a new name."""
    (found,) = problems("WA105", tagged(f"cp311-cp311-{tag}"))
    ids = found.remedies or find("WA105").remedies
    assert remedy in remedies.text(ids, "", remedies.systems_of_tags(found.tags))


def test_messages_name_the_tag() -> None:
    """What is reported is the platform tag or the label, not the whole triple."""
    (unknown,) = problems("WA102", HITS["WA102"][0])
    assert (
        unknown.message == "platform tag win_x86_64 is unknown, so the binaries cannot be checked against it"
    )
    assert [one.message for one in problems("WA102", HITS["WA102"][2])] == [
        "variant label x86_64_v3 is from a draft (PEP 825)"
    ]
    (legacy,) = problems("WA107", HITS["WA107"][0])
    assert legacy.message == "platform tag macosx_10_6_intel is for systems that no longer exist"
