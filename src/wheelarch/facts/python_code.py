"""What a wheel's Python files say about extension modules that no import statement may ever load.

A file without a hook for its own name can still be right: Python code may open it by its path and give the module
another name. `asked_of` says which names matter in a wheel, and `search` looks for them in the text of one file.
Python code is searched, not parsed: it comes from strangers, and a statement that is never run counts too.
"""

from __future__ import annotations

import re
from itertools import islice

from .._lib.patterns import pattern
from .._lib.typed import TYPE_CHECKING, NamedTuple
from ..metadata.extension_names import hook_stem
from ..metadata.member_paths import installed_path
from .named_modules import is_module_without_hook, named_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .wheel import Wheel

__all__ = ["Asked", "PythonCode", "asked_of", "search"]

_MOST_NAMES = 100
"""How many names are looked for. A wheel with more odd modules than that is not made by hand."""


class Asked(NamedTuple):
    """The names that matter."""

    strings: frozenset[str]
    """Last components of module names, looked for at the end of strings."""
    modules: frozenset[str]
    """Dotted module names, looked for in import statements."""


class PythonCode(NamedTuple):
    """Which of the names that matter the Python files of a wheel have."""

    strings: frozenset[str] = frozenset()
    """Those that a string is, or ends with after a dot or another character that no name contains, or that an f-string
    has before `.{`."""
    imported: frozenset[str] = frozenset()
    """Those that an import statement names."""

    def joined(self, other: PythonCode) -> PythonCode:
        """Return what two files say together."""
        return PythonCode(self.strings | other.strings, self.imported | other.imported)


def asked_of(wheel: Wheel) -> Asked:
    """Return the names that matter in a wheel, for which `has_odd_modules` is true.

    They are those of modules whose hooks all have other names than the file, of the modules that these hooks start, and
    of files that are named as modules and have no hook at all.
    """
    strings: dict[str, None] = {}
    modules: dict[str, None] = {}
    for module in named_modules(wheel):
        if hooks := module.foreign_hooks:
            strings.update(dict.fromkeys(filter(None, map(hook_stem, hooks))))
            modules[module.dotted] = None
    for member in filter(is_module_without_hook, wheel.members):
        strings.update({member.name.partition(".")[0]: None, member.name: None})
    return Asked(frozenset(islice(strings, _MOST_NAMES)), frozenset(islice(modules, _MOST_NAMES)))


_STATEMENT = pattern(
    rb"^[ \t]{0,200}(?:from[ \t]{1,20}(?P<base>[.\w]{1,300})[ \t]{1,20})?import\b"
    rb"(?P<names>[^\n(]{0,2000}(?:\([^()]{0,4000}\)?)?)",
    re.MULTILINE,
)
"""An import statement. No part is long if it fails, so no text takes long."""
_SEPARATORS = pattern(rb"[,()\\\s]+")
_NOT_NAMES = pattern(rb"#[^\n]*|\bas\s{1,20}\w+")
"""Comments in a list of names, and the names that code gives to what it imports."""


def search(path: str, text: bytes, asked: Asked) -> PythonCode:
    """Return which of the names one Python file has.

    Args:
        path: Of the file in the wheel; relative imports start from it.
        text: Its bytes. Names are in UTF-8, as Python files are unless they say otherwise.
        asked: What to look for.
    """
    strings = imported = frozenset[str]()
    if asked.strings:
        # One name after the other, because an alternation of many tries all of them at every place.
        present = [name for name in asked.strings if name.encode() in text]
        strings = frozenset(name for name in present if _named(name.encode(), text))
    if asked.modules and any(name.rpartition(".")[2].encode() in text for name in asked.modules):
        last = {name.rpartition(".")[2] for name in asked.modules}
        imported = frozenset(name for name in _imports(path, text, last) if name in asked.modules)
    return PythonCode(strings, imported)


def _named(name: bytes, text: bytes) -> bool:
    """Whether a string ends with the name. `f"_inject.{abi}.so"` names a file too."""
    whole = rb"(?<![0-9A-Za-z_\x80-\xff])" + re.escape(name) + rb"(?=[\"']|\.\{)"
    return re.search(whole, text) is not None


def _imports(path: str, text: bytes, last: set[str]) -> Iterator[str]:
    """Yield the dotted names of the modules that the import statements of a file may load.

    Only those whose last component is one of `last`: a hostile file imports many names from a package with a long path.
    """
    package = installed_path(path).split("/")[:-1]
    for statement in _STATEMENT.finditer(text):
        words = _SEPARATORS.split(_NOT_NAMES.sub(b"", statement["names"]))
        names = [word.decode("utf-8", "replace") for word in words if word]
        if statement["base"] is None:
            yield from (name for name in names if name.rpartition(".")[2] in last)
            continue
        base = statement["base"].decode("utf-8", "replace")
        start = base.lstrip(".")
        up = len(base) - len(start)
        if up <= len(package):
            parts = (package[: len(package) - up + 1] if up else []) + ([start] if start else [])
            if parts and parts[-1].rpartition(".")[2] in last:
                yield ".".join(parts)
            yield from (".".join([*parts, name]) for name in names if name.rpartition(".")[2] in last)
