"""The wheels of one version, judged together, on real binaries."""

import json
import zipfile
from pathlib import Path

import pytest

import wheelarch
from support.images import image
from support.schema import check
from support.wheels import build_wheel
from wheelarch import api
from wheelarch.api import audit_alone, judge_together
from wheelarch.cli import main
from wheelarch.model import Severity
from wheelarch.report import as_text

AMD64, ARM64 = "pkg-1.0-cp311-abi3-win_amd64.whl", "pkg-1.0-cp311-abi3-win_arm64.whl"
X64_PYD, ARM_PYD = "win_amd64-python3.pyd", "win_arm64-python3.pyd"


def write(folder: Path, name: str, files: dict[str, str]) -> Path:
    path = folder / name
    path.write_bytes(build_wheel(name, {member: image(source) for member, source in files.items()}))
    return path


@pytest.fixture
def copied(tmp_path: Path) -> list[Path]:
    """Two jobs of a matrix, the second of which packed what the first built."""
    return [write(tmp_path, name, {"pkg/ext.pyd": X64_PYD}) for name in (AMD64, ARM64)]


def codes(report: wheelarch.Report) -> list[list[str]]:
    return [[one.code for one in wheel.findings if one.code.startswith("WA6")] for wheel in report]


def test_a_copied_job(copied: list[Path]) -> None:
    """The wheel whose binary is another wheel's says so, besides what is wrong with it by itself; the JSON is valid."""
    report = wheelarch.audit(copied)
    check(report.to_dict())
    assert codes(report) == [[], ["WA601"]]
    assert report.wheels[0].ok
    (found,) = (one for one in report.findings if one.code == "WA601")
    assert (found.severity, found.member) == (Severity.ERROR, "pkg/ext.pyd")
    assert found.evidence["same as"] == AMD64
    severities = [one.severity.rank for one in report.wheels[1].findings]
    assert severities == sorted(severities, reverse=True)


