"""The zip container. Archives are written here from the offsets of APPNOTE.TXT 6.3.10, record by record."""

import base64
import hashlib
import io
import random
import struct
import tracemalloc
import zipfile
import zlib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.archives import (
    Part,
    deflate,
    end_record,
    extra,
    lay,
    pack,
    pack64,
    part,
    unicode_path,
)
from support.cache import cache_folder
from wheelarch.container import zip_member as archive
from wheelarch.container.zip_directory import read_directory
from wheelarch.container.zip_layout import Entry
from wheelarch.container.zip_member import Budget, MemberView, read_heads
from wheelarch.errors import ArchiveError, FormatError, SourceError
from wheelarch.limits import DEFAULT
from wheelarch.sources.local import BytesSource, FileSource


def kinds(raw: bytes, limits: object = DEFAULT) -> set[str]:
    """The kinds of all problems, after every member was read to its end."""
    source = BytesSource(raw)
    directory = read_directory(source, limits)  # type: ignore[arg-type]  # Limits
    found = {problem.kind for problem in directory.problems}
    found |= {problem.kind for _, _, problem in read_heads(source, directory.entries, 64) if problem}
    for entry in directory.entries:
        if not entry.readable:
            continue
        try:
            MemberView(source, entry).finish()
        except ArchiveError as error:
            found.add(error.kind)
    return found


def only_entry(raw: bytes) -> tuple[BytesSource, Entry]:
    source = BytesSource(raw)
    (entry,) = read_directory(source).entries
    return source, entry


# --- the directory


def test_a_plain_archive() -> None:
    """Every field of every file is what the records say, folders are left out, and there are no problems."""
    data = b"hello " * 100
    folder = part("pkg/", b"", 0, attributes=0o40755 << 16)
    raw = pack(part("pkg/a.py", data), folder, part("pkg/b.so", data, 0, attributes=0o100755 << 16))
    directory = read_directory(BytesSource(raw))
    first, second = directory.entries
    body = len(deflate(data))
    assert first == Entry("pkg/a.py", 8, 0, zlib.crc32(data), body, 600, 0, 0o100644, 30 + 8 + body)
    start = 30 + 8 + body + 30 + 4
    assert second == Entry(
        "pkg/b.so", 0, 0, zlib.crc32(data), 600, 600, start, 0o100755, start + 30 + 8 + 600
    )
    assert directory.problems == ()
    assert kinds(raw) == set()


def test_an_empty_archive() -> None:
    """An archive without members is an archive."""
    assert read_directory(BytesSource(pack())) == ((), ())


def test_records_in_another_order() -> None:
    """The directory need not be in the order of the members; the ends still follow from the offsets."""
    laid = lay(part("a.py"), part("b.py"))
    one, two = (
        part("a.py").central_header(0),
        part("b.py").central_header(len(part().local_header() + part().body)),
    )
    raw = laid.data[: laid.offset] + two + one + end_record(2, laid.size, laid.offset)
    names = [entry.name for entry in read_directory(BytesSource(raw)).entries]
    assert names == ["b.py", "a.py"]
    assert kinds(raw) == set()


ZIP64_NAME = b"big.bin"


def zip64_part(numbers: bytes, **more: object) -> Part:
    """A member whose two sizes are in its ZIP64 field."""
    data = b"x" * 50
    local = {"compressed": 0xFFFFFFFF, "size": 0xFFFFFFFF, "extra": extra(1, struct.pack("<QQ", 50, 50))}
    made = Part(
        ZIP64_NAME, data, 0xFFFFFFFF, zlib.crc32(data), 0, extra=numbers, compressed=0xFFFFFFFF, local=local
    )
    return made._replace(**more)  # type: ignore[arg-type]  # fields of Part


BOTH = extra(1, struct.pack("<QQ", 50, 50))
SELF_EXTRACTING = b"#!/bin/sh\nexec python $0\n"
NUL_PATH = unicode_path(b"b.py", b"a.py")

