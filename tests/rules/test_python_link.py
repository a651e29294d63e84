"""WA301 to WA315 on plain values."""

from typing import Any

import pytest

from support.values import elf, entry, macho, member, pe, wheel
from wheelarch.facts.python_dlls import read_dll
from wheelarch.facts.wheel import Wheel
from wheelarch.model import (
    Depth,
    Dylib,
    Fault,
    Machine,
    Member,
    PythonLinkage,
    Role,
    Severity,
    StableAbi,
    Symbol,
)
from wheelarch.rules import RULES as ALL_RULES
from wheelarch.rules.rule import Problem, Rule

ARM64, X86_64, X86 = Machine.ARM64, Machine.X86_64, Machine.X86
HOOK = ("PyInit__core",)
FRAMEWORK = "/Library/Frameworks/Python.framework/Versions/3.11/Python"

BY_CODE: dict[str, Rule] = {one.code: one for one in ALL_RULES if one.code.startswith("WA3")}


def pyd(*dlls: str, path: str = "pkg/_core.pyd", **more: object) -> Member:
    return member(path, pe(X86_64, "KERNEL32.dll", *dlls, "VCRUNTIME140.dll", hooks=HOOK, **more))


def dll(*dlls: str) -> Member:
    return member("pkg/helper.dll", pe(X86_64, *dlls), role=Role.LIBRARY)


def so(*needed: str, path: str = "pkg/_core.so", **more: object) -> Member:
    return member(path, elf(X86_64, *needed, "libc.so.6", hooks=HOOK, **more))


def bundle(*dylibs: Dylib, role: Role = Role.EXTENSION, **more: Any) -> Member:
    return member("pkg/_core.so", macho(hooks=HOOK, dylibs=dylibs, **more), role=role)


def measured(one: Member, floor: tuple[int, int], *outside: str) -> Member:
    """The module with its names held against the stable ABI."""
    return one._replace(python=PythonLinkage(None, HOOK, "unknown", StableAbi(floor, outside)))


def symbols(*names: str, library: str = "") -> tuple[Symbol, ...]:
    return tuple(Symbol(name, library) for name in names)


def tagged(tag: str, *members: Member) -> Wheel:
    return wheel(f"pkg-1.0-{tag}.whl", *members)


def system(name: str) -> Dylib:
    return Dylib(name, "load")


LIBSYSTEM = system("/usr/lib/libSystem.B.dylib")

