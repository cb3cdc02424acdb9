"""An ASGI application on a port of its own, in a thread."""

import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def free_port() -> int:
    """One that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def serving(app: App, port: int) -> Iterator[None]:
    """Serve until the end; open streams are cut then."""
    config = uvicorn.Config(
        app,
        "127.0.0.1",
        port,
        log_level="error",
        timeout_graceful_shutdown=1,
        lifespan="off",
        date_header=False,
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    give_up = time.monotonic() + 20
    while not server.started and time.monotonic() < give_up:
        time.sleep(0.01)
    assert server.started
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Instead:
    """What a server says instead of an answer of its own."""

    status: int
    body: bytes = b""
    headers: Headers = ()


async def answered(send: Send, status: int, body: bytes, kind: bytes = b"application/json", more: Headers = ()) -> None:
    """A whole answer."""
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
