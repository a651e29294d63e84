"""Interpreters: what they answered, and those that can be asked here."""

import functools
import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

from support.cache import cache_folder
from support.values import elf, macho, pe
from wheelarch.interpreter.probe import Interpreter, read_answer
from wheelarch.interpreter.probe_script import MARKER
from wheelarch.model import Image, Kind, Machine

FOLDER = Path(__file__).parents[1] / "interpreter" / "interpreters"


@functools.cache
def document(name: str) -> dict[str, Any]:
    """Return `tests/interpreter/interpreters/NAME.json`."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return found


def names() -> list[str]:
    """Return the names of all that is written down, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def interpreter(name: str, **changes: Any) -> Interpreter:
    """Return one that is written down, with fields of its answer changed."""
    found = document(name)
    answer = read_answer(MARKER + json.dumps({**found["answer"], **changes}), name)
    images = tuple(_image(dict(one)) for one in found["executable"])
    if "musl" in found:
        answer = answer._replace(libc_version=tuple(found["musl"]))
    return answer._replace(images=images)


def _image(facts: dict[str, str]) -> Image:
    build = {"elf": elf, "mach-o": macho, "pe": pe}[facts.pop("format")]
    return build(Machine(facts.pop("machine")), kind=Kind.EXECUTABLE, **facts)


def wrapper(folder: Path, name: str, command: str) -> Path:
    """Write a shell script that hands its arguments on to a command, as pyenv's shims and emulators' wrappers do."""
    path = folder / name
    path.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def at_hand() -> dict[str, str]:
    """Return the interpreters of this machine by name: those on PATH that are not shims, and those of pyenv."""
    wanted = [
        *(f"python3.{minor}" for minor in range(6, 16)),
        "python3.13t",
        "python3.14t",
        "pypy3",
        "graalpy",
    ]
    found = {
        name: path for name in wanted if (path := shutil.which(name)) and "shims" not in Path(path).parts
    }
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    return found | {path.parts[-3]: str(path) for path in sorted(versions.glob("*/bin/python3"))}


_EMULATED = {
    "i686": ("i386", "qemu-i386-static", "i686-unknown-linux-gnu"),
    "aarch64": ("arm64", "qemu-aarch64-static", "aarch64-unknown-linux-gnu"),
    "armv7l": ("armhf", "qemu-arm-static", "armv7-unknown-linux-gnueabihf"),
    "armel": ("armel", "qemu-arm-static", "armv7-unknown-linux-gnueabi"),
    "s390x": ("s390x", "qemu-s390x-static", "s390x-unknown-linux-gnu"),
    "ppc64le": ("ppc64el", "qemu-ppc64le-static", "powerpc64le-unknown-linux-gnu"),
    "mips64el": ("mips64el", "qemu-mips64el-static", "mips64el-unknown-linux-gnuabi64"),
}


def emulated() -> dict[str, tuple[str, str]]:
    """Return the command that runs each unpacked interpreter of another machine, and its triple, by machine.

    `tests/interpreter/interpreters/fetch.sh` unpacks them.
    """
    root = cache_folder("interpreters")
    found = {}
    for machine, (folder, qemu, triple) in _EMULATED.items():
        emulator, python = root / "amd64/usr/bin" / qemu, root / folder / "usr/bin/python3.11"
        if os.access(emulator, os.X_OK) and python.is_file():
            found[machine] = (f"{emulator} -L {root / folder} {python}", triple)
    return found


def emulated_pypy() -> str | None:
    """Return the command that runs the unpacked PyPy, or None."""
    root = cache_folder("interpreters") / "amd64"
    if not (root / "usr/bin/pypy3").exists():
        return None
    libraries = f"{root}/usr/lib/x86_64-linux-gnu:{root}/lib/x86_64-linux-gnu"
    return f"env LD_LIBRARY_PATH={libraries} {root}/usr/bin/pypy3"


def i686_on_this_kernel() -> str | None:
    """Return the command that runs the unpacked i686 interpreter on an x86_64 kernel itself, or None."""
    root = cache_folder("interpreters") / "i386"
    loader = root / "lib/ld-linux.so.2"
    if os.name != "posix" or os.uname().machine != "x86_64" or not os.access(loader, os.X_OK):
        return None
    libraries = f"{root}/lib/i386-linux-gnu:{root}/usr/lib/i386-linux-gnu"
    return f"{loader} --library-path {libraries} {root}/usr/bin/python3.11"
