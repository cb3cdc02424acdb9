"""The real bot on a stand-in for Discord, with a real desk and community; the painter is played by the test."""

import asyncio
import functools
import inspect
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import discord
import yarl
from discord.gateway import DiscordWebSocket

from bot.community import Community
from bot.desk import Database, Desk
from bot.desk.settle import Outcome, settle
from bot.discord.bot import TwobitBot
from bot.discord.parts import Parts
from bot.discord.reading import Reader
from tests.loopback.people import Cast, until
from tests.loopback.server import Server
from tests.loopback.world import World
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract import Done, Event, Failed, JobQueue, PictureStore, Started, Stepped
from worker.contract.pictures import encode_png

NO_REDIS = "unix:///nonexistent/twobit-test.sock"
STYLE_MAP = flat(64, 48, [SKY, SEA, SAND])
STYLE = ("style.png", png(painted(STYLE_MAP)))
MAP = ("map.png", png(STYLE_MAP))
DOODLE = ("doodle.png", png(flat(64, 48, [SKY, SEA, SAND], slope=0.4)))
TOKEN = "a.loopback.token"


@dataclass
class Stage(Cast):
    """Everything a test touches."""

    server: Server
    parts: Parts
    bots: list[TwobitBot] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def bot(self) -> TwobitBot:
        return self.bots[-1]

    @property
    def desk(self) -> Desk:
        return self.parts.desk

    async def start_bot(self, parts: Parts | None = None, **options: Any) -> TwobitBot:
        """Another bot, connected."""
        bot = TwobitBot(parts or self.parts, guild_ready_timeout=0.05, **options)
        before = self.server.gateway.identified
        self.bots.append(bot)
        self.tasks.append(asyncio.create_task(bot.start(TOKEN)))
        await until(lambda: self.server.gateway.identified > before or self.tasks[-1].done(), what="identify")
        if self.tasks[-1].done():
            self.tasks[-1].result()
        await asyncio.wait_for(bot.wait_until_ready(), 10)
        return bot

    async def stop_bot(self, bot: TwobitBot | None = None) -> None:
        """As after Ctrl-C."""
        index = self.bots.index(bot or self.bot)
        await self.bots[index].close()
        await asyncio.gather(self.tasks[index], return_exceptions=True)
        del self.bots[index], self.tasks[index]

    async def sync(self) -> None:
        """As `twobit bot sync`."""
        from bot.discord.syncing import sync

        await sync(self.bot)

    async def job(self, number: int = 1) -> str:
        """The id of the `number`-th job that was accepted."""

        def look() -> str | None:
            with self.desk.database.engine.connect() as connection:
                rows = connection.exec_driver_sql("SELECT id FROM job ORDER BY seq").scalars().all()
            return rows[number - 1] if len(rows) >= number else None

        found: str = await until(look, what=f"job {number}")
        return found

    def jobs(self) -> int:
        with self.desk.database.engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM job").scalar_one())

    def hear(self, event: Event) -> None:
        """What a worker tells."""
        with self.desk.database.write() as session:
            assert settle(session, event, self.desk.clock(), self.desk.rules) is Outcome.SETTLED

    def begin(self, job_id: str) -> None:
        """A painter begins."""
        with self.desk.database.write() as session:
            from bot.desk.tables import JobRow

            row = session.query(JobRow).filter_by(id=job_id).one()
            row.attempt = row.attempt or 1
        self.hear(Started(job_id=job_id, attempt=1, worker="w"))

    def step(self, job_id: str, done: float, preview: bytes | None = None) -> None:
        digest = None if preview is None else self.desk.store.previews.put(preview)
        more: dict[str, Any] = {} if digest is None else {"preview": digest}
        self.hear(
            Stepped(
                job_id=job_id,
                attempt=1,
                worker="w",
                octave=2,
                octaves=4,
                iteration=1,
                iterations=9,
                done=done,
                seconds=10.0 * done,
                **more,
            )
        )

    def finish(self, job_id: str, width: int = 64, height: int = 48, painting: bytes | None = None) -> bytes:
        """The painting is there; returns its bytes."""
        data = painting or encode_png(painted(flat(width, height, [SKY, SAND])), {"seed": 1})
        digest = self.desk.store.put(data)
        if self.desk.standing(job_id).state == "queued":
            self.begin(job_id)
        self.hear(Done(job_id=job_id, attempt=1, worker="w", result=digest, width=width, height=height, seconds=2.0))
        return data

    def suggest(self, job_id: str, style_map: bytes) -> None:
        """A worker suggests this map."""
        digest = self.desk.store.put(style_map)
        self.begin(job_id)
        self.hear(Done(job_id=job_id, attempt=1, worker="w", result=digest, width=64, height=48, seconds=1.0))

    def fail(self, job_id: str, message: str) -> None:
        self.begin(job_id)
        self.hear(Failed(job_id=job_id, attempt=1, worker="w", failure="input", message=message))

    async def shown(self, job_id: str, seconds: float = 20.0) -> dict[str, Any]:
        """The message that shows the finished painting."""

        def look() -> dict[str, Any] | None:
            for message in self.world.said():
                ids = [one["filename"] for one in message["attachments"]]
                if any(job_id in name for name in ids):
                    return message
            return None

        found: dict[str, Any] = await until(look, seconds, f"the painting of {job_id}")
        return found

    def copies(self, job_id: str) -> int:
        """How many messages show it."""
        return sum(any(job_id in one["filename"] for one in message["attachments"]) for message in self.world.said())


