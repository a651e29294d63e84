"""Tests of the configuration file: its keys, its effects, and the options that win over it."""

import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest

import wheelarch
from support.configs import RIGHT, WRONG
from support.images import image
from support.program import run
from support.reports import finding, judged
from support.schema import check
from support.steps import MOST_GROWTH, search_steps
from support.wheels import build_wheel
from wheelarch.config import file as config
from wheelarch.config.file import Config, find, parse
from wheelarch.config.ignores import apply
from wheelarch.errors import UsageError
from wheelarch.model import Severity
from wheelarch.report.document import Report

ROOT = Path(__file__).resolve().parents[2]
WHEELS = ROOT / "testdata" / "wheels"
ERROR, WARNING, NOTE = Severity


def settings(text: str) -> Config:
    return parse(text.encode(), "wheelarch.toml")


def ignoring(glob: str, code: str = "WA") -> str:
    """A configuration of one `per-file-ignores` entry."""
    return f"[per-file-ignores]\n{json.dumps(glob)} = [{{code = {json.dumps(code)}, reason = 'known'}}]\n"


def codes(report: Report) -> list[list[str]]:
    return [[one.code for one in wheel.findings] for wheel in report]


VALUES = [
    ("", Config()),
    ("select = ['WA2', 'wa301']", Config(select=("WA2", "WA301"))),
    ("ignore = ['wrong-machine', 'WA30']", Config(ignore=("WA201", "WA30"))),
    ("fail-on = 'never'", Config(fail_on="never")),
    ("expect = 'win_arm64'", Config(expect="win_arm64")),
]


@pytest.mark.parametrize(("text", "said"), VALUES, ids=[text for text, _ in VALUES])
def test_what_is_said_is_read(text: str, said: Config) -> None:
    """Each key has its value, codes are spelled as in the rules, and other keys have their default."""
    assert settings(text) == said
    assert parse(b"\xef\xbb\xbf" + text.encode(), r"C:\work\wheelarch.toml") == said
    project = f"[project]\nname = 'x'\n[tool.other]\nkey = 1\n[tool.wheelarch]\n{text}"
    assert parse(project.encode(), r"C:\work\pyproject.toml") == said
    assert (
        parse(project.replace("tool.wheelarch", "tool.wheelarchive").encode(), "pyproject.toml") == Config()
    )


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_right_files_are_taken(text: str) -> None:
    """TOML in any order and spelling is read, and every entry keeps its reason."""
    assert all(one.reason and one.code.startswith("WA") for one in settings(text).per_file_ignores)


@pytest.mark.parametrize(("text", "message"), WRONG.items(), ids=[text[:60] for text in WRONG])
def test_a_mistake_is_named(text: str, message: str) -> None:
    """The message names the file and the key, what was found, and what was expected or is nearest."""
    with pytest.raises(UsageError) as caught:
        settings(text)
    assert str(caught.value).startswith(f"wheelarch.toml: {message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tool = 1", "tool: expected a table, found an integer"),
        ("[tool]\nwheelarch = []", "wheelarch: expected a table, found an array"),
        ("[tool.wheelarch]\nselct = []", "unknown key 'selct'"),
        ("[tool.wheelarch.tool]", "unknown key 'tool'"),
    ],
)
def test_a_mistake_in_the_project_is_named(text: str, message: str) -> None:
    """A wrong type around the table, or in it, does not become a default."""
    with pytest.raises(UsageError, match=re.escape(f"dir/pyproject.toml: {message}")):
        parse(text.encode(), "dir/pyproject.toml")


def test_a_file_has_bounds(tmp_path: Path) -> None:
    """A file above the limit, or not in UTF-8, is refused in one line. A file of exactly the limit is read."""
    path = tmp_path / "wheelarch.toml"
    path.write_bytes(b"#" * config.MOST_BYTES)
    assert config.read(str(path)) == Config()
    path.write_bytes(b"#" * (config.MOST_BYTES + 1))
    with pytest.raises(UsageError, match="larger than 131,072 bytes"):
        config.read(str(path))
    path.write_bytes(b"# one\n# \xff\n")
    with pytest.raises(UsageError, match="line 2: not valid UTF-8"):
        config.read(str(path))
    assert settings("#" + "." * config.MOST_DOTS + "\n#..") == Config()


