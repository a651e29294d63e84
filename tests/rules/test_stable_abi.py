"""WA409 to WA411: the names that stable-ABI modules use."""

import pytest

from support.rules import assert_hit, each, problems, severities
from support.values import elf, macho, member, pe, wheel
from wheelarch.facts.wheel import Wheel
from wheelarch.metadata.dist_info import DistInfo
from wheelarch.model import Depth, Fault, Image, Machine, Member, Role, Severity, Symbol
from wheelarch.rules import stable_abi as rules
from wheelarch.rules.rule import Rule

X86_64, ARM64 = Machine.X86_64, Machine.ARM64
HOOK = ("PyInit__core",)
LINUX = "manylinux_2_17_x86_64"
SHIBOKEN = "libshiboken6.abi3.so.6.12"


def symbols(*names: str, library: str = "") -> tuple[Symbol, ...]:
    """Symbols; weak if the name ends in `?`."""
    return tuple(Symbol(name.rstrip("?"), library, name.endswith("?")) for name in names)


def pyd_taking(*names: str, dll: str = "python3.dll", path: str = "pkg/_core.pyd") -> Member:
    """An extension module for Windows that takes these names from a Python DLL."""
    return member(path, pe(X86_64, dll, "KERNEL32.dll", hooks=HOOK, imported=symbols(*names, library=dll)))


def so_taking(
    *names: str, needed: tuple[str, ...] = ("libc.so.6",), path: str = "pkg/_core.abi3.so", **more: object
) -> Member:
    """An extension module for Linux with these undefined symbols."""
    role = more.pop("role", Role.EXTENSION)
    assert isinstance(role, Role)
    return member(path, elf(X86_64, *needed, hooks=HOOK, imported=symbols(*names), **more), role=role)


def pyd_with_slots(*names: str) -> Member:
    """An extension module for Windows that has a hook of PEP 793 beside the old one."""
    taken = symbols(*names, library="python3t.dll")
    return member(
        "pkg/_core.pyd", pe(X86_64, "python3t.dll", hooks=("PyModExport__core", *HOOK), imported=taken)
    )


def macho_module(*slices: Image, path: str = "pkg/_core.abi3.so") -> Member:
    """An extension module for macOS of these slices."""
    return member(path, *slices)


def slice_taking(*names: str, machine: Machine = ARM64, library: str = "") -> Image:
    """A Mach-O slice with these undefined symbols."""
    return macho(machine, hooks=HOOK, imported=symbols(*names, library=library))


def tagged(tag: str, *members: Member, requires_python: str = "") -> Wheel:
    """A wheel with this tag."""
    return wheel(
        f"pkg-1.0-{tag}.whl",
        *members,
        dist_info=DistInfo(requires_python=requires_python) if requires_python else None,
    )


HITS: dict[str, list[Wheel]] = {
    "WA409": [
        tagged("cp39-abi3-win_amd64", pyd_taking("PyList_New", "_PyUnicode_Ready")),
        tagged("cp39-abi3-win_amd64", pyd_taking("PyUnicode_AsUTF8", dll="python311.dll")),
        tagged("cp39-abi3-win_amd64", pyd_taking("PyOS_AfterFork_Child")),
        tagged(f"cp38-abi3-{LINUX}", so_taking("PyList_New", "_PyUnicode_Ready")),
        tagged(f"cp38-abi3-{LINUX}", so_taking("PyErr_SetFromWindowsErr")),
        tagged(f"cp38-abi3-{LINUX}", so_taking("_PyA?")),
        tagged(f"cp310-abi3-{LINUX}", so_taking("PyDate_FromDate", needed=(SHIBOKEN, "libc.so.6"))),
        tagged(f"cp310-abi3-{LINUX}", so_taking("_PyA", needed=(SHIBOKEN, "libc.so.6"))),
        tagged(f"cp39-abi3-{LINUX}", so_taking("_PyA", role=Role.DEPENDENCY, path="pkg/libcore.so")),
        tagged(f"cp320-abi3-{LINUX}", so_taking("PyThing_OfTheFuture")),
        tagged(
            "cp39-abi3-macosx_10_9_universal2",
            macho_module(slice_taking(machine=X86_64), slice_taking("_PyA")),
        ),
        tagged("cp315-abi3.abi3t-win_amd64", pyd_taking("_Py_DecRefShared", dll="python3t.dll")),
        tagged("cp313-abi3-android_21_x86_64", so_taking("_PyA", path="pkg/_core.so")),
        tagged(f"cp39-abi3-{LINUX}", so_taking("_PyA", path="pkg/_core.cpython-39-x86_64-linux-gnu.so")),
    ],
    "WA410": [
        tagged("cp39-abi3-win_amd64", pyd_taking("PyObject_GetBuffer", "PyList_New")),
        tagged("cp38.cp311-abi3-win_amd64", pyd_taking("PyObject_GetBuffer")),
        tagged("cp39-abi3-win_amd64", pyd_taking("PyObject_GetBuffer"), requires_python=">=3.10"),
        tagged("cp39-abi3-win_amd64", pyd_taking("PyObject_GetBuffer"), requires_python=">=3.11.2, <4"),
        tagged(f"cp39-abi3-{LINUX}", so_taking("PyObject_GetBuffer")),
        tagged(f"cp39-abi3-{LINUX}", so_taking("PyType_GetName")),
        tagged(f"cp39-abi3-{LINUX}", so_taking("PyType_GetName?")),
        tagged(f"cp38-abi3-{LINUX}", so_taking("PyModule_AddType")),
        tagged(f"cp39-abi3-{LINUX}", so_taking("PyType_GetName"), requires_python="not a specifier"),
        tagged(
            f"cp39-abi3-{LINUX}", so_taking("PyType_GetName", role=Role.DEPENDENCY, path="pkg/libcore.so")
        ),
        tagged("cp39-abi3-macosx_11_0_arm64", macho_module(slice_taking("PyType_GetName"))),
        tagged("cp314-abi3.abi3t-win_amd64", pyd_taking("Py_SIZE", dll="python3t.dll")),
        tagged(f"cp314-abi3-{LINUX}", so_taking("PyLong_Export")),
        tagged(f"cp35-abi3-{LINUX}", so_taking("PyUnicode_AsUTF8AndSize")),
        tagged(f"cp35-abi3-{LINUX}", so_taking("PyOS_FSPath")),
        tagged("cp35-abi3-win_amd64", pyd_taking("PyOS_FSPath")),
    ],
    "WA411": [
        tagged("cp315-abi3.abi3t-win_amd64", pyd_taking("PyModule_Create2", dll="python3t.dll")),
        tagged(f"cp315-abi3t-{LINUX}", so_taking("PyModuleDef_Init", path="pkg/_core.abi3t.so")),
        tagged("cp315-abi3.abi3t-win_amd64", pyd_with_slots("PyModuleDef_Init", "PyModule_FromDefAndSpec2")),
        tagged(
            "cp315-abi3.abi3t-macosx_11_0_arm64",
            macho_module(slice_taking("PyModule_FromDefAndSpec2"), path="pkg/_core.so"),
        ),
    ],
}

