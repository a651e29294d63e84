"""Promises about the builds that follow from a project, its workflows and this machine."""

import pytest

from support.projects import PROJECTS, files, write
from wheelarch.doctor.build import HERE, Build, Python, host_triple, triple_of
from wheelarch.doctor.plan import action_target, plan, runner_host
from wheelarch.doctor.project import read
from wheelarch.errors import UsageError
from wheelarch.interpreter.environment import archflags
from wheelarch.interpreter.triples import of_triple

LINUX, MAC, INTEL_MAC = "x86_64-unknown-linux-gnu", "aarch64-apple-darwin", "x86_64-apple-darwin"
WINDOWS, WINDOWS_ARM, WINDOWS_32 = "x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc", "i686-pc-windows-msvc"


@pytest.fixture
def make(tmp_path):
    """Return a function that makes a project of these files and returns its builds."""

    def make(
        machine: str = LINUX, environment=None, python=None, host="", target="", **options
    ) -> list[Build]:
        project = read(write(tmp_path, files(**options)))
        return list(
            plan(
                project,
                host=host,
                target=target,
                python=python,
                environment=environment or {},
                machine=machine,
            )
        )

    return make


def chosen(builds):
    return [(build.host, build.target, build.named_by, build.explicit) for build in builds]


def test_without_a_word_the_host_is_built_for(make):
    """The target defaults to the host, and the host to this machine."""
    (build,) = make()
    assert chosen([build]) == [(LINUX, LINUX, "the host", False)]
    assert (build.where, build.tool, build.frontend) == (HERE, "maturin", "")


CONFIG = {".cargo/config.toml": f'[build]\ntarget = "{INTEL_MAC}"\n'}
WORKFLOW = (
    "jobs:\n  a:\n    runs-on: windows-latest\n    steps:\n"
    "      - {uses: PyO3/maturin-action@v1, with: {target: aarch64}}\n"
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"target": WINDOWS, "environment": {"CARGO_BUILD_TARGET": LINUX}}, (MAC, WINDOWS, "--target", True)),
        ({"environment": {"CARGO_BUILD_TARGET": WINDOWS}, "more": CONFIG}, (MAC, WINDOWS, "CARGO_BUILD_TARGET", True)),
        ({"environment": {"ARCHFLAGS": "-arch x86_64"}}, (MAC, INTEL_MAC, "ARCHFLAGS", False)),
        ({"environment": {"ARCHFLAGS": "-arch arm64 -arch x86_64"}},
         (MAC, "universal2-apple-darwin", "ARCHFLAGS", False)),
        ({"environment": {"ARCHFLAGS": "-arch arm64e"}}, (MAC, MAC, "the host", False)),
        ({"more": CONFIG, "workflow": WORKFLOW}, (MAC, INTEL_MAC, ".cargo/config.toml", False)),
        ({"host": WINDOWS, "workflow": WORKFLOW}, (WINDOWS, WINDOWS, "the host", False)),
        ({"workflow": WORKFLOW}, (WINDOWS, WINDOWS_ARM, "--target", True)),
    ],
)  # fmt: skip
def test_precedence_of_targets(make, options, expected):
    """From strong to weak: --target, CARGO_BUILD_TARGET, ARCHFLAGS on a Mac, Cargo's configuration, the workflows."""
    assert chosen(make(MAC, **options))[0] == expected


def test_a_target_on_the_command_line_is_the_only_one(make):
    """Then the builds of the workflows are left out."""
    assert len(make(target=WINDOWS_ARM, workflow=WORKFLOW)) == 1


def test_a_host_on_the_command_line(make):
    """Only builds on that host, or on an unknown one, are kept."""
    assert len(make(host=WINDOWS, workflow=WORKFLOW)) == 2
    assert [build.where for build in make(host=LINUX, workflow=WORKFLOW)] == [HERE]
    unknown = make(host=WINDOWS, workflow=WORKFLOW.replace("windows-latest", "[self-hosted, fast]"))
    assert unknown[1].host == WINDOWS


def test_a_variable_or_an_interpreter_builds_here_too(make):
    """If there is a workflow, this machine counts only if something says that it builds."""
    assert [build.where for build in make(workflow=WORKFLOW)] == [".github/workflows/ci.yml, job a"]
    assert make(workflow=WORKFLOW, environment={"MATURIN_USE_XWIN": "1"})[0].where == HERE
    assert make(workflow=WORKFLOW, python=Python(arch="x86_64"))[0].pythons == (Python(arch="x86_64"),)


