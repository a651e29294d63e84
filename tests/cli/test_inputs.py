"""Tests of `wheelarch.cli.inputs`."""

import os
import sys
from pathlib import Path

import pytest

from wheelarch.cli.inputs import expand


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A folder with wheels and other files, as the current folder."""
    for name in (
        "dist/b.whl",
        "dist/a.whl",
        "dist/deep/er/c.whl",
        "dist/readme.txt",
        "empty/readme.txt",
        "[x].whl",
        "x.whl",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def native(*paths):
    return tuple(path.replace("/", os.sep) for path in paths)


FOUND = {
    "a file": (["x.whl"], ["x.whl"]),
    "a file by another name": (["dist/readme.txt"], ["dist/readme.txt"]),
    "a folder, with what is below, sorted": (["dist"], ["dist/a.whl", "dist/b.whl", "dist/deep/er/c.whl"]),
    "a pattern": (["dist/*.whl"], ["dist/a.whl", "dist/b.whl"]),
    "a pattern across folders": (["dist/**/*.whl"], ["dist/a.whl", "dist/b.whl", "dist/deep/er/c.whl"]),
    "a pattern for folders": (["d?st"], ["dist/a.whl", "dist/b.whl", "dist/deep/er/c.whl"]),
    "brackets in the name of a file that exists": (["[x].whl"], ["[x].whl"]),
    "brackets as a pattern": (["dist/[ab].whl"], ["dist/a.whl", "dist/b.whl"]),
    "the order of the names": (["x.whl", "dist/a.whl"], ["x.whl", "dist/a.whl"]),
    "nothing twice": (
        ["dist/b.whl", "dist", "./dist/../dist/a.whl"],
        ["dist/b.whl", "dist/a.whl", "dist/deep/er/c.whl"],
    ),
}


@pytest.mark.parametrize(("names", "paths"), FOUND.values(), ids=FOUND)
def test_what_names_stand_for(tree, names, paths):
    """Files, folders and patterns become files, in the order and spelling of the names."""
    found = expand(names)
    assert tuple(map(os.path.normpath, found.paths)) == native(*paths)
    assert found.problems == ()


PROBLEMS = {
    "a missing file": ("nothing.whl", "nothing.whl: no such file or folder"),
    "a pattern that matches nothing": ("none/*.whl", "none/*.whl: no file matches this pattern"),
    "a folder without wheels": ("empty", "empty: no wheel (*.whl) in this folder"),
    "an empty name": ("", "an empty name: no such file or folder"),
    "a name with NUL": ("a\0b", "a\0b: no such file or folder"),
    "a pattern with NUL": ("a\0*", "a\0*: no file matches this pattern"),
    "half a bracket": ("a[", "a[: no file matches this pattern"),
    "a range upside down": ("[z-a]", "[z-a]: no file matches this pattern"),
}


@pytest.mark.parametrize(("name", "problem"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_name_that_stands_for_nothing_is_one_problem(tree, name, problem):
    """It is one line, and the other names still work."""
    assert expand([name]) == ((), (problem,))
    assert expand([name, "x.whl"]) == (("x.whl",), (problem,))


def test_paths_are_taken_as_well_as_strings(tree):
    """The Python API passes `os.PathLike`."""
    assert expand([Path("x.whl")]).paths == ("x.whl",)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_links_to_folders_are_not_followed(tree):
    """A link to a parent folder does not make the search endless. A link to a wheel is found."""
    (tree / "dist" / "loop").symlink_to(tree / "dist", target_is_directory=True)
    (tree / "empty" / "l.whl").symlink_to(tree / "x.whl")
    assert len(expand(["dist"]).paths) == 3
    assert expand(["empty"]).paths == ("empty/l.whl",)


def test_a_folder_that_cannot_be_searched_is_a_problem(tree, monkeypatch):
    """A folder that was not searched is reported, because a wheel may be in it."""
    real = os.scandir

    def scandir(path):
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = expand(["dist"])
    assert found.paths == native("dist/a.whl", "dist/b.whl")
    assert found.problems == (f"{native('dist/deep')[0]}: Permission denied",)
