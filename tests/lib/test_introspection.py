"""What `inspect`, `help` and `typing` say about the package. The same source with the real `typing` is the oracle."""

import __future__

import ast
import concurrent.futures
import copy
import importlib
import inspect
import pickle
import pkgutil
import pydoc
import subprocess
import sys
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import wheelarch
from wheelarch.model import Fault, FaultKind, Severity

NAMES = sorted(
    one.name
    for one in pkgutil.walk_packages(wheelarch.__path__, "wheelarch.")
    if one.name.rpartition(".")[2] not in ("__main__", "probe_script", "typed")
)
every_module = pytest.mark.parametrize("name", NAMES)


def tree(name: str) -> ast.Module:
    file = importlib.import_module(name).__file__
    assert file is not None
    return ast.parse(Path(file).read_text(encoding="utf-8"))


def pairs(name: str, base: str) -> Iterator[tuple[type, type]]:
    """Yield each class of a module with this base, and the class that its source gives with the base of `typing`."""
    module = importlib.import_module(name)
    for node in tree(name).body:
        if isinstance(node, ast.ClassDef) and base in [ast.unparse(one) for one in node.bases]:
            code = compile(
                ast.Module([node], []), name, "exec", __future__.annotations.compiler_flag, dont_inherit=True
            )
            namespace = {**vars(module), base: getattr(typing, base)}
            exec(code, namespace)
            ours = getattr(module, node.name)
            if "__slotnames__" in vars(ours):
                del (
                    ours.__slotnames__
                )  # pickle keeps the names of slots in a class once it has seen an object of it
            yield ours, namespace[node.name]


def functions(kind: type) -> Iterator[Callable[..., object]]:
    """Yield the methods and properties that a class defines."""
    for attribute in vars(kind).values():
        method = getattr(attribute, "fget", None) or getattr(attribute, "__func__", attribute)
        if isinstance(method, types.FunctionType):
            yield method


def help_on(kind: type) -> str:
    """Return what `help` prints, which looks for the methods' docstrings in the class that the module names."""
    module = sys.modules[kind.__module__]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, kind.__name__, kind)
        return pydoc.render_doc(kind, renderer=pydoc.plaintext)


FACTS: dict[str, Callable[[typing.Any], object]] = {
    "signature": inspect.signature,
    "signature as text": lambda kind: str(inspect.signature(kind)),
    "constructor": lambda kind: (str(inspect.signature(kind.__new__)), kind.__new__.__doc__),
    "constructor's annotations": lambda kind: kind.__new__.__annotations__["".join(kind._fields[:1])],
    "docstring": lambda kind: kind.__doc__,
    "docstrings of fields": lambda kind: [getattr(kind, field).__doc__ for field in kind._fields],
    "docstrings of methods": lambda kind: [
        (one.__doc__, one.__qualname__, str(inspect.signature(one)))
        for one in (kind._make, kind._replace, kind._asdict, kind.__repr__, kind.__getnewargs__)
    ],
    "annotations": lambda kind: kind.__annotations__,
    "annotations that inspect gets": inspect.get_annotations,
    "fields": lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__),
    "bases": lambda kind: (kind.__mro__[1:], kind.__orig_bases__),
    "attributes": lambda kind: sorted(set(vars(kind)) - {"__annotations_cache__", "__annotate_func__"}),
    "help": help_on,
}


