"""Tests with recorded interpreters: what they are, what contradicts it, and the environment to build for them."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import wheelarch
from support import interpreters
from support.interpreters import document, interpreter
from wheelarch.cli import main
from wheelarch.doctor.rules import RULES as DOCTOR_RULES
from wheelarch.errors import UsageError
from wheelarch.interpreter import environment
from wheelarch.interpreter import target as target_module
from wheelarch.interpreter.environment import Variable
from wheelarch.interpreter.signal_rules import RULES
from wheelarch.interpreter.target import judge
from wheelarch.interpreter.triples import UNIVERSAL2
from wheelarch.interpreter.wanted import expected
from wheelarch.rules import RULES as WHEEL_RULES

each_interpreter = pytest.mark.parametrize("name", interpreters.names())


@each_interpreter
def test_expected(name: str) -> None:
    """Each interpreter leads to the machine, triple, tags and findings in its file."""
    answer = judge(interpreter(name), {})
    found: dict[str, Any] = {
        "machine": answer.machine,
        "triple": answer.triple,
        "platform_tag": answer.platform_tags[0],
        "python": answer.wanted.pythons[0],
        "findings": sorted(finding.code for finding in answer.findings),
        "deployment_target": answer.deployment_target,
        "host": answer.host,
        "emulated": answer.emulated,
        "universal2": answer.universal2,
    }
    defaults = {"deployment_target": "", "host": "", "emulated": False, "universal2": ""}
    assert found == {**defaults, **document(name)["expected"]}


@each_interpreter
def test_origin_is_told(name: str) -> None:
    """Each answer says whether it was recorded or written, and has no path of the machine that recorded it."""
    found = document(name)
    assert found["origin"].startswith(("recorded: ", "written from "))
    assert "/home/" not in json.dumps(found)


@each_interpreter
def test_document(name: str) -> None:
    """The JSON document has every field, and only values that JSON has."""
    document_ = judge(interpreter(name), {}).to_dict()
    assert json.loads(json.dumps(document_)) == document_
    assert list(document_) == [
        "schema", "tool", "interpreter", "machine", "triple", "platform_tags", "deployment_target", "universal2",
        "environment", "unset", "evidence", "findings",
    ]  # fmt: skip
    weights = [one["weight"] for one in document_["evidence"]]  # type: ignore[attr-defined]  # a list of dicts
    assert weights == sorted(weights, reverse=True)


def codes(name: str, environ: dict[str, str] | None = None, **changes: Any) -> list[str]:
    return sorted(finding.code for finding in judge(interpreter(name, **changes), environ or {}).findings)


@pytest.mark.parametrize(
    ("name", "changes", "found"),
    [
        ("cpython312-windows-x64", {"pointer_bits": 32}, ["WT03"]),
        ("cpython312-windows-x64", {"ext_suffix": ".cp312-win_arm64.pyd"}, ["WT04"]),
        ("cpython312-windows-x64", {"get_platform": "win-arm64"}, ["WT05"]),
        ("cpython312-windows-x64", {"machine": "ARM64"}, ["WT06"]),
        ("cpython312-macos-arm64", {"uname_machine": "x86_64"}, ["WT03"]),
        ("cpython312-macos-arm64", {"get_platform": "macosx-10.9-x86_64"}, ["WT05"]),
        ("cpython312-linux-x86_64", {"ext_suffix": ".cpython-312-x86_64-linux-musl.so"}, ["WT08"]),
        ("cpython312-linux-x86_64", {"ext_suffix": ".cpython-312-aarch64-linux-gnu.so"}, ["WT04"]),
        ("cpython312-linux-x86_64", {"machine": "no such machine"}, []),
        ("cpython312-linux-x86_64", {"machine": None, "ext_suffix": None, "uname_machine": None}, []),
    ],
)
def test_contradictions(name: str, changes: dict[str, Any], found: list[str]) -> None:
    """A signal that names another machine is a finding, and the machine in the header decides."""
    assert codes(name, **changes) == found
    assert judge(interpreter(name, **changes), {}).machine == document(name)["expected"]["machine"]


@pytest.mark.parametrize(
    ("name", "environ", "found"),
    [
        ("cpython312-macos-arm64", {"CARGO_BUILD_TARGET": "x86_64-apple-darwin"}, ["WT07"]),
        ("cpython312-macos-arm64", {"CARGO_BUILD_TARGET": "aarch64-apple-darwin"}, []),
        ("cpython312-macos-arm64", {"CARGO_BUILD_TARGET": "aarch64-apple-ios"}, ["WT07"]),
        ("cpython312-macos-arm64", {"CARGO_BUILD_TARGET": "universal2-apple-darwin"}, []),
        ("cpython312-macos-arm64", {"ARCHFLAGS": "-arch x86_64"}, ["WT07"]),
        ("cpython312-macos-arm64", {"ARCHFLAGS": "-arch x86_64 -arch arm64"}, []),
        ("cpython312-macos-arm64", {"_PYTHON_HOST_PLATFORM": "macosx-10.9-x86_64"}, ["WT07"]),
        ("cpython312-macos-arm64", {"_PYTHON_HOST_PLATFORM": "linux-aarch64"}, ["WT07"]),
        ("cpython312-linux-x86_64", {"ARCHFLAGS": "-arch x86_64"}, ["WT07"]),
        ("cpython312-linux-x86_64", {"CARGO_BUILD_TARGET": "x86_64-unknown-linux-musl"}, ["WT07"]),
        ("cpython312-linux-x86_64", {"CARGO_BUILD_TARGET": "thumbv6m-none-eabi"}, ["WT07"]),
        ("cpython312-linux-x86_64", {"ARCHFLAGS": "", "CARGO_BUILD_TARGET": ""}, []),
        ("cpython312-windows-x64", {"CARGO_BUILD_TARGET": "x86_64-pc-windows-gnu"}, []),
        ("cpython312-windows-x64", {"CARGO_BUILD_TARGET": "x86_64-pc-windows-gnullvm"}, []),
        ("cpython312-windows-x64", {"CARGO_BUILD_TARGET": "i686-pc-windows-gnu"}, ["WT07"]),
        ("cpython312-windows-x64", {"CARGO_BUILD_TARGET": "x86_64-unknown-linux-gnu"}, ["WT07"]),
    ],
)
def test_environment_disagrees(name: str, environ: dict[str, str], found: list[str]) -> None:
    """A variable of the caller that gives builds another target is a finding."""
    assert codes(name, environ) == found


@pytest.mark.parametrize(
    ("name", "triple", "differs"),
    [
        (
            "cpython312-linux-x86_64",
            "x86_64-unknown-linux-musl",
            "the interpreter runs x86_64 code with glibc",
        ),
        ("cpython312-linux-x86_64", "x86_64-pc-windows-gnu", "the interpreter runs x86_64 code on linux"),
        ("cpython312-macos-arm64", "aarch64-apple-ios", "the interpreter runs arm64 code on macos"),
        ("cpython312-linux-x86_64", "aarch64-unknown-linux-musl", "the interpreter runs x86_64 code"),
    ],
)
def test_the_message_names_what_differs(name: str, triple: str, differs: str) -> None:
    """If the machine is the same, the message names the system or C library that differs."""
    (finding,) = judge(interpreter(name), {"CARGO_BUILD_TARGET": triple}).findings
    assert finding.message == f"CARGO_BUILD_TARGET says {triple!r}, but {differs}"


def test_every_finding_is_documented() -> None:
    """Each has a summary of one sentence and all headings in order, each with text; codes and names are unique."""
    assert [rule.code for rule in RULES] == [f"WT{number:02}" for number in range(1, 9)]
    assert {rule.name for rule in RULES}.isdisjoint(rule.name for rule in (*WHEEL_RULES, *DOCTOR_RULES))
    for rule in RULES:
        assert rule.summary.endswith(".")
        assert max(map(len, rule.doc.splitlines())) <= 120
        parts = re.split(r"^([A-Z][A-Za-z ]+):$", rule.doc, flags=re.MULTILINE)
        assert parts[1::2] == [
            "What it does", "Why it is bad", "Example", "How to fix", "Known limits", "References",
        ]  # fmt: skip
        assert all(part.strip() for part in parts[2::2])


def test_a_finding_has_its_evidence() -> None:
    """Each finding names the signal, its value, the true value, and what to do."""
    for finding in judge(
        interpreter("cpython312-macos-universal2-rosetta"), {"ARCHFLAGS": "-arch arm64"}
    ).findings:
        assert set(finding.evidence) == {"have", "need", "signal"}
        assert finding.consequence
        assert finding.remedy


def test_an_unreadable_executable_leaves_the_other_signals() -> None:
    """Without a header the platform string decides, and on macOS the running slice."""
    assert judge(interpreter("cpython312-windows-arm64")._replace(images=()), {}).machine == "arm64"
    bare = interpreter("cpython312-macos-universal2-rosetta")._replace(images=())
    assert judge(bare, {}).triple == "x86_64-apple-darwin"


@pytest.mark.parametrize("string", ["macosx-10.6-intel", "macosx-10.9-fat64"])
def test_a_legacy_platform_string_is_resolved_by_the_header(string: str) -> None:
    """A universal build with an old name has the triple of its running slice."""
    assert (
        judge(interpreter("cpython312-macos-x86_64-rosetta", get_platform=string), {}).triple
        == "x86_64-apple-darwin"
    )


def test_no_triple_is_an_error() -> None:
    """An interpreter without a Rust target is refused, with its name."""
    with pytest.raises(UsageError, match=r"cpython312-linux-x86_64.*amiga"):
        judge(interpreter("cpython312-linux-x86_64", get_platform="amiga-68k", platform="amiga"), {})


def test_universal2_on_request() -> None:
    """ARCHFLAGS with both slices asks for both: no single Cargo target is set, and the tag is universal2."""
    answer = judge(
        interpreter("cpython312-macos-universal2-arm64"), {"ARCHFLAGS": "-arch x86_64 -arch arm64"}
    )
    variables = answer.variables({"CARGO_BUILD_TARGET": "aarch64-apple-darwin"})
    assert answer.platform is UNIVERSAL2
    assert answer.universal2 == "both"
    assert "CARGO_BUILD_TARGET" not in variables
    assert variables["ARCHFLAGS"] == "-arch x86_64 -arch arm64"
    assert variables["_PYTHON_HOST_PLATFORM"] == "macosx-10.13-universal2"
    assert variables["CMAKE_OSX_ARCHITECTURES"] == "x86_64;arm64"
    assert answer.wanted.arches == ("arm64", "x86_64")


@pytest.mark.parametrize(
    ("asked", "lowest"),
    [("", "10.13"), ("10.9", "10.13"), ("11", "11.0"), ("12.3", "12.3"), ("newest", "10.13")],
)
def test_deployment_target(asked: str, lowest: str) -> None:
    """The caller can raise the deployment target, but not lower it. It always has a minor version."""
    answer = judge(interpreter("cpython312-macos-universal2-rosetta"), {"MACOSX_DEPLOYMENT_TARGET": asked})
    assert answer.deployment_target == lowest
    assert answer.variables({})["_PYTHON_HOST_PLATFORM"] == f"macosx-{lowest}-x86_64"


def test_rosetta_environment() -> None:
    """Everything that a build under Rosetta needs is set to x86_64."""
    variables = judge(interpreter("cpython312-macos-x86_64-rosetta"), {}).variables(
        {"PATH": "/bin", "PYO3_CROSS": "1"}
    )
    assert variables == {
        "PATH": "/bin",
        "CARGO_BUILD_TARGET": "x86_64-apple-darwin",
        "PYO3_PYTHON": "/usr/local/opt/python@3.12/bin/python3.12",
        "Python_ROOT_DIR": "/usr/local/opt/python@3.12",
        "Python3_ROOT_DIR": "/usr/local/opt/python@3.12",
        "ARCHFLAGS": "-arch x86_64",
        "MACOSX_DEPLOYMENT_TARGET": "13.0",
        "_PYTHON_HOST_PLATFORM": "macosx-13.0-x86_64",
        "CMAKE_OSX_ARCHITECTURES": "x86_64",
        "CIBW_ARCHS_MACOS": "x86_64",
    }


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("cpython312-windows-arm64", {"VSCMD_ARG_TGT_ARCH": "arm64", "CIBW_ARCHS_WINDOWS": "ARM64"}),
        ("cpython312-windows-x86", {"VSCMD_ARG_TGT_ARCH": "x86", "CIBW_ARCHS_WINDOWS": "x86"}),
        ("cpython312-windows-x64", {"VSCMD_ARG_TGT_ARCH": "x64", "CIBW_ARCHS_WINDOWS": "AMD64"}),
        ("cpython312-linux-armv7l-on-aarch64-kernel", {"CIBW_ARCHS_LINUX": "armv7l"}),
        ("cpython313-ios-arm64", {"IPHONEOS_DEPLOYMENT_TARGET": "13.0", "CIBW_ARCHS_IOS": "arm64_iphoneos"}),
        ("cpython313-android-aarch64", {"ANDROID_API_LEVEL": "21", "CIBW_ARCHS_ANDROID": "arm64_v8a"}),
        ("cpython314-pyodide", {"CIBW_ARCHS_PYODIDE": "wasm32"}),
    ],
)
def test_environment_of_systems(name: str, variables: dict[str, str]) -> None:
    """The variables of each system are set, and those of macOS are not."""
    found = judge(interpreter(name), {}).variables({"ARCHFLAGS": "-arch arm64"})
    assert found.items() >= variables.items()
    assert "ARCHFLAGS" not in found


def test_cmake_platform_needs_its_generator() -> None:
    """CMAKE_GENERATOR_PLATFORM is set only with a Visual Studio generator, because others refuse it."""
    win = interpreter("cpython312-windows-arm64")
    beside = judge(win, {"CMAKE_GENERATOR": "Visual Studio 17 2022"}).variables({})
    assert beside["CMAKE_GENERATOR_PLATFORM"] == "ARM64"
    assert "CMAKE_GENERATOR_PLATFORM" not in judge(win, {"CMAKE_GENERATOR": "Ninja"}).variables({})


# -- the environment as text

AWKWARD = [
    "plain",
    "with space",
    "it's",
    "''",
    '"double"',
    "$HOME `id` $(id) ${x}",
    "back\\slash\\",
    "semi;colon & amp | pipe > out",
    "new\nline",
    "tab\there",
    "*?[a]~",
    "-dash",
    "é ü \u2019 \u2018 \U0001f40d",
    "#hash !bang %percent% ^",
    "",
    "\x7f",
]


@pytest.mark.parametrize("value", AWKWARD)
@pytest.mark.parametrize("shell", ["sh", "dash", "bash", "ksh", "zsh"])
def test_sh_takes_any_value(shell: str, value: str) -> None:
    """A shell that evaluates the text gets the exact values, and runs nothing."""
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed")
    text = environment.as_sh([Variable("A_VALUE", value, "")], ["GONE"])
    script = 'eval "$1"; printf "%s" "$A_VALUE|${GONE-unset}"'
    run = subprocess.run([path, "-c", script, "sh", text], capture_output=True, check=True, env={"GONE": "1"})
    assert run.stdout.decode() == f"{value}|unset"


def read_powershell(text: str) -> dict[str, str]:
    """Read `$env:NAME = '...'` as PowerShell does: any two single quotes of its five kinds are one character."""
    found = {}
    quotes = "'\u2018\u2019\u201a\u201b"
    rest = text
    while rest:
        name, _, rest = rest.removeprefix("$env:").partition(" = ")
        assert rest[0] == "'"
        value, at = "", 1
        while True:
            if rest[at] in quotes:
                if at + 1 < len(rest) and rest[at + 1] in quotes:
                    value, at = value + rest[at], at + 2
                    continue
                break
            value, at = value + rest[at], at + 1
        found[name] = value
        assert rest[at + 1] == "\n"
        rest = rest[at + 2 :]
    return found


def test_powershell_takes_any_value() -> None:
    """PowerShell would read the exact values."""
    variables = [Variable(f"V{number}", value, "") for number, value in enumerate(AWKWARD)]
    text = environment.as_powershell(variables, [])
    assert read_powershell(text) == {variable.name: variable.value for variable in variables}
    assert environment.as_powershell([], ["GONE"]) == "Remove-Item Env:GONE -ErrorAction SilentlyContinue\n"


def test_powershell_itself() -> None:
    """PowerShell sets the exact values."""
    shell = shutil.which("pwsh")
    if shell is None:
        pytest.skip("PowerShell is not installed: its quoting is read back by a model of it above")
    for value in AWKWARD:
        text = environment.as_powershell([Variable("A_VALUE", value, "")], [])
        run = subprocess.run(
            [shell, "-NoProfile", "-Command", f"{text}\n[Console]::Out.Write($env:A_VALUE)"],
            capture_output=True,
            check=True,
        )
        assert run.stdout.decode() == value


@pytest.mark.parametrize("value", AWKWARD)
def test_cargo_takes_any_value(value: str) -> None:
    """The fragment is TOML with the exact values."""
    variables = [
        Variable("CARGO_BUILD_TARGET", "x", ""),
        Variable("PYO3_PYTHON", value, ""),
        Variable("ARCHFLAGS", "y", ""),
    ]
    assert tomllib.loads(environment.as_cargo(variables)) == {
        "build": {"target": "x"},
        "env": {"PYO3_PYTHON": value},
    }


# -- the command


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make `wheelarch target` ask a recorded interpreter."""

    def ask(name: str, **changes: Any) -> None:
        monkeypatch.setattr(target_module, "probe", lambda python: interpreter(name, **changes))
        for variable in (
            "ARCHFLAGS",
            "CARGO_BUILD_TARGET",
            "_PYTHON_HOST_PLATFORM",
            "MACOSX_DEPLOYMENT_TARGET",
        ):
            monkeypatch.delenv(variable, raising=False)

    return ask


