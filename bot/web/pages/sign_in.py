"""/sign-in, /sign-out, /link: how one becomes somebody."""

from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.body import read_fields
from bot.web.discord import SECONDS, DiscordSignIn
from bot.web.errors import HttpError
from bot.web.links import Link, LinkError, read_link
from bot.web.parts import Parts, outside, parts_of
from bot.web.visitor import visitor_of

ERRAND = "twobit-sign-in"


def begin(request: Request) -> Response:
    """To Discord, and back to `next`."""
    parts = parts_of(request)
    back_to = safe_path(request.query_params.get("next", "/"))
    if parts.settings.discord is None:
        return RedirectResponse(back_to, 303)  # nobody signs in here: everybody is somebody already
    where, cookie = _discord(request).begin(back_to)
    response = RedirectResponse(where, 303)
    response.set_cookie(
        ERRAND,
        cookie,
        max_age=SECONDS,
        path="/sign-in",
        secure=parts.settings.secure,
        httponly=True,
        samesite="lax",
    )
    return response


async def back(request: Request) -> Response:
    """From Discord, with a code."""
    parts = parts_of(request)
    if parts.settings.discord is None:
        raise HttpError(404, "not_found", "There is no such page.")
    discord = _discord(request)
    errand = discord.errand(request.cookies.get(ERRAND, ""), request.query_params.get("state", ""))
    if "code" not in request.query_params:
        return RedirectResponse(errand.back_to, 303)  # the person said no
    person, name = await discord.person(errand, request.query_params["code"])
    response = RedirectResponse(errand.back_to, 303)
    parts.sessions.write(response, parts.sessions.sign_in(visitor_of(request), person, name))
    response.delete_cookie(ERRAND, path="/sign-in")
    return response


def end(request: Request) -> Response:
    """Sign out."""
    response = RedirectResponse("/", 303)
    parts_of(request).sessions.end(response)
    return response


def link(request: Request) -> Response:
    """A bot's link: asks first, so that nobody is made somebody else by a click somewhere."""
    parts = parts_of(request)
    token = request.query_params.get("t", "")
    found = _link(parts, token)
    page = parts.templates.page(request, "link.html", link=found, link_token=token)
    page.headers["cache-control"] = "private, no-store"
    page.headers["referrer-policy"] = "no-referrer"
    return page


async def follow(request: Request) -> Response:
    """Yes: open the studio as that person."""
    parts = parts_of(request)
    said = await read_fields(request)
    found = _link(parts, said.get("t", ""))
    studio = f"/studio/{quote(found.style, safe='')}" if found.style else "/studio"
    response = RedirectResponse(f"/{found.page}" if found.page else studio, 303)
    session = parts.sessions.sign_in(
        visitor_of(request), found.person, found.name, found.front, found.address, found.server or None
    )
    parts.sessions.write(response, session)
    return response


def safe_path(target: str) -> str:
    """A path on this site; "/" for anything that would lead elsewhere."""
    parts = urlsplit(target)
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    clean = all(character.isprintable() for character in target)
    return target if plain and clean and not parts.scheme and not parts.netloc else "/"


def _discord(request: Request) -> DiscordSignIn:
    settings = parts_of(request).settings
    assert settings.discord is not None
    return DiscordSignIn(settings.discord, outside(request, "/sign-in/back"), settings.secret)


def _link(parts: Parts, token: str) -> Link:
    try:
        return read_link(parts.settings.secret, token)
    except LinkError as error:
        raise HttpError(400, "stale_link", str(error)) from error
