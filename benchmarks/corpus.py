"""The measured wheels: listed in corpus.json, downloaded once by pip into a cache folder, checked by SHA-256."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wheelarch" / "bench"


class Wheel(NamedTuple):
    """A line of corpus.json."""

    name: str
    version: str
    file: str
    size: int
    """Bytes."""
    sha256: str

    @property
    def path(self) -> Path:
        return CACHE / "wheels" / self.file

    @property
    def tag(self) -> tuple[str, str, str]:
        python, abi, platform = self.file.removesuffix(".whl").split("-")[-3:]
        return python, abi, platform


def corpus(quick: bool = False) -> list[Wheel]:
    """Return the wheels by size; `quick` leaves out those above 10 MB."""
    rows = json.loads((Path(__file__).parent / "corpus.json").read_text())
    return [wheel for wheel in (Wheel(**row) for row in rows) if not quick or wheel.size < 10_000_000]


def fetch(wheel: Wheel) -> None:
    """Let pip download a wheel from its configured index, whatever machine this is."""
    if wheel.path.exists() and wheel.path.stat().st_size == wheel.size:
        return
    python, abi, platform = (part.split(".")[-1] for part in wheel.tag)
    implementation, version = python[:2], python[2:]
    wheel.path.parent.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    pip += ["--python-version", f"{version[0]}.{version[1:] or 11}.99", "--platform", platform]
    pip += ["--implementation", implementation, "--abi", abi, "--dest", str(wheel.path.parent)]
    listed = wheel.path.with_suffix(".txt")
    listed.write_text(f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
    try:
        subprocess.run([*pip, "--require-hashes", "--requirement", str(listed)], check=True)
    finally:
        listed.unlink()
    with wheel.path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != wheel.sha256:
            raise ValueError(f"{wheel.file}: not the file that corpus.json names")
