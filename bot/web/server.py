"""The HTTP server of a desk: health for machines, studio and gallery for people."""

import contextlib
import socket

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.community import Community
from bot.desk import Desk
from bot.web.app import web_app
from bot.web.health import readiness
from bot.web.settings import WebSettings, family_of

CLOSING_SECONDS = 2  # for open event streams when the server stops


def health_routes(desk: Desk) -> list[Route]:
    """`/healthz`: this process answers. `/readyz`: 200 when a painting can be asked for, else 503, with reasons."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        found = await run_in_threadpool(readiness, desk)
        return JSONResponse(found, status_code=200 if all(state == "ok" for state in found.values()) else 503)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def site(community: Community, settings: WebSettings) -> Starlette:
    """The application that `WebServer` serves."""
    return web_app(community, settings, health_routes(community.desk))


class WebServer:
    """Serves from a thread of its own."""

    def __init__(self, community: Community, settings: WebSettings, host: str, port: int) -> None:
        """Bind at once, so that a taken port is known before anything else starts. Raises OSError."""
        self._socket = socket.create_server((host, port), family=family_of(host), reuse_port=False)
        self.host, self.port = self._socket.getsockname()[:2]
        config = uvicorn.Config(
            site(community, settings),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            ws="none",  # there are none here, and nobody need try
            timeout_graceful_shutdown=CLOSING_SECONDS,
        )
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Serve until `stop`."""
        # uvicorn would take the signals for itself, but only the main thread may and the desk has them.
        with contextlib.suppress(KeyboardInterrupt):
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Let `run` return."""
        self._server.should_exit = True
