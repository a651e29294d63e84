"""Run all benchmarks: `run.py [--quick] [--rounds N] [--own]` writes a table and a plot to benchmarks/results/.

`--quick` leaves out wheels above 10 MB and runs one round. `--own` leaves out the other tools. README.md says what is
compared with what.
"""

import argparse
import base64
import datetime as dt
import hashlib
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from contenders import (
    OWN,
    PEERS,
    SHIMS,
    Contender,
    install_wheelarch,
    prepare,
    python,
    shim_otool,
    version,
)
from corpus import CACHE, Wheel, corpus, fetch
from measure import Sample, build_floor, run
from results import DEPTHS, Results, Timing, render
from svg import plot

HERE = Path(__file__).resolve().parent
MOST_SECONDS = 60
"""CPU seconds after which a process is stopped."""
MOST_REPEATED = 6.0
"""If a tool took this many CPU seconds on a wheel, it is not run on that wheel again."""
SMALL = "markupsafe-3.0.4-cp39-cp39-macosx_11_0_arm64.whl"
"""The wheel for the goal about many small wheels."""
GOOD = HERE.parent / "testdata" / "wheels"
MODULE = GOOD / "good-1.0-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
"""The parts of generated wheels: one extension module and its metadata."""
GROWN: dict[str, tuple[int, Callable[[int], dict[str, int]]]] = {
    "text files": (1000, lambda amount: {"texts": amount}),
    "extension modules": (25, lambda amount: {"modules": amount}),
    "bytes of one extension module": (4 << 20, lambda amount: {"padding": amount}),
}
"""What grows in generated wheels: the smallest amount, and the arguments of `make_wheel` for an amount."""
GROWTH = (1, 2, 4, 8, 16)
COUNT = """
import sys, wheelarch
members = wheelarch.audit(sys.argv[1], second_opinion="off").wheels[0].members
images = [image for member in members for image in member.images]
print(len(images), sum(len(image.imported) for image in images))
"""
"""A program that prints how many images and names of symbols a default audit reads."""


def whole_processes(wheel: Wheel, contenders: list[Contender], rounds: int) -> dict[str, Timing]:
    """Run every tool that applies, one after the other, and again in each round: A B A B."""
    samples: dict[str, list[Sample]] = {}
    path = os.pathsep.join((str(SHIMS), os.environ["PATH"]))
    for _ in range(rounds):
        for one in contenders:
            before = samples.setdefault(one.name, []) if one.applies(wheel) else None
            if before is None or sum(sample.seconds for sample in before) > MOST_REPEATED:
                continue
            folder = python(one.venv).parent
            program = [str(folder / one.command[0]), *one.command[1:], str(wheel.path)]
            before.append(run(program, path, MOST_SECONDS))
    return {name: Timing.of(runs) for name, runs in samples.items()}


def start_up(rounds: int) -> tuple[float, float]:
    """Return the median CPU seconds of `python -c pass`, and of auditing the smallest wheel of testdata."""
    small = GOOD / "good-1.0-cp311-abi3-win_amd64.whl"
    program = str(python("wheelarch-zlib"))
    bare, audit = [], []
    for _ in range(rounds):
        bare.append(run([program, "-c", "pass"], os.environ["PATH"], MOST_SECONDS).seconds)
        command = [str(python("wheelarch-zlib").parent / "wheelarch"), "audit", str(small)]
        audit.append(run(command, os.environ["PATH"], MOST_SECONDS).seconds)
    return statistics.median(bare), statistics.median(audit)


def in_process(wheel: Wheel, depth: str, floor: Path | None) -> tuple[float, float, int]:
    """Return CPU seconds of an audit with isal, of the floor, and how many bytes the floor inflates."""
    program, repeats = str(python("wheelarch-isal")), "5" if wheel.size < 50_000_000 else "3"

    def ours() -> float:
        return float(said([program, str(HERE / "depths.py"), depth, repeats, str(wheel.path)]))

    if floor is None:
        return ours(), 0.0, 0
    wanted = said([program, str(HERE / "prefixes.py"), depth, str(wheel.path)])
    times: list[tuple[float, float]] = []
    inflated = 0
    for _ in range(2):
        seconds, inflated_text = said([str(floor), str(wheel.path), repeats], wanted).split()
        times.append((ours(), float(seconds)))
        inflated = int(inflated_text)
    return min(own for own, _ in times), min(least for _, least in times), inflated


