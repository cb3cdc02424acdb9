"""`/metrics`: what Prometheus asks, as text. For this machine, and for whoever has the token."""

import hmac
import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.desk import Desk, OutOfReachError
from bot.desk.metrics import DatabaseCollector
from bot.web.errors import missing
from bot.web.guard import host_of
from bot.web.settings import LOOPBACK_NAMES, is_loopback

PATH = "/metrics"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # s


class Metrics:
    """One registry a server: two in one process don't count for each other."""

    def __init__(self, desk: Desk, routes: list[Route], token: str | None) -> None:
        """`routes`: requests are counted by route and never by address, which a stranger could make up."""
        self._desk = desk
        self._token = token
        self._routes = routes
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "twobit_page_requests", "Requests by route and status.", ("route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "twobit_page_seconds", "Until an answer begins, s.", buckets=BUCKETS, registry=self.registry
        )
        self.jobs = Gauge("twobit_jobs", "Jobs that have not ended, by state.", ("state",), registry=self.registry)
        self.workers = Gauge("twobit_workers", "Workers that Redis knows; -1 while it is away.", registry=self.registry)
        self.up = Gauge("twobit_desk_up", "1 while a desk loop works on this database.", registry=self.registry)
        self.registry.register(DatabaseCollector(desk.database, desk.clock, desk.rules))

    def route_of(self, scope: Scope) -> str:
        """The route's own words; "none" for an address that is not ours."""
        return next((one.path for one in self._routes if one.matches(scope)[0] is not Match.NONE), "none")

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        try:
            overview = self._desk.overview()
            self.jobs.labels("queued").set(overview.waiting)
            self.jobs.labels("running").set(overview.running)
            self.workers.set(-1 if overview.workers is None else overview.workers)
            self.up.set(self._desk.running())
        except OutOfReachError:
            self.up.set(0)
        return generate_latest(self.registry) + generate_latest(self._desk.heard.registry)

    async def show(self, request: Request) -> Response:
        """GET, for whoever may: to all others there is no such page."""
        if not (self._near(request) or self._proven(request)):
            raise missing("page")
        return Response(await run_in_threadpool(self.text), media_type=CONTENT_TYPE_LATEST)

    def _near(self, request: Request) -> bool:
        """True for a program at this machine; what a proxy hands on is from somewhere else."""
        if request.client is None or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
            return False
        return is_loopback(request.client.host) and host_of(request) in LOOPBACK_NAMES

    def _proven(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        known = (self._token or "").encode()
        return bool(known) and scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), known)


class Counting:
    """ASGI middleware that counts requests and their seconds."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Outside of everything else, so that what is refused counts too."""
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.metrics.requests.labels(self.metrics.route_of(scope), str(message["status"])).inc()
                self.metrics.seconds.observe(time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, sending)