GOOD = {
    "deflated": pack(part()),
    "stored": pack(part(method=0)),
    "empty member": pack(part(data=b"")),
    "empty stored member": pack(part(data=b"", method=0)),
    "UTF-8 name, marked": pack(part("ä.py", flags=0x800)),
    "compression effort in the flags": pack(part(flags=0x0006)),
    "flags differ in the effort only": pack(part(local={"flags": 0x0002})),
    "ZIP64 end record": pack64(part()),
    "ZIP64 end record beside a short one with values": pack64(
        part(), short=(1, len(part().central_header(0)), 30 + 4 + len(part().body))
    ),
    "ZIP64 sizes": pack(zip64_part(BOTH)),
    "ZIP64 offset": pack(part(offset=0xFFFFFFFF, extra=extra(1, struct.pack("<Q", 0)), local={"extra": b""})),
    "ZIP64 field that nobody asked for, right": pack(part(data=b"x" * 50, method=0, extra=BOTH)),
    "timestamp": pack(part(extra=extra(0x5455, b"\1\0\0\0\0"))),
    "local extra field only": pack(part(local={"extra": extra(0x5455, b"\1\0\0\0\0")})),
    "Unicode path, the same": pack(part(extra=unicode_path(b"a.py", b"a.py"))),
    "Unicode path, stale": pack(part(extra=unicode_path(b"b.py", b"other"))),
    "end signature in a member": pack(part(data=end_record(0, 0, 0) + b"....", method=0)),
    "wheel in a wheel": pack(part("inner.whl", pack(part()), 0)),
    "odd but safe names": pack(part("a/.b"), part("c..d"), part("e./f"), part("g :h"), part("i /j")),
    "folder twice": pack(part("d/", b"", 0), part("d/", b"", 0)),
}


@pytest.mark.parametrize("raw", GOOD.values(), ids=GOOD.keys())
def test_good_archives_are_clean(raw: bytes) -> None:
    """What is legal and has only one meaning gives no findings."""
    assert kinds(raw) == set()


def described(data: bytes, form: str, crc: int | None = None) -> bytes:
    """A data descriptor (4.3.9)."""
    signature = b"PK\7\x08" if "signed" in form else b""
    sizes = "<IQQ" if "long" in form else "<III"
    return signature + struct.pack(
        sizes, zlib.crc32(data) if crc is None else crc, len(deflate(data)), len(data)
    )


STREAMED = b"streamed " * 30
LOCAL_ZERO: dict[str, int | bytes] = {"crc": 0, "compressed": 0, "size": 0}


def streamed(descriptor: bytes) -> Part:
    return part("s.py", STREAMED, flags=8, local=LOCAL_ZERO, descriptor=descriptor)


@pytest.mark.parametrize("form", ["short", "short signed", "long", "long signed"])
def test_data_descriptors(form: str) -> None:
    """Streamed members are unusual. This is reported once per archive, and they are read like any other."""
    one = streamed(described(STREAMED, form))
    raw = pack(one, one._replace(name=b"t.py"))
    assert kinds(raw) == {"unusual"}
    (problem,) = read_directory(BytesSource(raw)).problems
    assert problem.member is None
    assert problem.evidence == {"members": "2"}
    heads = [head for _, head, _ in read_heads(BytesSource(raw), read_directory(BytesSource(raw)).entries, 9)]
    assert heads == [b"streamed "] * 2