def test_text(asked: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The text names the triple, the emulation and each finding. Warnings do not fail the command."""
    asked("cpython312-macos-universal2-rosetta")
    assert main(["target"]) == 0
    out = capsys.readouterr().out
    assert "x86_64, emulated on arm64" in out
    assert "x86_64-apple-darwin" in out
    assert "WT01 emulated-interpreter" in out
    assert "only the running slice" in out


def test_json(asked: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON document says the same."""
    asked("cpython312-windows-x64-on-arm64")
    assert main(["target", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["interpreter"]["running_machine"] == "x86_64"
    assert found["interpreter"]["host_machine"] == "arm64"
    assert found["environment"]["CARGO_BUILD_TARGET"] == "x86_64-pc-windows-msvc"


def test_an_error_fails_the_command(asked: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """If the header contradicts the answer, the exit code is 1."""
    asked("cpython312-windows-x64", pointer_bits=32)
    assert main(["target", "--format", "env"]) == 1
    assert "WT03" in capsys.readouterr().err


def test_warnings_do_not_reach_the_shell(asked: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """In formats for shells, warnings go to standard error."""
    asked("cpython312-macos-x86_64-rosetta")
    for form in ("env", "powershell", "cargo"):
        assert main(["target", "--format", form]) == 0
        captured = capsys.readouterr()
        assert "WT01" in captured.err
        assert "WT01" not in captured.out


def test_a_value_that_the_output_lacks_is_refused(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that the encoding of standard output cannot contain is an error, not another path."""
    import io

    asked("cpython312-linux-x86_64", executable="/opt/p\u00ffthon\u2019/bin/python")
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "ascii"))
    assert main(["target", "--format", "env"]) == 2


@pytest.mark.skipif(os.name != "posix", reason="the shell of Windows has no eval")
def test_eval_in_sh(tmp_path: Path) -> None:
    """`eval "$(wheelarch target --format env)"` sets the environment in a real shell, for an awkward path too."""
    awkward = tmp_path / 'it\'s a $(touch pwned) "folder"'
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", awkward], check=True)
    script = (
        f'eval "$({sys.executable} -m wheelarch target --python "$1" --format env)"; printf %s "$PYO3_PYTHON"'
    )
    run = subprocess.run(
        ["/bin/sh", "-c", script, "sh", awkward],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(wheelarch.__file__).parents[1])},
    )
    assert run.stdout == str(awkward / "bin" / "python")
    assert not (tmp_path / "pwned").exists()


def test_a_command_runs_in_the_environment(asked: Any, capfd: pytest.CaptureFixture[str]) -> None:
    """Everything after -- is the command with its options, and its exit code is returned."""
    asked("cpython312-macos-x86_64-rosetta")
    code = "import os, sys; print(os.environ['CARGO_BUILD_TARGET'], *sys.argv[1:]); sys.exit(7)"
    assert main(["target", "--", sys.executable, "-c", code, "--release", "--format", "x"]) == 7
    assert capfd.readouterr().out.split() == ["x86_64-apple-darwin", "--release", "--format", "x"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals in exit codes")
def test_a_command_that_a_signal_ends(asked: Any) -> None:
    """A signal becomes an exit code as in shells."""
    asked("cpython312-linux-x86_64")
    assert main(["target", "--", "sh", "-c", "kill -TERM $$"]) == 128 + 15


def test_a_command_that_is_not_there(asked: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A command that does not exist is wrong usage."""
    asked("cpython312-linux-x86_64")
    assert main(["target", "--", "no-such-command-at-all"]) == 2
    assert "command not found" in capsys.readouterr().err


def test_the_public_name() -> None:
    """`wheelarch.target` asks the interpreter that runs this test, and agrees with packaging in it."""
    from packaging.tags import platform_tags

    answer = wheelarch.target(sys.executable)
    assert set(answer.platform_tags) == set(platform_tags())


# -- who is meant by --expect


@pytest.mark.parametrize(
    ("text", "system", "arches", "libc", "floor", "python"),
    [
        ("aarch64-apple-darwin", "macos", ("arm64",), "", None, None),
        ("universal2-apple-darwin", "macos", ("arm64", "x86_64"), "", None, None),
        ("x86_64-unknown-linux-musl", "linux", ("x86_64",), "musl", None, None),
        ("x86_64-pc-windows-gnu", "mingw", ("x86_64",), "", None, None),
        ("x86_64-unknown-freebsd", "other", ("x86_64",), "", None, None),
        ("win_arm64", "windows", ("arm64",), "", None, None),
        ("manylinux_2_28_aarch64", "linux", ("arm64",), "glibc", (2, 28), None),
        ("macosx_11_0_universal2", "macos", ("arm64", "x86_64"), "", (11, 0), None),
        ("cp312-cp312-macosx_14_0_arm64", "macos", ("arm64",), "", (14, 0), "cp312-cp312"),
        ("cp313-cp313t-win_amd64", "windows", ("x86_64",), "", None, "cp313-cp313t"),
        ("cp311-abi3-win_amd64", "windows", ("x86_64",), "", None, "cp311-cp311"),
        (
            "pp310-pypy310_pp73-manylinux_2_28_x86_64",
            "linux",
            ("x86_64",),
            "glibc",
            (2, 28),
            "pp310-pypy310_pp73",
        ),
    ],
)
def test_expected_target(
    text: str,
    system: str,
    arches: tuple[str, ...],
    libc: str,
    floor: tuple[int, int] | None,
    python: str | None,
) -> None:
    """A triple, a platform tag or a whole tag says for whom the wheels are."""
    found = expected(text)
    assert (found.system, found.arches, found.libc, found.floor) == (system, arches, libc, floor)
    assert (found.pythons[0] if found.pythons else None) == python


@pytest.mark.parametrize(
    "text", ["", "arm64", "x86_64-apple-darwinn", "any", "cp312-cp312", "win_amd64.win_arm64", "a-b-c-d"]
)
def test_expected_nobody(text: str) -> None:
    """Any other text is wrong usage, and the message has examples of what is right."""
    with pytest.raises(UsageError, match="aarch64-apple-darwin"):
        expected(text)
