"""WD12 to WD14, WD34, WD35 and WD38: settings of PyO3 that contradict each other or the build."""

from __future__ import annotations

import re

from ..._lib.typed import TYPE_CHECKING
from ...interpreter.triples import of_triple
from ...model import Severity
from ..build import Build, system
from ..versions import Window
from ._base import Prediction, predicts

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ambiguous_pyo3",
    "forced_cross",
    "foreign_pyo3_config",
    "ignored_environments",
    "several_abi3_floors",
    "stable_abi_with_free_threading",
]


def _uses_pyo3(build: Build) -> bool:
    crate = build.project.crate
    return build.pyo3 is not None or bool(crate and crate.names)


@predicts("WD12", "forced-cross", Severity.WARNING, tools=())
def forced_cross(build: Build) -> Iterator[Prediction]:
    """PYO3_CROSS is set, but the build is a native one.

    What it does:
        Looks for PYO3_CROSS, with any value, in a build that is not a cross build to PyO3: host and target have the
        same system and architecture (the libc and the compiler may differ), both are Macs, or x64 Windows builds for
        32-bit Windows.

    Why it is bad:
        PyO3 checks whether the variable is set, and never its value: `PYO3_CROSS=0` forces a cross build too.

    Example:
        `PYO3_CROSS_PYTHON_VERSION or an abi3-py3* feature must be specified when cross-compiling and
        PYO3_CROSS_LIB_DIR is not set.`

    How to fix:
        Unset it.

    Known limits:
        With a stable-ABI feature the build may still succeed.

    References:
        PyO3, pyo3-build-config, CrossCompileEnvVars; docs/facts/build-tools.md, "How PyO3 chooses the Python".
    """
    if (
        _uses_pyo3(build)
        and build.hands_pyo3("PYO3_CROSS")
        and build.host
        and build.target
        and not build.cross_for_pyo3
    ):
        yield Prediction(
            message="PYO3_CROSS forces a cross build, whatever its value is",
            remedy="Unset PYO3_CROSS.",
            consequence=""
            if build.abi3
            else "no wheel: PYO3_CROSS_PYTHON_VERSION or an abi3-py3* feature must be specified when cross-compiling",
        )


@predicts("WD13", "foreign-pyo3-config", Severity.ERROR, tools=())
def foreign_pyo3_config(build: Build) -> Iterator[Prediction]:
    """PYO3_CONFIG_FILE overrides all other settings, and may not fit the build.

    What it does:
        Looks for a path that is not absolute. For a build on this machine it also reads the file, and looks for a file
        that does not exist, a library of one version with `abi3=true` (or with `target_abi` of the stable ABI), the
        reverse with a stable-ABI feature, a version below that of the feature, and a pointer width other than the
        target's. If nothing contradicts the build, the finding is a warning if the file overrides other settings, and
        otherwise a note.

    Why it is bad:
        The file overrides PYO3_CROSS*, PYO3_PYTHON and maturin's `-i`, and no tool compares it with the target.

    Example:
        `abi3=true` and `lib_name=python312` for Windows: the wheel is tagged abi3 and imports python312.dll.

    How to fix:
        Write the values of the target into the file (`lib_name=python3` for the stable ABI), or unset the variable.

    Known limits:
        The file of a workflow is not read, because it is made on the runner.

    References:
        PyO3 guide, "Building and distribution"; pyo3-build-config, InterpreterConfig; docs/facts/build-tools.md, "How
        PyO3 chooses the Python", "Known-bad builds" (WD13).
    """
    if not _uses_pyo3(build) or not build.hands_pyo3("PYO3_CONFIG_FILE"):
        return
    path = build.pyo3_variable("PYO3_CONFIG_FILE")
    if path is not None and not re.match(r"/|\\\\|[A-Za-z]:[\\/]", path):
        yield Prediction(
            message=f"PYO3_CONFIG_FILE={path} is not an absolute path",
            remedy="Give PYO3_CONFIG_FILE an absolute path, or unset it.",
            consequence="no wheel: PyO3's build script stops",
            in_wheel=False,
        )
        return
    clashes = list(_clashes(build))
    for message, remedy, consequence, in_wheel in clashes:
        yield Prediction(message, remedy, consequence, in_wheel=in_wheel)
    if not clashes:
        overridden = [
            name for name in ("PYO3_CROSS", "PYO3_CROSS_LIB_DIR", "PYO3_PYTHON") if build.hands_pyo3(name)
        ]
        overridden += ["-i"] if build.interpreter_named else []
        yield Prediction(
            message=f"PYO3_CONFIG_FILE overrides {', '.join(overridden) or 'what the build tool detects'}",
            remedy="Unset PYO3_CONFIG_FILE, or what it overrides.",
            severity=Severity.WARNING if overridden else Severity.NOTE,
            in_wheel=False,
        )


