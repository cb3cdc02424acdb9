"""What the handlers work with; one per server."""

from dataclasses import dataclass

from starlette.requests import Request

from bot.community import Community
from bot.desk import Desk
from bot.web.access import Access
from bot.web.errors import HttpError, not_signed_in
from bot.web.limits import RateLimit, neighbourhood
from bot.web.names import Names
from bot.web.pictures import Pictures
from bot.web.session import Sessions
from bot.web.settings import WebSettings
from bot.web.styles import StyleBook
from bot.web.templating import Templates
from bot.web.thumbs import Thumbs
from bot.web.tokens import Tokens
from bot.web.uploads import Uploads
from bot.web.visitor import by_browser, visitor_of


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
    glances: (
        RateLimit  # colour previews of strangers: who sends pictures from the same address has a bucket of their own
    )


def parts_of(request: Request) -> Parts:
    """The server's parts."""
    parts = request.app.state.parts
    assert isinstance(parts, Parts)
    return parts


def outside(request: Request, path: str) -> str:
    """A whole address: for feeds, for programs and for links that unfold elsewhere."""
    base = parts_of(request).settings.public_url or str(request.base_url)
    return base.rstrip("/") + path


def person_of(request: Request) -> str:
    """The visitor's person. Raises HttpError 401 when nobody has signed in."""
    person = visitor_of(request).person
    if person is None:
        program = request.url.path.startswith("/api/") and not by_browser(request)
        raise not_signed_in(outside(request, "/me") if program else "")
    return person


def spend(request: Request, rate: RateLimit, *, strangers: RateLimit | None = None) -> None:
    """Take one of what this person, and whoever has the same address, may do in a minute. Raises HttpError 429.

    `strangers`: who has not signed in may do it, too, at this rate; they are known by their address alone. Without it
    HttpError 401.
    """
    visitor = visitor_of(request)
    if visitor.proof == "machine":
        return  # who is at the machine pays for it
    address = neighbourhood(request.client.host) if request.client else "unknown"
    if strangers is not None and visitor.person is None:
        wait = strangers.wait(address)
    else:
        person = person_of(request)
        guest = person.startswith("guest:")  # a new guest costs nothing, a new address does
        wait = max(rate.wait(name) for name in ([person, address] if guest else [person]))
    if wait:
        raise HttpError(429, "too_many", f"That was a little fast: try again in {wait:.0f} s.", wait=wait)
