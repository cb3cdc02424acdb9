"""The door: who asks, by which name, from which page, how often. Nothing behind it is reached before."""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.body import FORM, bounded, form_fields, read_small, replay
from bot.web.errors import HttpError
from bot.web.headers import with_headers
from bot.web.limits import RateLimit, neighbourhood
from bot.web.session import Sessions
from bot.web.settings import WebSettings
from bot.web.visitor import Visitor, by_browser

SAFE = ("GET", "HEAD", "OPTIONS")
OPEN_DOORS = ("/healthz", "/readyz", "/metrics")  # asked by machines, by whatever name
TOKEN_HEADER = "x-csrf-token"  # noqa: S105 - the header's name
TOKEN_FIELD = "token"  # noqa: S105 - the field's name


def host_of(request: Request) -> str:
    """The name that a request calls us by, lower case, without the port."""
    given = request.headers.get("host", "")
    return (given.rpartition(":")[0] if ":" in given.rpartition("]")[2] else given).lower()


class Guard:
    """ASGI middleware around the whole site."""

    def __init__(
        self,
        app: ASGIApp,
        settings: WebSettings,
        sessions: Sessions,
        person_of_token: Callable[[str], tuple[str, str] | None],
        answer: Callable[[Request, HttpError], Response],
    ) -> None:
        """`person_of_token`: (person, name) of an API token; `answer`: a refusal as page or JSON."""
        self.app = app
        self.settings = settings
        self.sessions = sessions
        self.person_of_token = person_of_token
        self.answer = answer
        self.rate = RateLimit(settings.requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = with_headers(send, secure=self.settings.secure)
        request = Request(scope, receive)
        scope.setdefault("state", {})["visitor"] = Visitor(None, "", "", "none")
        try:
            if scope["path"] not in OPEN_DOORS:
                self._check_host(request)
                visitor, fresh = await self._visitor(request)
                scope["state"]["visitor"] = visitor
                self._check_rate(request, visitor)
                if request.method not in SAFE:
                    receive = await self._check_change(request, visitor, receive)
                if fresh:
                    send = self._with_cookie(send, visitor)
            await self.app(scope, bounded(receive), send)
        except HttpError as error:
            await self.answer(request, error)(scope, receive, send)

    def _check_host(self, request: Request) -> None:
        hosts = self.settings.hosts
        if hosts is not None and host_of(request) not in hosts:
            raise HttpError(421, "wrong_host", "This page goes by another name: open it by the address it was given.")

    async def _visitor(self, request: Request) -> tuple[Visitor, bool]:
        """Who it is, and whether the session is new."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            found = await run_in_threadpool(self.person_of_token, token.strip())
            if found is None:
                raise HttpError(401, "bad_token", "This token is not known: make a new one on your page, /me.")
            return Visitor(*found, key="", proof="token", moderator=self.sessions.is_moderator(found[0])), False
        visitor = self.sessions.read(request)
        if visitor is not None:
            return visitor, False
        if request.url.path.startswith("/api/"):
            if self.settings.mode == "single" and not by_browser(request):
                person = self.settings.local_person
                return Visitor(person, person.partition(":")[2], "", "machine", moderator=True), False
            return Visitor(None, "", "", "none"), False
        is_page = "text/html" in request.headers.get("accept", "")
        first = self.sessions.first()
        return (first, True) if is_page and first.known else (Visitor(None, "", "", "none"), False)

    def _check_rate(self, request: Request, visitor: Visitor) -> None:
        if request.url.path.startswith("/static/") or visitor.proof == "machine":
            return
        # By address for guests too: a new name costs nothing.
        address = neighbourhood(request.client.host) if request.client else "unknown"
        name = visitor.person if visitor.proof == "token" and visitor.person else address
        wait = self.rate.wait(name)
        if wait:
            raise HttpError(429, "too_many", f"Too many requests: try again in {wait:.0f} s.", wait=wait)

    async def _check_change(self, request: Request, visitor: Visitor, receive: Receive) -> Receive:
        """Refuse what another page made this browser send. Returns the body's source."""
        self._check_origin(request)
        if visitor.proof != "cookie":
            return receive
        token = request.headers.get(TOKEN_HEADER, "")
        if not token and request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM:
            body = await read_small(receive)
            token = form_fields(body).get(TOKEN_FIELD, "")
            receive = replay(body, receive)
        if not self.sessions.is_form_token(visitor, token):
            raise HttpError(403, "stale_form", "This page is out of date: load it again and repeat what you did.")
        return receive

    def _check_origin(self, request: Request) -> None:
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        own = {request.headers.get("host", ""), urlsplit(self.settings.public_url or "").netloc}
        foreign = site not in (None, "same-origin", "none")
        if foreign or (origin is not None and urlsplit(origin).netloc not in own - {""}):
            raise HttpError(403, "other_site", "This request came from another site, so nothing was done.")

    def _with_cookie(self, send: Send, visitor: Visitor) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if self.sessions.cookie not in headers.get("set-cookie", ""):
                    response = Response()
                    self.sessions.write(response, visitor)
                    headers.append("set-cookie", response.headers["set-cookie"])
                    headers["cache-control"] = "private, no-store"
            await send(message)

        return sending
