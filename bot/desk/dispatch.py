"""From the database into Redis: only as much as the workers will take next, in order of acceptance."""

from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from bot.desk.clock import Clock
from bot.desk.database import Database
from bot.desk.outbox import end
from bot.desk.rules import Rules
from bot.desk.tables import JobRow
from worker.contract import Job, JobQueue, SuggestJob, SuggestOptions, UnreachableError

log = structlog.get_logger(__name__)


def dispatch(database: Database, queue: JobQueue, clock: Clock, rules: Rules) -> int:
    """Queue what fits; returns how many. Raises UnreachableError when Redis is away; nothing is lost then."""
    sent = 0
    while True:
        if not _anything_waits(database):
            return sent
        room = queue.workers() + rules.spare
        taken = _take_next(database, clock, room)
        if taken is None:
            return sent
        job, at_front = taken
        try:
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


def _take_next(database: Database, clock: Clock, room: int) -> tuple[Job | SuggestJob, bool] | None:
    """The next job as a new attempt, marked as dispatched, and whether it goes before all that waits in Redis.

    None when Redis holds enough or nothing waits.
    """
    waiting = select(func.count(), func.min(JobRow.seq)).select_from(JobRow)
    waiting = waiting.where(JobRow.state == "queued", JobRow.dispatched_at.is_not(None))
    query = select(JobRow).where(JobRow.state == "queued", JobRow.dispatched_at.is_(None)).order_by(JobRow.seq)
    with database.write() as session:
        count, oldest = session.execute(waiting).one()
        if count >= room:
            return None
        row = _readable(session, query.limit(1).with_for_update(skip_locked=True), clock)
        if row is None:
            return None
        row.attempt += 1
        row.dispatched_at = clock()
        return _job(row, row.attempt), oldest is not None and row.seq < oldest


def _readable(session: Session, query: "Select[Any]", clock: Clock) -> JobRow | None:
    """The first row whose choices this release understands; others, of another release, end with a sentence."""
    while True:
        row: JobRow | None = session.execute(query).scalar_one_or_none()
        if row is None:
            return None
        try:
            _job(row, row.attempt + 1)
        except ValidationError as error:
            log.error("job_unreadable", job=row.id, reason=str(error))
            row.failure = "outdated"
            end(session, row, "failed", clock(), "This release of Twobit does not know the choices: please ask again.")
            session.flush()
            continue
        return row


def _job(row: JobRow, attempt: int) -> Job | SuggestJob:
    """The row as it travels. Raises pydantic.ValidationError for a row of another release."""
    if row.kind == "suggest":
        options = SuggestOptions.model_validate(row.options)
        return SuggestJob(id=row.id, attempt=attempt, picture=row.style, options=options)
    pictures = {"style": row.style, "style_map": row.style_map, "doodle": row.doodle, "content": row.content}
    return Job.model_validate({"id": row.id, "attempt": attempt, "options": row.options, **pictures})


def _give_back(database: Database, job: Job | SuggestJob) -> None:
    """The put failed: undo the mark, unless somebody has heard of that attempt meanwhile."""
    mine = (JobRow.id == job.id, JobRow.attempt == job.attempt, JobRow.state == "queued")
    with database.write() as session:
        session.execute(update(JobRow).where(*mine).values(dispatched_at=None))
