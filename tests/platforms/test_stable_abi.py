"""The stable ABI: the generated table, what real Pythons export, and the comparison of an image with both."""

import ctypes
import sys
from importlib.util import find_spec

import pytest

from support.images import image
from support.values import elf, macho, pe
from wheelarch.facts.python_linkage import python_linkage
from wheelarch.image import read_images
from wheelarch.model import Depth, Fault, Format, Image, Machine, Member, PeFacts, Role, StableAbi, Symbol
from wheelarch.platforms import stable_abi
from wheelarch.platforms.stable_abi import exported, generate, table
from wheelarch.view import BytesView

NAMES = {name: version for version, names in table.ADDED.items() for name in names.split()}


def taking(*names: str, library: str = "", weak: bool = False, **more: object) -> dict[str, object]:
    """Facts of an image that takes these names."""
    return {"imported": tuple(Symbol(name, library, weak) for name in names), **more}


# -- the tables ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(find_spec("abi3info") is None, reason="abi3info is not installed")
def test_the_table_is_what_the_newest_abi3info_gives() -> None:
    """Generating the table again gives the same bytes. If not, abi3info is newer than the table."""
    assert generate.TABLE.read_bytes() == generate.render().encode()


def test_the_table_is_whole() -> None:
    """The table has every function and every variable once, among them some well-known names."""
    assert len(NAMES) == sum(len(names.split()) for names in table.ADDED.values()) >= 968
    assert {name: NAMES[name] for name in ("PyList_New", "PyObject_GetBuffer", "PyVectorcall_NARGS", "Py_SIZE")} == {
        "PyList_New": (3, 2), "PyObject_GetBuffer": (3, 11), "PyVectorcall_NARGS": (3, 12), "Py_SIZE": (3, 15),
    }  # fmt: skip
    assert all(name in NAMES for names in table.CONDITIONS.values() for name in names.split())
    assert stable_abi.latest() == (3, 16)


def test_only_what_was_promised_later_was_exported_early() -> None:
    """A name that Pythons exported before they promised it is in the table, with a later version."""
    for since, names in exported.SINCE.items():
        for name in names.split():
            assert since < NAMES[name]


def test_this_python_exports_what_the_tables_say() -> None:
    """The Python that runs this test has each name that the tables give it, and none that they do not."""
    if sys.implementation.name != "cpython" or sys.platform == "win32":
        pytest.skip("only CPython's own library can be asked, and python3XY.dll exports other names")
    here = sys.version_info[:2]
    for name, version in NAMES.items():
        if stable_abi.added(name, Format.ELF) is None:
            continue
        since = stable_abi.exported_since(name) or version
        assert hasattr(ctypes.pythonapi, name) == (since <= here), name


@pytest.mark.parametrize("module", ["generate", "table", "exported"])
def test_nothing_of_it_is_loaded_before_it_is_needed(module: str) -> None:
    """An audit imports the tables when it looks up the first name, and never imports the generator."""
    import subprocess

    code = (
        "import sys, wheelarch.api; before = set(sys.modules)\n"
        "from wheelarch.platforms import stable_abi; stable_abi.added('x', 'elf'); stable_abi.exported_since('x')\n"
        f"name = 'wheelarch.platforms.stable_abi.{module}'\n"
        "print(name in before, name in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", str(module != "generate")]


# -- the lookup ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "windows", "elsewhere"),
    [
        ("PyList_New", (3, 2), (3, 2)),
        ("_Py_Dealloc", (3, 2), (3, 2)),
        ("PyObject_GetBuffer", (3, 11), (3, 11)),
        ("PyErr_SetFromWindowsErr", (3, 7), None),
        ("PyExc_WindowsError", (3, 7), None),
        ("PyOS_CheckStack", (3, 7), None),
        ("PyOS_AfterFork_Child", None, (3, 7)),
        ("PyThread_get_thread_native_id", (3, 2), (3, 2)),
        ("_Py_RefTotal", None, None),
        ("_Py_NegativeRefcount", None, None),
        ("PyUnicode_AsUTF8", None, None),
        ("_PyObject_GC_New", (3, 2), (3, 2)),
        ("_PyUnicode_Ready", None, None),
        ("", None, None),
    ],
)
def test_added(name: str, windows: tuple[int, int] | None, elsewhere: tuple[int, int] | None) -> None:
    """Names with an underscore may be in the ABI. Names that need a missing macro or a debug build are not."""
    assert stable_abi.added(name, Format.PE) == windows
    assert stable_abi.added(name, Format.ELF) == stable_abi.added(name, Format.MACHO) == elsewhere


def test_exported_since() -> None:
    """Pythons had the buffer protocol long before they promised it, and vector calls for four versions."""
    assert stable_abi.exported_since("PyObject_GetBuffer") == (3, 6)
    assert stable_abi.exported_since("PyVectorcall_Call") == (3, 8)
    assert stable_abi.exported_since("PyType_GetName") is None


FRAMEWORK = "/Library/Frameworks/Python.framework/Versions/3.12/Python"


