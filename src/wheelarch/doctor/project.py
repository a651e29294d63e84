"""Read project files into plain facts. No code of the project runs.

Source: PEP 517 and 518; the Cargo Book, "The Manifest Format", "Features" and "Configuration"; maturin,
"Configuration"; setuptools-rust, "pyproject.toml"; scikit-build-core and meson-python, "Configuration".
"""

from __future__ import annotations

import stat
from pathlib import Path, PurePath

from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..errors import UsageError
from . import versions, workflows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["MAX_BYTES", "MAX_WORKFLOWS", "Crate", "Project", "pyo3_features", "read", "read_pyo3_config"]

MAX_BYTES = 8 << 20
"""The size of the largest file that is read. The lock file of a big workspace has one or two MiB."""
MAX_WORKFLOWS = 200
"""The most workflow files that are read."""
_MAX_PARSED_BYTES = 256 << 10
"""The same for setup.py and workflows, because their parsers need far more time and memory per byte than TOML's."""

_BACKENDS = {
    "maturin": "maturin",
    "setuptools": "setuptools",
    "setuptools_rust": "setuptools",
    "scikit_build_core": "scikit-build-core",
    "mesonpy": "meson-python",
    "hatchling": "hatchling",
    "poetry": "poetry-core",
    "flit_core": "flit-core",
    "pdm": "pdm-backend",
}
"""The first part of a build backend's module, and the backend's name."""
_CARGO_CONFIGS = (".cargo/config", ".cargo/config.toml")
"""In Cargo's order: if both exist, it reads the one without a suffix."""


class Crate(NamedTuple):
    """What a Cargo.toml says about PyO3."""

    source: str
    """Its path, relative to the project."""
    pyo3: versions.Versions | None
    """The required version; None if there is no dependency, or one by path or from git."""
    requested: frozenset[str]
    """The features of pyo3 that its dependency tables turn on, on any platform."""
    names: frozenset[str]
    """The names that it gives to pyo3."""
    features: Mapping[str, tuple[str, ...]]
    """Its own features, and what each turns on."""


class Project(NamedTuple):
    """What the files of a project say. An empty field is not given, or not known."""

    root: str
    backend: str
    """`maturin`, `setuptools`, `scikit-build-core`, `meson-python`, or the first part of another backend's module."""
    maturin_requirements: tuple[str, ...]
    """What `[build-system] requires` says about maturin, with its environment markers."""
    setuptools_rust: bool
    pyo3: versions.Versions | None
    """The locked version, else what Cargo.toml requires."""
    pyo3_locked: tuple[str, ...]
    """Every version of pyo3 in Cargo.lock."""
    crate: Crate | None
    features: tuple[str, ...]
    """The features of the crate, or of pyo3, that pyproject.toml turns on, even if only for some interpreters."""
    default_features: bool
    cargo_target: str
    """`[build] target` of .cargo/config.toml; empty if it names several."""
    cargo_environment: tuple[tuple[str, str], ...]
    """`[env]` of .cargo/config.toml, which Cargo hands to build scripts; maturin itself does not see it."""
    deployment_targets: Mapping[str, str]
    """`[tool.maturin.target.TRIPLE] macos-deployment-target`, by triple."""
    plat_name: str
    """`plat_name` of bdist_wheel, in setup.cfg or setup.py: `win-arm64`."""
    cibuildwheel: Mapping[str, object]
    """`[tool.cibuildwheel]`."""
    native_options: tuple[str, ...]
    """The options of CMake or Meson in pyproject.toml that choose the target."""
    runs: tuple[workflows.Run, ...]
    """What the GitHub workflows build."""

    @property
    def maturin(self) -> versions.Versions | None:
        """The required version of maturin, if the host is not known."""
        return self.maturin_on("")

    def maturin_on(self, system: str) -> versions.Versions | None:
        """Return the required version of maturin on a host with a system (`windows`, `macos`, `linux`).

        The first requirement whose marker may be true counts. If the system is not known, every marker may be.
        """
        fitting = [one for one in self.maturin_requirements if _may_hold(one, system)]
        found = (versions.python(one, "pyproject.toml") for one in fitting)
        return next((one for one in found if one), None)


