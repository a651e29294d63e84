"""Find slowdowns: `guard.py [--write]`, run as `nox -s bench -- --quick`.

Measures audits in process, as ratios to a loop that does what Python does in an audit (calls, tuples, slices, struct,
zlib), so a slower machine slows down both. Compares with base.json, which has a base per minor version of Python, and
fails if something takes more than 15 % longer. `--write` saves the measurements as the new base.
"""

import io
import json
import statistics
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import wheelarch
from wheelarch.metadata.promise import read_promise

HERE = Path(__file__).resolve().parent
TESTDATA = HERE.parent / "testdata"
BASE = HERE / "base.json"
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
ALLOWED = 1.15
ROUNDS = 25
SECONDS = 0.01
"""The least CPU time of one sample. Shorter samples are too imprecise."""

WHEELS = (
    "good-1.0-cp311-abi3-win_amd64.whl",
    "good-1.0-cp312-cp312-macosx_10_9_universal2.whl",
    "good-1.0-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    "good-1.0-cp312-cp312-musllinux_1_2_aarch64.whl",
    "good-1.0-cp313-cp313t-win_arm64.whl",
)
"""By name, as are the images: a new fixture must not look like a slower audit."""
IMAGES = (
    "macos-universal2.so",
    "macos-arm64-rpath.so",
    "linux-x86_64-glibc.so",
    "linux-s390x-glibc.so",
    "win_amd64-python3.pyd",
    "win_arm64ec-python3.pyd",
)
WHEEL = "Wheel-Version: 1.0\nGenerator: guard\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def many_files(count: int) -> bytes:
    """Return a pure wheel of `count` small files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as wheel:
        names = [f"pkg/module_{number}.py" for number in range(count)]
        for name in names:
            wheel.writestr(zipfile.ZipInfo(name), f"'''{name}'''\n" * 8)
        wheel.writestr(
            zipfile.ZipInfo("pkg-1.0.dist-info/METADATA"), "Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n"
        )
        wheel.writestr(zipfile.ZipInfo("pkg-1.0.dist-info/WHEEL"), WHEEL)
        record = "".join(f"{name},sha256=x,1\n" for name in names)
        wheel.writestr(zipfile.ZipInfo("pkg-1.0.dist-info/RECORD"), record)
    return out.getvalue()


def cases() -> dict[str, Callable[[], object]]:
    """Return what is measured, by name."""
    pure = many_files(1000)
    wheels = [str(TESTDATA / "wheels" / name) for name in WHEELS]
    images = [(TESTDATA / "images" / name).read_bytes() for name in IMAGES]

    return {
        "1,000 text files": lambda: wheelarch.audit(
            pure, name="pkg-1.0-py3-none-any.whl", second_opinion="off"
        ),
        "small wheels, header depth": lambda: [
            wheelarch.audit(path, select=["WA201"], second_opinion="off") for path in wheels
        ],
        "small wheels, default": lambda: [wheelarch.audit(path, second_opinion="off") for path in wheels],
        "binaries, full depth": lambda: [wheelarch.inspect(image) for image in images],
        "file names": lambda: [read_promise(name) for name in WHEELS],
    }


def calibrate() -> None:
    """Do a fixed amount of work like that of an audit."""
    record = struct.Struct("<4sHHIIQ")
    data = record.pack(b"abcd", 1, 2, 3, 4, 5) * 200
    packed = zlib.compress(data * 20)
    for _ in range(4):
        found = {}
        for fields in record.iter_unpack(data):
            found[fields[0] + bytes(fields[1:3])] = (*fields, data[3:9].decode("ascii", "replace"))
        for number in range(2000):
            found.get(str(number).encode())
        zlib.decompressobj().decompress(packed, 1 << 16)


def repeats(action: Callable[[], object]) -> int:
    """Return how often an action runs for a sample."""
    action()
    start = time.process_time()
    action()
    return max(1, round(SECONDS / max(time.process_time() - start, 1e-6)))


def timed(action: Callable[[], object], count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        action()
    return (time.process_time() - start) / count


def measure() -> dict[str, float]:
    """Return the time of each case as a multiple of the calibration loop: the median of alternating samples."""
    actions = cases()
    counts = {name: repeats(action) for name, action in actions.items()}
    own = repeats(calibrate)
    ratios: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(ROUNDS):
        for name, action in actions.items():
            before = timed(calibrate, own)
            seconds = timed(action, counts[name])
            ratios[name].append(2 * seconds / (before + timed(calibrate, own)))
    return {name: round(statistics.median(found), 4) for name, found in ratios.items()}


def main() -> int:
    bases = json.loads(BASE.read_text()) if BASE.exists() else {}
    found = measure()
    if "--write" in sys.argv[1:]:
        BASE.write_text(json.dumps({**bases, VERSION: found}, indent=1, sort_keys=True) + "\n")
        print(f"saved as the base for Python {VERSION}")
        return 0
    base = bases.get(VERSION)
    if base is None:
        print(f"base.json has no base for Python {VERSION}: run guard.py --write on a state that you trust")
        return 0
    slow = 0
    for name, ratio in found.items():
        change = ratio / base[name] if name in base else 1.0
        slow += change > ALLOWED
        print(f"{'SLOW' if change > ALLOWED else 'ok':4}  {change - 1:+7.1%}  {ratio:9.3f} loops  {name}")
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
