"""The Python API, end to end on real binaries."""

import io
import random
import zipfile
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

import wheelarch
from support.images import image
from support.schema import check
from support.wheels import build_wheel
from wheelarch import Depth, Format, Limits, Machine, Report, Role, Severity, WheelReport

GOOD = "pkg-1.0-cp311-abi3-win_amd64.whl"
EXTENSION = "pkg/ext.pyd"
WHEELS = Path(__file__).resolve().parents[1] / "testdata" / "wheels"


def good() -> bytes:
    return build_wheel(GOOD, {"pkg/__init__.py": b"", EXTENSION: image("win_amd64-python3.pyd")})


def bad() -> bytes:
    return build_wheel(GOOD, {EXTENSION: image("win_arm64-python3.pyd")})


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def test_a_clean_wheel_from_a_path(tmp_path: Path) -> None:
    """A path is judged by its own name; a clean wheel has members, no errors, and exit code 0."""
    path = tmp_path / GOOD
    path.write_bytes(good())
    report = wheelarch.audit(path)
    (wheel,) = report
    assert (report.ok, report.exit_code(), wheel.status, wheel.kind) == (True, 0, "clean", "wheel")
    assert wheel.path == str(path)
    assert wheel.tags == ("cp311-abi3-win_amd64",)
    (member,) = wheel.members
    assert (member.path, member.role, member.images[0].machine) == (EXTENSION, Role.EXTENSION, Machine.X86_64)
    assert member.python is not None
    assert member.python.runtime == "python3.dll"


def test_bytes_and_file_objects_need_a_name() -> None:
    """Bytes are judged by the name that the caller gives, else by the tags in WHEEL."""
    for source in (bad(), io.BytesIO(bad())):
        assert "WA201" in codes(wheelarch.audit(source, name=GOOD))
    nameless = wheelarch.audit(bad())
    assert "WA201" in codes(nameless)
    assert nameless.wheels[0].tags == ("cp311-abi3-win_amd64",)


def test_a_text_file_object_is_refused(tmp_path: Path) -> None:
    """A file opened for text is the caller's mistake, and the message says what to do."""
    with pytest.raises(wheelarch.SourceError, match="rb"):
        wheelarch.audit(io.StringIO("x"))


def test_a_list_of_inputs_keeps_its_order(tmp_path: Path) -> None:
    """One report holds one result an input, in input order."""
    paths = []
    for index, data in enumerate((good(), bad(), good())):
        path = tmp_path / str(index) / GOOD
        path.parent.mkdir()
        path.write_bytes(data)
        paths.append(path)
    report = wheelarch.audit(paths)
    assert [wheel.path for wheel in report] == [str(path) for path in paths]
    assert [wheel.ok for wheel in report] == [True, False, True]
    check(report.to_dict())


@pytest.mark.parametrize("pool", [None, ThreadPoolExecutor, ProcessPoolExecutor])
def test_audit_many_streams_in_order(pool: type[Executor] | None) -> None:
    """Any executor gives the same results as none, in input order."""
    paths = sorted(WHEELS.glob("*.whl")) * 5
    expected = [wheel for path in paths for wheel in wheelarch.audit(path)]
    if pool is None:
        assert list(wheelarch.audit_many(paths)) == expected
    else:
        with pool(2) as executor:  # type: ignore[call-arg]  # both kinds take a count
            assert list(wheelarch.audit_many(paths, executor=executor)) == expected


def test_audit_many_takes_inputs_as_it_goes() -> None:
    """Results come before all inputs are known: memory does not grow with their number."""
    paths = sorted(WHEELS.glob("*.whl"))
    taken = []

    def endless():
        for index in range(10_000):
            taken.append(index)
            yield paths[index % len(paths)]

    with ThreadPoolExecutor(2) as executor:
        stream = wheelarch.audit_many(endless(), executor=executor)
        assert isinstance(next(stream), WheelReport)
        assert len(taken) < 200
        stream.close()


def test_select_ignore_and_tag() -> None:
    """Only the selected rules run, and a tag beats the file name."""
    assert codes(wheelarch.audit(bad(), name=GOOD, select=["WA3"])) == []
    assert "WA201" not in codes(wheelarch.audit(bad(), name=GOOD, ignore=["WA201"]))
    assert codes(wheelarch.audit(bad(), name=GOOD, tag="cp311-abi3-win_arm64", select=["WA2"])) == []


