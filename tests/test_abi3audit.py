"""Verdicts on stable-ABI wheels compared with those of abi3audit. Each difference has a name and a reason.

The tests do not require abi3audit: they look for its command on PATH and are skipped without it.
"""

import json
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import wheelarch
from support.cache import cache_folder
from wheelarch.model import Format, Image, WheelReport
from wheelarch.platforms.stable_abi import python_symbols

ABI3AUDIT = shutil.which("abi3audit") or ""
if not ABI3AUDIT:
    pytest.skip("abi3audit is not installed", allow_module_level=True)

WHEELS = Path(__file__).parents[1] / "testdata" / "wheels"
REAL = sorted(path for name in ("corpus", "popular") for path in cache_folder(name).glob("*-*abi3*.whl"))


@cache
def specs(*paths: Path) -> dict[str, Any]:
    """abi3audit's report on some wheels, by path. One run per wheel would take twice as long."""
    run = subprocess.run(
        [ABI3AUDIT, "--report", *map(str, paths)], capture_output=True, text=True, check=False
    )
    return dict(json.loads(run.stdout)["specs"])


def theirs(path: Path) -> dict[str, Any]:
    """What abi3audit says about each extension module, by file name."""
    found = specs(*REAL) if path in REAL else specs(path)
    return {one["name"]: one["result"] for one in found[str(path)]["wheel"]}


def complaints(result: dict[str, Any]) -> set[str]:
    """The names that abi3audit reports."""
    return {*result["non_abi3_symbols"], *result["future_abi3_objects"]}


def ours(path: Path) -> tuple[WheelReport, set[str]]:
    """Our report, and the file names of members with a warning or an error about names of Python."""
    (report,) = wheelarch.audit(path).wheels
    findings = [one for one in report.findings if one.code in ("WA409", "WA410") and one.severity.rank > 1]
    return report, {one.member.rpartition("/")[2] for one in findings if one.member}


def images(report: WheelReport, name: str) -> tuple[Image, ...]:
    """The slices of the members with a file name."""
    return tuple(image for member in report.members if member.name == name for image in member.images)


OWN_HOOKS = "hooks of PEP 793 that the ELF file defines: they are the module's own, not Python's"
OWN_FUNCTIONS = (
    "functions that the ELF file defines and does not hide: they are the module's own, not Python's"
)
FALSE_ALARMS = {
    "cryptography-50.0.2-cp315-abi3.abi3t-manylinux_2_34_x86_64.whl": OWN_HOOKS,
    "hypothesis-6.170.15-cp315-abi3.abi3t-manylinux*.whl": OWN_HOOKS,
    "libsass-0.23.0-cp38-abi3-manylinux_2_5_x86_64.manylinux1_x86_64.whl": OWN_FUNCTIONS,
}
"""Wheels that only abi3audit reports, and what it wrongly considers to be names of Python."""


@pytest.mark.corpus
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_wheels(path: Path) -> None:
    """Both agree on every module of every real wheel, except for the false alarms that are explained."""
    report, bad = ours(path)
    results = theirs(path)
    explained = next((why for pattern, why in FALSE_ALARMS.items() if fnmatch(path.name, pattern)), None)
    if explained is None:
        assert {name for name, result in results.items() if complaints(result)} == bad
        return
    assert bad == set()
    for name, result in results.items():
        complained = complaints(result)
        assert complained
        assert all(one.startswith("PyModExport_") for one in complained) == (explained is OWN_HOOKS)
        for image in images(report, name):
            assert image.format is Format.ELF
            assert complained.isdisjoint(symbol.name for symbol in image.imported)


@pytest.mark.corpus
def test_cryptography_has_27_hooks() -> None:
    """All 27 names that abi3audit reports in cryptography's abi3t module are the module's own hooks."""
    name = "cryptography-50.0.2-cp315-abi3.abi3t-manylinux_2_34_x86_64.whl"
    folder = cache_folder("abi3audit")
    if not (folder / name).exists():
        fetch = "pip download --quiet --no-deps --only-binary :all: --python-version 3.15 --implementation cp"
        command = [
            sys.executable,
            "-m",
            *fetch.split(),
            "--abi",
            "abi3t",
            "--platform",
            "manylinux_2_34_x86_64",
        ]
        subprocess.run(
            [*command, "--dest", str(folder), "cryptography==50.0.2"],
            check=False,
            capture_output=True,
            timeout=300,
        )
    if not (folder / name).exists():
        pytest.skip("the wheel is not cached and no package index can be reached")
    report, bad = ours(folder / name)
    (result,) = theirs(folder / name).values()
    hooks = {hook for member in report.members if member.python for hook in member.python.hooks}
    assert len(complaints(result)) == 27
    assert complaints(result) <= hooks
    assert bad == set()
    assert report.status == "clean"


SOUND = sorted(path for path in WHEELS.glob("*-abi3*.whl") if not path.name.startswith("cut_short"))
"""Fixtures without damaged files, because abi3audit stops at those."""


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.name)
def test_fixtures(path: Path) -> None:
    """Both read the same names in every fixture that both can read."""
    report, bad = ours(path)
    for name, result in theirs(path).items():
        assert bool(complaints(result)) == (name in bad)
        taken = {symbol.name for image in images(report, name) for symbol in python_symbols(image)}
        assert complaints(result) <= taken


def test_abi3audit_does_not_look_at_dll_names() -> None:
    """abi3audit accepts a module that is bound to python311.dll, because its names are right. We report the DLL."""
    path = WHEELS / "one_python_only-1.0-cp311-abi3-win_amd64.whl"
    report, bad = ours(path)
    assert not any(complaints(result) for result in theirs(path).values())
    assert bad == set()
    assert "WA301" in {one.code for one in report.findings}


@pytest.mark.parametrize(("tag", "agreed"), [("cp33", True), ("cp33.cp311", False), ("cp35", True)])
def test_abi3audit_takes_the_highest_tag(tag: str, agreed: bool, tmp_path: Path) -> None:
    """Of several Python tags abi3audit takes the highest, so it passes PyModuleDef_Init (3.5) where 3.3 may install."""
    path = tmp_path / f"good-1.0-{tag}-abi3-win_amd64.whl"
    shutil.copy(WHEELS / "good-1.0-cp311-abi3-win_amd64.whl", path)
    _, bad = ours(path)
    (result,) = theirs(path).values()
    assert bool(bad) == ("cp33" in tag)
    assert (bool(complaints(result)) == bool(bad)) is agreed
