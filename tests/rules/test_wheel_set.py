"""WA602 and WA603 on plain values."""

import pytest

from support.rule_cases import check_hit
from support.rules import each, problems, severities
from support.wheel_sets import among, sibling
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Severity

HITS: dict[str, list[Wheel]] = {
    "WA602": [
        among("cp311-cp311-win_amd64", sibling("cp312-cp312-win_arm64")),
        among("cp311-cp311-win_amd64", sibling("cp312-cp312-win_amd64"), sibling("cp312-cp312-win32")),
        among("cp38-abi3-win_amd64", sibling("cp39-abi3-macosx_11_0_arm64")),
        among("cp313-cp313t-win_amd64", sibling("cp311-abi3-win_amd64"), sibling("cp311-abi3-win_arm64")),
        among("cp312-cp312-macosx_11_0_arm64", sibling("cp313-cp313-macosx_11_0_universal2")),
        among(
            "cp314-cp314-win_amd64",
            sibling("cp313-cp313-win_amd64"),
            sibling("cp313-cp313-ios_13_0_arm64_iphoneos"),
        ),
    ],
    "WA603": [
        among("cp312-cp312-macosx_10_13_universal2", sibling("cp312-cp312-macosx_11_0_arm64")),
        among("cp312-cp312-macosx_10_13_universal2", sibling("cp311-abi3-macosx_10_9_x86_64")),
        among("py3-none-macosx_10_13_universal2", sibling("py3-none-macosx_11_0_arm64")),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA602": [
        among("cp311-cp311-win_amd64"),
        among("cp311-cp311-win_amd64", sibling("cp312-cp312-win_arm64"))._replace(filename=None),
        among("cp311-cp311-win_amd64", sibling("cp312-cp312-win_amd64")),
        among("cp39-abi3-win_amd64", sibling("cp39-abi3-win_arm64")),
        among("cp312-cp312-win_amd64", sibling("cp39-abi3-win_arm64"), sibling("cp39-abi3-win_amd64")),
        among("cp311-cp311-win_amd64", sibling("cp312-cp312-win_arm64"), sibling("py3-none-any")),
        among(
            "cp312-cp312-macosx_11_0_arm64",
            sibling("cp313-cp313-macosx_11_0_arm64"),
            sibling("cp312-cp312-macosx_10_9_x86_64"),
            sibling("cp313-cp313-macosx_10_9_universal2"),
        ),
        among(
            "cp312-cp312-manylinux_2_17_x86_64",
            sibling("cp313-cp313-manylinux2014_x86_64.manylinux_2_28_x86_64"),
        ),
        # nobody needs these
        among(
            "cp311-cp311-win_amd64",
            sibling("cp313-cp313-win_amd64"),
            sibling("cp313-cp313-ios_13_0_arm64_iphoneos"),
        ),
        among(
            "cp313-cp313-win_amd64",
            sibling("cp312-cp312-win_amd64"),
            sibling("cp312-cp312-pyodide_2024_0_wasm32"),
        ),
        among(
            "cp27-cp27mu-manylinux1_x86_64",
            sibling("cp311-cp311-win_amd64"),
            sibling("cp311-cp311-manylinux1_x86_64"),
        ),
        among(
            "pp311-pypy311_pp73-win_amd64", sibling("cp311-cp311-win_arm64"), sibling("cp311-cp311-win_amd64")
        ),
        # the first wheel by name reports it
        among("cp311-cp311-win_arm64", sibling("cp311-cp311-win_amd64"), sibling("cp312-cp312-win32")),
        among("cp312-cp312-win_amd64", sibling("cp311-cp311-unheard_of")),
    ],
    "WA603": [
        among("cp312-cp312-macosx_11_0_arm64", sibling("cp312-cp312-macosx_10_13_universal2")),
        among("cp312-cp312-macosx_10_13_universal2", sibling("cp313-cp313-macosx_11_0_arm64")),
        among("cp312-cp312-macosx_10_13_universal2", sibling("cp312-cp312-win_arm64")),
        among(
            "cp312-cp312-macosx_10_13_universal2",
            sibling("cp311-cp311-macosx_10_13_x86_64.macosx_11_0_arm64.macosx_10_13_universal2"),
        ),
        among("cp312-cp312-macosx_10_13_universal2"),
    ],
}


@each(HITS)
def test_hits(code: str, subject: Wheel) -> None:
    """A hole or an overlap is reported once."""
    check_hit(code, subject)
    assert len(problems(code, subject)) == 1


@pytest.mark.parametrize("code", HITS)
def test_severity(code: str) -> None:
    """A hole or an overlap may be intended, so it is a note."""
    assert severities(code, HITS[code][0]) == [Severity.NOTE]


def test_pythons_with_the_same_hole_share_a_note() -> None:
    """A wheel for abi3 and abi3t makes one note, not two."""
    subject = among(
        "cp315-abi3.abi3t-win_amd64", sibling("cp315-abi3.abi3t-win_arm64"), sibling("cp314-cp314-win32")
    )
    (problem,) = problems("WA602", subject)
    assert problem.evidence == {"python": "cp315, cp315t", "missing": "win32"}
    assert problem.message == (
        "the set has no cp315 or cp315t wheel for win32, which it serves on other Pythons"
    )


def test_one_wheel_of_the_set_reports_a_hole() -> None:
    """Of the wheels for one Python the first by name reports what is missing; the others are silent."""
    tags = ["cp311-cp311-win32", "cp311-cp311-win_amd64", "cp312-cp312-win_arm64"]
    found = {
        tag: [
            one.evidence["missing"] for one in problems("WA602", among(tag, *map(sibling, set(tags) - {tag})))
        ]
        for tag in tags
    }
    assert found == {tags[0]: ["win_arm64"], tags[1]: [], tags[2]: ["win32, win_amd64"]}


def test_an_overlap_names_the_narrower_wheels() -> None:
    """The message lists the wheels for one kind of Mac, sorted."""
    subject = among(
        "cp312-cp312-macosx_10_13_universal2",
        sibling("cp312-cp312-macosx_11_0_arm64"),
        sibling("cp312-cp312-macosx_10_13_x86_64"),
        sibling("cp311-cp311-macosx_11_0_arm64"),
    )
    (problem,) = problems("WA603", subject)
    narrower = "pkg-1.0-cp312-cp312-macosx_10_13_x86_64.whl, pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl"
    assert problem.message == f"this universal2 wheel serves the same Macs as {narrower}"
    assert problem.evidence == {"overlaps": narrower}