WIN = "pkg-1.0-cp311-abi3-win_amd64.whl"
GLOBS = [
    ("*", WIN, "pkg/ext.pyd", True),
    ("*", WIN, None, True),
    ("pkg-*", f"dist/{WIN}", "pkg/ext.pyd", True),
    ("pkg-*", rf"C:\dist\{WIN}", None, True),
    ("pkg-*", "pkg-1.0/other-1.0-cp311-abi3-win_amd64.whl", None, False),
    ("PKG-*", WIN, None, False),
    ("pkg-1.0", WIN, None, False),
    ("pkg-?.?-*-win_*.whl", WIN, None, True),
    ("unpacked", "build/unpacked/", None, True),
    ("*.pyd", r"build\ext.pyd", None, True),
    ("*!*", WIN, "pkg/ext.pyd", True),
    ("*!*", WIN, None, False),
    ("*!pkg/*", WIN, "pkg/deep/er/ext.pyd", True),
    ("*!pkg/*.pyd", WIN, "pkg/deep/ext.pyd", True),
    ("*!*.pyd", WIN, "pkg/ext.pyd", True),
    ("*!ext.pyd", WIN, "pkg/ext.pyd", False),
    ("*!pkg", WIN, "pkg/ext.pyd", False),
    ("*!pkg/*", WIN, "PKG/ext.pyd", False),
    (r"*!pkg\*.pyd", WIN, "pkg/ext.pyd", True),
    ("*!pkg/*.pyd", WIN, r"pkg\ext.pyd", True),
    ("*!pkg/[!e]xt.pyd", WIN, "pkg/ext.pyd", False),
    ("*!pkg/[!a]xt.pyd", WIN, "pkg/ext.pyd", True),
    ("[!a]*[!b]!pkg/*", WIN, "pkg/ext.pyd", True),
    ("[!p]*!pkg/*", WIN, "pkg/ext.pyd", False),
    ("*!pkg/a!b.pyd", WIN, "pkg/a!b.pyd", True),
    ("*!pkg/ext.pyd", WIN, "pkg/ext.pyd\n", False),
    ("", WIN, None, False),
    ("!", WIN, "pkg/ext.pyd", False),
]


@pytest.mark.parametrize(("glob", "path", "member", "covered"), GLOBS)
def test_globs(glob: str, path: str, member: str | None, covered: bool) -> None:
    """Globs must match whole file names and whole paths inside, in exact case, with either kind of slash."""
    report = Report((judged(path, finding(member=member)),))
    entries = settings(ignoring(glob)).per_file_ignores
    left, used = apply(entries, report)
    assert (not left.findings, used == set(entries)) == (covered, covered)


def test_the_code_decides_too() -> None:
    """An entry covers the codes that begin with its own, and no others."""
    report = Report((judged(WIN, *(finding(code=code) for code in ("WA201", "WA301", "WA202"))),))
    entries = settings(ignoring("*", "WA2")).per_file_ignores
    left, _ = apply(entries, report)
    assert codes(left) == [["WA301"]]


@pytest.mark.parametrize(
    ("name", "glob", "code", "left", "honest", "rebuild"),
    [
        ("wrong_machine", "*!*.pyd", "WA201", ["WA112"], True, False),
        ("wrong_machine", "*", "WA112", ["WA201"], True, False),
        ("wrong_machine", "*", "WA", [], False, False),
        ("too_new_macos", "*", "WA501", [], False, False),
        ("too_new_macos", "*", "WA3", ["WA501"], True, False),
        ("two_machines", "*!*/sub/*", "WA402", ["WA201"], False, True),
        ("two_machines", "*!*/sub/*", "WA", [], False, False),
        ("cut_short", "*", "WA9", [], False, False),
    ],
)
def test_what_is_left_of_a_wheel(
    name: str, glob: str, code: str, left: list[str], honest: bool, rebuild: bool
) -> None:
    """A wheel without findings is clean. Matching tags are removed with the last finding that asked for them."""
    (path,) = WHEELS.glob(f"{name}-*.whl")
    before = wheelarch.audit(str(path), second_opinion="off")
    after, _ = apply(settings(ignoring(glob, code)).per_file_ignores, before)
    (wheel,) = after
    assert codes(after) == [left]
    assert wheel.status == ("findings" if left else "clean")
    assert (wheel.honest_tags is not None, bool(wheel.rebuild)) == (honest, rebuild)
    assert wheel.members == before.wheels[0].members
    check(after.to_dict())


