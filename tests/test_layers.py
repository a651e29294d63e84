"""The house: who may import whom, and what importing costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import wheelarch

PACKAGE = Path(wheelarch.__file__).parent
RANKS = [
    "_lib", "errors", "limits", "model", "view", "sources", "container", "metadata", "image", "platforms",
    "loading", "facts", "rules", "second_opinion", "report", "judging", "reading", "api",
    "interpreter", "doctor", "config", "why", "cli", "__main__",
]  # fmt: skip
"""Lowest first: a module imports only rooms above it in this list, or its own."""
THIRD_PARTY = {
    "lief",
    "pefile",
    "macholib",
    "rich",
    "packaging",
    "jinja2",
    "obstore",
    "dask",
    "isal",
    "zlib_ng",
}
OWNERS = {"lief": "second_opinion", "pefile": "second_opinion", "macholib": "second_opinion"}
READING = ("io", "os", "zlib", "mmap", "wheelarch.sources")
BANNED = {
    "view": (*READING, "wheelarch.container"),
    "image": (*READING, "wheelarch.container"),
    "loading": READING,
    "facts": READING,
    "rules": READING,
    "judging": READING,
}
"""What these rooms do not import, nor anything below it: they do no I/O."""
ALLOWED = {
    "rules": {"_lib", "errors", "model", "metadata", "platforms", "loading", "facts", "rules"},
    "report": {"_lib", "model", "loading", "platforms", "rules", "report"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    """The first component below the package: the module's own name, or its package's."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path, top_level_only: bool = False) -> list[str]:
    """Absolute names of all modules that a file imports, those that it names in annotations only included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = ["wheelarch", *path.relative_to(PACKAGE).parts[:-1]]
    found: list[str] = []

    def visit(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if top_level_only and isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            if top_level_only and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if isinstance(child, ast.Import):
                found.extend(alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = package[: len(package) - child.level + 1] if child.level else []
                stem = ".".join([*base, *([child.module] if child.module else [])])
                found.extend(
                    [f"{stem}.{alias.name}" for alias in child.names] if not child.module else [stem]
                )
            visit(child)

    visit(tree)
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    """A module imports only rooms of a lower rank, or its own."""
    if path == PACKAGE / "__init__.py":
        assert imports(path, top_level_only=True) == ["__future__", "wheelarch._lib.typed"]
        return
    own = room(path)
    for name in imports(path):
        if name.startswith("wheelarch."):
            other = name.split(".")[1]
            if other.startswith("__version__"):
                continue
            assert other == own or RANKS.index(other) < RANKS.index(own), f"{own} imports {other}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_third_party_import_at_module_level(path: Path) -> None:
    """A third-party package is imported inside the function that needs it."""
    assert THIRD_PARTY.isdisjoint(name.split(".")[0] for name in imports(path, top_level_only=True))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_parser_has_one_owner(path: Path) -> None:
    """lief, pefile and macholib are imported by their adapters only."""
    for name in imports(path):
        owner = OWNERS.get(name.split(".")[0])
        assert owner is None or room(path) == owner


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_bans(path: Path) -> None:
    """Parsers do no I/O; rules and reports see only what they judge and print."""
    own = room(path)
    names = imports(path)
    for banned in BANNED.get(own, ()):
        assert not [name for name in names if name == banned or name.startswith(f"{banned}.")]
    if own in ALLOWED:
        rooms = {name.split(".")[1] for name in names if name.startswith("wheelarch.")}
        assert rooms - {"__version__"} <= ALLOWED[own]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_prints_or_exits(path: Path) -> None:
    """print, sys.exit, sys.stdout and sys.stderr belong to cli/ alone."""
    if room(path) in ("cli", "__main__") or path.name == "probe_script.py":  # which other interpreters run
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "exit", "quit")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sys":
            assert node.attr not in ("exit", "stdout", "stderr")


def test_every_room_has_a_rank() -> None:
    """A new module must be given its place in the line of data."""
    rooms = {room(path) for path in modules()} - {"__init__"}
    assert rooms <= set(RANKS)


def loaded_by(code: str) -> set[str]:
    """Names of all modules in sys.modules after a fresh interpreter ran the code."""
    script = f"{code}\nimport sys; print(*sys.modules, sep='\\n')"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_the_package_loads_nothing_else() -> None:
    """`import wheelarch` loads no third-party package, nothing of the library but named tuples, and not `typing`."""
    extra = loaded_by("import wheelarch") - loaded_by("import collections")
    assert extra == {"__future__", "wheelarch", "wheelarch._lib", "wheelarch._lib.typed"}
