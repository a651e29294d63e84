"""Inputs on which fuzzing found a bug, and the fuzz targets themselves."""

from pathlib import Path

import pytest

from tests.hostile.fuzz.targets import TARGETS
from tests.support.images import TESTDATA

CRASHES = sorted((TESTDATA / "crashes").glob("*-*"))


@pytest.mark.parametrize("path", CRASHES, ids=lambda path: path.name)
def test_crashes_stay_mended(path: Path) -> None:
    """A file `TARGET-FAULT` in the folder `crashes` of testdata once broke that target. There are none yet."""
    TARGETS[path.name.partition("-")[0]].run(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_targets_take_their_seeds(name: str) -> None:
    """Each target has seeds, and returns for each of them, whole or cut in half."""
    seeds = list(TARGETS[name].seeds())
    assert seeds
    for seed in seeds:
        TARGETS[name].run(seed)
        TARGETS[name].run(seed[: len(seed) // 2])