@pytest.mark.parametrize(
    ("label", "triple"),
    [
        ("windows-latest", WINDOWS), ("windows-2022", WINDOWS), ("windows-11-arm", WINDOWS_ARM),
        ("ubuntu-24.04", LINUX), ("ubuntu-24.04-arm", "aarch64-unknown-linux-gnu"), ("Ubuntu-Latest", LINUX),
        ("macos-13", INTEL_MAC), ("macos-13-xlarge", MAC), ("macos-14", MAC), ("macos-14-large", INTEL_MAC),
        ("macos-15-intel", INTEL_MAC), ("macos-latest", MAC), ("macos-latest-large", INTEL_MAC), ("macos-26", MAC),
        ("self-hosted", ""), ("", ""), ("windows", ""), ("macos-", ""), ("ubuntu-latest-4-cores", LINUX),
        ("my-windows-latest", ""), ("macos-" + "9" * 5000, ""), ("windows-latest-$x", ""),
    ],
)  # fmt: skip
def test_runner_hosts(label, triple):
    """GitHub's images have a known host. Other labels have none."""
    assert runner_host(label) == triple


@pytest.mark.parametrize(
    ("name", "runner", "triple"),
    [
        ("x64", "windows-latest", WINDOWS), ("x86", "windows-latest", WINDOWS_32), ("i686", "windows-2022", WINDOWS_32),
        ("aarch64", "windows-latest", WINDOWS_ARM), ("aarch64", "macos-14", MAC), ("x86_64", "macos-13", INTEL_MAC),
        ("universal2", "macos-14", "universal2-apple-darwin"),
        ("universal2-apple-darwin", "x", "universal2-apple-darwin"),
        ("armv7", "ubuntu-latest", "armv7-unknown-linux-gnueabihf"), ("x86", "ubuntu-latest", "i686-unknown-linux-gnu"),
        ("ppc64le", "ubuntu-latest", "powerpc64le-unknown-linux-gnu"),
        ("riscv64", "ubuntu-latest", "riscv64gc-unknown-linux-gnu"),
        ("s390x", "ubuntu-latest", "s390x-unknown-linux-gnu"),
        (WINDOWS_ARM, "ubuntu-latest", WINDOWS_ARM), ("aarch64", "self-hosted", ""), ("vax", "ubuntu-latest", ""),
    ],
)  # fmt: skip
def test_targets_of_the_action(name, runner, triple):
    """A full triple stays as it is. The meaning of an alias depends on the runner's system."""
    assert action_target(name, runner) == triple


def job(runner: str, *lines: str) -> str:
    return f"jobs:\n  a:\n    runs-on: {runner}\n    steps:\n" + "".join(
        f"      - {line}\n" for line in lines
    )


def test_arguments_of_maturin(make):
    """The options of the command choose target, interpreters and features."""
    command = "run: maturin build --target=aarch64-pc-windows-msvc -i 3.12 3.13t pypy3.11 /x/python -F pyo3/abi3-py39,x"
    (build,) = make(workflow=job("ubuntu-latest", command))
    assert (build.target, build.explicit, build.frontend) == (WINDOWS_ARM, True, "build")
    assert build.pythons == (
        Python("cpython", "3.12", False), Python("cpython", "3.13", True), Python("pypy", "3.11"),
    )  # fmt: skip
    assert build.interpreter_named
    assert build.features == {"abi3-py39"}


def test_options_about_features(make):
    """Default features can be turned off, and all features can be turned on."""
    crate = {
        "Cargo.toml": "[dependencies]\npyo3 = '0.22'\n[features]\ndefault = ['pyo3/a']\nb = ['pyo3/c']\n"
    }
    (build,) = make(workflow=job("ubuntu-latest", "run: maturin build --no-default-features"), more=crate)
    assert build.features == set()
    (build,) = make(workflow=job("ubuntu-latest", "run: maturin build --all-features"), more=crate)
    assert build.features == {"a", "c"}


