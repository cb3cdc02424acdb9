"""/studio: choose a style, bring one, draw."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.web.errors import HttpError, bad
from bot.web.pages import painting
from bot.web.parts import parts_of
from bot.web.styles import picture_address
from bot.web.visitor import FRONT, visitor_of
from worker.contract import PaintOptions

DEFAULTS = PaintOptions()
CHOICES = ("preset", "seed", "beta", "gamma")


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
    """The studio itself; ?from=<work>, or ?like=<unlisted painting>, begins with the doodle and choices of that."""
    parts, visitor = parts_of(request), visitor_of(request)
    view = parts.styles.get(request.path_params["style"], visitor)
    style = view.style
    start: dict[str, Any] = {
        "doodle": None if style.doodle is None else picture_address(style.doodle),
        "options": {},
        "parent": None,
        "like": None,  # what else it begins with: a drawing of its own beside what one draws in the style otherwise
    }
    parent = None
    origin = request.query_params.get("from")
    if origin:
        parent = parts.community.gallery.work(origin)
        if parent.hidden:
            raise HttpError(410, "hidden", "This work was taken off the walls.")
        if parent.style_key != style.key:
            raise bad("That work was painted in another style: remix it from its own page.")
        said = parent.options.model_dump(include=set(CHOICES))
        start |= {"doodle": picture_address(parent.doodle), "options": said, "parent": parent.id}
    token = request.query_params.get("like")
    if token and parent is None:
        like = painting.found(parts, token)
        if like.recipe.style_key != style.key:
            raise bad("That painting is in another style: begin on its own page.")
        if like.adult:  # what comes of it would not be marked, as a remix is
            raise bad(
                "That painting is not for every eye, so nothing begins with it: choose a style and draw your own."
            )
        said = like.recipe.options.model_dump(include=set(CHOICES))
        start |= {"doodle": f"{like.path}/doodle", "options": said, "like": like.recipe.job_id}
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
    if start["like"]:
        page.headers.update(painting.PRIVACY)
    return page
