"""Promises of the doctor, end to end: from project files to a report."""

import json

import pytest

from support.interpreters import interpreter
from support.projects import PROJECTS, files, write
from support.schema import check
from wheelarch.doctor import predict as doctor
from wheelarch.doctor.predict import builds, examine
from wheelarch.errors import UsageError
from wheelarch.model import Severity

WINDOWS, WINDOWS_ARM = "x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"
MAC, INTEL_MAC = "aarch64-apple-darwin", "x86_64-apple-darwin"


def examined(root, **options):
    return examine(str(root), builds(str(root), environ={}, **options))


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("wd01", "WD01", "pyo3 will link the x86_64 Python library into code for aarch64-pc-windows-msvc"),
        ("wd07", "WD07", "will import pythonXY.dll instead of python3.dll"),
        ("wd08", "WD08", "needs pythonXY.lib, but pyo3 generates only python3.lib"),
    ],
)
def test_stable_abi_for_windows_on_arm(name, code, words):
    """A workflow on x64 runners fails to build for ARM64 Windows in three ways. Each is one error."""
    root = PROJECTS / "windows-arm64" / name
    planned = builds(str(root), environ={})
    assert [(build.host, build.target) for build in planned] == [(WINDOWS, WINDOWS), (WINDOWS, WINDOWS_ARM)]
    (finding,) = examine(str(root), planned).findings
    assert (finding.code, finding.severity) == (code, Severity.ERROR)
    assert words in finding.message
    assert (
        finding.evidence["build"]
        == f"{WINDOWS_ARM} on {WINDOWS} (.github/workflows/release.yml, job windows)"
    )
    assert finding.evidence["pyo3"] == "0.22.6 in Cargo.lock"
    assert finding.evidence.get("a wheel would show") == ("WA301" if code == "WD07" else None)


@pytest.mark.parametrize("name", ["wd01", "wd07", "wd08"])
def test_the_remedy_mends_it(name, tmp_path):
    """With pyo3 0.29 and the newest maturin only a note is left, on the feature that is no longer needed."""
    root = PROJECTS / "windows-arm64" / name
    for path in root.rglob("*"):
        if path.is_file():
            text = path.read_text().replace('version = "0.22', 'version = "0.29').replace("0.29.6", "0.29.3")
            text = text.replace("==1.8.3", ">=1.16").replace("==1.9.6", ">=1.16")
            write(tmp_path, {path.relative_to(root).as_posix(): text})
    assert [finding.code for finding in examined(tmp_path).findings] == ["WD10"] * (name == "wd08")


RECORDED = [
    # recorded answer, host if the answer does not name one, maturin, the codes and the worst severity
    ("cpython312-macos-x86_64-rosetta", "", "==1.5.1", ["WD17", "WD18"], "error"),
    ("cpython312-macos-x86_64-rosetta", "", ">=1.0,<2.0", ["WD17", "WD18"], "warning"),
    ("cpython312-macos-x86_64-rosetta", "", ">=1.6", ["WD18"], "warning"),
    ("conda311-macos-x86_64-rosetta", "", "==1.5.1", ["WD17", "WD18"], "error"),
    ("cpython312-macos-universal2-rosetta", "", ">=1.16", ["WD19"], "error"),
    ("cpython312-macos-universal2-arm64", MAC, ">=1.0", [], ""),
    ("cpython312-macos-arm64", MAC, "==1.5.1", [], ""),
    ("cpython311-macos-x86_64-intel", INTEL_MAC, "==1.5.1", [], ""),
    ("cpython312-windows-x64-on-arm64", "", "==1.9.4", ["WD15"], "error"),
    ("cpython312-windows-x86-on-arm64", "", ">=1.16", ["WD21"], "error"),
    ("cpython312-windows-x86", WINDOWS, ">=1.16", ["WD20"], "warning"),
    ("cpython312-windows-x64", WINDOWS, ">=1.16", [], ""),
    ("cpython312-linux-armv7l-on-aarch64-kernel", "aarch64-unknown-linux-gnu", ">=1.16", ["WD37"], "error"),
    ("cpython312-linux-x86_64", "x86_64-unknown-linux-gnu", ">=1.0", [], ""),
]


@pytest.mark.parametrize(("name", "host", "maturin", "codes", "worst"), RECORDED)
def test_recorded_interpreters(monkeypatch, tmp_path, name, host, maturin, codes, worst):
    """If the Python runs as another machine than rustc, its recorded answer is enough to predict the wrong build."""
    monkeypatch.setattr(doctor, "probe", lambda python, environ: interpreter(name))
    report = examined(write(tmp_path, files(maturin=maturin)), python="python3", host=host)
    assert [finding.code for finding in report.findings] == codes
    assert (report.findings[0].severity if codes else "") == worst


