"""The projects that METADATA requires."""

import pytest

from wheelarch.metadata.promise import read_promise
from wheelarch.metadata.requirements import canonical_name, namesake, required_projects


@pytest.mark.parametrize(
    ("line", "project"),
    [
        ("numpy", "numpy"),
        ("PyQt6_Qt6 (>=6.12.0, <6.13.0)", "pyqt6-qt6"),
        ("nvidia-cublas-cu12==12.4.5.8; not a marker", "nvidia-cublas-cu12"),
        ("requests[socks]>=2", "requests"),
        ("  zope.interface", "zope-interface"),
        ("pkg @ file:///tmp/pkg.whl", "pkg"),
        ('numpy; extra == "dev"', None),
        ("numpy ; python_version > '3' and extra=='dev'", None),
        ("numpy; 'dev' == extra", None),
        ("numpy; extra in 'a b'", "numpy"),
        ("extra-lib; python_version > '3'", "extra-lib"),
        ("long; " + "(" * 2_000, "long"),
        ("", None),
        (">=1", None),
    ],
)
def test_required_projects(line: str, project: str | None) -> None:
    """A requirement counts by its canonical name, unless only an extra asks for it."""
    assert required_projects([line]) == (() if project is None else (project,))


def test_each_project_once() -> None:
    """Several lines for one project name it once."""
    assert required_projects(["a", "A>2; python_version > '3'", "b"]) == ("a", "b")


@pytest.mark.parametrize(
    ("tag", "projects"),
    [
        ("cp313-cp313-macosx_11_0_arm64", ("mlx-metal",)),
        ("cp313-cp313-win_amd64", ("kivy-deps-sdl2", "for-amd")),
        ("cp313-cp313-win_arm64", ("kivy-deps-sdl2",)),
        ("cp39-cp39-manylinux_2_17_aarch64", ("old", "for-arm")),
        ("cp39-abi3-manylinux_2_17_x86_64", ("old",)),
        ("pp310-pypy310_pp73-win_arm64", ("kivy-deps-sdl2", "for-pypy")),
        ("cp313-cp313-macosx_11_0_arm64.win_arm64", ("mlx-metal", "kivy-deps-sdl2")),
    ],
)
def test_markers_for_the_wheels_own_systems(tag: str, projects: tuple[str, ...]) -> None:
    """A requirement of another system brings nothing to those who install this wheel."""
    lines = [
        'mlx-metal==0.32; platform_system == "Darwin"',
        'kivy-deps.sdl2; sys_platform == "win32"',
        'old; python_version < "3.10"',
        'for-amd; platform_machine == "AMD64"',
        'for-arm; platform_machine == "aarch64"',
        'for-pypy; implementation_name == "pypy"',
    ]
    targets = read_promise(None, tag=tag).targets
    assert required_projects(lines, targets) == projects


def test_canonical_name() -> None:
    """As PEP 503 writes it."""
    assert canonical_name("Zope._-Interface") == "zope-interface"


@pytest.mark.parametrize(
    ("library", "project"),
    [
        ("libeckit_geo.so", "eckitlib"),
        ("@rpath/libntcore.dylib", "robotpy-native-ntcore"),
        ("NtCore.dll", "robotpy-native-ntcore"),
        ("libz.so.1", ""),
        ("libgeo.so", ""),
        ("libpinocchio_parsers.so", "libpinocchio"),
        ("SDL2_image.dll", "kivy-deps-sdl2"),
        ("msgpack-c.dll", ""),
    ],
)
def test_namesake(library: str, project: str) -> None:
    """A library is taken for that of a project which is named for it, and for bringing libraries."""
    required = ["msgpack", "eckitlib", "robotpy-native-ntcore", "libpinocchio", "kivy-deps-sdl2"]
    assert namesake(library, required) == project


def test_many_lines_and_tags_take_few_evaluations() -> None:
    """A hostile METADATA repeats one marker for a thousand tags; it is evaluated once for each environment."""
    targets = read_promise(None, tag="cp313-cp313-win_amd64").targets * 1_000
    lines = [f"p{one}; sys_platform == 'win32' and platform_machine == 'AMD64'" for one in range(1_000)]
    assert len(required_projects(lines, targets)) == 1_000