Test = Callable[..., Coroutine[Any, Any, None]]


def make_parts(folder: Path, origin: str, **more: Any) -> Parts:
    """A desk and a community on SQLite and a folder."""
    path = folder / "test.sqlite3"
    if not path.exists():
        path.write_bytes(_empty_database())
    database = Database(f"sqlite:///{path}")
    desk = Desk(database, PictureStore((folder / "pictures").as_uri()), JobQueue.at(NO_REDIS))
    host = urlsplit(origin).hostname or ""
    return Parts(desk, Community(desk), reader=Reader(frozenset({host})), holder="one", **more)


@functools.cache
def _empty_database() -> bytes:
    """Migrating takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite3"
        database = Database(f"sqlite:///{path}")
        database.migrate()
        database.close()  # the last one to close brings the log into the file
        return path.read_bytes()


@asynccontextmanager
async def staged(folder: Path, arrange: Callable[[World], None] | None = None, **more: Any) -> AsyncIterator[Stage]:
    """A server with the bot in it, commands synced."""
    world = World()
    if arrange is not None:
        arrange(world)
    server = Server(world)
    base = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with server.listening():
        discord.http.Route.BASE = server.base
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway.url)
        stage = Stage(server, make_parts(folder, world.origin, **more))
        try:
            await stage.start_bot()
            await stage.sync()
            yield stage
        finally:
            for bot in list(stage.bots):
                await stage.stop_bot(bot)
            stage.parts.threads.close()
            stage.desk.database.close()
            discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base
            await asyncio.sleep(0)


def arranged(arrange: Callable[[World], None]) -> Callable[[Test], Callable[..., None]]:
    """As `play`, in a world that was changed before the bot sees it."""
    return functools.partial(play, arrange=arrange)


def play(test: Test, arrange: Callable[[World], None] | None = None) -> Callable[..., None]:
    """Make a test of `async def test(stage)`."""

    async def run(folder: Path, arguments: dict[str, Any]) -> None:
        async with staged(folder, arrange) as stage:
            await test(stage, **arguments)

    def wrapper(tmp_path: Path, **arguments: Any) -> None:
        asyncio.run(run(tmp_path, arguments))

    functools.update_wrapper(wrapper, test)
    del wrapper.__wrapped__  # type: ignore[attr-defined]  # pytest would look for a fixture called stage
    given = [p for name, p in inspect.signature(test).parameters.items() if name != "stage"]
    tmp = inspect.Parameter("tmp_path", inspect.Parameter.KEYWORD_ONLY)
    wrapper.__signature__ = inspect.Signature([*given, tmp])  # type: ignore[attr-defined]
    return wrapper
