"""Tables of what other distributions, users, Windows and Python bring, and where each row comes from."""

import datetime as dt
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from wheelarch.platforms import distributions, user_software, windows
from wheelarch.platforms.distributions import (
    brought_by,
    known_owner_of_folder,
    owner_of_folder,
    preload_answers,
    required_owner,
)
from wheelarch.platforms.library_names import Index, spellings
from wheelarch.platforms.user_software import formula, software, to_install

ROOT = Path(__file__).resolve().parents[2]
TABLES = [*distributions.TABLE, *user_software.TABLE]
WHEEL = re.compile(r"\b\w[\w.]*-\w[\w.]*(?:-\w+)?-\w[\w.]*-\w+-\w[\w.]*\.whl\b")
OPENABLE = re.compile(r"issues? \d+|\w/?\w+\.(?:py|txt)\b|[dD]ocumentation, |README|Reference|docs/|, Using ")
"""An issue, a file of a project, or a page of a manual by its title."""
OURS = re.compile(r"\b(?:loading|rules|facts|interface|toolchain)\.md\b|\bdesign\b|\bbrief\b", re.IGNORECASE)


def name_of(row: distributions.Brings | user_software.Software) -> str:
    return row[0]


@pytest.mark.parametrize("row", TABLES, ids=name_of)
def test_each_row_has_a_source_and_a_date(row: distributions.Brings | user_software.Software) -> None:
    """The source is a wheel by its name or something else that a reader can open, and was read on a day."""
    assert WHEEL.search(row.source) or OPENABLE.search(row.source)
    assert not OURS.search(row.source)
    assert dt.date.fromisoformat(row.date) >= dt.date(2026, 11, 30)
    if row.verified and isinstance(row, distributions.Brings):
        assert WHEEL.search(row.source)


@pytest.mark.parametrize("row", TABLES, ids=name_of)
def test_patterns_are_as_tables_spell_them(row: distributions.Brings | user_software.Software) -> None:
    """One `*` at most, no folder, no pattern twice, and a beginning that says more than `lib`."""
    patterns = row.libraries.split()
    if isinstance(row, distributions.Brings):
        patterns += row.copies.split()
    assert patterns
    assert len({pattern.lower() for pattern in patterns}) == len(patterns)
    for pattern in patterns:
        assert pattern.count("*") < 2
        assert "/" not in pattern
        assert len(pattern.partition("*")[0].removeprefix("lib")) > 1 or pattern.startswith("Qt")
        assert pattern.endswith((".so", ".dll", ".dylib", ".framework", "*")) or ".so." in pattern


def test_no_row_twice() -> None:
    """A distribution and a topic have one row, and all distributions that share a row exist under that name."""
    names = [row[0] for row in TABLES]
    assert len(set(names)) == len(names)
    for row in distributions.TABLE:
        assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9*]+)*\*?", row.distribution)
        assert set(row.ways.split(", ")) <= {
            "run path", "preload", "global", "added folder", "prefix", "same folder"
        }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("libodbc.so.2", ("libodbc.so.2", "libodbc.so")),
        ("libodbc.so", ("libodbc.so",)),
        ("/opt/x/libodbc.2.dylib", ("libodbc.2.dylib", "libodbc.dylib")),
        ("libiomp5.dylib", ("libiomp5.dylib",)),
        ("C:\\x\\MSVCP140.dll", ("msvcp140.dll",)),
        ("@rpath/QtCore.framework/Versions/A/QtCore", ("qtcore.framework",)),
        ("/Library/Frameworks/R.framework/Versions/4.6/Resources/lib/libR.dylib", ("libr.dylib",)),
        ("libfoo.solid", ("libfoo.solid",)),
        ("", ("",)),
    ],
)
def test_the_version_of_a_name_is_not_needed(name: str, expected: tuple[str, ...]) -> None:
    """Tables list names with or without their version."""
    assert spellings(name) == expected


def test_an_index_finds_what_its_patterns_fit() -> None:
    """Rows come in the order of the table, and a `*` never counts letters twice."""
    index = Index(["libb*.so", "liba.so libx.so", "liba.so.1", "abc*bcd"])
    assert index.rows(("liba.so.1", "liba.so")) == [1, 2]
    assert index.rows(("libb.so",)) == [0]
    assert index.rows(("abcd", "abcbcd")) == [3]
    assert index.rows(("abcd",)) == []
    assert index.rows(()) == []