cryptography = tagged(
    "cp315-abi3.abi3t-win_amd64",
    pyd_taking("PyModule_FromSlotsAndSpec", "PyModule_Exec", "Py_SIZE", dll="python3t.dll"),
)
hypothesis = tagged(
    f"cp315-abi3.abi3t-{LINUX}",
    so_taking("PyModule_Exec", "PyModExport_x", "PyInit_x", path="pkg/_native.abi3t-x86_64-linux-gnu.so"),
)
psutil = tagged(
    "cp36-abi3-macosx_11_0_arm64",
    macho_module(slice_taking("PyErr_SetFromOSErrnoWithSyscall", library="/usr/lib/x.dylib")),
)
bcrypt = tagged(
    "cp39-abi3-macosx_10_12_universal2",
    macho_module(slice_taking("PyList_New", machine=X86_64), slice_taking("PyList_New")),
)
shiboken = tagged(
    "cp310-abi3-macosx_13_0_universal2",
    macho_module(slice_taking("PyDate_FromDate", library="@rpath/libshiboken6.dylib")),
)
versioned = tagged(
    f"cp311-cp311-{LINUX}", so_taking("_PyUnicode_Ready", path="pkg/_core.cpython-311-x86_64-linux-gnu.so")
)
free_threaded = tagged("cp314-cp314t-win_amd64", pyd_taking("_Py_DecRefShared", dll="python314t.dll"))
pypy = tagged("pp311-pypy311_pp73-win_amd64", pyd_taking("PyPyList_New", dll="libpypy3.11-c.dll"))
generic = tagged(f"py3-none-{LINUX}", so_taking("_PyUnicode_Ready", path="pkg/core.so", role=Role.LIBRARY))
both = tagged(
    f"cp311-abi3.cp311-{LINUX}",
    so_taking("_PyUnicode_Ready", path="pkg/_core.cpython-311-x86_64-linux-gnu.so"),
)
shadowed = tagged(
    f"cp39-abi3-{LINUX}",
    so_taking("PyList_New"),
    so_taking("_PyUnicode_Ready", path="pkg/_core.cpython-312-x86_64-linux-gnu.so"),
)
sound = tagged(
    "cp311-abi3-win_amd64", pyd_taking("PyObject_GetBuffer", "_Py_Dealloc", "PyErr_SetFromWindowsErr")
)
posix = tagged(
    f"cp37-abi3-{LINUX}", so_taking("PyOS_AfterFork_Child", "PyThread_get_thread_native_id", "memcpy")
)
pywin32 = tagged("cp39-abi3-win_amd64", pyd_taking("PyWinObject_FromHANDLE", dll="pywintypes311.dll"))
damaged = tagged(f"cp39-abi3-{LINUX}", so_taking("_PyA", faults=(Fault("outside", 0, "dynamic table"),)))
unread = tagged(f"cp39-abi3-{LINUX}", so_taking(depth=Depth.HEADER), member("pkg/x.abi3.so"))
foreign = tagged("cp39-abi3-win_amd64", so_taking("_PyA", path="pkg/_core.pyd"))

