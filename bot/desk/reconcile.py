"""What keeps the promise that an accepted request ends: orphans and lost attempts are found and queued again."""

from datetime import timedelta

import structlog
from sqlalchemy import select

from bot.desk.clock import Clock
from bot.desk.database import Database
from bot.desk.rules import Rules
from bot.desk.settle import broke, requeue
from bot.desk.tables import JobRow
from worker.contract import JobQueue

log = structlog.get_logger(__name__)


def expire_leases(database: Database, clock: Clock, rules: Rules) -> int:
    """Queue again what a worker took and left: no sign of life for a lease. Returns how many.

    Call it only after the events have been heard for a whole lease: silence of our own is no worker's death.
    """
    now = clock()
    query = select(JobRow).where(JobRow.state == "running", JobRow.lease_until < now)
    with database.write() as session:
        rows = session.execute(query.with_for_update(skip_locked=True)).scalars().all()
        for row in rows:
            broke(session, row, now, rules, f"no sign of life from its worker for {rules.lease:.0f} s")
        return len(rows)


def requeue_lost(database: Database, queue: JobQueue, clock: Clock, rules: Rules) -> int:
    """Queue again what Redis has lost (it was wiped, or a worker died between taking and starting). Returns how many.

    Raises UnreachableError when Redis is away.
    """
    before = clock() - timedelta(seconds=rules.lost)
    query = select(JobRow).where(JobRow.state == "queued", JobRow.dispatched_at < before)
    with database.read() as session:
        if session.execute(query.limit(1)).first() is None:
            return 0
    waiting = queue.waiting()
    with database.write() as session:
        rows = session.execute(query.with_for_update(skip_locked=True)).scalars().all()
        lost = [row for row in rows if f"{row.id}-{row.attempt}" not in waiting]
        for row in lost:
            log.warning("attempt_lost", job=row.id, attempt=row.attempt)
            requeue(row)
        return len(lost)
