"""Findings name the doctor's rules that predict such builds, and only those for the tool that built the wheel."""

import pytest

import wheelarch
from support.images import image
from support.interpreters import interpreter
from support.reports import finding, judged
from support.values import wheel
from support.wheels import build_wheel
from wheelarch.doctor.rules import RULES as DOCTOR_RULES
from wheelarch.facts.bad_builds import BAD_BUILDS, predicting
from wheelarch.interpreter import target
from wheelarch.judging.judge import judge
from wheelarch.metadata.promise import read_promise
from wheelarch.report import as_text
from wheelarch.report.document import Report
from wheelarch.rules import RULES, Problem, find
from wheelarch.rules.remedies import build_tool

DOCTOR = {rule.code: rule for rule in DOCTOR_RULES}


def test_the_table_is_the_doctors() -> None:
    """What the table says of tools and bad releases, each rule of the doctor says too; wheel rules name it whole."""
    for code, builds in BAD_BUILDS.items():
        rule = DOCTOR[code]
        signers = {"setuptools" if tool == "setuptools-rust" else tool for tool in rule.tools or ("maturin",)}
        for one in builds:
            assert set(one.tools) <= signers
            assert set(rule.windows) <= set(one.windows)
    assert list(BAD_BUILDS) == sorted(BAD_BUILDS)
    assert {code for rule in RULES for code in rule.predicted_by} == set(BAD_BUILDS)


@pytest.mark.parametrize(
    ("code", "tag", "generator", "pyo3", "found"),
    [
        ("WA301", "cp39-abi3-win_amd64", "maturin (1.9.4)", "", ("WD07", "WD13")),
        ("WA301", "cp39-abi3-win_arm64", "maturin (1.9.4)", "0.26.0", ("WD07", "WD13")),
        ("WA301", "cp39-abi3-win_amd64", "maturin (1.9.4)", "0.27.0", ("WD13",)),
        ("WA301", "cp39-abi3-win_amd64", "maturin (1.13.2)", "", ("WD13",)),
        ("WA301", "cp39-abi3-win_amd64", "setuptools (80.9.0)", "", ()),
        ("WA301", "cp39-abi3-win_amd64", "", "", ()),
        ("WA801", "cp312-cp312-macosx_11_0_arm64", "maturin (1.5.1)", "", ("WD17", "WD18", "WD19", "WD23")),
        ("WA801", "cp312-cp312-macosx_11_0_arm64", "maturin (1.9.4)", "", ("WD18", "WD19", "WD23")),
        ("WA802", "cp312-cp312-macosx_11_0_arm64", "maturin (1.5.1)", "", ("WD17", "WD18", "WD22")),
        ("WA801", "cp312-cp312-macosx_11_0_arm64", "setuptools (80.9.0)", "", ()),
        ("WA801", "cp312-cp312-win_arm64", "maturin (1.5.1)", "", ()),
        ("WA801", "cp312-cp312-linux_x86_64", "maturin (1.9.4)", "", ("WD37",)),
        ("WA201", "cp312-cp312-win_arm64", "setuptools (80.9.0)", "", ("WD29",)),
        ("WA201", "cp312-cp312-win_arm64", "bdist_wheel (0.45.1)", "", ("WD29",)),
        ("WA201", "cp312-cp312-win_amd64", "setuptools (80.9.0)", "", ()),
        ("WA201", "cp312-cp312-win_amd64", "maturin (1.7.7)", "", ("WD02", "WD15", "WD28")),
        ("WA201", "cp312-cp312-win_amd64", "maturin (1.14.1)", "", ("WD28",)),
        ("WA201", "cp39-abi3-win_amd64", "maturin (1.14.1)", "", ("WD24", "WD28")),
        ("WA201", "cp312-cp312-win32", "maturin (1.9.5)", "", ("WD28",)),
        ("WA202", "cp312-cp312-macosx_11_0_universal2", "setuptools (80.9.0)", "", ("WD24", "WD30")),
        ("WA202", "cp312-cp312-macosx_11_0_universal2", "maturin (1.9.4)", "", ("WD23", "WD24")),
        ("WA303", "cp313-cp313t-win_amd64", "maturin (1.8.0)", "0.23.1", ("WD09",)),
        ("WA306", "cp39-abi3-mingw_x86_64", "maturin (1.14.1)", "0.29.2", ("WD32",)),
        ("WA501", "cp312-cp312-macosx_10_9_x86_64", "maturin (1.9.4)", "", ("WD26", "WD27")),
        ("WA001", "cp312-cp312-win_amd64", "maturin (1.9.4)", "", ()),
    ],
)
def test_who_predicts(code: str, tag: str, generator: str, pyo3: str, found: tuple[str, ...]) -> None:
    """The tool, its release, PyO3's and the tag narrow what the doctor could have said."""
    targets = read_promise(f"pkg-1.0-{tag}.whl").targets
    codes = find(code).predicted_by
    assert predicting(codes, build_tool(generator), [generator], pyo3, targets) == found