BAD: dict[str, tuple[bytes, set[str]]] = {
    # unreadable
    "nothing": (b"", {"unreadable"}),
    "too short": (b"PK\5\6", {"unreadable"}),
    "no end record": (pack(part())[:-22], {"unreadable"}),
    "end record cut": (pack(part())[:-1], {"unreadable"}),
    "directory elsewhere": (pack(part(), offset=3), {"ambiguous", "overlap"}),
    "directory beyond the file": (pack(part(), offset=1 << 30, size=1 << 20), {"unreadable"}),
    "directory of another kind": (pack(part()).replace(b"PK\1\2", b"PK\1\1"), {"unreadable"}),
    # ambiguous: the whole
    "prefix, offsets not moved": (SELF_EXTRACTING + pack(part()), {"ambiguous"}),
    "prefix, offsets moved": (pack(part(), before=SELF_EXTRACTING), {"ambiguous"}),
    "empty archive with a prefix": (pack(before=SELF_EXTRACTING), {"ambiguous"}),
    "trailing bytes": (pack(part(), behind=b"\n"), {"ambiguous"}),
    "comment cut off": (pack(part(), comment=b"comment")[:-3], {"ambiguous"}),
    "two end records": (pack(part(), behind=pack(part())[-22:]), {"ambiguous"}),
    "end record in the comment": (pack(part(), comment=end_record(0, 0, 0)), {"ambiguous"}),
    "gap before the directory": (pack(part(), gap=part("hidden.py").local_header()), {"ambiguous"}),
    "gap before the end record": (lay(part()).data + b"gap" + pack(part())[-22:], {"ambiguous"}),
    "several disks": (pack(part(), disk=1), {"ambiguous"}),
    "entries on another disk": (pack(part(), here=0), {"ambiguous"}),
    "member on another disk": (pack(part(disk=1)), {"ambiguous"}),
    "too many counted": (pack(part(), count=2), {"ambiguous"}),
    "too few counted": (pack(part(), part("b.py"), count=1), {"ambiguous"}),
    # ambiguous: ZIP64
    "ZIP64 record without locator": (pack64(part(), locator=False), {"ambiguous"}),
    "ZIP64 locator without record": (pack64(part(), record=False), {"ambiguous"}),
    "ZIP64 locator says elsewhere": (pack64(part(), at=7), {"ambiguous"}),
    "ZIP64 record of another size": (pack64(part(), rest=45), {"ambiguous"}),
    "ZIP64 several disks": (pack64(part(), disks=2), {"ambiguous"}),
    "ZIP64 and short record differ": (pack64(part(), short=(2, 0xFFFFFFFF, 0xFFFFFFFF)), {"ambiguous"}),
    "ZIP64 field missing": (pack(zip64_part(b"")), {"ambiguous", "overlap"}),
    "ZIP64 field too short": (pack(zip64_part(extra(1, struct.pack("<Q", 50)))), {"ambiguous", "overlap", "corrupt"}),
    "ZIP64 field of odd length": (pack(zip64_part(extra(1, struct.pack("<QQ", 50, 50) + b"\0"))), {"ambiguous"}),
    "ZIP64 field twice": (pack(zip64_part(BOTH + BOTH)), {"ambiguous"}),
    "ZIP64 field that nobody asked for, wrong": (
        pack(part(data=b"x" * 50, method=0, extra=extra(1, struct.pack("<QQ", 50, 51)))),
        {"ambiguous"},
    ),
    # ambiguous: local header against directory
    "local name": (pack(part(local={"name": b"b.py"})), {"ambiguous"}),
    "longer local name": (pack(part(local={"name": b"a.py" * 90})), {"ambiguous"}),
    "local method": (pack(part(local={"method": 0})), {"ambiguous"}),
    "local flags": (pack(part(local={"flags": 1})), {"ambiguous"}),
    "local CRC": (pack(part(local={"crc": 1})), {"ambiguous"}),
    "local compressed size": (pack(part(local={"compressed": 1})), {"ambiguous"}),
    "local size": (pack(part(local={"size": 1})), {"ambiguous"}),
    "local sizes are zero without descriptor": (pack(part(local=LOCAL_ZERO)), {"ambiguous"}),
    "local extra field breaks off": (pack(part(local={"extra": b"\1\0\x50\0"})), {"ambiguous"}),
    "local Unicode path": (pack(part(local={"extra": NUL_PATH})), {"ambiguous"}),
    "no local header": (pack(part(offset=1), part("b.py")), {"ambiguous", "overlap"}),
    "local header beyond the file": (pack(part(offset=1 << 20)), {"ambiguous", "overlap"}),
    "descriptor denies": (pack(streamed(described(STREAMED, "short", crc=1))), {"ambiguous", "unusual"}),
    "descriptor missing": (pack(streamed(b"")), {"ambiguous", "unusual"}),
    "Unicode path in the directory": (pack(part(extra=NUL_PATH, local={"extra": b""})), {"ambiguous"}),
    "extra field breaks off": (pack(part(extra=b"\1\0\x50\0", local={"extra": b""})), {"ambiguous"}),
    "folder with content": (pack(part("a/")), {"ambiguous"}),
    # duplicates and overlaps
    "same name": (pack(part(), part()), {"duplicate"}),
    "same local header": (pack(part(), part("b.py", offset=0)), {"overlap", "ambiguous"}),
    "member on the next": (pack(part(compressed=200), part("b.py")), {"overlap"}),
    "member on the directory": (pack(part(compressed=200)), {"overlap"}),
    "local header on the next": (
        pack(part(local={"extra": extra(9, bytes(10))}), part("b.py", offset=34 + len(part().body))),
        {"overlap", "ambiguous"},
    ),
    # methods and encryption
    "encrypted": (pack(part(flags=1)), {"encrypted"}),
    "strongly encrypted": (pack(part(flags=0x41)), {"encrypted"}),
    "masked headers": (pack(part(flags=0x2000)), {"encrypted"}),
    "AES": (pack(part(method=99, extra=extra(0x9901, b"\2\0AE\3\x08\0"))), {"encrypted"}),
    "Zstandard": (pack(part(method=93)), {"zstandard"}),
    "LZMA": (pack(part(method=14)), {"method"}),
    "patched data": (pack(part(flags=0x20)), {"method"}),
    # names
    "absolute": (pack(part("/etc/passwd")), {"unsafe-name"}),
    "parent": (pack(part("a/../../b")), {"unsafe-name"}),
    "parent at the end": (pack(part("a/..")), {"unsafe-name"}),
    "dot": (pack(part("./a")), {"unsafe-name"}),
    "dot at the end": (pack(part("a/.")), {"unsafe-name"}),
    "empty component": (pack(part("a//b")), {"unsafe-name"}),
    "drive": (pack(part("C:/a")), {"unsafe-name"}),
    "backslash": (pack(part("a\\b")), {"unsafe-name"}),
    "NUL": (pack(part("a\0b")), {"unsafe-name"}),
    "line feed": (pack(part("a\nb")), {"unsafe-name"}),
    "delete": (pack(part("a\x7fb")), {"unsafe-name"}),
    "no UTF-8": (pack(part(b"\xe4.py")), {"unsafe-name"}),
    "no name": (pack(part("")), {"unsafe-name"}),
    "second of two": (pack(part("a"), part("../b")), {"unsafe-name"}),
    "UTF-8 name, not marked": (pack(part("ä.py")), {"unusual"}),
    # legal, but discouraged
    "archive comment": (pack(part(), comment=b"hello"), {"comment"}),
    "member comment": (pack(part(comment=b"hello")), {"unusual"}),
    "extra field twice": (pack(part(extra=extra(0x5455, b"") * 2)), {"unusual"}),
    "bytes behind the extra fields": (pack(part(extra=b"\0\0\0")), {"unusual"}),
    # special files
    "symbolic link": (pack(part(attributes=0o120777 << 16)), {"special"}),
    "device": (pack(part(attributes=0o020666 << 16)), {"special"}),
    "unknown type": (pack(part(attributes=0o170666 << 16)), {"special"}),
    # data
    "wrong CRC": (pack(part(crc=1)), {"corrupt"}),
    "wrong CRC, stored": (pack(part(method=0, crc=1)), {"corrupt"}),
    "shorter than said": (pack(part(size=201)), {"corrupt"}),
    "longer than said": (pack(part(size=199)), {"corrupt"}),
    "nothing said": (pack(part(size=0)), {"corrupt"}),
    "stream cut": (pack(part(body=deflate(random.Random(1).randbytes(500))[:100], size=500)), {"corrupt"}),
    "no stream": (pack(part(body=b"\xff" * 20)), {"corrupt"}),
    "bytes behind the stream": (pack(part(body=deflate(b"pass\n" * 40) + b"more")), {"corrupt"}),
    "stored with two sizes": (pack(part(method=0, size=4)), {"corrupt"}),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), BAD.values(), ids=BAD.keys())
