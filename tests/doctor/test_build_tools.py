"""Ask the installed build tools for their own target: it is the same as ours, or a table says why not."""

import io
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

import wheelarch
from support import interpreters
from support.interpreters import document, interpreter
from wheelarch.interpreter.target import judge

MACOS = [name for name in interpreters.names() if "-macos-" in name]
WINDOWS = [name for name in interpreters.names() if "-windows-" in name]


def test_maturin(tmp_path: Path) -> None:
    """maturin, run by `wheelarch target -- ...`, builds for our triple and tags the wheel with one of our tags."""
    maturin, cargo = shutil.which("maturin"), shutil.which("cargo")
    if maturin is None or cargo is None:
        pytest.skip("maturin or cargo is not installed: an empty crate cannot be built")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.rs").write_text("fn main() {}\n")
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "empty"\nversion = "0.1.0"\nedition = "2021"\n')
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n'
        '[project]\nname = "empty"\nversion = "0.1.0"\n[tool.maturin]\nbindings = "bin"\n'
    )
    wheelarch_target = (sys.executable, "-m", "wheelarch", "target", "--python", sys.executable, "--")
    run = subprocess.run(
        [*wheelarch_target, maturin, "build", "--offline", "--out", "dist"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(wheelarch.__file__).parents[1])},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    answer = wheelarch.target(sys.executable)
    (built,) = (tmp_path / "dist").glob("*.whl")
    assert (tmp_path / "target" / answer.triple).is_dir()
    assert set(built.stem.split("-")[-1].split(".")) <= set(answer.platform_tags)
    codes = [
        finding.code
        for finding in wheelarch.audit(built, wanted=answer.wanted, second_opinion="off").findings
    ]
    assert not [code for code in codes if code.startswith("WA8")]


@pytest.mark.parametrize("name", MACOS + WINDOWS)
def test_setuptools_rust(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """setuptools-rust chooses our triple with our ARCHFLAGS; without, it chooses ours or leaves it to rustc."""
    build = pytest.importorskip(
        "setuptools_rust.build", reason="setuptools-rust is not installed: it cannot be asked"
    )
    found = interpreter(name)
    answer = judge(found, {})
    monkeypatch.setattr(build, "get_rust_host", lambda env: "none")
    monkeypatch.setattr(build, "get_rustc_cfgs", lambda target, env: {"target_env": "msvc"})
    monkeypatch.setattr(platform, "machine", lambda: found.machine)
    monkeypatch.delenv("ARCHFLAGS", raising=False)
    own = build._override_cargo_default_target(found.get_platform, None)
    assert own in (answer.triple, build._Platform.CARGO_DEFAULT)
    for variable in answer.environment:
        monkeypatch.setenv(variable.name, variable.value)
    told = build._override_cargo_default_target(found.get_platform, None)
    # It does not know win-arm64 (WD29): there CARGO_BUILD_TARGET decides, which it reads before it comes here.
    assert told == (build._Platform.CARGO_DEFAULT if found.get_platform == "win-arm64" else answer.triple)


DISAGREES = {
    "cpython310-linux-musl-x86_64": "SOABI says gnu on musl before 3.11",
    "cpython311-linux-armel": "armel is arm- for it, and armv7- for us: the processor is an ARMv7",
    "cpython311-linux-armv7l": "arm-linux-gnueabihf is Debian's name for ARMv7; it chooses the ARMv6 target",
    "cpython312-linux-armv7l-on-aarch64-kernel": "as on an ARMv7 kernel",
    "cpython312-linux-musl-armv7l-on-aarch64-kernel": "as on an ARMv7 kernel",
    "cpython312-linux-riscv64": "it reads riscv64- from the suffix and rejects it; rustc says riscv64gc-",
    "cpython312-linux-musl-riscv64": "as with glibc",
    "cpython311-freebsd-amd64": "it knows only Linux, macOS and Windows",
    "cpython313-android-aarch64": "it knows only Linux, macOS and Windows",
    "termux312-android-aarch64": "it treats Android as Linux",
    "cpython313-ios-arm64": "it knows only Linux, macOS and Windows",
    "cpython313-ios-simulator-arm64": "it knows only Linux, macOS and Windows",
    "cpython314-pyodide": "it knows only Linux, macOS and Windows",
    "cpython312-mingw-x86_64": "it does not know MinGW",
}
"""The interpreters for which puccinialin, maturin's installer of Rust, chooses another triple, and why."""


@pytest.mark.parametrize("name", interpreters.names())
def test_puccinialin(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Puccinialin chooses our triple, except for the interpreters in `DISAGREES`."""
    module: Any = pytest.importorskip(
        "puccinialin._target", reason="puccinialin is not installed: it cannot be asked"
    )
    found = interpreter(name)
    variables = {
        "SOABI": document(name)["answer"]["soabi"],
        "MULTIARCH": document(name)["answer"]["multiarch"],
    }
    monkeypatch.setattr(sysconfig, "get_config_var", variables.get)
    monkeypatch.setattr(sysconfig, "get_platform", lambda: found.get_platform)
    monkeypatch.setattr(platform, "machine", lambda: found.machine)
    try:
        triple = module.get_triple(io.StringIO())
    except (SystemExit, ValueError):
        triple = ""
    assert (triple != judge(found, {}).triple) == (name in DISAGREES), triple
