"""The JSON report held to its schema."""

import functools
import json
from pathlib import Path
from typing import Any

import jsonschema

import wheelarch

SCHEMA = json.loads(
    (Path(wheelarch.__file__).with_name("report") / "schema-1.json").read_text(encoding="utf-8")
)


def check(document: object) -> None:
    """Raise `jsonschema.ValidationError` unless the document is a report of version 1 and nothing more.

    Readers must pass over fields that they do not know, so the schema allows them; we must not write any that
    it does not describe.
    """
    _validator().validate(document)


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(_closed(SCHEMA))


def _closed(schema: Any) -> Any:
    """Return the schema with no room for fields that it does not name."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(part) for key, part in schema.items()}
    # Under "properties" are names of fields, which may be the word "properties" too; none is.
    return {**closed, "additionalProperties": False} if "properties" in schema else closed
