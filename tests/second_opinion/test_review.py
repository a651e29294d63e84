"""Findings are confirmed, lowered, or left as they are."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

import wheelarch
from support.images import image
from support.program import _SOURCE, run
from support.schema import check
from support.wheels import build_wheel
from wheelarch import Finding, Limits, Severity, WheelReport
from wheelarch.judging import judge as judge_module
from wheelarch.rules import Problem, Rule, find
from wheelarch.second_opinion import helper

from .conftest import Plant

NAME = "pkg-1.0-cp311-abi3-win_amd64.whl"
BAD = build_wheel(NAME, {"pkg/ext.pyd": image("win_arm64-python3.pyd")})
GOOD = build_wheel(NAME, {"pkg/ext.pyd": image("win_amd64-python3.pyd")})
WHEELS = Path(__file__).resolve().parents[2] / "testdata" / "wheels"


def audit(data: bytes = BAD, name: str = NAME, **options: object) -> WheelReport:
    (report,) = wheelarch.audit(data, name=name, **options)  # type: ignore[arg-type]  # limits, select, ...
    check(wheelarch.Report((report,)).to_dict())
    return report


def wrong_machine(report: WheelReport) -> Finding:
    (finding,) = [one for one in report.findings if one.code == "WA201"]
    return finding


def test_an_error_names_the_parsers_that_confirm_it() -> None:
    """Each parser that reads the format and agrees is named with its version."""
    finding = wrong_machine(audit())
    assert [name.partition(" ")[0] for name in finding.confirmed_by] == ["lief", "pefile"]
    assert all(name.partition(" ")[2] for name in finding.confirmed_by)
    assert "second_opinion" not in finding.evidence


@pytest.mark.parametrize("name", sorted(path.name for path in WHEELS.glob("*.whl")))
def test_every_error_of_the_test_wheels_is_confirmed(name: str) -> None:
    """If an error depends on a binary, another parser confirms it and none denies it."""
    off = wheelarch.audit(WHEELS / name, second_opinion="off")
    on = wheelarch.audit(WHEELS / name)
    assert [(one.code, one.severity) for one in on.findings] == [
        (one.code, one.severity) for one in off.findings
    ]
    for finding in on.findings:
        if finding.severity is Severity.ERROR and find(finding.code).rests_on:
            assert finding.confirmed_by, finding


def test_an_error_that_is_denied_becomes_a_warning(plant: Plant) -> None:
    """The warning says who reads what, at which byte. The file's machine field is 4 bytes after e_lfanew."""
    plant("differ")
    report = audit()
    finding = wrong_machine(report)
    data = image("win_arm64-python3.pyd")
    offset = int.from_bytes(data[0x3C:0x40], "little") + 4
    assert data[offset : offset + 2] == b"\x64\xaa"
    assert finding.severity is Severity.WARNING
    assert finding.confirmed_by == ()
    assert (
        f"differ 9 reads machine at byte {offset:#x} as 0x14c 0x0, wheelarch as 0xaa64 0x0" in finding.message
    )
    assert report.ok
    ranks = [one.severity.rank for one in report.findings]
    assert ranks == sorted(ranks, reverse=True)


NOTED = image("linux-x86_64-v3.so")
LINUX_NAME = "pkg-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"


def test_nobody_is_asked_about_damage_that_no_loader_reads(plant: Plant) -> None:
    """Notes that a tool overwrote are a note: the file loads, whatever other parsers say of it."""
    note = NOTED.index(b"GNU\0") - 12
    data = NOTED[:note] + b"X" * 32 + NOTED[note + 32 :]
    wheel = build_wheel(LINUX_NAME, {"pkg/ext.cpython-312-x86_64-linux-gnu.so": data})
    plant("refuse")
    for asked in ("errors", "all"):
        report = audit(wheel, LINUX_NAME, second_opinion=asked)
        (finding,) = [one for one in report.findings if one.code == "WA902"]
        assert (finding.severity, finding.confirmed_by) == (Severity.NOTE, ())
        assert report.ok
    ((member,), (image_,)) = (report.members, report.members[0].images)
    assert member.python is not None
    assert image_.hooks == ("PyInit_ext",)


