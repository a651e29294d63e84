"""Every rule of the doctor: it is documented, has hits and clean builds, and is limited to its bad releases."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support.projects import files, lock, write
from wheelarch.doctor.build import Build, Python
from wheelarch.doctor.plan import plan
from wheelarch.doctor.project import read
from wheelarch.doctor.rules import RULES, DoctorRule, Prediction
from wheelarch.doctor.versions import exact
from wheelarch.model import Severity
from wheelarch.rules import RULES as WHEEL_RULES
from wheelarch.rules import find

HEADINGS = ["What it does", "Why it is bad", "Example", "How to fix", "Known limits", "References"]
LINUX, ARM_LINUX = "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"
MAC, INTEL_MAC = "aarch64-apple-darwin", "x86_64-apple-darwin"
WINDOWS, WINDOWS_ARM, WINDOWS_32 = "x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc", "i686-pc-windows-msvc"
MINGW = "x86_64-pc-windows-gnu"

X64 = Python("cpython", "3.12", False, "win-amd64", "x86_64", 64)
X86 = Python("cpython", "3.12", False, "win32", "x86", 32)
ARM64 = Python("cpython", "3.12", False, "win-arm64", "arm64", 64)
MINGW_PYTHON = Python("cpython", "3.12", False, "mingw_x86_64_ucrt_gnu", "x86_64", 64)
ROSETTA = Python("cpython", "3.12", False, "macosx-10.13-x86_64", "x86_64", 64)
NATIVE_MAC = Python("cpython", "3.12", False, "macosx-11.0-arm64", "arm64", 64)
UNIVERSAL = Python("cpython", "3.12", False, "macosx-10.13-universal2", "arm64", 64)
UNIVERSAL_ROSETTA = UNIVERSAL._replace(arch="x86_64")
ARM_32 = Python("cpython", "3.12", False, "linux-armv7l", "arm", 32)
FREE_THREADED = Python("cpython", "3.14", True, "linux-x86_64", "x86_64", 64)


class Case(NamedTuple):
    """A project, and where it is built."""

    files: dict[str, str]
    host: str
    target: str = ""
    python: Python | None = None
    environment: Mapping[str, str] = {}


def case(
    host: str,
    target: str = "",
    python: Python | None = None,
    environment: Mapping[str, str] | None = None,
    **more: Any,
) -> Case:
    """A project of `support.projects.files`, built on a host."""
    return Case(files(**more), host, target, python, environment or {})


def job(runner: str, *steps: str) -> str:
    return f"jobs:\n  a:\n    runs-on: {runner}\n    steps:\n" + "".join(
        f"      - {step}\n" for step in steps
    )


def action(runner: str, target: str = "", *before: str, args: str = "--release") -> str:
    return job(
        runner, *before, f"{{uses: PyO3/maturin-action@v1, with: {{target: '{target}', args: '{args}'}}}}"
    )


def setup_python(architecture: str) -> str:
    return (
        f"{{uses: actions/setup-python@v5, with: {{python-version: '3.12', architecture: {architecture}}}}}"
    )


ABI3 = ["abi3-py39"]
GENERATING = [*ABI3, "generate-import-lib"]
ON_1_8 = {"maturin": "==1.8.3", "pyo3": "0.22.6", "features": ABI3}
ON_1_9 = {"maturin": "==1.9.6", "pyo3": "0.26.0", "features": ABI3}
CONFIG = '[build]\ntarget = "aarch64-apple-darwin"\n'
WITH_LIBS = {"PYO3_CROSS_LIB_DIR": "/opt/python/libs"}


def named(version: str) -> str:
    """A workflow for ARM64 Windows that names an interpreter."""
    return action("windows-latest", "aarch64", args=f"-i {version}")


def deployment(version: str) -> dict[str, str]:
    contents = files()
    contents["pyproject.toml"] += (
        f'[tool.maturin.target.{INTEL_MAC}]\nmacos-deployment-target = "{version}"\n'
    )
    return {"pyproject.toml": contents["pyproject.toml"]}


HITS: dict[str, list[Case]] = {
    "WD01": [
        case(WINDOWS, WINDOWS_ARM, **ON_1_8),
        case(WINDOWS_ARM, WINDOWS, **ON_1_8),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.8.3", pyo3="0.23.3"),
        case(LINUX, workflow=action("windows-2022", "aarch64"), **ON_1_8),
        case(WINDOWS, environment={"CARGO_BUILD_TARGET": WINDOWS_ARM}, **ON_1_8),
        case(WINDOWS, WINDOWS_ARM, pyo3="0.22.6", backend="setuptools-rust"),
        case(
            WINDOWS,
            WINDOWS_ARM,
            environment={"MATURIN_USE_XWIN": "1"},
            pyo3="0.22.6",
            backend="setuptools-rust",
        ),
    ],
    "WD02": [case(WINDOWS, WINDOWS_ARM, maturin="==1.7.7"), case(WINDOWS, WINDOWS_ARM, maturin=">=1.7,<2")],
    "WD03": [
        case(LINUX, WINDOWS, maturin="==1.7.8"),
        case(MAC, WINDOWS_ARM, maturin="==1.7.8", environment={"MATURIN_USE_XWIN": "0"}),
    ],
    "WD04": [case(LINUX, environment={"MATURIN_USE_XWIN": value}) for value in ("true", "yes", "0", "11")],
    "WD05": [
        case(LINUX, WINDOWS, maturin="==1.7.6", environment={"MATURIN_USE_XWIN": "1"}),
        case(LINUX, MINGW, environment={"MATURIN_USE_XWIN": "1"}),
        case(WINDOWS, WINDOWS, environment={"MATURIN_USE_XWIN": "1"}),
    ],
    "WD06": [case(WINDOWS, WINDOWS_ARM, environment={"MATURIN_USE_XWIN": "1"}, **ON_1_8)],
    "WD07": [
        case(LINUX, MINGW, environment=WITH_LIBS, **ON_1_8),
        case(WINDOWS, WINDOWS_ARM, environment=WITH_LIBS, **ON_1_9),
    ],
    "WD08": [
        case(LINUX, workflow=named("python3.12"), maturin="==1.9.6", pyo3="0.26.0", features=GENERATING),
        case(LINUX, WINDOWS, environment=WITH_LIBS, maturin="==1.8.0", pyo3="0.23.0", features=GENERATING),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.9.6", pyo3="0.26.0", features=GENERATING),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.9.5", pyo3="0.22.6", features=GENERATING),
        case(
            LINUX,
            workflow=action("ubuntu-latest", WINDOWS, args="-i 3.12"),
            maturin="==1.8.3",
            pyo3="0.22.6",
            features=GENERATING,
        ),
    ],
    "WD09": [
        case(LINUX, workflow=named("3.13t"), pyo3="0.23.2", features=GENERATING),
        case(LINUX, workflow=named("3.12 pypy3.10"), pyo3="0.23.0", features=GENERATING),
    ],
    "WD10": [
        case(LINUX, pyo3="0.29.0", features=GENERATING),
        case(LINUX, WINDOWS, pyo3="0.29.3", features=GENERATING),
    ],
    "WD11": [
        case(LINUX, WINDOWS, maturin="==1.7.7", pyo3="0.22.6", features=ABI3),
        case(LINUX, WINDOWS, maturin="==1.9.6", pyo3="0.28.3"),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.9.6", pyo3="0.26.0", features=ABI3),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.9.5", pyo3="0.26.0", features=ABI3),
        case(LINUX, workflow=named("python3.12"), **ON_1_9),
        case(LINUX, workflow=named("python3.12"), maturin="==1.13.2", pyo3="0.26.0", features=ABI3),
        case(LINUX, workflow=named("python3.12"), maturin="==1.9.6", pyo3="0.28.3", features=ABI3),
        case(LINUX, workflow=action("ubuntu-latest", WINDOWS, args="-i 3.12"), **ON_1_8),
        case(WINDOWS_ARM, WINDOWS, ARM64, **ON_1_9),
    ],
    "WD12": [
        case(LINUX, environment={"PYO3_CROSS": ""}),
        case(WINDOWS, WINDOWS_32, environment={"PYO3_CROSS": "0"}),
        case(MAC, more={".cargo/config.toml": "[env]\nPYO3_CROSS = '1'\n"}),
        case(LINUX, "x86_64-unknown-linux-musl", environment={"PYO3_CROSS": "1"}),
        case(WINDOWS, MINGW, environment={"PYO3_CROSS": "1"}),
    ],
    "WD13": [
        case(LINUX, environment={"PYO3_CONFIG_FILE": "config.txt"}),
        case(LINUX, environment={"PYO3_CONFIG_FILE": "/absent", "PYO3_PYTHON": "python3"}),
        case(LINUX, environment={"PYO3_CONFIG_FILE": r"C:\absent"}),
    ],
    "WD14": [case(LINUX, environment={"VIRTUAL_ENV": "/venv", "CONDA_PREFIX": "/conda", "PYO3_CROSS": ""})],
    "WD15": [
        case(LINUX, maturin="==1.9.4", workflow=action("windows-11-arm", "aarch64")),
        case(LINUX, maturin="==1.9.4", workflow=action("windows-11-arm", "", setup_python("x64"))),
        case(WINDOWS_ARM, maturin="==1.8.0", python=X64),
    ],
    "WD16": [case(WINDOWS, WINDOWS_32, maturin="==1.9.5"), case(WINDOWS_ARM, WINDOWS_32, maturin="==1.9.5")],
    "WD17": [
        case(MAC, python=ROSETTA, maturin="==1.5.1"),
        case(INTEL_MAC, python=NATIVE_MAC, maturin=">=1.0,<1.6"),
        case(LINUX, maturin="==1.5.1", workflow=job("macos-14", setup_python("x64"), "run: pip wheel .")),
        case(LINUX, maturin="==1.5.1", workflow=job("macos-14", setup_python("x64"), "run: pip install .")),
    ],
    "WD18": [
        case(LINUX, workflow=action("macos-15", "", setup_python("x64"))),
        case(MAC, python=ROSETTA),
        case(LINUX, workflow=job("macos-15", setup_python("x64"), "run: maturin build --release")),
    ],
    "WD19": [case(MAC, python=UNIVERSAL_ROSETTA), case(MAC, python=UNIVERSAL_ROSETTA, maturin="==1.5.1")],
    "WD20": [
        case(WINDOWS, python=X86),
        case(LINUX, workflow=job("windows-latest", setup_python("x86"), "run: maturin develop")),
    ],
    "WD21": [
        case(WINDOWS_ARM, python=X86),
        case(LINUX, workflow=job("windows-11-arm", setup_python("x86"), "run: python -m build")),
    ],
    "WD22": [
        case(LINUX, environment={"ARCHFLAGS": "-arch arm64"}),
        case(WINDOWS, environment={"ARCHFLAGS": "-arch x86_64 -arch arm64"}),
    ],
    "WD23": [
        case(MAC, environment={"ARCHFLAGS": "-arch x86_64 -g"}),
        case(INTEL_MAC, environment={"ARCHFLAGS": "-arch arm64e"}),
        case(MAC, environment={"ARCHFLAGS": "-arch arm64 -arch x86_64 -g"}),
    ],
    "WD24": [
        case(MAC, INTEL_MAC, environment={"_PYTHON_HOST_PLATFORM": "macosx-11.0-arm64"}),
        case(MAC, environment={"_PYTHON_HOST_PLATFORM": "macosx-10.9-universal2"}),
        case(LINUX, environment={"_PYTHON_HOST_PLATFORM": "linux-aarch64"}, backend="setuptools-rust"),
        case(LINUX, WINDOWS, environment={"_PYTHON_HOST_PLATFORM": "linux-x86_64"}, features=ABI3),
    ],
    "WD25": [
        case(MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "11"}),
        case(LINUX, INTEL_MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "13"}),
    ],
    "WD26": [
        case(INTEL_MAC, environment={"_PYTHON_HOST_PLATFORM": "macosx-10.9-x86_64"}),
        case(MAC, "universal2-apple-darwin", environment={"_PYTHON_HOST_PLATFORM": "macosx-10.9-universal2"}),
        case(INTEL_MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "10.9"}, backend="setuptools-rust"),
        case(MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "10.15"}, backend="setuptools-rust"),
    ],
    "WD27": [case(INTEL_MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "13.0"}, more=deployment("10.12"))],
    "WD28": [
        case(INTEL_MAC, more={".cargo/config.toml": CONFIG}),
        case(LINUX, more={".cargo/config": CONFIG}),
    ],
    "WD29": [
        case(WINDOWS, environment={"VSCMD_ARG_TGT_ARCH": "arm64"}, backend="setuptools-rust"),
        case(
            WINDOWS, backend="setuptools-rust", more={"setup.cfg": "[bdist_wheel]\nplat_name = win_arm64\n"}
        ),
    ],
    "WD30": [
        case(MAC, python=UNIVERSAL, backend="setuptools-rust"),
        case(
            MAC,
            backend="setuptools-rust",
            more={"setup.cfg": "[bdist_wheel]\nplat-name = macosx-10.13-universal2\n"},
        ),
    ],
    "WD31": [
        case(WINDOWS, python=MINGW_PYTHON, pyo3="0.29.1"),
        case(MINGW, MINGW, pyo3="0.29.0"),
    ],
    "WD32": [case(WINDOWS, MINGW, MINGW_PYTHON, maturin="==1.14.1", pyo3="0.29.2", features=ABI3)],
    "WD33": [case(WINDOWS, WINDOWS_32, environment={"PYO3_USE_RAW_DYLIB": "0"}, pyo3="0.29.2")],
    "WD34": [
        case(LINUX, python=FREE_THREADED, features=ABI3),
        case(LINUX, features=ABI3, workflow=action("ubuntu-latest", "x86_64", args="-i 3.14t")),
    ],
    "WD35": [case(LINUX, features=["abi3-py38", "abi3-py310", "abi3"])],
    "WD36": [case(LINUX, WINDOWS, maturin="==1.6.0"), case(MAC, WINDOWS_ARM, maturin="==1.6.0")],
    "WD37": [
        case(ARM_LINUX, python=ARM_32),
        case(
            LINUX, python=Python("cpython", "3.12", False, "linux-i686", "x86", 32), backend="setuptools-rust"
        ),
        case(
            LINUX,
            workflow=job("ubuntu-latest", "run: maturin build").replace(
                "    steps", "    container: quay.io/pypa/manylinux2014_i686\n    steps"
            ),
        ),
    ],
    "WD38": [case(LINUX, more={"Cargo.lock": lock("0.22.6", "0.26.0")})],
}

CLEAN: dict[str, list[Case]] = {
    "WD01": [
        case(WINDOWS, WINDOWS_ARM, maturin="==1.8.3", pyo3="0.23.4", features=ABI3),
        case(WINDOWS, WINDOWS_ARM, environment={"PYO3_CROSS": "1"}, **ON_1_8),
        case(WINDOWS, WINDOWS_ARM, environment={"PYO3_CONFIG_FILE": "/x"}, **ON_1_8),
        case(WINDOWS, WINDOWS_ARM, environment={"MATURIN_USE_XWIN": "1"}, **ON_1_8),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.9.5", pyo3="0.22.6"),
        case(LINUX, workflow=named("3.12"), maturin="==1.9.5", pyo3="0.22.6", features=ABI3),
        case(LINUX, WINDOWS_ARM, **ON_1_8),
        case(WINDOWS, WINDOWS_32, **ON_1_8),
        case(WINDOWS, WINDOWS_ARM, pyo3="0.23.4", backend="setuptools-rust"),
        case(WINDOWS, WINDOWS_ARM, pyo3="0.22.6", backend="setuptools"),
    ],
    "WD02": [case(WINDOWS, WINDOWS_ARM, maturin="==1.7.8"), case(WINDOWS, maturin="==1.7.7")],
    "WD03": [
        case(LINUX, WINDOWS, maturin="==1.7.8", environment={"MATURIN_USE_XWIN": "1"}),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.7.8"),
        case(LINUX, MINGW, maturin="==1.7.8"),
        case("", WINDOWS, maturin="==1.7.8"),
    ],
    "WD04": [case(LINUX, environment={"MATURIN_USE_XWIN": value}) for value in ("1", "")],
    "WD05": [
        case(LINUX, WINDOWS, environment={"MATURIN_USE_XWIN": "1"}),
        case(WINDOWS, WINDOWS, maturin="==1.7.7", environment={"MATURIN_USE_XWIN": "1"}),
        case(LINUX, WINDOWS, maturin=">=1.7", environment={"MATURIN_USE_XWIN": "1"}),
    ],
    "WD06": [
        case(WINDOWS, WINDOWS_ARM, **ON_1_8),
        case(WINDOWS, WINDOWS_ARM, environment={"MATURIN_USE_XWIN": "1"}, pyo3="0.23.4", features=ABI3),
    ],
    "WD07": [
        case(WINDOWS, WINDOWS_ARM, environment=WITH_LIBS, maturin="==1.13.2", pyo3="0.26.0", features=ABI3),
        case(WINDOWS, WINDOWS_ARM, environment=WITH_LIBS, maturin="==1.9.6", pyo3="0.27.0", features=ABI3),
        case(WINDOWS, WINDOWS_ARM, environment=WITH_LIBS, maturin="==1.9.6", pyo3="0.26.0"),
        case(WINDOWS, WINDOWS_ARM, environment={**WITH_LIBS, "PYO3_CONFIG_FILE": "/x"}, **ON_1_9),
        case(LINUX, ARM_LINUX, environment=WITH_LIBS, **ON_1_9),
        case(WINDOWS, WINDOWS_32, environment=WITH_LIBS, **ON_1_9),
        case(WINDOWS, WINDOWS_ARM, **ON_1_9),
        case(LINUX, workflow=named("3.12"), **ON_1_9),
        case(
            WINDOWS, WINDOWS_ARM, environment=WITH_LIBS, maturin="==1.9.6", pyo3="0.26.0", features=GENERATING
        ),
    ],
    "WD08": [
        case(LINUX, workflow=named("3.12"), maturin="==1.9.6", pyo3="0.27.0", features=GENERATING),
        case(LINUX, workflow=named("3.12"), **ON_1_9),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.9.4", pyo3="0.26.0", features=GENERATING),
        case(WINDOWS_ARM, WINDOWS, maturin="==1.9.6", pyo3="0.26.0", features=GENERATING),
        case(LINUX, WINDOWS, maturin="==1.9.6", pyo3="0.26.0", features=GENERATING),
    ],
    "WD09": [
        case(LINUX, workflow=named("3.12"), pyo3="0.23.2", features=GENERATING),
        case(LINUX, workflow=named("3.13t"), pyo3="0.23.4", features=GENERATING),
        case(LINUX, workflow=named("3.13t"), pyo3="0.23.2", features=["generate-import-lib"]),
        case(
            LINUX,
            workflow=action("ubuntu-latest", "x64", args="-i 3.13t"),
            pyo3="0.23.2",
            features=GENERATING,
        ),
    ],
    "WD10": [
        case(LINUX, pyo3="0.28.3", features=GENERATING),
        case(LINUX, pyo3="0.29.0", features=ABI3),
        case(LINUX, pyo3="0.29.2", features=GENERATING, environment={"PYO3_USE_RAW_DYLIB": "0"}),
    ],
    "WD11": [
        case(LINUX, WINDOWS, maturin="==1.9.6", pyo3="0.26.0", features=GENERATING),
        case(LINUX, WINDOWS, maturin="==1.9.6", pyo3="0.29.0", features=ABI3),
        case(LINUX, WINDOWS, maturin="==1.9.5", pyo3="0.26.0"),
        case(LINUX, WINDOWS, environment=WITH_LIBS, **ON_1_9),
        case(WINDOWS, WINDOWS, **ON_1_9),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.9.4", pyo3="0.26.0", features=ABI3),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.9.5", pyo3="0.26.0"),
        case(WINDOWS_ARM, WINDOWS, **ON_1_9),
        case(WINDOWS_ARM, WINDOWS, X64, **ON_1_9),
    ],
    "WD12": [
        case(LINUX, WINDOWS, environment={"PYO3_CROSS": "1"}),
        case("", LINUX, environment={"PYO3_CROSS": "1"}),
        case(WINDOWS_ARM, WINDOWS, environment={"PYO3_CROSS": "1"}),
        case(LINUX, environment={"PYO3_CROSS": "1"}, pyo3=None),
        case(LINUX),
    ],
    "WD13": [case(LINUX), case(LINUX, environment={"PYO3_CONFIG_FILE": "x"}, pyo3=None)],
    "WD14": [
        case(LINUX, environment={"VIRTUAL_ENV": "/venv", "PYO3_CROSS": ""}),
        case(LINUX, environment={"VIRTUAL_ENV": "/venv", "CONDA_PREFIX": "/venv"}),
        case(LINUX, environment={"VIRTUAL_ENV": "/venv", "CONDA_PREFIX": "/conda", "PYO3_PYTHON": "python3"}),
        case(LINUX, environment={"VIRTUAL_ENV": "/venv", "CONDA_PREFIX": "/conda"}, pyo3=None),
    ],
    "WD15": [
        case(LINUX, maturin="==1.9.4", workflow=action("windows-11-arm", "aarch64", setup_python("arm64"))),
        case(LINUX, maturin="==1.9.5", workflow=action("windows-11-arm", "aarch64")),
        case(WINDOWS_ARM, maturin="==1.9.4"),
        case(LINUX, maturin="==1.9.4", workflow=job("windows-11-arm", "uses: pypa/cibuildwheel@v3")),
        case(WINDOWS_ARM, maturin="==1.9.4", python=ARM64),
    ],
    "WD16": [case(WINDOWS, WINDOWS, maturin="==1.9.5"), case(LINUX, WINDOWS_32, maturin="==1.9.5")],
    "WD17": [
        case(MAC, python=ROSETTA, maturin="==1.6.0"),
        case(MAC, python=NATIVE_MAC, maturin="==1.5.1"),
        case(MAC, INTEL_MAC, ROSETTA, maturin="==1.5.1"),
        case(MAC, python=ROSETTA, maturin="==1.5.1", environment={"CARGO_BUILD_TARGET": INTEL_MAC}),
        case(MAC, python=ROSETTA, maturin="==1.5.1", environment={"ARCHFLAGS": "-arch x86_64"}),
        case(MAC, maturin="==1.5.1"),
        case(LINUX, python=FREE_THREADED, maturin="==1.5.1"),
    ],
    "WD18": [
        case(LINUX, workflow=action("macos-15", "x86_64", setup_python("x64"))),
        case(LINUX, workflow=action("macos-15", "", setup_python("x64"), args="-i python")),
        case(LINUX, workflow=action("macos-15", "", setup_python("arm64"))),
        case(LINUX, workflow=job("macos-15", setup_python("x64"), "run: pip wheel .")),
        case(MAC, python=UNIVERSAL_ROSETTA),
    ],
    "WD19": [
        case(MAC, python=UNIVERSAL),
        case(MAC, python=ROSETTA),
        case(MAC, INTEL_MAC, UNIVERSAL_ROSETTA),
        case(INTEL_MAC, python=UNIVERSAL_ROSETTA),
    ],
    "WD20": [
        case(WINDOWS, WINDOWS_32, X86),
        case(WINDOWS, python=X64),
        case(LINUX, workflow=job("windows-latest", setup_python("x86"), "run: python -m build")),
    ],
    "WD21": [case(WINDOWS_ARM, WINDOWS_32, X86), case(WINDOWS_ARM, python=ARM64), case(WINDOWS, python=X86)],
    "WD22": [
        case(MAC, environment={"ARCHFLAGS": "-arch arm64"}),
        case(LINUX, LINUX, environment={"ARCHFLAGS": "-arch arm64"}),
        case(LINUX, environment={"ARCHFLAGS": "-arch arm64 -g"}),
        case("", environment={"ARCHFLAGS": "-arch arm64"}),
        case(LINUX, environment={"ARCHFLAGS": "-arch arm64"}, backend="setuptools-rust"),
    ],
    "WD23": [
        case(MAC, environment={"ARCHFLAGS": value})
        for value in ("-arch x86_64", "-arch arm64 -arch x86_64", "", " ", "-arch arm64 -arch arm64")
    ]
    + [case(LINUX, environment={"ARCHFLAGS": "-arch x86_64 -g"})],
    "WD24": [
        case(MAC, environment={"_PYTHON_HOST_PLATFORM": "macosx-11.0-arm64"}),
        case(MAC, "universal2-apple-darwin", environment={"_PYTHON_HOST_PLATFORM": "macosx-10.9-universal2"}),
        case(MAC, INTEL_MAC, environment={"_PYTHON_HOST_PLATFORM": "macosx-11.0-arm64"}, maturin="==1.6.0"),
        case(WINDOWS, environment={"_PYTHON_HOST_PLATFORM": "win-arm64"}),
        case(MAC, environment={"_PYTHON_HOST_PLATFORM": "plan9-mips"}),
    ],
    "WD25": [
        case(MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "11.0"}),
        case(LINUX, environment={"MACOSX_DEPLOYMENT_TARGET": "11"}),
        case(MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "11"}, backend="setuptools-rust"),
    ],
    "WD26": [
        case(INTEL_MAC, environment={"_PYTHON_HOST_PLATFORM": "macosx-10.12-x86_64"}),
        case(INTEL_MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "10.9"}),
        case(
            MAC, "universal2-apple-darwin", environment={"_PYTHON_HOST_PLATFORM": "macosx-10.12-universal2"}
        ),
        case(INTEL_MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "10.9"}, backend="setuptools"),
        case(MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "11"}, backend="setuptools-rust"),
        case(LINUX, environment={"MACOSX_DEPLOYMENT_TARGET": "10.9"}, backend="setuptools-rust"),
    ],
    "WD27": [
        case(INTEL_MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "13"}, more=deployment("13.0")),
        case(INTEL_MAC, more=deployment("10.12")),
        case(MAC, environment={"MACOSX_DEPLOYMENT_TARGET": "13.0"}, more=deployment("10.12")),
    ],
    "WD28": [
        case(MAC, more={".cargo/config.toml": CONFIG}),
        case(INTEL_MAC, MAC, more={".cargo/config.toml": CONFIG}),
        case(INTEL_MAC, environment={"CARGO_BUILD_TARGET": MAC}, more={".cargo/config.toml": CONFIG}),
        case("", more={".cargo/config.toml": CONFIG}),
        case(INTEL_MAC, more={".cargo/config.toml": CONFIG}, backend="setuptools-rust"),
    ],
    "WD29": [
        case(WINDOWS, WINDOWS_ARM, environment={"VSCMD_ARG_TGT_ARCH": "arm64"}, backend="setuptools-rust"),
        case(WINDOWS, environment={"VSCMD_ARG_TGT_ARCH": "x64"}, backend="setuptools-rust"),
        case(WINDOWS_ARM, environment={"VSCMD_ARG_TGT_ARCH": "arm64"}, backend="setuptools-rust"),
        case(WINDOWS, environment={"VSCMD_ARG_TGT_ARCH": "arm64"}),
    ],
    "WD30": [
        case(
            MAC,
            python=UNIVERSAL,
            backend="setuptools-rust",
            environment={"ARCHFLAGS": "-arch x86_64 -arch arm64"},
        ),
        case(MAC, python=NATIVE_MAC, backend="setuptools-rust"),
        case(MAC, python=UNIVERSAL),
        case(
            MAC,
            python=UNIVERSAL,
            backend="setuptools-rust",
            environment={"_PYTHON_HOST_PLATFORM": "macosx-11.0-arm64"},
        ),
    ],
    "WD31": [
        case(WINDOWS, python=MINGW_PYTHON, pyo3="0.29.2"),
        case(WINDOWS, MINGW, X64, pyo3="0.29.1"),
        case(LINUX, MINGW, pyo3="0.29.1"),
    ],
    "WD32": [
        case(WINDOWS, MINGW, MINGW_PYTHON, maturin="==1.15.0", pyo3="0.29.2", features=ABI3),
        case(WINDOWS, MINGW, MINGW_PYTHON, maturin="==1.14.1", pyo3="0.28.3", features=ABI3),
        case(WINDOWS, MINGW, X64, maturin="==1.14.1", pyo3="0.29.2", features=ABI3),
        case(
            WINDOWS,
            MINGW,
            MINGW_PYTHON,
            {"PYO3_USE_RAW_DYLIB": "0"},
            maturin="==1.14.1",
            pyo3="0.29.2",
            features=ABI3,
        ),
    ],
    "WD33": [
        case(WINDOWS, WINDOWS_32, environment={"PYO3_USE_RAW_DYLIB": "1"}, pyo3="0.29.2"),
        case(WINDOWS, WINDOWS, environment={"PYO3_USE_RAW_DYLIB": "0"}, pyo3="0.29.2"),
        case(WINDOWS, WINDOWS_32, environment={"PYO3_USE_RAW_DYLIB": "0"}, pyo3="0.29.3"),
    ],
    "WD34": [
        case(LINUX, python=FREE_THREADED),
        case(LINUX, python=FREE_THREADED._replace(free_threaded=False), features=ABI3),
        case(LINUX, python=FREE_THREADED, features=["abi3t-py315"]),
    ],
    "WD35": [case(LINUX, features=["abi3", "abi3-py39"]), case(LINUX, features=["abi3-py39", "abi3t-py315"])],
    "WD36": [
        case(LINUX, WINDOWS, maturin="==1.7.0"),
        case(WINDOWS, WINDOWS_ARM, maturin="==1.6.0"),
        case(LINUX, WINDOWS, maturin="==1.6.0", environment={"XWIN_VERSION": "16"}),
    ],
    "WD37": [
        case(ARM_LINUX, "armv7-unknown-linux-gnueabihf", ARM_32),
        case("armv7-unknown-linux-gnueabihf", python=ARM_32),
        case(LINUX, python=FREE_THREADED),
        case(WINDOWS, python=X86),
    ],
    "WD38": [
        case(LINUX),
        case(LINUX, maturin="==1.14.1", more={"Cargo.lock": lock("0.22.6", "0.26.0")}),
    ],
}

BOUNDARIES = [
    # rule, package, last good release before, first bad, last bad, first good release after
    ("WD01", "pyo3", None, "0.13.0", "0.23.3", "0.23.4"),
    ("WD02", "maturin", "1.7.6", "1.7.7", "1.7.7", "1.7.8"),
    ("WD03", "maturin", "1.7.7", "1.7.8", "1.7.8", "1.8.0"),
    ("WD06", "pyo3", None, "0.16.5", "0.23.3", "0.23.4"),
    ("WD07", "maturin", "1.7.8", "1.8.0", "1.13.1", "1.13.2"),
    ("WD07", "pyo3", None, "0.16.0", "0.26.0", "0.27.0"),
    ("WD08", "maturin", "1.9.4", "1.9.5", "1.13.1", "1.13.2"),
    ("WD08", "pyo3", None, "0.16.5", "0.26.0", "0.27.0"),
    ("WD09", "pyo3", "0.22.6", "0.23.0", "0.23.3", "0.23.4"),
    ("WD10", "pyo3", "0.28.3", "0.29.0", "0.29.3", None),
    ("WD11", "pyo3", None, "0.13.0", "0.28.3", "0.29.0"),
    ("WD11", "maturin", "1.7.6", "1.7.7", "1.16.0", None),
    ("WD15", "maturin", None, "0.12.0", "1.9.4", "1.9.5"),
    ("WD16", "maturin", "1.9.4", "1.9.5", "1.9.5", "1.9.6"),
    ("WD17", "maturin", None, "0.12.0", "1.5.1", "1.6.0"),
    ("WD24", "maturin", "1.6.0", "1.7.0", "1.16.0", None),
    ("WD31", "pyo3", "0.28.3", "0.29.0", "0.29.1", "0.29.2"),
    ("WD32", "pyo3", "0.28.3", "0.29.0", "0.29.3", None),
    ("WD32", "maturin", None, "1.9.0", "1.14.1", "1.15.0"),
    ("WD33", "pyo3", "0.29.1", "0.29.2", "0.29.2", "0.29.3"),
    ("WD36", "maturin", "1.5.1", "1.6.0", "1.6.0", "1.7.0"),
    ("WD38", "maturin", "1.14.1", "1.15.0", "1.16.0", None),
]

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
BY_CODE = {rule.code: rule for rule in RULES}


def builds(one: Case, folder: Path) -> tuple[Build, ...]:
    project = read(write(folder, one.files))
    return plan(project, target=one.target, python=one.python, environment=one.environment, machine=one.host)


def said(rule: DoctorRule, one: Case, folder: Path) -> list[Prediction]:
    return [prediction for build in builds(one, folder) for prediction in rule.judge(build)]


def test_the_catalogue_is_whole() -> None:
    """WD01 to WD38 exist, in order, and no name is used twice or by a wheel rule."""
    assert [rule.code for rule in RULES] == [f"WD{number:02}" for number in range(1, 39)]
    names = [rule.name for rule in (*RULES, *WHEEL_RULES)]
    assert len(set(names)) == len(names)


@each_rule
def test_form(rule: DoctorRule) -> None:
    """A name is kebab-case and names the fault, and windows are about known packages."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert not re.match(r"(no|disallow|forbid|check|require|ensure)-", rule.name)
    assert rule.status == "stable"
    assert {window.package for window in rule.windows} <= {"maturin", "pyo3"}
    assert rule.check.__name__ == rule.name.replace("-", "_")