RIGHT = [
    cryptography, hypothesis, psutil, bcrypt, shiboken, versioned, free_threaded, pypy, generic, both, shadowed,
    sound, posix, pywin32, damaged, unread, foreign,
]  # fmt: skip
CLEAN: dict[str, list[Wheel]] = {
    "WA409": [*RIGHT, *(one for one in HITS["WA410"])],
    "WA410": [
        *RIGHT,
        *(one for one in HITS["WA409"]),
        tagged("cp311.cp312-abi3-win_amd64", pyd_taking("PyObject_GetBuffer")),
    ],
    "WA411": [
        *RIGHT,
        tagged("cp39-abi3-win_amd64", pyd_taking("PyModule_Create2", "PyModuleDef_Init")),
        tagged("cp315-abi3.abi3t-win_amd64", pyd_with_slots("PyModuleDef_Init")),
    ],
}


@each(HITS)
def test_hits(code: str, subject: Wheel) -> None:
    """A file with the fault gets one problem, which names the file and the triples that are wrong."""
    assert_hit(code, subject)
    (found,) = problems(code, subject)
    assert found.member == subject.members[0].path
    assert found.tags


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("WA409", [E, E, E, E, E, W, W, E, W, N, E, E, E, E]),
        ("WA410", [E, E, E, N, W, E, W, E, E, W, E, E, W, W, W, E]),
        ("WA411", [W, W, W, W]),
    ],
)
def test_severity(code: str, expected: list[Severity]) -> None:
    """It is an error if a Python of the tags certainly lacks the name, or if the name is certainly not in the ABI."""
    assert [one for subject in HITS[code] for one in severities(code, subject)] == expected


_LOAD_FAILED = "ImportError: DLL load failed while importing _core:"


@pytest.mark.parametrize(
    ("code", "index", "text"),
    [
        ("WA409", 0, f"{_LOAD_FAILED} The specified procedure could not be found."),
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
    """What users see, if the import certainly fails."""
    assert problems(code, HITS[code][index])[0].consequence == text


def test_names_are_folded() -> None:
    """Many names of one file are one problem: the worst first, the version of each, and not too many."""
    many = [f"_Py{number:03}" for number in range(50)]
    (found,) = problems("WA409", tagged(f"cp39-abi3-{LINUX}", so_taking("PyZ?", *many)))
    assert found.message == (
        "extension module pkg/_core.abi3.so uses _Py000, _Py001, _Py002 and 48 more, which are not in the stable ABI"
    )
    assert found.evidence["have"].startswith("_Py000, _Py001, ")
    assert found.evidence["have"].endswith("_Py019 and 31 more")
    newer = tagged(
        "cp39-abi3-win_amd64",
        pyd_taking("PyObject_GetBuffer", "PyType_GetName", "PyVectorcall_NARGS", "PyList_New"),
    )
    (found,) = problems("WA410", newer)
    assert found.message == (
        "extension module pkg/_core.pyd uses PyObject_GetBuffer, PyType_GetName, PyVectorcall_NARGS, "
        "which need Python 3.12, but the tag is cp39-abi3"
    )
    assert found.evidence == {
        "have": "PyObject_GetBuffer (3.11), PyType_GetName (3.11), PyVectorcall_NARGS (3.12)",
        "need": "names that Python 3.9 has",
    }
    (weak,) = problems("WA410", HITS["WA410"][6])
    assert weak.evidence["have"] == "PyType_GetName (3.11, weak)"


_LOAD_FAILED = "ImportError: DLL load failed while importing _core:"


@pytest.mark.parametrize(
    ("code", "index", "text"),
    [
        (
            "WA409",
            6,
            "PyDate_FromDate, which is not in the stable ABI, except if libshiboken6.abi3.so.6.12 defines it",
        ),
        ("WA410", 5, "PyType_GetName, which needs Python 3.11, but the tag is cp39-abi3"),
        ("WA411", 0, "PyModule_Create2, which needs the layout of PyModuleDef, but abi3t hides it"),
    ],
)
def test_one_name_is_singular(code: str, index: int, text: str) -> None:
    """The verb of a message with one name is in the singular."""
    (found,) = problems(code, HITS[code][index])
    assert found.message.endswith(f" uses {text}")


def test_the_slice_is_named() -> None:
    """A name that only one slice takes is a problem of that slice; a name that both take, of the file."""
    assert problems("WA409", HITS["WA409"][10])[0].slice == "arm64"
    fat = tagged(
        "cp39-abi3-macosx_10_9_universal2",
        macho_module(slice_taking("_PyA", machine=X86_64), slice_taking("_PyA")),
    )
    assert problems("WA409", fat)[0].slice is None


def test_the_lowest_tag_counts() -> None:
    """Of several Python tags the lowest is the floor, and only triples below the name's Python are wrong."""
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
    """The lowest Python is one that both the tag and `Requires-Python` allow."""
    assert rules._lowest_admitted((3, 9), requires_python) == floor


def test_tables_name_every_rule() -> None:
    """Each rule of the file has a hit and a clean case."""
    codes = {one.code for one in vars(rules).values() if isinstance(one, Rule)}
    assert set(HITS) == set(CLEAN) == codes
