"""Promises about version requirements and bad windows."""

import pytest

from wheelarch.doctor.versions import RELEASES, Exposure, Window, cargo, exact, exposure, python


@pytest.mark.parametrize("package", RELEASES)
def test_releases_ascend(package):
    """The table is sorted by version, so the first and the last are the oldest and the newest."""
    numbers = [tuple(map(int, version.split("."))) for version in RELEASES[package]]
    assert numbers == sorted(set(numbers))
    assert all(len(one) == 3 for one in numbers)


def test_yanked_releases_are_absent():
    """No resolver picks a yanked release, so the table has none."""
    assert "1.11.0" not in RELEASES["maturin"]
    assert {"1.7.7", "1.7.8", "1.13.2", "1.14.1"} <= set(RELEASES["maturin"])
    assert {"0.22.6", "0.23.4", "0.26.0", "0.27.0", "0.29.3"} <= set(RELEASES["pyo3"])


@pytest.mark.parametrize(
    ("requirement", "first", "last", "written"),
    [
        ("maturin>=1.7,<2", "1.7.0", "1.16.0", ">=1.7,<2"),
        ("maturin==1.7.7", "1.7.7", "1.7.7", "==1.7.7"),
        ("maturin ~= 1.8.1", "1.8.1", "1.8.7", "~= 1.8.1"),
        ("maturin[zig] >=1.9.4, <2, !=1.12.0", "1.9.4", "1.16.0", ">=1.9.4, <2, !=1.12.0"),
        ("Maturin (<1.0)", "0.12.0", "0.15.3", "<1.0"),
        ("maturin==1.9.*; python_version >= '3.8'", "1.9.0", "1.9.6", "==1.9.*"),
        ("maturin", "0.12.0", "1.16.0", ""),
        ("maturin==1.99.1", "1.99.1", "1.99.1", "==1.99.1"),
        ("maturin>=2", "2", "2", ">=2"),
    ],
)
def test_python_requirements(requirement, first, last, written):
    """A PEP 508 requirement allows the releases of its range. One beyond every known release allows its own bound."""
    found = python(requirement, "pyproject.toml")
    assert (found.package, found.admitted[0], found.admitted[-1]) == ("maturin", first, last)
    assert found.requirement == written


@pytest.mark.parametrize(
    "requirement",
    ["maturin @ https://example.org/maturin.whl", "", "==", "maturin>=x", f"maturin=={'9' * 5000}"],
)
def test_what_is_no_requirement_is_unknown(requirement):
    """The version of a direct reference is not known, nor is that of a text that cannot be parsed."""
    assert python(requirement, "pyproject.toml") is None


@pytest.mark.parametrize(
    ("requirement", "first", "last"),
    [
        ("0.22", "0.22.0", "0.22.6"),
        ("0.22.3", "0.22.3", "0.22.6"),
        ("^0.23.1", "0.23.1", "0.23.5"),
        ("~0.23.1", "0.23.1", "0.23.5"),
        ("~0.23", "0.23.0", "0.23.5"),
        ("~0", "0.13.0", "0.29.3"),
        ("=0.23.4", "0.23.4", "0.23.4"),
        ("=0.23", "0.23.0", "0.23.5"),
        (">=0.22, <0.24", "0.22.0", "0.23.5"),
        (">0.22", "0.23.0", "0.29.3"),
        (">0.22.0", "0.22.1", "0.29.3"),
        ("<=0.22", "0.13.0", "0.22.6"),
        ("<=0.22.1", "0.13.0", "0.22.1"),
        ("0.22.*", "0.22.0", "0.22.6"),
        ("0.*", "0.13.0", "0.29.3"),
        ("*", "0.13.0", "0.29.3"),
        ("0.29.0-beta.1", "0.29.0", "0.29.3"),
        ("0.99", "0.99", "0.99"),
        ("1", "1", "1"),
        ("^1.2", "1.2", "1.2"),
    ],
)
def test_cargo_requirements(requirement, first, last):
    """Cargo's comparisons, including the default caret, mean what the Cargo Book says."""
    found = cargo("pyo3", requirement, "Cargo.toml")
    assert (found.admitted[0], found.admitted[-1], found.requirement) == (first, last, requirement)


@pytest.mark.parametrize(
    "requirement", ["", "git", "0.22 0.23", ">>1", "1.2.3.4", "9" * 5000, "=1." + "9" * 5000]
)
def test_what_is_no_cargo_requirement_is_unknown(requirement):
    """A text that Cargo would reject has no versions."""
    assert cargo("pyo3", requirement, "Cargo.toml") is None


def test_an_exact_version():
    """A version in a lock file allows only itself, known or not. A text that is not a version is unknown."""
    assert exact("pyo3", "0.22.6", "Cargo.lock").admitted == ("0.22.6",)
    assert exact("pyo3", "7.0.0", "Cargo.lock").admitted == ("7.0.0",)
    assert exact("pyo3", "main", "Cargo.lock") is None
    assert exact("pyo3", "9" * 5000, "Cargo.lock") is None


@pytest.mark.parametrize(
    ("requirement", "exposed"),
    [
        ("maturin==1.7.6", Exposure.NONE),
        ("maturin==1.7.7", Exposure.ALL),
        ("maturin==1.7.8", Exposure.NONE),
        ("maturin>=1.7.5,<1.7.7", Exposure.NONE),
        ("maturin>=1.7,<2", Exposure.SOME),
        ("maturin>=1.7.7,<=1.7.7", Exposure.ALL),
    ],
)
def test_exposure(requirement, exposed):
    """All, some or none of the allowed releases are in the window, whose upper end is good."""
    assert exposure(python(requirement, ""), Window("maturin", "1.7.7", "1.7.8")) is exposed


def test_what_is_not_known_is_not_exposed():
    """An unknown version is not exposed, and an open window has no end."""
    assert exposure(None, Window("maturin")) is Exposure.NONE
    assert exposure(exact("maturin", "99.0", ""), Window("maturin", "1.7")) is Exposure.ALL
    assert exposure(exact("maturin", "0.1", ""), Window("maturin", "", "1.7")) is Exposure.ALL


def test_texts():
    """A window and a requirement are shown as people write them."""
    assert str(Window("maturin", "1.8.0", "1.13.2")) == "maturin >= 1.8.0, < 1.13.2"
    assert str(Window("pyo3", "", "0.27.0")) == "pyo3 < 0.27.0"
    assert str(Window("maturin")) == "maturin of any version"
    assert str(python("maturin>=1.7,<2", "")) == "maturin >=1.7,<2"
    assert str(python("maturin", "")) == "maturin of any version"
