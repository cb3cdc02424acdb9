"""The web front: all routes behind the guard."""

from collections.abc import Callable

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.community import Community, NotThereError
from bot.desk import OutOfReachError, RefusedError, UnknownJobError
from bot.desk.reading import BUSY
from bot.web.access import Access
from bot.web.cards import Cards
from bot.web.errors import LATER_SECONDS, HttpError, later
from bot.web.guard import Guard
from bot.web.limits import RateLimit
from bot.web.metrics import PATH as METRICS
from bot.web.metrics import Counting, Metrics
from bot.web.names import Names
from bot.web.parts import Parts
from bot.web.pictures import Pictures
from bot.web.routes import api_routes, page_routes
from bot.web.session import Sessions
from bot.web.settings import WebSettings
from bot.web.styles import StyleBook
from bot.web.templating import Templates
from bot.web.thumbs import Thumbs, has_avif
from bot.web.tokens import Tokens
from bot.web.uploads import Uploads
from worker.contract import ContractError, PictureError

log = structlog.get_logger(__name__)

# The error, its status, and a word for programs. The first that fits counts.
REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (UnknownJobError, 404, "not_found"),
    (NotThereError, 404, "not_found"),
    (RefusedError, 400, "refused"),
    (PictureError, 400, "refused"),
    (OutOfReachError, 503, "out_of_reach"),
    (ContractError, 503, "out_of_reach"),
)
GZIP_LEVEL = 4  # a list page in a third of the time of level 9, and 5 % larger


def make_parts(community: Community, settings: WebSettings) -> Parts:
    """The parts on a desk."""
    desk = community.desk
    sessions = Sessions(settings)
    templates = Templates(sessions)
    names = Names(desk.database, settings.secret)
    templates.environment.globals |= {"name_of": names.of, "avif": has_avif()}
    templates.environment.globals["card"] = Cards(templates.environment, names).card
    pictures = Pictures(desk.store)
    return Parts(
        desk=desk,
        community=community,
        settings=settings,
        sessions=sessions,
        templates=templates,
        styles=StyleBook(community),
        access=Access(community),
        names=names,
        pictures=pictures,
        thumbs=Thumbs(pictures.get),
        tokens=Tokens(desk),
        uploads=Uploads(desk),
        paints=RateLimit(settings.paints_per_minute),
        sends=RateLimit(settings.uploads_per_minute),
        acts=RateLimit(settings.acts_per_minute),
        glances=RateLimit(settings.uploads_per_minute),
    )


def web_app(community: Community, settings: WebSettings, health: list[Route]) -> Starlette:
    """The whole site; `health`: what machines ask."""
    parts = make_parts(community, settings)
    handlers: dict[type[Exception] | int, Callable[[Request, Exception], Response]] = {
        kind: _on_refusal for kind, _, _ in REFUSALS
    }
    routes = [*health, *api_routes(), *page_routes()]
    metrics = Metrics(community.desk, routes, settings.metrics_token)
    app = Starlette(
        routes=[*routes, Route(METRICS, metrics.show)],
        middleware=[
            Middleware(Counting, metrics=metrics),
            Middleware(GZipMiddleware, minimum_size=800, compresslevel=GZIP_LEVEL),
            Middleware(
                Guard,
                settings=settings,
                sessions=parts.sessions,
                person_of_token=parts.tokens.whose,
                answer=lambda request, error: answer(request, parts, error),
            ),
        ],
        exception_handlers={**handlers, HttpError: _on_http, HTTPException: _on_http, Exception: _on_fault},
    )
    app.state.parts = parts
    app.state.listening = {}
    return app


def answer(request: Request, parts: Parts, error: HttpError) -> Response:
    """A refusal: JSON for programs, a page for people."""
    headers = {} if error.wait is None else {"retry-after": str(max(1, round(error.wait)))}
    path = request.url.path
    if path.startswith("/api/"):
        said = {"error": {"code": error.code, "message": str(error)}}
        return JSONResponse(said, status_code=error.status, headers=headers)
    if path.startswith(("/picture/", "/static/")):
        return PlainTextResponse(str(error), status_code=error.status, headers=headers)
    page = parts.templates.page(request, "refused.html", status=error.status, message=str(error), code=error.status)
    page.headers.update(headers)
    return page


def _on_http(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):  # of the router: no such page, or not by this method
        said = {404: "There is no such page.", 405: "This can't be done here."}.get(error.status_code, error.detail)
        found = HttpError(error.status_code, "not_found" if error.status_code == 404 else "refused", said)
        response = answer(request, request.app.state.parts, found)
        response.headers.update(error.headers or {})
        return response
    assert isinstance(error, HttpError)
    return answer(request, request.app.state.parts, error)


def _on_refusal(request: Request, error: Exception) -> Response:
    status, code = next((status, code) for kind, status, code in REFUSALS if isinstance(error, kind))
    if getattr(error, "code", "") == BUSY:
        return answer(request, request.app.state.parts, later(str(error)))
    message, wait = str(error), None
    if status == 503:
        log.warning("page_waits", path=told(request.url.path), reason=message)
        message, wait = "A part of the service does not answer just now: try again in a moment.", LATER_SECONDS
    return answer(request, request.app.state.parts, HttpError(status, code, message, wait))


def told(path: str) -> str:
    """A path for the log, without what opens an unlisted painting."""
    return "/p/..." if path.startswith("/p/") else path


def _on_fault(request: Request, error: Exception) -> Response:
    """A fault of ours: logged where it is raised, told without its inside."""
    log.error("page_broke", path=told(request.url.path), kind=type(error).__name__)
    fault = HttpError(500, "fault", "Something broke on our side, and it was written down.")
    return answer(request, request.app.state.parts, fault)
