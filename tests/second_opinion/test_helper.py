"""The bounded process: whatever a parser does in it, the audit continues."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

import wheelarch
from support.images import image
from support.waiting import happens
from wheelarch.errors import ArchiveError
from wheelarch.limits import Limits
from wheelarch.model import Format
from wheelarch.second_opinion import helper
from wheelarch.second_opinion.helper import Opinion, ask
from wheelarch.view import BytesView

from .conftest import Plant

PE = image("win_arm64-python3.pyd")
FAT = image("macos-universal2.so")
QUICK = Limits(opinion_seconds=1)
PATIENT = Limits(opinion_seconds=30)
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and processes as POSIX has them")


def ask_all(parsers: dict[str, str], data: bytes = PE, limits: Limits = PATIENT) -> list[Opinion]:
    format_ = Format.PE if data[:2] == b"MZ" else Format.MACHO
    return list(ask(BytesView(data), format_, parsers, (), limits))


MISBEHAVIOUR = {
    "crash": ("crash 9", "crashed"),
    "segfault": ("segfault 9", "crashed"),
    "hang": ("hang 9", "took longer than the limit opinion_seconds=1"),
    "hang-in-c": ("hang-in-c 9", "took longer than the limit opinion_seconds=1"),
    "leak": ("leak 9", "failed (MemoryError)"),
    "raise": ("raise 9", "failed (KeyError)"),
    "nonsense": ("nonsense 9", "answered nonsense"),
    "missing": ("missing", "is not installed"),
}


@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_a_parser_that_misbehaves_is_named_and_the_next_one_is_asked(name: str, plant: Plant) -> None:
    """Each kind of failure is reported as what it is, and the next parsers answer as usual."""
    if name == "leak" and sys.platform != "linux":
        pytest.skip("only Linux keeps to RLIMIT_AS")
    # The memory that a helper may take depends on the largest member.
    limits = QUICK if name.startswith("hang") else PATIENT._replace(opinion_bytes=32 << 20)
    opinions = ask_all(plant(name, "agree"), FAT, limits)
    assert [(one.parser, one.trouble) for one in opinions] == [MISBEHAVIOUR[name], ("agree 9", "")]
    assert opinions[1].rows[0]["machine"] == [0xAA64, 0]


def test_a_parser_that_hangs_costs_its_time_limit(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parent waits for as long as the limit allows, and then ends the helper."""
    waits: list[float] = []
    started: list[subprocess.Popen[bytes]] = []
    start = helper._start

    class Timer(threading.Timer):
        def __init__(self, seconds: float, act: Callable[[], None]) -> None:
            super().__init__(seconds, act)
            waits.append(seconds)

    def remember(limits: Limits) -> subprocess.Popen[bytes] | None:
        process = start(limits)
        assert process is not None
        started.append(process)
        return process

    monkeypatch.setattr(helper, "Timer", Timer)
    monkeypatch.setattr(helper, "_start", remember)
    (opinion,) = ask_all(plant("hang"), limits=QUICK)
    assert opinion.trouble == "took longer than the limit opinion_seconds=1"
    assert set(waits) == {1}
    assert [process.returncode for process in started] != [None]
    assert helper._State.process is None


def test_refusal_and_silence_are_answers() -> None:
    """A parser that rejects a file says so. One that does not read such files says nothing. Neither is a failure."""
    broken = b"MZ" + bytes(62)
    opinions = ask(BytesView(broken), Format.PE, helper.PARSERS[Format.PE], (), PATIENT)
    assert [(one.refused, one.trouble, one.rows) for one in opinions] == [(True, "", ())] * 2
    wide = image("macos-universal2-fat64.so")
    lief, macholib = ask(BytesView(wide), Format.MACHO, helper.PARSERS[Format.MACHO], (), PATIENT)
    assert (lief.refused, lief.trouble, lief.rows) == (False, "", ())
    assert len(macholib.rows) == 2


def test_what_a_parser_prints_is_no_answer(plant: Plant) -> None:
    """Standard output and standard error of the helper are discarded."""
    assert [(one.rows, one.trouble) for one in ask_all(plant("print"))] == [((), "")]


def test_one_process_answers_for_many_members(plant: Plant) -> None:
    """The helper is kept for the next member. After a crash, a new one is started."""
    parsers = plant("agree")
    ask_all(parsers)
    first = helper._State.process
    ask_all(parsers)
    assert helper._State.process is first
    assert first is not None
    first.kill()
    first.wait()
    assert ask_all(parsers)[0].trouble == ""
    assert helper._State.process is not first


