"""What several pages show alike."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from bot.community import Query, Work
from bot.web.parts import parts_of
from bot.web.visitor import visitor_of


@dataclass(frozen=True, slots=True)
class Wall:
    """Works on a page, and the way to the next ones."""

    works: tuple[Work, ...]
    after: str | None  # address of the next page
    voted: frozenset[str]


def wall_of(request: Request, query: Query, limit: int = 24) -> Wall:
    """The works that the address asks for. Raises RefusedError for a page that is not there."""
    parts, visitor = parts_of(request), visitor_of(request)
    page = parts.community.gallery.page(query, after=request.query_params.get("after"), limit=limit, labelled=False)
    after = None
    if page.after is not None:
        said: dict[str, Any] = {**request.query_params, "after": page.after}
        after = f"{request.url.path}?{urlencode(said)}"
    voted: set[str] = set()
    if visitor.person is not None and page.works:
        voted = parts.community.votes.voted(visitor.person, [work.id for work in page.works])
    return Wall(page.works, after, frozenset(voted))
