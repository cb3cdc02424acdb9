"""How fast list pages come with 1,000 works: `python -m benchmarks.pages`. Writes benchmarks/results/pages.md."""

import random
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean, median, quantiles

import httpx
import numpy as np
import psutil
from sqlalchemy import insert

from bot.community import Community
from bot.community.tables import WorkLabelRow, WorkRow
from bot.desk import Database, Desk
from bot.desk.job_id import new_job_id
from bot.styles import house_styles
from bot.web.server import WebServer
from bot.web.settings import WebSettings
from worker.contract import JobQueue, PaintOptions, PictureStore
from worker.contract.pictures import encode_png

WORKS = 1000
SECONDS = 15.0
CLIENTS = 4
WANTED_RATE, WANTED_P95 = 50.0, 0.100
PATHS = ("/", "/?order=top", "/?order=top&period=month", "/?order=random", "/?style=coast-dusk", "/?label=water")
RESULTS = Path(__file__).parent / "results" / "pages.md"


def main() -> None:
    """Fill a gallery, serve it, ask."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        community = open_community(data)
        hang(community)
        server = WebServer(community, WebSettings(secret=b"benchmark" * 4, requests_per_minute=10**9), "127.0.0.1", 0)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        clients = [_client(f"http://127.0.0.1:{server.port}") for _ in range(CLIENTS)]
        spent = psutil.Process().cpu_times()
        times = [float(line) for client in clients for line in client.communicate()[0].split()]
        used = psutil.Process().cpu_times()
        server.stop()
        thread.join()
        community.desk.database.close()
    cpu = used.user + used.system - spent.user - spent.system
    report(CLIENTS / fmean(times), times, cpu / len(times))  # clients ask without a pause: starting them is no page


def open_community(data: Path) -> Community:
    """On SQLite and a folder, as one machine has it."""
    database = Database(f"sqlite:///{data / 'pages.sqlite3'}")
    database.migrate()
    desk = Desk(database, PictureStore((data / "pictures").as_uri()), JobQueue.at("unix:///nonexistent.sock"))
    return Community(desk)


def hang(community: Community) -> None:
    """1,000 works of 50 people in all styles, over two months."""
    chance = random.Random(7)
    digest = community.desk.store.put(encode_png(np.full((48, 64, 3), 90, np.uint8)))
    now = datetime.now(UTC)
    with community.desk.database.write() as session:
        for number in range(WORKS):
            style = chance.choice(house_styles())
            row = WorkRow(
                id=new_job_id(),
                job_id=new_job_id(),
                person=f"web:{chance.randrange(50)}",
                author=f"Painter {chance.randrange(50)}",
                title=f"Work {number}",
                alt="A painting of water, sky.",
                nsfw=False,
                **dict.fromkeys(("style", "style_map", "doodle", "result"), digest),
                style_key=f"house:{style.slug}",
                style_name=style.name,
                credit="Twobit, CC0-1.0",
                options=PaintOptions().model_dump(),
                width=512,
                height=384,
                seconds=3.0,
                state="shown",
                votes=chance.randrange(100),
                pick=chance.random(),
                published_at=now - timedelta(minutes=90 * (WORKS - number)),
            )
            session.add(row)
            session.flush()
            labels = [{"work_seq": row.seq, "label": label.name} for label in style.label]
            session.execute(insert(WorkLabelRow), labels)


def _client(address: str) -> "subprocess.Popen[str]":
    """Asks for one page after the other, in a process of its own; prints the seconds of each."""
    command = [sys.executable, "-m", "benchmarks.pages_client", address]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def ask(address: str) -> list[float]:
    """Seconds of each answer, for SECONDS."""
    times: list[float] = []
    with httpx.Client(base_url=address, headers={"accept": "text/html"}, timeout=30) as client:
        for path in PATHS:
            client.get(path).raise_for_status()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            began = time.perf_counter()
            client.get(PATHS[len(times) % len(PATHS)]).raise_for_status()
            times.append(time.perf_counter() - began)
    return times


def report(rate: float, times: list[float], cpu: float) -> None:
    """Print and keep."""
    p95 = quantiles(times, n=20)[-1]
    text = (
        f"# List pages\n\n`python -m benchmarks.pages`: {WORKS} works, {CLIENTS} clients at once, {SECONDS:.0f} s, "
        f"{psutil.cpu_count()} cores (shared by server and clients), SQLite.\n\n"
        "| what | measured | wanted |\n|---|---|---|\n"
        f"| pages a second | {rate:.0f} | {WANTED_RATE:.0f} |\n"
        f"| median, ms | {median(times) * 1000:.0f} | |\n"
        f"| p95, ms | {p95 * 1000:.0f} | {WANTED_P95 * 1000:.0f} |\n"
        f"| CPU of the server a page, ms | {cpu * 1000:.1f} | |\n"
    )
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
