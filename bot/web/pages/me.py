"""/me: one's own paintings, tokens, and what is kept of one."""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from bot.community import Query
from bot.web.api.said import job_said
from bot.web.body import read_fields
from bot.web.errors import HttpError, bad
from bot.web.parts import Parts, parts_of, person_of, spend
from bot.web.visitor import visitor_of

CHUNK = 1 << 18
MOST = 24  # paintings on one page
SURE = "delete"  # what has to be typed


def show(request: Request, token: str = "") -> Response:
    """The page; `token` is shown this once."""
    parts, person = parts_of(request), visitor_of(request).person
    if person is None:
        by_discord = parts.settings.mode == "discord"
        return parts.templates.page(request, "stranger.html", status=401, here="me", by_discord=by_discord)
    standings = parts.desk.last_jobs(person, limit=MOST, before=request.query_params.get("before"))
    works = parts.community.gallery.page(Query(person=person, nsfw=True, hidden=True), limit=100).works
    published = {work.job_id: work for work in works}
    page = parts.templates.page(
        request,
        "me.html",
        here="me",
        jobs=[job_said(one, parts.desk.recipe(one.job_id)) for one in standings if one.kind == "paint"],
        older=standings[-1].job_id if len(standings) == MOST else None,
        published=published,
        styles=[view for view in parts.styles.visible(visitor_of(request)) if view.style.scope == "person"],
        tokens=parts.tokens.of(person),
        token=token,
        mode=parts.settings.mode,
        told=request.query_params.get("told", ""),
    )
    page.headers["cache-control"] = "private, no-store"
    return page


async def make_token(request: Request) -> Response:
    """A new API token."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.acts)
    _by_cookie(request)
    name = (await read_fields(request)).get("name", "")
    token = await run_in_threadpool(parts.tokens.make, person, name)
    return await run_in_threadpool(show, request, token)


async def revoke_token(request: Request) -> Response:
    """One token less."""
    parts, person = parts_of(request), person_of(request)
    token_id = (await read_fields(request)).get("id", "")
    await run_in_threadpool(parts.tokens.revoke, person, token_id)
    return RedirectResponse("/me", 303)


def export(request: Request) -> Response:
    """Everything kept of this person, as a zip."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.acts)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    parts.community.privacy.export(person, file)
    file.seek(0)
    headers = {"content-disposition": 'attachment; filename="twobit-export.zip"', "cache-control": "no-store"}
    return StreamingResponse(_chunks(file), media_type="application/zip", headers=headers)


async def delete(request: Request) -> Response:
    """Everything of this person, for good."""
    parts, person = parts_of(request), person_of(request)
    _by_cookie(request)
    if (await read_fields(request)).get("sure", "").strip().lower() != SURE:
        raise bad(f"Nothing was deleted: type {SURE} to say that you are sure.")
    await run_in_threadpool(_forget, parts, person)
    response = RedirectResponse("/", 303)
    parts.sessions.end(response)
    return response


def _forget(parts: Parts, person: str) -> None:
    parts.tokens.forget(person)
    digests = parts.uploads.forget(person)
    parts.community.privacy.delete(person)
    parts.community.references.release(digests)


def _by_cookie(request: Request) -> None:
    if visitor_of(request).proof != "cookie":
        raise HttpError(403, "page_only", "This can be done on the page alone, not with a token.")


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
