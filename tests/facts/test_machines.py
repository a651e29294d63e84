"""Machines of binaries, of file names and of tags."""

import pytest

from support.values import pe, wheel
from wheelarch.facts.machines import arch_token, demanded_arches, serves
from wheelarch.model import Machine


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("attach_amd64.dll", "x86_64"),
        ("attach_x86.dll", "x86"),
        ("gui-arm64.exe", "arm64"),
        ("foo-x86-64.dll", "x86_64"),
        ("_win32.pyd", None),
        ("libfoo.so", None),
        ("convert_x86_to_arm64.dll", None),
        ("swarm64y.dll", None),
        ("tool-S390X.so", "s390x"),
        ("tool-\u017f390x.so", None),
    ],
)
def test_machines_that_a_file_name_claims(name: str, expected: str | None) -> None:
    """Only a whole token counts, and two different machines count as none."""
    assert arch_token(name) == expected


def test_arm64x_serves_arm64_only() -> None:
    """An ARM64X image loads into ARM64 processes and is not an x64 image."""
    image = pe(Machine.ARM64, variant="arm64x")
    assert serves(image, "arm64")
    assert not serves(image, "x86_64")


def test_demands_of_several_tags_are_united() -> None:
    """Every architecture of every platform tag of one system is demanded, each once."""
    promise = wheel(
        "pkg-1.0-cp311-cp311-macosx_10_9_x86_64.macosx_11_0_arm64.macosx_10_9_universal2.whl"
    ).promise
    assert sorted(demanded_arches(promise.targets, "macos")) == ["arm64", "x86_64"]
