"""/work/<id>: one work, where it comes from, what became of it, and what one may do with it."""

import html
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.community import LibraryStyle, Work
from bot.community.gallery import Query
from bot.desk import UnknownJobError
from bot.web.body import read_fields
from bot.web.errors import HttpError, missing
from bot.web.pages.unlisted import may_begin
from bot.web.parts import Parts, outside, parts_of, person_of, spend
from bot.web.styles import picture_address
from bot.web.visitor import visitor_of

LIKE = 6  # works shown below another


def show(request: Request) -> Response:
    """The page; 410 for a hidden one, which its owner and moderators still see."""
    parts, visitor = parts_of(request), visitor_of(request)
    work = parts.community.gallery.work(request.path_params["id"])
    mine = visitor.person == work.person
    if work.hidden and not (mine or visitor.moderator):
        raise HttpError(410, "hidden", "This work was taken off the walls.")
    style = parts.community.styles.of_job(work.style_key)
    more = parts.community.gallery.page(Query(order="random", style=work.style_key), limit=LIKE + 1).works
    voted = bool(visitor.person and parts.community.votes.voted(visitor.person, [work.id]))
    challenge = None if work.challenge is None else parts.community.challenges.get(work.challenge)
    return parts.templates.page(
        request,
        "work.html",
        here="gallery",
        work=work,
        mine=mine,
        style=style,
        labels=_in_order(work.labels, style),
        may_remix=may_begin(style, visitor),
        lineage=parts.community.works.lineage(work.id),
        more=[one for one in more if one.id != work.id][:LIKE],
        voted=voted,
        challenge=challenge,
        challenge_open=challenge is not None and challenge.open(parts.desk.clock()),
        page_address=outside(request, f"/work/{work.id}"),
        picture_address=outside(request, picture_address(work.result)),
        oembed=outside(request, f"/oembed?url={outside(request, f'/work/{work.id}')}"),
        told=request.query_params.get("told", ""),
    )


async def vote(request: Request) -> Response:
    """The button without a script."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.acts)
    await run_in_threadpool(parts.community.votes.vote, request.path_params["id"], person)
    return _back(request)


async def report(request: Request) -> Response:
    """Tell the moderators."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.acts)
    reason = (await read_fields(request)).get("reason", "")
    await run_in_threadpool(parts.community.reports.report, request.path_params["id"], person, reason)
    return _back(request, "reported")


async def edit(request: Request) -> Response:
    """The owner's own words."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.acts)
    said = await read_fields(request)
    work_id = request.path_params["id"]

    def change() -> None:
        parts.community.works.edit(work_id, person, title=said.get("title"), alt=said.get("alt"))
        parts.community.works.flag(work_id, person, nsfw=said.get("nsfw") == "on")

    await run_in_threadpool(change)
    return _back(request)


async def delete(request: Request) -> Response:
    """The owner takes the work back; with `everything` also the painting it shows."""
    parts, person = parts_of(request), person_of(request)
    said = await read_fields(request)
    work = await run_in_threadpool(parts.community.gallery.work, request.path_params["id"])
    if work.person != person:
        raise missing("work")
    if said.get("everything") == "on":
        await run_in_threadpool(purge, parts, work, person)
    else:
        await run_in_threadpool(parts.community.works.unpublish, work.id, person)
    return RedirectResponse("/me", 303)


def purge(parts: Parts, work: Work, by: str | None) -> None:
    """The work and the painting that it shows; `by` None is a moderator."""
    with suppress(UnknownJobError):  # both are gone since it was looked at
        parts.community.privacy.delete_job(work.job_id, by)


def oembed(request: Request) -> Response:
    """What a chat needs to unfold a link: https://oembed.com, type photo."""
    parts = parts_of(request)
    path = urlsplit(request.query_params.get("url", "")).path
    parent, _, work_id = path.rpartition("/")
    if parent != "/work":
        raise missing("work")
    if request.query_params.get("format", "json") != "json":
        raise HttpError(501, "format", "Only JSON is told here.")
    work = parts.community.gallery.work(work_id)
    if work.hidden:
        raise HttpError(410, "hidden", "This work was taken off the walls.")
    said = {
        "version": "1.0",
        "provider_name": "Twobit",
        "provider_url": outside(request, "/"),
        "title": title_of(work),
        "author_name": work.author,
        "author_url": outside(request, f"/by/{parts.names.of(work)}"),
    }
    if work.nsfw:
        return JSONResponse({**said, "type": "link"})
    width = min(1024, work.width)
    picture = outside(request, f"{picture_address(work.result)}?width=1024&format=jpeg")
    return JSONResponse(
        {
            **said,
            "type": "photo",
            "url": picture,
            "width": width,
            "height": round(work.height * width / work.width),
        }
    )


def title_of(work: Work) -> str:
    """What a link to it says."""
    by = f" by {work.author}" if work.author else ""
    return f"{work.title or 'A painting'}{by}"


def _in_order(labels: tuple[str, ...], style: LibraryStyle | None) -> list[str]:
    """As the style's legend has them; those that it does not have, or no more, come last."""
    places = {} if style is None else {label.name: place for place, label in enumerate(style.labels)}
    return sorted(labels, key=lambda label: places.get(label, len(places)))


def _back(request: Request, told: str = "") -> Response:
    query = f"?told={html.escape(told)}" if told else ""
    return RedirectResponse(f"/work/{request.path_params['id']}{query}", 303)
