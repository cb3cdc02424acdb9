"""/moderation: what people reported, and what to do about it."""

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.body import read_fields
from bot.web.errors import HttpError, bad
from bot.web.pages.work import purge
from bot.web.parts import Parts, parts_of, person_of
from bot.web.visitor import visitor_of

ACTS = ("hide", "dismiss", "show", "flag", "purge", "ban", "unban")


def show(request: Request) -> Response:
    """Open reports, what is hidden, and bans."""
    _check(request)
    parts = parts_of(request)
    return parts.templates.page(
        request,
        "moderation.html",
        here="moderation",
        reported=parts.community.reports.open(),
        hidden=parts.community.gallery.hidden(),
        bans=parts.community.bans.list(),
    )


async def act(request: Request) -> Response:
    """One of ACTS, on a work or a person."""
    _check(request)
    said = await read_fields(request)
    await run_in_threadpool(_act, parts_of(request), person_of(request), said)
    return RedirectResponse("/moderation", 303)


async def begin_challenge(request: Request) -> Response:
    """A new challenge for everybody, from now on."""
    _check(request)
    parts, by = parts_of(request), person_of(request)
    said = await read_fields(request)
    days = said.get("days", "")
    if not (days.isascii() and days.isdecimal() and len(days) < 4):
        raise bad("days has to be a number.")

    def begin() -> int:
        ends = parts.desk.clock() + timedelta(days=int(days))
        return parts.community.challenges.begin(by, said.get("title", ""), said.get("prompt", ""), ends=ends).id

    return RedirectResponse(f"/challenge/{await run_in_threadpool(begin)}", 303)


def _check(request: Request) -> None:
    if not visitor_of(request).moderator:
        raise HttpError(404, "not_found", "There is no such page.")  # nobody else needs to know that there is one


def _act(parts: Parts, by: str, said: dict[str, str]) -> None:
    what, work_id = said.get("act", ""), said.get("work", "")
    community = parts.community
    if what not in ACTS:
        raise bad(f"{what[:20]!r} can't be done: choose one of {', '.join(ACTS)}.")
    if what in ("hide", "dismiss"):
        community.reports.resolve(work_id, by, "hide" if what == "hide" else "dismiss")
    elif what == "show":
        community.works.show(work_id)
    elif what == "flag":
        community.works.flag(work_id, None, nsfw=True)
    elif what == "purge":
        purge(parts, community.gallery.work(work_id), None)
    elif what == "ban":
        person = community.gallery.work(work_id).person
        for each in ("paint", "publish"):
            community.bans.ban(person, each, by, said.get("reason", "") or "against the rules")
    else:
        for each in ("paint", "publish"):
            community.bans.unban(said.get("person", ""), each)  # type: ignore[arg-type]