@pytest.mark.parametrize("arguments", [{"select": ["WA777"]}, {"ignore": ["x"]}, {"tag": "nonsense"}])
def test_mistakes_are_told_before_anything_is_read(arguments: dict[str, object]) -> None:
    """An unknown code or tag is an error even where the input does not exist."""
    with pytest.raises(wheelarch.UsageError):
        wheelarch.audit("/does/not/exist.whl", **arguments)  # type: ignore[arg-type]  # each is one of the options


def test_a_missing_file_is_named() -> None:
    """An input that cannot be opened raises an error, and the message names it."""
    with pytest.raises(wheelarch.SourceError, match=r"missing\.whl"):
        wheelarch.audit("missing.whl")


def test_only_needed_depth_is_read() -> None:
    """A rule that looks at the machine alone does not have imports read."""
    report = wheelarch.audit(good(), name=GOOD, select=["WA201"])
    assert report.wheels[0].members[0].images[0].depth is Depth.HEADER
    report = wheelarch.audit(good(), name=GOOD)
    assert report.wheels[0].members[0].images[0].depth is Depth.SYMBOLS


def test_libraries_are_read_as_deep_as_those_who_need_them_ask() -> None:
    """A DLL is read once, for its own needs, because only then is it known what loads it and what it lacks."""
    libraries = {
        "pkg/helper.dll": image("win_amd64-helper-user.pyd").replace(b"helper.dll", b"second.dll"),
        "pkg.libs/second.dll": image("win_amd64-helper.dll"),
        "pkg/alone.dll": image("win_amd64-helper.dll"),
    }
    data = build_wheel(GOOD, {EXTENSION: image("win_amd64-helper-user.pyd"), **libraries})
    deep = wheelarch.audit(data, name=GOOD, select=["WA523"]).wheels[0].members
    assert {member.path: (member.role, member.images[0].depth) for member in deep} == {
        EXTENSION: (Role.EXTENSION, Depth.LINKAGE),
        "pkg/helper.dll": (Role.DEPENDENCY, Depth.LINKAGE),
        "pkg.libs/second.dll": (Role.DEPENDENCY, Depth.LINKAGE),
        "pkg/alone.dll": (Role.LIBRARY, Depth.LINKAGE),
    }
    shallow = wheelarch.audit(data, name=GOOD, select=["WA201"]).wheels[0].members
    assert {member.images[0].depth for member in shallow} == {Depth.HEADER}


def stretched(file: bytes, gap: bytes) -> bytes:
    """A PE file whose sections follow a gap: PointerToRawData is at 20 of the 40 bytes of a section header."""
    table = int.from_bytes(file[0x3C:0x40], "little") + 24
    count = int.from_bytes(file[table - 18 : table - 16], "little")
    table += int.from_bytes(file[table - 4 : table - 2], "little")
    head = bytearray(file[:0x400])
    for field in range(table + 20, table + 40 * count, 40):
        moved = int.from_bytes(head[field : field + 4], "little") + len(gap)
        head[field : field + 4] = moved.to_bytes(4, "little")
    return bytes(head) + gap + file[0x400:]


