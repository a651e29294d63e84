"""Check environments and wheels against the interpreter that loads them, end to end with real binaries."""

import ensurepip
import hashlib
import json
import os
import re
import shlex
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

import wheelarch
from support.images import image
from support.interpreters import interpreter
from support.wheels import build_wheel
from wheelarch.cli import main
from wheelarch.facts.wheel import Wanted
from wheelarch.interpreter import installed as installed_module
from wheelarch.interpreter import target as target_module
from wheelarch.interpreter.installed import UNCLAIMED, Folders, audit_folders, reinstall_commands
from wheelarch.interpreter.target import judge
from wheelarch.report.document import Report

ARM, X86 = image("macos-arm64-11.0.so"), image("macos-x86_64-11.0.so")


def wanted(name: str) -> Wanted:
    return judge(interpreter(name), {}).wanted


ROSETTA, MAC_ARM = wanted("cpython312-macos-x86_64-rosetta"), wanted("cpython312-macos-arm64")


def codes(report: Report) -> list[str]:
    return sorted({finding.code for finding in report.findings})


# -- wheels: the situations that the tags alone do not show


def test_rosetta(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A wheel with arm64 in tag and binary is consistent, but wrong for the x86_64 Python that built it."""
    path = tmp_path / "pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl"
    path.write_bytes(
        build_wheel(path.name, {"pkg/ext.cpython-312-darwin.so": ARM}, generator="maturin (1.5.1)")
    )
    alone = [
        finding for finding in wheelarch.audit(path).findings if finding.severity is wheelarch.Severity.ERROR
    ]
    assert not alone
    report = wheelarch.audit(path, wanted=ROSETTA)
    assert {"WA801", "WA802"} <= set(codes(report))
    (unloadable,) = (finding for finding in report.findings if finding.code == "WA801")
    assert (
        unloadable.consequence
        == "mach-o file, but is an incompatible architecture (have 'arm64', need 'x86_64')"
    )
    assert "CARGO_BUILD_TARGET" in unloadable.remedy
    monkeypatch.setattr(target_module, "probe", lambda python: interpreter("cpython312-macos-x86_64-rosetta"))
    assert main(["audit", str(path), "--select", "WA8", "--python", "/usr/local/bin/python3.12"]) == 1
    assert "WA801 unloadable-by-interpreter" in capsys.readouterr().out
    assert main(["audit", str(path), "--select", "WA8", "--expect", "x86_64-apple-darwin"]) == 1
    assert main(["audit", str(path), "--select", "WA8", "--expect", "aarch64-apple-darwin"]) == 0
    assert main(["audit", str(path), "--select", "WA8", "--expect", "cp312-cp312-macosx_14_0_arm64"]) == 0
    assert main(["audit", str(path), "--select", "WA8", "--expect", "cp313-cp313-macosx_14_0_arm64"]) == 1


def test_rosetta_with_the_right_wheel(tmp_path: Path) -> None:
    """The x86_64 wheel for the emulated Python gets a warning about the emulation, but no error."""
    path = tmp_path / "pkg-1.0-cp312-cp312-macosx_11_0_x86_64.whl"
    path.write_bytes(build_wheel(path.name, {"pkg/ext.cpython-312-darwin.so": X86}))
    assert codes(wheelarch.audit(path, wanted=ROSETTA, select=["WA2", "WA8"])) == ["WA803"]


@pytest.mark.parametrize(
    ("filename", "module", "binary", "name", "found"),
    [
        # a wrong abi3 build for another machine: it has the right machine, but needs a versioned DLL
        ("cp39-abi3-win_arm64", "ext.pyd", "win_arm64-python311.pyd", "cpython312-windows-arm64", ["WA301"]),
        ("cp39-abi3-win_arm64", "ext.pyd", "win_arm64-python3.pyd", "cpython312-windows-arm64", []),
        (
            "cp39-abi3-win_arm64",
            "ext.pyd",
            "win_arm64-python3.pyd",
            "cpython312-windows-x64-on-arm64",
            ["WA801", "WA802"],
        ),
        (
            "cp39-abi3-win_amd64",
            "ext.pyd",
            "win_amd64-python3.pyd",
            "cpython312-windows-x64-on-arm64",
            ["WA803"],
        ),
        ("cp39-abi3-win_amd64", "ext.pyd", "win_amd64-python3.pyd", "cpython312-windows-x64", []),
        (
            "cp39-abi3-win_arm64",
            "ext.pyd",
            "win_amd64-python3.pyd",
            "cpython312-windows-arm64",
            ["WA201", "WA801"],
        ),
    ],
)
def test_windows_on_arm(filename: str, module: str, binary: str, name: str, found: list[str]) -> None:
    """The right ARM64 wheel has no findings; each wrong one has findings about its fault."""
    full = f"pkg-1.0-{filename}.whl"
    report = wheelarch.audit(
        build_wheel(full, {f"pkg/{module}": image(binary)}),
        name=full,
        wanted=wanted(name),
        select=["WA2", "WA301", "WA302", "WA8"],
        second_opinion="off",
    )
    assert codes(report) == found


def test_python_and_expect_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    """Both options together are wrong usage."""
    assert main(["audit", "x.whl", "--python", "python", "--expect", "win_arm64"]) == 2
    assert main(["audit", "x.whl", "--expect", "no-such-target"]) == 2
    assert "aarch64-apple-darwin" in capsys.readouterr().err


# -- environments


class Site:
    """A site-packages folder that a test fills."""

    def __init__(self, prefix: Path) -> None:
        self.prefix = prefix
        self.library = prefix / "lib" / "python3.12" / "site-packages"
        self.library.mkdir(parents=True)
        (prefix / "bin").mkdir()

    @property
    def folders(self) -> Folders:
        return Folders((str(self.library),) * 2, str(self.prefix / "bin"), str(self.prefix))

    def install(self, name: str, tag: str, files: dict[str, bytes], extra: tuple[str, ...] = ()) -> None:
        """Write files and a dist-info as pip does; RECORD also lists `extra`."""
        info = f"{name}-1.0.dist-info"
        contents = {
            **files,
            f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(),
        }
        for path, data in contents.items():
            place = self.library / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        rows = [
            f"{path},sha256={hashlib.sha256(data).hexdigest()},{len(data)}" for path, data in contents.items()
        ]
        (self.library / info / "RECORD").write_text("\n".join([*rows, *(f"{path},," for path in extra), ""]))

    def audit(self, who: Wanted = MAC_ARM, **options: Any) -> Report:
        return audit_folders(self.folders, who, **options)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


EXT = "{}/ext.cpython-312-darwin.so"
MAC_ARM_TAG, MAC_X86_TAG = "cp312-cp312-macosx_11_0_arm64", "cp312-cp312-macosx_11_0_x86_64"


@pytest.mark.parametrize(
    ("who", "good", "bad"),
    [(MAC_ARM, (MAC_ARM_TAG, ARM), (MAC_X86_TAG, X86)), (ROSETTA, (MAC_X86_TAG, X86), (MAC_ARM_TAG, ARM))],
    ids=["arm64", "rosetta"],
)
def test_the_wrong_module_is_found(
    site: Site, who: Wanted, good: tuple[str, bytes], bad: tuple[str, bytes]
) -> None:
    """One x86_64 module among right ones in an arm64 environment is found, and the reverse."""
    site.install("right", good[0], {EXT.format("right"): good[1]})
    site.install("wrong", bad[0], {EXT.format("wrong"): bad[1]})
    site.install("pure", "py3-none-any", {"pure/__init__.py": b""})
    report = site.audit(who)
    by_path = {one.path: one for one in report}
    assert {one.kind for one in report} == {"environment"}
    errors = {
        path: [f.code for f in one.findings if f.severity is wheelarch.Severity.ERROR]
        for path, one in by_path.items()
    }
    assert errors == {
        "pure-1.0.dist-info": [],
        "right-1.0.dist-info": [],
        "wrong-1.0.dist-info": ["WA801", "WA802"],
    }
    assert not report.ok


def test_the_wheel_rules_still_apply(site: Site) -> None:
    """The rules for wheels find a distribution whose files contradict its tags. Rules for file names do not run."""
    site.install("liar", MAC_ARM_TAG, {EXT.format("liar"): X86})
    site.install(
        "bundle",
        MAC_ARM_TAG,
        {EXT.format("bundle"): ARM, "bundle/.dylibs/libx.dylib": image("macos-x86_64-helper.dylib")},
    )
    report = site.audit()
    assert {"WA201", "WA203", "WA801"} <= set(codes(report))
    assert all(code >= "WA2" for code in codes(report))


def test_files_of_no_distribution(site: Site) -> None:
    """A module that is in no RECORD is checked only against the interpreter."""
    (site.library / "loose").mkdir()
    (site.library / EXT.format("loose")).write_bytes(X86)
    (found,) = site.audit()
    assert found.path == UNCLAIMED
    assert [finding.code for finding in found.findings if finding.severity is wheelarch.Severity.ERROR] == [
        "WA801"
    ]


def test_a_record_leads_nowhere_else(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Paths in RECORD that leave the environment, do not exist or are not files are ignored."""
    outside = tmp_path_factory.mktemp("outside") / "secret.so"
    outside.write_bytes(X86)
    up = os.path.relpath(outside, site.library)
    (site.library / "folder.so").mkdir()
    site.install(
        "odd",
        "py3-none-any",
        {},
        (up, str(outside), "missing.so", "folder.so", "", "..", "a\x01b", "odd-1.0.dist-info"),
    )
    (found,) = site.audit()
    assert not found.members


def test_scripts_have_their_role(site: Site) -> None:
    """A program in the folder of scripts is a script, not a library."""
    (site.prefix / "bin" / "tool").write_bytes(image("macos-x86_64-program"))
    site.install("tool", "py3-none-macosx_11_0_arm64", {}, ("../../../bin/tool",))
    (found,) = site.audit()
    (member,) = found.members
    assert member.path == "tool-1.0.data/scripts/tool"
    assert member.role is wheelarch.Role.SCRIPT


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'"unclosed', b"a,b\n" * 10 + b"\x00"])
def test_a_damaged_record(site: Site, content: bytes) -> None:
    """A file that a damaged RECORD does not list is a file of no distribution."""
    site.install("broken", MAC_X86_TAG, {EXT.format("broken"): X86})
    (site.library / "broken-1.0.dist-info" / "RECORD").write_bytes(content)
    assert "WA801" in codes(site.audit())