def test_bad_archives_are_told(raw: bytes, expected: set[str]) -> None:
    """Each trick has its kind, and no other kind is reported with it."""
    assert kinds(raw) == expected


@pytest.mark.parametrize("name", [name for name in GOOD if "name" not in name])
def test_the_standard_reader_agrees(name: str) -> None:
    """The standard library reads the good archives too, and finds the same files."""
    with zipfile.ZipFile(io.BytesIO(GOOD[name])) as peer:
        assert peer.testzip() is None
        files = [one.filename for one in peer.infolist() if not one.is_dir()]
    assert [entry.name for entry in read_directory(BytesSource(GOOD[name])).entries] == files


LOOKS = {
    b"": "is empty",
    b"\n<!DOCTYPE html><title>404</title>" + b" " * 30: "HTML page",
    b"\xef\xbb\xbf<HTML>" + b" " * 30: "HTML page",
    b"\x1f\x8b\x08" + bytes(30): "gzip",
    b"x" * 257 + b"ustar\0" + bytes(300): "tar",
    b"version https://git-lfs.github.com/spec/v1\n": "Git LFS",
    b"\x7fELF" + bytes(60): "ELF",
    bytes(100): "zero bytes",
    b"just some text, longer than an end record": "is not a zip archive",
    pack(part())[:60]: "cut off",
}


