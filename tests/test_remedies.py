"""What to do, in the words of the tool that built the wheel."""

import re

import pytest

from wheelarch.rules.remedies import REMEDIES, build_tool, text


@pytest.mark.parametrize(
    ("generator", "tool"),
    [
        ("bdist_wheel (0.45.1)", "setuptools"),
        ("setuptools (78.1.0)", "setuptools"),
        ("maturin (1.9.4)", "maturin"),
        ("scikit-build-core 0.11.1", "scikit-build-core"),
        ("meson", "meson-python"),
        ("hatchling 1.27.0", "hatchling"),
        ("poetry-core 2.1.3", "poetry-core"),
        ("flit 3.12.0", "flit-core"),
        ("bdist_wheel (0.45.1); delocate 0.13.0", "setuptools"),
        ("delocate 0.13.0; maturin (1.9.4)", "maturin"),
        ("bazel-wheelmaker 1.0", ""),
        ("setuptools-like 1", ""),
        ("", ""),
        (" ; ()", ""),
    ],
)
def test_build_tool(generator: str, tool: str) -> None:
    """The backend is told from WHEEL's Generator, whatever tool repaired the wheel after it."""
    assert build_tool(generator) == tool


def test_every_promised_id_has_a_text() -> None:
    """R0 to R37 exist, in this order, and nothing else does."""
    assert list(REMEDIES) == [f"R{number}" for number in range(38)]


TEXTS = [
    pytest.param(words, id=f"{each}-{tool or 'general'}")
    for each, remedy in REMEDIES.items()
    for tool, words in {"": remedy.general, **remedy.tools}.items()
]


@pytest.mark.parametrize("words", TEXTS)
def test_form_of_a_text(words: str) -> None:
    """A remedy is one to three sentences, starts with a capital, ends with a stop and closes its quotes."""
    assert re.match(r"[A-Z]", words)
    assert words.endswith(".")
    assert "  " not in words
    assert words.count("`") % 2 == 0
    assert len(re.findall(r"[a-z)`]\.(?= [A-Z]|$)", words)) <= 3


@pytest.mark.parametrize("words", TEXTS)
def test_old_workarounds_are_not_printed(words: str) -> None:
    """The variable MATURIN_USE_XWIN is no remedy any more: newer linkers refuse what it makes."""
    assert "XWIN" not in words


def test_tools_are_known() -> None:
    """A text is filed under a name that `build_tool` gives, else nobody would ever see it."""
    known = {
        build_tool(word) for word in ("setuptools", "maturin", "scikit-build-core", "meson", "hatchling")
    }
    assert {tool for remedy in REMEDIES.values() for tool in remedy.tools} <= known


@pytest.mark.parametrize(
    ("ids", "generator", "has", "lacks"),
    [
        (("R6",), "bdist_wheel (0.45.1)", "ARCHFLAGS", "--target"),
        (("R6",), "maturin (1.9.4)", "`universal2-apple-darwin`", "ARCHFLAGS"),
        (("R6",), "", "CIBW_ARCHS_MACOS", "CARGO_BUILD_TARGET"),
        (("R6",), "scikit-build-core 0.11.1", "CMAKE_OSX_ARCHITECTURES", "CARGO_BUILD_TARGET"),
        (("R9",), "setuptools (78.1.0)", "`--plat-name` alone changes the tag", "CARGO_BUILD_TARGET"),
        (("R9",), "maturin (1.9.4); delvewheel 1.10", "aarch64-pc-windows-msvc", "vcvarsall"),
        (("R9",), "scikit-build-core 0.11.1", "-A ARM64", "vcvarsall"),
        (("R1",), "maturin (1.9.4)", "wheel unpack", "target"),
        (("R14",), "maturin (1.9.4)", "pyo3 >= 0.27", "Py_LIMITED_API"),
    ],
)
def test_the_tool_gets_its_own_words(ids: tuple[str, ...], generator: str, has: str, lacks: str) -> None:
    """A tool with its own command reads that one, every other tool the general text."""
    words = text(ids, generator)
    assert has in words
    assert lacks not in words


def test_several_remedies_are_read_in_order() -> None:
    """Texts follow each other as the ids do, and no id gives no text."""
    assert text(("R24", "R0"), "") == f"{REMEDIES['R24'].general} {REMEDIES['R0'].general}"
    assert text((), "maturin (1.9.4)") == ""
