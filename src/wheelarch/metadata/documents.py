"""JSON and XML documents in a `*.dist-info` folder: variant.json (PEP 825, a draft), and bills of materials (PEP 770).

Nothing of them is kept but what rules ask. No document larger than `DOCUMENT_BYTES` is looked at, and no document makes
the parsers expand anything: entities are refused.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = ["DOCUMENT_BYTES", "Variant", "bill_problem", "read_variant"]

DOCUMENT_BYTES = 1 << 20
"""Bytes in the largest document that is read. A parsed JSON document may need a hundred times as many."""


class Variant(NamedTuple):
    """What variant.json says."""

    problem: str = ""
    """Why it cannot be used, as a clause, or empty."""
    labels: tuple[str, ...] = ()
    """The variant labels that it describes."""
    properties: int = 0
    """How many properties its variants have, all together."""
    x86_level: int = 0
    """The lowest x86-64 level that it asks for: 3 for `x86_64 :: level :: v3`; 0 if it asks for none."""


def read_variant(data: bytes) -> Variant:
    """Return what a variant.json says.

    Source: PEP 825 (draft), "Variant metadata".
    """
    document, problem = _json(data)
    variants = document.get("variants") if isinstance(document, dict) else None
    if problem or not isinstance(variants, dict):
        return Variant(problem or "it has no object `variants`")
    properties, levels = 0, []
    for namespaces in variants.values():
        for namespace, features in _items(namespaces):
            for feature, values in _items(features):
                listed = values if isinstance(values, list) else []
                properties += len(listed)
                if (namespace, feature) == ("x86_64", "level"):
                    levels += [
                        int(one[1:])
                        for one in listed
                        if isinstance(one, str) and one in ("v1", "v2", "v3", "v4")
                    ]
    return Variant("", tuple(str(label) for label in variants), properties, min(levels, default=0))


def _items(value: Any) -> list[tuple[str, Any]]:
    """Return what an object has; nothing if the value is not an object."""
    return list(value.items()) if isinstance(value, dict) else []


def bill_problem(name: str, data: bytes) -> str:
    """Return what is wrong with a software bill of materials, as a clause; empty if nothing is, or nobody can say.

    Args:
        name: Its file name: the suffix says what it is to be.
        data: Its bytes.

    Source: PEP 770; CycloneDX 1.6 JSON reference, bomFormat; SPDX 2.3, clause 6.1; SPDX 3.0 JSON-LD, `@context`.
    """
    name = name.lower()
    if name.endswith(".xml"):
        return _xml_problem(data)
    if not name.endswith(".json"):
        return ""
    document, problem = _json(data)
    if problem:
        return problem
    if not isinstance(document, dict):
        return "it is not a JSON object"
    for end, fields in _FIELDS.items():
        if name.endswith(end) and not any(field in document for field in fields):
            return f"it has no {fields[0]}, as {end} has"
    return ""


_FIELDS: Mapping[str, tuple[str, ...]] = {
    ".cdx.json": ("bomFormat",),
    ".cyclonedx.json": ("bomFormat",),
    ".spdx.json": ("spdxVersion", "@context"),
}
"""By the end of a name, the fields of which such a document has one."""


def _json(data: bytes) -> tuple[Any, str]:
    """Return a JSON document, or why it is none."""
    import json

    try:
        return json.loads(data.decode("utf-8-sig")), ""
    except (ValueError, RecursionError) as error:
        text = "nested too deep" if isinstance(error, RecursionError) else str(error)[:80]
        return None, f"it is not JSON: {text}"


def _xml_problem(data: bytes) -> str:
    from xml.parsers import expat

    class _EntitiesError(Exception):
        pass

    def refuse(*_: Any) -> None:
        raise _EntitiesError

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except _EntitiesError:
        return ""
    except expat.ExpatError as error:
        return f"it is not XML: {str(error)[:80]}"
    return ""
