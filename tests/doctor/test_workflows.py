"""Promises about the builds that are found in workflow files."""

from pathlib import Path

import pytest

from support.steps import steps as count_steps
from wheelarch.doctor import workflows
from wheelarch.doctor.workflows import MAX_CELLS, MAX_STEPS, Run, read, runner_system
from wheelarch.doctor.yaml_subset import parse

WORKFLOWS = Path(__file__).parent / "projects" / "workflows"


def runs(name: str) -> tuple[Run, ...]:
    return read((WORKFLOWS / name).read_text(), name)


def one(text: str) -> Run:
    (run,) = read(text, "ci.yml")
    return run


def steps(*lines: str, job: str = "") -> str:
    body = "\n".join(f"      {line}" for line in lines)
    return f"jobs:\n  build:\n    runs-on: windows-latest\n{job}    steps:\n{body}\n"


def test_a_generated_workflow():
    """In the workflow that maturin generates, each cell of each matrix is a build. The other jobs are not."""
    found = runs("maturin.yml")
    assert [(run.where, run.runner, run.target, run.arguments[-1]) for run in found] == [
        ("maturin.yml, job linux", "ubuntu-22.04", "x86_64", "--find-interpreter"),
        ("maturin.yml, job linux", "ubuntu-22.04", "x86_64", "python3.13t"),
        ("maturin.yml, job linux", "ubuntu-22.04", "armv7", "--find-interpreter"),
        ("maturin.yml, job linux", "ubuntu-22.04", "armv7", "python3.13t"),
        ("maturin.yml, job linux", "ubuntu-24.04-arm", "aarch64", "--find-interpreter"),
        ("maturin.yml, job linux", "ubuntu-24.04-arm", "aarch64", "python3.13t"),
        ("maturin.yml, job macos", "macos-13", "x86_64", "--find-interpreter"),
        ("maturin.yml, job macos", "macos-14", "aarch64", "--find-interpreter"),
    ]
    assert {run.python_version for run in found} == {"3.x", "3.10"}
    assert {run.maturin for run in found} == {""}


def test_a_cibuildwheel_workflow():
    """Flow sequences over several lines, `include`, and folded environments are understood."""
    found = runs("cibuildwheel.yaml")
    archs = [(run.runner, dict(run.environment)["CIBW_ARCHS"]) for run in found]
    assert archs == [
        ("macos-15-intel", ""), ("macos-latest", ""), ("ubuntu-24.04-arm", ""),
        ("windows-latest", "AMD64 ARM64"), ("windows-11-arm", "ARM64"),
    ]  # fmt: skip
    environment = dict(found[0].environment)
    assert environment["CIBW_ENVIRONMENT_MACOS"].startswith('MACOSX_DEPLOYMENT_TARGET=11.0 RUSTFLAGS="-C')
    assert environment["CIBW_BUILD_VERBOSITY"] == "1"


def test_what_can_not_be_followed_is_unknown():
    """If an expression is not understood, the value is unknown. If a condition is not, the step is left out."""
    dynamic, merged, frontend = runs("expressions.yml")
    assert (dynamic.where, dynamic.target, dynamic.runner) == (
        "expressions.yml, job dynamic",
        None,
        "windows-latest",
    )
    assert merged.arguments == (
        "--release",
        "--target",
        "aarch64-pc-windows-msvc",
        "--interpreter",
        "3.12",
        "3.13t",
    )
    assert dict(merged.environment) == {"PYO3_CROSS_LIB_DIR": None}
    assert (frontend.tool, frontend.arguments) == ("pep517", ("--wheel",))


@pytest.mark.parametrize(
    ("line", "tool", "arguments"),
    [
        ("- run: maturin build --release", "maturin", ("--release",)),
        ("- run: uvx maturin develop -F abi3", "maturin", ("-F", "abi3")),
        ("- run: pip install maturin==1.8.3 && maturin build", "maturin", ()),
        ("- run: python -m cibuildwheel --archs ARM64", "cibuildwheel", ("--archs", "ARM64")),
        ("- run: pip wheel . -w dist", "pep517", (".", "-w", "dist")),
        ("- run: uv build --wheel", "pep517", ("--wheel",)),
        ("- run: python -m build", "pep517", ()),
        ("- run: pipx run build --wheel", "pep517", ("--wheel",)),
        ("- uses: pyo3/Maturin-Action@abc", "maturin", ()),
        ("- run: maturin build # --target x", "maturin", ()),
        ("- run: maturin publish --target x", "maturin", ("--target", "x")),
        ("- run: uvx maturin@1.9.4 build --release", "maturin", ("--release",)),
        ("- {uses: PyO3/maturin-action@v1, with: {command: publish}}", "maturin", ()),
        ("- run: pip install .", "pep517", (".",)),
        ("- run: python -m pip install -e .[test]", "pep517", ("-e", ".[test]")),
        ("- run: cd . && maturin build", "maturin", ()),
    ],
)
def test_commands_that_build(line, tool, arguments):
    """Each command that builds a wheel is found by its words."""
    run = one(steps(line))
    assert (run.tool, run.arguments) == (tool, arguments)


