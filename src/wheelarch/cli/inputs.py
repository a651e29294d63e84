"""Turn the names on a command line into files: names of files, of folders, and glob patterns (cmd.exe expands none)."""

from __future__ import annotations

import os

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..container.folder import is_unpacked_wheel

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Inputs", "expand"]


class Inputs(NamedTuple):
    """The files that a list of names leads to."""

    paths: tuple[str, ...]
    """Files, in the order of the names. Those in a folder are sorted. No file is in it twice."""
    problems: tuple[str, ...]
    """One line for each name that leads to no file, and for each folder that cannot be searched."""


def expand(names: Iterable[str | os.PathLike[str]]) -> Inputs:
    """Return the files that the names lead to.

    A name that exists is taken as it is, even if it has brackets in it. A folder that was unpacked from a wheel is
    one input. Any other folder means every `*.whl` in it and below it; links to folders are not followed.
    Any other name with `*`, `?` or `[` is a glob pattern, in which `**` crosses folders.

    Args:
        names: Names as a user writes them.
    """
    paths: dict[str, str] = {}
    problems: list[str] = []
    for name in (os.fspath(name) for name in names):
        for path in _matches(name, problems):
            paths.setdefault(os.path.normcase(os.path.abspath(path)), path)
    return Inputs(tuple(paths.values()), tuple(problems))


def _matches(name: str, problems: list[str]) -> list[str]:
    if os.path.exists(name):
        found = [name]
    elif any(char in name for char in "*?["):
        import glob

        found = sorted(glob.glob(name, recursive=True))
        if not found:
            problems.append(f"{name}: no file matches this pattern")
    else:
        problems.append(f"{name or 'an empty name'}: no such file or folder")
        found = []
    paths = []
    for match in found:
        is_folder = os.path.isdir(match) and not is_unpacked_wheel(match)
        paths += _wheels(match, problems) if is_folder else [match]
    return paths


def _wheels(folder: str, problems: list[str]) -> list[str]:
    def refused(error: OSError) -> None:
        problems.append(f"{error.filename}: {error.strerror}")

    before = len(problems)
    paths = sorted(
        os.path.join(place, file)
        for place, _, files in os.walk(folder, onerror=refused)
        for file in files
        if file.endswith(".whl")
    )
    if not paths and len(problems) == before:
        problems.append(f"{folder}: no wheel (*.whl) in this folder")
    return paths
