"""Promises about reading project files."""

import os
import subprocess
import sys

import pytest

from support.projects import files, lock, write
from wheelarch.doctor import project
from wheelarch.doctor.project import MAX_BYTES, pyo3_features, read, read_pyo3_config
from wheelarch.errors import UsageError


def facts(folder, **options):
    return read(write(folder, files(**options)))


def manifest(dependency: str, features: str = "") -> dict[str, str]:
    return {"Cargo.toml": f"[package]\nname = 'demo'\n{dependency}\n[features]\n{features}\n"}


def on(found) -> set[str]:
    return set(pyo3_features(found.crate, found.features, default=found.default_features))


def test_a_maturin_project(tmp_path):
    """The backend, both versions with the files that name them, and the features are read."""
    found = facts(tmp_path, maturin=">=1.7,<2", pyo3="0.22.6", features=["abi3-py39"])
    assert (found.backend, found.setuptools_rust) == ("maturin", False)
    assert (found.maturin.requirement, found.maturin.source) == (">=1.7,<2", "pyproject.toml")
    assert (found.pyo3.requirement, found.pyo3.source) == ("0.22.6", "Cargo.lock")
    assert on(found) == {"abi3-py39"}
    assert found.runs == ()


def test_without_a_lock_the_range_counts(tmp_path):
    """If there is no Cargo.lock, Cargo.toml says which versions are allowed."""
    contents = files(pyo3="0.22.6")
    del contents["Cargo.lock"]
    found = read(write(tmp_path, contents))
    assert (found.pyo3.requirement, found.pyo3.source) == ("0.22", "Cargo.toml")
    assert found.pyo3.admitted[-1] == "0.22.6"


@pytest.mark.parametrize(
    ("locked", "required", "version"),
    [
        (["0.22.6", "0.26.0"], '"0.26"', "0.26.0"),
        (["0.22.6", "0.26.0"], '">=0.20"', None),
        (["0.26.0"], '{ git = "https://example.org/pyo3" }', "0.26.0"),
    ],
)
def test_several_locked_versions(tmp_path, locked, required, version):
    """If there are several, the one that the crate asks for counts. If that is not clear, none does."""
    found = facts(
        tmp_path, more={**manifest(f"[dependencies]\npyo3 = {required}"), "Cargo.lock": lock(*locked)}
    )
    assert (found.pyo3 and found.pyo3.requirement) == version
    assert list(found.pyo3_locked) == locked


@pytest.mark.parametrize(
    ("dependency", "own", "pyproject", "features"),
    [
        ('[dependencies]\npyo3 = "0.22"', "", "", set()),
        ('[dependencies]\npyo3 = "0.22"', "", 'features = ["pyo3/abi3-py39"]', {"abi3-py39"}),
        ('[dependencies]\npyo3 = "0.22"', 'default = ["a"]\na = ["b"]\nb = ["pyo3/abi3"]', "", {"abi3"}),
        ('[dependencies]\npyo3 = "0.22"', 'default = ["pyo3/abi3"]', "no-default-features = true", set()),
        ('[dependencies]\npyo3 = "0.22"', 'a = ["a", "pyo3?/abi3"]', 'features = ["a"]', {"abi3"}),
        ('[dependencies]\npy = { package = "pyo3", version = "0.22" }', 'default = ["py/abi3"]', "", {"abi3"}),
        ('[dependencies.pyo3]\nversion = "0.22"\nfeatures = ["abi3", 7]', "", "", {"abi3"}),
        ("[target.'cfg(windows)'.dependencies]\npyo3 = { version = '0.22', features = ['generate-import-lib'] }",
         "", "", {"generate-import-lib"}),
        ('[dependencies]\npyo3 = "0.22"', 'default = ["numpy/abi3"]', "", set()),
        ('[dependencies]\npyo3 = "0.22"', "",
         'features = [{ feature = "pyo3/abi3", python-implementation = "cpython" }, { x = 1 }]', {"abi3"}),
    ],
)  # fmt: skip
def test_features(tmp_path, dependency, own, pyproject, features):
    """Features of pyo3 are found through the crate's own features, under other names and for every platform."""
    contents = files(more=manifest(dependency, own))
    contents["pyproject.toml"] += f"[tool.maturin]\n{pyproject}\n"
    assert on(read(write(tmp_path, contents))) == features


def test_features_asked_for_by_a_build(tmp_path):
    """A build may turn on some features or all, and turn off the default ones."""
    crate = facts(
        tmp_path, more=manifest('[dependencies]\npyo3 = "0.22"', 'default = ["pyo3/a"]\nb = ["pyo3/c"]')
    ).crate
    assert pyo3_features(crate, ()) == {"a"}
    assert pyo3_features(crate, ("b",), default=False) == {"c"}
    assert pyo3_features(crate, (), default=False, every=True) == {"a", "c"}
    assert pyo3_features(None, ("pyo3/abi3", "other/x")) == {"abi3"}


