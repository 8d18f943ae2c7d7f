"""What schemas are made of, in JSON Schema as OpenAPI 3.1 has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from catalogue.overlays.model import Kind

Schema: TypeAlias = Mapping[str, Any]


def text(about: str = "", **more: Any) -> Schema:
    """Return a text."""
    return {"type": "string", **({"description": about} if about else {}), **more}


def whole(about: str = "") -> Schema:
    """Return a whole number from 0 on."""
    return {"type": "integer", "minimum": 0, **({"description": about} if about else {})}


def or_null(schema: Schema) -> Schema:
    """Return what may be null as well."""
    return {**schema, "type": [schema["type"], "null"]}


def several(items: Schema, about: str = "") -> Schema:
    """Return a list."""
    return {"type": "array", "items": items, **({"description": about} if about else {})}


def thing(about: str, /, **properties: Schema) -> Schema:
    """Return an object that has just these properties, all of them."""
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def mapped(values: Schema, about: str) -> Schema:
    """Return an object with any names."""
    return {"type": "object", "description": about, "additionalProperties": values}


def ref(name: str) -> Schema:
    """Return one of the schemas by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


ID = text("The id of a record of the union.", pattern=r"^[A-Za-z0-9._~-]{1,64}$")
MOMENT = text("UTC, to the second.", format="date-time")
ADDRESS = text("An address.", format="uri")
NEXT = or_null(text("The address of the next page; null on the last one.", format="uri"))
NAME_OF_RECORD = text("Source and identifier, with a slash between.")
KIND = text(enum=[each.value for each in Kind])

_MARC_VALUE = {
    "type": "object",
    "properties": {
        "ind1": text(),
        "ind2": text(),
        "subfields": several(mapped(text(), "Code and value.")),
    },
    "required": ["ind1", "ind2", "subfields"],
    "additionalProperties": False,
}
MARC = thing(
    "MARC 21, as MARC-in-JSON has it.",
    leader=text(),
    fields=several(mapped({"anyOf": [text(), _MARC_VALUE]}, "Tag and content.")),
)