@each_rule
def test_documentation(rule: DoctorRule) -> None:
    """The docstring has a summary of one sentence and all headings, in order, each with text."""
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 110
    assert re.findall(r"^([A-Z][A-Za-z ]+):$", rule.doc, re.MULTILINE) == HEADINGS
    assert all(part.strip() for part in re.split(r"^[A-Z][A-Za-z ]+:$", rule.doc, flags=re.MULTILINE)[1:])


@each_rule
def test_hits(rule: DoctorRule, tmp_path: Path) -> None:
    """Each project that will go wrong gets a prediction, with a sentence and a remedy."""
    assert HITS[rule.code]
    for number, one in enumerate(HITS[rule.code]):
        predictions = said(rule, one, tmp_path / str(number))
        assert predictions, number
        for prediction in predictions:
            assert not prediction.message.endswith(".")
            assert prediction.remedy.endswith(".")
            assert prediction.severity in Severity


@each_rule
def test_clean(rule: DoctorRule, tmp_path: Path) -> None:
    """Each project that will not go wrong gets none."""
    assert CLEAN[rule.code]
    for number, one in enumerate(CLEAN[rule.code]):
        assert said(rule, one, tmp_path / str(number)) == [], number


@each_rule
def test_nothing_is_said_of_what_is_not_known(rule: DoctorRule, tmp_path: Path) -> None:
    """A project that names no version, target or host has no findings."""
    contents = {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "maturin"\n',
        "Cargo.toml": "",
    }
    project = read(write(tmp_path, contents))
    assert [one for build in plan(project, environment={}, machine="") for one in rule.judge(build)] == []
    blank = plan(project, environment={}, machine=LINUX)[0]
    for host, target in ((WINDOWS, ""), ("", WINDOWS_ARM), ("x", "y")):
        assert list(rule.judge(blank._replace(host=host, target=target, explicit=True))) == []