def test_a_workspace(tmp_path):
    """Version and features come from the workspace, and its lock file is used."""
    contents = {
        "pyproject.toml": '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n'
        '[tool.maturin]\nmanifest-path = "crates/py/Cargo.toml"\n',
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n'
        '[workspace.dependencies]\npyo3 = { version = "0.22", features = ["abi3"] }\n',
        "crates/py/Cargo.toml": '[package]\nname = "py"\n'
        '[dependencies]\npyo3 = { workspace = true, features = ["abi3-py39"] }\n',
        "Cargo.lock": lock("0.22.6"),
    }
    found = read(write(tmp_path, contents))
    assert found.crate.source == "crates/py/Cargo.toml"
    assert found.crate.pyo3.requirement == "0.22"
    assert on(found) == {"abi3", "abi3-py39"}
    assert found.pyo3.requirement == "0.22.6"


def test_setuptools_rust(tmp_path):
    """It is found by a requirement, by its table, and by the text of setup.py."""
    assert facts(tmp_path / "a", backend="setuptools-rust").setuptools_rust
    table = '[[tool.setuptools-rust.ext-modules]]\ntarget = "x"\npath = "rust/Cargo.toml"\nfeatures = ["pyo3/abi3"]\n'
    crate = "[package]\nname = 'x'\n[dependencies]\npyo3 = '0.22'\n"
    found = read(write(tmp_path / "b", {"pyproject.toml": table, "rust/Cargo.toml": crate}))
    assert found.setuptools_rust
    assert found.crate.source == "rust/Cargo.toml"
    assert on(found) == {"abi3"}
    assert read(
        write(tmp_path / "c", {"setup.py": "setup(rust_extensions=[RustExtension('x')])"})
    ).setuptools_rust
    assert not facts(tmp_path / "d", backend="setuptools").setuptools_rust


@pytest.mark.parametrize(
    ("contents", "plat_name"),
    [
        ({"setup.cfg": "[bdist_wheel]\nplat-name = win-arm64\n"}, "win-arm64"),
        ({"setup.cfg": "[bdist_wheel]\nplat_name: %(x)s\n"}, "%(x)s"),
        ({"setup.py": "setup(options={'bdist_wheel': {'plat_name': 'win_arm64'}})"}, "win_arm64"),
        ({"setup.py": "setup(options={'bdist_wheel': {'plat_name': sys.argv[1]}})"}, ""),
        ({"setup.py": "print 'Python 2'"}, ""),
        ({"setup.py": "(" * 100_000}, ""),
        ({"setup.py": "-" * 100_000 + "1"}, ""),
        ({"setup.cfg": "[metadata]\nname = x\n"}, ""),
    ],
)
def test_plat_name(tmp_path, contents, plat_name):
    """It is read from setup.cfg and, if it is a literal, from setup.py, whatever the syntax of that file is."""
    found = read(write(tmp_path, contents))
    assert (found.backend, found.plat_name) == ("setuptools", plat_name)


def test_setup_py_is_not_run(tmp_path):
    """The text is parsed, and none of its code runs."""
    mark = tmp_path / "ran"
    read(write(tmp_path, {"setup.py": f"open({str(mark)!r}, 'w')\nraise SystemExit(3)\n"}))
    assert not mark.exists()


def test_cargo_configuration(tmp_path):
    """The target and the environment are read from either name. Several targets count as none."""
    config = (
        '[build]\ntarget = "x86_64-apple-darwin"\n'
        '[env]\nA = "1"\nB = { value = "2" }\nC = { value = "c", relative = true }\nD = 7\n'
    )
    found = facts(tmp_path / "a", more={".cargo/config.toml": config})
    assert found.cargo_target == "x86_64-apple-darwin"
    assert found.cargo_environment == (("A", "1"), ("B", "2"), ("C", str(tmp_path / "a" / "c")))
    assert facts(tmp_path / "b", more={".cargo/config": config}).cargo_target == "x86_64-apple-darwin"
    alone = '[build]\ntarget = ["x86_64-apple-darwin"]\n'
    assert facts(tmp_path / "d", more={".cargo/config.toml": alone}).cargo_target == "x86_64-apple-darwin"
    several = '[build]\ntarget = ["x86_64-apple-darwin", "aarch64-apple-darwin"]\n'
    assert facts(tmp_path / "c", more={".cargo/config.toml": several}).cargo_target == ""


def test_other_tables(tmp_path):
    """Deployment targets of maturin, cibuildwheel's table, and target options of CMake and Meson are read."""
    contents = files()
    contents["pyproject.toml"] += (
        '[tool.maturin.target.x86_64-apple-darwin]\nmacos-deployment-target = "10.12"\n'
        "[tool.maturin.target.x86_64-pc-windows-msvc]\n"
        '[tool.cibuildwheel]\narchs = ["auto"]\n'
        '[tool.scikit-build.cmake]\nargs = ["-A", "ARM64", "-DX=1"]\n'
        '[tool.scikit-build.cmake.define]\nCMAKE_OSX_ARCHITECTURES = ["arm64", "x86_64"]\nFOO = "1"\n'
        '[tool.meson-python.args]\nsetup = ["--cross-file=arm.ini", "-Dx=1"]\n'
    )
    found = read(write(tmp_path, contents))
    assert found.deployment_targets == {"x86_64-apple-darwin": "10.12"}
    assert found.cibuildwheel == {"archs": ["auto"]}
    assert found.native_options == ("-DCMAKE_OSX_ARCHITECTURES=arm64;x86_64", "-A", "--cross-file=arm.ini")


