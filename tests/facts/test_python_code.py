"""What the text of Python files says about extension modules."""

import re

import pytest

from wheelarch.facts import python_code
from wheelarch.facts.python_code import Asked, PythonCode, search

ASKED = Asked(frozenset({"ops", "_C.so"}), frozenset({"pkg._core", "pkg.sub._core", "_top"}))


@pytest.mark.parametrize(
    ("text", "strings"),
    [
        ('x = "ops"', {"ops"}),
        ("x = 'pkg.ops'", {"ops"}),
        ("x = f'{__package__}.ops'", {"ops"}),
        ("x = f'ops.{abi}.so'", {"ops"}),
        ("x = 'drops'", set()),
        ("x = 'ops.so'", set()),
        ("ops = 1", set()),
        ("lib = dir / '_C.so'", {"_C.so"}),
        ("lib = dir / 'my_C.so'", set()),
        ("lib = dir / '_Cxso'", set()),
    ],
)
def test_strings(text: str, strings: set[str]) -> None:
    """A name counts if a string is it, or ends with it after another character than a name's."""
    assert search("pkg/a.py", text.encode(), ASKED).strings == strings


@pytest.mark.parametrize(
    ("path", "text", "imported"),
    [
        ("pkg/__init__.py", "from . import _core", {"pkg._core"}),
        ("pkg/__init__.py", "from ._core import (a,\n b)", {"pkg._core"}),
        ("pkg/sub/a.py", "from .. import a, _core", {"pkg._core"}),
        ("pkg/sub/a.py", "from . import (\r\n  a,\r\n  _core\r\n)", {"pkg.sub._core"}),
        ("pkg/sub/a.py", "\tfrom .._core import x", {"pkg._core"}),
        ("pkg-1.0.data/platlib/pkg/a.py", "from . import _core", {"pkg._core"}),
        ("a.py", "import os, _top as t", {"_top"}),
        ("a.py", "import pkg.sub._core", {"pkg.sub._core"}),
        ("a.py", "from . import _top", set()),
        ("a.py", "from ..... import _top", set()),
        ("pkg/a.py", "from other import _core", set()),
        ("pkg/a.py", "from . import x as _core", set()),
        ("pkg/a.py", "# import pkg._core", set()),
        ("pkg/a.py", "from . import x  # _core", set()),
        ("pkg/a.py", "important = pkg._core", set()),
    ],
)
def test_imports(path: str, text: str, imported: set[str]) -> None:
    """Relative imports start from the file; what follows `as` is not a module."""
    assert search(path, text.encode(), ASKED).imported == imported


def test_bytes_that_are_no_text() -> None:
    """A file in another encoding, or not Python at all, is searched like any other."""
    assert search("a.py", b"\xff\x00import _top\n\x80'ops'", ASKED) == PythonCode(frozenset({"ops"}))


@pytest.mark.parametrize("part", [b"from ", b"from .", b"import (", b" ", b".", b"from . import (", b"as "])
def test_no_text_takes_long(part: bytes) -> None:
    """The work grows with the text and not with its square: no repetition of the pattern is unbounded."""
    pattern = python_code._STATEMENT.pattern
    assert not re.search(rb"(?<!\\)[*+](?!\?)", re.sub(rb"\[[^]]*\]", b"x", pattern))
    search("a.py", part * 20_000 + b" _core _top", ASKED)
