"""Imports extension modules and opens libraries, each in a process of its own. Runs in the scratch environment.

Standard input has one line `module TAB NAME TAB PATH` or `library TAB TAB PATH` per file. Standard output gets a JSON
document: for each path `null` if it loads, else what the loader says, and the objects that were in the process then.
"""

import ctypes
import importlib
import importlib.machinery
import importlib.util
import json
import os
import signal
import sys
from pathlib import Path

_SECONDS = 120
"""After so long a process that asks is ended."""


def main() -> None:
    """Answer for all files."""
    answers = {}
    for line in sys.stdin.read().splitlines():
        kind, name, path = line.split("\t")
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            signal.alarm(_SECONDS)
            _silence()
            trouble = _import(name, path) if kind == "module" else _open(path)
            with os.fdopen(writer, "w", encoding="utf-8") as file:
                json.dump([trouble, _mapped()], file)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as file:
            answer = file.read()
        _, status = os.waitpid(child, 0)
        answers[path] = json.loads(answer) if answer else [f"dies with status {status}", []]
    json.dump(answers, sys.stdout)


def _silence() -> None:
    """Keep what modules print out of the answer."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)


def _import(name: str, path: str) -> str | None:
    """Import a module by its name. Its package may need what is not installed: then ask for the file alone."""
    try:
        module = importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001 - any code may run here
        if trouble := _from_loader(error, path):
            return trouble
    else:
        if getattr(module, "__file__", None) == path:
            return None
    if path in _mapped():
        return None
    spec = importlib.util.spec_from_file_location(
        name, path, loader=importlib.machinery.ExtensionFileLoader(name, path)
    )
    assert spec is not None
    try:
        importlib.util.module_from_spec(spec)
    except BaseException as error:  # noqa: BLE001 - as above
        return _from_loader(error, path)
    return None


def _from_loader(error: BaseException, path: str) -> str | None:
    """Return what dlopen said of this file, if it is that what went wrong."""
    if isinstance(error, ImportError) and error.path == path and error.name is not None:
        return str(error)
    return None


def _open(path: str) -> str | None:
    try:
        ctypes.CDLL(path)
    except OSError as error:
        return str(error)
    return None


def _mapped() -> list[str]:
    """Return the files in this process."""
    text = Path("/proc/self/maps").read_text(encoding="utf-8")
    return sorted({line.split(None, 5)[5] for line in text.splitlines() if "/" in line})


if __name__ == "__main__":
    main()