@each_rule
def test_a_good_project_is_clean(rule: DoctorRule, tmp_path: Path) -> None:
    """Builds with the newest releases, for every system in the usual ways, have no findings but notes."""
    workflow = (Path(__file__).parent / "projects" / "workflows" / "maturin.yml").read_text()
    good = case(LINUX, workflow=workflow, features=["abi3-py310"])
    assert [one for one in said(rule, good, tmp_path) if one.severity is not Severity.NOTE] == []


@pytest.mark.parametrize(
    ("code", "package", "before", "first", "last", "behind"),
    BOUNDARIES,
    ids=lambda value: str(value) if value else "-",
)
def test_boundaries(
    code: str, package: str, before: str, first: str, last: str, behind: str, tmp_path: Path
) -> None:
    """The version before a window and the first after it are good. Its first and its last are bad."""
    for version, bad in ((before, False), (first, True), (last, True), (behind, False)):
        if version:
            planned = [
                build._replace(**{package: exact(package, version, "x")})
                for build in builds(HITS[code][0], tmp_path)
            ]
            found = [one for build in planned for one in BY_CODE[code].judge(build)]
            assert bool(found) is bad, version


def test_every_window_has_its_boundaries_tested() -> None:
    """Every window of every rule is in the table above."""
    tested = {(code, package) for code, package, *_ in BOUNDARIES}
    assert {(rule.code, window.package) for rule in RULES for window in rule.windows} <= tested