HITS: dict[str, list[Wheel]] = {
    "WA301": [
        tagged("cp310-abi3-win_amd64", pyd("python310.dll", path="uefi_firmware/_core.cp310-win_amd64.pyd")),
        tagged("cp39-abi3-win32", member("pkg/_core.pyd", pe(X86, "PYTHON311.DLL", hooks=HOOK))),
        tagged("cp315-abi3.abi3t-win_amd64", pyd("python315t.dll")),
        tagged("cp39-abi3-mingw_x86_64", pyd("libpython3.11.dll")),
        tagged("cp39-abi3-win_amd64", pyd("python3.dll"), dll("python311.dll")),
    ],
    "WA302": [
        tagged("cp38-none-win_amd64", pyd("python39.dll", path="winrt/_winrt.pyd")),
        tagged("cp312-cp312-win_amd64", pyd("python313.dll", path="pkg/_core.cp313-win_amd64.pyd")),
        tagged("cp311-cp311-win_amd64", pyd("python27.dll")),
        tagged("cp27-cp27m-win_amd64", pyd("python3.dll")),
        tagged("pp311-pypy311_pp73-win_amd64", pyd("libpypy3.9-c.dll")),
        tagged(
            "cp310.cp311-cp310.cp311-win_amd64", pyd("python310.dll", path="pkg/_core.cp311-win_amd64.pyd")
        ),
    ],
    "WA303": [
        tagged("cp313-cp313t-win_amd64", pyd("python313.dll")),
        tagged("cp313-cp313-win_amd64", pyd("python313t.dll")),
        tagged("cp314-none-win_amd64", pyd("python314t.dll")),
        tagged("cp313-cp313-manylinux_2_17_x86_64", so(imported=symbols("PyList_New", "_Py_DecRefShared"))),
        tagged("cp39-abi3-macosx_11_0_arm64", bundle(imported=symbols("_Py_MergeZeroLocalRefcount"))),
        tagged("cp313-cp313t-manylinux_2_17_x86_64", so(imported=symbols("PyList_New", "_Py_Dealloc"))),
    ],
    "WA304": [
        tagged("cp315-abi3.abi3t-win_amd64", pyd("python3.dll")),
        tagged("cp315-abi3t-win_amd64", pyd("python3.dll")),
        tagged("cp313-cp313t-win_amd64", pyd("python3.dll")),
        tagged("cp39-abi3-win_amd64", pyd("python3t.dll")),
        tagged("cp314-cp314-win_amd64", pyd("python3t.dll")),
        tagged("cp315-abi3-win_amd64", pyd("python3t.dll")),
    ],
    "WA305": [
        tagged("cp311-cp311-win_amd64", pyd("python311_d.dll")),
        tagged("cp39-abi3-win_amd64", pyd("python3_d.dll")),
        tagged("cp311-cp311d-win_amd64", pyd("python311.dll")),
        tagged("cp311-cp311-win_amd64", pyd("python311.dll", "VCRUNTIME140D.dll", "ucrtbased.dll")),
        tagged("cp311-cp311-win_amd64", pyd("python311.dll", "VCRUNTIME140_1D.dll")),
        tagged("cp311-cp311-win_amd64", pyd("python311.dll"), dll("MSVCP140D.dll")),
        tagged("py3-none-win_amd64", pyd("python311_d.dll")),
    ],
    "WA306": [
        tagged("cp311-cp311-win_amd64", pyd("libpython3.11.dll")),
        tagged("cp311-cp311-win_amd64", pyd("msys-python3.11.dll")),
        tagged("cp311-cp311-win_amd64", pyd("libpypy3.11-c.dll")),
        tagged("pp311-pypy311_pp73-win_amd64", pyd("python311.dll")),
        tagged("graalpy312-graalpy250_312_native-win_amd64", pyd("python312.dll")),
        tagged("cp311-cp311-mingw_x86_64", pyd("python311.dll")),
        tagged("cp311-cp311-win_amd64", pyd("rustpython_capi.dll")),
    ],
    "WA307": [
        tagged("cp311-cp311-win_amd64", pyd()),
        tagged("pp37-pypy37_pp73-win_amd64", pyd(path="uefi_firmware/_core.pypy37-pp73-win_amd64.pyd")),
        tagged("cp39-abi3-win_amd64", pyd(packed=True)),
    ],
    "WA308": [
        tagged("cp39-abi3-win_amd64", pyd("python3.dll", "python311.dll")),
        tagged("cp315-abi3.abi3t-win_amd64", pyd("python3t.dll", "python315t.dll")),
    ],
    "WA309": [tagged("cp311-cp311-win_amd64", pyd(delayed=("python311.dll",)))],
    "WA310": [
        tagged(
            "cp311-cp311-macosx_11_0_arm64",
            bundle(),
            member("pkg/.dylibs/Python", macho(), role=Role.DEPENDENCY),
        ),
        tagged("cp311-cp311-win_amd64", member("pkg/python311.dll", pe(), role=Role.LIBRARY)),
        tagged(
            "cp311-cp311-manylinux_2_17_x86_64",
            member("pkg.libs/libpython3-1a2b3c4d.11.so.1.0", elf(), role=Role.DEPENDENCY),
        ),
        tagged("py3-none-macosx_11_0_arm64", member("pkg/libpython3.11.dylib", macho(), role=Role.LIBRARY)),
    ],
    "WA311": [
        tagged("cp311-cp311-manylinux_2_17_x86_64", so("libpython3.11.so.1.0")),
        tagged("cp312-cp312-manylinux_2_17_x86_64", so("libpython3.11.so.1.0")),
        tagged("cp39-abi3-manylinux_2_17_x86_64", so("libpython3.12.so.1.0")),
        tagged("cp313-cp313t-linux_x86_64", so("libpython3.13.so.1.0")),
        tagged("py3-none-musllinux_1_2_x86_64", so("libpython3.11.so.1.0")),
        tagged("cp37-cp37m-manylinux1_x86_64", so("libpython3.7m.so.1.0")),
        tagged("cp39-abi3-manylinux_2_17_x86_64", so("libpython3.so")),
        tagged("cp311-cp311-manylinux_2_17_x86_64", so("libpython3.11d.so.1.0")),
        tagged("cp313-cp313-android_21_x86_64", so("libpython3.12.so")),
    ],
    "WA312": [
        tagged("cp311-cp311-macosx_11_0_arm64", bundle(LIBSYSTEM, system(FRAMEWORK))),
        tagged(
            "cp311-cp311-macosx_11_0_arm64", bundle(system("@rpath/Python3.framework/Versions/3.9/Python3"))
        ),
        tagged("cp311-cp311-macosx_11_0_arm64", bundle(system("@loader_path/.dylibs/Python"))),
        tagged("cp313-cp313t-macosx_11_0_arm64", bundle(system("/opt/lib/libpython3.13t.dylib"))),
        tagged("cp311-cp311-macosx_11_0_arm64", bundle(Dylib(FRAMEWORK, "weak"))),
        tagged("cp311-cp311-macosx_11_0_arm64", bundle(system(FRAMEWORK), role=Role.DEPENDENCY)),
        tagged(
            "cp311-cp311-macosx_10_9_universal2",
            member(
                "pkg/_core.so", macho(X86_64, dylibs=(system(FRAMEWORK),)), macho(ARM64, dylibs=(LIBSYSTEM,))
            ),
        ),
    ],
    "WA313": [
        tagged("cp313-cp313-android_21_x86_64", so()),
        tagged("cp313-cp313-ios_13_0_arm64_iphoneos", bundle(LIBSYSTEM, platform="ios")),
    ],
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
    "WA315": [
        tagged(
            "cp311-cp311-win_amd64",
            pyd("python311.dll", imported=symbols("#12", "#13", library="python311.dll")),
        ),
        tagged("cp39-abi3-win_amd64", pyd("python3.dll", imported=symbols("#7", library="PYTHON3.dll"))),
    ],
}

