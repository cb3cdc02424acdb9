"""Discord's gateway: hello, identify, resume, heartbeats, events; zlib-stream as the library asks for."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.loopback.world import APP_ID, Json, World

HEARTBEAT_MS = 20_000


@dataclass
class Session:
    """What can be resumed."""

    id: str
    events: list[Json] = field(default_factory=list)
    socket: "Socket | None" = None


class Socket:
    """One connection."""

    def __init__(self, ws: web.WebSocketResponse, compressed: bool) -> None:
        """`compressed`: zlib-stream, one context for the whole connection."""
        self.ws = ws
        self._zlib = zlib.compressobj() if compressed else None
        self._lock = asyncio.Lock()

    async def send(self, message: Json) -> None:
        """One message."""
        text = json.dumps(message)
        async with self._lock:
            if self.ws.closed:
                return
            if self._zlib is None:
                await self.ws.send_str(text)
            else:
                await self.ws.send_bytes(self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH))


class Gateway:
    """Sessions of all bots that are connected, and counts of what they did."""

    def __init__(self, world: World) -> None:
        """No session yet."""
        self.world = world
        self.sessions: dict[str, Session] = {}
        self.identified = self.resumed = 0
        self.intents: list[int] = []
        self.refuse = 0  # connections to refuse
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()

    def emit(self, name: str, data: Json) -> None:
        """An event for every session; kept for those that are away and may resume."""
        for session in self.sessions.values():
            self._to(session, name, data)

    async def drop(self, *, resumable: bool = True, code: int = 4000) -> None:
        """Cut all connections; sessions stay or go."""
        for session in list(self.sessions.values()):
            if session.socket is not None:
                await session.socket.ws.close(code=code)
                session.socket = None
        if not resumable:
            self.sessions.clear()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The websocket's door."""
        if self.refuse > 0:
            self.refuse -= 1
            raise web.HTTPServiceUnavailable
        ws = web.WebSocketResponse(max_msg_size=0)
        await ws.prepare(request)
        socket = Socket(ws, request.query.get("compress") == "zlib-stream")
        await socket.send({"op": 10, "d": {"heartbeat_interval": HEARTBEAT_MS}, "s": None, "t": None})
        async for message in _messages(ws):
            await self._hear(socket, message)
        return ws

    async def _hear(self, socket: Socket, message: Json) -> None:
        op, data = message["op"], message["d"]
        if op == 1:
            await socket.send({"op": 11, "d": None, "s": None, "t": None})
        elif op == 2:
            await self._identify(socket, data)
        elif op == 6:
            session = self.sessions.get(data["session_id"])
            if session is None:
                await socket.send({"op": 9, "d": False, "s": None, "t": None})
                return
            self.resumed += 1
            session.socket = socket
            for event in [one for one in session.events if one["s"] > data["seq"]]:
                await socket.send(event)
            self._to(session, "RESUMED", {})

    async def _identify(self, socket: Socket, data: Json) -> None:
        self.identified += 1
        self.intents.append(data["intents"])
        session = Session(f"session{self.identified}", socket=socket)
        self.sessions[session.id] = session
        guilds = [{"id": str(number), "unavailable": True} for number in self.world.guilds]
        ready = {"v": 10, "user": self.world.bot.json(), "guilds": guilds, "session_id": session.id}
        ready |= {"resume_gateway_url": self.url, "application": {"id": str(APP_ID), "flags": 0}}
        self._to(session, "READY", {**ready, "shard": data.get("shard", [0, 1])})
        for guild in self.world.guilds.values():
            self._to(session, "GUILD_CREATE", guild.json())

    def _to(self, session: Session, name: str, data: Json) -> None:
        event = {"op": 0, "t": name, "s": len(session.events) + 1, "d": json.loads(json.dumps(data))}
        session.events.append(event)
        if session.socket is not None:
            task = asyncio.get_running_loop().create_task(session.socket.send(event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


async def _messages(ws: web.WebSocketResponse) -> AsyncIterator[dict[str, Any]]:
    async for message in ws:
        if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
            yield json.loads(message.data)
