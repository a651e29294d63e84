"""Find the builds of a project: on this machine, and in its workflows, with maturin and cibuildwheel."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise

from .._lib.typed import TYPE_CHECKING
from ..interpreter.environment import archflags
from ..interpreter.triples import UNIVERSAL2, of_platform, of_triple
from .build import HERE, Build, Python, arch, system
from .project import Project, pyo3_features
from .versions import RELEASES, Versions, exact
from .versions import python as python_requirement
from .workflows import Run, runner_system

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["VARIABLES", "action_target", "plan", "runner_host"]

VARIABLES = (
    "ARCHFLAGS", "CARGO_BUILD_TARGET", "MACOSX_DEPLOYMENT_TARGET", "MATURIN_PEP517_ARGS", "MATURIN_USE_XWIN",
    "PYO3_CONFIG_FILE", "PYO3_CROSS", "PYO3_CROSS_LIB_DIR", "PYO3_CROSS_PYTHON_IMPLEMENTATION",
    "PYO3_CROSS_PYTHON_VERSION", "PYO3_PYTHON", "PYO3_USE_RAW_DYLIB", "VSCMD_ARG_TGT_ARCH", "_PYTHON_HOST_PLATFORM",
)  # fmt: skip
"""The variables that choose what is built. If one of them is set, this machine builds something."""


def plan(
    project: Project,
    *,
    host: str = "",
    target: str = "",
    python: Python | None = None,
    environment: Mapping[str, str],
    machine: str,
) -> tuple[Build, ...]:
    """Return the builds of a project.

    These are the builds of the workflows and of cibuildwheel, and before them the build on this machine, if an
    option, a variable or the project itself asks for it, or if there is no other build.

    Args:
        project: The project.
        host: The triple of the host; empty for this machine and for each workflow's runner.
        target: The triple to build for, if only that target is asked for.
        python: The interpreter that builds on this machine, if it is known.
        environment: The environment of this machine.
        machine: This machine's own triple.
    """
    here = _here(project, host or machine, target, python, environment)
    if target:
        return (here,)
    elsewhere = [build for run in project.runs for build in _of_run(project, run)]
    if not any(run.tool == "cibuildwheel" for run in project.runs):
        elsewhere += _cibuildwheel(project, "", {}, (), "pyproject.toml, cibuildwheel")
    if host:
        elsewhere = [build._replace(host=host) for build in elsewhere if build.host in ("", host)]
    asked = host or python or project.cargo_target or any(name in environment for name in VARIABLES)
    environments = environment.get("VIRTUAL_ENV"), environment.get("CONDA_PREFIX")
    asked = asked or (all(environments) and environments[0] != environments[1])
    return (here, *elsewhere) if asked or not elsewhere else tuple(elsewhere)


def _blank(project: Project, where: str, host: str) -> Build:
    tool = "setuptools-rust" if project.setuptools_rust else project.backend
    features = pyo3_features(project.crate, project.features, default=project.default_features)
    return Build(
        project=project,
        where=where,
        host=host,
        target=host,
        named_by="the host",
        explicit=False,
        tool=tool,
        frontend="",
        maturin=project.maturin_on(system(host)),
        pyo3=project.pyo3,
        features=features,
        environment={},
    )


def _here(
    project: Project, host: str, target: str, python: Python | None, environment: Mapping[str, str]
) -> Build:
    build = _blank(project, HERE, host)._replace(environment=environment, pythons=(python,) if python else ())
    if target:
        return build._replace(target=target, named_by="--target", explicit=True)
    return _handed_on(_targeted(build), ()) if build.tool == "maturin" else _targeted(build)


def _targeted(build: Build) -> Build:
    """Return the build with the target that its environment or Cargo's configuration names.

    Source: maturin, src/build_context/builder.rs; the Cargo Book, "Configuration", build.target.
    """
    if "CARGO_BUILD_TARGET" in build.environment:
        named = build.variable("CARGO_BUILD_TARGET") or ""
        return build._replace(target=named, named_by="CARGO_BUILD_TARGET", explicit=True)
    archs = archflags(build.variable("ARCHFLAGS") or "", build.tool)
    if archs and system(build.host) == "macos":
        triples = [of_platform(f"macosx-{one}") for one in archs]
        named = UNIVERSAL2.triple if len(triples) > 1 else triples[0].triple if triples[0] else ""
        return build._replace(target=named, named_by="ARCHFLAGS")
    if build.project.cargo_target:
        return build._replace(target=build.project.cargo_target, named_by=".cargo/config.toml")
    return build


# ---- workflows

_RUNNERS = {
    "Linux": ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"),
    "macOS": ("x86_64-apple-darwin", "aarch64-apple-darwin"),
    "Windows": ("x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"),
}
"""The hosts of GitHub's runner images: Intel first, then Arm."""


