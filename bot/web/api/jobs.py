"""/api/v1/jobs: ask for paintings, watch, stop, fetch, publish and delete them."""

from datetime import UTC, datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.community import Publication
from bot.desk import Recipe, Standing
from bot.web.api.said import job_said, work_said
from bot.web.api.wish import desk_request
from bot.web.body import read_json
from bot.web.errors import bad, missing
from bot.web.labels import labels_in
from bot.web.parts import Parts, parts_of, person_of, spend
from bot.web.visitor import FRONT, visitor_of
from worker.contract import tracing


async def create(request: Request) -> Response:
    """POST: a job; 201 with where it stands."""
    parts = parts_of(request)
    spend(request, parts.paints)
    began = datetime.now(UTC)
    wish = await desk_request(request)
    ticket = await run_in_threadpool(parts.desk.accept, wish)
    tracing.passed("ask", ticket.job_id, began, front=FRONT)
    return await made(request, ticket.job_id)


async def made(request: Request, job_id: str) -> Response:
    """201 with where a job of this person stands."""
    said = await run_in_threadpool(_said, request, job_id)
    return JSONResponse(said, status_code=201, headers={"location": f"/api/v1/jobs/{job_id}"})


def listed(request: Request) -> Response:
    """GET: one's own last jobs."""
    parts = parts_of(request)
    limit = request.query_params.get("limit", "20")
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:4]) <= 100):
        raise bad("limit has to be a number from 1 to 100.")
    before = request.query_params.get("before")
    standings = parts.desk.last_jobs(person_of(request), limit=int(limit), before=before)
    return JSONResponse({"jobs": [job_said(one, recipe_of(parts, one)) for one in standings]})


def show(request: Request) -> Response:
    """GET: where one's own job stands."""
    said = _said(request, request.path_params["id"])
    return JSONResponse(said)


def cancel(request: Request) -> Response:
    """POST: stop it, at any stage."""
    own(request)
    parts_of(request).desk.cancel(request.path_params["id"], person_of(request))
    return JSONResponse(_said(request, request.path_params["id"]))


def delete(request: Request) -> Response:
    """DELETE: the job, its pictures and the work that it became."""
    own(request)
    parts_of(request).community.privacy.delete_job(request.path_params["id"], person_of(request))
    return Response(status_code=204)


def preview(request: Request) -> Response:
    """GET: the painting so far, JPEG; 204 while there is none, or when it is done."""
    own(request)
    data = parts_of(request).desk.preview(request.path_params["id"])
    if data is None:
        return Response(status_code=204)
    return Response(data, media_type="image/jpeg", headers={"cache-control": "private, max-age=60"})


async def publish(request: Request) -> Response:
    """POST: hang the painting in the gallery; 201 with the work."""
    parts = parts_of(request)
    person = person_of(request)
    spend(request, parts.acts)
    said = await read_json(request)
    work = await run_in_threadpool(published, request, person, said)
    return JSONResponse(work, status_code=201, headers={"location": f"/work/{work['id']}"})


def published(request: Request, person: str, said: dict[str, Any]) -> dict[str, Any]:
    """The work that the job of the address becomes, as the API tells it. Raises HttpError, RefusedError."""
    parts = parts_of(request)
    standing = own(request)
    for name, kind in (("title", str), ("author", str), ("alt", str), ("nsfw", bool)):
        if said.get(name) is not None and not isinstance(said[name], kind):
            raise bad(f"{name} has to be a {'text' if kind is str else 'yes or no'}.")
    challenge = said.get("challenge")
    if challenge is not None and (not isinstance(challenge, int) or not 0 < challenge < 2**31):
        raise bad("challenge has to be a number.")
    publication = Publication(
        author=_author(request, said.get("author") or ""),
        title=said.get("title") or "",
        alt=said.get("alt") or "",
        nsfw=bool(said.get("nsfw")),
        labels=labels_in(parts, standing.job_id),
        challenge=challenge,
    )
    return work_said(parts.community.works.publish(standing.job_id, person, publication), parts.settings)


def _author(request: Request, said: str) -> str:
    """The name to show: that of the account where there are accounts, so that nobody signs as another."""
    if parts_of(request).settings.mode != "discord":
        return said
    visitor = visitor_of(request)
    return visitor.name[:80] if visitor.proof == "cookie" else ""


def own(request: Request, job_id: str | None = None) -> Standing:
    """This job, else the address's, as if there were none when it is another's. Raises HttpError, UnknownJobError."""
    person = person_of(request)
    standing = parts_of(request).desk.standing(job_id or request.path_params["id"])
    if standing.person != person:
        raise missing("job")
    return standing


def _said(request: Request, job_id: str) -> dict[str, Any]:
    parts = parts_of(request)
    standing = parts.desk.standing(job_id)
    if standing.person != person_of(request):
        raise missing("job")
    return handed_over(parts, standing)


def handed_over(parts: Parts, standing: Standing) -> dict[str, Any]:
    """The job as told to its owner's page; an answer that the page owed is given with it."""
    recipe = recipe_of(parts, standing)
    ours = recipe is None or recipe.front == FRONT
    if standing.final and ours and parts.desk.owes(standing.job_id):
        parts.desk.fetched(standing.job_id)
    return job_said(standing, recipe)


def recipe_of(parts: Parts, standing: Standing) -> Recipe | None:
    """What a painting is made of; None for a suggested map."""
    return parts.desk.recipe(standing.job_id) if standing.kind == "paint" else None
