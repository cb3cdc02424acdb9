"""From the database into Redis: only as much as the workers will take next, in the order of the line."""

from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.desk.clock import Clock
from bot.desk.database import Database
from bot.desk.line import line_of
from bot.desk.locks import alone
from bot.desk.outbox import end
from bot.desk.rules import Rules
from bot.desk.tables import JobRow
from worker.contract import Job, JobQueue, SuggestJob, SuggestOptions, UnreachableError, tracing

log = structlog.get_logger(__name__)

Look = tuple[Any, ...]


class LastLook:
    """What there was when nothing more could be dispatched: as long as it is the same, nobody need look again."""

    look: Look | None = None


def dispatch(database: Database, queue: JobQueue, clock: Clock, rules: Rules, last: LastLook | None = None) -> int:
    """Queue what fits; returns how many. Raises UnreachableError when Redis is away; nothing is lost then.

    `last`: the caller's memory between calls, which spares it the look at a line that has not changed.
    """
    last = last or LastLook()
    sent = 0
    while True:
        if not _anything_waits(database):
            return sent
        workers = queue.workers()
        look = _look(database, workers)
        if look == last.look:
            return sent
        taken = _take_next(database, clock, rules, workers)
        if taken is None:
            last.look = look
            return sent
        job, at_front = taken
        try:
            with tracing.span("dispatch", job.id, attempt=job.attempt):
                queue.put(job, at_front=at_front)
        except UnreachableError:
            _give_back(database, job)
            raise
        log.info("job_queued", job=job.id, attempt=job.attempt)
        sent += 1


def _anything_waits(database: Database) -> bool:
    query = select(JobRow.seq).where(JobRow.state == "queued", JobRow.dispatched_at.is_(None)).limit(1)
    with database.read() as session:
        return session.execute(query).first() is not None


def _look(database: Database, workers: int) -> Look:
    """Differs whenever the next in line may be another."""
    query = select(
        JobRow.state, func.count(), func.max(JobRow.seq), func.sum(JobRow.seq), func.count(JobRow.dispatched_at)
    )
    query = query.where(JobRow.state.in_(("queued", "running"))).group_by(JobRow.state).order_by(JobRow.state)
    with database.read() as session:
        return (workers, *map(tuple, session.execute(query)))


def _take_next(database: Database, clock: Clock, rules: Rules, workers: int) -> tuple[Job | SuggestJob, bool] | None:
    """The next job as a new attempt, marked as dispatched, and whether it goes before all that waits in Redis.

    None when Redis holds enough and the next in line is not before all of that, or nothing waits.
    """
    with database.write() as session:
        alone(session, "dispatch")  # several desks must agree on what lies in Redis
        running = session.execute(select(func.count()).where(JobRow.state == "running")).scalar_one()
        room = max(0, workers - running) + rules.spare
        line = line_of(session, rules)
        in_redis = [place for place, job in enumerate(line) if job.dispatched]
        for place, waiting in enumerate(line):
            if waiting.dispatched:
                continue
            overtakes = bool(in_redis) and place < in_redis[0]
            if len(in_redis) >= room and not (overtakes and len(in_redis) < 2 * room):
                return None
            row = _readable(session, waiting.seq, clock)
            if row is not None:
                row.attempt += 1
                row.dispatched_at = clock()
                return _job(row, row.attempt), overtakes
        return None


def _readable(session: Session, seq: int, clock: Clock) -> JobRow | None:
    """The job, unless another holds it just now, or its choices are of another release: then it ends, told so."""
    query = select(JobRow).where(JobRow.seq == seq, JobRow.state == "queued", JobRow.dispatched_at.is_(None))
    row = session.execute(query.with_for_update(skip_locked=True)).scalar_one_or_none()
    if row is None:
        return None
    try:
        _job(row, row.attempt + 1)
    except ValidationError as error:
        log.error("job_unreadable", job=row.id, reason=str(error))
        row.failure = "outdated"
        end(session, row, "failed", clock(), "This release of Twobit does not know the choices: please ask again.")
        return None
    return row


def _job(row: JobRow, attempt: int) -> Job | SuggestJob:
    """The row as it travels. Raises pydantic.ValidationError for a row of another release."""
    if row.kind == "suggest":
        options = SuggestOptions.model_validate(row.options)
        return SuggestJob(id=row.id, attempt=attempt, picture=row.style, options=options)
    pictures = {"style": row.style, "style_map": row.style_map, "doodle": row.doodle, "content": row.content}
    said = {"options": row.options, "label_names": row.label_names or {}}
    return Job.model_validate({"id": row.id, "attempt": attempt, **said, **pictures})


def _give_back(database: Database, job: Job | SuggestJob) -> None:
    """The put failed: undo the mark, unless somebody has heard of that attempt meanwhile."""
    mine = (JobRow.id == job.id, JobRow.attempt == job.attempt, JobRow.state == "queued")
    with database.write() as session:
        session.execute(update(JobRow).where(*mine).values(dispatched_at=None))
