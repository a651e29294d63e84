"""Find out what an interpreter is: run `probe_script` in it, in a cleaned environment, and read its executable.

The script is passed on standard input. The interpreter answers with one line after a marker; other output is ignored.
The answer is checked field by field, because any program may be called `python`.
"""

from __future__ import annotations

import json
import os
import sys

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..api import inspect
from ..errors import FormatError, SourceError, UsageError
from ..facts.libc import libc_of
from ..model import Depth, Image
from .probe_script import MARKER

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

__all__ = ["TIMEOUT", "Interpreter", "clean_environment", "find", "probe", "read_answer"]

TIMEOUT = 60.0
"""Seconds. An interpreter under an emulator, or a shim that first looks for its version, can be slow."""
_LOADER_TIMEOUT = 10.0
"""Seconds for the dynamic loader, which only prints its version."""
_MOST = 1 << 18
"""The most bytes of output that are read."""
_MOST_TEXT = 4096

_MISLEADING = frozenset(
    {"ARCHFLAGS", "MACOSX_DEPLOYMENT_TARGET", "IPHONEOS_DEPLOYMENT_TARGET", "__PYVENV_LAUNCHER__"}
)
"""Variables that change the answers of an interpreter, besides all that begin with PYTHON and _PYTHON."""


class Interpreter(NamedTuple):
    """What an interpreter says about itself, and the images of its executable. Brackets name the source of a field."""

    given: str
    """The name or path that the caller gave."""
    platform: str
    """[sys.platform]"""
    get_platform: str
    """[sysconfig.get_platform()]"""
    machine: str
    """[platform.machine()] On Windows, the machine of the host."""
    uname_machine: str
    """[os.uname().machine] Empty on Windows. On macOS, that of the running slice; on Linux, that of the kernel."""
    pointer_bits: int
    byteorder: str
    implementation: str
    """[sys.implementation.name]"""
    version: tuple[int, int, int]
    free_threaded: bool
    debug: bool
    ext_suffix: str
    """[sysconfig EXT_SUFFIX]"""
    soabi: str
    """[sysconfig SOABI]"""
    multiarch: str
    """[sysconfig MULTIARCH]"""
    suffixes: tuple[str, ...]
    """[importlib.machinery.EXTENSION_SUFFIXES]"""
    deployment_target: str
    """[sysconfig MACOSX_DEPLOYMENT_TARGET or IPHONEOS_DEPLOYMENT_TARGET] What it was built for."""
    executable: str
    """[sys.executable]"""
    binary: str
    """The file that the process runs, with links and the launchers of virtual environments resolved."""
    prefix: str
    scripts: str
    libraries: tuple[str, ...]
    """[sysconfig purelib and platlib, site.getsitepackages()] Where packages are installed."""
    libc_version: tuple[int, int] | None
    """[CS_GNU_LIBC_VERSION, or the output of musl's dynamic loader] Of the system that it ran on."""
    macos_version: tuple[int, int] | None
    """[platform.mac_ver()] Of the system that it ran on."""
    android_api: int | None
    """[sys.getandroidapilevel()] What it was built for."""
    pyodide: str
    """[sysconfig PYEMSCRIPTEN_PLATFORM_VERSION or PYODIDE_ABI_VERSION] `pyemscripten_2026_0`, `pyodide_2025_0`."""
    translated: bool
    """[sysctl.proc_translated] Rosetta 2 runs the process."""
    apple_silicon: bool
    """[hw.optional.arm64] The host is an arm64 Mac, whatever the process is."""
    wow64: tuple[int, int] | None
    """[IsWow64Process2] The machine of a WOW64 process, else 0, and that of the host."""
    images: tuple[Image, ...] = ()
    """The images of `binary`, read to LINKAGE; none if it cannot be read."""

    @property
    def libc(self) -> str:
        """`glibc` or `musl`, from the executable, or else from the answer; may be empty."""
        read = next((libc for image in self.images if (libc := libc_of(image))), "")
        return read or ("glibc" if self.platform == "linux" and self.libc_version else "")


