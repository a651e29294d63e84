"""Promises of `wheelarch doctor`."""

import json
import sys

import pytest

from support.program import run
from support.projects import PROJECTS, files, write
from support.schema import check
from wheelarch.cli import main
from wheelarch.doctor.rules import RULES

WD07 = str(PROJECTS / "windows-arm64" / "wd07")


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """No variable of this machine has an effect."""
    for name in ("CARGO_BUILD_TARGET", "ARCHFLAGS", "VIRTUAL_ENV", "CONDA_PREFIX", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clean(tmp_path):
    """A project with nothing wrong."""
    return write(tmp_path, files())


CODES = [
    ("", 1),
    ("--fail-on never", 0),
    ("--exit-zero", 0),
    ("--ignore WD07", 0),
    ("--select WD01", 0),
    ("--select WD0", 1),
    ("--target win_amd64 --host x86_64-pc-windows-msvc", 0),
    ("--target win_arm64 --host x86_64-pc-windows-msvc --strict", 1),
    ("--format json", 1),
    ("--format json --format text", 2),
    ("--format yaml", 2),
    ("--select WA201", 2),
    ("--target amiga", 2),
    ("--python /absent/python", 2),
    ("--fail-on fatal", 2),
    ("--help", 0),
]


@pytest.mark.parametrize(("arguments", "code"), CODES)
def test_exit_codes(capsys, arguments, code):
    """0 for no findings that count, 1 for findings, 2 for wrong usage; never an exception."""
    assert main(["doctor", WD07, *arguments.split()]) == code
    assert "Traceback" not in "".join(capsys.readouterr())


def test_the_report_says_what_will_be_built(capsys):
    """First the builds, then what goes wrong, what a wheel would show, the bad releases, and the remedy."""
    assert main(["doctor", WD07]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == (
        "will build x86_64-pc-windows-msvc with maturin ==1.9.6 on x86_64-pc-windows-msvc "
        "(.github/workflows/release.yml, job windows)"
    )
    assert lines[2] == f"{WD07}: 1 error"
    words = " ".join(out.split())
    for text in (
        "error WD07 versioned-python-dll: pyproject.toml",
        "a wheel would show: WA301",
        "affected: maturin >= 1.8.0, < 1.13.2; pyo3 < 0.27.0",
        "users see: ImportError: DLL load failed",
        "remedy: Upgrade pyo3 to 0.27.0 or later, or require maturin>=1.13.2",
        "1 input, 0 clean: 1 error, 0 warnings, 0 notes",
    ):
        assert text in words


def test_quiet(capsys, clean):
    """`--quiet` prints nothing for a clean project."""
    assert main(["doctor", clean, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_this_folder_is_the_default(capsys, clean, monkeypatch):
    """Without PROJECT the current folder is read."""
    monkeypatch.chdir(clean)
    assert main(["doctor"]) == 0
    assert ".: ok\n" in capsys.readouterr().out


def test_json(capsys, tmp_path):
    """`--format json` prints one valid document and nothing else, or writes it to a file."""
    assert main(["doctor", WD07, "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    check(document)
    assert [one["kind"] for one in document["inputs"]] == ["project"]
    assert [one["code"] for one in document["inputs"][0]["findings"]] == ["WD07"]
    file = tmp_path / "report.json"
    assert main(["doctor", WD07, "--format", f"json={file}"]) == 1
    assert json.loads(file.read_text()) == document


def test_many_builds_are_counted(capsys, tmp_path):
    """More than ten builds are shown only with `--verbose`."""
    jobs = "".join(
        f"  job{number}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: maturin build\n"
        for number in range(12)
    )
    root = write(tmp_path, files(workflow=f"jobs:\n{jobs}"))
    main(["doctor", root])
    out = capsys.readouterr().out
    assert out.count("will build") == 10
    assert "and 2 more (--verbose names them)\n" in out
    main(["doctor", root, "--verbose"])
    assert capsys.readouterr().out.count("will build") == 12


def test_native_options_are_shown(capsys, tmp_path):
    """The options that choose CMake's target are shown with the builds."""
    text = '[build-system]\nrequires = []\nbuild-backend = "scikit_build_core.build"\n'
    root = write(tmp_path, {"pyproject.toml": f'{text}[tool.scikit-build]\ncmake.args = ["-A", "-AARM64"]\n'})
    main(["doctor", root])
    assert "with -A -AARM64\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        ({}, "not a project"),
        ({"pyproject.toml": "[build-system\n"}, "pyproject.toml: not valid TOML: "),
        ({"pyproject.toml": "", "Cargo.lock": "\0"}, "Cargo.lock: not valid TOML: "),
    ],
)
def test_a_file_that_can_not_be_read(capsys, tmp_path, contents, message):
    """Standard error says what is wrong, in one line that names the file."""
    assert main(["doctor", write(tmp_path, contents)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert message in err


def test_hostile_text_does_not_reach_the_terminal(capsys, tmp_path):
    """Escape sequences and workflow commands in project files are escaped in the output."""
    workflow = 'jobs:\n  "\\n::error::x\x1b[31m":\n    runs-on: ubuntu-latest\n    steps:\n      - run: maturin build\n'
    root = write(
        tmp_path,
        files(workflow=workflow, more={"pyproject.toml": '[build-system]\nbuild-backend="\\u001b[2J"\n'}),
    )
    main(["doctor", root])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\n::error" not in out


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_every_rule_can_be_explained(capsys, rule):
    """By code and by name: the documentation, the bad releases, and what a wheel would show."""
    assert main(["explain", rule.code]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{rule.code} {rule.name} ({rule.severity})\n\n{rule.doc}\n")
    words = " ".join(out.split())
    assert all(str(window) in words for window in rule.windows)
    assert all(code in words for code in rule.shows)
    assert main(["explain", rule.name.upper()]) == 0
    assert capsys.readouterr().out == out


def test_a_wheel_rule_names_its_predictors(capsys):
    """`explain` of a wheel rule names the doctor's rules that predict such a wheel."""
    assert main(["explain", "WA301"]) == 0
    assert "Rules of the doctor that predict this before a build: WD07, WD13.\n" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="the list is the same")
def test_nothing_is_started_and_nothing_is_fetched(clean):
    """Without `--python` no process is started and no socket is opened."""
    code = (
        "import sys\n"
        "def hook(event, arguments):\n"
        "    if event.startswith(('subprocess.', 'socket.', 'os.exec', 'os.fork', 'os.posix_spawn', 'os.system')):\n"
        "        raise SystemExit(f'forbidden: {event}')\n"
        "sys.addaudithook(hook)\n"
        "from wheelarch.cli import main\n"
        f"sys.exit(main(['doctor', {clean!r}]))\n"
    )
    import subprocess

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")


def test_as_a_command():
    """`python -m wheelarch doctor` returns the same exit code as the function."""
    assert run("doctor", WD07).returncode == 1