def read(root: str) -> Project:
    """Return the facts of the project in a folder.

    Raises:
        UsageError: The folder is not a project: it has no pyproject.toml, setup.cfg, setup.py or Cargo.toml. Or one
            of its files cannot be read: the message names the file, and the line if there is one.
    """
    pyproject, setup_cfg, setup_py = (
        _toml(root, "pyproject.toml"),
        _ini(root, "setup.cfg"),
        _text(root, "setup.py", _MAX_PARSED_BYTES),
    )
    tool = _table(pyproject, "tool")
    rust_modules = [_as_table(one) for one in _list(_table(tool, "setuptools-rust").get("ext-modules"))]
    manifest = _manifest(tool, rust_modules)
    cargo = _toml(root, manifest)
    if pyproject is None and setup_cfg is None and setup_py is None and cargo is None:
        raise UsageError(
            f"{root}: not a project: it has no pyproject.toml, setup.cfg, setup.py or Cargo.toml"
        )
    build_system = _table(pyproject, "build-system")
    requires = [one for one in _list(build_system.get("requires")) if isinstance(one, str)]
    # Only maturin's own command can build a crate that has no file for Python's build frontends.
    crate_alone = cargo is not None and pyproject is None and setup_cfg is None and setup_py is None
    legacy = (
        "maturin" if crate_alone else "setuptools" if setup_cfg is not None or setup_py is not None else ""
    )
    module = str(build_system.get("build-backend") or legacy).partition(".")[0]
    maturin = _table(tool, "maturin")
    setup = _setup_arguments(setup_py or "")
    config = next((table for name in _CARGO_CONFIGS if (table := _toml(root, name)) is not None), None)
    target = _table(config, "build").get("target")
    target = target[0] if isinstance(target, list) and len(target) == 1 else target
    crate = None if cargo is None else _crate(root, manifest, cargo)
    locked = _locked_pyo3(root, manifest)
    return Project(
        root=root,
        backend=_BACKENDS.get(module, module),
        maturin_requirements=tuple(one for one in requires if _names([one], "maturin")),
        setuptools_rust=bool(rust_modules)
        or "rust_extensions" in setup
        or _names(requires, "setuptools-rust"),
        pyo3=_chosen_pyo3(crate, locked),
        pyo3_locked=tuple(one.requirement for one in locked),
        crate=crate,
        features=tuple(_features([maturin, *rust_modules])),
        default_features=maturin.get("no-default-features") is not True,
        cargo_target=target if isinstance(target, str) else "",
        cargo_environment=tuple(_cargo_environment(root, _table(config, "env"))),
        deployment_targets={
            triple: str(options["macos-deployment-target"])
            for triple, value in _table(maturin, "target").items()
            if "macos-deployment-target" in (options := _as_table(value))
        },
        plat_name=(setup_cfg or {}).get("plat_name") or setup.get("plat_name", ""),
        cibuildwheel=_table(tool, "cibuildwheel"),
        native_options=tuple(_native_options(tool)),
        runs=tuple(_runs(root)),
    )


def read_pyo3_config(path: str) -> Mapping[str, str] | None:
    """Return the settings of a file that PYO3_CONFIG_FILE names, or None if it does not exist on this machine.

    Raises:
        UsageError: The file exists but cannot be read.

    Source: pyo3-build-config, InterpreterConfig: one `key=value` per line.
    """
    text = _text("", path) if Path(path).is_absolute() else None
    if text is None:
        return None
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip(): value.strip() for key, equals, value in pairs if equals}


def pyo3_features(
    crate: Crate | None, selected: Iterable[str], *, default: bool = True, every: bool = False
) -> frozenset[str]:
    """Return the features of pyo3 that a build turns on.

    Args:
        crate: The crate; None if there is none.
        selected: Features of the crate, or of pyo3 itself (`pyo3/abi3-py39`), that are asked for.
        default: Whether the crate's default features are on.
        every: Whether all features of the crate are on.

    Source: the Cargo Book, "Features"; a feature of a dependency is written `pyo3/abi3` or `pyo3?/abi3`.
    """
    own = crate.features if crate else {}
    names = crate.names if crate else frozenset({"pyo3"})
    found = set(crate.requested if crate else ())
    waiting = [*selected, *(("default",) if default else ()), *(own if every else ())]
    seen: set[str] = set()
    while waiting:
        feature = waiting.pop()
        if feature in seen:
            continue
        seen.add(feature)
        dependency, slash, name = feature.partition("/")
        if slash and dependency.rstrip("?") in names:
            found.add(name)
        waiting += own.get(feature, ())
    return frozenset(found)


