"""WA409 to WA411 on plain values."""

import pytest

from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.metadata.dist_info import DistInfo
from wheelarch.model import Depth, Fault, Image, Machine, Member, Role, Severity, Symbol
from wheelarch.rules import stable_abi as rules
from wheelarch.rules.rule import Problem, Rule

X86_64, ARM64 = Machine.X86_64, Machine.ARM64
HOOK = ("PyInit__core",)
BY_CODE: dict[str, Rule] = {one.code: one for one in vars(rules).values() if isinstance(one, Rule)}
LINUX = "manylinux_2_17_x86_64"
SHIBOKEN = "libshiboken6.abi3.so.6.12"


def symbols(*names: str, library: str = "") -> tuple[Symbol, ...]:
    """Symbols, weak where the name ends in `?`."""
    return tuple(Symbol(name.rstrip("?"), library, name.endswith("?")) for name in names)


def pyd(*names: str, dll: str = "python3.dll", path: str = "pkg/_core.pyd") -> Member:
    return member(path, pe(X86_64, dll, "KERNEL32.dll", hooks=HOOK, imported=symbols(*names, library=dll)))


def so(
    *names: str, needed: tuple[str, ...] = ("libc.so.6",), path: str = "pkg/_core.abi3.so", **more: object
) -> Member:
    role = more.pop("role", Role.EXTENSION)
    assert isinstance(role, Role)
    return member(path, elf(X86_64, *needed, hooks=HOOK, imported=symbols(*names), **more), role=role)


def slots(*names: str) -> Member:
    """A module with a hook of PEP 793 beside the old one."""
    taken = symbols(*names, library="python3t.dll")
    return member(
        "pkg/_core.pyd", pe(X86_64, "python3t.dll", hooks=("PyModExport__core", *HOOK), imported=taken)
    )


def bundle(*slices: Image, path: str = "pkg/_core.abi3.so") -> Member:
    return member(path, *slices)


def thin(*names: str, machine: Machine = ARM64, library: str = "") -> Image:
    return macho(machine, hooks=HOOK, imported=symbols(*names, library=library))


def tagged(tag: str, *members: Member, requires_python: str = "") -> Wheel:
    return wheel(
        f"pkg-1.0-{tag}.whl",
        *members,
        dist_info=DistInfo(requires_python=requires_python) if requires_python else None,
    )


HITS: dict[str, list[Wheel]] = {
    "WA409": [
        tagged("cp39-abi3-win_amd64", pyd("PyList_New", "_PyUnicode_Ready")),
        tagged("cp39-abi3-win_amd64", pyd("PyUnicode_AsUTF8", dll="python311.dll")),
        tagged("cp39-abi3-win_amd64", pyd("PyOS_AfterFork_Child")),
        tagged(f"cp38-abi3-{LINUX}", so("PyList_New", "_PyUnicode_Ready")),
        tagged(f"cp38-abi3-{LINUX}", so("PyErr_SetFromWindowsErr")),
        tagged(f"cp38-abi3-{LINUX}", so("_PyA?")),
        tagged(f"cp310-abi3-{LINUX}", so("PyDate_FromDate", needed=(SHIBOKEN, "libc.so.6"))),
        tagged(f"cp310-abi3-{LINUX}", so("_PyA", needed=(SHIBOKEN, "libc.so.6"))),
        tagged(f"cp39-abi3-{LINUX}", so("_PyA", role=Role.DEPENDENCY, path="pkg/libcore.so")),
        tagged(f"cp320-abi3-{LINUX}", so("PyThing_OfTheFuture")),
        tagged("cp39-abi3-macosx_10_9_universal2", bundle(thin(machine=X86_64), thin("_PyA"))),
        tagged("cp315-abi3.abi3t-win_amd64", pyd("_Py_DecRefShared", dll="python3t.dll")),
        tagged("cp313-abi3-android_21_x86_64", so("_PyA", path="pkg/_core.so")),
        tagged(f"cp39-abi3-{LINUX}", so("_PyA", path="pkg/_core.cpython-39-x86_64-linux-gnu.so")),
    ],
    "WA410": [
        tagged("cp39-abi3-win_amd64", pyd("PyObject_GetBuffer", "PyList_New")),
        tagged("cp38.cp311-abi3-win_amd64", pyd("PyObject_GetBuffer")),
        tagged("cp39-abi3-win_amd64", pyd("PyObject_GetBuffer"), requires_python=">=3.10"),
        tagged("cp39-abi3-win_amd64", pyd("PyObject_GetBuffer"), requires_python=">=3.11.2, <4"),
        tagged(f"cp39-abi3-{LINUX}", so("PyObject_GetBuffer")),
        tagged(f"cp39-abi3-{LINUX}", so("PyType_GetName")),
        tagged(f"cp39-abi3-{LINUX}", so("PyType_GetName?")),
        tagged(f"cp38-abi3-{LINUX}", so("PyModule_AddType")),
        tagged(f"cp39-abi3-{LINUX}", so("PyType_GetName"), requires_python="not a specifier"),
        tagged(f"cp39-abi3-{LINUX}", so("PyType_GetName", role=Role.DEPENDENCY, path="pkg/libcore.so")),
        tagged("cp39-abi3-macosx_11_0_arm64", bundle(thin("PyType_GetName"))),
        tagged("cp314-abi3.abi3t-win_amd64", pyd("Py_SIZE", dll="python3t.dll")),
        tagged(f"cp314-abi3-{LINUX}", so("PyLong_Export")),
        tagged(f"cp35-abi3-{LINUX}", so("PyUnicode_AsUTF8AndSize")),
        tagged(f"cp35-abi3-{LINUX}", so("PyOS_FSPath")),
        tagged("cp35-abi3-win_amd64", pyd("PyOS_FSPath")),
    ],
    "WA411": [
        tagged("cp315-abi3.abi3t-win_amd64", pyd("PyModule_Create2", dll="python3t.dll")),
        tagged(f"cp315-abi3t-{LINUX}", so("PyModuleDef_Init", path="pkg/_core.abi3t.so")),
        tagged("cp315-abi3.abi3t-win_amd64", slots("PyModuleDef_Init", "PyModule_FromDefAndSpec2")),
        tagged(
            "cp315-abi3.abi3t-macosx_11_0_arm64",
            bundle(thin("PyModule_FromDefAndSpec2"), path="pkg/_core.so"),
        ),
    ],
}

