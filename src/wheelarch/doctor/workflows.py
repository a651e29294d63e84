"""Read GitHub workflow files: which steps build wheels, on which runner, for which target, Python and environment.

A workflow is a program, and only its simplest part is evaluated: the matrix, `${{ matrix.* }}` and `${{ env.* }}`,
and conditions that compare one of these or `runner.os` with a string. A value that depends on anything else is
unknown (None). A condition on the event counts as true. A step with any other condition may never run, and is left
out.

Source: GitHub Actions, "Workflow syntax" and "Contexts"; the inputs of PyO3/maturin-action, actions/setup-python
and pypa/cibuildwheel.
"""

from __future__ import annotations

import re
import shlex
from itertools import islice, product

from .._lib.typed import TYPE_CHECKING, NamedTuple
from .yaml_subset import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["MAX_CELLS", "MAX_STEPS", "Run", "read", "runner_system"]

MAX_CELLS = 256
"""The most cells of a matrix that are evaluated: GitHub's own limit on the jobs of one matrix."""
MAX_STEPS = 2_048
"""The most steps of one file that are evaluated. A step counts once per cell."""
_MAX_SCRIPT = 4_096
"""The most characters of a script or a value. A longer one is not evaluated."""
_MAX_CHARACTERS = 1 << 20
"""The most characters of steps that are evaluated in one file. A step counts once per cell."""
_MAX_VARIABLES = 256
"""The most variables of one `env`."""


class Run(NamedTuple):
    """One step that builds wheels, in one cell of its job's matrix. None means that a value is not known."""

    where: str
    """`.github/workflows/ci.yml, job windows`."""
    runner: str
    """The label of the runner image, or empty."""
    tool: str
    """`maturin`, `cibuildwheel`, or `pep517` for a build frontend."""
    target: str | None
    """maturin-action's input `target`; empty if it is not given."""
    arguments: tuple[str, ...] | None
    """The arguments of the command."""
    maturin: str | None
    """The version or requirement of maturin that the workflow asks for; empty if it asks for none."""
    environment: tuple[tuple[str, str | None], ...]
    """Names and values, sorted."""
    python_version: str | None
    """setup-python's input: versions separated by white space; empty if it is not given."""
    python_architecture: str | None
    """setup-python's input: `x64`, `x86` or `arm64`; empty if it is not given."""
    container: str = ""
    """The image that the job runs in, if it is known."""


def read(text: str, where: str) -> tuple[Run, ...]:
    """Return the builds of one workflow file, without duplicates.

    Args:
        text: The file's text.
        where: Its path, for `Run.where`.
    """
    document = _mapping(parse(text))
    steps = (
        step
        for name, job in _mapping(document.get("jobs")).items()
        for step in _job(_mapping(job), document, f"{where}, job {name}")
    )
    found: dict[Run, None] = {}
    left = _MAX_CHARACTERS
    for size, runs in islice(steps, MAX_STEPS):
        left -= size
        if left < 0:
            break
        found |= dict.fromkeys(runs)
    return tuple(found)


def runner_system(label: str) -> str:
    """Return `Windows`, `macOS` or `Linux`, as `runner.os` spells it, or an empty string for other labels."""
    systems = {"windows": "Windows", "macos": "macOS", "ubuntu": "Linux"}
    return systems.get(label.lower().partition("-")[0], "")


class _Cell(NamedTuple):
    """What expressions can refer to."""

    matrix: object
    environment: Mapping[str, str | None]
    runner: str
    folder: object = "."
    """The folder in which scripts start, from `defaults`."""


def _job(
    job: dict[str, object], workflow: dict[str, object], where: str
) -> Iterator[tuple[int, tuple[Run, ...]]]:
    """Yield the size in characters of each step in each cell, and what the step builds, even if that is nothing."""
    steps = [_mapping(step) for step in _sequence(job.get("steps"))]
    sizes = [_size(step) for step in steps]
    defaults = [_mapping(_mapping(one.get("defaults")).get("run")) for one in (job, workflow)]
    folder = next((one["working-directory"] for one in defaults if "working-directory" in one), ".")
    image = job.get("container")
    image = _mapping(image).get("image") if isinstance(image, dict) else image
    labels = job.get("runs-on")
    if isinstance(labels, dict):
        labels = labels.get("labels")
    if isinstance(labels, list) and len(labels) == 1:
        labels = labels[0]
    for matrix in _cells(_mapping(job.get("strategy")).get("matrix")):
        cell = _Cell(matrix, {}, "", folder)
        cell = cell._replace(runner=_text(labels, cell) or "")
        for environment in (workflow.get("env"), job.get("env")):
            cell = cell._replace(environment=_environment(environment, cell))
        so_far = Run(where, cell.runner, "", "", (), "", (), "", "", _text(image, cell) or "")
        follows = _may_run(job.get("if", ""), cell)
        for size, step in zip(sizes, steps, strict=True) if follows else ():
            so_far, runs = _step(step, so_far, cell)
            yield size, runs
        yield 0, ()


