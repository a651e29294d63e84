"""With `--jobs`, the report and its order are the same, and no process is left."""

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

import wheelarch
from support.program import run
from support.waiting import happens
from wheelarch.cli import workers
from wheelarch.errors import WheelarchError

GOOD = Path(__file__).parents[2] / "testdata" / "wheels" / "good-1.0-cp311-abi3-win_amd64.whl"
linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


def copies(folder: Path, count: int) -> list[str]:
    """Paths of wheels; every third file is not a wheel."""
    paths = []
    for number in range(count):
        path = folder / f"good-1.{number}-cp311-abi3-win_amd64.whl"
        if number % 3:
            shutil.copy(GOOD, path)
        else:
            path.write_bytes(b"nothing" * number)
        paths.append(str(path))
    return paths


@pytest.mark.parametrize("dist", ["--dist", "--no-dist"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_the_report_is_the_same_from_any_number_of_processes(tmp_path: Path, dist: str, form: str) -> None:
    """Output, messages and exit code do not depend on --jobs."""
    paths = [*copies(tmp_path, 40), str(tmp_path / "gone.whl")]
    alone, shared = (run("audit", dist, "--format", form, "--jobs", jobs, *paths) for jobs in ("1", "3"))
    assert (alone.stdout, alone.stderr, alone.returncode) == (shared.stdout, shared.stderr, shared.returncode)
    assert alone.stdout.count("good-1.") >= 40


def test_results_come_in_the_order_of_the_inputs_and_few_ahead() -> None:
    """Work is handed out as results are taken, and results come in the order of the inputs."""
    inputs = [str(number) for number in range(500)]
    assert list(workers.in_order(str.upper, inputs, 3)) == inputs


def test_an_executor_gives_the_same_as_none(tmp_path: Path) -> None:
    """audit_many yields in input order, with and without other processes."""
    paths = copies(tmp_path, 12)
    with ProcessPoolExecutor(2) as executor:
        shared = list(wheelarch.audit_many(paths, executor=executor, second_opinion="off"))
    assert shared == list(wheelarch.audit_many(paths, second_opinion="off"))


def test_what_the_work_raises_is_raised() -> None:
    """A bug in a process does not leave a silent gap in the report."""
    with pytest.raises(ValueError, match="invalid literal"):
        list(workers.in_order(int, ["1", "2", "x", "4"], 2))


def test_a_killed_process_is_told_in_words() -> None:
    """If the system kills a process, the run ends with a message instead of waiting."""
    with pytest.raises(WheelarchError, match="fewer --jobs"):
        list(workers.in_order(die, ["1", "2", "3", "4"], 2))


def die(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


@pytest.mark.parametrize("wrong", ["0", "-1", "two", "257", "1.5", ""])
def test_a_wrong_number_is_wrong_usage(wrong: str) -> None:
    """--jobs must be a whole number from 1 to 256."""
    done = run("audit", f"--jobs={wrong}", str(GOOD))
    assert done.returncode == 2
    assert done.stderr == f"wheelarch: --jobs: must be between 1 and 256, not {wrong!r}\n"


SLOW = """
import sys, time
from wheelarch.cli import workers

def work(one):
    time.sleep(0.05 if int(one) < 10 else 3600)
    return one

if __name__ == "__main__":
    for one in workers.in_order(work, [str(n) for n in range(2000)], 2):
        print(one, flush=True)
"""


def relatives(group: int) -> list[int]:
    """The processes of a process group that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@linux
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_behind(tmp_path: Path, end: signal.Signals) -> None:
    """Ctrl-C, and any other end of the command, ends its processes long before their work is done."""
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"0\n"
        assert happens(lambda: len(relatives(process.pid)) >= 3)
        process.send_signal(end)
        process.stdout.close()
        assert process.wait(timeout=60) != 0
        assert happens(lambda: not relatives(process.pid))
    finally:
        for one in relatives(process.pid):
            os.kill(one, signal.SIGKILL)


@linux
def test_ctrl_c_in_the_middle_of_an_audit_prints_no_traceback(tmp_path: Path) -> None:
    """In a terminal, Ctrl-C goes to the whole process group. The command prints nothing and exits with 130."""
    paths = copies(tmp_path, 600)
    process = subprocess.Popen(
        [sys.executable, "-m", "wheelarch", "audit", "--no-dist", "--jobs", "2", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write("\n".join(paths).encode())
    process.stdin.close()
    assert b"good-1.0" in process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) in (130, 141)
    process.stderr.close()
    assert happens(lambda: not relatives(process.pid))
