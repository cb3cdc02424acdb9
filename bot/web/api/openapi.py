"""The API's own description, OpenAPI 3.1, served beside it; and a page for people."""

from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.api import shapes
from bot.web.api.choices import Choices
from bot.web.api.shapes import DIGEST, FILE, MAYBE_NUMBER, MAYBE_TEXT, NUMBER, TEXT, Json
from bot.web.parts import outside, parts_of
from worker.contract.maps import MapReport

LABELS = {"type": "string", "description": "JSON: [{name, colour}]"}


@cache
def description() -> Json:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Twobit",
            "version": "1",
            "description": "Turns doodles into paintings. Errors are {error: {code, message}}; the message is one "
            "sentence that says what to do. 429 and 503 carry Retry-After. Most calls need to know whose they are: "
            "send a token, made by a person on the page /me, as Authorization: Bearer twobit_….",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}, {}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "made on the page /me"},
                "session": {"type": "apiKey", "in": "header", "name": "x-csrf-token", "description": "pages only"},
            },
            "schemas": _schemas(),
        },
    }


async def document(_request: Request) -> Response:
    """GET."""
    return JSONResponse(description(), headers={"cache-control": "public, max-age=300"})


def page(request: Request) -> Response:
    """The same for people."""
    calls = [
        (method.upper(), path, said["summary"])
        for path, methods in description()["paths"].items()
        for method, said in methods.items()
        if method != "parameters"
    ]
    return parts_of(request).templates.page(
        request, "api.html", calls=calls, jobs_address=outside(request, "/api/v1/jobs")
    )


def _paths() -> Json:
    job, work, style = _ref("Job"), _ref("Work"), _ref("Style")
    picture = {"200": {"description": "the picture", "content": {"image/*": {"schema": FILE}}}}
    so_far = {**picture, "204": {"description": "there is none, or the painting is done"}}
    events = {"200": {"description": "events named standing", "content": {"text/event-stream": {"schema": TEXT}}}}
    return {
        "/api/v1/jobs": {
            "post": _call("Ask for a painting", shapes.made(job), body=_wish()),
            "get": _call(
                "Your last jobs",
                shapes.ok(_list("jobs", job)),
                query={"limit": {"type": "integer", "minimum": 1, "maximum": 100}, "before": TEXT},
            ),
        },
        "/api/v1/jobs/{id}": {
            "parameters": [shapes.in_path("id")],
            "get": _call("Where a job stands", shapes.ok(job)),
            "delete": _call("Delete a job, its pictures and its work", shapes.nothing()),
        },
        "/api/v1/jobs/{id}/cancel": {"parameters": [shapes.in_path("id")], "post": _call("Stop a job", shapes.ok(job))},
        "/api/v1/jobs/{id}/events": {"parameters": [shapes.in_path("id")], "get": _call("Watch a job", events)},
        "/api/v1/jobs/{id}/preview": {"parameters": [shapes.in_path("id")], "get": _call("A painting so far", so_far)},
        "/api/v1/jobs/{id}/publish": {
            "parameters": [shapes.in_path("id")],
            "post": _call("Hang a painting in the gallery", shapes.made(work), body=_json(_ref("Publication"))),
        },
        "/api/v1/pictures": {
            "post": _call("Send a picture ahead; kept for a day", shapes.made(_ref("Picture")), body=_files("picture"))
        },
        "/api/v1/pictures/{digest}": {
            "parameters": [shapes.in_path("digest", DIGEST)],
            "get": _call(
                "A picture that you may see",
                picture,
                query={"width": {"enum": ["160", "320", "640", "1024"]}, "format": {"enum": ["webp", "avif", "jpeg"]}},
            ),
        },
        "/api/v1/preview": {
            "post": _call("A doodle's colours in a style, at once", picture, body=_files("doodle", style=TEXT))
        },
        "/api/v1/jobs/{id}/map": {
            "parameters": [shapes.in_path("id")],
            "get": _call("The map that a job suggested", shapes.ok(_ref("Map"))),
        },
        "/api/v1/maps/suggest": {
            "post": _call(
                "Have a map suggested for a picture", shapes.made(job), body=_files("picture", optional=_wanted())
            )
        },
        "/api/v1/maps/check": {
            "post": _call(
                "What is understood of a map, before anything is painted",
                {
                    "200": {
                        "description": "done",
                        "content": {**shapes.content(_ref("MapReport")), "image/png": {"schema": FILE}},
                    }
                },
                body=_files("map", optional={"style": FILE, "doodle": FILE, "labels": LABELS}),
                query={"picture": {"enum": ["map", "sheet"]}},
            )
        },
        "/api/v1/styles": {
            "get": _call("What you may paint in", shapes.ok(_list("styles", style))),
            "post": _call(
                "Add a style of your own",
                shapes.made(style),
                body=_files("picture", "map", name=TEXT, labels=LABELS),
            ),
        },
        "/api/v1/styles/{style}": {
            "parameters": [shapes.in_path("style")],
            "get": _call("One style, by key or slug", shapes.ok(style)),
            "patch": _call(
                "Give a style of your own another name", shapes.ok(style), body=_json(_object(["name"], name=TEXT))
            ),
            "delete": _call("Remove a style of your own", shapes.nothing()),
        },
        "/api/v1/works": {"get": _call("What hangs in the gallery", shapes.ok(_list("works", work)), query=_filters())},
        "/api/v1/works/{id}": {
            "parameters": [shapes.in_path("id")],
            "get": _call("One work", shapes.ok(work)),
            "delete": _call("Take your own work back", shapes.nothing()),
        },
        "/api/v1/works/{id}/vote": {
            "parameters": [shapes.in_path("id")],
            "post": _call(
                "Give or take back your vote",
                shapes.ok({"type": "object"}),
                body=_json(_object(on={"type": "boolean"})),
            ),
        },
        "/api/v1/works/{id}/report": {
            "parameters": [shapes.in_path("id")],
            "post": _call("Tell the moderators", shapes.nothing(), body=_json(_object(["reason"], reason=TEXT))),
        },
    }


