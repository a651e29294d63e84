"""WA303 and WA316 on plain values."""

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
from support.values import member, pe
from wheelarch.facts.wheel import Wanted, Wheel
from wheelarch.model import Machine, Role, Severity

NEEDS_BOUND_LIBRARY = tagged(
    "cp314-none-win_amd64",
    pyd("core.dll", path="pkg/_core.pyd"),
    member("pkg/core.dll", pe(Machine.X86_64, "python314.dll"), role=Role.DEPENDENCY),
)

HITS: dict[str, list[Wheel]] = {
    "WA303": [
        tagged("cp313-cp313t-win_amd64", pyd("python313.dll")),
        tagged("cp313-cp313-win_amd64", pyd("python313t.dll")),
        tagged("cp314-none-win_amd64", pyd("python314t.dll")),
        tagged("cp313-cp313-manylinux_2_17_x86_64", so(imported=symbols("PyList_New", "_Py_DecRefShared"))),
        tagged("cp39-abi3-macosx_11_0_arm64", bundle(imported=symbols("_Py_MergeZeroLocalRefcount"))),
        tagged("cp313-cp313t-manylinux_2_17_x86_64", so(imported=symbols("PyList_New", "_Py_Dealloc"))),
    ],
    "WA316": [
        tagged("cp314-none-win_amd64", pyd("python314.dll")),
        tagged("cp313-none-win32", pyd("python3.dll", path="pkg/_core.pyd")),
        tagged("cp313-none-win_amd64", pyd("python313.dll", path="pkg/_core.cp313-win_amd64.pyd")),
        NEEDS_BOUND_LIBRARY,
        tagged("cp313-none-manylinux_2_17_x86_64", so(imported=symbols("_Py_Dealloc"))),
        tagged("cp313-none-musllinux_1_2_x86_64", so(path="pkg/_core.cpython-313-x86_64-linux-musl.so")),
        tagged("cp314-none-macosx_11_0_arm64", bundle(imported=symbols("_Py_Dealloc"))),
        tagged("cp313-none-manylinux_2_17_x86_64", so(path="pkg/_core.abi3.so")),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA303": WELL_LINKED,
    "WA316": [
        *WELL_LINKED,
        tagged("cp312-none-win_amd64", pyd("python312.dll")),
        tagged("cp314-cp314-win_amd64", pyd("python314.dll")),
        tagged("cp315-none-win_amd64", pyd("python3t.dll", path="pkg/_core.pyd")),
        tagged(
            "cp313-none-win_amd64",
            pyd("python313.dll", path="pkg/_core.cp313-win_amd64.pyd"),
            pyd("python313t.dll", path="pkg/_core.cp313t-win_amd64.pyd"),
        ),
        tagged("cp313-none-manylinux_2_17_x86_64", so(imported=symbols("_Py_DecRefShared", "_Py_Dealloc"))),
        tagged("cp313-none-manylinux_2_17_x86_64", so()),
        tagged("cp315-none-manylinux_2_34_x86_64", so(path="pkg/_core.abi3t.so")),
        tagged("py3-none-win_amd64", pyd("python313.dll")),
        tagged("pp311-none-win_amd64", pyd("libpypy3.11-c.dll")),
        tagged("cp313-none-android_24_arm64_v8a", so(imported=symbols("_Py_Dealloc"))),
        tagged("cp313-none-win_amd64", member("pkg/tool.dll", pe(Machine.X86_64), role=Role.LIBRARY)),
    ],
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
        ("WA316", [Severity.ERROR] * 4 + [Severity.WARNING] * 4),
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


def test_modules_with_one_fault_are_one_finding() -> None:
    """The tag is wrong once, however many modules it is wrong for; the first of them is named."""
    modules = [pyd("python314.dll", path=f"pkg/_{letter}.pyd") for letter in "abc"]
    (found,) = problems("WA316", tagged("cp314-none-win_amd64", *modules))
    assert found.message == (
        "tagged cp314-none, which free-threaded Pythons install too, but pkg/_a.pyd and 2 more extension modules "
        "need python314.dll, which only Pythons with the GIL have"
    )
    assert found.member == "pkg/_a.pyd"
    assert found.consequence.startswith("ImportError: DLL load failed while importing _a: ")


def test_what_is_installed_in_a_python_with_the_gil_serves_nobody_else() -> None:
    """In an environment, the tag has done its work: only the interpreter there counts."""
    installed = HITS["WA316"][0]._replace(filename=None)
    gil = Wanted("python", "windows", ("x86_64",), pythons=("cp314-cp314", "cp314-none"))
    free = gil._replace(pythons=("cp314-cp314t", "cp314-none"))
    assert problems("WA316", installed._replace(wanted=gil)) == []
    assert len(problems("WA316", installed._replace(wanted=free))) == 1
    assert len(problems("WA316", HITS["WA316"][0]._replace(wanted=gil))) == 1
