"""The promises for any bytes hold for mutants of real binaries and wheels."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.hostile import mutants

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="bounds of memory and time are POSIX ones")
@pytest.mark.parametrize("count", [30, pytest.param(1_000, marks=pytest.mark.long)])
def test_mutants_keep_the_promises(tmp_path: Path, count: int) -> None:
    """Mutants of one seed, in 256 MiB each. WHEELARCH_SEED makes other ones."""
    seed = os.environ.get("WHEELARCH_SEED", "1")
    paths = [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    child = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.hostile.mutants",
            "--count",
            str(count),
            "--seed",
            seed,
            "--seconds",
            "300",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stdout + child.stderr
    assert f"0 of {count} broke a promise" in child.stdout


@settings(max_examples=50, deadline=None)
@given(mutants.mutants())
def test_mutants_that_shrink(mutant: mutants.Mutant) -> None:
    """The promises also hold for mutants that hypothesis chooses. It shrinks one that breaks them."""
    mutants.check(mutant)


def test_a_mutant_comes_back() -> None:
    """The same seed makes the same mutant, byte for byte."""
    first, second = (mutants.make(random.Random("7:7")) for _ in range(2))
    assert first == second
    assert first != mutants.make(random.Random("7:8"))


def test_a_broken_promise_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """If an audit raises or takes too long, that is reported with the mutant's number."""

    def fail(mutant: mutants.Mutant) -> None:
        raise RuntimeError("escaped")

    monkeypatch.setattr(mutants, "check", fail)
    ((number, _, why),) = mutants.run(1, seed=3, first=5)
    assert (number, why) == (5, "RuntimeError: escaped")


@pytest.mark.parametrize("index", range(len(mutants.FORGERIES)))
def test_forgeries_are_caught(index: int) -> None:
    """Most forged binaries of each kind are reported as malformed, so the forgery reaches its target."""
    told = 0
    for seed in range(10):
        name, data, _ = mutants.FORGERIES[index](random.Random(seed))
        tag, member = next((pair for start, pair in mutants.NAMES.items() if name.startswith(start)))
        filename = f"pkg-1.0-{tag}.whl"
        report = mutants.wheelarch.audit(
            mutants.build_wheel(filename, {member: data}), name=filename, second_opinion="off"
        )
        told += any(finding.code.startswith("WA90") for finding in report.findings)
    assert told >= 5