def _size(step: dict[str, object]) -> int:
    """Return how many characters of a step have to be split into words."""
    return sum(
        len(one) for one in (step.get("run"), *_mapping(step.get("with")).values()) if isinstance(one, str)
    )


def _step(step: dict[str, object], so_far: Run, cell: _Cell) -> tuple[Run, tuple[Run, ...]]:
    """Return what is set up after a step, and what the step builds.

    Args:
        step: The step.
        so_far: What the steps before it have set up: Python and maturin.
        cell: What expressions can refer to.
    """
    uses = str(step.get("uses") or "").partition("@")[0].lower()
    given = _mapping(step.get("with"))
    may_run = _may_run(step.get("if", ""), cell)
    cell = cell._replace(environment=_environment(step.get("env"), cell))
    if uses == "actions/setup-python":
        # If it is not known whether the step runs, what it sets is not known either.
        version, architecture = (
            _text(given.get(name, ""), cell) if may_run else None
            for name in ("python-version", "architecture")
        )
        return so_far._replace(python_version=version, python_architecture=architecture), ()
    # The default folder of a job or a workflow applies to scripts only.
    start = cell.folder if "run" in step else "."
    elsewhere = given.get("working-directory", step.get("working-directory", start))
    if not may_run or elsewhere not in _HERE:
        return so_far, ()
    here = so_far._replace(environment=tuple(sorted(cell.environment.items())))
    if uses == "pyo3/maturin-action":
        if _text(given.get("command", "build"), cell) not in _MATURIN_BUILDS:
            return so_far, ()
        run = here._replace(
            tool="maturin",
            target=_text(given.get("target", ""), cell),
            arguments=_words(_text(given.get("args", ""), cell)),
            maturin=_text(given.get("maturin-version", ""), cell),
        )
        return so_far, (run,)
    if uses == "pypa/cibuildwheel":
        return so_far, (here._replace(tool="cibuildwheel"),)
    runs: list[Run] = []
    for words in _commands(step.get("run"), cell):
        if words[:1] in (("cd",), ("pushd",), ("Set-Location",)) and words[1:] not in ((".",), ("./",)):
            break  # the rest is built in another folder
        here = here._replace(maturin=_installed(words) or here.maturin)
        tool, arguments = _build_command(words)
        if tool:
            runs.append(here._replace(tool=tool, arguments=arguments))
    return so_far._replace(maturin=here.maturin), tuple(runs)


_HERE = (".", "./", "")
_MATURIN_BUILDS = ("build", "develop", "publish")
"""The commands of maturin that build a wheel."""


# ---- shell commands


def _commands(script: object, cell: _Cell) -> Iterator[tuple[str, ...]]:
    """Yield the words of each command in a script. Commands that are not understood are left out."""
    if not isinstance(script, str) or len(script) > _MAX_SCRIPT:
        return
    for line in re.sub(r"[\\`^]\n\s*", " ", script).splitlines():
        words = _words(_text(line, cell))
        while words:
            end = next(
                (index for index, word in enumerate(words) if word in ("&&", "||", ";", "|")), len(words)
            )
            yield words[:end]
            words = words[end + 1 :]


def _words(text: str | None) -> tuple[str, ...] | None:
    """Return the words of a command line; None if it is unknown or contains a shell variable."""
    if text is None or "$" in text or len(text) > _MAX_SCRIPT:
        return None
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = tuple(lexer)
    except ValueError:
        return None
    comment = next((index for index, word in enumerate(words) if word.startswith("#")), len(words))
    return words[:comment]


