"""/api/v1/styles: what to paint in."""

import json
from typing import Any

import numpy as np
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.community import NewStyle
from bot.styles import Label
from bot.web.body import read_json, read_multipart
from bot.web.cleaning import clean, to_png
from bot.web.errors import bad
from bot.web.parts import Parts, parts_of, person_of, spend
from bot.web.visitor import visitor_of
from worker.contract.maps.align import NAMED
from worker.contract.maps.labels import label_map
from worker.contract.maps.semantic_map import SemanticMap
from worker.contract.pictures import Rgb, is_lossy


def listed(request: Request) -> Response:
    """GET: the house's styles and one's own."""
    views = parts_of(request).styles.visible(visitor_of(request))
    return JSONResponse({"styles": [view.said() for view in views]})


def show(request: Request) -> Response:
    """GET: one of them."""
    view = parts_of(request).styles.get(request.path_params["style"], visitor_of(request))
    return JSONResponse(view.said())


async def add(request: Request) -> Response:
    """POST: a style of one's own: files `picture` and `map`, fields `name`, `labels` (JSON: name and colour)."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.sends)
    fields, files = await read_multipart(request)
    for name in ("picture", "map"):
        if name not in files:
            raise bad(f"The style's {name} is missing: send it as a file named {name}.")
    said = await run_in_threadpool(_added, parts, person, fields, files)
    return JSONResponse(said, status_code=201)


async def rename(request: Request) -> Response:
    """PATCH: another `name` for one's own style."""
    person = person_of(request)
    spend(request, parts_of(request).acts)
    name = (await read_json(request)).get("name")
    if not isinstance(name, str):
        raise bad("Send the style's new name as name, a text.")
    return JSONResponse(await run_in_threadpool(renamed, request, person, name))


def renamed(request: Request, person: str, name: str) -> dict[str, Any]:
    """The style of the address under its new name. Raises NotThereError, RefusedError."""
    parts = parts_of(request)
    return parts.styles.view(parts.community.styles.rename(key_of(request), person, name)).said()


def remove(request: Request) -> Response:
    """DELETE: one's own style; what was painted in it stays."""
    person = person_of(request)
    parts_of(request).community.styles.remove(key_of(request), person)
    return Response(status_code=204)


def key_of(request: Request) -> str:
    """The key of the address's style. Raises NotThereError for one that the visitor may not see."""
    return parts_of(request).styles.get(request.path_params["style"], visitor_of(request)).style.key


def _added(parts: Parts, person: str, fields: dict[str, str], files: dict[str, bytes]) -> dict[str, Any]:
    labels = labels_of(fields.get("labels", ""))
    new = NewStyle(
        name=fields.get("name", ""),
        picture=clean(files["picture"], "The style")[0],
        map=_in_colours(*clean(files["map"], "The style map"), labels),
        labels=labels,
        artist=fields.get("artist", ""),
        licence=fields.get("licence", ""),
        source=fields.get("source", ""),
    )
    return parts.styles.view(parts.community.styles.add(new, person)).said()


def _in_colours(style_map: bytes, pixels: Rgb, labels: list[Label]) -> bytes:
    """A map of a lossy file, with pixels (H, W, 3), in exactly the colours that its labels are told in.

    Any other as it is.
    """
    if not is_lossy(style_map):
        return style_map
    found = label_map(SemanticMap(pixels, "picture", lossy=True))
    if found.painted or found.crowded:
        return style_map
    colours = found.colours.copy()
    for label in labels:
        away = np.linalg.norm(found.colours.astype(float) - label.rgb, axis=1)
        if away.min() <= NAMED:
            colours[away.argmin()] = label.rgb
    return to_png(colours[found.labels])


def labels_of(text: str) -> list[Label]:
    """Labels as JSON says them. Raises HttpError."""
    try:
        said = json.loads(text)
        return [Label(name=str(one["name"]), colour=str(one["colour"]).lower()) for one in said]
    except (ValueError, TypeError, KeyError, ValidationError, RecursionError) as error:
        raise bad('labels has to be JSON as [{"name": "sky", "colour": "#5a8fd6"}], one for each colour.') from error
