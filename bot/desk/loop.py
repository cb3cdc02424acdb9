"""The desk's process: hears events, settles them, dispatches, reconciles, until it is told to stop."""

import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.desk.desk import Desk
from bot.desk.dispatch import LastLook, dispatch
from bot.desk.errors import OutOfReachError
from bot.desk.reconcile import expire_leases, requeue_lost
from bot.desk.settle import Outcome, settle
from worker.contract import Done, Event, EventStream, UnreachableError
from worker.contract.stream import BATCH

log = structlog.get_logger(__name__)

BLOCK_MS = 100  # the longest a new job waits to be noticed
RECONCILE_SECONDS = 1.0
BEAT_SECONDS = 2.0
LEAP_SECONDS = 2.0
PAUSE_SECONDS = 0.5  # after a service was out of reach


class DeskLoop:
    """One desk at work; several may run on the same database."""

    def __init__(self, desk: Desk, stream: EventStream) -> None:
        """`stream` is read by this loop alone; its consumer name should be `loop_name()`."""
        self.desk = desk
        self.stream = stream
        self.on_late_result: Callable[[str], None] = lambda _digest: None  # a painting that nobody waits for any more
        self._stop = threading.Event()
        self._hearing_since: float | None = None
        self._heard_until: datetime | None = None  # no event older than this is unheard
        self._reconciled = self._beaten = 0.0
        self._apart: float | None = None  # of the wall clock from the monotonic one
        self._missing: dict[str, datetime] = {}
        self._last_look = LastLook()

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
                self.stream.again()
                log.warning("desk_waits", reason=str(error))
                self._stop.wait(PAUSE_SECONDS)

    def round(self) -> None:
        """Hear, settle, dispatch; now and then reconcile and give a sign of life."""
        now = time.monotonic()
        self._notice_a_leap(now)
        if now - self._beaten >= BEAT_SECONDS:
            self.desk.beat(self.stream.consumer)
            self._beaten = now
        behind = self._hear()
        dispatch(self.desk.database, self.desk.queue, self.desk.clock, self.desk.rules, self._last_look)
        if now - self._reconciled >= RECONCILE_SECONDS and not behind:
            self._reconciled = now
            self._reconcile(now)

    def _hear(self) -> bool:
        """Settle what workers told; True while there may be more that is older than now."""
        began = self.desk.clock()
        heard = self.stream.read(BLOCK_MS)
        behind = len(heard) >= BATCH or not self.stream.caught_up
        if self._hearing_since is None and not behind:
            self._hearing_since = time.monotonic()
        over = self._settle([event for _, event in heard])
        self.stream.settled([entry for entry, _ in heard])
        if not behind:
            self._heard_until = began
        for job_id in over:
            self.desk.queue.forbid(job_id)
        return behind

    def _settle(self, events: list[Event]) -> set[str]:
        """One transaction, each event by itself: one that breaks must not keep the others out. Returns jobs to stop."""
        over: set[str] = set()
        late: list[str] = []
        if not events:
            return over
        settled: list[Event] = []
        with self.desk.database.write() as session:
            for event in events:
                try:
                    with session.begin_nested():
                        outcome = settle(session, event, self.desk.clock(), self.desk.rules)
                except (OperationalError, InterfaceError):
                    raise  # the database is away: all of them come again
                except Exception:
                    log.exception("event_poisonous", job=event.job_id, attempt=event.attempt, kind=event.kind)
                    continue
                if outcome is Outcome.SETTLED:
                    settled.append(event)
                if outcome is Outcome.OVER:
                    over.add(event.job_id)
                    if isinstance(event, Done):
                        late.append(event.result)
            self.desk.heard.settled(session, settled)
        for digest in late:
            self.on_late_result(digest)
        return over

    def _notice_a_leap(self, now: float) -> None:
        """After a sleep of the machine or a leap of its clock, workers get a whole lease to be heard again."""
        apart = self.desk.clock().timestamp() - now
        if self._apart is not None and abs(apart - self._apart) > LEAP_SECONDS:
            log.warning("clock_leapt", seconds=round(apart - self._apart, 1))
            self._hearing_since = None
        self._apart = apart

    def _reconcile(self, now: float) -> None:
        desk = self.desk
        lost = requeue_lost(desk.database, desk.queue, desk.clock, desk.rules, self._missing)
        self.desk.heard.repeated("lost", lost)
        # While we could not hear, no worker could renew its lease: that silence says nothing.
        long_enough = self._hearing_since is not None and now - self._hearing_since > desk.rules.lease
        if long_enough and self._heard_until is not None:
            self.desk.heard.repeated("lease", expire_leases(desk.database, self._heard_until, desk.rules))


def loop_name() -> str:
    """This process's name among the desks."""
    return f"{socket.gethostname()}-{os.getpid()}"
