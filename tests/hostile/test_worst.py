"""Inputs that once made an audit far too slow. benchmarks/worst.py measures the other ones."""

import io
import time
import zipfile

import wheelarch
from support.images import image
from support.wheels import build_wheel

FILENAME = "pkg-1.0-cp312-cp312-manylinux_2_17_x86_64.whl"


def test_many_members_that_are_native_by_name_only() -> None:
    """Many native members do not cost a comparison of each with every other: that took minutes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(6_000):
            archive.writestr(f"pkg/{number}.so", b"")
    started = time.monotonic()
    report = wheelarch.audit(stream.getvalue(), name=FILENAME, second_opinion="off")
    assert time.monotonic() - started < 20
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
    """Thousands of files are judged for each of thousands of tags up to a bound, which is reported."""
    pythons = ".".join(f"cp3{minor}" for minor in range(8, 108))
    platforms = ".".join(f"manylinux_2_{minor}_x86_64" for minor in range(5, 105))
    filename = f"pkg-1.0-{pythons}-abi3-{platforms}.whl"
    library = image("linux-aarch64-musl.so")
    data = build_wheel(filename, {f"pkg/lib{number}.so": library for number in range(2_000)}, tags=[])
    started = time.monotonic()
    report = wheelarch.audit(data, name=filename, second_opinion="off")
    assert time.monotonic() - started < 20
    bounds = [finding.message for finding in report.findings if finding.code == "WA007"]
    assert any("limit member_tags=200000" in message for message in bounds)
    assert any(message.startswith("WA203 (") for message in bounds)
    assert sum(len(finding.tags) for finding in report.findings) < 1_000_000