cryptography = tagged("cp315-abi3.abi3t-win_amd64", pyd("python3t.dll", path="cryptography/_core.pyd"))
markupsafe = tagged(
    "cp314-cp314t-win_arm64",
    member("markupsafe/_core.cp314t-win_arm64.pyd", pe(ARM64, "python314t.dll", hooks=HOOK)),
)
capstone = tagged("cp314-cp314t-win_arm64", member("capstone/lib/capstone.dll", pe(ARM64), role=Role.LIBRARY))
winrt = tagged("cp38-none-win_amd64", pyd("python38.dll", path="winrt/_winrt.pyd"))
pypy = tagged("pp311-pypy311_pp73-win_amd64", pyd("libpypy3.11-c.dll"))
old_pypy = tagged("pp38-pypy38_pp73-win_amd64", pyd("libpypy3-c.dll"))
graalpy = tagged("graalpy312-graalpy250_312_native-win_amd64", pyd("python-native.dll"))
usual = tagged("cp311-cp311-win_amd64", pyd("python311.dll"), dll("python311.dll"))
abi3 = tagged("cp39-abi3-win_amd64", pyd("python3.dll"))
msys2 = tagged("cp312-cp312-mingw_x86_64_ucrt_gnu", pyd("libpython3.12.dll"))
python2 = tagged("cp27-cp27m-win_amd64", pyd("python27.dll"))
merged = tagged("cp310.cp311-cp310.cp311-win_amd64", pyd("python311.dll"))
newer = tagged("cp315-cp315t-win_amd64", pyd("python3t.dll"))
debug = tagged("cp311-cp311d-win_amd64", pyd("python311_d.dll", "vcruntime140d.dll"))
generic = tagged("py3-none-win_amd64", pyd("python311.dll"))
shadowed = tagged(
    "cp314-cp314-win_amd64",
    pyd("python314.dll", path="pkg/_core.cp314-win_amd64.pyd"),
    pyd("python39.dll", path="pkg/_core.cp39-win_amd64.pyd"),
)
android = tagged("cp313-cp313-android_21_x86_64", so("libpython3.13.so"))
ios = tagged(
    "cp313-cp313-ios_13_0_arm64_iphoneos",
    bundle(LIBSYSTEM, system("@rpath/Python.framework/Python"), platform="ios"),
)
linux = tagged("cp311-cp311-manylinux_2_17_x86_64", so())
linux_t = tagged(
    "cp313-cp313t-manylinux_2_17_x86_64",
    so(imported=symbols("_Py_DecRefShared", "_Py_Dealloc", "PyList_New")),
)
rust_t = tagged("cp314-cp314t-manylinux_2_17_x86_64", so(imported=symbols("PyList_New", "_Py_DecRef")))
linux_gil = tagged("cp313-cp313-manylinux_2_17_x86_64", so(imported=symbols("_Py_Dealloc")))
both_t = tagged("cp315-abi3.abi3t-manylinux_2_17_x86_64", so(imported=symbols("_Py_Dealloc")))
mac = tagged("cp311-cp311-macosx_11_0_arm64", bundle(LIBSYSTEM))
anywhere = tagged("py2.py3-none-any", pyd("python39.dll", path="pkg/_core.cp39-win_amd64.pyd"))

