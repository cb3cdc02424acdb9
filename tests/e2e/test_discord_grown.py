"""Grown: two desks, two workers and the Discord bot, each a process of its own, on PostgreSQL, S3 and a lone Valkey."""

import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.desk import Database, Desk
from tests.e2e.discord_service import PATIENCE, Real, a_world, settings_for, stood_in
from tests.e2e.service import TWOBIT, Service, part
from tests.e2e.test_discord import DOODLE, MAP, STYLE
from tests.loopback.people import until
from worker.contract import JobQueue, PictureStore

pytestmark = pytest.mark.soak
PARTS = (("desk",), ("desk",), ("worker",), ("worker",), ("bot", "discord"))


def eventually(desk: Desk, workers: int) -> None:
    """Wait until so many workers take jobs."""
    give_up = time.monotonic() + PATIENCE
    while desk.queue.workers() < workers:
        assert time.monotonic() < give_up, desk.queue.workers()
        time.sleep(0.2)


def test_discord_on_two_desks_and_two_workers(
    postgres_url: str, s3_bucket: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_url = f"{s3_bucket}/{tmp_path.name}"
    with stood_in(a_world()) as (server, loop), ExitStack() as parts:
        where = {"DATABASE": postgres_url, "STORE": store_url, "REDIS": redis_url}
        for name, value in {
            **settings_for(server),
            **{f"TWOBIT_{kind}_URL": url for kind, url in where.items()},
        }.items():
            monkeypatch.setenv(name, value)
        database = Database(postgres_url)
        parts.callback(database.close)
        database.migrate()
        desk = Desk(database, PictureStore(store_url), JobQueue.at(redis_url))
        logs = [tmp_path / f"{words[-1]}{number}.log" for number, words in enumerate(PARTS)]
        running = [
            parts.enter_context(part([*TWOBIT, *words, "--data", str(log.with_suffix(""))], None, log))
            for words, log in zip(PARTS, logs, strict=True)
        ]
        stage = Real(server, Service(tmp_path / "cli", running[-1], desk, ""), loop)
        synced = stage.twobit("bot", "sync")
        assert synced.returncode == 0, synced.stderr
        stage.play(until(lambda: server.gateway.identified, PATIENCE, "the bot"))
        eventually(desk, 2)

        async def add() -> None:
            await (await stage.alice.slash("style add", name="Small bay", picture=STYLE, map=MAP)).private("Small bay")

        async def painted(count: int) -> list[str]:
            choices = {"style": "small-bay", "doodle": DOODLE, "preset": "draft", "size": 96}
            asked = [await stage.alice.slash("paint", **choices) for _ in range(count)]
            return [await stage.painted(await each.message(PATIENCE)) for each in asked]

        stage.play(add())
        jobs = stage.play(painted(3))
        assert [desk.standing(job).attempt for job in jobs] == [1, 1, 1]
        os.kill(running[0].pid, signal.SIGKILL)
        os.kill(running[2].pid, signal.SIGKILL)  # and either half is enough
        (after,) = stage.play(painted(1))
        assert desk.standing(after).attempt <= 2
        assert [stage.copies(job) for job in (*jobs, after)] == [1, 1, 1, 1]
        assert server.gateway.identified == 1
    for log in logs:
        assert "Traceback" not in log.read_text(), log.read_text()[-3000:]
