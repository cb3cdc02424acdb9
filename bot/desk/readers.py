"""A few warm processes that read strangers' pictures, replaced when they die or take too long.

A little long: what a process, its place and all of them owe each other when something ends is read in one piece.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
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
# One that was broken into sees all that it is asked until it ends, which this bounds. A start takes 1.5 s of processor:
# once a minute at most, or a busy desk would do little else.
LIFE = 200  # questions
LIFE_SECONDS = 60.0
COMMAND = (sys.executable, "-P", "-m", "bot.desk.reader")
WHAT_TO_DO = (
    "no picture is read until one starts, which each question tries: give this service more processes or memory; "
    "`python -P -m bot.desk.reader 1 | cat` where it runs says more"
)
DEADLINES = Deadlines()
KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")  # of the environment: no setting of ours, no secret


class _RefusedError(Exception):
    """What a reader says of a picture that is at fault: an answer like any other."""

    def __init__(self, error: PictureError) -> None:
        super().__init__(str(error))
        self.error = error


class _NotStartedError(Exception):
    """There is no reader to ask: no picture is at fault."""


class _DiedError(Exception):
    """It ended under a question, which need not be the question's fault: the system takes memory back this way."""


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
        self._born = time.monotonic()
        self.answers = 0

    def answer(self, question: Question[T], seconds: float) -> T:
        """What came of it. Raises _RefusedError; else nearly anything, _NotStartedError and _DiedError among it.

        It is of no use any more after the latter.
        """
        if not self._ready:
            self._wait_until_ready()
        begun = time.monotonic()
        try:
            with self._watched(seconds, question):
                message = receive(self._connection)
            self.answers += 1
        except TimeoutError:
            raise
        except (EOFError, OSError) as error:
            if time.monotonic() - begun < seconds:  # else it had its time, and was ended for that
                raise _DiedError(f"{type(error).__name__}: {error}") from error
            raise
        if "refused" in message[0]:
            raise _RefusedError(refusal_from(message[0]))
        return question.believed(message)

    def end(self) -> None:
        """At once, with all that it started. Just once: afterwards its number may be another's."""
        self._connection.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it is dead already
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def is_old(self, questions: int, seconds: float) -> bool:
        """True after that many answers and as long a life."""
        return self.answers >= questions and time.monotonic() - self._born >= seconds

    def is_warm(self) -> bool:
        """True when a question needs not wait any more for its start."""
        try:
            return self._ready or self._connection.poll()
        except OSError:  # `end` came meanwhile
            return False

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def _wait_until_ready(self) -> None:
        try:
            with self._watched(START_SECONDS):
                header, _ = receive(self._connection)
        except Exception as error:
            raise _NotStartedError(f"it ended before it was ready, or took too long ({error!r})") from error
        self._ready = True
        if not header.get("shut"):
            log.info("reader_less_confined", reason="this system can't shut its system calls; memory is bounded")

    @contextlib.contextmanager
    def _watched(self, seconds: float, question: Question[T] | None = None) -> Iterator[None]:
        """Ask, and wait for the beginning of a message, within which it is read; one that stops amid it is killed."""
        with DEADLINES.within(self._process, 2 * seconds):
            if question is not None:
                send(self._connection, *question_to(question))
            if not self._connection.poll(seconds):
                raise TimeoutError("it took too long")
            yield


class _Place:
    """Where one reader works, or none yet."""

    def __init__(self) -> None:
        self.process: _Process | None = None
        self.heir: _Process | None = None  # who takes its place when it is warm

    def taken(self) -> _Process | None:
        """Who works here; who is asked a question has no place until it has answered."""
        process, self.process = self.process or self.heir, None
        if process is self.heir:
            self.heir = None
        return process