RIGHT = [
    cryptography, markupsafe, capstone, winrt, pypy, old_pypy, graalpy, usual, abi3, msys2, python2, merged,
    newer, debug, generic, shadowed, android, ios, linux, linux_t, rust_t,
    linux_gil, both_t, mac, anywhere,
]  # fmt: skip

CLEAN: dict[str, list[Wheel]] = {
    **{code: RIGHT for code in BY_CODE if code != "WA314"},
    "WA305": [
        *RIGHT,
        wheel(
            "pkg-1.0-cp311-cp311-win_amd64.whl",
            pyd("python311.dll", "vcruntime140d.dll"),
            entries=[entry("pkg/_core.pyd"), entry("pkg/VCRUNTIME140D.dll")],
        ),
        tagged("cp311-cp311-win_amd64", pyd("python311.dll", "d3d.dll", "vcruntime140.dll", "winmmd.dll")),
    ],
    "WA307": [
        *RIGHT,
        tagged("cp311-cp311-win_amd64", pyd(depth=Depth.HEADER)),
        tagged("cp311-cp311-win_amd64", pyd(faults=(Fault("outside", 0, "import directory"),))),
        tagged("cp311-cp311-win_amd64", dll()),
        tagged("cp311-cp311-win_amd64", so()),
    ],
    "WA309": [*RIGHT, tagged("cp311-cp311-win_amd64", pyd("python311.dll", delayed=("shell32.dll",)))],
    "WA310": [*RIGHT, tagged("py3-none-any", member("x/Python.Runtime.dll", pe(), role=Role.LIBRARY))],
    "WA313": [
        *RIGHT,
        tagged("cp313-cp313-android_21_x86_64", member("pkg/libfoo.so", elf(), role=Role.DEPENDENCY)),
        tagged("cp313-cp313-android_21_x86_64", so(faults=(Fault("outside", 0, "dynamic table"),))),
    ],
    "WA314": [
        *(one for one in RIGHT),
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
    "WA315": [
        *RIGHT,
        tagged("cp311-cp311-win_amd64", pyd("python311.dll", imported=symbols("#12", library="WS2_32.dll"))),
    ],
}


def problems(code: str, subject: Wheel) -> list[Problem]:
    return list(BY_CODE[code].check(subject))


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, all_ in HITS.items() for one in all_])
def test_hit(code: str, subject: Wheel) -> None:
    """A wheel with the fault gets a problem that names the file and the tags that do not hold."""
    found = problems(code, subject)
    assert found
    for one in found:
        assert one.message
        assert one.member is not None or code == "WA314"
        assert set(one.tags) <= set(subject.promise.triples)


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, all_ in CLEAN.items() for one in all_])
def test_clean(code: str, subject: Wheel) -> None:
    """A wheel without the fault, however odd, gets no problem."""
    assert problems(code, subject) == []


