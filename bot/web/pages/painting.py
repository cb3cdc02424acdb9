"""/painting/<job>: what one has painted and not hung: look at it, go on with it, publish, take along, delete."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.community import NotThereError
from bot.web.api import jobs
from bot.web.api.said import job_said
from bot.web.body import read_fields
from bot.web.errors import bad, missing
from bot.web.parts import parts_of, person_of, spend
from bot.web.styles import StyleView
from bot.web.visitor import FRONT, visitor_of

UNPOSTED = (FRONT, "cli")  # all other fronts are bots, which post what they are asked for


def show(request: Request) -> Response:
    """The page; what hangs in the gallery has its own there."""
    parts = parts_of(request)
    standing = jobs.own(request)
    if standing.kind != "paint":
        raise missing("painting")
    work = parts.community.gallery.of_job(standing.job_id)
    if work is not None:
        return RedirectResponse(f"/work/{work.id}", 303)
    recipe = parts.desk.recipe(standing.job_id)
    page = parts.templates.page(
        request,
        "painting.html",
        here="me",
        job=job_said(standing, recipe),
        created=standing.created,
        recipe=recipe,
        style=parts.community.styles.of_job(recipe.style_key),
        view=_style(request, recipe.style_key),
        by_bot=recipe.front not in UNPOSTED,
        names_free=parts.settings.mode != "discord",
        challenges=parts.community.challenges.open(),
    )
    page.headers["cache-control"] = "private, no-store"
    return page


async def publish(request: Request) -> Response:
    """Hang it in the gallery."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.acts)
    said = await read_fields(request)
    challenge = said.get("challenge", "")
    if challenge and not (challenge.isascii() and challenge.isdecimal()):
        raise bad("challenge has to be a number.")
    publication = {
        "title": said.get("title", ""),
        "author": said.get("author", ""),
        "nsfw": said.get("nsfw") == "on",
        "challenge": int(challenge[:12]) if challenge else None,
    }
    work = await run_in_threadpool(jobs.published, request, person, publication)
    return RedirectResponse(f"/work/{work['id']}?told=published", 303)


async def delete(request: Request) -> Response:
    """Delete it for good, at any stage."""
    await run_in_threadpool(jobs.delete, request)
    return RedirectResponse("/me?told=deleted", 303)


def _style(request: Request, key: str | None) -> StyleView | None:
    """The style to go on in; None where there is none any more, or none that the visitor may use."""
    if key is None:
        return None
    try:
        return parts_of(request).styles.get(key, visitor_of(request))
    except NotThereError:
        return None
