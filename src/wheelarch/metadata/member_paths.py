"""What the path of a member says: where it is installed, whether it promises native code, whether it is for tests."""

from __future__ import annotations

from .._lib.patterns import pattern

__all__ = [
    "NATIVE_ENDS",
    "SHARED_NAME",
    "TEST_DATA_FOLDERS",
    "TEST_FOLDERS",
    "installed_path",
    "is_script",
    "is_sdist",
    "is_test",
    "last_component",
    "names_native_code",
]

NATIVE_ENDS = (".pyd", ".dll", ".exe", ".so", ".dylib")
SHARED_NAME = pattern(r"\.so(?:\.\d+)*$")
"""Finds the end of a shared object's name, with a version or without."""
TEST_FOLDERS = frozenset({"test", "tests", "testing"})
TEST_DATA_FOLDERS = frozenset({"testdata", "test_data", "test-data", "fixtures", "corpus", "samples"})
_INTO_SITE_PACKAGES = ("purelib/", "platlib/")


def names_native_code(path: str) -> bool:
    """Whether the file's name promises native code: .pyd, .dll, .exe, .so, .so.1.2, .dylib."""
    lower = path.lower()
    return lower.endswith(NATIVE_ENDS) or (".so." in lower and SHARED_NAME.search(lower) is not None)


def is_sdist(filename: str | None) -> bool:
    """Whether the file name is that of a source distribution: `pkg-1.0.tar.gz`, `pkg-1.0.zip` (PEP 625)."""
    if filename is None or not filename.endswith((".tar.gz", ".zip")):
        return False
    from packaging.utils import InvalidSdistFilename, parse_sdist_filename

    try:
        parse_sdist_filename(filename)
    except InvalidSdistFilename:
        return False
    return True


def is_test(path: str) -> bool:
    """Whether a folder on the path says that its contents are for tests."""
    return not (TEST_FOLDERS | TEST_DATA_FOLDERS).isdisjoint(path.lower().split("/")[:-1])


def is_script(path: str) -> bool:
    """Whether installers put the file into the folder of programs: it is under `.data/scripts/`."""
    top, _, rest = path.partition("/")
    return rest.startswith("scripts/") and len(top) > len(".data") and top.endswith(".data")


def installed_path(path: str) -> str:
    """Return where a member is installed below site-packages, without `.data/purelib/` and `.data/platlib/`."""
    if ".data/" not in path:
        return path
    top, _, rest = path.partition("/")
    stripped = len(top) > len(".data") and top.endswith(".data") and rest.startswith(_INTO_SITE_PACKAGES)
    return rest.partition("/")[2] if stripped else path


def last_component(path: str) -> str:
    """Return the file name, of a Windows path too: the name of a wheel contains neither kind of slash."""
    return path.replace("\\", "/").rpartition("/")[2]
