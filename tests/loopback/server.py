"""The stand-in as a server on the loopback interface; every request is kept for the check of them all."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.loopback.faults import Fault
from tests.loopback.gateway import Gateway
from tests.loopback.rest import ApiError, Call, Rest
from tests.loopback.world import World

API = "/api/v10"
ALL_CALLS: list[Call] = []  # of the whole test session


class Server:
    """World, REST and gateway on one port."""

    def __init__(self, world: World) -> None:
        """Not listening yet."""
        self.world = world
        self.gateway = Gateway(world)
        self.rest = Rest(world, self.gateway.emit)
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.base = ""
        self.token: str | None = None  # the one that is known; None: any

    def calls_to(self, method: str, part: str) -> list[Call]:
        """Answered requests whose path has this part."""
        return [call for call in self.calls if call.method == method and part in call.path]

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Serve inside the block."""
        app = web.Application(client_max_size=2**30)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_get("/attachments/{rest:.*}", self._file)
        app.router.add_route("*", API + "/{rest:.*}", self._call)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            await web.SockSite(runner, listener).start()
            self.base = f"http://127.0.0.1:{port}{API}"
            self.world.origin = f"http://127.0.0.1:{port}"
            self.gateway.url = f"ws://127.0.0.1:{port}/gateway"
            try:
                yield
            finally:
                await runner.cleanup()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        for fault in self.faults:
            if fault.hits("GET", request.path):
                return await self._suffer(fault, request, None)
        data = self.world.blobs.get(request.path)
        return web.Response(status=404) if data is None else web.Response(body=data)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        call = await _read(request)
        if self.token is not None and request.headers.get("Authorization") not in (None, f"Bot {self.token}"):
            return json_answer({"code": 0, "message": "401: Unauthorized"}, status=401)
        if call.path == "/gateway/bot":
            limits = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            return json_answer({"url": self.gateway.url, "shards": 1, "session_start_limit": limits})
        fault = next((one for one in self.faults if one.hits(call.method, call.path)), None)
        if fault is not None and not fault.done:
            return await self._suffer(fault, request, call)
        response = self._answer(call)
        return response if fault is None else await self._suffer(fault, request, None)

    def _answer(self, call: Call) -> web.StreamResponse:
        self.calls.append(call)
        ALL_CALLS.append(call)
        try:
            answer = self.rest.answer(call)
        except ApiError as error:
            call.status = error.status
            return json_answer({"code": error.code, "message": str(error)}, status=error.status)
        call.status = 204 if answer is None else 200
        if answer is None:
            return web.Response(status=204)
        return json_answer(answer)

    async def _suffer(self, fault: Fault, request: web.Request, call: Call | None) -> web.StreamResponse:
        if call is not None:
            call.status = fault.status
            self.calls.append(call)
            ALL_CALLS.append(call)
        await asyncio.sleep(fault.delay)
        if fault.cut and request.transport is not None:
            request.transport.close()
            raise ConnectionResetError
        return json_answer(fault.body, status=fault.status, headers=fault.headers)


def json_answer(data: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """As Discord's: the library looks for exactly this content type."""
    more = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=json.dumps(data).encode(), status=status, headers=more)


async def _read(request: web.Request) -> Call:
    call = Call(request.method, request.path.removeprefix(API), query=dict(request.query))
    if request.content_type == "multipart/form-data":
        call.multipart = True
        async for part in await request.multipart():
            assert not isinstance(part, type(None))
            data = bytes(await part.read(decode=False))  # type: ignore[union-attr]
            if part.name == "payload_json":  # type: ignore[union-attr]
                call.body = json.loads(data)
            else:
                call.files[part.name or ""] = (part.filename or "", data)  # type: ignore[union-attr]
    elif request.can_read_body:
        text = await request.text()
        call.body = json.loads(text) if text else None
    return call
