"""Source distributions: read in a stream, bounded, never unpacked."""

import contextlib
import gzip
import io
import random
import tarfile
import zipfile
from pathlib import Path

import pytest

import wheelarch
from support.images import image
from support.schema import check
from wheelarch.container.sdist import read_tar
from wheelarch.errors import ArchiveError
from wheelarch.limits import DEFAULT, Limits
from wheelarch.sources.local import BytesSource

SO = image("linux-x86_64-glibc.so")
UNIVERSAL = image("macos-universal2.so")
FILES = {
    "pkg-1.0/PKG-INFO": b"Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n",
    "pkg-1.0/src/pkg/_core.cpython-312-x86_64-linux-gnu.so": SO,
    f"pkg-1.0/{'long/' * 40}lib.dylib": UNIVERSAL,
    "pkg-1.0/tests/lib.so": SO,
    "pkg-1.0/setup.py": b"print()\n" * 500,
    "pkg-1.0/empty": b"",
}


def tar(files: dict[str, bytes] = FILES, form: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        folder = tarfile.TarInfo("pkg-1.0")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("pkg-1.0/link")
        link.type, link.linkname, link.size = tarfile.SYMTYPE, "empty", 0
        archive.addfile(link)
    return stream.getvalue()


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def contents(data: bytes, limits: Limits = DEFAULT) -> dict[str, bytes]:
    return {one.name: one.view.read_upto(0, 1 << 20) for one in read_tar(BytesSource(data), limits)}


def header(name: bytes, size: int, flag: bytes = b"0", size_field: bytes | None = None) -> bytes:
    """A ustar header: name at 0, mode 100, size 124, checksum 148, type 156, magic 257 (POSIX, ustar)."""
    block = bytearray(512)
    block[: len(name)] = name
    block[100:108] = b"0000644\0"
    block[124:136] = size_field or b"%011o\0" % size
    block[156:157] = flag
    block[257:265] = b"ustar\x0000"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_files_come_out_as_they_went_in(form: int) -> None:
    """Long names are in pax and GNU headers. Folders and links do not count as files."""
    assert contents(packed(tar(form=form))) == FILES


def test_ustar_splits_long_names() -> None:
    """A name over 100 bytes is split over two fields."""
    name = f"{'a' * 90}/{'b' * 60}"
    assert contents(packed(tar({name: b"x"}, tarfile.USTAR_FORMAT))) == {name: b"x"}


def test_a_file_need_not_be_read() -> None:
    """The unread rest of a file is skipped."""
    assert [one.name for one in read_tar(BytesSource(packed(tar())))] == list(FILES)


def test_gzip_members_are_one_stream() -> None:
    """A gzip file may have several members, and zeros may follow."""
    data = tar()
    assert contents(packed(data[:700]) + packed(data[700:]) + bytes(100)) == FILES


def test_base_256_sizes() -> None:
    """GNU writes sizes that do not fit in octal digits as a number of base 256."""
    block = header(b"big", 0, size_field=b"\x80" + (5).to_bytes(11, "big"))
    assert contents(packed(block + b"12345".ljust(512, b"\0"))) == {"big": b"12345"}


def test_extension_of_an_old_sparse_file_is_passed_over() -> None:
    """More maps may follow the header of a GNU sparse file. Each says whether another one follows."""
    first = bytearray(header(b"sparse", 5, b"S"))
    first[482] = 1
    first[148:156] = b" " * 8
    first[148:156] = b"%06o\0 " % sum(first)
    more = bytearray(512)
    more[504] = 1
    data = bytes(first) + bytes(more) + bytes(512) + b"12345".ljust(512, b"\0") + header(b"next", 0)
    assert contents(packed(data)) == {"sparse": b"12345", "next": b""}


BAD = {
    "no gzip file": (b"PK\3\4 and so on", "unreadable"),
    "empty": (b"", "unreadable"),
    "no tar file": (packed(b"hello" * 200), "unreadable"),
    "cut off": (packed(tar())[:900], "corrupt"),
    "damaged": (packed(tar())[:300] + b"\xff" * 50 + packed(tar())[350:], "corrupt"),
    "a file that is not there": (packed(header(b"x", 5000)), "corrupt"),
    "a size beyond all bounds": (packed(header(b"x", 0, size_field=b"\x80" + b"\xff" * 11)), "corrupt"),
    "no digits": (
        packed(header(b"a", 1) + bytes(512) + header(b"x", 0, size_field=b"no digits at all"[:12])),
        "",
    ),
    "a second header of rubbish": (packed(header(b"a", 0) + b"rubbish!" * 64), "corrupt"),
    "a name of 20 MB": (packed(header(b"x", 20 << 20, b"L")), "limit"),
}


@pytest.mark.parametrize(("data", "kind"), BAD.values(), ids=BAD)
def test_damage(data: bytes, kind: str) -> None:
    """Bad bytes raise ArchiveError of the right kind, and nothing else."""
    if not kind:
        with pytest.raises(ArchiveError):
            contents(data)
        return
    with pytest.raises(ArchiveError) as caught:
        contents(data)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (packed(header(b"x", 90 << 20) + bytes(90 << 20)), Limits()),
        (packed(tar()), Limits(wheel_bytes=4096)),
        (packed(tar()), Limits(entries=3)),
        (b"".join(packed(b"") for _ in range(2000)), Limits()),
    ],
    ids=["ratio", "bytes", "entries", "gzip members"],
)
def test_limits(data: bytes, limits: Limits) -> None:
    """Reading stops if more bytes come out than the limits allow."""
    with pytest.raises(ArchiveError) as caught:
        contents(data, limits)
    assert caught.value.kind == "limit"


