"""Tests of the streams of the command."""

import errno
import sys

import pytest

from wheelarch.cli import console

COLOR = [
    # choice, environment, terminal, system: colored?
    ("always", {}, False, "linux", True),
    ("always", {"NO_COLOR": "1"}, False, "linux", True),
    ("never", {"FORCE_COLOR": "1"}, True, "linux", False),
    ("auto", {}, True, "linux", True),
    ("auto", {}, False, "linux", False),
    ("auto", {"NO_COLOR": "1"}, True, "linux", False),
    ("auto", {"NO_COLOR": ""}, True, "linux", True),
    ("auto", {"NO_COLOR": "0"}, True, "linux", False),
    ("auto", {"FORCE_COLOR": "1"}, False, "linux", True),
    ("auto", {"FORCE_COLOR": ""}, False, "linux", False),
    ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, "linux", False),
    ("auto", {"TERM": "dumb"}, True, "linux", False),
    ("auto", {"TERM": "xterm"}, True, "darwin", True),
    ("auto", {}, True, "win32", False),
    ("auto", {"WT_SESSION": "1"}, True, "win32", True),
    ("auto", {"FORCE_COLOR": "1"}, True, "win32", True),
]


@pytest.mark.parametrize(("choice", "environ", "terminal", "system", "colored"), COLOR)
def test_who_gets_colour(monkeypatch, choice, environ, terminal, system, colored):
    """An option beats NO_COLOR, which beats FORCE_COLOR, which beats the kind of output."""
    monkeypatch.setattr(sys, "platform", system)
    assert console.use_color(choice, environ, terminal=terminal) is colored


def test_a_pipe_closed_on_windows_is_a_broken_pipe(monkeypatch, tmp_path):
    """Windows reports a closed pipe as an invalid argument. On other systems that error means something else."""
    file = tmp_path.joinpath("out").open("w")

    class Closed:
        def write(self, text):
            raise OSError(errno.EINVAL, "Invalid argument")

        def flush(self):
            pass

        def fileno(self):
            return file.fileno()

    monkeypatch.setattr(sys, "stdout", Closed())
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(BrokenPipeError):
        console.say("x")
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(OSError, match="Invalid argument") as caught:
        console.say("x")
    assert not isinstance(caught.value, BrokenPipeError)
    file.close()


def test_streams_that_are_none_are_no_matter(monkeypatch):
    """A process without standard streams (pythonw, a closed descriptor) does not crash."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    console.prepare()
    console.say("x")
    console.complain("x")
    sys.stdout.close()
    sys.stderr.close()


def test_a_complaint_is_one_safe_line(capsys):
    """Text from a file or an argument cannot break out of its line in a message."""
    console.complain("a\nb\x1b[0m: no such file")
    assert capsys.readouterr() == ("", "wheelarch: a\\nb\\x1b[0m: no such file\n")


def test_a_file_is_the_same_on_every_system(tmp_path):
    """Reports in files are UTF-8 with plain line feeds."""
    console.save(str(tmp_path / "r.txt"), "größe\nzwei\n")
    assert (tmp_path / "r.txt").read_bytes() == "größe\nzwei\n".encode()
