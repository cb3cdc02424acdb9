"""The worker's side of the painter's process: started once, fed over a pipe, killed and replaced when it must be."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import structlog

from worker import pipe
from worker.contract import Job, SuggestJob
from worker.orphan import tied
from worker.painter import Pictures, Subject

log = structlog.get_logger(__name__)

# -P: the folder a worker happens to be started in must not shadow a module of ours.
ENGINE_COMMAND = (sys.executable, "-P", "-m", "worker.child")


class PainterDied(Exception):  # noqa: N818 - says what happened to a process
    """The painter's process ended; the message says how.

    `was_ready`: False when it never came so far as to take a job, which is this machine's fault and no job's.
    """

    def __init__(self, message: str, *, was_ready: bool) -> None:
        """See above."""
        super().__init__(message)
        self.was_ready = was_ready


class WarmPainter:
    """One painter's process. Not thread-safe: a worker has one."""

    def __init__(self, command: tuple[str, ...] = ENGINE_COMMAND) -> None:
        """`command` runs a module that calls worker.child.start; the pipe's descriptor is appended."""
        self.command = command
        self.on_start: Callable[[], None] = lambda: None  # called with every process that is started
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._ready = False

    def start(self) -> None:
        """Start the process unless it lives; it loads its network while we go on."""
        if self._process is not None and self._process.poll() is None:
            return
        self.kill()
        ours, theirs = Pipe()
        descriptor = theirs.fileno()
        command = [*self.command, str(descriptor)]
        self._process = subprocess.Popen(command, pass_fds=[descriptor], env=tied(os.environ))
        theirs.close()
        self._connection = ours
        self._ready = False
        self.on_start()
        log.info("painter_started", pid=self._process.pid)

    def kill(self) -> None:
        """End the process at once; the next start makes a fresh one."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def pid(self) -> int | None:
        """Process id, None while there is no process."""
        return None if self._process is None else self._process.pid

    @property
    def ready(self) -> bool:
        """True once the process that runs has said that it can take a job."""
        return self._process is not None and self._ready

    def paint(
        self, job: Job | SuggestJob, pictures: Pictures | Subject, tick: float
    ) -> Iterator[tuple[dict[str, Any], list[bytes]] | None]:
        """Send a job and yield its messages; None every `tick` seconds without one. Ends after done or failed.

        Raises PainterDied; the process is then gone.
        """
        self.start()
        connection = self._connection
        assert connection is not None
        try:
            # Not before it reads: a large picture would fill the pipe and block us without a tick.
            while not self._ready:
                if connection.poll(tick):
                    pipe.receive(connection)
                    self._ready = True
                else:
                    yield None
            pipe.send(connection, {"job": job.model_dump_json()}, *pictures.parts())
            while True:
                if not connection.poll(tick):
                    yield None
                    continue
                header, parts = pipe.receive(connection)
                yield header, parts
                if header["type"] in ("done", "failed"):
                    return
        except (EOFError, OSError) as error:
            raise self._epitaph() from error

    def wait_ready(self, most: float) -> None:
        """Start, and wait until it can take a job, `most` seconds. Raises PainterDied."""
        self.start()
        connection = self._connection
        assert connection is not None
        try:
            if not self._ready:
                if not connection.poll(most):
                    self.kill()
                    raise PainterDied(f"the painter said nothing for {most:.0f} s", was_ready=False)
                pipe.receive(connection)
                self._ready = True
        except (EOFError, OSError) as error:
            raise self._epitaph() from error

    def _epitaph(self) -> PainterDied:
        was_ready = self._ready
        code = None if self._process is None else self._process.wait()
        self.kill()
        how = f"was killed by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
        return PainterDied(f"the painter {how}", was_ready=was_ready)