def test_mutants() -> None:
    """Whatever bytes are changed, only ArchiveError is raised."""
    chance = random.Random(4)
    plain = bytearray(tar({name: data[:600] for name, data in FILES.items()}))
    for _ in range(400):
        mutant = bytearray(plain)
        for _ in range(chance.randint(1, 20)):
            mutant[chance.randrange(len(mutant))] = chance.choice(
                (0, 0x7F, 0x80, 0xFF, ord("9"), ord("L"), ord("x"))
            )
        with contextlib.suppress(ArchiveError):
            contents(packed(bytes(mutant)))


def test_audit_of_a_tar(tmp_path: Path) -> None:
    """Native code in an sdist is a warning, code for its tests a note; the report says what the input is."""
    path = tmp_path / "pkg-1.0.tar.gz"
    path.write_bytes(packed(tar()))
    report = wheelarch.audit(path)
    check(report.to_dict())
    (found,) = report
    assert (found.kind, found.status, found.tags) == ("sdist", "findings", ())
    assert [
        (one.code, one.severity.value, (one.member or "").rpartition("/")[2]) for one in found.findings
    ] == [
        ("WA604", "warning", "_core.cpython-312-x86_64-linux-gnu.so"),
        ("WA604", "warning", "lib.dylib"),
        ("WA604", "note", "lib.so"),
    ]
    assert found.findings[1].evidence == {"have": "mach-o x86_64, mach-o arm64"}
    assert report.exit_code() == 0
    assert report.exit_code("warning") == 1


def test_audit_of_a_zip() -> None:
    """A zip sdist is read like a wheel."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    report = wheelarch.audit(stream.getvalue(), name="pkg-1.0.zip")
    assert [one.code for one in report.findings] == ["WA604"] * 3
    assert report.wheels[0].kind == "sdist"


@pytest.mark.parametrize(
    ("data", "codes", "status"),
    [
        (packed(tar({"pkg-1.0/setup.py": b"pass\n"})), [], "clean"),
        (b"<!doctype html>", ["WA001"], "unreadable"),
        (packed(tar())[:-600], ["WA008", "WA604", "WA604", "WA604"], "findings"),
        (packed(header(b"x", 90 << 20) + bytes(90 << 20)), ["WA007"], "findings"),
    ],
)
def test_verdicts(data: bytes, codes: list[str], status: str) -> None:
    """Damage is a finding, and what was read before it is judged."""
    report = wheelarch.audit(data, name="pkg-1.0.tar.gz")
    assert [one.code for one in report.findings] == codes
    assert report.wheels[0].status == status


def test_a_damaged_binary_is_still_a_binary() -> None:
    """A header that is cut off does not hide what the file is."""
    report = wheelarch.audit(packed(tar({"pkg-1.0/lib.so": SO[:20]})), name="pkg-1.0.tar.gz")
    assert [one.code for one in report.findings] == ["WA604"]


def test_with_a_tag_it_is_no_sdist() -> None:
    """A tag on the command line means that the file is something to install."""
    report = wheelarch.audit(packed(tar()), name="pkg-1.0.tar.gz", tag="py3-none-any")
    assert report.wheels[0].kind == "wheel"


def test_little_is_held(tmp_path: Path) -> None:
    """Only the start of a file that is far larger than the bound is kept: its size alone does not cause reads."""
    import tracemalloc

    noise = random.Random(1).randbytes(1 << 20)
    big = SO[:64] + noise * 24
    data = packed(tar({"pkg-1.0/big.bin": big}))
    tracemalloc.start()
    try:
        report = wheelarch.audit(data, name="pkg-1.0.tar.gz")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [one.code for one in report.findings] == ["WA604"]
    assert peak < 12 << 20
