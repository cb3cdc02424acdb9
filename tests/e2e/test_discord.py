"""The main path with everything real but Discord: the bot, desk, Valkey, worker and engine as processes."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.e2e.service import Service, serving
from tests.loopback.people import Person, text_of, until
from tests.loopback.server import Server
from tests.loopback.world import World
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract.pictures import read_recipe

ENTRY = Path(__file__).parents[1] / "loopback" / "entry.py"
STYLE_MAP = flat(96, 72, [SKY, SEA, SAND])
PICTURES = {
    "style": ("style.png", png(painted(STYLE_MAP))),
    "style_map": ("map.png", png(STYLE_MAP)),
    "doodle": ("doodle.png", png(flat(96, 72, [SKY, SEA, SAND], slope=0.4))),
}
PATIENCE = 90.0


def environment(server: Server) -> dict[str, str]:
    token = {"TWOBIT_DISCORD_TOKEN": "a.loopback.token", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **token, "LOOPBACK_API": server.base, "LOOPBACK_GATEWAY": server.gateway.url}


def start_bot(server: Server, data: Path, *words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-P", str(ENTRY), "bot", *words, "--data", str(data)]
    return subprocess.Popen(command, env=environment(server), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@asynccontextmanager
async def bot_of(server: Server, data: Path) -> AsyncIterator["subprocess.Popen[str]"]:
    """`twobit bot discord`, connected."""
    before = server.gateway.identified
    process = start_bot(server, data, "discord")
    try:
        await until(lambda: server.gateway.identified > before, PATIENCE, "the bot")
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            _, errors = await asyncio.to_thread(process.communicate, timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert "Traceback" not in errors, errors
    assert process.returncode in (0, -signal.SIGKILL), errors


async def ask(alice: Person) -> Any:
    form = await alice.slash("paint_new")
    return await alice.submit(form, **PICTURES)


async def painting_of(server: Server, number: int) -> dict[str, Any]:
    """The `number`-th message with a finished painting."""

    def look() -> dict[str, Any] | None:
        names = [(one, picture["filename"]) for one in server.world.said() for picture in one["attachments"]]
        done = [one for one, name in names if name.startswith("twobit-")]
        return done[number - 1] if len(done) >= number else None

    found: dict[str, Any] = await until(look, PATIENCE, f"painting {number}")
    return found


async def play(service: Service, data: Path) -> None:
    server = Server(World())
    async with server.listening():
        synced = start_bot(server, data, "sync")
        out, errors = await asyncio.to_thread(synced.communicate, timeout=60)
        assert synced.returncode == 0, errors
        assert "commands synced" in out
        alice = Person(server, server.world.alice, server.world.channel)
        async with bot_of(server, data):
            asked = await ask(alice)
            assert asked.interaction.first_after is not None
            assert asked.interaction.first_after < 1.0
            first = await painting_of(server, 1)
            recipe = read_recipe(server.world.bytes_of(first["attachments"][0]))
            assert recipe is not None
            # A restart of the worker in mid-job, then one of the bot.
            await alice.click(first, "Reroll")
            await until(lambda: service.desk.overview().running or None, PATIENCE, "the painter")
            service.kill("worker")
            await painting_of(server, 2)
            await alice.click(first, "Reroll")
            killed = await until(lambda: service.desk.overview().running or None, PATIENCE, "the painter")
            assert killed
        async with bot_of(server, data) as process:
            await painting_of(server, 3)
            large = await alice.click(first, "Larger")
            message = await large.message(PATIENCE)
            await alice.click(message, "Cancel")
            await until(lambda: "Cancelled" in text_of(message), 10)
            process.kill()
        shown = [one["id"] for one in server.world.said() if one["attachments"]]
        assert len(shown) == 3


def test_the_main_path_with_real_processes(tmp_path: Path) -> None:
    # a thread of its own, since the browser's tests leave a loop running in this one
    with serving(tmp_path / "data") as service, ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(play(service, tmp_path / "data"))).result()
