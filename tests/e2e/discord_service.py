"""A `twobit serve` that runs the Discord bot too, with the stand-in for Discord in a thread of this process."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.desk import Standing
from tests.e2e.service import Service, serving
from tests.loopback.openapi import faults_of
from tests.loopback.people import Cast, text_of, until
from tests.loopback.server import Server
from tests.loopback.world import FORUM, Channel, Json, World
from tests.s3 import free_ports

SITE = Path(__file__).parents[1] / "loopback" / "site"
PATIENCE = 120.0
T = TypeVar("T")


@dataclass(frozen=True)
class Real(Cast):
    """Everything real but Discord."""

    server: Server
    service: Service
    loop: asyncio.AbstractEventLoop

    def channel(self, name: str) -> Channel:
        return next(one for one in self.world.guild.channels if one.name == name)

    def play(self, act: Coroutine[Any, Any, T]) -> T:
        """Run people's acts in the stand-in's own loop."""
        future: Future[T] = asyncio.run_coroutine_threadsafe(act, self.loop)
        return future.result(3 * PATIENCE)

    async def painted(self, message: Json) -> str:
        """Wait until a job's message shows its painting; returns the job's id."""

        def look() -> str | None:
            names = [one["filename"] for one in message["attachments"]]
            return next((name[7:].split(".")[0] for name in names if name.startswith("twobit-")), None)

        try:
            found: str = await until(look, PATIENCE, "the painting")
        except AssertionError as error:
            raise AssertionError(f"{error}; shown: {text_of(message)}") from None
        return found

    async def job_of(self, message: Json) -> str:
        """The id of the job that a message shows, from its Cancel button."""

        def look() -> str | None:
            ids = [one["custom_id"] for row in message["components"] for one in row["components"]]
            return next((one.split(":")[2] for one in ids if one.startswith("tb:cancel:")), None)

        found: str = await until(look, PATIENCE, "the Cancel button")
        return found

    async def running(self, job: str) -> Standing:
        """Wait until a painter is at it."""

        def look() -> Standing | None:
            standing = self.service.desk.standing(job)
            assert not standing.final, standing
            return standing if standing.progress is not None else None

        found: Standing = await until(look, PATIENCE, f"a painter for {job}")
        return found

    def copies(self, job: str) -> int:
        """How many messages show a painting."""
        return sum(any(job in one["filename"] for one in message["attachments"]) for message in self.world.said())

    def twobit(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command on this service."""
        command = [sys.executable, "-P", "-m", "twobit", *words, "--data", str(self.service.data)]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


@contextmanager
def stood_in(world: World) -> Iterator[tuple[Server, asyncio.AbstractEventLoop]]:
    """The stand-in for Discord, answering from a thread of its own; in the end nothing asked of it was wrong."""
    server = Server(world)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = server.listening()
    asyncio.run_coroutine_threadsafe(listening.__aenter__(), loop).result(10)
    try:
        yield server, loop
        faults = faults_of(server.calls)  # here, for another process of the suite may look at the others
        assert not faults, "\n".join(sorted(faults))
    finally:
        asyncio.run_coroutine_threadsafe(listening.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def settings_for(server: Server) -> dict[str, str]:
    """What makes a bot take the stand-in for Discord."""
    return {
        "TWOBIT_DISCORD_TOKEN": "a.loopback.token",
        "LOOPBACK_API": server.base,
        "LOOPBACK_GATEWAY": server.gateway.url,
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join([str(SITE), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }


def a_world() -> World:
    """A server with the channels that the tests speak of."""
    world = World()
    world.add_channel(world.guild, "walls", FORUM)
    world.add_channel(world.guild, "moderators")
    return world


@contextmanager
def real(folder: Path) -> Iterator[Real]:
    """Commands are synced, the bot is connected; in the end everything is down and nobody has raised."""
    world = a_world()
    (port,) = free_ports(1)
    with stood_in(world) as (server, loop), pytest.MonkeyPatch.context() as patch:
        page = {"TWOBIT_PORT": str(port), "TWOBIT_PUBLIC_URL": f"http://127.0.0.1:{port}"}
        for name, value in {**settings_for(server), **page}.items():
            patch.setenv(name, value)
        with serving(folder / "data") as service:
            found = Real(server, service, loop)
            synced = found.twobit("bot", "sync")
            assert synced.returncode == 0, synced.stderr
            assert "commands synced" in synced.stdout
            found.play(until(lambda: server.gateway.identified, PATIENCE, "the bot"))
            yield found
        log = (folder / "data.log").read_text()
        assert "Traceback" not in log, log
