"""Unpacked wheels."""

import io
import os
import zipfile
from pathlib import Path

import pytest

import wheelarch
from support.images import image
from support.schema import check
from support.wheels import build_wheel
from wheelarch.cli.inputs import expand
from wheelarch.container.folder import ReopenedFile, SourceView, is_unpacked_wheel, read_folder
from wheelarch.errors import FormatError
from wheelarch.limits import Limits

NAME = "pkg-1.0-cp311-abi3-win_amd64.whl"


def unpack(folder: Path, source: str) -> Path:
    with zipfile.ZipFile(io.BytesIO(build_wheel(NAME, {"pkg/ext.pyd": image(source)}))) as archive:
        archive.extractall(folder)
    return folder


def test_an_unpacked_wheel_is_judged_like_the_wheel(tmp_path: Path) -> None:
    """A folder with a WHEEL file is one input, judged by the tags in it."""
    good = wheelarch.audit(unpack(tmp_path / "good", "win_amd64-python3.pyd"))
    assert (good.ok, good.wheels[0].kind, good.wheels[0].findings) == (True, "directory", ())
    bad = wheelarch.audit(unpack(tmp_path / "bad", "win_arm64-python3.pyd"))
    assert "WA201" in [finding.code for finding in bad.findings]
    check(bad.to_dict())


def test_a_file_changed_after_unpacking_is_told(tmp_path: Path) -> None:
    """RECORD's hash is compared."""
    folder = unpack(tmp_path, "win_amd64-python3.pyd")
    data = bytearray((folder / "pkg/ext.pyd").read_bytes())
    data[-1] ^= 1
    (folder / "pkg/ext.pyd").write_bytes(data)
    assert [finding.code for finding in wheelarch.audit(folder).findings] == ["WA015"]


def test_a_folder_of_wheels_is_no_wheel(tmp_path: Path) -> None:
    """A folder counts as a wheel only if it contains a WHEEL file."""
    assert not is_unpacked_wheel(str(tmp_path))
    assert not is_unpacked_wheel(str(tmp_path / "missing"))
    unpack(tmp_path / "one", "win_amd64-python3.pyd")
    assert expand([tmp_path / "one"]).paths == (str(tmp_path / "one"),)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link to a file elsewhere is a finding, and its target is not read."""
    folder = unpack(tmp_path / "wheel", "win_amd64-python3.pyd")
    (tmp_path / "secret.pyd").write_bytes(image("win_arm64-python3.pyd"))
    (folder / "pkg/link.pyd").symlink_to(tmp_path / "secret.pyd")
    report = wheelarch.audit(folder)
    assert [(finding.code, finding.member) for finding in report.findings] == [("WA016", "pkg/link.pyd")]


def test_the_count_of_files_is_bounded(tmp_path: Path) -> None:
    """A folder with more files than the limit is reported, and read up to the limit."""
    folder = unpack(tmp_path, "win_amd64-python3.pyd")
    directory = read_folder(str(folder), Limits(entries=2))
    assert len(directory.entries) == 2
    assert [problem.kind for problem in directory.problems] == ["limit"]


def test_views_of_files(tmp_path: Path) -> None:
    """A view gives exactly the bytes asked for, or says that there are fewer."""
    path = tmp_path / "x"
    path.write_bytes(b"0123456789")
    with ReopenedFile(str(path), 10) as source:
        view = SourceView(source)
        assert (view.read(2, 3), view.read_upto(8, 5), view.read_upto(10, 1)) == (b"234", b"89", b"")
        for offset, size in ((8, 3), (-1, 1), (0, -1)):
            with pytest.raises(FormatError):
                view.read(offset, size)
        with pytest.raises(FormatError):
            view.read_upto(11, 1)