# -- whole wheels


def predicted(
    name: str, member: str, binary: str, generator: str, **options: object
) -> dict[str, tuple[str, ...]]:
    data = build_wheel(name, {member: image(binary)}, generator=generator)
    findings = wheelarch.audit(data, name=name, second_opinion="off", **options).findings  # type: ignore[arg-type]  # of audit
    return {one.code: one.predicted_by for one in findings if one.predicted_by}


def test_an_abi3_wheel_for_windows_on_arm() -> None:
    """A versioned Python DLL behind maturin names the rule that foretells it; the right wheel is not blamed."""
    name = "pkg-1.0-cp39-abi3-win_arm64.whl"
    wrong = predicted(name, "pkg/ext.pyd", "win_arm64-python311.pyd", "maturin (1.9.4)")
    assert wrong == {"WA301": ("WD07", "WD13")}
    assert predicted(name, "pkg/ext.pyd", "win_arm64-python3.pyd", "maturin (1.9.4)") == {}
    assert predicted(name, "pkg/ext.pyd", "win_arm64-python311.pyd", "hatchling 1.27.0") == {}


def test_a_wheel_for_rosetta() -> None:
    """The arm64 wheel that an x86_64 Python built with an old maturin names the rules that would have predicted it."""
    wanted = target.judge(interpreter("cpython312-macos-x86_64-rosetta"), {}).wanted
    name = "pkg-1.0-cp312-cp312-macosx_11_0_arm64.whl"
    found = predicted(
        name, "pkg/ext.cpython-312-darwin.so", "macos-arm64-11.0.so", "maturin (1.5.1)", wanted=wanted
    )
    assert found["WA801"][:3] == ("WD17", "WD18", "WD19")
    assert found["WA802"][:2] == ("WD17", "WD18")


def test_an_x64_module_for_arm() -> None:
    """setuptools-rust signs as setuptools."""
    name = "pkg-1.0-cp312-cp312-win_arm64.whl"
    found = predicted(name, "pkg/ext.pyd", "win_amd64-python312.pyd", "setuptools (80.9.0)")
    assert found == {"WA201": ("WD29",)}


def test_only_the_blamed_tags_count() -> None:
    """Of several tags, those that the finding is about decide; all, if it is about none."""
    subject = wheel("pkg-1.0-cp312-cp312-win_amd64.win_arm64.whl", generator="setuptools (80.9.0)")

    def blame(*tags: str) -> tuple[str, ...]:
        one = find("WA201")._replace(check=lambda _: [Problem("", tags=tags)])
        return judge(subject, (one,))[0].predicted_by

    assert blame("cp312-cp312-win_arm64") == ("WD29",)
    assert blame("cp312-cp312-win_amd64") == ()
    assert blame() == ("WD29",)


def test_the_text_report_says_so_in_a_line() -> None:
    """The codes are printed with the command that explains them; without a prediction nothing is printed."""
    text = as_text.render(Report((judged("x.whl", finding(predicted_by=("WD07", "WD13"))),)))
    assert "      predicted by: WD07, WD13 (wheelarch doctor)\n" in text
    assert "predicted" not in as_text.render(Report((judged("x.whl", finding()),)))
