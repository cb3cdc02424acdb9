"""Who is asking, as far as one request tells."""

from dataclasses import dataclass
from typing import Literal

from starlette.requests import HTTPConnection

FRONT = "web"  # our name among the desk's fronts: the answer lies ready, its owner comes for it
Proof = Literal["cookie", "token", "machine", "none"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """`person` is None for somebody who has not signed in."""

    person: str | None
    name: str
    key: str  # of the session; form tokens are made of it
    proof: Proof  # how we know: a session cookie, an API token, being at this machine, not at all
    moderator: bool = False
    front: str = FRONT  # which front delivers what is painted in this session
    address: str = ""  # and where to
    server: str | None = None  # "<front>:<id>" of the server whose link it came by: its styles may be used

    @property
    def known(self) -> bool:
        """True for somebody who may paint."""
        return self.person is not None


def by_browser(request: HTTPConnection) -> bool:
    """True for what a page's script asks for, False for what a program or a person at an address bar does."""
    return request.headers.get("sec-fetch-site", "none") != "none" or "origin" in request.headers


def visitor_of(request: HTTPConnection) -> Visitor:
    """The visitor that the middleware found."""
    visitor = request.state.visitor
    assert isinstance(visitor, Visitor)
    return visitor