cryptography = tagged(
    "cp315-abi3.abi3t-win_amd64",
    pyd("PyModule_FromSlotsAndSpec", "PyModule_Exec", "Py_SIZE", dll="python3t.dll"),
)
hypothesis = tagged(
    f"cp315-abi3.abi3t-{LINUX}",
    so("PyModule_Exec", "PyModExport_x", "PyInit_x", path="pkg/_native.abi3t-x86_64-linux-gnu.so"),
)
psutil = tagged(
    "cp36-abi3-macosx_11_0_arm64", bundle(thin("PyErr_SetFromOSErrnoWithSyscall", library="/usr/lib/x.dylib"))
)
bcrypt = tagged(
    "cp39-abi3-macosx_10_12_universal2", bundle(thin("PyList_New", machine=X86_64), thin("PyList_New"))
)
shiboken = tagged(
    "cp310-abi3-macosx_13_0_universal2", bundle(thin("PyDate_FromDate", library="@rpath/libshiboken6.dylib"))
)
versioned = tagged(
    f"cp311-cp311-{LINUX}", so("_PyUnicode_Ready", path="pkg/_core.cpython-311-x86_64-linux-gnu.so")
)
free_threaded = tagged("cp314-cp314t-win_amd64", pyd("_Py_DecRefShared", dll="python314t.dll"))
pypy = tagged("pp311-pypy311_pp73-win_amd64", pyd("PyPyList_New", dll="libpypy3.11-c.dll"))
generic = tagged(f"py3-none-{LINUX}", so("_PyUnicode_Ready", path="pkg/core.so", role=Role.LIBRARY))
both = tagged(
    f"cp311-abi3.cp311-{LINUX}", so("_PyUnicode_Ready", path="pkg/_core.cpython-311-x86_64-linux-gnu.so")
)
shadowed = tagged(
    f"cp39-abi3-{LINUX}",
    so("PyList_New"),
    so("_PyUnicode_Ready", path="pkg/_core.cpython-312-x86_64-linux-gnu.so"),
)
sound = tagged("cp311-abi3-win_amd64", pyd("PyObject_GetBuffer", "_Py_Dealloc", "PyErr_SetFromWindowsErr"))
posix = tagged(f"cp37-abi3-{LINUX}", so("PyOS_AfterFork_Child", "PyThread_get_thread_native_id", "memcpy"))
pywin32 = tagged("cp39-abi3-win_amd64", pyd("PyWinObject_FromHANDLE", dll="pywintypes311.dll"))
damaged = tagged(f"cp39-abi3-{LINUX}", so("_PyA", faults=(Fault("outside", 0, "dynamic table"),)))
unread = tagged(f"cp39-abi3-{LINUX}", so(depth=Depth.HEADER), member("pkg/x.abi3.so"))
foreign = tagged("cp39-abi3-win_amd64", so("_PyA", path="pkg/_core.pyd"))

RIGHT = [
    cryptography, hypothesis, psutil, bcrypt, shiboken, versioned, free_threaded, pypy, generic, both, shadowed,
    sound, posix, pywin32, damaged, unread, foreign,
]  # fmt: skip
CLEAN: dict[str, list[Wheel]] = {
    "WA409": [*RIGHT, *(one for one in HITS["WA410"])],
    "WA410": [
        *RIGHT,
        *(one for one in HITS["WA409"]),
        tagged("cp311.cp312-abi3-win_amd64", pyd("PyObject_GetBuffer")),
    ],
    "WA411": [
        *RIGHT,
        tagged("cp39-abi3-win_amd64", pyd("PyModule_Create2", "PyModuleDef_Init")),
        tagged("cp315-abi3.abi3t-win_amd64", slots("PyModuleDef_Init")),
    ],
}


