"""/api/v1/maps: have a map suggested, and be told what is understood of one before anything is painted."""

from typing import Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.desk import SuggestRequest, reading
from bot.desk.questions import Seen, Show
from bot.web.api.choices import refused
from bot.web.api.jobs import made, own
from bot.web.api.styles import labels_of
from bot.web.body import read_multipart
from bot.web.cleaning import clean, to_png
from bot.web.errors import bad
from bot.web.parts import parts_of, person_of, spend
from bot.web.styles import picture_address
from bot.web.visitor import FRONT
from worker.contract import SuggestOptions
from worker.contract.maps.check import CALLED
from worker.contract.maps.report import MapReport


async def suggest(request: Request) -> Response:
    """POST: a map wanted for the file `picture`; 201 with the job that makes it."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.paints)
    fields, files = await read_multipart(request)
    if "picture" not in files:
        raise bad("Send the picture as a file named picture.")
    try:
        options = SuggestOptions.model_validate({"labels": fields.get("labels") or None})
    except ValidationError as error:
        raise refused(error) from error
    key = fields.get("key", "")[:100].replace("\x00", "")

    def accepted() -> str:
        picture = clean(files["picture"], "The picture")[0]
        wish = SuggestRequest(
            picture=picture,
            options=options,
            person=person,
            front=FRONT,  # whoever draws looks at it here: nothing is posted to where a link came from
            request_key=f"web:{person}:{key}"[:200] if key else None,
            name="The picture",
        )
        return parts.desk.suggest(wish).job_id

    return await made(request, await run_in_threadpool(accepted))


def suggested(request: Request) -> Response:
    """GET: the map that a job suggested, with a name, colour and share for each label."""
    own(request)
    found = parts_of(request).desk.suggestion(request.path_params["id"])
    labels: list[dict[str, Any]] = [
        {"name": name, "colour": colour, "share": round(share, 4)}
        for (name, colour), share in zip(found.labels, found.shares, strict=True)
    ]
    labels.sort(key=lambda one: -one["share"])  # as one sees them
    said = {"map": picture_address(found.digest), "width": found.width, "height": found.height, "labels": labels}
    return JSONResponse(said)


async def check(request: Request) -> Response:
    """POST: files `map` and perhaps `style` and `doodle`; what is understood of them, as a report.

    ?picture=map gives the map as it is understood, ?picture=sheet the report as a picture: both PNG.
    """
    parts = parts_of(request)
    spend(request, parts.sends)
    wanted = request.query_params.get("picture", "")
    if wanted not in ("", "map", "sheet"):
        raise bad("picture is map or sheet.")
    fields, files = await read_multipart(request)
    if "map" not in files:
        raise bad("Send the map as a file named map.")
    return await run_in_threadpool(_checked, fields, files, wanted)


def _checked(fields: dict[str, str], files: dict[str, bytes], wanted: str) -> Response:
    shows: dict[str, Show] = {"": "report", "map": "map", "sheet": "sheet"}
    seen = _seen(fields, files, shows[wanted])
    if not wanted:
        return JSONResponse(_report(seen.report))
    if seen.sheet is not None:
        return Response(seen.sheet, media_type="image/png")
    if seen.map is None:
        first = seen.report.problems
        raise bad(f"{first[0].text}." if first else "This map has no labels: nothing can be shown of it.")
    return Response(to_png(seen.map), media_type="image/png")


def _seen(fields: dict[str, str], files: dict[str, bytes], show: Show) -> Seen:
    """Of the map alone, it is its own doodle. Names come from the fields, else from the map's file."""
    said = labels_of(fields["labels"]) if fields.get("labels") else []
    called = {label.colour: label.name for label in said} or reading.names(files["map"])
    style = clean(files["style"], CALLED["style"])[0] if "style" in files else None
    style_map = clean(files["map"], CALLED["style_map"])[0]
    doodle = clean(files["doodle"], CALLED["doodle"])[0] if "doodle" in files else style_map
    return reading.understand(style, style_map, doodle, called, show)


def _report(report: MapReport) -> dict[str, Any]:
    said: dict[str, Any] = report.model_dump(mode="json")
    return {"ok": report.ok, **said}