def runner_host(label: str) -> str:
    """Return the triple of a GitHub runner image; empty for a label that is not one of GitHub's.

    Source: GitHub, "GitHub-hosted runners": macOS is Arm from macos-14 on unless the label ends in `-large` or
    `-intel`; the labels of Linux and Windows on Arm contain `-arm`.
    """
    name = label.lower()
    system_name = runner_system(name)
    if not system_name or not re.fullmatch(
        r"(windows|macos|ubuntu)-(latest|[0-9]{1,4}(\.[0-9]{1,2})?)(-[a-z0-9]+)*", name
    ):
        return ""
    if system_name == "macOS":
        version = name.split("-")[1]
        old = version != "latest" and int(version.partition(".")[0]) < 14
        on_arm = name.endswith("-xlarge") or not (old or name.endswith(("-large", "-intel")))
    else:
        on_arm = "-arm" in name
    return _RUNNERS[system_name][on_arm]


_MACHINES = {
    "x64": "x86_64",
    "x86": "i686",
    "armv7l": "armv7",
    "ppc64le": "powerpc64le",
    "ppc64": "powerpc64",
    "riscv64": "riscv64gc",
}
_ENDINGS = {
    "Windows": "-pc-windows-msvc",
    "macOS": "-apple-darwin",
    "Linux": "-unknown-linux-gnu",
}


def action_target(name: str, runner: str) -> str:
    """Return the triple that maturin-action's input `target` names; empty for one that is not known.

    Source: PyO3/maturin-action, src/index.ts: a full triple, or an alias that depends on the runner's system.
    """
    if of_triple(name) or name == UNIVERSAL2.triple:
        return name
    ending = _ENDINGS.get(runner_system(runner), "")
    if not ending:
        return ""
    rust = "universal2" if name == "universal2" else _MACHINES.get(name, name)
    triple = f"{rust}{ending}eabihf" if rust == "armv7" else f"{rust}{ending}"
    return triple if of_triple(triple) else ""


_NARROW_IMAGES = {
    "i686": Python(platform="linux-i686", arch="x86", bits=32),
    "armv7l": Python(platform="linux-armv7l", arch="arm", bits=32),
}
"""The Python in the manylinux and musllinux images for 32-bit machines, by the end of the image's name."""


def _of_run(project: Project, run: Run) -> Iterator[Build]:
    environment = dict(run.environment)
    pythons = tuple(_set_up(run.python_version, run.python_architecture))
    host = runner_host(run.runner)
    if run.tool == "cibuildwheel":
        yield from _cibuildwheel(project, host, environment, run.arguments or (), run.where)
        return
    narrow = _NARROW_IMAGES.get(run.container.partition(":")[0].rpartition("_")[2])
    pythons = (narrow,) if narrow else pythons
    build = _blank(project, run.where, host)._replace(
        environment=environment, pythons=pythons, frontend="pep517"
    )
    build = _targeted(build)
    if run.tool == "maturin":
        build = _maturin(build, run)
    elif build.tool == "maturin":
        build = _handed_on(build, run.arguments or ())
    yield build


_HANDED_ON = re.compile(r"(?:-C|--config-settings?=|)build-args=(.*)", re.DOTALL)


def _handed_on(build: Build, arguments: Sequence[str]) -> Build:
    """Return the build with the choices in the arguments that a build frontend gives to maturin.

    The arguments are in MATURIN_PEP517_ARGS, or in the setting `build-args` on the frontend's command line.

    Source: maturin, its PEP 517 module, get_maturin_pep517_args; docs/facts/build-tools.md, "Environment variables".
    """
    settings = [found[1] for word in arguments if (found := _HANDED_ON.fullmatch(word))]
    text = next(iter(settings), build.environment.get("MATURIN_PEP517_ARGS", ""))
    try:
        words = shlex.split(text or "")
    except ValueError:
        return build
    if not words:
        return build
    target = next(iter(_options(words)["--target"]), "")
    if of_triple(target):
        build = build._replace(target=target, named_by="--target", explicit=True)
    return _chosen(build._replace(frontend="pep517"), words)


