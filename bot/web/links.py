"""Links that a bot, or the operator's command line, hands to a person: they open the page as that person.

What is painted after a bot's link goes back to the bot.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from itsdangerous import BadSignature, URLSafeTimedSerializer

SECONDS = 3600
_SALT = "twobit link"
Page = Literal["", "me", "moderation"]


class LinkError(ValueError):
    """A link that is forged or too old; one sentence with the way out."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says."""

    person: str  # "<front>:<id>"
    name: str  # to show
    front: str  # which front delivers what is painted
    address: str  # and where to, in that front's own words
    style: str = ""  # key or slug; "": choose one
    page: Page = ""  # which it opens: the studio, all that the person has painted, or what moderators see
    server: str = ""  # "<front>:<id>" of the server it was made on: its styles may be used


def make_link(secret: bytes, base: str, link: Link) -> str:
    """The link's address; `secret` is that of WebSettings, `base` the page's address from outside."""
    said = [link.person, link.name, link.front, link.address, link.style, link.page, link.server]
    return f"{base.rstrip('/')}/link?t={quote(str(URLSafeTimedSerializer(secret, salt=_SALT).dumps(said)))}"


def read_link(secret: bytes, token: str) -> Link:
    """What the token says. Raises LinkError."""
    try:
        return Link(*URLSafeTimedSerializer(secret, salt=_SALT).loads(token, max_age=SECONDS))
    except (BadSignature, TypeError) as error:
        raise LinkError("This link is older than an hour or damaged: ask for a new one where it came from.") from error
