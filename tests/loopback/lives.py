"""The Discord bot's lives, see tests.networks.lives: each may be killed at a step of its own."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import aiohttp
import discord
import sqlalchemy as sa
import yarl
from discord.gateway import DiscordWebSocket

from bot.community import Community
from bot.desk import Database, Desk
from bot.discord.bot import TwobitBot
from bot.discord.parts import Parts
from bot.discord.reading import Reader
from bot.discord.running import run
from bot.discord.syncing import sync
from tests.networks.lives import Steps, main, watch
from twobit.logs import configure_logs
from worker.contract import JobQueue, PictureStore

NAP, WORTH_TELLING = 0.005, 0.02  # seconds


def watch_requests(steps: Steps) -> None:
    """Those to Discord that change something, before and after."""
    send = aiohttp.ClientSession._request

    async def stepping(self: aiohttp.ClientSession, method: str, url: Any, **more: Any) -> aiohttp.ClientResponse:
        if method == "GET":
            return await send(self, method, url, **more)
        what = f"{method} {str(url).partition('?')[0].rpartition('/')[2]}"
        steps.step(f"before {what}")
        response = await send(self, method, url, **more)
        steps.step(f"after {what}")
        return response

    aiohttp.ClientSession._request = stepping  # type: ignore[method-assign,assignment]


async def tell_lag(data: Path) -> None:
    """Write how late the loop wakes us: monotonic time and seconds."""
    with (data / "lag").open("w", buffering=1) as told:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(NAP)
            late = time.perf_counter() - before - NAP
            if late > WORTH_TELLING:
                told.write(f"{time.monotonic():.3f} {late:.4f}\n")


def live(gateway: str, base: str, data: Path) -> None:
    """One life."""
    configure_logs("discord")
    discord.http.Route.BASE = base
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    database = Database(sa.URL.create("sqlite", database=str(data / "twobit.sqlite3")))
    steps = Steps(data)
    watch(database, steps)
    watch_requests(steps)
    signal.signal(signal.SIGUSR1, steps.arm)
    desk = Desk(database, PictureStore((data / "pictures").as_uri()), JobQueue.at((data / "redis").read_text()))
    parts = Parts(desk, Community(desk), reader=Reader(frozenset({"127.0.0.1"})), holder="life")

    async def go() -> None:
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)

        if (data / "tell-lag").exists():
            telling = asyncio.create_task(tell_lag(data))
            assert telling

        class Bot(TwobitBot):
            async def on_ready(self) -> None:
                if not (data / "synced").exists():
                    await sync(self)
                    (data / "synced").touch()
                (data / "ready").touch()

        await run(lambda: Bot(parts, guild_ready_timeout=0.05), "a.loopback.token", stopping)

    asyncio.run(go())
    parts.threads.close()


if __name__ == "__main__":
    main(live)
