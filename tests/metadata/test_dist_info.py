"""The `*.dist-info` folder."""

import email.parser
import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wheelarch.container.zip_directory import read_directory
from wheelarch.container.zip_layout import Entry
from wheelarch.container.zip_member import MemberView
from wheelarch.errors import ArchiveError, SourceError
from wheelarch.limits import DEFAULT, Limits
from wheelarch.metadata.dist_info import (
    DistInfo,
    EntryPoint,
    RecordRow,
    _headers,
    read_dist_info,
    read_entry_points,
)
from wheelarch.metadata.documents import Variant
from wheelarch.sources.local import BytesSource
from wheelarch.view import View

WHEEL = """\
Wheel-Version: 1.0
Generator: bdist_wheel (0.45.1)
Root-Is-Purelib: false
Tag: cp311-cp311-win_amd64
"""
FOLDER = "pkg-1.0.dist-info"


def read(files: Mapping[str, str | bytes], limits: Limits = DEFAULT) -> DistInfo:
    """Return what is read from an archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    source = BytesSource(buffer.getvalue())
    return read_dist_info(read_directory(source).entries, lambda entry: MemberView(source, entry), limits)


def read_wheel(text: str | bytes) -> DistInfo:
    return read({f"{FOLDER}/WHEEL": text})


def test_a_usual_folder() -> None:
    """Every field comes from its file."""
    info = read(
        {
            "pkg/__init__.py": "",
            f"{FOLDER}/WHEEL": WHEEL + "Build: 1local\n",
            f"{FOLDER}/METADATA": "Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\nRequires-Python: >=3.9\n"
            'Requires-Dist: numpy (>=1)\nrequires-dist: x; extra == "y"\nName: other\n\nRequires-Dist: no\n',
            f"{FOLDER}/RECORD": f'pkg/__init__.py,sha256=47DE,0\n"pkg/a,b.pyd",sha256=xyz,12\n{FOLDER}/RECORD,,\n',
        }
    )
    assert info == DistInfo(
        folder=FOLDER,
        folders=(FOLDER,),
        has_wheel=True,
        has_metadata=True,
        metadata_read=True,
        wheel_version="1.0",
        generators=("bdist_wheel (0.45.1)",),
        root_is_purelib=False,
        tags=("cp311-cp311-win_amd64",),
        build="1local",
        name="pkg",
        version="1.0",
        requires=("numpy (>=1)", 'x; extra == "y"'),
        requires_python=">=3.9",
        record={
            "pkg/__init__.py": "sha256=47DE,0",
            "pkg/a,b.pyd": "sha256=xyz,12",
            f"{FOLDER}/RECORD": ",",
        },
    )


def test_no_folder_and_several() -> None:
    """Only a single folder at the top is read; a vendored one further down does not count."""
    assert read({"pkg/__init__.py": ""}) == DistInfo()
    assert read({"pkg/_vendor/x-1.dist-info/WHEEL": WHEEL}) == DistInfo()
    info = read({"b-1.dist-info/WHEEL": WHEEL, "a-1.dist-info/WHEEL": WHEEL, "c.dist-info": ""})
    assert info == DistInfo(folders=("a-1.dist-info", "b-1.dist-info"))


def test_missing_files() -> None:
    """A folder without WHEEL, METADATA and RECORD has empty fields, and a clause for RECORD."""
    assert read({f"{FOLDER}/LICENSE": ""}) == DistInfo(
        folder=FOLDER, folders=(FOLDER,), record_problem="RECORD is missing"
    )


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("wheel-VERSION: 1.0\ntAG: a-b-c", "tags", ("a-b-c",)),
        (WHEEL.replace("\n", "\r\n"), "tags", ("cp311-cp311-win_amd64",)),
        (WHEEL.replace("\n", "\r"), "tags", ("cp311-cp311-win_amd64",)),
        (WHEEL + "Tag:\nTag: \nTag: py3-none-any\n", "tags", ("cp311-cp311-win_amd64", "py3-none-any")),
        (WHEEL + "Tag:\n py3-none-any\n", "tags", ("cp311-cp311-win_amd64", "py3-none-any")),
        (WHEEL + "\nTag: py3-none-any\n", "tags", ("cp311-cp311-win_amd64",)),
        (WHEEL + "no header\nTag: py3-none-any\n", "tags", ("cp311-cp311-win_amd64",)),
        (WHEEL + "Tag : py3-none-any\n", "tags", ("cp311-cp311-win_amd64",)),
        (WHEEL + "Generator: delocate 0.13\n", "generator", "bdist_wheel (0.45.1); delocate 0.13"),
        (WHEEL + "Generator:\n", "generators", ("bdist_wheel (0.45.1)",)),
        (WHEEL.replace("false", "TRUE"), "root_is_purelib", True),
        (WHEEL.replace("false", "maybe"), "root_is_purelib", None),
        ("Wheel-Version: 1.0\nWheel-Version: 2.0\n", "wheel_version", "1.0"),
        ("Wheel-Version: 1.0\nGenerator: \u00fcnicode\n", "generators", ("\u00fcnicode",)),
    ],
)
def test_wheel_is_read_as_mail_headers(text: str, field: str, value: object) -> None:
    """Names in any case, every line end, continuation lines, repeated and empty fields."""
    info = read_wheel(text)
    assert info.wheel_problem == ""
    assert getattr(info, field) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no Wheel-Version"),
        ("Wheel-Version:\n", "no Wheel-Version"),
        ("\ufeff" + WHEEL, "no Wheel-Version"),
        ("\n" + WHEEL, "no Wheel-Version"),
        ("Wheel-Version: one\n", "not a version: one"),
        ("Wheel-Version: 1.\n", "not a version"),
        (f"Wheel-Version: {'1' * 5000}\n", "not a version"),
        (WHEEL + "X: \0\n", "NUL"),
        (WHEEL.encode() + b"X: \xff\n", "not UTF-8 at byte"),
        (WHEEL + "X" * (64 << 10), "more than the limit wheel_metadata_bytes=65536"),
    ],
)
def test_wheel_files_that_cannot_be_used(text: str | bytes, words: str) -> None:
    """What prevents installers from reading WHEEL is a clause."""
    info = read_wheel(text)
    assert info.has_wheel
    assert words in info.wheel_problem


@given(st.text(st.sampled_from("aT:- \t\n\r\u00e4"), max_size=40))
def test_headers_are_those_of_the_mail_parser(text: str) -> None:
    """The names are those that the parser of the standard library finds, which pip uses."""
    theirs = email.parser.HeaderParser().parsestr(text)
    if theirs.defects or text[:1] in (" ", "\t"):
        return
    assert [name for name, _ in _headers(text)] == [name.lower() for name in theirs.keys()]  # noqa: SIM118


def test_the_first_thousand_requirements_are_kept() -> None:
    """A hostile METADATA of millions of requirements does not fill the memory."""
    lines = "".join(f"Requires-Dist: p{number}\n" for number in range(1_500))
    info = read({f"{FOLDER}/METADATA": f"{lines}Requires-Python: >=3.11\n"})
    assert len(info.requires) == 1_000
    assert info.requires[-1] == "p999"
    assert info.requires_python == ">=3.11"


def test_requires_python_far_down() -> None:
    """The field is found after long headers, and not searched in the description."""
    long = "".join(f"Classifier: number {number} of a great many\n" for number in range(5_000))
    metadata = f"Name: pkg\n{long}Requires-Python: >=3.11\n\nbody\n"
    assert read({f"{FOLDER}/METADATA": metadata}).requires_python == ">=3.11"
    assert read({f"{FOLDER}/METADATA": f"Name: pkg\n\n{metadata}"}).requires_python == ""
    assert read({f"{FOLDER}/METADATA": metadata}, DEFAULT._replace(metadata_bytes=100)).requires_python == ""
    assert read({f"{FOLDER}/METADATA": b"Summary: \xff\nRequires-Python: 3"}).requires_python == "3"


def test_records_that_cannot_be_read() -> None:
    """A RECORD that is too large or not a table gives a clause."""
    record = f"{FOLDER}/RECORD"
    large = read({record: "a,b,1\n" * 10}, DEFAULT._replace(metadata_bytes=10))
    assert "more than the limit metadata_bytes=10" in large.record_problem
    many = read({record: "a,,\nb,,\nc,,\n"}, DEFAULT._replace(entries=2))
    assert many.record_problem == "RECORD lists more files than the limit entries=2"
    assert "not a table" in read({record: "a" * 200_000}).record_problem
    assert "not UTF-8" in read({record: b"\xff"}).record_problem
    info = read({record: 'a,b,1\n\nc\nd,e,-1\nf,g,1,h\r\n"i,j",k,2\n'})
    assert list(info.record or ()) == ["a", "c", "d", "f", "i,j"]
    assert [info.recorded(path) for path in ("a", "c", "d", "f", "i,j", "z")] == [
        RecordRow("b", 1),
        RecordRow("", None),
        RecordRow("e", None),
        RecordRow("g", 1),
        RecordRow("k", 2),
        None,
    ]
    assert read({record: "a,b,1\n\nc\r\nd,e,-1\nf,g,1,h"}).record == {
        "a": "b,1",
        "c": "",
        "d": "e,-1",
        "f": "g,1,h",
    }
    quoted = read({record: 'a,"sha256=x,junk",7\n'})
    assert quoted.recorded("a") == RecordRow("sha256=x;junk", 7)
    assert DistInfo().recorded("a") is None


def test_damaged_members() -> None:
    """A member that cannot be inflated gives a clause; a source that cannot be read raises."""
    entries = tuple(
        Entry(f"{FOLDER}/{name}", 8, 0, 0, 10, 10, 0, None) for name in ("WHEEL", "METADATA", "RECORD")
    )

    def corrupt(entry: Entry) -> View:
        raise ArchiveError("corrupt", "the compressed data is damaged")

    info = read_dist_info(entries, corrupt)
    assert info.wheel_problem == "WHEEL cannot be read: the compressed data is damaged"
    assert info.record_problem == "RECORD cannot be read: the compressed data is damaged"
    assert info.requires_python == ""

    def gone(entry: Entry) -> View:
        raise SourceError("gone")

    with pytest.raises(SourceError):
        read_dist_info(entries, gone)


def test_the_last_of_two_files_counts() -> None:
    """Of two files with one name the last is read, as the standard library's reader does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(f"{FOLDER}/WHEEL", "Wheel-Version: 1.0\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr(f"{FOLDER}/WHEEL", "Wheel-Version: 1.9\n")
    source = BytesSource(buffer.getvalue())
    info = read_dist_info(read_directory(source).entries, lambda entry: MemberView(source, entry))
    assert info.wheel_version == "1.9"