@pytest.mark.parametrize(
    ("maturin", "severity"),
    [
        ("==1.8.0", "error"),
        (">=1.8,<1.13", "error"),
        (">=1.7,<2", "warning"),
        (">=1.13.2", None),
        ("", "warning"),
    ],
)
def test_ranges(maturin: str, severity: str | None, tmp_path: Path) -> None:
    """An error if every allowed release is bad, a warning if some are, nothing if none is."""
    one = case(LINUX, MINGW, environment=WITH_LIBS, maturin=maturin, pyo3="0.22.6", features=ABI3)
    assert [prediction.severity for prediction in said(BY_CODE["WD07"], one, tmp_path)] == [severity] * bool(
        severity
    )


def test_a_range_that_is_bad_from_some_release_on(tmp_path: Path) -> None:
    """On Windows without PYO3_CROSS_LIB_DIR, maturin 1.8.0 to 1.9.4 are good, so a range with them gets a warning."""
    for maturin, severity in ((">=1.8,<1.13", Severity.WARNING), (">=1.9.5,<1.13", Severity.ERROR)):
        one = case(WINDOWS, WINDOWS_ARM, maturin=maturin, pyo3="0.26.0", features=GENERATING)
        assert [each.severity for each in said(BY_CODE["WD08"], one, tmp_path)] == [severity]