def test_a_denied_library_is_told_with_its_place(plant: Plant) -> None:
    """If another parser does not find a library, the finding says where its name is in the file."""
    plant("differ")
    data = image("win_amd64-python311.pyd")
    report = audit(build_wheel(NAME, {"pkg/ext.pyd": data}))
    (finding,) = [one for one in report.findings if one.code == "WA301"]
    assert finding.severity is Severity.WARNING
    assert f"at byte {data.find(b'python311.dll'):#x} as no python311.dll" in finding.message


def test_a_denial_that_another_parser_outvotes_is_told_and_changes_nothing(plant: Plant) -> None:
    """If two of three readers agree, they are believed."""
    plant("differ", "agree")
    finding = wrong_machine(audit())
    assert finding.severity is Severity.ERROR
    assert finding.confirmed_by == ("agree 9",)
    assert finding.evidence["second_opinion"].startswith("differ 9 reads machine")


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("missing", "missing is not installed"),
        ("crash", "crash 9 crashed"),
        ("hang", "hang 9 took longer than the limit opinion_seconds=1"),
        ("raise", "raise 9 failed (KeyError)"),
        ("nonsense", "nonsense 9 answered nonsense"),
        ("refuse", None),
        ("silent", None),
    ],
)
def test_a_parser_that_says_nothing_changes_no_verdict(name: str, remark: str | None, plant: Plant) -> None:
    """A failure is named in the evidence, a refusal is not. The finding is still an error."""
    plant(name)
    report = audit(limits=Limits(opinion_seconds=1) if name == "hang" else Limits())
    finding = wrong_machine(report)
    assert (finding.severity, finding.confirmed_by) == (Severity.ERROR, ())
    assert finding.evidence.get("second_opinion") == remark
    assert finding._replace(evidence={}) == wrong_machine(audit(second_opinion="off"))._replace(evidence={})


