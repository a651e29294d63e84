"""What fuzzing once broke stays mended, and what fuzzing calls is alive."""

from pathlib import Path

import pytest

from tests.hostile.fuzz.targets import TARGETS
from tests.support.images import TESTDATA

CRASHES = sorted((TESTDATA / "crashes").glob("*-*"))


@pytest.mark.parametrize("path", CRASHES, ids=lambda path: path.name)
def test_crashes_stay_mended(path: Path) -> None:
    """Files of testdata/crashes, `TARGET-FAULT`, each broke the target that their name begins with."""
    TARGETS[path.name.partition("-")[0]].run(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_targets_take_their_seeds(name: str) -> None:
    """Each target has seeds, and returns for each of them, whole or cut."""
    seeds = list(TARGETS[name].seeds())
    assert seeds
    for seed in seeds:
        TARGETS[name].run(seed)
        TARGETS[name].run(seed[: len(seed) // 2])