def _build_command(words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the tool of a command that builds wheels and its arguments; two empty values for other commands."""
    if words[0] in ("echo", "printf", "Write-Output", "Write-Host"):
        return "", ()
    for index, word in enumerate(words):
        behind = tuple(words[index + 1 :])
        if _MATURIN.fullmatch(word) and behind[:1] and behind[0] in _MATURIN_BUILDS:
            return "maturin", behind[1:]
        if word == "cibuildwheel":
            return "cibuildwheel", behind
    frontends = (
        ("-m", "build"),
        ("pip", "wheel"),
        ("pip", "install"),
        ("uv", "build"),
        ("pipx", "run", "build"),
        ("pyproject-build",),
    )
    for start in range(len(words)):
        for frontend in frontends:
            if tuple(words[start : start + len(frontend)]) == frontend:
                arguments = tuple(words[start + len(frontend) :])
                if {"--sdist", "-s"} & set(arguments):
                    return "", ()
                # Only an installation of the project itself builds its wheel.
                if frontend == ("pip", "install") and not any(map(_PROJECT.fullmatch, arguments)):
                    return "", ()
                return "pep517", arguments
    return "", ()


_PROJECT = re.compile(r"\./?(\[[\w ,.-]*\])?")
_MATURIN = re.compile(r"maturin(\[[\w,-]*\])?((@|==)[\w.]+)?")
"""The word that runs maturin. With `uvx` and `pipx run` it may contain a version."""


def _installed(words: Sequence[str]) -> str:
    """Return the version of maturin that a command installs, if it names one."""
    if "install" not in words and words[0] not in ("uv", "uvx", "pipx"):
        return ""
    found = next((word for word in words if re.match(r"maturin(\[[\w,-]*\])?[=<>~!@]", word)), "")
    return found.partition("@")[2] or found


# ---- values


def _text(node: object, cell: _Cell) -> str | None:
    """Return a scalar with the values of its expressions; None if it is not a scalar or a value is not known."""
    if not isinstance(node, str):
        return None
    text, *parts = node.split("${{")
    for part in parts:
        path, end, rest = part.partition("}}")
        value = _look_up(path.strip(), cell) if end else None
        if value is None:
            return None
        text += value + rest
        if len(text) > _MAX_SCRIPT:
            return None
    return text


def _look_up(path: str, cell: _Cell) -> str | None:
    """Return the value of a reference: `matrix.platform.target`, `env.NAME`, `runner.os`."""
    context, *names = path.split(".")
    if context == "env" and len(names) == 1:
        return cell.environment.get(names[0])
    if path == "runner.os":
        return runner_system(cell.runner) or None
    if context != "matrix" or not names:
        return None
    value = cell.matrix
    for name in names:
        if not isinstance(value, dict):
            return None
        # In GitHub, a key that a cell does not have is an empty string.
        value = value.get(name, "")
    return value if isinstance(value, str) else None


def _environment(node: object, cell: _Cell) -> dict[str, str | None]:
    own = islice(_mapping(node).items(), _MAX_VARIABLES)
    return {**cell.environment, **{name: _text(value, cell) for name, value in own}}


_OUTSIDE = re.compile(
    r"\b(matrix|runner|env|steps|needs|inputs|vars|secrets|job|strategy|hashFiles|failure|cancelled)\b"
)
_COMPARISON = re.compile(r"(?:\$\{\{)?\s*([\w.-]+)\s*(==|!=)\s*'([^']*)'\s*(?:\}\})?")


def _may_run(condition: object, cell: _Cell) -> bool:
    """Return whether a condition counts as true: one on the event does, one that is not understood does not."""
    if not isinstance(condition, str):
        return False
    if condition.strip().removeprefix("${{").removesuffix("}}").strip().lower() in ("false", "!true", "0"):
        return False
    compared = _COMPARISON.fullmatch(condition.strip())
    value = _look_up(compared[1], cell) if compared else None
    if compared and value is not None:
        return (value.lower() == compared[3].lower()) is (compared[2] == "==")
    return not _OUTSIDE.search(condition)


def _cells(matrix: object) -> list[object]:
    """Return the cells of a matrix; a single None if the matrix is not understood.

    Source: GitHub Actions, "Running variations of jobs in a workflow": an entry of `include` is added to each
    combination whose values it does not change. If there is none, the entry is a cell of its own.
    """
    if matrix is None:
        return [{}]
    axes = {key: values for key, values in _mapping(matrix).items() if key not in ("include", "exclude")}
    extras = {key: _mapping(matrix).get(key, []) for key in ("include", "exclude")}
    if not isinstance(matrix, dict) or not all(
        isinstance(values, list) for values in (*axes.values(), *extras.values())
    ):
        return [None]
    excluded = [_mapping(entry) for entry in _sequence(extras["exclude"])[:MAX_CELLS]]
    combinations = product(*map(_sequence, axes.values())) if axes else ()
    originals = [dict(zip(axes, values, strict=True)) for values in islice(combinations, MAX_CELLS)]
    originals = [one for one in originals if not any(_agree(entry, one) for entry in excluded)]
    cells = [dict(original) for original in originals]
    alone: list[object] = []
    for entry in map(_mapping, _sequence(extras["include"])[:MAX_CELLS]):
        shared = {key: value for key, value in entry.items() if key in axes}
        hosts = [cell for cell, original in zip(cells, originals, strict=True) if _agree(shared, original)]
        for cell in hosts:
            cell.update(entry)
        if not hosts:
            alone.append(entry)
    return [*cells, *alone]


def _agree(entry: dict[str, object], cell: dict[str, object]) -> bool:
    return all(key in cell and cell[key] == value for key, value in entry.items())


def _mapping(node: object) -> dict[str, object]:
    return node if isinstance(node, dict) else {}


def _sequence(node: object) -> list[object]:
    return node if isinstance(node, list) else []