@pytest.mark.parametrize(
    "line",
    [
        "- run: maturin upload dist/*",
        "- run: maturin sdist",
        "- run: echo maturin build",
        "- {if: false, run: maturin build}",
        "- {if: '${{ false }}', run: maturin build}",
        "- run: cd other && maturin build",
        "- {run: maturin build, working-directory: other}",
        "- run: pip install -r requirements.txt",
        "- run: pip install ./other",
        "- run: echo maturin",
        "- run: python -m build --sdist",
        "- run: maturin build --target $TARGET",
        "- run: maturin build --target ${{ inputs.target }}",
        "- run: maturin build 'unclosed",
        "- uses: actions/checkout@v4",
        "- {uses: PyO3/maturin-action@v1, if: runner.os == 'Linux'}",
        '- {uses: PyO3/maturin-action@v1, if: "${{ steps.x.outputs.y }}"}',
        "- {uses: PyO3/maturin-action@v1, if: &anchor true}",
        "- {uses: PyO3/maturin-action@v1, working-directory: crates/other}",
    ],
)
def test_commands_that_do_not(line):
    """A step that builds no wheel, may not run or is not understood is not a build."""
    assert read(steps(line), "ci.yml") == ()


@pytest.mark.parametrize(
    ("condition", "runs_there"),
    [
        ("runner.os == 'Windows'", True),
        ("${{ runner.os != 'Windows' }}", False),
        ("matrix.target == 'x64'", True),
        ("${{ matrix.target != 'X64' }}", False),
        ("github.event_name == 'push'", True),
        ("startsWith(github.ref, 'refs/tags/')", True),
        ("always()", True),
        ("failure()", False),
        ("contains(matrix.target, 'x')", False),
        ("env.BUILD == 'yes'", True),
        ("env.OTHER == 'yes'", False),
    ],
)
def test_conditions(condition, runs_there):
    """A condition on the event counts as true, one on the cell is compared, and any other leaves the step out."""
    job = "    env: {BUILD: 'yes'}\n    strategy:\n      matrix:\n        target: [x64]\n"
    found = read(steps(f'- {{if: "{condition}", uses: PyO3/maturin-action@v1}}', job=job), "ci.yml")
    assert len(found) == runs_there


def test_setup_python():
    """The last step that sets up Python counts. If it may not run, the Python is unknown."""
    run = one(steps(
        "- {uses: actions/setup-python@v5, with: {python-version: '3.12', architecture: x86}}",
        "- {uses: actions/setup-python@v5, with: {python-version: '3.13', architecture: arm64}}",
        "- uses: PyO3/maturin-action@v1",
    ))  # fmt: skip
    assert (run.python_version, run.python_architecture) == ("3.13", "arm64")
    run = one(steps(
        "- {uses: actions/setup-python@v5, if: \"${{ inputs.x }}\", with: {architecture: x86}}",
        "- uses: PyO3/maturin-action@v1",
    ))  # fmt: skip
    assert (run.python_version, run.python_architecture) == (None, None)


def test_versions_of_maturin():
    """The version of maturin comes from the action's input, from an earlier pip command or from the command itself."""
    assert one(steps("- {uses: PyO3/maturin-action@v1, with: {maturin-version: v1.7.8}}")).maturin == "v1.7.8"
    assert (
        one(steps("- run: pip install 'maturin>=1.7,<1.8'", "- run: maturin build")).maturin
        == "maturin>=1.7,<1.8"
    )
    assert one(steps("- run: pip install maturin", "- run: maturin build")).maturin == ""
    assert one(steps("- run: uvx maturin@1.9.4 build")).maturin == "1.9.4"
    assert one(steps("- run: pipx run maturin==1.9.4 build")).maturin == "maturin==1.9.4"


def test_the_folder_of_scripts():
    """Defaults of a job and of a workflow apply to scripts, not to actions. A step may override them."""
    script, action = "- run: maturin build", "- uses: PyO3/maturin-action@v1"
    elsewhere = "    defaults: {run: {working-directory: other}}\n"
    for text in (steps(script, job=elsewhere), elsewhere.replace("    ", "", 1) + steps(script)):
        assert read(text, "ci.yml") == ()
        assert len(read(text.replace(script, action), "ci.yml")) == 1
    back = steps("- {run: maturin build, working-directory: .}", job=elsewhere)
    assert len(read(back, "ci.yml")) == 1


def test_runners_and_containers():
    """The label of a runner group is read, and so is the image that a job runs in."""
    text = steps("- uses: PyO3/maturin-action@v1")
    grouped = text.replace("windows-latest", "{group: big, labels: windows-11-arm}")
    assert one(grouped).runner == "windows-11-arm"
    assert one(grouped.replace("windows-11-arm", "[windows-11-arm]")).runner == "windows-11-arm"
    for image in ("quay.io/pypa/manylinux2014_i686", "{image: quay.io/pypa/manylinux2014_i686, options: x}"):
        contained = text.replace("    steps", f"    container: {image}\n    steps")
        assert one(contained).container == "quay.io/pypa/manylinux2014_i686"


