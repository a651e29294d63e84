"""Measure a whole process: CPU time and peak memory, including its children."""

import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import NamedTuple


class Sample(NamedTuple):
    """One run."""

    seconds: float
    """CPU time, user and system."""
    peak: float
    """Largest resident set, MiB, of the process or of one of its children."""
    outcome: str
    """`done`; `failed` if it ended with a traceback or a code above 1; `cut off` if it took too long."""


def run(command: list[str], path: str, most_seconds: int) -> Sample:
    """Run a command and measure it. A process that takes `most_seconds` is stopped.

    Args:
        command: What to run.
        path: PATH of its environment.
        most_seconds: Of CPU time, so that a busy machine does not stop it earlier. After 20 times that many seconds of
            elapsed time, all its processes are stopped.
    """
    environment = {**os.environ, "PATH": path, "NO_COLOR": "1"}
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            ["sh", "-c", f'ulimit -t {most_seconds}; exec "$@"', "sh", *command],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
        cut = threading.Event()

        def stop() -> None:
            cut.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(20 * most_seconds, stop)
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        failed = process.returncode not in (0, 1) or b"Traceback (most recent call last)" in errors.read()
    stopped = cut.is_set() or process.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
    outcome = "cut off" if stopped else "failed" if failed else "done"
    return Sample(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, outcome)


def build_floor(folder: Path) -> Path | None:
    """Compile floor.c with the system compiler and libdeflate; None if either is missing."""
    source, program = Path(__file__).parent / "floor.c", folder / "floor"
    try:
        done = subprocess.run(
            ["cc", "-O2", "-o", program, source, "-ldeflate"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return None
    return program if done.returncode == 0 else None
