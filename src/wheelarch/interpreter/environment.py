"""The environment in which build tools build for an interpreter, also as text for shells and for Cargo."""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple
from .triples import UNIVERSAL2, Platform
from .wanted import read_version, version_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .probe import Interpreter

__all__ = [
    "RUST_FLOORS",
    "Variable",
    "archflags",
    "as_cargo",
    "as_powershell",
    "as_sh",
    "build_environment",
    "deployment_target",
    "unwanted",
]


class Variable(NamedTuple):
    """One environment variable of a build."""

    name: str
    value: str
    readers: str
    """The tools that read it."""


_MISLEADING = (
    "PYO3_CONFIG_FILE",
    "PYO3_CROSS",
    "PYO3_CROSS_LIB_DIR",
    "PYO3_CROSS_PYTHON_IMPLEMENTATION",
    "PYO3_CROSS_PYTHON_VERSION",
    "PYO3_NO_PYTHON",
    "_PYTHON_SYSCONFIGDATA_NAME",
)
"""Variables that make PyO3, maturin or sysconfig use something else than the interpreter."""

_CIBW_ARCHS = {"win32": "x86", "win_amd64": "AMD64", "win_arm64": "ARM64", "pyemscripten_wasm32": "wasm32"}
_VSCMD_ARCH = {"x86": "x86", "x86_64": "x64", "arm64": "arm64", "arm": "arm"}
_CMAKE_PLATFORM = {"x86": "Win32", "x86_64": "x64", "arm64": "ARM64", "arm": "ARM"}
_CIBW_PLATFORMS = {
    "windows": "WINDOWS", "macos": "MACOS", "linux": "LINUX", "ios": "IOS", "android": "ANDROID", "wasm": "PYODIDE"
}  # fmt: skip
RUST_FLOORS = {"x86_64": (10, 12), "arm64": (11, 0), "": (10, 12)}
"""The lowest macOS of rustc since 1.74. rustc raises a lower deployment target, but the tag of the wheel stays low.

Source: docs/facts/build-tools.md, "Deployment targets".
"""


def archflags(value: str, tool: str = "maturin") -> tuple[str, ...]:
    """Return which of arm64 and x86_64 a build tool takes out of ARCHFLAGS, sorted, each once.

    maturin splits the text at `-arch` and looks for the two names among the parts, so it finds neither in
    `-arch x86_64 -g`. For setuptools-rust it is enough that a name is anywhere in the text.

    Args:
        value: The value of the variable.
        tool: `maturin`, or `setuptools-rust`.

    Source: maturin, src/build_context/builder.rs; setuptools-rust, setuptools_rust/build.py; docs/facts/build-tools.md,
    "Environment variables".
    """
    parts = {part.strip() for part in value.split("-arch")}
    by_part = tool != "setuptools-rust"
    return tuple(arch for arch in ("arm64", "x86_64") if arch in (parts if by_part else value))


def unwanted(platform: Platform) -> tuple[str, ...]:
    """Return the variables that must not be set in a build, because they would give a tool another target."""
    if platform is UNIVERSAL2:
        # Cargo does not know maturin's triple. maturin and setuptools-rust both read ARCHFLAGS.
        return (*_MISLEADING, "CARGO_BUILD_TARGET")
    return _MISLEADING if platform.system == "macos" else (*_MISLEADING, "ARCHFLAGS", "_PYTHON_HOST_PLATFORM")


def deployment_target(platform: Platform, interpreter: Interpreter, environ: Mapping[str, str]) -> str:
    """Return the lowest macOS or iOS to build for, empty elsewhere.

    It is that of the interpreter, but not below the lowest of rustc, and higher if the caller's environment says so.
    """
    named = read_version(interpreter.deployment_target) or version_in(interpreter.get_platform)
    if platform.system == "ios":
        found = max(named or (13, 0), read_version(environ.get("IPHONEOS_DEPLOYMENT_TARGET", "")) or (0, 0))
    elif platform.system == "macos":
        asked = read_version(environ.get("MACOSX_DEPLOYMENT_TARGET", "")) or (0, 0)
        found = max(named or (0, 0), RUST_FLOORS[platform.arch], asked)
    else:
        return ""
    return f"{found[0]}.{found[1]}"