def test_a_needed_library_that_breaks_off_is_judged_by_its_header() -> None:
    """A DLL that cannot be inflated as far as its imports keeps what its header says, with the damage next to it."""
    noise = random.Random(0).randbytes(256 << 10)
    helper = stretched(image("win_amd64-helper-user.pyd"), noise)
    data = bytearray(
        build_wheel(GOOD, {EXTENSION: image("win_amd64-helper-user.pyd"), "pkg/helper.dll": helper})
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("pkg/helper.dll")
    middle = info.header_offset + info.compress_size // 2
    data[middle : middle + (96 << 10)] = b"\xff" * (96 << 10)
    report = wheelarch.audit(bytes(data), name=GOOD)
    (member,) = (member for member in report.wheels[0].members if member.path == "pkg/helper.dll")
    assert (member.role, member.images[0].depth) == (Role.DEPENDENCY, Depth.HEADER)
    assert member.images[0].machine is Machine.X86_64
    assert member.images[0].faults
    errors = [finding.code for finding in report.findings if finding.severity is Severity.ERROR]
    assert errors == ["WA008", "WA901"]


def test_a_single_binary_needs_a_tag(tmp_path: Path) -> None:
    """A binary is judged by the tag that the caller gives, and refused without one."""
    path = tmp_path / "ext.pyd"
    path.write_bytes(image("win_arm64-python3.pyd"))
    with pytest.raises(wheelarch.UsageError, match="--tag"):
        wheelarch.audit(path)
    assert wheelarch.audit(path, tag="cp311-abi3-win_arm64").ok
    report = wheelarch.audit(path, tag="cp311-abi3-win_amd64")
    assert codes(report) == ["WA201"]
    assert report.wheels[0].kind == "binary"
    check(report.to_dict())


def test_inspect(tmp_path: Path) -> None:
    """A binary's images can be had without any judgement."""
    path = tmp_path / "ext.so"
    path.write_bytes(image("macos-universal2.so"))
    images = wheelarch.inspect(path)
    assert {one.machine for one in images} == {Machine.ARM64, Machine.X86_64}
    assert {one.format for one in wheelarch.inspect(image("linux-s390x-glibc.so"))} == {Format.ELF}
    with pytest.raises(wheelarch.FormatError):
        wheelarch.inspect(b"no binary at all")


def test_assert_ok() -> None:
    """Nothing is raised for a good wheel; for a bad one the text report is the message."""
    path = WHEELS / "good-1.0-cp311-abi3-win_amd64.whl"
    assert wheelarch.assert_ok(path).ok
    with pytest.raises(wheelarch.AuditFailed, match="WA201") as raised:
        wheelarch.assert_ok(WHEELS / "wrong_machine-1.0-cp311-abi3-win_amd64.whl")
    assert isinstance(raised.value, AssertionError)
    assert isinstance(raised.value.report, Report)
    with pytest.raises(wheelarch.AuditFailed, match="no input"):
        wheelarch.assert_ok([])


def test_damaged_data_is_one_finding_and_the_rest_is_judged() -> None:
    """A member that cannot be inflated is reported, what its start shows is kept, and other members are judged."""
    members = {"a/one.pyd": image("win_amd64-python3.pyd"), EXTENSION: image("win_arm64-python3.pyd")}
    data = bytearray(build_wheel(GOOD, members))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        info = archive.getinfo("a/one.pyd")
    start = info.header_offset + 30 + len("a/one.pyd")
    data[start + info.compress_size - 3] ^= 0xFF
    report = wheelarch.audit(bytes(data), name=GOOD)
    blamed = {
        (finding.code, finding.member) for finding in report.findings if finding.severity is Severity.ERROR
    }
    assert ("WA008", "a/one.pyd") in blamed
    assert ("WA201", EXTENSION) in blamed
    assert ("WA201", "a/one.pyd") not in blamed


def test_a_limit_is_a_finding() -> None:
    """A member beyond a limit is reported and not read on."""
    report = wheelarch.audit(good(), name=GOOD, limits=Limits(member_bytes=1000))
    assert "WA007" in codes(report)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "WA001"),
        (b"<!DOCTYPE html><html>404</html>", "WA001"),
        (good()[: len(good()) // 2], "WA001"),
        (b"PK\x05\x06" + bytes(18), "WA010"),
    ],
    ids=["empty file", "HTML page", "cut short", "empty archive"],
)
def test_what_is_no_wheel(data: bytes, code: str) -> None:
    """Bad bytes are a finding and exit code 1, never an exception."""
    report = wheelarch.audit(data, name=GOOD)
    assert code in codes(report)
    assert report.exit_code() == 1
    check(report.to_dict())


def test_a_wheel_inside_a_wheel() -> None:
    """An archive that contains nothing but a wheel is reported as not a wheel."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(GOOD, good())
    report = wheelarch.audit(stream.getvalue(), name=GOOD)
    assert "WA010" in codes(report)
    assert report.exit_code() == 1


def test_the_same_input_gives_the_same_document() -> None:
    """The JSON document is a function of the bytes."""
    first = wheelarch.audit(bad(), name=GOOD).to_dict()
    assert wheelarch.audit(bad(), name=GOOD).to_dict() == first
    check(first)