def find(python: str | os.PathLike[str] | None, environ: Mapping[str, str]) -> str:
    """Return the path of an interpreter.

    Args:
        python: The path of an interpreter, its name on PATH, or the folder of a virtual environment. None means the
            active environment (VIRTUAL_ENV, then CONDA_PREFIX), or else the interpreter that runs this code.
        environ: The environment.

    Raises:
        UsageError: There is no such interpreter.
    """
    import shutil

    if python is None:
        python = environ.get("VIRTUAL_ENV") or environ.get("CONDA_PREFIX") or sys.executable
    given = os.fspath(python)
    if os.path.isdir(given):
        for inside in ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe"):
            path = os.path.join(given, *inside.split("/"))
            if os.path.isfile(path):
                return path
        raise UsageError(f"{given}: no Python interpreter in this folder")
    found = shutil.which(given, path=environ.get("PATH"))
    if found is None:
        raise UsageError(f"{given}: no such interpreter")
    return found


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the variables that change what an interpreter says about itself."""
    kept = {
        name: value
        for name, value in environ.items()
        if name.upper() not in _MISLEADING and not name.upper().startswith(("PYTHON", "_PYTHON"))
    }
    # Otherwise a Python that was built on macOS 10.15 or older calls every later system 10.16.
    kept["SYSTEM_VERSION_COMPAT"] = "0"
    return kept


def probe(
    python: str | os.PathLike[str] | None = None,
    environ: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> Interpreter:
    """Run an interpreter, and return its answers about itself and the images of its executable.

    Args:
        python: See `find`.
        environ: The environment; None for that of this process. It is cleaned before the interpreter gets it.
        timeout: Seconds.

    Raises:
        UsageError: There is no such interpreter, it does not run, or it does not answer.
    """
    environ = os.environ if environ is None else environ
    path = find(python, environ)
    given = path if python is None else os.fspath(python)
    output = _run(path, clean_environment(environ), timeout)
    interpreter = read_answer(output, given)
    try:
        interpreter = interpreter._replace(images=inspect(interpreter.binary, Depth.LINKAGE))
    except (FormatError, SourceError):
        return interpreter
    if interpreter.libc == "musl":
        return interpreter._replace(libc_version=_musl_version(interpreter.images))
    return interpreter


def _run(path: str, environ: Mapping[str, str], timeout: float) -> str:
    """Return all that the interpreter printed while it ran the script.

    Raises:
        UsageError: The interpreter cannot be started, takes too long, or prints too much.
    """
    try:
        # A script on standard input also works if a wrapper runs the interpreter in another file system.
        with open(os.path.join(os.path.dirname(__file__), "probe_script.py"), "rb") as script:
            heard = _hear((path, "-I", "-"), script, environ, timeout)
    except OSError as error:
        raise UsageError(f"{path}: cannot be run: {error.strerror or error}") from error
    if heard is None:
        raise UsageError(f"{path}: no answer within {timeout:g} seconds")
    if len(heard) > _MOST:
        raise UsageError(f"{path}: not a Python interpreter: it printed more than {_MOST:,} bytes")
    return heard.decode("utf-8", "replace")


_FAREWELL = 0.5
"""Seconds that a process has to end after its answer, and that the pipe of a killed process has to become empty."""


def _hear(
    command: Sequence[str], script: BinaryIO, environ: Mapping[str, str], timeout: float
) -> bytes | None:
    """Run a command and return what it printed, on both streams, or None if the time ran out.

    Reading stops at the end of the output, at the answer, or after `_MOST` bytes and one. Other processes that keep
    the pipe open are not waited for. All processes that the command started are killed, except the children of a
    wrapper on Windows.

    Args:
        command: The program and its arguments.
        script: Its standard input.
        environ: Its environment.
        timeout: Seconds.

    Raises:
        OSError: The command cannot be started.
    """
    import subprocess
    from contextlib import suppress
    from threading import Event, Thread

    process = subprocess.Popen(
        command,
        stdin=script,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        env=dict(environ),
        start_new_session=True,
    )
    heard, enough = bytearray(), Event()

    def listen() -> None:
        try:
            with process.stdout as pipe:  # type: ignore[union-attr]  # a pipe was asked for
                while len(heard) <= _MOST and (piece := pipe.read(_MOST)):
                    heard.extend(piece)
                    if _ANSWER.search(heard):
                        enough.set()
        finally:
            enough.set()

    # A thread, because on Windows one cannot wait for a pipe. It owns the pipe, and ends when the last writer does.
    listener = Thread(target=listen, daemon=True)
    try:
        listener.start()
        in_time = enough.wait(timeout)
        listener.join(_FAREWELL if in_time else 0)
    finally:
        _kill(process)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_FAREWELL)
    listener.join(_FAREWELL)
    return bytes(heard) if in_time else None


_ANSWER = pattern(rb"(?m)^" + MARKER.encode() + rb".*\n")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children. Nobody has waited for it yet, so its number belongs to no other process."""
    from contextlib import suppress

    # The group may have ended. macOS does not allow to kill a group of which only its leader, a zombie, is left.
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            import signal

            # It leads its own session, so no other process is in its group.
            os.killpg(process.pid, signal.SIGKILL)