def test_evidence(tmp_path: Path) -> None:
    """A prediction says which release is asked for in which file, which are bad, and whether the newest is bad."""
    one = case(LINUX, MINGW, environment=WITH_LIBS, maturin=">=1.7,<2", pyo3="0.22.6", features=ABI3)
    (prediction,) = said(BY_CODE["WD07"], one, tmp_path)
    assert prediction.evidence == {
        "maturin": ">=1.7,<2 in pyproject.toml",
        "pyo3": "0.22.6 in Cargo.lock",
        "affected": "maturin >= 1.8.0, < 1.13.2 (not 1.16.0, the newest allowed); pyo3 < 0.27.0",
    }
    assert prediction.source == "pyproject.toml"


HEADLINE = {
    # generate-import-lib, -i, maturin, pyo3: the rules that predict a fault, on x64 Windows for ARM64 with abi3.
    # Source: docs/facts/build-tools.md, "Known-bad builds" (WD01, WD08, WD11)
    (True, False, "1.9.6", "0.26.0"): {"WD08"},
    (True, True, "1.9.6", "0.26.0"): {"WD08"},
    (False, False, "1.9.6", "0.26.0"): {"WD11"},
    (False, True, "1.9.6", "0.26.0"): {"WD11"},
    (False, True, "1.13.2", "0.26.0"): {"WD11"},
    (False, True, "1.9.6", "0.28.3"): {"WD11"},
    (False, False, "1.9.5", "0.26.0"): {"WD11"},
    (True, False, "1.9.4", "0.26.0"): set(),
    (True, True, "1.13.2", "0.26.0"): set(),
    (True, True, "1.9.6", "0.27.0"): set(),
    (False, True, "1.9.6", "0.29.3"): set(),
    (False, False, "1.9.6", "0.22.6"): {"WD01", "WD11"},
    (False, True, "1.8.3", "0.22.6"): {"WD01"},
}


