"""A service of real processes that a test may break: Valkey, desks, workers, a front, and the platform it posts to."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil

from bot.desk import Database, Desk, Standing
from tests.bot.community.people import REQUEST
from tests.faults.platform import counted, posts
from tests.faults.process import RULES
from tests.stub_painter import QUICK
from twobit import valkey
from worker.contract import JobQueue, PaintOptions, PictureStore, UnreachableError
from worker.orphan import tied

PATIENCE = 90.0
PARTS = ("desk", "worker", "front")


class Part:
    """A process, and what it has logged."""

    def __init__(self, words: list[str]) -> None:
        """Start it."""
        self.process = psutil.Popen(words, stderr=subprocess.PIPE, env=tied(os.environ), process_group=0)
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stderr:
            self.lines.append(line.decode(errors="replace"))

    @property
    def alive(self) -> bool:
        """True while it runs."""
        return bool(self.process.poll() is None)

    def end(self, signal_number: int = signal.SIGKILL) -> int:
        """Send a signal and wait; its exit code."""
        if self.alive:
            os.kill(self.process.pid, signal_number)
        return self.wait()

    def wait(self, seconds: float = PATIENCE) -> int:
        """Wait until it has ended; its exit code."""
        code = int(self.process.wait(seconds))
        self._reader.join(5)
        self.process.stderr.close()
        return code


class Town:
    """See `town`."""

    def __init__(self, folder: Path, database_url: str, store_url: str | None = None) -> None:
        """Nothing runs yet but Valkey."""
        self.folder = folder
        self.platform = folder / "platform"
        self.platform.mkdir()
        self.database_url = database_url
        self.store_url = store_url or (folder / "pictures").as_uri()
        self.redis_url = valkey.url_of(folder)
        self.parts: dict[str, list[Part]] = {part: [] for part in PARTS}
        self.engine = False  # workers paint with the stub
        self.valkey = self._start_valkey()
        database = Database(database_url)
        database.migrate()
        self.desk = Desk(database, PictureStore(self.store_url), JobQueue.at(self.redis_url), rules=RULES)

    def _start_valkey(self) -> psutil.Popen:
        # SIGXFSZ stays ignored, so that a file-size limit is a full disk and no death.
        server = psutil.Popen(valkey.command(self.folder), env=tied(os.environ), restore_signals=False)
        valkey.wait_ready(self.redis_url)
        return server

    def restart_valkey(self) -> None:
        """kill -9, and up again on its own files."""
        self.valkey.kill()
        self.valkey.wait(10)
        self.valkey = self._start_valkey()

    def start(self, part: str, point: str = "", redis_url: str | None = None, skew: float = 0.0) -> Part:
        """One more process."""
        words = [sys.executable, "-P", "-m", "tests.faults.process", part, "--point", point]
        words += ["--redis", redis_url or self.redis_url, "--database", self.database_url, "--store", self.store_url]
        words += ["--platform", str(self.platform), "--skew", str(skew), *(["--engine"] if self.engine else [])]
        started = Part(words)
        self.parts[part].append(started)
        return started

    def heal(self) -> None:
        """At least one of each, and a worker that takes jobs."""
        self.supervise()
        self.wait_for(lambda: self._workers() > 0)

    def supervise(self) -> None:
        """Start what does not run, as whoever runs the service sees to."""
        for part, running in self.parts.items():
            for each in [each for each in running if not each.alive]:
                each.wait()
                running.remove(each)
            if not running:
                self.start(part)

    def stop(self, part: str) -> None:
        """All of a kind, at once."""
        for each in self.parts[part]:
            each.end()
        self.parts[part].clear()

    def ask(self, behaviour: int = QUICK, person: str = "fake:alice", key: str | None = None) -> str:
        """Accept a job; its id."""
        options = PaintOptions(seed=behaviour)
        request = replace(REQUEST, front="fake", person=person, options=options, request_key=key)
        return self.desk.accept(request).job_id

    def until(self, job_id: str, wanted: Callable[[Standing], bool]) -> Standing:
        """Wait for a job to be like this."""
        found: list[Standing] = []

        def look() -> bool:
            found[:] = [self.desk.standing(job_id)]
            return wanted(found[0])

        self.wait_for(look)
        return found[0]

    def wait_for(self, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait, and say what everybody logged when it was in vain."""
        give_up = time.monotonic() + seconds
        while not true():
            if time.monotonic() > give_up:
                logs = {name: [each.lines[-15:] for each in running] for name, running in self.parts.items()}
                raise AssertionError(f"waited {seconds:.0f} s in vain; {logs}")
            time.sleep(0.03)

    def answered(self, job_id: str) -> dict[str, str]:
        """Wait for a job's one answer on the platform; what it says."""
        self.wait_for(lambda: counted(self.platform)[job_id] >= 1)
        self.wait_for(lambda: not self.desk.owes(job_id))
        [post] = [post for post in posts(self.platform) if post["job"] == job_id]
        return post

    def painted(self, job_id: str) -> Standing:
        """Wait for a job's one answer, which must be a painting."""
        assert self.answered(job_id)["state"] == "done"
        return self.desk.standing(job_id)

    def close(self) -> None:
        """End everything."""
        for part in PARTS:
            self.stop(part)
        self.desk.database.close()
        self.valkey.kill()
        self.valkey.wait(10)

    def _workers(self) -> int:
        try:
            return self.desk.queue.workers()
        except UnreachableError:
            return 0


@contextmanager
def town(folder: Path, database_url: str | None = None, store_url: str | None = None) -> Iterator[Town]:
    """Valkey, and whatever a test starts, until the block ends."""
    made = Town(folder, database_url or f"sqlite:///{folder / 'town.sqlite3'}", store_url)
    try:
        yield made
    finally:
        made.close()