@pytest.mark.parametrize(("code", "subject"), [(code, one) for code, all_ in HITS.items() for one in all_])
def test_each_dll_has_one_code(code: str, subject: Wheel) -> None:
    """A wrong Python DLL is reported by one of the rules that compare DLL names, not by two."""
    compare = ("WA301", "WA302", "WA303", "WA304", "WA305", "WA306", "WA308")
    found = [one for each in compare for one in problems(each, subject)]
    blamed = [(one.member, one.evidence["have"]) for one in found]
    assert len(blamed) == len(set(blamed))
    if code in compare:
        assert found == problems(code, subject)


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("code", "severities"),
    [
        ("WA301", [E, E, E, E, W]),
        ("WA302", [E, E, E, E, E, E]),
        ("WA303", [E, E, E, E, E, W]),
        ("WA304", [E, E, E, E, E, W]),
        ("WA305", [E, E, E, E, E, W, E]),
        ("WA306", [E, E, E, E, E, W, E]),
        ("WA307", [N, N, N]),
        ("WA308", [E, E]),
        ("WA309", [W]),
        ("WA310", [E, W, W, W]),
        ("WA311", [W, E, E, E, E, W, W, E, E]),
        ("WA312", [E, E, E, E, W, W, E]),
        ("WA313", [W, W]),
        ("WA314", [N, N, N, N, N, N, N]),
        ("WA315", [E, E]),
    ],
)
def test_severity(code: str, severities: list[Severity]) -> None:
    """An error is what certainly fails for somebody whom the tags invite; a helper library is a warning."""
    found = [problems(code, subject) for subject in HITS[code]]
    assert [[one.severity or BY_CODE[code].severity for one in each] for each in found] == [
        [one] for one in severities
    ]


def test_message_names_found_and_expected() -> None:
    """The message names the file, the DLL that was found and the one that the tag has."""
    (found,) = problems("WA301", HITS["WA301"][0])
    assert found.message == (
        "extension module uefi_firmware/_core.cp310-win_amd64.pyd imports python310.dll, "
        "cp310-abi3 needs python3.dll"
    )
    assert found.evidence == {"have": "python310.dll", "need": "python3.dll"}
    assert found.consequence == (
        "ImportError: DLL load failed while importing _core: The specified module could not be found."
    )
    assert found.tags == ("cp310-abi3-win_amd64",)


def test_conflict_text() -> None:
    """A second Python in the process gets CPython's own words."""
    (found,) = problems("WA302", HITS["WA302"][0])
    assert found.consequence.endswith("Module use of python39.dll conflicts with this version of Python.")


@pytest.mark.parametrize(
    ("index", "consequence"),
    [
        (3, "ImportError: _core.so: undefined symbol: _Py_DecRefShared"),
        (4, "ImportError: symbol not found in flat namespace '__Py_MergeZeroLocalRefcount'"),
    ],
)
def test_undefined_symbol_text(index: int, consequence: str) -> None:
    """Where no DLL is named, the consequence is the loader's complaint about the symbol, as it spells it."""
    (found,) = problems("WA303", HITS["WA303"][index])
    assert found.consequence == consequence