# ---- Cargo


def _manifest(tool: Mapping[str, object], rust_modules: list[Mapping[str, object]]) -> str:
    """Return the path of Cargo.toml, relative to the project."""
    paths = [_table(tool, "maturin").get("manifest-path"), *(module.get("path") for module in rust_modules)]
    return next((PurePath(path).as_posix() for path in paths if isinstance(path, str) and path), "Cargo.toml")


def _crate(root: str, manifest: str, cargo: Mapping[str, object]) -> Crate:
    requirement: str | None = None
    requested: set[str] = set()
    names: set[str] = set()
    for name, value in _dependencies(cargo):
        dependency = _as_table(value)
        if dependency.get("package", name) != "pyo3":
            continue
        if dependency.get("workspace") is True:
            shared = _as_table(_workspace_dependencies(root, manifest).get(name))
            requested.update(_strings([shared], "features"))
            dependency = {**shared, **{key: dependency[key] for key in ("features",) if key in dependency}}
        names.add(name)
        requested.update(_strings([dependency], "features"))
        written = dependency.get("version")
        requirement = written if isinstance(written, str) else requirement
    return Crate(
        source=manifest,
        pyo3=None if requirement is None else versions.cargo("pyo3", requirement, manifest),
        requested=frozenset(requested),
        names=frozenset(names),
        features={
            name: tuple(_strings([{"": value}], "")) for name, value in _table(cargo, "features").items()
        },
    )


