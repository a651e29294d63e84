"""The tools that are measured: each has a virtual environment, and a command that does its usual job on a wheel."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from corpus import CACHE, Wheel

HERE = Path(__file__).resolve().parent
VENVS = CACHE / "venvs"
SHIMS = CACHE / "shims"
FULL = "import sys, wheelarch as w; w.audit(sys.argv[1], depth=w.Depth.SYMBOLS, second_opinion='off')"
BACKENDS = ("zlib", "zlib-ng", "isal")


class Contender(NamedTuple):
    """One command that is measured."""

    name: str
    venv: str
    requirement: str
    """What pip installs, separated by spaces."""
    command: tuple[str, ...]
    """The command, in the environment's bin folder. The wheel's path is added."""
    applies: Callable[[Wheel], bool]


def _everywhere(_: Wheel) -> bool:
    return True


def _abi3(wheel: Wheel) -> bool:
    return "abi3" in wheel.tag[1].split(".")


def _on(*systems: str) -> Callable[[Wheel], bool]:
    return lambda wheel: wheel.tag[2].startswith(systems)


def _native(wheel: Wheel) -> bool:
    return wheel.tag[2] != "any"


def _own(backend: str) -> list[Contender]:
    extra = "" if backend == "zlib" else backend
    depths = {
        "header": ("wheelarch", "audit", "--select", "WA201"),
        "default": ("wheelarch", "audit"),
        "full": ("python", "-c", FULL),
    }
    return [
        Contender(f"wheelarch {depth}, {backend}", f"wheelarch-{backend}", extra, command, _everywhere)
        for depth, command in depths.items()
    ]


def _script(parser: str, applies: Callable[[Wheel], bool]) -> Contender:
    command = ("python", str(HERE / "parse_with.py"), parser)
    return Contender(f"zipfile + {parser}", parser, parser, command, applies)


PEERS = [
    Contender("abi3audit", "abi3audit", "abi3audit", ("abi3audit",), _abi3),
    Contender("delvewheel show", "delvewheel", "delvewheel", ("delvewheel", "show"), _on("win")),
    Contender(
        "auditwheel show", "auditwheel", "auditwheel", ("auditwheel", "show"), _on("manylinux", "musllinux")
    ),
    Contender("delocate-listdeps", "delocate", "delocate", ("delocate-listdeps",), _on("macosx")),
    Contender("pydistcheck --inspect", "pydistcheck", "pydistcheck", ("pydistcheck", "--inspect"), _native),
    Contender(
        "check-wheel-contents",
        "check-wheel-contents",
        "check-wheel-contents",
        ("check-wheel-contents",),
        _everywhere,
    ),
    _script("lief", _native),
    _script("pefile", _on("win")),
    _script("macholib", _on("macosx")),
]
OWN = [contender for backend in BACKENDS for contender in _own(backend)]


def python(venv: str) -> Path:
    return VENVS / venv / ("Scripts" if os.name == "nt" else "bin") / "python"


def prepare(contender: Contender) -> None:
    """Make the tool's environment if it does not exist yet. wheelarch itself is always installed again."""
    pip = [str(python(contender.venv)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not python(contender.venv).exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENVS / contender.venv)], check=True)
        if contender.requirement:
            subprocess.run([*pip, *contender.requirement.split()], check=True)


def install_wheelarch() -> None:
    """Install this checkout into its environments, one per backend."""
    for backend in BACKENDS:
        venv = f"wheelarch-{backend}"
        pip = [str(python(venv)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, str(HERE.parent)], check=True)
        subprocess.run([*pip, "--force-reinstall", "--no-deps", str(HERE.parent)], check=True)


_SHIM = """\
#!/bin/sh
# delocate passes -m, which llvm-otool does not know and which changes nothing for plain files
for one; do shift; [ "$one" = -m ] || set -- "$@" "$one"; done
exec {tool} "$@"
"""


def shim_otool() -> None:
    """Let delocate find LLVM's otool and lipo under the names that it uses, if Apple's are missing."""
    SHIMS.mkdir(parents=True, exist_ok=True)
    for name in ("otool", "lipo"):
        found = next(filter(None, map(shutil.which, [f"llvm-{name}", f"llvm-{name}-14"])), None)
        if found and not shutil.which(name):
            (SHIMS / name).unlink(missing_ok=True)
            (SHIMS / name).write_text(_SHIM.format(tool=found))
            (SHIMS / name).chmod(0o755)


def version(contender: Contender) -> str:
    """Return the installed version of what is measured."""
    name = "wheelarch" if contender.venv.startswith("wheelarch") else contender.venv
    code = f"import importlib.metadata as m; print(m.version({name!r}))"
    run = subprocess.run(
        [str(python(contender.venv)), "-c", code], capture_output=True, text=True, check=True
    )
    return run.stdout.strip()
