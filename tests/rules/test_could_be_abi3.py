"""WA314 on plain values."""

import pytest

from support.python_links import (
    WELL_LINKED,
    dll,
    measured,
    pyd,
    so,
    symbols,
    tagged,
)
from support.rules import each, problems, severities
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Severity

HITS: dict[str, list[Wheel]] = {
    "WA314": [
        tagged("cp311-cp311-win_amd64", pyd("python3.dll")),
        tagged(
            "cp311-cp311-win_amd64", pyd("python3.dll"), pyd("python3.dll", path="pkg/b.pyd"), dll("foo.dll")
        ),
        tagged("cp311-cp311-win_amd64", measured(pyd("python3.dll"), (3, 9))),
        tagged("cp311-cp311-win_amd64", measured(pyd("python311.dll"), (3, 11))),
        tagged("cp311-cp311-manylinux_2_17_x86_64", measured(so(), (3, 2))),
        tagged("cp311-cp311-win_amd64", pyd("python3.dll", path="pkg/_core.cp311-win_amd64.pyd")),
        tagged("cp315-cp315-win_amd64", measured(pyd("python3t.dll"), (3, 15))),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA314": [
        *WELL_LINKED,
        tagged("cp311-cp311-win_amd64", pyd("python3.dll"), pyd("python311.dll", path="pkg/b.pyd")),
        tagged("cp313-cp313t-win_amd64", pyd("python3.dll")),
        tagged("cp311-cp311-win_amd64", measured(pyd("python3.dll"), (3, 2), "_PyX")),
        tagged("cp311-cp311-win_amd64", measured(pyd("python3.dll"), (3, 12))),
        tagged("cp311-cp311-manylinux_2_17_x86_64", measured(so(), (3, 2), "_PyX")),
        tagged("cp39-cp39-manylinux_2_17_x86_64", measured(so(), (3, 11))),
        tagged("cp311-cp311-manylinux_2_17_x86_64", measured(so(imported=symbols("PyType_Ready")), (3, 2))),
        tagged("cp311-cp311-manylinux_2_17_x86_64", measured(so(), (3, 2)), so(path="pkg/b.so")),
        tagged("cp310.cp311-cp310.cp311-win_amd64", measured(pyd("python3.dll"), (3, 2))),
        tagged("cp313-cp313t-manylinux_2_17_x86_64", measured(so(), (3, 2))),
        tagged("cp314-cp314-win_amd64", pyd("python3t.dll")),
        tagged("py3-none-manylinux_2_17_x86_64", measured(so(), (3, 2))),
    ],
}


@each(HITS)
def test_hit(code: str, subject: Wheel) -> None:
    """A wheel that could be abi3 gets one problem, about the whole wheel and all its tags."""
    (found,) = problems(code, subject)
    assert found.message
    assert found.member is None
    assert found.tags == subject.promise.triples


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "WA314",
            [
                Severity.NOTE,
                Severity.NOTE,
                Severity.NOTE,
                Severity.NOTE,
                Severity.NOTE,
                Severity.NOTE,
                Severity.NOTE,
            ],
        ),
    ],
)
def test_severity(code: str, expected: list[Severity]) -> None:
    """The wheel works, so it is a note."""
    assert [severities(code, subject) for subject in HITS[code]] == [[one] for one in expected]


@pytest.mark.parametrize(
    ("index", "how", "evidence"),
    [
        (0, "imports only python3.dll", {}),
        (2, "imports only python3.dll", {"names since": "Python 3.9"}),
        (
            4,
            "takes only names of the stable ABI: built with Py_LIMITED_API",
            {"names since": "Python 3.2"},
        ),
    ],
)
def test_could_be_abi3_says_how(index: int, how: str, evidence: dict[str, str]) -> None:
    """A wheel whose DLL proves the limited API can be renamed; others have to be built with it."""
    (found,) = problems("WA314", HITS["WA314"][index])
    separator = ":" if how.endswith(".dll") else ","
    assert found.message == (
        f"every extension module {how}{separator} the wheel could be tagged cp311-abi3 instead of cp311-cp311"
    )
    assert found.evidence == {"have": "cp311", "need": "abi3", **evidence}


def test_could_be_abi3_keeps_the_file_importable() -> None:
    """A suffix of one Python has to change with the tag, and python3t.dll serves the tag of both stable ABIs."""
    *_, bound, both = HITS["WA314"]
    (found,) = problems("WA314", bound)
    assert found.message == (
        "every extension module imports only python3.dll: with the suffix .pyd instead of .cp311-win_amd64.pyd, "
        "the wheel could be tagged cp311-abi3 instead of cp311-cp311"
    )
    (found,) = problems("WA314", both)
    assert found.message == (
        "every extension module imports only python3t.dll: the wheel could be tagged cp315-abi3.abi3t instead of "
        "cp315-cp315"
    )
    assert found.evidence["need"] == "abi3.abi3t"
