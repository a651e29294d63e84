"""Tests of `wheelarch.report.as_grid`."""

from support.reports import judged
from wheelarch.model import Grid
from wheelarch.report import as_grid, as_text
from wheelarch.report.document import Report

GRID = Grid(
    "pkg 1.0",
    ("ios_arm64_iphoneos", "win_amd64"),
    ("cp310+", "cp313t"),
    (("", "missing"), ("ok", "wrong")),
)


def test_the_table() -> None:
    """Platforms are rows, Pythons are columns, and no line ends with spaces."""
    assert as_grid.render(GRID) == [
        "pkg 1.0             cp310+  cp313t",
        "ios_arm64_iphoneos          -",
        "win_amd64           ok      WRONG",
    ]


def test_a_name_out_of_a_file_is_escaped() -> None:
    """Titles and platforms come from file names."""
    text = "\n".join(as_grid.render(Grid("\x1b[1m", ("a\u202eb",), ("cp3\n",), (("ok",),))))
    assert all(line.isprintable() for line in text.splitlines())
    assert len(text.splitlines()) == 2


def test_the_text_report_ends_with_the_grids() -> None:
    """Grids are before the line with the counts, and `quiet` leaves them out."""
    report = Report((judged("a.whl"), judged("b.whl")), (GRID,))
    assert as_text.render(report) == (
        "a.whl: ok\nb.whl: ok\n\n" + "\n".join(as_grid.render(GRID)) + "\n\n"
        "2 inputs, 2 clean: 0 errors, 0 warnings, 0 notes\n"
    )
    assert as_text.render(report, quiet=True) == ""