@pytest.mark.parametrize(
    ("index", "message", "evidence"),
    [
        (0, "imports python3.dll only: the wheel could be tagged", {}),
        (2, "imports python3.dll only: the wheel could be tagged", {"names since": "Python 3.9"}),
        (
            4,
            "takes names of the stable ABI only: built with Py_LIMITED_API, the wheel could be",
            {"names since": "Python 3.2"},
        ),
    ],
)
def test_could_be_abi3_says_how(index: int, message: str, evidence: dict[str, str]) -> None:
    """What proves the limited API may be renamed; elsewhere a build has to show it."""
    (found,) = problems("WA314", HITS["WA314"][index])
    assert found.message == f"every extension module {message} cp311-abi3 instead of cp311-cp311"
    assert found.evidence == {"have": "cp311", "need": "abi3", **evidence}


def test_could_be_abi3_keeps_the_file_importable() -> None:
    """A suffix of one Python has to change with the tag, and python3t.dll serves the tag of both stable ABIs."""
    *_, bound, both = HITS["WA314"]
    (found,) = problems("WA314", bound)
    assert found.message == (
        "every extension module imports python3.dll only: with .pyd instead of .cp311-win_amd64.pyd as suffix "
        "the wheel could be tagged cp311-abi3 instead of cp311-cp311"
    )
    (found,) = problems("WA314", both)
    assert found.message == (
        "every extension module imports python3t.dll only: the wheel could be tagged cp315-abi3.abi3t instead of "
        "cp315-cp315"
    )
    assert found.evidence["need"] == "abi3.abi3t"


def test_slice_is_named() -> None:
    """In a fat file the slice that is linked against Python is named."""
    (found,) = problems("WA312", HITS["WA312"][6])
    assert found.slice == "x86_64"
    (thin,) = problems("WA312", HITS["WA312"][0])
    assert thin.slice is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PYTHON311.dll", ("cpython", (3, 11), False, False)),
        ("python39.dll", ("cpython", (3, 9), False, False)),
        ("python27_d.dll", ("cpython", (2, 7), False, True)),
        ("python3.dll", ("cpython", None, False, False)),
        ("python3t.dll", ("cpython", None, True, False)),
        ("python3t_d.dll", ("cpython", None, True, True)),
        ("python313t.dll", ("cpython", (3, 13), True, False)),
        ("libpython3.12.dll", ("mingw", (3, 12), False, False)),
        ("libpython3.13t.dll", ("mingw", (3, 13), True, False)),
        ("libpython3.dll", ("mingw", None, False, False)),
        ("msys-python3.12.dll", ("mingw", (3, 12), False, False)),
        ("cygpython3.9.dll", ("mingw", (3, 9), False, False)),
        ("libpypy3.11-c.dll", ("pypy", (3, 11), False, False)),
        ("libpypy3-c.dll", ("pypy", None, False, False)),
        ("libpypy-c.dll", ("pypy", (2, 7), False, False)),
        ("python-native.dll", ("graalpy", None, False, False)),
        ("rustpython_capi.dll", ("rustpython", None, False, False)),
        ("pythoncom311.dll", None),
        ("boost_python311.dll", None),
        ("python3.dll.bak", None),
        ("python4.dll", None),
        ("xpython3.dll", None),
    ],
)
def test_dll_names(name: str, expected: tuple[object, ...] | None) -> None:
    """A Python DLL's name tells implementation, version, flavour and debug builds."""
    found = read_dll(name)
    assert (found and tuple(found)[1:]) == expected


def test_unreadable_member() -> None:
    """An unreadable member breaks no rule."""
    subject = tagged("cp311-cp311-win_amd64", member("pkg/_core.pyd"))
    assert all(problems(code, subject) == [] for code in BY_CODE)


def test_tables_name_every_rule() -> None:
    """Each rule of the family has a hit and a clean case."""
    assert set(HITS) == set(CLEAN) == set(BY_CODE)
