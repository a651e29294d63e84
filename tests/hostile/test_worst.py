"""What made an audit slow out of proportion stays mended; benchmarks/worst.py measures the rest."""

import io
import time
import zipfile

import wheelarch

FILENAME = "pkg-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"


def test_many_members_that_are_native_by_name_only() -> None:
    """Whether a member is all that a wheel brings is not asked of every other member for each: that took minutes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(6_000):
            archive.writestr(f"pkg/{number}.so", b"")
    started = time.monotonic()
    report = wheelarch.audit(stream.getvalue(), name=FILENAME, second_opinion="off")
    assert time.monotonic() - started < 20
    assert sum(finding.code == "WA907" for finding in report.findings) == 6_000


def test_names_that_differ_in_case_only() -> None:
    """Names that are one file where case does not count are found among others, each with its counterpart."""
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