@pytest.mark.parametrize(
    ("given", "codes"), HEADLINE.items(), ids=lambda value: str(value) if isinstance(value, tuple) else ""
)
def test_the_headline_case(given: tuple[bool, bool, str, str], codes: set[str], tmp_path: Path) -> None:
    """An ARM64 wheel for the stable ABI from an x64 runner fails in one way, or in none."""
    generating, interpreter, maturin, pyo3 = given
    workflow = action("windows-latest", "aarch64", args="-i python3.12" if interpreter else "--release")
    features = GENERATING if generating else ABI3
    one = case(LINUX, workflow=workflow, maturin=f"=={maturin}", pyo3=pyo3, features=features)
    found = {
        rule.code
        for rule in RULES
        for each in said(rule, one, tmp_path)
        if each.severity is not Severity.NOTE
    }
    assert found == codes


def raised(one: Case, environment: Mapping[str, str] = {}, **changes: Any) -> Case:
    """Return the same build with other releases or features, and more variables."""
    return one._replace(
        files={**files(**changes), **{name: one.files[name] for name in one.files if ".github" in name}},
        environment={**one.environment, **environment},
    )


def worse(one: Case, folder: Path) -> list[str]:
    return [
        f"{rule.code}: {each.message}"
        for rule in RULES
        for each in said(rule, one, folder)
        if each.severity is not Severity.NOTE
    ]