def test_a_damaged_binary_is_a_finding(site: Site) -> None:
    """A truncated module is a finding, and the rest of the environment is still checked."""
    site.install("cut", MAC_ARM_TAG, {EXT.format("cut"): ARM[:100]})
    site.install("right", MAC_ARM_TAG, {EXT.format("right"): ARM})
    assert any(code.startswith("WA9") for code in codes(site.audit()))


def test_an_unreadable_file_ends_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution with a file that cannot be read is unreadable, and the others are still judged."""
    site.install("locked", MAC_ARM_TAG, {EXT.format("locked"): ARM})
    site.install("wrong", MAC_X86_TAG, {EXT.format("wrong"): X86})
    read_at = installed_module.FileSource.read_at

    def refuse(self: Any, offset: int, size: int) -> bytes:
        if "locked-1.0.dist-info" in self.name:
            raise wheelarch.SourceError("permission denied")
        return read_at(self, offset, size)

    monkeypatch.setattr(installed_module.FileSource, "read_at", refuse)
    report = site.audit()
    assert {one.path: one.status for one in report} == {
        "locked-1.0.dist-info": "unreadable",
        "wrong-1.0.dist-info": "findings",
        UNCLAIMED: "clean",
    }
    assert report.exit_code() == 1


def test_limits_hold(site: Site) -> None:
    """No more distributions are read than the limit says."""
    for number in range(5):
        site.install(f"p{number}", "py3-none-any", {})
    assert len(site.audit(limits=wheelarch.Limits(entries=3))) == 3


def test_select_and_ignore(site: Site) -> None:
    """Codes are selected as in an audit, and an unknown one is wrong usage."""
    site.install("wrong", MAC_X86_TAG, {EXT.format("wrong"): X86})
    assert codes(site.audit(select=["WA801"])) == ["WA801"]
    assert "WA801" not in codes(site.audit(ignore=["WA801"]))
    with pytest.raises(wheelarch.UsageError):
        site.audit(select=["WA899"])


def test_reinstall_commands(site: Site) -> None:
    """Each bad distribution gets one command that is safe for a shell. Files that pip does not know get a comment."""
    site.install("wrong", MAC_X86_TAG, {EXT.format("wrong"): X86})
    site.install("right", MAC_ARM_TAG, {EXT.format("right"): ARM})
    site.install("evil$(id)", MAC_X86_TAG, {EXT.format("evil"): X86})
    site.install("-r", MAC_X86_TAG, {EXT.format("option"): X86})
    (site.library / EXT.format("right").replace("ext", "loose")).write_bytes(X86)
    commands = reinstall_commands(site.audit(), "/opt/my python", site.folders.libraries)
    words = [shlex.split(command, comments=True) for command in commands]
    pip = [
        "/opt/my python",
        "-m",
        "pip",
        "install",
        "--force-reinstall",
        "--no-deps",
        "--no-cache-dir",
        "wrong==1.0",
    ]
    assert [each for each in words if each] == [pip]
    assert sorted(command for command in commands if command.startswith("#")) == [
        "# belongs to no distribution, delete it by hand: 'evil/ext.cpython-312-darwin.so'",
        "# belongs to no distribution, delete it by hand: 'option/ext.cpython-312-darwin.so'",
        "# belongs to no distribution, delete it by hand: 'right/loose.cpython-312-darwin.so'",
    ]


@pytest.mark.parametrize(
    ("info", "files", "member", "option"),
    [
        ("old-1.0.egg-info", {"PKG-INFO": ""}, "old/ext.so", "--ignore-installed"),
        ("old-1.0-py3.12.egg-info", {"top_level.txt": "ext\n"}, "ext.so", "--ignore-installed"),
        ("old-1.0-py3.12.egg-info", {"top_level.txt": "_old\n"}, "_old/sub/ext.so", "--ignore-installed"),
        ("old-1.0-py3.12.egg-info", None, "old/ext.so", "--ignore-installed"),
        (
            "old-1.0-py3.12-macosx-11.0-arm64.egg-info",
            {"installed-files.txt": "../other/ext.so\nPKG-INFO\n"},
            "other/ext.so",
            "--force-reinstall",
        ),
        ("old-1.0.dist-info", {"METADATA": "Name: old\n"}, "old/ext.so", "--ignore-installed"),
        ("old-1.0.dist-info", {"top_level.txt": "ext\n"}, "ext.so", "--ignore-installed"),
    ],
)
def test_a_distribution_without_record(
    site: Site, info: str, files: dict[str, str] | None, member: str, option: str
) -> None:
    """It still has a name and a version, and is reinstalled with the option that pip accepts."""
    if files is None:
        (site.library / info).write_text("Name: old\n")
    else:
        (site.library / info).mkdir()
        for name, text in files.items():
            (site.library / info / name).write_text(text)
    (site.library / member).parent.mkdir(parents=True, exist_ok=True)
    (site.library / member).write_bytes(X86)
    site.install("shared", MAC_ARM_TAG, {"_old/own.so": ARM})
    report = site.audit()
    assert {one.path: not one.ok for one in report} == {info: True, "shared-1.0.dist-info": False}
    (command,) = reinstall_commands(report, "python", site.folders.libraries)
    assert command == f"python -m pip install {option} --no-deps --no-cache-dir old==1.0"


@pytest.mark.parametrize(
    "info", ["old.egg-info", "-1.0.egg-info", "old-$(id).egg-info", "old-1.0.egg-info-x"]
)
def test_what_names_no_version(site: Site, info: str) -> None:
    """Without a plain name and version, nothing can be reinstalled, so the file is named."""
    (site.library / info).mkdir()
    (site.library / info / "top_level.txt").write_text("ext\n../up\n")
    (site.library / "ext.so").write_bytes(X86)
    assert reinstall_commands(site.audit(), "python", site.folders.libraries) == (
        "# belongs to no distribution, delete it by hand: 'ext.so'",
    )


def test_advice_for_builders_is_left_out(site: Site) -> None:
    """Advice to build for the stable ABI is for authors of wheels, so it is not shown for an environment."""
    modules = {"pkg/ext.so": ARM}
    site.install("pkg", MAC_ARM_TAG, modules)
    name = f"pkg-1.0-{MAC_ARM_TAG}.whl"
    advice = set(codes(wheelarch.audit(build_wheel(name, modules), name=name)))
    assert "WA405" in advice
    assert codes(site.audit()) == []
    bare = "pkg-1.0-cp312-cp312-win_amd64.whl"
    windows = {"pkg/ext.pyd": image("win_amd64-python3.pyd")}
    assert "WA314" in codes(wheelarch.audit(build_wheel(bare, windows), name=bare, select="WA314"))
    site.install("win", "cp312-cp312-win_amd64", windows)
    assert "WA314" not in codes(site.audit(wanted("cpython312-windows-x64")))


# -- the command


@pytest.fixture
def command(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Make `wheelarch installed` check the environment of the test, with the interpreter of an arm64 Mac."""
    found = interpreter("cpython312-macos-arm64")._replace(
        libraries=site.folders.libraries, scripts=site.folders.scripts, prefix=site.folders.prefix
    )
    monkeypatch.setattr(installed_module, "target", lambda python: judge(found, {}))
    return site