def make_wheel(folder: Path, texts: int = 0, modules: int = 1, padding: int = 0) -> Path:
    """Write a wheel with this many text files and extension modules, each module longer by `padding` bytes."""
    with zipfile.ZipFile(MODULE) as good:
        held = {name: good.read(name) for name in good.namelist()}
    module = next(name for name in held if name.endswith(".so"))
    # Sixteen values: deflate halves them, about as much as code.
    tail = random.Random(0).randbytes(padding).translate(bytes(value & 15 for value in range(256)))
    files = {f"good/sub{number}/{Path(module).name}": held[module] + tail for number in range(modules)}
    files |= {f"good/text{number}.py": f"number = {number}\n".encode() * 40 for number in range(texts)}
    files |= {name: data for name, data in held.items() if name.endswith(("METADATA", "WHEEL"))}
    record = next(name for name in held if name.endswith("RECORD"))
    wheel = folder / MODULE.name
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        rows = [f"{record},,"]
        for name, data in files.items():
            out.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            rows.append(f"{name},sha256={digest},{len(data)}")
        out.writestr(record, "\n".join(rows) + "\n")
    return wheel


def scaling(rounds: int) -> dict[str, list[tuple[int, float]]]:
    """Return the CPU time of a default audit of generated wheels of growing size, in process."""
    program = str(python("wheelarch-isal"))
    found: dict[str, list[tuple[int, float]]] = {}
    for what, (least, arguments) in GROWN.items():
        with tempfile.TemporaryDirectory() as parent:
            wheels = {}
            for factor in GROWTH:
                folder = Path(parent) / str(factor)
                folder.mkdir()
                wheels[least * factor] = make_wheel(folder, **arguments(least * factor))
            times: dict[int, list[float]] = {amount: [] for amount in wheels}
            for _ in range(max(3, rounds)):
                for amount, wheel in wheels.items():
                    command = [program, str(HERE / "depths.py"), "default", "5", str(wheel)]
                    times[amount].append(float(said(command)))
        found[what] = [(amount, min(seconds)) for amount, seconds in times.items()]
    return found


def said(command: list[str], stdin: str = "") -> str:
    return subprocess.run(command, input=stdin, stdout=subprocess.PIPE, text=True, check=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--rounds", type=int)
    args = parser.parse_args()
    rounds = args.rounds or (1 if args.quick else 3)
    contenders = OWN if args.own else [*OWN, *PEERS]
    wheels = corpus(args.quick)
    for wheel in wheels:
        fetch(wheel)
    for one in contenders:
        prepare(one)
    install_wheelarch()
    shim_otool()
    floor = build_floor(CACHE)

    results = Results(
        date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        machine=f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        versions={one.name: version(one) for one in contenders},
        rounds=rounds,
        limit=f"{MOST_SECONDS} s of CPU time",
    )
    results.start_up.extend(start_up(5 * rounds))
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    name = results.date + ("-quick" if args.quick else "")
    command = [str(python("wheelarch-isal")), str(HERE / "depths.py"), "header", "1000"]
    small = next(wheel for wheel in wheels if wheel.file == SMALL)
    results.thousand = 1000 * float(said([*command, str(small.path)]))
    for number, wheel in enumerate(wheels, 1):
        print(f"{number}/{len(wheels)} {wheel.file}", file=sys.stderr, flush=True)
        results.processes[wheel.file] = whole_processes(wheel, contenders, rounds)
        for depth in DEPTHS:
            results.in_process.setdefault(wheel.file, {})[depth] = in_process(wheel, depth, floor)
        images, names = map(int, said([str(python("wheelarch-isal")), "-c", COUNT, str(wheel.path)]).split())
        results.read[wheel.file] = images, names
        (folder / f"{name}.json").write_text(json.dumps(results.as_json(), indent=1) + "\n")
    results.shares = said(
        [str(python("wheelarch-isal")), str(HERE / "shares.py"), *(str(one.path) for one in wheels)]
    )
    # This runs last: generated wheels make this process grow, and on Linux a child's peak starts at its parent's.
    results.scaling = scaling(rounds)
    (folder / f"{name}.json").write_text(json.dumps(results.as_json(), indent=1) + "\n")
    (folder / f"{name}.md").write_text(render(results, wheels, name))
    (folder / f"{name}.svg").write_text(plot(results, wheels))
    print(folder / f"{name}.md")


if __name__ == "__main__":
    main()
