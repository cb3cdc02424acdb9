"""Events to rows. The attempt number is the fence: what a late or second worker says changes nothing."""

from datetime import datetime, timedelta
from enum import Enum, auto

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.outbox import end
from bot.desk.rules import Rules
from bot.desk.standing import FINAL, WHAT
from bot.desk.tables import JobRow
from worker.contract import Done, Event, Failed, Stepped, tracing

log = structlog.get_logger(__name__)


class Outcome(Enum):
    """What became of an event."""

    SETTLED = auto()
    LATE = auto()  # of an attempt that another has overtaken
    OVER = auto()  # of a job that has ended or is gone: its worker should stop


def settle(session: Session, event: Event, now: datetime, rules: Rules) -> Outcome:
    """Bring one event into the database, unless it is late. Doing it twice is doing it once."""
    row = session.execute(select(JobRow).where(JobRow.id == event.job_id).with_for_update()).scalar_one_or_none()
    if row is not None and row.state not in FINAL and row.silent == event.attempt:
        _was_only_slow(row, event, rules)
    if row is None or row.state in FINAL or row.attempt != event.attempt or row.worker not in (None, event.worker):
        log.info("event_dropped", job=event.job_id, attempt=event.attempt, kind=event.kind)
        return Outcome.OVER if row is None or row.state in FINAL else Outcome.LATE
    if isinstance(event, Done):
        row.result, row.width, row.height = event.result, event.width, event.height
        row.seconds, row.notes = event.seconds, list(event.notes)
        row.started_at = row.started_at or now
        end(session, row, "done", now)
        log.info("job_done", job=row.id, attempt=row.attempt, seconds=event.seconds)
    elif isinstance(event, Failed):
        _fail(session, row, event, now, rules)
    else:
        if row.started_at is None:
            tracing.passed("wait", row.id, row.created_at, attempt=row.attempt)
        row.state = "running"
        row.worker = event.worker
        row.started_at = row.started_at or now
        row.lease_until = now + timedelta(seconds=rules.lease)
        if isinstance(event, Stepped):
            row.progress = event.model_dump(include={"octave", "octaves", "iteration", "iterations", "done", "seconds"})
            row.preview = event.preview
    return Outcome.SETTLED


def _was_only_slow(row: JobRow, event: Event, rules: Rules) -> None:
    """Its worker is heard again: on a machine too busy to give a sign of life no job is at fault.

    After many attempts it is: a job that keeps each machine busy for so long would go round for ever.
    """
    row.silent = None
    if row.attempt >= rules.losses:
        return
    overtaken = row.attempt != event.attempt or row.worker not in (None, event.worker)
    if overtaken and isinstance(event, Failed) and event.failure == "crashed":
        return  # it broke all the same, and nobody else will count it
    row.crashes -= 1
    log.info("worker_was_slow", job=row.id, attempt=event.attempt, crashes=row.crashes)


def _fail(session: Session, row: JobRow, event: Failed, now: datetime, rules: Rules) -> None:
    if event.failure == "crashed":
        broke(session, row, now, rules, event.message)
    elif event.failure == "returned":
        requeue(row)
    else:
        row.failure = event.failure
        end(session, row, "failed", now, event.message)
        log.info("job_failed", job=row.id, attempt=row.attempt, failure=event.failure)


def broke(session: Session, row: JobRow, now: datetime, rules: Rules, reason: str) -> None:
    """An attempt broke off: queue the job again, or set it aside when it has broken too often."""
    row.crashes += 1
    log.warning("attempt_broke", job=row.id, attempt=row.attempt, crashes=row.crashes, reason=reason)
    if row.crashes < rules.crashes:
        requeue(row)
        return
    row.failure = "crashed"
    other = "try a smaller size or other pictures" if row.kind == "paint" else "try a smaller picture"
    message = f"The {WHAT[row.kind]} broke off {row.crashes} times and was set aside ({reason.rstrip('.')}): {other}."
    end(session, row, "failed", now, message)


def requeue(row: JobRow) -> None:
    """Back into the line; its place is that of its acceptance, and the next dispatch is a new attempt."""
    row.state = "queued"
    row.worker = row.lease_until = row.dispatched_at = row.started_at = row.progress = row.preview = None
