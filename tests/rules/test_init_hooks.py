"""WA404, WA408 and WA415: the functions that start a module."""

import pytest

from support.machines import library
from support.named_modules import (
    ANY,
    ARM64,
    GNU,
    GOOD,
    GOOD_PYD,
    HOOK,
    LINUX,
    LINUX_ABI3,
    LINUX_ABI3_315,
    LINUX_BOTH,
    MAC,
    WIN,
    X86_64,
    pyd,
    so,
)
from support.rules import problems, severities
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Fault, Role, Severity, Symbol

HITS: dict[str, list[Wheel]] = {
    "WA404": [
        wheel(WIN, pyd("_core.cp311-win_amd64.pyd", hooks=("PyInit_core",))),
        wheel(LINUX, so(f"_core.cpython-311-{GNU}.so", hooks=("PyInit_other",))),
        wheel(LINUX_ABI3, so("_core.abi3.so", hooks=("PyModExport__core",))),
        wheel(LINUX, so(f"_core.cpython-311-{GNU}.so", hooks=("PyModExport__core",))),
        wheel(
            MAC,
            member("pkg/_core.cpython-311-darwin.so", macho(ARM64, hooks=HOOK), macho(X86_64, hooks=())),
        ),
        wheel(LINUX, library(f"pkg/_core.cpython-311-{GNU}.so", elf(X86_64))),
        wheel(WIN, library("pkg/_core.pyd", pe(X86_64))),
        wheel("pkg-1.0-cp27-cp27m-win_amd64.whl", pyd("_core.pyd", hooks=HOOK)),
        wheel(LINUX, so(f"__init__.cpython-311-{GNU}.so", hooks=("PyInit_other",))),
    ],
    "WA408": [
        wheel(LINUX_BOTH, so("_core.abi3t.so")),
        wheel("pkg-1.0-cp315-abi3t-win_amd64.whl", pyd("_core.pyd", "python3t.dll")),
    ],
    "WA415": [
        wheel(WIN, pyd("_core.cp311-win_amd64.pyd", hooks=("init_core",))),
        wheel(WIN, pyd("_core.pyd", hooks=("init_core",))),
        wheel(LINUX, so("_core.so", hooks=("init_core",))),
    ],
}

CLEAN: dict[str, list[Wheel]] = {
    "WA404": [
        *GOOD,
        wheel(WIN, pyd("_core.cp311-win_amd64.pyd", hooks=("init_core",))),
        wheel(LINUX, so(f"_core.cpython-311-{GNU}.so", hooks=(), faults=(Fault("truncated", 1, "x"),))),
        wheel(LINUX, so(f"_core.cpython-311-{GNU}.so", hooks=(), depth=Depth.HEADER)),
        wheel(WIN, member("pkg/_core.cp311-win_amd64.pyd", pe(X86_64, packed=True))),
        wheel(LINUX_ABI3_315, so("_core.abi3.so", hooks=("PyModExport__core",))),
        wheel(WIN, GOOD_PYD, pyd("_core.cp39-win_amd64.pyd", hooks=("PyInit_x",))),
        wheel(LINUX, library("pkg/_core.so", elf(X86_64))),
        wheel(LINUX, member(f"pkg/_core.cpython-311-{GNU}.so", elf(X86_64), role=Role.DEPENDENCY)),
    ],
    "WA415": [*GOOD, wheel(ANY, pyd("_core.pyd", hooks=("init_core",)))],
    "WA408": GOOD,
}


PYTHON_CALL = Symbol("PyLong_FromLong", "python311.dll")


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA404", wheel(WIN, pyd("_core.pyd", hooks=("PyInit_core",))), Severity.ERROR),
        (
            "WA404",
            wheel(WIN, library("pkg/_core.pyd", pe(X86_64, imported=(PYTHON_CALL,)))),
            Severity.WARNING,
        ),
        ("WA404", wheel(WIN, library("pkg/_core.pyd", pe(X86_64, depth=Depth.LINKAGE))), Severity.WARNING),
        ("WA404", wheel(WIN, library("pkg/_core.pyd", pe(X86_64))), Severity.NOTE),
        ("WA415", wheel(LINUX, so("_core.so", hooks=("init_core",))), Severity.WARNING),
        ("WA415", wheel(WIN, pyd("_core.pyd", hooks=("init_core",))), Severity.ERROR),
    ],
)
def test_severity(code: str, subject: Wheel, severity: Severity) -> None:
    """An error is what certainly fails, a warning what may be intended, a note the rest."""
    assert severities(code, subject) == [severity]


def test_message_of_a_missing_hook() -> None:
    """The problem names the hooks that the file exports and the one that it needs."""
    (found,) = problems(
        "WA404", wheel(WIN, pyd("_core.cp311-win_amd64.pyd", hooks=("PyInit_core", "PyInit_b")))
    )
    assert found.evidence == {"have": "PyInit_core, PyInit_b", "need": "PyInit__core"}
    assert found.message.endswith(" does not export PyInit__core; its init hooks are PyInit_core, PyInit_b")
    assert (
        found.consequence
        == "ImportError: dynamic module does not define module export function (PyInit__core)"
    )


def test_the_slice_without_hook_is_named() -> None:
    """Of a universal file, the slice without the hook is named."""
    images = (macho(ARM64, hooks=HOOK), macho(X86_64, hooks=()))
    (found,) = problems("WA404", wheel(MAC, member("pkg/_core.cpython-311-darwin.so", *images)))
    assert (found.slice, found.evidence["have"]) == ("x86_64", "none")
    assert found.message.endswith(" does not export PyInit__core; it exports no init hook")


def test_python_2_needs_another_function() -> None:
    """A module for Python 3 in a wheel for Python 2 does not export Python 2's hook."""
    (found,) = problems("WA404", wheel("pkg-1.0-cp27-cp27m-win_amd64.whl", pyd("_core.pyd")))
    assert found.consequence == "ImportError: dynamic module does not define init function (init_core)"
