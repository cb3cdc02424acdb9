"""Small pieces of the API's description: types, parameters, answers."""

from typing import Any

Json = dict[str, Any]
DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of a picture"}
FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
TEXT = {"type": "string"}
MAYBE_TEXT = {"type": ["string", "null"]}
NUMBER = {"type": "number"}
MAYBE_NUMBER = {"type": ["number", "null"]}


def in_path(name: str, schema: Json | None = None) -> Json:
    """A part of the address."""
    return {"name": name, "in": "path", "required": True, "schema": schema or TEXT}


def content(schema: Json) -> Json:
    """A JSON body."""
    return {"application/json": {"schema": schema}}


def ok(schema: Json) -> Json:
    """200 with a body."""
    return {"200": {"description": "done", "content": content(schema)}}


def made(schema: Json) -> Json:
    """201 with a body."""
    return {"201": {"description": "made", "content": content(schema)}}


def nothing() -> Json:
    """204."""
    return {"204": {"description": "done"}}