@pytest.mark.parametrize(
    ("name", "requires", "owner"),
    [
        ("libcudart.so.12", ["numpy", "nvidia-cuda-runtime-cu12"], "nvidia-cuda-runtime-cu12"),
        ("libcudart.so.13", ["nvidia-cuda-runtime"], "nvidia-cuda-runtime"),
        ("cudart64_12.dll", ["nvidia-cuda-runtime-cu12"], "nvidia-cuda-runtime-cu12"),
        ("libcudart-d0da41ae.so.11.0", ["torch"], "torch"),
        ("libcudart.faf08d9a.so.13", ["torch"], "torch"),
        ("libtbb.so.12", ["mkl-fft", "mkl"], "mkl"),
        ("libtbb.so.12", ["mkl-fft"], "mkl-fft"),
        ("libQt6Core.so.6", ["pyqt6"], "pyqt6"),
        ("@rpath/QtCore.framework/Versions/A/QtCore", ["pyside6-essentials"], "pyside6-essentials"),
        ("MSVCP140.dll", ["robotpy-native-wpiutil"], "robotpy-native-wpiutil"),
        ("MSVCP140.dll", ["pyqt6-qt6"], "pyqt6-qt6"),
        ("libmmd.dll", ["intel-cmplr-lib-rt"], "intel-cmplr-lib-rt"),
        ("libwpiutil.so", ["robotpy-native-wpiutil"], "robotpy-native-wpiutil"),
        ("libmpi.so.12", ["mpich"], "mpich"),
        ("libmpi.so.40", ["mpich"], None),
        ("libtbb.so.12", ["openvino"], "openvino"),
        ("libonnxruntime.so", ["sherpa-onnx-core"], "sherpa-onnx-core"),
        ("arrow.dll", ["pyarrow"], "pyarrow"),
        ("SDL2_ttf.dll", ["kivy-deps-angle", "kivy-deps-sdl2"], "kivy-deps-sdl2"),
        ("MSVCP140.dll", ["numpy"], None),
        ("libtbb.so.12", ["mkl", "tbb"], "tbb"),
        ("/opt/homebrew/opt/tbb/lib/libtbb.12.dylib", ["tbb"], None),
        ("libtorchaudio.so", ["torch"], None),
        ("libcudart.so.12", [], None),
        ("libcudart.so.12", ["nvidia-cublas-cu11x"], None),
        ("libssl.so.3", ["torch", "mkl"], None),
    ],
)
def test_a_requirement_brings_the_library(name: str, requires: list[str], owner: str | None) -> None:
    """By itself, or because it requires the distribution that does."""
    assert required_owner(name, requires) == owner


@pytest.mark.parametrize(
    ("name", "bringers"),
    [
        ("libcublasLt.so.12", ("nvidia-cublas",)),
        ("torch_cpu.dll", ("torch",)),
        ("pythoncom311.dll", ("pywin32",)),
        ("libQt5Core.so.5", ("pyqt5-qt5", "pyside2")),
        ("/opt/homebrew/opt/tbb/lib/libtbb.12.dylib", ()),
        ("libboost_python311.so.1.83.0", ()),
        ("msvcp140.dll", ()),
        ("libtcmalloc.so.4", ()),
        ("tk86t.dll", ()),
        ("libcurl.so.4", ()),
        ("libXNNPACK.so", ()),
    ],
)
def test_libraries_of_one_distribution_only(name: str, bringers: tuple[str, ...]) -> None:
    """What many make (Boost, Visual C++) is nobody's own, and a name that begins alike is another library."""
    assert brought_by(name) == bringers


@pytest.mark.parametrize(
    ("folder", "requires", "owner"),
    [
        ("nvidia/cublas/lib", ["nvidia-cublas-cu12"], "nvidia-cublas-cu12"),
        ("nvidia/cu13/lib", ["torch"], "torch"),
        ("torch/lib", ["torch"], "torch"),
        ("PyQt6/Qt6/lib", ["pyqt6-qt6"], "pyqt6-qt6"),
        ("shiboken6", ["shiboken6"], "shiboken6"),
        ("cmeel.prefix/lib", ["numpy", "cmeel-boost"], "cmeel-boost"),
        ("native/wpiutil/lib", ["robotpy-native-wpiutil"], "robotpy-native-wpiutil"),
        ("../..", ["intel-openmp"], "intel-openmp"),
        ("../../../lib", ["mkl"], "mkl"),
        ("numpy.libs", ["numpy"], "numpy"),
        ("numpy/.dylibs", ["numpy"], "numpy"),
        ("my_pkg/lib", ["my-pkg"], "my-pkg"),
        ("google/protobuf", ["google-protobuf"], "google-protobuf"),
        ("torch/lib", ["numpy"], None),
        ("torchvision", ["torch"], None),
        ("../..", ["numpy"], None),
        ("../other", ["other"], None),
        ("..", ["torch"], None),
    ],
)
def test_a_folder_belongs_to_a_requirement(folder: str, requires: list[str], owner: str | None) -> None:
    """By the table, or because the folder has the name of the requirement."""
    assert owner_of_folder(folder, requires) == owner


@pytest.mark.parametrize(
    ("folder", "owner"),
    [
        ("torch/lib", "torch"),
        ("PyQt6/Qt6/lib", "pyqt6-qt6"),
        ("native/wpiutil/lib", "robotpy-native"),
        ("numpy.libs", None),
        ("../..", None),
    ],
)
def test_a_folder_belongs_to_a_distribution_of_the_table(folder: str, owner: str | None) -> None:
    """Whether the wheel requires it or not."""
    assert known_owner_of_folder(folder) == owner