def _dependencies(cargo: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the dependencies of a crate, including those for some platforms only."""
    yield from _table(cargo, "dependencies").items()
    for platform in _table(cargo, "target").values():
        yield from _table(_as_table(platform), "dependencies").items()


def _workspace_dependencies(root: str, manifest: str) -> Mapping[str, object]:
    """Return `[workspace.dependencies]` of the workspace that a crate belongs to."""
    for folder in _folders_up(manifest):
        workspace = _table(_toml(root, f"{folder}/Cargo.toml"), "workspace")
        if workspace:
            return _table(workspace, "dependencies")
    return {}


def _locked_pyo3(root: str, manifest: str) -> list[versions.Versions]:
    for folder in _folders_up(manifest):
        path = PurePath(folder, "Cargo.lock").as_posix()
        lock = _toml(root, path)
        if lock is not None:
            packages = [_as_table(one) for one in _list(lock.get("package"))]
            found = [str(one.get("version")) for one in packages if one.get("name") == "pyo3"]
            return [one for version in found if (one := versions.exact("pyo3", version, path))]
    return []


def _folders_up(manifest: str) -> Iterator[str]:
    """Yield the folder of a manifest and those above it, up to the project's."""
    return (folder.as_posix() for folder in PurePath(manifest).parents)


def _chosen_pyo3(crate: Crate | None, locked: list[versions.Versions]) -> versions.Versions | None:
    """Return the locked version that the crate itself uses, else its requirement; None if that is not known."""
    wanted = crate.pyo3 if crate else None
    if len(locked) > 1 and wanted:
        locked = [one for one in locked if one.admitted[0] in wanted.admitted]
    if locked:
        return locked[0] if len(locked) == 1 else None
    return wanted


def _cargo_environment(root: str, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield Cargo's `[env]`. A value that is marked `relative` starts at the folder that contains .cargo."""
    for name, value in table.items():
        options = _as_table(value)
        text = value if isinstance(value, str) else options.get("value")
        if isinstance(text, str):
            yield name, str(Path(root, text).absolute()) if options.get("relative") is True else text


# ---- Python build backends


def _requirement(requires: list[str], package: str) -> versions.Versions | None:
    found = (versions.python(one, "pyproject.toml") for one in requires)
    return next((one for one in found if one and one.package == package), None)


_MARKERS = {
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "mingw": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
}
"""The environment markers of each kind of host (PEP 508)."""


def _may_hold(requirement: str, system: str) -> bool:
    """Return whether a requirement's marker may be true on a host with a system. A marker on anything else may be."""
    from packaging.requirements import Requirement

    marker = Requirement(requirement).marker
    host = _MARKERS.get(system)
    if marker is None or host is None or not any(name in str(marker) for name in host):
        return True
    return marker.evaluate(dict(host))


def _names(requires: list[str], package: str) -> bool:
    return _requirement(requires, package) is not None


def _native_options(tool: Mapping[str, object]) -> Iterator[str]:
    cmake = _table(_table(tool, "scikit-build"), "cmake")
    for name, value in _table(cmake, "define").items():
        if name in ("CMAKE_OSX_ARCHITECTURES", "CMAKE_OSX_DEPLOYMENT_TARGET", "CMAKE_GENERATOR_PLATFORM"):
            yield f"-D{name}={';'.join(map(str, value)) if isinstance(value, list) else value}"
    for option in _strings([cmake], "args"):
        if option.startswith(
            ("-A", "-DCMAKE_OSX", "-DCMAKE_GENERATOR_PLATFORM", "-DCMAKE_SYSTEM", "-DCMAKE_TOOLCHAIN")
        ):
            yield option
    for option in _strings([_table(_table(tool, "meson-python"), "args")], "setup"):
        if option.startswith(("--cross-file", "--native-file")):
            yield option


def _setup_arguments(source: str) -> dict[str, str]:
    """Return what the text of setup.py says: the keyword `rust_extensions`, and a literal `plat_name`.

    The file is parsed and never run. If this Python cannot parse it, nothing is returned.
    """
    import ast

    found: dict[str, str] = {}
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for node in nodes:
        if isinstance(node, ast.keyword) and node.arg == "rust_extensions":
            found["rust_extensions"] = ""
        for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
            if isinstance(key, ast.Constant) and key.value in ("plat_name", "plat-name"):
                found["plat_name"] = str(value.value) if isinstance(value, ast.Constant) else ""
    return found


def _runs(root: str) -> Iterator[workflows.Run]:
    folder = PurePath(".github", "workflows")
    try:
        names = sorted(path.name for path in Path(root, folder).iterdir() if path.suffix in (".yml", ".yaml"))
    except OSError:
        return  # no workflows
    for name in names[:MAX_WORKFLOWS]:
        path = (folder / name).as_posix()
        yield from workflows.read(_text(root, path, _MAX_PARSED_BYTES) or "", path)


# ---- files and tables


def _text(root: str, name: str, limit: int = MAX_BYTES) -> str | None:
    """Return the text of a file, or None if it does not exist.

    Raises:
        UsageError: The file cannot be read, is not a regular file, is too big or is not UTF-8.
    """
    path = Path(root, name)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError(f"{path}: not a regular file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > limit:
        raise UsageError(f"{path}: larger than {limit:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}: line {line}: not UTF-8 text") from error


def _toml(root: str, name: str) -> Mapping[str, object] | None:
    import tomllib

    text = _text(root, name)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # The message of a TOMLDecodeError ends with its line and column.
        raise UsageError(f"{Path(root, name)}: not valid TOML: {error}") from error


def _ini(root: str, name: str) -> dict[str, str] | None:
    """Return the options of `[bdist_wheel]`, with underscores for dashes, as distutils reads them."""
    import configparser

    text = _text(root, name)
    if text is None:
        return None
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text, str(Path(root, name)))
    except configparser.Error as error:
        raise UsageError(" ".join(str(error).split())) from error
    section = parser["bdist_wheel"] if parser.has_section("bdist_wheel") else {}
    return {key.replace("-", "_"): value for key, value in section.items()}


def _table(table: Mapping[str, object] | None, key: str) -> Mapping[str, object]:
    return _as_table((table or {}).get(key))


def _as_table(value: object) -> Mapping[str, object]:
    """Return a table. A string becomes a table with the key `version`, as in Cargo's dependencies."""
    if isinstance(value, str):
        return {"version": value}
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _features(tables: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Yield the features that tables turn on; maturin also takes `{ feature = "abi3", python-version = ">=3.9" }`."""
    for table in tables:
        for one in _list(table.get("features")):
            feature = one.get("feature") if isinstance(one, dict) else one
            if isinstance(feature, str):
                yield feature


def _strings(tables: Iterable[Mapping[str, object]], key: str) -> Iterator[str]:
    return (one for table in tables for one in _list(table.get(key)) if isinstance(one, str))
