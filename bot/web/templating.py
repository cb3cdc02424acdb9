"""Pages from templates; everything that people wrote is escaped."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.web import statics
from bot.web.recipes import METHODS, QUALITIES
from bot.web.session import Sessions
from bot.web.visitor import visitor_of

PLACES = {"list of styles": "/studio", "list of challenges": "/challenges", "your page": "/me"}


def linked(message: str) -> Markup:
    """A sentence for a page; the places that it speaks of lead there."""
    text = escape(message)
    for words, path in PLACES.items():
        text = text.replace(words, Markup('<a href="{}">{}</a>').format(path, words))
    return text


class Templates:
    """Renders a template with what every page knows."""

    def __init__(self, sessions: Sessions) -> None:
        """Templates are parsed once."""
        self.sessions = sessions
        self.environment = Environment(
            loader=PackageLoader("bot.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.environment.globals |= {"static": statics.address, "methods": METHODS, "qualities": QUALITIES}
        self.environment.filters["linked"] = linked

    def page(self, request: Request, template: str, *, status: int = 200, here: str = "", **said: Any) -> HTMLResponse:
        """A page; `here` marks its entry in the navigation."""
        visitor = visitor_of(request)
        query = f"?{request.url.query}" if request.url.query else ""
        text = self.environment.get_template(template).render(
            request=request,
            visitor=visitor,
            form_token=self.sessions.form_token(visitor) if visitor.key else "",
            path=request.url.path + query,
            here=here,
            **said,
        )
        return HTMLResponse(text, status_code=status)