def test_honest_tags_go_with_what_asked_for_them() -> None:
    """Other errors keep no matching tags: another tag does not fix a member with a bad name."""
    (path,) = WHEELS.glob("wrong_machine-*.whl")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    data = build_wheel(path.name, {**members, "../x.py": b""})
    before = wheelarch.audit(data, name=path.name, second_opinion="off")
    assert before.wheels[0].honest_tags is not None
    after, _ = apply(settings(ignoring("*", "WA112")).per_file_ignores, before)
    assert after.wheels[0].honest_tags is not None
    both = "per-file-ignores = {'*' = [{code = 'WA112', reason = 'a'}, {code = 'WA201', reason = 'b'}]}"
    after, _ = apply(settings(both).per_file_ignores, before)
    assert codes(after) == [["WA006"]]
    assert after.wheels[0].honest_tags is None


def test_members_to_rebuild_go_one_by_one() -> None:
    """Of several members to rebuild, those stay that still have findings."""
    report = judged(WIN, finding(member="a.pyd"), finding(member="b.pyd"))._replace(
        rebuild=("a.pyd", "b.pyd")
    )
    left, _ = apply(settings(ignoring("*!b.pyd")).per_file_ignores, Report((report,)))
    assert left.wheels[0].rebuild == ("a.pyd",)


def test_what_could_not_be_read_is_not_clean() -> None:
    """No configuration makes an unreadable wheel pass."""
    report = Report((judged(WIN, finding(code="WA001", member=None), status="unreadable"),))
    left, _ = apply(settings(ignoring("*")).per_file_ignores, report)
    assert left.wheels[0].status == "unreadable"
    assert left.exit_code() == 1


def test_where_it_is_looked_for(tmp_path: Path) -> None:
    """wheelarch.toml wins over a pyproject.toml with our table, and folders above are not searched."""
    below = tmp_path / "below"
    below.mkdir()
    own, project = tmp_path / "wheelarch.toml", tmp_path / "pyproject.toml"
    assert find(str(tmp_path)) is None
    project.write_text("this is [ no TOML")
    assert find(str(tmp_path)) is None
    project.write_text("[tool.wheelarch]\n")
    assert find(str(tmp_path)) == str(project)
    own.write_text("")
    assert find(str(tmp_path)) == str(own)
    assert find(str(below)) is None


OURS = {
    "[tool.wheelarch]": True,
    "[project]\nname = 'a'\r\n  [ tool . wheelarch ]\r\n": True,
    "[tool.wheelarch.per-file-ignores]": True,
    "[tool.'wheelarch']": True,
    "[tool]\nwheelarch.select = ['WA2']": True,
    "['tool'.\"wheelarch\"]": True,
    "\"tool\".wheelarch.select = ['WA2']": True,
    "tool = {wheelarch = {select = ['WA2']}}": True,
    "\ufeff[tool.wheelarch]": True,
    "[tool.poetry.group.dev.dependencies]\nwheelarch = '^0.1'\n# " + "a" * config.MOST_BYTES: False,
    "[project]\n" + " " * (1 << 20) + "\nwheelarch": False,
    "wheelarch\n" + "[" * (1 << 20): False,
    "tool.wheelarch = {select = ['WA2']}": True,
    "[project]\ndependencies = [\n  'wheelarch>=0.1',\n]": False,
    "[tool.cibuildwheel]\naudit-command = 'wheelarch audit {wheel}'": False,
    "[tool.wheelarchive]": False,
    "this is not TOML: wheelarch": False,
    "# wheelarch\n" + "a" * config.MOST_BYTES: False,
    "": False,
}