def test_matrix_include_and_exclude():
    """`exclude` removes cells; `include` extends the cells that it matches, or else adds one."""
    text = steps(
        "- {uses: PyO3/maturin-action@v1, with: {target: '${{ matrix.t }}', args: '${{ matrix.a }}'}}"
    )
    matrix = (
        "    strategy:\n      matrix:\n        t: [x64, x86, aarch64]\n        exclude: [{t: x86}]\n"
        "        include: [{t: x64, a: --release}, {t: i686, a: --zig}, {a: --strip}]\n"
    )
    found = read(text.replace("    steps", f"{matrix}    steps"), "ci.yml")
    assert [(run.target, run.arguments) for run in found] == [
        ("x64", ("--strip",)), ("aarch64", ("--strip",)), ("i686", ("--zig",)),
    ]  # fmt: skip


def test_bounds():
    """No more cells are evaluated than GitHub would run, and no more builds are found than the limit."""
    matrix = "".join(f"        {axis}: [{', '.join(map(str, range(30)))}]\n" for axis in "abcdef")
    text = steps(
        "- {uses: PyO3/maturin-action@v1, with: {target: '${{ matrix.a }}${{ matrix.f }}${{ matrix.e }}'}}"
    )
    found = read(text.replace("    steps", f"    strategy:\n      matrix:\n{matrix}    steps"), "ci.yml")
    assert 0 < len(found) <= MAX_CELLS
    many = steps(*(f"- run: maturin build --target t{number}" for number in range(MAX_STEPS + 100)))
    assert len(read(many, "ci.yml")) == MAX_STEPS


def test_long_arguments_are_bounded():
    """Arguments that are too long are unknown, and the steps after a number of characters are not evaluated."""
    action = "- {uses: PyO3/maturin-action@v1, with: {args: 'ARGS'}}"
    assert len(one(steps(action.replace("ARGS", "x " * 2_000))).arguments) == 2_000
    assert one(steps(action.replace("ARGS", "x " * 2_100))).arguments is None
    commands = [f"maturin build {number:04} {'x' * 4_000}" for number in range(400)]
    found = read(steps(*(f"- run: {command}" for command in commands)), "ci.yml")
    assert len(found) == (1 << 20) // len(commands[0])


_AXES = "".join(f"        {axis}: [{', '.join(map(str, range(30)))}]\n" for axis in "abc")
_MATRIX = f"    strategy:\n      matrix:\n{_AXES}"
_ACTION = "- {uses: PyO3/maturin-action@v1, with: {args: 'ARGS'}}"


@pytest.mark.parametrize(
    "make",
    [
        lambda size: steps(*["- run: maturin build ${{ matrix.a }}"] * size, job=_MATRIX),
        lambda size: steps("- run: maturin build " + "${{ " * size),
        lambda size: steps("- run: |", *["    maturin build x"] * size, job=_MATRIX),
        lambda size: steps(*[f"- env: {{{', '.join(f'v{n}: x' for n in range(200))}}}"] * size),
        lambda size: steps(*["- run: maturin build " + "x " * 100] * size),
        lambda size: steps(_ACTION.replace("ARGS", "x " * 10 * size), job=_MATRIX),
        lambda size: steps(_ACTION.replace("ARGS", "${{ matrix.a }} " + "x " * size), job=_MATRIX),
        lambda size: (
            "jobs:\n" + "".join(f"  j{n}: {{steps: [{{run: maturin build}}]}}\n" for n in range(size))
        ),
    ],
    ids=["steps", "expressions", "script", "variables", "long scripts", "long argument", "arguments", "jobs"],
)
def test_work_is_bounded(make, monkeypatch):
    """Many cells times many steps, long scripts and long expressions take no more work than the limits allow.

    The limits are lowered, so that a text of twice the size is beyond each of them.
    """
    for name, limit in {
        "MAX_STEPS": 64,
        "MAX_CELLS": 16,
        "_MAX_SCRIPT": 256,
        "_MAX_CHARACTERS": 2_048,
    }.items():
        monkeypatch.setattr(workflows, name, limit)
    monkeypatch.setattr(workflows, "_MAX_VARIABLES", 8)
    document = parse(make(600))
    monkeypatch.setattr(workflows, "parse", lambda text: document)
    assert count_steps(read, "", "ci.yml") < 95_000
    assert len(read("", "ci.yml")) <= 64


@pytest.mark.parametrize(
    "text", ["", "jobs: x", "jobs: {a: [1]}", "jobs: {a: {steps: {}}}", "\0\1", "jobs: {a: {steps: [1]}}"]
)
def test_odd_documents(text):
    """A document of an unexpected shape has no builds."""
    assert read(text, "ci.yml") == ()


def test_runner_systems():
    """The system of a runner follows from its label, or is empty."""
    labels = ("windows-11-arm", "macos-latest", "Ubuntu-24.04", "self-hosted", "")
    assert [runner_system(label) for label in labels] == ["Windows", "macOS", "Linux", "", ""]
