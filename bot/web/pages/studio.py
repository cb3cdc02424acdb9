"""/studio: choose a style, bring one, draw."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.community import LibraryStyle, NotThereError, Work
from bot.desk import RefusedError, UnknownJobError
from bot.web.api.jobs import own
from bot.web.errors import HttpError, bad
from bot.web.pages import unlisted
from bot.web.parts import Parts, parts_of
from bot.web.styles import picture_address
from bot.web.visitor import FRONT, visitor_of
from worker.contract import PaintOptions

DEFAULTS = PaintOptions()
CHOICES = ("preset", "seed", "beta", "gamma")
THUMB = 160  # px


def choose(request: Request) -> Response:
    """All styles that one may paint in."""
    parts = parts_of(request)
    views = parts.styles.visible(visitor_of(request))
    told = request.query_params.get("told", "")
    return parts.templates.page(request, "styles.html", here="studio", views=views, told=told)


def bring(request: Request) -> Response:
    """A style of one's own: a picture, and its map or a suggested one."""
    parts = parts_of(request)
    if visitor_of(request).person is None:
        raise HttpError(401, "sign_in", "Sign in first: a style of your own is kept for you.")
    return parts.templates.page(request, "bring.html", here="studio")


def draw(request: Request) -> Response:
    """The studio itself, which begins with a doodle and its choices.

    ?from=<work>, ?painting=<job of one's own> or ?like=<token of an unlisted painting> says with which.
    """
    parts, visitor = parts_of(request), visitor_of(request)
    view = parts.styles.get(request.path_params["style"], visitor)
    style = view.style
    start: dict[str, Any] = {
        "doodle": None if style.doodle is None else picture_address(style.doodle),
        "options": {},
        "parent": None,
        "kept": None,  # what the browser keeps the doodle by, beside the style
        "attempt": None,  # a painting to begin with, as studio/attempts.js has it
    }
    parent = None
    if origin := request.query_params.get("from"):
        parent = parts.community.gallery.work(origin)
        if parent.hidden:
            raise HttpError(410, "hidden", "This work was taken off the walls.")
        if parent.style_key != style.key:
            raise bad("That work was painted in another style: remix it from its own page.")
        start |= _begun(parent.doodle, parent.options) | {"parent": parent.id, "kept": parent.id}
    elif painting := request.query_params.get("painting"):
        start |= {"kept": painting[:64], **_own(request, painting, style)}
        parent = _shown(parts, start["parent"])
        start["parent"] = None if parent is None else parent.id
    elif token := request.query_params.get("like"):
        start |= _like(parts, token, style)
    page = parts.templates.page(
        request,
        "studio.html",
        here="studio",
        style={**view.said(), "picture_url": picture_address(style.picture)},
        style_json=json.dumps(view.said()),
        start_json=json.dumps(start),
        parent=parent,
        mine=view.changed_by(visitor),
        posts_back=visitor.front != FRONT,
        names_free=parts.settings.mode != "discord",
        challenges=parts.community.challenges.open(),
        may_paint=visitor.known,
        by_discord=parts.settings.mode == "discord",
    )
    if request.query_params.get("like"):
        page.headers.update(unlisted.PRIVACY)
    return page


def _like(parts: Parts, token: str, style: LibraryStyle) -> dict[str, Any]:
    """To begin as an unlisted painting did."""
    like = unlisted.found(parts, token)
    if like.recipe.style_key != style.key:
        raise bad("That painting is in another style: begin on its own page.")
    if like.adult:  # what comes of it would not be marked, as a remix is
        raise bad("That painting is not for every eye, so nothing begins with it: choose a style and draw your own.")
    said = _begun(like.recipe.doodle, like.recipe.options)
    return {**said, "doodle": f"{like.path}/doodle", "kept": like.recipe.job_id}


def _own(request: Request, job_id: str, style: LibraryStyle) -> dict[str, Any]:
    """To go on with a painting of one's own. Nothing where it is deleted or another's: what was drawn since is kept."""
    desk = parts_of(request).desk
    try:
        standing = own(request, job_id)
        recipe = desk.recipe(job_id)
    except (HttpError, UnknownJobError, RefusedError):
        return {}
    if recipe.style_key != style.key:
        raise bad("That was painted in another style: continue it from its own page.")
    said = _begun(recipe.doodle, recipe.options)
    attempt = None
    if standing.result is not None:
        attempt = {
            **said,
            "id": job_id,
            "painting": picture_address(standing.result),
            "thumb": f"{picture_address(standing.result)}?width={THUMB}",
            "alt": f"Painting in the style {style.name}, made of the doodle",
        }
    return {**said, "parent": recipe.remix_of, "attempt": attempt}


def _begun(doodle: str, options: PaintOptions) -> dict[str, Any]:
    """A doodle and choices to begin with."""
    said: dict[str, Any] = options.model_dump(include=set(CHOICES))
    if options.width is not None and options.height is not None:
        said["size"] = max(options.width, options.height)
    return {"doodle": picture_address(doodle), "options": said}


def _shown(parts: Parts, work_id: str | None) -> Work | None:
    """The work, where it hangs."""
    try:
        work = None if work_id is None else parts.community.gallery.work(work_id)
    except NotThereError:
        return None
    return None if work is None or work.hidden else work