def _maturin(build: Build, run: Run) -> Build:
    """Return the build that maturin's own command makes."""
    build = build._replace(tool="maturin", frontend="build", maturin=_asked_maturin(build.project, run))
    if run.arguments is None:
        return build._replace(target="", named_by="", explicit=True, pythons=(), features=frozenset())
    options = _options(run.arguments)
    target = next(iter(options["--target"]), None)
    if target is not None:
        build = build._replace(target=target if of_triple(target) else "", named_by="--target", explicit=True)
    elif run.target is None:
        build = build._replace(target="", named_by="", explicit=True)
    elif run.target:
        build = build._replace(
            target=action_target(run.target, run.runner), named_by="--target", explicit=True
        )
    return _chosen(build, run.arguments)


def _chosen(build: Build, arguments: Sequence[str]) -> Build:
    """Return the build with the crate, the features and the interpreters that maturin's arguments choose."""
    options = _options(arguments)
    manifest = next(iter(options["--manifest-path"]), None)
    crate = build.project.crate
    if manifest and (crate is None or manifest.removeprefix("./") != crate.source):
        return build._replace(pyo3=None, features=frozenset())
    features = pyo3_features(
        crate,
        [
            *build.project.features,
            *(one for words in options["--features"] for one in re.split(r"[\s,]+", words) if one),
        ],
        default=build.project.default_features and "--no-default-features" not in arguments,
        every="--all-features" in arguments,
    )
    named = [python for word in options["--interpreter"] for python in _named(word)]
    found = "--find-interpreter" in arguments or "-f" in arguments
    pythons = tuple(named) if options["--interpreter"] else () if found else build.pythons
    return build._replace(
        features=features, pythons=pythons, interpreter_named=bool(options["--interpreter"])
    )


_SHORT = {"-i": "--interpreter", "-F": "--features", "-m": "--manifest-path"}
_SEVERAL = ("--interpreter",)
"""Options that take every word up to the next option."""


def _options(arguments: Sequence[str]) -> dict[str, list[str]]:
    """Return the values of the options of maturin that choose what is built."""
    found: dict[str, list[str]] = {
        name: [] for name in ("--target", "--interpreter", "--features", "--manifest-path")
    }
    waiting = ""
    for word in arguments:
        name, equals, value = word.partition("=")
        name = _SHORT.get(name, name)
        if word.startswith("-"):
            waiting = name if name in found and not equals else ""
            if name in found and equals:
                found[name].append(value)
        elif waiting:
            found[waiting].append(word)
            waiting = waiting if waiting in _SEVERAL else ""
    return found


def _asked_maturin(project: Project, run: Run) -> Versions | None:
    """Return the version of maturin that a workflow installs: its own choice, else that of pyproject.toml."""
    asked, source = run.maturin, run.where.partition(",")[0]
    if asked is None:
        return None
    if not asked:
        return project.maturin_on(system(runner_host(run.runner)))
    if asked == "latest":
        return exact("maturin", RELEASES["maturin"][-1], source)
    return exact("maturin", asked, source) or python_requirement(asked, source)


def _set_up(versions: str | None, architecture: str | None) -> Iterator[Python]:
    """Yield the interpreters that setup-python installs."""
    name = {"x64": "x86_64", "x86": "x86", "arm64": "arm64"}.get(architecture or "", "")
    for word in (versions or "").split():
        for python in _named(word):
            yield python._replace(arch=name)
    if not versions and name:
        yield Python(arch=name)


_INTERPRETER = re.compile(
    r"(python|cpython|pypy|graalpy)?-?v?(3\.[0-9]+)?(?:\.[0-9x]+)?(t|-freethreaded)?", re.IGNORECASE
)


def _named(word: str) -> Iterator[Python]:
    """Yield the interpreter that a word names: `3.13t`, `python3.12`, `pypy-3.11`. A path names none."""
    found = _INTERPRETER.fullmatch(word)
    if found and found[2]:
        name = (found[1] or "").lower()
        implementation = "cpython" if name in ("", "python", "cpython") else name
        yield Python(implementation, found[2], bool(found[3]) if implementation == "cpython" else None)


