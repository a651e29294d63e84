"""Real wheels whose truth is known, downloaded once by pip and checked by SHA-256: three manifests name them.

In tests/corpus.jsonl, a row names a wheel (`filename`, `sha256`, `project`, `version`) and the truth about it:
`verdict` is `wrong` or `correct-but-tricky`; `severity` says how bad the worst fault is; `must_flag` has the members
that must get a finding (`WHEEL` is the metadata file), `must_not_flag` those that must get no error (`*` is all);
`members` has the native members and the machines that lief reads in each, sorted; none if it does not say. llvm or
file(1) agree with it.

In tests/verdicts.jsonl and tests/real_wheels.jsonl, a row is one wheel or a set that is judged together: `wheels` (each
with `filename` and `sha256`), `project`, `version`. `findings` is everything above a note that is right to say: the
`severity`, the `members` that it may be about (patterns of fnmatch; `*` also fits a finding without a member), the
`words` that it must say, and the `proof`: what another tool or a real import says. `reason` says why the loader takes
the wheel, or does not. `code`, `honest_tags` (the tags to suggest) and `missed` are optional: `missed` says why
wheelarch does not find it, and the test fails if it does.
"""

import hashlib
import itertools
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from support.cache import cache_folder

Row = dict[str, Any]
_MOST_FAILURES = 2
"""After so many failures no further wheel is tried: each costs some seconds without a network."""
_FAILED: dict[str, str] = {}


def rows(manifest: str = "corpus") -> list[Row]:
    """Return the rows of a manifest, in its order."""
    text = (Path(__file__).parents[1] / f"{manifest}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def wheels(row: Row, folder: str) -> list[Path]:
    """Return the paths of a row's wheels in a folder of the cache, downloaded as `wheel` does it."""
    return [wheel({**row, **one}, folder) for one in row["wheels"]]


def wheel(row: Row, folder: str = "corpus") -> Path:
    """Return the path of a wheel in the cache. Download it if it is not there; skip the test if that fails."""
    path = cache_folder(folder) / row["filename"]
    if not (path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]):
        if len(_FAILED) < _MOST_FAILURES:
            trouble = _download(path, row["project"], row["version"], row["sha256"])
            _FAILED.update({row["filename"]: trouble} if trouble else {})
        else:
            trouble = f"nor {', '.join(_FAILED)}"
        if trouble:
            pytest.skip(f"{row['filename']} is not cached, and pip cannot download it: {trouble}")
    return path


def fetch(wanted: Sequence[Row], name: str) -> str:
    """Download wheels into a folder of the cache, many by one call of pip; return pip's last words if it cannot.

    Args:
        wanted: Rows with `filename`, `sha256`, `project` and `version`.
        name: The folder's name.
    """
    folder = cache_folder(name)
    calls: dict[tuple[str, int], list[Row]] = {}
    for row in wanted:
        path = folder / row["filename"]
        if not (path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]):
            # pip takes one version of a project per call.
            for number in itertools.count():
                call = calls.setdefault((_python_of(row["filename"]), number), [])
                if all(one["project"] != row["project"] for one in call):
                    call.append(row)
                    break
    for (python, _), call in calls.items():
        if trouble := _download_all(call, python, folder):
            return trouble
    return ""


def _python_of(filename: str) -> str:
    """Return the version of a Python that takes a wheel: 3.11 if it does, for any system."""
    python, abi = filename.removesuffix(".whl").split("-")[-3:-1]
    version = re.fullmatch(r"cp(\d)(\d+)", python.split(".")[-1])
    if version is None or ("abi3" in abi.split(".") and int(version[2]) <= 11):
        return "3.11"
    return f"{version[1]}.{version[2]}"


def _download_all(call: Sequence[Row], python: str, folder: Path) -> str:
    """Let pip download wheels for one Python, each chosen by its hash."""
    options: dict[str, None] = {}
    for row in call:
        words = _platform(row["filename"])
        for pair in zip(words[::2], words[1::2], strict=True):
            if pair[0] in {"--abi", "--platform"}:
                options[" ".join(pair)] = None
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        wanted = Path(scratch, "wanted.txt")
        lines = [f"{row['project']}=={row['version']} --hash=sha256:{row['sha256']}" for row in call]
        wanted.write_text("\n".join(lines), encoding="utf-8")
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--retries=1",
        ]
        pip += [
            "--require-hashes",
            "--requirement",
            str(wanted),
            "--dest",
            scratch,
            "--python-version",
            python,
        ]
        pip += ["--implementation", "cp", *(word for pair in options for word in pair.split())]
        try:
            done = subprocess.run(
                pip, capture_output=True, text=True, errors="replace", check=False, timeout=600
            )
        except subprocess.TimeoutExpired:
            return "no answer within 10 minutes"
        for row in call:
            downloaded = Path(scratch, row["filename"])
            if downloaded.exists():
                downloaded.replace(folder / row["filename"])
        missing = [row["filename"] for row in call if not (folder / row["filename"]).exists()]
    if missing:
        return (done.stderr.strip() or f"it chose another file than {missing[0]}").splitlines()[-1]
    return ""


def _download(path: Path, project: str, version: str, sha256: str) -> str:
    """Let pip download a wheel from the index that it is set up for; return its last words if it cannot."""
    filename, cache = path.name, path.parent
    build = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--retries=1",
    ]
    # Several processes may want the same wheel: each has a folder of its own, and the last one wins.
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(f"{project}=={version} --hash=sha256:{sha256}\n", encoding="utf-8")
        pip = [
            *build,
            *_platform(filename),
            "--require-hashes",
            "--requirement",
            str(wanted),
            "--dest",
            folder,
        ]
        try:
            done = subprocess.run(
                pip, capture_output=True, text=True, errors="replace", check=False, timeout=600
            )
        except subprocess.TimeoutExpired:
            return "no answer within 10 minutes"
        downloaded = Path(folder, filename)
        if done.returncode == 0 and downloaded.exists():
            downloaded.replace(cache / filename)
            return ""
    return (done.stderr.strip() or "it chose another file").splitlines()[-1]


def _platform(filename: str) -> list[str]:
    """Return the options by which pip takes this wheel, whatever machine it runs on."""
    python, abi, platform = (part.split(".") for part in filename.removesuffix(".whl").split("-")[-3:])
    implementation = python[-1].rstrip("0123456789")
    version = python[-1].removeprefix(implementation)
    options = ["--python-version", f"{version[0]}.{version[1:] or '12'}"]
    if implementation != "py":
        options += ["--implementation", implementation]
    for option, values in (("--abi", abi), ("--platform", platform)):
        options += [word for value in values for word in (option, value)]
    return options
