"""What the handlers work with; one per server."""

from dataclasses import dataclass

from starlette.requests import Request

from bot.community import Community
from bot.desk import Desk
from bot.web.access import Access
from bot.web.errors import HttpError, not_signed_in
from bot.web.limits import RateLimit
from bot.web.names import Names
from bot.web.pictures import Pictures
from bot.web.session import Sessions
from bot.web.settings import WebSettings
from bot.web.styles import StyleBook
from bot.web.templating import Templates
from bot.web.thumbs import Thumbs
from bot.web.tokens import Tokens
from bot.web.uploads import Uploads
from bot.web.visitor import visitor_of


@dataclass(frozen=True, slots=True)
class Parts:
    """Reached by `parts_of(request)`."""

    desk: Desk
    community: Community
    settings: WebSettings
    sessions: Sessions
    templates: Templates
    styles: StyleBook
    access: Access
    names: Names
    pictures: Pictures
    thumbs: Thumbs
    tokens: Tokens
    uploads: Uploads
    paints: RateLimit
    sends: RateLimit
    acts: RateLimit


def parts_of(request: Request) -> Parts:
    """The server's parts."""
    parts = request.app.state.parts
    assert isinstance(parts, Parts)
    return parts


def person_of(request: Request) -> str:
    """The visitor's person. Raises HttpError 401 when nobody has signed in."""
    person = visitor_of(request).person
    if person is None:
        raise not_signed_in()
    return person


def spend(request: Request, rate: RateLimit) -> None:
    """Take one of what this person, and whoever has the same address, may do in a minute. Raises HttpError 429."""
    names = [person_of(request)]
    if visitor_of(request).proof == "machine":
        return  # who is at the machine pays for it
    if names[0].startswith("guest:") and request.client:
        names.append(request.client.host)  # a new guest costs nothing, a new address does
    wait = max(rate.wait(name) for name in names)
    if wait:
        raise HttpError(429, "too_many", f"That was a little fast: try again in {wait:.0f} s.", wait=wait)
