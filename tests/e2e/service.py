"""A `twobit serve` of real processes, and what a test wants to do to it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import sqlalchemy as sa

from bot.desk import Database, Desk, Standing
from worker.contract import JobQueue, PictureStore

TWOBIT = (sys.executable, "-P", "-m", "twobit")
PATIENCE = 120.0


@dataclass(frozen=True)
class Service:
    """A running service and a desk that looks at the same data."""

    data: Path
    process: psutil.Popen
    desk: Desk
    page: str  # address of the studio and the gallery
    said: str = ""  # what it printed until it was ready

    def start(self, command: str, *arguments: str | Path) -> "subprocess.Popen[str]":
        """A command on this service's data folder, in the background."""
        words = [*TWOBIT, command, *map(str, arguments), "--data", str(self.data)]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def children(self, module: str) -> list[psutil.Process]:
        """The processes below `serve` whose command line has this word."""
        found = []
        for child in self.process.children(recursive=True):
            try:
                if module in child.cmdline():
                    found.append(child)
            except psutil.NoSuchProcess:
                continue
        return found

    def kill(self, module: str) -> None:
        """SIGKILL for those."""
        for child in self.children(module):
            os.kill(child.pid, signal.SIGKILL)

    def until(self, job_id: str, wanted: Callable[[Standing], bool]) -> Standing:
        """Wait for a job to be like this."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            standing = self.desk.standing(job_id)
            if wanted(standing):
                return standing
            assert not standing.final, f"ended before: {standing}"
            time.sleep(0.02)
        raise AssertionError(f"waited {PATIENCE:.0f} s in vain: {standing}")


def job_id_of(submit: "subprocess.Popen[str]") -> str:
    """The id that a submit in the background prints first."""
    assert submit.stderr is not None
    line = submit.stderr.readline()
    assert "accepted" in line, line + submit.stderr.read()
    return line.split()[1]


@contextmanager
def serving(data: Path, code: int = 0, options: Sequence[str] = ()) -> Iterator[Service]:
    """Serve this data folder; everything is down again at the end, with this exit code of `serve`."""
    log = data.with_suffix(".log")
    with log.open("wb") as errors:
        command = [*TWOBIT, "serve", "--data", str(data), *options]
        process = psutil.Popen(command, stdout=subprocess.PIPE, stderr=errors, process_group=0)
        try:
            lines: list[bytes] = []
            while not lines or (lines[-1] and b"    ready  " not in lines[-1]):
                lines.append(process.stdout.readline())
            assert lines[-1], log.read_text()
            known = json.loads((data / "serve.json").read_text())
            database = Database(sa.URL.create("sqlite", database=str(data / "twobit.sqlite3")))
            desk = Desk(database, PictureStore((data / "pictures").as_uri()), JobQueue.at(known["redis_url"]))
            yield Service(data, process, desk, known["page"], b"".join(lines).decode())
            database.close()
        finally:
            below = process.children(recursive=True) if process.is_running() else []
            if process.is_running():
                process.send_signal(signal.SIGINT)
            ended = process.wait(30)
            process.stdout.close()
            left = psutil.wait_procs(below, timeout=5)[1]
            for child in left:
                child.kill()
    assert ended == code, log.read_text()
    assert not left, f"still running after serve ended: {left}"


@contextmanager
def part(command: Sequence[str], environment: Mapping[str, str] | None, log: Path) -> Iterator[psutil.Popen]:
    """A process until the block ends; what it says is in `log`. Without an environment of its own it has ours."""
    with (
        log.open("wb") as out,
        psutil.Popen(command, env=environment, stdout=out, stderr=out, process_group=0) as process,
    ):
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except psutil.TimeoutExpired:
                process.kill()