def test_command(command: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """The report names only the bad distribution, but counts all."""
    command.install("wrong", MAC_X86_TAG, {EXT.format("wrong"): X86})
    command.install("pure", "py3-none-any", {"pure/__init__.py": b""})
    assert main(["installed"]) == 1
    out = capsys.readouterr().out
    assert "wrong-1.0.dist-info" in out
    assert "pure" not in out
    assert out.startswith("2 distributions, 1 clean\n")
    assert main(["installed", "--fail-on", "never", "--verbose"]) == 0
    assert "pure-1.0.dist-info: ok" in capsys.readouterr().out


def test_json(command: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """The document is that of the audit, with inputs of kind environment."""
    from support.schema import check

    command.install("wrong", MAC_X86_TAG, {EXT.format("wrong"): X86})
    assert main(["installed", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    check(document)
    assert document["inputs"][0]["kind"] == "environment"
    assert str(command.prefix) not in json.dumps(document)


def test_fix_runs_nothing(command: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """`--fix` prints commands and changes no file."""
    command.install("wrong", MAC_X86_TAG, {EXT.format("wrong"): X86})
    before = {path: path.stat().st_mtime_ns for path in command.prefix.rglob("*")}
    assert main(["installed", "--python", sys.executable, "--fix"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert re.search(r" -m pip install --force-reinstall --no-deps --no-cache-dir wrong==1\.0$", line)
    assert {path: path.stat().st_mtime_ns for path in command.prefix.rglob("*")} == before


def test_help_says_where_it_does_not_look(capsys: pytest.CaptureFixture[str]) -> None:
    """The help says that the user's own folder is not checked."""
    assert main(["installed", "--help"]) == 0
    assert "pip install --user" in capsys.readouterr().out


def test_nothing_installed(command: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty environment is exit code 3, like no input in other commands."""
    assert main(["installed"]) == 3


def test_a_real_environment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A virtual environment with pip, which contains programs for Windows, has no findings."""
    wheels = sorted((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
    if not wheels:
        pytest.skip("this Python brings no wheel of pip")
    venv.create(tmp_path / "env", with_pip=False)
    library = Path(
        sysconfig.get_path("platlib", vars={"base": str(tmp_path / "env"), "platbase": str(tmp_path / "env")})
    )
    zipfile.ZipFile(wheels[0]).extractall(library)
    assert main(["installed", "--python", str(tmp_path / "env")]) == 0
    assert re.search(r"1 distribution, \d clean", capsys.readouterr().out)