def test_rosetta(monkeypatch, tmp_path):
    """The wheel's tag will match the wrong binary: only a comparison with the interpreter shows it (WA801)."""
    monkeypatch.setattr(
        doctor, "probe", lambda python, environ: interpreter("cpython312-macos-x86_64-rosetta")
    )
    report = examined(write(tmp_path, files(maturin="==1.5.1")), python="python3")
    for finding in report.findings:
        assert (finding.evidence["have"], finding.evidence["need"]) == ("arm64", "x86_64")
        assert finding.evidence["a wheel would show"] == "WA801, WA802"
        assert finding.evidence["build"] == f"{MAC} on {MAC} (here)"
        assert INTEL_MAC in finding.remedy


def test_the_interpreter_is_asked(tmp_path):
    """`--python` runs the interpreter, and the build on this machine uses it."""
    import sys

    (build,) = builds(write(tmp_path, files()), python=sys.executable, environ={})
    (python,) = build.pythons
    assert python.version == ".".join(map(str, sys.version_info[:2]))
    assert python.arch
    assert python.bits in (32, 64)


def test_the_report(tmp_path):
    """It is one input of the kind project, its findings name the file to fix, and the document fits the schema."""
    root = write(tmp_path, files(maturin=">=1.7,<2", pyo3="0.22.6", features=["abi3-py39"]))
    report = examined(root, host=WINDOWS, target="win_arm64")
    (project,) = report
    assert (project.path, project.kind, project.status) == (root, "project", "findings")
    assert project.generator == "maturin >=1.7,<2"
    assert [(finding.code, finding.severity, finding.member) for finding in project.findings] == [
        ("WD01", "warning", "Cargo.lock"),
        ("WD02", "warning", "pyproject.toml"),
        ("WD11", "warning", "Cargo.lock"),
    ]
    document = report.to_dict()
    check(document)
    assert json.dumps(document) == json.dumps(examined(root, host=WINDOWS, target="win_arm64").to_dict())


def test_the_worst_comes_first(tmp_path):
    """Findings are sorted by severity, then by code."""
    contents = files(maturin="==1.9.4", pyo3="0.22.6", features=["abi3-py38", "abi3-py39"])
    root = write(tmp_path, {**contents, ".cargo/config.toml": f'[build]\ntarget = "{WINDOWS_ARM}"\n'})
    report = examine(root, builds(root, host=WINDOWS, environ={"MATURIN_USE_XWIN": "yes"}))
    assert [(finding.code, finding.severity) for finding in report.findings] == [
        ("WD01", "error"), ("WD28", "error"), ("WD04", "warning"), ("WD35", "note"),
    ]  # fmt: skip
    assert report.exit_code() == 1


def test_like_builds_are_one_finding(tmp_path):
    """The same fault in many builds is reported once, with the first builds and a count."""
    jobs = "".join(
        f"  job{number}:\n    runs-on: windows-latest\n    steps:\n"
        f"      - {{uses: PyO3/maturin-action@v1, with: {{target: aarch64}}}}\n"
        for number in range(5)
    )
    root = write(tmp_path, files(maturin="==1.7.7", workflow=f"jobs:\n{jobs}"))
    (finding,) = examined(root).findings
    assert finding.code == "WD02"
    assert finding.evidence["build"].count("windows-msvc on") == 3
    assert finding.evidence["build"].endswith(" and 2 more")


def test_a_clean_project(tmp_path):
    """A project with nothing wrong is clean."""
    report = examined(write(tmp_path, files()))
    assert (next(iter(report)).status, report.findings, report.exit_code("note")) == ("clean", (), 0)


def test_a_project_that_is_not_rust(tmp_path):
    """setuptools, CMake and Meson projects are read, and have no findings about maturin."""
    for backend in (
        "scikit_build_core.build",
        "mesonpy",
        "hatchling.build",
        "flit_core.buildapi",
        "unknown.backend",
    ):
        text = f'[build-system]\nrequires = ["x"]\nbuild-backend = "{backend}"\n'
        report = examined(
            write(tmp_path / backend, {"pyproject.toml": text}), host=WINDOWS, target=WINDOWS_ARM
        )
        assert report.findings == ()


@pytest.mark.parametrize("option", [{"host": "amiga"}, {"target": "amiga"}, {"target": "any"}])
def test_an_unknown_triple_is_refused(tmp_path, option):
    """A misspelled triple is reported, and does not count as an unknown machine."""
    with pytest.raises(UsageError, match="is not a known Rust triple or wheel tag"):
        examined(write(tmp_path, files()), **option)