SWAP_1_8, SWAP_1_9 = case(WINDOWS, WINDOWS_ARM, **ON_1_8), case(WINDOWS, WINDOWS_ARM, **ON_1_9)
GENERATED = case(WINDOWS, WINDOWS_ARM, maturin="==1.9.6", pyo3="0.26.0", features=GENERATING)
BY_LIBS = case(LINUX, WINDOWS, environment=WITH_LIBS, **ON_1_8)
NEWER = {"maturin": ">=1.13.2"}
REMEDIES = [
    # rule, the project before, what its remedy says, the project after
    ("WD01", SWAP_1_8, "Upgrade pyo3 to 0.29.0", raised(SWAP_1_8, maturin="==1.8.3", pyo3="0.29.0", features=ABI3)),
    ("WD01", SWAP_1_8, "require maturin>=1.13.2, enable the feature generate-import-lib and either upgrade pyo3",
     raised(SWAP_1_8, pyo3="0.23.4", features=GENERATING, **NEWER)),
    ("WD01", SWAP_1_8, "or set PYO3_CROSS=1",
     raised(SWAP_1_8, {"PYO3_CROSS": "1"}, pyo3="0.22.6", features=GENERATING, **NEWER)),
    ("WD02", case(WINDOWS, WINDOWS_ARM, maturin="==1.7.7", pyo3="0.26.0"),
     "Require maturin>=1.8.0, and upgrade pyo3 to 0.29.0",
     case(WINDOWS, WINDOWS_ARM, maturin=">=1.8.0", pyo3="0.29.0")),
    ("WD03", case(LINUX, WINDOWS, maturin="==1.7.8", pyo3="0.26.0"),
     "Require maturin>=1.8.0, and upgrade pyo3 to 0.29.0", case(LINUX, WINDOWS, maturin=">=1.8.0", pyo3="0.29.0")),
    ("WD03", case(LINUX, WINDOWS, maturin="==1.7.8", pyo3="0.29.0"), "Require maturin>=1.8.0;",
     case(LINUX, WINDOWS, maturin=">=1.8.0", pyo3="0.29.0")),
    ("WD06", SWAP_1_8._replace(environment={"MATURIN_USE_XWIN": "1"}), "Upgrade pyo3 to 0.29.0",
     raised(SWAP_1_8, maturin="==1.8.3", pyo3="0.29.0", features=ABI3)),
    ("WD07", BY_LIBS, "Upgrade pyo3 to 0.27.0", raised(BY_LIBS, maturin="==1.8.3", pyo3="0.27.0", features=ABI3)),
    ("WD07", BY_LIBS, "require maturin>=1.13.2", raised(BY_LIBS, pyo3="0.22.6", features=ABI3, **NEWER)),
    ("WD07", BY_LIBS, "instead of PYO3_CROSS_LIB_DIR",
     BY_LIBS._replace(environment={"PYO3_CONFIG_FILE": "/config"})),
    ("WD08", GENERATED, "Upgrade pyo3 to 0.27.0",
     raised(GENERATED, maturin="==1.9.6", pyo3="0.27.0", features=GENERATING)),
    ("WD08", GENERATED, "require maturin>=1.13.2", raised(GENERATED, pyo3="0.26.0", features=GENERATING, **NEWER)),
    ("WD08", GENERATED, "PYO3_CONFIG_FILE", GENERATED._replace(environment={"PYO3_CONFIG_FILE": "/config"})),
    ("WD11", SWAP_1_9, "Upgrade pyo3 to 0.29.0", raised(SWAP_1_9, maturin="==1.9.6", pyo3="0.29.0", features=ABI3)),
    ("WD11", SWAP_1_9, "enable its feature generate-import-lib and upgrade it to 0.27.0",
     raised(SWAP_1_9, maturin="==1.9.6", pyo3="0.27.0", features=GENERATING)),
    ("WD11", case(LINUX, WINDOWS, maturin="==1.9.6", pyo3="0.22.6"), "enable its feature generate-import-lib.",
     case(LINUX, WINDOWS, maturin="==1.9.6", pyo3="0.22.6", features=["generate-import-lib"])),
    ("WD16", case(WINDOWS_ARM, WINDOWS_32, maturin="==1.9.5", pyo3="0.26.0"), "and upgrade pyo3 to 0.29.0",
     case(WINDOWS_ARM, WINDOWS_32, maturin=">=1.9.6", pyo3="0.29.0")),
    ("WD18", case(MAC, python=ROSETTA, maturin="==1.5.1"), f"Pass --target {INTEL_MAC}",
     case(MAC, INTEL_MAC, ROSETTA, maturin="==1.5.1")),
    ("WD20", case(WINDOWS, python=X86, maturin="==1.9.5"), "require maturin>=1.9.6",
     case(WINDOWS, WINDOWS_32, X86, maturin=">=1.9.6")),
    ("WD29", case(WINDOWS, environment={"VSCMD_ARG_TGT_ARCH": "arm64"}, backend="setuptools-rust", pyo3="0.22.6"),
     "upgrade pyo3 to 0.29.0",
     case(WINDOWS, environment={"VSCMD_ARG_TGT_ARCH": "arm64", "CARGO_BUILD_TARGET": WINDOWS_ARM},
          backend="setuptools-rust", pyo3="0.29.0")),
    ("WD32", case(WINDOWS, MINGW, MINGW_PYTHON, maturin="==1.14.1", pyo3="0.29.2", features=ABI3),
     "PYO3_USE_RAW_DYLIB=0 with pyo3 0.29.3",
     case(WINDOWS, MINGW, MINGW_PYTHON, {"PYO3_USE_RAW_DYLIB": "0"}, maturin="==1.14.1", pyo3="0.29.3", features=ABI3)),
    ("WD36", case(LINUX, WINDOWS, maturin="==1.6.0", pyo3="0.26.0"), "and upgrade pyo3 to 0.29.0",
     case(LINUX, WINDOWS, maturin=">=1.8.0", pyo3="0.29.0")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "before", "advice", "behind"), REMEDIES)
