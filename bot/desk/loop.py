"""The desk's process: hears events, settles them, dispatches, reconciles, until it is told to stop."""

import os
import socket
import threading
import time

import structlog

from bot.desk.desk import Desk
from bot.desk.dispatch import dispatch
from bot.desk.errors import OutOfReachError
from bot.desk.reconcile import expire_leases, requeue_lost
from bot.desk.settle import settle
from worker.contract import EventStream, UnreachableError

log = structlog.get_logger(__name__)

BLOCK_MS = 100  # the longest a new job waits to be noticed
RECONCILE_SECONDS = 1.0
BEAT_SECONDS = 2.0
PAUSE_SECONDS = 0.5  # after a service was out of reach


class DeskLoop:
    """One desk at work; several may run on the same database."""

    def __init__(self, desk: Desk, stream: EventStream) -> None:
        """`stream` is read by this loop alone; its consumer name should be `loop_name()`."""
        self.desk = desk
        self.stream = stream
        self._stop = threading.Event()
        self._hearing_since: float | None = None
        self._reconciled = self._beaten = 0.0

    def stop(self) -> None:
        """Let `run` return after the round in hand; safe from a signal handler."""
        self._stop.set()

    def run(self) -> None:
        """Work until `stop`. Redis and the database may come and go."""
        while not self._stop.is_set():
            try:
                self.round()
            except (UnreachableError, OutOfReachError) as error:
                self._hearing_since = None
                log.warning("desk_waits", reason=str(error))
                self._stop.wait(PAUSE_SECONDS)

    def round(self) -> None:
        """Hear, settle, dispatch; now and then reconcile and give a sign of life."""
        now = time.monotonic()
        if now - self._beaten >= BEAT_SECONDS:
            self.desk.beat(self.stream.consumer)
            self._beaten = now
        self._hear()
        dispatch(self.desk.database, self.desk.queue, self.desk.clock, self.desk.rules)
        if now - self._reconciled >= RECONCILE_SECONDS:
            self._reconciled = now
            self._reconcile(now)

    def _hear(self) -> None:
        heard = self.stream.read(BLOCK_MS)
        if self._hearing_since is None:
            self._hearing_since = time.monotonic()
        if not heard:
            return
        with self.desk.database.write() as session:
            for _, event in heard:
                settle(session, event, self.desk.clock(), self.desk.rules)
        self.stream.settled([entry for entry, _ in heard])

    def _reconcile(self, now: float) -> None:
        requeue_lost(self.desk.database, self.desk.queue, self.desk.clock, self.desk.rules)
        # While we could not hear, no worker could renew its lease: that silence says nothing.
        if self._hearing_since is not None and now - self._hearing_since > self.desk.rules.lease:
            expire_leases(self.desk.database, self.desk.clock, self.desk.rules)


def loop_name() -> str:
    """This process's name among the desks."""
    return f"{socket.gethostname()}-{os.getpid()}"