@pytest.mark.parametrize(("raw", "words"), LOOKS.items(), ids=LOOKS.values())
def test_what_is_no_archive_is_described(raw: bytes, words: str) -> None:
    """A file that is not an archive is one problem that says what it looks like."""
    entries, (problem,) = read_directory(BytesSource(raw))
    assert entries == ()
    assert problem.kind == "unreadable"
    assert words in problem.what


def test_a_directory_that_breaks_off_keeps_what_was_read() -> None:
    """Records before the break are kept."""
    laid = lay(part("a.py"), part("b.py"))
    second = laid.offset + len(part("a.py").central_header(0))
    for cut in (second + 5, second + 47):
        raw = laid.data[:cut] + end_record(2, cut - laid.offset, laid.offset)
        directory = read_directory(BytesSource(raw))
        assert [entry.name for entry in directory.entries] == ["a.py"]
        assert "unreadable" in {problem.kind for problem in directory.problems}


def test_bytes_that_are_no_utf8_are_escaped() -> None:
    """A name is always text that can be encoded again."""
    (entry,) = read_directory(BytesSource(pack(part(b"\xe4\xff.py")))).entries
    assert entry.name == "\\xe4\\xff.py"


def test_modes() -> None:
    """The mode is returned as written, and None if there is none."""
    raw = pack(part("a", attributes=0o755 << 16), part("b", attributes=0x20))
    assert [entry.mode for entry in read_directory(BytesSource(raw)).entries] == [0o755, None]


def test_limits_of_the_directory() -> None:
    """Too many members, too long names and too large a directory are reported, and what was read is kept."""
    raw = pack(*(part(f"{number}.py") for number in range(5)))
    directory = read_directory(BytesSource(raw), DEFAULT._replace(entries=3))
    assert len(directory.entries) == 3
    assert [problem.kind for problem in directory.problems] == ["limit"]
    assert kinds(pack(part("x" * 200)), DEFAULT._replace(name_bytes=100)) == {"limit"}
    directory = read_directory(BytesSource(raw), DEFAULT._replace(directory_bytes=100))
    assert directory.entries == ()
    assert [problem.kind for problem in directory.problems] == ["limit"]


def test_problems_are_bounded() -> None:
    """If every record of an archive is wrong, a thousand problems are reported, and that there are more."""
    raw = pack(*(part(f"../{number}", b"", 0) for number in range(1500)))
    problems = read_directory(BytesSource(raw)).problems
    assert len(problems) == 1001
    assert problems[-1].kind == "limit"


def test_many_small_faults_hide_no_grave_one() -> None:
    """The bound is per kind: thousands of comments do not hide a duplicate name after them."""
    commented = [part(f"{number}.py", b"", 0, comment=b"?") for number in range(1500)]
    problems = read_directory(BytesSource(pack(*commented, part("0.py", b"", 0)))).problems
    assert Counter(problem.kind for problem in problems) == {"unusual": 1000, "limit": 1, "duplicate": 1}
    assert [problem.member for problem in problems if problem.kind == "limit"] == ["1000.py"]
    problems = read_directory(BytesSource(pack(*commented, count=1501))).problems
    assert Counter(problem.kind for problem in problems) == {"unusual": 1000, "limit": 1, "ambiguous": 1}