LIMITS = {
    "bytes": (Limits(opinion_bytes=100), " bytes are more than the limit opinion_bytes=100"),
    "members": (
        Limits(opinion_members=0),
        "was not asked about more members than the limit opinion_members=0",
    ),
    "time": (Limits(opinion_wheel_seconds=-1), "was not asked after the limit opinion_wheel_seconds=-1"),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_are_told(limit: str, plant: Plant) -> None:
    """A member that is not confirmed because of a limit says so, and no process is started for it."""
    plant("agree")
    limits, remark = LIMITS[limit]
    finding = wrong_machine(audit(limits=limits))
    assert (finding.severity, finding.confirmed_by) == (Severity.ERROR, ())
    assert remark in finding.evidence["second_opinion"]
    assert helper._State.process is None


def test_damage_is_confirmed_by_refusal_and_never_denied(plant: Plant) -> None:
    """Parsers accept much that loaders refuse, so accepting a damaged file says nothing."""
    cut = build_wheel(NAME, {"pkg/ext.pyd": image("win_amd64-python3.pyd")[:2000]})
    for name, confirmed in (("refuse", ("refuse 9",)), ("agree", ()), ("differ", ())):
        plant(name)
        (finding,) = [one for one in audit(cut).findings if one.code == "WA901"]
        assert (finding.severity, finding.confirmed_by) == (Severity.ERROR, confirmed)


def test_two_members_of_one_name_are_not_asked_about(plant: Plant) -> None:
    """It is not known which of them a finding means, so no parser is asked, and the errors are kept."""
    import io
    import zipfile

    plant("differ")
    stream = io.BytesIO(BAD)
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("pkg/ext.pyd", image("win_amd64-python3.pyd"))
    assert all(one.confirmed_by == () for one in audit(stream.getvalue()).findings)
    assert helper._State.process is None


def test_all_compares_every_member(plant: Plant) -> None:
    """A clean wheel gets a warning WA905 for each member that another parser reads differently."""
    plant("differ")
    assert audit(GOOD).findings == ()
    (finding,) = audit(GOOD, second_opinion="all").findings
    assert (finding.code, finding.severity, finding.member) == ("WA905", Severity.WARNING, "pkg/ext.pyd")
    assert "differ 9 reads machine" in finding.message
    assert audit(GOOD, second_opinion="all", ignore=["WA905"]).findings == ()


def test_all_names_a_parser_that_failed(plant: Plant) -> None:
    """What could not be compared is a note, one for each kind of failure."""
    plant("crash")
    (finding,) = audit(GOOD, second_opinion="all").findings
    assert (finding.severity, finding.member) == (Severity.NOTE, None)
    assert finding.message == "crash 9 crashed, so it says nothing about pkg/ext.pyd"


def test_all_finds_nothing_where_all_agree() -> None:
    """The real parsers and wheelarch read good wheels alike."""
    for path in sorted(WHEELS.glob("good-*.whl")):
        report = wheelarch.audit(path, second_opinion="all")
        assert "WA905" not in [finding.code for finding in report.findings]


def test_an_unknown_second_opinion_is_the_caller_s_mistake() -> None:
    """The message names what there is."""
    with pytest.raises(wheelarch.UsageError, match="errors, all, off"):
        wheelarch.audit(GOOD, second_opinion="maybe")


def loaded_by_audit(path: Path, option: str) -> set[str]:
    """Return the names of all modules in sys.modules after a fresh interpreter audited a file."""
    code = (
        f"import sys, wheelarch; wheelarch.audit({str(path)!r}, second_opinion={option!r}); "
        "print(*sys.modules, sep='\\n')"
    )
    environment = {**os.environ, "PYTHONPATH": str(_SOURCE)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return set(done.stdout.split())


def test_a_clean_wheel_costs_nothing(tmp_path: Path) -> None:
    """Without an error to confirm, no module is imported for it. The parsers are never imported in this process."""
    path = tmp_path / NAME
    path.write_bytes(GOOD)
    without = loaded_by_audit(path, "off")
    assert loaded_by_audit(path, "errors") == without
    assert "wheelarch.second_opinion" not in without
    path.write_bytes(BAD)
    with_errors = loaded_by_audit(path, "errors")
    assert "wheelarch.second_opinion.helper" in with_errors
    assert with_errors.isdisjoint(("lief", "pefile", "macholib", "multiprocessing"))


@pytest.mark.parametrize(("option", "confirmed"), [("errors", True), ("all", True), ("off", False)])
def test_the_command_has_the_option(option: str, confirmed: bool, tmp_path: Path) -> None:
    """`--second-opinion` chooses; the verdict is the same."""
    path = tmp_path / NAME
    path.write_bytes(BAD)
    done = run("audit", str(path), "--second-opinion", option)
    assert done.returncode == 1
    assert ("confirmed by: lief" in done.stdout) == confirmed


def test_the_api_passes_the_option_on(tmp_path: Path) -> None:
    """audit_many and assert_ok accept the option, too."""
    path = tmp_path / NAME
    path.write_bytes(BAD)
    (report,) = wheelarch.audit_many([path], second_opinion="off")
    assert wrong_machine(report).confirmed_by == ()
    with pytest.raises(wheelarch.AuditFailed) as caught:
        wheelarch.assert_ok(path, second_opinion="off")
    assert "confirmed by" not in str(caught.value)
    with pytest.raises(wheelarch.AuditFailed, match="confirmed by: lief"):
        wheelarch.assert_ok(path)


@pytest.mark.parametrize("name", sorted(path.name for path in WHEELS.glob("*.whl")))
def test_rewording_changes_no_confirmation(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every message, evidence and consequence in random words, the same parsers confirm the same findings."""
    before = wheelarch.audit(WHEELS / name)
    words = random.Random(name)
    reworded = judge_module._finding

    def scramble(text: str) -> str:
        return " ".join(
            words.choice(("a.dll", "python3.dll", "PyInit_ext", "GLIBC_2.34", "arm64", "x")) for _ in text[:9]
        )

    def finding(rule: Rule, problem: Problem, *rest: object) -> wheelarch.Finding:
        evidence = {key: scramble(value) for key, value in problem.evidence.items()}
        other = problem._replace(
            message=scramble(problem.message), evidence=evidence, consequence=scramble(problem.consequence)
        )
        return reworded(rule, other, *rest)

    monkeypatch.setattr(judge_module, "_finding", finding)
    after = wheelarch.audit(WHEELS / name)
    assert [one.confirmed_by for one in after.findings] == [one.confirmed_by for one in before.findings]
    assert [one.severity for one in after.findings] == [one.severity for one in before.findings]