def test_another_manifest_is_another_crate(make):
    """Nothing is known about a crate that was not read. Naming the crate that was read changes nothing."""
    (build,) = make(
        features=["abi3"], workflow=job("ubuntu-latest", "run: maturin build -m other/Cargo.toml")
    )
    assert (build.pyo3, build.features) == (None, frozenset())
    (build,) = make(features=["abi3"], workflow=job("ubuntu-latest", "run: maturin build -m ./Cargo.toml"))
    assert build.features == {"abi3"}


def test_what_is_not_known_is_taken_for_told(make):
    """An input or an argument that is not understood leaves the target unknown, and the target counts as given."""
    for given in ("target: '${{ inputs.t }}'", "args: '${{ inputs.t }}'"):
        (build,) = make(
            workflow=job("windows-latest", f"{{uses: PyO3/maturin-action@v1, with: {{{given}}}}}")
        )
        assert (build.host, build.target, build.explicit) == (WINDOWS, "", True)
    (build,) = make(workflow=job("windows-latest", "run: maturin build --target custom.json"))
    assert (build.target, build.explicit) == ("", True)


@pytest.mark.parametrize(
    ("given", "requirement"),
    [
        ("v1.7.8", "v1.7.8"),
        ("1.7.8", "1.7.8"),
        ("latest", "1.16.0"),
        ("", ">=1.9"),
        ("${{ inputs.x }}", None),
    ],
)
def test_which_maturin_a_workflow_uses(make, given, requirement):
    """The action's own input beats pyproject.toml. An input that is not understood leaves the version unknown."""
    step = f"{{uses: PyO3/maturin-action@v1, with: {{maturin-version: '{given}'}}}}"
    (build,) = make(maturin=">=1.9", workflow=job("windows-latest", step))
    assert (build.maturin and build.maturin.requirement) == requirement


def test_interpreters_of_setup_python(make):
    """Versions and architecture come from setup-python, unless maturin looks for interpreters itself."""
    setup = "{uses: actions/setup-python@v5, with: {python-version: '3.13t', architecture: x86}}"
    (build,) = make(workflow=job("windows-latest", setup, "run: maturin build"))
    assert build.pythons == (Python("cpython", "3.13", True, arch="x86"),)
    (build,) = make(workflow=job("windows-latest", setup, "run: maturin build --find-interpreter"))
    assert build.pythons == ()


def test_frontends(make):
    """Pip and other frontends build for the host unless the environment names a target."""
    (build,) = make(
        workflow=job("macos-14", "{run: python -m build --wheel, env: {ARCHFLAGS: -arch x86_64}}")
    )
    assert (build.frontend, build.target, build.named_by) == ("pep517", INTEL_MAC, "ARCHFLAGS")


def test_cibuildwheel_in_a_workflow(tmp_path):
    """There is one build per architecture, with the variables that cibuildwheel sets; `auto` means the host."""
    text = (PROJECTS / "workflows" / "cibuildwheel.yaml").read_text()
    project = read(write(tmp_path, files(backend="setuptools-rust", workflow=text)))
    builds = plan(project, environment={}, machine=LINUX)
    arm = "aarch64-unknown-linux-gnu"
    assert [(build.host, build.target, build.explicit) for build in builds] == [
        (INTEL_MAC, INTEL_MAC, False), (MAC, MAC, False), (arm, arm, False), (WINDOWS, WINDOWS, False),
        (WINDOWS, WINDOWS_ARM, True), (WINDOWS_ARM, WINDOWS_ARM, False),
    ]  # fmt: skip
    assert builds[1].environment["ARCHFLAGS"] == "-arch arm64"
    assert builds[1].environment["MACOSX_DEPLOYMENT_TARGET"] == "11.0"
    assert builds[4].environment["CARGO_BUILD_TARGET"] == WINDOWS_ARM
    assert {build.tool for build in builds} == {"setuptools-rust"}


