"""How many requests a second one desk accepts: `python -m benchmarks.intake`. Writes benchmarks/results/intake.md.

SQLite as it is set up for people (every accepted request is on the disk when it is answered), a folder as store, Redis
away, pictures of 64x48 px, a doodle of its own for each request, 1,200 jobs waiting already at the end.
"""

import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.report import format_table, write_report
from bot.community import Community
from bot.desk import Database, Desk, Request, reading
from bot.desk.readers import Readers
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from twobit.logs import quiet_logs
from worker.contract import JobQueue, PictureStore

REQUESTS = 400
WANTED = 200.0
FLAT = flat(64, 48, [SKY, SEA, SAND])
REQUEST = Request(style=png(painted(FLAT)), style_map=png(FLAT), doodle=b"", front="discord", address="channel/message")


def doodles(count: int) -> list[bytes]:
    """Each another."""
    made = []
    for number in range(count):
        picture = FLAT.copy()
        picture[number % 48, : 1 + number // 48] = SAND
        made.append(png(np.ascontiguousarray(picture)))
    return made


def measure(threads: int) -> tuple[float, float]:
    """Requests a second, and milliseconds of processor time for each."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'x.sqlite3'}")
        database.migrate()
        desk = Desk(database, PictureStore((Path(folder) / "pictures").as_uri()), JobQueue.at("redis://127.0.0.1:1"))
        Community(desk)
        given = [replace(REQUEST, doodle=data, person=f"discord:{n}") for n, data in enumerate(doodles(REQUESTS))]
        shares = [given[number::threads] for number in range(threads)]
        desk.accept(replace(given[0], request_key="warm", person="discord:warm"))

        def work(share: list[Request]) -> None:
            for request in share:
                desk.accept(request)

        crew = [threading.Thread(target=work, args=(share,)) for share in shares]
        began, busy = time.perf_counter(), time.process_time()
        for each in crew:
            each.start()
        for each in crew:
            each.join()
        took, busy = time.perf_counter() - began, time.process_time() - busy
        database.close()
        return REQUESTS / took, busy / REQUESTS * 1000


def main() -> None:
    """Measure with one thread and with four, read here and apart as in service; print, write."""
    quiet_logs()
    rows = []
    readers = Readers()
    for where, reader in (("in the desk", reading.HERE), ("in readers", readers)):
        reading.use(reader)
        for threads in (1, 4):
            rate, each = max(measure(threads) for _ in range(3))
            rows.append([where, str(threads), f"{rate:.0f}", f"{each:.1f} ms"])
    readers.close()
    page = (
        format_table(["pictures are read", "threads", "requests/s", "the desk's processor time each"], rows)
        + f"\nWanted: {WANTED:.0f}.\n"
    )
    print(page)
    write_report("intake", "Requests accepted a second", page)


if __name__ == "__main__":
    main()