def test_libraries_are_read_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no rule asks to be read whole is hashed only where size and CRC make it a suspect."""
    hashed: list[tuple[str, str]] = []
    read_digests = api.read_digests

    def spy(files: list[tuple[str, str]], limits: wheelarch.Limits) -> list[str | None]:
        hashed.extend((Path(path).name, member) for path, member in files)
        return read_digests(files, limits)

    monkeypatch.setattr(api, "read_digests", spy)
    names = ("pkg-1.0-py3-none-win_amd64.whl", "pkg-1.0-py3-none-win_arm64.whl")
    right = [
        write(tmp_path, name, {"pkg/lib.dll": source})
        for name, source in zip(names, (X64_PYD, ARM_PYD), strict=True)
    ]
    assert codes(wheelarch.audit(right)) == [[], []]
    assert hashed == []
    wrong = [write(tmp_path, name, {"pkg/lib.dll": X64_PYD}) for name in names]
    assert codes(wheelarch.audit(wrong)) == [[], ["WA601"]]
    assert sorted(hashed) == [(name, "pkg/lib.dll") for name in names]


def test_what_can_not_be_read_again_is_not_told(copied: list[Path]) -> None:
    """A likeness that cannot be proven, because the file is gone, is not reported."""
    names = ("pkg-1.0-py3-none-win_amd64.whl", "pkg-1.0-py3-none-win_arm64.whl")
    paths = [write(copied[0].parent, name, {"pkg/lib.dll": X64_PYD}) for name in names]
    alone = [audit_alone(path) for path in paths]
    paths[0].unlink()
    assert codes(judge_together(alone)) == [[], []]


def test_a_lying_checksum_is_no_proof(tmp_path: Path) -> None:
    """Equal sizes and CRCs in two directories make a suspect; the bytes decide."""
    names = ("pkg-1.0-py3-none-win_amd64.whl", "pkg-1.0-py3-none-win_arm64.whl")
    paths = [write(tmp_path, name, {"pkg/lib.dll": X64_PYD}) for name in names]
    with zipfile.ZipFile(paths[0]) as archive:
        crc = archive.getinfo("pkg/lib.dll").CRC
    data = paths[0].read_bytes()
    broken = bytearray(data)
    start = data.index(b"pkg/lib.dll") + len("pkg/lib.dll") + 40
    broken[start] ^= 0xFF
    paths[0].write_bytes(bytes(broken))
    report = wheelarch.audit(paths)
    assert report.wheels[1].members[0].crc == crc
    assert codes(report) == [[], []]


def test_other_projects_and_versions_are_no_siblings(copied: list[Path]) -> None:
    """Only wheels of one project and version are compared; the spelling of the name does not matter."""
    folder = copied[0].parent
    later = write(folder, "pkg-1.1-cp311-abi3-win_arm64.whl", {"pkg/ext.pyd": X64_PYD})
    assert codes(wheelarch.audit([copied[0], later])) == [[], []]
    assert wheelarch.audit([copied[0], later]).grids == ()
    again = write(folder, "PKG-1.0-cp311-abi3-win_arm64.whl", {"pkg/ext.pyd": X64_PYD})
    assert codes(wheelarch.audit([copied[0], again])) == [[], ["WA601"]]


def test_one_wheel_is_no_set(copied: list[Path]) -> None:
    """A wheel alone, or the same one twice, or wheels under a given tag have no grid and no holes."""
    for inputs in (copied[0], [copied[0]], [copied[0], copied[0]]):
        report = wheelarch.audit(inputs)
        assert report.grids == ()
        assert not any(codes(report))
    assert wheelarch.audit(copied, tag="cp311-abi3-win_amd64").grids == ()


def test_what_is_no_wheel_stays_as_it_is(copied: list[Path]) -> None:
    """Unreadable wheels are wrong in the grid; sdists and odd names are left out of it."""
    folder = copied[0].parent
    (folder / "pkg-1.0-cp311-abi3-win32.whl").write_bytes(b"<!doctype html>")
    (folder / "page.whl").write_bytes(b"<!doctype html>")
    (folder / "pkg-1.0.tar.gz").write_bytes(b"<!doctype html>")
    report = wheelarch.audit([copied[0], *sorted(folder.glob("p*[!4].whl")), folder / "pkg-1.0.tar.gz"])
    (grid,) = report.grids
    assert grid.platforms == ("win32", "win_amd64")
    assert grid.cells == (("wrong",), ("ok",))
    assert [wheel.kind for wheel in report][-1] == "sdist"


def test_select_and_ignore(copied: list[Path]) -> None:
    """The rules about sets are chosen as all others are."""
    assert codes(wheelarch.audit(copied, select=["WA602"])) == [[], []]
    assert codes(wheelarch.audit(copied, ignore=["WA601"])) == [[], []]
    assert codes(wheelarch.audit(copied, select=["WA601"])) == [[], ["WA601"]]


def test_a_hole_makes_a_wheel_no_longer_clean(tmp_path: Path) -> None:
    """A note of the set counts as any other."""
    paths = [
        write(tmp_path, "pkg-1.0-cp311-abi3-win_amd64.whl", {"pkg/ext.pyd": X64_PYD}),
        write(tmp_path, "pkg-1.0-cp310-abi3-win_arm64.whl", {"pkg/ext.pyd": ARM_PYD}),
    ]
    report = wheelarch.audit(paths)
    assert codes(report) == [[], ["WA602"]]
    assert [wheel.status for wheel in report] == ["clean", "findings"]
    assert report.exit_code() == 0


def test_the_command_shows_the_set(copied: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Several wheels are a set without being asked; `--no-dist` and `--tag` judge each by itself."""
    arguments = ["audit", *map(str, copied)]
    assert main(arguments) == 1
    out = capsys.readouterr().out
    assert "error WA601 copied-binary\n      pkg/ext.pyd is x86_64, and identical to the file in " in out
    assert "\npkg 1.0    cp311+\nwin_amd64  ok\nwin_arm64  WRONG\n\n2 inputs" in out
    assert main([*arguments, "--dist"]) == 1
    assert capsys.readouterr().out == out
    for more in (["--no-dist"], ["--tag", "cp311-abi3-win_amd64"]):
        main([*arguments, *more])
        out = capsys.readouterr().out
        assert "WA601" not in out
        assert "pkg 1.0" not in out
    assert main([*arguments, "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    check(document)
    assert document.keys() == {"schema", "tool", "inputs", "summary", "grids"}
    assert document["grids"] == [
        {
            "title": "pkg 1.0",
            "platforms": ["win_amd64", "win_arm64"],
            "pythons": ["cp311+"],
            "cells": [["ok"], ["wrong"]],
        }
    ]


LONE = "pkg-1.0-cp311-abi3-win32.whl"
MAC_11, MAC_14 = (f"pkg-1.0-cp312-abi3-macosx_{version}_0_arm64.whl" for version in (11, 14))


@pytest.mark.parametrize(
    ("wheels", "wrong"),
    [
        # the sibling has the name
        ({AMD64: X64_PYD, ARM64: X64_PYD}, [False, True]),
        # they would change names: the first to do so overwrites the second
        ({AMD64: ARM_PYD, ARM64: X64_PYD}, [True, True]),
        # both would get the one name
        ({ARM64: X64_PYD, LONE: X64_PYD}, [True, True]),
        # what is wrong is a warning only
        ({MAC_11: "macos-arm64-14.0.so", MAC_14: "macos-arm64-14.0.so"}, [True, False]),
    ],
)
def test_a_wheel_is_not_told_to_take_a_siblings_name(
    wheels: dict[str, str], wrong: list[bool], tmp_path: Path
) -> None:
    """Alone, a wheel gets matching tags; next to wheels that have them, or would get them too, files to rebuild."""
    member = "pkg/ext.so" if MAC_11 in wheels else "pkg/ext.pyd"
    paths = [write(tmp_path, name, {member: source}) for name, source in wheels.items()]
    alone = [one for path in paths for one in wheelarch.audit(path)]
    assert [bool(one.honest_tags) for one in alone] == wrong
    for ignored in ("WA601", "WA602"):
        report = wheelarch.audit(paths, ignore=[ignored])
        assert [one.rebuild for one in report] == [(member,) if one else () for one in wrong]
        assert not any(one.honest_tags for one in report)
        assert "wheel tags" not in as_text.render(report)


def test_a_copy_is_not_told_to_pass_for_another_wheel(tmp_path: Path) -> None:
    """If the file is a sibling's, it has to be rebuilt, even if nobody has the name that would match."""
    names = ("pkg-1.0-cp310-abi3-win_amd64.whl", ARM64)
    paths = [write(tmp_path, name, {"pkg/ext.pyd": X64_PYD}) for name in names]
    report = wheelarch.audit(paths)
    assert [one.honest_tags for one in report] == [None, None]
    assert [one.rebuild for one in report] == [(), ("pkg/ext.pyd",)]
    (_, told) = wheelarch.audit(paths, ignore=["WA601"])
    assert told.honest_tags == ("cp311-abi3-win_amd64",)


def test_a_free_name_is_still_told(tmp_path: Path) -> None:
    """A rename that takes nobody's place is suggested within a set, too."""
    paths = [
        write(tmp_path, "pkg-1.0-cp311-abi3-macosx_11_0_arm64.whl", {"pkg/ext.so": "macos-arm64-11.0.so"}),
        write(tmp_path, AMD64, {"pkg/ext.pyd": ARM_PYD}),
    ]
    report = wheelarch.audit(paths)
    assert [one.honest_tags for one in report] == [None, ("cp311-abi3-win_arm64",)]
    assert "python -m wheel tags" in as_text.render(report)
