"""Look after the real loaders.

python -m tests.loaders            name those that this machine lacks, in one line
python -m tests.loaders install    install them with apt-get, as root on Debian or Ubuntu
python -m tests.loaders write [TARGET...]   ask them, renew wheels.jsonl and the tables of docs/loaders.md
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from loaders import outcomes, page
from loaders.judges import JUDGES, Judge
from support.corpus import fetch


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says."""
    if arguments[:1] == ["install"]:
        return install()
    if arguments[:1] == ["write"]:
        return write([judge for judge in JUDGES if judge.target in arguments[1:] or not arguments[1:]])
    print(absent())
    return 0


def absent() -> str:
    """Return one line about the loaders that are not on this machine."""
    missing = [f"{judge.target} ({reason})" for judge in JUDGES if (reason := judge.lacks())]
    return f"loaders that are not on this machine: {', '.join(missing) or 'none'}"


def install() -> int:
    """Install the packages of the loaders that are missing."""
    wanted = sorted({package for judge in JUDGES if judge.lacks() for package in judge.packages})
    if not wanted:
        return 0
    print("apt-get install", *wanted)
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    quiet = ["-qq", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # One package that cannot be had must not keep back the others.
    done = [
        subprocess.run(
            ["apt-get", "install", "--yes", *quiet, *some],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
            check=False,
        )
        for some in _by_judge(wanted)
    ]
    return max(one.returncode for one in done)


def _by_judge(wanted: Sequence[str]) -> list[list[str]]:
    groups = [[one for one in judge.packages if one in wanted] for judge in JUDGES if judge.lacks()]
    return [group for group in groups if group]


def write(judges: Sequence[Judge]) -> int:
    """Renew the manifest's rows of some loaders, and the page."""
    rows = outcomes.rows()
    for judge in judges:
        mine = [row for row in rows if row["target"] == judge.target]
        trouble = judge.lacks() or fetch([row for row in mine if "project" in row], "loaders")
        if trouble:
            print(f"{judge.target} is left as it is: {trouble}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = outcomes.outcomes(judge, mine, Path(folder))
        for row, outcome in zip(mine, found, strict=True):
            rows[rows.index(row)] = outcomes.renewed(row, outcome)
    outcomes.write(rows)
    open_ones = [
        f"{row['target']} {row['filename']}: {group}"
        for row in rows
        for group in row.get("differs", [])
        if group["why"] == outcomes.UNEXPLAINED
    ]
    if open_ones:
        print("give each of these a reason in wheels.jsonl, then write again:", *open_ones, sep="\n")
        return 1
    page.write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