@pytest.mark.parametrize("name", ["pyproject.toml", "Cargo.toml", "Cargo.lock", ".cargo/config.toml"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb = \n", "line 2"),
        ("a = " + "[" * 5_000, "not valid TOML"),
        ("a = " + "9" * 5_000, "not valid TOML"),
        ("\0", "line 1"),
    ],
    ids=["syntax", "nesting", "number", "binary"],
)
def test_broken_toml(tmp_path, name, text, message):
    """The error for a file that cannot be parsed has the file's name and, if there is one, the line."""
    with pytest.raises(UsageError, match=message) as caught:
        facts(tmp_path, more={name: text})
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.cfg", "setup.py", ".github/workflows/ci.yml"])
def test_no_text(tmp_path, name):
    """The error for bytes that are not UTF-8 has the file and the line."""
    root = write(tmp_path, files(more={name: ""}))
    (tmp_path / name).write_bytes(b"a\nb\n\xff\xfe")
    with pytest.raises(UsageError, match=r"line 3: not UTF-8 text"):
        read(root)


def test_broken_ini(tmp_path):
    """The parser's own message has file and line."""
    with pytest.raises(UsageError, match=r"setup\.cfg.*line"):
        read(write(tmp_path, {"setup.cfg": "[bdist_wheel\nx"}))


def test_a_byte_order_mark_is_no_fault(tmp_path):
    """Editors on Windows write one at the start of a file."""
    root = write(tmp_path, files())
    text = (tmp_path / "pyproject.toml").read_bytes()
    (tmp_path / "pyproject.toml").write_bytes(b"\xef\xbb\xbf" + text)
    assert read(root).backend == "maturin"


def test_a_file_that_is_too_big(tmp_path):
    """A file above the limit is not read."""
    root = write(tmp_path, files())
    with (tmp_path / "Cargo.lock").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UsageError, match=r"Cargo\.lock: larger than 8,388,608 bytes"):
        read(root)


@pytest.mark.parametrize("name", ["setup.py", ".github/workflows/ci.yml"])
def test_costly_files_are_bounded(tmp_path, name):
    """Files whose parsers need much time and memory have a lower limit than a lock file."""
    root = write(tmp_path, files(more={name: "x\n" * (128 << 10)}))
    read(root)
    (tmp_path / name).write_text("x\n" * (128 << 10) + "x")
    with pytest.raises(UsageError, match=r"larger than 262,144 bytes"):
        read(root)


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links and pipes need rights there")
@pytest.mark.parametrize("kind", ["cycle", "pipe", "folder", "device"])
def test_what_is_no_plain_file(tmp_path, kind):
    """A cycle of links, a pipe, a folder or a device is an error, and is not waited for."""
    root = write(tmp_path, {"setup.cfg": ""})
    path = tmp_path / "pyproject.toml"
    if kind == "cycle":
        path.symlink_to(path)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(UsageError, match=r"pyproject\.toml"):
        read(root)


def test_no_project(tmp_path):
    """A folder without project files is not a project, nor is a folder that does not exist."""
    for root in (tmp_path, tmp_path / "absent"):
        with pytest.raises(UsageError, match="not a project"):
            read(str(root))


def test_odd_values_are_passed_over(tmp_path):
    """TOML of an unexpected shape is ignored and does no harm."""
    contents = files(
        more={
            "Cargo.toml": "dependencies = 1\ntarget = [1]\n[features]\na = 'x'\n",
            "Cargo.lock": "package = 1",
        }
    )
    contents["pyproject.toml"] = "build-system = 1\ntool = []\n"
    found = read(write(tmp_path, contents))
    assert (found.backend, found.maturin, found.pyo3, found.crate.pyo3) == ("", None, None, None)


def test_pyo3_config(tmp_path):
    """The file that PYO3_CONFIG_FILE names is read if the path is absolute and the file exists."""
    path = tmp_path / "config.txt"
    path.write_text("implementation=CPython\nversion = 3.9\nabi3=true\n\nlib_name=python3\nnonsense\n")
    assert read_pyo3_config(str(path)) == {
        "implementation": "CPython",
        "version": "3.9",
        "abi3": "true",
        "lib_name": "python3",
    }
    assert read_pyo3_config(str(tmp_path / "absent")) is None
    assert read_pyo3_config("config.txt") is None


def test_reading_loads_no_network_and_runs_nothing():
    """The modules that read a project import no module for sockets or processes."""
    script = f"import {project.__name__}; import sys; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"socket", "subprocess", "urllib.request", "ast"}.isdisjoint(loaded)
