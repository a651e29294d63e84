"""The real binaries of testdata/images."""

import functools
import json
from pathlib import Path
from typing import Any

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
