"""Inputs that once made an audit far too slow: the work is counted. benchmarks/worst.py measures the other ones."""

import io
import zipfile

import wheelarch
from support.images import image
from support.steps import assert_linear, steps
from support.wheels import build_wheel
from wheelarch.limits import DEFAULT, Limits
from wheelarch.report.document import Report

FILENAME = "pkg-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"


def _audit(data: bytes, name: str = FILENAME, limits: Limits = DEFAULT) -> Report:
    return wheelarch.audit(data, name=name, second_opinion="off", limits=limits)


def test_many_members_that_are_native_by_name_only() -> None:
    """Many native members do not cost a comparison of each with every other: that took minutes."""

    def make(count: int) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for number in range(count):
                archive.writestr(f"pkg/{number}.so", b"")
        return stream.getvalue()

    assert_linear(_audit, make, 200)
    report = _audit(make(6_000))
    assert sum(finding.code == "WA907" for finding in report.findings) == 6_000


def test_names_that_differ_in_case_only() -> None:
    """Names that are the same file if case does not count are found among others, each with its counterpart."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in ("pkg/a.py", "pkg/B.py", "pkg/b.py", "pkg/\u00c9.py", "pkg/e\u0301.py"):
            archive.writestr(name, b"")
    report = wheelarch.audit(stream.getvalue(), name="pkg-1.0-py3-none-win_amd64.whl", second_opinion="off")
    found = [finding for finding in report.findings if finding.code == "WA003"]
    assert {finding.member: finding.evidence["have"] for finding in found} == {
        "pkg/b.py": "pkg/B.py",
        "pkg/e\u0301.py": "pkg/\u00c9.py",
    }


def test_many_tags_and_many_members() -> None:
    """Hundreds of files are judged for each of hundreds of tags up to a bound, which is reported.

    Without the bound it takes 11 million steps.
    """
    pythons = ".".join(f"cp3{minor}" for minor in range(8, 28))
    platforms = ".".join(f"manylinux_2_{minor}_x86_64" for minor in range(5, 25))
    filename = f"pkg-1.0-{pythons}-abi3-{platforms}.whl"
    library = image("linux-aarch64-musl.so")
    data = build_wheel(filename, {f"pkg/lib{number}.so": library for number in range(200)}, tags=[])
    limits = Limits(member_tags=2_000)
    assert steps(_audit, data, filename, limits) < 1_500_000
    report = _audit(data, filename, limits)
    bounds = [finding.message for finding in report.findings if finding.code == "WA007"]
    assert any("limit member_tags=2000" in message for message in bounds)
    assert sum(len(finding.tags) for finding in report.findings) < 10_000
