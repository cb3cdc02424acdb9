"""A few warm processes that read strangers' pictures, replaced when they die or take too long."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import TypeVar

import structlog

from bot.desk.deadlines import Deadlines
from bot.desk.questions import Question
from bot.desk.reading import busy, question_to, receive, refusal, refusal_from, send
from worker.contract import PictureError

log = structlog.get_logger(__name__)
T = TypeVar("T")

COUNT = 2
SECONDS = 40.0  # of one question; four pictures of the largest size take 9 s on a busy machine
START_SECONDS = 60.0
WAIT_SECONDS = 45.0  # for a reader to be free: longer than one that hangs is given, so that one such sends nobody away
COMMAND = (sys.executable, "-P", "-m", "bot.desk.reader")
DEADLINES = Deadlines()
KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")  # of the environment: no setting of ours, no secret


@dataclass(frozen=True, slots=True)
class _Refused:
    """What a reader says of a picture that is at fault."""

    error: PictureError


class _Process:
    """One reader. Not thread-safe."""

    def __init__(self, command: tuple[str, ...]) -> None:
        """Start it; `answer` waits until it is warm."""
        ours, theirs = Pipe()
        descriptor = theirs.fileno()
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # each more takes address space
        self._process = subprocess.Popen(
            [*command, str(descriptor)],
            pass_fds=[descriptor],
            env=environment,
            cwd="/",
            process_group=0,  # of its own, so that `end` takes along whatever it may have started
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # libtiff and others write there what they think of a file
        )
        theirs.close()
        self._connection: Connection = ours
        self._ready = False

    def answer(self, question: Question[T], seconds: float) -> "T | _Refused":
        """What came of it. Raises EOFError, OSError, ValueError or TimeoutError: it is of no use any more then."""
        if not self._ready:
            with self._watched(START_SECONDS):
                header, _ = receive(self._connection)
            self._ready = True
            if not header.get("shut"):
                log.info("reader_less_confined", reason="this system can't shut its system calls; memory is bounded")
        with self._watched(seconds, question):
            message = receive(self._connection)
        return _Refused(refusal_from(message[0])) if "refused" in message[0] else question.believed(message)

    def end(self) -> None:
        """At once, with all that it started. Just once: afterwards its number may be another's."""
        self._connection.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it is dead already
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @contextlib.contextmanager
    def _watched(self, seconds: float, question: Question[T] | None = None) -> Iterator[None]:
        """Ask, and wait for the beginning of a message, within which it is read; one that stops amid it is killed."""
        with DEADLINES.within(self._process, 2 * seconds):
            if question is not None:
                send(self._connection, *question_to(question))
            if not self._connection.poll(seconds):
                raise TimeoutError("it took too long")
            yield


class Readers:
    """A bot.desk.reading.Reader. Processes start when they are needed; more questions than those wait their turn.

    Who waits for too long, or asks after `close`, is refused: PictureError `readers_busy`.
    """

    def __init__(
        self,
        count: int = COUNT,
        seconds: float = SECONDS,
        command: tuple[str, ...] = COMMAND,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        """Nothing is started yet."""
        self._seconds = seconds
        self._wait_seconds = wait_seconds
        self._command = command
        self._free: queue.LifoQueue[_Process | None] = queue.LifoQueue()  # the warmest first; None: not started
        self._all: set[_Process] = set()
        self._lock = threading.Lock()
        self._closed = False
        for _ in range(count):
            self._free.put(None)

    def start(self) -> "Readers":
        """Begin to warm one, so that the first person does not wait for it."""
        self._free.get()
        self._free.put(self._started())
        return self

    def ask(self, question: Question[T]) -> T:
        """See Reader."""
        process = self._next(question)
        try:
            if process is None:
                process = self._started()
            found = process.answer(question, self._seconds)
        except Exception as error:  # what a reader that was broken into answers may raise nearly anything
            self._replace(process, error)
            process = None
            raise refusal(question.called, _words(error)) from error
        finally:
            self._free.put(process)
        if isinstance(found, _Refused):
            raise found.error
        return found

    def close(self) -> None:
        """End them all; who asks meanwhile or later is refused."""
        with self._lock:
            self._closed = True
            for each in self._all:
                each.end()
            self._all.clear()

    def pids(self) -> list[int]:
        """Of those that run."""
        with self._lock:
            return [each.pid for each in self._all]

    def _next(self, question: Question[T]) -> _Process | None:
        """The next that is free; None: it is not started yet."""
        try:
            process = self._free.get(timeout=self._wait_seconds)
        except queue.Empty:
            raise busy(question.called) from None
        if self._closed:
            self._free.put(process)  # for the next who waits
            raise busy(question.called)
        return process

    def _started(self) -> _Process:
        with self._lock:  # so that none starts after `close`
            if self._closed:
                raise EOFError("closed")
            process = _Process(self._command)
            self._all.add(process)
        return process

    def _replace(self, process: _Process | None, error: Exception) -> None:
        if process is None:
            return
        log.warning("reader_replaced", pid=process.pid, reason=f"{type(error).__name__}: {error}"[:200])
        with self._lock:
            known = process in self._all  # else `close` ended it
            self._all.discard(process)
        if known:
            process.end()


def _words(error: Exception) -> str:
    return "it took too long" if isinstance(error, TimeoutError) else "its reader broke off"