# ---- cibuildwheel

_CIBW_ARCHS = {
    "Windows": {"AMD64": "x86_64-pc-windows-msvc", "x86": "i686-pc-windows-msvc", "ARM64": "aarch64-pc-windows-msvc"},
    "macOS": {"x86_64": "x86_64-apple-darwin", "arm64": "aarch64-apple-darwin", "universal2": UNIVERSAL2.triple},
    "Linux": {
        "x86_64": "x86_64-unknown-linux-gnu", "i686": "i686-unknown-linux-gnu", "aarch64": "aarch64-unknown-linux-gnu",
        "ppc64le": "powerpc64le-unknown-linux-gnu", "s390x": "s390x-unknown-linux-gnu",
        "armv7l": "armv7-unknown-linux-gnueabihf", "riscv64": "riscv64gc-unknown-linux-gnu",
    },
}  # fmt: skip


def _cibuildwheel(
    project: Project, host: str, environment: Mapping[str, str | None], arguments: Sequence[str], where: str
) -> Iterator[Build]:
    """Yield the builds of cibuildwheel: one per architecture, with the environment that cibuildwheel sets.

    If no architectures are given, only the build for the host is predicted. On Linux cibuildwheel builds in a
    container of the target, so host and target are the same.

    Source: cibuildwheel, "Options", archs and environment; platforms/windows.py and platforms/macos.py.
    """
    systems = {"windows": "Windows", "macos": "macOS", "linux": "Linux"}
    names = [systems[system(host)]] if system(host) in systems else [] if host else list(systems.values())
    for name in names:
        table = project.cibuildwheel.get(name.lower())
        own = table if isinstance(table, dict) else {}
        words = environment.get(f"CIBW_ARCHS_{name.upper()}", environment.get("CIBW_ARCHS", ""))
        words = next((value for flag, value in pairwise(arguments) if flag == "--archs"), words)
        archs = _words(words or own.get("archs") or project.cibuildwheel.get("archs"))
        inside = _cibuildwheel_environment(project.cibuildwheel, own, environment, name)
        for one in archs:
            target = _CIBW_ARCHS[name].get(one, "")
            if target:
                yield _cibuildwheel_build(project, name, host, target, inside, where)
        if host and words is not None and (not archs or set(archs) & {"auto", "native", "auto64"}):
            yield _cibuildwheel_build(project, name, host, host, inside, where)


def _cibuildwheel_build(
    project: Project, name: str, host: str, target: str, environment: Mapping[str, str | None], where: str
) -> Build:
    made: dict[str, str | None] = {}
    if name == "macOS":
        archs = [arch(target)] if arch(target) else ["arm64", "x86_64"]
        made = {"ARCHFLAGS": " ".join(f"-arch {one}" for one in archs)}
    elif name == "Windows" and target != host:
        made = {"CARGO_BUILD_TARGET": target}
    build = _blank(project, where, target if name == "Linux" else host)
    build = build._replace(
        target=target,
        named_by="cibuildwheel",
        explicit="CARGO_BUILD_TARGET" in {**made, **environment},
        frontend="pep517",
        environment={**made, **environment},
    )
    return _handed_on(build, ()) if build.tool == "maturin" else build


def _cibuildwheel_environment(
    shared: Mapping[str, object], own: Mapping[str, object], outside: Mapping[str, str | None], name: str
) -> dict[str, str | None]:
    """Return the variables that a build sees: on Linux only the container's, elsewhere the runner's too."""
    kept = {} if name == "Linux" else outside
    found = {key: value for key, value in kept.items() if not key.startswith("CIBW_")}
    asked: object = outside.get(f"CIBW_ENVIRONMENT_{name.upper()}", outside.get("CIBW_ENVIRONMENT"))
    asked = asked or own.get("environment") or shared.get("environment")
    if isinstance(asked, dict):
        found |= {key: value if isinstance(value, str) else None for key, value in asked.items()}
    elif isinstance(asked, str):
        try:
            pairs = [word.partition("=") for word in shlex.split(asked)]
        except ValueError:
            pairs = []
        found |= {key: value for key, equals, value in pairs if equals}
    return {key: None if value and "$" in value else value for key, value in found.items()}


def _words(value: object) -> list[str]:
    """Return the words of an option that is a list or a string."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
