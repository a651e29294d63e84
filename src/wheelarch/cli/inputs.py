"""Which files a list of names stands for: files, folders, and glob patterns (cmd.exe expands none)."""

from __future__ import annotations

import os

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..container.folder import is_unpacked_wheel

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Inputs", "expand"]


class Inputs(NamedTuple):
    """What a list of names stands for."""

    paths: tuple[str, ...]
    """Files, in the order of the names, those in a folder sorted; none of them twice."""
    problems: tuple[str, ...]
    """One line for each name that stands for nothing, and for each folder that can't be searched."""


def expand(names: Iterable[str | os.PathLike[str]]) -> Inputs:
    """Return the files that the names stand for.

    A name that exists is taken as it is, even with brackets in it. A folder is a wheel itself where it was
    unpacked from one, else it stands for every `*.whl` in it and below it; links to folders are not followed.
    Any other name with `*`, `?` or `[` is a glob pattern, in which `**` crosses folders.

    Args:
        names: Names as a user gives them.
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
            problems.append(f"{name}: nothing matches this pattern")
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