@pytest.mark.parametrize(("text", "ours"), OURS.items(), ids=[text[:40] for text in OURS])
def test_a_project_file_without_our_table_is_no_business_of_ours(
    tmp_path: Path, text: str, ours: bool
) -> None:
    """A pyproject.toml without our table may be broken or large, and may contain our name."""
    project = tmp_path / "pyproject.toml"
    project.write_text(text, encoding="utf-8")
    assert find(str(tmp_path)) == (str(project) if ours else None)
    assert config.read(str(project)) if ours else True


def test_long_lines_of_others(tmp_path: Path) -> None:
    """Only dots in keys count: a project may have many versions or numbers in one line, or a table of contents."""
    versions = ", ".join(f'"package{number}==1.2.3"' for number in range(100))
    numbers = ", ".join(["0.5"] * 300)
    text = f"""
[project]
dependencies = [{versions}]  # {"." * 300}
contents = '''
First{"." * 300}1
'''
[tool.other]
numbers = [{numbers}]
[tool.wheelarch]
select = ["WA2"]
"""
    assert parse(text.encode(), "pyproject.toml").select == ("WA2",)


@pytest.mark.parametrize("unit", ["a", '\\"', '"\\', "''"])
def test_long_words_take_linear_work(unit: str) -> None:
    """A string as long as the file is searched in linear time. With a match from every letter it took 15 seconds."""
    for before, after in (("# ", ""), ('expect = "', '"')):
        few, many = (search_steps(config._DOTTED, f"{before}{unit * count}{after}") for count in (500, 1_000))
        assert many <= MOST_GROWTH * few
    settings(f"# {unit * 60_000}")


@pytest.mark.parametrize("part", ["a", "'a'", '"a"', '"\\""', '"" ', "-"])
def test_keys_of_many_parts_are_refused(part: str) -> None:
    """A key with very many parts is refused before it is parsed, wherever it is and however its parts are quoted."""
    key = " . ".join([part] * 300)
    for text in (f"{key} = 1", f"[{key}]", f'x = {{y = """\n""", {key} = 1}}'):
        with pytest.raises(UsageError, match="a key has more than 200 parts"):
            settings(text)