@pytest.mark.parametrize(
    ("name", "system", "libc", "expected"),
    [
        ("libtorch.so", "linux", "glibc", True),
        ("libtorch.so", "linux", "musl", False),
        ("torch.dll", "windows", "", True),
        ("@rpath/libtorch.dylib", "macos", "", True),
        ("@loader_path/libtorch.dylib", "macos", "", False),
        ("/opt/x/libtorch.dylib", "macos", "", False),
        ("@rpath/libomp.dylib", "macos", "", False),
        ("@rpath/libvtkCommonCore.dylib", "macos", "", False),
    ],
)
def test_a_library_that_was_loaded_before(name: str, system: str, libc: str, expected: bool) -> None:
    """It answers on Windows and glibc, on macOS under its install name only, and never on musl."""
    assert preload_answers(name, system, libc) is expected


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("libodbc.so.2", "unixODBC"),
        ("/opt/homebrew/opt/unixodbc/lib/libodbc.2.dylib", "unixODBC"),
        ("libcuda.so.1", "the NVIDIA driver"),
        ("nvcuda.dll", "the NVIDIA driver"),
        ("R.dll", "R"),
        ("/Library/Frameworks/R.framework/Versions/4.6/Resources/lib/libR.dylib", "R"),
        ("/usr/local/opt/r/lib/R/lib/libR.dylib", "R"),
        ("jvm.dll", "a Java virtual machine"),
        ("libavcodec.so.61", "FFmpeg"),
        ("avcodec-61.dll", "FFmpeg"),
        ("@rpath/libavcodec.61.dylib", "FFmpeg"),
        ("@rpath/libomp.dylib", "OpenMP"),
        ("libGL.so.1", "OpenGL"),
        ("libxcb-cursor.so.0", "X11 or Wayland"),
        ("libmpi.so.40", "an MPI"),
        ("msmpi.dll", "an MPI"),
        ("libcublas.so.12", "the CUDA toolkit"),
        ("/opt/homebrew/opt/openssl@3/lib/libssl.3.dylib", None),
        ("/opt/homebrew/opt/gcc/lib/gcc/current/libgomp.1.dylib", None),
        ("libavcodec-0c04e3c0.so.63", None),
        ("libxml2.so.2", None),
        ("libXNNPACK.so", None),
        ("librocksdb.so.8", None),
        ("libssl.so.3", None),
        ("msvcp140.dll", None),
        ("", None),
    ],
)
def test_software_that_users_install(name: str, topic: str | None) -> None:
    """It is known by the name of the library, or by the formula of Homebrew."""
    found = software(name)
    assert (found and found.topic) == topic


def test_what_a_message_says_of_software() -> None:
    """The topic and the library, without the folder of the build machine."""
    row = software("libodbc.so.2")
    assert row is not None
    assert to_install("libodbc.so.2", row) == "unixODBC to be installed (libodbc.so.2)"
    assert to_install("/opt/homebrew/opt/unixodbc/lib/libodbc.2.dylib", row).endswith("(libodbc.2.dylib)")
    assert not row.is_driver
    assert software("vulkan-1.dll") in [row for row in user_software.TABLE if row.is_driver]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/opt/homebrew/opt/libomp/lib/libomp.dylib", "libomp"),
        ("/usr/local/Cellar/ffmpeg@6/6.1/lib/libavcodec.60.dylib", "ffmpeg@6"),
        ("/opt/homebrew/lib/libomp.dylib", ""),
        ("@rpath/libomp.dylib", ""),
    ],
)
def test_the_formula_of_an_install_name(name: str, expected: str) -> None:
    """Homebrew has a folder per formula."""
    assert formula(name) == expected


def test_findings_alone_need_the_tables() -> None:
    """The rules import neither of the two big tables until a finding asks for one."""
    code = (
        "import sys, wheelarch.rules.missing_library, wheelarch.rules.install_names;"
        "print(*sorted(m for m in sys.modules if m.startswith('wheelarch.platforms.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"wheelarch.platforms.distributions", "wheelarch.platforms.user_software"} & set(
        done.stdout.split()
    )


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "build_library_page", ROOT / "docs" / "build_library_page.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_about_libraries_is_fresh() -> None:
    """docs/facts/libraries.md says what the tables say, in a row per row."""
    made = builder()
    text = made.PAGE.read_text(encoding="utf-8")
    assert text == made.page()
    for row in TABLES:
        assert text.count(f"\n| {row[0]} |") + text.count(f"\n| `{row[0]}` |") == 1


def test_the_tables_of_windows_speak_of_its_dlls() -> None:
    """What a release lacks is a DLL that another has, and an architecture and release that we know."""
    for arches, releases, names in windows.LACKING:
        assert set(arches.split()) <= {"x86", "x86_64", "arm64"}
        assert set(releases.split()) <= {"10", "11"}
        for name in names.split():
            assert windows.from_windows(name), name
            assert any(
                not set(windows.lacking_releases(name, arch)) >= {"10", "11"}
                for arch in ("x86", "x86_64", "arm64")
            )
    assert all(windows.from_windows(name) for name in windows.MEDIA_FEATURES)
