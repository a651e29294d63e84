"""What modules take from `typing` at run time, without importing it.

A small audit takes 1.3 times as long if it imports `typing`. Annotations are strings in this package, so modules
import most names of `typing` for type checkers only, under `if TYPE_CHECKING`. This module has the names that run.
Type checkers see the real ones; a run sees these:

NamedTuple: its classes have the same attributes, signatures and help as those of `typing.NamedTuple`, which takes
eight times as long to make one. The differences are inside. The constructor is not compiled: it is a copy of
`_construct` with the fields as arguments. The other methods are written when one of them is first used. Annotations
become `typing.ForwardRef` objects when they are first read.

Literal: stands for the real `typing.Literal[...]` and answers as that does.

Protocol: a class without the checks of `typing.Protocol`. A class derived from it cannot be called, but what
derives from that class can.

futures: imports `concurrent.futures` when an attribute is first asked for, so that annotations can name its classes.

`typing.get_type_hints` looks names up in the module of a function or class. So a module of the public interface
imports the names in its public annotations at run time, not under `if TYPE_CHECKING`.
"""

from __future__ import annotations

__all__ = ["TYPE_CHECKING", "Literal", "NamedTuple", "Protocol", "cast", "futures"]

TYPE_CHECKING = False

if TYPE_CHECKING:
    from concurrent import futures
    from typing import Literal, NamedTuple, Protocol, cast
