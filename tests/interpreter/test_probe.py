"""The probe runs in real interpreters of many kinds, and refuses programs that answer anything else."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from support import interpreters
from support.interpreters import wrapper
from support.waiting import happens
from wheelarch.errors import UsageError
from wheelarch.interpreter.probe import clean_environment, find, probe, read_answer
from wheelarch.interpreter.probe_script import MARKER
from wheelarch.interpreter.target import judge

posix = pytest.mark.skipif(os.name != "posix", reason="the fake interpreters are shell scripts")
ANSWER: dict[str, Any] = interpreters.document("cpython312-linux-x86_64")["answer"]


def test_this_interpreter() -> None:
    """The interpreter that runs the tests answers correctly."""
    found = probe(sys.executable)
    assert found.version == sys.version_info[:3]
    assert found.implementation == sys.implementation.name
    assert found.pointer_bits == (64 if sys.maxsize > 1 << 32 else 32)
    assert found.images
    assert Path(found.binary).is_file()
    assert judge(found, {}).platform_tags


@pytest.mark.parametrize("name", interpreters.at_hand() or ["none"])
def test_at_hand(name: str) -> None:
    """Every interpreter on this machine that works answers, whatever its age."""
    if name == "none":
        pytest.skip("no Python but this one is on PATH")
    path = interpreters.at_hand()[name]
    try:
        asked = subprocess.run([path, "-c", "import sys, sysconfig; print(sys.version_info[:2] >= (3, 6))"],
            capture_output=True, text=True, check=False, timeout=60)  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"{path} does not run: {error}")
    if asked.returncode or asked.stdout.strip() != "True":
        pytest.skip(f"{path} is not a working Python 3.6 or later")
    answer = judge(probe(path), {})
    assert answer.interpreter.version >= (3, 6)
    assert answer.platform_tags
    if answer.findings:
        pytest.skip(f"{path} contradicts itself: {', '.join(one.code for one in answer.findings)}")


@posix
@pytest.mark.parametrize("machine", ["i686", "aarch64", "armv7l", "armel", "s390x", "ppc64le", "mips64el"])
def test_other_machines(machine: str, tmp_path: Path) -> None:
    """An interpreter for another machine answers under emulation as recorded, and leads to its triple."""
    if machine not in interpreters.emulated():
        pytest.skip(f"no emulated {machine} interpreter: tests/interpreter/interpreters/fetch.sh unpacks one")
    command, triple = interpreters.emulated()[machine]
    found = probe(wrapper(tmp_path, "python", command))
    answer = judge(found, {})
    assert answer.triple == triple
    assert not answer.findings
    recorded = interpreters.interpreter(f"cpython311-linux-{machine}")
    same = (
        "get_platform",
        "machine",
        "pointer_bits",
        "byteorder",
        "ext_suffix",
        "soabi",
        "multiarch",
        "suffixes",
    )
    assert [getattr(found, field) for field in same] == [getattr(recorded, field) for field in same]
    assert [image.arch for image in found.images] == [image.arch for image in recorded.images]


@posix
def test_i686_on_an_x86_64_kernel(tmp_path: Path) -> None:
    """A 32-bit interpreter on a 64-bit kernel is recognized, although its platform string names the kernel."""
    command = interpreters.i686_on_this_kernel()
    if command is None:
        pytest.skip("no i686 interpreter: tests/interpreter/interpreters/fetch.sh unpacks one")
    found = probe(wrapper(tmp_path, "python", command))
    assert found.get_platform == "linux-x86_64"
    answer = judge(found, {})
    assert answer.triple == "i686-unknown-linux-gnu"
    assert [finding.code for finding in answer.findings] == ["WT05", "WT06"]


@posix
def test_pypy(tmp_path: Path) -> None:
    """PyPy answers, and accepts its own tags."""
    command = interpreters.emulated_pypy()
    if command is None:
        pytest.skip("no PyPy: tests/interpreter/interpreters/fetch.sh unpacks one")
    found = probe(wrapper(tmp_path, "python", command))
    assert found.implementation == "pypy"
    assert judge(found, {}).wanted.pythons[0] == "pp39-pypy39_pp73"


# -- which interpreter


def test_a_virtual_environment_is_resolved(tmp_path: Path) -> None:
    """A folder means the interpreter in it, and links and launchers are resolved to the binary."""
    import venv

    venv.create(tmp_path / "env", with_pip=False)
    found = probe(tmp_path / "env")
    assert Path(found.binary) == Path(os.path.realpath(sys._base_executable))  # type: ignore[attr-defined]  # CPython's
    assert Path(found.prefix) == tmp_path / "env"
    assert all(str(tmp_path) in folder for folder in found.libraries[:1])


@posix
def test_a_shim_is_resolved(tmp_path: Path) -> None:
    """If a shell script starts Python, the answer names the real file."""
    found = probe(wrapper(tmp_path, "python3", sys.executable))
    assert found.images
    assert Path(found.binary) == Path(os.path.realpath(sys._base_executable))  # type: ignore[attr-defined]  # CPython's


def test_the_active_environment_comes_first(tmp_path: Path) -> None:
    """Without a name, VIRTUAL_ENV is used, then CONDA_PREFIX, then the Python that runs this test."""
    for folder in ("venv", "conda"):
        (tmp_path / folder / "bin").mkdir(parents=True)
        (tmp_path / folder / "bin" / "python").write_text("")
    environ = {"VIRTUAL_ENV": str(tmp_path / "venv"), "CONDA_PREFIX": str(tmp_path / "conda")}
    assert find(None, environ) == str(tmp_path / "venv" / "bin" / "python")
    del environ["VIRTUAL_ENV"]
    assert find(None, environ) == str(tmp_path / "conda" / "bin" / "python")
    assert find(None, {}) == sys.executable


def test_nothing_there(tmp_path: Path) -> None:
    """A name without an interpreter is an error that repeats the name."""
    for name in ("no-such-python-at-all", str(tmp_path), str(tmp_path / "python")):
        with pytest.raises(UsageError, match=name.rpartition(os.sep)[2]):
            probe(name)


# -- the environment


def test_the_environment_is_cleaned() -> None:
    """Variables that change the answers of an interpreter are removed; the others stay."""
    dirty = {
        "_PYTHON_HOST_PLATFORM": "x", "_PYTHON_SYSCONFIGDATA_NAME": "x", "ARCHFLAGS": "x", "PYTHONPATH": "x",
        "PYTHONHOME": "x", "MACOSX_DEPLOYMENT_TARGET": "x", "__PYVENV_LAUNCHER__": "x", "PythonStartup": "x",
        "PATH": "kept", "PYENV_VERSION": "kept", "HOME": "kept",
    }  # fmt: skip
    cleaned = clean_environment(dirty)
    assert cleaned.pop("SYSTEM_VERSION_COMPAT") == "0"
    assert set(cleaned.values()) == {"kept"}
    assert len(cleaned) == 3


def test_a_misleading_environment_does_not_mislead() -> None:
    """The answer does not depend on the variables that build tools set."""
    lies = {
        "_PYTHON_HOST_PLATFORM": "linux-nonsense",
        "ARCHFLAGS": "-arch nonsense",
        "PYTHONHOME": "/nonsense",
    }
    assert probe(sys.executable, {**os.environ, **lies}) == probe(sys.executable)


# -- programs that are not Python


@posix
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exit 3", "not Python 3.6 or later"),
        ("echo Python 2.7.18; exit 1", "Python 2.7.18"),
        ("echo 'wheelarch-interpreter-1 {'", "not a valid answer"),
        ("echo 'wheelarch-interpreter-1 []'", "not a valid answer"),
        ("yes", "printed more than"),
        ("kill -SEGV $$", "not Python 3.6 or later"),
    ],
)
def test_no_interpreter(script: str, message: str, tmp_path: Path) -> None:
    """A program that is not Python is refused, with its name and the last line of its output."""
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    with pytest.raises(UsageError, match=message) as raised:
        probe(path)
    assert str(path) in str(raised.value)


@posix
def test_no_interpreter_takes_for_ever(tmp_path: Path) -> None:
    """After the timeout, the program and its children have ended."""
    path = tmp_path / "python"
    number = _own("947.9")
    path.write_text(f"#!/bin/sh\n(sleep {number}; sleep {number}) &\nsleep {number}\n")
    path.chmod(0o755)
    with pytest.raises(UsageError, match=r"0\.5 seconds"):
        probe(path, timeout=0.5)
    assert _none_sleeps(number)


def _own(number: str) -> str:
    """Return a number of seconds that no other run of the tests uses."""
    return f"{number}{os.getpid()}"


def _none_sleeps(number: str) -> bool:
    """Whether soon no process sleeps for this number of seconds, which is longer than a test waits."""

    def is_gone() -> bool:
        run = subprocess.run(["ps", "-A", "-o", "args="], capture_output=True, text=True, check=True)
        return f"sleep {number}" not in run.stdout.splitlines()

    return happens(is_gone)


def _probed(path: Path) -> tuple[int, ...]:
    """Return the version of an interpreter that is asked with a timeout of an hour; fail if it takes a minute."""
    pool = ThreadPoolExecutor(1)
    asked = pool.submit(probe, path, timeout=3600)
    pool.shutdown(wait=False)
    return asked.result(60).version


@posix
@pytest.mark.parametrize(
    ("script", "number", "message"),
    [
        ("sleep {} &\nexit 3", "947.1", "no answer within 1 second"),
        ("sleep {} &\necho Python 2.7.18", "947.2", "no answer within 1 second"),
        ("trap '' TERM HUP\nsleep {} &\nsleep {}", "947.3", "no answer within 1 second"),
        ("sleep {} > /dev/null 2>&1 &\nexit 3", "947.4", "not Python 3.6 or later"),
        ("sleep {} &\nyes", "947.5", "printed more than"),
    ],
)
def test_a_child_that_holds_the_pipe(script: str, number: str, message: str, tmp_path: Path) -> None:
    """A background process of a wrapper neither extends the timeout nor outlives the probe."""
    path, number = tmp_path / "python", _own(number)
    path.write_text(f"#!/bin/sh\n{script.format(number, number)}\n")
    path.chmod(0o755)
    with pytest.raises(UsageError, match=message):
        probe(path, timeout=1)
    assert _none_sleeps(number)


@posix
@pytest.mark.parametrize(
    ("before", "after", "number"),
    [("sleep {} &", "", "947.6"), ("sleep {} &", "wait", "947.7"), ("", "sleep {}", "947.8")],
)
def test_an_answer_counts_though_the_pipe_stays_open(
    before: str, after: str, number: str, tmp_path: Path
) -> None:
    """A good answer is used at once, even if the wrapper or its children still run, and these are killed."""
    path, number = tmp_path / "python", _own(number)
    lines = ("#!/bin/sh", before.format(number), f'"{sys.executable}" "$@"', after.format(number), "")
    path.write_text("\n".join(lines))
    path.chmod(0o755)
    assert _probed(path) == sys.version_info[:3]
    assert _none_sleeps(number)


@posix
def test_a_child_in_a_session_of_its_own(tmp_path: Path) -> None:
    """A child that left the group, and so cannot be killed, does not delay the answer."""
    path = tmp_path / "python"
    script = (
        f"import os, time; os.setsid(); open('{tmp_path}/pid', 'w').write(str(os.getpid())); time.sleep(600)"
    )
    leave = f'"{sys.executable}" -c "{script}" < /dev/null &'
    path.write_text(
        f'#!/bin/sh\n{leave}\nuntil [ -s {tmp_path}/pid ]; do sleep 0.05; done\n"{sys.executable}" "$@"\n'
    )
    path.chmod(0o755)
    try:
        assert _probed(path) == sys.version_info[:3]
    finally:
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


@posix
def test_noise_around_the_answer(tmp_path: Path) -> None:
    """Other output before and after the answer is ignored."""
    path = tmp_path / "python"
    path.write_text(f'#!/bin/sh\necho noise\necho warning >&2\n"{sys.executable}" "$@"\necho bye\n')
    path.chmod(0o755)
    assert probe(path).version == sys.version_info[:3]


@posix
def test_a_file_that_can_not_be_run(tmp_path: Path) -> None:
    """A file of another format is an error with the message of the system."""
    path = tmp_path / "python"
    path.write_bytes(b"\x7fELF garbage")
    path.chmod(0o755)
    with pytest.raises(UsageError, match="cannot be run"):
        probe(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pointer_bits", 48), ("pointer_bits", "64"), ("pointer_bits", -1), ("version", [3, 12]), ("version", "3.12"),
        ("version", [3, 12, 10**12]), ("get_platform", 7), ("get_platform", "x" * 5000), ("executable", "a\0b"),
        ("suffixes", ["x"] * 1000), ("suffixes", [1]), ("wow64", ["a", "b"]), ("site_packages", {"a": 1}),
        ("android_api", 1.5),
    ],
)  # fmt: skip
def test_a_false_answer(field: str, value: object) -> None:
    """A field of the wrong type is an error, never a crash."""
    with pytest.raises(UsageError, match="not a valid answer"):
        read_answer(MARKER + json.dumps({**ANSWER, field: value}), "it")


@pytest.mark.parametrize("field", sorted(ANSWER))
def test_a_missing_field(field: str) -> None:
    """An answer without a field is an error, unless nothing reads the field."""
    answer = {key: value for key, value in ANSWER.items() if key != field}
    if field == "version_text":
        read_answer(MARKER + json.dumps(answer), "it")
        return
    with pytest.raises(UsageError, match="not a valid answer"):
        read_answer(MARKER + json.dumps(answer), "it")


@pytest.mark.parametrize("field", sorted(ANSWER))
def test_an_unanswered_question(field: str) -> None:
    """A question that an interpreter cannot answer does not spoil the others, except for required fields."""
    line = MARKER + json.dumps({**ANSWER, field: None})
    if field in ("pointer_bits", "version"):
        with pytest.raises(UsageError, match="not a valid answer"):
            read_answer(line, "it")
    else:
        read_answer(line, "it")