def test_a_large_directory_is_read_in_full() -> None:
    """A directory that is longer than the tail that is read first is read completely."""
    parts = [part(f"package/module_{number}.py", b"", 0) for number in range(3000)]
    directory = read_directory(BytesSource(pack(*parts)))
    assert [entry.name.encode() for entry in directory.entries] == [one.name for one in parts]
    assert directory.problems == ()


# --- heads


def test_heads() -> None:
    """Each readable member gives its first bytes in the order of the archive, others are left out."""
    words = [random.Random(seed).randbytes(seed * 37) for seed in range(40)]
    parts = [part(f"m{index}", data, 8 if index % 3 else 0) for index, data in enumerate(words)]
    parts.insert(7, part("secret", flags=1))
    source = BytesSource(pack(*parts))
    found = list(read_heads(source, read_directory(source).entries[::-1], 64))
    assert [entry.name for entry, _, _ in found] == [f"m{index}" for index in range(40)]
    assert [head for _, head, _ in found] == [data[:64] for data in words]
    assert all(problem is None for _, _, problem in found)


def test_heads_of_far_members() -> None:
    """Members far apart are not read together, and their heads are right."""
    reads: list[int] = []

    class Counting(BytesSource):
        def read_at(self, offset: int, size: int) -> bytes:
            reads.append(size)
            return super().read_at(offset, size)

    big = random.Random(1).randbytes(100_000)
    source = Counting(pack(*(part(f"m{index}", big, 0) for index in range(5))))
    entries = read_directory(source).entries
    reads.clear()
    assert [head for _, head, _ in read_heads(source, entries, 16)] == [big[:16]] * 5
    assert len(reads) == 5
    assert sum(reads) < 5_000


def test_a_head_behind_many_empty_blocks() -> None:
    """A stream that gives no bytes for a long time is read on, and does not count as empty."""
    data = b"late"
    empty = b"\0\0\0\xff\xff" * 1000  # RFC 1951, 3.2.4: a stored block of length 0, not the last
    raw = pack(part("late", data, body=empty + deflate(data)))
    source, entry = only_entry(raw)
    assert [head for _, head, _ in read_heads(source, (entry,), 64)] == [data]


# --- views

TEXT = b"".join(b"%d, a line of text that deflates well\n" % number for number in range(100_000))
NOISE = random.Random(2).randbytes(3_500_000)
MIXED = TEXT[:1_700_000] + NOISE[:1_700_000] + TEXT[1_700_000:]


@pytest.fixture(
    scope="module",
    params=[(8, TEXT), (8, NOISE), (8, MIXED), (0, MIXED)],
    ids=["text", "noise", "mixed", "stored"],
)
def large(request: pytest.FixtureRequest) -> tuple[BytesSource, Entry, bytes]:
    method, data = request.param
    return (*only_entry(pack(part("big.so", data, method))), data)


@settings(max_examples=25, deadline=None)
@given(
    reads=st.lists(
        st.tuples(st.integers(0, 4_200_000), st.sampled_from([0, 1, 64, 4096, 70_000, 2_500_000])), max_size=8
    )
)
def test_any_order_of_reads(large: tuple[BytesSource, Entry, bytes], reads: list[tuple[int, int]]) -> None:
    """In whatever order bytes are read, they are the member's bytes, and `read` is exact."""
    source, entry, data = large
    view = MemberView(source, entry, DEFAULT._replace(rewinds=100))
    assert view.size == len(data)
    for offset, size in reads:
        if offset <= len(data):
            assert view.read_upto(offset, size) == data[offset : offset + size]
        if offset + size <= len(data):
            assert view.read(offset, size) == data[offset : offset + size]
        else:
            with pytest.raises(FormatError):
                view.read(offset, size)
    assert view.finish() is None


