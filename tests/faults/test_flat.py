"""Thousands of requests through a real desk and a real Discord bot: their memory stays what it was. `make soak`."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import numpy as np
import psutil
import pytest

from bot.desk.readers import COUNT
from tests.e2e.discord_service import real
from tests.e2e.service import TWOBIT
from tests.e2e.test_discord import DOODLE, MAP, QUICK, STYLE
from tests.intruders.fuzz import MAP as STYLE_MAP
from tests.intruders.fuzz import STYLE as PAINTING
from tests.pictures import SAND, SEA, SKY, flat, png
from tests.s3 import free_ports
from worker.orphan import tied

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]
JOBS, WARM, STEP = 2400, 1200, 400  # requests; until memory should be what it will be; between looks
AHEAD = 40  # jobs that wait at most: a long line is another test
COMMANDS, COMMANDS_WARM = 800, 300
MORE_MIB = 10.0  # that may be added after the warm part: some KiB a request would show
WORK = """
import sys
from tests import stub_painter
from worker.service import run_worker
run_worker(sys.argv[1], sys.argv[2], painter_command=stub_painter.COMMAND)
"""


@contextmanager
def process(*command: str) -> Iterator[psutil.Popen]:
    with psutil.Popen(command, env=tied(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as started:
        yield started
        started.terminate()


def mib(one: psutil.Process) -> float:
    """What it really holds: pages that it shares with nobody."""
    return float(one.memory_full_info().uss) / 2**20


def grown(name: str, looks: list[tuple[int, float]], warm: int) -> float:
    """MiB more at the end than when it was warm, printed."""
    begin = next(held for count, held in looks if count >= warm)
    shown = ", ".join(f"{held:.0f} at {count}" for count, held in looks)
    print(f"\n{name}: {shown} MiB; {looks[-1][1] - begin:+.1f} MiB after {warm}")  # noqa: T201 - the report is made of it
    return looks[-1][1] - begin


def doodle(number: int) -> bytes:
    """Each another."""
    picture = flat(64, 48, [SKY, SEA, SAND])
    picture[number % 48, : 1 + number // 48 % 64] = SAND
    return png(np.ascontiguousarray(picture))


def post(page: httpx.Client, number: int) -> None:
    """A request, whatever it takes."""
    files = {"style": PAINTING, "style_map": STYLE_MAP, "doodle": doodle(number)}
    for _ in range(600):
        answer = page.post("/api/v1/jobs", data={"seed": "0", "as_is": "yes"}, files=files)
        if answer.status_code == 201:
            page.get(f"/api/v1/jobs/{answer.json()['id']}")
            return
        assert answer.status_code in (429, 503), answer.text
        time.sleep(0.5)
    raise AssertionError(answer.text)


def test_a_desks_memory_is_flat(redis_url: str, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    store = (tmp_path / "pictures").as_uri()
    where = ["--data", str(tmp_path), "--redis-url", redis_url, "--store-url", store, "--port", str(port)]
    with ExitStack() as parts:
        desk = parts.enter_context(process(*TWOBIT, "desk", *where))
        worker = parts.enter_context(process(sys.executable, "-c", WORK, redis_url, store))
        page = parts.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60))
        wait_for(lambda: ready(page))
        looks: dict[str, list[tuple[int, float]]] = {"desk": [], "its readers": [], "worker": []}
        for begin in range(0, JOBS, STEP):
            threads = [threading.Thread(target=work, args=(page, begin + share)) for share in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for path in ("/gallery", "/studio", "/metrics", "/readyz"):
                page.get(path)
            readers = [each for each in desk.children() if "bot.desk.reader" in each.cmdline()]
            assert readers
            looks["desk"].append((begin + STEP, mib(desk)))
            # As if all had the heaviest's: there may be another just now, which takes an old one's place.
            looks["its readers"].append((begin + STEP, COUNT * max(map(mib, readers))))
            looks["worker"].append((begin + STEP, mib(worker)))
        ended = page.get("/metrics").text
        found = {name: grown(name, seen, WARM) for name, seen in looks.items()}
    assert 'twobit_jobs_ended_total{lane="paint",outcome="done"}' in ended
    assert all(more < MORE_MIB for more in found.values()), found


def ready(page: httpx.Client) -> bool:
    try:
        return page.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def work(page: httpx.Client, first: int) -> None:
    for number in range(first, first + STEP, 4):
        post(page, number)
        if number % 20 < 4:
            wait_for(lambda: waiting(page) < AHEAD)


def waiting(page: httpx.Client) -> float:
    lines = page.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("twobit_queue_waiting{"))


def wait_for(true: Callable[[], bool], seconds: float = 120.0) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def test_a_discord_bots_memory_is_flat(tmp_path: Path) -> None:
    with real(tmp_path) as stage:
        (bot,) = stage.service.children("discord")
        looks: list[tuple[int, float]] = []

        async def go() -> None:
            added = await stage.alice.slash("style add", name="Small bay", picture=STYLE, map=MAP)
            await added.private("Small bay")
            for number in range(COMMANDS):
                await (await stage.alice.slash("tray")).private()
                if number % 100 == 99:
                    asked = await stage.alice.slash("paint", style="small-bay", doodle=DOODLE, **QUICK)
                    await stage.painted(await asked.message(120))
                    looks.append((number + 1, mib(bot)))

        stage.play(go())
        assert grown("the Discord bot", looks, COMMANDS_WARM) < MORE_MIB
