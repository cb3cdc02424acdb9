"""The HTTP server of a desk. So far it tells whether the service is well; studio and gallery are to come."""

import contextlib
import socket

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.desk import Desk
from bot.web.health import readiness


def health_app(desk: Desk) -> Starlette:
    """`/healthz`: this process answers. `/readyz`: 200 when a painting can be asked for, else 503, with reasons."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        found = await run_in_threadpool(readiness, desk)
        return JSONResponse(found, status_code=200 if all(state == "ok" for state in found.values()) else 503)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz)])


class HealthServer:
    """Serves from a thread of its own."""

    def __init__(self, desk: Desk, host: str, port: int) -> None:
        """Bind at once, so that a taken port is known before anything else starts. Raises OSError."""
        self._socket = socket.create_server((host, port), reuse_port=False)
        self.host, self.port = self._socket.getsockname()[:2]
        config = uvicorn.Config(health_app(desk), log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Serve until `stop`."""
        # uvicorn would take the signals for itself, but only the main thread may and the desk has them.
        with contextlib.suppress(KeyboardInterrupt):
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Let `run` return."""
        self._server.should_exit = True
