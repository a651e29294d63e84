"""What the path of a member says: where it lands, whether it promises native code, whether it is for tests."""

from __future__ import annotations

from .._lib import lazy

__all__ = [
    "NATIVE_ENDS",
    "SHARED_NAME",
    "TEST_DATA_FOLDERS",
    "TEST_FOLDERS",
    "is_script",
    "is_sdist",
    "is_test",
    "names_native_code",
]

NATIVE_ENDS = (".pyd", ".dll", ".exe", ".so", ".dylib")


SHARED_NAME = lazy.pattern(r"\.so(?:\.\d+)*$")


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
    """Whether a folder on the path says that what it holds is for tests."""
    return not (TEST_FOLDERS | TEST_DATA_FOLDERS).isdisjoint(path.lower().split("/")[:-1])


TEST_FOLDERS = frozenset({"test", "tests", "testing"})


TEST_DATA_FOLDERS = frozenset({"testdata", "test_data", "test-data", "fixtures", "corpus", "samples"})


def is_script(path: str) -> bool:
    """Whether installers put the file where the shell finds programs."""
    top, _, rest = path.partition("/")
    return rest.startswith("scripts/") and len(top) > len(".data") and top.endswith(".data")


_INTO_SITE_PACKAGES = ("purelib/", "platlib/")


def installed_path(path: str) -> str:
    """Return where a member lands below site-packages: `.data/purelib/` and `.data/platlib/` are stripped."""
    if ".data/" not in path:
        return path
    top, _, rest = path.partition("/")
    stripped = len(top) > len(".data") and top.endswith(".data") and rest.startswith(_INTO_SITE_PACKAGES)
    return rest.partition("/")[2] if stripped else path


def last_component(path: str) -> str:
    """Return the file name, of a Windows path too: a wheel's name holds neither kind of slash."""
    return path.replace("\\", "/").rpartition("/")[2]
