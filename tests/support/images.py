"""The real binaries of testdata/images."""

import functools
import json
from pathlib import Path
from typing import Any

import pytest

TESTDATA = Path(__file__).parents[2] / "testdata"


@functools.cache
def image(name: str) -> bytes:
    """Return the bytes of `testdata/images/NAME`."""
    return (TESTDATA / "images" / name).read_bytes()


@functools.cache
def manifest() -> dict[str, dict[str, Any]]:
    """Return testdata/manifest.json: `images` and `wheels`, by file name, with the truth about each."""
    found: dict[str, dict[str, Any]] = json.loads((TESTDATA / "manifest.json").read_bytes())
    return found


def image_names() -> list[str]:
    """Return the names of all images, sorted."""
    return sorted(manifest()["images"])


every_length = pytest.mark.parametrize("stride", [61, pytest.param(1, marks=pytest.mark.long)])
"""For tests of all prefixes of a file: a sample of the lengths, and in the long run each length."""


def lengths(size: int, stride: int) -> list[int]:
    """Return lengths of prefixes: those that end in the first header or just before the end, and every STRIDEth."""
    return [one for one in range(size) if one < 200 or one > size - 40 or one % stride == 0]