class Readers:
    """A bot.desk.reading.Reader. Processes start when they are needed; more questions than those wait their turn.

    A question under which a reader dies is asked once more. Who waits for too long, asks after `close`, or where no
    reader can start, is refused: PictureError `readers_busy`.
    """

    def __init__(
        self,
        count: int = COUNT,
        seconds: float = SECONDS,
        command: tuple[str, ...] = COMMAND,
        wait_seconds: float = WAIT_SECONDS,
        life: tuple[int, float] = (LIFE, LIFE_SECONDS),
    ) -> None:
        """Nothing is started yet. `life`: questions and seconds after both of which another takes a reader's place."""
        self._seconds = seconds
        self._wait_seconds = wait_seconds
        self._life = life
        self._command = command
        self._free: queue.LifoQueue[_Place] = queue.LifoQueue()  # the warmest first
        self._all: set[_Process] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._told = False
        for _ in range(count):
            self._free.put(_Place())

    def start(self) -> "Readers":
        """Begin to warm one, so that the first person does not wait for it. Where none can start the log says so."""
        place = self._free.get()
        try:
            place.process = self._started()
        except _NotStartedError as error:
            self._tell(error)  # whoever asks tries again
        self._free.put(place)
        return self

    def ask(self, question: Question[T]) -> T:
        """See Reader."""
        place = self._next(question)
        try:
            try:
                return self._answered(place, question)
            except _DiedError:
                return self._answered(place, question)
        except _RefusedError as refused:
            raise refused.error from None
        except _NotStartedError as error:
            self._tell(error)
            raise busy(question.called) from error
        except Exception as error:  # what a reader that was broken into answers may raise nearly anything
            raise (busy(question.called) if self._closed else refusal(question.called, _words(error))) from error
        finally:
            self._renew(place)
            self._free.put(place)

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

    def _next(self, question: Question[T]) -> _Place:
        """The next that is free."""
        try:
            place = self._free.get(timeout=self._wait_seconds)
        except queue.Empty:
            raise busy(question.called) from None
        if self._closed:
            self._free.put(place)  # for the next who waits
            raise busy(question.called)
        self._renew(place)
        return place

    def _renew(self, place: _Place) -> None:
        """An old one goes as soon as another is warm: no question waits for that."""
        old = place.process
        if old is None or not old.is_old(*self._life):
            return
        if place.heir is None:
            try:
                place.heir = self._started()
            except _NotStartedError as error:  # so the old one goes on
                self._tell(error)
        elif place.heir.is_warm():
            place.process, place.heir = place.heir, None
            self._end(old)

    def _answered(self, place: _Place, question: Question[T]) -> T:
        """What came of it. Raises what _Process.answer does; unless it is a refusal the process is gone then."""
        process = place.taken() or self._started()
        try:
            found = process.answer(question, self._seconds)
        except _RefusedError:
            self._keep(place, process)
            raise
        except BaseException as error:  # Ctrl-C too: the answer is still in the pipe, where the next would find it
            self._replace(process, error)
            raise
        self._keep(place, process)
        return found

    def _keep(self, place: _Place, process: _Process) -> None:
        """Who has answered may be asked again."""
        place.process = process
        if process.answers == 1:
            self._told = False

    def _started(self) -> _Process:
        """A new one. Raises _NotStartedError."""
        with self._lock:  # so that none starts after `close`
            if self._closed:
                raise _NotStartedError("closed")
            try:
                process = _Process(self._command)
            except OSError as error:
                raise _NotStartedError(str(error)) from error
            self._all.add(process)
        return process

    def _tell(self, error: _NotStartedError) -> None:
        """In the log, once until one has started again: all that is asked meanwhile ends for the same reason."""
        if not self._told and not self._closed:
            self._told = True
            log.error("reader_not_started", reason=str(error)[:200], what=WHAT_TO_DO)

    def _replace(self, process: _Process, error: BaseException) -> None:
        if not isinstance(error, _NotStartedError):
            log.warning("reader_replaced", pid=process.pid, reason=f"{type(error).__name__}: {error}"[:200])
        self._end(process)

    def _end(self, process: _Process) -> None:
        with self._lock:
            known = process in self._all  # else `close` ended it
            self._all.discard(process)
        if known:
            process.end()


def _words(error: Exception) -> str:
    return "it took too long" if isinstance(error, TimeoutError) else "its reader broke off"