@pytest.mark.parametrize(
    ("one", "names"),
    [
        (pe(**taking("PyList_New", "_PyX", library="python3.dll")), ["PyList_New", "_PyX"]),
        (pe(**taking("PyList_New", library="PYTHON311.DLL")), ["PyList_New"]),
        (pe(**taking("PyList_New", library="python3t.dll")), ["PyList_New"]),
        (pe(**taking("PyList_New", library="libpython3.11.dll")), ["PyList_New"]),
        (pe(**taking("PyWinObject_FromHANDLE", library="pywintypes311.dll")), []),
        (pe(**taking("PyCom_Init", library="pythoncom311.dll")), []),
        (pe(**taking("PyX", library="boost_python311.dll")), []),
        (pe(**taking("#12", "memcpy", library="python3.dll")), []),
        (
            elf(**taking("PyList_New", "memcpy", "_ZN8PyThing3fooEv", "Python_Is")),
            ["PyList_New", "Python_Is"],
        ),
        (elf(**taking("PyInit_a", "PyInitU_a", "PyModExport_a", "PyModExportU_a", "PyX")), ["PyX"]),
        (macho(**taking("PyList_New")), ["PyList_New"]),
        (macho(**taking("PyList_New", library=FRAMEWORK)), ["PyList_New"]),
        (macho(**taking("PyList_New", library="@rpath/libpython3.12.dylib")), ["PyList_New"]),
        (macho(**taking("PyDate_FromDate", library="@rpath/libshiboken6.abi3.6.12.dylib")), []),
    ],
)
def test_python_symbols(one: Image, names: list[str]) -> None:
    """What comes from Python is known by the library if one is named, else by the name. Hooks never do."""
    assert [symbol.name for symbol in stable_abi.python_symbols(one)] == names


# -- a whole file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("images", "found"),
    [
        ([elf(**taking("PyList_New", "PyErr_Clear"))], StableAbi((3, 2), ())),
        ([elf(**taking("PyList_New", "PyType_GetName", "_PyX"))], StableAbi((3, 11), ("_PyX",))),
        (
            [elf(**taking("_PyB", "_PyA", "PyErr_SetFromWindowsErr"))],
            StableAbi((3, 2), ("PyErr_SetFromWindowsErr", "_PyA", "_PyB")),
        ),
        (
            [macho(**taking("PyList_New")), macho(Machine.X86_64, **taking("PyObject_GetBuffer", "_PyX"))],
            StableAbi((3, 11), ("_PyX",)),
        ),
        ([pe(**taking("PyErr_SetFromWindowsErr", library="python3.dll"))], StableAbi((3, 7), ())),
        ([pe(Machine.X86_64, "PYTHON3T.dll", **taking("PyX", library="PYTHON3T.dll"))], StableAbi((3, 15), ("PyX",))),
        ([pe(Machine.X86_64, "python3t.dll")], None),
        ([elf(**taking("PyList_New", hooks=("PyModExport_a", "PyModExportU_b")))], StableAbi((3, 15), ())),
        ([elf(**taking("PyList_New", hooks=("PyModExport_a", "PyInit_a")))], StableAbi((3, 2), ())),
        (
            [macho(**taking("PyList_New", hooks=("PyInit_a",))), macho(hooks=("PyModExport_a",))],
            StableAbi((3, 15), ()),
        ),
        ([elf(**taking("PyType_GetName", "_PyX", weak=True))], StableAbi((3, 2), ("_PyX",))),
        (
            [macho(**taking("PyType_GetName", weak=True)), macho(Machine.X86_64, **taking("PyType_GetName"))],
            StableAbi((3, 11), ()),
        ),
        ([], None),
        ([elf()], None),
        ([pe(Machine.X86_64, "python3.dll")], None),
        ([pe(**taking("PyPyList_New", library="libpypy3.11-c.dll"))], None),
        ([elf(**taking("PyPyList_New", "_PyPy_Dealloc"))], None),
        ([elf(**taking("PyList_New"), depth=Depth.LINKAGE)], None),
        ([elf(**taking("PyList_New")), elf(**taking("PyList_New", faults=(Fault("outside", 0, "x"),)))], None),
    ],
)  # fmt: skip
def test_measure(images: list[Image], found: StableAbi | None) -> None:
    """Slices are combined. There is no answer if one is unread or damaged, or if nothing is taken from CPython.

    Weak names do not raise the floor. python3t.dll, and hooks that older Pythons do not call, raise it to 3.15.
    """
    assert stable_abi.measure(images) == found


def test_extension_modules_carry_it() -> None:
    """The linkage of a real extension module that was read to SYMBOLS says which Python it needs."""
    images = read_images(BytesView(image("macos-universal2.so")))
    linkage = python_linkage(Member("ext.so", 1, Role.EXTENSION, images))
    assert linkage.stable_abi == StableAbi((3, 5), ())
    shallow = read_images(BytesView(image("macos-universal2.so")), Depth.LINKAGE)
    assert python_linkage(Member("ext.so", 1, Role.EXTENSION, shallow)).stable_abi is None


def test_delay_imports_count() -> None:
    """A name from a delay-loaded python3.dll also comes from Python. Only PeFacts shows the delay."""
    late = pe(delayed=("python3.dll",), **taking("_PyX", library="python3.dll"))
    assert isinstance(late.pe, PeFacts) and late.pe.imports[0].delayed
    assert stable_abi.measure([late]) == StableAbi((3, 2), ("_PyX",))
