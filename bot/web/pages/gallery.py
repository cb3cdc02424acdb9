"""/, /by/<name>: the walls."""

from starlette.requests import Request
from starlette.responses import Response

from bot.community import Query
from bot.web.errors import missing
from bot.web.gallery import query_of
from bot.web.pages.shown import wall_of
from bot.web.parts import parts_of
from bot.web.visitor import visitor_of


def wall(request: Request) -> Response:
    """Everything that hangs, by the address's order and filters."""
    parts = parts_of(request)
    query = query_of(request)
    style = None if query.style is None else parts.community.styles.of_job(query.style)
    styles = parts.community.styles.visible(visitor_of(request).person or "")
    return parts.templates.page(
        request,
        "gallery.html",
        here="gallery",
        wall=wall_of(request, query),
        query=query,
        first=not request.query_params,
        style=style,
        styles=styles,
        labels=sorted({label.name for one in styles for label in one.labels}),
    )


def by(request: Request) -> Response:
    """What hangs by one person: the address has the person's public name, see bot.web.names."""
    parts = parts_of(request)
    name: str = request.path_params["name"]
    person = parts.names.person(name)
    if person is None:
        raise missing("person")
    wall = wall_of(request, Query(person=person, nsfw=True))
    author = next((work.author for work in wall.works if work.author), "")
    return parts.templates.page(request, "by.html", here="gallery", wall=wall, author=author)
