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
    from collections import namedtuple

    class _NamedTupleMeta(type):
        def __new__(cls, name, _bases, namespace):
            fields = namespace.pop("__annotations__", {})
            defaults = [namespace.pop(field) for field in fields if field in namespace]
            module = namespace.pop("__module__")
            made = namedtuple(name, fields, defaults=defaults, module=module)  # noqa: PYI024 - `typing` has the other
            for key, value in namespace.items():
                if key != "__qualname__":
                    setattr(made, key, value)
            return made

    NamedTuple = type.__new__(_NamedTupleMeta, "NamedTuple", (), {})
    """`typing.NamedTuple`, of classes whose annotations are strings."""
    Protocol = object

    class Literal:
        """`typing.Literal`, at run time the tuple of its words."""

        def __class_getitem__(cls, words):
            return words

    def cast(_, value):
        """Return the value."""
        return value
