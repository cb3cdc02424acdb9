"""/api/v1/works: what hangs in the gallery."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.api.said import work_said
from bot.web.body import read_json
from bot.web.errors import HttpError, bad
from bot.web.gallery import query_of
from bot.web.parts import parts_of, person_of, spend


def listed(request: Request) -> Response:
    """GET: page by page; `next` is what to ask for as `after`."""
    parts = parts_of(request)
    page = parts.community.gallery.page(query_of(request), after=request.query_params.get("after"))
    return JSONResponse({"works": [work_said(work, parts.settings) for work in page.works], "next": page.after})


def show(request: Request) -> Response:
    """GET: one work; 410 for one that was hidden."""
    parts = parts_of(request)
    work = parts.community.gallery.work(request.path_params["id"])
    if work.hidden:
        raise HttpError(410, "hidden", "This work was taken off the walls.")
    return JSONResponse(work_said(work, parts.settings))


async def vote(request: Request) -> Response:
    """POST {"on": true|false}: give one's vote, or take it back; without `on` the other of what is."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.acts)
    on = (await read_json(request)).get("on")
    if on is not None and not isinstance(on, bool):
        raise bad("on has to be true or false.")
    voted = await run_in_threadpool(lambda: parts.community.votes.vote(request.path_params["id"], person, on=on))
    return JSONResponse({"voted": voted.voted, "votes": voted.votes})


async def report(request: Request) -> Response:
    """POST {"reason": "..."}: tell the moderators."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.acts)
    reason = (await read_json(request)).get("reason")
    if not isinstance(reason, str):
        raise bad("reason has to be a text.")
    await run_in_threadpool(parts.community.reports.report, request.path_params["id"], person, reason)
    return Response(status_code=204)


def unpublish(request: Request) -> Response:
    """DELETE: take one's own work back."""
    parts_of(request).community.works.unpublish(request.path_params["id"], person_of(request))
    return Response(status_code=204)