def test_ranges_that_no_view_has() -> None:
    """Negative and far offsets are truncations, as in every View."""
    view = MemberView(*only_entry(pack(part())))
    for offset, size in ((-1, 1), (0, -1), (201, 0)):
        for read in (view.read, view.read_upto):
            with pytest.raises(FormatError) as caught:
                read(offset, size)
            assert caught.value.kind == "truncated"
    assert view.base == 0


def test_digest(large: tuple[BytesSource, Entry, bytes]) -> None:
    """The SHA-256 matches RECORD, even if the member was read back and forth before."""
    source, entry, data = large
    view = MemberView(source, entry, digest=True)
    view.read(len(data) - 10, 10)
    view.read(1_100_000, 10)
    expected = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    assert view.finish() == expected
    assert view.finish() == expected


def test_rewinds_are_bounded() -> None:
    """Reading back and forth stops at the limit, and says so as a bound of the parser."""
    text = TEXT * (1 + (24 << 20) // len(TEXT))
    source, entry = only_entry(pack(part("big.so", text)))
    view = MemberView(source, entry, DEFAULT._replace(rewinds=2))
    with pytest.raises(FormatError) as caught:
        for _ in range(10):
            view.read(len(text) - 1, 1)
            view.read(4_300_000, 1)
    assert caught.value.kind == "limit"
    assert view.read(0, 64) == TEXT[:64]


def test_memory_is_bounded() -> None:
    """A member of 64 MiB passes through a head of 4 MiB and a window of 12."""
    size = 64 << 20
    compressor = zlib.compressobj(1, zlib.DEFLATED, -15)
    block = random.Random(3).randbytes(1 << 16) + bytes(1 << 16)
    crc, body = 0, bytearray()
    for _ in range(size // len(block)):
        body += compressor.compress(block)
        crc = zlib.crc32(block, crc)
    body += compressor.flush()
    source, entry = only_entry(pack(Part(b"big.so", bytes(body), size, crc)))
    archive._inflate_backend()
    tracemalloc.start()
    try:
        view = MemberView(source, entry, digest=True)
        for offset in range(0, size, 1 << 20):
            view.read(offset, 4096)
        view.finish()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 18 << 20


def bomb(size: int) -> tuple[BytesSource, Entry]:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join(compressor.compress(bytes(1 << 20)) for _ in range(size >> 20)) + compressor.flush()
    return only_entry(pack(Part(b"bomb", body, size, 0)))


@pytest.mark.parametrize(
    "limits",
    [DEFAULT, DEFAULT._replace(member_bytes=1 << 20), DEFAULT._replace(wheel_bytes=1 << 20)],
    ids=["ratio", "member", "wheel"],
)
def test_bombs(limits: object) -> None:
    """A stream that swells a thousand times, or beyond a bound, is stopped there."""
    source, entry = bomb(80 << 20)
    view = MemberView(source, entry, limits)  # type: ignore[arg-type]  # Limits
    with pytest.raises(ArchiveError) as caught:
        view.finish()
    assert caught.value.kind == "limit"
    assert view.read(0, 64) == bytes(64)


def test_a_budget_is_shared() -> None:
    """Bytes that one member used count against the next one."""
    source, entry = only_entry(pack(part("big.so", TEXT, 0)))
    budget = Budget(DEFAULT._replace(wheel_bytes=len(TEXT) + 10))
    MemberView(source, entry, budget=budget).finish()
    with pytest.raises(ArchiveError, match="the limit wheel_bytes="):
        MemberView(source, entry, budget=budget).finish()


def test_a_member_that_can_not_be_read_is_refused() -> None:
    """Opening an encrypted member says why."""
    source, entry = only_entry(pack(part(flags=1)))
    with pytest.raises(ArchiveError, match="encrypted"):
        MemberView(source, entry)


def test_damage_at_the_end_is_told_by_the_read_that_gets_there() -> None:
    """Reading the last byte shows that the CRC is wrong; reading the first byte does not."""
    source, entry = only_entry(pack(part("big.so", TEXT, crc=1)))
    view = MemberView(source, entry)
    assert view.read(0, 100) == TEXT[:100]
    with pytest.raises(ArchiveError) as caught:
        view.read(len(TEXT) - 1, 1)
    assert caught.value.kind == "corrupt"
    assert caught.value.evidence == {"have": f"{zlib.crc32(TEXT):08x}", "need": "00000001"}


def test_an_entry_of_unknown_end() -> None:
    """An entry made by hand has no end. Its member can still be read."""
    source, entry = only_entry(pack(part()))
    assert MemberView(source, entry._replace(end=0)).read_upto(0, 300) == b"pass\n" * 40
    cut = BytesSource(pack(part())[:40])
    with pytest.raises(ArchiveError):
        MemberView(cut, entry._replace(end=0))


@pytest.mark.parametrize("backend", ["isal.isal_zlib", "zlib_ng.zlib_ng", "zlib"])
def test_every_backend_gives_the_same(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast inflaters are drop-in replacements: same bytes, same errors."""
    module = pytest.importorskip(backend)
    monkeypatch.setattr(archive, "_inflate_backend", lambda: module)
    for raw in GOOD.values():
        assert kinds(raw) == set()
    for raw, expected in BAD.values():
        assert kinds(raw) == expected
    source, entry = only_entry(pack(part("big.so", MIXED)))
    view = MemberView(source, entry)
    assert view.read(2_000_000, 2_000_000) == MIXED[2_000_000:4_000_000]
    view.finish()


def test_a_missing_backend_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the fast inflaters, the standard library's is used."""
    import sys

    for name in ("isal", "isal.isal_zlib", "zlib_ng", "zlib_ng.zlib_ng"):
        monkeypatch.setitem(sys.modules, name, None)
    assert archive._inflate_backend.__wrapped__() is zlib


def test_a_source_that_fails_is_not_swallowed() -> None:
    """A SourceError is not an archive problem."""

    class Broken(BytesSource):
        broken = False

        def read_at(self, offset: int, size: int) -> bytes:
            if self.broken:
                raise SourceError("gone")
            return super().read_at(offset, size)

    source = Broken(pack(part("big.so", NOISE)))
    (entry,) = read_directory(source).entries
    view = MemberView(source, entry)
    source.broken = True
    with pytest.raises(SourceError):
        view.finish()
    with pytest.raises(SourceError):
        read_directory(source)


# --- everything else


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_damage_never_raises(data: st.DataObject) -> None:
    """Bytes changed, cut out or put in anywhere lead to problems, never to an exception."""
    raw = data.draw(st.sampled_from(SEEDS))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        gone = data.draw(st.integers(0, 3))
        new = data.draw(
            st.sampled_from([b"", b"\0", b"\xff", b"\1", b"\xff\xff\xff\xff", b"PK\5\6", b"PK\1\2"])
        )
        raw = raw[:at] + new + raw[at + gone :]
    kinds(raw)


SEEDS = [GOOD[name] for name in ("deflated", "stored", "ZIP64 end record", "ZIP64 sizes", "timestamp")]


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_every_prefix_is_told(seed: int) -> None:
    """No truncated archive passes as complete."""
    for length in range(len(SEEDS[seed])):
        assert kinds(SEEDS[seed][:length])


CORPUS = sorted(cache_folder("corpus").glob("*.whl"))


@pytest.mark.corpus
@pytest.mark.parametrize("path", CORPUS or [None], ids=lambda path: path.name if path else "no-corpus")
def test_real_wheels(path: Path | None) -> None:
    """Real wheels have no problems, and zipfile reads the same names, heads, contents and CRCs."""
    if path is None:
        pytest.skip("the corpus wheels are not cached")
    with FileSource(path) as source, zipfile.ZipFile(path) as peer:
        directory = read_directory(source)
        assert directory.problems == ()
        assert [entry.name for entry in directory.entries] == [
            one.filename for one in peer.infolist() if not one.is_dir()
        ]
        heads = {
            entry.name: (head, problem) for entry, head, problem in read_heads(source, directory.entries, 64)
        }
        for entry in directory.entries:
            with peer.open(entry.name) as member:
                start = member.read(1024)
            assert heads[entry.name] == (start[:64], None)
            view = MemberView(source, entry)
            assert view.read_upto(0, 1024) == start
            view.finish()
