"""The bot's loop stays awake while large pictures are made smaller and sent: a process of its own, no other load."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from bot.desk import Database, Desk
from bot.desk.settle import settle
from bot.desk.tables import JobRow
from tests.bot.discord.stage import NO_REDIS
from tests.e2e.lives import process, until
from tests.e2e.test_discord_kills import discord
from tests.loopback.lives import NAP, WORTH_TELLING
from tests.loopback.people import Cast
from tests.loopback.server import Server
from worker.contract import Done, JobQueue, PictureStore, Started
from worker.contract.pictures import encode_png
from worker.orphan import die_with_parent

LIMITS = {"made smaller": 2 * 2**20, "sent as it is": 10 * 2**20}  # bytes that may be uploaded; the painting has 9 MB
GOAL = 0.1  # seconds
TRIES = 6  # on a machine that others use: the quietest counts


class Stage(Cast):
    """A server and what the bot's process looks at."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop, data: Path) -> None:
        self.server, self.loop, self.data = server, loop, data
        database = Database(sa.URL.create("sqlite", database=str(data / "twobit.sqlite3")))
        database.migrate()
        self.desk = Desk(database, PictureStore((data / "pictures").as_uri()), JobQueue.at(NO_REDIS))

    def finish(self, painting: bytes) -> str:
        """The newest job's painting is there."""
        with self.desk.database.write() as session:
            row = session.query(JobRow).order_by(JobRow.seq.desc()).first()
            assert row is not None
            row.attempt, job = 1, row.id
        digest = self.desk.store.put(painting)
        with self.desk.database.write() as session:
            for event in (
                Started(job_id=job, attempt=1, worker="w"),
                Done(job_id=job, attempt=1, worker="w", result=digest, width=2000, height=1500, seconds=1.0),
            ):
                settle(session, event, self.desk.clock(), self.desk.rules)
        return job

    def worst(self, name: str, since: float) -> float:
        """The worst that this file tells, in seconds, from a monotonic time on."""
        lines = [[float(word) for word in line.split()] for line in (self.data / name).read_text().splitlines()]
        return max((late for at, late in lines if at >= since), default=0.0)


def nap(file: Path) -> None:
    """How late a process is woken that does nothing: the machine's doing, not the bot's."""
    die_with_parent()
    with file.open("w", buffering=1) as told:
        while True:
            before = time.perf_counter()
            time.sleep(NAP)
            late = time.perf_counter() - before - NAP
            if late > WORTH_TELLING:
                told.write(f"{time.monotonic():.3f} {late:.4f}\n")


def one_delivery(stage: Stage, painting: bytes) -> tuple[float, float]:
    """The worst lag and the machine's noise then, while one painting is made smaller and sent."""
    from bot.styles import house_style

    doodle = "doodle.png", house_style("coast-dusk").doodle.read_bytes()
    jobs = stage.desk.overview().waiting

    async def ask() -> None:
        await stage.alice.slash("paint", style="coast-dusk", doodle=doodle)

    asyncio.run_coroutine_threadsafe(ask(), stage.loop).result(20)
    until(lambda: stage.desk.overview().waiting > jobs, "the job")
    time.sleep(1.0)
    began = time.monotonic()
    job = stage.finish(painting)
    until(lambda: not stage.desk.owes(job), "the painting")
    return stage.worst("lag", began), stage.worst("noise", began)


@pytest.mark.parametrize("how", LIMITS)
def test_the_loop_is_awake_while_a_large_painting_is(how: str, tmp_path: Path) -> None:
    (tmp_path / "redis").write_text(NO_REDIS)
    (tmp_path / "tell-lag").touch()
    noise = np.random.default_rng(0).integers(0, 255, (1500, 2000, 3), np.uint8)
    painting = encode_png(noise, {"seed": 1})
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with discord() as (server, loop):
        stage = Stage(server, loop, tmp_path)
        server.world.upload_limit = LIMITS[how]
        python = (sys.executable, "-P", "-m")
        with (
            process(*python, "tests.e2e.test_discord_lag", data=tmp_path),
            process(*python, "tests.loopback.lives", data=tmp_path, **pipes) as mother,
        ):
            assert mother.stdin is not None
            assert mother.stdout is not None
            with mother.stdin, mother.stdout:
                mother.stdin.write(f"live {server.gateway.url} {server.base} {tmp_path}\n")
                mother.stdin.flush()
                until(lambda: (tmp_path / "ready").exists(), "the bot")
                seen = []
                for _ in range(TRIES):
                    seen.append(one_delivery(stage, painting))
                    if seen[-1][0] < GOAL:
                        break
        stage.desk.database.close()
    assert min(lag - noise for lag, noise in seen) < GOAL, seen


if __name__ == "__main__":
    nap(Path(os.environ["TWOBIT_DATA"]) / "noise")