def test_cibuildwheel_in_pyproject(tmp_path):
    """Without a workflow the hosts are not known, but the named architectures are."""
    contents = files()
    contents["pyproject.toml"] += (
        '[tool.cibuildwheel]\nenvironment = { A = "1", B = "$HOME" }\n'
        '[tool.cibuildwheel.windows]\narchs = ["ARM64"]\n[tool.cibuildwheel.macos]\narchs = "x86_64 universal2"\n'
    )
    builds = plan(read(write(tmp_path, contents)), environment={}, machine=LINUX)
    assert [(build.host, build.target) for build in builds] == [
        ("", WINDOWS_ARM), ("", INTEL_MAC), ("", "universal2-apple-darwin"),
    ]  # fmt: skip
    assert builds[0].environment == {"CARGO_BUILD_TARGET": WINDOWS_ARM, "A": "1", "B": None}
    assert builds[2].environment["ARCHFLAGS"] == "-arch arm64 -arch x86_64"


@pytest.mark.parametrize(
    ("host", "target", "maturin", "cross"),
    [
        (LINUX, LINUX, "==1.9.6", False), (LINUX, WINDOWS, "==1.9.6", True), (MAC, INTEL_MAC, "==1.9.6", False),
        (MAC, "aarch64-apple-ios", "==1.9.6", False), (WINDOWS, WINDOWS_32, "==1.9.6", False),
        (WINDOWS, WINDOWS_ARM, "==1.9.6", True), (WINDOWS_ARM, WINDOWS, "==1.12.2", True),
        (WINDOWS_ARM, WINDOWS, "==1.12.3", False), (WINDOWS, "x86_64-pc-windows-gnu", "==1.9.6", False),
        (LINUX, "x86_64-unknown-linux-musl", "==1.9.6", True), ("", WINDOWS, "==1.9.6", False),
        (LINUX, "", "==1.9.6", False),
    ],
)  # fmt: skip
def test_cross_builds(make, host, target, maturin, cross):
    """A build is a cross build if maturin treats it as one. With an unknown triple it is not."""
    (build,) = make(maturin=maturin)
    assert build._replace(host=host, target=target).cross is cross


@pytest.mark.parametrize(
    ("value", "archs"),
    [
        ("-arch x86_64", ("x86_64",)), ("-arch arm64 -arch x86_64", ("arm64", "x86_64")), ("", ()),
        ("-arch x86_64 -g", ()), ("-arch arm64e", ()), ("-g -arch arm64", ("arm64",)), ("arm64", ("arm64",)),
        ("-arch arm64 -arch arm64", ("arm64",)), ("-arch arm64 -arch arm64e", ("arm64",)),
        ("-arch x86_64 -arch i386", ("x86_64",)), ("-arch arm64  -arch x86_64 ", ("arm64", "x86_64")),
    ],
)  # fmt: skip
def test_archflags(value, archs):
    """Maturin splits at -arch and compares whole parts."""
    assert archflags(value) == archs


@pytest.mark.parametrize(
    ("value", "archs"),
    [
        ("-arch x86_64 -g", ("x86_64",)), ("-arch arm64e", ("arm64",)), ("-arch arm64 -arch arm64", ("arm64",)),
        ("-arch x86_64 -arch arm64", ("arm64", "x86_64")), ("", ()), ("-arch i386", ()),
    ],
)  # fmt: skip
def test_archflags_of_setuptools_rust(value, archs):
    """setuptools-rust searches the text."""
    assert archflags(value, "setuptools-rust") == archs


def test_each_tool_reads_archflags_in_its_way(make):
    """Both tools read one architecture given twice as one. Only setuptools-rust ignores other flags in the value."""
    twice = {"ARCHFLAGS": "-arch x86_64 -arch x86_64"}
    assert [build.target for build in make(MAC, environment=twice)] == [INTEL_MAC]
    more = {"ARCHFLAGS": "-arch x86_64 -g"}
    assert [build.target for build in make(MAC, environment=more)] == [MAC]
    assert [build.target for build in make(MAC, environment=more, backend="setuptools-rust")] == [INTEL_MAC]


def test_arguments_that_a_frontend_hands_on(make):
    """MATURIN_PEP517_ARGS and the setting build-args name the target of a build by pip and other frontends."""
    (build,) = make(environment={"MATURIN_PEP517_ARGS": f"--release --target {WINDOWS_ARM}"})
    assert (build.target, build.explicit, build.frontend) == (WINDOWS_ARM, True, "pep517")
    for option in ("-C ", "-C", "--config-settings=", "--config-setting "):
        command = f"run: pip wheel . {option}build-args='--target {WINDOWS_32}'"
        (build,) = make(workflow=job("windows-latest", command))
        assert (build.target, build.explicit) == (WINDOWS_32, True)
    assert make(environment={"MATURIN_PEP517_ARGS": "--target 'unclosed"})[0].target == LINUX
    assert make(environment={"MATURIN_PEP517_ARGS": "--features pyo3/abi3-py39"})[0].features == {"abi3-py39"}
    handed = (
        "{uses: pypa/cibuildwheel@v3, env: {CIBW_ARCHS: native, MATURIN_PEP517_ARGS: --features pyo3/abi3}}"
    )
    assert [build.features for build in make(workflow=job("windows-latest", handed))] == [{"abi3"}]


