"""Files and buffers as sources."""

import os
from pathlib import Path

import pytest

from wheelarch.errors import SourceError
from wheelarch.sources import local as source_module
from wheelarch.sources.local import BytesSource, FileSource, Source

DATA = bytes(range(256)) * 16


@pytest.fixture(params=["bytes", "file", "file without pread"])
def source(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    if request.param == "bytes":
        return BytesSource(DATA)
    if request.param == "file without pread":
        monkeypatch.delattr(source_module.os, "pread", raising=False)
    path = tmp_path / "data.bin"
    path.write_bytes(DATA)
    return FileSource(path)


def test_reads_are_exact(source: Source) -> None:
    """Every read within bounds gives exactly the bytes at that position, in any order."""
    with source:
        assert source.size == len(DATA)
        for offset, size in ((100, 50), (0, 4096), (4095, 1), (4096, 0), (7, 0), (100, 50)):
            assert source.read_at(offset, size) == DATA[offset : offset + size]


@pytest.mark.parametrize(("offset", "size"), [(4096, 1), (0, 4097), (-1, 1), (0, -1), (1 << 70, 1)])
def test_reads_out_of_bounds_are_refused(source: Source, offset: int, size: int) -> None:
    """A read beyond the source is a SourceError that says where the source ends. It never returns fewer bytes."""
    with source, pytest.raises(SourceError, match="ends at byte 4096"):
        source.read_at(offset, size)


def test_closing_twice_does_no_harm(source: Source) -> None:
    """A source may be closed more than once."""
    source.close()
    source.close()


def test_a_closed_file_is_told(tmp_path: Path) -> None:
    """Reading from a closed file is a SourceError, not an OSError."""
    path = tmp_path / "data.bin"
    path.write_bytes(DATA)
    source = FileSource(path)
    source.close()
    with pytest.raises(SourceError, match=r"data\.bin"):
        source.read_at(0, 1)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """The message names the file and says that it is missing."""
    with pytest.raises(SourceError, match=r"gone\.whl: no such file"):
        FileSource(tmp_path / "gone.whl")


def test_a_folder_is_told(tmp_path: Path) -> None:
    """The message says that the path is a folder."""
    with pytest.raises(SourceError, match="is a folder"):
        FileSource(tmp_path)


def test_a_path_that_no_system_takes_is_told() -> None:
    """A NUL in the path is a SourceError, not a ValueError."""
    with pytest.raises(SourceError, match="null"):
        FileSource("a\0b")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user whom modes bind")
def test_a_forbidden_file_is_told(tmp_path: Path) -> None:
    """The message says that there is no permission."""
    path = tmp_path / "data.bin"
    path.write_bytes(DATA)
    path.chmod(0)
    with pytest.raises(SourceError, match="no permission"):
        FileSource(path)


def test_a_refusal_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the system is reported in the system's words."""
    path = tmp_path / "data.bin"
    path.write_bytes(DATA)

    def refuse(error: OSError) -> None:
        def opened(*_: object) -> int:
            raise error

        monkeypatch.setattr(source_module.os, "open", opened)

    refuse(PermissionError(13, "Permission denied"))
    with pytest.raises(SourceError, match="no permission"):
        FileSource(path)
    refuse(OSError(40, "Too many levels of symbolic links"))
    with pytest.raises(SourceError, match="too many levels"):
        FileSource(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    """A pipe without a writer is refused at once."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="is not a regular file"):
        FileSource(tmp_path / "pipe")


def test_a_file_that_shrinks_is_told(tmp_path: Path) -> None:
    """If a file is truncated while it is open, that is a SourceError, not a short read or a signal."""
    path = tmp_path / "data.bin"
    path.write_bytes(DATA)
    with FileSource(path) as source:
        os.truncate(path, 100)
        assert source.read_at(0, 100) == DATA[:100]
        with pytest.raises(SourceError, match="shrank"):
            source.read_at(50, 100)


def test_short_reads_of_the_system_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may return less than was requested. The caller still gets everything."""
    path = tmp_path / "data.bin"
    path.write_bytes(DATA)
    read = FileSource._read
    monkeypatch.setattr(FileSource, "_read", lambda self, offset, size: read(self, offset, min(size, 100)))
    with FileSource(path) as source:
        assert source.read_at(10, 3000) == DATA[10:3010]
