"""From the database into Redis: only as much as the workers will take next, in order of acceptance."""

import structlog
from sqlalchemy import func, select, update

from bot.desk.clock import Clock
from bot.desk.database import Database
from bot.desk.outbox import end
from bot.desk.rules import Rules
from bot.desk.tables import JobRow
from worker.contract import Job, JobQueue, PaintOptions, UnreachableError

log = structlog.get_logger(__name__)


def dispatch(database: Database, queue: JobQueue, clock: Clock, rules: Rules) -> int:
    """Queue what fits; returns how many. Raises UnreachableError when Redis is away; nothing is lost then."""
    sent = 0
    while True:
        if not _anything_waits(database):
            return sent
        room = queue.workers() + rules.spare
        job = _take_next(database, clock, rules, room)
        if job is None:
            return sent
        try:
            queue.put(job, at_front=job.attempt > 1)
        except UnreachableError:
            _give_back(database, job)
            raise
        log.info("job_queued", job=job.id, attempt=job.attempt)
        sent += 1


def _anything_waits(database: Database) -> bool:
    query = select(JobRow.seq).where(JobRow.state == "queued", JobRow.dispatched_at.is_(None)).limit(1)
    with database.read() as session:
        return session.execute(query).first() is not None


def _take_next(database: Database, clock: Clock, rules: Rules, room: int) -> Job | None:
    """The next job as a new attempt, marked as dispatched; None when Redis holds enough or nothing waits."""
    waiting = select(func.count()).select_from(JobRow)
    waiting = waiting.where(JobRow.state == "queued", JobRow.dispatched_at.is_not(None))
    query = select(JobRow).where(JobRow.state == "queued", JobRow.dispatched_at.is_(None)).order_by(JobRow.seq)
    with database.write() as session:
        if session.execute(waiting).scalar_one() >= room:
            return None
        row = session.execute(query.limit(1).with_for_update(skip_locked=True)).scalar_one_or_none()
        if row is None:
            return None
        if row.attempt >= rules.attempts:
            end(
                session, row, "failed", clock(), f"No worker finished this in {row.attempt} attempts: ask the operator."
            )
            return None
        row.attempt += 1
        row.dispatched_at = clock()
        return Job(
            id=row.id,
            attempt=row.attempt,
            style=row.style,
            style_map=row.style_map,
            doodle=row.doodle,
            content=row.content,
            options=PaintOptions.model_validate(row.options),
        )


def _give_back(database: Database, job: Job) -> None:
    """The put failed: undo the mark, unless somebody has heard of that attempt meanwhile."""
    mine = (JobRow.id == job.id, JobRow.attempt == job.attempt, JobRow.state == "queued")
    with database.write() as session:
        session.execute(update(JobRow).where(*mine).values(dispatched_at=None))
