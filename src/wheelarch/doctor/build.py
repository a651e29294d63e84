"""A build: one known combination of host, target, tools, environment and interpreters.

The doctor's rules judge builds. An empty field is not known, and no rule guesses it.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import UsageError
from ..interpreter.triples import of_platform, of_tag, of_triple
from .versions import Versions, Window, exposure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .project import Project

__all__ = ["HERE", "Build", "Python", "arch", "host_triple", "system", "triple_of"]

HERE = "here"
"""The value of `Build.where` for a build on this machine, in its environment."""


class Python(NamedTuple):
    """What is known about an interpreter that a build uses."""

    implementation: str = ""
    """`cpython`, `pypy`, `graalpy`."""
    version: str = ""
    """`3.13`."""
    free_threaded: bool | None = None
    platform: str = ""
    """`sysconfig.get_platform()`: `win-amd64`, `macosx-11.0-universal2`."""
    arch: str = ""
    """The architecture that its process runs as, named as in `wheelarch.model.Machine`."""
    bits: int = 0
    """The width of its pointers."""


class Build(NamedTuple):
    """One build of the project."""

    project: Project
    where: str
    """`here`, or the workflow file and its job."""
    host: str
    """The triple of the rustc that builds."""
    target: str
    """The triple to build for; `universal2-apple-darwin` for both kinds of Mac."""
    named_by: str
    """What names the target: `--target`, `CARGO_BUILD_TARGET`, `.cargo/config.toml`, `the host`, ..."""
    explicit: bool
    """Whether `--target` or CARGO_BUILD_TARGET gives the target to the build tool; True if that is not known."""
    tool: str
    """`maturin`, `setuptools-rust`, or the build backend."""
    frontend: str
    """`build` for maturin's own command, `pep517` for pip and other frontends; empty if both are possible."""
    maturin: Versions | None
    pyo3: Versions | None
    features: frozenset[str]
    """The features of pyo3 that are on."""
    environment: Mapping[str, str | None]
    """The environment variables; None for a value that is not known."""
    pythons: tuple[Python, ...] = ()
    interpreter_named: bool = False
    """Whether `-i` names interpreters for maturin."""
    pyo3_config: Mapping[str, str] | None = None
    """The settings in the file that PYO3_CONFIG_FILE names: empty if it does not exist, None if it was not read."""

    def variable(self, name: str) -> str | None:
        """Return the value of an environment variable; None if it is not set or its value is not known."""
        return self.environment.get(name)

    def hands_pyo3(self, *names: str) -> bool:
        """Return whether PyO3's build script sees one of these variables, including those of Cargo's `[env]`."""
        return any(name in self.environment or name in dict(self.project.cargo_environment) for name in names)

    def pyo3_variable(self, name: str) -> str | None:
        """Return the value of a variable as PyO3's build script sees it; None if it is not set or not known."""
        if name in self.environment:
            return self.environment[name]
        return dict(self.project.cargo_environment).get(name)

    @property
    def told_cross(self) -> bool:
        """Whether a variable makes PyO3 cross-compile, whatever the triples are."""
        return self.hands_pyo3(
            "PYO3_CROSS",
            "PYO3_CROSS_LIB_DIR",
            "PYO3_CROSS_PYTHON_VERSION",
            "PYO3_CROSS_PYTHON_IMPLEMENTATION",
        )

    @property
    def abi3(self) -> bool:
        """Whether a feature of pyo3 selects abi3, the stable ABI of Pythons with the GIL."""
        return any(feature == "abi3" or feature.startswith("abi3-") for feature in self.features)

    @property
    def generates_import_library(self) -> bool:
        """Whether pyo3 generates the import library for Windows itself."""
        return not {"generate-import-lib", "generate-abi3-import-lib"}.isdisjoint(self.features)

    @property
    def for_windows(self) -> bool:
        """Whether the target is Windows, with MSVC or MinGW."""
        return system(self.target) in _WINDOWS

    @property
    def on_windows(self) -> bool:
        """Whether the host is Windows."""
        return system(self.host) in _WINDOWS

    @property
    def cross(self) -> bool:
        """Whether maturin treats the build as a cross build; False if a triple is not known.

        Source: maturin, src/cross_compile.rs.
        """
        if not self.host or not self.target or self.host == self.target:
            return False
        if system(self.target) == "ios" or system(self.host) == system(self.target) == "macos":
            return False
        if self.on_windows and self.for_windows:
            pair = (arch(self.host), arch(self.target))
            if pair == ("x86_64", "x86") or pair[0] == pair[1]:
                return False
            return pair != ("arm64", "x86_64") or bool(
                exposure(self.maturin, Window("maturin", "", "1.12.3"))
            )
        return True

    @property
    def cross_for_pyo3(self) -> bool:
        """Whether the triples make PyO3 treat the build as a cross build; False if one is not known.

        A different libc or compiler on the same system and architecture does not make a cross build.

        Source: pyo3-build-config, is_cross_compiling_from_to, from 0.23.4 on.
        """
        if not self.host or not self.target or system(self.target) == "ios":
            return False
        systems = [system(self.host), system(self.target)]
        if systems == ["macos", "macos"]:
            return False
        machines = (arch(self.host), arch(self.target))
        if self.on_windows and self.for_windows:
            return machines[0] != machines[1] and machines != ("x86_64", "x86")
        return systems[0] != systems[1] or machines[0] != machines[1]

    @property
    def swaps_windows_arch(self) -> bool:
        """Whether x64 Windows builds for ARM64 Windows with MSVC, or the reverse."""
        return (
            self.on_windows
            and system(self.target) == "windows"
            and {arch(self.host), arch(self.target)} == {"x86_64", "arm64"}
        )

    def __str__(self) -> str:
        target = self.target or "an unknown target"
        tool = self.tool or "an unknown build tool"
        if self.tool == "maturin" and self.maturin:
            tool = str(self.maturin)
        on = f"on {self.host}" if self.host else "on an unknown host"
        return f"{target} with {tool} {on} ({self.where})"


_WINDOWS = ("windows", "mingw")


def system(triple: str) -> str:
    """Return the system of a triple, as in `Platform.system`; empty for an unknown triple."""
    platform = of_triple(triple)
    return platform.system if platform else ""


def arch(triple: str) -> str:
    """Return the architecture of a triple, as in `Platform.arch`; empty for universal2 and unknown triples."""
    platform = of_triple(triple)
    return platform.arch if platform else ""


def host_triple() -> str:
    """Return the triple of this machine's native rustc; empty if it is not known."""
    import platform
    import sys

    machine = platform.machine().lower()
    if sys.platform == "win32":
        name = {"amd64": "win-amd64", "arm64": "win-arm64", "x86": "win32"}.get(machine, "")
    else:
        name = f"{'macosx' if sys.platform == 'darwin' else sys.platform}-{machine}"
    found = of_platform(name)
    return found.triple if found else ""


def triple_of(text: str) -> str:
    """Return the triple that a triple, a platform tag or a whole wheel tag names.

    Raises:
        UsageError: The text names no known triple.
    """
    if of_triple(text):
        return text
    found = of_tag(text.rpartition("-")[2])
    if not found:
        raise UsageError(
            f"{text!r} is not a known Rust triple or wheel tag; write e.g. x86_64-apple-darwin or win_arm64"
        )
    return found[0].triple
