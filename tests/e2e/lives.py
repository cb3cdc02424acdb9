"""Lives of a bot beside a real desk, queue and worker, the painter a stub: see tests.networks.lives."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from bot.desk import Database
from twobit import valkey
from worker.orphan import tied

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
NEVER = -1


@dataclass
class Lives:
    """The bot's process, again and again."""

    network: tuple[str, str]  # two words for the process: which one, and its address
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
            session.execute(sa.text("UPDATE asked SET until = '2000-01-01 00:00:00.000000'"))
        (self.data / "ready").unlink(missing_ok=True)
        which, address = self.network
        self.pid = int(self._ask(f"live {which} {address} {self.data}"))
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
def lives_on(
    network: tuple[str, str], data: Path, module: str, begun: Callable[[Database], bool] = lambda _database: True
) -> Iterator[Lives]:
    """A desk, a worker and a bot that begins; `module` is what forks it."""
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
            process(*python, "-m", module, data=data, **pipes) as mother,
        ):
            try:
                made = Lives(network, data, database, mother)
                made.begin()
                until(lambda: begun(database), "the bot did not begin")
                yield made
                made.stop()
            finally:
                for pipe in (mother.stdin, mother.stdout):
                    assert pipe is not None
                    pipe.close()
    database.close()