def test_a_file_that_is_named_has_to_have_the_table(tmp_path: Path) -> None:
    """A pyproject.toml that the user names must have our table. Any other file is the table itself."""
    project, own = tmp_path / "pyproject.toml", tmp_path / "own.toml"
    project.write_text("[tool.wheel-arch]\nfail-on = 'warning'  # for wheelarch\n")
    with pytest.raises(UsageError, match=r"expected a table \[tool.wheelarch\], found none"):
        config.read_named(str(project))
    with pytest.raises(UsageError, match="found an empty string"):
        config.read_named("")
    own.write_text("")
    assert config.read_named(str(own)) == Config()
    own.write_text("[tool.wheelarch]\n")
    with pytest.raises(UsageError, match="leave out the header"):
        config.read_named(str(own))


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A folder with three wheels: one for another machine, one too new for its tag, one with a note."""
    for name in ("wrong_machine", "too_new_macos", "good-1.0-cp312-cp312-musllinux"):
        (path,) = WHEELS.glob(f"{name}*.whl")
        shutil.copy(path, tmp_path)
    return tmp_path


def audit(folder: Path, *arguments: str) -> tuple[int, list[list[str]], str]:
    """Exit code, codes by wheel (good, too_new_macos, wrong_machine), and standard error of an audit of a folder."""
    done = run("audit", "--second-opinion=off", "--format=json", *arguments, ".", cwd=folder)
    document = json.loads(done.stdout)
    check(document)
    found = [[one["code"] for one in wheel["findings"]] for wheel in document["inputs"]]
    return done.returncode, found, done.stderr


NOTED, TOO_NEW, WRONG_MACHINE = ["WA314"], ["WA501"], ["WA112", "WA201"]
"""What is found in each wheel; the note is advice, which is given only if it is selected."""
ALL = [[], TOO_NEW, WRONG_MACHINE]
FOR_ARM = "select = ['WA802']\nexpect = 'aarch64-pc-windows-msvc'"
KNOWN = "per-file-ignores = {'wrong*' = [{code = 'WA', reason = 'known'}]}"
PRECEDENCE = [
    ("", "", 1, ALL),
    ("select = ['WA5']", "", 0, [[], ["WA501"], []]),
    ("select = ['WA5']", "--select WA314", 0, [NOTED, NOTED, []]),
    ("select = ['WA5']", "--select=", 1, ALL),
    ("select = ['WA5']", "--ignore WA3", 0, [[], ["WA501"], []]),
    ("ignore = ['WA1', 'WA2']", "", 0, [[], TOO_NEW, []]),
    ("ignore = ['WA1', 'WA2']", "--ignore WA3", 1, [[], ["WA501"], WRONG_MACHINE]),
    ("ignore = ['WA1', 'WA2']", "--ignore=", 1, ALL),
    ("ignore = ['WA1', 'WA2']", "--select WA201", 1, [[], [], ["WA201"]]),
    ("select = ['WA2', 'WA314']\nignore = ['WA314']", "", 1, [[], [], ["WA201"]]),
    ("select = ['WA2', 'WA314']\nignore = ['WA314']", "--ignore=", 1, [NOTED, NOTED, ["WA201"]]),
    ("select = ['WA314']\nfail-on = 'note'", "", 1, [NOTED, NOTED, []]),
    ("select = ['WA314']\nfail-on = 'note'", "--fail-on error", 0, [NOTED, NOTED, []]),
    ("select = ['WA314']\nfail-on = 'note'", "--strict", 0, [NOTED, NOTED, []]),
    ("fail-on = 'never'", "", 0, ALL),
    ("fail-on = 'never'", "--strict", 1, ALL),
    ("fail-on = 'note'", "--exit-zero", 0, ALL),
    (FOR_ARM, "", 1, [["WA802"], ["WA802"], ["WA802"]]),
    (FOR_ARM, "--expect win_amd64 --select WA801", 1, [["WA801"], ["WA801"], ["WA801"]]),
    (KNOWN, "", 0, [[], TOO_NEW, []]),
    (KNOWN, "--strict", 1, [[], TOO_NEW, []]),
]


@pytest.mark.parametrize(("text", "arguments", "code", "found"), PRECEDENCE)
def test_the_command_line_beats_the_file(
    dist: Path, text: str, arguments: str, code: int, found: list[list[str]]
) -> None:
    """Each option replaces its key, and `--select` also `ignore`. The file wins over the defaults."""
    (dist / "wheelarch.toml").write_text(text)
    assert audit(dist, *arguments.split()) == (code, found, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ".",
        "--jobs 2 .",
        "--no-dist .",
        "--no-dist --jobs 2 .",
        "--tag cp311-abi3-win_amd64 wrong_machine-1.0-cp311-abi3-win_amd64.whl",
    ],
)
def test_an_ignored_finding_is_in_no_text(dist: Path, arguments: str) -> None:
    """The text does not mention it, whether it is printed at the end or wheel by wheel. pyproject.toml works too."""
    (dist / "pyproject.toml").write_text(f"[tool.wheelarch]\n{KNOWN}\n")
    done = run("audit", "--second-opinion=off", *arguments.split(), cwd=dist)
    assert (done.returncode, done.stderr) == (0, "")
    assert "wrong_machine-1.0-cp311-abi3-win_amd64.whl: ok\n" in done.stdout
    assert " 0 errors" in done.stdout
    assert "win_arm64" not in done.stdout


AMD64, ARM64 = "pkg-1.0-cp311-abi3-win_amd64.whl", "pkg-1.0-cp311-abi3-win_arm64.whl"
SET = """
[per-file-ignores]
"pkg-*_arm64.whl" = [{code = "WA112", reason = "known"}]
"pkg-*_arm64.whl!pkg/*.pyd" = [{code = "WA201", reason = "known"}, {code = "WA601", reason = "known"}]
"""


@pytest.mark.parametrize(("text", "found"), [("", ["WA112", "WA201", "WA601"]), (SET, [])])
def test_findings_about_a_set_are_ignored_too(tmp_path: Path, text: str, found: list[str]) -> None:
    """Findings about a set of wheels can be ignored too, and the grid shows only what is left."""
    (tmp_path / "wheelarch.toml").write_text(text)
    for name in (AMD64, ARM64):
        (tmp_path / name).write_bytes(build_wheel(name, {"pkg/ext.pyd": image("win_amd64-python3.pyd")}))
    assert audit(tmp_path) == (int(bool(found)), [[], found], "")
    done = run("audit", "--second-opinion=off", ".", cwd=tmp_path)
    assert ("wrong" in done.stdout) == bool(found)


def test_an_entry_that_matches_nothing_is_named(dist: Path) -> None:
    """Standard error has one safe line per entry with file, glob, code and reason. The exit code does not change."""
    unused = (
        ignoring("gone*!x/\x1b[31m\u202e\n::error::*", "wrong-machine")
        + '"*!*.py" = [{code="WA", reason="::x"}]\n'
    )
    (dist / "wheelarch.toml").write_text(f"fail-on = 'never'\n{unused}", encoding="utf-8")
    exit_code, found, complaints = audit(dist)
    assert (exit_code, found) == (0, ALL)
    assert complaints.splitlines() == [
        f"wheelarch: wheelarch.toml: per-file-ignores: {entry} matched nothing in this run"
        for entry in (r"'gone*!x/\x1b[31m\u202e\n::error::*': WA201 (known)", "'*!*.py': WA (::x)")
    ]


def test_another_file_can_be_named(dist: Path) -> None:
    """`--config` reads that file and no other. An empty one gives the defaults."""
    (dist / "wheelarch.toml").write_text("this is [ no TOML")
    (dist / "ci.toml").write_text("select = ['WA5']")
    (dist / "sub").mkdir()
    (dist / "sub" / "pyproject.toml").write_text("[tool.wheelarch]\nselect = ['WA314']")
    assert audit(dist, "--config", "ci.toml") == (0, [[], ["WA501"], []], "")
    assert audit(dist, f"--config={Path('sub', 'pyproject.toml')}") == (0, [NOTED, NOTED, []], "")
    assert audit(dist, "--config", os.devnull) == (1, ALL, "")


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("selct = ['WA2']", [], "wheelarch.toml: unknown key 'selct' (did you mean 'select'?)"),
        ("", ["--config", "gone.toml"], "gone.toml: No such file or directory"),
        (
            "x = '\\u001b[31m'\nselect = [",
            [],
            "wheelarch.toml: not valid TOML: Invalid value (at end of document)",
        ),
    ],
)
def test_a_mistake_ends_the_run(dist: Path, text: str, arguments: list[str], message: str) -> None:
    """A wrong or missing configuration is one line and exit code 2, and nothing is judged."""
    (dist / "wheelarch.toml").write_text(text)
    done = run("audit", *arguments, ".", cwd=dist)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"wheelarch: {message}\n")


def test_only_the_audit_reads_it(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other commands, and the Python API, do not read it."""
    (dist / "wheelarch.toml").write_text("this is [ no TOML")
    monkeypatch.chdir(dist)
    assert codes(wheelarch.audit(sorted(dist.glob("*.whl")), second_opinion="off")) == ALL
    assert run("show", ".", cwd=dist).returncode == 0


def test_the_page_is_true() -> None:
    """The examples in docs/config.md are valid, and the page has every key and every limit."""
    page = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    said = [parse(example.encode(), "pyproject.toml") for example in examples]
    assert said
    assert Config() not in said
    for word in (
        *config._KEYS,
        f"{config.MOST_BYTES >> 10} KiB",
        str(config.MOST_DOTS),
        f"{config.MOST_CHARACTERS:,}",
    ):
        assert word in page