else:
    from sys import version_info

    try:
        from _collections import _tuplegetter as _getter
    except ImportError:  # only CPython is sure to have it
        from operator import itemgetter

        def _getter(index, doc):
            return property(itemgetter(index), doc=doc)

    _GETTERS = []
    """What reads field 0, field 1 and so on. All classes share them."""

    class _Annotations(dict):
        """Annotations of a class and its constructor: strings that turn into `typing.ForwardRef` when read."""

        __slots__ = ("_references",)

        def __get__(self, _value, _owner):
            """Return them as `typing.NamedTuple` has them."""
            try:
                return self._references
            except AttributeError:
                from typing import ForwardRef

                self._references = {name: ForwardRef(text) for name, text in dict.items(self)}
                return self._references

    def _reading(name):
        def read(self, *arguments):
            return getattr(self.__get__(None, None), name)(*arguments)

        return read

    for _name in ("__eq__", "__getitem__", "__iter__", "__repr__", "copy", "get", "items", "keys", "values"):
        setattr(_Annotations, _name, _reading(_name))

    _function = type(_reading)
    _new_tuple = tuple.__new__

    def _construct(_cls):
        return _new_tuple(_cls, tuple(locals().values())[1:])

    def _constructor(name, fields, defaults):
        """Return `_construct` with the fields as further arguments: the code does not depend on their number."""
        arguments = ("_cls", *fields)
        count = len(arguments)
        code = _construct.__code__.replace(co_argcount=count, co_nlocals=count, co_varnames=arguments)
        made = _function(code, globals(), "__new__", defaults)
        made.__module__, made.__qualname__ = f"namedtuple_{name}", f"{name}.__new__"
        made.__doc__ = f"Create new instance of {_call(name, fields)}"
        return made

    def _call(name, fields):
        return f"{name}({', '.join(fields)}{',' if len(fields) == 1 else ''})"

    class _Unwritten:
        """Stands for an attribute of a named tuple class until that attribute is first used."""

        __slots__ = ("_name",)

        def __init__(self, name):
            self._name = name

        def __get__(self, value, owner):
            """Write all such attributes of the class and return this one."""
            kind = next(one for one in owner.__mro__ if "_fields" in one.__dict__)
            for name, attribute in _attributes(kind.__name__, kind._fields).items():
                if isinstance(kind.__dict__[name], _Unwritten):
                    setattr(kind, name, attribute)
            attribute = kind.__dict__[self._name]
            return attribute if self._name == "__doc__" else attribute.__get__(value, owner)

    def _attributes(kind, fields):
        """Return what `collections.namedtuple` writes for each class, in its words."""
        shape = "(" + ", ".join([f"{field}=%r" for field in fields]) + ")"

        def _make(cls, iterable):
            made = _new_tuple(cls, iterable)
            if len(made) != len(fields):
                raise TypeError(f"Expected {len(fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **kwds):
            made = self._make(map(kwds.pop, fields, self))
            if kwds:
                kind_of_error = TypeError if version_info >= (3, 13) else ValueError
                raise kind_of_error(f"Got unexpected field names: {list(kwds)!r}")
            return made

        def __repr__(self):  # noqa: N807
            """Return a nicely formatted representation string"""  # noqa: D415
            return self.__class__.__name__ + shape % self

        def _asdict(self):
            """Return a new dict which maps field names to their values."""
            return dict(zip(self._fields, self, strict=False))

        def __getnewargs__(self):  # noqa: N807
            """Return self as a plain tuple.  Used by copy and pickle."""
            return tuple(self)

        _make.__doc__ = f"Make a new {kind} object from a sequence or iterable"
        _replace.__doc__ = f"Return a new {kind} object replacing specified fields with new values"
        for method in (_make, _replace, __repr__, _asdict, __getnewargs__):
            method.__module__, method.__qualname__ = "collections", f"{kind}.{method.__name__}"
        attributes = {
            "__doc__": _call(kind, fields),
            "_make": classmethod(_make),
            "_replace": _replace,
            "__repr__": __repr__,
            "_asdict": _asdict,
            "__getnewargs__": __getnewargs__,
        }
        return attributes if version_info < (3, 13) else {**attributes, "__replace__": _replace}

    _UNWRITTEN = {name: _Unwritten(name) for name in _attributes("", ())}

    class _NamedTupleMeta(type):
        @classmethod
        def __prepare__(cls, _name, _bases):
            return {"__annotations__": _Annotations()}

        def __new__(cls, name, _bases, namespace):
            annotations = namespace["__annotations__"]
            fields = tuple(dict.keys(annotations))
            more = range(len(_GETTERS), len(fields))
            _GETTERS.extend([_getter(index, f"Alias for field number {index}") for index in more])
            defaults = {field: namespace[field] for field in fields if field in namespace}
            constructor = _constructor(name, fields, tuple(defaults.values()))
            constructor.__annotations__ = annotations
            facts = {
                "__slots__": (),
                "__new__": constructor,
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
            }
            getters = dict(zip(fields, _GETTERS, strict=False))
            return type(name, (tuple,), {**_UNWRITTEN, **namespace, **facts, **getters})

    _BASES = (type.__new__(_NamedTupleMeta, "NamedTuple", (), {}),)

    class _NamedTuple:
        """What class statements name as their base. It equals `typing.NamedTuple`, for who reads `__orig_bases__`."""

        __slots__ = ()

        def __mro_entries__(self, _bases):
            return _BASES

        def __eq__(self, other):
            from typing import NamedTuple

            return other is self or other is NamedTuple

        def __hash__(self):
            from typing import NamedTuple

            return hash(NamedTuple)

        def __repr__(self):
            from typing import NamedTuple

            return repr(NamedTuple)

    NamedTuple = _NamedTuple()

    class _Alias:
        """Stands for `typing.Literal[words]`, also for `isinstance`."""

        __slots__ = ("_words",)

        def __init__(self, words):
            self._words = words

        def _real(self):
            from typing import Literal

            return Literal[self._words]

        @property
        def __class__(self):
            return type(self._real())

        def __getattr__(self, name):
            return getattr(self._real(), name)

        def __eq__(self, other):
            return self._real() == other

        def __hash__(self):
            return hash(self._real())

        def __or__(self, other):
            return self._real() | other

        def __ror__(self, other):
            return other | self._real()

        def __repr__(self):
            return repr(self._real())

        def __reduce__(self):
            return self._real().__reduce__()

    class Literal:
        """`typing.Literal` of one or more words."""

        def __class_getitem__(cls, words):
            return _Alias(words)

    def _refuse(self, *args, **kwargs):  # noqa: ARG001 -- the signature is that of typing.Protocol
        if type(self)._is_protocol:  # noqa: SLF001
            raise TypeError("Protocols cannot be instantiated")

    class Protocol:
        """The base of all protocols."""

        __slots__ = ()

        def __init_subclass__(cls):
            cls._is_protocol = Protocol in cls.__bases__
            if cls._is_protocol and "__init__" not in cls.__dict__:
                cls.__init__ = _refuse

    def cast(_, value):
        """Return the value."""
        return value

    class _Futures:
        def __getattr__(self, name):
            from concurrent import futures

            return getattr(futures, name)

    futures = _Futures()
