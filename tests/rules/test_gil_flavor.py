"""WA303 on plain values."""

import pytest

from support.python_links import (
    WELL_LINKED,
    bundle,
    pyd,
    so,
    symbols,
    tagged,
)
from support.rules import problems, severities
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Severity

HITS: dict[str, list[Wheel]] = {
    "WA303": [
        tagged("cp313-cp313t-win_amd64", pyd("python313.dll")),
        tagged("cp313-cp313-win_amd64", pyd("python313t.dll")),
        tagged("cp314-none-win_amd64", pyd("python314t.dll")),
        tagged("cp313-cp313-manylinux_2_17_x86_64", so(imported=symbols("PyList_New", "_Py_DecRefShared"))),
        tagged("cp39-abi3-macosx_11_0_arm64", bundle(imported=symbols("_Py_MergeZeroLocalRefcount"))),
        tagged("cp313-cp313t-manylinux_2_17_x86_64", so(imported=symbols("PyList_New", "_Py_Dealloc"))),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA303": WELL_LINKED,
}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "WA303",
            [
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.ERROR,
                Severity.WARNING,
            ],
        ),
    ],
)
def test_severity(code: str, expected: list[Severity]) -> None:
    """It is an error if it certainly fails for somebody whom the tags invite, and a warning for a helper library."""
    assert [severities(code, subject) for subject in HITS[code]] == [[one] for one in expected]


@pytest.mark.parametrize(
    ("index", "consequence"),
    [
        (3, "ImportError: _core.so: undefined symbol: _Py_DecRefShared"),
        (4, "ImportError: symbol not found in flat namespace '__Py_MergeZeroLocalRefcount'"),
    ],
)
def test_undefined_symbol_text(index: int, consequence: str) -> None:
    """If no DLL is named, the consequence quotes the loader about the symbol, as it spells it."""
    (found,) = problems("WA303", HITS["WA303"][index])
    assert found.consequence == consequence