def build_environment(
    platform: Platform, interpreter: Interpreter, lowest: str, environ: Mapping[str, str]
) -> tuple[Variable, ...]:
    """Return the variables that make build tools build for the interpreter.

    Args:
        platform: The platform to build for.
        interpreter: The interpreter to build for.
        lowest: The result of `deployment_target`.
        environ: The caller's environment.
    """
    arch = platform.arch
    cargo = Variable("CARGO_BUILD_TARGET", platform.triple, "cargo, maturin, setuptools-rust")
    found = [
        *([] if platform is UNIVERSAL2 else [cargo]),
        Variable("PYO3_PYTHON", interpreter.executable, "PyO3, maturin, setuptools-rust"),
        Variable("Python_ROOT_DIR", interpreter.prefix, "CMake (FindPython)"),
        Variable("Python3_ROOT_DIR", interpreter.prefix, "CMake (FindPython3)"),
    ]
    if platform.system == "macos":
        arches = ["x86_64", "arm64"] if platform is UNIVERSAL2 else [arch]
        flags = " ".join(f"-arch {each}" for each in arches)
        name = "universal2" if platform is UNIVERSAL2 else arch
        found += [
            Variable(
                "ARCHFLAGS", flags, "setuptools, setuptools-rust, maturin, scikit-build-core, meson-python"
            ),
            Variable("MACOSX_DEPLOYMENT_TARGET", lowest, "compilers, rustc, maturin, setuptools, CMake"),
            Variable("_PYTHON_HOST_PLATFORM", f"macosx-{lowest}-{name}", "setuptools, meson-python, maturin"),
            Variable("CMAKE_OSX_ARCHITECTURES", ";".join(arches), "CMake"),
        ]
    elif platform.system == "ios":
        found.append(Variable("IPHONEOS_DEPLOYMENT_TARGET", lowest, "compilers, rustc, maturin"))
    elif platform.system == "android" and interpreter.android_api is not None:
        found.append(Variable("ANDROID_API_LEVEL", str(interpreter.android_api), "maturin, cibuildwheel"))
    elif platform.system in ("windows", "mingw"):
        found.append(Variable("VSCMD_ARG_TGT_ARCH", _VSCMD_ARCH[arch], "setuptools"))
        # CMake reads it only together with CMAKE_GENERATOR, and only the generators of Visual Studio accept it.
        if environ.get("CMAKE_GENERATOR", "").startswith("Visual Studio"):
            found.append(Variable("CMAKE_GENERATOR_PLATFORM", _CMAKE_PLATFORM[arch], "CMake"))
    if platform.system in _CIBW_PLATFORMS:
        name = _CIBW_ARCHS.get(platform.tag, platform.tag.partition("_")[2])
        found.append(Variable(f"CIBW_ARCHS_{_CIBW_PLATFORMS[platform.system]}", name, "cibuildwheel"))
    return tuple(variable for variable in found if variable.value)


# -- as text ---------------------------------------------------------------------------------------------------


def as_sh(variables: Iterable[Variable], unset: Iterable[str]) -> str:
    """Return lines for `eval "$(...)"` in any POSIX shell."""
    from shlex import quote

    lines = [f"unset {name}" for name in unset]
    lines += [f"export {variable.name}={quote(variable.value)}" for variable in variables]
    return "".join(f"{line}\n" for line in lines)


_QUOTES = str.maketrans({quote: quote * 2 for quote in "'\u2018\u2019\u201a\u201b"})
"""Characters that end a single-quoted string in PowerShell, doubled (language specification 2.3.5.2)."""


def as_powershell(variables: Iterable[Variable], unset: Iterable[str]) -> str:
    """Return lines for `wheelarch target --format powershell | Out-String | Invoke-Expression`."""
    lines = [f"Remove-Item Env:{name} -ErrorAction SilentlyContinue" for name in unset]
    lines += [f"$env:{variable.name} = '{variable.value.translate(_QUOTES)}'" for variable in variables]
    return "".join(f"{line}\n" for line in lines)


_OF_CARGO = frozenset({
    "PYO3_PYTHON", "MACOSX_DEPLOYMENT_TARGET", "IPHONEOS_DEPLOYMENT_TARGET", "ANDROID_API_LEVEL"
})  # fmt: skip
"""Variables that build scripts and rustc read. The others are for tools that call Cargo and do not read its file."""


def as_cargo(variables: Iterable[Variable]) -> str:
    """Return a fragment of .cargo/config.toml.

    Source: the Cargo Book, "Configuration", `build.target` and `[env]`.
    """
    lines = ["# maturin does not read the target here: set CARGO_BUILD_TARGET or pass --target too."]
    table = {variable.name: variable.value for variable in variables}
    if "CARGO_BUILD_TARGET" in table:
        lines += ["[build]", f"target = {_toml(table['CARGO_BUILD_TARGET'])}", ""]
    lines.append("[env]")
    lines += [f"{name} = {_toml(value)}" for name, value in table.items() if name in _OF_CARGO]
    return "".join(f"{line}\n" for line in lines)


def _toml(text: str) -> str:
    """Return a TOML basic string: a JSON string, but DEL is escaped too and characters beyond U+FFFF are not."""
    from json import dumps

    return dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