def read_answer(output: str, given: str) -> Interpreter:
    """Return what `probe_script` printed as an Interpreter without images.

    Args:
        output: What the interpreter printed. Lines without the marker are ignored.
        given: The name that the caller gave the interpreter, for messages.

    Raises:
        UsageError: The answer is missing, or is not one that the script gives.
    """
    lines = output.splitlines()
    line = next((line for line in reversed(lines) if line.startswith(MARKER)), None)
    if line is None:
        last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
        raise UsageError(f"{given}: not Python 3.6 or later: its output ends with: {last[:200]}")
    try:
        answer = json.loads(line.removeprefix(MARKER))
        return _interpreter(answer, given)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UsageError(f"{given}: not a valid answer of a Python interpreter: {error!r:.200}") from error


def _interpreter(answer: dict[str, object], given: str) -> Interpreter:
    """Return the answer with every field checked.

    Raises:
        KeyError: A field is missing.
        TypeError: A field has the wrong type.
        ValueError: A field has an impossible value.
    """
    bits = _number(answer["pointer_bits"])
    if bits not in (32, 64):
        raise ValueError(f"pointers of {bits} bits")
    version = tuple(_number(part) for part in _list(answer["version"]))
    if len(version) != 3:
        raise ValueError(f"version {version}")
    wow64 = answer["wow64"] and tuple(_number(part) for part in _list(answer["wow64"]))
    libraries = [answer["purelib"], answer["platlib"], *_list(answer["site_packages"] or [])]
    return Interpreter(
        given=given,
        platform=_text(answer["platform"]),
        get_platform=_text(answer["get_platform"]),
        machine=_text(answer["machine"]),
        uname_machine=_text(answer["uname_machine"]),
        pointer_bits=bits,
        byteorder=_text(answer["byteorder"]),
        implementation=_text(answer["implementation"]),
        version=version,
        free_threaded=answer["free_threaded"] is True,
        debug=answer["debug"] is True,
        ext_suffix=_text(answer["ext_suffix"]),
        soabi=_text(answer["soabi"]),
        multiarch=_text(answer["multiarch"]),
        suffixes=tuple(_text(suffix) for suffix in _list(answer["suffixes"] or [])),
        # in 3.8 and older, "11" is a number
        deployment_target=str(answer["deployment_target"] or "")[:_MOST_TEXT],
        executable=_text(answer["executable"]),
        binary=_text(answer["binary"]) or _text(answer["executable"]),
        prefix=_text(answer["prefix"]),
        scripts=_text(answer["scripts"]),
        libraries=tuple(dict.fromkeys(_text(folder) for folder in libraries if folder)),
        libc_version=_version(_text(answer["libc_version"]).rpartition(" ")[2]),
        macos_version=_version(_text(answer["macos_version"])),
        android_api=None if answer["android_api"] is None else _number(answer["android_api"]),
        pyodide=_text(answer["pyodide"]),
        translated=answer["translated"] == 1,
        apple_silicon=answer["apple_silicon"] == 1,
        wow64=(wow64[0], wow64[1]) if isinstance(wow64, tuple) and len(wow64) == 2 else None,
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _MOST_TEXT or "\0" in value:
        raise TypeError(f"expected text, found {value!r:.80}")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value < 1 << 32:
        raise TypeError(f"expected a number, found {value!r:.80}")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list) or len(value) > 100:
        raise TypeError(f"expected a list, found {value!r:.80}")
    return value


def _version(text: str) -> tuple[int, int] | None:
    """Return the first two numbers of a version, or None if it has none."""
    parts = [int(part) for part in text.split(".")[:2] if part.isascii() and part.isdigit() and len(part) < 6]
    return (parts[0], parts[1]) if len(parts) == 2 else (parts[0], 0) if parts else None


def _musl_version(images: tuple[Image, ...]) -> tuple[int, int] | None:
    """Return the version that musl's dynamic loader prints if it is run without arguments: `Version 1.2.4`."""
    loader = next((image.elf.interpreter for image in images if image.elf and image.elf.interpreter), "")
    if not os.path.isabs(loader):
        return None
    try:
        with open(os.devnull, "rb") as nothing:
            heard = _hear((loader,), nothing, os.environ, _LOADER_TIMEOUT) or b""
    except OSError:
        return None
    for line in heard[:_MOST_TEXT].decode("ascii", "replace").splitlines():
        if line.startswith("Version "):
            return _version(line.removeprefix("Version "))
    return None