def test_requirements_with_markers(make):
    """The first requirement whose marker is true on the host counts. One without a marker is always true."""
    text = (
        "[build-system]\nrequires = ['maturin>=1.9; sys_platform==\"win32\"', "
        "'maturin==1.5.0; platform_system==\"Darwin\"', 'maturin==1.6.0']\nbuild-backend = 'maturin'\n"
    )
    for machine, requirement in ((WINDOWS, ">=1.9"), (MAC, "==1.5.0"), (LINUX, "==1.6.0"), ("", ">=1.9")):
        (build,) = make(machine, more={"pyproject.toml": text})
        assert build.maturin.requirement == requirement
    (build,) = make(LINUX, more={"pyproject.toml": text}, workflow=job("macos-14", "run: maturin build"))
    assert build.maturin.requirement == "==1.5.0"


def test_two_environments_build_here_too(make):
    """If VIRTUAL_ENV and CONDA_PREFIX differ (WD14), this machine builds too, whatever the workflows build."""
    both = {"VIRTUAL_ENV": "/a", "CONDA_PREFIX": "/b"}
    assert make(workflow=WORKFLOW, environment=both)[0].where == HERE
    assert make(workflow=WORKFLOW, environment={**both, "CONDA_PREFIX": "/a"})[0].where != HERE


def test_the_file_that_names_the_maturin(make):
    """The source of a version that a workflow asks for is the workflow's file."""
    step = "{uses: PyO3/maturin-action@v1, with: {maturin-version: v1.7.8}}"
    (build,) = make(workflow=job("windows-latest", step))
    assert build.maturin.source == ".github/workflows/ci.yml"


def test_a_crate_alone(tmp_path):
    """Without pyproject.toml, setup.cfg and setup.py, only maturin can build a wheel."""
    root = write(tmp_path, {name: text for name, text in files().items() if name != "pyproject.toml"})
    (build,) = plan(read(root), target=WINDOWS_ARM, environment={}, machine=LINUX)
    assert (build.tool, build.target) == ("maturin", WINDOWS_ARM)


def test_a_narrow_container(make):
    """The Python in a manylinux image for a 32-bit machine is a 32-bit one."""
    text = job("ubuntu-latest", "run: maturin build").replace(
        "    steps", "    container: quay.io/pypa/manylinux2014_i686:latest\n    steps"
    )
    (build,) = make(workflow=text)
    assert build.pythons == (Python(platform="linux-i686", arch="x86", bits=32),)
    (build,) = make(workflow=text.replace("i686", "x86_64"))
    assert build.pythons == ()


@pytest.mark.parametrize(
    ("text", "triple"),
    [
        (WINDOWS_ARM, WINDOWS_ARM), ("win_arm64", WINDOWS_ARM), ("cp311-abi3-win_amd64", WINDOWS),
        ("macosx_11_0_arm64", MAC), ("macosx_10_9_universal2", "universal2-apple-darwin"),
        ("manylinux_2_28_aarch64", "aarch64-unknown-linux-gnu"), ("musllinux_1_2_x86_64", "x86_64-unknown-linux-musl"),
    ],
)  # fmt: skip
def test_triples_of_texts(text, triple):
    """A triple, a platform tag and a whole wheel tag give the same triple."""
    assert triple_of(text) == triple


@pytest.mark.parametrize("text", ["", "any", "vax-dec-vms", "py3-none-any"])
def test_no_triple(text):
    """A text that names no target is rejected."""
    with pytest.raises(UsageError, match="is not a known Rust triple or wheel tag"):
        triple_of(text)


def test_this_machine_has_a_triple():
    """The triple of the machine that runs the tests is known."""
    assert of_triple(host_triple())
