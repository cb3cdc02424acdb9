"""A bot killed between every two steps of a mention's life answers it once, always.

Real are the desk, the queue, the worker and the kills; the painter is a stub, and the network an instance or server
behind real HTTP. Mastodon here forgets every idempotency key at once, as a real one does after an hour: what holds
then is that the bot looks before it posts again.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.desk import Database
from tests.bot.fediverse.stage import DOODLE, MAP, STYLE, Net, net_of
from twobit import valkey
from worker.orphan import tied

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
NEVER = -1
MOST_STEPS = 60  # more than any life has
OWN = ((STYLE, "style"), (MAP, "map"), (DOODLE, "doodle"))
QUIET_SECONDS = 0.5  # in which a second answer would come


@dataclass
class Lives:
    """The bot's process, again and again."""

    net: Net
    data: Path
    database: Database
    mother: "subprocess.Popen[str]"
    pid: int = 0
    steps: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """A new life; a minute has passed, so that what the last one held is free."""
        with self.database.write() as session:
            session.execute(sa.text("UPDATE delivery SET claimed_until = NULL WHERE delivered_at IS NULL"))
            session.execute(sa.text("UPDATE mention SET due_at = seen_at WHERE state = 'new'"))
        (self.data / "ready").unlink(missing_ok=True)
        self.pid = int(self._ask(f"live {self.net.name} {self.net.server.url} {self.data}"))
        until(lambda: (self.data / "ready").exists(), "the bot did not begin")

    def kill_at(self, step: int) -> None:
        """Some step from now on."""
        (self.data / "steps").unlink(missing_ok=True)
        (self.data / "kill-at").write_text(str(step))
        os.kill(self.pid, signal.SIGUSR1)
        until(lambda: (self.data / "steps").exists() or self.died(), "the bot did not hear us")

    def spared(self) -> list[str] | None:
        """The steps of a bot that need not die any more; None when it just has: an answer is seen before its end."""
        told = self.data / "steps"
        # What a commit did is seen by others before the bot is past it.
        until(lambda: self.died() or " after " in told.read_text().splitlines()[-1], "the bot stopped within a step")
        seen = told.read_text().splitlines()
        self.kill_at(NEVER)
        until(lambda: self.died() or not told.read_text(), "the bot did not hear us")  # who is spared tells nothing
        return None if self.died() else seen

    def died(self) -> bool:
        """Whether it has."""
        try:
            return "Z (zombie)" in Path(f"/proc/{self.pid}/status").read_text()
        except FileNotFoundError:
            return True

    def bury(self) -> int:
        """How it ended."""
        return int(self._ask("wait"))

    def stop(self) -> None:
        """Properly."""
        if not self.died():
            os.kill(self.pid, signal.SIGTERM)
        self.bury()

    def _ask(self, line: str) -> str:
        assert self.mother.stdin is not None
        assert self.mother.stdout is not None
        self.mother.stdin.write(f"{line}\n")
        self.mother.stdin.flush()
        return self.mother.stdout.readline()


def until(look: Callable[[], object], what: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < give_up, what
        time.sleep(0.02)


@contextmanager
def process(*words: str, data: Path, **more: object) -> Iterator["subprocess.Popen[str]"]:
    environment = tied({**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "TWOBIT_DATA": str(data)})
    with (data / f"{words[-1].rpartition('/')[2][:20]}.log").open("a") as log:
        made = subprocess.Popen(words, env=environment, text=True, stderr=log, **more)  # type: ignore[call-overload]
        try:
            yield made
        finally:
            made.kill()
            made.wait()


@contextmanager
def lives_on(net: Net, data: Path) -> Iterator[Lives]:
    """A desk, a worker and a bot that begins."""
    redis = valkey.url_of(data)
    store = (data / "pictures").as_uri()
    database = Database(sa.URL.create("sqlite", database=str(data / "twobit.sqlite3")))
    database.migrate()
    (data / "redis").write_text(redis)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    python = (sys.executable, "-P")
    with process(*valkey.command(data), data=data):
        valkey.wait_ready(redis)
        with (
            process(*python, "-m", "twobit", "desk", "--redis-url", redis, data=data),
            process(*python, "-m", "tests.networks.painting", redis, store, data=data),
            process(*python, "-m", "tests.networks.lives", data=data, **pipes) as mother,
        ):
            made = Lives(net, data, database, mother)
            made.begin()
            until(lambda: cursor_of(database), "the bot did not begin")
            yield made
            made.stop()
            assert mother.stdin is not None
            assert mother.stdout is not None
            mother.stdin.close()
            mother.stdout.close()
    database.close()


@pytest.fixture(scope="module", params=["mastodon", "bluesky"])
def lives(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    data = tmp_path_factory.mktemp("lives")
    with net_of(request.param, data) as net:
        if request.param == "mastodon":
            net.server.forgets = True
        with lives_on(net, data) as made:
            yield made


def cursor_of(database: Database) -> bool:
    with database.read() as session:
        return bool(session.execute(sa.text("SELECT count(*) FROM cursor")).scalar_one())


def heard(database: Database) -> int:
    """How many mentions there have been."""
    with database.read() as session:
        return int(session.execute(sa.text("SELECT count(*) FROM mention")).scalar_one())


def settled(database: Database, asked: int) -> bool:
    """So many were heard of, and nothing is owed."""
    done = "SELECT count(*) FROM mention WHERE state <> 'new'"
    owed = "SELECT count(*) FROM job LEFT JOIN delivery ON job_seq = job.seq WHERE delivered_at IS NULL"
    with database.read() as session:
        answered = session.execute(sa.text(done)).scalar_one()
        return bool(answered >= asked and not session.execute(sa.text(owed)).scalar_one())


def killed_at_every_step(lives: Lives, what: str) -> int:
    """Ask, kill, ask again, until a life goes through all of its steps; returns how many there are."""
    net = lives.net
    before = heard(lives.database)
    asked: list[str] = []
    told: list[str] | None = None
    for step in range(MOST_STEPS):
        lives.kill_at(step)
        asked.append(net.post("alice", "", OWN) if what == "painting" else net.post("alice", "styles"))
        until(lambda: lives.died() or settled(lives.database, before + len(asked)), f"step {step}")
        told = None if lives.died() else lives.spared()
        if told is not None:
            break  # it lived through all of its steps
        lives.bury()
        lives.begin()
        until(lambda: settled(lives.database, before + len(asked)), f"killed at step {step}, never answered")
    assert told is not None, f"it died at each of {MOST_STEPS} steps"
    assert len(asked) > len(told), told
    time.sleep(QUIET_SECONDS)
    parents = [one.parent for one in net.said()]
    assert [parents.count(post) for post in asked] == [1] * len(asked)
    if what == "painting":
        assert all(one.pictures for one in net.said() if one.parent in asked)
    return len(told)


@pytest.mark.parametrize("what", ["painting", "answer"])
def test_answered_once_always(lives: Lives, what: str) -> None:
    assert killed_at_every_step(lives, what) >= (14 if what == "painting" else 6)
