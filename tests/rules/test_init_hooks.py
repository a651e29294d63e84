"""WA404, WA408 and WA415: the functions that start a module."""

import pytest

from support.images import image
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
from support.values import elf, entry, macho, member, pe, wheel
from support.wheels import build_wheel
from wheelarch import audit
from wheelarch.facts.python_code import PythonCode
from wheelarch.facts.wheel import Wheel
from wheelarch.model import Depth, Fault, Member, Role, Severity, Symbol

WIN_ABI3T = "pkg-1.0-cp315-abi3t-win_amd64.whl"


def abi3t_pyd(*names: str) -> Member:
    """A module for Windows that takes these names from Python."""
    symbols = tuple(Symbol(name, "python3t.dll") for name in names)
    return member("pkg/_core.pyd", pe(X86_64, "python3t.dll", hooks=HOOK, imported=symbols))


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
        wheel(LINUX_BOTH, so("_core.abi3t.so", imported=(Symbol("PyModuleDef_Init"),))),
        wheel(LINUX_BOTH, so("_core.abi3t.so", imported=(Symbol("PyModule_FromDefAndSpec2"),))),
        wheel(WIN_ABI3T, abi3t_pyd("PyModule_Create2")),
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
    # cffi's modules call their runtime, which makes the module (argon2_cffi_bindings 26.2.0).
    "WA408": [
        *GOOD,
        wheel(WIN_ABI3T, abi3t_pyd("PyImport_ImportModule")),
        wheel(LINUX_BOTH, so("_core.abi3t.so", imported=(Symbol("PyImport_ImportModule"),))),
    ],
}


PYTHON_CALL = Symbol("PyLong_FromLong", "python311.dll")


@pytest.mark.parametrize(
    ("code", "subject", "severity"),
    [
        ("WA404", wheel(WIN, pyd("_core.pyd", hooks=("PyInit_core",))), Severity.WARNING),
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


def with_code(subject: Wheel, *, strings: tuple[str, ...] = (), imported: tuple[str, ...] = ()) -> Wheel:
    """The wheel with a Python file that has these strings and import statements."""
    code = PythonCode(frozenset(strings), frozenset(imported))
    return subject._replace(entries=(*subject.entries, entry("pkg/__init__.py")), code=code)


OTHER_PYD = wheel(WIN, pyd("_core.pyd", hooks=("PyInit_ops", "PyInit_more")))
OTHER_SO = wheel(LINUX, so(f"_core.cpython-311-{GNU}.so", hooks=("PyInit_ops",)))
OTHER_DARWIN = wheel(
    MAC, member("pkg/_core.cpython-311-darwin.so", *(macho(one, hooks=("PyInit_ops",)) for one in (ARM64,)))
)
CASE = wheel(WIN, pyd("Core.pyd", hooks=("PyInit_core",)))
RENAMED = wheel(LINUX, so(f"_core.cpython-311-{GNU}.so", hooks=("PyInit_pkg__core",)))
CTYPES = wheel(WIN, library("pkg/_core.pyd", pe(X86_64, imported=(PYTHON_CALL,))))


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (with_code(OTHER_PYD), [Severity.WARNING]),
        (with_code(OTHER_SO), [Severity.WARNING]),
        (with_code(OTHER_DARWIN), [Severity.WARNING]),
        (with_code(RENAMED), [Severity.WARNING]),
        (with_code(OTHER_PYD, strings=("more",)), []),
        (with_code(OTHER_SO, strings=("ops",)), []),
        (with_code(RENAMED, strings=("pkg__core",)), []),
        (with_code(OTHER_SO, imported=("pkg._core",)), [Severity.ERROR]),
        (with_code(OTHER_SO, strings=("ops",), imported=("pkg._core",)), [Severity.ERROR]),
        (OTHER_SO, [Severity.WARNING]),
        (with_code(CASE), [Severity.ERROR]),
        (with_code(CASE, strings=("core",)), []),
        (with_code(CTYPES), [Severity.WARNING]),
        (with_code(CTYPES, strings=("_core",)), [Severity.NOTE]),
        (with_code(CTYPES, strings=("_core.pyd",)), [Severity.NOTE]),
    ],
)
def test_a_module_that_python_code_loads_by_its_path(subject: Wheel, expected: list[Severity]) -> None:
    """A hook of another name is right if the wheel's Python names it, and wrong if an import names the file."""
    assert severities("WA404", subject) == expected


@pytest.mark.parametrize(
    ("tag", "path", "binary"),
    [
        ("cp311-abi3-win_amd64", "demo/native.pyd", "win_amd64-python3.pyd"),
        ("cp312-cp312-manylinux_2_17_x86_64", f"demo/native.cpython-312-{GNU}.so", "linux-x86_64-glibc.so"),
        ("cp312-cp312-macosx_11_0_arm64", "demo/native.cpython-312-darwin.so", "macos-arm64-11.0.so"),
    ],
)
@pytest.mark.parametrize(
    ("python", "expected"),
    [
        ('spec = importlib.util.spec_from_file_location("ext", path)', []),
        ("NAME = f'{__name__}.ext'", []),
        ("spec = importlib.util.spec_from_file_location(name, path)", ["warning"]),
        ("text = 'next'", ["warning"]),
        ("from . import (\n    other,  # native\n    native as fast,\n)", ["error"]),
        ("from .native import *\nNAME = 'ext'", ["error"]),
        ("    import demo.native", ["error"]),
        ("from torch import native", ["warning"]),
        ("from . import other as native", ["warning"]),
    ],
)
def test_real_modules_with_another_hook(
    tag: str, path: str, binary: str, python: str, expected: list[str]
) -> None:
    """Real modules that export PyInit_ext under another file name, and what the wheel's Python says of them."""
    name = f"demo-1.0-{tag}.whl"
    data = build_wheel(name, {path: image(binary), "demo/__init__.py": python.encode()})
    report = audit(data, name=name, second_opinion="off")
    assert [one.severity for one in report.wheels[0].findings if one.code == "WA404"] == expected