@every_module
def test_named_tuples_look_alike(name: str) -> None:
    """Each named tuple class is described as `typing.NamedTuple` would make it."""
    for ours, theirs in pairs(name, "NamedTuple"):
        for fact, of in FACTS.items():
            assert of(ours) == of(theirs), (ours, fact)


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_each_fact_is_right_when_it_is_the_first_that_is_asked(fact: Callable[[typing.Any], object]) -> None:
    """No question changes the answer to another, and none needs another before it."""
    script = f"""
import sys
from pathlib import Path
sys.path[:0] = {[str(Path(__file__).parents[1]), str(Path(wheelarch.__file__).parents[1])]!r}
from lib.test_introspection import FACTS, pairs
import wheelarch.limits
[(ours, theirs)] = pairs("wheelarch.limits", "NamedTuple")
of = FACTS[{next(word for word, one in FACTS.items() if one is fact)!r}]
assert of(ours) == of(theirs)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@every_module
def test_protocols_look_alike(name: str) -> None:
    """Each protocol has the signature that `typing.Protocol` gives it, and cannot be called either."""
    for ours, theirs in pairs(name, "Protocol"):
        assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
        assert ours.__doc__ == theirs.__doc__
        for kind in (ours, theirs):
            with pytest.raises(TypeError, match="Protocols cannot be instantiated"):
                kind()
        assert type("Derived", (ours,), {})()


def literals() -> Iterator[tuple[object, object]]:
    for name in NAMES:
        for node in tree(name).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Literal["):
                oracle = eval(ast.unparse(node.value), {"Literal": typing.Literal})
                yield getattr(importlib.import_module(name), ast.unparse(node.targets[0])), oracle


def test_literals_are_alike() -> None:
    """`typing` takes each alias for its own."""
    found = list(literals())
    assert FaultKind in [ours for ours, _ in found]
    for ours, theirs in found:
        assert typing.get_args(ours) == typing.get_args(theirs) != ()
        assert typing.get_origin(ours) is typing.Literal
        assert isinstance(ours, type(theirs))
        assert (ours, theirs) == (theirs, ours)
        assert (hash(ours), repr(ours)) == (hash(theirs), repr(theirs))
        assert typing.Union[ours, int] == typing.Union[theirs, int]  # noqa: UP007
        assert typing.get_args(ours | None) == typing.get_args(theirs | None)  # type: ignore[operator]
        assert pickle.loads(pickle.dumps(ours)) == copy.deepcopy(ours) == theirs
        holder = type("Holder", (), {"__annotations__": {"kinds": "list[Ours]"}})
        assert typing.get_type_hints(holder, {"Ours": ours}) == {"kinds": list[theirs]}  # type: ignore[valid-type]


@every_module
def test_everything_can_be_described(name: str) -> None:
    """`help` works for every module, and `inspect.signature` for every function, method and class in it."""
    module = importlib.import_module(name)
    assert pydoc.render_doc(module, renderer=pydoc.plaintext)
    for value in vars(module).values():
        if getattr(value, "__module__", None) != name:
            continue
        if isinstance(value, types.FunctionType):
            inspect.signature(value)
        elif isinstance(value, type):
            if not issubclass(
                value, BaseException
            ):  # without `__init__`, these have no signature in any program
                inspect.signature(value)
            for method in functions(value):
                inspect.signature(method)


def test_help_names_every_public_name() -> None:
    """`help(wheelarch)` describes all of `__all__`."""
    text = pydoc.render_doc(wheelarch, renderer=pydoc.plaintext)
    for name in wheelarch.__all__:
        assert name in text or name == "__version__"
    assert f"VERSION\n    {wheelarch.__version__}\n" in text


def classes_in(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and not isinstance(hint, types.GenericAlias):
        yield hint
    for argument in typing.get_args(hint):
        yield from classes_in(argument)


def public() -> dict[str, object]:
    """Return what `wheelarch.__all__` names, and every class that the annotations of these name, and so on."""
    found: dict[str, object] = {}
    waiting = [getattr(wheelarch, name) for name in wheelarch.__all__ if name != "__version__"]
    while waiting:
        one = waiting.pop()
        name = f"{one.__module__}.{one.__qualname__}"
        if name in found or not name.startswith("wheelarch."):
            continue
        found[name] = one
        for part in [one, *functions(one)] if isinstance(one, type) else [one]:
            if (
                getattr(part, "__name__", "") != "__new__"
            ):  # `collections.namedtuple` gives it no names either
                for hint in typing.get_type_hints(part).values():
                    waiting.extend(classes_in(hint))
    return found


def test_public_annotations_resolve() -> None:
    """`typing.get_type_hints` works for every public function, class and method, without help from the caller."""
    found = public()
    assert {"wheelarch.api.audit", "wheelarch.model.Symbol", "wheelarch.interpreter.target.BuildTarget"} <= {
        *found
    }
    hints = typing.get_type_hints(wheelarch.audit_many)
    assert hints["executor"] == concurrent.futures.Executor | None
    assert typing.get_type_hints(Fault.of)["return"] is Fault


def test_severities_compare_by_weight() -> None:
    """The order is that of their weight, not of their letters, also against a word."""
    ranked = [Severity.NOTE, Severity.WARNING, Severity.ERROR]
    assert sorted([Severity.ERROR, Severity.NOTE, Severity.WARNING]) == ranked
    assert max(ranked) is Severity.ERROR
    for low, left in enumerate(ranked):
        for high, right in enumerate(ranked):
            for one, other in ((left, right), (left, right.value), (left.value, right)):
                assert (one < other, one <= other) == (low < high, low <= high)
                assert (one > other, one >= other) == (low > high, low >= high)
                assert (one == other) is (low == high)
    with pytest.raises(ValueError, match="'fatal' is not a valid Severity"):
        assert Severity.ERROR < "fatal"