_NOT_FOUND = "ImportError: DLL load failed while importing: The specified module could not be found."


def _clashes(build: Build) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the message, remedy and consequence of each contradiction, and whether a finished wheel has it."""
    config = build.pyo3_config
    if config is None:
        return
    if not config:
        yield (
            f"PYO3_CONFIG_FILE={build.pyo3_variable('PYO3_CONFIG_FILE')} does not exist, or has no settings",
            "Write the file, or unset PYO3_CONFIG_FILE.",
            "no wheel: PyO3's build script stops",
            False,
        )
        return
    library, width = config.get("lib_name", ""), config.get("pointer_width", "")
    # From PyO3 0.29 on, a configuration may have target_abi instead of abi3.
    key = "target_abi" if "target_abi" in config else "abi3"
    said = config.get(key, "false")
    stable = said.lower() == "true" or "abi3" in said.lower()
    gnu = system(build.target) == "mingw"
    if build.for_windows and stable and re.fullmatch(r"(lib)?python3\.?[0-9]+t?", library):
        dll = f"{'lib' if gnu and '.' in library and not library.startswith('lib') else ''}{library}.dll"
        yield (
            f"PYO3_CONFIG_FILE says {key}={said} and lib_name={library}: the module will import {dll}",
            "Set lib_name=python3 in the file.",
            _NOT_FOUND,
            True,
        )
    if build.for_windows and not stable and build.abi3:
        yield (
            f"PYO3_CONFIG_FILE says {key}={said}, but a feature of pyo3 asks for the stable ABI",
            f"Set {'abi3=true' if key == 'abi3' else 'the stable ABI in target_abi'} and lib_name=python3 in the file.",
            _NOT_FOUND,
            True,
        )
    version = re.fullmatch(r"3\.([0-9]{1,3})", config.get("version", ""))
    floors = [int(name[8:]) for name in build.features if re.fullmatch(r"abi3-py3[0-9]{1,2}", name)]
    if version and floors and int(version[1]) < min(floors):
        yield (
            f"PYO3_CONFIG_FILE says version={version[0]}, but the feature abi3-py3{min(floors)} needs a newer one",
            f"Set version=3.{min(floors)} in the file, or lower the feature.",
            "no wheel: cannot set a minimum Python version higher than the interpreter version",
            False,
        )
    platform = of_triple(build.target)
    if platform and re.fullmatch(r"[0-9]{1,3}", width) and int(width) != platform.bits:
        yield (
            f"PYO3_CONFIG_FILE says pointer_width={width}, but {build.target} has {platform.bits}",
            f"Set pointer_width={platform.bits} in the file.",
            "no wheel: your Rust target architecture does not match your python interpreter",
            False,
        )


@predicts("WD14", "ignored-environments", Severity.WARNING, tools=())
def ignored_environments(build: Build) -> Iterator[Prediction]:
    """VIRTUAL_ENV and CONDA_PREFIX are both set, and PyO3 ignores both.

    What it does:
        Looks for both variables with different values, if PYO3_PYTHON is not set.

    Why it is bad:
        PyO3's build script then uses the first `python` on PATH, which may be a third one.

    Example:
        A virtual environment that is activated inside conda's base environment.

    How to fix:
        Deactivate one of them, or set PYO3_PYTHON.

    Known limits:
        maturin and setuptools-rust set PYO3_PYTHON for interpreters that they can run; a plain `cargo build` does not.

    References:
        PyO3, pyo3-build-config, get_env_interpreter; maturin issue 1879; docs/facts/build-tools.md, "How PyO3 chooses
        the Python".
    """
    values = [build.environment.get(name) for name in ("VIRTUAL_ENV", "CONDA_PREFIX")]
    if _uses_pyo3(build) and all(values) and values[0] != values[1] and not build.hands_pyo3("PYO3_PYTHON"):
        yield Prediction(
            message="VIRTUAL_ENV and CONDA_PREFIX are both set, so PyO3 ignores both",
            remedy="Unset one of them, or set PYO3_PYTHON.",
            consequence="a build for the first python on PATH",
        )


@predicts("WD34", "stable-abi-with-free-threading", Severity.NOTE, tools=())
def stable_abi_with_free_threading(build: Build) -> Iterator[Prediction]:
    """A stable-ABI feature has no effect for a free-threaded interpreter.

    What it does:
        Looks for a stable-ABI feature and a free-threaded Python among the interpreters.

    Why it is bad:
        Free-threaded Python has no abi3: the wheel is for that version only.

    Example:
        `abi3-py39` and `-i 3.14t` make a wheel that is tagged `cp314-cp314t`.

    How to fix:
        Change nothing if this is intended. For Python 3.15 and later, use abi3t (maturin >= 1.14, pyo3 >= 0.29).

    Known limits:
        Interpreters that maturin finds by itself are not known in advance.

    References:
        PEP 703, PEP 803.
    """
    free = next((one for one in build.pythons if one.free_threaded), None)
    if free and build.abi3:
        yield Prediction(
            message=f"the wheel for Python {free.version}t will be for that version only, not abi3",
            remedy="Change nothing if this is intended; for 3.15 and later enable abi3t-py315 of pyo3 >= 0.29.",
        )


@predicts("WD35", "several-abi3-floors", Severity.NOTE, tools=())
def several_abi3_floors(build: Build) -> Iterator[Prediction]:
    """Several abi3-py3X features are on, and the lowest wins.

    What it does:
        Looks for more than one `abi3-py3X` among the features of pyo3.

    Why it is bad:
        The other features promise a higher minimum version, and more of the API, than the build gets.

    Example:
        `abi3-py38` in Cargo.toml and `pyo3/abi3-py310` in `[tool.maturin] features`: the wheel is `cp38-abi3`.

    How to fix:
        Keep one.

    Known limits:
        Features that other crates in the dependency tree turn on are not seen.

    References:
        PyO3, "Features reference"; docs/facts/build-tools.md, "Known-bad builds" (WD35).
    """
    named = [feature for feature in build.features if re.fullmatch(r"abi3-py3[0-9]{1,2}", feature)]
    floors = sorted((int(feature.removeprefix("abi3-py3")), feature) for feature in named)
    if len(floors) > 1:
        yield Prediction(
            message=f"of the features {', '.join(name for _, name in floors)}, only the lowest has an effect",
            remedy=f"Keep one of them. Now the wheel will be built for {floors[0][1]}.",
            source=build.project.crate.source if build.project.crate else "",
        )


@predicts("WD38", "ambiguous-pyo3", Severity.NOTE, windows=(Window("maturin", "1.15.0"),))
def ambiguous_pyo3(build: Build) -> Iterator[Prediction]:
    """Cargo.lock has several versions of pyo3, and newer releases of maturin may not know which one to use.

    What it does:
        Looks for more than one version of pyo3 in Cargo.lock, with a maturin after 1.14.1.

    Why it is bad:
        Two versions cannot both be the bindings of one module.

    Example:
        `ambiguous bindings crate`.

    How to fix:
        Move all crates to one version of pyo3; `cargo tree -d` shows which crate needs which version.

    Known limits:
        A version that no crate of the wheel uses does no harm, but is reported too.

    References:
        maturin, src/bridge/detection.rs after 1.14.1; docs/facts/build-tools.md, "Known-bad builds" (WD38).
    """
    locked = sorted(set(build.project.pyo3_locked))
    if len(locked) > 1:
        yield Prediction(
            message=f"pyo3 is locked in several versions: {' and '.join(locked)}",
            remedy="Move all crates to one version of pyo3: cargo tree -d shows which crate needs which version.",
            consequence="no wheel: ambiguous bindings crate",
            source="Cargo.lock",
        )
