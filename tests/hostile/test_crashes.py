"""Inputs that once got a wrong answer, each in a test that is named by the fault, and the fuzz targets themselves."""

from pathlib import Path

import pytest

import wheelarch
from tests.hostile.fuzz.targets import TARGETS
from wheelarch.model import Severity

FAULTS = Path(__file__).with_name("faults")


def test_a_blank_dll_name_does_not_lower_an_error() -> None:
    """Two other parsers do not list a DLL that is called " ". That does not deny what else the file says."""
    wheel = FAULTS / "foo-1.0-cp311-cp311-win_amd64.whl"
    for opinion in ("off", "errors", "all"):
        report = wheelarch.audit(wheel, second_opinion=opinion)
        assert [one.code for one in report.findings if one.severity is Severity.ERROR] == ["WA302"]
        assert report.exit_code() == 1


@pytest.mark.parametrize("name", TARGETS)
def test_targets_take_their_seeds(name: str) -> None:
    """Each target has seeds, and returns for each of them, whole or cut in half."""
    seeds = list(TARGETS[name].seeds())
    assert seeds
    for seed in seeds:
        TARGETS[name].run(seed)
        TARGETS[name].run(seed[: len(seed) // 2])
