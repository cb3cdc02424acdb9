"""What keeps the promise that an accepted request ends: orphans and lost attempts are found and queued again."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.clock import Clock
from bot.desk.database import Database
from bot.desk.outbox import end
from bot.desk.rules import Rules
from bot.desk.settle import broke, requeue
from bot.desk.tables import JobRow
from worker.contract import JobQueue

log = structlog.get_logger(__name__)


def expire_leases(database: Database, now: datetime, rules: Rules) -> int:
    """Queue again what a worker took and left: no sign of life for a lease. Returns how many.

    Call it only after the events have been heard for a whole lease: silence of our own is no worker's death. `now`:
    until when they have been heard; a desk that got no processor meanwhile must not blame a worker for it.
    """
    query = select(JobRow).where(JobRow.state == "running", JobRow.lease_until < now)
    with database.write() as session:
        rows = session.execute(query.with_for_update(skip_locked=True)).scalars().all()
        for row in rows:
            row.silent = row.attempt
            broke(session, row, now, rules, f"no sign of life from its worker for {rules.lease:.0f} s")
        return len(rows)


def requeue_lost(database: Database, queue: JobQueue, clock: Clock, rules: Rules, missing: dict[str, datetime]) -> int:
    """Queue again what Redis has lost (it was wiped, or a worker died between taking and starting). Returns how many.

    `missing` remembers between calls since when an attempt is neither waiting nor begun: a worker that has just taken
    one needs a moment to say so. Raises UnreachableError when Redis is away.
    """
    now = clock()
    query = select(JobRow).where(JobRow.state == "queued", JobRow.dispatched_at.is_not(None))
    with database.read() as session:
        dispatched = {_key(row) for row in session.execute(query).scalars()}
    absent = dispatched - queue.waiting() if dispatched else set()
    for key in set(missing) - absent:
        del missing[key]
    for key in absent:
        missing.setdefault(key, now)
    lost = {key for key, since in missing.items() if now - since >= timedelta(seconds=rules.lost)}
    if not lost:
        return 0
    with database.write() as session:
        rows = [row for row in session.execute(query.with_for_update(skip_locked=True)).scalars() if _key(row) in lost]
        for row in rows:
            _lose(session, row, now, rules)
        return len(rows)


def _lose(session: Session, row: JobRow, now: datetime, rules: Rules) -> None:
    row.losses += 1
    log.warning("attempt_lost", job=row.id, attempt=row.attempt, losses=row.losses)
    if row.losses < rules.losses:
        requeue(row)
    else:
        row.failure = "lost"
        end(session, row, "failed", now, f"No worker began this in {row.losses} attempts: ask the operator.")


def _key(row: JobRow) -> str:
    return f"{row.id}-{row.attempt}"