def _schemas() -> Json:
    choices = Choices.model_json_schema()
    options = {**choices["properties"], "style": TEXT, "labels": LABELS, "as_is": TEXT}
    options |= {"parent": MAYBE_TEXT, "key": MAYBE_TEXT}
    digests = {"style_map": DIGEST, "doodle": DIGEST, "content": DIGEST}
    report = MapReport.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = report.pop("$defs")
    state = {"enum": ["queued", "running", "done", "failed", "cancelled"]}
    label = _object(["name", "colour"], name=TEXT, colour={"type": "string", "pattern": "^#[0-9a-f]{6}$"}, share=NUMBER)
    return {
        **parts,
        "Wish": {
            **_object(["style", "doodle"], **options, **digests),
            "description": "style: name of a style, else the digest of a picture with its style_map. "
            "labels: what the colours of a style map of one's own are called. "
            "key: the same key twice is one job. parent: id of the work that this remixes. "
            "as_is: files are kept as they are, masks and embeddings too; at the service's own machine only.",
        },
        "WishForm": _object(["doodle"], **options, style_map=FILE, doodle=FILE, content=FILE),
        "Job": _object(
            ["id", "state", "options"],
            id=TEXT,
            kind={"enum": ["paint", "suggest"]},
            state=state,
            created=TEXT,
            ahead={"type": ["integer", "null"]},
            eta_seconds=MAYBE_NUMBER,
            progress={"type": ["object", "null"]},
            preview=MAYBE_TEXT,
            painting=MAYBE_TEXT,
            map={**MAYBE_TEXT, "description": "where a suggested map is told"},
            doodle=MAYBE_TEXT,
            width={"type": ["integer", "null"]},
            height={"type": ["integer", "null"]},
            seconds=MAYBE_NUMBER,
            notes={"type": "array", "items": TEXT},
            failure=MAYBE_TEXT,
            message=MAYBE_TEXT,
            style=MAYBE_TEXT,
            remix_of=MAYBE_TEXT,
            options={"type": "object"},
        ),
        "Work": _object(
            ["id", "title", "alt", "painting"],
            id=TEXT,
            title=TEXT,
            author=TEXT,
            alt=TEXT,
            nsfw={"type": "boolean"},
            page=TEXT,
            painting=TEXT,
            doodle=TEXT,
            width={"type": "integer"},
            height={"type": "integer"},
            votes={"type": "integer"},
            style=MAYBE_TEXT,
            labels={"type": "array", "items": TEXT},
            parent=MAYBE_TEXT,
            published=TEXT,
            recipe={"type": "object"},
        ),
        "Publication": _object(
            title=TEXT, author=TEXT, alt=TEXT, nsfw={"type": "boolean"}, challenge={"type": ["integer", "null"]}
        ),
        "Style": _object(
            ["key", "name", "labels"], key=TEXT, slug=TEXT, name=TEXT, labels={"type": "array", "items": label}
        ),
        "Map": _object(
            ["map", "labels"],
            map=TEXT,
            width={"type": "integer"},
            height={"type": "integer"},
            labels={"type": "array", "items": label},
        ),
        "MapReport": {"properties": {"ok": {"type": "boolean"}, **report.pop("properties")}, **report},
        "Picture": _object(["digest"], digest=DIGEST, width={"type": "integer"}, height={"type": "integer"}),
        "Error": _object(["error"], error=_object(["code", "message"], code=TEXT, message=TEXT)),
    }


def _filters() -> Json:
    return {
        "order": {"enum": ["newest", "top", "random"]},
        "period": {"enum": ["week", "month", "all"]},
        "style": TEXT,
        "label": TEXT,
        "challenge": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
        "after": TEXT,
    }


def _wish() -> Json:
    form = {"multipart/form-data": {"schema": _ref("WishForm")}}
    return {"required": True, "content": {**form, "application/json": {"schema": _ref("Wish")}}}


def _call(summary: str, answers: Json, *, body: Json | None = None, query: Json | None = None) -> Json:
    refused = {"description": "refused", "content": {"application/json": {"schema": _ref("Error")}}}
    call: Json = {"summary": summary, "responses": {**answers, "4XX": refused, "503": refused}}
    if body is not None:
        call["requestBody"] = body
    if query is not None:
        call["parameters"] = [{"name": name, "in": "query", "schema": schema} for name, schema in query.items()]
    return call


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: list[str] | None = None, **properties: Any) -> Json:
    return {"type": "object", "properties": properties, "required": required or []}


def _list(name: str, item: Json) -> Json:
    return _object([name], **{name: {"type": "array", "items": item}}, next=MAYBE_TEXT)


def _json(schema: Json) -> Json:
    return {"required": True, "content": shapes.content(schema)}


def _files(*names: str, optional: Json | None = None, **fields: Any) -> Json:
    needed = {**dict.fromkeys(names, FILE), **fields}
    schema = _object([*needed], **needed, **(optional or {}))
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _wanted() -> Json:
    labels = {"type": "integer", "minimum": 2, "maximum": 32, "description": "as many as the picture seems to have"}
    return {"labels": labels, "key": TEXT}
