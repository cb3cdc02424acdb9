"""A bot's lives: a process that forks one bot after the other, each of which may be killed at a step of its own.

A step is anything that leaves a trace: a commit that changed something, a request that changes something; before it
and after it. Commands on stdin: `live KIND URL DATA` answers with the pid, `wait` with how it ended. A number in
DATA/kill-at, and SIGUSR1, let a living bot kill itself at that step from then on.
"""

import itertools
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import requests
import sqlalchemy as sa

from bot.desk import Database, Desk
from bot.fediverse import running
from bot.fediverse.bluesky.network import BlueskyPlatform
from bot.fediverse.fetching import Fetcher
from bot.fediverse.mastodon.network import MastodonPlatform
from bot.fediverse.parts import make_parts
from bot.fediverse.platform import Platform
from tests.networks.bluesky import PASSWORD
from twobit.logs import configure_logs
from worker.contract import JobQueue, PictureStore
from worker.orphan import PARENT, die_with_parent

CHANGES = ("INSERT", "UPDATE", "DELETE")
ASIDE = (" once ", " desk ", " asked set until")  # what comes and goes by the clock


class Steps:
    """Counts, and kills."""

    def __init__(self, data: Path) -> None:
        self._file = data / "kill-at"
        self._told = data / "steps"
        self._count = itertools.count()
        self._at = -1

    def arm(self, *_: object) -> None:
        """From now on."""
        self._count = itertools.count()
        self._at = int(self._file.read_text())
        self._told.write_text("")

    def step(self, what: str) -> None:
        """One step."""
        number = next(self._count)
        if self._at >= 0:
            with self._told.open("a") as told:
                told.write(f"{number} {what}\n")
        if number == self._at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, what: str, call: Callable[[], Any]) -> Any:
        """Before and after."""
        self.step(f"before {what}")
        result = call()
        self.step(f"after {what}")
        return result


def watch(database: Database, steps: Steps) -> None:
    """Requests and commits of this process."""
    for kind in (requests.Session, httpx.Client):
        watch_requests(kind, steps)
    changed: dict[int, str] = {}

    @sa.event.listens_for(database.engine, "after_cursor_execute")
    def executed(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        low = f"{' '.join(statement.split())} "
        if statement.lstrip().startswith(CHANGES) and not any(one in low[:40] for one in ASIDE):
            changed[id(connection)] = low[:24]

    @sa.event.listens_for(database.engine, "commit")
    def committing(connection: Any) -> None:
        if id(connection) in changed:
            steps.step(f"before commit {changed[id(connection)]}")
            connection.info["twobit_step"] = changed.pop(id(connection))

    @sa.event.listens_for(database.engine, "rollback")
    def rolled_back(connection: Any) -> None:
        changed.pop(id(connection), None)

    @sa.event.listens_for(database.engine, "checkin")
    def done(_dbapi: Any, record: Any) -> None:
        what = record.info.pop("twobit_step", None)
        if what is not None:
            steps.step(f"after commit {what}")


def watch_requests(kind: Any, steps: Steps) -> None:
    """Those that change something."""
    send = kind.send

    def counted(self: Any, request: Any, **more: Any) -> Any:
        if request.method == "GET":
            return send(self, request, **more)
        path = str(request.url).rpartition("/")[2]
        return steps.around(f"{request.method} {path}", lambda: send(self, request, **more))

    kind.send = counted


def live(kind: str, url: str, data: Path) -> None:
    """One life."""
    configure_logs(kind)
    database = Database(sa.URL.create("sqlite", database=str(data / "twobit.sqlite3")))
    steps = Steps(data)
    watch(database, steps)
    signal.signal(signal.SIGUSR1, steps.arm)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    desk = Desk(database, PictureStore((data / "pictures").as_uri()), JobQueue.at((data / "redis").read_text()))
    platform: Platform = (
        MastodonPlatform(url, "twobit_token")
        if kind == "mastodon"
        else BlueskyPlatform(url, "twobit.test", PASSWORD, data / "session")
    )
    if "LIVES_PICTURES" in os.environ:
        platform._fetcher = Fetcher(os.environ["LIVES_PICTURES"])  # type: ignore[attr-defined]
    (data / "ready").touch()
    running.run(make_parts(desk, platform), stop, poll=0.1)


def main(live: Callable[[str, str, Path], None] = live) -> None:
    """Fork on demand."""
    die_with_parent()
    child, mother = 0, os.getpid()
    for line in sys.stdin:
        command, *words = line.split()
        if command == "live":
            child = os.fork()
            if child == 0:
                os.environ[PARENT] = str(mother)
                die_with_parent()
                try:
                    live(words[0], words[1], Path(words[2]))
                except Exception:  # noqa: BLE001  # for the log
                    traceback.print_exc()
                finally:
                    os._exit(0)
            print(child, flush=True)  # noqa: T201
        else:
            print(os.waitpid(child, 0)[1], flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
