"""Wrong inputs give one clear line or finding and the right exit code, never a traceback."""

import io
import json
import zipfile

import pytest

from support.images import image
from support.program import run
from support.schema import check
from support.wheels import build_wheel
from wheelarch.cli import main

NAME = "demo-1.0-cp311-cp311-win_amd64.whl"
GOOD = build_wheel(NAME, {"demo/__init__.py": b"", "demo/data.bin": bytes(range(256)) * 64})


def zipped(name: str, data: bytes) -> bytes:
    """A zip archive with one member that is not a wheel."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), data)
    return stream.getvalue()


UNREADABLE = {
    "an HTML page": b"<!doctype html>\n<html><body>404 Not Found</body></html>\n",
    "an empty file": b"",
    "a wheel cut in the middle": GOOD[: len(GOOD) // 2],
    "a wheel without its last byte": GOOD[:-1],
    "one byte": b"P",
    "only the end of an archive": b"PK\5\6" + bytes(18),
}


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_wheel_is_an_error(tmp_path, data):
    """A file named .whl that is not a wheel gets an error about the archive and exit code 1."""
    (tmp_path / NAME).write_bytes(data)
    text = run("audit", NAME, cwd=tmp_path)
    assert (text.returncode, text.stderr) == (1, "")
    assert f"{NAME}: " in text.stdout
    assert "  error WA0" in text.stdout
    report = run("audit", NAME, "--format", "json", cwd=tmp_path)
    document = json.loads(report.stdout)
    check(document)
    assert (report.returncode, report.stderr) == (1, "")
    errors = [one["code"] for one in document["inputs"][0]["findings"] if one["severity"] == "error"]
    assert {code[:3] for code in errors} == {"WA0"}


@pytest.mark.parametrize("verb", ["audit", "show"])
def test_a_missing_file_is_a_line(tmp_path, verb):
    """A name that does not exist is one line, with the exit code for no input."""
    done = run(verb, "missing.whl", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr == "wheelarch: missing.whl: no such file or folder\nwheelarch: no input matched\n"


@pytest.mark.parametrize("verb", ["audit", "show"])
def test_a_folder_without_wheels_is_a_line(tmp_path, verb):
    """A folder without wheels is an error."""
    done = run(verb, ".", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr == "wheelarch: .: no wheel (*.whl) in this folder\nwheelarch: no input matched\n"


def test_a_wheel_inside_an_archive_is_no_wheel(tmp_path, monkeypatch, capsys):
    """An archive that a CI job made of its wheel is an error, not a wheel without binaries."""
    (tmp_path / NAME).write_bytes(zipped(NAME, GOOD))
    monkeypatch.chdir(tmp_path)
    assert main(["audit", NAME]) == 1
    out, err = capsys.readouterr()
    assert "  error WA0" in out
    assert err == ""


def test_a_wheel_may_carry_a_wheel(tmp_path, monkeypatch, capsys):
    """A wheel that contains another one as data, such as a bundled pip, is judged by its own contents."""
    name = "demo-1.0-py3-none-any.whl"
    (tmp_path / name).write_bytes(build_wheel(name, {"demo/__init__.py": b"", f"demo/{NAME}": GOOD}))
    monkeypatch.chdir(tmp_path)
    assert main(["audit", name]) == 0
    assert capsys.readouterr().out.startswith(f"{name}: ok\n")


def test_a_binary_wants_a_tag(tmp_path, monkeypatch, capsys):
    """A single binary without `--tag` is a usage error that names the option; with `--tag` it is judged."""
    (tmp_path / "_demo.so").write_bytes(image("linux-aarch64-glibc.so"))
    monkeypatch.chdir(tmp_path)
    assert main(["audit", "_demo.so"]) == 2
    assert "--tag" in capsys.readouterr().err
    assert main(["audit", "_demo.so", "--tag", "cp311-cp311-manylinux_2_17_x86_64"]) == 1
    out, err = capsys.readouterr()
    assert "  error WA20" in out
    assert err == ""
    assert main(["audit", "_demo.so", "--tag", "cp311-cp311-manylinux_2_17_aarch64"]) == 0


def test_a_binary_without_a_tag_does_not_stop_the_others(tmp_path, monkeypatch, capsys):
    """If there are other inputs, it is one line, and the others are judged."""
    (tmp_path / "_demo.so").write_bytes(image("linux-aarch64-glibc.so"))
    (tmp_path / "page.whl").write_bytes(b"<html>")
    monkeypatch.chdir(tmp_path)
    assert main(["audit", "_demo.so", "page.whl"]) == 2
    out, err = capsys.readouterr()
    assert "page.whl: unreadable" in out
    assert "--tag" in err


def test_a_tag_that_is_none_is_a_usage_error(tmp_path, monkeypatch, capsys):
    """A `--tag` that is not a wheel tag is one line that says what was given and what a tag looks like."""
    (tmp_path / NAME).write_bytes(GOOD)
    monkeypatch.chdir(tmp_path)
    for tag in ("win_amd64", "foo", ""):
        assert main(["audit", NAME, "--tag", tag]) == 2
        message = f"--tag: {tag!r} is not a wheel tag; expected one like cp311-abi3-win_amd64"
        assert capsys.readouterr() == ("", f"wheelarch: {message}\n")


def test_an_unknown_code_is_a_usage_error(tmp_path, monkeypatch, capsys):
    """An unknown code in `--select` or `--ignore` is one line with the nearest rule."""
    (tmp_path / NAME).write_bytes(GOOD)
    monkeypatch.chdir(tmp_path)
    for option in ("--select", "--ignore"):
        assert main(["audit", NAME, option, "WA2,WA2O1"]) == 2
        err = capsys.readouterr().err
        assert "WA2O1" in err
        assert "did you mean WA" in err
        assert err.count("\n") == 1
