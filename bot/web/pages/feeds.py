"""/feed.atom, /feed.json: the newest works, with the gallery's filters."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.community import Work
from bot.web.gallery import query_of
from bot.web.pages.work import title_of
from bot.web.parts import outside, parts_of
from bot.web.styles import picture_address

FRESH = "public, max-age=300"
MOST = 30


def _works(request: Request) -> list[Work]:
    """Those that may be shown without a click."""
    page = parts_of(request).community.gallery.page(query_of(request), limit=MOST)
    return [work for work in page.works if not work.nsfw]


def atom(request: Request) -> Response:
    """RFC 4287."""
    parts = parts_of(request)
    text = parts.templates.environment.get_template("feed.atom").render(
        works=_works(request), outside=lambda path: outside(request, path), title_of=title_of
    )
    return Response(text, media_type="application/atom+xml", headers={"cache-control": FRESH})


def json_feed(request: Request) -> Response:
    """JSON Feed 1.1."""
    said: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Twobit",
        "home_page_url": outside(request, "/"),
        "feed_url": outside(request, "/feed.json"),
        "items": [_item(request, work) for work in _works(request)],
    }
    return JSONResponse(said, media_type="application/feed+json", headers={"cache-control": FRESH})


def _item(request: Request, work: Work) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": outside(request, f"/work/{work.id}"),
        "url": outside(request, f"/work/{work.id}"),
        "title": title_of(work),
        "content_text": work.alt,
        "image": outside(request, f"{picture_address(work.result)}?width=1024&format=jpeg"),
        "date_published": work.published.isoformat(),
        "tags": list(work.labels),
    }
    if work.author:
        item["authors"] = [{"name": work.author}]
    return item
