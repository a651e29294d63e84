"""Peak memory of auditing a 200 MB wheel: `memory.py [MEBIBYTES]`.

Makes a wheel around random (so incompressible) bytes in a temporary folder: one extension module and one library
with real headers from testdata, padded behind their last section, plus a compressible one of twice the size. The
audit runs in a child process; the number is the child's peak resident set, next to that of a child that only imports
the package, so the difference is what the audit costs. Nothing is mapped: file pages do not count.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MIB = 1 << 20


def make(path: Path, mebibytes: int) -> None:
    image = (HERE.parent / "testdata" / "images" / "win_amd64-python3.pyd").read_bytes()
    with zipfile.ZipFile(path, "w") as wheel:

        def add(name: str, *parts: bytes) -> None:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            with wheel.open(info, "w") as out:
                for part in parts:
                    out.write(part)

        noise = [os.urandom(MIB) for _ in range(8)]
        half = mebibytes // 2
        add("pkg/ext.pyd", image, *(noise[i % 8] for i in range(half)))
        add("pkg/big.dll", image, *(noise[(i * 3) % 8] for i in range(mebibytes - half)))
        add("pkg/zeros.dll", image, *(bytes(MIB) for _ in range(2 * mebibytes)))
        add("pkg-1.0.dist-info/METADATA", b"Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n")
        add(
            "pkg-1.0.dist-info/WHEEL",
            b"Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: false\nTag: cp311-abi3-win_amd64\n",
        )
        add("pkg-1.0.dist-info/RECORD", b"")


def peak(code: str) -> float:
    """Peak resident MiB of a Python child that runs the code."""
    script = f"import resource\n{code}\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return int(run.stdout.split()[-1]) / 1024


def main() -> None:
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
        return
    mebibytes = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pkg-1.0-cp311-abi3-win_amd64.whl"
        # In a separate child, because a child inherits its parent's peak on Linux.
        subprocess.run([sys.executable, __file__, "--make", str(path), str(mebibytes)], check=True)
        size = path.stat().st_size / MIB
        base = peak("import wheelarch")
        audit = peak(f"import wheelarch; r = wheelarch.audit({str(path)!r}); assert r.wheels[0].members")
        print(f"wheel: {size:.0f} MiB; import alone: {base:.0f} MiB; audit: {audit:.0f} MiB peak resident")
        print("goal: audit below 100 MiB:", "met" if audit < 100 else "MISSED")


if __name__ == "__main__":
    main()
