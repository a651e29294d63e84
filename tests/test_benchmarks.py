"""What the benchmark's tables rest on."""

import importlib
import math
from pathlib import Path
from typing import Any

import pytest

from support.images import image
from wheelarch.image import read_images
from wheelarch.view import BytesView

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
IMAGES = ("win_amd64-mixed.pyd", "macos-universal2.so", "linux-x86_64-glibc.so")


@pytest.fixture
def agree(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("agree")


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("results")


def both(agree: Any, name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    images = read_images(BytesView(image(name)))
    return [agree.ours(one) for one in images], agree.THEIRS[images[0].format](image(name))


@pytest.mark.parametrize("name", IMAGES)
def test_agreement_is_of_every_fact(agree: Any, name: str) -> None:
    """Where the readers agree nothing differs, and each single fact that is changed shows."""
    ours, others = both(agree, name)
    count, differences = agree.compare(ours, others)
    assert (count, differences) == (1 + sum(len(one) - 1 for one in ours), [])  # all but faults
    for fact in ours[0]:
        changed = [{**ours[0], fact: "another"}, *ours[1:]]
        assert [(one.fact, one.quirk) for one in agree.compare(changed, others)[1]] == [(fact, "")]
    assert [one.fact for one in agree.compare(ours[1:], others)[1]] == ["number of slices"]


def test_debug_entries_alone_are_forgiven(agree: Any) -> None:
    """A list of lief may hold its debug entries besides, and nothing else."""
    ours, others = both(agree, "macos-universal2.so")
    names = others[0]["imported"]
    for stabs, forgiven in ((["debug"], True), (["debug", "debug"], False), ([], False)):
        other = {**others[0], "imported": sorted([*names, "debug"]), agree.STABS: stabs}
        (found,) = agree.compare(ours, [other, *others[1:]])[1]
        assert (found.fact, bool(found.quirk)) == ("imported", forgiven)


@pytest.mark.parametrize("exponent", [0.5, 1, 2])
def test_the_exponent_of_growth(results: Any, exponent: float) -> None:
    """The exponent is right whatever an audit of an empty wheel costs."""
    points = [(amount, 7.0 + 0.25 * amount**exponent) for amount in (1, 2, 4, 8, 16)]
    assert results.slope(points) == pytest.approx(exponent)


def test_times_that_fall_have_no_exponent(results: Any) -> None:
    """On a machine so busy that more cost less, the exponent is unknown, and the report is written all the same."""
    assert math.isnan(results.slope([(1, 1.0), (2, 1.5), (4, 1.4)]))


def test_the_fit_tells_what_each_costs(results: Any) -> None:
    """A cost that is a sum of the terms is taken apart again, and no term has a cost below 0."""
    rows = [(1.0, amount, size) for amount in (1.0, 30.0, 900.0) for size in (0.5, 20.0, 400.0)]
    costs = [5.0 + 2.0 * amount + 3.0 * size for _, amount, size in rows]
    assert results.fit(rows, costs) == pytest.approx([5.0, 2.0, 3.0], rel=1e-3)
    falling = [100.0 + 2.0 * amount - 0.1 * size for _, amount, size in rows]
    assert results.fit(rows, falling)[2] == 0.0
