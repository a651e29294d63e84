"""What modules take from `typing` when they run, without importing it: that costs a tenth of a small audit.

Annotations are never evaluated (`from __future__ import annotations`), so the rest of `typing` is imported for
type checkers alone, under `if TYPE_CHECKING`. What stands here means to them just what it means in `typing`.
"""

from __future__ import annotations

__all__ = ["TYPE_CHECKING", "Literal", "NamedTuple", "Protocol", "cast"]

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Literal, NamedTuple, Protocol, cast
else:
    try:
        from _collections import _tuplegetter as _field
    except ImportError:  # CPython's, which is quicker, is not everybody's
        from operator import itemgetter

        def _field(index, doc):
            return property(itemgetter(index), doc=doc)

    _new_tuple = tuple.__new__

    class _Fields(tuple):
        """What `collections.namedtuple` gives its classes. It compiles a constructor for each: 3 ms of each run."""

        __slots__ = ()

        def __new__(cls, *values, **named):
            fields = cls._fields
            if named or len(values) != len(fields):
                defaults = cls._field_defaults
                missing = fields[len(values) :]
                try:
                    values += tuple([named.pop(one) if one in named else defaults[one] for one in missing])
                except KeyError as error:
                    raise TypeError(f"{cls.__name__}: no value for the field {error}") from None
                if named or len(values) > len(fields):
                    raise TypeError(
                        f"{cls.__name__}: values that are no field's, or a second one: {[*named]}"
                    )
            return _new_tuple(cls, values)

        @classmethod
        def _make(cls, values):
            made = _new_tuple(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"{cls.__name__}: {len(cls._fields)} values expected, {len(made)} found")
            return made

        def _replace(self, **named):
            made = _new_tuple(type(self), map(named.pop, self._fields, self))
            if named:
                # As of Python 3.13; before, it was a ValueError.
                raise TypeError(f"{type(self).__name__} has no such fields: {[*named]}")
            return made

        __replace__ = _replace

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)

    class _NamedTupleMeta(type):
        def __new__(cls, name, _bases, namespace):
            fields = tuple(namespace["__annotations__"])
            defaults = {field: namespace[field] for field in fields if field in namespace}
            getters = {field: _field(index, f"Field {index}.") for index, field in enumerate(fields)}
            facts = {
                "__slots__": (),
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
            }
            return type(name, (_Fields,), namespace | getters | facts)

    NamedTuple = type.__new__(_NamedTupleMeta, "NamedTuple", (), {})
    """`typing.NamedTuple`, for classes whose annotations are strings."""
    Protocol = object

    class Literal:
        """`typing.Literal` of several words, at run time their tuple."""

        def __class_getitem__(cls, words):
            return words

    def cast(_, value):
        """Return the value."""
        return value