def test_no_remedy_leads_into_another_bad_build(
    code: str, before: Case, advice: str, behind: Case, tmp_path: Path
) -> None:
    """If an alternative in a remedy is applied to the project, only notes are left."""
    assert any(advice in one.remedy for one in said(BY_CODE[code], before, tmp_path / "before"))
    assert worse(behind, tmp_path / "behind") == []


def test_a_remedy_leaves_out_what_would_not_mend(tmp_path: Path) -> None:
    """Between x64 and ARM64, a newer maturin alone leads an old PyO3 to WD01, and -i would be overridden."""
    old = case(WINDOWS, WINDOWS_ARM, maturin="==1.9.6", pyo3="0.22.6", features=GENERATING)
    (prediction,) = said(BY_CODE["WD08"], old, tmp_path / "a")
    assert "maturin" not in prediction.remedy
    with_i = case(LINUX, workflow=named("3.12"), maturin="==1.9.6", pyo3="0.26.0", features=GENERATING)
    (prediction,) = said(BY_CODE["WD08"], with_i, tmp_path / "b")
    assert "instead of -i" in prediction.remedy
    native = case(LINUX, environment={"MATURIN_USE_XWIN": "yes"})
    (prediction,) = said(BY_CODE["WD04"], native, tmp_path / "c")
    assert prediction.remedy == "Unset MATURIN_USE_XWIN."


@pytest.mark.parametrize(
    ("code", "one"),
    [
        ("WD02", case(WINDOWS, WINDOWS_ARM, maturin="==1.7.7", features=ABI3)),
        ("WD16", case(WINDOWS, WINDOWS_32, maturin="==1.9.5")),
        ("WD37", case(ARM_LINUX, python=ARM_32)),
    ],
)
def test_no_wheel_is_promised_where_none_goes_wrong(code: str, one: Case, tmp_path: Path) -> None:
    """A build that stops and a build that makes a correct wheel leave nothing for a wheel rule to find."""
    (prediction,) = said(BY_CODE[code], one, tmp_path)
    assert not (prediction.in_wheel and BY_CODE[code].shows)


def test_older_linkers_make_a_warning(tmp_path: Path) -> None:
    """Up to maturin 1.7.6, lld-link decides, so WD01 is not a certain failure."""
    one = case(WINDOWS, WINDOWS_ARM, maturin="==1.7.6", pyo3="0.22.6", features=ABI3)
    assert [prediction.severity for prediction in said(BY_CODE["WD01"], one, tmp_path)] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("maturin", "remark"),
    [
        (">=1.0,<2", "maturin 1.16.0, the newest allowed, fails for certain"),
        ("<1.7", None),
        ("==1.8.3", None),
    ],
)
def test_the_newest_release_of_a_range(maturin: str, remark: str | None, tmp_path: Path) -> None:
    """If only the oldest releases of a range may succeed, a remark says that the newest does not."""
    one = case(WINDOWS, WINDOWS_ARM, maturin=maturin, pyo3="0.22.6", features=ABI3)
    (prediction,) = said(BY_CODE["WD01"], one, tmp_path)
    assert prediction.evidence.get("remark") == remark


PYO3_CONFIGS = [
    ("abi3=true\nlib_name=python312\n", WINDOWS, ABI3, "lib_name=python312", "error"),
    ("abi3=false\nlib_name=python312\n", WINDOWS, ABI3, "abi3=false", "error"),
    ("abi3=true\nlib_name=python3\npointer_width=32\n", WINDOWS, ABI3, "pointer_width=32", "error"),
    ("abi3=true\nlib_name=python3\npointer_width=64\n", WINDOWS, ABI3, "overrides", "note"),
    ("abi3=true\nlib_name=python3.12\n", LINUX, ABI3, "overrides", "note"),
    ("abi3=true\nlib_name=python3.12\n", MINGW, ABI3, "will import libpython3.12.dll", "error"),
    ("abi3=true\nversion=3.8\nlib_name=python3\n", WINDOWS, ABI3, "version=3.8", "error"),
    ("abi3=true\nversion=3.12\nlib_name=python3\n", WINDOWS, ABI3, "overrides", "note"),
    ("target_abi=cp312\nlib_name=python312\n", WINDOWS, ABI3, "target_abi=cp312", "error"),
    ("target_abi=abi3\nlib_name=python312\n", WINDOWS, ABI3, "lib_name=python312", "error"),
    ("", WINDOWS, ABI3, "does not exist, or has no settings", "error"),
]


@pytest.mark.parametrize(("text", "target", "features", "message", "severity"), PYO3_CONFIGS)
def test_pyo3_configurations(
    text: str, target: str, features: list[str], message: str, severity: str, tmp_path: Path
) -> None:
    """What PYO3_CONFIG_FILE says is compared with the target."""
    path = tmp_path / "config.txt"
    path.write_text(text)
    from wheelarch.doctor.predict import builds as all_builds
    from wheelarch.doctor.predict import examine

    root = write(tmp_path / "p", files(features=features))
    planned = all_builds(root, host=LINUX, target=target, environ={"PYO3_CONFIG_FILE": str(path)})
    found = [one for build in planned for one in BY_CODE["WD13"].judge(build)]
    assert [(message in one.message, one.severity) for one in found] == [(True, severity)]
    # Only a module that imports the wrong DLL is left for a wheel rule to find.
    findings = examine(root, planned, [BY_CODE["WD13"]]).findings
    shown = [finding.evidence.get("a wheel would show") for finding in findings]
    assert shown == ["WA301" if "DLL load failed" in found[0].consequence else None]


WHEEL_CODES = {rule.code for rule in WHEEL_RULES}


def test_wheel_rules_and_the_doctor_name_each_other() -> None:
    """The wheel rules that find a known-bad build name the doctor's rules that predict it, and back."""
    assert find("WA301").predicted_by == ("WD07", "WD13")
    assert find("WA303").predicted_by == find("WA304").predicted_by == ("WD09",)
    assert find("WA801").predicted_by == ("WD17", "WD18", "WD19", "WD23", "WD37")
    assert find("WA001").predicted_by == ()
    for rule in RULES:
        assert set(rule.shows) <= WHEEL_CODES
        assert all(rule.code in find(code).predicted_by for code in rule.shows)
    assert {code for one in WHEEL_RULES for code in one.predicted_by} <= {rule.code for rule in RULES}
