"""What wheelarch ships: the same bytes from the same source, a bill of materials, and tools that are locked."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import wheelarch

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "src")


def build(folder: Path, *, mode: int, time: int, **environment: str) -> dict[str, bytes]:
    """Build from a copy of the source, whose files have this mode and this time; return what came out."""
    folder.mkdir(parents=True)
    for name in SOURCE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(mode)
            os.utime(path, (time, time))
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", "out"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed")
    folder = tmp_path_factory.mktemp("first")
    return build(folder / "a", mode=0o644, time=1_500_000_000, SOURCE_DATE_EPOCH="1600000000")


def test_two_builds_are_the_same_bytes(built: dict[str, bytes], tmp_path: Path) -> None:
    """Neither the folder, nor the files' times and group rights, nor the order of hashes reach wheel or sdist."""
    again = build(
        tmp_path / "a longer" / "name",
        mode=0o664,
        time=1_700_000_000,
        SOURCE_DATE_EPOCH="1600000000",
        PYTHONHASHSEED="7",
    )
    assert len(built) == 2
    assert again == built


def test_the_time_of_the_build_is_the_one_that_is_asked_for(built: dict[str, bytes], tmp_path: Path) -> None:
    """SOURCE_DATE_EPOCH is obeyed: another time makes other bytes of the same files."""
    other = build(tmp_path / "b", mode=0o644, time=1_500_000_000, SOURCE_DATE_EPOCH="1500000000")
    assert other.keys() == built.keys()
    assert all(other[name] != built[name] for name in built)


def unpack(built: dict[str, bytes], folder: Path) -> zipfile.ZipFile:
    (name,) = (name for name in built if name.endswith(".whl"))
    (folder / name).write_bytes(built[name])
    return zipfile.ZipFile(folder / name)


def test_the_wheel_audits_itself(built: dict[str, bytes], tmp_path: Path) -> None:
    """Our own wheel is clean, notes included."""
    with unpack(built, tmp_path) as archive:
        report = wheelarch.audit(str(archive.filename), second_opinion="off")
    assert (report.wheels[0].status, report.findings) == ("clean", ())


def test_the_bill_of_materials(built: dict[str, bytes], tmp_path: Path) -> None:
    """The wheel says what is in it and what it needs, by CycloneDX's words, and RECORD knows the file."""
    with unpack(built, tmp_path) as archive:
        info = f"wheelarch-{wheelarch.__version__}.dist-info"
        path = f"{info}/sboms/wheelarch.cdx.json"
        bill = json.loads(archive.read(path))
        metadata = archive.read(f"{info}/METADATA").decode()
        assert path in archive.read(f"{info}/RECORD").decode()
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    own = bill["metadata"]["component"]
    assert (own["name"], own["version"]) == ("wheelarch", wheelarch.__version__)

    refs = [own["bom-ref"], *(one["bom-ref"] for one in bill["components"])]
    assert len(set(refs)) == len(refs)
    (dependencies,) = bill["dependencies"]
    assert dependencies["ref"] == own["bom-ref"]
    assert set(dependencies["dependsOn"]) < set(refs)

    needed = set(re.findall(r"^Requires-Dist: ([\w.-]+)", metadata, re.MULTILINE))
    assert {one["name"] for one in bill["components"] if one["type"] == "library"} == needed
    tables = {one["name"]: one["version"] for one in bill["components"] if one["type"] == "data"}
    platforms = ROOT / "src/wheelarch/platforms"
    assert f'ABI3INFO = "{tables.pop("abi3info")}"' in (platforms / "stable_abi/table.py").read_text()
    assert f'AUDITWHEEL = "{tables.pop("auditwheel")}"' in (platforms / "manylinux_table.py").read_text()
    assert tables == {}


def pins(text: str) -> dict[str, str]:
    """Versions by normalized name."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def test_the_locks_agree() -> None:
    """Both lists of development tools name the same versions; in one of them each file has a SHA-256."""
    plain = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    hashed = (ROOT / "requirements-dev-hashes.txt").read_text(encoding="utf-8")
    assert pins(plain) == pins(hashed)
    assert len(pins(plain)) > 40
    requirements = re.split(r"\n(?=\w)", re.sub(r"^#.*\n", "", hashed, flags=re.MULTILINE).strip())
    assert len(requirements) == len(pins(plain))
    for requirement in requirements:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", requirement), requirement
    assert "://" not in hashed


def test_the_locks_have_what_tests_are_skipped_without() -> None:
    """The tests that run these tools are skipped where they are missing, which they are not in CI."""
    plain = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    assert {"wheel", "abi3audit", "maturin", "setuptools-rust"} <= pins(plain).keys()