def problems(code: str, subject: Wheel) -> list[Problem]:
    return list(BY_CODE[code].check(subject))


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, all_ in HITS.items() for one in all_])
def test_hit(code: str, subject: Wheel) -> None:
    """A file with the fault gets one problem, which names it and the triples that do not hold."""
    (found,) = problems(code, subject)
    assert found.member == subject.members[0].path
    assert found.tags
    assert set(found.tags) <= set(subject.promise.triples)


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, all_ in CLEAN.items() for one in all_])
def test_clean(code: str, subject: Wheel) -> None:
    """A wheel without the fault, however odd, gets no problem."""
    assert problems(code, subject) == []


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("code", "severities"),
    [
        ("WA409", [E, E, E, E, E, W, W, E, W, N, E, E, E, E]),
        ("WA410", [E, E, E, N, W, E, W, E, E, W, E, E, W, W, W, E]),
        ("WA411", [W, W, W, W]),
    ],
)
def test_severity(code: str, severities: list[Severity]) -> None:
    """An error where a Python that the tags invite certainly lacks the name, or where the ABI is broken for sure."""
    found = [problems(code, subject)[0].severity or BY_CODE[code].severity for subject in HITS[code]]
    assert found == severities


@pytest.mark.parametrize(
    ("code", "index", "text"),
    [
        (
            "WA409",
            0,
            "ImportError: DLL load failed while importing _core: The specified procedure could not be found.",
        ),
        ("WA409", 3, "ImportError: _core.abi3.so: undefined symbol: _PyUnicode_Ready"),
        ("WA409", 5, ""),
        ("WA409", 6, ""),
        ("WA410", 3, ""),
        ("WA410", 4, ""),
        ("WA410", 5, "ImportError: _core.abi3.so: undefined symbol: PyType_GetName"),
        ("WA410", 10, "ImportError: symbol not found in flat namespace '_PyType_GetName'"),
        ("WA411", 0, ""),
    ],
)
def test_consequence(code: str, index: int, text: str) -> None:
    """The loader's own words, where it certainly says them."""
    assert problems(code, HITS[code][index])[0].consequence == text


def test_names_are_folded() -> None:
    """Many names of one file are one problem: the worst first, with the version of each, and bounded."""
    many = [f"_Py{number:03}" for number in range(50)]
    (found,) = problems("WA409", tagged(f"cp39-abi3-{LINUX}", so("PyZ?", *many)))
    assert found.message == (
        "extension module pkg/_core.abi3.so takes _Py000, _Py001, _Py002 and 48 more from Python, which the stable ABI "
        "does not have"
    )
    assert found.evidence["have"].startswith("_Py000, _Py001, ")
    assert found.evidence["have"].endswith("_Py019 and 31 more")
    newer = tagged(
        "cp39-abi3-win_amd64", pyd("PyObject_GetBuffer", "PyType_GetName", "PyVectorcall_NARGS", "PyList_New")
    )
    (found,) = problems("WA410", newer)
    assert found.message == (
        "extension module pkg/_core.pyd takes PyObject_GetBuffer, PyType_GetName, PyVectorcall_NARGS from Python, "
        "which needs Python 3.12, the tag says cp39-abi3"
    )
    assert found.evidence == {
        "have": "PyObject_GetBuffer (3.11), PyType_GetName (3.11), PyVectorcall_NARGS (3.12)",
        "need": "names that Python 3.9 has",
    }
    (weak,) = problems("WA410", HITS["WA410"][6])
    assert weak.evidence["have"] == "PyType_GetName (3.11, weak)"


def test_the_slice_is_named() -> None:
    """A name that one slice takes and the other does not is told of that slice; one that both take, of the file."""
    assert problems("WA409", HITS["WA409"][10])[0].slice == "arm64"
    fat = tagged("cp39-abi3-macosx_10_9_universal2", bundle(thin("_PyA", machine=X86_64), thin("_PyA")))
    assert problems("WA409", fat)[0].slice is None


def test_the_lowest_tag_counts() -> None:
    """Of several Python tags the lowest is the floor, and only the triples below the name's Python do not hold."""
    (found,) = problems("WA410", HITS["WA410"][1])
    assert found.tags == ("cp38-abi3-win_amd64",)


@pytest.mark.parametrize(
    ("requires_python", "floor"),
    [
        ("", (3, 9)),
        (">=3.8", (3, 9)),
        (">=3.11", (3, 11)),
        (">3.10", (3, 10)),
        (">=3.10.4,!=3.11.*", (3, 10)),
        ("!=3.9.*", (3, 10)),
        ("==3.12.3", (3, 12)),
        (">=4", (3, 16)),
        ("<3", (3, 16)),
        (">=3.11" + " " * 2000, (3, 9)),
        ("~~", (3, 9)),
    ],
)
def test_requires_python_raises_the_floor(requires_python: str, floor: tuple[int, int]) -> None:
    """The lowest Python is one that the tag and `Requires-Python` both admit."""
    assert rules._raised((3, 9), requires_python) == floor


def test_tables_name_every_rule() -> None:
    """Each rule of the family has a hit and a clean case."""
    assert set(HITS) == set(CLEAN) == set(BY_CODE)
