"""/style/<slug or key>: what a style is, what was painted in it, and what its owner may do with it."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.community import Query
from bot.web.api import styles
from bot.web.body import read_fields
from bot.web.pages.shown import wall_of
from bot.web.parts import parts_of, person_of, spend
from bot.web.visitor import visitor_of


def show(request: Request) -> Response:
    """The page."""
    parts, visitor = parts_of(request), visitor_of(request)
    view = parts.styles.get(request.path_params["style"], visitor)
    return parts.templates.page(
        request,
        "style.html",
        here="gallery",
        view=view,
        mine=view.changed_by(visitor),
        told=request.query_params.get("told", ""),
        wall=wall_of(request, Query(style=view.style.key, nsfw=True)),
    )


async def rename(request: Request) -> Response:
    """Its owner gives it another name."""
    person = person_of(request)
    spend(request, parts_of(request).acts)
    name = (await read_fields(request)).get("name", "")
    said = await run_in_threadpool(styles.renamed, request, person, name)
    return RedirectResponse(f"/style/{quote(said['key'], safe=':')}?told=renamed", 303)


async def delete(request: Request) -> Response:
    """Its owner takes it away; what was painted in it stays."""
    await run_in_threadpool(styles.remove, request)
    return RedirectResponse("/studio?told=deleted", 303)
