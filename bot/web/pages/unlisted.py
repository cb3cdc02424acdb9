"""/p/<token>: a painting that hangs nowhere, and how it was made, for those who were given its address.

It tells nothing of who asked for it, and shows neither their photo nor the pictures of a style of their own.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.community import LibraryStyle
from bot.desk import Recipe, RefusedError, UnknownJobError
from bot.web.api.pictures import sent_picture
from bot.web.errors import HttpError
from bot.web.parts import Parts, parts_of
from bot.web.unlisted import UnlistedError, read_unlisted
from bot.web.visitor import Visitor, visitor_of

GONE = "This painting is not here: it was deleted, is past its time, or its address is not whole."
PRIVACY = {"x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer", "cache-control": "private, no-store"}


@dataclass(frozen=True, slots=True)
class Unlisted:
    """What an address leads to."""

    token: str
    recipe: Recipe
    result: str  # digest
    adult: bool
    work: str | None  # its id, when it hangs in the gallery by now

    @property
    def path(self) -> str:
        """Of its page."""
        return f"/p/{self.token}"


def found(parts: Parts, token: str) -> Unlisted:
    """Raises HttpError: 404 for what is not there, 410 for what a moderator took off the walls."""
    try:
        job_id, adult = read_unlisted(parts.settings.secret, token)
        recipe = parts.desk.recipe(job_id)
    except (UnlistedError, UnknownJobError, RefusedError) as error:
        raise HttpError(404, "not_found", GONE) from error
    if recipe.result is None:
        raise HttpError(404, "not_found", GONE)
    work = parts.community.gallery.of_job(job_id)
    if recipe.hidden if work is None else work.hidden:
        raise HttpError(410, "hidden", "This work was taken off the walls.")
    adult = adult or (recipe.nsfw if work is None else work.nsfw) or parts.community.gallery.adult(recipe.remix_of)
    return Unlisted(token, recipe, recipe.result, adult, None if work is None else work.id)


def show(request: Request) -> Response:
    """The page; that of the work, once it is published."""
    parts, visitor = parts_of(request), visitor_of(request)
    one = found(parts, request.path_params["token"])
    if one.work is not None:
        return RedirectResponse(f"/work/{one.work}", 303, headers=PRIVACY)
    style = parts.community.styles.of_job(one.recipe.style_key)
    standing = parts.desk.standing(one.recipe.job_id)
    page = parts.templates.page(
        request,
        "unlisted.html",
        one=one,
        standing=standing,
        options=one.recipe.options,
        style=style,
        may_begin=not one.adult and may_begin(style, visitor),
    )
    page.headers.update(PRIVACY)
    return page


def painting(request: Request) -> Response:
    """GET: the painting itself; ?width and ?format as for all pictures."""
    one = found(parts_of(request), request.path_params["token"])
    return _picture(request, one.result)


def doodle(request: Request) -> Response:
    """GET: the doodle that it was made of."""
    one = found(parts_of(request), request.path_params["token"])
    return _picture(request, one.recipe.doodle)


def may_begin(style: LibraryStyle | None, visitor: Visitor) -> bool:
    """Whether this visitor may paint in the style, and so begin with the recipe: the rule of remixes."""
    return style is not None and (style.scope == "house" or style.owner in (visitor.person, visitor.server))


def _picture(request: Request, digest: str) -> Response:
    answer = sent_picture(request, digest, public=False)
    answer.headers.update(PRIVACY)
    return answer