def test_documents_of_the_folder() -> None:
    """A variant.json, bills of materials and signatures are read if they are there."""
    info = read(
        {
            f"{FOLDER}/WHEEL": WHEEL,
            f"{FOLDER}/RECORD.jws": "{}",
            f"{FOLDER}/variant.json": '{"variants": {"x86_64_v3": {"x86_64": {"level": ["v3"]}}}}',
            f"{FOLDER}/sboms/good.cdx.json": '{"bomFormat": "CycloneDX"}',
            f"{FOLDER}/sboms/cut.cdx.json": '{"bomFormat": "Cycl',
            f"{FOLDER}/sboms/large.json": "[" * (2 << 20),
        }
    )
    assert info.signatures == (f"{FOLDER}/RECORD.jws",)
    assert info.variant == Variant("", ("x86_64_v3",), 1, 3)
    assert [path for path, _ in info.bad_bills] == [f"{FOLDER}/sboms/cut.cdx.json"]


ENTRY_POINTS = """
[console_scripts]
tool = tool.cli:main [extra]
# other = tool.cli:main
gone=nowhere:main
 pkg = tool:main

[other]
plugin = tool.cli:Plugin

[gui_scripts]
window = tool.window
"""


def test_entry_points() -> None:
    """The scripts whose modules are in the wheel are listed with what the modules say."""
    files = {
        f"{FOLDER}/WHEEL": WHEEL,
        f"{FOLDER}/entry_points.txt": ENTRY_POINTS,
        "tool/__init__.py": "main = None",
        "tool/cli.py": b"\xff",
        "tool/window.py": "",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    source = BytesSource(buffer.getvalue())
    info = DistInfo(folder=FOLDER)
    found = read_entry_points(info, read_directory(source).entries, lambda entry: MemberView(source, entry))
    assert found.entry_points == (
        EntryPoint("tool", "tool/cli.py", "\ufffd"),
        EntryPoint("pkg", "tool/__init__.py", "main = None"),
        EntryPoint("window", "tool/window.py", ""),
    )
    assert read_entry_points(info, (), lambda entry: MemberView(source, entry)).entry_points == ()
