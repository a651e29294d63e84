"""testdata is what its build script makes, and no more."""

import hashlib
import importlib.util
import subprocess
import sys

import pytest

from support.images import TESTDATA, image, image_names, manifest


@pytest.mark.parametrize("name", image_names())
def test_image_is_the_one_that_was_built(name: str) -> None:
    """An image has the hash that the build wrote down."""
    assert hashlib.sha256(image(name)).hexdigest() == manifest()["images"][name]["sha256"]


@pytest.mark.parametrize("folder", ["images", "loaders", "wheels"])
def test_nothing_lies_around(folder: str) -> None:
    """The folders hold what the manifest lists, nothing else and nothing less."""
    assert {path.name for path in (TESTDATA / folder).iterdir()} == manifest()[folder].keys()


def test_testdata_is_small() -> None:
    """Everything that is committed as binary stays below 3 MB."""
    paths = [path for folder in ("images", "loaders", "wheels") for path in (TESTDATA / folder).iterdir()]
    assert sum(path.stat().st_size for path in paths) < 3_000_000


@pytest.mark.fixtures
def test_rebuild_gives_the_same_bytes() -> None:
    """The compilers make the committed files again, byte for byte."""
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip("ziglang is not installed")
    build = [sys.executable, str(TESTDATA / "build.py"), "--check"]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