def test_a_helper_is_replaced_in_time(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A helper that waited for a long time, or has read many members, is replaced."""
    parsers = plant("agree")
    ask_all(parsers)
    first = helper._State.process
    helper._State.used -= 3600
    ask_all(parsers)
    second = helper._State.process
    monkeypatch.setattr(helper, "_MOST_MEMBERS", 1)
    ask_all(parsers)
    assert len({first, second, helper._State.process}) == 3
    assert first is not None
    assert first.returncode is not None


def test_a_member_that_is_too_large_is_not_sent(plant: Plant) -> None:
    """No byte of a member above the limit is read, and no process is started for it."""
    (opinion,) = ask_all(plant("agree"), limits=Limits(opinion_bytes=len(PE) - 1))
    bound = f"the limit opinion_bytes={len(PE) - 1}"
    assert opinion == Opinion("agree", trouble=f"was not asked: {len(PE)} bytes are more than {bound}")
    assert helper._State.process is None


def test_a_member_that_breaks_off_harms_nobody(plant: Plant) -> None:
    """If the member's data cannot be read to its end, the helper drops it and reads the next one."""
    parsers = plant("agree")

    class Broken(BytesView):
        def read(self, offset: int, size: int) -> bytes:
            if offset:
                raise ArchiveError("corrupt", "cut short")
            return super().read(offset, size)

    ask_all(parsers)
    process = helper._State.process
    (opinion,) = ask(Broken(bytes(3 << 20)), Format.PE, parsers, (), PATIENT)
    assert opinion == Opinion("agree", trouble="was not asked: the member's data is damaged")
    assert ask_all(parsers)[0].trouble == ""
    assert helper._State.process is process


@pytest.mark.parametrize("executable", ["", "/no/such/python"])
def test_no_interpreter_is_no_second_opinion(
    executable: str, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If Python cannot be started again, the opinion says so."""
    monkeypatch.setattr(sys, "executable", executable)
    assert ask_all(plant("agree")) == [Opinion("agree", trouble="could not be started")]


def test_a_frozen_program_does_not_start_itself(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """sys.executable of a frozen program is the program, not Python."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert ask_all(plant("agree"))[0].trouble == "could not be started"


def test_a_helper_that_never_comes_up_blames_no_parser(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends before it has the member does not count as a crash of the first parser."""
    monkeypatch.setattr(helper, "_BOOT", "raise SystemExit")
    (opinion,) = ask(BytesView(bytes(8 << 20)), Format.PE, plant("agree"), (), PATIENT)
    assert opinion.parser == "agree"
    assert opinion.trouble in ("could not be asked", "crashed")


def test_threads_wait_for_each_other(plant: Plant) -> None:
    """Answers to members of several threads do not mix."""
    parsers = plant("agree", "refuse")
    found: list[list[Opinion]] = []
    threads = [threading.Thread(target=lambda: found.append(ask_all(parsers))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [[(one.parser, one.refused) for one in opinions] for opinions in found] == [
        [("agree 9", False), ("refuse 9", True)]
    ] * 8


def _ask_in_child(parsers: dict[str, str]) -> tuple[int, str]:
    inherited = helper._State.process
    (opinion,) = ask_all(parsers)
    assert inherited is None
    assert helper._State.process is not None
    return helper._State.process.pid, opinion.trouble


@POSIX
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_starts_its_own(plant: Plant) -> None:
    """A forked process does not take over the helper or the pipe to it, which would keep it alive."""
    parsers = plant("agree")
    ask_all(parsers)
    first = helper._State.process
    assert first is not None
    with ProcessPoolExecutor(1, get_context("fork")) as pool:
        assert pool.submit(_ask_in_child, parsers).result() != (first.pid, "")
        assert ask_all(parsers)[0].trouble == ""
        assert helper._State.process is first
        helper._stop()
        assert first.returncode is not None


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie that was not waited for yet counts as gone.
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


_SCRIPT = """
import sys
sys.path.insert(0, {fakes!r})
from wheelarch.limits import Limits
from wheelarch.model import Format
from wheelarch.second_opinion import helper
from wheelarch.view import BytesView

start = helper._start

def announce(limits):
    process = start(limits)
    print(process.pid, flush=True)
    return process

helper._start = announce
helper.ask(BytesView(b"MZ" + bytes(64)), Format.PE, {parsers!r}, (), Limits(opinion_seconds={seconds}))
"""


@POSIX
@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("agree", None),
        ("hang", signal.SIGINT),
        ("hang", signal.SIGTERM),
        ("hang", getattr(signal, "SIGKILL", 9)),
    ],
)
def test_no_process_is_left_behind(name: str, number: int | None, plant: Plant, tmp_path: Path) -> None:
    """The helper ends with its parent: at its normal end, at Ctrl-C, when it is asked to stop, when it is killed."""
    # A parent that is killed cannot end the helper, which then ends by itself soon after its time is over.
    seconds = 600 if number in (None, signal.SIGINT) else 3
    script = _SCRIPT.format(fakes=str(tmp_path), parsers=plant(name), seconds=seconds)
    fake, hangs = tmp_path / f"fake_{name}.py", tmp_path / "hangs"
    fake.write_text(
        fake.read_text().replace("    while", f"    open({str(hangs)!r}, 'w').close()\n    while")
    )
    source = str(Path(wheelarch.__file__).parents[1])
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": source},
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        if number is not None:
            assert happens(hangs.exists)
            parent.send_signal(number)
        parent.wait(60)
    assert happens(lambda: not _is_running(pid))
